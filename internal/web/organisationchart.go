package web

import (
	"net/http"
	"strconv"
	"strings"

	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/web/view/layout"
	view "linli/internal/web/view/organisation"
)

// chart reads the chart that an address asks for, and what is wrong with the day asked for.
func (h *Handler) chart(r *http.Request) (view.ChartData, *errs.Error, error) {
	q, today := r.URL.Query(), calendar.DateOf(h.DB.Now())
	on, err := calendar.Parse(q.Get("on"))
	wrong := errs.As(err)
	if on.IsZero() {
		on = today
	}
	d := view.ChartData{Today: today, Units: q.Get("units") == "1", Area: q.Get("line") == "area", List: q.Get("as") == "list", Root: queryID(r, "root")}
	d.Zoom, _ = strconv.Atoi(q.Get("zoom")) // no number is the usual size
	if d.Area {
		d.Chart, err = h.Organisation.AreaAsOf(r.Context(), actor(r), on)
	} else {
		d.Chart, err = h.Organisation.AsOf(r.Context(), actor(r), on)
	}
	return d.Found(strings.TrimSpace(q.Get("q"))), wrong, err
}

func (h *Handler) organisationChart(w http.ResponseWriter, r *http.Request) error {
	d, wrong, err := h.chart(r)
	if err != nil {
		return err
	}
	p := h.page(w, r, i18n.OrgChartTitle)
	p.Breadcrumb = []layout.Crumb{{Text: i18n.OrgTitle.In(lang(r)), Href: "/organisations"}}
	body := view.Chart(p, d, wrong)
	if wrong != nil {
		return h.answer(w, r, http.StatusUnprocessableEntity, body)
	}
	return h.show(w, r, body)
}

func (h *Handler) organisationChartPrint(w http.ResponseWriter, r *http.Request) error {
	d, _, err := h.chart(r)
	if err != nil {
		return err
	}
	p := h.page(w, r, i18n.OrgChartTitle)
	p.Back = "/organisations/chart?" + r.URL.RawQuery
	return h.show(w, r, view.ChartPaper(p, d))
}
