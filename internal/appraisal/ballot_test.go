package appraisal_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"linli/internal/appraisal"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/testkit"
)

var i18nAny = i18n.ErrInvalid

// dump is everything that the database holds, row by row as text, by table.
func (w *branch) dump() map[string][]string {
	w.t.Helper()
	query := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`
	if w.d.Engine() == db.Postgres {
		query = `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()`
	}
	tables, err := db.Column[string](ctx, w.d, query)
	w.must(err)
	if len(tables) < 50 {
		w.t.Fatalf("found only %d tables", len(tables))
	}
	out := map[string][]string{}
	for _, table := range tables {
		rows, err := w.d.Query(ctx, "SELECT * FROM "+table)
		w.must(err)
		columns, err := rows.Columns()
		w.must(err)
		var list []string
		for rows.Next() {
			values, places := make([]any, len(columns)), make([]any, len(columns))
			for i := range values {
				places[i] = &values[i]
			}
			w.must(rows.Scan(places...))
			line := ""
			for i, c := range columns {
				v := values[i]
				if b, is := v.([]byte); is {
					v = string(b)
				}
				line += fmt.Sprintf("%s=%v ", c, v)
			}
			list = append(list, line)
		}
		w.must(rows.Err())
		w.must(rows.Close())
		out[table] = list
	}
	return out
}

// changed names the tables that differ.
func changed(a, b map[string][]string) []string {
	var out []string
	for table := range b {
		x, y := slices.Sorted(slices.Values(a[table])), slices.Sorted(slices.Values(b[table]))
		if !slices.Equal(x, y) {
			out = append(out, table)
		}
	}
	slices.Sort(out)
	return out
}

// TestNothingJoinsVoterAndChoice searches the whole database (PARTY-44, ELECT-20). A vote changes marks and counters and nothing else, neither of which has a time, an
// order or a key of the other; and after two votes the database is the same, byte for byte, whoever of the two cast which ballot, and in whatever order.
func TestNothingJoinsVoterAndChoice(t *testing.T) {
	each(t, func(w *branch) {
		w.to(appraisal.Voting)
		before := w.dump()
		w.clock.Advance(1)
		odd := w.ballot(0, appraisal.Qualified)
		odd[w.entry(3)] = appraisal.Unqualified
		w.must(w.s.Vote(ctx, w.own(0), w.entry(0), odd))
		after := w.dump()
		if got := changed(before, after); !slices.Equal(got, []string{"appraisal_mark", "appraisal_tally"}) {
			t.Errorf("a vote changed %v", got)
		}
		for table, columns := range map[string]string{"appraisal_mark": "entry_id round_id tenant_id way", "appraisal_tally": "choice entry_id round_id tenant_id votes"} {
			var names []string
			for _, part := range strings.Fields(after[table][0]) {
				names = append(names, strings.Split(part, "=")[0])
			}
			if got := strings.Join(slices.Sorted(slices.Values(names)), " "); got != columns {
				t.Errorf("%s has the columns %s, want %s", table, got, columns)
			}
		}
		for table, rows := range after { // what the voter's account or person is named in says nothing new
			if table == "appraisal_mark" || table == "appraisal_tally" {
				continue
			}
			if len(rows) != len(before[table]) {
				t.Errorf("%s has %d rows more", table, len(rows)-len(before[table]))
			}
		}

		// Two voters, two ballots, both ways round. The subjects are others than the two.
		ballots := func(voter int, about3 appraisal.Grade) appraisal.Ballot {
			b := w.ballot(voter, appraisal.Qualified)
			b[w.entry(3)] = about3
			return b
		}
		scene := func(first, second int, a, b appraisal.Grade) map[string][]string {
			w.must(w.s.Repeat(ctx, w.secretary, w.round, "重来", 0))
			w.must(w.s.Vote(ctx, w.own(first), w.entry(first), ballots(first, a)))
			w.clock.Advance(1000)
			w.must(w.s.Vote(ctx, w.own(second), w.entry(second), ballots(second, b)))
			d := w.dump()
			for _, table := range []string{"audit_entry", "audit_link", "appraisal_round"} { // these tell of the repetition, by the secretary
				delete(d, table)
			}
			return d
		}
		one := scene(1, 2, appraisal.Unqualified, appraisal.Excellent)
		for i, other := range []map[string][]string{scene(1, 2, appraisal.Excellent, appraisal.Unqualified), scene(2, 1, appraisal.Unqualified, appraisal.Excellent), scene(2, 1, appraisal.Excellent, appraisal.Unqualified)} {
			for table := range one {
				if w.d.Engine() == db.Postgres { // rows lie where the last writing put them
					slices.Sort(one[table])
					slices.Sort(other[table])
				}
				if !slices.Equal(one[table], other[table]) {
					t.Errorf("scene %d: %s tells who cast which ballot", i, table)
				}
			}
		}
		votes, err := db.Value[int64](ctx, w.d, `SELECT count(*) FROM audit_entry WHERE tenant_id = $1 AND account_id IN (100, 101, 102)`, testkit.Tenant)
		w.must(err)
		if votes != 0 {
			t.Errorf("the record of acts has %d entries of the voters", votes)
		}
	})
}

// TestEveryRowIsWrittenByEveryVote: on PostgreSQL a row names the transaction that wrote it last. All marks and counters of a round name the same one.
func TestEveryRowIsWrittenByEveryVote(t *testing.T) {
	each(t, func(w *branch) {
		if w.d.Engine() != db.Postgres {
			return // SQLite keeps no such number; rows stay in their place
		}
		w.to(appraisal.Voting)
		for i := range 3 {
			w.must(w.s.Vote(ctx, w.own(i), w.entry(i), w.ballot(i, appraisal.Choices()[i])))
			n, err := db.Value[int64](ctx, w.d, `SELECT count(DISTINCT x) FROM (SELECT xmin::text AS x FROM appraisal_mark UNION ALL SELECT xmin::text FROM appraisal_tally) y`)
			w.must(err)
			if n != 1 {
				t.Errorf("after vote %d the rows name %d transactions", i, n)
			}
		}
	})
}

// TestCountersEqualTheSumOfBallots votes at random, also twice, also for oneself, also with holes, and compares every counter with a naive sum kept beside it.
func TestCountersEqualTheSumOfBallots(t *testing.T) {
	each(t, func(w *branch) {
		w.to(appraisal.Voting)
		for seed := range uint64(6) {
			r := rand.New(rand.NewPCG(seed, 7))
			w.must(w.s.Repeat(ctx, w.secretary, w.round, "再来一次", 0))
			naive, voted := map[id.ID]map[appraisal.Grade]int64{}, map[int]bool{}
			for range 25 {
				i := r.IntN(full + 1)
				b, bad := w.ballot(i, appraisal.Qualified), false
				for _, e := range slices.Sorted(maps.Keys(b)) {
					b[e] = appraisal.Choices()[r.IntN(5)]
				}
				switch r.IntN(6) {
				case 0:
					b[w.entry(i)], bad = appraisal.Excellent, true // oneself, or a probationary member
				case 1:
					delete(b, w.entry((i+1)%full))
					bad = true
				case 2:
					b[w.entry((i+1)%full)], bad = "best", true
				}
				err := w.s.Vote(ctx, w.own(i), w.entry(i), b)
				switch {
				case i == full, voted[i]:
					w.wants(err, errs.Conflict, "")
				case bad:
					w.wants(err, errs.Invalid, "")
				default:
					w.must(err)
					voted[i] = true
					for e, g := range b {
						if naive[e] == nil {
							naive[e] = map[appraisal.Grade]int64{}
						}
						naive[e][g]++
					}
				}
				w.same(naive, int64(len(voted)))
			}
		}
	})
}

// same compares the counters with sums, and the marks with how many voted on phones.
func (w *branch) same(naive map[id.ID]map[appraisal.Grade]int64, voted int64) {
	w.t.Helper()
	w.counts(naive)
	if s := w.shown(); s.Turnout.Phone != voted || s.Voted != voted {
		w.t.Errorf("%d marks, want %d", s.Turnout.Phone, voted)
	}
}

func (w *branch) counts(naive map[id.ID]map[appraisal.Grade]int64) {
	w.t.Helper()
	type row struct {
		entry id.ID
		g     appraisal.Grade
		n     int64
	}
	rows, err := db.All(ctx, w.d, func(r *row) []any { return []any{&r.entry, &r.g, &r.n} }, `SELECT entry_id, choice, votes FROM appraisal_tally WHERE tenant_id = $1 AND round_id = $2`, testkit.Tenant, w.round)
	w.must(err)
	if len(rows) != full*5 {
		w.t.Fatalf("%d counters", len(rows))
	}
	for _, r := range rows {
		if naive[r.entry][r.g] != r.n {
			w.t.Errorf("%v %s: %d, want %d", r.entry, r.g, r.n, naive[r.entry][r.g])
		}
	}
}

// TestVotingAtOnce lets everybody vote at the same time, each of them three times.
func TestVotingAtOnce(t *testing.T) {
	each(t, func(w *branch) {
		w.to(appraisal.Voting)
		ballots := make([]appraisal.Ballot, full)
		entries := make([]id.ID, full)
		for i := range full {
			ballots[i], entries[i] = w.ballot(i, appraisal.Excellent), w.entry(i)
		}
		var group sync.WaitGroup
		var mu sync.Mutex
		done := map[int]int{}
		for i := range full {
			for range 3 {
				group.Go(func() {
					if w.s.Vote(ctx, w.own(i), entries[i], ballots[i]) == nil {
						mu.Lock()
						done[i]++
						mu.Unlock()
					}
				})
			}
		}
		group.Wait()
		naive := map[id.ID]map[appraisal.Grade]int64{}
		for i := range full {
			if done[i] != 1 {
				t.Errorf("voter %d voted %d times", i, done[i])
			}
			naive[entries[i]] = map[appraisal.Grade]int64{appraisal.Excellent: full - 1}
		}
		w.same(naive, full)
	})
}

// TestResultsHide: nothing before the ballot is closed; no split where fewer than three ballots could hide who cast them.
func TestResultsHide(t *testing.T) {
	each(t, func(w *branch) {
		w.to(appraisal.Voting)
		for i := range 3 {
			w.must(w.s.Vote(ctx, w.own(i), w.entry(i), w.ballot(i, appraisal.Excellent)))
		}
		splits := func() map[string]bool {
			list, err := w.s.Members(ctx, w.secretary, w.round, db.Page{})
			w.must(err)
			out := map[string]bool{}
			for _, r := range list.Items {
				out[r.Name] = r.Split.Shown
				if r.Split.Votes != nil && !r.Split.Shown {
					t.Errorf("%s has hidden numbers: %v", r.Name, r.Split.Votes)
				}
			}
			return out
		}
		if s := splits(); s["党员A"] || s["党员F"] || w.sheet(5).Split.Votes != nil {
			t.Errorf("shown while the ballot is open: %v", s)
		}
		w.advance(appraisal.Voting)
		if s := splits(); s["党员A"] || !s["党员F"] { // about A there are two ballots only: A cast the third
			t.Errorf("of three ballots are shown: %v", s)
		}
		w.wants(w.s.Vote(ctx, w.own(4), w.entry(4), w.ballot(4, appraisal.Excellent)), errs.Conflict, "")
		form, err := w.s.BallotForm(ctx, w.own(0), w.entry(0))
		w.must(err)
		if !form.Voted || form.Others != nil {
			t.Errorf("a ballot that was cast shows %+v", form)
		}
	})
}

// TestPaper counts ballots on paper beside those on phones (ELECT-10).
func TestPaper(t *testing.T) {
	each(t, func(w *branch) {
		w.to(appraisal.Voting)
		three := []id.ID{w.entry(0), w.entry(1), w.entry(2)}
		w.wants(w.s.GivePaper(ctx, w.secretary, w.round, nil), errs.Invalid, "entries")
		w.wants(w.s.GivePaper(ctx, w.secretary, w.round, three[:2]), errs.Invalid, "entries")
		w.wants(w.s.CountPaper(ctx, w.secretary, w.round, appraisal.Count{Teller: "甲", SecondTeller: "乙"}), errs.Conflict, "")
		w.must(w.s.GivePaper(ctx, w.secretary, w.round, three))
		w.wants(w.s.Vote(ctx, w.own(0), w.entry(0), w.ballot(0, appraisal.Excellent)), errs.Conflict, "")
		w.wants(w.s.Advance(ctx, w.secretary, w.round, appraisal.Voting, "原因", 0), errs.Conflict, "") // not counted

		good := func() appraisal.Count {
			c := appraisal.Count{Returned: 3, Valid: 3, Teller: "甲", SecondTeller: "乙", Votes: map[id.ID]map[appraisal.Grade]int64{}}
			for i := range full {
				c.Votes[w.entry(i)] = map[appraisal.Grade]int64{appraisal.Excellent: 1, appraisal.Qualified: 1}
			}
			return c
		}
		for field, change := range map[string]func(*appraisal.Count){
			"returned": func(c *appraisal.Count) { c.Returned = 4 }, "valid": func(c *appraisal.Count) { c.Returned = 2 }, "teller": func(c *appraisal.Count) { c.Teller = "" },
			"second_teller": func(c *appraisal.Count) { c.SecondTeller = "甲" }, appraisal.CountField(w.entry(0), appraisal.Excellent): func(c *appraisal.Count) { c.Votes[w.entry(0)][appraisal.Basic] = 2 },
			appraisal.CountField(w.entry(1), appraisal.Basic): func(c *appraisal.Count) { c.Votes[w.entry(1)][appraisal.Basic] = -1 },
		} {
			c := good()
			change(&c)
			w.wants(w.s.CountPaper(ctx, w.secretary, w.round, c), errs.Invalid, field)
		}
		c := good()
		c.Votes[w.entry(full)] = map[appraisal.Grade]int64{appraisal.Excellent: 1}
		w.wants(w.s.CountPaper(ctx, w.secretary, w.round, c), errs.Invalid, "")
		w.must(w.s.CountPaper(ctx, w.secretary, w.round, good()))
		naive := map[id.ID]map[appraisal.Grade]int64{}
		for i := range full {
			naive[w.entry(i)] = map[appraisal.Grade]int64{appraisal.Excellent: 1, appraisal.Qualified: 1, appraisal.Abstain: 1}
		}
		w.counts(naive)

		// Nobody used a phone: the count can be corrected, also after the ballot is closed. Then somebody does, and it cannot.
		better := good()
		for i := range full {
			better.Votes[w.entry(i)] = map[appraisal.Grade]int64{appraisal.Qualified: 3}
			naive[w.entry(i)] = map[appraisal.Grade]int64{appraisal.Qualified: 3}
		}
		w.must(w.s.CountPaper(ctx, w.secretary, w.round, better))
		w.counts(naive)
		w.wants(w.s.GivePaper(ctx, w.secretary, w.round, []id.ID{w.entry(3)}), errs.Conflict, "")
		w.must(w.s.Vote(ctx, w.own(3), w.entry(3), w.ballot(3, appraisal.Excellent)))
		w.wants(w.s.CountPaper(ctx, w.secretary, w.round, good()), errs.Conflict, "")
		w.must(w.s.Advance(ctx, w.secretary, w.round, appraisal.Voting, "", 0))
		if s := w.sheet(0); s.Split.Shown || s.Split.Votes != nil { // three on paper, and one on a phone that could be told from them
			t.Errorf("one ballot on a phone shows in %+v", s.Split)
		}
		if s := w.sheet(3); !s.Split.Shown || s.Split.Votes[appraisal.Qualified] != 3 { // the one on a phone is their own
			t.Errorf("three on paper: %+v", s.Split)
		}
		w.wants(w.s.Repeat(ctx, w.secretary, w.round, "", 0), errs.Invalid, "reason")
		w.must(w.s.Repeat(ctx, w.secretary, w.round, "纸质票多收一张", 0))
		// Who could read how the ballots were split cannot let one more vote and look again.
		for i := range 3 {
			w.must(w.s.Vote(ctx, w.own(i), w.entry(i), w.ballot(i, appraisal.Qualified)))
		}
		w.must(w.s.Advance(ctx, w.secretary, w.round, appraisal.Voting, "只到了三个人", 0))
		if s := w.shown(); s.Repeatable {
			t.Error("a ballot that was read can be repeated")
		}
		w.wants(w.s.Repeat(ctx, w.secretary, w.round, "再投一次", 0), errs.Conflict, "")
	})
}

// TestABallotIsRepeated takes back everything that was counted.
func TestABallotIsRepeated(t *testing.T) {
	each(t, func(w *branch) {
		w.to(appraisal.Voting)
		w.must(w.s.Vote(ctx, w.own(0), w.entry(0), w.ballot(0, appraisal.Qualified)))
		if s := w.shown(); !s.Repeatable {
			t.Error("an open ballot cannot be repeated")
		}
		w.must(w.s.Repeat(ctx, w.secretary, w.round, "有人没看清", 0))
		if s := w.shown(); s.Step != appraisal.Voting || s.Turnout.Used() != 0 || s.PaperValid != 0 || s.Teller != "" {
			t.Errorf("repeated: %+v", s)
		}
		w.counts(nil)
	})
}
