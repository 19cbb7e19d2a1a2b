package transfer

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

// Members is the register of members, which keeps to which branch a member belongs; the composition root connects it.
type Members interface {
	// MoveHomeTx moves the relation of a member from one branch to another.
	MoveHomeTx(ctx context.Context, tx *db.Tx, actor authz.Actor, member, from, to id.ID, why string) error
	// LeaveDistrictTx ends a member's record because the relation left the district.
	LeaveDistrictTx(ctx context.Context, tx *db.Tx, actor authz.Actor, member, from id.ID, on calendar.Date, why string) error
	// AdmitTx gives somebody from outside a place in a branch and gives the member.
	AdmitTx(ctx context.Context, tx *db.Tx, actor authz.Actor, to id.ID, a Admission) (id.ID, error)
	// EnsureTx finds a person by ID number, or enters them.
	EnsureTx(ctx context.Context, tx *db.Tx, actor authz.Actor, p Someone) (id.ID, error)
}

// Admission is what a letter from outside says of a member.
type Admission struct {
	PersonID id.ID
	Standing string
	JoinedOn calendar.Date
	FullOn   calendar.Date
	Why      string
}

// Someone is a person to find or to enter.
type Someone struct{ Name, IDNumber, Phone string }

// Service offers the use cases on transfers.
type Service struct {
	db      *db.DB
	members Members
}

// New makes the service.
func New(d *db.DB, members Members) *Service { return &Service{d, members} }

// Today is the day on which letters are judged.
func (s *Service) Today() calendar.Date { return calendar.DateOf(s.db.Now()) }

// Batch is what is said when transfers of members are started.
type Batch struct {
	Members []id.ID // up to MaxMany
	Route
	Good    bool // start those that can be started; otherwise all or none
	Issue   bool // approve and issue the letters at once (PermDecide at the sending branches)
	ValidTo calendar.Date
}

// Refusal says why the transfer of one member could not be started.
type Refusal struct {
	MemberID id.ID
	Name     string
	Why      errs.Message
}

// Started is what Start did: the transfers, and who was left out or stands in the way.
type Started struct {
	IDs     []id.ID
	Refused []Refusal
}

// Start begins the transfer of members of branches in scope (PermStart) to one place. Whoever cannot be transferred is refused by name: one without a
// branch, one whose transfer is open, one who belongs to the receiving branch already, one whose record ended. Then nothing is started (Invalid), unless
// Good takes the others. The receiving branch must live, be a branch and be of the tenant (field "to_id").
func (s *Service) Start(ctx context.Context, actor authz.Actor, n Batch) (Started, error) {
	switch {
	case len(n.Members) == 0:
		return Started{}, errs.Field("member", i18n.TransferNobody)
	case len(n.Members) > MaxMany:
		return Started{}, errs.Field("member", i18n.TransferTooMany, MaxMany)
	}
	return s.start(ctx, actor, actor.Scope(PermStart), ByBranch, n)
}

// Ask begins the transfer of the actor's own relation (PermAskOwn); the branch decides.
func (s *Service) Ask(ctx context.Context, actor authz.Actor, r Route) (id.ID, error) {
	scope := actor.Scope(PermAskOwn)
	m, err := ownMember(ctx, s.db, scope)
	if err != nil {
		return 0, err
	}
	out, err := s.start(ctx, actor, scope, ByMember, Batch{Members: []id.ID{m}, Route: r})
	if err != nil {
		return 0, err
	}
	return out.IDs[0], nil
}

func (s *Service) start(ctx context.Context, actor authz.Actor, scope authz.Scope, by Asker, n Batch) (Started, error) {
	if err := n.Route.check(); err != nil {
		return Started{}, err
	}
	var out Started
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		out = Started{}
		var err error
		out, err = s.startTx(ctx, tx, actor, scope, by, n)
		return err
	})
	if err != nil {
		out.IDs = nil
	}
	return out, err
}

func (s *Service) startTx(ctx context.Context, tx *db.Tx, actor authz.Actor, scope authz.Scope, by Asker, n Batch) (Started, error) {
	var out Started
	if n.Direction == Inside {
		to, err := branches(ctx, tx, actor.Tenant, n.ToID)
		if err != nil {
			return out, err
		}
		if err := to[n.ToID].takes(); err != nil {
			return out, err
		}
	}
	all, err := candidates(ctx, tx, scope, n.Members)
	if err != nil {
		return out, err
	}
	homes := make([]id.ID, len(all))
	for i, c := range all {
		homes[i] = c.HomeID
	}
	names, err := branches(ctx, tx, actor.Tenant, homes...)
	if err != nil {
		return out, err
	}
	today := calendar.DateOf(tx.Now())
	var put []fresh
	for _, c := range all {
		if e := s.refusal(actor, scope, by, n, c, names[c.HomeID]); e != nil {
			out.Refused = append(out.Refused, Refusal{c.MemberID, c.Name, e.Said()})
			if len(all) == 1 {
				return out, e
			}
			continue
		}
		put = append(put, fresh{name: c.Name, Transfer: Transfer{ID: id.New(), Direction: n.Direction, Stored: Requested, PersonID: c.PersonID, MemberID: c.MemberID,
			FromID: c.HomeID, ToID: n.ToID, Outside: n.Outside, Address: n.Address, Cause: n.Cause, Note: n.Note, AskedBy: by, AskedOn: today}})
	}
	if len(out.Refused) > 0 && (!n.Good || len(put) == 0) {
		return out, errs.Field("member", i18n.TransferSomeRefused, len(out.Refused))
	}
	if n.Issue {
		if err := s.letters(ctx, tx, actor, put, n.ValidTo); err != nil {
			return out, err
		}
	}
	for _, p := range put {
		out.IDs = append(out.IDs, p.ID)
	}
	return out, s.write(ctx, tx, actor, put, n.Issue)
}

// refusal says why a member cannot be transferred, nil if they can.
func (s *Service) refusal(actor authz.Actor, scope authz.Scope, by Asker, n Batch, c candidate, home branch) *errs.Error {
	switch {
	case !c.EndedOn.IsZero():
		return errs.New(errs.Conflict, i18n.TransferEnded, c.Name, c.EndedOn.String())
	case c.HomeID == 0:
		return errs.New(errs.Conflict, i18n.TransferNoHome, c.Name)
	case by == ByBranch && !scope.Covers(c.HomeID):
		return errs.New(errs.Conflict, i18n.TransferNotYours, c.Name, home.Label)
	case c.Open != 0:
		return errs.New(errs.Conflict, i18n.TransferOpenAlready, c.Name)
	case n.Direction == Inside && c.HomeID == n.ToID:
		return errs.Field("to_id", i18n.TransferSame, c.Name, home.Label)
	case n.Issue && !actor.Scope(PermDecide).Covers(c.HomeID):
		return errs.New(errs.Forbidden, i18n.ErrForbidden)
	}
	return nil
}

// write stores new transfers with their first steps, their papers and the record of it: a handful of statements for any number of them.
func (s *Service) write(ctx context.Context, tx *db.Tx, actor authz.Actor, put []fresh, issued bool) error {
	if err := insert(ctx, tx, actor, put); err != nil {
		return err
	}
	ids, entries := make([]id.ID, len(put)), make([]audit.Entry, len(put))
	for i, p := range put {
		ids[i] = p.ID
		act := ActAsk
		if p.Direction == In {
			act = ActNote
		}
		entries[i] = entry(act, p.Transfer, map[string]any{"to": p.ToID, "outside": p.Outside, "cause": p.Cause, "valid_to": p.ValidTo.String()})
	}
	first := func(i int) Step {
		if p := put[i]; p.Direction == In {
			return Step{Act: ActNote, On: calendar.DateOf(tx.Now()), ValidTo: p.ValidTo, DocumentNo: p.LetterNo, Note: p.Note}
		}
		return Step{Act: ActAsk, On: put[i].AskedOn, Note: put[i].Note}
	}
	if err := insertSteps(ctx, tx, actor, ids, first); err != nil {
		return err
	}
	if issued {
		if err := insertSteps(ctx, tx, actor, ids, func(i int) Step { return Step{Act: ActApprove, On: put[i].AskedOn} }); err != nil {
			return err
		}
		if err := insertSteps(ctx, tx, actor, ids, func(i int) Step {
			return Step{Act: ActIssue, On: put[i].IssuedOn, ValidTo: put[i].ValidTo, DocumentNo: put[i].LetterNo}
		}); err != nil {
			return err
		}
		if err := issuePapers(ctx, tx, actor, put); err != nil {
			return err
		}
		for _, p := range put {
			entries = append(entries, entry(ActIssue, p.Transfer, map[string]any{"number": p.LetterNo, "valid_to": p.ValidTo.String()}))
		}
	}
	return audit.RecordMany(ctx, tx, actor, entries)
}

// entry is the record of an act. It lies with the side that did it.
func entry(act Act, t Transfer, detail map[string]any) audit.Entry {
	e := audit.Entry{Action: "transfer." + string(act), SubjectKind: "transfer", SubjectID: t.ID, PersonID: t.PersonID, OrgID: t.Sender(), Permission: PermDecide, Detail: detail}
	switch act {
	case ActAsk, ActNote:
		e.Permission = PermStart
		if t.AskedBy == ByMember {
			e.Permission = PermAskOwn
		}
	case ActReceive, ActReturn:
		e.OrgID = t.Receiver()
	}
	return e
}

// NewIn is a letter from outside, to be entered.
type NewIn struct {
	ToID     id.ID // the branch that takes the member in
	Someone        // found by ID number, or entered
	Outside  string
	LetterNo string
	IssuedOn calendar.Date
	ValidTo  calendar.Date
	Standing string // full or probationary; full if empty
	JoinedOn calendar.Date
	FullOn   calendar.Date
	Cause    Cause
	Note     string
	Receive  bool // take the member in at once (PermDecide)
}

func (n *NewIn) check(today calendar.Date) error {
	var e *errs.Error
	n.Name, n.Outside, n.LetterNo, n.Note = clean(n.Name), clean(n.Outside), clean(n.LetterNo), clean(n.Note)
	if n.ToID == 0 {
		e = e.With("to_id", i18n.ErrRequired)
	}
	if n.IDNumber == "" {
		e = e.With("id_number", i18n.ErrRequired)
	}
	if n.Cause.Text().IsZero() {
		e = e.With("cause", i18n.ErrBadChoice)
	}
	if n.Standing == "" {
		n.Standing = "full"
	}
	if n.Standing != "full" && n.Standing != "probationary" {
		e = e.With("standing", i18n.ErrBadChoice)
	}
	switch {
	case n.IssuedOn.IsZero():
		e = e.With("issued_on", i18n.ErrRequired)
	case n.IssuedOn.After(today):
		e = e.With("issued_on", i18n.MemberDateFuture)
	}
	for field, d := range map[string]calendar.Date{"joined_on": n.JoinedOn, "full_on": n.FullOn} {
		if d.After(today) {
			e = e.With(field, i18n.MemberDateFuture)
		}
	}
	e = need(e, "name", n.Name, 60)
	e = need(e, "outside", n.Outside, maxOutside)
	e = need(e, "letter_no", n.LetterNo, maxNumber)
	return limit(e, "note", n.Note, maxNote).OrNil()
}

// NoteIn enters a letter from outside for a branch in scope (PermStart): it waits to be received there. With Receive the member is taken in at once
// (PermDecide). Somebody who belongs to a branch of the district already is refused: their branch transfers them.
func (s *Service) NoteIn(ctx context.Context, actor authz.Actor, n NewIn) (id.ID, error) {
	var out id.ID
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		today := calendar.DateOf(tx.Now())
		if err := n.check(today); err != nil {
			return err
		}
		if err := actor.Scope(PermStart).Require(n.ToID); err != nil {
			return err
		}
		to, err := branches(ctx, tx, actor.Tenant, n.ToID)
		if err != nil {
			return err
		}
		if err := to[n.ToID].takes(); err != nil {
			return err
		}
		days, err := Days.On(ctx, tx, actor.Tenant, n.IssuedOn)
		if err != nil {
			return err
		}
		if n.ValidTo.IsZero() {
			n.ValidTo = n.IssuedOn.AddDays(int(days))
		}
		if err := validity("valid_to", n.IssuedOn, n.ValidTo, today, days); err != nil {
			return err
		}
		t := Transfer{ID: id.New(), Direction: In, Stored: InTransit, ToID: n.ToID, Outside: n.Outside, Cause: n.Cause, Note: n.Note, AskedBy: ByLetter,
			AskedOn: today, Standing: n.Standing, JoinedOn: n.JoinedOn, FullOn: n.FullOn, LetterNo: n.LetterNo, IssuedOn: n.IssuedOn, ValidTo: n.ValidTo, Version: 1}
		if err := s.comer(ctx, tx, actor, &t, n.Someone); err != nil {
			return err
		}
		if err := s.write(ctx, tx, actor, []fresh{{Transfer: t, name: n.Name}}, false); err != nil {
			return err
		}
		out = t.ID
		if n.Receive {
			return s.receiveTx(ctx, tx, actor, t.ID, 1, today, "")
		}
		return nil
	})
	return out, err
}

// comer finds or enters who comes, and refuses who belongs to a branch already.
func (s *Service) comer(ctx context.Context, tx *db.Tx, actor authz.Actor, t *Transfer, who Someone) error {
	person, err := s.members.EnsureTx(ctx, tx, actor, who)
	if err != nil {
		return err
	}
	t.PersonID = person
	there, err := db.All(ctx, tx, (*candidate).dest, `SELECT m.id, m.person_id, m.home_id, m.name, m.ended_on, 0 FROM member m
		WHERE m.tenant_id = $1 AND m.person_id = $2 AND m.ended_on = ''`, actor.Tenant, person)
	if err != nil {
		return err
	}
	for _, m := range there {
		if m.HomeID != 0 {
			return errs.Field("id_number", i18n.TransferInHere)
		}
		t.MemberID = m.MemberID
	}
	switch going, err := openOf(ctx, tx, actor.Tenant, person); {
	case err != nil:
		return err
	case going != 0:
		return errs.Field("id_number", i18n.TransferOpenNow)
	}
	return nil
}
