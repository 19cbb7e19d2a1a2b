package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/errs"
	"linli/internal/fact"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
	view "linli/internal/web/view/fact"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/layout"
	"linli/internal/web/view/partial"
)

func (h *Handler) factRoutes() []route {
	see, define := may(fact.PermSee), may(fact.PermDefine)
	return []route{
		{pattern: "GET /facts", who: see, serve: h.factsPage},
		{pattern: "GET /facts/export", who: see, serve: h.exportFacts},
		{pattern: "GET /facts/new", who: define, serve: h.factNewPage},
		{pattern: "POST /facts", who: define, serve: h.factDefine},
		{pattern: "POST /facts/labels/take", who: define, serve: h.factUnteach},
		{pattern: "GET /facts/record/{subject}/{id}", who: see, serve: h.factRecordPage},
		{pattern: "POST /facts/record/{subject}/{id}", who: see, serve: h.factRecord},
		{pattern: "GET /facts/{fact}", who: see, serve: h.factPage},
		{pattern: "POST /facts/{fact}/end", who: define, serve: h.factEnd},
		{pattern: "POST /facts/{fact}/declare", who: define, serve: h.factDeclare},
		{pattern: "POST /facts/{fact}/withdraw", who: define, serve: h.factWithdraw},
	}
}

func (h *Handler) factsPage(w http.ResponseWriter, r *http.Request) error {
	ed, err := h.Facts.Edition(r.Context(), actor(r).Tenant)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	l := view.List{Query: q}
	for _, f := range ed.Facts() {
		if factFits(f, q) {
			l.Facts = append(l.Facts, f)
		}
	}
	if actor(r).Scope(fact.PermDefine).All() {
		l.Acts = append(l.Acts, partial.Act{Text: i18n.FactNew, Href: "/facts/new", Icon: icon.Plus, Look: partial.Primary})
	}
	return h.show(w, r, view.Index(h.page(w, r, i18n.FactTitle), l))
}

// factFits says whether a fact is among those that the filters ask for.
func factFits(f fact.Fact, q url.Values) bool {
	for name, v := range map[string]string{"subject": string(f.Subject), "owner": f.Owner, "sensitivity": string(f.Sensitivity)} {
		if want := q.Get(name); want != "" && want != v {
			return false
		}
	}
	key := gram.Key(q.Get("q"))
	if key == "" {
		return true
	}
	words := append(f.Labels(), f.Name.In(i18n.EN), f.Doc.In(i18n.ZH), f.Doc.In(i18n.EN), f.ID)
	return slices.ContainsFunc(words, func(s string) bool { return strings.Contains(gram.Key(s), key) })
}

func (h *Handler) factCrumbs(w http.ResponseWriter, r *http.Request, title i18n.Text, args ...any) layout.Page {
	p := h.page(w, r, title, args...)
	p.Breadcrumb = []layout.Crumb{{Text: i18n.FactTitle.In(lang(r)), Href: "/facts"}}
	return p
}

func (h *Handler) factPage(w http.ResponseWriter, r *http.Request) error {
	body, err := h.factBody(w, r, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, body)
}

func (h *Handler) factBody(w http.ResponseWriter, r *http.Request, form field.Form) (templ.Component, error) {
	ed, err := h.Facts.Edition(r.Context(), actor(r).Tenant)
	if err != nil {
		return nil, err
	}
	f, ok := ed.Fact(r.PathValue("fact"))
	if !ok {
		return nil, errs.ErrNotFound
	}
	o := view.One{Fact: f, Labels: ed.LabelsOf(f.ID), Can: actor(r).Scope(fact.PermDefine).All(), Form: form}
	if own, ok := ed.OwnFact(f.ID); ok {
		o.Own = &own
	}
	if d, ok := ed.Declared(f.ID); ok {
		o.Declared = &d
	}
	for _, from := range f.From {
		if k, ok := ed.Find(f.Subject, from); ok {
			o.From = append(o.From, k.Name)
		}
	}
	if o.Share, err = h.Facts.Share(r.Context(), actor(r), f.ID); err != nil {
		return nil, err
	}
	purposes, err := h.Person.Purposes(r.Context(), actor(r).Tenant)
	if err != nil {
		return nil, err
	}
	for _, p := range purposes {
		if p.Code == f.Purpose {
			o.Purpose = p.Text()
		}
	}
	return view.Page(h.factCrumbs(w, r, f.Name), o), nil
}

func (h *Handler) factNewPage(w http.ResponseWriter, r *http.Request) error {
	f := field.Form{Values: url.Values{}}
	for _, name := range []string{"name", "subject", "type"} { // what the page that led here knows
		if v := r.URL.Query().Get(name); v != "" {
			f.Values.Set(name, v)
		}
	}
	body, err := h.factNewBody(w, r, f)
	if err != nil {
		return err
	}
	return h.show(w, r, body)
}

func (h *Handler) factNewBody(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	all, err := h.Person.Purposes(r.Context(), actor(r).Tenant)
	options := make([]field.Option, len(all))
	for i, p := range all {
		options[i] = field.Option{Value: p.Code, Text: p.Text()}
	}
	return view.New(h.factCrumbs(w, r, i18n.FactNew), f, options), err
}

func (h *Handler) factDefine(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	o := fact.OwnFact{Subject: fact.Subject(f.Text("subject", 20)), Code: f.Text("code", 30), Name: f.Text("name", 40), NameEn: f.Text("name_en", 80),
		Question: f.Text("question", 100), Doc: f.Text("doc", 500), Synonyms: linesOf(f.Text("synonyms", 500)), Type: fact.Type(f.Text("type", 20)),
		Options: fact.ParseOptions(f.Text("options", 2000)), Unit: f.Text("unit", 10), Sensitivity: fact.Sensitivity(f.Text("sensitivity", 20)),
		Purpose: f.Text("purpose", 40), AskedBy: f.Text("asked_by", 100), ValidFrom: f.Date("valid_from"), ValidTo: f.Date("valid_to")}
	if err = f.Err(); err == nil {
		o, err = h.Facts.Define(r.Context(), actor(r), o)
	}
	if err != nil {
		body, failed := h.factNewBody(w, r, f.Show(errs.As(err)))
		if failed != nil {
			return failed
		}
		return h.again(w, r, err, func(*errs.Error) templ.Component { return body })
	}
	return h.done(w, r, "/facts/"+o.FactID(), i18n.FactSaved, o.Name)
}

func linesOf(s string) []string {
	var out []string
	for _, l := range strings.Split(s, "\n") {
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, l)
		}
	}
	return out
}

// factAgain shows a fact's page with what is wrong in one of its forms.
func (h *Handler) factAgain(w http.ResponseWriter, r *http.Request, f *form, err error) error {
	body, failed := h.factBody(w, r, f.Show(errs.As(err)))
	if failed != nil {
		return failed
	}
	return h.again(w, r, err, func(*errs.Error) templ.Component { return body })
}

func (h *Handler) factEnd(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	ed, err := h.Facts.Edition(r.Context(), actor(r).Tenant)
	if err != nil {
		return err
	}
	own, ok := ed.OwnFact(r.PathValue("fact"))
	if !ok {
		return errs.ErrNotFound
	}
	last := f.Date("valid_to")
	if err = f.Err(); err == nil {
		err = h.Facts.End(r.Context(), actor(r), own.ID, last, 0)
	}
	if err != nil {
		return h.factAgain(w, r, f, err)
	}
	return h.done(w, r, "/facts/"+own.FactID(), i18n.FactEndDone, own.Name, last.String())
}

func (h *Handler) factDeclare(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	on, note := f.Date("complete_on"), f.Text("note", 200)
	if err = f.Err(); err == nil {
		err = h.Facts.DeclareComplete(r.Context(), actor(r), r.PathValue("fact"), on, note)
	}
	if err != nil {
		return h.factAgain(w, r, f, err)
	}
	return h.done(w, r, "/facts/"+r.PathValue("fact"), i18n.FactRegisterDone, on.String())
}

func (h *Handler) factWithdraw(w http.ResponseWriter, r *http.Request) error {
	if err := h.Facts.WithdrawComplete(r.Context(), actor(r), r.PathValue("fact")); err != nil {
		return err
	}
	return h.done(w, r, "/facts/"+r.PathValue("fact"), i18n.FactRegisterGone)
}

func (h *Handler) factUnteach(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	label := f.Text("label", 60)
	if err := h.Facts.Unteach(r.Context(), actor(r), fact.Subject(f.Text("subject", 20)), label); err != nil {
		return err
	}
	return h.done(w, r, "/facts", i18n.FactLabelTaken, label)
}

// factRecordOf reads a record's own facts.
func (h *Handler) factRecordOf(r *http.Request) (rec view.Record, name string, err error) {
	row, err := pathID(r)
	if err != nil {
		return rec, "", err
	}
	rec.Subject, rec.Row = fact.Subject(r.PathValue("subject")), row.String()
	if !rec.Subject.Valid() {
		return rec, "", errs.ErrNotFound
	}
	names, err := h.Facts.Names(r.Context(), actor(r), rec.Subject, []id.ID{row})
	if err != nil {
		return rec, "", err
	}
	name, ok := names[row]
	if !ok {
		return rec, "", errs.ErrNotFound
	}
	ed, err := h.Facts.Edition(r.Context(), actor(r).Tenant)
	if err != nil {
		return rec, name, err
	}
	rec.Own = ed.Own(rec.Subject, h.today())
	refs := make([]fact.Ref, len(rec.Own))
	for i, o := range rec.Own {
		refs[i] = fact.Ref(o.FactID())
	}
	v, err := ed.Read(r.Context(), actor(r), fact.Ask{Subject: rec.Subject, IDs: []id.ID{row}, Refs: refs})
	if err != nil {
		return rec, name, err
	}
	for _, ref := range refs {
		rec.Values = append(rec.Values, v.At(0, ref))
	}
	return rec, name, nil
}

func (h *Handler) factRecordPage(w http.ResponseWriter, r *http.Request) error {
	rec, name, err := h.factRecordOf(r)
	if err != nil {
		return err
	}
	return h.show(w, r, view.RecordForm(h.factCrumbs(w, r, i18n.FactRecordOf, name), rec))
}

// factRecord saves the own facts that were changed, all or none.
func (h *Handler) factRecord(w http.ResponseWriter, r *http.Request) error {
	rec, name, err := h.factRecordOf(r)
	if err != nil {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	row, _ := pathID(r) // read above
	source := f.Text("source", 100)
	changes := map[string]fact.Entry{}
	for i, o := range rec.Own {
		v := strings.TrimSpace(f.values.Get(o.FactID()))
		if held := rec.Values[i]; held.Hidden && v == "" || !held.Hidden && v == held.Text {
			continue
		}
		changes[o.FactID()] = fact.Entry{Row: row, Value: v, Source: source}
	}
	if err = f.Err(); err == nil {
		err = h.Facts.RecordAll(r.Context(), actor(r), changes)
	}
	if err != nil {
		rec.Form = f.Show(errs.As(err))
		return h.again(w, r, err, func(*errs.Error) templ.Component {
			return view.RecordForm(h.factCrumbs(w, r, i18n.FactRecordOf, name), rec)
		})
	}
	return h.done(w, r, r.URL.Path, i18n.FactRecordDone, len(changes))
}
