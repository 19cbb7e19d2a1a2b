package web

import (
	"context"
	"net/http"
	"strconv"

	"linli/internal/activity"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/deed"
	"linli/internal/errs"
	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/ledger"
	"linli/internal/web/view/layout"
	view "linli/internal/web/view/ledger"
)

func (h *Handler) ledgerRoutes() []route {
	see, own := may(ledger.PermSee), may(ledger.PermSeeOwn)
	return []route{
		{pattern: "GET /ledger", who: see, serve: h.ledgerMembers},
		{pattern: "GET /ledger/export", who: see, serve: h.exportLedgerMembers},
		{pattern: "GET /ledger/match", who: see, serve: h.matchMembers},
		{pattern: "GET /ledger/postings", who: see, serve: h.ledgerPostings},
		{pattern: "GET /ledger/postings/export", who: see, serve: h.exportPostings},
		{pattern: "GET /ledger/postings/{id}", who: may(ledger.PermSee, ledger.PermSeeOwn), serve: h.ledgerPosting},
		{pattern: "GET /ledger/members/{id}", who: see, serve: h.ledgerMember},
		{pattern: "GET /m/hours", who: own, serve: h.myHours},
		{pattern: "GET /m/postings", who: own, serve: h.myPostings},
	}
}

func ledgerFilter(r *http.Request) ledger.Filter {
	q := r.URL.Query()
	f := ledger.Filter{MemberID: queryID(r, "member"), CommunityID: queryID(r, "community"), UnitID: queryID(r, "unit"), SourceID: queryID(r, "source"),
		Account: ledger.Account(q.Get("account")), Proof: ledger.Proof(q.Get("proof")), SourceKind: q.Get("kind"), Standing: q.Get("standing") != "", Page: pageOf(r)}
	f.Quarter, _ = calendar.ParseQuarter(q.Get("quarter")) // an unreadable filter does not filter
	f.Year, _ = strconv.Atoi(q.Get("year"))
	f.From, _ = calendar.Parse(q.Get("from"))
	f.To, _ = calendar.Parse(q.Get("to"))
	return f
}

func (h *Handler) memberFilter(r *http.Request) ledger.MemberFilter {
	q := r.URL.Query()
	f := ledger.MemberFilter{Search: q.Get("q"), CommunityID: queryID(r, "community"), UnitID: queryID(r, "unit"), Kind: q.Get("kind"),
		Year: h.yearOfQuery(r), Page: pageOf(r)}
	f.Quarter, _ = calendar.ParseQuarter(q.Get("quarter")) // an unreadable filter does not filter
	return f
}

func (h *Handler) ledgerMembers(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Ledger.Members(r.Context(), actor(r), h.memberFilter(r))
	if err != nil {
		return err
	}
	q := r.URL.Query()
	if q.Get("year") == "" && q.Get("quarter") == "" { // the period that is shown is always said
		q.Set("year", strconv.Itoa(h.yearOfQuery(r)))
	}
	years, quarters := view.Period(calendar.DateOf(h.DB.Now()))
	return h.show(w, r, view.Members(h.page(w, r, i18n.LedgerTitle), q, list.Items, list.Prev, list.Next, years, quarters))
}

func (h *Handler) exportLedgerMembers(w http.ResponseWriter, r *http.Request) error {
	f := h.memberFilter(r)
	type m = ledger.Standing
	return exportList(h, w, r, i18n.LedgerTitle, []exportColumn[m]{
		{title: i18n.LedgerMember, value: func(v m) any { return v.Name }},
		{title: i18n.LedgerUnit, value: func(v m) any { return v.UnitName }},
		{title: i18n.LedgerCommunity, value: func(v m) any { return v.CommunityName }},
		{title: i18n.LedgerHours, number: true, value: func(v m) any { return i18n.Hours(v.Totals.Hours.Total()) }},
		{title: i18n.LedgerDeeds, number: true, value: func(v m) any { return v.Totals.Deeds.Total() }},
		{title: i18n.LedgerServices, number: true, value: func(v m) any { return v.Totals.Services }},
		{title: i18n.LedgerTimed, number: true, value: func(v m) any { return i18n.Hours(v.Totals.Hours.Timed) }},
		{title: i18n.LedgerCountersigned, number: true, value: func(v m) any { return i18n.Hours(v.Totals.Hours.Countersigned) }},
		{title: i18n.LedgerVouched, number: true, value: func(v m) any { return i18n.Hours(v.Totals.Hours.Vouched) }},
	}, func(ctx context.Context, fn func(m) error) error { return h.Ledger.ExportMembers(ctx, actor(r), f, fn) })
}

func (h *Handler) ledgerPostings(w http.ResponseWriter, r *http.Request) error {
	f := ledgerFilter(r)
	list, err := h.Ledger.List(r.Context(), actor(r), f)
	if err != nil {
		return err
	}
	withoutNeeds(r, list.Items)
	total, err := h.Ledger.Total(r.Context(), actor(r), f)
	if err != nil {
		return err
	}
	p := h.page(w, r, i18n.LedgerTitle)
	years, quarters := view.Period(calendar.DateOf(h.DB.Now()))
	return h.show(w, r, view.List(p, r.URL.Query(), list.Items, list.Prev, list.Next, total, years, quarters))
}

func (h *Handler) exportPostings(w http.ResponseWriter, r *http.Request) error {
	f := ledgerFilter(r)
	type p = ledger.Item
	return exportList(h, w, r, i18n.LedgerPostings, []exportColumn[p]{
		{title: i18n.LedgerDay, value: func(v p) any { return v.OnDate.String() }},
		{title: i18n.LedgerMember, value: func(v p) any { return v.MemberName }},
		{title: i18n.LedgerUnit, value: func(v p) any { return v.UnitName }},
		{title: i18n.LedgerCommunity, value: func(v p) any { return v.CommunityName }},
		{title: i18n.LedgerAccount, value: func(v p) any { return v.Account.Label() }},
		{title: i18n.LedgerAmount, number: true, value: func(v p) any { return v.Account.Show(v.Amount) }},
		{title: i18n.LedgerProof, value: func(v p) any { return v.Proof.Label() }},
		{title: i18n.LedgerSource, value: func(v p) any { return v.SourceTitle }},
		{title: i18n.LedgerReason, value: func(v p) any { return activity.ReasonText(v.Reason) }},
		{title: i18n.LedgerPostedAt, value: func(v p) any { return i18n.DateTime(v.PostedAt) }},
	}, func(ctx context.Context, fn func(p) error) error { return h.Ledger.Export(ctx, actor(r), f, fn) })
}

func (h *Handler) ledgerPosting(w http.ResponseWriter, r *http.Request) error {
	i, err := pathID(r)
	if err != nil {
		return err
	}
	item, err := h.Ledger.Get(r.Context(), actor(r), i)
	if err != nil {
		return err
	}
	if !actor(r).Can(exchange.PermSee) {
		item.Need = 0
	}
	title := i18n.LedgerPosting
	if item.ReversesID != 0 {
		title = i18n.LedgerReversal
	}
	p := h.page(w, r, title)
	sees := actor(r).Can(ledger.PermSee)
	p.Breadcrumb = []layout.Crumb{{Text: i18n.LedgerTitle.In(lang(r)), Href: "/ledger/postings"}}
	if !sees { // one's own hours
		p.Breadcrumb[0].Href = "/m/postings"
	}
	return h.show(w, r, view.Posting(p, item, sees))
}

func (h *Handler) ledgerMember(w http.ResponseWriter, r *http.Request) error {
	m, err := pathID(r)
	if err != nil {
		return err
	}
	year := h.yearOfQuery(r)
	book, err := h.Ledger.Member(r.Context(), actor(r), m, year)
	if err != nil {
		return err
	}
	postings, err := h.Ledger.List(r.Context(), actor(r), ledger.Filter{MemberID: m, Year: year, Page: db.Page{Limit: 20}})
	if err != nil {
		return err
	}
	withoutNeeds(r, postings.Items)
	p := h.page(w, r, i18n.Verbatim(book.Name))
	p.Breadcrumb = []layout.Crumb{{Text: i18n.LedgerTitle.In(lang(r)), Href: "/ledger"}}
	years, _ := view.Period(calendar.DateOf(h.DB.Now()))
	return h.show(w, r, view.Member(p, book, years, postings.Items))
}

// myHours is a member's own page: hours and deeds of a year, with everything behind them.
func (h *Handler) myHours(w http.ResponseWriter, r *http.Request) error {
	me, err := h.Ledger.Of(r.Context(), actor(r))
	if errs.KindOf(err) == errs.NotFound {
		return errs.New(errs.NotFound, i18n.LedgerNotMember)
	} else if err != nil {
		return err
	}
	year := h.yearOfQuery(r)
	book, err := h.Ledger.Member(r.Context(), actor(r), me.MemberID, year)
	if err != nil {
		return err
	}
	from, to := calendar.On(year, 1, 1), calendar.On(year, 12, 31)
	deeds, err := h.Deed.List(r.Context(), actor(r), deed.Filter{MemberID: me.MemberID, From: from, To: to})
	if err != nil {
		return err
	}
	attended, err := h.Activity.Attendances(r.Context(), actor(r), activity.Attended{MemberID: me.MemberID, From: from, To: to})
	if err != nil {
		return err
	}
	years, _ := view.Period(calendar.DateOf(h.DB.Now()))
	return h.show(w, r, view.Mine(h.pocket(w, r, "", i18n.LedgerMine), book, years, deeds.Items, attended.Items))
}

// myPostings are the postings behind a number of a member's own page.
func (h *Handler) myPostings(w http.ResponseWriter, r *http.Request) error {
	me, err := h.Ledger.Of(r.Context(), actor(r))
	if err != nil {
		return err
	}
	f := ledgerFilter(r)
	f.MemberID = me.MemberID
	list, err := h.Ledger.List(r.Context(), actor(r), f)
	if err != nil {
		return err
	}
	withoutNeeds(r, list.Items)
	total, err := h.Ledger.Total(r.Context(), actor(r), f)
	if err != nil {
		return err
	}
	p := h.pocket(w, r, "/m/hours", i18n.LedgerMyPostings)
	p.Active = "/m/hours"
	return h.show(w, r, view.MyPostings(p, r.URL.Query(), list.Items, list.Next, total))
}

// withoutNeeds takes out of postings the needs that the actor may not open.
func withoutNeeds(r *http.Request, list []ledger.Item) {
	if actor(r).Can(exchange.PermSee) {
		return
	}
	for i := range list {
		list[i].Need = 0
	}
}
