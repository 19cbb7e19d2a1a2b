package appraisal

import (
	"context"
	"strconv"
	"strings"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/member"
)

// LineKind is what a line of a year's record is about.
type LineKind string

// The kinds of line.
const (
	AtMeeting  LineKind = "meeting"
	AtStudy    LineKind = "study"
	AtActivity LineKind = "activity"
	DidDeed    LineKind = "deed"
	Contacted  LineKind = "contact"
	Promised   LineKind = "promise"
)

// LineKinds lists the kinds of line in the order in which they are shown.
func LineKinds() []LineKind {
	return []LineKind{AtMeeting, AtStudy, AtActivity, DidDeed, Contacted, Promised}
}

// Text names the kind.
func (k LineKind) Text() i18n.Text {
	return map[LineKind]i18n.Text{AtMeeting: i18n.AppraisalLineMeeting, AtStudy: i18n.AppraisalLineStudy, AtActivity: i18n.AppraisalLineActivity, DidDeed: i18n.AppraisalLineDeed,
		Contacted: i18n.AppraisalLineContact, Promised: i18n.AppraisalLinePromise}[k]
}

// Line is one thing that a member did in a year, with the record that it comes from.
type Line struct {
	Kind      LineKind
	ID        id.ID // of the activity, the deed, the contact or the promise
	MeetingID id.ID // the meeting whose sign-in the activity is, 0 for none
	Day       calendar.Date
	What      string // title, note or text
	Detail    string // kind of contact, or what became of the promise
	Minutes   int64  // present
}

// Year is what the records know of a member's year (LIFE-3, MEM-8).
type Year struct {
	MemberID id.ID
	PersonID id.ID
	Name     string
	Year     int
	Leader   bool // held a post of a Party organisation in the year (PARTY-47)
	Lines    []Line
	More     bool  // there are more lines than are shown
	Study    int64 // minutes of study
	Service  int64 // minutes of service in the book
	Meetings int64
	Joined   int64 // activities that are neither meeting nor study
	Deeds    int64
	Contacts int64
	Promises int64
	Kept     int64
}

// Of are the lines of a kind.
func (y Year) Of(k LineKind) []Line {
	var out []Line
	for _, l := range y.Lines {
		if l.Kind == k {
			out = append(out, l)
		}
	}
	return out
}

// StudyTarget is how many hours of study the year asks for (PARTY-46, PARTY-47).
func (y Year) StudyTarget() int64 {
	if y.Leader {
		return LeaderHours
	}
	return StudyHours
}

// StudyEnough says whether the hours of study are reached.
func (y Year) StudyEnough() bool { return y.Study >= 60*y.StudyTarget() }

// Summary is the year in one paragraph, for a self-appraisal or an opinion to begin with; it says nothing but what is recorded.
func (y Year) Summary(l i18n.Lang) string {
	var said []string
	say := func(n int64, t i18n.Text, args ...any) {
		if n > 0 {
			said = append(said, t.In(l, args...))
		}
	}
	say(y.Meetings, i18n.AppraisalSaidMeetings, y.Meetings)
	say(1, i18n.AppraisalSaidStudy, i18n.Hours(y.Study), y.StudyTarget())
	say(y.Joined, i18n.AppraisalSaidJoined, y.Joined)
	say(y.Service, i18n.AppraisalSaidService, i18n.Hours(y.Service))
	say(y.Deeds, i18n.AppraisalSaidDeeds, y.Deeds)
	say(y.Contacts, i18n.AppraisalSaidContacts, y.Contacts)
	say(y.Promises, i18n.AppraisalSaidPromises, y.Promises, y.Kept)
	return i18n.AppraisalSaidYear.In(l, strconv.Itoa(y.Year)) + strings.Join(said, i18n.AppraisalSaidAnd.In(l)) + i18n.AppraisalSaidEnd.In(l)
}

// Hours shows the minutes as hours.
func (l Line) Hours() string { return i18n.Hours(l.Minutes) }

// StudyShown shows the minutes of study as hours.
func (y Year) StudyShown() string { return i18n.Hours(y.Study) }

// ServiceShown shows the minutes of service as hours.
func (y Year) ServiceShown() string { return i18n.Hours(y.Service) }

// maxLines is how many lines of a year are shown; its sums are of all of them.
const maxLines = 400

// recordScope is where the actor may read a member's year: who sees the member, and the member.
func recordScope(actor authz.Actor) authz.Scope {
	return actor.Scope(member.PermSee).Or(actor.Scope(member.PermSeeOwn)).Or(actor.Scope(PermKeep)).Or(actor.Scope(PermOwn))
}

// Record works out a member's year from the records (LIFE-3): for who sees the member, who keeps the appraisal of the branch, and the member. The year is this year if 0.
func (s *Service) Record(ctx context.Context, actor authz.Actor, memberID id.ID, year int) (Year, error) {
	return s.record(ctx, actor, "m.id", memberID, year)
}

// RecordOwn is the actor's own year.
func (s *Service) RecordOwn(ctx context.Context, actor authz.Actor, year int) (Year, error) {
	return s.record(ctx, actor, "m.person_id", actor.PersonID, year)
}

func (s *Service) record(ctx context.Context, actor authz.Actor, column string, key id.ID, year int) (Year, error) {
	if year == 0 {
		year = s.Today().Year()
	}
	var y Year
	err := s.db.View(ctx, func(tx *db.Tx) error {
		a := &db.Args{}
		columns := authz.Columns{Tenant: "m.tenant_id", Orgs: []string{"m.home_id", "m.unit_id", "m.community_id"}, Person: "m.person_id"}
		var err error
		y, err = db.One(ctx, tx, func(y *Year) []any { return []any{&y.MemberID, &y.PersonID, &y.Name} }, "SELECT m.id, m.person_id, m.name FROM member m WHERE "+
			recordScope(actor).Where(a, columns)+" AND "+column+" = "+a.Add(key)+" ORDER BY m.ended_on, m.id LIMIT 1", a.Values()...)
		if err != nil {
			return err
		}
		y.Year = year
		return readYear(ctx, tx, actor.Tenant, &y)
	})
	return y, err
}

// sources are what a year is read from: SELECT goes before each. What is present is sorted into studies, meetings and other activities by kind.
type sources struct{ kind, present, deeds, contacts, promises, tenant, member, day, next string }

func sourcesOf(a *db.Args, tenant int64, y *Year) sources {
	from, to := calendar.On(y.Year, 1, 1), calendar.On(y.Year+1, 1, 1)
	s := sources{tenant: a.Add(tenant), member: a.Add(y.MemberID), day: a.Add(from), next: a.Add(to)}
	start, end := a.Add(db.Micros(from.Time())), a.Add(db.Micros(to.Time()))
	of := func(table, more string) string {
		return "FROM " + table + " x WHERE x.tenant_id = " + s.tenant + " AND x.member_id = " + s.member + more
	}
	within := " AND x.on_date >= " + s.day + " AND x.on_date < " + s.next
	s.kind = `CASE WHEN c.kind_code IN ('study', 'party_day') OR EXISTS (SELECT 1 FROM meeting_duty d WHERE d.tenant_id = c.tenant_id AND d.meeting_id = g.id
		AND d.kind_code IN ('lecture', 'theme_day')) THEN 'study' WHEN g.id IS NOT NULL THEN 'meeting' ELSE 'activity' END`
	s.present = `FROM attendance t JOIN activity c ON c.tenant_id = t.tenant_id AND c.id = t.activity_id
		LEFT JOIN meeting g ON g.tenant_id = c.tenant_id AND g.activity_id = c.id AND g.activity_id <> 0
		WHERE t.tenant_id = ` + s.tenant + " AND t.member_id = " + s.member + " AND t.in_at >= " + start + " AND t.in_at < " + end + " AND t.state <> 'void'"
	s.deeds, s.contacts = of("deed", " AND x.state = 'confirmed'"+within), of("contact", within)
	s.promises = of("promise", " AND x.made_at < "+end+" AND (x.made_at >= "+start+" OR x.closed_at >= "+start+" OR x.state = 'open')")
	return s
}

// readYear fills in what a member did in a year.
func readYear(ctx context.Context, q db.Querier, tenant int64, y *Year) error {
	if err := yearSums(ctx, q, tenant, y); err != nil {
		return err
	}
	type row struct {
		Line
		at int64
	}
	a := &db.Args{}
	s := sourcesOf(a, tenant, y)
	rows, err := db.All(ctx, q, func(r *row) []any {
		return []any{&r.Kind, &r.ID, &r.MeetingID, &r.Day, &r.at, &r.What, &r.Detail, &r.Minutes}
	}, "SELECT kind, id, meeting, on_day, at, what, detail, minutes FROM (SELECT "+s.kind+" AS kind, c.id AS id, coalesce(g.id, 0) AS meeting, '' AS on_day, t.in_at AS at, c.title AS what, '' AS detail, t.minutes AS minutes "+s.present+
		" UNION ALL SELECT 'deed', x.id, 0, x.on_date, 0, x.title, '', 0 "+s.deeds+" UNION ALL SELECT 'contact', x.id, 0, x.on_date, 0, x.note, x.kind, 0 "+s.contacts+
		" UNION ALL SELECT 'promise', x.id, 0, x.due_on, x.made_at, x.body, x.state, 0 "+s.promises+") lines ORDER BY kind, on_day, at, id LIMIT "+a.Add(int64(maxLines+1)), a.Values()...)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if r.Day.IsZero() {
			r.Day = calendar.DateOf(db.FromMicros(r.at))
		}
		y.Lines = append(y.Lines, r.Line)
	}
	if y.More = len(y.Lines) > maxLines; y.More {
		y.Lines = y.Lines[:maxLines]
	}
	return nil
}

// yearSums counts the year.
func yearSums(ctx context.Context, q db.Querier, tenant int64, y *Year) error {
	a := &db.Args{}
	s := sourcesOf(a, tenant, y)
	sum := func(what, kind string) string {
		return "(SELECT coalesce(sum(" + what + "), 0) FROM (SELECT " + s.kind + " AS kind, t.minutes AS minutes " + s.present + ") y WHERE y.kind = '" + kind + "')"
	}
	_, err := db.One(ctx, q, func(*struct{}) []any {
		return []any{&y.Study, &y.Meetings, &y.Joined, &y.Service, &y.Deeds, &y.Contacts, &y.Promises, &y.Kept, &y.Leader}
	}, "SELECT "+sum("y.minutes", "study")+", "+sum("1", "meeting")+" + "+sum("1", "study")+", "+sum("1", "activity")+
		", (SELECT coalesce(sum(b.amount), 0) FROM posting b WHERE b.tenant_id = "+s.tenant+" AND b.member_id = "+s.member+" AND b.account = 'hours' AND b.on_date >= "+s.day+" AND b.on_date < "+s.next+")"+
		", (SELECT count(*) "+s.deeds+"), (SELECT count(*) "+s.contacts+"), (SELECT count(*) "+s.promises+"), (SELECT count(*) "+s.promises+" AND x.state = 'kept')"+
		", EXISTS (SELECT 1 FROM appointment b WHERE b.tenant_id = "+s.tenant+" AND b.person_id = "+a.Add(y.PersonID)+` AND b.post IN ('secretary', 'deputy_secretary', 'organisation_member',
		'publicity_member', 'discipline_member', 'committee_member') AND b.from_on < `+s.next+" AND (b.ended_on = '' OR b.ended_on > "+s.day+"))", a.Values()...)
	return err
}
