package web

import (
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/member"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/layout"
	view "linli/internal/web/view/member"
	"linli/internal/web/view/partial"
)

func registrationFilter(r *http.Request) member.RegistrationFilter {
	q := r.URL.Query()
	return member.RegistrationFilter{State: member.State(q.Get("state")), CommunityID: queryID(r, "community"), UnitID: queryID(r, "unit"), Page: pageOf(r)}
}

// registrationsPage shows what waits first: the inbox of the community.
func (h *Handler) registrationsPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	l, err := h.Member.Registrations(r.Context(), actor(r), registrationFilter(r))
	if err != nil {
		return err
	}
	d := view.ListData[member.RegistrationItem]{Query: q, Items: l.Items, Next: l.Next, Prev: l.Prev}
	if actor(r).Can(member.PermAccept) && q.Get("state") == string(member.Proposed) {
		d.Bulk = []partial.Act{{Text: i18n.RegistrationAcceptN, Href: "/registrations/accept", Look: partial.Primary, Icon: icon.Check}}
	}
	return h.show(w, r, view.Registrations(h.page(w, r, i18n.RegistrationTitle), d))
}

var registrationExport = []exportColumn[member.RegistrationItem]{
	{title: i18n.MemberName, value: func(m member.RegistrationItem) any { return m.Name }},
	{title: i18n.MemberKind, value: func(m member.RegistrationItem) any { return m.Kind.Text() }},
	{title: i18n.MemberUnit, value: func(m member.RegistrationItem) any { return m.Unit }},
	{title: i18n.RegistrationTo, value: func(m member.RegistrationItem) any { return m.Community }},
	{title: i18n.RegistrationBy, value: func(m member.RegistrationItem) any { return m.StartedBy.Text() }},
	{title: i18n.RegistrationAt, value: func(m member.RegistrationItem) any { return m.ProposedAt }},
	{title: i18n.RegistrationState, value: func(m member.RegistrationItem) any { return m.State.Text() }},
	{title: i18n.MemberReasonLabel, value: func(m member.RegistrationItem) any { return m.Reason }},
}

func (h *Handler) registrationsExport(w http.ResponseWriter, r *http.Request) error {
	return exportList(h, w, r, i18n.RegistrationTitle, registrationExport, func(ctx context.Context, fn func(member.RegistrationItem) error) error {
		return h.Member.ExportRegistrations(ctx, actor(r), registrationFilter(r), fn)
	})
}

// picked reads the rows chosen on a list.
func picked(f *form) ([]id.ID, error) {
	var out []id.ID
	for _, s := range f.Strings("id") {
		i, err := id.Parse(s)
		if err != nil {
			return nil, errs.ErrNotFound
		}
		out = append(out, i)
	}
	if len(out) == 0 {
		return nil, errs.New(errs.Invalid, i18n.RegistrationPick)
	}
	return out, nil
}

// registrationsChoose takes the members chosen on the list to the form that reports them.
func (h *Handler) registrationsChoose(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	ids, err := picked(f)
	if err != nil {
		return err
	}
	q := url.Values{}
	for _, i := range ids {
		q.Add("id", i.String())
	}
	http.Redirect(w, r, "/registrations/new?"+q.Encode(), http.StatusSeeOther)
	return nil
}

func (h *Handler) registrationNewPage(w http.ResponseWriter, r *http.Request) error {
	return h.registrationForm(w, r, r.URL.Query()["id"], field.Form{Values: url.Values{}}, nil)
}

// registrationForm shows each member with the community that is known; members who need no registration are named and left out.
func (h *Handler) registrationForm(w http.ResponseWriter, r *http.Request, ids []string, f field.Form, wrong error) error {
	var rows []view.StartRow
	ready := 0
	f.Filled = map[string]bool{}
	for _, s := range ids {
		m, err := id.Parse(s)
		if err != nil {
			return errs.ErrNotFound
		}
		p, err := h.Member.Propose(r.Context(), actor(r), m)
		if err != nil {
			return err
		}
		row := view.StartRow{Proposal: p}
		name := "community." + s
		switch {
		case p.Member.Kind == member.OfCommunity:
			row.Blocked = i18n.RegistrationNotNeeded.In(lang(r), p.Member.Name)
		case p.Open.State == member.Proposed:
			row.Blocked = i18n.RegistrationWaits.In(lang(r), p.Member.Name, p.Member.RegistrationAt, i18n.Date(p.Open.ProposedAt))
		case p.Open.State == member.Accepted:
			row.Blocked = i18n.RegistrationThere.In(lang(r), p.Member.Name, p.Member.RegistrationAt, i18n.Date(p.Open.DecidedAt))
		default:
			ready++
			if chosen := f.Values.Get(name); chosen != "" {
				row.Community = h.label(r, chosen)
			} else if p.CommunityID != 0 {
				f.Values.Set(name, p.CommunityID.String())
				f.Filled[name] = true
			}
			row.Field = f.In(name, i18n.RegistrationTo).Need()
		}
		rows = append(rows, row)
	}
	if len(rows) == 0 {
		return errs.New(errs.Invalid, i18n.RegistrationPick)
	}
	p := h.page(w, r, i18n.RegistrationStart)
	p.Active = "/members"
	p.Breadcrumb = []layout.Crumb{{Text: i18n.MemberTitle.In(lang(r)), Href: "/members"}}
	if wrong == nil {
		return h.show(w, r, view.Start(p, f, rows, ready))
	}
	return h.again(w, r, wrong, func(e *errs.Error) templ.Component {
		f.Err = e
		return view.Start(p, f, rows, ready)
	})
}

func (h *Handler) registrationStart(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	ids, err := picked(f)
	if err != nil {
		return err
	}
	var starts []member.Start
	for _, m := range ids {
		name := "community." + m.String()
		st := member.Start{MemberID: m, CommunityID: f.ID(name)}
		if st.CommunityID == 0 {
			f.err = f.err.With(name, i18n.RegistrationNoCommunity)
		}
		starts = append(starts, st)
	}
	if err = f.Err(); err == nil {
		_, err = h.Member.Start(r.Context(), actor(r), starts...)
	}
	if err != nil {
		return h.registrationForm(w, r, f.Strings("id"), f.Show(nil), err)
	}
	return h.done(w, r, "/registrations", i18n.RegistrationDone, len(starts))
}

func (h *Handler) registrationsAccept(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	ids, err := picked(f)
	if err != nil {
		return err
	}
	if err := h.Member.Accept(r.Context(), actor(r), ids...); err != nil {
		return err
	}
	return h.done(w, r, "/registrations?state=proposed", i18n.RegistrationTaken, len(ids))
}

func (h *Handler) registrationPage(w http.ResponseWriter, r *http.Request) error {
	return h.registrationWith(w, r, field.Form{Values: url.Values{}}, nil)
}

func (h *Handler) registrationWith(w http.ResponseWriter, r *http.Request, f field.Form, wrong error) error {
	reg, err := pathID(r)
	if err != nil {
		return err
	}
	x, err := h.Member.Registration(r.Context(), actor(r), reg)
	if err != nil {
		return err
	}
	a, at := actor(r), view.RegistrationHref(x.ID)
	mayAccept, mayStart := a.Scope(member.PermAccept).Covers(x.CommunityID), a.Scope(member.PermRegister).Covers(x.UnitID)
	var acts []partial.Act
	if x.State == member.Proposed && mayAccept {
		acts = append(acts, partial.Act{Text: i18n.RegistrationReturn, Href: at + "/return", Post: true, Icon: icon.Undo, Confirm: &partial.Confirm{ID: "return",
			Question: i18n.RegistrationOne.In(lang(r), x.Name), Reason: i18n.RegistrationWhy, Form: "registration.return"}},
			partial.Act{Text: i18n.RegistrationAccept, Href: at + "/accept", Post: true, Look: partial.Primary, Icon: icon.Check})
	}
	if x.State == member.Proposed && mayStart {
		acts = append(acts, partial.Act{Text: i18n.RegistrationWithdraw, Href: at + "/withdraw", Post: true, Icon: icon.Undo})
	}
	p := h.page(w, r, i18n.RegistrationOne, x.Name)
	p.Breadcrumb = []layout.Crumb{{Text: i18n.RegistrationTitle.In(lang(r)), Href: "/registrations"}}
	canEnd := x.State == member.Accepted && (mayAccept || mayStart)
	today := calendar.DateOf(h.DB.Now()).String()
	if wrong == nil {
		return h.show(w, r, view.Registration(p, x, acts, f, canEnd, today))
	}
	return h.again(w, r, wrong, func(e *errs.Error) templ.Component {
		f.Err = e
		return view.Registration(p, x, acts, f, canEnd, today)
	})
}

// registrationAct handles one act on a registration and says what happened.
func (h *Handler) registrationAct(done i18n.Text, act func(*http.Request, *form, id.ID) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		reg, err := pathID(r)
		if err != nil {
			return err
		}
		f, err := readForm(r)
		if err != nil {
			return err
		}
		if err := act(r, f, reg); err != nil {
			return h.registrationWith(w, r, f.Show(nil), err)
		}
		return h.done(w, r, "/registrations?state=proposed", done, 1)
	}
}

func (h *Handler) registrationAccept(r *http.Request, _ *form, reg id.ID) error {
	return h.Member.Accept(r.Context(), actor(r), reg)
}

func (h *Handler) registrationReturn(r *http.Request, f *form, reg id.ID) error {
	return h.Member.Return(r.Context(), actor(r), reg, f.values.Get("reason"))
}

func (h *Handler) registrationWithdraw(r *http.Request, _ *form, reg id.ID) error {
	return h.Member.Withdraw(r.Context(), actor(r), reg)
}

func (h *Handler) registrationEnd(r *http.Request, f *form, reg id.ID) error {
	on := f.Date("on")
	if err := f.Err(); err != nil {
		return err
	}
	return h.Member.EndRegistration(r.Context(), actor(r), reg, on, f.values.Get("reason"))
}

func (h *Handler) registrationMove(r *http.Request, f *form, reg id.ID) error {
	to := f.ID("community_id")
	if to == 0 {
		f.err = f.err.With("community_id", i18n.RegistrationNoCommunity)
	}
	if err := f.Err(); err != nil {
		return err
	}
	_, err := h.Member.Move(r.Context(), actor(r), reg, to, f.values.Get("reason"))
	return err
}
