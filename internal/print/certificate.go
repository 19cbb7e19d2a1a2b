package print

import (
	"linli/internal/i18n"
	"linli/internal/print/font"
	"linli/internal/print/typeset"
)

// CertificateKind is one of the three kinds of participation certificate (MEM-1).
type CertificateKind int

// The kinds: members of the community's own branch, in-service members who live there, and
// laid-off or floating members.
const (
	BranchMember CertificateKind = iota
	InService
	Floating
)

func (k CertificateKind) title() i18n.Text {
	switch k {
	case InService:
		return i18n.PrintCertInService
	case Floating:
		return i18n.PrintCertFloating
	default:
		return i18n.PrintCertBranch
	}
}

// Certificate is a participation certificate (MEM-1), landscape A5 or, if Small, A6.
type Certificate struct {
	Head
	Kind         CertificateKind
	Name         string
	Organisation string // where the member's own organisation is
	Community    string // where the member takes part; it issues the certificate
	Since        string // since when the member takes part
	Issued       string // date of issue
	Until        string // valid until; empty if it has no end
	Small        bool
}

// Certificate prints one participation certificate.
func (p *Printer) Certificate(c Certificate) (*Paper, error) { return p.Certificates([]Certificate{c}) }

// Certificates prints one certificate a page. Size and head of the first hold for all; number and
// verification are each one's own.
func (p *Printer) Certificates(list []Certificate) (*Paper, error) {
	if len(list) == 0 {
		list = []Certificate{{}}
	}
	size := typeset.A5Landscape
	if list[0].Small {
		size = typeset.A6Landscape
	}
	d, err := p.start(list[0].Head, typeset.Setup{Size: size, Title: list[0].Kind.title().In(lang(list[0].Head))})
	if err != nil {
		return nil, err
	}
	for i, c := range list {
		if i > 0 {
			d.NewPage()
		}
		d.certificate(c, size)
	}
	return d.Render()
}

// certificate draws one certificate; all measures are for A5 and scaled.
func (p *paper) certificate(c Certificate, size typeset.Size) {
	k := size.W / typeset.A5Landscape.W
	at := func(x, y, w, h float64) typeset.Frame { return typeset.Frame{X: x * k, Y: y * k, W: w * k, H: h * k} }
	p.Border(at(9, 9, 192, 130), 0.9*k, typeset.Red)
	p.Border(at(11.2, 11.2, 187.6, 125.6), 0.25*k, typeset.Red)
	title := typeset.Style{Face: font.Title, Size: 27 * k, Align: typeset.Center, Color: typeset.Red}
	p.Put(at(20, 20, 170, 16), p.say(c.Kind.title()), title)
	plain := typeset.Style{Size: 11 * k}
	right := plain
	right.Align = typeset.End
	if c.Number != "" {
		p.Put(at(24, 39, 162, 7), p.say(i18n.PrintNumber, c.Number), right)
	}
	name := typeset.Style{Face: font.Title, Size: 20 * k}
	p.Put(at(26, 45, 158, 12), p.say(i18n.PrintCertName, c.Name), name)
	body := typeset.Style{Size: 14 * k, Leading: 1.9, Indent: 2}
	p.Put(at(26, 57, 158, 36), p.say(i18n.PrintCertBody, c.Organisation, c.Since, c.Community), body)
	if c.Verify.URL != "" {
		p.QR(at(24, 99, 28, 28), c.Verify.URL, true)
	}
	if c.Verify.Code != "" {
		small := typeset.Style{Size: 8.5 * k, Color: typeset.Grey}
		p.Put(at(54, 108, 50, 16), p.say(i18n.PrintVerifyCode, c.Verify.Code)+"\n"+p.say(i18n.PrintVerifyShort), small)
	}
	sign := typeset.Style{Size: 13 * k, Align: typeset.Center}
	p.Put(at(106, 92, 82, 7), p.say(i18n.PrintSealPlace), typeset.Style{Size: 9 * k, Align: typeset.Center, Color: typeset.Pale})
	p.Put(at(106, 100, 82, 9), c.Community, sign)
	p.Put(at(106, 109, 82, 8), c.Issued, sign)
	if c.Until != "" {
		p.Put(at(106, 118, 82, 7), p.say(i18n.PrintCertUntil, c.Until), typeset.Style{Size: 10 * k, Align: typeset.Center})
	}
}
