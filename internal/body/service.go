package body

import (
	"context"
	"strings"
	"unicode/utf8"

	"linli/internal/attach"
	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
)

// Service keeps bodies.
type Service struct {
	db    *db.DB
	files *attach.Store
}

// New makes the service.
func New(d *db.DB) *Service { return &Service{db: d} }

func (s *Service) today() calendar.Date { return calendar.DateOf(s.db.Now()) }

// Create sets a body up (PermKeep at the organisation that leads it).
func (s *Service) Create(ctx context.Context, actor authz.Actor, in NewBody) (id.ID, error) {
	if err := in.check(s.today()); err != nil {
		return 0, err
	}
	if err := actor.Scope(PermKeep).Require(in.LeaderID); err != nil {
		return 0, err
	}
	b := Body{ID: id.New(), Kind: in.Kind, Name: in.Name, LeaderID: in.LeaderID, FoundedOn: in.FoundedOn, TermTo: in.TermTo, Document: in.Document, Version: 1}
	return b.ID, s.db.WithTx(ctx, func(tx *db.Tx) error {
		if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, in.LeaderID); err != nil {
			return err
		}
		if err := insert(ctx, tx, actor, b); err != nil {
			return err
		}
		return record(ctx, tx, actor, b, "create", nil)
	})
}

func record(ctx context.Context, tx *db.Tx, actor authz.Actor, b Body, act string, detail map[string]any) error {
	if detail == nil {
		detail = map[string]any{"name": b.Name}
	}
	return audit.Record(ctx, tx, actor, audit.Entry{Action: "body." + act, Permission: PermKeep, SubjectKind: "body", SubjectID: b.ID, OrgID: b.LeaderID, Detail: detail})
}

// change finds a living body that the actor keeps, lets do change it and saves it.
func (s *Service) change(ctx context.Context, actor authz.Actor, body id.ID, version int64, act string, do func(tx *db.Tx, b *Body) (map[string]any, error)) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		b, err := findKept(ctx, tx, actor.Scope(PermKeep), body)
		if err != nil {
			return err
		}
		if version != 0 && version != b.Version {
			return errs.ErrConflict
		}
		if !b.Living() {
			return errs.New(errs.Conflict, i18n.BodyGone, b.EndedOn.String())
		}
		detail, err := do(tx, &b)
		if err != nil {
			return err
		}
		if err := save(ctx, tx, actor.Tenant, b); err != nil {
			return err
		}
		return record(ctx, tx, actor, b, act, detail)
	})
}

// Edit changes name, kind, term and document; who leads it stays.
func (s *Service) Edit(ctx context.Context, actor authz.Actor, body id.ID, in NewBody) error {
	if err := in.check(s.today()); err != nil {
		return err
	}
	return s.change(ctx, actor, body, in.Version, "edit", func(_ *db.Tx, b *Body) (map[string]any, error) {
		before := map[string]any{"before": map[string]any{"kind": b.Kind, "name": b.Name, "term_to": b.TermTo.String()}}
		b.Kind, b.Name, b.FoundedOn, b.TermTo, b.Document = in.Kind, in.Name, in.FoundedOn, in.TermTo, in.Document
		return before, nil
	})
}

// End ends a body with today, with the reason; its seats end with it.
func (s *Service) End(ctx context.Context, actor authz.Actor, body id.ID, reason string) error {
	e := words(nil, "reason", &reason, 200, true)
	if e != nil {
		return e
	}
	return s.change(ctx, actor, body, 0, "end", func(tx *db.Tx, b *Body) (map[string]any, error) {
		b.EndedOn, b.Reason = calendar.DateOf(tx.Now()), reason
		return map[string]any{"reason": reason}, endSeats(ctx, tx, actor.Tenant, b.ID, b.EndedOn)
	})
}

// AddSeat gives an organisation a seat (PermKeep). The representative is a member of the register, or a name; a name that
// only one member of the organisation bears is that member.
func (s *Service) AddSeat(ctx context.Context, actor authz.Actor, body id.ID, in NewSeat) error {
	return s.change(ctx, actor, body, 0, "seat", func(tx *db.Tx, b *Body) (map[string]any, error) {
		if err := in.check(*b, calendar.DateOf(tx.Now())); err != nil {
			return nil, err
		}
		if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, in.OrganisationID); err != nil {
			return nil, err
		}
		if in.MemberID != 0 {
			name, err := memberName(ctx, tx, actor.Tenant, in.OrganisationID, in.MemberID)
			if err != nil {
				return nil, err
			}
			in.Name = name
		} else {
			var err error
			if in.MemberID, err = memberNamed(ctx, tx, actor.Tenant, in.OrganisationID, in.Name); err != nil {
				return nil, err
			}
		}
		seat := Seat{ID: id.New(), OrganisationID: in.OrganisationID, MemberID: in.MemberID, Name: in.Name, Title: in.Title, Role: in.Role, From: in.From}
		err := insertSeat(ctx, tx, actor.Tenant, b.ID, seat)
		if db.IsUnique(err) {
			err = errs.Field("name", i18n.BodySeatTwice)
		}
		return map[string]any{"organisation": in.OrganisationID, "role": in.Role}, err
	})
}

// EndSeat ends a seat with a day, with the reason: a representative who is replaced, an organisation that leaves.
func (s *Service) EndSeat(ctx context.Context, actor authz.Actor, body, seat id.ID, on calendar.Date, reason string) error {
	e := words(nil, "reason", &reason, 200, false)
	if e != nil {
		return e
	}
	return s.change(ctx, actor, body, 0, "seat_end", func(tx *db.Tx, b *Body) (map[string]any, error) {
		today := calendar.DateOf(tx.Now())
		if on.IsZero() {
			on = today
		}
		x, err := findSeat(ctx, tx, actor.Tenant, b.ID, seat)
		switch {
		case err != nil:
			return nil, err
		case !x.To.IsZero():
			return nil, errs.New(errs.Conflict, i18n.BodySeatEnded)
		case on.After(today):
			return nil, errs.Field("on", i18n.BodyFuture)
		case on.Before(x.From):
			return nil, errs.Field("on", i18n.ErrEndBeforeStart)
		}
		return map[string]any{"seat": seat, "reason": reason}, endSeat(ctx, tx, actor.Tenant, seat, on, reason)
	})
}

// MaxRules is the longest text of rules of procedure, in characters.
const MaxRules = 20_000

// WriteRules puts a new edition of the rules of procedure into force (PermKeep). edition is the one that the writer saw, 0 for none: where
// somebody wrote another meanwhile it is a conflict.
func (s *Service) WriteRules(ctx context.Context, actor authz.Actor, body id.ID, edition int64, title, text string) error {
	e := words(nil, "title", &title, 60, true)
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	switch n := utf8.RuneCountInString(text); {
	case n == 0:
		e = e.With("text", i18n.ErrRequired)
	case n > MaxRules:
		e = e.With("text", i18n.ErrTooLong, MaxRules, n)
	}
	if e != nil {
		return e
	}
	return s.change(ctx, actor, body, 0, "rules", func(tx *db.Tx, b *Body) (map[string]any, error) {
		last, err := latestRules(ctx, tx, actor.Tenant, b.ID)
		if err != nil {
			return nil, err
		}
		if last.Edition != edition {
			return nil, errs.New(errs.Conflict, i18n.BodyRulesMoved, last.By, last.At)
		}
		r := Rules{ID: id.New(), Edition: edition + 1, Title: title, Text: text}
		if err = insertRules(ctx, tx, actor, b.ID, r); db.IsUnique(err) {
			err = errs.ErrConflict
		}
		if err == nil { // who wrote them has read them
			err = insertReading(ctx, tx, actor, r.ID, b.LeaderID)
		}
		return map[string]any{"edition": edition + 1, "title": title}, err
	})
}

// ReadRules says that the actor has read the latest rules, for an organisation in scope that has a seat (PermSee). Saying it twice changes nothing.
func (s *Service) ReadRules(ctx context.Context, actor authz.Actor, body, organisation id.ID) error {
	if err := actor.Scope(PermSee).Require(organisation); err != nil {
		return err
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		b, err := find(ctx, tx, actor.Scope(PermSee), body)
		if err != nil {
			return err
		}
		if there, err := sits(ctx, tx, actor.Tenant, b.ID, organisation); err != nil || !there {
			return orNotFound(err)
		}
		last, err := latestRules(ctx, tx, actor.Tenant, b.ID)
		if err != nil || last.ID == 0 {
			return orNotFound(err)
		}
		if err := insertReading(ctx, tx, actor, last.ID, organisation); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "body.read", Permission: PermSee, SubjectKind: "body", SubjectID: b.ID, OrgID: organisation,
			Detail: map[string]any{"edition": last.Edition}})
	})
}

func orNotFound(err error) error {
	if err != nil {
		return err
	}
	return errs.ErrNotFound
}

// Filter narrows the list of bodies; zero fields do not filter. Ended bodies are left out unless asked for.
type Filter struct {
	Text         string
	Kind         Kind
	LeaderID     id.ID
	Organisation id.ID // that has a seat today
	Ended        bool
	Page         db.Page
}

// List gives the bodies that organisations in scope lead or sit in, in the order of their names.
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter) (db.List[Body], error) {
	return list(ctx, s.db, seeing(actor), f)
}

// seeing is where the actor sees bodies.
func seeing(actor authz.Actor) authz.Scope { return actor.Scope(PermSee).Or(actor.Scope(PermKeep)) }

// Detail is all that a page says about a body.
type Detail struct {
	Body
	Seats    []Seat // those of today first
	Warnings []errs.Message
	Rules    []Rules // the latest edition first, each with its files
	Limits   attach.Limits
	Readers  []Reader // of the latest edition: every organisation with a seat, whether it has read it or not
	Mine     []Reader // the same, of organisations for which the actor answers
	Keeps    bool
}

// Get gives one body with its seats and rules.
func (s *Service) Get(ctx context.Context, actor authz.Actor, body id.ID) (Detail, error) {
	var out Detail
	var err error
	if out.Body, err = find(ctx, s.db, seeing(actor), body); err != nil {
		return out, err
	}
	if out.Seats, err = seats(ctx, s.db, actor.Tenant, body); err != nil {
		return out, err
	}
	if out.Rules, err = rules(ctx, s.db, actor.Tenant, body); err != nil {
		return out, err
	}
	editions := make([]id.ID, len(out.Rules))
	for i, r := range out.Rules {
		editions[i] = r.ID
	}
	files, err := attach.ListOf(ctx, s.db, actor.Tenant, filesOf(0).Kind, editions)
	if err != nil {
		return out, err
	}
	for i, r := range out.Rules {
		out.Rules[i].Files = files[r.ID]
	}
	if out.Limits, err = s.FileLimits(ctx, actor); err != nil {
		return out, err
	}
	out.Warnings = Check(out.Body, out.Seats, s.today())
	out.Keeps = actor.Scope(PermKeep).Covers(out.LeaderID)
	if len(out.Rules) > 0 {
		if out.Readers, err = readers(ctx, s.db, actor.Tenant, body, out.Rules[0].ID); err != nil {
			return out, err
		}
	}
	scope := actor.Scope(PermSee)
	for _, r := range out.Readers {
		if scope.Covers(r.OrganisationID) {
			out.Mine = append(out.Mine, r)
		}
	}
	return out, nil
}

// Follow lets what an organisation leads and its seats follow when another takes it in. Where both sit in a body, the seat of the one taken in ends.
func (s *Service) Follow(ctx context.Context, tx *db.Tx, actor authz.Actor, from, to id.ID) error {
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, to); err != nil {
		return err
	}
	return follow(ctx, tx, actor.Tenant, from, to)
}
