// Package fact draws the pages of the catalogue of facts.
package fact

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/fact"
	"linli/internal/i18n"
	"linli/internal/web/view/field"
	"linli/internal/web/view/partial"
)

// List is the page of all facts.
type List struct {
	Query url.Values
	Facts []fact.Fact
	Acts  []partial.Act
}

// One is the page of a fact.
type One struct {
	Fact     fact.Fact
	Own      *fact.OwnFact
	Purpose  i18n.Text
	Share    fact.Share
	Declared *fact.Declaration
	Labels   []fact.Label
	From     []i18n.Text
	Can      bool // define
	Form     field.Form
}

// Record is the page of a record's own facts.
type Record struct {
	Subject fact.Subject
	Row     string
	Own     []fact.OwnFact
	Values  []fact.Value
	Form    field.Form
}

func ownerText(owner string) i18n.Text {
	if t, ok := i18n.FactOwners[owner]; ok {
		return t
	}
	return i18n.Verbatim(owner)
}

var listColumns = []partial.Column{
	{Key: "name", Title: i18n.FactName, Main: true}, {Key: "subject", Title: i18n.FactSubject}, {Key: "type", Title: i18n.FactType},
	{Key: "sensitivity", Title: i18n.FactSensitivity}, {Key: "owner", Title: i18n.FactOwner}, {Key: "meaning", Title: i18n.FactMeaning, Minor: true},
}

func listRows(facts []fact.Fact) []partial.Row {
	rows := make([]partial.Row, len(facts))
	for i, f := range facts {
		rows[i] = partial.Row{ID: f.ID, Href: "/facts/" + f.ID, Cells: []templ.Component{
			partial.Label(f.Name), partial.Label(f.Subject.Text()), partial.Label(f.Type.Text()), partial.Badge(sensitivity(f.Sensitivity)),
			partial.Label(ownerText(f.Owner)), partial.Label(f.Doc)}}
	}
	return rows
}

func sensitivity(s fact.Sensitivity) partial.State {
	tone := map[fact.Sensitivity]partial.Tone{fact.Open: partial.Neutral, fact.Personal: partial.Draft, fact.Sealed: partial.Waiting}[s]
	return partial.State{Text: s.Text(), Tone: tone}
}

func filters(facts []fact.Fact) []partial.Filter {
	var subjects, kinds []partial.Option
	for _, s := range fact.Subjects() {
		subjects = append(subjects, partial.Option{Value: string(s), Text: s.Text()})
	}
	for _, s := range fact.Sensitivities() {
		kinds = append(kinds, partial.Option{Value: string(s), Text: s.Text()})
	}
	var owners []string
	for o := range i18n.FactOwners {
		owners = append(owners, o)
	}
	slices.Sort(owners)
	var kept []partial.Option
	for _, o := range owners {
		kept = append(kept, partial.Option{Value: o, Text: ownerText(o)})
	}
	return []partial.Filter{{Name: "subject", Label: i18n.FactSubject, Options: subjects}, {Name: "owner", Label: i18n.FactOwner, Options: kept},
		{Name: "sensitivity", Label: i18n.FactSensitivity, Options: kinds}}
}

func facts(ctx context.Context, o One) []partial.Fact {
	f := o.Fact
	list := []partial.Fact{
		partial.F(i18n.FactMeaning, i18n.T(ctx, f.Doc)), partial.F(i18n.FactSubject, i18n.T(ctx, f.Subject.Text())), partial.F(i18n.FactType, i18n.T(ctx, f.Type.Text())),
		partial.F(i18n.FactSensitivity, i18n.T(ctx, f.Sensitivity.Text())), partial.F(i18n.FactOwner, i18n.T(ctx, ownerText(f.Owner))),
		partial.F(i18n.FactComplete, share(ctx, o.Share)), partial.F(i18n.FactID, f.ID),
	}
	add := func(label i18n.Text, value string) {
		if value != "" {
			list = append(list, partial.F(label, value))
		}
	}
	add(i18n.FactPurpose, i18n.T(ctx, o.Purpose))
	add(i18n.FactUnit, i18n.T(ctx, f.Unit))
	if f.List != nil {
		var labels []string
		for _, it := range f.List.Items() {
			labels = append(labels, it.Code+" "+i18n.T(ctx, it.Label))
		}
		add(i18n.FactChoices, strings.Join(labels, " · "))
	}
	add(i18n.FactSynonyms, strings.Join(f.Synonyms, " · "))
	add(i18n.FactColumns, strings.Join(f.Columns, " "))
	var from []string
	for _, t := range o.From {
		from = append(from, i18n.T(ctx, t))
	}
	add(i18n.FactFrom, strings.Join(from, " · "))
	if o.Own == nil {
		add(i18n.FactAskedBy, i18n.T(ctx, i18n.FactAskedNobody))
		return list
	}
	add(i18n.FactQuestion, o.Own.Question)
	add(i18n.FactAskedBy, o.Own.AskedBy)
	add(i18n.FactValid, i18n.T(ctx, i18n.FactValidSpan, o.Own.ValidFrom.String(), o.Own.ValidTo.String()))
	return list
}

func share(ctx context.Context, s fact.Share) string {
	switch {
	case s.Of == 0:
		return i18n.T(ctx, i18n.FactCompleteNone)
	case s.More:
		return i18n.T(ctx, i18n.FactCompleteFirst, s.Known, s.Of, s.Percent())
	}
	return i18n.T(ctx, i18n.FactCompleteShare, s.Known, s.Of, s.Percent())
}

func taken(ctx context.Context, l fact.Label) partial.Act {
	return partial.Act{Text: i18n.FactLabelTake, Href: "/facts/labels/take", Post: true, Small: true,
		Values:  []partial.Value{{Name: "subject", Value: string(l.Subject)}, {Name: "label", Value: l.Label}},
		Confirm: &partial.Confirm{ID: "take-" + l.ID.String(), Question: i18n.T(ctx, i18n.FactLabelAsk, l.Label)}}
}

func withdraw(ctx context.Context, f fact.Fact) partial.Act {
	return partial.Act{Text: i18n.FactRegisterWithdraw, Href: "/facts/" + f.ID + "/withdraw", Post: true, Small: true,
		Confirm: &partial.Confirm{ID: "withdraw", Question: i18n.T(ctx, i18n.FactRegisterAsk)}}
}

func subjects() []field.Option {
	var out []field.Option
	for _, s := range fact.Subjects() {
		out = append(out, field.Option{Value: string(s), Text: s.Text()})
	}
	return out
}

func types() []field.Option {
	var out []field.Option
	for _, t := range fact.Types() {
		out = append(out, field.Option{Value: string(t), Text: t.Text()})
	}
	return out
}

func sensitivities() []field.Option {
	var out []field.Option
	for _, s := range fact.Sensitivities() {
		out = append(out, field.Option{Value: string(s), Text: s.Text()})
	}
	return out
}

// inputOf is the field of an own fact with the value that is held, where it may be shown.
func inputOf(ctx context.Context, r Record, i int) field.Field {
	o, v := r.Own[i], r.Values[i]
	d := r.Form.In(o.FactID(), i18n.Both(o.Question, o.NameEn))
	switch {
	case v.Hidden:
		d = d.Help(i18n.FactRecordKeep)
	case v.Known:
		d = d.Or(v.Text)
		if !v.AsOf.IsZero() {
			d = d.Help(i18n.Both(i18n.FactRecordAsOf.In(i18n.ZH, v.AsOf.String()), i18n.FactRecordAsOf.In(i18n.EN, v.AsOf.String())))
		}
	}
	return d
}

func choices(o fact.OwnFact) []field.Option {
	out := []field.Option{{Value: "", Text: i18n.FactUnknown}}
	if o.Type == fact.YesNo {
		return append(out, field.Option{Value: fact.Yes, Text: i18n.FactYes}, field.Option{Value: fact.No, Text: i18n.FactNo})
	}
	for _, c := range o.Options {
		out = append(out, field.Option{Value: c.Code, Text: i18n.Verbatim(c.Label)})
	}
	return out
}
