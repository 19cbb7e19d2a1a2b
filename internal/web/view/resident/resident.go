// Package resident draws the pages of residents: list, record, forms, households, consent, who looked, purposes.
package resident

import (
	"context"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/dues"
	"linli/internal/i18n"
	"linli/internal/person"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/partial"
)

// StateOf is where somebody stands.
func StateOf(p person.Person) partial.State {
	switch p.State() {
	case person.MovedOut:
		return partial.State{Text: i18n.ResidentMovedOut, Tone: partial.Ended}
	case person.Dead:
		return partial.State{Text: i18n.ResidentDead, Tone: partial.Ended}
	}
	return partial.State{Text: i18n.ResidentLiving, Tone: partial.Active}
}

// Options are the values of a small code list.
func Options(l *code.List) []field.Option {
	var out []field.Option
	for _, it := range l.Items() {
		out = append(out, field.Option{Value: it.Code, Text: it.Label})
	}
	return out
}

// ageBands are the bands by which a list is narrowed, as "from-to".
var ageBands = []field.Option{
	{Value: "0-13", Text: i18n.ResidentAge0}, {Value: "14-17", Text: i18n.ResidentAge14}, {Value: "18-59", Text: i18n.ResidentAge18},
	{Value: "60-69", Text: i18n.ResidentAge60}, {Value: "70-79", Text: i18n.ResidentAge70}, {Value: "80-", Text: i18n.ResidentAge80},
}

func filters(communities []field.Option) []partial.Filter {
	list := []partial.Filter{}
	if len(communities) > 1 {
		list = append(list, partial.Filter{Name: "community", Label: i18n.ResidentCommunity, Options: communities})
	}
	return append(list,
		partial.Filter{Name: "category", Label: i18n.CodeCategoryList, Options: Options(code.ResidentCategories)},
		partial.Filter{Name: "sex", Label: i18n.CodeSexList, Options: Options(code.Sexes)[1:3]},
		partial.Filter{Name: "age", Label: i18n.ResidentAge, Options: ageBands},
		partial.Filter{Name: "political", Label: i18n.CodePoliticalList, Options: Options(code.PoliticalStatuses)},
		partial.Filter{Name: "state", Label: i18n.ResidentState, Options: []field.Option{
			{Value: person.Living, Text: i18n.ResidentLiving}, {Value: person.MovedOut, Text: i18n.ResidentMovedOut},
			{Value: person.Dead, Text: i18n.ResidentDead}, {Value: person.AnyState, Text: i18n.ResidentAny}}},
		partial.Filter{Name: "flagged", Label: i18n.ResidentFlagged, Options: []field.Option{{Value: "1", Text: i18n.ResidentFlaggedYes}}},
	)
}

var listColumns = []partial.Column{
	{Key: "name", Title: i18n.ResidentName, Main: true, Sort: true}, {Key: "sex", Title: i18n.CodeSexList, Tight: true},
	{Key: "age", Title: i18n.ResidentAge, Num: true, Sort: true}, {Key: "phone", Title: i18n.ResidentPhone},
	{Key: "address", Title: i18n.ResidentAddress}, {Key: "community", Title: i18n.ResidentCommunity, Minor: true},
	{Key: "category", Title: i18n.CodeCategoryList, Minor: true}, {Key: "state", Title: i18n.ResidentState, Tight: true},
}

func listRows(today calendar.Date, l i18n.Lang, items []person.Item) []partial.Row {
	var rows []partial.Row
	for _, p := range items {
		rows = append(rows, partial.Row{ID: p.ID.String(), Name: p.Name, Href: Href(p.Person), Cells: []templ.Component{
			partial.Text(p.Name), partial.Label(p.Sex.Text()), partial.Text(AgeText(p.Person, today)), partial.Text(p.PhoneMask),
			partial.Text(p.Address), partial.Text(p.CommunityName), partial.Text(CategoryText(l, p.Categories)), partial.Badge(itemState(p))}})
	}
	return rows
}

// itemState shows what needs a look before where somebody stands.
func itemState(p person.Item) partial.State {
	if len(p.Flagged) > 0 && p.State() == person.Living {
		return partial.State{Text: i18n.ResidentFlaggedYes, Tone: partial.Warned}
	}
	return StateOf(p.Person)
}

// AgeText is the age in years, "" if it is not known.
func AgeText(p person.Person, today calendar.Date) string {
	if n := p.Age(today); n >= 0 {
		return strconv.Itoa(n)
	}
	return ""
}

// CategoryText names categories in one line.
func CategoryText(l i18n.Lang, codes []string) string {
	s := ""
	for i, c := range codes {
		if i > 0 {
			s += i18n.CodeListComma.In(l)
		}
		s += code.ResidentCategories.Label(c).In(l)
	}
	return s
}

// Href is the address of a person's page.
func Href(p person.Person) string { return "/residents/" + p.ID.String() }

func text(ctx context.Context, l *code.List, c string) string {
	if c == "" {
		return ""
	}
	return i18n.T(ctx, l.Label(c))
}

// Detail is everything the page of one resident shows.
type Detail struct {
	Person       person.Person
	Today        calendar.Date
	Community    string
	Address      string
	Grid         string
	Categories   []person.Category
	Mates        []person.Item // the others of the household
	Purposes     map[string][]field.Option
	Revealed     map[string]string // sealed fields that were just opened
	CanEdit      bool
	CanReveal    bool
	CanLooks     bool
	CanConsent   bool
	CanAsk       bool // a request about their data may be taken at the counter
	CanSlip      bool // what links their account with the record may be given
	Register     []person.Purpose
	Consents     []person.Consent
	CategoryForm field.Form
	History      []partial.Event
}

func (d Detail) tabs(active string) []partial.Tab {
	base := Href(d.Person)
	list := []partial.Tab{{Text: i18n.ResidentTabData, Href: base, Active: active == "", Count: -1},
		{Text: i18n.ResidentTabConsent, Href: base + "/consent", Active: active == "consent", Count: -1},
		{Text: i18n.FactRecordTitle, Href: "/facts/record/person/" + d.Person.ID.String(), Count: -1}}
	if d.CanLooks {
		list = append(list, partial.Tab{Text: i18n.ResidentTabLooks, Href: base + "/looks", Active: active == "looks", Count: -1})
	}
	return list
}

func (d Detail) head(ctx context.Context) partial.Head {
	p := d.Person
	h := partial.Head{Title: p.Name, Under: d.Community, State: StateOf(p)}
	if d.CanAsk {
		h.More = append(h.More, partial.Act{Text: i18n.DataRightEnter, Href: Href(p) + "/data-request", Icon: icon.Shield})
	}
	if d.CanSlip && p.State() == person.Living {
		h.More = append(h.More, partial.Act{Text: i18n.ResidentSlipMake, Href: Href(p) + "/slip", Icon: icon.Key, Post: true, Confirm: &partial.Confirm{ID: "slip", Question: i18n.T(ctx, i18n.ResidentSlipAsk)}},
			partial.Act{Text: i18n.ResidentCut, Href: Href(p) + "/unlink", Icon: icon.Unlock, Post: true, Confirm: &partial.Confirm{ID: "unlink", Question: i18n.T(ctx, i18n.ResidentCutAsk)}})
	}
	if !d.CanEdit {
		return h
	}
	h.Acts = []partial.Act{{Text: i18n.ResidentEdit, Href: Href(p) + "/edit", Icon: icon.Edit, Look: partial.Primary}}
	version := []partial.Value{{Name: "version", Value: strconv.FormatInt(p.Version, 10)}}
	switch p.State() {
	case person.MovedOut:
		h.More = append(h.More, partial.Act{Text: i18n.ResidentMoveBack, Href: Href(p) + "/move-out", Post: true, Values: version})
	case person.Dead:
		h.More = append(h.More, partial.Act{Text: i18n.ResidentDiedBack, Href: Href(p) + "/died", Post: true, Values: version})
	default:
		h.More = append(h.More, partial.Act{Text: i18n.ResidentMoveOut, Href: Href(p) + "/leave", Icon: icon.External},
			partial.Act{Text: i18n.ResidentDied, Href: Href(p) + "/leave?died=1"})
	}
	return h
}

// sealed is a sealed field: masked, or as it was just opened.
func (d Detail) sealed(label i18n.Text, fieldName, mask string) templ.Component {
	if v, ok := d.Revealed[fieldName]; ok {
		return opened(v)
	}
	s := partial.Sealed{ID: "open-" + fieldName, Label: label, Masked: mask, Purposes: d.Purposes[fieldName],
		Values: []partial.Value{{Name: "field", Value: fieldName}}}
	if mask == "" {
		return partial.Text("")
	}
	if d.CanReveal {
		s.Action = Href(d.Person) + "/reveal"
	}
	return partial.Masked(s)
}

func (d Detail) facts(ctx context.Context) []partial.Fact {
	p := d.Person
	born := p.BornOn.String()
	if age := AgeText(p, d.Today); age != "" {
		born += " · " + i18n.T(ctx, i18n.ResidentAgeYears, age)
	}
	list := []partial.Fact{
		partial.F(i18n.CodeSexList, text(ctx, code.Sexes, string(p.Sex))), partial.F(i18n.ResidentBorn, born),
		{Label: i18n.CodeIDName, Value: d.sealed(i18n.CodeIDName, person.FieldIDNumber, p.IDMask)},
		{Label: i18n.ResidentPhone, Value: d.sealed(i18n.ResidentPhone, person.FieldPhone, p.PhoneMask)},
		{Label: i18n.ResidentAddress, Value: d.address()}, partial.F(i18n.ResidentCommunity, d.Community), partial.F(i18n.ResidentGrid, d.Grid),
		partial.F(i18n.CodeResidenceList, text(ctx, code.ResidenceKinds, p.Residence)),
		partial.F(i18n.CodeHeadRelationList, text(ctx, code.HeadRelations, p.HeadRelation)),
		partial.F(i18n.CodePoliticalList, text(ctx, code.PoliticalStatuses, p.Political)),
		partial.F(i18n.CodeSchoolingList, text(ctx, code.Schoolings, p.Schooling)), partial.F(i18n.ResidentWorkUnit, p.WorkUnit),
		partial.F(i18n.ResidentMovedIn, p.MovedInOn.String()),
	}
	if !p.MovedOutOn.IsZero() {
		list = append(list, partial.F(i18n.ResidentMoveOutOn, p.MovedOutOn.String()))
	}
	if !p.DiedOn.IsZero() {
		list = append(list, partial.F(i18n.ResidentDiedOn, p.DiedOn.String()))
	}
	return append(list, partial.F(i18n.ResidentSource, i18n.T(ctx, sourceText(p.Source))), partial.Fact{Label: i18n.ResidentUpdatedAt, Value: partial.Moment(p.UpdatedAt)})
}

func (d Detail) address() templ.Component {
	if d.Person.HouseholdID == 0 {
		return partial.Text(d.Address)
	}
	return partial.Link(d.Address, "/households/"+d.Person.HouseholdID.String())
}

func sourceText(s string) i18n.Text {
	switch s {
	case person.SourceImport:
		return i18n.ResidentSourceImport
	case "member":
		return i18n.ResidentSourceMember
	}
	return i18n.ResidentSourceForm
}

func (d Detail) past() []person.Category {
	var list []person.Category
	for _, c := range d.Categories {
		if !c.Holds(d.Today) {
			list = append(list, c)
		}
	}
	return list
}

func answerState(list []person.Consent, purpose string) partial.State {
	for _, c := range list {
		if c.Purpose != purpose {
			continue
		}
		switch {
		case c.Stands():
			return partial.State{Text: i18n.ConsentAgreed, Tone: partial.Closed}
		case c.Answer == person.Declined:
			return partial.State{Text: i18n.ConsentDeclined, Tone: partial.Ended}
		}
		return partial.State{Text: i18n.ConsentWithdrawn, Tone: partial.Ended}
	}
	return partial.State{Text: i18n.ConsentNone, Tone: partial.Draft}
}

func stands(list []person.Consent, purpose string) bool {
	for _, c := range list {
		if c.Purpose == purpose {
			return c.Stands()
		}
	}
	return false
}

// asked are the purposes that need consent.
func asked(all []person.Purpose) []person.Purpose {
	var list []person.Purpose
	for _, p := range all {
		if p.NeedsConsent {
			list = append(list, p)
		}
	}
	return list
}

func purposeText(all []person.Purpose, c string) i18n.Text {
	for _, p := range all {
		if p.Code == c {
			return p.Text()
		}
	}
	return i18n.Verbatim(c)
}

var channels = []field.Option{{Value: "paper", Text: i18n.ConsentPaper}, {Value: "counter", Text: i18n.ConsentCounter}, {Value: "phone", Text: i18n.ConsentPhone}}

func channelText(c string) i18n.Text {
	if c == "web" {
		return i18n.ConsentWeb
	}
	for _, o := range channels {
		if o.Value == c {
			return o.Text
		}
	}
	return i18n.Verbatim(c)
}

// LookedAt says what was looked at.
func LookedAt(l person.Look) i18n.Text {
	switch l.Field {
	case person.FieldPhone:
		return i18n.LooksByPhone
	case person.FieldIDNumber:
		return i18n.LooksByNumber
	case person.FieldAccount:
		return i18n.LooksAccount
	case dues.FieldBase:
		return i18n.LooksDuesBase
	case dues.FieldAmount:
		return i18n.LooksDuesAmount
	case dues.FieldRelief:
		return i18n.LooksDuesRelief
	}
	return i18n.LooksPage
}

func why(l person.Look) string {
	if l.Reason == "" {
		return l.Purpose
	}
	return l.Purpose + " · " + l.Reason
}

var householdColumns = []partial.Column{
	{Key: "address", Title: i18n.ResidentAddress, Main: true}, {Key: "head", Title: i18n.HouseholdHead},
	{Key: "people", Title: i18n.HouseholdPeople, Num: true}, {Key: "community", Title: i18n.ResidentCommunity, Minor: true},
}

func householdRows(list []person.HouseholdItem) []partial.Row {
	var rows []partial.Row
	for _, h := range list {
		href := "/households/" + h.ID.String()
		rows = append(rows, partial.Row{ID: h.ID.String(), Name: h.Address, Href: href, Cells: []templ.Component{
			partial.Text(h.Address), partial.Text(h.Head), partial.NumLink(h.People, href), partial.Text(h.CommunityName)}})
	}
	return rows
}

func keep(q url.Values) url.Values {
	if q == nil {
		return url.Values{}
	}
	return q
}
