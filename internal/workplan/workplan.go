package workplan

import (
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/tabular"
)

// The permissions of this package.
const (
	PermSee    authz.Permission = "workplan.see"
	PermKeep   authz.Permission = "workplan.keep"
	PermReview authz.Permission = "workplan.review"
)

// State is where a plan stands.
type State string

// The states of a plan. None is that of an organisation that has no plan for the year.
const (
	None      State = "none"
	Draft     State = "draft"
	Submitted State = "submitted"
	Returned  State = "returned"
	Accepted  State = "accepted"
)

// States lists the states.
func States() []State { return []State{None, Draft, Submitted, Returned, Accepted} }

// Text names the state.
func (s State) Text() i18n.Text {
	return map[State]i18n.Text{None: i18n.PlanNone, Draft: i18n.PlanDraft, Submitted: i18n.PlanSubmitted, Returned: i18n.PlanReturned, Accepted: i18n.PlanAccepted}[s]
}

// writable says whether items may be written.
func (s State) writable() bool { return s == Draft || s == Returned }

// Plan is the plan of an organisation for a year.
type Plan struct {
	ID             id.ID
	OrganisationID id.ID
	Organisation   string
	Year           int64
	State          State
	Edition        int64 // how often it was handed in
	ReviewerID     id.ID
	Reviewer       string
	SubmittedBy    id.ID
	SubmittedAt    time.Time
	DecidedBy      string
	DecidedAt      time.Time
	Remark         string // what was said when it was last decided on
	Version        int64
}

// ItemState is where an item stands.
type ItemState string

// The states of an item.
const (
	Open    ItemState = "open"
	Done    ItemState = "done"
	GivenUp ItemState = "given_up"
)

// ItemStates lists the states of items.
func ItemStates() []ItemState { return []ItemState{Open, Done, GivenUp} }

// Text names the state.
func (s ItemState) Text() i18n.Text {
	return map[ItemState]i18n.Text{Open: i18n.PlanItemOpen, Done: i18n.PlanItemDone, GivenUp: i18n.PlanItemGivenUp}[s]
}

// Verdict is what the reviewer says of an item.
type Verdict string

// The verdicts.
const (
	Agreed Verdict = "agreed"
	Change Verdict = "change"
)

// Verdicts lists the verdicts.
func Verdicts() []Verdict { return []Verdict{Agreed, Change} }

// Text names the verdict.
func (v Verdict) Text() i18n.Text {
	return map[Verdict]i18n.Text{Agreed: i18n.PlanAgreed, Change: i18n.PlanChange}[v]
}

// Item is one thing that a plan holds.
type Item struct {
	ID     id.ID
	PlanID id.ID
	NewItem
	Reached    int64 // tenths of the figure's unit
	MeasuredAt time.Time
	State      ItemState
	EndedOn    calendar.Date // day on which it was done or given up
	UpdatedAt  time.Time
	Version    int64
	placeNo    int64
}

// Measured says whether its progress is read from a figure.
func (i Item) Measured() bool { return i.Figure != "" }

// Overdue says whether it is open after its day.
func (i Item) Overdue(today calendar.Date) bool { return i.State == Open && i.DueOn.Before(today) }

// Review is what was said of an item in an edition.
type Review struct {
	ItemID  id.ID
	Edition int64
	Verdict Verdict
	Comment string
	Answer  string
	By      string
	At      time.Time
}

// EntryKind says what an entry is about.
type EntryKind string

// The kinds of entry.
const (
	Progress EntryKind = "progress"
	Finished EntryKind = "done"
	Dropped  EntryKind = "given_up"
	Reopened EntryKind = "reopened"
	Reached  EntryKind = "reached" // a figure reached its target
)

// Text names the kind.
func (k EntryKind) Text() i18n.Text {
	return map[EntryKind]i18n.Text{Progress: i18n.PlanEntryProgress, Finished: i18n.PlanItemDone, Dropped: i18n.PlanItemGivenUp, Reopened: i18n.PlanEntryReopened,
		Reached: i18n.PlanEntryReached}[k]
}

// Entry is what happened with an item.
type Entry struct {
	ID     id.ID
	ItemID id.ID
	Kind   EntryKind
	Note   string
	By     string
	At     time.Time
}

// The longest texts, in characters; the most items of a plan.
const (
	MaxTitle   = 120
	MaxMeasure = 500
	MaxNote    = 500
	MaxItems   = 100
	maxName    = 40
)

// NewItem is what is said of an item when it is written. Figure and Target go together; the target is a whole number in the figure's unit.
type NewItem struct {
	Title   string
	Measure string // how it is done
	Answers string // who answers for it
	DueOn   calendar.Date
	Figure  string
	Target  int64
}

// check says what is wrong with an item of a plan for a year. A day that is not given is the last of the year.
func (n *NewItem) check(year int64, known func(string) bool) *errs.Error {
	var e *errs.Error
	e = words(e, "title", &n.Title, MaxTitle, true)
	e = words(e, "measure", &n.Measure, MaxMeasure, false)
	e = words(e, "answers", &n.Answers, maxName, false)
	switch {
	case n.DueOn.IsZero():
		n.DueOn = calendar.On(int(year), 12, 31)
	case int64(n.DueOn.Year()) != year:
		e = e.With("due_on", i18n.PlanOtherYear, year)
	}
	switch {
	case n.Figure == "" && n.Target != 0:
		e = e.With("figure", i18n.PlanFigureNeeded)
	case n.Figure != "" && !known(n.Figure):
		e = e.With("figure", i18n.ErrBadChoice)
	case n.Figure != "" && (n.Target < 1 || n.Target > 1_000_000_000):
		e = e.With("target", i18n.PlanTargetNeeded)
	}
	return e
}

// words makes blanks single, and notes a text that is missing, too long or a formula.
func words(e *errs.Error, field string, s *string, most int, need bool) *errs.Error {
	*s = strings.Join(strings.Fields(*s), " ")
	if *s == "" {
		if need {
			e = e.With(field, i18n.ErrRequired)
		}
		return e
	}
	if n := utf8.RuneCountInString(*s); n > most {
		return e.With(field, i18n.ErrTooLong, most, n)
	}
	if message, advice, wrong := tabular.CheckText(*s); wrong {
		return e.With(field, i18n.CodeProblem, message, advice)
	}
	return e
}

// numbering is what stands before an item of a list in a text: 3. 三、（3） • -
var numbering = regexp.MustCompile(i18n.PlanNumbering)

// Lines reads items that were pasted, one to a line. A number or a dot before an item is left out, and a day at its end is its day:
// "3. 组织主题党日 2027-06-30".
func Lines(text string) []NewItem {
	var out []NewItem
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(numbering.ReplaceAllString(line, ""))
		if line == "" {
			continue
		}
		n := NewItem{Title: line}
		for _, sep := range []string{"\t", "，", ",", " "} {
			at := strings.LastIndex(line, sep)
			if at < 0 {
				continue
			}
			if d, err := calendar.Parse(line[at+len(sep):]); err == nil && !d.IsZero() {
				n.Title, n.DueOn = strings.TrimSpace(line[:at]), d
				break
			}
		}
		out = append(out, n)
	}
	return out
}

// Opinion is what the reviewer says of one item.
type Opinion struct {
	ItemID  id.ID
	Verdict Verdict
	Comment string
}

// Decision is what the reviewer does with a plan. Version is that of the plan they saw.
type Decision struct {
	Opinions []Opinion
	Remark   string
	Accept   bool // false: give it back
	Version  int64
}

// check says what is wrong with a decision on these items.
func (d *Decision) check(items []Item) error {
	var e *errs.Error
	e = words(e, "remark", &d.Remark, MaxNote, false)
	said := map[id.ID]*Opinion{}
	for i := range d.Opinions {
		said[d.Opinions[i].ItemID] = &d.Opinions[i]
	}
	changes := 0
	for _, it := range items {
		o, ok := said[it.ID]
		key := CommentKey(it.ID)
		switch {
		case !ok || o.Verdict == "":
			e = e.With(VerdictKey(it.ID), i18n.PlanVerdictNeeded, it.Title)
			continue
		case o.Verdict != Agreed && o.Verdict != Change:
			e = e.With(VerdictKey(it.ID), i18n.ErrBadChoice)
			continue
		}
		e = words(e, key, &o.Comment, MaxNote, false)
		if o.Verdict == Change {
			changes++
			if o.Comment == "" {
				e = e.With(key, i18n.PlanCommentNeeded)
			}
		}
	}
	switch {
	case e != nil:
	case d.Accept && changes > 0:
		e = e.With("decision", i18n.PlanChangesOpen, changes)
	case !d.Accept && changes == 0 && d.Remark == "":
		e = e.With("remark", i18n.PlanWhyReturned)
	}
	return e.OrNil()
}

const verdictPrefix = "verdict_"

// VerdictKey names the field of the verdict on an item.
func VerdictKey(item id.ID) string { return verdictPrefix + item.String() }

// Judged is the item on which a field holds the verdict.
func Judged(field string) (item id.ID, ok bool) {
	s, is := strings.CutPrefix(field, verdictPrefix)
	item, err := id.Parse(s)
	return item, is && err == nil
}

// CommentKey names the field of the comment on an item.
func CommentKey(item id.ID) string { return "comment_" + item.String() }
