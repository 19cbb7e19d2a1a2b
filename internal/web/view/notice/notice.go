// Package notice draws the pages of notices: the log of what was sent, the texts, the channels, what a demonstration would have sent, the page on which somebody says
// no, and how staff choose to be reminded.
package notice

import (
	"context"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"linli/internal/i18n"
	"linli/internal/notice"
	"linli/internal/outbox"
	"linli/internal/web/view/field"
	"linli/internal/web/view/partial"
)

// The addresses.
const (
	Path      = "/notices"
	TextsPath = "/notices/templates"
	SetPath   = "/notices/settings"
	FakePath  = "/outbox"
	StopPath  = "/n/"
	MinePath  = "/account/reminder"
)

// TextHref is the address of a text.
func TextHref(t notice.Template) string {
	return TextsPath + "/" + t.Kind + "/" + string(t.Channel) + "/" + string(t.Language)
}

// subjectHref leads to the record that a message is about; "" where it has no page.
func subjectHref(r notice.Row) string {
	switch {
	case r.SubjectID == 0:
		return ""
	case r.SubjectKind == "service_case":
		return "/cases/" + r.SubjectID.String()
	case r.SubjectKind == "technician_job":
		return "/dispatch/jobs/" + r.SubjectID.String()
	}
	return ""
}

func tabs(active int, fake bool) []partial.Tab {
	list := []partial.Tab{{Text: i18n.NoticeTabLog, Href: Path, Count: -1}, {Text: i18n.NoticeTabTexts, Href: TextsPath, Count: -1}, {Text: i18n.NoticeTabSet, Href: SetPath, Count: -1}}
	if fake {
		list = append(list, partial.Tab{Text: i18n.NoticeTabFake, Href: FakePath, Count: -1})
	}
	list[active].Active = true
	return list
}

// StateOf is the state of a message as a badge.
func StateOf(s outbox.State) partial.State {
	return partial.State{Text: notice.StateText(s), Tone: map[outbox.State]partial.Tone{outbox.Waiting: partial.Waiting, outbox.Sending: partial.Waiting, outbox.Sent: partial.Closed, outbox.Failed: partial.Refused,
		outbox.Dropped: partial.Ended}[s]}
}

// Log is a page of the log.
type Log struct {
	Query      url.Values
	Items      []notice.Row
	Prev, Next string
	Keeps      bool
	Fake       bool
}

var columns = []partial.Column{{Key: "at", Title: i18n.NoticeAt, Tight: true}, {Key: "kind", Title: i18n.NoticeKind, Main: true}, {Key: "to", Title: i18n.NoticeTo, Tight: true},
	{Key: "parts", Title: i18n.NoticeParts, Num: true, Tight: true, Minor: true}, {Key: "state", Title: i18n.NoticeState, Tight: true}, {Key: "reason", Title: i18n.NoticeReason}}

// KindText names a kind; one that is no more, as it is written.
func KindText(code string) i18n.Text {
	if k, ok := notice.KindOf(code); ok {
		return k.Title
	}
	return i18n.Verbatim(code)
}

func (l Log) filters() []partial.Filter {
	var kinds []partial.Option
	for _, k := range notice.Kinds() {
		kinds = append(kinds, partial.Option{Value: k.Code, Text: k.Title})
	}
	return []partial.Filter{{Name: "state", Label: i18n.NoticeState, Options: field.Choices(notice.States(), notice.StateText)}, {Name: "channel", Label: i18n.NoticeChannel, Options: channelOptions(notice.Channels())},
		{Name: "kind", Label: i18n.NoticeKind, Options: kinds}}
}

func channelOptions(list []notice.Channel) []field.Option {
	return field.Choices(list, notice.Channel.Text)
}

func (l Log) rows(ctx context.Context) []partial.Row {
	var out []partial.Row
	for _, r := range l.Items {
		when := r.CreatedAt
		if !r.DoneAt.IsZero() {
			when = r.DoneAt
		}
		what := partial.Two(i18n.T(ctx, KindText(r.Kind)), i18n.T(ctx, r.Channel.Text()))
		if href := subjectHref(r); href != "" {
			what = partial.Link(i18n.T(ctx, KindText(r.Kind))+" · "+i18n.T(ctx, r.Channel.Text()), href)
		}
		cells := []templ.Component{partial.Moment(when), what, partial.Text(r.Masked), partial.Num(r.Parts), partial.Badge(StateOf(r.State)), l.reason(r)}
		out = append(out, partial.Row{ID: r.ID.String(), Name: i18n.T(ctx, KindText(r.Kind)), Cells: cells})
	}
	return out
}

// LanguageText names a language of texts.
func LanguageText(l i18n.Lang) i18n.Text {
	if l == i18n.EN {
		return i18n.NoticeEnglish
	}
	return i18n.NoticeChinese
}

// Editing is a text as it is changed.
type Editing struct {
	Kind    notice.Kind
	Now     notice.Template
	Former  []notice.Template
	Form    field.Form
	Shown   *notice.Shown
	Changes bool
	Fake    bool
}

func (e Editing) editionText(ctx context.Context, t notice.Template) string {
	if !t.Own && t.Body == e.Now.Body && t.Edition == e.Now.Edition || t.Body == "" {
		return i18n.T(ctx, i18n.NoticeTextStandard)
	}
	return i18n.T(ctx, i18n.NoticeTextOwn, t.Edition)
}

func length(ctx context.Context, s notice.Shown) string {
	return i18n.T(ctx, i18n.NoticeLength, s.Characters, s.Parts)
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

// Texts are all kinds with their texts.
type Texts struct {
	Kinds   []notice.KindState
	Samples map[string]notice.Shown // by TextHref
	Keeps   bool
	Fake    bool
}

func kindState(k notice.KindState) partial.State {
	if k.Off {
		return partial.State{Text: i18n.NoticeOff, Tone: partial.Ended}
	}
	return partial.State{Text: i18n.NoticeOn, Tone: partial.Active}
}

func (t Texts) switchAct(k notice.KindState) []partial.Act {
	if !t.Keeps || k.Fixed {
		return nil
	}
	a := partial.Act{Text: i18n.NoticeTurnOff, Href: TextsPath + "/" + k.Code + "/switch", Post: true, Small: true, Values: []partial.Value{{Name: "on", Value: "0"}}}
	if k.Off {
		a.Text, a.Values[0].Value = i18n.NoticeTurnOn, "1"
	}
	return []partial.Act{a}
}

// Set is the page of channels.
type Set struct {
	Ready map[notice.Channel]bool
	Fake  bool
	Form  field.Form
	Keeps bool
}

func (s Set) state(c notice.Channel) partial.State {
	switch {
	case s.Fake:
		return partial.State{Text: i18n.NoticeFakeNow, Tone: partial.Warned}
	case s.Ready[c]:
		return partial.State{Text: i18n.NoticeReady, Tone: partial.Active}
	}
	return partial.State{Text: i18n.NoticeUnready, Tone: partial.Draft}
}

func (s Set) ready() []notice.Channel {
	var out []notice.Channel
	for _, c := range notice.Channels() {
		if s.Ready[c] {
			out = append(out, c)
		}
	}
	return out
}

// Mine is how somebody chooses to be reminded.
type Mine struct {
	Choice notice.Choice
	Ready  map[notice.Channel]bool
	Form   field.Form
}

func (m Mine) options(ctx context.Context) []field.Option {
	out := []field.Option{{Value: "none", Text: i18n.NoticeMineNot}}
	for _, c := range notice.ChoiceChannels() {
		o := field.Option{Value: string(c), Text: c.Text()}
		if !m.Ready[c] {
			o.Text = i18n.Verbatim(i18n.T(ctx, c.Text()) + " · " + i18n.T(ctx, i18n.NoticeUnready))
		}
		out = append(out, o)
	}
	return out
}
