package meeting

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"linli/internal/calendar"
	"linli/internal/i18n"
	"linli/internal/meeting"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/partial"
)

// Plan is the page on which a meeting is planned or changed.
type Plan struct {
	Form    field.Form
	To      string
	Version int64
	Holders []field.Option // none on a change
	Kinds   []field.Option
	Save    i18n.Text
	Back    string
}

// Clash is what stands where two people write minutes at once.
type Clash struct {
	By     string
	Theirs string
	Mine   string
}

// Show is the page of a meeting.
type Show struct {
	meeting.Detail
	Sent          field.Form
	SentName      string
	Organisations []field.Option // to which tasks are given
	Replies       []meeting.Recipient
	Revisions     []meeting.Revision
	History       []partial.Event
	Today         calendar.Date
	Presence      bool // the actor may look at the activity's sheet
	Clash         *Clash
	Below         []field.Option // to whom it can be passed on
	KindOptions   []field.Option
	Appraise      bool // a round of appraisal can be opened for the branch
}

func (s Show) form(name string) field.Form {
	f := field.Form{Values: url.Values{}}
	if s.SentName == "meeting."+name {
		f = s.Sent
	}
	f.ID = name + "-"
	return f
}

func (s Show) begun() bool { return !s.Day().After(s.Today) && s.State != meeting.Cancelled }

func (s Show) kindNames(l i18n.Lang) string {
	var names []string
	for _, k := range s.Kinds {
		names = append(names, k.Text().In(l))
	}
	return strings.Join(names, i18n.PaperComma.In(l))
}

func (s Show) head(ctx context.Context) partial.Head {
	h := partial.Head{Title: s.Title, Under: s.HolderName() + " · " + s.kindNames(i18n.From(ctx)), State: StateOf(s.Meeting)}
	if s.Plans && s.State == meeting.Planned {
		if s.begun() && s.Minutes != "" {
			h.Acts = append(h.Acts, partial.Act{Text: i18n.MeetingClose, Href: Href(s.ID) + "/close", Look: partial.Primary, Icon: icon.Check,
				Confirm: &partial.Confirm{ID: "close", Question: i18n.T(ctx, i18n.MeetingCloseAsk, s.Title, s.kindNames(i18n.From(ctx)))}})
		}
		h.More = append(h.More, partial.Act{Text: i18n.MeetingEdit, Href: Href(s.ID) + "/edit", Icon: icon.Edit},
			partial.Act{Text: i18n.MeetingCancel, Href: Href(s.ID) + "/cancel", Look: partial.Danger,
				Confirm: &partial.Confirm{ID: "cancel", Question: i18n.T(ctx, i18n.MeetingCancelAsk, s.Title), Reason: i18n.MeetingReason, Form: "meeting.cancel"}})
	}
	if s.Appraise {
		h.Acts = append(h.Acts, partial.Act{Text: i18n.AppraisalFromMeeting, Href: "/appraisals", Post: true, Icon: icon.Scale, Values: []partial.Value{{Name: "organisation_id", Value: s.OwnerID.String()},
			{Name: "year", Value: strconv.Itoa(s.appraisalYear())}, {Name: "meeting_id", Value: s.ID.String()}}})
	}
	h.Acts = append(h.Acts, partial.Act{Text: i18n.MeetingPrint, Href: Href(s.ID) + "/print", Icon: icon.Print})
	return h
}

// appraisalYear is the year that a meeting appraises: until March the last.
func (s Show) appraisalYear() int {
	if d := s.Day(); d.Month() <= time.March {
		return d.Year() - 1
	}
	return s.Day().Year()
}

func (s Show) facts(ctx context.Context) []partial.Fact {
	list := []partial.Fact{partial.F(i18n.MeetingStarts, i18n.DateTime(s.StartsAt)), partial.F(i18n.MeetingEnds, i18n.DateTime(s.EndsAt)), partial.F(i18n.MeetingPlace, s.Place)}
	if s.BodyID != 0 {
		list = append(list, partial.Fact{Label: i18n.MeetingHolder, Value: partial.Link(s.Body, "/bodies/"+s.BodyID.String())})
	} else {
		list = append(list, partial.F(i18n.MeetingHolder, s.Owner))
	}
	if s.PassesID != 0 {
		list = append(list, partial.F(i18n.MeetingPassOf, s.Above.Name))
	}
	if s.Reason != "" {
		list = append(list, partial.F(i18n.MeetingReason, s.Reason))
	}
	return list
}

var passColumns = []partial.Column{{Key: "to", Title: i18n.MeetingPassTo, Main: true}, {Key: "when", Title: i18n.MeetingWhen, Tight: true}, {Key: "present", Title: i18n.MeetingPresent, Num: true}, {Key: "state", Title: i18n.MeetingState, Tight: true}}

func (s Show) passRows() []partial.Row {
	var rows []partial.Row
	for _, p := range s.Passed {
		rows = append(rows, partial.Row{ID: p.MeetingID.String(), Name: p.Holder, Href: Href(p.MeetingID), Cells: []templ.Component{partial.Text(p.Holder), partial.Text(i18n.DateTime(p.StartsAt)), partial.Num(p.Present), partial.Badge(StateOf(meeting.Meeting{State: p.State}))}})
	}
	return rows
}

func (s Show) answered() (n int) {
	for _, r := range s.Recipients {
		if r.Answer != "" {
			n++
		}
	}
	return n
}

var recipientColumns = []partial.Column{{Key: "who", Title: i18n.MeetingWho, Main: true}, {Key: "answer", Title: i18n.MeetingAnswers, Tight: true}, {Key: "reason", Title: i18n.MeetingReasonOpt, Minor: true}, {Key: "there", Title: i18n.MeetingThere, Tight: true}}

func (s Show) recipientRows() []partial.Row {
	var rows []partial.Row
	for _, r := range s.Recipients {
		name := partial.Text(r.Name)
		if r.OrganisationID != 0 {
			name = partial.Two(r.Organisation, r.Name)
		}
		tone := map[meeting.Answer]partial.Tone{"": partial.Draft, meeting.Coming: partial.Active, meeting.Away: partial.Ended}[r.Answer]
		there := partial.Text("")
		if r.Present {
			there = partial.Badge(partial.State{Text: i18n.MeetingThere, Tone: partial.Closed})
		}
		rows = append(rows, partial.Row{ID: r.ID.String(), Name: r.Name, Cells: []templ.Component{name, partial.Badge(partial.State{Text: r.Answer.Text(), Tone: tone}), partial.Text(r.Reason), there}})
	}
	return rows
}

func (s Show) topicOptions() []field.Option {
	var out []field.Option
	for _, t := range s.Agenda {
		out = append(out, field.Option{Value: t.ID.String(), Text: i18n.Verbatim(t.Title), Note: t.Organisation})
	}
	return out
}

// onlyTopic is the topic of the agenda that is not decided, if it is the only one.
func (s Show) onlyTopic() string {
	found := ""
	for _, t := range s.Agenda {
		if t.State == meeting.OnAgenda {
			if found != "" {
				return ""
			}
			found = t.ID.String()
		}
	}
	return found
}

// minutes is the text in the box: what was sent, what stands, or what the program knows.
func (s Show) minutes() string {
	switch {
	case s.Clash != nil:
		return s.Clash.Mine
	case s.Minutes != "":
		return s.Minutes
	}
	return s.Template()
}

func (s Show) minutesForm() field.Form {
	f := s.form("minutes")
	if f.Values.Get("minutes") == "" || s.Clash != nil {
		f.Values = url.Values{"minutes": {s.minutes()}}
	}
	return f
}
