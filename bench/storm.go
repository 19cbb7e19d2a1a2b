package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"linli/internal/app"
	"linli/internal/authn"
	"linli/internal/db"
	"linli/internal/id"
)

// atTheDoor is how many members sign in during one turn.
const atTheDoor = 1000

// signer is a member with a session.
type signer struct {
	member, person, unit id.ID
	cookie               string
}

// signers are members with accounts and sessions.
func (w *world) signers(ctx context.Context, n int) ([]signer, error) {
	d := w.ours
	list, err := db.All(ctx, d.app.DB, func(s *signer) []any { return []any{&s.member, &s.person, &s.unit} },
		"SELECT id, person_id, unit_id FROM member WHERE tenant_id = $1 ORDER BY id LIMIT $2", d.tenant, n)
	if err != nil {
		return nil, err
	}
	accounts := make([]authn.NewAccount, len(list))
	for i, s := range list {
		accounts[i] = authn.NewAccount{Login: "signer-" + id.New().String(), Name: "Bench", PersonID: s.person, Keep: true, Grants: []authn.NewGrant{{Role: app.RoleMember, OrgID: d.communities[0]}}}
	}
	cookies, _, err := Enter(ctx, d.app, d.actor(), authn.TemporaryPassword(), accounts)
	for i := range cookies {
		list[i].cookie = cookies[i]
	}
	return list, err
}

// held is an activity of the first community that goes on now, and the digits on its screen.
func (w *world) held(ctx context.Context) (id.ID, string, error) {
	d := w.ours
	a, err := Hold(ctx, d.app, d.actor(), d.communities[0], 2*time.Hour)
	if err != nil {
		return 0, "", err
	}
	s, err := d.app.Activity.Screen(ctx, d.actor(), a)
	return a, s.Digits, err
}

// benchStorm lets members sign in at one activity, 32 at a time, each once: the session, the code, the checks, the attendance and the audit. The ceiling writes the
// same two rows, ready made, in a transaction for each request.
func (w *world) benchStorm(ctx context.Context) (ours, ceiling float64, err error) {
	if err := errors.Join(w.posted(ctx), w.filled(ctx)); err != nil {
		return 0, 0, err
	}
	people, err := w.signers(ctx, min(atTheDoor, w.o.Scale.Members))
	if err != nil {
		return 0, 0, err
	}
	platform, err := serve(w.ours.app.Handler(app.Serving{Version: "bench"}))
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, platform.close()) }()
	bare, err := serve((&bareHandler{b: w.bare, tenant: w.ours.tenant}).door(w.ours.communities[0]))
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, bare.close()) }()
	return w.turns(2*w.o.Scale.Rounds-1, func() (float64, error) {
		a, digits, err := w.held(ctx)
		if err != nil {
			return 0, err
		}
		rate, err := platform.all(writers, len(people), func(n int) []byte {
			return platform.form("/m/sign/in", people[n].cookie, url.Values{"activity": {a.String()}, "digits": {digits}})
		})
		if err != nil {
			return 0, err
		}
		there, err := db.Value[int64](ctx, w.ours.app.DB, "SELECT count(*) FROM attendance WHERE tenant_id = $1 AND activity_id = $2", w.ours.tenant, a)
		if err == nil && int(there) != len(people) {
			err = fmt.Errorf("%d of %d members are signed in", there, len(people))
		}
		return rate, err
	}, func() (float64, error) {
		a := id.New().String()
		return bare.all(writers, len(people), func(n int) []byte {
			p := people[n]
			return bare.form("/m/sign/in", "", url.Values{"activity": {a}, "member": {p.member.String()}, "person": {p.person.String()}, "unit": {p.unit.String()}})
		})
	})
}

// form is a form as a browser sends it.
func (s *server) form(path, cookie string, values url.Values) []byte {
	body := values.Encode()
	head := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n", path, s.addr, len(body))
	if cookie != "" {
		head += "Cookie: linli_session=" + cookie + "\r\n"
	}
	return []byte(head + "\r\n" + body)
}

// door takes sign-ins with nothing around them.
func (h *bareHandler) door(community id.ID) http.Handler {
	attended := h.b.writer(`INSERT INTO attendance (tenant_id, id, activity_id, member_id, person_id, community_id, unit_id, in_at, proof, state, at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,'timed','in',$9)`)
	recorded := h.b.writer(`INSERT INTO audit_entry (tenant_id, id, at, account_id, actor_name, actor_role, action, subject_kind, subject_id, person_id, organisation_id, purpose, detail, request_id, digest)
		VALUES ($1,$2,$3,0,'x','','attendance.in','attendance',$4,$5,$6,'','{}','','x')`)
	return h.answer(func(r *http.Request) (any, error) {
		var ids [4]int64
		for i, name := range []string{"activity", "member", "person", "unit"} {
			var err error
			if ids[i], err = strconv.ParseInt(r.PostFormValue(name), 10, 64); err != nil {
				return nil, err
			}
		}
		one, now := int64(id.New()), time.Now().UnixMicro()
		tx, err := h.b.write.BeginTx(r.Context(), nil)
		if err != nil {
			return nil, err
		}
		defer tx.Rollback() // after the commit it does nothing
		if _, err := tx.StmtContext(r.Context(), attended).ExecContext(r.Context(), h.tenant, one, ids[0], ids[1], ids[2], int64(community), ids[3], now, now); err != nil {
			return nil, err
		}
		if _, err := tx.StmtContext(r.Context(), recorded).ExecContext(r.Context(), h.tenant, int64(id.New()), now, one, ids[2], int64(community)); err != nil {
			return nil, err
		}
		return map[string]int64{"id": one}, tx.Commit()
	})
}
