//go:build browser

package browsertest

import (
	"context"
	"testing"
	"time"

	"linli/internal/app"
	"linli/internal/authn"
	"linli/internal/authz"
	"linli/internal/i18n"
)

// A district opens its figures to the city above it, the city reads the sum of its districts and one figure of each, and the district stops it again.
func TestACityReadsItsDistricts(t *testing.T) {
	together(t)
	for _, view := range []Viewport{Desktop, Phone} {
		t.Run(view.Name, func(t *testing.T) { cityWalk(t, view) })
	}
}

func cityWalk(t *testing.T, view Viewport) {
	n, ctx := install(t, beijing(time.November, 20, 9, 0)), context.Background()
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	account := func(code, name, login string) int64 {
		tenant, root, err := n.CreateTenant(ctx, code, name)
		ok(err)
		_, err = n.Authn.CreateMany(ctx, authz.System(tenant, "browsertest"), newcomerPassword, []authn.NewAccount{{Login: login, Name: name, Keep: true, Grants: []authn.NewGrant{{Role: app.RoleDistrict, OrgID: root}}}})
		ok(err)
		return tenant
	}
	account("830100", "云江市", "yunjiang")
	other := account("830103", "青云区", "qingyun")
	period := n.Figure.Current()
	ok(n.Figure.Roll(ctx, n.tenant, period, nil))
	ok(n.Figure.Roll(ctx, other, period, nil))
	carry := func() {
		t.Helper()
		ok(n.Region.Carry(ctx, n.tenant))
		ok(n.Region.Carry(ctx, other))
	}
	open := func(login string) *Page {
		p := openAt(t, n.url, view)
		t.Cleanup(p.reportFaults)
		p.LoginWith(login, newcomerPassword)
		return p
	}
	above, here, there := open("yunjiang@830100"), open("quwei@830102"), open("qingyun@830103")
	above.Visit("/region")
	above.WaitText(zh(i18n.RegionNone))
	above.Check("empty")
	for _, p := range []*Page{here, there} {
		p.Visit("/report/above")
		p.WaitText(zh(i18n.RegionNotShared))
		p.Check("not shared")
		p.Click(zh(i18n.RegionShare))
		p.Check("asked")
		p.ClickIn("dialog[open]", zh(i18n.RegionShare))
		p.WaitText(zh(i18n.RegionShared))
	}
	carry()
	above.Visit("/region")
	above.WaitText(zh(i18n.RegionCame, 2))
	above.Check("overview")
	above.Visit("/region/org.communities")
	above.WaitText("青云区")
	above.WaitText("临江区")
	above.Check("figure")
	above.Visit("/region/case.in_time_share")
	above.Check("share")
	above.Language(i18n.EN)
	above.Visit("/region")
	above.WaitText(i18n.RegionAll.In(i18n.EN))
	above.Check("english")
	here.Visit("/report/above")
	here.Click(zh(i18n.RegionEnd))
	here.ClickIn("dialog[open]", zh(i18n.RegionEnd))
	here.WaitText(zh(i18n.RegionUnshared))
	carry()
	here.Visit("/report/above")
	here.Check("ended")
	above.Visit("/region")
	above.WaitText(i18n.RegionCame.In(i18n.EN, 1))
}
