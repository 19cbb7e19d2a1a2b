//go:build browser

package browsertest

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"github.com/a-h/templ"

	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/web/static"
	"linli/internal/web/view/chart"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/layout"
	"linli/internal/web/view/partial"
)

// The kit of package view on pages of its own, so that a part is looked at in the browser before, and
// apart from, the pages that use it.

func word(s string) i18n.Text { return i18n.Verbatim(s) }

// with draws a component that has children.
func with(frame templ.Component, body ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return frame.Render(templ.WithChildren(ctx, templ.Join(body...)), w)
	})
}

func kitPage(r *http.Request, title string) layout.Page {
	q := r.URL.Query()
	return layout.Page{
		Title: title, Active: r.URL.Path, Theme: layout.Theme(q.Get("theme")), Elder: q.Get("elder") != "", Compact: q.Get("density") == "compact",
		Nav: []layout.NavGroup{
			{Items: []layout.NavItem{{Text: word("等我处理"), Href: "/desk/home", Icon: icon.Tasks, Count: 7}}},
			{Title: word("人与组织"), Items: []layout.NavItem{{Text: word("党员"), Href: "/desk/list", Icon: icon.Member}, {Text: word("登记"), Href: "/desk/form", Icon: icon.Clipboard}}},
		},
		Tabs: []layout.NavItem{{Text: word("首页"), Href: "/pocket/home", Icon: icon.Home, Count: 2}, {Text: word("签到"), Href: "/pocket/form", Icon: icon.Scan}},
		User: layout.User{Name: "陈静宜", Role: "社区党委书记", Org: "和平社区党委"}, Account: []layout.NavItem{{Text: word("登录设备"), Href: "/sessions", Icon: icon.Device}},
		Breadcrumb: []layout.Crumb{{Text: "党员", Href: "/desk/list"}}, Notice: "这是演示环境，人名与编号均为虚构。",
		Path: r.URL.RequestURI(), Search: "/search", Suggest: "/suggest", Prefs: "/preferences", Logout: "/logout", Feedback: "/feedback", About: "/about",
	}
}

var kitColumns = []partial.Column{
	{Key: "name", Title: word("姓名"), Sort: true, Main: true}, {Key: "state", Title: word("状态")}, {Key: "unit", Title: word("所在单位")},
	{Key: "phone", Title: word("电话"), Minor: true}, {Key: "hours", Title: word("工时"), Num: true, Sort: true}, {Key: "day", Title: word("最近参加"), Tight: true},
}

var kitTones = []partial.Tone{partial.Draft, partial.Waiting, partial.Active, partial.Closed, partial.Warned, partial.Refused, partial.Ended, partial.Neutral}

func kitRows(n int) []partial.Row {
	names := []string{"王海燕", "李", "阿依古丽·买买提明·艾合买提·阿卜杜热合曼", "欧阳思远"}
	rows := make([]partial.Row, 0, n)
	for i := range n {
		rows = append(rows, partial.Row{ID: fmt.Sprint(i), Name: names[i%4], Href: fmt.Sprintf("/row/%d", i), Cells: []templ.Component{
			partial.Text(names[i%4]), partial.Badge(partial.State{Text: word("已报到"), Tone: kitTones[i%8]}), partial.Two("区市场监督管理局综合执法大队", "联络员 刘志强"),
			partial.Text("138****5678"), partial.Hours(int64(75 * i)), partial.Date(time.Date(2026, 9, 1+i%28, 0, 0, 0, 0, i18n.Zone))}})
	}
	return rows
}

func kitList(r *http.Request) templ.Component {
	q := r.URL.Query()
	q.Del("theme")
	n := 30
	if q.Get("q") != "" {
		n = 0
	}
	return templ.Join(
		partial.PageHead(partial.Head{Title: "党员", Under: "和平社区党委", Acts: []partial.Act{{Text: word("登记党员"), Href: "/desk/form", Look: partial.Primary, Icon: icon.Plus}}, More: []partial.Act{{Text: word("打印"), Href: "/paper/home", Icon: icon.Print}}}),
		partial.ListToolbar(partial.Toolbar{Path: r.URL.Path, Query: q, Search: word("姓名或单位"), Filters: []partial.Filter{{Name: "kind", Label: word("类别"), Options: []partial.Option{{Value: "work", Text: word("在职党员")}}}}, Export: "/export", Total: 1482}),
		partial.BulkActs("bulk", []partial.Act{{Text: word("打印联系卡"), Href: "/cards", Icon: icon.Print}}),
		partial.DataTable(partial.Table{Caption: word("党员名单"), Columns: kitColumns, Rows: kitRows(n), Path: r.URL.Path, Query: q, Selected: "bulk"}),
		partial.Pages(partial.Pager{Path: r.URL.Path, Query: q, Before: "b", After: "a", Shown: n, Total: 1482}))
}

func kitHome(*http.Request) templ.Component {
	act := partial.Act{Text: word("确认报到"), Href: "/echo", Post: true, Small: true}
	hours := chart.Chart{Title: "志愿工时在九月最高", Unit: word("小时")}
	for i, v := range []int64{120, 260, 310, 280, 420, 380, 512, 470, 560, 330, 210, 0} {
		hours.Items = append(hours.Items, chart.Item{Label: fmt.Sprintf("%d月", i+1), Value: v, Href: fmt.Sprintf("/row/%d", i)})
	}
	mix := chart.Chart{Title: "八成由系统计时", Unit: word("小时"), Items: []chart.Item{{Label: "系统计时", Value: 2580, Href: "/row/1"}, {Label: "受助人确认", Value: 410, Href: "/row/2"}, {Label: "组织者补记", Value: 226, Href: "/row/3"}, {Label: "其他", Value: 90}, {Label: "不明", Value: 40}}}
	return templ.Join(
		layout.FlashMessage(layout.Flash{Text: "已把 18 个签到记入工时。", Undo: "/echo"}), layout.FlashMessage(layout.Flash{Kind: layout.Caution, Text: "有 2 行没有导入。", More: "/row/1", Word: word("查看")}),
		layout.FlashMessage(layout.Flash{Kind: layout.Note, Text: "季度将于三天后结束。"}), layout.FlashMessage(layout.Flash{Kind: layout.Failed, Text: "没有保存。"}),
		partial.PageHead(partial.Head{Title: "等我处理"}),
		with(partial.Panel(word("等我处理")), partial.Todos([]partial.Todo{{Text: "王海燕申请报到", Detail: "今天 09:12", Href: "/row/1", Due: partial.Deadline(i18n.ZH, 2), Act: &act}, {Text: "协议待签", Href: "/row/2", Due: partial.Deadline(i18n.ZH, -1)}})),
		partial.Stats([]partial.Stat{{Label: word("在册党员"), Value: "1,482", Unit: word("名"), Href: "/row/1", Note: "比上季度多 12"}, {Label: word("未报到"), Value: "23", Unit: word("名"), Href: "/row/2", Tone: partial.Warned}}),
		with(partial.Panel(i18n.Text{}), chart.Columns(hours)), with(partial.Panel(word("凭据")), chart.Mix(mix)), with(partial.Panel(word("支部")), chart.Bars(mix)),
		with(partial.Panel(word("目标")), partial.Progress(word("志愿服务"), 750, 960, "12.5 / 16 小时")),
		partial.Todos(nil))
}

func kitRecord(*http.Request) templ.Component {
	sealed := partial.Sealed{ID: "idno", Label: word("身份证号"), Masked: "320902********0027", Action: "/echo", Purposes: []partial.Option{{Value: "visit", Text: word("走访联系")}}}
	back := partial.Act{Text: word("退回"), Href: "/echo", Look: partial.Danger, Confirm: &partial.Confirm{ID: "back", Question: "退回后，联络员会收到原因。", Reason: word("退回原因")}}
	remove := partial.Act{Text: word("删除"), Href: "/echo", Look: partial.Danger, Icon: icon.Delete, Confirm: &partial.Confirm{ID: "remove", Question: "删除后不能恢复。"}}
	return templ.Join(
		partial.PageHead(partial.Head{Title: "王海燕", Under: "在职党员", State: partial.State{Text: word("待确认"), Tone: partial.Waiting}, Acts: []partial.Act{back, {Text: word("发送"), Href: "/echo", Post: true, Blocked: "季度尚未结束"}, {Text: word("确认报到"), Href: "/echo", Post: true, Look: partial.Primary}}, More: []partial.Act{remove}}),
		partial.Tabs(word("栏目"), []partial.Tab{{Text: word("概况"), Href: "/desk/record", Active: true}, {Text: word("参加记录"), Href: "/row/1", Count: 24}, {Text: word("反馈单"), Href: "/row/2"}, {Text: word("何人看过"), Href: "/row/3"}}),
		with(partial.Panel(word("基本情况"), partial.Act{Text: word("修改"), Href: "/desk/form", Small: true}),
			partial.Facts([]partial.Fact{partial.F(word("性别"), "女"), {Label: word("身份证号"), Value: partial.Masked(sealed)}, {Label: word("电话"), Value: partial.Masked(partial.Sealed{ID: "tel", Label: word("电话"), Masked: "138****5678"})}, {Label: word("备注"), Value: partial.Text(""), Wide: true}})),
		with(partial.Panel(word("参加")), partial.DataTable(partial.Table{Caption: word("参加"), Columns: kitColumns[:3], Rows: kitRows(3), Path: "/desk/record"})),
		partial.JobProgress(partial.Job{ID: "job", Label: "导入名单", Done: 10, Total: 100, Poll: "/job", State: partial.State{Text: word("进行中"), Tone: partial.Waiting}}),
		with(partial.Help(word("报到是怎么一回事？")), partial.Text("在职党员在居住地社区报到。")),
		with(partial.Panel(word("历史")), partial.Timeline([]partial.Event{{When: time.Now(), Who: "刘志强", What: "提交报到申请", Tone: partial.Waiting}, {When: time.Now().AddDate(0, -1, 0), Who: "系统", What: "从名单导入", Detail: "第 12 行", Href: "/row/1"}})),
		partial.QR("/dot.svg", "K7M2-9QXD", "扫码签到"))
}

func kitForm(r *http.Request) templ.Component {
	f := field.Form{Values: url.Values{"name": {"王海燕"}, "phone": {"1380000"}, "unit": {"7"}, "kind": {"work"}, "sex": {"f"}, "joined": {"2008-06-30"}, "start": {"2026-09-12T14:00"}, "hours": {"2.5"}}, Filled: map[string]bool{"unit": true, "joined": true}}
	if r.URL.Query().Get("err") != "" {
		f.Err = errs.Field("phone", i18n.ErrBadNumber).With("sex", i18n.ErrBadChoice).With("note", i18n.ErrRequired)
	}
	kinds := []field.Option{{Value: "work", Text: word("在职党员"), Note: "组织关系在单位"}, {Value: "home", Text: word("社区党员")}}
	return templ.Join(
		partial.PageHead(partial.Head{Title: "登记党员", Under: "已知的内容已经填好。"}),
		templ.Raw(`<form class="form panel" method="post" action="/echo" data-dirty>`), field.Errors(f),
		with(field.Group(word("本人")), field.Text(f.In("name", word("姓名")).Need()), field.Phone(f.In("phone", word("手机号")).Need().Help(word("用于签到和联系"))), field.Radios(f.In("sex", word("性别")).Need(), []field.Option{{Value: "f", Text: word("女")}, {Value: "m", Text: word("男")}}), field.Select(f.In("kind", word("类别")).Need(), kinds)),
		with(field.Group(word("单位与时间")), field.Typeahead(f.In("unit", word("所在单位")).Need(), "/match", "自来水公司"), field.Date(f.In("joined", word("入党时间"))), field.DateTime(f.In("start", word("开始"))), field.Time(f.In("time", word("时刻"))), field.Number(f.In("hours", word("时长")), word("小时")), field.File(f.In("file", word("附件")), ".xlsx,.csv", "20 MB"), field.Password(f.In("secret", word("口令"))), field.Email(f.In("mail", word("邮箱"))), field.Text(f.In("fixed", word("登记号")).Or("R-0001").Fixed())),
		with(field.Group(word("其他")), field.Checks(f.In("skill", word("愿意参加")), kinds), field.Textarea(f.In("note", word("备注")), 3), field.Check(f.In("ok", word("本人已同意")))),
		field.Buttons(word("登记"), "/desk/list"), templ.Raw(`</form>`))
}

func kitPaper(*http.Request) templ.Component {
	return templ.Join(templ.Raw(`<h1>参加社区活动情况反馈单</h1><p class="sub">2026 年第三季度</p>`), partial.Facts([]partial.Fact{partial.F(word("社区"), "和平社区党委"), partial.F(word("单位"), "滨河支行党支部")}),
		templ.Raw(`<table><thead><tr><th scope="col">姓名</th><th scope="col">工时</th></tr></thead><tbody><tr><td>王海燕</td><td class="num">12.5</td></tr></tbody></table>`))
}

// kit serves every part in every frame: /desk/list, /pocket/form, …
func kit(t *testing.T) *httptest.Server {
	t.Helper()
	frames := map[string]func(layout.Page) templ.Component{"desk": layout.Desk, "pocket": layout.Pocket, "public": layout.Public, "plain": layout.Plain, "paper": layout.Paper}
	bodies := map[string]func(*http.Request) templ.Component{"list": kitList, "home": kitHome, "record": kitRecord, "form": kitForm, "paper": kitPaper}
	mux := http.NewServeMux()
	show := func(w http.ResponseWriter, r *http.Request, c templ.Component) {
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("Content-Type", "text/html;charset=utf-8")
		if err := c.Render(i18n.With(r.Context(), i18n.Parse(r.URL.Query().Get("lang"))), w); err != nil {
			t.Errorf("%s: %v", r.URL, err)
		}
	}
	mux.HandleFunc("GET /{frame}/{body}", func(w http.ResponseWriter, r *http.Request) {
		frame, body := frames[r.PathValue("frame")], bodies[r.PathValue("body")]
		if frame == nil || body == nil {
			writePage(w, http.StatusOK, "<p>"+r.URL.Path+"</p>")
			return
		}
		show(w, r, with(frame(kitPage(r, "样页")), body(r)))
	})
	mux.HandleFunc("GET /match", func(w http.ResponseWriter, r *http.Request) {
		show(w, r, field.Matches([]field.Option{{Value: "8", Text: word("育才小学")}, {Value: "9", Text: word("问 " + r.URL.Query().Get("q"))}}))
	})
	mux.HandleFunc("GET /suggest", func(w http.ResponseWriter, r *http.Request) {
		show(w, r, partial.Suggestions([]partial.Suggestion{{Text: "找到 " + r.URL.Query().Get("q"), Detail: "党员", Href: "/row/5", Icon: icon.Member}}))
	})
	var asked atomic.Int64
	mux.HandleFunc("GET /job", func(w http.ResponseWriter, r *http.Request) {
		job := partial.Job{ID: "job", Label: "导入名单", Done: 100, Total: 100, State: partial.State{Text: word("已完成"), Tone: partial.Closed}, Result: "100 行", Href: "/row/9"}
		if asked.Add(1) == 1 {
			job.Poll, job.Done, job.Result = "/job", 60, ""
		}
		show(w, r, partial.JobProgress(job))
	})
	mux.HandleFunc("POST /echo", func(w http.ResponseWriter, r *http.Request) {
		r.ParseForm() //nolint:errcheck // a page that shows what it got
		writePage(w, http.StatusOK, "<p>收到 "+templ.EscapeString(r.Form.Encode())+"</p>")
	})
	mux.HandleFunc("GET /dot.svg", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "image/svg+xml")
		io.WriteString(w, `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>`) //nolint:errcheck // the tab has gone
	})
	mux.Handle("GET "+static.Prefix+"{file}", static.Handler())
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}
