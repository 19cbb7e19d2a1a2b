package testkit

import (
	"linli/internal/authz"
	"linli/internal/id"
)

// Tenant is the tenant that tests use when one is enough.
const Tenant int64 = 320902

// Other is a second tenant, which must never see the first.
const Other int64 = 321102

// Actor makes an actor of tenant who holds the permissions at the organisations given; no organisation means the
// whole tenant.
func Actor(tenant int64, orgs []id.ID, perms ...authz.Permission) authz.Actor {
	set := map[authz.Permission]bool{}
	for _, p := range perms {
		set[p] = true
	}
	return authz.Actor{
		Tenant: tenant, AccountID: id.New(), Name: "Test",
		Grants: []authz.Grant{{Role: "test", Permissions: set, All: len(orgs) == 0, Within: orgs}},
	}
}

// Own makes an actor who is the person and holds the permissions (named concept.….own) for their own rows.
func Own(tenant int64, person id.ID, perms ...authz.Permission) authz.Actor {
	a := Actor(tenant, []id.ID{0}, perms...)
	a.PersonID = person
	return a
}
