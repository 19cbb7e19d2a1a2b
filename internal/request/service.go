package request

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
	"linli/internal/seal"
)

// Service keeps requests and their answers.
type Service struct {
	db    *db.DB
	ring  *seal.Ring
	tree  Tree
	forms Forms
}

// New makes the service.
func New(d *db.DB, ring *seal.Ring, tree Tree, forms Forms) *Service {
	return &Service{db: d, ring: ring, tree: tree, forms: forms}
}

func today(d *db.DB) calendar.Date { return calendar.DateOf(d.Now()) }

// NewRequest registers a request: with a form that the actor dropped in (FormID), with a workbook (Form), or with a list of facts.
type NewRequest struct {
	OwnerID         id.ID // the organisation that keeps it
	OfficeID        id.ID // who asks, if it is an organisation of the tenant
	Office          string
	Ground          string
	GroundNo        string
	Title           string
	Every           Every
	FirstDue        calendar.Date
	EndsOn          calendar.Date // zero: the program sets one
	OrganisationIDs []id.ID       // who must answer
	FormID          id.ID
	FormName        string
	Form            []byte
	Facts           *Facts
}

// words trims a text and holds it to its length.
func words(e *errs.Error, field, s string, limit int, need bool) (string, *errs.Error) {
	s = strings.Join(strings.Fields(s), " ")
	switch n := utf8.RuneCountInString(s); {
	case n == 0 && need:
		e = e.With(field, i18n.ErrRequired)
	case n > limit:
		e = e.With(field, i18n.ErrTooLong, limit, n)
	}
	return s, e
}

// check holds what a request says to the rules; months is the end that one without gets.
func (r *Request) check(today calendar.Date, months int64, parties int) error {
	var e *errs.Error
	r.Title, e = words(e, "title", r.Title, 100, true)
	r.Office, e = words(e, "office", r.Office, 60, true)
	r.Ground, e = words(e, "ground", r.Ground, 200, false)
	r.GroundNo, e = words(e, "ground_no", r.GroundNo, 60, false)
	if r.Every.Text().IsZero() {
		e = e.With("every", i18n.ErrBadChoice)
	}
	switch {
	case parties == 0:
		e = e.With("organisation", i18n.RequestNobody)
	case parties > maxParties:
		e = e.With("organisation", i18n.RequestTooMany, maxParties, parties)
	}
	if r.FirstDue.IsZero() {
		return e.With("first_due", i18n.ErrRequired)
	}
	if r.EndsOn.IsZero() {
		r.EndsOn, r.OwnEnd = r.FirstDue.AddMonths(int(months)), true
	}
	switch {
	case r.EndsOn.Before(r.FirstDue):
		e = e.With("ends_on", i18n.ErrEndBeforeStart)
	case r.EndsOn.After(today.AddMonths(longest)):
		e = e.With("ends_on", i18n.RequestTooLong, longest)
	}
	r.fromOn = r.FirstDue
	return e.OrNil()
}

// Register keeps a request (PermRegister at the organisation that keeps it and at those asked). The form is read and tried out; a file that is no
// form, or that asks nothing, is Invalid.
func (s *Service) Register(ctx context.Context, actor authz.Actor, in NewRequest) (id.ID, error) {
	scope := actor.Scope(PermRegister)
	orgs := distinct(in.OrganisationIDs)
	if err := scope.Require(in.OwnerID); err != nil {
		return 0, err
	}
	for _, o := range orgs {
		if err := scope.Require(o); err != nil {
			return 0, err
		}
	}
	if err := reference.Require(ctx, s.db, actor.Tenant, reference.Organisation, append([]id.ID{in.OwnerID}, orgs...)...); err != nil {
		return 0, err
	}
	office, err := officeName(ctx, s.db, actor.Tenant, in.OfficeID)
	if err != nil {
		return 0, err
	}
	if in.OfficeID != 0 {
		in.Office = office
	}
	r := Request{ID: id.New(), OwnerID: in.OwnerID, OfficeID: in.OfficeID, Office: in.Office, Ground: in.Ground, GroundNo: in.GroundNo, Title: in.Title,
		Every: in.Every, FirstDue: in.FirstDue, EndsOn: in.EndsOn, State: Open, Version: 1}
	now := today(s.db)
	months, err := EndMonths.On(ctx, s.db, actor.Tenant, now)
	if err != nil {
		return 0, err
	}
	if err := r.check(now, months, len(orgs)); err != nil {
		return 0, err
	}
	switch {
	case r.FirstDue.Before(now.AddDays(-back)):
		return 0, errs.Field("first_due", i18n.RequestLongPast, back)
	case r.EndsOn.Before(now):
		return 0, errs.Field("ends_on", i18n.RequestEndPast)
	}
	t, err := s.template(ctx, actor, in, r.Title)
	if err != nil {
		return 0, err
	}
	if err := s.try(ctx, actor, t, orgs[0]); err != nil {
		return 0, err
	}
	r.FormName, r.choice, r.Sealed = t.Name, t.Choice, t.Sealed
	return r.ID, s.db.WithTx(ctx, func(tx *db.Tx) error {
		if r.formID, err = s.keep(ctx, tx, actor, t.Name, t.Content); err != nil {
			return err
		}
		if err := insert(ctx, tx, actor, r, orgs, t.Fields); err != nil {
			return err
		}
		if err := syncDues(ctx, tx, actor.Tenant, r, orgs); err != nil {
			return err
		}
		return s.note(ctx, tx, actor, r, ActRegister, "", "")
	})
}

func distinct(orgs []id.ID) []id.ID {
	out := slices.Clone(orgs)
	slices.Sort(out)
	return slices.Compact(out)
}

// template gives the form of a new request. What is wrong with it stands under "form".
func (s *Service) template(ctx context.Context, actor authz.Actor, in NewRequest, title string) (t Template, err error) {
	switch {
	case in.FormID != 0:
		t, err = s.forms.Dropped(ctx, actor, in.FormID)
	case len(in.Form) > 0:
		t, err = s.forms.Read(ctx, actor, in.FormName, in.Form)
	case in.Facts != nil && len(in.Facts.Refs) > 0:
		t, err = s.forms.Make(ctx, actor, title, *in.Facts)
	default:
		return t, errs.Field("form", i18n.RequestNoForm)
	}
	if err != nil {
		return t, onForm(err)
	}
	switch n := len(t.Fields); {
	case n == 0:
		return t, errs.Field("form", i18n.RequestNoFields)
	case n > maxFields:
		return t, errs.Field("form", i18n.RequestTooWide, maxFields)
	}
	return t, nil
}

// onForm puts what is wrong with a form under the field that holds it; a purpose has a field of its own.
func onForm(err error) error {
	if e := errs.As(err); e != nil {
		if _, own := e.Fields["purpose"]; own {
			return err
		}
	}
	return errs.Under("form", err)
}

// try fills a form in for one row, to know today what would stop it when it is to be answered.
func (s *Service) try(ctx context.Context, actor authz.Actor, t Template, org id.ID) error {
	p, err := partyOf(ctx, s.db, actor.Tenant, org)
	if err != nil {
		return err
	}
	as, err := s.at(ctx, actor, p)
	if err != nil {
		return err
	}
	_, err = s.forms.Fill(ctx, as, t, p, "", 1)
	return onForm(err)
}

// at is the actor kept to the organisation asked.
func (s *Service) at(ctx context.Context, actor authz.Actor, p Party) (authz.Actor, error) {
	part, err := s.tree.Subtree(ctx, s.db, actor.Tenant, p.ID)
	return actor.At(p.ID, p.Name, part), err
}

// note records an act on a request in its history and in the audit.
func (s *Service) note(ctx context.Context, tx *db.Tx, actor authz.Actor, r Request, act, reason, before string) error {
	if err := insertChange(ctx, tx, actor, r.ID, act, reason, before); err != nil {
		return err
	}
	return audit.Record(ctx, tx, actor, audit.Entry{Action: "request." + act, Permission: PermRegister, SubjectKind: "request", SubjectID: r.ID, OrgID: r.OwnerID,
		Detail: map[string]any{"title": r.Title, "office": r.Office, "ends_on": r.EndsOn.String()}})
}

// before is how a request stood, for its history.
func (r Request) before(parties []id.ID) (string, error) {
	b, err := json.Marshal(map[string]any{"office": r.Office, "ground": r.Ground, "ground_no": r.GroundNo, "title": r.Title, "every": r.Every,
		"first_due": r.FirstDue.String(), "ends_on": r.EndsOn.String(), "state": r.State, "organisations": len(parties)})
	return string(b), err
}

// change finds a request that the actor keeps, lets do change it, saves it and brings its occurrences in line.
func (s *Service) change(ctx context.Context, actor authz.Actor, requestID id.ID, version int64, act, reason string, do func(tx *db.Tx, r *Request, parties *[]id.ID) error) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		r, err := findKept(ctx, tx, actor.Scope(PermRegister), requestID)
		if err != nil {
			return err
		}
		if version != 0 && version != r.Version {
			return errs.ErrConflict
		}
		parties, err := partyIDs(ctx, tx, actor.Tenant, r.ID)
		if err != nil {
			return err
		}
		before, err := r.before(parties)
		if err != nil {
			return err
		}
		asked := slices.Clone(parties)
		if err := do(tx, &r, &asked); err != nil {
			return err
		}
		if err := update(ctx, tx, actor.Tenant, r); err != nil {
			return err
		}
		if !slices.Equal(asked, parties) {
			if err := replaceParties(ctx, tx, actor.Tenant, r.ID, asked); err != nil {
				return err
			}
		}
		if err := syncDues(ctx, tx, actor.Tenant, r, asked); err != nil {
			return err
		}
		return s.note(ctx, tx, actor, r, act, reason, before)
	})
}

// Correction changes what a request says; nil leaves it.
type Correction struct {
	OfficeID        *id.ID
	Office          *string
	Ground          *string
	GroundNo        *string
	Title           *string
	Every           *Every
	FirstDue        *calendar.Date
	OrganisationIDs []id.ID
	Version         int64
}

// Correct corrects a request that is open or paused (PermRegister). Occurrences that are not answered follow; answers stay.
func (s *Service) Correct(ctx context.Context, actor authz.Actor, requestID id.ID, in Correction) error {
	scope := actor.Scope(PermRegister)
	return s.change(ctx, actor, requestID, in.Version, ActCorrect, "", func(tx *db.Tx, r *Request, parties *[]id.ID) error {
		if r.State != Open && r.State != Paused {
			return errs.New(errs.Conflict, i18n.RequestOver)
		}
		if in.OrganisationIDs != nil {
			list := distinct(in.OrganisationIDs)
			for _, o := range list {
				if !slices.Contains(*parties, o) {
					if err := scope.Require(o); err != nil {
						return err
					}
				}
			}
			if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, list...); err != nil {
				return err
			}
			for _, o := range *parties { // those outside the scope were asked by others and stay
				if !scope.Covers(o) && !slices.Contains(list, o) {
					list = append(list, o)
				}
			}
			*parties = distinct(list)
		}
		set(&r.Office, in.Office)
		if in.Office != nil {
			r.OfficeID = 0
		}
		if in.OfficeID != nil {
			r.OfficeID = *in.OfficeID
			if *in.OfficeID != 0 {
				name, err := officeName(ctx, tx, actor.Tenant, *in.OfficeID)
				if err != nil {
					return err
				}
				r.Office = name
			}
		}
		set(&r.Ground, in.Ground)
		set(&r.GroundNo, in.GroundNo)
		set(&r.Title, in.Title)
		set(&r.Every, in.Every)
		from, first := r.fromOn, r.FirstDue
		set(&r.FirstDue, in.FirstDue)
		if err := r.check(calendar.DateOf(tx.Now()), 0, len(*parties)); err != nil {
			return err
		}
		if long := calendar.DateOf(tx.Now()).AddDays(-back); !r.FirstDue.Equal(first) && r.FirstDue.Before(long) {
			return errs.Field("first_due", i18n.RequestLongPast, back)
		}
		if !from.Equal(first) { // it was paused once
			r.fromOn = from
		}
		return nil
	})
}

func set[T any](to *T, v *T) {
	if v != nil {
		*to = *v
	}
}

func reasonOf(s string) (string, error) {
	s, e := words(nil, "reason", s, 200, true)
	return s, e.OrNil()
}

// Pause stops a request for a while, with the reason (PermRegister): what is not due yet does not fall due.
func (s *Service) Pause(ctx context.Context, actor authz.Actor, requestID id.ID, version int64, reason string) error {
	reason, err := reasonOf(reason)
	if err != nil {
		return err
	}
	return s.change(ctx, actor, requestID, version, ActPause, reason, func(_ *db.Tx, r *Request, _ *[]id.ID) error {
		if r.State != Open {
			return errs.New(errs.Conflict, i18n.RequestOver)
		}
		r.State, r.Reason = Paused, reason
		return nil
	})
}

// Resume lets a paused request go on from today (PermRegister).
func (s *Service) Resume(ctx context.Context, actor authz.Actor, requestID id.ID, version int64) error {
	return s.change(ctx, actor, requestID, version, ActResume, "", func(tx *db.Tx, r *Request, _ *[]id.ID) error {
		now := calendar.DateOf(tx.Now())
		if r.State != Paused || r.EndsOn.Before(now) {
			return errs.New(errs.Conflict, i18n.RequestNotPaused)
		}
		r.State, r.Reason = Open, ""
		if r.fromOn.Before(now) {
			r.fromOn = now
		}
		return nil
	})
}

// End ends a request for good, with the reason (PermRegister).
func (s *Service) End(ctx context.Context, actor authz.Actor, requestID id.ID, version int64, reason string) error {
	reason, err := reasonOf(reason)
	if err != nil {
		return err
	}
	return s.change(ctx, actor, requestID, version, ActEnd, reason, func(_ *db.Tx, r *Request, _ *[]id.ID) error {
		if r.State == Ended {
			return errs.New(errs.Conflict, i18n.RequestOver)
		}
		r.State, r.Reason = Ended, reason
		return nil
	})
}

// Extend gives a request another last day, with the reason (PermRegister); one that has expired goes on.
func (s *Service) Extend(ctx context.Context, actor authz.Actor, requestID id.ID, version int64, endsOn calendar.Date, reason string) error {
	reason, err := reasonOf(reason)
	if err != nil {
		return err
	}
	return s.change(ctx, actor, requestID, version, ActExtend, reason, func(tx *db.Tx, r *Request, _ *[]id.ID) error {
		now := calendar.DateOf(tx.Now())
		switch {
		case r.State == Ended:
			return errs.New(errs.Conflict, i18n.RequestOver)
		case endsOn.IsZero():
			return errs.Field("ends_on", i18n.ErrRequired)
		case endsOn.Before(now):
			return errs.Field("ends_on", i18n.RequestEndPast)
		case endsOn.Before(r.FirstDue):
			return errs.Field("ends_on", i18n.ErrEndBeforeStart)
		case endsOn.After(now.AddMonths(longest)):
			return errs.Field("ends_on", i18n.RequestTooLong, longest)
		}
		if r.State == Expired {
			r.State, r.fromOn = Open, now
		}
		r.EndsOn, r.OwnEnd = endsOn, false
		return nil
	})
}

// Keep is the night's work in a tenant: what has passed its last day expires, and occurrences of the coming weeks are made.
func (s *Service) Keep(ctx context.Context, tenant int64) error {
	actor := authz.System(tenant, "requests")
	for after := id.ID(0); ; {
		list, err := open(ctx, s.db, actor.Scope(PermSee), after)
		if err != nil || len(list) == 0 {
			return err
		}
		err = s.db.WithTx(ctx, func(tx *db.Tx) error {
			for _, r := range list { // open requests of a district: tens
				if r.EndsOn.Before(calendar.DateOf(tx.Now())) {
					r.State = Expired
					if err := update(ctx, tx, tenant, r); err != nil {
						return err
					}
					if err := s.note(ctx, tx, actor, r, ActExpire, "", ""); err != nil {
						return err
					}
				}
				parties, err := partyIDs(ctx, tx, tenant, r.ID)
				if err != nil {
					return err
				}
				if err := syncDues(ctx, tx, tenant, r, parties); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		after = list[len(list)-1].ID
	}
}

func searchKey(r Request) string { return gram.Key(r.Title + " " + r.Office + " " + r.GroundNo) }
