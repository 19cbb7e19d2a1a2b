package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/feedback"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/print"
	"linli/internal/volunteer"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
	view "linli/internal/web/view/volunteer"
)

func (h *Handler) volunteerRoutes() []route {
	manage, see := may(volunteer.PermManage), may(volunteer.PermManage, volunteer.PermSee)
	act := func(name string, said i18n.Text, do func(r *http.Request, f *form, v id.ID) error) route {
		return route{pattern: "POST " + view.Path + "/{id}/" + name, who: manage, serve: h.acted(saying(said, do), view.Href, h.volunteerAgain(name))}
	}
	out := []route{
		{pattern: "GET " + view.Path, who: see, serve: h.volunteerDesk},
		{pattern: "GET " + view.Path + "/export", who: manage, serve: h.exportVolunteers},
		{pattern: "GET " + view.CountsPath, who: see, serve: h.volunteerCounts},
		{pattern: "GET " + view.Path + "/new", who: manage, serve: h.shown(h.volunteerNew)},
		{pattern: "POST " + view.Path, who: manage, serve: h.volunteerEnter},
		{pattern: "GET " + view.Path + "/people", who: manage, serve: h.pairingPeople},
		{pattern: "GET " + view.Path + "/match", who: manage, serve: h.volunteerMatch},
		{pattern: "GET " + view.Path + "/{id}", who: manage, serve: h.shown(h.volunteerAgain(""))},
		{pattern: "GET " + view.Path + "/{id}/certificates/{paper}/pdf", who: manage, serve: h.volunteerPaper},
		act("correct", i18n.VolSaved, func(r *http.Request, f *form, v id.ID) error {
			return h.Volunteer.Correct(r.Context(), actor(r), v, volunteerFields(f), f.Version())
		}),
		act("end", i18n.VolEnded, func(r *http.Request, f *form, v id.ID) error {
			return h.Volunteer.End(r.Context(), actor(r), v, volunteer.Ending(f.Text("ending", 20)), f.Version())
		}),
		act("clear", i18n.VolSaved, func(r *http.Request, f *form, v id.ID) error {
			kind, until := volunteer.ClearanceKind(f.Text("kind", 20)), f.Date("valid_to")
			if err := f.Err(); err != nil {
				return err
			}
			return h.Volunteer.Clear(r.Context(), actor(r), v, kind, until)
		}),
		act("unclear", i18n.VolSaved, func(r *http.Request, f *form, v id.ID) error {
			return h.Volunteer.Unclear(r.Context(), actor(r), v, f.ID("clearance"))
		}),
		act("insure", i18n.VolSaved, func(r *http.Request, f *form, v id.ID) error {
			n := coverOf(f)
			if err := f.Err(); err != nil {
				return err
			}
			return h.Volunteer.Insure(r.Context(), actor(r), v, n)
		}),
		act("uninsure", i18n.VolSaved, func(r *http.Request, f *form, v id.ID) error {
			return h.Volunteer.Uninsure(r.Context(), actor(r), v, f.ID("cover"))
		}),
		act("thank", i18n.VolThanked, func(r *http.Request, f *form, v id.ID) error {
			return h.Volunteer.Thank(r.Context(), actor(r), v, f.Text("words", volunteer.MaxWords), f.Text("giver", volunteer.MaxName))
		}),
		act("certify", i18n.VolCertMade, func(r *http.Request, f *form, v id.ID) error {
			from, to := f.Date("from_on"), f.Date("to_on")
			if err := f.Err(); err != nil {
				return err
			}
			_, err := h.Volunteer.Certify(r.Context(), actor(r), v, from, to)
			return err
		}),
		{pattern: "GET " + view.TeamsPath, who: see, serve: h.teams},
		{pattern: "GET " + view.TeamsPath + "/new", who: manage, serve: h.shown(h.teamNew)},
		{pattern: "POST " + view.TeamsPath, who: manage, serve: h.teamFound},
		{pattern: "GET " + view.ShiftsPath, who: manage, serve: h.shifts},
		{pattern: "GET " + view.PublicTeams, who: everyone, serve: h.publicTeams},
		{pattern: "GET " + view.PublicClubs, who: everyone, serve: h.publicClubs},
	}
	desk := volunteerDoor{Door: view.Door{}, who: manage, wrap: func(s serving) serving { return s }}
	out = append(out, h.teamRoutes(desk)...)
	for _, r := range []route{
		h.teamAct(desk, "edit", i18n.VolSaved, func(r *http.Request, f *form, t id.ID) error {
			return h.Volunteer.EditTeam(r.Context(), actor(r), t, teamOf(f), f.Version())
		}),
		h.teamAct(desk, "end", i18n.VolEnded, func(r *http.Request, f *form, t id.ID) error {
			return h.Volunteer.EndTeam(r.Context(), actor(r), t, f.Version())
		}),
		h.teamAct(desk, "lead", i18n.VolSaved, func(r *http.Request, f *form, t id.ID) error {
			return h.Volunteer.Lead(r.Context(), actor(r), t, f.ID("volunteer"))
		}),
		h.teamAct(desk, "invite", i18n.VolSaved, func(r *http.Request, f *form, t id.ID) error {
			v := f.ID("volunteer")
			if err := f.Err(); err != nil {
				return err
			}
			return h.Volunteer.Invite(r.Context(), actor(r), t, v, f.Bool("agreed"))
		}),
		h.teamAct(desk, "insure", i18n.VolSaved, func(r *http.Request, f *form, t id.ID) error {
			n := coverOf(f)
			if err := f.Err(); err != nil {
				return err
			}
			return h.Volunteer.InsureTeam(r.Context(), actor(r), t, n)
		}),
		h.teamAct(desk, "uninsure", i18n.VolSaved, func(r *http.Request, f *form, t id.ID) error {
			return h.Volunteer.UninsureTeam(r.Context(), actor(r), t, f.ID("cover"))
		}),
	} {
		out = append(out, r)
	}
	// Who sees teams reads their pages as well; what they do not keep names nobody.
	for i := range out {
		if out[i].pattern == "GET "+view.TeamsPath+"/{id}" {
			out[i].who = see
		}
	}
	return out
}

type serving = func(http.ResponseWriter, *http.Request) error

// volunteerDoor is a way to pages of teams and shifts: the desk, a member's account, or a resident's.
type volunteerDoor struct {
	view.Door
	who  who
	wrap func(serving) serving
}

// framed is the frame of a page behind a door.
func (h *Handler) framed(w http.ResponseWriter, r *http.Request, d view.Door, title string, back string) layout.Page {
	if d.Look == view.Public {
		p := h.ownFrame(w, r, i18n.Verbatim(title))
		if back != "" && back != r.URL.Path {
			p.Breadcrumb = append(p.Breadcrumb, layout.Crumb{Text: i18n.VolMine.In(lang(r)), Href: back})
		}
		return p
	}
	p := h.page(w, r, i18n.Verbatim(title))
	if d.Base != "" && back != r.URL.Path {
		p.Back = back
	}
	return p
}

func (d volunteerDoor) look(r *http.Request) view.Door {
	out := d.Door
	if out.Base == view.MinePath && landing(actor(r)) != "" {
		out.Look = view.Pocket
	}
	return out
}

func (h *Handler) volunteerCrumbs(w http.ResponseWriter, r *http.Request, title, under i18n.Text, path string) layout.Page {
	p := h.page(w, r, title)
	p.Active = path
	p.Breadcrumb = []layout.Crumb{{Text: under.In(lang(r)), Href: path}}
	return p
}

func volunteerFields(f *form) (v volunteer.Fields) {
	for _, x := range f.Strings("skills") {
		v.Skills = append(v.Skills, volunteer.Skill(x))
	}
	for _, x := range f.Strings("times") {
		v.Times = append(v.Times, volunteer.Slot(x))
	}
	for _, x := range f.Strings("kinds") {
		v.Kinds = append(v.Kinds, volunteer.Kind(x))
	}
	v.Words, v.Contact, v.Publish = f.Text("words", volunteer.MaxWords), f.Bool("contact"), f.Bool("publish")
	return v
}

func coverOf(f *form) volunteer.NewCover {
	return volunteer.NewCover{Insurer: f.Text("insurer", volunteer.MaxName), Policy: f.Text("policy", volunteer.MaxName), From: f.Date("from_on"), To: f.Date("to_on")}
}

func teamOf(f *form) volunteer.NewTeam {
	return volunteer.NewTeam{OrgID: f.ID("org"), UnitID: f.ID("unit"), Kind: volunteer.Kind(f.Text("kind", 20)), Name: f.Text("name", volunteer.MaxName), About: f.Text("about", volunteer.MaxAbout), Training: f.Text("training", volunteer.MaxTrain)}
}

func volunteerFilter(r *http.Request) volunteer.Filter {
	q := r.URL.Query()
	days, _ := strconv.ParseInt(q.Get("expiring"), 10, 64) // no number is no wish
	return volunteer.Filter{Ended: q.Get("show") == "ended", Text: q.Get("q"), Skill: volunteer.Skill(q.Get("skill")), Time: volunteer.Slot(q.Get("time")), Kind: volunteer.Kind(q.Get("kind")), TeamID: queryID(r, "team"),
		Clearance: volunteer.ClearanceKind(q.Get("clearance")), Expiring: days, OrgID: queryID(r, "org"), Page: pageOf(r)}
}

// volunteerDesk is the list of a community; who only sees figures is led there.
func (h *Handler) volunteerDesk(w http.ResponseWriter, r *http.Request) error {
	if !actor(r).Can(volunteer.PermManage) {
		http.Redirect(w, r, view.CountsPath, http.StatusSeeOther)
		return nil
	}
	list, err := h.Volunteer.List(r.Context(), actor(r), volunteerFilter(r))
	if err != nil {
		return err
	}
	d := view.List{Query: r.URL.Query(), Items: list.Items, Before: list.Prev, After: list.Next}
	if d.Places, err = h.communityOptions(r, actor(r).Scope(volunteer.PermManage)); err != nil {
		return err
	}
	teams, err := h.Volunteer.Teams(r.Context(), actor(r), volunteer.TeamFilter{Page: db.Page{Limit: 100}})
	if err != nil {
		return err
	}
	for _, t := range teams.Items {
		d.Teams = append(d.Teams, field.Option{Value: t.ID.String(), Text: i18n.Verbatim(t.Name)})
	}
	return h.show(w, r, view.Index(h.page(w, r, i18n.VolTitle), d))
}

func (h *Handler) exportVolunteers(w http.ResponseWriter, r *http.Request) error {
	type t = volunteer.Volunteer
	f := volunteerFilter(r)
	if err := h.Volunteer.Exported(r.Context(), actor(r)); err != nil {
		return err
	}
	return exportList(h, w, r, i18n.VolTitle, []exportColumn[t]{
		{title: i18n.VolNo, value: func(v t) any { return v.No }},
		{title: i18n.VolName, value: func(v t) any { return v.Name }},
		{title: i18n.VolCommunity, value: func(v t) any { return v.Org }},
		{title: i18n.VolSkills, value: func(v t) any { return view.Skills(lang(r), v.Skills) }},
		{title: i18n.VolTeamsOf, value: func(v t) any { return view.Joined(lang(r), v.Teams) }},
		{title: i18n.VolTimes, value: func(v t) any { return view.Times(lang(r), v.Times) }},
		{title: i18n.VolPhone, value: func(v t) any { return v.PhoneMask }},
		{title: i18n.VolSince, value: func(v t) any { return v.EnteredOn.String() }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page = p
		return h.Volunteer.List(ctx, actor(r), f)
	}))
}

func (h *Handler) volunteerCounts(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Volunteer.Counts(r.Context(), actor(r))
	if err != nil {
		return err
	}
	return h.show(w, r, view.CountsPage(h.volunteerCrumbs(w, r, i18n.VolCounts, i18n.VolTitle, view.Path), view.Counts{Query: r.URL.Query(), Items: list, Opens: actor(r).Scope(volunteer.PermManage).Covers, Year: h.today().Year()}))
}

func (h *Handler) volunteerNew(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	if f.Values == nil {
		f.Values = url.Values{}
	}
	return view.Edit(h.volunteerCrumbs(w, r, i18n.VolNew, i18n.VolTitle, view.Path), view.New{Form: f}), nil
}

func (h *Handler) volunteerEnter(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	person, fields := f.ID("person"), volunteerFields(f)
	var made id.ID
	if err = f.Err(); err == nil {
		made, err = h.Volunteer.Enter(r.Context(), actor(r), person, fields)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.volunteerNew(w, r, f.Show(e))) })
	}
	return h.done(w, r, view.Href(made), i18n.VolOpened)
}

// volunteerMatch finds volunteers who can be invited.
func (h *Handler) volunteerMatch(w http.ResponseWriter, r *http.Request) error {
	text := typed(r)
	if text == "" {
		return h.show(w, r, field.Matches(nil))
	}
	list, err := h.Volunteer.List(r.Context(), actor(r), volunteer.Filter{Text: text, Page: db.Page{Limit: matchLimit}})
	if err != nil {
		return err
	}
	var out []field.Option
	for _, v := range list.Items {
		out = append(out, field.Option{Value: v.ID.String(), Text: i18n.Verbatim(v.Name), Note: view.Skills(lang(r), v.Skills)})
	}
	return h.show(w, r, field.Matches(out))
}

// volunteerAgain draws a file at the desk, with the form that was sent.
func (h *Handler) volunteerAgain(sent string) func(http.ResponseWriter, *http.Request, field.Form) (templ.Component, error) {
	return func(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
		v, err := pathID(r)
		if err != nil {
			return nil, err
		}
		file, err := h.Volunteer.Get(r.Context(), actor(r), v)
		if err != nil {
			return nil, err
		}
		name := file.Name
		if name == "" {
			name = file.No
		}
		return view.Folder(h.volunteerCrumbs(w, r, i18n.Verbatim(name), i18n.VolTitle, view.Path), view.NewOne(file, view.Sent(sent, f), h.today(), h.DB.Now())), nil
	}
}

func paperID(r *http.Request) (id.ID, error) {
	v, err := id.Parse(r.PathValue("paper"))
	if err != nil {
		return 0, errs.ErrNotFound
	}
	return v, nil
}

func (h *Handler) volunteerPaper(w http.ResponseWriter, r *http.Request) error {
	v, err := pathID(r)
	if err != nil {
		return err
	}
	c, err := paperID(r)
	if err != nil {
		return err
	}
	said, err := h.Volunteer.Paper(r.Context(), actor(r), v, c)
	if err != nil {
		return err
	}
	return h.servicePDF(w, r, said)
}

// servicePDF prints a certificate of voluntary service.
func (h *Handler) servicePDF(w http.ResponseWriter, r *http.Request, c volunteer.Said) error {
	l := lang(r)
	paper := print.ServiceCertificate{Head: print.Head{Lang: l, At: c.IssuedAt, Number: c.Number, Issuer: c.Org, Verify: print.Verification{Code: c.Code, URL: h.base(r) + feedback.CheckPath + c.Code}},
		Name: c.Name, Sex: code.Sex(c.Sex).Text().In(l), IDMask: c.IDMask, No: c.No, Issuer: c.Org, From: day(r, c.From), To: day(r, c.To), On: day(r, calendar.DateOf(c.IssuedAt)), Hours: i18n.Hours(c.Minutes)}
	for _, x := range c.Lines {
		paper.Lines = append(paper.Lines, []string{x.On.String(), x.Title, x.Place, x.Proof.Label().In(l), i18n.Hours(x.Minutes)})
	}
	for _, x := range c.Trainings {
		paper.Trainings = append(paper.Trainings, []string{x.On.String(), x.Title})
	}
	p, err := h.Printer.ServiceCertificate(paper)
	if err != nil {
		return err
	}
	return sendPDF(w, i18n.VolCertTitle.In(l)+" "+c.Number, p)
}

func teamFilter(r *http.Request) volunteer.TeamFilter {
	q := r.URL.Query()
	return volunteer.TeamFilter{Kind: volunteer.Kind(q.Get("kind")), OrgID: queryID(r, "org"), Text: q.Get("q"), Asked: q.Get("show") == "asked", Page: pageOf(r)}
}

func (h *Handler) teams(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Volunteer.Teams(r.Context(), actor(r), teamFilter(r))
	if err != nil {
		return err
	}
	l := view.TeamList{Query: r.URL.Query(), Items: list.Items, Before: list.Prev, After: list.Next, Manages: actor(r).Can(volunteer.PermManage)}
	if l.Counts, err = h.Volunteer.KindCounts(r.Context(), actor(r)); err != nil {
		return err
	}
	if l.Places, err = h.communityOptions(r, actor(r).Scope(volunteer.PermSee).Or(actor(r).Scope(volunteer.PermManage))); err != nil {
		return err
	}
	return h.show(w, r, view.Teams(h.page(w, r, i18n.VolTeams), l))
}

func (h *Handler) newThing(r *http.Request, f field.Form) (n view.NewThing, err error) {
	if f.Values == nil {
		f.Values = url.Values{}
	}
	n.Form = f
	n.Places, err = h.communityOptions(r, actor(r).Scope(volunteer.PermManage))
	return n, err
}

func (h *Handler) teamNew(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	n, err := h.newThing(r, f)
	return view.TeamEdit(h.volunteerCrumbs(w, r, i18n.VolTeamNew, i18n.VolTeams, view.TeamsPath), n), err
}

func (h *Handler) teamFound(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	n := teamOf(f)
	var made id.ID
	if err = f.Err(); err == nil {
		made, err = h.Volunteer.Found(r.Context(), actor(r), n)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.teamNew(w, r, f.Show(e))) })
	}
	return h.done(w, r, view.TeamHref("", made), i18n.VolTeamMade)
}

func (h *Handler) shifts(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	f := volunteer.ShiftFilter{Unticked: q.Get("show") == "unticked", Ticked: q.Get("show") == "ticked", OrgID: queryID(r, "org"), Page: pageOf(r)}
	f.Year, _ = strconv.Atoi(q.Get("year")) // no number is no year
	list, err := h.Volunteer.Shifts(r.Context(), actor(r), f)
	if err != nil {
		return err
	}
	l := view.ShiftList{Query: q, Items: list.Items, Before: list.Prev, After: list.Next, Now: h.DB.Now()}
	if l.Places, err = h.communityOptions(r, actor(r).Scope(volunteer.PermManage)); err != nil {
		return err
	}
	return h.show(w, r, view.Shifts(h.volunteerCrumbs(w, r, i18n.VolShifts, i18n.VolTitle, view.Path), l))
}

// publicTeams is public: what teams there are. It names nobody.
func (h *Handler) publicTeams(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	tenant, err := h.district(r, q.Get(districtKey))
	if err != nil {
		return h.orDistricts(w, r, err)
	}
	l := view.TeamList{Door: view.Door{Look: view.Public}, Query: q, District: q.Get(districtKey)}
	if err := h.teamsAround(r, tenant, &l); err != nil {
		return err
	}
	return h.show(w, r, view.PublicTeamList(h.public(w, r, i18n.VolPublic), l))
}

// teamsAround reads the teams of a district, their counts and its communities.
func (h *Handler) teamsAround(r *http.Request, tenant int64, l *view.TeamList) error {
	list, err := h.Volunteer.Around(r.Context(), tenant, teamFilter(r))
	if err != nil {
		return err
	}
	l.Items, l.Before, l.After = list.Items, list.Prev, list.Next
	if l.Counts, err = h.Volunteer.KindsAround(r.Context(), tenant); err != nil {
		return err
	}
	places, err := h.Casework.Communities(r.Context(), tenant)
	for _, c := range places {
		l.Places = append(l.Places, field.Option{Value: c.ID.String(), Text: i18n.Verbatim(c.Name)})
	}
	return err
}

func (h *Handler) publicClubs(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	tenant, err := h.district(r, q.Get(districtKey))
	if err != nil {
		return h.orDistricts(w, r, err)
	}
	list, err := h.Volunteer.ClubsAround(r.Context(), tenant, 0, volunteer.ClubFilter{OrgID: queryID(r, "org"), Page: pageOf(r)})
	if err != nil {
		return err
	}
	l := view.ClubList{Door: view.Door{Look: view.Public}, Query: q, Items: list.Items, Before: list.Prev, After: list.Next, District: q.Get(districtKey)}
	return h.show(w, r, view.PublicClubList(h.public(w, r, i18n.ClubTitle), l))
}
