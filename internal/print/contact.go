package print

import (
	"linli/internal/i18n"
	"linli/internal/print/font"
	"linli/internal/print/typeset"
)

// ContactSlip is the slip by which a unit and a community make a member known to each other (MEM-3).
type ContactSlip struct {
	Head
	Unit, Community  string
	Name, Kind       string
	Phone, Home      string // as the reader may see them
	Post             string
	Since            string
	Matters          string // what is passed on; empty leaves room
	UnitContact      string // name and telephone
	CommunityContact string
	UnitSigned       Opinion
	Receipt          Opinion // of the community
}

// ContactSlip prints the slip.
func (p *Printer) ContactSlip(c ContactSlip) (*Paper, error) {
	d, err := p.begin(c.Head, typeset.A4, i18n.PrintContactSlip.In(lang(c.Head)))
	if err != nil {
		return nil, err
	}
	lab := func(t i18n.Text) typeset.Cell { return typeset.Cell{Text: d.say(t), Align: typeset.Center} }
	val := func(s string, n int) typeset.Cell { return typeset.Cell{Text: s, Across: n} }
	d.Title(d.say(i18n.PrintContactSlip))
	d.Space(3)
	d.MetaLine(d.say(i18n.PrintContactTo, c.Community), d.number())
	d.Space(1)
	d.Paragraph(d.say(i18n.PrintContactIntro, c.Name))
	d.Space(2)
	d.Grid(typeset.Grid{Widths: []float64{26, 59, 26, 59}, Row: 9.5, Fill: true, Rows: [][]typeset.Cell{
		{lab(i18n.PrintName), val(c.Name, 1), lab(i18n.PrintMemberKind), val(c.Kind, 1)},
		{lab(i18n.PrintUnit), val(c.Unit, 1), lab(i18n.PrintPost), val(c.Post, 1)},
		{lab(i18n.PrintHome), val(c.Home, 1), lab(i18n.PrintPhone), val(c.Phone, 1)},
		{lab(i18n.PrintUnitContact), val(c.UnitContact, 1), lab(i18n.PrintCommunityContact), val(c.CommunityContact, 1)},
		{lab(i18n.PrintSince), val(c.Since, 3)},
		{lab(i18n.PrintMatters), {Text: c.Matters, Across: 3, Tall: 34, Top: true}},
		{lab(i18n.PrintUnitOpinion), d.opinion(c.UnitSigned, 3)},
		{lab(i18n.PrintReceipt), d.opinion(c.Receipt, 3)},
	}})
	return d.Render()
}

// ContactCard is the card that a member or a household keeps: whom to ask and how (MEM-3).
type ContactCard struct {
	Title  string // empty: contact card
	Holder string // whose card it is
	Lines  []Pair // community, secretary, telephone, grid worker, …
	Note   string
	QR     string // address of the page behind the card
}

// ContactCard prints one card on a page of its own size, for a card printer.
func (p *Printer) ContactCard(h Head, c ContactCard) (*Paper, error) {
	d, err := p.start(h, typeset.Setup{Size: typeset.Card, Title: i18n.PrintContactCard.In(lang(h))})
	if err != nil {
		return nil, err
	}
	d.card(c, typeset.Frame{W: typeset.Card.W, H: typeset.Card.H})
	return d.Render()
}

// ContactCards prints cards of 90 × 54 mm, eight on a page of A4, with marks to cut along.
func (p *Printer) ContactCards(h Head, cards []ContactCard) (*Paper, error) {
	d, err := p.start(h, typeset.Setup{Size: typeset.A4, Title: i18n.PrintContactCard.In(lang(h))})
	if err != nil {
		return nil, err
	}
	const cols, rows = 2, 4
	card := typeset.Card
	x0, y0 := (typeset.A4.W-cols*card.W)/2, (typeset.A4.H-rows*card.H)/2
	for i, c := range cards {
		k := i % (cols * rows)
		if i > 0 && k == 0 {
			d.NewPage()
		}
		if k == 0 {
			d.cutMarks(x0, y0, cols, rows)
		}
		d.card(c, typeset.Frame{X: x0 + float64(k%cols)*card.W, Y: y0 + float64(k/cols)*card.H, W: card.W, H: card.H})
	}
	return d.Render()
}

func (p *paper) cutMarks(x0, y0 float64, cols, rows int) {
	card := typeset.Card
	x1, y1 := x0+float64(cols)*card.W, y0+float64(rows)*card.H
	for i := range cols + 1 {
		x := x0 + float64(i)*card.W
		p.CutLine(x, y0-8, x, y1+8)
	}
	for i := range rows + 1 {
		y := y0 + float64(i)*card.H
		p.CutLine(x0-8, y, x1+8, y)
	}
}

func (p *paper) card(c ContactCard, f typeset.Frame) {
	in := f.In(5)
	title := c.Title
	if title == "" {
		title = p.say(i18n.PrintContactCard)
	}
	p.Put(typeset.Frame{X: in.X, Y: in.Y, W: in.W, H: 7}, title, typeset.Style{Face: font.Title, Size: 12.5, Color: typeset.Red})
	p.Line(in.X, in.Y+7.8, in.X+in.W, in.Y+7.8, 0.25)
	w := in.W
	if c.QR != "" {
		w -= 23
		p.QR(typeset.Frame{X: in.X + in.W - 21, Y: in.Y + 10, W: 21, H: 21}, c.QR, true)
	}
	lines := c.Lines
	if c.Holder != "" {
		lines = append([]Pair{{Name: p.say(i18n.PrintHolder), Value: c.Holder}}, lines...)
	}
	room := in.H - 9.5
	if c.Note != "" {
		room -= 6
		p.Put(typeset.Frame{X: in.X, Y: in.Y + in.H - 5, W: in.W, H: 5}, c.Note, typeset.Style{Size: 7, Color: typeset.Grey})
	}
	p.cardLines(lines, typeset.Frame{X: in.X, Y: in.Y + 9.5, W: w, H: room})
}

func (p *paper) cardLines(lines []Pair, f typeset.Frame) {
	step := min(6, f.H/float64(max(len(lines), 1)))
	for i, l := range lines {
		y := f.Y + float64(i)*step
		p.Put(typeset.Frame{X: f.X, Y: y, W: 17, H: step}, l.Name, typeset.Style{Size: 8, Color: typeset.Grey, Leading: 1.2})
		p.Put(typeset.Frame{X: f.X + 17.5, Y: y, W: f.W - 17.5, H: step}, l.Value, typeset.Style{Size: 9, Leading: 1.2})
	}
}

// ContactBooklet is the booklet of a community's contacts (MEM-3), a table for each group.
type ContactBooklet struct {
	Head
	Community string
	Period    string
	Groups    []ContactGroup
}

// ContactGroup is a part of the booklet: a unit, a grid, a branch.
type ContactGroup struct {
	Title    string
	Contacts []Contact
}

// Contact is one line of the booklet.
type Contact struct{ Name, Role, Organisation, Phone, Remark string }

// ContactBooklet prints the booklet.
func (p *Printer) ContactBooklet(b ContactBooklet) (*Paper, error) {
	d, err := p.begin(b.Head, typeset.A4, i18n.PrintBooklet.In(lang(b.Head)))
	if err != nil {
		return nil, err
	}
	d.Title(d.say(i18n.PrintBookletTitle, b.Community))
	d.Subtitle(b.Period)
	d.MetaLine("", d.number())
	for _, g := range b.Groups {
		d.Heading(g.Title)
		t := typeset.Table{Empty: d.say(i18n.PrintNone), Columns: d.columns(
			column{i18n.PrintSerial, 10, typeset.Center}, column{i18n.PrintName, 24, typeset.Center},
			column{i18n.PrintRole, 30, typeset.Start}, column{i18n.PrintUnit, 50, typeset.Start},
			column{i18n.PrintPhone, 28, typeset.Center}, column{i18n.PrintRemark, 28, typeset.Start})}
		for i, c := range g.Contacts {
			t.Rows = append(t.Rows, []string{i18n.Number(int64(i + 1)), c.Name, c.Role, c.Organisation, c.Phone, c.Remark})
		}
		d.Table(t)
	}
	return d.Render()
}
