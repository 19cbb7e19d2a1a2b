package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/authz"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/lovebank"
	"linli/internal/meeting"
	"linli/internal/organisation"
	"linli/internal/venue"
	caseview "linli/internal/web/view/casework"
	view "linli/internal/web/view/exchange"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
	bankview "linli/internal/web/view/lovebank"
	meetingview "linli/internal/web/view/meeting"
)

func (h *Handler) exchangeRoutes() []route {
	see, keep, enter := may(exchange.PermSee), may(exchange.PermKeep), may(exchange.PermEnter)
	adds := may(exchange.PermResources, exchange.PermOffer)
	act := func(done i18n.Text, do func(r *http.Request, f *form, n id.ID) error) func(http.ResponseWriter, *http.Request) error {
		return h.acted(saying(done, do), view.Href, h.needShown)
	}
	return []route{
		{pattern: "GET /needs", who: see, serve: h.needsPage},
		{pattern: "GET /needs/export", who: see, serve: h.exportNeeds},
		{pattern: "GET /needs/new", who: enter, serve: h.needNewPage},
		{pattern: "POST /needs", who: enter, serve: h.needEnter},
		{pattern: "GET /needs/orgs", who: may(exchange.PermKeep, exchange.PermResources), serve: h.needOrgs},
		{pattern: "GET /needs/{id}", who: see, serve: h.needPage},
		{pattern: "POST /needs/{id}/approve", who: keep, serve: act(i18n.ExchangeApproved, func(r *http.Request, f *form, n id.ID) error {
			in, err := publicOf(f)
			if err != nil {
				return err
			}
			return h.Exchange.Approve(r.Context(), actor(r), n, f.Version(), in)
		})},
		{pattern: "POST /needs/{id}/edit", who: keep, serve: act(i18n.ExchangeSaved, func(r *http.Request, f *form, n id.ID) error {
			in, err := publicOf(f)
			if err != nil {
				return err
			}
			return h.Exchange.Edit(r.Context(), actor(r), n, f.Version(), in)
		})},
		{pattern: "POST /needs/{id}/refuse", who: keep, serve: act(i18n.ExchangeSaved, func(r *http.Request, f *form, n id.ID) error {
			return h.Exchange.Refuse(r.Context(), actor(r), n, f.Version(), f.Text("words", exchange.MaxWords))
		})},
		{pattern: "POST /needs/{id}/end", who: keep, serve: act(i18n.ExchangeSaved, func(r *http.Request, f *form, n id.ID) error {
			return h.Exchange.End(r.Context(), actor(r), n, f.Version(), exchange.Outcome(f.Text("outcome", 20)), f.Text("words", exchange.MaxWords))
		})},
		{pattern: "POST /needs/{id}/topic", who: keep, serve: act(i18n.ExchangeTopicDone, func(r *http.Request, f *form, n id.ID) error {
			to := holder(f.Text("to", 40))
			return h.Exchange.RaiseTopic(r.Context(), actor(r), n, f.Version(), exchange.Topic{Title: f.Text("title", 100), BodyID: to.BodyID, OwnerID: to.OwnerID})
		})},
		{pattern: "POST /needs/{id}/topic_back", who: keep, serve: act(i18n.ExchangeTopicBackDone, func(r *http.Request, f *form, n id.ID) error {
			return h.Exchange.TakeBackTopic(r.Context(), actor(r), n, f.Version(), f.Text("words", exchange.MaxWords))
		})},
		{pattern: "GET /needs/{id}/volunteers", who: keep, serve: h.shown(h.needVolunteers)},
		{pattern: "POST /needs/{id}/volunteers", who: keep, serve: h.acted(saying(i18n.ExchangeVolAsked, func(r *http.Request, f *form, n id.ID) error {
			v := f.ID("volunteer")
			if err := f.Err(); err != nil {
				return err
			}
			_, err := h.Exchange.AskVolunteer(r.Context(), actor(r), n, v)
			return err
		}), view.Href, h.needVolunteers)},
		{pattern: "GET /needs/{id}/crew", who: keep, serve: h.shown(h.needCrew)},
		{pattern: "POST /needs/{id}/crew", who: keep, serve: h.acted(saying(i18n.ExchangeSaved, h.deliver(func(_ *http.Request, f *form) (id.ID, error) { return f.ID("pledge"), f.Err() })), view.Href, h.needCrew)},
		{pattern: "GET /need-pledges/{id}/files/{attachment}", who: see, serve: h.oneFile(fileKeeper{file: h.Exchange.File})},
		{pattern: "POST /needs/{id}/enlist", who: keep, serve: act(i18n.ExchangeEnlisted, func(r *http.Request, f *form, n id.ID) error {
			in := exchange.OnBehalf{OrgID: f.ID("org"), Team: f.Text("team", exchange.MaxTitle), NewPledge: exchange.NewPledge{Contact: f.Text("contact", 40)}}
			if err := f.Err(); err != nil {
				return err
			}
			_, err := h.Exchange.Enlist(r.Context(), actor(r), n, in)
			return err
		})},
		{pattern: "POST /needs/{id}/use", who: keep, serve: act(i18n.ExchangeUsed, func(r *http.Request, f *form, n id.ID) error {
			resource, amount := f.ID("resource"), int64(1)
			if f.values.Get("amount") != "" {
				amount = f.Int("amount")
			}
			if err := f.Err(); err != nil {
				return err
			}
			_, err := h.Exchange.Use(r.Context(), actor(r), n, resource, amount)
			return err
		})},
		{pattern: "POST /needs/{id}/agree", who: keep, serve: act(i18n.ExchangeAgreed, func(r *http.Request, f *form, _ id.ID) error {
			return h.Exchange.Agree(r.Context(), actor(r), f.ID("pledge"), f.Version())
		})},
		{pattern: "POST /needs/{id}/share", who: keep, serve: act(i18n.ExchangeShareDone, func(r *http.Request, f *form, _ id.ID) error {
			return h.Exchange.Share(r.Context(), actor(r), f.ID("pledge"), f.Version())
		})},
		{pattern: "POST /needs/{id}/name", who: keep, serve: act(i18n.ExchangeNameDone, func(r *http.Request, f *form, _ id.ID) error {
			return h.Exchange.NameGiver(r.Context(), actor(r), f.ID("pledge"), f.Version())
		})},
		{pattern: "POST /needs/{id}/decline", who: keep, serve: act(i18n.ExchangeSaved, func(r *http.Request, f *form, _ id.ID) error {
			return h.Exchange.Decline(r.Context(), actor(r), f.ID("pledge"), f.Version(), f.Text("words", exchange.MaxWords))
		})},
		{pattern: "POST /needs/{id}/take_back", who: keep, serve: act(i18n.ExchangeSaved, func(r *http.Request, f *form, _ id.ID) error {
			return h.Exchange.TakeBack(r.Context(), actor(r), f.ID("pledge"), f.Version(), f.Text("words", exchange.MaxWords))
		})},
		{pattern: "POST /needs/{id}/deliver", who: keep, serve: act(i18n.ExchangeSaved, h.deliver(func(_ *http.Request, f *form) (id.ID, error) { return f.ID("pledge"), f.Err() }))},
		{pattern: "POST /needs/{id}/confirm", who: keep, serve: act(i18n.ExchangeConfirmed, func(r *http.Request, f *form, _ id.ID) error {
			in := exchange.Rating{Answer: exchange.Answer(f.Text("answer", 10)), Stars: f.Int("stars"), Words: f.Text("words", exchange.MaxWords)}
			return h.Exchange.Confirm(r.Context(), actor(r), f.ID("pledge"), f.Version(), in)
		})},
		{pattern: "POST /needs/{id}/correct", who: keep, serve: act(i18n.ExchangeCorrected, func(r *http.Request, f *form, _ id.ID) error {
			minutes, pieces, help := f.hours("hours"), f.Int("pieces"), f.ID("help")
			if err := f.Err(); err != nil {
				return err
			}
			return h.Exchange.Correct(r.Context(), actor(r), help, minutes, pieces, f.Text("words", exchange.MaxWords))
		})},
		{pattern: "POST /needs/{id}/reveal", who: may(exchange.PermReveal), serve: h.needAsker},
		{pattern: "POST /cases/{id}/need", who: enter, serve: h.needOfCase},
		{pattern: "GET /resources", who: may(exchange.PermSee, exchange.PermOffer), serve: h.resourcesPage},
		{pattern: "GET /resources/export", who: may(exchange.PermSee, exchange.PermOffer), serve: h.exportResources},
		{pattern: "GET /resources/new", who: adds, serve: h.resourceNewPage},
		{pattern: "POST /resources", who: adds, serve: h.resourceAdd},
		{pattern: "GET /resources/{id}", who: may(exchange.PermSee, exchange.PermOffer), serve: h.resourcePage},
		{pattern: "POST /resources/{id}/reveal", who: may(exchange.PermReveal), serve: h.resourceGiver},
		{pattern: "GET /resources/{id}/edit", who: adds, serve: h.resourceEditPage},
		{pattern: "POST /resources/{id}/edit", who: adds, serve: h.resourceEdit},
		{pattern: "POST /resources/{id}/list", who: adds, serve: h.acted(saying(i18n.ExchangeSaved, func(r *http.Request, f *form, n id.ID) error {
			return h.Exchange.ListResource(r.Context(), actor(r), n, f.Version(), f.Bool("listed"))
		}), view.ResourceHref, h.resourceShown)},
		{pattern: "POST /resources/{id}/end", who: adds, serve: h.resourceEnd},
	}
}

// hours reads a number of hours as minutes; 0 if it is empty.
func (f *form) hours(name string) int64 {
	s := strings.TrimSpace(f.values.Get(name))
	if s == "" {
		return 0
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || n != n || n > 1000 || n < -1000 {
		f.err = f.err.With(name, i18n.ErrBadNumber)
		return 0
	}
	if n < 0 {
		return int64(n*60 - 0.5)
	}
	return int64(n*60 + 0.5)
}

// publicOf reads what everybody is to read of a need.
func publicOf(f *form) (exchange.Public, error) {
	in := exchange.Public{Title: f.Text("title", exchange.MaxTitle), Words: f.Text("words", exchange.MaxWords), Skill: f.Text("skill", exchange.MaxSkill), Kind: exchange.Kind(f.Text("kind", 20)), Small: f.Bool("small"),
		Wanted: f.Int("wanted"), Minutes: f.hours("hours"), DueOn: f.Date("due_on")}
	return in, f.Err()
}

// deliver says what was done for a need; which names the pledge.
func (h *Handler) deliver(which func(r *http.Request, f *form) (id.ID, error)) func(r *http.Request, f *form, record id.ID) error {
	return func(r *http.Request, f *form, _ id.ID) error {
		p, err := which(r, f)
		if err != nil {
			return err
		}
		in := exchange.Delivery{OnDate: f.Date("on_date"), Minutes: f.hours("hours"), Pieces: f.Int("pieces"), Words: f.Text("words", exchange.MaxWords)}
		for _, v := range f.Strings("members") {
			m, err := id.Parse(v)
			if err != nil {
				return errs.Field("members", i18n.ErrBadChoice)
			}
			in.Members = append(in.Members, m)
		}
		for _, v := range f.Strings("came") {
			x, err := id.Parse(v)
			if err != nil {
				return errs.Field("came", i18n.ErrBadChoice)
			}
			in.Came = append(in.Came, x)
		}
		if err := f.Err(); err != nil {
			return err
		}
		return h.Exchange.Deliver(r.Context(), actor(r), p, f.Version(), in)
	}
}

func needFilter(r *http.Request) exchange.Filter {
	q := r.URL.Query()
	return exchange.Filter{State: exchange.State(q.Get("state")), Show: q.Get("show"), Wait: q.Get("wait"), Kind: exchange.Kind(q.Get("kind")), Community: queryID(r, "community"), Text: q.Get("q"), ByDue: q.Get("order") == view.ByDue,
		Page: pageOf(r)}
}

func (h *Handler) needsPage(w http.ResponseWriter, r *http.Request) error {
	f := needFilter(r)
	list, err := h.Exchange.List(r.Context(), actor(r), f)
	if err != nil {
		return err
	}
	l := view.List{Query: r.URL.Query(), Items: list.Items, Before: list.Prev, After: list.Next, Enters: actor(r).Can(exchange.PermEnter), Keeps: actor(r).Can(exchange.PermKeep), Today: h.today()}
	if l.First = f.Page.After == (db.Cursor{}) && f.Page.Before == (db.Cursor{}); l.First {
		if l.Summary, err = h.Exchange.Summary(r.Context(), actor(r), f.Community); err != nil {
			return err
		}
	}
	if l.Places, err = h.placeOptions(r, actor(r).Scope(exchange.PermSee)); err != nil {
		return err
	}
	return h.show(w, r, view.Index(h.page(w, r, i18n.ExchangeTitle), l))
}

func (h *Handler) exportNeeds(w http.ResponseWriter, r *http.Request) error {
	type t = exchange.Row
	f := needFilter(r)
	return exportList(h, w, r, i18n.ExchangeTitle, []exportColumn[t]{
		{title: i18n.CaseNo, value: func(v t) any { return v.No }},
		{title: i18n.ExchangeWhat, value: func(v t) any { return v.Title }},
		{title: i18n.ExchangeKind, value: func(v t) any { return v.Kind.Text() }},
		{title: i18n.ExchangeSmall, value: func(v t) any {
			if v.Small {
				return i18n.PartialYes
			}
			return ""
		}},
		{title: i18n.CaseCommunity, value: func(v t) any { return v.Community }},
		{title: i18n.ExchangeHowMany, number: true, value: func(v t) any { return v.Wanted }},
		{title: i18n.ExchangePledges, number: true, value: func(v t) any { return v.Taken }},
		{title: i18n.ExchangeDueOn, value: func(v t) any { return v.DueOn.String() }},
		{title: i18n.ExchangeState, value: func(v t) any { return v.State.Text() }},
		{title: i18n.CaseResult, value: func(v t) any { return v.Outcome.Text() }},
		{title: i18n.CaseReceivedAt, value: func(v t) any { return i18n.DateTime(v.ReceivedAt) }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page = p
		return h.Exchange.List(ctx, actor(r), f)
	}))
}

func (h *Handler) needCrumbs(w http.ResponseWriter, r *http.Request, title i18n.Text) layout.Page {
	p := h.page(w, r, title)
	p.Active = view.Path
	p.Breadcrumb = []layout.Crumb{{Text: i18n.ExchangeTitle.In(lang(r)), Href: view.Path}}
	if !actor(r).Can(exchange.PermSee) { // a unit's liaison sees resources alone
		p.Active, p.Breadcrumb = view.ResourcePath, []layout.Crumb{{Text: i18n.ResourceTitle.In(lang(r)), Href: view.ResourcePath}}
	}
	return p
}

func (h *Handler) needNewPage(w http.ResponseWriter, r *http.Request) error {
	return h.show(w, r, orFault(h.needNew(w, r, field.Form{Values: url.Values{"key": {newKey()}}})))
}

func (h *Handler) needNew(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	n := view.New{Form: f}
	var err error
	if n.Communities, err = h.communityOptions(r, actor(r).Scope(exchange.PermEnter)); err != nil {
		return nil, err
	}
	if at, _ := actor(r).Roots(exchange.PermEnter); len(at) == 1 {
		n.Home = at[0].String()
	}
	return view.NewPage(h.needCrumbs(w, r, i18n.ExchangeNew), n), nil
}

func (h *Handler) needEnter(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	in := exchange.Asking{Kind: exchange.Kind(f.Text("kind", 20)), Small: f.Bool("small"), Body: f.Text("body", exchange.MaxBody), CommunityID: f.ID("community"), Place: f.Text("place", exchange.MaxPlace),
		DueOn: f.Date("due_on"), Name: f.Text("name", 40), Phone: f.Text("phone", 40), Share: f.Bool("share"), Key: needKey(f)}
	var got exchange.Receipt
	if err = f.Err(); err == nil {
		got, err = h.Exchange.Enter(r.Context(), actor(r), in, f.Text("for", 10) == "own")
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.needNew(w, r, f.Show(e))) })
	}
	if got.Code != "" {
		return h.done(w, r, view.Href(got.ID), i18n.ExchangeEntered, got.No, got.Code)
	}
	return h.done(w, r, view.Href(got.ID), i18n.ExchangeSaved)
}

// needKey names one sending of the form of a need.
func needKey(f *form) string {
	return strings.Replace(sendingKey(f, nil), "case-", "need-", 1)
}

// needOrgs answers the choosing of an organisation that helps.
func (h *Handler) needOrgs(w http.ResponseWriter, r *http.Request) error {
	refs, err := h.Organisation.Directory(r.Context(), actor(r), typed(r), []organisation.Kind{organisation.Unit, organisation.Community, organisation.Working}, matchLimit)
	if err != nil {
		return err
	}
	return h.show(w, r, field.Matches(refOptions(r, refs)))
}

func (h *Handler) needPage(w http.ResponseWriter, r *http.Request) error {
	page, err := h.needShown(w, r, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, page)
}

// needShown is the page of a need; sent is the form that was not accepted.
func (h *Handler) needShown(w http.ResponseWriter, r *http.Request, sent field.Form) (templ.Component, error) {
	n, err := pathID(r)
	if err != nil {
		return nil, err
	}
	a := actor(r)
	s := view.Show{Sent: sent, SentBy: sent.Values.Get(formKey), Today: h.today(), Shown: h.label(r, sent.Values.Get("org")), Mine: a.PersonID}
	if s.Detail, err = h.Exchange.Get(r.Context(), a, n); err != nil {
		return nil, err
	}
	s.Keeps = a.Scope(exchange.PermKeep).Covers(s.CommunityID)
	if err := h.needProject(r, &s); err != nil {
		return nil, err
	}
	reveals, err := h.Exchange.MayReveal(r.Context(), a, s.Need)
	if err != nil {
		return nil, err
	}
	if reveals && (s.HasHolder || s.HasPhone || s.CaseID != 0 && s.State.Going()) {
		if s.Purposes, err = h.purposeOptions(r, i18n.CaseWhy); err != nil {
			return nil, err
		}
	}
	if s.CaseID != 0 && a.Can(casework.PermSee) {
		sees, err := h.Casework.Sees(r.Context(), a, s.CaseID)
		if err != nil {
			return nil, err
		}
		if sees {
			s.CaseHref = caseview.Href(s.CaseID)
		}
	}
	if s.OrderID != 0 && a.Scope(lovebank.PermSee).Covers(s.CommunityID) {
		s.OrderHref = bankview.OrderHref(s.OrderID)
	}
	s.Finds, s.Raises, s.Books = s.Kind.Hands(), a.Can(meeting.PermRaise), a.Scope(venue.PermSee)
	if s.Keeps && s.State.Going() && s.TopicID == 0 && s.Raises {
		if s.Topics, err = h.topicOptions(r, a); err != nil {
			return nil, err
		}
	}
	if s.Keeps && s.State == exchange.Open {
		if s.Proposals, err = h.Exchange.Proposals(r.Context(), a, n); err != nil {
			return nil, err
		}
		if a.Can(venue.PermBook) {
			if s.Places, err = h.Exchange.PlacesFor(r.Context(), a, n); err != nil {
				return nil, err
			}
		}
	}
	return view.One(h.needCrumbs(w, r, i18n.Verbatim(view.Title(r.Context(), s.Title, s.Kind, s.No))), s), nil
}

// needVolunteers proposes volunteers for a need; sent is the form that was not accepted.
func (h *Handler) needVolunteers(w http.ResponseWriter, r *http.Request, sent field.Form) (templ.Component, error) {
	n, err := pathID(r)
	if err != nil {
		return nil, err
	}
	v := view.Volunteers{Sent: sent}
	if v.Need, v.Found, err = h.Exchange.VolunteersFor(r.Context(), actor(r), n); err != nil {
		return nil, err
	}
	p := h.needCrumbs(w, r, i18n.ExchangeVolTitle)
	p.Breadcrumb = append(p.Breadcrumb, layout.Crumb{Text: view.Title(r.Context(), v.Title, v.Kind, v.No), Href: view.Href(n)})
	return view.VolunteersPage(p, v), nil
}

// needCrew is the page on which the community enters what a team delivered and who came; it names the people of the team, which is recorded. sent is the form that was not accepted.
func (h *Handler) needCrew(w http.ResponseWriter, r *http.Request, sent field.Form) (templ.Component, error) {
	n, err := pathID(r)
	if err != nil {
		return nil, err
	}
	pledge := queryID(r, "pledge")
	if sent.Values != nil {
		if pledge, err = id.Parse(sent.Values.Get("pledge")); err != nil {
			return nil, errs.ErrNotFound
		}
	}
	c := view.Crew{Sent: sent, Today: h.today()}
	if c.Detail, err = h.Exchange.Get(r.Context(), actor(r), n); err != nil {
		return nil, err
	}
	at := slices.IndexFunc(c.Pledges, func(p exchange.Pledge) bool { return p.ID == pledge })
	if at < 0 || c.Pledges[at].TeamID == 0 || c.Pledges[at].State != exchange.Agreed || !c.State.Going() || !actor(r).Scope(exchange.PermKeep).Covers(c.CommunityID) {
		return nil, errs.ErrNotFound
	}
	c.Pledge = c.Pledges[at]
	if c.Found, err = h.Exchange.Crew(r.Context(), actor(r), c.Pledge); err != nil {
		return nil, err
	}
	p := h.needCrumbs(w, r, i18n.Verbatim(i18n.ExchangeCrewTitle.In(lang(r), c.Pledge.Name)))
	p.Breadcrumb = append(p.Breadcrumb, layout.Crumb{Text: view.Title(r.Context(), c.Title, c.Kind, c.No), Href: view.Href(n)})
	return view.CrewPage(p, c), nil
}

// topicOptions are the bodies and organisations before which the actor may put a topic.
func (h *Handler) topicOptions(r *http.Request, a authz.Actor) ([]field.Option, error) {
	_, to, err := h.Meeting.RaiseWhere(r.Context(), a)
	var out []field.Option
	for _, x := range to {
		out = append(out, field.Option{Value: meetingview.HolderValue(meeting.Holder{BodyID: x.BodyID, OwnerID: x.OwnerID}), Text: i18n.Verbatim(x.Name)})
	}
	return out, err
}

func (h *Handler) needAsker(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	n, err := pathID(r)
	if err != nil {
		return err
	}
	who, err := h.Exchange.Reveal(r.Context(), actor(r), n, f.Text("purpose", 40))
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.needShown(w, r, f.Show(e))) })
	}
	return h.show(w, r, view.Revealed(h.needCrumbs(w, r, i18n.Verbatim(i18n.ExchangeRevealTitle.In(lang(r), who.No))), n, who))
}

// needOfCase makes a need of a case by one press, and goes on to it.
func (h *Handler) needOfCase(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	c, err := pathID(r)
	if err != nil {
		return err
	}
	n, err := h.Exchange.TurnCase(r.Context(), actor(r), c, f.Version())
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.caseShown(w, r, f.Show(e))) })
	}
	return h.done(w, r, view.Href(n), i18n.ExchangeTurned)
}

func resourceFilter(r *http.Request) exchange.ResourceFilter {
	q := r.URL.Query()
	return exchange.ResourceFilter{Kind: exchange.Kind(q.Get("kind")), Terms: exchange.Terms(q.Get("terms")), Place: queryID(r, "place"), Over: q.Get("over") != "", Text: q.Get("q"), Page: pageOf(r)}
}

func (h *Handler) resourcesPage(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Exchange.Resources(r.Context(), actor(r), resourceFilter(r))
	if err != nil {
		return err
	}
	l := view.Resources{Query: r.URL.Query(), Items: list.Items, Before: list.Prev, After: list.Next, Adds: may(exchange.PermResources, exchange.PermOffer).lets(actor(r)), Needs: actor(r).Can(exchange.PermSee), Keeps: actor(r).Can(exchange.PermKeep), Today: h.today()}
	if l.Places, err = h.placeOptions(r, actor(r).Scope(exchange.PermSee)); err != nil {
		return err
	}
	return h.show(w, r, view.ResourceIndex(h.page(w, r, i18n.ResourceTitle), l))
}

func (h *Handler) exportResources(w http.ResponseWriter, r *http.Request) error {
	type t = exchange.Resource
	f, l := resourceFilter(r), lang(r)
	return exportList(h, w, r, i18n.ResourceTitle, []exportColumn[t]{
		{title: i18n.ResourceTitleOf, value: func(v t) any { return v.Title }},
		{title: i18n.ExchangeKind, value: func(v t) any { return v.Kind.Text() }},
		{title: i18n.ResourceGiver, value: func(v t) any { return view.GiverName(lang(r), v) }},
		{title: i18n.ResourcePlace, value: func(v t) any { return v.Place }},
		{title: i18n.ResourceTerms, value: func(v t) any { return view.Price(l, v) }},
		{title: i18n.ResourceLeft, value: func(v t) any { return view.Left(l, v) }},
		{title: i18n.ResourceTimes, value: func(v t) any { return v.Times }},
		{title: i18n.ResourceFrom, value: func(v t) any { return v.ValidFrom.String() }},
		{title: i18n.ResourceUntil, value: func(v t) any { return v.ValidUntil.String() }},
		{title: i18n.ResourceDetail, value: func(v t) any { return v.Detail }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page, f.Bare = p, true
		return h.Exchange.Resources(ctx, actor(r), f)
	}))
}

func (h *Handler) resourceNewPage(w http.ResponseWriter, r *http.Request) error {
	return h.show(w, r, orFault(h.resourceNew(w, r, field.Form{Values: url.Values{}})))
}

func (h *Handler) resourceNew(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	a := actor(r)
	n := view.NewResource{Form: f, Giver: h.label(r, f.Values.Get("org")), Back: view.ResourcePath, To: view.ResourcePath}
	var err error
	if n.Places, err = h.placeOptions(r, a.Scope(exchange.PermResources)); err != nil {
		return nil, err
	}
	if len(n.Places) == 0 {
		n.Back = view.UnitPath
		if n.Orgs, err = h.organisationOptions(r, a.Scope(exchange.PermOffer), organisation.Unit); err != nil {
			return nil, err
		}
	}
	p := h.page(w, r, i18n.ResourceNew)
	p.Active = view.ResourcePath
	p.Breadcrumb = []layout.Crumb{{Text: i18n.ResourceTitle.In(lang(r)), Href: view.ResourcePath}}
	return view.ResourceForm(p, n), nil
}

func (h *Handler) resourceAdd(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	in := offerOf(f)
	if err = f.Err(); err == nil {
		_, err = h.Exchange.AddResource(r.Context(), actor(r), in)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.resourceNew(w, r, f.Show(e))) })
	}
	return h.done(w, r, view.ResourcePath, i18n.ResourceAdded, in.Title)
}

// keepsResource says whether a resource may be changed: as who keeps those of its place, or for the organisation that gives it.
func keepsResource(a authz.Actor, r exchange.Resource) bool {
	return !r.Ended && (a.Scope(exchange.PermResources).Covers(r.PlaceID) || a.Scope(exchange.PermOffer).Covers(r.OrgID))
}

// offerOf reads a resource as it is entered or changed.
func offerOf(f *form) exchange.Offer {
	return exchange.Offer{Kind: exchange.Kind(f.Text("kind", 20)), Title: f.Text("title", exchange.MaxTitle), Detail: f.Text("detail", exchange.MaxWords), Skill: f.Text("skill", exchange.MaxSkill), OrgID: f.ID("org"),
		Giver: f.Text("giver", exchange.MaxTitle), Contact: f.Text("contact", 40), PlaceID: f.ID("place"), Terms: exchange.Terms(f.Text("terms", 10)), Price: f.Text("price", exchange.MaxSkill), Amount: f.Int("amount"),
		Unit: f.Text("unit", 8), Times: f.Text("times", exchange.MaxPlace), ValidFrom: f.Date("valid_from"), ValidUntil: f.Date("valid_until"), Listed: f.Bool("listed"), Version: f.Version()}
}

func (h *Handler) resourceEditPage(w http.ResponseWriter, r *http.Request) error {
	n, err := pathID(r)
	if err != nil {
		return err
	}
	v, err := h.Exchange.Resource(r.Context(), actor(r), n)
	if err != nil {
		return err
	}
	if !keepsResource(actor(r), v) {
		return errs.ErrForbidden
	}
	values := url.Values{"title": {v.Title}, "kind": {string(v.Kind)}, "detail": {v.Detail}, "skill": {v.Skill}, "terms": {string(v.Terms)}, "price": {v.Price}, "unit": {v.Unit}, "times": {v.Times},
		"valid_from": {v.ValidFrom.String()}, "valid_until": {v.ValidUntil.String()}, "version": {strconv.FormatInt(v.Version, 10)}}
	if v.Amount > 0 {
		values.Set("amount", strconv.FormatInt(v.Amount, 10))
	}
	if v.Listed {
		values.Set("listed", "1")
	}
	return h.show(w, r, h.resourceForm(w, r, n, known(values)))
}

// resourceForm is the form in which a resource is changed; f is what was sent, or what stands there.
func (h *Handler) resourceForm(w http.ResponseWriter, r *http.Request, n id.ID, f field.Form) templ.Component {
	return view.ResourceForm(h.resourceCrumbs(w, r, i18n.ResourceEdit.In(lang(r))), view.NewResource{Form: f, Back: view.ResourceHref(n), To: view.ResourceHref(n) + "/edit", Edits: true})
}

func (h *Handler) resourceEdit(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	n, err := pathID(r)
	if err != nil {
		return err
	}
	in := offerOf(f)
	if err = f.Err(); err == nil {
		err = h.Exchange.EditResource(r.Context(), actor(r), n, in)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return h.resourceForm(w, r, n, f.Show(e)) })
	}
	return h.done(w, r, view.ResourceHref(n), i18n.ExchangeSaved)
}

func (h *Handler) resourceCrumbs(w http.ResponseWriter, r *http.Request, title string) layout.Page {
	p := h.page(w, r, i18n.Verbatim(title))
	p.Active = view.ResourcePath
	p.Breadcrumb = []layout.Crumb{{Text: i18n.ResourceTitle.In(lang(r)), Href: view.ResourcePath}}
	return p
}

func (h *Handler) resourcePage(w http.ResponseWriter, r *http.Request) error {
	page, err := h.resourceShown(w, r, field.Form{Values: url.Values{}})
	if err != nil {
		return err
	}
	return h.show(w, r, page)
}

func (h *Handler) resourceShown(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	n, err := pathID(r)
	if err != nil {
		return nil, err
	}
	a := actor(r)
	s := view.ShowResource{Form: f}
	if s.Resource, err = h.Exchange.Resource(r.Context(), a, n); err != nil {
		return nil, err
	}
	s.Keeps, s.Uses = keepsResource(a, s.Resource), a.Can(exchange.PermKeep)
	if s.Offers = !s.Ended && (s.Uses || s.OrgID != 0 && a.Scope(exchange.PermOffer).Covers(s.OrgID)); s.Offers {
		if s.Suits, err = h.Exchange.Suits(r.Context(), a, n); err != nil {
			return nil, err
		}
	}
	if may := a.Scope(exchange.PermReveal); s.HasContact && (may.Covers(s.PlaceID) || s.OrgID != 0 && may.Covers(s.OrgID)) {
		if s.Purposes, err = h.purposeOptions(r, i18n.CaseWhy); err != nil {
			return nil, err
		}
	}
	return view.OneResource(h.resourceCrumbs(w, r, s.Title), s), nil
}

func (h *Handler) resourceGiver(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	n, err := pathID(r)
	if err != nil {
		return err
	}
	who, err := h.Exchange.RevealGiver(r.Context(), actor(r), n, f.Text("purpose", 40))
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.resourceShown(w, r, f.Show(e))) })
	}
	return h.show(w, r, view.RevealedGiver(h.resourceCrumbs(w, r, i18n.ResourceRevealTitle.In(lang(r), who.Title)), n, who))
}

func (h *Handler) resourceEnd(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	n, err := pathID(r)
	if err != nil {
		return err
	}
	if err := h.Exchange.EndResource(r.Context(), actor(r), n, f.Version()); err != nil {
		if e := errs.As(err); e != nil && e.Kind == errs.Conflict {
			return h.say(w, r, view.ResourcePath, failedFlash(e, lang(r)))
		}
		return err
	}
	return h.done(w, r, view.ResourcePath, i18n.ExchangeSaved)
}
