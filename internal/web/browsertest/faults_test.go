//go:build browser

package browsertest

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
)

// watch collects what goes wrong in one tab while a test uses it, and knows which requests are under way.
type watch struct {
	origin string

	mu       sync.Mutex
	faults   []string
	expected []int64 // refusals that the test provokes on purpose
	status   int64   // of the last document
	running  map[network.RequestID]*network.EventRequestWillBeSent
}

func newWatch(origin string) *watch {
	return &watch{origin: origin, running: map[network.RequestID]*network.EventRequestWillBeSent{}}
}

// see takes in one event of the browser. It must not call back into the browser.
func (w *watch) see(event any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.APITypeError || e.Type == runtime.APITypeAssert {
			w.add("console error: %s", consoleText(e.Args))
		}
	case *runtime.EventExceptionThrown:
		w.add("uncaught exception: %s", exceptionText(e.ExceptionDetails))
	case *log.EventEntryAdded:
		// Failed requests come as network events with more detail.
		if e.Entry.Level == log.LevelError && e.Entry.Source != log.SourceNetwork {
			w.add("browser log: %s %s", e.Entry.Text, e.Entry.URL)
		}
	case *audits.EventIssueAdded:
		if d := e.Issue.Details; d != nil && d.ContentSecurityPolicyIssueDetails != nil {
			csp := d.ContentSecurityPolicyIssueDetails
			w.add("CSP violation: %s by %s", csp.ViolatedDirective, cspSource(csp))
		}
	case *network.EventRequestWillBeSent:
		if strings.HasPrefix(e.Request.URL, "http") {
			w.running[e.RequestID] = e
		}
		if outside(w.origin, e.Request.URL) {
			w.add("request to another origin: %s", e.Request.URL)
		}
	case *network.EventResponseReceived:
		w.answered(e)
	case *network.EventLoadingFinished:
		delete(w.running, e.RequestID)
	case *network.EventLoadingFailed:
		w.broken(e)
	case *page.EventFrameNavigated:
		if e.Frame.ParentID == "" {
			w.left(e.Frame.LoaderID)
		}
	}
}

// answered judges the status of an answer: forms come back with 422, everything else must be announced.
func (w *watch) answered(e *network.EventResponseReceived) {
	if e.Type == network.ResourceTypeDocument {
		w.status = e.Response.Status
	}
	if e.Type == network.ResourceTypeEventSource {
		delete(w.running, e.RequestID) // stays open
	}
	byPerson := e.Type == network.ResourceTypeDocument || e.Type == network.ResourceTypeFetch || e.Type == network.ResourceTypeXHR
	if s := e.Response.Status; s < 400 || byPerson && (s == 422 || slices.Contains(w.expected, s)) {
		return
	}
	w.add("%d for %s %s", e.Response.Status, strings.ToLower(string(e.Type)), e.Response.URL)
}

// broken judges a request that got no answer; leaving a page aborts what it was loading.
func (w *watch) broken(e *network.EventLoadingFailed) {
	request := w.running[e.RequestID]
	delete(w.running, e.RequestID)
	if e.Canceled || e.ErrorText == "net::ERR_ABORTED" {
		return
	}
	address := "?"
	if request != nil {
		address = request.Request.URL
	}
	w.add("request failed: %s %s %s", address, e.ErrorText, e.BlockedReason)
}

// left forgets the requests of the document before: they may never be said to have ended.
func (w *watch) left(now cdp.LoaderID) {
	for id, r := range w.running {
		if r.LoaderID != now {
			delete(w.running, id)
		}
	}
}

// add notes a fault once. The caller holds the lock.
func (w *watch) add(format string, args ...any) {
	if f := fmt.Sprintf(format, args...); !slices.Contains(w.faults, f) {
		w.faults = append(w.faults, f)
	}
}

// found lists the faults so far.
func (w *watch) found() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.faults)
}

// forget drops the faults so far.
func (w *watch) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faults = nil
}

func (w *watch) expect(statuses ...int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range statuses {
		w.expected = append(w.expected, int64(s))
	}
}

// idle says whether no request is under way.
func (w *watch) idle() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.running) == 0
}

// underWay lists the addresses being fetched.
func (w *watch) underWay() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []string
	for _, e := range w.running {
		all = append(all, e.Request.URL)
	}
	return strings.Join(all, " ")
}

func (w *watch) lastStatus() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return int(w.status)
}

// outside says whether address leaves origin over the network.
func outside(origin, address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return true
	}
	switch u.Scheme {
	case "http", "https", "ws", "wss":
		o, err := url.Parse(origin)
		return err != nil || u.Host != o.Host
	}
	return false // data:, blob:, about:
}

func consoleText(args []*runtime.RemoteObject) string {
	var parts []string
	for _, a := range args {
		var s string
		if json.Unmarshal(a.Value, &s) != nil {
			s = strings.TrimSpace(string(a.Value) + " " + a.Description)
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, " ")
}

func exceptionText(d *runtime.ExceptionDetails) string {
	s := d.Text
	if d.Exception != nil {
		s += " " + d.Exception.Description
	}
	return fmt.Sprintf("%s (%s:%d)", s, d.URL, d.LineNumber+1)
}

func cspSource(d *audits.ContentSecurityPolicyIssueDetails) string {
	if d.BlockedURL != "" {
		return d.BlockedURL
	}
	if at := d.SourceCodeLocation; at != nil {
		return fmt.Sprintf("%s in %s:%d", d.ContentSecurityPolicyViolationType, at.URL, at.LineNumber+1)
	}
	return string(d.ContentSecurityPolicyViolationType)
}
