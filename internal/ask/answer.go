package ask

import (
	"context"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/fact"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Said is what somebody said to a question: a text as they wrote it, or that it cannot be known. With neither the question stays open.
type Said struct {
	Question id.ID
	Text     string
	Unknown  bool
}

// Taken says what came of answers.
type Taken struct {
	Recorded int // that are in the record now
	Differs  int // that contradict what the record says by now, and wait to be settled
	Unknown  int
}

// Answer takes answers, all or nothing: what is wrong stands under the question's ID. An answer goes to the record; where the record says
// something else by now, both wait side by side. It needs PermAnswer and what a change of the record needs, or PermAnswerOwn about oneself.
func (s *Service) Answer(ctx context.Context, actor authz.Actor, said []Said) (Taken, error) {
	var out Taken
	ed, err := s.facts.Edition(ctx, actor.Tenant)
	if err != nil {
		return out, err
	}
	ids := make([]id.ID, len(said))
	for i, x := range said {
		ids[i] = x.Question
	}
	found, err := open(ctx, s.db, actor, ids)
	if err != nil {
		return out, err
	}
	now, err := s.recorded(ctx, actor, ed, found)
	if err != nil {
		return out, err
	}
	err = s.db.WithTx(ctx, func(tx *db.Tx) error {
		out = Taken{}
		var wrong *errs.Error
		for _, x := range said {
			q, ok := found[x.Question]
			switch {
			case x.Text == "" && !x.Unknown:
				continue
			case !ok:
				return errs.New(errs.Conflict, i18n.AskGone)
			case x.Unknown && x.Text != "":
				wrong = wrong.With(q.ID.String(), i18n.AskBoth)
				continue
			}
			err := s.take(ctx, tx, actor, ed, q, x, now[q.ID], &out)
			if e := errs.As(err); e != nil && e.Kind == errs.Invalid {
				m := errs.As(errs.Under("value", e)).Fields["value"]
				wrong = wrong.With(q.ID.String(), m.Text, m.Args...)
				continue
			}
			if err != nil {
				return err
			}
		}
		return wrong.OrNil()
	})
	return out, err
}

// take takes one answer.
func (s *Service) take(ctx context.Context, tx *db.Tx, actor authz.Actor, ed *fact.Edition, q Question, x Said, now fact.Value, out *Taken) error {
	if x.Unknown {
		out.Unknown++
		return s.finish(ctx, tx, actor, q, Unknown, nil)
	}
	f, _ := ed.Fact(q.FactID)
	text, err := f.Parse(x.Text)
	switch {
	case err != nil:
		return err
	case text == "":
		return errs.Field("value", i18n.ErrRequired)
	case now.Known && !now.Hidden && now.Text == text: // somebody recorded the same meanwhile
		out.Recorded++
		return s.finish(ctx, tx, actor, q, Answered, nil)
	case now.Known:
		out.Differs++
		return s.finish(ctx, tx, actor, q, Differs, s.ring.Seal("question", "answer", q.ID, text))
	}
	by, err := writer(actor, ed, q)
	if err != nil {
		return err
	}
	if err := ed.WriteTx(ctx, tx, by, q.FactID, q.Row, text, i18n.AskSource.In(i18n.ZH)); err != nil {
		return err
	}
	out.Recorded++
	return s.finish(ctx, tx, actor, q, Answered, nil)
}

// writer is the actor with what the change of the record needs.
func writer(actor authz.Actor, ed *fact.Edition, q Question) (authz.Actor, error) {
	perm, ok := ed.Writable(q.FactID)
	if !ok {
		return actor, errs.ErrNotFound
	}
	if sc := actor.Scope(perm); sc.Covers(q.OwnerID) || sc.Covers(q.OtherID) {
		return actor, nil
	}
	if actor.Scope(PermAnswerOwn).CoversPerson(q.PersonID) {
		return actor.Lend(perm, q.OwnerID, PermAnswerOwn), nil
	}
	return actor, errs.ErrForbidden
}

// finish ends a question or leaves it to be settled.
func (s *Service) finish(ctx context.Context, tx *db.Tx, actor authz.Actor, q Question, to State, answer []byte) error {
	if err := move(ctx, tx, actor, q, to, answer); err != nil {
		return err
	}
	perm := PermAnswer
	if actor.Scope(PermAnswer).Empty() {
		perm = PermAnswerOwn
	}
	return audit.Record(ctx, tx, actor, audit.Entry{Action: "question." + string(to), Permission: perm, SubjectKind: "question", SubjectID: q.ID,
		PersonID: q.PersonID, OrgID: q.OwnerID, Detail: map[string]any{"fact": q.FactID}})
}

// Settle settles an answer that contradicts the record (PermAnswer and what a change of the record needs): take puts the answer into the
// record, otherwise the record stays as it is. Either way it is not asked again.
func (s *Service) Settle(ctx context.Context, actor authz.Actor, questionID id.ID, take bool) error {
	ed, err := s.facts.Edition(ctx, actor.Tenant)
	if err != nil {
		return err
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		q, err := findDiffering(ctx, tx, actor, questionID)
		if err != nil {
			return err
		}
		by, err := writer(actor, ed, q)
		if err != nil {
			return err
		}
		if take {
			text, err := s.ring.Open("question", "answer", q.ID, q.sealed)
			if err != nil {
				return err
			}
			if err := ed.WriteTx(ctx, tx, by, q.FactID, q.Row, text, i18n.AskSource.In(i18n.ZH)); err != nil {
				return err
			}
		}
		return s.finish(ctx, tx, actor, q, Settled, nil)
	})
}

// recorded reads what the record says by now to each of some questions.
func (s *Service) recorded(ctx context.Context, actor authz.Actor, ed *fact.Edition, found map[id.ID]Question) (map[id.ID]fact.Value, error) {
	bySubject := map[fact.Subject][]Question{}
	for _, q := range found {
		bySubject[q.Subject] = append(bySubject[q.Subject], q)
	}
	out := make(map[id.ID]fact.Value, len(found))
	for subject, list := range bySubject {
		v, err := ed.Read(ctx, actor, fact.Ask{Subject: subject, IDs: rowsOf(list), Refs: refsOf(ed, list)})
		if err != nil {
			return nil, err
		}
		for i, q := range list {
			out[q.ID] = v.At(i, fact.Ref(q.FactID))
		}
	}
	return out, nil
}

func rowsOf(list []Question) []id.ID {
	ids := make([]id.ID, len(list))
	for i, q := range list {
		ids[i] = q.Row
	}
	return ids
}

// refsOf are the facts of questions, each once, that there still are.
func refsOf(ed *fact.Edition, list []Question) []fact.Ref {
	var refs []fact.Ref
	seen := map[string]bool{}
	for _, q := range list {
		if _, there := ed.Fact(q.FactID); there && !seen[q.FactID] {
			seen[q.FactID] = true
			refs = append(refs, fact.Ref(q.FactID))
		}
	}
	return refs
}
