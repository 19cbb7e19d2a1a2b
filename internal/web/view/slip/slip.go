// Package slip holds the pages of the quarterly slips, the yearly evaluation, and the check of a paper's code.
package slip

import (
	"context"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/feedback"
	"linli/internal/i18n"
	"linli/internal/paper"
	"linli/internal/volunteer"
	"linli/internal/web/view/chart"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/partial"
)

// StateOf is a slip's state in words and shape.
func StateOf(s feedback.State) partial.State {
	switch s {
	case feedback.Draft:
		return partial.State{Text: i18n.FeedbackDraft, Tone: partial.Draft}
	case feedback.Sent:
		return partial.State{Text: i18n.FeedbackSent, Tone: partial.Waiting}
	}
	return partial.State{Text: i18n.FeedbackAnswered, Tone: partial.Closed}
}

func wishState(s string) partial.State {
	switch s {
	case "open":
		return partial.State{Text: i18n.FeedbackOpen, Tone: partial.Waiting}
	case "accepted":
		return partial.State{Text: i18n.FeedbackAccepted, Tone: partial.Closed}
	}
	return partial.State{Text: i18n.FeedbackDeclined, Tone: partial.Ended}
}

// EvaluationState is how an evaluation stands.
func EvaluationState(e feedback.Evaluation) partial.State {
	if e.Decided {
		return partial.State{Text: i18n.FeedbackDecidedWord, Tone: partial.Closed}
	}
	return partial.State{Text: i18n.FeedbackUndecided, Tone: partial.Waiting}
}

func filters(quarters []calendar.Quarter) []partial.Filter {
	var qs []partial.Option
	for _, q := range quarters {
		m := q.Label()
		qs = append(qs, partial.Option{Value: q.String(), Text: i18n.Both(m.In(i18n.ZH), m.In(i18n.EN))})
	}
	var states []partial.Option
	for _, s := range []feedback.State{feedback.Draft, feedback.Sent, feedback.Answered} {
		states = append(states, partial.Option{Value: string(s), Text: StateOf(s).Text})
	}
	return []partial.Filter{{Name: "quarter", Label: i18n.FeedbackQuarter, Options: qs}, {Name: "state", Label: i18n.FeedbackState, Options: states},
		{Name: "late", Label: i18n.FeedbackLate, Options: []partial.Option{{Value: "1", Text: i18n.FeedbackLateYes}}}}
}

var listColumns = []partial.Column{
	{Key: "unit", Title: i18n.FeedbackUnit, Main: true},
	{Key: "community", Title: i18n.FeedbackCommunity},
	{Key: "quarter", Title: i18n.FeedbackQuarter, Tight: true},
	{Key: "state", Title: i18n.FeedbackState},
	{Key: "members", Title: i18n.FeedbackMembers, Num: true},
	{Key: "hours", Title: i18n.FeedbackHours, Num: true},
	{Key: "deeds", Title: i18n.FeedbackDeeds, Num: true, Minor: true},
}

func listRows(l i18n.Lang, slips []feedback.Slip) []partial.Row {
	var rows []partial.Row
	for _, s := range slips {
		rows = append(rows, partial.Row{ID: s.ID.String(), Name: s.Unit, Href: "/slips/" + s.ID.String(), Cells: []templ.Component{
			partial.Text(s.Unit), partial.Text(s.Community), partial.Text(s.Quarter.Label().In(l)), partial.Badge(StateOf(s.State)),
			partial.Num(s.Members), partial.Hours(s.Minutes), partial.Num(s.Deeds)}})
	}
	return rows
}

// ledger is the address of the postings behind a figure of a line.
func ledger(s feedback.Slip, l feedback.Line, account, proof string) string {
	q := url.Values{"quarter": {s.Quarter.String()}, "member": {l.MemberID.String()}, "account": {account}, "community": {s.CommunityID.String()}}
	if proof != "" {
		q.Set("proof", proof)
	}
	return "/ledger/postings?" + q.Encode()
}

func mix(l i18n.Lang, d feedback.Detail) chart.Chart {
	t := feedback.Totals(d.Lines)
	item := func(label i18n.Text, n int64) chart.Item {
		return chart.Item{Label: label.In(l), Value: max(n, 0), Shown: i18n.Number(n)}
	}
	return chart.Chart{Title: i18n.FeedbackMix.In(l), Unit: i18n.FeedbackMinutes, Items: []chart.Item{
		item(i18n.FeedbackTimed, t.Timed), item(i18n.FeedbackCountersigned, t.Countersigned), item(i18n.FeedbackVouched, t.Vouched)}}
}

var evaluationColumns = []partial.Column{
	{Key: "name", Title: i18n.FeedbackMember, Main: true},
	{Key: "unit", Title: i18n.FeedbackUnit},
	{Key: "state", Title: i18n.FeedbackState},
	{Key: "hours", Title: i18n.FeedbackHours, Num: true},
	{Key: "deeds", Title: i18n.FeedbackDeeds, Num: true},
	{Key: "activities", Title: i18n.FeedbackActivities, Num: true},
}

func evaluationHref(e feedback.Evaluation) string {
	return "/evaluations/" + strconv.FormatInt(e.Year, 10) + "/" + e.MemberID.String()
}

func evaluationRows(list []feedback.Evaluation) []partial.Row {
	var rows []partial.Row
	for _, e := range list {
		rows = append(rows, partial.Row{ID: e.MemberID.String(), Name: e.Name, Href: evaluationHref(e), Cells: []templ.Component{
			partial.Text(e.Name), partial.Text(e.Unit), partial.Badge(EvaluationState(e)), partial.Hours(e.Minutes), partial.Num(e.Deeds), partial.Num(e.Activities)}})
	}
	return rows
}

// YearOptions are the years that can be chosen, newest first.
func YearOptions(now int) []field.Option {
	var list []field.Option
	for y := now; y > now-5; y-- {
		list = append(list, field.Option{Value: strconv.Itoa(y), Text: i18n.Verbatim(strconv.Itoa(y))})
	}
	return list
}

func base(d feedback.Detail) string { return "/slips/" + d.Slip.ID.String() }

// showActs are the next acts: a draft is sent, a sent slip may be corrected; both can be printed.
func showActs(l i18n.Lang, d feedback.Detail) []partial.Act {
	print := partial.Act{Text: i18n.FeedbackPrint, Href: base(d) + "/pdf", Icon: icon.Print}
	if !d.CanReview {
		return []partial.Act{print}
	}
	if d.Slip.State == feedback.Draft {
		return []partial.Act{{Text: i18n.FeedbackSend, Href: base(d) + "/send", Post: true, Look: partial.Primary, Icon: icon.Send,
			Values: []partial.Value{{Name: "seen", Value: feedback.Fingerprint(d.Lines)}},
			Confirm: &partial.Confirm{ID: "send-slip", Question: i18n.FeedbackSendConfirm.In(l,
				i18n.FeedbackSlip.In(l, d.Slip.Quarter.Label(), d.Slip.Unit), d.Slip.Unit)}}, print}
	}
	return []partial.Act{{Text: i18n.FeedbackSendAgain, Href: base(d) + "/send-again", Post: true,
		Confirm: &partial.Confirm{ID: "send-again", Question: i18n.FeedbackSendAgainConfirm.In(l, d.Slip.Unit), Reason: i18n.FeedbackReason, Form: "slip.send_again"}}, print}
}

func stats(d feedback.Detail) []partial.Stat {
	t := feedback.Totals(d.Lines)
	at := func(account string) string {
		return "/ledger/postings?" + url.Values{"quarter": {d.Slip.Quarter.String()}, "community": {d.Slip.CommunityID.String()},
			"unit": {d.Slip.UnitID.String()}, "account": {account}}.Encode()
	}
	return []partial.Stat{
		{Label: i18n.FeedbackMembers, Value: i18n.Number(int64(len(d.Lines)))},
		{Label: i18n.FeedbackHours, Value: i18n.Hours(t.Minutes), Href: at("hours")},
		{Label: i18n.FeedbackDeeds, Value: i18n.Number(t.Deeds), Href: at("deeds")},
	}
}

// remarkOf is the remark as it stands, or on a draft without one a sentence that follows from the ledger. It names no numbers: those
// stand in the lines and may still move.
func remarkOf(ctx context.Context, d feedback.Detail) string {
	if d.Slip.Remark != "" || d.Slip.State != feedback.Draft {
		return d.Slip.Remark
	}
	present := 0
	for _, l := range d.Lines {
		if l.Activities > 0 || l.Minutes > 0 || l.Deeds > 0 {
			present++
		}
	}
	switch {
	case present == 0:
		return i18n.T(ctx, i18n.FeedbackRemarkNobody)
	case present < len(d.Lines):
		return i18n.T(ctx, i18n.FeedbackRemarkSome)
	}
	return i18n.T(ctx, i18n.FeedbackRemarkAll)
}

// answerField arrives with a sentence that fits most slips.
func answerField(ctx context.Context, f field.Form, d feedback.Detail) field.Field {
	in := f.In("answer", i18n.FeedbackAnswer).Need().Limit(500).Help(i18n.FeedbackAnswerHint)
	if len(in.Values) == 0 {
		in = in.Or(i18n.T(ctx, i18n.FeedbackAnswerText, d.Slip.Quarter.Label()))
		in.Filled = true
	}
	return in
}

// Result is what a paper's code tells.
type Result struct {
	Paper   paper.Paper
	Kind    i18n.Text
	Verdict errs.Message
	Good    bool
	Slip    *feedback.Version
	Service *volunteer.Checked // of a certificate of voluntary service
	Facts   []partial.Fact     // what else may be known of it
}

func (r *Result) class() string {
	if r.Good {
		return "flash flash-good"
	}
	return "flash flash-warn"
}

func yearLedger(e feedback.Evaluation, account string) string {
	return "/ledger/postings?" + url.Values{"year": {strconv.FormatInt(e.Year, 10)}, "member": {e.MemberID.String()}, "account": {account}}.Encode()
}

// ownWish is the form of a request for correction: as it was sent, for the slip it was sent about.
func ownWish(f field.Form, o feedback.OwnLine) field.Form {
	if f.ID != o.SlipID.String() {
		return field.Form{ID: "c" + o.SlipID.String()}
	}
	f.ID = "c" + f.ID
	return f
}
