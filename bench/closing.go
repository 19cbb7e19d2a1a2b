package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/feedback"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/ledger"
)

// benchClose closes a quarter: it drafts a slip for each unit and community from the year's postings. The ceiling is the
// bare SQL that adds up the same sums.
func (w *world) benchClose(ctx context.Context) (float64, float64, error) {
	if err := w.posted(ctx); err != nil {
		return 0, 0, err
	}
	q := calendar.QuarterOf(calendar.DateOf(w.ours.app.DB.Now())).Prev()
	b, err := openBare(w.ours.address)
	if err != nil {
		return 0, 0, err
	}
	var drafted, added totals
	ours, ceiling, err := w.turns(w.o.Scale.Rounds, func() (float64, error) {
		took, err := w.closeOurs(ctx, q)
		if err != nil {
			return 0, err
		}
		if drafted, err = w.slipTotals(ctx, q); err != nil {
			return 0, err
		}
		return took, w.reopen(ctx, q)
	}, func() (took float64, err error) {
		took, added, err = b.addUp(ctx, w.ours.tenant, q)
		return took, err
	})
	if err == nil && drafted != added {
		err = fmt.Errorf("the slips say %+v, the postings %+v", drafted, added)
	}
	return ours, ceiling, errors.Join(err, b.close())
}

func (w *world) closeOurs(ctx context.Context, q calendar.Quarter) (float64, error) {
	began := time.Now()
	_, err := feedback.New(w.ours.app.DB).Close(ctx, w.ours.actor(), q)
	return millis(time.Since(began)), err
}

// totals are what both sides must agree on.
type totals struct{ minutes, timed, countersigned, vouched, deeds, activities, yearMinutes, yearDeeds int64 }

func (t *totals) dest() []any {
	return []any{&t.minutes, &t.timed, &t.countersigned, &t.vouched, &t.deeds, &t.activities, &t.yearMinutes, &t.yearDeeds}
}

func (t *totals) add(o totals) {
	t.minutes += o.minutes
	t.timed += o.timed
	t.countersigned += o.countersigned
	t.vouched += o.vouched
	t.deeds += o.deeds
	t.activities += o.activities
	t.yearMinutes += o.yearMinutes
	t.yearDeeds += o.yearDeeds
}

func (w *world) slipTotals(ctx context.Context, q calendar.Quarter) (totals, error) {
	return db.One(ctx, w.ours.app.DB, (*totals).dest, `SELECT sum(l.minutes), sum(l.timed), sum(l.countersigned), sum(l.vouched), sum(l.deeds), sum(l.activities),
		sum(l.year_minutes), sum(l.year_deeds) FROM slip s JOIN slip_line l ON l.tenant_id = s.tenant_id AND l.slip_id = s.id
		WHERE s.tenant_id = $1 AND s.quarter = $2`, w.ours.tenant, q)
}

// reopen takes the closing back, so that it can be measured again.
func (w *world) reopen(ctx context.Context, q calendar.Quarter) error {
	return w.ours.app.DB.WithTx(ctx, func(tx *db.Tx) error {
		for _, text := range []string{
			"DELETE FROM slip_line WHERE tenant_id = $1 AND slip_id IN (SELECT id FROM slip WHERE tenant_id = $1 AND quarter = $2)",
			"DELETE FROM slip WHERE tenant_id = $1 AND quarter = $2",
			"DELETE FROM quarter_close WHERE tenant_id = $1 AND quarter = $2",
		} {
			if _, err := tx.Exec(ctx, text, w.ours.tenant, q); err != nil {
				return err
			}
		}
		return nil
	})
}

// bareSums are the sums of a slip's lines, by community, unit and member.
const bareSums = `SELECT community_id, unit_id, member_id,
	sum(CASE WHEN quarter = $2 AND account = 'hours' THEN amount ELSE 0 END),
	sum(CASE WHEN quarter = $2 AND account = 'hours' AND proof = 'timed' THEN amount ELSE 0 END),
	sum(CASE WHEN quarter = $2 AND account = 'hours' AND proof = 'countersigned' THEN amount ELSE 0 END),
	sum(CASE WHEN quarter = $2 AND account = 'hours' AND proof = 'vouched' THEN amount ELSE 0 END),
	sum(CASE WHEN quarter = $2 AND account = 'deeds' THEN amount ELSE 0 END),
	sum(CASE WHEN quarter = $2 AND account = 'hours' AND amount > 0 THEN 1 WHEN quarter = $2 AND account = 'hours' AND amount < 0 THEN -1 ELSE 0 END),
	sum(CASE WHEN account = 'hours' THEN amount ELSE 0 END), sum(CASE WHEN account = 'deeds' THEN amount ELSE 0 END)
	FROM posting WHERE tenant_id = $1 AND quarter >= $3 AND quarter <= $2 GROUP BY community_id, unit_id, member_id`

// addUp runs the bare sums and reads every row.
func (b *bare) addUp(ctx context.Context, tenant int64, q calendar.Quarter) (float64, totals, error) {
	var all totals
	began := time.Now()
	rows, err := b.read.QueryContext(ctx, b.text(bareSums), tenant, q.String(), calendar.NewQuarter(q.Year(), 1).String())
	if err != nil {
		return 0, all, err
	}
	defer rows.Close()
	for rows.Next() {
		var community, unit, member int64
		var t totals
		if err := rows.Scan(append([]any{&community, &unit, &member}, t.dest()...)...); err != nil {
			return 0, all, err
		}
		all.add(t)
	}
	return millis(time.Since(began)), all, rows.Err()
}

// served is a member as the postings name them.
type served struct{ member, person, community, unit id.ID }

// posted gives the district its members and their postings of the year so far, once.
func (w *world) posted(ctx context.Context) error {
	if err := w.peopled(ctx); err != nil || w.ours.posted {
		return err
	}
	w.say(i18n.BenchPosting)
	w.ours.posting = true
	members, err := w.members(ctx)
	if err != nil {
		return err
	}
	q := calendar.QuarterOf(calendar.DateOf(w.ours.app.DB.Now())).Prev()
	first := calendar.NewQuarter(q.Year(), 1).Start()
	days := first.DaysUntil(q.End()) + 1
	const chunk = 20_000
	for at := 0; at < w.o.Scale.Postings; at += chunk {
		list := make([]ledger.Posting, 0, chunk)
		for i := at; i < min(at+chunk, w.o.Scale.Postings); i++ {
			list = append(list, postingAt(i, members, first.AddDays(i%days)))
		}
		err := w.ours.app.DB.WithTx(ctx, func(tx *db.Tx) error { return w.ours.app.Ledger.PostManyTx(ctx, tx, w.ours.actor(), list) })
		if err != nil {
			return err
		}
	}
	w.ours.posted, w.ours.posting = true, false
	return nil
}

// postingAt makes posting i: four of five count minutes, one counts deeds.
func postingAt(i int, members []served, on calendar.Date) ledger.Posting {
	m := members[i*7919%len(members)]
	p := ledger.Posting{Account: ledger.Hours, Amount: int64(1 + i%120), MemberID: m.member, PersonID: m.person, CommunityID: m.community, UnitID: m.unit,
		OnDate: on, Proof: ledger.Proofs[i%3], SourceKind: ledger.SourceAttendance, SourceID: id.New()}
	if i%5 == 4 {
		p.Account, p.Amount, p.SourceKind = ledger.Deeds, 1, ledger.SourceDeed
	}
	return p
}

// members makes residents members: each belongs to a unit, which stands for the branch there as well, and is registered in the community where they live.
func (w *world) members(ctx context.Context) ([]served, error) {
	d := w.ours
	type row struct {
		person, community id.ID
		name, key         string
	}
	people, err := db.All(ctx, d.app.DB, func(r *row) []any { return []any{&r.person, &r.community, &r.name, &r.key} },
		"SELECT id, community_id, name, name_key FROM person WHERE tenant_id = $1 ORDER BY id_index LIMIT $2", d.tenant, w.o.Scale.Members)
	if err != nil {
		return nil, err
	}
	list := make([]served, len(people))
	for i, p := range people {
		list[i] = served{id.New(), p.person, p.community, d.units[i%len(d.units)]}
	}
	since := calendar.DateOf(d.app.DB.Now()).AddYears(-2).String()
	return list, d.app.DB.WithTx(ctx, func(tx *db.Tx) error {
		now := db.Micros(tx.Now())
		if err := tx.InsertMany(ctx, "member", []string{"tenant_id", "id", "person_id", "kind", "name", "name_key", "home_id", "unit_id", "community_id", "since", "created_at", "updated_at"},
			len(list), func(i int) []any {
				m, p := list[i], people[i]
				return []any{d.tenant, int64(m.member), int64(m.person), "in_service", p.name, p.key, int64(m.unit), int64(m.unit), int64(m.community), since, now, now}
			}); err != nil {
			return err
		}
		return tx.InsertMany(ctx, "registration", []string{"tenant_id", "id", "member_id", "person_id", "unit_id", "community_id", "started_by", "state", "proposed_at", "proposed_by", "decided_at"},
			len(list), func(i int) []any {
				m := list[i]
				return []any{d.tenant, id.New(), int64(m.member), int64(m.person), int64(m.unit), int64(m.community), "community", "accepted", now, 0, now}
			})
	})
}
