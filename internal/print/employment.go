package print

import (
	"linli/internal/i18n"
	"linli/internal/print/font"
	"linli/internal/print/typeset"
)

// EmploymentCertificate is a preferential certificate for re-employment (SRV-5), landscape A5.
type EmploymentCertificate struct {
	Head
	Name     string
	Group    string // why they are entitled
	Entitles string
	From, To string
	Uses     int64 // 0: without limit
	Issued   string
}

// EmploymentCertificate prints one preferential certificate.
func (p *Printer) EmploymentCertificate(c EmploymentCertificate) (*Paper, error) {
	d, err := p.start(c.Head, typeset.Setup{Size: typeset.A5Landscape, Title: i18n.EmployCertTitle.In(lang(c.Head))})
	if err != nil {
		return nil, err
	}
	at := func(x, y, w, h float64) typeset.Frame { return typeset.Frame{X: x, Y: y, W: w, H: h} }
	d.Border(at(9, 9, 192, 130), 0.9, typeset.Red)
	d.Border(at(11.2, 11.2, 187.6, 125.6), 0.25, typeset.Red)
	d.Put(at(20, 19, 170, 14), d.say(i18n.EmployCertTitle), typeset.Style{Face: font.Title, Size: 24, Align: typeset.Center, Color: typeset.Red})
	d.Put(at(24, 36, 162, 7), d.number(), typeset.Style{Size: 11, Align: typeset.End})
	d.Put(at(26, 46, 158, 34), d.say(i18n.PrintEmployBody, c.Name, c.Group, c.Entitles), typeset.Style{Size: 14, Leading: 1.7, Indent: 2})
	uses := d.say(i18n.PrintEmployUsesAny)
	if c.Uses > 0 {
		uses = d.say(i18n.PrintEmployUses, c.Uses)
	}
	d.Put(at(26, 82, 158, 7), d.say(i18n.PrintEmployValid, c.From, c.To)+"    "+uses, typeset.Style{Size: 12})
	if c.Verify.URL != "" {
		d.QR(at(24, 99, 28, 28), c.Verify.URL, true)
	}
	if c.Verify.Code != "" {
		d.Put(at(54, 108, 50, 16), d.say(i18n.PrintVerifyCode, c.Verify.Code)+"\n"+d.say(i18n.PrintVerifyShort), typeset.Style{Size: 8.5, Color: typeset.Grey})
	}
	sign := typeset.Style{Size: 13, Align: typeset.Center}
	d.Put(at(106, 95, 82, 7), d.say(i18n.PrintSealPlace), typeset.Style{Size: 9, Align: typeset.Center, Color: typeset.Pale})
	d.Put(at(106, 104, 82, 9), c.Issuer, sign)
	d.Put(at(106, 114, 82, 8), c.Issued, sign)
	return d.Render()
}
