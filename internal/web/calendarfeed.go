package web

import (
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/web/view/field"
	view "linli/internal/web/view/meeting"
)

func (h *Handler) feeds(w http.ResponseWriter, r *http.Request, f field.Form, made string) (templ.Component, error) {
	list, err := h.Meeting.Feeds(r.Context(), actor(r))
	if err != nil {
		return nil, err
	}
	d := view.Feeds{Items: list, Made: made, Form: f, Bodies: []field.Option{{Value: "0", Text: i18n.FeedMine}}, Pocket: landing(actor(r)) != ""}
	if !d.Pocket {
		bodies, err := h.Body.List(r.Context(), actor(r), bodyFilter(r))
		if err != nil {
			return nil, err
		}
		for _, b := range bodies.Items {
			d.Bodies = append(d.Bodies, field.Option{Value: b.ID.String(), Text: i18n.Verbatim(b.Name)})
		}
	}
	return view.FeedPage(h.page(w, r, i18n.FeedTitle), d), nil
}

func (h *Handler) feedsPage(w http.ResponseWriter, r *http.Request) error {
	page, err := h.feeds(w, r, field.Form{}, "")
	if err != nil {
		return err
	}
	return h.show(w, r, page)
}

// feedMake makes an address and shows it, once.
func (h *Handler) feedMake(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	var body id.ID
	if f.values.Get("body") != "0" {
		body = f.ID("body")
	}
	var secret string
	if err = f.Err(); err == nil {
		secret, err = h.Meeting.NewFeed(r.Context(), actor(r), body)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.feeds(w, r, f.Show(e), "")) })
	}
	page, err := h.feeds(w, r, field.Form{}, h.BaseURL+"/feeds/"+secret+".ics")
	if err != nil {
		return err
	}
	return h.show(w, r, page)
}

func (h *Handler) feedRevoke(w http.ResponseWriter, r *http.Request) error {
	f, err := pathID(r)
	if err != nil {
		return err
	}
	if err := h.Meeting.RevokeFeed(r.Context(), actor(r), f); err != nil {
		return err
	}
	return h.done(w, r, view.FeedPath, i18n.FeedRevoked)
}

// feedRead answers a calendar program. Who knows the secret needs no account.
func (h *Handler) feedRead(w http.ResponseWriter, r *http.Request) error {
	out, err := h.Meeting.ReadFeed(r.Context(), h.Authn, strings.TrimSuffix(r.PathValue("secret"), ".ics"), h.BaseURL)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	w.Header().Set("Cache-Control", "private, max-age=300")
	_, err = w.Write(out)
	return err
}
