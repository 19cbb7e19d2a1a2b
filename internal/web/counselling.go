package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/authz"
	"linli/internal/counselling"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/organisation"
	"linli/internal/technician"
	view "linli/internal/web/view/counselling"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
)

func (h *Handler) counsellingRoutes() []route {
	serve, keep, count := may(counselling.PermServe), may(counselling.PermKeep), may(counselling.PermCount)
	act := func(name string, do func(r *http.Request, f *form, file id.ID) error) route {
		return route{pattern: "POST /counselling/files/{id}/" + name, who: serve, serve: h.acted(saying(i18n.CounselSaved, do), view.Href, h.counselFileAgain(name))}
	}
	return []route{
		{pattern: "GET /counselling", who: may(counselling.PermServe, counselling.PermKeep, counselling.PermCount), serve: h.counselDesk},
		{pattern: "GET /counselling/new", who: serve, serve: h.counselNewPage},
		{pattern: "POST /counselling", who: serve, serve: h.counselOpen},
		{pattern: "GET /counselling/files/{id}", who: serve, serve: h.counselFile},
		act("write", func(r *http.Request, f *form, file id.ID) error {
			n, err := conversationEntry(f)
			if err == nil {
				err = h.Counselling.Write(r.Context(), actor(r), file, n)
			}
			return err
		}),
		act("arrange", func(r *http.Request, f *form, file id.ID) error {
			at, form := f.Time("at"), counselling.Form(f.Text("form", 20))
			if err := f.Err(); err != nil {
				return err
			}
			return h.Counselling.Arrange(r.Context(), actor(r), file, at, form)
		}),
		act("settle", func(r *http.Request, f *form, file id.ID) error {
			session, to, version := f.ID("session"), counselling.State(f.Text("state", 20)), f.Version()
			if err := f.Err(); err != nil {
				return err
			}
			return h.Counselling.Settle(r.Context(), actor(r), file, session, to, version)
		}),
		act("end", func(r *http.Request, f *form, file id.ID) error {
			return h.Counselling.End(r.Context(), actor(r), file, counselling.Ending(f.Text("ending", 20)), f.Version())
		}),
		act("resume", func(r *http.Request, f *form, file id.ID) error {
			return h.Counselling.Resume(r.Context(), actor(r), file, f.Version())
		}),
		{pattern: "POST /counselling/files/{id}/erase", who: serve, serve: h.acted(saying(i18n.CounselErased, func(r *http.Request, f *form, file id.ID) error {
			return h.Counselling.Erase(r.Context(), actor(r), file, f.Version())
		}), view.Href, h.counselFileAgain("erase"))},
		{pattern: "POST /counselling/files/{id}/code", who: serve, serve: h.counselCode("code", i18n.CounselNewCodeIs, h.Counselling.NewCode)},
		{pattern: "POST /counselling/files/{id}/link", who: serve, serve: h.counselCode("link", i18n.CounselNewLinkIs, h.Counselling.NewLink)},
		{pattern: "POST /counselling/files/{id}/hand", who: serve, serve: h.counselHandOwn},
		{pattern: "POST /counselling/hand", who: keep, serve: h.counselHand},
		{pattern: "GET /counselling/hours", who: may(counselling.PermServe, counselling.PermKeep), serve: h.counselPosts},
		{pattern: "GET /counselling/hours/new", who: keep, serve: h.counselPostNew},
		{pattern: "POST /counselling/hours", who: keep, serve: h.counselPostSave},
		{pattern: "GET /counselling/hours/{id}", who: keep, serve: h.counselPostEdit},
		{pattern: "POST /counselling/hours/{id}", who: keep, serve: h.counselPostSave},
		{pattern: "POST /counselling/hours/{id}/end", who: keep, serve: h.counselPostEnd(true)},
		{pattern: "POST /counselling/hours/{id}/resume", who: keep, serve: h.counselPostEnd(false)},
		{pattern: "GET /counselling/counts", who: count, serve: h.counselCounts},
		{pattern: "GET /counselling/counts/export", who: count, serve: h.exportCounselCounts},
	}
}

// counselDesk is the first page of a counsellor; whoever only keeps hours or reads counts is led there.
func (h *Handler) counselDesk(w http.ResponseWriter, r *http.Request) error {
	a := actor(r)
	if !a.Can(counselling.PermServe) {
		to := view.CountsPath
		if a.Can(counselling.PermKeep) {
			to = view.PostsPath
		}
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	}
	q := r.URL.Query()
	list, err := h.Counselling.Files(r.Context(), a, counselling.FileFilter{Show: q.Get("show"), No: q.Get("q"), Page: pageOf(r)})
	if err != nil {
		return err
	}
	coming, err := h.Counselling.Coming(r.Context(), a)
	if err != nil {
		return err
	}
	return h.show(w, r, view.Index(h.page(w, r, i18n.CounselTitle), view.Desk{Query: q, Coming: coming, Files: list.Items, Before: list.Prev, After: list.Next, Keeps: a.Can(counselling.PermKeep),
		Counts: a.Can(counselling.PermCount), Now: h.Counselling.Now()}))
}

func (h *Handler) counselCrumbs(w http.ResponseWriter, r *http.Request, title i18n.Text) layout.Page {
	p := h.page(w, r, title)
	p.Active = view.Path
	p.Breadcrumb = []layout.Crumb{{Text: i18n.CounselTitle.In(lang(r)), Href: view.Path}}
	return p
}

func (h *Handler) counselNewPage(w http.ResponseWriter, r *http.Request) error {
	return h.show(w, r, orFault(h.counselNewForm(w, r, field.Form{Values: url.Values{}})))
}

func (h *Handler) counselNewForm(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	orgs, err := h.organisationOptions(r, actor(r).Scope(counselling.PermServe), organisation.Working, organisation.Community)
	if len(orgs) == 1 && f.Values.Get("org") == "" {
		f.Values.Set("org", orgs[0].Value)
	}
	return view.Edit(h.counselCrumbs(w, r, i18n.CounselNew), view.New{Form: f, Orgs: orgs}), err
}

func (h *Handler) counselOpen(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	n := counselling.Entry{Name: f.Text("name", counselling.MaxName), Phone: f.Text("phone", 40), Word: f.Text("word", counselling.MaxWord)}
	org := f.ID("org")
	if org == 0 {
		f.Need("org", 40)
	}
	var made counselling.File
	if err = f.Err(); err == nil {
		made, err = h.Counselling.Open(r.Context(), actor(r), org, n)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.counselNewForm(w, r, f.Show(e))) })
	}
	return h.counselTold(w, r, made.ID, i18n.CounselCreated, made.Code)
}

func (h *Handler) counselFile(w http.ResponseWriter, r *http.Request) error {
	return h.show(w, r, orFault(h.counselFileAgain("")(w, r, field.Form{Values: url.Values{}})))
}

// counselFileAgain draws a file with the form that was sent.
func (h *Handler) counselFileAgain(sent string) func(http.ResponseWriter, *http.Request, field.Form) (templ.Component, error) {
	return func(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
		file, err := pathID(r)
		if err != nil {
			return nil, err
		}
		return h.counselFilePage(r, h.counselCrumbs(w, r, i18n.CounselTitle), file, sent, f)
	}
}

// counselCode makes a code for the person of a file and shows it.
func (h *Handler) counselCode(name string, said i18n.Text, make func(context.Context, authz.Actor, id.ID) (string, error)) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		file, err := pathID(r)
		if err != nil {
			return err
		}
		code, err := make(r.Context(), actor(r), file)
		if err != nil {
			return h.again(w, r, err, func(e *errs.Error) templ.Component {
				return orFault(h.counselFileAgain(name)(w, r, field.Form{Values: url.Values{}, Err: e}))
			})
		}
		return h.counselTold(w, r, file, said, code)
	}
}

// counselTold shows a file with a code that is shown once: on the page itself, so that it lies in no cookie.
func (h *Handler) counselTold(w http.ResponseWriter, r *http.Request, file id.ID, said i18n.Text, code string) error {
	p := h.counselCrumbs(w, r, i18n.CounselTitle)
	p.Flash = &layout.Flash{Kind: layout.Done, Text: said.In(lang(r), code)}
	return h.show(w, r, orFault(h.counselFilePage(r, p, file, "", field.Form{Values: url.Values{}})))
}

// counselFilePage draws a file.
func (h *Handler) counselFilePage(r *http.Request, p layout.Page, file id.ID, sent string, f field.Form) (templ.Component, error) {
	var err error
	o := view.One{Sent: f, SentBy: sent, Now: h.Counselling.Now()}
	if o.File, err = h.Counselling.Get(r.Context(), actor(r), file); err != nil {
		return nil, err
	}
	if o.Counsellors, err = h.counsellors(r); err != nil {
		return nil, err
	}
	return view.File(p, o), nil
}

// counsellors are those of the district but the actor.
func (h *Handler) counsellors(r *http.Request) ([]field.Option, error) {
	list, err := h.Counselling.Counsellors(r.Context(), actor(r))
	var out []field.Option
	for _, c := range list {
		out = append(out, field.Option{Value: c.ID.String(), Text: i18n.Verbatim(c.Name)})
	}
	return out, err
}

func conversationEntry(f *form) (counselling.Conversation, error) {
	n := counselling.Conversation{Form: counselling.Form(f.Text("form", 20)), At: f.Time("at"), Minutes: f.Int("minutes"), Note: f.Text("note", counselling.MaxNote), Next: f.Time("next"),
		NextForm: counselling.Form(f.Text("next_form", 20))}
	if session, version, ok := strings.Cut(f.values.Get("session"), "."); ok {
		var err error
		if n.SessionID, err = id.Parse(session); err == nil {
			n.Version, err = strconv.ParseInt(version, 10, 64)
		}
		if err != nil {
			return n, errs.Field("session", i18n.ErrBadChoice)
		}
	}
	return n, f.Err()
}

func handing(f *form) counselling.Handing {
	return counselling.Handing{To: f.ID("to"), Consent: counselling.Consent(f.Text("consent", 20))}
}

func (h *Handler) counselHandOwn(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	file, err := pathID(r)
	if err != nil {
		return err
	}
	n := handing(f)
	if err = f.Err(); err == nil {
		err = h.Counselling.HandOn(r.Context(), actor(r), file, n)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.counselFileAgain("hand")(w, r, f.Show(e))) })
	}
	return h.done(w, r, view.Path, i18n.CounselHanded)
}

func (h *Handler) counselHand(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	n := handing(f)
	if err = f.Err(); err == nil {
		if err = h.Counselling.HandOnBy(r.Context(), actor(r), f.Text("code", 40), n); errs.KindOf(err) == errs.Invalid && !errs.As(err).Fields["code"].Text.IsZero() {
			if busy := h.guesses.Allow(network(r), h.DB.Now()); busy != nil {
				return busy
			}
		}
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.counselPostsWith(w, r, f.Show(e))) })
	}
	return h.done(w, r, view.PostsPath, i18n.CounselHanded)
}

func (h *Handler) counselPosts(w http.ResponseWriter, r *http.Request) error {
	return h.show(w, r, orFault(h.counselPostsWith(w, r, field.Form{Values: url.Values{}})))
}

func (h *Handler) counselPostsWith(w http.ResponseWriter, r *http.Request, hand field.Form) (templ.Component, error) {
	list, err := h.Counselling.Posts(r.Context(), actor(r), pageOf(r))
	if err != nil {
		return nil, err
	}
	l := view.Posts{Query: r.URL.Query(), Items: list.Items, Before: list.Prev, After: list.Next, Hand: hand, Keeps: actor(r).Can(counselling.PermKeep)}
	if l.Counsellors, err = h.counsellors(r); err != nil {
		return nil, err
	}
	return view.PostsPage(h.counselCrumbs(w, r, i18n.CounselPosts), l), nil
}

func (h *Handler) counselPostNew(w http.ResponseWriter, r *http.Request) error {
	return h.show(w, r, orFault(h.counselPostForm(w, r, counselling.Post{}, field.Form{Values: url.Values{}})))
}

func (h *Handler) counselPostForm(w http.ResponseWriter, r *http.Request, p counselling.Post, f field.Form) (templ.Component, error) {
	orgs, err := h.organisationOptions(r, actor(r).Scope(counselling.PermKeep), organisation.Working, organisation.Community)
	if err != nil {
		return nil, err
	}
	who, err := h.counsellors(r)
	title := i18n.CounselPostNew
	if p.ID != 0 {
		title = i18n.CounselPostEdit
	}
	page := h.counselCrumbs(w, r, title)
	page.Breadcrumb = append(page.Breadcrumb, layout.Crumb{Text: i18n.CounselPosts.In(lang(r)), Href: view.PostsPath})
	return view.PostEdit(page, view.PostForm{Form: f, Post: p, Orgs: orgs, Counsellors: who}), err
}

func (h *Handler) counselPostEdit(w http.ResponseWriter, r *http.Request) error {
	post, err := pathID(r)
	if err != nil {
		return err
	}
	p, err := h.Counselling.Post(r.Context(), actor(r), post)
	if err != nil {
		return err
	}
	v := url.Values{"account": {p.AccountID.String()}, "org": {p.OrgID.String()}, "place": {p.Place}, "minutes": {strconv.FormatInt(p.Minutes, 10)}, "version": {strconv.FormatInt(p.Version, 10)}}
	for i := range 7 {
		v.Set(technician.WeekField(i+1), technician.Hours(p.Week, i+1))
	}
	return h.show(w, r, orFault(h.counselPostForm(w, r, p, field.Form{Values: v})))
}

func (h *Handler) counselPostSave(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	var p counselling.Post
	if r.PathValue("id") != "" {
		post, err := pathID(r)
		if err != nil {
			return err
		}
		if p, err = h.Counselling.Post(r.Context(), actor(r), post); err != nil {
			return err
		}
	}
	n := counselling.NewPost{OrgID: f.ID("org"), AccountID: f.ID("account"), Place: f.Text("place", counselling.MaxPlace), Minutes: f.Int("minutes")}
	if p.ID != 0 {
		n.Version = f.Version()
	}
	for i := range 7 {
		n.Week = append(n.Week, f.Text(technician.WeekField(i+1), 60))
	}
	if err = f.Err(); err == nil {
		_, err = h.Counselling.SavePost(r.Context(), actor(r), p.ID, n)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.counselPostForm(w, r, p, f.Show(e))) })
	}
	return h.done(w, r, view.PostsPath, i18n.CounselSaved)
}

func (h *Handler) counselPostEnd(end bool) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, err := readForm(r)
		if err != nil {
			return err
		}
		post, err := pathID(r)
		if err != nil {
			return err
		}
		version := f.Version()
		if err := f.Err(); err != nil {
			return err
		}
		if err := h.Counselling.EndPost(r.Context(), actor(r), post, end, version); err != nil {
			return err
		}
		return h.done(w, r, view.PostsPath, i18n.CounselSaved)
	}
}

func (h *Handler) counted(r *http.Request) (c view.Counts, err error) {
	c = view.Counts{Query: r.URL.Query(), This: h.today().Year()}
	year := c.This
	if y := c.Query.Get("year"); y != "" {
		if year, err = strconv.Atoi(y); err != nil {
			return c, errs.ErrNotFound
		}
	}
	c.Counts, err = h.Counselling.Count(r.Context(), actor(r), year)
	return c, err
}

func (h *Handler) counselCounts(w http.ResponseWriter, r *http.Request) error {
	c, err := h.counted(r)
	if err != nil {
		return err
	}
	return h.show(w, r, view.CountsPage(h.counselCrumbs(w, r, i18n.CounselCounts), c))
}

func (h *Handler) exportCounselCounts(w http.ResponseWriter, r *http.Request) error {
	type t = counselling.Line
	c, err := h.counted(r)
	if err != nil {
		return err
	}
	number := func(title i18n.Text, form bool, value func(t) int64) exportColumn[t] {
		return exportColumn[t]{title: title, number: true, value: func(v t) any {
			if v.Hidden || form && v.Together {
				return ""
			}
			return value(v)
		}}
	}
	return exportList(h, w, r, i18n.CounselCounts, []exportColumn[t]{
		{title: i18n.CounselOrg, value: func(v t) any { return v.Org }},
		number(i18n.CounselPeople, false, func(v t) int64 { return v.People }),
		number(i18n.CounselAll, false, t.All),
		number(i18n.CounselRoom, true, func(v t) int64 { return v.Room }),
		number(i18n.CounselPhone, true, func(v t) int64 { return v.Phone }),
		number(i18n.CounselHome, true, func(v t) int64 { return v.Home }),
		{title: i18n.CounselHidden, value: func(v t) any {
			if v.Hidden {
				return i18n.CounselHidden
			}
			return ""
		}},
	}, func(_ context.Context, each func(t) error) error {
		sum := c.Sum
		sum.Org = i18n.CounselSum.In(lang(r))
		for _, l := range append(c.Lines, sum) {
			if err := each(l); err != nil {
				return err
			}
		}
		return nil
	})
}
