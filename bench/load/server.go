package load

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"time"

	"linli/bench"
	"linli/internal/errs"
	"linli/internal/i18n"
)

// startTime is how long a server may take until it is ready, also after the worst of ends.
const startTime = 60 * time.Second

// server is the platform as a process of its own, always at the same address.
type server struct {
	program, address string
	args             []string
	log              *os.File
	asks             *http.Client

	mu      sync.Mutex
	cmd     *exec.Cmd
	ended   chan struct{} // closed when cmd has
	stopped bool          // it was ended on purpose
	ready   bool          // it serves
}

func newServer(o Options, l *bench.Laid, number int) (*server, error) {
	address, err := bench.FreeAddress()
	if err != nil {
		return nil, err
	}
	log, err := os.Create(filepath.Join(o.Dir, fmt.Sprintf("server-%d.log", number)))
	return &server{program: o.Program, address: address, log: log, asks: &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}},
		args: []string{"serve", "-db", l.Address, "-keys", l.Keys, "-addr", address, "-proxy", "127.0.0.1/32"}}, err
}

// start starts the server and gives the time until it was ready.
func (s *server) start(ctx context.Context) (time.Duration, error) {
	cmd := exec.Command(s.program, s.args...)
	cmd.Stderr = s.log
	cmd.Env = bench.Plain()
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	ended := make(chan struct{})
	s.mu.Lock()
	s.cmd, s.ended, s.stopped, s.ready = cmd, ended, false, false
	s.mu.Unlock()
	go func() {
		_ = cmd.Wait() // how it ended is in its log
		close(ended)
	}()
	for time.Since(began) < startTime {
		if res, err := s.asks.Get("http://" + s.address + "/readyz"); err == nil {
			_ = res.Body.Close() // a line
			if res.StatusCode == http.StatusOK {
				s.mu.Lock()
				s.ready = true
				s.mu.Unlock()
				return time.Since(began), nil
			}
		}
		select {
		case <-ended:
			return 0, s.gone()
		case <-ctx.Done():
			return 0, errors.Join(ctx.Err(), s.kill())
		case <-time.After(2 * time.Millisecond):
		}
	}
	return 0, errors.Join(errs.New(errs.Unavailable, i18n.LoadNotReady, int(startTime.Seconds())), s.kill())
}

// gone says that the server ended although nobody ended it, with the last it said.
func (s *server) gone() error {
	b, err := os.ReadFile(s.log.Name())
	if err != nil {
		return err
	}
	return errs.New(errs.Unavailable, i18n.LoadGone, string(b[max(0, len(b)-1000):]))
}

// alive gives an error if the server has ended by itself.
func (s *server) alive() error {
	s.mu.Lock()
	ended, stopped := s.ended, s.stopped
	s.mu.Unlock()
	select {
	case <-ended:
		if !stopped {
			return s.gone()
		}
	default:
	}
	return nil
}

func (s *server) end(with os.Signal) error {
	s.mu.Lock()
	cmd, ended := s.cmd, s.ended
	s.stopped, s.ready = true, false
	s.mu.Unlock()
	if cmd == nil {
		return nil
	}
	if err := cmd.Process.Signal(with); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case <-ended:
		return nil
	case <-time.After(startTime):
		return fmt.Errorf("load: the server does not end after %v", with)
	}
}

func (s *server) kill() error { return s.end(syscall.SIGKILL) }
func (s *server) stop() error { return s.end(syscall.SIGTERM) }

// memory is the resident memory in megabytes, 0 while no server runs.
func (s *server) memory() float64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cmd == nil {
		return 0
	}
	mb, err := bench.Resident(s.cmd.Process.Pid)
	if err != nil {
		return 0
	}
	return mb
}

// fleet are the servers on one database. Whoever asks is sent to any that is ready, and to another when nobody listens there, as a proxy in front of them does.
type fleet []*server

// open are the servers that are ready; all if none is.
func (f fleet) open() fleet {
	ready := slices.DeleteFunc(slices.Clone(f), func(s *server) bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return !s.ready
	})
	if len(ready) == 0 {
		return f
	}
	return ready
}

func (f fleet) each(do func(*server) error) error {
	var all error
	for _, s := range f {
		all = errors.Join(all, do(s))
	}
	return all
}

func (f fleet) alive() error { return f.each((*server).alive) }
func (f fleet) stop() error  { return f.each((*server).stop) }
func (f fleet) kill() error  { return f.each((*server).kill) }

// memory is that of the largest.
func (f fleet) memory() (most float64) {
	for _, s := range f {
		most = max(most, s.memory())
	}
	return most
}

// close ends all and closes their logs.
func (f fleet) close() error {
	return f.each(func(s *server) error { return errors.Join(s.kill(), s.log.Close()) })
}
