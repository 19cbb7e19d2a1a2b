package web

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"
	"time"
)

// maxForm bounds the body of a request that is no upload; maxUpload that of one that is.
const (
	maxForm   = 1 << 20
	maxUpload = 64 << 20
)

// contentPolicy is the content security policy: nothing inline, nothing from elsewhere.
const contentPolicy = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; worker-src 'self'; manifest-src 'self'; " +
	"object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// guard stands around all pages: it numbers the request, sets the security headers, refuses changes of state that come
// from other sites, and turns a panic into an error page.
func (h *Handler) guard(next http.Handler) http.Handler {
	origin := http.NewCrossOriginProtection()
	inner := origin.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hd := w.Header()
		hd.Set("Content-Security-Policy", contentPolicy)
		hd.Set("X-Content-Type-Options", "nosniff")
		hd.Set("Referrer-Policy", "same-origin")
		hd.Set("Cross-Origin-Opener-Policy", "same-origin")
		hd.Set("Permissions-Policy", "camera=(self), geolocation=(self), microphone=()")
		if h.Secure {
			hd.Set("Strict-Transport-Security", "max-age=31536000")
		}
		v := &visit{id: requestID()}
		hd.Set("X-Request-Id", v.id)
		r = r.WithContext(withVisit(r.Context(), v))
		defer func() {
			if p := recover(); p != nil && p != http.ErrAbortHandler {
				h.fail(w, r, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
			}
		}()
		inner.ServeHTTP(w, r)
	})
}

// requestID is a number that people can read out: 8 hexadecimal digits.
func requestID() string {
	var b [4]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	return hex.EncodeToString(b[:])
}

func queryEscape(s string) string { return url.QueryEscape(s) }

// setCookie sets a cookie that scripts cannot read and other sites do not send.
func (h *Handler) setCookie(w http.ResponseWriter, name, value string, age time.Duration) {
	c := &http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true, Secure: h.Secure, SameSite: http.SameSiteLaxMode}
	switch {
	case value == "":
		c.MaxAge = -1
	case age > 0:
		c.MaxAge = int(age.Seconds())
	}
	http.SetCookie(w, c)
}
