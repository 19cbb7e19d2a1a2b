package countersign

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// A public code has two halves: refDigits that find the row and tell nothing, and the six digits that only the person helped knows.
const (
	refDigits  = 6
	codeDigits = 6
)

// errNoCode is the one answer to a code that is wrong, used, out of date, or tried too often: whoever guesses learns nothing.
var errNoCode = errs.Field("code", i18n.CountersignPublicWrong)

// Entered is a public code as somebody entered it.
type Entered struct {
	Tenant int64 // 0 where the code does not name the district: it is the only one on this server
	ref    string
	digits string
}

// Link is the code as it stands in an address.
func (e Entered) Link() string { return strconv.FormatInt(e.Tenant, 10) + "-" + e.ref + e.digits }

// Read reads a public code as people type it (blanks, dashes, full-width digits) or as it stands in an address. The error says only
// that it is not a code.
func Read(s string) (Entered, error) {
	s = code.Normalise(s)
	var e Entered
	if head, tail, found := strings.Cut(s, "-"); found && len(head) == 6 && len(strings.ReplaceAll(tail, "-", "")) == refDigits+codeDigits {
		tenant, err := strconv.ParseInt(head, 10, 64)
		if err != nil || tenant <= 0 {
			return e, errNoCode
		}
		e.Tenant, s = tenant, tail
	}
	s = strings.ReplaceAll(s, "-", "")
	if len(s) != refDigits+codeDigits || strings.Trim(s, "0123456789") != "" {
		return e, errNoCode
	}
	e.ref, e.digits = s[:refDigits], s[refDigits:]
	return e, nil
}

// freeRef is a reference that no row of the tenant has.
func freeRef(ctx context.Context, tx *db.Tx, tenant int64) (string, error) {
	for {
		ref, err := sixDigits()
		if err != nil {
			return "", err
		}
		n, err := db.Value[int64](ctx, tx, `SELECT count(*) FROM countersign WHERE tenant_id = $1 AND ref = $2`, tenant, ref)
		if err != nil || n == 0 {
			return ref, err
		}
	}
}

// Found is what a public code stands for.
type Found struct {
	ID      id.ID
	Tenant  int64
	Kind    string // of the subject
	Subject id.ID
	Helped  string
	Err     error // nil if the code was right; see Result
}

type publicRow struct {
	row
	kind    string
	subject id.ID
}

// FindTx looks a public code up. A wrong half counts as a try against the row that the other half finds, so commit also when Found.Err
// is set. It checks no permission: the code is the permission, for its subject alone.
func (s *Service) FindTx(ctx context.Context, tx *db.Tx, e Entered) (Found, error) {
	tenant, err := only(ctx, tx, e.Tenant)
	if err != nil || tenant == 0 {
		return Found{Err: errNoCode}, err
	}
	limit, err := Tries.On(ctx, tx, tenant, calendar.DateOf(tx.Now()))
	if err != nil {
		return Found{}, err
	}
	r, err := db.One(ctx, tx, func(r *publicRow) []any {
		return []any{&r.id, &r.hash, db.Instant(&r.expires), &r.tries, &r.helped, &r.kind, &r.subject}
	}, `SELECT id, code_hash, expires_at, tries, helped_name, subject_kind, subject_id FROM countersign
		WHERE tenant_id = $1 AND ref = $2 AND ref <> '' AND used_at = 0 AND objected_at = 0`, tenant, e.ref)
	switch {
	case errors.Is(err, errs.ErrNotFound):
		return Found{Err: errNoCode}, nil
	case err != nil:
		return Found{}, err
	case !r.expires.After(tx.Now()) || r.tries >= limit:
		return Found{Err: errNoCode}, nil
	}
	if subtle.ConstantTimeCompare([]byte(s.digest(r.subject, e.digits)), []byte(r.hash)) != 1 {
		return Found{Err: errNoCode}, tx.Update(ctx, `UPDATE countersign SET tries = tries + 1 WHERE tenant_id = $1 AND id = $2`, tenant, r.id)
	}
	return Found{ID: r.id, Tenant: tenant, Kind: r.kind, Subject: r.subject, Helped: r.helped}, nil
}

// only is the district a code belongs to: the one it names, or the only one that there is (a city above it has no codes).
func only(ctx context.Context, q db.Querier, named int64) (int64, error) {
	if named != 0 {
		return named, nil
	}
	list, err := db.Column[int64](ctx, q, `SELECT tenant_id FROM tenant ORDER BY tenant_id`)
	if list = code.Serving(list); err != nil || len(list) != 1 {
		return 0, err
	}
	return list[0], nil
}

// Actor stands in the record for the person helped, who has no account. It holds no permission.
func (f Found) Actor(request string) authz.Actor {
	return authz.Actor{Tenant: f.Tenant, Name: i18n.CountersignHelpedActor.In(i18n.ZH), RequestID: request}
}

// UseTx marks a code that was found as used.
func (s *Service) UseTx(ctx context.Context, tx *db.Tx, f Found) error {
	return tx.Update(ctx, `UPDATE countersign SET used_at = $3 WHERE tenant_id = $1 AND id = $2 AND used_at = 0`, f.Tenant, f.ID, db.Micros(tx.Now()))
}

// ObjectTx keeps that the person helped says it was not so, with their words, and ends the code.
func (s *Service) ObjectTx(ctx context.Context, tx *db.Tx, f Found, words string) error {
	words = strings.TrimSpace(words)
	if n := len([]rune(words)); n > 200 {
		return errs.Field("words", i18n.ErrTooLong, 200, n)
	}
	now := db.Micros(tx.Now())
	return tx.Update(ctx, `UPDATE countersign SET objected_at = $3, objection = $4, expires_at = $3 WHERE tenant_id = $1 AND id = $2 AND used_at = 0`, f.Tenant, f.ID, now, words)
}

// Confirmation is what a person helped is asked to confirm, in the terms of the record: who did what for how long, and nothing more.
type Confirmation struct {
	Kind      string // of the subject
	Helped    string
	Who       string // the member who did it
	What      string
	Place     string
	Community string
	On        calendar.Date
	From, To  time.Time // zero for a deed, which has a day only
	Minutes   int64
}

// Objection is what the person helped said against a record.
type Objection struct {
	Helped  string
	At      time.Time
	Words   string
	Settled time.Time // zero while it waits for the community
	Note    string    // what the community found
}

// ObjectionTo gives the latest objection to a subject that the caller found in scope; none has a zero At.
func ObjectionTo(ctx context.Context, q db.Querier, tenant int64, kind string, subject id.ID) (Objection, error) {
	o, err := db.One(ctx, q, func(o *Objection) []any {
		return []any{&o.Helped, db.Instant(&o.At), &o.Words, db.Instant(&o.Settled), &o.Note}
	}, `SELECT helped_name, objected_at, objection, settled_at, settled_note FROM countersign
		WHERE tenant_id = $1 AND subject_id = $2 AND subject_kind = $3 AND objected_at <> 0 ORDER BY id DESC LIMIT 1`, tenant, subject, kind)
	if errors.Is(err, errs.ErrNotFound) {
		err = nil
	}
	return o, err
}

// SettleTx closes the objections to a subject with what the community found. The owner of the subject has checked the permission.
func (s *Service) SettleTx(ctx context.Context, tx *db.Tx, actor authz.Actor, kind string, subject id.ID, note string) error {
	note = strings.TrimSpace(note)
	switch n := len([]rune(note)); {
	case n == 0:
		return errs.Field("note", i18n.ErrRequired)
	case n > 200:
		return errs.Field("note", i18n.ErrTooLong, 200, n)
	}
	n, err := tx.Exec(ctx, `UPDATE countersign SET settled_at = $4, settled_note = $5 WHERE tenant_id = $1 AND subject_id = $2 AND subject_kind = $3
		AND objected_at <> 0 AND settled_at = 0`, actor.Tenant, subject, kind, db.Micros(tx.Now()), note)
	if err == nil && n == 0 {
		return errs.New(errs.Conflict, i18n.CountersignNoObjection)
	}
	return err
}

// Owner is a concept whose records the person helped can confirm.
type Owner interface {
	Confirmation(ctx context.Context, f Found) (Confirmation, error)
	ConfirmByHelped(ctx context.Context, e Entered, request string) (Confirmation, error)
	ObjectByHelped(ctx context.Context, e Entered, words, request string) error
}

// WithOwners says which concept owns the subjects of each kind.
func (s *Service) WithOwners(owners map[string]Owner) { s.owners = owners }

// Question is what the person helped is asked by a public code.
type Question struct {
	Confirmation
	Entered Entered // it names the district
	owner   Owner
}

// Confirm confirms that it was so.
func (q Question) Confirm(ctx context.Context, request string) (Confirmation, error) {
	return q.owner.ConfirmByHelped(ctx, q.Entered, request)
}

// Object says that it was not so, with the words of the person helped.
func (q Question) Object(ctx context.Context, words, request string) error {
	return q.owner.ObjectByHelped(ctx, q.Entered, words, request)
}

// Look finds what a public code stands for; the tries of wrong ones are kept.
func (s *Service) Look(ctx context.Context, d *db.DB, e Entered) (Found, error) {
	var f Found
	err := d.WithTx(ctx, func(tx *db.Tx) (err error) {
		f, err = s.FindTx(ctx, tx, e)
		return err
	})
	if err == nil {
		err = f.Err
	}
	return f, err
}

// Ask gives what a public code asks, as it was typed or stands in an address.
func (s *Service) Ask(ctx context.Context, d *db.DB, typed string) (Question, error) {
	e, err := Read(typed)
	if err != nil {
		return Question{}, err
	}
	f, err := s.Look(ctx, d, e)
	if err != nil {
		return Question{}, err
	}
	q := Question{Entered: e, owner: s.owners[f.Kind]}
	q.Entered.Tenant = f.Tenant
	if q.owner == nil {
		return q, fmt.Errorf("countersign: nobody owns subjects of kind %q", f.Kind)
	}
	q.Confirmation, err = q.owner.Confirmation(ctx, f)
	return q, err
}
