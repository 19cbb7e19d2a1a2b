package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/authz"
	"linli/internal/cobuild"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	view "linli/internal/web/view/cobuild"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
)

// cobuildPeopleRoutes are the persons of agreements: on the page of an agreement, as a list, and one's own.
func (h *Handler) cobuildPeopleRoutes() []route {
	see, party, posts := may(cobuild.PermSee, cobuild.PermUnit), may(cobuild.PermKeep, cobuild.PermUnit), may(cobuild.PermProgrammes)
	act := func(done i18n.Text, do func(r *http.Request, f *form, g id.ID) error) func(http.ResponseWriter, *http.Request) error {
		return h.acted(saying(done, do), view.Href, h.cobuildShown)
	}
	return []route{
		{pattern: "GET /cobuilds/{id}/people", who: party, serve: h.cobuildKnown},
		{pattern: "POST /cobuilds/{id}/people", who: party, serve: act(i18n.CobuildPersonSaved, func(r *http.Request, f *form, g id.ID) error {
			in := cobuild.NewPerson{OrgID: f.ID("org"), HostID: f.ID("host"), Post: f.Text("post", cobuild.MaxName), Name: f.Text("person_text", cobuild.MaxName), From: f.Date("from_on"), To: f.Date("to_on")}
			if err := f.Err(); err != nil {
				return err
			}
			var err error
			if in.MemberID, in.AccountID, err = knownIn(f.Text("person", 30)); err != nil {
				return err
			}
			_, err = h.Cobuild.NamePerson(r.Context(), actor(r), g, in)
			return err
		})},
		{pattern: "POST /cobuilds/{id}/people/end", who: party, serve: act(i18n.CobuildPersonEndOK, func(r *http.Request, f *form, g id.ID) error {
			in := cobuild.EndPost{On: f.Date("ended_on"), Ending: cobuild.PersonEnding(f.Text("ending", 20)), Words: f.Text("words", cobuild.MaxWords)}
			person, version, err := versioned(f.Text("person", 60))
			if err != nil {
				return errs.Field("person", i18n.ErrRequired)
			}
			if err := f.Err(); err != nil {
				return err
			}
			return h.Cobuild.EndPerson(r.Context(), actor(r), g, person, version, in)
		})},
		{pattern: "GET " + view.PeoplePath, who: see, serve: h.cobuildPeoplePage},
		{pattern: "GET " + view.PeoplePath + "/export", who: see, serve: h.exportCobuildPeople},
		{pattern: "GET " + view.PostsPath, who: posts, serve: h.cobuildPostsPage},
		{pattern: "POST " + view.PostsPath, who: posts, serve: h.cobuildSetPosts},
		{pattern: "GET " + view.OwnPath, who: may(cobuild.PermOwn, cobuild.PermSee, cobuild.PermUnit), serve: h.cobuildOwnPosts},
	}
}

// knownIn reads whom a form chose: a member, an account, or nobody who is known.
func knownIn(s string) (member, account id.ID, err error) {
	if s == "" {
		return 0, 0, nil
	}
	kind, text, _ := strings.Cut(s, ":")
	n, err := id.Parse(text)
	switch {
	case err != nil:
	case kind == "member":
		return n, 0, nil
	case kind == "account":
		return 0, n, nil
	}
	return 0, 0, errs.Field("person", i18n.ErrBadChoice)
}

// cobuildKnown answers the choosing of a person among members and accounts of the reader's side.
func (h *Handler) cobuildKnown(w http.ResponseWriter, r *http.Request) error {
	g, err := pathID(r)
	if err != nil {
		return err
	}
	text := typed(r)
	if text == "" {
		return h.show(w, r, field.Matches(nil))
	}
	list, err := h.Cobuild.KnownOf(r.Context(), actor(r), g, text, matchLimit)
	if err != nil {
		return err
	}
	var out []field.Option
	for _, k := range list {
		value := "member:" + k.MemberID.String()
		if k.AccountID != 0 {
			value = "account:" + k.AccountID.String()
		}
		out = append(out, field.Option{Value: value, Text: i18n.Verbatim(k.Name), Note: k.Note})
	}
	return h.show(w, r, field.Matches(out))
}

// postOptions are the posts from which one chooses.
func (h *Handler) postOptions(r *http.Request) ([]field.Option, error) {
	list, _, err := h.Cobuild.Posts(r.Context(), actor(r))
	var out []field.Option
	for _, p := range list {
		out = append(out, field.Option{Value: p, Text: i18n.Verbatim(p)})
	}
	return out, err
}

func cobuildPeopleFilter(r *http.Request) cobuild.PeopleFilter {
	q := r.URL.Query()
	return cobuild.PeopleFilter{Text: q.Get("q"), Community: queryID(r, "community"), Org: queryID(r, "org"), Kind: cobuild.Kind(q.Get("kind")), State: cobuild.PersonState(q.Get("state")), Page: pageOf(r)}
}

func (h *Handler) cobuildPeoplePage(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Cobuild.People(r.Context(), actor(r), cobuildPeopleFilter(r))
	if err != nil {
		return err
	}
	l := view.People{Query: r.URL.Query(), Items: list.Items, Before: list.Prev, After: list.Next, Today: h.today()}
	if l.Posts, err = h.Cobuild.SetsPosts(r.Context(), actor(r)); err != nil {
		return err
	}
	if l.Places, err = h.placeOptions(r, actor(r).Scope(cobuild.PermSee)); err != nil {
		return err
	}
	return h.show(w, r, view.PeopleIndex(h.cobuildCrumbs(w, r, i18n.CobuildStaffTitle), l))
}

func (h *Handler) exportCobuildPeople(w http.ResponseWriter, r *http.Request) error {
	type t = cobuild.Person
	f, today := cobuildPeopleFilter(r), h.today()
	return exportList(h, w, r, i18n.CobuildStaffTitle, []exportColumn[t]{
		{title: i18n.CobuildPersonWho, value: func(v t) any { return view.PersonName(lang(r), v) }},
		{title: i18n.CobuildPost, value: func(v t) any { return v.Post }},
		{title: i18n.CobuildPersonOrg, value: func(v t) any { return v.Org }},
		{title: i18n.CobuildPersonHost, value: func(v t) any { return v.Host }},
		{title: i18n.CobuildKind, value: func(v t) any { return v.Kind.Text() }},
		{title: i18n.CobuildNo, value: func(v t) any { return v.No }},
		{title: i18n.CobuildPersonFrom, value: func(v t) any { return v.From.String() }},
		{title: i18n.CobuildPersonTo, value: func(v t) any { return v.LastDay().String() }},
		{title: i18n.CobuildPersonState, value: func(v t) any { return v.Standing(today).Text() }},
		{title: i18n.CobuildPersonWhy, value: func(v t) any { return v.Ending.Text() }},
		{title: i18n.CobuildSrcActivity, number: true, value: func(v t) any { return int64(v.Count(cobuild.FromActivity)) }},
		{title: i18n.CobuildSrcNeed, number: true, value: func(v t) any { return int64(v.Count(cobuild.FromNeed)) }},
		{title: i18n.CobuildSrcVisit, number: true, value: func(v t) any { return int64(v.Count(cobuild.FromVisit)) }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page = p
		return h.Cobuild.People(ctx, actor(r), f)
	}))
}

func (h *Handler) cobuildPostsPage(w http.ResponseWriter, r *http.Request) error {
	if sets, err := h.Cobuild.SetsPosts(r.Context(), actor(r)); err != nil {
		return err
	} else if !sets {
		return errs.ErrForbidden
	}
	list, version, err := h.Cobuild.Posts(r.Context(), actor(r))
	if err != nil {
		return err
	}
	return h.show(w, r, h.cobuildPostsForm(w, r, view.PostsForm{Form: field.Form{Values: url.Values{"posts": {strings.Join(list, "\n")}}}, Version: version}))
}

func (h *Handler) cobuildPostsForm(w http.ResponseWriter, r *http.Request, n view.PostsForm) templ.Component {
	return view.PostsPage(h.cobuildCrumbs(w, r, i18n.CobuildPostsTitle, layout.Crumb{Text: i18n.CobuildStaffTitle.In(lang(r)), Href: view.PeoplePath}), n)
}

func (h *Handler) cobuildSetPosts(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	version, posts := f.Version(), strings.Split(f.Text("posts", 2000), "\n")
	if err = f.Err(); err == nil {
		err = h.Cobuild.SetPosts(r.Context(), actor(r), version, posts)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component {
			return h.cobuildPostsForm(w, r, view.PostsForm{Form: f.Show(e), Version: version})
		})
	}
	return h.done(w, r, view.PeoplePath, i18n.CobuildPostsSaved)
}

func (h *Handler) cobuildOwnPosts(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Cobuild.OwnPosts(r.Context(), actor(r))
	if err != nil {
		return err
	}
	return h.show(w, r, view.OwnPosts(h.page(w, r, i18n.CobuildOwnTitle), list, h.today()))
}

// postsAt are those who serve at an organisation or are its people, for its page; nil where the reader sees no agreements.
func (h *Handler) postsAt(r *http.Request, a authz.Actor, org id.ID) (templ.Component, error) {
	if !may(cobuild.PermSee, cobuild.PermUnit).lets(a) {
		return nil, nil
	}
	list, err := h.Cobuild.People(r.Context(), a, cobuild.PeopleFilter{Org: org, State: cobuild.Serving, Page: db.Page{Limit: 20}})
	if err != nil || len(list.Items) == 0 {
		return nil, err
	}
	return view.PeoplePanel(list.Items, h.today(), view.PeoplePath+"?org="+org.String()), nil
}
