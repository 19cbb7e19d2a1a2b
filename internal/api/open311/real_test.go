package open311_test

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"linli/internal/authz"
	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/intake"
	"linli/internal/testkit"
)

// What the SQLite command line says of the file, which this program did not write:
//
//	sqlite3 :memory: ".import --csv '|zcat nyc311_2026_06_a.csv.gz' r" "SELECT count(*), count(nullif(closed_date,'')),
//	  sum(CASE WHEN closed_date<>'' THEN strftime('%s',closed_date)-strftime('%s',created_date) END) FROM r"
const (
	realRequests = 4937
	realClosed   = 2878
	realSeconds  = 19967923 // from coming in to the end, all that ended together
)

// newYork is the time of the file, which names no zone.
var newYork = time.FixedZone("EDT", -4*3600)

// real is a request of the file.
type real struct {
	key, what, words, borough string
	lat, long                 string
	created, closed           time.Time
	no                        string
}

func realFile(t *testing.T) []*real {
	t.Helper()
	path, ok := testkit.Shared(t, "service_requests/nyc311_2026_06_a.csv.gz")
	if !ok {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(z).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := func(s string) (out time.Time) {
		if s != "" {
			if out, err = time.ParseInLocation("2006-01-02T15:04:05.000", s, newYork); err != nil {
				t.Fatal(err)
			}
		}
		return out
	}
	col := map[string]int{}
	for i, name := range rows[0] {
		col[name] = i
	}
	var out []*real
	for _, r := range rows[1:] {
		get := func(name string) string { return r[col[name]] }
		x := &real{key: get("unique_key"), what: get("complaint_type"), borough: get("borough"), lat: get("latitude"), long: get("longitude"), created: at(get("created_date")), closed: at(get("closed_date"))}
		x.words = strings.TrimSpace(get("descriptor") + " · " + get("location_type") + " · " + get("incident_zip") + " " + get("city"))
		out = append(out, x)
	}
	return out
}

// TestTheRealRequestsOfACity sends the real requests of two days through the interface at the times at which they came in, ends those that ended when they ended,
// and reads them back: they are equal, and the time that they took is what another program made of the file. On PostgreSQL a tenth of each sort.
func TestTheRealRequestsOfACity(t *testing.T) {
	all := realFile(t)
	if all == nil {
		return
	}
	clock := testkit.NewClock()
	t.Run("sqlite", func(t *testing.T) {
		clock.Set(all[0].created.Add(-72 * time.Hour))
		first := testkit.SQLite(t, clock.Now)
		d, err := db.Open(t.Context(), first.URL(), db.Options{Clock: clock.Now, Scratch: true}) // not the disk is looked at here
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = d.Close() })
		n, closed, seconds := loadReal(t, d, clock, all)
		if n != realRequests || closed != realClosed || seconds != realSeconds {
			t.Errorf("%d requests came back, %d closed in %d seconds; want %d, %d and %d", n, closed, seconds, realRequests, realClosed, realSeconds)
		}
	})
	t.Run("postgres", func(t *testing.T) {
		clock.Set(all[0].created.Add(-72 * time.Hour))
		d := testkit.Postgres(t, clock.Now)
		sorted := slices.Clone(all)
		slices.SortStableFunc(sorted, func(a, b *real) int { return strings.Compare(a.what, b.what) })
		var part []*real
		var wantClosed int
		var want int64
		for i, x := range sorted {
			if i%10 != 0 {
				continue
			}
			y := *x
			part = append(part, &y)
			if !x.closed.IsZero() {
				wantClosed++
				want += int64(x.closed.Sub(x.created) / time.Second)
			}
		}
		n, closed, seconds := loadReal(t, d, clock, part)
		if n != len(part) || closed != wantClosed || seconds != want {
			t.Errorf("%d requests came back, %d closed in %d seconds; want %d, %d and %d", n, closed, seconds, len(part), wantClosed, want)
		}
	})
}

// loadReal sends requests, ends them, reads them back, and gives how many there are, how many ended, and in how many seconds altogether.
func loadReal(t *testing.T, d *db.DB, clock *testkit.Clock, list []*real) (n, closed int, seconds int64) {
	t.Helper()
	boroughs := []string{"BRONX", "BROOKLYN", "MANHATTAN", "QUEENS", "STATEN ISLAND", "Unspecified"}
	s := newCity(t, d, clock).district(360061, "New York", boroughs, func(n int) string { // strips from north to south, over all that the file has
		y := 40_500_000 + int64(n)*70_000
		return fmt.Sprintf("[[[-74260000,%d],[-73690000,%d],[-73690000,%d],[-74260000,%d],[-74260000,%d]]]", y, y, y+70_000, y+70_000, y)
	})
	importSorts(t, s, list)
	codes := map[string]string{}
	for _, o := range s.list(s.get(v2 + "/services.json")) {
		codes[o["service_name"].(string)] = o["service_code"].(string)
	}
	staff := map[id.ID]authz.Actor{}
	for _, o := range s.communities {
		staff[o] = s.staff(o)
	}
	type step struct {
		at   time.Time
		x    *real
		ends bool
	}
	var steps []step
	for _, x := range list {
		steps = append(steps, step{x.created, x, false})
		if !x.closed.IsZero() {
			steps = append(steps, step{x.closed, x, true})
		}
	}
	slices.SortStableFunc(steps, func(a, b step) int { return a.at.Compare(b.at) })
	for _, st := range steps {
		clock.Set(st.at)
		if st.ends {
			s.end(st.x, staff)
			continue
		}
		args := []string{"api_key", s.key, "service_code", codes[st.x.what], "description", st.x.words, "Header:Idempotency-Key", st.x.key}
		if st.x.lat != "" {
			args = append(args, "lat", st.x.lat, "long", st.x.long)
		} else {
			args = append(args, "address_string", st.x.borough)
		}
		st.x.no = s.number(s.post(v2+"/requests.json", args...))
	}
	clock.Set(steps[len(steps)-1].at)
	return s.readBack(list)
}

// importSorts makes the sorts of the file into categories, by the importer of code lists.
func importSorts(t *testing.T, s *side, list []*real) {
	t.Helper()
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	rows := [][]string{{"list", "code", "class", "name", "level", "public"}}
	seen := map[string]bool{}
	for _, x := range list {
		if !seen[x.what] {
			seen[x.what] = true
			rows = append(rows, []string{catalogue.Event, fmt.Sprintf("N%03d", len(seen)), classOf(s), x.what, "community", "1"})
		}
	}
	s.ok(w.WriteAll(rows))
	sum, problems, err := s.intake.Direct(t.Context(), s.system, intake.NewImport{Kind: catalogue.ImportName, FileName: "sorts.csv", Content: b.Bytes()}, intake.Choice{}, nil)
	if err != nil || sum.Inserted != int64(len(seen)) {
		t.Fatalf("the importer took %+v of %d, %v, %v", sum, len(seen), problems, err)
	}
}

// end lets staff of the organisation that has a request take it and write its result.
func (s *side) end(x *real, staff map[id.ID]authz.Actor) {
	s.t.Helper()
	type found struct{ id, org id.ID }
	c, err := db.One(s.t.Context(), s.d, func(f *found) []any { return []any{&f.id, &f.org} }, `SELECT id, org_id FROM service_case WHERE tenant_id = $1 AND no = $2`, s.tenant, x.no)
	s.ok(err)
	s.ok(s.cases.Take(s.t.Context(), staff[c.org], c.id, 1))
	s.ok(s.cases.Finish(s.t.Context(), staff[c.org], c.id, 2, casework.Result{Outcome: casework.Fulfilled, Words: "closed"}))
}

// readBack reads everything by pages and holds each request against the file.
func (s *side) readBack(list []*real) (n, closed int, seconds int64) {
	s.t.Helper()
	byNo := map[string]*real{}
	for _, x := range list {
		byNo[x.no] = x
	}
	if len(byNo) != len(list) {
		s.t.Fatalf("%d numbers of %d requests", len(byNo), len(list))
	}
	at := func(v any) time.Time {
		out, err := time.Parse(time.RFC3339, fmt.Sprint(v))
		s.ok(err)
		return out
	}
	micro := func(v any) float64 { f, _ := v.(float64); return math.Round(f * 1e6) }
	wrong := 0
	for page := 1; ; page++ {
		got := s.list(s.get(v2+"/requests.json", "api_key", s.key, "page", strconv.Itoa(page), "page_size", "1000"))
		for _, o := range got {
			x := byNo[o["service_request_id"].(string)]
			if x == nil {
				s.t.Fatalf("there is %v, which nobody sent or came before", o)
			}
			delete(byNo, x.no)
			n++
			lat, _ := strconv.ParseFloat(x.lat, 64)
			long, _ := strconv.ParseFloat(x.long, 64)
			same := o["description"] == x.words && o["service_name"] == x.what && at(o["requested_datetime"]).Equal(x.created) && micro(o["lat"]) == math.Round(lat*1e6) && micro(o["long"]) == math.Round(long*1e6)
			if x.closed.IsZero() {
				same = same && o["status"] == "open"
			} else {
				same = same && o["status"] == "closed" && at(o["updated_datetime"]).Equal(x.closed)
				closed++
				seconds += int64(at(o["updated_datetime"]).Sub(at(o["requested_datetime"])) / time.Second)
			}
			if !same && wrong < 5 {
				wrong++
				s.t.Errorf("%+v came back as %v", *x, o)
			}
		}
		if len(got) < 1000 {
			break
		}
	}
	if open := s.list(s.get(v2+"/requests.json", "status", "open", "page_size", "1")); len(open) != 1 || open[0]["description"] != nil {
		s.t.Errorf("anybody reads %v", open)
	}
	return n, closed, seconds
}
