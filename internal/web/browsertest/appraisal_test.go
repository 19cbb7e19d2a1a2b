//go:build browser

package browsertest

import (
	"context"
	"testing"
	"time"

	"linli/internal/app"
	"linli/internal/appraisal"
	"linli/internal/authn"
	"linli/internal/i18n"
	"linli/internal/member"
	"linli/internal/organisation"
)

// TestAWholeAppraisal walks a round from its opening to its closing: two members on phones, the secretary at the desk.
func TestAWholeAppraisal(t *testing.T) {
	together(t)
	n := install(t, beijing(time.November, 20, 9, 0))
	ctx := context.Background()
	branch, err := n.Organisation.Create(ctx, n.system, organisation.NewOrganisation{Kind: organisation.Branch, ParentID: n.community, Name: "先锋社区第一党支部"})
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"王建国", "李秀英", "赵铁柱", "陈桂兰"}
	for i, name := range names {
		m, err := n.Member.Register(ctx, n.system, member.NewMember{Name: name, IDNumber: idNumber("19700101", "01"+string(rune('1'+2*i))), Fields: member.Fields{Kind: member.OfCommunity, HomeID: branch.ID, Standing: member.Full}})
		if err != nil {
			t.Fatal(err)
		}
		if i > 1 {
			continue
		}
		d, err := n.Member.Get(ctx, n.system, m.ID)
		if err != nil {
			t.Fatal(err)
		}
		login := []string{"wangjianguo", "lixiuying"}[i]
		if _, err := n.Authn.CreateMany(ctx, n.system, newcomerPassword, []authn.NewAccount{{Login: login, Name: name, Keep: true, PersonID: d.PersonID, Grants: []authn.NewGrant{{Role: app.RoleMember, OrgID: n.community}}}}); err != nil {
			t.Fatal(err)
		}
	}
	open := func(view Viewport, login string) *Page {
		p := openAt(t, n.url, view)
		t.Cleanup(p.reportFaults)
		p.LoginWith(login, newcomerPassword)
		p.until("the log-in of "+login, func() string { return unless(p.Path() != "/login", "the log-in page is still there") })
		return p
	}
	desk, one, two := open(Desktop, "shuji"), open(Phone, "wangjianguo"), open(Phone, "lixiuying")

	// One press opens the round: organisation, year and the branches below are filled in.
	desk.Visit("/appraisals/new")
	desk.Check("appraisal new")
	desk.ClickIn("main form", zh(i18n.AppraisalNew))
	desk.WaitText(zh(i18n.AppraisalOpened, 1, 4, 0))
	round := desk.Path()
	desk.Check("appraisal round")

	// Nobody types a word: the self-appraisal is written from the records.
	for _, p := range []*Page{one, two} {
		p.Visit("/m/appraisal")
		p.ClickOn("main ul a")
		p.WaitText(zh(i18n.AppraisalSelfTextTip))
		if p.Value(zh(i18n.AppraisalSelfText)) == "" {
			t.Error("the self-appraisal begins empty")
		}
		p.ClickIn("main form", zh(i18n.AppraisalSelfSave))
		p.WaitText(zh(i18n.AppraisalSelfSaved))
	}
	one.Check("appraisal own self")
	desk.Visit(round)
	desk.Fill(zh(i18n.AppraisalWhyGo), "两名老党员在会上口头自评")
	desk.ClickIn("main form", zh(i18n.AppraisalNextMutual))
	desk.WaitText(zh(i18n.AppraisalAdvanced))

	mine := one.Path()
	one.Visit(mine)
	one.ClickOn("main details summary")
	one.Fill(zh(i18n.AppraisalRemarkText), "热心公益，办事公道。")
	one.ClickIn("main details[open] form", zh(i18n.AppraisalRemarkSave))
	one.WaitText(zh(i18n.AppraisalRemarkSaved))
	one.Check("appraisal own mutual")
	desk.Visit(round)
	desk.ClickIn("main form", zh(i18n.AppraisalNextVoting))
	desk.WaitText(zh(i18n.AppraisalAdvanced))
	desk.Check("appraisal ballot open")

	for _, p := range []*Page{one, two} {
		p.Visit("/m/appraisal")
		p.ClickOn("main ul a")
		p.Click(zh(i18n.AppraisalMineBallot))
		p.WaitText(zh(i18n.AppraisalBallotCast))
		if p == one {
			p.Check("appraisal ballot")
		}
		p.ClickIn("main form", zh(i18n.AppraisalBallotCast))
		p.WaitText(zh(i18n.AppraisalBallotDone))
	}
	one.Visit(mine + "/ballot")
	one.WaitText(zh(i18n.AppraisalMineVoted))

	desk.Visit(round)
	desk.ClickIn("main form", zh(i18n.AppraisalNextOpinion))
	desk.WaitText(zh(i18n.AppraisalAdvanced))
	desk.WaitText(zh(i18n.AppraisalVotesHidden)) // two ballots hide nobody
	for i := range names {
		desk.Visit(round)
		desk.Visit(desk.Attribute("main tbody tr:nth-child("+string(rune('1'+i))+") a", "href"))
		desk.WaitText(zh(i18n.AppraisalDecideTitle))
		if i == 0 {
			desk.Check("appraisal sheet")

		}
		desk.ClickOn("main form#decide input[value=" + string([]appraisal.Grade{appraisal.Excellent, appraisal.Qualified, appraisal.Qualified, appraisal.Qualified}[i]) + "]")
		desk.ClickIn("main form#decide", zh(i18n.AppraisalDecideSave))
		desk.WaitText(zh(i18n.AppraisalDecided))
	}
	desk.Visit(round)
	desk.ClickIn("main form", zh(i18n.AppraisalNextTold))
	desk.WaitText(zh(i18n.AppraisalAdvanced))

	for _, p := range []*Page{one, two} {
		p.Visit("/m/appraisal")
		p.ClickOn("main ul a")
		p.WaitText(zh(i18n.AppraisalReadTitle))
		p.Fill(zh(i18n.AppraisalOwnView), "同意。")
		p.ClickIn("main form", zh(i18n.AppraisalReadSave))
		p.WaitText(zh(i18n.AppraisalReadDone))
	}
	one.Check("appraisal own result")
	desk.Visit(round)
	desk.Fill(zh(i18n.AppraisalWhyGo), "两名党员已在会上听取结果")
	desk.ClickIn("main form", zh(i18n.AppraisalNextClosed))
	desk.WaitText(zh(i18n.AppraisalNowClosed))
	desk.Check("appraisal closed")
	desk.Visit(round + "/print")
	desk.WaitText(zh(i18n.AppraisalTotals, 4, 1, 3, 0, 0))
	one.Visit("/m/record")
	one.Check("appraisal record")
}
