package appraisal

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// changeEntry finds an entry in a scope, with its round, lets do change it, saves and records it.
func (s *Service) changeEntry(ctx context.Context, actor authz.Actor, perm authz.Permission, act string, entry id.ID, version int64,
	do func(tx *db.Tx, r Round, e *Entry) (map[string]any, error)) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		e, err := findEntry(ctx, tx, actor.Scope(perm), entry)
		if err != nil {
			return err
		}
		r, err := loadRound(ctx, tx, actor.Tenant, e.RoundID)
		if err != nil {
			return err
		}
		if version != 0 && version != e.Version {
			return errs.ErrConflict
		}
		detail, err := do(tx, r, &e)
		if err != nil {
			return err
		}
		if err := saveEntry(ctx, tx, actor.Tenant, e); err != nil {
			return err
		}
		return record(ctx, tx, actor, perm, act, r, e, detail)
	})
}

// Arrange says how somebody takes part, where it differs from the register (PermKeep), before the ballot is opened: the vote or the grade is taken from them with the
// reason (PARTY-32), a receiving organisation assesses them (MOB-4), or they belong to a group. A probationary member is given neither vote nor grade.
func (s *Service) Arrange(ctx context.Context, actor authz.Actor, entry id.ID, x Arrangement) error {
	return s.changeEntry(ctx, actor, PermKeep, "arrange", entry, x.Version, func(_ *db.Tx, r Round, e *Entry) (map[string]any, error) {
		if err := r.at(Self, Mutual); err != nil {
			return nil, err
		}
		if err := x.check(*e); err != nil {
			return nil, err
		}
		e.Votes, e.Graded, e.Why, e.Away, e.Group = x.Votes, x.Graded, x.Why, x.Away, x.Group
		return map[string]any{"votes": e.Votes, "graded": e.Graded, "why": e.Why, "away": e.Away, "group": e.Group}, nil
	})
}

// WriteSelf is a member's self-appraisal, written by themselves (PermOwn); it can be changed until the step is closed.
func (s *Service) WriteSelf(ctx context.Context, actor authz.Actor, entry id.ID, x SelfAppraisal) error {
	return s.writeSelf(ctx, actor, PermOwn, entry, x, false)
}

// WriteSelfFor enters a self-appraisal that a member wrote on paper (PermKeep).
func (s *Service) WriteSelfFor(ctx context.Context, actor authz.Actor, entry id.ID, x SelfAppraisal) error {
	return s.writeSelf(ctx, actor, PermKeep, entry, x, true)
}

func (s *Service) writeSelf(ctx context.Context, actor authz.Actor, perm authz.Permission, entry id.ID, x SelfAppraisal, paper bool) error {
	return s.changeEntry(ctx, actor, perm, "self", entry, x.Version, func(tx *db.Tx, r Round, e *Entry) (map[string]any, error) {
		if err := r.at(Self); err != nil {
			return nil, err
		}
		if err := x.check(); err != nil {
			return nil, err
		}
		if paper && !e.SelfOn.IsZero() && !e.SelfPaper {
			return nil, errs.New(errs.Conflict, i18n.AppraisalTheirOwn, e.Name)
		}
		e.SelfText, e.SelfGaps, e.SelfPaper, e.SelfOn = x.Text, x.Gaps, paper, calendar.DateOf(tx.Now())
		return map[string]any{"paper": paper}, nil
	})
}

// WriteRemark is what the member whose entry from is writes about another (PermOwn), while the mutual appraisal is open; an empty text takes it back. In a round with
// groups they write about those of their group (PARTY-40). It is signed: the one concerned and the branch read who wrote it.
func (s *Service) WriteRemark(ctx context.Context, actor authz.Actor, from, about id.ID, text string) error {
	return s.writeRemark(ctx, actor, PermOwn, from, about, text, false)
}

// WriteRemarkFor enters what a member wrote on paper or said in the meeting, as the minutes have it (PermKeep).
func (s *Service) WriteRemarkFor(ctx context.Context, actor authz.Actor, from, about id.ID, text string) error {
	return s.writeRemark(ctx, actor, PermKeep, from, about, text, true)
}

func (s *Service) writeRemark(ctx context.Context, actor authz.Actor, perm authz.Permission, from, about id.ID, text string, paper bool) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		f, err := findEntry(ctx, tx, actor.Scope(perm), from)
		if err != nil {
			return err
		}
		r, err := loadRound(ctx, tx, actor.Tenant, f.RoundID)
		if err != nil {
			return err
		}
		if err := r.at(Mutual); err != nil {
			return err
		}
		if err := words(nil, "text", &text, maxRemark, false).OrNil(); err != nil {
			return err
		}
		to, err := findEntry(ctx, tx, authz.System(actor.Tenant, "").Scope(PermKeep), about)
		switch {
		case err != nil:
			return err
		case to.RoundID != f.RoundID:
			return errs.ErrNotFound
		case to.ID == f.ID:
			return errs.Field("about", i18n.AppraisalNotSelf)
		case to.Group != f.Group && to.Group != "" && f.Group != "":
			return errs.Field("about", i18n.AppraisalOtherGroup, to.Name, to.Group)
		}
		if err := putRemark(ctx, tx, actor, f, to, text, paper); err != nil {
			return err
		}
		return record(ctx, tx, actor, perm, "remark", r, to, map[string]any{"from": f.ID, "paper": paper, "empty": text == ""})
	})
}

// Decide enters the grade and the opinion that the committee or the meeting decided (PermKeep, PARTY-43): from the votes and daily conduct, which its page shows
// side by side. It proposes nothing and computes nothing. Until the round is closed it can be decided again; then the member has to read it again.
func (s *Service) Decide(ctx context.Context, actor authz.Actor, entry id.ID, d Decision) error {
	return s.changeEntry(ctx, actor, PermKeep, "decide", entry, d.Version, func(tx *db.Tx, r Round, e *Entry) (map[string]any, error) {
		if err := r.at(Opinion, Told); err != nil {
			return nil, err
		}
		if !e.Graded {
			return nil, errs.New(errs.Conflict, i18n.AppraisalNotGraded, e.Name)
		}
		today := calendar.DateOf(tx.Now())
		if err := d.check(today); err != nil {
			return nil, err
		}
		detail := map[string]any{"grade": d.Grade}
		if e.Grade != "" {
			detail["was"] = e.Grade
		}
		e.Grade, e.Standing, e.Opinion, e.Gaps, e.Help, e.FollowOn = d.Grade, d.Grade, d.Opinion, d.Gaps, d.Help, d.FollowOn
		e.Decision, e.Approval, e.DecidedOn = d.Decision, d.Approval, today
		e.ReadOn, e.ReadPaper = calendar.Date{}, false
		return detail, nil
	})
}

// Read is a member's word that they have read their result (PermOwn), with what they think of it. Their view is taken until the round is closed, that they have
// read it also later.
func (s *Service) Read(ctx context.Context, actor authz.Actor, entry id.ID, view string) error {
	return s.read(ctx, actor, PermOwn, entry, view, false)
}

// ReadFor enters that a member was told their result and signed the form on paper (PermKeep).
func (s *Service) ReadFor(ctx context.Context, actor authz.Actor, entry id.ID, view string) error {
	return s.read(ctx, actor, PermKeep, entry, view, true)
}

func (s *Service) read(ctx context.Context, actor authz.Actor, perm authz.Permission, entry id.ID, view string, paper bool) error {
	return s.changeEntry(ctx, actor, perm, "read", entry, 0, func(tx *db.Tx, r Round, e *Entry) (map[string]any, error) {
		if r.Step != Closed {
			if err := r.at(Told); err != nil {
				return nil, err
			}
		}
		if e.Grade == "" {
			return nil, errs.New(errs.Conflict, i18n.AppraisalNotGraded, e.Name)
		}
		if err := paragraph(nil, "own_view", &view, maxText, false).OrNil(); err != nil {
			return nil, err
		}
		if r.Step == Closed && view != "" && view != e.OwnView {
			return nil, errs.Field("own_view", i18n.AppraisalViewLate, r.ClosedOn.String())
		}
		if paper && !e.ReadOn.IsZero() && !e.ReadPaper {
			return nil, errs.New(errs.Conflict, i18n.AppraisalTheirOwn, e.Name)
		}
		switch {
		case r.Step != Told:
		case !paper || e.OwnView == "":
			e.OwnView = view
		case view != "" && view != e.OwnView: // what they have said before stays
			e.OwnView += "\n" + view
		}
		if e.ReadOn.IsZero() {
			e.ReadOn, e.ReadPaper = calendar.DateOf(tx.Now()), paper
		}
		return map[string]any{"paper": paper, "view": view != ""}, nil
	})
}

// FollowUp enters what came of the help that a basically qualified member was given (PermKeep, PARTY-45), also after the round is closed.
func (s *Service) FollowUp(ctx context.Context, actor authz.Actor, entry id.ID, text string, version int64) error {
	return s.changeEntry(ctx, actor, PermKeep, "follow", entry, version, func(tx *db.Tx, _ Round, e *Entry) (map[string]any, error) {
		if e.FollowOn.IsZero() {
			return nil, errs.New(errs.Conflict, i18n.AppraisalNoHelp)
		}
		if err := paragraph(nil, "followed", &text, maxText, true).OrNil(); err != nil {
			return nil, err
		}
		e.Followed, e.FollowedOn = text, calendar.DateOf(tx.Now())
		return map[string]any{"due": e.FollowOn}, nil
	})
}

// Correct changes the grade of a closed round by a new dated entry with the reason (PermKeep). What was decided stays beside it. Unqualified needs the document that
// approved it (PARTY-45).
func (s *Service) Correct(ctx context.Context, actor authz.Actor, entry id.ID, c Correction, version int64) error {
	return s.changeEntry(ctx, actor, PermKeep, "correct", entry, version, func(tx *db.Tx, r Round, e *Entry) (map[string]any, error) {
		if err := r.at(Closed); err != nil {
			return nil, err
		}
		if e.Grade == "" {
			return nil, errs.New(errs.Conflict, i18n.AppraisalNotGraded, e.Name)
		}
		if err := c.check(e.Standing); err != nil {
			return nil, err
		}
		c.Was, e.Standing = e.Standing, c.Grade
		_, err := tx.Exec(ctx, `INSERT INTO appraisal_correction (tenant_id, id, entry_id, was, grade, reason, document, on_day, account_id) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)`,
			actor.Tenant, id.New(), e.ID, c.Was, c.Grade, c.Reason, c.Document, calendar.DateOf(tx.Now()), actor.AccountID)
		return map[string]any{"was": c.Was, "grade": c.Grade, "reason": c.Reason, "document": c.Document}, err
	})
}

func corrections(ctx context.Context, q db.Querier, tenant int64, entry id.ID) ([]Correction, error) {
	return db.All(ctx, q, func(c *Correction) []any { return []any{&c.Was, &c.Grade, &c.Reason, &c.Document, &c.On, &c.By} },
		`SELECT c.was, c.grade, c.reason, c.document, c.on_day, coalesce(a.name, '') FROM appraisal_correction c LEFT JOIN account a ON a.tenant_id = c.tenant_id AND a.id = c.account_id
		WHERE c.tenant_id = $1 AND c.entry_id = $2 ORDER BY c.id DESC LIMIT 50`, tenant, entry)
}

// putRemark writes, changes or takes back what one entry says about another.
func putRemark(ctx context.Context, tx *db.Tx, actor authz.Actor, from, about Entry, text string, paper bool) error {
	if paper {
		own, err := db.Value[int64](ctx, tx, "SELECT count(*) FROM appraisal_remark WHERE tenant_id = $1 AND round_id = $2 AND from_id = $3 AND about_id = $4 AND NOT paper", actor.Tenant, from.RoundID, from.ID, about.ID)
		if err != nil {
			return err
		}
		if own > 0 {
			return errs.New(errs.Conflict, i18n.AppraisalTheirOwn, from.Name)
		}
	}
	if _, err := tx.Exec(ctx, "DELETE FROM appraisal_remark WHERE tenant_id = $1 AND round_id = $2 AND from_id = $3 AND about_id = $4", actor.Tenant, from.RoundID, from.ID, about.ID); err != nil || text == "" {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO appraisal_remark (tenant_id, id, round_id, from_id, about_id, text, paper, written_by, on_day) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)`,
		actor.Tenant, id.New(), from.RoundID, from.ID, about.ID, text, paper, actor.AccountID, calendar.DateOf(tx.Now()))
	return err
}

// remarks are those about an entry, or (by) those that it wrote.
func remarks(ctx context.Context, q db.Querier, tenant int64, entry id.ID, by bool) ([]Remark, error) {
	column := "k.about_id"
	if by {
		column = "k.from_id"
	}
	return db.All(ctx, q, func(r *Remark) []any {
		return []any{&r.FromID, &r.AboutID, &r.From, &r.About, &r.Text, &r.Paper, &r.On}
	}, `SELECT k.from_id, k.about_id, f.name, t.name, k.text, k.paper, k.on_day FROM appraisal_remark k
		JOIN appraisal_entry f ON f.tenant_id = k.tenant_id AND f.id = k.from_id JOIN appraisal_entry t ON t.tenant_id = k.tenant_id AND t.id = k.about_id
		WHERE k.tenant_id = $1 AND `+column+` = $2 ORDER BY f.name_key, k.id LIMIT 1000`, tenant, entry)
}
