package notice

import (
	"strings"
	"time"
	"unicode/utf8"

	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Bounds of a text.
const (
	MaxSubject = 80
	MaxSMS     = 350
	MaxBody    = 1500
)

// Template is the text of a kind for a channel in a language.
type Template struct {
	Kind     string
	Channel  Channel
	Language i18n.Lang
	Edition  int64 // 0 for the standard text
	Subject  string
	Body     string
	Own      bool // the district wrote it
	By       string
	At       time.Time
	ID       id.ID
}

// Limit is how long a body may be.
func Limit(c Channel) int {
	if c == SMS {
		return MaxSMS
	}
	return MaxBody
}

// piece of a text: words, or a placeholder.
type piece struct {
	words string
	field string
}

// parse takes a text apart. What is wrong is said with the placeholder that is.
func (k Kind) parse(text string, l i18n.Lang) ([]piece, *errs.Message) {
	var out []piece
	for text != "" {
		before, rest, open := strings.Cut(text, "{")
		if strings.Contains(before, "}") {
			return nil, &errs.Message{Text: i18n.NoticeBraceClosed}
		}
		if before != "" {
			out = append(out, piece{words: before})
		}
		if !open {
			break
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed || strings.Contains(name, "{") {
			return nil, &errs.Message{Text: i18n.NoticeBraceOpen, Args: []any{head(name, 20)}}
		}
		f, ok := k.named(strings.TrimSpace(name))
		if !ok {
			return nil, &errs.Message{Text: i18n.NoticeNoSuchField, Args: []any{head(name, 20), k.fieldNames(l)}}
		}
		out = append(out, piece{field: f.Code})
		text = after
	}
	return out, nil
}

// fieldNames lists the placeholders as they are written.
func (k Kind) fieldNames(l i18n.Lang) string {
	names := make([]string, len(k.Fields))
	for i, f := range k.Fields {
		names[i] = "{" + f.Name.In(l) + "}"
	}
	return strings.Join(names, " ")
}

// check judges a text as somebody wrote it.
func (k Kind) check(c Channel, l i18n.Lang, subject, body *string) error {
	var e *errs.Error
	*subject, *body = strings.TrimSpace(*subject), strings.TrimSpace(strings.ReplaceAll(*body, "\r\n", "\n"))
	if c == Mail && *subject == "" {
		e = e.With("subject", i18n.ErrRequired)
	}
	if n := utf8.RuneCountInString(*subject); n > MaxSubject {
		e = e.With("subject", i18n.ErrTooLong, MaxSubject, n)
	}
	if strings.ContainsAny(*subject, "\r\n") {
		e = e.With("subject", i18n.ErrInvalid)
	}
	if _, wrong := k.parse(*subject, l); wrong != nil {
		e = e.With("subject", wrong.Text, wrong.Args...)
	}
	if *body == "" {
		return e.With("body", i18n.ErrRequired)
	}
	if n := utf8.RuneCountInString(*body); n > Limit(c) {
		return e.With("body", i18n.ErrTooLong, Limit(c), n)
	}
	pieces, wrong := k.parse(*body, l)
	if wrong != nil {
		return e.With("body", wrong.Text, wrong.Args...)
	}
	for _, f := range k.Fields {
		there := !f.Needed
		for _, p := range pieces {
			there = there || p.field == f.Code
		}
		if !there {
			return e.With("body", i18n.NoticeFieldNeeded, "{"+f.Name.In(l)+"}")
		}
	}
	return e.OrNil()
}

// fill puts values into a text that parses.
func (k Kind) fill(text string, l i18n.Lang, v Values) string {
	pieces, wrong := k.parse(text, l)
	if wrong != nil { // checked when it was written
		return ""
	}
	var b strings.Builder
	for _, p := range pieces {
		if p.field == "" {
			b.WriteString(p.words)
		} else {
			b.WriteString(v[p.field].In(l))
		}
	}
	return b.String()
}

// Shown is a text filled with samples, with its length.
type Shown struct {
	Subject, Body     string
	Characters, Parts int // of an SMS, the signature counted
}

// preview fills a text with samples.
func (s *Service) preview(k Kind, c Channel, l i18n.Lang, subject, body string) Shown {
	out := Shown{Subject: k.fill(subject, l, k.Samples()), Body: k.fill(body, l, k.Samples())}
	if c == SMS {
		out.Body = s.signed(out.Body)
		out.Characters, out.Parts = Parts(out.Body)
	}
	return out
}

// signed is an SMS with the signature that the networks ask for in front.
func (s *Service) signed(body string) string {
	if s.signature == "" {
		return body
	}
	return i18n.NoticeSignature.In(i18n.ZH, s.signature) + body
}
