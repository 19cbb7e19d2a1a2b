package twonew

import (
	"context"
	"strconv"
	"unicode/utf8"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/organisation"
)

// Service offers the use cases on two-new organisations.
type Service struct {
	db   *db.DB
	orgs *organisation.Service
}

// New makes the service; orgs sets up the branches.
func New(d *db.DB, orgs *organisation.Service) *Service { return &Service{db: d, orgs: orgs} }

func number(n int64) string { return strconv.FormatInt(n, 10) }

// Rules are the numbers that hold today, as people are told them.
type Rules struct{ OwnFull, Most, Units, Load int64 }

// Rules gives the numbers that hold today.
func (s *Service) Rules(ctx context.Context, actor authz.Actor) (Rules, error) {
	r, err := readRules(ctx, s.db, actor.Tenant, s.today())
	return Rules{r.ownFull, r.most, r.units, r.load}, err
}

func (s *Service) today() calendar.Date { return calendar.DateOf(s.db.Now()) }

func readRules(ctx context.Context, q db.Querier, tenant int64, day calendar.Date) (rules, error) {
	var r rules
	for i, v := range Policies() { // five
		n, err := v.On(ctx, q, tenant, day)
		if err != nil {
			return r, err
		}
		*[]*int64{&r.ownFull, &r.most, &r.units, &r.apart, &r.load}[i] = n
	}
	return r, nil
}

// Register enters an organisation in the census of a community in scope (PermKeep).
func (s *Service) Register(ctx context.Context, actor authz.Actor, n Entry) (Saved, error) {
	var out Saved
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		var err error
		out, err = s.registerTx(ctx, tx, actor, n)
		return err
	})
	return out, err
}

func (s *Service) registerTx(ctx context.Context, tx *db.Tx, actor authz.Actor, n Entry) (Saved, error) {
	var out Saved
	warnings, err := n.check()
	if err != nil {
		return out, err
	}
	if err := actor.Scope(PermKeep).Require(n.CommunityID); err != nil {
		return out, err
	}
	if err := s.stands(ctx, tx, actor.Tenant, n, n.CommunityID); err != nil {
		return out, err
	}
	var codes []string
	if n.USCC != "" {
		codes = append(codes, n.USCC)
	}
	same, err := units(ctx, tx, actor.Tenant, codes)
	if err != nil {
		return out, err
	}
	u, registered := same[n.USCC]
	if registered {
		warnings = append(warnings, n.as(u)...)
	}
	on := calendar.DateOf(tx.Now())
	out = Saved{id.New(), warnings}
	if err := insert(ctx, tx, actor.Tenant, out.ID, n, on, 0); err != nil {
		return out, err
	}
	if registered && u.branch != 0 {
		if err := putSteps(ctx, tx, actor, []Step{u.step(out.ID, on)}); err != nil {
			return out, err
		}
	}
	return out, record(ctx, tx, actor, PermKeep, "twonew.register", out.ID, n.CommunityID, map[string]any{"name": n.Name})
}

// as takes over what the register says of the unit with the same credit code, and says where the entry had it otherwise.
func (n *Entry) as(u registered) []errs.Message {
	warnings := []errs.Message{{Text: i18n.TwoNewSame, Args: []any{u.name}}}
	n.Name = u.name
	if u.community != 0 && u.community != n.CommunityID {
		warnings = append(warnings, errs.Message{Text: i18n.TwoNewElsewhere})
	}
	if n.Trade == "" {
		n.Trade = u.trade
	}
	return warnings
}

// step is the step of a unit that has its branch already.
func (u registered) step(twoNew id.ID, today calendar.Date) Step {
	on := u.branchOn
	if on.IsZero() {
		on = today
	}
	return Step{ID: id.New(), TwoNewID: twoNew, Kind: OwnBranch, On: on, Document: i18n.TwoNewFromRegister.In(i18n.ZH), BranchID: u.branch}
}

// stands says whether an entry may stand in a community: one that lives, with a grid of its own.
func (s *Service) stands(ctx context.Context, tx *db.Tx, tenant int64, n Entry, at id.ID) error {
	c, err := loadOrg(ctx, tx, tenant, at)
	switch {
	case err != nil:
		return errs.Under("community", err)
	case c.kind != string(organisation.Community) || !c.dissolved.IsZero():
		return errs.Field("community", i18n.OrgCommunityOnly, c.label)
	case n.GridID == 0:
		return nil
	}
	if in, err := gridIn(ctx, tx, tenant, n.GridID, at); err != nil || in {
		return err
	}
	return errs.Field("grid", i18n.TwoNewGrid)
}

// Edit corrects what the census says of an organisation in scope (PermKeep); version is the one that the person saw. One that is a unit of the register
// keeps the unit's name.
func (s *Service) Edit(ctx context.Context, actor authz.Actor, twoNew id.ID, n Entry, version int64) (Saved, error) {
	out := Saved{ID: twoNew}
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		o, err := find(ctx, tx, actor.Scope(PermKeep), twoNew)
		if err != nil {
			return err
		}
		if !o.Living() {
			return errs.New(errs.Conflict, i18n.TwoNewEnded, o.Name, o.EndedOn.String())
		}
		if out.Warnings, err = n.check(); err != nil {
			return err
		}
		if n.CommunityID != o.CommunityID {
			if err := actor.Scope(PermKeep).Require(n.CommunityID); err != nil {
				return err
			}
		}
		if err := s.stands(ctx, tx, actor.Tenant, n, n.CommunityID); err != nil {
			return err
		}
		if o.UnitID != 0 && n.USCC == o.USCC && n.Name != o.Name {
			return errs.Field("name", i18n.TwoNewNameKept)
		}
		if err := save(ctx, tx, actor.Tenant, o.ID, n, version); err != nil {
			return err
		}
		return record(ctx, tx, actor, PermKeep, "twonew.edit", o.ID, n.CommunityID, n.changed(o))
	})
	return out, err
}

// changed says which fields an edit changes, with what stood there.
func (n Entry) changed(o Organisation) map[string]any {
	was, out := o.entry(), map[string]any{}
	for _, f := range []struct {
		name     string
		old, now any
	}{{"kind", was.Kind, n.Kind}, {"name", was.Name, n.Name}, {"uscc", was.USCC, n.USCC}, {"trade", was.Trade, n.Trade}, {"address", was.Address, n.Address},
		{"community", was.CommunityID, n.CommunityID}, {"grid", was.GridID, n.GridID}, {"employees", was.Employees, n.Employees}, {"full", was.Full, n.Full},
		{"probationary", was.Probationary, n.Probationary}, {"x", was.X, n.X}, {"y", was.Y, n.Y}} {
		if f.old != f.now {
			out[f.name] = f.old
		}
	}
	return out
}

// End takes an organisation that closed or moved away out of the census (PermKeep).
func (s *Service) End(ctx context.Context, actor authz.Actor, twoNew id.ID, on calendar.Date, reason string, version int64) error {
	return s.ending(ctx, actor, twoNew, version, "twonew.end", func(o *Organisation, today calendar.Date) error {
		reason = clean(reason)
		var e *errs.Error
		switch {
		case on.IsZero():
			e = e.With("on", i18n.ErrRequired)
		case on.After(today), on.Before(o.ListedOn):
			e = e.With("on", i18n.TwoNewEndDay, o.ListedOn.String(), today.String())
		}
		if e = reasoned(e, reason); e != nil {
			return e
		}
		if !o.Living() {
			return errs.New(errs.Conflict, i18n.TwoNewEnded, o.Name, o.EndedOn.String())
		}
		o.EndedOn, o.EndReason = on, reason
		return nil
	})
}

// Reopen takes an end back that was a mistake (PermKeep).
func (s *Service) Reopen(ctx context.Context, actor authz.Actor, twoNew id.ID, version int64) error {
	return s.ending(ctx, actor, twoNew, version, "twonew.reopen", func(o *Organisation, _ calendar.Date) error {
		if o.Living() {
			return errs.New(errs.Conflict, i18n.TwoNewLives, o.Name)
		}
		o.EndedOn, o.EndReason = calendar.Date{}, ""
		return nil
	})
}

func (s *Service) ending(ctx context.Context, actor authz.Actor, twoNew id.ID, version int64, action string, fn func(*Organisation, calendar.Date) error) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		o, err := find(ctx, tx, actor.Scope(PermKeep), twoNew)
		if err != nil {
			return err
		}
		if err := fn(&o, calendar.DateOf(tx.Now())); err != nil {
			return err
		}
		o.Version = version
		if err := end(ctx, tx, actor.Tenant, o, o.EndedOn, o.EndReason); err != nil {
			return err
		}
		return record(ctx, tx, actor, PermKeep, action, o.ID, o.CommunityID, map[string]any{"on": o.EndedOn.String(), "reason": o.EndReason})
	})
}

// reasoned checks a reason that must be given.
func reasoned(e *errs.Error, reason string) *errs.Error {
	if reason == "" {
		e = e.With("reason", i18n.ErrRequired)
	}
	if c := utf8.RuneCountInString(reason); c > maxNote {
		e = e.With("reason", i18n.ErrTooLong, maxNote, c)
	}
	return e
}

// record notes an act.
func record(ctx context.Context, tx *db.Tx, actor authz.Actor, p authz.Permission, action string, twoNew, org id.ID, detail map[string]any) error {
	return audit.Record(ctx, tx, actor, audit.Entry{Action: action, Permission: p, SubjectKind: "two_new", SubjectID: twoNew, OrgID: org, Detail: detail})
}
