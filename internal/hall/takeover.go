package hall

import (
	"context"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/waiting"
)

// Reason is why somebody of the office runs a case for a person.
type Reason string

// The reasons.
const (
	Elderly  Reason = "elderly"
	Impaired Reason = "disabled"
	Ill      Reason = "ill"
	Away     Reason = "away"
	Other    Reason = "other"
)

// Reasons lists the reasons.
func Reasons() []Reason { return []Reason{Elderly, Impaired, Ill, Away, Other} }

// Text says the reason.
func (r Reason) Text() i18n.Text {
	return map[Reason]i18n.Text{Elderly: i18n.TakeOverElderly, Impaired: i18n.TakeOverImpaired, Ill: i18n.TakeOverIll, Away: i18n.TakeOverAway, Other: i18n.TakeOverOther}[r]
}

// Consent is how the person agreed.
type Consent string

// The ways.
const (
	InPerson  Consent = "in_person"
	OnPhone   Consent = "phone"
	InWriting Consent = "written"
	Family    Consent = "family" // somebody of the family, who says so for them
)

// Consents lists the ways.
func Consents() []Consent { return []Consent{InPerson, OnPhone, InWriting, Family} }

// Text says the way.
func (c Consent) Text() i18n.Text {
	return map[Consent]i18n.Text{InPerson: i18n.TakeOverInPerson, OnPhone: i18n.TakeOverOnPhone, InWriting: i18n.TakeOverInWriting, Family: i18n.TakeOverFamily}[c]
}

// Agreed is what is noted when a case is taken over.
type Agreed struct {
	Reason  Reason
	Consent Consent
	On      calendar.Date
}

func (n Agreed) check(now calendar.Date) error {
	var e *errs.Error
	if n.Reason.Text().IsZero() {
		e = e.With("reason", i18n.ErrBadChoice)
	}
	if n.Consent.Text().IsZero() {
		e = e.With("consent", i18n.TakeOverNoConsent)
	}
	switch {
	case n.On.IsZero():
		e = e.With("on", i18n.ErrRequired)
	case n.On.After(now) || n.On.Before(now.AddDays(-366)):
		e = e.With("on", i18n.TakeOverBadDay)
	}
	return e.OrNil()
}

// TakenOver is a case that is run for somebody.
type TakenOver struct {
	CaseID    id.ID
	No        string
	Title     string
	State     casework.State
	DueAt     time.Time
	Community string
	AccountID id.ID
	Account   string
	Agreed
	TakenAt time.Time
	EndedAt time.Time // the person took their consent back; zero while it holds
	Held    int64     // papers that were not given back
	Papers  []Paper   // of Of alone

	version int64
	order   int64
	reason  []byte // sealed
}

// Paper is a paper that was taken in.
type Paper struct {
	ID         id.ID
	Name       string
	Copies     int64
	ReceivedAt time.Time
	ReceivedBy string
	ReturnedAt time.Time // zero where it is here still
	ReturnedBy string

	name []byte // sealed
}

// MaxPapers is how many papers one case has.
const (
	MaxPapers = 40
	MaxCopies = 99
)

var ofCase = authz.Columns{Tenant: "c.tenant_id", Orgs: []string{"c.org_id", "c.community_id"}}

// takenOrder puts what is open and due first in front; what is over, or whose clock stands, comes behind it.
const takenOrder = "CASE WHEN c.due_at <> 0 AND " + openCase + " THEN c.due_at ELSE 4000000000000000 END"

const takenColumns = `v.case_id, c.no, c.title, c.state, c.due_at, coalesce(m.name, ''), v.account_id, coalesce(k.name, ''), v.reason, v.consent, v.consent_on, v.taken_at, v.ended_at, v.version,
	(SELECT count(*) FROM case_paper p WHERE p.tenant_id = v.tenant_id AND p.case_id = v.case_id AND p.returned_at = 0), ` + takenOrder + `
	FROM case_takeover v
	JOIN service_case c ON c.tenant_id = v.tenant_id AND c.id = v.case_id
	LEFT JOIN organisation m ON m.tenant_id = c.tenant_id AND m.id = c.community_id
	LEFT JOIN account k ON k.tenant_id = v.tenant_id AND k.id = v.account_id
	WHERE `

func (t *TakenOver) dest() []any {
	return []any{&t.CaseID, &t.No, &t.Title, &t.State, db.Instant(&t.DueAt), &t.Community, &t.AccountID, &t.Account, &t.reason, &t.Consent, &t.On, db.Instant(&t.TakenAt), db.Instant(&t.EndedAt), &t.version, &t.Held, &t.order}
}

// runs says no where the actor may not run the case: it lies in their scope (PermTakeOver), and they see it.
func (s *Service) runs(ctx context.Context, actor authz.Actor, c id.ID) error {
	a := &db.Args{}
	n, err := db.Value[int64](ctx, s.db, "SELECT count(*) FROM service_case c WHERE "+actor.Scope(PermTakeOver).Where(a, ofCase)+" AND c.id = "+a.Add(c), a.Values()...)
	if err != nil {
		return err
	}
	sees, err := s.cases.Sees(ctx, actor, c)
	if err == nil && (n == 0 || !sees) {
		err = errs.ErrNotFound
	}
	return err
}

// Takes says whether the actor may run a case for somebody.
func (s *Service) Takes(ctx context.Context, actor authz.Actor, c id.ID) (bool, error) {
	if !actor.Can(PermTakeOver) {
		return false, nil
	}
	err := s.runs(ctx, actor, c)
	if errs.KindOf(err) == errs.NotFound {
		return false, nil
	}
	return err == nil, err
}

func (s *Service) takenOver(ctx context.Context, q db.Querier, tenant int64, c id.ID) (TakenOver, error) {
	t, err := db.One(ctx, q, (*TakenOver).dest, "SELECT "+takenColumns+"v.tenant_id = $1 AND v.case_id = $2", tenant, c)
	if err == nil {
		err = s.unseal(&t)
	}
	return t, err
}

// unseal opens why somebody cannot come.
func (s *Service) unseal(t *TakenOver) error {
	plain, err := s.ring.Open("case_takeover", "reason", t.CaseID, t.reason)
	t.Reason = Reason(plain)
	return err
}

// TakeOver notes that the actor runs a case for somebody who cannot come, and how they agreed (PermTakeOver at the case). Whoever ran it before hands it on by
// this. It stands in the history that the person reads.
func (s *Service) TakeOver(ctx context.Context, actor authz.Actor, c id.ID, n Agreed) error {
	if err := n.check(today(s.db.Now())); err != nil {
		return err
	}
	if err := s.runs(ctx, actor, c); err != nil {
		return err
	}
	reason := s.ring.Seal("case_takeover", "reason", c, string(n.Reason))
	said := i18n.TakeOverSaid
	if n.Consent == Family {
		said = i18n.TakeOverSaidBy
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		was, err := s.takenOver(ctx, tx, actor.Tenant, c)
		switch {
		case errs.KindOf(err) == errs.NotFound:
			_, err = tx.Exec(ctx, `INSERT INTO case_takeover (tenant_id, case_id, account_id, reason, consent, consent_on, taken_at) VALUES ($1,$2,$3,$4,$5,$6,$7)`,
				actor.Tenant, c, actor.AccountID, reason, n.Consent, n.On, db.Micros(tx.Now()))
		case err == nil && was.AccountID == actor.AccountID && was.EndedAt.IsZero():
			return errs.New(errs.Conflict, i18n.TakeOverYours)
		case err == nil:
			err = tx.Update(ctx, `UPDATE case_takeover SET account_id = $1, reason = $2, consent = $3, consent_on = $4, taken_at = $5, ended_at = 0, ended_by = 0, version = version + 1 WHERE tenant_id = $6 AND case_id = $7 AND version = $8`,
				actor.AccountID, reason, n.Consent, n.On, db.Micros(tx.Now()), actor.Tenant, c, was.version)
		}
		if err != nil {
			return err
		}
		if err := s.cases.NoteTx(ctx, tx, actor, PermTakeOver, c, said.In(i18n.ZH, actor.Name, n.Consent.Text(), n.On.String()), true); err != nil {
			return err
		}
		return recordCase(ctx, tx, actor, "takeover", c, map[string]any{"consent": n.Consent, "on": n.On.String()})
	})
}

// EndRun notes that the person took back that their case is run for them, and how they said so (PermTakeOver at the case). Papers stay to be given back.
func (s *Service) EndRun(ctx context.Context, actor authz.Actor, c id.ID, how Consent) error {
	if how.Text().IsZero() {
		return errs.Field("how", i18n.ErrBadChoice)
	}
	if err := s.runs(ctx, actor, c); err != nil {
		return err
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error { return s.endTx(ctx, tx, actor, c, i18n.TakeOverSaidEnd.In(i18n.ZH, how.Text())) })
}

// EndRunBy is EndRun by the person, who opens their case with the code or through their account; by names them in the record of acts.
func (s *Service) EndRunBy(ctx context.Context, k casework.Key, by, requestID string) error {
	tenant, f, err := s.cases.ToReporter(ctx, k)
	if err != nil {
		return err
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		return s.endTx(ctx, tx, authz.Actor{Tenant: tenant, Name: by, RequestID: requestID}, f.ID, i18n.TakeOverSaidEndOwn.In(i18n.ZH))
	})
}

// endTx ends what is run for somebody; a Conflict where nothing is. A case that is over is not run any more.
func (s *Service) endTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c id.ID, said string) error {
	n, err := tx.Exec(ctx, `UPDATE case_takeover SET ended_at = $1, ended_by = $2, version = version + 1 WHERE tenant_id = $3 AND case_id = $4 AND ended_at = 0`, db.Micros(tx.Now()), actor.AccountID, actor.Tenant, c)
	if err == nil && n == 0 {
		err = errs.New(errs.Conflict, i18n.TakeOverNotRun)
	}
	if err != nil {
		return err
	}
	// Where the case was merged into another or is closed it takes no note any more; the consent is taken back all the same.
	if err := s.cases.NoteTx(ctx, tx, actor, PermTakeOver, c, said, true); err != nil && errs.KindOf(err) != errs.Conflict {
		return err
	}
	return recordCase(ctx, tx, actor, "takeover_end", c, nil)
}

// RunFor says who runs a case for the person, to themselves: the caller has shown that it is theirs. NotFound where nobody does.
func (s *Service) RunFor(ctx context.Context, tenant int64, c id.ID) (TakenOver, error) {
	t, err := s.takenOver(ctx, s.db, tenant, c)
	if err == nil && !t.EndedAt.IsZero() {
		err = errs.ErrNotFound
	}
	return t, err
}

func recordCase(ctx context.Context, tx *db.Tx, actor authz.Actor, act string, c id.ID, detail map[string]any) error {
	return audit.Record(ctx, tx, actor, audit.Entry{Action: "hall." + act, Permission: PermTakeOver, SubjectKind: "service_case", SubjectID: c, Detail: detail})
}

// Of gives how a case is run for somebody, with its papers (PermTakeOver at the case); NotFound where it is not.
func (s *Service) Of(ctx context.Context, actor authz.Actor, c id.ID) (TakenOver, error) {
	if err := s.runs(ctx, actor, c); err != nil {
		return TakenOver{}, err
	}
	t, err := s.takenOver(ctx, s.db, actor.Tenant, c)
	if err != nil {
		return t, err
	}
	t.Papers, err = db.All(ctx, s.db, func(p *Paper) []any {
		return []any{&p.ID, &p.name, &p.Copies, db.Instant(&p.ReceivedAt), &p.ReceivedBy, db.Instant(&p.ReturnedAt), &p.ReturnedBy}
	}, `SELECT p.id, p.name, p.copies, p.received_at, coalesce(k.name, ''), p.returned_at, coalesce(r.name, '') FROM case_paper p
		LEFT JOIN account k ON k.tenant_id = p.tenant_id AND k.id = p.received_by
		LEFT JOIN account r ON r.tenant_id = p.tenant_id AND r.id = p.returned_by AND p.returned_by <> 0
		WHERE p.tenant_id = $1 AND p.case_id = $2 ORDER BY p.id LIMIT $3`, actor.Tenant, c, int64(MaxPapers))
	for i := range t.Papers {
		if err == nil {
			t.Papers[i].Name, err = s.ring.Open("case_paper", "name", t.Papers[i].ID, t.Papers[i].name)
		}
	}
	return t, err
}

// TakePaper notes a paper that was taken in for a case that is run for somebody (PermTakeOver at the case). It names the paper, not what stands in it.
func (s *Service) TakePaper(ctx context.Context, actor authz.Actor, c id.ID, name string, copies int64) error {
	name = casework.Mask(trimmed(name)) // numbers of identity cards are not kept here
	e := errs.Words(nil, "name", &name, MaxName, true)
	if copies < 1 || copies > MaxCopies {
		e = e.With("copies", i18n.TakeOverCopies, MaxCopies)
	}
	if e != nil {
		return e
	}
	if err := s.runs(ctx, actor, c); err != nil {
		return err
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		run, err := s.takenOver(ctx, tx, actor.Tenant, c)
		if err == nil && !run.EndedAt.IsZero() { // no paper is taken in without consent
			err = errs.New(errs.Conflict, i18n.TakeOverNotRun)
		}
		if err != nil {
			return err
		}
		n, err := db.Value[int64](ctx, tx, `SELECT count(*) FROM case_paper p WHERE p.tenant_id = $1 AND p.case_id = $2`, actor.Tenant, c)
		if err != nil {
			return err
		}
		if n >= MaxPapers {
			return errs.Field("name", i18n.TakeOverMany, MaxPapers)
		}
		p := id.New()
		if _, err := tx.Exec(ctx, `INSERT INTO case_paper (tenant_id, id, case_id, name, copies, received_at, received_by) VALUES ($1,$2,$3,$4,$5,$6,$7)`, actor.Tenant, p, c, s.ring.Seal("case_paper", "name", p, name), copies,
			db.Micros(tx.Now()), actor.AccountID); err != nil {
			return err
		}
		return recordCase(ctx, tx, actor, "paper", c, map[string]any{"paper": p.String(), "copies": copies})
	})
}

// GiveBack notes that a paper was given back (PermTakeOver at the case).
func (s *Service) GiveBack(ctx context.Context, actor authz.Actor, c, paper id.ID) error {
	if err := s.runs(ctx, actor, c); err != nil {
		return err
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE case_paper SET returned_at = $1, returned_by = $2 WHERE tenant_id = $3 AND case_id = $4 AND id = $5 AND returned_at = 0`, db.Micros(tx.Now()), actor.AccountID, actor.Tenant, c, paper)
		if err == nil && n == 0 {
			err = errs.ErrNotFound
		}
		if err != nil {
			return err
		}
		return recordCase(ctx, tx, actor, "giveback", c, map[string]any{"paper": paper.String()})
	})
}

// What the list of what is run for somebody shows.
const (
	ShowOpen   = "open"
	ShowPapers = "papers" // papers are here still, though the case is over or not run any more
)

// Shows lists them.
func Shows() []string { return []string{ShowOpen, ShowPapers} }

// TakenFilter narrows the list.
type TakenFilter struct {
	Show string // one of Shows; all where empty
	Mine bool   // the actor's own alone
	Page db.Page
}

const (
	stillRun = "v.ended_at = 0"
	openCase = "c.state IN ('received', 'accepted', 'dispatched', 'working')"
	papersIn = "(c.state NOT IN ('received', 'accepted', 'dispatched', 'working') OR v.ended_at <> 0) AND EXISTS (SELECT 1 FROM case_paper p WHERE p.tenant_id = v.tenant_id AND p.case_id = v.case_id AND p.returned_at = 0)"
)

// Taken lists what is run for somebody, what is due first in front (PermTakeOver): all in scope but what is confidential or about an
// organisation, or the actor's own.
func (s *Service) Taken(ctx context.Context, actor authz.Actor, f TakenFilter) (db.List[TakenOver], error) {
	a := &db.Args{}
	query := "SELECT " + takenColumns + actor.Scope(PermTakeOver).Where(a, ofCase)
	if f.Mine {
		query += " AND v.account_id = " + a.Add(actor.AccountID)
	} else {
		query += " AND (c.confidential = FALSE AND c.about_id = 0 OR v.account_id = " + a.Add(actor.AccountID) + ")"
	}
	switch f.Show {
	case ShowOpen:
		query += " AND " + stillRun + " AND " + openCase
	case ShowPapers:
		query += " AND " + papersIn
	}
	page, tail := a.Keyset(f.Page, db.Order{Column: takenOrder, IDColumn: "v.case_id", Integer: true})
	rows, err := db.All(ctx, s.db, (*TakenOver).dest, query+page+tail, a.Values()...)
	for i := range rows {
		if err == nil {
			err = s.unseal(&rows[i])
		}
	}
	return db.Cut(rows, f.Page, func(t TakenOver) db.Cursor { return db.Cursor{Key: decimal(t.order), ID: t.CaseID} }), err
}

// The kinds of what waits.
const (
	WaitDue    = "hall.due"    // run by the actor, and its limit is near or past
	WaitPapers = "hall.papers" // papers are here still, though the case is over
)

// soon is how long before its limit a case is brought to mind.
const soon = 24 * time.Hour

// Waiting says what waits for the actor of what they run for somebody.
func (s *Service) Waiting(ctx context.Context, actor authz.Actor) ([]waiting.Item, error) {
	scope := actor.Scope(PermTakeOver)
	if actor.AccountID == 0 || scope.Empty() {
		return nil, nil
	}
	var out []waiting.Item
	for _, k := range []struct {
		kind, since string
		cond        func(*db.Args) string
	}{
		{WaitDue, "c.due_at", func(a *db.Args) string {
			return stillRun + " AND " + openCase + " AND c.due_at <> 0 AND c.due_at < " + a.Add(db.Micros(s.db.Now().Add(soon)))
		}},
		{WaitPapers, "v.taken_at", func(*db.Args) string { return papersIn }},
	} {
		a := &db.Args{}
		it, err := db.One(ctx, s.db, func(i *waiting.Item) []any { return []any{&i.Count, &i.Subject, db.Instant(&i.Since)} },
			"SELECT count(*), coalesce(min(v.case_id), 0), coalesce(min("+k.since+"), 0) FROM case_takeover v JOIN service_case c ON c.tenant_id = v.tenant_id AND c.id = v.case_id WHERE "+scope.Where(a, ofCase)+
				" AND v.account_id = "+a.Add(actor.AccountID)+" AND "+k.cond(a), a.Values()...)
		if err != nil {
			return nil, err
		}
		if it.Kind = k.kind; it.Count > 0 {
			out = append(out, it)
		}
	}
	return out, nil
}
