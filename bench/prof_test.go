package bench

import (
	"os"
	"syscall"
	"testing"
	"time"
	"runtime/pprof"
)

func cpu() time.Duration {
	var r syscall.Rusage
	syscall.Getrusage(0, &r)
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

func TestProf(t *testing.T) {
	s := District
	s.Residents = 150000
	w, _ := newWorld(Options{Scale: s})
	defer w.close()
	w.residents()
	f, _ := os.Create("/tmp/b/ours.prof")
	c := cpu()
	pprof.StartCPUProfile(f)
	r, err := w.importOurs(t.Context())
	pprof.StopCPUProfile()
	t.Log("ours", r, err, cpu()-c)
	f2, _ := os.Create("/tmp/b/bare.prof")
	c = cpu()
	pprof.StartCPUProfile(f2)
	r, err = w.importBare(t.Context())
	pprof.StopCPUProfile()
	t.Log("bare", r, err, cpu()-c)
}
