package web

import (
	"context"
	"linli/internal/employment"
	"log/slog"
	"net/http"
	"strings"

	"linli/internal/activity"
	"linli/internal/agreement"
	"linli/internal/appointment"
	"linli/internal/appraisal"
	"linli/internal/ask"
	"linli/internal/assess"
	"linli/internal/authn"
	"linli/internal/authz"
	"linli/internal/body"
	"linli/internal/burden"
	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/cobuild"
	"linli/internal/complaint"
	"linli/internal/counselling"
	"linli/internal/countersign"
	"linli/internal/dataright"
	"linli/internal/db"
	"linli/internal/deed"
	"linli/internal/dues"
	"linli/internal/errs"
	"linli/internal/exchange"
	"linli/internal/fact"
	"linli/internal/feedback"
	"linli/internal/figure"
	"linli/internal/fill"
	"linli/internal/hall"
	"linli/internal/holiday"
	"linli/internal/i18n"
	"linli/internal/intake"
	"linli/internal/ledger"
	"linli/internal/lovebank"
	"linli/internal/mediation"
	"linli/internal/meeting"
	"linli/internal/member"
	"linli/internal/notice"
	"linli/internal/organisation"
	"linli/internal/outlet"
	"linli/internal/pairing"
	"linli/internal/patrol"
	"linli/internal/person"
	"linli/internal/place"
	"linli/internal/policy"
	"linli/internal/print"
	"linli/internal/project"
	"linli/internal/region"
	"linli/internal/request"
	"linli/internal/resident"
	"linli/internal/retention"
	"linli/internal/table"
	"linli/internal/technician"
	"linli/internal/transfer"
	"linli/internal/twonew"
	"linli/internal/venue"
	"linli/internal/volunteer"
	"linli/internal/waiting"
	"linli/internal/web/static"
	"linli/internal/webhook"
	"linli/internal/workplan"
)

// Services are what the pages are made from.
type Services struct {
	DB           *db.DB
	Printer      *print.Printer
	Authn        *authn.Service
	Policy       *policy.Service
	Intake       *intake.Service
	Place        *place.Service
	Organisation *organisation.Service
	Person       *person.Service
	Member       *member.Service
	Agreement    *agreement.Service
	Appointment  *appointment.Service
	Appraisal    *appraisal.Service
	Ledger       *ledger.Service
	Activity     *activity.Service
	Deed         *deed.Service
	Feedback     *feedback.Service
	Figure       *figure.Service
	Region       *region.Service
	Assess       *assess.Service
	Complaint    *complaint.Service
	Burden       *burden.Service
	Patrol       *patrol.Service
	Retention    *retention.Service
	Facts        *fact.Catalogue
	Fill         *fill.Service
	Ask          *ask.Service
	Request      *request.Service
	Table        *table.Service
	Body         *body.Service
	Meeting      *meeting.Service
	Holiday      *holiday.Service
	Countersign  *countersign.Service
	TwoNew       *twonew.Service
	Workplan     *workplan.Service
	Catalogue    *catalogue.Service
	Dues         *dues.Service
	Transfer     *transfer.Service
	Casework     *casework.Service
	Technician   *technician.Service
	Resident     *resident.Service
	DataRight    *dataright.Service
	Hall         *hall.Service
	Counselling  *counselling.Service
	Mediation    *mediation.Service
	Pairing      *pairing.Service
	Volunteer    *volunteer.Service
	Employment   *employment.Service
	Exchange     *exchange.Service
	Outlet       *outlet.Service
	Venue        *venue.Service
	LoveBank     *lovebank.Service
	Cobuild      *cobuild.Service
	Project      *project.Service
	Notice       *notice.Service
	Webhook      *webhook.Service
	Waiting      []waiting.Ask                                      // of every concept
	CheckAudit   func(ctx context.Context, actor authz.Actor) error // begins a check of the audit record
}

// Guest is a resident of a demonstration, and what shows the codes that are not sent.
type Guest struct {
	Phone, Name, Tail string
	Code              func(phone string) string
}

// DemoAccount is an account that the log-in page of a demonstration offers.
type DemoAccount struct{ Role, Login, Password, Note string }

// Options are the settings of the surface.
type Options struct {
	BaseURL string        // scheme and host that papers and QR codes name, without a slash at the end
	Secure  bool          // cookies only over TLS
	Demo    []DemoAccount // offered on the log-in page; nil outside a demonstration
	Guest   *Guest        // who can be looked at as a resident; nil outside a demonstration
	Version string
	Log     *slog.Logger
}

// Handler serves the pages.
type Handler struct {
	Services
	Options
	nextHandler   http.Handler
	guesses       *authn.Guesses // of codes on public pages, by address
	reports       *authn.Guesses // of what is reported on public pages, by address
	follows       *authn.Guesses // of every look with a code, by address
	codes         *authn.Guesses // of log-in codes that residents ask for and try, by address
	numbers       *authn.Guesses // of numbers of halls that are taken, by address
	looks         *authn.Guesses // at numbers of halls, by address
	bookings      *authn.Guesses // of counsellors' hours, by address
	placeBookings *authn.Guesses // of shared places, by address
	taking        chan struct{}  // a place for each report of residents that is being taken in
	refusing      chan struct{}  // a place for each that is refused and read for its words
	staffTaking   chan struct{}  // and for each entry with photographs of staff and technicians
}

// limit bounds how often an address may do what costs something or could be guessed.
func (h *Handler) limit(s *authn.Service) {
	h.guesses, h.reports, h.follows, h.codes = s.Guesses("guess", 20, 20), s.Guesses("report", 30, 30), s.Guesses("follow", 300, 300), s.Guesses("own-code", 30, 60)
	h.numbers, h.looks = s.Guesses("number", numbersPerMinute, numbersAtOnce), s.Slices("look", looksPerMinute, looksPerMinute, looksASlice)
	h.bookings, h.placeBookings = s.Guesses("hour", bookingsPerMinute, bookingsAtOnce), s.Guesses("place", placesPerMinute, placesAtOnce)
}

// New makes the handler of all pages.
func New(s Services, o Options) *Handler {
	h := &Handler{Services: s, Options: o, taking: make(chan struct{}, 8), refusing: make(chan struct{}, 4), staffTaking: make(chan struct{}, 8)}
	h.limit(s.Authn)
	mux := http.NewServeMux()
	mux.Handle("GET "+static.Prefix+"{file}", static.Handler())
	for _, rt := range h.routes() {
		mux.Handle(rt.pattern, h.wrap(rt))
	}
	mux.Handle("/", h.wrap(route{pattern: "/", who: everyone, serve: h.notFound}))
	h.nextHandler = h.guard(mux)
	return h
}

// ServeHTTP serves a page.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.nextHandler.ServeHTTP(w, r) }

// Route is an address with who may call it, for tests that go through all of them.
type Route struct {
	Pattern string
	Public  bool
	Needs   []authz.Permission // any of them; none for everybody who is logged in
	Upload  bool               // takes files
}

// Routes lists every address.
func (h *Handler) Routes() []Route {
	var list []Route
	for _, rt := range h.routes() {
		list = append(list, Route{rt.pattern, rt.who.public, rt.who.perms, rt.upload})
	}
	return list
}

// route is one address.
type route struct {
	pattern string
	who     who
	serve   func(http.ResponseWriter, *http.Request) error
	upload  bool // takes files: the body may be larger
}

// who may call an address. It is the first gate only: the service decides with the actor's scope.
type who struct {
	public bool
	perms  []authz.Permission
}

var (
	everyone = who{public: true}
	anybody  = who{} // who is logged in
)

// may lets those pass who hold one of the permissions somewhere.
func may(perms ...authz.Permission) who { return who{perms: perms} }

func (g who) lets(a authz.Actor) bool {
	if g.public || len(g.perms) == 0 {
		return true
	}
	for _, p := range g.perms {
		if a.Can(p) {
			return true
		}
	}
	return false
}

// visit is what the surface knows about one request.
type visit struct {
	id     string // request number, shown with errors
	actor  authz.Actor
	caller authn.Caller // also while the log-in is under way
	prefs  prefs
}

type visitKey struct{}

func visitOf(r *http.Request) *visit {
	v, _ := r.Context().Value(visitKey{}).(*visit)
	if v == nil {
		v = &visit{}
	}
	return v
}

// actor is who is calling.
func actor(r *http.Request) authz.Actor { return visitOf(r).actor }

// lang is the language of the page.
func lang(r *http.Request) i18n.Lang { return i18n.From(r.Context()) }

// wrap makes a handler of a route: it finds out who is calling, checks the first gate and answers errors.
func (h *Handler) wrap(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := visitOf(r)
		v.prefs = readPrefs(r)
		most := int64(maxForm)
		if rt.upload {
			most = maxUpload
		}
		r.Body = http.MaxBytesReader(w, r.Body, most)
		if err := h.enter(w, r, v); err != nil {
			h.fail(w, r, err)
			return
		}
		l := v.prefs.lang
		r = r.WithContext(i18n.With(r.Context(), l))
		if r.ContentLength > most { // it says so itself, and none of it is read
			w.Header().Set("Connection", "close")
			h.fail(w, r, &http.MaxBytesError{Limit: most})
			return
		}
		if !rt.who.public && v.actor.AccountID == 0 {
			h.toLogin(w, r)
			return
		}
		if err := h.serve(rt, w, r); err != nil {
			h.fail(w, r, err)
		}
	})
}

func (h *Handler) serve(rt route, w http.ResponseWriter, r *http.Request) error {
	if !rt.who.lets(actor(r)) {
		return errs.ErrForbidden
	}
	if err := rt.serve(w, r); err != nil {
		return err
	}
	h.countForm(r, rt)
	return nil
}

// toLogin sends to the log-in page and back afterwards. htmx is told by a header, because it follows redirects itself.
func (h *Handler) toLogin(w http.ResponseWriter, r *http.Request) {
	to := "/login"
	if r.Method == http.MethodGet && r.URL.Path != "/" {
		to += "?next=" + queryEscape(r.URL.RequestURI())
	}
	if r.Header.Get("HX-Request") != "" {
		w.Header().Set("HX-Redirect", to)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// local keeps an address within the platform: anything else becomes "/".
func local(addr string) string {
	if !strings.HasPrefix(addr, "/") || strings.HasPrefix(addr, "//") || strings.ContainsAny(addr, "\\\r\n\t") {
		return "/"
	}
	return addr
}

func withVisit(ctx context.Context, v *visit) context.Context {
	return context.WithValue(ctx, visitKey{}, v)
}
