package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"linli/internal/authz"
	"linli/internal/burden"
	"linli/internal/errs"
	"linli/internal/figure"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/tabular"
	"linli/internal/web/view/field"
	view "linli/internal/web/view/figure"
	"linli/internal/web/view/layout"
)

// period reads the period of an address; the present quarter if there is none.
func (h *Handler) period(r *http.Request) (figure.Period, error) {
	s := r.URL.Query().Get("period")
	if s == "" {
		return h.Figure.Current(), nil
	}
	return figure.ParsePeriod(s)
}

// placeOf reads the place of an address; 0, for the largest in scope, if there is none. What is no ID is not found.
func placeOf(r *http.Request) (id.ID, error) {
	s := r.URL.Query().Get("place")
	if s == "" {
		return 0, nil
	}
	v, err := id.Parse(s)
	if err != nil {
		return 0, errs.ErrNotFound
	}
	return v, nil
}

// choices are the places and periods to choose from.
func (h *Handler) choices(r *http.Request, p figure.Period) (places, periods []field.Option, err error) {
	list, err := h.Figure.Places(r.Context(), actor(r))
	if err != nil {
		return nil, nil, err
	}
	for _, x := range list {
		places = append(places, field.Option{Value: x.ID.String(), Text: i18n.Verbatim(x.Name)})
	}
	return places, h.periodChoices(r, p), nil
}

func (h *Handler) report(r *http.Request) (figure.Report, error) {
	p, err := h.period(r)
	if err != nil {
		return figure.Report{}, err
	}
	place, err := placeOf(r)
	if err != nil {
		return figure.Report{}, err
	}
	rep, err := h.Figure.ReportOf(r.Context(), actor(r), place, p)
	if err == nil && r.URL.Query().Get("outside") != "" {
		rep = rep.ForOutside()
	}
	return rep, err
}

func (h *Handler) reportPage(w http.ResponseWriter, r *http.Request) error {
	rep, err := h.report(r)
	if err != nil {
		return err
	}
	places, periods, err := h.choices(r, rep.Period)
	if err != nil {
		return err
	}
	p := h.page(w, r, i18n.FigureReport)
	return h.show(w, r, view.Report(p, rep, places, periods, actor(r).Scope(figure.PermKeep).All()))
}

func (h *Handler) reportPrint(w http.ResponseWriter, r *http.Request) error {
	rep, err := h.report(r)
	if err != nil {
		return err
	}
	p := h.page(w, r, i18n.FigureReportOf, rep.Place.Name, rep.Period.Label())
	p.Back = view.ReportHref(rep.Place.ID.String(), rep.Period.String())
	return h.show(w, r, view.Paper(p, rep))
}

func reportName(r *http.Request, rep figure.Report) string {
	return i18n.FigureReportOf.In(lang(r), rep.Place.Name, rep.Period.Label())
}

func (h *Handler) reportWord(w http.ResponseWriter, r *http.Request) error {
	rep, err := h.report(r)
	if err != nil {
		return err
	}
	out := &firstWrite{w: w, before: func() {
		attachment(w, reportName(r, rep)+".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
	}}
	return view.Word(out, lang(r), rep, h.DB.Now())
}

func (h *Handler) reportExcel(w http.ResponseWriter, r *http.Request) error {
	rep, err := h.report(r)
	if err != nil {
		return err
	}
	out := &firstWrite{w: w, before: func() {
		attachment(w, reportName(r, rep)+".xlsx", tabular.ContentType)
	}}
	return view.Excel(out, lang(r), rep)
}

func (h *Handler) figuresPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	list := figure.Search(q.Get("q"))
	recorded := 0
	for _, f := range list {
		if f.Recorded() {
			recorded++
		}
	}
	return h.show(w, r, view.Catalogue(h.page(w, r, i18n.FigureTitle), q, list, recorded))
}

func figureQuery(r *http.Request, h *Handler) (figure.Query, error) {
	f, err := figure.ByID(r.PathValue("id"))
	if err != nil {
		return figure.Query{}, err
	}
	q := figure.Query{Figure: f.ID, Dim: r.URL.Query().Get("dim"), Item: r.URL.Query().Get("item"), Page: pageOf(r)}
	if q.Period, err = h.period(r); err != nil {
		return q, err
	}
	q.Place, err = placeOf(r)
	return q, err
}

func (h *Handler) figurePage(w http.ResponseWriter, r *http.Request) error {
	in, err := figureQuery(r, h)
	if err != nil {
		return err
	}
	d, err := h.Figure.Get(r.Context(), actor(r), in.Figure, in.Place, in.Period)
	if err != nil {
		return err
	}
	s := view.Shown{Detail: d, Query: r.URL.Query(), Dim: in.Dim, Item: in.Item, Href: func(rec figure.Record) string { return recordHref(actor(r), d, rec) }}
	if s.Places, s.Periods, err = h.choices(r, d.Period); err != nil {
		return err
	}
	if d.Live.Known && d.Figure.Ratio == nil {
		list, err := h.Figure.Records(r.Context(), actor(r), in)
		if err != nil {
			return err
		}
		if s.LeftOut, err = h.Figure.LeftOut(r.Context(), actor(r), in); err != nil {
			return err
		}
		s.Records, s.Before, s.After = list.Items, list.Prev, list.Next
	}
	p := h.page(w, r, d.Figure.Name())
	p.Active = "/report"
	p.Breadcrumb = []layout.Crumb{{Text: i18n.FigureReport.In(lang(r)), Href: view.ReportHref(d.Place.ID.String(), d.Period.String())}}
	return h.show(w, r, view.Figure(p, s))
}

// recordHref is where a record of a figure opens; "" where the actor may not open it, or there is nothing more to see.
func recordHref(a authz.Actor, d figure.Detail, r figure.Record) string {
	if d.Figure.Subject == figure.Form {
		if !a.Can(burden.PermSee) || r.Label == "" {
			return ""
		}
		return "/burden/" + url.PathEscape(r.Label)
	}
	if !r.Opens || r.SubjectID == 0 {
		return ""
	}
	switch d.Figure.Subject {
	case figure.Posting:
		return "/ledger/postings/" + r.SubjectID.String()
	case figure.Appointment:
		return "/posts/" + r.SubjectID.String()
	case figure.Responsibility:
		return "/responsibilities/" + r.SubjectID.String()
	case figure.Activity:
		return "/activities/" + r.SubjectID.String()
	case figure.Evaluation:
		return "/evaluations/" + strconv.Itoa(d.Period.End().Year()) + "/" + r.SubjectID.String()
	case figure.TwoNew:
		return "/two-new/" + r.SubjectID.String()
	case figure.QuarterArea:
		return "/buildings?quarter=" + r.SubjectID.String()
	case figure.Seeker:
		return "/employment/" + r.SubjectID.String()
	case figure.Preferential:
		return "/employment/certificates/" + r.SubjectID.String()
	case figure.Hardship:
		return "/pairing/" + r.SubjectID.String()
	case figure.Visit:
		return "" // the notes of a visit stand at its household, and each look is recorded there
	case figure.Import:
		return "" // imports open to who made them
	}
	return "/" + string(d.Figure.Subject) + "s/" + r.SubjectID.String()
}

func (h *Handler) exportFigure(w http.ResponseWriter, r *http.Request) error {
	in, err := figureQuery(r, h)
	if err != nil {
		return err
	}
	f, err := figure.ByID(in.Figure)
	if err != nil {
		return err
	}
	type rec = figure.Record
	cols := []exportColumn[rec]{
		{title: i18n.FigureRecord, value: func(v rec) any { return v.Label }},
		{title: i18n.FigurePlace, value: func(v rec) any { return v.Place }},
		{title: i18n.FigureDay, value: func(v rec) any { return v.Day() }},
	}
	d, err := h.Figure.Get(r.Context(), actor(r), in.Figure, in.Place, in.Period)
	if err != nil {
		return err
	}
	names := view.ItemNames(d)
	for i, dim := range f.Dims {
		cols = append(cols, exportColumn[rec]{title: dim.Name, value: func(v rec) any { return view.ItemName(names, dim, v.Items[i]) }})
	}
	left, err := h.Figure.LeftOut(r.Context(), actor(r), in)
	if err != nil {
		return err
	}
	foot := ""
	if left > 0 { // as the page says it
		foot = i18n.FigureLeftOutFile.In(lang(r), left)
	}
	cols = append(cols, exportColumn[rec]{title: i18n.FigureAmount, number: true, value: func(v rec) any { return f.Number(figure.Value{Amount: v.Amount, Known: true}) }})
	return exportList(h, w, r, f.Name(), cols, func(ctx context.Context, fn func(rec) error) error {
		return h.Figure.EachRecord(ctx, actor(r), in, fn)
	}, foot)
}

// keepAct reads the period of a form, does something to it and goes back to the report.
func (h *Handler) keepAct(said i18n.Text, act func(*http.Request, *form, figure.Period) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, err := readForm(r)
		if err != nil {
			return err
		}
		p, err := figure.ParsePeriod(f.values.Get("period"))
		if err != nil {
			return err
		}
		if err := act(r, f, p); err != nil {
			return err
		}
		return h.done(w, r, "/report?period="+p.String(), said, p.Label())
	}
}

func (h *Handler) figureRoutes() []route {
	see, keep := may(figure.PermSee), may(figure.PermKeep)
	return []route{
		{pattern: "GET /report", who: see, serve: h.reportPage},
		{pattern: "GET /report/print", who: see, serve: h.reportPrint},
		{pattern: "GET /report/word", who: see, serve: h.reportWord},
		{pattern: "GET /report/excel", who: see, serve: h.reportExcel},
		{pattern: "GET /figures", who: see, serve: h.figuresPage},
		{pattern: "GET /figures/{id}", who: see, serve: h.figurePage},
		{pattern: "GET /figures/{id}/export", who: see, serve: h.exportFigure},
		{pattern: "POST /report/recompute", who: keep, serve: h.keepAct(i18n.FigureRecomputed, func(r *http.Request, _ *form, p figure.Period) error {
			return h.Figure.Recompute(r.Context(), actor(r), p)
		})},
		{pattern: "POST /report/freeze", who: keep, serve: h.keepAct(i18n.FigureFrozenDone, func(r *http.Request, _ *form, p figure.Period) error {
			return h.Figure.Freeze(r.Context(), actor(r), p)
		})},
		{pattern: "POST /report/reopen", who: keep, serve: h.keepAct(i18n.FigureReopened, func(r *http.Request, f *form, p figure.Period) error {
			return h.Figure.Reopen(r.Context(), actor(r), p, f.values.Get("reason"))
		})},
	}
}
