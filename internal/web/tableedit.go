package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/fact"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/place"
	"linli/internal/table"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
	view "linli/internal/web/view/table"
)

func (h *Handler) tableEditPage(w http.ResponseWriter, r *http.Request) error {
	t, err := h.ownTable(r)
	if err != nil {
		return err
	}
	body, err := h.tableForm(w, r, t, t.Version, t.Draft, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, body)
}

// ownTable is the table of the address if it is the actor's own.
func (h *Handler) ownTable(r *http.Request) (table.Table, error) {
	tableID, err := pathID(r)
	if err != nil {
		return table.Table{}, err
	}
	t, err := h.Table.Get(r.Context(), actor(r), tableID)
	if err == nil && t.OwnerID != actor(r).AccountID {
		err = errs.ErrForbidden
	}
	return t, err
}

// tableForm is the form of a draft of a table.
func (h *Handler) tableForm(w http.ResponseWriter, r *http.Request, t table.Table, version int64, d table.Draft, f field.Form) (templ.Component, error) {
	ctx, l := r.Context(), lang(r)
	ed, err := h.Facts.Edition(ctx, actor(r).Tenant)
	if err != nil {
		return nil, err
	}
	d.Subject = t.Subject
	if f.Values == nil {
		f.Values = draftValues(d)
	}
	e := view.Edit{ID: t.ID, Version: version, Draft: d, Form: f, Maybe: map[int][]view.Choice{}, Reach: factChoices(ed, d.Subject, l)}
	if e.Heads, err = h.Table.Heads(ctx, actor(r), d); err != nil {
		return nil, err
	}
	for i, c := range d.Columns {
		if c.Kind != table.Own || c.Text != "" || c.Heading == "" {
			continue
		}
		for _, m := range ed.Lookup(d.Subject, c.Heading) { // a blank column whose heading may mean something
			if len(e.Maybe[i]) < 8 {
				e.Maybe[i] = append(e.Maybe[i], view.Choice{Value: string(m.Ref), Text: m.Name.In(l)})
			}
		}
	}
	for _, c := range d.Where {
		x := view.Condition{Condition: c, Name: i18n.Verbatim(string(c.Ref)), Gone: true}
		if found, ok := ed.Find(d.Subject, c.Ref); ok {
			x.Name, x.Fact, x.Gone = found.Name, found.Fact, false
		}
		e.Tests = append(e.Tests, x)
	}
	e.Sorts = []field.Option{{Value: "", Text: i18n.TableNoSort}}
	for _, x := range ed.Reach(d.Subject) {
		if ed.Sorts(d.Subject, x.Ref) {
			e.Sorts = append(e.Sorts, field.Option{Value: string(x.Ref), Text: x.Name})
		}
	}
	if d.Subject == fact.Organisation {
		for _, n := range h.Table.Numbers() {
			e.Numbers = append(e.Numbers, view.Choice{Value: n.ID, Text: n.Name.In(l)})
		}
	}
	if err := h.tableFormPlaces(r, &e); err != nil {
		return nil, err
	}
	p := h.tableCrumbs(w, r, i18n.TableEditTitle)
	p.Breadcrumb = append(p.Breadcrumb, layout.Crumb{Text: t.Title, Href: view.Href(t.ID)})
	return view.Change(p, e), nil
}

// draftValues are the values of the fields that stand once on the form.
func draftValues(d table.Draft) url.Values {
	v := url.Values{"title": {d.Title}, "subtitle": {d.Subtitle}, "sort": {string(d.Sort)}, "place": {"0"}, "grid": {"0"}}
	if d.Place != 0 {
		v.Set("place", d.Place.String())
	}
	if d.Grid != 0 {
		v.Set("grid", d.Grid.String())
	}
	for name, on := range map[string]bool{"gone": d.Gone, "desc": d.Desc, "blank": d.Blank} {
		if on {
			v.Set(name, "1")
		}
	}
	return v
}

func (h *Handler) tableFormPlaces(r *http.Request, e *view.Edit) error {
	if h.Facts.InOrgs(e.Draft.Subject) {
		places, err := h.placeOptions(r, actor(r).Scope(table.PermUse))
		if err != nil {
			return err
		}
		e.Places = append([]field.Option{{Value: "0", Text: i18n.TableAnyPlace}}, places...)
	}
	if !h.Facts.InGrids(e.Draft.Subject) {
		return nil
	}
	grids, err := h.Place.Grids(r.Context(), actor(r), place.Filter{Page: db.Page{Limit: 500}})
	if err != nil {
		return err
	}
	e.Grids = []field.Option{{Value: "0", Text: i18n.TableAnyGrid}}
	for _, g := range grids.Items {
		e.Grids = append(e.Grids, field.Option{Value: g.ID.String(), Text: i18n.Verbatim(g.Name), Note: g.Community})
	}
	return nil
}

// factChoices are the facts of a subject by names that tell them apart.
func factChoices(ed *fact.Edition, s fact.Subject, l i18n.Lang) []view.Choice {
	var out []view.Choice
	seen := map[string]bool{}
	for _, x := range ed.Reach(s) {
		text := x.Name.In(l)
		if seen[text] {
			text += " · " + x.Fact.Subject.Text().In(l)
		}
		if seen[text] {
			text += " · " + string(x.Ref)
		}
		seen[text] = true
		out = append(out, view.Choice{Value: string(x.Ref), Text: text})
	}
	return out
}

// tableEdit saves a table, or changes its form and draws it again.
func (h *Handler) tableEdit(w http.ResponseWriter, r *http.Request) error {
	t, err := h.ownTable(r)
	if err != nil {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	d := readDraft(f, t.Subject)
	if do := f.values.Get(view.Do); do != "save" {
		return h.tableReform(w, r, f, t, d, do)
	}
	version := f.Version()
	if err = f.Err(); err == nil {
		_, err = h.Table.Save(r.Context(), actor(r), t.ID, version, d)
	}
	if e := errs.As(err); e != nil && (e.Kind == errs.Invalid || e.Kind == errs.Conflict) {
		if e.Kind == errs.Conflict {
			version = t.Version // saving again replaces what the other did, after it was said
			e = errs.New(errs.Conflict, i18n.TableConflict)
		}
		body, berr := h.tableForm(w, r, t, version, d, f.Show(e))
		if berr != nil {
			return berr
		}
		return h.again(w, r, e, func(*errs.Error) templ.Component { return body })
	}
	if err != nil {
		return err
	}
	return h.done(w, r, view.Href(t.ID), i18n.TableSaved)
}

// tableReform changes the draft as a button says and draws the form again. Nothing is saved.
func (h *Handler) tableReform(w http.ResponseWriter, r *http.Request, f *form, t table.Table, d table.Draft, do string) error {
	ed, err := h.Facts.Edition(r.Context(), actor(r).Tenant)
	if err != nil {
		return err
	}
	choices := factChoices(ed, t.Subject, lang(r))
	shown := f.Show(nil)
	if do == "stay" && strings.TrimSpace(f.values.Get(view.AddWhere)) != "" {
		do = "where" // the return key in that field
	}
	switch verb, n, _ := strings.Cut(do, "-"); verb {
	case "add", "stay":
		if typed := f.values.Get(view.AddFact); strings.TrimSpace(typed) != "" {
			if ref, ok := named(ed, t.Subject, choices, typed); ok {
				d.Columns = append(d.Columns, table.Column{Kind: table.Fact, Ref: ref})
				f.values.Del(view.AddFact)
			} else {
				shown.Err = errs.Field(view.AddFact, i18n.TableNoSuch, typed)
			}
		}
	case "where":
		if typed := f.values.Get(view.AddWhere); strings.TrimSpace(typed) != "" {
			if ref, ok := named(ed, t.Subject, choices, typed); ok {
				found, _ := ed.Find(t.Subject, ref)
				d.Where = append(d.Where, fact.Condition{Ref: ref, Test: found.Fact.Allows()[0]})
				f.values.Del(view.AddWhere)
			} else {
				shown.Err = errs.Field(view.AddWhere, i18n.TableNoSuch, typed)
			}
		}
	case "serial":
		d.Columns = append([]table.Column{{Kind: table.Serial}}, d.Columns...)
	case "own":
		d.Columns = append(d.Columns, table.Column{Kind: table.Own})
	case "figure":
		if x := f.values.Get(view.AddFigure); x != "" {
			d.Columns = append(d.Columns, table.Column{Kind: table.Figure, Figure: x})
		}
	default:
		rearrange(&d, verb, n)
	}
	body, err := h.tableForm(w, r, t, f.Version(), d, shown)
	if err != nil {
		return err
	}
	return h.show(w, r, body)
}

// rearrange moves or takes out one column, or takes out one condition.
func rearrange(d *table.Draft, verb, n string) {
	i, err := strconv.Atoi(n)
	if err != nil || i < 0 {
		return
	}
	switch {
	case verb == "nowhere" && i < len(d.Where):
		d.Where = slices.Delete(d.Where, i, i+1)
	case i >= len(d.Columns):
	case verb == "up" && i > 0:
		d.Columns[i-1], d.Columns[i] = d.Columns[i], d.Columns[i-1]
	case verb == "down" && i < len(d.Columns)-1:
		d.Columns[i+1], d.Columns[i] = d.Columns[i], d.Columns[i+1]
	case verb == "out":
		d.Columns = slices.Delete(d.Columns, i, i+1)
	}
}

// readDraft reads a table from its form.
func readDraft(f *form, s fact.Subject) table.Draft {
	v := f.values
	d := table.Draft{Title: v.Get("title"), Subject: s}
	d.Subtitle, d.Sort, d.Desc, d.Gone, d.Blank = v.Get("subtitle"), fact.Ref(v.Get("sort")), f.Bool("desc"), f.Bool("gone"), f.Bool("blank")
	place := func(name string) id.ID {
		if x := v.Get(name); x != "" && x != "0" {
			return f.ID(name)
		}
		return 0
	}
	d.Place, d.Grid = place("place"), place("grid")
	for i := 0; v.Has(view.ColumnName(i, "kind")) && i < 200; i++ {
		of := func(part string) string { return v.Get(view.ColumnName(i, part)) }
		c := table.Column{Kind: table.Kind(of("kind")), Ref: fact.Ref(of("ref")), Figure: of("figure"), Heading: of("heading"), Text: of("text"), Style: table.Style(of("style"))}
		if c.Kind == table.Own && c.Ref != "" { // somebody said what an unsure column means
			c.Kind = table.Fact
		}
		d.Columns = append(d.Columns, c)
	}
	for i := 0; v.Has(view.WhereName(i, "ref")) && i < 200; i++ {
		c := fact.Condition{Ref: fact.Ref(v.Get(view.WhereName(i, "ref"))), Test: fact.Test(v.Get(view.WhereName(i, "test"))), Values: v[view.WhereName(i, "values")],
			From: v.Get(view.WhereName(i, "from")), To: v.Get(view.WhereName(i, "to"))}
		for _, x := range strings.FieldsFunc(v.Get(view.WhereName(i, "typed")), func(r rune) bool { return strings.ContainsRune(i18n.TableSeparators, r) }) {
			c.Values = append(c.Values, strings.TrimSpace(x))
		}
		d.Where = append(d.Where, c)
	}
	return d
}
