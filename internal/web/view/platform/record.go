package platform

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/audit"
	"linli/internal/complaint"
	"linli/internal/i18n"
	"linli/internal/jobs"
	"linli/internal/policy"
	"linli/internal/web/view/field"
	"linli/internal/web/view/partial"
)

var auditColumns = []partial.Column{
	{Key: "when", Title: i18n.AuditWhen, Tight: true}, {Key: "who", Title: i18n.AuditWho, Main: true}, {Key: "what", Title: i18n.AuditWhat},
	{Key: "about", Title: i18n.AuditAbout, Minor: true}, {Key: "purpose", Title: i18n.AuditPurpose, Minor: true}, {Key: "detail", Title: i18n.AuditDetail, Minor: true},
}

// Words are the names behind codes that an audit entry holds.
type Words struct {
	Roles    map[string]i18n.Text
	Purposes map[string]i18n.Text
}

// Role names a role by its code.
func (w Words) Role(ctx context.Context, code string) string {
	switch t, ok := w.Roles[code]; {
	case ok:
		return i18n.T(ctx, t)
	case code == "system":
		return i18n.T(ctx, i18n.AuditPlatform)
	}
	return code
}

// Purpose names a purpose by its code.
func (w Words) Purpose(ctx context.Context, code string) string {
	if t, ok := w.Purposes[code]; ok {
		return i18n.T(ctx, t)
	}
	return code
}

func auditRows(ctx context.Context, items []audit.Row, w Words) []partial.Row {
	var out []partial.Row
	for _, r := range items {
		who := partial.Two(r.ActorName, w.Role(ctx, r.ActorRole))
		about := r.SubjectKind
		if known := i18n.ActWord(r.SubjectKind); r.SubjectKind != "" {
			about = i18n.T(ctx, known)
		}
		out = append(out, partial.Row{ID: r.ID.String(), Name: r.ActorName, Cells: []templ.Component{
			partial.Text(i18n.DateTime(r.At)), who, partial.Two(i18n.T(ctx, i18n.ActWord(r.Action)), r.Action),
			partial.Two(about, r.SubjectID.String()), partial.Text(w.Purpose(ctx, r.Purpose)), partial.Text(detail(r.Detail))}})
	}
	return out
}

// detail takes the marks of JSON out of what an entry holds besides.
func detail(s string) string {
	return strings.NewReplacer(`{`, ``, `}`, ``, `"`, ``, `,`, `, `, `:`, `: `).Replace(s)
}

func looksFilter() []partial.Filter {
	return []partial.Filter{{Name: "looks", Label: i18n.AuditLooks, Options: []partial.Option{{Value: "1", Text: i18n.AuditLooksOnly}}}}
}

// auditForm is the filter of days and act, filled with what the address holds.
func auditForm(q url.Values) field.Form { return field.Form{ID: "a-", Values: q} }

var settingColumns = []partial.Column{
	{Key: "name", Title: i18n.PolicyTitle, Main: true}, {Key: "value", Title: i18n.SettingValue, Num: true}, {Key: "since", Title: i18n.SettingSince, Minor: true},
	{Key: "later", Title: i18n.SettingPlanned}, {Key: "rule", Title: i18n.SettingRule, Minor: true},
}

// SettingValue shows a value with its unit, a switch as yes or no.
func SettingValue(ctx context.Context, v policy.Value, n int64) string {
	switch {
	case v.IsSwitch() && n == 1:
		return i18n.T(ctx, i18n.SettingYes)
	case v.IsSwitch():
		return i18n.T(ctx, i18n.SettingNo)
	case v.Unset && n == 0:
		return i18n.T(ctx, i18n.PolicyUnset)
	}
	return strings.TrimSpace(i18n.Number(n) + " " + i18n.T(ctx, v.Unit))
}

func settingRows(ctx context.Context, items []policy.Setting, change bool) []partial.Row {
	var out []partial.Row
	for _, s := range items {
		later := ""
		if s.LaterOn != "" {
			later = i18n.T(ctx, i18n.SettingLater, s.LaterOn, SettingValue(ctx, s.Value, s.Later))
		}
		row := partial.Row{ID: s.Name, Name: i18n.T(ctx, s.Title), Cells: []templ.Component{
			partial.Two(i18n.T(ctx, s.Title), s.Name), partial.Two(SettingValue(ctx, s.Value, s.Now), i18n.T(ctx, i18n.SettingDefault, SettingValue(ctx, s.Value, s.Default))),
			partial.Two(s.Since, s.SetBy), partial.Text(later), partial.Text(s.Source)}}
		if change {
			row.Href = "/settings/" + s.Name
		}
		out = append(out, row)
	}
	return out
}

func switchOptions() []field.Option {
	return []field.Option{{Value: "1", Text: i18n.SettingYes}, {Value: "0", Text: i18n.SettingNo}}
}

func bounds(ctx context.Context, v policy.Value) i18n.Text {
	if v.Unset {
		return i18n.Verbatim(i18n.T(ctx, i18n.PolicyOrUnset, v.Min, v.Max))
	}
	return i18n.Verbatim(i18n.T(ctx, i18n.SettingBounds, v.Min, v.Max))
}

// least is the smallest value that the form takes.
func least(v policy.Value) string {
	if v.Unset {
		return "0"
	}
	return number(v.Min)
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

var complaintColumns = []partial.Column{
	{Key: "body", Title: i18n.ComplaintBody, Main: true}, {Key: "page", Title: i18n.ComplaintPage, Minor: true}, {Key: "by", Title: i18n.ComplaintBy, Minor: true},
	{Key: "when", Title: i18n.ComplaintWhen, Tight: true}, {Key: "state", Title: i18n.ComplaintState, Tight: true},
}

// ComplaintState is the state of a complaint in words.
func ComplaintState(c complaint.Complaint) partial.State {
	switch c.State {
	case complaint.Answered:
		return partial.State{Text: i18n.ComplaintAnswered, Tone: partial.Closed}
	case complaint.Declined:
		return partial.State{Text: i18n.ComplaintDeclined, Tone: partial.Ended}
	}
	return partial.State{Text: i18n.ComplaintOpen, Tone: partial.Waiting}
}

func complaintRows(items []complaint.Complaint) []partial.Row {
	var out []partial.Row
	for _, c := range items {
		out = append(out, partial.Row{ID: c.ID.String(), Name: short(c.Body), Href: "/complaints/" + c.ID.String(), Cells: []templ.Component{
			partial.Text(short(c.Body)), partial.Text(c.Page), partial.Text(c.By), partial.Moment(c.CreatedAt), partial.Badge(ComplaintState(c))}})
	}
	return out
}

func complaintFilter() []partial.Filter {
	return []partial.Filter{{Name: "state", Label: i18n.ComplaintState, Options: []partial.Option{
		{Value: string(complaint.Open), Text: i18n.ComplaintOpen}, {Value: string(complaint.Answered), Text: i18n.ComplaintAnswered}, {Value: string(complaint.Declined), Text: i18n.ComplaintDeclined}}}}
}

func outcomes() []field.Option {
	return []field.Option{{Value: string(complaint.Answered), Text: i18n.ComplaintAnswered}, {Value: string(complaint.Declined), Text: i18n.ComplaintDeclined}}
}

func complaintFacts(c complaint.Complaint) []partial.Fact {
	facts := []partial.Fact{partial.F(i18n.ComplaintBy, c.By), partial.F(i18n.ComplaintWhen, i18n.DateTime(c.CreatedAt)),
		{Label: i18n.ComplaintPage, Value: partial.Text(c.Page)}, {Label: i18n.ComplaintBody, Value: partial.Text(c.Body), Wide: true}}
	if c.Answer != "" {
		facts = append(facts, partial.Fact{Label: i18n.ComplaintAnswer, Value: partial.Two(c.Answer, c.AnsweredBy+" "+i18n.DateTime(c.AnsweredAt)), Wide: true})
	}
	return facts
}

var jobColumns = []partial.Column{
	{Key: "kind", Title: i18n.JobKind, Main: true}, {Key: "when", Title: i18n.JobWhen}, {Key: "ended", Title: i18n.JobEnded, Minor: true},
	{Key: "progress", Title: i18n.JobProgress, Num: true}, {Key: "message", Title: i18n.JobMessage, Minor: true}, {Key: "state", Title: i18n.JobState, Tight: true},
}

var jobStates = map[jobs.State]partial.State{
	jobs.Waiting: {Text: i18n.JobWaiting, Tone: partial.Waiting}, jobs.Running: {Text: i18n.JobRunning, Tone: partial.Active},
	jobs.Done: {Text: i18n.JobDone, Tone: partial.Closed}, jobs.Failed: {Text: i18n.JobFailing, Tone: partial.Refused},
}

// JobState is how a job stands.
func JobState(s jobs.State) partial.State { return jobStates[s] }

func jobFilter() []partial.Filter {
	var options []partial.Option
	for _, s := range []jobs.State{jobs.Waiting, jobs.Running, jobs.Done, jobs.Failed} {
		options = append(options, partial.Option{Value: string(s), Text: jobStates[s].Text})
	}
	return []partial.Filter{{Name: "state", Label: i18n.JobState, Options: options}}
}

func jobRows(ctx context.Context, items []jobs.Job, retry bool) []partial.Row {
	var out []partial.Row
	for _, j := range items {
		message := partial.Text(j.Message)
		if retry && j.State == jobs.Failed {
			message = failure(j)
		}
		out = append(out, partial.Row{ID: j.ID.String(), Name: j.Kind, Cells: []templ.Component{
			partial.Two(i18n.T(ctx, i18n.ActWord(j.Kind)), j.UniqueKey), partial.Moment(j.CreatedAt), partial.Moment(j.FinishedAt),
			partial.Text(strconv.Itoa(j.Percent()) + " %"), message, partial.Badge(jobStates[j.State])}})
	}
	return out
}
