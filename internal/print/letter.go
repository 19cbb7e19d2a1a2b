package print

import (
	"linli/internal/i18n"
	"linli/internal/print/typeset"
)

// BranchLetter is the letter about a joint branch of two-new organisations, or about an instructor sent to some (ORG-5).
type BranchLetter struct {
	Head
	Community  string // whose Party organisation writes
	Branch     string // that is set up; or
	Instructor string // who is sent
	Document   string // that it rests on
	On         string
	Rows       []BranchLetterRow
}

// BranchLetterRow is one organisation.
type BranchLetterRow struct{ Name, Trade, Address, Full, Probationary string }

// BranchLetter prints the letter.
func (p *Printer) BranchLetter(l BranchLetter) (*Paper, error) {
	title, body := i18n.PrintBranchTitle, i18n.PrintBranchBody
	what := l.Branch
	if l.Instructor != "" {
		title, body, what = i18n.PrintInstructorTitle, i18n.PrintInstructorBody, l.Instructor
	}
	d, err := p.begin(l.Head, typeset.A4, title.In(lang(l.Head), what))
	if err != nil {
		return nil, err
	}
	d.Title(d.say(title, what))
	d.Space(2)
	d.MetaLine("", d.number())
	d.Text(d.say(i18n.PrintBranchTo), typeset.Plain)
	d.Paragraph(d.say(body, what, l.Community))
	d.Space(2)
	var rows [][]string
	for _, r := range l.Rows {
		rows = append(rows, []string{r.Name, r.Trade, r.Address, r.Full, r.Probationary})
	}
	d.Table(typeset.Table{Columns: d.columns(column{i18n.TwoNewName, 5, 0}, column{i18n.TwoNewTrade, 2, 0}, column{i18n.TwoNewAddress, 4, 0},
		column{i18n.TwoNewFull, 1.4, 0}, column{i18n.TwoNewProbationary, 1.4, 0}), Rows: rows})
	d.Space(3)
	d.Paragraph(d.say(i18n.PrintBranchRests, l.Document))
	d.Signatures(Signature{Role: d.say(i18n.PrintBranchIssuer), Name: l.Community, At: l.On, Seal: true})
	return d.Render()
}
