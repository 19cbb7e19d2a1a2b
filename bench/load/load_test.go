package load

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"linli/bench/standin"

	"linli/bench"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/testkit"
)

// TestMain lets the test binary stand in for the program.
func TestMain(m *testing.M) { standin.Main(m) }

// engines runs a test on both engines; on PostgreSQL it is told a server.
func engines(t *testing.T, f func(t *testing.T, o Options)) {
	tiny, ok := bench.ScaleNamed("tiny")
	if !ok {
		t.Fatal("no scale for tests")
	}
	for name, server := range map[string]string{"sqlite": "", "postgres": os.Getenv(testkit.PostgresEnv)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if name == "postgres" && server == "" {
				t.Fatalf("%s is not set: ./test starts a PostgreSQL server and sets it", testkit.PostgresEnv)
			}
			f(t, Options{Scale: tiny, Server: server, Dir: t.TempDir(), Times: 2, For: time.Second, Progress: func(text i18n.Text, args ...any) { t.Log(text.In(i18n.EN, args...)) }})
		})
	}
}

func good(t *testing.T, r Report) {
	t.Helper()
	if !r.Good() {
		text, err := json.MarshalIndent(r, "", " ")
		t.Fatalf("%s %v", text, err)
	}
}

// TestAQuietAndABusyTime lives through both: members storm in and nothing fails. Whether somebody writes within a second is chance; the tests of faults write.
func TestAQuietAndABusyTime(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, o Options) {
		o.Storm = 20 // in the one second that it lasts
		r, err := Run(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		good(t, r)
		if r.Quiet.All.Sent < 4 || r.Busy.All.Sent < 4 || r.Busy.All.P50 <= 0 || r.Busy.All.P50 > r.Busy.All.P99 || r.Busy.All.P99 > r.Busy.All.Max {
			t.Errorf("%+v", r)
		}
		if r.MostMB < 10 || r.RestMB < 10 || r.StartMB < 10 || r.FileMB <= 0 || r.Cold <= 0 || r.Busy.All.KB <= 0 || r.Busy.Mbit <= 0 {
			t.Errorf("memory %v, %v, cold start %v", r.MostMB, r.RestMB, r.Cold)
		}
	})
}

// TestNothingAcknowledgedIsLostWhenTheServerIsKilled kills the server under load.
func TestNothingAcknowledgedIsLostWhenTheServerIsKilled(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, o Options) {
		o.Fault, o.Kills = Kill, 4
		o.Times, o.only = 40, []string{"report", "accept", "create"} // sixteen writes a second
		if o.Server != "" {                                          // one of three is killed, the others go on
			o.Servers = 3
		}
		r, err := Run(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		good(t, r)
		if r.Kills != o.Kills || r.Restart <= 0 || r.Written == 0 {
			t.Errorf("%+v", r)
		}
	})
}

// TestADiskThatIsBusyIsOnlySlower lets others write to the disk of the database.
func TestADiskThatIsBusyIsOnlySlower(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, o Options) {
		o.Fault = Slow
		r, err := Run(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		good(t, r)
	})
}

// TestACommandThatFailsIsTold does not go on as if something had been broken.
func TestACommandThatFailsIsTold(t *testing.T) {
	t.Parallel()
	tiny, _ := bench.ScaleNamed("tiny")
	_, err := Run(t.Context(), Options{Scale: tiny, Dir: t.TempDir(), Times: 1, For: time.Second, Disturb: "echo no such server; exit 3"})
	if err == nil || !strings.Contains(err.Error(), "no such server") {
		t.Fatalf("%v", err)
	}
}

// TestADiskThatIsUsedIsNotFilled keeps a command that was written carelessly from filling somebody's disk: the one of the temporary files is nobody's to fill, however small.
func TestADiskThatIsUsedIsNotFilled(t *testing.T) {
	dir := t.TempDir()
	tiny, _ := bench.ScaleNamed("tiny")
	if _, err := Run(t.Context(), Options{Scale: tiny, Dir: dir, Fault: Disk, Times: 1, For: time.Second}); errs.KindOf(err) != errs.Invalid {
		t.Fatalf("%v", err)
	}
	if list, err := filepath.Glob(dir + "/*"); err != nil || len(list) != 0 {
		t.Fatalf("%v %v", list, err)
	}
}

// TestAnOperatorsSettingsAreNotUsed starts a server while the operator's own settings are in the environment: it takes no snapshots into their folder.
func TestAnOperatorsSettingsAreNotUsed(t *testing.T) {
	t.Setenv("LINLI_SNAPSHOTS", "/var/backups/linli")
	for _, v := range bench.Plain() {
		if strings.HasPrefix(v, "LINLI_") {
			t.Errorf("%s reaches the server", v)
		}
	}
}

// TestAStormNeedsItsMembers refuses one for which the district is too small.
func TestAStormNeedsItsMembers(t *testing.T) {
	tiny, _ := bench.ScaleNamed("tiny")
	if _, err := Run(t.Context(), Options{Scale: tiny, Dir: t.TempDir(), Storm: 1000, Times: 1, For: time.Second}); errs.KindOf(err) != errs.Invalid {
		t.Fatalf("%v", err)
	}
}

// TestWhatIsLostIsSeen acknowledges writes that nobody made: the check must find each of them.
func TestWhatIsLostIsSeen(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, o Options) {
		laid, err := bench.Lay(t.Context(), bench.Options{Scale: o.Scale, Server: o.Server, Dir: o.Dir})
		if err != nil {
			t.Fatal(err)
		}
		defer laid.Drop()
		w, err := furnish(t.Context(), laid, 3, 3)
		if err != nil {
			t.Fatal(err)
		}
		var r Report
		acks := map[kind]map[string]bool{aCase: {i18n.LoadWords.In(i18n.ZH, 1): true, "never said": true}, anAccept: {w.waiting[0].id.String(): true},
			aResident: {"329902183001010019": true}, aSignIn: {w.members[0].person.String(): true}}
		if err := w.check(t.Context(), acks, &r); err != nil {
			t.Fatal(err)
		}
		if r.Written != 5 || r.Lost != 4 || r.Twice != 0 || len(r.Findings) != 0 {
			t.Errorf("%+v", r)
		}
	})
}
