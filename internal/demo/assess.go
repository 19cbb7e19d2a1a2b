package demo

import (
	"context"
	"strconv"

	"linli/internal/assess"
	"linli/internal/calendar"
	"linli/internal/id"
)

// rubricText is the invented district's rubric: figures where the platform has them, findings for the rest.
const rubricText = `{
 "id": "community-quarter",
 "title": "社区党建季度考评（示例）",
 "subject": "organisation",
 "period": "quarter",
 "total": 100,
 "complete": true,
 "source": "邻和区（虚构）",
 "indicators": [
  {"code": "1", "name": "党员参加活动", "points": 25, "note": "报到党员中本季度参加过活动的，满 60% 得满分",
   "rules": [{"type": "proportional", "measure": "参加活动的党员占比", "of": 60, "figure": "attendance.member_share"}]},
  {"code": "2", "name": "责任区认领", "points": 15,
   "rules": [{"type": "formula", "expression": "报到 == 0 ? 0 : min(15, 认领 / 报到 * 30)", "inputs": [{"name": "认领", "figure": "claim.members"}, {"name": "报到", "figure": "member.registered"}]}]},
  {"code": "3", "name": "阵地管理", "points": 25,
   "rules": [
    {"type": "deduct_per", "unit": "活动场所应开未开一次", "points": 2},
    {"type": "deduct_per", "unit": "公示栏内容过期一处", "points": 0.5},
    {"type": "deduct_per", "unit": "会议记录缺一次", "points": 1}]},
  {"code": "4", "name": "群众满意度", "points": 25,
   "rules": [{"type": "bands", "measure": "抽查满意度", "bands": [{"min": 90, "deduct": 0}, {"min": 80, "max_below": 90, "deduct": 5}, {"max_below": 80, "deduct": 15}]}]},
  {"code": "5", "name": "安全", "points": 10,
   "rules": [
    {"type": "deduct_per", "unit": "安全隐患逾期未改一处", "points": 2},
    {"type": "zero_if", "condition": "发生安全责任事故"}]}
 ]
}`

// assessments gives the first sub-district an assessment of last quarter, settled and with an appeal, and one of this quarter that goes on.
func (b *builder) assessments(ctx context.Context) error {
	made, err := b.Assess.Import(ctx, b.system, rubricText)
	if err != nil {
		return err
	}
	var ids []id.ID
	var list []*community
	for _, c := range b.communities {
		if c.street == b.communities[0].street {
			ids, list = append(ids, c.id), append(list, c)
		}
	}
	last := calendar.QuarterOf(b.today).Prev()
	for _, q := range []calendar.Quarter{last, last.Next()} {
		a, err := b.Assess.Open(ctx, b.street, assess.NewAssessment{RubricID: made[0], OrganiserID: b.communities[0].street, Period: q.String(), OrganisationIDs: ids,
			Title: streetNames[0] + strconv.Itoa(q.Year()) + "年第" + strconv.Itoa(q.Number()) + "季度社区考评"})
		if err != nil {
			return err
		}
		for i, c := range list {
			if err := b.inspect(ctx, a, c, q, i); err != nil {
				return err
			}
		}
		if q != last {
			continue
		}
		if err := b.Assess.Freeze(ctx, b.street, a, 1); err != nil {
			return err
		}
		_, err = b.Assess.Appeal(ctx, list[0].secretary, assess.NewAppeal{AssessmentID: a, OrganisationID: list[0].id, Indicator: "3", Body: "九月检查那天公示栏正在更换，当天下午已换好，请复核。"})
		if err != nil {
			return err
		}
	}
	return nil
}

// inspect enters what was found in a community: in a quarter that goes on, what was found so far.
func (b *builder) inspect(ctx context.Context, a id.ID, c *community, q calendar.Quarter, n int) error {
	day := func(d int) calendar.Date {
		if on := q.Start().AddDays(d); on.Before(b.today) {
			return on
		}
		return b.today
	}
	over := q.End().Before(b.today)
	found := []assess.NewFinding{{Indicator: "3", Measure: "公示栏内容过期一处", Value: strconv.Itoa(1 + n%3), On: day(20 + n), Note: "党务公示栏还是上一季度的内容。", Source: "检查单 " + strconv.Itoa(101+n)}}
	if n%2 == 1 {
		found = append(found, assess.NewFinding{Indicator: "3", Measure: "活动场所应开未开一次", Value: "1", On: day(33 + n), Note: "晚上七点活动室没有开门。", Source: "检查单 " + strconv.Itoa(131+n)})
	}
	if over {
		found = append(found, assess.NewFinding{Indicator: "4", Measure: "抽查满意度", Value: strconv.Itoa(86+2*(n%5)) + ".5", On: day(80), Note: "电话抽查 40 户。", Source: "满意度抽查表"})
	}
	for _, f := range found {
		f.AssessmentID, f.OrganisationID = a, c.id
		if _, err := b.Assess.AddFinding(ctx, b.street, f); err != nil {
			return err
		}
	}
	return nil
}
