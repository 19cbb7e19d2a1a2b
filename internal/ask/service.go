package ask

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/fact"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/seal"
)

// Service asks and takes answers.
type Service struct {
	db    *db.DB
	ring  *seal.Ring
	facts *fact.Catalogue
}

// New makes the service.
func New(d *db.DB, ring *seal.Ring, facts *fact.Catalogue) *Service {
	return &Service{db: d, ring: ring, facts: facts}
}

const (
	// longestDays is how far ahead the day may lie by which answers are wanted.
	longestDays = 90
	// quiet is how long nobody is asked again what somebody said cannot be known.
	quiet = 90 * 24 * time.Hour
	// MostWanted is how many facts one round may want.
	MostWanted = 20_000
)

// Raise asks those who can know for what is wanted (PermAsk): of records that the actor may see, what is unknown and can be put into a
// record, each once. A fact that is worked out is asked for by what it is worked out from. What a form says otherwise than the record is
// handed to those who keep the record.
func (s *Service) Raise(ctx context.Context, actor authz.Actor, title string, formID id.ID, dueOn calendar.Date, wanted []Wanted) (Raised, error) {
	var out Raised
	if actor.AccountID == 0 || !actor.Can(PermAsk) {
		return out, errs.ErrForbidden
	}
	title = strings.Join(strings.Fields(title), " ")
	today := calendar.DateOf(s.db.Now())
	switch n := utf8.RuneCountInString(title); {
	case n == 0:
		return out, errs.Field("title", i18n.ErrRequired)
	case n > 100:
		return out, errs.Field("title", i18n.ErrTooLong, 100, n)
	case !dueOn.IsZero() && dueOn.Before(today):
		return out, errs.Field("due_on", i18n.AskDuePast)
	case !dueOn.IsZero() && dueOn.After(today.AddDays(longestDays)):
		return out, errs.Field("due_on", i18n.AskDueFar, longestDays)
	case len(wanted) == 0:
		return out, errs.Field("ask", i18n.AskNothing)
	case len(wanted) > MostWanted:
		return out, errs.Field("ask", i18n.AskTooMany, MostWanted)
	}
	if formID != 0 {
		if err := ownForm(ctx, s.db, actor, formID); err != nil {
			return out, err
		}
	}
	ed, err := s.facts.Edition(ctx, actor.Tenant)
	if err != nil {
		return out, err
	}
	list, err := s.questions(ctx, actor, ed, wanted, &out)
	if err != nil {
		return out, err
	}
	if len(list)+out.Held == 0 {
		return out, errs.Field("ask", i18n.AskNever, out.Never)
	}
	err = s.db.WithTx(ctx, func(tx *db.Tx) error {
		fresh, err := notAsked(ctx, tx, actor.Tenant, list, tx.Now().Add(-quiet))
		if err != nil {
			return err
		}
		out.Already += len(list) - len(fresh)
		if out.Asked = len(fresh); out.Asked == 0 {
			return nil
		}
		r := Round{ID: id.New(), Title: title, FormID: formID, AccountID: actor.AccountID, DueOn: dueOn}
		if err := insertRound(ctx, tx, actor.Tenant, r); err != nil {
			return err
		}
		out.RoundID = r.ID
		for i := range fresh {
			q := &fresh[i]
			q.ID, q.RoundID, q.DueOn = id.New(), r.ID, dueOn
			if q.State == Differs {
				q.sealed = s.ring.Seal("question", "answer", q.ID, string(q.sealed))
			}
		}
		if err := insertQuestions(ctx, tx, actor.Tenant, fresh); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: string(PermAsk), SubjectKind: "question_round", SubjectID: r.ID,
			Detail: map[string]any{"title": title, "questions": len(fresh)}})
	})
	if db.IsUnique(err) { // somebody asked the same at the same moment
		err = errs.ErrConflict
	}
	return out, err
}

type target struct {
	subject fact.Subject
	row     id.ID
	factID  string
}

// questions turns what is wanted into questions: each record and fact once, none that the record answers, none that nobody could record.
func (s *Service) questions(ctx context.Context, actor authz.Actor, ed *fact.Edition, wanted []Wanted, out *Raised) ([]Question, error) {
	type group struct {
		subject fact.Subject
		ref     fact.Ref
	}
	var order []group
	rows := map[group][]Wanted{}
	for _, w := range wanted {
		g := group{w.Subject, w.Ref}
		if rows[g] == nil {
			order = append(order, g)
		}
		rows[g] = append(rows[g], w)
	}
	seen := map[target]bool{}
	bySubject := map[fact.Subject][]Question{}
	var subjects []fact.Subject
	for _, g := range order {
		found, err := s.ofGroup(ctx, actor, ed, g.subject, g.ref, rows[g], out)
		if err != nil {
			return nil, err
		}
		for _, q := range found {
			t := target{q.Subject, q.Row, q.FactID}
			if seen[t] {
				continue
			}
			seen[t] = true
			if bySubject[q.Subject] == nil {
				subjects = append(subjects, q.Subject)
			}
			bySubject[q.Subject] = append(bySubject[q.Subject], q)
		}
	}
	var list []Question
	for _, subject := range subjects {
		some, err := s.place(ctx, actor, subject, bySubject[subject])
		if err != nil {
			return nil, err
		}
		out.Never += len(bySubject[subject]) - len(some)
		list = append(list, some...)
	}
	return list, nil
}

// ofGroup gives the questions for one label of a form.
func (s *Service) ofGroup(ctx context.Context, actor authz.Actor, ed *fact.Edition, subject fact.Subject, ref fact.Ref, wanted []Wanted, out *Raised) ([]Question, error) {
	ids := make([]id.ID, len(wanted))
	for i, w := range wanted {
		ids[i] = w.Row
	}
	bases := ed.Bases(subject, ref)
	if len(bases) == 0 { // a fact of the district's own that has ended
		out.Never += len(wanted)
		return nil, nil
	}
	values, err := ed.Read(ctx, actor, fact.Ask{Subject: subject, IDs: ids, Refs: bases})
	if err != nil {
		return nil, err
	}
	var list []Question
	done := make([]bool, len(wanted)) // whether a question came of it, or none was needed
	for _, base := range bases {
		_, factID := base.Split()
		if _, ok := ed.Writable(factID); !ok {
			continue
		}
		at, ends, err := ed.Ends(ctx, actor, subject, base, ids)
		if err != nil {
			return nil, err
		}
		for i, w := range wanted {
			q := Question{Subject: at, Row: ends[w.Row], FactID: factID, State: Open}
			known := values.At(i, base).Known
			switch {
			case q.Row == 0:
				continue
			case w.Says != "" && len(bases) == 1 && known:
				q.State, q.sealed = Differs, []byte(w.Says)
			case known:
				continue
			}
			list, done[i] = append(list, q), true
		}
	}
	for i := range wanted {
		switch {
		case done[i]:
		case len(bases) == 1 && values.At(i, bases[0]).Known:
			out.Held++
		default:
			out.Never++
		}
	}
	return list, nil
}

// place says where the records of questions belong; those that the actor may not see are left out.
func (s *Service) place(ctx context.Context, actor authz.Actor, subject fact.Subject, list []Question) ([]Question, error) {
	ids := make([]id.ID, len(list))
	for i, q := range list {
		ids[i] = q.Row
	}
	owners, err := s.facts.Owners(ctx, actor, subject, ids)
	if err != nil {
		return nil, err
	}
	grids, err := s.linked(ctx, actor, subject, "grid", ids)
	if err != nil {
		return nil, err
	}
	buildings, err := s.linked(ctx, actor, subject, "building", ids)
	if err != nil {
		return nil, err
	}
	out := list[:0]
	for _, q := range list {
		o, ok := owners[q.Row]
		if !ok || o.Orgs[0] == 0 && o.Orgs[1] == 0 && o.PersonID == 0 {
			continue
		}
		q.OwnerID, q.OtherID, q.PersonID, q.GridID, q.BuildingID = o.Orgs[0], o.Orgs[1], o.PersonID, grids[q.Row], buildings[q.Row]
		out = append(out, q)
	}
	return out, nil
}

// linked follows a link by its name where the subject has it.
func (s *Service) linked(ctx context.Context, actor authz.Actor, subject fact.Subject, name string, ids []id.ID) (map[id.ID]id.ID, error) {
	links := s.facts.Links(subject)
	i := slices.IndexFunc(links, func(l fact.Link) bool { return l.Name == name })
	if i < 0 {
		return nil, nil
	}
	out := make(map[id.ID]id.ID, len(ids))
	for part := range slices.Chunk(ids, fact.BatchSize) {
		some, err := s.facts.ReadLink(ctx, actor, links[i], part, calendar.DateOf(s.db.Now()))
		if err != nil {
			return nil, err
		}
		for from, to := range some {
			out[from] = to
		}
	}
	return out, nil
}

// Withdraw takes back what of one's own round is still open.
func (s *Service) Withdraw(ctx context.Context, actor authz.Actor, roundID id.ID) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		r, err := findRound(ctx, tx, actor, roundID)
		if err != nil {
			return err
		}
		n, err := withdraw(ctx, tx, actor.Tenant, r.ID)
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "question.withdraw", Permission: PermAsk, SubjectKind: "question_round", SubjectID: r.ID,
			Detail: map[string]any{"questions": n}})
	})
}

// Rounds gives the actor's own rounds, newest first, with how far they are.
func (s *Service) Rounds(ctx context.Context, actor authz.Actor, p db.Page) (db.List[Round], error) {
	return rounds(ctx, s.db, actor, p)
}

// Round gives one of the actor's own rounds with how far it is, by fact and by community or organisation.
func (s *Service) Round(ctx context.Context, actor authz.Actor, roundID id.ID) (Round, []Part, error) {
	r, err := findRound(ctx, s.db, actor, roundID)
	if err != nil {
		return r, nil, err
	}
	parts, err := partsOf(ctx, s.db, actor.Tenant, r.ID)
	for _, p := range parts {
		if r.Counts == nil {
			r.Counts = map[State]int64{}
		}
		for st, n := range p.Counts {
			r.Counts[st] += n
		}
	}
	return r, parts, err
}

// Part is how far a round is with one fact at one community or organisation.
type Part struct {
	Subject fact.Subject
	FactID  string
	Owner   string
	Counts  map[State]int64
}
