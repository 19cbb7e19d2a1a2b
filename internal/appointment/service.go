package appointment

import (
	"context"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/waiting"
)

// People says whether the actor may see a person, as a resident or as a member: only such a one can be put into a post.
type People interface {
	Seen(ctx context.Context, actor authz.Actor, person id.ID) (bool, error)
}

// Service offers the use cases on appointments.
type Service struct {
	db     *db.DB
	people People
}

// New makes the service.
func New(d *db.DB, people People) *Service { return &Service{d, people} }

// Appoint puts a person whom the actor sees into a post of an organisation in scope (PermKeep). A sole post that somebody holds is Invalid under
// "post", the same person in the same post under "person_id".
func (s *Service) Appoint(ctx context.Context, actor authz.Actor, n NewAppointment) (id.ID, error) {
	if n.PersonID == 0 {
		return 0, errs.Field("person_id", i18n.ErrRequired)
	}
	switch seen, err := s.people.Seen(ctx, actor, n.PersonID); {
	case err != nil:
		return 0, err
	case !seen:
		return 0, errs.Field("person_id", i18n.PostNobody)
	}
	var out id.ID
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		o, err := s.open(ctx, tx, actor, n.OrganisationID)
		if err != nil {
			return err
		}
		a := Appointment{ID: id.New(), OrganisationID: o.ID, PersonID: n.PersonID, Terms: n.Terms}
		if err := a.Terms.check(o, calendar.DateOf(tx.Now())); err != nil {
			return err
		}
		if err := free(ctx, tx, actor.Tenant, a); err != nil {
			return err
		}
		if err := insert(ctx, tx, actor, a); err != nil {
			return err
		}
		out = a.ID
		return record(ctx, tx, actor, "appointment.appoint", a, nil)
	})
	return out, err
}

// open reads an organisation in scope that goes on.
func (s *Service) open(ctx context.Context, tx *db.Tx, actor authz.Actor, organisation id.ID) (org, error) {
	if organisation == 0 {
		return org{}, errs.Field("organisation_id", i18n.ErrRequired)
	}
	if err := actor.Scope(PermKeep).Require(organisation); err != nil {
		return org{}, err
	}
	o, err := loadOrg(ctx, tx, actor.Tenant, organisation)
	if err == nil && !o.DissolvedOn.IsZero() {
		err = errs.New(errs.Conflict, i18n.OrgDissolved, o.Name, o.DissolvedOn.String())
	}
	return o, err
}

// free says who stands in the way.
func free(ctx context.Context, q db.Querier, tenant int64, a Appointment) error {
	name, from, err := overlap(ctx, q, tenant, a)
	switch {
	case err != nil:
		return err
	case from.IsZero():
		return nil
	case a.Post.Sole():
		return errs.Field("post", i18n.PostTaken, a.Post.Text(), name, from.String())
	}
	return errs.Field("person_id", i18n.PostTwice, name, a.Post.Text(), from.String())
}

func record(ctx context.Context, tx *db.Tx, actor authz.Actor, action string, a Appointment, detail map[string]any) error {
	d := map[string]any{"post": a.Post, "from": a.FromOn}
	for k, v := range detail {
		d[k] = v
	}
	return audit.Record(ctx, tx, actor, audit.Entry{Action: action, Permission: PermKeep, SubjectKind: "appointment", SubjectID: a.ID, OrgID: a.OrganisationID,
		PersonID: a.PersonID, Detail: d})
}

// change runs fn on an appointment in scope (PermKeep), saves it and records it.
func (s *Service) change(ctx context.Context, actor authz.Actor, action string, appointment id.ID, version int64, fn func(tx *db.Tx, a *Appointment) (map[string]any, error)) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		a, err := find(ctx, tx, actor.Scope(PermKeep), appointment)
		if err != nil {
			return err
		}
		a.Version = version
		detail, err := fn(tx, &a)
		if err != nil {
			return err
		}
		if err := save(ctx, tx, actor.Tenant, a); err != nil {
			return err
		}
		return record(ctx, tx, actor, action, a, detail)
	})
}

// Correct changes what was entered wrongly, also of an appointment that ended (PermKeep). A version that is no longer current is a Conflict.
func (s *Service) Correct(ctx context.Context, actor authz.Actor, appointment id.ID, t Terms, version int64) error {
	return s.change(ctx, actor, "appointment.correct", appointment, version, func(tx *db.Tx, a *Appointment) (map[string]any, error) {
		o, err := loadOrg(ctx, tx, actor.Tenant, a.OrganisationID)
		if err != nil {
			return nil, err
		}
		was := map[string]any{"was": a.Terms}
		a.Terms = t
		if err := a.Terms.check(o, calendar.DateOf(tx.Now())); err != nil {
			return nil, err
		}
		if !a.EndedOn.IsZero() && !a.FromOn.Before(a.EndedOn) {
			return nil, errs.Field("from_on", i18n.PostEndsFirst, a.EndedOn.String())
		}
		return was, free(ctx, tx, actor.Tenant, *a)
	})
}

// End ends an appointment with a reason (PermKeep).
func (s *Service) End(ctx context.Context, actor authz.Actor, appointment id.ID, x Ending) error {
	return s.change(ctx, actor, "appointment.end", appointment, x.Version, func(tx *db.Tx, a *Appointment) (map[string]any, error) {
		if err := x.check(*a, calendar.DateOf(tx.Now())); err != nil {
			return nil, err
		}
		a.EndedOn, a.EndReason, a.EndDocument = x.On, x.Reason, x.Document
		return map[string]any{"on": x.On, "reason": x.Reason}, nil
	})
}

// Resume takes an ending back that was entered by mistake (PermKeep).
func (s *Service) Resume(ctx context.Context, actor authz.Actor, appointment id.ID, version int64) error {
	return s.change(ctx, actor, "appointment.resume", appointment, version, func(tx *db.Tx, a *Appointment) (map[string]any, error) {
		if a.EndedOn.IsZero() {
			return nil, errs.New(errs.Conflict, i18n.PostStillHeld)
		}
		if _, err := s.open(ctx, tx, actor, a.OrganisationID); err != nil {
			return nil, err
		}
		was := map[string]any{"on": a.EndedOn, "reason": a.EndReason}
		a.EndedOn, a.EndReason, a.EndDocument = calendar.Date{}, "", ""
		return was, free(ctx, tx, actor.Tenant, *a)
	})
}

// Strike removes an appointment that was entered by mistake, with the reason (PermKeep); the record of acts keeps it.
func (s *Service) Strike(ctx context.Context, actor authz.Actor, appointment id.ID, reason string) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		a, err := find(ctx, tx, actor.Scope(PermKeep), appointment)
		if err != nil {
			return err
		}
		var e *errs.Error
		if reason = clean(reason); reason == "" {
			e = e.With("reason", i18n.ErrRequired)
		}
		if err := limit(e, "reason", reason, maxReason).OrNil(); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM appointment WHERE tenant_id = $1 AND id = $2`, actor.Tenant, a.ID); err != nil {
			return err
		}
		return record(ctx, tx, actor, "appointment.strike", a, map[string]any{"reason": reason, "was": a.Terms})
	})
}

func (s *Service) today() calendar.Date { return calendar.DateOf(s.db.Now()) }

func (s *Service) on(f Filter) Filter {
	if f.On.IsZero() {
		f.On = s.today()
	}
	return f
}

// List gives one page of appointments of organisations in scope (PermSee): by organisation, there by post.
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter) (db.List[Item], error) {
	return list(ctx, s.db, actor.Scope(PermSee), s.on(f))
}

// Export calls fn for every appointment that List would show over all its pages.
func (s *Service) Export(ctx context.Context, actor authz.Actor, f Filter, fn func(Item) error) error {
	a := &db.Args{}
	where := s.on(f).where(a, actor.Scope(PermSee))
	return db.Each(ctx, s.db, (*Item).dest, fn, "SELECT "+itemColumns+where+" ORDER BY "+ordered+", t.id", a.Values()...)
}

// Structure gives what the holders that List shows are like together (PermSee).
func (s *Service) Structure(ctx context.Context, actor authz.Actor, f Filter) (Structure, error) {
	return structure(ctx, s.db, actor.Scope(PermSee), s.on(f))
}

// Get opens one appointment in scope (PermSee).
func (s *Service) Get(ctx context.Context, actor authz.Actor, appointment id.ID) (Item, error) {
	a := &db.Args{}
	return db.One(ctx, s.db, (*Item).dest, "SELECT "+itemColumns+actor.Scope(PermSee).Where(a, owners)+" AND t.id = "+a.Add(appointment), a.Values()...)
}

// Roster is who holds the posts of an organisation on a day, who held them, and what the rules advise today.
type Roster struct {
	On       calendar.Date
	Held     []Item
	Former   []Item // the last fifty
	State    State
	Concerns []Concern
}

// Roster gives the roster of an organisation in scope (PermSee).
func (s *Service) Roster(ctx context.Context, actor authz.Actor, organisation id.ID, on calendar.Date) (Roster, error) {
	today := s.today()
	if on.IsZero() {
		on = today
	}
	r := Roster{On: on}
	err := s.db.View(ctx, func(tx *db.Tx) error {
		if err := actor.Scope(PermSee).Require(organisation); err != nil {
			return err
		}
		o, err := loadOrg(ctx, tx, actor.Tenant, organisation)
		if err != nil {
			return err
		}
		if r.Held, err = roster(ctx, tx, actor.Tenant, organisation, on, false); err != nil {
			return err
		}
		if r.Former, err = roster(ctx, tx, actor.Tenant, organisation, on, true); err != nil || !o.DissolvedOn.IsZero() {
			return err
		}
		r.State, err = stateOf(ctx, tx, actor.Scope(PermSee), organisation, today)
		r.Concerns = r.State.Concerns(today)
		return err
	})
	return r, err
}

// Concerned gives one page of the organisations in scope (PermSee) that a rule is about, by name.
func (s *Service) Concerned(ctx context.Context, actor authz.Actor, f Concerned) (db.List[State], error) {
	return concerned(ctx, s.db, actor.Scope(PermSee), f, s.today())
}

// ExportConcerned calls fn for every organisation that Concerned would show over all its pages.
func (s *Service) ExportConcerned(ctx context.Context, actor authz.Actor, f Concerned, fn func(State) error) error {
	a := &db.Args{}
	from := stateSQL(a, actor.Scope(PermSee), f, true, s.today())
	return db.Each(ctx, s.db, (*State).dest, fn, stateSelect+from+" ORDER BY o.name_key, o.id", a.Values()...)
}

// Today is the day on which concerns are judged.
func (s *Service) Today() calendar.Date { return s.today() }

// The kinds of what waits for who keeps posts.
const (
	WaitVacant = "appointment.vacant"
	WaitTerm   = "appointment.term"
)

// Waiting gives the posts that nobody holds and the terms near their end to who keeps them (PARTY-15, PARTY-16).
func (s *Service) Waiting(ctx context.Context, actor authz.Actor) ([]waiting.Item, error) {
	scope := actor.Scope(PermKeep)
	if scope.Empty() {
		return nil, nil
	}
	var out []waiting.Item
	for _, w := range []struct {
		kind  string
		about Concern
	}{{WaitVacant, Vacant}, {WaitTerm, TermOver}} {
		a := &db.Args{}
		item, err := db.One(ctx, s.db, func(i *waiting.Item) []any { return []any{&i.Count, &i.Subject, &i.DueOn} },
			"SELECT count(*), coalesce(min(o.id), 0), coalesce(min(h.term), '') "+postsSQL(a, scope, Concerned{About: w.about}, true, s.today(), ""), a.Values()...)
		if err != nil {
			return nil, err
		}
		if item.Kind = w.kind; w.about == Vacant {
			item.DueOn = ""
		}
		if item.Count > 0 {
			out = append(out, item)
		}
	}
	return out, nil
}

// Follow ends all posts of an organisation that another took in.
func (s *Service) Follow(ctx context.Context, tx *db.Tx, actor authz.Actor, from, to id.ID) error {
	into, err := loadOrg(ctx, tx, actor.Tenant, to)
	if err != nil {
		return err
	}
	ended, err := db.All(ctx, tx, (*Appointment).dest, "SELECT "+columns+" FROM appointment t WHERE t.tenant_id = $1 AND t.organisation_id = $2 AND t.ended_on = ''", actor.Tenant, from)
	if err != nil || len(ended) == 0 {
		return err
	}
	day := calendar.DateOf(tx.Now())
	reason := i18n.PostMerged.In(i18n.ZH, into.Name)
	if _, err := tx.Exec(ctx, `UPDATE appointment SET ended_on = CASE WHEN from_on < $1 THEN $1 ELSE $2 END, end_reason = $3, updated_at = $4, version = version + 1
		WHERE tenant_id = $5 AND organisation_id = $6 AND ended_on = ''`, day, day.AddDays(1), reason, db.Micros(tx.Now()), actor.Tenant, from); err != nil {
		return err
	}
	entries := make([]audit.Entry, len(ended))
	for i, a := range ended {
		entries[i] = audit.Entry{Action: "appointment.end", Permission: PermKeep, SubjectKind: "appointment", SubjectID: a.ID, OrgID: from, PersonID: a.PersonID,
			Detail: map[string]any{"post": a.Post, "on": day, "reason": reason}}
	}
	return audit.RecordMany(ctx, tx, actor, entries)
}
