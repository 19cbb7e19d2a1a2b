package web

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/a-h/templ"

	"linli/internal/attach"
	"linli/internal/casework"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/technician"
	"linli/internal/web/view/field"
	"linli/internal/web/view/partial"
	view "linli/internal/web/view/technician"
)

func (h *Handler) myJobRoutes() []route {
	serve := may(technician.PermServe)
	act := func(done i18n.Text, do func(r *http.Request, f *form, j id.ID) error) func(http.ResponseWriter, *http.Request) error {
		return h.acted(saying(done, do), view.MyHref, h.myJobShown)
	}
	return []route{
		{pattern: "GET /m/jobs", who: serve, serve: h.myJobsPage},
		{pattern: "POST /m/jobs/free", who: serve, serve: h.myJobFree},
		{pattern: "GET /m/jobs/{id}", who: serve, serve: h.myJobPage},
		{pattern: "GET /m/jobs/{id}/receipt", who: serve, serve: h.jobReceipt(view.MyHref)},
		{pattern: "GET /m/jobs/{id}/files/{file}", who: serve, serve: h.myJobFile},
		{pattern: "POST /m/jobs/{id}/take", who: serve, serve: h.myJobTake},
		{pattern: "POST /m/jobs/{id}/arrive", who: serve, serve: act(i18n.MyJobArrived, func(r *http.Request, _ *form, j id.ID) error {
			return h.Technician.Arrive(r.Context(), actor(r), j)
		})},
		{pattern: "POST /m/jobs/{id}/decline", who: serve, serve: h.acted(saying(i18n.MyJobDeclined, func(r *http.Request, f *form, j id.ID) error {
			return h.Technician.Decline(r.Context(), actor(r), j, f.Text("words", technician.MaxWords))
		}), func(id.ID) string { return view.MinePath }, h.myJobShown)},
		{pattern: "POST /m/jobs/{id}/finish", who: serve, serve: h.myJobFinish, upload: true},
		{pattern: "POST /m/jobs/{id}/sign", who: serve, serve: act(i18n.MyJobSignDone, func(r *http.Request, f *form, j id.ID) error {
			return h.Technician.SignOff(r.Context(), actor(r), j, f.Text("code", 12))
		})},
		{pattern: "POST /m/jobs/{id}/charge", who: serve, serve: act(i18n.VisitCorrectDone, h.jobCorrect)},
		{pattern: "POST /m/jobs/{id}/number", who: serve, serve: h.myJobNumber},
	}
}

func (h *Handler) myJobsPage(w http.ResponseWriter, r *http.Request) error {
	p, err := h.Technician.Mine(r.Context(), actor(r))
	if err != nil {
		return err
	}
	return h.show(w, r, view.MinePage(h.page(w, r, i18n.MyJobs), view.Mine{Pocket: p, Now: h.Technician.Now()}))
}

// gone says on the technician's page that somebody else was quicker.
func (h *Handler) gone(w http.ResponseWriter, r *http.Request, err error) error {
	if e := errs.As(err); e != nil && e.Kind == errs.Conflict {
		return h.say(w, r, view.MinePath, failedFlash(e, lang(r)))
	}
	return err
}

func (h *Handler) myJobFree(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	c := f.ID("case")
	if err := f.Err(); err != nil {
		return err
	}
	j, err := h.Technician.TakeFree(r.Context(), actor(r), c)
	if err != nil {
		return h.gone(w, r, err)
	}
	return h.done(w, r, view.MyHref(j), i18n.MyJobTaken)
}

func (h *Handler) myJobTake(w http.ResponseWriter, r *http.Request) error {
	j, err := pathID(r)
	if err != nil {
		return err
	}
	if err := h.Technician.Take(r.Context(), actor(r), j); err != nil {
		return h.gone(w, r, err)
	}
	return h.done(w, r, view.MyHref(j), i18n.MyJobTaken)
}

func (h *Handler) myJobPage(w http.ResponseWriter, r *http.Request) error {
	page, err := h.myJobShown(w, r, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, page)
}

func (h *Handler) myJobShown(w http.ResponseWriter, r *http.Request, sent field.Form) (templ.Component, error) {
	return h.myJobWith(w, r, sent, nil)
}

// myJobWith is the page of one job; with lets the caller add what an act has to show.
func (h *Handler) myJobWith(w http.ResponseWriter, r *http.Request, sent field.Form, with func(*view.MyJob)) (templ.Component, error) {
	n, err := pathID(r)
	if err != nil {
		return nil, err
	}
	d, err := h.Technician.Own(r.Context(), actor(r), n)
	if err != nil {
		return nil, err
	}
	limits, err := h.Technician.PhotoLimits(r.Context(), actor(r).Tenant)
	if err != nil {
		return nil, err
	}
	j := view.MyJob{Detail: d, Sent: sent, SentBy: sent.Values.Get(formKey), Now: h.Technician.Now(), Size: size(limits.Bytes), Pictures: partial.KeptFiles(lang(r), view.MyHref(n)+"/files", d.Photos, false)}
	if with != nil {
		with(&j)
	}
	p := h.page(w, r, i18n.MyJobs)
	p.Back = view.MinePath
	return view.MyJobPage(p, j), nil
}

// myJobNumber shows the resident's number, once, on the page of the job.
func (h *Handler) myJobNumber(w http.ResponseWriter, r *http.Request) error {
	n, err := pathID(r)
	if err != nil {
		return err
	}
	name, phone, err := h.Technician.Number(r.Context(), actor(r), n)
	if err != nil {
		return h.gone(w, r, err)
	}
	page, err := h.myJobWith(w, r, field.Form{}, func(j *view.MyJob) { j.Name, j.Phone, j.Shown = name, phone, phone != "" })
	if err != nil {
		return err
	}
	return h.show(w, r, page)
}

// maxFinish bounds what the form of a finished job may send, all photographs together.
const maxFinish = 6*maxReportPhoto + 1<<20

func (h *Handler) myJobFinish(w http.ResponseWriter, r *http.Request) error {
	n, err := pathID(r)
	if err != nil {
		return err
	}
	select { // pictures take memory and time: a few at once
	case h.staffTaking <- struct{}{}:
		defer func() { <-h.staffTaking }()
	default:
		return errs.New(errs.Unavailable, i18n.ErrUnavailable)
	}
	if err := http.NewResponseController(w).SetReadDeadline(time.Now().Add(longestSending)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	f, files, err := readFinish(w, r)
	if f == nil {
		return err
	}
	in := technician.Finish{Outcome: f.Text("outcome", 20), Words: f.Text("words", technician.MaxWords), Address: f.Text("address", casework.MaxPlace), Minutes: f.Int("minutes"), Photos: files,
		Charged: technician.Charged{Units: f.Int("units"), Service: f.yuan("service"), Materials: f.yuan("materials"), What: f.Text("what", 60)}}
	if err == nil {
		err = f.Err()
	}
	if err == nil {
		err = h.Technician.Finish(r.Context(), actor(r), n, in)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.myJobShown(w, r, f.Show(e))) })
	}
	return h.done(w, r, view.MyHref(n), i18n.MyJobFinishDone)
}

// readFinish reads the form of a finished job with its photographs.
func readFinish(w http.ResponseWriter, r *http.Request) (*form, []attach.New, error) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		f, err := readForm(r)
		return f, nil, err
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxFinish)
	f, files, err := readAttachments(w, r, "file", maxReportPhoto)
	var tooBig *http.MaxBytesError
	if errors.As(err, &tooBig) {
		err = errs.New(errs.Invalid, i18n.CasePublicTooBig).Because(err)
	}
	return f, files, err
}

// myJobFile shows the technician a photograph of the case they are at; the look is recorded.
func (h *Handler) myJobFile(w http.ResponseWriter, r *http.Request) error {
	n, err := pathID(r)
	if err != nil {
		return err
	}
	file, err := id.Parse(r.PathValue("file"))
	if err != nil {
		return errs.ErrNotFound
	}
	small := r.URL.Query().Get("small") != ""
	f, content, err := h.Technician.File(r.Context(), actor(r), n, file, small)
	if err != nil {
		return err
	}
	return sendAttachment(w, r, f, content, small)
}
