package layout_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"linli/internal/i18n"
	"linli/internal/web/static"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/layout"
	"linli/internal/web/viewtest"
)

func page() layout.Page {
	return layout.Page{
		Title: "Members", Active: "/members", Theme: layout.Dark,
		Nav:  []layout.NavGroup{{Title: i18n.Verbatim("People"), Items: []layout.NavItem{{Text: i18n.Verbatim("Members"), Href: "/members", Icon: icon.Member, Count: 120}, {Text: i18n.Verbatim("Home"), Href: "/", Icon: icon.Home}}}},
		Tabs: []layout.NavItem{{Text: i18n.Verbatim("Mine"), Href: "/members", Icon: icon.User, Count: 2}},
		User: layout.User{Name: "陈静宜", Role: "Secretary", Org: "Heping"}, Account: []layout.NavItem{{Text: i18n.Verbatim("Sessions"), Href: "/sessions", Icon: icon.Device}},
		Flash: &layout.Flash{Text: "Saved.", Undo: "/undo"}, Breadcrumb: []layout.Crumb{{Text: "All", Href: "/all"}}, Notice: "A demonstration.",
		Path: "/members?q=x", Back: "/m", Search: "/search", Suggest: "/suggest", Prefs: "/preferences", Logout: "/logout", Login: "/login", Feedback: "/feedback", About: "/about",
	}
}

var frames = map[string]func(layout.Page) templ.Component{
	"desk": layout.Desk, "pocket": layout.Pocket, "public": layout.Public, "plain": layout.Plain, "paper": layout.Paper,
}

func body() templ.Component { return templ.Raw(`<h1>Members</h1><p id="body">text</p>`) }

func TestFramesAreWholePages(t *testing.T) {
	for name, frame := range frames {
		for _, lang := range []i18n.Lang{i18n.ZH, i18n.EN} {
			root := viewtest.Render(t, lang, viewtest.Children(frame(page()), body()))
			for _, fault := range viewtest.Faults(root) {
				t.Errorf("%s %s: %s", name, lang, fault)
			}
			viewtest.One(t, viewtest.One(t, root, "main", "id=main"), "p", "id=body")
			want := map[i18n.Lang]string{i18n.ZH: "zh-CN", i18n.EN: "en"}[lang]
			if got := viewtest.Attr(viewtest.One(t, root, "html"), "lang"); got != want {
				t.Errorf("%s: lang=%q, want %q", name, got, want)
			}
			if title := viewtest.Text(viewtest.One(t, root, "title")); !strings.HasPrefix(title, "Members · ") {
				t.Errorf("%s: the window is titled %q", name, title)
			}
		}
	}
}

func TestPublicPagesNeedNoScript(t *testing.T) {
	root := viewtest.Render(t, i18n.ZH, viewtest.Children(layout.Public(page()), body()))
	if n := len(viewtest.Find(root, "script")); n != 0 {
		t.Errorf("a public page loads %d scripts, want none", n)
	}
}

// Budget of a residents' page (interface.md): style sheet, mark and page together at most 50 KB packed.
func TestPublicPageFitsItsBudget(t *testing.T) {
	const budget = 50 << 10
	var b bytes.Buffer
	p := page()
	p.Elder = true
	if err := viewtest.Children(layout.Public(p), templ.Raw(strings.Repeat("<p>一段给居民看的文字。</p>", 400))).Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	total := packed(t, b.Bytes())
	for _, a := range static.Assets() {
		if a.Name == "public.css" || a.Name == "favicon.svg" {
			total += a.Gzip
		}
	}
	if total > budget {
		t.Errorf("a public page weighs %d bytes packed, the budget is %d", total, budget)
	}
}

// The pages of staff and members have a budget too: they are opened on old machines and bad networks.
func TestScriptsAndStylesStaySmall(t *testing.T) {
	const budget = 40 << 10
	for _, sheet := range []string{"desk.css", "pocket.css"} {
		total := 0
		for _, a := range static.Assets() {
			switch a.Name {
			case sheet, "boot.js", "htmx.js", "app.js": // other scripts belong to single pages: the map, the round
				total += a.Gzip
			}
		}
		if total > budget {
			t.Errorf("%s and the scripts weigh %d bytes packed, the budget is %d", sheet, total, budget)
		}
	}
}

func packed(t *testing.T, data []byte) int {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}

func TestChangesArePosted(t *testing.T) {
	for _, name := range []string{"desk", "pocket", "plain"} {
		root := viewtest.Render(t, i18n.ZH, viewtest.Children(frames[name](page()), body()))
		prefs := viewtest.One(t, root, "form", "method=post", "action=/preferences")
		if back := viewtest.Attr(viewtest.One(t, prefs, "input", "name=back"), "value"); back != "/members?q=x" {
			t.Errorf("%s: a preference leads back to %q", name, back)
		}
		if on := viewtest.Find(prefs, "button", "name=theme", "aria-pressed=true"); len(on) != 1 || viewtest.Attr(on[0], "value") != "dark" {
			t.Errorf("%s: the chosen appearance is not marked", name)
		}
		viewtest.One(t, root, "form", "method=post", "action=/undo")
	}
}

func TestNavigationSaysWhereOneIs(t *testing.T) {
	root := viewtest.Render(t, i18n.EN, viewtest.Children(layout.Desk(page()), body()))
	here := viewtest.Find(root, "a", "class=nav-item", "aria-current=page")
	if len(here) != 1 || viewtest.Attr(here[0], "href") != "/members" {
		t.Fatalf("%d items are the present page, want one", len(here))
	}
	if text := viewtest.Text(here[0]); text != "Members 99+ 120 waiting" {
		t.Errorf("the item reads %q, want the count in full for screen readers", text)
	}
}

func TestAFrameShowsOnlyWhatItIsGiven(t *testing.T) {
	root := viewtest.Render(t, i18n.ZH, viewtest.Children(layout.Desk(layout.Page{Title: "T"}), body()))
	viewtest.Check(t, root)
	if n := len(viewtest.Find(root, "form")); n != 0 {
		t.Errorf("a page without search, preferences and user has %d forms, want none", n)
	}
	if got := viewtest.Attr(viewtest.One(t, root, "html"), "data-theme"); got != "system" {
		t.Errorf("data-theme=%q without a choice, want system", got)
	}
}

func TestFailuresInterrupt(t *testing.T) {
	for kind, role := range map[layout.FlashKind]string{layout.Failed: "alert", layout.Done: "status", "": "status", layout.Note: "status", layout.Caution: "status"} {
		root := viewtest.Render(t, i18n.ZH, layout.FlashMessage(layout.Flash{Kind: kind, Text: "x"}))
		viewtest.One(t, root, "div", "role="+role)
	}
}
