package testkit

import (
	"cmp"
	"database/sql"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
)

// Replicated is a PostgreSQL server of the test's own with a replica that follows it (streaming replication).
type Replicated struct {
	Server  string // URL of the server's database postgres
	Replica string // URL of the same at the replica
	Either  string // URL that names both and wants the one that takes writes

	t   testing.TB
	bin string
	dir string
}

// NewReplicated makes both, gone after the test. The programs are those of the server that the tests run on, which therefore is on this machine.
func NewReplicated(t testing.TB) *Replicated {
	t.Helper()
	admin, err := sql.Open("pgx", os.Getenv(PostgresEnv))
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	r := &Replicated{t: t}
	if err := admin.QueryRow(`SELECT setting FROM pg_config WHERE name = 'BINDIR'`).Scan(&r.bin); err != nil {
		t.Fatalf("where PostgreSQL's programs are: %v", err)
	}
	if r.dir, err = os.MkdirTemp("", "pg"); err != nil { // short: it holds sockets
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(r.dir) }) // what is left does not fail a test
	for _, folder := range []string{r.socket("first"), r.socket("second"), r.dir} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		if uid, gid, root := serverUser(t); root {
			if err := os.Chown(folder, uid, gid); err != nil {
				t.Fatal(err)
			}
		}
	}
	r.Server, r.Replica = "postgres://postgres@/postgres?host="+r.socket("first"), "postgres://postgres@/postgres?host="+r.socket("second")
	r.Either = "postgres://postgres@/postgres?target_session_attrs=read-write&host=" + r.socket("first") + "," + r.socket("second")
	r.run("initdb", "-D", r.data("first"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
	r.configure("first", "fsync = off\nlisten_addresses = ''\nmax_connections = 60\nshared_buffers = 32MB\n")
	r.Start("first")
	r.run("pg_basebackup", "-D", r.data("second"), "-h", r.socket("first"), "-U", "postgres", "-R", "-X", "stream", "-c", "fast", "--no-sync")
	r.configure("second", "")
	r.Start("second")
	return r
}

// socket is the folder of a server's socket, and data that of its data.
func (r *Replicated) socket(name string) string { return filepath.Join(r.dir, name) }
func (r *Replicated) data(name string) string   { return filepath.Join(r.dir, name+".data") }

func (r *Replicated) configure(name, more string) {
	r.t.Helper()
	f, err := os.OpenFile(filepath.Join(r.data(name), "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err == nil {
		_, err = f.WriteString("\n" + more + "unix_socket_directories = '" + r.socket(name) + "'\n")
		err = cmp.Or(err, f.Close())
	}
	if err != nil {
		r.t.Fatal(err)
	}
}

// Start starts "first", the server, or "second", its replica.
func (r *Replicated) Start(name string) {
	r.t.Helper()
	r.run("pg_ctl", "-D", r.data(name), "-l", r.socket(name)+".log", "-w", "-t", "60", "start")
	r.t.Cleanup(func() { // stopped twice it says so, and that is all
		c := r.command("pg_ctl", "-D", r.data(name), "-m", "immediate", "stop")
		_ = c.Run()
	})
}

// Promote makes the replica the server.
func (r *Replicated) Promote() {
	r.t.Helper()
	r.run("pg_ctl", "-D", r.data("second"), "-w", "-t", "60", "promote")
}

// Stop stops one of them at once.
func (r *Replicated) Stop(name string) {
	r.t.Helper()
	r.run("pg_ctl", "-D", r.data(name), "-m", "immediate", "-w", "stop")
}

func (r *Replicated) run(program string, args ...string) {
	r.t.Helper()
	c := r.command(program, args...)
	if out, err := os.CreateTemp("", program); err == nil { // a server that goes on must not hold a pipe open
		defer os.Remove(out.Name())
		defer out.Close()
		c.Stdout, c.Stderr = out, out
		if err := c.Run(); err != nil {
			said, _ := os.ReadFile(out.Name()) // best effort, as the next: err is told anyway
			logs, _ := filepath.Glob(filepath.Join(r.dir, "*.log"))
			for _, l := range logs {
				more, _ := os.ReadFile(l)
				said = append(said, more...)
			}
			r.t.Fatalf("%s: %v\n%s", program, err, said)
		}
	} else {
		r.t.Fatal(err)
	}
}

// command runs a program of PostgreSQL, which refuses to be run by root.
func (r *Replicated) command(program string, args ...string) *exec.Cmd {
	c := exec.Command(filepath.Join(r.bin, program), args...)
	c.Dir = "/"
	c.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	if uid, gid, root := serverUser(r.t); root {
		c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	}
	return c
}

// serverUser is who runs PostgreSQL where the tests run as root.
func serverUser(t testing.TB) (uid, gid int, root bool) {
	t.Helper()
	if os.Getuid() != 0 {
		return 0, 0, false
	}
	u, err := user.Lookup("postgres")
	if err == nil {
		uid, err = strconv.Atoi(u.Uid)
	}
	if err == nil {
		gid, err = strconv.Atoi(u.Gid)
	}
	if err != nil {
		t.Fatal(err)
	}
	return uid, gid, true
}
