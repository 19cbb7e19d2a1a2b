package print

import (
	"linli/internal/i18n"
	"linli/internal/print/typeset"
)

// Slip is the quarterly feedback slip that a community sends to a unit about its members (MEM-5).
type Slip struct {
	Head
	Community string
	Unit      string
	Quarter   string // as read: 2026 年第三季度
	Version   string // empty for the first version
	Members   []SlipMember
	Total     SlipMember // only its figures are printed
	Remark    string     // of the community
	RemarkBy  string     // who signed for the community; empty leaves a place
	RemarkAt  string
	Answer    string // of the unit; empty leaves room to write
	AnswerBy  string
	AnswerAt  string
}

// SlipMember is one member's quarter. Figures are formatted.
type SlipMember struct {
	Name, Kind        string
	Hours             string // all of them
	Timed             string // of these: by sign-in and sign-out
	Confirmed         string // counter-signed by the person helped
	Vouched           string // added later by an organiser, with a reason
	Deeds, Activities string
	Remark            string
}

// Slip prints the feedback slip.
func (p *Printer) Slip(s Slip) (*Paper, error) {
	d, err := p.begin(s.Head, typeset.A4, i18n.PrintSlipTitle.In(lang(s.Head)))
	if err != nil {
		return nil, err
	}
	d.Title(d.say(i18n.PrintSlipTitle))
	d.Subtitle(d.say(i18n.PrintSlipQuarter, s.Quarter))
	d.Space(3)
	d.MetaLine(d.say(i18n.PrintSlipFrom, s.Community), d.number())
	d.MetaLine(d.say(i18n.PrintSlipTo, s.Unit), s.Version)
	d.Space(1)
	d.Paragraph(d.say(i18n.PrintSlipIntro, s.Quarter, len(s.Members)))
	d.Space(2)
	d.Grid(d.slipTable(s))
	d.Space(1.5)
	d.Text(d.say(i18n.PrintSlipProof), typeset.Small)
	d.Space(3)
	d.Grid(d.slipAnswers(s))
	return d.Render()
}

// slipTable is the table of members; the mix of proof stands under the hours.
func (p *paper) slipTable(s Slip) typeset.Grid {
	head := func(t i18n.Text, across, down int) typeset.Cell {
		return typeset.Cell{Text: p.say(t), Across: across, Down: down, Align: Center}
	}
	g := typeset.Grid{Head: 2, Size: 9.5, Row: 7, Widths: []float64{11, 25, 20, 15, 15, 15, 15, 14, 14, 36}}
	g.Rows = [][]typeset.Cell{
		{head(i18n.PrintSerial, 1, 2), head(i18n.PrintName, 1, 2), head(i18n.PrintMemberKind, 1, 2), head(i18n.PrintHours, 4, 1),
			head(i18n.PrintDeeds, 1, 2), head(i18n.PrintActivities, 1, 2), head(i18n.PrintRemark, 1, 2)},
		{head(i18n.PrintAll, 1, 1), head(i18n.PrintTimed, 1, 1), head(i18n.PrintConfirmed, 1, 1), head(i18n.PrintVouched, 1, 1)},
	}
	for i, m := range s.Members {
		g.Rows = append(g.Rows, slipRow(i18n.Number(int64(i+1)), m))
	}
	if len(s.Members) == 0 {
		g.Rows = append(g.Rows, []typeset.Cell{{Text: p.say(i18n.PrintNone), Across: len(g.Widths), Align: Center}})
		return g
	}
	total := s.Total
	total.Name, total.Kind = p.say(i18n.PrintTotal), ""
	g.Rows = append(g.Rows, slipRow("", total))
	return g
}

func slipRow(serial string, m SlipMember) []typeset.Cell {
	row := []typeset.Cell{{Text: serial, Align: Center}, {Text: m.Name, Align: Center}, {Text: m.Kind, Align: Center}}
	for _, n := range []string{m.Hours, m.Timed, m.Confirmed, m.Vouched, m.Deeds, m.Activities} {
		row = append(row, typeset.Cell{Text: n, Align: End})
	}
	return append(row, typeset.Cell{Text: m.Remark, Size: 9})
}

func (p *paper) slipAnswers(s Slip) typeset.Grid {
	row := func(t i18n.Text, text, by, at string) []typeset.Cell {
		return []typeset.Cell{{Text: p.say(t), Align: Center},
			{Text: text, Foot: p.signed(by, at), Top: true, Tall: 30}}
	}
	return typeset.Grid{Widths: []float64{24, 146}, Fill: true, Rows: [][]typeset.Cell{
		row(i18n.PrintSlipRemark, s.Remark, s.RemarkBy, s.RemarkAt),
		row(i18n.PrintSlipAnswer, s.Answer, s.AnswerBy, s.AnswerAt),
	}}
}

// signed is what stands at the lower right of a remark: who signed and when, or places for it.
func (p *paper) signed(by, at string) string {
	if by == "" {
		return p.say(i18n.PrintSignSeal)
	}
	return p.say(i18n.PrintSignedSeal, by, at)
}
