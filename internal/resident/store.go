package resident

import (
	"context"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/retention"
)

// account is a row with the telephone as it is stored.
type account struct {
	id       id.ID
	phone    []byte
	person   id.ID
	provenAt time.Time
	provenBy string
	held     time.Time
	used     time.Time
	created  time.Time
	version  int64
}

const accountColumns = "a.id, a.phone, a.person_id, a.proven_at, a.proven_by, a.held_since, a.used_at, a.created_at, a.version"

func (a *account) dest() []any {
	return []any{&a.id, &a.phone, &a.person, db.Instant(&a.provenAt), &a.provenBy, db.Instant(&a.held), db.Instant(&a.used), db.Instant(&a.created), &a.version}
}

func byPhone(ctx context.Context, q db.Querier, tenant int64, key string) (account, error) {
	return db.One(ctx, q, (*account).dest, "SELECT "+accountColumns+" FROM resident_account a WHERE a.tenant_id = $1 AND a.phone_key = $2", tenant, key)
}

func byID(ctx context.Context, q db.Querier, tenant int64, i id.ID) (account, error) {
	return db.One(ctx, q, (*account).dest, "SELECT "+accountColumns+" FROM resident_account a WHERE a.tenant_id = $1 AND a.id = $2", tenant, i)
}

func insert(ctx context.Context, tx *db.Tx, tenant int64, key string, a account) error {
	_, err := tx.Exec(ctx, "INSERT INTO resident_account (tenant_id, id, phone, phone_key, held_since, used_at, created_at) VALUES ($1,$2,$3,$4,$5,$6,$6)",
		tenant, a.id, a.phone, key, db.Micros(a.held), db.Micros(a.created))
	return err
}

func (a account) save(ctx context.Context, tx *db.Tx, tenant int64) error {
	return tx.Update(ctx, "UPDATE resident_account SET person_id = $1, proven_at = $2, proven_by = $3, held_since = $4, used_at = $5, version = version + 1 WHERE tenant_id = $6 AND id = $7 AND version = $8",
		a.person, db.Micros(a.provenAt), a.provenBy, db.Micros(a.held), db.Micros(a.used), tenant, a.id, a.version)
}

// sent is the last code of a telephone.
type sent struct {
	code  string
	at    time.Time
	tries int64
	day   string
	count int64
}

func lastCode(ctx context.Context, q db.Querier, tenant int64, phone string) (sent, error) {
	return db.One(ctx, q, func(c *sent) []any { return []any{&c.code, db.Instant(&c.at), &c.tries, &c.day, &c.count} },
		"SELECT c.code_key, c.sent_at, c.tries, c.day, c.sent FROM resident_code c WHERE c.tenant_id = $1 AND c.phone_key = $2", tenant, phone)
}

func saveCode(ctx context.Context, tx *db.Tx, tenant int64, phone string, c sent) error {
	_, err := tx.Exec(ctx, `INSERT INTO resident_code (tenant_id, phone_key, code_key, sent_at, tries, day, sent) VALUES ($1,$2,$3,$4,0,$5,$6)
		ON CONFLICT (tenant_id, phone_key) DO UPDATE SET code_key = excluded.code_key, sent_at = excluded.sent_at, tries = 0, day = excluded.day, sent = excluded.sent`,
		tenant, phone, c.code, db.Micros(c.at), c.day, c.count)
	return err
}

// Sweep removes what is over: codes that nobody used, so that no list of telephones gathers (those of the day stay, because they are counted), sessions and slips.
func (s *Service) Sweep(ctx context.Context, tenant int64) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		for _, q := range []struct {
			text   string
			before time.Time
		}{
			{"DELETE FROM resident_code WHERE tenant_id = $1 AND sent_at < $2", tx.Now().Add(-48 * time.Hour)},
			{"DELETE FROM resident_session WHERE tenant_id = $1 AND expires_at < $2", tx.Now()},
			{"DELETE FROM resident_slip WHERE tenant_id = $1 AND expires_at < $2", tx.Now()},
		} {
			if _, err := tx.Exec(ctx, q.text, tenant, db.Micros(q.before)); err != nil {
				return err
			}
		}
		return nil
	})
}

// sentLately is to how many telephones a code was sent within the last hour.
func sentLately(ctx context.Context, q db.Querier, tenant int64, now time.Time) (int64, error) {
	return db.Value[int64](ctx, q, "SELECT count(*) FROM resident_code c WHERE c.tenant_id = $1 AND c.sent_at > $2", tenant, db.Micros(now.Add(-time.Hour)))
}

// endSessions ends the sessions of accounts.
func endSessions(ctx context.Context, tx *db.Tx, tenant int64, accounts []id.ID) error {
	a := &db.Args{}
	_, err := tx.Exec(ctx, "DELETE FROM resident_session WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "account_id", accounts), a.Values()...)
	return err
}

// RetentionKinds is the period of accounts that nobody uses.
func RetentionKinds() []retention.Kind {
	period := retention.Months("retention.resident_months", i18n.RetentionOwnAccount, 3, "PRIV-7")
	period.Default = 12
	return []retention.Kind{{Code: "resident.unused", Title: i18n.RetentionOwnAccount, Act: i18n.RetentionActDelete, Period: period,
		Past: func(a *db.Args, tenant int64, before calendar.Date) retention.Rows {
			return retention.Rows{ID: "r.id", From: "resident_account r WHERE r.tenant_id = " + a.Add(tenant) + " AND r.used_at < " + a.Add(db.Micros(before.Time()))}
		},
		Remove: remove}}
}

// remove removes accounts with everything that belongs to them.
func remove(ctx context.Context, tx *db.Tx, tenant int64, accounts []id.ID) error {
	if err := letGo(ctx, tx, tenant, accounts); err != nil {
		return err
	}
	a := &db.Args{}
	_, err := tx.Exec(ctx, "DELETE FROM resident_account WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "id", accounts), a.Values()...)
	return err
}

// ForgetTx ends that accounts are linked with persons whom the register forgets.
func ForgetTx(ctx context.Context, tx *db.Tx, tenant int64, persons []id.ID) error {
	for _, q := range []string{"UPDATE resident_account SET person_id = 0, proven_at = 0, proven_by = '', version = version + 1 WHERE tenant_id = ", "DELETE FROM resident_slip WHERE tenant_id = "} {
		a := &db.Args{}
		if _, err := tx.Exec(ctx, q+a.Add(tenant)+" AND person_id <> 0 AND "+db.In(a, "person_id", persons), a.Values()...); err != nil {
			return err
		}
	}
	return nil
}

// Accounts gives the accounts that are linked with one's own record.
func (s *Service) Accounts(ctx context.Context, actor authz.Actor) ([]Linked, error) {
	if actor.PersonID == 0 {
		return nil, nil
	}
	rows, err := db.All(ctx, s.db, (*account).dest, "SELECT "+accountColumns+" FROM resident_account a WHERE a.tenant_id = $1 AND a.person_id = $2 AND a.person_id <> 0 ORDER BY a.id LIMIT 50",
		actor.Tenant, actor.PersonID)
	var out []Linked
	for _, a := range rows {
		if err != nil {
			break
		}
		var mask string
		mask, err = s.mask(a)
		out = append(out, Linked{ID: a.id, Phone: mask, ProvenAt: a.provenAt, ProvenBy: a.provenBy, UsedAt: a.used})
	}
	return out, err
}
