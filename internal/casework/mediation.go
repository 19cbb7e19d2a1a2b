package casework

import (
	"context"
	"slices"
	"strings"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/catalogue"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// ForMediation is what a mediation takes over from a case.
type ForMediation struct {
	No          string
	CommunityID id.ID
	ItemID      id.ID
	Place       string
	Body        string
	Other       string // the other side, where it was said
	Name        string
	Phone       string
	PersonID    id.ID
}

// otherSide is the field of a dispute that names the other side.
const otherSide = "other_side"

// Mediates says whether cases of this kind are disputes that are kept confidential: others can be taken into mediation by nobody, since what is mediated is seen by few.
func (k Kind) Mediates() bool { return k.List == catalogue.Dispute && k.Confidential }

// MediateTx takes a dispute that the actor sees into mediation (perm at the organisation that has it): they handle it from now on, and the one who reported it
// reads that it is mediated. Where they are a party it tells who that is; the look is recorded, and a resident whom the register knows sees it.
func (s *Service) MediateTx(ctx context.Context, tx *db.Tx, actor authz.Actor, perm authz.Permission, c id.ID, isParty bool) (out ForMediation, err error) {
	r, err := s.find(ctx, tx, actor, c)
	if err != nil {
		return out, err
	}
	if err := actor.Held(perm).Require(r.OrgID); err != nil {
		return out, err
	}
	k, err := findKind(ctx, tx, actor.Tenant, r.KindCode)
	if err != nil {
		return out, err
	}
	if !k.Mediates() {
		return out, errs.New(errs.Conflict, i18n.MediationNoDispute)
	}
	full, err := s.open(r)
	if err != nil {
		return out, err
	}
	out = ForMediation{No: r.No, CommunityID: r.CommunityID, ItemID: r.ItemID, Body: full.Body, Other: full.Answers[otherSide]}
	out.Place = strings.TrimSpace(r.Building + " " + full.Place)
	if isParty {
		out.PersonID = r.PersonID
		if out.Name, err = s.ring.Open("service_case", "reporter", r.ID, r.reporter); err != nil {
			return out, err
		}
		if out.Phone, err = s.ring.Open("service_case", "phone", r.ID, r.phone); err != nil {
			return out, err
		}
	}
	if err := s.apply(ctx, tx, actor, perm, r, 0, ActMediate, func(c *Case) (step, error) {
		c.accept(tx.Now())
		if c.StartedAt.IsZero() {
			c.StartedAt = tx.Now()
		}
		c.State, c.HandlerID = Working, actor.AccountID
		st := step{words: i18n.MediationCaseBegun.In(i18n.ZH), open: true}
		if c.OrgID != c.CommunityID { // the committee is the community's: the case goes there with it
			st.from, st.to = c.OrgID, c.CommunityID
			c.OrgID, c.DispatchedBy = c.CommunityID, 0
		}
		return st, nil
	}); err != nil || !isParty {
		return out, err
	}
	return out, audit.Record(ctx, tx, actor, audit.Entry{Action: "casework.reveal", Permission: perm, SubjectKind: "service_case", SubjectID: r.ID, PersonID: r.PersonID, OrgID: r.OrgID,
		Purpose: purposeOfLook})
}

// MediatedTx finishes a case with how its mediation ended, if nobody has finished it otherwise; ended says whether it did. The caller has found the mediation and
// decided that the actor may (perm). A case whose clock stands, that lies with another organisation than the mediation (org) by now, or of which others have still
// to do their part, is left as it is.
func (s *Service) MediatedTx(ctx context.Context, tx *db.Tx, actor authz.Actor, perm authz.Permission, c, org id.ID, in Result) (ended bool, err error) {
	if e := in.check(); e != nil {
		return false, e
	}
	r, err := load(ctx, tx, actor.Tenant, c)
	if err != nil || r.OrgID != org || !r.Can(ActFinish) {
		return false, err
	}
	joint, err := parties(ctx, tx, actor.Tenant, c)
	if err != nil || slices.ContainsFunc(joint, func(p Party) bool { return p.DoneAt.IsZero() }) {
		return false, err
	}
	return true, s.apply(ctx, tx, actor, perm, r, 0, ActFinish, func(c *Case) (step, error) { return s.finishedElsewhere(ctx, tx, actor, c, in, i18n.CaseStepsLeftTalk) })
}
