package authz_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
)

const (
	see  authz.Permission = "thing.see"
	edit authz.Permission = "thing.edit"
	mine authz.Permission = "thing.see.own"
)

func grant(all bool, orgs []id.ID, perms ...authz.Permission) authz.Grant {
	set := map[authz.Permission]bool{}
	for _, p := range perms {
		set[p] = true
	}
	return authz.Grant{Role: "r", Permissions: set, All: all, Within: orgs}
}

var columns = authz.Columns{Tenant: "t.tenant_id", Orgs: []string{"t.community_id", "t.unit_id"}, Person: "t.person_id"}

func TestZeroMatchesNothing(t *testing.T) {
	var s authz.Scope
	a := &db.Args{}
	if w := s.Where(a, columns); !strings.HasSuffix(w, " IS NULL") || !s.Empty() || s.Covers(1) || s.All() {
		t.Errorf("the zero scope gave %q", w)
	}
	if err := s.Require(1); errs.KindOf(err) != errs.Forbidden {
		t.Errorf("Require of the zero scope = %v", err)
	}
	var nobody authz.Actor
	if nobody.Can(see) || !nobody.Scope(see).Empty() {
		t.Error("the zero actor may do something")
	}
	// A grant without a tenant is nobody's.
	if s := (authz.Actor{Grants: []authz.Grant{grant(true, nil, see)}}).Scope(see); !s.Empty() {
		t.Error("an actor of no tenant has a scope")
	}
}

func TestScopeOfSeveralGrants(t *testing.T) {
	a := authz.Actor{Tenant: 1, PersonID: 9, Grants: []authz.Grant{
		grant(false, []id.ID{3, 2}, see), grant(false, []id.ID{2, 5}, see, edit), grant(false, []id.ID{7}, mine),
	}}
	if got := a.Scope(see).Organisations(); !slices.Equal(got, []id.ID{2, 3, 5}) {
		t.Errorf("see in %v, want 2 3 5", got)
	}
	if s := a.Scope(edit); s.Covers(3) || !s.Covers(5) {
		t.Error("edit is held in the second grant's part only")
	}
	own := a.Scope(mine)
	if own.Covers(7) || !own.CoversPerson(9) || own.CoversPerson(8) || own.CoversPerson(0) {
		t.Error("a permission that ends in .own reaches the actor's own person and no organisation")
	}
	args := &db.Args{}
	w := a.Scope(see).Or(own).Where(args, columns)
	if want := "t.tenant_id = $1 AND (t.community_id IN ($2, $3, $4, $5) OR t.unit_id IN ($6, $7, $8, $9) OR t.person_id = $10)"; w != want {
		t.Errorf("Where = %q\nwant    %q", w, want)
	}
	if got := len(args.Values()); got != 10 {
		t.Errorf("%d arguments", got)
	}
}

func TestEveryWayIntoAScope(t *testing.T) {
	a := authz.Actor{Tenant: 1, PersonID: 9, Grants: []authz.Grant{grant(false, []id.ID{3}, see), grant(false, []id.ID{7}, mine)}}
	ways := a.Scope(see).Or(a.Scope(mine)).Ways(&db.Args{}, columns)
	if want := []string{"t.tenant_id = $1 AND t.community_id = $2 AND t.community_id <> 0", "t.tenant_id = $3 AND t.unit_id = $4 AND t.unit_id <> 0",
		"t.tenant_id = $5 AND t.person_id = $6"}; !slices.Equal(ways, want) {
		t.Errorf("Ways = %q\nwant   %q", ways, want)
	}
	for name, s := range map[string]authz.Scope{
		"everything": (authz.Actor{Tenant: 1, Grants: []authz.Grant{grant(true, nil, see)}}).Scope(see),
		"nothing":    a.Scope(edit),
		"nobody":     {},
	} {
		if got, want := s.Ways(&db.Args{}, columns), s.Where(&db.Args{}, columns); len(got) != 1 || got[0] != want {
			t.Errorf("%s: Ways = %q, Where = %q", name, got, want)
		}
	}
	if got := a.Scope(see).Ways(&db.Args{}, authz.Columns{Tenant: "t.tenant_id", Person: "t.person_id"}); len(got) != 1 || !strings.Contains(got[0], "IS NULL") {
		t.Errorf("no column puts a row in scope: %q", got)
	}
}

func TestAnOwnPermissionWithoutAPersonReachesNothing(t *testing.T) {
	a := authz.Actor{Tenant: 1, Grants: []authz.Grant{grant(true, nil, mine)}}
	if s := a.Scope(mine); !s.Empty() || s.CoversPerson(0) {
		t.Error("an account that is nobody has own rows")
	}
}

func TestATokenLimitsItsAccount(t *testing.T) {
	a := authz.Actor{Tenant: 1, Limit: map[authz.Permission]bool{see: true}, Grants: []authz.Grant{grant(true, nil, see, edit)}}
	if !a.Can(see) || a.Can(edit) || !a.Scope(edit).Empty() || !a.Scope(see).All() {
		t.Error("a token may do what its account may and it lists, no more")
	}
	a.Limit = map[authz.Permission]bool{}
	if a.Can(see) {
		t.Error("a token without permissions may do something")
	}
}

func TestTenantsDoNotJoin(t *testing.T) {
	one := authz.Actor{Tenant: 1, Grants: []authz.Grant{grant(false, []id.ID{1}, see)}}.Scope(see)
	two := authz.Actor{Tenant: 2, Grants: []authz.Grant{grant(true, nil, see)}}.Scope(see)
	if j := one.Or(two); j.All() || j.Tenant() != 1 {
		t.Error("joining scopes of two tenants widened the first")
	}
	if s := authz.System(1, "job").Scope(edit); !s.All() || s.Tenant() != 1 {
		t.Error("the platform's own jobs act in the whole of one tenant")
	}
}

// TestOrCoversWhatEitherCovers holds joined scopes against each of the two.
func TestOrCoversWhatEitherCovers(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		draw := func(name string) authz.Scope {
			orgs := rapid.SliceOf(rapid.Custom(func(t *rapid.T) id.ID { return id.ID(rapid.Int64Range(1, 6).Draw(t, "org")) })).Draw(rt, name)
			return authz.Actor{Tenant: 1, Grants: []authz.Grant{grant(rapid.Bool().Draw(rt, name+"All"), orgs, see)}}.Scope(see)
		}
		a, b := draw("a"), draw("b")
		for o := id.ID(1); o <= 6; o++ {
			if a.Or(b).Covers(o) != (a.Covers(o) || b.Covers(o)) {
				rt.Fatalf("Or covers %d differently", o)
			}
		}
	})
}

func TestAnActorKeptToOnePart(t *testing.T) {
	a := authz.Actor{Tenant: 1, Grants: []authz.Grant{grant(true, nil, see), grant(false, []id.ID{2, 5}, edit), grant(false, []id.ID{8}, edit)}}
	at := a.At(2, "two", []id.ID{2, 3})
	if s := at.Scope(see); s.All() || !slices.Equal(s.Organisations(), []id.ID{2, 3}) {
		t.Errorf("see in %v, all %v; want 2 3", s.Organisations(), s.All())
	}
	if got := at.Scope(edit).Organisations(); !slices.Equal(got, []id.ID{2}) {
		t.Errorf("edit in %v, want 2: a part is never more than the whole", got)
	}
	if len(at.Grants) != 2 || at.Grants[0].Root != 2 || at.Grants[0].RootName != "two" {
		t.Errorf("grants %+v", at.Grants)
	}
	if a.Scope(edit).Covers(3) || !a.Scope(edit).Covers(8) || !a.Scope(see).All() {
		t.Error("the actor themselves changed")
	}
	if authz.System(1, "job").At(2, "two", []id.ID{2}).Can(see) {
		t.Error("the platform answers for an organisation")
	}
}

// What somebody holds themselves is where their role was given, also of an actor kept to a part of the tree, and within the limits of a token.
func TestRoots(t *testing.T) {
	at := func(root id.ID, within ...id.ID) authz.Grant {
		g := grant(false, within, edit)
		g.Root = root
		return g
	}
	whole := grant(true, nil, see)
	whole.Root = 1
	a := authz.Actor{Tenant: 1, Grants: []authz.Grant{whole, at(2, 2, 5), at(8, 8)}}
	if roots, all := a.Roots(edit); all || !slices.Equal(roots, []id.ID{2, 8}) {
		t.Errorf("edit at %v, all %v", roots, all)
	}
	if roots, all := a.Roots(see); !all || !slices.Equal(roots, []id.ID{1}) {
		t.Errorf("see at %v, all %v", roots, all)
	}
	if s := a.Held(edit); s.All() || !s.Covers(2) || !s.Covers(8) || s.Covers(5) {
		t.Errorf("held at %v", s.Organisations())
	}
	if s := a.Held(see); s.All() || !s.Covers(1) {
		t.Errorf("held at %v, all %v", s.Organisations(), s.All())
	}
	if roots, _ := a.At(5, "five", []id.ID{5}).Roots(edit); len(roots) != 1 || roots[0] != 5 {
		t.Errorf("at a part: %v", roots)
	}
	if roots, _ := a.At(4, "four", []id.ID{4, 8}).Roots(edit); len(roots) != 0 {
		t.Errorf("a keeper of one branch keeps the community above it: %v", roots)
	}
	a.Limit = map[authz.Permission]bool{see: true}
	if roots, _ := a.Roots(edit); len(roots) != 0 || !a.Held(edit).Empty() {
		t.Errorf("beyond a token's limit: %v", roots)
	}
	if !authz.System(1, "job").Held(edit).All() {
		t.Error("the platform is kept out")
	}
}
