package app

import (
	"context"
	"time"

	"linli/internal/activity"
	"linli/internal/authz"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/dues"
	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/meeting"
	"linli/internal/pairing"
	"linli/internal/volunteer"
)

// appraised lets a meeting count for the appraisal of its branch.
type appraised struct{ meetings *meeting.Service }

func (x appraised) TagTx(ctx context.Context, tx *db.Tx, actor authz.Actor, of, organisation id.ID) error {
	return x.meetings.TagTx(ctx, tx, actor, of, organisation, meeting.Appraisal)
}

// agenda lets cases and needs be put before a meeting.
type agenda struct{ meetings *meeting.Service }

func (x agenda) RaiseTx(ctx context.Context, tx *db.Tx, actor authz.Actor, organisation, body, owner id.ID, title, detail string) (id.ID, error) {
	return x.meetings.RaiseTx(ctx, tx, actor, meeting.NewTopic{Holder: meeting.Holder{BodyID: body, OwnerID: owner}, OrganisationID: organisation, Title: title, Detail: detail})
}

func (x agenda) WithdrawTx(ctx context.Context, tx *db.Tx, actor authz.Actor, topic id.ID) error {
	return x.meetings.WithdrawTx(ctx, tx, actor, topic)
}

func (x agenda) Conference(ctx context.Context, q db.Querier, tenant int64, organisation id.ID) (id.ID, error) {
	return x.meetings.Conference(ctx, q, tenant, organisation)
}

// needVolunteers lets volunteers be asked to meet needs.
type needVolunteers struct{ files *volunteer.Service }

func (x needVolunteers) Around(ctx context.Context, q db.Querier, tenant int64, community id.ID) ([]exchange.Volunteer, error) {
	list, err := x.files.Helpers(ctx, q, tenant, community)
	out := make([]exchange.Volunteer, len(list))
	for i, h := range list {
		out[i] = asked(h)
	}
	return out, err
}

func (x needVolunteers) Near(ctx context.Context, q db.Querier, tenant int64, communities []id.ID, from, to time.Time) ([]exchange.Volunteer, error) {
	list, err := x.files.HelpersNear(ctx, q, tenant, communities, from, to)
	out := make([]exchange.Volunteer, len(list))
	for i, h := range list {
		out[i] = asked(h)
	}
	return out, err
}

func (x needVolunteers) OfPerson(ctx context.Context, q db.Querier, tenant int64, person id.ID) (exchange.Volunteer, error) {
	h, err := x.files.HelperOf(ctx, q, tenant, person)
	return asked(h), err
}

func (x needVolunteers) Led(ctx context.Context, q db.Querier, tenant int64, person id.ID) ([]exchange.Team, error) {
	list, err := x.files.Led(ctx, q, tenant, person)
	out := make([]exchange.Team, len(list))
	for i, t := range list {
		out[i] = exchange.Team{ID: t.ID, Name: t.Name, Leader: t.LeaderID}
	}
	return out, err
}

func (x needVolunteers) InTeam(ctx context.Context, q db.Querier, tenant int64, team id.ID) ([]exchange.Volunteer, error) {
	list, err := x.files.Crew(ctx, q, tenant, team)
	out := make([]exchange.Volunteer, len(list))
	for i, h := range list {
		out[i] = asked(h)
	}
	return out, err
}

func asked(h volunteer.Helper) exchange.Volunteer {
	out := exchange.Volunteer{ID: h.ID, PersonID: h.PersonID, OrgID: h.OrgID, Name: h.Name, Kept: h.Kept > 0, Street: h.Street, Shifts: h.Shifts}
	for _, s := range h.Skills {
		if s != volunteer.AnythingElse {
			out.Skills = append(out.Skills, s.Text().In(i18n.ZH))
		}
	}
	for _, t := range h.Times {
		out.Times = append(out.Times, t.Text().In(i18n.ZH))
	}
	return out
}

// needCases lets needs be made from cases, which follow them.
type needCases struct{ cases *casework.Service }

func (x needCases) TurnTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c id.ID, version int64, no string) (exchange.FromCase, error) {
	t, err := x.cases.TurnTx(ctx, tx, actor, c, version, no)
	return exchange.FromCase(t), err
}

func (x needCases) EndTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c id.ID, outcome exchange.Outcome, said string) error {
	of := map[exchange.Outcome]casework.Outcome{exchange.Met: casework.Fulfilled, exchange.Settled: casework.Fulfilled, exchange.Partly: casework.Half, exchange.Nobody: casework.Outside}[outcome]
	return x.cases.EndNeedTx(ctx, tx, actor, c, of, said)
}

func (x needCases) NumberTx(ctx context.Context, tx *db.Tx, actor authz.Actor, perm authz.Permission, c id.ID) (name, phone string, err error) {
	return x.cases.NumberTx(ctx, tx, actor, perm, c)
}

// pairNeeds lets what households in hardship lack become needs.
type pairNeeds struct{ needs *exchange.Service }

func (x pairNeeds) LackTx(ctx context.Context, tx *db.Tx, actor authz.Actor, l pairing.Lack) (id.ID, error) {
	kind := exchange.People
	switch l.Deed {
	case "goods":
		kind = exchange.Goods
	case "policy", "job", "school":
		kind = exchange.Trade
	}
	return x.needs.LackTx(ctx, tx, actor, exchange.Lack{CommunityID: l.OrgID, PersonID: l.PersonID, Name: l.Name, Kind: kind, Words: l.Words})
}

// signIns lets meetings give rise to activities, at which presence is entered once. Meetings give no volunteer hours.
type signIns struct{ activities *activity.Service }

// meetingActivity is the standard kind of activity of a meeting's sign-in.
const meetingActivity = "meeting"

func (s signIns) HoldTx(ctx context.Context, tx *db.Tx, actor authz.Actor, e meeting.Event) (id.ID, error) {
	return s.activities.HoldTx(ctx, tx, actor, activity.Plan{CommunityID: e.HostID, KindCode: meetingActivity, Title: e.Title, Place: e.Place, StartsAt: e.StartsAt, EndsAt: e.EndsAt})
}

func (s signIns) MoveTx(ctx context.Context, tx *db.Tx, actor authz.Actor, of id.ID, e meeting.Event) error {
	return s.activities.MoveTx(ctx, tx, actor, of, e.Title, e.Place, e.StartsAt, e.EndsAt)
}

func (s signIns) CallOffTx(ctx context.Context, tx *db.Tx, actor authz.Actor, of id.ID, reason string) error {
	return s.activities.CallOffTx(ctx, tx, actor, of, reason)
}

// birthdayVisits lets greetings on political birthdays give rise to visits. A greeting gives no volunteer hours.
type birthdayVisits struct{ activities *activity.Service }

// visitActivity is the standard kind of activity of a visit.
const visitActivity = "visit"

func (b birthdayVisits) VisitTx(ctx context.Context, tx *db.Tx, actor authz.Actor, v dues.Visit) (id.ID, error) {
	a, err := b.activities.HoldTx(ctx, tx, actor, activity.Plan{CommunityID: v.CommunityID, KindCode: visitActivity, Title: v.Title, Place: v.Place, StartsAt: v.StartsAt, EndsAt: v.EndsAt})
	if err != nil {
		return 0, err
	}
	return a, b.activities.ExpectTx(ctx, tx, actor, a, v.Members)
}

// clubDates lets dates of a club's programme give rise to activities. They give no volunteer hours.
type clubDates struct{ activities *activity.Service }

// clubActivity is the standard kind of activity of a club's date.
const clubActivity = "culture"

func (c clubDates) ClubTx(ctx context.Context, tx *db.Tx, actor authz.Actor, e volunteer.Event) (id.ID, error) {
	return c.activities.HoldTx(ctx, tx, actor, activity.Plan{CommunityID: e.OrgID, KindCode: clubActivity, Title: e.Title, Place: e.Place, StartsAt: e.StartsAt, EndsAt: e.EndsAt})
}
