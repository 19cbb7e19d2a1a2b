package web

import (
	"net/http"
	"net/url"
	"strconv"

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
