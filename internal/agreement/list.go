package agreement

import (
	"context"
	"fmt"
	"strings"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/id"
	"linli/internal/paper"
	"linli/internal/reference"
	"linli/internal/waiting"
)

// OfferFilter narrows the list of responsibilities; zero fields do not filter.
type OfferFilter struct {
	Text        string
	CommunityID id.ID
	GridID      id.ID
	BuildingID  id.ID
	Kind        Kind
	Free        bool // with a place left, and open
	Closed      bool // no longer offered, instead of those that are
	Page        db.Page
}

// OfferItem is a responsibility with the names around it.
type OfferItem struct {
	Responsibility
	Community, Grid, Building string
}

func (i *OfferItem) dest() []any {
	return append(i.Responsibility.dest(), &i.Community, &i.Grid, &i.Building)
}

var offerItem = responsibilityColumns + ", " + reference.Label("co") + `, coalesce(gr.name, ''), coalesce(b.name, '') FROM responsibility p
	LEFT JOIN organisation co ON co.tenant_id = p.tenant_id AND co.id = p.community_id
	LEFT JOIN grid gr ON gr.tenant_id = p.tenant_id AND gr.id = p.grid_id
	LEFT JOIN building b ON b.tenant_id = p.tenant_id AND b.id = p.building_id WHERE `

func (f OfferFilter) where(a *db.Args, scope string) string {
	w := scope
	if f.Closed {
		w += " AND NOT p.open"
	} else {
		w += " AND p.open"
	}
	if s := strings.TrimSpace(f.Text); s != "" {
		w += " AND p.name LIKE " + a.Add(gram.Query(s).Like()) + " ESCAPE '!'"
	}
	for _, c := range []struct {
		column string
		value  id.ID
	}{{"p.community_id", f.CommunityID}, {"p.grid_id", f.GridID}, {"p.building_id", f.BuildingID}} {
		if c.value != 0 {
			w += " AND " + c.column + " = " + a.Add(c.value)
		}
	}
	if f.Kind != "" {
		w += " AND p.kind = " + a.Add(f.Kind)
	}
	if f.Free {
		w += " AND p.taken < p.capacity"
	}
	return w
}

// offersSeen is where the actor sees responsibilities: in communities in scope, and in those where a member in sight (a unit's,
// or the actor) is registered.
func offersSeen(a *db.Args, actor authz.Actor) string {
	scope := actor.Scope(PermSee).Or(actor.Scope(PermOffer)).Or(actor.Scope(PermOwn))
	direct := scope.Where(a, offering)
	if scope.All() || scope.Empty() {
		return direct
	}
	return "(" + direct + " OR p.tenant_id = " + a.Add(actor.Tenant) + " AND p.community_id IN (SELECT m.community_id FROM member m WHERE " +
		scope.Where(a, authz.Columns{Tenant: "m.tenant_id", Orgs: []string{"m.unit_id"}, Person: "m.person_id"}) + " AND m.ended_on = '' AND m.community_id <> 0))"
}

// Offers gives one page of responsibilities, by name: those of communities in scope, and those that members in sight can claim.
func (s *Service) Offers(ctx context.Context, actor authz.Actor, f OfferFilter) (db.List[OfferItem], error) {
	a := &db.Args{}
	where := f.where(a, offersSeen(a, actor))
	page, tail := a.Keyset(f.Page, db.Order{Column: "p.name", IDColumn: "p.id"})
	rows, err := db.All(ctx, s.db, (*OfferItem).dest, "SELECT "+offerItem+where+page+tail, a.Values()...)
	if err != nil {
		return db.List[OfferItem]{}, err
	}
	return db.Cut(rows, f.Page, func(i OfferItem) db.Cursor { return db.Cursor{Key: i.Name, ID: i.ID} }), nil
}

// ExportOffers calls fn for every responsibility that Offers would show over all its pages.
func (s *Service) ExportOffers(ctx context.Context, actor authz.Actor, f OfferFilter, fn func(OfferItem) error) error {
	a := &db.Args{}
	where := f.where(a, offersSeen(a, actor))
	return db.Each(ctx, s.db, (*OfferItem).dest, fn, "SELECT "+offerItem+where+" ORDER BY p.name, p.id", a.Values()...)
}

// OfferDetail opens one responsibility with the claims on it.
func (s *Service) OfferDetail(ctx context.Context, actor authz.Actor, responsibility id.ID) (OfferItem, error) {
	a := &db.Args{}
	where := offersSeen(a, actor)
	return db.One(ctx, s.db, (*OfferItem).dest, "SELECT "+offerItem+where+" AND p.id = "+a.Add(responsibility), a.Values()...)
}

// Filter narrows the list of claims; zero fields do not filter.
type Filter struct {
	State            State
	CommunityID      id.ID
	UnitID           id.ID
	MemberID         id.ID
	ResponsibilityID id.ID
	Unsigned         Side          // proposed, and this side has not signed
	EndsBy           calendar.Date // agreed, last day not after this one, not renewed
	Page             db.Page
}

// Item is a claim with the names around it.
type Item struct {
	Claim
	Name, Member, Unit, Community string // Name is that of the responsibility
}

func (i *Item) dest() []any {
	return append(i.Claim.dest(), &i.Name, &i.Member, &i.Unit, &i.Community)
}

var claimItem = claimColumns + ", coalesce(p.name, ''), coalesce(m.name, ''), " + reference.Label("un") + ", " + reference.Label("co") + ` FROM claim c
	LEFT JOIN responsibility p ON p.tenant_id = c.tenant_id AND p.id = c.responsibility_id
	LEFT JOIN member m ON m.tenant_id = c.tenant_id AND m.id = c.member_id
	LEFT JOIN organisation un ON un.tenant_id = c.tenant_id AND un.id = c.unit_id
	LEFT JOIN organisation co ON co.tenant_id = c.tenant_id AND co.id = c.community_id WHERE `

func (f Filter) where(a *db.Args, scope authz.Scope) string {
	w := scope.Where(a, claiming)
	if f.State != "" {
		w += " AND c.state = " + a.Add(f.State)
	}
	for _, c := range []struct {
		column string
		value  id.ID
	}{{"c.community_id", f.CommunityID}, {"c.unit_id", f.UnitID}, {"c.member_id", f.MemberID}, {"c.responsibility_id", f.ResponsibilityID}} {
		if c.value != 0 {
			w += " AND " + c.column + " = " + a.Add(c.value)
		}
	}
	if f.Unsigned != "" {
		w += " AND c.state = 'proposed' AND " + unsigned(a, f.Unsigned)
	}
	if !f.EndsBy.IsZero() {
		w += " AND c.state = 'agreed' AND c.to_on <= " + a.Add(f.EndsBy) + notRenewed
	}
	return w
}

const notRenewed = ` AND NOT EXISTS (SELECT 1 FROM claim n WHERE n.tenant_id = c.tenant_id AND n.member_id = c.member_id AND n.renews_id = c.id
	AND n.state = 'proposed')`

func unsigned(a *db.Args, side Side) string {
	return "NOT EXISTS (SELECT 1 FROM signature g WHERE g.tenant_id = c.tenant_id AND g.subject_id = c.id AND g.side = " + a.Add(side) + ")"
}

func seeing(actor authz.Actor) authz.Scope { return actor.Scope(PermSee).Or(actor.Scope(PermOwn)) }

// List gives one page of claims in scope, newest first.
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter) (db.List[Item], error) {
	a := &db.Args{}
	where := f.where(a, seeing(actor))
	page, tail := a.Keyset(f.Page, db.Order{IDColumn: "c.id", Desc: true})
	rows, err := db.All(ctx, s.db, (*Item).dest, "SELECT "+claimItem+where+page+tail, a.Values()...)
	if err != nil {
		return db.List[Item]{}, err
	}
	return db.Cut(rows, f.Page, func(i Item) db.Cursor { return db.Cursor{ID: i.ID} }), nil
}

// Export calls fn for every claim that List would show over all its pages.
func (s *Service) Export(ctx context.Context, actor authz.Actor, f Filter, fn func(Item) error) error {
	a := &db.Args{}
	where := f.where(a, seeing(actor))
	return db.Each(ctx, s.db, (*Item).dest, fn, "SELECT "+claimItem+where+" ORDER BY c.id DESC", a.Values()...)
}

// Count gives how many claims there are for a filter.
func (s *Service) Count(ctx context.Context, actor authz.Actor, f Filter) (int64, error) {
	a := &db.Args{}
	return db.Value[int64](ctx, s.db, "SELECT count(*) FROM claim c WHERE "+f.where(a, seeing(actor)), a.Values()...)
}

// Detail is a claim with its terms, signatures, paper and history.
type Detail struct {
	Item
	Says       Terms
	Signatures []Signature
	Papers     []paper.Paper
	RenewedBy  id.ID
	Side       Side // for which the viewer can sign now, "" for none
	History    []audit.Row
}

// Signed gives a side's signature, nil if it has not signed.
func (d Detail) Signed(side Side) *Signature {
	for i := range d.Signatures {
		if d.Signatures[i].Side == side {
			return &d.Signatures[i]
		}
	}
	return nil
}

// Get opens a claim in scope, or the actor's own.
func (s *Service) Get(ctx context.Context, actor authz.Actor, claim id.ID) (Detail, error) {
	var d Detail
	err := s.db.View(ctx, func(tx *db.Tx) error {
		a := &db.Args{}
		var err error
		if d.Item, err = db.One(ctx, tx, (*Item).dest, "SELECT "+claimItem+seeing(actor).Where(a, claiming)+" AND c.id = "+a.Add(claim), a.Values()...); err != nil {
			return err
		}
		if d.Says, err = d.Terms(); err != nil {
			return err
		}
		if d.Signatures, err = signatures(ctx, tx, actor.Tenant, claim); err != nil {
			return err
		}
		if d.Papers, err = paper.About(ctx, tx, actor.Tenant, paper.KindClaim, claim); err != nil {
			return err
		}
		if d.RenewedBy, err = db.Value[id.ID](ctx, tx, `SELECT id FROM claim WHERE tenant_id = $1 AND member_id = $2 AND renews_id = $3
			AND state IN ('proposed', 'agreed') ORDER BY id DESC LIMIT 1`, actor.Tenant, d.MemberID, claim); err != nil {
			return err
		}
		rows, err := audit.Search(ctx, tx, authz.System(actor.Tenant, "history").Scope(audit.PermRead), audit.Filter{SubjectID: claim})
		d.History = rows.Items
		return err
	})
	if side, no := sideOf(actor, d.Claim); err == nil && no == nil && d.State == Proposed && d.Signed(side) == nil {
		d.Side = side
	}
	return d, err
}

// Waiting says which claims wait for the actor: to be signed, or to be renewed or ended.
func (s *Service) Waiting(ctx context.Context, actor authz.Actor) ([]waiting.Item, error) {
	today := calendar.DateOf(s.db.Now())
	days, err := RenewDays.On(ctx, s.db, actor.Tenant, today)
	if err != nil {
		return nil, err
	}
	soon := today.AddDays(int(days))
	var out []waiting.Item
	for _, w := range []struct {
		kind  string
		scope authz.Scope
		f     Filter
	}{
		{"claim.sign", actor.Scope(PermSign), Filter{Unsigned: Community}},
		{"claim.sign.own", actor.Scope(PermOwn), Filter{Unsigned: Member}},
		{"claim.renew", actor.Scope(PermSign), Filter{EndsBy: soon}},
		{"claim.renew.own", actor.Scope(PermOwn), Filter{EndsBy: soon}},
	} {
		if w.scope.Empty() {
			continue
		}
		it, err := ask(ctx, s.db, w.kind, w.scope, w.f)
		if err != nil {
			return nil, err
		}
		if it.Count > 0 {
			out = append(out, it)
		}
	}
	return out, nil
}

func ask(ctx context.Context, q db.Querier, kind string, scope authz.Scope, f Filter) (waiting.Item, error) {
	a := &db.Args{}
	it := waiting.Item{Kind: kind}
	var since int64
	var subject id.ID
	_, err := db.One(ctx, q, func(*struct{}) []any { return []any{&it.Count, &since, &it.DueOn, &subject} },
		"SELECT count(*), coalesce(min(c.created_at), 0), coalesce(min(CASE WHEN c.state = 'agreed' THEN c.to_on END), ''), coalesce(min(c.id), 0) FROM claim c WHERE "+
			f.where(a, scope), a.Values()...)
	if errs.KindOf(err) == errs.NotFound {
		return it, nil
	}
	it.Since = db.FromMicros(since)
	if it.Count == 1 {
		it.Subject = subject
	}
	return it, err
}

// Verify names what contradicts itself in a tenant: a count of places that is not the number of claims holding one, an agreed
// claim without both signatures of its very terms, terms that are not those of the digest.
func (s *Service) Verify(ctx context.Context, tenant int64) ([]string, error) {
	checks := []struct{ what, query string }{
		{"responsibility %s counts other places than its claims hold", `SELECT p.id FROM responsibility p WHERE p.tenant_id = $1 AND p.taken <>
			(SELECT count(*) FROM claim c WHERE c.tenant_id = p.tenant_id AND c.responsibility_id = p.id
			 AND (c.state = 'agreed' OR c.state = 'proposed' AND c.renews_id = 0)) ORDER BY p.id LIMIT 100`},
		{"claim %s is agreed without both signatures of its terms", `SELECT c.id FROM claim c WHERE c.tenant_id = $1 AND c.state IN ('agreed', 'renewed', 'ended')
			AND (SELECT count(*) FROM signature g WHERE g.tenant_id = c.tenant_id AND g.subject_id = c.id AND g.content_hash = c.content_hash) < 2
			ORDER BY c.id LIMIT 100`},
	}
	var out []string
	for _, c := range checks {
		ids, err := db.Column[id.ID](ctx, s.db, c.query, tenant)
		if err != nil {
			return nil, err
		}
		for _, i := range ids {
			out = append(out, fmt.Sprintf(c.what, i))
		}
	}
	err := db.Each(ctx, s.db, (*Claim).dest, func(c Claim) error {
		t, err := c.Terms()
		if err == nil {
			_, digest, again := t.text()
			if again == nil && digest == c.ContentHash {
				return nil
			}
		}
		out = append(out, fmt.Sprintf("the terms of claim %s are not those that were signed", c.ID))
		return nil
	}, "SELECT "+claimColumns+" FROM claim c WHERE c.tenant_id = $1 ORDER BY c.id", tenant)
	return out, err
}

// Follow lets responsibilities and claims go over when an organisation is taken in by another (organisation.Follower).
func (s *Service) Follow(ctx context.Context, tx *db.Tx, actor authz.Actor, from, to id.ID) error {
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, to); err != nil {
		return err
	}
	for _, u := range []string{"UPDATE responsibility SET community_id", "UPDATE claim SET community_id", "UPDATE claim SET unit_id"} {
		column := u[strings.LastIndex(u, " ")+1:]
		if _, err := tx.Exec(ctx, u+" = $1 WHERE tenant_id = $2 AND "+column+" = $3", to, actor.Tenant, from); err != nil {
			return err
		}
	}
	return nil
}

// FollowGrids lets the responsibilities of some grids go over to another community with their claims (organisation.GridFollower).
func (s *Service) FollowGrids(ctx context.Context, tx *db.Tx, actor authz.Actor, grids []id.ID, from, to id.ID) error {
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, to); err != nil {
		return err
	}
	a := &db.Args{}
	if _, err := tx.Exec(ctx, "UPDATE claim SET community_id = "+a.Add(to)+" WHERE tenant_id = "+a.Add(actor.Tenant)+" AND community_id = "+a.Add(from)+
		" AND responsibility_id IN (SELECT p.id FROM responsibility p WHERE p.tenant_id = "+a.Add(actor.Tenant)+" AND "+db.In(a, "p.grid_id", grids)+")",
		a.Values()...); err != nil {
		return err
	}
	a = &db.Args{}
	_, err := tx.Exec(ctx, "UPDATE responsibility SET community_id = "+a.Add(to)+" WHERE tenant_id = "+a.Add(actor.Tenant)+" AND community_id = "+a.Add(from)+
		" AND "+db.In(a, "grid_id", grids), a.Values()...)
	return err
}
