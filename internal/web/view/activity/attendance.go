package activity

import (
	"context"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/activity"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/ledger"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/partial"
)

func proofOptions() []field.Option {
	var list []field.Option
	for _, p := range ledger.Proofs {
		list = append(list, field.Option{Value: string(p), Text: p.Label()})
	}
	return list
}

// acts are the next steps of an activity: the first is what is due now.
func acts(ctx context.Context, a activity.Item, may Rights) []partial.Act {
	var list []partial.Act
	switch {
	case a.State == activity.Draft && may.Plan:
		publish := post(i18n.ActivityPublish, Address(a.ID, "publish"), icon.Send)
		publish.Look = partial.Primary
		list = append(list, publish)
	case (a.State == activity.Published || a.State == activity.Held) && may.Hold:
		screen := act(i18n.ActivityScreen, Address(a.ID, "screen"), icon.QR)
		screen.Look = partial.Primary
		list = append(list, screen)
		list = append(list, partial.Act{Text: i18n.ActivityClose, Href: Address(a.ID, "close"), Post: true, Icon: icon.Check,
			Confirm: &partial.Confirm{ID: "close", Question: i18n.T(ctx, i18n.ActivityCloseAsk, i18n.Number(a.Present))}})
	}
	return list
}

func more(ctx context.Context, a activity.Item, may Rights) []partial.Act {
	var list []partial.Act
	if may.Hold && a.Present > 0 && a.State == activity.Held {
		list = append(list, post(i18n.ActivityAllOut, Address(a.ID, "out"), icon.Logout))
	}
	if may.Plan && a.State != activity.Closed && a.State != activity.Cancelled {
		list = append(list, act(i18n.ActivityEdit, Address(a.ID, "edit"), icon.Edit))
	}
	if may.Plan {
		list = append(list, act(i18n.ActivityCopy, Address(a.ID, "copy"), icon.Copy))
	}
	list = append(list, act(i18n.ActivityPoster, Address(a.ID, "poster"), icon.Print))
	if may.Hold {
		list = append(list, act(i18n.ActivityPaperSheet, Address(a.ID, "paper"), icon.Print))
	}
	if may.Plan && (a.State == activity.Draft || a.State == activity.Published) {
		list = append(list, partial.Act{Text: i18n.ActivityCancel, Href: Address(a.ID, "cancel"), Post: true, Look: partial.Danger, Icon: icon.Close,
			Confirm: &partial.Confirm{ID: "cancel", Question: i18n.T(ctx, i18n.ActivityCancelAsk, i18n.Number(a.Enrolled)), Reason: i18n.ActivityReason, Form: "activity.cancel"}})
	}
	return list
}

var postingColumns = []partial.Column{
	{Key: "day", Title: i18n.LedgerDay, Main: true},
	{Key: "amount", Title: i18n.LedgerAmount, Num: true},
	{Key: "proof", Title: i18n.ActivityProof},
	{Key: "reason", Title: i18n.ActivityReason},
	{Key: "at", Title: i18n.LedgerPostedAt, Minor: true},
}

func postingRows(ctx context.Context, items []ledger.Item) []partial.Row {
	var list []partial.Row
	for _, p := range items {
		list = append(list, partial.Row{ID: p.ID.String(), Href: "/ledger/postings/" + p.ID.String(), Cells: []templ.Component{
			partial.Text(p.OnDate.String()), partial.Text(p.Account.Show(p.Amount)), partial.Badge(ProofOf(p.Proof)),
			partial.Text(i18n.T(ctx, activity.ReasonText(p.Reason))), partial.Moment(p.PostedAt)}})
	}
	return list
}

// seconds until the next code, and one more so that it is surely there.
func seconds(s activity.Screen) int { return int(s.Left.Seconds()) + 1 }

// reasonOf is an error in the words of the page's language.
func reasonOf(ctx context.Context, err error) string {
	if e := errs.As(err); e != nil {
		return e.Message.In(i18n.From(ctx))
	}
	return ""
}

var kindColumns = []partial.Column{
	{Key: "name", Title: i18n.ActivityKindName, Main: true},
	{Key: "code", Title: i18n.ActivityKindCode, Minor: true},
	{Key: "hours", Title: i18n.ActivityGivesHours},
	{Key: "deed", Title: i18n.ActivityDeedTitle},
	{Key: "fields", Title: i18n.ActivityKindFields},
	{Key: "state", Title: i18n.ActivityState},
}

func kindRows(kinds []activity.Kind) []partial.Row {
	var list []partial.Row
	for _, k := range kinds {
		state := partial.State{Text: i18n.ActivityKindInUse, Tone: partial.Active}
		if k.Retired {
			state = partial.State{Text: i18n.ActivityKindRetired, Tone: partial.Ended}
		}
		var labels []string
		for _, f := range k.Fields {
			labels = append(labels, f.Label)
		}
		list = append(list, partial.Row{ID: k.Code, Name: k.Name, Href: "/activity-kinds/" + k.Code, Cells: []templ.Component{
			partial.Label(k.Text()), partial.Text(k.Code), partial.Label(yesNo(k.GivesHours)), partial.Text(k.DeedTitle),
			partial.Text(strings.Join(labels, " · ")), partial.Badge(state)}})
	}
	return list
}

// signAddress is the page of a code, to come back to after logging in; escaped for a query.
func signAddress(given activity.Presented) string {
	if given.Code == "" {
		return url.QueryEscape("/m/sign?activity=" + given.Activity.String())
	}
	return url.QueryEscape("/m/sign?c=" + given.Code)
}

// KindValues are the fields of a kind as a form shows them.
func KindValues(k activity.Kind) url.Values {
	v := url.Values{"name": {k.Name}, "name_en": {k.NameEN}, "deed_title": {k.DeedTitle}, "fields": {showFields(k.Fields)}}
	if k.GivesHours {
		v.Set("gives_hours", "1")
	}
	if k.Retired {
		v.Set("retired", "1")
	}
	return v
}

func showFields(fields []activity.Field) string {
	var lines []string
	for _, f := range fields {
		parts := []string{f.Code, f.Label, string(f.Type)}
		if len(f.Options) > 0 {
			parts = append(parts, strings.Join(f.Options, i18n.ActivityOptionMark.In(i18n.ZH)))
		}
		if f.Required {
			parts = append(parts, "required")
		}
		lines = append(lines, strings.Join(parts, " | "))
	}
	return strings.Join(lines, "\n")
}

// ParseFields reads a kind's own fields as a person writes them, one a line: code | label | type | options | required.
func ParseFields(text string) ([]activity.Field, error) {
	var out []activity.Field
	for n, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(strings.ReplaceAll(line, "\uff5c", "|"))
		if line == "" {
			continue
		}
		parts := strings.Split(line, "|")
		for i := range parts {
			parts[i] = strings.TrimSpace(parts[i])
		}
		if len(parts) < 3 || len(parts) > 5 {
			return nil, errs.Field("fields", i18n.ActivityBadFieldLine, n+1)
		}
		f := activity.Field{Code: parts[0], Label: parts[1], Type: activity.FieldType(strings.ToLower(parts[2]))}
		for _, p := range parts[3:] {
			if p == "required" {
				f.Required = true
			} else if p != "" {
				f.Options = strings.FieldsFunc(p, func(r rune) bool { return strings.ContainsRune(i18n.ActivityOptionMark.In(i18n.ZH)+",;", r) })
			}
		}
		out = append(out, f)
	}
	return out, nil
}

// facts describe an attendance; what only some have is left out where there is none.
func facts(ctx context.Context, t activity.AttendanceItem) []partial.Fact {
	list := []partial.Fact{
		{Label: i18n.ActivityName, Value: partial.Link(t.ActivityTitle, Address(t.ActivityID))},
		partial.F(i18n.ActivityInAt, i18n.DateTime(t.InAt)),
		partial.F(i18n.ActivityOutAt, i18n.DateTime(t.OutAt)),
		{Label: i18n.ActivityHours, Value: partial.Hours(t.Minutes)},
		{Label: i18n.ActivityProof, Value: partial.Badge(ProofOf(t.Proof))},
	}
	for _, f := range []struct {
		label i18n.Text
		value string
	}{{i18n.ActivityUnit, t.UnitName}, {i18n.ActivityCreditedTo, t.CommunityName}, {i18n.ActivityReason, i18n.T(ctx, activity.ReasonText(t.Reason))},
		{i18n.ActivityHelped, t.HelpedName}, {i18n.ActivityEnteredBy, t.ByName}, {i18n.ActivityGuestPhone, t.PhoneMask}} {
		if f.value != "" {
			list = append(list, partial.F(f.label, f.value))
		}
	}
	return list
}

// joinAct is one press that says who a guest was.
func joinAct(attendance id.ID, c activity.Candidate) partial.Act {
	name, value, under := "member", c.MemberID, c.UnitName
	if c.MemberID == 0 {
		name, value, under = "person", c.PersonID, c.CommunityName
	}
	return partial.Act{Text: i18n.Verbatim(c.Name + " · " + under), Href: "/attendances/" + attendance.String() + "/join", Post: true, Look: partial.Primary, Icon: icon.Link,
		Values: []partial.Value{{Name: name, Value: value.String()}, {Name: "_form", Value: "attendance.join"}, {Name: field.FilledKey, Value: name}}}
}
