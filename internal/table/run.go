package table

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/file"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
)

// RunKind says why a file is made.
type RunKind string

// The kinds of runs.
const (
	Export  RunKind = "export"  // somebody asked for it
	Edition RunKind = "edition" // a schedule was due
)

// RunState says where a run stands.
type RunState string

// The states.
const (
	Waiting RunState = "waiting"
	Done    RunState = "done"
	Failed  RunState = "failed"
)

// Text names the state.
func (s RunState) Text() i18n.Text {
	return map[RunState]i18n.Text{Waiting: i18n.TableRunWaiting, Done: i18n.TableRunDone, Failed: i18n.TableRunFailed}[s]
}

// Run is a file that is made, or was made, in the background.
type Run struct {
	ID         id.ID
	TableID    id.ID
	AccountID  id.ID // for whom it is made, with what they may see
	Kind       RunKind
	State      RunState
	Title      string
	OnDate     calendar.Date
	Place      id.ID
	Purpose    string
	Reason     string
	JobID      id.ID
	PreviousID id.ID // the edition that it was compared with; 0 for none
	Rows       int64
	Added      int64 // rows that the previous edition did not have
	Removed    int64
	Changed    int64
	Message    string // why it failed
	CreatedAt  time.Time
	FinishedAt time.Time
	SeenAt     time.Time // when its owner first took it
	ExpiresOn  calendar.Date
	fileID     id.ID
	tokenPerms string // see kept
}

// keptExport is how many days a file that somebody asked for stays.
const keptExport = 7

// mostKept is how many rows a file made in the background has at most.
const mostKept = 200_000

// mostWaiting is how many files one account may have in the making.
const mostWaiting = 5

// Begin makes a file of a table in the background; the run says how far it is.
func (s *Service) Begin(ctx context.Context, actor authz.Actor, tableID id.ID, w Wanted) (Run, error) {
	if s.queue == nil {
		return Run{}, errs.ErrForbidden
	}
	if err := w.check(); err != nil {
		return Run{}, err
	}
	var out Run
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		t, err := find(ctx, tx, actor, tableID)
		if err != nil {
			return err
		}
		if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, w.Place); err != nil {
			return err
		}
		if n, err := waitingRuns(ctx, tx, actor); err != nil {
			return err
		} else if n >= mostWaiting {
			return errs.New(errs.Conflict, i18n.TableBusy, mostWaiting)
		}
		out = Run{ID: id.New(), TableID: t.ID, AccountID: actor.AccountID, Kind: Export, State: Waiting, Title: t.Title, OnDate: today(tx), Place: w.Place,
			Purpose: w.Purpose, Reason: w.Reason, CreatedAt: tx.Now(), ExpiresOn: today(tx).AddDays(keptExport), tokenPerms: tokenPerms(actor)}
		if out.JobID, err = s.queue.EnqueueTable(ctx, tx, actor, out.ID); err != nil {
			return err
		}
		if err := insertRun(ctx, tx, actor.Tenant, out); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, "table.export", t, map[string]any{"run": out.ID.String(), "purpose": w.Purpose})
	})
	return out, err
}

// Runs gives the files that were made of a table for the actor, newest first; of all tables for 0.
func (s *Service) Runs(ctx context.Context, actor authz.Actor, tableID id.ID, p db.Page) (db.List[Run], error) {
	return runs(ctx, s.db, actor, tableID, p)
}

// Run gives one of the actor's own files.
func (s *Service) Run(ctx context.Context, actor authz.Actor, runID id.ID) (Run, error) {
	return findRun(ctx, s.db, actor, runID)
}

// RunJob makes the file of a waiting run, for the person for whom it is made, with what they may see today. What is refused fails for good
// and is told with the run; the error comes back too, so that the job fails where it is watched.
func (s *Service) RunJob(ctx context.Context, tenant int64, runID id.ID, progress func(done, total int64)) error {
	r, err := db.One(ctx, s.db, (*Run).dest, "SELECT "+runColumns+" FROM table_run r WHERE r.tenant_id = $1 AND r.id = $2", tenant, runID)
	if err != nil || r.State != Waiting {
		return err // it was made before: a job may be started twice
	}
	actor, err := s.actors.Actor(ctx, tenant, r.AccountID)
	var content []byte
	if err == nil {
		actor = kept(actor, r.tokenPerms)
		content, err = s.make(ctx, actor, &r, progress)
	}
	if e := errs.As(err); e != nil && e.Kind != errs.Internal && e.Kind != errs.Unavailable {
		return s.fail(ctx, tenant, actor, r, e)
	}
	if err != nil {
		return err
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		r.State, r.FinishedAt = Done, tx.Now()
		var err error
		if r.fileID, err = s.keep(ctx, tx, tenant, r, content); err != nil {
			return err
		}
		if err := finish(ctx, tx, tenant, r); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "table.made", Permission: PermUse, SubjectKind: "table_run", SubjectID: r.ID, Purpose: r.Purpose,
			Detail: map[string]any{"title": r.Title, "rows": r.Rows, "kind": string(r.Kind)}})
	})
}

// fail keeps why a run could not be made, and gives the reason back.
func (s *Service) fail(ctx context.Context, tenant int64, actor authz.Actor, r Run, cause *errs.Error) error {
	r.State, r.Message = Failed, cause.Said().In(i18n.ZH)
	if cause.Kind == errs.Forbidden || cause.Kind == errs.NotFound {
		r.Message = i18n.TableNoRight.In(i18n.ZH)
	}
	if actor.Tenant == 0 {
		actor = authz.System(tenant, "table")
	}
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		if err := finish(ctx, tx, tenant, r); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "table.fail", Permission: PermUse, SubjectKind: "table_run", SubjectID: r.ID,
			Detail: map[string]any{"title": r.Title, "why": r.Message}})
	})
	if err != nil {
		return err
	}
	return cause
}

// make reads the rows of a run and compares an edition with the one before.
func (s *Service) make(ctx context.Context, actor authz.Actor, r *Run, progress func(done, total int64)) ([]byte, error) {
	t, err := find(ctx, s.db, actor, r.TableID)
	if err != nil {
		return nil, err
	}
	if !s.facts.Sees(actor, t.Subject) {
		return nil, errs.ErrForbidden
	}
	ctx = i18n.With(ctx, i18n.ZH)
	read, err := s.reading(ctx, actor, t, Ask{Place: r.Place}, r.OnDate)
	if err != nil {
		return nil, err
	}
	total, _, err := read.ed.Count(ctx, actor, read.query, mostCounted)
	if err != nil {
		return nil, err
	}
	opening := Wanted{Purpose: r.Purpose, Reason: r.Reason}.opening()
	sh := read.sheet()
	sh.Sight = read.sight(r.Purpose)
	content, err := pack(sh, func(yield func(Line) error) error {
		return read.each(ctx, opening, func(row Row) error {
			if r.Rows++; r.Rows > mostKept {
				return errs.New(errs.Invalid, i18n.TableTooMany, mostKept)
			}
			if progress != nil && r.Rows%500 == 0 {
				progress(r.Rows, max(r.Rows, int64(total)))
			}
			return yield(read.line(row))
		})
	})
	if err != nil || r.Kind != Edition {
		return content, err
	}
	return content, s.compare(ctx, actor.Tenant, r, content)
}

// pack writes a sheet and its lines as compressed JSON, a line each.
func pack(sh Sheet, lines func(yield func(Line) error) error) ([]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	enc := json.NewEncoder(z)
	if err := enc.Encode(sh); err != nil {
		return nil, err
	}
	if err := lines(func(l Line) error { return enc.Encode(l) }); err != nil {
		return nil, err
	}
	err := z.Close()
	return b.Bytes(), err
}

// unpack reads what pack wrote, a line at a time; without fn, only what the file says of itself.
func unpack(content []byte, fn func(Line) error) (Sheet, error) {
	var sh Sheet
	z, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		return sh, err
	}
	dec := json.NewDecoder(z)
	if err := dec.Decode(&sh); err != nil || fn == nil {
		return sh, err
	}
	for {
		var l Line
		if err := dec.Decode(&l); err == io.EOF {
			return sh, nil
		} else if err != nil {
			return sh, err
		}
		if err := fn(l); err != nil {
			return sh, err
		}
	}
}

// opening reads what a kept file says of itself, for somebody who may still have it.
func (s *Service) opening(ctx context.Context, actor authz.Actor, content []byte) (Sheet, error) {
	sh, err := unpack(content, nil)
	if err != nil {
		return sh, err
	}
	return sh, s.still(ctx, actor, sh)
}

// Download writes one of the actor's own files in a format. What was opened for it was recorded when it was made; the download is recorded.
// Who lost rights with which it was made gets it no more.
func (s *Service) Download(ctx context.Context, actor authz.Actor, runID id.ID, f Format, to io.Writer) error {
	w := Wanted{Format: f}
	if err := w.check(); err != nil {
		return err
	}
	r, err := findRun(ctx, s.db, actor, runID)
	if err != nil {
		return err
	}
	content, err := file.Content(ctx, s.db, s.ring, actor.Tenant, r.fileID)
	if err != nil {
		return err
	}
	sh, err := s.opening(ctx, actor, content)
	if err != nil {
		return err
	}
	err = s.db.WithTx(ctx, func(tx *db.Tx) error {
		if err := markSeen(ctx, tx, actor.Tenant, r.ID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "table.fetch", Permission: PermUse, SubjectKind: "table_run", SubjectID: r.ID, Purpose: r.Purpose,
			Detail: map[string]any{"title": r.Title, "format": string(w.Format)}})
	})
	if err != nil {
		return err
	}
	return sh.write(to, w.Format, i18n.From(ctx), func(yield func(Line) error) error {
		_, err := unpack(content, yield)
		return err
	})
}

// RemoveRun deletes one of the actor's own files.
func (s *Service) RemoveRun(ctx context.Context, actor authz.Actor, runID id.ID) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		r, err := findRun(ctx, tx, actor, runID)
		if err != nil {
			return err
		}
		if err := removeRun(ctx, tx, actor.Tenant, r); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "table.drop_file", Permission: PermUse, SubjectKind: "table_run", SubjectID: r.ID,
			Detail: map[string]any{"title": r.Title}})
	})
}
