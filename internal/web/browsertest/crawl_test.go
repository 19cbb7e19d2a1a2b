//go:build browser

package browsertest

import (
	"fmt"
	"html"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// A walk follows every link that a person can press, once for each kind of page: /members/123 and
// /members/456 are one kind. So a page that is added is looked at without anybody writing a test for it.
type walk struct {
	p     *Page
	limit int                     // of pages
	known func(kind string) bool  // if not nil: a kind that need not be opened again; it is fetched for its links only
	look  func(kind, from string) // judges the page as it stands
	file  func(path string, f Fetched)
	seen  map[string]bool
	todo  []step
}

// step is a link to follow and the page it stood on.
type step struct{ address, from string }

// run begins at the addresses and gives the kinds of page it saw, in order.
func (w *walk) run(addresses ...string) []string {
	w.p.t.Helper()
	w.seen = map[string]bool{}
	for _, a := range addresses {
		w.add(a, "")
	}
	var kinds []string
	for len(w.todo) > 0 {
		next := w.todo[0]
		w.todo = w.todo[1:]
		kind := kindOf(next.address)
		kinds = append(kinds, kind)
		if len(kinds) > w.limit {
			w.p.t.Errorf("the walk stopped after %d kinds of page; next would be %s", w.limit, kind)
			return kinds
		}
		w.visit(next, kind)
	}
	return kinds
}

// visit opens a page or a file, judges it and collects its links.
func (w *walk) visit(next step, kind string) {
	w.p.t.Helper()
	if isFile(next.address) {
		w.file(next.address, w.p.Fetch(next.address))
		return
	}
	status, links := 0, w.p.links
	known := w.known != nil && w.known(kind)
	if known {
		f := w.p.Fetch(next.address)
		status, links = f.Status, func() []string { return linksIn(f.Body, next.address) }
	} else {
		status = w.p.Visit(next.address)
	}
	if status >= 400 {
		w.p.t.Errorf("%s answers %d; the link stands on %s", next.address, status, next.from)
		return
	}
	if !known {
		w.look(kind, next.from)
	}
	for _, a := range links() {
		w.add(a, next.address)
	}
}

var anchor = regexp.MustCompile(`<a\s[^>]*?\bhref="([^"]*)"`)

// linksIn is links for a page that was fetched.
func linksIn(page []byte, address string) []string {
	base, err := url.Parse(address)
	if err != nil {
		return nil
	}
	var out []string
	for _, m := range anchor.FindAllSubmatch(page, -1) {
		u, err := base.Parse(html.UnescapeString(string(m[1])))
		if err == nil && u.Host == "" && strings.HasPrefix(u.Path, "/") {
			out = append(out, u.RequestURI())
		}
	}
	return out
}

// add notes a link if its kind is new.
func (w *walk) add(address, from string) {
	if kind := kindOf(address); kind != "" && !w.seen[kind] {
		w.seen[kind] = true
		w.todo = append(w.todo, step{address, from})
	}
}

// links lists the addresses on this server that links of the page lead to, in order, each once.
func (p *Page) links() []string {
	p.t.Helper()
	var all []string
	p.must("reading links", script(`[...document.querySelectorAll('a[href]')].map(a => new URL(a.getAttribute('href'), document.baseURI).href)`, &all))
	var out []string
	for _, a := range all {
		if rest, ok := strings.CutPrefix(a, p.base); ok && !slices.Contains(out, rest) {
			out = append(out, rest)
		}
	}
	return out
}

var (
	number   = regexp.MustCompile(`^([0-9]{6}-)?[0-9]+$`)
	coded    = regexp.MustCompile(`^/(facts|figures|settings)/[a-z_]+\.[a-z0-9_.]+`)
	filePath = regexp.MustCompile(`(\.(pdf|xlsx|csv|zip|ics|json|svg|png)|/(export|pdf|poster|paper|template|rejected|word|excel|file|original|form)|/papers/[a-z]+|/(catalogue|p/services)/[0-9-]+/(files|forms)/[0-9]+)$`)
	notAPage = regexp.MustCompile(`^/(static|logout|healthz|readyz)(/|$)`)
)

// kindOf is the kind of page an address leads to: numbers and codes of facts, figures and settings become {}, and of the query only the names count, without
// those of paging and filtering by a number. It is empty for what is no page.
func kindOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || !strings.HasPrefix(u.Path, "/") || notAPage.MatchString(u.Path) {
		return ""
	}
	parts := strings.Split(coded.ReplaceAllString(path.Clean(u.Path), "/$1/{}"), "/")
	for i, s := range parts {
		if number.MatchString(s) {
			parts[i] = "{}"
		}
	}
	kind := strings.Join(parts, "/")
	if kind == "" {
		kind = "/"
	}
	if tab := u.Query().Get("tab"); tab != "" {
		kind += "?tab=" + tab
	}
	return kind
}

// isFile says whether an address leads to a file rather than to a page.
func isFile(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (filePath.MatchString(u.Path) || strings.Contains(u.RawQuery, "format="))
}

// fileFault says what is wrong with a file that was offered for download.
func fileFault(f Fetched) string {
	switch {
	case f.Status != 200:
		return fmt.Sprintf("answers %d", f.Status)
	case len(f.Body) == 0:
		return "is empty"
	case strings.HasPrefix(f.Type, "text/html"):
		return "is a page"
	case strings.HasPrefix(f.Type, "application/pdf") && !strings.HasPrefix(string(f.Body), "%PDF-"):
		return "is no PDF"
	}
	return ""
}

// claims says which kinds of page somebody looks at already.
type claims struct {
	mu    sync.Mutex
	taken map[string]bool
}

// has says whether the kind is taken.
func (c *claims) has(kind string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.taken[kind]
}

// take says whether the kind was free; it is taken from then on.
func (c *claims) take(kind string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	free := !c.taken[kind]
	c.taken[kind] = true
	return free
}

// everyPage walks as an account of each role over all it can reach. Refused links are seen for each; a kind of page is opened once, by the first that reaches it,
// and judged at both widths. On the phone accessibility is judged of pages that are made for it: a page of the desk is the same page there, and whether it still
// fits is the question. The tests of single rooms judge their pages on the phone in full; what they judged before is not judged again.
func everyPage(t *testing.T, limit int) {
	kinds := claims{taken: map[string]bool{}}
	walked := map[string]bool{}
	atOnce := make(chan struct{}, cap(places))
	for _, a := range demo(t).Accounts {
		if walked[a.Role] {
			continue
		}
		walked[a.Role] = true
		t.Run(a.Role+" "+a.User, func(t *testing.T) {
			t.Parallel()
			atOnce <- struct{}{}
			t.Cleanup(func() { <-atOnce })
			p := Open(t, Desktop)
			p.Login(a.User)
			w := walk{p: p, limit: limit,
				known: func(kind string) bool {
					return !kinds.take(kind) || judged.has("desktop "+kind) && judged.has("phone "+kind)
				},
				look: func(kind, _ string) {
					if !judged.has("desktop " + kind) {
						p.Check(kind)
					}
					if judged.has("phone " + kind) {
						return
					}
					p.Resize(Phone)
					if strings.HasPrefix(kind, "/m/") || strings.HasPrefix(kind, "/p") {
						p.Check(kind)
					} else {
						p.Settle()
						p.Shot(kind)
						p.Fits(kind)
					}
					p.Resize(Desktop)
				},
				file: func(path string, f Fetched) {
					if fault := fileFault(f); fault != "" {
						t.Errorf("the file %s %s", path, fault)
					}
				}}
			w.run(p.Path())
		})
	}
}
