package ask

import (
	"context"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/fact"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/waiting"
)

// Filter narrows the questions that wait.
type Filter struct {
	Community id.ID // that the record belongs to; 0 for all
	Grid      id.ID
	Round     id.ID
	FactID    string
	Own       bool // only what the actor is asked about themselves
	Page      db.Page
}

// known are the facts by which whoever is asked knows which record is meant, where the record has them.
var known = map[fact.Subject][]fact.Ref{
	fact.Person:       {"household/household.address", "person.sex", "person.born_on", "person.id_mask", "person.phone_mask"},
	fact.Household:    {"head/person.name", "household.people", "building/building.name"},
	fact.Member:       {"unit/organisation.name", "community/organisation.label", "member.kind", "member.standing"},
	fact.Organisation: {"organisation.kind", "organisation.address", "organisation.contact_name"},
	fact.Building:     {"quarter/quarter.name", "building.address"},
}

// List gives the open questions that the actor can answer, by building and record, a page of records at a time.
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter) (db.List[Sheet], error) {
	page, err := sheets(ctx, s.db, actor, f)
	if err != nil || len(page.Items) == 0 {
		return page, err
	}
	list, err := ofRows(ctx, s.db, actor, f, page.Items)
	if err != nil {
		return page, err
	}
	ed, err := s.facts.Edition(ctx, actor.Tenant)
	if err != nil {
		return page, err
	}
	at := map[id.ID]int{}
	bySubject := map[fact.Subject][]id.ID{}
	for i, sh := range page.Items {
		at[sh.Row] = i
		bySubject[sh.Subject] = append(bySubject[sh.Subject], sh.Row)
	}
	for _, q := range list {
		if i, ok := at[q.Row]; ok {
			page.Items[i].Questions = append(page.Items[i].Questions, q)
		}
	}
	for subject, rows := range bySubject {
		if err := s.describe(ctx, actor, ed, subject, rows, page.Items, at); err != nil {
			return page, err
		}
	}
	return page, nil
}

// describe adds to sheets what the record is called and says already.
func (s *Service) describe(ctx context.Context, actor authz.Actor, ed *fact.Edition, subject fact.Subject, rows []id.ID, sheets []Sheet, at map[id.ID]int) error {
	names, err := s.facts.Names(ctx, actor, subject, rows)
	if err != nil {
		return err
	}
	var refs []fact.Ref
	for _, r := range known[subject] {
		if _, ok := ed.Find(subject, r); ok {
			refs = append(refs, r)
		}
	}
	v, err := ed.Read(ctx, actor, fact.Ask{Subject: subject, IDs: rows, Refs: refs})
	if err != nil {
		return err
	}
	for i, row := range rows {
		sh := &sheets[at[row]]
		sh.Name = names[row]
		for _, r := range refs {
			x, _ := ed.Find(subject, r)
			if text := ed.Show(subject, r, v.At(i, r), i18n.From(ctx)); text != "" && text != sh.Name {
				sh.Known = append(sh.Known, Known{x.Name, text})
			}
		}
	}
	return nil
}

// Conflicts gives the answers that contradict the record and that the actor can settle, oldest first.
func (s *Service) Conflicts(ctx context.Context, actor authz.Actor, p db.Page) (db.List[Conflict], error) {
	qs, err := differing(ctx, s.db, actor, p)
	if err != nil || len(qs.Items) == 0 {
		return db.List[Conflict]{}, err
	}
	ed, err := s.facts.Edition(ctx, actor.Tenant)
	if err != nil {
		return db.List[Conflict]{}, err
	}
	byID := map[id.ID]Question{}
	bySubject := map[fact.Subject][]id.ID{}
	for _, q := range qs.Items {
		byID[q.ID] = q
		bySubject[q.Subject] = append(bySubject[q.Subject], q.Row)
	}
	now, err := s.recorded(ctx, actor, ed, byID)
	if err != nil {
		return db.List[Conflict]{}, err
	}
	names := map[id.ID]string{}
	for subject, rows := range bySubject {
		some, err := s.facts.Names(ctx, actor, subject, rows)
		if err != nil {
			return db.List[Conflict]{}, err
		}
		for row, n := range some {
			names[row] = n
		}
	}
	out := db.List[Conflict]{Next: qs.Next, Prev: qs.Prev}
	for _, q := range qs.Items {
		text, err := s.ring.Open("question", "answer", q.ID, q.sealed)
		if err != nil {
			return out, err
		}
		f, _ := ed.Fact(q.FactID)
		c := Conflict{Question: q, Name: names[q.Row], Fact: f, Record: f.Show(now[q.ID], i18n.From(ctx)), Answer: text}
		if canonical, err := f.Parse(text); err == nil {
			c.Answer = f.Show(fact.Is(canonical, q.DueOn), i18n.From(ctx))
		}
		if f.Sensitivity == fact.Sealed {
			c.Answer = fact.Mask(text)
		}
		out.Items = append(out.Items, c)
	}
	return out, nil
}

// Facts gives the facts that the actor is asked for now, by ID, for the filter of the list.
func (s *Service) Facts(ctx context.Context, actor authz.Actor) ([]fact.Fact, error) {
	ids, err := factsAsked(ctx, s.db, actor)
	if err != nil {
		return nil, err
	}
	ed, err := s.facts.Edition(ctx, actor.Tenant)
	if err != nil {
		return nil, err
	}
	var out []fact.Fact
	for _, x := range ids {
		if f, ok := ed.Fact(x); ok {
			out = append(out, f)
		}
	}
	return out, nil
}

// What waits.
const (
	WaitAnswer    = "question.answer"
	WaitAnswerOwn = "question.answer.own"
	WaitSettle    = "question.settle"
)

// Waiting says what of the questions waits for the actor: records about which they are asked, and answers to settle.
func (s *Service) Waiting(ctx context.Context, actor authz.Actor) ([]waiting.Item, error) {
	var out []waiting.Item
	for _, w := range []struct {
		kind  string
		scope authz.Scope
		state State
	}{{WaitAnswer, actor.Scope(PermAnswer), Open}, {WaitAnswerOwn, actor.Scope(PermAnswerOwn), Open}, {WaitSettle, actor.Scope(PermAnswer), Differs}} {
		if w.scope.Empty() {
			continue
		}
		it, err := waits(ctx, s.db, w.scope, w.state)
		if err != nil {
			return nil, err
		}
		if it.Kind = w.kind; it.Count > 0 {
			out = append(out, it)
		}
	}
	return out, nil
}
