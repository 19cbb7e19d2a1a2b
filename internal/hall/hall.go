package hall

import (
	"strconv"
	"strings"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/policy"
	"linli/internal/technician"
)

// The permissions of this package.
const (
	PermSee      authz.Permission = "hall.see"
	PermManage   authz.Permission = "hall.manage"
	PermServe    authz.Permission = "hall.serve"
	PermTakeOver authz.Permission = "hall.takeover"
)

// What a district may set.
var (
	// Run is how many tickets with priority are called in a row while others wait.
	Run = policy.Value{Name: "hall.priority_run", Title: i18n.HallPolicyRun, Unit: i18n.HallPolicyTickets, Default: 2, Min: 1, Max: 5}
	// UsualMinutes is how long serving takes at a window that has no history yet.
	UsualMinutes = policy.Value{Name: "hall.usual_minutes", Title: i18n.HallPolicyMinutes, Unit: i18n.HallPolicyMin, Default: 8, Min: 1, Max: 60}
)

// Policies are the values that a district may set.
func Policies() []policy.Value { return []policy.Value{Run, UsualMinutes} }

// Bounds of what is written.
const (
	MaxName     = 40
	MaxPlace    = 100
	MaxWord     = 30
	MaxCounters = 60
	maxNumber   = 999
)

// Window is a window of the catalogue, with the letter of its numbers.
type Window struct {
	Code    string
	Letter  string
	Name    i18n.Text
	Retired bool
}

// LetterOf is the letter of the n-th window of the catalogue: A to Z, then AA.
func LetterOf(n int) string {
	if n < 26 {
		return string(rune('A' + n))
	}
	return LetterOf(n/26-1) + LetterOf(n%26)
}

// Hall is a hall with its hours and counters.
type Hall struct {
	ID       id.ID
	Tenant   int64
	OrgID    id.ID
	Org      string
	Code     string
	Name     string
	Place    string
	ByPhone  bool // numbers are taken on one's own phone too
	Holidays bool // it is open on public holidays
	EndedOn  calendar.Date
	Week     []technician.Shift
	Counters []Counter
	Waiting  int64 // now
	Version  int64
}

// Active says whether the hall is in use.
func (h Hall) Active() bool { return h.EndedOn.IsZero() }

// Address names the hall in the addresses of its terminals and screens: the tenant's code and its own.
func (h Hall) Address() string { return strconv.FormatInt(h.Tenant, 10) + "-" + h.Code }

// ParseAddress reads an Address.
func ParseAddress(s string) (tenant int64, code string, ok bool) {
	head, tail, ok := strings.Cut(s, "-")
	tenant, err := strconv.ParseInt(head, 10, 64)
	return tenant, strings.ToUpper(tail), ok && err == nil && tenant > 0 && len(tail) == codeLength
}

// CounterState is whether a counter serves.
type CounterState string

// The states of a counter.
const (
	Shut   CounterState = "closed"
	Opened CounterState = "open"
	Paused CounterState = "paused"
)

// Text names the state.
func (s CounterState) Text() i18n.Text {
	return map[CounterState]i18n.Text{Shut: i18n.HallShut, Opened: i18n.HallOpened, Paused: i18n.HallPaused}[s]
}

// Counter is a counter of a hall.
type Counter struct {
	ID        id.ID
	HallID    id.ID
	Number    int64
	Name      string
	OrgID     id.ID // whose counter it is, that answers for its windows; 0: the hall's own
	Org       string
	State     CounterState
	AccountID id.ID // who sits there now; 0 for nobody
	Account   string
	Word      string // why it is paused
	SinceAt   time.Time
	Windows   []string // codes of the windows it serves
	Version   int64

	current string    // label of the ticket that is there
	window  string    // and its window
	state   State     // and where it stands
	at      time.Time // since when
}

// Serves says whether the counter serves a window.
func (c Counter) Serves(window string) bool {
	for _, w := range c.Windows {
		if w == window {
			return true
		}
	}
	return false
}

// NewHall is a hall as somebody sets it up or changes it.
type NewHall struct {
	OrgID    id.ID
	Name     string
	Place    string
	ByPhone  bool
	Holidays bool
	Week     []string // the hours of each day, from Monday: "08:30-12:00 14:00-17:30"; "" is closed
	Version  int64
	week     []technician.Shift
}

func (n *NewHall) check() error {
	e := errs.Words(nil, "name", &n.Name, MaxName, true)
	e = errs.Words(e, "place", &n.Place, MaxPlace, false)
	if n.OrgID == 0 {
		e = e.With("org", i18n.ErrRequired)
	}
	n.week, e = technician.Within(e, n.Week, i18n.HallNoHours)
	return e.OrNil()
}

// NewCounter is a counter as somebody sets it up or changes it.
type NewCounter struct {
	Number  int64
	Name    string
	OrgID   id.ID // to which a case goes that is entered there; 0: as any other case
	Windows []string
	Version int64
}

func (n *NewCounter) check(all []Window) error {
	e := errs.Words(nil, "name", &n.Name, MaxName, false)
	if n.Number < 1 || n.Number > 99 {
		e = e.With("number", i18n.HallBadNumber)
	}
	known := map[string]bool{}
	for _, w := range all {
		known[w.Code] = true
	}
	seen := map[string]bool{}
	var list []string
	for _, w := range n.Windows {
		if !known[w] {
			return e.With("windows", i18n.ErrBadChoice)
		}
		if !seen[w] {
			seen[w] = true
			list = append(list, w)
		}
	}
	if n.Windows = list; len(list) == 0 {
		e = e.With("windows", i18n.HallNoWindow)
	}
	return e.OrNil()
}

// Early is how long before the hall opens numbers are given already: people come before the door opens.
const Early = 30 * time.Minute

// span is a stretch of one day in minutes; to is at most 24 hours.
type span struct{ from, to int }

// spansOn are the hours of a day: public holidays are off unless the hall says otherwise, and a weekend that is worked has the hours of Monday where it has none
// of its own.
func spansOn(h Hall, cal *calendar.Calendar, d calendar.Date) []span {
	weekday := int(d.Weekday())
	if weekday == 0 {
		weekday = 7
	}
	working, _ := cal.IsWorkingDay(d)
	if !h.Holidays && !working && (cal.Holiday(d) != "" || weekday < 6) {
		return nil
	}
	own := hoursOf(h.Week, weekday)
	if len(own) == 0 && working && weekday > 5 {
		return hoursOf(h.Week, 1)
	}
	return own
}

func hoursOf(week []technician.Shift, weekday int) []span {
	var out []span
	for _, s := range week {
		if s.Weekday == weekday {
			to := s.To
			if to <= s.From {
				to = 24 * 60
			}
			out = append(out, span{s.From, to})
		}
	}
	return out
}

func minuteOf(t time.Time) int {
	t = t.In(i18n.Zone)
	return t.Hour()*60 + t.Minute()
}

// Hours is whether a hall is open now, and when it opens next.
type Hours struct {
	Open  bool      // it is within its hours
	Gives bool      // numbers are given
	Next  time.Time // when it opens next, where no numbers are given; zero for not within two weeks
}

// HoursAt says whether a hall is open at an instant.
func HoursAt(h Hall, cal *calendar.Calendar, at time.Time) Hours {
	var out Hours
	if !h.Active() {
		return out
	}
	today, minute := calendar.DateOf(at), minuteOf(at)
	for _, s := range spansOn(h, cal, today) {
		out.Open = out.Open || s.from <= minute && minute < s.to
		out.Gives = out.Gives || s.from-int(Early/time.Minute) <= minute && minute < s.to
	}
	if out.Gives {
		return out
	}
	for n := range 15 {
		d := today.AddDays(n)
		for _, s := range spansOn(h, cal, d) {
			if n > 0 || s.from > minute {
				out.Next = d.Time().Add(time.Duration(s.from) * time.Minute)
				return out
			}
		}
	}
	return out
}
