package rest

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"net"
	"net/http"
	"strings"
	"time"

	"linli/internal/authn"
	"linli/internal/errs"
	"linli/internal/i18n"
)

// visit is what is known about one request.
type visit struct {
	id        string
	lang      i18n.Lang
	operation string
	caller    authn.Caller
	request   *http.Request
}

type visitKey struct{}

func visitOf(ctx context.Context) *visit {
	if v, ok := ctx.Value(visitKey{}).(*visit); ok {
		return v
	}
	return &visit{lang: i18n.ZH}
}

// Lang is the language of the request.
func Lang(ctx context.Context) i18n.Lang { return visitOf(ctx).lang }

// CallerOf is who is calling; zero for nobody.
func CallerOf(ctx context.Context) authn.Caller { return visitOf(ctx).caller }

// IP is the address from which the request comes.
func IP(ctx context.Context) string {
	if r := visitOf(ctx).request; r != nil {
		return ipOf(r)
	}
	return ""
}

// RequestID is the name of the request, as it stands in the audit and in the answer to a fault.
func RequestID(ctx context.Context) string { return visitOf(ctx).id }

func ipOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

func newVisit(r *http.Request) *visit {
	var b [4]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	return &visit{id: hex.EncodeToString(b[:]), lang: i18n.Parse(r.Header.Get("Accept-Language"))}
}

// identify finds out who is calling, from the token or, for requests of our own pages, from the session. Who sends
// neither is nobody, whom only public operations serve.
func (k *Kit) identify(r *http.Request, v *visit) error {
	who, err := k.callerOf(r)
	if err != nil {
		return err
	}
	who.Actor.RequestID = v.id
	v.caller = who
	if r.Header.Get("Accept-Language") == "" && who.Lang != "" {
		v.lang = who.Lang
	}
	key := who.TokenID.String() + who.SessionID.String()
	if key == "" {
		key = ipOf(r)
	}
	if k.rates == nil {
		return nil
	}
	return k.rates.Allow(key, time.Now())
}

func (k *Kit) callerOf(r *http.Request) (authn.Caller, error) {
	if h := r.Header.Get("Authorization"); h != "" {
		scheme, token, _ := strings.Cut(h, " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return authn.Caller{}, errs.ErrUnauthenticated
		}
		return k.opt.Authn.AuthenticateToken(r.Context(), strings.TrimSpace(token), ipOf(r))
	}
	c, err := r.Cookie(k.opt.Cookie)
	if err != nil {
		return authn.Caller{}, nil
	}
	if err := k.fromOwnPage(r); err != nil {
		return authn.Caller{}, err
	}
	who, err := k.opt.Authn.Authenticate(r.Context(), c.Value)
	if errs.KindOf(err) == errs.Unauthenticated {
		return authn.Caller{}, nil // an old cookie is nobody, so that public operations still serve
	}
	if err == nil && !who.Full() {
		return authn.Caller{}, errs.ErrUnauthenticated
	}
	return who, err
}

// fromOwnPage accepts a session only with a browser's word that the request comes from a page of this site. A request
// without that word could be anything, so it is refused, also where the standard library would let it pass.
func (k *Kit) fromOwnPage(r *http.Request) error {
	site := r.Header.Get("Sec-Fetch-Site")
	if site != "same-origin" && !(site == "" && r.Header.Get("Origin") != "" && r.Method != http.MethodGet) {
		return errs.New(errs.Forbidden, i18n.APICookieRead)
	}
	if k.origin.Check(r) != nil {
		return errs.New(errs.Forbidden, i18n.APICookieRead)
	}
	return nil
}

// enter is the first gate of an operation: somebody known who holds one of the permissions somewhere. The service
// decides with the actor's scope.
func (k *Kit) enter(ctx context.Context, op *Op) (*visit, error) {
	v := visitOf(ctx)
	if op.Public {
		return v, nil
	}
	if v.caller.Actor.AccountID == 0 {
		return nil, errs.ErrUnauthenticated
	}
	if len(op.Needs) == 0 {
		return v, nil
	}
	for _, p := range op.Needs {
		if v.caller.Actor.Can(p) {
			return v, nil
		}
	}
	return nil, errs.ErrForbidden
}

// What a token or a session may ask, a second: so many on average, and four times as many at once. A server takes a slice of them from what all servers count together.
const (
	defaultRate = 50
	bursts      = 4
	slices      = 2 // in a second
)

// newRates gives nil for no limit.
func newRates(o Options) *authn.Guesses {
	if o.Rate < 0 {
		return nil
	}
	n := cmp.Or(o.Rate, defaultRate)
	return o.Authn.Slices("api", float64(60*n), bursts*n, n/slices)
}
