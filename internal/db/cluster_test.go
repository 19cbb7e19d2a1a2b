package db_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"linli/internal/db"
	"linli/internal/testkit"
)

// TestTheSchemaCanBeSpreadByTenant reads the schema of PostgreSQL and refuses what a Citus cluster distributed by tenant_id refuses.
func TestTheSchemaCanBeSpreadByTenant(t *testing.T) {
	d := testkit.Postgres(t, time.Now)
	for what, query := range map[string]string{
		"a table without tenant_id": `SELECT t.table_name FROM information_schema.tables t WHERE t.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND t.table_name <> 'goose_db_version'
			AND NOT EXISTS (SELECT 1 FROM information_schema.columns c WHERE c.table_schema = t.table_schema AND c.table_name = t.table_name AND c.column_name = 'tenant_id' AND c.data_type = 'bigint' AND c.is_nullable = 'NO')`,
		"a unique key without tenant_id": `SELECT i.indexrelid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE c.relnamespace = current_schema()::regnamespace AND i.indisunique AND c.relname <> 'goose_db_version'
			AND NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) AND a.attname = 'tenant_id')`,
		"a table without a primary key": `SELECT c.relname FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND NOT EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)`,
		"a foreign key":                 `SELECT conname FROM pg_constraint WHERE connamespace = current_schema()::regnamespace AND contype = 'f'`,
		"a trigger":                     `SELECT g.tgname FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid WHERE c.relnamespace = current_schema()::regnamespace AND NOT g.tgisinternal`,
		"a default that is worked out by the server": `SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name <> 'goose_db_version' AND (column_default LIKE '%(%' OR is_identity = 'YES')`,
		"a function or procedure":                    `SELECT proname FROM pg_proc WHERE pronamespace = current_schema()::regnamespace AND NOT EXISTS (SELECT 1 FROM pg_depend p WHERE p.objid = pg_proc.oid AND p.deptype = 'e')`,
	} {
		found, err := db.Column[string](t.Context(), d, query)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		for _, name := range found {
			t.Errorf("%s: %s", what, name)
		}
	}
}

// TestEverySQLTextCanRunOnACluster reads every SQL text in the source and refuses what Citus refuses or what would ask every tenant's node.
func TestEverySQLTextCanRunOnACluster(t *testing.T) {
	names, err := db.Column[string](t.Context(), testkit.Postgres(t, time.Now), `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()`)
	if err != nil {
		t.Fatal(err)
	}
	tables := map[string]bool{}
	for _, n := range names {
		tables[n] = n != "goose_db_version" && n != "tenant" // a reference table is on every node
	}
	texts := sqlTexts(t)
	if len(texts) < 1000 {
		t.Fatalf("found only %d texts; the test is looking in the wrong place", len(texts))
	}
	for _, x := range texts {
		for _, fault := range clusterFaults(x.text, tables) {
			file, _, _ := strings.Cut(x.at, ":")
			if slices.Contains(beginnings, file) && strings.HasPrefix(fault, "touches ") || file == "db/cluster.go" { // runs on PostgreSQL alone
				continue
			}
			t.Errorf("%s: %s\n\t%q", x.at, fault, x.text)
		}
	}
}

// beginnings are the files with texts whose condition follows where they are used, tenant first; no reading of the text alone can judge them.
var beginnings = []string{"agreement/list.go", "appraisal/retention.go", "dues/retention.go", "employment/retention.go", "exchange/retention.go", "exchange/waiting.go", "figure/record.go", "hall/retention.go",
	"intake/store.go", "mediation/retention.go", "meeting/store.go", "pairing/retention.go", "project/retention.go", "venue/retention.go", "volunteer/retention.go"}

// TestWhatAClusterRefusesIsFound shows that the reading of texts finds what it is there for.
func TestWhatAClusterRefusesIsFound(t *testing.T) {
	tables := map[string]bool{"a": true, "b": true}
	for text, want := range map[string]int{
		"SELECT x FROM a WHERE tenant_id = $1": 0,
		"SELECT x FROM a WHERE id = $1":        1,
		"SELECT x FROM a JOIN b ON b.tenant_id = a.tenant_id AND b.id = a.b WHERE a.tenant_id = $1":                          0,
		"SELECT x FROM a JOIN b ON b.id = a.b WHERE a.tenant_id = $1":                                                        1,
		"SELECT x FROM a WHERE a.tenant_id = $1 AND EXISTS (SELECT 1 FROM b WHERE b.id = a.b)":                               2,
		"SELECT x FROM a WHERE a.tenant_id = $1 AND EXISTS (SELECT 1 FROM b WHERE b.tenant_id = a.tenant_id AND b.id = a.b)": 0,
		"SELECT x FROM a WHERE a.tenant_id = $1 AND EXISTS (SELECT 1 FROM b WHERE b.tenant_id = $1 AND b.id = a.b)":          1,
		"INSERT INTO a (tenant_id, id, x) VALUES ($1, $2, (SELECT count(*) FROM b WHERE b.tenant_id = $1))":                  1,
		"UPDATE a SET x = $1 WHERE id = $2":                                                                                               1,
		"UPDATE a SET x = $1 WHERE tenant_id = $3 AND id = $2":                                                                            0,
		"UPDATE a SET x = now() WHERE tenant_id = $3 AND id = $2":                                                                         1,
		"DELETE FROM a WHERE id IN (SELECT id FROM b WHERE tenant_id = $1)":                                                               1,
		"INSERT INTO a (id, x) VALUES ($1, $2)":                                                                                           1,
		"INSERT INTO a (tenant_id, id) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING":                                                       1,
		"INSERT INTO a (tenant_id, id) VALUES ($1, $2) ON CONFLICT (tenant_id, id) DO UPDATE SET x = 1":                                   0,
		"SELECT CAST(x AS BIGINT), y::text FROM a WHERE tenant_id = $1":                                                                   1,
		"SELECT DISTINCT ON (x) x FROM a WHERE tenant_id = $1 FOR UPDATE":                                                                 2,
		"WITH c AS (SELECT id FROM a WHERE tenant_id = $1) SELECT 1 FROM c JOIN b ON b.id = c.id AND b.tenant_id = $1 WHERE b.x ILIKE $2": 1,
	} {
		if got := clusterFaults(text, tables); len(got) != want {
			t.Errorf("%s: %d faults %q, want %d", text, len(got), got, want)
		}
	}
}

var (
	refused  = regexp.MustCompile(`(?i)::|\bnow\(\)|\brandom\(\)|\bcurrent_timestamp\b|\bnextval\(|\bILIKE\b|\bMERGE INTO\b|\bDISTINCT ON\b|\bGROUPING SETS\b|\bgreatest\(|\bleast\(|\bFOR UPDATE\b`)
	inserts  = regexp.MustCompile(`(?is)\bINSERT INTO (\w+) \(([^)]*)\)`)
	conflict = regexp.MustCompile(`(?is)\bON CONFLICT \(([^)]*)\)`)
	joins    = regexp.MustCompile(`(?is)\bJOIN (\w+)(?: (?:AS )?\w+)? ON (.*?)(?:\b(?:LEFT|INNER|CROSS) JOIN\b|\bJOIN\b|\bWHERE\b|\bGROUP BY\b|\bORDER BY\b|\bLIMIT\b|\bUNION\b|$)`)
	nested   = regexp.MustCompile(`(?i)^INSERT INTO \w+ \([^)]*\) VALUES \(.*\(SELECT `)
	named    = regexp.MustCompile(`\b(?:FROM|JOIN|UPDATE|INTO) ([a-z_]\w*|\(\))(?: (?:AS )?([a-z_]\w*))?`)
	column   = regexp.MustCompile(`\b([a-z_]\w*)\.[a-z_]\w*`)
	reads    = regexp.MustCompile(`(?i)\b(?:FROM|UPDATE) (\w+)`)
)

// hole stands for a part of a text that is only known when it runs.
const hole = "\x00"

// clusterFaults is what a cluster distributed by tenant_id refuses in one text, or would have to ask every node for.
func clusterFaults(text string, tables map[string]bool) []string {
	var faults []string
	for _, m := range refused.FindAllString(text, -1) {
		faults = append(faults, "has "+m)
	}
	for _, scope := range scopes(text) {
		for _, m := range joins.FindAllStringSubmatch(scope, -1) {
			if tables[m[1]] && !strings.Contains(m[2], "tenant_id") && !strings.Contains(m[2], hole) {
				faults = append(faults, "joins "+m[1]+" without tenant_id")
			}
		}
		if outer := borrowed(scope); outer != "" && !strings.Contains(scope, "tenant_id = "+outer+".tenant_id") && !strings.Contains(scope, outer+".tenant_id = ") && !strings.Contains(scope, hole) {
			faults = append(faults, "takes a row of "+outer+" and not its tenant")
		}
		body := scope
		if strings.HasPrefix(scope, "UPDATE ") {
			_, body, _ = strings.Cut(scope, "WHERE") // what is set says nothing of which rows
		}
		for _, m := range reads.FindAllStringSubmatch(scope, -1) {
			if tables[m[1]] && !strings.Contains(body, "tenant_id") && !strings.Contains(body, hole) {
				faults = append(faults, "touches "+m[1]+" of every tenant")
			}
		}
	}
	flat := scopesFlat(text)
	for _, m := range inserts.FindAllStringSubmatch(flat, -1) {
		if tables[m[1]] && !strings.Contains(m[2], "tenant_id") && !strings.Contains(m[2], hole) {
			faults = append(faults, "inserts into "+m[1]+" without tenant_id")
		}
	}
	if nested.MatchString(flat) {
		faults = append(faults, "inserts values that a query gives")
	}
	for _, m := range conflict.FindAllStringSubmatch(flat, -1) {
		if !strings.Contains(m[1], "tenant_id") && !strings.Contains(m[1], hole) {
			faults = append(faults, "conflicts on a key without tenant_id")
		}
	}
	return faults
}

// borrowed is the alias of an outer row that a query in parentheses refers to; "" where it stands for itself.
func borrowed(scope string) string {
	if !strings.HasPrefix(scope, "SELECT ") {
		return ""
	}
	own := map[string]bool{"excluded": true}
	for _, m := range named.FindAllStringSubmatch(scope, -1) {
		own[m[1]], own[m[2]] = true, true
	}
	for _, m := range column.FindAllStringSubmatch(scope, -1) {
		if !own[m[1]] {
			return m[1]
		}
	}
	return ""
}

// scopesFlat is a text with its white space made single.
func scopesFlat(text string) string { return strings.Join(strings.Fields(text), " ") }

// scopes takes a text apart at its parentheses: what stands in one pair is a scope of its own, and leaves () behind.
func scopes(text string) []string {
	var done []string
	stack := []*strings.Builder{{}}
	for _, r := range scopesFlat(text) {
		switch {
		case r == '(':
			stack = append(stack, &strings.Builder{})
		case r == ')' && len(stack) > 1:
			inner := stack[len(stack)-1].String()
			stack = stack[:len(stack)-1]
			if regexp.MustCompile(`(?i)\b(SELECT|UPDATE|DELETE)\b`).MatchString(inner) {
				done = append(done, inner)
				stack[len(stack)-1].WriteString("()")
			} else {
				stack[len(stack)-1].WriteString("(" + inner + ")")
			}
		default:
			stack[len(stack)-1].WriteRune(r)
		}
	}
	for _, b := range stack { // an open end is a part of a longer text
		done = append(done, b.String())
	}
	return done
}

type sqlText struct{ at, text string }

// sqlTexts are the SQL texts of the source, with holes where a part is only known when it runs.
func sqlTexts(t *testing.T) []sqlText {
	t.Helper()
	root := filepath.Join(testkit.Root(), "internal")
	fset := token.NewFileSet()
	packages := map[string][]*ast.File{}
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, "_templ.go") {
			return err
		}
		f, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
		packages[filepath.Dir(path)] = append(packages[filepath.Dir(path)], f)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var list []sqlText
	for dir, files := range packages {
		known := constants(files)
		for _, f := range files {
			inside := map[ast.Expr]bool{}
			ast.Inspect(f, func(n ast.Node) bool {
				e, ok := n.(ast.Expr)
				if !ok || inside[e] {
					return true
				}
				text, ok := flatten(e, known, inside)
				if ok && regexp.MustCompile(`^\s*(SELECT|WITH|INSERT INTO|UPDATE|DELETE FROM) `).MatchString(text) {
					p := fset.Position(e.Pos())
					rel, _ := filepath.Rel(root, dir)
					list = append(list, sqlText{fmt.Sprintf("%s/%s:%d", filepath.ToSlash(rel), filepath.Base(p.Filename), p.Line), text})
				}
				return true
			})
		}
	}
	slices.SortFunc(list, func(a, b sqlText) int { return strings.Compare(a.at, b.at) })
	return list
}

// constants are the texts of a package that have a name.
func constants(files []*ast.File) map[string]ast.Expr {
	known := map[string]ast.Expr{}
	for _, f := range files {
		for _, d := range f.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.CONST {
				continue
			}
			for _, s := range g.Specs {
				v := s.(*ast.ValueSpec)
				for i, n := range v.Names {
					if i < len(v.Values) {
						known[n.Name] = v.Values[i]
					}
				}
			}
		}
	}
	return known
}

// flatten is the text of an expression that is put together from literals, and whether it is one.
func flatten(e ast.Expr, known map[string]ast.Expr, inside map[ast.Expr]bool) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind != token.STRING {
			return hole, false
		}
		inside[e] = true
		s, err := strconv.Unquote(e.Value)
		return s, err == nil
	case *ast.BinaryExpr:
		if e.Op != token.ADD {
			return hole, false
		}
		inside[e] = true
		a, okA := flatten(e.X, known, inside)
		b, okB := flatten(e.Y, known, inside)
		return a + b, okA || okB
	case *ast.ParenExpr:
		return flatten(e.X, known, inside)
	case *ast.Ident:
		if c, ok := known[e.Name]; ok {
			s, ok := flatten(c, known, map[ast.Expr]bool{})
			return s, ok
		}
	}
	return hole, false
}
