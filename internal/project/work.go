package project

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
)

// waits says that a change of what an organisation does or pays waits for its yes: it agreed, and is not who changes it.
func (p *Project) waits(by, org id.ID) bool { return org != by && p.bound(org) }

// ask keeps a change that waits for a partner. One that waits for the same step or line gives way.
func ask(ctx context.Context, tx *db.Tx, actor authz.Actor, p *Project, g Change) (step, error) {
	if g.SubjectID != 0 {
		if _, err := tx.Exec(ctx, `UPDATE project_change SET state = 'dropped', version = version + 1 WHERE tenant_id = $1 AND project_id = $2 AND what = $3 AND subject_id = $4 AND state = 'asked'`, actor.Tenant, p.ID, g.What, g.SubjectID); err != nil {
			return step{}, err
		}
	}
	g.ID = id.New()
	return step{act: ActAsk, words: g.Title}, insertChange(ctx, tx, actor, p.ID, g)
}

// AddStep adds a step: at once, or by a change that waits for the partner that is to do it (waits).
func (s *Service) AddStep(ctx context.Context, actor authz.Actor, project id.ID, version int64, by id.ID, n NewStep) (waits bool, err error) {
	return waits, s.lead(ctx, actor, project, version, by, func(tx *db.Tx, p *Project) (step, error) {
		if e := n.check(p); e != nil {
			return step{}, e
		}
		all, err := steps(ctx, tx, actor.Tenant, p.ID)
		if err != nil {
			return step{}, err
		}
		if len(all) >= MaxSteps {
			return step{}, errs.Field("title", i18n.ProjectManySteps, MaxSteps)
		}
		if waits = p.waits(by, n.OrgID); waits {
			return ask(ctx, tx, actor, p, Change{OrgID: n.OrgID, What: OfStep, Title: n.Title, DueOn: n.DueOn})
		}
		p.Edition++
		return step{act: ActStep, words: n.Title + " " + n.DueOn.String()}, insertSteps(ctx, tx, actor.Tenant, p.ID, []NewStep{n})
	})
}

// ChangeStep changes a step that is open. Who is responsible stays once they agreed: it is dropped and added for somebody else.
func (s *Service) ChangeStep(ctx context.Context, actor authz.Actor, project id.ID, version int64, by, which id.ID, n NewStep) (waits bool, err error) {
	return waits, s.lead(ctx, actor, project, version, by, func(tx *db.Tx, p *Project) (step, error) {
		t, err := findStep(ctx, tx, actor.Tenant, p.ID, which)
		if err != nil {
			return step{}, err
		}
		if e := n.check(p); e != nil {
			return step{}, e
		}
		if t.State != StepOpen {
			return step{}, errs.New(errs.Conflict, i18n.ProjectStepIs, t.State.Text())
		}
		if n.OrgID != t.OrgID && (p.bound(t.OrgID) || p.bound(n.OrgID)) && p.State != Draft {
			return step{}, errs.Field("org", i18n.ProjectWhoStays)
		}
		if waits = p.waits(by, t.OrgID); waits {
			return ask(ctx, tx, actor, p, Change{OrgID: t.OrgID, What: OfStep, SubjectID: t.ID, Title: n.Title, DueOn: n.DueOn})
		}
		before := t.Title + " " + t.DueOn.String()
		t.OrgID, t.Title, t.DueOn = n.OrgID, n.Title, n.DueOn
		p.Edition++
		return step{act: ActChange, words: before + " → " + t.Title + " " + t.DueOn.String()}, saveStep(ctx, tx, actor, &t, false)
	})
}

// DropStep takes a step out that is open.
func (s *Service) DropStep(ctx context.Context, actor authz.Actor, project id.ID, version int64, by, which id.ID) (waits bool, err error) {
	return waits, s.lead(ctx, actor, project, version, by, func(tx *db.Tx, p *Project) (step, error) {
		t, err := findStep(ctx, tx, actor.Tenant, p.ID, which)
		if err != nil {
			return step{}, err
		}
		if t.State != StepOpen {
			return step{}, errs.New(errs.Conflict, i18n.ProjectStepIs, t.State.Text())
		}
		if waits = p.waits(by, t.OrgID); waits {
			return ask(ctx, tx, actor, p, Change{OrgID: t.OrgID, What: OfStep, SubjectID: t.ID, Drops: true, Title: t.Title, DueOn: t.DueOn})
		}
		t.State = StepDropped
		p.Edition++
		return step{act: ActDrop, words: t.Title}, saveStep(ctx, tx, actor, &t, false)
	})
}

// onStep runs fn on a step of a running project for who is responsible for it.
func (s *Service) onStep(ctx context.Context, actor authz.Actor, project, which id.ID, version int64, said *string, fn func(tx *db.Tx, p *Project, t *Step) (step, error)) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		p, err := find(ctx, tx, actor, project)
		if err != nil {
			return err
		}
		t, err := findStep(ctx, tx, actor.Tenant, p.ID, which)
		if err != nil {
			return err
		}
		instead, err := speaks(ctx, tx, actor, &p, t.OrgID, said, calendar.DateOf(tx.Now()))
		if err != nil {
			return err
		}
		if err := p.in(Running); err != nil {
			return err
		}
		if x, ok := p.Partner(t.OrgID); ok && x.State != Agreed {
			return errs.New(errs.Conflict, i18n.ProjectFirstAgree, x.Name)
		}
		if version != 0 && version != t.Version {
			return errs.New(errs.Conflict, i18n.ErrConflict)
		}
		e, err := fn(tx, &p, &t)
		if err != nil {
			return err
		}
		if err := saveStep(ctx, tx, actor, &t, t.State == StepDone); err != nil {
			return err
		}
		if e.org = t.OrgID; instead {
			e = e.instead(&p, t.Who, *said)
		}
		return note(ctx, tx, actor, &p, e)
	})
}

// Do says in words that a step is done (who is responsible for it). A picture is never asked for.
func (s *Service) Do(ctx context.Context, actor authz.Actor, project, which id.ID, version int64, in Done) error {
	return s.onStep(ctx, actor, project, which, version, &in.Note, func(tx *db.Tx, p *Project, t *Step) (step, error) {
		if t.State != StepOpen {
			return step{}, errs.New(errs.Conflict, i18n.ProjectStepIs, t.State.Text())
		}
		if e := in.check(p, calendar.DateOf(tx.Now())); e != nil {
			return step{}, e
		}
		t.State, t.DoneOn, t.Words = StepDone, in.On, in.Words
		return step{act: ActDone, words: t.Title + "：" + in.Words}, nil
	})
}

// DoBy does a step by a record that was entered elsewhere: one of Candidates.
func (s *Service) DoBy(ctx context.Context, actor authz.Actor, project, which id.ID, version int64, kind string, source id.ID, said string) error {
	if SourceText(kind).IsZero() || source == 0 {
		return errs.New(errs.Invalid, i18n.CobuildNoSource)
	}
	return s.onStep(ctx, actor, project, which, version, &said, func(tx *db.Tx, p *Project, t *Step) (step, error) {
		if t.State != StepOpen {
			return step{}, errs.New(errs.Conflict, i18n.ProjectStepIs, t.State.Text())
		}
		list, err := candidates(ctx, tx, actor.Tenant, p, t.OrgID, calendar.DateOf(tx.Now()), kind, source)
		if err != nil {
			return step{}, err
		}
		if len(list) == 0 {
			return step{}, errs.New(errs.NotFound, i18n.CobuildNoSource)
		}
		c := list[0]
		t.State, t.DoneOn, t.Words, t.SourceKind, t.SourceID = StepDone, c.On, c.Title, c.Kind, c.ID
		return step{act: ActLink, words: t.Title + "：" + SourceText(c.Kind).In(i18n.ZH) + " " + c.Title}, nil
	})
}

// Undo says that a step is not done after all.
func (s *Service) Undo(ctx context.Context, actor authz.Actor, project, which id.ID, version int64, said string) error {
	return s.onStep(ctx, actor, project, which, version, &said, func(_ *db.Tx, _ *Project, t *Step) (step, error) {
		if t.State != StepDone {
			return step{}, errs.New(errs.Conflict, i18n.ProjectStepIs, t.State.Text())
		}
		e := step{act: ActUndo, words: t.Title + "：" + t.Words}
		t.State, t.DoneOn, t.Words, t.SourceKind, t.SourceID = StepOpen, calendar.Date{}, "", "", 0
		return e, nil
	})
}

// Candidates are the records by which a step in sight may be done.
func (s *Service) Candidates(ctx context.Context, actor authz.Actor, project, which id.ID) (out []Candidate, err error) {
	return out, s.db.View(ctx, func(tx *db.Tx) error {
		p, err := find(ctx, tx, actor, project)
		if err != nil {
			return err
		}
		t, err := findStep(ctx, tx, actor.Tenant, p.ID, which)
		if err != nil || t.State != StepOpen || p.State != Running {
			return err
		}
		out, err = candidates(ctx, tx, actor.Tenant, &p, t.OrgID, calendar.DateOf(tx.Now()), "", 0)
		return err
	})
}

// AddLine adds a line of the budget: at once, or by a change that waits for the partner that is to pay.
func (s *Service) AddLine(ctx context.Context, actor authz.Actor, project id.ID, version int64, by id.ID, n NewLine) (waits bool, err error) {
	return waits, s.lead(ctx, actor, project, version, by, func(tx *db.Tx, p *Project) (step, error) {
		if e := n.check(p); e != nil {
			return step{}, e
		}
		all, err := lines(ctx, tx, actor.Tenant, p.ID)
		if err != nil {
			return step{}, err
		}
		if len(all) >= MaxLines {
			return step{}, errs.Field("title", i18n.ProjectManyLines, MaxLines)
		}
		if waits = p.waits(by, n.OrgID); waits {
			return ask(ctx, tx, actor, p, Change{OrgID: n.OrgID, What: OfLine, Title: n.Title, Source: n.Source, Amount: n.Amount})
		}
		p.Edition++
		return step{act: ActLine, words: n.Title + " " + i18n.Yuan(n.Amount)}, insertLines(ctx, tx, actor.Tenant, p.ID, []NewLine{n})
	})
}

// ChangeLine changes a line; below what was spent of it it cannot go.
func (s *Service) ChangeLine(ctx context.Context, actor authz.Actor, project id.ID, version int64, by, which id.ID, n NewLine) (waits bool, err error) {
	return waits, s.lead(ctx, actor, project, version, by, func(tx *db.Tx, p *Project) (step, error) {
		l, err := findLine(ctx, tx, actor.Tenant, p.ID, which)
		if err != nil {
			return step{}, err
		}
		if e := n.check(p); e != nil {
			return step{}, e
		}
		if n.OrgID != l.OrgID && (l.Spent != 0 || p.State != Draft && (p.bound(l.OrgID) || p.bound(n.OrgID))) {
			return step{}, errs.Field("org", i18n.ProjectWhoStays)
		}
		if n.Amount < l.Spent {
			return step{}, errs.Field("amount", i18n.ProjectBelowSpent, i18n.Yuan(l.Spent))
		}
		if waits = p.waits(by, l.OrgID); waits {
			return ask(ctx, tx, actor, p, Change{OrgID: l.OrgID, What: OfLine, SubjectID: l.ID, Title: n.Title, Source: n.Source, Amount: n.Amount})
		}
		before := l.Title + " " + i18n.Yuan(l.Amount)
		l.OrgID, l.Source, l.Title, l.Amount = n.OrgID, n.Source, n.Title, n.Amount
		p.Edition++
		return step{act: ActReline, words: before + " → " + l.Title + " " + i18n.Yuan(l.Amount)}, saveLine(ctx, tx, actor.Tenant, &l)
	})
}

// DropLine takes a line out of which nothing was spent.
func (s *Service) DropLine(ctx context.Context, actor authz.Actor, project id.ID, version int64, by, which id.ID) (waits bool, err error) {
	return waits, s.lead(ctx, actor, project, version, by, func(tx *db.Tx, p *Project) (step, error) {
		l, err := findLine(ctx, tx, actor.Tenant, p.ID, which)
		if err != nil {
			return step{}, err
		}
		if l.Spent != 0 {
			return step{}, errs.New(errs.Conflict, i18n.ProjectLineSpent, i18n.Yuan(l.Spent))
		}
		if waits = p.waits(by, l.OrgID); waits {
			return ask(ctx, tx, actor, p, Change{OrgID: l.OrgID, What: OfLine, SubjectID: l.ID, Drops: true, Title: l.Title, Source: l.Source, Amount: l.Amount})
		}
		l.Dropped = true
		p.Edition++
		return step{act: ActUnline, words: l.Title + " " + i18n.Yuan(l.Amount)}, saveLine(ctx, tx, actor.Tenant, &l)
	})
}

// Spend enters an expense of a line (who answers for it). Beyond the line it is refused first, and taken with a reason.
func (s *Service) Spend(ctx context.Context, actor authz.Actor, project id.ID, in NewExpense) (made id.ID, err error) {
	return made, s.db.WithTx(ctx, func(tx *db.Tx) error {
		p, err := find(ctx, tx, actor, project)
		if err != nil {
			return err
		}
		if in.LineID == 0 {
			return errs.Field("line", i18n.ErrRequired)
		}
		l, err := findLine(ctx, tx, actor.Tenant, p.ID, in.LineID)
		if errs.KindOf(err) == errs.NotFound {
			return errs.Field("line", i18n.ErrBadChoice)
		}
		if err != nil {
			return err
		}
		today := calendar.DateOf(tx.Now())
		instead, err := speaks(ctx, tx, actor, &p, l.OrgID, &in.Note, today)
		if err != nil {
			return err
		}
		if err := p.in(Running); err != nil {
			return err
		}
		if x, ok := p.Partner(l.OrgID); ok && x.State != Agreed {
			return errs.New(errs.Conflict, i18n.ProjectFirstAgree, x.Name)
		}
		if e := in.check(&p, today); e != nil {
			return e
		}
		if err := l.fits(in); err != nil {
			return err
		}
		x := Expense{ID: id.New(), LineID: l.ID, OrgID: l.OrgID, On: in.On, Amount: in.Amount, Payee: in.Payee, Words: in.Words, Receipt: in.Receipt, Over: in.Over}
		made = x.ID
		if l.Spent+in.Amount <= l.Amount { // within the line there is nothing to explain
			x.Over = ""
		}
		if err := s.insertExpense(ctx, tx, actor, p.ID, x); err != nil {
			return err
		}
		e := step{act: ActExpense, org: l.OrgID, words: l.Title + " " + i18n.Yuan(in.Amount) + " " + in.Words}
		if x.Over != "" {
			e.words += "（" + x.Over + "）"
		}
		if instead {
			e = e.instead(&p, l.Who, in.Note)
		}
		return note(ctx, tx, actor, &p, e)
	})
}

// Reverse takes an expense back by an entry with the opposite amount, with the reason. Nothing is deleted.
func (s *Service) Reverse(ctx context.Context, actor authz.Actor, project, expense id.ID, reason, said string) error {
	if e := errs.Words(nil, "reason", &reason, MaxWords, true); e != nil {
		return e
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		p, err := find(ctx, tx, actor, project)
		if err != nil {
			return err
		}
		x, err := findExpense(ctx, tx, actor.Tenant, p.ID, expense)
		if err != nil {
			return err
		}
		by := x.OrgID
		if !p.Takes(by) { // it takes part no longer: the community sets right what it spent
			by = p.CommunityID
		}
		instead, err := speaks(ctx, tx, actor, &p, by, &said, calendar.DateOf(tx.Now()))
		if err != nil {
			return err
		}
		if err := p.in(Running); err != nil {
			return err
		}
		if x.ReversesID != 0 {
			return errs.New(errs.Conflict, i18n.ProjectNoReverse)
		}
		if x.Reversed {
			return errs.New(errs.Conflict, i18n.ProjectReversedOnce)
		}
		if err := s.opened(&x, true); err != nil {
			return err
		}
		back := Expense{ID: id.New(), LineID: x.LineID, OrgID: x.OrgID, On: calendar.DateOf(tx.Now()), Amount: -x.Amount, Payee: x.Payee, Words: reason, Receipt: x.Receipt, ReversesID: x.ID}
		if err := s.insertExpense(ctx, tx, actor, p.ID, back); err != nil {
			return err
		}
		e := step{act: ActReverse, org: by, words: x.Line + " " + i18n.Yuan(back.Amount) + " " + reason}
		if instead {
			e = e.instead(&p, x.Who, said)
		}
		return note(ctx, tx, actor, &p, e)
	})
}

// Settle answers a change that waits, for the partner that it is about: yes makes it so, no leaves what was agreed.
func (s *Service) Settle(ctx context.Context, actor authz.Actor, project, change id.ID, version int64, yes bool, reason, said string) error {
	if e := errs.Words(nil, "reason", &reason, MaxWords, !yes); e != nil {
		return e
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		p, err := find(ctx, tx, actor, project)
		if err != nil {
			return err
		}
		g, err := findChange(ctx, tx, actor.Tenant, p.ID, change)
		if err != nil {
			return err
		}
		instead, err := speaks(ctx, tx, actor, &p, g.OrgID, &said, calendar.DateOf(tx.Now()))
		if err != nil {
			return err
		}
		if err := p.in(Proposed, Running); err != nil {
			return err
		}
		if g.State != Asked || version != 0 && version != g.Version {
			return errs.New(errs.Conflict, i18n.ErrConflict)
		}
		g.State, g.Reason = Agreed, ""
		e := step{act: ActYes, org: g.OrgID, words: g.Title}
		if !yes {
			g.State, g.Reason = Declined, reason
			e = step{act: ActNo, org: g.OrgID, words: g.Title + "：" + reason}
		} else if err := s.apply(ctx, tx, actor, &p, &g); err != nil {
			return err
		}
		if err := saveChange(ctx, tx, actor, &g); err != nil {
			return err
		}
		if yes { // who has not answered looks at it again
			p.Edition++
			if err := save(ctx, tx, actor.Tenant, &p); err != nil {
				return err
			}
		}
		if instead {
			e = e.instead(&p, g.Who, said)
		}
		return note(ctx, tx, actor, &p, e)
	})
}

// apply makes a change so. What happened in between, such as a step that was done, refuses it.
func (s *Service) apply(ctx context.Context, tx *db.Tx, actor authz.Actor, p *Project, g *Change) error {
	if g.What == OfStep {
		n := NewStep{OrgID: g.OrgID, Title: g.Title, DueOn: g.DueOn}
		if e := n.check(p); e != nil && !g.Drops { // the days of the project may have changed
			return e
		}
		if g.SubjectID == 0 {
			if all, err := steps(ctx, tx, actor.Tenant, p.ID); err != nil {
				return err
			} else if len(all) >= MaxSteps {
				return errs.New(errs.Conflict, i18n.ProjectManySteps, MaxSteps)
			}
			return insertSteps(ctx, tx, actor.Tenant, p.ID, []NewStep{n})
		}
		t, err := findStep(ctx, tx, actor.Tenant, p.ID, g.SubjectID)
		if err != nil {
			return err
		}
		if t.State != StepOpen {
			return errs.New(errs.Conflict, i18n.ProjectStepIs, t.State.Text())
		}
		t.Title, t.DueOn = n.Title, n.DueOn
		if g.Drops {
			t.State = StepDropped
		}
		return saveStep(ctx, tx, actor, &t, false)
	}
	if g.SubjectID == 0 {
		if all, err := lines(ctx, tx, actor.Tenant, p.ID); err != nil {
			return err
		} else if len(all) >= MaxLines {
			return errs.New(errs.Conflict, i18n.ProjectManyLines, MaxLines)
		}
		return insertLines(ctx, tx, actor.Tenant, p.ID, []NewLine{{OrgID: g.OrgID, Source: g.Source, Title: g.Title, Amount: g.Amount}})
	}
	l, err := findLine(ctx, tx, actor.Tenant, p.ID, g.SubjectID)
	if err != nil {
		return err
	}
	switch {
	case g.Drops && l.Spent != 0:
		return errs.New(errs.Conflict, i18n.ProjectLineSpent, i18n.Yuan(l.Spent))
	case !g.Drops && g.Amount < l.Spent:
		return errs.Field("amount", i18n.ProjectBelowSpent, i18n.Yuan(l.Spent))
	}
	l.Title, l.Source, l.Amount, l.Dropped = g.Title, g.Source, g.Amount, g.Drops
	return saveLine(ctx, tx, actor.Tenant, &l)
}

// Recall takes back a change that waits (who leads).
func (s *Service) Recall(ctx context.Context, actor authz.Actor, project id.ID, by, change id.ID) error {
	return s.lead(ctx, actor, project, 0, by, func(tx *db.Tx, p *Project) (step, error) {
		g, err := findChange(ctx, tx, actor.Tenant, p.ID, change)
		if err != nil {
			return step{}, err
		}
		if g.State != Asked {
			return step{}, errs.New(errs.Conflict, i18n.ErrConflict)
		}
		g.State = Dropped
		return step{act: ActRecall, words: g.Title}, saveChange(ctx, tx, actor, &g)
	})
}

// AddPerson says that somebody does something in a project: a member, a team, or somebody by name (who acts for their organisation). Hours are not entered here.
func (s *Service) AddPerson(ctx context.Context, actor authz.Actor, project id.ID, n NewPerson) error {
	return s.onPerson(ctx, actor, project, n.OrgID, func(tx *db.Tx, p *Project) (step, error) {
		if e := n.check(p); e != nil {
			return step{}, e
		}
		there, err := db.Value[int64](ctx, tx, "SELECT count(*) FROM project_person w WHERE w.tenant_id = $1 AND w.project_id = $2", actor.Tenant, p.ID)
		if err != nil {
			return step{}, err
		}
		if there >= MaxPeople {
			return step{}, errs.Field("name", i18n.ProjectManyPeople, MaxPeople)
		}
		if n.MemberID != 0 {
			ok, err := db.Value[int64](ctx, tx, "SELECT count(*) FROM member e WHERE e.tenant_id = $1 AND e.id = $2 AND e.ended_on = '' AND (e.unit_id = $3 OR e.community_id = $3)", actor.Tenant, n.MemberID, n.OrgID)
			if err != nil {
				return step{}, err
			}
			if ok == 0 {
				return step{}, errs.Field("member", i18n.ActivityNoMember)
			}
		}
		if n.TeamID != 0 {
			ok, err := db.Value[int64](ctx, tx, "SELECT count(*) FROM volunteer_team v WHERE v.tenant_id = $1 AND v.id = $2 AND v.ended_on = '' AND (v.unit_id = $3 OR v.org_id = $3)", actor.Tenant, n.TeamID, n.OrgID)
			if err != nil {
				return step{}, err
			}
			if ok == 0 {
				return step{}, errs.Field("team", i18n.ErrBadChoice)
			}
		}
		i := id.New()
		_, err = tx.Exec(ctx, `INSERT INTO project_person (tenant_id, id, project_id, org_id, member_id, team_id, name, task, added_by) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)`, actor.Tenant, i, p.ID, n.OrgID, n.MemberID, n.TeamID,
			s.ring.Seal("project_person", "name", i, n.Name), n.Task, actor.AccountID)
		return step{act: ActPerson, words: n.Task}, err
	})
}

func (s *Service) onPerson(ctx context.Context, actor authz.Actor, project, org id.ID, fn func(tx *db.Tx, p *Project) (step, error)) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		p, err := find(ctx, tx, actor, project)
		if err != nil {
			return err
		}
		if !p.Takes(org) {
			return errs.Field("org", i18n.ProjectNotIn)
		}
		if !acts(actor).Covers(p.CommunityID) { // the community enters whom a unit named
			if err := as(actor, &p, org); err != nil {
				return err
			}
		}
		if err := p.in(Draft, Proposed, Running); err != nil {
			return err
		}
		e, err := fn(tx, &p)
		if err != nil {
			return err
		}
		if e.org = org; !acts(actor).Covers(org) {
			e.org = p.CommunityID
		}
		return note(ctx, tx, actor, &p, e)
	})
}

// RemovePerson takes somebody out.
func (s *Service) RemovePerson(ctx context.Context, actor authz.Actor, project, person id.ID) error {
	org, err := db.Value[id.ID](ctx, s.db, "SELECT coalesce(max(w.org_id), 0) FROM project_person w WHERE w.tenant_id = $1 AND w.project_id = $2 AND w.id = $3", actor.Tenant, project, person)
	if err != nil {
		return err
	}
	if org == 0 {
		return errs.ErrNotFound
	}
	return s.onPerson(ctx, actor, project, org, func(tx *db.Tx, p *Project) (step, error) {
		n, err := tx.Exec(ctx, `DELETE FROM project_person WHERE tenant_id = $1 AND project_id = $2 AND id = $3`, actor.Tenant, p.ID, person)
		if err == nil && n == 0 {
			err = errs.ErrNotFound
		}
		return step{act: ActUnperson}, err
	})
}

// Plans gives a project of which an activity is to be planned in its community (PermKeep): it is running, and the actor acts for its community.
func (s *Service) Plans(ctx context.Context, actor authz.Actor, project id.ID) (Project, error) {
	p, err := find(ctx, s.db, actor, project)
	if err != nil {
		return p, err
	}
	if err := as(actor, &p, p.CommunityID); err != nil {
		return p, err
	}
	return p, p.in(Proposed, Running)
}

// LinkActivity says that an activity of the project's community belongs to it (PermKeep there).
func (s *Service) LinkActivity(ctx context.Context, actor authz.Actor, project, activity id.ID) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		p, err := find(ctx, tx, actor, project)
		if err != nil {
			return err
		}
		if err := as(actor, &p, p.CommunityID); err != nil {
			return err
		}
		if err := p.in(Proposed, Running); err != nil {
			return err
		}
		if err := reference.Require(ctx, tx, actor.Tenant, reference.Activity, activity); err != nil {
			return err
		}
		type of struct {
			title string
			at    id.ID
		}
		v, err := db.One(ctx, tx, func(o *of) []any { return []any{&o.title, &o.at} }, `SELECT v.title, v.community_id FROM activity v JOIN organisation b ON b.tenant_id = v.tenant_id AND b.id = v.community_id
			JOIN organisation c ON c.tenant_id = v.tenant_id AND c.id = $3 WHERE v.tenant_id = $1 AND v.id = $2 AND substr(b.path, 1, length(c.path)) = c.path`, actor.Tenant, activity, p.CommunityID)
		if errs.KindOf(err) == errs.NotFound {
			return errs.Field("activity", i18n.ProjectActivityElse)
		}
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO project_activity (tenant_id, activity_id, project_id) VALUES ($1,$2,$3)`, actor.Tenant, activity, p.ID); db.IsUnique(err) {
			return errs.Field("activity", i18n.ProjectActivityTaken)
		} else if err != nil {
			return err
		}
		return note(ctx, tx, actor, &p, step{act: ActActivity, org: p.CommunityID, words: v.title})
	})
}
