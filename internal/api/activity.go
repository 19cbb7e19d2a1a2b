package api

import (
	"context"
	"net/http"
	"time"

	"linli/internal/activity"
	"linli/internal/api/rest"
	"linli/internal/authz"
)

// Activity is one thing that a community organises.
type Activity struct {
	ID          rest.ID   `json:"id" doc:"Identifier."`
	CommunityID rest.ID   `json:"community_id" doc:"Community that organises it."`
	Community   string    `json:"community" doc:"Name of the community."`
	Kind        string    `json:"kind" doc:"Code of its kind."`
	KindName    string    `json:"kind_name" doc:"Name of its kind, in the language asked for."`
	Title       string    `json:"title" doc:"Title."`
	Body        string    `json:"body,omitempty" doc:"What it is about."`
	Place       string    `json:"place" doc:"Place."`
	BuildingID  rest.ID   `json:"building_id,omitempty" doc:"Building in which it takes place."`
	StartsAt    time.Time `json:"starts_at" doc:"Start."`
	EndsAt      time.Time `json:"ends_at" doc:"End."`
	Capacity    int64     `json:"capacity" doc:"Places, 0 for no limit."`
	GivesHours  bool      `json:"gives_hours" doc:"Whether hours are credited."`
	DeedTitle   string    `json:"deed_title,omitempty" doc:"Deed that taking part amounts to."`
	ProgrammeID rest.ID   `json:"programme_id,omitempty" doc:"Theme programme that it is part of."`
	State       string    `json:"state" doc:"draft, published, held, closed, cancelled."`
	Reason      string    `json:"reason,omitempty" doc:"Why it was cancelled."`
	Organiser   string    `json:"organiser,omitempty" doc:"Name of the organiser."`
	Enrolled    int64     `json:"enrolled" doc:"Members with a place."`
	Waiting     int64     `json:"waiting" doc:"Members on the waiting list."`
	Attended    int64     `json:"attended" doc:"Attendances that stand, guests included."`
	Present     int64     `json:"present" doc:"Of them still signed in."`
	Guests      int64     `json:"guests" doc:"Of them not joined to a member yet."`
	Minutes     int64     `json:"minutes" doc:"Minutes of all attendances that stand."`
	Version     int64     `json:"version" doc:"Version, for changes."`
}

// RecordVersion is the version of the activity.
func (a Activity) RecordVersion() int64 { return a.Version }

func activityOf(ctx context.Context) func(activity.Item) Activity {
	l := rest.Lang(ctx)
	return func(i activity.Item) Activity {
		return Activity{ID: rest.IDOf(i.ID), CommunityID: rest.IDOf(i.CommunityID), Community: i.CommunityName, Kind: i.KindCode, KindName: i.KindName.In(l), Title: i.Title,
			Body: i.Body, Place: i.Place, BuildingID: rest.IDOf(i.BuildingID), StartsAt: i.StartsAt.UTC(), EndsAt: i.EndsAt.UTC(), Capacity: i.Capacity,
			GivesHours: i.GivesHours, DeedTitle: i.DeedTitle, ProgrammeID: rest.IDOf(i.ProgrammeID), State: string(i.State), Reason: i.Reason, Organiser: i.OrganiserName, Enrolled: i.Enrolled,
			Waiting: i.Waiting, Attended: i.Attended, Present: i.Present, Guests: i.Guests, Minutes: i.Minutes, Version: i.Version}
	}
}

// Plan is what an organiser says about an activity.
type Plan struct {
	CommunityID rest.ID   `json:"community_id" doc:"Community that organises it."`
	Kind        string    `json:"kind" maxLength:"40" doc:"Code of its kind."`
	Title       string    `json:"title" maxLength:"100" doc:"Title."`
	Body        string    `json:"body,omitempty" maxLength:"5000" doc:"What it is about."`
	Place       string    `json:"place" maxLength:"200" doc:"Place."`
	BuildingID  rest.ID   `json:"building_id,omitempty" doc:"Building in which it takes place."`
	StartsAt    time.Time `json:"starts_at" doc:"Start."`
	EndsAt      time.Time `json:"ends_at" doc:"End."`
	Capacity    int64     `json:"capacity,omitempty" minimum:"0" doc:"Places, 0 for no limit."`
	GivesHours  bool      `json:"gives_hours,omitempty" doc:"Whether hours are credited."`
	DeedTitle   string    `json:"deed_title,omitempty" maxLength:"100" doc:"Deed that taking part amounts to."`
	ProgrammeID rest.ID   `json:"programme_id,omitempty" doc:"Theme programme that it is part of."`
}

func (p Plan) plain() activity.Plan {
	return activity.Plan{CommunityID: p.CommunityID.ID(), KindCode: p.Kind, Title: p.Title, Body: p.Body, Place: p.Place, BuildingID: p.BuildingID.ID(), StartsAt: p.StartsAt,
		EndsAt: p.EndsAt, Capacity: p.Capacity, GivesHours: p.GivesHours, DeedTitle: p.DeedTitle, ProgrammeID: p.ProgrammeID.ID()}
}

func planOf(p activity.Plan) Plan {
	return Plan{CommunityID: rest.IDOf(p.CommunityID), Kind: p.KindCode, Title: p.Title, Body: p.Body, Place: p.Place, BuildingID: rest.IDOf(p.BuildingID),
		StartsAt: p.StartsAt.UTC(), EndsAt: p.EndsAt.UTC(), Capacity: p.Capacity, GivesHours: p.GivesHours, DeedTitle: p.DeedTitle, ProgrammeID: rest.IDOf(p.ProgrammeID)}
}

// PlanChange replaces the plan of an activity.
type PlanChange struct {
	Plan
	Version int64 `json:"version,omitempty" doc:"Version that you saw; or If-Match."`
}

// Reason says why.
type Reason struct {
	Reason string `json:"reason" maxLength:"500" doc:"Why; those concerned see it."`
}

// ActivityKind is a sort of activity.
type ActivityKind struct {
	Code       string          `json:"code" maxLength:"40" doc:"Code; it stays."`
	Name       string          `json:"name" maxLength:"60" doc:"Name in Chinese."`
	NameEN     string          `json:"name_en,omitempty" maxLength:"60" doc:"Name in English."`
	GivesHours bool            `json:"gives_hours,omitempty" doc:"Whether hours are credited, unless the plan says otherwise."`
	DeedTitle  string          `json:"deed_title,omitempty" maxLength:"100" doc:"Deed that taking part amounts to."`
	Fields     []ActivityField `json:"fields,omitempty" maxItems:"20" doc:"What else is asked on signing in."`
	Retired    bool            `json:"retired,omitempty" doc:"No longer offered."`
	Version    int64           `json:"version,omitempty" doc:"Version that you saw; 0 makes a new kind."`
}

// ActivityField is something that a kind asks on signing in.
type ActivityField struct {
	Code     string   `json:"code" maxLength:"40" doc:"Code."`
	Label    string   `json:"label" maxLength:"60" doc:"Label in Chinese."`
	LabelEN  string   `json:"label_en,omitempty" maxLength:"60" doc:"Label in English."`
	Type     string   `json:"type" enum:"text,number,choice,yesno" doc:"What it takes."`
	Required bool     `json:"required,omitempty" doc:"Whether it must be answered."`
	Options  []string `json:"options,omitempty" maxItems:"50" doc:"Of a choice."`
}

func activityKindOf(k activity.Kind) ActivityKind {
	out := ActivityKind{Code: k.Code, Name: k.Name, NameEN: k.NameEN, GivesHours: k.GivesHours, DeedTitle: k.DeedTitle, Retired: k.Retired, Version: k.Version}
	for _, f := range k.Fields {
		out.Fields = append(out.Fields, ActivityField{Code: f.Code, Label: f.Label, LabelEN: f.LabelEN, Type: string(f.Type), Required: f.Required, Options: f.Options})
	}
	return out
}

func (k ActivityKind) plain() activity.Kind {
	out := activity.Kind{Code: k.Code, Name: k.Name, NameEN: k.NameEN, GivesHours: k.GivesHours, DeedTitle: k.DeedTitle, Retired: k.Retired, Version: k.Version}
	for _, f := range k.Fields {
		out.Fields = append(out.Fields, activity.Field{Code: f.Code, Label: f.Label, LabelEN: f.LabelEN, Type: activity.FieldType(f.Type), Required: f.Required, Options: f.Options})
	}
	return out
}

// Enrolment is one member's place, or place in the queue.
type Enrolment struct {
	ID       rest.ID    `json:"id" doc:"Identifier."`
	MemberID rest.ID    `json:"member_id" doc:"Member."`
	Member   string     `json:"member" doc:"Name of the member."`
	Unit     string     `json:"unit,omitempty" doc:"Name of the member's unit."`
	State    string     `json:"state" doc:"enrolled, waiting, withdrawn."`
	At       time.Time  `json:"at" doc:"When they enrolled; the waiting list is in this order."`
	MovedAt  *time.Time `json:"moved_up_at,omitempty" doc:"When they moved up from the waiting list."`
}

// Enrolling enrols a member; nobody means the caller.
type Enrolling struct {
	MemberID rest.ID `json:"member_id,omitempty" doc:"Member to enrol; absent for yourself."`
}

// EnrolledState says whether there was a place.
type EnrolledState struct {
	State string `json:"state" doc:"enrolled or waiting."`
}

type activityQuery struct {
	rest.Paging
	Text      string    `query:"q" maxLength:"100" doc:"Part of title or place."`
	Community rest.ID   `query:"community" doc:"Of this community."`
	Kind      string    `query:"kind" maxLength:"40" doc:"Of this kind."`
	States    []string  `query:"state" doc:"In these states, separated by commas."`
	From      rest.Date `query:"from" doc:"Starting on or after this day."`
	To        rest.Date `query:"to" doc:"Starting on or before this day."`
	Member    rest.ID   `query:"member" doc:"Enrolled or attended by this member."`
	Upcoming  bool      `query:"upcoming" doc:"Not over yet, soonest first; otherwise latest first."`
}

type kindsQuery struct {
	All bool `query:"all" doc:"Retired ones too."`
}

type kindCode struct {
	Code string `path:"code" maxLength:"40" doc:"Code of the kind."`
	Body ActivityKind
}

type draftQuery struct {
	Community rest.ID `query:"community" doc:"Community; your only one if absent."`
	Kind      string  `query:"kind" doc:"Code of the kind; the first if absent."`
}

func (h *handlers) activities(k *rest.Kit) {
	const tag = "activities"
	see := perms(activity.PermSee, activity.PermBrowse, activity.PermSeeOwn)
	rest.Get(k, rest.Op{ID: "activity-list", Path: "/activities", Tag: tag, Title: "List activities", Needs: see},
		func(ctx context.Context, a authz.Actor, in *activityQuery) (rest.Page[Activity], error) {
			f := activity.Filter{Search: in.Text, CommunityID: in.Community.ID(), KindCode: in.Kind, From: in.From.Date(), To: in.To.Date(), MemberID: in.Member.ID(), Upcoming: in.Upcoming, Page: in.Page()}
			for _, s := range in.States {
				f.States = append(f.States, activity.State(s))
			}
			l, err := h.Activity.List(ctx, a, f)
			return rest.PageOf(l, activityOf(ctx)), err
		})
	rest.Get(k, rest.Op{ID: "activity-get", Path: "/activities/{id}", Tag: tag, Title: "Open an activity", Needs: see}, h.activity)
	rest.Get(k, rest.Op{ID: "activity-draft", Path: "/activities/draft", Tag: tag, Title: "A plan filled in as far as the program knows", Needs: perms(activity.PermPlan)},
		func(ctx context.Context, a authz.Actor, in *draftQuery) (Plan, error) {
			p, err := h.Activity.Draft(ctx, a, in.Community.ID(), in.Kind)
			return planOf(p), err
		})
	rest.Get(k, rest.Op{ID: "activity-copy", Path: "/activities/{id}/copy", Tag: tag, Title: "A plan like this activity's, on the next such day", Needs: perms(activity.PermPlan)},
		func(ctx context.Context, a authz.Actor, in *rest.Path) (Plan, error) {
			p, err := h.Activity.Copy(ctx, a, in.ID.ID())
			return planOf(p), err
		})
	rest.Post(k, rest.Op{ID: "activity-create", Path: "/activities", Tag: tag, Title: "Plan an activity, as a draft", Needs: perms(activity.PermPlan)},
		func(ctx context.Context, a authz.Actor, in *rest.In[Plan]) (rest.Ref, error) {
			made, err := h.Activity.Create(ctx, a, in.Body.plain())
			return rest.Ref{ID: rest.IDOf(made)}, err
		})
	rest.Put(k, rest.Op{ID: "activity-change", Path: "/activities/{id}", Tag: tag, Title: "Replace the plan", Needs: perms(activity.PermPlan)},
		func(ctx context.Context, a authz.Actor, in *rest.Change[PlanChange]) (Activity, error) {
			v, err := in.Match.Version(in.Body.Version)
			if err == nil {
				err = h.Activity.Edit(ctx, a, in.ID.ID(), v, in.Body.plain())
			}
			if err != nil {
				return Activity{}, err
			}
			return h.activity(ctx, a, &in.Path)
		})
	rest.Act(k, rest.Op{ID: "activity-publish", Path: "/activities/{id}/publish", Tag: tag, Title: "Let people see it and enrol", Needs: perms(activity.PermPlan)},
		func(ctx context.Context, a authz.Actor, in *rest.Path) error {
			return h.Activity.Publish(ctx, a, in.ID.ID())
		})
	rest.Act(k, rest.Op{ID: "activity-cancel", Path: "/activities/{id}/cancel", Tag: tag, Title: "Call it off, with a reason", Needs: perms(activity.PermPlan)},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[Reason]) error {
			return h.Activity.Cancel(ctx, a, in.ID.ID(), in.Body.Reason)
		})
	rest.Act(k, rest.Op{ID: "activity-close", Path: "/activities/{id}/close", Tag: tag, Title: "End it; who forgot to sign out is signed out at its end", Needs: perms(activity.PermHold, activity.PermHost)},
		func(ctx context.Context, a authz.Actor, in *rest.Path) error {
			return h.Activity.Close(ctx, a, in.ID.ID())
		})
	h.photos(k)
	h.activityKinds(k)
	h.enrolments(k)
}

func (h *handlers) activity(ctx context.Context, a authz.Actor, in *rest.Path) (Activity, error) {
	i, err := h.Activity.Get(ctx, a, in.ID.ID())
	return activityOf(ctx)(i), err
}

func (h *handlers) activityKinds(k *rest.Kit) {
	const tag = "activities"
	rest.Get(k, rest.Op{ID: "activity-kind-list", Path: "/activity-kinds", Tag: tag, Title: "Kinds of activity"},
		func(ctx context.Context, a authz.Actor, in *kindsQuery) (rest.All[ActivityKind], error) {
			l, err := h.Activity.Kinds(ctx, a, in.All)
			return rest.AllOf(l, activityKindOf), err
		})
	rest.Act(k, rest.Op{ID: "activity-kind-save", Method: http.MethodPut, Path: "/activity-kinds/{code}", Tag: tag, Title: "Make a kind (version 0) or change it", Needs: perms(activity.PermKinds)},
		func(ctx context.Context, a authz.Actor, in *kindCode) error {
			kind := in.Body.plain()
			kind.Code = in.Code
			return h.Activity.SaveKind(ctx, a, kind)
		})
}

func (h *handlers) enrolments(k *rest.Kit) {
	const tag = "enrolments"
	enrol := perms(activity.PermEnrol, activity.PermEnrolOwn)
	rest.Get(k, rest.Op{ID: "enrolment-list", Path: "/activities/{id}/enrolments", Tag: tag, Title: "Who is enrolled and who waits, in the order in which they came", Needs: perms(activity.PermSee, activity.PermSeeOwn, activity.PermBrowse)},
		func(ctx context.Context, a authz.Actor, in *rest.Path) (rest.All[Enrolment], error) {
			l, err := h.Activity.Enrolments(ctx, a, in.ID.ID())
			return rest.AllOf(l, func(e activity.EnrolItem) Enrolment {
				return Enrolment{ID: rest.IDOf(e.ID), MemberID: rest.IDOf(e.MemberID), Member: e.MemberName, Unit: e.UnitName, State: string(e.State), At: e.At.UTC(), MovedAt: rest.UTC(e.MovedAt)}
			}), err
		})
	rest.Post(k, rest.Op{ID: "enrolment-create", Path: "/activities/{id}/enrolments", Tag: tag, Title: "Enrol yourself or a member", Needs: enrol},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[Enrolling]) (EnrolledState, error) {
			var state activity.EnrolState
			var err error
			if in.Body.MemberID == "" {
				state, err = h.Activity.Enrol(ctx, a, in.ID.ID())
			} else {
				state, err = h.Activity.EnrolFor(ctx, a, in.ID.ID(), in.Body.MemberID.ID())
			}
			return EnrolledState{State: string(state)}, err
		})
	rest.Act(k, rest.Op{ID: "enrolment-withdraw", Path: "/activities/{id}/enrolments/withdraw", Tag: tag, Title: "Give up a place; the first of the waiting list moves up", Needs: enrol},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[Enrolling]) error {
			if in.Body.MemberID == "" {
				return h.Activity.Withdraw(ctx, a, in.ID.ID())
			}
			return h.Activity.WithdrawFor(ctx, a, in.ID.ID(), in.Body.MemberID.ID())
		})
}
