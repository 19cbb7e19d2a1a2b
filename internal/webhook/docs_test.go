package webhook_test

import (
	"bytes"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"linli/internal/outbox"
	"linli/internal/testkit"
)

// TestTheReceiverOfTheDocumentationReceives builds the Go program of docs/webhooks.md as it stands there and sends it an event.
func TestTheReceiverOfTheDocumentationReceives(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(testkit.Root(), "docs", "webhooks.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, program, found := strings.Cut(string(text), "```go\n")
	program, _, closed := strings.Cut(program, "\n```")
	if !found || !closed {
		t.Fatal("docs/webhooks.md has no program in Go")
	}
	folder := t.TempDir()
	for name, content := range map[string]string{"main.go": program, "go.mod": "module receiver\n\ngo 1.26\n"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	build := exec.Command("go", "build", "-o", "receiver", ".")
	build.Dir = folder
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("it does not build: %v\n%s", err, said)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	secret := outbox.NewSecret()
	var out bytes.Buffer
	receiver := exec.Command(filepath.Join(folder, "receiver"))
	receiver.Env, receiver.Stdout = append(os.Environ(), "LINLI_SECRET="+secret, "LINLI_LISTEN="+address), &out
	if err := receiver.Start(); err != nil {
		t.Fatal(err)
	}
	send := func(at time.Time, body string, secrets ...string) int {
		t.Helper()
		for range 100 {
			r, err := http.NewRequest(http.MethodPost, "http://"+address+"/linli/events", strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			outbox.Sign(r.Header, "7", at, []byte(`{"id":"7","type":"cn.linli.case.closed.v1","subject":"case/1","data":{"state":"closed"}}`), secrets...)
			res, err := http.DefaultClient.Do(r)
			if err != nil { // it is not up yet
				time.Sleep(50 * time.Millisecond)
				continue
			}
			if err := res.Body.Close(); err != nil {
				t.Error(err)
			}
			return res.StatusCode
		}
		t.Fatal("it does not answer")
		return 0
	}
	body := `{"id":"7","type":"cn.linli.case.closed.v1","subject":"case/1","data":{"state":"closed"}}`
	for _, c := range []struct {
		name    string
		at      time.Time
		body    string
		secrets []string
		want    int
	}{
		{"signed", time.Now(), body, []string{secret}, 204},
		{"sent twice", time.Now(), body, []string{secret}, 204},
		{"while the secret changes", time.Now(), body, []string{outbox.NewSecret(), secret}, 204},
		{"another secret", time.Now(), body, []string{outbox.NewSecret()}, 401},
		{"changed on the way", time.Now(), strings.Replace(body, "closed", "opened", 1), []string{secret}, 401},
		{"an old one again", time.Now().Add(-time.Hour), body, []string{secret}, 401},
	} {
		if got := send(c.at, c.body, c.secrets...); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
	if err := receiver.Process.Kill(); err != nil {
		t.Error(err)
	}
	_ = receiver.Wait() // it was killed
	if got := out.String(); got != "cn.linli.case.closed.v1 case/1 closed\n" {
		t.Errorf("it wrote %q, want the event once", got)
	}
}
