package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/calendar"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/organisation"
	"linli/internal/transfer"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/layout"
	"linli/internal/web/view/partial"
	view "linli/internal/web/view/transfer"
)

func (h *Handler) transferRoutes() []route {
	see, start, decide, own := may(transfer.PermSee), may(transfer.PermStart), may(transfer.PermDecide), may(transfer.PermAskOwn)
	either := may(transfer.PermSee, transfer.PermAskOwn)
	act := func(said i18n.Text, do func(*http.Request, *form, id.ID) error) func(http.ResponseWriter, *http.Request) error {
		return h.acted(saying(said, do), view.Href, h.transferShow)
	}
	return []route{
		{pattern: "GET /transfers", who: see, serve: h.transfersPage},
		{pattern: "GET /transfers/export", who: see, serve: h.exportTransfers},
		{pattern: "GET /transfers/branches", who: may(transfer.PermStart, transfer.PermAskOwn), serve: h.transferBranches},
		{pattern: "GET /transfers/away", who: start, serve: h.transferAway},
		{pattern: "GET /transfers/away/export", who: start, serve: h.exportTransferAway},
		{pattern: "POST /transfers/choose", who: start, serve: h.transferChoose},
		{pattern: "GET /transfers/new", who: start, serve: h.transferNewPage},
		{pattern: "POST /transfers", who: start, serve: h.transferStart},
		{pattern: "GET /transfers/in", who: start, serve: h.transferInPage},
		{pattern: "POST /transfers/in", who: start, serve: h.transferNoteIn},
		{pattern: "POST /transfers/receive", who: decide, serve: h.transferReceiveMany},
		{pattern: "GET /transfers/{id}", who: see, serve: h.transferPage},
		{pattern: "POST /transfers/{id}/approve", who: decide, serve: h.acted(h.transferApprove, view.Href, h.transferShow)},
		{pattern: "POST /transfers/{id}/refuse", who: decide, serve: act(i18n.TransferRefuseDone, h.transferRefuse)},
		{pattern: "POST /transfers/{id}/withdraw", who: start, serve: act(i18n.TransferWithdrawDone, h.transferWithdraw)},
		{pattern: "POST /transfers/{id}/issue", who: decide, serve: h.acted(h.transferIssue, view.Href, h.transferShow)},
		{pattern: "POST /transfers/{id}/renew", who: decide, serve: act(i18n.TransferRenewed, h.transferRenew)},
		{pattern: "POST /transfers/{id}/receive", who: decide, serve: act(i18n.TransferReceivedDone, h.transferReceive)},
		{pattern: "POST /transfers/{id}/return", who: decide, serve: act(i18n.TransferReturnDone, h.transferReturn)},
		{pattern: "POST /transfers/{id}/settle", who: decide, serve: act(i18n.TransferSettleDone, h.transferSettle)},
		{pattern: "GET /transfers/{id}/letter/pdf", who: either, serve: h.transferLetter},
		{pattern: "GET /transfers/{id}/receipt/pdf", who: either, serve: h.transferReceipt},
		{pattern: "GET /m/transfer", who: own, serve: h.mineTransfer},
		{pattern: "POST /m/transfer", who: own, serve: h.mineTransferAsk},
		{pattern: "POST /m/transfer/{id}/withdraw", who: own, serve: h.mineTransferWithdraw},
	}
}

func transferFilter(r *http.Request) transfer.Filter {
	q := r.URL.Query()
	sort, desc := strings.CutPrefix(q.Get(partial.SortKey), "-")
	f := transfer.Filter{Text: q.Get("q"), State: transfer.State(q.Get("state")), Direction: transfer.Direction(q.Get("direction")), OrganisationID: queryID(r, "organisation"),
		MemberID: queryID(r, "member"), Sort: transfer.Sort(sort), Desc: desc, Page: pageOf(r)}
	switch q.Get("show") {
	case "open":
		f.Open = true
	case "late":
		f.Overdue = true
	case "back":
		f.Unsettled = true
	}
	return f
}

func (h *Handler) transfersPage(w http.ResponseWriter, r *http.Request) error {
	a, f := actor(r), transferFilter(r)
	list, err := h.Transfer.List(r.Context(), a, f)
	if err != nil {
		return err
	}
	l := view.List{Query: r.URL.Query(), Items: list.Items, Before: list.Prev, After: list.Next, Today: h.Transfer.Today()}
	if l.Counts, err = h.Transfer.Count(r.Context(), a); err != nil {
		return err
	}
	if l.Orgs, err = h.placeOptions(r, a.Scope(transfer.PermSee)); err != nil {
		return err
	}
	if a.Can(transfer.PermStart) {
		l.Acts = append(l.Acts, partial.Act{Text: i18n.TransferAway, Href: view.AwayPath, Icon: icon.Clock}, partial.Act{Text: i18n.TransferNewIn, Href: view.InPath, Icon: icon.Mail},
			partial.Act{Text: i18n.TransferNew, Href: "/members", Look: partial.Primary, Icon: icon.Send})
	}
	if a.Can(transfer.PermDecide) && f.State == transfer.InTransit {
		l.Bulk = []partial.Act{{Text: i18n.TransferReceiveMany, Href: view.Path + "/receive", Look: partial.Primary, Icon: icon.Check}}
	}
	return h.show(w, r, view.ListPage(h.page(w, r, i18n.TransferTitle), l))
}

func (h *Handler) exportTransfers(w http.ResponseWriter, r *http.Request) error {
	type t = transfer.Item
	f, today := transferFilter(r), h.Transfer.Today()
	return exportList(h, w, r, i18n.TransferTitle, []exportColumn[t]{
		{title: i18n.TransferName, value: func(v t) any { return v.Name }},
		{title: i18n.TransferDirection, value: func(v t) any { return v.Direction.Text() }},
		{title: i18n.TransferFromLabel, value: func(v t) any { return v.From }},
		{title: i18n.TransferToLabel, value: func(v t) any { return v.To }},
		{title: i18n.TransferCause, value: func(v t) any { return v.Cause.Text() }},
		{title: i18n.TransferAsked, value: func(v t) any { return v.AskedOn }},
		{title: i18n.TransferState, value: func(v t) any { return v.State.Text() }},
		{title: i18n.TransferLetterNo, value: func(v t) any { return v.LetterNo }},
		{title: i18n.TransferIssuedOn, value: func(v t) any { return v.IssuedOn }},
		{title: i18n.TransferValidTo, value: func(v t) any { return v.ValidTo }},
		{title: i18n.TransferOverdue, number: true, value: func(v t) any {
			if v.State != transfer.Expired {
				return ""
			}
			return int64(v.LateBy(today))
		}},
		{title: i18n.TransferReceiptNo, value: func(v t) any { return v.ReceiptNo }},
		{title: i18n.TransferClosedOn, value: func(v t) any { return v.ClosedOn }},
		{title: i18n.TransferReason, value: func(v t) any { return v.Reason }},
	}, func(ctx context.Context, fn func(t) error) error { return h.Transfer.Export(ctx, actor(r), f, fn) })
}

func (h *Handler) transferCrumbs(w http.ResponseWriter, r *http.Request, title i18n.Text, args ...any) layout.Page {
	p := h.page(w, r, title, args...)
	p.Active = view.Path
	p.Breadcrumb = []layout.Crumb{{Text: i18n.TransferTitle.In(lang(r)), Href: view.Path}}
	return p
}

func (h *Handler) transferReceiveMany(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	ids, err := picked(f)
	if err != nil {
		return err
	}
	if err := h.Transfer.ReceiveMany(r.Context(), actor(r), ids); err != nil {
		return err
	}
	return h.done(w, r, view.Path+"?state="+string(transfer.Received), i18n.TransferReceivedMany, len(ids))
}

// transferShow draws the page of one transfer; f holds what was typed, and what was wrong with it.
func (h *Handler) transferShow(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	x, err := pathID(r)
	if err != nil {
		return nil, err
	}
	a := actor(r)
	if f.Values == nil {
		f.Values = url.Values{}
	}
	s := view.Show{Form: f, Today: h.Transfer.Today()}
	if s.Detail, err = h.Transfer.Get(r.Context(), a, x); err != nil {
		return nil, err
	}
	if s.Limit, err = h.Transfer.Limit(r.Context(), a); err != nil {
		return nil, err
	}
	decide := a.Scope(transfer.PermDecide)
	s.Sends, s.Receives, s.Starts = decide.Covers(s.Sender()), decide.Covers(s.Receiver()), a.Scope(transfer.PermStart).Covers(s.Sender())
	went := s.State == transfer.InTransit || s.State == transfer.Expired || s.State == transfer.Received
	s.Letter, s.Receipt = went && s.Direction != transfer.In, s.State == transfer.Received && s.Direction != transfer.Out
	orgs := a.Scope(organisation.PermSee)
	if s.FromID != 0 && orgs.Covers(s.FromID) {
		s.FromOrg = "/organisations/" + s.FromID.String()
	}
	if s.ToID != 0 && orgs.Covers(s.ToID) {
		s.ToOrg = "/organisations/" + s.ToID.String()
	}
	return view.ShowPage(h.transferCrumbs(w, r, i18n.Verbatim(s.Name)), s), nil
}

func (h *Handler) transferPage(w http.ResponseWriter, r *http.Request) error {
	body, err := h.transferShow(w, r, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, body)
}

func (h *Handler) transferApprove(r *http.Request, f *form, x id.ID) (i18n.Text, []any, error) {
	until := f.Date("valid_to")
	if f.Bool("only") {
		until = calendar.Date{}
	} else if until.IsZero() {
		f.err = f.err.With("valid_to", i18n.ErrRequired)
	}
	if err := f.Err(); err != nil {
		return i18n.Text{}, nil, err
	}
	err := h.Transfer.Approve(r.Context(), actor(r), x, f.Version(), until)
	if until.IsZero() {
		return i18n.TransferApproved, nil, err
	}
	return i18n.TransferIssued, []any{until.String()}, err
}

func (h *Handler) transferIssue(r *http.Request, f *form, x id.ID) (i18n.Text, []any, error) {
	until := f.Date("valid_to")
	if err := f.Err(); err != nil {
		return i18n.Text{}, nil, err
	}
	return i18n.TransferIssued, []any{until.String()}, h.Transfer.Issue(r.Context(), actor(r), x, f.Version(), until)
}

// reasoned reads the reason of an act.
func reasoned(f *form, act func(reason string) error) error {
	reason := f.Text("reason", 200)
	if err := f.Err(); err != nil {
		return err
	}
	return act(reason)
}

func (h *Handler) transferRefuse(r *http.Request, f *form, x id.ID) error {
	return reasoned(f, func(reason string) error { return h.Transfer.Refuse(r.Context(), actor(r), x, f.Version(), reason) })
}

func (h *Handler) transferWithdraw(r *http.Request, f *form, x id.ID) error {
	return reasoned(f, func(reason string) error { return h.Transfer.Withdraw(r.Context(), actor(r), x, f.Version(), reason) })
}

func (h *Handler) transferReturn(r *http.Request, f *form, x id.ID) error {
	return reasoned(f, func(reason string) error { return h.Transfer.Return(r.Context(), actor(r), x, f.Version(), reason) })
}

func (h *Handler) transferRenew(r *http.Request, f *form, x id.ID) error {
	number, issued, until := f.Need("letter_no", 60), f.Date("issued_on"), f.Date("valid_to")
	if err := f.Err(); err != nil {
		return err
	}
	return h.Transfer.Renew(r.Context(), actor(r), x, f.Version(), number, issued, until)
}

func (h *Handler) transferReceive(r *http.Request, f *form, x id.ID) error {
	on, number := f.Date("on"), f.Text("receipt_no", 60)
	if err := f.Err(); err != nil {
		return err
	}
	return h.Transfer.Receive(r.Context(), actor(r), x, f.Version(), on, number)
}

func (h *Handler) transferSettle(r *http.Request, f *form, x id.ID) error {
	return h.Transfer.Settle(r.Context(), actor(r), x, f.Version())
}
