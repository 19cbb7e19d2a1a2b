package demo

import (
	"context"

	"linli/internal/activity"
	"linli/internal/app"
	"linli/internal/authn"
	"linli/internal/authz"
	"linli/internal/complaint"
	"linli/internal/countersign"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/intake"
	"linli/internal/ledger"
	"linli/internal/policy"
)

// platform puts on the agenda what those who run the platform have to do: complaints to answer, an import that stopped, accounts that
// nobody opened, a setting that changes, a service that the person helped does not confirm.
func (b *builder) platform(a *agenda) {
	first, last := b.communities[0], b.communities[len(b.communities)-1]
	a.add(at(b.today.AddDays(-40), 9, 5), func(ctx context.Context) error {
		return b.complain(ctx, first.worker, "/deeds", "实事确认要一条一条点，能不能成批确认？", complaint.Answered, "已经改好：在实事列表里勾选后可以一次确认。")
	})
	a.add(at(b.today.AddDays(-20), 15, 40), func(ctx context.Context) error {
		return b.complain(ctx, first.secretary, "/ledger", "希望按时长给党员排个名次。", complaint.Declined, "平台不给人排名（见需求：不排名、不考核点击）。可以看每个人离年度目标还差多少。")
	})
	a.add(at(b.today.AddDays(-2), 16, 20), func(ctx context.Context) error {
		return b.complain(ctx, last.worker, "/activities/new", "从上一次活动复制时，地点没有带过来。", "", "")
	})
	a.add(at(b.today.AddDays(-2), 10, 10), b.stopped)
	a.add(at(b.today.AddDays(-9), 9, 30), b.unopened)
	a.add(at(b.today.AddDays(-3), 9, 0), func(ctx context.Context) error {
		return b.Policy.Set(ctx, b.system, policy.Change{Name: ledger.TargetHours.Name, From: b.today.AddDays(20), Value: 20, Source: "区委组织部关于调整年度服务时长的通知（示例）"})
	})
	a.add(at(b.today.AddDays(-1), 20, 30), func(ctx context.Context) error { return b.objected(ctx, first) })
}

// complain makes a complaint about the platform and, unless answer is "", answers it a little later.
func (b *builder) complain(ctx context.Context, by authz.Actor, page, body string, state complaint.State, answer string) error {
	c, err := b.Complaint.Make(ctx, by, page, body)
	if err != nil || answer == "" {
		return err
	}
	return b.Complaint.Answer(ctx, b.system, c, state, answer, 1)
}

// stopped is an import of a secretary's with rows to mend.
func (b *builder) stopped(ctx context.Context) error {
	c := b.communities[0]
	const list = "单位名称,统一社会信用代码,联系人,联系电话\n" +
		"示例路第一便利店,,王示例,13900000001\n" +
		",,李示例,13900000002\n" +
		"示例路第二便利店,不是代码,张示例,12345\n"
	m, err := b.Intake.Upload(ctx, c.secretary, intake.NewImport{Kind: "units", OrgID: c.id, FileName: "驻区单位补充.csv", Content: []byte(list)})
	if err != nil {
		return err
	}
	_, err = b.Intake.Run(ctx, c.secretary, m.ID, intake.Choice{})
	if errs.KindOf(err) == errs.Invalid { // the report says what to mend
		return nil
	}
	return err
}

// unopened are accounts of newcomers who have not come in yet; one role ends soon.
func (b *builder) unopened(ctx context.Context) error {
	r := b.random("unopened", 0)
	c := b.communities[0]
	for i, login := range []string{"newcomer1", "newcomer2"} {
		g := authn.NewGrant{Role: app.RoleWorker, OrgID: c.id}
		if i == 1 {
			g.To = b.today.AddDays(15)
		}
		if _, _, err := b.Authn.Create(ctx, b.system, authn.NewAccount{Login: login, Name: personName(r, anySurname(r)), Grants: []authn.NewGrant{g}}); err != nil {
			return err
		}
	}
	return nil
}

// objected is a service of yesterday that the person helped does not confirm: they entered the code on the public page and said so.
func (b *builder) objected(ctx context.Context, c *community) error {
	l, err := b.Activity.Attendances(ctx, c.worker, activity.Attended{CommunityID: c.id, Proof: ledger.Vouched, State: activity.Out, Page: db.Page{Limit: 1}})
	if err != nil || len(l.Items) == 0 {
		return err
	}
	issued, err := b.Activity.IssueCode(ctx, c.worker, l.Items[0].ID, "孙示例")
	if err != nil {
		return err
	}
	return b.objectWith(ctx, issued.Link)
}

// objectWith says on the public page that it was not so.
func (b *builder) objectWith(ctx context.Context, code string) error {
	e, err := countersign.Read(code)
	if err != nil {
		return err
	}
	return b.Activity.ObjectByHelped(ctx, e, "那天只来了半小时，不是两小时。", "")
}
