package meeting_test

import (
	"testing"

	"linli/internal/body"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/meeting"
	"linli/internal/retention"
	"linli/internal/testkit"
)

// A member who has left is forgotten in the seats of bodies, an open one of which ends, and in the lists of who was invited; nobody else is.
func TestMembersWhoLeftAreForgotten(t *testing.T) {
	each(t, func(w *world) {
		gone, stays := id.New(), id.New()
		for _, m := range []id.ID{gone, stays} {
			testkit.Exec(t, w.d, `INSERT INTO body_seat (tenant_id, id, body_id, organisation_id, member_id, name, title, role, valid_from, created_at)
				VALUES ($1,$2,$3,$4,$2,$5,'科长','member','2026-01-01',1)`, testkit.Tenant, m, w.body, w.mill, "姓名"+m.String())
			testkit.Exec(t, w.d, `INSERT INTO meeting_recipient (tenant_id, id, meeting_id, member_id, person_id, name, answer, reason) VALUES ($1,$2,1,$2,$2,$3,'away','住院')`,
				testkit.Tenant, m, "姓名"+m.String())
		}
		w.must(w.d.WithTx(ctx, func(tx *db.Tx) error {
			if err := body.AnonymiseTx(ctx, tx, testkit.Tenant, []id.ID{gone}); err != nil {
				return err
			}
			return meeting.AnonymiseTx(ctx, tx, testkit.Tenant, []id.ID{gone})
		}))
		for _, c := range []struct {
			member              id.ID
			name, title, to, of string
		}{{gone, retention.Gone(), "", "2026-03-10", ""}, {stays, "姓名" + stays.String(), "科长", "", "住院"}} {
			var name, title, to, invited, reason string
			if err := w.d.QueryRow(ctx, "SELECT s.name, s.title, s.valid_to, r.name, r.reason FROM body_seat s JOIN meeting_recipient r ON r.tenant_id = s.tenant_id AND r.id = s.id WHERE s.tenant_id = $1 AND s.id = $2",
				testkit.Tenant, c.member).Scan(&name, &title, &to, &invited, &reason); err != nil {
				t.Fatal(err)
			}
			if name != c.name || title != c.title || to != c.to || invited != c.name || reason != c.of {
				t.Errorf("%s %s %s %s %s, want %+v", name, title, to, invited, reason, c)
			}
		}
	})
}
