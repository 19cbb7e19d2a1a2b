package web

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"linli/internal/calendar"
	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/technician"
	caseview "linli/internal/web/view/casework"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
	view "linli/internal/web/view/technician"
)

func (h *Handler) dispatchRoutes() []route {
	dispatch := may(technician.PermDispatch)
	act := func(done i18n.Text, do func(r *http.Request, f *form, j id.ID) error) func(http.ResponseWriter, *http.Request) error {
		return h.acted(saying(done, do), view.JobHref, h.jobShown)
	}
	return []route{
		{pattern: "GET /dispatch", who: dispatch, serve: h.boardPage},
		{pattern: "POST /dispatch/offer", who: dispatch, serve: h.boardOffer},
		{pattern: "GET /dispatch/day", who: dispatch, serve: h.dispatchDayPage},
		{pattern: "GET /dispatch/classes", who: may(technician.PermSee), serve: h.dispatchClassesPage},
		{pattern: "GET /dispatch/done", who: may(technician.PermSee), serve: h.dispatchDonePage},
		{pattern: "GET /dispatch/done/export", who: may(technician.PermSee), serve: h.exportDone},
		{pattern: "GET /dispatch/jobs/{id}", who: dispatch, serve: h.deskJobPage},
		{pattern: "GET /dispatch/jobs/{id}/receipt", who: dispatch, serve: h.jobReceipt(view.JobHref)},
		{pattern: "POST /dispatch/jobs/{id}/withdraw", who: dispatch, serve: act(i18n.VisitWithdrawDone, func(r *http.Request, f *form, j id.ID) error {
			return h.Technician.Withdraw(r.Context(), actor(r), j, f.Text("words", technician.MaxWords))
		})},
		{pattern: "POST /dispatch/jobs/{id}/charge", who: dispatch, serve: act(i18n.VisitCorrectDone, h.jobCorrect)},
	}
}

// candidatesShown is how many of those who could be asked the board shows; the rest are found by name.
const candidatesShown = 30

func (h *Handler) boardPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	f := technician.BoardFilter{Show: q.Get("show"), Class: q.Get("class"), Community: queryID(r, "community"), Text: q.Get("q"), Page: pageOf(r)}
	list, err := h.Technician.Board(r.Context(), actor(r), f)
	if err != nil {
		return err
	}
	b := view.Board{Query: q, Items: list.Items, Before: list.Prev, After: list.Next, Now: h.Technician.Now(), Sees: actor(r).Can(casework.PermSee)}
	if c := queryID(r, "case"); c != 0 {
		b.Chosen, err = h.Technician.Chosen(r.Context(), actor(r), c)
		switch {
		case errs.KindOf(err) == errs.NotFound:
			b.Gone = true
		case err != nil:
			return err
		default:
			if b.Who, err = h.Technician.Candidates(r.Context(), actor(r), b.Chosen, q.Get("who"), candidatesShown); err != nil {
				return err
			}
		}
	}
	if b.Choices, err = h.Technician.Choices(r.Context(), actor(r).Tenant); err != nil {
		return err
	}
	if b.Places, err = h.communityOptions(r, actor(r).Scope(technician.PermDispatch)); err != nil {
		return err
	}
	return h.show(w, r, view.Dispatch(h.page(w, r, i18n.DispatchTitle), b))
}

// boardOffer asks a technician, and goes back to the board.
func (h *Handler) boardOffer(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	c, t := f.ID("case"), f.ID("technician")
	if err := f.Err(); err != nil {
		return err
	}
	to := view.BoardHref(c) + "#chosen"
	err = h.Technician.Offer(r.Context(), actor(r), c, t)
	if e := errs.As(err); e != nil && e.Kind == errs.Conflict {
		return h.say(w, r, to, failedFlash(e, lang(r)))
	} else if err != nil {
		return err
	}
	return h.done(w, r, to, i18n.DispatchOffered)
}

// mostOfDay is how many jobs the page of a day shows.
const mostOfDay = 500

func (h *Handler) dispatchDayPage(w http.ResponseWriter, r *http.Request) error {
	d := view.Day{Day: calendar.DateOf(h.Technician.Now()), Now: h.Technician.Now()}
	if day, err := calendar.Parse(r.URL.Query().Get("day")); err == nil && !day.IsZero() {
		d.Day = day
	}
	var err error
	if d.Jobs, err = h.Technician.Going(r.Context(), actor(r), d.Day, mostOfDay); err != nil {
		return err
	}
	return h.show(w, r, view.DayPage(h.page(w, r, i18n.DispatchDay), d))
}

// classDays is the span of the figures of services.
const classDays = 90

func (h *Handler) dispatchClassesPage(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Technician.ByClass(r.Context(), actor(r), calendar.DateOf(h.Technician.Now()).AddDays(-classDays))
	if err != nil {
		return err
	}
	return h.show(w, r, view.ClassesPage(h.page(w, r, i18n.DispatchClasses), list))
}

func (h *Handler) doneFilter(r *http.Request) technician.DoneFilter {
	q := r.URL.Query()
	return technician.DoneFilter{From: calendar.DateOf(h.Technician.Now()).AddDays(-classDays), Class: q.Get("class"), Only: q.Get("only"), Page: pageOf(r)}
}

func (h *Handler) dispatchDonePage(w http.ResponseWriter, r *http.Request) error {
	f := h.doneFilter(r)
	list, err := h.Technician.Done(r.Context(), actor(r), f)
	if err != nil {
		return err
	}
	d := view.Done{Query: r.URL.Query(), Jobs: list.Items, Before: list.Prev, After: list.Next, Now: h.Technician.Now(), Opens: actor(r).Can(technician.PermDispatch)}
	if d.Classes, err = h.Technician.ByClass(r.Context(), actor(r), f.From); err != nil {
		return err
	}
	p := h.page(w, r, i18n.DispatchDone)
	p.Active = view.BoardPath
	p.Breadcrumb = []layout.Crumb{{Text: i18n.DispatchClasses.In(lang(r)), Href: view.BoardPath + "/classes"}}
	return h.show(w, r, view.DonePage(p, d))
}

func (h *Handler) exportDone(w http.ResponseWriter, r *http.Request) error {
	type t = technician.Job
	f := h.doneFilter(r)
	return exportList(h, w, r, i18n.DispatchDone, []exportColumn[t]{
		{title: i18n.VisitCase, value: func(v t) any { return v.No }},
		{title: i18n.DispatchClass, value: func(v t) any { return v.Class }},
		{title: i18n.VisitWhat, value: func(v t) any { return v.Item }},
		{title: i18n.CaseCommunity, value: func(v t) any { return v.Community }},
		{title: i18n.VisitTechnician, value: func(v t) any { return v.Technician }},
		{title: i18n.VisitFinishedAt, value: func(v t) any { return i18n.DateTime(v.FinishedAt) }},
		{title: i18n.VisitMinutes, number: true, value: func(v t) any { return v.Minutes }},
		{title: i18n.VisitConfirmed, value: func(v t) any { return technician.ConfirmedText(v.Confirmed) }},
		{title: i18n.CaseRating, number: true, value: func(v t) any { return v.Rating }},
		{title: i18n.DispatchFen, value: func(v t) any { return catalogue.Yuan(v.Sum) }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page = p
		return h.Technician.Done(ctx, actor(r), f)
	}))
}

func (h *Handler) deskJobPage(w http.ResponseWriter, r *http.Request) error {
	page, err := h.jobShown(w, r, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, page)
}

func (h *Handler) jobShown(w http.ResponseWriter, r *http.Request, sent field.Form) (templ.Component, error) {
	n, err := pathID(r)
	if err != nil {
		return nil, err
	}
	j, err := h.Technician.DeskJob(r.Context(), actor(r), n)
	if err != nil {
		return nil, err
	}
	d := view.Job{Job: j, Sent: sent, SentBy: sent.Values.Get(formKey), Now: h.Technician.Now()}
	sees, err := h.Casework.Sees(r.Context(), actor(r), j.CaseID)
	if err != nil {
		return nil, err
	}
	if sees {
		d.Case = caseview.Href(j.CaseID)
	}
	p := h.page(w, r, i18n.Verbatim(i18n.VisitOf.In(lang(r), j.Technician)))
	p.Active = view.BoardPath
	p.Breadcrumb = []layout.Crumb{{Text: i18n.DispatchTitle.In(lang(r)), Href: view.BoardPath}}
	return view.JobPage(p, d), nil
}

// yuan reads an amount in yuan, in fen; 0 if it is empty.
func (f *form) yuan(name string) int64 {
	fen, ok := catalogue.ParseYuan(f.values.Get(name))
	if !ok {
		f.err = f.err.With(name, i18n.ErrBadNumber)
	}
	return fen
}

func (h *Handler) jobCorrect(r *http.Request, f *form, j id.ID) error {
	in := technician.Correction{ChargeID: f.ID("charge"), Fen: f.yuan("amount"), Reason: f.Text("reason", technician.MaxNote)}
	if err := f.Err(); err != nil {
		return err
	}
	return h.Technician.Correct(r.Context(), actor(r), j, in)
}

// jobReceipt shows the receipt of a job; back is the page it is reached from.
func (h *Handler) jobReceipt(back func(id.ID) string) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		n, err := pathID(r)
		if err != nil {
			return err
		}
		got, err := h.Technician.ReceiptOf(r.Context(), actor(r), n)
		if err != nil {
			return err
		}
		p := h.page(w, r, i18n.VisitReceiptTitle)
		p.Back = back(n)
		return h.show(w, r, view.ReceiptPage(p, got))
	}
}

// followReceipt shows whoever reported a case the receipt of its last job.
func (h *Handler) followReceipt(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	typed := f.values.Get("code")
	if err := h.follows.Allow(network(r), h.DB.Now()); err != nil {
		return h.followAgain(w, r, err, typed)
	}
	err = h.receiptTo(w, r, casework.Code(typed))
	if errs.KindOf(err) == errs.NotFound {
		err = h.followAgain(w, r, err, typed)
	}
	return err
}

// receiptTo shows whoever opens a case by a key the receipt of its last job.
func (h *Handler) receiptTo(w http.ResponseWriter, r *http.Request, k casework.Key) error {
	tenant, c, err := h.Casework.ToReporter(r.Context(), k)
	if err != nil {
		return err
	}
	got, err := h.Technician.ReceiptTo(r.Context(), tenant, c.ID)
	if err != nil {
		return err
	}
	return h.show(w, r, view.ReceiptPage(h.answered(w, r, i18n.VisitReceiptTitle, ""), got))
}

// caseJobs are the jobs of a case on its page, with the way to the board where it waits there.
func (h *Handler) caseJobs(r *http.Request, s *caseview.Show) error {
	a := actor(r)
	if !s.ByTechnician || !a.Can(technician.PermDispatch) {
		return nil
	}
	list, err := h.Technician.OfCase(r.Context(), a, s.ID)
	if err != nil {
		return err
	}
	board := ""
	if a.Scope(technician.PermDispatch).Covers(s.OrgID) {
		if _, err := h.Technician.Chosen(r.Context(), a, s.ID); err == nil {
			board = view.BoardHref(s.ID) + "#chosen"
		} else if errs.KindOf(err) != errs.NotFound {
			return err
		}
	}
	if len(list) > 0 || board != "" {
		s.Jobs = view.OfCase(list, board)
	}
	return nil
}

// caseEntered says that a case was entered, with its codes, and leads to the board where somebody is to be sent.
func (h *Handler) caseEntered(w http.ResponseWriter, r *http.Request, to string, got casework.Receipt) error {
	f := layout.Flash{Kind: layout.Done, Text: i18n.CaseNewDone.In(lang(r), got.No, got.Code)}
	if got.SignOff != "" {
		f.Text += " " + i18n.CaseSignOffSay.In(lang(r), got.SignOff)
		if actor(r).Can(technician.PermDispatch) {
			f.More, f.Says = view.BoardHref(got.ID)+"#chosen", i18n.DispatchToBoard.In(lang(r))
		}
	}
	return h.say(w, r, to, f)
}

// failedFlash says why something was not done.
func failedFlash(e *errs.Error, l i18n.Lang) layout.Flash {
	return layout.Flash{Kind: layout.Failed, Text: e.Message.In(l)}
}
