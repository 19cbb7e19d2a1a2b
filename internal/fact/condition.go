package fact

import (
	"slices"
	"strconv"
	"strings"

	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
)

// Test is what a condition asks of a value.
type Test string

// The tests. A value that is unknown meets Unknown and nothing else; one that is sealed and not opened meets Known and nothing else.
const (
	Equals   Test = "is"       // one of Values
	Contains Test = "contains" // of a Text: Values[0] stands in it
	Between  Test = "between"  // of a Date or Number: From and To, both included; "" for no bound
	Known    Test = "known"
	Unknown  Test = "unknown"
)

// Tests lists the tests.
func Tests() []Test { return []Test{Equals, Contains, Between, Known, Unknown} }

// Text names the test.
func (t Test) Text() i18n.Text {
	return map[Test]i18n.Text{Equals: i18n.FactTestIs, Contains: i18n.FactTestContains, Between: i18n.FactTestBetween, Known: i18n.FactTestKnown,
		Unknown: i18n.FactTestUnknown}[t]
}

// Condition keeps rows of which a fact says something.
type Condition struct {
	Ref      Ref      `json:"ref"`
	Test     Test     `json:"test"`
	Values   []string `json:"values,omitempty"` // canonical
	From, To string   `json:",omitempty"`       // canonical
}

// Allows says which tests can be asked of the fact. Of what is sealed only whether it is there.
func (f Fact) Allows() []Test {
	if f.Sensitivity == Sealed {
		return []Test{Known, Unknown}
	}
	switch f.Type {
	case Text:
		return []Test{Equals, Contains, Known, Unknown}
	case Date, Number:
		return []Test{Between, Known, Unknown}
	}
	return []Test{Equals, Known, Unknown}
}

// longestCondition is the longest text, and mostValues the most choices, that a condition compares with.
const (
	longestCondition = 100
	mostValues       = 100
)

// Check checks a condition on the fact and puts its values into canonical form.
func (c Condition) Check(f Fact) (Condition, error) {
	if !slices.Contains(f.Allows(), c.Test) {
		return c, errs.New(errs.Invalid, i18n.FactTestNot, f.Name, c.Test.Text())
	}
	out := Condition{Ref: c.Ref, Test: c.Test}
	var err error
	switch c.Test {
	case Equals, Contains:
		for _, v := range c.Values {
			if v = strings.TrimSpace(v); v == "" {
				continue
			}
			if len([]rune(v)) > longestCondition {
				return c, errs.New(errs.Invalid, i18n.ErrTooLong, longestCondition, len([]rune(v)))
			}
			if f.Type != Text && !f.isCode(v) {
				if v, err = f.Parse(v); err != nil {
					return c, err
				}
			}
			if !slices.Contains(out.Values, v) {
				out.Values = append(out.Values, v)
			}
		}
		if n := len(out.Values); n == 0 || n > mostValues || c.Test == Contains && n > 1 {
			return c, errs.New(errs.Invalid, i18n.FactTestValue, f.Name)
		}
	case Between:
		if out.From, err = f.Parse(c.From); err != nil {
			return c, err
		}
		if out.To, err = f.Parse(c.To); err != nil {
			return c, err
		}
		if out.From == "" && out.To == "" {
			return c, errs.New(errs.Invalid, i18n.FactTestValue, f.Name)
		}
	}
	return out, nil
}

// isCode says whether a text is a code of the fact's list.
func (f Fact) isCode(s string) bool {
	if f.List == nil {
		return false
	}
	_, ok := f.List.ByCode(s)
	return ok
}

// Holds says whether a value of the fact meets the condition.
func (c Condition) Holds(f Fact, v Value) bool {
	switch {
	case c.Test == Unknown:
		return !v.Known
	case c.Test == Known:
		return v.Known
	case !v.Known || v.Hidden:
		return false
	case c.Test == Equals:
		return slices.Contains(c.Values, v.Text)
	case c.Test == Contains:
		return len(c.Values) == 1 && strings.Contains(v.Text, c.Values[0])
	case c.Test != Between:
		return false
	case f.Type == Number:
		n, err := strconv.ParseFloat(v.Text, 64)
		return err == nil && (c.From == "" || n >= number(c.From)) && (c.To == "" || n <= number(c.To))
	}
	return (c.From == "" || v.Text >= c.From) && (c.To == "" || v.Text <= c.To)
}

// asksYes says that the condition asks for the yes of a YesNo, and for nothing else.
func (c Condition) asksYes() bool {
	return c.Test == Equals && len(c.Values) == 1 && c.Values[0] == Yes
}

// number is a bound; bounds are canonical.
func number(s string) float64 {
	n, _ := strconv.ParseFloat(s, 64) // checked by Check
	return n
}

// whole is a bound as whole years; ok is false for none.
func whole(s string) (int, bool) {
	n, err := strconv.Atoi(s)
	return n, err == nil && n >= 0 && n <= 200
}

// NarrowAge is the Narrow of a fact worked out from the age on the day, with the fact of the birthday and that of the day of death: years
// gives the least and the most age that meet a condition, -1 for no bound.
func NarrowAge(born, died Ref, years func(Condition) (least, most int, ok bool)) func(calendar.Date, Condition) [][]Condition {
	return func(day calendar.Date, c Condition) [][]Condition {
		least, most, ok := years(c)
		if !ok {
			return nil
		}
		span := Condition{Ref: born, Test: Between}
		if least >= 0 {
			span.To = bornBy(day, least)
		}
		if most >= 0 {
			if latest, err := calendar.Parse(bornBy(day, most+1)); err == nil {
				span.From = latest.AddDays(1).String()
			}
		}
		if span.From == "" && span.To == "" {
			span = Condition{Ref: born, Test: Known}
		}
		// Who died was younger on that day than they would be today.
		return [][]Condition{{span, {Ref: died, Test: Known}}}
	}
}

// AgeOf reads bounds of an age from a condition on a Number.
func AgeOf(c Condition) (least, most int, ok bool) {
	least, most = -1, -1
	if c.Test != Between {
		return least, most, c.Test == Known
	}
	if n, is := whole(c.From); is {
		least = n
	}
	if n, is := whole(c.To); is {
		most = n
	}
	return least, most, true
}

// AgeFlag reads bounds of an age from a condition on a YesNo that says whether somebody is at least n years old, or younger if !over.
func AgeFlag(n int, over bool) func(Condition) (least, most int, ok bool) {
	return func(c Condition) (int, int, bool) {
		switch {
		case c.Test == Known:
			return -1, -1, true
		case c.Test != Equals || len(c.Values) != 1:
			return -1, -1, false
		case (c.Values[0] == Yes) == over:
			return n, -1, true
		}
		return -1, n - 1, true
	}
}
