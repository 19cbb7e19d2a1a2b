package print

import (
	"strings"

	"linli/internal/i18n"
	"linli/internal/print/font"
	"linli/internal/print/typeset"
)

// Column is a column of a list.
type Column = typeset.Column

// The alignments of a column.
const (
	Start  = typeset.Start
	Center = typeset.Center
	End    = typeset.End
)

// List is any list with its filters in words.
type List struct {
	Head
	Title   string
	Filters string // which part is shown
	Columns []Column
	Rows    [][]string
	Total   []string
	Upright bool // portrait instead of landscape
}

// List prints a list.
func (p *Printer) List(l List) (*Paper, error) {
	size := typeset.A4Landscape
	if l.Upright {
		size = typeset.A4
	}
	d, err := p.begin(l.Head, size, l.Title)
	if err != nil {
		return nil, err
	}
	d.Title(l.Title)
	d.MetaLine(l.Filters, d.say(i18n.PrintRows, i18n.Number(int64(len(l.Rows)))))
	if l.Number != "" {
		d.MetaLine("", d.number())
	}
	d.Space(1)
	d.Table(typeset.Table{Columns: l.Columns, Rows: l.Rows, Total: l.Total, Empty: d.say(i18n.PrintNone)})
	return d.Render()
}

// AccessLog tells a resident who has looked at sealed data of theirs.
type AccessLog struct {
	Head
	Name    string
	Period  string
	Entries []AccessEntry
}

// AccessEntry is one look.
type AccessEntry struct{ At, Who, Role, Organisation, What, Purpose string }

// AccessLog prints the record.
func (p *Printer) AccessLog(l AccessLog) (*Paper, error) {
	d, err := p.begin(l.Head, typeset.A4Landscape, i18n.PrintAccessTitle.In(lang(l.Head)))
	if err != nil {
		return nil, err
	}
	d.Title(d.say(i18n.PrintAccessTitle))
	d.MetaLine(d.say(i18n.PrintAccessOf, l.Name), l.Period)
	if l.Number != "" {
		d.MetaLine("", d.number())
	}
	d.Space(1)
	t := typeset.Table{Empty: d.say(i18n.PrintAccessNone), Columns: d.columns(
		column{i18n.PrintSerial, 10, Center}, column{i18n.PrintTime, 32, Center}, column{i18n.PrintWho, 26, Center},
		column{i18n.PrintRole, 32, Start}, column{i18n.PrintOrganisation, 56, Start},
		column{i18n.PrintSeen, 38, Start}, column{i18n.PrintPurpose, 63, Start})}
	for i, e := range l.Entries {
		t.Rows = append(t.Rows, []string{i18n.Number(int64(i + 1)), e.At, e.Who, e.Role, e.Organisation, e.What, e.Purpose})
	}
	d.Table(t)
	d.Space(2)
	d.Text(d.say(i18n.PrintAccessHow), typeset.Small)
	return d.Render()
}

// ActivityPoster announces an activity; its code opens the page of the activity and never changes.
type ActivityPoster struct {
	Head
	Title     string
	Time      string
	Place     string
	Organiser string
	Contact   string
	About     string
	Capacity  string
	URL       string
}

// ActivityPoster prints the poster.
func (p *Printer) ActivityPoster(a ActivityPoster) (*Paper, error) {
	d, err := p.start(a.Head, typeset.Setup{Size: typeset.A4, Title: a.Title})
	if err != nil {
		return nil, err
	}
	page := typeset.Frame{W: typeset.A4.W, H: typeset.A4.H}
	d.Border(page.In(10), 1.2, typeset.Red)
	d.Border(page.In(12), 0.3, typeset.Red)
	d.Put(typeset.Frame{X: 24, Y: 28, W: 162, H: 46}, a.Title, typeset.Style{Face: font.Title, Size: 40, Align: Center, Color: typeset.Red, Leading: 1.35})
	d.posterFacts(a)
	if a.About != "" {
		d.Put(typeset.Frame{X: 30, Y: 146, W: 150, H: 46}, a.About, typeset.Style{Size: 14, Indent: 2, Leading: 1.7})
	}
	if a.URL != "" {
		d.QR(typeset.Frame{X: 77, Y: 198, W: 56, H: 56}, a.URL, true)
		d.Put(typeset.Frame{X: 30, Y: 255, W: 150, H: 8}, d.say(i18n.PrintPosterScan), typeset.Style{Size: 14, Align: Center})
	}
	d.Put(typeset.Frame{X: 30, Y: 266, W: 150, H: 9}, a.Organiser, typeset.Style{Size: 15, Align: Center})
	small := d.number()
	if a.Verify.Code != "" {
		small += "　" + d.say(i18n.PrintVerifyCode, a.Verify.Code)
	}
	d.Put(typeset.Frame{X: 30, Y: 276, W: 150, H: 6}, strings.TrimSpace(small), typeset.Style{Size: 8, Align: Center, Color: typeset.Grey})
	return d.Render()
}

func (p *paper) posterFacts(a ActivityPoster) {
	y := 84.0
	for _, f := range []struct {
		name  i18n.Text
		value string
	}{{i18n.PrintTime, a.Time}, {i18n.PrintPlace, a.Place}, {i18n.PrintCapacity, a.Capacity}, {i18n.PrintContactPhone, a.Contact}} {
		if f.value == "" {
			continue
		}
		p.Put(typeset.Frame{X: 30, Y: y, W: 30, H: 14}, p.say(f.name), typeset.Style{Size: 17, Color: typeset.Red})
		p.Put(typeset.Frame{X: 62, Y: y, W: 118, H: 14}, f.value, typeset.Style{Size: 17, Leading: 1.3})
		y += 14.5
	}
}
