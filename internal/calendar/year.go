package calendar

import (
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"time"

	"linli/internal/errs"
	"linli/internal/i18n"
)

// Day is a day that differs from the plain week, or a holiday that falls on a weekend.
type Day struct {
	Date Date
	Off  bool   // a day off; otherwise an exchanged working day
	Name string // the holiday it belongs to
}

// Year is the yearly notice of days off and exchanged working days (CAL-1).
type Year struct {
	Year   int
	Notice string // title or number of the notice
	Source string // where the notice is published
	Days   []Day
}

//go:embed years.json
var files embed.FS

var builtin = sync.OnceValue(func() []Year {
	f, err := files.Open("years.json")
	if err != nil {
		panic(fmt.Sprintf("calendar: embedded years: %v", err))
	}
	var years []Year
	if err := json.NewDecoder(f).Decode(&years); err != nil {
		panic(fmt.Sprintf("calendar: embedded years: %v", err))
	}
	return years
})

// Builtin are the years whose notices were public when this version was made. The slice is the caller's own.
func Builtin() []Year { return append([]Year(nil), builtin()...) }

// maxYearFile bounds what ReadYear reads: a real file is under 10 kB.
const maxYearFile = 1 << 20

// ReadYear reads one year from JSON, in this package's own form or in the widely published one of holiday-cn
// (fields year, papers, days with name, date, isOffDay). The error is Invalid and says what to mend.
func ReadYear(r io.Reader) (Year, error) {
	var f struct {
		Year   int
		Notice string
		Source string
		Papers []string
		Days   []struct {
			Day
			IsOffDay *bool
		}
	}
	if err := json.NewDecoder(io.LimitReader(r, maxYearFile)).Decode(&f); err != nil {
		return Year{}, errs.New(errs.Invalid, i18n.CalendarYearUnread).Because(err)
	}
	y := Year{Year: f.Year, Notice: f.Notice, Source: f.Source}
	if y.Source == "" && len(f.Papers) > 0 {
		y.Source = f.Papers[0]
	}
	for _, d := range f.Days {
		if d.IsOffDay != nil {
			d.Off = *d.IsOffDay
		}
		y.Days = append(y.Days, d.Day)
	}
	return y, y.Check()
}

// Check says what is wrong with a year's data, as an Invalid error; nil if nothing is.
func (y Year) Check() error {
	if y.Year < 1949 || y.Year > 2200 {
		return errs.New(errs.Invalid, i18n.CalendarYearRange, y.Year)
	}
	seen, off := map[Date]bool{}, false
	for _, d := range y.Days {
		if err := y.checkDay(d, seen); err != nil {
			return err
		}
		seen[d.Date], off = d.Off, off || d.Off
	}
	if !off {
		return errs.New(errs.Invalid, i18n.CalendarYearEmpty, y.Year)
	}
	return nil
}

// checkDay allows the days around New Year, which the notice of one year may move in the other.
func (y Year) checkDay(d Day, seen map[Date]bool) error {
	if d.Date.Before(On(y.Year-1, time.December, 1)) || d.Date.After(On(y.Year+1, time.January, 31)) {
		return errs.New(errs.Invalid, i18n.CalendarYearForeign, d.Date, y.Year)
	}
	if was, twice := seen[d.Date]; twice && was != d.Off {
		return errs.New(errs.Invalid, i18n.CalendarYearTwice, d.Date)
	}
	if !d.Off && !weekend(d.Date) {
		return errs.New(errs.Invalid, i18n.CalendarYearIdle, d.Date)
	}
	return nil
}

func weekend(d Date) bool {
	w := d.Weekday()
	return w == time.Saturday || w == time.Sunday
}
