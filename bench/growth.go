package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"time"

	"linli/internal/app"
	"linli/internal/i18n"
)

// Growth is what one job took at several sizes, in milliseconds, and how many times longer it took than at the size before.
type Growth struct {
	Job       string    `json:"job"`
	Scales    []string  `json:"scales"`
	Residents []int     `json:"residents"`
	Millis    []float64 `json:"millis"`
	Ratios    []float64 `json:"ratios"` // one fewer than there are sizes
	Goal      float64   `json:"goal"`   // the last ratio shall be at most this
	Met       bool      `json:"met"`
	Memory    []float64 `json:"memory"` // megabytes that the process held at most, all sizes being open

	Title i18n.Text `json:"-"`
}

// flat is how many times longer something may take among seven times as many residents that concerns one page or one person.
const flat = 1.5

// growing is a job that is measured at several sizes. What is linear may take as many times longer as there are more residents.
type growing struct {
	name   string
	title  i18n.Text
	linear bool
	ready  func(g *grown, ctx context.Context) (func() (float64, error), error) // gives what measures one turn, in milliseconds
}

func growths() []growing {
	return []growing{
		{"record", i18n.BenchRecord, false, (*grown).record},
		{"list", i18n.BenchList, false, (*grown).list},
		{"search", i18n.BenchSearch, false, (*grown).search},
		{"create", i18n.BenchCreate, false, (*grown).create},
		{"report", i18n.BenchReportPage, false, (*grown).report},
		{"roll", i18n.BenchRoll, true, (*grown).roll},
	}
}

// GrowthJobs are the names of the jobs that are measured at several sizes.
func GrowthJobs() []string {
	var names []string
	for _, j := range growths() {
		names = append(names, j.name)
	}
	return names
}

// grown is a world of one size with its server.
type grown struct {
	w      *world
	s      *server
	token  string
	enters string
	reader *reader
}

// Grow measures jobs at several sizes, smallest first, by turns, without a ceiling: what counts is how many times longer each takes than at the size before.
// Of the options it takes Server, Jobs, Dir, Keep, Progress and Note; each size has its databases in a folder of its own.
func Grow(ctx context.Context, o Options, scales []Scale, done func(Growth)) (err error) {
	for _, name := range o.Jobs {
		if !slices.Contains(GrowthJobs(), name) {
			return fmt.Errorf("%w: %s", ErrNoJob, name)
		}
	}
	dir, remove, err := o.folder()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, remove()) }()
	var sizes []*grown
	defer func() {
		for _, g := range sizes {
			err = errors.Join(err, g.close())
		}
	}()
	for _, s := range scales {
		of := o
		of.Scale, of.Dir = s, filepath.Join(dir, s.Name)
		g, err := grow(ctx, of)
		if err != nil {
			return err
		}
		sizes = append(sizes, g)
	}
	for _, j := range growths() {
		if len(o.Jobs) > 0 && !slices.Contains(o.Jobs, j.name) {
			continue
		}
		sizes[0].w.say(j.title)
		g, err := j.measure(ctx, sizes)
		if err != nil {
			return fmt.Errorf("%s: %w", j.name, err)
		}
		done(g)
	}
	return nil
}

func grow(ctx context.Context, o Options) (*grown, error) {
	w, err := newWorld(ctx, o)
	if err != nil {
		return nil, err
	}
	g := &grown{w: w}
	if err := w.posted(ctx); err != nil {
		return nil, errors.Join(err, g.close())
	}
	if g.token, err = w.token(ctx, w.ours.communities[0]); err == nil {
		g.enters, err = w.token(ctx, w.ours.communities[len(w.ours.communities)-1])
	}
	if err == nil {
		g.s, err = serve(w.ours.app.Handler(app.Serving{Version: "bench", APIRate: -1}))
	}
	if err != nil {
		return nil, errors.Join(err, g.close())
	}
	return g, nil
}

func (g *grown) close() error {
	var err error
	if g.reader != nil {
		err = g.reader.close()
	}
	if g.s != nil {
		err = errors.Join(err, g.s.close())
	}
	return errors.Join(err, g.w.close())
}

// measure takes the sizes by turns, so that whatever else the machine does meets all, and gives the medians.
func (j growing) measure(ctx context.Context, sizes []*grown) (Growth, error) {
	out := Growth{Job: j.name, Title: j.title}
	var turn []func() (float64, error)
	for _, g := range sizes {
		one, err := j.ready(g, ctx)
		if err != nil {
			return out, err
		}
		if _, err := one(); err != nil { // warm
			return out, err
		}
		turn = append(turn, one)
		out.Scales, out.Residents = append(out.Scales, g.w.o.Scale.Name), append(out.Residents, g.w.o.Scale.All())
	}
	for _, g := range sizes {
		g.w.lighten()
	}
	took := make([][]float64, len(sizes))
	rounds := 2*sizes[0].w.o.Scale.Rounds + 1
	if j.linear {
		rounds = sizes[0].w.o.Scale.Rounds
	}
	for range rounds {
		for i, one := range turn {
			ms, err := sizes[i].w.weigh(one)
			if err != nil {
				return out, err
			}
			took[i] = append(took[i], ms)
			sizes[i].w.note("%s %.4g ms", out.Scales[i], ms)
		}
	}
	for i := range sizes {
		out.Millis, out.Memory = append(out.Millis, median(took[i])), append(out.Memory, sizes[i].w.peak)
		if i == 0 {
			continue
		}
		ratio := out.Millis[i] / out.Millis[i-1]
		out.Goal = flat
		if j.linear {
			out.Goal = float64(out.Residents[i]) / float64(out.Residents[i-1])
		}
		out.Ratios, out.Met = append(out.Ratios, ratio), ratio <= out.Goal
	}
	return out, nil
}

// slice is how long the requests of one turn go on.
func (g *grown) slice() time.Duration { return min(g.w.o.Scale.Slice, time.Second) }

// reads measures requests for pages, eight callers at once, in milliseconds of the server for each.
func (g *grown) reads(ctx context.Context, paths []string) func() (float64, error) {
	requests := make([][]byte, len(paths))
	for i, path := range paths {
		requests[i] = g.s.request(http.MethodGet, path, g.token, "")
	}
	return func() (float64, error) {
		rate, err := g.s.load(ctx, readers, g.slice(), func(n int64) []byte { return requests[int(n)%len(requests)] })
		return 1000 / rate, err
	}
}

func (g *grown) list(ctx context.Context) (func() (float64, error), error) {
	return g.reads(ctx, []string{pagePath}), nil
}

func (g *grown) record(ctx context.Context) (func() (float64, error), error) {
	first, err := fetch[page](g.s, pagePath, g.token)
	if err == nil && len(first.Items) == 0 {
		err = errors.New("bench: nobody is on the first page")
	}
	var paths []string
	for _, it := range first.Items {
		paths = append(paths, listPath+"/"+it.ID)
	}
	return g.reads(ctx, paths), err
}

func (g *grown) search(ctx context.Context) (func() (float64, error), error) {
	names := g.w.names()
	return func() (float64, error) { return g.w.find(ctx, names) }, nil
}

func (g *grown) create(ctx context.Context) (func() (float64, error), error) {
	p := &pair{w: g.w}
	return func() (float64, error) {
		g.w.ours.entered++
		from := g.w.ours.entered * 1_000_000
		rate, err := g.s.load(ctx, writers, g.slice(), func(n int64) []byte { return g.s.request(http.MethodPost, listPath, g.enters, p.newResident(from+n)) })
		return 1000 / rate, err
	}, nil
}

func (g *grown) report(ctx context.Context) (func() (float64, error), error) {
	if g.reader == nil {
		var err error
		if g.reader, err = g.w.reader(ctx); err != nil {
			return nil, err
		}
	}
	const times = 10
	return func() (sum float64, err error) {
		for range times {
			ms, err := g.reader.report(ctx)
			if err != nil {
				return 0, err
			}
			sum += ms
		}
		return sum / times, nil
	}, nil
}

// roll works out every figure of the quarter for all places of all districts in the database, as a night does.
func (g *grown) roll(ctx context.Context) (func() (float64, error), error) {
	d := g.w.ours
	p := g.w.period()
	return func() (float64, error) {
		began := time.Now()
		for _, tenant := range append([]int64{d.tenant}, d.neighbours...) {
			if err := d.app.Figure.Roll(ctx, tenant, p, nil); err != nil {
				return 0, err
			}
		}
		return millis(time.Since(began)), nil
	}, nil
}
