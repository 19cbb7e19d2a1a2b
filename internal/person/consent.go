package person

import (
	"context"
	"slices"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Consent is one answer of a person to one purpose (PRIV-2). The last one for a purpose counts.
type Consent struct {
	ID          id.ID
	Purpose     string
	TextVersion string // of the text that was shown
	Channel     string // "paper", "counter", "phone", "web"
	Answer      string // Agreed or Declined
	At          time.Time
	WithdrawnAt time.Time // zero while it stands
	AccountID   id.ID
}

// The answers.
const (
	Agreed   = "agreed"
	Declined = "declined"
)

// Channels are the ways in which an answer can be given.
func Channels() []string { return []string{"paper", "counter", "phone", "web"} }

// ConsentTextVersion is the version of the texts that the platform shows; it rises whenever one changes in substance.
const ConsentTextVersion = "2026-1"

// Stands says whether the consent may be relied on.
func (c Consent) Stands() bool { return c.Answer == Agreed && c.WithdrawnAt.IsZero() }

func consentScope(actor authz.Actor) authz.Scope {
	return actor.Scope(PermConsent).Or(actor.Scope(PermConsentOwn))
}

// Consents gives all answers of a person, newest first.
func (s *Service) Consents(ctx context.Context, actor authz.Actor, personID id.ID) ([]Consent, error) {
	if _, err := find(ctx, s.db, consentScope(actor).Or(seeScope(actor)), personID); err != nil {
		return nil, err
	}
	return consents(ctx, s.db, actor.Tenant, personID)
}

func (c *Consent) dest() []any {
	return []any{&c.ID, &c.Purpose, &c.TextVersion, &c.Channel, &c.Answer, db.Instant(&c.At), db.Instant(&c.WithdrawnAt), &c.AccountID}
}

func consents(ctx context.Context, q db.Querier, tenant int64, personID id.ID) ([]Consent, error) {
	return db.All(ctx, q, (*Consent).dest, `SELECT id, purpose_code, text_version, channel, answer, at, withdrawn_at, account_id FROM consent
		WHERE tenant_id = $1 AND person_id = $2 ORDER BY id DESC`, tenant, personID)
}

// Answer records a person's answer to a purpose (PermConsent, or the person). An answer that stands is not asked for again
// after a refusal: only the person or a new paper changes it.
func (s *Service) Answer(ctx context.Context, actor authz.Actor, personID id.ID, purpose, channel, answer string) error {
	var e *errs.Error
	if !slices.Contains(Channels(), channel) {
		e = e.With("channel", i18n.ErrBadChoice)
	}
	if answer != Agreed && answer != Declined {
		e = e.With("answer", i18n.ErrBadChoice)
	}
	if err := e.OrNil(); err != nil {
		return err
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		p, err := find(ctx, tx, consentScope(actor), personID)
		if err != nil {
			return err
		}
		all, err := register(ctx, tx, actor.Tenant)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(all, func(p Purpose) bool { return p.Code == purpose && p.NeedsConsent }) {
			return errs.Field("purpose", i18n.ErrBadChoice)
		}
		if err := withdraw(ctx, tx, actor.Tenant, personID, purpose); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO consent (tenant_id, id, person_id, purpose_code, text_version, channel, answer, at, account_id)
			VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)`, actor.Tenant, id.New(), personID, purpose, ConsentTextVersion, channel, answer,
			db.Micros(tx.Now()), actor.AccountID)
		if err != nil {
			return err
		}
		return recordConsent(ctx, tx, actor, p, map[string]any{"purpose": purpose, "answer": answer, "channel": channel})
	})
}

// Withdraw takes a consent back (PermConsent, or the person): as easy as giving it.
func (s *Service) Withdraw(ctx context.Context, actor authz.Actor, personID id.ID, purpose string) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		p, err := find(ctx, tx, consentScope(actor), personID)
		if err != nil {
			return err
		}
		if err := withdraw(ctx, tx, actor.Tenant, personID, purpose); err != nil {
			return err
		}
		return recordConsent(ctx, tx, actor, p, map[string]any{"purpose": purpose, "answer": "withdrawn"})
	})
}

func withdraw(ctx context.Context, tx *db.Tx, tenant int64, personID id.ID, purpose string) error {
	_, err := tx.Exec(ctx, `UPDATE consent SET withdrawn_at = $1 WHERE tenant_id = $2 AND person_id = $3 AND purpose_code = $4 AND withdrawn_at = 0`,
		db.Micros(tx.Now()), tenant, personID, purpose)
	return err
}

func recordConsent(ctx context.Context, tx *db.Tx, actor authz.Actor, p Person, detail map[string]any) error {
	perm := PermConsent
	if actor.PersonID == p.ID {
		perm = PermConsentOwn
	}
	return audit.Record(ctx, tx, actor, audit.Entry{Action: string(PermConsent), SubjectKind: "person", SubjectID: p.ID, PersonID: p.ID,
		OrgID: p.CommunityID, Detail: detail, Permission: perm})
}

// MayUse says whether a purpose that needs consent may be pursued with a person's data: the last answer agreed and was not
// withdrawn. Purposes that rest on the law need no consent.
func MayUse(ctx context.Context, q db.Querier, tenant int64, personID id.ID, purpose string) (bool, error) {
	all, err := register(ctx, q, tenant)
	if err != nil {
		return false, err
	}
	for _, p := range all {
		if p.Code == purpose && !p.NeedsConsent {
			return true, nil
		}
	}
	given, err := consents(ctx, q, tenant, personID)
	if err != nil {
		return false, err
	}
	for _, c := range given {
		if c.Purpose == purpose {
			return c.Stands(), nil
		}
	}
	return false, nil
}
