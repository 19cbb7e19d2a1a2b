package dataright

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/paper"
	"linli/internal/person"
	"linli/internal/seal"
	"linli/internal/waiting"
)

// Calendars knows the working days of a district.
type Calendars interface {
	Calendar(ctx context.Context, tenant int64) (*calendar.Calendar, error)
}

// Service keeps requests.
type Service struct {
	db     *db.DB
	ring   *seal.Ring
	days   Calendars
	people *person.Service
}

// NewService makes the service.
func NewService(d *db.DB, ring *seal.Ring, days Calendars, people *person.Service) *Service {
	return &Service{db: d, ring: ring, days: days, people: people}
}

// tries is how often a number is drawn until it is one that no request has.
const tries = 5

// Ask enters a request: somebody's own, or one that is taken at the counter (PermEnter).
func (s *Service) Ask(ctx context.Context, actor authz.Actor, n New) (id.ID, error) {
	if n.PersonID == 0 {
		return 0, errs.ErrNotFound
	}
	if err := n.check(); err != nil {
		return 0, err
	}
	p, err := s.people.Get(ctx, actor, n.PersonID)
	if err != nil {
		return 0, err
	}
	if p.CommunityID == 0 {
		return 0, errs.New(errs.Conflict, i18n.DataRightNoCommunity)
	}
	channel := ByAccount
	if actor.PersonID != p.ID {
		if channel = ByCounter; actor.Scope(PermEnter).Require(p.CommunityID) != nil {
			return 0, errs.ErrForbidden
		}
	}
	if n.Kind == Correct {
		if err := s.people.CheckPart(ctx, s.db, actor.Tenant, n.Part, n.Value); err != nil {
			return 0, errs.Under("value", err)
		}
	}
	cal, err := s.days.Calendar(ctx, actor.Tenant)
	if err != nil {
		return 0, err
	}
	today := calendar.DateOf(s.db.Now())
	days, err := AnswerDays.On(ctx, s.db, actor.Tenant, today)
	if err != nil {
		return 0, err
	}
	r := Request{ID: id.New(), Kind: n.Kind, PersonID: p.ID, CommunityID: p.CommunityID, Part: n.Part, Value: n.Value, Said: n.Said, Channel: channel, State: Open}
	r.DueOn, r.Provisional = cal.AddWorkingDays(today, int(days))
	for range tries {
		err = s.db.WithTx(ctx, func(tx *db.Tx) error {
			if err := s.refuseDouble(ctx, tx, actor.Tenant, r); err != nil {
				return err
			}
			r.No, r.ReceivedAt = paper.NewNo("G", tx.Now()), tx.Now()
			if err := s.insert(ctx, tx, actor, r); err != nil {
				return err
			}
			return audit.Record(ctx, tx, actor, audit.Entry{Action: "dataright.ask", Permission: PermEnter, SubjectKind: "data_request", SubjectID: r.ID, PersonID: p.ID, OrgID: p.CommunityID,
				Detail: map[string]any{"kind": r.Kind, "channel": channel}})
		})
		if !db.IsUnique(err) {
			break
		}
	}
	return r.ID, err
}

// Get gives a request: one's own, or one in scope (PermDecide, PermEnter). Whoever is not the person has looked at their data, which is recorded; a number is shown in full to who
// may open numbers, each time with a record, and to everybody else masked.
func (s *Service) Get(ctx context.Context, actor authz.Actor, dataRequest id.ID) (Request, error) {
	r, err := s.find(ctx, s.db, actor, dataRequest)
	if err != nil {
		return r, err
	}
	if r.Value != "" && (r.Part == person.FieldIDNumber || r.Part == person.FieldPhone) {
		if actor.PersonID == r.PersonID || !actor.Scope(person.PermReveal).Covers(r.CommunityID) {
			r.Value = map[string]func(string) string{person.FieldIDNumber: code.MaskID, person.FieldPhone: code.MaskPhone}[r.Part](r.Value)
		} else if err := s.db.WithTx(ctx, func(tx *db.Tx) error {
			return audit.Record(ctx, tx, actor, audit.Entry{Action: string(person.PermReveal), SubjectKind: "person", SubjectID: r.PersonID, PersonID: r.PersonID, OrgID: r.CommunityID,
				Purpose: person.PurposeView, Detail: map[string]any{"field": r.Part}})
		}); err != nil {
			return r, err
		}
	}
	return r, s.people.Opened(ctx, actor, person.Person{ID: r.PersonID, CommunityID: r.CommunityID})
}

// Decision is what comes of a request.
type Decision struct {
	Grant   bool
	Answer  string // needed for a refusal, a restriction and an explanation
	Version int64
}

// Decide grants a request and carries it out, or refuses it with the reason (PermDecide).
func (s *Service) Decide(ctx context.Context, actor authz.Actor, dataRequest id.ID, d Decision) error {
	d.Answer = strings.TrimSpace(d.Answer)
	if n := utf8.RuneCountInString(d.Answer); n > MaxWords {
		return errs.Field("answer", i18n.ErrTooLong, MaxWords, n)
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		r, err := s.find(ctx, tx, actor, dataRequest)
		if err != nil {
			return err
		}
		switch {
		case !actor.Scope(PermDecide).Covers(r.CommunityID):
			return errs.ErrForbidden
		case actor.PersonID == r.PersonID:
			return errs.New(errs.Forbidden, i18n.DataRightOwn)
		case r.Channel == ByCounter && r.enteredBy == actor.AccountID:
			return errs.New(errs.Forbidden, i18n.DataRightTakenBy)
		case r.State != Open:
			return errs.New(errs.Conflict, i18n.DataRightOver)
		case d.Answer == "" && (!d.Grant || r.Kind == Restrict || r.Kind == Explain):
			return errs.Field("answer", i18n.DataRightAnswer)
		}
		state := Refused
		if d.Grant {
			state = Granted
			if err := s.carryOut(ctx, tx, actor, r); err != nil {
				return err
			}
		}
		err = tx.Update(ctx, "UPDATE data_request SET state = $1, answer = $2, decided_at = $3, decided_by = $4, version = version + 1 WHERE tenant_id = $5 AND id = $6 AND version = $7 AND state = 'open'",
			string(state), s.ring.Seal("data_request", "answer", r.ID, d.Answer), db.Micros(tx.Now()), actor.AccountID, actor.Tenant, r.ID, d.Version)
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: string(PermDecide), SubjectKind: "data_request", SubjectID: r.ID, PersonID: r.PersonID, OrgID: r.CommunityID,
			Detail: map[string]any{"kind": r.Kind, "state": state}})
	})
}

// carryOut does what was granted: it puts the value into the record, or empties the part. What was asked in words alone, people carry out.
func (s *Service) carryOut(ctx context.Context, tx *db.Tx, actor authz.Actor, r Request) error {
	if r.Part == "" {
		return nil
	}
	err := s.people.CorrectTx(ctx, tx, actor.Lend(person.PermEdit, r.CommunityID, PermDecide), r.PersonID, r.Part, r.Value)
	if errs.KindOf(err) == errs.Invalid {
		err = errs.Under("answer", err)
	}
	return err
}

// Withdraw takes back one's own open request.
func (s *Service) Withdraw(ctx context.Context, actor authz.Actor, dataRequest id.ID) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		r, err := s.find(ctx, tx, actor, dataRequest)
		if err != nil {
			return err
		}
		if r.PersonID != actor.PersonID {
			return errs.ErrForbidden
		}
		if r.State != Open {
			return errs.New(errs.Conflict, i18n.DataRightOver)
		}
		err = tx.Update(ctx, "UPDATE data_request SET state = 'withdrawn', decided_at = $1, version = version + 1 WHERE tenant_id = $2 AND id = $3 AND version = $4 AND state = 'open'",
			db.Micros(tx.Now()), actor.Tenant, r.ID, r.Version)
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "dataright.withdraw", Permission: PermEnter, SubjectKind: "data_request", SubjectID: r.ID, PersonID: r.PersonID, OrgID: r.CommunityID})
	})
}

// Own gives somebody their own requests, the newest first.
func (s *Service) Own(ctx context.Context, actor authz.Actor, page db.Page) (db.List[Request], error) {
	if actor.PersonID == 0 {
		return db.List[Request]{}, nil
	}
	a := &db.Args{}
	list, err := s.list(ctx, a, "q.tenant_id = "+a.Add(actor.Tenant)+" AND q.person_id <> 0 AND q.person_id = "+a.Add(actor.PersonID), page, db.Order{IDColumn: "q.id", Desc: true})
	out := db.List[Request]{Prev: list.Prev, Next: list.Next}
	for _, r := range list.Items {
		one, bad := s.opened(r)
		err = errors.Join(err, bad)
		out.Items = append(out.Items, one)
	}
	return out, err
}

// List gives the requests in scope (PermDecide, PermEnter), without what was said: open ones by their day, all by when they came.
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter) (db.List[Request], error) {
	a := &db.Args{}
	order := db.Order{IDColumn: "q.id", Desc: true}
	if f.State == Open || f.Late {
		order = db.Order{Column: "q.due_on", IDColumn: "q.id"}
	}
	list, err := s.list(ctx, a, s.where(a, actor, f), f.Page, order)
	out := db.List[Request]{Prev: list.Prev, Next: list.Next}
	for _, r := range list.Items {
		out.Items = append(out.Items, r.Request)
	}
	return out, err
}

// WaitDecide is the kind of waiting item for those who decide.
const WaitDecide = "dataright.decide"

// Waiting is what waits for those who decide at an organisation of theirs.
func (s *Service) Waiting(ctx context.Context, actor authz.Actor) ([]waiting.Item, error) {
	scope := actor.Held(PermDecide)
	if scope.Empty() {
		return nil, nil
	}
	a := &db.Args{}
	where := scope.Where(a, scopeColumns)
	it := waiting.Item{Kind: WaitDecide}
	err := s.db.QueryRow(ctx, "SELECT count(*), coalesce(min(q.id), 0), coalesce(min(q.received_at), 0), coalesce(min(q.due_on), '') FROM data_request q JOIN person p ON p.tenant_id = q.tenant_id AND p.id = q.person_id WHERE "+where+" AND q.state = 'open'", a.Values()...).
		Scan(&it.Count, &it.Subject, db.Instant(&it.Since), &it.DueOn)
	if err != nil || it.Count == 0 {
		return nil, err
	}
	return []waiting.Item{it}, nil
}
