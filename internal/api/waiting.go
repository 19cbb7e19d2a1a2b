package api

import (
	"context"
	"time"

	"linli/internal/api/rest"
	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/holiday"
	"linli/internal/policy"
)

// CalendarYear is a year whose days off are known.
type CalendarYear struct {
	Year   int          `json:"year" doc:"Year."`
	Notice string       `json:"notice,omitempty" doc:"Title of the notice."`
	Loaded bool         `json:"loaded" doc:"Whether the district loaded it; otherwise it came with the program."`
	Days   []NoticedDay `json:"days" nullable:"false" doc:"Days off and exchanged working days."`
}

// NoticedDay is a day that differs from the plain week.
type NoticedDay struct {
	Day  rest.Date `json:"day" doc:"Day."`
	Off  bool      `json:"off" doc:"A day off; otherwise an exchanged working day."`
	Name string    `json:"name,omitempty" doc:"Holiday it belongs to."`
}

// Notice is a year as it is typed in.
type Notice struct {
	Year  int    `json:"year" doc:"Year."`
	Title string `json:"title,omitempty" maxLength:"200" doc:"Title of the notice."`
	Text  string `json:"text" maxLength:"10000" doc:"One line each: first day, last day, the word for off or for working as on the page, holiday; or the content of a yearly JSON file."`
}

// LoadedYear says what was loaded.
type LoadedYear struct {
	Year int `json:"year" doc:"Year."`
	Days int `json:"days" doc:"How many days."`
}

type noticeInput struct{ Body Notice }

func (h *handlers) daysOff(k *rest.Kit) {
	rest.Get(k, rest.Op{ID: "calendar-years", Path: "/calendar", Tag: "calendar", Title: "Years whose days off are known", Needs: perms(policy.PermSee, policy.PermSet)},
		func(ctx context.Context, a authz.Actor, in *rest.None) (rest.All[CalendarYear], error) {
			l, err := h.Holiday.Years(ctx, a)
			return rest.AllOf(l, func(y holiday.Year) CalendarYear {
				out := CalendarYear{Year: y.Year.Year, Notice: y.Notice, Loaded: y.Loaded, Days: []NoticedDay{}}
				for _, d := range y.Days {
					out.Days = append(out.Days, NoticedDay{rest.DateOf(d.Date), d.Off, d.Name})
				}
				return out
			}), err
		})
	rest.Post(k, rest.Op{ID: "calendar-load", Path: "/calendar", Tag: "calendar", Title: "Load the days off of a year, or replace what was loaded", Needs: perms(policy.PermSet)},
		func(ctx context.Context, a authz.Actor, in *noticeInput) (LoadedYear, error) {
			y, err := h.Holiday.Load(ctx, a, holiday.Notice{Year: in.Body.Year, Title: in.Body.Title, Text: in.Body.Text})
			return LoadedYear{y.Year, len(y.Days)}, err
		})
}

// AuditStanding is how the audit record stands.
type AuditStanding struct {
	Sealed   int64        `json:"sealed" doc:"Entries in the chain."`
	SealedAt *time.Time   `json:"sealed_at,omitempty" doc:"When the newest of them was made."`
	Unsealed int64        `json:"unsealed" doc:"Entries not linked yet."`
	Checks   []AuditCheck `json:"checks" nullable:"false" doc:"The latest checks of the chain, newest first."`
}

// AuditCheck is what came of one check of the chain.
type AuditCheck struct {
	ID     rest.ID   `json:"id" doc:"Identifier."`
	At     time.Time `json:"at" doc:"When."`
	Linked int64     `json:"linked" doc:"Entries that were checked."`
	Faults int64     `json:"faults" doc:"What was found."`
	First  string    `json:"first,omitempty" doc:"What is wrong first."`
	Tail   string    `json:"tail" doc:"Digest of the end of the chain: kept elsewhere, it proves that nothing before it was rewritten."`
}

func (h *handlers) auditChecks(k *rest.Kit) {
	rest.Get(k, rest.Op{ID: "audit-standing", Path: "/audit/checks", Tag: "audit", Title: "How the record stands and what came of checking it", Needs: perms(audit.PermRead)},
		func(ctx context.Context, a authz.Actor, in *rest.None) (AuditStanding, error) {
			s, err := audit.Stands(ctx, h.db, a)
			if err != nil {
				return AuditStanding{}, err
			}
			l, err := audit.Checks(ctx, h.db, a)
			return AuditStanding{Sealed: s.Sealed, SealedAt: rest.UTC(s.SealedAt), Unsealed: s.Unsealed, Checks: rest.AllOf(l, func(c audit.Checked) AuditCheck {
				return AuditCheck{rest.IDOf(c.ID), c.At.UTC(), c.Linked, c.Faults, c.First, c.Tail}
			}).Items}, err
		})
	rest.Act(k, rest.Op{ID: "audit-check", Path: "/audit/checks", Tag: "audit", Title: "Begin a check of the record in the background", Needs: perms(audit.PermRead)},
		func(ctx context.Context, a authz.Actor, in *rest.None) error { return h.CheckAudit(ctx, a) })
}
