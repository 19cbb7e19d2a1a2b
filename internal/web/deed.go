package web

import (
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/countersign"
	"linli/internal/deed"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/ledger"
	view "linli/internal/web/view/deed"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
)

func (h *Handler) deedRoutes() []route {
	see, propose, decide := may(deed.PermSee, deed.PermDecide), may(deed.PermPropose), may(deed.PermDecide)
	own, proposeOwn := may(deed.PermSeeOwn), may(deed.PermProposeOwn)
	return []route{
		{pattern: "GET /deeds", who: see, serve: h.deeds},
		{pattern: "GET /deeds/export", who: see, serve: h.exportDeeds},
		{pattern: "GET /deeds/new", who: propose, serve: h.newDeed},
		{pattern: "POST /deeds", who: propose, serve: h.createDeed},
		{pattern: "POST /deeds/confirm", who: decide, serve: h.confirmDeeds},
		{pattern: "GET /deeds/{id}", who: see, serve: h.deed},
		{pattern: "POST /deeds/{id}/confirm", who: decide, serve: h.deedAct(i18n.DeedConfirmDone, h.confirmDeed)},
		{pattern: "POST /deeds/{id}/decline", who: decide, serve: h.deedAct(i18n.DeedDeclineDone, h.declineDeed)},
		{pattern: "POST /deeds/{id}/revoke", who: decide, serve: h.deedAct(i18n.DeedRevokeDone, h.revokeDeed)},
		{pattern: "POST /deeds/{id}/correct", who: decide, serve: h.deedAct(i18n.DeedCorrectDone, h.correctDeed)},
		{pattern: "POST /deeds/{id}/code", who: may(deed.PermCountersign), serve: h.issueDeedCode},
		{pattern: "POST /deeds/{id}/objection", who: decide, serve: h.deedAct(i18n.CountersignSettleDone, h.settleDeed)},
		{pattern: "POST /deeds/{id}/countersign", who: decide, serve: h.deedAct(i18n.ActivityRaisedDone, h.countersignDeed)},
		{pattern: "GET /m/deeds/new", who: proposeOwn, serve: h.newOwnDeed},
		{pattern: "POST /m/deeds", who: proposeOwn, serve: h.createOwnDeed},
		{pattern: "GET /m/deeds/{id}", who: own, serve: h.ownDeed},
		{pattern: "POST /m/deeds/{id}/withdraw", who: proposeOwn, serve: h.withdrawDeed},
		{pattern: "POST /m/deeds/{id}/countersign", who: proposeOwn, serve: h.ownDeedCode},
	}
}

func deedFilter(r *http.Request) deed.Filter {
	q := r.URL.Query()
	f := deed.Filter{Search: q.Get("q"), CommunityID: queryID(r, "community"), UnitID: queryID(r, "unit"), MemberID: queryID(r, "member"),
		State: deed.State(q.Get("state")), Proof: ledger.Proof(q.Get("proof")), Objected: q.Get("objected") != "", Page: pageOf(r)}
	f.From, _ = calendar.Parse(q.Get("from")) // an unreadable filter does not filter
	f.To, _ = calendar.Parse(q.Get("to"))
	return f
}

func deedRights(a authz.Actor, community id.ID) view.Rights {
	has := func(p authz.Permission) bool {
		if community == 0 {
			return a.Can(p)
		}
		return a.Scope(p).Covers(community)
	}
	return view.Rights{Propose: has(deed.PermPropose), Decide: has(deed.PermDecide), Countersign: has(deed.PermCountersign)}
}

func (h *Handler) deeds(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Deed.List(r.Context(), actor(r), deedFilter(r))
	if err != nil {
		return err
	}
	return h.show(w, r, view.List(h.page(w, r, i18n.DeedTitle), r.URL.Query(), list.Items, list.Prev, list.Next, deedRights(actor(r), 0)))
}

func (h *Handler) exportDeeds(w http.ResponseWriter, r *http.Request) error {
	f := deedFilter(r)
	type d = deed.Item
	return exportList(h, w, r, i18n.DeedTitle, []exportColumn[d]{
		{title: i18n.DeedName, value: func(v d) any { return v.Title }},
		{title: i18n.DeedMember, value: func(v d) any { return v.MemberName }},
		{title: i18n.DeedUnit, value: func(v d) any { return v.UnitName }},
		{title: i18n.DeedCommunity, value: func(v d) any { return v.CommunityName }},
		{title: i18n.DeedDay, value: func(v d) any { return v.OnDate.String() }},
		{title: i18n.DeedHelped, value: func(v d) any { return v.Helped }},
		{title: i18n.DeedProof, value: func(v d) any { return v.Proof.Label() }},
		{title: i18n.DeedState, value: func(v d) any { return v.State.Label() }},
		{title: i18n.DeedReason, value: func(v d) any { return v.Reason }},
	}, func(ctx context.Context, fn func(d) error) error { return h.Deed.Export(ctx, actor(r), f, fn) })
}

// saidOf reads what is said about a deed.
func saidOf(f *form) deed.Said {
	return deed.Said{Title: f.Text("title", 80), Body: f.Text("body", 1000), OnDate: f.Date("on_date"), Helped: f.Text("helped", 40)}
}

// todayForm is the form of a new deed: of today, unless another day is said.
func (h *Handler) todayForm() field.Form {
	return known(url.Values{"on_date": {calendar.DateOf(h.DB.Now()).String()}})
}

func (h *Handler) deedFrame(w http.ResponseWriter, r *http.Request, title i18n.Text) layout.Page {
	p := h.page(w, r, title)
	p.Breadcrumb = []layout.Crumb{{Text: i18n.DeedTitle.In(lang(r)), Href: "/deeds"}}
	return p
}

func (h *Handler) newDeed(w http.ResponseWriter, r *http.Request) error {
	f := h.todayForm()
	name := ""
	if m := queryID(r, "member"); m != 0 {
		book, err := h.Ledger.Member(r.Context(), actor(r), m, 0)
		if err != nil {
			return err
		}
		name = book.Name
		f.Values.Set("member", m.String())
		f.Filled["member"] = true
	}
	return h.show(w, r, view.New(h.deedFrame(w, r, i18n.DeedNewFor), f, name))
}

func (h *Handler) createDeed(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	n := saidOf(f)
	var made id.ID
	if err = f.Err(); err == nil {
		made, err = h.Deed.ProposeFor(r.Context(), actor(r), f.ID("member"), n)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component {
			return view.New(h.deedFrame(w, r, i18n.DeedNewFor), f.Show(e), f.values.Get("member_text"))
		})
	}
	return h.done(w, r, "/deeds/"+made.String(), i18n.DeedNewDone)
}

func (h *Handler) deed(w http.ResponseWriter, r *http.Request) error {
	body, err := h.deedPage(w, r, nil, nil)
	if err != nil {
		return err
	}
	return h.show(w, r, body)
}

func (h *Handler) deedPage(w http.ResponseWriter, r *http.Request, wrong *field.Form, issued *countersign.Issued) (templ.Component, error) {
	d, err := pathID(r)
	if err != nil {
		return nil, err
	}
	item, err := h.Deed.Get(r.Context(), actor(r), d)
	if err != nil {
		return nil, err
	}
	postings, err := h.Ledger.List(r.Context(), actor(r), ledger.Filter{SourceKind: ledger.SourceDeed, SourceID: d})
	if err != nil {
		return nil, err
	}
	f := known(url.Values{"title": {item.Title}, "body": {item.Body}, "on_date": {item.OnDate.String()}, "helped": {item.Helped}})
	if wrong != nil {
		f = *wrong
	}
	one := view.One{Item: item, Postings: postings.Items}
	if one.Objection, err = h.Deed.Objection(r.Context(), actor(r), d); err != nil {
		return nil, err
	}
	if issued != nil {
		if one.Public, err = h.publicCode(r, *issued); err != nil {
			return nil, err
		}
	}
	return view.Show(h.deedFrame(w, r, i18n.Verbatim(item.Title)), one, f, deedRights(actor(r), item.CommunityID)), nil
}

// deedAct runs an act on the deed in the address; a wrong entry shows the page again.
func (h *Handler) deedAct(said i18n.Text, act func(*http.Request, *form, id.ID) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, err := readForm(r)
		if err != nil {
			return err
		}
		d, err := pathID(r)
		if err != nil {
			return err
		}
		if err = act(r, f, d); err == nil {
			return h.done(w, r, "/deeds/"+d.String(), said, 1)
		}
		return h.again(w, r, err, func(e *errs.Error) templ.Component {
			shown := f.Show(e)
			return orFault(h.deedPage(w, r, &shown, nil))
		})
	}
}

func (h *Handler) confirmDeed(r *http.Request, _ *form, d id.ID) error {
	return h.Deed.Confirm(r.Context(), actor(r), d)
}

func (h *Handler) declineDeed(r *http.Request, f *form, d id.ID) error {
	return h.Deed.Decline(r.Context(), actor(r), d, f.values.Get("reason"))
}

func (h *Handler) revokeDeed(r *http.Request, f *form, d id.ID) error {
	return h.Deed.Revoke(r.Context(), actor(r), d, f.values.Get("reason"))
}

func (h *Handler) correctDeed(r *http.Request, f *form, d id.ID) error {
	c := deed.Correction{Said: saidOf(f), Reason: f.Text("reason", 200), Version: f.Version()}
	if err := f.Err(); err != nil {
		return err
	}
	return h.Deed.Correct(r.Context(), actor(r), d, c)
}

func (h *Handler) settleDeed(r *http.Request, f *form, d id.ID) error {
	return h.Deed.Settle(r.Context(), actor(r), d, f.values.Get("note"))
}

func (h *Handler) countersignDeed(r *http.Request, f *form, d id.ID) error {
	return h.Deed.Countersign(r.Context(), actor(r), d, f.values.Get("code"))
}

// issueDeedCode shows the code at once instead of after a redirect: it is kept nowhere.
func (h *Handler) issueDeedCode(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	d, err := pathID(r)
	if err != nil {
		return err
	}
	issued, err := h.Deed.IssueCode(r.Context(), actor(r), d, f.values.Get("helped"))
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component {
			shown := f.Show(e)
			return orFault(h.deedPage(w, r, &shown, nil))
		})
	}
	body, err := h.deedPage(w, r, nil, &issued)
	if err != nil {
		return err
	}
	return h.show(w, r, body)
}

// confirmDeeds confirms the deeds that were selected on the list: all of them or none.
func (h *Handler) confirmDeeds(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	var picked []id.ID
	for _, s := range f.Strings("id") {
		d, err := id.Parse(s)
		if err != nil {
			return errs.ErrNotFound
		}
		picked = append(picked, d)
	}
	if len(picked) == 0 {
		return h.say(w, r, "/deeds?state=proposed", layout.Flash{Kind: layout.Note, Text: i18n.DeedNothingPicked.In(lang(r))})
	}
	if err := h.Deed.Confirm(r.Context(), actor(r), picked...); err != nil {
		return err
	}
	return h.done(w, r, "/deeds?state=proposed", i18n.DeedConfirmDone, len(picked))
}

func (h *Handler) newOwnDeed(w http.ResponseWriter, r *http.Request) error {
	return h.show(w, r, view.MyNew(h.pocket(w, r, "/m/hours", i18n.DeedNew), h.todayForm()))
}

func (h *Handler) createOwnDeed(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	n := saidOf(f)
	if err = f.Err(); err == nil {
		_, err = h.Deed.Propose(r.Context(), actor(r), n)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component {
			return view.MyNew(h.pocket(w, r, "/m/hours", i18n.DeedNew), f.Show(e))
		})
	}
	return h.done(w, r, "/m/hours", i18n.DeedNewDone)
}

func (h *Handler) ownDeed(w http.ResponseWriter, r *http.Request) error {
	return h.ownDeedWith(w, r, nil)
}

func (h *Handler) ownDeedWith(w http.ResponseWriter, r *http.Request, wrong error) error {
	d, err := pathID(r)
	if err != nil {
		return err
	}
	item, err := h.Deed.Get(r.Context(), actor(r), d)
	if err != nil {
		return err
	}
	p := h.pocket(w, r, "/m/hours", i18n.Verbatim(item.Title))
	p.Active = "/m/hours"
	if wrong != nil {
		return h.again(w, r, wrong, func(e *errs.Error) templ.Component { return view.Mine(p, item, field.Form{Err: e}) })
	}
	return h.show(w, r, view.Mine(p, item, field.Form{}))
}

func (h *Handler) withdrawDeed(w http.ResponseWriter, r *http.Request) error {
	d, err := pathID(r)
	if err != nil {
		return err
	}
	if err := h.Deed.Withdraw(r.Context(), actor(r), d); err != nil {
		return err
	}
	return h.done(w, r, "/m/hours", i18n.DeedWithdrawDone)
}

func (h *Handler) ownDeedCode(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	d, err := pathID(r)
	if err != nil {
		return err
	}
	if err := h.Deed.Countersign(r.Context(), actor(r), d, f.values.Get("code")); err != nil {
		return h.ownDeedWith(w, r, err)
	}
	return h.done(w, r, "/m/deeds/"+d.String(), i18n.ActivityRaisedDone)
}

// ownCode enters the code of the person helped for hours of one's own.
func (h *Handler) ownCode(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	t, err := pathID(r)
	if err != nil {
		return err
	}
	err = h.Activity.Countersign(r.Context(), actor(r), t, f.values.Get("code"))
	if e := errs.As(err); e != nil && (e.Kind == errs.Invalid || e.Kind == errs.Conflict || e.Kind == errs.RateLimited) {
		why := e.Message
		for _, m := range e.Fields {
			why = m
		}
		return h.say(w, r, "/m/hours", layout.Flash{Kind: layout.Failed, Text: why.In(lang(r))})
	}
	if err != nil {
		return err
	}
	return h.done(w, r, "/m/hours", i18n.ActivityRaisedDone)
}
