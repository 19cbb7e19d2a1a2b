// Package complaint keeps what people say about the platform itself: a page that asks twice, a wrong figure, a burden. Anyone who
// is logged in may complain from any page (spec "users": a way to complain about the app itself); it goes to those who run the
// platform, who must answer in words. The one who complained sees the answer; others see neither.
//
// States: open -> answered (mended, or explained) | declined (with the reason). Table: complaint.
package complaint

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/waiting"
)

// The permissions of this package.
const (
	PermMake   authz.Permission = "complaint.make.own" // complain, and read the answers to one's own
	PermAnswer authz.Permission = "complaint.answer"   // read and answer all of the tenant
)

// State is where a complaint stands.
type State string

// The states.
const (
	Open     State = "open"
	Answered State = "answered"
	Declined State = "declined"
)

// WaitAnswer is the kind of waiting item for those who answer.
const WaitAnswer = "complaint.answer"

// Complaint is one complaint with its answer.
type Complaint struct {
	ID         id.ID
	AccountID  id.ID
	By         string // name of the account
	Page       string // address of the page it is about
	Body       string
	State      State
	Answer     string
	AnsweredBy string
	CreatedAt  time.Time
	AnsweredAt time.Time
	Version    int64
}

// Service keeps complaints.
type Service struct{ db *db.DB }

// New makes the service.
func New(d *db.DB) *Service { return &Service{db: d} }

func text(field, s string, limit int) (string, error) {
	s = strings.TrimSpace(s)
	switch n := utf8.RuneCountInString(s); {
	case n == 0:
		return "", errs.Field(field, i18n.ErrRequired)
	case n > limit:
		return "", errs.Field(field, i18n.ErrTooLong, limit, n)
	}
	return s, nil
}

// Make hands in a complaint about a page.
func (s *Service) Make(ctx context.Context, actor authz.Actor, page, body string) (id.ID, error) {
	if !actor.Can(PermMake) || actor.AccountID == 0 {
		return 0, errs.ErrForbidden
	}
	body, err := text("body", body, 1000)
	if err != nil {
		return 0, err
	}
	if r := []rune(page); len(r) > 200 {
		page = string(r[:200])
	}
	c := id.New()
	return c, s.db.WithTx(ctx, func(tx *db.Tx) error {
		var org id.ID
		if len(actor.Grants) > 0 {
			org = actor.Grants[0].Root
		}
		_, err := tx.Exec(ctx, `INSERT INTO complaint (tenant_id, id, account_id, organisation_id, page, body, state, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, actor.Tenant, c, actor.AccountID, org, page, body, string(Open), db.Micros(tx.Now()))
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "complaint.make", Permission: PermMake, SubjectKind: "complaint", SubjectID: c, OrgID: org})
	})
}

// Filter narrows a list; zero fields do not filter.
type Filter struct {
	State State
	Page  db.Page
}

// visible is the condition that the actor may see a complaint: their own, or all for those who answer.
func visible(a *db.Args, actor authz.Actor) string {
	where := "c.tenant_id = " + a.Add(actor.Tenant)
	if actor.Scope(PermAnswer).All() {
		return where
	}
	return where + " AND c.account_id = " + a.Add(actor.AccountID) + " AND c.account_id <> 0"
}

const query = `SELECT c.id, c.account_id, coalesce(a.name, ''), c.page, c.body, c.state, c.answer, coalesce(b.name, ''), c.created_at,
	c.answered_at, c.version FROM complaint c
	LEFT JOIN account a ON a.tenant_id = c.tenant_id AND a.id = c.account_id
	LEFT JOIN account b ON b.tenant_id = c.tenant_id AND b.id = c.answered_by AND c.answered_by <> 0 WHERE `

func (c *Complaint) dest() []any {
	return []any{&c.ID, &c.AccountID, &c.By, &c.Page, &c.Body, &c.State, &c.Answer, &c.AnsweredBy, db.Instant(&c.CreatedAt), db.Instant(&c.AnsweredAt), &c.Version}
}

// List gives complaints, the newest first.
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter) (db.List[Complaint], error) {
	a := &db.Args{}
	where := visible(a, actor)
	if f.State != "" {
		where += " AND c.state = " + a.Add(string(f.State))
	}
	page, tail := a.Keyset(f.Page, db.Order{IDColumn: "c.id", Desc: true})
	rows, err := db.All(ctx, s.db, (*Complaint).dest, query+where+page+tail, a.Values()...)
	return db.Cut(rows, f.Page, func(c Complaint) db.Cursor { return db.Cursor{ID: c.ID} }), err
}

func get(ctx context.Context, q db.Querier, actor authz.Actor, complaint id.ID) (Complaint, error) {
	a := &db.Args{}
	where := visible(a, actor) + " AND c.id = " + a.Add(complaint)
	return db.One(ctx, q, (*Complaint).dest, query+where, a.Values()...)
}

// Get gives one complaint.
func (s *Service) Get(ctx context.Context, actor authz.Actor, complaint id.ID) (Complaint, error) {
	return get(ctx, s.db, actor, complaint)
}

// Answer answers an open complaint; declining needs words as well.
func (s *Service) Answer(ctx context.Context, actor authz.Actor, complaint id.ID, to State, answer string, version int64) error {
	if !actor.Scope(PermAnswer).All() {
		return errs.ErrForbidden
	}
	if to != Answered && to != Declined {
		return errs.Field("state", i18n.ErrBadChoice)
	}
	answer, err := text("answer", answer, 1000)
	if err != nil {
		return err
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		c, err := get(ctx, tx, actor, complaint)
		if err != nil {
			return err
		}
		if c.State != Open {
			return errs.New(errs.Conflict, i18n.ComplaintClosed)
		}
		err = tx.Update(ctx, `UPDATE complaint SET state = $1, answer = $2, answered_by = $3, answered_at = $4, version = version + 1
			WHERE tenant_id = $5 AND id = $6 AND version = $7`, string(to), answer, actor.AccountID, db.Micros(tx.Now()), actor.Tenant, c.ID, version)
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: string(PermAnswer), SubjectKind: "complaint", SubjectID: c.ID, Detail: map[string]any{"state": string(to)}})
	})
}

// Waiting is what waits for those who answer.
func (s *Service) Waiting(ctx context.Context, actor authz.Actor) ([]waiting.Item, error) {
	if !actor.Scope(PermAnswer).All() {
		return nil, nil
	}
	it := waiting.Item{Kind: WaitAnswer}
	err := s.db.QueryRow(ctx, `SELECT count(*), coalesce(min(id), 0), coalesce(min(created_at), 0) FROM complaint WHERE tenant_id = $1 AND state = 'open'`,
		actor.Tenant).Scan(&it.Count, &it.Subject, db.Instant(&it.Since))
	if err != nil || it.Count == 0 {
		return nil, err
	}
	return []waiting.Item{it}, nil
}
