package twonew_test

import (
	"fmt"
	"strings"
	"testing"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/intake"
	"linli/internal/organisation"
	"linli/internal/paper"
	"linli/internal/seal"
	"linli/internal/testkit"
	"linli/internal/twonew"
)

type world struct {
	t          *testing.T
	d          *db.DB
	s          *twonew.Service
	orgs       *organisation.Service
	east, west id.ID
	unit       id.ID
	member     id.ID // of the east, full
	secretary  authz.Actor
	other      authz.Actor // of the west
	district   authz.Actor
	today      calendar.Date
}

const code = "91320902MA1000000N" // the check character does not fit, which only warns

var all = []authz.Permission{twonew.PermSee, twonew.PermKeep, twonew.PermImport, twonew.PermDecide, organisation.PermFound, organisation.PermSee, organisation.PermChange}

func each(t *testing.T, fn func(w *world)) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		rows := testkit.NewRows(t, d, testkit.Tenant)
		w := &world{t: t, d: d, orgs: organisation.New(d, seal.Ephemeral()), today: calendar.DateOf(d.Now())}
		w.s = twonew.New(d, w.orgs)
		w.orgs.WithFollowers(w.s).WithGridFollowers(w.s)
		w.east, w.west, w.unit = rows.Organisation("community_party", "朝阳社区"), rows.Organisation("community_party", "雅和社区"), rows.Organisation("unit", "星光电子有限公司")
		testkit.Exec(t, d, `UPDATE organisation SET uscc = $1, sector = '制造' WHERE tenant_id = $2 AND id = $3`, code, testkit.Tenant, w.unit)
		w.member = rows.Member(rows.Person(w.east, "王芳", ""), w.east, 0, "王芳")
		w.secretary, w.other = testkit.Actor(testkit.Tenant, []id.ID{w.east}, all...), testkit.Actor(testkit.Tenant, []id.ID{w.west}, all...)
		w.district = testkit.Actor(testkit.Tenant, nil, all...)
		fn(w)
	})
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) enter(name string, full int64) id.ID {
	w.t.Helper()
	s, err := w.s.Register(w.t.Context(), w.secretary, twonew.Entry{Kind: twonew.Economic, Name: name, Trade: "餐饮", CommunityID: w.east, Employees: 20, Full: full})
	w.must(err)
	return s.ID
}

func (w *world) get(o id.ID) twonew.Detail {
	w.t.Helper()
	d, err := w.s.Get(w.t.Context(), w.district, o)
	w.must(err)
	return d
}

func (w *world) step(o id.ID, n twonew.NewStep) error {
	n.Document = "关于党建工作的批复"
	if n.On.IsZero() {
		n.On = w.today
	}
	_, err := w.s.TakeStep(w.t.Context(), w.secretary, o, n, w.get(o).Version)
	return err
}

func fieldOf(err error) string {
	e := errs.As(err)
	if e == nil {
		return ""
	}
	for f := range e.Fields {
		return f
	}
	return fmt.Sprint("kind ", int(e.Kind))
}

func TestTheWayToABranch(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		o := w.enter("川味小馆", 2)
		if d := w.get(o); d.State != twonew.None || d.Next != twonew.NextJoint || d.ListedOn != w.today {
			t.Fatalf("%+v", d)
		}
		if f := fieldOf(w.step(o, twonew.NewStep{Kind: twonew.OwnBranch, BranchName: "川味小馆党支部"})); f != "kind" {
			t.Errorf("PARTY-1: two full members make no branch: %q", f)
		}
		w.must(w.step(o, twonew.NewStep{Kind: twonew.Union, On: w.today.AddDays(-60)}))
		if f := fieldOf(w.step(o, twonew.NewStep{Kind: twonew.Instructor})); f != "member" {
			t.Errorf("an instructor is somebody: %q", f)
		}
		w.must(w.step(o, twonew.NewStep{Kind: twonew.Instructor, MemberID: w.member, On: w.today.AddDays(-30)}))
		if f := fieldOf(w.step(o, twonew.NewStep{Kind: twonew.Instructor, MemberID: w.member})); f != "kind" {
			t.Errorf("the same step again: %q", f)
		}
		d := w.get(o)
		if d.State != twonew.Instructor || d.Member != "王芳" || len(d.Steps) != 2 || d.Steps[0].Until != w.today.AddDays(-30) {
			t.Fatalf("%+v", d)
		}
		_, err := w.s.Edit(ctx, w.secretary, o, twonew.Entry{Kind: twonew.Economic, Name: "川味小馆", CommunityID: w.east, Full: 3, Employees: 20}, d.Version)
		w.must(err)
		w.must(w.step(o, twonew.NewStep{Kind: twonew.OwnBranch, BranchName: "川味小馆党支部"}))
		d = w.get(o)
		branch, err := w.orgs.Get(ctx, w.district, d.BranchID)
		if err != nil || branch.Kind != organisation.Branch || branch.ParentID != w.east || branch.EstablishedOn != w.today || d.Next != twonew.NextNothing {
			t.Errorf("the branch is an organisation below the community: %+v, %v", branch, err)
		}
		// A day may be mended, and a mistake struck; the step before it is in force again.
		st := d.Steps[2]
		w.must(w.s.Correct(ctx, w.secretary, st.ID, w.today.AddDays(-1), "东委〔2026〕3号", "关于成立党支部的批复", st.Version))
		d = w.get(o)
		if d.Since != w.today.AddDays(-1) || d.Steps[2].DocumentNo == "" || d.Steps[1].Until != w.today.AddDays(-1) {
			t.Errorf("corrected: %+v", d.Steps)
		}
		if f := fieldOf(w.s.Correct(ctx, w.secretary, st.ID, w.today.AddDays(1), "", "x", d.Steps[2].Version)); f != "on" {
			t.Errorf("a day to come: %q", f)
		}
		w.must(w.s.Strike(ctx, w.secretary, st.ID, "录错", d.Steps[2].Version))
		if d = w.get(o); d.State != twonew.Instructor || d.BranchID != 0 || len(d.Steps) != 3 || !d.Steps[2].Struck() {
			t.Errorf("struck: %+v", d)
		}
		if err := w.s.Strike(ctx, w.secretary, st.ID, "又一次", d.Steps[2].Version); errs.KindOf(err) != errs.Conflict {
			t.Errorf("struck twice: %v", err)
		}
	})
}

func TestWhoMayAndWhere(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		o := w.enter("川味小馆", 1)
		if _, err := w.s.Get(ctx, w.other, o); errs.KindOf(err) != errs.NotFound {
			t.Errorf("another community's: %v", err)
		}
		if _, err := w.s.Register(ctx, w.other, twonew.Entry{Kind: twonew.Economic, Name: "x", CommunityID: w.east}); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("entered elsewhere: %v", err)
		}
		if _, err := w.s.TakeStep(ctx, w.other, o, twonew.NewStep{Kind: twonew.Union, On: w.today, Document: "x"}, 1); errs.KindOf(err) != errs.NotFound {
			t.Errorf("a step elsewhere: %v", err)
		}
		looks := testkit.Actor(testkit.Tenant, []id.ID{w.east}, twonew.PermSee)
		if _, err := w.s.TakeStep(ctx, looks, o, twonew.NewStep{Kind: twonew.Union, On: w.today, Document: "x"}, 1); errs.KindOf(err) != errs.NotFound {
			t.Errorf("who may only look: %v", err)
		}
		foreign := testkit.Actor(testkit.Other, nil, all...)
		if _, err := w.s.Get(ctx, foreign, o); errs.KindOf(err) != errs.NotFound {
			t.Errorf("another district: %v", err)
		}
		if _, err := w.s.ProposalFor(ctx, w.other, w.east); errs.KindOf(err) != errs.NotFound {
			t.Errorf("another community's proposal: %v", err)
		}
		if l, err := w.s.List(ctx, w.other, twonew.Filter{}); err != nil || len(l.Items) != 0 {
			t.Errorf("list: %v, %v", l.Items, err)
		}
	})
}

func TestTheSameCreditCodeIsTheSameOrganisation(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		branch := testkit.NewRows(t, w.d, testkit.Tenant).Organisation("party_branch", "星光电子党支部")
		testkit.Exec(t, w.d, `UPDATE organisation SET parent_id = $1, established_on = '2020-05-01' WHERE tenant_id = $2 AND id = $3`, w.unit, testkit.Tenant, branch)
		s, err := w.s.Register(ctx, w.secretary, twonew.Entry{Kind: twonew.Economic, Name: "星光", USCC: code, CommunityID: w.east})
		w.must(err)
		d := w.get(s.ID)
		if d.Name != "星光电子有限公司" || d.UnitID != w.unit || d.Trade != "制造" || d.State != twonew.OwnBranch || d.BranchID != branch || d.Since.String() != "2020-05-01" {
			t.Errorf("%+v", d.Organisation)
		}
		if len(s.Warnings) == 0 {
			t.Error("nobody was told that it is a unit, and that the check character does not fit")
		}
		if _, err := w.s.Register(ctx, w.secretary, twonew.Entry{Kind: twonew.Economic, Name: "星光", USCC: code, CommunityID: w.east}); fieldOf(err) != "uscc" {
			t.Errorf("twice: %v", err)
		}
	})
}

const heads = "企业名称,统一社会信用代码,组织类型,所属行业,所属社区,住所,从业人数,正式党员,预备党员,经度,纬度\n"

func (w *world) load(actor authz.Actor, rows string) (intake.Summary, []intake.Problem) {
	w.t.Helper()
	sum, problems, err := intake.New(w.d, seal.Ephemeral(), w.s.ImportKind()).Direct(w.t.Context(), actor, intake.NewImport{Kind: "twonew", FileName: "登记.csv", Content: []byte(heads + rows)}, intake.Choice{}, nil)
	w.must(err)
	return sum, problems
}

func TestImportOfARegister(t *testing.T) {
	each(t, func(w *world) {
		rows := "川味小馆,,新经济组织,餐饮,朝阳社区,朝阳路1号,20,2,1,123.2,34.0\n星光,91320902MA1000000N,,,朝阳社区,,300,1,,,\n" +
			"蓝天助学中心,52320902MJ0000000Q,,公益,朝阳社区,,5,,,,\n"
		sum, problems := w.load(w.secretary, rows)
		if sum.Inserted != 3 || sum.Rejected != 0 {
			t.Fatalf("%+v %v", sum, problems)
		}
		if sum, _ = w.load(w.secretary, rows); sum.Unchanged != 3 {
			t.Errorf("again: %+v, want nothing changed", sum)
		}
		l, err := w.s.List(t.Context(), w.district, twonew.Filter{Sort: twonew.SortMembers, Desc: true})
		w.must(err)
		if len(l.Items) != 3 || l.Items[0].Name != "川味小馆" || l.Items[0].Probationary != 1 || l.Items[0].X != 123_200_000 || l.Items[1].Name != "星光电子有限公司" || l.Items[2].Kind != twonew.Social {
			t.Errorf("%+v", l.Items)
		}
		if sum, _ = w.load(w.secretary, "川味小馆,,,,朝阳社区,,25,,,,\n"); sum.Updated != 1 {
			t.Errorf("a changed number: %+v", sum)
		}
		if o := w.get(l.Items[0].ID); o.Employees != 25 || o.Full != 2 || o.Trade != "餐饮" {
			t.Errorf("empty cells change nothing: %+v", o.Organisation)
		}
		for row, want := range map[string]string{
			"甲,,,,雅和社区,,,,,,\n":         "不在您负责的社区",
			"甲,,,,没有社区,,,,,,\n":         "没有社区",
			"甲,,外星组织,,朝阳社区,,,,,,\n":     "看不懂",
			"甲,,,,朝阳社区,,,许多,,,\n":       "0 到",
			"甲,,,,朝阳社区,,,,,500,34\n":    "",
			"甲,,,,朝阳社区,,,,,123.2,\n":    "",
			"甲,1234,,,朝阳社区,,,,,,\n":     "",
			",,,,朝阳社区,,,,,,\n":          "",
			"甲,,,,朝阳社区,,,-1,,,\n":       "0 到",
			"=1+1,,,,朝阳社区,,,,,,\n":      "",
			"甲,,,,朝阳社区,,99999999,,,,\n": "0 到",
		} {
			sum, problems := w.load(w.secretary, row)
			if sum.Rejected != 1 || len(problems) == 0 || !strings.Contains(problems[0].Message.In("zh"), want) {
				t.Errorf("%q: %+v %v", row, sum, problems)
			}
		}
	})
}

func TestAcceptingAProposal(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		for _, n := range []string{"甲店", "乙店", "丙店", "丁店"} {
			w.enter(n, 1)
		}
		none := w.enter("戊店", 0)
		own := w.enter("己公司", 4)
		p, err := w.s.ProposalFor(ctx, w.secretary, w.east)
		w.must(err)
		if len(p.Groups) != 1 || len(p.Groups[0].Items) != 4 || len(p.Own) != 1 || p.Own[0].ID != own || len(p.Sendings) != 1 || p.Sendings[0].Name != "王芳" || p.Sendings[0].Items[0].ID != none {
			t.Fatalf("%+v", p)
		}
		joint := twonew.NewJoint{CommunityID: w.east, Name: p.Groups[0].Name, On: w.today, DocumentNo: "东委〔2026〕5号", Document: "关于同意成立联合党支部的批复"}
		for _, o := range p.Groups[0].Items[:3] {
			joint.Items = append(joint.Items, twonew.Chosen{TwoNewID: o.ID, Version: o.Version})
		}
		if _, err := w.s.AcceptJoint(ctx, w.other, joint); errs.KindOf(err) != errs.NotFound {
			t.Errorf("another secretary: %v", err)
		}
		two := joint
		two.Items = joint.Items[:2]
		if _, err := w.s.AcceptJoint(ctx, w.secretary, two); fieldOf(err) != "items" {
			t.Errorf("two full members: %v", err)
		}
		// The register changes: the proposal is stale, and nothing is half done.
		first := p.Groups[0].Items[0]
		_, err = w.s.Edit(ctx, w.secretary, first.ID, twonew.Entry{Kind: twonew.Economic, Name: first.Name, CommunityID: w.east, Full: 1, Employees: 21}, first.Version)
		w.must(err)
		if _, err := w.s.AcceptJoint(ctx, w.secretary, joint); errs.KindOf(err) != errs.Conflict || !strings.Contains(errs.As(err).Message.In("zh"), "过时") {
			t.Fatalf("a stale proposal: %v", err)
		}
		if n, err := db.Value[int64](ctx, w.d, "SELECT count(*) FROM organisation WHERE tenant_id = $1 AND kind = 'party_branch'", testkit.Tenant); err != nil || n != 0 {
			t.Fatalf("%d branches were left behind, %v", n, err)
		}
		joint.Items[0].Version++
		saved, err := w.s.AcceptJoint(ctx, w.secretary, joint)
		w.must(err)
		d := w.get(first.ID)
		if d.State != twonew.JointBranch || d.BranchID == 0 || d.Steps[0].DecisionID != saved.ID {
			t.Errorf("%+v", d)
		}
		l, err := w.s.LetterOf(ctx, w.secretary, saved.ID)
		if err != nil || !l.Intact || len(l.Items) != 3 || l.Branch != joint.Name || l.PaperNumber == "" {
			t.Errorf("%+v, %v", l, err)
		}
		if _, found, err := paper.Find(ctx, w.d, l.PaperCode); err != nil || found.Kind != paper.KindTwoNew {
			t.Errorf("the letter can be checked: %+v, %v", found, err)
		}
		if _, err := w.s.AcceptJoint(ctx, w.secretary, joint); errs.KindOf(err) != errs.Conflict {
			t.Errorf("twice: %v", err)
		}
		send := twonew.NewSending{CommunityID: w.east, MemberID: w.member, On: w.today, Document: "关于选派党建指导员的通知", Items: []twonew.Chosen{{TwoNewID: none, Version: w.get(none).Version}}}
		saved, err = w.s.Send(ctx, w.secretary, send)
		w.must(err)
		if d := w.get(none); d.State != twonew.Instructor || d.MemberID != w.member {
			t.Errorf("%+v", d)
		}
		if l, err := w.s.LetterOf(ctx, w.secretary, saved.ID); err != nil || !l.Intact || l.Member != "王芳" || l.PaperNumber <= "2026-0001" {
			t.Errorf("%+v, %v", l, err)
		}
		p, err = w.s.ProposalFor(ctx, w.secretary, w.east)
		w.must(err)
		if len(p.Groups) != 0 || len(p.Waiting) != 1 || p.Uncovered() != 3 {
			t.Errorf("what is left: %+v", p)
		}
	})
}

func TestMergersAndEnds(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		o := w.enter("甲店", 3)
		w.must(w.step(o, twonew.NewStep{Kind: twonew.OwnBranch, BranchName: "甲店党支部"}))
		branch := w.get(o).BranchID
		if err := w.orgs.Dissolve(ctx, w.district, branch, organisation.Effect{On: w.today, Document: "x"}); errs.KindOf(err) != errs.Conflict {
			t.Errorf("a branch that covers somebody is not dissolved: %v", err)
		}
		w.must(w.d.WithTx(ctx, func(tx *db.Tx) error { return w.s.Follow(ctx, tx, w.district, w.east, w.west) }))
		if d := w.get(o); d.CommunityID != w.west {
			t.Errorf("after the merger it lies in %d", d.CommunityID)
		}
		version := w.get(o).Version
		if err := w.s.End(ctx, w.other, o, w.today.AddDays(1), "注销", version); fieldOf(err) != "on" {
			t.Errorf("a day to come: %v", err)
		}
		w.must(w.s.End(ctx, w.other, o, w.today, "注销", version))
		if l, err := w.s.List(ctx, w.other, twonew.Filter{}); err != nil || len(l.Items) != 0 {
			t.Errorf("%v, %v", l.Items, err)
		}
		if err := w.s.End(ctx, w.other, o, w.today, "注销", version+1); errs.KindOf(err) != errs.Conflict {
			t.Errorf("ended twice: %v", err)
		}
		w.must(w.s.Reopen(ctx, w.other, o, version+1))
		if !w.get(o).Living() {
			t.Error("it is still gone")
		}
		if err := w.s.Reopen(ctx, w.other, o, version); errs.KindOf(err) != errs.Conflict {
			t.Errorf("reopened twice: %v", err)
		}
	})
}

func TestAListIsSearchedFilteredAndPaged(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		for i, n := range []string{"川味小馆", "川湘菜馆", "光明书店", "蓝天软件"} {
			w.enter(n, int64(i))
		}
		for name, c := range map[string]struct {
			f    twonew.Filter
			want int
		}{"text": {twonew.Filter{Text: "川"}, 2}, "enough members": {twonew.Filter{Known: twonew.KnownOwn}, 1}, "some": {twonew.Filter{Known: twonew.KnownSome}, 2},
			"none": {twonew.Filter{Known: twonew.KnownNone}, 1}, "state": {twonew.Filter{State: twonew.OwnBranch}, 0}, "without a branch": {twonew.Filter{Uncovered: true}, 4},
			"trade": {twonew.Filter{Trade: "餐饮"}, 4}, "elsewhere": {twonew.Filter{CommunityID: w.west}, 0}, "kind": {twonew.Filter{Kind: twonew.Social}, 0}} {
			if l, err := w.s.List(ctx, w.secretary, c.f); err != nil || len(l.Items) != c.want {
				t.Errorf("%s: %d, %v", name, len(l.Items), err)
			}
		}
		for _, sort := range []twonew.Sort{twonew.SortName, twonew.SortMembers, twonew.SortEmployees} {
			seen, f := map[id.ID]bool{}, twonew.Filter{Sort: sort, Desc: true, Page: db.Page{Limit: 3}}
			for range 2 {
				l, err := w.s.List(ctx, w.secretary, f)
				w.must(err)
				for _, o := range l.Items {
					seen[o.ID] = true
				}
				f.Page.After = db.ParseCursor(l.Next)
			}
			if len(seen) != 4 {
				t.Errorf("by %q: %d of 4", sort, len(seen))
			}
		}
	})
}
