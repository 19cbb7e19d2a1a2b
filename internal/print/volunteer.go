package print

import (
	"linli/internal/i18n"
	"linli/internal/print/typeset"
)

// ServiceCertificate is a certificate of voluntary service (VOL-4, VOL-5): what the national rules on records and certificates of voluntary service ask for.
type ServiceCertificate struct {
	Head
	Name, Sex, IDMask string
	No                string // of the volunteer
	Issuer            string
	From, To, On      string     // days, as read
	Hours             string     // in all
	Lines             [][]string // day, project, place, proof, hours
	Trainings         [][]string // day, training; none is not shown
}

// ServiceCertificate prints the certificate.
func (p *Printer) ServiceCertificate(c ServiceCertificate) (*Paper, error) {
	d, err := p.begin(c.Head, typeset.A4, i18n.VolCertTitle.In(lang(c.Head)))
	if err != nil {
		return nil, err
	}
	d.Title(d.say(i18n.VolCertTitle))
	d.MetaLine("", d.number())
	d.Space(2)
	d.Definitions([]Pair{{Name: d.say(i18n.VolName), Value: c.Name}, {Name: d.say(i18n.VolCertSex), Value: c.Sex}, {Name: d.say(i18n.VolCertID), Value: c.IDMask}, {Name: d.say(i18n.VolCertNo), Value: c.No},
		{Name: d.say(i18n.VolCertIssuer), Value: c.Issuer}, {Name: d.say(i18n.FeedbackIssuedAt), Value: c.On}}, 2)
	d.Space(2)
	d.Paragraph(d.say(i18n.VolCertIntro, c.Name, c.From, c.To, c.Hours))
	d.Space(2)
	d.Table(typeset.Table{Columns: []Column{{Title: d.say(i18n.VolCertDay), Width: 2}, {Title: d.say(i18n.VolCertProject), Width: 5}, {Title: d.say(i18n.VolCertPlace), Width: 4}, {Title: d.say(i18n.VolCertProof), Width: 3},
		{Title: d.say(i18n.VolCertHours), Width: 1.5}}, Rows: c.Lines, Total: []string{d.say(i18n.VolCertTotal), "", "", "", c.Hours}, Empty: d.say(i18n.PrintNone)})
	if len(c.Trainings) > 0 {
		d.Space(2)
		d.Table(typeset.Table{Columns: []Column{{Title: d.say(i18n.VolCertDay), Width: 2}, {Title: d.say(i18n.VolTrainings), Width: 13.5}}, Rows: c.Trainings})
	}
	d.Space(2)
	d.Paragraph(d.say(i18n.VolCertRule))
	d.Space(6)
	d.Signatures(Signature{Role: d.say(i18n.VolCertIssuer), Name: c.Issuer, Seal: true})
	return d.Render()
}
