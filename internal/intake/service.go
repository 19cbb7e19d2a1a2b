package intake

import (
	"context"
	"errors"
	"io"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/file"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
	"linli/internal/seal"
)

// The states of an import (see the package's documentation).
const (
	Ready   = "ready"
	Checked = "checked"
	Waiting = "waiting"
	Running = "running"
	Done    = "done"
	Refused = "refused"
	Failed  = "failed"
)

// MaxFile is the size of the largest file taken, in bytes.
const MaxFile = 256 << 20

// keepFor is how long a file is kept for an import that is not finished.
const keepFor = 14 * 24 * time.Hour

// Queue runs large imports in the background. Enqueue puts a job into the transaction that will call Service.RunJob
// with the import's ID.
type Queue interface {
	EnqueueImport(ctx context.Context, tx *db.Tx, actor authz.Actor, importID id.ID) (jobID id.ID, err error)
}

// Actors gives the person for whom a background job works, with what they may do today.
type Actors interface {
	Actor(ctx context.Context, tenant int64, accountID id.ID) (authz.Actor, error)
}

// Import is one table handed in.
type Import struct {
	Summary
	ID         id.ID
	OrgID      id.ID
	FileID     id.ID // 0 when the file is no longer kept
	FileName   string
	FileHash   string
	Layout     Layout
	Options    map[string]bool
	TakeGood   bool
	JobID      id.ID
	AccountID  id.ID
	CreatedAt  time.Time
	FinishedAt time.Time
}

// Large says whether the import runs in the background.
func (m Import) Large() bool { return m.Layout.Lines > largeRows }

// largeRows is the number of rows from which an import runs in the background.
const largeRows = 2000

// NewImport is a table to import.
type NewImport struct {
	Kind     string
	OrgID    id.ID
	FileName string
	Content  []byte
	Sheet    string // of a workbook; "" chooses the one that fits best
}

// Choice is how an import is to run.
type Choice struct {
	Columns  map[string]int  // column of the kind -> column of the file (from 0); nil keeps what was matched
	Options  map[string]bool // nil keeps what was chosen
	DryRun   bool
	TakeGood bool // take the good rows although others must be mended
}

// Filter narrows the history of imports.
type Filter struct {
	Kind    string
	Stopped bool // only those that stopped with errors and can still be mended
	Page    db.Page
}

// Service brings tables in.
type Service struct {
	db     *db.DB
	ring   *seal.Ring
	kinds  []Kind
	queue  Queue
	actors Actors
}

// New makes the service for the kinds of tables given.
func New(d *db.DB, ring *seal.Ring, kinds ...Kind) *Service {
	return &Service{db: d, ring: ring, kinds: kinds}
}

// InBackground makes large imports run as background jobs; without it everything runs at once.
func (s *Service) InBackground(q Queue, a Actors) { s.queue, s.actors = q, a }

// Kinds are the kinds of tables that the actor may import.
func (s *Service) Kinds(actor authz.Actor) []Kind {
	var kinds []Kind
	for _, k := range s.kinds {
		if actor.Can(k.Permission) {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// Kind finds a kind that the actor may import.
func (s *Service) Kind(actor authz.Actor, name string) (Kind, error) {
	for _, k := range s.Kinds(actor) {
		if k.Name == name {
			return k, nil
		}
	}
	return Kind{}, errs.ErrNotFound
}

func (s *Service) admit(ctx context.Context, actor authz.Actor, in NewImport) (Kind, error) {
	k, err := s.Kind(actor, in.Kind)
	if err != nil {
		return k, err
	}
	scope := actor.Scope(k.Permission)
	if k.OrgNeeded && in.OrgID == 0 {
		return k, errs.Field("organisation", i18n.IntakeChooseOrg)
	}
	if in.OrgID != 0 {
		if err := scope.Require(in.OrgID); err != nil {
			return k, err
		}
		if err := reference.Require(ctx, s.db, actor.Tenant, reference.Organisation, in.OrgID); err != nil {
			return k, err
		}
	}
	if len(in.Content) > MaxFile {
		return k, errs.Field("file", i18n.ErrTooLarge, "256 MB")
	}
	return k, nil
}

// Upload takes a file in, reads its header and matches its columns. It checks no row.
func (s *Service) Upload(ctx context.Context, actor authz.Actor, in NewImport) (Import, error) {
	m, _, err := s.prepare(ctx, actor, in)
	if err != nil {
		return Import{}, err
	}
	err = s.db.WithTx(ctx, func(tx *db.Tx) error {
		m.CreatedAt = tx.Now()
		var err error
		if m.FileID, err = file.Keep(ctx, tx, s.ring, actor.Tenant, file.New{Name: m.FileName, ContentType: "application/octet-stream", Hash: m.FileHash,
			AccountID: m.AccountID, Until: tx.Now().Add(keepFor), Content: in.Content}); err != nil {
			return err
		}
		if err := insert(ctx, tx, actor.Tenant, m); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, "import.upload", m)
	})
	return m, err
}

func (s *Service) prepare(ctx context.Context, actor authz.Actor, in NewImport) (Import, Kind, error) {
	k, err := s.admit(ctx, actor, in)
	if err != nil {
		return Import{}, k, err
	}
	layout, err := inspect(k, in)
	if err != nil {
		return Import{}, k, err
	}
	options := map[string]bool{}
	for _, o := range k.Options {
		options[o.Name] = o.On
	}
	m := Import{ID: id.New(), OrgID: in.OrgID, FileName: fileName(in.FileName), FileHash: seal.Hash(in.Content),
		Layout: layout, Options: options, AccountID: actor.AccountID,
		Summary: Summary{Kind: k.Name, State: Ready}}
	m.ImportID = m.ID
	return m, k, nil
}

// Run runs an import that was uploaded: as a dry run, or in earnest. Large ones are put into the queue; their state is
// then Waiting. Rows that must be mended are no error: the import comes back Refused with its counts, see Problems.
func (s *Service) Run(ctx context.Context, actor authz.Actor, importID id.ID, c Choice) (Import, error) {
	var m Import
	err := s.db.WithTx(ctx, func(tx *db.Tx) (err error) {
		if m, err = s.find(ctx, tx, actor, importID); err != nil {
			return err
		}
		if err = s.choose(actor, &m, c); err != nil {
			return err
		}
		m.State, m.JobID = Running, 0
		if m.Large() && s.queue != nil {
			m.State = Waiting
			if m.JobID, err = s.queue.EnqueueImport(ctx, tx, actor, m.ID); err != nil {
				return err
			}
		}
		return begin(ctx, tx, actor.Tenant, m, Ready, Checked, Refused, Failed)
	})
	if err != nil || m.State == Waiting {
		return m, err
	}
	return s.execute(ctx, actor, m, nil)
}

// choose applies what the person chose to the import.
func (s *Service) choose(actor authz.Actor, m *Import, c Choice) error {
	k, err := s.Kind(actor, m.Kind)
	if err != nil {
		return err
	}
	if m.State == Done {
		return errs.New(errs.Conflict, i18n.IntakeAlreadyDone)
	}
	if m.FileID == 0 {
		return errs.New(errs.Conflict, i18n.IntakeFileGone)
	}
	if c.Columns != nil {
		m.Layout.choose(k, c.Columns)
	}
	if c.Options != nil {
		m.Options = map[string]bool{}
		for _, o := range k.Options {
			m.Options[o.Name] = c.Options[o.Name]
		}
	}
	m.DryRun, m.TakeGood = c.DryRun, c.TakeGood
	return m.Layout.missing(k)
}

// RunJob runs a waiting import for the person who began it. progress is told the rows read and about how many there are.
func (s *Service) RunJob(ctx context.Context, tenant int64, importID id.ID, progress func(done, total int64)) error {
	a := &db.Args{}
	query := "SELECT " + importColumns + " FROM import WHERE tenant_id = " + a.Add(tenant) + " AND id = " + a.Add(importID)
	r, err := db.One(ctx, s.db, (*record).dest, query, a.Values()...)
	if err != nil {
		return err
	}
	m, err := r.read()
	if err != nil || m.State != Waiting && m.State != Running {
		return err // it was run before: a job may be started twice
	}
	actor, err := s.actors.Actor(ctx, tenant, m.AccountID)
	if err != nil {
		return err
	}
	m.State = Running
	if err := s.db.WithTx(ctx, func(tx *db.Tx) error { return begin(ctx, tx, tenant, m, Waiting, Running) }); err != nil {
		return err
	}
	_, err = s.execute(ctx, actor, m, progress)
	if errs.As(err) != nil {
		return nil // told on the import's page; another try would end the same way
	}
	return err
}

// Direct imports a file at once without keeping it, for the command line. The problems come back with the summary.
func (s *Service) Direct(ctx context.Context, actor authz.Actor, in NewImport, c Choice, progress func(done, total int64)) (Summary, []Problem, error) {
	m, k, err := s.prepare(ctx, actor, in)
	if err != nil {
		return Summary{}, nil, err
	}
	m.State, m.DryRun, m.TakeGood = Running, c.DryRun, c.TakeGood
	if c.Columns != nil {
		m.Layout.choose(k, c.Columns)
	}
	for name, on := range c.Options {
		m.Options[name] = on
	}
	if err := m.Layout.missing(k); err != nil {
		return Summary{}, nil, err
	}
	p := s.pass(actor, k, m, in.Content, progress)
	if c.DryRun {
		err = s.db.View(ctx, func(tx *db.Tx) error { return p.run(ctx, tx, nil) })
		p.sum.State = p.verdict()
		return p.sum, p.problems, err
	}
	err = s.write(ctx, actor, &m, p, func(tx *db.Tx) error { return insert(ctx, tx, actor.Tenant, m) })
	return m.Summary, p.problems, err
}

func (s *Service) pass(actor authz.Actor, k Kind, m Import, content []byte, progress func(done, total int64)) *pass {
	p := &pass{kind: k, src: m.Layout.source(m.FileName, content, k), columns: m.Layout.columns(k), takeGood: m.TakeGood,
		setup: Setup{Actor: actor, Scope: actor.Scope(k.Permission), ImportID: m.ID, OrgID: m.OrgID, Options: m.Options,
			Now: s.db.Now(), DryRun: m.DryRun, Mapped: m.Layout.mapped(k)}}
	if progress != nil {
		total := int64(m.Layout.Lines)
		p.progress = func(rows int64) { progress(rows, max(total, rows)) }
	}
	return p
}

// execute runs a stored import that is in state Running.
func (s *Service) execute(ctx context.Context, actor authz.Actor, m Import, progress func(done, total int64)) (Import, error) {
	k, err := s.Kind(actor, m.Kind)
	if err != nil {
		return m, s.fail(ctx, actor, m, err)
	}
	content, err := loadFile(ctx, s.db, s.ring, actor.Tenant, m)
	if err != nil {
		return m, s.fail(ctx, actor, m, err)
	}
	p := s.pass(actor, k, m, content, progress)
	if m.DryRun {
		err = s.dry(ctx, actor, &m, p, Checked)
	} else {
		err = s.write(ctx, actor, &m, p, func(*db.Tx) error { return nil })
	}
	if err != nil {
		m.State = Failed
		return m, s.fail(ctx, actor, m, err)
	}
	return m, nil
}

// dry runs a pass that writes nothing and keeps its report.
func (s *Service) dry(ctx context.Context, actor authz.Actor, m *Import, p *pass, state string) error {
	if err := s.db.View(ctx, func(tx *db.Tx) error { return p.run(ctx, tx, nil) }); err != nil {
		return err
	}
	m.Summary = p.sum
	m.State, m.DryRun = state, true
	return s.db.WithTx(ctx, func(tx *db.Tx) error { return finish(ctx, tx, actor.Tenant, *m, p.problems) })
}

// write runs a pass in one transaction. If rows must be mended it writes nothing, goes over the whole file once more
// for the report and leaves the import Refused.
func (s *Service) write(ctx context.Context, actor authz.Actor, m *Import, p *pass, first func(*db.Tx) error) error {
	fileID := m.FileID
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		if err := first(tx); err != nil {
			return err
		}
		if err := p.run(ctx, tx, tx); err != nil {
			return err
		}
		m.Summary = p.sum
		m.State, m.FileID = Done, fileID
		if m.Rejected == 0 && fileID != 0 {
			if err := file.Drop(ctx, tx, actor.Tenant, fileID); err != nil {
				return err
			}
			m.FileID = 0
		}
		if err := finish(ctx, tx, actor.Tenant, *m, p.problems); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, "import.apply", *m)
	})
	if !errors.Is(err, errMend) {
		return err
	}
	m.FileID = fileID
	p.setup.DryRun = true
	if fileID == 0 { // Direct: there is no stored import to keep the report
		err = s.db.View(ctx, func(tx *db.Tx) error { return p.run(ctx, tx, nil) })
		m.Summary = p.sum
		m.State, m.DryRun = Refused, false
		return err
	}
	return s.dry(ctx, actor, m, p, Refused)
}

func (p *pass) verdict() string {
	if p.sum.Rejected > 0 {
		return Refused
	}
	return Checked
}

// fail keeps why a file could not be taken, and gives cause back.
func (s *Service) fail(ctx context.Context, actor authz.Actor, m Import, cause error) error {
	m.State = Failed
	m.Summary = Summary{ImportID: m.ID, Kind: m.Kind, State: Failed, DryRun: m.DryRun}
	message := errs.Message{Text: i18n.IntakeFailed}
	if e := errs.As(cause); e != nil {
		message = e.Message
		for _, m := range e.Fields {
			message = m
		}
	}
	problems := []Problem{{Message: message, Advice: errs.Message{Text: i18n.IntakeNothingWritten}}}
	// The person's page may be gone, the reason should not be.
	ctx = context.WithoutCancel(ctx)
	err := s.db.WithTx(ctx, func(tx *db.Tx) error { return finish(ctx, tx, actor.Tenant, m, problems) })
	return errors.Join(cause, err)
}

func (s *Service) record(ctx context.Context, tx *db.Tx, actor authz.Actor, action string, m Import) error {
	k, err := s.Kind(actor, m.Kind)
	if err != nil {
		return err
	}
	detail := map[string]any{"kind": m.Kind, "file": m.FileName, "hash": m.FileHash}
	if action == "import.apply" {
		detail["rows"], detail["inserted"], detail["updated"] = m.Rows, m.Inserted, m.Updated
		detail["unchanged"], detail["rejected"] = m.Unchanged, m.Rejected
	}
	return audit.Record(ctx, tx, actor, audit.Entry{Action: action, SubjectKind: "import", SubjectID: m.ID, OrgID: m.OrgID,
		Detail: detail, Permission: k.Permission})
}

// Get gives an import.
func (s *Service) Get(ctx context.Context, actor authz.Actor, importID id.ID) (Import, error) {
	return s.find(ctx, s.db, actor, importID)
}

// List gives imports, newest first.
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter) (db.List[Import], error) {
	return s.list(ctx, s.db, actor, f)
}

// Problems gives the report of an import's last run, row by row.
func (s *Service) Problems(ctx context.Context, actor authz.Actor, importID id.ID, page db.Page) (db.List[Finding], error) {
	m, err := s.find(ctx, s.db, actor, importID)
	if err != nil {
		return db.List[Finding]{}, err
	}
	return findings(ctx, s.db, actor.Tenant, m.ID, page)
}

// Rejected writes the rows that were refused as a workbook, with what is wrong and what to do beside each, so that they
// can be mended and imported. The download is recorded, since the rows are not masked.
func (s *Service) Rejected(ctx context.Context, actor authz.Actor, importID id.ID, w io.Writer) error {
	m, err := s.find(ctx, s.db, actor, importID)
	if err != nil {
		return err
	}
	k, err := s.Kind(actor, m.Kind)
	if err != nil {
		return err
	}
	content, err := loadFile(ctx, s.db, s.ring, actor.Tenant, m)
	if err != nil {
		return err
	}
	bad, err := refusals(ctx, s.db, actor.Tenant, m.ID)
	if err != nil {
		return err
	}
	if err := s.db.WithTx(ctx, func(tx *db.Tx) error { return s.record(ctx, tx, actor, "import.rejected", m) }); err != nil {
		return err
	}
	return m.Layout.writeRejected(w, i18n.From(ctx), m.FileName, content, k, bad)
}

// Template writes the workbook to fill in for a kind.
func (s *Service) Template(actor authz.Actor, kind string, lang i18n.Lang, w io.Writer) error {
	k, err := s.Kind(actor, kind)
	if err != nil {
		return err
	}
	return template(w, k, lang)
}

// Sweep deletes files whose time is over, for a nightly job.
func (s *Service) Sweep(ctx context.Context, tenant int64) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error { return sweep(ctx, tx, tenant) })
}

// Permissions are those of all kinds: who holds one of them has something to import.
func (s *Service) Permissions() []authz.Permission {
	var all []authz.Permission
	for _, k := range s.kinds {
		all = append(all, k.Permission)
	}
	return all
}
