package assess

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/assess"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/partial"
)

// List is the list of assessments.
type List struct {
	Query         url.Values
	Items         []assess.Assessment
	Before, After string
	Acts          []partial.Act
}

// Choices are what a new assessment is made of.
type Choices struct {
	Rubrics, Organisers, Organisations []field.Option
	Units                              bool
}

// SheetPage is the page of one organisation.
type SheetPage struct {
	assess.Sheet
	Form    field.Form
	Hold    bool // enters findings, answers appeals
	Appeal  bool // may appeal for the organisation
	Figures bool // may open the pages of figures
}

// Href is the address of an assessment.
func Href(a id.ID) string { return "/assessments/" + a.String() }

// SheetHref is the address of an organisation's sheet.
func SheetHref(a, organisation id.ID) string {
	return Href(a) + "/organisations/" + organisation.String()
}

// RubricHref is the address of an edition of a rubric.
func RubricHref(r id.ID) string { return "/rubrics/" + r.String() }

func figureHref(e assess.Evidence, s assess.Sheet) string {
	return "/figures/" + e.Figure + "?" + url.Values{"place": {s.Party.OrganisationID.String()}, "period": {s.Assessment.Period}}.Encode()
}

// ItemValue is a measure as a choice: its indicator, a slash, its name.
func ItemValue(indicator, measure string) string { return indicator + "/" + measure }

// Item reads such a choice.
func Item(value string) (indicator, measure string) {
	indicator, measure, _ = strings.Cut(value, "/")
	return indicator, measure
}

var listColumns = []partial.Column{{Key: "name", Title: i18n.AssessName, Main: true}, {Key: "period", Title: i18n.AssessPeriod, Tight: true}, {Key: "by", Title: i18n.AssessOrganiser},
	{Key: "parties", Title: i18n.AssessParties, Num: true}, {Key: "state", Title: i18n.AssessState, Tight: true}}

func state(s assess.State) partial.State {
	if s == assess.Frozen {
		return partial.State{Text: s.Text(), Tone: partial.Closed}
	}
	return partial.State{Text: s.Text(), Tone: partial.Active}
}

func appealState(s assess.AppealState) partial.State {
	return partial.State{Text: s.Text(), Tone: map[assess.AppealState]partial.Tone{assess.Waiting: partial.Waiting, assess.Accepted: partial.Closed, assess.Declined: partial.Ended}[s]}
}

func listRows(ctx context.Context, items []assess.Assessment) []partial.Row {
	var out []partial.Row
	for _, a := range items {
		out = append(out, partial.Row{ID: a.ID.String(), Name: a.Title, Href: Href(a.ID), Cells: []templ.Component{partial.Two(a.Title, a.Rubric+" · "+i18n.T(ctx, i18n.AssessEdition, a.Edition)),
			partial.Text(a.Period), partial.Text(a.Organiser), partial.Num(a.Parties), partial.Badge(state(a.State))}})
	}
	return out
}

func filters() []partial.Filter {
	return []partial.Filter{
		{Name: "state", Label: i18n.AssessState, Options: []field.Option{{Value: string(assess.Open), Text: assess.Open.Text()}, {Value: string(assess.Frozen), Text: assess.Frozen.Text()}}},
		{Name: "appealed", Label: i18n.AssessFilterAppeal, Options: []field.Option{{Value: "1", Text: i18n.AssessFilterWaits}}},
	}
}

func about(ctx context.Context, a assess.Assessment) []partial.Fact {
	facts := []partial.Fact{
		{Label: i18n.AssessRubric, Value: partial.Link(a.Rubric+" · "+i18n.T(ctx, i18n.AssessEdition, a.Edition), RubricHref(a.RubricID))},
		partial.F(i18n.AssessPeriod, a.Period),
		partial.F(i18n.AssessOrganiser, a.Organiser),
	}
	if a.State == assess.Frozen {
		facts = append(facts, partial.F(i18n.AssessState, i18n.T(ctx, i18n.AssessFrozenOn, i18n.Date(a.FrozenAt), a.FrozenBy)))
	}
	return facts
}

// freezeAct settles the scores.
func freezeAct(ctx context.Context, a assess.Assessment) partial.Act {
	return partial.Act{Text: i18n.AssessFreeze, Href: Href(a.ID) + "/freeze", Post: true, Look: partial.Primary, Icon: icon.Check,
		Values:  []partial.Value{{Name: "version", Value: strconv.FormatInt(a.Version, 10)}},
		Confirm: &partial.Confirm{ID: "freeze", Question: i18n.T(ctx, i18n.AssessFreezeAsk)}}
}

func acts(ctx context.Context, a assess.Assessment, hold bool) []partial.Act {
	list := []partial.Act{{Text: i18n.AssessExport, Href: Href(a.ID) + "/export", Icon: icon.Download}, {Text: i18n.AssessPrint, Href: Href(a.ID) + "/print", Icon: icon.Print}}
	if hold && a.State == assess.Open {
		list = append([]partial.Act{freezeAct(ctx, a)}, list...)
	}
	return list
}

var partyColumns = []partial.Column{{Key: "name", Title: i18n.AssessParty, Main: true}, {Key: "score", Title: i18n.AssessScore, Num: true}, {Key: "state", Title: i18n.AssessState}, {Key: "appeals", Title: i18n.AssessAppeals, Tight: true}}

func standing(ctx context.Context, p assess.Party) string {
	switch {
	case p.Edition > 1:
		return i18n.T(ctx, i18n.AssessEdition, p.Edition) + " · " + i18n.T(ctx, i18n.AssessAfterAppeal)
	case p.Edition == 1:
		return i18n.T(ctx, i18n.AssessStateFrozen)
	case p.Missing > 0:
		return i18n.T(ctx, i18n.AssessProvisional) + " · " + i18n.T(ctx, i18n.AssessMissing, p.Missing)
	}
	return i18n.T(ctx, i18n.AssessProvisional)
}

func partyRows(ctx context.Context, d assess.Detail) []partial.Row {
	var out []partial.Row
	for _, s := range d.Sheets {
		waits := partial.Text("")
		if s.Party.Appeals > 0 {
			waits = partial.Badge(appealState(assess.Waiting))
		}
		out = append(out, partial.Row{ID: s.Party.OrganisationID.String(), Name: s.Party.Name, Href: SheetHref(d.ID, s.Party.OrganisationID), Cells: []templ.Component{partial.Text(s.Party.Name),
			partial.Text(s.Party.Total.Show()), partial.Text(standing(ctx, s.Party)), waits}})
	}
	return out
}

var lineColumns = []partial.Column{{Key: "rule", Title: i18n.AssessIndicator, Main: true}, {Key: "value", Title: i18n.AssessValue, Num: true}, {Key: "effect", Title: i18n.AssessScored, Num: true}, {Key: "evidence", Title: i18n.AssessEvidence}}

// points shows the score of an indicator beside its points.
func points(p assess.Part) string {
	if p.Points == nil {
		return p.Score.Show()
	}
	return p.Score.Show() + " / " + p.Points.Show()
}

// lineValue is what was found or measured.
func lineValue(l i18n.Lang, x assess.Line) string {
	switch {
	case !x.Known:
		return i18n.AssessMissingOne.In(l)
	case x.Kind == assess.ZeroIf && x.Value > 0:
		return i18n.AssessYes.In(l)
	case len(x.Evidence) == 0:
		return "–"
	}
	return x.Value.Show()
}

// effect shows what a line adds with its sign.
func effect(x assess.Line) string {
	switch {
	case x.Effect > 0:
		return "+" + x.Effect.Show()
	case x.Effect < 0:
		return x.Effect.Show()
	}
	return ""
}

// sheetRows are the indicators with their scores, each followed by its rules.
func sheetRows(ctx context.Context, s assess.Sheet, figures bool) []partial.Row {
	var out []partial.Row
	for _, p := range s.Result.Parts {
		out = append(out, partial.Row{Name: p.Name, Cells: []templ.Component{scored(p.Name), templ.NopComponent, scored(points(p)), templ.NopComponent}})
		out = append(out, lineRows(ctx, s, p, figures)...)
	}
	return out
}

func lineRows(ctx context.Context, s assess.Sheet, p assess.Part, figures bool) []partial.Row {
	l := i18n.From(ctx)
	rules := ruleTexts(l, s.Rubric, p.Code)
	var out []partial.Row
	for i, x := range p.Lines {
		name := x.Measure
		if i < len(rules) {
			name = rules[i]
		}
		out = append(out, partial.Row{Name: x.Measure, Cells: []templ.Component{partial.Text(name), partial.Text(lineValue(l, x)), partial.Text(effect(x)), evidence(s, x, figures)}})
	}
	return out
}

// ruleTexts says the rules of an indicator in words, one for each measure.
func ruleTexts(l i18n.Lang, r *assess.Rubric, code string) []string {
	var out []string
	for _, i := range r.Indicators {
		if i.Code != code {
			continue
		}
		for _, rule := range i.Rules {
			for n, m := range rule.Measures {
				switch {
				case rule.Kind != assess.Formula:
					out = append(out, RuleText(l, rule))
				case n == len(rule.Measures)-1:
					out = append(out, m.Name+" · "+RuleText(l, rule))
				default:
					out = append(out, m.Name)
				}
			}
		}
	}
	return out
}

// RuleText says a rule in words.
func RuleText(l i18n.Lang, r assess.Rule) string {
	name := r.Measures[0].Name
	switch r.Kind {
	case assess.DeductPer:
		return i18n.RubricRuleDeduct.In(l, name, r.Points.Show())
	case assess.AddPer:
		return i18n.RubricRuleAdd.In(l, name, r.Points.Show())
	case assess.ZeroIf:
		return i18n.RubricRuleZero.In(l, name)
	case assess.Proportional:
		return i18n.RubricRuleShare.In(l, name, r.Full.Show())
	case assess.Formula:
		return i18n.RubricRuleFormula.In(l, r.Expression)
	}
	var bands []string
	for _, b := range r.Bands {
		bands = append(bands, bandText(l, b))
	}
	return i18n.RubricRuleBands.In(l, name, strings.Join(bands, i18n.RubricBetween.In(l)))
}

func bandText(l i18n.Lang, b assess.Band) string {
	what := i18n.RubricAny.In(l)
	switch {
	case b.Min != nil && b.Below != nil:
		what = i18n.RubricFromTo.In(l, b.Min.Show(), b.Below.Show())
	case b.Min != nil:
		what = i18n.RubricFrom.In(l, b.Min.Show())
	case b.Below != nil:
		what = i18n.RubricBelow.In(l, b.Below.Show())
	}
	if b.Score != nil {
		return i18n.RubricBandScore.In(l, what, b.Score.Show())
	}
	return i18n.RubricBandDeduct.In(l, what, b.Deduct.Show())
}

var findingColumns = []partial.Column{{Key: "what", Title: i18n.AssessMeasure, Main: true}, {Key: "day", Title: i18n.AssessOn, Tight: true}, {Key: "value", Title: i18n.AssessValue, Num: true},
	{Key: "note", Title: i18n.AssessNote}, {Key: "by", Title: i18n.AssessState}}

func findingRows(ctx context.Context, s SheetPage) []partial.Row {
	var out []partial.Row
	for _, f := range s.Findings {
		value := f.Value.Show()
		if m, _ := s.Rubric.Measure(f.Indicator, f.Measure); m.Takes == assess.TakesYes {
			value = i18n.T(ctx, i18n.AssessYes)
		}
		out = append(out, partial.Row{Name: f.Measure, Cells: []templ.Component{anchor(f.ID, f.Measure), partial.Text(f.On.String()), partial.Text(value), partial.Two(f.Note, f.Source), findingState(s, f)}})
	}
	return out
}

func withdrawAct(ctx context.Context, f assess.Finding) partial.Act {
	return partial.Act{Text: i18n.AssessWithdraw, Href: Href(f.AssessmentID) + "/findings/" + f.ID.String() + "/withdraw", Post: true, Small: true, Look: partial.Quiet,
		Confirm: &partial.Confirm{ID: "withdraw-" + f.ID.String(), Question: i18n.T(ctx, i18n.AssessWithdrawAsk), Reason: i18n.AssessReason, Form: "assess.withdraw"}}
}

// itemOptions are the measures that are entered by hand.
func itemOptions(s assess.Sheet) []field.Option {
	var out []field.Option
	for n, p := range s.Result.Parts {
		byFigure := map[string]bool{}
		for _, l := range p.Lines {
			for _, e := range l.Evidence {
				byFigure[l.Measure] = byFigure[l.Measure] || e.Figure != ""
			}
		}
		if n >= len(s.Rubric.Indicators) {
			break
		}
		for _, m := range s.Rubric.Indicators[n].Measures() {
			if !byFigure[m.Name] {
				out = append(out, field.Option{Value: ItemValue(p.Code, m.Name), Text: i18n.Verbatim(p.Name + " · " + m.Name)})
			}
		}
	}
	return out
}

func indicatorOptions(r *assess.Rubric) []field.Option {
	var out []field.Option
	for _, i := range r.Indicators {
		out = append(out, field.Option{Value: i.Code, Text: i18n.Verbatim(i.Name)})
	}
	return out
}

func indicatorName(r *assess.Rubric, code string) string {
	for _, i := range r.Indicators {
		if i.Code == code {
			return i.Name
		}
	}
	return code
}

// answerOptions are the findings and measures of the indicator that an appeal is about.
func answerOptions(s assess.Sheet, p assess.Appeal) (drop, right []field.Option) {
	for _, f := range s.Findings {
		if f.Counts() && f.Indicator == p.Indicator {
			drop = append(drop, field.Option{Value: f.ID.String(), Text: i18n.Verbatim(f.On.String() + " " + f.Measure + " " + f.Value.Show()), Note: f.Note})
		}
	}
	for _, o := range itemOptions(s) {
		if code, measure := Item(o.Value); code == p.Indicator {
			right = append(right, field.Option{Value: measure, Text: i18n.Verbatim(measure)})
		}
	}
	return drop, right
}

func decisions() []field.Option {
	return []field.Option{{Value: string(assess.Accepted), Text: assess.Accepted.Text()}, {Value: string(assess.Declined), Text: assess.Declined.Text()}}
}

func stats(ctx context.Context, s assess.Sheet) []partial.Stat {
	out := []partial.Stat{{Label: i18n.AssessScore, Value: s.Party.Total.Show()}}
	if s.Settled == nil {
		out[0].Note = i18n.T(ctx, i18n.AssessProvisional)
		if s.Result.Missing > 0 {
			out = append(out, partial.Stat{Label: i18n.AssessState, Value: i18n.T(ctx, i18n.AssessMissing, s.Result.Missing), Tone: partial.Warned})
		}
		return out
	}
	out[0].Note = i18n.T(ctx, i18n.AssessEdition, s.Settled.Edition)
	return out
}

func sheetTabs(ctx context.Context, s assess.Sheet) []partial.Tab {
	var out []partial.Tab
	for _, e := range s.Editions {
		out = append(out, partial.Tab{Text: i18n.Verbatim(i18n.T(ctx, i18n.AssessEdition, e.Edition) + " · " + e.Total.Show()), Count: -1,
			Href: SheetHref(s.Assessment.ID, s.Party.OrganisationID) + "?edition=" + strconv.FormatInt(e.Edition, 10), Active: s.Settled != nil && s.Settled.Edition == e.Edition})
	}
	return out
}

var rubricColumns = []partial.Column{{Key: "name", Title: i18n.RubricTitle, Main: true}, {Key: "about", Title: i18n.RubricSubject, Tight: true}, {Key: "every", Title: i18n.RubricEvery, Tight: true},
	{Key: "edition", Title: i18n.RubricEdition, Num: true}, {Key: "day", Title: i18n.AssessOn, Tight: true}}

func rubricRows(ctx context.Context, items []assess.Edition) []partial.Row {
	var out []partial.Row
	for _, e := range items {
		out = append(out, partial.Row{ID: e.ID.String(), Name: e.Title, Href: RubricHref(e.ID), Cells: []templ.Component{partial.Two(e.Title, e.Code), partial.Label(e.Subject.Text()),
			partial.Label(e.Every.Text()), partial.Num(e.Edition), partial.Date(e.CreatedAt)}})
	}
	return out
}

func rubricFacts(ctx context.Context, e assess.Edition, r *assess.Rubric) []partial.Fact {
	total := i18n.T(ctx, i18n.RubricNoTotal)
	if r.Total != nil {
		total = r.Total.Show()
	}
	facts := []partial.Fact{partial.F(i18n.RubricCode, e.Code), partial.F(i18n.RubricSubject, i18n.T(ctx, e.Subject.Text())), partial.F(i18n.RubricEvery, i18n.T(ctx, e.Every.Text())), partial.F(i18n.AssessPoints, total)}
	if r.Base != 0 {
		facts = append(facts, partial.F(i18n.AssessBase, r.Base.Show()))
	}
	if r.Source != "" {
		facts = append(facts, partial.Fact{Label: i18n.RubricSource, Value: partial.Text(r.Source), Wide: true})
	}
	return append(facts, partial.F(i18n.RubricUsed, i18n.T(ctx, i18n.RubricUsedTimes, e.Used)))
}

var ruleColumns = []partial.Column{{Key: "name", Title: i18n.AssessIndicator, Main: true}, {Key: "points", Title: i18n.AssessPoints, Num: true}, {Key: "rules", Title: i18n.RubricRules}}

func ruleRows(ctx context.Context, r *assess.Rubric, figures bool) []partial.Row {
	var out []partial.Row
	for _, i := range r.Indicators {
		n := "–"
		if i.Points != nil {
			n = i.Points.Show()
		}
		out = append(out, partial.Row{Name: i.Name, Cells: []templ.Component{partial.Two(i.Name, i.Note), partial.Text(n), ruleList(i, figures)}})
	}
	return out
}

func editionTabs(ctx context.Context, now assess.Edition, all []assess.Edition) []partial.Tab {
	var out []partial.Tab
	for _, e := range all {
		out = append(out, partial.Tab{Text: i18n.Verbatim(i18n.T(ctx, i18n.AssessEdition, e.Edition)), Count: -1, Href: RubricHref(e.ID), Active: e.ID == now.ID})
	}
	return out
}
