// Package twonew holds the pages of two-new organisations: the census, one of them, its steps, the three coverages, and the proposals for what is not covered.
package twonew

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/figure"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/place"
	"linli/internal/twonew"
	"linli/internal/web/view/chart"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/partial"
)

// The addresses of the pages.
const (
	Path         = "/two-new"
	CoveragePath = "/coverage"
	PlanPath     = CoveragePath + "/plan"
	StepsPath    = CoveragePath + "/steps"
)

// Href is the page of one organisation.
func Href(o id.ID) string { return Path + "/" + o.String() }

// PlanHref is the proposal of a community.
func PlanHref(community id.ID) string { return PlanPath + "/" + community.String() }

// LetterHref is the letter about a decision.
func LetterHref(decision id.ID) string {
	return CoveragePath + "/letters/" + decision.String() + "/pdf"
}

// May says what the reader may do.
type May struct{ Keep, Import, Decide bool }

// List is the census as the page shows it.
type List struct {
	Query   url.Values
	Items   []twonew.Organisation
	Prev    string
	Next    string
	Counts  map[twonew.State]int64
	Filters []partial.Filter
	May     May
}

func tabs(active string) []partial.Tab {
	return []partial.Tab{{Text: i18n.TwoNewTitle, Href: Path, Active: active == Path, Count: -1}, {Text: i18n.TwoNewCoverage, Href: CoveragePath, Active: active == CoveragePath, Count: -1},
		{Text: i18n.TwoNewPlan, Href: PlanPath, Active: active == PlanPath, Count: -1}}
}

func (l List) acts() []partial.Act {
	acts := []partial.Act{{Text: i18n.FigurePrint, Href: partial.Href(Path+"/print", l.Query, "", ""), Icon: icon.Print}}
	if l.May.Import {
		acts = append(acts, partial.Act{Text: i18n.TwoNewImportGo, Href: "/imports/new?kind=twonew", Icon: icon.Import})
	}
	if l.May.Keep {
		acts = append(acts, partial.Act{Text: i18n.TwoNewNew, Href: Path + "/new", Look: partial.Primary, Icon: icon.Plus})
	}
	return acts
}

func (l List) stats() []partial.Stat {
	var all, covered int64
	for s, n := range l.Counts {
		all += n
		if s.Branch() {
			covered += n
		}
	}
	return []partial.Stat{
		{Label: i18n.TwoNewTitle, Value: i18n.Number(all), Unit: i18n.TwoNewOrgs, Href: Path},
		{Label: i18n.TwoNewOwn, Value: i18n.Number(l.Counts[twonew.OwnBranch]), Unit: i18n.TwoNewOrgs, Href: Path + "?state=own_branch"},
		{Label: i18n.TwoNewJoint, Value: i18n.Number(l.Counts[twonew.JointBranch]), Unit: i18n.TwoNewOrgs, Href: Path + "?state=joint_branch"},
		{Label: i18n.TwoNewUncovered, Value: i18n.Number(all - covered), Unit: i18n.TwoNewOrgs, Href: Path + "?state=" + Uncovered},
	}
}

func (l List) empty() *partial.Act {
	if !l.May.Import {
		return nil
	}
	return &partial.Act{Text: i18n.TwoNewImportGo, Href: "/imports/new?kind=twonew", Icon: icon.Import}
}

var columns = []partial.Column{
	{Key: "name", Title: i18n.TwoNewName, Main: true, Sort: true}, {Key: "trade", Title: i18n.TwoNewTrade, Minor: true}, {Key: "community", Title: i18n.OrgCommunity},
	{Key: "employees", Title: i18n.TwoNewEmployees, Num: true, Sort: true, Minor: true}, {Key: "members", Title: i18n.TwoNewMembers, Num: true, Sort: true},
	{Key: "state", Title: i18n.TwoNewState, Tight: true},
}

func rows(ctx context.Context, items []twonew.Organisation) []partial.Row {
	var out []partial.Row
	for _, o := range items {
		out = append(out, partial.Row{ID: o.ID.String(), Name: o.Name, Href: Href(o.ID), Cells: []templ.Component{partial.Two(o.Name, i18n.T(ctx, o.Kind.Text())), partial.Text(o.Trade),
			partial.Text(o.Community), partial.Num(o.Employees), partial.Text(members(ctx, o)), partial.Badge(State(o))}})
	}
	return out
}

// members are the members known, probationary ones apart.
func members(ctx context.Context, o twonew.Organisation) string {
	if o.Probationary == 0 {
		return i18n.Number(o.Full)
	}
	return i18n.T(ctx, i18n.TwoNewMembersOf, i18n.Number(o.Members()), i18n.Number(o.Probationary))
}

// State is how far an organisation is, with a shape beside the word.
func State(o twonew.Organisation) partial.State {
	if !o.Living() {
		return partial.State{Text: i18n.TwoNewGone, Tone: partial.Ended}
	}
	return stateOf(o.State)
}

func stateOf(s twonew.State) partial.State {
	tone := partial.Waiting
	switch s {
	case twonew.None:
		tone = partial.Draft
	case twonew.OwnBranch:
		tone = partial.Closed
	case twonew.JointBranch:
		tone = partial.Active
	}
	return partial.State{Text: s.Text(), Tone: tone}
}

// StateOptions are the states as choices.
func StateOptions() []field.Option {
	var out []field.Option
	for _, s := range twonew.States() {
		out = append(out, field.Option{Value: string(s), Text: s.Text()})
	}
	return out
}

// Uncovered stands for all states without a branch in the filter of the census.
const Uncovered = "uncovered"

// StateFilter are the states to filter by.
func StateFilter() []field.Option {
	return append([]field.Option{{Value: Uncovered, Text: i18n.TwoNewUncovered}}, StateOptions()...)
}

// KindOptions are the kinds as choices.
func KindOptions() []field.Option {
	var out []field.Option
	for _, k := range twonew.Kinds() {
		out = append(out, field.Option{Value: string(k), Text: k.Text()})
	}
	return out
}

// One is one organisation as its page shows it.
type One struct {
	twonew.Detail
	May May
}

func (o One) acts(ctx context.Context) (acts, more []partial.Act) {
	at, version := Href(o.ID), []partial.Value{{Name: "version", Value: strconv.FormatInt(o.Version, 10)}}
	if !o.Living() {
		if o.May.Keep {
			more = append(more, partial.Act{Text: i18n.TwoNewReopen, Href: at + "/reopen", Post: true, Icon: icon.Undo, Values: version,
				Confirm: &partial.Confirm{ID: "reopen", Question: i18n.T(ctx, i18n.TwoNewReopenQ, o.Name)}})
		}
		return nil, more
	}
	if o.May.Keep {
		acts = append(acts, partial.Act{Text: i18n.TwoNewEdit, Href: at + "/edit", Icon: icon.Edit})
		more = append(more, partial.Act{Text: i18n.TwoNewEnd, Href: at + "/end", Icon: icon.Archive, Look: partial.Danger})
	}
	if o.May.Decide {
		acts = append(acts, partial.Act{Text: i18n.TwoNewStep, Href: at + "/step", Look: partial.Primary, Icon: icon.Right})
	}
	return acts, more
}

func (o One) facts(ctx context.Context) []partial.Fact {
	f := []partial.Fact{{Label: i18n.TwoNewKind, Value: partial.Label(o.Kind.Text())}, partial.F(i18n.OrgUSCC, o.USCC), partial.F(i18n.TwoNewTrade, o.Trade), partial.F(i18n.TwoNewAddress, o.Address),
		{Label: i18n.OrgCommunity, Value: partial.Link(o.Community, "/organisations/"+o.CommunityID.String())}}
	if o.GridID != 0 {
		f = append(f, partial.Fact{Label: i18n.TwoNewGridCol, Value: partial.Link(o.Grid, "/grids/"+o.GridID.String())})
	}
	f = append(f, partial.Fact{Label: i18n.TwoNewEmployees, Value: partial.Num(o.Employees)}, partial.Fact{Label: i18n.TwoNewFull, Value: partial.Num(o.Full)},
		partial.Fact{Label: i18n.TwoNewProbationary, Value: partial.Num(o.Probationary)}, partial.F(i18n.TwoNewListed, o.ListedOn.String()))
	if o.UnitID != 0 {
		f = append(f, partial.Fact{Label: i18n.TwoNewUnit, Value: partial.Link(o.Name, "/organisations/"+o.UnitID.String())})
	}
	if !o.Living() {
		f = append(f, partial.F(i18n.TwoNewEndedOn, o.EndedOn.String()), partial.F(i18n.TwoNewEndReason, o.EndReason))
	}
	return f
}

func (o One) now() []partial.Fact {
	f := []partial.Fact{{Label: i18n.TwoNewState, Value: partial.Badge(stateOf(o.State))}}
	if !o.Since.IsZero() {
		f = append(f, partial.F(i18n.TwoNewOn, o.Since.String()))
	}
	if o.BranchID != 0 {
		f = append(f, partial.Fact{Label: i18n.TwoNewBranchIs, Value: partial.Link(o.Branch, "/organisations/"+o.BranchID.String())})
	}
	if o.MemberID != 0 {
		f = append(f, partial.Fact{Label: i18n.TwoNewMemberIs, Value: partial.Link(o.Member, "/members/"+o.MemberID.String())})
	}
	if o.Next != twonew.NextNothing {
		f = append(f, partial.Fact{Label: i18n.TwoNewNextIs, Value: partial.Link(o.Next.Text().In(i18n.ZH), PlanHref(o.CommunityID))})
	}
	return f
}

// period says from when until when a step holds.
func period(ctx context.Context, s twonew.Step) string {
	if s.Struck() {
		return i18n.T(ctx, i18n.TwoNewStruckBy, s.StruckReason)
	}
	if s.Until.IsZero() {
		return i18n.T(ctx, i18n.TwoNewStepUntil, s.On.String())
	}
	return i18n.T(ctx, i18n.TwoNewStepPeriod, s.On.String(), s.Until.String())
}

// about is what a step rests on and names.
func about(s twonew.Step) string {
	var parts []string
	for _, x := range []string{s.Document, s.DocumentNo, s.Branch, s.Member, s.Note, s.By} {
		if x != "" {
			parts = append(parts, x)
		}
	}
	return strings.Join(parts, " · ")
}

// Entry is the form of one organisation.
type Entry struct {
	field.Form
	Action      string
	Cancel      string
	Version     int64  // 0 when it is entered
	Community   string // id of the community when it is entered
	Communities []field.Option
	Grids       []field.Option
	Known       bool // a unit of the register, which keeps its name
}

// Step is the form of a step.
type Step struct {
	field.Form
	Of       twonew.Organisation
	Today    string
	Branches []field.Option
	Members  []field.Option
	Rules    twonew.Rules
}

// Mend is the form that corrects or strikes a step.
type Mend struct {
	Correct, Strike field.Form
	Step            twonew.Step
	Of              twonew.Organisation
	Today           string
}

// Plan is the proposal of a community as the page shows it.
type Plan struct {
	twonew.Proposal
	Rules   twonew.Rules
	Forms   map[string]field.Form // by the name of the group that was sent
	Problem field.Form            // what is wrong with the page as a whole
	Today   string
	Decide  bool
}

// Chosen is the value of an organisation in a form: what it is and which version the person saw.
func Chosen(o twonew.Organisation) string {
	return o.ID.String() + "." + strconv.FormatInt(o.Version, 10)
}

// options are organisations to tick.
func options(ctx context.Context, items []twonew.Organisation, middle bool) []field.Option {
	var out []field.Option
	for i, o := range items {
		note := strings.Join(nonempty(o.Trade, o.Address, o.Grid, i18n.T(ctx, i18n.TwoNewMembers)+" "+members(ctx, o)), " · ")
		if middle && i == 0 {
			note = i18n.T(ctx, i18n.TwoNewPlanMiddle) + " · " + note
		}
		out = append(out, field.Option{Value: Chosen(o), Text: i18n.Verbatim(o.Name), Note: note})
	}
	return out
}

func nonempty(list ...string) []string {
	var out []string
	for _, s := range list {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

// others are the organisations without a branch that could be added to a group.
func (p Plan) others(ctx context.Context, g twonew.Group) []field.Option {
	in := map[id.ID]bool{}
	for _, o := range g.Items {
		in[o.ID] = true
	}
	var list []twonew.Organisation
	p.Each(func(o twonew.Organisation, _ twonew.Next, _ string) {
		if !in[o.ID] && o.Members() > 0 {
			list = append(list, o)
		}
	})
	return options(ctx, list, false)
}

func (p Plan) candidates(ctx context.Context) []field.Option {
	var out []field.Option
	for _, c := range p.Candidates {
		x := field.Option{Value: c.MemberID.String(), Text: i18n.Verbatim(c.Name)}
		if c.Load > 0 {
			x.Note = i18n.T(ctx, i18n.TwoNewPlanLoad, c.Load)
		}
		out = append(out, x)
	}
	return out
}

// form is the form of a group: as it was sent, or as it is proposed.
func (p Plan) form(name string, values url.Values) field.Form {
	if f, ok := p.Forms[name]; ok {
		f.ID = name + "-"
		return f
	}
	filled := map[string]bool{}
	for k := range values {
		filled[k] = true
	}
	return field.Form{ID: name + "-", Values: values, Filled: filled}
}

func (p Plan) jointForm(name string, g twonew.Group) field.Form {
	v := url.Values{"name": {g.Name}, "on": {p.Today}, "document": {i18n.TwoNewJointDoc.In(i18n.ZH, g.Name)}}
	for _, o := range g.Items {
		v.Add("items", Chosen(o))
	}
	return p.form(name, v)
}

func (p Plan) sendForm(name string, s twonew.Sending) field.Form {
	v := url.Values{"member": {s.MemberID.String()}, "on": {p.Today}, "document": {i18n.TwoNewSendDoc.In(i18n.ZH)}}
	for _, o := range s.Items {
		v.Add("items", Chosen(o))
	}
	return p.form(name, v)
}

func groupName(kind string, n int) string { return kind + strconv.Itoa(n+1) }

func (p Plan) stats() []partial.Stat {
	stat := func(t i18n.Text, n int, anchor string) partial.Stat {
		return partial.Stat{Label: t, Value: i18n.Number(int64(n)), Unit: i18n.TwoNewOrgs, Href: anchor}
	}
	return []partial.Stat{
		stat(i18n.TwoNewPlanCount, p.Uncovered(), Path+"?state="+Uncovered+"&community="+p.CommunityID.String()),
		stat(i18n.TwoNewNextOwn, p.Count(twonew.NextOwn), "#own"), stat(i18n.TwoNewNextJoint, p.Count(twonew.NextJoint), "#joint"),
		stat(i18n.TwoNewNextInstructor, p.Count(twonew.NextInstructor), "#send"),
	}
}

var planColumns = []partial.Column{
	{Key: "community", Title: i18n.OrgCommunity, Main: true}, {Key: "all", Title: i18n.TwoNewPlanCount, Num: true}, {Key: "own", Title: i18n.TwoNewNextOwn, Num: true},
	{Key: "joint", Title: i18n.TwoNewNextJoint, Num: true}, {Key: "send", Title: i18n.TwoNewNextInstructor, Num: true}, {Key: "union", Title: i18n.TwoNewNextUnion, Num: true, Minor: true},
}

func planRows(list []twonew.Proposal) []partial.Row {
	var out []partial.Row
	for _, p := range list {
		num := func(n int) templ.Component { return partial.Num(int64(n)) }
		out = append(out, partial.Row{ID: p.CommunityID.String(), Name: p.Community, Href: PlanHref(p.CommunityID), Cells: []templ.Component{partial.Text(p.Community), num(p.Uncovered()),
			num(p.Count(twonew.NextOwn)), num(p.Count(twonew.NextJoint)), num(p.Count(twonew.NextInstructor)), num(p.Count(twonew.NextUnion))}})
	}
	return out
}

var aloneColumns = []partial.Column{
	{Key: "name", Title: i18n.TwoNewName, Main: true}, {Key: "trade", Title: i18n.TwoNewTrade, Minor: true}, {Key: "members", Title: i18n.TwoNewMembers, Num: true},
	{Key: "state", Title: i18n.TwoNewState, Tight: true}, {Key: "do", Title: i18n.TwoNewNextIs, Tight: true},
}

func (p Plan) aloneRows(ctx context.Context, items []twonew.Organisation, step twonew.State) []partial.Row {
	var out []partial.Row
	for _, o := range items {
		do := partial.Text("")
		if p.Decide && step != twonew.None {
			do = partial.Link(i18n.T(ctx, i18n.TwoNewStep), Href(o.ID)+"/step?kind="+string(step))
		} else if o.MemberID != 0 {
			do = partial.Text(o.Member)
		}
		out = append(out, partial.Row{ID: o.ID.String(), Name: o.Name, Href: Href(o.ID), Cells: []templ.Component{partial.Text(o.Name), partial.Text(o.Trade), partial.Text(members(ctx, o)),
			partial.Badge(State(o)), do}})
	}
	return out
}

// Coverage are the three coverages of a place and those below it.
type Coverage struct {
	At              figure.Place
	Period          figure.Period
	Lines           []Line
	Grids           []GridLine // of a community
	Trend           []chart.Chart
	Centres         map[id.ID]place.Centre  // where the places lie, as far as it is known
	GridCentres     map[string]place.Centre // the same of grids
	Places, Periods []field.Option
}

// Line is one place: all, and the three parts as ratios.
type Line struct {
	Place  figure.Place
	All    figure.Value
	Shares [3]figure.Value
}

// GridLine is one grid of a community.
type GridLine struct {
	Grid  string
	All   int64
	Parts [3]int64
}

// The figures of the page: all, the parts, and the parts as shares.
var (
	AllFigure    = "twonew.total"
	PartFigures  = [3]string{"twonew.organisation", "twonew.work", "twonew.cohesion"}
	ShareFigures = [3]string{"twonew.organisation_share", "twonew.work_share", "twonew.cohesion_share"}
)

var coverageColumns = []partial.Column{
	{Key: "place", Title: i18n.TwoNewCovPlace, Main: true}, {Key: "all", Title: i18n.TwoNewCovAll, Num: true}, {Key: "organisation", Title: i18n.TwoNewCovOrg, Num: true},
	{Key: "work", Title: i18n.TwoNewCovWork, Num: true}, {Key: "cohesion", Title: i18n.TwoNewCovCohesion, Num: true},
}

func figureHref(name string, place id.ID, p figure.Period) string {
	return "/figures/" + name + "?" + url.Values{"place": {place.String()}, "period": {p.String()}}.Encode()
}

// ShareText is a share as people read it: per cent and how many.
func ShareText(v figure.Value) string {
	if !v.Known {
		return "–"
	}
	return percent(v) + "（" + i18n.Number(v.Num) + "）"
}

func percent(v figure.Value) string {
	if !v.Known {
		return "–"
	}
	s := strconv.FormatInt(v.Amount/10, 10)
	if v.Amount%10 != 0 {
		s += "." + strconv.FormatInt(v.Amount%10, 10)
	}
	return s + "%"
}

func (c Coverage) rows() []partial.Row {
	var out []partial.Row
	for _, l := range c.Lines {
		cells := []templ.Component{partial.Text(l.Place.Name), partial.NumLink(l.All.Amount, figureHref(AllFigure, l.Place.ID, c.Period))}
		for i, v := range l.Shares {
			cells = append(cells, partial.Link(ShareText(v), figureHref(PartFigures[i], l.Place.ID, c.Period)))
		}
		out = append(out, partial.Row{ID: l.Place.ID.String(), Name: l.Place.Name, Cells: cells})
	}
	return out
}

// href is the coverage of a place in the same period.
func (c Coverage) href(place id.ID) string {
	return CoveragePath + "?" + url.Values{"place": {place.String()}, "period": {c.Period.String()}}.Encode()
}

// ShareOf is a part of a whole as a share.
func ShareOf(part, all int64) figure.Value {
	v := figure.Value{Num: part, Den: all, Known: all > 0}
	if v.Known {
		v.Amount = (2*part*1000 + all) / (2 * all)
	}
	return v
}

func (c Coverage) gridRows() []partial.Row {
	var out []partial.Row
	for _, g := range c.Grids {
		name := g.Grid
		if name == "" {
			name = i18n.TwoNewCovNoGrid.In(i18n.ZH)
		}
		cells := []templ.Component{partial.Text(name), partial.NumLink(g.All, c.gridHref(AllFigure, g.Grid))}
		for i, n := range g.Parts {
			cells = append(cells, partial.Link(ShareText(ShareOf(n, g.All)), c.gridHref(PartFigures[i], g.Grid)))
		}
		out = append(out, partial.Row{ID: name, Name: name, Cells: cells})
	}
	return out
}

func (c Coverage) gridHref(name, grid string) string {
	return "/figures/" + name + "?" + url.Values{"place": {c.At.ID.String()}, "period": {c.Period.String()}, "dim": {"grid"}, "item": {grid}}.Encode() + "#records"
}

// short cuts a name to what a box holds.
func short(s string) string {
	if r := []rune(s); len(r) > 7 {
		return string(r[:6]) + "…"
	}
	return s
}

func num(n int) string { return strconv.Itoa(n) }
