package workplan

import (
	"context"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
)

// Figures reads the numbers by which items are measured.
type Figures interface {
	// Known says whether items can be measured by a figure of that name.
	Known(name string) bool
	// Tenths gives the figures of organisations for a year so far, in tenths of their units; what cannot be known is left out.
	Tenths(ctx context.Context, tenant int64, names []string, organisations []id.ID, year int64) (map[id.ID]map[string]int64, error)
}

// Service keeps plans.
type Service struct {
	db      *db.DB
	figures Figures
}

// New makes the service.
func New(d *db.DB, f Figures) *Service { return &Service{d, f} }

// Today is the day by which items are overdue.
func (s *Service) Today() calendar.Date { return calendar.DateOf(s.db.Now()) }

// Begin makes a draft for a year that is this one or the next (PermKeep). from is a plan of the organisation itself, or of the one above it, whose
// items are taken over; 0 begins empty. It gives the plan, and how many items were taken over.
func (s *Service) Begin(ctx context.Context, actor authz.Actor, organisation id.ID, year int64, from id.ID) (id.ID, int, error) {
	var e *errs.Error
	if organisation == 0 {
		e = e.With("organisation", i18n.ErrRequired)
	}
	if now := int64(s.Today().Year()); year < now-1 || year > now+1 {
		e = e.With("year", i18n.PlanYearRange, now-1, now+1)
	}
	if e != nil {
		return 0, 0, e
	}
	if err := actor.Scope(PermKeep).Require(organisation); err != nil {
		return 0, 0, err
	}
	p := Plan{ID: id.New(), OrganisationID: organisation, Year: year, State: Draft, Version: 1}
	taken := 0
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, organisation); err != nil {
			return err
		}
		o, err := loadOrg(ctx, tx, actor.Tenant, organisation)
		if err != nil {
			return err
		}
		if !o.dissolvedOn.IsZero() {
			return errs.New(errs.Conflict, i18n.OrgDissolved, o.name, o.dissolvedOn.String())
		}
		if err := insert(ctx, tx, actor, p); db.IsUnique(err) {
			return errs.Field("year", i18n.PlanThere, o.name, year)
		} else if err != nil {
			return err
		}
		if taken, err = takeOver(ctx, tx, actor, p, o, from); err != nil {
			return err
		}
		return record(ctx, tx, actor, PermKeep, p, "begin", map[string]any{"year": year, "items": taken})
	})
	return p.ID, taken, err
}

// takeOver copies the items of an earlier plan of the organisation, or of one of the organisation above it, into a draft. Days move to its year.
func takeOver(ctx context.Context, tx *db.Tx, actor authz.Actor, p Plan, o org, from id.ID) (int, error) {
	if from == 0 {
		return 0, nil
	}
	source, err := load(ctx, tx, actor.Tenant, from)
	if err != nil {
		return 0, err
	}
	if source.OrganisationID != o.id && (source.OrganisationID != o.parent || source.State != Accepted) {
		return 0, errs.ErrNotFound
	}
	list, err := items(ctx, tx, actor.Tenant, from)
	if err != nil {
		return 0, err
	}
	years := int(p.Year - source.Year)
	news := make([]NewItem, 0, len(list))
	for _, it := range list {
		if it.State == GivenUp {
			continue
		}
		n := it.NewItem
		n.DueOn = n.DueOn.AddYears(years)
		news = append(news, n)
	}
	return len(news), insertItems(ctx, tx, actor.Tenant, p.ID, 0, news)
}

func record(ctx context.Context, tx *db.Tx, actor authz.Actor, perm authz.Permission, p Plan, act string, detail map[string]any) error {
	return audit.Record(ctx, tx, actor, audit.Entry{Action: "workplan." + act, Permission: perm, SubjectKind: "workplan", SubjectID: p.ID, OrgID: p.OrganisationID, Detail: detail})
}

// write runs fn on a plan in scope that may be written (PermKeep), and records it.
func (s *Service) write(ctx context.Context, actor authz.Actor, plan id.ID, act string, fn func(tx *db.Tx, p *Plan) (map[string]any, error)) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		p, err := find(ctx, tx, actor.Scope(PermKeep), plan)
		if err != nil {
			return err
		}
		if !p.State.writable() {
			return errs.New(errs.Conflict, i18n.PlanNotWritable, p.State.Text())
		}
		detail, err := fn(tx, &p)
		if err != nil {
			return err
		}
		return record(ctx, tx, actor, PermKeep, p, act, detail)
	})
}

// Add puts items at the end of a plan, all or none (PermKeep). What is wrong with the n-th of several is said under "items".
func (s *Service) Add(ctx context.Context, actor authz.Actor, plan id.ID, news []NewItem) error {
	return s.write(ctx, actor, plan, "add", func(tx *db.Tx, p *Plan) (map[string]any, error) {
		if len(news) == 0 {
			return nil, errs.Field("items", i18n.PlanNothingToAdd)
		}
		for i := range news {
			if e := news[i].check(p.Year, s.figures.Known); e != nil {
				if len(news) == 1 {
					return nil, e
				}
				return nil, errs.Field("items", i18n.PlanLineWrong, i+1, firstOf(e))
			}
		}
		have, last, err := extent(ctx, tx, actor.Tenant, p.ID)
		if err != nil {
			return nil, err
		}
		if have+len(news) > MaxItems {
			return nil, errs.Field("items", i18n.PlanTooMany, MaxItems, have)
		}
		return map[string]any{"items": len(news)}, insertItems(ctx, tx, actor.Tenant, p.ID, last, news)
	})
}

// firstOf is what is wrong with the first wrong field of an item, in the order in which they are asked.
func firstOf(e *errs.Error) errs.Message {
	for _, f := range []string{"title", "measure", "answers", "due_on", "figure", "target"} {
		if m, ok := e.Fields[f]; ok {
			return m
		}
	}
	return errs.Message{Text: i18n.ErrInvalid}
}

// Edit rewrites an item of a plan that may be written (PermKeep). answer is what the organisation says to the comment on it, where there is one. A
// version that is no longer current is a Conflict.
func (s *Service) Edit(ctx context.Context, actor authz.Actor, plan, item id.ID, n NewItem, answer string, version int64) error {
	return s.write(ctx, actor, plan, "edit", func(tx *db.Tx, p *Plan) (map[string]any, error) {
		it, err := findItem(ctx, tx, actor.Tenant, p.ID, item)
		if err != nil {
			return nil, err
		}
		e := words(n.check(p.Year, s.figures.Known), "answer", &answer, MaxNote, false)
		if e != nil {
			return nil, e
		}
		was := map[string]any{"item": it.ID, "was": it.NewItem}
		it.NewItem, it.Version = n, version
		if n.Figure == "" {
			it.Reached, it.MeasuredAt = 0, time.Time{}
		}
		if err := saveItem(ctx, tx, actor.Tenant, it); err != nil {
			return nil, err
		}
		return was, setAnswer(ctx, tx, actor.Tenant, it.ID, p.Edition, answer)
	})
}

// Remove takes an item out of a plan that may be written (PermKeep); the record of acts keeps it.
func (s *Service) Remove(ctx context.Context, actor authz.Actor, plan, item id.ID) error {
	return s.write(ctx, actor, plan, "remove", func(tx *db.Tx, p *Plan) (map[string]any, error) {
		it, err := findItem(ctx, tx, actor.Tenant, p.ID, item)
		if err != nil {
			return nil, err
		}
		if it.State != Open {
			return nil, errs.New(errs.Conflict, i18n.PlanItemClosed, it.Title, it.State.Text())
		}
		return map[string]any{"item": it.ID, "was": it.NewItem}, removeItem(ctx, tx, actor.Tenant, it.ID)
	})
}

// Submit hands a plan in to the organisation above (PermKeep), and gives its name. An item that was to be changed must have been changed, or the comment answered.
func (s *Service) Submit(ctx context.Context, actor authz.Actor, plan id.ID, version int64) (string, error) {
	var above org
	err := s.write(ctx, actor, plan, "submit", func(tx *db.Tx, p *Plan) (map[string]any, error) {
		o, err := loadOrg(ctx, tx, actor.Tenant, p.OrganisationID)
		if err != nil {
			return nil, err
		}
		have, _, err := extent(ctx, tx, actor.Tenant, p.ID)
		switch {
		case err != nil:
			return nil, err
		case o.parent == 0:
			return nil, errs.New(errs.Conflict, i18n.PlanNobodyAbove, o.name)
		case have == 0:
			return nil, errs.New(errs.Conflict, i18n.PlanEmpty)
		}
		if p.State == Returned {
			left, err := unanswered(ctx, tx, actor.Tenant, *p)
			if err != nil {
				return nil, err
			}
			if left.count > 0 {
				return nil, errs.New(errs.Conflict, i18n.PlanUnanswered, left.count, left.title)
			}
		}
		if above, err = loadOrg(ctx, tx, actor.Tenant, o.parent); err != nil {
			return nil, err
		}
		p.State, p.Edition, p.ReviewerID = Submitted, p.Edition+1, o.parent
		p.SubmittedBy, p.SubmittedAt, p.Version = actor.AccountID, tx.Now(), version
		return map[string]any{"edition": p.Edition}, save(ctx, tx, actor, *p)
	})
	return above.name, err
}

// Recall takes back a plan that nobody has decided on (PermKeep).
func (s *Service) Recall(ctx context.Context, actor authz.Actor, plan id.ID, version int64) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		p, err := find(ctx, tx, actor.Scope(PermKeep), plan)
		if err != nil {
			return err
		}
		if p.State != Submitted {
			return errs.New(errs.Conflict, i18n.PlanNotSubmitted, p.State.Text())
		}
		p.State, p.Version = Draft, version
		if p.Edition > 1 {
			p.State = Returned
		}
		p.Edition--
		if err := save(ctx, tx, actor, p); err != nil {
			return err
		}
		return record(ctx, tx, actor, PermKeep, p, "recall", nil)
	})
}

// Decide accepts a plan that was handed in to an organisation in scope, or gives it back (PermReview). Every item has a verdict. Whoever handed the
// plan in does not decide on it.
func (s *Service) Decide(ctx context.Context, actor authz.Actor, plan id.ID, d Decision) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		p, err := findReviewed(ctx, tx, actor.Scope(PermReview), plan)
		if err != nil {
			return err
		}
		switch {
		case p.State != Submitted:
			return errs.New(errs.Conflict, i18n.PlanNotSubmitted, p.State.Text())
		case p.SubmittedBy == actor.AccountID:
			return errs.New(errs.Conflict, i18n.PlanOwnHand)
		}
		list, err := items(ctx, tx, actor.Tenant, p.ID)
		if err != nil {
			return err
		}
		if err := d.check(list); err != nil {
			return err
		}
		if err := insertReviews(ctx, tx, actor, p, d.Opinions, list); err != nil {
			return err
		}
		act := "return"
		p.State, p.Remark, p.Version = Returned, d.Remark, d.Version
		if d.Accept {
			act, p.State = "accept", Accepted
		}
		p.DecidedAt = tx.Now()
		if err := saveDecided(ctx, tx, actor, p); err != nil {
			return err
		}
		return record(ctx, tx, actor, PermReview, p, act, map[string]any{"edition": p.Edition, "remark": d.Remark})
	})
}

// GiveBack opens an accepted plan again for a change in mid-year, with the reason (PermReview).
func (s *Service) GiveBack(ctx context.Context, actor authz.Actor, plan id.ID, reason string, version int64) error {
	if e := words(nil, "reason", &reason, MaxNote, true); e != nil {
		return e
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		p, err := findReviewed(ctx, tx, actor.Scope(PermReview), plan)
		if err != nil {
			return err
		}
		if p.State != Accepted {
			return errs.New(errs.Conflict, i18n.PlanNotAccepted, p.State.Text())
		}
		p.State, p.Remark, p.Version, p.DecidedAt = Returned, reason, version, tx.Now()
		if err := saveDecided(ctx, tx, actor, p); err != nil {
			return err
		}
		return record(ctx, tx, actor, PermReview, p, "give_back", map[string]any{"reason": reason})
	})
}

// Track says what happened with an item of an accepted plan (PermKeep): Progress with a note, Finished, Dropped with the reason, or Reopened. An
// item that is measured is neither finished nor reopened by hand.
func (s *Service) Track(ctx context.Context, actor authz.Actor, plan, item id.ID, kind EntryKind, note string) error {
	if e := words(nil, "note", &note, MaxNote, kind == Progress || kind == Dropped); e != nil {
		return e
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		p, err := find(ctx, tx, actor.Scope(PermKeep), plan)
		if err != nil {
			return err
		}
		if p.State != Accepted {
			return errs.New(errs.Conflict, i18n.PlanNotAccepted, p.State.Text())
		}
		it, err := findItem(ctx, tx, actor.Tenant, p.ID, item)
		if err != nil {
			return err
		}
		if err := it.track(kind, calendar.DateOf(tx.Now())); err != nil {
			return err
		}
		if err := saveItem(ctx, tx, actor.Tenant, it); err != nil {
			return err
		}
		if err := insertEntry(ctx, tx, actor.Tenant, actor.AccountID, it.ID, kind, note); err != nil {
			return err
		}
		return record(ctx, tx, actor, PermKeep, p, "track", map[string]any{"item": it.ID, "kind": kind, "note": note})
	})
}

// track changes the state of an item.
func (i *Item) track(kind EntryKind, today calendar.Date) error {
	switch {
	case kind == Progress:
		return nil
	case i.Measured() && (kind == Finished || kind == Reopened && i.State == Done):
		return errs.New(errs.Conflict, i18n.PlanIsMeasured, i.Title)
	case kind == Finished && i.State == Open:
		i.State, i.EndedOn = Done, today
	case kind == Dropped && i.State == Open:
		i.State, i.EndedOn = GivenUp, today
	case kind == Reopened && i.State != Open:
		i.State, i.EndedOn = Open, calendar.Date{}
	case kind == Finished, kind == Dropped, kind == Reopened:
		return errs.New(errs.Conflict, i18n.PlanItemClosed, i.Title, i.State.Text())
	default:
		return errs.Field("kind", i18n.ErrBadChoice)
	}
	return nil
}

// Measurable says whether items can be measured by a figure.
func (s *Service) Measurable(figure string) bool { return s.figures.Known(figure) }
