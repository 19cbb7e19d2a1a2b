package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"linli/internal/attach"
	"linli/internal/authz"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	catalogueview "linli/internal/web/view/catalogue"
	"linli/internal/web/view/field"

	"github.com/a-h/templ"
)

// filePolicy stands instead of the pages' policy on a file that somebody handed in: whatever it is, it may load and run nothing.
const filePolicy = "default-src 'none'; sandbox; frame-ancestors 'none'"

// sendAttachment answers with a file that belongs to a record. Its type is the one found in its content. Pictures are shown, documents are saved.
// Browsers may keep it, but ask each time whether it is still there and still allowed.
func sendAttachment(w http.ResponseWriter, r *http.Request, f attach.File, content []byte, small bool) error {
	hd := w.Header()
	hd.Set("Content-Type", string(f.Type))
	hd.Set("Content-Security-Policy", filePolicy)
	hd.Set("Cross-Origin-Resource-Policy", "same-origin")
	hd.Set("Cache-Control", "private, no-cache")
	how, tag := "attachment", f.Hash
	if f.Type.IsPicture() {
		how = "inline"
	}
	if small {
		tag += "-small"
	}
	hd.Set("Content-Disposition", mime.FormatMediaType(how, map[string]string{"filename": f.Name}))
	if f.Personal { // nothing of it stays on the machine
		hd.Set("Cache-Control", "no-store")
	} else {
		hd.Set("ETag", `"`+tag+`"`)
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
	return nil
}

// readAttachments reads the files that a form sent in a field; the other fields are in the form. What exceeds the limit of one file is cut
// just behind it, so that the check can say so.
func readAttachments(w http.ResponseWriter, r *http.Request, field string, limit int64) (*form, []attach.New, error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxUpload)
	if err := r.ParseMultipartForm(maxUploadMemory); err != nil {
		if errors.Is(err, http.ErrNotMultipart) {
			return nil, nil, errs.Field(field, i18n.AttachChoose)
		}
		return nil, nil, badForm(err)
	}
	defer r.MultipartForm.RemoveAll()
	f := &form{values: r.PostForm}
	var list []attach.New
	for _, head := range r.MultipartForm.File[field] {
		if head.Filename == "" && head.Size == 0 {
			continue // browsers send an empty part where nothing was chosen
		}
		file, err := head.Open()
		if err != nil {
			return f, nil, err
		}
		content, err := io.ReadAll(io.LimitReader(file, limit+1))
		if err = errors.Join(err, file.Close()); err != nil {
			return f, nil, err
		}
		list = append(list, attach.New{Name: head.Filename, Content: content})
	}
	return f, list, nil
}

// readFiles reads a form that staff send with files, each of at most limit bytes, in the field "file"; the form is never nil. Pictures take memory and time, so that a few
// are read and judged at once: done lets the next one in.
func (h *Handler) readFiles(w http.ResponseWriter, r *http.Request, limit int64) (f *form, files []attach.New, done func(), err error) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		f, err = readForm(r)
		if err != nil {
			f = &form{values: url.Values{}}
		}
		return f, nil, func() {}, err
	}
	select {
	case h.staffTaking <- struct{}{}:
		done = func() { <-h.staffTaking }
	case <-time.After(longestWait):
		return &form{values: url.Values{}}, nil, func() {}, errs.New(errs.Unavailable, i18n.ErrUnavailable)
	case <-r.Context().Done():
		return &form{values: url.Values{}}, nil, func() {}, r.Context().Err()
	}
	if err := http.NewResponseController(w).SetReadDeadline(time.Now().Add(longestSending)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return &form{values: url.Values{}}, nil, done, err
	}
	f, files, err = readAttachments(w, r, "file", limit)
	if f == nil {
		f = &form{values: url.Values{}}
	}
	return f, files, done, err
}

// readEither reads a form that staff send, with the files in it where it has any; done lets the next one with files in.
func (h *Handler) readEither(w http.ResponseWriter, r *http.Request) (f *form, done func(), err error) {
	f, files, done, err := h.readFiles(w, r, attach.MaxMegabytes<<20)
	f.files = files
	return f, done, err
}

// longestWait is how long staff wait until their files are read, where others send some.
const longestWait = 5 * time.Second

// fileKeeper are the files of a kind of record, as its service keeps them.
type fileKeeper struct {
	limits func(context.Context, authz.Actor) (attach.Limits, error)
	add    func(context.Context, authz.Actor, id.ID, []attach.New) error
	file   func(ctx context.Context, a authz.Actor, record, file id.ID) (attach.File, []byte, error)
	remove func(ctx context.Context, a authz.Actor, record, file id.ID) error
	at     func(id.ID) string // the place on the record's page
	page   func(http.ResponseWriter, *http.Request, field.Form) (templ.Component, error)
}

// megabytes says how large a file may be.
func megabytes(l attach.Limits) string { return strconv.FormatInt(l.Bytes>>20, 10) + " MB" }

// fileID reads the record and the file of an address.
func fileID(r *http.Request) (record, file id.ID, err error) {
	if record, err = pathID(r); err != nil {
		return 0, 0, err
	}
	if file, err = id.Parse(r.PathValue("attachment")); err != nil {
		err = errs.ErrNotFound
	}
	return record, file, err
}

// addFiles takes files for the record in the address.
func (h *Handler) addFiles(p fileKeeper) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		record, err := pathID(r)
		if err != nil {
			return err
		}
		l, err := p.limits(r.Context(), actor(r))
		if err != nil {
			return err
		}
		f, files, done, err := h.readFiles(w, r, l.Bytes)
		defer done()
		if err == nil {
			err = p.add(r.Context(), actor(r), record, files)
		}
		if err != nil {
			return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(p.page(w, r, f.Show(e))) })
		}
		return h.done(w, r, p.at(record), i18n.FilesAdded, len(files))
	}
}

// oneFile answers with a file of the record in the address.
func (h *Handler) oneFile(p fileKeeper) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		record, file, err := fileID(r)
		if err != nil {
			return err
		}
		f, content, err := p.file(r.Context(), actor(r), record, file)
		if err != nil {
			return err
		}
		return sendAttachment(w, r, f, content, false)
	}
}

// removeFile removes a file of the record in the address.
func (h *Handler) removeFile(p fileKeeper) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		record, file, err := fileID(r)
		if err != nil {
			return err
		}
		if err := p.remove(r.Context(), actor(r), record, file); err != nil {
			return err
		}
		return h.done(w, r, p.at(record), i18n.FileRemoved)
	}
}

func (h *Handler) meetingFiles() fileKeeper {
	return fileKeeper{h.Meeting.FileLimits, h.Meeting.AddFiles, h.Meeting.File, h.Meeting.RemoveFile, func(m id.ID) string { return "/meetings/" + m.String() + "#files" },
		func(w http.ResponseWriter, r *http.Request, sent field.Form) (templ.Component, error) {
			return h.meetingOne(w, r, sent, nil)
		}}
}

func (h *Handler) blankForms() fileKeeper {
	return fileKeeper{h.Catalogue.FileLimits, h.Catalogue.AddFiles, h.Catalogue.File, h.Catalogue.RemoveFile, func(i id.ID) string { return catalogueview.Href(i) + "#files" }, h.catalogueItemShown}
}

func (h *Handler) rulesFiles() fileKeeper {
	return fileKeeper{h.Body.FileLimits, h.Body.AddFiles, h.Body.File, h.Body.RemoveFile, func(b id.ID) string { return "/bodies/" + b.String() + "#rules" }, h.bodyOne}
}
