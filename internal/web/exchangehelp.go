package web

import (
	"net/http"

	"github.com/a-h/templ"

	"linli/internal/authz"
	"linli/internal/errs"
	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/organisation"
	view "linli/internal/web/view/exchange"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
)

// exchangeHelpRoutes are the pages of whoever helps: a member for themselves, a liaison for their unit.
func (h *Handler) exchangeHelpRoutes() []route {
	var out []route
	for _, unit := range []bool{false, true} {
		who, base := may(exchange.PermOwn), view.Base(unit)
		if unit {
			who = may(exchange.PermOffer)
		}
		act := func(done i18n.Text, do func(r *http.Request, f *form, p id.ID) error) func(http.ResponseWriter, *http.Request) error {
			return h.acted(saying(done, do), func(p id.ID) string { return view.TakingHref(unit, p) }, h.takingShown(unit))
		}
		out = append(out,
			route{pattern: "GET " + base, who: who, serve: h.helpPage(unit)},
			route{pattern: "GET " + base + "/{id}", who: who, serve: h.cardPage(unit)},
			route{pattern: "POST " + base + "/{id}/pledge", who: who, serve: h.cardPledge(unit)},
			route{pattern: "GET " + base + "/pledges/{id}", who: who, serve: h.takingPage(unit)},
			route{pattern: "POST " + base + "/pledges/{id}/contact", who: who, serve: h.takingContact(unit)},
			route{pattern: "POST " + base + "/pledges/{id}/deliver", who: who, serve: act(i18n.HelpDelivered, h.deliver(func(r *http.Request, _ *form) (id.ID, error) { return pathID(r) }))},
			route{pattern: "POST " + base + "/pledges/{id}/undeliver", who: who, serve: act(i18n.HelpUndelivered, func(r *http.Request, f *form, p id.ID) error {
				return h.Exchange.Undeliver(r.Context(), actor(r), p, f.Version())
			})},
			route{pattern: "POST " + base + "/pledges/{id}/back", who: who, serve: act(i18n.HelpTakenBack, func(r *http.Request, f *form, p id.ID) error {
				return h.Exchange.TakeBack(r.Context(), actor(r), p, f.Version(), f.Text("words", exchange.MaxWords))
			})},
		)
		if unit {
			out = append(out, route{pattern: "POST " + base + "/pledges/{id}/give", who: who, serve: act(i18n.GiveDone, func(r *http.Request, f *form, p id.ID) error {
				return h.Exchange.Give(r.Context(), actor(r), p, f.Version())
			})})
		}
	}
	return out
}

func (h *Handler) helpFrame(w http.ResponseWriter, r *http.Request, unit bool, title i18n.Text, inner bool) layout.Page {
	p := h.page(w, r, title)
	if !inner {
		return p
	}
	if unit {
		p.Active = view.UnitPath
		p.Breadcrumb = []layout.Crumb{{Text: i18n.HelpUnit.In(lang(r)), Href: view.UnitPath}}
	} else {
		p.Back = view.OwnPath
	}
	return p
}

func (h *Handler) helpPage(unit bool) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		a := actor(r)
		list, err := h.Exchange.Public(r.Context(), a.Tenant, exchange.CardFilter{Kind: exchange.Kind(r.URL.Query().Get("kind")), Page: pageOf(r)})
		if err != nil {
			return err
		}
		v := view.Helping{Cards: list.Items, Query: r.URL.Query(), Before: list.Prev, After: list.Next, Unit: unit}
		title := i18n.HelpTitle
		if unit {
			title = i18n.HelpUnit
			if v.Helping, err = h.Exchange.OfOrganisations(r.Context(), a); err != nil {
				return err
			}
			orgs, err := h.organisationsIn(r, a.Scope(exchange.PermOffer), organisation.Unit)
			if err != nil {
				return err
			}
			for _, o := range orgs {
				v.Orgs = append(v.Orgs, o.Name)
			}
			v.Adds = true
		} else if v.Helping, err = h.Exchange.Own(r.Context(), a); err != nil {
			return err
		}
		return h.show(w, r, view.HelpPage(h.helpFrame(w, r, unit, title, false), v))
	}
}

func (h *Handler) cardPage(unit bool) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		page, err := h.cardShown(w, r, unit, field.Form{})
		if err != nil {
			return err
		}
		return h.show(w, r, page)
	}
}

// cardShown is one need that somebody could take; what is known of them is filled in.
func (h *Handler) cardShown(w http.ResponseWriter, r *http.Request, unit bool, sent field.Form) (templ.Component, error) {
	n, err := pathID(r)
	if err != nil {
		return nil, err
	}
	c := view.CardPage{Sent: sent, Unit: unit, Today: h.today()}
	if c.Card, err = h.Exchange.PublicCard(r.Context(), actor(r).Tenant, n); err != nil {
		return nil, err
	}
	if unit {
		if c.Orgs, err = h.organisationOptions(r, actor(r).Scope(exchange.PermOffer), organisation.Unit); err != nil {
			return nil, err
		}
	}
	return view.Card(h.helpFrame(w, r, unit, i18n.HelpTitle, true), c), nil
}

func (h *Handler) cardPledge(unit bool) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, err := readForm(r)
		if err != nil {
			return err
		}
		n, err := pathID(r)
		if err != nil {
			return err
		}
		in := exchange.NewPledge{Said: f.Text("said", exchange.MaxWords), Contact: f.Text("contact", 40)}
		org := f.ID("org")
		var p id.ID
		if err = f.Err(); err == nil {
			if unit {
				p, err = h.Exchange.PledgeFor(r.Context(), actor(r), n, org, in)
			} else {
				p, err = h.Exchange.Pledge(r.Context(), actor(r), n, in)
			}
		}
		if err != nil {
			return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.cardShown(w, r, unit, f.Show(e))) })
		}
		return h.done(w, r, view.TakingHref(unit, p), i18n.HelpPledged)
	}
}

func (h *Handler) takingPage(unit bool) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		page, err := h.takingShown(unit)(w, r, field.Form{})
		if err != nil {
			return err
		}
		return h.show(w, r, page)
	}
}

func (h *Handler) takingShown(unit bool) func(http.ResponseWriter, *http.Request, field.Form) (templ.Component, error) {
	return func(w http.ResponseWriter, r *http.Request, sent field.Form) (templ.Component, error) {
		return h.takingWith(w, r, unit, sent, nil)
	}
}

// takingWith is the page of one pledge; with lets the caller add what an act has to show.
func (h *Handler) takingWith(w http.ResponseWriter, r *http.Request, unit bool, sent field.Form, with func(*view.TakingPage)) (templ.Component, error) {
	n, err := pathID(r)
	if err != nil {
		return nil, err
	}
	a := actor(r)
	t := view.TakingPage{Sent: sent, SentBy: sent.Values.Get(formKey), Unit: unit, Today: h.today()}
	if t.Taking, err = h.Exchange.Taking(r.Context(), a, n); err != nil {
		return nil, err
	}
	if (t.OrgID != 0) != unit { // each stands on its own page
		return nil, errs.ErrNotFound
	}
	if unit && t.Pledge.State == exchange.Agreed {
		if t.Colleagues, err = h.Exchange.Colleagues(r.Context(), a, t.OrgID); err != nil {
			return nil, err
		}
	}
	if with != nil {
		with(&t)
	}
	return view.TakingOne(h.helpFrame(w, r, unit, i18n.HelpTitle, true), t), nil
}

// takingContact shows whom to call, once, on the page of the pledge.
func (h *Handler) takingContact(unit bool) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		n, err := pathID(r)
		if err != nil {
			return err
		}
		who, place, err := h.Exchange.Contact(r.Context(), actor(r), n)
		if err != nil {
			if e := errs.As(err); e != nil && e.Kind == errs.Conflict {
				return h.say(w, r, view.TakingHref(unit, n), failedFlash(e, lang(r)))
			}
			return err
		}
		page, err := h.takingWith(w, r, unit, field.Form{}, func(t *view.TakingPage) { t.Asker, t.Where, t.Shown = who, place, true })
		if err != nil {
			return err
		}
		return h.show(w, r, page)
	}
}

// caseNeed is the need of a case on its page: the one that was made from it, or the press that makes one.
func (h *Handler) caseNeed(r *http.Request, a authz.Actor, c id.ID, version int64, can bool) (templ.Component, error) {
	if a.Can(exchange.PermSee) {
		n, there, err := h.Exchange.OfCase(r.Context(), a, c)
		if err != nil {
			return nil, err
		}
		if there {
			return view.OfCase(n), nil
		}
	}
	if !can || !a.Can(exchange.PermEnter) {
		return nil, nil
	}
	return view.TurnCase(c, version), nil
}
