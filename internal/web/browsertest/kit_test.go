//go:build browser

package browsertest

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Every kind of page, at the widths it is made for, in light and dark, passes the checks.
func TestKitPagesPassEverywhere(t *testing.T) {
	together(t)
	server := kit(t)
	desk := []string{"/desk/list", "/desk/home", "/desk/record", "/desk/form?err=1", "/public/home", "/public/form?elder=1&err=1"}
	for _, c := range []struct {
		view  Viewport
		dark  bool
		paths []string
	}{
		{Desktop, false, append(desk, "/desk/list?q=none", "/desk/list?density=compact&lang=en", "/plain/form", "/paper/paper")},
		{Desktop, true, desk[:5]},
		{Phone, false, append(desk, "/pocket/home", "/pocket/list", "/pocket/record", "/pocket/form?err=1", "/plain/form", "/paper/paper")},
		{Phone, true, []string{"/desk/list", "/pocket/home", "/pocket/form?err=1", "/pocket/record"}},
	} {
		t.Run(fmt.Sprintf("%s-dark-%v", c.view.Name, c.dark), func(t *testing.T) {
			p := openAt(t, server.URL, c.view)
			if c.dark {
				p.Dark()
			}
			for _, path := range c.paths {
				p.Visit(path)
				p.Check(path)
			}
			p.reportFaults()
		})
	}
}

// stroke presses one key as a keyboard does: what a script prevents, the browser does not do.
func (p *Page) stroke(key, text string, modifiers ...input.Modifier) {
	p.t.Helper()
	down := input.DispatchKeyEvent(input.KeyDown).WithKey(key).WithText(text)
	for _, m := range modifiers {
		down = down.WithModifiers(m)
	}
	p.must("pressing "+key, down, input.DispatchKeyEvent(input.KeyUp).WithKey(key))
}

// A page at twice its size, as people with weak eyes set it, still fits.
func TestKitFitsAtTwiceTheSize(t *testing.T) {
	together(t)
	p := openAt(t, kit(t).URL, Desktop)
	p.Zoom(2)
	for _, path := range []string{"/desk/list", "/desk/form", "/desk/record"} {
		p.Visit(path)
		p.Fits(path)
	}
}

// Residents in large print: text of at least 18 px, targets of at least 60 px.
func TestLargePrintIsLarge(t *testing.T) {
	together(t)
	p := openAt(t, kit(t).URL, Phone)
	p.Visit("/public/form?elder=1")
	var small string
	p.must("measuring", script(`(() => {
		const seen = e => e.checkVisibility() && e.getClientRects().length && !e.closest('.sr,.skip');
		const text = [...document.body.querySelectorAll('*')].filter(e => seen(e) && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
			.filter(e => parseFloat(getComputedStyle(e).fontSize) < 18);
		const press = [...document.querySelectorAll('button,a[href],input:not([type=hidden]),select,textarea')]
			.map(e => e.closest('label.choice') || e).filter(e => seen(e) && e.getBoundingClientRect().height < 59.5);
		return [...text, ...press].slice(0, 5).map(e => e.outerHTML.slice(0, 90)).join('\n');
	})()`, &small))
	if small != "" {
		t.Errorf("too small for large print:\n%s", small)
	}
}

// Phone pages are used with a thumb: what one presses is at least 44 px high.
func TestPocketTargetsSuitAThumb(t *testing.T) {
	together(t)
	p := openAt(t, kit(t).URL, Phone)
	for _, path := range []string{"/pocket/home", "/pocket/form"} {
		p.Visit(path)
		var small string
		p.must("measuring", script(`[...document.querySelectorAll('.btn,.tabbar a,.input,.choice,.todo,summary.who')]
			.filter(e => e.getClientRects().length && !e.closest('.flash') && e.getBoundingClientRect().height < 43.5).slice(0, 5).map(e => e.outerHTML.slice(0, 90)).join('\n')`, &small))
		if small != "" {
			t.Errorf("%s: too small for a thumb:\n%s", path, small)
		}
	}
}

func TestRowsByKeyboard(t *testing.T) {
	together(t)
	p := openAt(t, kit(t).URL, Desktop)
	p.Visit("/desk/list")
	for _, key := range []string{"j", "j", "j", "k"} {
		p.stroke(key, key)
	}
	p.stroke("Enter", "\r")
	p.until("the second row", func() string { return unless(p.Path() == "/row/1", p.Path()) })
}

func TestSearchByKeyboard(t *testing.T) {
	together(t)
	p := openAt(t, kit(t).URL, Desktop)
	p.Visit("/desk/home")
	p.stroke("/", "/")
	p.stroke("w", "w")
	p.WaitText("找到 w")
	p.must("leaving the box", script(`document.activeElement.blur()`, nil))
	p.stroke("k", "", input.ModifierCtrl)
	p.stroke("ArrowDown", "")
	p.stroke("Enter", "\r")
	p.until("the suggestion", func() string { return unless(p.Path() == "/row/5", p.Path()) })
}

func TestPressOnARowOpensIt(t *testing.T) {
	together(t)
	p := openAt(t, kit(t).URL, Desktop)
	p.Visit("/desk/list")
	p.ClickOn("tbody tr:nth-child(3) td:nth-child(4)")
	p.until("the third row", func() string { return unless(p.Path() == "/row/2", p.Path()) })
}

func TestFilterLeavesACleanAddress(t *testing.T) {
	together(t)
	p := openAt(t, kit(t).URL, Desktop)
	p.Visit("/desk/list?after=x")
	p.must("choosing", script(`(e => { e.value = 'work'; e.dispatchEvent(new Event('change', {bubbles: true})) })(document.querySelector('[data-filter]'))`, nil))
	p.until("the filtered list", func() string { return unless(strings.HasSuffix(p.URL(), "/desk/list?kind=work"), p.URL()) })
	p.Click("去掉筛选：类别 在职党员")
	p.until("the whole list", func() string { return unless(strings.HasSuffix(p.URL(), "/desk/list"), p.URL()) })
}

func TestChosenRowsGoWithTheAct(t *testing.T) {
	together(t)
	p := openAt(t, kit(t).URL, Desktop)
	p.Visit("/desk/list")
	p.must("no bar yet", chromedp.WaitNotVisible(".bulk", chromedp.ByQuery))
	p.ClickOn("tbody tr:nth-child(2) [data-pick]")
	p.ClickOn("tbody tr:nth-child(4) [data-pick]")
	var sent string
	p.must("what would be sent", script(`new URLSearchParams(new FormData(document.getElementById('bulk'))).toString()`, &sent))
	if sent != "id=1&id=3" {
		t.Errorf("the bulk form would send %q, want id=1&id=3", sent)
	}
	p.WaitText("打印联系卡")
}

func TestTypeaheadChooses(t *testing.T) {
	together(t)
	p := openAt(t, kit(t).URL, Desktop)
	p.Visit("/desk/form")
	p.must("typing", chromedp.Clear("#f-unit", chromedp.ByQuery), chromedp.SendKeys("#f-unit", "学", chromedp.ByQuery))
	p.WaitText("问 学") // the search asked with q, not with the name of the field
	p.stroke("ArrowDown", "")
	p.stroke("Enter", "\r")
	var got string
	p.must("the chosen", script(`(f => f.get('unit') + ' ' + f.get('unit_text') + ' ' + f.getAll('_filled'))(new FormData(document.querySelector('form.form')))`, &got))
	if got != "8 育才小学 joined,fixed" {
		t.Errorf("the form holds %q, want the id and text of the option, and the unit no longer filled in by the program", got)
	}
}

func TestSealedValueAsksWhy(t *testing.T) {
	together(t)
	p := openAt(t, kit(t).URL, Phone)
	p.Visit("/desk/record")
	p.Click("查看身份证号")
	p.Choose("用途", "走访联系")
	p.Fill("具体原因", "核对电话")
	p.Check("why")
	p.ClickIn("dialog[open]", "查看")
	p.WaitText("purpose=visit&reason=" + url.QueryEscape("核对电话"))
}

func TestConfirmInsideAMenu(t *testing.T) {
	together(t)
	p := openAt(t, kit(t).URL, Desktop)
	p.Visit("/desk/record")
	p.Click("更多操作")
	p.Click("删除")
	p.WaitText("删除后不能恢复。")
	p.Press(kb.Escape)
	p.must("the question to go", chromedp.WaitNotPresent("dialog[open]", chromedp.ByQuery))
	if p.Path() != "/desk/record" {
		t.Errorf("closing a question led to %s", p.Path())
	}
}

func TestJobIsFollowedToItsEnd(t *testing.T) {
	together(t)
	p := openAt(t, kit(t).URL, Desktop)
	p.Visit("/desk/record")
	p.WaitText("60 / 100")
	p.WaitText("100 行")
	p.must("no more questions", chromedp.WaitNotPresent("#job[hx-get]", chromedp.ByQuery))
	p.reportFaults()
}

func TestNavigationOnAPhone(t *testing.T) {
	together(t)
	p := openAt(t, kit(t).URL, Phone)
	p.Visit("/desk/home")
	p.Click("打开导航")
	p.Check("drawer")
	p.Click("登记")
	p.until("the page", func() string { return unless(p.Path() == "/desk/form", p.Path()) })
}

// Everything that matters works where scripts do not run.
func TestKitWithoutScripts(t *testing.T) {
	together(t)
	p := openAt(t, kit(t).URL, Phone)
	p.WithoutScripts()
	p.Visit("/desk/record")
	p.ClickOn("[href='#back']")
	p.must("the question", chromedp.WaitVisible("#back textarea", chromedp.ByQuery))
	p.Fits("question without scripts")
	p.Visit("/desk/home")
	p.ClickOn(".top-menu")
	p.must("the drawer", chromedp.WaitVisible("#nav", chromedp.ByQuery))
}

func TestErrorsNameTheirFields(t *testing.T) {
	together(t)
	p := openAt(t, kit(t).URL, Desktop)
	p.Visit("/desk/form?err=1")
	var lines string
	p.must("the summary", script(`[...document.querySelectorAll('.error-list li')].map(e => e.textContent.split(' · ')[0]).join()+document.activeElement.id`, &lines))
	if lines != "手机号,性别,备注form-errors" {
		t.Errorf("the summary names %q, want the labels in the order of the form, and the focus on it", lines)
	}
}
