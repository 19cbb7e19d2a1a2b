package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/fact"
	"linli/internal/fill"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/table"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
	"linli/internal/web/view/partial"
	view "linli/internal/web/view/table"
)

func (h *Handler) tablesPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	l := view.List{Query: q, Show: table.Mine}
	if s := table.Show(q.Get("show")); s == table.Shared || s == table.Removed {
		l.Show = s
	}
	list, err := h.Table.List(r.Context(), actor(r), table.Filter{Show: l.Show, Text: q.Get("q"), Subject: fact.Subject(q.Get("subject")), Page: pageOf(r)})
	if err != nil {
		return err
	}
	l.Tables, l.Prev, l.Next = list.Items, list.Prev, list.Next
	if l.Show == table.Mine {
		runs, err := h.Table.Runs(r.Context(), actor(r), 0, db.Page{Limit: 10})
		if err != nil {
			return err
		}
		l.Runs = runs.Items
	}
	for _, s := range h.Table.Subjects(actor(r)) {
		l.Subjects = append(l.Subjects, partial.Option{Value: string(s), Text: s.Text()})
	}
	return h.show(w, r, view.Index(h.page(w, r, i18n.TableTitle), l))
}

func (h *Handler) tableNewPage(w http.ResponseWriter, r *http.Request) error {
	body, err := h.tableStart(w, r, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, body)
}

func (h *Handler) tableStart(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	s := view.Start{Form: f}
	var err error
	if s.Templates, err = h.Table.Templates(r.Context(), actor(r)); err != nil {
		return nil, err
	}
	for _, x := range h.Table.Subjects(actor(r)) {
		s.Subjects = append(s.Subjects, field.Option{Value: string(x), Text: x.Text()})
	}
	return view.New(h.tableCrumbs(w, r, i18n.TableNew), s), nil
}

func (h *Handler) tableCrumbs(w http.ResponseWriter, r *http.Request, title i18n.Text, args ...any) layout.Page {
	p := h.page(w, r, title, args...)
	p.Active = view.Path
	p.Breadcrumb = []layout.Crumb{{Text: i18n.TableTitle.In(lang(r)), Href: view.Path}}
	return p
}

// tableCreate makes a table from one to start from, or one of a subject that shows its names.
func (h *Handler) tableCreate(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	var d table.Draft
	if code := f.values.Get("template"); code != "" {
		t, err := h.Table.Template(r.Context(), actor(r), code)
		if err != nil {
			return err
		}
		d = t.Draft
	} else {
		d.Title, d.Subject = f.Need("title", 100), fact.Subject(f.values.Get("subject"))
		d.Columns = []table.Column{{Kind: table.Serial}}
		if names := h.Facts.Reach(d.Subject); len(names) > 0 {
			d.Columns = append(d.Columns, table.Column{Kind: table.Fact, Ref: names[0].Ref})
		}
	}
	var t table.Table
	if err = f.Err(); err == nil {
		t, err = h.Table.Create(r.Context(), actor(r), d)
	}
	if e := errs.As(err); e != nil && e.Kind == errs.Invalid {
		return h.tableStartAgain(w, r, f, e)
	}
	if err != nil {
		return err
	}
	if f.values.Get("template") != "" {
		return h.done(w, r, view.Href(t.ID), i18n.TableSaved)
	}
	return h.done(w, r, view.Href(t.ID)+"/edit", i18n.TableSaved)
}

func (h *Handler) tableStartAgain(w http.ResponseWriter, r *http.Request, f *form, e *errs.Error) error {
	body, err := h.tableStart(w, r, f.Show(e))
	if err != nil {
		return err
	}
	return h.again(w, r, e, func(*errs.Error) templ.Component { return body })
}

// tableHeader makes a table with the columns of a file's header.
func (h *Handler) tableHeader(w http.ResponseWriter, r *http.Request) error {
	f, name, data, err := readDropped(w, r, fill.MaxFile)
	if f == nil {
		return err
	}
	var t table.Table
	var sure, unsure int
	if err == nil {
		t, sure, unsure, err = h.tableFromHeader(r, name, data)
	}
	if e := faultOfFile(err); e != nil {
		return h.tableStartAgain(w, r, f, e)
	}
	if err != nil {
		return err
	}
	return h.done(w, r, view.Href(t.ID)+"/edit", i18n.TableFromDone, sure, unsure)
}

func (h *Handler) tableFromHeader(r *http.Request, name string, data []byte) (t table.Table, sure, unsure int, err error) {
	subject, list, err := h.Table.Header(r.Context(), actor(r), name, data)
	if err != nil {
		return t, 0, 0, err
	}
	d := table.Draft{Title: strings.TrimSuffix(name, ".xlsx"), Subject: subject}
	if title := []rune(d.Title); len(title) > 100 {
		d.Title = string(title[:100])
	}
	for _, x := range list {
		if d.Columns = append(d.Columns, x.Column); x.Sure {
			sure++
		} else {
			unsure++
		}
	}
	t, err = h.Table.Create(r.Context(), actor(r), d)
	return t, sure, unsure, err
}

func (h *Handler) tablePage(w http.ResponseWriter, r *http.Request) error {
	body, err := h.tableDetail(w, r, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, body)
}

// tableAsk is how somebody looks at a table, from the address.
func tableAsk(q url.Values, r *http.Request) table.Ask {
	a := table.Ask{Place: queryID(r, "place"), Page: pageOf(r)}
	sort, desc := strings.CutPrefix(q.Get(partial.SortKey), "-")
	a.Sort, a.Desc = fact.Ref(sort), desc
	return a
}

func (h *Handler) tableDetail(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	tableID, err := pathID(r)
	if err != nil {
		return nil, err
	}
	ctx, a, q := r.Context(), actor(r), r.URL.Query()
	d := view.Page{Query: q, Form: f}
	ask := tableAsk(q, r)
	d.View, err = h.Table.Rows(ctx, a, tableID, ask)
	if e := errs.As(err); e != nil && (e.Kind == errs.Conflict || e.Kind == errs.Invalid) && d.View.Table.ID != 0 {
		d.Broken, err = e.Message.In(lang(r)), nil
	}
	if err != nil {
		return nil, err
	}
	t := d.View.Table
	d.Own = t.OwnerID == a.AccountID
	if d.Broken == "" && ask.Page.After.ID == 0 && ask.Page.Before.ID == 0 {
		if d.Count, d.More, err = h.Table.Count(ctx, a, tableID, ask.Place); err != nil {
			return nil, err
		}
		d.Counted = true
	}
	if err := h.tableSides(r, &d); err != nil {
		return nil, err
	}
	return view.Show(h.tableCrumbs(w, r, i18n.Verbatim("{0}"), t.Title), d), nil
}

// tableSides reads what stands beside the rows of a table: places, purposes, schedule, files.
func (h *Handler) tableSides(r *http.Request, d *view.Page) error {
	ctx, a, t := r.Context(), actor(r), d.View.Table
	places, err := h.placeOptions(r, a.Scope(table.PermUse))
	if err != nil {
		return err
	}
	if h.Facts.InOrgs(t.Subject) {
		d.Places = places
	}
	d.Orgs = append([]field.Option{{Value: "0", Text: i18n.TableShareNone}}, places...)
	if d.Purposes, err = h.purposeOptions(r, i18n.TableMasked); err != nil {
		return err
	}
	if d.Schedule, err = h.Table.ScheduleOf(ctx, a, t.ID); err != nil {
		return err
	}
	list, err := h.Table.Runs(ctx, a, t.ID, db.Page{Limit: 20})
	d.Runs = list.Items
	return err
}

// tableAct does something with a table and goes on.
func (h *Handler) tableAct(act func(r *http.Request, tableID id.ID) (to string, said i18n.Text, err error)) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		tableID, err := pathID(r)
		if err != nil {
			return err
		}
		to, said, err := act(r, tableID)
		if err != nil {
			return err
		}
		return h.done(w, r, to, said)
	}
}

func (h *Handler) tableCopy(r *http.Request, tableID id.ID) (string, i18n.Text, error) {
	t, err := h.Table.Copy(r.Context(), actor(r), tableID)
	return view.Href(t.ID), i18n.TableCopied, err
}

func (h *Handler) tableRemove(r *http.Request, tableID id.ID) (string, i18n.Text, error) {
	return view.Path, i18n.TableRemoveDone, h.Table.Remove(r.Context(), actor(r), tableID)
}

func (h *Handler) tableRestore(r *http.Request, tableID id.ID) (string, i18n.Text, error) {
	return view.Href(tableID), i18n.TableRestored, h.Table.Restore(r.Context(), actor(r), tableID)
}

func (h *Handler) tableEndRepeat(r *http.Request, tableID id.ID) (string, i18n.Text, error) {
	return view.Href(tableID), i18n.TableRepeatEnded, h.Table.EndRepeat(r.Context(), actor(r), tableID)
}

// tableAgain shows the page of a table once more with what is wrong.
func (h *Handler) tableAgain(w http.ResponseWriter, r *http.Request, f *form, err error) error {
	e := errs.As(err)
	if e == nil || e.Kind != errs.Invalid && e.Kind != errs.Conflict {
		return err
	}
	body, berr := h.tableDetail(w, r, f.Show(e))
	if berr != nil {
		return berr
	}
	return h.again(w, r, e, func(*errs.Error) templ.Component { return body })
}

func (h *Handler) tableShare(w http.ResponseWriter, r *http.Request) error {
	tableID, err := pathID(r)
	if err != nil {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	var with id.ID
	if v := f.values.Get("organisation"); v != "" && v != "0" {
		with = f.ID("organisation")
	}
	if err = f.Err(); err == nil {
		err = h.Table.Share(r.Context(), actor(r), tableID, with)
	}
	if err != nil {
		return h.tableAgain(w, r, f, err)
	}
	return h.done(w, r, view.Href(tableID), i18n.TableShareDone)
}

// printedRows is how many rows the print view shows.
const printedRows = 500

func (h *Handler) tablePrint(w http.ResponseWriter, r *http.Request) error {
	tableID, err := pathID(r)
	if err != nil {
		return err
	}
	ask := tableAsk(r.URL.Query(), r)
	ask.Page = db.Page{Limit: printedRows}
	v, err := h.Table.Rows(r.Context(), actor(r), tableID, ask)
	if err != nil {
		return err
	}
	cut := 0
	if v.Next != "" {
		cut = printedRows
	}
	under := i18n.TablePrintLead.In(lang(r), v.Table.Subject.Text(), h.today().String(), actor(r).Name)
	return h.show(w, r, view.Printed(h.tableCrumbs(w, r, i18n.TablePrint), v, under, cut))
}

func (h *Handler) tableRoutes() []route {
	who := may(table.PermUse)
	return []route{
		{pattern: "GET /tables", who: who, serve: h.tablesPage},
		{pattern: "POST /tables", who: who, serve: h.tableCreate},
		{pattern: "GET /tables/new", who: who, serve: h.tableNewPage},
		{pattern: "POST /tables/header", who: who, serve: h.tableHeader, upload: true},
		{pattern: "GET /tables/{id}", who: who, serve: h.tablePage},
		{pattern: "GET /tables/{id}/edit", who: who, serve: h.tableEditPage},
		{pattern: "POST /tables/{id}/edit", who: who, serve: h.tableEdit},
		{pattern: "GET /tables/{id}/print", who: who, serve: h.tablePrint},
		{pattern: "POST /tables/{id}/export", who: who, serve: h.tableExport},
		{pattern: "POST /tables/{id}/copy", who: who, serve: h.tableAct(h.tableCopy)},
		{pattern: "POST /tables/{id}/remove", who: who, serve: h.tableAct(h.tableRemove)},
		{pattern: "POST /tables/{id}/restore", who: who, serve: h.tableAct(h.tableRestore)},
		{pattern: "POST /tables/{id}/share", who: who, serve: h.tableShare},
		{pattern: "POST /tables/{id}/repeat", who: who, serve: h.tableRepeat},
		{pattern: "POST /tables/{id}/repeat/end", who: who, serve: h.tableAct(h.tableEndRepeat)},
		{pattern: "GET /table-files/{id}", who: who, serve: h.tableFilePage},
		{pattern: "GET /table-files/{id}/progress", who: who, serve: h.tableFileProgress},
		{pattern: "GET /table-files/{id}/file", who: who, serve: h.tableFile},
		{pattern: "POST /table-files/{id}/remove", who: who, serve: h.tableFileRemove},
	}
}

// named finds a fact by what somebody typed: its name, or a label that surely means it.
func named(ed *fact.Edition, s fact.Subject, choices []view.Choice, typed string) (fact.Ref, bool) {
	typed = strings.TrimSpace(typed)
	if i := slices.IndexFunc(choices, func(c view.Choice) bool { return c.Text == typed || c.Value == typed }); i >= 0 {
		return fact.Ref(choices[i].Value), true
	}
	c, ok := fact.Sure(ed.Lookup(s, typed))
	return c.Ref, ok
}
