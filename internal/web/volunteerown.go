package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/errs"
	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/resident"
	"linli/internal/volunteer"
	exchangeview "linli/internal/web/view/exchange"
	"linli/internal/web/view/field"
	view "linli/internal/web/view/volunteer"
)

// volunteerOwnRoutes are one's own pages: behind a member's account, and behind a resident's.
func (h *Handler) volunteerOwnRoutes() (out []route) {
	for _, d := range []volunteerDoor{
		{Door: view.Door{Base: view.MinePath}, who: may(volunteer.PermOwn), wrap: func(s serving) serving { return s }},
		{Door: view.Door{Base: view.OwnPath, Look: view.Public}, who: everyone, wrap: func(s serving) serving {
			return h.asResident(h.proven(func(w http.ResponseWriter, r *http.Request, _ resident.Session) error { return s(w, r) }))
		}},
	} {
		out = append(out, h.ownVolunteerRoutes(d)...)
	}
	return out
}

func (h *Handler) ownVolunteerRoutes(d volunteerDoor) []route {
	at := func(pattern string, s serving) route {
		method, path, _ := strings.Cut(pattern, " ")
		return route{pattern: method + " " + d.Base + path, who: d.who, serve: d.wrap(s)}
	}
	one := func(name string, said i18n.Text, do func(r *http.Request, f *form) error) route {
		return at("POST /"+name, func(w http.ResponseWriter, r *http.Request) error {
			f, err := readForm(r)
			if err != nil {
				return err
			}
			if err = do(r, f); err == nil {
				err = f.Err()
			}
			if err != nil {
				return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.volunteerMine(d, name)(w, r, f.Show(e))) })
			}
			return h.done(w, r, d.Base, said)
		})
	}
	// on is an act on a team, a shift or a sign-up that leads back to one's own page and says there what was wrong.
	on := func(path string, said i18n.Text, do func(r *http.Request, f *form, of id.ID) error) route {
		return at("POST "+path, h.acted(saying(said, do), func(id.ID) string { return d.Base }, h.volunteerMine(d, "")))
	}
	out := []route{
		at("GET ", h.shown(h.volunteerMine(d, ""))),
		one("register", i18n.VolOpened, func(r *http.Request, f *form) error {
			v := volunteerFields(f)
			if err := f.Err(); err != nil {
				return err
			}
			_, err := h.Volunteer.Register(r.Context(), actor(r), v)
			return err
		}),
		one("correct", i18n.VolSaved, func(r *http.Request, f *form) error {
			v, version := volunteerFields(f), f.Version()
			if err := f.Err(); err != nil {
				return err
			}
			return h.Volunteer.CorrectOwn(r.Context(), actor(r), v, version)
		}),
		one("end", i18n.VolEnded, func(r *http.Request, _ *form) error { return h.Volunteer.EndOwn(r.Context(), actor(r)) }),
		one("certify", i18n.VolCertMade, func(r *http.Request, f *form) error {
			from, to := f.Date("from_on"), f.Date("to_on")
			if err := f.Err(); err != nil {
				return err
			}
			_, err := h.Volunteer.CertifyOwn(r.Context(), actor(r), from, to)
			return err
		}),
		at("GET /certificates/{paper}/pdf", func(w http.ResponseWriter, r *http.Request) error {
			c, err := paperID(r)
			if err != nil {
				return err
			}
			said, err := h.Volunteer.PaperOwn(r.Context(), actor(r), c)
			if err != nil {
				return err
			}
			return h.servicePDF(w, r, said)
		}),
		at("GET /feedback", func(w http.ResponseWriter, r *http.Request) error {
			list, err := h.Exchange.Echoes(r.Context(), actor(r), pageOf(r))
			if err != nil {
				return err
			}
			l := view.Echoes{Door: d.look(r), Query: r.URL.Query(), Items: list.Items, Before: list.Prev, After: list.Next}
			return h.show(w, r, view.EchoPage(h.framed(w, r, l.Door, i18n.VolEcho.In(lang(r)), d.Base), l))
		}),
		at("GET /teams", func(w http.ResponseWriter, r *http.Request) error {
			l := view.TeamList{Door: d.look(r), Query: r.URL.Query()}
			if err := h.teamsAround(r, actor(r).Tenant, &l); err != nil {
				return err
			}
			return h.show(w, r, view.OwnTeams(h.framed(w, r, l.Door, i18n.VolTeams.In(lang(r)), d.Base), l))
		}),
		at("GET /clubs", func(w http.ResponseWriter, r *http.Request) error {
			list, err := h.Volunteer.ClubsAround(r.Context(), actor(r).Tenant, actor(r).PersonID, volunteer.ClubFilter{Page: pageOf(r)})
			if err != nil {
				return err
			}
			l := view.ClubList{Door: d.look(r), Query: r.URL.Query(), Items: list.Items, Before: list.Prev, After: list.Next}
			return h.show(w, r, view.PublicClubList(h.framed(w, r, l.Door, i18n.ClubTitle.In(lang(r)), d.Base), l))
		}),
		at("POST /clubs/{id}/join", h.acted(saying(i18n.ClubJoined, func(r *http.Request, _ *form, c id.ID) error { return h.Volunteer.JoinClub(r.Context(), actor(r), c) }), func(id.ID) string { return d.Base + view.ClubsPath }, h.volunteerMine(d, ""))),
		at("POST /clubs/{id}/leave", h.acted(saying(i18n.ClubLeft, func(r *http.Request, _ *form, c id.ID) error { return h.Volunteer.LeaveClub(r.Context(), actor(r), c) }), func(id.ID) string { return d.Base + view.ClubsPath }, h.volunteerMine(d, ""))),
		h.teamAct(d, "join", i18n.VolJoined, func(r *http.Request, _ *form, t id.ID) error { return h.Volunteer.Ask(r.Context(), actor(r), t) }),
		h.teamAct(d, "leave", i18n.VolSaved, func(r *http.Request, _ *form, t id.ID) error { return h.Volunteer.LeaveTeam(r.Context(), actor(r), t) }),
		h.teamAct(d, "reply", i18n.VolAnswered, func(r *http.Request, f *form, t id.ID) error {
			return h.Volunteer.AnswerInvitation(r.Context(), actor(r), t, f.Bool("yes"))
		}),
		on("/shifts/{id}/signup", i18n.VolSignedUp, func(r *http.Request, _ *form, s id.ID) error { return h.Volunteer.SignUp(r.Context(), actor(r), s) }),
		on("/shifts/{id}/withdraw", i18n.VolWithdrawn, func(r *http.Request, _ *form, s id.ID) error { return h.Volunteer.Withdraw(r.Context(), actor(r), s) }),
		on("/shifts/{id}/seen", i18n.VolSaved, func(r *http.Request, _ *form, s id.ID) error { return h.Volunteer.SeenOff(r.Context(), actor(r), s) }),
		at("GET /shifts/{id}/substitute", h.shown(h.substitutePage(d))),
		at("POST /shifts/{id}/substitute", h.acted(saying(i18n.VolSubSent, func(r *http.Request, f *form, s id.ID) error {
			v := f.ID("volunteer")
			if err := f.Err(); err != nil {
				return err
			}
			if v == 0 {
				return errs.Field("volunteer", i18n.ErrRequired)
			}
			return h.Volunteer.NameSubstitute(r.Context(), actor(r), s, v)
		}), func(id.ID) string { return d.Base }, h.substitutePage(d))),
		on("/signups/{id}/standin", i18n.VolAnswered, func(r *http.Request, f *form, u id.ID) error {
			return h.Volunteer.AnswerSubstitute(r.Context(), actor(r), u, f.Bool("yes"))
		}),
	}
	return append(out, h.teamRoutes(d)...)
}

// volunteerMine draws one's own page, with the form that was sent.
func (h *Handler) volunteerMine(d volunteerDoor, sent string) func(http.ResponseWriter, *http.Request, field.Form) (templ.Component, error) {
	return func(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
		file, err := h.Volunteer.Own(r.Context(), actor(r))
		has := err == nil
		if errs.KindOf(err) == errs.NotFound {
			if file, err = h.Volunteer.Past(r.Context(), actor(r)); errs.KindOf(err) == errs.NotFound {
				err = nil
			}
		}
		if err != nil {
			return nil, err
		}
		var duties volunteer.Duties
		if has {
			if duties, err = h.Volunteer.Duties(r.Context(), actor(r)); err != nil {
				return nil, err
			}
		}
		door := d.look(r)
		mine := view.NewMine(file, has, door, view.Sent(sent, f), duties, h.today(), h.DB.Now())
		if has && actor(r).Can(exchange.PermOwn) {
			helping, err := h.Exchange.Own(r.Context(), actor(r))
			if err != nil {
				return nil, err
			}
			for _, t := range helping.Going {
				if t.Pledge.ForVolunteer() {
					mine.Asks++
				}
			}
			if mine.Helps = exchangeview.OwnPath; door.Look == view.Public {
				mine.Helps = exchangeview.ResidentPath
			}
		}
		return view.MinePage(h.framed(w, r, door, i18n.VolMine.In(lang(r)), d.Base), mine), nil
	}
}

// teamRoutes are the pages of a team and its shifts for who keeps it, behind a door.
func (h *Handler) teamRoutes(d volunteerDoor) []route {
	shift := func(name string, said i18n.Text, do func(r *http.Request, f *form, s id.ID) error) route {
		return route{pattern: "POST " + d.Base + view.ShiftsPath + "/{id}/" + name, who: d.who,
			serve: d.wrap(h.acted(saying(said, do), func(s id.ID) string { return view.ShiftHref(d.Base, s) }, h.shiftAgain(d, name)))}
	}
	return []route{
		{pattern: "GET " + d.Base + view.TeamsPath + "/{id}", who: d.who, serve: d.wrap(h.shown(h.teamAgain(d, "")))},
		h.teamAct(d, "answer", i18n.VolAnswered, func(r *http.Request, f *form, t id.ID) error {
			return h.Volunteer.Answer(r.Context(), actor(r), t, f.ID("membership"), f.Bool("yes"))
		}),
		h.teamAct(d, "remove", i18n.VolSaved, func(r *http.Request, f *form, t id.ID) error {
			return h.Volunteer.Remove(r.Context(), actor(r), t, f.ID("volunteer"))
		}),
		h.teamAct(d, "plan", i18n.VolShiftMade, func(r *http.Request, f *form, t id.ID) error {
			n := volunteer.NewShift{Task: f.Text("task", volunteer.MaxTask), Place: f.Text("place", volunteer.MaxPlace), StartsAt: f.Time("starts_at"), EndsAt: f.Time("ends_at"), Seats: f.Int("seats"),
				Skill: volunteer.Skill(f.Text("skill", 20)), Clearance: volunteer.ClearanceKind(f.Text("clearance", 20)), Dangerous: f.Bool("dangerous"), Training: f.Text("training", volunteer.MaxTrain)}
			if err := f.Err(); err != nil {
				return err
			}
			_, err := h.Volunteer.Plan(r.Context(), actor(r), t, n)
			return err
		}),
		{pattern: "GET " + d.Base + view.ShiftsPath + "/{id}", who: d.who, serve: d.wrap(h.shown(h.shiftAgain(d, "")))},
		shift("tick", i18n.VolTickSaved, func(r *http.Request, f *form, s id.ID) error {
			var ticks []volunteer.Tick
			for _, x := range f.Strings("signup") {
				u, err := id.Parse(x)
				if err != nil {
					return errs.ErrNotFound
				}
				if f.values.Get("attended."+x) == "" {
					continue // not said yet
				}
				ticks = append(ticks, volunteer.Tick{SignupID: u, Attended: volunteer.Attended(f.Text("attended."+x, 20)), Minutes: f.Int("minutes." + x)})
			}
			if err := f.Err(); err != nil {
				return err
			}
			return h.Volunteer.Tick(r.Context(), actor(r), s, ticks)
		}),
		shift("enlist", i18n.VolSignedUp, func(r *http.Request, f *form, s id.ID) error {
			v := f.ID("volunteer")
			if err := f.Err(); err != nil {
				return err
			}
			return h.Volunteer.Enlist(r.Context(), actor(r), s, v)
		}),
		shift("cancel", i18n.VolSaved, func(r *http.Request, f *form, s id.ID) error {
			return h.Volunteer.Cancel(r.Context(), actor(r), s, f.Text("reason", volunteer.MaxTask), f.Version())
		}),
	}
}

func (h *Handler) teamAct(d volunteerDoor, name string, said i18n.Text, do func(r *http.Request, f *form, t id.ID) error) route {
	return route{pattern: "POST " + d.Base + view.TeamsPath + "/{id}/" + name, who: d.who,
		serve: d.wrap(h.acted(saying(said, do), func(t id.ID) string { return view.TeamHref(d.Base, t) }, h.teamAgain(d, name)))}
}

// teamAgain draws a team behind a door, with the form that was sent.
func (h *Handler) teamAgain(d volunteerDoor, sent string) func(http.ResponseWriter, *http.Request, field.Form) (templ.Component, error) {
	return func(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
		t, err := pathID(r)
		if err != nil {
			return nil, err
		}
		file, err := h.Volunteer.Team(r.Context(), actor(r), t, r.URL.Query().Get("q"))
		if err != nil {
			return nil, err
		}
		door := d.look(r)
		p := h.framed(w, r, door, file.Name, d.Base)
		if d.Base == "" {
			p = h.volunteerCrumbs(w, r, i18n.Verbatim(file.Name), i18n.VolTeams, view.TeamsPath)
		}
		page := view.NewTeamPage(file, door, view.Sent(sent, f), r.URL.Query().Get("q"), h.today(), h.DB.Now())
		if page.Said = file.Leads && actor(r).Can(exchange.PermOwn); page.Said {
			if page.Echoes, err = h.Exchange.TeamEchoes(r.Context(), actor(r), t); errs.KindOf(err) == errs.NotFound {
				page.Said, err = false, nil // the team has ended
			}
		}
		return view.TeamPage(p, page), err
	}
}

// shiftAgain draws a shift behind a door, with the form that was sent.
func (h *Handler) shiftAgain(d volunteerDoor, sent string) func(http.ResponseWriter, *http.Request, field.Form) (templ.Component, error) {
	return func(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
		s, err := pathID(r)
		if err != nil {
			return nil, err
		}
		file, err := h.Volunteer.Shift(r.Context(), actor(r), s)
		if err != nil {
			return nil, err
		}
		door := d.look(r)
		p := h.framed(w, r, door, file.Task, view.TeamHref(d.Base, file.TeamID))
		if d.Base == "" {
			p = h.volunteerCrumbs(w, r, i18n.Verbatim(file.Task), i18n.Verbatim(file.Team), view.TeamHref("", file.TeamID))
			p.Active = view.TeamsPath
		}
		return view.ShiftPage(p, view.NewShiftPage(file, door, view.Sent(sent, f), actor(r).PersonID, h.DB.Now())), nil
	}
}

// substitutePage is where somebody names who stands in.
func (h *Handler) substitutePage(d volunteerDoor) func(http.ResponseWriter, *http.Request, field.Form) (templ.Component, error) {
	return func(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
		s, err := pathID(r)
		if err != nil {
			return nil, err
		}
		list, err := h.Volunteer.Colleagues(r.Context(), actor(r), s)
		if err != nil {
			return nil, err
		}
		if f.Values == nil {
			f.Values = url.Values{}
		}
		door := d.look(r)
		return view.SubPage(h.framed(w, r, door, i18n.VolSubstitute.In(lang(r)), d.Base), view.Sub{Form: f, Door: door, Shift: s, List: list}), nil
	}
}
