//go:build browser

package browsertest

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// The harness is tried on pages of its own, with the policy of the product: each fault must be seen,
// and a good page must pass.

const policy = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:"

// sample serves pages made of parts: /page?head=…&body=….
func sample(t *testing.T) *httptest.Server {
	t.Helper()
	pages := map[string]string{
		"/good": `<form action="/echo" method="post" enctype="multipart/form-data">
			<label for="n">姓名 *</label><input id="n" name="name" value="old">
			<label for="d">日期</label><input id="d" name="day" type="date">
			<label for="k">类别</label><select id="k" name="kind"><option value="1">在职党员</option><option value="2">流动党员</option></select>
			<fieldset><legend>性别</legend><label><input type="radio" name="sex" value="f"> 女</label><label><input type="radio" name="sex" value="m"> 男</label></fieldset>
			<label><input type="checkbox" name="agree"> 同意</label>
			<label for="f">文件</label><input id="f" name="file" type="file">
			<button>保存</button></form>
			<ul><li>甲 <a href="/row?1">打开</a></li><li>乙 <a href="/row?2">打开</a></li></ul>
			<p hidden>藏着</p>`,
		"/script-error":   `<p>x</p><script src="/throw.js"></script>`,
		"/console-error":  `<p>x</p><script src="/console.js"></script>`,
		"/promise":        `<p>x</p><script src="/promise.js"></script>`,
		"/inline-script":  `<p>x</p><script>document.title = 'no'</script>`,
		"/inline-style":   `<p style="color:red">x</p>`,
		"/foreign":        `<p>x</p><img alt="x" src="http://localhost:9/x.png">`,
		"/missing-script": `<p>x</p><script src="/none.js"></script>`,
		"/axe":            `<p>x</p><input name="nameless"><img src="/dot.svg">`,
		"/wide":           `<table><tr><td><pre>` + strings.Repeat("very wide ", 80) + `</pre></td></tr></table>`,
		"/late":           `<p id="p">x</p><button id="b" disabled>继续</button><script src="/late.js"></script>`,
		"/covered":        `<button>按钮</button><div class="cover"></div><link rel="stylesheet" href="/cover.css">`,
		"/leave":          `<p>x</p><button id="b">改动</button><a href="/good">离开</a><script src="/leave.js"></script>`,
		"/row":            `<p>一行</p>`,
		"/walk": `<a href="/walk/1">一</a> <a href="/walk/2">二</a> <a href="/walk/1/parts">部分</a> <a href="/row.csv">表</a>
			<a href="http://localhost:9/">外面</a> <a href="/logout">退出</a>`,
		"/walk/{id}":       `<a href="/walk">回</a>`,
		"/walk/{id}/parts": `<a href="/gone">没有了</a>`,
	}
	files := map[string]string{
		"/throw.js":   `throw new Error('thrown')`,
		"/console.js": `console.error('said', {a: 1})`,
		"/promise.js": `Promise.reject(new Error('rejected'))`,
		"/late.js":    `setTimeout(() => { b.disabled = false; b.onclick = () => fetch('/slow').then(r => r.text()).then(t => p.textContent = t) }, 200)`,
		"/leave.js":   `b.onclick = () => addEventListener('beforeunload', e => e.preventDefault())`,
		"/cover.css":  `.cover{position:fixed;inset:0;background:#fff}`,
		"/slow":       `已到`,
		"/row.csv":    `a,b`,
	}
	mux := http.NewServeMux()
	for path, body := range pages {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) { writePage(w, http.StatusOK, body) })
	}
	for path, body := range files {
		kind := map[string]string{".js": "text/javascript", ".css": "text/css"}[filepath.Ext(path)]
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", kind+";charset=utf-8")
			io.WriteString(w, body)
		})
	}
	mux.HandleFunc("GET /dot.svg", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "image/svg+xml")
		io.WriteString(w, `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>`)
	})
	mux.HandleFunc("GET /status/{code}", func(w http.ResponseWriter, r *http.Request) {
		code := http.StatusForbidden
		fmt.Sscan(r.PathValue("code"), &code)
		writePage(w, code, "<p>拒绝</p>")
	})
	mux.HandleFunc("POST /echo", echo)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

// echo shows what a form sent.
func echo(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseMultipartForm(1 << 20); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	name := ""
	if _, h, err := r.FormFile("file"); err == nil {
		name = h.Filename
	}
	f := r.Form
	writePage(w, http.StatusOK, fmt.Sprintf("<p>收到 %s %s %s %s %s %s</p>", f.Get("name"), f.Get("day"), f.Get("kind"), f.Get("sex"), f.Get("agree"), name))
}

func writePage(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Security-Policy", policy)
	w.Header().Set("Content-Type", "text/html;charset=utf-8")
	w.WriteHeader(status)
	fmt.Fprintf(w, `<!doctype html><html lang="zh-CN"><head><title>样页</title><meta name="viewport" content="width=device-width,initial-scale=1">
		<link rel="icon" href="/dot.svg"></head><body><main><h1>样页</h1>%s</main></body></html>`, body)
}

func TestFaultsOfPagesAreSeen(t *testing.T) {
	together(t)
	server := sample(t)
	cases := []struct{ path, want string }{
		{"/good", ""},
		{"/script-error", "uncaught exception: Uncaught Error: thrown"},
		{"/console-error", "console error: said"},
		{"/promise", "rejected"},
		{"/inline-script", "CSP violation: script-src"},
		{"/inline-style", "CSP violation: style-src"},
		{"/foreign", "request to another origin: http://localhost:9/x.png"},
		{"/missing-script", "404 for script"},
		{"/status/403", "403 for document"},
		{"/status/500", "500 for document"},
		{"/status/422", ""},
	}
	for _, c := range cases {
		t.Run(c.path, func(t *testing.T) {
			p := openAt(t, server.URL, Desktop)
			p.Visit(c.path)
			p.until("what the page has to say", func() string {
				got := strings.Join(p.watch.found(), "\n")
				return unless(c.want == "" && got == "" || c.want != "" && strings.Contains(got, c.want), fmt.Sprintf("faults %q, want %q", got, c.want))
			})
		})
	}
}

func TestFaultsFailTheTest(t *testing.T) {
	together(t)
	server := sample(t)
	noted := &recorder{TB: t}
	p := openAt(t, server.URL, Phone)
	p.t = noted
	p.Visit("/console-error")
	p.reportFaults()
	if !strings.Contains(noted.errors, "phone: console error: said") {
		t.Errorf("reportFaults said %q, want the console error", noted.errors)
	}
}

func TestAnnouncedRefusalIsNoFault(t *testing.T) {
	together(t)
	p := openAt(t, sample(t).URL, Desktop)
	p.Expect(404)
	if got := p.Visit("/status/404"); got != 404 {
		t.Errorf("Visit = %d, want 404", got)
	}
	p.WaitText("拒绝")
	if f := p.watch.found(); len(f) > 0 {
		t.Errorf("faults = %q, want none", f)
	}
	p.Visit("/status/403")
	if f := p.watch.found(); len(f) != 1 {
		t.Errorf("faults = %q, want the 403 that was not announced", f)
	}
}

func TestAxeSeesFaultsUnderThePolicy(t *testing.T) {
	together(t)
	p := openAt(t, sample(t).URL, Desktop)
	p.Visit("/good")
	if f := p.axeFindings(); len(f) > 0 {
		t.Errorf("axe on a good page = %v, want nothing", f)
	}
	p.Visit("/axe")
	ids := map[string]bool{}
	for _, f := range p.axeFindings() {
		ids[f.ID] = true
		if !strings.Contains(f.String(), f.ID) || len(f.Nodes) == 0 {
			t.Errorf("finding %+v does not say where it is", f)
		}
	}
	if !ids["label"] || !ids["image-alt"] {
		t.Errorf("axe found %v, want label and image-alt", ids)
	}
	noted := &recorder{TB: t}
	p.t = noted
	p.Axe("sample")
	if !strings.Contains(noted.errors, "image-alt") {
		t.Errorf("Axe said %q, want image-alt", noted.errors)
	}
	if f := p.watch.found(); len(f) > 0 {
		t.Errorf("faults = %q, want none: axe itself must not break the policy", f)
	}
}

func TestSidewaysScrollingIsSeen(t *testing.T) {
	together(t)
	p := openAt(t, sample(t).URL, Phone)
	p.Visit("/good")
	if wide := p.overflow(); wide != "" {
		t.Errorf("overflow of a narrow page = %q, want none", wide)
	}
	p.Visit("/wide")
	if wide := p.overflow(); wide == "" {
		t.Error("overflow of a wide page = none, want some")
	}
}

func TestFormsAreFilledAsByAPerson(t *testing.T) {
	together(t)
	file := filepath.Join(t.TempDir(), "名单.csv")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, view := range []Viewport{Desktop, Phone} {
		t.Run(view.Name, func(t *testing.T) {
			p := openAt(t, sample(t).URL, view)
			p.Visit("/good")
			p.Fill("姓名", "王小明")
			p.Fill("日期", "2026-09-30")
			p.Choose("类别", "流动党员")
			p.Choose("性别", "男")
			p.Tick("同意", true)
			p.Upload("文件", file)
			if got := p.Value("姓名"); got != "王小明" {
				t.Errorf("Value = %q, want 王小明", got)
			}
			p.Shot("filled")
			p.Click("保存")
			p.WaitText("收到 王小明 2026-09-30 2 m on 名单.csv")
			p.WaitPath("/echo")
			if f := p.watch.found(); len(f) > 0 {
				t.Errorf("faults = %q, want none", f)
			}
		})
	}
}

func TestFindingAndWaiting(t *testing.T) {
	together(t)
	p := openAt(t, sample(t).URL, Desktop)
	p.Visit("/good")
	if p.HasText("藏着") {
		t.Error("HasText sees hidden text")
	}
	if n := p.Count("li"); n != 2 {
		t.Errorf("Count(li) = %d, want 2", n)
	}
	if got := p.Text("h1"); got != "样页" {
		t.Errorf("Text(h1) = %q, want 样页", got)
	}
	p.ClickRow("乙", "打开")
	if !strings.HasSuffix(p.URL(), "/row?2") {
		t.Errorf("the second row leads to %s, want /row?2", p.URL())
	}
	p.Visit("/good")
	p.Press(kb.Tab)
	if got := p.Focused(); got != "姓名 *" {
		t.Errorf("the first stop of the Tab key is %q, want 姓名 *", got)
	}
	p.Visit("/late")
	p.Click("继续") // becomes usable a moment later, and its answer comes a moment after that
	p.WaitText("已到")
	if got := string(p.Fetch("/slow").Body); got != "已到" {
		t.Errorf("Fetch = %q, want 已到", got)
	}
}

func TestCoveredButtonCannotBePressed(t *testing.T) {
	together(t)
	p := openAt(t, sample(t).URL, Desktop)
	p.Visit("/covered")
	var at spot
	if why := p.problem(&at, &at.Problem, "click", "", "按钮"); !strings.Contains(why, "covered by") {
		t.Errorf("pressing a covered button: %q, want to hear that it is covered", why)
	}
}

func TestLeavingAPageWithChangesDoesNotHang(t *testing.T) {
	together(t)
	p := openAt(t, sample(t).URL, Desktop)
	p.Visit("/leave")
	p.Click("改动")
	p.Click("离开")
	p.WaitPath("/good")
}

func TestWalkSeesEachKindOfPageOnce(t *testing.T) {
	together(t)
	p := openAt(t, sample(t).URL, Desktop)
	noted := &recorder{TB: t}
	p.t = noted
	var looked, files []string
	w := walk{p: p, limit: 20,
		look: func(kind, _ string) { looked = append(looked, kind) },
		file: func(path string, f Fetched) { files = append(files, path+fileFault(f)) }}
	kinds := w.run("/walk")
	if got, want := strings.Join(kinds, " "), "/walk /walk/{} /walk/{}/parts /row.csv /gone"; got != want {
		t.Errorf("walk = %s, want %s", got, want)
	}
	if got, want := strings.Join(looked, " "), "/walk /walk/{} /walk/{}/parts"; got != want {
		t.Errorf("looked at %s, want %s", got, want)
	}
	if got := strings.Join(files, " "); got != "/row.csv" {
		t.Errorf("files = %q, want /row.csv without a fault", got)
	}
	if !strings.Contains(noted.errors, "/gone answers 404; the link stands on /walk/1/parts") {
		t.Errorf("the dead link was reported as %q", noted.errors)
	}
}

func TestTabsDoNotShareCookies(t *testing.T) {
	together(t)
	server := sample(t)
	a, b := openAt(t, server.URL, Desktop), openAt(t, server.URL, Desktop)
	a.Visit("/good")
	b.Visit("/good")
	var got string
	a.must("setting a cookie", script(`document.cookie = 'who=a; path=/'; ''`, &got))
	b.must("reading cookies", script(`document.cookie`, &got))
	if got != "" {
		t.Errorf("the second tab has the cookie %q, want none", got)
	}
}

// recorder keeps what would fail a test.
type recorder struct {
	testing.TB
	errors string
}

// Errorf notes the failure.
func (r *recorder) Errorf(format string, args ...any) {
	r.errors += fmt.Sprintf(format, args...) + "\n"
}
