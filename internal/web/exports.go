package web

import (
	"context"
	"net/http"

	"linli/internal/audit"
	"linli/internal/authn"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/complaint"
	"linli/internal/db"
	"linli/internal/fact"
	"linli/internal/feedback"
	"linli/internal/i18n"
	"linli/internal/jobs"
	"linli/internal/member"
	"linli/internal/person"
	"linli/internal/place"
	view "linli/internal/web/view/platform"
	"linli/internal/web/view/slip"
)

// mostRows is how many rows a page of a list holds that is read for an export.
const mostRows = 500

// pages reads every row of a list, a page at a time.
func pages[T any](list func(context.Context, db.Page) (db.List[T], error)) func(context.Context, func(T) error) error {
	return func(ctx context.Context, fn func(T) error) error {
		page := db.Page{Limit: mostRows}
		for {
			l, err := list(ctx, page)
			if err != nil {
				return err
			}
			for _, row := range l.Items {
				if err := fn(row); err != nil {
					return err
				}
			}
			if l.Next == "" {
				return nil
			}
			page.After = db.ParseCursor(l.Next)
		}
	}
}

// mostPrinted is how many rows of a list are printed at once.
const mostPrinted = 2000

// first reads the first most rows that each gives.
func first[T any](ctx context.Context, each func(context.Context, func(T) error) error, most int) ([]T, error) {
	var out []T
	err := each(ctx, func(row T) error {
		if out = append(out, row); len(out) == most {
			return errStopped
		}
		return nil
	})
	if err == errStopped {
		err = nil
	}
	return out, err
}

func (h *Handler) exportDivisions(w http.ResponseWriter, r *http.Request) error {
	type t = place.Division
	f := divisionFilter(r)
	return exportList(h, w, r, i18n.PlaceDivisions, []exportColumn[t]{
		{title: i18n.PlaceColCode, value: func(v t) any { return v.Code }},
		{title: i18n.PlaceColName, value: func(v t) any { return v.Name }},
		{title: i18n.PlaceColLevel, value: func(v t) any { return v.Level.Text() }},
		{title: i18n.PlaceDivisionKind, value: func(v t) any { return code.Division(v.Code).Kind() }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page = p
		return h.Place.Divisions(ctx, actor(r), f)
	}))
}

func (h *Handler) exportQuarters(w http.ResponseWriter, r *http.Request) error {
	type t = place.QuarterItem
	f := placeFilter(r)
	return exportList(h, w, r, i18n.PlaceQuarters, []exportColumn[t]{
		{title: i18n.PlaceName, value: func(v t) any { return v.Name }},
		{title: i18n.PlaceCommunityIs, value: func(v t) any { return v.Community }},
		{title: i18n.PlaceAddress, value: func(v t) any { return v.Address }},
		{title: i18n.PlaceBuildingsNo, number: true, value: func(v t) any { return v.Buildings }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page = p
		return h.Place.Quarters(ctx, actor(r), f)
	}))
}

func (h *Handler) exportHouseholds(w http.ResponseWriter, r *http.Request) error {
	type t = person.HouseholdItem
	f := householdFilter(r)
	return exportList(h, w, r, i18n.HouseholdTitle, []exportColumn[t]{
		{title: i18n.ResidentAddress, value: func(v t) any { return v.Address }},
		{title: i18n.HouseholdHead, value: func(v t) any { return v.Head }},
		{title: i18n.HouseholdPeople, number: true, value: func(v t) any { return v.People }},
		{title: i18n.ResidentCommunity, value: func(v t) any { return v.CommunityName }},
	}, func(ctx context.Context, fn func(t) error) error {
		return h.Person.ExportHouseholds(ctx, actor(r), f, fn)
	})
}

func (h *Handler) exportFloating(w http.ResponseWriter, r *http.Request) error {
	type t = member.FloatingItem
	f := floatingFilter(r)
	return exportList(h, w, r, i18n.FloatingTitle, []exportColumn[t]{
		{title: i18n.MemberName, value: func(v t) any { return v.Name }},
		{title: i18n.ResidentPhone, value: func(v t) any { return v.PhoneMask }},
		{title: i18n.FloatingDir, value: func(v t) any { return v.Direction.Text() }},
		{title: i18n.FloatingPlace, value: func(v t) any { return v.Place }},
		{title: i18n.FloatingFrom, value: func(v t) any { return v.FromOn.String() }},
		{title: i18n.MemberHomeLabel, value: func(v t) any { return v.Home }},
		{title: i18n.FloatingLast, value: func(v t) any { return v.LastContact.String() }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page = p
		return h.Member.Floating(ctx, actor(r), f)
	}))
}

func (h *Handler) exportReasons(w http.ResponseWriter, r *http.Request) error {
	type t = member.ReasonItem
	f := member.ReasonFilter{CommunityID: queryID(r, "community"), UnitID: queryID(r, "unit"), Reason: member.Absence(r.URL.Query().Get("reason"))}
	return exportList(h, w, r, i18n.AbsenceTitle, []exportColumn[t]{
		{title: i18n.AbsenceMember, value: func(v t) any { return v.Name }},
		{title: i18n.AbsenceWhy, value: func(v t) any { return v.Reason.Reason.Text() }},
		{title: i18n.AbsenceNote, value: func(v t) any { return v.Note }},
		{title: i18n.MemberUnit, value: func(v t) any { return v.Unit }},
		{title: i18n.MemberCommunity, value: func(v t) any { return v.Community }},
		{title: i18n.FloatingFrom, value: func(v t) any { return v.From.String() }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page = p
		return h.Member.Reasons(ctx, actor(r), f)
	}))
}

func (h *Handler) exportAccounts(w http.ResponseWriter, r *http.Request) error {
	type t = authn.Account
	f, now, l := accountFilter(r), h.DB.Now(), lang(r)
	return exportList(h, w, r, i18n.AccountsTitle, []exportColumn[t]{
		{title: i18n.AccountName, value: func(v t) any { return v.Name }},
		{title: i18n.AccountLogin, value: func(v t) any { return v.Login }},
		{title: i18n.AccountRoles, value: func(v t) any { return view.HeldAs(l, v) }},
		{title: i18n.AccountState, value: func(v t) any { return view.AccountState(r.Context(), v, now).Text }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page = p
		return h.Authn.List(ctx, actor(r), f)
	}))
}

func (h *Handler) exportAudit(w http.ResponseWriter, r *http.Request) error {
	type t = audit.Row
	f := auditFilter(r)
	words, err := h.auditWords(r)
	if err != nil {
		return err
	}
	return exportList(h, w, r, i18n.AuditTitle, []exportColumn[t]{
		{title: i18n.AuditWhen, value: func(v t) any { return i18n.DateTime(v.At) }},
		{title: i18n.AuditWho, value: func(v t) any { return v.ActorName }},
		{title: i18n.AccountRoles, value: func(v t) any { return words.Role(r.Context(), v.ActorRole) }},
		{title: i18n.AuditWhat, value: func(v t) any { return i18n.ActWord(v.Action) }},
		{title: i18n.AuditAbout, value: func(v t) any { return v.SubjectKind + " " + v.SubjectID.String() }},
		{title: i18n.AuditPurpose, value: func(v t) any { return words.Purpose(r.Context(), v.Purpose) }},
		{title: i18n.AuditDetail, value: func(v t) any { return v.Detail }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page = p
		return audit.Search(ctx, h.DB, actor(r).Scope(permAudit), f)
	}))
}

func (h *Handler) exportComplaints(w http.ResponseWriter, r *http.Request) error {
	type t = complaint.Complaint
	f := complaint.Filter{State: complaint.State(r.URL.Query().Get("state"))}
	return exportList(h, w, r, i18n.ComplaintTitle, []exportColumn[t]{
		{title: i18n.ComplaintWhen, value: func(v t) any { return i18n.DateTime(v.CreatedAt) }},
		{title: i18n.ComplaintBy, value: func(v t) any { return v.By }},
		{title: i18n.ComplaintPage, value: func(v t) any { return v.Page }},
		{title: i18n.ComplaintBody, value: func(v t) any { return v.Body }},
		{title: i18n.ComplaintState, value: func(v t) any { return view.ComplaintState(v).Text }},
		{title: i18n.ComplaintAnswer, value: func(v t) any { return v.Answer }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page = p
		return h.Complaint.List(ctx, actor(r), f)
	}))
}

func (h *Handler) exportJobs(w http.ResponseWriter, r *http.Request) error {
	type t = jobs.Job
	state := jobs.State(r.URL.Query().Get("state"))
	return exportList(h, w, r, i18n.JobTitle, []exportColumn[t]{
		{title: i18n.JobKind, value: func(v t) any { return i18n.ActWord(v.Kind) }},
		{title: i18n.JobWhen, value: func(v t) any { return i18n.DateTime(v.CreatedAt) }},
		{title: i18n.JobEnded, value: func(v t) any { return i18n.DateTime(v.FinishedAt) }},
		{title: i18n.JobState, value: func(v t) any { return view.JobState(v.State).Text }},
		{title: i18n.JobMessage, value: func(v t) any { return v.Message }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		return jobs.Recent(ctx, h.DB, actor(r), state, p)
	}))
}

func (h *Handler) exportFacts(w http.ResponseWriter, r *http.Request) error {
	ed, err := h.Facts.Edition(r.Context(), actor(r).Tenant)
	if err != nil {
		return err
	}
	type t = fact.Fact
	return exportList(h, w, r, i18n.FactTitle, []exportColumn[t]{
		{title: i18n.FactName, value: func(v t) any { return v.Name }},
		{title: i18n.FactSubject, value: func(v t) any { return v.Subject.Text() }},
		{title: i18n.FactType, value: func(v t) any { return v.Type.Text() }},
		{title: i18n.FactSensitivity, value: func(v t) any { return v.Sensitivity.Text() }},
		{title: i18n.FactMeaning, value: func(v t) any { return v.Doc }},
	}, func(_ context.Context, fn func(t) error) error {
		for _, f := range ed.Facts() {
			if factFits(f, r.URL.Query()) {
				if err := fn(f); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func (h *Handler) exportEvaluations(w http.ResponseWriter, r *http.Request) error {
	type t = feedback.Evaluation
	f := h.evaluationFilter(r)
	return exportList(h, w, r, i18n.FeedbackEvaluations, []exportColumn[t]{
		{title: i18n.FeedbackMember, value: func(v t) any { return v.Name }},
		{title: i18n.FeedbackUnit, value: func(v t) any { return v.Unit }},
		{title: i18n.FeedbackState, value: func(v t) any { return slip.EvaluationState(v).Text }},
		{title: i18n.FeedbackHours, number: true, value: func(v t) any { return i18n.Hours(v.Minutes) }},
		{title: i18n.FeedbackDeeds, number: true, value: func(v t) any { return v.Deeds }},
		{title: i18n.FeedbackActivities, number: true, value: func(v t) any { return v.Activities }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page = p
		return h.Feedback.Evaluations(ctx, actor(r), f)
	}))
}

// auditFilter reads the filters of the audit record from the address.
func auditFilter(r *http.Request) audit.Filter {
	q := r.URL.Query()
	f := audit.Filter{AccountID: queryID(r, "account"), PersonID: queryID(r, "person"), SubjectID: queryID(r, "subject"),
		Action: q.Get("action"), Looks: q.Get("looks") != "", Page: pageOf(r)}
	if d, err := calendar.Parse(q.Get("from")); err == nil && !d.IsZero() {
		f.From = d.Time()
	}
	if d, err := calendar.Parse(q.Get("to")); err == nil && !d.IsZero() {
		f.To = d.AddDays(1).Time() // the last day counts
	}
	return f
}

// accountFilter reads the filters of the accounts from the address.
func accountFilter(r *http.Request) authn.Filter {
	q := r.URL.Query()
	return authn.Filter{Text: q.Get("q"), Role: q.Get("role"), OrgID: queryID(r, "organisation"), Status: authn.Status(q.Get("status")),
		About: authn.Concern(q.Get("about")), Page: pageOf(r)}
}

// floatingFilter reads the filters of the floating members from the address.
func floatingFilter(r *http.Request) member.FloatingFilter {
	q := r.URL.Query()
	return member.FloatingFilter{Direction: member.Direction(q.Get("direction")), CommunityID: queryID(r, "community"),
		Overdue: q.Get("show") == "overdue", Back: q.Get("show") == "back", Page: pageOf(r)}
}
