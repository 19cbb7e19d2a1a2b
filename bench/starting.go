package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// startLimit is how long a server may take from its start until it serves, in milliseconds.
const startLimit = 1000

// benchStart starts a server on the district's database and waits until it is ready. The ceiling is the limit.
func (w *world) benchStart(ctx context.Context) (float64, float64, error) {
	if err := w.posted(ctx); err != nil {
		return 0, 0, err
	}
	program := w.o.Program
	if program == "" {
		var err error
		if program, err = os.Executable(); err != nil {
			return 0, 0, err
		}
	}
	var took []float64
	for range 2*w.o.Scale.Rounds - 1 {
		ms, err := w.started(ctx, program)
		if err != nil {
			return 0, 0, err
		}
		w.note("started in %.0f ms", ms)
		took = append(took, ms)
	}
	return median(took), startLimit, nil
}

// started gives the milliseconds from the start of the program until it says that it is ready.
func (w *world) started(ctx context.Context, program string) (float64, error) {
	addr, err := freeAddress()
	if err != nil {
		return 0, err
	}
	cmd := exec.CommandContext(ctx, program, "serve", "-db", w.ours.address, "-keys", w.keys(), "-addr", addr)
	cmd.Stderr, cmd.Env = io.Discard, Plain()
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	ask := &http.Client{Timeout: patience, Transport: &http.Transport{DisableKeepAlives: true}}
	ready := false
	for !ready && time.Since(began) < patience {
		if res, err := ask.Get("http://" + addr + "/readyz"); err == nil {
			ready = res.StatusCode == http.StatusOK
			_ = res.Body.Close() // a line
		}
		if !ready {
			time.Sleep(2 * time.Millisecond)
		}
	}
	ms := millis(time.Since(began))
	if mb, e := resident(cmd.Process.Pid); e == nil {
		w.peak = max(w.peak, mb)
	}
	err = cmd.Process.Signal(syscall.SIGTERM)
	if e := cmd.Wait(); e != nil {
		err = errors.Join(err, fmt.Errorf("the server: %w", e))
	}
	if !ready {
		err = errors.Join(err, errors.New("bench: the server is not ready"))
	}
	return ms, err
}
