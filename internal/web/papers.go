package web

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"linli/internal/attach"
	"linli/internal/authz"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/web/view/field"
)

// papers are the files of a kind of record, as its service keeps them.
type papers struct {
	limits func(context.Context, authz.Actor) (attach.Limits, error)
	add    func(context.Context, authz.Actor, id.ID, []attach.New) error
	file   func(ctx context.Context, a authz.Actor, record, file id.ID) (attach.File, []byte, error)
	remove func(ctx context.Context, a authz.Actor, record, file id.ID) error
	at     func(id.ID) string // the place on the record's page
	page   func(http.ResponseWriter, *http.Request, field.Form) (templ.Component, error)
}

// paperID reads the record and the file of an address.
func paperID(r *http.Request) (record, file id.ID, err error) {
	if record, err = pathID(r); err != nil {
		return 0, 0, err
	}
	if file, err = id.Parse(r.PathValue("attachment")); err != nil {
		err = errs.ErrNotFound
	}
	return record, file, err
}

// addPapers takes files for the record in the address.
func (h *Handler) addPapers(p papers) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		record, err := pathID(r)
		if err != nil {
			return err
		}
		l, err := p.limits(r.Context(), actor(r))
		if err != nil {
			return err
		}
		f, files, err := readAttachments(w, r, "file", l.Bytes)
		if err == nil {
			err = p.add(r.Context(), actor(r), record, files)
		}
		if err != nil {
			if f == nil {
				f = &form{}
			}
			return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(p.page(w, r, f.Show(e))) })
		}
		return h.done(w, r, p.at(record), i18n.FilesAdded, len(files))
	}
}

// onePaper answers with a file of the record in the address.
func (h *Handler) onePaper(p papers) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		record, file, err := paperID(r)
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

// removePaper removes a file of the record in the address.
func (h *Handler) removePaper(p papers) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		record, file, err := paperID(r)
		if err != nil {
			return err
		}
		if err := p.remove(r.Context(), actor(r), record, file); err != nil {
			return err
		}
		return h.done(w, r, p.at(record), i18n.FileRemoved)
	}
}

func (h *Handler) meetingPapers() papers {
	return papers{h.Meeting.FileLimits, h.Meeting.AddFiles, h.Meeting.File, h.Meeting.RemoveFile, func(m id.ID) string { return "/meetings/" + m.String() + "#files" },
		func(w http.ResponseWriter, r *http.Request, sent field.Form) (templ.Component, error) {
			return h.meetingOne(w, r, sent, nil)
		}}
}

func (h *Handler) rulesPapers() papers {
	return papers{h.Body.FileLimits, h.Body.AddFiles, h.Body.File, h.Body.RemoveFile, func(b id.ID) string { return "/bodies/" + b.String() + "#rules" }, h.bodyOne}
}
