package db_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"linli/internal/db"
	"linli/internal/testkit"
)

// together runs functions so that on SQLite they share one commit, in their order: the first to come keeps the writer until
// all are waiting. It gives their outcomes.
func together(t testing.TB, d *db.DB, fns ...func(tx *db.Tx) error) []error {
	out := make([]error, len(fns))
	var wg sync.WaitGroup
	holding, free := make(chan struct{}), make(chan struct{})
	held := sync.OnceFunc(func() { close(holding) })
	wg.Go(func() {
		if err := d.WithTx(context.Background(), func(*db.Tx) error { held(); <-free; return nil }); err != nil {
			t.Errorf("the first: %v", err)
		}
	})
	<-holding
	for i, fn := range fns {
		wg.Go(func() { out[i] = d.WithTx(context.Background(), fn) })
		time.Sleep(200 * time.Microsecond) // in their order, mostly
	}
	close(free)
	wg.Wait()
	return out
}

func names(t testing.TB, d *db.DB) []string {
	t.Helper()
	list, err := db.Column[string](context.Background(), d, "SELECT name FROM policy WHERE tenant_id = $1 ORDER BY name", testkit.Tenant)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

var errBroken = errors.New("broken")

// deed is something that a function may do beside its neighbours; ok says whether it shall be there afterwards.
type deed struct {
	name string
	ok   bool
	do   func(tx *db.Tx, name string) error
}

var deeds = []deed{
	{"writes", true, func(tx *db.Tx, name string) error { return put(tx, name) }},
	{"writes twice", true, func(tx *db.Tx, name string) error { return errors.Join(put(tx, name), put(tx, name+"b")) }},
	{"writes, then fails", false, func(tx *db.Tx, name string) error { return errors.Join(put(tx, name), errBroken) }},
	{"fails at once", false, func(*db.Tx, string) error { return errBroken }},
	{"writes, then panics", false, func(tx *db.Tx, name string) error {
		if err := put(tx, name); err != nil {
			return err
		}
		panic("a fault")
	}},
	{"is refused at once", false, func(tx *db.Tx, name string) error { return put(tx, "taken") }},
	{"writes, then is refused", false, func(tx *db.Tx, name string) error {
		if err := put(tx, name); err != nil {
			return err
		}
		return put(tx, "taken")
	}},
	{"writes many, of which one is refused", false, func(tx *db.Tx, name string) error {
		list := []string{name + "a", name + "b", "taken", name + "c"}
		return tx.InsertMany(context.Background(), "policy", []string{"tenant_id", "name", "valid_from", "value", "set_at"}, len(list),
			func(i int) []any { return []any{testkit.Tenant, list[i], "2026-01-01", "", int64(0)} })
	}},
	{"writes with RETURNING, then fails", false, func(tx *db.Tx, name string) error {
		_, err := db.Value[string](context.Background(), tx, `INSERT INTO policy (tenant_id, name, valid_from, value, set_at)
			VALUES ($1, $2, '2026-01-01', '', 0) RETURNING name`, testkit.Tenant, name)
		return errors.Join(err, errBroken)
	}},
	{"changes nothing, then fails", false, func(tx *db.Tx, name string) error {
		return tx.Update(context.Background(), "UPDATE policy SET value = 'x' WHERE tenant_id = $1 AND name = 'none'", testkit.Tenant)
	}},
	{"deletes what is not its own, then fails", false, func(tx *db.Tx, name string) error {
		_, err := tx.Exec(context.Background(), "DELETE FROM policy WHERE tenant_id = $1", testkit.Tenant)
		return errors.Join(err, errBroken)
	}},
	{"leaves midway", false, func(tx *db.Tx, name string) error {
		ctx, leave := context.WithCancel(context.Background())
		defer leave()
		if err := insert(ctx, tx, name, ""); err != nil {
			return err
		}
		leave()
		return insert(ctx, tx, name+"b", "")
	}},
}

func put(tx *db.Tx, name string) error { return insert(context.Background(), tx, name, "") }

// TestAGroupKeepsWhoSucceeded draws groups of all that can happen and checks that exactly those are there afterwards who were
// told so.
func TestAGroupKeepsWhoSucceeded(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		must(t, d.WithTx(t.Context(), func(tx *db.Tx) error { return put(tx, "taken") }))
		want := []string{"taken"}
		round := 0
		rapid.Check(t, func(r *rapid.T) {
			var fns []func(*db.Tx) error
			var drawn []int
			// Where most fail, most groups run with savepoints; where few do, most without.
			kinds := rapid.SampledFrom([]int{len(deeds) - 1, 2, 3}).Draw(r, "kinds")
			for i := range rapid.IntRange(1, 8).Draw(r, "size") {
				k := rapid.IntRange(0, kinds).Draw(r, "deed")
				round++
				name := fmt.Sprintf("%06d-%d", round, i)
				drawn = append(drawn, k)
				fns = append(fns, func(tx *db.Tx) error { return deeds[k].do(tx, name) })
				if deeds[k].ok {
					want = append(want, name)
				}
				if deeds[k].name == "writes twice" {
					want = append(want, name+"b")
				}
			}
			for i, err := range together(t, d, fns...) {
				if (err == nil) != deeds[drawn[i]].ok {
					t.Fatalf("who %q got %v, in %v", deeds[drawn[i]].name, err, drawn)
				}
			}
			slices.Sort(want)
			if got := names(t, d); !slices.Equal(got, want) {
				t.Fatalf("after %v there are %d rows, want %d", drawn, len(got), len(want))
			}
		})
	})
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestOnlyAFailureThatWroteRunsOthersAgain counts how often the neighbours run on SQLite: once as long as nothing has to be
// taken back.
func TestOnlyAFailureThatWroteRunsOthersAgain(t *testing.T) {
	for _, c := range []struct {
		deed string
		runs int64
	}{{"writes", 1}, {"fails at once", 1}, {"is refused at once", 1}, {"changes nothing, then fails", 1},
		{"writes, then fails", 2}, {"writes many, of which one is refused", 2}, {"writes with RETURNING, then fails", 2}, {"leaves midway", 2}} {
		t.Run(c.deed, func(t *testing.T) {
			d := testkit.SQLite(t, time.Now)
			must(t, d.WithTx(t.Context(), func(tx *db.Tx) error { return put(tx, "taken") }))
			at := slices.IndexFunc(deeds, func(e deed) bool { return e.name == c.deed })
			for try := 0; ; try++ { // until they come in their order
				name := fmt.Sprint(try)
				var order []string // of the first runs; the writer runs one after another
				var before, after int64
				out := together(t, d, func(tx *db.Tx) error { before++; order = append(order, "before"); return put(tx, "before "+name) },
					func(tx *db.Tx) error { order = append(order, "middle"); return deeds[at].do(tx, "middle "+name) },
					func(tx *db.Tx) error { after++; order = append(order, "after"); return put(tx, "after "+name) })
				if out[0] != nil || out[2] != nil || (out[1] == nil) != deeds[at].ok {
					t.Fatalf("outcomes %v", out)
				}
				if !slices.Equal(order[:3], []string{"before", "middle", "after"}) && !slices.Equal(order[:3], []string{"before", "middle", "before"}) {
					if try == 100 {
						t.Fatalf("never in order: %v", order)
					}
					d = testkit.SQLite(t, time.Now) // which has met no failure yet
					must(t, d.WithTx(t.Context(), func(tx *db.Tx) error { return put(tx, "taken") }))
					continue
				}
				if before != c.runs || after != 1 {
					t.Errorf("the one before ran %d times, want %d; the one after %d times, want 1", before, c.runs, after)
				}
				return
			}
		})
	}
}

// TestWhatComesLaterBelongsToTheTransaction writes with Later before and behind reading, and lets it fail.
func TestWhatComesLaterBelongsToTheTransaction(t *testing.T) {
	const later = "INSERT INTO policy (tenant_id, name, valid_from, value, set_at) VALUES ($1, $2, '2026-01-01', '', 0)"
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		must(t, d.WithTx(ctx, func(tx *db.Tx) error { return tx.Later(ctx, later, testkit.Tenant, "a") }))
		must(t, d.WithTx(ctx, func(tx *db.Tx) error {
			if err := tx.Later(ctx, later, testkit.Tenant, "b"); err != nil {
				return err
			}
			n, err := db.Value[int64](ctx, tx, "SELECT count(*) FROM policy WHERE tenant_id = $1", testkit.Tenant)
			if n != 2 {
				t.Errorf("%d rows are seen, want 2", n)
			}
			return errors.Join(err, tx.Later(ctx, later, testkit.Tenant, "c"))
		}))
		must(t, d.WithTx(ctx, func(*db.Tx) error { return nil }))
		twice := d.WithTx(ctx, func(tx *db.Tx) error {
			return errors.Join(put(tx, "d"), tx.Later(ctx, later, testkit.Tenant, "a"))
		})
		if !db.IsUnique(twice) {
			t.Errorf("a double key at the end gave %v", twice)
		}
		seen := d.WithTx(ctx, func(tx *db.Tx) error {
			if err := tx.Later(ctx, later, testkit.Tenant, "a"); err != nil {
				return err
			}
			_, err := db.Value[int64](ctx, tx, "SELECT count(*) FROM policy WHERE tenant_id = $1", testkit.Tenant)
			return err
		})
		if !db.IsUnique(seen) {
			t.Errorf("a double key before reading gave %v", seen)
		}
		if d.Engine() == db.Postgres { // a fault that is not heeded undoes everything there, and must not look like success
			err := d.WithTx(ctx, func(tx *db.Tx) error {
				_ = put(tx, "a")
				return nil
			})
			if err == nil {
				t.Error("a transaction that was undone looks as if it were committed")
			}
		}
		if got := names(t, d); !slices.Equal(got, []string{"a", "b", "c"}) {
			t.Errorf("there are %v", got)
		}
	})
}

// TestFewAndManyRowsAreTheSame writes rows in numbers around those at which the way of writing changes.
func TestFewAndManyRowsAreTheSame(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		sum := int64(0)
		for _, n := range []int{0, 1, 2, 15, 16, 17, 179, 180, 181, 400, 6000} {
			must(t, d.WithTx(t.Context(), func(tx *db.Tx) error {
				return tx.InsertMany(t.Context(), "policy", []string{"tenant_id", "name", "valid_from", "value", "set_at"}, n,
					func(i int) []any {
						return []any{testkit.Tenant, fmt.Sprintf("%d of %d", i, n), "2026-01-01", "值", int64(i)}
					})
			}))
			sum += int64(n)
			if got := count(t, d); got != sum {
				t.Errorf("%d rows after writing %d, want %d", got, n, sum)
			}
		}
		odd, err := db.Value[int64](t.Context(), d, "SELECT count(*) FROM policy WHERE tenant_id = $1 AND (value <> '值' OR name NOT LIKE set_at || ' of %')", testkit.Tenant)
		if err != nil || odd != 0 {
			t.Errorf("%d rows are not as written, %v", odd, err)
		}
	})
}

const (
	writerFile = "LINLI_TEST_WRITER"
	killAfter  = 400 // acknowledged writes
)

// TestWhatIsAcknowledgedSurvivesAKill lets another process write in groups, with failures among them, kills it without warning
// and looks for every write that it was told of.
func TestWhatIsAcknowledgedSurvivesAKill(t *testing.T) {
	if file := os.Getenv(writerFile); file != "" {
		writeUntilKilled(t, file)
		return
	}
	d := testkit.SQLite(t, time.Now)
	cmd := exec.Command(os.Args[0], "-test.run=^TestWhatIsAcknowledgedSurvivesAKill$")
	cmd.Env = append(os.Environ(), writerFile+"="+d.File())
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	var told []string
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if name, is := strings.CutPrefix(lines.Text(), "wrote "); is {
			if told = append(told, name); len(told) == killAfter {
				must(t, cmd.Process.Kill())
			}
		}
	}
	if err := cmd.Wait(); err == nil || len(told) < killAfter {
		t.Fatalf("the writer ended by itself after %d writes: %v", len(told), err)
	}
	there := map[string]bool{}
	for _, n := range names(t, d) {
		there[n] = true
	}
	for _, n := range told {
		if !there[n] {
			t.Errorf("%s was acknowledged and is not there", n)
		}
	}
	for n := range there {
		if strings.HasPrefix(n, "failed") {
			t.Errorf("%s failed and is there", n)
		}
	}
}

func writeUntilKilled(t *testing.T, file string) {
	d, err := db.Open(context.Background(), "sqlite:"+file, db.Options{})
	must(t, err)
	var mu sync.Mutex
	for caller := range 16 {
		go func() {
			for i := 0; ; i++ {
				name := fmt.Sprintf("%02d-%06d", caller, i)
				err := d.WithTx(context.Background(), func(tx *db.Tx) error {
					if i%50 == 7 {
						return errors.Join(put(tx, "failed "+name), errBroken)
					}
					return put(tx, name)
				})
				if err == nil {
					mu.Lock()
					fmt.Println("wrote " + name)
					mu.Unlock()
				}
			}
		}()
	}
	time.Sleep(time.Minute) // the other process is quicker
}
