package print

import (
	"linli/internal/i18n"
	"linli/internal/print/typeset"
)

// TransferLetter is the letter with which a member moves to another branch, and under it the receipt for the other side to fill in and send back (MOB-7).
type TransferLetter struct {
	Head
	From, To  string
	Address   string // of an organisation outside
	Name      string
	Sex, Age  string
	Ethnic    string
	Standing  string // full or probationary, as read
	IDMask    string
	On, Until string // days, as read
	Days      int    // of validity
}

// TransferLetter prints the letter.
func (p *Printer) TransferLetter(l TransferLetter) (*Paper, error) {
	d, err := p.begin(l.Head, typeset.A4, i18n.PaperTransfer.In(lang(l.Head)))
	if err != nil {
		return nil, err
	}
	d.Title(d.say(i18n.PrintTransferTitle))
	d.MetaLine("", d.number())
	d.Space(3)
	to := l.To
	if l.Address != "" {
		to += d.say(i18n.PrintTransferAddress, l.Address)
	}
	d.Text(d.say(i18n.PrintTransferTo, to), typeset.Plain)
	d.Paragraph(d.say(i18n.PrintTransferBody, l.Name, l.Sex, l.Age, l.Ethnic, l.Standing, l.IDMask, l.From, l.To))
	d.Paragraph(d.say(i18n.PrintTransferDues))
	d.Paragraph(d.say(i18n.PrintTransferValid, l.Days, l.Until))
	d.Space(4)
	d.Signatures(Signature{Role: d.say(i18n.PrintTransferFrom), Name: l.From, At: l.On, Seal: true})
	d.Space(8)
	d.Rule()
	d.Space(4)
	d.Heading(d.say(i18n.PrintReceiptTitle))
	d.MetaLine("", d.say(i18n.PrintReceiptOf, l.Number))
	d.Text(d.say(i18n.PrintTransferTo, l.From), typeset.Plain)
	d.Paragraph(d.say(i18n.PrintReceiptBody, l.Name))
	d.Space(2)
	d.Paragraph(d.say(i18n.PrintReceiptBlank))
	d.Space(2)
	d.Signatures(Signature{Role: d.say(i18n.PrintReceiptBy), Name: "", At: "", Seal: true})
	return d.Render()
}

// TransferReceipt is the receipt of a member who was received in the district (MOB-8).
type TransferReceipt struct {
	Head
	LetterNo string
	From, To string
	Name, On string
}

// TransferReceipt prints the receipt.
func (p *Printer) TransferReceipt(r TransferReceipt) (*Paper, error) {
	d, err := p.begin(r.Head, typeset.A4, i18n.PaperReceipt.In(lang(r.Head)))
	if err != nil {
		return nil, err
	}
	d.Title(d.say(i18n.PrintReceiptTitle))
	d.MetaLine(d.say(i18n.PrintReceiptOf, r.LetterNo), d.number())
	d.Space(3)
	d.Text(d.say(i18n.PrintTransferTo, r.From), typeset.Plain)
	d.Paragraph(d.say(i18n.PrintReceiptDone, r.Name, r.On, r.To))
	d.Space(6)
	d.Signatures(Signature{Role: d.say(i18n.PrintReceiptBy), Name: r.To, At: r.On, Seal: true})
	return d.Render()
}
