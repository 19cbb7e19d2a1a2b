package web

import (
	"context"
	"net/http"
	"strconv"

	"linli/internal/errs"
	"linli/internal/figure"
	"linli/internal/i18n"
	"linli/internal/region"
	"linli/internal/tabular"
	"linli/internal/web/view/field"
	figureview "linli/internal/web/view/figure"
	"linli/internal/web/view/layout"
	view "linli/internal/web/view/region"
)

func (h *Handler) regionRoutes() []route {
	see, keep := may(figure.PermSee), may(figure.PermKeep)
	return []route{
		{pattern: "GET /region", who: see, serve: h.regionPage},
		{pattern: "GET /region/excel", who: see, serve: h.regionExcel},
		{pattern: "GET /region/{id}", who: see, serve: h.regionFigure},
		{pattern: "GET /region/{id}/excel", who: see, serve: h.exportRegionFigure},
		{pattern: "GET /report/above", who: keep, serve: h.sharesPage},
		{pattern: "POST /report/above", who: keep, serve: h.setShare},
	}
}

// periodChoices are the periods to choose from.
func (h *Handler) periodChoices(r *http.Request, p figure.Period) (list []field.Option) {
	now := h.Figure.Current()
	seen := false
	for n := range 13 {
		x := now.Add(-n)
		seen = seen || x == p
		list = append(list, field.Option{Value: x.String(), Text: i18n.Verbatim(x.Label().In(lang(r)))})
	}
	if !seen {
		list = append(list, field.Option{Value: p.String(), Text: i18n.Verbatim(p.Label().In(lang(r)))})
	}
	return list
}

func (h *Handler) overview(r *http.Request) (region.Overview, error) {
	p, err := h.period(r)
	if err != nil {
		return region.Overview{}, err
	}
	return h.Region.Overview(r.Context(), actor(r), p)
}

func (h *Handler) regionPage(w http.ResponseWriter, r *http.Request) error {
	o, err := h.overview(r)
	if err != nil {
		return err
	}
	return h.show(w, r, view.Overview(h.page(w, r, i18n.RegionTitle), o, h.periodChoices(r, o.Period)))
}

func (h *Handler) regionExcel(w http.ResponseWriter, r *http.Request) error {
	o, err := h.overview(r)
	if err != nil {
		return err
	}
	out := &firstWrite{w: w, before: func() { attachment(w, view.Name(o.Period).In(lang(r))+".xlsx", tabular.ContentType) }}
	return view.Excel(out, lang(r), o)
}

func (h *Handler) regionDetail(r *http.Request) (region.Detail, error) {
	p, err := h.period(r)
	if err != nil {
		return region.Detail{}, err
	}
	return h.Region.Of(r.Context(), actor(r), r.PathValue("id"), p)
}

func (h *Handler) regionFigure(w http.ResponseWriter, r *http.Request) error {
	d, err := h.regionDetail(r)
	if err != nil {
		return err
	}
	p := h.page(w, r, d.Figure.Name())
	p.Breadcrumb = []layout.Crumb{{Text: i18n.RegionTitle.In(lang(r)), Href: "/region?period=" + d.Period.String()}}
	return h.show(w, r, view.Figure(p, d, h.periodChoices(r, d.Period)))
}

func (h *Handler) exportRegionFigure(w http.ResponseWriter, r *http.Request) error {
	d, err := h.regionDetail(r)
	if err != nil {
		return err
	}
	type row struct {
		region.District
		now, last figure.Value
	}
	return exportList(h, w, r, d.Figure.Name(), []exportColumn[row]{
		{title: i18n.RegionDistrict, value: func(x row) any { return x.Name }},
		{title: i18n.RegionCode, value: func(x row) any { return strconv.FormatInt(x.Code, 10) }},
		{title: i18n.FigureValue, number: true, value: func(x row) any { return figureview.Cell(d.Figure, x.now) }},
		{title: i18n.FigureLast, number: true, value: func(x row) any { return figureview.Cell(d.Figure, x.last) }},
		{title: i18n.RegionRolledAt, value: func(x row) any { return i18n.DateTime(x.At) }},
	}, func(_ context.Context, fn func(row) error) error {
		for i, x := range d.Districts {
			if err := fn(row{x, d.Line.Districts[i], d.Last[i]}); err != nil {
				return err
			}
		}
		return nil
	})
}

func (h *Handler) sharesPage(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Region.Shares(r.Context(), actor(r))
	if err != nil {
		return err
	}
	p := h.page(w, r, i18n.RegionShareTitle)
	p.Active = "/report"
	p.Breadcrumb = []layout.Crumb{{Text: i18n.FigureReport.In(lang(r)), Href: "/report"}}
	return h.show(w, r, view.Shares(p, list))
}

func (h *Handler) setShare(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	above, err := strconv.ParseInt(f.values.Get("above"), 10, 64)
	if err != nil {
		return errs.ErrNotFound
	}
	on := f.values.Get("on") != ""
	if err := h.Region.SetShare(r.Context(), actor(r), above, on); err != nil {
		return err
	}
	said := i18n.RegionShared
	if !on {
		said = i18n.RegionUnshared
	}
	return h.done(w, r, "/report/above", said)
}
