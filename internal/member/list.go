package member

import (
	"context"
	"strings"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/gram"
	"linli/internal/id"
	"linli/internal/pinyin"
	"linli/internal/reference"
)

// Filter narrows the list of members; zero fields do not filter. Ended records are left out unless asked for.
type Filter struct {
	Text         string // part of the name, or its initials
	CommunityID  id.ID
	UnitID       id.ID
	HomeID       id.ID
	Kind         Kind
	Standing     Standing
	Unregistered bool  // in-service members of no community, nothing waiting
	State        State // of the last registration that is open
	NoHome       bool  // nobody's branch (MEM-7)
	Plaque       bool  // shown
	Away         bool  // floating, at present away or here
	Ended        bool
	Skill        string
	Page         db.Page
}

// Item is a member with the names around it.
type Item struct {
	Member
	Home, Unit, Community, Grid string
	IDMask, PhoneMask           string
	Registration                State // of the open registration, "" for none
	RegistrationID              id.ID
	RegistrationAt              string // community to which it is proposed or in which it was accepted
	key                         string
}

func (i *Item) dest() []any {
	return append(i.Member.dest(), &i.Home, &i.Unit, &i.Community, &i.Grid, &i.IDMask, &i.PhoneMask, &i.Registration, &i.RegistrationID,
		&i.RegistrationAt, &i.key)
}

var itemColumns = columns + ", " + reference.Label("ho") + ", " + reference.Label("un") + ", " + reference.Label("co") + `, coalesce(gr.name, ''), coalesce(p.id_mask, ''),
	coalesce(p.phone_mask, ''), coalesce(r.state, ''), coalesce(r.id, 0), ` + reference.Label("rc") + `, m.name_key`

const itemJoins = ` FROM member m
	LEFT JOIN organisation ho ON ho.tenant_id = m.tenant_id AND ho.id = m.home_id
	LEFT JOIN organisation un ON un.tenant_id = m.tenant_id AND un.id = m.unit_id
	LEFT JOIN organisation co ON co.tenant_id = m.tenant_id AND co.id = m.community_id
	LEFT JOIN grid gr ON gr.tenant_id = m.tenant_id AND gr.id = m.grid_id
	LEFT JOIN person p ON p.tenant_id = m.tenant_id AND p.id = m.person_id
	LEFT JOIN registration r ON r.tenant_id = m.tenant_id AND r.member_id = m.id AND r.state IN ('proposed', 'accepted')
	LEFT JOIN organisation rc ON rc.tenant_id = r.tenant_id AND rc.id = r.community_id`

// findItem reads one member in scope with its names.
func findItem(ctx context.Context, q db.Querier, scope authz.Scope, member id.ID) (Item, error) {
	a := &db.Args{}
	query := "SELECT " + itemColumns + itemJoins + " WHERE " + scope.Where(a, owners("m")) + " AND m.id = " + a.Add(member)
	return db.One(ctx, q, (*Item).dest, query, a.Values()...)
}

// where adds the filter to the scope.
func (f Filter) where(a *db.Args, scope authz.Scope) string {
	w := scope.Where(a, owners("m"))
	if f.Ended {
		w += " AND m.ended_on <> ''"
	} else {
		w += " AND m.ended_on = ''"
	}
	for _, c := range []struct {
		column string
		value  id.ID
	}{{"m.community_id", f.CommunityID}, {"m.unit_id", f.UnitID}, {"m.home_id", f.HomeID}} {
		if c.value != 0 {
			w += " AND " + c.column + " = " + a.Add(c.value)
		}
	}
	if f.Kind != "" {
		w += " AND m.kind = " + a.Add(f.Kind)
	}
	if f.Standing != "" {
		w += " AND m.standing = " + a.Add(f.Standing)
	}
	if f.NoHome {
		w += " AND m.home_id = 0"
	}
	if f.Plaque {
		w += " AND m.plaque_shown AND m.plaque_no <> ''"
	}
	return w + f.around(a) + f.text(a)
}

// around is the part of the filter that asks rows beside the member.
func (f Filter) around(a *db.Args) string {
	w := ""
	if f.Unregistered {
		w += " AND m.kind = 'in_service' AND m.community_id = 0 AND r.id IS NULL"
	}
	if f.State != "" {
		w += " AND r.state = " + a.Add(f.State)
	}
	if f.Away {
		w += " AND EXISTS (SELECT 1 FROM floating_move v WHERE v.tenant_id = m.tenant_id AND v.member_id = m.id AND v.back_on = '')"
	}
	return w
}

// text finds by name, by initials and by skill.
func (f Filter) text(a *db.Args) string {
	w := ""
	if s := strings.TrimSpace(f.Text); s != "" {
		if pinyin.IsInitials(s) {
			w += " AND " + a.Prefix("p.initials", gram.Key(s))
		} else {
			w += " AND m.name_key LIKE " + a.Add(gram.Query(s).Like()) + " ESCAPE '!'"
		}
	}
	if s := strings.TrimSpace(f.Skill); s != "" {
		w += " AND m.skills LIKE " + a.Add(gram.Query(s).Like()) + " ESCAPE '!'"
	}
	return w
}

func list(ctx context.Context, q db.Querier, scope authz.Scope, f Filter) (db.List[Item], error) {
	a := &db.Args{}
	where := f.where(a, scope)
	page, tail := a.Keyset(f.Page, db.Order{Column: "m.name_key", IDColumn: "m.id"})
	rows, err := db.All(ctx, q, (*Item).dest, "SELECT "+itemColumns+itemJoins+" WHERE "+where+page+tail, a.Values()...)
	if err != nil {
		return db.List[Item]{}, err
	}
	return db.Cut(rows, f.Page, func(i Item) db.Cursor { return db.Cursor{Key: i.key, ID: i.ID} }), nil
}

// List gives one page of the members in scope, in the order of their names.
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter) (db.List[Item], error) {
	return list(ctx, s.db, seeing(actor), f)
}

// Export calls fn for every member that List would show over all its pages.
func (s *Service) Export(ctx context.Context, actor authz.Actor, f Filter, fn func(Item) error) error {
	a := &db.Args{}
	query := "SELECT " + itemColumns + itemJoins + " WHERE " + f.where(a, seeing(actor)) + " ORDER BY m.name_key, m.id"
	return db.Each(ctx, s.db, (*Item).dest, fn, query, a.Values()...)
}

// Counts are the numbers above a list of members; each opens to its list.
type Counts struct {
	All, InService, OfCommunity, Floating int64
	Registered                            int64 // in-service members of a community
	NoHome                                int64
}

// Count gives the numbers of members for a filter, page left out.
func (s *Service) Count(ctx context.Context, actor authz.Actor, f Filter) (Counts, error) {
	a := &db.Args{}
	query := `SELECT count(*), coalesce(sum(CASE WHEN m.kind = 'in_service' THEN 1 ELSE 0 END), 0),
		coalesce(sum(CASE WHEN m.kind = 'community' THEN 1 ELSE 0 END), 0), coalesce(sum(CASE WHEN m.kind = 'floating' THEN 1 ELSE 0 END), 0),
		coalesce(sum(CASE WHEN m.kind = 'in_service' AND m.community_id <> 0 THEN 1 ELSE 0 END), 0),
		coalesce(sum(CASE WHEN m.home_id = 0 THEN 1 ELSE 0 END), 0)` + itemJoins + " WHERE " + f.where(a, seeing(actor))
	return db.One(ctx, s.db, func(c *Counts) []any {
		return []any{&c.All, &c.InService, &c.OfCommunity, &c.Floating, &c.Registered, &c.NoHome}
	}, query, a.Values()...)
}

// RegistrationFilter narrows the list of registrations; zero fields do not filter.
type RegistrationFilter struct {
	State       State
	CommunityID id.ID
	UnitID      id.ID
	MemberID    id.ID
	From, To    calendar.Date // proposed on these days
	Page        db.Page
}

// RegistrationItem is a registration with the names around it.
type RegistrationItem struct {
	Registration
	Name                  string
	Kind                  Kind
	Unit, Community, Grid string
	LivesHere             bool // the register of residents knows the person in this community
}

func (i *RegistrationItem) dest() []any {
	return append(i.Registration.dest(), &i.Name, &i.Kind, &i.Unit, &i.Community, &i.LivesHere)
}

var registrationItem = registrationColumns + ", m.name, m.kind, " + reference.Label("un") + ", " + reference.Label("co") +
	`, CASE WHEN p.community_id = r.community_id THEN TRUE ELSE FALSE END FROM registration r
	JOIN member m ON m.tenant_id = r.tenant_id AND m.id = r.member_id
	LEFT JOIN organisation un ON un.tenant_id = r.tenant_id AND un.id = r.unit_id
	LEFT JOIN organisation co ON co.tenant_id = r.tenant_id AND co.id = r.community_id
	LEFT JOIN person p ON p.tenant_id = r.tenant_id AND p.id = r.person_id WHERE `

func (f RegistrationFilter) where(a *db.Args, scope authz.Scope) string {
	w := scope.Where(a, owners("r"))
	if f.State != "" {
		w += " AND r.state = " + a.Add(f.State)
	}
	for _, c := range []struct {
		column string
		value  id.ID
	}{{"r.community_id", f.CommunityID}, {"r.unit_id", f.UnitID}, {"r.member_id", f.MemberID}} {
		if c.value != 0 {
			w += " AND " + c.column + " = " + a.Add(c.value)
		}
	}
	if !f.From.IsZero() {
		w += " AND r.proposed_at >= " + a.Add(db.Micros(f.From.Time()))
	}
	if !f.To.IsZero() {
		w += " AND r.proposed_at < " + a.Add(db.Micros(f.To.AddDays(1).Time()))
	}
	return w
}

// registrationsSeen is where the actor sees registrations: members in sight, and what is proposed to the actor's community.
func registrationsSeen(actor authz.Actor) authz.Scope {
	return seeing(actor).Or(actor.Scope(PermAccept))
}

// Registrations gives one page of registrations in scope: those that wait oldest first, all others newest first.
func (s *Service) Registrations(ctx context.Context, actor authz.Actor, f RegistrationFilter) (db.List[RegistrationItem], error) {
	a := &db.Args{}
	where := f.where(a, registrationsSeen(actor))
	page, tail := a.Keyset(f.Page, db.Order{IDColumn: "r.id", Desc: f.State != Proposed})
	rows, err := db.All(ctx, s.db, (*RegistrationItem).dest, "SELECT "+registrationItem+where+page+tail, a.Values()...)
	if err != nil {
		return db.List[RegistrationItem]{}, err
	}
	return db.Cut(rows, f.Page, func(i RegistrationItem) db.Cursor { return db.Cursor{ID: i.ID} }), nil
}

// ExportRegistrations calls fn for every registration that Registrations would show over all its pages.
func (s *Service) ExportRegistrations(ctx context.Context, actor authz.Actor, f RegistrationFilter, fn func(RegistrationItem) error) error {
	a := &db.Args{}
	where := f.where(a, registrationsSeen(actor))
	return db.Each(ctx, s.db, (*RegistrationItem).dest, fn, "SELECT "+registrationItem+where+" ORDER BY r.id DESC", a.Values()...)
}

// Registration opens one registration.
func (s *Service) Registration(ctx context.Context, actor authz.Actor, registration id.ID) (RegistrationItem, error) {
	a := &db.Args{}
	query := "SELECT " + registrationItem + registrationsSeen(actor).Where(a, owners("r")) + " AND r.id = " + a.Add(registration)
	return db.One(ctx, s.db, (*RegistrationItem).dest, query, a.Values()...)
}
