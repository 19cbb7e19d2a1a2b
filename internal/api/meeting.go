package api

import (
	"context"
	"time"

	"linli/internal/api/rest"
	"linli/internal/authz"
	"linli/internal/meeting"
)

// Meeting is one meeting.
type Meeting struct {
	ID         rest.ID   `json:"id" doc:"Identifier."`
	Kind       string    `json:"kind" doc:"Code of its kind."`
	OwnerID    rest.ID   `json:"owner_id" doc:"The organisation that holds it, or leads the body."`
	BodyID     rest.ID   `json:"body_id,omitempty" doc:"The joint body that meets."`
	Holder     string    `json:"holder" doc:"Name of the body, or of the organisation."`
	Title      string    `json:"title" doc:"Title."`
	Place      string    `json:"place,omitempty" doc:"Place."`
	StartsAt   time.Time `json:"starts_at" doc:"When it begins."`
	EndsAt     time.Time `json:"ends_at" doc:"When it ends."`
	State      string    `json:"state" enum:"planned,held,cancelled" doc:"Where it stands."`
	Reason     string    `json:"reason,omitempty" doc:"Why it was cancelled."`
	ActivityID rest.ID   `json:"activity_id,omitempty" doc:"The activity at which presence is entered."`
	Version    int64     `json:"version" doc:"Version, for a later change."`
}

// MeetingDetail is a meeting with what belongs to it.
type MeetingDetail struct {
	Meeting
	Kinds            []string            `json:"kinds" doc:"Kinds for which it counts."`
	Notice           string              `json:"notice,omitempty" doc:"Text of the notice."`
	Recipients       []MeetingRecipient  `json:"recipients" doc:"Who was notified, and what they answered."`
	Agenda           []Topic             `json:"agenda" doc:"Topics."`
	Minutes          string              `json:"minutes,omitempty" doc:"The minutes as they stand."`
	MinutesVersion   int64               `json:"minutes_version" doc:"To be given when they are saved."`
	Resolutions      []MeetingResolution `json:"resolutions" doc:"What was decided, with the tasks that follow."`
	Before           []Task              `json:"before" doc:"Tasks of earlier meetings that are not done."`
	Eligible         int64               `json:"eligible,omitempty" doc:"Members with a vote, where members vote."`
	Present          int64               `json:"present,omitempty" doc:"Of them, who signed in."`
	Quorum           bool                `json:"quorum" doc:"Half or more of them are present."`
	Committee        int64               `json:"committee,omitempty" doc:"Members of the committee on the day, where it meets."`
	CommitteePresent int64               `json:"committee_present,omitempty" doc:"Of them, who signed in; half of them are needed."`
}

// MeetingRecipient is who was notified.
type MeetingRecipient struct {
	OrganisationID rest.ID `json:"organisation_id,omitempty" doc:"An organisation with a seat."`
	MemberID       rest.ID `json:"member_id,omitempty" doc:"A member of the branch, or the representative."`
	Name           string  `json:"name" doc:"Name."`
	Answer         string  `json:"answer,omitempty" doc:"coming or away; absent without an answer."`
	Reason         string  `json:"reason,omitempty" doc:"Why not."`
	Present        bool    `json:"present" doc:"Signed in."`
}

// Topic is something that an organisation wants to be discussed.
type Topic struct {
	ID             rest.ID `json:"id" doc:"Identifier."`
	OwnerID        rest.ID `json:"owner_id" doc:"To whom it was put."`
	BodyID         rest.ID `json:"body_id,omitempty" doc:"The body to which it was put."`
	OrganisationID rest.ID `json:"organisation_id" doc:"Who raised it."`
	Title          string  `json:"title" doc:"Topic."`
	Detail         string  `json:"detail,omitempty" doc:"What it is about."`
	State          string  `json:"state" enum:"raised,agenda,decided,declined,withdrawn" doc:"Where it stands."`
	MeetingID      rest.ID `json:"meeting_id,omitempty" doc:"The meeting on whose agenda it is."`
	Answer         string  `json:"answer,omitempty" doc:"Why it was declined."`
}

// MeetingResolution is what a meeting decided.
type MeetingResolution struct {
	ID      rest.ID `json:"id" doc:"Identifier."`
	TopicID rest.ID `json:"topic_id,omitempty" doc:"The topic."`
	Text    string  `json:"text" doc:"What was decided."`
	Yes     int64   `json:"yes,omitempty" doc:"Votes in favour, where members vote."`
	Passed  bool    `json:"passed" doc:"It passed."`
	Tasks   []Task  `json:"tasks" doc:"What follows."`
}

// Task is what an organisation has to do after a resolution.
type Task struct {
	ID             rest.ID   `json:"id" doc:"Identifier."`
	MeetingID      rest.ID   `json:"meeting_id" doc:"The meeting that gave it."`
	OrganisationID rest.ID   `json:"organisation_id" doc:"Who does it."`
	Organisation   string    `json:"organisation" doc:"Its name."`
	Title          string    `json:"title" doc:"What is to be done."`
	DueOn          rest.Date `json:"due_on" doc:"By when."`
	State          string    `json:"state" enum:"open,reported,done,dropped" doc:"Where it stands."`
	Note           string    `json:"note,omitempty" doc:"The latest word on it."`
	DoneOn         rest.Date `json:"done_on,omitempty" doc:"Day on which it was done."`
}

// NewMeeting plans a meeting of an organisation or of a body.
type NewMeeting struct {
	Kind     string    `json:"kind" maxLength:"30" doc:"Code of its kind."`
	Also     []string  `json:"also,omitempty" maxItems:"5" doc:"Further kinds for which it counts; the minutes must show each."`
	OwnerID  rest.ID   `json:"owner_id,omitempty" doc:"The organisation that holds it, or"`
	BodyID   rest.ID   `json:"body_id,omitempty" doc:"the body that meets."`
	Title    string    `json:"title" minLength:"1" maxLength:"60" doc:"Title."`
	Place    string    `json:"place,omitempty" maxLength:"80" doc:"Place."`
	StartsAt time.Time `json:"starts_at" doc:"When it begins."`
	EndsAt   time.Time `json:"ends_at" doc:"When it ends."`
	Version  int64     `json:"version,omitempty" doc:"Version of the record that is changed."`
}

func (n NewMeeting) plan() meeting.Plan {
	return meeting.Plan{KindCode: n.Kind, Also: n.Also, Holder: meeting.Holder{OwnerID: n.OwnerID.ID(), BodyID: n.BodyID.ID()}, Title: n.Title, Place: n.Place, StartsAt: n.StartsAt, EndsAt: n.EndsAt, Version: n.Version}
}

// MeetingYear plans what is owed in the rest of a year.
type MeetingYear struct {
	OwnerID rest.ID  `json:"owner_id,omitempty" doc:"The organisation, or"`
	BodyID  rest.ID  `json:"body_id,omitempty" doc:"the body."`
	Year    int      `json:"year" minimum:"2000" maximum:"2100" doc:"This year or the next."`
	Kinds   []string `json:"kinds,omitempty" maxItems:"50" doc:"Codes of kinds; all that are owed if absent."`
	Day     int      `json:"day" minimum:"1" maximum:"28" doc:"Day of the last month of each period; a day off moves it on."`
	Hour    int      `json:"hour" minimum:"0" maximum:"22" doc:"Hour at which they begin."`
	Place   string   `json:"place,omitempty" maxLength:"80" doc:"Place."`
}

// Planned says how many meetings were planned.
type Planned struct {
	Meetings int `json:"meetings" doc:"How many."`
}

// MeetingNotice is what a notice says besides time, place and agenda.
type MeetingNotice struct {
	Text string `json:"text,omitempty" maxLength:"2000" doc:"Text."`
}

// Notified says how many were notified.
type Notified struct {
	Reached int `json:"reached" doc:"How many."`
}

// MeetingReply answers a notice.
type MeetingReply struct {
	OrganisationID rest.ID `json:"organisation_id,omitempty" doc:"For which organisation; absent for oneself."`
	Answer         string  `json:"answer" enum:"coming,away" doc:"The answer."`
	Reason         string  `json:"reason,omitempty" maxLength:"200" doc:"Why not."`
}

// MinutesText is a text of minutes to be saved.
type MinutesText struct {
	Version int64  `json:"version" minimum:"0" doc:"minutes_version as the writer saw it."`
	Text    string `json:"text" minLength:"1" maxLength:"30000" doc:"Text."`
}

// MinutesSaved says what came of saving.
type MinutesSaved struct {
	Version int64  `json:"version" doc:"To be given with the next saving."`
	Clash   bool   `json:"clash" doc:"Somebody else saved meanwhile: their text stands, this one was kept beside it."`
	Theirs  string `json:"theirs,omitempty" doc:"The text that stands."`
}

// NewMeetingResolution is what is put down as decided.
type NewMeetingResolution struct {
	TopicID rest.ID         `json:"topic_id,omitempty" doc:"The topic."`
	Text    string          `json:"text" minLength:"1" maxLength:"500" doc:"What was decided."`
	Yes     int64           `json:"yes,omitempty" minimum:"0" doc:"Votes in favour, where members vote."`
	Task    *NewMeetingTask `json:"task,omitempty" doc:"What follows."`
}

// NewMeetingTask gives something to an organisation.
type NewMeetingTask struct {
	OrganisationID rest.ID   `json:"organisation_id" doc:"Who does it."`
	Title          string    `json:"title" minLength:"1" maxLength:"100" doc:"What is to be done."`
	DueOn          rest.Date `json:"due_on" doc:"By when."`
}

// NewTopic raises a topic.
type NewTopic struct {
	OwnerID        rest.ID `json:"owner_id,omitempty" doc:"To an organisation, or"`
	BodyID         rest.ID `json:"body_id,omitempty" doc:"to a body."`
	OrganisationID rest.ID `json:"organisation_id" doc:"Who raises it."`
	Title          string  `json:"title" minLength:"1" maxLength:"100" doc:"Topic."`
	Detail         string  `json:"detail,omitempty" maxLength:"2000" doc:"What it is about."`
}

// TopicMeeting puts a topic on an agenda.
type TopicMeeting struct {
	MeetingID rest.ID `json:"meeting_id,omitempty" doc:"The meeting; absent to take it off."`
}

// TaskReport says how a task goes.
type TaskReport struct {
	Note string `json:"note" minLength:"1" maxLength:"500" doc:"How it goes; when done, the result and what shows it."`
	Done bool   `json:"done,omitempty" doc:"It is done."`
}

// TaskSettlement is the word of who leads the meeting.
type TaskSettlement struct {
	State string `json:"state" enum:"done,open,dropped" doc:"Accept, send back, or drop."`
	Note  string `json:"note,omitempty" maxLength:"500" doc:"Why; needed but for acceptance."`
}

// DueMeetings is what an organisation or body owes.
type DueMeetings struct {
	OwnerID rest.ID      `json:"owner_id" doc:"The organisation, or who leads the body."`
	BodyID  rest.ID      `json:"body_id,omitempty" doc:"The body."`
	Name    string       `json:"name" doc:"Its name."`
	Overdue []DueMeeting `json:"overdue" doc:"Owed in a period that is over."`
	Due     []DueMeeting `json:"due" doc:"Owed in a period that runs, nothing planned."`
	Planned int          `json:"planned" doc:"Owed and planned."`
	Held    int64        `json:"held" doc:"Held, in the periods counted."`
}

// DueMeeting is one duty.
type DueMeeting struct {
	Kind  string    `json:"kind" doc:"Code of the kind of meeting."`
	Start rest.Date `json:"start" doc:"First day of the period."`
	Ends  rest.Date `json:"ends" doc:"Last day of the period."`
}

type meetingQuery struct {
	rest.Paging
	Q     string    `query:"q" maxLength:"60" doc:"Part of the title."`
	Kind  string    `query:"kind" maxLength:"30" doc:"That count for this kind."`
	State string    `query:"state" maxLength:"10" doc:"In this state."`
	Owner rest.ID   `query:"owner" doc:"Held by this organisation, or led by it."`
	Joint rest.ID   `query:"body" doc:"Of this body."`
	From  rest.Date `query:"from" doc:"From this day."`
	To    rest.Date `query:"to" doc:"To this day."`
}

type dueQuery struct {
	rest.Paging
	Q    string `query:"q" maxLength:"60" doc:"Part of the name."`
	Kind string `query:"kind" maxLength:"30" doc:"Of this kind of meeting."`
}

type topicQuery struct {
	rest.Paging
	State        string  `query:"state" maxLength:"10" doc:"In this state."`
	Joint        rest.ID `query:"body" doc:"Put to this body."`
	Organisation rest.ID `query:"organisation" doc:"Raised by this organisation."`
}

type taskQuery struct {
	rest.Paging
	State        string  `query:"state" maxLength:"10" doc:"In this state."`
	Late         bool    `query:"late" doc:"Not done, the day past."`
	Joint        rest.ID `query:"body" doc:"Given by meetings of this body."`
	Organisation rest.ID `query:"organisation" doc:"Of this organisation."`
}

func (h *handlers) meetings(k *rest.Kit) {
	const tag = "meetings"
	see, plan, raise := perms(meeting.PermSee, meeting.PermPlan), perms(meeting.PermPlan), perms(meeting.PermRaise)
	look := perms(meeting.PermSee, meeting.PermPlan, meeting.PermRaise)
	rest.Get(k, rest.Op{ID: "meeting-list", Path: "/meetings", Tag: tag, Title: "Meetings, the latest first", Needs: see},
		func(ctx context.Context, a authz.Actor, in *meetingQuery) (rest.Page[Meeting], error) {
			f := meeting.Filter{Text: in.Q, KindCode: in.Kind, State: meeting.State(in.State), Holder: meeting.Holder{OwnerID: in.Owner.ID(), BodyID: in.Joint.ID()}, From: in.From.Date(), To: in.To.Date(), Page: in.Page()}
			l, err := h.Meeting.List(ctx, a, f)
			return rest.PageOf(l, func(m meeting.Item) Meeting { return meetingOf(m.Meeting) }), err
		})
	rest.Post(k, rest.Op{ID: "meeting-create", Path: "/meetings", Tag: tag, Title: "Plan a meeting", Needs: plan},
		func(ctx context.Context, a authz.Actor, in *rest.In[NewMeeting]) (rest.Ref, error) {
			i, err := h.Meeting.Create(ctx, a, in.Body.plan())
			return rest.Ref{ID: rest.IDOf(i)}, err
		})
	rest.Post(k, rest.Op{ID: "meeting-year", Path: "/meetings/year", Tag: tag, Title: "Plan what is owed in the rest of a year in one step", Needs: plan},
		func(ctx context.Context, a authz.Actor, in *rest.In[MeetingYear]) (Planned, error) {
			b := in.Body
			n, err := h.Meeting.PlanYear(ctx, a, meeting.YearPlan{Holder: meeting.Holder{OwnerID: b.OwnerID.ID(), BodyID: b.BodyID.ID()}, Year: b.Year, Kinds: b.Kinds, Day: b.Day, Hour: b.Hour, Place: b.Place})
			return Planned{Meetings: n}, err
		})
	rest.Get(k, rest.Op{ID: "meeting-due", Path: "/meetings/due", Tag: tag, Title: "What is due and overdue, by organisation and body", Needs: see},
		func(ctx context.Context, a authz.Actor, in *dueQuery) (rest.Page[DueMeetings], error) {
			l, err := h.Meeting.Due(ctx, a, meeting.DueFilter{Text: in.Q, KindCode: in.Kind, Page: in.Page()})
			return rest.PageOf(l, dueOf), err
		})
	rest.Get(k, rest.Op{ID: "meeting-get", Path: "/meetings/{id}", Tag: tag, Title: "A meeting with notice, agenda, minutes and resolutions", Needs: look},
		func(ctx context.Context, a authz.Actor, in *rest.Path) (MeetingDetail, error) {
			d, err := h.Meeting.Get(ctx, a, in.ID.ID())
			return meetingDetailOf(d), err
		})
	rest.Act(k, rest.Op{ID: "meeting-change", Path: "/meetings/{id}/change", Tag: tag, Title: "Change a meeting that is planned; the sign-in moves along", Needs: plan},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[NewMeeting]) error {
			return h.Meeting.Edit(ctx, a, in.ID.ID(), in.Body.plan())
		})
	rest.Act(k, rest.Op{ID: "meeting-cancel", Path: "/meetings/{id}/cancel", Tag: tag, Title: "Cancel a meeting", Needs: plan},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[WithReason]) error {
			return h.Meeting.Cancel(ctx, a, in.ID.ID(), in.Body.Reason)
		})
	rest.Post(k, rest.Op{ID: "meeting-notify", Path: "/meetings/{id}/notify", Tag: tag, Title: "Send the notice", Needs: plan},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[MeetingNotice]) (Notified, error) {
			n, err := h.Meeting.Notify(ctx, a, in.ID.ID(), in.Body.Text)
			return Notified{Reached: n}, err
		})
	rest.Act(k, rest.Op{ID: "meeting-reply", Path: "/meetings/{id}/reply", Tag: tag, Title: "Answer a notice", Needs: perms(meeting.PermRaise, meeting.PermOwn)},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[MeetingReply]) error {
			return h.Meeting.Reply(ctx, a, in.ID.ID(), in.Body.OrganisationID.ID(), meeting.Answer(in.Body.Answer), in.Body.Reason)
		})
	rest.Post(k, rest.Op{ID: "meeting-sign-in", Path: "/meetings/{id}/sign-in", Tag: tag, Title: "Open the sign-in; gives the activity at which presence is entered", Needs: plan},
		func(ctx context.Context, a authz.Actor, in *rest.Path) (rest.Ref, error) {
			i, err := h.Meeting.OpenSignIn(ctx, a, in.ID.ID())
			return rest.Ref{ID: rest.IDOf(i)}, err
		})
	rest.Post(k, rest.Op{ID: "meeting-minutes", Path: "/meetings/{id}/minutes", Tag: tag, Title: "Save the minutes; every revision stays", Needs: plan},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[MinutesText]) (MinutesSaved, error) {
			s, err := h.Meeting.SaveMinutes(ctx, a, in.ID.ID(), in.Body.Version, in.Body.Text, false)
			return MinutesSaved{Version: s.Version, Clash: s.Clash, Theirs: s.Theirs}, err
		})
	rest.Post(k, rest.Op{ID: "meeting-decide", Path: "/meetings/{id}/resolutions", Tag: tag, Title: "Put a resolution down, with the task that follows", Needs: plan},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[NewMeetingResolution]) (rest.Ref, error) {
			r := meeting.NewResolution{TopicID: in.Body.TopicID.ID(), Text: in.Body.Text, Yes: in.Body.Yes}
			if t := in.Body.Task; t != nil {
				r.Task = &meeting.NewTask{OrganisationID: t.OrganisationID.ID(), Title: t.Title, DueOn: t.DueOn.Date()}
			}
			i, err := h.Meeting.Decide(ctx, a, in.ID.ID(), r)
			return rest.Ref{ID: rest.IDOf(i)}, err
		})
	rest.Act(k, rest.Op{ID: "meeting-close", Path: "/meetings/{id}/close", Tag: tag, Title: "Say that a meeting was held", Needs: plan},
		func(ctx context.Context, a authz.Actor, in *rest.Path) error {
			return h.Meeting.Close(ctx, a, in.ID.ID())
		})
	rest.Get(k, rest.Op{ID: "topic-list", Path: "/topics", Tag: tag, Title: "Topics, the latest first", Needs: look},
		func(ctx context.Context, a authz.Actor, in *topicQuery) (rest.Page[Topic], error) {
			l, err := h.Meeting.Topics(ctx, a, meeting.TopicFilter{State: meeting.TopicState(in.State), Holder: meeting.Holder{BodyID: in.Joint.ID()}, Organisation: in.Organisation.ID(), Page: in.Page()})
			return rest.PageOf(l, topicOf), err
		})
	rest.Post(k, rest.Op{ID: "topic-raise", Path: "/topics", Tag: tag, Title: "Raise a topic", Needs: raise},
		func(ctx context.Context, a authz.Actor, in *rest.In[NewTopic]) (rest.Ref, error) {
			b := in.Body
			i, err := h.Meeting.Raise(ctx, a, meeting.NewTopic{Holder: meeting.Holder{OwnerID: b.OwnerID.ID(), BodyID: b.BodyID.ID()}, OrganisationID: b.OrganisationID.ID(), Title: b.Title, Detail: b.Detail})
			return rest.Ref{ID: rest.IDOf(i)}, err
		})
	rest.Act(k, rest.Op{ID: "topic-schedule", Path: "/topics/{id}/schedule", Tag: tag, Title: "Put a topic on an agenda, or take it off", Needs: plan},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[TopicMeeting]) error {
			return h.Meeting.PutOnAgenda(ctx, a, in.ID.ID(), in.Body.MeetingID.ID())
		})
	rest.Act(k, rest.Op{ID: "topic-decline", Path: "/topics/{id}/decline", Tag: tag, Title: "Decline a topic, with the reason", Needs: plan},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[WithReason]) error {
			return h.Meeting.Decline(ctx, a, in.ID.ID(), in.Body.Reason)
		})
	rest.Act(k, rest.Op{ID: "topic-withdraw", Path: "/topics/{id}/withdraw", Tag: tag, Title: "Take a topic of one's own back", Needs: raise},
		func(ctx context.Context, a authz.Actor, in *rest.Path) error {
			return h.Meeting.Withdraw(ctx, a, in.ID.ID())
		})
	rest.Get(k, rest.Op{ID: "task-list", Path: "/tasks", Tag: tag, Title: "Tasks from resolutions, by their day", Needs: look},
		func(ctx context.Context, a authz.Actor, in *taskQuery) (rest.Page[Task], error) {
			l, err := h.Meeting.Tasks(ctx, a, meeting.TaskFilter{State: meeting.TaskState(in.State), Late: in.Late, Holder: meeting.Holder{BodyID: in.Joint.ID()}, Organisation: in.Organisation.ID(), Page: in.Page()})
			return rest.PageOf(l, taskOf), err
		})
	rest.Act(k, rest.Op{ID: "task-report", Path: "/tasks/{id}/report", Tag: tag, Title: "Say how a task goes, or that it is done", Needs: raise},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[TaskReport]) error {
			return h.Meeting.Report(ctx, a, in.ID.ID(), in.Body.Note, in.Body.Done)
		})
	rest.Act(k, rest.Op{ID: "task-settle", Path: "/tasks/{id}/settle", Tag: tag, Title: "Accept a task as done, send it back, or drop it", Needs: plan},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[TaskSettlement]) error {
			return h.Meeting.Settle(ctx, a, in.ID.ID(), meeting.TaskState(in.Body.State), in.Body.Note)
		})
}

func meetingOf(m meeting.Meeting) Meeting {
	return Meeting{ID: rest.IDOf(m.ID), Kind: m.KindCode, OwnerID: rest.IDOf(m.OwnerID), BodyID: rest.IDOf(m.BodyID), Holder: m.HolderName(), Title: m.Title, Place: m.Place, StartsAt: m.StartsAt.UTC(), EndsAt: m.EndsAt.UTC(),
		State: string(m.State), Reason: m.Reason, ActivityID: rest.IDOf(m.ActivityID), Version: m.Version}
}

func topicOf(t meeting.Topic) Topic {
	return Topic{ID: rest.IDOf(t.ID), OwnerID: rest.IDOf(t.OwnerID), BodyID: rest.IDOf(t.BodyID), OrganisationID: rest.IDOf(t.OrganisationID), Title: t.Title, Detail: t.Detail, State: string(t.State), MeetingID: rest.IDOf(t.MeetingID), Answer: t.Answer}
}

func taskOf(t meeting.Task) Task {
	return Task{ID: rest.IDOf(t.ID), MeetingID: rest.IDOf(t.MeetingID), OrganisationID: rest.IDOf(t.OrganisationID), Organisation: t.Organisation, Title: t.Title, DueOn: rest.DateOf(t.DueOn), State: string(t.State), Note: t.Note, DoneOn: rest.DateOf(t.DoneOn)}
}

func dueOf(d meeting.DueOf) DueMeetings {
	cells := func(list []meeting.Cell) []DueMeeting {
		out := make([]DueMeeting, len(list))
		for i, c := range list {
			out[i] = DueMeeting{Kind: c.KindCode, Start: rest.DateOf(c.Start), Ends: rest.DateOf(c.Ends)}
		}
		return out
	}
	return DueMeetings{OwnerID: rest.IDOf(d.OwnerID), BodyID: rest.IDOf(d.BodyID), Name: d.Name, Overdue: cells(d.Overdue), Due: cells(d.Wanted), Planned: len(d.Fixed), Held: d.Done}
}

func meetingDetailOf(d meeting.Detail) MeetingDetail {
	out := MeetingDetail{Meeting: meetingOf(d.Meeting), Kinds: []string{}, Notice: d.Notice, Recipients: []MeetingRecipient{}, Agenda: []Topic{}, Minutes: d.Minutes, MinutesVersion: d.MinutesVersion, Resolutions: []MeetingResolution{}, Before: []Task{},
		Eligible: d.Quorum.Eligible, Present: d.Quorum.Present, Quorum: d.Votes && d.Quorum.There(), Committee: d.Committee.Eligible, CommitteePresent: d.Committee.Present}
	for _, k := range d.Kinds {
		out.Kinds = append(out.Kinds, k.Code)
	}
	for _, r := range d.Recipients {
		out.Recipients = append(out.Recipients, MeetingRecipient{OrganisationID: rest.IDOf(r.OrganisationID), MemberID: rest.IDOf(r.MemberID), Name: r.Name, Answer: string(r.Answer), Reason: r.Reason, Present: r.Present})
	}
	for _, t := range d.Agenda {
		out.Agenda = append(out.Agenda, topicOf(t))
	}
	for _, r := range d.Resolutions {
		x := MeetingResolution{ID: rest.IDOf(r.ID), TopicID: rest.IDOf(r.TopicID), Text: r.Text, Yes: r.Yes, Passed: r.Passed, Tasks: []Task{}}
		for _, t := range r.Tasks {
			x.Tasks = append(x.Tasks, taskOf(t))
		}
		out.Resolutions = append(out.Resolutions, x)
	}
	for _, t := range d.Before {
		out.Before = append(out.Before, taskOf(t))
	}
	return out
}
