package web

import (
	"context"
	"linli/internal/casework"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/notice"
	"linli/internal/outbox"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
	view "linli/internal/web/view/notice"
)

func (h *Handler) noticeRoutes() []route {
	see, keep := may(notice.PermSee), may(notice.PermKeep)
	return []route{
		{pattern: "GET /notices", who: see, serve: h.noticesPage},
		{pattern: "GET /notices/export", who: see, serve: h.exportNotices},
		{pattern: "POST /notices/{id}/again", who: keep, serve: h.noticeAgain},
		{pattern: "GET /notices/templates", who: see, serve: h.noticeTexts},
		{pattern: "GET /notices/templates/{kind}/{channel}/{lang}", who: see, serve: h.noticeText},
		{pattern: "POST /notices/templates/{kind}/{channel}/{lang}", who: keep, serve: h.noticeTextSave},
		{pattern: "POST /notices/templates/{kind}/switch", who: keep, serve: h.noticeSwitch},
		{pattern: "GET /notices/settings", who: see, serve: h.noticeSettings},
		{pattern: "POST /notices/test", who: keep, serve: h.noticeTest},
		{pattern: "GET /outbox", who: everyone, serve: h.noticeFake},
		{pattern: "GET /n/{token}", who: everyone, serve: h.noticeStopPage},
		{pattern: "POST /n/{token}", who: everyone, serve: h.noticeStop},
		{pattern: "GET /account/reminder", who: anybody, serve: h.reminderPage},
		{pattern: "POST /account/reminder", who: anybody, serve: h.reminderSave},
	}
}

func (h *Handler) faking(r *http.Request) bool {
	_, ok := h.Notice.Faked(actor(r).Tenant)
	return ok
}

func noticeFilter(r *http.Request) notice.Filter {
	q := r.URL.Query()
	return notice.Filter{State: outbox.State(q.Get("state")), Channel: notice.Channel(q.Get("channel")), Kind: q.Get("kind"), Text: q.Get("q"), Subject: queryID(r, "subject"), Page: pageOf(r)}
}

func (h *Handler) noticesPage(w http.ResponseWriter, r *http.Request) error {
	l, err := h.Notice.List(r.Context(), actor(r), noticeFilter(r))
	if err != nil {
		return err
	}
	return h.show(w, r, view.Index(h.page(w, r, i18n.NoticeTitle), view.Log{Query: r.URL.Query(), Items: l.Items, Prev: l.Prev, Next: l.Next, Keeps: actor(r).Can(notice.PermKeep), Fake: h.faking(r)}))
}

func (h *Handler) exportNotices(w http.ResponseWriter, r *http.Request) error {
	f := noticeFilter(r)
	return exportList(h, w, r, i18n.NoticeTitle, []exportColumn[notice.Row]{
		{title: i18n.NoticeAt, value: func(v notice.Row) any { return i18n.DateTime(v.CreatedAt) }},
		{title: i18n.NoticeKind, value: func(v notice.Row) any { return view.KindText(v.Kind) }},
		{title: i18n.NoticeChannel, value: func(v notice.Row) any { return v.Channel.Text() }},
		{title: i18n.NoticeTo, value: func(v notice.Row) any { return v.Masked }},
		{title: i18n.NoticeState, value: func(v notice.Row) any { return notice.StateText(v.State) }},
		{title: i18n.NoticeReason, value: func(v notice.Row) any { return notice.ReasonText(v.Reason) }},
		{title: i18n.NoticeParts, number: true, value: func(v notice.Row) any { return v.Parts }},
		{title: i18n.NoticeEdition, number: true, value: func(v notice.Row) any { return v.Edition }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[notice.Row], error) {
		f.Page = p
		return h.Notice.List(ctx, actor(r), f)
	}))
}

func (h *Handler) noticeAgain(w http.ResponseWriter, r *http.Request) error {
	row, err := pathID(r)
	if err != nil {
		return err
	}
	if err := h.Notice.Again(r.Context(), actor(r), row); err != nil {
		return err
	}
	return h.done(w, r, view.Path+"?state="+string(outbox.Waiting), i18n.NoticeAgainDone)
}

func (h *Handler) noticeTexts(w http.ResponseWriter, r *http.Request) error {
	kinds, err := h.Notice.Kinds(r.Context(), actor(r))
	if err != nil {
		return err
	}
	t := view.Texts{Kinds: kinds, Samples: map[string]notice.Shown{}, Keeps: actor(r).Can(notice.PermKeep), Fake: h.faking(r)}
	for _, k := range kinds {
		for _, x := range k.Texts {
			t.Samples[view.TextHref(x)] = h.Notice.Sample(x)
		}
	}
	return h.show(w, r, view.TextsPage(h.page(w, r, i18n.NoticeTitle), t))
}

func (h *Handler) noticeText(w http.ResponseWriter, r *http.Request) error {
	page, err := h.noticeEditing(w, r, nil, nil)
	if err != nil {
		return err
	}
	return h.show(w, r, page)
}

// noticeEditing shows a text as it is, or as it was sent, with a preview.
func (h *Handler) noticeEditing(w http.ResponseWriter, r *http.Request, sent *field.Form, shown *notice.Shown) (templ.Component, error) {
	k, now, former, err := h.Notice.Text(r.Context(), actor(r), r.PathValue("kind"), notice.Channel(r.PathValue("channel")), i18n.Lang(r.PathValue("lang")))
	if err != nil {
		return nil, err
	}
	e := view.Editing{Kind: k, Now: now, Former: former, Form: field.Form{Values: url.Values{"subject": {now.Subject}, "body": {now.Body}}, Filled: map[string]bool{"subject": true, "body": true}}, Shown: shown,
		Changes: actor(r).Can(notice.PermKeep), Fake: h.faking(r)}
	if sent != nil {
		e.Form = *sent
	} else {
		sample := h.Notice.Sample(now)
		e.Shown = &sample
	}
	p := h.page(w, r, k.Title)
	p.Active = view.Path
	p.Breadcrumb = []layout.Crumb{{Text: i18n.NoticeTitle.In(lang(r)), Href: view.Path}, {Text: i18n.NoticeTabTexts.In(lang(r)), Href: view.TextsPath}}
	return view.TextPage(p, e), nil
}

func (h *Handler) noticeTextSave(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	kind, c, l := r.PathValue("kind"), notice.Channel(r.PathValue("channel")), i18n.Lang(r.PathValue("lang"))
	subject, body, act := f.values.Get("subject"), f.values.Get("body"), f.values.Get("act")
	if act == "preview" {
		shown, err := h.Notice.Preview(actor(r), kind, c, l, subject, body)
		sent := f.Show(errs.As(err))
		page := func() templ.Component { return orFault(h.noticeEditing(w, r, &sent, &shown)) }
		if err != nil {
			return h.again(w, r, err, func(*errs.Error) templ.Component { return orFault(h.noticeEditing(w, r, &sent, nil)) })
		}
		return h.show(w, r, page())
	}
	if err := h.Notice.SaveText(r.Context(), actor(r), kind, c, l, f.Int("edition"), subject, body, act == "standard"); err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component {
			sent := f.Show(e)
			return orFault(h.noticeEditing(w, r, &sent, nil))
		})
	}
	return h.done(w, r, r.URL.Path, i18n.NoticeTextSaved)
}

func (h *Handler) noticeSwitch(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	if err := h.Notice.Switch(r.Context(), actor(r), r.PathValue("kind"), f.Bool("on")); err != nil {
		return err
	}
	return h.done(w, r, view.TextsPath, i18n.NoticeSwitched)
}

func (h *Handler) readyChannels() map[notice.Channel]bool {
	ready := map[notice.Channel]bool{}
	for _, c := range notice.Channels() {
		ready[c] = h.Notice.SetUp(c)
	}
	return ready
}

func (h *Handler) noticeSettings(w http.ResponseWriter, r *http.Request) error {
	return h.show(w, r, h.noticeSet(w, r, field.Form{Values: url.Values{}}))
}

func (h *Handler) noticeSet(w http.ResponseWriter, r *http.Request, f field.Form) templ.Component {
	p := h.page(w, r, i18n.NoticeTitle)
	p.Active = view.Path
	return view.SetPage(p, view.Set{Ready: h.readyChannels(), Fake: h.faking(r), Form: f, Keeps: actor(r).Can(notice.PermKeep)})
}

func (h *Handler) noticeTest(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	if err := h.Notice.Test(r.Context(), actor(r), notice.Channel(f.Text("channel", 20)), f.Text("to", 120)); err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return h.noticeSet(w, r, f.Show(e)) })
	}
	return h.done(w, r, view.Path, i18n.NoticeTestDone)
}

// noticeFake shows what a demonstration would have sent; elsewhere there is no such page.
func (h *Handler) noticeFake(w http.ResponseWriter, r *http.Request) error {
	if _, ok := h.Notice.Faked(0); !ok {
		return errs.ErrNotFound
	}
	tenant, err := h.district(r, r.URL.Query().Get(districtKey))
	if err != nil {
		return h.orDistricts(w, r, err)
	}
	list, _ := h.Notice.Faked(tenant)
	later, err := h.Notice.FakedLater(r.Context(), tenant)
	if err != nil {
		return err
	}
	return h.show(w, r, view.Fake(h.public(w, r, i18n.NoticeTabFake), list, later))
}

// stopHolder finds who has the token of the address. Tokens are tried at most so many times from one address.
func (h *Handler) stopHolder(r *http.Request) (notice.Holder, string, error) {
	token := r.PathValue("token")
	who, err := h.Notice.Holder(r.Context(), token)
	if errs.KindOf(err) == errs.NotFound {
		if busy := h.guesses.Allow(network(r), h.DB.Now()); busy != nil {
			return who, token, busy
		}
		return who, token, errs.New(errs.NotFound, i18n.NoticeStopWrong)
	}
	return who, token, err
}

func (h *Handler) noticeStopPage(w http.ResponseWriter, r *http.Request) error {
	who, token, err := h.stopHolder(r)
	if err != nil {
		return err
	}
	w.Header().Set("Referrer-Policy", "no-referrer") // the address holds the token
	return h.show(w, r, view.Stop(h.public(w, r, i18n.NoticeStopTitle), token, who))
}

func (h *Handler) noticeStop(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	_, token, err := h.stopHolder(r)
	if err != nil {
		return err
	}
	no := f.Bool("no")
	if err := h.Notice.Refuse(r.Context(), token, i18n.NoticeHolder.In(i18n.ZH), visitOf(r).id, no); err != nil {
		return err
	}
	said := i18n.NoticeStopAgain
	if no {
		said = i18n.NoticeStopDone
	}
	return h.done(w, r, view.StopPath+token, said)
}

func (h *Handler) reminderPage(w http.ResponseWriter, r *http.Request) error {
	page, err := h.reminder(w, r, nil)
	if err != nil {
		return err
	}
	return h.show(w, r, page)
}

func (h *Handler) reminder(w http.ResponseWriter, r *http.Request, sent *field.Form) (templ.Component, error) {
	c, err := h.Notice.Choice(r.Context(), actor(r))
	if err != nil {
		return nil, err
	}
	m := view.Mine{Choice: c, Ready: h.readyChannels(), Form: field.Form{Values: url.Values{"channel": {"none"}}, Filled: map[string]bool{"channel": true}}}
	if c.Channel != "" {
		m.Form.Values.Set("channel", string(c.Channel))
	}
	if sent != nil {
		m.Form = *sent
	}
	p := h.page(w, r, i18n.NoticeMine)
	p.Breadcrumb = []layout.Crumb{{Text: i18n.NavAccount.In(lang(r)), Href: "/account"}}
	return view.MinePage(p, m), nil
}

func (h *Handler) reminderSave(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	c := notice.Channel(f.Text("channel", 20))
	if c == "none" {
		c = ""
	}
	if err := h.Notice.Choose(r.Context(), actor(r), c, lang(r), f.Text("address", 120)); err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component {
			sent := f.Show(e)
			return orFault(h.reminder(w, r, &sent))
		})
	}
	return h.done(w, r, view.MinePath, i18n.NoticeMineSaved)
}

// followTell lets who has the code of a case be told of it where they left a number or an address, at an e-mail address that they leave now, or not.
func (h *Handler) followTell(r *http.Request, f *form, k casework.Key) (i18n.Text, error) {
	said, email := i18n.NoticeCaseStopOK, f.values.Get("email")
	if f.Bool("mail") && strings.TrimSpace(email) == "" {
		return said, errs.Field("email", i18n.NoticeEmailNone)
	}
	if f.Bool("on") {
		said = i18n.NoticeCaseGoOn
	}
	return said, h.Casework.TellBy(r.Context(), k, byReporter(), visitOf(r).id, lang(r), f.Bool("on"), email)
}
