package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/dataright"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/person"
	"linli/internal/resident"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/layout"
	"linli/internal/web/view/partial"
	view "linli/internal/web/view/resident"
)

func residentFilter(r *http.Request) person.Filter {
	q := r.URL.Query()
	f := person.Filter{Text: q.Get("q"), CommunityID: queryID(r, "community"), GridID: queryID(r, "grid"), BuildingID: queryID(r, "building"),
		HouseholdID: queryID(r, "household"), Category: q.Get("category"), Sex: code.Sex(q.Get("sex")), Political: q.Get("political"),
		Residence: q.Get("residence"), State: q.Get("state"), Flagged: q.Get("flagged") != "", ImportID: queryID(r, "import"), Page: pageOf(r)}
	from, to, _ := strings.Cut(q.Get("age"), "-")
	f.AgeFrom, _ = strconv.Atoi(from) // no number is no bound
	f.AgeTo, _ = strconv.Atoi(to)
	switch q.Get(partial.SortKey) {
	case "age", "-age":
		f.Sort = person.SortAge
	case "new":
		f.Sort = person.SortNewest
	}
	return f
}

func (h *Handler) residents(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Person.List(r.Context(), actor(r), residentFilter(r))
	if err != nil {
		return err
	}
	communities, err := h.communityOptions(r, actor(r).Scope(person.PermSee))
	if err != nil {
		return err
	}
	export := ""
	if actor(r).Can(person.PermExport) {
		export = "/residents/export"
	}
	return h.show(w, r, view.List(h.page(w, r, i18n.ResidentTitle), r.URL.Query(), h.today(), list.Items, list.Prev, list.Next, communities, residentActs(actor(r)), export))
}

func residentActs(a authz.Actor) []partial.Act {
	var acts []partial.Act
	if a.Can(person.PermImport) {
		acts = append(acts, partial.Act{Text: i18n.IntakeTitle, Href: "/imports/new?kind=residents", Icon: icon.Import})
	}
	if a.Can(person.PermEdit) {
		acts = append(acts, partial.Act{Text: i18n.ResidentTakeIn, Href: "/residents/take-in", Icon: icon.Login},
			partial.Act{Text: i18n.ResidentAdd, Href: "/residents/new", Icon: icon.Plus, Look: partial.Primary})
	}
	return acts
}

func (h *Handler) today() calendar.Date { return calendar.DateOf(h.DB.Now()) }

func (h *Handler) exportResidents(w http.ResponseWriter, r *http.Request) error {
	l, f, today := lang(r), residentFilter(r), h.today()
	type p = person.Item
	list := func(l *code.List, c string) any {
		if c == "" {
			return ""
		}
		return l.Label(c)
	}
	return exportList(h, w, r, i18n.ResidentTitle, []exportColumn[p]{
		{title: i18n.ResidentName, value: func(v p) any { return v.Name }},
		{title: i18n.CodeSexList, value: func(v p) any { return v.Sex.Text() }},
		{title: i18n.ResidentBorn, value: func(v p) any { return v.BornOn.String() }},
		{title: i18n.ResidentAge, value: func(v p) any { return view.AgeText(v.Person, today) }},
		{title: i18n.CodeIDName, value: func(v p) any { return v.IDMask }},
		{title: i18n.ResidentPhone, value: func(v p) any { return v.PhoneMask }},
		{title: i18n.ResidentCommunity, value: func(v p) any { return v.CommunityName }},
		{title: i18n.ResidentGrid, value: func(v p) any { return v.GridName }},
		{title: i18n.ResidentAddress, value: func(v p) any { return v.Address }},
		{title: i18n.CodeHeadRelationList, value: func(v p) any { return list(code.HeadRelations, v.HeadRelation) }},
		{title: i18n.CodeResidenceList, value: func(v p) any { return list(code.ResidenceKinds, v.Residence) }},
		{title: i18n.CodePoliticalList, value: func(v p) any { return list(code.PoliticalStatuses, v.Political) }},
		{title: i18n.CodeSchoolingList, value: func(v p) any { return list(code.Schoolings, v.Schooling) }},
		{title: i18n.CodeCategoryList, value: func(v p) any { return view.CategoryText(l, v.Categories) }},
		{title: i18n.ResidentState, value: func(v p) any { return view.StateOf(v.Person).Text }},
	}, func(ctx context.Context, fn func(p) error) error { return h.Person.Export(ctx, actor(r), f, fn) })
}

// residentDetail gathers what the pages of one resident show.
func (h *Handler) residentDetail(r *http.Request) (view.Detail, error) {
	personID, err := pathID(r)
	if err != nil {
		return view.Detail{}, err
	}
	it, err := h.Person.Record(r.Context(), actor(r), personID)
	if err != nil {
		return view.Detail{}, err
	}
	a := actor(r)
	may := func(p authz.Permission) bool { return a.Scope(p).Covers(it.CommunityID) }
	return view.Detail{Person: it.Person, Today: h.today(), Community: it.CommunityName, Address: it.Address, Grid: it.GridName,
		CanEdit: may(person.PermEdit), CanReveal: may(person.PermReveal), CanLooks: may(person.PermLooks), CanConsent: may(person.PermConsent), CanAsk: may(dataright.PermEnter), CanSlip: may(resident.PermSlip),
		CategoryForm: field.Form{Values: map[string][]string{"categories": it.Categories}}}, nil
}

func (h *Handler) resident(w http.ResponseWriter, r *http.Request) error {
	d, err := h.residentDetail(r)
	if err != nil {
		return err
	}
	if err := h.Person.Opened(r.Context(), actor(r), d.Person); err != nil {
		return err
	}
	return h.residentShow(w, r, d, nil)
}

func (h *Handler) residentShow(w http.ResponseWriter, r *http.Request, d view.Detail, wrong *errs.Error) error {
	if err := h.fillResident(r, &d); err != nil {
		return err
	}
	body := view.Show(h.residentPage(w, r, d), d, field.Form{Err: wrong})
	if wrong != nil {
		return h.again(w, r, wrong, func(*errs.Error) templ.Component { return body })
	}
	return h.show(w, r, body)
}

func (h *Handler) residentPage(w http.ResponseWriter, r *http.Request, d view.Detail) layout.Page {
	p := h.page(w, r, i18n.Verbatim(d.Person.Name))
	p.Breadcrumb = []layout.Crumb{{Text: i18n.ResidentTitle.In(lang(r)), Href: "/residents"}}
	return p
}

// fillResident adds what only the main page of a resident shows.
func (h *Handler) fillResident(r *http.Request, d *view.Detail) (err error) {
	ctx, a := r.Context(), actor(r)
	if d.Categories, err = h.Person.Categories(ctx, a, d.Person.ID); err != nil {
		return err
	}
	if d.Person.HouseholdID != 0 {
		_, mates, err := h.Person.Household(ctx, a, d.Person.HouseholdID)
		if err != nil && errs.KindOf(err) != errs.NotFound { // one's own household may lie outside one's scope
			return err
		}
		d.Mates = slices.DeleteFunc(mates, func(m person.Item) bool { return m.ID == d.Person.ID })
	}
	if d.CanReveal {
		d.Purposes = map[string][]field.Option{}
		for _, f := range []string{person.FieldIDNumber, person.FieldPhone} {
			fit, err := h.Person.PurposesFor(ctx, a, f)
			if err != nil {
				return err
			}
			for _, p := range fit {
				d.Purposes[f] = append(d.Purposes[f], field.Option{Value: p.Code, Text: p.Text()})
			}
		}
	}
	rows, err := h.Person.History(ctx, a, d.Person.ID)
	for _, row := range rows {
		d.History = append(d.History, residentEvent(lang(r), row))
	}
	return err
}

// residentActions are the words for what happened to a record.
var residentActions = map[string]i18n.Text{
	"resident.create": i18n.ResidentAdd, "resident.edit": i18n.ResidentEdit, "resident.take_in": i18n.ResidentTakeIn,
	"resident.move_out": i18n.ResidentMoveOut, "resident.died": i18n.ResidentDied, "resident.categorise": i18n.CodeCategoryList,
	"resident.consent": i18n.ConsentTitle,
}

func residentEvent(l i18n.Lang, row audit.Row) partial.Event {
	what := row.Action
	if t, ok := residentActions[row.Action]; ok {
		what = t.In(l)
	}
	return partial.Event{When: row.At, Who: row.ActorName, What: what, Tone: partial.Neutral}
}

func (h *Handler) revealResident(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	d, err := h.residentDetail(r)
	if err != nil {
		return err
	}
	name := f.values.Get("field")
	plain, err := h.Person.Reveal(r.Context(), actor(r), d.Person.ID, name, f.values.Get("purpose"), f.Text("reason", 200))
	if e := errs.As(err); e != nil && e.Kind == errs.Invalid {
		return h.residentShow(w, r, d, e)
	}
	if err != nil {
		return err
	}
	d.Revealed = map[string]string{name: plain}
	return h.residentShow(w, r, d, nil)
}

func (h *Handler) newResident(w http.ResponseWriter, r *http.Request) error {
	body, err := h.residentForm(w, r, field.Form{Values: r.URL.Query()}, nil)
	if err != nil {
		return err
	}
	return h.show(w, r, body)
}

// residentForm is the form of a new resident; a worker of one community finds it filled in.
func (h *Handler) residentForm(w http.ResponseWriter, r *http.Request, f field.Form, cause error) (templ.Component, error) {
	communities, err := h.communityOptions(r, actor(r).Scope(person.PermEdit))
	if err != nil {
		return nil, err
	}
	fillOnly(&f, "community", communities)
	p := h.page(w, r, i18n.ResidentAddTitle)
	p.Breadcrumb = []layout.Crumb{{Text: i18n.ResidentTitle.In(lang(r)), Href: "/residents"}}
	return view.Form(p, f, "/residents", "/residents", true, communities, 0, takenHref(cause), "", ""), nil
}

// fillOnly fills a choice that leaves no choice.
func fillOnly(f *field.Form, name string, options []field.Option) {
	if len(options) != 1 || len(f.Values[name]) > 0 {
		return
	}
	values := map[string][]string{name: {options[0].Value}}
	for k, v := range f.Values {
		values[k] = v
	}
	f.Values = values
	if f.Filled == nil {
		f.Filled = map[string]bool{}
	}
	f.Filled[name] = true
}

// takenHref leads to the record that has an ID number already.
func takenHref(err error) string {
	var taken *person.TakenError
	if errors.As(err, &taken) {
		return "/residents/" + taken.PersonID.String()
	}
	return ""
}

func readAddress(f *form) person.Address {
	return person.Address{Quarter: f.Text("quarter", 60), Building: f.Text("building", 30), Stairwell: f.Text("stairwell", 20),
		Room: f.Text("room", 20), Text: f.Text("address", 120)}
}

func (h *Handler) createResident(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	in := person.NewPerson{Fields: person.Fields{Name: f.Text("name", 60), Sex: code.Sex(f.values.Get("sex")), BornOn: f.Date("born_on"),
		IDNumber: f.Text("id_number", 30), Phone: f.Text("phone", 30), Political: f.values.Get("political"), Schooling: f.values.Get("schooling"),
		Residence: f.values.Get("residence"), HeadRelation: f.values.Get("head_relation"), WorkUnit: f.Text("work_unit", 100),
		MovedInOn: f.Date("moved_in_on"), Categories: f.Strings("categories")},
		CommunityID: f.ID("community"), Address: readAddress(f), Confirmed: f.Bool("confirmed")}
	var made id.ID
	if err = f.Err(); err == nil {
		made, err = h.Person.Create(r.Context(), actor(r), in)
	}
	if err != nil {
		return h.wrongForm(w, r, err, func(e *errs.Error) (templ.Component, error) { return h.residentForm(w, r, f.Show(e), err) })
	}
	return h.done(w, r, "/residents/"+made.String(), i18n.ResidentCreated, in.Name)
}

// wrongForm is again for forms whose drawing may fail.
func (h *Handler) wrongForm(w http.ResponseWriter, r *http.Request, err error, draw func(*errs.Error) (templ.Component, error)) error {
	e := errs.As(err)
	if e == nil {
		return err
	}
	body, derr := draw(e)
	if derr != nil {
		return derr
	}
	return h.again(w, r, err, func(*errs.Error) templ.Component { return body })
}

func (h *Handler) editResident(w http.ResponseWriter, r *http.Request) error {
	d, err := h.residentDetail(r)
	if err != nil {
		return err
	}
	return h.show(w, r, h.residentEdit(w, r, d, residentValues(d), nil))
}

// residentValues is a record as its form shows it; sealed fields stay empty, which leaves them as they are.
func residentValues(d view.Detail) field.Form {
	p := d.Person
	f := field.Form{Values: map[string][]string{}, Filled: map[string]bool{}}
	for name, v := range map[string]string{"name": p.Name, "sex": string(p.Sex), "born_on": p.BornOn.String(), "political": p.Political,
		"schooling": p.Schooling, "residence": p.Residence, "head_relation": p.HeadRelation, "work_unit": p.WorkUnit,
		"moved_in_on": p.MovedInOn.String(), "address": d.Address} {
		if v != "" {
			f.Values[name], f.Filled[name] = []string{v}, true
		}
	}
	return f
}

func (h *Handler) residentEdit(w http.ResponseWriter, r *http.Request, d view.Detail, f field.Form, cause error) templ.Component {
	p := h.page(w, r, i18n.ResidentEditTitle, d.Person.Name)
	p.Breadcrumb = []layout.Crumb{{Text: i18n.ResidentTitle.In(lang(r)), Href: "/residents"}, {Text: d.Person.Name, Href: view.Href(d.Person)}}
	return view.Form(p, f, view.Href(d.Person)+"/edit", view.Href(d.Person), false, nil, d.Person.Version, takenHref(cause), d.Person.IDMask, d.Person.PhoneMask)
}

func (h *Handler) saveResident(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	d, err := h.residentDetail(r)
	if err != nil {
		return err
	}
	c := residentChange(f, d)
	if err = f.Err(); err == nil {
		err = h.Person.Edit(r.Context(), actor(r), d.Person.ID, c)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return h.residentEdit(w, r, d, f.Show(e), err) })
	}
	return h.done(w, r, view.Href(d.Person), i18n.ResidentSaved, *c.Name)
}

func residentChange(f *form, d view.Detail) person.Change {
	str := func(name string, limit int) *string { v := f.Text(name, limit); return &v }
	sex, born, in := code.Sex(f.values.Get("sex")), f.Date("born_on"), f.Date("moved_in_on")
	c := person.Change{Version: f.Version(), Name: str("name", 60), Sex: &sex, BornOn: &born, Political: str("political", 4), Schooling: str("schooling", 4),
		Residence: str("residence", 4), HeadRelation: str("head_relation", 4), WorkUnit: str("work_unit", 100), MovedInOn: &in, Confirmed: f.Bool("confirmed")}
	if v := str("id_number", 30); *v != "" {
		c.IDNumber = v
	}
	if v := str("phone", 30); *v != "" {
		c.Phone = v
	}
	a := readAddress(f)
	parts := a
	parts.Text = ""
	switch {
	case !parts.IsZero() && a.Text == d.Address: // the parts say it better than the address that was shown
		c.Address = &parts
	case a.Text != d.Address:
		c.Address = &a
	}
	return c
}

func (h *Handler) takeInPage(w http.ResponseWriter, r *http.Request) error {
	body, err := h.takeInForm(w, r, field.Form{Values: r.URL.Query()}, nil)
	if err != nil {
		return err
	}
	return h.show(w, r, body)
}

func (h *Handler) takeInForm(w http.ResponseWriter, r *http.Request, f field.Form, cause error) (templ.Component, error) {
	communities, err := h.communityOptions(r, actor(r).Scope(person.PermEdit))
	if err != nil {
		return nil, err
	}
	fillOnly(&f, "community", communities)
	p := h.page(w, r, i18n.ResidentTakeIn)
	p.Breadcrumb = []layout.Crumb{{Text: i18n.ResidentTitle.In(lang(r)), Href: "/residents"}}
	return view.TakeIn(p, f, communities, takenHref(cause)), nil
}

func (h *Handler) takeIn(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	in := person.Arrival{IDNumber: f.Need("id_number", 30), CommunityID: f.ID("community"), Address: person.Address{Text: f.Text("address", 120)}, On: f.Date("on")}
	var arrived id.ID
	if err = f.Err(); err == nil {
		arrived, err = h.Person.TakeIn(r.Context(), actor(r), in)
	}
	if err != nil {
		return h.wrongForm(w, r, err, func(e *errs.Error) (templ.Component, error) { return h.takeInForm(w, r, f.Show(e), err) })
	}
	p, err := h.Person.Get(r.Context(), actor(r), arrived)
	if err != nil {
		return err
	}
	return h.done(w, r, view.Href(p), i18n.ResidentTakenIn, p.Name)
}

func (h *Handler) leavePage(w http.ResponseWriter, r *http.Request) error {
	d, err := h.residentDetail(r)
	if err != nil {
		return err
	}
	return h.show(w, r, h.leaveForm(w, r, d, field.Form{}, r.URL.Query().Get("died") != ""))
}

func (h *Handler) leaveForm(w http.ResponseWriter, r *http.Request, d view.Detail, f field.Form, died bool) templ.Component {
	title := i18n.ResidentMoveOut
	if died {
		title = i18n.ResidentDied
	}
	p := h.page(w, r, title)
	p.Breadcrumb = []layout.Crumb{{Text: i18n.ResidentTitle.In(lang(r)), Href: "/residents"}, {Text: d.Person.Name, Href: view.Href(d.Person)}}
	return view.Leave(p, d, f, died)
}

func (h *Handler) moveOut(w http.ResponseWriter, r *http.Request) error {
	return h.leave(w, r, "moved_out_on", h.Person.MoveOut, i18n.ResidentMovedOutDone, i18n.ResidentMovedBackDone)
}

func (h *Handler) died(w http.ResponseWriter, r *http.Request) error {
	return h.leave(w, r, "died_on", h.Person.Died, i18n.ResidentDiedDone, i18n.ResidentDiedDone)
}

// leave notes a date of leaving; without one it takes the entry back.
func (h *Handler) leave(w http.ResponseWriter, r *http.Request, name string,
	act func(context.Context, authz.Actor, id.ID, int64, calendar.Date) error, said, back i18n.Text) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	d, err := h.residentDetail(r)
	if err != nil {
		return err
	}
	on, version := f.Date(name), f.Version()
	if err = f.Err(); err == nil {
		err = act(r.Context(), actor(r), d.Person.ID, version, on)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return h.leaveForm(w, r, d, f.Show(e), name == "died_on") })
	}
	if on.IsZero() {
		said = back
	}
	return h.done(w, r, view.Href(d.Person), said, d.Person.Name)
}

func (h *Handler) categoriseResident(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	d, err := h.residentDetail(r)
	if err != nil {
		return err
	}
	if err := h.Person.SetCategories(r.Context(), actor(r), d.Person.ID, f.Strings("categories")); err != nil {
		return err
	}
	return h.done(w, r, view.Href(d.Person), i18n.ResidentCategorySaved, d.Person.Name)
}
