package web

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/outbox"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
	view "linli/internal/web/view/webhook"
	"linli/internal/webhook"
)

func (h *Handler) webhookRoutes() []route {
	manage := may(webhook.PermManage)
	turn := func(do func(r *http.Request, f *form, w id.ID) error) func(http.ResponseWriter, *http.Request) error {
		return h.acted(saying(i18n.WebhookSaved, do), view.Href, h.webhookActed)
	}
	return []route{
		{pattern: "GET /webhooks", who: manage, serve: h.webhooksPage},
		{pattern: "GET /webhooks/new", who: manage, serve: h.webhookNewPage},
		{pattern: "POST /webhooks", who: manage, serve: h.webhookCreate},
		{pattern: "GET /webhooks/{id}", who: manage, serve: h.webhookPage},
		{pattern: "GET /webhooks/{id}/edit", who: manage, serve: h.webhookEditPage},
		{pattern: "POST /webhooks/{id}/edit", who: manage, serve: h.webhookEdit},
		{pattern: "GET /webhooks/{id}/log", who: manage, serve: h.webhookLog},
		{pattern: "POST /webhooks/{id}/secret", who: manage, serve: h.webhookSecret},
		{pattern: "POST /webhooks/{id}/deliveries/{delivery}/again", who: manage, serve: h.webhookAgain},
		{pattern: "POST /webhooks/{id}/test", who: manage, serve: h.acted(saying(i18n.WebhookTestDone, func(r *http.Request, _ *form, w id.ID) error {
			return h.Webhook.Test(r.Context(), actor(r), w)
		}), view.Href, h.webhookActed)},
		{pattern: "POST /webhooks/{id}/pause", who: manage, serve: turn(func(r *http.Request, f *form, w id.ID) error {
			return h.Webhook.Pause(r.Context(), actor(r), w, f.Version())
		})},
		{pattern: "POST /webhooks/{id}/resume", who: manage, serve: turn(func(r *http.Request, f *form, w id.ID) error {
			return h.Webhook.Resume(r.Context(), actor(r), w, f.Version())
		})},
		{pattern: "POST /webhooks/{id}/end", who: manage, serve: turn(func(r *http.Request, f *form, w id.ID) error {
			return h.Webhook.End(r.Context(), actor(r), w, f.Version())
		})},
	}
}

func (h *Handler) webhooksPage(w http.ResponseWriter, r *http.Request) error {
	l, err := h.Webhook.List(r.Context(), actor(r), pageOf(r))
	if err != nil {
		return err
	}
	return h.show(w, r, view.Index(h.page(w, r, i18n.WebhookTitle), view.List{Query: r.URL.Query(), Items: l.Items, Prev: l.Prev, Next: l.Next}))
}

func (h *Handler) webhookCrumbs(w http.ResponseWriter, r *http.Request, title i18n.Text) layout.Page {
	p := h.page(w, r, title)
	p.Active = view.Path
	p.Breadcrumb = []layout.Crumb{{Text: i18n.WebhookTitle.In(lang(r)), Href: view.Path}}
	return p
}

func (h *Handler) webhookForm(w http.ResponseWriter, r *http.Request, title i18n.Text, n view.New) (templ.Component, error) {
	var err error
	n.Orgs, err = h.placeOptions(r, actor(r).Scope(webhook.PermManage))
	return view.Edit(h.webhookCrumbs(w, r, title), n), err
}

func (h *Handler) webhookNewPage(w http.ResponseWriter, r *http.Request) error {
	return h.show(w, r, orFault(h.webhookForm(w, r, i18n.WebhookNew, view.New{Form: field.Form{Values: url.Values{}}})))
}

func webhookEntry(f *form) webhook.Entry {
	n := webhook.Entry{Name: f.Text("name", webhook.MaxName), Address: f.Text("address", webhook.MaxAddress), OrgID: f.ID("org"), Version: f.Version()}
	for _, t := range f.Strings("types") {
		n.Types = append(n.Types, webhook.Type(t))
	}
	return n
}

// webhookCreate adds a receiver and answers with its page, on which the secret is shown this once.
func (h *Handler) webhookCreate(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	n := webhookEntry(f)
	var made id.ID
	var secret string
	if err = f.Err(); err == nil {
		made, secret, err = h.Webhook.Create(r.Context(), actor(r), n)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component {
			return orFault(h.webhookForm(w, r, i18n.WebhookNew, view.New{Form: f.Show(e)}))
		})
	}
	return h.webhookWith(w, r, made, secret, i18n.WebhookCreated, n.Name)
}

// webhookWith shows a receiver with its new secret.
func (h *Handler) webhookWith(w http.ResponseWriter, r *http.Request, made id.ID, secret string, said i18n.Text, args ...any) error {
	page, p, err := h.webhookOne(w, r, made, secret)
	if err != nil {
		return err
	}
	p.Flash = &layout.Flash{Kind: layout.Done, Text: said.In(lang(r), args...)}
	return h.show(w, r, page(p))
}

func (h *Handler) webhookOne(w http.ResponseWriter, r *http.Request, n id.ID, secret string) (func(layout.Page) templ.Component, layout.Page, error) {
	s, err := h.Webhook.Get(r.Context(), actor(r), n)
	if err != nil {
		return nil, layout.Page{}, err
	}
	last, err := h.Webhook.Deliveries(r.Context(), actor(r), n, webhook.Filter{Page: db.Page{Limit: 10}})
	if err != nil {
		return nil, layout.Page{}, err
	}
	p := h.webhookCrumbs(w, r, i18n.Verbatim(s.Name))
	p.Path = view.Href(n)
	return func(p layout.Page) templ.Component {
		return view.Show(p, view.One{Subscription: s, Secret: secret, Last: last.Items})
	}, p, nil
}

func (h *Handler) webhookPage(w http.ResponseWriter, r *http.Request) error {
	page, err := h.webhookActed(w, r, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, page)
}

// webhookActed is the page of a receiver, on which acts say what was wrong.
func (h *Handler) webhookActed(w http.ResponseWriter, r *http.Request, sent field.Form) (templ.Component, error) {
	n, err := pathID(r)
	if err != nil {
		return nil, err
	}
	page, p, err := h.webhookOne(w, r, n, "")
	if err != nil {
		return nil, err
	}
	if sent.Err != nil {
		p.Flash = &layout.Flash{Kind: layout.Failed, Text: sent.Err.Message.In(lang(r))}
	}
	return page(p), nil
}

func (h *Handler) webhookEditPage(w http.ResponseWriter, r *http.Request) error {
	n, err := pathID(r)
	if err != nil {
		return err
	}
	s, err := h.Webhook.Get(r.Context(), actor(r), n)
	if err != nil {
		return err
	}
	v := url.Values{"name": {s.Name}, "address": {s.Address}, "org": {s.OrgID.String()}, "version": {strconv.FormatInt(s.Version, 10)}}
	for _, t := range s.Types {
		v.Add("types", string(t))
	}
	return h.show(w, r, orFault(h.webhookForm(w, r, i18n.Verbatim(s.Name), view.New{Form: field.Form{Values: v}, ID: n, Version: s.Version})))
}

func (h *Handler) webhookEdit(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	n, err := pathID(r)
	if err != nil {
		return err
	}
	in := webhookEntry(f)
	if err = f.Err(); err == nil {
		err = h.Webhook.Edit(r.Context(), actor(r), n, in)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component {
			return orFault(h.webhookForm(w, r, i18n.Verbatim(in.Name), view.New{Form: f.Show(e), ID: n, Version: in.Version}))
		})
	}
	return h.done(w, r, view.Href(n), i18n.WebhookSaved)
}

func (h *Handler) webhookSecret(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	n, err := pathID(r)
	if err != nil {
		return err
	}
	secret, err := h.Webhook.NewSecret(r.Context(), actor(r), n, f.Version())
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.webhookActed(w, r, field.Form{Err: e})) })
	}
	return h.webhookWith(w, r, n, secret, i18n.WebhookSaved)
}

func (h *Handler) webhookLog(w http.ResponseWriter, r *http.Request) error {
	n, err := pathID(r)
	if err != nil {
		return err
	}
	s, err := h.Webhook.Get(r.Context(), actor(r), n)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	l, err := h.Webhook.Deliveries(r.Context(), actor(r), n, webhook.Filter{State: outbox.State(q.Get("state")), Type: webhook.Type(q.Get("type")), Page: pageOf(r)})
	if err != nil {
		return err
	}
	p := h.webhookCrumbs(w, r, i18n.WebhookLog)
	p.Breadcrumb = append(p.Breadcrumb, layout.Crumb{Text: s.Name, Href: view.Href(n)})
	return h.show(w, r, view.LogPage(p, view.Log{Subscription: s, Query: q, Items: l.Items, Prev: l.Prev, Next: l.Next}))
}

func (h *Handler) webhookAgain(w http.ResponseWriter, r *http.Request) error {
	n, err := pathID(r)
	if err != nil {
		return err
	}
	d, err := id.Parse(r.PathValue("delivery"))
	if err != nil {
		return errs.ErrNotFound
	}
	if err := h.Webhook.Again(r.Context(), actor(r), n, d); err != nil {
		return err
	}
	return h.done(w, r, view.Href(n)+"/log", i18n.WebhookAgainDone)
}
