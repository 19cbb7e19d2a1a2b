// Package table draws the pages of the tables that people put together themselves.
package table

import (
	"context"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"linli/internal/fact"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/jobs"
	"linli/internal/table"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/partial"
)

// Path is the address of the list of tables.
const Path = "/tables"

// Href is the address of a table.
func Href(t id.ID) string { return Path + "/" + t.String() }

// RunHref is the address of a file that was made in the background.
func RunHref(r id.ID) string { return "/table-files/" + r.String() }

// List is a page of tables.
type List struct {
	Query      url.Values
	Show       table.Show
	Tables     []table.Table
	Subjects   []partial.Option
	Runs       []table.Run // the latest files of all tables
	Prev, Next string
}

func (l List) tabs() []partial.Tab {
	return []partial.Tab{
		{Text: i18n.TableMine, Href: Path, Active: l.Show == table.Mine},
		{Text: i18n.TableShared, Href: Path + "?show=" + string(table.Shared), Active: l.Show == table.Shared},
		{Text: i18n.TableRemoved, Href: Path + "?show=" + string(table.Removed), Active: l.Show == table.Removed},
	}
}

func (l List) empty() i18n.Text {
	return map[table.Show]i18n.Text{table.Mine: i18n.TableNone, table.Shared: i18n.TableNoShared, table.Removed: i18n.TableNoneGone}[l.Show]
}

func (l List) columns() []partial.Column {
	cols := []partial.Column{{Key: "title", Title: i18n.TableName, Main: true}, {Key: "subject", Title: i18n.TableSubject}, {Key: "columns", Title: i18n.TableColumnsN, Num: true}}
	switch l.Show {
	case table.Shared:
		return append(cols, partial.Column{Key: "owner", Title: i18n.TableOwner}, partial.Column{Key: "shared", Title: i18n.TableSharedIn})
	case table.Removed:
		return append(cols, partial.Column{Key: "gone", Title: i18n.TableGoneOn}, partial.Column{Key: "acts", Title: i18n.TableRestoreAct})
	}
	return append(cols, partial.Column{Key: "shared", Title: i18n.TableSharedIn}, partial.Column{Key: "changed", Title: i18n.TableChanged})
}

func (l List) rows() []partial.Row {
	var rows []partial.Row
	for _, t := range l.Tables {
		r := partial.Row{ID: t.ID.String(), Name: t.Title, Href: Href(t.ID), Cells: []templ.Component{partial.Text(t.Title), partial.Label(t.Subject.Text()), partial.Num(int64(len(t.Columns)))}}
		switch l.Show {
		case table.Shared:
			r.Cells = append(r.Cells, partial.Text(t.OwnerName), partial.Text(t.SharedName))
		case table.Removed:
			r.Href = ""
			r.Cells = append(r.Cells, partial.Date(t.GoneOn()), partial.Button(partial.Act{Text: i18n.TableRestoreAct, Href: Href(t.ID) + "/restore", Post: true, Small: true}))
		default:
			r.Cells = append(r.Cells, partial.Text(t.SharedName), partial.Moment(t.UpdatedAt))
		}
		rows = append(rows, r)
	}
	return rows
}

// Start is the page on which a table is begun.
type Start struct {
	Templates []table.Template
	Subjects  []field.Option
	Form      field.Form
}

// Page is a table with its rows.
type Page struct {
	View     table.View
	Query    url.Values
	Own      bool
	Broken   string // why it cannot be read; "" if it can
	Count    int
	More     bool // there are more than Count
	Counted  bool
	Places   []partial.Option
	Orgs     []field.Option // to share with
	Purposes []field.Option // the first leaves sealed columns masked
	Schedule table.Schedule
	Runs     []table.Run
	Form     field.Form
}

func (p Page) path() string { return Href(p.View.Table.ID) }

func (p Page) sealed() bool {
	for _, h := range p.View.Heads {
		if h.Sealed {
			return true
		}
	}
	return false
}

func (p Page) gone() (n int) {
	for _, h := range p.View.Heads {
		if h.Gone {
			n++
		}
	}
	return n
}

func (p Page) acts(ctx context.Context) (main, more []partial.Act) {
	t := p.View.Table
	if p.Own {
		main = append(main, partial.Act{Text: i18n.TableEdit, Href: p.path() + "/edit", Look: partial.Primary, Icon: icon.Edit})
		more = append(more, partial.Act{Text: i18n.TableRemoveAct, Href: p.path() + "/remove", Post: true, Icon: icon.Delete, Look: partial.Danger,
			Confirm: &partial.Confirm{ID: "remove", Question: i18n.T(ctx, i18n.TableRemoveSure, t.Title)}})
	}
	main = append(main, partial.Act{Text: i18n.TableCopyAct, Href: p.path() + "/copy", Post: true, Icon: icon.Copy},
		partial.Act{Text: i18n.TablePrint, Href: partial.Href(p.path()+"/print", p.Query, "", ""), Icon: icon.Print})
	return main, more
}

func (p Page) under(ctx context.Context) string {
	t := p.View.Table
	s := i18n.T(ctx, t.Subject.Text())
	if !p.Own {
		s += " · " + t.OwnerName
	}
	if t.SharedName != "" {
		s += " · " + i18n.T(ctx, i18n.TableSharedIn) + " " + t.SharedName
	}
	return s
}

func (p Page) counted(ctx context.Context) string {
	switch {
	case !p.Counted:
		return ""
	case p.More:
		return i18n.T(ctx, i18n.TableCountMore, i18n.Number(int64(p.Count)))
	}
	return i18n.T(ctx, i18n.TableCount, i18n.Number(int64(p.Count)))
}

// rowHref are the pages of rows, by subject.
var rowHref = map[fact.Subject]string{fact.Person: "/residents/", fact.Household: "/households/", fact.Member: "/members/", fact.Organisation: "/organisations/",
	fact.Grid: "/grids/", fact.Activity: "/activities/", fact.Claim: "/claims/", fact.Deed: "/deeds/", fact.Slip: "/slips/", fact.Responsibility: "/responsibilities/"}

// Columns are the columns of a table for a list.
func Columns(heads []table.Head) []partial.Column {
	cols := make([]partial.Column, len(heads))
	main := false
	for i, h := range heads {
		cols[i] = partial.Column{Key: string(h.Ref), Title: h.Name, Sort: h.Sorts, Num: h.Number()}
		if !main && h.Kind == table.Fact && !h.Gone {
			cols[i].Main, main = true, true
		}
	}
	return cols
}

// Rows are the rows of a table for a list.
func Rows(s fact.Subject, heads []table.Head, list []table.Row) []partial.Row {
	var rows []partial.Row
	for _, r := range list {
		row := partial.Row{ID: r.ID.String()}
		if to := rowHref[s]; to != "" {
			row.Href = to + r.ID.String()
		}
		for i, c := range r.Cells {
			row.Cells = append(row.Cells, cell(heads[i], c))
		}
		rows = append(rows, row)
	}
	return rows
}

func (p Page) sharedWith() string {
	if p.View.Table.SharedID == 0 {
		return "0"
	}
	return p.View.Table.SharedID.String()
}

func runState(s table.RunState) partial.State {
	return partial.State{Text: s.Text(), Tone: map[table.RunState]partial.Tone{table.Waiting: partial.Waiting, table.Done: partial.Closed, table.Failed: partial.Refused}[s]}
}

var runColumns = []partial.Column{
	{Key: "day", Title: i18n.TableRunDay, Main: true}, {Key: "kind", Title: i18n.TableRunKind}, {Key: "state", Title: i18n.TableRunState}, {Key: "rows", Title: i18n.TableRunRows, Num: true},
	{Key: "diff", Title: i18n.TableRunDiff}, {Key: "until", Title: i18n.TableRunUntil}, {Key: "acts", Title: i18n.TableRunFetch},
}

// runRows are files; those of several tables with the title of each.
func runRows(ctx context.Context, list []table.Run, several bool) []partial.Row {
	var rows []partial.Row
	for _, r := range list {
		kind := i18n.TableRunExport
		if r.Kind == table.Edition {
			kind = i18n.TableRunEdition
		}
		diff := ""
		switch {
		case r.Kind != table.Edition || r.State != table.Done:
			diff = r.Message
		case r.PreviousID == 0:
			diff = i18n.T(ctx, i18n.TableRunFirst)
		default:
			diff = i18n.T(ctx, i18n.TableRunDiffOf, r.Added, r.Removed, r.Changed)
		}
		var acts []partial.Act
		if r.State == table.Done {
			acts = append(acts, partial.Act{Text: i18n.TableRunFetch, Href: RunHref(r.ID), Small: true})
		} else {
			acts = append(acts, partial.Act{Text: i18n.TableRunState, Href: RunHref(r.ID), Small: true})
		}
		first := partial.Text(r.OnDate.String())
		if several {
			first = partial.Two(r.Title, r.OnDate.String())
		}
		rows = append(rows, partial.Row{ID: r.ID.String(), Name: r.Title, Href: RunHref(r.ID), Cells: []templ.Component{first, partial.Label(kind),
			partial.Badge(runState(r.State)), partial.Num(r.Rows), partial.Text(diff), partial.Text(r.ExpiresOn.String()), partial.Acts(acts)}})
	}
	return rows
}

// File is the page of a file made in the background.
type File struct {
	Run     table.Run
	Changes []table.Change
	Job     *jobs.Job // while it is made
}

func (f File) acts(ctx context.Context) (main, more []partial.Act) {
	if f.Run.State == table.Done {
		for i, x := range table.Formats() {
			a := partial.Act{Text: x.Text(), Href: RunHref(f.Run.ID) + "/file?format=" + string(x), Icon: icon.Download}
			if i == 0 {
				a.Look = partial.Primary
			}
			main = append(main, a)
		}
	}
	if f.Run.State != table.Waiting {
		more = append(more, partial.Act{Text: i18n.TableRunRemove, Href: RunHref(f.Run.ID) + "/remove", Post: true, Look: partial.Danger, Icon: icon.Delete,
			Confirm: &partial.Confirm{ID: "remove", Question: i18n.T(ctx, i18n.TableRunSure)}})
	}
	return main, more
}

func (f File) facts(ctx context.Context) []partial.Fact {
	r := f.Run
	out := []partial.Fact{partial.F(i18n.TableRunDay, r.OnDate.String()), {Label: i18n.TableRunState, Value: partial.Badge(runState(r.State))},
		partial.F(i18n.TableRunRows, i18n.Number(r.Rows)), partial.F(i18n.TableRunUntil, r.ExpiresOn.String())}
	if r.Purpose != "" {
		out = append(out, partial.F(i18n.TablePurpose, r.Purpose), partial.F(i18n.TableReason, r.Reason))
	}
	if r.Message != "" {
		out = append(out, partial.Fact{Label: i18n.JobMessage, Value: partial.Text(r.Message), Wide: true})
	}
	if r.Kind == table.Edition && r.PreviousID != 0 {
		out = append(out, partial.F(i18n.TableRunDiff, i18n.T(ctx, i18n.TableRunDiffOf, r.Added, r.Removed, r.Changed)))
	}
	return out
}

func (f File) job(ctx context.Context) partial.Job {
	j := partial.Job{ID: "job", Label: f.Run.Title, State: runState(f.Run.State), Poll: RunHref(f.Run.ID) + "/progress"}
	if f.Job != nil {
		j.Done, j.Total = f.Job.Done, f.Job.Total
	}
	if f.Run.State != table.Waiting {
		j.Poll, j.Href, j.Result = "", RunHref(f.Run.ID), i18n.T(ctx, i18n.TableCount, i18n.Number(f.Run.Rows))
	}
	return j
}

var changeColumns = []partial.Column{{Key: "row", Title: i18n.TableChangeRow, Main: true}, {Key: "what", Title: i18n.TableChangeWhat}, {Key: "cells", Title: i18n.TableChangeCells}}

func changeRows(ctx context.Context, list []table.Change) []partial.Row {
	words := map[table.Changed]partial.State{table.Added: {Text: i18n.TableAddedRow, Tone: partial.Active}, table.Left: {Text: i18n.TableLeftRow, Tone: partial.Ended},
		table.Altered: {Text: i18n.TableAlteredRow, Tone: partial.Warned}}
	or := func(s string) string {
		if s == "" {
			return i18n.T(ctx, i18n.TableBlankWord)
		}
		return s
	}
	var rows []partial.Row
	for _, c := range list {
		text := ""
		for i, x := range c.Cells {
			if i > 0 {
				text += " · "
			}
			text += i18n.T(ctx, i18n.TableChangeOf, x.Heading, or(x.Was), or(x.Is))
		}
		name := c.Name
		if name == "" {
			name = c.ID.String()
		}
		rows = append(rows, partial.Row{ID: c.ID.String(), Name: name, Cells: []templ.Component{partial.Text(name), partial.Badge(words[c.What]), partial.Text(text)}})
	}
	return rows
}

func number(n int) string { return strconv.Itoa(n) }
