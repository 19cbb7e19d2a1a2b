package appointment

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/organisation"
	"linli/internal/reference"
)

// Concern is what the rules advise about the posts and the size of an organisation. Nothing follows by itself.
type Concern string

// The concerns.
const (
	Vacant      Concern = "vacant"       // nobody holds its first post (PARTY-16)
	TermOver    Concern = "term"         // a term ends within six months, or is over (PARTY-15)
	OverFifty   Concern = "over_50"      // a branch of more than 50 members: general branch, with approval (PARTY-2, PARTY-5)
	OverHundred Concern = "over_100"     // a branch of more than 100: committee, with approval (PARTY-5)
	NeedsTeam   Concern = "needs_team"   // 7 full members or more and no committee of 3 to 5 (PARTY-10)
	LargeTeam   Concern = "large_team"   // a committee of more than 7 (PARTY-10)
	NeedsNoTeam Concern = "needs_noteam" // fewer than 7 full members: no committee (PARTY-12)
	UnderThree  Concern = "under_3"      // a branch of fewer than 3 full members: joint branch (PARTY-1, PARTY-3)
)

// Concerns lists the concerns.
func Concerns() []Concern {
	return []Concern{Vacant, TermOver, OverFifty, OverHundred, NeedsTeam, LargeTeam, NeedsNoTeam, UnderThree}
}

// Text says what is the matter and what to do.
func (c Concern) Text() i18n.Text { return concerns[c].text }

// Short names the concern.
func (c Concern) Short() i18n.Text { return concerns[c].short }

// The months before the end of a term at which the level above reminds (PARTY-15).
const remindMonths = 6

// concern is one rule, said twice: of what was read, and in SQL, so that those concerned can be listed. A test holds both together. A branch of which the
// register has nobody is not judged by its size.
type concern struct {
	short, text i18n.Text
	holds       func(s State, soon calendar.Date) bool
	sql         func(a *db.Args, soon calendar.Date) string
}

var concerns = map[Concern]concern{
	Vacant: {i18n.PostVacantShort, i18n.PostVacant,
		func(s State, _ calendar.Date) bool { return s.led() && s.Heads == 0 },
		func(*db.Args, calendar.Date) string {
			return "o.kind IN ('district_committee', 'working_committee', 'committee', 'community_party', 'party_branch', 'party_group', 'residents_committee') AND coalesce(h.heads, 0) = 0"
		}},
	TermOver: {i18n.PostTermShort, i18n.PostTerm,
		func(s State, soon calendar.Date) bool { return !s.Term.IsZero() && !s.Term.After(soon) },
		func(a *db.Args, soon calendar.Date) string { return "h.term <= " + a.Add(soon) }},
	OverFifty: {i18n.PostOver50Short, i18n.PostOver50,
		func(s State, _ calendar.Date) bool { return s.branch() && s.Members > 50 && s.Members <= 100 },
		func(*db.Args, calendar.Date) string {
			return "o.kind = 'party_branch' AND o.form = '' AND m.n > 50 AND m.n <= 100"
		}},
	OverHundred: {i18n.PostOver100Short, i18n.PostOver100,
		func(s State, _ calendar.Date) bool {
			return s.Kind == organisation.Branch && s.Form != organisation.BaseCommittee && s.Members > 100
		},
		func(*db.Args, calendar.Date) string {
			return "o.kind = 'party_branch' AND o.form <> 'committee' AND m.n > 100"
		}},
	NeedsTeam: {i18n.PostNeedsTeamShort, i18n.PostNeedsTeam,
		func(s State, _ calendar.Date) bool { return s.branch() && s.Full >= 7 && s.Team < 3 },
		func(*db.Args, calendar.Date) string {
			return "o.kind = 'party_branch' AND o.form = '' AND m.full_n >= 7 AND coalesce(h.team, 0) < 3"
		}},
	LargeTeam: {i18n.PostLargeTeamShort, i18n.PostLargeTeam,
		func(s State, _ calendar.Date) bool { return s.branch() && s.Full >= 7 && s.Team > 7 },
		func(*db.Args, calendar.Date) string {
			return "o.kind = 'party_branch' AND o.form = '' AND m.full_n >= 7 AND h.team > 7"
		}},
	NeedsNoTeam: {i18n.PostNoTeamShort, i18n.PostNoTeam,
		func(s State, _ calendar.Date) bool {
			return s.branch() && s.Members > 0 && s.Full < 7 && s.Ordinary > 0
		},
		func(*db.Args, calendar.Date) string {
			return "o.kind = 'party_branch' AND o.form = '' AND m.full_n < 7 AND h.ordinary > 0"
		}},
	UnderThree: {i18n.PostUnder3Short, i18n.PostUnder3,
		func(s State, _ calendar.Date) bool { return s.branch() && s.Members > 0 && s.Full < 3 },
		func(*db.Args, calendar.Date) string {
			return "o.kind = 'party_branch' AND o.form = '' AND m.full_n < 3"
		}},
}

// State is how the posts of an organisation stand today.
type State struct {
	OrganisationID id.ID
	Kind           organisation.Kind
	Form           organisation.Form
	Name           string
	Above          string
	Members, Full  int64 // of the formal relation; Full without probationary members
	Holders        int64
	Heads          int64 // holders of a sole post
	Team           int64 // holders of posts of the committee, the secretary among them
	Ordinary       int64 // those of them who are neither secretary nor deputy
	Term           calendar.Date
	key            string
}

func (s State) branch() bool {
	return s.Kind == organisation.Branch && s.Form == organisation.PlainBranch
}

func (s State) led() bool {
	switch s.Kind {
	case organisation.District, organisation.Working, organisation.Committee, organisation.Community, organisation.Branch, organisation.Group, organisation.Residents:
		return true
	}
	return false
}

// Concerns gives what the rules advise on a day, in their order.
func (s State) Concerns(today calendar.Date) []Concern {
	var out []Concern
	for _, c := range Concerns() {
		if concerns[c].holds(s, today.AddMonths(remindMonths)) {
			out = append(out, c)
		}
	}
	return out
}

// Concerned narrows the list of organisations that a rule is about.
type Concerned struct {
	About          Concern // "" for any
	OrganisationID id.ID   // this and everything below it
	Text           string
	Page           db.Page
}

var standing = authz.Columns{Tenant: "o.tenant_id", Orgs: []string{"o.id"}}

// stateSQL reads how the posts of organisations stand, and how many members they have; with any, those that a rule is about.
func stateSQL(a *db.Args, scope authz.Scope, f Concerned, any bool, today calendar.Date) string {
	counted := scope.Where(a, authz.Columns{Tenant: "tenant_id", Orgs: []string{"home_id"}})
	return postsSQL(a, scope, f, any, today, `LEFT JOIN (SELECT home_id, count(*) AS n, sum(CASE WHEN standing = 'full' THEN 1 ELSE 0 END) AS full_n FROM member
			WHERE `+counted+` AND ended_on = '' AND home_id <> 0 GROUP BY home_id) m ON m.home_id = o.id`)
}

// postsSQL is stateSQL with the members as they are given, or without.
func postsSQL(a *db.Args, scope authz.Scope, f Concerned, any bool, today calendar.Date, members string) string {
	held := scope.Where(a, authz.Columns{Tenant: "tenant_id", Orgs: []string{"organisation_id"}})
	q := `FROM organisation o LEFT JOIN organisation up ON up.tenant_id = o.tenant_id AND up.id = o.parent_id
		` + members + `
		LEFT JOIN (SELECT organisation_id, count(*) AS n, sum(CASE WHEN sole THEN 1 ELSE 0 END) AS heads,
			count(DISTINCT CASE WHEN post IN ('secretary', 'deputy_secretary', 'organisation_member', 'publicity_member', 'discipline_member', 'committee_member') THEN person_id END) AS team,
			sum(CASE WHEN post IN ('organisation_member', 'publicity_member', 'discipline_member', 'committee_member') THEN 1 ELSE 0 END) AS ordinary,
			min(CASE WHEN term_ends_on <> '' THEN term_ends_on END) AS term FROM appointment
			WHERE ` + held + ` AND ended_on = '' GROUP BY organisation_id) h ON h.organisation_id = o.id
		WHERE ` + scope.Where(a, standing) + " AND o.dissolved_on = ''"
	if f.OrganisationID != 0 {
		q += " AND EXISTS (SELECT 1 FROM organisation x WHERE x.tenant_id = o.tenant_id AND x.id = " + a.Add(f.OrganisationID) + " AND substr(o.path, 1, length(x.path)) = x.path)"
	}
	if f.Text != "" {
		q += like(a, f.Text)
	}
	soon := today.AddMonths(remindMonths)
	switch {
	case f.About.Text() != (i18n.Text{}):
		q += " AND " + concerns[f.About].sql(a, soon)
	case any:
		some := ""
		for _, c := range Concerns() {
			some += " OR " + concerns[c].sql(a, soon)
		}
		q += " AND (" + some[len(" OR "):] + ")"
	}
	return q
}

func (s *State) dest() []any {
	return []any{&s.OrganisationID, &s.Kind, &s.Form, &s.Name, &s.Above, &s.Members, &s.Full, &s.Holders, &s.Heads, &s.Team, &s.Ordinary, &s.Term, &s.key}
}

var stateSelect = "SELECT o.id, o.kind, o.form, " + reference.Label("o") + ", " + reference.Label("up") + `, coalesce(m.n, 0), coalesce(m.full_n, 0), coalesce(h.n, 0), coalesce(h.heads, 0),
	coalesce(h.team, 0), coalesce(h.ordinary, 0), coalesce(h.term, ''), o.name_key `

func concerned(ctx context.Context, q db.Querier, scope authz.Scope, f Concerned, today calendar.Date) (db.List[State], error) {
	a := &db.Args{}
	from := stateSQL(a, scope, f, true, today)
	page, tail := a.Keyset(f.Page, db.Order{Column: "o.name_key", IDColumn: "o.id"})
	rows, err := db.All(ctx, q, (*State).dest, stateSelect+from+page+tail, a.Values()...)
	if err != nil {
		return db.List[State]{}, err
	}
	return db.Cut(rows, f.Page, func(s State) db.Cursor { return db.Cursor{Key: s.key, ID: s.OrganisationID} }), nil
}

func stateOf(ctx context.Context, q db.Querier, scope authz.Scope, organisation id.ID, today calendar.Date) (State, error) {
	a := &db.Args{}
	from := stateSQL(a, scope, Concerned{}, false, today)
	return db.One(ctx, q, (*State).dest, stateSelect+from+" AND o.id = "+a.Add(organisation), a.Values()...)
}
