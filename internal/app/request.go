package app

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"linli/internal/authz"
	"linli/internal/errs"
	"linli/internal/fact"
	"linli/internal/fill"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/request"
	"linli/internal/tabular"
)

// requestForms lets requests have their forms recognised and filled in.
type requestForms struct {
	fill  *fill.Service
	facts *fact.Catalogue
}

// Dropped is a form that the actor dropped in, with what they said about its labels and its rows.
func (f requestForms) Dropped(ctx context.Context, actor authz.Actor, formID id.ID) (request.Template, error) {
	d, form, err := f.fill.Get(ctx, actor, formID)
	if err != nil {
		return request.Template{}, err
	}
	_, content, err := f.fill.Original(ctx, actor, formID)
	if err != nil {
		return request.Template{}, err
	}
	return template(d.Name, content, form, fill.Ask{Choice: d.Ask.Choice, Where: d.Ask.Where, All: d.Ask.All})
}

// Read understands a workbook.
func (f requestForms) Read(ctx context.Context, actor authz.Actor, name string, content []byte) (request.Template, error) {
	if len(content) > fill.MaxFile {
		return request.Template{}, errs.Field("file", i18n.TabularTooBig, fill.MaxFile>>20)
	}
	form, err := f.fill.Understand(ctx, actor, name, content, fill.Choice{})
	if err != nil {
		return request.Template{}, err
	}
	return template(name, content, form, fill.Ask{})
}

// template puts what a form asks into the words of a request. A card about one person or household is refused: nobody said whom it is about.
func template(name string, content []byte, form *fill.Form, ask fill.Ask) (request.Template, error) {
	choice, err := json.Marshal(ask)
	t := request.Template{Name: name, Content: content, Choice: string(choice), Sealed: form.Sealed()}
	for _, sh := range form.Sheets {
		if sh.Kind == fill.Nothing {
			continue
		}
		if sh.Kind == fill.Card {
			return t, errs.New(errs.Invalid, i18n.RequestCard)
		}
		if t.Title == "" {
			t.Title = strings.TrimSpace(sh.Title)
		}
		for _, s := range slices.Concat(sh.Slots, sh.Heads) {
			switch s.Meaning {
			case fill.Serial, fill.Remark, fill.ByHand, fill.Left:
				continue
			}
			x := request.Field{Sheet: sh.Name, Label: strings.Join(s.Path, " / "), Subject: sh.Subject, Sealed: s.Sealed()}
			switch s.Meaning {
			case fill.Sure:
				x.Fact = string(s.Ref)
			case fill.Counted:
				x.Fact, x.Subject = s.Figure, ""
			}
			t.Fields = append(t.Fields, x)
		}
	}
	return t, err
}

// Make draws a form that asks for facts: a title, a row of labels, and every row of the subject that fulfils the condition.
func (f requestForms) Make(ctx context.Context, actor authz.Actor, title string, in request.Facts) (request.Template, error) {
	ed, err := f.facts.Edition(ctx, actor.Tenant)
	if err != nil {
		return request.Template{}, err
	}
	columns := []tabular.Column{{Title: i18n.RequestSerial}}
	for _, r := range in.Refs {
		x, ok := ed.Find(in.Subject, r)
		if !ok {
			return request.Template{}, errs.Field("facts", i18n.ErrBadChoice)
		}
		columns = append(columns, tabular.Column{Title: x.Name})
	}
	const sheet = "Sheet1"
	var out bytes.Buffer
	if err := tabular.WriteTitledXLSX(&out, i18n.ZH, sheet, title, columns, func(func([]any, error) bool) {}); err != nil {
		return request.Template{}, err
	}
	ask := fill.Ask{Choice: fill.Choice{Subjects: map[string]fact.Subject{sheet: in.Subject}, Refs: map[string]fact.Ref{}}, All: true}
	if in.Only != "" {
		if x, ok := ed.Find(in.Subject, in.Only); !ok || x.Fact.Type != fact.YesNo {
			return request.Template{}, errs.Field("only", i18n.ErrBadChoice)
		}
		ask.All, ask.Where = false, []fill.Condition{{Ref: in.Only, Text: fact.Yes}}
	}
	name := title + ".xlsx"
	form, err := f.fill.Understand(ctx, actor, name, out.Bytes(), ask.Choice)
	if err != nil {
		return request.Template{}, err
	}
	for _, sh := range form.Sheets {
		n := 0
		for _, s := range sh.Slots {
			if s.Meaning == fill.Serial {
				continue
			}
			if n < len(in.Refs) { // the columns stand in the order in which they were chosen
				ask.Refs[fill.SlotKey(sh.Name, s.Key)] = in.Refs[n]
			}
			n++
		}
	}
	if form, err = f.fill.Understand(ctx, actor, name, out.Bytes(), ask.Choice); err != nil {
		return request.Template{}, err
	}
	return template(name, out.Bytes(), form, ask)
}

// asking is what is said about the form of a request when it is filled in for one organisation.
func asking(t request.Template, p request.Party, purpose string) (fill.Ask, error) {
	var ask fill.Ask
	if err := json.Unmarshal([]byte(t.Choice), &ask); err != nil {
		return ask, err
	}
	ask.Purpose, ask.Reason, ask.For = purpose, t.Title, p.ID
	if p.Community {
		ask.Community = p.ID
	}
	return ask, nil
}

// Fill fills the form of a request in for one organisation.
func (f requestForms) Fill(ctx context.Context, actor authz.Actor, t request.Template, p request.Party, purpose string, sample int) (request.Filled, error) {
	ask, err := asking(t, p, purpose)
	if err != nil {
		return request.Filled{}, err
	}
	ask.Sample = sample
	form, out, err := f.fill.Fill(ctx, actor, t.Name, t.Content, ask)
	if err != nil {
		return request.Filled{}, err
	}
	r := request.Filled{Content: out.File, Rows: out.Rows, Asked: out.Cells, Filled: out.Filled, Hidden: out.Hidden}
	for _, s := range out.Slots {
		r.Held = append(r.Held, request.Held{Field: request.Field{Sheet: s.Sheet, Label: s.Label, Fact: s.Fact}, Known: s.Filled, Unknown: s.Unknown - s.Hidden, Hidden: s.Hidden,
			Oldest: s.Oldest, Newest: s.Newest})
	}
	for _, p := range form.NotHeld() {
		r.Lacks = append(r.Lacks, request.Lack{Label: p.Label, Name: p.Name, Subject: p.Subject, Type: p.Type})
	}
	return r, nil
}

// Copy drops the form in for the actor, filled in for one organisation.
func (f requestForms) Copy(ctx context.Context, actor authz.Actor, t request.Template, p request.Party, purpose string) (id.ID, error) {
	ask, err := asking(t, p, purpose)
	if err != nil {
		return 0, err
	}
	d, err := f.fill.Drop(ctx, actor, t.Name, t.Content)
	if err != nil {
		return 0, err
	}
	_, err = f.fill.Complete(ctx, actor, d.ID, d.Version, ask)
	return d.ID, err
}
