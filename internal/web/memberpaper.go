package web

import (
	"fmt"
	"net/http"
	"strings"

	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/errs"
	"linli/internal/feedback"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/member"
	"linli/internal/print"
)

var certificateKinds = map[member.Kind]print.CertificateKind{member.OfCommunity: print.BranchMember, member.InService: print.InService, member.Floating: print.Floating}

// certificatesPDF prints the certificates in force of members, one a page.
func (h *Handler) certificatesPDF(w http.ResponseWriter, r *http.Request, ids ...id.ID) error {
	list, err := h.Member.Certificates(r.Context(), actor(r), ids...)
	if err != nil {
		return err
	}
	var papers []print.Certificate
	for _, c := range list {
		papers = append(papers, print.Certificate{
			Head: print.Head{Lang: lang(r), At: c.IssuedAt, Number: c.Number, Issuer: c.Community,
				Verify: print.Verification{Code: c.Code, URL: h.base(r) + feedback.CheckPath + c.Code}},
			Kind: certificateKinds[c.Kind], Name: c.Name, Organisation: c.Organisation, Community: c.Community,
			Since: day(r, c.Since), Issued: day(r, calendar.DateOf(c.IssuedAt)),
		})
	}
	p, err := h.Printer.Certificates(papers)
	if err != nil {
		return err
	}
	return sendPDF(w, i18n.CertificateTitle.In(lang(r)), p)
}

func (h *Handler) certificatePDF(w http.ResponseWriter, r *http.Request) error {
	m, err := pathID(r)
	if err != nil {
		return err
	}
	return h.certificatesPDF(w, r, m)
}

func (h *Handler) certificatesPrint(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	ids, err := picked(f)
	if err != nil {
		return err
	}
	return h.certificatesPDF(w, r, ids...)
}

// certificatesIssue issues for everybody chosen, unless a name cannot be printed: that is said before anything is issued.
func (h *Handler) certificatesIssue(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	ids, err := picked(f)
	if err != nil {
		return err
	}
	names, err := h.Member.Names(r.Context(), actor(r), ids...)
	if err != nil {
		return err
	}
	for _, name := range names {
		if rare, err := h.missing(name.Text()); err != nil {
			return err
		} else if rare != "" {
			return errs.New(errs.Conflict, i18n.CertificateRare, name.Name, rare)
		}
	}
	n, err := h.Member.IssueCertificates(r.Context(), actor(r), ids...)
	if err != nil {
		return err
	}
	return h.done(w, r, "/members", i18n.CertificateDone, n)
}

func (h *Handler) certificateIssue(r *http.Request, f *form, m id.ID) error {
	if f.values.Get("anyway") == "" {
		names, err := h.Member.Names(r.Context(), actor(r), m)
		if err != nil {
			return err
		}
		if rare, err := h.missing(names[m].Text()); err != nil {
			return err
		} else if rare != "" {
			return errs.New(errs.Conflict, i18n.CertificateRare, names[m].Name, rare)
		}
	}
	_, err := h.Member.IssueCertificates(r.Context(), actor(r), m)
	return err
}

func (h *Handler) certificateReissue(r *http.Request, f *form, m id.ID) error {
	return h.Member.Reissue(r.Context(), actor(r), m, f.values.Get("reason"))
}

func (h *Handler) certificateRevoke(r *http.Request, f *form, m id.ID) error {
	return h.Member.RevokeCertificate(r.Context(), actor(r), m, f.values.Get("reason"))
}

// day is a date as papers write it, "" for none.
func day(r *http.Request, d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	return i18n.PaperDay.In(lang(r), d.Year(), int(d.Month()), d.Day())
}

func (h *Handler) registrationFormPDF(w http.ResponseWriter, r *http.Request) error {
	d, err := h.memberDetail(r)
	if err != nil {
		return err
	}
	l := lang(r)
	form := print.RegistrationForm{
		Head:      print.Head{Lang: l, At: h.DB.Now()},
		Community: d.Community, Name: d.Name, Sex: code.Sex(d.Sex).Text().In(l), Born: day(r, d.BornOn),
		Nation: code.EthnicGroups.Label(d.Ethnic).In(l), Education: code.Schoolings.Label(d.Schooling).In(l), IDNumber: d.IDMask, Phone: d.PhoneMask,
		Kind: d.Kind.Text().In(l), Joined: day(r, d.JoinedOn), FullMember: day(r, d.FullOn), Organisation: d.Unit, OwnBranch: d.Home, Home: d.Address,
		Skills: d.Skills, Wishes: strings.Join(d.Posts, i18n.PaperComma.In(l)), RegisteredAt: day(r, d.Since),
	}
	if form.Community == "" {
		form.Community = d.RegistrationAt
	}
	for _, x := range d.Promises {
		if x.State == member.Open {
			form.Promise = x.Body
			break
		}
	}
	p, err := h.Printer.RegistrationForm(form)
	if err != nil {
		return err
	}
	return sendPDF(w, d.Name, p)
}

// contactOf is the name and the masked telephone by which an organisation is reached.
func (h *Handler) contactOf(r *http.Request, org id.ID) (name, phone string) {
	if org == 0 {
		return "", ""
	}
	o, err := h.Organisation.Get(r.Context(), actor(r), org)
	if err != nil {
		return "", "" // whom this person may not see does not stand on the paper
	}
	return o.ContactName, o.PhoneMask
}

func (h *Handler) contactSlipPDF(w http.ResponseWriter, r *http.Request) error {
	d, err := h.memberDetail(r)
	if err != nil {
		return err
	}
	community := d.Community
	if community == "" {
		community = d.RegistrationAt
	}
	un, up := h.contactOf(r, d.UnitID)
	cn, cp := h.contactOf(r, d.CommunityID)
	slip := print.ContactSlip{Head: print.Head{Lang: lang(r), At: h.DB.Now(), Issuer: d.Unit}, Unit: d.Unit, Community: community, Name: d.Name,
		Kind: d.Kind.Text().In(lang(r)), Phone: d.PhoneMask, Home: d.Address, Post: strings.Join(d.Posts, i18n.PaperComma.In(lang(r))), Since: day(r, d.Since),
		UnitContact: strings.TrimSpace(un + " " + up), CommunityContact: strings.TrimSpace(cn + " " + cp)}
	if len(d.Contacts) > 0 {
		slip.Matters = fmt.Sprintf("%s %s", d.Contacts[0].On, d.Contacts[0].Note)
	}
	p, err := h.Printer.ContactSlip(slip)
	if err != nil {
		return err
	}
	return sendPDF(w, d.Name, p)
}

func (h *Handler) contactCardPDF(w http.ResponseWriter, r *http.Request) error {
	d, err := h.memberDetail(r)
	if err != nil {
		return err
	}
	l := lang(r)
	card := print.ContactCard{Holder: d.Name}
	line := func(t i18n.Text, v string) {
		if v != "" {
			card.Lines = append(card.Lines, print.Pair{Name: t.In(l), Value: v})
		}
	}
	name, phone := h.contactOf(r, d.CommunityID)
	line(i18n.MemberCommunity, d.Community)
	line(i18n.OrgContact, strings.TrimSpace(name+" "+phone))
	line(i18n.MemberGrid, d.Grid)
	line(i18n.MemberUnit, d.Unit)
	if no := d.PlaqueAddress(actor(r).Tenant); no != "" && d.PlaqueShown {
		card.QR = h.base(r) + "/p/plaque/" + no
	}
	p, err := h.Printer.ContactCard(print.Head{Lang: l, At: h.DB.Now()}, card)
	if err != nil {
		return err
	}
	return sendPDF(w, d.Name, p)
}

// bookletLimit keeps a booklet to what somebody can carry.
const bookletLimit = 3000

// bookletPDF prints the contacts of the members on the list, unit by unit (MEM-3).
func (h *Handler) bookletPDF(w http.ResponseWriter, r *http.Request) error {
	f := memberFilter(r)
	groups, order := map[string]*print.ContactGroup{}, []string{}
	community, n := "", 0
	err := h.Member.Export(r.Context(), actor(r), f, func(m member.Item) error {
		if n++; n > bookletLimit {
			return nil
		}
		title := m.Unit
		if title == "" {
			title = i18n.PaperOthers.In(lang(r))
		}
		g := groups[title]
		if g == nil {
			g = &print.ContactGroup{Title: title}
			groups[title], order = g, append(order, title)
		}
		if community == "" {
			community = m.Community
		} else if community != m.Community {
			community = "*"
		}
		g.Contacts = append(g.Contacts, print.Contact{Name: m.Name, Role: m.Kind.Text().In(lang(r)), Organisation: m.Home, Phone: m.PhoneMask, Remark: m.Grid})
		return nil
	})
	if err != nil {
		return err
	}
	if community == "*" || community == "" {
		if community = userOf(actor(r)).Org; community == "" {
			community = i18n.MemberTitle.In(lang(r))
		}
	}
	b := print.ContactBooklet{Head: print.Head{Lang: lang(r), At: h.DB.Now()}, Community: community,
		Period: i18n.PaperPeriod.In(lang(r), i18n.Date(h.DB.Now()))}
	for _, t := range order {
		b.Groups = append(b.Groups, *groups[t])
	}
	p, err := h.Printer.ContactBooklet(b)
	if err != nil {
		return err
	}
	return sendPDF(w, i18n.PaperBooklet.In(lang(r), community), p)
}
