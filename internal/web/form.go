package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"linli/internal/attach"
	"linli/internal/burden"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/web/view/field"
	"linli/internal/web/view/partial"
)

// form reads a form that was sent. Each reading of a field that is wrong is remembered; Err gives them all.
type form struct {
	values url.Values
	files  []attach.New // in the field "file", where the form was read with them
	err    *errs.Error
}

// readForm parses the body of r.
func readForm(r *http.Request) (*form, error) {
	if err := r.ParseForm(); err != nil {
		return nil, badForm(err)
	}
	return &form{values: r.PostForm}, nil
}

func badForm(err error) error {
	if e := tooLarge(err); e != nil {
		return e
	}
	return errs.New(errs.Invalid, i18n.ErrInvalid).Because(err)
}

// tooLarge is what is said of a body that exceeds its bound; nil where err is something else.
func tooLarge(err error) *errs.Error {
	var big *http.MaxBytesError
	if !errors.As(err, &big) {
		return nil
	}
	return errs.New(errs.Invalid, i18n.ErrTooLarge, i18n.Verbatim(size(big.Limit))).Because(err)
}

// statusOf is the status of an answer to err: 413 for what was too large.
func statusOf(e *errs.Error) int {
	var big *http.MaxBytesError
	if errors.As(e, &big) {
		return http.StatusRequestEntityTooLarge
	}
	return status(e.Kind)
}

// Err is what was wrong with the fields read so far, or nil.
func (f *form) Err() error { return f.err.OrNil() }

// Show is the form as it was sent, with what is wrong, to be drawn again.
func (f *form) Show(e *errs.Error) field.Form {
	filled := map[string]bool{}
	for _, n := range f.values[field.FilledKey] {
		filled[n] = true
	}
	return field.Form{Values: f.values, Err: e, Filled: filled}
}

// Text reads a trimmed text of at most limit characters; "" if it is empty.
func (f *form) Text(name string, limit int) string {
	s := strings.TrimSpace(f.values.Get(name))
	if n := utf8.RuneCountInString(s); n > limit {
		f.err = f.err.With(name, i18n.ErrTooLong, limit, n)
	}
	return s
}

// Need reads a text that must not be empty.
func (f *form) Need(name string, limit int) string {
	s := f.Text(name, limit)
	if s == "" {
		f.err = f.err.With(name, i18n.ErrRequired)
	}
	return s
}

// Date reads a day; none if it is empty.
func (f *form) Date(name string) calendar.Date {
	s := strings.TrimSpace(f.values.Get(name))
	if s == "" {
		return calendar.Date{}
	}
	d, err := calendar.Parse(s)
	if err != nil {
		f.err = f.err.With(name, i18n.ErrBadDate)
	}
	return d
}

// Time reads what an input of type datetime-local sends, in Beijing time.
func (f *form) Time(name string) time.Time {
	s := strings.TrimSpace(f.values.Get(name))
	if s == "" {
		return time.Time{}
	}
	t, err := time.ParseInLocation("2006-01-02T15:04", s, i18n.Zone)
	if err != nil {
		f.err = f.err.With(name, i18n.ErrBadDate)
	}
	return t
}

// Int reads a whole number; 0 if it is empty.
func (f *form) Int(name string) int64 {
	s := strings.TrimSpace(f.values.Get(name))
	if s == "" {
		return 0
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		f.err = f.err.With(name, i18n.ErrBadNumber)
	}
	return n
}

// ID reads a reference to a record; 0 if it is empty.
func (f *form) ID(name string) id.ID {
	s := strings.TrimSpace(f.values.Get(name))
	if s == "" {
		return 0
	}
	v, err := id.Parse(s)
	if err != nil {
		f.err = f.err.With(name, i18n.ErrBadChoice)
	}
	return v
}

// Bool reads a check box.
func (f *form) Bool(name string) bool {
	v := f.values.Get(name)
	return v != "" && v != "0" && v != "false"
}

// Strings reads all values of a field, such as several check boxes.
func (f *form) Strings(name string) []string { return f.values[name] }

// Version reads the version of the record that the person saw.
func (f *form) Version() int64 { return f.Int("version") }

// pathID reads the ID in the address; what is no ID is simply not found.
func pathID(r *http.Request) (id.ID, error) {
	v, err := id.Parse(r.PathValue("id"))
	if err != nil {
		return 0, errs.ErrNotFound
	}
	return v, nil
}

// queryID reads an ID among the filters in the address; 0 if it is none.
func queryID(r *http.Request, name string) id.ID {
	v, err := id.Parse(r.URL.Query().Get(name))
	if err != nil {
		return 0
	}
	return v
}

// pageOf reads which part of a list the address asks for.
func pageOf(r *http.Request) db.Page {
	q := r.URL.Query()
	limit, _ := strconv.Atoi(q.Get("limit")) // no number is no wish
	return db.Page{
		After:  db.ParseCursor(q.Get(partial.AfterKey)),
		Before: db.ParseCursor(q.Get(partial.BeforeKey)),
		Limit:  limit,
	}
}

// given says whether a field that was asked came with a value: of a choice that could not be searched for (field.Typeahead) what was
// typed counts, of a file that there is one.
func given(r *http.Request, name string) bool {
	if strings.Join(r.PostForm[name], "") != "" || r.PostForm.Get(name+"_text") != "" {
		return true
	}
	return r.MultipartForm != nil && len(r.MultipartForm.File[name]) > 0
}

// formKey names the form that was sent, shownKey when it was shown (seconds since 1970).
const (
	formKey  = "_form"
	shownKey = "_shown"
)

// seconds is how long before now the form was shown; 0 where that is not known.
func (f *form) seconds(now time.Time) int64 {
	shown, err := strconv.ParseInt(f.values.Get(shownKey), 10, 64)
	if err != nil {
		return 0
	}
	return max(0, now.Unix()-shown)
}

// countForm notes in the burden ledger what a form that was accepted had asked: the fields that it showed (field.AskedKey) and that have
// a value now. What the program filled in and the person left counts as filled, everything else as typed.
func (h *Handler) countForm(r *http.Request, rt route) {
	if r.Method != http.MethodPost || len(r.PostForm) == 0 || h.Burden == nil {
		return
	}
	name := r.PostForm.Get(formKey)
	a := actor(r)
	if name == "" || a.Tenant == 0 {
		return
	}
	filled := map[string]bool{}
	for _, n := range r.PostForm[field.FilledKey] {
		filled[n] = true
	}
	u := burden.Use{Form: name}
	asked := map[string]bool{}
	for _, n := range r.PostForm[field.AskedKey] {
		switch {
		case asked[n], !given(r, n): // what was optional and left empty cost nobody anything
			continue
		case filled[n]:
			u.Filled++
		default:
			u.Typed++
		}
		asked[n] = true
		u.Fields++
	}
	if len(a.Grants) > 0 {
		u.Role = a.Grants[0].Role
	}
	u.Seconds = (&form{values: r.PostForm}).seconds(h.DB.Now())
	h.Burden.Note(a.Tenant, u)
}
