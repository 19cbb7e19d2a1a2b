package telemetry

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics counts requests and jobs.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	jobs     *prometheus.CounterVec
}

// NewMetrics makes a registry of its own, so that several servers can live in one process.
func NewMetrics() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "linli_http_requests_total", Help: "Requests by route and status."},
			[]string{"route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "linli_http_request_seconds", Help: "Duration of requests by route.",
			Buckets: []float64{.002, .005, .01, .025, .05, .1, .3, .8, 2, 5, 15}}, []string{"route"}),
		jobs: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "linli_jobs_total", Help: "Background jobs by kind and outcome."},
			[]string{"kind", "outcome"}),
	}
	m.registry.MustRegister(m.requests, m.seconds, m.jobs, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Gauge adds a number that is read when the metrics are.
func (m *Metrics) Gauge(name, help string, read func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, read))
}

// Job counts a finished job.
func (m *Metrics) Job(kind, outcome string) { m.jobs.WithLabelValues(kind, outcome).Inc() }

// Handler serves the metrics.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

type patternKey struct{}

// Route wraps a ServeMux and notes which of its patterns served a request, for Observe, however often the request was copied
// on the way.
func Route(mux http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mux.ServeHTTP(w, r)
		if p, ok := r.Context().Value(patternKey{}).(*string); ok && r.Pattern != "" && *p == "" {
			*p = r.Pattern
		}
	})
}

// Observe stands around everything that is served: it counts, times, and logs each request with its route's pattern.
func (m *Metrics) Observe(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began, pattern := time.Now(), ""
		rec := &recorder{ResponseWriter: w, status: http.StatusOK}
		r = r.WithContext(context.WithValue(r.Context(), patternKey{}, &pattern))
		defer func() {
			took := time.Since(began)
			if pattern == "" {
				pattern = r.Pattern
			}
			if pattern == "" {
				pattern = "none"
			}
			m.requests.WithLabelValues(pattern, strconv.Itoa(rec.status)).Inc()
			m.seconds.WithLabelValues(pattern).Observe(took.Seconds())
			log.Debug("request", "route", pattern, "status", rec.status, "ms", took.Milliseconds(), "bytes", rec.bytes,
				"request", rec.Header().Get("X-Request-Id"))
		}()
		next.ServeHTTP(rec, r)
	})
}

// recorder remembers what was answered.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
	wrote  bool
}

func (w *recorder) WriteHeader(status int) {
	if !w.wrote {
		w.status, w.wrote = status, true
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(b []byte) (int, error) {
	w.wrote = true
	n, err := w.ResponseWriter.Write(b)
	w.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach what is underneath.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }
