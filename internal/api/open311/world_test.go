package open311_test

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"linli/internal/api/open311"
	"linli/internal/attach"
	"linli/internal/authn"
	"linli/internal/authz"
	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/db"
	"linli/internal/holiday"
	"linli/internal/id"
	"linli/internal/intake"
	"linli/internal/organisation"
	"linli/internal/person"
	"linli/internal/place"
	"linli/internal/seal"
	"linli/internal/testkit"
)

// spots lets cases know where a position lies, as the program does.
type spots struct{ *place.Service }

func (p spots) Spot(ctx context.Context, tenant, x, y int64) (community, grid id.ID, ok bool, err error) {
	at, ok, err := p.Locate(ctx, tenant, x, y)
	return at.CommunityID, at.GridID, ok, err
}

// city is districts behind the interface, with the real services and a server that listens.
type city struct {
	t      *testing.T
	d      *db.DB
	clock  *testkit.Clock
	authn  *authn.Service
	cases  *casework.Service
	books  *catalogue.Service
	places *place.Service
	intake *intake.Service
	orgs   *organisation.Service
	url    string
}

// side is one district: two communities, each with one square grid on the map, and the account of a program.
type side struct {
	*city
	tenant        int64
	system        authz.Actor
	street        id.ID
	communities   []id.ID
	key, otherKey string
}

func newCity(t *testing.T, d *db.DB, clock *testkit.Clock) *city {
	t.Helper()
	ring := seal.Ephemeral()
	c := &city{t: t, d: d, clock: clock, books: catalogue.New(d), places: place.New(d), orgs: organisation.New(d, ring)}
	c.intake = intake.New(d, ring, catalogue.ImportKind())
	c.authn = authn.New(d, ring, c.orgs, []authz.Permission{casework.PermConnect, casework.PermSee})
	c.cases = casework.New(d, ring, holiday.New(d), nil, person.New(d, ring)).WithFiles(attach.NewStore(ring)).WithSpots(spots{c.places})
	s := httptest.NewServer(open311.New(open311.Services{Authn: c.authn, Casework: c.cases, Catalogue: c.books}, open311.Options{Log: slog.New(slog.NewTextHandler(t.Output(), nil))}))
	t.Cleanup(s.Close)
	c.url = s.URL
	return c
}

func (c *city) ok(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

// district makes one; square gives the outline of the grid of its n-th community.
func (c *city) district(code int64, name string, communities []string, square func(n int) string) *side {
	c.t.Helper()
	ctx := c.t.Context()
	s := &side{city: c, tenant: code, system: authz.System(code, "test")}
	testkit.Exec(c.t, c.d, `INSERT INTO tenant (tenant_id, name, created_at) VALUES ($1,$2,1)`, code, name)
	c.ok(c.d.WithTx(ctx, func(tx *db.Tx) error {
		if err := c.books.PrepareTx(ctx, tx, code); err != nil {
			return err
		}
		return c.cases.PrepareTx(ctx, tx, code)
	}))
	org := func(kind organisation.Kind, name string, parent id.ID) id.ID {
		o, err := c.orgs.Create(ctx, s.system, organisation.NewOrganisation{Kind: kind, Name: name, ParentID: parent})
		c.ok(err)
		return o.ID
	}
	root := org(organisation.District, name+"区委员会", 0)
	s.street = org(organisation.Working, name+"街道", root)
	for n, at := range communities {
		o := org(organisation.Community, at, s.street)
		s.communities = append(s.communities, o)
		// Behind the back of the service, which takes outlines within the country alone (GRD-5): the real requests are of another.
		testkit.Exec(c.t, c.d, `INSERT INTO grid (tenant_id, id, community_id, code, name, outline) VALUES ($1,$2,$3,$4,'网格',$5)`, code, id.New(), o, fmt.Sprintf("%d%03d", code*1_000_000, n+1), square(n))
	}
	c.ok(c.authn.SaveRole(ctx, s.system, authn.Role{Code: "connected", Name: "接入系统", Permissions: []authz.Permission{casework.PermConnect}}))
	c.ok(c.authn.SaveRole(ctx, s.system, authn.Role{Code: "looker", Name: "看", Permissions: []authz.Permission{casework.PermSee}}))
	s.key, s.otherKey = s.token("app", "connected", root), s.token("other", "connected", root)
	return s
}

// token makes an account with a role and an API token.
func (s *side) token(login, role string, at id.ID) string {
	s.t.Helper()
	ctx := s.t.Context()
	made, err := s.authn.CreateMany(ctx, s.system, "Mountain-Lake-7", []authn.NewAccount{{Login: login, Name: login, Keep: true, Grants: []authn.NewGrant{{Role: role, OrgID: at}}}})
	s.ok(err)
	actor, err := s.authn.ActorFor(ctx, s.tenant, made[0].ID)
	s.ok(err)
	text, _, err := s.authn.CreateToken(ctx, actor, authn.NewToken{Name: login})
	s.ok(err)
	return text
}

// staff is somebody who handles the cases of a community, and whom the demonstration calls its secretary.
func (s *side) staff(org id.ID) authz.Actor {
	s.t.Helper()
	a := testkit.Actor(s.tenant, []id.ID{org}, casework.PermSee, casework.PermEnter, casework.PermDispatch, casework.PermWork, casework.PermConfidential)
	a.Grants[0].Root = org
	testkit.Exec(s.t, s.d, `INSERT INTO account (tenant_id, id, login, name, created_at) VALUES ($1,$2,$3,'x',1)`, s.tenant, a.AccountID, "a"+a.AccountID.String())
	return a
}

// each runs fn with a district of two communities on both engines.
func each(t *testing.T, fn func(s *side)) {
	t.Helper()
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		clock.Set(testkit.NewClock().Now())
		fn(newCity(t, d, clock).district(testkit.Tenant, "示例", []string{"文港社区", "先锋社区"}, square))
	})
}

// square is a square of a tenth of a degree, one beside the other from (120.10, 33.30) on.
func square(n int) string {
	x := 120_100_000 + int64(n)*100_000
	return fmt.Sprintf("[[[%d,33300000],[%d,33300000],[%d,33400000],[%d,33400000],[%d,33300000]]]", x, x+100_000, x+100_000, x, x)
}

// reply is what came back.
type reply struct {
	status int
	body   string
	head   http.Header
}

func (c *city) do(r *http.Request) reply {
	c.t.Helper()
	res, err := http.DefaultClient.Do(r)
	c.ok(err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	c.ok(err)
	return reply{res.StatusCode, string(b), res.Header}
}

func (c *city) get(path string, args ...string) reply {
	c.t.Helper()
	q := url.Values{}
	for i := 0; i < len(args); i += 2 {
		q.Add(args[i], args[i+1])
	}
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, c.url+path, nil)
	c.ok(err)
	r.Header.Set("Accept-Language", "en")
	return c.do(r)
}

// post sends a form; an argument "Header:Name" sets a header.
func (c *city) post(path string, args ...string) reply {
	c.t.Helper()
	q, head := url.Values{}, http.Header{}
	for i := 0; i < len(args); i += 2 {
		if name, ok := strings.CutPrefix(args[i], "Header:"); ok {
			head.Set(name, args[i+1])
			continue
		}
		if args[i+1] != "-" {
			q.Add(args[i], args[i+1])
		}
	}
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.url+path, strings.NewReader(q.Encode()))
	c.ok(err)
	r.Header = head
	r.Header.Set("Accept-Language", "en")
	if r.Header.Get("Content-Type") == "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	}
	return c.do(r)
}

// upload sends a form with photographs, as clients do that take them.
func (c *city) upload(path string, photos [][]byte, args ...string) reply {
	c.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for i := 0; i < len(args); i += 2 {
		c.ok(m.WriteField(args[i], args[i+1]))
	}
	for _, p := range photos {
		w, err := m.CreateFormFile("media", "IMG.jpg")
		c.ok(err)
		_, err = w.Write(p)
		c.ok(err)
	}
	c.ok(m.Close())
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.url+path, &b)
	c.ok(err)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return c.do(r)
}

// list reads a JSON list of objects.
func (c *city) list(r reply) []map[string]any {
	c.t.Helper()
	var out []map[string]any
	if err := json.Unmarshal([]byte(r.body), &out); err != nil || r.status != http.StatusOK {
		c.t.Fatalf("it answers %d, %v: %s", r.status, err, r.body)
	}
	return out
}

// number is the one request that a POST made.
func (c *city) number(r reply) string {
	c.t.Helper()
	l := c.list(r)
	if len(l) != 1 || l[0]["service_request_id"] == "" {
		c.t.Fatalf("it made %v", l)
	}
	return l[0]["service_request_id"].(string)
}

// node is an element of XML, whatever it is.
type node struct {
	XMLName xml.Name
	Text    string `xml:",chardata"`
	Nodes   []node `xml:",any"`
}

func parseXML(t *testing.T, body string) node {
	t.Helper()
	if !strings.HasPrefix(body, `<?xml version="1.0" encoding="utf-8"?>`) {
		t.Errorf("no declaration: %.60s", body)
	}
	var n node
	if err := xml.Unmarshal([]byte(body), &n); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	return n
}

// kind is what a field of the specification holds.
type kind string

const (
	aText     kind = "text"
	aBool     kind = "true or false"
	aNumber   kind = "number"
	aWhole    kind = "whole number"
	anInstant kind = "time"
	aStatus   kind = "open or closed"
	aType     kind = "realtime, batch or blackbox"
	aData     kind = "datatype"
)

// The tables of fields of the specification (https://wiki.open311.org/GeoReport_v2, "Response" of each method): name and kind, and with an exclamation mark what
// has to be there.
var (
	serviceFields = map[string]kind{"service_code!": aText, "service_name!": aText, "description": aText, "metadata!": aBool, "type!": aType, "keywords": aText, "group": aText}
	attributes    = map[string]kind{"variable!": aBool, "code!": aText, "datatype!": aData, "required!": aBool, "datatype_description": aText, "order!": aWhole, "description!": aText}
	requestFields = map[string]kind{"service_request_id!": aText, "status!": aStatus, "status_notes": aText, "service_name!": aText, "service_code!": aText, "description": aText,
		"agency_responsible": aText, "service_notice": aText, "requested_datetime!": anInstant, "updated_datetime": anInstant, "expected_datetime": anInstant, "address": aText, "address_id": aText,
		"zipcode": aText, "lat": aNumber, "long": aNumber, "media_url": aText}
	sentFields  = map[string]kind{"service_request_id!": aText, "service_notice": aText, "account_id": aText}
	tokenFields = map[string]kind{"service_request_id!": aText, "token!": aText}
	errorFields = map[string]kind{"code!": aWhole, "description!": aText}
)

// holds says what is wrong with an object by the table of its fields.
func holds(fields map[string]kind, o map[string]any) (wrong []string) {
	known := map[string]kind{}
	for name, k := range fields {
		plain, must := strings.CutSuffix(name, "!")
		known[plain] = k
		if v, there := o[plain]; must && (!there || v == nil || v == "") {
			wrong = append(wrong, plain+" is missing")
		}
		if _, there := o[plain]; !there {
			wrong = append(wrong, plain+" is not even empty")
		}
	}
	for name, v := range o {
		k, ok := known[name]
		if !ok {
			wrong = append(wrong, name+" is no field of the specification")
			continue
		}
		if v != nil && !fits(k, v) {
			wrong = append(wrong, fmt.Sprintf("%s is %v, which is no %s", name, v, k))
		}
	}
	return wrong
}

func fits(k kind, v any) bool {
	s, isText := v.(string)
	f, isNumber := v.(float64)
	switch k {
	case aBool:
		_, ok := v.(bool)
		return ok
	case aNumber:
		return isNumber
	case aWhole:
		return isNumber && f == float64(int64(f))
	case anInstant:
		_, err := time.Parse(time.RFC3339, s)
		return isText && err == nil
	case aStatus:
		return s == "open" || s == "closed"
	case aType:
		return s == "realtime" || s == "batch" || s == "blackbox"
	case aData:
		return slices.Contains([]string{"string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"}, s)
	}
	return isText && s != ""
}

// asText is a JSON value as XML writes it.
func asText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return "?"
}

// strictly checks a list in both formats: the fields of each object, and that the two say the same.
func strictly(t *testing.T, fields map[string]kind, root, each string, inXML, inJSON reply) []map[string]any {
	t.Helper()
	if got := inXML.head.Get("Content-Type"); got != "text/xml; charset=utf-8" {
		t.Errorf("XML comes as %s", got)
	}
	if got := inJSON.head.Get("Content-Type"); got != "application/json; charset=utf-8" {
		t.Errorf("JSON comes as %s", got)
	}
	if inXML.status != inJSON.status {
		t.Errorf("%d in XML and %d in JSON", inXML.status, inJSON.status)
	}
	var list []map[string]any
	if err := json.Unmarshal([]byte(inJSON.body), &list); err != nil {
		t.Fatalf("%v: %s", err, inJSON.body)
	}
	doc := parseXML(t, inXML.body)
	if doc.XMLName.Local != root || doc.XMLName.Space != "" || len(doc.Nodes) != len(list) {
		t.Fatalf("<%s> with %d elements, want <%s> with %d", doc.XMLName.Local, len(doc.Nodes), root, len(list))
	}
	for i, o := range list {
		if wrong := holds(fields, o); len(wrong) > 0 {
			t.Errorf("%s %d: %v", each, i, wrong)
		}
		x := doc.Nodes[i]
		if x.XMLName.Local != each || len(x.Nodes) != len(o) {
			t.Errorf("<%s> with %d fields, want <%s> with %d", x.XMLName.Local, len(x.Nodes), each, len(o))
		}
		for _, f := range x.Nodes {
			want, got := asText(o[f.XMLName.Local]), f.Text
			if a, err := strconv.ParseFloat(want, 64); err == nil {
				if b, err := strconv.ParseFloat(got, 64); err == nil && a == b {
					continue
				}
			}
			if got != want {
				t.Errorf("%s is %q in XML and %q in JSON", f.XMLName.Local, got, want)
			}
		}
	}
	return list
}
