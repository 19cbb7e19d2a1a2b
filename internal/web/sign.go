package web

import (
	"net/http"

	"github.com/a-h/templ"
	"rsc.io/qr"

	"linli/internal/activity"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	view "linli/internal/web/view/activity"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
)

// moduleSize is how many pixels a module of a QR code has in its picture; pages draw it larger without smoothing.
const moduleSize = 2

// qrPicture draws a QR code as a picture to stand in the page.
func qrPicture(text string) (string, error) {
	c, err := qr.Encode(text, qr.M)
	if err != nil {
		return "", err
	}
	c.Scale = moduleSize
	return pngURL(c.PNG()), nil
}

// pocket is the frame of a phone page that goes back to back.
func (h *Handler) pocket(w http.ResponseWriter, r *http.Request, back string, title i18n.Text, args ...any) layout.Page {
	p := h.page(w, r, title, args...)
	p.Back = back
	return p
}

// near shows a member what is coming up, in their community first.
func (h *Handler) near(w http.ResponseWriter, r *http.Request) error {
	all := r.URL.Query().Get("all") != ""
	f := activity.Filter{Upcoming: true, Page: pageOf(r)}
	f.Page.Limit = 20
	me, err := h.Ledger.Of(r.Context(), actor(r))
	if err != nil && errs.KindOf(err) != errs.NotFound {
		return err
	}
	if !all {
		f.CommunityID = me.CommunityID
	}
	list, err := h.Activity.List(r.Context(), actor(r), f)
	if err != nil {
		return err
	}
	mine := map[string]activity.EnrolState{}
	if me.MemberID != 0 {
		ids := make([]id.ID, len(list.Items))
		for i, a := range list.Items {
			ids[i] = a.ID
		}
		states, err := h.Activity.EnrolStates(r.Context(), actor(r), me.MemberID, ids)
		if err != nil {
			return err
		}
		for a, s := range states {
			mine[a.String()] = s
		}
	}
	return h.show(w, r, view.Near(h.pocket(w, r, "", i18n.ActivityTitle), list.Items, mine, list.Next, all))
}

func (h *Handler) pocketActivity(w http.ResponseWriter, r *http.Request) error {
	a, _, err := h.findActivity(r)
	if err != nil {
		return err
	}
	body, err := h.pocketActivityWith(w, r, a, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, body)
}

// pocketActivityWith is an activity on a phone; f is the form for photographs as it was sent.
func (h *Handler) pocketActivityWith(w http.ResponseWriter, r *http.Request, a activity.Item, f field.Form) (templ.Component, error) {
	mine, err := h.Activity.Mine(r.Context(), actor(r), a.ID)
	if err != nil && errs.KindOf(err) != errs.NotFound {
		return nil, err
	}
	if !mine.MovedAt.IsZero() {
		if err := h.Activity.SeeMove(r.Context(), actor(r), a.ID); err != nil {
			return nil, err
		}
	}
	photos, err := h.photos(r, a, "/m/activities/"+a.ID.String(), f)
	return view.PocketShow(h.pocket(w, r, "/m/activities", i18n.Verbatim(a.Title)), a, mine, photos), err
}

func (h *Handler) enrolMe(w http.ResponseWriter, r *http.Request) error {
	a, err := pathID(r)
	if err != nil {
		return err
	}
	state, err := h.Activity.Enrol(r.Context(), actor(r), a)
	if err != nil {
		return err
	}
	return h.done(w, r, "/m/activities/"+a.String(), enrolSaid(state))
}

func (h *Handler) withdrawMe(w http.ResponseWriter, r *http.Request) error {
	a, err := pathID(r)
	if err != nil {
		return err
	}
	if err := h.Activity.Withdraw(r.Context(), actor(r), a); err != nil {
		return err
	}
	return h.done(w, r, "/m/activities/"+a.String(), i18n.ActivityWithdrawDone)
}

// signPage is where the QR code leads: to one press for members, to two fields for guests. Without a code it asks for the digits.
func (h *Handler) signPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	if c := q.Get("c"); c != "" {
		return h.scanned(w, r, activity.Presented{Code: c}, field.Form{}, http.StatusOK)
	}
	if actor(r).AccountID == 0 {
		h.toLogin(w, r)
		return nil
	}
	return h.digitsPage(w, r, field.Form{}, nil)
}

// guestActor is the caller, or nobody in the tenant of the code.
func guestActor(r *http.Request, p activity.Presented) (authz.Actor, error) {
	if a := actor(r); a.AccountID != 0 {
		return a, nil
	}
	tenant, err := activity.TenantOf(p.Code)
	return authz.Actor{Tenant: tenant, Name: i18n.ActivityAGuest.In(i18n.ZH), RequestID: visitOf(r).id}, err
}

func (h *Handler) scanned(w http.ResponseWriter, r *http.Request, given activity.Presented, f field.Form, status int) error {
	who, err := guestActor(r, given)
	if err != nil {
		return h.refused(w, r, err)
	}
	s, err := h.Activity.Scan(r.Context(), who, given)
	if err != nil {
		return h.refused(w, r, err)
	}
	p := h.pocket(w, r, "", i18n.ActivitySignTitle)
	return h.answer(w, r, status, view.Sign(p, s, f, given, who.PersonID != 0 && who.Can(activity.PermSignOwn)))
}

// refused says on a phone why a code does not work.
func (h *Handler) refused(w http.ResponseWriter, r *http.Request, err error) error {
	e := errs.As(err)
	if e == nil {
		return err
	}
	why := e.Message.In(lang(r))
	for _, m := range e.Fields {
		why = m.In(lang(r))
	}
	return h.answer(w, r, status(e.Kind), view.Refused(h.pocket(w, r, "", i18n.ActivitySignTitle), why))
}

func (h *Handler) digitsPage(w http.ResponseWriter, r *http.Request, f field.Form, wrong error) error {
	today := calendar.DateOf(h.DB.Now())
	list, err := h.Activity.List(r.Context(), actor(r), activity.Filter{States: []activity.State{activity.Published, activity.Held},
		From: today.AddDays(-1), To: today, Page: db.Page{Limit: 30}})
	if err != nil {
		return err
	}
	items := list.Items
	if one := queryID(r, "activity"); one != 0 {
		items = nil
		for _, a := range list.Items {
			if a.ID == one {
				items = []activity.Item{a}
			}
		}
	}
	p := h.pocket(w, r, "/m/activities", i18n.ActivityEnterDigits)
	if wrong != nil {
		return h.again(w, r, wrong, func(e *errs.Error) templ.Component {
			f.Err = e
			return view.Digits(p, f, items)
		})
	}
	return h.show(w, r, view.Digits(p, f, items))
}

// signDigits goes on from the digits to the page that scanning leads to.
func (h *Handler) signDigits(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	given := activity.Presented{Activity: f.ID("activity"), Digits: f.values.Get("code")}
	if given.Activity == 0 {
		return h.digitsPage(w, r, f.Show(nil), errs.Field("activity", i18n.ErrRequired))
	}
	if _, err := h.Activity.Scan(r.Context(), actor(r), given); err != nil {
		return h.digitsPage(w, r, f.Show(nil), err)
	}
	return h.scanned(w, r, given, field.Form{}, http.StatusOK)
}

func presentedOf(f *form) activity.Presented {
	return activity.Presented{Code: f.values.Get("c"), Activity: f.ID("activity"), Digits: f.values.Get("digits")}
}

func (h *Handler) signIn(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	given := presentedOf(f)
	t, err := h.Activity.SignIn(r.Context(), actor(r), given, answersOf(f))
	if err != nil {
		return h.signAgain(w, r, given, f, err)
	}
	return h.done(w, r, "/m/activities/"+t.ActivityID.String(), i18n.ActivitySignedInDone, i18n.Clock(t.InAt))
}

// signAgain shows the page of the code once more because something in the form was wrong; a code that does not work any more is said.
func (h *Handler) signAgain(w http.ResponseWriter, r *http.Request, given activity.Presented, f *form, err error) error {
	e := errs.As(err)
	if e == nil || e.Kind != errs.Invalid {
		return h.refused(w, r, err)
	}
	if _, code := e.Fields["code"]; code {
		return h.refused(w, r, err)
	}
	return h.scanned(w, r, given, f.Show(e), status(e.Kind))
}

func (h *Handler) signOut(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	t, err := h.Activity.SignOut(r.Context(), actor(r), presentedOf(f))
	if err != nil {
		return h.refused(w, r, err)
	}
	return h.done(w, r, "/m/activities/"+t.ActivityID.String(), i18n.ActivitySignedOutDone, i18n.Hours(t.Minutes))
}

// signGuest signs a guest in or out; guests have no page of their own to go to.
func (h *Handler) signGuest(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	given := presentedOf(f)
	who, err := guestActor(r, given)
	if err != nil {
		return h.refused(w, r, err)
	}
	var t activity.Attendance
	if f.values.Get("act") == "out" {
		t, err = h.Activity.SignOutGuest(r.Context(), who, given, f.values.Get("phone"))
	} else {
		t, err = h.Activity.SignInGuest(r.Context(), who, given, activity.Guest{Name: f.values.Get("name"), Phone: f.values.Get("phone")}, answersOf(f))
	}
	if err != nil {
		return h.signAgain(w, r, given, f, err)
	}
	return h.show(w, r, view.Signed(h.pocket(w, r, "", i18n.ActivitySignTitle), t, i18n.ActivitySignTitle.In(lang(r))))
}
