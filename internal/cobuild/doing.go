package cobuild

import (
	"context"
	"slices"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// onTask runs fn on a task of an agreement in sight for one of its parties.
func (s *Service) onTask(ctx context.Context, actor authz.Actor, task id.ID, version int64, by id.ID, fn func(tx *db.Tx, g Agreement, p Party, t *Task) (step, error)) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		t, err := findTask(ctx, tx, actor.Tenant, task)
		if err != nil {
			return err
		}
		g, err := s.find(ctx, tx, actor, t.AgreementID)
		if err != nil {
			return err
		}
		p, err := as(actor, g, by, PermKeep)
		instead := false
		if err != nil {
			if instead, err = s.instead(ctx, tx, actor, g, by, err); err != nil {
				return err
			}
			p, _ = g.Party(by)
		}
		if version != 0 && version != t.Version {
			return errs.New(errs.Conflict, i18n.ErrConflict)
		}
		e, err := fn(tx, g, p, &t)
		if err != nil {
			return err
		}
		if err := saveTask(ctx, tx, actor, &t, e.act == ActConfirm || e.act == ActMissing); err != nil {
			return err
		}
		e.org, e.task = by, t.ID
		if !instead {
			return s.note(ctx, tx, actor, g, PermKeep, e)
		}
		if e.note == "" {
			return errs.Field("note", i18n.CobuildForNeed)
		}
		// The community's word for the unit is an act of its own, with how they know.
		e.org, e.words = g.CommunityID, p.Name+"："+e.words+"（"+e.note+"）"
		switch e.act {
		case ActConfirm:
			e.act = ActConFor
		case ActSaid, ActLink:
			e.act = ActSaidFor
		}
		return s.note(ctx, tx, actor, g, PermSign, e)
	})
}

// instead says that an actor speaks for a unit that signed on paper and of which nobody can: the community does (PermSign). Otherwise it gives the refusal.
func (s *Service) instead(ctx context.Context, q db.Querier, actor authz.Actor, g Agreement, unit id.ID, refusal error) (bool, error) {
	p, ok := g.Party(unit)
	if !ok || p.Side != OfUnit || !p.OnPaper || !acts(actor).Covers(g.CommunityID) || !actor.Held(PermSign).Covers(g.CommunityID) {
		return false, refusal
	}
	able, err := signs(ctx, q, actor.Tenant, unit, s.today())
	if err == nil && able {
		err = refusal
	}
	return err == nil, err
}

// of is how a task is quoted in the history.
func (t Task) of(words string) string { return t.Title + " " + t.DueOn.String() + "：" + words }

// Say says that a task is done, in words (the party that promised it). The other side confirms it.
func (s *Service) Say(ctx context.Context, actor authz.Actor, task id.ID, version int64, in Done) error {
	return s.onTask(ctx, actor, task, version, in.As, func(tx *db.Tx, g Agreement, p Party, t *Task) (step, error) {
		if err := t.does(p); err != nil {
			return step{}, err
		}
		if err := t.in(Open); err != nil {
			return step{}, err
		}
		if e := in.check(g, calendar.DateOf(tx.Now())); e != nil {
			return step{}, e
		}
		t.State, t.DoneOn, t.Words, t.Amount, t.SaidAt = Said, in.On, in.Words, in.Amount, tx.Now()
		return step{act: ActSaid, words: t.of(in.Words), note: in.Note}, nil
	})
}

// window is between which days something fulfils a task: after the day on which the item was due before, until today.
func (t Task) window(g Agreement, i Item, today calendar.Date) (from, to calendar.Date) {
	from = g.From
	for _, d := range Dues(i.DueOn, i.Often, g.From, g.To) {
		if d.Before(t.DueOn) {
			from = d.AddDays(1)
		}
	}
	return from, today
}

// units are the organisations with whom what fulfils a task took place: the unit that promised it, or for a promise of the community any unit of the agreement.
func (t Task) units(g Agreement) []id.ID {
	if t.OrgID != g.CommunityID {
		return []id.ID{t.OrgID}
	}
	var out []id.ID
	for _, p := range g.Parties {
		if p.Side == OfUnit {
			out = append(out, p.OrgID)
		}
	}
	return out
}

// fulfilling gives what could fulfil a task; kind and one narrow it to a record.
func fulfilling(ctx context.Context, q db.Querier, tenant int64, g Agreement, t Task, today calendar.Date, kind string, one id.ID) ([]Candidate, error) {
	i, err := findItem(ctx, q, tenant, g.ID, t.ItemID)
	if err != nil {
		return nil, err
	}
	from, to := t.window(g, i, today)
	return candidates(ctx, q, tenant, g.CommunityID, t.units(g), t.OrgID != g.CommunityID, t.ItemID, from, to, kind, one)
}

// Link fulfils a task by a record that was entered elsewhere (the party that promised it): one of Candidates. The day and, where the record tells it, the number are
// the record's; where it does not, amount is.
func (s *Service) Link(ctx context.Context, actor authz.Actor, task id.ID, version int64, by id.ID, kind string, source id.ID, amount int64) error {
	if amount < 0 || amount > maxAmount {
		return errs.Field("amount", i18n.ErrBadNumber)
	}
	if SourceText(kind).IsZero() || source == 0 {
		return errs.New(errs.Invalid, i18n.CobuildNoSource)
	}
	return s.onTask(ctx, actor, task, version, by, func(tx *db.Tx, g Agreement, p Party, t *Task) (step, error) {
		if err := t.does(p); err != nil {
			return step{}, err
		}
		if err := t.in(Open); err != nil {
			return step{}, err
		}
		list, err := fulfilling(ctx, tx, actor.Tenant, g, *t, calendar.DateOf(tx.Now()), kind, source)
		if err != nil {
			return step{}, err
		}
		if len(list) == 0 {
			return step{}, errs.New(errs.NotFound, i18n.CobuildNoSource)
		}
		c := list[0]
		if c.Counts(t.Measure) {
			amount = c.amount(t.Measure)
		} else if t.Measure == JustDone {
			amount = 0
		}
		t.State, t.DoneOn, t.Words, t.Amount, t.SourceKind, t.SourceID, t.SaidAt = Said, c.On, c.Title, amount, c.Kind, c.ID, tx.Now()
		what := SourceText(c.Kind).In(i18n.ZH) + " " + c.Title
		return step{act: ActLink, words: t.of(what), note: what}, nil // the record says how it is known
	})
}

// Unsay takes back what was said, before the other side confirms it.
func (s *Service) Unsay(ctx context.Context, actor authz.Actor, task id.ID, version int64, by id.ID) error {
	return s.onTask(ctx, actor, task, version, by, func(_ *db.Tx, _ Agreement, p Party, t *Task) (step, error) {
		if err := t.does(p); err != nil {
			return step{}, err
		}
		if err := t.in(Said); err != nil {
			return step{}, err
		}
		e := step{act: ActUnsay, words: t.of(t.Words), note: t.Words}
		t.unsay()
		return e, nil
	})
}

// Confirm says that a task is done, by the other side.
func (s *Service) Confirm(ctx context.Context, actor authz.Actor, task id.ID, version int64, by id.ID) error {
	return s.ConfirmFor(ctx, actor, task, version, by, "")
}

// ConfirmFor is Confirm by the community (PermSign) for a unit that signed on paper and of which nobody can; note says who of the unit said so, and when.
func (s *Service) ConfirmFor(ctx context.Context, actor authz.Actor, task id.ID, version int64, by id.ID, note string) error {
	if e := errs.Words(nil, "note", &note, MaxWords, false); e != nil {
		return e
	}
	return s.onTask(ctx, actor, task, version, by, func(tx *db.Tx, g Agreement, p Party, t *Task) (step, error) {
		if err := t.answers(g, p); err != nil {
			return step{}, err
		}
		if err := t.in(Said); err != nil {
			return step{}, err
		}
		if !slices.ContainsFunc(g.Parties, func(p Party) bool { return p.OnPaper }) && actor.AccountID != 0 {
			if said, err := db.Value[id.ID](ctx, tx, `SELECT t.said_by FROM cobuild_task t WHERE t.tenant_id = $1 AND t.id = $2`, actor.Tenant, t.ID); err != nil {
				return step{}, err
			} else if said == actor.AccountID { // with a right on both sides
				return step{}, errs.New(errs.Forbidden, i18n.CobuildOtherSide)
			}
		}
		t.State, t.Missing, t.AnsweredAt = Confirmed, "", tx.Now()
		return step{act: ActConfirm, words: t.of(t.Words), note: note}, nil
	})
}

// Lacks says what is missing, by the other side: the task is open again.
func (s *Service) Lacks(ctx context.Context, actor authz.Actor, task id.ID, version int64, by id.ID, missing string) error {
	if e := errs.Words(nil, "missing", &missing, MaxWords, true); e != nil {
		return e
	}
	return s.onTask(ctx, actor, task, version, by, func(tx *db.Tx, g Agreement, p Party, t *Task) (step, error) {
		if err := t.answers(g, p); err != nil {
			return step{}, err
		}
		if err := t.in(Said); err != nil {
			return step{}, err
		}
		t.unsay()
		t.Missing, t.AnsweredAt = missing, tx.Now()
		return step{act: ActMissing, words: t.of(missing), note: missing}, nil
	})
}

// TaskPage is a task with what could fulfil it.
type TaskPage struct {
	Task
	Agreement  Agreement
	Does       []id.ID // the parties for which the actor may say that it is done
	Answers    []id.ID // and confirm it
	Instead    Party   // the unit, signed on paper, for which the actor does either
	Candidates []Candidate
	Files      Files
}

// Task opens a task of an agreement in sight.
func (s *Service) Task(ctx context.Context, actor authz.Actor, task id.ID) (out TaskPage, err error) {
	return out, s.db.View(ctx, func(tx *db.Tx) error {
		if out.Task, err = findTask(ctx, tx, actor.Tenant, task); err != nil {
			return err
		}
		if out.Agreement, err = s.find(ctx, tx, actor, out.AgreementID); err != nil {
			return err
		}
		for _, p := range out.Agreement.Parties {
			mine := acts(actor).Covers(p.OrgID)
			if !mine && p.OnPaper { // a few units at most
				if mine, err = s.instead(ctx, tx, actor, out.Agreement, p.OrgID, errs.ErrForbidden); err != nil && errs.KindOf(err) != errs.Forbidden {
					return err
				}
				if mine && (out.OrgID == p.OrgID || out.OrgID == out.Agreement.CommunityID && len(out.Answers) == 0) {
					out.Instead = p
				}
			}
			switch {
			case !mine:
			case out.does(p) == nil:
				out.Does = append(out.Does, p.OrgID)
			case out.answers(out.Agreement, p) == nil:
				out.Answers = append(out.Answers, p.OrgID)
			}
		}
		if out.Files, err = s.filesOf(ctx, tx, actor.Tenant, task); err != nil {
			return err
		}
		if out.State == Open && len(out.Does) > 0 {
			out.Candidates, err = fulfilling(ctx, tx, actor.Tenant, out.Agreement, out.Task, calendar.DateOf(tx.Now()), "", 0)
		}
		return err
	})
}
