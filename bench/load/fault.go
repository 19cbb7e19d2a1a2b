package load

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"linli/internal/errs"
	"linli/internal/i18n"
)

// Fault is what is broken in the busy time.
type Fault string

// The faults.
const (
	None Fault = ""
	Kill Fault = "kill" // the server is killed and started again, many times
	Disk Fault = "disk" // the disk of the database is full for a while
	Slow Fault = "slow" // others write to the disk of the database all the time
)

// Known says whether there is such a fault.
func (f Fault) Known() bool { return f == None || f == Kill || f == Disk || f == Slow }

// kills kills one of the servers at random moments and starts it again; it gives the times of the starts.
func (r *runner) kills(ctx context.Context, n int) ([]float64, error) {
	var starts []float64
	defer r.breaking(Kill)()
	for i := range n {
		select {
		case <-ctx.Done():
			return starts, ctx.Err()
		case <-time.After(200*time.Millisecond + rand.N(900*time.Millisecond)):
		}
		s := pick(r.fleet)
		if err := errors.Join(s.alive(), s.kill()); err != nil {
			return starts, err
		}
		took, err := s.start(ctx)
		if err != nil {
			return starts, err
		}
		starts = append(starts, float64(took.Microseconds())/1000)
		if (i+1)%20 == 0 || i+1 == n {
			r.say(i18n.LoadKilled, i+1, n)
		}
	}
	return starts, nil
}

// roomy is how large a disk may be that is filled: nobody's own disk is so small.
const roomy = 4 << 30

// smallDisk refuses to fill a disk that is not there to be filled: it must be small, and not the one that everything else of the system is on.
func (o Options) smallDisk() error {
	if o.Fault != Disk {
		return nil
	}
	var s syscall.Statfs_t
	if err := syscall.Statfs(o.Dir, &s); err != nil {
		return err
	}
	own, err := device(o.Dir)
	if err != nil {
		return err
	}
	shared := false
	for _, other := range []string{"/", os.TempDir()} {
		d, err := device(other)
		if err != nil {
			return err
		}
		shared = shared || d == own
	}
	if size := int64(s.Blocks) * s.Bsize; size > roomy || shared {
		return errs.New(errs.Invalid, i18n.LoadRoomy, o.Dir)
	}
	return nil
}

func device(dir string) (uint64, error) {
	var s syscall.Stat_t
	err := syscall.Stat(dir, &s)
	return uint64(s.Dev), err
}

// breaking says that something is broken from now on, until the function that it gives is called. Whoever is turned away meanwhile, or shortly after, is not counted as failed.
func (r *runner) breaking(what any) (mended func()) {
	r.say(i18n.LoadBroken, what)
	r.broken.Store(time.Now().Add(time.Hour).UnixNano())
	return func() {
		r.broken.Store(time.Now().Add(grace).UnixNano())
		r.say(i18n.LoadMended, what)
	}
}

// grace is how long after a fault somebody may still be turned away.
const grace = 10 * time.Second

// fillDisk leaves no byte on the disk for some time.
func (r *runner) fillDisk(ctx context.Context, before, during time.Duration) (err error) {
	if !wait(ctx, before) {
		return nil
	}
	f, err := nameless(filepath.Join(r.o.Dir, "ballast"))
	if err != nil {
		return err
	}
	mended := r.breaking(Disk)
	defer func() {
		err = errors.Join(err, f.Close())
		mended()
	}()
	piece := make([]byte, 1<<20)
	for until := time.Now().Add(during); time.Now().Before(until) && ctx.Err() == nil; { // whatever the database gives back is taken too
		_, err := f.Write(piece[:])
		if err == nil {
			continue
		}
		if !errors.Is(err, syscall.ENOSPC) {
			return err
		}
		if len(piece) > 4096 {
			piece = piece[:4096]
			continue
		}
		wait(ctx, 50*time.Millisecond)
	}
	return nil
}

// slowDisk writes to the disk of the database, with every piece waited for.
func (r *runner) slowDisk(ctx context.Context, before, during time.Duration) error {
	if !wait(ctx, before) {
		return nil
	}
	defer r.breaking(Slow)()
	ctx, cancel := context.WithTimeout(ctx, during)
	defer cancel()
	failed := make([]error, 8)
	var wg sync.WaitGroup
	for i := range failed {
		wg.Go(func() { failed[i] = write(ctx, filepath.Join(r.o.Dir, fmt.Sprintf("slow-%d", i))) })
	}
	wg.Wait()
	return errors.Join(failed...)
}

// nameless is a new file that has no name any more: whatever happens to this program, its room is given back.
func nameless(name string) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	if err := os.Remove(name); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func write(ctx context.Context, name string) (err error) {
	f, err := nameless(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	piece := make([]byte, 4<<20)
	for n := int64(0); ctx.Err() == nil; n++ {
		if _, err := f.WriteAt(piece, n%16*int64(len(piece))); err != nil {
			return err
		}
		if err := f.Sync(); err != nil {
			return err
		}
	}
	return nil
}

// disturb runs a command of the operator's.
func (r *runner) disturb(ctx context.Context, before time.Duration) error {
	if !wait(ctx, before) {
		return nil
	}
	mended := r.breaking(r.o.Disturb)
	defer mended()
	out, err := exec.CommandContext(ctx, "/bin/sh", "-c", r.o.Disturb).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %s", r.o.Disturb, err, out)
	}
	return nil
}

// wait gives false if ctx ended before.
func wait(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}
