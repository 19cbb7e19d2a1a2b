// Package i18n is the one catalogue of everything the platform says to people, in Chinese
// and in English, and the few formatters (dates, numbers, durations) that go with it.
//
// The catalogue is typed: each text is a Go variable, declared in the file of its concept
// (member.go, activity.go, …), so that a text that does not exist does not compile and a
// search for uses finds them all. No Chinese text stands in any other package; a test sees to it.
//
//	var MemberCount = text("共 {0} 名党员", "{0} members")
//	i18n.T(ctx, i18n.MemberCount, 12)
//
// Placeholders are {0}, {1}, … and must be the same in both languages. An argument may itself
// be a Text, or a message with arguments of its own, and is then shown in the same language.
package i18n

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Lang is a language of the interface.
type Lang string

// The languages of the interface. Chinese comes first.
const (
	ZH Lang = "zh"
	EN Lang = "en"
)

// Text is one entry of the catalogue. Its zero value is the empty text.
type Text struct{ zh, en string }

func text(zh, en string) Text { return Text{zh, en} }

// Verbatim is a text that needs no translation because it is data: a name, a code, a figure.
func Verbatim(s string) Text { return Text{s, s} }

// Both is a text whose two languages are data, such as the names of a kind kept in a table.
func Both(zh, en string) Text {
	if en == "" {
		en = zh
	}
	return Text{zh, en}
}

// IsZero says whether t is the empty text.
func (t Text) IsZero() bool { return t == Text{} }

// In gives t in language l with its placeholders filled.
func (t Text) In(l Lang, args ...any) string {
	s := t.zh
	if l == EN {
		s = t.en
	}
	if len(args) == 0 || !strings.Contains(s, "{") {
		return s
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(s, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		digit, after, closed := strings.Cut(rest, "}")
		n, err := strconv.Atoi(digit)
		if closed && err == nil && n >= 0 && n < len(args) {
			b.WriteString(Show(l, args[n]))
			s = after
			continue
		}
		b.WriteByte('{') // no place for an argument
		s = rest
	}
}

// Show gives a value as a person reads it in language l.
func Show(l Lang, v any) string {
	switch v := v.(type) {
	case Text:
		return v.In(l)
	case interface{ In(Lang) string }: // a message with its arguments
		return v.In(l)
	case string:
		return v
	case time.Time:
		return DateTime(v)
	default:
		return fmt.Sprint(v)
	}
}

type langKey struct{}

// With puts the language of the page into ctx, for T.
func With(ctx context.Context, l Lang) context.Context { return context.WithValue(ctx, langKey{}, l) }

// From is the language in ctx; Chinese if there is none.
func From(ctx context.Context) Lang {
	if l, ok := ctx.Value(langKey{}).(Lang); ok {
		return l
	}
	return ZH
}

// T gives t in the language of ctx.
func T(ctx context.Context, t Text, args ...any) string { return t.In(From(ctx), args...) }

// Parse reads a language from a setting or a request header ("zh-CN,zh;q=0.9"); Chinese unless it starts with en.
func Parse(s string) Lang {
	if strings.HasPrefix(strings.ToLower(strings.TrimSpace(s)), "en") {
		return EN
	}
	return ZH
}
