package feedback

import (
	"context"
	"fmt"
	"strings"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/paper"
	"linli/internal/webhook"
)

// Service closes quarters and exchanges slips.
type Service struct {
	db     *db.DB
	events *webhook.Service // nil where no system is told
}

// New makes the service.
func New(d *db.DB) *Service { return &Service{db: d} }

// Closed is what closing a quarter made.
type Closed struct {
	Quarter calendar.Quarter
	Slips   int64
	Members int64
}

// Close drafts the slips of a quarter that is over: one for each community and unit that have members in common. It needs
// PermClose in the whole tenant. A quarter is closed once; Conflict says that it is not over or was closed before.
func (s *Service) Close(ctx context.Context, actor authz.Actor, q calendar.Quarter) (Closed, error) {
	out := Closed{Quarter: q}
	if !actor.Scope(PermClose).All() {
		return out, errs.ErrForbidden
	}
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		if err := closable(q, tx.Now()); err != nil {
			return err
		}
		drafts, err := ledgerSays(ctx, tx, actor.Tenant, q, pair{})
		if err != nil {
			return fmt.Errorf("read the ledger of %s: %w", q, err)
		}
		out.Slips, out.Members = int64(len(drafts)), 0
		for _, lines := range drafts {
			out.Members += int64(len(lines))
		}
		if err := insertSlips(ctx, tx, actor.Tenant, q, drafts); err != nil {
			return closedBefore(err, q)
		}
		if err := insertClose(ctx, tx, actor.Tenant, q, actor.AccountID, out); err != nil {
			return closedBefore(err, q)
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: string(PermClose), SubjectKind: "quarter_close",
			Detail: map[string]any{"quarter": q.String(), "slips": out.Slips, "members": out.Members}})
	})
	return out, err
}

func closedBefore(err error, q calendar.Quarter) error {
	if db.IsUnique(err) {
		return errs.New(errs.Conflict, i18n.FeedbackAlreadyClosed, q.Label()).Because(err)
	}
	return err
}

// Closes tells which quarters are closed, newest first.
func (s *Service) Closes(ctx context.Context, actor authz.Actor) ([]Closed, error) {
	if actor.Scope(PermClose).Or(actor.Scope(PermSee)).Or(actor.Scope(PermReview)).Empty() {
		return nil, errs.ErrForbidden
	}
	return db.All(ctx, s.db, func(c *Closed) []any { return []any{&c.Quarter, &c.Slips, &c.Members} },
		`SELECT quarter, slips, members FROM quarter_close WHERE tenant_id = $1 ORDER BY quarter DESC LIMIT 100`, actor.Tenant)
}

// List gives slips in scope: a community's own in every state, a unit's once they are sent; newest first.
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter) (db.List[Slip], error) {
	f, err := s.dated(ctx, actor, f)
	if err != nil {
		return db.List[Slip]{}, err
	}
	return listSlips(ctx, s.db, actor.Scope(PermReview), actor.Scope(PermSee), f)
}

// dated works out what late means today, if the filter asks for it.
func (s *Service) dated(ctx context.Context, actor authz.Actor, f Filter) (Filter, error) {
	if !f.Late {
		return f, nil
	}
	send, answer, err := s.days(ctx, actor.Tenant, calendar.DateOf(s.db.Now()))
	f.late = s.limitsOn(send, answer)
	return f, err
}

// Export calls fn for every slip of the filter, without paging.
func (s *Service) Export(ctx context.Context, actor authz.Actor, f Filter, fn func(Slip) error) error {
	f, err := s.dated(ctx, actor, f)
	if err != nil {
		return err
	}
	query, a := slipQuery(actor.Scope(PermReview), actor.Scope(PermSee), f)
	return db.Each(ctx, s.db, (*Slip).dest, fn, query+" ORDER BY s.id DESC", a.Values()...)
}

// Detail is a slip with all that belongs to it.
type Detail struct {
	Slip        Slip
	Lines       []Line // of the draft, or of the version last sent
	Versions    []Version
	Corrections []Correction
	Stale       bool // a draft whose lines the ledger has left behind
	CanReview   bool
	CanAnswer   bool
}

// Get gives a slip. The unit's reading of it for the first time is kept (Read).
func (s *Service) Get(ctx context.Context, actor authz.Actor, slip id.ID) (Detail, error) {
	review, see := actor.Scope(PermReview), actor.Scope(PermSee)
	sl, err := findSlip(ctx, s.db, review, see, slip)
	if err != nil {
		return Detail{}, err
	}
	d := Detail{Slip: sl, CanReview: review.Covers(sl.CommunityID), CanAnswer: actor.Scope(PermAnswer).Covers(sl.UnitID)}
	if d.Lines, err = linesOf(ctx, s.db, actor.Tenant, slip); err != nil {
		return d, err
	}
	if d.Versions, err = versions(ctx, s.db, actor.Tenant, slip); err != nil {
		return d, err
	}
	if len(d.Versions) > 0 && !d.CanReview {
		d.Lines = d.Versions[0].Content.LinesOf() // who only reads sees what was sent
	}
	if d.CanReview {
		if d.Corrections, err = correctionsOf(ctx, s.db, actor.Tenant, slip); err != nil {
			return d, err
		}
		now, err := current(ctx, s.db, actor.Tenant, sl)
		if err != nil {
			return d, err
		}
		d.Stale = Fingerprint(now) != Fingerprint(d.Lines)
	}
	return d, nil
}

// Refresh brings the lines of a slip up to what the ledger says now. Remarks stay. It needs PermReview.
func (s *Service) Refresh(ctx context.Context, actor authz.Actor, slip id.ID) error {
	return s.change(ctx, actor, slip, "feedback.refresh", func(tx *db.Tx, sl *Slip) error {
		_, err := s.refreshTx(ctx, tx, actor, sl)
		return err
	})
}

func (s *Service) refreshTx(ctx context.Context, tx *db.Tx, actor authz.Actor, sl *Slip) ([]Line, error) {
	lines, err := current(ctx, tx, actor.Tenant, *sl)
	if err != nil {
		return nil, err
	}
	t := Totals(lines)
	sl.Members, sl.Minutes, sl.Deeds = int64(len(lines)), t.Minutes, t.Deeds
	return lines, replaceLines(ctx, tx, actor.Tenant, sl.ID, lines)
}

// change finds a slip that the actor reviews, lets fn change it, saves and records it.
func (s *Service) change(ctx context.Context, actor authz.Actor, slip id.ID, action string, fn func(*db.Tx, *Slip) error) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		sl, err := findSlip(ctx, tx, actor.Scope(PermReview), authz.Scope{}, slip)
		if err != nil {
			return err
		}
		if err := fn(tx, &sl); err != nil {
			return err
		}
		if err := saveSlip(ctx, tx, actor.Tenant, sl, actor.AccountID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: action, Permission: PermReview, SubjectKind: "slip", SubjectID: slip,
			OrgID: sl.CommunityID, Detail: map[string]any{"quarter": sl.Quarter.String(), "version": sl.VersionNo}})
	})
}

// Remarks are what the community writes on a draft: on the slip and on single lines. Version is the version of the slip that
// the person saw.
type Remarks struct {
	Slip    string
	Lines   map[id.ID]string // by member
	Version int64
}

// Remark saves the community's remarks. On a slip that was sent they take effect when it is sent again.
func (s *Service) Remark(ctx context.Context, actor authz.Actor, slip id.ID, in Remarks) error {
	if n := len([]rune(in.Slip)); n > 500 {
		return errs.Field("remark", i18n.ErrTooLong, 500, n)
	}
	return s.change(ctx, actor, slip, "feedback.remark", func(tx *db.Tx, sl *Slip) error {
		if sl.Version != in.Version {
			return errs.ErrConflict
		}
		sl.Remark = strings.TrimSpace(in.Slip)
		return s.remarkLines(ctx, tx, actor, sl.ID, in.Lines)
	})
}

func (s *Service) remarkLines(ctx context.Context, tx *db.Tx, actor authz.Actor, slip id.ID, remarks map[id.ID]string) error {
	if len(remarks) == 0 {
		return nil
	}
	lines, err := linesOf(ctx, tx, actor.Tenant, slip)
	if err != nil {
		return err
	}
	on := map[id.ID]bool{}
	for i := range lines {
		on[lines[i].MemberID] = true
		r, given := remarks[lines[i].MemberID]
		if !given {
			continue
		}
		r = strings.TrimSpace(r)
		if n := len([]rune(r)); n > 200 {
			return errs.Field("remark."+lines[i].MemberID.String(), i18n.ErrTooLong, 200, n)
		}
		lines[i].Remark = r
	}
	for m := range remarks {
		if !on[m] {
			return errs.New(errs.Invalid, i18n.FeedbackNoMember)
		}
	}
	return replaceLines(ctx, tx, actor.Tenant, slip, lines)
}

// Send freezes the draft and gives it to the unit. seen is the Fingerprint of the lines that the person saw; if the ledger has
// moved since, the draft is brought up to date and Conflict asks to look once more.
func (s *Service) Send(ctx context.Context, actor authz.Actor, slip id.ID, seen string) error {
	var moved bool
	err := s.change(ctx, actor, slip, "feedback.send", func(tx *db.Tx, sl *Slip) error {
		moved = false
		if err := sl.mayRemark(); err != nil {
			return err
		}
		lines, err := s.refreshTx(ctx, tx, actor, sl)
		if err != nil {
			return err
		}
		if moved = Fingerprint(lines) != seen; moved {
			return nil // the refreshed draft is kept; nothing is sent
		}
		return s.issueTx(ctx, tx, actor, sl, lines, "")
	})
	if err == nil && moved {
		return errs.New(errs.Conflict, i18n.FeedbackChanged)
	}
	return err
}

// SendAgain makes a new version of a slip that was sent, from what the ledger and the remarks say now. The version before stays;
// its code says that it was replaced, and why. The unit is asked to answer anew.
func (s *Service) SendAgain(ctx context.Context, actor authz.Actor, slip id.ID, reason string) error {
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return errs.Field("reason", i18n.FeedbackReasonNeeded)
	}
	return s.change(ctx, actor, slip, "feedback.send", func(tx *db.Tx, sl *Slip) error {
		if sl.VersionNo == 0 {
			return errs.New(errs.Conflict, i18n.FeedbackNotSent)
		}
		lines, err := s.refreshTx(ctx, tx, actor, sl)
		if err != nil {
			return err
		}
		old, err := versions(ctx, tx, actor.Tenant, slip)
		if err != nil {
			return err
		}
		now, err := contentOf(*sl, lines).text()
		if err != nil {
			return err
		}
		if len(old) > 0 && old[0].Hash == hash(now) {
			return errs.New(errs.Conflict, i18n.FeedbackNothingChanged)
		}
		return s.issueTx(ctx, tx, actor, sl, lines, reason)
	})
}

// issueTx freezes lines as the next version of the slip and registers its paper.
func (s *Service) issueTx(ctx context.Context, tx *db.Tx, actor authz.Actor, sl *Slip, lines []Line, reason string) error {
	content, err := contentOf(*sl, lines).text()
	if err != nil {
		return err
	}
	v := Version{No: sl.VersionNo + 1, Hash: hash(content), Reason: reason, SentAt: tx.Now()}
	if v.No > 1 {
		note := i18n.FeedbackReplaced.In(i18n.ZH, v.No)
		if err := paper.RevokeTx(ctx, tx, actor.Tenant, paper.KindSlip, sl.ID, note); err != nil {
			return err
		}
	}
	p, err := paper.IssueTx(ctx, tx, actor.Tenant, paper.NewPaper{Kind: paper.KindSlip, SubjectID: sl.ID,
		Number: fmt.Sprintf("%s-%s-%d", sl.Quarter, sl.ID, v.No), ContentHash: v.Hash, By: actor.AccountID})
	if err != nil {
		return err
	}
	v.Code = p.Code
	if err := insertVersion(ctx, tx, actor.Tenant, sl.ID, v, content, actor.AccountID); err != nil {
		return err
	}
	sl.State, sl.VersionNo, sl.SentAt = Sent, v.No, v.SentAt
	sl.Answer, sl.AnsweredAt, sl.ReadAt = "", zero, zero
	return s.sentEvent(ctx, tx, actor.Tenant, sl)
}

// Read keeps that the unit has opened the slip, the first time only.
func (s *Service) Read(ctx context.Context, actor authz.Actor, slip id.ID) error {
	scope := actor.Scope(PermAnswer)
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		sl, err := findSlip(ctx, tx, authz.Scope{}, scope, slip)
		if err != nil {
			return err
		}
		if !scope.Covers(sl.UnitID) || !sl.ReadAt.IsZero() {
			return nil
		}
		sl.ReadAt = tx.Now()
		return saveSlip(ctx, tx, actor.Tenant, sl, actor.AccountID)
	})
}

// Answer is the unit's answer to a slip that was sent. It needs PermAnswer for the unit.
func (s *Service) Answer(ctx context.Context, actor authz.Actor, slip id.ID, answer string) error {
	answer = strings.TrimSpace(answer)
	if answer == "" {
		return errs.Field("answer", i18n.ErrRequired)
	}
	if n := len([]rune(answer)); n > 500 {
		return errs.Field("answer", i18n.ErrTooLong, 500, n)
	}
	scope := actor.Scope(PermAnswer)
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		sl, err := findSlip(ctx, tx, authz.Scope{}, scope, slip)
		if err != nil {
			return err
		}
		if err := scope.Require(sl.UnitID); err != nil {
			return err
		}
		if err := sl.mayAnswer(); err != nil {
			return err
		}
		sl.State, sl.Answer, sl.AnsweredAt = Answered, answer, tx.Now()
		if sl.ReadAt.IsZero() {
			sl.ReadAt = tx.Now()
		}
		if err := saveSlip(ctx, tx, actor.Tenant, sl, actor.AccountID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: string(PermAnswer), SubjectKind: "slip", SubjectID: slip, OrgID: sl.UnitID,
			Detail: map[string]any{"quarter": sl.Quarter.String()}})
	})
}
