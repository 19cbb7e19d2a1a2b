package web

import (
	"net/http"
	"strings"

	"linli/internal/activity"
	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/organisation"
	"linli/internal/person"
	"linli/internal/pinyin"
	"linli/internal/web/view/home"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/partial"
)

// searchPerms lets those search from anywhere who may find anything by it.
var searchPerms = []authz.Permission{organisation.PermFind, person.PermSee}

// How many results of one sort are suggested while typing, and shown on the page of results.
const (
	suggested = 5
	found     = 20
)

// searchPage shows everything that a text finds: pages, organisations, people (by name, initials, ID number or phone).
func (h *Handler) searchPage(w http.ResponseWriter, r *http.Request) error {
	text := strings.TrimSpace(r.URL.Query().Get("q"))
	groups, err := h.search(r, text, found)
	if err != nil {
		return err
	}
	return h.show(w, r, home.Search(h.page(w, r, i18n.SearchTitle), text, groups))
}

// suggest answers while somebody types.
func (h *Handler) suggest(w http.ResponseWriter, r *http.Request) error {
	text := strings.TrimSpace(r.URL.Query().Get("q"))
	if text == "" {
		w.WriteHeader(http.StatusOK)
		return nil
	}
	groups, err := h.search(r, text, suggested)
	if err != nil {
		return err
	}
	var all []partial.Suggestion
	for _, g := range groups {
		all = append(all, g.Hits...)
	}
	return h.answer(w, r, http.StatusOK, partial.Suggestions(all))
}

func (h *Handler) search(r *http.Request, text string, limit int) ([]home.Found, error) {
	if text == "" {
		return nil, nil
	}
	var groups []home.Found
	add := func(title i18n.Text, hits []partial.Suggestion) {
		if len(hits) > 0 {
			groups = append(groups, home.Found{Title: title, Hits: hits})
		}
	}
	add(i18n.SearchPages, findPages(r, text, limit))
	orgs, err := h.findOrganisations(r, text, limit)
	if err != nil {
		return nil, err
	}
	add(i18n.SearchOrganisations, orgs)
	acts, err := h.findActivities(r, text, limit)
	if err != nil {
		return nil, err
	}
	add(i18n.ActivityTitle, acts)
	people, err := h.findPeople(r, text, limit)
	add(i18n.SearchPeople, people)
	return groups, err
}

// findPages finds places of the navigation by their words or their initials.
func findPages(r *http.Request, text string, limit int) []partial.Suggestion {
	var hits []partial.Suggestion
	for _, g := range navigation(actor(r)) {
		for _, it := range g.Items {
			word := it.Text.In(lang(r))
			folded := strings.ToLower(word)
			t := strings.ToLower(text)
			if len(hits) < limit && (strings.Contains(folded, t) || initialsStart(word, t)) {
				hits = append(hits, partial.Suggestion{Text: word, Detail: g.Title.In(lang(r)), Href: it.Href, Icon: it.Icon})
			}
		}
	}
	return hits
}

// findActivities finds activities by title or place, the latest first.
func (h *Handler) findActivities(r *http.Request, text string, limit int) ([]partial.Suggestion, error) {
	if !actor(r).Can(activity.PermSee) {
		return nil, nil
	}
	list, err := h.Activity.List(r.Context(), actor(r), activity.Filter{Search: text, Page: db.Page{Limit: limit}})
	if err != nil {
		return nil, err
	}
	var hits []partial.Suggestion
	for _, a := range list.Items {
		hits = append(hits, partial.Suggestion{Text: a.Title, Detail: i18n.DateTime(a.StartsAt) + " · " + a.CommunityName, Href: "/activities/" + a.ID.String(), Icon: icon.Calendar})
	}
	return hits, nil
}

func (h *Handler) findOrganisations(r *http.Request, text string, limit int) ([]partial.Suggestion, error) {
	if !actor(r).Can(organisation.PermFind) || !actor(r).Can(organisation.PermSee) {
		return nil, nil
	}
	list, err := h.Organisation.List(r.Context(), actor(r), organisation.Filter{Text: text, Page: db.Page{Limit: limit}})
	if err != nil {
		return nil, err
	}
	var hits []partial.Suggestion
	for _, o := range list.Items {
		hits = append(hits, partial.Suggestion{Text: o.Name, Detail: o.Kind.Text().In(lang(r)), Href: "/organisations/" + o.ID.String(), Icon: icon.Building})
	}
	return hits, nil
}

func (h *Handler) findPeople(r *http.Request, text string, limit int) ([]partial.Suggestion, error) {
	if !actor(r).Can(person.PermSee) {
		return nil, nil
	}
	list, err := h.Person.List(r.Context(), actor(r), person.Filter{Text: text, Page: db.Page{Limit: limit}})
	if err != nil {
		return nil, err
	}
	var hits []partial.Suggestion
	for _, p := range list.Items {
		hits = append(hits, partial.Suggestion{Text: p.Name, Detail: p.CommunityName + " " + p.Address, Href: "/residents/" + p.ID.String(), Icon: icon.User})
	}
	return hits, nil
}

func initialsStart(word, text string) bool {
	initials, _ := pinyin.Of(word)
	return strings.HasPrefix(strings.ToLower(initials), text)
}
