package open311

import (
	"encoding/xml"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"linli/internal/attach"
	"linli/internal/casework"
	"linli/internal/errs"
	"linli/internal/i18n"
)

// Bounds of what is sent: a form, and one with photographs. maxMemory is what of it is kept in memory; the rest waits on disk.
const (
	maxForm   = 1 << 20
	maxMedia  = 10 << 20
	maxSent   = casework.MostPhotos*maxMedia + maxForm
	maxMemory = 8 << 20
	longest   = 2 * time.Minute // that a sending takes
	waits     = 10 * time.Second
)

type sentAnswer struct {
	ID      string `xml:"service_request_id" json:"service_request_id"`
	Notice  text   `xml:"service_notice" json:"service_notice"`
	Account text   `xml:"account_id" json:"account_id"`
}

type sentList struct {
	XMLName xml.Name     `xml:"service_requests"`
	List    []sentAnswer `xml:"request"`
}

// send takes a request.
func (h *Handler) send(c *call, _ []string) (any, error) {
	if err := h.sends.Allow(network(c.r), h.Casework.Now()); err != nil {
		return nil, err
	}
	kind, _, _ := mime.ParseMediaType(c.r.Header.Get("Content-Type")) // what is no kind is refused when it is read
	if strings.HasPrefix(kind, "multipart/") {                        // pictures take memory and time: a few at once, and whoever sends slowly holds up no form without them
		places := h.strangers
		if c.get("api_key") != "" || c.r.Header.Get("Authorization") != "" { // known before anything is read
			if err := h.enter(c, true); err != nil {
				return nil, err
			}
			places = h.place
		} else {
			n := network(c.r)
			if _, busy := h.sending.LoadOrStore(n, true); busy {
				return nil, errs.New(errs.Unavailable, i18n.ErrUnavailable)
			}
			defer h.sending.Delete(n)
		}
		select {
		case places <- struct{}{}:
			defer func() { <-places }()
		case <-time.After(waits):
			return nil, errs.New(errs.Unavailable, i18n.ErrUnavailable)
		case <-c.r.Context().Done():
			return nil, c.r.Context().Err()
		}
	}
	if err := http.NewResponseController(c.w).SetReadDeadline(time.Now().Add(longest)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return nil, err
	}
	files, err := c.read()
	if err != nil {
		return nil, err
	}
	if err := h.enter(c, true); err != nil {
		return nil, err
	}
	in, err := c.incoming()
	if err != nil {
		return nil, err
	}
	in.Files = files
	got, err := h.Casework.Receive(c.r.Context(), c.actor, in)
	if err != nil {
		return nil, err
	}
	if got.Again {
		c.w.Header().Set("Idempotency-Replayed", "true")
	}
	notice := i18n.GeoreportNoticeOpen.In(c.lang, got.Org)
	if !got.DueAt.IsZero() {
		notice = i18n.GeoreportNotice.In(c.lang, got.Org, i18n.DateTime(got.DueAt))
	}
	out := []sentAnswer{{ID: got.No, Notice: text(notice)}}
	return document{xml: sentList{List: out}, json: out}, nil
}

// read reads the form, with photographs where it has any.
func (c *call) read() (files []attach.New, err error) {
	kind, _, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err != nil {
		return nil, problem{http.StatusBadRequest, i18n.GeoreportUnreadable}
	}
	switch kind {
	case "application/x-www-form-urlencoded":
		c.r.Body = http.MaxBytesReader(c.w, c.r.Body, maxForm)
		err = c.r.ParseForm()
	case "multipart/form-data":
		c.r.Body = http.MaxBytesReader(c.w, c.r.Body, maxSent)
		if err = c.r.ParseMultipartForm(maxMemory); err == nil {
			defer c.r.MultipartForm.RemoveAll()
			files, err = c.files()
		}
	default:
		return nil, problem{http.StatusUnsupportedMediaType, i18n.GeoreportUnreadable}
	}
	var tooBig *http.MaxBytesError
	switch {
	case errors.As(err, &tooBig):
		return nil, problem{http.StatusRequestEntityTooLarge, i18n.GeoreportTooBig}
	case err != nil && errs.As(err) == nil:
		return nil, problem{http.StatusBadRequest, i18n.GeoreportUnreadable}
	case err != nil:
		return nil, err
	}
	c.form = c.r.Form
	return files, nil
}

// files reads the photographs: clients call the part media, or media[].
func (c *call) files() (out []attach.New, err error) {
	for _, name := range []string{"media", "media[]"} {
		for _, head := range c.r.MultipartForm.File[name] {
			if head.Filename == "" && head.Size == 0 {
				continue
			}
			f, err := head.Open()
			if err != nil {
				return nil, err
			}
			content, err := io.ReadAll(io.LimitReader(f, maxMedia+1))
			if err = errors.Join(err, f.Close()); err != nil {
				return nil, err
			}
			out = append(out, attach.New{Name: head.Filename, Content: content})
		}
	}
	return out, nil
}

// incoming reads the arguments of a request.
func (c *call) incoming() (casework.Incoming, error) {
	in := casework.Incoming{Offer: c.get("service_code"), Address: c.get("address_string"), AddressID: c.get("address_id"), Body: c.get("description"), Answers: map[string]string{},
		First: c.get("first_name"), Last: c.get("last_name"), Phone: c.get("phone"), Email: c.get("email"), MediaURL: c.get("media_url"), Key: c.r.Header.Get("Idempotency-Key")}
	var e *errs.Error
	if in.Offer == "" {
		e = e.With("service_code", i18n.GeoreportServiceNeeded)
	}
	if !keyOK(in.Key) {
		e = e.With("key", i18n.APIKeyForm)
	}
	if lat, long := c.get("lat"), c.get("long"); lat != "" || long != "" {
		y, okY := parseDegrees(lat, 90)
		x, okX := parseDegrees(long, 180)
		if !okY || !okX {
			e = e.With("lat", i18n.GeoreportBadPosition)
		}
		in.Placed, in.X, in.Y = true, x, y
	}
	for name, values := range c.form {
		code, ok := strings.CutPrefix(name, "attribute[")
		if !ok || len(values) == 0 {
			continue
		}
		code, _, _ = strings.Cut(code, "]") // several values of one attribute come as attribute[code][]
		in.Answers[code] = strings.TrimSpace(strings.Join(values, ", "))
	}
	return in, e.OrNil()
}

func keyOK(s string) bool {
	return len(s) <= 100 && strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) < 0
}
