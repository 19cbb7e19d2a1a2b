package casework_test

import (
	"slices"
	"testing"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/testkit"
)

func TestWhoCallsIsShownAsFarAsTheRightGoes(t *testing.T) {
	each(t, func(w *street) {
		_, house := w.grid(w.community, "1", 120000001)
		old := w.report(casework.Report{Name: "王女士", Phone: "13900001234", BuildingID: house, Place: "2 单元", Body: "路灯坏了"})
		w.finished(old)
		w.rated(w.s.Rate(ctx, casework.Code(old.Code), "", "", casework.Rating{Solved: casework.Yes, Stars: 5}))
		open := w.report(casework.Report{Name: "王女士", Phone: "139 0000 1234", BuildingID: house, Place: "3 单元", Body: "门禁坏了"})
		later := w.report(casework.Report{Name: "王女士", Phone: "13900001234", Body: "垃圾没有清"})
		w.finished(later)
		w.report(casework.Report{Kind: "dispute", ItemID: w.quarrel, Name: "王某某", Phone: "13900001234", Body: "楼上漏水"})
		w.report(casework.Report{CommunityID: w.other, Name: "王女士", Phone: "13900001234", Body: "别处的事"})

		got, err := w.s.Caller(ctx, w.worker, "１３９ 0000-1234")
		w.ok(err)
		var nos []string
		for _, r := range got.Earlier {
			if !r.Confidential {
				nos = append(nos, r.No)
			}
		}
		if !got.Allowed || got.Number != "13900001234" || !slices.Equal(nos, []string{open.No, later.No, old.No}) {
			t.Errorf("the caller: %+v, want open ones first", got)
		}
		if l := got.Last; l == nil || l.No != later.No || l.Name != "王女士" || l.CommunityID != w.community || l.BuildingID != 0 {
			t.Errorf("the last case says %+v; what is confidential and elsewhere says nothing", l)
		}
		n, err := db.Value[int64](ctx, w.d, `SELECT count(*) FROM audit_entry WHERE tenant_id = $1 AND action = 'casework.lookup' AND purpose = 'request' AND account_id = $2 AND subject_id = $3`,
			testkit.Tenant, w.worker.AccountID, later.ID)
		if w.ok(err); n != 1 {
			t.Errorf("%d looks are recorded, want 1", n)
		}

		enters := w.as(w.community, nil, casework.PermSee, casework.PermEnter)
		if got, err := w.s.Caller(ctx, enters, "13900001234"); err != nil || got.Allowed || got.Last != nil || len(got.Earlier) != 0 {
			t.Errorf("without the right to know who reported: %+v, %v", got, err)
		}
		if _, err := w.s.Caller(ctx, w.as(w.community, nil, casework.PermSee, casework.PermReveal), "13900001234"); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("who enters no cases: %v", err)
		}
		if got, err := w.s.Caller(ctx, w.beside, "13900001234"); err != nil || len(got.Earlier) != 1 || got.Last == nil || got.Last.CommunityID != w.other {
			t.Errorf("another community: %+v, %v", got, err)
		}
		if got, err := w.s.Caller(ctx, w.worker, " "); err != nil || got.Number != "" || got.Allowed {
			t.Errorf("a withheld number: %+v, %v", got, err)
		}
		_, err = w.s.Caller(ctx, w.worker, "12")
		w.wants(err, errs.Invalid, "phone")
	})
}

func TestACallJoinsTheCaseThatIsThere(t *testing.T) {
	each(t, func(w *street) {
		lamp := w.report(casework.Report{Body: "北门的路灯坏了好几天"})
		w.report(casework.Report{CommunityID: w.other, Body: "北门的路灯坏了好几天"})
		w.report(casework.Report{Body: "南边有人养鸡"})
		draft := casework.Draft{Kind: "service", CommunityID: w.community, Body: "北门那边路灯坏了，天黑看不见"}
		doubles, err := w.s.AlikeTo(ctx, w.worker, draft)
		w.ok(err)
		if len(doubles) != 1 || doubles[0].ID != lamp.ID || len(doubles[0].Words) == 0 {
			t.Fatalf("doubles: %+v", doubles)
		}
		for _, d := range []casework.Draft{{Kind: "dispute", CommunityID: w.community, Body: draft.Body}, {Kind: "service", Body: draft.Body}, {Kind: "service", CommunityID: w.community, Body: "路"}, {Kind: "none", CommunityID: w.community, Body: draft.Body}} {
			if got, err := w.s.AlikeTo(ctx, w.worker, d); err != nil || len(got) != 0 {
				t.Errorf("%+v finds %+v, %v", d, got, err)
			}
		}
		if got, err := w.s.AlikeTo(ctx, w.beside, draft); err != nil || len(got) != 0 {
			t.Errorf("who does not see the community finds %+v, %v", got, err)
		}

		call := casework.Report{Kind: "service", ItemID: w.lamp, Channel: casework.ByPhone, CommunityID: w.community, Body: draft.Body, Name: "李先生", Phone: "13700001111", Into: lamp.ID, Key: "call-1"}
		caller := w.as(w.community, nil, casework.PermSee, casework.PermEnter)
		got, err := w.s.Enter(ctx, caller, call)
		w.ok(err)
		again, err := w.s.Enter(ctx, caller, call)
		w.ok(err)
		if got.Joined != lamp.No || got.Code == "" || got.No == lamp.No || again.No != got.No || again.Joined != lamp.No {
			t.Errorf("the receipt: %+v, sent again %+v", got, again)
		}
		w.finished(lamp)
		if f := w.state(got.Code); f.MergedInto != lamp.No || f.State != casework.Done || f.Result != "换了灯泡" || f.Body != draft.Body {
			t.Errorf("the caller follows %+v", f)
		}
		if d := w.get(w.secretary, lamp.ID); len(d.Merged) != 1 || d.Merged[0].ID != got.ID {
			t.Errorf("the case does not name what joined it: %+v", d.Merged)
		}

		before := w.cases()
		w.rated(w.s.Rate(ctx, casework.Code(lamp.Code), "", "", casework.Rating{Solved: casework.Yes, Stars: 5}))
		call.Key = "call-2"
		_, err = w.s.Enter(ctx, caller, call)
		w.wants(err, errs.Invalid, "into")
		elsewhere := w.report(casework.Report{CommunityID: w.other, Body: "别处的灯"})
		call.Into = elsewhere.ID
		_, err = w.s.Enter(ctx, caller, call)
		w.wants(err, errs.Invalid, "into")
		if n := w.cases(); n != before+1 { // the one elsewhere
			t.Errorf("%d cases, want %d: what cannot be joined is not entered", n, before+1)
		}
		if r := w.report(casework.Report{Body: "灯", Into: elsewhere.ID, Scans: true}); w.state(r.Code).MergedInto != "" {
			t.Error("a resident joined a case to another")
		}
	})
}
