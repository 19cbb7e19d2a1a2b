package table

import (
	"context"
	"strings"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/fact"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
	"linli/internal/seal"
)

// Places knows which organisations stand below one.
type Places interface {
	// Subtree gives an organisation and everything below it.
	Subtree(ctx context.Context, q db.Querier, tenant int64, org id.ID) ([]id.ID, error)
}

// Figures are the numbers of places that the platform can show. They are given by the package that keeps them.
type Figures interface {
	// Offered gives the figures that can be a column, by ID, with their names and units.
	Offered() []Number
	// Of reads figures of the places among rows within what the actor may see; what is not recorded is left out.
	Of(ctx context.Context, actor authz.Actor, figures []string, rows []id.ID) (map[Place]string, error)
}

// Number is a figure that can be a column.
type Number struct {
	ID   string
	Name i18n.Text
}

// Place names one figure of one place.
type Place struct {
	Figure string
	Row    id.ID
}

// Queue runs large tables in the background: it puts a job into the transaction that will call Service.RunJob.
type Queue interface {
	EnqueueTable(ctx context.Context, tx *db.Tx, actor authz.Actor, runID id.ID) (jobID id.ID, err error)
}

// Actors gives the person for whom a background job works, with what they may do today.
type Actors interface {
	Actor(ctx context.Context, tenant int64, accountID id.ID) (authz.Actor, error)
}

// Service keeps tables and reads them.
type Service struct {
	db      *db.DB
	ring    *seal.Ring
	facts   *fact.Catalogue
	places  Places
	figures Figures
	headers Headers
	queue   Queue
	actors  Actors
}

// New makes the service. Without figures no column can show one.
func New(d *db.DB, ring *seal.Ring, facts *fact.Catalogue, places Places, figures Figures) *Service {
	return &Service{db: d, ring: ring, facts: facts, places: places, figures: figures}
}

// Headers recognises the header of a file that an office sent. It is given by the package that fills such forms in.
type Headers interface {
	// Header gives the columns of the first list in a file, and what its rows are about.
	Header(ctx context.Context, actor authz.Actor, name string, data []byte) (fact.Subject, []Heading, error)
}

// WithHeaders lets tables be made from the header of a file.
func (s *Service) WithHeaders(h Headers) *Service {
	s.headers = h
	return s
}

// InBackground lets large tables and schedules run as jobs.
func (s *Service) InBackground(q Queue, a Actors) { s.queue, s.actors = q, a }

// Numbers are the figures that can be columns of tables of organisations.
func (s *Service) Numbers() []Number {
	if s.figures == nil {
		return nil
	}
	return s.figures.Offered()
}

func (s *Service) numbers() map[string]bool {
	out := map[string]bool{}
	for _, n := range s.Numbers() {
		out[n.ID] = true
	}
	return out
}

// check checks a draft for an actor.
func (s *Service) check(ctx context.Context, q db.Querier, actor authz.Actor, d *Draft, old *Draft) error {
	ed, err := s.facts.Edition(ctx, actor.Tenant)
	if err != nil {
		return err
	}
	if err := d.check(ed, s.numbers(), old); err != nil {
		return err
	}
	switch {
	case d.Place != 0 && !s.facts.InOrgs(d.Subject):
		return errs.Field("place", i18n.FactNoPlace)
	case d.Grid != 0 && !s.facts.InGrids(d.Subject):
		return errs.Field("grid", i18n.FactNoGrid)
	}
	if err := reference.Require(ctx, q, actor.Tenant, reference.Organisation, d.Place); err != nil {
		return errs.Under("place", err)
	}
	return errs.Under("grid", reference.Require(ctx, q, actor.Tenant, reference.Grid, d.Grid))
}

// Create saves a new table of the actor's own (PermUse).
func (s *Service) Create(ctx context.Context, actor authz.Actor, d Draft) (Table, error) {
	if actor.AccountID == 0 || !actor.Can(PermUse) {
		return Table{}, errs.ErrForbidden
	}
	t := Table{Draft: d, ID: id.New(), OwnerID: actor.AccountID, OwnerName: actor.Name, Version: 1}
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		if err := s.check(ctx, tx, actor, &t.Draft, nil); err != nil {
			return err
		}
		t.CreatedAt, t.UpdatedAt = tx.Now(), tx.Now()
		if err := insert(ctx, tx, actor.Tenant, t); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, "table.create", t, nil)
	})
	return t, err
}

// Get gives a table of the actor's own or one that is shared with them.
func (s *Service) Get(ctx context.Context, actor authz.Actor, tableID id.ID) (Table, error) {
	return find(ctx, s.db, actor, tableID)
}

// List gives tables, newest first.
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter) (db.List[Table], error) {
	f.Text = strings.TrimSpace(f.Text)
	return list(ctx, s.db, actor, f)
}

// Save changes a table of the actor's own; its subject stays. What somebody else changed since version is a Conflict.
func (s *Service) Save(ctx context.Context, actor authz.Actor, tableID id.ID, version int64, d Draft) (Table, error) {
	return s.change(ctx, actor, tableID, version, "table.save", func(tx *db.Tx, t *Table) error {
		if !t.RemovedAt.IsZero() {
			return errs.New(errs.Conflict, i18n.TableIsRemoved)
		}
		old := t.Draft
		d.Subject = t.Subject
		t.Draft = d
		return s.check(ctx, tx, actor, &t.Draft, &old)
	})
}

// change finds an own table, lets fn change it and saves it. version 0 asks for none in particular.
func (s *Service) change(ctx context.Context, actor authz.Actor, tableID id.ID, version int64, action string, fn func(*db.Tx, *Table) error) (Table, error) {
	var t Table
	err := s.db.WithTx(ctx, func(tx *db.Tx) (err error) {
		if t, err = findOwn(ctx, tx, actor, tableID); err != nil {
			return err
		}
		if version != 0 && version != t.Version {
			return errs.ErrConflict
		}
		if err := fn(tx, &t); err != nil {
			return err
		}
		if err := save(ctx, tx, actor.Tenant, t); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, action, t, nil)
	})
	t.Version++
	return t, err
}

// Copy saves a table that the actor sees as one of their own.
func (s *Service) Copy(ctx context.Context, actor authz.Actor, tableID id.ID) (Table, error) {
	t, err := find(ctx, s.db, actor, tableID)
	if err != nil {
		return t, err
	}
	c := Table{Draft: t.Draft, ID: id.New(), OwnerID: actor.AccountID, OwnerName: actor.Name, Version: 1}
	if r := []rune(c.Title); len(r) > longestTitle-4 {
		c.Title = string(r[:longestTitle-4])
	}
	c.Title = i18n.TableCopyOf.In(i18n.From(ctx), c.Title)
	err = s.db.WithTx(ctx, func(tx *db.Tx) error {
		c.CreatedAt, c.UpdatedAt = tx.Now(), tx.Now()
		if err := insert(ctx, tx, actor.Tenant, c); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, "table.copy", c, map[string]any{"from": tableID.String()})
	})
	return c, err
}

// Share shares an own table with an organisation where the actor has PermUse; 0 ends the sharing.
func (s *Service) Share(ctx context.Context, actor authz.Actor, tableID, organisationID id.ID) error {
	_, err := s.change(ctx, actor, tableID, 0, "table.share", func(tx *db.Tx, t *Table) error {
		t.SharedID = organisationID
		if organisationID == 0 {
			return nil
		}
		if err := actor.Scope(PermUse).Require(organisationID); err != nil {
			return errs.Field("organisation", i18n.TableShareWhere)
		}
		return reference.Require(ctx, tx, actor.Tenant, reference.Organisation, organisationID)
	})
	return err
}

// Remove removes an own table. It can be brought back for thirty days; nobody else sees it any more, and its schedule ends.
func (s *Service) Remove(ctx context.Context, actor authz.Actor, tableID id.ID) error {
	_, err := s.change(ctx, actor, tableID, 0, "table.remove", func(tx *db.Tx, t *Table) error {
		if !t.RemovedAt.IsZero() {
			return errs.New(errs.Conflict, i18n.TableIsRemoved)
		}
		t.RemovedAt = tx.Now()
		_, err := dropSchedule(ctx, tx, actor.Tenant, t.ID)
		return err
	})
	return err
}

// Restore brings a removed table back.
func (s *Service) Restore(ctx context.Context, actor authz.Actor, tableID id.ID) error {
	_, err := s.change(ctx, actor, tableID, 0, "table.restore", func(tx *db.Tx, t *Table) error {
		if t.RemovedAt.IsZero() {
			return errs.New(errs.Conflict, i18n.TableNotRemoved)
		}
		t.RemovedAt = time.Time{}
		return nil
	})
	return err
}

func (s *Service) record(ctx context.Context, tx *db.Tx, actor authz.Actor, action string, t Table, more map[string]any) error {
	detail := map[string]any{"title": t.Title}
	if t.SharedID != 0 {
		detail["shared"] = t.SharedID.String()
	}
	for k, v := range more {
		detail[k] = v
	}
	return audit.Record(ctx, tx, actor, audit.Entry{Action: action, Permission: PermUse, SubjectKind: "saved_table", SubjectID: t.ID, OrgID: t.SharedID, Detail: detail})
}

// Sweep deletes files that have expired and tables that were removed thirty days ago, for a nightly job.
func (s *Service) Sweep(ctx context.Context, tenant int64) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error { return sweep(ctx, tx, tenant, today(tx)) })
}
