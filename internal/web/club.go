package web

import (
	"net/http"

	"github.com/a-h/templ"

	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/volunteer"
	"linli/internal/web/view/field"
	view "linli/internal/web/view/volunteer"
)

func (h *Handler) clubRoutes() []route {
	manage, see := may(volunteer.PermManage), may(volunteer.PermManage, volunteer.PermSee)
	act := func(name string, said i18n.Text, do func(r *http.Request, f *form, c id.ID) error) route {
		return route{pattern: "POST " + view.ClubsPath + "/{id}/" + name, who: manage, serve: h.acted(saying(said, do), func(c id.ID) string { return view.ClubHref("", c) }, h.clubAgain(name))}
	}
	return []route{
		{pattern: "GET " + view.ClubsPath, who: see, serve: h.clubs},
		{pattern: "GET " + view.ClubsPath + "/new", who: manage, serve: h.shown(h.clubNew)},
		{pattern: "POST " + view.ClubsPath, who: manage, serve: h.clubFound},
		{pattern: "GET " + view.ClubsPath + "/{id}", who: see, serve: h.shown(h.clubAgain(""))},
		act("edit", i18n.VolSaved, func(r *http.Request, f *form, c id.ID) error {
			n, version := clubOf(f), f.Version()
			if err := f.Err(); err != nil {
				return err
			}
			return h.Volunteer.EditClub(r.Context(), actor(r), c, n, version)
		}),
		act("end", i18n.VolEnded, func(r *http.Request, f *form, c id.ID) error {
			return h.Volunteer.EndClub(r.Context(), actor(r), c, f.Version())
		}),
		act("add", i18n.VolSaved, func(r *http.Request, f *form, c id.ID) error {
			p := f.ID("person")
			if err := f.Err(); err != nil {
				return err
			}
			return h.Volunteer.AddFellow(r.Context(), actor(r), c, p)
		}),
		act("remove", i18n.VolSaved, func(r *http.Request, f *form, c id.ID) error {
			return h.Volunteer.RemoveFellow(r.Context(), actor(r), c, f.ID("person"))
		}),
		act("plan", i18n.VolShiftMade, func(r *http.Request, f *form, c id.ID) error {
			e := volunteer.Event{Title: f.Text("title", volunteer.MaxTask), Place: f.Text("place", volunteer.MaxPlace), StartsAt: f.Time("starts_at"), EndsAt: f.Time("ends_at")}
			if err := f.Err(); err != nil {
				return err
			}
			return h.Volunteer.PlanClub(r.Context(), actor(r), c, e)
		}),
	}
}

func clubOf(f *form) volunteer.NewClub {
	return volunteer.NewClub{OrgID: f.ID("org"), Name: f.Text("name", volunteer.MaxName), About: f.Text("about", volunteer.MaxAbout), Place: f.Text("place", volunteer.MaxPlace), Meets: f.Text("meets", volunteer.MaxPlace)}
}

func (h *Handler) clubs(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Volunteer.Clubs(r.Context(), actor(r), volunteer.ClubFilter{OrgID: queryID(r, "org"), Text: r.URL.Query().Get("q"), Page: pageOf(r)})
	if err != nil {
		return err
	}
	l := view.ClubList{Query: r.URL.Query(), Items: list.Items, Before: list.Prev, After: list.Next, Manages: actor(r).Can(volunteer.PermManage)}
	if l.Places, err = h.communityOptions(r, actor(r).Scope(volunteer.PermSee).Or(actor(r).Scope(volunteer.PermManage))); err != nil {
		return err
	}
	return h.show(w, r, view.Clubs(h.page(w, r, i18n.ClubTitle), l))
}

func (h *Handler) clubNew(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	n, err := h.newThing(r, f)
	return view.ClubEdit(h.volunteerCrumbs(w, r, i18n.ClubNew, i18n.ClubTitle, view.ClubsPath), n), err
}

func (h *Handler) clubFound(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	n := clubOf(f)
	var made id.ID
	if err = f.Err(); err == nil {
		made, err = h.Volunteer.FoundClub(r.Context(), actor(r), n)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.clubNew(w, r, f.Show(e))) })
	}
	return h.done(w, r, view.ClubHref("", made), i18n.ClubMade)
}

// clubAgain draws a club at the desk, with the form that was sent.
func (h *Handler) clubAgain(sent string) func(http.ResponseWriter, *http.Request, field.Form) (templ.Component, error) {
	return func(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
		c, err := pathID(r)
		if err != nil {
			return nil, err
		}
		file, err := h.Volunteer.Club(r.Context(), actor(r), c, r.URL.Query().Get("q"))
		if err != nil {
			return nil, err
		}
		return view.ClubPage(h.volunteerCrumbs(w, r, i18n.Verbatim(file.Name), i18n.ClubTitle, view.ClubsPath), view.NewClubPage(file, view.Sent(sent, f), r.URL.Query().Get("q"), h.DB.Now())), nil
	}
}
