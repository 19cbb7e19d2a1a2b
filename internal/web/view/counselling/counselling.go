// Package counselling draws counselling: a counsellor's appointments and files, the hours at which people book, counts, and the pages on which residents book.
package counselling

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"linli/internal/calendar"
	"linli/internal/counselling"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/technician"
	"linli/internal/web/view/field"
	"linli/internal/web/view/partial"
)

// The addresses.
const (
	Path       = "/counselling"
	PostsPath  = "/counselling/hours"
	CountsPath = "/counselling/counts"
	Public     = "/p/counselling"
	BookPath   = "/p/counselling/book"
	MinePath   = "/p/counselling/mine"
	OwnPath    = "/p/me/counselling"
)

// Href is the address of a file at the desk.
func Href(f id.ID) string { return Path + "/files/" + f.String() }

// PostHref is the address of a post's form.
func PostHref(p id.ID) string { return PostsPath + "/" + p.String() }

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

// when is a time as an appointment is read: with the day of the week.
func when(ctx context.Context, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return i18n.Date(t) + " " + i18n.T(ctx, weekdays[(int(calendar.DateOf(t).Weekday())+6)%7]) + " " + i18n.Clock(t)
}

var weekdays = [7]i18n.Text{i18n.Monday, i18n.Tuesday, i18n.Wednesday, i18n.Thursday, i18n.Friday, i18n.Saturday, i18n.Sunday}

func stateOf(s counselling.State) partial.State {
	return partial.State{Text: s.Text(), Tone: map[counselling.State]partial.Tone{counselling.Planned: partial.Active, counselling.Held: partial.Closed, counselling.Missed: partial.Refused, counselling.Cancelled: partial.Ended}[s]}
}

func fileState(f counselling.File) partial.State {
	if f.Open {
		return partial.State{Text: i18n.CounselShowOpen, Tone: partial.Active}
	}
	return partial.State{Text: i18n.CounselShowEnded, Tone: partial.Ended}
}

// Desk is the first page of a counsellor.
type Desk struct {
	Query         url.Values
	Coming        []counselling.Session
	Files         []counselling.File
	Before, After string
	Keeps         bool
	Counts        bool
	Now           time.Time
}

var fileColumns = []partial.Column{{Key: "name", Title: i18n.CounselName, Main: true}, {Key: "no", Title: i18n.CounselNo, Minor: true}, {Key: "times", Title: i18n.CounselTimes, Num: true, Tight: true},
	{Key: "last", Title: i18n.CounselLast, Tight: true}, {Key: "next", Title: i18n.CounselNext, Tight: true}, {Key: "state", Title: i18n.CounselShow, Tight: true}}

func (d Desk) rows(ctx context.Context) []partial.Row {
	var out []partial.Row
	for _, f := range d.Files {
		out = append(out, partial.Row{ID: f.ID.String(), Name: One{File: f}.called(), Href: Href(f.ID), Cells: []templ.Component{partial.Text(One{File: f}.called()), partial.Text(f.No), partial.Num(f.Held), partial.Date(f.Last), partial.Text(when(ctx, f.Next)),
			partial.Badge(fileState(f))}})
	}
	return out
}

func (d Desk) acts() []partial.Act {
	out := []partial.Act{{Text: i18n.CounselNew, Href: Path + "/new", Look: partial.Primary}}
	if d.Keeps {
		out = append(out, partial.Act{Text: i18n.CounselPosts, Href: PostsPath})
	}
	if d.Counts {
		out = append(out, partial.Act{Text: i18n.CounselCounts, Href: CountsPath})
	}
	return out
}

func (d Desk) filters() []partial.Filter {
	return []partial.Filter{{Name: "show", Label: i18n.CounselShow, Options: field.Choices(counselling.Shows(), showWord)}}
}

func showWord(s string) i18n.Text {
	return map[string]i18n.Text{counselling.ShowOpen: i18n.CounselShowOpen, counselling.ShowEnded: i18n.CounselShowEnded}[s]
}

// New is the form on which somebody is taken on.
type New struct {
	field.Form
	Orgs []field.Option
}

// One is a file.
type One struct {
	counselling.File
	Sent        field.Form
	SentBy      string
	Counsellors []field.Option
	Now         time.Time
}

func (o One) form(name string) field.Form {
	f := o.Sent
	if o.SentBy != name {
		f = field.Form{Values: url.Values{}}
	}
	f.ID = name + "-"
	return f
}

// drawn says whether the form that was sent shows by itself what is wrong with it.
func (o One) drawn() bool {
	switch o.SentBy {
	case "hand":
		return true
	case "write", "arrange", "end":
		return o.Open
	}
	return false
}

func (o One) facts(ctx context.Context) []partial.Fact {
	list := []partial.Fact{partial.F(i18n.CounselTel, o.Phone), partial.F(i18n.CounselNo, o.No), partial.F(i18n.CounselOpened, i18n.Date(o.OpenedAt)), partial.F(i18n.CounselTimes, decimal(o.Held)), partial.F(i18n.CounselOrg, o.Org)}
	if o.Word != "" {
		list = append(list, partial.F(i18n.CounselWord, o.Word))
	}
	if !o.Open {
		list = append(list, partial.F(i18n.CounselEndedOn, o.EndedOn.String()+" "+i18n.T(ctx, o.Ending.Text())))
	}
	return list
}

// called is the name of somebody, or the number of a file whose content was deleted.
func (o One) called() string {
	if o.Name == "" {
		return o.No
	}
	return o.Name
}

func (o One) more(ctx context.Context) []partial.Act {
	if o.Name == "" && !slices.ContainsFunc(o.Sessions, func(v counselling.Session) bool { return v.Note != "" }) {
		return nil
	}
	return []partial.Act{{Text: i18n.CounselErase, Href: Href(o.ID) + "/erase", Post: true, Look: partial.Danger, Values: []partial.Value{{Name: "version", Value: decimal(o.Version)}},
		Confirm: &partial.Confirm{ID: "erase", Question: i18n.T(ctx, i18n.CounselEraseAsk)}}}
}

// agreed are the appointments that are agreed, the earliest first.
func (o One) agreed() (out []counselling.Session) {
	for i := len(o.Sessions) - 1; i >= 0; i-- {
		if o.Sessions[i].State == counselling.Planned {
			out = append(out, o.Sessions[i])
		}
	}
	return out
}

// past are the appointments of which a note is missing.
func (o One) past(ctx context.Context) (out []field.Option) {
	for _, v := range o.agreed() {
		if !v.At.After(o.Now) {
			out = append(out, field.Option{Value: v.ID.String() + "." + decimal(v.Version), Text: i18n.Verbatim(when(ctx, v.At))})
		}
	}
	return append(out, field.Option{Value: "0", Text: i18n.CounselNoBooking})
}

// first is the choice that is made beforehand: the appointment that waits longest for its note.
func (o One) first(ctx context.Context) string { return o.past(ctx)[0].Value }

// Posts is a list of posts.
type Posts struct {
	Query         url.Values
	Items         []counselling.Post
	Before, After string
	Hand          field.Form
	Counsellors   []field.Option
	Keeps         bool
}

var postColumns = []partial.Column{{Key: "who", Title: i18n.CounselWho, Main: true}, {Key: "place", Title: i18n.CounselPlace}, {Key: "week", Title: i18n.CounselWeek}, {Key: "state", Title: i18n.CounselShow, Tight: true}}

func (l Posts) rows(ctx context.Context) []partial.Row {
	var out []partial.Row
	for _, p := range l.Items {
		state := partial.State{Text: i18n.CounselPostUsed, Tone: partial.Active}
		if !p.Active() {
			state = partial.State{Text: i18n.CounselPostEnded, Tone: partial.Ended}
		}
		row := partial.Row{ID: p.ID.String(), Name: p.Account, Cells: []templ.Component{partial.Two(p.Account, p.Org), partial.Text(p.Place), partial.Text(week(ctx, p.Week)), partial.Badge(state)}}
		if l.Keeps {
			row.Href = PostHref(p.ID)
		}
		out = append(out, row)
	}
	return out
}

// week says the hours of a week in one line.
func week(ctx context.Context, list []technician.Shift) (out string) {
	for i, day := range weekdays {
		if t := technician.Hours(list, i+1); t != "" {
			if out != "" {
				out += i18n.T(ctx, i18n.CodeListComma)
			}
			out += i18n.T(ctx, day) + " " + t
		}
	}
	return out
}

// PostForm is the form of a post.
type PostForm struct {
	field.Form
	Post        counselling.Post // of one that is there
	Orgs        []field.Option
	Counsellors []field.Option
}

func (f PostForm) action() string {
	if f.Post.ID == 0 {
		return PostsPath
	}
	return PostHref(f.Post.ID)
}

// Counts are the counts of a year.
type Counts struct {
	counselling.Counts
	Query url.Values
	This  int // the present year
}

var countColumns = []partial.Column{{Key: "org", Title: i18n.CounselOrg, Main: true}, {Key: "people", Title: i18n.CounselPeople, Num: true, Tight: true}, {Key: "all", Title: i18n.CounselAll, Num: true, Tight: true},
	{Key: "room", Title: i18n.CounselRoom, Num: true, Tight: true}, {Key: "phone", Title: i18n.CounselPhone, Num: true, Tight: true}, {Key: "home", Title: i18n.CounselHome, Num: true, Tight: true}, {Key: "hidden", Title: i18n.CounselNotShown}}

// rows are the communities and the sum; what is hidden says why.
func (c Counts) rows(ctx context.Context) []partial.Row {
	if c.None {
		return nil
	}
	sum := c.Sum
	sum.Org = i18n.T(ctx, i18n.CounselSum)
	var out []partial.Row
	for _, l := range append(slices.Clone(c.Lines), sum) {
		number := func(n int64, shown bool) templ.Component {
			if !shown {
				return partial.Text("")
			}
			return partial.Num(n)
		}
		why := i18n.Text{}
		switch {
		case l.Hidden:
			why = i18n.CounselHidden
		case l.Together:
			why = i18n.CounselTogether
		}
		forms := !l.Hidden && !l.Together
		out = append(out, partial.Row{ID: l.OrgID.String(), Name: l.Org, Cells: []templ.Component{partial.Text(l.Org), number(l.People, !l.Hidden), number(l.All(), !l.Hidden), number(l.Room, forms), number(l.Phone, forms),
			number(l.Home, forms), partial.Label(why)}})
	}
	return out
}

func (c Counts) years() (out []field.Option) {
	for y := c.This; y > c.This-4; y-- {
		out = append(out, field.Option{Value: strconv.Itoa(y), Text: i18n.Verbatim(strconv.Itoa(y))})
	}
	return out
}

// Free is the public page of posts.
type Free struct {
	Posts    []counselling.Free
	District string
}

// Day is a day with its free times.
type Day struct {
	On    calendar.Date
	Times []time.Time
}

func days(slots []time.Time) (out []Day) {
	for _, t := range slots {
		d := calendar.DateOf(t)
		if len(out) == 0 || out[len(out)-1].On != d {
			out = append(out, Day{On: d})
		}
		out[len(out)-1].Times = append(out[len(out)-1].Times, t)
	}
	return out
}

func (f Free) bookHref(p id.ID, t time.Time) string {
	q := url.Values{"slot": {Slot(p, t)}}
	if f.District != "" {
		q.Set("d", f.District)
	}
	return BookPath + "?" + q.Encode()
}

// Slot names a time of a post in a form.
func Slot(p id.ID, t time.Time) string { return p.String() + "-" + strconv.FormatInt(t.Unix(), 10) }

// Booking is the form on which a time is taken.
type Booking struct {
	field.Form
	Post     counselling.Post
	At       time.Time
	District string
}

// Mine is what a code shows.
type Mine struct {
	counselling.Booked
	New bool // it was just booked
}

// settle is what can be said of an appointment.
func (o One) settle(ctx context.Context, v counselling.Session) []partial.Act {
	values := []partial.Value{{Name: "session", Value: v.ID.String()}, {Name: "version", Value: decimal(v.Version)}}
	say := func(act string, text, ask i18n.Text, to counselling.State) partial.Act {
		return partial.Act{Text: text, Href: Href(o.ID) + "/settle", Post: true, Small: true, Values: append([]partial.Value{{Name: "state", Value: string(to)}}, values...),
			Confirm: &partial.Confirm{ID: act + v.ID.String(), Question: i18n.T(ctx, ask, when(ctx, v.At))}}
	}
	if v.At.After(o.Now) {
		return []partial.Act{say("cancel", i18n.CounselCancelAct, i18n.CounselCancelAsk, counselling.Cancelled)}
	}
	return []partial.Act{say("missed", i18n.CounselMissedAct, i18n.CounselMissedAsk, counselling.Missed)}
}

func (l Posts) acts() []partial.Act {
	if !l.Keeps {
		return nil
	}
	return []partial.Act{{Text: i18n.CounselPostNew, Href: PostsPath + "/new", Look: partial.Primary}}
}

func (f PostForm) acts(ctx context.Context) []partial.Act {
	if f.Post.ID == 0 {
		return nil
	}
	version := []partial.Value{{Name: "version", Value: decimal(f.Post.Version)}}
	if !f.Post.Active() {
		return []partial.Act{{Text: i18n.CounselPostBack, Href: PostHref(f.Post.ID) + "/resume", Post: true, Values: version}}
	}
	return []partial.Act{{Text: i18n.CounselPostEnd, Href: PostHref(f.Post.ID) + "/end", Post: true, Values: version, Confirm: &partial.Confirm{ID: "end", Question: i18n.T(ctx, i18n.CounselPostAsk)}}}
}

func dayName(ctx context.Context, d calendar.Date) string {
	return d.String() + " " + i18n.T(ctx, weekdays[(int(d.Weekday())+6)%7])
}
