package web

import (
	"net/http"
	"slices"
	"strconv"

	"linli/internal/calendar"
	"linli/internal/i18n"
	"linli/internal/mediation"
	"linli/internal/print"
	view "linli/internal/web/view/mediation"
)

// mediationPaper prints one of the papers of a mediation, prefilled from the record.
func (h *Handler) mediationPaper(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	code := r.PathValue("paper")
	m, err := h.Mediation.Paper(r.Context(), actor(r), id, code)
	if err != nil {
		return err
	}
	all := view.Papers(m)
	i := slices.IndexFunc(all, func(p view.Paper) bool { return p.Code == code })
	p := mediationPrint{m: m, l: lang(r)}
	p.out = print.MediationPaper{Head: print.Head{Lang: p.l, At: h.DB.Now(), Number: m.No, Issuer: m.Org}, Title: all[i].Title, Committee: p.committee()}
	switch all[i] {
	case view.Application:
		p.application()
	case view.Record:
		p.record()
	case view.Agreement:
		p.agreement()
	case view.Oral:
		p.oral()
	case view.Confirmation:
		p.confirmation()
	case view.Visits:
		p.visits()
	case view.FileIndex:
		p.index(all)
	}
	out, err := h.Printer.MediationPaper(p.out)
	if err != nil {
		return err
	}
	return sendPDF(w, all[i].Title.In(p.l)+" "+m.No, out)
}

// mediationPrint fills one paper.
type mediationPrint struct {
	m   mediation.Mediation
	l   i18n.Lang
	out print.MediationPaper
}

func (p *mediationPrint) say(t i18n.Text, args ...any) string { return t.In(p.l, args...) }

func (p *mediationPrint) committee() string { return p.say(i18n.MediationCommitteeOf, p.m.Org) }

func (p *mediationPrint) fact(t i18n.Text, value string) {
	p.out.Facts = append(p.out.Facts, print.Pair{Name: p.say(t), Value: value})
}

func (p *mediationPrint) part(t i18n.Text, text string) {
	if text == "" {
		text = p.say(i18n.PrintMediationBlank)
	}
	p.out.Parts = append(p.out.Parts, print.MediationPart{Heading: p.say(t), Text: text})
}

func (p *mediationPrint) mediators() string {
	out := ""
	for i, x := range p.m.Mediators {
		if i > 0 {
			out += p.say(i18n.MediationComma)
		}
		out += x.Name
	}
	return out
}

// role is what a party is called on paper: by number, since nobody is accused.
func (p *mediationPrint) role(i int) string { return p.say(i18n.MediationPartyN, i+1) }

func (p *mediationPrint) parties() {
	for i, x := range p.m.Parties {
		p.out.Parties = append(p.out.Parties, print.MediationParty{Role: p.role(i), Name: x.Name, IDNumber: x.IDNumber, Phone: x.Phone, Address: x.Address})
	}
}

// sign leaves a place to sign for every party, and says the day where one has signed.
func (p *mediationPrint) sign(done bool) []print.Signature {
	var out []print.Signature
	for i, x := range p.m.Parties {
		s := print.Signature{Role: p.role(i), Name: x.Name}
		if done && !x.SignedOn.IsZero() {
			s.At = x.SignedOn.String()
		}
		out = append(out, s)
	}
	return out
}

func (p *mediationPrint) mediator(on calendar.Date) print.Signature {
	return print.Signature{Role: p.say(i18n.PrintMediationMediator), Name: p.mediators(), At: on.String()}
}

// kind is the kind of dispute; where it is not said, there is room to write it.
func (p *mediationPrint) kind() string { return p.say(p.m.Item) }

func (p *mediationPrint) session() string {
	if p.m.Private {
		return p.say(i18n.MediationPrivate)
	}
	return p.say(i18n.MediationPublic)
}

func (p *mediationPrint) application() {
	p.parties()
	p.fact(i18n.MediationKind, p.kind())
	p.fact(i18n.CasePlace, p.m.Place)
	p.fact(i18n.MediationStart, p.say(p.m.Start.Text()))
	p.fact(i18n.PrintMediationSession, p.session())
	p.part(i18n.MediationMatter, p.m.Matter)
	p.part(i18n.PrintMediationAsk, p.say(i18n.PrintMediationAskText, p.committee()))
	p.part(i18n.PrintMediationRights, p.say(i18n.MediationRights))
	p.out.Signs = append(p.sign(false), print.Signature{Role: p.say(i18n.PrintMediationTaken), Name: p.mediators()})
}

func (p *mediationPrint) record() {
	p.fact(i18n.MediationKind, p.kind())
	p.fact(i18n.MediationMediators, p.mediators())
	for i, x := range p.m.Sessions {
		p.out.Parts = append(p.out.Parts, print.MediationPart{Heading: p.say(i18n.PrintMediationNth, i+1), Facts: []print.Pair{{Name: p.say(i18n.MediationHeldOn), Value: x.On.String()}, {Name: p.say(i18n.MediationHeldAt), Value: x.Place},
			{Name: p.say(i18n.MediationWho), Value: x.Who}, {Name: p.say(i18n.PrintMediationSession), Value: p.session()}}, Text: x.Record, Signs: append(p.sign(false), print.Signature{Role: p.say(i18n.PrintMediationMediator), Name: p.mediators()})})
	}
}

// terms are the parts that the law names (MED-9).
func (p *mediationPrint) terms() {
	t := p.m.Terms
	p.part(i18n.MediationFacts, t.Facts)
	p.part(i18n.MediationPoints, t.Points)
	p.part(i18n.MediationContent, t.Content)
	p.part(i18n.MediationWay, t.Way)
	if len(p.m.Duties) == 0 {
		return
	}
	x := print.MediationPart{Heading: p.say(i18n.MediationDuties), Columns: []print.Column{{Title: p.say(i18n.PrintSerial), Width: 1}, {Title: p.say(i18n.MediationDuty), Width: 6}, {Title: p.say(i18n.MediationDutyBy), Width: 2},
		{Title: p.say(i18n.MediationDutyDue), Width: 2}}}
	for i, d := range p.m.Duties {
		at := slices.IndexFunc(p.m.Parties, func(q mediation.Party) bool { return q.ID == d.PartyID })
		name := ""
		if at >= 0 {
			name = p.m.Parties[at].Name
		}
		x.Rows = append(x.Rows, []string{strconv.Itoa(i + 1), d.Words, name, d.DueOn.String()})
	}
	p.out.Parts = append(p.out.Parts, x)
}

func (p *mediationPrint) agreement() {
	p.parties()
	p.fact(i18n.MediationKind, p.kind())
	p.fact(i18n.MediationMediators, p.mediators())
	p.terms()
	p.part(i18n.PrintMediationEffect, p.say(i18n.PrintMediationEffectText, len(p.m.Parties)+1))
	p.out.Signs = append(p.sign(true), p.mediator(p.m.MediatorOn), print.Signature{Role: p.say(i18n.MediationSeal), Name: p.committee(), At: p.m.SealOn.String(), Seal: true})
}

func (p *mediationPrint) oral() {
	p.parties()
	p.fact(i18n.MediationKind, p.kind())
	p.fact(i18n.MediationReachedOn, p.m.EffectiveOn.String())
	p.terms()
	p.out.Signs = []print.Signature{{Role: p.say(i18n.PrintMediationMediator), Name: p.mediators(), At: p.m.EffectiveOn.String()}}
}

func (p *mediationPrint) confirmation() {
	p.parties()
	p.fact(i18n.MediationEffectiveOn, p.m.EffectiveOn.String())
	p.fact(i18n.MediationConfirmBy, p.m.ConfirmBy.String())
	p.part(i18n.PrintMediationAsk, p.say(i18n.PrintMediationConfirmAsk, p.m.EffectiveOn.String(), p.committee(), p.m.No))
	p.part(i18n.PrintMediationReasons, p.say(i18n.PrintMediationReasonsText, p.m.Terms.Content))
	p.part(i18n.PrintMediationPromise, p.say(i18n.PrintMediationPromiseText))
	court := p.m.Court
	if court == "" {
		court = p.say(i18n.PrintMediationCourtBlank)
	}
	p.out.Parts = append(p.out.Parts, print.MediationPart{Text: p.say(i18n.PrintMediationTo, court)})
	p.out.Signs = p.sign(false)
}

func (p *mediationPrint) visits() {
	p.fact(i18n.MediationEffectiveOn, p.m.EffectiveOn.String())
	p.fact(i18n.CaseState, p.say(p.m.State.Text()))
	x := print.MediationPart{Heading: p.say(i18n.MediationDuties), Columns: []print.Column{{Title: p.say(i18n.MediationDuty), Width: 6}, {Title: p.say(i18n.MediationDutyDue), Width: 2}, {Title: p.say(i18n.MediationDutyDone), Width: 2}}}
	for _, d := range p.m.Duties {
		x.Rows = append(x.Rows, []string{d.Words, d.DueOn.String(), d.DoneOn.String()})
	}
	p.out.Parts = append(p.out.Parts, x)
	for i, v := range p.m.Visits {
		if v.MadeOn.IsZero() {
			continue
		}
		p.out.Parts = append(p.out.Parts, print.MediationPart{Heading: p.say(i18n.PrintMediationVisitNth, i+1), Facts: []print.Pair{{Name: p.say(i18n.MediationVisitMade), Value: v.MadeOn.String()}, {Name: p.say(i18n.PrintMediationVisitor), Value: v.By}},
			Text: v.Words})
	}
	p.out.Signs = []print.Signature{{Role: p.say(i18n.PrintMediationVisited)}, {Role: p.say(i18n.PrintMediationVisitor)}}
}

// index is the list of what is in the file (MED-8).
func (p *mediationPrint) index(all []view.Paper) {
	p.fact(i18n.MediationKind, p.kind())
	p.fact(i18n.MediationMediators, p.mediators())
	p.fact(i18n.MediationAskedOn, p.m.AskedOn.String())
	p.fact(i18n.CaseState, p.say(p.m.State.Text()))
	x := print.MediationPart{Columns: []print.Column{{Title: p.say(i18n.PrintSerial), Width: 1}, {Title: p.say(i18n.PrintMediationTitle), Width: 5}, {Title: p.say(i18n.PrintMediationDay), Width: 2}, {Title: p.say(i18n.PrintMediationPages), Width: 1.5},
		{Title: p.say(i18n.PrintMediationNote), Width: 2}}}
	days := map[string]calendar.Date{view.Application.Code: p.m.AskedOn, view.Agreement.Code: p.m.EffectiveOn, view.Oral.Code: p.m.EffectiveOn, view.Confirmation.Code: p.m.CourtOn}
	for _, paper := range all {
		if paper == view.FileIndex {
			continue
		}
		x.Rows = append(x.Rows, []string{strconv.Itoa(len(x.Rows) + 1), p.say(paper.Title), days[paper.Code].String(), "", ""})
	}
	for range 4 { // what came on paper is added by hand
		x.Rows = append(x.Rows, []string{strconv.Itoa(len(x.Rows) + 1), "", "", "", ""})
	}
	p.out.Parts = append(p.out.Parts, x)
	p.out.Signs = []print.Signature{{Role: p.say(i18n.PrintMediationKeeper)}}
}
