// Package authz says what an actor may do, and where.
//
// An Actor holds grants: a role (a set of permissions) within a part of the organisation tree. For one
// permission the actor has a Scope, which answers both "may they do this here?" (Require) and "which rows?"
// (Where). The scope becomes part of every query, so that lists, counts and totals are right by construction
// and what somebody may not see is simply not found. The zero Actor may do nothing and the zero Scope matches nothing.
//
// Permissions are constants named concept.verb, declared in the concept's package. Roles are data; code never
// asks for a role by name.
package authz

import (
	"maps"
	"slices"
	"strings"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
)

// Permission is the right to do one kind of thing, "concept.verb".
type Permission string

// Own is the part of an actor's own record: permissions that end in ".own" reach only rows of the actor's own person.
const ownSuffix = ".own"

// Grant is a role held within a part of the organisation tree.
type Grant struct {
	Role        string // code of the role, for the record
	RoleName    string // as shown
	Permissions map[Permission]bool
	Root        id.ID   // the organisation at whose part of the tree the role is held
	RootName    string  // as shown
	All         bool    // the whole tenant
	Within      []id.ID // unless All: Root and everything below it or (for a community) attached to it
}

// Actor is who is calling. It is passed as a parameter, never through a context.
type Actor struct {
	Tenant    int64
	AccountID id.ID
	PersonID  id.ID // 0 unless the account belongs to a person
	Name      string
	Grants    []Grant
	Limit     map[Permission]bool // of an API token; nil for no limit
	RequestID string
	system    bool
}

// System is the actor of the platform's own jobs in one tenant; reason is what the audit shows.
func System(tenant int64, reason string) Actor {
	return Actor{Tenant: tenant, Name: reason, system: true}
}

// IsSystem says whether the platform itself is acting.
func (a Actor) IsSystem() bool { return a.system }

// Can says whether the actor holds p anywhere. It decides which acts are offered; Scope decides what happens.
func (a Actor) Can(p Permission) bool {
	if a.system {
		return true
	}
	if a.Limit != nil && !a.Limit[p] {
		return false
	}
	for _, g := range a.Grants {
		if g.Permissions[p] {
			return true
		}
	}
	return false
}

// Role is the role under which the actor does p, as code, for the audit; "system" for the platform itself.
func (a Actor) Role(p Permission) string {
	if a.system {
		return "system"
	}
	for _, g := range a.Grants {
		if g.Permissions[p] {
			return g.Role
		}
	}
	if len(a.Grants) > 0 {
		return a.Grants[0].Role
	}
	return ""
}

// Lend is the actor with one permission more at one organisation, for one act that a service has decided they may do: a resident who
// answers a question about their own record may not edit records. as is the permission they hold; the audit shows its role.
func (a Actor) Lend(p Permission, org id.ID, as Permission) Actor {
	if a.system || org == 0 {
		return a
	}
	g := Grant{Role: a.Role(as), Permissions: map[Permission]bool{p: true}, Within: []id.ID{org}}
	a.Grants = append(slices.Clone(a.Grants), g)
	if a.Limit != nil {
		a.Limit = maps.Clone(a.Limit)
		a.Limit[p] = true
	}
	return a
}

// At is the actor with everything they hold kept to one part of the tree: org, called name, and what belongs to it. What is read as this
// actor is what somebody sees who works there and nowhere else. The platform itself becomes nobody: it answers for no organisation.
func (a Actor) At(org id.ID, name string, part []id.ID) Actor {
	if a.system {
		return Actor{Tenant: a.Tenant}
	}
	grants := a.Grants
	a.Grants = nil
	for _, g := range grants {
		within := slices.Clone(part)
		if !g.All {
			within = slices.DeleteFunc(within, func(o id.ID) bool { return !slices.Contains(g.Within, o) })
		}
		if len(within) == 0 {
			continue
		}
		g.All, g.Within, g.Root, g.RootName = false, within, org, name
		a.Grants = append(a.Grants, g)
	}
	return a
}

// Scope is where the actor holds p. A permission that ends in ".own" reaches only rows of the actor's own person.
func (a Actor) Scope(p Permission) Scope {
	if a.Tenant == 0 || !a.Can(p) {
		return Scope{home: a.Tenant}
	}
	s := Scope{tenant: a.Tenant, home: a.Tenant, all: a.system}
	own := strings.HasSuffix(string(p), ownSuffix)
	for _, g := range a.Grants {
		switch {
		case !g.Permissions[p]:
		case own:
			s.person = a.PersonID
		case g.All:
			s.all = true
		default:
			s.orgs = append(s.orgs, g.Within...)
		}
	}
	slices.Sort(s.orgs)
	s.orgs = slices.Compact(s.orgs)
	return s
}

// Roots are the organisations at which the actor holds p themselves, and whether they hold it for the whole tenant. Unlike a scope it leaves out what
// stands below them or is attached to them; of an actor who is kept to one part of the tree (At) it is what they hold at that part's own organisation.
func (a Actor) Roots(p Permission) (roots []id.ID, all bool) {
	if a.system {
		return nil, true
	}
	if a.Tenant == 0 || !a.Can(p) {
		return nil, false
	}
	for _, g := range a.Grants {
		switch {
		case !g.Permissions[p]:
		case g.All:
			all = true
			if g.Root != 0 {
				roots = append(roots, g.Root)
			}
		case slices.Contains(g.Within, g.Root):
			roots = append(roots, g.Root)
		}
	}
	return roots, all
}

// Seats are the organisations at which the actor holds anything at all themselves.
func (a Actor) Seats() []id.ID {
	var seats []id.ID
	for _, g := range a.Grants {
		if g.Root != 0 {
			seats = append(seats, g.Root)
		}
	}
	return seats
}

// Held is the scope of the organisations at which the actor holds p themselves (Roots), without what stands below them.
func (a Actor) Held(p Permission) Scope {
	roots, _ := a.Roots(p)
	if a.system {
		return a.Scope(p)
	}
	s := Scope{orgs: roots, home: a.Tenant}
	if len(roots) > 0 {
		s.tenant = a.Tenant
	}
	slices.Sort(s.orgs)
	s.orgs = slices.Compact(s.orgs)
	return s
}

// Scope is the part of a tenant in which something is allowed: everything, a set of organisations, one person's own
// rows, or nothing (the zero value).
type Scope struct {
	tenant int64
	home   int64 // the tenant of who asks, also where nothing is in scope: a cluster refuses a query that names two
	all    bool
	orgs   []id.ID
	person id.ID
}

// Or joins two scopes of the same tenant: what is allowed by either.
func (s Scope) Or(o Scope) Scope {
	if s.tenant == 0 {
		return o
	}
	if o.tenant != s.tenant {
		return s
	}
	s.all = s.all || o.all
	s.orgs = slices.Compact(slices.Sorted(slices.Values(append(slices.Clone(s.orgs), o.orgs...))))
	if s.person == 0 {
		s.person = o.person
	}
	return s
}

// Tenant is the tenant of the scope; 0 for the zero Scope, which no row has.
func (s Scope) Tenant() int64 { return s.tenant }

// All says whether the scope is the whole tenant.
func (s Scope) All() bool { return s.all }

// Organisations are the organisations in scope, unless All.
func (s Scope) Organisations() []id.ID { return s.orgs }

// Empty says that nothing is in scope.
func (s Scope) Empty() bool {
	return s.tenant == 0 || (!s.all && len(s.orgs) == 0 && s.person == 0)
}

// Covers says whether organisation org is in scope.
func (s Scope) Covers(org id.ID) bool {
	if s.tenant == 0 {
		return false
	}
	_, found := slices.BinarySearch(s.orgs, org)
	return s.all || found
}

// CoversPerson says whether p's own rows are in scope because p is the actor.
func (s Scope) CoversPerson(p id.ID) bool { return s.tenant != 0 && p != 0 && s.person == p }

// Require is nil if one of the organisations is in scope, otherwise Forbidden. Creating a row has nothing to filter,
// so it calls Require first.
func (s Scope) Require(orgs ...id.ID) error {
	for _, o := range orgs {
		if o != 0 && s.Covers(o) {
			return nil
		}
	}
	return errs.ErrForbidden
}

// Columns names the columns through which rows of a table belong to somebody.
type Columns struct {
	Tenant string   // tenant_id, with the table's alias
	Orgs   []string // columns that hold an organisation: the row is in scope if any of them is
	Person string   // column that holds the person whose own row it is; "" for none
}

// none is a condition that no row meets. It names a column, for a constant is refused by Citus beside an outer join (on PostgreSQL before 17); engines see through it without reading a row.
func none(tenant string, c Columns) string { return tenant + " AND " + c.Tenant + " IS NULL" }

// Where gives the condition that keeps a query within the scope. It always names the tenant.
func (s Scope) Where(a *db.Args, c Columns) string {
	if s.Empty() {
		return none(c.Tenant+" = "+a.Add(s.home), c)
	}
	tenant := c.Tenant + " = " + a.Add(s.tenant)
	if s.all {
		return tenant
	}
	var any []string
	if len(s.orgs) > 0 {
		for _, col := range c.Orgs {
			any = append(any, db.In(a, col, s.orgs))
		}
	}
	if s.person != 0 && c.Person != "" {
		any = append(any, c.Person+" = "+a.Add(s.person))
	}
	switch len(any) {
	case 0:
		return none(tenant, c)
	case 1:
		return tenant + " AND " + any[0]
	}
	return tenant + " AND (" + strings.Join(any, " OR ") + ")"
}

// Ways are conditions that together say what Where says, one for each column by which a row can be in scope, so that each takes its own index. With Where, an engine
// that keeps no statistics (SQLite) reads every row of the tenant when there are several. For counts, and for what is sorted once it is found; a page in the order of
// an index is better off with Where.
func (s Scope) Ways(a *db.Args, c Columns) []string {
	if s.all || s.Empty() {
		return []string{s.Where(a, c)}
	}
	var ways []string
	for _, col := range c.Orgs {
		if len(s.orgs) > 0 {
			ways = append(ways, s.Where(a, Columns{Tenant: c.Tenant, Orgs: []string{col}})+" AND "+col+" <> 0") // as partial indexes ask
		}
	}
	if s.person != 0 && c.Person != "" || len(ways) == 0 {
		ways = append(ways, s.Where(a, Columns{Tenant: c.Tenant, Person: c.Person}))
	}
	return ways
}
