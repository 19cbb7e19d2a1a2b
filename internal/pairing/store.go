package pairing

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/reference"
)

var (
	ofHousehold = authz.Columns{Tenant: "h.tenant_id", Orgs: []string{"h.org_id"}}
	ofMember    = authz.Columns{Tenant: "m.tenant_id", Orgs: []string{"m.community_id", "m.home_id", "m.unit_id"}}
)

var householdColumns = "h.id, h.org_id, " + reference.Label("o") + `, h.person_id, coalesce(r.name, ''), coalesce(a.address, ''), h.difficulty, h.situation, h.consent, h.consent_on, h.state, h.entered_on, h.since_on, h.visited_on,
	h.ended_on, h.ending, h.end_words, h.forgotten_on, h.version
	FROM pairing_household h
	LEFT JOIN organisation o ON o.tenant_id = h.tenant_id AND o.id = h.org_id
	LEFT JOIN person r ON r.tenant_id = h.tenant_id AND r.id = h.person_id AND h.person_id <> 0
	LEFT JOIN household a ON a.tenant_id = r.tenant_id AND a.id = r.household_id AND r.household_id <> 0
	WHERE `

func (h *Household) dest() []any {
	return []any{&h.ID, &h.OrgID, &h.Org, &h.PersonID, &h.Name, &h.Address, &h.Difficulty, &h.situation, &h.Consent, &h.ConsentOn, &h.State, &h.EnteredOn, &h.SinceOn, &h.VisitedOn,
		&h.EndedOn, &h.Ending, &h.endWords, &h.forgottenOn, &h.Version}
}

// mine is the condition that the actor is the helper of a pair p that holds: as the member, by their account, or for a unit.
func mine(a *db.Args, actor authz.Actor) string {
	cond := "1 = 0"
	if actor.PersonID != 0 && actor.Can(PermOwn) {
		cond += " OR p.person_id <> 0 AND p.person_id = " + a.Add(actor.PersonID)
	}
	if help := actor.Scope(PermHelp); actor.AccountID != 0 && !help.Empty() { // only as long as they work there
		cond += " OR p.account_id <> 0 AND p.account_id = " + a.Add(actor.AccountID) + " AND " + help.Where(a, authz.Columns{Tenant: "p.tenant_id", Orgs: []string{"p.org_id"}})
	}
	if units := actor.Scope(PermUnit); !units.Empty() {
		cond += " OR p.unit_id <> 0 AND " + units.Where(a, authz.Columns{Tenant: "p.tenant_id", Orgs: []string{"p.unit_id"}})
	}
	return "p.tenant_id = " + a.Add(actor.Tenant) + " AND p.ended_on = '' AND (" + cond + ")"
}

// managed reads a household of a community where the actor manages pairing.
func managed(ctx context.Context, q db.Querier, actor authz.Actor, household id.ID) (Household, error) {
	a := &db.Args{}
	return db.One(ctx, q, (*Household).dest, "SELECT "+householdColumns+actor.Scope(PermManage).Where(a, ofHousehold)+" AND h.id = "+a.Add(household), a.Values()...)
}

// readable reads a household that the actor manages or helps.
func readable(ctx context.Context, q db.Querier, actor authz.Actor, household id.ID) (Household, error) {
	a := &db.Args{}
	return db.One(ctx, q, (*Household).dest, "SELECT "+householdColumns+"h.tenant_id = "+a.Add(actor.Tenant)+" AND h.id = "+a.Add(household)+" AND ("+actor.Scope(PermManage).Where(a, ofHousehold)+
		" OR h.ended_on = '' AND EXISTS (SELECT 1 FROM pairing_pair p WHERE p.household_id = h.id AND "+mine(a, actor)+"))", a.Values()...)
}

const pairColumns = `p.id, p.household_id, p.org_id, p.member_id, p.account_id, p.unit_id, coalesce(m.name, k.name, u.name, ''), p.from_on, p.visited_on, p.next_on, p.ended_on, p.ending, p.end_words, p.version
	FROM pairing_pair p
	LEFT JOIN member m ON m.tenant_id = p.tenant_id AND m.id = p.member_id AND p.member_id <> 0
	LEFT JOIN account k ON k.tenant_id = p.tenant_id AND k.id = p.account_id AND p.account_id <> 0
	LEFT JOIN organisation u ON u.tenant_id = p.tenant_id AND u.id = p.unit_id AND p.unit_id <> 0
	WHERE `

func (p *Pair) dest() []any {
	return []any{&p.ID, &p.HouseholdID, &p.OrgID, &p.MemberID, &p.AccountID, &p.UnitID, &p.Name, &p.FromOn, &p.VisitedOn, &p.NextOn, &p.EndedOn, &p.Ending, &p.endWords, &p.Version}
}

// addHelpers reads who helps some households now, with one query for all.
func addHelpers(ctx context.Context, q db.Querier, tenant int64, list []Household) error {
	if len(list) == 0 {
		return nil
	}
	at, ids := make(map[id.ID]int, len(list)), make([]id.ID, len(list))
	for i, h := range list {
		at[h.ID], ids[i] = i, h.ID
	}
	a := &db.Args{}
	return db.Each(ctx, q, (*Pair).dest, func(p Pair) error {
		h := &list[at[p.HouseholdID]]
		h.Pairs = append(h.Pairs, p)
		return nil
	}, "SELECT "+pairColumns+"p.tenant_id = "+a.Add(tenant)+" AND p.ended_on = '' AND "+db.In(a, "p.household_id", ids)+" ORDER BY p.household_id, p.id", a.Values()...)
}

// mostParts bounds what one page of a household shows of each part.
const mostParts = 300

// parts reads and opens what belongs to a household.
func (s *Service) parts(ctx context.Context, q db.Querier, tenant int64, h *Household) (err error) {
	h.Forgotten = !h.forgottenOn.IsZero()
	if h.Situation, err = s.ring.Open("pairing_household", "situation", h.ID, h.situation); err != nil {
		return err
	}
	if h.EndWords, err = s.ring.Open("pairing_household", "end_words", h.ID, h.endWords); err != nil {
		return err
	}
	if h.Pairs, err = db.All(ctx, q, (*Pair).dest, "SELECT "+pairColumns+"p.tenant_id = $1 AND p.household_id = $2 ORDER BY CASE WHEN p.ended_on = '' THEN 0 ELSE 1 END, p.id DESC LIMIT $3", tenant, h.ID, int64(mostParts)); err != nil {
		return err
	}
	for i := range h.Pairs {
		if h.Pairs[i].EndWords, err = s.ring.Open("pairing_pair", "end_words", h.Pairs[i].ID, h.Pairs[i].endWords); err != nil {
			return err
		}
	}
	if h.Items, err = db.All(ctx, q, func(i *Item) []any { return []any{&i.ID, &i.what, &i.ByOn, &i.DoneOn, &i.Version} },
		"SELECT i.id, i.what, i.by_on, i.done_on, i.version FROM pairing_item i WHERE i.tenant_id = $1 AND i.household_id = $2 ORDER BY CASE WHEN i.done_on = '' THEN 0 ELSE 1 END, i.by_on, i.id LIMIT $3", tenant, h.ID, int64(mostParts)); err != nil {
		return err
	}
	for i := range h.Items {
		if h.Items[i].What, err = s.ring.Open("pairing_item", "what", h.Items[i].ID, h.Items[i].what); err != nil {
			return err
		}
	}
	if h.Visits, err = db.All(ctx, q, func(v *Visit) []any {
		return []any{&v.ID, &v.PairID, &v.By, &v.On, &v.Form, &v.Deed, &v.note, &v.NextOn, &v.Need.ID, &v.Need.No, &v.Need.Title, &v.Need.State, &v.Need.Outcome, db.Instant(&v.Need.ended)}
	},
		`SELECT v.id, v.pair_id, coalesce(m.name, k.name, u.name, ''), v.visited_on, v.form, v.deed, v.note, v.next_on, v.need_id, coalesce(d.no, ''), coalesce(d.title, ''), coalesce(d.state, ''), coalesce(d.outcome, ''), coalesce(d.ended_at, 0) FROM pairing_visit v
		JOIN pairing_pair p ON p.tenant_id = v.tenant_id AND p.id = v.pair_id
		LEFT JOIN member m ON m.tenant_id = p.tenant_id AND m.id = p.member_id AND p.member_id <> 0
		LEFT JOIN account k ON k.tenant_id = p.tenant_id AND k.id = p.account_id AND p.account_id <> 0
		LEFT JOIN organisation u ON u.tenant_id = p.tenant_id AND u.id = p.unit_id AND p.unit_id <> 0
		LEFT JOIN need d ON d.tenant_id = v.tenant_id AND d.id = v.need_id AND v.need_id <> 0
		WHERE v.tenant_id = $1 AND v.household_id = $2 ORDER BY v.visited_on DESC, v.id DESC LIMIT $3`, tenant, h.ID, int64(mostParts)); err != nil {
		return err
	}
	for i := range h.Visits {
		if at := h.Visits[i].Need.ended; !at.IsZero() {
			h.Visits[i].Need.EndedOn = calendar.DateOf(at)
		}
		if h.Visits[i].Note, err = s.ring.Open("pairing_visit", "note", h.Visits[i].ID, h.Visits[i].note); err != nil {
			return err
		}
	}
	return nil
}

// quiet is the condition that a paired household h was neither visited nor newly paired from a day on.
func quiet(a *db.Args, since calendar.Date) string {
	return "h.state = 'paired' AND h.visited_on < " + a.Add(since) + " AND h.since_on < " + a.Add(since)
}
