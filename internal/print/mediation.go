package print

import (
	"slices"

	"linli/internal/i18n"
	"linli/internal/print/typeset"
)

// MediationPaper is a paper of a people's mediation: application, record, agreement, application for confirmation, note of visits, index of the file (MED-8 to
// MED-13). What differs between them is data.
type MediationPaper struct {
	Head
	Title     i18n.Text
	Committee string
	Parties   []MediationParty
	Facts     []Pair
	Parts     []MediationPart
	Signs     []Signature
}

// MediationParty is a party as the papers of the law name them.
type MediationParty struct{ Role, Name, IDNumber, Phone, Address string }

// MediationPart is a part under a heading. Lines of an empty text are left to be written by hand.
type MediationPart struct {
	Heading string
	Text    string
	Facts   []Pair
	Columns []Column
	Rows    [][]string
	Signs   []Signature
}

// sideBySide leaves places to sign, two in a row, so that names and days have room.
func (p *paper) sideBySide(list []Signature) {
	for pair := range slices.Chunk(list, 2) {
		p.Signatures(pair...)
		p.Space(4)
	}
}

// MediationPaper prints one of the papers.
func (p *Printer) MediationPaper(m MediationPaper) (*Paper, error) {
	d, err := p.begin(m.Head, typeset.A4, m.Title.In(lang(m.Head)))
	if err != nil {
		return nil, err
	}
	d.Title(d.say(m.Title))
	d.MetaLine(m.Committee, d.number())
	d.Space(2)
	for _, x := range m.Parties {
		d.Definitions([]Pair{{Name: x.Role, Value: x.Name}, {Name: d.say(i18n.PrintIDNumber), Value: x.IDNumber}, {Name: d.say(i18n.PrintPhone), Value: x.Phone},
			{Name: d.say(i18n.PrintMediationAddress), Value: x.Address}}, 2)
		d.Space(1)
	}
	if len(m.Facts) > 0 {
		d.Definitions(m.Facts, 2)
		d.Space(1)
	}
	for _, x := range m.Parts {
		if x.Heading != "" {
			d.Heading(x.Heading)
		}
		if len(x.Facts) > 0 {
			d.Definitions(x.Facts, 2)
			d.Space(1)
		}
		if x.Text != "" {
			d.Paragraph(x.Text)
		}
		if len(x.Columns) > 0 {
			d.Table(typeset.Table{Columns: x.Columns, Rows: x.Rows, Empty: d.say(i18n.PrintNone)})
		}
		if len(x.Signs) > 0 {
			d.Space(2)
			d.sideBySide(x.Signs)
		}
	}
	if len(m.Signs) > 0 {
		d.Space(6)
		d.sideBySide(m.Signs)
	}
	return d.Render()
}
