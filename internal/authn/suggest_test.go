package authn_test

import (
	"testing"

	"linli/internal/authn"
	"linli/internal/authz"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/testkit"
)

func TestFormOfAnAccountArrivesWithAFreeName(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		rows := testkit.NewRows(t, w.d, testkit.Tenant)
		system, person, other := authz.System(testkit.Tenant, "test"), rows.Person(community, "王建国", ""), rows.Person(community, "李秀英", "")
		made, err := w.CreateMany(t.Context(), system, password, []authn.NewAccount{
			{Login: "wangjianguo", Name: "王建国", PersonID: person, Grants: []authn.NewGrant{{Role: "member", OrgID: community}}},
			{Login: "wangjianguo2", Name: "王建国", Grants: []authn.NewGrant{{Role: "member", OrgID: community}}},
		})
		if err != nil {
			t.Fatal(err)
		}
		giver := testkit.Actor(testkit.Tenant, []id.ID{community}, authn.PermAdmin)
		for base, want := range map[string]string{"wangjianguo": "wangjianguo3", "WangJianguo": "wangjianguo3", "wangjian": "wangjian", "": ""} {
			if got, err := w.FreeLogin(t.Context(), giver, base); err != nil || got != want {
				t.Errorf("FreeLogin(%q) = %q, %v; want %q", base, got, err, want)
			}
		}
		if got, err := w.FreeLogin(t.Context(), testkit.Actor(testkit.Other, nil, authn.PermAdmin), "wangjianguo"); err != nil || got != "wangjianguo" {
			t.Errorf("in another tenant FreeLogin = %q, %v; want the name itself", got, err)
		}
		if got, err := w.OfPerson(t.Context(), giver, person); err != nil || got != made[0].ID {
			t.Errorf("OfPerson = %v, %v; want %v", got, err, made[0].ID)
		}
		if got, err := w.OfPerson(t.Context(), giver, other); err != nil || got != 0 {
			t.Errorf("OfPerson of somebody without = %v, %v; want none", got, err)
		}
		if _, err := w.OfPerson(t.Context(), giver, id.New()); errs.KindOf(err) != errs.NotFound {
			t.Errorf("OfPerson of nobody = %v, want not found", err)
		}
		nobody := testkit.Actor(testkit.Tenant, []id.ID{community}, permWork)
		if _, err := w.FreeLogin(t.Context(), nobody, "x"); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("FreeLogin without the right = %v, want Forbidden", err)
		}
		if _, err := w.OfPerson(t.Context(), nobody, person); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("OfPerson without the right = %v, want Forbidden", err)
		}
	})
}
