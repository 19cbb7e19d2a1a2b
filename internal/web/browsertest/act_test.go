//go:build browser

package browsertest

import (
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// finder is a function of the page that finds elements as a person does: by what they say.
//
//go:embed testdata/find.js
var finder string

// spot is where on the screen something stands, or why it cannot be used.
type spot struct {
	X, Y    float64
	Problem string
}

// find asks the finder and decodes its answer into out.
func (p *Page) find(out any, what string, args ...any) error {
	list, err := json.Marshal(append([]any{}, args...))
	if err != nil {
		return err
	}
	return p.run(chromedp.Evaluate(fmt.Sprintf("(%s)[%q](...%s)", strings.TrimSpace(finder), what, list), out))
}

// problem asks the finder and gives what stands in the way: its own words (in said) or a failure of the browser.
func (p *Page) problem(out any, said *string, what string, args ...any) string {
	if err := p.find(out, what, args...); err != nil {
		return err.Error()
	}
	return *said
}

// Click presses the button, link, tab or summary that says text. It waits until there is one that a
// mouse can reach, and afterwards until the page is quiet.
func (p *Page) Click(text string) { p.t.Helper(); p.ClickIn("", text) }

// ClickIn presses the one that says text inside the first visible element that matches selector.
func (p *Page) ClickIn(selector, text string) {
	p.t.Helper()
	p.press("click", fmt.Sprintf("something to press that says %q %s", text, selector), selector, text)
}

// ClickRow presses what says text in the row, list item or card that contains row.
func (p *Page) ClickRow(row, text string) {
	p.t.Helper()
	p.press("row", fmt.Sprintf("%q in the row of %q", text, row), row, text)
}

// ClickOn presses the first visible element that matches selector.
func (p *Page) ClickOn(selector string) {
	p.t.Helper()
	p.press("on", "something to press at "+selector, selector)
}

func (p *Page) press(how, what string, args ...any) {
	p.t.Helper()
	at := p.spot(how, what, args...)
	if err := p.run(chromedp.MouseClickXY(at.X, at.Y)); err != nil {
		p.giveUp("pressing %s: %v", what, err)
	}
	p.Settle()
}

// spot waits until something can be reached and gives its place.
func (p *Page) spot(how, what string, args ...any) spot {
	p.t.Helper()
	var at spot
	p.until(what, func() string {
		at = spot{}
		return p.problem(&at, &at.Problem, how, args...)
	})
	return at
}

// Fill types value into the field with this label, replacing what is there. Dates are 2026-09-30, times 14:05.
func (p *Page) Fill(label, value string) {
	p.t.Helper()
	var kind string
	p.until(fmt.Sprintf("a field %q", label), func() string {
		var answer struct{ Kind, Problem string }
		why := p.problem(&answer, &answer.Problem, "focus", label)
		kind = answer.Kind
		return why
	})
	if kind == "typed" {
		p.must("typing into "+label, input.InsertText(value), p.told("changed"))
		return
	}
	p.set(label, value)
}

// Choose picks the option that says value (or has that value) in the list, or the radio button, with this label.
func (p *Page) Choose(label, value string) { p.t.Helper(); p.set(label, value) }

// Tick sets or clears the box with this label.
func (p *Page) Tick(label string, on bool) { p.t.Helper(); p.set(label, on) }

// set gives a field without typing, and tells the page that it changed.
func (p *Page) set(label string, value any) {
	p.t.Helper()
	p.until(fmt.Sprintf("the field %q to take %v", label, value), func() string {
		var why string
		return p.problem(&why, &why, "set", label, value)
	})
	p.Settle()
}

// told runs a part of the finder that answers nothing.
func (p *Page) told(what string) chromedp.Action {
	return chromedp.Evaluate(fmt.Sprintf("(%s)[%q]()", strings.TrimSpace(finder), what), nil)
}

// Upload puts files into the file field with this label.
func (p *Page) Upload(label string, files ...string) {
	p.t.Helper()
	for i, f := range files {
		whole, err := filepath.Abs(f)
		if err != nil {
			p.t.Fatal(err)
		}
		files[i] = whole
	}
	p.until(fmt.Sprintf("a file field %q", label), func() string {
		var why string
		return p.problem(&why, &why, "mark", label)
	})
	const marked = `[data-browsertest]`
	p.must("uploading into "+label, chromedp.SetUploadFiles(marked, files, chromedp.ByQuery),
		chromedp.RemoveAttribute(marked, "data-browsertest", chromedp.ByQuery))
	p.Settle()
}

// Press types keys where the focus is: kb.Enter, kb.Tab or letters.
func (p *Page) Press(keys string) {
	p.t.Helper()
	p.must("pressing keys", chromedp.KeyEvent(keys))
	p.Settle()
}

// Focused describes what has the focus: what it says or its label.
func (p *Page) Focused() string {
	p.t.Helper()
	var s string
	if err := p.find(&s, "focused"); err != nil {
		p.giveUp("asking for the focus: %v", err)
	}
	return s
}

// WaitText waits until the page shows text.
func (p *Page) WaitText(text string) {
	p.t.Helper()
	p.until(fmt.Sprintf("the text %q", text), func() string { return unless(p.HasText(text), "it is not there") })
}

// WaitGone waits until the page no longer shows text.
func (p *Page) WaitGone(text string) {
	p.t.Helper()
	p.until(fmt.Sprintf("the text %q to go", text), func() string { return unless(!p.HasText(text), "it is still there") })
}

// WaitPath waits until the address is path, whatever its query; a trailing * stands for the rest.
func (p *Page) WaitPath(path string) {
	p.t.Helper()
	start, open := strings.CutSuffix(path, "*")
	p.until("the address "+path, func() string {
		got := p.Path()
		return unless(got == path || open && strings.HasPrefix(got, start), "it is "+got)
	})
}

// HasText says whether the page shows text now. White space counts as one space.
func (p *Page) HasText(text string) bool {
	p.t.Helper()
	var has bool
	err := p.find(&has, "shows", text)
	return err == nil && has // between two pages there is none
}

// Text is what the first element that matches selector shows.
func (p *Page) Text(selector string) string {
	p.t.Helper()
	if all := p.Texts(selector); len(all) > 0 {
		return all[0]
	}
	p.giveUp("nothing matches %s", selector)
	return ""
}

// Texts is what each element that matches selector shows.
func (p *Page) Texts(selector string) []string {
	p.t.Helper()
	var all []string
	if err := p.find(&all, "texts", selector); err != nil {
		p.giveUp("reading %s: %v", selector, err)
	}
	return all
}

// Count is how many visible elements match selector.
func (p *Page) Count(selector string) int { p.t.Helper(); return len(p.Texts(selector)) }

// Value is what the field with this label holds.
func (p *Page) Value(label string) string {
	p.t.Helper()
	var answer struct{ Value, Problem string }
	if why := p.problem(&answer, &answer.Problem, "value", label); why != "" {
		p.giveUp("reading the field %q: %s", label, why)
	}
	return answer.Value
}

// Attribute is an attribute of the first element that matches selector.
func (p *Page) Attribute(selector, name string) string {
	p.t.Helper()
	var s string
	var ok bool
	p.must("reading "+selector, chromedp.AttributeValue(selector, name, &s, &ok, chromedp.ByQuery))
	if !ok {
		p.giveUp("%s has no attribute %s", selector, name)
	}
	return s
}

// URL is the present address, with its query.
func (p *Page) URL() string {
	p.t.Helper()
	var s string
	p.until("the address", func() string { // a page that is just going away cannot say it
		if err := p.run(chromedp.Location(&s)); err != nil {
			return err.Error()
		}
		return ""
	})
	return s
}

// Path is the path of the present address.
func (p *Page) Path() string {
	p.t.Helper()
	u, err := url.Parse(p.URL())
	if err != nil {
		p.t.Fatal(err)
	}
	return u.Path
}

// Fetched is what the server answered to Fetch.
type Fetched struct {
	Status int
	Type   string
	Body   []byte
}

// Fetch gets a path with the cookies of this tab: a file to download, a PDF, a picture.
func (p *Page) Fetch(path string) Fetched { p.t.Helper(); return p.fetch(path, "{}") }

// Post sends a form to a path with the cookies of this tab, for what answers with a file.
func (p *Page) Post(path string, form url.Values) Fetched {
	p.t.Helper()
	return p.fetch(path, fmt.Sprintf(`{method: 'POST', body: new URLSearchParams(%q)}`, form.Encode()))
}

func (p *Page) fetch(path, init string) Fetched {
	p.t.Helper()
	var answer struct {
		Status     int
		Type, Body string
	}
	script := fmt.Sprintf(`fetch(%q, %s).then(async r => {
		const bytes = new Uint8Array(await r.arrayBuffer());
		let s = '';
		for (let i = 0; i < bytes.length; i += 8192) s += String.fromCharCode(...bytes.subarray(i, i + 8192));
		return {Status: r.status, Type: r.headers.get('Content-Type') || '', Body: btoa(s)};
	})`, path, init)
	await := func(e *runtime.EvaluateParams) *runtime.EvaluateParams { return e.WithAwaitPromise(true) }
	p.must("fetching "+path, chromedp.Evaluate(script, &answer, await))
	body, err := base64.StdEncoding.DecodeString(answer.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return Fetched{answer.Status, answer.Type, body}
}

// Login goes through the log-in page as the account of a role, or of a user name.
func (p *Page) Login(who string) Account {
	p.t.Helper()
	a := account(p.t, who)
	p.LoginWith(a.User, a.Password)
	p.until("the log-in of "+who, func() string {
		return unless(!strings.HasPrefix(p.Path(), "/login"), "the log-in page is still there")
	})
	return a
}

// LoginWith types a user name and a password into the log-in page and sends it.
func (p *Page) LoginWith(user, password string) {
	p.t.Helper()
	p.Visit("/login")
	const userField, passwordField = `form input[autocomplete^="username"]`, `form input[type="password"]`
	p.must("the log-in form", chromedp.SetValue(userField, user, chromedp.ByQuery), chromedp.SetValue(passwordField, password, chromedp.ByQuery),
		chromedp.Submit(passwordField, chromedp.ByQuery))
	p.Settle()
}

// script evaluates an expression in the page.
func script(expression string, out any) chromedp.Action { return chromedp.Evaluate(expression, out) }
