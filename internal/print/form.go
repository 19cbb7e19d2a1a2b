package print

import (
	"linli/internal/i18n"
	"linli/internal/print/typeset"
)

// RegistrationForm is the form with which a member registers with a community (MEM-1), filled in with what
// is known. What is empty is left to be written by hand.
type RegistrationForm struct {
	Head
	Community            string
	Name, Sex, Born      string
	Nation, Education    string
	IDNumber, Phone      string // as the reader may see them: masked unless it was asked for
	Kind                 string
	Joined, FullMember   string // dates
	Organisation, Post   string // of the member's own unit
	OwnBranch, Liaison   string
	Home                 string
	Skills, Availability string
	Wishes               string // posts or areas that the member would take
	Promise              string
	RegisteredAt         string
	UnitOpinion          Opinion
	CommunityOpinion     Opinion
}

// Opinion is a text with who gave it and when.
type Opinion struct{ Text, By, At string }

// RegistrationForm prints the form.
func (p *Printer) RegistrationForm(f RegistrationForm) (*Paper, error) {
	d, err := p.begin(f.Head, typeset.A4, i18n.PrintFormTitle.In(lang(f.Head)))
	if err != nil {
		return nil, err
	}
	d.Title(d.say(i18n.PrintFormTitle))
	d.Space(3)
	d.MetaLine(d.say(i18n.PrintFormCommunity, f.Community), d.number())
	d.Space(1)
	d.Grid(d.formGrid(f))
	return d.Render()
}

func (p *paper) formGrid(f RegistrationForm) typeset.Grid {
	lab := func(t i18n.Text) typeset.Cell { return typeset.Cell{Text: p.say(t), Align: typeset.Center} }
	val := func(s string, across int) typeset.Cell {
		return typeset.Cell{Text: s, Across: across, Align: typeset.Center}
	}
	photo := typeset.Cell{Text: p.say(i18n.PrintPhoto), Down: 4, Align: typeset.Center}
	return typeset.Grid{Widths: []float64{24, 26, 20, 26, 22, 24, 28}, Row: 9.5, Fill: true, Rows: [][]typeset.Cell{
		{lab(i18n.PrintName), val(f.Name, 1), lab(i18n.PrintSex), val(f.Sex, 1), lab(i18n.PrintBorn), val(f.Born, 1), photo},
		{lab(i18n.PrintNation), val(f.Nation, 1), lab(i18n.PrintEducation), val(f.Education, 1), lab(i18n.PrintPhone), val(f.Phone, 1)},
		{lab(i18n.PrintIDNumber), val(f.IDNumber, 3), lab(i18n.PrintMemberKind), val(f.Kind, 1)},
		{lab(i18n.PrintJoined), val(f.Joined, 1), lab(i18n.PrintFullMember), val(f.FullMember, 1), lab(i18n.PrintPost), val(f.Post, 1)},
		{lab(i18n.PrintUnit), val(f.Organisation, 3), lab(i18n.PrintOwnBranch), val(f.OwnBranch, 2)},
		{lab(i18n.PrintHome), val(f.Home, 3), lab(i18n.PrintLiaison), val(f.Liaison, 2)},
		{lab(i18n.PrintSkills), p.long(f.Skills, 6, 14)},
		{lab(i18n.PrintAvailability), p.long(f.Availability, 6, 0)},
		{lab(i18n.PrintWishes), p.long(f.Wishes, 6, 14)},
		{lab(i18n.PrintPromise), p.signedCell(f.Promise, 6, p.say(i18n.PrintOwnSignature, p.dateOr(f.RegisteredAt)))},
		{lab(i18n.PrintUnitOpinion), p.opinion(f.UnitOpinion, 6)},
		{lab(i18n.PrintCommunityOpinion), p.opinion(f.CommunityOpinion, 6)},
	}}
}

func (p *paper) long(s string, across int, tall float64) typeset.Cell {
	return typeset.Cell{Text: s, Across: across, Tall: tall}
}

func (p *paper) signedCell(s string, across int, foot string) typeset.Cell {
	return typeset.Cell{Text: s, Across: across, Tall: 28, Top: true, Foot: foot}
}

func (p *paper) opinion(o Opinion, across int) typeset.Cell {
	return p.signedCell(o.Text, across, p.signed(o.By, o.At))
}

func (p *paper) dateOr(at string) string {
	if at == "" {
		return p.say(i18n.PrintBlankDate)
	}
	return at
}

// EvaluationForm is the yearly evaluation of a member by the community branch (MEM-5).
type EvaluationForm struct {
	Head
	Year                           string
	Community                      string
	Name, Kind, Organisation, Post string
	Facts                          []Pair // what the ledger says: hours, deeds, activities, targets
	Deeds                          []EvaluationDeed
	Self                           string // what the member says; empty leaves room
	SelfAt                         string
	Branch                         Opinion
	Unit                           Opinion
	Grade                          string // the grade given; empty leaves the choice
	Grades                         []string
}

// EvaluationDeed is one of the year's deeds.
type EvaluationDeed struct{ Date, What, Hours string }

// EvaluationForm prints the form.
func (p *Printer) EvaluationForm(f EvaluationForm) (*Paper, error) {
	d, err := p.begin(f.Head, typeset.A4, i18n.PrintEvalTitle.In(lang(f.Head)))
	if err != nil {
		return nil, err
	}
	d.Title(d.say(i18n.PrintEvalTitle))
	d.Subtitle(d.say(i18n.PrintEvalYear, f.Year))
	d.Space(3)
	d.MetaLine(d.say(i18n.PrintFormCommunity, f.Community), d.number())
	d.Space(1)
	d.Definitions([]Pair{
		{Name: d.say(i18n.PrintName), Value: f.Name}, {Name: d.say(i18n.PrintMemberKind), Value: f.Kind},
		{Name: d.say(i18n.PrintUnit), Value: f.Organisation}, {Name: d.say(i18n.PrintPost), Value: f.Post},
	}, 2)
	d.Heading(d.say(i18n.PrintEvalFacts))
	d.Definitions(f.Facts, 2)
	d.evaluationDeeds(f.Deeds)
	d.Heading(d.say(i18n.PrintEvalOpinions))
	d.Grid(d.evaluationGrid(f))
	return d.Render()
}

func (p *paper) evaluationDeeds(deeds []EvaluationDeed) {
	p.Heading(p.say(i18n.PrintEvalDeeds))
	t := typeset.Table{Empty: p.say(i18n.PrintNone), Columns: p.columns(
		column{i18n.PrintSerial, 10, typeset.Center}, column{i18n.PrintDate, 24, typeset.Center},
		column{i18n.PrintWhat, 114, typeset.Start}, column{i18n.PrintHours, 22, typeset.End})}
	for i, e := range deeds {
		t.Rows = append(t.Rows, []string{i18n.Number(int64(i + 1)), e.Date, e.What, e.Hours})
	}
	p.Table(t)
}

func (p *paper) evaluationGrid(f EvaluationForm) typeset.Grid {
	lab := func(t i18n.Text) typeset.Cell { return typeset.Cell{Text: p.say(t), Align: typeset.Center} }
	return typeset.Grid{Widths: []float64{24, 146}, Fill: true, Rows: [][]typeset.Cell{
		{lab(i18n.PrintEvalSelf), p.signedCell(f.Self, 1, p.say(i18n.PrintOwnSignature, p.dateOr(f.SelfAt)))},
		{lab(i18n.PrintEvalBranch), p.opinion(f.Branch, 1)},
		{lab(i18n.PrintUnitOpinion), p.opinion(f.Unit, 1)},
		{lab(i18n.PrintEvalGrade), {Text: p.grades(f), Align: typeset.Center, Tall: 10}},
	}}
}

// grades is the grade given, or all grades with boxes to tick.
func (p *paper) grades(f EvaluationForm) string {
	s := ""
	for _, g := range f.Grades {
		box := "□"
		if g == f.Grade {
			box = "■"
		}
		s += box + " " + g + "　　"
	}
	if s == "" {
		return f.Grade
	}
	return s
}
