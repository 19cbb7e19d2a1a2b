package app

import (
	"context"
	"fmt"
	"time"

	"linli/internal/api/rest"
	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/figure"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/jobs"
)

// The kinds of background jobs.
const (
	jobImport       = "import.run"
	jobCloseQuarter = "feedback.close"
	jobTidy         = "platform.tidy"
	jobReseal       = "keys.reseal"
	jobRetention    = "retention.run"
	jobDrill        = "backup.drill"
	jobFigures      = "figure.keep"
	jobRoll         = "figure.roll"
	jobAudit        = "audit.verify"
	jobRequests     = "request.keep"
	jobTable        = "table.run"
	jobTables       = "table.due"
	jobMeasure      = "workplan.measure"
	jobCases        = "casework.night"
	jobHalls        = "hall.close"
	jobDigest       = "notice.digest"
	jobProposals    = "exchange.week"
	jobUnmatched    = "exchange.unmatched"
	jobLoveBank     = "lovebank.night"
	jobClearances   = "volunteer.remind"
)

// closeHour is the hour of Beijing time at which night work begins.
const closeHour = 2

// digestHour is the hour of Beijing time at which staff are told what waits.
const digestHour = 8

// addWork tells the queue what there is to do.
func (a *App) addWork() {
	a.Queue.Every("audit chain", 2*time.Second, func(ctx context.Context, tenant int64) error {
		_, err := audit.ChainRecent(ctx, a.DB, tenant)
		return err
	})
	a.Queue.Every("audit chain, late entries", 10*time.Minute, func(ctx context.Context, tenant int64) error {
		_, err := audit.Chain(ctx, a.DB, tenant)
		return err
	})
	a.Queue.Every("burden", 20*time.Second, func(ctx context.Context, _ int64) error { return a.Burden.Flush(ctx) })

	a.Queue.Every("overdue cases", 10*time.Minute, a.Casework.Escalate)

	a.Queue.Every("bookings of places", 5*time.Minute, a.Venue.Settle)

	a.Queue.Every("love bank", 20*time.Second, a.LoveBank.Sync)
	a.Queue.Every("love bank, other districts", 20*time.Second, a.LoveBank.Carry)
	a.Queue.Every("love bank, who moved", 10*time.Minute, a.LoveBank.Settle)
	a.Queue.Handle(jobLoveBank, func(ctx context.Context, w *jobs.Work) error { return a.LoveBank.Night(ctx, w.Job.Tenant) })
	a.Queue.Schedule(jobs.Schedule{Kind: jobLoveBank, Period: jobs.DailyAt(1)})
	a.Queue.Every("figures for the levels above", 5*time.Minute, a.Region.Carry)
	a.Queue.Every("notices", 2*time.Second, func(ctx context.Context, tenant int64) error {
		_, err := a.Notice.Deliver(ctx, tenant)
		return err
	})
	a.Queue.Every("webhooks", 2*time.Second, func(ctx context.Context, tenant int64) error {
		_, err := a.Webhook.Deliver(ctx, tenant)
		return err
	})
	a.Queue.Handle(jobDigest, func(ctx context.Context, w *jobs.Work) error { return a.Notice.Digest(ctx, w.Job.Tenant, a.waits) })
	a.Queue.Schedule(jobs.Schedule{Kind: jobDigest, Period: jobs.DailyAt(digestHour)})

	a.Queue.Handle(jobClearances, func(ctx context.Context, w *jobs.Work) error { return a.Volunteer.Remind(ctx, w.Job.Tenant) })
	a.Queue.Schedule(jobs.Schedule{Kind: jobClearances, Period: jobs.DailyAt(digestHour)})

	a.Queue.Handle(jobTidy, a.tidy)
	a.Queue.Schedule(jobs.Schedule{Kind: jobTidy, Period: jobs.DailyAt(3)})

	a.Queue.Handle(jobDrill, a.runDrill)
	a.Queue.Schedule(jobs.Schedule{Kind: jobDrill, Period: a.drillWeek})

	a.Queue.Handle(jobRetention, a.runRetention)
	a.Queue.Schedule(jobs.Schedule{Kind: jobRetention, Period: jobs.DailyAt(4)})

	a.Queue.Handle(jobReseal, a.runReseal)
	a.Queue.Schedule(jobs.Schedule{Kind: jobReseal, Period: a.resealPeriod})
	a.Queue.Handle(jobAudit, a.checkAudit)
	a.Queue.Schedule(jobs.Schedule{Kind: jobAudit, Period: jobs.DailyAt(4)})

	a.Queue.Handle(jobCloseQuarter, a.closeQuarter)
	a.Queue.Schedule(jobs.Schedule{Kind: jobCloseQuarter, Period: endedQuarter})

	a.Figure.InBackground(figureQueue{})
	a.Queue.Handle(jobFigures, a.keepFigures)
	a.Queue.Schedule(jobs.Schedule{Kind: jobFigures, Period: jobs.DailyAt(closeHour + 2)}) // when the quarter is closed
	a.Queue.Handle(jobRoll, a.rollFigures)
	a.Queue.Handle(jobMeasure, func(ctx context.Context, w *jobs.Work) error { return a.Workplan.Measure(ctx, w.Job.Tenant) })
	a.Queue.Schedule(jobs.Schedule{Kind: jobMeasure, Period: jobs.DailyAt(closeHour + 3)}) // when the figures are rolled up

	a.Queue.Handle(jobCases, func(ctx context.Context, w *jobs.Work) error {
		if err := a.Casework.Night(ctx, w.Job.Tenant); err != nil {
			return err
		}
		_, err := a.Casework.Learn(ctx, w.Job.Tenant)
		return err
	})
	a.Queue.Schedule(jobs.Schedule{Kind: jobCases, Period: jobs.DailyAt(1)})

	a.Queue.Handle(jobProposals, func(ctx context.Context, w *jobs.Work) error { return a.Exchange.ProposeWeek(ctx, w.Job.Tenant) })
	a.Queue.Schedule(jobs.Schedule{Kind: jobProposals, Period: mondayMorning})
	a.Queue.Handle(jobUnmatched, func(ctx context.Context, w *jobs.Work) error {
		_, err := a.Exchange.RaiseUnmatched(ctx, w.Job.Tenant)
		return err
	})
	a.Queue.Schedule(jobs.Schedule{Kind: jobUnmatched, Period: jobs.DailyAt(6)}) // before the offices open

	a.Queue.Handle(jobHalls, func(ctx context.Context, w *jobs.Work) error { return a.Hall.CloseDay(ctx, w.Job.Tenant) })
	a.Queue.Schedule(jobs.Schedule{Kind: jobHalls, Period: jobs.DailyAt(0)}) // when the day is over

	a.Queue.Handle(jobRequests, func(ctx context.Context, w *jobs.Work) error { return a.Request.Keep(ctx, w.Job.Tenant) })
	a.Queue.Schedule(jobs.Schedule{Kind: jobRequests, Period: jobs.DailyAt(1)})

	a.Intake.InBackground(importQueue{a}, accountActors{a})
	a.Queue.Handle(jobImport, a.runImport)

	a.Table.InBackground(tableQueue{}, accountActors{a})
	a.Queue.Handle(jobTable, a.runTable)
	a.Queue.Handle(jobTables, func(ctx context.Context, w *jobs.Work) error { return a.Table.Due(ctx, w.Job.Tenant) })
	a.Queue.Schedule(jobs.Schedule{Kind: jobTables, Period: jobs.DailyAt(closeHour + 3)}) // when the figures are rolled up
}

// mondayMorning is the week from five o'clock on Monday on, before the offices open.
func mondayMorning(now time.Time) string {
	year, week := now.In(i18n.Zone).Add(-5 * time.Hour).ISOWeek()
	return fmt.Sprintf("%d-W%02d", year, week)
}

// endedQuarter is the quarter before now from its first day after at two o'clock on (MEM-5).
func endedQuarter(now time.Time) string {
	day := calendar.DateOf(now.In(i18n.Zone).Add(-closeHour * time.Hour))
	return calendar.QuarterOf(day).Prev().String()
}

func (a *App) closeQuarter(ctx context.Context, w *jobs.Work) error {
	var args struct{ Period string }
	if err := w.Args(&args); err != nil {
		return err
	}
	q, err := calendar.ParseQuarter(args.Period)
	if err != nil {
		return err
	}
	_, err = a.Feedback.Close(ctx, authz.System(w.Job.Tenant, "quarter close"), q)
	if errs.KindOf(err) == errs.Conflict {
		return nil // somebody closed it before the night
	}
	return err
}

// tidy removes what has ended: sessions, tokens, old jobs, files of imports, kept answers of the API; and ends claims
// whose time is over.
func (a *App) tidy(ctx context.Context, w *jobs.Work) error {
	if _, err := a.Authn.Sweep(ctx, w.Job.Tenant); err != nil {
		return err
	}
	if err := a.Intake.Sweep(ctx, w.Job.Tenant); err != nil {
		return err
	}
	if _, err := a.Fill.Sweep(ctx, w.Job.Tenant); err != nil {
		return err
	}
	if err := a.Table.Sweep(ctx, w.Job.Tenant); err != nil {
		return err
	}
	if _, err := a.Agreement.Expire(ctx, w.Job.Tenant); err != nil {
		return err
	}
	if err := a.Resident.Sweep(ctx, w.Job.Tenant); err != nil {
		return err
	}
	if err := a.Webhook.Sweep(ctx, w.Job.Tenant); err != nil {
		return err
	}
	if _, err := rest.Sweep(ctx, a.DB, w.Job.Tenant); err != nil {
		return err
	}
	return jobs.Tidy(ctx, a.DB, w.Job.Tenant)
}

// importQueue and accountActors connect imports with the queue and the accounts.
type importQueue struct{ *App }

// EnqueueImport queues one import in the transaction that accepts it.
func (a importQueue) EnqueueImport(ctx context.Context, tx *db.Tx, actor authz.Actor, importID id.ID) (id.ID, error) {
	return jobs.Enqueue(ctx, tx, actor, jobs.New{Kind: jobImport, UniqueKey: importID.String(), Args: importArgs{importID}})
}

type importArgs struct{ Import id.ID }

type accountActors struct{ *App }

// Actor is the person who asked for the work, with what they may do today.
func (a accountActors) Actor(ctx context.Context, tenant int64, account id.ID) (authz.Actor, error) {
	return a.Authn.ActorFor(ctx, tenant, account)
}

func (a *App) runImport(ctx context.Context, w *jobs.Work) error {
	var args importArgs
	if err := w.Args(&args); err != nil {
		return err
	}
	return a.Intake.RunJob(ctx, w.Job.Tenant, args.Import, a.progress(ctx, w))
}

// figureQueue connects figures with the queue.
type figureQueue struct{}

type rollArgs struct{ Period string }

// EnqueueFigures queues the rolling up of one period in the transaction of the act that wants it.
func (figureQueue) EnqueueFigures(ctx context.Context, tx *db.Tx, actor authz.Actor, period string) error {
	_, err := jobs.Enqueue(ctx, tx, actor, jobs.New{Kind: jobRoll, UniqueKey: period, Args: rollArgs{period}})
	return err
}

// keepFigures is the night's work on figures.
func (a *App) keepFigures(ctx context.Context, w *jobs.Work) error {
	return a.Figure.Keep(ctx, w.Job.Tenant, a.progress(ctx, w))
}

func (a *App) rollFigures(ctx context.Context, w *jobs.Work) error {
	var args rollArgs
	if err := w.Args(&args); err != nil {
		return err
	}
	p, err := figure.ParsePeriod(args.Period)
	if err != nil {
		return err
	}
	return a.Figure.Roll(ctx, w.Job.Tenant, p, a.progress(ctx, w))
}

// progress tells how far a job is, at most once a second.
func (a *App) progress(ctx context.Context, w *jobs.Work) func(done, total int64) {
	var last time.Time
	return func(done, total int64) {
		if now := time.Now(); now.Sub(last) >= time.Second || done == total {
			last = now
			if err := w.Progress(ctx, done, total, ""); err != nil {
				a.Log.Warn("progress of a job", "kind", w.Job.Kind, "err", err)
			}
		}
	}
}
