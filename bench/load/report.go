package load

import (
	"math"
	"slices"
	"sync"
	"time"

	"linli/internal/app"
	"linli/internal/i18n"
)

// Line is what is told of one kind of visit, in milliseconds from when somebody wanted it to the whole answer.
type Line struct {
	Visit      string  `json:"visit"`
	Sent       int     `json:"sent"`
	KB         float64 `json:"answer_kb"`   // of a body on average, compressed
	TurnedAway int     `json:"turned_away"` // tries that found no server or no database while something was broken
	Failed     int     `json:"failed"`
	P50        float64 `json:"p50_ms"`
	P99        float64 `json:"p99_ms"`
	P999       float64 `json:"p999_ms"`
	Max        float64 `json:"max_ms"`

	Title i18n.Text `json:"-"`
}

// Phase is a quiet or a busy time.
type Phase struct {
	Seconds float64 `json:"seconds"`
	Rate    float64 `json:"rate"` // requests a second
	Lines   []Line  `json:"visits"`
	All     Line    `json:"all"`
	Bytes   int64   `json:"bytes"` // of the answers' bodies, compressed as they came
	Mbit    float64 `json:"mbit_s"`
}

// Report is what a run gave.
type Report struct {
	Engine   string        `json:"engine"`
	Scale    string        `json:"scale"`
	Servers  int           `json:"servers"`
	Times    float64       `json:"times"`
	Quiet    Phase         `json:"quiet"`
	Busy     Phase         `json:"busy"`
	Ratio    float64       `json:"p99_ratio"`
	Kills    int           `json:"kills"`
	Cold     float64       `json:"cold_start_ms"`    // median
	Restart  float64       `json:"restart_ms"`       // median after kills
	StartMB  float64       `json:"memory_start_mb"`  // of the server's process when it has just started
	MostMB   float64       `json:"memory_busy_mb"`   // at most
	RestMB   float64       `json:"memory_rest_mb"`   // afterwards
	DBMostMB float64       `json:"database_busy_mb"` // of PostgreSQL with all its processes, what they share counted once; 0 where it is on another machine, and on SQLite, which is in the server's process
	DBRestMB float64       `json:"database_rest_mb"`
	FileMB   float64       `json:"program_mb"`      // the program's file
	Written  int           `json:"written"`         // acknowledged
	Lost     int           `json:"lost"`            // of them not there
	Twice    int           `json:"twice"`           // writes that are there more than once, acknowledged or not
	Problems []string      `json:"problems"`        // answers that failed, the first of them
	Findings []app.Finding `json:"verify_findings"` // of linli verify
}

// The goals.
const (
	GoalRatio   = 5.0
	GoalRestart = 2.0
)

// Good says whether something was answered, nothing failed, nothing is lost and nothing is inconsistent. The ratios are told, not judged: they depend on what else the machine does.
func (r Report) Good() bool {
	return r.Quiet.All.Failed+r.Busy.All.Failed+r.Lost+r.Twice == 0 && len(r.Findings) == 0
}

// recorder collects what happens in a phase.
type recorder struct {
	mu       sync.Mutex
	began    time.Time
	took     time.Duration
	lines    map[string]*Line
	times    map[string][]float64
	bytes    map[string]int64
	acks     map[kind]map[string]bool
	problems *[]string
}

func newRecorder(acks map[kind]map[string]bool, problems *[]string) *recorder {
	return &recorder{lines: map[string]*Line{}, times: map[string][]float64{}, bytes: map[string]int64{}, acks: acks, problems: problems}
}

func (r *recorder) begin() { r.began = time.Now() }
func (r *recorder) end()   { r.took = time.Since(r.began) }

// line is locked by the caller.
func (r *recorder) line(name string) *Line {
	l := r.lines[name]
	if l == nil {
		l = &Line{Visit: name}
		r.lines[name] = l
	}
	return l
}

func (r *recorder) count(name string, which func(*Line)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	which(r.line(name))
}

func (r *recorder) sent(name string)   { r.count(name, func(l *Line) { l.Sent++ }) }
func (r *recorder) turned(name string) { r.count(name, func(l *Line) { l.TurnedAway++ }) }

func (r *recorder) failed(name, why string) {
	r.count(name, func(l *Line) {
		l.Failed++
		if len(*r.problems) < keptProblems && !slices.Contains(*r.problems, why) {
			*r.problems = append(*r.problems, why)
		}
	})
}

func (r *recorder) answered(name string, took time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.times[name] = append(r.times[name], float64(took.Microseconds())/1000)
}

// carried counts the bytes of an answer.
func (r *recorder) carried(name string, bytes int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.bytes[name] += bytes
}

// wrote remembers an acknowledged write.
func (r *recorder) wrote(k kind, subject string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.acks[k] == nil {
		r.acks[k] = map[string]bool{}
	}
	r.acks[k][subject] = true
}

// phase sums up, in the order of the visits.
func (r *recorder) phase(rate float64, visits []coming) Phase {
	p := Phase{Seconds: r.took.Seconds(), Rate: rate, All: Line{Visit: "all", Title: i18n.LoadAll}}
	var all []float64
	for _, v := range visits {
		l := r.lines[v.name]
		if l == nil || slices.ContainsFunc(p.Lines, func(o Line) bool { return o.Visit == v.name }) {
			continue
		}
		l.Title = v.text
		l.measure(r.times[v.name])
		if n := len(r.times[v.name]); n > 0 {
			l.KB = float64(r.bytes[v.name]) / 1024 / float64(n)
		}
		p.Bytes += r.bytes[v.name]
		all = append(all, r.times[v.name]...)
		p.All.Sent, p.All.TurnedAway, p.All.Failed = p.All.Sent+l.Sent, p.All.TurnedAway+l.TurnedAway, p.All.Failed+l.Failed
		p.Lines = append(p.Lines, *l)
	}
	p.All.measure(all)
	if len(all) > 0 && p.Seconds > 0 {
		p.All.KB = float64(p.Bytes) / 1024 / float64(len(all))
		p.Mbit = float64(p.Bytes) * 8 / 1e6 / p.Seconds
	}
	return p
}

func (l *Line) measure(times []float64) {
	if len(times) == 0 {
		return
	}
	slices.Sort(times)
	at := func(q float64) float64 { return times[min(len(times)-1, int(math.Ceil(q*float64(len(times))))-1)] }
	l.P50, l.P99, l.P999, l.Max = at(0.5), at(0.99), at(0.999), times[len(times)-1]
}
