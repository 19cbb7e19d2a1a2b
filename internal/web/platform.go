package web

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"linli/internal/audit"
	"linli/internal/calendar"
	"linli/internal/complaint"
	"linli/internal/errs"
	"linli/internal/holiday"
	"linli/internal/i18n"
	"linli/internal/jobs"
	"linli/internal/policy"
	"linli/internal/retention"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/layout"
	"linli/internal/web/view/partial"
	view "linli/internal/web/view/platform"
)

// platformRoutes are the audit record, settings, complaints about the platform and background work.
func (h *Handler) platformRoutes() []route {
	complain := may(complaint.PermMake, complaint.PermAnswer)
	return []route{
		{pattern: "GET /audit", who: may(permAudit), serve: h.auditPage},
		{pattern: "GET /audit/export", who: may(permAudit), serve: h.exportAudit},
		{pattern: "GET /audit/checks", who: may(permAudit), serve: h.auditChecks},
		{pattern: "POST /audit/checks", who: may(permAudit), serve: h.auditCheckNow},
		{pattern: "GET /calendar", who: may(policy.PermSee, policy.PermSet), serve: h.calendarPage},
		{pattern: "POST /calendar", who: may(policy.PermSet), serve: h.calendarLoad},
		{pattern: "GET /settings", who: may(policy.PermSee, policy.PermSet), serve: h.settingsPage},
		{pattern: "GET /settings/{name}", who: may(policy.PermSet), serve: h.settingPage},
		{pattern: "POST /settings/{name}", who: may(policy.PermSet), serve: h.settingSave},
		{pattern: "GET /complaints", who: complain, serve: h.complaintsPage},
		{pattern: "GET /complaints/export", who: complain, serve: h.exportComplaints},
		{pattern: "GET /complaints/new", who: may(complaint.PermMake), serve: h.complaintNewPage},
		{pattern: "POST /complaints", who: may(complaint.PermMake), serve: h.complaintMake},
		{pattern: "GET /complaints/{id}", who: complain, serve: h.complaintPage},
		{pattern: "POST /complaints/{id}", who: may(complaint.PermAnswer), serve: h.complaintAnswer},
		{pattern: "GET /retention", who: may(retention.PermSee), serve: h.retentionPage},
		{pattern: "GET /jobs", who: may(jobs.PermSee), serve: h.jobsPage},
		{pattern: "GET /jobs/export", who: may(jobs.PermSee), serve: h.exportJobs},
		{pattern: "POST /jobs/{id}/retry", who: may(jobs.PermRetry), serve: h.jobRetry},
	}
}

const permAudit = audit.PermRead

func (h *Handler) auditPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	l, err := audit.Search(r.Context(), h.DB, actor(r).Scope(permAudit), auditFilter(r))
	if err != nil {
		return err
	}
	words, err := h.auditWords(r)
	if err != nil {
		return err
	}
	return h.show(w, r, view.Audit(h.page(w, r, i18n.AuditTitle), view.ListData{Query: q, Next: l.Next, Prev: l.Prev}, l.Items, words))
}

// auditWords are the names of roles, for entries that hold their codes.
func (h *Handler) auditWords(r *http.Request) (view.Words, error) {
	roles, err := h.Authn.Roles(r.Context(), actor(r))
	words := view.Words{Roles: map[string]i18n.Text{}}
	for _, x := range roles {
		words.Roles[x.Code] = x.Text()
	}
	return words, err
}

func (h *Handler) settingsPage(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Policy.List(r.Context(), actor(r))
	if err != nil {
		return err
	}
	return h.show(w, r, view.Settings(h.page(w, r, i18n.PolicyTitle), list, actor(r).Scope(policy.PermSet).All()))
}

func (h *Handler) setting(r *http.Request) (policy.Setting, error) {
	list, err := h.Policy.List(r.Context(), actor(r))
	if err != nil {
		return policy.Setting{}, err
	}
	for _, s := range list {
		if s.Name == r.PathValue("name") {
			return s, nil
		}
	}
	return policy.Setting{}, errs.ErrNotFound
}

func (h *Handler) settingCrumbs(w http.ResponseWriter, r *http.Request, title i18n.Text) layout.Page {
	p := h.page(w, r, title)
	p.Breadcrumb = []layout.Crumb{{Text: i18n.PolicyTitle.In(lang(r)), Href: "/settings"}}
	return p
}

func (h *Handler) settingPage(w http.ResponseWriter, r *http.Request) error {
	s, err := h.setting(r)
	if err != nil {
		return err
	}
	f := field.Form{Values: url.Values{"from": {calendar.DateOf(h.DB.Now()).String()}}, Filled: map[string]bool{"from": true}}
	return h.show(w, r, view.Setting(h.settingCrumbs(w, r, s.Title), s, f))
}

func (h *Handler) settingSave(w http.ResponseWriter, r *http.Request) error {
	s, err := h.setting(r)
	if err != nil {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	f.Need("value", 20)
	c := policy.Change{Name: s.Name, Value: f.Int("value"), From: f.Date("from"), Source: f.Text("source", 200)}
	if c.From.IsZero() {
		c.From = calendar.DateOf(h.DB.Now())
	}
	if err = f.Err(); err == nil {
		err = h.Policy.Set(r.Context(), actor(r), c)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component {
			return view.Setting(h.settingCrumbs(w, r, s.Title), s, f.Show(e))
		})
	}
	return h.done(w, r, "/settings", i18n.SettingSaved, c.From)
}

func (h *Handler) complaintsPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	l, err := h.Complaint.List(r.Context(), actor(r), complaint.Filter{State: complaint.State(q.Get("state")), Page: pageOf(r)})
	if err != nil {
		return err
	}
	title := i18n.ComplaintMine
	if actor(r).Scope(complaint.PermAnswer).All() {
		title = i18n.ComplaintTitle
	}
	var acts []partial.Act
	if actor(r).Can(complaint.PermMake) {
		acts = append(acts, partial.Act{Text: i18n.ComplaintNew, Href: "/complaints/new", Look: partial.Primary, Icon: icon.Message})
	}
	return h.show(w, r, view.Complaints(h.page(w, r, title), view.ListData{Query: q, Next: l.Next, Prev: l.Prev, Acts: acts}, l.Items))
}

func (h *Handler) complaintCrumbs(w http.ResponseWriter, r *http.Request, title i18n.Text) layout.Page {
	p := h.page(w, r, title)
	p.Breadcrumb = []layout.Crumb{{Text: i18n.ComplaintTitle.In(lang(r)), Href: "/complaints"}}
	return p
}

func (h *Handler) complaintNewPage(w http.ResponseWriter, r *http.Request) error {
	page := r.URL.Query().Get("page")
	f := field.Form{Values: url.Values{"page": {page}}, Filled: map[string]bool{"page": page != ""}}
	return h.show(w, r, view.ComplaintNew(h.complaintCrumbs(w, r, i18n.ComplaintNew), f))
}

func (h *Handler) complaintMake(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	c, err := h.Complaint.Make(r.Context(), actor(r), f.Text("page", 200), f.Text("body", 1000))
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component {
			return view.ComplaintNew(h.complaintCrumbs(w, r, i18n.ComplaintNew), f.Show(e))
		})
	}
	return h.done(w, r, "/complaints/"+c.String(), i18n.ComplaintSent)
}

func (h *Handler) complaintPage(w http.ResponseWriter, r *http.Request) error {
	return h.showComplaint(w, r, field.Form{}, nil)
}

func (h *Handler) showComplaint(w http.ResponseWriter, r *http.Request, f field.Form, cause error) error {
	c, err := pathID(r)
	if err != nil {
		return err
	}
	got, err := h.Complaint.Get(r.Context(), actor(r), c)
	if err != nil {
		return err
	}
	p := h.complaintCrumbs(w, r, i18n.ComplaintTitle)
	body := view.Complaint(p, got, got.State == complaint.Open && actor(r).Scope(complaint.PermAnswer).All(), f)
	if cause != nil {
		return h.again(w, r, cause, func(*errs.Error) templ.Component { return body })
	}
	return h.show(w, r, body)
}

func (h *Handler) complaintAnswer(w http.ResponseWriter, r *http.Request) error {
	c, err := pathID(r)
	if err != nil {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	err = h.Complaint.Answer(r.Context(), actor(r), c, complaint.State(f.Text("state", 20)), f.Text("answer", 1000), f.Version())
	if err != nil {
		return h.showComplaint(w, r, f.Show(errs.As(err)), err)
	}
	return h.done(w, r, "/complaints/"+c.String(), i18n.ComplaintDone)
}

func (h *Handler) jobsPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	l, err := jobs.Recent(r.Context(), h.DB, actor(r), jobs.State(q.Get("state")), pageOf(r))
	if err != nil {
		return err
	}
	return h.show(w, r, view.Jobs(h.page(w, r, i18n.JobTitle), view.ListData{Query: q, Next: l.Next, Prev: l.Prev}, l.Items, actor(r).Scope(jobs.PermRetry).All()))
}

func (h *Handler) jobRetry(w http.ResponseWriter, r *http.Request) error {
	j, err := pathID(r)
	if err != nil {
		return err
	}
	if err := jobs.Retry(r.Context(), h.DB, actor(r), j); err != nil {
		return err
	}
	return h.done(w, r, "/jobs", i18n.JobRetried)
}

// auditChecks shows how the audit record stands and what came of checking it.
func (h *Handler) auditChecks(w http.ResponseWriter, r *http.Request) error {
	s, err := audit.Stands(r.Context(), h.DB, actor(r))
	if err != nil {
		return err
	}
	list, err := audit.Checks(r.Context(), h.DB, actor(r))
	if err != nil {
		return err
	}
	p := h.page(w, r, i18n.AuditChecks)
	p.Breadcrumb = []layout.Crumb{{Text: i18n.AuditTitle.In(lang(r)), Href: "/audit"}}
	return h.show(w, r, view.AuditChecks(p, s, list))
}

func (h *Handler) auditCheckNow(w http.ResponseWriter, r *http.Request) error {
	if err := h.CheckAudit(r.Context(), actor(r)); err != nil {
		return err
	}
	return h.done(w, r, "/audit/checks", i18n.AuditCheckAsked)
}

func (h *Handler) calendarPage(w http.ResponseWriter, r *http.Request) error {
	return h.showCalendar(w, r, field.Form{}, nil)
}

func (h *Handler) showCalendar(w http.ResponseWriter, r *http.Request, f field.Form, wrong error) error {
	years, err := h.Holiday.Years(r.Context(), actor(r))
	if err != nil {
		return err
	}
	if f.Values == nil {
		f.Values, f.Filled = url.Values{"year": {strconv.Itoa(h.Holiday.Next(years))}}, map[string]bool{"year": true}
	}
	body := func(e *errs.Error) templ.Component {
		f.Err = e
		return view.Calendar(h.page(w, r, i18n.CalendarTitle), years, f, actor(r).Scope(policy.PermSet).All())
	}
	if wrong != nil {
		return h.again(w, r, wrong, body)
	}
	return h.show(w, r, body(nil))
}

func (h *Handler) calendarLoad(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	in := holiday.Notice{Year: int(f.Int("year")), Title: f.Text("title", 200), Text: f.Text("text", 10000)}
	var y calendar.Year
	if err = f.Err(); err == nil {
		y, err = h.Holiday.Load(r.Context(), actor(r), in)
	}
	if err != nil {
		return h.showCalendar(w, r, f.Show(nil), err)
	}
	return h.done(w, r, "/calendar", i18n.CalendarLoaded, y.Year, len(y.Days))
}
