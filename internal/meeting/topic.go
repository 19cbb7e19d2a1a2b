package meeting

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
	"linli/internal/reference"
)

// TopicState is where a topic stands.
type TopicState string

// The states of a topic.
const (
	Raised    TopicState = "raised"
	OnAgenda  TopicState = "agenda"
	Decided   TopicState = "decided"
	Declined  TopicState = "declined"
	Withdrawn TopicState = "withdrawn"
)

// Text names the state.
func (s TopicState) Text() i18n.Text {
	return map[TopicState]i18n.Text{Raised: i18n.TopicRaised, OnAgenda: i18n.TopicOnAgenda, Decided: i18n.TopicDecided, Declined: i18n.TopicDeclined, Withdrawn: i18n.TopicWithdrawn}[s]
}

// Topic is something that an organisation wants to be discussed.
type Topic struct {
	ID id.ID
	Holder
	HolderName     string
	OrganisationID id.ID
	Organisation   string
	Title          string
	Detail         string
	State          TopicState
	MeetingID      id.ID
	MeetingTitle   string
	Answer         string // why it was declined
	By             string
	At             time.Time
}

// NewTopic is what an organisation raises: to a body in which it sits, or to an organisation above it, or to itself.
type NewTopic struct {
	Holder
	OrganisationID id.ID
	Title          string
	Detail         string
}

// Raise raises a topic for an organisation in scope (PermRaise).
func (s *Service) Raise(ctx context.Context, actor authz.Actor, in NewTopic) (made id.ID, err error) {
	return made, s.db.WithTx(ctx, func(tx *db.Tx) error {
		made, err = s.RaiseTx(ctx, tx, actor, in)
		return err
	})
}

// RaiseTx is Raise within another use case: something that no office could do alone.
func (s *Service) RaiseTx(ctx context.Context, tx *db.Tx, actor authz.Actor, in NewTopic) (id.ID, error) {
	e := words(nil, "title", &in.Title, 100, true)
	e = paragraph(e, "detail", &in.Detail, 2000, false)
	if in.OrganisationID == 0 {
		e = e.With("organisation", i18n.ErrRequired)
	}
	if e != nil {
		return 0, e
	}
	if err := actor.Scope(PermRaise).Require(in.OrganisationID); err != nil {
		return 0, err
	}
	t := Topic{ID: id.New(), Holder: in.Holder, OrganisationID: in.OrganisationID, Title: in.Title, Detail: in.Detail, State: Raised}
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, in.OrganisationID, in.OwnerID); err != nil {
		return 0, err
	}
	if in.BodyID != 0 {
		leader, err := leaderOf(ctx, tx, actor.Tenant, in.BodyID)
		if err != nil {
			return 0, err
		}
		t.OwnerID = leader
	}
	if may, err := mayRaise(ctx, tx, actor.Tenant, t); err != nil {
		return 0, err
	} else if !may {
		return 0, errs.New(errs.Forbidden, i18n.TopicNoSeat)
	}
	if err := insertTopic(ctx, tx, actor, t); err != nil {
		return 0, err
	}
	return t.ID, recordTopic(ctx, tx, actor, PermRaise, "raise", t)
}

func recordTopic(ctx context.Context, tx *db.Tx, actor authz.Actor, perm authz.Permission, act string, t Topic) error {
	return audit.Record(ctx, tx, actor, audit.Entry{Action: "topic." + act, Permission: perm, SubjectKind: "meeting_topic", SubjectID: t.ID, OrgID: t.OwnerID,
		Detail: map[string]any{"title": t.Title, "organisation": t.OrganisationID, "meeting": t.MeetingID}})
}

// moveTopic finds a topic, lets do change it and saves it.
func (s *Service) moveTopic(ctx context.Context, actor authz.Actor, perm authz.Permission, topic id.ID, act string, do func(tx *db.Tx, t *Topic) error) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		t, err := findTopic(ctx, tx, actor.Scope(perm), perm == PermRaise, topic)
		if err != nil {
			return err
		}
		if err := do(tx, &t); err != nil {
			return err
		}
		if err := saveTopic(ctx, tx, actor.Tenant, t); err != nil {
			return err
		}
		return recordTopic(ctx, tx, actor, perm, act, t)
	})
}

// PutOnAgenda puts a topic on the agenda of a meeting of the same holder that is not over (PermPlan); with meeting 0 it waits again.
func (s *Service) PutOnAgenda(ctx context.Context, actor authz.Actor, topic, meeting id.ID) error {
	return s.moveTopic(ctx, actor, PermPlan, topic, "schedule", func(tx *db.Tx, t *Topic) error {
		if t.State != Raised && t.State != OnAgenda {
			return errs.New(errs.Conflict, i18n.TopicOver)
		}
		if meeting == 0 {
			t.State, t.MeetingID = Raised, 0
			return nil
		}
		m, err := findPlanned(ctx, tx, actor.Scope(PermPlan), meeting)
		if err != nil {
			return err
		}
		if m.Holder != t.Holder {
			return errs.New(errs.Conflict, i18n.TopicElsewhere)
		}
		if err := m.open(); err != nil {
			return err
		}
		t.State, t.MeetingID = OnAgenda, m.ID
		return nil
	})
}

// Decline says that a topic will not be discussed, and why (PermPlan); whoever raised it sees the answer.
func (s *Service) Decline(ctx context.Context, actor authz.Actor, topic id.ID, answer string) error {
	if e := words(nil, "reason", &answer, 200, true); e != nil {
		return e
	}
	return s.moveTopic(ctx, actor, PermPlan, topic, "decline", func(_ *db.Tx, t *Topic) error {
		if t.State != Raised && t.State != OnAgenda {
			return errs.New(errs.Conflict, i18n.TopicOver)
		}
		t.State, t.MeetingID, t.Answer = Declined, 0, answer
		return nil
	})
}

// Withdraw takes back a topic of an organisation in scope that is not decided yet (PermRaise).
func (s *Service) Withdraw(ctx context.Context, actor authz.Actor, topic id.ID) error {
	return s.moveTopic(ctx, actor, PermRaise, topic, "withdraw", func(_ *db.Tx, t *Topic) error {
		if t.State != Raised && t.State != OnAgenda {
			return errs.New(errs.Conflict, i18n.TopicOver)
		}
		t.State, t.MeetingID = Withdrawn, 0
		return nil
	})
}

// WithdrawTx is Withdraw within another use case. A topic that was declined or withdrawn already stays as it is; what was decided cannot be taken back.
func (s *Service) WithdrawTx(ctx context.Context, tx *db.Tx, actor authz.Actor, topic id.ID) error {
	t, err := findTopic(ctx, tx, actor.Scope(PermRaise), true, topic)
	if err != nil {
		return err
	}
	switch t.State {
	case Declined, Withdrawn:
		return nil
	case Raised, OnAgenda:
	default:
		return errs.New(errs.Conflict, i18n.TopicOver)
	}
	t.State, t.MeetingID = Withdrawn, 0
	if err := saveTopic(ctx, tx, actor.Tenant, t); err != nil {
		return err
	}
	return recordTopic(ctx, tx, actor, PermRaise, "withdraw", t)
}

// Conference gives the joint conference of an organisation: the one that it leads, otherwise one in which it has a seat; 0 where there is none.
func (s *Service) Conference(ctx context.Context, q db.Querier, tenant int64, organisation id.ID) (id.ID, error) {
	list, err := db.Column[id.ID](ctx, q, `SELECT b.id FROM body b WHERE b.tenant_id = $1 AND b.kind = 'joint_conference' AND b.ended_on = '' AND (b.leader_id = $2 OR EXISTS
		(SELECT 1 FROM body_seat x WHERE x.tenant_id = b.tenant_id AND x.body_id = b.id AND x.organisation_id = $2 AND x.valid_to = ''))
		ORDER BY CASE WHEN b.leader_id = $2 THEN 0 ELSE 1 END, b.id LIMIT 1`, tenant, organisation)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	return list[0], nil
}

// Resolution is what a meeting decided.
type Resolution struct {
	ID       id.ID
	TopicID  id.ID
	Topic    string
	Text     string
	Eligible int64
	Present  int64
	Yes      int64
	Passed   bool
	By       string
	At       time.Time
	Tasks    []Task
}

// NewTask gives something to an organisation.
type NewTask struct {
	OrganisationID id.ID
	Title          string
	DueOn          calendar.Date
}

func (t *NewTask) check(e *errs.Error) *errs.Error {
	e = words(e, "task", &t.Title, 100, true)
	if t.OrganisationID == 0 {
		e = e.With("task_organisation", i18n.ErrRequired)
	}
	if t.DueOn.IsZero() {
		e = e.With("due_on", i18n.ErrRequired)
	}
	return e
}

// NewResolution is what is put down as decided.
type NewResolution struct {
	TopicID id.ID // of the agenda; 0 for none
	Text    string
	Yes     int64    // votes in favour, where members vote
	Task    *NewTask // what follows from it
}

// Decide puts a resolution down (PermPlan), with a task if one follows. In a meeting where members vote it needs the quorum, and passes with more
// than half of all who should attend (PARTY-30); a meeting of the committee needs half of it (PARTY-21). One that does not pass is kept as such and gives nothing to do.
func (s *Service) Decide(ctx context.Context, actor authz.Actor, meeting id.ID, in NewResolution) (made id.ID, err error) {
	e := paragraph(nil, "text", &in.Text, 500, true)
	if in.Yes < 0 {
		e = e.With("yes", i18n.ErrBadNumber)
	}
	if in.Task != nil {
		e = in.Task.check(e)
	}
	if e != nil {
		return 0, e
	}
	err = s.change(ctx, actor, meeting, 0, "decide", func(tx *db.Tx, m *Meeting) (map[string]any, error) {
		if err := m.begun(tx.Now()); err != nil {
			return nil, err
		}
		r := Resolution{ID: id.New(), TopicID: in.TopicID, Text: in.Text, Passed: true}
		q, err := s.mayDecide(ctx, tx, actor.Tenant, *m)
		if err != nil {
			return nil, err
		}
		if m.Votes {
			if in.Yes > q.Present {
				return nil, errs.Field("yes", i18n.MeetingTooManyVotes, in.Yes, q.Present)
			}
			r.Eligible, r.Present, r.Yes, r.Passed = q.Eligible, q.Present, in.Yes, q.Passes(in.Yes)
		}
		if in.TopicID != 0 {
			t, err := findTopic(ctx, tx, actor.Scope(PermPlan), false, in.TopicID)
			if err != nil {
				return nil, err
			}
			if t.MeetingID != m.ID {
				return nil, errs.Field("topic", i18n.TopicElsewhere)
			}
			t.State = Decided
			if err := saveTopic(ctx, tx, actor.Tenant, t); err != nil {
				return nil, err
			}
		}
		if err := insertResolution(ctx, tx, actor, m.ID, r); err != nil {
			return nil, err
		}
		made = r.ID
		detail := map[string]any{"passed": r.Passed, "topic": in.TopicID}
		if in.Task == nil || !r.Passed {
			return detail, nil
		}
		return detail, s.assign(ctx, tx, actor, *m, r.ID, *in.Task)
	})
	return made, err
}

// Assign gives a further task that follows from a resolution (PermPlan).
func (s *Service) Assign(ctx context.Context, actor authz.Actor, meeting, resolution id.ID, in NewTask) error {
	if e := in.check(nil); e != nil {
		return e
	}
	return s.change(ctx, actor, meeting, 0, "assign", func(tx *db.Tx, m *Meeting) (map[string]any, error) {
		passed, err := resolutionOf(ctx, tx, actor.Tenant, m.ID, resolution)
		if err != nil {
			return nil, err
		}
		if !passed {
			return nil, errs.New(errs.Conflict, i18n.MeetingNotPassed)
		}
		return map[string]any{"organisation": in.OrganisationID}, s.assign(ctx, tx, actor, *m, resolution, in)
	})
}

func (s *Service) assign(ctx context.Context, tx *db.Tx, actor authz.Actor, m Meeting, resolution id.ID, in NewTask) error {
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, in.OrganisationID); err != nil {
		return err
	}
	if may, err := mayTake(ctx, tx, actor.Tenant, m, in.OrganisationID); err != nil {
		return err
	} else if !may {
		return errs.Field("task_organisation", i18n.TaskNotTheirs)
	}
	if in.DueOn.Before(m.Day()) {
		return errs.Field("due_on", i18n.TaskDuePast)
	}
	return insertTask(ctx, tx, actor, m, resolution, Task{ID: id.New(), OrganisationID: in.OrganisationID, Title: in.Title, DueOn: in.DueOn, State: Open})
}

// TaskState is where a task stands.
type TaskState string

// The states of a task.
const (
	Open     TaskState = "open"
	Reported TaskState = "reported" // its organisation says that it is done, with proof
	Finished TaskState = "done"     // accepted by who leads the meeting
	Dropped  TaskState = "dropped"
)

// TaskStates lists the states.
func TaskStates() []TaskState { return []TaskState{Open, Reported, Finished, Dropped} }

// Text names the state.
func (s TaskState) Text() i18n.Text {
	return map[TaskState]i18n.Text{Open: i18n.TaskOpen, Reported: i18n.TaskReported, Finished: i18n.TaskDone, Dropped: i18n.TaskDropped}[s]
}

// Task is what an organisation has to do.
type Task struct {
	ID           id.ID
	MeetingID    id.ID
	MeetingTitle string
	Holder
	HolderName     string
	OrganisationID id.ID
	Organisation   string
	Title          string
	DueOn          calendar.Date
	State          TaskState
	Note           string // the latest word on it
	DoneOn         calendar.Date
	Version        int64
}

// Late says whether a task is not done although its day is past.
func (t Task) Late(today calendar.Date) bool {
	return (t.State == Open || t.State == Reported) && t.DueOn.Before(today)
}

// Progress is one word on a task.
type Progress struct {
	State TaskState
	Note  string
	By    string
	At    time.Time
}

func (s *Service) moveTask(ctx context.Context, actor authz.Actor, perm authz.Permission, task id.ID, act, note string, do func(t *Task, today calendar.Date) error) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		t, err := findTask(ctx, tx, actor.Scope(perm), perm == PermRaise, task)
		if err != nil {
			return err
		}
		if err := do(&t, calendar.DateOf(tx.Now())); err != nil {
			return err
		}
		t.Note = note
		if err := saveTask(ctx, tx, actor, t); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "task." + act, Permission: perm, SubjectKind: "meeting_task", SubjectID: t.ID, OrgID: t.OrganisationID,
			Detail: map[string]any{"title": t.Title, "state": t.State}})
	})
}

// Report says how a task of an organisation in scope goes (PermRaise); with done, that it is done and what shows it.
func (s *Service) Report(ctx context.Context, actor authz.Actor, task id.ID, note string, done bool) error {
	if e := paragraph(nil, "note", &note, 500, true); e != nil {
		return e
	}
	return s.moveTask(ctx, actor, PermRaise, task, "report", note, func(t *Task, _ calendar.Date) error {
		if t.State != Open && t.State != Reported {
			return errs.New(errs.Conflict, i18n.TaskOver)
		}
		t.State = Open
		if done {
			t.State = Reported
		}
		return nil
	})
}

// Settle is the word of who leads the meeting on a task (PermPlan): Finished accepts it, Open sends it back, Dropped gives it up; a task that is
// over can be opened again. It needs a note but for acceptance.
func (s *Service) Settle(ctx context.Context, actor authz.Actor, task id.ID, to TaskState, note string) error {
	e := paragraph(nil, "note", &note, 500, to != Finished)
	if to != Finished && to != Open && to != Dropped {
		e = e.With("to", i18n.ErrBadChoice)
	}
	if e != nil {
		return e
	}
	return s.moveTask(ctx, actor, PermPlan, task, "settle", note, func(t *Task, today calendar.Date) error {
		t.State, t.DoneOn = to, calendar.Date{}
		if to == Finished {
			t.DoneOn = today
		}
		return nil
	})
}
