package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"time"
)

// memoryLimit is what a server at rest may hold, in megabytes.
const memoryLimit = 200

// benchMemory starts a server of its own on the district's database, asks it for some pages, and waits until its resident
// memory no longer falls. The ceiling is the limit.
func (w *world) benchMemory(ctx context.Context) (float64, float64, error) {
	if err := w.posted(ctx); err != nil {
		return 0, 0, err
	}
	addr, err := freeAddress()
	if err != nil {
		return 0, 0, err
	}
	program := w.o.Program
	if program == "" {
		if program, err = os.Executable(); err != nil {
			return 0, 0, err
		}
	}
	token, err := w.token(ctx, w.ours.communities[0])
	if err != nil {
		return 0, 0, err
	}
	cmd := exec.CommandContext(ctx, program, "serve", "-db", w.ours.address, "-keys", w.keys(), "-addr", addr)
	cmd.Stderr, cmd.Env = io.Discard, Plain()
	if err := cmd.Start(); err != nil {
		return 0, 0, err
	}
	mb, err := w.settled(ctx, cmd.Process.Pid, "http://"+addr, token)
	w.peak, _ = most(strconv.Itoa(cmd.Process.Pid)) // 0 where the system does not tell
	err = errors.Join(err, cmd.Process.Signal(syscall.SIGTERM))
	if e := cmd.Wait(); err == nil && e != nil {
		err = fmt.Errorf("the server: %w", e)
	}
	return mb, memoryLimit, err
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// settled is the resident memory in megabytes once the server has worked and rests.
func (w *world) settled(ctx context.Context, pid int, url, token string) (float64, error) {
	if err := waitReady(ctx, url); err != nil {
		return 0, err
	}
	for _, path := range []string{listPath + "?limit=50", listPath + "?limit=500", listPath + "?q=" + nameAt(0), "/api/v1/organisations", "/login"} {
		if err := ask(ctx, url+path, token); err != nil {
			return 0, err
		}
	}
	const step, quiet = 500 * time.Millisecond, 8
	lowest, since := 0.0, 0
	for waited := time.Duration(0); waited < w.o.Scale.Settle && since < quiet; waited += step {
		time.Sleep(step)
		mb, err := resident(pid)
		if err != nil {
			return 0, err
		}
		w.note("resident %.1f MB", mb)
		if since++; lowest == 0 || mb < lowest-0.5 {
			lowest, since = mb, 0
		}
	}
	return resident(pid)
}

func waitReady(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for {
		if err := ask(ctx, url+"/readyz", ""); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return errors.New("bench: the server is not ready after 30 seconds")
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// ask gets a page; what stands on it does not matter, that it comes does.
func ask(ctx context.Context, url, token string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("bench: %s answers %s", req.URL.Path, res.Status)
	}
	return nil
}
