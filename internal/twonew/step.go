package twonew

import (
	"cmp"
	"context"
	"slices"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/organisation"
)

// TakeStep takes one step with an organisation in scope (PermDecide). Setting up a branch also needs organisation.found at the community.
func (s *Service) TakeStep(ctx context.Context, actor authz.Actor, twoNew id.ID, n NewStep, version int64) (Saved, error) {
	out := Saved{ID: twoNew}
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		o, err := find(ctx, tx, actor.Scope(PermDecide), twoNew)
		if err != nil {
			return err
		}
		if !o.Living() {
			return errs.New(errs.Conflict, i18n.TwoNewEnded, o.Name, o.EndedOn.String())
		}
		today := calendar.DateOf(tx.Now())
		if err := n.check(today); err != nil {
			return err
		}
		st := Step{ID: id.New(), TwoNewID: o.ID, Kind: n.Kind, On: n.On, DocumentNo: n.DocumentNo, Document: n.Document, Note: n.Reason}
		if out.Warnings, err = s.fits(ctx, tx, actor, o, n, &st); err != nil {
			return err
		}
		if err := touch(ctx, tx, actor.Tenant, o.ID, version); err != nil {
			return err
		}
		if err := s.add(ctx, tx, actor, st); err != nil {
			return err
		}
		return record(ctx, tx, actor, PermDecide, "twonew.step", o.ID, o.CommunityID, map[string]any{"to": n.Kind, "on": n.On.String(), "document": n.Document})
	})
	return out, err
}

// fits holds a step to the rules and finds or sets up what it names.
func (s *Service) fits(ctx context.Context, tx *db.Tx, actor authz.Actor, o Organisation, n NewStep, st *Step) ([]errs.Message, error) {
	r, err := readRules(ctx, tx, actor.Tenant, calendar.DateOf(tx.Now()))
	if err != nil {
		return nil, err
	}
	switch {
	case n.Kind == OwnBranch:
		if err := r.own(o); err != nil {
			return nil, err
		}
		return nil, s.branch(ctx, tx, actor, o.CommunityID, n, st)
	case n.Kind == JointBranch:
		list := []Organisation{o}
		if n.BranchID != 0 {
			there, err := ofBranch(ctx, tx, actor.Tenant, n.BranchID)
			if err != nil {
				return nil, err
			}
			list = append(slices.DeleteFunc(there, func(x Organisation) bool { return x.ID == o.ID }), o)
		}
		warnings, err := r.joint(list, n.Reason)
		if err != nil {
			if e := errs.As(err); e != nil && !e.Fields["items"].Text.IsZero() { // the form has no list of organisations
				err = errs.Field("kind", e.Fields["items"].Text, e.Fields["items"].Args...)
			}
			return nil, err
		}
		return warnings, s.branch(ctx, tx, actor, o.CommunityID, n, st)
	case n.Kind.Person():
		st.MemberID = n.MemberID
		return nil, s.sent(ctx, tx, actor.Tenant, o.CommunityID, n.MemberID, "member")
	}
	return nil, nil
}

// branch finds the branch that a step names, or sets it up below the community.
func (s *Service) branch(ctx context.Context, tx *db.Tx, actor authz.Actor, at id.ID, n NewStep, st *Step) error {
	if n.BranchID != 0 {
		b, err := loadOrg(ctx, tx, actor.Tenant, n.BranchID)
		switch {
		case err != nil:
			return errs.Under("branch", err)
		case b.kind != string(organisation.Branch) || !b.dissolved.IsZero():
			return errs.Field("branch", i18n.TwoNewNoBranch, b.label)
		case n.On.Before(b.established):
			return errs.Field("on", i18n.OrgDateBeforeBirth, b.label, b.established.String())
		}
		st.BranchID = b.id
		return nil
	}
	saved, err := s.orgs.CreateTx(ctx, tx, actor, organisation.NewOrganisation{Kind: organisation.Branch, Name: n.BranchName, ParentID: at, EstablishedOn: n.On,
		Document: documentOf(n.DocumentNo, n.Document)}, 0)
	st.BranchID = saved.ID
	return errs.Under("branch_name", err)
}

// documentOf is a document as the acts of organisations name it.
func documentOf(number, title string) string {
	s := clean(title + " " + number)
	if r := []rune(s); len(r) > maxDocument {
		s = string(r[:maxDocument])
	}
	return s
}

// sent says whether a member may be sent: a full member of the community's register.
func (s *Service) sent(ctx context.Context, tx *db.Tx, tenant int64, at, member id.ID, field string) error {
	n, err := db.Value[int64](ctx, tx, `SELECT count(*) FROM member WHERE tenant_id = $1 AND id = $2 AND community_id = $3 AND ended_on = '' AND standing = 'full'`, tenant, member, at)
	if err == nil && n == 0 {
		err = errs.Field(field, i18n.TwoNewNotRegistered)
	}
	return err
}

// add puts a step among the others.
func (s *Service) add(ctx context.Context, tx *db.Tx, actor authz.Actor, st Step) error {
	all, err := steps(ctx, tx, actor.Tenant, st.TwoNewID)
	if err != nil {
		return err
	}
	if err := follows(all, st); err != nil {
		return err
	}
	all = append(all, st)
	inOrder(all)
	changed := arrange(all)
	st = all[slices.IndexFunc(all, func(x Step) bool { return x.ID == st.ID })]
	if err := setUntil(ctx, tx, actor.Tenant, slices.DeleteFunc(changed, func(x Step) bool { return x.ID == st.ID })); err != nil {
		return err
	}
	return putSteps(ctx, tx, actor, []Step{st})
}

func inOrder(list []Step) {
	slices.SortStableFunc(list, func(a, b Step) int { return cmp.Or(a.On.Compare(b.On), cmp.Compare(a.ID, b.ID)) })
}

// follows refuses a step that changes nothing: the same as the one before it.
func follows(all []Step, st Step) error {
	before := Step{Kind: None}
	for _, x := range all {
		if !x.Struck() && !x.On.After(st.On) {
			before = x
		}
	}
	if before.Kind == st.Kind && before.BranchID == st.BranchID && before.MemberID == st.MemberID {
		return errs.Field("kind", i18n.TwoNewNoChange, st.Kind.Text())
	}
	return nil
}

// Correct mends the day or the document of a step of an organisation in scope (PermDecide); what stood there is in the audit.
func (s *Service) Correct(ctx context.Context, actor authz.Actor, step id.ID, on calendar.Date, number, title string, version int64) error {
	return s.mending(ctx, actor, step, version, func(tx *db.Tx, st Step) error {
		was := st
		st.On, st.DocumentNo, st.Document = on, clean(number), clean(title)
		if err := dated(st.On, st.DocumentNo, st.Document, calendar.DateOf(tx.Now())).OrNil(); err != nil {
			return err
		}
		if err := correctStep(ctx, tx, actor.Tenant, st); err != nil {
			return err
		}
		return record(ctx, tx, actor, PermDecide, "twonew.correct", st.TwoNewID, 0, map[string]any{"step": st.ID, "on": was.On.String(), "document_no": was.DocumentNo, "document": was.Document})
	})
}

// Strike takes a step back that was entered by mistake (PermDecide); it stays in the history with the reason. A branch that it set up stays too.
func (s *Service) Strike(ctx context.Context, actor authz.Actor, step id.ID, reason string, version int64) error {
	return s.mending(ctx, actor, step, version, func(tx *db.Tx, st Step) error {
		reason = clean(reason)
		if e := reasoned(nil, reason); e != nil {
			return e
		}
		if err := strikeStep(ctx, tx, actor, st, reason); err != nil {
			return err
		}
		return record(ctx, tx, actor, PermDecide, "twonew.strike", st.TwoNewID, 0, map[string]any{"step": st.ID, "reason": reason})
	})
}

func (s *Service) mending(ctx context.Context, actor authz.Actor, step id.ID, version int64, fn func(*db.Tx, Step) error) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		st, err := findStep(ctx, tx, actor.Scope(PermDecide), step)
		if err != nil {
			return err
		}
		if st.Struck() {
			return errs.New(errs.Conflict, i18n.TwoNewStruck)
		}
		st.Version = version
		if err := fn(tx, st); err != nil {
			return err
		}
		all, err := steps(ctx, tx, actor.Tenant, st.TwoNewID)
		if err != nil {
			return err
		}
		if err := setUntil(ctx, tx, actor.Tenant, arrange(all)); err != nil {
			return err
		}
		o, err := find(ctx, tx, actor.Scope(PermDecide), st.TwoNewID)
		if err != nil {
			return err
		}
		return touch(ctx, tx, actor.Tenant, o.ID, o.Version)
	})
}

// StepOf gives one step with its organisation, to be corrected (PermDecide).
func (s *Service) StepOf(ctx context.Context, actor authz.Actor, step id.ID) (Step, Organisation, error) {
	st, err := findStep(ctx, s.db, actor.Scope(PermDecide), step)
	if err != nil {
		return st, Organisation{}, err
	}
	o, err := find(ctx, s.db, actor.Scope(PermDecide), st.TwoNewID)
	return st, o, err
}
