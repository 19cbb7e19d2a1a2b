package meeting

import (
	"regexp"
	"strings"

	"linli/internal/body"
	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/organisation"
)

// Needs is what an organisation must have to owe a kind of meeting.
type Needs string

// The needs.
const (
	Nothing       Needs = ""
	WithMembers   Needs = "members"   // somebody's formal relation is there
	WithCommittee Needs = "committee" // so many full members that there must be a committee (PARTY-10)
)

// CommitteeFrom is from how many full members on a branch must have a committee (PARTY-10).
const CommitteeFrom = 7

// AllNeeds lists the needs.
func AllNeeds() []Needs { return []Needs{Nothing, WithMembers, WithCommittee} }

// Text names the need.
func (n Needs) Text() i18n.Text {
	return map[Needs]i18n.Text{Nothing: i18n.MeetingNeedsNothing, WithMembers: i18n.MeetingNeedsMembers, WithCommittee: i18n.MeetingNeedsCommittee}[n]
}

// BodyHolder marks a kind of body among those that owe a kind of meeting.
const BodyHolder = "body:"

// Kind is a kind of meeting.
type Kind struct {
	Code     string
	Name     string
	NameEN   string
	Every    Every
	Needs    Needs
	Votes    bool   // full members vote: a quorum is needed (PARTY-30)
	Source   string // rule on which it rests
	Template string // further lines of the minutes
	Holders  []string
	Position int64
	Since    calendar.Date // periods that began before are not counted
	Retired  bool
	Version  int64
}

// Text is the name in both languages.
func (k Kind) Text() i18n.Text { return i18n.Both(k.Name, k.NameEN) }

// HolderText names a kind of organisation or of body that owes meetings.
func HolderText(holder string) i18n.Text {
	if b, is := strings.CutPrefix(holder, BodyHolder); is {
		return body.Kind(b).Text()
	}
	return organisation.Kind(holder).Text()
}

// HolderKinds are the kinds of organisation and of body that can owe meetings.
func HolderKinds() []string {
	out := []string{string(organisation.District), string(organisation.Working), string(organisation.Committee), string(organisation.Community), string(organisation.Branch),
		string(organisation.Group), string(organisation.Residents)}
	for _, b := range body.Kinds() {
		out = append(out, BodyHolder+string(b))
	}
	return out
}

var codePattern = regexp.MustCompile(`^[a-z][a-z0-9_]{0,29}$`)

func (k *Kind) check() error {
	var e *errs.Error
	k.Template = strings.TrimSpace(strings.ReplaceAll(k.Template, "\r\n", "\n"))
	if !codePattern.MatchString(k.Code) {
		e = e.With("code", i18n.ActivityBadCode)
	}
	e = words(e, "name", &k.Name, 30, true)
	e = words(e, "name_en", &k.NameEN, 60, false)
	e = words(e, "source", &k.Source, 60, false)
	if len([]rune(k.Template)) > 1000 {
		e = e.With("template", i18n.ErrTooLong, 1000, len([]rune(k.Template)))
	}
	if k.Every.Text().IsZero() {
		e = e.With("every", i18n.ErrBadChoice)
	}
	if k.Needs.Text().IsZero() {
		e = e.With("needs", i18n.ErrBadChoice)
	}
	for _, h := range k.Holders {
		if HolderText(h).IsZero() {
			e = e.With("holders", i18n.ErrBadChoice)
		}
	}
	if len(k.Holders) == 0 {
		e = e.With("holders", i18n.ErrRequired)
	}
	return e.OrNil()
}

// The codes of standard kinds that the program itself speaks of.
const (
	MembersMeeting  = "members_meeting"
	JointConference = "joint_conference"
	Appraisal       = "appraisal"
)

// Standard are the kinds that a tenant starts with.
func Standard() []Kind {
	branches := []string{string(organisation.Branch), string(organisation.Community)}
	street := []string{string(organisation.Working)}
	kind := func(code string, name i18n.Text, every Every, needs Needs, votes bool, source string, holders ...string) Kind {
		return Kind{Code: code, Name: name.In(i18n.ZH), NameEN: name.In(i18n.EN), Every: every, Needs: needs, Votes: votes, Source: source, Holders: holders}
	}
	list := []Kind{
		kind(MembersMeeting, i18n.MeetingKindMembers, Quarterly, WithMembers, true, "PARTY-20", branches...),
		kind("committee_meeting", i18n.MeetingKindCommittee, Monthly, WithCommittee, false, "PARTY-21", branches...),
		kind("group_meeting", i18n.MeetingKindGroup, Monthly, Nothing, false, "PARTY-22", string(organisation.Group)),
		kind("lecture", i18n.MeetingKindLecture, Quarterly, WithMembers, false, "PARTY-23", branches...),
		kind("theme_day", i18n.MeetingKindThemeDay, Monthly, WithMembers, false, "PARTY-24", branches...),
		kind("life_meeting", i18n.MeetingKindLife, Yearly, WithMembers, false, "PARTY-25", branches...),
		kind(Appraisal, i18n.MeetingKindAppraisal, Yearly, WithMembers, false, "PARTY-26", branches...),
		kind(JointConference, i18n.MeetingKindConference, Quarterly, Nothing, false, "LIFE-2", BodyHolder+string(body.Conference)),
		kind("street_meeting", i18n.MeetingKindStreet, Quarterly, Nothing, false, "LIFE-2", street...),
		kind("regular_meeting", i18n.MeetingKindRegular, HalfYear, Nothing, false, "LIFE-2", street...),
		kind("exchange_meeting", i18n.MeetingKindExchange, Yearly, Nothing, false, "LIFE-2", street...),
		kind("body_meeting", i18n.MeetingKindBody, Freely, Nothing, false, "ORG-3", BodyHolder+string(body.Guidance), BodyHolder+string(body.Coordination), BodyHolder+string(body.JointParty),
			BodyHolder+string(body.Congress), BodyHolder+string(body.Deliberation), BodyHolder+string(body.Other)),
	}
	for i := range list {
		list[i].Position = int64(i + 1)
	}
	return list
}
