// Package errs holds the kinds of error that a user may see. Everything that is not one of
// these kinds is an internal fault: it is logged once and shown only as a request number.
//
// A message is a text of the catalogue with its arguments, so that it is shown in the reader's
// language; Fields says, per form field or column, what is wrong with it. A message never
// repeats a rejected value that may be personal.
package errs

import (
	"errors"
	"maps"
	"slices"
	"sort"
	"strings"
	"time"
	"unicode/utf8"

	"linli/internal/i18n"
)

// Kind says what sort of failure an error is; surfaces turn it into a status.
type Kind int

// The kinds, in the order of their HTTP status.
const (
	Internal        Kind = iota // anything unexpected: 500
	Invalid                     // the input is wrong: 422
	Unauthenticated             // nobody is logged in: 401
	Forbidden                   // the actor may not do this at all: 403
	NotFound                    // not there, or out of the actor's scope: 404
	Conflict                    // true when it was read, no longer: 409
	RateLimited                 // too often: 429
	Unavailable                 // try again later: 503
)

// Message is a text with its arguments.
type Message struct {
	Text i18n.Text
	Args []any
}

// In gives the message in language l.
func (m Message) In(l i18n.Lang) string { return m.Text.In(l, m.Args...) }

// Error is an error that a user may see.
type Error struct {
	Kind    Kind
	Message Message
	Fields  map[string]Message // by form field; nil unless Invalid
	Cause   error              // for the log only
}

// New makes an error of kind k.
func New(k Kind, t i18n.Text, args ...any) *Error {
	return &Error{Kind: k, Message: Message{t, args}}
}

// Field makes an Invalid error about one field.
func Field(field string, t i18n.Text, args ...any) *Error {
	return (*Error)(nil).With(field, t, args...)
}

// With adds what is wrong with a field and returns e. A nil e becomes a new Invalid error, so that
// a validation can start from nil and end with OrNil.
func (e *Error) With(field string, t i18n.Text, args ...any) *Error {
	if e == nil {
		e = New(Invalid, i18n.ErrInvalid)
	}
	if e.Fields == nil {
		e.Fields = map[string]Message{}
	}
	if _, seen := e.Fields[field]; !seen {
		e.Fields[field] = Message{t, args}
	}
	return e
}

// OrNil is e as an error; nil stays nil.
func (e *Error) OrNil() error {
	if e == nil {
		return nil
	}
	return e
}

// Because keeps the cause for the log.
func (e *Error) Because(cause error) *Error {
	e.Cause = cause
	return e
}

// Error gives the English message, for logs and tests.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Message.In(i18n.EN))
	names := make([]string, 0, len(e.Fields))
	for n := range e.Fields {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		b.WriteString(" [" + n + ": " + e.Fields[n].In(i18n.EN) + "]")
	}
	if e.Cause != nil {
		b.WriteString(": " + e.Cause.Error())
	}
	return b.String()
}

// Said is what e says in one message: what is wrong with the first of its fields by name, or the message itself.
func (e *Error) Said() Message {
	if len(e.Fields) == 0 {
		return e.Message
	}
	return e.Fields[slices.Min(slices.Collect(maps.Keys(e.Fields)))]
}

// Words takes the blanks around a text and adds what is wrong with it under its field: that it is missing where it is needed, longer than limit characters, or holds what no
// text does. e may be nil.
func Words(e *Error, field string, s *string, limit int, needed bool) *Error {
	*s = strings.TrimSpace(*s)
	switch n := utf8.RuneCountInString(*s); {
	case n == 0 && needed:
		return e.With(field, i18n.ErrRequired)
	case n > limit:
		return e.With(field, i18n.ErrTooLong, limit, n)
	case strings.ContainsRune(*s, 0):
		return e.With(field, i18n.ErrInvalid)
	}
	return e
}

// Span adds what is wrong with a stretch of time, under "starts_at" and "ends_at": an end that is missing, that does not lie after the start, or that lies
// more than longest after it.
func (e *Error) Span(starts, ends time.Time, longest time.Duration) *Error {
	switch {
	case starts.IsZero():
		return e.With("starts_at", i18n.ErrRequired)
	case ends.IsZero():
		return e.With("ends_at", i18n.ErrRequired)
	case !ends.After(starts):
		return e.With("ends_at", i18n.ErrEndBeforeStart)
	case ends.Sub(starts) > longest:
		return e.With("ends_at", i18n.ErrSpanTooLong, int(longest.Hours()))
	}
	return e
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Cause }

// KindOf is the kind of err; Internal if it is none of ours.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// As finds the user-visible error in err, or nil.
func As(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}

// Under puts what an Invalid error says under one field, for a form that has that field only; other errors stay as they are.
func Under(field string, err error) error {
	e := As(err)
	if e == nil || e.Kind != Invalid {
		return err
	}
	said := e.Said()
	return Field(field, said.Text, said.Args...).Because(e.Cause)
}

// The errors that need no further words.
var (
	ErrNotFound        = New(NotFound, i18n.ErrNotFound)
	ErrForbidden       = New(Forbidden, i18n.ErrForbidden)
	ErrConflict        = New(Conflict, i18n.ErrConflict)
	ErrUnauthenticated = New(Unauthenticated, i18n.ErrUnauthenticated)
)
