package partial_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"linli/internal/i18n"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/partial"
	"linli/internal/web/viewtest"
)

func word(s string) i18n.Text { return i18n.Verbatim(s) }

func draw(t *testing.T, c templ.Component) *html.Node {
	t.Helper()
	root := viewtest.Render(t, i18n.EN, c)
	viewtest.Check(t, root)
	return root
}

func table(query url.Values, rows ...partial.Row) partial.Table {
	return partial.Table{Caption: word("Members"), Path: "/members", Query: query, Rows: rows, Columns: []partial.Column{
		{Key: "name", Title: word("Name"), Sort: true, Main: true}, {Key: "hours", Title: word("Hours"), Sort: true, Num: true}, {Title: word("Unit")}},
		Empty: word("No members yet."), EmptyAct: &partial.Act{Text: word("Add"), Href: "/members/new"}}
}

func row(id string) partial.Row {
	return partial.Row{ID: id, Name: "Member " + id, Href: "/members/" + id, Cells: []templ.Component{partial.Text("Member " + id), partial.Hours(90), partial.Text("")}}
}

func TestTableOpensRowsAndSorts(t *testing.T) {
	q := url.Values{"kind": {"work"}, "sort": {"name"}, "after": {"c1"}}
	root := draw(t, partial.DataTable(table(q, row("1"), row("2"))))
	heads := viewtest.Find(root, "th", "aria-sort")
	if len(heads) != 2 || viewtest.Attr(heads[0], "aria-sort") != "ascending" || viewtest.Attr(heads[1], "aria-sort") != "none" {
		t.Fatal("the sorted column is not announced")
	}
	for href, why := range map[string]string{
		"/members?kind=work&sort=-name": "sorting again turns the order and drops the cursor",
		"/members?kind=work&sort=hours": "sorting by another column keeps the filter",
		"/members/2":                    "the name of a row opens it",
	} {
		if len(viewtest.Find(root, "a", "href="+href)) != 1 {
			t.Errorf("no link to %s: %s", href, why)
		}
	}
	cells := viewtest.Find(root, "td", "data-label=Hours")
	if len(cells) != 2 || viewtest.Text(cells[0]) != "1.5" {
		t.Error("cells do not carry the name of their column for the phone's cards")
	}
}

func TestTableSelectsRowsForBulkActs(t *testing.T) {
	tb := table(nil, row("1"), row("2"))
	tb.Selected = "bulk"
	root := draw(t, templ.Join(partial.BulkActs("bulk", []partial.Act{{Text: word("Print"), Href: "/members/cards"}}), partial.DataTable(tb)))
	if got := viewtest.Find(root, "input", "name=id", "form=bulk"); len(got) != 2 {
		t.Errorf("%d rows can be chosen, want 2", len(got))
	}
	viewtest.One(t, root, "button", "formaction=/members/cards")
}

func TestEmptyTableSaysWhatToDo(t *testing.T) {
	root := draw(t, partial.DataTable(table(nil)))
	if text := viewtest.Text(root); text != "No members yet. Add" {
		t.Errorf("an empty list shows %q", text)
	}
	root = draw(t, partial.DataTable(table(url.Values{"kind": {"work"}, "sort": {"name"}})))
	if text := viewtest.Text(root); text != i18n.PartialEmptyFiltered.In(i18n.EN) {
		t.Errorf("a list emptied by filters shows %q", text)
	}
	root = draw(t, partial.DataTable(table(url.Values{"sort": {"name"}, "after": {"x"}})))
	if text := viewtest.Text(root); !strings.HasPrefix(text, "No members yet.") {
		t.Errorf("order and cursor are not filters, but the list shows %q", text)
	}
}

func TestHrefChangesOneThing(t *testing.T) {
	q := url.Values{"a": {"1"}, "b": {"2", "3"}, "after": {"c"}}
	for _, c := range []struct{ reason, key, value, want string }{
		{"adds", "d", "4", "/x?a=1&b=2&b=3&d=4"},
		{"replaces all values", "b", "5", "/x?a=1&b=5"},
		{"removes", "a", "", "/x?b=2&b=3"},
		{"pages", partial.AfterKey, "n", "/x?a=1&after=n&b=2&b=3"},
		{"escapes", "d", "a&b", "/x?a=1&b=2&b=3&d=a%26b"},
	} {
		if got := partial.Href("/x", q, c.key, c.value); got != c.want {
			t.Errorf("%s: Href(%s=%s) = %s, want %s", c.reason, c.key, c.value, got, c.want)
		}
	}
	if got := partial.Href("/x", nil, "a", ""); got != "/x" {
		t.Errorf("Href(nothing) = %s, want /x", got)
	}
	if q.Get("after") != "c" {
		t.Error("Href changed the query it was given")
	}
}

func TestToolbarShowsFiltersAsChips(t *testing.T) {
	root := draw(t, partial.ListToolbar(partial.Toolbar{Path: "/m", Query: url.Values{"q": {"li"}, "kind": {"work"}, "branch": {"7"}, "after": {"c"}}, Search: word("Find"),
		Filters: []partial.Filter{{Name: "kind", Label: word("Kind"), Options: []partial.Option{{Value: "work", Text: word("In service")}}}}, Export: "/m/export", Total: 1482}))
	for href, why := range map[string]string{
		"/m?branch=7&q=li":                  "the chip of the kind removes it",
		"/m?branch=7&kind=work":             "the chip of the search removes it",
		"/m":                                "all can be cleared",
		"/m/export?branch=7&kind=work&q=li": "the export has the filters that are on",
	} {
		if len(viewtest.Find(root, "a", "href="+href)) != 1 {
			t.Errorf("no link to %s: %s", href, why)
		}
	}
	viewtest.One(t, root, "input", "type=hidden", "name=branch", "value=7")
	if len(viewtest.Find(root, "input", "type=hidden", "name=after")) != 0 {
		t.Error("a new filter keeps the cursor of the old list")
	}
	if !strings.Contains(viewtest.Text(root), "1,482 in total") {
		t.Error("the number of records is not shown")
	}
}

func TestPagesLeadBothWays(t *testing.T) {
	root := draw(t, partial.Pages(partial.Pager{Path: "/m", Query: url.Values{"q": {"x"}, "after": {"old"}}, Before: "b", After: "a", Shown: 50, Total: -1}))
	viewtest.One(t, root, "a", "href=/m?before=b&q=x", "rel=prev")
	viewtest.One(t, root, "a", "href=/m?after=a&q=x", "rel=next")
	if text := viewtest.Text(root); strings.Contains(text, "total") {
		t.Errorf("a total that was not counted is shown: %q", text)
	}
	if root := draw(t, partial.Pages(partial.Pager{Shown: 3, Total: 3})); len(viewtest.Find(root, "a")) != 0 {
		t.Error("a list of one page leads elsewhere")
	}
}

func TestMaskedAsksBeforeShowing(t *testing.T) {
	sealed := partial.Sealed{ID: "tel", Label: word("Phone"), Masked: "138****5678", Action: "/open", Purposes: []partial.Option{{Value: "visit", Text: word("Visit")}}, Values: []partial.Value{{Name: "field", Value: "phone"}}}
	root := draw(t, partial.Masked(sealed))
	form := viewtest.One(t, root, "form", "method=post", "action=/open")
	viewtest.One(t, form, "select", "name=purpose", "required")
	viewtest.One(t, form, "input", "name=reason", "required")
	viewtest.One(t, form, "input", "name=field", "value=phone")
	sealed.Action = ""
	if root := draw(t, partial.Masked(sealed)); len(viewtest.Find(root, "form")) != 0 || !strings.Contains(viewtest.Text(root), "138****5678") {
		t.Error("who may not open a value is offered to")
	}
}

func TestButtons(t *testing.T) {
	root := draw(t, partial.Button(partial.Act{Text: word("Delete"), Href: "/x/delete", Look: partial.Danger, Confirm: &partial.Confirm{ID: "del", Question: "Gone for good.", Reason: word("Reason")}}))
	dialog := viewtest.One(t, root, "dialog", "id=del")
	viewtest.One(t, dialog, "form", "method=post", "action=/x/delete")
	viewtest.One(t, dialog, "textarea", "name=reason", "required")
	viewtest.One(t, root, "a", "href=#del", "data-opens=del")

	root = draw(t, partial.Button(partial.Act{Text: word("Accept"), Href: "/x/accept", Post: true, Values: []partial.Value{{Name: "version", Value: "3"}}}))
	viewtest.One(t, viewtest.One(t, root, "form", "method=post", "action=/x/accept"), "input", "name=version", "value=3")

	root = draw(t, partial.Button(partial.Act{Text: word("Send"), Href: "/x/send", Post: true, Blocked: "The quarter is still open."}))
	if len(viewtest.Find(root, "form")) != 0 || !strings.Contains(viewtest.Text(root), "still open") {
		t.Error("a blocked act can be pressed, or does not say why")
	}
}

// A state is told by its word and its shape: no two tones share a shape, and no badge is a colour alone.
func TestBadgesDifferWithoutColour(t *testing.T) {
	seen := map[string]partial.Tone{}
	for _, tone := range []partial.Tone{partial.Draft, partial.Waiting, partial.Active, partial.Closed, partial.Warned, partial.Refused, partial.Ended, partial.Neutral} {
		root := draw(t, partial.Badge(partial.State{Text: word("State"), Tone: tone}))
		var b strings.Builder
		if err := html.Render(&b, viewtest.One(t, root, "svg")); err != nil {
			t.Fatal(err)
		}
		if other, ok := seen[b.String()]; ok {
			t.Errorf("%s and %s have one shape", tone, other)
		}
		seen[b.String()] = tone
		if viewtest.Text(root) != "State" {
			t.Errorf("%s: the badge has no word", tone)
		}
	}
	if text := viewtest.Text(draw(t, partial.Badge(partial.State{}))); text != "" {
		t.Errorf("the zero state shows %q", text)
	}
}

func TestDeadline(t *testing.T) {
	for _, c := range []struct {
		reason string
		days   int
		tone   partial.Tone
		want   string
	}{
		{"overdue is not a warning any more", -2, partial.Refused, "2 working days overdue"},
		{"the last day", 0, partial.Warned, "Due today"},
		{"two days before, attention", 2, partial.Warned, "2 working days left"},
		{"time enough is calm", 3, partial.Neutral, "3 working days left"},
	} {
		got := partial.Deadline(i18n.EN, c.days)
		if got.Tone != c.tone || got.Text.In(i18n.EN) != c.want {
			t.Errorf("%s: Deadline(%d) = %v %q, want %v %q", c.reason, c.days, got.Tone, got.Text.In(i18n.EN), c.tone, c.want)
		}
	}
}

func TestJobPollsUntilItEnds(t *testing.T) {
	job := partial.Job{ID: "j", Label: "Import", Done: 50, Total: 200, Poll: "/jobs/1"}
	root := draw(t, partial.JobProgress(job))
	viewtest.One(t, root, "div", "hx-get=/jobs/1", "hx-swap=outerHTML")
	viewtest.One(t, root, "progress", "value=25", "max=100")
	job.Poll, job.Done, job.Result = "", 200, "200 rows"
	root = draw(t, partial.JobProgress(job))
	if len(viewtest.Find(root, "", "hx-get")) != 0 {
		t.Error("an ended job is asked about for ever")
	}
	job.Poll, job.Total = "/jobs/1", 0
	if p := viewtest.One(t, draw(t, partial.JobProgress(job)), "progress"); viewtest.Attr(p, "value") != "" {
		t.Error("work of unknown length claims a progress")
	}
}

func TestPartsAreNamed(t *testing.T) {
	act := partial.Act{Text: word("Go"), Href: "/go", Icon: icon.Plus}
	for name, c := range map[string]templ.Component{
		"head":     partial.PageHead(partial.Head{Title: "T", Under: "u", State: partial.State{Text: word("s"), Tone: partial.Active}, Acts: []partial.Act{act}, More: []partial.Act{act}}),
		"tabs":     partial.Tabs(word("Parts"), []partial.Tab{{Text: word("a"), Href: "/a", Active: true, Count: 3}, {Text: word("b"), Href: "/b"}}),
		"stats":    partial.Stats([]partial.Stat{{Label: word("Members"), Value: "3", Unit: word("people"), Href: "/m", Note: "n"}, {Label: word("x"), Value: "0"}}),
		"todos":    partial.Todos([]partial.Todo{{Text: "a", Href: "/a", Detail: "d", Due: partial.Deadline(i18n.EN, 1), Act: &act}, {Text: "b", Href: "/b"}}),
		"nothing":  partial.Todos(nil),
		"facts":    partial.Facts([]partial.Fact{partial.F(word("a"), "b"), {Label: word("c"), Value: partial.Num(1200), Wide: true}}),
		"timeline": partial.Timeline([]partial.Event{{When: time.Date(2026, 9, 1, 6, 0, 0, 0, time.UTC), Who: "w", What: "x", Detail: "d", Href: "/h"}}),
		"progress": partial.Progress(word("Hours"), 30, 16, "30 / 16"),
		"qr":       partial.QR("/qr", "K7M2", "c"),
		"cells":    templ.Join(partial.Two("a", "b"), partial.NumLink(3, "/x"), partial.Link("a", "/a"), partial.Label(word("x")), partial.Date(time.Time{}), partial.Moment(time.Now())),
		"suggest":  partial.Suggestions([]partial.Suggestion{{Text: "a", Detail: "b", Href: "/a", Icon: icon.User}}),
		"help":     viewtest.Children(partial.Help(i18n.Text{}), partial.Text("x")),
		"panel":    viewtest.Children(partial.Panel(word("P"), act), partial.Text("x")),
		"dialog":   viewtest.Children(partial.Dialog("d", word("D")), partial.Text("x")),
	} {
		root := viewtest.Render(t, i18n.EN, c)
		for _, fault := range viewtest.Faults(root) {
			t.Errorf("%s: %s", name, fault)
		}
		if viewtest.Text(root) == "" {
			t.Errorf("%s shows nothing", name)
		}
	}
}

func TestMomentsAreThoseOfThePlatform(t *testing.T) {
	root := draw(t, partial.Moment(time.Date(2026, 9, 30, 17, 5, 0, 0, time.UTC)))
	if got := viewtest.Text(root); got != "2026-10-01 01:05" {
		t.Errorf("Moment shows %s, want the time in China", got)
	}
}
