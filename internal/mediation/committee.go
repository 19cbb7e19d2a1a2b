package mediation

import (
	"context"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// The law on committees (MED-2).
const (
	LeastMembers = 3
	MostMembers  = 9
	TermYears    = 3
)

// The sexes of members, as the register writes them.
const (
	Female = "2"
	Male   = "1"
)

// Committee is the mediation committee of a community.
type Committee struct {
	OrgID     id.ID
	Org       string
	Name      string // "" where there is none yet
	ElectedOn calendar.Date
	Count     int64
	Women     int64
	Version   int64
	Members   []Member // of Committee alone
}

// EndsOn is the last day of its term.
func (c Committee) EndsOn() calendar.Date {
	if c.ElectedOn.IsZero() {
		return calendar.Date{}
	}
	return c.ElectedOn.AddYears(TermYears).AddDays(-1)
}

// Member is somebody in a committee.
type Member struct {
	ID        id.ID
	Name      string
	Sex       string
	Head      bool
	AccountID id.ID
	Login     string
	SinceOn   calendar.Date
}

// Faults says what the law misses in a committee on a day. Nothing is blocked by it: what it mediated stays.
func (c Committee) Faults(day calendar.Date) []errs.Message {
	var out []errs.Message
	say := func(t i18n.Text, args ...any) { out = append(out, errs.Message{Text: t, Args: args}) }
	if c.Name == "" {
		say(i18n.MediationNoCommittee)
		return out
	}
	switch {
	case c.Count < LeastMembers:
		say(i18n.MediationFewMembers, LeastMembers, c.Count)
	case c.Count > MostMembers:
		say(i18n.MediationManyMembers, MostMembers, c.Count)
	}
	if c.Count > 0 && c.Women == 0 {
		say(i18n.MediationNoWoman)
	}
	if day.After(c.EndsOn()) {
		say(i18n.MediationTermOver, c.EndsOn().String())
	}
	return out
}

var committeeOrg = authz.Columns{Tenant: "o.tenant_id", Orgs: []string{"o.id"}}

const committeeQuery = `SELECT o.id, coalesce(CASE WHEN o.short_name <> '' THEN o.short_name ELSE o.name END, ''), coalesce(c.name, ''), coalesce(c.elected_on, ''), coalesce(c.version, 0),
	(SELECT count(*) FROM mediation_member b WHERE b.tenant_id = o.tenant_id AND b.org_id = o.id AND b.ended_on = ''),
	(SELECT count(*) FROM mediation_member b WHERE b.tenant_id = o.tenant_id AND b.org_id = o.id AND b.ended_on = '' AND b.sex = '2')
	FROM organisation o LEFT JOIN mediation_committee c ON c.tenant_id = o.tenant_id AND c.org_id = o.id WHERE o.kind = 'community_party' AND o.dissolved_on = '' AND `

func (c *Committee) dest() []any {
	return []any{&c.OrgID, &c.Org, &c.Name, &c.ElectedOn, &c.Version, &c.Count, &c.Women}
}

// Committees lists the communities in scope with their committees (PermCommittee, or PermMediate at one's own), by name.
func (s *Service) Committees(ctx context.Context, actor authz.Actor, page db.Page) (db.List[Committee], error) {
	a := &db.Args{}
	where := keeps(actor).Where(a, committeeOrg)
	more, tail := a.Keyset(page, db.Order{IDColumn: "o.id"})
	rows, err := db.All(ctx, s.db, (*Committee).dest, committeeQuery+where+more+tail, a.Values()...)
	return db.Cut(rows, page, func(c Committee) db.Cursor { return db.Cursor{ID: c.OrgID} }), err
}

// keeps is where somebody may look at committees.
func keeps(actor authz.Actor) authz.Scope {
	return actor.Scope(PermCommittee).Or(actor.Held(PermMediate))
}

// Committee gives a community's committee with its members.
func (s *Service) Committee(ctx context.Context, actor authz.Actor, org id.ID) (Committee, error) {
	c, err := findCommittee(ctx, s.db, keeps(actor), org)
	if err == nil {
		c.Members, err = members(ctx, s.db, actor.Tenant, org)
	}
	return c, err
}

func findCommittee(ctx context.Context, q db.Querier, scope authz.Scope, org id.ID) (Committee, error) {
	a := &db.Args{}
	return db.One(ctx, q, (*Committee).dest, committeeQuery+scope.Where(a, committeeOrg)+" AND o.id = "+a.Add(org), a.Values()...)
}

func members(ctx context.Context, q db.Querier, tenant int64, org id.ID) ([]Member, error) {
	return db.All(ctx, q, func(m *Member) []any {
		return []any{&m.ID, &m.Name, &m.Sex, &m.Head, &m.AccountID, &m.Login, &m.SinceOn}
	}, `SELECT b.id, b.name, b.sex, b.head, b.account_id, coalesce(k.login, ''), b.since_on FROM mediation_member b
		LEFT JOIN account k ON k.tenant_id = b.tenant_id AND k.id = b.account_id AND b.account_id <> 0
		WHERE b.tenant_id = $1 AND b.org_id = $2 AND b.ended_on = '' ORDER BY b.id LIMIT 100`, tenant, org)
}

// committee changes a committee that the actor keeps, in one transaction.
func (s *Service) committee(ctx context.Context, actor authz.Actor, org id.ID, act string, do func(tx *db.Tx, c Committee) (map[string]any, error)) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		c, err := findCommittee(ctx, tx, actor.Scope(PermCommittee), org)
		if err != nil {
			return err
		}
		detail, err := do(tx, c)
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "mediation." + act, Permission: PermCommittee, SubjectKind: "organisation", SubjectID: org, OrgID: org, Detail: detail})
	})
}

// SaveCommittee names a community's committee and says when it was elected (PermCommittee). A new day of election begins a new term; who is a member stays until
// they are taken out.
func (s *Service) SaveCommittee(ctx context.Context, actor authz.Actor, org id.ID, version int64, name string, elected calendar.Date) error {
	e := errs.Words(nil, "name", &name, MaxName, true)
	if elected.IsZero() {
		e = e.With("elected", i18n.ErrRequired)
	} else if elected.After(calendar.DateOf(s.db.Now())) {
		e = e.With("elected", i18n.MediationFuture)
	}
	if e != nil {
		return e
	}
	return s.committee(ctx, actor, org, "committee_save", func(tx *db.Tx, c Committee) (map[string]any, error) {
		detail := map[string]any{"elected": elected.String()}
		if c.Name == "" {
			_, err := tx.Exec(ctx, `INSERT INTO mediation_committee (tenant_id, org_id, name, elected_on, updated_at) VALUES ($1,$2,$3,$4,$5)`, actor.Tenant, org, name, elected, db.Micros(tx.Now()))
			if db.IsUnique(err) {
				err = errs.New(errs.Conflict, i18n.ErrConflict)
			}
			return detail, err
		}
		return detail, tx.Update(ctx, `UPDATE mediation_committee SET name = $1, elected_on = $2, updated_at = $3, version = version + 1 WHERE tenant_id = $4 AND org_id = $5 AND version = $6`,
			name, elected, db.Micros(tx.Now()), actor.Tenant, org, version)
	})
}

// NewMember is somebody who comes into a committee.
type NewMember struct {
	Name  string
	Sex   string
	Head  bool
	Login string // of their account; "" for none
}

// AddMember takes somebody into a committee (PermCommittee). There is one head; who was it before is so no longer.
func (s *Service) AddMember(ctx context.Context, actor authz.Actor, org id.ID, n NewMember) error {
	e := errs.Words(nil, "member", &n.Name, MaxName, true)
	if n.Sex != Female && n.Sex != Male {
		e = e.With("sex", i18n.ErrBadChoice)
	}
	if e = errs.Words(e, "login", &n.Login, 60, false); e != nil {
		return e
	}
	return s.committee(ctx, actor, org, "member_add", func(tx *db.Tx, c Committee) (map[string]any, error) {
		if c.Name == "" {
			return nil, errs.New(errs.Conflict, i18n.MediationNoCommittee)
		}
		if c.Count >= MostMembers {
			return nil, errs.Field("member", i18n.MediationManyMembers, MostMembers, c.Count)
		}
		var account id.ID
		if n.Login != "" {
			var err error
			if account, err = accountOf(ctx, tx, actor.Tenant, org, n.Login, calendar.DateOf(tx.Now())); err != nil {
				return nil, err
			}
			switch {
			case account == 0:
				return nil, errs.Field("login", i18n.MediationNoAccount)
			case account == actor.AccountID && !actor.Held(PermCommittee).Covers(org): // who keeps committees from above reads no files by way of it
				return nil, errs.Field("login", i18n.MediationNotOneself)
			}
		}
		if n.Head {
			if _, err := tx.Exec(ctx, `UPDATE mediation_member SET head = FALSE WHERE tenant_id = $1 AND org_id = $2 AND head = TRUE`, actor.Tenant, org); err != nil {
				return nil, err
			}
		}
		_, err := tx.Exec(ctx, `INSERT INTO mediation_member (tenant_id, id, org_id, name, sex, head, account_id, since_on) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`,
			actor.Tenant, id.New(), org, n.Name, n.Sex, n.Head, account, calendar.DateOf(tx.Now()))
		return map[string]any{"account": account.String(), "head": n.Head}, err
	})
}

// accountOf is the active account of a log-in name that holds at an organisation itself, on a day, a role that mediates; 0 where there is none.
func accountOf(ctx context.Context, q db.Querier, tenant int64, org id.ID, login string, day calendar.Date) (id.ID, error) {
	a := &db.Args{}
	return db.Value[id.ID](ctx, q, "SELECT k.id FROM account k WHERE k.tenant_id = "+a.Add(tenant)+" AND k.login = "+a.Add(login)+` AND k.status = 'active' AND EXISTS (
		SELECT 1 FROM role_grant g JOIN role r ON r.tenant_id = g.tenant_id AND r.code = g.role_code
		WHERE g.tenant_id = k.tenant_id AND g.account_id = k.id AND g.organisation_id = `+a.Add(org)+" AND g.valid_from <= "+a.Add(day)+" AND (g.valid_to = '' OR g.valid_to >= "+a.Add(day)+
		") AND (' ' || r.permissions || ' ') LIKE "+a.Add("% "+string(PermServe)+" %")+")", a.Values()...)
}

// EndMember takes somebody out of a committee (PermCommittee). What they mediated they see no longer; others are named for it.
func (s *Service) EndMember(ctx context.Context, actor authz.Actor, org, member id.ID) error {
	return s.committee(ctx, actor, org, "member_end", func(tx *db.Tx, _ Committee) (map[string]any, error) {
		n, err := tx.Exec(ctx, `UPDATE mediation_member SET ended_on = $1, head = FALSE WHERE tenant_id = $2 AND org_id = $3 AND id = $4 AND ended_on = ''`,
			calendar.DateOf(tx.Now()), actor.Tenant, org, member)
		if err == nil && n == 0 {
			err = errs.ErrNotFound
		}
		return map[string]any{"member": member.String()}, err
	})
}
