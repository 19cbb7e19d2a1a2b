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
	Hours             string
	Deeds, Activities string
	Proof             string // how the hours are proved: timed 6, counter-signed 2, vouched 1
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
	d.Table(d.slipTable(s))
	d.Text(d.say(i18n.PrintSlipProof), typeset.Small)
	d.Space(3)
	d.Grid(d.slipAnswers(s))
	d.Verify(s.Verify)
	return d.Render()
}

func (p *paper) slipTable(s Slip) typeset.Table {
	t := typeset.Table{Empty: p.say(i18n.PrintNone), Columns: p.columns(
		column{i18n.PrintSerial, 10, typeset.Center},
		column{i18n.PrintName, 20, typeset.Center},
		column{i18n.PrintMemberKind, 24, typeset.Center},
		column{i18n.PrintHours, 17, typeset.End},
		column{i18n.PrintDeeds, 15, typeset.End},
		column{i18n.PrintActivities, 15, typeset.End},
		column{i18n.PrintProof, 32, typeset.Start},
		column{i18n.PrintRemark, 37, typeset.Start},
	)}
	for i, m := range s.Members {
		t.Rows = append(t.Rows, []string{i18n.Number(int64(i + 1)), m.Name, m.Kind, m.Hours, m.Deeds, m.Activities, m.Proof, m.Remark})
	}
	if len(s.Members) > 0 {
		m := s.Total
		t.Total = []string{"", p.say(i18n.PrintTotal), "", m.Hours, m.Deeds, m.Activities, m.Proof, m.Remark}
	}
	return t
}

func (p *paper) slipAnswers(s Slip) typeset.Grid {
	row := func(t i18n.Text, text, by, at string) []typeset.Cell {
		return []typeset.Cell{{Text: p.say(t), Align: typeset.Center},
			{Text: text, Foot: p.signed(by, at), Top: true, Tall: 32}}
	}
	return typeset.Grid{Widths: []float64{24, 146}, Rows: [][]typeset.Cell{
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
