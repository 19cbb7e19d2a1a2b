package web

import (
	"net/http"
	"sort"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/lovebank"
	"linli/internal/technician"
	"linli/internal/waiting"
	"linli/internal/web/static"
	"linli/internal/web/view/home"
	"linli/internal/web/view/partial"
	view "linli/internal/web/view/technician"
)

// todo is how one kind of waiting thing is shown: its words and the page where it is done. list is the address for several,
// one (with the ID in place of {id}) that for a single known one.
type todo struct {
	text      i18n.Text // {0} is the number
	list, one string
}

// homePage is the first page of every role.
func (h *Handler) homePage(w http.ResponseWriter, r *http.Request) error {
	if to := landing(actor(r)); to != "" {
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	}
	todos, err := h.waiting(r)
	if err != nil {
		return err
	}
	record, err := h.standing(r)
	if err != nil {
		return err
	}
	return h.show(w, r, home.Home(h.page(w, r, i18n.HomeTitle), todos, record))
}

// standing is how the audit record stands, for those who watch over it.
func (h *Handler) standing(r *http.Request) (*audit.Standing, error) {
	if !actor(r).Scope(permAudit).All() {
		return nil, nil
	}
	s, err := audit.Stands(r.Context(), h.DB, actor(r))
	return &s, err
}

// memberHome is the first page of a member, on the phone.
func (h *Handler) memberHome(w http.ResponseWriter, r *http.Request) error {
	todos, err := h.waiting(r)
	if err != nil {
		return err
	}
	return h.show(w, r, home.Pocket(h.page(w, r, i18n.HomeMember), todos, actor(r).Can(exchange.PermOwn), actor(r).Can(lovebank.PermOwn)))
}

// landing is where somebody works who has no desk: members go to their phone pages.
func landing(a authz.Actor) string {
	for _, g := range navigation(a) {
		for _, it := range g.Items {
			if it.Href != "/" {
				return ""
			}
		}
	}
	if len(pocketNav) > 0 && a.PersonID != 0 {
		return pocketNav[0].href
	}
	if a.Can(technician.PermServe) {
		return view.MinePath
	}
	return ""
}

// waiting asks every service what waits for the actor; what is due first comes first.
func (h *Handler) waiting(r *http.Request) ([]partial.Todo, error) {
	var items []waiting.Item
	for _, ask := range h.Waiting {
		list, err := ask(r.Context(), actor(r))
		if err != nil {
			return nil, err
		}
		items = append(items, list...)
	}
	sort.SliceStable(items, func(i, j int) bool {
		a, b := items[i], items[j]
		if (a.DueOn == "") != (b.DueOn == "") {
			return a.DueOn != ""
		}
		if a.DueOn != b.DueOn {
			return a.DueOn < b.DueOn
		}
		return a.Since.Before(b.Since)
	})
	cal, err := h.Holiday.Calendar(r.Context(), actor(r).Tenant)
	if err != nil {
		return nil, err
	}
	var todos []partial.Todo
	for _, it := range items {
		if t, ok := todoOf[it.Kind]; ok && it.Count > 0 {
			todos = append(todos, h.todo(r, cal, t, it))
		}
	}
	return todos, nil
}

func (h *Handler) todo(r *http.Request, cal *calendar.Calendar, t todo, it waiting.Item) partial.Todo {
	l := lang(r)
	out := partial.Todo{Text: t.text.In(l, it.Count), Href: t.list}
	if it.Count == 1 && it.Subject != 0 && t.one != "" {
		out.Href = replaceID(t.one, it.Subject)
	}
	switch {
	case it.Since.IsZero():
	case it.Since.After(h.DB.Now()):
		out.Detail = i18n.HomeNext.In(l, i18n.DateTime(it.Since))
	default:
		out.Detail = i18n.HomeSince.In(l, i18n.Date(it.Since))
	}
	if due, err := calendar.Parse(it.DueOn); err == nil && !due.IsZero() {
		out.Due = partial.Deadline(l, workingDays(cal, calendar.DateOf(h.DB.Now()), due))
	}
	return out
}

func (h *Handler) aboutPage(w http.ResponseWriter, r *http.Request) error {
	texts, err := static.Licences()
	if err != nil {
		return err
	}
	var list []home.Licence
	for _, t := range texts {
		list = append(list, home.Licence{Name: t.Name, Text: t.Text})
	}
	return h.show(w, r, home.About(h.page(w, r, i18n.AboutTitle), h.Version, list))
}

// workingDays is how many working days are left until a day; negative if it has passed.
func workingDays(cal *calendar.Calendar, today, due calendar.Date) int {
	n, _ := cal.WorkingDaysBetween(today, due) // in a year without a calendar weekdays count
	if n == 0 && due.Before(today) {
		return -1
	}
	return n
}

// favicon leads browsers that ask for a picture beside a paper to the one that pages name.
func (h *Handler) favicon(w http.ResponseWriter, r *http.Request) error {
	http.Redirect(w, r, static.URL("favicon.svg"), http.StatusMovedPermanently)
	return nil
}
