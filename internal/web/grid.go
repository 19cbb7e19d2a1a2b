package web

import (
	"context"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/place"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/layout"
	"linli/internal/web/view/partial"
	view "linli/internal/web/view/place"
)

func (h *Handler) gridsPage(w http.ResponseWriter, r *http.Request) error {
	l, err := h.Place.Grids(r.Context(), actor(r), placeFilter(r))
	if err != nil {
		return err
	}
	return h.show(w, r, view.Grids(h.page(w, r, i18n.PlaceGrids), view.ListData{Query: r.URL.Query(), Next: l.Next, Prev: l.Prev, Export: true,
		Acts: h.placeActs(r, "/grids", i18n.PlaceGridNew)}, l.Items))
}

func (h *Handler) gridsExport(w http.ResponseWriter, r *http.Request) error {
	type g = place.GridItem
	return exportList(h, w, r, i18n.PlaceGrids, []exportColumn[g]{
		{title: i18n.PlaceGridCode, value: func(v g) any { return v.Code }}, {title: i18n.PlaceName, value: func(v g) any { return v.Name }},
		{title: i18n.PlaceCommunityIs, value: func(v g) any { return v.Community }}, {title: i18n.PlaceWorker, value: func(v g) any { return v.WorkerName }},
		{title: i18n.PlaceBuildingsNo, number: true, value: func(v g) any { return v.Buildings }},
	}, func(ctx context.Context, fn func(g) error) error {
		return h.Place.ExportGrids(ctx, actor(r), placeFilter(r), fn)
	})
}

func (h *Handler) gridPage(w http.ResponseWriter, r *http.Request) error {
	g, err := pathID(r)
	if err != nil {
		return err
	}
	d, err := h.Place.Grid(r.Context(), actor(r), g)
	if err != nil {
		return err
	}
	at := "/grids/" + g.String()
	acts := []partial.Act{{Text: i18n.PlaceOpenMap, Href: view.Community(d.CommunityID) + "/map", Icon: icon.Map}}
	if actor(r).Scope(place.PermEdit).Covers(d.CommunityID) && d.EndedOn.IsZero() {
		acts = append(acts, partial.Act{Text: i18n.PlaceEdit, Href: at + "/edit", Icon: icon.Edit},
			partial.Act{Text: i18n.PlaceGridEnd, Href: at + "/end", Post: true, Look: partial.Danger, Icon: icon.Archive,
				Values:  []partial.Value{{Name: "version", Value: strconv.FormatInt(d.Version, 10)}},
				Confirm: &partial.Confirm{ID: "end-grid", Question: i18n.PlaceGridEndAsk.In(lang(r), d.Name, d.Code)}})
	}
	p := h.page(w, r, i18n.Verbatim(d.Name))
	p.Breadcrumb = []layout.Crumb{{Text: i18n.PlaceGrids.In(lang(r)), Href: "/grids"}, {Text: d.Community, Href: view.Community(d.CommunityID)}}
	return h.show(w, r, view.Grid(p, d, acts))
}

func (h *Handler) gridNewPage(w http.ResponseWriter, r *http.Request) error {
	f, err := h.placeForm(r, "/grids", queryID(r, "community"))
	if err != nil {
		return err
	}
	if f.Community != "" {
		community, err := id.Parse(f.Values.Get("community_id"))
		if err != nil {
			return err
		}
		n, err := h.Place.ProposeGrid(r.Context(), actor(r), community)
		if err != nil {
			return err
		}
		fillIn(&f, "code", n.Code)
		fillIn(&f, "name", n.Name)
	}
	return h.show(w, r, view.GridForm(h.placePage(w, r, i18n.PlaceGridNew, i18n.PlaceGrids, "/grids"), f))
}

func (h *Handler) gridCreate(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	n := place.NewGrid{CommunityID: f.ID("community_id"), Code: f.Text("code", 20), Name: f.Text("name", 40), WorkerName: f.Text("worker_name", 30)}
	err = f.Err()
	var g place.Grid
	if err == nil {
		g, err = h.Place.CreateGrid(r.Context(), actor(r), n)
	}
	if err != nil {
		return h.placeAgain(w, r, err, f, "/grids", n.CommunityID, 0, func(d view.FormData) templ.Component {
			return view.GridForm(h.placePage(w, r, i18n.PlaceGridNew, i18n.PlaceGrids, "/grids"), d)
		})
	}
	return h.done(w, r, "/grids/"+g.ID.String(), i18n.PlaceGridCreated, g.Name)
}

func (h *Handler) gridEditPage(w http.ResponseWriter, r *http.Request) error {
	g, err := pathID(r)
	if err != nil {
		return err
	}
	d, err := h.Place.Grid(r.Context(), actor(r), g)
	if err != nil {
		return err
	}
	f, err := h.placeForm(r, "/grids", d.CommunityID)
	if err != nil {
		return err
	}
	f.Action, f.Back, f.Version = r.URL.Path, "/grids/"+g.String(), d.Version
	fillIn(&f, "name", d.Name)
	fillIn(&f, "worker_name", d.WorkerName)
	return h.show(w, r, view.GridForm(h.placePage(w, r, i18n.PlaceEdit, i18n.PlaceGrids, "/grids"), f))
}

func (h *Handler) gridEdit(w http.ResponseWriter, r *http.Request) error {
	g, err := pathID(r)
	if err != nil {
		return err
	}
	d, err := h.Place.Grid(r.Context(), actor(r), g)
	if err != nil {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	name, worker := f.Need("name", 40), f.Text("worker_name", 30)
	if err = f.Err(); err == nil {
		err = h.Place.EditGrid(r.Context(), actor(r), g, place.EditGrid{Version: f.Version(), Name: &name, WorkerName: &worker})
	}
	if err != nil {
		return h.placeAgain(w, r, err, f, "/grids", d.CommunityID, d.Version, func(d view.FormData) templ.Component {
			return view.GridForm(h.placePage(w, r, i18n.PlaceEdit, i18n.PlaceGrids, "/grids"), d)
		})
	}
	return h.done(w, r, "/grids/"+g.String(), i18n.PlaceSaved, name)
}

func (h *Handler) gridEnd(w http.ResponseWriter, r *http.Request) error {
	g, err := pathID(r)
	if err != nil {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	d, err := h.Place.Grid(r.Context(), actor(r), g)
	if err != nil {
		return err
	}
	if err := h.Place.EndGrid(r.Context(), actor(r), g, f.Version()); err != nil {
		return err
	}
	return h.done(w, r, "/grids?community="+d.CommunityID.String(), i18n.PlaceGridWasEnded, d.Name)
}

// gridOptions are the grids of a community, to choose from.
func (h *Handler) gridOptions(r *http.Request, community id.ID) ([]field.Option, error) {
	var out []field.Option
	err := h.Place.ExportGrids(r.Context(), actor(r), place.Filter{CommunityID: community}, func(g place.GridItem) error {
		out = append(out, field.Option{Value: g.ID.String(), Text: i18n.Verbatim(g.Name), Note: g.WorkerName})
		return nil
	})
	return out, err
}
