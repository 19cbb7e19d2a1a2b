package web

import (
	"net/http"

	"github.com/a-h/templ"

	"linli/internal/errs"
	"linli/internal/fact"
	"linli/internal/fill"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/request"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
	view "linli/internal/web/view/request"
)

func (h *Handler) requestRoutes() []route {
	see, register, answer := may(request.PermSee), may(request.PermRegister), may(request.PermAnswer)
	return []route{
		{pattern: "GET /requests", who: see, serve: h.requestsPage},
		{pattern: "GET /requests/export", who: see, serve: h.exportRequests},
		{pattern: "GET /requests/print", who: see, serve: h.requestsPrint},
		{pattern: "GET /requests/new", who: register, serve: h.requestNewPage},
		{pattern: "POST /requests/drop", who: register, serve: h.requestDrop, upload: true},
		{pattern: "POST /requests", who: register, serve: h.requestRegister},
		{pattern: "GET /requests/answers", who: see, serve: h.answersPage},
		{pattern: "GET /requests/answers/export", who: see, serve: h.exportAnswers},
		{pattern: "GET /requests/answers/{id}/file", who: may(request.PermAnswer, request.PermRegister), serve: h.answerFile},
		{pattern: "GET /requests/{id}", who: see, serve: h.requestPage},
		{pattern: "GET /requests/{id}/print", who: see, serve: h.requestPrint},
		{pattern: "GET /requests/{id}/form", who: see, serve: h.requestForm},
		{pattern: "GET /requests/{id}/edit", who: register, serve: h.requestEditPage},
		{pattern: "POST /requests/{id}/edit", who: register, serve: h.requestCorrect},
		{pattern: "POST /requests/{id}/stop", who: register, serve: h.requestStop},
		{pattern: "POST /requests/{id}/answers", who: answer, serve: h.requestAnswer, upload: true},
		{pattern: "POST /requests/{id}/copy", who: answer, serve: h.requestCopy},
	}
}

func (h *Handler) requestCrumbs(w http.ResponseWriter, r *http.Request, title i18n.Text, args ...any) layout.Page {
	p := h.page(w, r, title, args...)
	p.Active = view.Path
	p.Breadcrumb = []layout.Crumb{{Text: i18n.RequestTitle.In(lang(r)), Href: view.Path}}
	return p
}

func (h *Handler) requestPage(w http.ResponseWriter, r *http.Request) error {
	body, err := h.requestOne(w, r, field.Form{}, queryID(r, "organisation"), r.URL.Query().Get("period"))
	if err != nil {
		return err
	}
	return h.show(w, r, body)
}

// requestShow reads a request for its page. The organisation and the period that are answered on it are those asked for, or the first that waits.
func (h *Handler) requestShow(r *http.Request, at id.ID, period string) (view.Show, error) {
	s := view.Show{Answers: map[id.ID]bool{}, MayForms: actor(r).Can(fill.PermFill), Define: actor(r).Can(fact.PermDefine)}
	requestID, err := pathID(r)
	if err != nil {
		return s, err
	}
	if s.Detail, err = h.Request.Get(r.Context(), actor(r), requestID); err != nil {
		return s, err
	}
	s.Keeps = request.MayChange(actor(r), s.Request)
	for _, p := range s.Parties {
		s.Answers[p.ID] = request.MayAnswer(actor(r), p)
		if p.ID == at || at == 0 && s.At.ID == 0 {
			s.At = p
		}
	}
	if s.State == request.Paused || s.State == request.Ended {
		return s, nil
	}
	for i := range s.Dues { // the latest first: the last that fits has waited longest
		d := &s.Dues[i]
		asked := d.Party.ID == at && d.Period == period
		if !s.Answers[d.Party.ID] || !asked && (period != "" || d.Answer != nil || at != 0 && d.Party.ID != at) {
			continue
		}
		s.Due, s.At, s.Period = d, d.Party, d.Period
	}
	return s, nil
}

func (h *Handler) requestOne(w http.ResponseWriter, r *http.Request, f field.Form, at id.ID, period string) (templ.Component, error) {
	s, err := h.requestShow(r, at, period)
	if err != nil {
		return nil, err
	}
	s.Form = f
	if s.Sealed {
		if s.Purposes, err = h.purposeOptions(r, i18n.FillNoPurpose); err != nil {
			return nil, err
		}
	}
	if s.At.ID != 0 && s.MayForms && s.State != request.Ended {
		s.Held, err = h.Request.Held(r.Context(), actor(r), s.ID, s.At.ID)
		switch e := errs.As(err); {
		case err == nil:
			s.Looked = true
		case e != nil && e.Kind == errs.Invalid:
			s.Wrong = e.Said().In(lang(r))
		case errs.KindOf(err) != errs.Forbidden && errs.KindOf(err) != errs.NotFound:
			return nil, err
		}
	}
	return view.One(h.requestCrumbs(w, r, i18n.Verbatim("{0}"), s.Title), s), nil
}

func (h *Handler) requestPrint(w http.ResponseWriter, r *http.Request) error {
	s, err := h.requestShow(r, 0, "")
	if err != nil {
		return err
	}
	p := h.page(w, r, i18n.Verbatim("{0}"), s.Title)
	p.Back = view.Href(s.ID)
	return h.show(w, r, view.Paper(p, s))
}

func (h *Handler) requestForm(w http.ResponseWriter, r *http.Request) error {
	return h.sendForm(w, r, h.Request.Form, "")
}

func (h *Handler) requestStop(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	requestID, err := pathID(r)
	if err != nil {
		return err
	}
	act, reason, version, until := f.Need("act", 10), f.Text("reason", 200), f.Version(), f.Date("ends_on")
	if err = f.Err(); err == nil {
		switch act {
		case request.ActPause:
			err = h.Request.Pause(r.Context(), actor(r), requestID, version, reason)
		case request.ActResume:
			err = h.Request.Resume(r.Context(), actor(r), requestID, version)
		case request.ActEnd:
			err = h.Request.End(r.Context(), actor(r), requestID, version, reason)
		case request.ActExtend:
			err = h.Request.Extend(r.Context(), actor(r), requestID, version, until, reason)
		default:
			err = errs.Field("act", i18n.ErrBadChoice)
		}
	}
	return h.requestAgain(w, r, f, err, func() error { return h.done(w, r, view.Href(requestID), i18n.RequestDone) })
}

// requestAgain shows a request once more with what is wrong with a form on its page, or goes on.
func (h *Handler) requestAgain(w http.ResponseWriter, r *http.Request, f *form, err error, then func() error) error {
	if e := errs.As(err); e != nil && (e.Kind == errs.Invalid || e.Kind == errs.Conflict) {
		body, berr := h.requestOne(w, r, f.Show(e), f.ID("organisation"), f.values.Get("period"))
		if berr != nil {
			return berr
		}
		return h.again(w, r, e, func(*errs.Error) templ.Component { return body })
	}
	if err != nil {
		return err
	}
	return then()
}
