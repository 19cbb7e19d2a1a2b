package rest

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"runtime/debug"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"linli/internal/authn"
	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/seal"
)

// Prefix is where the API stands.
const Prefix = "/api/v1"

// maxBody bounds an ordinary body, maxUpload that of a file.
const (
	maxBody   = 1 << 20
	maxUpload = 64 << 20
)

// Options are the settings of the frame.
type Options struct {
	DB      *db.DB
	Authn   *authn.Service
	Ring    *seal.Ring // seals kept answers
	Log     *slog.Logger
	Version string
	Cookie  string // name of the session cookie of the pages; "linli_session" if empty
	Rate    int    // requests a second for each token or session; 50 if 0, no limit if negative
}

// Kit collects the operations of the API.
type Kit struct {
	opt     Options
	mux     *http.ServeMux
	api     huma.API
	routes  map[string]*Op // by pattern of the mux
	rates   *authn.Guesses
	origin  *http.CrossOriginProtection
	running *running
}

// Op describes one operation.
type Op struct {
	ID     string // concept-verb
	Method string
	Path   string // under Prefix
	Tag    string
	Title  string
	Text   string             // more than the title says; optional
	Needs  []authz.Permission // any of them; none for everybody who is known
	Public bool               // also without being known
	Upload bool               // the body is a file
	Status int                // of success; by the method if 0
}

var replaceErrors = sync.OnceFunc(func() {
	// The framework offers only these variables, and its own errors would repeat rejected values.
	huma.NewErrorWithContext = humaProblem
	huma.NewError = func(status int, msg string, found ...error) huma.StatusError {
		return humaProblem(nil, status, msg, found...)
	}
})

// New makes an empty kit.
func New(o Options) *Kit {
	replaceErrors()
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Cookie == "" {
		o.Cookie = "linli_session"
	}
	if o.Version == "" {
		o.Version = "dev"
	}
	k := &Kit{opt: o, mux: http.NewServeMux(), routes: map[string]*Op{}, rates: newRates(o),
		origin: http.NewCrossOriginProtection(), running: newRunning()}
	k.api = humago.NewWithPrefix(k.mux, Prefix, documentConfig(o.Version))
	return k
}

// Operations are the operations registered, for tests.
func (k *Kit) Operations() map[string]*Op { return k.routes }

// OpenAPI is the document.
func (k *Kit) OpenAPI() *huma.OpenAPI { return k.api.OpenAPI() }

func documentConfig(version string) huma.Config {
	c := huma.DefaultConfig(i18n.APITitle.In(i18n.EN), version)
	c.DocsPath, c.SchemasPath, c.CreateHooks = "", "", nil // the built-in page loads scripts from elsewhere
	c.RejectUnknownQueryParameters = true
	c.Info.Description = "Everything that the pages offer, as JSON. Send an API token as a bearer token, or call from a page of the platform " +
		"with its session. Identifiers are text; instants are RFC 3339 in UTC; days are YYYY-MM-DD. Writes take an Idempotency-Key. " +
		"Errors are RFC 9457 problem details with a stable code."
	c.Info.License = &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"}
	c.Servers = []*huma.Server{{URL: Prefix, Description: "This server."}}
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token":   {Type: "http", Scheme: "bearer", Description: "API token, linli_…, made on the page of one's account or with POST /tokens."},
		"session": {Type: "apiKey", In: "cookie", Name: "linli_session", Description: "Session of the web pages, from pages of this site only."},
	}
	return c
}

// Get registers an operation that reads.
func Get[I, O any](k *Kit, op Op, fn func(ctx context.Context, actor authz.Actor, in *I) (O, error)) {
	op.Method = http.MethodGet
	register(k, op, fn)
}

// Post registers an operation that writes and gives something back.
func Post[I, O any](k *Kit, op Op, fn func(ctx context.Context, actor authz.Actor, in *I) (O, error)) {
	op.Method = http.MethodPost
	register(k, op, fn)
}

// Patch registers a change of one record.
func Patch[I, O any](k *Kit, op Op, fn func(ctx context.Context, actor authz.Actor, in *I) (O, error)) {
	op.Method = http.MethodPatch
	register(k, op, fn)
}

// Put registers an operation that sets something to what is sent.
func Put[I, O any](k *Kit, op Op, fn func(ctx context.Context, actor authz.Actor, in *I) (O, error)) {
	op.Method = http.MethodPut
	register(k, op, fn)
}

// Act registers an act upon a record that gives nothing back (204).
func Act[I any](k *Kit, op Op, fn func(ctx context.Context, actor authz.Actor, in *I) error) {
	if op.Method == "" {
		op.Method = http.MethodPost
	}
	op.Status = http.StatusNoContent
	hop := k.operation(&op)
	huma.Register(k.api, hop, func(ctx context.Context, in *I) (*emptyReply, error) {
		v, err := k.enter(ctx, &op)
		if err == nil {
			err = fn(ctx, v.caller.Actor, in)
		}
		if err != nil {
			return nil, k.answerError(ctx, err)
		}
		return &emptyReply{CacheControl: "no-store"}, nil
	})
}

func register[I, O any](k *Kit, op Op, fn func(context.Context, authz.Actor, *I) (O, error)) {
	if op.Status == 0 {
		op.Status = http.StatusOK
		if reflect.TypeFor[O]() == reflect.TypeFor[Ref]() {
			op.Status = http.StatusCreated
		}
	}
	hop := k.operation(&op)
	huma.Register(k.api, hop, func(ctx context.Context, in *I) (*reply[O], error) {
		v, err := k.enter(ctx, &op)
		if err != nil {
			return nil, k.answerError(ctx, err)
		}
		out, err := fn(ctx, v.caller.Actor, in)
		if err != nil {
			return nil, k.answerError(ctx, err)
		}
		return replyTo(v.request, op.Status, out), nil
	})
}

// operation is how the framework knows an operation.
func (k *Kit) operation(op *Op) huma.Operation {
	k.routes[op.Method+" "+Prefix+op.Path] = op
	h := huma.Operation{
		OperationID: op.ID, Method: op.Method, Path: op.Path, Tags: []string{op.Tag}, Summary: op.Title,
		Description: op.description(), DefaultStatus: op.Status, MaxBodyBytes: maxUpload,
		Errors:     []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusTooManyRequests},
		Security:   []map[string][]string{{"token": {}}, {"session": {}}},
		Extensions: map[string]any{"x-permissions": op.Needs},
	}
	if op.Public {
		h.Security = []map[string][]string{{}}
		h.Errors = []int{http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusTooManyRequests}
	}
	if op.Method != http.MethodGet && !op.Public {
		h.Errors = append(h.Errors, http.StatusConflict)
		h.Parameters = []*huma.Param{{Name: "Idempotency-Key", In: "header", Schema: &huma.Schema{Type: huma.TypeString, MinLength: ptr(1), MaxLength: ptr(100)},
			Description: "Any text of your own. A second request with the same key is not carried out again: within a day it gets the first one's answer."}}
	}
	return h
}

func ptr[T any](v T) *T { return &v }

func (op *Op) description() string {
	var b strings.Builder
	b.WriteString(op.Title + ".")
	if op.Text != "" {
		b.WriteString(" " + op.Text)
	}
	if len(op.Needs) > 0 {
		names := make([]string, len(op.Needs))
		for i, p := range op.Needs {
			names[i] = "`" + string(p) + "`"
		}
		b.WriteString(" Needs " + strings.Join(names, " or ") + ".")
	}
	return b.String()
}

func (k *Kit) answerError(ctx context.Context, err error) error { return k.problemOf(ctx, err) }

// Handler serves the operations.
func (k *Kit) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := newVisit(r)
		r = r.WithContext(i18n.With(context.WithValue(r.Context(), visitKey{}, v), v.lang))
		v.request = r
		h := w.Header()
		h.Set("X-Request-Id", v.id)
		h.Set("X-Content-Type-Options", "nosniff")
		defer func() {
			if p := recover(); p != nil && p != http.ErrAbortHandler {
				k.fail(w, r, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
			}
		}()
		k.serve(w, r, v)
	})
}

func (k *Kit) serve(w http.ResponseWriter, r *http.Request, v *visit) {
	_, pattern := k.mux.Handler(r)
	op := k.routes[pattern]
	if op == nil && pattern == "" {
		k.noSuchPath(w, r)
		return
	}
	if err := k.identify(r, v); err != nil {
		k.fail(w, r, err)
		return
	}
	if op == nil { // the document itself
		k.mux.ServeHTTP(w, r)
		return
	}
	v.operation = op.ID
	limit := int64(maxBody)
	if op.Upload {
		limit = maxUpload
	}
	if r.ContentLength > limit {
		k.fail(w, r, newProblem(r.Context(), http.StatusRequestEntityTooLarge, "too_large", i18n.ErrTooLarge.In(v.lang, size(limit))))
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, limit)
	if r.Method == http.MethodGet || v.caller.Actor.AccountID == 0 {
		k.mux.ServeHTTP(w, r)
		return
	}
	k.once(w, r, v)
}

func size(n int64) string { return fmt.Sprintf("%d MB", n>>20) }

// noSuchPath answers what no operation stands for: another method of an address, or no address.
func (k *Kit) noSuchPath(w http.ResponseWriter, r *http.Request) {
	probe := r.Clone(r.Context())
	for _, m := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		probe.Method = m
		if _, p := k.mux.Handler(probe); p != "" {
			k.fail(w, r, newProblem(r.Context(), http.StatusMethodNotAllowed, "wrong_method", i18n.APIWrongMethod.In(visitOf(r.Context()).lang)))
			return
		}
	}
	k.fail(w, r, errs.New(errs.NotFound, i18n.APINoSuchPath))
}

// download is an answer that is a file.
type download struct {
	ContentType  string `header:"Content-Type" doc:"Type of the file."`
	CacheControl string `header:"Cache-Control" doc:"no-store."`
	Body         []byte
}

// Download registers an operation that gives a file.
func Download[I any](k *Kit, op Op, contentType string, fn func(ctx context.Context, actor authz.Actor, in *I) ([]byte, error)) {
	op.Method, op.Status = http.MethodGet, http.StatusOK
	hop := k.operation(&op)
	hop.Responses = map[string]*huma.Response{"200": {Description: "The file.", Content: map[string]*huma.MediaType{
		contentType: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary", Description: "The file."}}}}}
	huma.Register(k.api, hop, func(ctx context.Context, in *I) (*download, error) {
		v, err := k.enter(ctx, &op)
		if err != nil {
			return nil, k.answerError(ctx, err)
		}
		b, err := fn(ctx, v.caller.Actor, in)
		if err != nil {
			return nil, k.answerError(ctx, err)
		}
		return &download{ContentType: contentType, CacheControl: "no-store", Body: b}, nil
	})
}
