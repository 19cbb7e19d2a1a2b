package print

import (
	"linli/internal/i18n"
	"linli/internal/print/typeset"
)

// ClaimAgreement is the agreement by which a member takes over a responsibility area or post (MEM-6).
type ClaimAgreement struct {
	Head
	Community string // party A
	Member    string // party B
	Unit      string // of the member
	Area      string // what is taken over
	Place     string
	From, To  string
	Duties    []string
	Promises  []string  // of the community; empty: the usual ones
	PartyA    Signature // Role and Name are filled in
	PartyB    Signature
}

// ClaimAgreement prints the agreement.
func (p *Printer) ClaimAgreement(a ClaimAgreement) (*Paper, error) {
	d, err := p.begin(a.Head, typeset.A4, i18n.PrintClaimTitle.In(lang(a.Head)))
	if err != nil {
		return nil, err
	}
	d.Title(d.say(i18n.PrintClaimTitle))
	d.Space(2)
	d.MetaLine("", d.number())
	d.Text(d.say(i18n.PrintClaimPartyA, a.Community), typeset.Plain)
	d.Text(d.say(i18n.PrintClaimPartyB, a.Member, a.Unit), typeset.Plain)
	d.Space(2)
	d.Paragraph(d.say(i18n.PrintClaimIntro))
	d.articles(a)
	a.PartyA.Role, a.PartyA.Name, a.PartyA.Seal = d.say(i18n.PrintPartyA), a.Community, true
	a.PartyB.Role, a.PartyB.Name = d.say(i18n.PrintPartyB), a.Member
	d.Signatures(a.PartyA, a.PartyB)
	return d.Render()
}

func (p *paper) articles(a ClaimAgreement) {
	promises := a.Promises
	if len(promises) == 0 {
		promises = []string{p.say(i18n.PrintClaimHelp), p.say(i18n.PrintClaimRecord), p.say(i18n.PrintClaimPrivacy)}
	}
	p.Paragraph(p.say(i18n.PrintClaimArticle1, a.Area))
	if a.Place != "" {
		p.Paragraph(p.say(i18n.PrintClaimPlace, a.Place))
	}
	p.Paragraph(p.say(i18n.PrintClaimArticle2, a.From, a.To))
	p.Paragraph(p.say(i18n.PrintClaimArticle3))
	p.items(a.Duties)
	p.Paragraph(p.say(i18n.PrintClaimArticle4))
	p.items(promises)
	p.Paragraph(p.say(i18n.PrintClaimArticle5))
	p.Paragraph(p.say(i18n.PrintClaimArticle6))
}

func (p *paper) items(list []string) {
	for i, s := range list {
		p.Paragraph(p.say(i18n.PrintItem, i+1, s))
	}
}
