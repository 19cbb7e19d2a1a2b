package demo

import (
	"context"
	"strings"
	"time"

	"linli/internal/activity"
	"linli/internal/attach"
	"linli/internal/authn"
	"linli/internal/authz"
	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/complaint"
	"linli/internal/fact"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/organisation"
	"linli/internal/patrol"
	"linli/internal/person"
	"linli/internal/place"
	"linli/internal/print"
)

// helperRole is a role of the district's own: somebody who goes round and may not change the register.
const helperRole = "grid_helper"

// helperPerms are its permissions, with those to look up organisations, divisions and services that all standard roles have.
var helperPerms = []authz.Permission{organisation.PermFind, place.PermDivisions, catalogue.PermSee, activity.PermBrowse, complaint.PermMake, fact.PermSee, organisation.PermSee, place.PermSee, person.PermSee, casework.PermSee, casework.PermEnter, patrol.PermEnter}

// helper makes the role and its account at a community.
func (b *builder) helper(ctx context.Context, c *community, name string) (opening, error) {
	err := b.Authn.SaveRole(ctx, b.system, authn.Role{Code: helperRole, Name: "网格协管员", NameEN: "Grid helper", Permissions: helperPerms, Staff: true})
	return opening{login: "helper", name: name, role: helperRole, org: c.id, note: c.name + "网格协管员", actor: &b.helping}, err
}

// whoAnswers sets up who answers for what, the district's own number, blank forms of two matters, and a petition that came in.
func (b *builder) whoAnswers(ctx context.Context) error {
	if err := b.Casework.SetServiceNumber(ctx, b.system, "0515-88110110"); err != nil {
		return err
	}
	c := b.communities[0]
	for _, r := range []casework.Route{
		{KindCode: "event", AreaID: b.root, OrgKind: organisation.Unit, Word: "物业", Reason: "小区里的先请物业看"},
		{KindCode: "opinion", AreaID: c.street, Level: catalogue.Community, Reason: "意见先由社区答复"},
		{KindCode: "matter", AreaID: c.street, OrgKind: organisation.Station, Reason: "有服务站的社区由服务站办"},
	} {
		if _, err := b.Casework.SetRoute(ctx, b.system, r); err != nil {
			return err
		}
	}
	if err := b.blanks(ctx); err != nil {
		return err
	}
	_, err := b.Casework.Report(ctx, b.tenant, i18n.CasePublicReporter.In(i18n.ZH), "", casework.Report{Kind: "petition", CommunityID: c.id, Place: "一期", Name: "陈阿姨", Phone: phonePrefix + "9100001",
		TellByMail: true, Email: "chen@example.cn", Body: "老房子的加装电梯补贴申请两年了，一直没有书面答复，请给个说法。", Answers: map[string]string{"answered": "no"}})
	return err
}

// blanks are empty forms that residents download with two matters.
func (b *builder) blanks(ctx context.Context) error {
	items, err := b.Casework.Categories(ctx, b.tenant, catalogue.Matter, true)
	if err != nil {
		return err
	}
	for i, it := range items[:min(2, len(items))] {
		name := it.Name.In(i18n.ZH)
		paper, err := b.Printer.List(print.List{Title: name + "申请表", Filters: "请用黑色笔填写，在窗口交给工作人员。", Columns: []print.Column{{Title: "项目", Width: 1}, {Title: "填写", Width: 3}},
			Rows: [][]string{{"姓名", ""}, {"住址", ""}, {"电话", ""}, {"申请理由", ""}, {"签名和日期", ""}}, Upright: true})
		if err != nil {
			return err
		}
		if err := b.Catalogue.AddFiles(ctx, b.system, items[i].ID, []attach.New{{Name: name + "申请表.pdf", Content: paper.PDF}}); err != nil {
			return err
		}
	}
	return nil
}

// doorsteps is what was said at three doors of a worker's grid: one right as it stands, and two things that wait for the community, because who went may not change the register.
func (b *builder) doorsteps(ctx context.Context, c *community, grids []id.ID) error {
	doors, err := b.Person.Doors(ctx, c.worker, grids)
	if err != nil {
		return err
	}
	key := func(k string) patrol.Sent {
		return patrol.Sent{Key: "demonstration-door-" + k, SaidAt: b.Now.Add(-90 * time.Minute)}
	}
	done := 0
	for i := len(doors) - 1; i >= 0 && done < 3; i-- { // from the end: the first doors are those that people try out
		homes, err := b.Person.Indoors(ctx, c.worker, grids, doors[i].ID, 0)
		if err != nil {
			return err
		}
		home := homes[0]
		if len(home.Mates) < 2 || strings.TrimSpace(home.Address) == "" {
			continue
		}
		at := person.AtDoor{HouseholdID: home.ID, Seen: home.Seen, Known: home.Known}
		who := c.worker
		switch done {
		case 0:
			at.Finding = person.Confirmed
		case 1:
			who, at.Finding, at.Name, at.Sex, at.Relation, at.Phone = b.helping, person.Joined, "钱小妹", "2", "97", phonePrefix+"9100002"
		case 2:
			last := home.Mates[len(home.Mates)-1]
			who, at.Finding, at.PersonID, at.Version = b.helping, person.Left, last.ID, last.Version
		}
		if _, err := b.Patrol.Check(ctx, who, patrol.NewCheck{Sent: key(string(at.Finding)), AtDoor: at}); err != nil {
			return err
		}
		done++
	}
	return nil
}
