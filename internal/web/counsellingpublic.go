package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"linli/internal/counselling"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/resident"
	view "linli/internal/web/view/counselling"
	"linli/internal/web/view/field"
)

func (h *Handler) counsellingPublicRoutes() []route {
	return []route{
		{pattern: "GET /p/counselling", who: everyone, serve: h.counselFree},
		{pattern: "GET /p/counselling/book", who: everyone, serve: h.counselBookPage},
		{pattern: "POST /p/counselling/book", who: everyone, serve: h.counselBook},
		{pattern: "GET /p/counselling/mine", who: everyone, serve: h.counselAskCode},
		{pattern: "POST /p/counselling/mine", who: everyone, serve: h.counselMine},
		{pattern: "POST /p/counselling/cancel", who: everyone, serve: h.counselCancel},
		{pattern: "GET /p/me/counselling", who: everyone, serve: h.asResident(h.proven(h.ownCounselling))},
		{pattern: "POST /p/me/counselling", who: everyone, serve: h.asResident(h.proven(h.ownCounselKeep))},
	}
}

// Hours of counsellors are few: whoever books them out keeps others from help.
const (
	bookingsPerMinute = 0.2
	bookingsAtOnce    = 6
)

// byBooker names whoever books in the record of acts, which knows nothing else of them.
func byBooker() string { return i18n.CounselBySelf.In(i18n.ZH) }

func (h *Handler) counselFree(w http.ResponseWriter, r *http.Request) error {
	d := r.URL.Query().Get(districtKey)
	tenant, err := h.district(r, d)
	if err != nil {
		return h.orDistricts(w, r, err)
	}
	list, err := h.Counselling.Free(r.Context(), tenant, queryID(r, "c"))
	if err != nil {
		return err
	}
	return h.show(w, r, view.FreePage(h.public(w, r, i18n.CounselPublic), view.Free{Posts: list, District: d}))
}

// slotOf is the post and the time that a form names.
func slotOf(s string) (id.ID, time.Time, bool) {
	post, at, ok := strings.Cut(s, "-")
	p, err := id.Parse(post)
	seconds, bad := strconv.ParseInt(at, 10, 64)
	return p, time.Unix(seconds, 0), ok && err == nil && bad == nil
}

func (h *Handler) counselBookPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	tenant, err := h.district(r, q.Get(districtKey))
	if err != nil {
		return h.orDistricts(w, r, err)
	}
	body, err := h.counselBookForm(w, r, tenant, field.Form{Values: url.Values{"slot": q["slot"], districtKey: q[districtKey]}})
	if err != nil {
		return err
	}
	return h.show(w, r, body)
}

func (h *Handler) counselBookForm(w http.ResponseWriter, r *http.Request, tenant int64, f field.Form) (templ.Component, error) {
	post, at, ok := slotOf(f.Values.Get("slot"))
	if !ok {
		return nil, errs.ErrNotFound
	}
	p, err := h.Counselling.Bookable(r.Context(), tenant, post)
	if err != nil {
		return nil, err
	}
	page := h.public(w, r, i18n.CounselBook)
	if r.Method != http.MethodGet {
		page.Prefs = ""
	}
	return view.Book(page, view.Booking{Form: f, Post: p, At: at, District: f.Values.Get(districtKey)}), nil
}

func (h *Handler) counselBook(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	tenant, err := h.district(r, f.values.Get(districtKey))
	if err != nil {
		return err
	}
	n := counselling.Booking{Code: f.Text("code", 40), Agree: f.Bool("agree"), Entry: counselling.Entry{Name: f.Text("name", counselling.MaxName), Phone: f.Text("phone", 40), Word: f.Text("word", counselling.MaxWord)}}
	n.PostID, n.At, _ = slotOf(f.values.Get("slot"))
	var code string
	if err = f.Err(); err == nil {
		err = n.Check()
	}
	if err == nil { // what is not filled in does not count
		if err = h.bookings.Allow(network(r), h.DB.Now()); err == nil && n.Code != "" {
			err = h.follows.Allow(network(r), h.DB.Now())
		}
	}
	if err == nil {
		code, err = h.Counselling.Book(r.Context(), tenant, byBooker(), visitOf(r).id, n)
		if n.Code != "" && errs.KindOf(err) == errs.NotFound {
			err = h.wrongCode(r)
		}
	}
	if err != nil {
		return h.ownAgain(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.counselBookForm(w, r, tenant, f.Show(e))) })
	}
	return h.counselShow(w, r, code, i18n.CounselBookedTitle)
}

// wrongCode counts a guess of a code, and says that there is none.
func (h *Handler) wrongCode(r *http.Request) error {
	if err := h.guesses.Allow(network(r), h.DB.Now()); err != nil {
		return err
	}
	return errs.Field("code", i18n.CounselWrong)
}

// counselShow shows the appointments of a code.
func (h *Handler) counselShow(w http.ResponseWriter, r *http.Request, code string, title i18n.Text) error {
	m, err := h.Counselling.ByCode(r.Context(), code)
	if err != nil {
		return err
	}
	p := h.public(w, r, title)
	p.Prefs = ""
	return h.show(w, r, view.MinePage(p, view.Mine{Booked: m}))
}

func (h *Handler) counselAskCode(w http.ResponseWriter, r *http.Request) error {
	return h.show(w, r, view.AskCode(h.public(w, r, i18n.CounselMine), field.Form{Values: url.Values{}}))
}

func (h *Handler) counselMine(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	if err = h.follows.Allow(network(r), h.DB.Now()); err == nil {
		err = h.counselShow(w, r, f.values.Get("code"), i18n.CounselMine)
		if errs.KindOf(err) == errs.NotFound {
			err = h.wrongCode(r)
		}
	}
	if err == nil {
		return nil
	}
	return h.ownAgain(w, r, err, func(e *errs.Error) templ.Component {
		p := h.public(w, r, i18n.CounselMine)
		p.Prefs = ""
		return view.AskCode(p, f.Show(e))
	})
}

func (h *Handler) counselCancel(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	if err := h.follows.Allow(network(r), h.DB.Now()); err != nil {
		return err
	}
	session := f.ID("session")
	if f.Err() != nil {
		return errs.ErrNotFound
	}
	if err := h.Counselling.CancelBy(r.Context(), f.values.Get("code"), byBooker(), visitOf(r).id, session); err != nil {
		if errs.KindOf(err) == errs.NotFound {
			if busy := h.guesses.Allow(network(r), h.DB.Now()); busy != nil {
				return busy
			}
		}
		return err
	}
	return h.counselShow(w, r, f.values.Get("code"), i18n.CounselCancelled2)
}

func (h *Handler) ownCounselling(w http.ResponseWriter, r *http.Request, z resident.Session) error {
	return h.show(w, r, orFault(h.ownCounselPage(w, r, z, field.Form{Values: url.Values{}})))
}

func (h *Handler) ownCounselPage(w http.ResponseWriter, r *http.Request, z resident.Session, f field.Form) (templ.Component, error) {
	list, err := h.Counselling.OwnFiles(r.Context(), actor(r), z.Account)
	return view.OwnPage(h.ownFrame(w, r, i18n.OwnCounsel), list, f), err
}

func (h *Handler) ownCounselKeep(w http.ResponseWriter, r *http.Request, z resident.Session) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	if err = h.follows.Allow(network(r), h.DB.Now()); err == nil {
		if err = h.Counselling.Keep(r.Context(), actor(r), z.Account, f.values.Get("code")); errs.KindOf(err) == errs.Invalid {
			if busy := h.guesses.Allow(network(r), h.DB.Now()); busy != nil {
				err = busy
			}
		}
	}
	if err != nil {
		return h.ownAgain(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.ownCounselPage(w, r, z, f.Show(e))) })
	}
	return h.done(w, r, view.OwnPath, i18n.OwnCounselDone)
}
