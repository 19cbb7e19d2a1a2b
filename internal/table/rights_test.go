package table_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"linli/internal/authz"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/organisation"
	"linli/internal/person"
	"linli/internal/place"
	"linli/internal/table"
	"linli/internal/testkit"
)

const phone = "13812345678"

// token is an actor as one of their API tokens with some permissions.
func token(a authz.Actor, perms ...authz.Permission) authz.Actor {
	a.Limit = map[authz.Permission]bool{}
	for _, p := range perms {
		a.Limit[p] = true
	}
	return a
}

// made begins a file for an actor and makes it.
func (w *world) made(a authz.Actor, t id.ID, want table.Wanted) id.ID {
	w.t.Helper()
	r, err := w.s.Begin(ctx, a, t, want)
	w.must(err)
	w.must(w.s.RunJob(ctx, testkit.Tenant, r.ID, nil))
	return r.ID
}

func (w *world) fetch(a authz.Actor, run id.ID) (string, error) {
	var b bytes.Buffer
	err := w.s.Download(ctx, a, run, table.CSV, &b)
	return b.String(), err
}

// TestATokenGetsNoMoreByWayOfTheBackground tries to have files made with the rights of the account instead of those of its token.
func TestATokenGetsNoMoreByWayOfTheBackground(t *testing.T) {
	each(t, func(w *world) {
		x := w.create(w.east, register)
		wanted := table.Wanted{Purpose: "contact", Reason: "走访"}
		weak := token(w.east, table.PermUse, person.PermSee)
		file, err := w.fetch(weak, w.made(weak, x.ID, wanted))
		if err != nil || strings.Contains(file, phone) || !strings.Contains(file, "王芳") {
			t.Errorf("a token that may open nothing got %v\n%s", err, file)
		}
		blind, err := w.s.Begin(ctx, token(w.east, table.PermUse), x.ID, table.Wanted{})
		w.must(err)
		if err := w.s.RunJob(ctx, testkit.Tenant, blind.ID, nil); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("a token that may see nobody: %v", err)
		}
		c := table.Schedule{Every: table.Monthly, OnDay: 5, Purpose: "contact", Reason: "走访"}
		_, err = w.s.Repeat(ctx, weak, x.ID, c)
		w.must(err)
		edition := func() id.ID {
			s, err := w.s.ScheduleOf(ctx, w.east, x.ID)
			w.must(err)
			w.clock.Set(s.NextOn.Time().Add(6 * 3600 * 1e9))
			w.queue.runs = nil
			w.must(w.s.Due(ctx, testkit.Tenant))
			w.must(w.s.RunJob(ctx, testkit.Tenant, w.queue.runs[0], nil))
			return w.queue.runs[0]
		}
		edition()
		if file, err := w.fetch(w.east, edition()); err != nil || strings.Contains(file, phone) {
			t.Errorf("the second edition of its schedule: %v\n%s", err, file)
		}
		_, err = w.s.Repeat(ctx, w.east, x.ID, c)
		w.must(err)
		full := edition()
		if file, err := w.fetch(w.east, full); err != nil || !strings.Contains(file, phone) {
			t.Errorf("the account's own schedule: %v\n%s", err, file)
		}
		for name, a := range map[string]authz.Actor{"opens nothing": weak, "sees nobody": token(w.east, table.PermUse)} {
			if file, err := w.fetch(a, full); errs.KindOf(err) != errs.Forbidden || file != "" {
				t.Errorf("a token that %s took the account's file: %v", name, err)
			}
			if _, _, err := w.s.Changes(ctx, a, full); errs.KindOf(err) != errs.Forbidden {
				t.Errorf("a token that %s reads what changed: %v", name, err)
			}
		}
		if _, err := w.fetch(token(w.east, append([]authz.Permission{person.PermReveal}, sees...)...), full); err != nil {
			t.Errorf("a token with the rights: %v", err)
		}
	})
}

// TestAFileStaysShutWhenRightsAreLost takes rights away after a file was made.
func TestAFileStaysShutWhenRightsAreLost(t *testing.T) {
	each(t, func(w *world) {
		x := w.create(w.street, register)
		masked, open := w.made(w.street, x.ID, table.Wanted{}), w.made(w.street, x.ID, table.Wanted{Purpose: "contact"})
		rest := staff(1, street, []id.ID{street, east, west}, sees...)
		moved := staff(1, east, []id.ID{east}, append([]authz.Permission{person.PermReveal}, sees...)...)
		left := staff(1, street, []id.ID{street, east, west}, organisation.PermSee, place.PermSee, table.PermUse)
		for name, c := range map[string]struct {
			a            authz.Actor
			masked, open bool
		}{"as it was": {w.street, true, true}, "may open nothing": {rest, true, false}, "moved to one community": {moved, false, false}, "sees nobody": {left, false, false}} {
			for run, want := range map[id.ID]bool{masked: c.masked, open: c.open} {
				if err := w.s.Download(ctx, c.a, run, table.XLSX, io.Discard); (err == nil) != want || err != nil && errs.KindOf(err) != errs.Forbidden {
					t.Errorf("%s, opened %v: %v", name, run == open, err)
				}
			}
		}
		if err := w.s.RemoveRun(ctx, left, open); err != nil {
			t.Errorf("it cannot be removed any more: %v", err)
		}
	})
}

func TestOneAccountDoesNotFillTheQueue(t *testing.T) {
	each(t, func(w *world) {
		x := w.create(w.east, register)
		var last id.ID
		for range 5 {
			r, err := w.s.Begin(ctx, w.east, x.ID, table.Wanted{})
			w.must(err)
			last = r.ID
		}
		if _, err := w.s.Begin(ctx, w.east, x.ID, table.Wanted{}); errs.KindOf(err) != errs.Conflict {
			t.Errorf("the sixth: %v", err)
		}
		w.must(w.s.RunJob(ctx, testkit.Tenant, last, nil))
		if _, err := w.s.Begin(ctx, w.east, x.ID, table.Wanted{Purpose: strings.Repeat("x", 41)}); errs.KindOf(err) != errs.Invalid {
			t.Errorf("a purpose without end: %v", err)
		}
		w.made(w.east, x.ID, table.Wanted{})
	})
}
