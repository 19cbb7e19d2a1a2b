package fill

import (
	"context"
	"maps"
	"strings"
	"unicode/utf8"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/fact"
	"linli/internal/file"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/seal"
)

// Service recognises forms and fills them in.
type Service struct {
	db      *db.DB
	ring    *seal.Ring
	facts   *fact.Catalogue
	people  People
	places  Places
	figures Figures
}

// New makes the service.
func New(d *db.DB, ring *seal.Ring, facts *fact.Catalogue, people People, places Places) *Service {
	return &Service{db: d, ring: ring, facts: facts, people: people, places: places}
}

// keptDays is how long a form stays: long enough to finish it, short enough that filled registers do not lie about.
const keptDays = 30

// MaxFile is how large a workbook may be.
const MaxFile = 20 << 20

// Drop takes a form in and keeps it, as it came, for the account alone (PermFill). A file that is no form is Invalid, and nothing is kept.
func (s *Service) Drop(ctx context.Context, actor authz.Actor, name string, data []byte) (Dropped, error) {
	if actor.AccountID == 0 {
		return Dropped{}, errs.ErrForbidden
	}
	if len(data) > MaxFile {
		return Dropped{}, errs.Field("file", i18n.TabularTooBig, MaxFile>>20)
	}
	form, err := s.Understand(ctx, actor, name, data, Choice{})
	if err != nil {
		return Dropped{}, err
	}
	if n := utf8.RuneCountInString(name); n > 200 {
		name = string([]rune(name)[n-200:])
	}
	d := Dropped{ID: id.New(), Name: name, Version: 1}
	for _, sh := range form.Sheets {
		if d.Title == "" {
			d.Title = strings.TrimSpace(sh.Title)
		}
	}
	err = s.db.WithTx(ctx, func(tx *db.Tx) error {
		d.CreatedAt, d.ExpiresOn = tx.Now(), calendar.DateOf(tx.Now()).AddDays(keptDays)
		var err error
		if d.fileID, err = s.keep(ctx, tx, actor, name, data, d.ExpiresOn); err != nil {
			return err
		}
		if err := insert(ctx, tx, actor, d); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "fill.drop", Permission: PermFill, SubjectKind: "office_form", SubjectID: d.ID,
			Detail: map[string]any{"name": name, "title": d.Title}})
	})
	return d, err
}

// List gives the forms that the actor dropped in, newest first.
func (s *Service) List(ctx context.Context, actor authz.Actor, p db.Page) (db.List[Dropped], error) {
	return list(ctx, s.db, actor, p)
}

// Get gives a form that the actor dropped in, as it is understood with what was said about it.
func (s *Service) Get(ctx context.Context, actor authz.Actor, formID id.ID) (Dropped, *Form, error) {
	d, err := find(ctx, s.db, actor, formID)
	if err != nil {
		return d, nil, err
	}
	data, err := file.Content(ctx, s.db, s.ring, actor.Tenant, d.fileID)
	if err != nil {
		return d, nil, err
	}
	form, err := s.Understand(ctx, actor, d.Name, data, d.Ask.Choice)
	return d, form, err
}

// Original gives the file as it came.
func (s *Service) Original(ctx context.Context, actor authz.Actor, formID id.ID) (name string, data []byte, err error) {
	d, err := find(ctx, s.db, actor, formID)
	if err != nil {
		return "", nil, err
	}
	data, err = file.Content(ctx, s.db, s.ring, actor.Tenant, d.fileID)
	return d.Name, data, err
}

// Result gives the file as it was filled in; errs.NotFound until it was.
func (s *Service) Result(ctx context.Context, actor authz.Actor, formID id.ID) (name string, data []byte, err error) {
	d, err := find(ctx, s.db, actor, formID)
	if err != nil {
		return "", nil, err
	}
	if d.filledID == 0 {
		return "", nil, errs.ErrNotFound
	}
	data, err = file.Content(ctx, s.db, s.ring, actor.Tenant, d.filledID)
	return d.Name, data, err
}

// Complete fills a kept form in with what is said about it, and keeps the result beside the original. What was chosen for a label is
// remembered for the next form that bears it.
func (s *Service) Complete(ctx context.Context, actor authz.Actor, formID id.ID, version int64, ask Ask) (Dropped, error) {
	d, err := find(ctx, s.db, actor, formID)
	if err != nil {
		return d, err
	}
	if version != 0 && version != d.Version {
		return d, errs.ErrConflict
	}
	data, err := file.Content(ctx, s.db, s.ring, actor.Tenant, d.fileID)
	if err != nil {
		return d, err
	}
	form, out, err := s.Fill(ctx, actor, d.Name, data, ask)
	if err != nil {
		return d, err
	}
	if err := s.remember(ctx, actor, form); err != nil {
		return d, err
	}
	old := d.filledID
	err = s.db.WithTx(ctx, func(tx *db.Tx) error {
		d.Ask, d.Outcome, d.FilledAt = ask, *out, tx.Now()
		d.Outcome.File = nil
		d.Rows, d.Cells, d.Filled = int64(out.Rows), int64(out.Cells), int64(out.Filled)
		var err error
		if d.filledID, err = s.keep(ctx, tx, actor, d.Name, out.File, d.ExpiresOn); err != nil {
			return err
		}
		if err := update(ctx, tx, actor.Tenant, d); err != nil {
			return err
		}
		if old != 0 {
			if err := file.Drop(ctx, tx, actor.Tenant, old); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: string(PermFill), SubjectKind: "office_form", SubjectID: d.ID, Purpose: ask.Purpose,
			Detail: map[string]any{"rows": out.Rows, "cells": out.Cells, "filled": out.Filled}})
	})
	d.Version++
	return d, err
}

// remember teaches the catalogue what somebody chose for labels of a form.
func (s *Service) remember(ctx context.Context, actor authz.Actor, form *Form) error {
	if !actor.Can(fact.PermTeach) {
		return nil
	}
	for _, sh := range form.Sheets {
		for _, sl := range sh.Slots {
			if sl.Chosen && sl.Meaning == Sure && len(sl.Path) == 1 && sl.Part == "" {
				if err := s.facts.Teach(ctx, actor, sh.Subject, sl.Label(), sl.Ref); err != nil && errs.KindOf(err) != errs.Invalid {
					return err
				}
			}
		}
	}
	return nil
}

// Remove removes a form with its files.
func (s *Service) Remove(ctx context.Context, actor authz.Actor, formID id.ID) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		d, err := find(ctx, tx, actor, formID)
		if err != nil {
			return err
		}
		if err := remove(ctx, tx, actor.Tenant, d); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "fill.remove", Permission: PermFill, SubjectKind: "office_form", SubjectID: d.ID,
			Detail: map[string]any{"name": d.Name}})
	})
}

// Settled is an Ask to which the choice for one unclear row was added.
func (a Ask) Settled(sheet string, row int, who id.ID) Ask {
	rows := maps.Clone(a.Rows)
	if rows == nil {
		rows = map[string]id.ID{}
	}
	rows[RowKey(sheet, row)] = who
	a.Rows = rows
	return a
}

// Names names rows of a subject for people, within what the actor may see.
func (s *Service) Names(ctx context.Context, actor authz.Actor, subject fact.Subject, ids []id.ID) (map[id.ID]string, error) {
	return s.facts.Names(ctx, actor, subject, ids)
}
