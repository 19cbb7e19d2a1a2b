package bench

import (
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"linli/bench/standin"

	"linli/internal/i18n"
	"linli/internal/testkit"
)

// TestMain lets the test binary stand in for the program.
func TestMain(m *testing.M) { standin.Main(m) }

// TestEveryJobGivesAResult runs everything at a scale that measures nothing. The jobs check on their own that both sides
// serve the same rows, find the same people and come to the same sums.
func TestEveryJobGivesAResult(t *testing.T) {
	engines := map[string]string{"sqlite": "", "postgres": os.Getenv(testkit.PostgresEnv)}
	for name, server := range engines {
		t.Run(name, func(t *testing.T) {
			if name == "postgres" && server == "" {
				t.Fatalf("%s is not set: ./test starts a PostgreSQL server and sets it", testkit.PostgresEnv)
			}
			results, err := Run(t.Context(), Options{Scale: tiny, Server: server, Dir: t.TempDir()})
			if err != nil {
				t.Fatal(err)
			}
			text, err := json.Marshal(results)
			if err != nil {
				t.Fatal(err)
			}
			checkResults(t, text)
		})
	}
}

// TestKeptDatabasesAreUsedAgain runs twice in one folder; the second run makes nothing anew, and another size is refused.
func TestKeptDatabasesAreUsedAgain(t *testing.T) {
	for name, server := range map[string]string{"sqlite": "", "postgres": os.Getenv(testkit.PostgresEnv)} {
		t.Run(name, func(t *testing.T) {
			if name == "postgres" && server == "" {
				t.Fatalf("%s is not set: ./test starts a PostgreSQL server and sets it", testkit.PostgresEnv)
			}
			o := Options{Scale: tiny, Server: server, Dir: t.TempDir(), Keep: true, Jobs: []string{"list", "create", "close"}}
			var said []i18n.Text
			o.Progress = func(text i18n.Text) { said = append(said, text) }
			for run := range 2 {
				said = nil
				results, err := Run(t.Context(), o)
				if err != nil || len(results) != 3 {
					t.Fatalf("run %d: %v, %v", run, results, err)
				}
				made := slices.Contains(said, i18n.BenchFilling) || slices.Contains(said, i18n.BenchPosting)
				if made != (run == 0) {
					t.Errorf("run %d made residents or postings: %v", run, made)
				}
			}
			o.Scale.Name = "other"
			if _, err := Run(t.Context(), o); !errors.Is(err, ErrKept) {
				t.Errorf("another size gave %v, want ErrKept", err)
			}
			w, err := newWorld(t.Context(), Options{Scale: tiny, Server: server, Dir: o.Dir, Keep: true})
			if err != nil {
				t.Fatal(err)
			}
			if err := w.forget(); err != nil {
				t.Fatal(err)
			}
			if _, err := os.Stat(w.keptFile()); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("after forgetting there is still a note: %v", err)
			}
		})
	}
}

// TestGrowthIsMeasuredAtEverySize runs the jobs in a district, in a larger one and in one with two neighbours, and again on what was kept.
func TestGrowthIsMeasuredAtEverySize(t *testing.T) {
	for name, server := range map[string]string{"sqlite": "", "postgres": os.Getenv(testkit.PostgresEnv)} {
		t.Run(name, func(t *testing.T) {
			larger, city := tiny, tiny
			larger.Name, larger.Residents = "larger", 2*tiny.Residents
			city.Name, city.Neighbours, city.Beside = "city", 2, 150
			o := Options{Server: server, Dir: t.TempDir(), Keep: true}
			for run := range 2 {
				var got []string
				filled := 0
				o.Progress = func(text i18n.Text) {
					if text == i18n.BenchFilling {
						filled++
					}
				}
				err := Grow(t.Context(), o, []Scale{tiny, larger, city}, func(g Growth) {
					got = append(got, g.Job)
					if len(g.Millis) != 3 || len(g.Memory) != 3 || slices.Min(g.Memory) <= 0 || len(g.Ratios) != 2 || g.Ratios[1] != g.Millis[2]/g.Millis[1] || g.Met != (g.Ratios[1] <= g.Goal) {
						t.Errorf("%+v", g)
					}
					if want := []int{400, 800, 700}; !slices.Equal(g.Residents, want) {
						t.Errorf("%v residents, want %v", g.Residents, want)
					}
				})
				if err != nil || !slices.Equal(got, GrowthJobs()) || filled != 3*(1-run) {
					t.Fatalf("run %d: jobs %v, %d filled, %v", run, got, filled, err)
				}
			}
			w, err := newWorld(t.Context(), Options{Scale: city, Server: server, Dir: o.Dir + "/city", Keep: true})
			if err != nil {
				t.Fatal(err)
			}
			for i, tenant := range w.ours.neighbours {
				if n, err := countIn(t.Context(), w.ours.address, "person", tenant); err != nil || n != 150 {
					t.Errorf("neighbour %d has %d residents (%v)", i, n, err)
				}
			}
			for _, s := range []Scale{city, tiny, larger} {
				if s.Name != "city" {
					if w, err = newWorld(t.Context(), Options{Scale: s, Server: server, Dir: o.Dir + "/" + s.Name, Keep: true}); err != nil {
						t.Fatal(err)
					}
				}
				if err := w.forget(); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

func checkResults(t *testing.T, text []byte) {
	t.Helper()
	var list []map[string]any
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	var names []string
	for _, r := range list {
		names = append(names, r["job"].(string))
		for _, field := range []string{"ours", "ceiling", "ratio", "goal", "memory"} {
			if v, ok := r[field].(float64); !ok || v <= 0 {
				t.Errorf("%s: %s = %v, want a number above 0", r["job"], field, r[field])
			}
		}
		if _, ok := r["met"].(bool); !ok || len(r) != 7 {
			t.Errorf("%v, want job, ours, ceiling, ratio, goal, met, memory", r)
		}
	}
	if !slices.Equal(names, Jobs()) {
		t.Errorf("jobs %v, want %v", names, Jobs())
	}
}

func TestMetLooksTheRightWay(t *testing.T) {
	cases := []struct {
		name          string
		less          bool
		ours, ceiling float64
		goal          float64
		want          bool
	}{
		{"fast enough", false, 70, 100, 0.6, true},
		{"exactly", false, 60, 100, 0.6, true},
		{"too slow", false, 59, 100, 0.6, false},
		{"short enough", true, 290, 100, 3, true},
		{"too long", true, 310, 100, 3, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := job{name: "x", less: c.less, goal: c.goal}.result(c.ours, c.ceiling)
			if r.Met != c.want || r.Ratio != c.ours/c.ceiling {
				t.Errorf("met = %v, ratio = %v, want %v, %v", r.Met, r.Ratio, c.want, c.ours/c.ceiling)
			}
		})
	}
}

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		of   []float64
		want float64
	}{{[]float64{3}, 3}, {[]float64{9, 1, 5}, 5}, {[]float64{4, 1, 3, 2}, 2.5}} {
		if got := median(c.of); got != c.want {
			t.Errorf("median(%v) = %v, want %v", c.of, got, c.want)
		}
	}
}

func TestAJobThatThereIsNotIsRefused(t *testing.T) {
	if _, err := Run(t.Context(), Options{Scale: tiny, Jobs: []string{"lists"}}); !errors.Is(err, ErrNoJob) {
		t.Errorf("Run(lists) = %v, want ErrNoJob", err)
	}
}

// TestTheListIsTaken checks the invented list itself: a header and a line for each resident, no ID number twice.
func TestTheListIsTaken(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(string(residentList(tiny))), "\n")
	if len(lines) != tiny.Residents+1 || !strings.HasPrefix(lines[0], i18n.ResidentName.In(i18n.ZH)) {
		t.Fatalf("%d lines, first %q", len(lines), lines[0])
	}
	seen := map[string]bool{}
	for _, l := range lines[1:] {
		seen[strings.Split(l, ",")[1]] = true
	}
	if len(seen) != tiny.Residents {
		t.Errorf("%d different ID numbers of %d", len(seen), tiny.Residents)
	}
}
