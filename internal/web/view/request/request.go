// Package request holds the pages of what offices above ask: the list, a request with its occurrences and answers, and its registration.
package request

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/fact"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/request"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/partial"
)

// Path is the list of requests; AnswersPath that of the answers.
const (
	Path        = "/requests"
	AnswersPath = "/requests/answers"
)

// Href is the address of a request.
func Href(r id.ID) string { return Path + "/" + r.String() }

// AnswersHref is the list of the answers that an office got in a month (2026-11).
func AnswersHref(office, month string) string {
	q := url.Values{"office": {office}}
	if month != "" {
		q.Set("month", month)
	}
	return AnswersPath + "?" + q.Encode()
}

// List is a page of requests.
type List struct {
	Query         url.Values
	Items         []request.Request
	Filters       []partial.Filter
	Before, After string
	Register      bool
}

func listActs(l List) []partial.Act {
	acts := []partial.Act{{Text: i18n.RequestAnswers, Href: AnswersPath, Icon: icon.History}, {Text: i18n.RequestPrint, Href: partial.Href(Path+"/print", l.Query, "", ""), Icon: icon.Print}}
	if l.Register {
		acts = append([]partial.Act{{Text: i18n.RequestNew, Href: Path + "/new", Icon: icon.Plus, Look: partial.Primary}}, acts...)
	}
	return acts
}

var listColumns = []partial.Column{{Key: "title", Title: i18n.RequestName, Main: true}, {Key: "office", Title: i18n.RequestOffice}, {Key: "every", Title: i18n.RequestEvery, Tight: true},
	{Key: "next", Title: i18n.RequestNext, Tight: true}, {Key: "standing", Title: i18n.RequestStanding}, {Key: "ends", Title: i18n.RequestEndsOn, Minor: true}, {Key: "state", Title: i18n.RequestState, Tight: true}}

func listRows(ctx context.Context, items []request.Request) []partial.Row {
	var rows []partial.Row
	for _, r := range items {
		rows = append(rows, partial.Row{ID: r.ID.String(), Name: r.Title, Href: Href(r.ID), Cells: []templ.Component{partial.Text(r.Title), officeCell(r), partial.Label(r.Every.Text()),
			partial.Text(r.NextDue.String()), partial.Text(Stands(i18n.From(ctx), r)), endCell(r), partial.Badge(stateOf(r))}})
	}
	return rows
}

// Stands says in a line how the occurrences of a request stand.
func Stands(l i18n.Lang, r request.Request) string {
	return i18n.RequestStands.In(l, r.Answered, r.Waiting, r.Late)
}

func stateOf(r request.Request) partial.State {
	tone := map[request.State]partial.Tone{request.Open: partial.Active, request.Paused: partial.Neutral, request.Ended: partial.Ended, request.Expired: partial.Ended}[r.State]
	if r.State == request.Open && r.Late > 0 {
		return partial.State{Text: i18n.RequestSomeLate, Tone: partial.Refused}
	}
	return partial.State{Text: r.State.Text(), Tone: tone}
}

func dueState(s request.DueState) partial.State {
	return partial.State{Text: s.Text(), Tone: map[request.DueState]partial.Tone{request.Ahead: partial.Neutral, request.Waits: partial.Waiting, request.Late: partial.Refused, request.Answered: partial.Closed}[s]}
}

// Choices are what a registration is chosen from.
type Choices struct {
	Owners, Organisations []field.Option
	Every                 []field.Option
	Asked                 int   // so many of Organisations, the communities, are asked unless somebody says otherwise
	Months                int64 // after which a request without an end ends
	OfficeName            string
}

// EveryOptions are how often something can be asked.
func EveryOptions() []field.Option {
	var out []field.Option
	for _, e := range request.Frequencies() {
		out = append(out, field.Option{Value: string(e), Text: e.Text()})
	}
	return out
}

// New is the page on which a request is registered.
type New struct {
	Form     field.Form
	Choices  Choices
	FormID   string // the dropped form; "" before one is there
	Preview  request.Preview
	At       string // the organisation of the preview
	Subjects []field.Option
	Subject  string // of a list of facts
	Facts    []field.OptionGroup
	Only     []field.Option
	Define   bool
}

func (n New) ready() bool { return n.FormID != "" || n.Subject != "" }

// Show is the page of a request.
type Show struct {
	request.Detail
	Form     field.Form
	Keeps    bool // the actor changes it
	At       request.Party
	Period   string       // that is to be answered at At; "" for none
	Due      *request.Due // the same
	Held     request.Filled
	Looked   bool // Held was read
	Wrong    string
	Purposes []field.Option
	MayForms bool // the actor fills in forms
	Define   bool
	Answers  map[id.ID]bool // organisations for which the actor answers
}

func (s Show) edition() string {
	if s.Due == nil || s.Due.Answer == nil {
		return "0"
	}
	return strconv.FormatInt(s.Due.Answer.Edition, 10)
}

func (s Show) whole() bool {
	return s.Looked && s.Wrong == "" && s.Held.Left() == s.Held.Hidden && len(s.Held.Lacks) == 0
}

func showActs(s Show) []partial.Act {
	acts := []partial.Act{{Text: i18n.RequestForm, Href: Href(s.ID) + "/form", Icon: icon.Download}, {Text: i18n.RequestPrint, Href: Href(s.ID) + "/print", Icon: icon.Print}}
	if s.Keeps && (s.State == request.Open || s.State == request.Paused) {
		acts = append(acts, partial.Act{Text: i18n.RequestCorrect, Href: Href(s.ID) + "/edit", Icon: icon.Edit})
	}
	return acts
}

func about(ctx context.Context, s Show) []partial.Fact {
	list := []partial.Fact{partial.F(i18n.RequestOffice, s.Office), {Label: i18n.RequestGround, Value: groundCell(s.Request)}, {Label: i18n.RequestEvery, Value: partial.Label(s.Every.Text())},
		partial.F(i18n.RequestFirstDue, s.FirstDue.String()), {Label: i18n.RequestEndsOn, Value: endCell(s.Request)}, partial.F(i18n.RequestOwner, s.Owner),
		partial.F(i18n.RequestParties, partyNames(ctx, s.Parties))}
	if s.Reason != "" {
		list = append(list, partial.F(i18n.RequestReason, s.Reason))
	}
	return list
}

// ground says on what a request rests.
func ground(ctx context.Context, r request.Request) string {
	if !r.Grounded() {
		return i18n.T(ctx, i18n.RequestNoGround)
	}
	return strings.TrimSpace(r.Ground + " " + r.GroundNo)
}

// fieldNames lists what a form asks; what the platform does not hold is marked.
func fieldNames(ctx context.Context, list []request.Field) string {
	var out []string
	for _, f := range list {
		if f.Fact == "" {
			f.Label += i18n.T(ctx, i18n.RequestUnknownIs)
		}
		out = append(out, f.Label)
	}
	return strings.Join(out, i18n.T(ctx, i18n.RequestBetween))
}

// missing names the fields that are not known of everybody.
func missing(ctx context.Context, f request.Filled) string {
	var out []string
	for _, h := range f.Held {
		if h.Unknown > 0 {
			out = append(out, h.Label)
		}
	}
	for _, l := range f.Lacks {
		out = append(out, l.Label)
	}
	return strings.Join(out, i18n.T(ctx, i18n.RequestBetween))
}

func partyNames(ctx context.Context, list []request.Party) string {
	var out []string
	for _, p := range list {
		out = append(out, p.Name)
	}
	return strings.Join(out, i18n.T(ctx, i18n.RequestBetween))
}

var dueColumns = []partial.Column{{Key: "period", Title: i18n.RequestPeriod, Main: true}, {Key: "party", Title: i18n.RequestParties}, {Key: "due", Title: i18n.RequestDue, Tight: true},
	{Key: "state", Title: i18n.RequestState, Tight: true}, {Key: "by", Title: i18n.RequestWho}, {Key: "asked", Title: i18n.RequestFields, Num: true}, {Key: "share", Title: i18n.RequestShare, Num: true},
	{Key: "acts", Title: i18n.RequestActs}}

// Period names a period in words.
func Period(l i18n.Lang, p string) string { return request.PeriodLabel(p).In(l) }

func dueRows(ctx context.Context, s Show) []partial.Row {
	var rows []partial.Row
	for _, d := range s.Dues {
		by, asked, share := partial.Text(""), partial.Text(""), partial.Text("")
		var acts []partial.Act
		if a := d.Answer; a != nil {
			by = partial.Two(a.By, i18n.DateTime(a.At))
			asked, share = partial.Num(a.Asked), partial.Text(Share(a.Percent()))
			if a.Kept() && (s.Answers[d.Party.ID] || s.Keeps) {
				acts = append(acts, partial.Act{Text: i18n.RequestDownload, Href: FileHref(a.ID), Icon: icon.Download, Small: true})
			}
		}
		if s.Answers[d.Party.ID] && d.State(s.Today, s.Lead) != request.Ahead && (s.State == request.Open || s.State == request.Expired) && (s.Due == nil || s.Due.ID != d.ID) {
			word := i18n.RequestAct
			if d.Answer != nil {
				word = i18n.RequestAgain
			}
			acts = append(acts, partial.Act{Text: word, Href: AnswerHref(s.ID, d.Party.ID, d.Period), Small: true})
		}
		rows = append(rows, partial.Row{ID: d.ID.String(), Name: d.Party.Name, Cells: []templ.Component{partial.Text(Period(i18n.From(ctx), d.Period)), partial.Text(d.Party.Name),
			partial.Text(d.On.String()), partial.Badge(dueState(d.State(s.Today, s.Lead))), by, asked, share, partial.Acts(acts)}})
	}
	return rows
}

// AnswerHref is where a period of an organisation is answered.
func AnswerHref(r, organisation id.ID, period string) string {
	return Href(r) + "?" + url.Values{"organisation": {organisation.String()}, "period": {period}}.Encode() + "#answer"
}

// FileHref is where an answer is downloaded.
func FileHref(answer id.ID) string { return AnswersPath + "/" + answer.String() + "/file" }

// Share is a share in words.
func Share(n int64) string {
	if n < 0 {
		return "–"
	}
	return strconv.FormatInt(n, 10) + " %"
}

var heldColumns = []partial.Column{{Key: "field", Title: i18n.RequestField, Main: true}, {Key: "known", Title: i18n.RequestKnown, Num: true}, {Key: "fresh", Title: i18n.RequestFresh}}

func heldRows(ctx context.Context, f request.Filled, define bool) []partial.Row {
	var rows []partial.Row
	for _, h := range f.Held {
		fresh := ""
		switch {
		case !h.Oldest.IsZero() && h.Oldest.Equal(h.Newest):
			fresh = h.Newest.String()
		case !h.Oldest.IsZero():
			fresh = i18n.T(ctx, i18n.RequestFreshOf, h.Oldest.String(), h.Newest.String())
		}
		name := partial.Text(h.Label)
		if h.Hidden > 0 {
			name = partial.Two(h.Label, i18n.T(ctx, i18n.RequestSealedIs))
		}
		rows = append(rows, partial.Row{Cells: []templ.Component{name, partial.Text(Share(int64(h.Percent()))), partial.Text(fresh)}})
	}
	for _, l := range f.Lacks {
		rows = append(rows, partial.Row{Cells: []templ.Component{partial.Two(l.Label, i18n.T(ctx, i18n.RequestLack)), partial.Text("0 %"), lackCell(l, define)}})
	}
	return rows
}

func defineHref(l request.Lack) string {
	return "/facts/new?" + url.Values{"subject": {string(l.Subject)}, "name": {l.Name}, "type": {string(l.Type)}}.Encode()
}

func sameText(ctx context.Context, s request.Same) string {
	labels := s.Labels
	more := ""
	if len(labels) > 8 {
		labels, more = labels[:8], "…"
	}
	return i18n.T(ctx, i18n.RequestSameOf, s.Office, i18n.T(ctx, s.Every.Text()), strings.Join(labels, i18n.T(ctx, i18n.RequestBetween))+more)
}

func events(ctx context.Context, list []request.Change) []partial.Event {
	words := map[string]i18n.Text{request.ActRegister: i18n.RequestRegistered, request.ActCorrect: i18n.RequestCorrect, request.ActPause: i18n.RequestPause, request.ActResume: i18n.RequestResume,
		request.ActEnd: i18n.RequestEndAct, request.ActExtend: i18n.RequestExtend, request.ActExpire: i18n.RequestExpire}
	var out []partial.Event
	for _, c := range list {
		out = append(out, partial.Event{When: c.At, Who: c.By, What: i18n.T(ctx, words[c.Act]), Detail: c.Reason})
	}
	return out
}

// stopOptions are the acts that stop, end or extend, as choices.
func stopOptions(r request.Request) []field.Option {
	var out []field.Option
	if r.State == request.Open {
		out = append(out, field.Option{Value: request.ActPause, Text: i18n.RequestPause})
	}
	if r.State == request.Paused {
		out = append(out, field.Option{Value: request.ActResume, Text: i18n.RequestResume})
	}
	return append(out, field.Option{Value: request.ActExtend, Text: i18n.RequestExtend}, field.Option{Value: request.ActEnd, Text: i18n.RequestEndAct})
}

// Answers is a page of answers.
type Answers struct {
	Query         url.Values
	Items         []request.Answer
	Filters       []partial.Filter
	Before, After string
	Files         func(request.Answer) bool
}

var answerColumns = []partial.Column{{Key: "title", Title: i18n.RequestName, Main: true}, {Key: "office", Title: i18n.RequestOffice}, {Key: "period", Title: i18n.RequestPeriod, Tight: true}, {Key: "party", Title: i18n.RequestParties, Tight: true},
	{Key: "by", Title: i18n.RequestWho}, {Key: "way", Title: i18n.RequestWay, Minor: true}, {Key: "asked", Title: i18n.RequestFields, Num: true}, {Key: "filled", Title: i18n.RequestFilled, Num: true},
	{Key: "minutes", Title: i18n.RequestTook, Num: true}, {Key: "file", Title: i18n.RequestBook}}

func answerRows(ctx context.Context, l Answers) []partial.Row {
	var rows []partial.Row
	for _, a := range l.Items {
		way := i18n.T(ctx, a.Way.Text())
		if !a.Replaced.IsZero() {
			way += " · " + i18n.T(ctx, i18n.RequestReplaced)
		}
		var acts []partial.Act
		if a.Kept() && l.Files(a) {
			acts = append(acts, partial.Act{Text: i18n.RequestDownload, Href: FileHref(a.ID), Small: true})
		}
		rows = append(rows, partial.Row{ID: a.ID.String(), Name: a.Title, Href: Href(a.RequestID), Cells: []templ.Component{partial.Text(a.Title), partial.Text(a.Office), partial.Text(Period(i18n.From(ctx), a.Period)),
			partial.Text(a.Party), partial.Two(a.By, i18n.DateTime(a.At)), partial.Text(way), partial.Num(a.Asked), partial.Num(a.Filled), partial.Num(a.Minutes), partial.Acts(acts)}})
	}
	return rows
}

// FactOptions are the facts that can be asked of a subject.
func FactOptions(list []fact.Reached) []field.Option {
	var out []field.Option
	for _, x := range list {
		out = append(out, field.Option{Value: string(x.Ref), Text: x.Name})
	}
	return out
}

// FactGroups are facts to choose from: the row's own in the open, the others by what they stand at.
func FactGroups(list []fact.Reached) []field.OptionGroup {
	var out []field.OptionGroup
	at := map[i18n.Text]int{}
	for _, x := range list {
		n, known := at[x.At]
		if !known {
			n, at[x.At] = len(out), len(out)
			out = append(out, field.OptionGroup{Title: x.At})
		}
		out[n].Options = append(out[n].Options, field.Option{Value: string(x.Ref), Text: x.Name})
	}
	return out
}

// upload is the second form of the page: its inputs have ids of their own.
func (s Show) upload() field.Form {
	f := s.Form
	f.ID = "upload"
	return f
}
