package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/db"
	"linli/internal/dues"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	view "linli/internal/web/view/dues"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/layout"
	"linli/internal/web/view/partial"
)

func (h *Handler) duesRoutes() []route {
	see, keep, approve, own := may(dues.PermSee, dues.PermKeep), may(dues.PermKeep), may(dues.PermApprove), may(dues.PermOwn)
	birthdays := may(dues.PermBirthdays)
	return []route{
		{pattern: "GET /dues", who: see, serve: h.duesPage},
		{pattern: "GET /dues/export", who: see, serve: h.exportDues},
		{pattern: "GET /dues/print", who: see, serve: h.duesPrint},
		{pattern: "GET /dues/unpaid", who: keep, serve: h.duesUnpaidPage},
		{pattern: "GET /dues/reliefs", who: approve, serve: h.duesReliefsPage},
		{pattern: "POST /dues/reliefs/{id}/answer", who: approve, serve: h.duesAnswer},
		{pattern: "POST /dues/reliefs/{id}/withdraw", who: keep, serve: h.duesWithdraw},
		{pattern: "GET /dues/branches/{id}", who: keep, serve: h.duesSheetPage},
		{pattern: "GET /dues/branches/{id}/export", who: keep, serve: h.exportDuesSheet},
		{pattern: "GET /dues/branches/{id}/bank/file", who: keep, serve: h.exportDuesBank},
		{pattern: "GET /dues/branches/{id}/print", who: keep, serve: h.duesSheetPrint},
		{pattern: "POST /dues/branches/{id}/take", who: keep, serve: h.duesTakeMany},
		{pattern: "GET /dues/members/{id}", who: keep, serve: h.duesMemberPage},
		{pattern: "POST /dues/members/{id}/open", who: keep, serve: h.duesOpenBase},
		{pattern: "POST /dues/members/{id}/base", who: keep, serve: h.acted(saying(i18n.DuesBaseSaved, h.duesBase), view.MemberHref, h.duesMemberShow)},
		{pattern: "POST /dues/members/{id}/take", who: keep, serve: h.acted(saying(i18n.DuesTookOne, h.duesTake), view.MemberHref, h.duesMemberShow)},
		{pattern: "POST /dues/members/{id}/gift", who: keep, serve: h.acted(saying(i18n.DuesTookOne, h.duesGift), view.MemberHref, h.duesMemberShow)},
		{pattern: "POST /dues/members/{id}/relieve", who: keep, serve: h.acted(saying(i18n.DuesReliefSent, h.duesRelieve), view.MemberHref, h.duesMemberShow)},
		{pattern: "POST /dues/payments/{id}/back", who: keep, serve: h.duesBack},
		{pattern: "GET /dues/payments/{id}/receipt.pdf", who: may(dues.PermKeep, dues.PermOwn), serve: h.duesReceipt},
		{pattern: "GET /m/dues", who: own, serve: h.duesOwnPage},
		{pattern: "POST /m/dues/base", who: own, serve: h.duesOwnBase},
		{pattern: "GET /birthdays", who: birthdays, serve: h.birthdaysPage},
		{pattern: "GET /birthdays/export", who: birthdays, serve: h.exportBirthdays},
		{pattern: "GET /birthdays/print", who: birthdays, serve: h.birthdaysPrint},
		{pattern: "POST /birthdays/visit", who: may(dues.PermGreet), serve: h.birthdaysVisit},
	}
}

func (h *Handler) thisMonth() dues.Month { return dues.MonthOf(h.today()) }

// duesFilter reads the period of the totals: the year that runs, if none is asked for.
func (h *Handler) duesFilter(r *http.Request) dues.TotalFilter {
	q, now := r.URL.Query(), h.thisMonth()
	f := dues.TotalFilter{From: dues.NewMonth(now.Year(), 1), To: now, Text: q.Get("q"), Page: pageOf(r)}
	first := now - dues.Month((now.Number()-1)%3)
	switch q.Get("period") {
	case "month":
		f.From = now
	case "last":
		f.From, f.To = now-1, now-1
	case "quarter":
		f.From = first
	case "lastq":
		f.From, f.To = first-3, first-1
	case "lasty":
		f.From, f.To = f.From-12, f.From-1
	}
	return f
}

func (h *Handler) duesTotals(r *http.Request) (view.Totals, error) {
	f := h.duesFilter(r)
	list, err := h.Dues.Totals(r.Context(), actor(r), f)
	return view.Totals{Query: withUsual(r, "period", "year"), From: f.From, To: f.To, Items: list.Items, Prev: list.Prev, Next: list.Next}, err
}

// withUsual is the filters of an address, with the one that holds where none is chosen.
func withUsual(r *http.Request, name, usual string) url.Values {
	q := r.URL.Query()
	if q.Get(name) == "" {
		q.Set(name, usual)
	}
	return q
}

func (h *Handler) duesPage(w http.ResponseWriter, r *http.Request) error {
	t, err := h.duesTotals(r)
	if err != nil {
		return err
	}
	if actor(r).Can(dues.PermKeep) {
		t.Acts = append(t.Acts, partial.Act{Text: i18n.DuesUnpaid, Href: view.UnpaidPath, Icon: icon.Alert})
	}
	if actor(r).Can(dues.PermApprove) {
		t.Acts = append(t.Acts, partial.Act{Text: i18n.DuesReliefs, Href: view.ReliefsPath, Icon: icon.Heart})
	}
	t.Acts = append(t.Acts, partial.Act{Text: i18n.LayoutPrint, Href: partial.Href(view.Path+"/print", t.Query, "", ""), Icon: icon.Print})
	return h.show(w, r, view.TotalsPage(h.page(w, r, i18n.DuesTitle), t))
}

// allTotals reads the totals of every branch that the filters leave.
func (h *Handler) allTotals(r *http.Request, f dues.TotalFilter) func(context.Context, func(dues.Total) error) error {
	return pages(func(ctx context.Context, p db.Page) (db.List[dues.Total], error) {
		f.Page = p
		return h.Dues.Totals(ctx, actor(r), f)
	})
}

func (h *Handler) duesPrint(w http.ResponseWriter, r *http.Request) error {
	f := h.duesFilter(r)
	items, err := first(r.Context(), h.allTotals(r, f), mostPrinted)
	if err != nil {
		return err
	}
	p := h.page(w, r, i18n.DuesTitle)
	p.Back = view.Path
	return h.show(w, r, view.TotalsPaper(p, view.Totals{From: f.From, To: f.To, Items: items}))
}

func (h *Handler) exportDues(w http.ResponseWriter, r *http.Request) error {
	type t = dues.Total
	return exportList(h, w, r, i18n.DuesTitle, []exportColumn[t]{
		{title: i18n.DuesBranch, value: func(v t) any { return v.Branch.Name }},
		{title: i18n.DuesAbove, value: func(v t) any { return v.Above }},
		{title: i18n.DuesMembers, number: true, value: func(v t) any { return v.Members }},
		{title: i18n.DuesWithBase, number: true, value: func(v t) any { return v.Bases }},
		{title: i18n.DuesPaidNow, number: true, value: func(v t) any { return v.Paid }},
		{title: i18n.DuesTaken, value: func(v t) any { return i18n.PlainYuan(v.Amount) }},
		{title: i18n.DuesGifts, value: func(v t) any { return i18n.PlainYuan(v.Gifts) }},
		{title: i18n.DuesWithheld, number: true, value: func(v t) any { return v.Withheld }},
	}, h.allTotals(r, h.duesFilter(r)))
}

func (h *Handler) duesCrumbs(w http.ResponseWriter, r *http.Request, title i18n.Text, args ...any) layout.Page {
	p := h.page(w, r, title, args...)
	p.Active = view.Path
	p.Breadcrumb = []layout.Crumb{{Text: i18n.DuesTitle.In(lang(r)), Href: view.Path}}
	return p
}

// maxSheetRows is how many members a sheet shows at once: a branch is one page.
const maxSheetRows = 200

// sheetFilter reads the branch and the months of a sheet; what is no month is the month that runs.
func (h *Handler) sheetFilter(r *http.Request) (dues.SheetFilter, error) {
	branch, err := pathID(r)
	from, ferr := dues.ParseMonth(r.FormValue("from"))
	to, terr := dues.ParseMonth(r.FormValue("to"))
	if ferr != nil || from == 0 {
		from = h.thisMonth()
	}
	if terr != nil || to < from {
		to = from
	}
	f := dues.SheetFilter{BranchID: branch, From: from, To: min(to, from+11), Page: pageOf(r)}
	f.Page.Limit = maxSheetRows
	return f, err
}

func (h *Handler) duesSheet(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	filter, err := h.sheetFilter(r)
	if err != nil {
		return nil, err
	}
	s := view.Sheet{Query: r.URL.Query(), Form: f, Today: h.today().String(), Now: h.thisMonth()}
	if s.Sheet, err = h.Dues.Sheet(r.Context(), actor(r), filter); err != nil {
		return nil, err
	}
	return view.SheetPage(h.duesCrumbs(w, r, i18n.DuesSheet, s.Branch.Name), s), nil
}

func (h *Handler) duesSheetPage(w http.ResponseWriter, r *http.Request) error {
	body, err := h.duesSheet(w, r, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, body)
}

func (h *Handler) duesSheetPrint(w http.ResponseWriter, r *http.Request) error {
	filter, err := h.sheetFilter(r)
	if err != nil {
		return err
	}
	sh, err := h.Dues.Sheet(r.Context(), actor(r), filter)
	if err != nil {
		return err
	}
	p := h.page(w, r, i18n.DuesSheet, sh.Branch.Name)
	p.Back = view.BranchHref(sh.Branch.ID)
	return h.show(w, r, view.SheetPaper(p, view.Sheet{Sheet: sh}))
}

// allRows reads every member of a sheet.
func (h *Handler) allRows(r *http.Request, f dues.SheetFilter) func(context.Context, func(dues.Row) error) error {
	return pages(func(ctx context.Context, p db.Page) (db.List[dues.Row], error) {
		f.Page = p
		sh, err := h.Dues.Sheet(ctx, actor(r), f)
		return sh.Rows, err
	})
}

func (h *Handler) exportDuesSheet(w http.ResponseWriter, r *http.Request) error {
	type t = dues.Row
	f, err := h.sheetFilter(r)
	if err != nil {
		return err
	}
	return exportList(h, w, r, i18n.DuesTitle, []exportColumn[t]{
		{title: i18n.DuesColName, value: func(v t) any { return v.Name }},
		{title: i18n.DuesColNumber, value: func(v t) any { return v.ID.String() }},
		{title: i18n.DuesFromMonth, value: func(t) any { return f.From.String() }},
		{title: i18n.DuesToMonth, value: func(t) any { return f.To.String() }},
		{title: i18n.DuesDue, value: func(v t) any { return i18n.PlainYuan(v.Charge()) }},
		{title: i18n.DuesPaidSum, value: func(v t) any { return i18n.PlainYuan(v.Paid()) }},
		{title: i18n.DuesOwed, value: func(v t) any { return i18n.PlainYuan(v.Owed) }},
	}, h.allRows(r, f))
}

// exportDuesBank gives a bank what is to be collected: who, number, amount, remark; those who owe nothing are left out. The number comes back with the bank's statement.
func (h *Handler) exportDuesBank(w http.ResponseWriter, r *http.Request) error {
	type t = dues.Row
	f, err := h.sheetFilter(r)
	if err != nil {
		return err
	}
	remark := i18n.DuesRemarkOf.In(lang(r), f.From.String())
	if f.To != f.From {
		remark = i18n.DuesRemarkOf.In(lang(r), i18n.DuesSpan.In(lang(r), f.From.String(), f.To.String()))
	}
	return exportList(h, w, r, i18n.DuesBankTitle, []exportColumn[t]{
		{title: i18n.DuesColName, value: func(v t) any { return v.Name }},
		{title: i18n.DuesColNumber, value: func(v t) any { return v.ID.String() }},
		{title: i18n.DuesColAmount, value: func(v t) any { return i18n.PlainYuan(v.Owed) }},
		{title: i18n.DuesColMonth, value: func(t) any { return f.From.String() }},
		{title: i18n.DuesColTo, value: func(t) any { return f.To.String() }},
		{title: i18n.DuesColRemark, value: func(t) any { return remark }},
	}, func(ctx context.Context, fn func(t) error) error {
		return h.allRows(r, f)(ctx, func(row t) error {
			if row.Owed == 0 {
				return nil
			}
			return fn(row)
		})
	})
}

// fen reads an amount in yuan; 0 if it is empty.
func (f *form) fen(name string) int64 {
	s := strings.TrimSpace(f.values.Get(name))
	if s == "" {
		return 0
	}
	n, err := dues.ParseYuan(s)
	if err != nil {
		f.err = f.err.With(name, i18n.DuesBadAmount)
	}
	return n
}

// month reads a month; none if it is empty.
func (f *form) month(name string) dues.Month {
	m, err := dues.ParseMonth(f.values.Get(name))
	if err != nil {
		f.err = f.err.With(name, i18n.DuesBadMonth)
	}
	return m
}

func (h *Handler) duesTakeMany(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	filter, err := h.sheetFilter(r)
	if err != nil {
		return err
	}
	var all []dues.Taking
	for _, v := range f.Strings("id") {
		m, err := id.Parse(v)
		if err != nil {
			return errs.ErrNotFound
		}
		all = append(all, dues.Taking{MemberID: m, From: filter.From, To: filter.To, Amount: f.fen(dues.AmountField(m)), PaidOn: f.Date("paid_on"), Means: dues.Means(f.Text("means", 20)),
			Confirmed: f.Bool("confirmed")})
	}
	n := 0
	if err = f.Err(); err == nil {
		n, err = h.Dues.TakeMany(r.Context(), actor(r), all)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.duesSheet(w, r, f.Show(e))) })
	}
	return h.done(w, r, view.BranchHref(filter.BranchID)+"?from="+filter.From.String()+"&to="+filter.To.String(), i18n.DuesTaken1, n)
}

func (h *Handler) duesUnpaidPage(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Dues.Unpaid(r.Context(), actor(r), pageOf(r))
	if err != nil {
		return err
	}
	return h.show(w, r, view.UnpaidPage(h.duesCrumbs(w, r, i18n.DuesUnpaid), list.Items, list.Prev, list.Next))
}

func (h *Handler) duesReliefs(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	list, err := h.Dues.Reliefs(r.Context(), actor(r), pageOf(r))
	return view.ReliefsPage(h.duesCrumbs(w, r, i18n.DuesReliefs), list.Items, f, list.Prev, list.Next), err
}

func (h *Handler) duesReliefsPage(w http.ResponseWriter, r *http.Request) error {
	body, err := h.duesReliefs(w, r, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, body)
}

func (h *Handler) duesAnswer(w http.ResponseWriter, r *http.Request) error {
	return h.acted(saying(i18n.DuesReliefDone, func(r *http.Request, f *form, relief id.ID) error {
		err := h.Dues.Answer(r.Context(), actor(r), relief, f.Bool("approve"), f.Text("reason", 200), f.Version())
		return under("reason", "note", err)
	}), func(id.ID) string { return view.ReliefsPath }, h.duesReliefs)(w, r)
}

// under names a field of an error as the form does.
func under(form, name string, err error) error {
	if e := errs.As(err); e != nil {
		if m, ok := e.Fields[name]; ok {
			return errs.Field(form, m.Text, m.Args...)
		}
	}
	return err
}

func (h *Handler) duesWithdraw(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	relief, err := pathID(r)
	if err != nil {
		return err
	}
	member := f.ID("member")
	if err := f.Err(); err != nil {
		return err
	}
	if err := h.Dues.Withdraw(r.Context(), actor(r), relief, f.Version()); err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.duesMember(w, r, member, f.Show(e), nil)) })
	}
	return h.done(w, r, view.MemberHref(member), i18n.DuesReliefEnded)
}
