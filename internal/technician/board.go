package technician

import (
	"context"
	"strconv"
	"strings"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/catalogue"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
)

// Waiting is a case that waits for a technician, as the board shows it. It names nobody who reported anything.
type Waiting struct {
	CaseID      id.ID
	No          string
	Title       string
	ItemID      id.ID
	Item        i18n.Text
	ClassKey    string
	Class       i18n.Text
	CommunityID id.ID
	Community   string
	OrgID       id.ID
	Urgent      bool
	Reopened    int64
	Suspended   bool
	ReceivedAt  time.Time
	DueAt       time.Time
	Price
	Edition     int64
	Offers      int64  // open
	OfferedTo   string // one of those who were asked
	item, itemE string
	class, clsE string
	path        string // of the community
	due         int64
}

// Overdue says whether the limit is over.
func (w Waiting) Overdue(now time.Time) bool { return !w.DueAt.IsZero() && now.After(w.DueAt) }

// endless sorts what has no limit behind everything that has one.
const endless = "9000000000000000" // in the year 2255; below every ID, so that nobody takes it for one

// waits is the condition that case c waits for a technician: of a kind that technicians do, open, about nobody, without one who is at it. What was opened again
// waits for somebody new, although it is still called after who did it before.
const waits = `k.by_technician = TRUE AND c.closed_at = 0 AND c.confidential = FALSE AND c.about_id = 0
	AND (c.state IN ('received', 'accepted') OR c.state = 'working' AND c.reopened > 0 AND EXISTS (SELECT 1 FROM technician_job f WHERE f.tenant_id = c.tenant_id AND f.case_id = c.id AND f.state = 'finished'))
	AND NOT EXISTS (SELECT 1 FROM technician_job n WHERE n.tenant_id = c.tenant_id AND n.case_id = c.id AND n.state IN ('taken', 'arrived'))`

var waitingColumns = `c.id, c.no, c.title, c.item_id, coalesce(i.name, ''), coalesce(i.name_en, ''), coalesce(i.list || ':' || i.class_code, ''), coalesce(g.name, ''), coalesce(g.name_en, ''), c.community_id, ` + reference.Label("m") +
	`, coalesce(m.path, ''), c.org_id, c.urgent, c.reopened, CASE WHEN c.suspended_at <> 0 THEN TRUE ELSE FALSE END, c.received_at, c.due_at, CASE WHEN c.due_at = 0 THEN ` + endless + ` ELSE c.due_at END,
	coalesce(i.price_kind, ''), coalesce(i.price_fen, 0), coalesce(i.edition, 0),
	(SELECT count(*) FROM technician_job q WHERE q.tenant_id = c.tenant_id AND q.case_id = c.id AND q.state = 'offered'),
	coalesce((SELECT min(t.name) FROM technician_job q JOIN technician t ON t.tenant_id = q.tenant_id AND t.id = q.technician_id WHERE q.tenant_id = c.tenant_id AND q.case_id = c.id AND q.state = 'offered'), '')
	FROM service_case c
	JOIN case_kind k ON k.tenant_id = c.tenant_id AND k.code = c.kind_code
	LEFT JOIN catalogue_item i ON i.tenant_id = c.tenant_id AND i.id = c.item_id AND c.item_id <> 0
	LEFT JOIN catalogue_class g ON g.tenant_id = i.tenant_id AND g.list = i.list AND g.code = i.class_code
	LEFT JOIN organisation m ON m.tenant_id = c.tenant_id AND m.id = c.community_id
	WHERE `

func (w *Waiting) dest() []any {
	return []any{&w.CaseID, &w.No, &w.Title, &w.ItemID, &w.item, &w.itemE, &w.ClassKey, &w.class, &w.clsE, &w.CommunityID, &w.Community, &w.path, &w.OrgID, &w.Urgent, &w.Reopened, &w.Suspended,
		db.Instant(&w.ReceivedAt), db.Instant(&w.DueAt), &w.due, &w.Kind, &w.Fen, &w.Edition, &w.Offers, &w.OfferedTo}
}

func (w *Waiting) named() {
	w.Item, w.Class = i18n.Both(w.item, w.itemE), i18n.Both(w.class, w.clsE)
}

// above are the organisations that stand above the community of the case, and itself.
func (w Waiting) above() []id.ID {
	var out []id.ID
	for _, part := range strings.Split(strings.Trim(w.path, "/"), "/") {
		if o, err := id.Parse(part); err == nil {
			out = append(out, o)
		}
	}
	return out
}

// What of the board is shown.
const (
	BoardNew     = "new"     // nobody was asked
	BoardOffered = "offered" // somebody was asked
	BoardLate    = "late"
	BoardUrgent  = "urgent"
)

// BoardShows lists what can be shown.
func BoardShows() []string { return []string{BoardNew, BoardOffered, BoardLate, BoardUrgent} }

// BoardFilter narrows the board; zero fields do not filter.
type BoardFilter struct {
	Show      string
	Class     string // "<list>:<class>"
	Community id.ID
	Text      string // of the title, or a case's number
	Page      db.Page
}

// Board gives the cases that wait for a technician, of organisations in scope (PermDispatch): what is due first in front. It is one query.
func (s *Service) Board(ctx context.Context, actor authz.Actor, f BoardFilter) (db.List[Waiting], error) {
	return s.board(ctx, s.db, actor, f)
}

func (s *Service) board(ctx context.Context, q db.Querier, actor authz.Actor, f BoardFilter) (db.List[Waiting], error) {
	a := &db.Args{}
	w := actor.Scope(PermDispatch).Where(a, caseOrg) + " AND " + waits
	const asked = "EXISTS (SELECT 1 FROM technician_job q WHERE q.tenant_id = c.tenant_id AND q.case_id = c.id AND q.state = 'offered')"
	switch f.Show {
	case BoardNew:
		w += " AND NOT " + asked
	case BoardOffered:
		w += " AND " + asked
	case BoardLate:
		w += " AND c.due_at <> 0 AND c.due_at < " + a.Add(db.Micros(s.db.Now()))
	case BoardUrgent:
		w += " AND c.urgent = TRUE"
	}
	if f.Class != "" {
		w += " AND i.list || ':' || i.class_code = " + a.Add(f.Class)
	}
	if f.Community != 0 {
		w += " AND c.community_id = " + a.Add(f.Community)
	}
	if gram.Key(f.Text) != "" {
		w += " AND (c.no = " + a.Add(strings.TrimSpace(f.Text)) + " OR c.title_key LIKE " + a.Add(gram.Query(f.Text).Like()) + " ESCAPE '!')"
	}
	// Which cases are on the page is found first, so that what is shown of each is read for those of the page alone.
	const due = "CASE WHEN c.due_at = 0 THEN " + endless + " ELSE c.due_at END"
	page, tail := a.Keyset(f.Page, db.Order{Column: due, IDColumn: "c.id", Integer: true})
	order := tail[:strings.Index(tail, " LIMIT ")]
	rows, err := db.All(ctx, q, (*Waiting).dest, "SELECT "+waitingColumns+"c.tenant_id = "+a.Add(actor.Tenant)+` AND c.id IN (SELECT c.id FROM service_case c JOIN case_kind k ON k.tenant_id = c.tenant_id AND k.code = c.kind_code
		LEFT JOIN catalogue_item i ON i.tenant_id = c.tenant_id AND i.id = c.item_id AND c.item_id <> 0 WHERE `+w+page+tail+")"+order, a.Values()...)
	for i := range rows {
		rows[i].named()
	}
	return db.Cut(rows, f.Page, func(w Waiting) db.Cursor { return db.Cursor{Key: strconv.FormatInt(w.due, 10), ID: w.CaseID} }), err
}

// findWaiting reads a case that waits, of organisations in scope.
func findWaiting(ctx context.Context, q db.Querier, scope authz.Scope, c id.ID) (Waiting, error) {
	a := &db.Args{}
	w, err := db.One(ctx, q, (*Waiting).dest, "SELECT "+waitingColumns+scope.Where(a, caseOrg)+" AND c.id = "+a.Add(c)+" AND "+waits, a.Values()...)
	w.named()
	return w, err
}

// Chosen gives one case of the board (PermDispatch); one that waits no longer is not found.
func (s *Service) Chosen(ctx context.Context, actor authz.Actor, c id.ID) (Waiting, error) {
	return findWaiting(ctx, s.db, actor.Scope(PermDispatch), c)
}

// Candidate is a technician who could be asked, with what speaks for it. Nothing is decided: the order is a proposal.
type Candidate struct {
	ID      id.ID
	Name    string
	Org     string
	Skilled bool // has the skill, or the case says not which is needed
	Covers  bool // goes to the community
	OnDuty  bool
	Open    int64
	Offered int64 // to them, of all cases
	Last    State // of a job for this very case: offered, declined …
	JobID   id.ID // that one
	Expired bool  // a certificate of theirs has ended
	Account bool  // can be told on their page
}

// Candidates are the technicians who could be asked for a case that waits, best first: who has the skill, goes there, is on duty, and has least to do. They are those
// of organisations in scope and those who go to its community (PermDispatch). It is one query.
func (s *Service) Candidates(ctx context.Context, actor authz.Actor, w Waiting, text string, most int) ([]Candidate, error) {
	return s.candidates(ctx, s.db, actor, w, text, most)
}

func (s *Service) candidates(ctx context.Context, q db.Querier, actor authz.Actor, w Waiting, text string, most int) ([]Candidate, error) {
	if !actor.Scope(PermDispatch).Covers(w.OrgID) {
		return nil, errs.ErrNotFound
	}
	a := &db.Args{}
	is := func(cond string) string { return "CASE WHEN " + cond + " THEN 1 ELSE 0 END" }
	skill := "1"
	if w.ItemID != 0 {
		skill = is("EXISTS (SELECT 1 FROM technician_skill s WHERE s.tenant_id = t.tenant_id AND s.technician_id = t.id AND (s.item_id = " + a.Add(w.ItemID) + " OR s.item_id = 0 AND s.class_code = " + a.Add(w.ClassKey) + "))")
	}
	covers := "EXISTS (SELECT 1 FROM technician_area r WHERE r.tenant_id = t.tenant_id AND r.technician_id = t.id AND " + db.In(a, "r.org_id", w.above()) + ")"
	day := a.Add(today(s.db.Now()))
	query := "SELECT t.id, t.name, " + reference.Label("o") + ", " + skill + " AS skilled, " + is(covers) + " AS covers, " + is(onDuty(a, s.db.Now())) + " AS duty, " + openJobs + " AS open_jobs, " + offeredJobs + `,
		coalesce(l.state, ''), coalesce(l.id, 0), ` + is("EXISTS (SELECT 1 FROM technician_certificate z WHERE z.tenant_id = t.tenant_id AND z.technician_id = t.id AND z.removed_at = 0 AND z.valid_until < "+day+")") +
		", " + is("t.account_id <> 0") + ` FROM technician t
		LEFT JOIN organisation o ON o.tenant_id = t.tenant_id AND o.id = t.org_id
		LEFT JOIN technician_job l ON l.tenant_id = t.tenant_id AND l.technician_id = t.id AND l.case_id = ` + a.Add(w.CaseID) + ` AND l.id = (SELECT max(y.id) FROM technician_job y WHERE y.tenant_id = t.tenant_id AND y.technician_id = t.id AND y.case_id = l.case_id)
		WHERE t.tenant_id = ` + a.Add(actor.Tenant) + " AND t.ended_on = '' AND (" + covers + " OR " + actor.Scope(PermDispatch).Where(a, belongs) + ")"
	if gram.Key(text) != "" {
		query += " AND t.search_key LIKE " + a.Add(gram.Query(text).Like()) + " ESCAPE '!'"
	}
	query += " ORDER BY skilled DESC, covers DESC, duty DESC, open_jobs, t.search_key, t.id LIMIT " + a.Add(int64(most))
	return db.All(ctx, q, func(c *Candidate) []any {
		return []any{&c.ID, &c.Name, &c.Org, flag{&c.Skilled}, flag{&c.Covers}, flag{&c.OnDuty}, &c.Open, &c.Offered, &c.Last, &c.JobID, flag{&c.Expired}, flag{&c.Account}}
	}, query, a.Values()...)
}

// flag reads 0 or 1.
type flag struct{ to *bool }

func (f flag) Scan(v any) error {
	n, ok := v.(int64)
	*f.to = n != 0
	if !ok {
		return strconv.ErrSyntax
	}
	return nil
}

// Going gives the jobs of a day, of cases that organisations in scope have, technician by technician (PermDispatch): what is open now, and what was finished or ended on
// the day. It is one query, of the latest most.
func (s *Service) Going(ctx context.Context, actor authz.Actor, day calendar.Date, most int) ([]Job, error) {
	a := &db.Args{}
	from, to := db.Micros(day.Time()), db.Micros(day.AddDays(1).Time())
	where := actor.Scope(PermDispatch).Where(a, caseOrg) + " AND (j.finished_at >= " + a.Add(from) + " AND j.finished_at < " + a.Add(to) + " OR j.taken_at >= " + a.Add(from) + " AND j.taken_at < " + a.Add(to)
	if day == today(s.db.Now()) {
		where += " OR j.state IN ('offered', 'taken', 'arrived')"
	}
	return jobs(ctx, s.db, a, where+") ORDER BY t.search_key, t.id, j.id LIMIT "+a.Add(int64(most)))
}

// DeskJob gives a job with its charges to who dispatches at the organisation that has the case (PermDispatch).
func (s *Service) DeskJob(ctx context.Context, actor authz.Actor, n id.ID) (Job, error) {
	j, err := deskJob(ctx, s.db, actor.Scope(PermDispatch), n)
	if err != nil {
		return j, err
	}
	j.Charges, err = charges(ctx, s.db, actor.Tenant, j.ID)
	return j, err
}

// OfCase gives the jobs of a case to staff who have found it, the newest first (PermDispatch or PermSee at the organisation that has it).
func (s *Service) OfCase(ctx context.Context, actor authz.Actor, c id.ID) ([]Job, error) {
	scope := actor.Scope(PermDispatch).Or(actor.Scope(PermSee))
	a := &db.Args{}
	return jobs(ctx, s.db, a, scope.Where(a, caseOrg)+" AND j.case_id = "+a.Add(c)+" ORDER BY j.id DESC LIMIT 50")
}

// offerable reads the case and the technician of an offer.
func (s *Service) offerable(ctx context.Context, tx *db.Tx, actor authz.Actor, c, technician id.ID) (Waiting, Technician, error) {
	w, err := findWaiting(ctx, tx, actor.Scope(PermDispatch), c)
	if errs.KindOf(err) == errs.NotFound {
		return w, Technician{}, s.whyNot(ctx, tx, actor.Scope(PermDispatch), c)
	} else if err != nil {
		return w, Technician{}, err
	}
	a := &db.Args{}
	columns := s.columns(a, tx.Now())
	where := "t.tenant_id = " + a.Add(actor.Tenant) + " AND t.id = " + a.Add(technician) + " AND t.ended_on = '' AND (" + actor.Scope(PermDispatch).Where(a, belongs) +
		" OR EXISTS (SELECT 1 FROM technician_area r WHERE r.tenant_id = t.tenant_id AND r.technician_id = t.id AND " + db.In(a, "r.org_id", w.above()) + "))"
	t, err := db.One(ctx, tx, (*Technician).dest, "SELECT "+columns+where, a.Values()...)
	return w, t, err
}

// whyNot says why a case that the actor names does not wait: somebody is at it, or it went another way. What they may not see is not found.
func (s *Service) whyNot(ctx context.Context, q db.Querier, scope authz.Scope, c id.ID) error {
	a := &db.Args{}
	list, err := jobs(ctx, q, a, scope.Where(a, caseOrg)+" AND c.id = "+a.Add(c)+" ORDER BY j.id DESC LIMIT 20")
	if err != nil {
		return err
	}
	for _, j := range list {
		if j.State.Active() {
			return errs.New(errs.Conflict, i18n.JobHasIt, j.Technician)
		}
	}
	a = &db.Args{}
	n, err := db.Value[int64](ctx, q, "SELECT count(*) FROM service_case c WHERE "+scope.Where(a, caseOrg)+" AND c.id = "+a.Add(c), a.Values()...)
	if err != nil || n == 0 {
		return orElse(err, errs.ErrNotFound)
	}
	return errs.New(errs.Conflict, i18n.JobNotWaiting)
}

func orElse(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// Offer asks a technician to do a case (PermDispatch at the organisation that has it). It accepts the case. Several may be asked; the first to take it has it.
func (s *Service) Offer(ctx context.Context, actor authz.Actor, c, technician id.ID) error {
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		w, t, err := s.offerable(ctx, tx, actor, c, technician)
		if err != nil {
			return err
		}
		j := Job{ID: id.New(), CaseID: w.CaseID, TechnicianID: t.ID, State: Offered, OfferedAt: tx.Now()}
		w.priced(&j)
		if err := insertJob(ctx, tx, actor.Tenant, j, w.ItemID, actor.AccountID); err != nil {
			return err
		}
		if err := s.tellOffer(ctx, tx, actor.Tenant, w, t, j.ID); err != nil {
			return err
		}
		return s.cases.JobTx(ctx, tx, actor, PermDispatch, w.CaseID, "offer", "", false)
	})
	if db.IsUnique(err) {
		return errs.New(errs.Conflict, i18n.JobOfferedTwice)
	}
	return err
}

// Withdraw takes back what was offered or taken, with a reason (PermDispatch). What was taken waits for somebody again.
func (s *Service) Withdraw(ctx context.Context, actor authz.Actor, n id.ID, why string) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		j, err := deskJob(ctx, tx, actor.Scope(PermDispatch), n)
		if err != nil {
			return err
		}
		was := j.State
		if was != Offered && !was.Active() {
			return errs.New(errs.Conflict, i18n.JobCannot, j.State.Text())
		}
		if e := errs.Words(nil, "words", &why, MaxWords, was.Active()); e != nil {
			return e
		}
		j.State, j.EndedAt = Withdrawn, tx.Now()
		if err := saveJob(ctx, tx, actor.Tenant, &j); err != nil {
			return err
		}
		if was.Active() {
			return s.cases.JobTx(ctx, tx, actor, PermDispatch, j.CaseID, "back", why, false)
		}
		return recordJob(ctx, tx, actor, PermDispatch, "withdraw", j, nil)
	})
}

// ClearTx takes back what was offered of a case that goes another way. Where a technician is at it, that is a Conflict.
func (s *Service) ClearTx(ctx context.Context, tx *db.Tx, tenant int64, c id.ID) error {
	name, err := db.Column[string](ctx, tx, `SELECT t.name FROM technician_job j JOIN technician t ON t.tenant_id = j.tenant_id AND t.id = j.technician_id
		WHERE j.tenant_id = $1 AND j.case_id = $2 AND j.state IN ('taken', 'arrived')`, tenant, c)
	if err != nil {
		return err
	}
	if len(name) > 0 {
		return errs.New(errs.Conflict, i18n.JobTakeBackFirst, name[0])
	}
	_, err = tx.Exec(ctx, `UPDATE technician_job SET state = 'withdrawn', ended_at = $1, version = version + 1 WHERE tenant_id = $2 AND case_id = $3 AND state = 'offered'`, db.Micros(tx.Now()), tenant, c)
	return err
}

// ConfirmedTx notes how the result of a case was confirmed, where the code did not.
func (s *Service) ConfirmedTx(ctx context.Context, tx *db.Tx, tenant int64, c id.ID, how string) error {
	_, err := tx.Exec(ctx, `UPDATE technician_job SET confirmed = $1, confirmed_at = $2, version = version + 1 WHERE tenant_id = $3 AND case_id = $4 AND state = 'finished' AND confirmed = ''
		AND nth = (SELECT c.reopened FROM service_case c WHERE c.tenant_id = technician_job.tenant_id AND c.id = technician_job.case_id)`,
		how, db.Micros(tx.Now()), tenant, c)
	return err
}

// priced is the price of an item as it stands, for what is offered or taken now.
func (w Waiting) priced(j *Job) {
	j.Price, j.Edition, j.Nth = w.Price, w.Edition, w.Reopened
	if j.Kind == "" {
		j.Kind = catalogue.Unpriced
	}
}
