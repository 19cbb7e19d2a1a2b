package member

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/organisation"
	"linli/internal/reference"
)

// TalkReason is why a talk was held (PARTY-27).
type TalkReason string

// The reasons.
const (
	OfTheYear  TalkReason = ""
	Hardship   TalkReason = "hardship"
	Illness    TalkReason = "illness"
	Discipline TalkReason = "discipline"
	Complaint  TalkReason = "complaint"
)

// TalkReasons lists the reasons.
func TalkReasons() []TalkReason {
	return []TalkReason{OfTheYear, Hardship, Illness, Discipline, Complaint}
}

// Text names the reason.
func (r TalkReason) Text() i18n.Text {
	return map[TalkReason]i18n.Text{OfTheYear: i18n.TalkOfTheYear, Hardship: i18n.TalkHardship, Illness: i18n.TalkIllness, Discipline: i18n.TalkDiscipline,
		Complaint: i18n.TalkComplaint}[r]
}

// Committees says who belongs to the committee of a branch on a day, by person.
type Committees interface {
	Committee(ctx context.Context, q db.Querier, tenant int64, organisation id.ID, on calendar.Date) ([]id.ID, error)
}

// WithCommittees connects the posts, which say who sits in a committee. The composition root calls it once.
func (s *Service) WithCommittees(c Committees) *Service {
	s.committees = c
	return s
}

// Named is a branch or a member to choose.
type Named struct {
	ID   id.ID
	Name string
}

// Pair is two members who have not talked yet.
type Pair struct{ One, Other Named }

// Gap is a member of a branch for whom a talk of the year is still missing, with whom it is proposed.
type Gap struct {
	Named
	key       string
	Committee bool // none with anybody of the committee
	Fellow    bool // none with another member
	ByOffice  Named
	ByFellow  Named
}

// Talks is what a branch's year of talks stands at (PARTY-27): each two of the committee, each member with somebody of the committee, and each member
// with another member, once a year. Who is listed lacks a talk; nobody is counted or ranked.
type Talks struct {
	Branch    Named
	Year      int
	Committee []Named
	Pairs     []Pair       // of the committee
	Gaps      db.List[Gap] // by name
}

// talkBranches are the kinds of organisation that keep members' talks.
var talkBranches = []organisation.Kind{organisation.Branch, organisation.Community}

// TalkBranches are the branches in scope that have members, by name.
func (s *Service) TalkBranches(ctx context.Context, actor authz.Actor) ([]Named, error) {
	a := &db.Args{}
	return db.All(ctx, s.db, func(n *Named) []any { return []any{&n.ID, &n.Name} }, "SELECT o.id, "+reference.Label("o")+" FROM organisation o WHERE "+
		actor.Scope(PermSee).Where(a, authz.Columns{Tenant: "o.tenant_id", Orgs: []string{"o.id"}})+" AND "+db.In(a, "o.kind", talkBranches)+
		" AND o.dissolved_on = '' AND EXISTS (SELECT 1 FROM member x WHERE x.tenant_id = o.tenant_id AND x.home_id = o.id AND x.ended_on = '') ORDER BY o.name_key, o.id LIMIT 500", a.Values()...)
}

// Talks gives what is still missing in a branch in scope (PermSee) in a year of the calendar of China.
func (s *Service) Talks(ctx context.Context, actor authz.Actor, branch id.ID, year int, p db.Page) (out Talks, err error) {
	err = s.db.View(ctx, func(tx *db.Tx) error {
		out, err = s.talks(ctx, tx, actor, branch, year, p)
		return err
	})
	return out, err
}

func (s *Service) talks(ctx context.Context, q db.Querier, actor authz.Actor, branch id.ID, year int, p db.Page) (Talks, error) {
	a := &db.Args{}
	b, err := db.One(ctx, q, func(n *Named) []any { return []any{&n.ID, &n.Name} }, "SELECT o.id, "+reference.Label("o")+" FROM organisation o WHERE "+
		actor.Scope(PermSee).Where(a, authz.Columns{Tenant: "o.tenant_id", Orgs: []string{"o.id"}})+" AND "+db.In(a, "o.kind", talkBranches)+" AND o.id = "+a.Add(branch), a.Values()...)
	if err != nil {
		return Talks{}, err
	}
	out := Talks{Branch: b, Year: year}
	in := during{tenant: actor.Tenant, branch: branch, from: calendar.On(year, 1, 1), to: calendar.On(year, 12, 31)}
	on := calendar.DateOf(s.db.Now())
	if in.to.Before(on) {
		on = in.to
	}
	persons, err := s.committees.Committee(ctx, q, actor.Tenant, branch, on)
	if err != nil {
		return out, err
	}
	if out.Committee, err = in.committee(ctx, q, persons); err != nil {
		return out, err
	}
	if out.Pairs, err = in.pairs(ctx, q, out.Committee); err != nil {
		return out, err
	}
	out.Gaps, err = in.gaps(ctx, q, out.Committee, p)
	return out, err
}

// NewTalk is a talk between two members to record.
type NewTalk struct {
	MemberID id.ID
	WithID   id.ID
	On       calendar.Date // today if empty
	Note     string        // what it is called usually, if empty
	Reason   TalkReason
}

// AddTalk records a talk of two members in scope (PermTalk or PermContact): it stands on the record of both.
func (s *Service) AddTalk(ctx context.Context, actor authz.Actor, n NewTalk) error {
	if n.On.IsZero() {
		n.On = calendar.DateOf(s.db.Now())
	}
	if clean(n.Note) == "" {
		n.Note = i18n.TalkUsual.In(i18n.ZH)
	}
	if n.WithID == 0 {
		return errs.Field("with", i18n.ErrRequired)
	}
	return s.contact(ctx, actor, talking(actor), n.MemberID, NewContact{Kind: Talk, On: n.On, Note: n.Note, WithID: n.WithID, Reason: n.Reason})
}

// talking is where the actor records talks.
func talking(actor authz.Actor) authz.Scope {
	return actor.Scope(PermTalk).Or(actor.Scope(PermContact))
}
