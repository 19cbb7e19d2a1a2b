package transfer_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/testkit"
	"linli/internal/transfer"
)

// model is what should be so: the branch of each member, and the branch to which each open transfer leads.
type model struct {
	home    map[id.ID]id.ID
	leads   map[id.ID]id.ID // by open transfer; 0 out of the district
	of      map[id.ID]id.ID // the member of each transfer
	state   map[id.ID]transfer.State
	validTo map[id.ID]calendar.Date
}

// TestAMemberBelongsToOneBranch drives random acts of all sides on some members over time and holds after each: a member belongs to exactly the branch
// that the last receipt says, has at most one open transfer, and what was allowed is exactly what the state allows (MOB-8).
func TestAMemberBelongsToOneBranch(t *testing.T) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		rapid.Check(t, func(rt *rapid.T) {
			w := build(t, d, clock)
			branches := []id.ID{w.a, w.a1, w.b, w.u1}
			everybody := testkit.Actor(testkit.Tenant, nil, all...)
			m := model{map[id.ID]id.ID{}, map[id.ID]id.ID{}, map[id.ID]id.ID{}, map[id.ID]transfer.State{}, map[id.ID]calendar.Date{}}
			var members, transfers []id.ID
			for _, name := range []string{"李示例", "王示例", "赵示例"} {
				x := w.member(name, w.a1)
				members = append(members, x)
				m.home[x] = w.a1
			}
			for range rapid.IntRange(5, 25).Draw(rt, "acts") {
				if rapid.IntRange(0, 3).Draw(rt, "wait") == 0 {
					w.clock.Set(w.s.Today().AddDays(rapid.IntRange(1, 60).Draw(rt, "days")).Time())
				}
				if len(transfers) == 0 || rapid.IntRange(0, 3).Draw(rt, "what") == 0 {
					who, to := rapid.SampledFrom(members).Draw(rt, "who"), rapid.SampledFrom(append(slices.Clone(branches), 0)).Draw(rt, "to")
					if x := w.randomStart(rt, everybody, &m, who, to); x != 0 {
						transfers = append(transfers, x)
					}
				} else {
					w.randomAct(rt, everybody, &m, rapid.SampledFrom(transfers).Draw(rt, "transfer"))
				}
				w.holds(rt, m, members)
			}
		})
	})
}

func (m *model) open(member id.ID) bool {
	for x := range m.leads {
		if m.of[x] == member {
			return true
		}
	}
	return false
}

func (w *town) randomStart(rt *rapid.T, actor authz.Actor, m *model, who, to id.ID) id.ID {
	r := w.inside(to)
	if to == 0 {
		r = transfer.Route{Direction: transfer.Out, Outside: "某县某局党委", Cause: transfer.Job}
	}
	out, err := w.s.Start(ctx, actor, transfer.Batch{Members: []id.ID{who}, Route: r})
	may := m.home[who] != 0 && m.home[who] != to && !m.open(who)
	if (err == nil) != may {
		rt.Fatalf("start of a member of %s to %s, open %v: %v", m.home[who], to, m.open(who), err)
	}
	if err != nil {
		return 0
	}
	x := out.IDs[0]
	m.leads[x], m.of[x], m.state[x] = to, who, transfer.Requested
	return x
}

// at is the state of a transfer today, in the model.
func (m *model) at(x id.ID, today calendar.Date) transfer.State {
	if m.state[x] == transfer.InTransit && m.validTo[x].Before(today) {
		return transfer.Expired
	}
	return m.state[x]
}

func (w *town) randomAct(rt *rapid.T, actor authz.Actor, m *model, x id.ID) {
	today, version := w.s.Today(), w.version(x)
	now := m.at(x, today)
	stale := rapid.IntRange(0, 5).Draw(rt, "stale") == 0
	if stale {
		version--
	}
	valid := today.AddDays(rapid.IntRange(0, 90).Draw(rt, "valid"))
	act := rapid.SampledFrom([]string{"approve", "issue", "receive", "return", "refuse", "withdraw"}).Draw(rt, "act")
	var err error
	var may []transfer.State
	switch act {
	case "approve":
		err, may = w.s.Approve(ctx, actor, x, version, calendar.Date{}), []transfer.State{transfer.Requested}
	case "issue":
		err, may = w.s.Issue(ctx, actor, x, version, valid), []transfer.State{transfer.ApprovedOut, transfer.InTransit, transfer.Expired}
	case "receive":
		err, may = w.s.Receive(ctx, actor, x, version, calendar.Date{}, "回执"), []transfer.State{transfer.InTransit}
	case "return":
		err, may = w.s.Return(ctx, actor, x, version, "理由"), []transfer.State{transfer.InTransit, transfer.Expired}
	case "refuse":
		err, may = w.s.Refuse(ctx, actor, x, version, "理由"), []transfer.State{transfer.Requested}
	case "withdraw":
		err, may = w.s.Withdraw(ctx, actor, x, version, "理由"), []transfer.State{transfer.Requested, transfer.ApprovedOut, transfer.InTransit, transfer.Expired}
	}
	if allowed := !stale && slices.Contains(may, now); (err == nil) != allowed {
		rt.Fatalf("%s of a transfer that is %s, stale %v: %v", act, now, stale, err)
	}
	if err != nil {
		if errs.KindOf(err) != errs.Conflict {
			rt.Fatalf("%s of a transfer that is %s: %v", act, now, err)
		}
		return
	}
	switch act {
	case "approve":
		m.state[x] = transfer.ApprovedOut
	case "issue":
		m.state[x], m.validTo[x] = transfer.InTransit, valid
	case "receive":
		m.state[x], m.home[m.of[x]] = transfer.Received, m.leads[x]
		delete(m.leads, x)
	default:
		m.state[x] = map[string]transfer.State{"return": transfer.Returned, "refuse": transfer.Refused, "withdraw": transfer.Withdrawn}[act]
		delete(m.leads, x)
	}
}

// holds compares what is stored with the model.
func (w *town) holds(rt *rapid.T, m model, members []id.ID) {
	for _, x := range members {
		type row struct {
			home  id.ID
			ended calendar.Date
			open  int64
		}
		got, err := db.One(ctx, w.d, func(r *row) []any { return []any{&r.home, &r.ended, &r.open} }, `SELECT home_id, ended_on, (SELECT count(*) FROM transfer t
			WHERE t.tenant_id = m.tenant_id AND t.member_id = m.id AND t.state IN ('requested', 'approved_out', 'in_transit')) FROM member m WHERE m.tenant_id = $1 AND m.id = $2`, testkit.Tenant, x)
		if err != nil {
			rt.Fatal(err)
		}
		left := m.home[x] == 0
		if got.open > 1 || left == got.ended.IsZero() || !left && got.home != m.home[x] || got.home == 0 {
			rt.Fatalf("member %s: %+v, the model says %s", x, got, m.home[x])
		}
	}
	for x := range m.state {
		d, err := w.s.Get(ctx, testkit.Actor(testkit.Tenant, nil, all...), x)
		if err != nil || d.State != m.at(x, w.s.Today()) {
			rt.Fatalf("transfer %s is %s, the model says %s: %v", x, d.State, m.at(x, w.s.Today()), err)
		}
	}
	if found, err := w.s.Verify(ctx, w.d, testkit.Tenant); err != nil || len(found) > 0 {
		rt.Fatalf("verify says %v, %v", found, err)
	}
}
