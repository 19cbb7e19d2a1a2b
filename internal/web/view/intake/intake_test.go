package intake_test

import (
	"testing"

	"github.com/a-h/templ"

	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/intake"
	"linli/internal/web/view/field"
	view "linli/internal/web/view/intake"
	"linli/internal/web/view/layout"
	"linli/internal/web/view/partial"
	"linli/internal/web/viewtest"
)

func detail(state string) view.Detail {
	k := intake.Kind{Name: "people", Title: i18n.ResidentTitle, Columns: []intake.Column{
		{Name: "name", Title: i18n.ResidentName, Required: true}, {Name: "phone", Title: i18n.ResidentPhone, Sealed: true}, {Name: "room", Title: i18n.ResidentRoom}},
		Options: []intake.Option{{Name: "take_in", Title: i18n.ResidentImportTakeIn}}}
	m := intake.Import{ID: 5, FileID: 6, FileName: "表.csv", Summary: intake.Summary{Kind: "people", State: state},
		Layout: intake.Layout{Header: []string{"姓名", "手机号", "备注"}, Sample: [][]string{{"王*", "138****8000", ""}}}}
	if state != intake.Ready {
		m.Rows, m.Inserted, m.Rejected = 3, 2, 1
	}
	return view.Detail{Import: m, Kind: k, Matches: m.Layout.Matches(k), Report: []intake.Finding{{Seq: 1, Row: 3, Column: "姓名", Message: "没有填写", Advice: "补上"}, {Seq: 2, Message: "整个文件"}}}
}

func TestPagesKeepTheRules(t *testing.T) {
	p := layout.Page{Title: "导入"}
	running := detail(intake.Running)
	running.Job = partial.Job{ID: "import-job", Label: "表.csv", Done: 1, Total: 3, Poll: "/imports/5/progress"}
	pages := map[string]templ.Component{
		"index":   view.Index(p, nil, []intake.Kind{detail(intake.Ready).Kind}, []intake.Import{detail(intake.Done).Import}, "", ""),
		"new":     view.New(p, field.Form{Err: errs.Field("file", i18n.IntakeChooseFile)}, detail(intake.Ready).Kind, []field.Option{{Value: "1", Text: i18n.Verbatim("朝阳")}}),
		"running": view.Show(p, running, field.Form{}, nil),
	}
	for _, state := range []string{intake.Ready, intake.Checked, intake.Refused, intake.Done, intake.Failed} {
		pages[state] = view.Show(p, detail(state), field.Form{}, nil)
	}
	for name, c := range pages {
		for _, l := range []i18n.Lang{i18n.ZH, i18n.EN} {
			t.Run(name+" "+string(l), func(t *testing.T) { viewtest.Check(t, viewtest.Render(t, l, c)) })
		}
	}
}

// The acts that a state allows are offered, and no others: what is done cannot be imported once more.
func TestActsOfAState(t *testing.T) {
	for state, want := range map[string]int{intake.Ready: 2, intake.Checked: 3, intake.Refused: 3, intake.Done: 0} {
		root := viewtest.Render(t, i18n.ZH, view.Show(layout.Page{}, detail(state), field.Form{}, nil))
		if n := len(viewtest.Find(root, "button", "name=act")); n != want {
			t.Errorf("%s offers %d acts, want %d", state, n, want)
		}
	}
}
