package casework

import (
	"context"
	"slices"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/notice"
)

// casePath is where staff see a case.
const casePath = "/cases/"

// press tells those who are responsible for a case that somebody presses for it: whoever handles it, and who gives out the work of its organisation.
func (s *Service) press(ctx context.Context, tx *db.Tx, c *Case, by id.ID) error {
	accounts, err := s.responsibleFor(ctx, tx, c.tenant, []Case{*c}, nil)
	if err != nil {
		return err
	}
	delete(accounts, by)
	return s.notices.StaffTx(ctx, tx, notice.Message{Tenant: c.tenant, Kind: notice.KindPressed, SubjectKind: noticeSubject, SubjectID: c.ID, Path: casePath + c.ID.String(), Urgent: c.LimitHours > 0,
		Values: notice.Values{"number": i18n.Verbatim(c.No)}}, sorted(accounts)...)
}

// escalated tells those who are responsible for cases that became overdue, and those who supervise them above, once each however many there are.
func (s *Service) escalated(ctx context.Context, tx *db.Tx, tenant int64, late []Case, above map[id.ID]id.ID) error {
	if s.notices == nil || len(late) == 0 {
		return nil
	}
	accounts, err := s.responsibleFor(ctx, tx, tenant, late, above)
	if err != nil {
		return err
	}
	m := notice.Message{Tenant: tenant, Kind: notice.KindEscalated, Path: "/", Each: map[id.ID]notice.Values{}}
	var soon, later []id.ID // whoever has one with a limit in hours is told at any hour, others when it is quiet no more
	for _, account := range sorted(accounts) {
		m.Each[account] = notice.Values{"count": i18n.Verbatim(i18n.Number(accounts[account].cases))}
		if accounts[account].hours {
			soon = append(soon, account)
		} else {
			later = append(later, account)
		}
	}
	if err := s.notices.StaffTx(ctx, tx, m, later...); err != nil {
		return err
	}
	m.Urgent = true
	return s.notices.StaffTx(ctx, tx, m, soon...)
}

// due is what an account is told of: how many cases, and whether the limit of one is in hours.
type due struct {
	cases int64
	hours bool
}

// responsibleFor counts for each account the cases that it is told of: as whoever handles one; as who gives out the work, or sees what is confidential, at the organisation that has it; and as who
// supervises that from above. Nobody is told of a case that they do not see: what is confidential is nothing for those above, and what is about an organisation is nothing for whoever works there or below (CASE-8).
func (s *Service) responsibleFor(ctx context.Context, q db.Querier, tenant int64, list []Case, above map[id.ID]id.ID) (map[id.ID]due, error) {
	at := map[authz.Permission]map[id.ID][]id.ID{PermDispatch: {}, PermConfidential: {}, PermSupervise: {}}
	for _, c := range list {
		at[PermDispatch][c.OrgID], at[PermConfidential][c.OrgID] = nil, nil
	}
	over, err := supervising(ctx, q, tenant, list, above)
	if err != nil {
		return nil, err
	}
	for _, places := range over {
		for _, place := range places {
			at[PermSupervise][place] = nil
		}
	}
	for perm, orgs := range at {
		if err := s.holders(ctx, q, tenant, perm, orgs); err != nil {
			return nil, err
		}
	}
	seated, err := seatedAt(ctx, q, tenant, list)
	if err != nil {
		return nil, err
	}
	out := map[id.ID]due{}
	for _, c := range list {
		told := []id.ID{c.HandlerID}
		switch {
		case c.Visibility == ToNamed && c.HandlerID != 0:
		case c.closed():
			told = append(told, at[PermConfidential][c.OrgID]...)
		default:
			told = append(told, at[PermDispatch][c.OrgID]...)
			if !c.Confidential {
				for _, place := range over[c.OrgID] {
					told = append(told, at[PermSupervise][place]...)
				}
			}
		}
		slices.Sort(told)
		for _, account := range slices.Compact(told) {
			if account != 0 && !(account != c.HandlerID && slices.Contains(seated[c.AboutID], account)) {
				out[account] = due{out[account].cases + 1, out[account].hours || c.LimitHours > 0}
			}
		}
	}
	return out, nil
}

// supervising are the places at which a right to supervise reaches the organisations that have cases: the one above, or itself where none is; and 0, the whole district, beside the organisation
// that has none above. above is nil where nobody above is told.
func supervising(ctx context.Context, q db.Querier, tenant int64, list []Case, above map[id.ID]id.ID) (map[id.ID][]id.ID, error) {
	over := map[id.ID][]id.ID{}
	if above == nil {
		return over, nil
	}
	var places []id.ID
	for _, c := range list {
		place := above[c.OrgID]
		if place == 0 {
			place = c.OrgID
		}
		over[c.OrgID] = []id.ID{place}
		places = append(places, place)
	}
	up, err := parentsOf(ctx, q, tenant, places)
	for org, at := range over {
		if up[at[0]] == 0 {
			over[org] = append(at, 0)
		}
	}
	return over, err
}

// seatedAt are the accounts that work at or below the organisations that cases are about, in whatever role, by organisation.
func seatedAt(ctx context.Context, q db.Querier, tenant int64, list []Case) (map[id.ID][]id.ID, error) {
	about := map[id.ID]bool{}
	for _, c := range list {
		if c.AboutID != 0 {
			about[c.AboutID] = true
		}
	}
	out := map[id.ID][]id.ID{}
	if len(about) == 0 {
		return out, nil
	}
	type pair struct{ org, account id.ID }
	a := &db.Args{}
	rows, err := db.All(ctx, q, func(p *pair) []any { return []any{&p.org, &p.account} }, `SELECT o.id, h.account_id FROM organisation o JOIN organisation z ON z.tenant_id = o.tenant_id AND substr(z.path, 1, length(o.path)) = o.path
		JOIN role_grant h ON h.tenant_id = z.tenant_id AND h.organisation_id = z.id WHERE o.tenant_id = `+a.Add(tenant)+" AND "+db.In(a, "o.id", sorted(about))+" GROUP BY o.id, h.account_id ORDER BY o.id, h.account_id", a.Values()...)
	for _, r := range rows {
		out[r.org] = append(out[r.org], r.account)
	}
	return out, err
}

// holders fills in which accounts hold a permission today by a role at those very organisations.
func (s *Service) holders(ctx context.Context, q db.Querier, tenant int64, perm authz.Permission, orgs map[id.ID][]id.ID) error {
	if len(orgs) == 0 {
		return nil
	}
	type pair struct{ org, account id.ID }
	a := &db.Args{}
	on := a.Add(s.today().String())
	rows, err := db.All(ctx, q, func(p *pair) []any { return []any{&p.org, &p.account} }, "SELECT h.organisation_id, h.account_id FROM role_grant h JOIN role ro ON ro.tenant_id = h.tenant_id AND ro.code = h.role_code WHERE h.tenant_id = "+
		a.Add(tenant)+" AND "+db.In(a, "h.organisation_id", sorted(orgs))+" AND h.valid_from <= "+on+" AND (h.valid_to = '' OR h.valid_to >= "+on+") AND ' ' || ro.permissions || ' ' LIKE '% "+string(perm)+
		" %' GROUP BY h.organisation_id, h.account_id ORDER BY h.organisation_id, h.account_id", a.Values()...)
	for _, r := range rows {
		orgs[r.org] = append(orgs[r.org], r.account)
	}
	return err
}

// sorted are the keys of a map in their order.
func sorted[V any](m map[id.ID]V) []id.ID {
	out := make([]id.ID, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
