// Package layout holds the frames that pages stand in: Desk for the office, Pocket for phones,
// Public for residents, Plain for log-in and errors, Paper for what is printed.
//
// A page is drawn by putting its body into a frame:
//
//	@layout.Desk(page) {
//		@partial.PageHead(head)
//	}
//
// The web package fills Page for each request; the language is that of the context (i18n.With).
// Nothing here decides what a person may do: Nav holds what may be shown.
package layout

import (
	"context"

	"linli/internal/i18n"
	"linli/internal/web/view/icon"
)

// Theme is the chosen appearance.
type Theme string

// The appearances. The empty Theme means System.
const (
	System Theme = "system"
	Light  Theme = "light"
	Dark   Theme = "dark"
)

// Page is everything a frame needs besides the body.
type Page struct {
	Title      string     // of the window; the frame adds the name of the platform
	Active     string     // Href of the navigation item that this page belongs to
	Nav        []NavGroup // side navigation of the desk
	Tabs       []NavItem  // bottom bar of the pocket, at most five
	User       User       // who is logged in; zero for nobody
	Account    []NavItem  // further entries of the account menu
	Flash      *Flash     // what the last act did
	Breadcrumb []Crumb    // from the outermost to the page above this one
	Notice     string     // stands on top of every page: that this is a demonstration
	NoticeHref string     // where it leads, and
	NoticeLink string     // what that is called; empty for none
	Theme      Theme
	Compact    bool // dense tables
	Elder      bool // large print on public and pocket pages

	Path     string // address of this page, to come back to after a preference was changed
	Back     string // where the back arrow of the pocket leads; empty for none
	Search   string // address that searches (GET, q); empty for no search box
	Suggest  string // address that suggests while typing (partial.Suggestions); empty for none
	Prefs    string // address that takes preferences (POST lang, theme, density, elder, back)
	Carry    string // code that the preferences of a public page take along, where the page answered a form and has no address of its own
	Logout   string // address that ends the session (POST)
	Login    string // address of the log-in page, offered on public pages
	Feedback string // address for opinions about the platform itself
	About    string // address of the about page
	Home     string // address the mark leads to; "/" if empty
	Manifest string // address of the manifest of an app that phones can install; empty for none
	Script   string // asset that this page needs besides the usual scripts; empty for none
	Terminal string // address of the beginning, on a terminal that stands in a hall; the page goes back there when nobody touches it
	Renew    string // seconds after which a page without scripts is read again; empty for never
}

// TerminalSeconds is after how many seconds without a touch a residents' page on a terminal goes back to the beginning, for whoever comes next: long enough to type.
const TerminalSeconds = "120"

// unsent is asked before a log-out that would take away what the phone has not sent.
var unsent = i18n.PatrolUnsent

// User is the person who is logged in, as the frame names them; ID is that of the account.
type User struct{ Name, Role, Org, ID string }

// NavGroup is a titled part of the navigation. An empty title shows none.
type NavGroup struct {
	Title i18n.Text
	Items []NavItem
}

// NavItem leads to a page. Count, where above zero, says how much waits there.
type NavItem struct {
	Text  i18n.Text
	Href  string
	Icon  icon.Name
	Count int
}

// Crumb is one step of the way to a page.
type Crumb struct{ Text, Href string }

// FlashKind is the sort of a message about the last act.
type FlashKind string

// The kinds of message.
const (
	Done    FlashKind = "good" // it happened
	Note    FlashKind = "info" // something to know
	Caution FlashKind = "warn" // it happened, but
	Failed  FlashKind = "bad"  // it did not happen
)

// Flash says what the last act did: what changed and for whom, and how to take it back.
type Flash struct {
	Kind FlashKind
	Text string
	Undo string    // address that takes it back (POST); empty if it cannot be
	More string    // address to look at what happened; empty for none
	Word i18n.Text // what the link More says; or, where the message goes over to another page,
	Says string    // the same in the reader's language
}

func (f Flash) icon() icon.Name {
	switch f.Kind {
	case Done, "":
		return icon.Success
	case Note:
		return icon.Info
	case Caution:
		return icon.Warning
	}
	return icon.Alert
}

func (f Flash) class() string {
	if f.Kind == "" {
		return "flash flash-good"
	}
	return "flash flash-" + string(f.Kind)
}

// role makes a failure interrupt a screen reader; anything else waits its turn.
func (f Flash) role() string {
	if f.Kind == Failed {
		return "alert"
	}
	return "status"
}

func (p Page) theme() string {
	if p.Theme == "" {
		return string(System)
	}
	return string(p.Theme)
}

func (p Page) density() string {
	if p.Compact {
		return "compact"
	}
	return "normal"
}

func (p Page) home() string {
	if p.Home == "" {
		return "/"
	}
	return p.Home
}

func (p Page) windowTitle(ctx context.Context) string {
	brand := i18n.T(ctx, i18n.LayoutBrand)
	if p.Title == "" || p.Title == brand {
		return brand
	}
	return p.Title + " · " + brand
}

// elderClass names the surface and, where it is wanted, large print.
func (p Page) bodyClass(surface string) string {
	if p.Elder {
		return surface + " elder"
	}
	return surface
}

func htmlLang(ctx context.Context) string {
	if i18n.From(ctx) == i18n.EN {
		return "en"
	}
	return "zh-CN"
}

// current marks the navigation item of the page for screen readers and for the eye.
func (p Page) current(href string) string {
	if href == p.Active && href != "" {
		return "page"
	}
	return "false"
}

func initial(name string) string {
	for _, r := range name {
		return string(r)
	}
	return ""
}

// htmxConfig keeps htmx within the content policy and a failure of the server out of the page.
const htmxConfig = `{"includeIndicatorCSS":false,"defaultTimeout":30000,"noSwap":[204,304,500,502,503,504]}`
