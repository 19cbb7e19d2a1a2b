package casework

import (
	"context"
	"fmt"
	"strings"
	"time"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// KindStep is a step that the cases of a kind take, in the order of the kind.
type KindStep struct {
	Name   string `json:"name"`
	NameEN string `json:"name_en,omitempty"`
	Who    string `json:"who,omitempty"`    // does it, in words
	Days   int64  `json:"days,omitempty"`   // working days since the case was taken on; 0 for no limit
	Hours  int64  `json:"hours,omitempty"`  // instead of days
	Needed bool   `json:"needed,omitempty"` // it is done before the case ends, or somebody says why not
}

// CaseStep is a step of a case, as its kind had it when the case was taken on.
type CaseStep struct {
	ID     id.ID
	Name   i18n.Text
	Who    string
	Needed bool
	DueAt  time.Time // zero for no limit, and while the clock of the case stands
	DoneAt time.Time
	By     string
	Note   string

	name, nameEN string
	note         []byte
	timing       Timing
	due          int64
}

// Late says whether the step is not done in its time.
func (t CaseStep) Late(now time.Time) bool {
	return t.DoneAt.IsZero() && !t.DueAt.IsZero() && now.After(t.DueAt)
}

// MaxSteps is how many steps a kind has.
const MaxSteps = 12

// checkSteps says under "steps" what is wrong with the steps of a kind.
func checkSteps(e *errs.Error, list []KindStep) *errs.Error {
	if len(list) > MaxSteps {
		e = e.With("steps", i18n.CaseKindManySteps, MaxSteps)
	}
	for i := range list {
		t := &list[i]
		wrong := errs.Words(errs.Words(errs.Words(nil, "n", &t.Name, 40, true), "e", &t.NameEN, 80, false), "w", &t.Who, 30, false)
		if wrong != nil || t.Days < 0 || t.Days > MaxDays || t.Hours < 0 || t.Hours > MaxHours || t.Days > 0 && t.Hours > 0 {
			e = e.With("steps", i18n.CaseKindBadStep, i+1)
		}
	}
	return e
}

// steps are those of a case.
func (s *Service) steps(ctx context.Context, q db.Querier, tenant int64, c id.ID) ([]CaseStep, error) {
	rows, err := db.All(ctx, q, func(t *CaseStep) []any {
		return []any{&t.ID, &t.name, &t.nameEN, &t.Who, &t.Needed, &t.timing.LimitDays, &t.timing.LimitHours, db.Instant(&t.timing.ClockAt), &t.due, db.Instant(&t.DueAt), db.Instant(&t.DoneAt), &t.By, &t.note, &t.timing.Petition}
	}, `SELECT t.id, t.name, t.name_en, t.who, t.needed, t.limit_days, t.limit_hours, t.from_at, t.due_at, t.due_at, t.done_at, coalesce(k.name, ''), t.note, c.petition FROM case_step t
		JOIN service_case c ON c.tenant_id = t.tenant_id AND c.id = t.case_id
		LEFT JOIN account k ON k.tenant_id = t.tenant_id AND k.id = t.done_by AND t.done_by <> 0
		WHERE t.tenant_id = $1 AND t.case_id = $2 ORDER BY t.rank LIMIT 50`, tenant, c)
	for i := range rows {
		t := &rows[i]
		t.Name = i18n.Both(t.name, t.nameEN)
		if err == nil {
			t.Note, err = s.ring.Open("case_step", "note", t.ID, t.note)
		}
	}
	return rows, err
}

// beginSteps gives a case that was just taken on the steps that its kind has now. Those of a petition are in days of the calendar, and the
// first of them counts from when it came in, the others from now.
func (s *Service) beginSteps(ctx context.Context, tx *db.Tx, c *Case) error {
	k, err := findKind(ctx, tx, c.tenant, c.KindCode)
	if err != nil || len(k.Steps) == 0 {
		return err
	}
	o, err := s.office(ctx, c.tenant)
	if err != nil {
		return err
	}
	return tx.InsertMany(ctx, "case_step", []string{"tenant_id", "id", "case_id", "rank", "name", "name_en", "who", "needed", "limit_days", "limit_hours", "from_at", "due_at"}, len(k.Steps), func(i int) []any {
		t := k.Steps[i]
		from := tx.Now()
		if c.Petition && c.Review == 0 && i == 0 {
			from = c.ReceivedAt // that it is taken on is told within 15 days of when it came in
		}
		due, _ := o.due(Timing{ClockAt: from, Petition: c.Petition, LimitDays: t.Days, LimitHours: t.Hours}, nil)
		return []any{c.tenant, id.New(), c.ID, int64(i), t.Name, t.NameEN, t.Who, t.Needed, t.Days, t.Hours, db.Micros(from), db.Micros(due)}
	})
}

// retimeSteps computes again when the steps that are not done are due, because the clock of their case stood.
func (s *Service) retimeSteps(ctx context.Context, tx *db.Tx, tenant int64, o office, c id.ID, stood []Pause) error {
	list, err := s.steps(ctx, tx, tenant, c)
	if err != nil {
		return err
	}
	a := &db.Args{}
	when, ids := "", []id.ID{}
	for _, t := range list {
		due, _ := o.due(t.timing, stood)
		if at := db.Micros(due); t.DoneAt.IsZero() && at != t.due {
			when += " WHEN " + a.Add(t.ID) + " THEN CAST(" + a.Add(at) + " AS BIGINT)"
			ids = append(ids, t.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	_, err = tx.Exec(ctx, "UPDATE case_step SET due_at = CASE id"+when+" ELSE due_at END WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "id", ids), a.Values()...)
	return err
}

// restartSteps gives the steps that are not done of a case that begins anew their time again.
func (s *Service) restartSteps(ctx context.Context, tx *db.Tx, o office, c *Case) error {
	if _, err := tx.Exec(ctx, "UPDATE case_step SET from_at = $1 WHERE tenant_id = $2 AND case_id = $3 AND done_at = 0", db.Micros(tx.Now()), c.tenant, c.ID); err != nil {
		return err
	}
	return s.retimeSteps(ctx, tx, c.tenant, o, c.ID, nil)
}

// StepDone notes that a step of a case is done, with words if there is something to say (PermWork).
func (s *Service) StepDone(ctx context.Context, actor authz.Actor, c, step id.ID, said string) error {
	return s.mark(ctx, actor, c, step, ActStep, said)
}

// StepUndone takes back that a step is done (PermWork). What was written at it stays in the history.
func (s *Service) StepUndone(ctx context.Context, actor authz.Actor, c, step id.ID) error {
	return s.mark(ctx, actor, c, step, ActUnstep, "")
}

func (s *Service) mark(ctx context.Context, actor authz.Actor, c, of id.ID, a Act, said string) error {
	if e := errs.Words(nil, "words", &said, MaxWords, false); e != nil {
		return e
	}
	return s.act(ctx, actor, PermWork, c, 0, a, func(tx *db.Tx, o office, c *Case) (step, error) {
		at, by, was := tx.Now(), actor.AccountID, " AND done_at = 0"
		if a == ActUnstep {
			at, by, was = time.Time{}, 0, " AND done_at <> 0"
		}
		n, err := tx.Exec(ctx, "UPDATE case_step SET done_at = $1, done_by = $2, note = $3 WHERE tenant_id = $4 AND id = $5 AND case_id = $6"+was,
			db.Micros(at), by, s.ring.Seal("case_step", "note", of, said), actor.Tenant, of, c.ID)
		if err != nil {
			return step{}, err
		}
		if n == 0 {
			return step{}, errs.New(errs.Conflict, i18n.CaseStepNoSuch)
		}
		name, err := db.Value[string](ctx, tx, "SELECT t.name FROM case_step t WHERE t.tenant_id = $1 AND t.id = $2", actor.Tenant, of)
		if said != "" {
			name += " · " + said
		}
		if err == nil && a == ActUnstep {
			var stood []Pause
			if stood, err = pauses(ctx, tx, actor.Tenant, c.ID); err == nil {
				err = s.retimeSteps(ctx, tx, actor.Tenant, o, c.ID, stood)
			}
		}
		return step{words: name}, err
	})
}

// left are the needed steps of a case that are not done, where its outcome asks for them: what nobody could do needs no steps.
func (s *Service) left(ctx context.Context, tx *db.Tx, c *Case, in Result) (string, error) {
	if !in.Outcome.Counted() {
		return "", nil
	}
	names, err := db.Column[string](ctx, tx, "SELECT t.name FROM case_step t WHERE t.tenant_id = $1 AND t.case_id = $2 AND t.needed = TRUE AND t.done_at = 0 ORDER BY t.rank LIMIT 50", c.tenant, c.ID)
	return strings.Join(names, i18n.ActivityOptionMark.In(i18n.ZH)), err
}

// sayLeft keeps at a case why needed steps were left out; without a reason it refuses that.
func (s *Service) sayLeft(ctx context.Context, tx *db.Tx, account id.ID, c *Case, in Result) error {
	names, err := s.left(ctx, tx, c, in)
	if err != nil || names == "" {
		return err
	}
	if in.StepsWhy == "" {
		return errs.Field("steps_why", i18n.CaseStepsOpen, names)
	}
	_, err = s.insertEntry(ctx, tx, c.tenant, c.ID, c.State, step{act: ActUnstep, words: i18n.CaseStepsLeft.In(i18n.ZH, names, in.StepsWhy), account: account})
	return err
}

// Line is the step as it is written in the form of a kind.
func (t KindStep) Line() string {
	out := t.Name
	if t.NameEN != "" {
		out += " / " + t.NameEN
	}
	out += " | " + t.Who
	switch {
	case t.Hours > 0:
		out += fmt.Sprintf(" | %dh", t.Hours)
	case t.Days > 0:
		out += fmt.Sprintf(" | %dd", t.Days)
	}
	if t.Needed {
		out += " | needed"
	}
	return out
}
