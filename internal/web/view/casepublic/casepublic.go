// Package casepublic holds the residents' pages of cases: the front page, reporting something, the receipt, and following a case with its code. They need no
// account and no scripts.
package casepublic

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/hall"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/technician"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/partial"
)

// District is one of several that an installation serves.
type District struct{ Name, Href string }

// KindChoice is a kind that residents report themselves.
type KindChoice struct {
	casework.Kind
	Href string
}

// Asked is the form of a report.
type Asked struct {
	Kind        casework.Kind
	Form        field.Form
	Categories  []field.OptionGroup
	Communities []field.OptionGroup
	District    string // number of the district where there are several
	Key         string // of this sending
	Size        string // largest photograph
	Mail        bool   // e-mail is set up, so that an address may be left
	Again       string // where another kind is chosen
	Own         bool   // somebody has entered their account
}

// Receipt is what whoever reports takes away.
type Receipt struct {
	casework.Receipt
	Page, QR string // address of the follow page, and the picture of it with the code
}

// Following is a case as whoever reported it sees it.
type Following struct {
	casework.Followed
	Code              string
	Own               id.ID // the case itself, where it is shown through an account and not by its code
	Now               time.Time
	Rate, Reopen, Add field.Form
	Tell, Reviewing   field.Form
	Visit             technician.Visit // who is sent
	NoVisit           bool             // nobody was yet
	Run               hall.TakenOver   // who runs it for them
	NotRun            bool             // nobody does
	Size              string           // largest photograph
	Mail              bool             // e-mail is set up
}

// switches says whether they switch messages on and off: where they left a number or an address, which through their account must be known to be followed already.
func (f Following) switches() bool { return f.Told.There || f.HasPhone && f.Own == 0 }

// asksMail says whether they can leave an e-mail address, or another: with the code, which a message leads to the case by, while something may still happen.
func (f Following) asksMail() bool {
	return f.Mail && f.Own == 0 && f.State != casework.Closed
}

// mailTitle is what the form for the address is headed with, and mailAct what its button says.
func (f Following) mailTitle() i18n.Text {
	switch {
	case f.Told.Mail:
		return i18n.NoticeCaseMailOther
	case f.switches():
		return i18n.NoticeCaseMail
	}
	return i18n.NoticeCaseMailAct
}

func (f Following) mailAct() i18n.Text {
	if f.Told.Mail {
		return i18n.NoticeCaseMailChange
	}
	return i18n.NoticeCaseMailAct
}

// to is the address of an act.
func (f Following) to(act string) templ.SafeURL {
	if f.Own != 0 {
		return templ.SafeURL("/p/me/case/" + act)
	}
	return templ.SafeURL("/p/case/" + act)
}

// visitFacts are who is sent, how far they are, and what was charged.
func (f Following) visitFacts(ctx context.Context) []partial.Fact {
	v := f.Visit
	list := []partial.Fact{partial.F(i18n.VisitTechnician, i18n.T(ctx, i18n.CasePublicComing, v.Technician, v.Org)), partial.F(i18n.VisitStage, i18n.T(ctx, v.State.Text())),
		partial.F(i18n.CasePublicPrice, i18n.T(ctx, v.Price.Text()))}
	if v.State != technician.Finished {
		return list
	}
	sum := i18n.T(ctx, i18n.VisitReceiptFree)
	if n := technician.Sum(v.Charges, ""); n > 0 {
		sum = i18n.T(ctx, i18n.VisitYuan, catalogue.Yuan(n))
	} else if v.Price.Charges() {
		sum = i18n.T(ctx, i18n.VisitReceiptNone)
	}
	return append(list, partial.F(i18n.CasePublicCharged, sum), partial.F(i18n.VisitConfirmed, i18n.T(ctx, technician.ConfirmedText(v.Confirmed))))
}

var kindHelp = map[string]i18n.Text{"service": i18n.CasePublicKindService, "opinion": i18n.CasePublicKindOpinion, "event": i18n.CasePublicKindEvent,
	"matter": i18n.CasePublicKindMatter, "dispute": i18n.CasePublicKindDispute}

var kindIcon = map[string]icon.Name{"service": icon.Heart, "opinion": icon.Message, "event": icon.Pin, "matter": icon.Clipboard, "dispute": icon.Handshake}

func iconOf(code string) icon.Name {
	if n, ok := kindIcon[code]; ok {
		return n
	}
	return icon.Flag
}

// stage is one stop on the way of a case.
type stage struct {
	text i18n.Text
	tone partial.Tone
	say  i18n.Text
}

// stages are the stops of a case with where it is.
func (f Following) stages() []stage {
	names := []i18n.Text{i18n.CasePublicStepTake, i18n.CasePublicStepAccept, i18n.CasePublicStepWork, i18n.CasePublicStepDone, i18n.CasePublicStepClosed}
	if f.Outcome == casework.Refused && f.State == casework.Closed {
		names = []i18n.Text{i18n.CasePublicStepTake, i18n.CaseRefused}
	}
	now := map[casework.State]int{casework.Received: 1, casework.Accepted: 2, casework.Dispatched: 2, casework.Working: 2, casework.Done: 4, casework.Closed: len(names)}[f.State]
	out := make([]stage, len(names))
	for i, n := range names {
		switch {
		case i < now:
			out[i] = stage{n, partial.Closed, i18n.CasePublicStepBefore}
		case f.State == casework.Done && i == now:
			out[i] = stage{n, partial.Waiting, i18n.CasePublicStepRate}
		case i == now:
			out[i] = stage{n, partial.Waiting, i18n.CasePublicStepNow}
		default:
			out[i] = stage{n, partial.Neutral, i18n.CasePublicStepLater}
		}
	}
	return out
}

// said are the words of the last act of a sort.
func (f Following) said(ctx context.Context, a casework.Act) string {
	for i := len(f.Entries) - 1; i >= 0; i-- {
		if e := f.Entries[i]; e.Act == a && e.Words != "" {
			return e.Words
		}
	}
	return i18n.T(ctx, i18n.CasePublicNoWords)
}

// limit says until when the work is done, and why that has changed.
func (f Following) limit(ctx context.Context) []string {
	if !f.State.Open() {
		return nil
	}
	var out []string
	switch {
	case !f.SuspendedAt.IsZero():
		out = append(out, i18n.T(ctx, i18n.CasePublicStood, f.said(ctx, casework.ActSuspend)))
	case f.DueAt.IsZero():
	case f.Overdue(f.Now):
		out = append(out, i18n.T(ctx, i18n.CasePublicLate))
	case f.LimitHours > 0:
		out = append(out, i18n.T(ctx, i18n.CasePublicHours, i18n.DateTime(f.DueAt)))
	case f.Left == 0:
		out = append(out, i18n.T(ctx, i18n.CasePublicToday))
	case f.Petition:
		out = append(out, i18n.T(ctx, i18n.CasePublicDaysLeft, f.Left)+" · "+due(ctx, f.DueAt, f.Provisional))
	default:
		out = append(out, i18n.T(ctx, i18n.CasePublicLeft, f.Left)+" · "+due(ctx, f.DueAt, f.Provisional))
	}
	if f.Extended > 0 {
		t := i18n.CasePublicMore
		if f.LimitHours > 0 {
			t = i18n.CasePublicMoreHours
		} else if f.Petition {
			t = i18n.CasePublicMoreDays
		}
		out = append(out, i18n.T(ctx, t, f.Extended, f.said(ctx, casework.ActGrant)))
	}
	return out
}

// due is the end of a limit in days: the day alone.
func due(ctx context.Context, at time.Time, provisional bool) string {
	s := i18n.Date(at)
	if provisional {
		s += i18n.T(ctx, i18n.CasePublicProvisional)
	}
	return s
}

// until is the end of the limit on a receipt: with the time of day where the limit is in hours, which does not end at midnight.
func (r Receipt) until(ctx context.Context) string {
	if r.Petition {
		return i18n.T(ctx, i18n.CasePublicPetition) + " · " + due(ctx, r.DueAt, r.Provisional)
	}
	if next := r.DueAt.Add(time.Second).In(i18n.Zone); next.Hour() == 0 && next.Minute() == 0 && next.Second() <= 1 {
		return due(ctx, r.DueAt, r.Provisional)
	}
	return i18n.DateTime(r.DueAt)
}

// history is the way of a case, the newest first.
func (f Following) history(ctx context.Context) []partial.Event {
	out := make([]partial.Event, 0, len(f.Entries))
	for i := len(f.Entries) - 1; i >= 0; i-- {
		e := f.Entries[i]
		out = append(out, partial.Event{When: e.At, Who: e.To, What: i18n.T(ctx, e.Act.Text()), Detail: e.Words})
	}
	return out
}

// facts are what was reported.
func (f Following) facts(ctx context.Context) []partial.Fact {
	kind := i18n.T(ctx, f.Kind)
	if item := i18n.T(ctx, f.Item); item != "" {
		kind += " · " + item
	}
	place := f.Community
	for _, s := range []string{f.Building, f.Place} {
		if s != "" {
			place += " · " + s
		}
	}
	list := []partial.Fact{partial.F(i18n.CasePublicNumber, f.No), partial.F(i18n.CasePublicWhen, i18n.DateTime(f.ReceivedAt)), partial.F(i18n.CasePublicKindOf, kind),
		partial.F(i18n.CasePublicCommunity, place), {Label: i18n.CasePublicBody, Value: partial.Lines(f.Body), Wide: true}}
	if len(f.Photos) > 0 {
		list = append(list, partial.Fact{Label: i18n.CasePublicPhotos, Value: pictures(f), Wide: true})
	}
	return list
}

// stars are the choices of a rating, the best first.
func stars() []field.Option {
	var out []field.Option
	for _, n := range []string{"5", "4", "3", "2", "1"} {
		out = append(out, field.Option{Value: n, Text: with(i18n.CasePublicStarsN, n)})
	}
	return out
}

// with is a text in both languages with its places filled.
func with(t i18n.Text, args ...any) i18n.Text {
	return i18n.Both(t.In(i18n.ZH, args...), t.In(i18n.EN, args...))
}

// yesNo are the answers to a question of a kind.
func yesNo() []field.Option {
	return []field.Option{{Value: "yes", Text: i18n.PartialYes}, {Value: "no", Text: i18n.PartialNo}}
}

func optionsOf(f casework.Field) []field.Option {
	out := make([]field.Option, len(f.Options))
	for i, o := range f.Options {
		out[i] = field.Option{Value: o, Text: i18n.Verbatim(o)}
	}
	return out
}

// about are the organisations that an opinion may be about.
func about() []field.Option {
	return []field.Option{{Value: "", Text: i18n.CasePublicAboutNone}, {Value: "here", Text: i18n.CasePublicAboutHere}, {Value: "up", Text: i18n.CasePublicAboutUp}}
}

// reviewText says whether it is the review or the re-review of a petition.
func (f Following) reviewText() i18n.Text {
	if f.Review > 0 {
		return i18n.CaseReviewAgain
	}
	return i18n.CaseReview
}

// sentAgain are the fields that go again, in a steady order; those of the burden ledger are the page's own.
func sentAgain(v url.Values) []string {
	names := slices.Sorted(maps.Keys(v))
	return slices.DeleteFunc(names, func(name string) bool { return strings.HasPrefix(name, "_") })
}
