package casework

import (
	"context"
	"slices"
	"strings"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/notice"
	"linli/internal/reference"
	"linli/internal/webhook"
)

// WithNotices lets who reported a case and agreed be told of it. The composition root calls it once.
func (s *Service) WithNotices(n *notice.Service) *Service {
	s.notices = n
	return s
}

// WithEvents lets other systems be told what happens to cases. The composition root calls it once.
func (s *Service) WithEvents(e *webhook.Service) *Service {
	s.events = e
	return s
}

// noticeSubject is what notices about cases are about; noticePath is the page where a case is followed with its code.
const (
	noticeSubject = "service_case"
	noticePath    = "/p/case"
)

// eventOf are the acts that other systems are told of. What is about nobody's work (looks, photographs, questions) is not among them.
var eventOf = map[Act]webhook.Type{
	ActReport: webhook.CaseReceived, ActAccept: webhook.CaseAccepted, ActRefuse: webhook.CaseRefused, ActDispatch: webhook.CaseDispatched, ActReturn: webhook.CaseReturned, ActRecall: webhook.CaseReturned, ActUp: webhook.CasePassedUp,
	ActTake: webhook.CaseStarted, ActSuspend: webhook.CaseSuspended, ActResume: webhook.CaseResumed, ActGrant: webhook.CaseExtended, ActFinish: webhook.CaseFinished, ActClose: webhook.CaseClosed,
	ActReopen: webhook.CaseReopened, ActMerge: webhook.CaseMerged, ActRate: webhook.CaseRated, ActCall: webhook.CaseRated, ActCheck: webhook.CaseClosed, ActRateLate: webhook.CaseRated,
	ActOffer: webhook.JobOffered, ActJob: webhook.JobTaken, ActArrive: webhook.JobArrived, ActSignOff: webhook.JobSignedOff,
}

// told lets an entry be known: to other systems, to whoever reported the case, or one that was merged into it, and to staff whom it presses. was is the case before.
func (s *Service) told(ctx context.Context, tx *db.Tx, c *Case, entry id.ID, e step, was Case) error {
	if err := s.event(ctx, tx, c, entry, e.act, was.State); err != nil || s.notices == nil || e.quiet {
		return err
	}
	if e.act == ActSupervise {
		return s.press(ctx, tx, c, e.account)
	}
	m := notice.Message{Tenant: c.tenant, Kind: e.turn(*c, was), SubjectKind: noticeSubject, Path: noticePath, Values: notice.Values{"number": i18n.Verbatim(c.No), "due": dueText(c)}}
	switch m.Kind {
	case "":
		return nil
	case notice.KindEnded:
		m.Values["outcome"] = c.Outcome.Text()
	case notice.KindExtended:
		if m.Values["reason"] = c.MoreFor.Text(); c.MoreFor == "" {
			m.Values["reason"] = i18n.CaseHoldNotSaid
		}
	case notice.KindSuspended, notice.KindAsked:
		m.Values["reason"], m.Values["due"] = e.hold.Text(), i18n.Verbatim(i18n.Date(e.until))
	case notice.KindMerged:
		m.Values["into"] = i18n.Verbatim(e.into)
	case notice.KindPassed, notice.KindReopened:
		o, err := findOrg(ctx, tx, c.tenant, c.OrgID)
		if err != nil {
			return err
		}
		m.Values["org"] = i18n.Verbatim(o.name)
	}
	follow := e.with
	if m.Kind != notice.KindMerged {
		var err error
		if follow, err = followersOf(ctx, tx, c.tenant, c.ID); err != nil {
			return err
		}
	}
	var subjects []id.ID
	m.Each = map[id.ID]notice.Values{} // each is told of the number that they know
	for _, d := range append([]follower{{c.ID, c.No}}, follow...) {
		if d.id == e.source { // it was their own step
			continue
		}
		subjects = append(subjects, d.id)
		m.Each[d.id] = notice.Values{"number": i18n.Verbatim(d.no)}
	}
	return s.notices.TellTx(ctx, tx, m, subjects...)
}

// movedAtOnce is of how many cases that moved with their organisation people are told by one statement.
const movedAtOnce = 200

// toldMoved tells whoever reported cases, or ones that were merged into them, which organisation has them now.
func (s *Service) toldMoved(ctx context.Context, tx *db.Tx, tenant int64, moved []id.ID) error {
	if s.notices == nil {
		return nil
	}
	type row struct {
		id      id.ID
		no, org string
		timing  Case
	}
	for part := range slices.Chunk(moved, movedAtOnce) {
		a := &db.Args{}
		rows, err := db.All(ctx, tx, func(r *row) []any {
			return []any{&r.id, &r.no, &r.org, db.Instant(&r.timing.DueAt), &r.timing.LimitHours}
		},
			"SELECT c.id, c.no, "+reference.Label("o")+", h.due_at, h.limit_hours FROM service_case h JOIN service_case c ON c.tenant_id = h.tenant_id AND (c.id = h.id OR c.merged_id = h.id AND c.merged_id <> 0) LEFT JOIN organisation o ON o.tenant_id = h.tenant_id AND o.id = h.org_id WHERE h.tenant_id = "+
				a.Add(tenant)+" AND "+db.In(a, "h.id", part)+" ORDER BY c.id", a.Values()...)
		if err != nil {
			return err
		}
		m := notice.Message{Tenant: tenant, Kind: notice.KindPassed, SubjectKind: noticeSubject, Path: noticePath, Values: notice.Values{}, Each: map[id.ID]notice.Values{}}
		subjects := make([]id.ID, len(rows))
		for i, r := range rows {
			subjects[i] = r.id
			m.Each[r.id] = notice.Values{"number": i18n.Verbatim(r.no), "org": i18n.Verbatim(r.org), "due": dueText(&r.timing)}
		}
		if err := s.notices.TellTx(ctx, tx, m, subjects...); err != nil {
			return err
		}
	}
	return nil
}

// turn is the kind of notice by which whoever reported a case is told of a step; "" where it changes nothing for them.
func (e step) turn(c, was Case) string {
	switch {
	case e.act == ActFinish, e.act == ActRefuse:
		return notice.KindEnded
	case e.act == ActGrant:
		return notice.KindExtended
	case e.act == ActSuspend && e.hold == HoldPapers:
		return notice.KindAsked
	case e.act == ActSuspend:
		return notice.KindSuspended
	case e.act == ActResume:
		return notice.KindResumed
	case e.act == ActMerge:
		return notice.KindMerged
	case e.act == ActPart, e.act == ActReview:
		return notice.KindPassed
	case !was.State.Open() && c.State.Open():
		return notice.KindReopened
	case was.OrgID != c.OrgID:
		return notice.KindPassed
	}
	return ""
}

// follower is a case that was merged into another.
type follower struct {
	id id.ID
	no string
}

// followersOf are the cases that were merged into one.
func followersOf(ctx context.Context, q db.Querier, tenant int64, c id.ID) ([]follower, error) {
	return db.All(ctx, q, func(f *follower) []any { return []any{&f.id, &f.no} }, `SELECT c.id, c.no FROM service_case c WHERE c.tenant_id = $1 AND c.merged_id = $2 AND c.merged_id <> 0`, tenant, c)
}

func dueText(c *Case) i18n.Text {
	switch {
	case c.DueAt.IsZero():
		return i18n.NoticeSoon
	case c.LimitHours > 0:
		return i18n.Verbatim(i18n.DateTime(c.DueAt))
	}
	return i18n.Verbatim(i18n.Date(c.DueAt))
}

// event is what other systems learn of an entry: numbers, states, kind and community. Nothing of a confidential case leaves the platform.
func (s *Service) event(ctx context.Context, tx *db.Tx, c *Case, entry id.ID, a Act, was State) error {
	t, ok := eventOf[a]
	if s.events == nil || c.Confidential || !ok {
		return nil
	}
	data := map[string]any{"case": c.ID.String(), "number": c.No, "kind": c.KindCode, "state": string(c.State), "community": c.CommunityID.String(), "organisation": c.OrgID.String()}
	if c.ItemID != 0 {
		data["category"] = c.ItemID.String()
	}
	if c.Outcome != "" {
		data["outcome"] = string(c.Outcome)
	}
	if t == webhook.CaseRated && c.Rating > 0 {
		data["rating"], data["solved"] = c.Rating, string(c.Solved)
	}
	if t == webhook.CaseMerged {
		data["into"] = c.MergedID.String()
	}
	e := webhook.Event{Tenant: c.tenant, ID: entry, Type: t, Subject: "case/" + c.ID.String(), At: tx.Now(), Orgs: []id.ID{c.OrgID, c.CommunityID}, Data: data}
	if err := s.events.SendTx(ctx, tx, e); err != nil {
		return err
	}
	if c.State != Closed || was == Closed || t == webhook.CaseClosed || t == webhook.CaseRefused {
		return nil
	}
	e.ID, e.Type = id.New(), webhook.CaseClosed // by the rating or the call
	return s.events.SendTx(ctx, tx, e)
}

// toldReceived is what told is for the first entry: whoever agreed gets number and code, and who does it until when.
func (s *Service) toldReceived(ctx context.Context, tx *db.Tx, c *Case, n Report, code, holder string) error {
	if s.notices == nil {
		return nil
	}
	to := map[notice.Channel]string{}
	if n.Tell {
		to[notice.SMS] = n.Phone
	}
	if n.Email != "" {
		to[notice.Mail] = n.Email
	}
	for _, by := range []notice.Channel{notice.SMS, notice.Mail} {
		if to[by] == "" {
			continue
		}
		if err := s.notices.FollowTx(ctx, tx, notice.Contact{Tenant: c.tenant, SubjectKind: noticeSubject, SubjectID: c.ID, Channel: by, Language: n.Language, To: to[by], Code: code},
			notice.Message{Kind: notice.KindReceived, Path: noticePath, Values: notice.Values{"number": i18n.Verbatim(c.No), "org": i18n.Verbatim(holder), "due": dueText(c)}}); err != nil {
			return err
		}
	}
	return nil
}

// HiddenNotices is the condition, for the log of notices (m), that a message is about a case of a restricted or confidential kind that the actor does not see: that there is such a
// case, and that somebody was told of it, is not for them to know.
func (s *Service) HiddenNotices(a *db.Args, actor authz.Actor) string {
	return "m.subject_kind = '" + noticeSubject + "' AND m.subject_id IN (SELECT c.id FROM service_case c WHERE c.tenant_id = m.tenant_id AND c.id = m.subject_id AND c.confidential = TRUE AND NOT (" + s.visible(a, actor) + "))"
}

// TellBy lets who has the code of a case be told of it by SMS at the number that was left, by e-mail at an address that they leave now ("" for none; one for each case, the last), or not at all. It
// does not undo what the holder of the number said by the link in a message.
func (s *Service) TellBy(ctx context.Context, k Key, by, requestID string, l i18n.Lang, on bool, email string) error {
	_, code, err := k.district()
	if err != nil {
		return err
	}
	if s.notices == nil {
		return errs.ErrNotFound
	}
	email = strings.TrimSpace(email)
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		tenant, r, err := s.byKey(ctx, tx, k)
		if err != nil {
			return err
		}
		told, err := s.notices.HasContact(ctx, tx, tenant, noticeSubject, r.ID)
		if err != nil {
			return err
		}
		switch {
		case on && code == "" && (!told.There || email != ""): // the message leads to the case by its code, which the account does not know
			return errs.ErrNotFound
		case on && email != "": // it takes the place of one that was left before, which may have been mistyped
			if err := s.notices.LeaveTx(ctx, tx, tenant, noticeSubject, r.ID, notice.Mail); err != nil {
				return err
			}
			if err := s.notices.FollowTx(ctx, tx, notice.Contact{Tenant: tenant, SubjectKind: noticeSubject, SubjectID: r.ID, Channel: notice.Mail, Language: l, To: email, Code: code}, notice.Message{}); err != nil {
				return err
			}
		case on && !told.There:
			phone, err := s.ring.Open("service_case", "phone", r.ID, r.phone)
			if err != nil {
				return err
			}
			if !notice.Mobile(phone) {
				return errs.New(errs.Conflict, i18n.NoticeNotMobile)
			}
			if err := s.notices.FollowTx(ctx, tx, notice.Contact{Tenant: tenant, SubjectKind: noticeSubject, SubjectID: r.ID, Channel: notice.SMS, Language: l, To: phone, Code: code}, notice.Message{}); err != nil {
				return err
			}
		case told.There:
			if err := s.notices.StopTx(ctx, tx, tenant, noticeSubject, r.ID, !on); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, authz.Actor{Tenant: tenant, Name: by, RequestID: requestID}, audit.Entry{Action: "casework.tell", SubjectKind: "service_case", SubjectID: r.ID, PersonID: r.PersonID, OrgID: r.OrgID,
			Detail: map[string]any{"on": on, "mail": email != ""}})
	})
}
