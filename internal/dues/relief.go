package dues

import (
	"context"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// ReliefKind is what hardship leaves (DUES-13).
type ReliefKind string

// The kinds.
const (
	Less  ReliefKind = "less"  // a part stays due
	None  ReliefKind = "none"  // nothing is due
	Later ReliefKind = "later" // all stays due, and may be paid later for a good reason (DUES-12)
)

// ReliefKinds lists the kinds.
func ReliefKinds() []ReliefKind { return []ReliefKind{Less, None, Later} }

// Text names the kind.
func (k ReliefKind) Text() i18n.Text {
	return map[ReliefKind]i18n.Text{Less: i18n.DuesLess, None: i18n.DuesNone, Later: i18n.DuesLater}[k]
}

// ReliefState is where a reduction stands.
type ReliefState string

// The states.
const (
	Proposed  ReliefState = "proposed"
	Approved  ReliefState = "approved"
	Declined  ReliefState = "declined"
	Withdrawn ReliefState = "withdrawn" // by the branch, before or after the answer
)

// Text names the state.
func (s ReliefState) Text() i18n.Text {
	return map[ReliefState]i18n.Text{Proposed: i18n.DuesProposed, Approved: i18n.DuesApproved, Declined: i18n.DuesDeclined, Withdrawn: i18n.DuesWithdrawn}[s]
}

// Relief is a reduction for some months. Share is the part of the charge that stays due, in per cent: who approves it needs to know no amount.
type Relief struct {
	ID         id.ID
	MemberID   id.ID
	PersonID   id.ID
	BranchID   id.ID
	Kind       ReliefKind
	Share      int64
	From, To   Month
	DecidedOn  calendar.Date // by the branch
	State      ReliefState
	Note       string // with the answer
	AnsweredOn calendar.Date
	Version    int64
	Name       string
	Branch     string
	Reason     string // opened for those who approve, the member and who keeps the dues
	by         id.ID  // the account that proposed it
	sealed     []byte
}

func (l Relief) covers(m Month) bool { return l.ID != 0 && l.From <= m && m <= l.To }

// NewRelief proposes a reduction.
type NewRelief struct {
	Kind      ReliefKind
	Share     int64 // per cent, of Less alone
	From, To  Month
	DecidedOn calendar.Date
	Reason    string
}

func (n *NewRelief) check(m Member, today calendar.Date) error {
	var e *errs.Error
	switch n.Kind {
	case Less:
		if n.Share < 1 || n.Share > 99 {
			e = e.With("share", i18n.DuesShare)
		}
	case None:
		n.Share = 0
	case Later:
		n.Share = 100
	default:
		e = e.With("kind", i18n.ErrBadChoice)
	}
	now := MonthOf(today)
	switch {
	case n.From <= 0:
		e = e.With("from", i18n.ErrRequired)
	case n.From < now-maxMonths || n.From > now+12:
		e = e.With("from", i18n.DuesFromBounds, (now - maxMonths).String(), (now + 12).String())
	case !m.belongs(n.From):
		e = e.With("from", i18n.DuesNotMember, n.From.String())
	}
	switch {
	case n.To <= 0:
		e = e.With("to", i18n.ErrRequired)
	case n.To < n.From:
		e = e.With("to", i18n.ErrEndBeforeStart)
	case n.To >= n.From+24:
		e = e.With("to", i18n.DuesReliefLong, 24)
	}
	switch {
	case n.DecidedOn.IsZero():
		e = e.With("decided_on", i18n.ErrRequired)
	case n.DecidedOn.After(today):
		e = e.With("decided_on", i18n.DuesPaidLater, today.String())
	}
	return need(e, "reason", &n.Reason).OrNil()
}

// Relieve enters the branch's decision on a reduction, to be approved one level up (PermKeep; DUES-13). One that overlaps another of the member's is
// Invalid under "from".
func (s *Service) Relieve(ctx context.Context, actor authz.Actor, member id.ID, n NewRelief) (id.ID, error) {
	var out id.ID
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		m, err := keptMember(ctx, tx, actor, member)
		if err != nil {
			return err
		}
		if err := n.check(m, today(tx)); err != nil {
			return err
		}
		old, err := reliefsOf(ctx, tx, actor.Tenant, []id.ID{m.ID})
		if err != nil {
			return err
		}
		for _, l := range old {
			if (l.State == Proposed || l.State == Approved) && l.From <= n.To && n.From <= l.To {
				return errs.Field("from", i18n.DuesReliefTwice, l.From.String(), l.To.String())
			}
		}
		out = id.New()
		_, err = tx.Exec(ctx, `INSERT INTO dues_relief (tenant_id, id, member_id, person_id, branch_id, kind, share, from_month, to_month, decided_on, reason, state, account_id, at)
			VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,'proposed',$12,$13)`, actor.Tenant, out, m.ID, m.PersonID, m.BranchID, n.Kind, n.Share, n.From, n.To, n.DecidedOn,
			s.ring.Seal("dues_relief", "reason", out, n.Reason), actor.AccountID, db.Micros(tx.Now()))
		if err != nil {
			return err
		}
		return record(ctx, tx, actor, PermKeep, "dues.relieve", "dues_relief", out, m, map[string]any{"from": n.From.String(), "to": n.To.String()})
	})
	return out, err
}

// Answer approves or declines a reduction, one level above the branch (PermApprove at the branch's superior; whoever holds it at the branch alone may
// not), and never by who proposed it or whom it is for (Forbidden). Declining needs a note.
func (s *Service) Answer(ctx context.Context, actor authz.Actor, relief id.ID, approve bool, note string, version int64) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		a := &db.Args{}
		l, err := db.One(ctx, tx, (*Relief).dest, reliefSelect+" WHERE l.tenant_id = "+a.Add(actor.Tenant)+" AND "+oneUp(a, actor)+" AND l.id = "+a.Add(relief), a.Values()...)
		if err != nil {
			return err
		}
		switch {
		case l.State != Proposed:
			return errs.New(errs.Conflict, i18n.DuesAnswered, l.State.Text())
		case actor.AccountID != 0 && l.by == actor.AccountID, actor.PersonID != 0 && l.PersonID == actor.PersonID:
			return errs.New(errs.Forbidden, i18n.DuesOwnRelief)
		}
		note = clean(note)
		var e *errs.Error
		if !approve {
			e = need(e, "note", &note)
		}
		if err := limit(e, "note", note).OrNil(); err != nil {
			return err
		}
		state := Declined
		if approve {
			state = Approved
		}
		l.Version = version
		return s.settle(ctx, tx, actor, PermApprove, l, state, note)
	})
}

// Withdraw ends a reduction that is no longer needed: one that is proposed altogether, an approved one from the month that runs on (PermKeep).
func (s *Service) Withdraw(ctx context.Context, actor authz.Actor, relief id.ID, version int64) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		a := &db.Args{}
		l, err := db.One(ctx, tx, (*Relief).dest, reliefSelect+" WHERE l.tenant_id = "+a.Add(actor.Tenant)+" AND l.id = "+a.Add(relief), a.Values()...)
		if err != nil {
			return err
		}
		if _, err := keptMember(ctx, tx, actor, l.MemberID); err != nil {
			return err
		}
		l.Version = version
		now := MonthOf(today(tx))
		switch {
		case l.State == Approved && l.From < now && l.To >= now:
			l.To = now - 1
			return s.settle(ctx, tx, actor, PermKeep, l, Approved, l.Note)
		case l.State == Proposed, l.State == Approved && l.From >= now:
			return s.settle(ctx, tx, actor, PermKeep, l, Withdrawn, l.Note)
		}
		return errs.New(errs.Conflict, i18n.DuesReliefOver)
	})
}

func (s *Service) settle(ctx context.Context, tx *db.Tx, actor authz.Actor, p authz.Permission, l Relief, state ReliefState, note string) error {
	if err := tx.Update(ctx, `UPDATE dues_relief SET state = $1, note = $2, answered_by = $3, answered_on = $4, to_month = $5, version = version + 1
		WHERE tenant_id = $6 AND id = $7 AND version = $8`, state, note, actor.AccountID, today(tx), l.To, actor.Tenant, l.ID, l.Version); err != nil {
		return err
	}
	return audit.Record(ctx, tx, actor, audit.Entry{Action: "dues.relief." + string(state), Permission: p, SubjectKind: "dues_relief", SubjectID: l.ID, PersonID: l.PersonID,
		OrgID: l.BranchID, Detail: map[string]any{"from": l.From.String(), "to": l.To.String()}})
}

// Reliefs gives the reductions that wait for the actor's approval, with the branch's reason, oldest first (PermApprove). Each is recorded as a look that
// the member can read.
func (s *Service) Reliefs(ctx context.Context, actor authz.Actor, page db.Page) (db.List[Relief], error) {
	var out db.List[Relief]
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		a := &db.Args{}
		where := " WHERE l.tenant_id = " + a.Add(actor.Tenant) + " AND " + oneUp(a, actor) + " AND l.state = 'proposed'"
		keyset, tail := a.Keyset(page, db.Order{IDColumn: "l.id"})
		rows, err := db.All(ctx, tx, (*Relief).dest, reliefSelect+where+keyset+tail, a.Values()...)
		if err != nil {
			return err
		}
		out = db.Cut(rows, page, func(l Relief) db.Cursor { return db.Cursor{ID: l.ID} })
		members := make([]Member, len(out.Items))
		for i := range out.Items {
			l := &out.Items[i]
			if l.Reason, err = s.ring.Open("dues_relief", "reason", l.ID, l.sealed); err != nil {
				return err
			}
			members[i] = Member{ID: l.MemberID, PersonID: l.PersonID, BranchID: l.BranchID}
		}
		return looks(ctx, tx, actor, PermApprove, FieldRelief, Purpose, "", members)
	})
	return out, err
}

const reliefSelect = `SELECT l.id, l.member_id, l.person_id, l.branch_id, l.kind, l.share, l.from_month, l.to_month, l.decided_on, l.reason, l.state, l.note, l.answered_on,
	l.version, l.account_id, coalesce(m.name, ''), ` + branchLabel + ` FROM dues_relief l
	LEFT JOIN member m ON m.tenant_id = l.tenant_id AND m.id = l.member_id
	LEFT JOIN organisation b ON b.tenant_id = l.tenant_id AND b.id = l.branch_id
	LEFT JOIN organisation up ON up.tenant_id = b.tenant_id AND up.id = ` + above

// above is the Party organisation next above the collecting organisation b; units in between lead nobody.
const above = `(SELECT x.id FROM organisation x WHERE x.tenant_id = b.tenant_id AND x.id <> b.id AND substr(b.path, 1, length(x.path)) = x.path
	AND x.kind IN ('district_committee', 'working_committee', 'committee', 'community_party', 'party_branch') ORDER BY length(x.path) DESC LIMIT 1)`

// oneUp is the condition that a reduction is answered by the actor: they hold PermApprove at the Party organisation next above the branch, or for the whole
// district where that is a system's committee, or where there is none.
func oneUp(a *db.Args, actor authz.Actor) string {
	roots, all := actor.Roots(PermApprove)
	if actor.IsSystem() {
		return "l.tenant_id = " + a.Add(actor.Tenant)
	}
	w := "1 = 0"
	if len(roots) > 0 {
		w = db.In(a, "up.id", roots)
	}
	if all {
		w += " OR up.id IS NULL OR up.kind IN ('committee', 'district_committee')"
	}
	return "(" + w + ")"
}

func (l *Relief) dest() []any {
	return []any{&l.ID, &l.MemberID, &l.PersonID, &l.BranchID, &l.Kind, &l.Share, &l.From, &l.To, &l.DecidedOn, &l.sealed, &l.State, &l.Note, &l.AnsweredOn, &l.Version, &l.by, &l.Name, &l.Branch}
}

func reliefsOf(ctx context.Context, q db.Querier, tenant int64, members []id.ID) ([]Relief, error) {
	a := &db.Args{}
	return db.All(ctx, q, (*Relief).dest, reliefSelect+" WHERE l.tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "l.member_id", members)+" ORDER BY l.from_month, l.id", a.Values()...)
}
