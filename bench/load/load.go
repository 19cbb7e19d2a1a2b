package load

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"linli/bench"
	"linli/internal/errs"
	"linli/internal/i18n"
)

// Options are what a caller may choose.
type Options struct {
	Scale    bench.Scale
	Server   string // postgres://… on which a database can be made; "" for SQLite
	Dir      string // where the folder of the run is made; below the system's if ""
	Servers  int    // processes on the database; several only on PostgreSQL
	Program  string // is started with "serve"; this very program if ""
	Times    float64
	For      time.Duration // of each phase
	Storm    int           // members who sign in within the first minute of the busy time
	Fault    Fault
	Kills    int
	Disturb  string // a command run in the middle of the busy time
	Progress func(t i18n.Text, args ...any)

	only []string // visits that come; all if empty
}

// expected is how many acts of a share of what is written may come, with room to spare.
func (o Options) expected(share float64) float64 {
	seconds := o.For.Seconds() + 2*float64(o.Kills) // a kill takes so long at most
	return (1 + o.Times) * share * written * seconds * 1.5
}

// signers is how many members are needed.
func (o Options) signers() int { return int(o.expected(0.1)) + 5 + o.Storm }

// possible refuses what the scale, or the place of the database, does not allow.
func (o Options) possible() error {
	if o.signers() > o.Scale.Residents && o.Storm > 0 {
		return errs.New(errs.Invalid, i18n.LoadFewMembers, o.Scale.Residents, o.signers())
	}
	if (o.Fault == Disk || o.Fault == Slow) && o.Server != "" && o.Dir == "" {
		return errs.New(errs.Invalid, i18n.LoadWhichDisk)
	}
	return nil
}

// coldStarts is how often a cold start is measured.
const coldStarts = 5

// runner is one run.
type runner struct {
	o      Options
	w      *world
	fleet  fleet
	acks   map[kind]map[string]bool
	broken atomic.Int64 // until when, in Unix nanoseconds, somebody may be turned away
	report Report
}

func (r *runner) say(t i18n.Text, args ...any) {
	if r.o.Progress != nil {
		r.o.Progress(t, args...)
	}
}

// Run makes a district, lives through a quiet and a busy time, and checks what was acknowledged.
func Run(ctx context.Context, o Options) (rep Report, err error) {
	if err := o.possible(); err != nil {
		return rep, err
	}
	if o.Storm > 0 { // however small the district is, so many are there
		o.Scale.Members = max(o.Scale.Members, o.signers())
	}
	if o.Dir, err = os.MkdirTemp(o.Dir, "linli-load-"); err != nil {
		return rep, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(o.Dir)) }()
	if err := o.smallDisk(); err != nil {
		return rep, err
	}
	if o.Program == "" {
		if o.Program, err = os.Executable(); err != nil {
			return rep, err
		}
	}
	r := &runner{o: o, acks: map[kind]map[string]bool{}, report: Report{Engine: "sqlite", Scale: o.Scale.Name, Servers: max(1, o.Servers), Times: o.Times, Problems: []string{}}}
	if o.Server != "" {
		r.report.Engine = "postgres"
	}
	laid, err := bench.Lay(ctx, bench.Options{Scale: o.Scale, Server: o.Server, Dir: o.Dir, Progress: func(t i18n.Text) { r.say(t) }})
	if err != nil {
		return rep, err
	}
	defer func() { err = errors.Join(err, laid.Drop()) }()
	r.say(i18n.LoadLaying)
	if r.w, err = furnish(ctx, laid, int(o.expected(0.4))+20, o.signers()); err != nil {
		return rep, err
	}
	defer func() { err = errors.Join(err, r.fleet.close()) }()
	for n := range max(1, o.Servers) {
		s, err := newServer(o, laid, n+1)
		if err != nil {
			return rep, err
		}
		r.fleet = append(r.fleet, s)
	}
	err = r.live(ctx)
	return r.report, err
}

func (r *runner) live(ctx context.Context) error {
	if err := r.cold(ctx); err != nil {
		return err
	}
	visits := slices.DeleteFunc(day(), func(c coming) bool { return len(r.o.only) > 0 && !slices.Contains(r.o.only, c.name) })
	peak := 0.0
	for _, v := range visits {
		peak += v.rate
	}
	quiet, err := r.phase(ctx, i18n.LoadQuiet, []any{number(peak), r.o.For}, peak, visits, false)
	if err != nil {
		return err
	}
	r.report.Quiet = quiet
	busy := slices.Clone(visits)
	for i := range busy {
		busy[i].rate *= r.o.Times
	}
	rate := peak * r.o.Times
	if r.report.Busy, err = r.phase(ctx, i18n.LoadBusy, []any{number(r.o.Times), number(rate), r.o.For}, rate, busy, true); err != nil {
		return err
	}
	if quiet.All.P99 > 0 {
		r.report.Ratio = r.report.Busy.All.P99 / quiet.All.P99
	}
	wait(ctx, min(r.o.For, 10*time.Second)) // at rest
	r.report.RestMB = r.fleet.memory()
	r.report.DBRestMB = r.database(ctx)
	if r.o.Fault == Kill { // the last end is no better than the others
		err = errors.Join(r.fleet.alive(), r.fleet.kill())
	} else {
		err = errors.Join(r.fleet.alive(), r.fleet.stop())
	}
	if err != nil {
		return err
	}
	r.say(i18n.LoadChecking)
	return r.w.check(ctx, r.acks, &r.report)
}

// cold measures starts of a server that was stopped in order, and leaves it running.
func (r *runner) cold(ctx context.Context) error {
	r.say(i18n.LoadColdly)
	var starts []float64
	for i := range coldStarts {
		took, err := r.fleet[0].start(ctx)
		if err != nil {
			return err
		}
		starts = append(starts, float64(took.Microseconds())/1000)
		if i < coldStarts-1 {
			if err := r.fleet[0].stop(); err != nil {
				return err
			}
		}
	}
	r.report.Cold = bench.Median(starts)
	r.report.StartMB = r.fleet[0].memory()
	if f, err := os.Stat(r.o.Program); err == nil {
		r.report.FileMB = float64(f.Size()) / (1 << 20)
	}
	return r.fleet[1:].each(func(s *server) error {
		_, err := s.start(ctx)
		return err
	})
}

// phase lives through one time; what is to be broken is broken in the busy one.
func (r *runner) phase(ctx context.Context, title i18n.Text, args []any, rate float64, visits []coming, busy bool) (Phase, error) {
	r.say(title, args...)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	p := &phase{w: r.w, fleet: r.fleet, client: newClient(), rec: newRecorder(r.acks, &r.report.Problems), rate: rate, broken: &r.broken}
	if err := p.watchScreen(ctx); err != nil {
		return Phase{}, err
	}
	over := make(chan struct{})
	var wg sync.WaitGroup
	work := func(f func() error) {
		wg.Go(func() {
			if err := f(); err != nil {
				cancel(err)
			}
		})
	}
	wg.Go(func() { r.watch(ctx, over, cancel, busy) })
	if !busy || r.o.Fault != Kill {
		work(func() error {
			wait(ctx, r.o.For)
			close(over)
			return nil
		})
	}
	if busy {
		switch r.o.Fault {
		case Kill:
			work(func() error {
				defer close(over)
				starts, err := r.kills(ctx, r.o.Kills)
				r.report.Kills, r.report.Restart = len(starts), bench.Median(starts)
				return err
			})
		case Disk:
			work(func() error { return r.fillDisk(ctx, r.o.For/4, r.o.For/4) })
		case Slow:
			work(func() error { return r.slowDisk(ctx, r.o.For/4, r.o.For/2) })
		}
		if r.o.Disturb != "" {
			work(func() error { return r.disturb(ctx, r.o.For/3) })
		}
		if r.o.Storm > 0 {
			within := min(time.Minute, r.o.For)
			s := storm(r.o.Storm, within)
			wg.Go(func() {
				minute := make(chan struct{})
				time.AfterFunc(within, func() { close(minute) })
				(&phase{w: p.w, fleet: p.fleet, client: p.client, rec: p.rec, rate: s.rate, broken: p.broken}).arrive(ctx, minute, []coming{s})
			})
		}
	}
	p.run(ctx, over, visits)
	wg.Wait()
	if err := context.Cause(ctx); err != nil {
		return Phase{}, err
	}
	return p.rec.phase(rate, visits), nil
}

// watch looks how much memory the server takes, and that it lives, until over.
func (r *runner) watch(ctx context.Context, over <-chan struct{}, cancel context.CancelCauseFunc, busy bool) {
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-over:
			return
		case <-time.After(200 * time.Millisecond):
		}
		if busy {
			r.report.MostMB = max(r.report.MostMB, r.fleet.memory())
			if n%25 == 4 { // to look costs the database something
				r.report.DBMostMB = max(r.report.DBMostMB, r.database(ctx))
			}
		}
		if err := r.fleet.alive(); err != nil {
			cancel(err)
			return
		}
	}
}

// database is the memory of the PostgreSQL server in megabytes, 0 where there is none here.
func (r *runner) database(ctx context.Context) float64 {
	if r.o.Server == "" {
		return 0
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	mb, _ := bench.ServerMemory(ctx, r.w.laid.Address)
	return mb
}

func number(v float64) string { return fmt.Sprintf("%.0f", v) }
