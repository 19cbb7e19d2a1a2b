package casework

import (
	"context"
	"regexp"
	"strings"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
)

// Groups of cases that lists are asked for, besides the states.
const (
	ShowOpen       = "open"
	ShowMine       = "mine" // handled by the actor and not over
	ShowOverdue    = "overdue"
	ShowSigning    = "signing" // given to an organisation and not signed for in time
	ShowSupervised = "supervised"
	ShowAsking     = "asking" // more time is asked for
	ShowUnsolved   = "unsolved"
	ShowFinished   = "finished" // with a result that is no refusal
	ShowRated      = "rated"
	ShowJoint      = "joint" // organisations in scope are to do their part
)

// Shows lists the groups.
func Shows() []string {
	return []string{ShowOpen, ShowMine, ShowOverdue, ShowSigning, ShowSupervised, ShowAsking, ShowUnsolved, ShowJoint, ShowFinished, ShowRated}
}

// Filter narrows the list of cases; zero fields do not filter.
type Filter struct {
	State     State
	Show      string
	Wait      string // what waits for the actor, of one of the kinds of Waiting
	Kind      string
	ItemID    id.ID
	Below     id.ID // cases that an organisation or one below it has
	Community id.ID
	In        id.ID // where it happened: a community, or what lies in a sub-district or the district
	Grid      id.ID
	Building  id.ID
	Grids     []id.ID // in one of these grids
	Channel   Channel
	Text      string        // of the title, a number, or a whole telephone number
	From, To  calendar.Date // of the day on which it came in
	Rating    int64
	ByDue     bool // what is due first in front; otherwise the newest
	Page      db.Page
}

// Row is a case in a list. It names nobody who reported anything.
type Row struct {
	ID           id.ID
	No           string
	Kind         i18n.Text
	Item         i18n.Text
	Title        string
	Community    string
	Org          string
	Handler      string
	Channel      Channel
	State        State
	Outcome      Outcome
	Urgent       bool
	Confidential bool
	Supervised   bool
	Suspended    bool
	Rating       int64
	ReceivedAt   time.Time
	DoneAt       time.Time
	DueAt        time.Time
	Version      int64
	kind, kindEN string
	item, itemEN string
	itemID       id.ID
	buildingID   id.ID
	due          int64
}

var rowColumns = `c.id, c.no, coalesce(k.name, ''), coalesce(k.name_en, ''), coalesce(i.name, ''), coalesce(i.name_en, ''), c.title, ` +
	reference.Label("m") + ", " + reference.Label("o") + ", coalesce(h.name, '')" +
	`, c.channel, c.state, c.outcome, c.urgent, c.confidential, CASE WHEN c.supervised_at <> 0 THEN TRUE ELSE FALSE END, CASE WHEN c.suspended_at <> 0 THEN TRUE ELSE FALSE END, c.rating, c.received_at,
	c.done_at, c.due_at, c.due_at, c.item_id, c.building_id, c.version`

// rowNamed joins the names in a row to a case.
const rowNamed = `
	LEFT JOIN case_kind k ON k.tenant_id = c.tenant_id AND k.code = c.kind_code
	LEFT JOIN catalogue_item i ON i.tenant_id = c.tenant_id AND i.id = c.item_id
	LEFT JOIN organisation m ON m.tenant_id = c.tenant_id AND m.id = c.community_id
	LEFT JOIN organisation o ON o.tenant_id = c.tenant_id AND o.id = c.org_id
	LEFT JOIN account h ON h.tenant_id = c.tenant_id AND h.id = c.handler_id AND c.handler_id <> 0`

const rowJoined = " FROM service_case c" + rowNamed + " WHERE "

func (r *Row) dest() []any {
	return []any{&r.ID, &r.No, &r.kind, &r.kindEN, &r.item, &r.itemEN, &r.Title, &r.Community, &r.Org, &r.Handler, &r.Channel, &r.State, &r.Outcome, &r.Urgent, &r.Confidential, &r.Supervised, &r.Suspended,
		&r.Rating, db.Instant(&r.ReceivedAt), db.Instant(&r.DoneAt), db.Instant(&r.DueAt), &r.due, &r.itemID, &r.buildingID, &r.Version}
}

const openStates = "c.closed_at = 0 AND c.state IN ('received', 'accepted', 'dispatched', 'working')"

func (s *Service) where(a *db.Args, actor authz.Actor, f Filter) string {
	w := s.visible(a, actor)
	now := s.db.Now()
	switch f.Show {
	case ShowOpen:
		w += " AND " + openStates
	case ShowMine:
		w += " AND c.state = 'working' AND c.handler_id = " + a.Add(actor.AccountID) + " AND c.handler_id <> 0"
	case ShowOverdue:
		w += " AND " + openStates + " AND c.due_at <> 0 AND c.due_at < " + a.Add(db.Micros(now))
	case ShowSigning:
		w += " AND c.state = 'dispatched' AND c.sign_due_at <> 0 AND c.sign_due_at < " + a.Add(db.Micros(now))
	case ShowSupervised:
		w += " AND " + openStates + " AND c.supervised_at <> 0"
	case ShowAsking:
		w += " AND " + openStates + " AND c.extension = 'asked'"
	case ShowUnsolved:
		w += " AND c.reopened > 0 AND c.state <> 'merged'"
	case ShowFinished:
		w += " AND c.done_at <> 0 AND c.outcome <> 'refused' AND c.state <> 'merged'"
	case ShowRated:
		w += " AND c.outcome IN ('done', 'half') AND c.rating > 0"
	case ShowJoint:
		w += " AND " + openStates + " AND EXISTS (SELECT 1 FROM case_party z WHERE z.tenant_id = c.tenant_id AND z.case_id = c.id AND z.done_at = 0)"
	}
	if f.Wait != "" {
		w += " AND " + s.waits(a, actor, f.Wait)
	}
	if f.ByDue {
		w += " AND " + openStates + " AND c.due_at <> 0"
	}
	if f.State != "" {
		w += " AND c.state = " + a.Add(string(f.State))
	}
	if f.Kind != "" {
		w += " AND c.kind_code = " + a.Add(f.Kind)
	}
	if f.ItemID != 0 {
		w += " AND c.item_id = " + a.Add(f.ItemID)
	}
	if f.Community != 0 {
		w += " AND c.community_id = " + a.Add(f.Community)
	}
	w += under(a, actor, f.In)
	if f.Grid != 0 {
		w += " AND c.grid_id = " + a.Add(f.Grid)
	}
	if f.Building != 0 {
		w += " AND c.building_id = " + a.Add(f.Building)
	}
	if len(f.Grids) > 0 {
		w += " AND c.grid_id <> 0 AND " + db.In(a, "c.grid_id", f.Grids)
	}
	if f.Channel != "" {
		w += " AND c.channel = " + a.Add(string(f.Channel))
	}
	if f.Below != 0 {
		w += " AND c.org_id IN (SELECT u.id FROM organisation u JOIN organisation v ON v.tenant_id = u.tenant_id AND v.id = " + a.Add(f.Below) +
			" WHERE u.tenant_id = " + a.Add(actor.Tenant) + " AND u.path LIKE v.path || '%')"
	}
	if !f.From.IsZero() {
		w += " AND c.received_at >= " + a.Add(db.Micros(f.From.Time()))
	}
	if !f.To.IsZero() {
		w += " AND c.received_at < " + a.Add(db.Micros(f.To.AddDays(1).Time()))
	}
	if f.Rating > 0 {
		w += " AND c.rating = " + a.Add(f.Rating)
	}
	return w + s.textIn(a, actor, f.Text)
}

// caseNo is the form of a case's number.
var caseNo = regexp.MustCompile(`^\d{8}-\d{6}$`)

// phoneIn is the telephone number in what was typed to search for, "" for none.
func phoneIn(typed string) string {
	if caseNo.MatchString(strings.TrimSpace(typed)) {
		return ""
	}
	if n, problem := code.ParsePhone(typed); !problem.Blocks() && len(n.String()) >= 7 {
		return n.String()
	}
	return ""
}

// textIn looks for what was typed: a case number is found as it is, a telephone number by its blind index where the actor may see who reported a case,
// everything else in the title.
func (s *Service) textIn(a *db.Args, actor authz.Actor, typed string) string {
	no := strings.TrimSpace(typed)
	switch {
	case gram.Key(typed) == "":
		return ""
	case caseNo.MatchString(no):
		return " AND c.no = " + a.Add(no)
	case phoneIn(typed) != "" && actor.Can(PermReveal):
		return " AND c.phone_key <> '' AND c.phone_key = " + a.Add(s.phoneKey(phoneIn(typed))) + " AND " + actor.Scope(PermReveal).Where(a, handlers)
	}
	return " AND c.title_key LIKE " + a.Add(gram.Query(typed).Like()) + " ESCAPE '!'"
}

// looked records that somebody looked for the cases of a telephone number.
func (s *Service) looked(ctx context.Context, actor authz.Actor, f Filter) error {
	if phoneIn(f.Text) == "" || !actor.Can(PermReveal) || f.Page.After != (db.Cursor{}) || f.Page.Before != (db.Cursor{}) {
		return nil
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "casework.lookup", Permission: PermReveal, SubjectKind: "service_case", Purpose: purposeOfLook,
			Detail: map[string]any{"phone_key": s.phoneKey(phoneIn(f.Text))}})
	})
}

// List gives the cases that the actor sees (PermSee), the newest first, or open ones with what is due first in front. Looking for a telephone number is
// recorded.
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter) (db.List[Row], error) {
	if err := s.looked(ctx, actor, f); err != nil {
		return db.List[Row]{}, err
	}
	a := &db.Args{}
	where := s.where(a, actor, f)
	order := db.Order{IDColumn: "c.id", Desc: true}
	if f.ByDue {
		order = db.Order{Column: "c.due_at", IDColumn: "c.id", Integer: true}
	}
	page, tail := a.Keyset(f.Page, order)
	rows, err := db.All(ctx, s.db, (*Row).dest, "SELECT "+rowColumns+" FROM (SELECT c.* FROM service_case c WHERE "+where+page+tail+") c"+rowNamed+tail, a.Values()...) // the names of one page, not of all that could stand on it
	named(rows)
	return db.Cut(rows, f.Page, func(r Row) db.Cursor {
		if f.ByDue {
			return db.Cursor{Key: decimal(r.due), ID: r.ID}
		}
		return db.Cursor{ID: r.ID}
	}), err
}

// Sees says whether the actor sees a case.
func (s *Service) Sees(ctx context.Context, actor authz.Actor, c id.ID) (bool, error) {
	a := &db.Args{}
	n, err := db.Value[int64](ctx, s.db, "SELECT count(*) FROM service_case c WHERE "+s.visible(a, actor)+" AND c.id = "+a.Add(c), a.Values()...)
	return n > 0, err
}

// ByNo gives the case of a number, as somebody typed it, that the actor sees.
func (s *Service) ByNo(ctx context.Context, actor authz.Actor, no string) (id.ID, error) {
	a := &db.Args{}
	n, err := db.Value[id.ID](ctx, s.db, "SELECT c.id FROM service_case c WHERE "+s.visible(a, actor)+" AND c.no = "+a.Add(strings.TrimSpace(no)), a.Values()...)
	if err == nil && n == 0 {
		err = errs.Field("no", i18n.CaseNoSuch)
	}
	return n, err
}

// Detail is a case with everything that belongs to it.
type Detail struct {
	Case
	Entries []Entry
	Parties []Party
	Merged  []Row    // reports that were found to be the same
	Earlier int64    // other cases of the same telephone number that the actor sees
	Alike   []Double // open cases in the same community that could be the same
	Left    int      // working days that are left of the limit
	Steps   []CaseStep
	Offered []OfferedOffice // to give it out to, by its category
	// ReviewUntil is until when a review of a petition is asked; zero where that is no question.
	ReviewUntil time.Time
	NoReview    i18n.Text // where to turn instead of asking for a review; empty where that is no question
	Files       []CaseFile
}

// Get gives a case that the actor sees (PermSee, PermConfidential).
func (s *Service) Get(ctx context.Context, actor authz.Actor, c id.ID) (Detail, error) {
	var d Detail
	o, err := s.office(ctx, actor.Tenant)
	if err != nil {
		return d, err
	}
	return d, s.db.View(ctx, func(tx *db.Tx) error {
		r, err := s.find(ctx, tx, actor, c)
		if err != nil {
			return err
		}
		if d.Case, err = s.open(r); err != nil {
			return err
		}
		d.Body = Mask(d.Body) // in full it is shown with who reported it (Reveal), and so is what they say otherwise
		for code, v := range d.Answers {
			d.Answers[code] = Mask(v)
		}
		d.Left = o.left(d.Timing, tx.Now())
		if d.ReviewUntil, d.NoReview, err = s.reviewUntil(ctx, tx, o, d.Case); err != nil {
			return err
		}
		if d.Steps, err = s.steps(ctx, tx, actor.Tenant, c); err != nil {
			return err
		}
		if d.Can(ActDispatch) && d.State.Open() {
			if d.Offered, err = s.offered(ctx, tx, actor.Tenant, d.Case); err != nil {
				return err
			}
		}
		if d.Entries, err = s.entries(ctx, tx, actor.Tenant, c); err != nil {
			return err
		}
		if d.Files, err = files(ctx, tx, actor.Tenant, c, d.Entries); err != nil {
			return err
		}
		for i := range d.Files {
			d.Files[i].Removable = d.mayRemove(d.Files[i].File, actor.AccountID)
		}
		for i := range d.Entries {
			if d.Entries[i].source != 0 {
				d.Entries[i].Words = Mask(d.Entries[i].Words)
			}
		}
		if d.Parties, err = parties(ctx, tx, actor.Tenant, c); err != nil {
			return err
		}
		if d.Merged, err = s.some(ctx, tx, actor, 20, func(a *db.Args) string { return " AND c.merged_id <> 0 AND c.merged_id = " + a.Add(c) }); err != nil {
			return err
		}
		if d.State.Open() {
			if d.Alike, err = s.doubles(ctx, tx, actor, d.Case); err != nil {
				return err
			}
		}
		key, err := db.Value[string](ctx, tx, `SELECT phone_key FROM service_case WHERE tenant_id = $1 AND id = $2`, actor.Tenant, c)
		if err != nil || key == "" || !actor.Scope(PermReveal).Covers(d.OrgID) {
			return err
		}
		a := &db.Args{}
		d.Earlier, err = db.Value[int64](ctx, tx, "SELECT count(*) FROM service_case c WHERE "+s.visible(a, actor)+" AND c.phone_key <> '' AND c.phone_key = "+a.Add(key)+" AND c.id <> "+a.Add(c), a.Values()...)
		return err
	})
}

// some gives a few cases that the actor sees.
func (s *Service) some(ctx context.Context, q db.Querier, actor authz.Actor, n int, where func(a *db.Args) string) ([]Row, error) {
	a := &db.Args{}
	query := "SELECT " + rowColumns + rowJoined + s.visible(a, actor) + where(a) + " ORDER BY c.id DESC LIMIT " + a.Add(n)
	rows, err := db.All(ctx, q, (*Row).dest, query, a.Values()...)
	named(rows)
	return rows, err
}

// named gives rows the names of kind and category in both languages.
func named(rows []Row) {
	for i := range rows {
		r := &rows[i]
		r.Kind, r.Item = i18n.Both(r.kind, r.kindEN), i18n.Both(r.item, r.itemEN)
	}
}

// Summary is what is open now, and what came of what was finished lately. Every count is a list.
type Summary struct{ Open, Overdue, Supervised int64 }

// Rates are of cases finished in a span of days (CASE-6).
type Rates struct {
	From                        calendar.Date // the rates are of cases finished since
	Finished, InTime            int64         // with a result; what was refused is in none of the two
	Responded, Answerable       int64         // taken on in time, of all that came in since
	Outside                     int64         // outside an office's power, or passed on: in no rate
	Answered, Solved, Satisfied int64         // of those that count: rated, solved (at least partly), four stars or five
	Hours                       int64         // from coming in to the result, on average
}

// rateDays is the span of the rates where no other is asked for.
const rateDays = 90

// Summary counts what List would show over all its pages (PermSee), of what is open: it does not grow with the years.
func (s *Service) Summary(ctx context.Context, actor authz.Actor, f Filter) (Summary, error) {
	f.State, f.Show, f.Wait, f.Rating, f.ByDue, f.Text = "", "", "", 0, false, ""
	var out Summary
	a := &db.Args{}
	return out, s.db.QueryRow(ctx, "SELECT count(*)"+count("c.due_at <> 0 AND c.due_at < "+a.Add(db.Micros(s.db.Now())))+count("c.supervised_at <> 0")+" FROM service_case c WHERE "+s.where(a, actor, f)+
		" AND "+openStates, a.Values()...).Scan(&out.Open, &out.Overdue, &out.Supervised)
}

// count is a column, with a comma before it, that counts the rows of a condition.
func count(cond string) string { return ", coalesce(sum(CASE WHEN " + cond + " THEN 1 ELSE 0 END), 0)" }

// Rates are of what organisations in scope handled themselves (PermSee): what has no answer is in none of them. They are of the days that the filter names, or of the
// last 90. Every case of the span is read: for a whole place the figures have the same, summed up by night.
func (s *Service) Rates(ctx context.Context, actor authz.Actor, f Filter) (Rates, error) {
	f.State, f.Show, f.Wait, f.Rating, f.ByDue, f.Text = "", "", "", 0, false, ""
	now := s.db.Now()
	out := Rates{From: f.From}
	if out.From.IsZero() {
		out.From = calendar.DateOf(now).AddDays(-rateDays)
	}
	until := f.To
	f.From, f.To = calendar.Date{}, calendar.Date{}
	span := func(a *db.Args, column string) string {
		w := " AND " + column + " >= " + a.Add(db.Micros(out.From.Time()))
		if !until.IsZero() {
			w += " AND " + column + " < " + a.Add(db.Micros(until.AddDays(1).Time()))
		}
		return w + " AND c.state <> 'merged' AND " + actor.Scope(PermSee).Where(a, handlers)
	}
	const counted = "c.outcome IN ('done', 'half')"
	const rated = counted + " AND c.rating > 0"
	var seconds int64
	a := &db.Args{}
	err := s.db.QueryRow(ctx, "SELECT count(*)"+count("c.late = FALSE")+count("c.outcome IN ('outside', 'passed')")+count(rated)+count(rated+" AND c.solved IN ('yes', 'partly')")+count(rated+" AND c.rating >= 4")+
		", coalesce(sum((c.done_at - c.received_at) / 1000000), 0) FROM service_case c WHERE "+s.where(a, actor, f)+" AND c.done_at <> 0 AND c.outcome <> 'refused'"+span(a, "c.done_at"), a.Values()...).
		Scan(&out.Finished, &out.InTime, &out.Outside, &out.Answered, &out.Solved, &out.Satisfied, &seconds)
	if err != nil {
		return out, err
	}
	if out.Finished > 0 {
		out.Hours = seconds / out.Finished / 3600
	}
	a = &db.Args{}
	return out, s.db.QueryRow(ctx, "SELECT count(*)"+count("c.accepted_at <> 0 AND c.accepted_at <= c.respond_at")+" FROM service_case c WHERE "+s.where(a, actor, f)+
		" AND (c.accepted_at <> 0 OR c.respond_at < "+a.Add(db.Micros(now))+")"+span(a, "c.received_at"), a.Values()...).Scan(&out.Answerable, &out.Responded)
}
