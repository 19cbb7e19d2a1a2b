// Package webhook draws the pages of receivers of events: their list, one of them, and the log of what was delivered.
package webhook

import (
	"context"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/outbox"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/partial"
	"linli/internal/webhook"
)

// Path is the address of the list.
const Path = "/webhooks"

// Href is the address of a receiver.
func Href(w id.ID) string { return Path + "/" + w.String() }

// StateOf is the state of a receiver as a badge.
func StateOf(w webhook.Subscription) partial.State {
	tone := map[webhook.State]partial.Tone{webhook.Active: partial.Active, webhook.Paused: partial.Waiting, webhook.Stopped: partial.Refused, webhook.Ended: partial.Ended}[w.State]
	if w.State == webhook.Active && !w.FailingSince.IsZero() {
		tone = partial.Warned
	}
	return partial.State{Text: w.State.Text(), Tone: tone}
}

var columns = []partial.Column{{Key: "name", Title: i18n.WebhookName, Main: true}, {Key: "org", Title: i18n.WebhookOrg, Minor: true}, {Key: "waits", Title: i18n.WebhookWaits, Num: true, Tight: true}, {Key: "state", Title: i18n.WebhookState, Tight: true}}

// List is a page of the list.
type List struct {
	Query      url.Values
	Items      []webhook.Subscription
	Prev, Next string
}

func (l List) rows() []partial.Row {
	var out []partial.Row
	for _, w := range l.Items {
		out = append(out, partial.Row{ID: w.ID.String(), Name: w.Name, Href: Href(w.ID), Cells: []templ.Component{partial.Two(w.Name, w.Address), partial.Text(w.Org), partial.Num(w.Waits), partial.Badge(StateOf(w))}})
	}
	return out
}

// New is the form of a receiver.
type New struct {
	field.Form
	ID      id.ID // 0 for a new one
	Version int64
	Orgs    []field.Option
}

func (n New) action() string {
	if n.ID == 0 {
		return Path
	}
	return Href(n.ID) + "/edit"
}

func (n New) back() string {
	if n.ID == 0 {
		return Path
	}
	return Href(n.ID)
}

// chosen are the types of a receiver in the order of what happens.
func (o One) chosen() []webhook.Type {
	return slices.DeleteFunc(webhook.Types(), func(t webhook.Type) bool { return !slices.Contains(o.Types, t) })
}

func typeOptions() []field.Option { return field.Choices(webhook.Types(), webhook.Type.Text) }

// One is a receiver with its secret, where that was just made.
type One struct {
	webhook.Subscription
	Secret string
	Last   []webhook.Delivery
}

func (o One) acts() []partial.Act {
	if o.State == webhook.Ended {
		return nil
	}
	version := []partial.Value{{Name: "version", Value: decimal(o.Version)}}
	acts := []partial.Act{{Text: i18n.WebhookTest, Href: Href(o.ID) + "/test", Post: true, Icon: icon.Send}}
	if o.State == webhook.Active {
		return append(acts, partial.Act{Text: i18n.WebhookPause, Href: Href(o.ID) + "/pause", Post: true, Values: version})
	}
	return append([]partial.Act{{Text: i18n.WebhookResume, Href: Href(o.ID) + "/resume", Post: true, Values: version, Look: partial.Primary}}, acts...)
}

func (o One) more(ctx context.Context) []partial.Act {
	if o.State == webhook.Ended {
		return nil
	}
	version := []partial.Value{{Name: "version", Value: decimal(o.Version)}}
	return []partial.Act{{Text: i18n.WebhookEdit, Href: Href(o.ID) + "/edit"},
		{Text: i18n.WebhookSecretNew, Href: Href(o.ID) + "/secret", Post: true, Values: version, Confirm: &partial.Confirm{ID: "new-secret", Question: i18n.T(ctx, i18n.WebhookSecretAsk)}},
		{Text: i18n.WebhookEnd, Href: Href(o.ID) + "/end", Post: true, Values: version, Look: partial.Danger, Confirm: &partial.Confirm{ID: "end", Question: i18n.T(ctx, i18n.WebhookEndAsk)}}}
}

func (o One) facts(ctx context.Context) []partial.Fact {
	list := []partial.Fact{{Label: i18n.WebhookAddress, Value: partial.Text(o.Address), Wide: true}, partial.F(i18n.WebhookOrg, o.Org), partial.F(i18n.WebhookWaits, decimal(o.Waits))}
	if !o.FailingSince.IsZero() {
		list = append(list, partial.Fact{Label: i18n.WebhookState, Value: partial.Text(i18n.T(ctx, i18n.WebhookFailing, i18n.DateTime(o.FailingSince))), Wide: true})
	}
	if !o.OldUntil.IsZero() && o.State != webhook.Ended {
		list = append(list, partial.Fact{Label: i18n.WebhookSecret, Value: partial.Text(i18n.T(ctx, i18n.WebhookOldUntil, i18n.DateTime(o.OldUntil))), Wide: true})
	}
	return list
}

// Log is a page of the log of a receiver.
type Log struct {
	webhook.Subscription
	Query      url.Values
	Items      []webhook.Delivery
	Prev, Next string
}

var logColumns = []partial.Column{{Key: "at", Title: i18n.WebhookHappened, Tight: true}, {Key: "type", Title: i18n.WebhookEvent, Main: true}, {Key: "about", Title: i18n.WebhookSubject, Minor: true},
	{Key: "status", Title: i18n.WebhookStatus, Tight: true}, {Key: "tries", Title: i18n.WebhookTries, Num: true, Tight: true, Minor: true}, {Key: "state", Title: i18n.WebhookState, Tight: true}, {Key: "act", Title: i18n.NoticeReason}}

func deliveryText(s outbox.State) i18n.Text {
	return map[outbox.State]i18n.Text{outbox.Waiting: i18n.WebhookWaits, outbox.Sending: i18n.NoticeSending, outbox.Sent: i18n.WebhookDelivered, outbox.Failed: i18n.WebhookNotArrived, outbox.Dropped: i18n.NoticeDropped}[s]
}

func deliveryState(d webhook.Delivery) partial.State {
	tone := map[outbox.State]partial.Tone{outbox.Waiting: partial.Waiting, outbox.Sending: partial.Waiting, outbox.Sent: partial.Closed, outbox.Failed: partial.Refused, outbox.Dropped: partial.Ended}[d.State]
	if d.State == outbox.Waiting && d.Attempts > 0 {
		tone = partial.Warned
	}
	return partial.State{Text: deliveryText(d.State), Tone: tone}
}

func (l Log) filters() []partial.Filter {
	return []partial.Filter{{Name: "state", Label: i18n.WebhookState, Options: field.Choices([]outbox.State{outbox.Waiting, outbox.Sent, outbox.Dropped}, deliveryText)},
		{Name: "type", Label: i18n.WebhookEvent, Options: typeOptions()}}
}

func status(d webhook.Delivery) string {
	if d.Status == 0 {
		return ""
	}
	return "HTTP " + decimal(d.Status)
}

func rows(ctx context.Context, w webhook.Subscription, list []webhook.Delivery) []partial.Row {
	var out []partial.Row
	for _, d := range list {
		out = append(out, partial.Row{ID: d.ID.String(), Name: i18n.T(ctx, d.Type.Text()), Cells: []templ.Component{partial.Moment(d.HappenedAt), partial.Two(i18n.T(ctx, d.Type.Text()), string(d.Type)), partial.Text(d.Subject),
			partial.Text(status(d)), partial.Num(d.Attempts), partial.Badge(deliveryState(d)), again(w, d)}})
	}
	return out
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }
