package web

import (
	"context"
	"math"
	"net/http"
	"strconv"
	"strings"

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

func (h *Handler) buildingsPage(w http.ResponseWriter, r *http.Request) error {
	l, err := h.Place.Buildings(r.Context(), actor(r), placeFilter(r))
	if err != nil {
		return err
	}
	acts := h.placeActs(r, "/buildings", i18n.PlaceBuildingNew)
	if len(acts) > 0 {
		acts = append([]partial.Act{{Text: i18n.OrgImport, Href: "/imports/new?kind=buildings", Icon: icon.Import}}, acts...)
	}
	return h.show(w, r, view.Buildings(h.page(w, r, i18n.PlaceBuildings), view.ListData{Query: r.URL.Query(), Next: l.Next, Prev: l.Prev, Export: true, Acts: acts}, l.Items))
}

func (h *Handler) buildingsExport(w http.ResponseWriter, r *http.Request) error {
	type b = place.BuildingItem
	return exportList(h, w, r, i18n.PlaceBuildings, []exportColumn[b]{
		{title: i18n.PlaceCommunityIs, value: func(v b) any { return v.Community }}, {title: i18n.PlaceColQuarter, value: func(v b) any { return v.Quarter }},
		{title: i18n.PlaceColBuilding, value: func(v b) any { return v.Name }}, {title: i18n.PlaceColAddress, value: func(v b) any { return v.Address }},
		{title: i18n.PlaceGrid, value: func(v b) any { return v.Grid }}, {title: i18n.PlaceColFloors, number: true, value: func(v b) any { return v.Floors }},
		{title: i18n.PlaceColStairwells, number: true, value: func(v b) any { return v.Stairwells }},
		{title: i18n.PlaceHouseholds, number: true, value: func(v b) any { return v.Households }},
		{title: i18n.PlaceColX, value: func(v b) any { return degreesText(v.X) }}, {title: i18n.PlaceColY, value: func(v b) any { return degreesText(v.Y) }},
	}, func(ctx context.Context, fn func(b) error) error {
		return h.Place.ExportBuildings(ctx, actor(r), placeFilter(r), fn)
	})
}

// degreesText shows micro-degrees; "" where unknown.
func degreesText(micro int64) string {
	if micro == 0 {
		return ""
	}
	return strconv.FormatFloat(float64(micro)/1e6, 'f', 6, 64)
}

func (h *Handler) buildingPage(w http.ResponseWriter, r *http.Request) error {
	b, err := h.building(r)
	if err != nil {
		return err
	}
	acts := []partial.Act{{Text: i18n.PlaceOpenMap, Href: view.Community(b.CommunityID) + "/map", Icon: icon.Map}}
	if actor(r).Scope(place.PermEdit).Covers(b.CommunityID) {
		acts = append(acts, partial.Act{Text: i18n.PlaceEdit, Href: "/buildings/" + b.ID.String() + "/edit", Icon: icon.Edit})
	}
	p := h.page(w, r, i18n.Verbatim(b.Name))
	p.Breadcrumb = []layout.Crumb{{Text: i18n.PlaceBuildings.In(lang(r)), Href: "/buildings"}, {Text: b.Community, Href: view.Community(b.CommunityID)}}
	return h.show(w, r, view.Building(p, b, acts))
}

func (h *Handler) building(r *http.Request) (place.BuildingItem, error) {
	b, err := pathID(r)
	if err != nil {
		return place.BuildingItem{}, err
	}
	return h.Place.Building(r.Context(), actor(r), b)
}

// placeChoices are the quarters and grids of a community.
func (h *Handler) placeChoices(r *http.Request, community id.ID) (quarters, grids []field.Option, err error) {
	if community == 0 {
		return nil, nil, nil
	}
	f := place.Filter{CommunityID: community}
	f.Page.Limit = mostChoices
	l, err := h.Place.Quarters(r.Context(), actor(r), f)
	if err != nil {
		return nil, nil, err
	}
	for _, q := range l.Items {
		quarters = append(quarters, field.Option{Value: q.ID.String(), Text: i18n.Verbatim(q.Name)})
	}
	grids, err = h.gridOptions(r, community)
	return quarters, grids, err
}

func (h *Handler) buildingNewPage(w http.ResponseWriter, r *http.Request) error {
	f, err := h.placeForm(r, "/buildings", queryID(r, "community"))
	if err != nil {
		return err
	}
	if community, cerr := id.Parse(f.Values.Get("community_id")); cerr == nil {
		if f.Quarters, f.Grids, err = h.placeChoices(r, community); err != nil {
			return err
		}
	}
	return h.show(w, r, view.BuildingForm(h.placePage(w, r, i18n.PlaceBuildingNew, i18n.PlaceBuildings, "/buildings"), f))
}

// micro reads degrees as micro-degrees; 0 if it is empty.
func (f *form) micro(name string) int64 {
	s := strings.TrimSpace(f.values.Get(name))
	if s == "" {
		return 0
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(v) || math.Abs(v) > 180 {
		f.err = f.err.With(name, i18n.PlaceCoordinates)
		return 0
	}
	return int64(math.Round(v * 1e6))
}

// readBuilding reads what both forms of a building ask.
func readBuilding(f *form) place.NewBuilding {
	return place.NewBuilding{CommunityID: f.ID("community_id"), QuarterID: f.ID("quarter_id"), GridID: f.ID("grid_id"), Name: f.Need("name", 40),
		Address: f.Text("address", 120), Floors: f.Int("floors"), Stairwells: f.Int("stairwells"), X: f.micro("x"), Y: f.micro("y")}
}

func (h *Handler) buildingCreate(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	n := readBuilding(f)
	err = f.Err()
	var b place.Building
	if err == nil {
		b, err = h.Place.CreateBuilding(r.Context(), actor(r), n)
	}
	if err != nil {
		return h.placeAgain(w, r, err, f, "/buildings", n.CommunityID, 0, func(d view.FormData) templ.Component {
			return view.BuildingForm(h.placePage(w, r, i18n.PlaceBuildingNew, i18n.PlaceBuildings, "/buildings"), d)
		})
	}
	return h.done(w, r, "/buildings/"+b.ID.String(), i18n.PlaceSaved, b.Name)
}

func (h *Handler) buildingEditPage(w http.ResponseWriter, r *http.Request) error {
	b, err := h.building(r)
	if err != nil {
		return err
	}
	f, err := h.placeForm(r, "/buildings", b.CommunityID)
	if err != nil {
		return err
	}
	if f.Quarters, f.Grids, err = h.placeChoices(r, b.CommunityID); err != nil {
		return err
	}
	f.Action, f.Back, f.Version = r.URL.Path, "/buildings/"+b.ID.String(), b.Version
	for name, v := range map[string]string{"name": b.Name, "quarter_id": b.QuarterID.String(), "grid_id": b.GridID.String(), "address": b.Address,
		"floors": strconv.FormatInt(b.Floors, 10), "stairwells": strconv.FormatInt(b.Stairwells, 10), "x": degreesText(b.X), "y": degreesText(b.Y)} {
		fillIn(&f, name, v)
	}
	return h.show(w, r, view.BuildingForm(h.placePage(w, r, i18n.PlaceEdit, i18n.PlaceBuildings, "/buildings"), f))
}

func (h *Handler) buildingEdit(w http.ResponseWriter, r *http.Request) error {
	b, err := h.building(r)
	if err != nil {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	n := readBuilding(f)
	if err = f.Err(); err == nil {
		err = h.Place.EditBuilding(r.Context(), actor(r), b.ID, place.EditBuilding{Version: f.Version(), QuarterID: &n.QuarterID, GridID: &n.GridID, Name: &n.Name,
			Address: &n.Address, Floors: &n.Floors, Stairwells: &n.Stairwells, X: &n.X, Y: &n.Y})
	}
	if err != nil {
		return h.placeAgain(w, r, err, f, "/buildings", b.CommunityID, b.Version, func(d view.FormData) templ.Component {
			return view.BuildingForm(h.placePage(w, r, i18n.PlaceEdit, i18n.PlaceBuildings, "/buildings"), d)
		})
	}
	return h.done(w, r, "/buildings/"+b.ID.String(), i18n.PlaceSaved, n.Name)
}
