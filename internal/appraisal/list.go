package appraisal

import (
	"context"
	"strings"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/id"
)

// seeing is where the actor sees rounds, at least as counts.
func seeing(actor authz.Actor) authz.Scope {
	return actor.Scope(PermSee).Or(actor.Scope(PermOpen)).Or(actor.Scope(PermKeep))
}

// Filter narrows the list of rounds; zero fields do not filter.
type Filter struct {
	Text           string // of the branch's name
	Year           int
	Step           Step
	OrganisationID id.ID // this and everything below it
	Open           bool  // not closed
	Page           db.Page
}

// Item is a round with its counts. The counts of grades are those of told and closed rounds, 0 before.
type Item struct {
	Round
	Members, Graded, Written, Voters, Voted          int64
	Excellent, Qualified, Basic, Unqualified, Unread int64
	key                                              string
}

// Of is the count of a grade.
func (i Item) Of(g Grade) int64 {
	return map[Grade]int64{Excellent: i.Excellent, Qualified: i.Qualified, Basic: i.Basic, Unqualified: i.Unqualified}[g]
}

func (i *Item) dest() []any {
	return append(i.Round.dest(), &i.Members, &i.Graded, &i.Written, &i.Voters, &i.Voted, &i.Excellent, &i.Qualified, &i.Basic, &i.Unqualified, &i.Unread, &i.key)
}

func counted(what string) string {
	return "(SELECT count(*) FROM appraisal_entry x WHERE x.tenant_id = r.tenant_id AND x.round_id = r.id" + what + ")"
}

func gradesTold(g Grade) string {
	return "CASE WHEN r.step IN ('told', 'closed') THEN " + counted(" AND x.standing_grade = '"+string(g)+"'") + " ELSE 0 END"
}

const listOrder = "(9999 - r.year) || ' ' || coalesce(o.name_key, '')"

var itemColumns = roundColumns + ", " + counted("") + ", " + counted(" AND x.graded") + ", " + counted(" AND x.self_on <> ''") +
	", (SELECT count(*) FROM appraisal_mark k WHERE k.tenant_id = r.tenant_id AND k.round_id = r.id), (SELECT count(*) FROM appraisal_mark k WHERE k.tenant_id = r.tenant_id AND k.round_id = r.id AND k.way <> ''), " +
	gradesTold(Excellent) + ", " + gradesTold(Qualified) + ", " + gradesTold(Basic) + ", " + gradesTold(Unqualified) + ", " + counted(" AND x.grade <> '' AND x.read_on = ''") + ", " + listOrder

func (f Filter) where(a *db.Args, scope authz.Scope) string {
	w := scope.Where(a, roundOwners)
	if s := strings.TrimSpace(f.Text); s != "" {
		l := a.Add(gram.Query(s).Like())
		w += " AND (o.name LIKE " + l + " ESCAPE '!' OR o.short_name LIKE " + l + " ESCAPE '!')"
	}
	if f.Year != 0 {
		w += " AND r.year = " + a.Add(f.Year)
	}
	if f.Step != "" {
		w += " AND r.step = " + a.Add(f.Step)
	}
	if f.Open {
		w += " AND r.step <> 'closed'"
	}
	if f.OrganisationID != 0 {
		w += " AND EXISTS (SELECT 1 FROM organisation up WHERE up.tenant_id = o.tenant_id AND up.id = " + a.Add(f.OrganisationID) + " AND substr(o.path, 1, length(up.path)) = up.path)"
	}
	return w
}

// List gives one page of the rounds of branches in scope (PermSee, PermOpen or PermKeep), newest year first, with their counts; names and grades of people are in none of them.
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter) (db.List[Item], error) {
	a := &db.Args{}
	where := f.where(a, seeing(actor))
	page, tail := a.Keyset(f.Page, db.Order{Column: listOrder, IDColumn: "r.id"})
	rows, err := db.All(ctx, s.db, (*Item).dest, "SELECT "+itemColumns+roundTables+" WHERE "+where+page+tail, a.Values()...)
	if err != nil {
		return db.List[Item]{}, err
	}
	return db.Cut(rows, f.Page, func(i Item) db.Cursor { return db.Cursor{Key: i.key, ID: i.ID} }), nil
}

// Export calls fn for every round that List would show over all its pages.
func (s *Service) Export(ctx context.Context, actor authz.Actor, f Filter, fn func(Item) error) error {
	a := &db.Args{}
	where := f.where(a, seeing(actor))
	return db.Each(ctx, s.db, (*Item).dest, fn, "SELECT "+itemColumns+roundTables+" WHERE "+where+" ORDER BY "+listOrder+", r.id", a.Values()...)
}

// Meeting is the meeting with which a round goes.
type Meeting struct {
	ID    id.ID
	Title string
	Day   string
}

// Shown is a round as it is shown: to all who see it with its counts, to its branch with what stands in the way of the next step.
type Shown struct {
	Item
	Turnout    Turnout
	Meeting    Meeting
	Keep       bool
	Repeatable bool        // the ballot can be thrown away and opened anew
	Excuse     Excuse      // what closing the step needs a reason for
	Refusal    *errs.Error // why the step cannot be closed at all, nil if it can
}

// Get opens one round in scope (PermSee, PermOpen or PermKeep).
func (s *Service) Get(ctx context.Context, actor authz.Actor, round id.ID) (Shown, error) {
	var out Shown
	err := s.db.View(ctx, func(tx *db.Tx) error {
		a := &db.Args{}
		var err error
		if out.Item, err = db.One(ctx, tx, (*Item).dest, "SELECT "+itemColumns+roundTables+" WHERE "+seeing(actor).Where(a, roundOwners)+" AND r.id = "+a.Add(round), a.Values()...); err != nil {
			return err
		}
		if out.Turnout, err = turnout(ctx, tx, actor.Tenant, round); err != nil {
			return err
		}
		if out.MeetingID != 0 {
			if out.Meeting, err = db.One(ctx, tx, func(m *Meeting) []any { return []any{&m.ID, &m.Title, &m.Day} },
				"SELECT id, title, on_day FROM meeting WHERE tenant_id = $1 AND id = $2", actor.Tenant, out.MeetingID); err != nil {
				return err
			}
		}
		out.Keep = actor.Scope(PermKeep).Covers(out.OrganisationID)
		out.Repeatable = out.Keep && repeatable(out.Round, out.Turnout)
		if out.Keep && out.Step != Closed {
			var no error
			if out.Excuse, no = s.closing(ctx, tx, actor.Tenant, out.Round); no != nil && errs.KindOf(no) != errs.Conflict {
				return no
			}
			out.Refusal = errs.As(no)
		}
		return nil
	})
	return out, err
}

// Row is one member in the list of a round, for its branch.
type Row struct {
	Entry
	Voted bool // has used their vote; nothing says how
	Split Split
	key   string
}

func (r *Row) dest() []any { return append(r.Entry.dest(), &r.Voted, &r.key) }

const rowColumns = entryColumns + ", EXISTS (SELECT 1 FROM appraisal_mark k WHERE k.tenant_id = e.tenant_id AND k.round_id = e.round_id AND k.entry_id = e.id AND k.way <> ''), e.name_key"

// Members gives one page of who takes part in a round, by name (PermKeep): with the splits of the ballot once it is closed.
func (s *Service) Members(ctx context.Context, actor authz.Actor, round id.ID, page db.Page) (db.List[Row], error) {
	var out db.List[Row]
	err := s.db.View(ctx, func(tx *db.Tx) error {
		r, err := findRound(ctx, tx, actor.Scope(PermKeep), round)
		if err != nil {
			return err
		}
		a := &db.Args{}
		w := actor.Scope(PermKeep).Where(a, entryOwners) + " AND e.round_id = " + a.Add(round)
		where, tail := a.Keyset(page, db.Order{Column: "e.name_key", IDColumn: "e.id"})
		rows, err := db.All(ctx, tx, (*Row).dest, "SELECT "+rowColumns+" FROM appraisal_entry e WHERE "+w+where+tail, a.Values()...)
		if err != nil {
			return err
		}
		votes, err := splits(ctx, tx, actor.Tenant, r, 0)
		for i := range rows {
			rows[i].Split = votes[rows[i].ID]
		}
		out = db.Cut(rows, page, func(x Row) db.Cursor { return db.Cursor{Key: x.key, ID: x.ID} })
		return err
	})
	return out, err
}

// Other is another member of the round, on a ballot or in a list of remarks.
type Other struct {
	ID    id.ID
	Name  string
	Group string
}

// maxOthers is how many members a branch can have on one ballot.
const maxOthers = 1000

func others(ctx context.Context, q db.Querier, tenant int64, round, without id.ID, more string) ([]Other, error) {
	return db.All(ctx, q, func(o *Other) []any { return []any{&o.ID, &o.Name, &o.Group} }, `SELECT e.id, e.name, e.party_group FROM appraisal_entry e
		WHERE e.tenant_id = $1 AND e.round_id = $2 AND e.id <> $3`+more+` ORDER BY e.name_key, e.id LIMIT $4`, tenant, round, without, int64(maxOthers))
}

// Subjects are all on the ballot of a round, for counting paper (PermKeep).
func (s *Service) Subjects(ctx context.Context, actor authz.Actor, round id.ID) ([]Other, error) {
	if _, err := findRound(ctx, s.db, actor.Scope(PermKeep), round); err != nil {
		return nil, err
	}
	return others(ctx, s.db, actor.Tenant, round, 0, " AND e.graded AND e.away = ''")
}

// Unvoted are the voters of a round who have neither voted nor hold a ballot on paper (PermKeep).
func (s *Service) Unvoted(ctx context.Context, actor authz.Actor, round id.ID) ([]Other, error) {
	if _, err := findRound(ctx, s.db, actor.Scope(PermKeep), round); err != nil {
		return nil, err
	}
	return others(ctx, s.db, actor.Tenant, round, 0, " AND EXISTS (SELECT 1 FROM appraisal_mark k WHERE k.tenant_id = e.tenant_id AND k.round_id = e.round_id AND k.entry_id = e.id AND k.way = '')")
}

// Sheet is one member in a round with everything around them.
type Sheet struct {
	Entry
	Round       Round
	Year        Year
	About       []Remark // about the member
	Wrote       []Remark // by the member
	Left        bool     // the member has gone to another branch: what they do since is not for this one
	Split       Split    // for the branch only, once the ballot is closed
	Voted       bool
	Corrections []Correction
	Others      []Other // about whom the member can write
	Earlier     []Past
}

// Past is a member's result of another year.
type Past struct {
	EntryID      id.ID
	Year         int
	Organisation string
	Step         Step
	Grade        Grade // "" until it is told, and for who is not graded
}

// Sheet opens the entry of a member for the branch (PermKeep).
func (s *Service) Sheet(ctx context.Context, actor authz.Actor, entry id.ID) (Sheet, error) {
	return s.sheet(ctx, actor, PermKeep, entry)
}

// SheetOwn opens the member's own entry (PermOwn): the result once it is told, and never the votes.
func (s *Service) SheetOwn(ctx context.Context, actor authz.Actor, entry id.ID) (Sheet, error) {
	sh, err := s.sheet(ctx, actor, PermOwn, entry)
	sh.Split = Split{}
	if !Opinion.Past(sh.Round.Step) {
		sh.Grade, sh.Standing, sh.Opinion, sh.Gaps, sh.Help, sh.Decision, sh.Approval = "", "", "", "", "", "", ""
	}
	return sh, err
}

func (s *Service) sheet(ctx context.Context, actor authz.Actor, perm authz.Permission, entry id.ID) (Sheet, error) {
	var out Sheet
	err := s.db.View(ctx, func(tx *db.Tx) error {
		var err error
		if out.Entry, err = findEntry(ctx, tx, actor.Scope(perm), entry); err != nil {
			return err
		}
		if out.Round, err = loadRound(ctx, tx, actor.Tenant, out.RoundID); err != nil {
			return err
		}
		out.Year = Year{MemberID: out.MemberID, PersonID: out.PersonID, Name: out.Name, Year: out.Round.Year}
		if perm == PermKeep { // a branch that the member has left reads no more of them
			if out.Left, err = left(ctx, tx, actor.Tenant, out.Entry, out.Round.OrganisationID); err != nil {
				return err
			}
		}
		if !out.Left {
			if err = readYear(ctx, tx, actor.Tenant, &out.Year); err != nil {
				return err
			}
		}
		if out.About, err = remarks(ctx, tx, actor.Tenant, entry, false); err != nil {
			return err
		}
		if out.Wrote, err = remarks(ctx, tx, actor.Tenant, entry, true); err != nil {
			return err
		}
		votes, err := splits(ctx, tx, actor.Tenant, out.Round, entry)
		if err != nil {
			return err
		}
		out.Split = votes[entry]
		mark, err := markOf(ctx, tx, actor.Tenant, out.RoundID, entry)
		if err != nil {
			return err
		}
		out.Voted = mark != notYet
		return s.around(ctx, tx, actor, &out)
	})
	return out, err
}

func (s *Service) around(ctx context.Context, q db.Querier, actor authz.Actor, out *Sheet) (err error) {
	if out.Corrections, err = corrections(ctx, q, actor.Tenant, out.ID); err != nil {
		return err
	}
	if out.Round.Step == Mutual {
		list, err := others(ctx, q, actor.Tenant, out.RoundID, out.ID, "")
		if err != nil {
			return err
		}
		for _, o := range list {
			if o.Group == out.Group || o.Group == "" || out.Group == "" {
				out.Others = append(out.Others, o)
			}
		}
	}
	a := &db.Args{}
	within := "e.member_id = " + a.Add(out.MemberID)
	if out.Left {
		within += " AND " + actor.Scope(PermKeep).Where(a, roundOwners)
	}
	all, err := pasts(ctx, q, actor.Tenant, a, within)
	for _, p := range all {
		if p.EntryID != out.ID {
			out.Earlier = append(out.Earlier, p)
		}
	}
	return err
}

// left says whether a member no longer belongs to the branch that appraised them.
func left(ctx context.Context, q db.Querier, tenant int64, e Entry, branch id.ID) (bool, error) {
	n, err := db.Value[int64](ctx, q, `SELECT count(*) FROM member m JOIN organisation h ON h.tenant_id = m.tenant_id AND h.id = m.home_id JOIN organisation b ON b.tenant_id = m.tenant_id AND b.id = $1
		WHERE m.tenant_id = $2 AND m.id = $3 AND substr(h.path, 1, length(b.path)) <> b.path`, branch, tenant, e.MemberID)
	return n > 0, err
}

// pasts are rounds of members, newest year first, kept to a condition.
func pasts(ctx context.Context, q db.Querier, tenant int64, a *db.Args, within string) ([]Past, error) {
	return db.All(ctx, q, func(p *Past) []any {
		return []any{&p.EntryID, &p.Year, &p.Organisation, &p.Step, &p.Grade}
	}, `SELECT e.id, r.year, CASE WHEN o.short_name <> '' THEN o.short_name ELSE coalesce(o.name, '') END, r.step, CASE WHEN r.step IN ('told', 'closed') THEN e.standing_grade ELSE '' END
		FROM appraisal_entry e JOIN appraisal_round r ON r.tenant_id = e.tenant_id AND r.id = e.round_id LEFT JOIN organisation o ON o.tenant_id = r.tenant_id AND o.id = r.organisation_id
		WHERE e.tenant_id = `+a.Add(tenant)+" AND "+within+" ORDER BY r.year DESC, e.id DESC LIMIT 50", a.Values()...)
}

// Own is the actor's appraisals (PermOwn), newest year first.
func (s *Service) Own(ctx context.Context, actor authz.Actor) ([]Past, error) {
	if actor.Scope(PermOwn).Empty() {
		return nil, nil
	}
	a := &db.Args{}
	return pasts(ctx, s.db, actor.Tenant, a, "e.person_id = "+a.Add(actor.PersonID))
}

// BallotForm is what a voter is asked.
type BallotForm struct {
	Entry  Entry
	Round  Round
	Others []Other
	Voted  bool
}

// BallotForm gives the ballot of the member whose entry it is (PermOwn). There is no way to read what was chosen.
func (s *Service) BallotForm(ctx context.Context, actor authz.Actor, entry id.ID) (BallotForm, error) {
	var out BallotForm
	err := s.db.View(ctx, func(tx *db.Tx) error {
		var err error
		if out.Entry, err = findEntry(ctx, tx, actor.Scope(PermOwn), entry); err != nil {
			return err
		}
		if out.Round, err = loadRound(ctx, tx, actor.Tenant, out.Entry.RoundID); err != nil {
			return err
		}
		mark, err := markOf(ctx, tx, actor.Tenant, out.Round.ID, entry)
		if err != nil {
			return err
		}
		out.Voted = mark != notYet
		if out.Round.Step == Voting && out.Entry.Votes && !out.Voted {
			out.Others, err = others(ctx, tx, actor.Tenant, out.Round.ID, entry, " AND e.graded AND e.away = ''")
		}
		return err
	})
	return out, err
}
