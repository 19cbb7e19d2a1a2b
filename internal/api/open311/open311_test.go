package open311_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"linli/internal/authz"
	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/testkit"
)

const v2 = "/open311/v2"

// here is a position in the first community.
var here = []string{"lat", "33.35", "long", "120.15"}

// service is the code of the service with a name.
func (s *side) service(name string) string {
	s.t.Helper()
	for _, o := range s.list(s.get(v2 + "/services.json")) {
		if o["service_name"] == name {
			return o["service_code"].(string)
		}
	}
	s.t.Fatalf("there is no service %s", name)
	return ""
}

// report sends one request.
func (s *side) report(args ...string) reply {
	s.t.Helper()
	all := append([]string{"api_key", s.key}, args...)
	if !slices.Contains(args, "service_code") {
		all = append(all, "service_code", "event")
	}
	if !slices.Contains(args, "lat") && !slices.Contains(args, "address_string") && !slices.Contains(args, "address_id") {
		all = append(all, here...)
	}
	return s.post(v2+"/requests.json", all...)
}

// handle takes a case and writes its result.
func (s *side) handle(no string, how casework.Result) {
	s.t.Helper()
	at, err := db.Value[id.ID](s.t.Context(), s.d, `SELECT org_id FROM service_case WHERE tenant_id = $1 AND no = $2`, s.tenant, no)
	s.ok(err)
	who := s.staff(at)
	c, err := s.cases.ByNo(s.t.Context(), who, no)
	s.ok(err)
	s.ok(s.cases.Take(s.t.Context(), who, c, 1))
	s.ok(s.cases.Note(s.t.Context(), who, c, "给王女士回过电话", false))
	s.ok(s.cases.Note(s.t.Context(), who, c, "已到现场", true))
	d, err := s.cases.Get(s.t.Context(), who, c)
	s.ok(err)
	s.ok(s.cases.Finish(s.t.Context(), who, c, d.Version, how))
}

func done() casework.Result { return casework.Result{Outcome: casework.Fulfilled, Words: "已修好"} }

// TestTheSpecificationIsAnswered goes through its methods in both formats, with the request that it prints.
func TestTheSpecificationIsAnswered(t *testing.T) {
	each(t, func(s *side) {
		t := s.t
		k, err := s.cases.Kind(t.Context(), s.tenant, "event")
		s.ok(err)
		k.Fields = []casework.Field{{Code: "whispawn", Label: "车牌", LabelEN: "Plate", Type: casework.TextField, Required: true}, {Code: "depth", Label: "深", Type: casework.NumberField},
			{Code: "side", Label: "哪边", Type: casework.ChoiceField, Options: []string{"左", "右"}}, {Code: "blocked", Label: "不能通行", Type: casework.YesNoField}}
		keeps := testkit.Actor(s.tenant, nil, casework.PermKinds)
		s.ok(s.cases.SaveKind(t.Context(), keeps, k))

		services := strictly(t, serviceFields, "services", "service", s.get(v2+"/services.xml"), s.get(v2+"/services.json"))
		if len(services) < 40 {
			t.Errorf("%d services", len(services))
		}
		road := s.service("Dirty road")
		def := s.get(v2 + "/services/" + road + ".json")
		var d struct {
			Code       string           `json:"service_code"`
			Attributes []map[string]any `json:"attributes"`
		}
		s.ok(json.Unmarshal([]byte(def.body), &d))
		if d.Code != road || len(d.Attributes) != 4 {
			t.Fatalf("the definition is %s", def.body)
		}
		for _, a := range d.Attributes {
			values, listed := a["values"]
			if delete(a, "values"); listed != (a["datatype"] == "singlevaluelist") || listed && len(values.([]any)) != 2 {
				t.Errorf("%v has values %v", a, values)
			}
			if wrong := holds(attributes, a); len(wrong) > 0 {
				t.Errorf("%v: %v", a["code"], wrong)
			}
		}
		doc := parseXML(t, s.get(v2+"/services/"+road+".xml").body)
		if doc.XMLName.Local != "service_definition" || doc.Nodes[0].Text != road || len(doc.Nodes[1].Nodes) != 4 || doc.Nodes[1].Nodes[0].XMLName.Local != "attribute" {
			t.Errorf("the definition in XML is %+v", doc)
		}

		// The request that the specification prints, with a service and a position of this district.
		printed := []string{"api_key", s.key, "jurisdiction_id", "320902", "service_code", road, "lat", "33.35524078", "long", "120.1512043", "address_string", "1234 5th street",
			"email", "smit333@sfgov.edu", "device_id", "tt222111", "account_id", "123456", "first_name", "john", "last_name", "smith", "phone", "111111111",
			"description", "A large sinkhole is destroying the street", "media_url", "http://farm3.static.flickr.com/2002/2212426634_5ed477a060.jpg", "attribute[whispawn]", "123456",
			"attribute[side]", "左"}
		made := s.post(v2+"/requests.xml", printed...)
		again := s.post(v2+"/requests.json", printed...) // sent again it is the same: the answer can be read in both formats
		no := strictly(t, sentFields, "service_requests", "request", made, again)[0]["service_request_id"].(string)
		if again.head.Get("Idempotency-Replayed") != "true" || made.head.Get("Idempotency-Replayed") != "" {
			t.Error("which of the two was the first is not said")
		}
		s.clock.Advance(90 * time.Minute)
		s.handle(no, done())
		second := s.number(s.report("service_code", "opinion", "address_string", "先锋社区 3 号楼", "description", "路灯不亮"))

		for _, q := range [][]string{{"api_key", s.key}, {}} {
			list := strictly(t, requestFields, "service_requests", "request", s.get(v2+"/requests.xml", q...), s.get(v2+"/requests.json", q...))
			if len(list) != map[bool]int{true: 2, false: 1}[len(q) > 0] {
				t.Fatalf("with %v there are %d", q[:0], len(list))
			}
			first := list[len(list)-1]
			for f, want := range map[string]any{"service_request_id": no, "status": "closed", "service_code": road, "service_name": "Dirty road", "lat": 33.355241, "long": 120.151204,
				"requested_datetime": "2026-09-15T02:00:00Z", "updated_datetime": "2026-09-15T03:30:00Z", "agency_responsible": "文港社区", "zipcode": nil, "service_notice": nil} {
				if first[f] != want {
					t.Errorf("%s is %v, want %v", f, first[f], want)
				}
			}
			if first["expected_datetime"] == nil {
				t.Error("it has no expected time")
			}
		}
		one := strictly(t, requestFields, "service_requests", "request", s.get(v2+"/requests/"+no+".xml"), s.get(v2+"/requests/"+no+".json"))
		if len(one) != 1 || one[0]["service_request_id"] != no {
			t.Errorf("%v", one)
		}
		if got := strictly(t, tokenFields, "service_requests", "request", s.get(v2+"/tokens/"+no+".xml"), s.get(v2+"/tokens/"+no+".json")); got[0]["token"] != no || got[0]["service_request_id"] != no {
			t.Errorf("the token gives %v", got)
		}
		two := s.list(s.get(v2+"/requests.json", "service_request_id", no+","+second, "api_key", s.key))
		if len(two) != 2 || two[0]["address"] != "先锋社区 3 号楼" || two[0]["agency_responsible"] != "先锋社区" {
			t.Errorf("of two numbers there come %v", two)
		}

		for _, at := range []string{"/open311/discovery", v2 + "/discovery"} {
			doc := parseXML(t, s.get(at+".xml").body)
			var j map[string]any
			s.ok(json.Unmarshal([]byte(s.get(at+".json").body), &j))
			e := j["endpoints"].([]any)[0].(map[string]any)
			if doc.XMLName.Local != "discovery" || e["url"] != s.url+v2 || e["specification"] != "http://wiki.open311.org/GeoReport_v2" || len(e["formats"].([]any)) != 2 || j["contact"] == "" || j["key_service"] == "" {
				t.Errorf("discovery is %v, %v", doc, j)
			}
		}
	})
}

// TestTheExamplesOfTheSpecificationHaveOurFields holds the tables in this test against the examples that the specification prints.
func TestTheExamplesOfTheSpecificationHaveOurFields(t *testing.T) {
	path, ok := testkit.Shared(t, "open311/georeport_v2_examples.json")
	if !ok {
		return
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var examples []struct {
		Section, Format, Body string
		Parses                *bool
	}
	if err := json.Unmarshal(b, &examples); err != nil {
		t.Fatal(err)
	}
	tables := map[string]map[string]kind{"GET Service List": serviceFields, "POST Service Request": sentFields, "GET service_request_id from a token": tokenFields, "GET Service Requests": requestFields,
		"GET Service Request": requestFields}
	seen := 0
	for _, e := range examples {
		if e.Format != "xml" || tables[e.Section] == nil {
			continue
		}
		doc := parseXML(t, e.Body)
		want := map[string]bool{}
		for f := range tables[e.Section] {
			want[strings.TrimSuffix(f, "!")] = true
		}
		for _, n := range doc.Nodes {
			got := map[string]bool{}
			for _, f := range n.Nodes {
				got[f.XMLName.Local] = true
			}
			if !maps.Equal(got, want) {
				t.Errorf("%s has %v, want %v", e.Section, slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
			}
			seen++
		}
	}
	if seen < 7 {
		t.Errorf("only %d examples were seen", seen)
	}
}

func photograph(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 640, 480)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestWhatIsPublic holds that nobody reads what was said, who said it, and what is not public, but the system that sent it.
func TestWhatIsPublic(t *testing.T) {
	each(t, func(s *side) {
		t := s.t
		words := "三单元王芳家漏水 <script>alert(1)</script> 电话 13912345678"
		got := s.upload(v2+"/requests.json", [][]byte{photograph(t)}, "api_key", s.key, "service_code", "event", "lat", "33.35", "long", "120.15", "first_name", "芳", "last_name", "王",
			"phone", "13912345678", "email", "wang@example.org", "description", words, "address_string", "3 单元 301", "media_url", "https://example.org/13912345678.jpg")
		no := s.number(got)
		s.handle(no, casework.Result{Outcome: casework.PassedOn, Words: "已转给王芳家楼上", Address: "城管中队"})
		sent := s.number(s.report("service_code", "service", "description", "洗衣机不转"))
		if got := s.report("service_code", "matter"); got.status != 404 {
			t.Errorf("a kind that is not open answers %d", got.status)
		}
		// Staff and residents have cases of the same kinds, and of others.
		who := s.staff(s.communities[0])
		entered := func(kind string, about id.ID) string {
			r, err := s.cases.Enter(t.Context(), who, casework.Report{Kind: kind, CommunityID: s.communities[0], Body: "王芳说的话", Place: "王芳家", Channel: casework.ByOther, Name: "王芳", AboutID: about})
			s.ok(err)
			return r.No
		}
		street := entered("event", 0)
		hidden := []string{entered("dispute", 0), entered("need", 0), entered("opinion", 0)}
		r, err := s.cases.Report(t.Context(), s.tenant, "居民", "", casework.Report{Kind: "opinion", CommunityID: s.communities[0], Body: "投诉", AboutID: s.communities[0]})
		s.ok(err)
		hidden = append(hidden, r.No)
		closedItem, err := s.books.Create(t.Context(), s.system, catalogue.Item{List: catalogue.Event, Code: "X1", ClassCode: classOf(s), Name: "内部类别", Level: catalogue.Community})
		s.ok(err)
		in, err := s.cases.Enter(t.Context(), who, casework.Report{Kind: "event", ItemID: closedItem, CommunityID: s.communities[0], Body: "内部", Channel: casework.ByGrid})
		s.ok(err)
		hidden = append(hidden, in.No)

		for name, key := range map[string]string{"nobody": "", "another system": s.otherKey} {
			for _, path := range []string{"/requests.json", "/requests.xml", "/servicerequestupdates.xml", "/requests/" + no + ".json"} {
				got := s.get(v2+path, "api_key", key, "extensions", "true")
				for _, personal := range []string{"王", "芳", "13912345678", "wang@", "单元", "alert", "漏水", "example.org", "楼上", "现场", "洗衣机", "/media/", sent} {
					if strings.Contains(got.body, personal) {
						t.Errorf("%s reads %s in %s: %s", name, personal, path, got.body)
					}
				}
				if !strings.Contains(got.body, no) || got.status != 200 {
					t.Errorf("%s does not see %s in %s, %d", name, no, path, got.status)
				}
				for _, h := range hidden {
					if strings.Contains(got.body, h) {
						t.Errorf("%s sees %s", name, h)
					}
				}
			}
			if got := s.get(v2+"/requests/"+sent+".json", "api_key", key); got.status != 404 {
				t.Errorf("%s gets what another sent: %d", name, got.status)
			}
			if got := s.get(v2+"/requests.json", "api_key", key, "service_request_id", strings.Join(hidden, ",")); got.status != 200 || len(s.list(got)) != 0 {
				t.Errorf("%s gets %s", name, got.body)
			}
			if got := s.get(v2+"/requests/"+street+".json", "api_key", key); got.status != 200 || s.list(got)[0]["description"] != nil || s.list(got)[0]["address"] != "文港社区" {
				t.Errorf("a case that staff entered is %s", got.body)
			}
		}

		one := s.list(s.get(v2+"/requests/"+no+".json", "api_key", s.key, "extensions", "true"))[0]
		if one["description"] != words || one["address"] != "3 单元 301" || one["status"] != "closed" || !strings.Contains(one["status_notes"].(string), "已转给王芳家楼上") || !strings.Contains(one["status_notes"].(string), "城管中队") {
			t.Errorf("the system that sent it reads %v", one)
		}
		var said []string
		for _, n := range one["notes"].([]any) {
			if w := n.(map[string]any)["description"]; w != nil {
				said = append(said, w.(string))
			}
		}
		if all := strings.Join(said, "|"); !strings.Contains(all, "已到现场") || strings.Contains(all, "回过电话") || !strings.Contains(all, "https://example.org/13912345678.jpg") {
			t.Errorf("it is told %v", said)
		}
		if strings.Contains(s.get(v2+"/requests/"+no+".json", "api_key", s.key).body, "wang@") {
			t.Error("who reported it is told")
		}
		if x := s.get(v2+"/requests/"+no+".xml", "api_key", s.key).body; strings.Contains(x, "<script>") || !strings.Contains(x, "&lt;script&gt;") {
			t.Errorf("HTML is not text: %s", x)
		}
		photo := strings.TrimPrefix(one["media_url"].(string), s.url)
		if got := s.get(photo, "api_key", s.key); got.status != 200 || got.head.Get("Content-Type") != "image/jpeg" || !strings.HasPrefix(got.body, "\xff\xd8\xff") {
			t.Errorf("the photograph answers %d", got.status)
		}
		for key, want := range map[string]int{"": 403, s.otherKey: 404} {
			if got := s.get(photo, "api_key", key); got.status != want {
				t.Errorf("a stranger gets the photograph: %d, want %d", got.status, want)
			}
		}
		updates := parseXML(t, s.get(v2+"/servicerequestupdates.xml", "api_key", s.key).body)
		if updates.XMLName.Local != "service_request_updates" || len(updates.Nodes) < 5 || updates.Nodes[0].XMLName.Local != "request_update" {
			t.Errorf("updates are %+v", updates)
		}

		// What the district closes again is gone for everybody.
		k, err := s.cases.Kind(t.Context(), s.tenant, "event")
		s.ok(err)
		k.Georeport = casework.NotOpen
		s.ok(s.cases.SaveKind(t.Context(), testkit.Actor(s.tenant, nil, casework.PermKinds), k))
		if got := s.get(v2 + "/requests.json"); len(s.list(got)) != 0 {
			t.Errorf("of a closed kind there is %s", got.body)
		}
		if got := s.report("description", "还能送吗"); got.status != 404 {
			t.Errorf("a closed kind takes: %d", got.status)
		}
		// Who reported it is kept, for whoever may ask.
		reporter, err := db.Value[int64](t.Context(), s.d, `SELECT count(*) FROM service_case WHERE tenant_id = $1 AND no = $2 AND reporter IS NOT NULL AND phone_key <> '' AND channel = 'other'`, s.tenant, no)
		s.ok(err)
		if reporter != 1 {
			t.Error("who reported it is lost")
		}
	})
}

func classOf(s *side) string {
	code, err := db.Value[string](s.t.Context(), s.d, `SELECT min(code) FROM catalogue_class WHERE tenant_id = $1 AND list = 'event'`, s.tenant)
	s.ok(err)
	return code
}

// TestBadRequestsAreAnsweredInTheFormOfTheSpecification holds what is refused, with which status, and that both formats say so.
func TestBadRequestsAreAnsweredInTheFormOfTheSpecification(t *testing.T) {
	each(t, func(s *side) {
		t := s.t
		looks := s.token("looks", "looker", s.street)
		here := s.token("narrow", "connected", s.communities[1])
		other := s.city.district(testkit.Other, "别处", []string{"远方社区"}, func(int) string { return square(20) })
		at := []string{"jurisdiction_id", "320902"}
		sends := func(args ...string) []string {
			out := map[string]string{"api_key": s.key, "jurisdiction_id": "320902", "service_code": "event", "lat": "33.35", "long": "120.15", "description": "路面破损"}
			for i := 0; i < len(args); i += 2 {
				out[args[i]] = args[i+1]
			}
			var list []string
			for k, v := range out {
				list = append(list, k, v)
			}
			return list
		}
		for _, c := range []struct {
			name   string
			status int
			path   string
			args   []string
			says   string
		}{
			{"no key", 403, "POST /requests", sends("api_key", "-"), "api_key"},
			{"a key that nobody has", 403, "POST /requests", sends("api_key", "xyz"), "api_key"},
			{"a key that looks like one", 403, "POST /requests", sends("api_key", s.key[:len(s.key)-1]+"-"), "api_key"},
			{"a token without the right", 403, "POST /requests", sends("api_key", looks), "api_key"},
			{"a key of another district", 403, "POST /requests", sends("api_key", other.key), "api_key"},
			{"a key of another community", 403, "POST /requests", sends("api_key", here), "api_key"},
			{"no district of two", 400, "GET /services", nil, "jurisdiction_id"},
			{"an unknown district", 404, "GET /services", []string{"jurisdiction_id", "city.gov"}, "jurisdiction_id"},
			{"no service", 400, "POST /requests", sends("service_code", ""), "service_code"},
			{"an unknown service", 404, "POST /requests", sends("service_code", "event-77"), "service_code"},
			{"a service that is none", 404, "GET /services/'; DROP TABLE x", at, "service_code"},
			{"outside the district", 400, "POST /requests", sends("lat", "40.7", "long", "-73.9"), "outside"},
			{"half a position", 400, "POST /requests", sends("long", "-"), "lat"},
			{"no number", 400, "POST /requests", sends("lat", "north"), "lat"},
			{"not a number", 400, "POST /requests", sends("lat", "NaN"), "lat"},
			{"no place at all", 400, "POST /requests", sends("lat", "-", "long", "-"), "address_string"},
			{"an address without a community", 400, "POST /requests", sends("lat", "-", "long", "-", "address_string", "1234 5th street"), "address_string"},
			{"an unknown address", 400, "POST /requests", sends("address_id", "545483"), "address_id"},
			{"a bad e-mail address", 400, "POST /requests", sends("email", "nobody"), "email"},
			{"a link that is none", 400, "POST /requests", sends("media_url", "file:///etc/passwd"), "media_url"},
			{"too long", 400, "POST /requests", sends("description", strings.Repeat("长", 4001)), "description"},
			{"a bad key of the sending", 400, "POST /requests", sends("Header:Idempotency-Key", "a b"), "Idempotency-Key"},
			{"JSON", 415, "POST /requests", sends("Header:Content-Type", "application/json"), "form"},
			{"an unknown number", 404, "GET /requests/20260101-000000", at, "request"},
			{"an unknown token", 404, "GET /tokens/12345", at, "token"},
			{"a bad time", 400, "GET /requests", append([]string{"start_date", "yesterday"}, at...), "start_date"},
			{"too long a span", 400, "GET /requests", append([]string{"start_date", "2026-01-01T00:00:00Z", "end_date", "2026-06-01T00:00:00Z"}, at...), "90"},
			{"the wrong way round", 400, "GET /requests", append([]string{"start_date", "2026-02-01T00:00:00Z", "end_date", "2026-01-01T00:00:00Z"}, at...), "start_date"},
			{"an unknown status", 400, "GET /requests", append([]string{"status", "lost"}, at...), "status"},
			{"a page that is none", 400, "GET /requests", append([]string{"page", "0"}, at...), "page"},
			{"too far", 400, "GET /requests", append([]string{"page", "99"}, at...), "page"},
			{"a bad key for reading", 403, "GET /requests", append([]string{"api_key", "xyz"}, at...), "api_key"},
			{"nothing there", 404, "GET /nothing", at, "address"},
			{"in another way", 405, "POST /services", at, "way"},
		} {
			method, path, _ := strings.Cut(c.path, " ")
			do := s.get
			if method == "POST" {
				do = s.post
			}
			path = v2 + strings.ReplaceAll(path, " ", "%20")
			got := do(path+".json", c.args...)
			list := strictly(t, errorFields, "errors", "error", do(path+".xml", c.args...), got)
			if got.status != c.status || len(list) == 0 || int(list[0]["code"].(float64)) != c.status || !strings.Contains(got.body, c.says) {
				t.Errorf("%s: %d %s, want %d and %q", c.name, got.status, got.body, c.status, c.says)
			}
			if strings.Contains(got.body, "DROP") || strings.Contains(got.body, "passwd") {
				t.Errorf("%s is repeated: %s", c.name, got.body)
			}
		}
		if got := s.get(v2+"/services.html", at...); got.status != 404 {
			t.Errorf("an unknown format answers %d", got.status)
		}
		sent := []string{"api_key", s.key, "jurisdiction_id", "320902", "service_code", "event", "lat", "33.35", "long", "120.15"}
		for name, p := range map[string][]byte{"SVG": []byte("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"), "too much": make([]byte, 32<<20)} {
			if got := s.upload(v2+"/requests.json", [][]byte{p}, sent...); got.status != 400 && got.status != 413 {
				t.Errorf("%s as a photograph answers %d: %s", name, got.status, got.body)
			}
		}
		if got := s.post(v2+"/requests.json", append(sent, "description", strings.Repeat("x", 2<<20))...); got.status != 413 {
			t.Errorf("two megabytes of words answer %d", got.status)
		}
		if n, err := db.Value[int64](t.Context(), s.d, "SELECT count(*) FROM service_case"); err != nil || n != 0 {
			t.Errorf("%d cases were made, %v", n, err)
		}
		// In two districts each key is of its own, and an address can name one.
		if got := s.post("/open311/321102/v2/requests.json", "api_key", other.key, "service_code", "event", "address_string", "远方社区", "description", "x"); got.status != 200 {
			t.Errorf("the other district answers %d: %s", got.status, got.body)
		}
		if got := s.list(s.get("/open311/320902/v2/requests.json")); len(got) != 0 {
			t.Errorf("one district shows the other's: %v", got)
		}
		if got := s.list(s.get("/open311/321102/v2/requests.json")); len(got) != 1 {
			t.Errorf("the other shows %v", got)
		}
	})
}

// TestARepeatedRequestIsOneCase holds that a client that sends again makes no second case.
func TestARepeatedRequestIsOneCase(t *testing.T) {
	each(t, func(s *side) {
		t := s.t
		first := s.number(s.report("description", "井盖松动"))
		if again := s.number(s.report("description", "井盖松动")); again != first {
			t.Errorf("sent again it is %s, want %s", again, first)
		}
		if other := s.number(s.report("description", "井盖松动", "phone", "13912345678")); other == first {
			t.Error("another report is taken for the first")
		}
		if other := s.number(s.report("description", "井盖松动", "api_key", s.otherKey)); other != first { // the first value counts
			t.Error("a second api_key counts")
		}
		s.clock.Advance(11 * time.Minute)
		if later := s.number(s.report("description", "井盖松动")); later == first {
			t.Error("later it is still the same")
		}
		named := s.number(s.report("description", "路灯", "Header:Idempotency-Key", "k1"))
		s.clock.Advance(12 * time.Hour)
		if again := s.number(s.report("description", "路灯", "Header:Idempotency-Key", "k1")); again != named {
			t.Error("with a key it is not the same after half a day")
		}
		if two := s.number(s.report("description", "路灯", "Header:Idempotency-Key", "k2")); two == named {
			t.Error("with another key it is the same")
		}
		if got := s.report("description", "路灯灭了", "Header:Idempotency-Key", "k1"); got.status != 400 || !strings.Contains(got.body, "Idempotency-Key") {
			t.Errorf("a key used for something else answers %d: %s", got.status, got.body)
		}
		var mu sync.Mutex
		var wg sync.WaitGroup
		nos := map[string]bool{}
		for range 8 {
			wg.Go(func() {
				no := s.number(s.report("description", "同时"))
				mu.Lock()
				defer mu.Unlock()
				nos[no] = true
			})
		}
		wg.Wait()
		if len(nos) != 1 {
			t.Errorf("sent eight times at once it made %v", nos)
		}
	})
}

// TestAThousandReportsInAMinute holds that they are not all taken, and what the rest is told.
func TestAThousandReportsInAMinute(t *testing.T) {
	clock := testkit.NewClock()
	s := newCity(t, testkit.SQLite(t, clock.Now), clock).district(testkit.Tenant, "示例", []string{"文港社区"}, square)
	taken, told := 0, 0
	for n := range 1000 {
		switch got := s.report("description", fmt.Sprint(n)); got.status {
		case http.StatusOK:
			taken++
		case http.StatusTooManyRequests:
			told++
			if got.head.Get("Retry-After") == "" {
				t.Fatalf("it is not said when: %s", got.body)
			}
		default:
			t.Fatalf("it answers %d: %s", got.status, got.body)
		}
	}
	if taken != 120 || told != 880 {
		t.Errorf("%d were taken and %d told to wait", taken, told)
	}
	clock.Advance(2 * time.Minute)
	if got := s.report("description", "later"); got.status != http.StatusOK {
		t.Errorf("later it answers %d", got.status)
	}
}

// TestListsArePaged holds the filters, pages by number, and the address of what follows.
func TestListsArePaged(t *testing.T) {
	each(t, func(s *side) {
		t := s.t
		road := s.service("Dirty road")
		var all []string
		for n := range 25 {
			code := "event"
			if n%5 == 0 {
				code = road
			}
			all = append(all, s.number(s.report("service_code", code, "description", fmt.Sprint(n))))
			if n%2 == 0 {
				s.clock.Advance(time.Hour) // two at a time come in at the same instant
			}
		}
		for n := 0; n < 25; n += 4 {
			s.handle(all[n], done())
		}
		nos := func(r reply) (out []string) {
			for _, o := range s.list(r) {
				out = append(out, o["service_request_id"].(string))
			}
			return out
		}
		want := nos(s.get(v2 + "/requests.json"))
		if sorted := slices.Sorted(slices.Values(want)); !slices.Equal(sorted, slices.Sorted(slices.Values(all))) {
			t.Fatalf("the list has %d", len(want))
		}
		var paged, followed []string
		for p := 1; p <= 3; p++ {
			paged = append(paged, nos(s.get(v2+"/requests.json", "page", fmt.Sprint(p), "page_size", "10"))...)
		}
		if !slices.Equal(paged, want) {
			t.Errorf("by pages %v\nwant     %v", paged, want)
		}
		next := regexp.MustCompile(`^<([^>]+)>; rel="next"$`)
		for at := v2 + "/requests.json?page_size=7"; at != ""; {
			got := s.get(at)
			followed = append(followed, nos(got)...)
			m := next.FindStringSubmatch(got.head.Get("Link"))
			if at = ""; m != nil {
				at = strings.TrimPrefix(m[1], s.url)
			}
		}
		if !slices.Equal(followed, want) {
			t.Errorf("by links %v\nwant     %v", followed, want)
		}
		for _, c := range []struct {
			n    int
			args []string
		}{{7, []string{"status", "closed"}}, {18, []string{"status", "open"}}, {25, []string{"status", "open,closed"}}, {5, []string{"service_code", road}}, {25, []string{"service_code", road + ",event"}},
			{25, []string{"service_code", road, "service_code", "event"}}, {0, []string{"service_code", "event-1"}}, {25, []string{"status", "", "service_code", ""}},
			{3, []string{"start_date", "2026-09-15T02:00:00Z", "end_date", "2026-09-15T11:30:00+08:00"}}, {0, []string{"end_date", "2026-09-15T01:59:59Z"}}, {2, []string{"start_date", "2026-09-15T22:00:00+08:00"}}} {
			if got := s.get(v2+"/requests.json", c.args...); len(nos(got)) != c.n {
				t.Errorf("%v gives %d, want %d", c.args, len(nos(got)), c.n)
			}
		}
		s.clock.Advance(91 * 24 * time.Hour)
		if got := nos(s.get(v2 + "/requests.json")); len(got) != 0 {
			t.Errorf("after 90 days there are %d", len(got))
		}
		if got := nos(s.get(v2+"/requests.json", "service_request_id", strings.Join(all[:3], ","))); len(got) != 3 {
			t.Errorf("by number there are %d", len(got))
		}
	})
}

// TestADoubleStandsWhereTheOtherStands holds that a report that is the same as another is told so, and is over with it.
func TestADoubleStandsWhereTheOtherStands(t *testing.T) {
	each(t, func(s *side) {
		t := s.t
		one, two := s.number(s.report("description", "树倒了")), s.number(s.report("description", "树倒在路上"))
		who := s.staff(s.communities[0])
		ids := map[string]id.ID{}
		for _, no := range []string{one, two} {
			c, err := s.cases.ByNo(t.Context(), who, no)
			s.ok(err)
			ids[no] = c
		}
		s.ok(s.cases.Merge(t.Context(), who, ids[two], 1, ids[one]))
		got := s.list(s.get(v2 + "/requests/" + two + ".json"))[0]
		if got["status"] != "open" || !strings.Contains(got["status_notes"].(string), one) {
			t.Errorf("the double is %v", got)
		}
		s.clock.Advance(time.Hour)
		s.handle(one, done())
		got = s.list(s.get(v2+"/requests/"+two+".json", "api_key", s.key))[0]
		if got["status"] != "closed" || got["updated_datetime"] != "2026-09-15T03:00:00Z" || !strings.Contains(got["status_notes"].(string), "已修好") {
			t.Errorf("the double is %v", got)
		}
	})
}

// TestPlacesByPositionAddressAndName holds that a case comes to the community in which it is.
func TestPlacesByPositionAddressAndName(t *testing.T) {
	each(t, func(s *side) {
		t := s.t
		building := id.New()
		testkit.Exec(t, s.d, `INSERT INTO building (tenant_id, id, community_id, quarter_id, grid_id, name, name_key, address, x, y) VALUES ($1,$2,$3,0,0,'1 幢','1 幢','',121000000,34000000)`, s.tenant, building, s.communities[1])
		for name, c := range map[string]struct {
			at   int
			args []string
		}{
			"in the first outline":          {0, []string{"lat", "33.35", "long", "120.1999"}},
			"in the second":                 {1, []string{"lat", "33.35", "long", "120.2001"}},
			"beside a building":             {1, []string{"lat", "34.001", "long", "121.001"}},
			"a building":                    {1, []string{"address_id", building.String()}},
			"a community":                   {0, []string{"address_id", s.communities[0].String()}},
			"a name":                        {1, []string{"address_string", "人民路 5 号，先锋社区，示例区"}},
			"a position before an address":  {0, []string{"lat", "33.35", "long", "120.11", "address_string", "先锋社区"}},
			"a position before a community": {0, []string{"lat", "33.35", "long", "120.11", "address_id", building.String()}},
		} {
			no := s.number(s.report(append(c.args, "description", name)...))
			at, err := db.Value[id.ID](t.Context(), s.d, `SELECT community_id FROM service_case WHERE tenant_id = $1 AND no = $2`, s.tenant, no)
			if s.ok(err); at != s.communities[c.at] {
				t.Errorf("%s is in %d", name, at)
			}
		}
		if got := s.report("lat", "34.01", "long", "121.0"); got.status != 400 {
			t.Errorf("a kilometre from the building it answers %d", got.status)
		}
		var _ authz.Actor = s.system
	})
}
