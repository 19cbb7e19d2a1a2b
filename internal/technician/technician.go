package technician

import (
	"slices"
	"strings"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/pinyin"
	"linli/internal/policy"
)

// The permissions of this package.
const (
	PermSee      authz.Permission = "technician.see"
	PermKeep     authz.Permission = "technician.keep"
	PermDispatch authz.Permission = "technician.dispatch"
	PermServe    authz.Permission = "technician.serve.own" // their own jobs, and what they could take
)

// CertificateDays is how long before its last day a certificate is brought to mind.
var CertificateDays = policy.Value{Name: "technician.certificate_days", Title: i18n.TechnicianPolicyDays, Unit: i18n.CasePolicyDays, Default: 30, Min: 7, Max: 180}

// Policies are the values that a district may set.
func Policies() []policy.Value { return []policy.Value{CertificateDays} }

// Bounds of what is written.
const (
	MaxName   = 40
	MaxNote   = 200
	MaxWords  = 500
	MaxSkills = 60
	MaxAreas  = 100
)

// Skill is something that a technician can do: a whole class of the catalogue, or one item of it.
type Skill struct {
	Class  string // "<list>:<class>"
	ItemID id.ID  // 0 for the whole class
	Name   i18n.Text
}

// ClassKey names a class of a list of the catalogue, as skills do.
func ClassKey(list, class string) string { return list + ":" + class }

// Area is where a technician goes: a community, or an organisation above for everything below it.
type Area struct {
	OrgID id.ID
	Name  string
}

// Certificate is what a technician's work needs, with its last day.
type Certificate struct {
	ID         id.ID
	Name       string
	ValidUntil calendar.Date
}

// Technician is who is sent.
type Technician struct {
	ID           id.ID
	AccountID    id.ID
	Login        string
	Name         string
	OrgID        id.ID
	Org          string
	HasPhone     bool
	Note         string
	EndedOn      calendar.Date
	Skills       []Skill
	Areas        []Area
	Certificates []Certificate
	Week         []Shift
	Days         []Day // from yesterday on
	Open         int64 // jobs taken and not finished
	Offered      int64
	OnDuty       bool
	Expires      calendar.Date // the next last day of a certificate
	Version      int64
	key          string
}

// Active says whether they are in service.
func (t Technician) Active() bool { return t.EndedOn.IsZero() }

// Entry is a technician as somebody enters or changes them.
type Entry struct {
	Name    string
	Login   string // of their account; "" for none
	OrgID   id.ID
	Phone   string // "" leaves the one that is known
	Note    string
	Skills  []Skill
	Areas   []id.ID
	Week    [7]string // the hours of each day, from Monday: "08:00-12:00 14:00-18:00"; "" is off
	Version int64
	week    []Shift
}

// WeekField is the name of the field that holds the hours of a weekday, 1 for Monday.
func WeekField(weekday int) string { return "week" + string(rune('0'+weekday)) }

func (n *Entry) check() error {
	e := errs.Words(nil, "name", &n.Name, MaxName, true)
	e = errs.Words(e, "note", &n.Note, MaxNote, false)
	n.Login = strings.TrimSpace(n.Login)
	if n.OrgID == 0 {
		e = e.With("org", i18n.ErrRequired)
	}
	if strings.TrimSpace(n.Phone) == "" {
		n.Phone = ""
	} else {
		number, problem := code.ParsePhone(n.Phone)
		if problem.Blocks() {
			e = e.With("phone", i18n.CodeProblem, problem.Message, problem.Advice)
		}
		n.Phone = number.String()
	}
	switch {
	case len(n.Skills) == 0:
		e = e.With("skills", i18n.TechnicianNoSkill)
	case len(n.Skills) > MaxSkills:
		e = e.With("skills", i18n.TechnicianMany, MaxSkills)
	}
	switch {
	case len(n.Areas) == 0:
		e = e.With("areas", i18n.TechnicianNoArea)
	case len(n.Areas) > MaxAreas:
		e = e.With("areas", i18n.TechnicianMany, MaxAreas)
	}
	n.week = nil
	for i, text := range n.Week {
		spans, problem := ParseHours(text)
		if !problem.IsZero() {
			e = e.With(WeekField(i+1), problem)
		}
		for _, s := range spans {
			n.week = append(n.week, Shift{Weekday: i + 1, Span: s})
		}
	}
	slices.Sort(n.Areas)
	n.Areas = slices.Compact(n.Areas)
	n.Skills = tidySkills(n.Skills)
	return e.OrNil()
}

// tidySkills leaves out what a whole class covers, and what is named twice.
func tidySkills(in []Skill) []Skill {
	whole := map[string]bool{}
	for _, s := range in {
		if s.ItemID == 0 {
			whole[s.Class] = true
		}
	}
	var out []Skill
	seen := map[Skill]bool{}
	for _, s := range in {
		s.Name = i18n.Text{}
		if s.ItemID != 0 && whole[s.Class] || seen[s] {
			continue
		}
		seen[s] = true
		out = append(out, s)
	}
	return out
}

// searchKey is what a search looks through: the name and its initials.
func searchKey(name string) string {
	initials, _ := pinyin.Of(name)
	return gram.Key(name) + "|" + initials
}

// today is the day on which an instant lies.
func today(t time.Time) calendar.Date { return calendar.DateOf(t) }
