// Package cobuild draws the pages of co-building agreements: at the desk, of a unit's liaison, of programmes, and the public list.
package cobuild

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/calendar"
	"linli/internal/cobuild"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/partial"
)

// The addresses.
const (
	Path           = "/cobuilds"
	TaskPath       = "/cobuild-tasks"
	UnitPath       = "/unit-agreements"
	ProgrammesPath = "/programmes"
	PublicPath     = "/p/agreements"
)

// Href is the address of an agreement.
func Href(g id.ID) string { return Path + "/" + g.String() }

// TaskHref is the address of a task.
func TaskHref(t id.ID) string { return TaskPath + "/" + t.String() }

// ProgrammeHref is the address of a programme.
func ProgrammeHref(p id.ID) string { return ProgrammesPath + "/" + p.String() }

// sourceHref is where the record that fulfils a task opens, at the desk of a community or for the liaison of a unit; "" for a visit to a household that the reader does not see.
func sourceHref(t cobuild.Task, desk, pairs bool) string {
	switch {
	case t.SourceKind == cobuild.FromActivity:
		return "/activities/" + t.SourceID.String()
	case t.SourceKind == cobuild.FromMeeting:
		return "/meetings/" + t.SourceID.String()
	case t.SourceKind == cobuild.FromBooking:
		return "/bookings/" + t.SourceID.String()
	case t.SourceKind == cobuild.FromStep:
		return "/projects/" + t.NeedID.String()
	case t.SourceKind == cobuild.FromVisit:
		if pairs {
			return "/pairing/" + t.NeedID.String()
		}
		return ""
	case desk:
		return "/needs/" + t.NeedID.String()
	}
	return "/unit-help/pledges/" + t.SourceID.String()
}

// StateOf is the state of an agreement as a badge.
func StateOf(s cobuild.State) partial.State {
	return partial.State{Text: s.Text(), Tone: map[cobuild.State]partial.Tone{cobuild.Draft: partial.Draft, cobuild.Talks: partial.Waiting, cobuild.Coming: partial.Waiting, cobuild.InForce: partial.Active,
		cobuild.Over: partial.Closed, cobuild.Ended: partial.Ended, cobuild.Withdrawn: partial.Ended}[s]}
}

// TaskState is the state of a task as a badge.
func TaskState(t cobuild.Task, today calendar.Date) partial.State {
	switch {
	case t.Late(today):
		return partial.State{Text: i18n.CobuildTaskLate, Tone: partial.Refused}
	case t.State == cobuild.Open:
		return partial.State{Text: t.State.Text(), Tone: partial.Waiting}
	case t.State == cobuild.Said:
		return partial.State{Text: t.State.Text(), Tone: partial.Warned}
	case t.State == cobuild.Confirmed:
		return partial.State{Text: t.State.Text(), Tone: partial.Closed}
	}
	return partial.State{Text: t.State.Text(), Tone: partial.Ended}
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

func hidden(name, value string) partial.Value { return partial.Value{Name: name, Value: value} }

// List is a page of agreements at the desk.
type List struct {
	Query         url.Values
	Items         []cobuild.Row
	Before, After string
	Summary       cobuild.Summary
	First         bool
	Places        []field.Option
	Today         calendar.Date
	Drafts        bool
	Programmes    bool
}

// ByEnd orders the list by the last day.
const ByEnd = "to"

func (l List) filters() []partial.Filter {
	state := partial.Filter{Name: "state", Label: i18n.CobuildState}
	for _, s := range cobuild.Standings() {
		state.Options = append(state.Options, partial.Option{Value: string(s), Text: s.Text()})
	}
	out := []partial.Filter{state, {Name: "kind", Label: i18n.CobuildKind, Options: field.Choices(cobuild.Kinds(), cobuild.Kind.Text)},
		{Name: "ending", Label: i18n.CobuildEnding, Options: []partial.Option{{Value: "30", Text: i18n.CobuildEnding30}, {Value: "60", Text: i18n.CobuildEnding60}}},
		{Name: "late", Label: i18n.CobuildLateCol, Options: []partial.Option{{Value: "1", Text: i18n.CobuildTaskLate}}}}
	if len(l.Places) > 1 {
		out = append(out, partial.Filter{Name: "community", Label: i18n.CobuildCommunity, Options: l.Places})
	}
	return out
}

func (l List) acts() []partial.Act {
	out := []partial.Act{}
	if l.Drafts {
		out = append(out, partial.Act{Text: i18n.CobuildNew, Href: Path + "/new", Icon: icon.Plus, Look: partial.Primary})
	}
	return append(out, partial.Act{Text: i18n.CobuildStaff, Href: PeoplePath, Icon: icon.Users}, partial.Act{Text: i18n.ProgrammeTitle, Href: ProgrammesPath, Icon: icon.Flag})
}

func (l List) stats() []partial.Stat {
	kept := url.Values{} // the sums are those of the community of the filter
	if c := l.Query.Get("community"); c != "" {
		kept.Set("community", c)
	}
	at := func(key, value string) string { return partial.Href(Path, kept, key, value) }
	out := []partial.Stat{{Label: i18n.CobuildInForce, Value: decimal(l.Summary.InForce), Href: at("state", string(cobuild.InForce))}, {Label: i18n.CobuildTalks, Value: decimal(l.Summary.Talks), Href: at("state", string(cobuild.Talks))},
		{Label: i18n.CobuildEnding60, Value: decimal(l.Summary.Ending), Href: at("ending", "60")}, {Label: i18n.CobuildLate, Value: decimal(l.Summary.Late), Href: at("late", "1")}}
	if l.Summary.Late > 0 {
		out[3].Tone = partial.Warned
	}
	return out
}

var columns = []partial.Column{{Key: "units", Title: i18n.CobuildUnits, Main: true}, {Key: "community", Title: i18n.CobuildCommunity, Tight: true}, {Key: "kind", Title: i18n.CobuildKind, Tight: true, Minor: true},
	{Key: "to", Title: i18n.CobuildTo, Sort: true, Tight: true}, {Key: "progress", Title: i18n.CobuildProgress}, {Key: "state", Title: i18n.CobuildState, Tight: true}}

// unitColumns are those of the list of a unit, which has no order to choose.
var unitColumns = []partial.Column{{Key: "units", Title: i18n.CobuildUnits, Main: true}, {Key: "community", Title: i18n.CobuildCommunity, Tight: true}, {Key: "kind", Title: i18n.CobuildKind, Tight: true, Minor: true},
	{Key: "to", Title: i18n.CobuildTo, Tight: true}, {Key: "progress", Title: i18n.CobuildProgress}, {Key: "state", Title: i18n.CobuildState, Tight: true}}

func (l List) rows(ctx context.Context) []partial.Row {
	var out []partial.Row
	for _, r := range l.Items {
		out = append(out, partial.Row{ID: r.ID.String(), Name: r.Units(), Href: Href(r.ID), Cells: []templ.Component{partial.Two(r.Units(), r.Goal), partial.Text(r.Community), partial.Label(r.Kind.Text()),
			partial.Text(r.LastDay().String()), progressOf(r), partial.Badge(StateOf(r.Standing(l.Today)))}})
	}
	return out
}

// New is the page on which an agreement is drafted.
type New struct {
	field.Form
	Unit        bool           // for a unit, by its liaison
	Communities []field.Option // for which it is drafted, or (Unit) with which
	Orgs        []field.Option // units for which it is drafted
	Shown       [newUnits]string
	Place       string // the community that was found (Unit)
}

// newUnits is how many units the form takes.
const newUnits = 3

// UnitField names the n-th field for a unit, from 0.
func UnitField(n int) string {
	if n == 0 {
		return "unit"
	}
	return "unit" + strconv.Itoa(n+1)
}

// UnitFields names the fields for units.
func UnitFields() []string {
	out := make([]string, newUnits)
	for i := range out {
		out[i] = UnitField(i)
	}
	return out
}

func unitLabel(ctx context.Context, n int) i18n.Text {
	return i18n.Verbatim(i18n.T(ctx, i18n.CobuildUnitN, n+1))
}

// Show is the page of an agreement.
type Show struct {
	cobuild.Detail
	Sent     field.Form
	SentBy   string
	Today    calendar.Date
	Themes   []cobuild.Theme
	Purposes []field.Option
	Posts    []field.Option // from which one chooses
	Desk     bool           // sees the list at the desk
}

func (s Show) sent(name string) bool { return s.SentBy == "cobuild."+name }

// form is one of the forms of the page: as it was sent, if it was.
func (s Show) form(name string) field.Form {
	f := field.Form{Values: url.Values{}}
	if s.sent(name) {
		f = s.Sent
	}
	f.ID = name + "-"
	return f
}

func (s Show) version() string { return decimal(s.Version) }

// open says that the actor may change the text.
func (s Show) open() bool {
	return len(s.Acts) > 0 && (s.State == cobuild.Draft || s.State == cobuild.Talks)
}

// by is the party for which a press acts: the first for which the actor does.
func by(list []cobuild.Party) string {
	if len(list) == 0 {
		return ""
	}
	return list[0].OrgID.String()
}

// parties are the parties as choices.
func parties(list []cobuild.Party) []field.Option {
	var out []field.Option
	for _, p := range list {
		out = append(out, field.Option{Value: p.OrgID.String(), Text: i18n.Verbatim(p.Name)})
	}
	return out
}

func (s Show) others(side cobuild.Side) string {
	var out []string
	for _, p := range s.Parties {
		if p.Side != side {
			out = append(out, p.Name)
		}
	}
	return strings.Join(out, i18n.CatalogueComma.In(i18n.ZH))
}

func (s Show) standing() cobuild.State { return s.Standing(s.Today) }

// Title names an agreement.
func Title(g cobuild.Agreement) string { return g.Community + " — " + g.Units() }

func (s Show) head(ctx context.Context) partial.Head {
	h := partial.Head{Title: Title(s.Agreement), Under: i18n.T(ctx, s.Kind.Text()) + " · " + s.No, State: StateOf(s.standing())}
	at := Href(s.ID)
	post := []partial.Value{hidden("version", s.version()), hidden("as", by(s.Acts))}
	look := partial.Primary
	for _, p := range s.Signs {
		if s.State != cobuild.Talks || p.Signed() {
			continue
		}
		h.Acts = append(h.Acts, partial.Act{Text: i18n.Verbatim(i18n.T(ctx, i18n.CobuildSignAs, p.Name)), Href: at + "/sign", Look: look, Icon: icon.Signature, Values: []partial.Value{hidden("version", s.version()), hidden("as", p.OrgID.String())},
			Confirm: &partial.Confirm{ID: "sign" + p.OrgID.String(), Question: i18n.T(ctx, i18n.CobuildSignSure, p.Name)}})
		look = partial.Plain
	}
	if s.open() {
		side := s.Acts[0].Side
		if s.State == cobuild.Draft {
			h.Acts = append(h.Acts, partial.Act{Text: i18n.CobuildSend, Href: at + "/send", Look: look, Icon: icon.Send, Values: post, Confirm: &partial.Confirm{ID: "send", Question: i18n.T(ctx, i18n.CobuildSendSure, s.others(side))}})
		}
		h.More = append(h.More, partial.Act{Text: i18n.CobuildGiveUp, Href: at + "/give-up", Values: post,
			Confirm: &partial.Confirm{ID: "give-up", Question: i18n.T(ctx, i18n.CobuildGiveUpSure), Reason: i18n.CobuildReason, Form: "cobuild.give_up"}})
	}
	if len(s.Acts) > 0 && s.State == cobuild.Agreed && s.Renewed.ID == 0 {
		h.Acts = append(h.Acts, partial.Act{Text: i18n.CobuildRenew, Href: at + "/renew", Post: true, Values: post, Icon: icon.Plus})
	}
	h.More = append(h.More, partial.Act{Text: i18n.CobuildPrint, Href: at + "/paper", Icon: icon.Print})
	return h
}

func (s Show) facts() []partial.Fact {
	out := []partial.Fact{{Label: i18n.CobuildGoal, Value: partial.Text(s.Goal), Wide: true}, partial.F(i18n.CobuildPeriod, s.From.String()+" — "+s.To.String()), partial.F(i18n.CobuildCommunity, s.Community), partial.F(i18n.CobuildUnits, s.Units())}
	if p, ok := s.Party(s.BegunBy); ok {
		out = append(out, partial.F(i18n.CobuildBegin, p.Name))
	}
	if s.Renews.ID != 0 {
		out = append(out, partial.Fact{Label: i18n.CobuildRenewsThis, Value: partial.Link(s.Renews.No, Href(s.Renews.ID))})
	}
	if s.Renewed.ID != 0 {
		out = append(out, partial.Fact{Label: i18n.CobuildRenewedBy, Value: partial.Link(s.Renewed.No, Href(s.Renewed.ID))})
	}
	return out
}

var itemColumns = []partial.Column{{Key: "title", Title: i18n.CobuildItem, Main: true}, {Key: "who", Title: i18n.CobuildWho}, {Key: "often", Title: i18n.CobuildOften, Tight: true},
	{Key: "amount", Title: i18n.CobuildAmount, Tight: true}, {Key: "progress", Title: i18n.CobuildProgress}}

// itemColumns are those of the items: while the text is open the last one holds what can be done with an item.
func (s Show) itemColumns() []partial.Column {
	if !s.open() {
		return itemColumns
	}
	last := len(itemColumns) - 1
	return append(slices.Clone(itemColumns[:last]), partial.Column{Key: "act", Title: i18n.Text{}})
}

// often says how often an item is due, and from when.
func often(ctx context.Context, i cobuild.Item) string {
	if i.Often == cobuild.Once {
		return i.DueOn.String()
	}
	return i18n.T(ctx, i.Often.Text()) + " · " + i.DueOn.String()
}

func theme(i cobuild.Item) string {
	if i.Part != "" {
		return i.Programme + " · " + i.Part
	}
	return i.Programme
}

// done counts the tasks of an item that are confirmed, and all of it.
func (s Show) done(item id.ID) (done, all int64) {
	for _, t := range s.Tasks {
		if t.ItemID != item || t.State == cobuild.Dropped {
			continue
		}
		all++
		if t.State == cobuild.Confirmed {
			done++
		}
	}
	return done, all
}

func (s Show) items(ctx context.Context) []partial.Row {
	var out []partial.Row
	for _, i := range s.Items {
		var last templ.Component = itemActs(s, i)
		if !s.open() {
			last = templ.NopComponent
			if done, all := s.done(i.ID); all > 0 {
				last = partial.Progress(i18n.CobuildTasksDone, done, all, i18n.T(ctx, i18n.CobuildDoneShort, done, all))
			}
		}
		out = append(out, partial.Row{ID: i.ID.String(), Name: i.Title, Cells: []templ.Component{item(i), partial.Text(i.Who), partial.Text(often(ctx, i)), partial.Text(i.Counted(i18n.From(ctx))), last}})
	}
	return out
}

var taskColumns = []partial.Column{{Key: "due", Title: i18n.CobuildDue, Tight: true}, {Key: "title", Title: i18n.CobuildItem, Main: true}, {Key: "who", Title: i18n.CobuildBy}, {Key: "done", Title: i18n.CobuildDoneWords},
	{Key: "state", Title: i18n.CobuildState, Tight: true}}

// near is how many days before its day a task stands in front.
const near = 90

// tasks are the rows of those that are near or done, or of those that are later.
func (s Show) tasks(ctx context.Context, later bool) []partial.Row {
	var out []partial.Row
	for _, t := range s.Tasks {
		if far := t.State != cobuild.Confirmed && t.State != cobuild.Said && t.DueOn.After(s.Today.AddDays(near)); far == later {
			out = append(out, taskRow(ctx, t, s.Today, t.Who))
		}
	}
	return out
}

func taskRow(ctx context.Context, t cobuild.Task, today calendar.Date, who string) partial.Row {
	return partial.Row{ID: t.ID.String(), Name: t.Title, Href: TaskHref(t.ID), Cells: []templ.Component{partial.Text(t.DueOn.String()), partial.Text(t.Title), partial.Text(who), partial.Two(t.Words, said(ctx, t)), partial.Badge(TaskState(t, today))}}
}

// said is when a task was done, how much, and what it was, or what the other side says is missing.
func said(ctx context.Context, t cobuild.Task) string {
	var out []string
	if t.SourceKind != "" {
		out = append(out, i18n.T(ctx, cobuild.SourceText(t.SourceKind)))
	}
	if !t.DoneOn.IsZero() {
		out = append(out, t.DoneOn.String())
	}
	if n := amount(ctx, t); n != "" {
		out = append(out, n)
	}
	if t.Missing != "" {
		out = append(out, i18n.T(ctx, i18n.CobuildMissingSaid, t.Missing))
	}
	return strings.Join(out, " · ")
}

// amount is how much was done of how much.
func amount(ctx context.Context, t cobuild.Task) string {
	if t.Measure == cobuild.JustDone || t.Amount == 0 && t.State != cobuild.Open { // nobody said how much
		return ""
	}
	return decimal(t.Amount) + " / " + decimal(t.Target) + " " + i18n.T(ctx, t.Measure.Text())
}

func (s Show) history(ctx context.Context) []partial.Event {
	var out []partial.Event
	for _, e := range s.Entries {
		ev := partial.Event{When: e.At, Who: strings.TrimSpace(e.Org + " " + e.By), What: i18n.T(ctx, e.Act.Text()), Detail: e.Words}
		switch {
		case e.Before != "" && e.After != "":
			ev.Detail = i18n.T(ctx, i18n.CobuildWas, e.Before) + " " + i18n.T(ctx, i18n.CobuildNow, e.After)
		case e.Before+e.After != "":
			ev.Detail = e.Before + e.After
		}
		out = append(out, ev)
	}
	return out
}

// terms is the form in which goal and period are changed.
func (s Show) terms() field.Form {
	f := s.form("terms")
	if !s.sent("terms") {
		f.Values = url.Values{"kind": {string(s.Kind)}, "goal": {s.Goal}, "valid_from": {s.From.String()}, "valid_to": {s.To.String()}}
	}
	return f
}

func measures() []field.Option {
	return append([]field.Option{{Value: "", Text: i18n.CobuildJustDone}}, field.Choices(cobuild.Measures(), cobuild.Measure.Text)...)
}

// themes are programmes with their parts, to choose one.
func themes(ctx context.Context, list []cobuild.Theme) []field.OptionGroup {
	var out []field.OptionGroup
	for _, t := range list {
		g := field.OptionGroup{Title: i18n.Verbatim(t.Name), Options: []field.Option{{Value: ThemeValue(t.ID, ""), Text: i18n.Verbatim(t.Name)}}}
		for _, p := range t.Parts {
			g.Options = append(g.Options, field.Option{Value: ThemeValue(t.ID, p), Text: i18n.Verbatim(t.Name + " · " + p)})
		}
		out = append(out, g)
	}
	return out
}

// ThemeValue is a programme with a part in a form.
func ThemeValue(p id.ID, part string) string {
	if p == 0 {
		return ""
	}
	return strings.TrimSuffix(p.String()+":"+part, ":")
}

// withPhone are the parties whose contact may be looked at: for the number, or for a name that is not shown.
func (s Show) withPhone() []field.Option {
	var list []cobuild.Party
	for _, p := range s.Parties {
		if p.HasPhone || p.HasContact && p.Contact == "" {
			list = append(list, p)
		}
	}
	return parties(list)
}

// onPaper are the units whose signature the community may enter.
func (s Show) onPaper() []cobuild.Party {
	var out []cobuild.Party
	for _, mine := range s.Signs {
		if mine.Side != cobuild.OfCommunity || s.State != cobuild.Talks {
			continue
		}
		for _, p := range s.Parties {
			if p.Side == cobuild.OfUnit && !p.Signed() {
				out = append(out, p)
			}
		}
	}
	return out
}

func (s Show) ends() bool {
	return len(s.Signs) > 0 && (s.standing() == cobuild.InForce || s.standing() == cobuild.Coming)
}

// answersEnd says that the actor acts for the side that is asked to agree to the end.
func (s Show) answersEnd() (string, bool) {
	asked, ok := s.Party(s.EndAskedBy)
	if !ok {
		return "", false
	}
	for _, p := range s.Signs {
		if p.Side != asked.Side {
			return p.OrgID.String(), true
		}
	}
	return "", false
}

func (s Show) asked() string {
	p, _ := s.Party(s.EndAskedBy)
	return p.Name
}

func endings() []field.Option {
	return []field.Option{{Value: "ask", Text: i18n.CobuildEndAsk}, {Value: "alone", Text: i18n.CobuildEndNow}}
}

// EditItem is the page on which an item is changed.
type EditItem struct {
	Form   field.Form
	Of     cobuild.Detail
	Item   cobuild.Item
	Themes []cobuild.Theme
}

// TaskShow is the page of a task.
type TaskShow struct {
	cobuild.TaskPage
	Sent   field.Form
	SentBy string
	Today  calendar.Date
	Limit  string // of one file
	Desk   bool   // sees the list at the desk
	Pairs  bool   // sees the paired households of the community
}

func (s TaskShow) sent(name string) bool { return s.SentBy == "cobuild."+name }

func (s TaskShow) form(name string) field.Form {
	f := field.Form{Values: url.Values{}}
	if s.sent(name) {
		f = s.Sent
	}
	f.ID = name + "-"
	return f
}

func (s TaskShow) does() string {
	if len(s.Does) == 0 {
		return ""
	}
	return s.Does[0].String()
}

func (s TaskShow) answers() string {
	if len(s.Answers) == 0 {
		return ""
	}
	return s.Answers[0].String()
}

// confirmsInstead says that a press confirms for a unit that signed on paper.
func (s TaskShow) confirmsInstead() bool {
	return s.Instead.OrgID != 0 && s.Instead.OrgID.String() == s.answers()
}

func (s TaskShow) facts(ctx context.Context) []partial.Fact {
	out := []partial.Fact{partial.F(i18n.CobuildDue, s.DueOn.String()), partial.F(i18n.CobuildBy, s.Who), {Label: i18n.CobuildOne, Value: partial.Link(Title(s.Agreement), Href(s.AgreementID))}}
	if n := amount(ctx, s.Task); n != "" {
		out = append(out, partial.F(i18n.CobuildDoneAmount, n))
	}
	if !s.DoneOn.IsZero() {
		out = append(out, partial.F(i18n.CobuildDoneOn, s.DoneOn.String()), partial.Fact{Label: i18n.CobuildDoneWords, Value: partial.Text(s.Words), Wide: true})
	}
	if s.SourceKind != "" {
		what := i18n.T(ctx, cobuild.SourceText(s.SourceKind))
		if href := sourceHref(s.Task, s.Desk, s.Pairs); href != "" {
			out = append(out, partial.Fact{Label: i18n.CobuildShown, Value: partial.Link(what, href)})
		} else {
			out = append(out, partial.F(i18n.CobuildShown, what))
		}
	}
	return out
}

// under says of a candidate what it is, when it was, and who was there.
func under(ctx context.Context, c cobuild.Candidate) string {
	out := i18n.T(ctx, cobuild.SourceText(c.Kind)) + " · " + c.On.String()
	switch {
	case c.Minutes > 0 && c.Kind == cobuild.FromNeed:
		out += " · " + i18n.T(ctx, i18n.CobuildHelped, c.People, i18n.Hours(c.Minutes))
	case c.People > 0:
		out += " · " + i18n.T(ctx, i18n.CobuildPeople, c.People)
	}
	if c.Pieces > 0 {
		out += " · " + i18n.T(ctx, i18n.CobuildPiecesDone, c.Pieces)
	}
	return out
}

// Unit is the page of a unit: its agreements, what is to be done and to be confirmed.
type Unit struct {
	Query         url.Values
	Orgs          []string
	Items         []cobuild.Row
	Do, Confirm   []cobuild.Todo
	People        []cobuild.Person // of the unit, and who serves there
	Before, After string
	Today         calendar.Date
	Drafts        bool
}

func (u Unit) acts() []partial.Act {
	if !u.Drafts {
		return nil
	}
	return []partial.Act{{Text: i18n.CobuildNew, Href: Path + "/new", Icon: icon.Plus}}
}

func todoRows(ctx context.Context, list []cobuild.Todo, today calendar.Date) []partial.Row {
	var out []partial.Row
	for _, t := range list {
		out = append(out, taskRow(ctx, t.Task, today, t.Community))
	}
	return out
}

var todoColumns = []partial.Column{{Key: "due", Title: i18n.CobuildDue, Tight: true}, {Key: "title", Title: i18n.CobuildItem, Main: true}, {Key: "community", Title: i18n.CobuildCommunity}, {Key: "done", Title: i18n.CobuildDoneWords, Minor: true},
	{Key: "state", Title: i18n.CobuildState, Tight: true}}

// Programmes is the list of programmes.
type Programmes struct {
	Query         url.Values
	Items         []cobuild.Programme
	Before, After string
	Orgs          []field.Option // at which the actor may set one up
}

func (l Programmes) acts() []partial.Act {
	if len(l.Orgs) == 0 {
		return nil
	}
	return []partial.Act{{Text: i18n.ProgrammeNew, Href: ProgrammesPath + "/new", Icon: icon.Plus, Look: partial.Primary}}
}

var programmeColumns = []partial.Column{{Key: "name", Title: i18n.ProgrammeName, Main: true}, {Key: "kind", Title: i18n.ProgrammeKind, Tight: true}, {Key: "owner", Title: i18n.ProgrammeOwner, Minor: true},
	{Key: "agreements", Title: i18n.ProgrammeAgrees, Num: true}, {Key: "due", Title: i18n.CobuildTasksDue, Num: true}, {Key: "done", Title: i18n.CobuildTasksDone, Num: true}}

func (l Programmes) rows() []partial.Row {
	var out []partial.Row
	for _, p := range l.Items {
		out = append(out, partial.Row{ID: p.ID.String(), Name: p.Name, Href: ProgrammeHref(p.ID), Cells: []templ.Component{partial.Two(p.Name, strings.Join(p.Parts, i18n.CatalogueComma.In(i18n.ZH))), partial.Label(p.Kind.Text()),
			partial.Text(p.Owner), partial.Num(p.Agreements), partial.Num(p.Due), partial.Num(p.Done)}})
	}
	return out
}

// ProgrammeForm is the form of a programme.
type ProgrammeForm struct {
	field.Form
	Orgs []field.Option
}

// ProgrammeShow is the page of a programme.
type ProgrammeShow struct {
	cobuild.Programme
	Query         url.Values
	Under         []cobuild.Todo
	Before, After string
	Today         calendar.Date
	Sent          field.Form
	Keeps         bool
	Projects      templ.Component // that carry it
	Activities    templ.Component // that carry it; nil where the reader sees none
}

func (s ProgrammeShow) facts(ctx context.Context) []partial.Fact {
	to := s.To.String()
	if to == "" {
		to = i18n.T(ctx, i18n.ProgrammeNoEnd)
	}
	out := []partial.Fact{partial.F(i18n.ProgrammeKind, i18n.T(ctx, s.Kind.Text())), partial.F(i18n.ProgrammeOwner, s.Owner), partial.F(i18n.CobuildPeriod, s.From.String()+" — "+to)}
	if len(s.Parts) > 0 {
		out = append(out, partial.Fact{Label: i18n.ProgrammeParts, Value: partial.Text(strings.Join(s.Parts, i18n.CatalogueComma.In(i18n.ZH))), Wide: true})
	}
	if s.Detail != "" {
		out = append(out, partial.Fact{Label: i18n.ProgrammeDetail, Value: partial.Text(s.Detail), Wide: true})
	}
	return out
}

// form is that in which the programme is changed.
func (s ProgrammeShow) form() field.Form {
	if s.Sent.Values != nil {
		return s.Sent
	}
	return field.Form{Values: url.Values{"name": {s.Name}, "kind": {string(s.Kind)}, "detail": {s.Detail}, "parts": {strings.Join(s.Parts, "\n")}, "valid_from": {s.From.String()}, "valid_to": {s.To.String()}}}
}

// PublicList is what everybody reads.
type PublicList struct {
	Query         url.Values
	Items         []cobuild.Public
	Before, After string
	Communities   []field.Option
}

func (l PublicList) filters() []partial.Filter {
	return []partial.Filter{{Name: "c", Label: i18n.CobuildCommunity, Options: l.Communities}}
}

var publicColumns = []partial.Column{{Key: "units", Title: i18n.CobuildUnits, Main: true}, {Key: "community", Title: i18n.CobuildCommunity}, {Key: "kind", Title: i18n.CobuildKind, Tight: true}, {Key: "period", Title: i18n.CobuildPeriod, Tight: true}}

func (l PublicList) rows() []partial.Row {
	var out []partial.Row
	for _, r := range l.Items {
		out = append(out, partial.Row{ID: r.No, Name: r.Units, Cells: []templ.Component{partial.Two(r.Units, r.Goal), partial.Text(r.Community), partial.Label(r.Kind.Text()), partial.Text(r.From.String() + " — " + r.To.String())}})
	}
	return out
}
