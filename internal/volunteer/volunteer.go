package volunteer

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// The permissions of this package.
const (
	PermManage authz.Permission = "volunteer.manage"
	PermSee    authz.Permission = "volunteer.see"
	PermOwn    authz.Permission = "volunteer.serve.own"
)

// Purpose is the purpose of the register under which looks at a file are recorded.
const Purpose = "assist"

// Bounds of what is written.
const (
	MaxWords = 500
	MaxName  = 40
	MaxAbout = 500
	MaxTask  = 60
	MaxPlace = 60
	MaxSeats = 500
	MaxTrain = 30
)

// Kind is one of the nine kinds of teams.
type Kind string

// Kinds lists them.
func Kinds() []Kind {
	return []Kind{"convenience", "patrol", "civility", "environment", "culture", "care", "health", "law", "rescue"}
}

// Text names the kind.
func (k Kind) Text() i18n.Text {
	return map[Kind]i18n.Text{"convenience": i18n.VolConvenience, "patrol": i18n.VolPatrol, "civility": i18n.VolCivility, "environment": i18n.VolEnvironment, "culture": i18n.VolCulture,
		"care": i18n.VolCare, "health": i18n.VolHealth, "law": i18n.VolLaw, "rescue": i18n.VolRescue}[k]
}

// Skill is what a volunteer can do.
type Skill string

// Skills lists them.
func Skills() []Skill {
	return []Skill{"repair", "hair", "medical", "aid", "teach", "computer", "law", "counsel", "art", "sport", "cook", "drive", "language", "photo", "sewing", "other"}
}

// Text names the skill.
func (s Skill) Text() i18n.Text {
	return map[Skill]i18n.Text{"repair": i18n.VolSkillRepair, "hair": i18n.VolSkillHair, "medical": i18n.VolSkillMedical, "aid": i18n.VolSkillAid, "teach": i18n.VolSkillTeach, "computer": i18n.VolSkillComputer,
		"law": i18n.VolSkillLaw, "counsel": i18n.VolSkillCounsel, "art": i18n.VolSkillArt, "sport": i18n.VolSkillSport, "cook": i18n.VolSkillCook, "drive": i18n.VolSkillDrive, "language": i18n.VolSkillLanguage,
		"photo": i18n.VolSkillPhoto, "sewing": i18n.VolSkillSewing, "other": i18n.VolSkillOther}[s]
}

// Slot is a time of the week: the day from 1 (Monday) to 7, then m, a or e for morning, afternoon and evening.
type Slot string

// Slots lists them, day by day.
func Slots() (out []Slot) {
	for day := 1; day <= 7; day++ {
		for _, part := range "mae" {
			out = append(out, Slot(fmt.Sprintf("%d%c", day, part)))
		}
	}
	return out
}

var (
	dayTexts  = []i18n.Text{i18n.VolMonday, i18n.VolTuesday, i18n.VolWednesday, i18n.VolThursday, i18n.VolFriday, i18n.VolSaturday, i18n.VolSunday}
	partTexts = map[byte]i18n.Text{'m': i18n.VolMorning, 'a': i18n.VolAfternoon, 'e': i18n.VolEvening}
)

func (s Slot) ok() bool {
	return len(s) == 2 && s[0] >= '1' && s[0] <= '7' && !partTexts[s[1]].IsZero()
}

// Day names the day of the slot.
func (s Slot) Day() i18n.Text {
	if !s.ok() {
		return i18n.Text{}
	}
	return dayTexts[s[0]-'1']
}

// Text names the slot.
func (s Slot) Text() i18n.Text {
	if !s.ok() {
		return i18n.Text{}
	}
	part := partTexts[s[1]]
	return i18n.Both(s.Day().In(i18n.ZH)+part.In(i18n.ZH), s.Day().In(i18n.EN)+" "+part.In(i18n.EN))
}

// Ending is why a file ended.
type Ending string

// The endings.
const (
	Stopped Ending = "stopped"
	Moved   Ending = "moved"
	Died    Ending = "died"
	Twice   Ending = "twice"
)

// Endings lists those that the desk gives.
func Endings() []Ending { return []Ending{Stopped, Moved, Died, Twice} }

// Text names the ending.
func (e Ending) Text() i18n.Text {
	return map[Ending]i18n.Text{Stopped: i18n.VolStopped, Moved: i18n.VolMoved, Died: i18n.VolDied, Twice: i18n.VolTwiceFile}[e]
}

// Fields are what a volunteer says of themselves.
type Fields struct {
	Skills  []Skill
	Times   []Slot
	Kinds   []Kind // of service that they offer
	Words   string
	Contact bool // may be asked by telephone
	Publish bool // may be named in public
}

// check refuses what no list has, and puts each list into its order.
func (f *Fields) check() error {
	e := errs.Words(nil, "words", &f.Words, MaxWords, false)
	if s, ok := chosen(f.Skills, Skills()); ok {
		f.Skills = s
	} else {
		e = e.With("skills", i18n.ErrBadChoice)
	}
	if s, ok := chosen(f.Times, Slots()); ok {
		f.Times = s
	} else {
		e = e.With("times", i18n.ErrBadChoice)
	}
	if s, ok := chosen(f.Kinds, Kinds()); ok {
		f.Kinds = s
	} else {
		e = e.With("kinds", i18n.ErrBadChoice)
	}
	return e.OrNil()
}

// chosen are the values of a list that were given, each once and in the list's order; ok is false where one is not in it.
func chosen[T ~string](given, list []T) (out []T, ok bool) {
	for _, x := range given {
		if !slices.Contains(list, x) {
			return nil, false
		}
	}
	for _, x := range list {
		if slices.Contains(given, x) {
			out = append(out, x)
		}
	}
	return out, true
}

// codes is how a list is stored: each code with a space on both sides, so that one is found by " code ".
func codes[T ~string](list []T) string {
	if len(list) == 0 {
		return ""
	}
	parts := make([]string, len(list))
	for i, x := range list {
		parts[i] = string(x)
	}
	return " " + strings.Join(parts, " ") + " "
}

func listOf[T ~string](stored string) (out []T) {
	for _, x := range strings.Fields(stored) {
		out = append(out, T(x))
	}
	return out
}

// Volunteer is a file.
type Volunteer struct {
	ID        id.ID
	No        string
	OrgID     id.ID
	Org       string
	PersonID  id.ID
	Name      string // "" once forgotten
	PhoneMask string
	Fields
	BySelf    bool
	EnteredOn calendar.Date
	EndedOn   calendar.Date
	Ending    Ending
	Forgotten bool
	Version   int64
	Teams     []string // names of teams, in lists

	skills, times, kinds string
	words                []byte
	forgottenOn          calendar.Date
}

// Active says that the file has not ended.
func (v Volunteer) Active() bool { return v.EndedOn.IsZero() }

// ClearanceKind is a qualification or a check.
type ClearanceKind string

// ClearanceKinds lists them.
func ClearanceKinds() []ClearanceKind {
	return []ClearanceKind{"minors", "aid", "driving", "health", "counsel"}
}

// Text names the kind.
func (c ClearanceKind) Text() i18n.Text {
	return map[ClearanceKind]i18n.Text{"minors": i18n.VolClearMinors, "aid": i18n.VolClearAid, "driving": i18n.VolClearDriving, "health": i18n.VolClearHealth, "counsel": i18n.VolClearCounsel}[c]
}

// SoonDays and NearDays are how long before its end a clearance is spoken of, and spoken of with weight.
const (
	SoonDays = 60
	NearDays = 14
)

// Clearance is a qualification or check of a volunteer. The paper is not kept.
type Clearance struct {
	ID          id.ID
	VolunteerID id.ID
	Kind        ClearanceKind
	ValidTo     calendar.Date
	SeenOn      calendar.Date
	SeenBy      string
	StruckOn    calendar.Date
}

// Holds says whether the clearance is good on a day.
func (c Clearance) Holds(day calendar.Date) bool { return c.StruckOn.IsZero() && !day.After(c.ValidTo) }

// Cover is an insurance of a team or of a volunteer.
type Cover struct {
	ID       id.ID
	Insurer  string
	Policy   string // number
	From, To calendar.Date
	StruckOn calendar.Date

	policy []byte
}

// NewCover is an insurance as it is entered.
type NewCover struct {
	Insurer  string
	Policy   string
	From, To calendar.Date
}

func (n *NewCover) check() error {
	e := errs.Words(nil, "insurer", &n.Insurer, MaxName, true)
	e = errs.Words(e, "policy", &n.Policy, MaxName, true)
	if n.From.IsZero() {
		e = e.With("from_on", i18n.ErrRequired)
	}
	switch {
	case n.To.IsZero():
		e = e.With("to_on", i18n.ErrRequired)
	case n.To.Before(n.From):
		e = e.With("to_on", i18n.ErrEndBeforeStart)
	}
	return e.OrNil()
}

// Thanks is a word to a volunteer.
type Thanks struct {
	ID    id.ID
	Words string
	Giver string // who says it; "" is the community
	On    calendar.Date
	Org   string

	words, giver []byte
}

// Standing is where a membership of a team stands.
type Standing string

// The states of a membership.
const (
	Asked   Standing = "asked"
	Invited Standing = "invited"
	In      Standing = "in"
	Out     Standing = "ended"
)

// Text names the state.
func (s Standing) Text() i18n.Text {
	return map[Standing]i18n.Text{Asked: i18n.VolAsked, Invited: i18n.VolInvited, In: i18n.VolIn, Out: i18n.VolOut}[s]
}

// Team is a team of volunteers.
type Team struct {
	ID       id.ID
	OrgID    id.ID
	Org      string
	UnitID   id.ID
	Unit     string // the organisation it belongs to where that is not Org
	Kind     Kind
	Name     string
	About    string
	LeaderID id.ID
	Leader   string
	Training string // what its shifts ask for, in words that the title of a training has
	OpenedOn calendar.Date
	EndedOn  calendar.Date
	Version  int64
	People   int64 // who are in it
	Coming   int64 // shifts to come
	Leads    bool  // whoever reads it leads it
}

// NewTeam is a team as it is entered.
type NewTeam struct {
	OrgID    id.ID
	UnitID   id.ID
	Kind     Kind
	Name     string
	About    string
	Training string
}

func (n *NewTeam) check() error {
	e := errs.Words(nil, "name", &n.Name, MaxName, true)
	e = errs.Words(e, "about", &n.About, MaxAbout, false)
	e = errs.Words(e, "training", &n.Training, MaxTrain, false)
	if n.Kind.Text().IsZero() {
		e = e.With("kind", i18n.ErrBadChoice)
	}
	return e.OrNil()
}

// Membership is a volunteer in a team.
type Membership struct {
	ID          id.ID
	TeamID      id.ID
	Team        string
	Kind        Kind
	VolunteerID id.ID
	PersonID    id.ID
	Name        string
	State       Standing
	AskedOn     calendar.Date
	From, To    calendar.Date
	Version     int64
	Skills      []Skill

	skills string
}

// ShiftState is where a shift stands.
type ShiftState string

// The states of a shift.
const (
	Open      ShiftState = "open"
	Ticked    ShiftState = "ticked"
	Cancelled ShiftState = "cancelled"
)

// Text names the state.
func (s ShiftState) Text() i18n.Text {
	return map[ShiftState]i18n.Text{Open: i18n.VolShiftOpen, Ticked: i18n.VolShiftTicked, Cancelled: i18n.VolShiftCancelled}[s]
}

// Shift is a task of a team with its time.
type Shift struct {
	ID        id.ID
	TeamID    id.ID
	Team      string
	OrgID     id.ID
	Task      string
	Place     string
	StartsAt  time.Time
	EndsAt    time.Time
	Seats     int64
	Taken     int64
	Skill     Skill
	Clearance ClearanceKind
	Dangerous bool
	Training  string // its own, or that of the team
	Untrained bool   // whoever reads it has not done that
	State     ShiftState
	Reason    string
	Version   int64
	SignupID  id.ID // of whoever reads it, where they stand in it
	Signups   []Signup
}

// Day is the day of the shift.
func (s Shift) Day() calendar.Date { return calendar.DateOf(s.StartsAt) }

// LastDay is the day on which it ends; midnight still belongs to the day before.
func (s Shift) LastDay() calendar.Date { return calendar.DateOf(s.EndsAt.Add(-1)) }

// Minutes is how long it lasts.
func (s Shift) Minutes() int64 { return int64(s.EndsAt.Sub(s.StartsAt) / time.Minute) }

// Free are the places left.
func (s Shift) Free() int64 { return s.Seats - s.Taken }

// longest is how long a shift can last.
const longest = 16 * time.Hour

// NewShift is a shift as it is planned.
type NewShift struct {
	Task      string
	Place     string
	StartsAt  time.Time
	EndsAt    time.Time
	Seats     int64
	Skill     Skill
	Clearance ClearanceKind
	Dangerous bool
	Training  string
}

func (n *NewShift) check() error {
	e := errs.Words(nil, "task", &n.Task, MaxTask, true)
	e = errs.Words(e, "place", &n.Place, MaxPlace, true)
	e = errs.Words(e, "training", &n.Training, MaxTrain, false)
	e = e.Span(n.StartsAt, n.EndsAt, longest)
	if n.Seats < 1 || n.Seats > MaxSeats {
		e = e.With("seats", i18n.VolSeats, MaxSeats)
	}
	if n.Skill != "" && n.Skill.Text().IsZero() {
		e = e.With("skill", i18n.ErrBadChoice)
	}
	if n.Clearance != "" && n.Clearance.Text().IsZero() {
		e = e.With("clearance", i18n.ErrBadChoice)
	}
	return e.OrNil()
}

// Attended says whether somebody was there.
type Attended string

// Who was there and who was not; "" is not said yet.
const (
	Present Attended = "present"
	Absent  Attended = "absent"
)

// Text names it.
func (a Attended) Text() i18n.Text {
	return map[Attended]i18n.Text{Present: i18n.VolPresent, Absent: i18n.VolAbsent}[a]
}

// Signup is somebody who stands in a shift.
type Signup struct {
	ID           id.ID
	ShiftID      id.ID
	VolunteerID  id.ID
	PersonID     id.ID
	Name         string
	SubstituteID id.ID
	Substitute   string
	Attended     Attended
	Minutes      int64
	Version      int64
	Untrained    bool // has not done the training that the shift asks for
}

// Tick is what is said of one who stood in a shift. Minutes 0 is the whole shift.
type Tick struct {
	SignupID id.ID
	Attended Attended
	Minutes  int64
}

// minutes is what a tick is worth in a shift.
func (t Tick) minutes(s Shift) (int64, error) {
	switch {
	case t.Attended == Absent:
		return 0, nil
	case t.Attended != Present:
		return 0, errs.Field("attended."+t.SignupID.String(), i18n.ErrBadChoice)
	case t.Minutes < 0 || t.Minutes > s.Minutes():
		return 0, errs.Field("minutes."+t.SignupID.String(), i18n.VolMinutes, s.Minutes())
	case t.Minutes == 0:
		return s.Minutes(), nil
	}
	return t.Minutes, nil
}
