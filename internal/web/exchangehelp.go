package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/authz"
	"linli/internal/errs"
	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/organisation"
	"linli/internal/resident"
	view "linli/internal/web/view/exchange"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
)

// exchangeHelpRoutes are the pages of whoever helps: a member for themselves, a liaison for their unit, a resident as a volunteer.
func (h *Handler) exchangeHelpRoutes() []route {
	var out []route
	for _, side := range view.Sides() {
		who, base, wrap := may(exchange.PermOwn), side.Base(), func(s serving) serving { return s }
		switch side {
		case view.Unit:
			who = may(exchange.PermOffer)
		case view.Resident:
			who, wrap = everyone, func(s serving) serving {
				return h.asResident(h.proven(func(w http.ResponseWriter, r *http.Request, _ resident.Session) error { return s(w, r) }))
			}
		}
		route1 := func(pattern string, s serving) route {
			method, path, _ := strings.Cut(pattern, " ")
			return route{pattern: method + " " + base + path, who: who, serve: wrap(s)}
		}
		act := func(name string, done i18n.Text, do func(r *http.Request, f *form, p id.ID) error) route {
			return route1("POST /pledges/{id}/"+name, h.acted(saying(done, do), func(p id.ID) string { return view.TakingHref(side, p) }, h.takingShown(side)))
		}
		files := fileKeeper{h.Exchange.FileLimits, h.Exchange.AddFiles, h.Exchange.File, h.Exchange.RemoveFile, func(p id.ID) string { return view.TakingHref(side, p) + "#files" },
			func(w http.ResponseWriter, r *http.Request, sent field.Form) (templ.Component, error) {
				if sent.Values == nil {
					sent.Values = url.Values{formKey: {"exchange.file"}}
				}
				return h.takingWith(w, r, side, sent, nil)
			}}
		add := route1("POST /pledges/{id}/files", h.addFiles(files))
		add.upload = true
		out = append(out,
			route1("GET ", h.helpPage(side)),
			route1("GET /{id}", h.cardPage(side)),
			route1("POST /{id}/pledge", h.cardPledge(side)),
			route1("GET /pledges/{id}", h.takingPage(side)),
			route1("POST /pledges/{id}/contact", h.takingContact(side)),
			act("deliver", i18n.HelpDelivered, h.deliver(func(r *http.Request, _ *form) (id.ID, error) { return pathID(r) })),
			act("undeliver", i18n.HelpUndelivered, func(r *http.Request, f *form, p id.ID) error {
				return h.Exchange.Undeliver(r.Context(), actor(r), p, f.Version())
			}),
			act("back", i18n.HelpTakenBack, func(r *http.Request, f *form, p id.ID) error {
				return h.Exchange.TakeBack(r.Context(), actor(r), p, f.Version(), f.Text("words", exchange.MaxWords))
			}),
			add,
			route1("GET /pledges/{id}/files/{attachment}", h.oneFile(files)),
			route1("POST /pledges/{id}/files/{attachment}/remove", h.removeFile(files)),
		)
		if side == view.Unit {
			out = append(out, act("give", i18n.GiveDone, func(r *http.Request, f *form, p id.ID) error {
				return h.Exchange.Give(r.Context(), actor(r), p, f.Version())
			}))
		} else {
			out = append(out, act("accept", i18n.HelpAccepted, func(r *http.Request, f *form, p id.ID) error {
				return h.Exchange.AcceptAsked(r.Context(), actor(r), p, f.Version(), f.Text("contact", 40))
			}))
		}
	}
	return out
}

func (h *Handler) helpFrame(w http.ResponseWriter, r *http.Request, side view.Side, title i18n.Text, inner bool) layout.Page {
	if side == view.Resident {
		p := h.ownFrame(w, r, title)
		if inner {
			p.Breadcrumb = append(p.Breadcrumb, layout.Crumb{Text: i18n.HelpTitle.In(lang(r)), Href: view.ResidentPath})
		}
		return p
	}
	p := h.page(w, r, title)
	if !inner {
		return p
	}
	if side == view.Unit {
		p.Active = view.UnitPath
		p.Breadcrumb = []layout.Crumb{{Text: i18n.HelpUnit.In(lang(r)), Href: view.UnitPath}}
	} else {
		p.Back = view.OwnPath
	}
	return p
}

func (h *Handler) helpPage(side view.Side) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		a := actor(r)
		list, err := h.Exchange.Public(r.Context(), a.Tenant, exchange.CardFilter{Kind: exchange.Kind(r.URL.Query().Get("kind")), Page: pageOf(r)})
		if err != nil {
			return err
		}
		v := view.Helping{Cards: list.Items, Query: r.URL.Query(), Before: list.Prev, After: list.Next, Side: side}
		title := i18n.HelpTitle
		if side == view.Unit {
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
		return h.show(w, r, view.HelpPage(h.helpFrame(w, r, side, title, false), v))
	}
}

func (h *Handler) cardPage(side view.Side) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		page, err := h.cardShown(w, r, side, field.Form{})
		if err != nil {
			return err
		}
		return h.show(w, r, page)
	}
}

// cardShown is one need that somebody could take; what is known of them is filled in.
func (h *Handler) cardShown(w http.ResponseWriter, r *http.Request, side view.Side, sent field.Form) (templ.Component, error) {
	n, err := pathID(r)
	if err != nil {
		return nil, err
	}
	c := view.CardPage{Sent: sent, Side: side, Today: h.today()}
	if c.Card, err = h.Exchange.PublicCard(r.Context(), actor(r).Tenant, n); err != nil {
		return nil, err
	}
	if side == view.Resident {
		_, err := h.Volunteer.Own(r.Context(), actor(r))
		if c.First = errs.KindOf(err) == errs.NotFound; err != nil && !c.First {
			return nil, err
		}
	}
	if side != view.Unit {
		if c.Teams, err = h.Exchange.Teams(r.Context(), actor(r)); err != nil {
			return nil, err
		}
	}
	if side == view.Unit {
		if c.Orgs, err = h.organisationOptions(r, actor(r).Scope(exchange.PermOffer), organisation.Unit); err != nil {
			return nil, err
		}
	}
	return view.Card(h.helpFrame(w, r, side, i18n.HelpTitle, true), c), nil
}

func (h *Handler) cardPledge(side view.Side) func(http.ResponseWriter, *http.Request) error {
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
		org, team := f.ID("org"), f.ID("team")
		var p id.ID
		if err = f.Err(); err == nil {
			switch {
			case side == view.Unit:
				p, err = h.Exchange.PledgeFor(r.Context(), actor(r), n, org, in)
			case team != 0:
				p, err = h.Exchange.PledgeTeam(r.Context(), actor(r), n, team, in)
			default:
				p, err = h.Exchange.Pledge(r.Context(), actor(r), n, in)
			}
		}
		if err != nil {
			return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.cardShown(w, r, side, f.Show(e))) })
		}
		return h.done(w, r, view.TakingHref(side, p), i18n.HelpPledged)
	}
}

func (h *Handler) takingPage(side view.Side) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		page, err := h.takingShown(side)(w, r, field.Form{})
		if err != nil {
			return err
		}
		return h.show(w, r, page)
	}
}

func (h *Handler) takingShown(side view.Side) func(http.ResponseWriter, *http.Request, field.Form) (templ.Component, error) {
	return func(w http.ResponseWriter, r *http.Request, sent field.Form) (templ.Component, error) {
		return h.takingWith(w, r, side, sent, nil)
	}
}

// takingWith is the page of one pledge; with lets the caller add what an act has to show.
func (h *Handler) takingWith(w http.ResponseWriter, r *http.Request, side view.Side, sent field.Form, with func(*view.TakingPage)) (templ.Component, error) {
	n, err := pathID(r)
	if err != nil {
		return nil, err
	}
	a := actor(r)
	t := view.TakingPage{Sent: sent, SentBy: sent.Values.Get(formKey), Side: side, Today: h.today()}
	if t.Taking, err = h.Exchange.Taking(r.Context(), a, n); err != nil {
		return nil, err
	}
	if (t.OrgID != 0) != (side == view.Unit) { // each stands on its own page
		return nil, errs.ErrNotFound
	}
	if side == view.Unit && t.Pledge.State == exchange.Agreed {
		if t.Colleagues, err = h.Exchange.Colleagues(r.Context(), a, t.OrgID); err != nil {
			return nil, err
		}
	}
	if t.Pledge.State == exchange.Agreed {
		if t.Crew, err = h.Exchange.Crew(r.Context(), a, t.Pledge); err != nil {
			return nil, err
		}
	}
	limits, err := h.Exchange.FileLimits(r.Context(), a)
	if err != nil {
		return nil, err
	}
	if t.Limit = megabytes(limits); with != nil {
		with(&t)
	}
	return view.TakingOne(h.helpFrame(w, r, side, i18n.HelpTitle, true), t), nil
}

// takingContact shows whom to call, once, on the page of the pledge.
func (h *Handler) takingContact(side view.Side) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		n, err := pathID(r)
		if err != nil {
			return err
		}
		who, place, err := h.Exchange.Contact(r.Context(), actor(r), n)
		if err != nil {
			if e := errs.As(err); e != nil && e.Kind == errs.Conflict {
				return h.say(w, r, view.TakingHref(side, n), failedFlash(e, lang(r)))
			}
			return err
		}
		page, err := h.takingWith(w, r, side, field.Form{}, func(t *view.TakingPage) { t.Asker, t.Where, t.Shown = who, place, true })
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
