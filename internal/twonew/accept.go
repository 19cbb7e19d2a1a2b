package twonew

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/organisation"
	"linli/internal/paper"
	"linli/internal/seal"
)

// Chosen is an organisation as the person saw it.
type Chosen struct {
	TwoNewID id.ID
	Version  int64
}

// NewJoint is a proposal of a joint branch, as it was or as a person changed it.
type NewJoint struct {
	CommunityID id.ID
	Name        string
	On          calendar.Date
	DocumentNo  string
	Document    string
	Reason      string // why it has more organisations or members than is usual
	Items       []Chosen
}

// NewSending is a proposal of an instructor, as it was or as a person changed it.
type NewSending struct {
	CommunityID id.ID
	MemberID    id.ID
	On          calendar.Date
	DocumentNo  string
	Document    string
	Items       []Chosen
}

// mostChosen is how many organisations one decision may be about.
const mostChosen = 100

// AcceptJoint makes a joint branch of organisations of one community in scope (PermDecide, and organisation.found there): the branch, the step of each, the
// decision and its letter. What changed since the person saw it is refused.
func (s *Service) AcceptJoint(ctx context.Context, actor authz.Actor, n NewJoint) (Saved, error) {
	var out Saved
	n.Name, n.DocumentNo, n.Document, n.Reason = clean(n.Name), clean(n.DocumentNo), clean(n.Document), clean(n.Reason)
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		e := dated(n.On, n.DocumentNo, n.Document, calendar.DateOf(tx.Now()))
		if n.Name == "" {
			e = e.With("name", i18n.ErrRequired)
		}
		if c := utf8.RuneCountInString(n.Name); c > maxName {
			e = e.With("name", i18n.ErrTooLong, maxName, c)
		}
		if c := utf8.RuneCountInString(n.Reason); c > maxNote {
			e = e.With("reason", i18n.ErrTooLong, maxNote, c)
		}
		list, r, err := s.chosen(ctx, tx, actor, n.CommunityID, n.Items, e)
		if err != nil {
			return err
		}
		warnings, err := r.joint(list, n.Reason)
		if err != nil {
			return err
		}
		saved, err := s.orgs.CreateTx(ctx, tx, actor, organisation.NewOrganisation{Kind: organisation.Branch, Name: n.Name, ParentID: n.CommunityID, EstablishedOn: n.On,
			Document: documentOf(n.DocumentNo, n.Document)}, 0)
		if err != nil {
			return errs.Under("name", err)
		}
		d := Decision{ID: id.New(), Kind: JointBranch, CommunityID: n.CommunityID, BranchID: saved.ID, Branch: n.Name, On: n.On, DocumentNo: n.DocumentNo, Document: n.Document, Note: n.Reason}
		out = Saved{d.ID, warnings}
		return s.decide(ctx, tx, actor, d, list)
	})
	return out, err
}

// Send sends an instructor to organisations of one community in scope (PermDecide): the step of each, the decision and its letter.
func (s *Service) Send(ctx context.Context, actor authz.Actor, n NewSending) (Saved, error) {
	var out Saved
	n.DocumentNo, n.Document = clean(n.DocumentNo), clean(n.Document)
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		e := dated(n.On, n.DocumentNo, n.Document, calendar.DateOf(tx.Now()))
		if n.MemberID == 0 {
			e = e.With("member", i18n.ErrRequired)
		}
		list, _, err := s.chosen(ctx, tx, actor, n.CommunityID, n.Items, e)
		if err != nil {
			return err
		}
		if err := s.sent(ctx, tx, actor.Tenant, n.CommunityID, n.MemberID, "member"); err != nil {
			return err
		}
		d := Decision{ID: id.New(), Kind: Instructor, CommunityID: n.CommunityID, MemberID: n.MemberID, On: n.On, DocumentNo: n.DocumentNo, Document: n.Document}
		out = Saved{ID: d.ID}
		return s.decide(ctx, tx, actor, d, list)
	})
	return out, err
}

// chosen gives the organisations of a decision: all of one community in scope, living, without a branch, and as the person saw them.
func (s *Service) chosen(ctx context.Context, tx *db.Tx, actor authz.Actor, community id.ID, items []Chosen, e *errs.Error) ([]Organisation, rules, error) {
	if err := actor.Scope(PermDecide).Require(community); err != nil {
		return nil, rules{}, errs.ErrNotFound
	}
	c, err := loadOrg(ctx, tx, actor.Tenant, community)
	switch {
	case err != nil:
		return nil, rules{}, err
	case c.kind != string(organisation.Community) || !c.dissolved.IsZero():
		return nil, rules{}, errs.Field("community", i18n.OrgCommunityOnly, c.label)
	}
	switch {
	case len(items) == 0:
		e = e.With("items", i18n.TwoNewChooseSome)
	case len(items) > mostChosen:
		e = e.With("items", i18n.TwoNewChooseLess, mostChosen)
	}
	if err := e.OrNil(); err != nil {
		return nil, rules{}, err
	}
	ids, seen := make([]id.ID, len(items)), map[id.ID]int64{}
	for i, x := range items {
		ids[i], seen[x.TwoNewID] = x.TwoNewID, x.Version
	}
	list, err := findAll(ctx, tx, actor.Scope(PermDecide), ids)
	if err != nil {
		return nil, rules{}, err
	}
	for _, o := range list {
		if o.CommunityID != community || !o.Living() || o.State.Branch() || o.Version != seen[o.ID] {
			return nil, rules{}, errs.New(errs.Conflict, i18n.TwoNewStale, o.Name)
		}
	}
	r, err := readRules(ctx, tx, actor.Tenant, calendar.DateOf(tx.Now()))
	return list, r, err
}

// decide writes a decision, the step of each organisation and the letter.
func (s *Service) decide(ctx context.Context, tx *db.Tx, actor authz.Actor, d Decision, list []Organisation) error {
	c, err := loadOrg(ctx, tx, actor.Tenant, d.CommunityID)
	if err != nil {
		return err
	}
	d.Community = c.label
	d.letter = d.words(list)
	if err := putDecision(ctx, tx, actor, d); err != nil {
		return err
	}
	if err := s.stepAll(ctx, tx, actor, d, list); err != nil {
		return err
	}
	last, err := lastLetter(ctx, tx, actor.Tenant, strconv.Itoa(d.On.Year()))
	if err != nil {
		return err
	}
	number, err := after(last, d.On.Year())
	if err != nil {
		return err
	}
	if _, err := paper.IssueTx(ctx, tx, actor.Tenant, paper.NewPaper{Kind: paper.KindTwoNew, SubjectID: d.ID, Number: number, ContentHash: seal.Hash([]byte(d.letter)), By: actor.AccountID}); err != nil {
		return err
	}
	action := "twonew.joint"
	if d.Kind == Instructor {
		action = "twonew.assign"
	}
	return record(ctx, tx, actor, PermDecide, action, list[0].ID, d.CommunityID, map[string]any{"decision": d.ID, "branch": d.BranchID, "member": d.MemberID, "organisations": len(list),
		"document": d.Document})
}

// stepAll takes the step of a decision with every organisation at once.
func (s *Service) stepAll(ctx context.Context, tx *db.Tx, actor authz.Actor, d Decision, list []Organisation) error {
	a, now := &db.Args{}, db.Micros(tx.Now())
	ids := make([]id.ID, len(list))
	put := make([]Step, len(list))
	for i, o := range list {
		st := Step{ID: id.New(), TwoNewID: o.ID, Kind: d.Kind, On: d.On, DocumentNo: d.DocumentNo, Document: d.Document, Note: d.Note, BranchID: d.BranchID, MemberID: d.MemberID, DecisionID: d.ID}
		if o.Since.After(d.On) {
			return errs.Field("on", i18n.TwoNewBefore, o.Name, o.Since.String())
		}
		if o.State == d.Kind && o.MemberID == d.MemberID && o.BranchID == d.BranchID {
			return errs.Field("items", i18n.TwoNewNoChange, o.State.Text())
		}
		ids[i], put[i] = o.ID, st
	}
	_, err := tx.Exec(ctx, "UPDATE two_new_step SET until_on = "+a.Add(d.On)+" WHERE tenant_id = "+a.Add(actor.Tenant)+" AND until_on = '' AND struck_at = 0 AND "+db.In(a, "two_new_id", ids), a.Values()...)
	if err != nil {
		return err
	}
	if err := putSteps(ctx, tx, actor, put); err != nil {
		return err
	}
	a = &db.Args{}
	_, err = tx.Exec(ctx, "UPDATE two_new SET updated_at = "+a.Add(now)+", version = version + 1 WHERE tenant_id = "+a.Add(actor.Tenant)+" AND "+db.In(a, "id", ids), a.Values()...)
	return err
}

// after is the number behind the last one of a year, "2026-0012".
func after(last string, year int) (string, error) {
	n := 0
	if _, tail, ok := strings.Cut(last, "-"); ok {
		var err error
		if n, err = strconv.Atoi(tail); err != nil {
			return "", fmt.Errorf("letter number %q: %w", last, err)
		}
	}
	return fmt.Sprintf("%d-%04d", year, n+1), nil
}

// words are the letter as it is kept and hashed: one line each. The instructor is named by number: a name that is forgotten is forgotten here too.
func (d Decision) words(list []Organisation) string {
	lines := []string{string(d.Kind), d.Community, d.Branch, d.MemberID.String(), d.On.String(), d.DocumentNo, d.Document}
	for _, o := range list {
		lines = append(lines, strings.Join([]string{o.Name, o.Trade, o.Address, number(o.Full), number(o.Probationary)}, "\t"))
	}
	return strings.Join(lines, "\n")
}

// LetterItem is an organisation in a letter, as it stood when it was decided.
type LetterItem struct{ Name, Trade, Address, Full, Probationary string }

// Letter is the letter about a decision, as it was issued.
type Letter struct {
	Decision
	Items  []LetterItem
	Intact bool // it is what was hashed
}

// LetterOf gives the letter about a decision in scope (PermSee).
func (s *Service) LetterOf(ctx context.Context, actor authz.Actor, decision id.ID) (Letter, error) {
	d, err := findDecision(ctx, s.db, actor.Scope(PermSee), decision)
	l := Letter{Decision: d}
	if err != nil {
		return l, err
	}
	papers, err := paper.About(ctx, s.db, actor.Tenant, paper.KindTwoNew, d.ID)
	if err != nil {
		return l, err
	}
	l.Intact = slices.ContainsFunc(papers, func(p paper.Paper) bool { return p.ContentHash == seal.Hash([]byte(d.letter)) })
	lines := strings.Split(d.letter, "\n")
	if len(lines) < 7 {
		return l, fmt.Errorf("the letter of decision %s is spoilt", d.ID)
	}
	l.Community, l.Branch, l.DocumentNo, l.Document = lines[1], lines[2], lines[5], lines[6]
	for _, line := range lines[7:] {
		f := append(strings.Split(line, "\t"), "", "", "", "", "")
		l.Items = append(l.Items, LetterItem{f[0], f[1], f[2], f[3], f[4]})
	}
	return l, nil
}
