package project

import (
	"context"
	"slices"
	"strings"

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

// Act is a step of a project's history.
type Act string

// The acts.
const (
	ActDraft    Act = "draft"
	ActFromNeed Act = "from_need"
	ActCopy     Act = "copy"
	ActAbout    Act = "about"
	ActNeed     Act = "need"
	ActUnneed   Act = "unneed"
	ActInvite   Act = "invite"
	ActRemove   Act = "remove"
	ActPropose  Act = "propose"
	ActBack     Act = "back"
	ActBegin    Act = "begin"
	ActAgree    Act = "agree"
	ActDecline  Act = "decline"
	ActAsk      Act = "ask"     // a change waits for a partner
	ActYes      Act = "yes"     // and it agrees
	ActNo       Act = "no"      // or not
	ActRecall   Act = "recall"  // the change is taken back
	ActStep     Act = "step"    // added
	ActChange   Act = "change"  // a step changed
	ActDrop     Act = "drop"    // a step taken out
	ActDone     Act = "done"    // said in words
	ActLink     Act = "link"    // done by a record
	ActUndo     Act = "undo"    // not done after all
	ActLine     Act = "line"    // added
	ActReline   Act = "reline"  // changed
	ActUnline   Act = "unline"  // taken out
	ActExpense  Act = "expense" // entered
	ActReverse  Act = "reverse"
	ActPerson   Act = "person"
	ActUnperson Act = "unperson"
	ActActivity Act = "activity" // belongs to the project
	ActFinish   Act = "finish"
	ActStop     Act = "stop"
	ActReopen   Act = "reopen"
)

// Text names the act.
func (a Act) Text() i18n.Text { return i18n.ProjectAct(string(a)) }

// Service keeps projects.
type Service struct {
	db   *db.DB
	ring *seal.Ring
	mask Mask
}

// New makes the service.
func New(d *db.DB, ring *seal.Ring, mask Mask) *Service {
	return &Service{db: d, ring: ring, mask: mask}
}

func (s *Service) today() calendar.Date { return calendar.DateOf(s.db.Now()) }

// step is what is kept of an act.
type step struct {
	act   Act
	org   id.ID
	words string
}

// note keeps an act, and records it.
func note(ctx context.Context, tx *db.Tx, actor authz.Actor, p *Project, e step) error {
	if err := insertEntry(ctx, tx, actor, p.ID, e); err != nil {
		return err
	}
	perm := PermKeep
	if e.org != p.CommunityID {
		perm = PermUnit
	}
	return audit.Record(ctx, tx, actor, audit.Entry{Action: "project." + string(e.act), Permission: perm, SubjectKind: "project", SubjectID: p.ID, OrgID: e.org, Detail: map[string]any{"no": p.No}})
}

// as says that an actor acts for an organisation that takes part.
func as(actor authz.Actor, p *Project, org id.ID) error {
	if !p.Takes(org) && org != p.LeadID {
		return errs.New(errs.Forbidden, i18n.ProjectNotTaking)
	}
	if !acts(actor).Covers(org) {
		return errs.New(errs.Forbidden, i18n.ProjectNotYours)
	}
	return nil
}

// speaks says that an actor does something for an organisation: as one of its people, or as the community for a unit of which nobody could, with who of the unit said so (words).
func speaks(ctx context.Context, q db.Querier, actor authz.Actor, p *Project, org id.ID, said *string, day calendar.Date) (instead bool, err error) {
	err = as(actor, p, org)
	if err == nil || !p.Takes(org) || !acts(actor).Covers(p.CommunityID) {
		return false, err
	}
	silent, lost := mute(ctx, q, actor.Tenant, []id.ID{org}, day)
	if lost != nil {
		return false, lost
	}
	if len(silent) == 0 {
		return false, err
	}
	if e := errs.Words(nil, "note", said, MaxWords, true); e != nil {
		return true, e
	}
	return true, nil
}

// instead is an act that the community enters for a unit: in its own name, with how it knows.
func (e step) instead(p *Project, unit, said string) step {
	e.org, e.words = p.CommunityID, unit+"："+e.words+"（"+said+"）"
	return e
}

// change runs fn on a project in sight for one of its organisations, saves it and keeps the act. Version is that of the project that was seen; 0 takes it as it is.
func (s *Service) change(ctx context.Context, actor authz.Actor, project id.ID, version int64, by id.ID, fn func(tx *db.Tx, p *Project) (step, error)) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		p, err := find(ctx, tx, actor, project)
		if err != nil {
			return err
		}
		if err := as(actor, &p, by); err != nil {
			return err
		}
		if version != 0 && version != p.Version {
			return errs.New(errs.Conflict, i18n.ErrConflict)
		}
		e, err := fn(tx, &p)
		if err != nil {
			return err
		}
		if err := save(ctx, tx, actor.Tenant, &p); err != nil {
			return err
		}
		if e.org == 0 {
			e.org = by
		}
		return note(ctx, tx, actor, &p, e)
	})
}

// lead is change by who leads the project, while something still follows.
func (s *Service) lead(ctx context.Context, actor authz.Actor, project id.ID, version int64, by id.ID, fn func(tx *db.Tx, p *Project) (step, error)) error {
	return s.change(ctx, actor, project, version, by, func(tx *db.Tx, p *Project) (step, error) {
		if err := p.leads(by); err != nil {
			return step{}, err
		}
		if err := p.in(Draft, Proposed, Running); err != nil {
			return step{}, err
		}
		return fn(tx, p)
	})
}

// NewProject is what is said when a project is drafted. As is for whom: the community, or the unit that leads it.
type NewProject struct {
	As          id.ID
	CommunityID id.ID
	LeadID      id.ID // 0: the community
	Partners    []id.ID
	Needs       []id.ID
	About
}

func (n *NewProject) check(mask Mask) *errs.Error {
	n.Partners = slices.DeleteFunc(slices.Clone(n.Partners), func(o id.ID) bool { return o == 0 })
	e := n.About.check(mask)
	if n.LeadID == 0 {
		n.LeadID = n.CommunityID
	}
	if n.CommunityID == 0 {
		e = e.With("community", i18n.ErrRequired)
	}
	if n.As != n.CommunityID && n.As != n.LeadID || n.As == 0 {
		e = e.With("community", i18n.ProjectNotLead)
	}
	seen := map[id.ID]bool{n.CommunityID: true}
	for _, o := range n.Partners {
		if seen[o] {
			e = e.With("partner", i18n.ProjectTwice)
		}
		seen[o] = true
	}
	if n.LeadID != n.CommunityID && !seen[n.LeadID] {
		n.Partners = append([]id.ID{n.LeadID}, n.Partners...)
	}
	if len(n.Partners) > MaxPartners {
		e = e.With("partner", i18n.ProjectManyPartners, MaxPartners)
	}
	return e
}

// Create drafts a project (PermKeep or PermUnit at As).
func (s *Service) Create(ctx context.Context, actor authz.Actor, in NewProject) (made id.ID, err error) {
	if e := in.check(s.mask); e != nil {
		return 0, e
	}
	if !acts(actor).Covers(in.As) {
		return 0, errs.ErrForbidden
	}
	return made, s.db.WithTx(ctx, func(tx *db.Tx) error {
		p, err := s.begin(ctx, tx, actor, in, 0, ActDraft)
		made = p.ID
		return err
	})
}

// begin writes a draft.
func (s *Service) begin(ctx context.Context, tx *db.Tx, actor authz.Actor, in NewProject, from id.ID, act Act) (Project, error) {
	p := Project{ID: id.New(), CommunityID: in.CommunityID, LeadID: in.LeadID, About: in.About, State: Draft, Edition: 1, CopiedFrom: from, Version: 1}
	known, err := orgs(ctx, tx, actor.Tenant, append([]id.ID{in.CommunityID}, in.Partners...))
	if err != nil {
		return p, err
	}
	if c, ok := known[in.CommunityID]; !ok {
		return p, errs.ErrNotFound
	} else if c.kind != "community_party" && c.kind != "working_committee" || !c.dissolved.IsZero() {
		return p, errs.Field("community", i18n.CobuildNoPlace)
	}
	for _, o := range in.Partners {
		x, err := partnerOf(known, o)
		if err != nil {
			return p, err
		}
		p.Partners = append(p.Partners, x)
	}
	if in.LeadID != in.CommunityID { // a unit leads in the name of a community with its yes alone
		x, err := partnerOf(known, in.CommunityID)
		if err != nil {
			return p, err
		}
		p.Partners = append(p.Partners, x)
	}
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Programme, in.ProgrammeID); err != nil {
		return p, err
	}
	for range 20 { // the chance that two draw the same number is one in a million
		p.No = paper.NewNo("P", tx.Now())
		if used, err := taken(ctx, tx, actor.Tenant, p.No); err != nil {
			return p, err
		} else if !used {
			break
		}
	}
	if err := insert(ctx, tx, actor, &p); err != nil {
		return p, err
	}
	for _, n := range in.Needs {
		if _, err := s.answer(ctx, tx, actor.Tenant, &p, n); err != nil {
			return p, err
		}
	}
	return p, note(ctx, tx, actor, &p, step{act: act, org: in.As, words: p.line()})
}

func partnerOf(known map[id.ID]org, o id.ID) (Partner, error) {
	k, ok := known[o]
	switch {
	case !ok:
		return Partner{}, errs.Field("partner", i18n.ErrBadChoice)
	case !k.dissolved.IsZero():
		return Partner{}, errs.Field("partner", i18n.OrgDissolved, k.name, k.dissolved.String())
	}
	return Partner{ID: id.New(), OrgID: o, Name: k.name, State: Asked, Version: 1}, nil
}

// answer lets a project answer a need: one that the community approved and that is not over.
func (s *Service) answer(ctx context.Context, tx *db.Tx, tenant int64, p *Project, need id.ID) (needOf, error) {
	n, err := findNeed(ctx, tx, tenant, need, p.CommunityID)
	if errs.KindOf(err) == errs.NotFound {
		return n, errs.Field("need", i18n.ProjectNeedElse)
	}
	if err != nil {
		return n, err
	}
	if n.state != "open" && n.state != "taken" && n.state != "delivered" {
		return n, errs.Field("need", i18n.ProjectNeedState)
	}
	return n, insertNeed(ctx, tx, tenant, p.ID, n.id)
}

// usualDays is how long a project lasts that says nothing else.
const usualDays = 60

// FromNeed drafts a project that answers a need, by one press: title, what for, community, kind, days and how many are wanted are the need's (PermKeep at its community). A need that has
// one already gives that.
func (s *Service) FromNeed(ctx context.Context, actor authz.Actor, need id.ID) (made id.ID, err error) {
	return made, s.db.WithTx(ctx, func(tx *db.Tx) error {
		a := &db.Args{}
		at, err := db.Value[id.ID](ctx, tx, "SELECT n.community_id FROM need n WHERE "+actor.Held(PermKeep).Where(a, authz.Columns{Tenant: "n.tenant_id", Orgs: []string{"n.community_id"}})+" AND n.id = "+a.Add(need), a.Values()...)
		if err != nil {
			return err
		}
		if made, err = liveOf(ctx, tx, actor.Tenant, need); err != nil || made != 0 {
			return err
		}
		n, err := findNeed(ctx, tx, actor.Tenant, need, at)
		if err != nil {
			return err
		}
		today := calendar.DateOf(tx.Now())
		in := NewProject{As: at, CommunityID: at, LeadID: at, Needs: []id.ID{need}, About: About{Title: n.title, Goal: n.words, Kind: Kind(n.kind), Wanted: n.wanted, From: today, To: n.dueOn}}
		if in.Goal == "" {
			in.Goal = n.title
		}
		if !in.To.After(today) {
			in.To = today.AddDays(usualDays)
		}
		if e := in.check(s.mask); e != nil {
			return e
		}
		p, err := s.begin(ctx, tx, actor, in, 0, ActFromNeed)
		made = p.ID
		return err
	})
}

// liveOf is the project that answers a need; 0 if there is none.
func liveOf(ctx context.Context, q db.Querier, tenant int64, need id.ID) (id.ID, error) {
	return db.Value[id.ID](ctx, q, "SELECT coalesce(max(y.project_id), 0) FROM project_need y WHERE y.tenant_id = $1 AND y.need_id = $2 AND y.live = TRUE", tenant, need)
}

// Copy drafts an earlier project again from a day: its steps and lines, the days moved, its partners to be asked (PermKeep or PermUnit at by, which led it). Needs are not taken over:
// they were answered.
func (s *Service) Copy(ctx context.Context, actor authz.Actor, project, by id.ID, from calendar.Date) (made id.ID, err error) {
	if from.IsZero() {
		return 0, errs.Field("from_on", i18n.ErrRequired)
	}
	return made, s.db.WithTx(ctx, func(tx *db.Tx) error {
		old, err := find(ctx, tx, actor, project)
		if err != nil {
			return err
		}
		if err := as(actor, &old, by); err != nil {
			return err
		}
		if err := old.leads(by); err != nil {
			return err
		}
		in := NewProject{As: by, CommunityID: old.CommunityID, LeadID: old.LeadID, About: old.About}
		in.From, in.To = from, moved(old.To, old.From, from)
		var there []id.ID
		for _, x := range old.In() {
			if x.OrgID != old.CommunityID {
				there = append(there, x.OrgID)
			}
		}
		known, err := orgs(ctx, tx, actor.Tenant, append([]id.ID{old.CommunityID}, there...))
		if err != nil {
			return err
		}
		if lead, ok := known[in.LeadID]; ok && !lead.dissolved.IsZero() && by == old.CommunityID {
			in.LeadID = old.CommunityID
		}
		in.Partners = slices.DeleteFunc(there, func(o id.ID) bool { return !known[o].dissolved.IsZero() }) // what is no more is not asked again
		if e := in.check(s.mask); e != nil {
			return e
		}
		p, err := s.begin(ctx, tx, actor, in, old.ID, ActCopy)
		if err != nil {
			return err
		}
		made = p.ID
		oldSteps, err := steps(ctx, tx, actor.Tenant, old.ID)
		if err != nil {
			return err
		}
		oldLines, err := lines(ctx, tx, actor.Tenant, old.ID)
		if err != nil {
			return err
		}
		who := func(o id.ID) id.ID {
			if p.Takes(o) {
				return o
			}
			return p.CommunityID
		}
		var ns []NewStep
		for _, x := range oldSteps {
			ns = append(ns, NewStep{OrgID: who(x.OrgID), Title: x.Title, DueOn: moved(x.DueOn, old.From, p.From)})
		}
		var nl []NewLine
		for _, x := range oldLines {
			if !x.Dropped {
				nl = append(nl, NewLine{OrgID: who(x.OrgID), Source: x.Source, Title: x.Title, Amount: x.Amount})
			}
		}
		if err := insertSteps(ctx, tx, actor.Tenant, p.ID, ns); err != nil {
			return err
		}
		return insertLines(ctx, tx, actor.Tenant, p.ID, nl)
	})
}

// SetAbout changes what a project says of itself. Days that leave a step outside are refused, with the step named.
func (s *Service) SetAbout(ctx context.Context, actor authz.Actor, project id.ID, version int64, by id.ID, in About) error {
	if e := in.check(s.mask); e != nil {
		return e
	}
	return s.lead(ctx, actor, project, version, by, func(tx *db.Tx, p *Project) (step, error) {
		all, err := steps(ctx, tx, actor.Tenant, p.ID)
		if err != nil {
			return step{}, err
		}
		for _, x := range all {
			if x.State == StepOpen && x.DueOn.After(in.To) {
				return step{}, errs.Field("to_on", i18n.ProjectStepOutside, x.Title, x.DueOn.String())
			}
			if x.DueOn.Before(in.From) {
				return step{}, errs.Field("from_on", i18n.ProjectStepOutside, x.Title, x.DueOn.String())
			}
		}
		first, err := db.Value[string](ctx, tx, "SELECT coalesce(min(x.on_date), '') FROM project_expense x WHERE x.tenant_id = $1 AND x.project_id = $2", actor.Tenant, p.ID)
		if err != nil {
			return step{}, err
		}
		if first != "" && first < in.From.String() {
			return step{}, errs.Field("from_on", i18n.ProjectSpentBefore, first)
		}
		if in.ProgrammeID != p.ProgrammeID {
			if err := reference.Require(ctx, tx, actor.Tenant, reference.Programme, in.ProgrammeID); err != nil {
				return step{}, err
			}
		}
		before := p.line()
		p.About = in
		p.Edition++
		return step{act: ActAbout, words: before + " → " + p.line()}, nil
	})
}

// LinkNeed lets a project answer one more need of its community.
func (s *Service) LinkNeed(ctx context.Context, actor authz.Actor, project id.ID, version int64, by, need id.ID) error {
	if need == 0 {
		return errs.Field("need", i18n.ErrRequired)
	}
	return s.lead(ctx, actor, project, version, by, func(tx *db.Tx, p *Project) (step, error) {
		all, err := needs(ctx, tx, actor.Tenant, p.ID)
		if err != nil {
			return step{}, err
		}
		if len(all) >= MaxNeeds {
			return step{}, errs.Field("need", i18n.ProjectManyNeeds, MaxNeeds)
		}
		n, err := s.answer(ctx, tx, actor.Tenant, p, need)
		return step{act: ActNeed, words: n.title}, err
	})
}

// UnlinkNeed takes a need out that a project answers. One by which a step was done stays.
func (s *Service) UnlinkNeed(ctx context.Context, actor authz.Actor, project id.ID, version int64, by, need id.ID) error {
	return s.lead(ctx, actor, project, version, by, func(tx *db.Tx, p *Project) (step, error) {
		all, err := needs(ctx, tx, actor.Tenant, p.ID)
		if err != nil {
			return step{}, err
		}
		i := slices.IndexFunc(all, func(n Need) bool { return n.ID == need })
		if i < 0 {
			return step{}, errs.ErrNotFound
		}
		used, err := db.Value[int64](ctx, tx, "SELECT count(*) FROM project_step t WHERE t.tenant_id = $1 AND t.project_id = $2 AND t.source_kind = 'need' AND t.source_id = $3", actor.Tenant, p.ID, need)
		if err != nil {
			return step{}, err
		}
		if used > 0 {
			return step{}, errs.New(errs.Conflict, i18n.ProjectNeedUsed)
		}
		_, err = tx.Exec(ctx, `DELETE FROM project_need WHERE tenant_id = $1 AND project_id = $2 AND need_id = $3`, actor.Tenant, p.ID, need)
		return step{act: ActUnneed, words: all[i].Title}, err
	})
}

// Invite adds a partner: asked when the project is proposed, at once where it is already.
func (s *Service) Invite(ctx context.Context, actor authz.Actor, project id.ID, version int64, by, partner id.ID) error {
	if partner == 0 {
		return errs.Field("partner", i18n.ErrRequired)
	}
	return s.lead(ctx, actor, project, version, by, func(tx *db.Tx, p *Project) (step, error) {
		if p.Takes(partner) {
			return step{}, errs.Field("partner", i18n.ProjectTwice)
		}
		if len(p.In()) >= MaxPartners {
			return step{}, errs.Field("partner", i18n.ProjectManyPartners, MaxPartners)
		}
		known, err := orgs(ctx, tx, actor.Tenant, []id.ID{partner})
		if err != nil {
			return step{}, err
		}
		x, err := partnerOf(known, partner)
		if err != nil {
			return step{}, err
		}
		e := step{act: ActInvite, words: x.Name}
		for _, old := range p.Partners { // who was taken out is asked anew
			if old.OrgID == partner {
				old.State, old.Reason, old.Note, old.OnPaper, old.AnsweredAt = Asked, "", "", false, x.AnsweredAt
				return e, savePartner(ctx, tx, actor, &old)
			}
		}
		return e, insertPartner(ctx, tx, actor.Tenant, p.ID, x)
	})
}

// Remove takes a partner out, with the reason once it was asked: what it has not done is dropped, what it did and paid stays. The unit that leads stays.
func (s *Service) Remove(ctx context.Context, actor authz.Actor, project id.ID, version int64, by, partner id.ID, reason string) error {
	if e := errs.Words(nil, "reason", &reason, MaxWords, false); e != nil {
		return e
	}
	return s.lead(ctx, actor, project, version, by, func(tx *db.Tx, p *Project) (step, error) {
		x, ok := p.Partner(partner)
		switch {
		case !ok:
			return step{}, errs.ErrNotFound
		case partner == p.LeadID || partner == p.CommunityID:
			return step{}, errs.New(errs.Conflict, i18n.ProjectLeadStays)
		case reason == "" && x.State == Agreed && p.State != Draft:
			return step{}, errs.Field("reason", i18n.ErrRequired)
		}
		x.State, x.Reason, x.AnsweredAt = Left, reason, tx.Now()
		if err := savePartner(ctx, tx, actor, &x); err != nil {
			return step{}, err
		}
		for i := range p.Partners {
			if p.Partners[i].ID == x.ID {
				p.Partners[i] = x
			}
		}
		if err := dropOf(ctx, tx, actor.Tenant, p.ID, partner); err != nil {
			return step{}, err
		}
		p.Edition++
		return step{act: ActRemove, words: strings.TrimSpace(x.Name + " " + reason)}, s.settle(ctx, tx, actor, p)
	})
}

// settle lets a project run when the last partner has agreed.
func (s *Service) settle(ctx context.Context, tx *db.Tx, actor authz.Actor, p *Project) error {
	if !p.settle(tx.Now()) {
		return nil
	}
	return note(ctx, tx, actor, p, step{act: ActBegin, org: p.CommunityID})
}

// Propose asks the partners; without any the project runs at once. Who proposes agrees by that; the community of a project that a unit leads is asked like everybody.
func (s *Service) Propose(ctx context.Context, actor authz.Actor, project id.ID, version int64, by id.ID) error {
	return s.lead(ctx, actor, project, version, by, func(tx *db.Tx, p *Project) (step, error) {
		if err := p.in(Draft); err != nil {
			return step{}, err
		}
		all, err := steps(ctx, tx, actor.Tenant, p.ID)
		if err != nil {
			return step{}, err
		}
		if len(all) == 0 {
			return step{}, errs.New(errs.Conflict, i18n.ProjectNoSteps)
		}
		for _, x := range all {
			if !p.Takes(x.OrgID) {
				return step{}, errs.New(errs.Conflict, i18n.ProjectStepNobody, x.Title)
			}
			if x.DueOn.After(p.To) || x.DueOn.Before(p.From) {
				return step{}, errs.New(errs.Conflict, i18n.ProjectStepOutside, x.Title, x.DueOn.String())
			}
		}
		p.State, p.ProposedAt = Proposed, tx.Now()
		for i := range p.Partners {
			if x := &p.Partners[i]; x.OrgID == by && x.State == Asked {
				x.State, x.AnsweredAt = Agreed, tx.Now()
				if err := savePartner(ctx, tx, actor, x); err != nil {
					return step{}, err
				}
			}
		}
		return step{act: ActPropose}, s.settle(ctx, tx, actor, p)
	})
}

// TakeBack makes a proposed project a draft again; partners are asked anew when it is proposed again.
func (s *Service) TakeBack(ctx context.Context, actor authz.Actor, project id.ID, version int64, by id.ID) error {
	return s.lead(ctx, actor, project, version, by, func(tx *db.Tx, p *Project) (step, error) {
		if err := p.in(Proposed); err != nil {
			return step{}, err
		}
		p.State = Draft
		for _, q := range []string{
			`UPDATE project_partner SET state = 'asked', reason = '', on_paper = FALSE, note = '', answered_by = 0, answered_at = 0, version = version + 1 WHERE tenant_id = $1 AND project_id = $2 AND state IN ('agreed', 'declined')`,
			`UPDATE project_change SET state = 'dropped', version = version + 1 WHERE tenant_id = $1 AND project_id = $2 AND state = 'asked'`,
		} {
			if _, err := tx.Exec(ctx, q, actor.Tenant, p.ID); err != nil {
				return step{}, err
			}
		}
		return step{act: ActBack}, nil
	})
}

// Reply is a partner's answer. Edition is that of the project that was seen: what was changed since is looked at first.
type Reply struct {
	As      id.ID
	Edition int64 // 0 takes it as it is
	Yes     bool
	Reason  string // why not
	Note    string // who of the unit said so, where the community enters it
}

// Answer agrees to a project for a partner, or declines with the reason. The project runs when the last has agreed.
func (s *Service) Answer(ctx context.Context, actor authz.Actor, project id.ID, in Reply) error {
	if e := errs.Words(errs.Words(nil, "reason", &in.Reason, MaxWords, !in.Yes), "note", &in.Note, MaxWords, false); e != nil {
		return e
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		p, err := find(ctx, tx, actor, project)
		if err != nil {
			return err
		}
		instead, err := speaks(ctx, tx, actor, &p, in.As, &in.Note, calendar.DateOf(tx.Now()))
		if err != nil {
			return err
		}
		if err := p.in(Proposed, Running); err != nil {
			return err
		}
		x, ok := p.Partner(in.As)
		if !ok || x.State == Agreed || !in.Yes && x.State == Declined {
			return errs.New(errs.Conflict, i18n.ProjectAnswered)
		}
		if in.Edition != 0 && in.Edition != p.Edition {
			return errs.New(errs.Conflict, i18n.ProjectEdited)
		}
		e := step{act: ActAgree, org: in.As}
		x.State, x.Reason, x.OnPaper, x.Note, x.AnsweredAt = Agreed, "", instead, in.Note, tx.Now()
		if !in.Yes {
			x.State, x.Reason = Declined, in.Reason
			e = step{act: ActDecline, org: in.As, words: in.Reason}
		}
		if instead {
			e = e.instead(&p, x.Name, in.Note)
		} else {
			x.Note = ""
		}
		if err := savePartner(ctx, tx, actor, &x); err != nil {
			return err
		}
		for i := range p.Partners {
			if p.Partners[i].ID == x.ID {
				p.Partners[i] = x
			}
		}
		if err := note(ctx, tx, actor, &p, e); err != nil {
			return err
		}
		if err := s.settle(ctx, tx, actor, &p); err != nil {
			return err
		}
		return save(ctx, tx, actor.Tenant, &p)
	})
}

// Ending is how a project is finished.
type Ending struct {
	Result string // what was reached; public
	Open   string // why it is finished although steps are open
}

// Finish ends a running project with what was reached. Steps that are open are asked about, and need a reason. Its needs that nobody met are free for another.
func (s *Service) Finish(ctx context.Context, actor authz.Actor, project id.ID, version int64, by id.ID, in Ending) error {
	if e := errs.Words(public(nil, s.mask, "result", &in.Result, MaxGoal, true), "open", &in.Open, MaxWords, false); e != nil {
		return e
	}
	return s.lead(ctx, actor, project, version, by, func(tx *db.Tx, p *Project) (step, error) {
		if err := p.in(Running); err != nil {
			return step{}, err
		}
		all, err := steps(ctx, tx, actor.Tenant, p.ID)
		if err != nil {
			return step{}, err
		}
		var open []string
		for _, x := range all {
			if x.State == StepOpen {
				open = append(open, x.Title)
			}
		}
		if len(open) > 0 && in.Open == "" {
			return step{}, errs.Field("open", i18n.ProjectOpenSteps, len(open), strings.Join(open[:min(len(open), 5)], "、"))
		}
		p.State, p.Result, p.EndReason, p.EndedOn = Finished, in.Result, in.Open, calendar.DateOf(tx.Now())
		words := in.Result
		if len(open) > 0 {
			words += "（" + in.Open + "）"
		}
		// What it did not meet is free for another.
		_, err = tx.Exec(ctx, `UPDATE project_need SET live = FALSE WHERE tenant_id = $1 AND project_id = $2 AND need_id IN (SELECT n.id FROM need n WHERE n.tenant_id = $1 AND n.state IN ('open', 'taken'))`, actor.Tenant, p.ID)
		return step{act: ActFinish, words: words}, err
	})
}

// Stop ends a project with the reason. Its needs are free for another.
func (s *Service) Stop(ctx context.Context, actor authz.Actor, project id.ID, version int64, by id.ID, reason string) error {
	if e := public(nil, s.mask, "reason", &reason, MaxWords, true); e != nil {
		return e
	}
	return s.lead(ctx, actor, project, version, by, func(tx *db.Tx, p *Project) (step, error) {
		p.State, p.EndReason, p.EndedOn = Stopped, reason, calendar.DateOf(tx.Now())
		if _, err := tx.Exec(ctx, `UPDATE project_need SET live = FALSE WHERE tenant_id = $1 AND project_id = $2`, actor.Tenant, p.ID); err != nil {
			return step{}, err
		}
		_, err := tx.Exec(ctx, `UPDATE project_change SET state = 'dropped', version = version + 1 WHERE tenant_id = $1 AND project_id = $2 AND state = 'asked'`, actor.Tenant, p.ID)
		return step{act: ActStop, words: reason}, err
	})
}

// Reopen lets a project run again that was finished by mistake, within ReopenDays, with the reason.
func (s *Service) Reopen(ctx context.Context, actor authz.Actor, project id.ID, version int64, by id.ID, reason string) error {
	if e := errs.Words(nil, "reason", &reason, MaxWords, true); e != nil {
		return e
	}
	return s.change(ctx, actor, project, version, by, func(tx *db.Tx, p *Project) (step, error) {
		if err := p.leads(by); err != nil {
			return step{}, err
		}
		if err := p.in(Finished); err != nil {
			return step{}, err
		}
		if calendar.DateOf(tx.Now()).After(p.EndedOn.AddDays(ReopenDays)) {
			return step{}, errs.New(errs.Conflict, i18n.ProjectReopenLate, ReopenDays)
		}
		p.State, p.Result, p.EndReason, p.EndedOn = Running, "", "", calendar.Date{}
		_, err := tx.Exec(ctx, `UPDATE project_need SET live = TRUE WHERE tenant_id = $1 AND project_id = $2 AND live = FALSE
			AND NOT EXISTS (SELECT 1 FROM project_need o WHERE o.tenant_id = project_need.tenant_id AND o.need_id = project_need.need_id AND o.live = TRUE)`, actor.Tenant, p.ID)
		return step{act: ActReopen, words: reason}, err
	})
}
