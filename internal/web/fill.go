package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/ask"
	"linli/internal/authz"
	"linli/internal/errs"
	"linli/internal/fact"
	"linli/internal/fill"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/request"
	"linli/internal/web/view/field"
	view "linli/internal/web/view/fill"
	"linli/internal/web/view/layout"
)

// formsKept is how many days a dropped form stays.
const formsKept = 30

func (h *Handler) forms(w http.ResponseWriter, r *http.Request) error {
	body, err := h.formsIndex(w, r, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, body)
}

func (h *Handler) formsIndex(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	list, err := h.Fill.List(r.Context(), actor(r), pageOf(r))
	if err != nil {
		return nil, err
	}
	return view.Index(h.page(w, r, i18n.FillTitle), f, formsKept, list.Items, list.Prev, list.Next), nil
}

func (h *Handler) formDrop(w http.ResponseWriter, r *http.Request) error {
	f, d, err := h.dropForm(w, r)
	if f == nil {
		return err
	}
	if e := faultOfFile(err); e != nil {
		body, ferr := h.formsIndex(w, r, f.Show(e))
		if ferr != nil {
			return ferr
		}
		return h.again(w, r, e, func(*errs.Error) templ.Component { return body })
	}
	if err != nil {
		return err
	}
	return h.done(w, r, view.Href(d), i18n.FillUploaded, d.Name)
}

// dropForm drops in the workbook that a form brought; see readDropped.
func (h *Handler) dropForm(w http.ResponseWriter, r *http.Request) (f *form, d fill.Dropped, err error) {
	f, name, data, err := readDropped(w, r, fill.MaxFile)
	if err == nil {
		d, err = h.Fill.Drop(r.Context(), actor(r), name, data)
	}
	return f, d, err
}

// readDropped reads a form with one file of at most so many bytes, in the field "file". The form is there also where the file is at fault; it is
// nil where nothing could be read.
func readDropped(w http.ResponseWriter, r *http.Request, most int64) (f *form, name string, data []byte, err error) {
	r.Body = http.MaxBytesReader(w, r.Body, most+1<<20)
	if err := r.ParseMultipartForm(maxUploadMemory); err != nil {
		return nil, "", nil, badForm(err)
	}
	defer r.MultipartForm.RemoveAll()
	f = &form{values: r.PostForm}
	file, head, err := r.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) {
		return f, "", nil, errs.Field("file", i18n.FillChooseFile)
	}
	if err != nil {
		return f, "", nil, badForm(err)
	}
	defer file.Close()
	data, err = io.ReadAll(file)
	return f, head.Filename, data, err
}

// faultOfFile is what an Invalid error says, under the field of the file unless it names fields; nil for other errors.
func faultOfFile(err error) *errs.Error {
	e := errs.As(err)
	if e == nil || e.Kind != errs.Invalid {
		return nil
	}
	if len(e.Fields) == 0 { // a file that cannot be read is a fault of that field
		e = errs.Field("file", e.Message.Text, e.Message.Args...).Because(err)
	}
	return e
}

func (h *Handler) formPage(w http.ResponseWriter, r *http.Request) error {
	body, err := h.formDetail(w, r, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, body)
}

func (h *Handler) formDetail(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	formID, err := pathID(r)
	if err != nil {
		return nil, err
	}
	d := view.Detail{Define: actor(r).Can(fact.PermDefine), Register: actor(r).Can(request.PermRegister), Facts: map[fact.Subject][]fact.Reached{}, YesNo: map[fact.Subject][]field.Option{}}
	if d.Dropped, d.Form, err = h.Fill.Get(r.Context(), actor(r), formID); err != nil {
		return nil, err
	}
	if d.Communities, err = h.communityOptions(r, actor(r).Scope(fill.PermFill)); err != nil {
		return nil, err
	}
	d.Communities = append([]field.Option{{Value: "0", Text: i18n.FillAnyPlace}}, d.Communities...)
	if d.Purposes, err = h.purposeOptions(r, i18n.FillNoPurpose); err != nil {
		return nil, err
	}
	ed, err := h.Facts.Edition(r.Context(), actor(r).Tenant)
	if err != nil {
		return nil, err
	}
	for _, sh := range d.Form.Sheets {
		if sh.Kind == fill.Nothing || d.Facts[sh.Subject] != nil {
			continue
		}
		d.Facts[sh.Subject] = ed.Reach(sh.Subject)
		d.YesNo[sh.Subject] = []field.Option{{Value: "", Text: i18n.FillAnyPlace}}
		for _, x := range d.Facts[sh.Subject] {
			if x.Fact.Type == fact.YesNo {
				d.YesNo[sh.Subject] = append(d.YesNo[sh.Subject], field.Option{Value: string(x.Ref), Text: x.Name})
			}
		}
	}
	if d.Names, err = h.candidateNames(r.Context(), r, d.Dropped.Outcome); err != nil {
		return nil, err
	}
	d.Ask = askPanel(ed, h.today(), d.Dropped)
	d.Ask.May = actor(r).Can(ask.PermAsk)
	p := h.page(w, r, i18n.Verbatim("{0}"), d.Dropped.Name)
	p.Breadcrumb = []layout.Crumb{{Text: i18n.FillTitle.In(lang(r)), Href: "/forms"}}
	return view.Show(p, d, f), nil
}

// candidateNames names those among whom a person chooses, with the day of birth where there is one.
func (h *Handler) candidateNames(ctx context.Context, r *http.Request, o fill.Outcome) (map[id.ID]string, error) {
	out := map[id.ID]string{}
	bySubject := map[fact.Subject][]id.ID{}
	for i, row := range o.Unclear {
		if i < 100 {
			bySubject[row.Subject] = append(bySubject[row.Subject], row.Candidates...)
		}
	}
	for s, ids := range bySubject {
		slices.Sort(ids)
		ids = slices.Compact(ids)
		names, err := h.Fill.Names(ctx, actor(r), s, ids)
		if err != nil {
			return nil, err
		}
		more := map[fact.Subject]fact.Ref{fact.Person: "person.born_on", fact.Member: "person/person.born_on"}[s]
		var born *fact.Values
		if more != "" {
			if born, err = h.Facts.Read(ctx, actor(r), fact.Ask{Subject: s, IDs: ids, Refs: []fact.Ref{more}}); err != nil {
				return nil, err
			}
		}
		for i, x := range ids {
			out[x] = names[x]
			if born != nil {
				out[x] += " " + born.At(i, more).Text
			}
		}
	}
	return out, nil
}

func (h *Handler) formFill(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	formID, err := pathID(r)
	if err != nil {
		return err
	}
	d, form, err := h.Fill.Get(r.Context(), actor(r), formID)
	if err != nil {
		return err
	}
	ask, err := h.formAsk(r, f, d, form)
	if err == nil {
		d, err = h.Fill.Complete(r.Context(), actor(r), formID, f.Version(), ask)
	}
	if e := errs.As(err); e != nil && (e.Kind == errs.Invalid || e.Kind == errs.Conflict) {
		body, berr := h.formDetail(w, r, f.Show(e))
		if berr != nil {
			return berr
		}
		return h.again(w, r, e, func(*errs.Error) templ.Component { return body })
	}
	if err != nil {
		return err
	}
	return h.done(w, r, view.Href(d), i18n.FillDone, d.Cells, d.Filled, max(0, d.Outcome.Percent()))
}

// formAsk reads what a person said about a form.
func (h *Handler) formAsk(r *http.Request, f *form, d fill.Dropped, form *fill.Form) (fill.Ask, error) {
	ask := fill.Ask{Choice: fill.Choice{Subjects: map[string]fact.Subject{}, Refs: map[string]fact.Ref{}}, Named: map[string]string{},
		Purpose: f.values.Get("purpose"), Rows: d.Ask.Rows}
	ed, err := h.Facts.Edition(r.Context(), actor(r).Tenant)
	if err != nil {
		return ask, err
	}
	if c := f.values.Get("community"); c != "" && c != "0" {
		ask.Community = f.ID("community")
	}
	if d.Ask.For != 0 { // a copy of what was asked of one organisation stays with it
		ask.For, ask.Community = d.Ask.For, d.Ask.Community
	}
	ask.All = f.values.Get("scope") == "all"
	for i, sh := range form.Sheets {
		subject := fact.Subject(f.values.Get(view.SheetField("subject", i)))
		if subject.Valid() {
			ask.Subjects[sh.Name] = subject
		} else {
			subject = sh.Subject
		}
		ask.Named[sh.Name] = f.Text(view.SheetField("one", i), 60)
		if err := readSlots(f, &ask, ed, i, sh, subject, d.Ask.Choice); err != nil {
			return ask, err
		}
		ask.Where = append(ask.Where, f.conditions(ed, i, subject)...)
	}
	for i, row := range d.Outcome.Unclear {
		if v := f.values.Get(view.RowField(i)); v != "" {
			who, err := id.Parse(v)
			if err != nil {
				return ask, errs.Field(view.RowField(i), i18n.ErrBadChoice)
			}
			ask = ask.Settled(d.Outcome.Sheets[i], row.Row, who)
		}
	}
	return ask, f.Err()
}

// readSlots reads what a person chose for the labels of one sheet; what is as the program found it is no choice.
func readSlots(f *form, ask *fill.Ask, ed *fact.Edition, i int, sh fill.Sheet, subject fact.Subject, before fill.Choice) error {
	for j, s := range sh.Slots {
		key := fill.SlotKey(sh.Name, s.Key)
		v := fact.Ref(f.values.Get(view.RefField(i, j)))
		if name := strings.TrimSpace(f.values.Get(view.OtherField(i, j))); name != "" {
			ref, ok := refNamed(ed, subject, name)
			if !ok {
				return errs.Field(view.OtherField(i, j), i18n.ErrBadChoice)
			}
			v = ref
		}
		_, chosen := before.Refs[key]
		if v != "" && (v != s.Ref || s.Meaning != fill.Sure || chosen) {
			ask.Refs[key] = v
		}
	}
	return nil
}

// refNamed finds a fact by the name under which the list offers it.
func refNamed(ed *fact.Edition, s fact.Subject, name string) (fact.Ref, bool) {
	for _, x := range ed.Reach(s) {
		if x.Name.In(i18n.ZH) == name || x.Name.In(i18n.EN) == name {
			return x.Ref, true
		}
	}
	return "", false
}

// conditions reads which rows a blank list is to hold.
func (f *form) conditions(ed *fact.Edition, i int, s fact.Subject) []fill.Condition {
	var out []fill.Condition
	if ref := fact.Ref(f.values.Get(view.SheetField("only", i))); ref != "" {
		if x, ok := ed.Find(s, ref); ok && x.Fact.Type == fact.YesNo {
			out = append(out, fill.Condition{Ref: ref, Text: fact.Yes})
		}
	}
	from, to := f.Int(view.SheetField("from", i)), f.Int(view.SheetField("to", i))
	if from > 0 || to > 0 {
		if c := ed.Lookup(s, i18n.FillAge); len(c) > 0 && c[0].Fact.Type == fact.Number {
			out = append(out, fill.Condition{Ref: c[0].Ref, Least: int(from), Most: int(to)})
		}
	}
	return out
}

func (h *Handler) formFile(w http.ResponseWriter, r *http.Request) error {
	return h.sendForm(w, r, h.Fill.Result, "-"+i18n.FillStatFilled.In(lang(r)))
}

func (h *Handler) formOriginal(w http.ResponseWriter, r *http.Request) error {
	return h.sendForm(w, r, h.Fill.Original, "")
}

// formGetter gives a workbook with its name.
type formGetter func(ctx context.Context, actor authz.Actor, formID id.ID) (string, []byte, error)

func (h *Handler) sendForm(w http.ResponseWriter, r *http.Request, get formGetter, suffix string) error {
	formID, err := pathID(r)
	if err != nil {
		return err
	}
	name, data, err := get(r.Context(), actor(r), formID)
	if err != nil {
		return err
	}
	return sendBook(w, strings.TrimSuffix(name, ".xlsx")+suffix+".xlsx", data)
}

func (h *Handler) formRemove(w http.ResponseWriter, r *http.Request) error {
	formID, err := pathID(r)
	if err != nil {
		return err
	}
	d, _, err := h.Fill.Get(r.Context(), actor(r), formID)
	if err != nil {
		return err
	}
	if err := h.Fill.Remove(r.Context(), actor(r), formID); err != nil {
		return err
	}
	return h.done(w, r, "/forms", i18n.FillRemoved, d.Name)
}

func (h *Handler) formRoutes() []route {
	who := may(fill.PermFill)
	return []route{
		{pattern: "GET /forms", who: who, serve: h.forms},
		{pattern: "POST /forms", who: who, serve: h.formDrop, upload: true},
		{pattern: "GET /forms/{id}", who: who, serve: h.formPage},
		{pattern: "POST /forms/{id}/fill", who: who, serve: h.formFill},
		{pattern: "GET /forms/{id}/file", who: who, serve: h.formFile},
		{pattern: "GET /forms/{id}/original", who: who, serve: h.formOriginal},
		{pattern: "POST /forms/{id}/remove", who: who, serve: h.formRemove},
	}
}
