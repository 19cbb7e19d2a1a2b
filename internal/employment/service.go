package employment

import (
	"context"
	"strings"

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

// Service keeps seekers, jobs, what came of them, and certificates.
type Service struct {
	db   *db.DB
	ring *seal.Ring
}

// New makes the service.
func New(d *db.DB, ring *seal.Ring) *Service { return &Service{db: d, ring: ring} }

// Today is the day by which things are due.
func (s *Service) Today() calendar.Date { return calendar.DateOf(s.db.Now()) }

// entry is a line of the audit record.
func entry(act, kind string, subject, person, org id.ID, detail map[string]any) audit.Entry {
	return audit.Entry{Action: "employment." + act, SubjectKind: "employment_" + kind, SubjectID: subject, PersonID: person, OrgID: org, Detail: detail}
}

// Exported records that a list that names people is taken out as a file (PermManage).
func (s *Service) Exported(ctx context.Context, actor authz.Actor, list string) error {
	if !actor.Can(PermManage) {
		return errs.ErrForbidden
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		return audit.Record(ctx, tx, actor, entry("export", "seeker", 0, 0, 0, map[string]any{"list": list}))
	})
}

// notOneself refuses what somebody would do for the station or a unit about themselves.
func notOneself(actor authz.Actor, person id.ID) error {
	if actor.PersonID != 0 && actor.PersonID == person {
		return errs.New(errs.Conflict, i18n.EmployOwnAct)
	}
	return nil
}

// record notes an act on a seeker; with a purpose it is a look that the person sees.
func record(ctx context.Context, tx *db.Tx, actor authz.Actor, act string, k Seeker, purpose string, detail map[string]any) error {
	e := entry(act, "seeker", k.ID, k.PersonID, k.OrgID, detail)
	e.Purpose = purpose
	return audit.Record(ctx, tx, actor, e)
}

// Register registers a resident in scope who agreed (PermManage at the community where they live).
func (s *Service) Register(ctx context.Context, actor authz.Actor, n Entry) (id.ID, error) {
	if n.Consent == ConsentOwn {
		n.Consent = ""
	}
	if err := n.check(s.Today()); err != nil {
		return 0, err
	}
	if !actor.Can(PermManage) {
		return 0, errs.ErrForbidden
	}
	if err := notOneself(actor, n.PersonID); err != nil {
		return 0, err
	}
	return s.register(ctx, actor, n, "desk")
}

// RegisterOwn registers the actor themselves, who agreed by it.
func (s *Service) RegisterOwn(ctx context.Context, actor authz.Actor, n Entry, agreed bool) (id.ID, error) {
	if actor.PersonID == 0 {
		return 0, errs.ErrForbidden
	}
	if n.PersonID, n.Consent, n.ConsentOn = actor.PersonID, "", s.Today(); agreed {
		n.Consent = ConsentOwn
	}
	if err := n.check(s.Today()); err != nil {
		return 0, err
	}
	return s.register(ctx, actor, n, "own")
}

func (s *Service) register(ctx context.Context, actor authz.Actor, n Entry, channel string) (id.ID, error) {
	out := id.New()
	err := s.db.WithTx(ctx, func(tx *db.Tx) error { return s.registerTx(ctx, tx, actor, out, n, channel) })
	if db.IsUnique(err) {
		return 0, errs.Field("person", i18n.EmployTwice)
	}
	return out, err
}

func (s *Service) registerTx(ctx context.Context, tx *db.Tx, actor authz.Actor, out id.ID, n Entry, channel string) error {
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Person, n.PersonID); err != nil {
		return err
	}
	a := &db.Args{}
	where := "r.tenant_id = " + a.Add(actor.Tenant)
	if channel == "desk" {
		where += " AND " + actor.Scope(PermManage).Where(a, authz.Columns{Tenant: "r.tenant_id", Orgs: []string{"r.community_id"}})
	}
	org, err := db.Value[id.ID](ctx, tx, "SELECT r.community_id FROM person r WHERE "+where+" AND r.id = "+a.Add(n.PersonID)+" AND r.moved_out_on = '' AND r.died_on = '' AND r.community_id <> 0", a.Values()...)
	if err == nil && org == 0 || errs.KindOf(err) == errs.NotFound {
		return errs.Field("person", i18n.EmployNotHere)
	}
	if err != nil {
		return err
	}
	if err := s.knownPhone(ctx, tx, actor.Tenant, &n); err != nil {
		return err
	}
	working, err := db.Value[int64](ctx, tx, "SELECT count(*) FROM employment_result e WHERE e.tenant_id = $1 AND e.person_id = $2 AND e.next_on <> ''", actor.Tenant, n.PersonID)
	switch {
	case err != nil:
		return err
	case working > 0: // nobody is counted twice for the same work
		return errs.New(errs.Conflict, i18n.EmployHasWork)
	}
	if _, err := tx.Exec(ctx, `INSERT INTO employment_seeker (tenant_id, id, org_id, person_id, difficulty, kinds, skills, wage_from, hours, area, education, words, phone, consent, consent_on, state, channel, entered_on, entered_by)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,'seeking',$16,$17,$18)`, actor.Tenant, out, org, n.PersonID, n.Difficulty, codes[Kind](n.Kinds).stored(), s.ring.Seal("employment_seeker", "skills", out, n.Skills), n.WageFrom, n.Hours, n.Area, n.Education,
		s.ring.Seal("employment_seeker", "words", out, n.Words), s.ring.Seal("employment_seeker", "phone", out, n.Phone), n.Consent, n.ConsentOn, channel, s.Today(), actor.AccountID); err != nil {
		return err
	}
	return record(ctx, tx, actor, "register", Seeker{ID: out, PersonID: n.PersonID, OrgID: org}, "", map[string]any{"difficulty": n.Difficulty})
}

// knownPhone fills in the telephone of the register where none was typed.
func (s *Service) knownPhone(ctx context.Context, q db.Querier, tenant int64, n *Entry) (err error) {
	if strings.TrimSpace(n.Phone) != "" {
		return nil
	}
	sealed, err := db.Value[[]byte](ctx, q, "SELECT phone FROM person WHERE tenant_id = $1 AND id = $2", tenant, n.PersonID)
	if err == nil && len(sealed) > 0 {
		n.Phone, err = s.ring.Open("person", "phone", n.PersonID, sealed)
	}
	if err == nil && n.Phone == "" {
		err = errs.Field("phone", i18n.EmployNoPhone)
	}
	return err
}

// change finds a seeker of the actor's station, or the actor as one, who seeks still, and does something in one transaction.
func (s *Service) change(ctx context.Context, actor authz.Actor, seeker id.ID, do func(*db.Tx, Seeker) error) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		k, _, err := findSeeker(ctx, tx, actor, seeker)
		if err != nil {
			return err
		}
		if k.State != Seeking {
			return errs.New(errs.Conflict, i18n.EmployIsOver)
		}
		return do(tx, k)
	})
}

// Correct changes what a seeker wishes (PermManage, or themselves). How they agreed stays.
func (s *Service) Correct(ctx context.Context, actor authz.Actor, seeker id.ID, n Entry, version int64) error {
	return s.change(ctx, actor, seeker, func(tx *db.Tx, k Seeker) error {
		n.PersonID, n.Consent, n.ConsentOn = k.PersonID, k.Consent, k.ConsentOn
		if err := n.check(s.Today()); err != nil {
			return err
		}
		if err := s.knownPhone(ctx, tx, actor.Tenant, &n); err != nil {
			return err
		}
		if err := tx.Update(ctx, `UPDATE employment_seeker SET difficulty = $1, kinds = $2, skills = $3, wage_from = $4, hours = $5, area = $6, education = $7, words = $8, phone = $9, version = version + 1 WHERE tenant_id = $10 AND id = $11 AND version = $12`,
			n.Difficulty, codes[Kind](n.Kinds).stored(), s.ring.Seal("employment_seeker", "skills", k.ID, n.Skills), n.WageFrom, n.Hours, n.Area, n.Education, s.ring.Seal("employment_seeker", "words", k.ID, n.Words),
			s.ring.Seal("employment_seeker", "phone", k.ID, n.Phone), actor.Tenant, k.ID, version); err != nil {
			return err
		}
		return record(ctx, tx, actor, "correct", k, "", nil)
	})
}

// Withdraw ends the seeking with a reason (PermManage, or themselves). Matches that go on end with it.
func (s *Service) Withdraw(ctx context.Context, actor authz.Actor, seeker id.ID, why Ending, version int64) error {
	if why.Text().IsZero() || why == EndGone {
		return errs.Field("ending", i18n.EmployWhyEnd)
	}
	return s.change(ctx, actor, seeker, func(tx *db.Tx, k Seeker) error {
		if err := tx.Update(ctx, `UPDATE employment_seeker SET state = 'withdrawn', ended_on = $1, ending = $2, version = version + 1 WHERE tenant_id = $3 AND id = $4 AND version = $5`, s.Today(), why, actor.Tenant, k.ID, version); err != nil {
			return err
		}
		if err := endMatches(ctx, tx, actor.Tenant, s.Today(), "seeker_id", []id.ID{k.ID}, 0); err != nil {
			return err
		}
		return record(ctx, tx, actor, "withdraw", k, "", map[string]any{"reason": why})
	})
}

// endMatches ends the matches of seekers or jobs (by a column of employment_match) that go on, but one.
func endMatches(ctx context.Context, tx *db.Tx, tenant int64, on calendar.Date, column string, of []id.ID, but id.ID) error {
	a := &db.Args{}
	_, err := tx.Exec(ctx, "UPDATE employment_match SET state = 'over', decided_on = "+a.Add(on)+", version = version + 1 WHERE tenant_id = "+a.Add(tenant)+" AND state IN ('proposed', 'accepted', 'interview') AND id <> "+a.Add(but)+" AND "+
		db.In(a, column, of), a.Values()...)
	return err
}

// Again lets somebody who left the work they found, or withdrew, seek again with what they wished before (PermManage). They agree anew; who does it themselves registers (RegisterOwn).
func (s *Service) Again(ctx context.Context, actor authz.Actor, seeker id.ID, consent Consent, on calendar.Date) (id.ID, error) {
	if consent == ConsentOwn {
		consent = ""
	}
	out := id.New()
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		k, own, err := findSeeker(ctx, tx, actor, seeker)
		if err != nil {
			return err
		}
		if own {
			return errs.ErrForbidden
		}
		if err := notOneself(actor, k.PersonID); err != nil {
			return err
		}
		if k.State == Seeking || k.PersonID == 0 || !k.forgottenOn.IsZero() {
			return errs.New(errs.Conflict, i18n.EmployNotAgain)
		}
		if err := s.open(&k); err != nil {
			return err
		}
		n := Entry{PersonID: k.PersonID, Difficulty: k.Difficulty, Kinds: k.Kinds, Skills: k.Skills, WageFrom: k.WageFrom, Hours: k.Hours, Area: k.Area, Education: k.Education, Words: k.Words, Phone: k.Phone,
			Consent: consent, ConsentOn: on}
		if err := n.check(s.Today()); err != nil {
			return err
		}
		return s.registerTx(ctx, tx, actor, out, n, "desk")
	})
	if db.IsUnique(err) {
		return 0, errs.New(errs.Conflict, i18n.EmployTwice)
	}
	return out, err
}

// File is all that belongs to a seeker.
type File struct {
	Seeker
	Suggestions  []Suggestion
	Matches      []Match
	Result       *Result // of this spell
	Certificates []Certificate
}

// Get gives a seeker with all that belongs to them (PermManage): a look at the person's data.
func (s *Service) Get(ctx context.Context, actor authz.Actor, seeker id.ID) (f File, err error) {
	err = s.db.WithTx(ctx, func(tx *db.Tx) error {
		k, own, err := findSeeker(ctx, tx, actor, seeker)
		if err != nil {
			return err
		}
		if own {
			return errs.ErrNotFound // their own page is another
		}
		if f, err = s.file(ctx, tx, actor, k); err != nil {
			return err
		}
		return record(ctx, tx, actor, "read", k, Purpose, nil)
	})
	return f, err
}

// Mine gives the actor's own last registration with all that belongs to it; ok is false where there is none.
func (s *Service) Mine(ctx context.Context, actor authz.Actor) (f File, ok bool, err error) {
	if actor.PersonID == 0 {
		return f, false, nil
	}
	err = s.db.View(ctx, func(tx *db.Tx) error {
		a := &db.Args{}
		k, err := db.One(ctx, tx, (*Seeker).dest, "SELECT "+seekerColumns+theirs(a, actor, "s")+" ORDER BY CASE WHEN s.state = 'seeking' THEN 0 ELSE 1 END, s.id DESC LIMIT 1", a.Values()...)
		if errs.KindOf(err) == errs.NotFound {
			return nil
		}
		if err != nil {
			return err
		}
		ok = true
		f, err = s.file(ctx, tx, actor, k)
		return err
	})
	return f, ok, err
}

func (s *Service) file(ctx context.Context, q db.Querier, actor authz.Actor, k Seeker) (f File, err error) {
	if err = s.open(&k); err != nil {
		return f, err
	}
	if f.Seeker = k; k.State == Seeking {
		if f.Suggestions, err = s.suggestions(ctx, q, actor.Tenant, &k); err != nil {
			return f, err
		}
	}
	if f.Matches, err = s.matchesOf(ctx, q, actor.Tenant, k.ID, !actor.Scope(PermManage).Covers(k.OrgID)); err != nil {
		return f, err
	}
	r, err := db.One(ctx, q, (*Result).dest, "SELECT "+resultColumns+"e.tenant_id = $1 AND e.seeker_id = $2 AND e.voided_on = ''", actor.Tenant, k.ID)
	switch {
	case err == nil:
		if err = s.openResult(&r); err != nil {
			return f, err
		}
		f.Result = &r
	case errs.KindOf(err) != errs.NotFound:
		return f, err
	}
	a := &db.Args{}
	whose, who := "c.person_id = ", k.PersonID // those of earlier spells hold on
	if who == 0 {
		whose, who = "c.seeker_id = ", k.ID
	}
	f.Certificates, err = db.All(ctx, q, (*Certificate).dest, "SELECT "+certificateColumns+"c.tenant_id = "+a.Add(actor.Tenant)+" AND "+whose+a.Add(who)+" ORDER BY c.id DESC LIMIT 50", a.Values()...)
	return f, err
}

// Filter narrows the list of seekers.
type Filter struct {
	State      State
	Difficulty Difficulty
	Kind       Kind
	OrgID      id.ID
	Text       string // part of the name
	Page       db.Page
}

// List lists seekers of stations in scope, the newest first (PermManage). Each is recorded as a look, for it names the person and why they find it hard.
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter) (out db.List[Seeker], err error) {
	if !actor.Can(PermManage) {
		return out, errs.ErrForbidden
	}
	a := &db.Args{}
	where := actor.Scope(PermManage).Where(a, ofSeeker)
	if f.State != "" {
		where += " AND s.state = " + a.Add(f.State)
	}
	if f.Difficulty != "" {
		where += " AND s.difficulty = " + a.Add(f.Difficulty)
	}
	if !f.Kind.Text().IsZero() {
		where += " AND s.kinds LIKE " + a.Add("% "+string(f.Kind)+" %")
	}
	if f.OrgID != 0 {
		where += " AND s.org_id = " + a.Add(f.OrgID)
	}
	if gram.Key(f.Text) != "" {
		where += " AND r.name_key LIKE " + a.Add(gram.Query(f.Text).Like()) + " ESCAPE '!'"
	}
	keys, tail := a.Keyset(f.Page, db.Order{IDColumn: "s.id", Desc: true})
	rows, err := db.All(ctx, s.db, (*Seeker).dest, "SELECT "+seekerColumns+where+keys+tail, a.Values()...)
	if err != nil {
		return out, err
	}
	out = db.Cut(rows, f.Page, func(k Seeker) db.Cursor { return db.Cursor{ID: k.ID} })
	return out, looked(ctx, s.db, actor, "list", "seeker", out.Items, func(k Seeker) (subject, person, org id.ID) { return k.ID, k.PersonID, k.OrgID })
}

// looked records a look at each of a list that names somebody.
func looked[T any](ctx context.Context, d *db.DB, actor authz.Actor, act, kind string, list []T, of func(T) (subject, person, org id.ID)) error {
	var out []audit.Entry
	for _, x := range list {
		subject, person, org := of(x)
		if person == 0 {
			continue
		}
		e := entry(act, kind, subject, person, org, nil)
		e.Purpose = Purpose
		out = append(out, e)
	}
	if len(out) == 0 {
		return nil
	}
	return d.WithTx(ctx, func(tx *db.Tx) error { return audit.RecordMany(ctx, tx, actor, out) })
}

// Count is what there is at a community, without anybody in it.
type Count struct {
	OrgID                             id.ID
	Org                               string
	Seeking, Jobs, Found              int64
	Asked3, Stayed3, Asked6, Stayed6  int64 // of those of the year
	Issued, ValidNow, UsedUp, UsedNow int64 // certificates of the year, those that hold, those that are up, uses of the year
}

// Counts counts by community, of organisations in scope (PermSee, PermManage): who seeks, jobs, who found work this year and stayed, certificates.
func (s *Service) Counts(ctx context.Context, actor authz.Actor) ([]Count, error) {
	scope := actor.Scope(PermSee).Or(actor.Scope(PermManage))
	if scope.Empty() {
		return nil, errs.ErrForbidden
	}
	today := s.Today()
	a := &db.Args{}
	year, day := a.Add(calendar.On(today.Year(), 1, 1)), a.Add(today)
	found := "(SELECT count(*) FROM employment_result e WHERE e.tenant_id = o.tenant_id AND e.org_id = o.id AND e.voided_on = '' AND e.from_on >= " + year + " AND e.from_on <= " + day
	cert := "(SELECT count(*) FROM employment_certificate c WHERE c.tenant_id = o.tenant_id AND c.org_id = o.id AND "
	list, err := db.All(ctx, s.db, func(c *Count) []any {
		return []any{&c.OrgID, &c.Org, &c.Seeking, &c.Jobs, &c.Found, &c.Asked3, &c.Stayed3, &c.Asked6, &c.Stayed6, &c.Issued, &c.ValidNow, &c.UsedUp, &c.UsedNow}
	}, "SELECT o.id, "+reference.Label("o")+", (SELECT count(*) FROM employment_seeker s WHERE s.tenant_id = o.tenant_id AND s.org_id = o.id AND s.state = 'seeking'), (SELECT count(*) FROM employment_job j WHERE j.tenant_id = o.tenant_id AND j.community_id = o.id AND "+
		offered(a, today)+"), "+found+"), "+found+" AND e.after3 <> ''), "+found+" AND e.after3 = 'there'), "+found+" AND e.after6 <> ''), "+found+" AND e.after6 = 'there'), "+
		cert+"c.issued_on >= "+year+"), "+cert+certified(a, Valid, today)+"), "+cert+certified(a, Used, today)+"), (SELECT count(*) FROM employment_use y WHERE y.tenant_id = o.tenant_id AND y.org_id = o.id AND y.used_on >= "+year+
		") FROM organisation o WHERE "+scope.Where(a, authz.Columns{Tenant: "o.tenant_id", Orgs: []string{"o.id"}})+" AND o.kind = 'community_party' AND o.dissolved_on = '' ORDER BY o.path LIMIT 5000", a.Values()...)
	if err != nil {
		return nil, err
	}
	var out []Count
	for _, c := range list {
		if c.Seeking+c.Jobs+c.Found+c.Issued+c.ValidNow+c.UsedUp+c.UsedNow > 0 {
			out = append(out, c)
		}
	}
	return out, nil
}
