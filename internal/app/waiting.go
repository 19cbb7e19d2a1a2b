package app

import (
	"context"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/jobs"
	"linli/internal/waiting"
)

// waiting are the questions that make the first page of every role, and the same list in the API.
func (a *App) waiting() []waiting.Ask {
	return []waiting.Ask{
		a.Organisation.Waiting, a.Appointment.Waiting, a.Place.Waiting, a.Member.Waiting, a.Agreement.Waiting, a.Activity.Waiting, a.Deed.Waiting, a.Feedback.Waiting,
		a.Assess.Waiting, a.Complaint.Waiting, a.Intake.Waiting, a.Authn.Waiting, a.Policy.Waiting, a.Holiday.Waiting, a.Ask.Waiting, a.Table.Waiting, a.Request.Waiting,
		a.Body.Waiting, a.Meeting.Waiting, a.Workplan.Waiting, a.Dues.Waiting, a.Appraisal.Waiting, a.Transfer.Waiting, a.Casework.Waiting, a.Technician.Waiting, a.DataRight.Waiting, a.Hall.Waiting, a.Counselling.Waiting, a.Pairing.Waiting, a.Volunteer.Waiting, a.Employment.Waiting, a.Mediation.Waiting,
		a.Exchange.Waiting, a.Venue.Waiting,
		a.Outlet.Waiting, a.Patrol.Waiting, a.LoveBank.Waiting, a.Cobuild.Waiting, a.Project.Waiting,
		a.Notice.Waiting, a.Webhook.Waiting,
		func(ctx context.Context, actor authz.Actor) ([]waiting.Item, error) {
			return jobs.Failures(ctx, a.DB, actor)
		},
		func(ctx context.Context, actor authz.Actor) ([]waiting.Item, error) {
			return audit.Waiting(ctx, a.DB, actor, a.DB.Now())
		},
	}
}

// CheckAudit puts a check of the audit record into the queue, for those who read it.
func (a *App) CheckAudit(ctx context.Context, actor authz.Actor) error {
	if !actor.Scope(audit.PermRead).All() {
		return errs.ErrForbidden
	}
	return a.DB.WithTx(ctx, func(tx *db.Tx) error {
		_, err := jobs.Enqueue(ctx, tx, actor, jobs.New{Kind: jobAudit, UniqueKey: "now"})
		return err
	})
}

// checkAudit verifies the chain, every night and whenever an auditor asks for it.
func (a *App) checkAudit(ctx context.Context, w *jobs.Work) error {
	actor := authz.System(w.Job.Tenant, "nightly check")
	if w.Job.AccountID != 0 {
		var err error
		if actor, err = a.Authn.ActorFor(ctx, w.Job.Tenant, w.Job.AccountID); err != nil {
			return err
		}
	}
	_, err := audit.Check(ctx, a.DB, actor)
	return err
}

// waits counts what waits for an account on its first page, and what of it is due today or late.
func (a *App) waits(ctx context.Context, tenant int64, account id.ID) (count, due int64, err error) {
	actor, err := a.Authn.ActorFor(ctx, tenant, account)
	if err != nil {
		if k := errs.KindOf(err); k == errs.Forbidden || k == errs.NotFound { // closed in the meantime
			err = nil
		}
		return 0, 0, err
	}
	today := calendar.DateOf(a.DB.Now()).String()
	for _, ask := range a.waiting() {
		items, err := ask(ctx, actor)
		if err != nil {
			return 0, 0, err
		}
		for _, it := range items {
			count += it.Count
			if it.DueOn != "" && it.DueOn <= today {
				due += it.Count
			}
		}
	}
	return count, due, nil
}
