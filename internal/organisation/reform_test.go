package organisation_test

import (
	"testing"

	"linli/internal/errs"
	"linli/internal/organisation"
)

// A branch that has grown gets another form and name with the document that approves it; the old name stays in the past.
func TestReform(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		const name = "中共示例厂支部委员会"
		o := w.make(organisation.NewOrganisation{Kind: organisation.Branch, ParentID: w.a, Name: name, EstablishedOn: w.today.AddDays(-50)})
		next := organisation.GeneralBranch.Renamed(name)
		if next != "中共示例厂总支部委员会" || organisation.BaseCommittee.Renamed(next) != "中共示例厂委员会" || organisation.PlainBranch.Renamed("示例党总支") != "示例党支部" {
			t.Errorf("names: %s", next)
		}
		e := organisation.Effect{On: w.today, Document: "示例组发〔2026〕9号"}
		for field, err := range map[string]error{
			"document": w.s.Reform(ctx, w.all, o, organisation.GeneralBranch, next, organisation.Effect{On: w.today}),
			"form":     w.s.Reform(ctx, w.all, o, organisation.PlainBranch, next, e),
			"name":     w.s.Reform(ctx, w.all, o, organisation.GeneralBranch, " ", e),
			"on":       w.s.Reform(ctx, w.all, o, organisation.GeneralBranch, next, organisation.Effect{On: w.today.AddDays(1), Document: "x"}),
		} {
			if x := errs.As(err); x == nil || x.Fields[field].Text.IsZero() {
				t.Errorf("%s: %v", field, err)
			}
		}
		if err := w.s.Reform(ctx, w.all, w.a, organisation.GeneralBranch, next, e); errs.KindOf(err) != errs.Conflict {
			t.Errorf("a community: %v", err)
		}
		if err := w.s.Reform(ctx, w.all, o, organisation.GeneralBranch, next, e); err != nil {
			t.Fatal(err)
		}
		got, err := w.s.Get(ctx, w.all, o)
		if err != nil || got.Form != organisation.GeneralBranch || got.Name != next || got.What() != organisation.GeneralBranch.Text() {
			t.Errorf("%+v, %v", got.Organisation, err)
		}
		if a := got.Acts[0]; a.Kind != organisation.ActReform || a.Document != e.Document || a.Detail != name {
			t.Errorf("the act: %+v", a)
		}
		then, err := w.s.AsOf(ctx, w.all, w.today.AddDays(-1))
		if err != nil {
			t.Fatal(err)
		}
		found := false
		var look func(nodes []*organisation.Node)
		look = func(nodes []*organisation.Node) {
			for _, n := range nodes {
				found = found || n.ID == o && n.Name == name
				look(n.Children)
			}
		}
		look(then.Roots)
		if !found {
			t.Error("yesterday's chart has not its former name")
		}
	})
}
