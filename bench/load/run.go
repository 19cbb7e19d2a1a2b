package load

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"linli/internal/i18n"
)

// The bounds of a run.
const (
	mostUnderWay = 5000                   // arrivals beyond it are counted as failed: the server is lost anyway
	patience     = 30 * time.Second       // for an answer
	tryAgain     = 250 * time.Millisecond // at first; then twice as long each time, up to
	tryLater     = 8 * time.Second
	longEnough   = 2 * time.Minute // somebody who is turned away tries for so long
	keptProblems = 20
)

// phase is a time with arrivals of a certain density.
type phase struct {
	w      *world
	fleet  fleet
	client *http.Client
	rec    *recorder
	rate   float64       // a second
	broken *atomic.Int64 // until when something is broken: who is turned away before tries again
}

func newClient() *http.Client {
	return &http.Client{Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{MaxIdleConnsPerHost: 256, DisableCompression: true, IdleConnTimeout: time.Minute}}
}

// run sends arrivals until the time is over and waits for the last answer.
func (p *phase) run(ctx context.Context, over <-chan struct{}, visits []coming) {
	p.rec.begin()
	p.arrive(ctx, over, visits)
	p.rec.end()
}

func (p *phase) arrive(ctx context.Context, over <-chan struct{}, visits []coming) {
	var wg sync.WaitGroup
	slots := make(chan struct{}, mostUnderWay)
	total := 0.0
	for _, v := range visits {
		total += v.rate
	}
	next := time.Now()
	for {
		next = next.Add(time.Duration(rand.ExpFloat64() / p.rate * float64(time.Second)))
		select {
		case <-ctx.Done():
		case <-over:
		case <-time.After(time.Until(next)):
			v := visits[0]
			at := rand.Float64() * total
			for _, one := range visits {
				v = one
				if at -= one.rate; at < 0 {
					break
				}
			}
			select {
			case slots <- struct{}{}:
				planned := next
				wg.Go(func() {
					a := v.act(p.w)
					p.visit(ctx, cmp.Or(a.instead, v.name), a, planned)
					<-slots
				})
			default:
				p.rec.failed(v.name, "too many are waiting")
			}
			continue
		}
		break
	}
	wg.Wait()
}

// visit makes one request and records how long it took from when it was wanted. A write that is turned away is sent again, later each time.
func (p *phase) visit(ctx context.Context, name string, a act, planned time.Time) {
	p.rec.sent(name)
	pause := tryAgain
	for again := false; ; again = true {
		code, location, body, carried, err := p.send(a)
		p.rec.carried(name, carried)
		switch {
		case err == nil && a.took(code, location):
			p.rec.answered(name, time.Since(planned))
			if a.writes != "" {
				p.rec.wrote(a.writes, a.subject)
			}
			return
		case err == nil && again && a.once && code == http.StatusConflict: // the first try did it, and its answer was lost
			p.rec.answered(name, time.Since(planned))
			p.rec.wrote(a.writes, a.subject)
			return
		case time.Now().UnixNano() > p.broken.Load() && !again, !away(code, err):
			p.rec.answered(name, time.Since(planned))
			p.rec.failed(name, fault(a, code, location, body, err))
			return
		}
		if p.rec.turned(name); a.writes == "" { // who only looks goes away; what is to be written waits in the browser
			return
		}
		if time.Since(planned) > longEnough || ctx.Err() != nil {
			p.rec.failed(name, fault(a, code, location, body, err))
			return
		}
		time.Sleep(pause/2 + rand.N(pause/2+1))
		pause = min(2*pause, tryLater)
	}
}

// away says that nobody was there who could have served: no server, one that was killed, or one without its database. An answer that takes too long is another matter.
func away(code int, err error) bool {
	var waited interface{ Timeout() bool }
	if err == nil {
		return code == http.StatusServiceUnavailable
	}
	return !errors.As(err, &waited) || !waited.Timeout()
}

var headline = regexp.MustCompile(`<h1[^>]*>([^<]*)`)

func fault(a act, code int, location, body string, err error) string {
	path, _, _ := strings.Cut(a.path, "?")
	if err != nil {
		return fmt.Sprintf("%s %s: %v", a.method, path, err)
	}
	if m := headline.FindStringSubmatch(body); m != nil {
		body = m[1]
	}
	return fmt.Sprintf("%s %s: %d %s %s", a.method, path, code, location, strings.TrimSpace(body[:min(len(body), 200)]))
}

// send sends an act to any of the servers, and to the next if nobody listens there.
func (p *phase) send(a act) (code int, location, body string, carried int64, err error) {
	servers := p.fleet.open()
	first := rand.IntN(len(servers))
	for i := range servers {
		code, location, body, carried, err = p.sendTo(servers[(first+i)%len(servers)], a)
		if !errors.Is(err, syscall.ECONNREFUSED) {
			break
		}
	}
	return code, location, body, carried, err
}

// sendTo gives what a server answers and how many bytes that were.
func (p *phase) sendTo(s *server, a act) (code int, location, body string, carried int64, err error) {
	text, mime := a.body()
	req, err := http.NewRequest(a.method, "http://"+s.address+a.path, strings.NewReader(text))
	if err != nil {
		return 0, "", "", 0, err
	}
	req.Header.Set("Accept-Encoding", "gzip")
	for name, value := range map[string]string{"Content-Type": mime, "Idempotency-Key": a.key, "X-Forwarded-For": a.address} {
		if value != "" {
			req.Header.Set(name, value)
		}
	}
	if a.cookie != "" {
		req.AddCookie(&http.Cookie{Name: "linli_session", Value: a.cookie})
	}
	if a.token != "" {
		req.Header.Set("Authorization", "Bearer "+a.token)
	}
	res, err := p.client.Do(req)
	if err != nil {
		return 0, "", "", 0, err
	}
	defer res.Body.Close()
	if res.StatusCode >= 400 {
		var b []byte
		b, err = io.ReadAll(io.LimitReader(res.Body, 64<<10))
		body, carried = string(b), int64(len(b))
	} else {
		carried, err = io.Copy(io.Discard, res.Body)
	}
	return res.StatusCode, res.Header.Get("Location"), body, carried, err
}

var onScreen = regexp.MustCompile(`qr-code num">(\d{4}) (\d{4})<`)

// watchScreen reads the digits from the screen of the activity, as those who stand before it do, until ctx ends.
func (p *phase) watchScreen(ctx context.Context) error {
	read := func() error {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+pick(p.fleet.open()).address+"/activities/"+p.w.activity.String()+"/screen/code", nil)
		if err != nil {
			return err
		}
		req.AddCookie(&http.Cookie{Name: "linli_session", Value: p.w.organiser.cookie})
		res, err := p.client.Do(req)
		if err != nil {
			return err
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil {
			return err
		}
		m := onScreen.FindSubmatch(b)
		if m == nil {
			return errors.New("load: the screen shows no digits: " + string(b[:min(len(b), 300)]))
		}
		digits := string(m[1]) + string(m[2])
		p.w.digits.Store(&digits)
		return nil
	}
	if err := read(); err != nil {
		return err
	}
	go func() {
		for pause := 5 * time.Second; ; {
			select {
			case <-ctx.Done():
				return
			case <-time.After(pause):
			}
			if pause = 5 * time.Second; read() != nil { // the server is away: soon again
				pause = 200 * time.Millisecond
			}
		}
	}()
	return nil
}

// storm lets n members sign in within some time.
func storm(n int, within time.Duration) coming {
	return coming{name: "sign", text: i18n.LoadSign, rate: float64(n) / within.Seconds(), act: signIn}
}
