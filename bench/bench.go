package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"linli/internal/i18n"
)

// Result is what one job gave. Ratio is Ours / Ceiling; Met says whether it keeps the goal.
type Result struct {
	Job     string  `json:"job"`
	Ours    float64 `json:"ours"`
	Ceiling float64 `json:"ceiling"`
	Ratio   float64 `json:"ratio"`
	Goal    float64 `json:"goal"`
	Met     bool    `json:"met"`
	Memory  float64 `json:"memory"` // megabytes that the process held at most while ours was at work; 0 where the system does not tell

	Less  bool      `json:"-"` // the ratio shall be at most the goal, not at least
	Title i18n.Text `json:"-"`
	Unit  i18n.Text `json:"-"`
}

// Options are what a caller may choose.
type Options struct {
	Scale    Scale
	Server   string                   // postgres://… on which databases can be made; "" measures on SQLite
	Jobs     []string                 // names of the jobs; all if empty
	Program  string                   // the program whose memory is measured: it is started with "serve"
	Dir      string                   // where the databases lie; a folder of its own below the system's if ""
	Keep     bool                     // keep the databases in Dir, and use those that an earlier run kept there
	Progress func(text i18n.Text)     // told what is being done; may be nil
	Done     func(r Result)           // told each result; may be nil
	Note     func(f string, a ...any) // details of the measurement; may be nil
}

// job is one thing that is measured.
type job struct {
	name  string
	title i18n.Text
	unit  i18n.Text
	goal  float64
	less  bool
	run   func(w *world, ctx context.Context) (ours, ceiling float64, err error)
}

func jobs() []job {
	return []job{
		{"import", i18n.BenchImport, i18n.BenchRows, 0.5, false, (*world).benchImport},
		{"import-excel", i18n.BenchImportExcel, i18n.BenchRows, 0.5, false, (*world).benchImportExcel},
		{"list", i18n.BenchList, i18n.BenchRequests, 0.6, false, (*world).benchList},
		{"record", i18n.BenchRecord, i18n.BenchRequests, 0.6, false, (*world).benchRecord},
		{"create", i18n.BenchCreate, i18n.BenchRequests, 1.5, false, (*world).benchCreate},
		{"map", i18n.CaseMap, i18n.BenchRequests, 0.6, false, (*world).benchMap},
		{"case", i18n.BenchCase, i18n.BenchRequests, 1.5, false, (*world).benchCase},
		{"public", i18n.BenchPublic, i18n.BenchRequests, 0.6, false, (*world).benchPublic},
		{"desk", i18n.BenchDesk, i18n.BenchRequests, 0.6, false, (*world).benchDesk},
		{"offers", i18n.BenchOffers, i18n.BenchRequests, 0.6, false, (*world).benchOffers},
		{"outlets", i18n.BenchOutlets, i18n.BenchRequests, 0.6, false, (*world).benchOutlets},
		{"search", i18n.BenchSearch, i18n.BenchMillis, 0.05, true, (*world).benchSearch},
		{"close", i18n.BenchClose, i18n.BenchMillis, 3, true, (*world).benchClose},
		{"figures", i18n.BenchFigures, i18n.BenchMillis, 3, true, (*world).benchFigures},
		{"coverage", i18n.BenchCoverage, i18n.BenchMillis, 3, true, (*world).benchCoverage},
		{"report", i18n.BenchReport, i18n.BenchMillis, 1.5, true, (*world).benchReport},
		{"export", i18n.BenchExport, i18n.BenchMillis, 3, true, (*world).benchExport},
		{"export-csv", i18n.BenchExportCSV, i18n.BenchMillis, 3, true, (*world).benchExportCSV},
		{"fill", i18n.FillTitle, i18n.BenchMillis, 3, true, (*world).benchFill},
		{"storm", i18n.BenchStorm, i18n.BenchRequests, 1, false, (*world).benchStorm},
		{"start", i18n.BenchStart, i18n.BenchMillis, 1, true, (*world).benchStart},
		{"memory", i18n.BenchMemory, i18n.BenchMegabytes, 1, true, (*world).benchMemory},
	}
}

// Jobs are the names of all jobs in the order in which they run.
func Jobs() []string {
	var names []string
	for _, j := range jobs() {
		names = append(names, j.name)
	}
	return names
}

// ErrNoJob is returned for a job that there is not.
var ErrNoJob = errors.New("bench: no such job")

// Run measures the jobs asked for.
func Run(ctx context.Context, o Options) (results []Result, err error) {
	for _, name := range o.Jobs {
		if !slices.Contains(Jobs(), name) {
			return nil, fmt.Errorf("%w: %s (%s)", ErrNoJob, name, strings.Join(Jobs(), ", "))
		}
	}
	w, err := newWorld(ctx, o)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	results = []Result{}
	for _, j := range jobs() {
		if len(o.Jobs) > 0 && !slices.Contains(o.Jobs, j.name) {
			continue
		}
		w.say(j.title)
		w.lighten()
		began := time.Now()
		ours, ceiling, err := j.run(w, ctx)
		if err != nil {
			return results, fmt.Errorf("%s: %w", j.name, err)
		}
		w.note("%s took %.1f s", j.name, time.Since(began).Seconds())
		r := j.result(ours, ceiling)
		r.Memory = w.peak
		if o.Done != nil {
			o.Done(r)
		}
		results = append(results, r)
	}
	return results, nil
}

func (j job) result(ours, ceiling float64) Result {
	r := Result{Job: j.name, Ours: ours, Ceiling: ceiling, Ratio: ours / ceiling, Goal: j.goal, Less: j.less, Title: j.title, Unit: j.unit}
	r.Met = r.Ratio >= r.Goal
	if j.less {
		r.Met = r.Ratio <= r.Goal
	}
	return r
}

func (w *world) say(text i18n.Text) {
	if w.o.Progress != nil {
		w.o.Progress(text)
	}
}

func (w *world) note(format string, args ...any) {
	if w.o.Note != nil {
		w.o.Note(format, args...)
	}
}

// turns measures ours and the ceiling by turns, so that whatever else the machine does meets both, and gives the medians.
func (w *world) turns(rounds int, ours, ceiling func() (float64, error)) (a, b float64, err error) {
	var as, bs []float64
	for range rounds {
		if a, err = w.weigh(ours); err != nil {
			return 0, 0, fmt.Errorf("ours: %w", err)
		}
		if b, err = ceiling(); err != nil {
			return 0, 0, fmt.Errorf("ceiling: %w", err)
		}
		w.note("ours %.4g, ceiling %.4g, ratio %.3f", a, b, a/b)
		as, bs = append(as, a), append(bs, b)
	}
	return median(as), median(bs), nil
}

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	if n := len(v); n%2 == 0 {
		return (v[n/2-1] + v[n/2]) / 2
	}
	return v[len(v)/2]
}

func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func (o Options) folder() (dir string, remove func() error, err error) {
	if o.Dir != "" {
		return o.Dir, func() error { return nil }, os.MkdirAll(o.Dir, 0o700)
	}
	dir, err = os.MkdirTemp("", "linli-bench-")
	return dir, func() error { return os.RemoveAll(dir) }, err
}
