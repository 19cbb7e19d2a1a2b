//go:build browser

package browsertest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// ready is the line that `linli demo -json` prints when it serves.
type ready struct {
	URL      string    `json:"url"`
	Accounts []Account `json:"accounts"`
}

// Account is one log-in of the demonstration.
type Account struct {
	Role     string `json:"role"`
	User     string `json:"user"`
	Password string `json:"password"`
	Token    string `json:"token"`
}

// server is the one demonstration of this run.
var server struct {
	once    sync.Once
	ready   ready
	err     error
	command *exec.Cmd
	folder  string
	log     lockedBuffer
}

// demo starts the product once and gives its address and accounts.
func demo(t testing.TB) ready {
	t.Helper()
	server.once.Do(func() { server.err = startDemo() })
	if server.err != nil {
		t.Fatalf("starting the demonstration: %v\n%s", server.err, server.log.tail(4000))
	}
	return server.ready
}

// account finds the log-in of a role or of a user name.
func account(t testing.TB, who string) Account {
	t.Helper()
	known := []string{}
	for _, a := range demo(t).Accounts {
		if a.Role == who || a.User == who {
			return a
		}
		known = append(known, a.Role)
	}
	t.Fatalf("the demonstration has no account %q; it has %s", who, strings.Join(known, ", "))
	return Account{}
}

func startDemo() error {
	if url := os.Getenv("LINLI_BROWSER_URL"); url != "" {
		return useRunning(url, os.Getenv("LINLI_BROWSER_ACCOUNTS"))
	}
	folder, err := os.MkdirTemp("", "linli-browser-")
	if err != nil {
		return err
	}
	server.folder = folder
	binary := filepath.Join(folder, "linli")
	build := exec.Command("go", "build", "-o", binary, "linli/cmd/linli")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("building: %w\n%s", err, out)
	}
	scale := os.Getenv("LINLI_BROWSER_SCALE")
	if scale == "" {
		scale = "small"
	}
	server.command = exec.Command(binary, "demo", "-addr", "127.0.0.1:0", "-json", "-data", filepath.Join(folder, "data"), "-scale", scale)
	server.command.Stderr = &server.log
	out, err := server.command.StdoutPipe()
	if err != nil {
		return err
	}
	if err := server.command.Start(); err != nil {
		return err
	}
	return readReady(out, 5*time.Minute)
}

// readReady waits for the one line and then keeps the pipe empty.
func readReady(out io.Reader, limit time.Duration) error {
	type result struct {
		line []byte
		err  error
	}
	first := make(chan result, 1)
	go func() {
		lines := bufio.NewReader(out)
		line, err := lines.ReadBytes('\n')
		first <- result{line, err}
		io.Copy(&server.log, lines) //nolint:errcheck // ends with the process
	}()
	select {
	case r := <-first:
		if r.err != nil {
			return fmt.Errorf("it ended before it was ready: %w", r.err)
		}
		return parseReady(r.line)
	case <-time.After(limit):
		return fmt.Errorf("not ready after %s", limit)
	}
}

func parseReady(line []byte) error {
	if err := json.Unmarshal(line, &server.ready); err != nil {
		return fmt.Errorf("its first line is not the promised JSON: %w: %q", err, line)
	}
	if server.ready.URL == "" || len(server.ready.Accounts) == 0 {
		return fmt.Errorf("its first line names no url or no accounts: %q", line)
	}
	server.ready.URL = strings.TrimSuffix(server.ready.URL, "/")
	return nil
}

// useRunning takes a server that somebody else started; accounts is the line or the name of its file.
func useRunning(url, accounts string) error {
	line := []byte(accounts)
	if b, err := os.ReadFile(accounts); err == nil {
		line = b
	}
	if err := parseReady(line); err != nil {
		return err
	}
	server.ready.URL = strings.TrimSuffix(url, "/")
	return nil
}

// stopDemo asks the server to end and says if it does not do so in good order.
func stopDemo() error {
	if server.folder != "" {
		defer os.RemoveAll(server.folder)
	}
	if server.command == nil || server.command.Process == nil {
		return nil
	}
	if err := server.command.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- server.command.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			return fmt.Errorf("the demonstration ended with %w\n%s", err, server.log.tail(4000))
		}
		return nil
	case <-time.After(20 * time.Second):
		kill := server.command.Process.Kill()
		return errors.Join(errors.New("the demonstration did not stop within 20 s of SIGTERM"), kill)
	}
}

// lockedBuffer collects what the process says.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write appends p.
func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

// tail is the end of what was written, at most n bytes.
func (l *lockedBuffer) tail(n int) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.b.Bytes()
	if len(b) > n {
		b = b[len(b)-n:]
	}
	return string(b)
}
