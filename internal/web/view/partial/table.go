package partial

import (
	"context"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/i18n"
)

// Column is a column of a list.
type Column struct {
	Key   string // of the sort order in the address; also the name on the phone's cards
	Title i18n.Text
	Sort  bool // its head is a link that sorts
	Num   bool // figures: to the right, all digits one width
	Main  bool // the name of the row: leads its card on the phone
	Minor bool // left out on the phone
	Tight bool // as narrow as its content
}

// Row is one record of a list. Cells stand in the order of the columns.
type Row struct {
	ID    string
	Name  string // what the row is about, for screen readers, where rows can be selected
	Fixed bool   // it cannot be selected
	Href  string // where Enter and a press on the row lead
	Cells []templ.Component
}

// Table is a list of records.
type Table struct {
	Caption  i18n.Text // what the list shows, for screen readers
	Columns  []Column
	Rows     []Row
	Path     string     // address of the list, for the sort links
	Query    url.Values // filters now in the address
	Selected string     // form id that bulk acts belong to; empty for no selection
	Empty    i18n.Text  // why there is nothing; zero gives a general text
	EmptyAct *Act       // what to do about it
}

// SortKey names the address parameter of the sort order: a column's key, with "-" before it descending.
const SortKey = "sort"

// sortHref sorts by the column, and the other way round if it already does. Cursors do not survive.
func (t Table) sortHref(c Column) string {
	next := c.Key
	if t.Query.Get(SortKey) == c.Key {
		next = "-" + c.Key
	}
	return Href(t.Path, t.Query, SortKey, next)
}

// ariaSort tells screen readers how the column is sorted.
func (t Table) ariaSort(c Column) string {
	switch t.Query.Get(SortKey) {
	case c.Key:
		return "ascending"
	case "-" + c.Key:
		return "descending"
	}
	return "none"
}

func (t Table) sortTitle(ctx context.Context, c Column) string {
	if t.ariaSort(c) == "ascending" {
		return i18n.T(ctx, i18n.PartialSortDesc, c.Title)
	}
	return i18n.T(ctx, i18n.PartialSortAsc, c.Title)
}

func (t Table) emptyText() i18n.Text {
	if filtered(t.Query) {
		return i18n.PartialEmptyFiltered
	}
	if t.Empty.IsZero() {
		return i18n.PartialEmpty
	}
	return t.Empty
}

// emptyAct is offered only where nothing was filtered away.
func (t Table) emptyAct() *Act {
	if filtered(t.Query) {
		return nil
	}
	return t.EmptyAct
}

func (c Column) class() string {
	var names []string
	for _, k := range []struct {
		on   bool
		name string
	}{{c.Num, "num"}, {c.Main, "main-cell"}, {c.Minor, "minor"}, {c.Tight, "tight"}} {
		if k.on {
			names = append(names, k.name)
		}
	}
	return strings.Join(names, " ")
}

// The address parameters of a page of a list: rows before or after a cursor.
const (
	BeforeKey = "before"
	AfterKey  = "after"
)

// Href is path with query in which key has this value (or none, if it is empty). A change of any
// filter or of the order drops the cursors, since they belong to the old list.
func Href(path string, query url.Values, key, value string) string {
	q := url.Values{}
	for k, v := range query {
		if k != BeforeKey && k != AfterKey {
			q[k] = v
		}
	}
	q.Del(key)
	if value != "" {
		q.Set(key, value)
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// filtered says whether anything but order and cursor is set.
func filtered(query url.Values) bool {
	for k, v := range query {
		if k != SortKey && k != BeforeKey && k != AfterKey && len(v) > 0 && v[0] != "" {
			return true
		}
	}
	return false
}
