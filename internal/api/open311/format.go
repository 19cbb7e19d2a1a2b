package open311

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"linli/internal/errs"
	"linli/internal/i18n"
)

// format is xml or json.
type format string

const (
	asXML  format = "xml"
	asJSON format = "json"
)

func formatNamed(ending string) format {
	switch f := format(strings.ToLower(ending)); f {
	case asXML, asJSON:
		return f
	}
	return ""
}

// asked is the format where the address names none: XML, which the specification requires, unless JSON alone is accepted.
func asked(r *http.Request) format {
	accept := r.Header.Get("Accept")
	if strings.Contains(accept, "json") && !strings.Contains(accept, "xml") {
		return asJSON
	}
	return asXML
}

// document is an answer in both forms: in XML under its root, in JSON as the specification's convention has it (a list without its root).
type document struct {
	xml, json any
	bare      bool // the type without the charset, as programs that check discovery documents expect it
}

func (c *call) write(status int, out any) {
	d, ok := out.(document)
	if !ok {
		d = document{xml: out, json: out}
	}
	var b bytes.Buffer
	kind := "application/json"
	var err error
	if c.format == asJSON {
		e := json.NewEncoder(&b)
		e.SetIndent("", "  ")
		err = e.Encode(d.json)
	} else {
		kind = "text/xml"
		b.WriteString(`<?xml version="1.0" encoding="utf-8"?>` + "\n")
		e := xml.NewEncoder(&b)
		e.Indent("", "  ")
		if err = e.Encode(d.xml); err == nil {
			b.WriteString("\n")
		}
	}
	if err != nil {
		status = http.StatusInternalServerError
		b.Reset()
	}
	if !d.bare {
		kind += "; charset=utf-8"
	}
	c.w.Header().Set("Content-Type", kind)
	c.w.WriteHeader(status)
	if c.r.Method != http.MethodHead {
		_, _ = c.w.Write(b.Bytes()) // the caller has gone
	}
}

// text is null in JSON where there is none, and an empty element in XML.
type text string

// MarshalJSON writes the text or null.
func (t text) MarshalJSON() ([]byte, error) {
	if t == "" {
		return []byte("null"), nil
	}
	return json.Marshal(string(t))
}

// instant is a time in the form of the specification, in UTC, to the second.
type instant time.Time

func (t instant) String() string {
	if time.Time(t).IsZero() {
		return ""
	}
	return time.Time(t).UTC().Format("2006-01-02T15:04:05Z")
}

// MarshalJSON writes the time or null.
func (t instant) MarshalJSON() ([]byte, error) { return text(t.String()).MarshalJSON() }

// MarshalText writes the time or nothing.
func (t instant) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// degrees are micro-degrees as decimal degrees; 0 is unknown.
type degrees int64

func (d degrees) String() string {
	if d == 0 {
		return ""
	}
	s := strconv.FormatFloat(float64(d)/1e6, 'f', 6, 64)
	if s = strings.TrimRight(s, "0"); strings.HasSuffix(s, ".") {
		s += "0" // a number with a point stays one
	}
	return s
}

// MarshalJSON writes a number or null.
func (d degrees) MarshalJSON() ([]byte, error) {
	if d == 0 {
		return []byte("null"), nil
	}
	return []byte(d.String()), nil
}

// MarshalText writes the number or nothing.
func (d degrees) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// parseDegrees reads decimal degrees of at most so many.
func parseDegrees(s string, most float64) (int64, bool) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(f) || math.Abs(f) > most {
		return 0, false
	}
	return int64(math.Round(f * 1e6)), true
}

// problem is an error with a status of its own.
type problem struct {
	status int
	text   i18n.Text
}

// Error gives the words for the log.
func (p problem) Error() string { return p.text.In(i18n.EN) }

// fault is one error in the form of the specification.
type fault struct {
	Code        int    `xml:"code" json:"code"`
	Description string `xml:"description" json:"description"`
}

type faults struct {
	XMLName xml.Name `xml:"errors"`
	List    []fault  `xml:"error"`
}

// statuses are those of the specification: what is wrong with a request is 400, a key 403.
var statuses = map[errs.Kind]int{
	errs.Internal: http.StatusInternalServerError, errs.Invalid: http.StatusBadRequest, errs.Unauthenticated: http.StatusForbidden, errs.Forbidden: http.StatusForbidden,
	errs.NotFound: http.StatusNotFound, errs.Conflict: http.StatusConflict, errs.RateLimited: http.StatusTooManyRequests, errs.Unavailable: http.StatusServiceUnavailable,
}

// arguments are what fields of a report are called here.
var arguments = map[string]string{"body": "description", "item": "service_code", "kind": "service_code", "community": "lat", "building": "address_id", "place": "address_string", "name": "first_name",
	"file": "media", "key": "Idempotency-Key"}

func argument(field string) string {
	if code, ok := strings.CutPrefix(field, "field."); ok {
		return "attribute[" + code + "]"
	}
	if a := arguments[field]; a != "" {
		return a
	}
	return field
}

// fail answers with what went wrong, one error for each argument.
func (h *Handler) fail(c *call, err error) {
	var p problem
	e := errs.As(err)
	var list []fault
	status := http.StatusInternalServerError
	switch {
	case errors.As(err, &p):
		status = p.status
		list = []fault{{status, p.text.In(c.lang)}}
	case e == nil:
		if c.r.Context().Err() == nil {
			h.opt.Log.ErrorContext(c.r.Context(), "open311", "request", c.id, "err", err)
		}
		list = []fault{{status, i18n.ErrInternal.In(c.lang, c.id)}}
		if e = errs.Outage(err); e != nil {
			status = statuses[e.Kind]
			list = []fault{{status, e.Message.In(c.lang)}}
		}
	default:
		status = statuses[e.Kind]
		for field, m := range e.Fields {
			list = append(list, fault{status, argument(field) + ": " + m.In(c.lang)})
		}
		slices.SortFunc(list, func(a, b fault) int { return strings.Compare(a.Description, b.Description) })
		if len(list) == 0 {
			list = []fault{{status, e.Message.In(c.lang)}}
		}
		if e.Kind == errs.RateLimited && len(e.Message.Args) > 0 {
			c.w.Header().Set("Retry-After", fmt.Sprint(e.Message.Args[0]))
		}
	}
	c.write(status, document{xml: faults{List: list}, json: list})
}
