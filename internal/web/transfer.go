package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/feedback"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/member"
	"linli/internal/organisation"
	"linli/internal/print"
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

// transferBranches answers the choosing of a receiving branch.
func (h *Handler) transferBranches(w http.ResponseWriter, r *http.Request) error {
	refs, err := h.Organisation.Directory(r.Context(), actor(r), typed(r), []organisation.Kind{organisation.Branch, organisation.Community}, matchLimit)
	if err != nil {
		return err
	}
	return h.show(w, r, field.Matches(refOptions(r, refs)))
}

func (h *Handler) transferAway(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Transfer.Away(r.Context(), actor(r), transfer.AwayFilter{HomeID: queryID(r, "home"), Page: pageOf(r)})
	if err != nil {
		return err
	}
	return h.show(w, r, view.AwayPage(h.transferCrumbs(w, r, i18n.TransferAway), view.Away{Query: r.URL.Query(), Items: list.Items, Before: list.Prev, After: list.Next, Today: h.Transfer.Today()}))
}

func (h *Handler) exportTransferAway(w http.ResponseWriter, r *http.Request) error {
	type t = transfer.Away
	today, f := h.Transfer.Today(), transfer.AwayFilter{HomeID: queryID(r, "home")}
	return exportList(h, w, r, i18n.TransferAway, []exportColumn[t]{
		{title: i18n.TransferName, value: func(v t) any { return v.Name }},
		{title: i18n.TransferMineHome, value: func(v t) any { return v.Home }},
		{title: i18n.FloatingPlace, value: func(v t) any { return v.Place }},
		{title: i18n.FloatingOther, value: func(v t) any { return v.Branch }},
		{title: i18n.TransferAwaySince, value: func(v t) any { return v.Since }},
		{title: i18n.FactMonths, number: true, value: func(v t) any { return int64(v.Months(today)) }},
		{title: i18n.FloatingLast, value: func(v t) any { return v.LastContact }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page = p
		return h.Transfer.Away(ctx, actor(r), f)
	}))
}

func (h *Handler) transferCrumbs(w http.ResponseWriter, r *http.Request, title i18n.Text, args ...any) layout.Page {
	p := h.page(w, r, title, args...)
	p.Active = view.Path
	p.Breadcrumb = []layout.Crumb{{Text: i18n.TransferTitle.In(lang(r)), Href: view.Path}}
	return p
}

// transferChoose takes the members chosen on the list to the form.
func (h *Handler) transferChoose(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	ids, err := picked(f)
	if err != nil {
		return err
	}
	if len(ids) > transfer.MaxMany {
		return errs.New(errs.Invalid, i18n.TransferTooMany, transfer.MaxMany)
	}
	q := url.Values{}
	for _, i := range ids {
		q.Add("id", i.String())
	}
	http.Redirect(w, r, view.NewPath+"?"+q.Encode(), http.StatusSeeOther)
	return nil
}

// transferNewPage arrives with the members chosen, or with all of a branch, and what is known of where they go.
func (h *Handler) transferNewPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	ids := q["id"]
	if home := queryID(r, "home"); home != 0 {
		l, err := h.Member.List(r.Context(), actor(r), member.Filter{HomeID: home, Page: db.Page{Limit: transfer.MaxMany}})
		if err != nil {
			return err
		}
		for _, m := range l.Items {
			ids = append(ids, m.ID.String())
		}
	}
	if len(ids) == 0 {
		return h.say(w, r, "/members", layout.Flash{Kind: layout.Note, Text: i18n.TransferPick.In(lang(r))})
	}
	f := field.Form{Values: url.Values{"member": ids, "direction": {q.Get("direction")}}, Filled: map[string]bool{"member": true}}
	for _, name := range []string{"cause", "outside", "to_id"} {
		if v := q.Get(name); v != "" {
			f.Values.Set(name, v)
			f.Filled[name] = true
		}
	}
	return h.transferForm(w, r, f, ids, nil, nil)
}

// transferForm draws the form that starts transfers; refused says who stands in the way, err what was wrong.
func (h *Handler) transferForm(w http.ResponseWriter, r *http.Request, f field.Form, offered []string, refused []transfer.Refusal, err error) error {
	var ids []id.ID
	for _, s := range offered {
		if m, perr := id.Parse(s); perr == nil {
			ids = append(ids, m)
		}
	}
	if len(ids) == 0 || len(ids) > transfer.MaxMany {
		return errs.New(errs.Invalid, i18n.TransferNobody)
	}
	names, nerr := h.Member.Names(r.Context(), actor(r), ids...)
	if nerr != nil {
		return nerr
	}
	d := view.Start{Form: f, Direction: transfer.Inside, Issue: actor(r).Can(transfer.PermDecide), Today: h.Transfer.Today().String(), Refused: refused,
		To: h.label(r, f.Values.Get("to_id")), Cancel: "/members"}
	if f.Values.Get("direction") == string(transfer.Out) {
		d.Direction = transfer.Out
	}
	for _, m := range ids {
		n, there := names[m]
		if !there {
			return errs.ErrNotFound
		}
		d.Members = append(d.Members, field.Option{Value: m.String(), Text: i18n.Verbatim(n.Name), Note: n.Organisation})
	}
	if len(ids) == 1 {
		d.Cancel = "/members/" + ids[0].String()
	}
	limit, lerr := h.Transfer.Limit(r.Context(), actor(r))
	if lerr != nil {
		return lerr
	}
	d.Limit, d.Latest = limit, h.Transfer.Today().AddDays(int(limit)).String()
	p := h.transferCrumbs(w, r, i18n.TransferNew)
	if err == nil {
		return h.show(w, r, view.StartPage(p, d))
	}
	return h.again(w, r, err, func(e *errs.Error) templ.Component {
		d.Err = e
		return view.StartPage(p, d)
	})
}

func transferRoute(f *form) transfer.Route {
	return transfer.Route{Direction: transfer.Direction(f.Text("direction", 10)), ToID: f.ID("to_id"), Outside: f.Text("outside", 80), Address: f.Text("address", 120),
		Cause: transfer.Cause(f.Need("cause", 20)), Note: f.Text("note", 200)}
}

func (h *Handler) transferStart(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	b := transfer.Batch{Route: transferRoute(f), Good: f.Bool("good"), Issue: f.Bool("issue"), ValidTo: f.Date("valid_to")}
	for _, s := range f.Strings("member") {
		m, err := id.Parse(s)
		if err != nil {
			return errs.ErrNotFound
		}
		b.Members = append(b.Members, m)
	}
	var out transfer.Started
	if err = f.Err(); err == nil {
		out, err = h.Transfer.Start(r.Context(), actor(r), b)
	}
	if err != nil {
		offered := f.Strings("member")
		if len(offered) == 0 {
			return err
		}
		return h.transferForm(w, r, f.Show(nil), offered, out.Refused, err)
	}
	switch {
	case len(out.IDs) == 1:
		return h.done(w, r, view.Href(out.IDs[0]), i18n.TransferStarted, 1)
	case len(out.Refused) > 0:
		return h.done(w, r, view.Path, i18n.TransferStartedSome, len(out.IDs), len(out.Refused))
	}
	return h.done(w, r, view.Path, i18n.TransferStarted, len(out.IDs))
}

func (h *Handler) transferInForm(w http.ResponseWriter, r *http.Request, f field.Form, err error) error {
	d := view.In{Form: f, Today: h.Transfer.Today().String(), Receive: actor(r).Can(transfer.PermDecide), To: h.label(r, f.Values.Get("to_id"))}
	p := h.transferCrumbs(w, r, i18n.TransferNewIn)
	if err == nil {
		return h.show(w, r, view.InPage(p, d))
	}
	return h.again(w, r, err, func(e *errs.Error) templ.Component {
		d.Err = e
		return view.InPage(p, d)
	})
}

// transferInPage arrives with the branch of who enters, where it is one.
func (h *Handler) transferInPage(w http.ResponseWriter, r *http.Request) error {
	f := field.Form{Values: url.Values{"standing": {string(member.Full)}, "cause": {string(transfer.Moved)}}, Filled: map[string]bool{"standing": true, "cause": true}}
	for _, g := range actor(r).Grants {
		if !g.Permissions[transfer.PermStart] || g.All || g.Root == 0 {
			continue
		}
		if o, err := h.Organisation.Get(r.Context(), actor(r), g.Root); err == nil && transfer.Branch(string(o.Kind)) {
			f.Values.Set("to_id", g.Root.String())
			f.Filled["to_id"] = true
			break
		}
	}
	return h.transferInForm(w, r, f, nil)
}

func (h *Handler) transferNoteIn(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	n := transfer.NewIn{ToID: f.ID("to_id"), Someone: transfer.Someone{Name: f.Need("name", 60), IDNumber: f.Need("id_number", 30), Phone: f.Text("phone", 30)},
		Outside: f.Need("outside", 80), LetterNo: f.Need("letter_no", 60), IssuedOn: f.Date("issued_on"), ValidTo: f.Date("valid_to"), Standing: f.Text("standing", 20),
		JoinedOn: f.Date("joined_on"), FullOn: f.Date("full_on"), Cause: transfer.Cause(f.Need("cause", 20)), Note: f.Text("note", 200), Receive: f.Bool("receive")}
	var out id.ID
	if err = f.Err(); err == nil {
		out, err = h.Transfer.NoteIn(r.Context(), actor(r), n)
	}
	if err != nil {
		return h.transferInForm(w, r, f.Show(nil), err)
	}
	if n.Receive {
		return h.done(w, r, view.Href(out), i18n.TransferNotedDone, n.Name)
	}
	return h.done(w, r, view.Href(out), i18n.TransferNoted, n.Name)
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

// transferHead is the head of a paper of a transfer.
func (h *Handler) transferHead(r *http.Request, p transfer.Printed, issuer string) print.Head {
	return print.Head{Lang: lang(r), At: p.Paper.IssuedAt, Number: p.Paper.Number, Issuer: issuer,
		Verify: print.Verification{Code: p.Paper.Code, URL: h.base(r) + feedback.CheckPath + p.Paper.Code}}
}

func (h *Handler) transferLetter(w http.ResponseWriter, r *http.Request) error {
	x, err := pathID(r)
	if err != nil {
		return err
	}
	p, err := h.Transfer.LetterOf(r.Context(), actor(r), x)
	if err != nil {
		return err
	}
	l := lang(r)
	on, _ := calendar.Parse(p.Letter.Issued) // the letter was written by the program
	until, _ := calendar.Parse(p.Letter.Until)
	out := print.TransferLetter{Head: h.transferHead(r, p, p.Letter.From), From: p.Letter.From, To: p.Letter.To, Address: p.Letter.Address, Name: p.Letter.Name,
		Sex: code.Sex(p.Letter.Sex).Text().In(l), Ethnic: code.EthnicGroups.Label(p.Letter.Ethnic).In(l), Standing: member.Standing(p.Letter.Standing).Text().In(l), IDMask: p.Letter.IDMask,
		On: day(r, on), Until: day(r, until), Days: on.DaysUntil(until)}
	if born, err := calendar.Parse(p.Letter.Born); err == nil {
		out.Age = i18n.PostAgeValue.In(l, strconv.Itoa(born.YearsUntil(on)))
	}
	pdf, err := h.Printer.TransferLetter(out)
	if err != nil {
		return err
	}
	return sendPDF(w, i18n.PaperTransfer.In(l), pdf)
}

func (h *Handler) transferReceipt(w http.ResponseWriter, r *http.Request) error {
	x, err := pathID(r)
	if err != nil {
		return err
	}
	p, err := h.Transfer.ReceiptOf(r.Context(), actor(r), x)
	if err != nil {
		return err
	}
	on, _ := calendar.Parse(p.Receipt.On) // written by the program
	pdf, err := h.Printer.TransferReceipt(print.TransferReceipt{Head: h.transferHead(r, p, p.Receipt.To), LetterNo: p.Receipt.LetterNo, From: p.Receipt.From, To: p.Receipt.To,
		Name: p.Receipt.Name, On: day(r, on)})
	if err != nil {
		return err
	}
	return sendPDF(w, i18n.PaperReceipt.In(lang(r)), pdf)
}

func (h *Handler) mineTransfer(w http.ResponseWriter, r *http.Request) error {
	return h.mineTransferWith(w, r, field.Form{Values: url.Values{"direction": {r.URL.Query().Get("direction")}}}, nil)
}

func (h *Handler) mineTransferWith(w http.ResponseWriter, r *http.Request, f field.Form, wrong error) error {
	own, err := h.Transfer.Mine(r.Context(), actor(r))
	if err != nil {
		return err
	}
	d := view.Mine{Own: own, Form: f, Direction: transfer.Inside, To: h.label(r, f.Values.Get("to_id"))}
	if f.Values.Get("direction") == string(transfer.Out) {
		d.Direction = transfer.Out
	}
	if o := own.Open(); o != nil {
		d.Letter = o.Direction != transfer.In && (o.State == transfer.InTransit || o.State == transfer.Expired)
	}
	p := h.pocket(w, r, "/m/member", i18n.TransferMine)
	if wrong == nil {
		return h.show(w, r, view.MinePage(p, d))
	}
	return h.again(w, r, wrong, func(e *errs.Error) templ.Component {
		d.Form.Err = e
		return view.MinePage(p, d)
	})
}

func (h *Handler) mineTransferAsk(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	own, err := h.Transfer.Mine(r.Context(), actor(r))
	if err != nil {
		return err
	}
	route := transferRoute(f)
	if err = f.Err(); err == nil {
		_, err = h.Transfer.Ask(r.Context(), actor(r), route)
	}
	if err != nil {
		return h.mineTransferWith(w, r, f.Show(nil), err)
	}
	return h.done(w, r, view.MinePath, i18n.TransferMineAsked, own.Home)
}

func (h *Handler) mineTransferWithdraw(w http.ResponseWriter, r *http.Request) error {
	x, err := pathID(r)
	if err != nil {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	if err := h.Transfer.Withdraw(r.Context(), actor(r), x, f.Version(), ""); err != nil {
		return err
	}
	return h.done(w, r, view.MinePath, i18n.TransferWithdrawDone)
}
