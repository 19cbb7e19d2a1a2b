package web

import (
	"net/http"

	"github.com/a-h/templ"

	"linli/internal/activity"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	view "linli/internal/web/view/activity"
	"linli/internal/web/view/field"
)

// photos are those of an activity, as a page whose address begins with base shows them.
func (h *Handler) photos(r *http.Request, a activity.Item, base string, f field.Form) (view.Photos, error) {
	p, err := h.Activity.Photos(r.Context(), actor(r), a.ID)
	return view.Photos{Photos: p, Title: a.Title, File: view.Address(a.ID, "photos"), Base: base + "/photos", Form: f}, err
}

// photo answers with one photograph: the small one that pages show if small is asked for.
func (h *Handler) photo(w http.ResponseWriter, r *http.Request) error {
	a, p, err := photoID(r)
	if err != nil {
		return err
	}
	small := r.URL.Query().Get("small") != ""
	f, content, err := h.Activity.Photo(r.Context(), actor(r), a, p, small)
	if err != nil {
		return err
	}
	return sendAttachment(w, r, f, content, small)
}

func photoID(r *http.Request) (a, photo id.ID, err error) {
	if a, err = pathID(r); err != nil {
		return 0, 0, err
	}
	photo, err = id.Parse(r.PathValue("photo"))
	if err != nil {
		err = errs.ErrNotFound
	}
	return a, photo, err
}

// addPhotos takes photographs for the activity in the address and goes back to its page, which show draws again with what was wrong.
func (h *Handler) addPhotos(base string, show func(http.ResponseWriter, *http.Request, activity.Item, field.Form) (templ.Component, error)) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		a, _, err := h.findActivity(r)
		if err != nil {
			return err
		}
		now, err := h.Activity.Photos(r.Context(), actor(r), a.ID)
		if err != nil {
			return err
		}
		f, files, err := readAttachments(w, r, "file", now.Limits.Bytes)
		n := len(files)
		if err == nil {
			alt := f.Text("alt", 200)
			for i := range files {
				files[i].Alt = alt
			}
			if err = f.Err(); err == nil {
				_, err = h.Activity.AddPhotos(r.Context(), actor(r), a.ID, files)
			}
		}
		if err != nil {
			if f == nil {
				f = &form{}
			}
			return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(show(w, r, a, f.Show(e))) })
		}
		return h.done(w, r, base+a.ID.String()+"#photos", i18n.PhotoAdded, n)
	}
}

// removePhoto removes the photograph in the address and goes back.
func (h *Handler) removePhoto(base string) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		a, p, err := photoID(r)
		if err != nil {
			return err
		}
		if err := h.Activity.RemovePhoto(r.Context(), actor(r), a, p); err != nil {
			return err
		}
		return h.done(w, r, base+a.String()+"#photos", i18n.PhotoRemoved)
	}
}
