package dues

import (
	"context"
	"errors"
	"fmt"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/id"
)

var errBadTerms = errors.New("dues: the sealed terms cannot be read")

// collector is the organisation to which the dues of member m go (DUES-9).
const collector = `CASE WHEN m.home_id <> 0 THEN m.home_id WHEN m.kind = 'floating' THEN m.community_id ELSE 0 END`

// branchLabel is what the collecting organisation b is called for short.
const branchLabel = `coalesce(CASE WHEN b.short_name <> '' THEN b.short_name ELSE b.name END, '')`

// standing is the condition that an organisation stands where the actor holds a permission: there, or below it in the tree. PermKeep reaches down from
// branches, committees and communities alone, and never from the whole tenant.
func standing(a *db.Args, actor authz.Actor, p authz.Permission, alias string) string {
	roots, all := actor.Roots(p)
	if all && p != PermKeep {
		return alias + ".tenant_id = " + a.Add(actor.Tenant)
	}
	if len(roots) == 0 {
		return "1 = 0"
	}
	low := ""
	if p == PermKeep {
		low = " AND (held.id = " + alias + ".id OR held.kind IN ('community_party', 'party_branch', 'party_group', 'committee'))"
	}
	return "EXISTS (SELECT 1 FROM organisation held WHERE held.tenant_id = " + alias + ".tenant_id AND held.tenant_id = " + a.Add(actor.Tenant) + " AND " + db.In(a, "held.id", roots) +
		" AND substr(" + alias + ".path, 1, length(held.path)) = held.path" + low + ")"
}

const memberColumns = `m.id, m.person_id, m.name, coalesce(b.id, 0), ` + branchLabel + `, m.joined_on, m.ended_on,
	EXISTS (SELECT 1 FROM dues_payment cp WHERE cp.tenant_id = m.tenant_id AND cp.branch_id = b.id), m.name_key`

const memberTables = ` FROM member m LEFT JOIN organisation b ON b.tenant_id = m.tenant_id AND b.id = ` + collector

func (m *Member) dest() []any {
	return []any{&m.ID, &m.PersonID, &m.Name, &m.BranchID, &m.Branch, &m.JoinedOn, &m.EndedOn, &m.Collecting, &m.key}
}

// keptMember finds a member whose dues the actor keeps.
func keptMember(ctx context.Context, q db.Querier, actor authz.Actor, member id.ID) (Member, error) {
	a := &db.Args{}
	return db.One(ctx, q, (*Member).dest, "SELECT "+memberColumns+memberTables+" WHERE m.tenant_id = "+a.Add(actor.Tenant)+" AND m.id = "+a.Add(member)+
		" AND "+standing(a, actor, PermKeep, "b"), a.Values()...)
}

// keptMembers finds those of members whose dues the actor keeps.
func keptMembers(ctx context.Context, q db.Querier, actor authz.Actor, members []id.ID) ([]Member, error) {
	a := &db.Args{}
	return db.All(ctx, q, (*Member).dest, "SELECT "+memberColumns+memberTables+" WHERE m.tenant_id = "+a.Add(actor.Tenant)+" AND "+db.In(a, "m.id", members)+
		" AND "+standing(a, actor, PermKeep, "b"), a.Values()...)
}

// ownMember finds the actor's own record.
func ownMember(ctx context.Context, q db.Querier, actor authz.Actor) (Member, error) {
	a := &db.Args{}
	return db.One(ctx, q, (*Member).dest, "SELECT "+memberColumns+memberTables+" WHERE "+
		actor.Scope(PermOwn).Where(a, authz.Columns{Tenant: "m.tenant_id", Person: "m.person_id"})+" ORDER BY CASE WHEN m.ended_on = '' THEN 0 ELSE 1 END, m.id DESC LIMIT 1", a.Values()...)
}

// ofBranch is the condition that a member's dues go to a branch, in a form that the indexes serve.
func ofBranch(a *db.Args, branch id.ID) string {
	b := a.Add(branch)
	return "(m.home_id = " + b + " OR m.community_id = " + b + " AND m.home_id = 0 AND m.kind = 'floating')"
}

func (s *Service) bases(ctx context.Context, q db.Querier, tenant int64, members []id.ID) ([]Base, error) {
	a := &db.Args{}
	rows, err := db.All(ctx, q, func(b *Base) []any {
		return []any{&b.ID, &b.MemberID, &b.From, &b.sealed, &b.Review, &b.Own}
	}, "SELECT t.id, t.member_id, t.from_month, t.terms, t.review, t.own FROM dues_base t WHERE t.tenant_id = "+a.Add(tenant)+" AND "+
		db.In(a, "t.member_id", members)+" ORDER BY t.from_month, t.id", a.Values()...)
	for i := range rows {
		if rows[i].Terms, err = s.openTerms(rows[i].ID, rows[i].sealed); err != nil {
			return nil, err
		}
	}
	return rows, err
}

func (s *Service) entries(ctx context.Context, q db.Querier, tenant int64, members []id.ID) ([]Entry, error) {
	type row struct {
		Entry
		id     id.ID
		sealed []byte
	}
	a := &db.Args{}
	var out []Entry
	err := db.Each(ctx, q, func(r *row) []any { return []any{&r.id, &r.MemberID, &r.Month, &r.Settles, &r.sealed} }, func(r row) error {
		var err error
		if r.Fen, err = s.openEntry(r.id, r.sealed); err != nil {
			return fmt.Errorf("entry %s: %w", r.id, err)
		}
		out = append(out, r.Entry)
		return nil
	}, "SELECT t.id, t.member_id, t.month, t.settles, t.amount FROM dues_entry t WHERE t.tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "t.member_id", members), a.Values()...)
	return out, err
}

const paymentColumns = `p.id, p.member_id, p.person_id, p.branch_id, p.kind, p.from_month, p.to_month, p.amount, p.paid_on, p.means, p.counters_id, p.reason,
	coalesce(r.number, ''), coalesce(r.code, ''), EXISTS (SELECT 1 FROM dues_payment c WHERE c.tenant_id = p.tenant_id AND c.counters_id = p.id)`

const paymentTables = ` FROM dues_payment p LEFT JOIN paper r ON r.tenant_id = p.tenant_id AND r.subject_id = p.id AND r.kind = 'dues'`

func (p *Payment) dest() []any {
	return []any{&p.ID, &p.MemberID, &p.PersonID, &p.BranchID, &p.Kind, &p.From, &p.To, &p.sealed, &p.PaidOn, &p.Means, &p.CountersID, &p.Reason, &p.Number, &p.Code, &p.Taken}
}

// payment reads one payment of the tenant; the caller decides who sees it.
func (s *Service) payment(ctx context.Context, q db.Querier, tenant int64, payment id.ID) (Payment, error) {
	p, err := db.One(ctx, q, (*Payment).dest, "SELECT "+paymentColumns+paymentTables+" WHERE p.tenant_id = $1 AND p.id = $2", tenant, payment)
	if err != nil {
		return p, err
	}
	p.Amount, err = s.openPaid(p.ID, p.sealed)
	return p, err
}

// payments reads the payments of one member, newest first.
func (s *Service) payments(ctx context.Context, q db.Querier, tenant int64, member id.ID) ([]Payment, error) {
	rows, err := db.All(ctx, q, (*Payment).dest, "SELECT "+paymentColumns+paymentTables+" WHERE p.tenant_id = $1 AND p.member_id = $2 ORDER BY p.id DESC LIMIT 200", tenant, member)
	for i := range rows {
		if rows[i].Amount, err = s.openPaid(rows[i].ID, rows[i].sealed); err != nil {
			return nil, err
		}
	}
	return rows, err
}

func record(ctx context.Context, tx *db.Tx, actor authz.Actor, p authz.Permission, action, kind string, subject id.ID, m Member, detail map[string]any) error {
	return audit.Record(ctx, tx, actor, audit.Entry{Action: action, Permission: p, SubjectKind: kind, SubjectID: subject, PersonID: m.PersonID, OrgID: m.BranchID, Detail: detail})
}

// Purpose is the purpose under which amounts are seen: keeping the dues.
const Purpose = "dues"

// The sealed fields, as the record of looks names them.
const (
	FieldBase   = "dues_base"
	FieldAmount = "dues_amount"
	FieldRelief = "dues_relief"
)

// looks records that the actor saw a sealed field of members, where the members can read it: once a day for each account, member and field, unless a
// reason was given. One's own is not recorded.
func looks(ctx context.Context, tx *db.Tx, actor authz.Actor, p authz.Permission, field, purpose, reason string, members []Member) error {
	if len(members) == 0 || actor.IsSystem() {
		return nil
	}
	detail := map[string]any{"field": field}
	action := "dues.look." + field
	seen := map[id.ID]bool{actor.PersonID: true}
	if reason != "" {
		detail["reason"] = reason
	} else {
		people := make([]id.ID, len(members))
		for i, m := range members {
			people[i] = m.PersonID
		}
		a := &db.Args{}
		day := calendar.DateOf(tx.Now())
		there, err := db.Column[id.ID](ctx, tx, "SELECT person_id FROM audit_entry WHERE tenant_id = "+a.Add(actor.Tenant)+" AND person_id <> 0 AND "+db.In(a, "person_id", people)+
			" AND id >= "+a.Add(id.At(day.Time()))+" AND account_id = "+a.Add(actor.AccountID)+" AND action = "+a.Add(action)+" AND purpose = "+a.Add(purpose), a.Values()...)
		if err != nil {
			return err
		}
		for _, person := range there {
			seen[person] = true
		}
	}
	var all []audit.Entry
	for _, m := range members {
		if !seen[m.PersonID] {
			seen[m.PersonID] = true
			all = append(all, audit.Entry{Action: action, Permission: p, SubjectKind: "member", SubjectID: m.ID, PersonID: m.PersonID, OrgID: m.BranchID, Purpose: purpose, Detail: detail})
		}
	}
	return audit.RecordMany(ctx, tx, actor, all)
}
