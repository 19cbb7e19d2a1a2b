package bench

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
)

// resident is a process's resident memory in megabytes, as the system counts it.
func resident(pid int) (float64, error) { return held(strconv.Itoa(pid), "VmRSS:") }

// most is the most that it ever was, or was since this process forgot its own.
func most(pid string) (float64, error) { return held(pid, "VmHWM:") }

func held(pid, line string) (float64, error) {
	b, err := os.ReadFile("/proc/" + pid + "/status")
	if err != nil {
		return 0, err
	}
	for l := range strings.Lines(string(b)) {
		if rest, is := strings.CutPrefix(l, line); is {
			kb, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 64)
			return kb / 1024, err
		}
	}
	return 0, errors.New("bench: this system does not tell the resident memory (/proc)")
}

// self is this process in /proc.
const self = "self"

// forgetMost makes the most that this process held what it holds now.
func forgetMost() error { return os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) }

// weigh runs one turn of ours and keeps the most memory that this process held meanwhile. Where the system does not tell, nothing is kept.
func (w *world) weigh(turn func() (float64, error)) (float64, error) {
	unknown := forgetMost()
	v, err := turn()
	if mb, e := most(self); unknown == nil && e == nil {
		w.peak = max(w.peak, mb)
	}
	return v, err
}

// lighten gives back what the jobs before have left, so that what a job holds is its own and that of the databases that are open.
func (w *world) lighten() {
	w.peak = 0
	debug.FreeOSMemory()
}

// ServerMemory is the memory of the PostgreSQL server of a database, 0 and false where it is on another machine.
func ServerMemory(ctx context.Context, address string) (mb float64, ok bool) {
	d, err := sql.Open("pgx", address)
	if err != nil {
		return 0, false
	}
	defer d.Close() // nothing was written
	var pid int
	if err := d.QueryRowContext(ctx, "SELECT pg_backend_pid()").Scan(&pid); err != nil {
		return 0, false
	}
	return postgres(pid)
}

// postgres is the memory of a PostgreSQL server on this machine in megabytes, with all its processes, of which pid is one: what they share is counted once. ok is false where
// the server is elsewhere, or its memory is not ours to read.
func postgres(pid int) (mb float64, ok bool) {
	first, err := parent(pid)
	if err != nil || name(pid) != "postgres" || name(first) != "postgres" {
		return 0, false
	}
	list, err := os.ReadDir("/proc")
	if err != nil {
		return 0, false
	}
	for _, e := range list {
		one, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		if of, err := parent(one); one != first && (err != nil || of != first) {
			continue
		}
		if b, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", one)); err == nil { // it may have ended meanwhile
			mb += share(string(b))
		}
	}
	return mb, mb > 0
}

// share is the proportional set size in megabytes.
func share(rollup string) float64 {
	for l := range strings.Lines(rollup) {
		if rest, is := strings.CutPrefix(l, "Pss:"); is {
			kb, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 64)
			if err == nil {
				return kb / 1024
			}
		}
	}
	return 0
}

func name(pid int) string {
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid)) // "" for a process that is not there
	return strings.TrimSpace(string(b))
}

func parent(pid int) (int, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(b), ") ") // behind the name, which may have blanks
	fields := strings.Fields(rest)
	if len(fields) < 2 {
		return 0, fmt.Errorf("bench: /proc/%d/stat is not understood", pid)
	}
	return strconv.Atoi(fields[1])
}
