package app_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/testkit"
)

type column struct{ name, kind string }

// schema gives the columns of every table that has a tenant.
func schema(t *testing.T, d *db.DB) map[string][]column {
	t.Helper()
	query := `SELECT m.name, c.name, c.type FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY m.name, c.cid`
	if d.Engine() == db.Postgres {
		query = `SELECT table_name, column_name, upper(data_type) FROM information_schema.columns WHERE table_schema = 'public' ORDER BY table_name, ordinal_position`
	}
	type row struct{ table, name, kind string }
	rows, err := db.All(t.Context(), d, func(r *row) []any { return []any{&r.table, &r.name, &r.kind} }, query)
	if err != nil {
		t.Fatal(err)
	}
	all, tenants := map[string][]column{}, map[string]bool{}
	for _, r := range rows {
		all[r.table] = append(all[r.table], column{r.name, r.kind})
		tenants[r.table] = tenants[r.table] || r.name == "tenant_id"
	}
	for table := range all {
		if !tenants[table] {
			delete(all, table)
		}
	}
	if len(all) < 40 {
		t.Fatalf("only %d tables have a tenant", len(all))
	}
	return all
}

// words are the columns whose texts are written by people and mean nothing to the program.
var words = map[string]bool{"name": true, "title": true, "body": true, "note": true, "remark": true, "duties": true, "place": true, "plaque_motto": true,
	"guest_name": true, "helped_name": true, "contact_name": true, "worker_name": true, "actor_name": true, "short_name": true, "file_name": true,
	"opinion": true, "work_unit": true, "address": true, "document": true, "terms": true, "content": true, "purpose": true, "message": true, "detail": true,
	"result": true, "answer": true}

// notWords are columns of these names that the program reads.
var notWords = map[string]bool{"consent.answer": true, "policy.name": true, "audit_entry.purpose": true}

// copyTenant makes the other tenant: a copy of the rows of tenant with all IDs moved and all words marked.
func copyTenant(t *testing.T, d *db.DB, tenant int64) {
	t.Helper()
	from, to := strconv.FormatInt(tenant, 10), strconv.FormatInt(otherTenant, 10)
	moved := id.ID(1) << 55 // instants in microseconds and numbers lie below, IDs above
	for table, columns := range schema(t, d) {
		var names, values []string
		for _, c := range columns {
			v := c.name
			switch {
			case c.name == "tenant_id":
				v = to
			case c.kind == "BIGINT":
				v = fmt.Sprintf("CASE WHEN %s > %d THEN %s + %d ELSE %s END", c.name, moved, c.name, idShift, c.name)
			case c.name == "code" && (table == "paper" || table == "slip_version"):
				v = "'" + to + "' || substr(code, 7)"
			case c.name == "path":
				v = "''"
			case c.kind == "TEXT" && words[c.name] && !notWords[table+"."+c.name]:
				v = fmt.Sprintf("CASE WHEN %s <> '' THEN %s || '%s' ELSE '' END", c.name, c.name, mark)
			}
			names, values = append(names, c.name), append(values, v)
		}
		testkit.Exec(t, d, "INSERT INTO "+table+" ("+strings.Join(names, ", ")+") SELECT "+strings.Join(values, ", ")+" FROM "+table+" WHERE tenant_id = "+from)
	}
	type org struct {
		id   id.ID
		path string
	}
	orgs, err := db.All(t.Context(), d, func(o *org) []any { return []any{&o.id, &o.path} }, `SELECT id, path FROM organisation WHERE tenant_id = $1`, tenant)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range orgs {
		path := "/"
		for step := range strings.FieldsSeq(strings.ReplaceAll(o.path, "/", " ")) {
			i, err := id.Parse(step)
			if err != nil {
				t.Fatal(err)
			}
			path += (i + idShift).String() + "/"
		}
		testkit.Exec(t, d, `UPDATE organisation SET path = $1 WHERE tenant_id = $2 AND id = $3`, path, otherTenant, o.id+idShift)
	}
}

// watch lets the database write down in walk_touched every change of a row of the other tenant, and every row of any other that
// names one of its IDs, from first on.
func watch(t *testing.T, d *db.DB, first id.ID) {
	t.Helper()
	testkit.Exec(t, d, `CREATE TABLE walk_touched (what TEXT NOT NULL)`)
	if d.Engine() == db.Postgres {
		testkit.Exec(t, d, fmt.Sprintf(`CREATE FUNCTION walk_watch() RETURNS trigger LANGUAGE plpgsql AS $$
			DECLARE r jsonb; c text;
			BEGIN
				IF TG_OP = 'DELETE' THEN r := to_jsonb(OLD); ELSE r := to_jsonb(NEW); END IF;
				IF r->>'tenant_id' = '%d' THEN
					INSERT INTO walk_touched VALUES (TG_OP || ' of a row of the other tenant in ' || TG_TABLE_NAME);
				ELSIF TG_OP <> 'DELETE' THEN
					FOREACH c IN ARRAY TG_ARGV LOOP
						IF (r->>c)::bigint >= %d THEN
							INSERT INTO walk_touched VALUES (TG_TABLE_NAME || '.' || c || ' names an ID of the other tenant');
						END IF;
					END LOOP;
				END IF;
				RETURN NULL;
			END $$`, otherTenant, first))
	}
	for table, columns := range schema(t, d) {
		var integers []string
		for _, c := range columns {
			if c.kind == "BIGINT" && c.name != "tenant_id" {
				integers = append(integers, c.name)
			}
		}
		if d.Engine() == db.Postgres {
			testkit.Exec(t, d, "CREATE TRIGGER walk AFTER INSERT OR UPDATE OR DELETE ON "+table+" FOR EACH ROW EXECUTE FUNCTION walk_watch('"+strings.Join(integers, "', '")+"')")
			continue
		}
		for _, act := range []string{"INSERT", "UPDATE", "DELETE"} {
			row := "NEW"
			if act == "DELETE" {
				row = "OLD"
			}
			testkit.Exec(t, d, fmt.Sprintf(`CREATE TRIGGER walk_%s_%s AFTER %s ON %s WHEN %s.tenant_id = %d BEGIN
				INSERT INTO walk_touched VALUES ('%s of a row of the other tenant in %s'); END`, table, act, act, table, row, otherTenant, act, table))
			for _, c := range integers {
				if act == "DELETE" {
					continue
				}
				testkit.Exec(t, d, fmt.Sprintf(`CREATE TRIGGER walk_%s__%s__%s AFTER %s ON %s WHEN NEW.tenant_id <> %d AND NEW.%s >= %d BEGIN
					INSERT INTO walk_touched VALUES ('%s.%s names an ID of the other tenant'); END`, table, c, act, act, table, otherTenant, c, first, table, c))
			}
		}
	}
}
