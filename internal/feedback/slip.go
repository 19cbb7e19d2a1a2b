package feedback

import (
	"encoding/json"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/policy"
	"linli/internal/seal"
)

// The permissions of this package.
const (
	PermClose    authz.Permission = "feedback.close"    // close a quarter
	PermReview   authz.Permission = "feedback.review"   // remark on drafts, send, correct, decide on members' wishes
	PermSee      authz.Permission = "feedback.see"      // read slips
	PermAnswer   authz.Permission = "feedback.answer"   // answer for the unit
	PermSeeOwn   authz.Permission = "feedback.see.own"  // the member's own lines
	PermAskOwn   authz.Permission = "feedback.ask.own"  // ask for a correction of one's own line
	PermEvaluate authz.Permission = "feedback.evaluate" // write the yearly evaluation
)

// The days that a district allows for sending and answering.
var (
	SendDays   = policy.Value{Name: "feedback.send_days", Title: i18n.FeedbackSendDays, Unit: i18n.FeedbackDays, Default: 10, Min: 1, Max: 90, Source: "P"}
	AnswerDays = policy.Value{Name: "feedback.answer_days", Title: i18n.FeedbackAnswerDays, Unit: i18n.FeedbackDays, Default: 15, Min: 1, Max: 90, Source: "P"}
)

// State is where a slip stands.
type State string

// The states of a slip.
const (
	Draft    State = "draft"
	Sent     State = "sent"
	Answered State = "answered"
)

// Slip is the feedback of one community to one unit about one quarter.
type Slip struct {
	ID          id.ID
	Quarter     calendar.Quarter
	CommunityID id.ID
	Community   string // name
	UnitID      id.ID
	Unit        string // name
	State       State
	Members     int64
	Minutes     int64
	Deeds       int64
	Remark      string
	VersionNo   int64 // of the content last sent, 0 for none
	SentAt      time.Time
	ReadAt      time.Time // when the unit first opened it
	Answer      string
	AnsweredAt  time.Time
	CreatedAt   time.Time
	Version     int64
}

// Line is one member on a slip. Minutes = Timed + Countersigned + Vouched.
type Line struct {
	MemberID      id.ID
	PersonID      id.ID
	Name          string
	Minutes       int64
	Timed         int64
	Countersigned int64
	Vouched       int64
	Deeds         int64
	Activities    int64
	YearMinutes   int64 // since 1 January, this quarter included
	YearDeeds     int64
	Remark        string
}

// Version is a content that was sent.
type Version struct {
	No      int64
	Content Content
	Hash    string
	Code    string
	Reason  string // why it replaced the version before
	SentAt  time.Time
	Intact  bool // the stored content still has its hash
}

// Content is what is frozen when a slip is sent: exactly what stands on the paper.
type Content struct {
	Quarter   calendar.Quarter `json:"quarter"`
	Community string           `json:"community"`
	Unit      string           `json:"unit"`
	Remark    string           `json:"remark"`
	Lines     []ContentLine    `json:"lines"`
}

// ContentLine is a line as it stands on the paper.
type ContentLine struct {
	MemberID      id.ID  `json:"member_id"`
	Name          string `json:"name"`
	Minutes       int64  `json:"minutes"`
	Timed         int64  `json:"timed"`
	Countersigned int64  `json:"countersigned"`
	Vouched       int64  `json:"vouched"`
	Deeds         int64  `json:"deeds"`
	Activities    int64  `json:"activities"`
	YearMinutes   int64  `json:"year_minutes"`
	YearDeeds     int64  `json:"year_deeds"`
	Remark        string `json:"remark"`
}

func contentOf(s Slip, lines []Line) Content {
	c := Content{Quarter: s.Quarter, Community: s.Community, Unit: s.Unit, Remark: s.Remark, Lines: make([]ContentLine, 0, len(lines))}
	for _, l := range lines {
		c.Lines = append(c.Lines, ContentLine{l.MemberID, l.Name, l.Minutes, l.Timed, l.Countersigned, l.Vouched, l.Deeds,
			l.Activities, l.YearMinutes, l.YearDeeds, l.Remark})
	}
	return c
}

// text is the content as it is stored and hashed.
func (c Content) text() (string, error) {
	b, err := json.Marshal(c)
	return string(b), err
}

// Totals adds the lines up.
func Totals(lines []Line) (t Line) {
	for _, l := range lines {
		t.Minutes += l.Minutes
		t.Timed += l.Timed
		t.Countersigned += l.Countersigned
		t.Vouched += l.Vouched
		t.Deeds += l.Deeds
		t.Activities += l.Activities
		t.YearMinutes += l.YearMinutes
		t.YearDeeds += l.YearDeeds
	}
	return t
}

// LinesOf gives the content's lines.
func (c Content) LinesOf() []Line {
	out := make([]Line, 0, len(c.Lines))
	for _, l := range c.Lines {
		out = append(out, Line{MemberID: l.MemberID, Name: l.Name, Minutes: l.Minutes, Timed: l.Timed, Countersigned: l.Countersigned,
			Vouched: l.Vouched, Deeds: l.Deeds, Activities: l.Activities, YearMinutes: l.YearMinutes, YearDeeds: l.YearDeeds, Remark: l.Remark})
	}
	return out
}

// Fingerprint says whether two readings of a draft show the same figures: what the person saw is what is sent.
func Fingerprint(lines []Line) string {
	c := contentOf(Slip{}, lines)
	t, err := c.text()
	if err != nil {
		return ""
	}
	return hash(t)[:16]
}

// hash is the SM3 of a content.
func hash(text string) string { return seal.Hash([]byte(text)) }

// closable says whether a quarter may be closed at now: it must be over.
func closable(q calendar.Quarter, now time.Time) error {
	if q.IsZero() {
		return errs.Field("quarter", i18n.FeedbackBadQuarter)
	}
	if !calendar.DateOf(now).After(q.End()) {
		return errs.New(errs.Conflict, i18n.FeedbackNotOver, q.Label(), q.End())
	}
	return nil
}

// mayRemark says whether the community may still write on the slip.
func (s Slip) mayRemark() error {
	if s.State != Draft {
		return errs.New(errs.Conflict, i18n.FeedbackAlreadySent)
	}
	return nil
}

// mayAnswer says whether the unit may answer.
func (s Slip) mayAnswer() error {
	switch s.State {
	case Draft:
		return errs.ErrNotFound
	case Answered:
		return errs.New(errs.Conflict, i18n.FeedbackAlreadyAnswered)
	}
	return nil
}
