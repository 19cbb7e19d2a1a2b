package meeting

import (
	"context"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/i18n"
	"linli/internal/meeting"
	"linli/internal/web/view/field"
	"linli/internal/web/view/partial"
)

// Kind is the form of a kind of meeting.
type Kind struct {
	Form    field.Form
	Version int64
	New     bool
}

func everyOptions() []field.Option {
	var out []field.Option
	for _, e := range meeting.Frequencies() {
		out = append(out, field.Option{Value: string(e), Text: e.Text()})
	}
	return out
}

func needOptions() []field.Option {
	var out []field.Option
	for _, n := range meeting.AllNeeds() {
		v := string(n)
		if v == "" {
			v = "nothing"
		}
		out = append(out, field.Option{Value: v, Text: n.Text()})
	}
	return out
}

func holderOptions() []field.Option {
	var out []field.Option
	for _, h := range meeting.HolderKinds() {
		out = append(out, field.Option{Value: h, Text: meeting.HolderText(h)})
	}
	return out
}

func kindRows(ctx context.Context, list []meeting.Kind) []partial.Row {
	var rows []partial.Row
	for _, k := range list {
		var names []string
		for _, h := range k.Holders {
			names = append(names, i18n.T(ctx, meeting.HolderText(h)))
		}
		state := partial.State{}
		if k.Retired {
			state = partial.State{Text: i18n.MeetingKindOff, Tone: partial.Ended}
		}
		rows = append(rows, partial.Row{ID: k.Code, Name: k.Name, Href: KindPath + "/" + k.Code, Cells: []templ.Component{partial.Label(k.Text()), partial.Label(k.Every.Text()), partial.Text(strings.Join(names, i18n.T(ctx, i18n.PaperComma))),
			partial.Label(k.Needs.Text()), partial.Text(k.Source), partial.Text(k.Since.String()), partial.Badge(state)}})
	}
	return rows
}

var kindColumns = []partial.Column{{Key: "name", Title: i18n.MeetingKindName, Main: true}, {Key: "every", Title: i18n.MeetingKindEvery, Tight: true}, {Key: "by", Title: i18n.MeetingKindHolds}, {Key: "needs", Title: i18n.MeetingKindNeeds},
	{Key: "source", Title: i18n.MeetingKindSource, Minor: true}, {Key: "since", Title: i18n.MeetingKindSince, Tight: true}, {Key: "off", Title: i18n.MeetingState, Tight: true}}

// Feeds is the page of addresses for calendar programs.
type Feeds struct {
	Items  []meeting.Feed
	Bodies []field.Option
	Made   string // an address that was just made
	Form   field.Form
	Pocket bool
}

func feedRows(ctx context.Context, list []meeting.Feed) []partial.Row {
	var rows []partial.Row
	for _, f := range list {
		name := i18n.T(ctx, i18n.FeedMine)
		if f.BodyID != 0 {
			name = f.Body
		}
		rows = append(rows, partial.Row{ID: f.ID.String(), Name: name, Cells: []templ.Component{partial.Text(name), partial.Moment(f.CreatedAt), partial.Moment(f.UsedAt),
			partial.Button(partial.Act{Text: i18n.FeedRevoke, Href: FeedPath + "/" + f.ID.String() + "/revoke", Small: true, Look: partial.Danger, Confirm: &partial.Confirm{ID: "revoke-" + f.ID.String(), Question: i18n.T(ctx, i18n.FeedRevokeQ)}})}})
	}
	return rows
}

var feedColumns = []partial.Column{{Key: "of", Title: i18n.FeedOf, Main: true}, {Key: "made", Title: i18n.FeedCreated, Tight: true}, {Key: "used", Title: i18n.FeedUsed, Tight: true}, {Key: "act", Title: i18n.FeedRevoke, Tight: true}}
