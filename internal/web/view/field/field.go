// Package field holds the fields of forms. Each has its label above, its hint below the label, its
// error beside the input (tied to it for screen readers), and a mark where the program filled in
// the value, so that a person sees what they need not type.
//
//	f := field.Form{Values: r.PostForm, Err: errs.As(err), Filled: known}
//	@field.Errors(f)
//	@field.Text(f.In("name", i18n.MemberName).Need())
package field

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"linli/internal/errs"
	"linli/internal/i18n"
)

// FilledKey is the form key that lists the fields whose values the program filled in and the person
// left as they were: what the burden ledger counts.
const FilledKey = "_filled"

// AskedKey is the form key that lists the fields that a form asks: what it carries besides, such as the record it is about, costs nobody
// anything and is not counted.
const AskedKey = "_asked"

// Stamp is an instant as DateTime takes it, in the time zone of the platform.
func Stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(i18n.Zone).Format("2006-01-02T15:04")
}

// Form is what a form shows: its values, what is wrong with them, and which the program filled in.
type Form struct {
	ID     string // put before the ids of the inputs where a page holds several forms
	Values url.Values
	Err    *errs.Error
	Filled map[string]bool
}

// Field is one field of a form, ready to be drawn.
type Field struct {
	Name, ID    string
	Label, Hint i18n.Text
	Values      []string
	Error       errs.Message
	Filled      bool // the program filled it in
	Required    bool
	ReadOnly    bool
	Focus       bool // the cursor starts here
	Auto        string
	Mode        string // inputmode: numeric, tel, …
	Max         int    // characters
	Min, Most   string // of numbers, dates, times
	Step, Unit  string
	Placeholder string
}

// In is the field of the form with this name.
func (f Form) In(name string, label i18n.Text) Field {
	d := Field{Name: name, ID: f.ID + "f-" + strings.ReplaceAll(name, ".", "-"), Label: label, Values: f.Values[name], Filled: f.Filled[name]}
	if f.Err != nil {
		d.Error = f.Err.Fields[name]
	}
	return d
}

// Need makes the field required.
func (d Field) Need() Field { d.Required = true; return d }

// Help adds a hint.
func (d Field) Help(t i18n.Text) Field { d.Hint = t; return d }

// Fixed shows the value but does not let it be changed.
func (d Field) Fixed() Field { d.ReadOnly = true; return d }

// First puts the cursor into the field.
func (d Field) First() Field { d.Focus = true; return d }

// Fill names what browsers may fill in ("name", "tel", "off", "current-password").
func (d Field) Fill(auto string) Field { d.Auto = auto; return d }

// Keys chooses the keys that phones show ("numeric", "tel", "decimal").
func (d Field) Keys(mode string) Field { d.Mode = mode; return d }

// Limit sets the greatest number of characters.
func (d Field) Limit(n int) Field { d.Max = n; return d }

// Range bounds a number, day or time; an empty bound is none.
func (d Field) Range(least, most string) Field { d.Min, d.Most = least, most; return d }

// Steps sets the step of a number.
func (d Field) Steps(s string) Field { d.Step = s; return d }

// Or is the value that the program fills in where the form has none yet.
func (d Field) Or(value string) Field {
	if len(d.Values) == 0 && value != "" {
		d.Values, d.Filled = []string{value}, true
	}
	return d
}

// Value is the first value.
func (d Field) Value() string {
	if len(d.Values) == 0 {
		return ""
	}
	return d.Values[0]
}

func (d Field) has(value string) bool {
	return slices.Contains(d.Values, value)
}

func (d Field) wrong() bool { return !d.Error.Text.IsZero() }

// described lists the ids that explain the input.
func (d Field) described() string {
	var ids []string
	if !d.Hint.IsZero() {
		ids = append(ids, d.ID+"-hint")
	}
	if d.wrong() {
		ids = append(ids, d.ID+"-error")
	}
	return strings.Join(ids, " ")
}

// Option is one choice.
type Option struct {
	Value string
	Text  i18n.Text
	Note  string // explains the choice below it (radios) or beside it (lists)
}

// Choices are the values of a list with the words for them.
func Choices[T ~string](list []T, word func(T) i18n.Text) []Option {
	out := make([]Option, len(list))
	for i, x := range list {
		out[i] = Option{Value: string(x), Text: word(x)}
	}
	return out
}

// OptionGroup is choices that belong together; without a title they stand in the open.
type OptionGroup struct {
	Title   i18n.Text
	Options []Option
}

// before is how many choices stand before group g.
func before(groups []OptionGroup, g int) (n int) {
	for _, of := range groups[:g] {
		n += len(of.Options)
	}
	return n
}

func (d Field) hasAny(options []Option) bool {
	return slices.ContainsFunc(options, func(o Option) bool { return d.has(o.Value) })
}

// problem is one line of the summary of what is wrong.
type problem struct{ id, text string }

// problems lists what is wrong in the order of the given fields; unknown fields come last, by name.
func (f Form) problems(ctx context.Context) []problem {
	if f.Err == nil {
		return nil
	}
	list := make([]problem, 0, len(f.Err.Fields))
	for _, name := range sortedNames(f.Err.Fields) {
		m := f.Err.Fields[name]
		list = append(list, problem{f.In(name, i18n.Text{}).ID, m.In(i18n.From(ctx))})
	}
	return list
}

// now is when a form is shown, in seconds, for the burden ledger.
func now() string { return strconv.FormatInt(time.Now().Unix(), 10) }
