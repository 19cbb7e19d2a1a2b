package appraisal

import (
	"strings"
	"unicode/utf8"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// The permissions of this package.
const (
	PermSee  authz.Permission = "appraisal.see"
	PermOpen authz.Permission = "appraisal.open"
	PermKeep authz.Permission = "appraisal.keep"
	PermOwn  authz.Permission = "appraisal.take_part.own"
)

// Step is where a round stands (PARTY-40).
type Step string

// The steps, in their order.
const (
	Self    Step = "self"
	Mutual  Step = "mutual"
	Voting  Step = "ballot"
	Opinion Step = "opinion"
	Told    Step = "told"
	Closed  Step = "closed"
)

// Steps lists the steps in their order.
func Steps() []Step { return []Step{Self, Mutual, Voting, Opinion, Told, Closed} }

// Text names the step.
func (s Step) Text() i18n.Text {
	return map[Step]i18n.Text{Self: i18n.AppraisalSelf, Mutual: i18n.AppraisalMutual, Voting: i18n.AppraisalVoting, Opinion: i18n.AppraisalOpinion,
		Told: i18n.AppraisalTold, Closed: i18n.AppraisalClosed}[s]
}

// number is the place of the step in the order, from 0; -1 for none.
func (s Step) number() int {
	for i, x := range Steps() {
		if x == s {
			return i
		}
	}
	return -1
}

// Past says whether the step is behind a round that stands at at.
func (s Step) Past(at Step) bool { return s.number() < at.number() }

// Next is the step that follows; Closed is followed by none.
func (s Step) Next() Step {
	if n := s.number(); n >= 0 && n+1 < len(Steps()) {
		return Steps()[n+1]
	}
	return ""
}

// Grade is what a member is graded (PARTY-41), a closed list.
type Grade string

// The grades.
const (
	Excellent   Grade = "excellent"
	Qualified   Grade = "qualified"
	Basic       Grade = "basic"
	Unqualified Grade = "unqualified"
)

// Grades lists the grades.
func Grades() []Grade { return []Grade{Excellent, Qualified, Basic, Unqualified} }

// Text names the grade.
func (g Grade) Text() i18n.Text {
	return map[Grade]i18n.Text{Excellent: i18n.AppraisalExcellent, Qualified: i18n.AppraisalQualified, Basic: i18n.AppraisalBasic, Unqualified: i18n.AppraisalUnqualified}[g]
}

// Abstain is the choice of a ballot that says nothing about a member.
const Abstain Grade = "abstain"

// Choices are what a ballot can say about a member.
func Choices() []Grade { return append(Grades(), Abstain) }

// ChoiceText names a choice.
func (g Grade) ChoiceText() i18n.Text {
	if g == Abstain {
		return i18n.AppraisalAbstain
	}
	return g.Text()
}

// TooManyExcellent says whether more than a third of so many graded members are excellent (PARTY-42).
func TooManyExcellent(excellent, members int64) bool { return 3*excellent > members }

// StudyHours and LeaderHours are the hours of concentrated study of a year (PARTY-46, PARTY-47).
const (
	StudyHours  = 32
	LeaderHours = 56
)

// Hidden is how many ballots there must be for their split to be shown.
const Hidden = 3

// Round is the appraisal of one branch in one year.
type Round struct {
	ID             id.ID
	OrganisationID id.ID
	Organisation   string
	Year           int
	Step           Step
	StepOn         calendar.Date // since when it stands there
	OpenedOn       calendar.Date
	MeetingID      id.ID // 0 for none
	PaperReturned  int64
	PaperValid     int64
	Teller         string
	SecondTeller   string
	CountedOn      calendar.Date // when the ballots on paper were counted, none if they were not
	ExcellentWhy   string        // why more than a third are excellent
	ClosedOn       calendar.Date
	EmptiedOn      calendar.Date // what people wrote was removed on that day (PRIV-7)
	Version        int64
}

// at is nil while the round stands at one of the steps; otherwise a Conflict that says where it stands.
func (r Round) at(steps ...Step) error {
	for _, s := range steps {
		if r.Step == s {
			return nil
		}
	}
	if r.Step == Closed {
		return errs.New(errs.Conflict, i18n.AppraisalIsClosed, r.ClosedOn.String())
	}
	if steps[0].Past(r.Step) {
		return errs.New(errs.Conflict, i18n.AppraisalPast, steps[0].Text(), r.Step.Text())
	}
	return errs.New(errs.Conflict, i18n.AppraisalNotYet, steps[0].Text(), r.Step.Text())
}

// Entry is one member in a round.
type Entry struct {
	ID             id.ID
	RoundID        id.ID
	OrganisationID id.ID
	MemberID       id.ID
	PersonID       id.ID
	Name           string
	Probationary   bool
	Group          string // the Party group, "" for none
	Votes          bool
	Graded         bool
	Why            string // why the vote or the grade differs from what the register says
	Away           string // the organisation that assesses a floating member instead (MOB-4)
	SelfText       string
	SelfGaps       string
	SelfPaper      bool // entered for the member from paper
	SelfOn         calendar.Date
	Grade          Grade // as decided
	Standing       Grade // as it holds after corrections
	Opinion        string
	Gaps           string
	Help           string
	FollowOn       calendar.Date
	Followed       string
	FollowedOn     calendar.Date
	Decision       string // of an unqualified member (PARTY-45)
	Approval       string
	DecidedOn      calendar.Date
	ReadOn         calendar.Date
	ReadPaper      bool
	OwnView        string
	Version        int64
}

// OnBallot says whether ballots are cast about the member.
func (e Entry) OnBallot() bool { return e.Graded && e.Away == "" }

// Written says whether the self-appraisal is there.
func (e Entry) Written() bool { return !e.SelfOn.IsZero() }

// SelfAppraisal is what a member says about their own year.
type SelfAppraisal struct {
	Text    string
	Gaps    string
	Version int64
}

// The longest texts.
const (
	maxText   = 3000
	maxRemark = 500
	maxReason = 300
	maxName   = 100
)

func (s *SelfAppraisal) check() error {
	var e *errs.Error
	e = paragraph(e, "self_text", &s.Text, maxText, true)
	e = paragraph(e, "self_gaps", &s.Gaps, maxText, false)
	return e.OrNil()
}

// Arrangement is how somebody takes part, where it differs from the register.
type Arrangement struct {
	Votes   bool
	Graded  bool
	Why     string
	Away    string
	Group   string
	Version int64
}

func (x *Arrangement) check(e Entry) error {
	var err *errs.Error
	err = words(err, "away", &x.Away, maxName, false)
	err = words(err, "party_group", &x.Group, maxName, false)
	probationary := e.Probationary
	if probationary && x.Votes {
		err = err.With("votes", i18n.AppraisalNoVote)
	}
	if probationary && x.Graded {
		err = err.With("graded", i18n.AppraisalNoGrade)
	}
	err = words(err, "why", &x.Why, maxReason, !probationary && (!x.Votes || !x.Graded))
	if x.Away != "" && !x.Graded {
		err = err.With("away", i18n.AppraisalAwayGraded)
	}
	return err.OrNil()
}

// Decision is the grade that the committee or the meeting decided, with the opinion.
type Decision struct {
	Grade    Grade
	Opinion  string
	Gaps     string // of a basically qualified member
	Help     string
	FollowOn calendar.Date
	Decision string // of an unqualified member
	Approval string
	Version  int64
}

func (d *Decision) check(today calendar.Date) error {
	var e *errs.Error
	if d.Grade.Text().IsZero() {
		e = e.With("grade", i18n.ErrBadChoice)
	}
	e = paragraph(e, "opinion", &d.Opinion, maxText, true)
	basic, bad := d.Grade == Basic, d.Grade == Unqualified
	if !basic {
		d.Gaps, d.Help, d.FollowOn = "", "", calendar.Date{}
	}
	if !bad {
		d.Decision, d.Approval = "", ""
	}
	e = paragraph(e, "gaps", &d.Gaps, maxText, basic)
	e = paragraph(e, "help", &d.Help, maxText, basic)
	switch {
	case basic && d.FollowOn.IsZero():
		e = e.With("follow_on", i18n.ErrRequired)
	case basic && d.FollowOn.Before(today):
		e = e.With("follow_on", i18n.AppraisalFollowPast)
	}
	e = paragraph(e, "decision", &d.Decision, maxText, bad)
	e = words(e, "approval", &d.Approval, maxReason, bad)
	return e.OrNil()
}

// Correction is what was corrected after the round was closed.
type Correction struct {
	Was      Grade
	Grade    Grade
	Reason   string
	Document string
	On       calendar.Date
	By       string
}

func (c *Correction) check(now Grade) error {
	var e *errs.Error
	switch {
	case c.Grade.Text().IsZero():
		e = e.With("grade", i18n.ErrBadChoice)
	case c.Grade == now:
		e = e.With("grade", i18n.AppraisalSameGrade)
	}
	e = words(e, "reason", &c.Reason, maxReason, true)
	e = words(e, "document", &c.Document, maxReason, c.Grade == Unqualified)
	return e.OrNil()
}

// Remark is what one member wrote about another.
type Remark struct {
	FromID  id.ID // entry of the writer
	AboutID id.ID
	From    string
	About   string
	Text    string
	Paper   bool
	On      calendar.Date
}

// words makes the blanks of a text single and notes what is wrong with it.
func words(e *errs.Error, field string, s *string, limit int, need bool) *errs.Error {
	*s = strings.Join(strings.Fields(*s), " ")
	return measure(e, field, *s, limit, need)
}

// paragraph is words for a text of several lines.
func paragraph(e *errs.Error, field string, s *string, limit int, need bool) *errs.Error {
	*s = strings.TrimSpace(strings.ReplaceAll(*s, "\r\n", "\n"))
	return measure(e, field, *s, limit, need)
}

func measure(e *errs.Error, field, s string, limit int, need bool) *errs.Error {
	switch n := utf8.RuneCountInString(s); {
	case n == 0 && need:
		return e.With(field, i18n.ErrRequired)
	case n > limit:
		return e.With(field, i18n.ErrTooLong, limit, n)
	}
	return e
}
