package web

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"time"

	"linli/internal/attach"
	"linli/internal/errs"
	"linli/internal/i18n"
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
	hd.Set("ETag", `"`+tag+`"`)
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
