package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"linli/internal/api/open311"
	"linli/internal/api/rest"
	"linli/internal/i18n"
	"linli/internal/telemetry"
	"linli/internal/web"
)

// shutdownTime is how long requests that are under way may take when the program stops.
const shutdownTime = 20 * time.Second

// Serving is what a caller of Serve may add.
type Serving struct {
	Version string
	Demo    []web.DemoAccount         // offered on the log-in page of a demonstration
	Guest   *web.Guest                // a resident whose account guests of a demonstration use; nil otherwise
	APIRate int                       // requests a second for each caller of the JSON API: 0 for the usual limit, negative for none
	Ready   func(url, metrics string) // called once the listeners stand
}

// Handler is everything that is served: pages, the JSON API, health.
func (a *App) Handler(s Serving) http.Handler {
	pages := web.New(a.webServices(), web.Options{BaseURL: a.Config.BaseURL, Secure: a.Config.Secure(), Demo: s.Demo, Guest: s.Guest, Version: s.Version, Log: a.Log})
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) { answer(w, http.StatusOK, "ok") })
	mux.HandleFunc("GET /readyz", a.ready)
	mux.Handle(rest.Prefix+"/", a.APIKit(s.Version, s.APIRate).Handler())
	mux.Handle(open311.Prefix+"/", open311.New(open311.Services{Authn: a.Authn, Casework: a.Casework, Catalogue: a.Catalogue}, open311.Options{BaseURL: a.Config.BaseURL, Log: a.Log}))
	mux.Handle("/", pages)
	return a.Metrics.Observe(a.Log, a.realAddress(telemetry.Route(mux)))
}

// Routes lists every address of the pages with who may call it.
func (a *App) Routes() []web.Route { return web.New(a.webServices(), web.Options{Log: a.Log}).Routes() }

func (a *App) webServices() web.Services {
	return web.Services{
		DB: a.DB, Printer: a.Printer, Authn: a.Authn, Policy: a.Policy, Intake: a.Intake, Place: a.Place, Organisation: a.Organisation, Appointment: a.Appointment, Appraisal: a.Appraisal,
		Person: a.Person, Member: a.Member, Agreement: a.Agreement, Ledger: a.Ledger, Activity: a.Activity, Deed: a.Deed, Feedback: a.Feedback, Figure: a.Figure, Region: a.Region, Assess: a.Assess, Burden: a.Burden, Complaint: a.Complaint,
		Retention: a.Retention, Facts: a.Facts, Fill: a.Fill, Ask: a.Ask, Table: a.Table, Request: a.Request, Body: a.Body, Meeting: a.Meeting,
		Holiday: a.Holiday, Countersign: a.Countersign, TwoNew: a.TwoNew, Workplan: a.Workplan, Catalogue: a.Catalogue, Dues: a.Dues, Transfer: a.Transfer, Casework: a.Casework, Technician: a.Technician, Patrol: a.Patrol, Resident: a.Resident, DataRight: a.DataRight, Hall: a.Hall, Counselling: a.Counselling, Pairing: a.Pairing, Volunteer: a.Volunteer, Employment: a.Employment, Mediation: a.Mediation, Exchange: a.Exchange, Outlet: a.Outlet, Venue: a.Venue, LoveBank: a.LoveBank, Cobuild: a.Cobuild, Project: a.Project, Notice: a.Notice, Webhook: a.Webhook, Waiting: a.waiting(), CheckAudit: a.CheckAudit,
	}
}

func answer(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	fmt.Fprintln(w, text)
}

// ready says whether requests can be served: the database answers and has this version's schema.
func (a *App) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 3*time.Second)
	defer cancel()
	if err := a.DB.Ping(ctx); err != nil {
		a.Log.Error("not ready", "err", err)
		answer(w, http.StatusServiceUnavailable, "the database does not answer")
		return
	}
	if err := checkSchema(ctx, a.DB); err != nil {
		a.Log.Error("not ready", "err", err)
		answer(w, http.StatusServiceUnavailable, "the database has another schema")
		return
	}
	answer(w, http.StatusOK, "ready")
}

// realAddress puts the caller's own address in place of a trusted proxy's. The last address that no trusted proxy added counts: what
// stands before it could have been made up.
func (a *App) realAddress(next http.Handler) http.Handler {
	if len(a.Config.Proxies) == 0 {
		return next
	}
	trusted := func(s string) bool {
		addr, err := netip.ParseAddr(strings.TrimSpace(s))
		if err != nil {
			return false
		}
		for _, p := range a.Config.Proxies {
			if p.Contains(addr.Unmap()) {
				return true
			}
		}
		return false
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.RemoteAddr)
		if err == nil && trusted(host) {
			chain := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
			for i := len(chain) - 1; i >= 0; i-- {
				if addr, err := netip.ParseAddr(strings.TrimSpace(chain[i])); err == nil {
					r.RemoteAddr = net.JoinHostPort(addr.Unmap().String(), "0")
				}
				if !trusted(chain[i]) {
					break
				}
			}
		}
		next.ServeHTTP(w, r)
	})
}

// Serve listens and works until ctx ends, then stops in order: no new requests, those under way finish, background jobs go back
// into the queue.
func (a *App) Serve(ctx context.Context, s Serving) error {
	main, err := listen(a.Config.Addr)
	if err != nil {
		return err
	}
	if a.Config.BaseURL == "" {
		a.Config.BaseURL = "http://" + shown(main.Addr())
	}
	servers := []*http.Server{newServer(a.Handler(s))}
	listeners := []net.Listener{main}
	metrics := ""
	if a.Config.MetricsAddr != "" {
		l, err := listen(a.Config.MetricsAddr)
		if err != nil {
			return errors.Join(err, main.Close())
		}
		mux := http.NewServeMux()
		mux.Handle("GET /metrics", a.Metrics.Handler())
		servers, listeners = append(servers, newServer(mux)), append(listeners, l)
		metrics = "http://" + shown(l.Addr()) + "/metrics"
	}
	if s.Ready != nil {
		s.Ready("http://"+shown(main.Addr()), metrics)
	}
	return a.run(ctx, servers, listeners)
}

func (a *App) run(ctx context.Context, servers []*http.Server, listeners []net.Listener) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	wg.Go(func() { a.Queue.Run(ctx, a.Config.Workers) })
	wg.Go(func() { a.keepSnapshots(ctx) })
	for i := range servers {
		wg.Go(func() {
			if err := servers[i].Serve(listeners[i]); !errors.Is(err, http.ErrServerClosed) {
				cancel(err)
			}
		})
	}
	<-ctx.Done()
	stop, done := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
	defer done()
	var err error
	for _, srv := range servers {
		err = errors.Join(err, srv.Shutdown(stop))
	}
	wg.Wait()
	if flush := a.Burden.Flush(stop); flush != nil {
		a.Log.Error("burden", "err", flush)
	}
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		return cause
	}
	return err
}

func newServer(h http.Handler) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10}
}

func listen(addr string) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fault(i18n.AppListen, addr, plain(err)).because(err).advise(i18n.AppListenHow)
	}
	return l, nil
}

// shown is an address that a browser on this machine can open.
func shown(a net.Addr) string {
	host, port, err := net.SplitHostPort(a.String())
	if ip, perr := netip.ParseAddr(host); err == nil && perr == nil && ip.IsUnspecified() {
		return net.JoinHostPort("127.0.0.1", port)
	}
	return a.String()
}
