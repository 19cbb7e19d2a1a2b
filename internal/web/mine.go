package web

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"linli/internal/agreement"
	"linli/internal/errs"
	"linli/internal/feedback"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/member"
	claims "linli/internal/web/view/agreement"
	"linli/internal/web/view/field"
	view "linli/internal/web/view/member"
)

// mine reads the actor's own member record.
func (h *Handler) mine(r *http.Request) (member.Detail, error) {
	m, err := h.Member.Mine(r.Context(), actor(r))
	if err != nil {
		return member.Detail{}, err
	}
	return h.Member.Get(r.Context(), actor(r), m.ID)
}

func (h *Handler) minePage(w http.ResponseWriter, r *http.Request) error {
	return h.mineWith(w, r, field.Form{Values: url.Values{}}, nil)
}

func (h *Handler) mineWith(w http.ResponseWriter, r *http.Request, f field.Form, wrong error) error {
	p := h.page(w, r, i18n.MemberMine)
	m, err := h.mine(r)
	if errs.KindOf(err) == errs.NotFound {
		return h.show(w, r, view.MineNone(p))
	} else if err != nil {
		return err
	}
	d := view.MineData{Detail: m, Form: f, Version: strconv.FormatInt(m.Version, 10)}
	if no := m.PlaqueAddress(actor(r).Tenant); no != "" {
		d.PlaqueURL = "/p/plaque/" + no
	}
	if m.Kind != member.OfCommunity && m.RegistrationID == 0 && actor(r).Can(member.PermRegisterOwn) {
		if d.Proposal, err = h.Member.Propose(r.Context(), actor(r), m.ID); err != nil {
			return err
		}
		if d.Proposal.Last.State == member.Returned {
			d.LastReason = d.Proposal.Last.Reason
		}
		d.Form.Filled = map[string]bool{}
		for name, v := range map[string]string{"community_id": d.Proposal.CommunityID.String(), "skills": d.Proposal.Skills} {
			if v != "" && d.Form.Values.Get(name) == "" {
				d.Form.Values.Set(name, v)
				d.Form.Filled[name] = true
			}
		}
	}
	if wrong == nil {
		return h.show(w, r, view.Mine(p, d))
	}
	return h.again(w, r, wrong, func(e *errs.Error) templ.Component {
		d.Form.Err = e
		return view.Mine(p, d)
	})
}

// mineAct handles a form on the member's own page.
func (h *Handler) mineAct(done i18n.Text, act func(*http.Request, *form, member.Item) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, err := readForm(r)
		if err != nil {
			return err
		}
		m, err := h.Member.Mine(r.Context(), actor(r))
		if err != nil {
			return err
		}
		if err := act(r, f, m); err != nil {
			return h.mineWith(w, r, f.Show(nil), err)
		}
		return h.done(w, r, "/m/member", done, 1)
	}
}

func (h *Handler) mineRegister(r *http.Request, f *form, m member.Item) error {
	st := member.Start{MemberID: m.ID, CommunityID: f.ID("community_id"), Skills: f.Text("skills", 200)}
	if err := f.Err(); err != nil {
		return err
	}
	_, err := h.Member.Start(r.Context(), actor(r), st)
	return err
}

func (h *Handler) mineWithdraw(r *http.Request, _ *form, _ member.Item) error {
	reg, err := pathID(r)
	if err != nil {
		return err
	}
	return h.Member.Withdraw(r.Context(), actor(r), reg)
}

func (h *Handler) minePromise(r *http.Request, f *form, m member.Item) error {
	return h.promiseAdd(r, f, m.ID)
}

func (h *Handler) minePlaque(r *http.Request, f *form, m member.Item) error {
	return h.Member.SetPlaque(r.Context(), actor(r), m.ID, f.Text("motto", 60), f.Bool("shown"), f.Version())
}

// mineCertificate shows the certificate with the code that others scan.
func (h *Handler) mineCertificate(w http.ResponseWriter, r *http.Request) error {
	m, err := h.Member.Mine(r.Context(), actor(r))
	if err != nil {
		return err
	}
	list, err := h.Member.Certificates(r.Context(), actor(r), m.ID)
	if err != nil {
		return err
	}
	d := view.CertificateData{Certificate: list[0], URL: h.base(r) + feedback.CheckPath + list[0].Code}
	if d.QR, err = qrPicture(d.URL); err != nil {
		return err
	}
	return h.show(w, r, view.Certificate(h.pocket(w, r, "/m/member", i18n.CertificateTitle), d))
}

// plaquePage is public: what a member shows of themself.
func (h *Handler) plaquePage(w http.ResponseWriter, r *http.Request) error {
	m, err := h.Member.PublicPlaque(r.Context(), r.PathValue("no"))
	if err != nil {
		return err
	}
	return h.show(w, r, view.Plaque(h.page(w, r, i18n.PlaqueTitle), m))
}

func (h *Handler) mineClaims(w http.ResponseWriter, r *http.Request) error {
	return h.mineClaimsWith(w, r, field.Form{}, nil)
}

func (h *Handler) mineClaimsWith(w http.ResponseWriter, r *http.Request, f field.Form, wrong error) error {
	p := h.page(w, r, i18n.ClaimMine)
	m, err := h.Member.Mine(r.Context(), actor(r))
	if errs.KindOf(err) == errs.NotFound {
		return h.show(w, r, view.MineNone(p))
	} else if err != nil {
		return err
	}
	list, err := h.Agreement.List(r.Context(), actor(r), agreement.Filter{MemberID: m.ID})
	if err != nil {
		return err
	}
	var offers []agreement.OfferItem
	if m.CommunityID != 0 {
		l, err := h.Agreement.Offers(r.Context(), actor(r), agreement.OfferFilter{Free: true, CommunityID: m.CommunityID})
		if err != nil {
			return err
		}
		for _, o := range l.Items {
			if !holds(list.Items, o.ID) {
				offers = append(offers, o)
			}
		}
	}
	if wrong == nil {
		return h.show(w, r, claims.Mine(p, list.Items, offers, m.CommunityID != 0, f))
	}
	return h.again(w, r, wrong, func(e *errs.Error) templ.Component {
		f.Err = e
		return claims.Mine(p, list.Items, offers, m.CommunityID != 0, f)
	})
}

// holds says whether one of the claims stands for a responsibility.
func holds(list []agreement.Item, responsibility id.ID) bool {
	for _, c := range list {
		if c.ResponsibilityID == responsibility && (c.State == agreement.Proposed || c.State == agreement.Agreed) {
			return true
		}
	}
	return false
}

func (h *Handler) mineClaimNew(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	m, err := h.Member.Mine(r.Context(), actor(r))
	if err != nil {
		return err
	}
	made, err := h.Agreement.Propose(r.Context(), actor(r), agreement.NewClaim{ResponsibilityID: f.ID("responsibility_id"), MemberID: m.ID, Sign: true})
	if err != nil {
		return h.mineClaimsWith(w, r, f.Show(nil), err)
	}
	return h.done(w, r, "/m/claims/"+made.String(), i18n.ClaimMineDone)
}

func (h *Handler) mineClaim(w http.ResponseWriter, r *http.Request) error {
	return h.mineClaimWith(w, r, field.Form{Values: url.Values{}}, nil)
}

func (h *Handler) mineClaimWith(w http.ResponseWriter, r *http.Request, f field.Form, wrong error) error {
	d, err := h.claimData(r, "/m/claims/", f)
	if err != nil {
		return err
	}
	d.OnPaper = false
	p := h.pocket(w, r, "/m/claims", i18n.Verbatim(d.Says.Area))
	if wrong == nil {
		return h.show(w, r, claims.Own(p, d))
	}
	return h.again(w, r, wrong, func(e *errs.Error) templ.Component {
		d.Form.Err = e
		return claims.Own(p, d)
	})
}
