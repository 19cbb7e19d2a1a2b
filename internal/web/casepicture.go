package web

import (
	"encoding/json"
	"net/http"

	"linli/internal/figure"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/web/view/casepicture"
	view "linli/internal/web/view/casework"
)

// casePicturesPage shows where cases lie and how they go: what is under way from the records, the period from the figures, for who may see those.
func (h *Handler) casePicturesPage(w http.ResponseWriter, r *http.Request) error {
	at, err := placeOf(r)
	if err != nil {
		return err
	}
	a, s := actor(r), casepicture.Pictures{Below: at, Language: lang(r)}
	if a.Can(figure.PermSee) {
		if err := h.caseFigures(r, &s, at); err != nil {
			return err
		}
	}
	if s.Flow, err = h.Casework.Flow(r.Context(), a, at); err != nil {
		return err
	}
	if s.Grids, err = h.Casework.ByGrid(r.Context(), a, at); err != nil {
		return err
	}
	return h.show(w, r, casepicture.Page(h.caseCrumbs(w, r, i18n.CasePictures), s))
}

// caseFigures reads the numbers of the period; a reader without a place of their own has none.
func (h *Handler) caseFigures(r *http.Request, s *casepicture.Pictures, at id.ID) error {
	p, err := h.period(r)
	if err != nil {
		return err
	}
	if s.Places, s.Periods, err = h.choices(r, p); err != nil || len(s.Places) == 0 {
		return err
	}
	if s.Report, err = h.Figure.LinesOf(r.Context(), actor(r), at, p, casepicture.Names...); err != nil {
		return err
	}
	s.Figures = true
	below, err := h.Figure.Below(r.Context(), actor(r), at)
	if err != nil || len(below) == 0 {
		return err
	}
	ids := make([]id.ID, len(below))
	for i, b := range below {
		ids[i] = b.ID
	}
	s.Parts, err = h.Figure.Batch(r.Context(), actor(r), casepicture.Parted, ids, []figure.Period{p})
	return err
}

// What the map draws; words are in the reader's language.
type (
	mapGrid struct {
		Name  string          `json:"name"`
		Said  string          `json:"said"`
		Href  string          `json:"href"`
		Open  int64           `json:"open"`
		Rings json.RawMessage `json:"rings"` // of [x, y] in micro-degrees
	}
	mapPoint struct {
		X     int64  `json:"x"`
		Y     int64  `json:"y"`
		Title string `json:"title"`
		Said  string `json:"said"`
		Href  string `json:"href"`
		Late  bool   `json:"late"`
	}
)

func (h *Handler) caseMap(w http.ResponseWriter, r *http.Request) error {
	at, err := placeOf(r)
	if err != nil {
		return err
	}
	grids, err := h.Casework.ByGrid(r.Context(), actor(r), at)
	if err != nil {
		return err
	}
	points, err := h.Casework.Points(r.Context(), actor(r), at)
	if err != nil {
		return err
	}
	out := struct {
		Grids  []mapGrid  `json:"grids"`
		Points []mapPoint `json:"points"`
	}{[]mapGrid{}, []mapPoint{}}
	for _, s := range grids {
		if s.Outline != "" {
			name := s.Community + " " + casepicture.GridName(r.Context(), s)
			out.Grids = append(out.Grids, mapGrid{Name: name, Said: i18n.CaseMapSpot.In(lang(r), s.Grid, s.Open, s.Overdue), Href: casepicture.GridHref(s), Open: s.Open, Rings: json.RawMessage(s.Outline)})
		}
	}
	now := h.Casework.Now()
	for _, p := range points {
		said := p.No + " · " + p.State.Text().In(lang(r))
		if !p.DueAt.IsZero() {
			said += " · " + i18n.CaseMapDue.In(lang(r), i18n.DateTime(p.DueAt))
		}
		out.Points = append(out.Points, mapPoint{X: p.X, Y: p.Y, Title: p.Title, Said: said, Href: view.Href(p.ID), Late: !p.DueAt.IsZero() && now.After(p.DueAt)})
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	return json.NewEncoder(w).Encode(out)
}
