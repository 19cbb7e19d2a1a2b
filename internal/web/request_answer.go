package web

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/request"
	"linli/internal/tabular"
	"linli/internal/web/view/partial"
	view "linli/internal/web/view/request"
)

// sendBook answers with a workbook.
func sendBook(w http.ResponseWriter, name string, data []byte) error {
	attachment(w, name, tabular.ContentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	_, err := w.Write(data)
	return err
}

func (h *Handler) answerFile(w http.ResponseWriter, r *http.Request) error {
	answerID, err := pathID(r)
	if err != nil {
		return err
	}
	x, data, err := h.Request.File(r.Context(), actor(r), answerID)
	if err != nil {
		return err
	}
	return sendBook(w, strings.TrimSuffix(x.FileName, ".xlsx")+"-"+x.Party+"-"+view.Period(lang(r), x.Period)+".xlsx", data)
}

func (h *Handler) requestAnswer(w http.ResponseWriter, r *http.Request) error {
	var in request.NewAnswer
	var f *form
	var err error
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		if f, in.FileName, in.File, err = readDropped(w, r, request.MaxFile); f == nil {
			return err
		}
		if f.err = faultOfFile(err); f.err == nil && err != nil {
			return err
		}
	} else {
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		if f, err = readForm(r); err != nil {
			return err
		}
	}
	requestID, err := pathID(r)
	if err != nil {
		return err
	}
	in.RequestID, in.OrganisationID, in.Period, in.Edition = requestID, f.ID("organisation"), f.values.Get("period"), f.Int("edition")
	in.Purpose, in.Partly, in.Minutes, in.Note, in.Seconds = f.values.Get("purpose"), f.Bool("partly"), f.Int("minutes"), f.Text("note", 200), min(f.seconds(h.DB.Now()), 30*60)
	var x request.Answer
	if err = f.Err(); err == nil {
		x, err = h.Request.Answer(r.Context(), actor(r), in)
	}
	return h.requestAgain(w, r, f, err, func() error {
		return h.done(w, r, view.AnswerHref(requestID, x.PartyID, x.Period), i18n.RequestHanded, x.Asked, x.Filled, max(0, x.Percent()))
	})
}

func (h *Handler) requestCopy(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	requestID, err := pathID(r)
	if err != nil {
		return err
	}
	made, err := h.Request.Copy(r.Context(), actor(r), requestID, f.ID("organisation"), "")
	return h.requestAgain(w, r, f, err, func() error { return h.done(w, r, "/forms/"+made.String(), i18n.RequestCopied) })
}

func answerFilter(r *http.Request) request.AnswerFilter {
	q := r.URL.Query()
	f := request.AnswerFilter{RequestID: queryID(r, "request"), OrganisationID: queryID(r, "organisation"), Office: q.Get("office"), All: q.Get("all") != "", Page: pageOf(r)}
	if d, err := calendar.Parse(q.Get("month") + "-01"); err == nil {
		f.From, f.To = d, d.EndOfMonth()
	}
	return f
}

func (h *Handler) answersPage(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Request.Answers(r.Context(), actor(r), answerFilter(r))
	if err != nil {
		return err
	}
	office, err := h.officeFilter(r)
	if err != nil {
		return err
	}
	months := partial.Filter{Name: "month", Label: i18n.RequestMonthCol}
	for n := range 24 {
		m := h.today().StartOfMonth().AddMonths(-n).String()[:7]
		months.Options = append(months.Options, partial.Option{Value: m, Text: i18n.Verbatim(m)})
	}
	l := view.Answers{Query: r.URL.Query(), Items: list.Items, Before: list.Prev, After: list.Next, Filters: []partial.Filter{office, months,
		{Name: "all", Label: i18n.RequestEditions, Options: []partial.Option{{Value: "1", Text: i18n.RequestEditions}}}}, Files: mayRead(actor(r))}
	return h.show(w, r, view.AnswersPage(h.requestCrumbs(w, r, i18n.RequestAnswers), l))
}

// mayRead says of which answers the file is offered. The service decides.
func mayRead(a authz.Actor) func(request.Answer) bool {
	answers, keeps := a.Scope(request.PermAnswer), a.Scope(request.PermRegister)
	return func(x request.Answer) bool { return answers.Covers(x.PartyID) || keeps.Covers(x.PartyID) }
}

func (h *Handler) exportAnswers(w http.ResponseWriter, r *http.Request) error {
	type t = request.Answer
	f, l := answerFilter(r), lang(r)
	return exportList(h, w, r, i18n.RequestAnswers, []exportColumn[t]{
		{title: i18n.RequestName, value: func(v t) any { return v.Title }},
		{title: i18n.RequestOffice, value: func(v t) any { return v.Office }},
		{title: i18n.RequestPeriod, value: func(v t) any { return view.Period(l, v.Period) }},
		{title: i18n.RequestParties, value: func(v t) any { return v.Party }},
		{title: i18n.RequestDue, value: func(v t) any { return v.DueOn.String() }},
		{title: i18n.RequestWhen, value: func(v t) any { return i18n.DateTime(v.At) }},
		{title: i18n.RequestWho, value: func(v t) any { return v.By }},
		{title: i18n.RequestWay, value: func(v t) any { return v.Way.Text() }},
		{title: i18n.RequestFields, number: true, value: func(v t) any { return v.Asked }},
		{title: i18n.RequestFilled, number: true, value: func(v t) any { return v.Filled }},
		{title: i18n.RequestLeft, number: true, value: func(v t) any { return v.Left() }},
		{title: i18n.RequestTook, number: true, value: func(v t) any { return v.Minutes }},
		{title: i18n.RequestNote, value: func(v t) any { return v.Note }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page = p
		return h.Request.Answers(ctx, actor(r), f)
	}))
}
