package app

import (
	"context"
	"slices"
	"time"

	"linli/internal/activity"
	"linli/internal/appraisal"
	"linli/internal/ask"
	"linli/internal/assess"
	"linli/internal/audit"
	"linli/internal/body"
	"linli/internal/calendar"
	"linli/internal/casework"
	"linli/internal/cobuild"
	"linli/internal/complaint"
	"linli/internal/counselling"
	"linli/internal/countersign"
	"linli/internal/dataright"
	"linli/internal/db"
	"linli/internal/deed"
	"linli/internal/dues"
	"linli/internal/employment"
	"linli/internal/exchange"
	"linli/internal/fact"
	"linli/internal/feedback"
	"linli/internal/hall"
	"linli/internal/i18n"
	"linli/internal/intake"
	"linli/internal/jobs"
	"linli/internal/lovebank"
	"linli/internal/mediation"
	"linli/internal/meeting"
	"linli/internal/member"
	"linli/internal/notice"
	"linli/internal/pairing"
	"linli/internal/patrol"
	"linli/internal/person"
	"linli/internal/project"
	"linli/internal/request"
	"linli/internal/resident"
	"linli/internal/retention"
	"linli/internal/transfer"
	"linli/internal/venue"
	"linli/internal/volunteer"
)

// retained is everything that is removed after a period that the district sets (PRIV-7, PRIV-8), in the order in which it is removed:
// members lose their names before the person behind them does.
func retained() []retention.Kind {
	return slices.Concat(
		member.RetentionKinds(feedback.AnonymiseTx, dues.AnonymiseTx, appraisal.AnonymiseTx, transfer.AnonymiseTx, body.AnonymiseTx, meeting.AnonymiseTx, exchange.AnonymiseTx),
		person.RetentionKinds(fact.ForgetTx, transfer.ForgetTx, hall.ForgetTx, counselling.ForgetTx, pairing.ForgetTx, exchange.ForgetTx, volunteer.ForgetTx, employment.ForgetTx, casework.ForgetTx, lovebank.ForgetTx, patrol.ForgetTx, resident.ForgetTx, dataright.ForgetTx, mediation.ForgetTx, venue.ForgetTx),
		helped(activity.RetentionKinds()),
		helped(deed.RetentionKinds()),
		intake.RetentionKinds(),
		complaint.RetentionKinds(),
		assess.RetentionKinds(),
		ask.RetentionKinds(),
		request.RetentionKinds(),
		appraisal.RetentionKinds(),
		transfer.RetentionKinds(),
		casework.RetentionKinds(hall.ForgetCasesTx),
		patrol.RetentionKinds(),
		resident.RetentionKinds(),
		dataright.RetentionKinds(),
		hall.RetentionKinds(),
		counselling.RetentionKinds(),
		pairing.RetentionKinds(),
		volunteer.RetentionKinds(),
		employment.RetentionKinds(),
		mediation.RetentionKinds(),
		exchange.RetentionKinds(),
		venue.RetentionKinds(),
		cobuild.RetentionKinds(),
		project.RetentionKinds(),
		notice.RetentionKinds(),
		[]retention.Kind{{
			Code: "audit.old", Title: i18n.RetentionAudit, Act: i18n.RetentionActAudit,
			Period: retention.Months("retention.audit_months", i18n.RetentionAudit, 36, "PRIV-11, PRIV-15"),
			Past: func(a *db.Args, tenant int64, before calendar.Date) retention.Rows {
				column, from := audit.PastLinks(a, tenant, before)
				return retention.Rows{ID: column, From: from}
			},
			Remove: audit.CutTx,
		}},
	)
}

// helped lets kinds that forget who was helped take the name out of the codes for counter-signing too.
func helped(kinds []retention.Kind) []retention.Kind {
	for i, k := range kinds {
		if k.Code != "activity.helped" && k.Code != "deed.helped" {
			continue
		}
		kinds[i].Remove = retention.Each(countersign.ForgetTx, k.Remove)
	}
	return kinds
}

// locked is what stays whatever is set, and what goes without a setting.
func locked() []retention.Kept {
	return []retention.Kept{
		{Title: i18n.RetentionFixedSessions, Why: i18n.RetentionFixedWhy},
		{Title: i18n.RetentionKeptSlips, Why: i18n.RetentionKeptSlipsWhy},
		{Title: i18n.RetentionKeptLife, Why: i18n.RetentionKeptLifeWhy},
		{Title: i18n.RetentionKeptPostings, Why: i18n.RetentionKeptPostWhy},
		{Title: i18n.RetentionKeptAccounts, Why: i18n.RetentionKeptAccWhy},
		{Title: i18n.RetentionKeptAudit, Why: i18n.RetentionKeptAuditWhy},
	}
}

func (a *App) runRetention(ctx context.Context, w *jobs.Work) error {
	var last time.Time
	_, err := a.Retention.Run(ctx, w.Job.Tenant, func(done, total int64) {
		if now := time.Now(); now.Sub(last) >= time.Second || done == total {
			last = now
			if err := w.Progress(ctx, done, total, ""); err != nil {
				a.Log.Warn("progress of retention", "err", err)
			}
		}
	})
	return err
}
