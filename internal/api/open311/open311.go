package open311

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"

	"linli/internal/authn"
	"linli/internal/authz"
	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/errs"
	"linli/internal/i18n"
)

// Prefix is where it stands.
const Prefix = "/open311"

// version is the part of an address behind the prefix and the district.
const version = "v2"

// What one address may ask and send, a minute. A pipe of a whole city sends from one address: it waits as Retry-After says.
const (
	asksAMinute  = 600
	asksASlice   = 30 // that a server takes from what all servers count together
	sendsAMinute = 120
	atOnce       = 8 // reports with photographs that are taken in at the same time
)

// Services are what is offered.
type Services struct {
	Authn     *authn.Service
	Casework  *casework.Service
	Catalogue *catalogue.Service
}

// Options are the settings.
type Options struct {
	BaseURL string // scheme and host without a slash at the end; "" takes those of the request
	Log     *slog.Logger
}

// Handler serves the interface.
type Handler struct {
	Services
	opt       Options
	asks      *authn.Guesses
	sends     *authn.Guesses
	place     chan struct{} // a place for each sending with photographs whose key is known before it is read
	strangers chan struct{} // for those whose key stands in what they send, one of a network
	sending   sync.Map      // networks of these
}

// New makes the handler of everything under Prefix.
func New(s Services, o Options) *Handler {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return &Handler{Services: s, opt: o, asks: s.Authn.Slices("open311-ask", asksAMinute, asksAMinute, asksASlice), sends: s.Authn.Guesses("open311-send", sendsAMinute, sendsAMinute), place: make(chan struct{}, atOnce), strangers: make(chan struct{}, atOnce/2)}
}

// call is what is known of one request.
type call struct {
	w      http.ResponseWriter
	r      *http.Request
	id     string
	lang   i18n.Lang
	format format
	at     string // the district in the address, "" where it names none
	form   map[string][]string
	actor  authz.Actor // who asks, in the district asked: nobody in particular without a key
}

// get is the first value of an argument, trimmed; what is empty is as if it were not given.
func (c *call) get(name string) string {
	if v := c.form[name]; len(v) > 0 {
		return strings.TrimSpace(v[0])
	}
	return ""
}

// list are the values of an argument that may be given several times or with commas.
func (c *call) list(name string) []string {
	var out []string
	for _, v := range c.form[name] {
		for _, s := range strings.Split(v, ",") {
			if s = strings.TrimSpace(s); s != "" {
				out = append(out, s)
			}
		}
	}
	return out
}

// endpoint is an operation at an address of so many parts.
type endpoint struct {
	method string
	name   string
	parts  int
	public bool // about no district
	serve  func(*Handler, *call, []string) (any, error)
}

var endpoints = []endpoint{
	{http.MethodGet, "discovery", 1, true, (*Handler).discovery},
	{http.MethodGet, "services", 1, false, (*Handler).services},
	{http.MethodGet, "services", 2, false, (*Handler).definition},
	{http.MethodGet, "requests", 1, false, (*Handler).requests},
	{http.MethodPost, "requests", 1, false, (*Handler).send},
	{http.MethodGet, "requests", 2, false, (*Handler).request},
	{http.MethodGet, "requests", 4, false, (*Handler).media},
	{http.MethodGet, "tokens", 2, false, (*Handler).token},
	{http.MethodGet, "servicerequestupdates", 1, false, (*Handler).updates},
}

// ServeHTTP answers one request.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var b [4]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	c := &call{w: w, r: r, id: hex.EncodeToString(b[:]), lang: i18n.Parse(r.Header.Get("Accept-Language")), format: asked(r)}
	head := w.Header()
	head.Set("X-Request-Id", c.id)
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("Cache-Control", "no-store")
	head.Set("Access-Control-Allow-Origin", "*") // it knows no cookie
	defer func() {
		if p := recover(); p != nil && p != http.ErrAbortHandler {
			h.fail(c, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
		}
	}()
	out, err := h.answer(c)
	if err != nil {
		h.fail(c, err)
		return
	}
	if out != nil {
		c.write(http.StatusOK, out)
	}
}

func (h *Handler) answer(c *call) (any, error) {
	parts := c.path()
	var op *endpoint
	there := false
	for i, e := range endpoints {
		if len(parts) == e.parts && parts[0] == e.name {
			there = true
			if e.method == c.r.Method || e.method == http.MethodGet && c.r.Method == http.MethodHead {
				op = &endpoints[i]
			}
		}
	}
	switch {
	case !there:
		return nil, errs.New(errs.NotFound, i18n.GeoreportNoSuchPath)
	case op == nil:
		return nil, problem{http.StatusMethodNotAllowed, i18n.GeoreportBadMethod}
	case c.format == "":
		return nil, errs.New(errs.NotFound, i18n.GeoreportNoSuchPath)
	}
	if err := h.asks.Allow(network(c.r), h.Casework.Now()); err != nil {
		return nil, err
	}
	c.form = c.r.URL.Query()
	if op.method == http.MethodPost {
		return op.serve(h, c, parts)
	}
	if !op.public {
		if err := h.enter(c, false); err != nil {
			return nil, err
		}
	}
	return op.serve(h, c, parts)
}

// path takes the address apart: the district and the version are noted and left out, and so is the ending that names the format.
func (c *call) path() []string {
	rest := strings.Trim(strings.TrimPrefix(c.r.URL.Path, Prefix), "/")
	parts := strings.Split(rest, "/")
	if len(parts) > 1 && len(parts[0]) == 6 && parts[1] == version {
		c.at, parts = parts[0], parts[1:]
	}
	if parts[0] == version {
		parts = parts[1:]
	}
	if len(parts) == 0 {
		return nil
	}
	last := &parts[len(parts)-1]
	if name, ending, ok := cutLast(*last, "."); ok {
		if len(parts) == 4 { // a photograph
			*last = name
		} else if *last, c.format = name, formatNamed(ending); c.format == "" {
			c.format = asked(c.r)
			return nil
		}
	}
	return parts
}

func cutLast(s, sep string) (before, after string, ok bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// enter finds out who asks and of which district. With needed there must be a key.
func (h *Handler) enter(c *call, needed bool) error {
	key := c.get("api_key")
	if key == "" {
		if scheme, token, _ := strings.Cut(c.r.Header.Get("Authorization"), " "); strings.EqualFold(scheme, "Bearer") {
			key = strings.TrimSpace(token)
		}
	}
	wanted := c.get("jurisdiction_id")
	if c.at != "" {
		wanted = c.at
	}
	var who authn.Caller
	if key != "" {
		var err error
		if who, err = h.Authn.AuthenticateToken(c.r.Context(), key, ipOf(c.r)); err != nil && errs.KindOf(err) != errs.Unauthenticated {
			return err
		}
		if !who.Actor.Can(casework.PermConnect) {
			return errs.New(errs.Forbidden, i18n.GeoreportBadKey)
		}
	}
	tenant, err := h.district(c.r.Context(), wanted, who.Actor.Tenant)
	if err != nil {
		return err
	}
	switch {
	case key == "" && needed:
		return errs.New(errs.Forbidden, i18n.GeoreportNoKey)
	case key != "" && who.Actor.Tenant != tenant:
		return errs.New(errs.Forbidden, i18n.GeoreportOtherPlace)
	}
	c.actor = who.Actor
	c.actor.Tenant, c.actor.RequestID = tenant, c.id
	return nil
}

// district is the one that is named, else that of the key, else the only one.
func (h *Handler) district(ctx context.Context, named string, key int64) (int64, error) {
	all, err := h.Catalogue.Serving(ctx)
	if err != nil {
		return 0, err
	}
	for _, d := range all {
		if named == strconv.FormatInt(d.Code, 10) || named == "" && (d.Code == key || len(all) == 1) {
			return d.Code, nil
		}
	}
	if named == "" {
		return 0, problem{http.StatusBadRequest, i18n.GeoreportNoJurisdiction}
	}
	return 0, errs.New(errs.NotFound, i18n.GeoreportBadJurisdiction)
}

func ipOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// network is the address that a limit is of: of version 6 the part that one customer has.
func network(r *http.Request) string {
	ip := ipOf(r)
	if a, err := netip.ParseAddr(ip); err == nil && a.Is6() && !a.Is4In6() {
		if p, err := a.WithZone("").Prefix(64); err == nil {
			return p.String()
		}
	}
	return ip
}

// base is the address that other addresses begin with.
func (h *Handler) base(r *http.Request) string {
	if h.opt.BaseURL != "" {
		return h.opt.BaseURL
	}
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}
