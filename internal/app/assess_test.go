package app_test

import (
	"strings"
	"testing"

	"linli/internal/app"
	"linli/internal/assess"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/testkit"
)

const tidyRubric = `{"id":"tidy","title":"环境考评","period":"quarter","indicators":[{"code":"1","name":"环境卫生","points":10,"rules":[{"type":"deduct_per","unit":"垃圾未清一处","points":0.5}]},
 {"code":"2","name":"党员人数","points":10,"rules":[{"type":"proportional","measure":"党员","of":1000,"figure":"member.total"}]}]}`

// TestAnAssessmentInTheBrowser goes from the pasted rubric to the settled sheet that the community appeals against.
func TestAnAssessmentInTheBrowser(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d, app.RoleDistrict, "亭湖区")
		k.want(k.post("/rubrics", "body", `{"id":"x"}`), 422, "缺“title”")
		k.want(k.post("/rubrics", "body", tidyRubric), 200, "已导入 1 个评分标准", "环境考评")
		rubric := href(k.get("/rubrics").body, "/rubrics/")
		k.want(k.get(rubric), 200, "垃圾未清一处，扣 0.5 分")
		k.want(k.get(rubric+"/edit"), 200, "tidy")
		last := assess.PeriodOf(assess.Quarter, calendar.DateOf(d.Now())).Before().String()
		k.want(k.get("/assessments/new"), 200, last, "雅和社区")
		community := k.ids["雅和社区"].String()
		k.want(k.post("/assessments", "rubric", strings.TrimPrefix(rubric, "/rubrics/"), "period", "2026", "organiser", k.ids["亭湖区"].String(), "organisation", community), 422, "2026Q3")
		made := k.post("/assessments", "rubric", strings.TrimPrefix(rubric, "/rubrics/"), "period", last, "organiser", k.ids["亭湖区"].String(), "organisation", community)
		k.want(made, 200, "考评已开始", "雅和社区")
		sheet := made.path + "/organisations/" + community
		k.want(k.get(sheet), 200, "/figures/member.total?", "没有发现")
		k.want(k.post(sheet+"/findings", "measure", "1/垃圾未清一处", "value", "1.5"), 422, "整数")
		k.want(k.post(sheet+"/findings", "measure", "2/党员", "value", "5"), 422, "来自平台的数字")
		k.want(k.post(sheet+"/findings", "measure", "1/垃圾未清一处", "value", "3", "note", "东门 <b>"), 200, "8.5 / 10", "东门 &lt;b&gt;")
		k.want(k.post(made.path+"/freeze", "version", "7"), 409)
		k.want(k.post(made.path+"/freeze", "version", "1"), 200, "已定分")
		k.want(k.get(made.path+"/print"), 200, "环境卫生")
		k.want(k.get(made.path+"/export"), 200)

		secretary := k.again()
		k.addAccount("secretary", app.RoleSecretary, k.ids["雅和社区"])
		secretary.want(secretary.post("/login", "login", "secretary", "password", "a long enough sentence"), 200)
		secretary.want(secretary.get("/assessments"), 200, "环境考评")
		secretary.want(secretary.post(sheet+"/findings", "measure", "1/垃圾未清一处", "value", "1"), 403)
		secretary.want(secretary.post(sheet+"/appeals", "indicator", "1", "body", "只有一处"), 200, "申诉已提交", "待答复")
		appeal := href(k.get(sheet).body, sheet+"/appeals/")
		k.want(k.get(appeal), 200, "只有一处", "垃圾未清一处")
		k.want(k.post(appeal, "decision", "accepted", "answer", "属实", "version", "1"), 409, "采纳申诉要改动记录")
		k.want(k.post(appeal, "decision", "declined", "answer", "照片显示三处", "version", "1"), 200, "未采纳")
		secretary.want(secretary.get(sheet), 200, "照片显示三处")
	})
}

// href is the first address on a page that begins so and goes on with a number.
func href(body, prefix string) string {
	for _, part := range strings.Split(body, `href="`)[1:] {
		link, _, _ := strings.Cut(part, `"`)
		if rest, ok := strings.CutPrefix(link, prefix); ok && rest != "" && strings.Trim(rest, "0123456789") == "" {
			return link
		}
	}
	return ""
}
