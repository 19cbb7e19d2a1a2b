package rest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/errs"
	"linli/internal/i18n"
)

// Problem is an error as RFC 9457 has it. Code is stable; words may change.
type Problem struct {
	Type     string            `json:"type" doc:"Kind of problem as a stable URI: urn:linli:problem:<code>."`
	Code     string            `json:"code" doc:"Kind of problem as a stable word: invalid, unauthenticated, forbidden, not_found, conflict, rate_limited, unavailable, internal, idempotency_reused, idempotency_unknown, …"`
	Title    string            `json:"title" doc:"The status in words."`
	Status   int               `json:"status" doc:"HTTP status."`
	Detail   string            `json:"detail,omitempty" doc:"What happened and what to do, in the language asked for. Never repeats a rejected value."`
	Instance string            `json:"instance,omitempty" doc:"Number of the request, to be told to the administrator."`
	Fields   map[string]string `json:"fields,omitempty" doc:"What is wrong with each field, by its name in the request."`
	retry    int
}

// Error is the problem for logs.
func (p *Problem) Error() string { return p.Code + ": " + p.Detail }

// GetStatus is the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders are the headers that go with the problem.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.retry > 0 {
		h.Set("Retry-After", strconv.Itoa(p.retry))
	}
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="linli"`)
	}
	return h
}

// ContentType is that of problem details.
func (*Problem) ContentType(string) string { return "application/problem+json" }

type kindInfo struct {
	status int
	code   string
}

var kinds = map[errs.Kind]kindInfo{
	errs.Internal:        {http.StatusInternalServerError, "internal"},
	errs.Invalid:         {http.StatusUnprocessableEntity, "invalid"},
	errs.Unauthenticated: {http.StatusUnauthorized, "unauthenticated"},
	errs.Forbidden:       {http.StatusForbidden, "forbidden"},
	errs.NotFound:        {http.StatusNotFound, "not_found"},
	errs.Conflict:        {http.StatusConflict, "conflict"},
	errs.RateLimited:     {http.StatusTooManyRequests, "rate_limited"},
	errs.Unavailable:     {http.StatusServiceUnavailable, "unavailable"},
}

func newProblem(ctx context.Context, status int, code, detail string) *Problem {
	return &Problem{Type: "urn:linli:problem:" + code, Code: code, Title: http.StatusText(status), Status: status,
		Detail: detail, Instance: visitOf(ctx).id}
}

// problemOf turns an error of a service into a problem. What is none of our kinds is logged once and shown as a number.
func (k *Kit) problemOf(ctx context.Context, err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	v := visitOf(ctx)
	e := errs.As(err)
	if e == nil {
		if ctx.Err() == nil {
			k.opt.Log.ErrorContext(ctx, "api", "request", v.id, "operation", v.operation, "err", err)
		}
		if e = errs.Outage(err); e == nil {
			return newProblem(ctx, http.StatusInternalServerError, "internal", i18n.ErrInternal.In(v.lang, v.id))
		}
	} else if e.Cause != nil {
		k.opt.Log.InfoContext(ctx, "api", "request", v.id, "operation", v.operation, "cause", e.Cause)
	}
	info := kinds[e.Kind]
	p = newProblem(ctx, info.status, info.code, e.Message.In(v.lang))
	for f, m := range e.Fields {
		if p.Fields == nil {
			p.Fields = map[string]string{}
		}
		p.Fields[f] = m.In(v.lang)
	}
	if e.Kind == errs.RateLimited && len(e.Message.Args) > 0 {
		p.retry, _ = strconv.Atoi(fmt.Sprint(e.Message.Args[0])) // some limits name no seconds
	}
	return p
}

// fail writes an error outside an operation.
func (k *Kit) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := k.problemOf(r.Context(), err)
	for name, values := range p.GetHeaders() {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", p.ContentType(""))
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the caller has gone
}

// humaProblem is how the framework's own findings (unreadable or misformed input) become problems.
func humaProblem(hc huma.Context, status int, msg string, found ...error) huma.StatusError {
	ctx := context.Background()
	if hc != nil {
		ctx = hc.Context()
	}
	l := visitOf(ctx).lang
	var p *Problem
	switch {
	case status >= 500:
		p = newProblem(ctx, status, "internal", i18n.ErrInternal.In(l, visitOf(ctx).id))
	case status == http.StatusRequestEntityTooLarge:
		p = newProblem(ctx, status, "too_large", i18n.ErrTooLarge.In(l, "1 MB"))
	case status == http.StatusUnsupportedMediaType:
		p = newProblem(ctx, status, "unsupported", i18n.APIUnsupported.In(l))
	case status == http.StatusNotAcceptable:
		p = newProblem(ctx, status, "not_acceptable", i18n.APINotAcceptable.In(l))
	case status == http.StatusBadRequest && len(found) == 0:
		p = newProblem(ctx, status, "unreadable", i18n.APIUnreadable.In(l))
	default:
		p = invalid(ctx, status, found)
	}
	if hc != nil {
		for name, values := range p.GetHeaders() {
			hc.SetHeader(name, values[0])
		}
	}
	return p
}

// invalid collects what the framework found wrong with the input, in our own words. A required property is named by
// its message only, everything else by its place.
func invalid(ctx context.Context, status int, found []error) *Problem {
	l := visitOf(ctx).lang
	p := newProblem(ctx, status, "invalid", i18n.ErrInvalid.In(l))
	for _, err := range found {
		d, ok := err.(huma.ErrorDetailer)
		if !ok {
			continue
		}
		detail := d.ErrorDetail()
		field, words := explain(detail.Location, detail.Message)
		if field == "" {
			if status == http.StatusBadRequest || words.Text == i18n.APIUnreadable {
				return newProblem(ctx, http.StatusBadRequest, "unreadable", i18n.APIUnreadable.In(l))
			}
			continue
		}
		if p.Fields == nil {
			p.Fields = map[string]string{}
		}
		p.Fields[field] = words.In(l)
	}
	return p
}
