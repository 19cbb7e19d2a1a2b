package table

import (
	"fmt"
	"strconv"
	"strings"

	"linli/internal/fact"
	"linli/internal/i18n"
)

// Style says how a column writes its values; "" is the usual way: days as 2026-07-01, choices by their label, yes and no in words.
type Style string

// The styles.
const (
	Usual     Style = ""
	DayDots   Style = "dots"    // 2026.07.01
	DaySlash  Style = "slashes" // 2026/07/01
	DayChars  Style = "chars"   // 2026年7月1日
	DayDigits Style = "digits"  // 20260701
	DayMonth  Style = "month"   // 2026-07
	DayYear   Style = "year"    // 2026
	Code      Style = "code"    // of a choice
	YesDigit  Style = "1/0"
	YesTick   Style = "ticks" // √ and ×
)

// Styles lists the styles of a type of facts, the usual one first.
func Styles(t fact.Type) []Style {
	switch t {
	case fact.Date:
		return []Style{Usual, DayDots, DaySlash, DayChars, DayDigits, DayMonth, DayYear}
	case fact.Choice:
		return []Style{Usual, Code}
	case fact.YesNo:
		return []Style{Usual, YesDigit, YesTick}
	}
	return []Style{Usual}
}

// AllStyles lists every style once.
func AllStyles() []Style {
	return []Style{Usual, DayDots, DaySlash, DayChars, DayDigits, DayMonth, DayYear, Code, YesDigit, YesTick}
}

func (s Style) valid() bool { return !s.Text().IsZero() }

// Text names the style by an example.
func (s Style) Text() i18n.Text {
	return map[Style]i18n.Text{Usual: i18n.TableStyleUsual, DayDots: i18n.Verbatim("2026.07.01"), DaySlash: i18n.Verbatim("2026/07/01"), DayChars: i18n.TableStyleChars,
		DayDigits: i18n.Verbatim("20260701"), DayMonth: i18n.Verbatim("2026-07"), DayYear: i18n.Verbatim("2026"), Code: i18n.TableStyleCode,
		YesDigit: i18n.Verbatim("1 / 0"), YesTick: i18n.Verbatim("√ / ×")}[s]
}

// Cell is a value as a table shows it.
type Cell struct {
	Text   string
	Known  bool
	Hidden bool // Text is a mask
	Number bool // Text is a decimal number
}

// write gives a value of a fact in a style and a language.
func (s Style) write(f fact.Fact, v fact.Value, l i18n.Lang) Cell {
	c := Cell{Known: v.Known, Hidden: v.Hidden, Text: f.Show(v, l)}
	if !v.Known || v.Hidden {
		return c
	}
	switch {
	case f.Type == fact.Number:
		c.Number = true
	case f.Type == fact.Choice && s == Code:
		c.Text = v.Text
	case f.Type == fact.YesNo && s == YesDigit:
		c.Text, c.Number = v.Text, true
	case f.Type == fact.YesNo && s == YesTick:
		c.Text = map[string]string{fact.Yes: "√", fact.No: "×"}[v.Text]
	case f.Type == fact.Date:
		c.Text = s.day(v)
	}
	return c
}

func (s Style) day(v fact.Value) string {
	d := v.Day()
	if d.IsZero() || d.Month() == 0 || d.Day() == 0 { // a day that is known in part stays as it is
		return v.Text
	}
	switch s {
	case DayDots:
		return strings.ReplaceAll(d.String(), "-", ".")
	case DaySlash:
		return strings.ReplaceAll(d.String(), "-", "/")
	case DayChars:
		return i18n.TableDayChars.In(i18n.ZH, d.Year(), int(d.Month()), d.Day())
	case DayDigits:
		return strings.ReplaceAll(d.String(), "-", "")
	case DayMonth:
		return fmt.Sprintf("%04d-%02d", d.Year(), int(d.Month()))
	case DayYear:
		return strconv.Itoa(d.Year())
	}
	return d.String()
}
