package web

import (
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/member"
	"linli/internal/organisation"
	"linli/internal/transfer"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
	view "linli/internal/web/view/transfer"
)

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
