package api

import (
	"context"
	"time"

	"linli/internal/api/rest"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/retention"
)

// RetentionKind is one sort of record that is removed after a period.
type RetentionKind struct {
	Kind    string    `json:"kind" doc:"concept.what."`
	Title   string    `json:"title" doc:"What it is, in the language asked for."`
	Act     string    `json:"act" doc:"What is done with it."`
	Setting string    `json:"setting" doc:"Name of the setting that holds the period."`
	Period  int64     `json:"period" doc:"In force today; 0 for none, and then nothing is removed."`
	Unit    string    `json:"unit" doc:"Unit of the period."`
	Before  rest.Date `json:"before,omitempty" doc:"What is older is removed tonight."`
	Due     int64     `json:"due" doc:"How many are removed tonight."`
	Soon    int64     `json:"soon" doc:"How many follow within 90 days."`
}

// RetentionRun is what one night removed of one kind: a count.
type RetentionRun struct {
	ID      rest.ID   `json:"id" doc:"Identifier."`
	Kind    string    `json:"kind" doc:"concept.what."`
	Before  rest.Date `json:"before" doc:"What was older was removed."`
	Period  int64     `json:"period" doc:"Period then in force."`
	Removed int64     `json:"removed" doc:"How many."`
	At      time.Time `json:"at" doc:"When."`
}

func (h *handlers) retention(k *rest.Kit) {
	rest.Get(k, rest.Op{ID: "retention-kinds", Path: "/retention", Tag: "retention", Title: "What will be removed and when, in counts", Needs: perms(retention.PermSee)},
		func(ctx context.Context, a authz.Actor, in *rest.None) (rest.All[RetentionKind], error) {
			l := rest.Lang(ctx)
			list, err := h.Retention.List(ctx, a)
			return rest.AllOf(list, func(s retention.Standing) RetentionKind {
				out := RetentionKind{Kind: s.Code, Title: s.Title.In(l), Act: s.Act.In(l), Setting: s.Period.Name, Period: s.Now, Unit: s.Period.Unit.In(l), Due: s.Due, Soon: s.Soon}
				if s.Before != (calendar.Date{}) {
					out.Before = rest.DateOf(s.Before)
				}
				return out
			}), err
		})
	rest.Get(k, rest.Op{ID: "retention-runs", Path: "/retention/runs", Tag: "retention", Title: "What was removed, in counts, newest first", Needs: perms(retention.PermSee)},
		func(ctx context.Context, a authz.Actor, in *rest.Paging) (rest.Page[RetentionRun], error) {
			l, err := h.Retention.Runs(ctx, a, in.Page())
			return rest.PageOf(l, func(r retention.Done) RetentionRun {
				return RetentionRun{ID: rest.IDOf(r.ID), Kind: r.Kind.Code, Before: rest.Date(r.Before), Period: r.Period, Removed: r.Removed, At: r.At.UTC()}
			}), err
		})
}
