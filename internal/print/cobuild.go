package print

import (
	"linli/internal/i18n"
	"linli/internal/print/typeset"
)

// CobuildAgreement is a co-building agreement of a community with units (CO-1).
type CobuildAgreement struct {
	Head
	Kind       string
	Parties    []Pair // what each is called, and its name
	Goal       string
	From, To   string
	Items      [][]string // no, what, who, how often and from when, number
	Signatures []Signature
}

// CobuildAgreement prints the agreement: with the signatures given and its code once all have signed, to be signed by hand before.
func (p *Printer) CobuildAgreement(a CobuildAgreement) (*Paper, error) {
	d, err := p.begin(a.Head, typeset.A4, i18n.PaperCobuild.In(lang(a.Head)))
	if err != nil {
		return nil, err
	}
	d.Title(d.say(i18n.PaperCobuild))
	d.MetaLine(a.Kind, d.number())
	d.Space(2)
	d.Definitions(a.Parties, 1)
	d.Space(2)
	d.Paragraph(d.say(i18n.PrintCobuildIntro))
	d.Heading(d.say(i18n.PrintCobuildGoal))
	d.Paragraph(a.Goal)
	d.Heading(d.say(i18n.PrintCobuildPeriod))
	d.Paragraph(d.say(i18n.PrintCobuildFromTo, a.From, a.To))
	d.Heading(d.say(i18n.PrintCobuildItems))
	d.Table(typeset.Table{Columns: []Column{{Title: d.say(i18n.PrintSerial), Width: 1}, {Title: d.say(i18n.CobuildItem), Width: 6}, {Title: d.say(i18n.CobuildWho), Width: 3}, {Title: d.say(i18n.CobuildOften), Width: 3},
		{Title: d.say(i18n.CobuildAmount), Width: 2}}, Rows: a.Items, Empty: d.say(i18n.PrintNone)})
	d.Heading(d.say(i18n.PrintCobuildRules))
	d.Paragraph(d.say(i18n.PrintCobuildRule))
	d.Space(6)
	d.sideBySide(a.Signatures)
	return d.Render()
}
