package dues

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
)

// Birthday is a member's political birthday in a year: the day on which they joined.
type Birthday struct {
	MemberID    id.ID
	PersonID    id.ID
	Name        string
	Branch      string
	CommunityID id.ID
	Community   string
	JoinedOn    calendar.Date
	Years       int   // since joining, in the year asked for
	ActivityID  id.ID // at which the greeting was brought; 0 for none yet
	Activity    string
	Held        bool // it took place
	key         string
}

// Round says whether the years are a round number, to be marked.
func (b Birthday) Round() bool { return b.Years > 0 && b.Years%10 == 0 }

// On is the day in the year asked for.
func (b Birthday) On(year int) calendar.Date { return b.JoinedOn.AddYears(year - b.JoinedOn.Year()) }

// BirthdayFilter narrows the list; zero fields do not filter.
type BirthdayFilter struct {
	Month          Month // the month that runs, if none is given
	OrganisationID id.ID // this and everything below it
	Round          bool  // round numbers of years alone
	Open           bool  // without a greeting yet
	Page           db.Page
}

var birthdayOwners = authz.Columns{Tenant: "m.tenant_id", Orgs: []string{"m.community_id", "m.unit_id", "m.home_id"}}

// Birthdays gives one page of the political birthdays of a month among members in scope (PermBirthdays), by day.
func (s *Service) Birthdays(ctx context.Context, actor authz.Actor, f BirthdayFilter) (db.List[Birthday], error) {
	if f.Month <= 0 {
		f.Month = s.month()
	}
	year := f.Month.Year()
	a := &db.Args{}
	y := a.Add(int64(year))
	const day = "substr(m.joined_on, 9, 2)"
	where := " WHERE " + actor.Scope(PermBirthdays).Where(a, birthdayOwners) + " AND m.ended_on = '' AND m.joined_on <> '' AND substr(m.joined_on, 6, 2) = " + a.Add(f.Month.String()[5:]) +
		" AND m.joined_on < " + a.Add(calendar.On(year, time.January, 1))
	if f.OrganisationID != 0 {
		where += ` AND EXISTS (SELECT 1 FROM organisation fx JOIN organisation fo ON fo.tenant_id = fx.tenant_id AND substr(fo.path, 1, length(fx.path)) = fx.path
			WHERE fx.tenant_id = m.tenant_id AND fx.id = ` + a.Add(f.OrganisationID) + ` AND fo.id IN (m.home_id, m.unit_id, m.community_id))`
	}
	if f.Round {
		where += " AND (" + y + " - CAST(substr(m.joined_on, 1, 4) AS INTEGER)) % 10 = 0"
	}
	if f.Open {
		where += " AND g.id IS NULL"
	}
	keyset, tail := a.Keyset(f.Page, db.Order{Column: day, IDColumn: "m.id"})
	rows, err := db.All(ctx, s.db, (*Birthday).dest, "SELECT m.id, m.person_id, m.name, "+branchLabel+`, m.community_id, coalesce(CASE WHEN co.short_name <> '' THEN co.short_name ELSE co.name END, ''),
		m.joined_on, coalesce(ac.id, 0), coalesce(ac.title, ''), coalesce(ac.state IN ('held', 'closed'), FALSE), `+day+` FROM member m
		LEFT JOIN organisation b ON b.tenant_id = m.tenant_id AND b.id = CASE WHEN m.home_id <> 0 THEN m.home_id ELSE m.unit_id END
		LEFT JOIN organisation co ON co.tenant_id = m.tenant_id AND co.id = m.community_id
		LEFT JOIN birthday_greeting g ON g.tenant_id = m.tenant_id AND g.member_id = m.id AND g.year = `+y+` AND g.id = (SELECT max(lg.id) FROM birthday_greeting lg
			JOIN activity la ON la.tenant_id = lg.tenant_id AND la.id = lg.activity_id AND la.state <> 'cancelled'
			WHERE lg.tenant_id = m.tenant_id AND lg.member_id = m.id AND lg.year = `+y+`)
		LEFT JOIN activity ac ON ac.tenant_id = g.tenant_id AND ac.id = g.activity_id`+where+keyset+tail, a.Values()...)
	for i := range rows {
		rows[i].Years = year - rows[i].JoinedOn.Year()
	}
	return db.Cut(rows, f.Page, func(b Birthday) db.Cursor { return db.Cursor{Key: b.key, ID: b.MemberID} }), err
}

func (b *Birthday) dest() []any {
	return []any{&b.MemberID, &b.PersonID, &b.Name, &b.Branch, &b.CommunityID, &b.Community, &b.JoinedOn, &b.ActivityID, &b.Activity, &b.Held, &b.key}
}

// Greeting is a visit on political birthdays, as it is proposed.
type Greeting struct {
	Year     int
	Title    string
	Place    string
	StartsAt time.Time
	EndsAt   time.Time
	Members  []id.ID
}

// maxGreeting is how many members one visit greets.
const maxGreeting = 200

// Greet makes a visit of some members' political birthdays (PermGreet): one activity for each community they are registered in, published, with them
// on it. Empty title, place and time are filled in. It gives the activities. Who is registered nowhere, or greeted already, is named.
func (s *Service) Greet(ctx context.Context, actor authz.Actor, g Greeting) ([]id.ID, error) {
	if len(g.Members) == 0 || len(g.Members) > maxGreeting {
		return nil, errs.New(errs.Invalid, i18n.BirthdayNobody, maxGreeting)
	}
	var out []id.ID
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		out = nil
		day := today(tx)
		if g.Year == 0 {
			g.Year = day.Year()
		}
		if g.Year < day.Year()-1 || g.Year > day.Year()+1 {
			return errs.Field("year", i18n.BirthdayYear)
		}
		people, err := s.greeted(ctx, tx, actor, g)
		if err != nil {
			return err
		}
		for _, p := range people {
			v := Visit{CommunityID: p.community, Title: clean(g.Title), Place: clean(g.Place), StartsAt: g.StartsAt, EndsAt: g.EndsAt}
			if v.Title == "" {
				v.Title = i18n.BirthdayVisit.In(i18n.ZH)
			}
			if v.Place == "" {
				v.Place = i18n.BirthdayPlace.In(i18n.ZH)
			}
			if v.StartsAt.IsZero() {
				v.StartsAt = day.AddDays(1).Time().Add(9 * time.Hour)
				v.EndsAt = v.StartsAt.Add(2 * time.Hour)
			}
			for _, m := range p.members {
				v.Members = append(v.Members, m.ID)
			}
			activity, err := s.visits.VisitTx(ctx, tx, actor, v)
			if err != nil {
				return err
			}
			out = append(out, activity)
			if err := tx.InsertMany(ctx, "birthday_greeting", []string{"tenant_id", "id", "member_id", "person_id", "year", "activity_id", "account_id", "at"}, len(p.members), func(i int) []any {
				m := p.members[i]
				return []any{actor.Tenant, int64(id.New()), int64(m.ID), int64(m.PersonID), int64(g.Year), int64(activity), int64(actor.AccountID), db.Micros(tx.Now())}
			}); err != nil {
				return err
			}
			if err := audit.Record(ctx, tx, actor, audit.Entry{Action: "birthday.greet", SubjectKind: "activity", SubjectID: activity, OrgID: p.community,
				Detail: map[string]any{"members": len(p.members), "year": g.Year}}); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

// group is the members of one community.
type group struct {
	community id.ID
	members   []Member
}

// greeted reads the members of a greeting by community. Nobody is greeted twice a year, unless the visit was called off.
func (s *Service) greeted(ctx context.Context, tx *db.Tx, actor authz.Actor, g Greeting) ([]group, error) {
	type row struct {
		Member
		community id.ID
		done      bool
	}
	a := &db.Args{}
	rows, err := db.All(ctx, tx, func(r *row) []any { return []any{&r.ID, &r.PersonID, &r.Name, &r.JoinedOn, &r.community, &r.done} },
		`SELECT m.id, m.person_id, m.name, m.joined_on, m.community_id, EXISTS (SELECT 1 FROM birthday_greeting lg JOIN activity la ON la.tenant_id = lg.tenant_id AND la.id = lg.activity_id
			AND la.state <> 'cancelled' WHERE lg.tenant_id = m.tenant_id AND lg.member_id = m.id AND lg.year = `+a.Add(int64(g.Year))+`) FROM member m
		WHERE `+actor.Scope(PermGreet).Where(a, birthdayOwners)+" AND m.ended_on = '' AND "+db.In(a, "m.id", g.Members)+" ORDER BY m.community_id, m.name_key, m.id", a.Values()...)
	if err != nil {
		return nil, err
	}
	want := map[id.ID]bool{}
	for _, m := range g.Members {
		want[m] = true
	}
	if len(rows) != len(want) {
		return nil, errs.ErrNotFound
	}
	var out []group
	for _, r := range rows {
		switch {
		case r.JoinedOn.IsZero() || r.JoinedOn.Year() >= g.Year:
			return nil, errs.Field("members", i18n.BirthdayNone, r.Name)
		case r.community == 0:
			return nil, errs.Field("members", i18n.BirthdayNowhere, r.Name)
		case r.done:
			return nil, errs.Field("members", i18n.BirthdayDone, r.Name)
		}
		if len(out) == 0 || out[len(out)-1].community != r.community {
			out = append(out, group{community: r.community})
		}
		out[len(out)-1].members = append(out[len(out)-1].members, r.Member)
	}
	return out, nil
}
