package web

import (
	"context"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/code"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/place"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/layout"
	"linli/internal/web/view/partial"
	view "linli/internal/web/view/place"
)

// divisionFilter reads the filters of the divisions from the address.
func divisionFilter(r *http.Request) place.DivisionFilter {
	q := r.URL.Query()
	level, _ := strconv.Atoi(q.Get("level")) // no number is no filter
	return place.DivisionFilter{Text: q.Get("q"), Level: code.Level(level), Ended: q.Get("show") == "ended", Page: pageOf(r)}
}

func (h *Handler) divisionsPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	l, err := h.Place.Divisions(r.Context(), actor(r), divisionFilter(r))
	if err != nil {
		return err
	}
	counts, err := h.Place.DivisionCounts(r.Context(), actor(r))
	if err != nil {
		return err
	}
	var acts []partial.Act
	if actor(r).Scope(place.PermImport).All() {
		acts = append(acts, partial.Act{Text: i18n.OrgImport, Href: "/imports/new?kind=divisions", Look: partial.Primary, Icon: icon.Import})
	}
	return h.show(w, r, view.Divisions(h.page(w, r, i18n.PlaceDivisions), view.ListData{Query: q, Next: l.Next, Acts: acts}, l.Items, counts))
}

func (h *Handler) divisionPage(w http.ResponseWriter, r *http.Request) error {
	n, err := strconv.Atoi(r.PathValue("level"))
	if err != nil {
		return errs.ErrNotFound
	}
	d, err := h.Place.Division(r.Context(), actor(r), r.PathValue("code"), code.Level(n))
	if err != nil {
		return err
	}
	l, err := h.Place.Divisions(r.Context(), actor(r), place.DivisionFilter{ParentCode: d.Code, Level: d.Level + 1, Page: pageOf(r)})
	if err != nil {
		return err
	}
	p := h.page(w, r, i18n.Verbatim(d.Name))
	p.Breadcrumb = []layout.Crumb{{Text: i18n.PlaceDivisions.In(lang(r)), Href: "/divisions"}}
	for _, up := range d.Line {
		p.Breadcrumb = append(p.Breadcrumb, layout.Crumb{Text: up.Name, Href: view.DivisionHref(up)})
	}
	return h.show(w, r, view.Division(p, view.ListData{Query: r.URL.Query(), Next: l.Next}, d, l.Items))
}

// placeFilter reads the filters of the lists of places from the address.
func placeFilter(r *http.Request) place.Filter {
	q := r.URL.Query()
	return place.Filter{CommunityID: queryID(r, "community"), QuarterID: queryID(r, "quarter"), GridID: queryID(r, "grid"), Text: q.Get("q"),
		Ended: q.Get("show") == "ended", Unstaffed: q.Get("worker") == "none", Page: pageOf(r)}
}

// placeActs offers what somebody who may edit places can do beside a list; the community that the list is filtered by is kept.
func (h *Handler) placeActs(r *http.Request, path string, text i18n.Text) []partial.Act {
	if !actor(r).Can(place.PermEdit) {
		return nil
	}
	href := path + "/new"
	if c := queryID(r, "community"); c != 0 {
		href += "?community=" + c.String()
	}
	return []partial.Act{{Text: text, Href: href, Look: partial.Primary, Icon: icon.Plus}}
}

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

// placeForm begins a form of a place in the community that the address or the record names.
func (h *Handler) placeForm(r *http.Request, path string, community id.ID) (view.FormData, error) {
	f := view.FormData{Form: field.Form{Values: url.Values{}, Filled: map[string]bool{}}, Action: path, Back: path}
	if community != 0 {
		name, err := h.Organisation.Label(r.Context(), actor(r), community)
		if err != nil {
			return f, err
		}
		f.Community = name
		f.Values.Set("community_id", community.String())
		return f, nil
	}
	var err error
	f.Communities, err = h.communityOptions(r, actor(r).Scope(place.PermEdit))
	if len(f.Communities) == 1 { // there is nothing to choose
		only, perr := id.Parse(f.Communities[0].Value)
		if perr != nil {
			return f, perr
		}
		return h.placeForm(r, path, only)
	}
	return f, err
}

// fillIn puts a value that the platform knows into a form.
func fillIn(f *view.FormData, name, value string) {
	if value != "" && value != "0" {
		f.Values.Set(name, value)
		f.Filled[name] = true
	}
}

// formPage is the frame of a form of places.
func (h *Handler) placePage(w http.ResponseWriter, r *http.Request, title, list i18n.Text, path string) layout.Page {
	p := h.page(w, r, title)
	p.Breadcrumb = []layout.Crumb{{Text: list.In(lang(r)), Href: path}}
	return p
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

// placeAgain shows a form of places again with what is wrong.
func (h *Handler) placeAgain(w http.ResponseWriter, r *http.Request, err error, sent *form, path string, community id.ID, version int64, draw func(view.FormData) templ.Component) error {
	e := errs.As(err)
	if e == nil {
		return err
	}
	d, ferr := h.placeForm(r, path, community)
	if ferr != nil {
		return ferr
	}
	if d.Quarters, d.Grids, ferr = h.placeChoices(r, community); ferr != nil {
		return ferr
	}
	d.Version, d.Action = version, r.URL.Path
	return h.again(w, r, err, func(e *errs.Error) templ.Component {
		d.Form = sent.Show(e)
		return draw(d)
	})
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

func (h *Handler) quartersPage(w http.ResponseWriter, r *http.Request) error {
	l, err := h.Place.Quarters(r.Context(), actor(r), placeFilter(r))
	if err != nil {
		return err
	}
	return h.show(w, r, view.Quarters(h.page(w, r, i18n.PlaceQuarters), view.ListData{Query: r.URL.Query(), Next: l.Next, Prev: l.Prev,
		Acts: h.placeActs(r, "/quarters", i18n.PlaceQuarterNew)}, l.Items))
}

func (h *Handler) quarterNewPage(w http.ResponseWriter, r *http.Request) error {
	f, err := h.placeForm(r, "/quarters", queryID(r, "community"))
	if err != nil {
		return err
	}
	return h.show(w, r, view.QuarterForm(h.placePage(w, r, i18n.PlaceQuarterNew, i18n.PlaceQuarters, "/quarters"), f))
}

func (h *Handler) quarterCreate(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	n := place.NewQuarter{CommunityID: f.ID("community_id"), Name: f.Need("name", 40), Address: f.Text("address", 120)}
	if err = f.Err(); err == nil {
		_, err = h.Place.CreateQuarter(r.Context(), actor(r), n)
	}
	if err != nil {
		return h.placeAgain(w, r, err, f, "/quarters", n.CommunityID, 0, func(d view.FormData) templ.Component {
			return view.QuarterForm(h.placePage(w, r, i18n.PlaceQuarterNew, i18n.PlaceQuarters, "/quarters"), d)
		})
	}
	return h.done(w, r, "/quarters?community="+n.CommunityID.String(), i18n.PlaceSaved, n.Name)
}

func (h *Handler) quarterEditPage(w http.ResponseWriter, r *http.Request) error {
	q, err := h.quarter(r)
	if err != nil {
		return err
	}
	f, err := h.placeForm(r, "/quarters", q.CommunityID)
	if err != nil {
		return err
	}
	f.Action, f.Version = r.URL.Path, q.Version
	fillIn(&f, "name", q.Name)
	fillIn(&f, "address", q.Address)
	return h.show(w, r, view.QuarterForm(h.placePage(w, r, i18n.PlaceEdit, i18n.PlaceQuarters, "/quarters"), f))
}

func (h *Handler) quarter(r *http.Request) (place.Quarter, error) {
	q, err := pathID(r)
	if err != nil {
		return place.Quarter{}, err
	}
	return h.Place.Quarter(r.Context(), actor(r), q)
}

func (h *Handler) quarterEdit(w http.ResponseWriter, r *http.Request) error {
	q, err := h.quarter(r)
	if err != nil {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	name, address := f.Need("name", 40), f.Text("address", 120)
	if err = f.Err(); err == nil {
		err = h.Place.EditQuarter(r.Context(), actor(r), q.ID, f.Version(), name, address)
	}
	if err != nil {
		return h.placeAgain(w, r, err, f, "/quarters", q.CommunityID, q.Version, func(d view.FormData) templ.Component {
			return view.QuarterForm(h.placePage(w, r, i18n.PlaceEdit, i18n.PlaceQuarters, "/quarters"), d)
		})
	}
	return h.done(w, r, "/quarters?community="+q.CommunityID.String(), i18n.PlaceSaved, name)
}

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

func (h *Handler) communityMap(w http.ResponseWriter, r *http.Request) error {
	org, err := pathID(r)
	if err != nil {
		return err
	}
	m, err := h.Place.Map(r.Context(), actor(r), org)
	if err != nil {
		return err
	}
	p := h.page(w, r, i18n.PlaceMapTitle, m.Community)
	p.Breadcrumb = []layout.Crumb{{Text: i18n.OrgTitle.In(lang(r)), Href: "/organisations"}, {Text: m.Community, Href: view.Community(org)}}
	return h.show(w, r, view.Map(p, m))
}
