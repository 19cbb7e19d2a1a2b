package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptrace"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"time"

	"linli/internal/app"
	"linli/internal/authn"
	"linli/internal/calendar"
	"linli/internal/figure"
	"linli/internal/id"
)

// bareFigure is a figure and the statement that adds the same up, by community and by its breakdowns; the last column is the amount. $1 is the
// tenant. Of what stands, $2 is the day, and the days so many years before it follow; of what was posted, $2 is the quarter.
type bareFigure struct {
	name, text string
	years      []int
	posted     bool
}

const (
	livingOn = ` FROM person WHERE tenant_id = $1 AND community_id <> 0 AND moved_in_on <= $2 AND (moved_out_on = '' OR moved_out_on > $2) AND (died_on = '' OR died_on > $2)`
	postedIn = ` FROM posting WHERE tenant_id = $1 AND quarter = $2 AND account = `
)

var bareFigures = []bareFigure{
	{"resident.total", `SELECT community_id, sex, CASE WHEN born_on = '' THEN '' WHEN born_on > $3 THEN '00' WHEN born_on > $4 THEN '18' WHEN born_on > $5 THEN '35' WHEN born_on > $6 THEN '60'
		ELSE '80' END, residence, count(*)` + livingOn + ` GROUP BY 1, 2, 3, 4`, []int{18, 35, 60, 80}, false},
	{"resident.elderly", `SELECT community_id, sex, residence, count(*)` + livingOn + ` AND born_on <> '' AND born_on <= $3 GROUP BY 1, 2, 3`, []int{60}, false},
	{"resident.minors", `SELECT community_id, sex, count(*)` + livingOn + ` AND born_on > $3 GROUP BY 1, 2`, []int{18}, false},
	{"hours.total", `SELECT community_id, proof, sum(amount)` + postedIn + `'hours' GROUP BY 1, 2`, nil, true},
	{"deeds.total", `SELECT community_id, proof, sum(amount)` + postedIn + `'deeds' GROUP BY 1, 2`, nil, true},
}

// args are the arguments of the statement in a period.
func (f bareFigure) args(tenant int64, p figure.Period) []any {
	day := p.End()
	if f.posted {
		return []any{tenant, calendar.QuarterOf(day).String()}
	}
	list := []any{tenant, day.String()}
	for _, n := range f.years {
		list = append(list, day.AddYears(-n).String())
	}
	return list
}

// benchFigures works figures of the whole district out from the records of today, as a figure's page does. The ceiling is the bare SQL that adds
// up the same; both must come to the same amounts.
func (w *world) benchFigures(ctx context.Context) (ours, ceiling float64, err error) {
	if err := w.posted(ctx); err != nil {
		return 0, 0, err
	}
	p := w.period()
	b, err := openBare(w.ours.address)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	said, added := make([]int64, len(bareFigures)), make([]int64, len(bareFigures))
	worked := func() (float64, error) { return w.worked(ctx, p, said) }
	if _, err := worked(); err != nil { // the first look at a period rolls it up
		return 0, 0, err
	}
	ours, ceiling, err = w.turns(w.o.Scale.Rounds, worked, func() (float64, error) { return b.worked(ctx, w.ours.tenant, p, added) })
	if err == nil && !slices.Equal(said, added) {
		err = fmt.Errorf("the figures say %v, the records %v", said, added)
	}
	return ours, ceiling, err
}

// period is the quarter before this one, in which the postings lie.
func (w *world) period() figure.Period {
	return figure.InQuarterOf(calendar.QuarterOf(calendar.DateOf(w.ours.app.DB.Now())).Prev())
}

func (w *world) worked(ctx context.Context, p figure.Period, amounts []int64) (float64, error) {
	began := time.Now()
	for i, f := range bareFigures {
		d, err := w.ours.app.Figure.Get(ctx, w.ours.actor(), f.name, w.ours.root, p)
		if err != nil {
			return 0, err
		}
		amounts[i] = d.Live.Amount
	}
	return millis(time.Since(began)), nil
}

func (b *bare) worked(ctx context.Context, tenant int64, p figure.Period, amounts []int64) (float64, error) {
	began := time.Now()
	for i, f := range bareFigures {
		n, err := b.sum(ctx, f.text, f.args(tenant, p)...)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", f.name, err)
		}
		amounts[i] = n
	}
	return millis(time.Since(began)), nil
}

// sum runs a statement and adds up its last column.
func (b *bare) sum(ctx context.Context, text string, args ...any) (total int64, err error) {
	rows, err := b.read.QueryContext(ctx, b.text(text), args...)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return 0, err
	}
	var amount int64
	var skip any
	dest := make([]any, len(columns))
	for i := range dest {
		dest[i] = &skip
	}
	dest[len(dest)-1] = &amount
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return 0, err
		}
		total += amount
	}
	return total, rows.Err()
}

// little is how many times smaller the district is beside which the report is measured: 410,000 residents beside some 20,000.
const little = 20

// benchReport measures how long the page of the district's report takes to its first byte, from roll-ups. The ceiling is the same page of
// a district with a twentieth of the residents: what was rolled up should not grow with them.
func (w *world) benchReport(ctx context.Context) (ours, ceiling float64, err error) {
	if err := w.posted(ctx); err != nil {
		return 0, 0, err
	}
	s := w.o.Scale
	s.Communities, s.Units, s.Residents, s.Members, s.Postings = max(2, s.Communities/little), max(2, s.Units/little), s.Residents/little, max(4, s.Members/little), s.Postings/little
	o := w.o
	o.Scale, o.Keep, o.Dir = s, false, filepath.Join(w.dir, "little")
	small, err := newWorld(ctx, o)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, small.close(), os.RemoveAll(o.Dir)) }()
	if err := small.posted(ctx); err != nil {
		return 0, 0, err
	}
	side := func(w *world) (func() (float64, error), func() error, error) {
		r, err := w.reader(ctx)
		if err != nil {
			return nil, nil, err
		}
		if _, err := r.report(ctx); err != nil { // the first look rolls the period up
			return nil, nil, errors.Join(err, r.close())
		}
		return func() (float64, error) { return r.report(ctx) }, r.close, nil
	}
	large, closeLarge, err := side(w)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, closeLarge()) }()
	tiny, closeTiny, err := side(small)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, closeTiny()) }()
	return w.turns(4*s.Rounds+1, large, tiny)
}

// reader is somebody of the district who is logged in to the pages.
type reader struct {
	s      *server
	client *http.Client
	url    string
}

func (w *world) reader(ctx context.Context) (*reader, error) {
	name, password := "bench-"+id.New().String(), authn.TemporaryPassword()
	_, _, err := w.ours.app.Authn.Create(ctx, w.ours.actor(), authn.NewAccount{Login: name, Name: "Bench", Password: password, Keep: true,
		Grants: []authn.NewGrant{{Role: app.RoleDistrict, OrgID: w.ours.root}}})
	if err != nil {
		return nil, err
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	s, err := serve(w.ours.app.Handler(app.Serving{Version: "bench"}))
	if err != nil {
		return nil, err
	}
	r := &reader{s, &http.Client{Jar: jar}, "http://" + s.addr}
	res, err := r.client.PostForm(r.url+"/login", url.Values{"login": {name + "@" + tenantCode}, "password": {password}})
	if err == nil {
		err = res.Body.Close()
	}
	if err != nil {
		return nil, errors.Join(err, r.close())
	}
	r.url += "/report?period=" + w.period().String() + "&place=" + w.ours.root.String()
	return r, nil
}

// report asks for the page and gives the milliseconds to its first byte.
func (r *reader) report(ctx context.Context) (float64, error) {
	var first time.Time
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotFirstResponseByte: func() { first = time.Now() }})
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.url, nil)
	if err != nil {
		return 0, err
	}
	began := time.Now()
	res, err := r.client.Do(req)
	if err != nil {
		return 0, err
	}
	if res.StatusCode != http.StatusOK || res.Request.URL.Path != "/report" {
		err = fmt.Errorf("bench: the report answers %s at %s", res.Status, res.Request.URL.Path)
	}
	return millis(first.Sub(began)), errors.Join(err, res.Body.Close())
}

func (r *reader) close() error { return r.s.close() }
