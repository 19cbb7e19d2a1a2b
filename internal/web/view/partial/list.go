package partial

import (
	"context"
	"net/url"
	"strconv"

	"linli/internal/i18n"
	"linli/internal/web/view/field"
)

// Option is one choice.
type Option = field.Option

// Filter is a choice that narrows a list; its value stands in the address under Name.
type Filter struct {
	Name    string
	Label   i18n.Text
	Options []Option
}

// Years is a filter by one of the last four years, under a name.
func Years(label i18n.Text, name string, this int) Filter {
	f := Filter{Name: name, Label: label}
	for y := this; y > this-4; y-- {
		f.Options = append(f.Options, Option{Value: strconv.Itoa(y), Text: i18n.Verbatim(strconv.Itoa(y))})
	}
	return f
}

// Toolbar stands above a list: search, filters, export. All of it is in the address, so that the
// list can be sent as a link.
type Toolbar struct {
	Path    string // address of the list
	Query   url.Values
	Search  i18n.Text // hint of the search box (parameter q); zero for none
	Filters []Filter
	Export  string // address that exports; the filters are added. Empty for none
	Total   int64  // number of records; negative if not counted
	Acts    []Act
}

// chip is a filter that is on.
type chip struct{ label, value, href string }

func (t Toolbar) chips(ctx context.Context) []chip {
	var list []chip
	if q := t.Query.Get("q"); q != "" && !t.Search.IsZero() {
		list = append(list, chip{i18n.T(ctx, i18n.PartialFind), q, Href(t.Path, t.Query, "q", "")})
	}
	for _, f := range t.Filters {
		v := t.Query.Get(f.Name)
		if v == "" {
			continue
		}
		list = append(list, chip{i18n.T(ctx, f.Label), f.word(ctx, v), Href(t.Path, t.Query, f.Name, "")})
	}
	return list
}

// word is what the person reads for a value of the filter.
func (f Filter) word(ctx context.Context, value string) string {
	for _, o := range f.Options {
		if o.Value == value {
			return i18n.T(ctx, o.Text)
		}
	}
	return value
}

// kept are the parameters that the toolbar's form does not show but must not lose.
func (t Toolbar) kept() []Value {
	shown := map[string]bool{BeforeKey: true, AfterKey: true, "q": !t.Search.IsZero()}
	for _, f := range t.Filters {
		shown[f.Name] = true
	}
	var list []Value
	for _, k := range sortedKeys(t.Query) {
		if !shown[k] {
			for _, v := range t.Query[k] {
				list = append(list, Value{k, v})
			}
		}
	}
	return list
}

// exportHref exports what the list shows: the same filters, the same order.
func (t Toolbar) exportHref() string { return Href(t.Export, t.Query, "", "") }

// clearHref drops all filters and keeps the order.
func (t Toolbar) clearHref() string {
	return Href(t.Path, url.Values{}, SortKey, t.Query.Get(SortKey))
}

// Pager leads to the rows before and after those shown, by cursor: the cursors are opaque texts
// from the store, empty where there is nothing.
type Pager struct {
	Path   string
	Query  url.Values
	Before string // cursor of the first row shown
	After  string // cursor of the last row shown
	Shown  int
	Total  int64 // negative if not counted
}

func (p Pager) beforeHref() string { return Href(p.Path, p.Query, BeforeKey, p.Before) }
func (p Pager) afterHref() string  { return Href(p.Path, p.Query, AfterKey, p.After) }
