package cobuild

import (
	"context"
	"slices"
	"strings"
	"time"

	"linli/internal/attach"
	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/paper"
	"linli/internal/reference"
	"linli/internal/seal"
)

// Act is a step of an agreement.
type Act string

// The steps.
const (
	ActDraft     Act = "draft"
	ActRenew     Act = "renew"
	ActTerms     Act = "terms"
	ActAdd       Act = "add"
	ActEdit      Act = "edit"
	ActRemove    Act = "remove"
	ActSend      Act = "send"
	ActSign      Act = "sign"
	ActPaper     Act = "paper"
	ActForce     Act = "agreed"
	ActGiveUp    Act = "give_up"
	ActAskEnd    Act = "ask_end"
	ActKeepOn    Act = "keep_on"
	ActEndBoth   Act = "end_both"
	ActEndOne    Act = "end_alone"
	ActSaid      Act = "said"
	ActLink      Act = "link"
	ActUnsay     Act = "unsay"
	ActConfirm   Act = "confirm"
	ActMissing   Act = "missing"
	ActContact   Act = "contact"
	ActSaidFor   Act = "said_for"    // said, for a unit that signed on paper
	ActConFor    Act = "confirm_for" // and confirmed
	ActPerson    Act = "person"      // who is contact or holds a post
	ActPersonEnd Act = "person_end"
)

// Text names the step.
func (a Act) Text() i18n.Text {
	return map[Act]i18n.Text{ActDraft: i18n.CobuildActDraft, ActRenew: i18n.CobuildActRenew, ActTerms: i18n.CobuildActTerms, ActAdd: i18n.CobuildActAdd, ActEdit: i18n.CobuildActEdit,
		ActRemove: i18n.CobuildActRemove, ActSend: i18n.CobuildActSend, ActSign: i18n.CobuildActSign, ActPaper: i18n.CobuildActPaper, ActForce: i18n.CobuildActForce, ActGiveUp: i18n.CobuildActGiveUp,
		ActAskEnd: i18n.CobuildActAskEnd, ActKeepOn: i18n.CobuildActKeep, ActEndBoth: i18n.CobuildActEndBoth, ActEndOne: i18n.CobuildActEndOne, ActSaid: i18n.CobuildActSaid, ActLink: i18n.CobuildActLink,
		ActUnsay: i18n.CobuildActUnsay, ActConfirm: i18n.CobuildActConfirm, ActMissing: i18n.CobuildActMissing, ActContact: i18n.CobuildActContact,
		ActSaidFor: i18n.CobuildActSaidFor, ActConFor: i18n.CobuildActConFor, ActPerson: i18n.CobuildActPerson, ActPersonEnd: i18n.CobuildActPersonEnd}[a]
}

// Entry is a step as it is shown.
type Entry struct {
	ID            id.ID
	Act           Act
	Org           string
	Edition       int64
	Words         string
	Before, After string
	By            string
	At            time.Time
}

// FieldPhone is the sealed field that a purpose has to cover.
const FieldPhone = "phone"

// Purposes knows for what sealed fields may be opened.
type Purposes interface {
	Covered(ctx context.Context, q db.Querier, tenant int64, purpose, field string) error
}

// Service keeps agreements.
type Service struct {
	db       *db.DB
	ring     *seal.Ring
	purposes Purposes
	files    *attach.Store
	remind   int64 // the setting RemindDays where it was read
}

// New makes the service.
func New(d *db.DB, ring *seal.Ring, p Purposes) *Service {
	return &Service{db: d, ring: ring, purposes: p}
}

func (s *Service) today() calendar.Date { return calendar.DateOf(s.db.Now()) }

// NewAgreement is what is said when an agreement is drafted. As is the party for which it is drafted: the community or one of the units.
type NewAgreement struct {
	As          id.ID
	CommunityID id.ID
	Units       []id.ID
	Terms
	Items []NewItem // those whose OrgID is 0 are the community's
}

// Draft drafts an agreement (PermKeep or PermUnit at As).
func (s *Service) Draft(ctx context.Context, actor authz.Actor, in NewAgreement) (made id.ID, err error) {
	if err := in.check().OrNil(); err != nil {
		return 0, err
	}
	if !acts(actor).Covers(in.As) {
		return 0, errs.ErrForbidden
	}
	return made, s.db.WithTx(ctx, func(tx *db.Tx) error {
		g, err := s.begin(ctx, tx, actor, in, 0, ActDraft)
		made = g.ID
		return err
	})
}

func (n *NewAgreement) check() *errs.Error {
	n.Units = slices.DeleteFunc(slices.Clone(n.Units), func(u id.ID) bool { return u == 0 })
	var e *errs.Error
	if n.CommunityID == 0 {
		e = e.With("community", i18n.CobuildNoPlace)
	}
	switch {
	case len(n.Units) == 0:
		e = e.With("unit", i18n.CobuildNoUnit)
	case len(n.Units) > MaxUnits:
		e = e.With("unit", i18n.CobuildManyUnits, MaxUnits)
	}
	all := append([]id.ID{n.CommunityID}, n.Units...)
	slices.Sort(all)
	if len(slices.Compact(slices.Clone(all))) != len(all) {
		e = e.With("unit", i18n.CobuildSameParty)
	}
	if !slices.Contains(all, n.As) {
		e = e.With("unit", i18n.CobuildNotParty)
	}
	return n.Terms.check(e)
}

// begin writes a draft with its parties and items.
func (s *Service) begin(ctx context.Context, tx *db.Tx, actor authz.Actor, in NewAgreement, renews id.ID, act Act) (Agreement, error) {
	g := Agreement{ID: id.New(), CommunityID: in.CommunityID, Terms: in.Terms, State: Draft, BegunBy: in.As, MovedBy: in.As, RenewsID: renews, Version: 1}
	known, err := orgs(ctx, tx, actor.Tenant, append([]id.ID{in.CommunityID}, in.Units...))
	if err != nil {
		return g, err
	}
	for i, o := range append([]id.ID{in.CommunityID}, in.Units...) {
		k, there := known[o]
		switch {
		case !there:
			return g, errs.ErrNotFound
		case i == 0 && k.kind != "community_party" && k.kind != "working_committee":
			return g, errs.Field("community", i18n.CobuildNoPlace)
		case !k.dissolved.IsZero():
			return g, errs.New(errs.Conflict, i18n.OrgDissolved, k.name, k.dissolved.String())
		}
		side := OfUnit
		if i == 0 {
			side = OfCommunity
		}
		g.Parties = append(g.Parties, Party{ID: id.New(), OrgID: o, Name: k.name, Side: side})
	}
	for range 20 { // the chance that two draw the same number is one in a million
		g.No = paper.NewNo("G", tx.Now())
		if used, err := taken(ctx, tx, actor.Tenant, g.No); err != nil {
			return g, err
		} else if !used {
			break
		}
	}
	for i := range in.Items {
		if in.Items[i].OrgID == 0 {
			in.Items[i].OrgID = in.CommunityID
		}
		if e := in.Items[i].check(g); e != nil {
			return g, e
		}
	}
	if err := s.insert(ctx, tx, actor, g); err != nil {
		return g, err
	}
	if renews == 0 { // what is carried on was chosen before
		if err := programmes(ctx, tx, actor.Tenant, in.Items...); err != nil {
			return g, err
		}
	}
	if err := insertItems(ctx, tx, actor.Tenant, g.ID, 0, in.Items); err != nil {
		return g, err
	}
	return g, s.note(ctx, tx, actor, g, PermKeep, step{act: act, org: in.As, after: g.Terms.line()})
}

// note keeps a step, and records it.
func (s *Service) note(ctx context.Context, tx *db.Tx, actor authz.Actor, g Agreement, perm authz.Permission, e step) error {
	if err := insertEntry(ctx, tx, actor, g, e); err != nil {
		return err
	}
	if perm == PermKeep && e.org != g.CommunityID {
		perm = PermUnit
	}
	return audit.Record(ctx, tx, actor, audit.Entry{Action: "cobuild." + string(e.act), Permission: perm, SubjectKind: "cobuild", SubjectID: g.ID, OrgID: e.org, Detail: map[string]any{"no": g.No}})
}

// as finds the party for which an actor acts, by a right held at its own organisation.
func as(actor authz.Actor, g Agreement, org id.ID, perm authz.Permission) (Party, error) {
	p, ok := g.Party(org)
	if !ok {
		return p, errs.New(errs.Forbidden, i18n.CobuildNotParty)
	}
	if !acts(actor).Covers(org) {
		return p, errs.New(errs.Forbidden, i18n.CobuildNotYours, p.Name)
	}
	if perm == PermSign && !actor.Held(PermSign).Covers(org) {
		return p, errs.New(errs.Forbidden, i18n.CobuildNoSign, p.Name)
	}
	return p, nil
}

// act runs fn on an agreement in sight for one of its parties. Version is that of the agreement that was seen; 0 takes it as it is.
func (s *Service) act(ctx context.Context, actor authz.Actor, agreement id.ID, version int64, by id.ID, perm authz.Permission, fn func(tx *db.Tx, g *Agreement, p Party) error) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		g, err := s.find(ctx, tx, actor, agreement)
		if err != nil {
			return err
		}
		p, err := as(actor, g, by, perm)
		if err != nil {
			return err
		}
		if version != 0 && version != g.Version {
			return errs.New(errs.Conflict, i18n.ErrConflict)
		}
		return fn(tx, &g, p)
	})
}

// change runs fn on the text of an agreement that may be changed: signatures that were given are taken back, and the step is kept.
func (s *Service) change(ctx context.Context, actor authz.Actor, agreement id.ID, version int64, by id.ID, fn func(tx *db.Tx, g *Agreement) (step, error)) error {
	return s.act(ctx, actor, agreement, version, by, PermKeep, func(tx *db.Tx, g *Agreement, _ Party) error {
		if err := g.changeable(); err != nil {
			return err
		}
		e, err := fn(tx, g)
		if err != nil {
			return err
		}
		if err := unsign(ctx, tx, actor.Tenant, g.ID); err != nil {
			return err
		}
		g.MovedBy, g.MovedAt = by, tx.Now()
		if err := save(ctx, tx, actor.Tenant, g); err != nil {
			return err
		}
		e.org = by
		return s.note(ctx, tx, actor, *g, PermKeep, e)
	})
}

// SetTerms changes kind, goal and period. Items whose day then lies outside are named when it is sent or signed.
func (s *Service) SetTerms(ctx context.Context, actor authz.Actor, agreement id.ID, version int64, by id.ID, t Terms) error {
	if err := t.check(nil).OrNil(); err != nil {
		return err
	}
	return s.change(ctx, actor, agreement, version, by, func(_ *db.Tx, g *Agreement) (step, error) {
		before := g.Terms.line()
		g.Terms = t
		return step{act: ActTerms, before: before, after: t.line()}, nil
	})
}

// Add puts an item at the end.
func (s *Service) Add(ctx context.Context, actor authz.Actor, agreement id.ID, version int64, by id.ID, n NewItem) error {
	return s.change(ctx, actor, agreement, version, by, func(tx *db.Tx, g *Agreement) (step, error) {
		if e := n.check(*g); e != nil {
			return step{}, e
		}
		list, err := items(ctx, tx, actor.Tenant, g.ID)
		if err != nil {
			return step{}, err
		}
		if len(list) >= MaxItems {
			return step{}, errs.Field("title", i18n.CobuildManyItems, MaxItems)
		}
		if err := programmes(ctx, tx, actor.Tenant, n); err != nil {
			return step{}, err
		}
		last := int64(0)
		if len(list) > 0 {
			last = list[len(list)-1].placeNo
		}
		if err := insertItems(ctx, tx, actor.Tenant, g.ID, last, []NewItem{n}); err != nil {
			return step{}, err
		}
		list, err = items(ctx, tx, actor.Tenant, g.ID)
		if err != nil || len(list) == 0 {
			return step{}, err
		}
		return step{act: ActAdd, after: list[len(list)-1].line()}, nil
	})
}

// Edit changes an item.
func (s *Service) Edit(ctx context.Context, actor authz.Actor, agreement id.ID, version int64, by, item id.ID, n NewItem) error {
	return s.change(ctx, actor, agreement, version, by, func(tx *db.Tx, g *Agreement) (step, error) {
		old, err := findItem(ctx, tx, actor.Tenant, g.ID, item)
		if err != nil {
			return step{}, err
		}
		if e := n.check(*g); e != nil {
			return step{}, e
		}
		if n.ProgrammeID != old.ProgrammeID || n.Part != old.Part { // what it carries already it keeps
			if err := programmes(ctx, tx, actor.Tenant, n); err != nil {
				return step{}, err
			}
		}
		now := old
		now.NewItem = n
		if err := saveItem(ctx, tx, actor.Tenant, now); err != nil {
			return step{}, err
		}
		if now, err = findItem(ctx, tx, actor.Tenant, g.ID, item); err != nil {
			return step{}, err
		}
		return step{act: ActEdit, before: old.line(), after: now.line()}, nil
	})
}

// Remove takes an item out.
func (s *Service) Remove(ctx context.Context, actor authz.Actor, agreement id.ID, version int64, by, item id.ID) error {
	return s.change(ctx, actor, agreement, version, by, func(tx *db.Tx, g *Agreement) (step, error) {
		old, err := findItem(ctx, tx, actor.Tenant, g.ID, item)
		if err != nil {
			return step{}, err
		}
		return step{act: ActRemove, before: old.line()}, removeItem(ctx, tx, actor.Tenant, item)
	})
}

// ready says whether an agreement can be sent or signed.
func ready(g Agreement, list []Item) error {
	if len(list) == 0 {
		return errs.New(errs.Conflict, i18n.CobuildNoItems)
	}
	for _, i := range list {
		if !i.DueOn.In(g.From, g.To) {
			return errs.New(errs.Conflict, i18n.CobuildItemsOut, i.Title)
		}
	}
	return nil
}

// Send hands a draft over to the other side.
func (s *Service) Send(ctx context.Context, actor authz.Actor, agreement id.ID, version int64, by id.ID) error {
	return s.act(ctx, actor, agreement, version, by, PermKeep, func(tx *db.Tx, g *Agreement, _ Party) error {
		if err := g.changeable(); err != nil {
			return err
		}
		list, err := items(ctx, tx, actor.Tenant, g.ID)
		if err != nil {
			return err
		}
		if err := ready(*g, list); err != nil {
			return err
		}
		g.State, g.MovedBy, g.MovedAt = Talks, by, tx.Now()
		g.Edition++
		if err := save(ctx, tx, actor.Tenant, g); err != nil {
			return err
		}
		return s.note(ctx, tx, actor, *g, PermKeep, step{act: ActSend, org: by})
	})
}

// Sign signs the text that was seen (version) for a party (PermSign at that party). It says whether all have signed now.
func (s *Service) Sign(ctx context.Context, actor authz.Actor, agreement id.ID, version int64, by id.ID) (agreed bool, err error) {
	return agreed, s.act(ctx, actor, agreement, version, by, PermSign, func(tx *db.Tx, g *Agreement, p Party) error {
		agreed, err = s.sign(ctx, tx, actor, g, p, step{act: ActSign, org: by})
		return err
	})
}

// SignOnPaper enters that a unit signed by hand: the community does (PermSign), and says where the paper is. A unit of which an account may sign signs itself. It says whether all have signed now.
func (s *Service) SignOnPaper(ctx context.Context, actor authz.Actor, agreement id.ID, version int64, by, unit id.ID, note string) (agreed bool, err error) {
	if err := errs.Words(nil, "note", &note, MaxWords, false); err != nil {
		return false, err
	}
	if note == "" {
		return false, errs.Field("note", i18n.CobuildPaperWhere)
	}
	return agreed, s.act(ctx, actor, agreement, version, by, PermSign, func(tx *db.Tx, g *Agreement, p Party) error {
		other, ok := g.Party(unit)
		if !ok || p.Side != OfCommunity || other.Side == OfCommunity {
			return errs.New(errs.Forbidden, i18n.CobuildNotParty)
		}
		if able, err := signs(ctx, tx, actor.Tenant, unit, s.today()); err != nil {
			return err
		} else if able {
			return errs.New(errs.Forbidden, i18n.CobuildHasSigner, other.Name)
		}
		other.OnPaper, other.Note = true, note
		agreed, err = s.sign(ctx, tx, actor, g, other, step{act: ActPaper, org: by, words: other.Name + "：" + note})
		return err
	})
}

func (s *Service) sign(ctx context.Context, tx *db.Tx, actor authz.Actor, g *Agreement, p Party, e step) (agreed bool, err error) {
	if g.State != Talks {
		return false, errs.New(errs.Conflict, i18n.CobuildCannot, g.State.Text())
	}
	if p.Signed() {
		return false, errs.New(errs.Conflict, i18n.CobuildSignedOnce, p.Name)
	}
	list, err := items(ctx, tx, actor.Tenant, g.ID)
	if err != nil {
		return false, err
	}
	if err := ready(*g, list); err != nil {
		return false, err
	}
	if err := s.oneSide(ctx, tx, actor, *g, p); err != nil {
		return false, err
	}
	p.SignedAt = tx.Now()
	if err := setSigned(ctx, tx, actor, p); err != nil {
		return false, err
	}
	if agreed = g.unsigned() == 1; agreed {
		g.State, g.AgreedAt = Agreed, tx.Now()
		if err := insertTasks(ctx, tx, actor.Tenant, *g, list); err != nil {
			return false, err
		}
		if err := s.carryPeople(ctx, tx, actor, *g); err != nil {
			return false, err
		}
		if _, err := paper.IssueTx(ctx, tx, actor.Tenant, paper.NewPaper{Kind: paper.KindCobuild, SubjectID: g.ID, Number: g.No, ContentHash: seal.Hash([]byte(text(*g, list))), ValidTo: g.To, By: actor.AccountID}); err != nil {
			return false, err
		}
	}
	if err := save(ctx, tx, actor.Tenant, g); err != nil {
		return false, err
	}
	if err := s.note(ctx, tx, actor, *g, PermSign, e); err != nil || !agreed {
		return agreed, err
	}
	return true, insertEntry(ctx, tx, actor, *g, step{act: ActForce})
}

// oneSide refuses that one person signs for both sides, where neither signature is on paper.
func (s *Service) oneSide(ctx context.Context, tx *db.Tx, actor authz.Actor, g Agreement, p Party) error {
	if p.OnPaper || actor.AccountID == 0 {
		return nil
	}
	n, err := db.Value[int64](ctx, tx, `SELECT count(*) FROM cobuild_party p WHERE p.tenant_id = $1 AND p.cobuild_id = $2 AND p.side <> $3 AND p.signed_at <> 0 AND p.on_paper = FALSE AND p.signed_by = $4`,
		actor.Tenant, g.ID, string(p.Side), actor.AccountID)
	if err == nil && n > 0 {
		err = errs.New(errs.Forbidden, i18n.CobuildBothSides)
	}
	return err
}

// GiveUp ends the drafting or the talks with the reason, which the other side reads.
func (s *Service) GiveUp(ctx context.Context, actor authz.Actor, agreement id.ID, version int64, by id.ID, reason string) error {
	if err := because(&reason); err != nil {
		return err
	}
	return s.act(ctx, actor, agreement, version, by, PermKeep, func(tx *db.Tx, g *Agreement, _ Party) error {
		if err := g.changeable(); err != nil {
			return err
		}
		g.State, g.MovedBy, g.MovedAt = Withdrawn, by, tx.Now()
		if err := save(ctx, tx, actor.Tenant, g); err != nil {
			return err
		}
		return s.note(ctx, tx, actor, *g, PermKeep, step{act: ActGiveUp, org: by, words: reason})
	})
}

func because(reason *string) error {
	if e := errs.Words(nil, "reason", reason, MaxWords, false); e != nil {
		return e
	}
	if *reason == "" {
		return errs.Field("reason", i18n.CobuildReasonNeed)
	}
	return nil
}

// Ending is how an agreement is to end before its day. Alone ends it by one side; otherwise the other side is asked.
type Ending struct {
	As     id.ID
	On     calendar.Date // the last day
	Reason string
	Alone  bool
}

// End ends an agreement, or proposes that to the other side (PermSign).
func (s *Service) End(ctx context.Context, actor authz.Actor, agreement id.ID, version int64, in Ending) error {
	if err := because(&in.Reason); err != nil {
		return err
	}
	return s.act(ctx, actor, agreement, version, in.As, PermSign, func(tx *db.Tx, g *Agreement, _ Party) error {
		today := calendar.DateOf(tx.Now())
		if err := g.standing(today); err != nil {
			return err
		}
		if in.On.IsZero() {
			in.On = today
		}
		if in.On.Before(today) || in.On.After(g.LastDay()) {
			return errs.Field("on", i18n.CobuildEndDay, g.LastDay().String())
		}
		if !in.Alone && !g.EndedOn.IsZero() { // its end is fixed, with its reason
			return errs.New(errs.Conflict, i18n.CobuildCannot, Ended.Text())
		}
		g.EndReason = in.Reason
		if !in.Alone {
			g.EndAskedBy, g.EndAskedOn = in.As, in.On
			if err := save(ctx, tx, actor.Tenant, g); err != nil {
				return err
			}
			return s.note(ctx, tx, actor, *g, PermSign, step{act: ActAskEnd, org: in.As, words: in.Reason})
		}
		return s.finish(ctx, tx, actor, g, in.As, in.On, ActEndOne)
	})
}

// finish ends an agreement on a day.
func (s *Service) finish(ctx context.Context, tx *db.Tx, actor authz.Actor, g *Agreement, by id.ID, on calendar.Date, act Act) error {
	g.EndedOn, g.EndedBy, g.EndAskedBy, g.EndAskedOn = on, by, 0, calendar.Date{}
	if err := save(ctx, tx, actor.Tenant, g); err != nil {
		return err
	}
	if err := dropTasks(ctx, tx, actor.Tenant, g.ID, on); err != nil {
		return err
	}
	if on.After(calendar.DateOf(tx.Now())) { // it runs on until then, and the paper with it
		if err := paper.ShortenTx(ctx, tx, actor.Tenant, paper.KindCobuild, g.ID, on); err != nil {
			return err
		}
	} else if err := paper.RevokeTx(ctx, tx, actor.Tenant, paper.KindCobuild, g.ID, i18n.CobuildEndSaid.In(i18n.ZH, on.String(), act.Text().In(i18n.ZH))); err != nil {
		return err
	}
	return s.note(ctx, tx, actor, *g, PermSign, step{act: act, org: by, words: g.EndReason})
}

// AnswerEnd answers the proposal of the other side to end an agreement (PermSign); whoever proposed it may take it back with agree false.
func (s *Service) AnswerEnd(ctx context.Context, actor authz.Actor, agreement id.ID, version int64, by id.ID, agree bool) error {
	return s.act(ctx, actor, agreement, version, by, PermSign, func(tx *db.Tx, g *Agreement, p Party) error {
		today := calendar.DateOf(tx.Now())
		if agree {
			if err := g.standing(today); err != nil { // it may have ended since
				return err
			}
		}
		asked, ok := g.Party(g.EndAskedBy)
		if !ok {
			return errs.New(errs.Conflict, i18n.ErrConflict)
		}
		if !agree {
			g.EndAskedBy, g.EndAskedOn, g.EndReason = 0, calendar.Date{}, ""
			if err := save(ctx, tx, actor.Tenant, g); err != nil {
				return err
			}
			return s.note(ctx, tx, actor, *g, PermSign, step{act: ActKeepOn, org: by})
		}
		if asked.Side == p.Side {
			return errs.New(errs.Forbidden, i18n.CobuildOtherSide)
		}
		on := g.EndAskedOn
		if on.Before(today) { // it was proposed some days ago
			on = today
		}
		return s.finish(ctx, tx, actor, g, by, on, ActEndBoth)
	})
}

// Renew drafts the next period of an agreement with the same parties, contacts and items (PermKeep or PermUnit at one party).
func (s *Service) Renew(ctx context.Context, actor authz.Actor, agreement, by id.ID) (made id.ID, err error) {
	err = s.act(ctx, actor, agreement, 0, by, PermKeep, func(tx *db.Tx, g *Agreement, _ Party) error {
		if g.State != Agreed {
			return errs.New(errs.Conflict, i18n.CobuildCannot, g.State.Text())
		}
		list, err := items(ctx, tx, actor.Tenant, g.ID)
		if err != nil {
			return err
		}
		in := NewAgreement{As: by, CommunityID: g.CommunityID, Terms: g.Terms}
		for _, p := range g.Parties {
			if p.Side == OfUnit {
				in.Units = append(in.Units, p.OrgID)
			}
		}
		for _, i := range list {
			in.Items = append(in.Items, i.NewItem)
		}
		in.Terms, in.Items = next(in.Terms, in.Items)
		renewed, err := s.begin(ctx, tx, actor, in, g.ID, ActRenew)
		if db.IsUnique(err) {
			return errs.New(errs.Conflict, i18n.CobuildRenewed).Because(err)
		}
		if err != nil {
			return err
		}
		made = renewed.ID
		return s.copyContacts(ctx, tx, actor.Tenant, *g, renewed)
	})
	return made, err
}

// SetContact writes the contact person of the actor's own side. An empty number leaves the one that is there, unless it is another person.
func (s *Service) SetContact(ctx context.Context, actor authz.Actor, agreement, by id.ID, name, phone string) error {
	e := errs.Words(nil, "contact", &name, MaxName, true)
	e = errs.Words(e, "phone", &phone, MaxName, false)
	if err := e.OrNil(); err != nil {
		return err
	}
	return s.act(ctx, actor, agreement, 0, by, PermKeep, func(tx *db.Tx, g *Agreement, p Party) error {
		if err := s.setContact(ctx, tx, actor.Tenant, p, name, phone); err != nil {
			return err
		}
		return s.note(ctx, tx, actor, *g, PermKeep, step{act: ActContact, org: by})
	})
}

// Contact is who is called.
type Contact struct{ No, Org, Name, Phone string }

// Reveal shows name and number of the contact person of a party for a registered purpose (PermReveal in the community's scope, or at a party). The look is recorded.
func (s *Service) Reveal(ctx context.Context, actor authz.Actor, agreement, org id.ID, purpose string) (out Contact, err error) {
	if purpose == "" {
		return out, errs.Field("purpose", i18n.ErrPurposeNeeded)
	}
	return out, s.db.WithTx(ctx, func(tx *db.Tx) error {
		g, err := s.find(ctx, tx, actor, agreement)
		if err != nil {
			return err
		}
		if !s.reveals(actor, g) {
			return errs.ErrForbidden
		}
		p, ok := g.Party(org)
		if !ok {
			return errs.ErrNotFound
		}
		if err := s.purposes.Covered(ctx, tx, actor.Tenant, purpose, FieldPhone); err != nil {
			return err
		}
		type sealed struct{ name, phone []byte }
		r, err := db.One(ctx, tx, func(r *sealed) []any { return []any{&r.name, &r.phone} }, "SELECT p.contact, p.phone FROM cobuild_party p WHERE p.tenant_id = $1 AND p.id = $2", actor.Tenant, p.ID)
		if err != nil {
			return err
		}
		out = Contact{No: g.No, Org: p.Name}
		if out.Name, err = s.ring.Open("cobuild_party", "contact", p.ID, r.name); err != nil {
			return err
		}
		if out.Phone, err = s.ring.Open("cobuild_party", "phone", p.ID, r.phone); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "cobuild.reveal", Permission: PermReveal, Purpose: purpose, SubjectKind: "cobuild", SubjectID: g.ID, OrgID: p.OrgID})
	})
}

// reveals says whether the actor may look at numbers of an agreement.
func (s *Service) reveals(actor authz.Actor, g Agreement) bool {
	if actor.Scope(PermReveal).Covers(g.CommunityID) {
		return true
	}
	return slices.ContainsFunc(g.Parties, func(p Party) bool { return actor.Held(PermReveal).Covers(p.OrgID) })
}

// programmes checks the programmes and parts that items name.
func programmes(ctx context.Context, q db.Querier, tenant int64, list ...NewItem) error {
	var ids []id.ID
	for _, n := range list {
		if n.ProgrammeID != 0 {
			ids = append(ids, n.ProgrammeID)
		}
	}
	if err := reference.Require(ctx, q, tenant, reference.Programme, ids...); err != nil || len(ids) == 0 {
		return err
	}
	type row struct {
		id    id.ID
		parts string
	}
	a := &db.Args{}
	rows, err := db.All(ctx, q, func(r *row) []any { return []any{&r.id, &r.parts} }, "SELECT r.id, r.parts FROM programme r WHERE r.tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "r.id", ids), a.Values()...)
	if err != nil {
		return err
	}
	for _, n := range list {
		if n.Part != "" && !slices.ContainsFunc(rows, func(r row) bool {
			return r.id == n.ProgrammeID && slices.Contains(strings.Split(r.parts, "\n"), n.Part)
		}) {
			return errs.Field("theme", i18n.ErrBadChoice)
		}
	}
	return nil
}
