package web

import (
	"net/http"

	"linli/internal/burden"
	"linli/internal/calendar"
	"linli/internal/i18n"
	"linli/internal/request"
	view "linli/internal/web/view/burden"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
)

func (h *Handler) burdenRoutes() []route {
	see := may(burden.PermSee)
	return []route{
		{pattern: "GET /burden", who: see, serve: h.burdenPage},
		{pattern: "GET /burden/{form}", who: see, serve: h.burdenForm},
	}
}

// formName is a form in words.
func formName(r *http.Request, form string) string {
	if t, ok := i18n.BurdenForms[form]; ok {
		return t.In(lang(r))
	}
	return form
}

func burdenFilter(r *http.Request) burden.Filter {
	q := r.URL.Query()
	return burden.Filter{From: q.Get("from"), To: q.Get("to")}
}

func (h *Handler) burdenPage(w http.ResponseWriter, r *http.Request) error {
	figures, err := h.Burden.Forms(r.Context(), actor(r), burdenFilter(r))
	if err != nil {
		return err
	}
	var rows []view.Row
	for _, f := range figures {
		rows = append(rows, view.Row{Name: formName(r, f.Form), Figure: f})
	}
	q := r.URL.Query()
	loads, err := h.loads(r)
	if err != nil {
		return err
	}
	return h.show(w, r, view.Index(h.page(w, r, i18n.BurdenTitle), q, field.Form{Values: q}, burden.Sum(figures), rows, loads))
}

// loads are what offices above asked in the time shown; of the last twelve months where none is given.
func (h *Handler) loads(r *http.Request) (view.Loads, error) {
	l := view.Loads{May: actor(r).Can(request.PermSee)}
	if !l.May {
		return l, nil
	}
	days := [2]calendar.Date{h.today().StartOfMonth().AddMonths(-11), {}}
	for i, name := range []string{"from", "to"} {
		if d, err := calendar.Parse(r.URL.Query().Get(name)); err == nil && !d.IsZero() {
			days[i] = d
		}
	}
	var err error
	l.Items, err = h.Request.Loads(r.Context(), actor(r), days[0], days[1])
	return l, err
}

func (h *Handler) burdenForm(w http.ResponseWriter, r *http.Request) error {
	f := burdenFilter(r)
	f.Form = r.PathValue("form")
	rows, err := h.Burden.Records(r.Context(), actor(r), f)
	if err != nil {
		return err
	}
	p := h.page(w, r, i18n.Verbatim(formName(r, f.Form)))
	p.Breadcrumb = []layout.Crumb{{Text: i18n.BurdenTitle.In(lang(r)), Href: "/burden"}}
	return h.show(w, r, view.Form(p, burden.Sum(rows), rows))
}
