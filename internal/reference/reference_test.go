package reference_test

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/reference"
	"linli/internal/testkit"
)

// columnsOf gives the columns of every table that has a tenant, in their order, with what an insert puts into them.
func columnsOf(t *testing.T, d *db.DB) map[string][][2]string {
	t.Helper()
	query := `SELECT m.name, c.name, c.type FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY m.name, c.cid`
	if d.Engine() == db.Postgres {
		query = `SELECT table_name, column_name, upper(data_type) FROM information_schema.columns WHERE table_schema = 'public' ORDER BY table_name, ordinal_position`
	}
	rows, err := db.All(t.Context(), d, func(r *[3]string) []any { return []any{&r[0], &r[1], &r[2]} }, query)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][][2]string{}
	for _, r := range rows {
		out[r[0]] = append(out[r[0]], [2]string{r[1], r[2]})
	}
	for table, columns := range out {
		if columns[0][0] != "tenant_id" {
			delete(out, table)
		}
	}
	if len(out) < 40 {
		t.Fatalf("only %d tables", len(out))
	}
	return out
}

// names says that a column of this name holds an ID.
var names = regexp.MustCompile(`_id$|_by$|^by_`)

// TestEveryColumnThatNamesAnIDIsDeclared holds All complete: who adds a column says there what it refers to.
func TestEveryColumnThatNamesAnIDIsDeclared(t *testing.T) {
	schema := columnsOf(t, testkit.SQLite(t, testkit.NewClock().Now))
	declared := map[string]int{}
	for _, r := range reference.All {
		declared[r.Table+"."+r.Column]++
		for _, in := range append(r.To, r.Kinds["attendance"]) {
			if in != "" && len(schema[string(in)]) == 0 {
				t.Errorf("%s.%s refers to %s, which is no table", r.Table, r.Column, in)
			}
		}
		if len(r.To) == 0 && len(r.Kinds) == 0 && r.Passing == "" {
			t.Errorf("%s.%s refers to nothing", r.Table, r.Column)
		}
	}
	there := map[string]bool{}
	for table, columns := range schema {
		for _, c := range columns {
			name := table + "." + c[0]
			there[name] = true
			if c[1] == "BIGINT" && c[0] != "tenant_id" && names.MatchString(c[0]) && declared[name] != 1 {
				t.Errorf("%s is declared %d times in reference.All: say there what it refers to", name, declared[name])
			}
		}
	}
	for name := range declared {
		if !there[name] {
			t.Errorf("reference.All declares %s, which the schema does not have", name)
		}
	}
}

// TestVerifyFindsEveryReferenceThatIsBroken breaks each reference in a row of its own.
func TestVerifyFindsEveryReferenceThatIsBroken(t *testing.T) {
	const nowhere, serial = 987_654_321, 1_000_000
	testkit.EachDBAt(t, testkit.NewClock().Now, func(t *testing.T, d *db.DB) {
		schema := columnsOf(t, d)
		rows, want := map[string]int{}, map[int64][]string{}
		for i, r := range reference.All {
			if r.Passing != "" {
				continue
			}
			// A row in which everything is 0 but the one column; the second of a table is another tenant's, and so on.
			tenant := int64(100_000 + rows[r.Table])
			rows[r.Table]++
			want[tenant] = append(want[tenant], fmt.Sprintf("1 rows of %s name in %s", r.Table, r.Column))
			names, values, a := []string(nil), []string(nil), &db.Args{}
			for _, c := range schema[r.Table] {
				var v any = ""
				switch {
				case c[0] == "tenant_id":
					v = tenant
				case c[0] == r.Column:
					v = nowhere
				case c[0] == r.KindColumn:
					v = "deed"
					if r.Kinds["deed"] == "" {
						v = "what nobody declared"
					}
				case c[0] == "id":
					v = serial + i
				case c[0] == "ends_at":
					v = 1
				case c[1] == "BIGINT" && (c[0] == "price" || c[0] == "amount" || c[0] == "ceiling"): // of which there is never nothing
					v = 1
				case c[1] == "BIGINT":
					v = 0
				case c[1] == "BOOLEAN":
					v = false
				case c[1] == "BYTEA":
					v = []byte{}
				}
				names, values = append(names, c[0]), append(values, a.Add(v))
			}
			testkit.Exec(t, d, "INSERT INTO "+r.Table+" ("+strings.Join(names, ", ")+") VALUES ("+strings.Join(values, ", ")+")", a.Values()...)
		}
		for tenant, broken := range want {
			faults, err := reference.Verify(t.Context(), d, tenant)
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range broken {
				if !slices.ContainsFunc(faults, func(f string) bool { return strings.HasPrefix(f, w) && strings.HasSuffix(f, "987654321") }) {
					t.Errorf("verify does not say: %s", w)
				}
			}
			if len(faults) != len(broken) {
				t.Errorf("%d references are broken, and verify says %q", len(broken), faults)
			}
		}
	})
}

func TestRequire(t *testing.T) {
	testkit.EachDBAt(t, testkit.NewClock().Now, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		mine, theirs := testkit.NewRows(t, d, testkit.Tenant), testkit.NewRows(t, d, testkit.Other)
		org, other := mine.Organisation("unit", "甲"), theirs.Organisation("unit", "乙")
		person := mine.Person(0, "某", "")
		either := []reference.Table{reference.Account, reference.Person}
		for _, c := range []struct {
			name string
			err  error
			want bool
		}{
			{"one's own is there", reference.Require(ctx, d, testkit.Tenant, reference.Organisation, org, org), true},
			{"none is nothing to look for", reference.Require(ctx, d, testkit.Tenant, reference.Organisation, 0), true},
			{"another tenant's is not there", reference.Require(ctx, d, testkit.Tenant, reference.Organisation, org, other), false},
			{"one of another table is not there", reference.Require(ctx, d, testkit.Tenant, reference.Grid, org), false},
			{"one of either table is there", reference.RequireAny(ctx, d, testkit.Tenant, either, person), true},
			{"one of neither is not", reference.RequireAny(ctx, d, testkit.Tenant, either, person, org), false},
			{"nobody's is not", reference.Require(ctx, d, testkit.Tenant, reference.Person, id.New()), false},
		} {
			if (c.err == nil) != c.want || c.err != nil && errs.KindOf(c.err) != errs.NotFound {
				t.Errorf("%s: %v", c.name, c.err)
			}
		}
	})
}
