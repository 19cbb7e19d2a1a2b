package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"linli/internal/app"
	"linli/internal/code"
	"linli/internal/id"
)

// listPath is where the JSON API has the residents.
const (
	listPath = "/api/v1/residents"
	pagePath = listPath + "?limit=50"
)

// The callers of a job: as many as keep the processors busy for reading, 32 for creation.
const (
	readers = 8
	writers = 32
)

// pair are the platform and the bare program, both serving the same rows.
type pair struct {
	w          *world
	ours, bare *server
	token      string
	community  id.ID
	enterer    string // token of who enters residents, in the last community: the pages of the first stay as they are
}

// serving starts both servers. The caller of the platform is a worker of one community, so that its scope is at work; the bare
// program is told the community and believes it.
func (w *world) serving(ctx context.Context) (*pair, error) {
	if err := w.filled(ctx); err != nil {
		return nil, err
	}
	p := &pair{w: w, community: w.ours.communities[0]}
	var err error
	if p.token, err = w.token(ctx, p.community); err != nil {
		return nil, err
	}
	if p.enterer, err = w.token(ctx, p.last()); err != nil {
		return nil, err
	}
	if p.ours, err = serve(w.ours.app.Handler(app.Serving{Version: "bench", APIRate: -1})); err != nil {
		return nil, err
	}
	h := &bareHandler{b: w.bare, tenant: w.ours.tenant}
	h.prepare()
	p.bare, err = serve(h.routes())
	return p, err
}

func (p *pair) close() error { return errors.Join(p.ours.close(), p.bare.close()) }

func (p *pair) last() id.ID { return p.w.ours.communities[len(p.w.ours.communities)-1] }

// token is one of a worker of a community.
func (w *world) token(ctx context.Context, community id.ID) (string, error) {
	d := w.ours
	if d.tokens[community] == "" {
		text, err := d.token(ctx, app.RoleSecretary, community)
		if err != nil {
			return "", err
		}
		if d.tokens == nil {
			d.tokens = map[id.ID]string{}
		}
		d.tokens[community] = text
	}
	return d.tokens[community], nil
}

// read measures requests that read, at the addresses ours and bare, taken by turns.
func (p *pair) read(ctx context.Context, ours, bare []string) (float64, float64, error) {
	side := func(s *server, token string, paths []string) func() (float64, error) {
		requests := make([][]byte, len(paths))
		for i, path := range paths {
			requests[i] = s.request(http.MethodGet, path, token, "")
		}
		return func() (float64, error) {
			return s.load(ctx, readers, p.w.o.Scale.Slice, func(n int64) []byte { return requests[int(n)%len(requests)] })
		}
	}
	a, b := side(p.ours, p.token, ours), side(p.bare, "", bare)
	for _, warm := range []func() (float64, error){a, b} {
		if _, err := warm(); err != nil {
			return 0, 0, err
		}
	}
	return p.w.turns(2*p.w.o.Scale.Rounds+1, a, b)
}

// benchList reads a page of 50 residents of one community, by name.
func (w *world) benchList(ctx context.Context) (ours, ceiling float64, err error) {
	p, err := w.serving(ctx)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	if _, err := p.samePage(); err != nil {
		return 0, 0, err
	}
	return p.read(ctx, []string{pagePath}, []string{pagePath + "&community=" + p.community.String()})
}

// benchRecord reads single residents.
func (w *world) benchRecord(ctx context.Context) (ours, ceiling float64, err error) {
	p, err := w.serving(ctx)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	ids, err := p.samePage()
	if err != nil {
		return 0, 0, err
	}
	if err := p.sameRecord(ids[0]); err != nil {
		return 0, 0, err
	}
	var paths []string
	for _, one := range ids {
		paths = append(paths, listPath+"/"+one)
	}
	return p.read(ctx, paths, paths)
}

// benchCreate lets 32 callers enter residents: one row, the rows by which they are searched, and on our side check, sealing
// and audit. Both answer when the rows are on the disk.
func (w *world) benchCreate(ctx context.Context) (ours, ceiling float64, err error) {
	p, err := w.serving(ctx)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	side := func(s *server, token string) func() (float64, error) {
		return func() (float64, error) {
			w.ours.entered++
			from := w.ours.entered * 1_000_000
			before, err := p.counted(ctx)
			if err != nil {
				return 0, err
			}
			rate, err := s.load(ctx, writers, p.w.o.Scale.Slice, func(n int64) []byte { return s.request(http.MethodPost, listPath, token, p.newResident(from+n)) })
			if err != nil {
				return 0, err
			}
			after, err := p.counted(ctx)
			if err == nil && after == before {
				err = errors.New("nobody was entered")
			}
			return rate, err
		}
	}
	return w.turns(2*w.o.Scale.Rounds-1, side(p.ours, p.enterer), side(p.bare, ""))
}

// counted is the number of residents in both databases.
func (p *pair) counted(ctx context.Context) (n int64, err error) {
	for _, b := range []string{p.w.ours.address, p.w.bareAt} {
		one, err := countIn(ctx, b, "person", p.w.ours.tenant)
		if err != nil {
			return 0, err
		}
		n += one
	}
	return n, nil
}

func countIn(ctx context.Context, address, table string, tenant int64) (int64, error) {
	n, err := countEach(ctx, address, []string{table}, tenant)
	return n[0], err
}

// countEach counts the rows of a tenant in tables.
func countEach(ctx context.Context, address string, tables []string, tenant int64) (n []int64, err error) {
	n = make([]int64, len(tables))
	b, err := openBare(address)
	if err != nil {
		return n, err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	for i, table := range tables {
		if err := b.read.QueryRowContext(ctx, b.text("SELECT count(*) FROM "+table+" WHERE tenant_id = $1"), tenant).Scan(&n[i]); err != nil {
			return n, err
		}
	}
	return n, nil
}

// createIn is the body of a request to enter a resident.
type createIn struct {
	CommunityID string `json:"community_id"`
	Name        string `json:"name"`
	IDNumber    string `json:"id_number"`
	Phone       string `json:"phone"`
}

func (p *pair) newResident(n int64) string {
	// The days of the invented ID numbers lie behind those of the list.
	born := nobodyBefore.AddDate(0, 0, 30_100+int(n/500%30_000))
	number := code.WithCheck(fmt.Sprintf("%s%02d%s%03d", tenantCode[:4], 10+n/15_000_000%80, born.Format("20060102"), n%500))
	b, err := json.Marshal(createIn{Name: nameAt(int(n)), IDNumber: number, Phone: fmt.Sprintf("139%08d", n%100_000_000), CommunityID: p.last().String()})
	if err != nil {
		panic(err) // four texts
	}
	return string(b)
}

// page is what a list answers: both sides must answer the same.
type page struct {
	Items []bareResident `json:"items"`
}

// samePage checks that both sides answer the same page and gives the IDs on it.
func (p *pair) samePage() ([]string, error) {
	ours, err := fetch[page](p.ours, pagePath, p.token)
	if err != nil {
		return nil, err
	}
	theirs, err := fetch[page](p.bare, pagePath+"&community="+p.community.String(), "")
	if err != nil {
		return nil, err
	}
	if a, b := fmt.Sprint(ours), fmt.Sprint(theirs); a != b || len(ours.Items) == 0 {
		return nil, fmt.Errorf("the pages differ:\n%s\n%s", a, b)
	}
	var ids []string
	for _, it := range ours.Items {
		ids = append(ids, it.ID)
	}
	return ids, nil
}

func (p *pair) sameRecord(one string) error {
	ours, err := fetch[bareResident](p.ours, listPath+"/"+one, p.token)
	if err != nil {
		return err
	}
	theirs, err := fetch[bareResident](p.bare, listPath+"/"+one, "")
	if err == nil && (fmt.Sprint(ours) != fmt.Sprint(theirs) || ours.ID != one) {
		err = fmt.Errorf("the records differ: %+v, %+v", ours, theirs)
	}
	return err
}

func fetch[T any](s *server, path, token string) (v T, err error) {
	body, err := s.one(s.request(http.MethodGet, path, token, ""))
	if err != nil {
		return v, err
	}
	return v, json.Unmarshal(body, &v)
}
