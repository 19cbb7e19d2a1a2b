package api_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"linli/internal/api/rest"
	"linli/internal/db"
	"linli/internal/testkit"
)

// step is one request of the walk through the whole API. Names in braces stand for what the district has or got in an
// earlier step.
type step struct {
	op    string    // operation
	path  string    // address
	body  string    // JSON, or a file
	save  string    // keeps "id" of the answer under this name
	keep  string    // field to keep instead of id
	want  int       // status for who may; 200, 201 or 204 if 0
	at    time.Time // moves the clock first
	file  bool      // body is a file
	pub   bool      // public: whoever has the code may look
	staff bool      // by the account of somebody who is no member
}

var braces = regexp.MustCompile(`\{([a-z0-9_]+)\}`)

func (s *side) fill(text string) string {
	return braces.ReplaceAllStringFunc(text, func(m string) string {
		if v, ok := s.names[strings.Trim(m, "{}")]; ok {
			return v
		}
		return m
	})
}

// Every operation is called by somebody of the other district who holds every permission there, with the identifiers
// and then the very request that succeeds here. They must get nothing of this district and change nothing in it.
func TestDistrictsNeverMeetOnAnyOperation(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		a, b := w.sides[0], w.sides[1]
		done := map[string]bool{}
		for _, st := range walk {
			op := w.operation(st.op)
			if op == nil {
				t.Errorf("%s is no operation", st.op)
				continue
			}
			done[st.op] = true
			if !st.at.IsZero() {
				w.clock.Set(st.at)
			}
			c := call{method: op.Method, path: a.fill(st.path), body: a.fill(st.body)}
			if st.file {
				c.header = map[string]string{"Content-Type": "application/octet-stream"}
			}
			w.asStranger(st, c, a, b)
			w.asOwner(st, c, a)
		}
		for _, op := range w.kit.Operations() {
			if !done[op.ID] {
				t.Errorf("%s (%s %s) is not in the walk: add a step", op.ID, op.Method, op.Path)
			}
		}
	})
}

func (w *world) operation(name string) *rest.Op {
	for _, op := range w.kit.Operations() {
		if op.ID == name {
			return op
		}
	}
	return nil
}

// asStranger calls as the other district and sees that nothing leaks and nothing changes.
func (w *world) asStranger(st step, c call, a, b *side) {
	w.t.Helper()
	before := w.digest(a.tenant)
	c.token, c.body = b.token, strings.ReplaceAll(c.body, "亭湖", "京口")
	c.path = strings.ReplaceAll(c.path, "%E4%BA%AD%E6%B9%96", "%E4%BA%AC%E5%8F%A3")
	if st.pub { // a code holds for the district it names, whoever brings it
		c.body = strings.ReplaceAll(c.body, fmt.Sprint(a.tenant, "-"), fmt.Sprint(b.tenant, "-"))
	}
	rec := w.do(c)
	if after := w.digest(a.tenant); difference(before, after) != "" {
		w.t.Errorf("%s %s: another district changed this one's rows: %s", c.method, c.path, difference(before, after))
	}
	if rec.Code >= 500 {
		w.t.Errorf("%s %s as another district = %d %s", c.method, c.path, rec.Code, rec.Body)
	}
	if st.pub {
		return
	}
	answer := rec.Body.String()
	for name, v := range a.names {
		if len(v) <= 6 {
			continue // a version, not an identifier
		}
		said := strings.Contains(c.path, v) || strings.Contains(c.body, v)
		if said && c.method != "GET" && rec.Code < 400 {
			w.t.Errorf("%s %s %s: a write that names %s of another district is taken: %d %s", c.method, c.path, c.body, name, rec.Code, answer)
		}
		if !said && strings.Contains(answer, v) {
			w.t.Errorf("%s %s as another district = %d with %s of this one: %s", c.method, c.path, rec.Code, name, answer)
		}
	}
	if strings.Contains(answer, "亭湖") {
		w.t.Errorf("%s %s as another district names this one: %s", c.method, c.path, answer)
	}
}

// asOwner calls as who may, which shows that the request itself is right.
func (w *world) asOwner(st step, c call, a *side) {
	w.t.Helper()
	c.token = a.token
	if st.staff {
		c.token = a.staff
	}
	rec := w.do(c)
	ok := rec.Code == st.want || (st.want == 0 && slices.Contains([]int{200, 201, 204}, rec.Code))
	if !ok {
		w.t.Errorf("%s: %s %s %s = %d %s", st.op, c.method, c.path, c.body, rec.Code, rec.Body)
		return
	}
	if st.save == "" {
		return
	}
	var m map[string]any
	if err := json.Unmarshal(rec.Body.Bytes(), &m); err != nil {
		w.t.Errorf("%s: %v: %s", st.op, err, rec.Body)
		return
	}
	key := st.keep
	if key == "" {
		key = "id"
	}
	v, found := dig(m, key)
	if list, _ := m["items"].([]any); !found && len(list) > 0 {
		v, _ = dig(list[0], key)
	}
	if v == nil {
		w.t.Errorf("%s: the answer has no %s: %s", st.op, key, rec.Body)
	}
	a.names[st.save] = strings.TrimSuffix(fmt.Sprint(v), ".0")
}

// dig follows the names of a key, separated by dots, through an answer; of a list the first item counts.
func dig(v any, key string) (any, bool) {
	for _, name := range strings.Split(key, ".") {
		if list, ok := v.([]any); ok && len(list) > 0 {
			v = list[0]
		}
		m, _ := v.(map[string]any)
		var found bool
		if v, found = m[name]; !found {
			return nil, false
		}
	}
	return v, true
}

// digest is a digest of every row of a tenant, by table.
func (w *world) digest(tenant int64) map[string]string {
	w.t.Helper()
	out := map[string]string{}
	for _, table := range w.tables() {
		rows, err := w.app.DB.Query(w.t.Context(), "SELECT * FROM "+table+" WHERE tenant_id = $1", tenant)
		if err != nil {
			w.t.Fatal(err)
		}
		cols, err := rows.Columns()
		if err != nil {
			w.t.Fatal(err)
		}
		var lines []string
		for rows.Next() {
			dest, values := make([]any, len(cols)), make([]any, len(cols))
			for i := range dest {
				dest[i] = &values[i]
			}
			if err := rows.Scan(dest...); err != nil {
				w.t.Fatal(err)
			}
			lines = append(lines, fmt.Sprint(values...))
		}
		if err := rows.Close(); err != nil {
			w.t.Fatal(err)
		}
		slices.Sort(lines)
		out[table] = fmt.Sprintf("%d rows %x", len(lines), sha256.Sum256([]byte(strings.Join(lines, "\n"))))
	}
	return out
}

func difference(before, after map[string]string) string {
	var out []string
	for table := range before {
		if before[table] != after[table] {
			out = append(out, table+": "+before[table]+" -> "+after[table])
		}
	}
	return strings.Join(out, "; ")
}

// tables are all tables with a tenant.
func (w *world) tables() []string {
	w.t.Helper()
	query := `SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c ON c.name = 'tenant_id' WHERE m.type = 'table' ORDER BY m.name`
	if w.app.DB.Engine() == db.Postgres {
		query = `SELECT table_name FROM information_schema.columns WHERE column_name = 'tenant_id' AND table_schema = 'public' ORDER BY table_name`
	}
	list, err := db.Column[string](w.t.Context(), w.app.DB, query)
	if err != nil || len(list) < 40 {
		w.t.Fatalf("tables with a tenant: %d, %v", len(list), err)
	}
	return list
}

// The matrix itself must be able to fail: a change of this district's rows shows in the digest.
func TestTheDigestSeesAChange(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		before := w.digest(w.sides[0].tenant)
		testkit.NewRows(t, w.app.DB, w.sides[0].tenant).Person(0, "Somebody", "")
		if difference(before, w.digest(w.sides[0].tenant)) == "" {
			t.Error("a new person does not show")
		}
		if d := difference(before, before); d != "" {
			t.Error(d)
		}
	})
}
