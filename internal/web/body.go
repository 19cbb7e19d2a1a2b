package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"linli/internal/body"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/meeting"
	"linli/internal/organisation"
	view "linli/internal/web/view/body"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
)

func (h *Handler) bodyRoutes() []route {
	see, keep := may(body.PermSee, body.PermKeep), may(body.PermKeep)
	return []route{
		{pattern: "GET /bodies", who: see, serve: h.bodiesPage},
		{pattern: "GET /bodies/export", who: see, serve: h.exportBodies},
		{pattern: "GET /bodies/new", who: keep, serve: h.bodyNewPage},
		{pattern: "POST /bodies", who: keep, serve: h.bodyCreate},
		{pattern: "GET /bodies/{id}", who: see, serve: h.bodyPage},
		{pattern: "GET /bodies/{id}/export", who: see, serve: h.exportSeats},
		{pattern: "GET /bodies/{id}/print", who: see, serve: h.bodyPrint},
		{pattern: "GET /bodies/{id}/edit", who: keep, serve: h.bodyEditPage},
		{pattern: "POST /bodies/{id}/edit", who: keep, serve: h.bodyEdit},
		{pattern: "POST /bodies/{id}/end", who: keep, serve: h.bodyEnd},
		{pattern: "POST /bodies/{id}/seats", who: keep, serve: h.bodyAct(h.seatAdd)},
		{pattern: "POST /bodies/{id}/seats/{seat}/end", who: keep, serve: h.bodyAct(h.seatEnd)},
		{pattern: "POST /bodies/{id}/rules", who: keep, serve: h.bodyAct(h.rulesWrite)},
		{pattern: "POST /bodies/{id}/files", who: keep, serve: h.addFiles(h.rulesFiles()), upload: true},
		{pattern: "GET /bodies/{id}/files/{attachment}", who: may(body.PermSee, body.PermKeep), serve: h.oneFile(h.rulesFiles())},
		{pattern: "POST /bodies/{id}/files/{attachment}/remove", who: keep, serve: h.removeFile(h.rulesFiles())},
		{pattern: "POST /bodies/{id}/rules/read", who: may(body.PermSee), serve: h.bodyAct(h.rulesRead)},
	}
}

func bodyFilter(r *http.Request) body.Filter {
	q := r.URL.Query()
	return body.Filter{Text: q.Get("q"), Kind: body.Kind(q.Get("kind")), LeaderID: queryID(r, "leader"), Organisation: queryID(r, "organisation"), Ended: q.Get("ended") == "1", Page: pageOf(r)}
}

func (h *Handler) bodiesPage(w http.ResponseWriter, r *http.Request) error {
	l, err := h.Body.List(r.Context(), actor(r), bodyFilter(r))
	if err != nil {
		return err
	}
	return h.show(w, r, view.Index(h.page(w, r, i18n.BodyTitle), view.List{Query: r.URL.Query(), Items: l.Items, Before: l.Prev, After: l.Next, Keep: actor(r).Can(body.PermKeep)}))
}

func (h *Handler) exportBodies(w http.ResponseWriter, r *http.Request) error {
	type t = body.Body
	f := bodyFilter(r)
	return exportList(h, w, r, i18n.BodyTitle, []exportColumn[t]{
		{title: i18n.BodyName, value: func(v t) any { return v.Name }},
		{title: i18n.BodyKind, value: func(v t) any { return v.Kind.Text() }},
		{title: i18n.BodyLeader, value: func(v t) any { return v.Leader }},
		{title: i18n.BodySeatCount, number: true, value: func(v t) any { return v.Seats }},
		{title: i18n.BodyFounded, value: func(v t) any { return v.FoundedOn.String() }},
		{title: i18n.BodyTermTo, value: func(v t) any { return v.TermTo.String() }},
		{title: i18n.BodyDocument, value: func(v t) any { return v.Document }},
		{title: i18n.BodyState, value: func(v t) any { return view.StateOf(v).Text }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page = p
		return h.Body.List(ctx, actor(r), f)
	}))
}

func (h *Handler) bodyCrumbs(w http.ResponseWriter, r *http.Request, title i18n.Text, more ...layout.Crumb) layout.Page {
	p := h.page(w, r, title)
	p.Breadcrumb = append([]layout.Crumb{{Text: i18n.BodyTitle.In(lang(r)), Href: view.Path}}, more...)
	return p
}

// leaders are the organisations that the actor may let lead a body; the one for which they work comes first.
func (h *Handler) leaders(r *http.Request) ([]organisation.Ref, error) {
	refs, err := h.organisationsIn(r, actor(r).Scope(body.PermKeep), organisation.Community, organisation.Working, organisation.District)
	if g := actor(r).Grants; len(g) > 0 {
		if i := slices.IndexFunc(refs, func(o organisation.Ref) bool { return o.ID == g[0].Root }); i > 0 {
			own := refs[i]
			refs = slices.Insert(slices.Delete(refs, i, i+1), 0, own)
		}
	}
	return refs, err
}

func (h *Handler) bodyNew(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	leaders, err := h.leaders(r)
	if err != nil {
		return nil, err
	}
	var options []field.Option
	for _, o := range leaders {
		options = append(options, organisationOption(o))
	}
	if f.Values == nil {
		v := url.Values{"kind": {string(body.Conference)}, "founded_on": {h.today().String()}}
		if len(leaders) > 0 {
			v.Set("leader", leaders[0].ID.String())
			v.Set("name", leaders[0].Label+body.Conference.Text().In(i18n.ZH))
		}
		f = known(v)
	}
	return view.Edit(h.bodyCrumbs(w, r, i18n.BodyNew), view.Form{Form: f, To: view.Path, Leaders: options, Save: i18n.BodyNew, Back: view.Path}), nil
}

func (h *Handler) bodyNewPage(w http.ResponseWriter, r *http.Request) error {
	page, err := h.bodyNew(w, r, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, page)
}

func readBody(f *form) body.NewBody {
	return body.NewBody{Kind: body.Kind(f.Need("kind", 40)), Name: f.Need("name", 60), LeaderID: f.ID("leader"), FoundedOn: f.Date("founded_on"), TermTo: f.Date("term_to"), Document: f.Text("document", 120), Version: f.Version()}
}

func (h *Handler) bodyCreate(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	in := readBody(f)
	var made id.ID
	if err = f.Err(); err == nil {
		made, err = h.Body.Create(r.Context(), actor(r), in)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.bodyNew(w, r, f.Show(e))) })
	}
	return h.done(w, r, view.Href(made), i18n.BodyCreated, in.Name)
}

func (h *Handler) bodyEditPage(w http.ResponseWriter, r *http.Request) error {
	d, err := h.bodyDetail(r)
	if err != nil {
		return err
	}
	if !d.Keeps {
		return errs.ErrNotFound
	}
	f := field.Form{Values: url.Values{"kind": {string(d.Kind)}, "name": {d.Name}, "founded_on": {d.FoundedOn.String()}, "term_to": {d.TermTo.String()}, "document": {d.Document}}}
	return h.show(w, r, h.bodyForm(w, r, d, f, d.Version))
}

func (h *Handler) bodyForm(w http.ResponseWriter, r *http.Request, d body.Detail, f field.Form, version int64) templ.Component {
	p := h.bodyCrumbs(w, r, i18n.BodyEditTitle, layout.Crumb{Text: d.Name, Href: view.Href(d.ID)})
	return view.Edit(p, view.Form{Form: f, To: view.Href(d.ID) + "/edit", Version: version, Back: view.Href(d.ID)})
}

func (h *Handler) bodyDetail(r *http.Request) (body.Detail, error) {
	b, err := pathID(r)
	if err != nil {
		return body.Detail{}, err
	}
	return h.Body.Get(r.Context(), actor(r), b)
}

func (h *Handler) bodyEdit(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	d, err := h.bodyDetail(r)
	if err != nil {
		return err
	}
	in := readBody(f)
	if err = f.Err(); err == nil {
		err = h.Body.Edit(r.Context(), actor(r), d.ID, in)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return h.bodyForm(w, r, d, f.Show(e), in.Version) })
	}
	return h.done(w, r, view.Href(d.ID), i18n.BodySaved)
}

func (h *Handler) bodyEnd(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	d, err := h.bodyDetail(r)
	if err != nil {
		return err
	}
	if err := h.Body.End(r.Context(), actor(r), d.ID, f.values.Get("reason")); err != nil {
		return err
	}
	return h.done(w, r, view.Href(d.ID), i18n.BodyEndDone, d.Name)
}

var bodyWords = map[string]i18n.Text{"body.create": i18n.BodyHistCreate, "body.edit": i18n.BodyHistEdit, "body.seat": i18n.BodyHistSeat, "body.seat_end": i18n.BodyHistSeatEnd, "body.rules": i18n.BodyHistRules,
	"body.end": i18n.BodyHistEnd, "body.file_add": i18n.FileHistAdd, "body.file_remove": i18n.FileHistRemove}

// bodyShow gathers the page of a body; sent is the form that was not accepted.
func (h *Handler) bodyShow(r *http.Request, sent field.Form) (view.Show, error) {
	var s view.Show
	var err error
	if s.Detail, err = h.bodyDetail(r); err != nil {
		return s, err
	}
	s.Sent, s.SentName, s.Unit = sent, sent.Values.Get(formKey), sent.Values.Get("organisation_text")
	s.Plans = actor(r).Scope(meeting.PermPlan).Covers(s.LeaderID)
	raise := actor(r).Scope(meeting.PermRaise)
	seen := map[id.ID]bool{}
	if raise.Covers(s.LeaderID) {
		s.Raise, seen[s.LeaderID] = append(s.Raise, field.Option{Value: s.LeaderID.String(), Text: i18n.Verbatim(s.Leader)}), true
	}
	for _, x := range s.Seats {
		if x.To.IsZero() && raise.Covers(x.OrganisationID) && !seen[x.OrganisationID] {
			s.Raise, seen[x.OrganisationID] = append(s.Raise, field.Option{Value: x.OrganisationID.String(), Text: i18n.Verbatim(x.Organisation)}), true
		}
	}
	s.History, err = h.events(r, s.ID, bodyWords)
	return s, err
}

func (h *Handler) bodyOne(w http.ResponseWriter, r *http.Request, sent field.Form) (templ.Component, error) {
	s, err := h.bodyShow(r, sent)
	if err != nil {
		return nil, err
	}
	return view.One(h.bodyCrumbs(w, r, i18n.Verbatim(s.Name)), s), nil
}

func (h *Handler) bodyPage(w http.ResponseWriter, r *http.Request) error {
	page, err := h.bodyOne(w, r, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, page)
}

// bodyAct is one of the acts of a body's page.
func (h *Handler) bodyAct(do act) func(http.ResponseWriter, *http.Request) error {
	return h.acted(do, view.Href, h.bodyOne)
}

func (h *Handler) seatAdd(r *http.Request, f *form, b id.ID) (i18n.Text, []any, error) {
	in := body.NewSeat{OrganisationID: f.ID("organisation"), Name: f.Text("name", 30), Title: f.Text("title", 40), Role: body.Role(f.values.Get("role")), From: f.Date("from")}
	if err := f.Err(); err != nil {
		return i18n.Text{}, nil, err
	}
	return i18n.BodySeatSaved, nil, h.Body.AddSeat(r.Context(), actor(r), b, in)
}

func (h *Handler) seatEnd(r *http.Request, f *form, b id.ID) (i18n.Text, []any, error) {
	seat, err := id.Parse(r.PathValue("seat"))
	if err != nil {
		return i18n.Text{}, nil, errs.ErrNotFound
	}
	return i18n.BodySeatEndDone, nil, h.Body.EndSeat(r.Context(), actor(r), b, seat, calendar.Date{}, f.values.Get("reason"))
}

func (h *Handler) rulesWrite(r *http.Request, f *form, b id.ID) (i18n.Text, []any, error) {
	edition := f.Int("edition")
	return i18n.BodyRulesSaved, []any{edition + 1}, h.Body.WriteRules(r.Context(), actor(r), b, edition, f.values.Get("title"), f.values.Get("text"))
}

func (h *Handler) rulesRead(r *http.Request, f *form, b id.ID) (i18n.Text, []any, error) {
	return i18n.BodyReadDone, nil, h.Body.ReadRules(r.Context(), actor(r), b, f.ID("organisation"))
}

func (h *Handler) bodyPrint(w http.ResponseWriter, r *http.Request) error {
	s, err := h.bodyShow(r, field.Form{})
	if err != nil {
		return err
	}
	p := h.page(w, r, i18n.Verbatim(s.Name))
	p.Back = view.Href(s.ID)
	return h.show(w, r, view.Paper(p, s))
}

func (h *Handler) exportSeats(w http.ResponseWriter, r *http.Request) error {
	type t = body.Seat
	d, err := h.bodyDetail(r)
	if err != nil {
		return err
	}
	return exportList(h, w, r, i18n.BodySeats, []exportColumn[t]{
		{title: i18n.BodyUnit, value: func(v t) any { return v.Organisation }},
		{title: i18n.BodyRep, value: func(v t) any { return v.Name }},
		{title: i18n.BodyPost, value: func(v t) any { return v.Title }},
		{title: i18n.BodyRole, value: func(v t) any { return d.Kind.Role(v.Role) }},
		{title: i18n.BodyFrom, value: func(v t) any { return v.From.String() }},
		{title: i18n.BodyTo, value: func(v t) any { return v.To.String() }},
		{title: i18n.BodyReason, value: func(v t) any { return v.Reason }},
	}, func(_ context.Context, fn func(t) error) error {
		for _, x := range d.Seats {
			if err := fn(x); err != nil {
				return err
			}
		}
		return nil
	})
}
