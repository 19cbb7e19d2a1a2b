package pairing

import (
	"context"

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

// Accounts gives what an account may do.
type Accounts interface {
	ActorFor(ctx context.Context, tenant int64, account id.ID) (authz.Actor, error)
}

// Needs are the three lists, on which what a household lacks is asked for.
type Needs interface {
	// LackTx asks for something. Who it is stays hidden as of every need; it checks no permission.
	LackTx(ctx context.Context, tx *db.Tx, actor authz.Actor, l Lack) (id.ID, error)
}

// Lack is what a household lacks, as its helper found on a visit.
type Lack struct {
	OrgID    id.ID // the community
	PersonID id.ID
	Name     string
	Deed     Deed // what was done on the visit
	Words    string
}

// Service keeps households, their helpers and visits.
type Service struct {
	db       *db.DB
	ring     *seal.Ring
	accounts Accounts
	needs    Needs // nil where nothing is asked for
}

// WithNeeds connects the three lists. The composition root calls it once.
func (s *Service) WithNeeds(n Needs) *Service {
	s.needs = n
	return s
}

// New makes the service.
func New(d *db.DB, ring *seal.Ring, accounts Accounts) *Service {
	return &Service{db: d, ring: ring, accounts: accounts}
}

// Today is the day by which visits are past.
func (s *Service) Today() calendar.Date { return calendar.DateOf(s.db.Now()) }

// record notes an act on a household; with a purpose it is a look that the person sees.
func record(ctx context.Context, tx *db.Tx, actor authz.Actor, act string, perm authz.Permission, h Household, purpose string, detail map[string]any) error {
	return audit.Record(ctx, tx, actor, audit.Entry{Action: "pairing." + act, Permission: perm, SubjectKind: "pairing_household", SubjectID: h.ID, PersonID: h.PersonID, OrgID: h.OrgID, Purpose: purpose, Detail: detail})
}

// Enter enters a household of a resident in scope (PermManage at the community where they live).
func (s *Service) Enter(ctx context.Context, actor authz.Actor, n Entry) (id.ID, error) {
	if err := n.check(s.Today()); err != nil {
		return 0, err
	}
	if !actor.Can(PermManage) {
		return 0, errs.ErrForbidden
	}
	out := id.New()
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		if err := reference.Require(ctx, tx, actor.Tenant, reference.Person, n.PersonID); err != nil {
			return err
		}
		a := &db.Args{}
		org, err := db.Value[id.ID](ctx, tx, "SELECT r.community_id FROM person r WHERE "+actor.Scope(PermManage).Where(a, authz.Columns{Tenant: "r.tenant_id", Orgs: []string{"r.community_id"}})+
			" AND r.id = "+a.Add(n.PersonID)+" AND r.moved_out_on = '' AND r.died_on = '' AND r.community_id <> 0", a.Values()...)
		if err == nil && org == 0 || errs.KindOf(err) == errs.NotFound {
			return errs.Field("person", i18n.PairNotHere)
		}
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO pairing_household (tenant_id, id, org_id, person_id, difficulty, situation, consent, consent_on, state, entered_on, entered_by) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,'waiting',$9,$10)`,
			actor.Tenant, out, org, n.PersonID, n.Difficulty, s.ring.Seal("pairing_household", "situation", out, n.Situation), n.Consent, n.ConsentOn, s.Today(), actor.AccountID); err != nil {
			return err
		}
		return record(ctx, tx, actor, "enter", PermManage, Household{ID: out, PersonID: n.PersonID, OrgID: org}, "", map[string]any{"difficulty": n.Difficulty})
	})
	if db.IsUnique(err) {
		return 0, s.twice(ctx, actor, n.PersonID)
	}
	return out, err
}

// twice says where the household stands already, to who manages it there; others learn only that it does.
func (s *Service) twice(ctx context.Context, actor authz.Actor, person id.ID) error {
	a := &db.Args{}
	h, err := db.One(ctx, s.db, (*Household).dest, "SELECT "+householdColumns+actor.Scope(PermManage).Where(a, ofHousehold)+" AND h.person_id = "+a.Add(person)+" AND h.ended_on = ''", a.Values()...)
	switch {
	case errs.KindOf(err) == errs.NotFound:
		return errs.Field("person", i18n.PairTwice)
	case err != nil:
		return err
	}
	return errs.Field("person", i18n.PairTwiceHere, h.Org, h.EnteredOn.String(), h.State.Text())
}

// change finds a household in scope that has not ended and does something to it in one transaction (PermManage).
func (s *Service) change(ctx context.Context, actor authz.Actor, household id.ID, do func(*db.Tx, Household) error) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		h, err := managed(ctx, tx, actor, household)
		if err != nil {
			return err
		}
		if h.State == Ended {
			return errs.New(errs.Conflict, i18n.PairIsOver)
		}
		return do(tx, h)
	})
}

// Correct changes the difficulty and the situation, and notes how the household agreed (PermManage).
func (s *Service) Correct(ctx context.Context, actor authz.Actor, household id.ID, n Entry, version int64) error {
	return s.change(ctx, actor, household, func(tx *db.Tx, h Household) error {
		n.PersonID = h.PersonID
		if err := n.check(s.Today()); err != nil {
			return err
		}
		if n.Consent == "" && h.State == Paired { // consent goes only with the pairs
			return errs.Field("consent", i18n.PairNoConsent)
		}
		if err := tx.Update(ctx, `UPDATE pairing_household SET difficulty = $1, situation = $2, consent = $3, consent_on = $4, version = version + 1 WHERE tenant_id = $5 AND id = $6 AND version = $7`,
			n.Difficulty, s.ring.Seal("pairing_household", "situation", h.ID, n.Situation), n.Consent, n.ConsentOn, actor.Tenant, h.ID, version); err != nil {
			return err
		}
		return record(ctx, tx, actor, "correct", PermManage, h, "", nil)
	})
}

// Pair gives a household a helper from a day on (PermManage). Without the household's consent it says no, and where the helper is nobody of this part.
func (s *Service) Pair(ctx context.Context, actor authz.Actor, household id.ID, who Helper, from calendar.Date) (id.ID, error) {
	switch {
	case !who.one():
		return 0, errs.Field("member", i18n.PairOneHelper)
	case from.IsZero():
		return 0, errs.Field("from_on", i18n.ErrRequired)
	case from.After(s.Today()):
		return 0, errs.Field("from_on", i18n.PairFuture)
	}
	var helper authz.Actor
	if who.AccountID != 0 { // asked before the transaction
		var err error
		if helper, err = s.accounts.ActorFor(ctx, actor.Tenant, who.AccountID); errs.KindOf(err) == errs.NotFound || errs.KindOf(err) == errs.Forbidden {
			return 0, errs.Field("account", i18n.PairFarHelper)
		} else if err != nil {
			return 0, err
		}
	}
	out := id.New()
	err := s.change(ctx, actor, household, func(tx *db.Tx, h Household) error {
		if h.Consent == "" {
			return errs.New(errs.Conflict, i18n.PairNoConsent)
		}
		person, err := s.helps(ctx, tx, actor, h, who, helper)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO pairing_pair (tenant_id, id, household_id, org_id, member_id, person_id, account_id, unit_id, from_on) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)`,
			actor.Tenant, out, h.ID, h.OrgID, who.MemberID, person, who.AccountID, who.UnitID, from); err != nil {
			return err
		}
		since := h.SinceOn
		if from.After(since) {
			since = from
		}
		if err := tx.Update(ctx, `UPDATE pairing_household SET state = 'paired', since_on = $1, version = version + 1 WHERE tenant_id = $2 AND id = $3 AND version = $4`, since, actor.Tenant, h.ID, h.Version); err != nil {
			return err
		}
		return record(ctx, tx, actor, "pair", PermManage, h, "", map[string]any{"pair": out.String()})
	})
	if db.IsUnique(err) {
		err = errs.Field("member", i18n.PairHelpsHere)
	}
	return out, err
}

// helps says no where somebody cannot be the helper of a household, and gives the person behind a member.
func (s *Service) helps(ctx context.Context, tx *db.Tx, actor authz.Actor, h Household, who Helper, helper authz.Actor) (person id.ID, err error) {
	switch {
	case who.MemberID != 0:
		if err := reference.Require(ctx, tx, actor.Tenant, reference.Member, who.MemberID); err != nil {
			return 0, err
		}
		a := &db.Args{}
		person, err = db.Value[id.ID](ctx, tx, "SELECT m.person_id FROM member m WHERE "+actor.Scope(PermManage).Where(a, ofMember)+" AND m.id = "+a.Add(who.MemberID)+" AND m.ended_on = ''", a.Values()...)
		switch {
		case errs.KindOf(err) == errs.NotFound || err == nil && person == 0:
			return 0, errs.Field("member", i18n.PairFarHelper)
		case err == nil && person == h.PersonID:
			return 0, errs.Field("member", i18n.PairSelf)
		}
		return person, err
	case who.AccountID != 0:
		if err := reference.Require(ctx, tx, actor.Tenant, reference.Account, who.AccountID); err != nil {
			return 0, err
		}
		if !helper.Scope(PermHelp).Covers(h.OrgID) {
			return 0, errs.Field("account", i18n.PairFarHelper)
		}
		if helper.PersonID != 0 && helper.PersonID == h.PersonID {
			return 0, errs.Field("account", i18n.PairSelf)
		}
		return 0, nil
	}
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, who.UnitID); err != nil {
		return 0, err
	}
	type unit struct {
		kind      string
		community id.ID
	}
	u, err := db.One(ctx, tx, func(u *unit) []any { return []any{&u.kind, &u.community} }, `SELECT o.kind, o.community_id FROM organisation o WHERE o.tenant_id = $1 AND o.id = $2 AND o.dissolved_on = ''`, actor.Tenant, who.UnitID)
	scope := actor.Scope(PermManage) // a unit stands below its own system, and in a community (ORG-4)
	if errs.KindOf(err) == errs.NotFound || err == nil && (u.kind != "unit" || !scope.Covers(who.UnitID) && (u.community == 0 || !scope.Covers(u.community))) {
		return 0, errs.Field("unit", i18n.PairFarHelper)
	}
	return 0, err
}

// Unpair ends a pair with a reason and what came of it (PermManage). Where it was the last, the household waits again.
func (s *Service) Unpair(ctx context.Context, actor authz.Actor, household, pair id.ID, why Ending, words string, version int64) error {
	e := errs.Words(nil, "words", &words, MaxNote, false)
	if why != NoHelper && why != Asked {
		e = e.With("ending", i18n.PairWhy)
	}
	if err := e.OrNil(); err != nil {
		return err
	}
	return s.change(ctx, actor, household, func(tx *db.Tx, h Household) error {
		if err := tx.Update(ctx, `UPDATE pairing_pair SET ended_on = $1, ending = $2, end_words = $3, version = version + 1 WHERE tenant_id = $4 AND id = $5 AND household_id = $6 AND ended_on = '' AND version = $7`,
			s.Today(), why, s.ring.Seal("pairing_pair", "end_words", pair, words), actor.Tenant, pair, h.ID, version); err != nil {
			return err
		}
		if err := tx.Update(ctx, `UPDATE pairing_household SET state = CASE WHEN EXISTS (SELECT 1 FROM pairing_pair p WHERE p.tenant_id = pairing_household.tenant_id AND p.household_id = pairing_household.id AND p.ended_on = '')
			THEN 'paired' ELSE 'waiting' END, version = version + 1 WHERE tenant_id = $1 AND id = $2 AND version = $3`, actor.Tenant, h.ID, h.Version); err != nil {
			return err
		}
		return record(ctx, tx, actor, "unpair", PermManage, h, "", map[string]any{"pair": pair.String(), "reason": why})
	})
}

// End ends a household with a reason and what came of it, and all its pairs (PermManage).
func (s *Service) End(ctx context.Context, actor authz.Actor, household id.ID, why Ending, words string, version int64) error {
	e := errs.Words(nil, "words", &words, MaxNote, false)
	if why.Text().IsZero() || why == NoHelper {
		e = e.With("ending", i18n.PairWhy)
	}
	if err := e.OrNil(); err != nil {
		return err
	}
	return s.change(ctx, actor, household, func(tx *db.Tx, h Household) error {
		if err := tx.Update(ctx, `UPDATE pairing_household SET state = 'ended', ended_on = $1, ending = $2, end_words = $3, version = version + 1 WHERE tenant_id = $4 AND id = $5 AND version = $6`,
			s.Today(), why, s.ring.Seal("pairing_household", "end_words", h.ID, words), actor.Tenant, h.ID, version); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE pairing_pair SET ended_on = $1, ending = $2, version = version + 1 WHERE tenant_id = $3 AND household_id = $4 AND ended_on = ''`, s.Today(), why, actor.Tenant, h.ID); err != nil {
			return err
		}
		return record(ctx, tx, actor, "end", PermManage, h, "", map[string]any{"reason": why})
	})
}

// works finds a household that the actor manages or helps, that has not ended, and does something to it.
func (s *Service) works(ctx context.Context, actor authz.Actor, household id.ID, do func(*db.Tx, Household) error) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		h, err := readable(ctx, tx, actor, household)
		if err != nil {
			return err
		}
		if h.State == Ended {
			return errs.New(errs.Conflict, i18n.PairIsOver)
		}
		return do(tx, h)
	})
}

// Plan adds one thing that is to be done, and by when (who manages or helps the household).
func (s *Service) Plan(ctx context.Context, actor authz.Actor, household id.ID, what string, by calendar.Date) error {
	if err := errs.Words(nil, "what", &what, MaxWhat, true).OrNil(); err != nil {
		return err
	}
	return s.works(ctx, actor, household, func(tx *db.Tx, h Household) error {
		item := id.New()
		if _, err := tx.Exec(ctx, `INSERT INTO pairing_item (tenant_id, id, household_id, what, by_on) VALUES ($1,$2,$3,$4,$5)`, actor.Tenant, item, h.ID, s.ring.Seal("pairing_item", "what", item, what), by); err != nil {
			return err
		}
		return record(ctx, tx, actor, "plan", "", h, "", nil)
	})
}

// Tick says that a thing of the plan is done (who manages or helps the household).
func (s *Service) Tick(ctx context.Context, actor authz.Actor, household, item id.ID, version int64) error {
	return s.works(ctx, actor, household, func(tx *db.Tx, h Household) error {
		if err := tx.Update(ctx, `UPDATE pairing_item SET done_on = $1, version = version + 1 WHERE tenant_id = $2 AND household_id = $3 AND id = $4 AND done_on = '' AND version = $5`, s.Today(), actor.Tenant, h.ID, item, version); err != nil {
			return err
		}
		return record(ctx, tx, actor, "tick", "", h, "", nil)
	})
}

// Visit notes a visit of a helper: the helper's own (pair 0 or theirs), or for who manages that of any pair that holds.
func (s *Service) Visit(ctx context.Context, actor authz.Actor, household, pair id.ID, n NewVisit) error {
	if err := n.check(s.Today()); err != nil {
		return err
	}
	return s.works(ctx, actor, household, func(tx *db.Tx, h Household) error {
		a := &db.Args{}
		where := "p.tenant_id = " + a.Add(actor.Tenant) + " AND p.household_id = " + a.Add(h.ID) + " AND p.ended_on = ''"
		if pair != 0 {
			where += " AND p.id = " + a.Add(pair)
		}
		if pair == 0 || !actor.Scope(PermManage).Covers(h.OrgID) {
			where += " AND " + mine(a, actor)
		}
		p, err := db.One(ctx, tx, (*Pair).dest, "SELECT "+pairColumns+where+" ORDER BY p.id LIMIT 1", a.Values()...)
		switch {
		case errs.KindOf(err) == errs.NotFound:
			return errs.Field("pair", i18n.PairNoneNow)
		case err != nil:
			return err
		case n.On.Before(p.FromOn):
			return errs.Field("on", i18n.PairBefore, p.FromOn.String())
		}
		if n.Key != "" { // sent twice it is noted once
			if there, err := db.Value[int64](ctx, tx, `SELECT count(*) FROM pairing_visit v WHERE v.tenant_id = $1 AND v.key = $2`, actor.Tenant, n.Key); err != nil || there > 0 {
				return err
			}
		}
		v := id.New()
		if _, err := tx.Exec(ctx, `INSERT INTO pairing_visit (tenant_id, id, household_id, pair_id, org_id, visited_on, form, deed, note, next_on, account_id, key, created_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)`,
			actor.Tenant, v, h.ID, p.ID, h.OrgID, n.On, n.Form, n.Deed, s.ring.Seal("pairing_visit", "note", v, n.Note), n.NextOn, actor.AccountID, n.Key, db.Micros(tx.Now())); err != nil {
			return err
		}
		// A visit that is entered late does not hide a later one. The version stays: it does not take away the form that somebody has open at the desk.
		if _, err := tx.Exec(ctx, `UPDATE pairing_pair SET visited_on = $1, next_on = $2 WHERE tenant_id = $3 AND id = $4 AND visited_on <= $1`, n.On, n.NextOn, actor.Tenant, p.ID); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE pairing_household SET visited_on = $1 WHERE tenant_id = $2 AND id = $3 AND visited_on < $1`, n.On, actor.Tenant, h.ID); err != nil {
			return err
		}
		if err := record(ctx, tx, actor, "visit", "", h, "", map[string]any{"visit": v.String()}); err != nil || !n.Ask {
			return err
		}
		return s.lack(ctx, tx, actor, h, v, n.Deed, n.Lack)
	})
}

// Ask makes a need of what was found lacking on a visit, for whoever manages or helps the household. One is made of a visit. It says what words say: what was noted stays sealed.
func (s *Service) Ask(ctx context.Context, actor authz.Actor, household, visit id.ID, words string) error {
	if err := errs.Words(nil, "lack", &words, MaxLack, true).OrNil(); err != nil {
		return err
	}
	return s.works(ctx, actor, household, func(tx *db.Tx, h Household) error {
		v, err := db.One(ctx, tx, func(v *Visit) []any { return []any{&v.ID, &v.Deed} }, `SELECT v.id, v.deed FROM pairing_visit v WHERE v.tenant_id = $1 AND v.id = $2 AND v.household_id = $3`, actor.Tenant, visit, h.ID)
		if err != nil {
			return err
		}
		return s.lack(ctx, tx, actor, h, v.ID, v.Deed, words)
	})
}

// ReadsNeed says whether the actor may read of the household for which a need was made: they manage it, or help it now.
func (s *Service) ReadsNeed(ctx context.Context, q db.Querier, actor authz.Actor, need id.ID) (bool, error) {
	household, err := db.Value[id.ID](ctx, q, `SELECT v.household_id FROM pairing_visit v WHERE v.tenant_id = $1 AND v.need_id = $2 AND v.need_id <> 0`, actor.Tenant, need)
	if err == nil {
		_, err = readable(ctx, q, actor, household)
	}
	if errs.KindOf(err) == errs.NotFound {
		return false, nil
	}
	return err == nil, err
}

// lack makes the need of a visit.
func (s *Service) lack(ctx context.Context, tx *db.Tx, actor authz.Actor, h Household, visit id.ID, deed Deed, words string) error {
	if s.needs == nil {
		return errs.ErrNotFound
	}
	need, err := s.needs.LackTx(ctx, tx, actor, Lack{OrgID: h.OrgID, PersonID: h.PersonID, Name: h.Name, Deed: deed, Words: words})
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE pairing_visit SET need_id = $1 WHERE tenant_id = $2 AND id = $3 AND need_id = 0`, need, actor.Tenant, visit)
	if err == nil && n == 0 {
		err = errs.New(errs.Conflict, i18n.PairLackTwice)
	}
	if err != nil {
		return err
	}
	return record(ctx, tx, actor, "ask", "", h, "", map[string]any{"visit": visit.String(), "need": need.String()})
}

// Get gives a household with all that was said, to who manages it or helps it now. Each opening is recorded as a look at the person's data.
func (s *Service) Get(ctx context.Context, actor authz.Actor, household id.ID) (h Household, err error) {
	err = s.db.WithTx(ctx, func(tx *db.Tx) error {
		if h, err = readable(ctx, tx, actor, household); err != nil {
			return err
		}
		if err := s.parts(ctx, tx, actor.Tenant, &h); err != nil {
			return err
		}
		return record(ctx, tx, actor, "read", "", h, Purpose, nil)
	})
	return h, err
}

// Manages says whether the actor manages pairing at the community of a household.
func Manages(actor authz.Actor, h Household) bool { return actor.Scope(PermManage).Covers(h.OrgID) }

// Filter narrows the list.
type Filter struct {
	State      State
	Difficulty Difficulty
	Days       int64 // only those that nobody visited for so many days
	OrgID      id.ID
	Text       string // part of the name of the person or of a helper
	Page       db.Page
}

// List lists households of communities where the actor manages pairing, the newest first (PermManage). The situation is not among it. Each is recorded as a look, for it names the person and says why they need help.
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter) (out db.List[Household], err error) {
	if !actor.Can(PermManage) {
		return out, errs.ErrForbidden
	}
	a := &db.Args{}
	where := actor.Scope(PermManage).Where(a, ofHousehold)
	if f.State != "" {
		where += " AND h.state = " + a.Add(f.State)
	}
	if f.Difficulty != "" {
		where += " AND h.difficulty = " + a.Add(f.Difficulty)
	}
	if f.OrgID != 0 {
		where += " AND h.org_id = " + a.Add(f.OrgID)
	}
	if f.Days > 0 {
		where += " AND " + quiet(a, s.Today().AddDays(-int(min(f.Days, 3660))))
	}
	if gram.Key(f.Text) != "" {
		like := a.Add(gram.Query(f.Text).Like()) + " ESCAPE '!'"
		where += ` AND (r.name_key LIKE ` + like + ` OR EXISTS (SELECT 1 FROM pairing_pair p LEFT JOIN member m ON m.tenant_id = p.tenant_id AND m.id = p.member_id AND p.member_id <> 0
			LEFT JOIN account k ON k.tenant_id = p.tenant_id AND k.id = p.account_id AND p.account_id <> 0 LEFT JOIN organisation u ON u.tenant_id = p.tenant_id AND u.id = p.unit_id AND p.unit_id <> 0
			WHERE p.tenant_id = h.tenant_id AND p.household_id = h.id AND p.ended_on = '' AND coalesce(m.name_key, replace(lower(k.name), ' ', ''), u.name_key, '') LIKE ` + like + "))"
	}
	keys, tail := a.Keyset(f.Page, db.Order{IDColumn: "h.id", Desc: true})
	rows, err := db.All(ctx, s.db, (*Household).dest, "SELECT "+householdColumns+where+keys+tail, a.Values()...)
	if err != nil {
		return out, err
	}
	out = db.Cut(rows, f.Page, func(h Household) db.Cursor { return db.Cursor{ID: h.ID} })
	if len(out.Items) == 0 {
		return out, nil
	}
	if err := addHelpers(ctx, s.db, actor.Tenant, out.Items); err != nil {
		return out, err
	}
	return out, s.db.WithTx(ctx, func(tx *db.Tx) error {
		list := make([]audit.Entry, len(out.Items))
		for i, h := range out.Items {
			list[i] = audit.Entry{Action: "pairing.list", Permission: PermManage, SubjectKind: "pairing_household", SubjectID: h.ID, PersonID: h.PersonID, OrgID: h.OrgID, Purpose: Purpose}
		}
		return audit.RecordMany(ctx, tx, actor, list)
	})
}

// Mine is a household that the actor helps.
type Mine struct {
	Pair
	PersonID   id.ID
	Person     string
	Address    string
	Difficulty Difficulty
}

// Late says whether the household was not visited for long, or the day that was said is past.
func (m Mine) Late(today calendar.Date) bool {
	last := m.VisitedOn
	if m.FromOn.After(last) {
		last = m.FromOn
	}
	return last.Before(today.AddDays(-Quiet)) || !m.NextOn.IsZero() && m.NextOn.Before(today)
}

// Own lists the households that the actor helps now (PermOwn, PermHelp, PermUnit), in the order of pairing. Each is recorded as a look, for it names the person and says why they need help.
func (s *Service) Own(ctx context.Context, actor authz.Actor, page db.Page) (out db.List[Mine], err error) {
	if !actor.Can(PermOwn) && !actor.Can(PermHelp) && !actor.Can(PermUnit) {
		return out, errs.ErrForbidden
	}
	a := &db.Args{}
	where := mine(a, actor)
	keys, tail := a.Keyset(page, db.Order{IDColumn: "p.id"})
	rows, err := db.All(ctx, s.db, func(m *Mine) []any {
		return []any{&m.ID, &m.HouseholdID, &m.OrgID, &m.FromOn, &m.VisitedOn, &m.NextOn, &m.PersonID, &m.Person, &m.Address, &m.Difficulty}
	}, `SELECT p.id, p.household_id, p.org_id, p.from_on, p.visited_on, p.next_on, h.person_id, coalesce(r.name, ''), coalesce(x.address, ''), h.difficulty FROM pairing_pair p
		JOIN pairing_household h ON h.tenant_id = p.tenant_id AND h.id = p.household_id AND h.ended_on = ''
		LEFT JOIN person r ON r.tenant_id = h.tenant_id AND r.id = h.person_id AND h.person_id <> 0
		LEFT JOIN household x ON x.tenant_id = r.tenant_id AND x.id = r.household_id AND r.household_id <> 0 WHERE `+where+keys+tail, a.Values()...)
	if err != nil {
		return out, err
	}
	out = db.Cut(rows, page, func(m Mine) db.Cursor { return db.Cursor{ID: m.ID} })
	return out, s.db.WithTx(ctx, func(tx *db.Tx) error {
		var list []audit.Entry
		for _, m := range out.Items {
			list = append(list, audit.Entry{Action: "pairing.own_list", SubjectKind: "pairing_household", SubjectID: m.HouseholdID, PersonID: m.PersonID, OrgID: m.OrgID, Purpose: Purpose})
		}
		return audit.RecordMany(ctx, tx, actor, list)
	})
}

// Count is what there is at a community, without anybody in it.
type Count struct {
	OrgID                          id.ID
	Org                            string
	Waiting, Paired, Ended, Silent int64
	Visits                         int64 // of the year
}

// Counts counts households and the visits of this year by community, of organisations in scope (PermSee, PermManage).
func (s *Service) Counts(ctx context.Context, actor authz.Actor) ([]Count, error) {
	scope := actor.Scope(PermSee).Or(actor.Scope(PermManage))
	if scope.Empty() {
		return nil, errs.ErrForbidden
	}
	today := s.Today()
	a := &db.Args{}
	silent := a.Add(today.AddDays(-Quiet))
	year := a.Add(calendar.On(today.Year(), 1, 1))
	return db.All(ctx, s.db, func(c *Count) []any {
		return []any{&c.OrgID, &c.Org, &c.Waiting, &c.Paired, &c.Ended, &c.Silent, &c.Visits}
	},
		"SELECT h.org_id, "+reference.Label("o")+`, count(CASE WHEN h.state = 'waiting' THEN 1 END), count(CASE WHEN h.state = 'paired' THEN 1 END), count(CASE WHEN h.state = 'ended' THEN 1 END),
		count(CASE WHEN h.state = 'paired' AND h.visited_on < `+silent+` AND h.since_on < `+silent+` THEN 1 END),
		(SELECT count(*) FROM pairing_visit v WHERE v.tenant_id = h.tenant_id AND v.org_id = h.org_id AND v.visited_on >= `+year+`)
		FROM pairing_household h LEFT JOIN organisation o ON o.tenant_id = h.tenant_id AND o.id = h.org_id WHERE `+scope.Where(a, ofHousehold)+" GROUP BY h.tenant_id, h.org_id, o.short_name, o.name ORDER BY h.org_id LIMIT 5000", a.Values()...)
}

// Staff is an account that can help.
type Staff struct {
	ID   id.ID
	Name string
}

// StaffFor lists the accounts that can help at the community of a household: they hold a role with PermHelp there or above (PermManage).
func (s *Service) StaffFor(ctx context.Context, actor authz.Actor, org id.ID) ([]Staff, error) {
	if err := actor.Scope(PermManage).Require(org); err != nil {
		return nil, err
	}
	a := &db.Args{}
	day := s.Today()
	return db.All(ctx, s.db, func(c *Staff) []any { return []any{&c.ID, &c.Name} }, "SELECT k.id, k.name FROM account k WHERE k.tenant_id = "+a.Add(actor.Tenant)+` AND k.status = 'active' AND EXISTS (SELECT 1 FROM role_grant g
		JOIN role w ON w.tenant_id = g.tenant_id AND w.code = g.role_code JOIN organisation x ON x.tenant_id = g.tenant_id AND x.id = g.organisation_id JOIN organisation c ON c.tenant_id = g.tenant_id AND c.id = `+a.Add(org)+`
		WHERE g.tenant_id = k.tenant_id AND g.account_id = k.id AND g.valid_from <= `+a.Add(day)+" AND (g.valid_to = '' OR g.valid_to >= "+a.Add(day)+") AND (' ' || w.permissions || ' ') LIKE "+a.Add("% "+string(PermHelp)+" %")+
		" AND c.path LIKE x.path || '%') ORDER BY k.name, k.id LIMIT 200", a.Values()...)
}
