package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"linli/internal/activity"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/cobuild"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/organisation"
	"linli/internal/print"
	"linli/internal/project"
	needview "linli/internal/web/view/exchange"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
	view "linli/internal/web/view/project"
)

func (h *Handler) projectRoutes() []route {
	see, party := may(project.PermSee, project.PermUnit), may(project.PermKeep, project.PermUnit)
	var out []route
	act := func(name string, done i18n.Text, do func(r *http.Request, f *form, p id.ID) error) {
		out = append(out, route{pattern: "POST " + view.Path + "/{id}/" + name, who: party, serve: h.acted(saying(done, do), view.Href, h.projectShown)})
	}
	part := func(of, name string, page func(http.ResponseWriter, *http.Request, field.Form) (templ.Component, error), done i18n.Text, do func(r *http.Request, f *form, p, part id.ID) (waits bool, err error)) {
		out = append(out, route{pattern: "POST " + view.Path + "/{id}/" + of + "/{part}/" + name, who: party, serve: h.acted(func(r *http.Request, f *form, p id.ID) (i18n.Text, []any, error) {
			x, err := partID(r)
			if err != nil {
				return done, nil, err
			}
			waits, err := do(r, f, p, x)
			return doneOrWaits(done, waits), nil, err
		}, view.Href, page)})
	}
	out = append(out, []route{
		{pattern: "GET " + view.Path, who: see, serve: h.projectsPage},
		{pattern: "GET " + view.Path + "/export", who: see, serve: h.exportProjects},
		{pattern: "GET " + view.Path + "/new", who: party, serve: h.projectNewPage},
		{pattern: "POST " + view.Path, who: party, serve: h.projectCreate},
		{pattern: "GET " + view.Path + "/orgs", who: party, serve: h.projectOrgs},
		{pattern: "GET " + view.Path + "/{id}", who: see, serve: h.shown(h.projectShown)},
		{pattern: "GET " + view.Path + "/{id}/paper", who: see, serve: h.projectPrint},
		{pattern: "GET " + view.Path + "/{id}/steps/{part}", who: see, serve: h.shown(h.projectStepShown)},
		{pattern: "GET " + view.Path + "/{id}/lines/{part}", who: see, serve: h.shown(h.projectLineShown)},
		{pattern: "GET " + view.UnitPath, who: may(project.PermUnit), serve: h.unitProjectsPage},
		{pattern: "GET " + view.PublicPath, who: everyone, serve: h.publicProjectsPage},
		{pattern: "POST /needs/{id}/project", who: may(project.PermKeep), serve: h.projectOfNeed},
		{pattern: "POST " + view.Path + "/{id}/copy", who: party, serve: h.projectCopy},
		{pattern: "POST " + view.Path + "/{id}/use", who: may(exchange.PermKeep), serve: h.acted(saying(i18n.ExchangeUsed, h.projectUse), view.Href, h.projectShown)},
	}...)
	act("propose", i18n.ProjectProposeDone, func(r *http.Request, f *form, p id.ID) error {
		return h.Project.Propose(r.Context(), actor(r), p, f.Version(), f.ID("as"))
	})
	act("back", i18n.ProjectSaved, func(r *http.Request, f *form, p id.ID) error {
		return h.Project.TakeBack(r.Context(), actor(r), p, f.Version(), f.ID("as"))
	})
	act("about", i18n.ProjectSaved, func(r *http.Request, f *form, p id.ID) error {
		in, version := projectAbout(f), f.Version()
		if err := f.Err(); err != nil {
			return err
		}
		return h.Project.SetAbout(r.Context(), actor(r), p, version, f.ID("as"), in)
	})
	act("answer", i18n.ProjectAnswerDone, func(r *http.Request, f *form, p id.ID) error {
		in := project.Reply{As: f.ID("as"), Edition: f.Int("edition"), Yes: f.Bool("yes"), Reason: f.Text("reason", project.MaxWords), Note: f.Text("note", project.MaxWords)}
		if err := f.Err(); err != nil {
			return err
		}
		return h.Project.Answer(r.Context(), actor(r), p, in)
	})
	act("settle", i18n.ProjectAnswerDone, func(r *http.Request, f *form, p id.ID) error {
		change, version := f.ID("change"), f.Version()
		if err := f.Err(); err != nil {
			return err
		}
		return h.Project.Settle(r.Context(), actor(r), p, change, version, f.Bool("yes"), f.Text("reason", project.MaxWords), f.Text("note", project.MaxWords))
	})
	act("recall", i18n.ProjectSaved, func(r *http.Request, f *form, p id.ID) error {
		return h.Project.Recall(r.Context(), actor(r), p, f.ID("as"), f.ID("change"))
	})
	act("need", i18n.ProjectSaved, func(r *http.Request, f *form, p id.ID) error {
		return h.Project.LinkNeed(r.Context(), actor(r), p, f.Version(), f.ID("as"), f.ID("need"))
	})
	act("unneed", i18n.ProjectSaved, func(r *http.Request, f *form, p id.ID) error {
		return h.Project.UnlinkNeed(r.Context(), actor(r), p, f.Version(), f.ID("as"), f.ID("need"))
	})
	act("invite", i18n.ProjectSaved, func(r *http.Request, f *form, p id.ID) error {
		partner := f.ID("partner")
		if err := f.Err(); err != nil {
			return err
		}
		return h.Project.Invite(r.Context(), actor(r), p, f.Version(), f.ID("as"), partner)
	})
	act("remove", i18n.ProjectSaved, func(r *http.Request, f *form, p id.ID) error {
		return h.Project.Remove(r.Context(), actor(r), p, f.Version(), f.ID("as"), f.ID("partner"), f.Text("reason", project.MaxWords))
	})
	add := func(name string, do func(r *http.Request, f *form, p id.ID) (waits bool, err error)) {
		out = append(out, route{pattern: "POST " + view.Path + "/{id}/" + name, who: party, serve: h.acted(func(r *http.Request, f *form, p id.ID) (i18n.Text, []any, error) {
			waits, err := do(r, f, p)
			return doneOrWaits(i18n.ProjectSaved, waits), nil, err
		}, view.Href, h.projectShown)})
	}
	add("step", func(r *http.Request, f *form, p id.ID) (bool, error) {
		n, version := projectStep(f), f.Version()
		if err := f.Err(); err != nil {
			return false, err
		}
		return h.Project.AddStep(r.Context(), actor(r), p, version, f.ID("as"), n)
	})
	add("line", func(r *http.Request, f *form, p id.ID) (bool, error) {
		n, version := projectLine(f), f.Version()
		if err := f.Err(); err != nil {
			return false, err
		}
		return h.Project.AddLine(r.Context(), actor(r), p, version, f.ID("as"), n)
	})
	act("person", i18n.ProjectSaved, func(r *http.Request, f *form, p id.ID) error {
		n := project.NewPerson{OrgID: f.ID("of"), MemberID: f.ID("member"), TeamID: f.ID("team"), Name: f.Text("name", project.MaxName), Task: f.Text("task", project.MaxTitle)}
		if err := f.Err(); err != nil {
			return err
		}
		return h.Project.AddPerson(r.Context(), actor(r), p, n)
	})
	act("unperson", i18n.ProjectSaved, func(r *http.Request, f *form, p id.ID) error {
		return h.Project.RemovePerson(r.Context(), actor(r), p, f.ID("person"))
	})
	act("finish", i18n.ProjectFinishDone, func(r *http.Request, f *form, p id.ID) error {
		in := project.Ending{Result: f.Text("result", project.MaxGoal), Open: f.Text("open", project.MaxWords)}
		if err := f.Err(); err != nil {
			return err
		}
		return h.Project.Finish(r.Context(), actor(r), p, f.Version(), f.ID("as"), in)
	})
	act("stop", i18n.ProjectSaved, func(r *http.Request, f *form, p id.ID) error {
		return h.Project.Stop(r.Context(), actor(r), p, f.Version(), f.ID("as"), f.Text("reason", project.MaxWords))
	})
	act("reopen", i18n.ProjectSaved, func(r *http.Request, f *form, p id.ID) error {
		return h.Project.Reopen(r.Context(), actor(r), p, f.Version(), f.ID("as"), f.Text("reason", project.MaxWords))
	})
	part("steps", "do", h.projectStepShown, i18n.ProjectDoDone, func(r *http.Request, f *form, p, step id.ID) (bool, error) {
		in := project.Done{On: f.Date("done_on"), Words: f.Text("words", project.MaxWords), Note: f.Text("note", project.MaxWords)}
		if err := f.Err(); err != nil {
			return false, err
		}
		return false, h.Project.Do(r.Context(), actor(r), p, step, f.Version(), in)
	})
	part("steps", "do-by", h.projectStepShown, i18n.ProjectDoDone, func(r *http.Request, f *form, p, step id.ID) (bool, error) {
		source, version := f.ID("source"), f.Version()
		if err := f.Err(); err != nil {
			return false, err
		}
		return false, h.Project.DoBy(r.Context(), actor(r), p, step, version, f.Text("kind", 20), source, f.Text("note", project.MaxWords))
	})
	part("steps", "undo", h.projectStepShown, i18n.ProjectSaved, func(r *http.Request, f *form, p, step id.ID) (bool, error) {
		return false, h.Project.Undo(r.Context(), actor(r), p, step, f.Version(), f.Text("note", project.MaxWords))
	})
	part("steps", "change", h.projectStepShown, i18n.ProjectSaved, func(r *http.Request, f *form, p, step id.ID) (bool, error) {
		n, version := projectStep(f), f.Version()
		if err := f.Err(); err != nil {
			return false, err
		}
		return h.Project.ChangeStep(r.Context(), actor(r), p, version, f.ID("as"), step, n)
	})
	part("steps", "drop", h.projectStepShown, i18n.ProjectSaved, func(r *http.Request, f *form, p, step id.ID) (bool, error) {
		return h.Project.DropStep(r.Context(), actor(r), p, f.Version(), f.ID("as"), step)
	})
	part("lines", "spend", h.projectLineShown, i18n.ProjectSpendDone, func(r *http.Request, f *form, p, line id.ID) (bool, error) {
		in := project.NewExpense{LineID: line, On: f.Date("on_date"), Amount: f.fen("amount"), Payee: f.Text("payee", project.MaxName), Words: f.Text("words", project.MaxWords), Receipt: f.Text("receipt", project.MaxReceipt),
			Over: f.Text("over", project.MaxWords), Note: f.Text("note", project.MaxWords)}
		if err := f.Err(); err != nil {
			return false, err
		}
		_, err := h.Project.Spend(r.Context(), actor(r), p, in)
		return false, err
	})
	part("lines", "reverse", h.projectLineShown, i18n.ProjectReverseDone, func(r *http.Request, f *form, p, _ id.ID) (bool, error) {
		expense := f.ID("expense")
		if err := f.Err(); err != nil {
			return false, err
		}
		reason := f.Text("reason", project.MaxWords)
		return false, h.Project.Reverse(r.Context(), actor(r), p, expense, reason, reason) // where the community does it for a unit, the reason says how it knows
	})
	part("lines", "change", h.projectLineShown, i18n.ProjectSaved, func(r *http.Request, f *form, p, line id.ID) (bool, error) {
		n, version := projectLine(f), f.Version()
		if err := f.Err(); err != nil {
			return false, err
		}
		return h.Project.ChangeLine(r.Context(), actor(r), p, version, f.ID("as"), line, n)
	})
	part("lines", "drop", h.projectLineShown, i18n.ProjectSaved, func(r *http.Request, f *form, p, line id.ID) (bool, error) {
		return h.Project.DropLine(r.Context(), actor(r), p, f.Version(), f.ID("as"), line)
	})
	return out
}

// doneOrWaits says that a change was made, or that it waits for a partner.
func doneOrWaits(done i18n.Text, waits bool) i18n.Text {
	if waits {
		return i18n.ProjectAskedDone
	}
	return done
}

// partID reads the ID of a step or line in the address.
func partID(r *http.Request) (id.ID, error) {
	v, err := id.Parse(r.PathValue("part"))
	if err != nil {
		return 0, errs.ErrNotFound
	}
	return v, nil
}

func projectAbout(f *form) project.About {
	return project.About{Title: f.Text("title", project.MaxTitle), Goal: f.Text("goal", project.MaxGoal), Kind: project.Kind(f.Text("kind", 20)), Wanted: f.Int("wanted"), From: f.Date("from_on"), To: f.Date("to_on"), ProgrammeID: f.ID("programme")}
}

func projectStep(f *form) project.NewStep {
	return project.NewStep{OrgID: f.ID("org"), Title: f.Text("title", project.MaxTitle), DueOn: f.Date("due_on")}
}

func projectLine(f *form) project.NewLine {
	return project.NewLine{OrgID: f.ID("org"), Title: f.Text("title", project.MaxTitle), Source: project.Source(f.Text("source", 20)), Amount: f.fen("amount")}
}

func projectFilter(r *http.Request) project.Filter {
	q := r.URL.Query()
	return project.Filter{Text: q.Get("q"), Community: queryID(r, "community"), Unit: queryID(r, "unit"), Programme: queryID(r, "programme"), Kind: project.Kind(q.Get("kind")), State: project.State(q.Get("state")), Late: q.Get("late") != "",
		Wait: q.Get("wait"), Page: pageOf(r)}
}

// programmeOptions are the programmes to choose from: those that have not ended, and the one that is chosen.
func (h *Handler) programmeOptions(r *http.Request, chosen id.ID) (out []field.Option, err error) {
	list, err := h.Cobuild.Themes(r.Context(), actor(r))
	if err != nil {
		return nil, err
	}
	for _, t := range list {
		out = append(out, field.Option{Value: t.ID.String(), Text: i18n.Verbatim(t.Name)})
	}
	if chosen != 0 && !slices.ContainsFunc(list, func(t cobuild.Theme) bool { return t.ID == chosen }) {
		p, err := h.Cobuild.Programme(r.Context(), actor(r), chosen)
		if err == nil {
			out = append(out, field.Option{Value: chosen.String(), Text: i18n.Verbatim(p.Name)})
		} else if errs.KindOf(err) != errs.NotFound {
			return nil, err
		}
	}
	return out, nil
}

func (h *Handler) projectsPage(w http.ResponseWriter, r *http.Request) error {
	f := projectFilter(r)
	list, err := h.Project.List(r.Context(), actor(r), f)
	if err != nil {
		return err
	}
	a := actor(r)
	l := view.List{Query: r.URL.Query(), Items: list.Items, Before: list.Prev, After: list.Next, Today: h.today(), Drafts: may(project.PermKeep, project.PermUnit).lets(a), Needs: a.Can(exchange.PermSee), Keeps: a.Can(exchange.PermKeep)}
	if l.First = f.Page.After == (db.Cursor{}) && f.Page.Before == (db.Cursor{}); l.First {
		if l.Summary, err = h.Project.Summary(r.Context(), a, f); err != nil {
			return err
		}
	}
	if l.Places, err = h.placeOptions(r, a.Scope(project.PermSee)); err != nil {
		return err
	}
	if l.Programmes, err = h.programmeOptions(r, f.Programme); err != nil {
		return err
	}
	return h.show(w, r, view.Index(h.page(w, r, i18n.ProjectTitle), l))
}

func (h *Handler) exportProjects(w http.ResponseWriter, r *http.Request) error {
	type t = project.Row
	f, today := projectFilter(r), h.today()
	return exportList(h, w, r, i18n.ProjectTitle, []exportColumn[t]{
		{title: i18n.ProjectNo, value: func(v t) any { return v.No }},
		{title: i18n.ProjectName, value: func(v t) any { return v.Title }},
		{title: i18n.ProjectCommunity, value: func(v t) any { return v.Community }},
		{title: i18n.ProjectLead, value: func(v t) any { return v.Lead }},
		{title: i18n.ProjectPartners, value: func(v t) any { return view.Names(lang(r), v.Project) }},
		{title: i18n.ProjectKind, value: func(v t) any { return v.Kind.Text() }},
		{title: i18n.ProgrammeOne, value: func(v t) any { return v.Programme }},
		{title: i18n.ProjectFrom, value: func(v t) any { return v.From.String() }},
		{title: i18n.ProjectTo, value: func(v t) any { return v.To.String() }},
		{title: i18n.ProjectState, value: func(v t) any { return view.StateOf(v.Project, today).Text }},
		{title: i18n.ProjectSteps, number: true, value: func(v t) any { return v.Steps }},
		{title: i18n.ProjectStepDone, number: true, value: func(v t) any { return v.Done }},
		{title: i18n.ProjectLate, number: true, value: func(v t) any { return v.Late }},
		{title: i18n.ProjectPlanned, number: true, value: func(v t) any { return float64(v.Planned) / 100 }},
		{title: i18n.ProjectSpent, number: true, value: func(v t) any { return float64(v.Spent) / 100 }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page = p
		return h.Project.List(ctx, actor(r), f)
	}))
}

// projectHome is the list from which an actor comes: that of the desk, or that of their unit.
func projectHome(a authz.Actor) (string, i18n.Text) {
	if a.Can(project.PermSee) {
		return view.Path, i18n.ProjectTitle
	}
	return view.UnitPath, i18n.ProjectUnitTitle
}

func (h *Handler) projectCrumbs(w http.ResponseWriter, r *http.Request, title i18n.Text, more ...layout.Crumb) layout.Page {
	p := h.page(w, r, title)
	href, name := projectHome(actor(r))
	p.Active = href
	p.Breadcrumb = append([]layout.Crumb{{Text: name.In(lang(r)), Href: href}}, more...)
	return p
}

func (h *Handler) projectNewPage(w http.ResponseWriter, r *http.Request) error {
	from := h.today()
	return h.show(w, r, orFault(h.projectNew(w, r, known(url.Values{"from_on": {from.String()}, "to_on": {from.AddMonths(2).String()}}))))
}

// projectNew is the form in which a project is drafted: for a community, or by a liaison for a unit that leads it.
func (h *Handler) projectNew(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	a := actor(r)
	n := view.New{Form: f}
	var err error
	if n.Communities, err = h.organisationOptions(r, a.Held(project.PermKeep), organisation.Working, organisation.Community); err != nil {
		return nil, err
	}
	if n.Unit = len(n.Communities) == 0; n.Unit {
		if n.Orgs, err = h.unitOptions(r, a.Held(project.PermUnit)); err != nil {
			return nil, err
		}
		n.Place = h.label(r, f.Values.Get("community"))
	} else {
		n.Lead = h.label(r, f.Values.Get("lead"))
	}
	for i := range n.Shown {
		n.Shown[i] = h.label(r, f.Values.Get(view.PartnerField(i)))
	}
	if n.Programmes, err = h.programmeOptions(r, 0); err != nil {
		return nil, err
	}
	return view.NewPage(h.projectCrumbs(w, r, i18n.ProjectNew), n), nil
}

func (h *Handler) projectCreate(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	in := project.NewProject{CommunityID: f.ID("community"), LeadID: f.ID("lead"), About: projectAbout(f)}
	if in.LeadID == 0 && f.Text("lead_text", 60) != "" {
		f.err = f.err.With("lead", i18n.ErrBadChoice)
	}
	for i := range view.NewPartners {
		name := view.PartnerField(i)
		if p := f.ID(name); p != 0 {
			if slices.Contains(in.Partners, p) {
				f.err = f.err.With(name, i18n.ProjectTwice)
			}
			in.Partners = append(in.Partners, p)
		} else if f.Text(name+"_text", 60) != "" {
			f.err = f.err.With(name, i18n.ErrBadChoice)
		}
	}
	if in.As = in.CommunityID; !actor(r).Held(project.PermKeep).Covers(in.CommunityID) {
		in.As = in.LeadID
	}
	var made id.ID
	if err = f.Err(); err == nil {
		made, err = h.Project.Create(r.Context(), actor(r), in)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.projectNew(w, r, f.Show(e))) })
	}
	return h.done(w, r, view.Href(made), i18n.ProjectDrafted)
}

// projectOrgs answers the choosing of who takes part.
func (h *Handler) projectOrgs(w http.ResponseWriter, r *http.Request) error {
	kinds := []organisation.Kind{organisation.Unit, organisation.Community, organisation.Working}
	if r.URL.Query().Get("side") == "community" {
		kinds = kinds[1:]
	}
	refs, err := h.Organisation.Directory(r.Context(), actor(r), typed(r), kinds, matchLimit)
	if err != nil {
		return err
	}
	return h.show(w, r, field.Matches(refOptions(r, refs)))
}

// projectOfNeed makes a project of a need by one press.
func (h *Handler) projectOfNeed(w http.ResponseWriter, r *http.Request) error {
	n, err := pathID(r)
	if err != nil {
		return err
	}
	made, err := h.Project.FromNeed(r.Context(), actor(r), n)
	if err != nil {
		if e := errs.As(err); e != nil && e.Kind == errs.Invalid { // what the need says does not do for a project: it is said there
			return h.again(w, r, err, func(e *errs.Error) templ.Component {
				return orFault(h.needShown(w, r, field.Form{Values: url.Values{}, Err: e}))
			})
		}
		return err
	}
	return h.done(w, r, view.Href(made), i18n.ProjectFromNeedDone)
}

func (h *Handler) projectCopy(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	p, err := pathID(r)
	if err != nil {
		return err
	}
	from := f.Date("from_on")
	var made id.ID
	if err = f.Err(); err == nil {
		made, err = h.Project.Copy(r.Context(), actor(r), p, f.ID("as"), from)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.projectShown(w, r, f.Show(e))) })
	}
	return h.done(w, r, view.Href(made), i18n.ProjectCopyDone)
}

// projectUse chooses a resource for a need of the project: the pledge is the need's, and whoever gives it is asked there.
func (h *Handler) projectUse(r *http.Request, f *form, p id.ID) error {
	need, resource, amount := f.ID("for_need"), f.ID("resource"), f.Int("amount")
	if err := f.Err(); err != nil {
		return err
	}
	d, err := h.Project.Get(r.Context(), actor(r), p)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(d.Needs, func(n project.Need) bool { return n.ID == need }) {
		return errs.Field("for_need", i18n.ErrBadChoice)
	}
	if resource == 0 {
		return errs.Field("resource", i18n.ErrRequired)
	}
	_, err = h.Exchange.Use(r.Context(), actor(r), need, resource, amount)
	return err
}

// projectParts is what the pages of a project have in common.
func (h *Handler) projectParts(r *http.Request, sent field.Form) (view.Page, error) {
	s := view.Page{Sent: sent, SentBy: sent.Values.Get(formKey), Today: h.today(), Desk: actor(r).Can(project.PermSee)}
	p, err := pathID(r)
	if err == nil {
		s.Detail, err = h.Project.Get(r.Context(), actor(r), p)
	}
	return s, err
}

// projectShown is the page of a project; sent is the form that was not accepted.
func (h *Handler) projectShown(w http.ResponseWriter, r *http.Request, sent field.Form) (templ.Component, error) {
	a := actor(r)
	page, err := h.projectParts(r, sent)
	if err != nil {
		return nil, err
	}
	s := view.Show{Page: page, Shown: h.label(r, sent.Values.Get("partner")), SeesNeeds: a.Scope(exchange.PermSee).Covers(page.CommunityID)}
	s.Plans = a.Held(project.PermKeep).Covers(s.CommunityID) && a.Scope(activity.PermPlan).Covers(s.CommunityID)
	s.Uses = a.Scope(exchange.PermKeep).Covers(s.CommunityID) && s.Leads() != 0 && s.State.Open()
	if s.Leads() != 0 && s.State.Open() {
		if s.Programmes, err = h.programmeOptions(r, s.ProgrammeID); err != nil {
			return nil, err
		}
		if s.FreeNeeds, err = h.Project.FreeNeeds(r.Context(), a, s.ID); err != nil {
			return nil, err
		}
	}
	if len(s.Acts) > 0 && s.State.Open() {
		if s.Teams, err = h.Project.Teams(r.Context(), a, s.ID); err != nil {
			return nil, err
		}
	}
	if s.Uses && len(s.Needs) > 0 {
		list, err := h.Exchange.Resources(r.Context(), a, exchange.ResourceFilter{Page: db.Page{Limit: 200}})
		if err != nil {
			return nil, err
		}
		s.Resources = list.Items
	}
	return view.One(h.projectCrumbs(w, r, i18n.Verbatim(s.Title)), s), nil
}

func (h *Handler) projectStepShown(w http.ResponseWriter, r *http.Request, sent field.Form) (templ.Component, error) {
	page, err := h.projectParts(r, sent)
	if err != nil {
		return nil, err
	}
	step, err := partID(r)
	if err != nil {
		return nil, err
	}
	n := slices.IndexFunc(page.Steps, func(x project.Step) bool { return x.ID == step })
	if n < 0 {
		return nil, errs.ErrNotFound
	}
	s := view.OneStep{Page: page, Step: page.Steps[n]}
	if s.Candidates, err = h.Project.Candidates(r.Context(), actor(r), s.ID, step); err != nil {
		return nil, err
	}
	return view.StepPage(h.projectCrumbs(w, r, i18n.Verbatim(s.Step.Title), layout.Crumb{Text: s.Title, Href: view.Href(s.ID)}), s), nil
}

func (h *Handler) projectLineShown(w http.ResponseWriter, r *http.Request, sent field.Form) (templ.Component, error) {
	page, err := h.projectParts(r, sent)
	if err != nil {
		return nil, err
	}
	line, err := partID(r)
	if err != nil {
		return nil, err
	}
	n := slices.IndexFunc(page.Lines, func(x project.Line) bool { return x.ID == line })
	if n < 0 {
		return nil, errs.ErrNotFound
	}
	s := view.OneLine{Page: page, Line: page.Lines[n]}
	return view.LinePage(h.projectCrumbs(w, r, i18n.Verbatim(s.Line.Title), layout.Crumb{Text: s.Title, Href: view.Href(s.ID)}), s), nil
}

func (h *Handler) unitProjectsPage(w http.ResponseWriter, r *http.Request) error {
	a := actor(r)
	u := view.Unit{Query: r.URL.Query(), Today: h.today()}
	answers, err := h.Project.List(r.Context(), a, project.Filter{Wait: project.WaitAnswer})
	if err != nil {
		return err
	}
	u.Answers = answers.Items
	if u.Todos, err = h.Project.Todos(r.Context(), a); err != nil {
		return err
	}
	list, err := h.Project.List(r.Context(), a, project.Filter{Page: pageOf(r)})
	if err != nil {
		return err
	}
	u.Items, u.Before, u.After = list.Items, list.Prev, list.Next
	orgs, err := h.unitOptions(r, a.Held(project.PermUnit))
	if err != nil {
		return err
	}
	for _, o := range orgs {
		u.Orgs = append(u.Orgs, o.Text.In(lang(r)))
	}
	return h.show(w, r, view.UnitPage(h.page(w, r, i18n.ProjectUnitTitle), u))
}

// publicProjectsPage is public: the projects that run or are finished. It names organisations only.
func (h *Handler) publicProjectsPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	tenant, err := h.district(r, q.Get(districtKey))
	if err != nil {
		return h.orDistricts(w, r, err)
	}
	list, err := h.Project.Public(r.Context(), tenant, queryID(r, "c"), project.State(q.Get("state")), pageOf(r))
	if err != nil {
		return err
	}
	v := view.PublicList{Query: q, Items: list.Items, Before: list.Prev, After: list.Next}
	places, err := h.Casework.Communities(r.Context(), tenant)
	if err != nil {
		return err
	}
	for _, c := range places {
		v.Communities = append(v.Communities, field.Option{Value: c.ID.String(), Text: i18n.Verbatim(c.Name)})
	}
	return h.show(w, r, view.PublicIndex(h.public(w, r, i18n.ProjectPublicTitle), v))
}

// projectPrint prints a sheet of the project.
func (h *Handler) projectPrint(w http.ResponseWriter, r *http.Request) error {
	page, err := h.projectParts(r, field.Form{})
	if err != nil {
		return err
	}
	d, l := page.Detail, lang(r)
	m := d.Money()
	doc := print.ProjectSheet{Head: print.Head{Lang: l, At: h.DB.Now(), Number: d.No, Issuer: d.Community}, Title: d.Title, Goal: d.Goal, State: view.StateOf(d.Project, page.Today).Text.In(l), Result: d.Result,
		Facts: []print.Pair{{Name: i18n.ProjectCommunity.In(l), Value: d.Community}, {Name: i18n.ProjectLead.In(l), Value: d.Lead}, {Name: i18n.ProjectPartners.In(l), Value: view.Names(l, d.Project)},
			{Name: i18n.ProjectPeriod.In(l), Value: d.From.String() + " — " + d.To.String()}},
		Total: []string{"", i18n.ProjectSum.In(l), "", i18n.Yuan(m.Planned), i18n.Yuan(m.Spent), i18n.Yuan(m.Left())}}
	for n, t := range d.Steps {
		state := t.State.Text().In(l)
		if !t.DoneOn.IsZero() {
			state += " " + t.DoneOn.String()
		}
		doc.Steps = append(doc.Steps, []string{strconv.Itoa(n + 1), t.Title, t.Who, t.DueOn.String(), state})
	}
	for n, x := range d.Lines {
		doc.Lines = append(doc.Lines, []string{strconv.Itoa(n + 1), x.Title + " · " + x.Source.Text().In(l), x.Who, i18n.Yuan(x.Amount), i18n.Yuan(x.Spent), i18n.Yuan(x.Left())})
	}
	for n, x := range d.Needs {
		doc.Needs = append(doc.Needs, []string{strconv.Itoa(n + 1), x.Title, exchange.State(x.State).Text().In(l), exchange.Outcome(x.Outcome).Text().In(l)})
	}
	p, err := h.Printer.ProjectSheet(doc)
	if err != nil {
		return err
	}
	return sendPDF(w, i18n.PaperProject.In(l)+" "+d.No, p)
}

// projectFor is the project for which an activity is being planned, by the address or by the form; nothing where there is none.
func (h *Handler) projectFor(r *http.Request, f *form) (project.Project, error) {
	p := queryID(r, "project")
	if f != nil {
		p = f.ID("project")
	}
	if p == 0 || !actor(r).Can(project.PermKeep) {
		return project.Project{}, nil
	}
	return h.Project.Plans(r.Context(), actor(r), p)
}

// projectPlan fills the plan of an activity in from its project: the community, and a name that says what for.
func projectPlan(p project.Project, plan *activity.Plan, today calendar.Date) {
	plan.Title = p.Title
	day := calendar.DateOf(plan.StartsAt)
	if first := p.From; day.Before(first) && first.After(today) { // not before the project begins
		move := first.Time().Sub(day.Time())
		plan.StartsAt, plan.EndsAt = plan.StartsAt.Add(move), plan.EndsAt.Add(move)
	}
}

// needProject is what the page of a need shows of its project, and whether one may be made.
func (h *Handler) needProject(r *http.Request, s *needview.Show) error {
	p, there, err := h.Project.OfNeed(r.Context(), actor(r), s.ID)
	if err != nil {
		return err
	}
	if there {
		s.ProjectTitle, s.ProjectHref = p.Title, view.Href(p.ID)
	}
	s.MakesProject = !there && s.State.Going() && actor(r).Held(project.PermKeep).Covers(s.CommunityID)
	return nil
}
