package print

import (
	"linli/internal/i18n"
	"linli/internal/print/typeset"
)

// DuesReceipt is the receipt for a payment of Party dues (DUES-14, DUES-15).
type DuesReceipt struct {
	Head
	Name      string
	Branch    string // that took it
	Total     string // in yuan
	PaidOn    string
	Means     string
	Voluntary bool
	Rows      []DuesReceiptRow
}

// DuesReceiptRow is the part for one month, in yuan.
type DuesReceiptRow struct{ Month, Amount string }

// DuesReceipt prints the receipt on A5.
func (p *Printer) DuesReceipt(r DuesReceipt) (*Paper, error) {
	title := i18n.PrintDuesTitle
	if r.Voluntary {
		title = i18n.PrintGiftTitle
	}
	d, err := p.begin(r.Head, typeset.A5Landscape, title.In(lang(r.Head)))
	if err != nil {
		return nil, err
	}
	d.Title(d.say(title))
	d.MetaLine("", d.number())
	d.Definitions([]typeset.Pair{{Name: d.say(i18n.PrintDuesFrom), Value: r.Name}, {Name: d.say(i18n.PrintDuesSum), Value: d.say(i18n.PrintDuesYuan, r.Total)},
		{Name: d.say(i18n.DuesPaidOn), Value: r.PaidOn}, {Name: d.say(i18n.DuesMeans), Value: r.Means}, {Name: d.say(i18n.PrintDuesBranch), Value: r.Branch}}, 2)
	d.Space(3)
	if len(r.Rows) > 0 {
		var rows [][]string
		for _, x := range r.Rows {
			rows = append(rows, []string{x.Month, x.Amount})
		}
		d.Table(typeset.Table{Columns: d.columns(column{i18n.PrintDuesMonth, 3, 0}, column{i18n.DuesAmount, 3, 0}), Rows: rows})
		d.Space(2)
	}
	d.Text(d.say(i18n.PrintDuesVerify), typeset.Plain)
	d.Signatures(Signature{Role: d.say(i18n.PrintDuesKeeper), Name: r.Branch, At: r.PaidOn, Seal: true})
	return d.Render()
}
