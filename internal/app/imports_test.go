package app_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"
)

// The ranks of the house, lowest first: a package imports only from lower ranks. Field packages of
// one rank are neighbours and do not import each other: they meet through an interface declared
// where it is used, and app connects them (docs/adr/0001).
const (
	foundation    = iota // knows nothing of the field
	whoAndWhere          // places, persons, organisations
	books                // ledger, counter-signatures, catalogue: what happens posts into them and refers to them
	whatHappens          // each thing is entered once, here
	whatFollows          // derived, never typed
	beyond               // what follows in several districts
	surfaces             // web and JSON
	composition          // app: builds the services and serves them
	demonstration        // makes a district through the services
	command              // main
)

// rankOf says where each package stands. A key covers the packages below it too, unless they have
// their own key. A package that is not here fails the test: decide its room first.
var rankOf = map[string]int{
	"internal/alike":      foundation, // of messages it knows their words alone
	"internal/assignment": foundation, // knows numbers alone
	"internal/attach":     foundation, // files under an owner that it knows by name only
	"internal/audit":      foundation,
	"internal/authn":      foundation,
	"internal/authz":      foundation,
	"internal/backup":     foundation,
	"internal/calendar":   foundation,
	"internal/classify":   foundation, // a label is a name to it
	"internal/code":       foundation,
	"internal/config":     foundation,
	"internal/db":         foundation,
	"internal/docx":       foundation,
	"internal/errs":       foundation,
	"internal/fact":       foundation, // the catalogue knows subjects by name only; what they are, the sources say
	"internal/file":       foundation, // content that an owner keeps, of which it knows nothing
	"internal/gram":       foundation,
	"internal/holiday":    foundation,
	"internal/i18n":       foundation,
	"internal/id":         foundation,
	"internal/intake":     foundation,
	"internal/jobs":       foundation,
	"internal/notice":     foundation, // of what it tells it knows kinds and placeholders
	"internal/outbox":     foundation,
	"internal/policy":     foundation,
	"internal/pinyin":     foundation,
	"internal/print":      foundation,
	"internal/rekey":      foundation, // knows the names of sealed columns, nothing of what they mean
	"internal/reference":  foundation, // names the field's tables, as backup does; knows none of its rules
	"internal/retention":  foundation, // knows of periods and counts, nothing of what is removed
	"internal/seal":       foundation,
	"internal/tabular":    foundation,
	"internal/telemetry":  foundation,
	"internal/webhook":    foundation, // of events it knows types; reads paths of organisations to keep to a part
	"internal/waiting":    foundation, // a word that concepts and pages share; no rule of its own

	"internal/body":         whoAndWhere,
	"internal/organisation": whoAndWhere,
	"internal/person":       whoAndWhere,
	"internal/place":        whoAndWhere,

	"internal/catalogue":   books, // what can be asked for and found: what happens refers to it
	"internal/countersign": books,
	"internal/ledger":      books,
	"internal/paper":       books, // numbers and codes of what is printed

	"internal/activity":    whatHappens,
	"internal/agreement":   whatHappens,
	"internal/appointment": whatHappens,
	"internal/complaint":   whatHappens,
	"internal/casework":    whatHappens,
	"internal/deed":        whatHappens,
	"internal/dues":        whatHappens,
	"internal/device":      whatHappens,
	"internal/election":    whatHappens,
	"internal/cobuild":     whatHappens,
	"internal/exchange":    whatHappens,
	"internal/project":     whatHappens,
	"internal/pairing":     whatHappens,
	"internal/employment":  whatHappens,
	"internal/meeting":     whatHappens,
	"internal/member":      whatHappens,
	"internal/publishing":  whatHappens,
	"internal/technician":  whatHappens,
	"internal/transfer":    whatHappens,
	"internal/twonew":      whatHappens,
	"internal/volunteer":   whatHappens,
	"internal/workplan":    whatHappens,

	"internal/appraisal":   whatFollows,
	"internal/outlet":      whatFollows, // reads hours as technicians have them
	"internal/ask":         whatFollows,
	"internal/assess":      whatFollows,
	"internal/burden":      whatFollows,
	"internal/coverage":    whatFollows,
	"internal/feedback":    whatFollows,
	"internal/figure":      whatFollows,
	"internal/fill":        whatFollows,
	"internal/resident":    whatFollows,
	"internal/dataright":   whatFollows,
	"internal/hall":        whatFollows, // makes cases from numbers
	"internal/mediation":   whatFollows, // is made from a case, and finishes it
	"internal/counselling": whatFollows, // hours are written as shifts of technicians are
	"internal/venue":       whatFollows, // hours are written as shifts of technicians are, terms as those of resources
	"internal/lovebank":    whatFollows, // credits what the ledger booked
	"internal/patrol":      whatFollows, // enters what was found on a round through cases and households
	"internal/request":     whatFollows,
	"internal/table":       whatFollows,

	"internal/region": beyond, // the figures of districts at the city above them

	"internal/api": surfaces,
	"internal/web": surfaces,

	"internal/app":  composition,
	"bench":         demonstration, // measures through the services, as the demonstration works through them
	"internal/demo": demonstration,
	"cmd":           command,

	// Tools of the maintainers; nothing in the product imports them.
	"internal/tools": command,
	"tools":          command,
}

// testOnly may be imported by test files alone.
var testOnly = map[string]bool{"internal/testkit": true, "internal/web/browsertest": true, "internal/web/viewtest": true, "bench/standin": true}

// forbidden names imports from outside the module that a rank keeps away from, by prefix.
var forbidden = map[int][]string{
	whoAndWhere: {"net/http", "html/template", "text/template", "github.com/a-h/templ"},
	books:       {"net/http", "html/template", "text/template", "github.com/a-h/templ"},
	whatHappens: {"net/http", "html/template", "text/template", "github.com/a-h/templ"},
	whatFollows: {"net/http", "html/template", "text/template", "github.com/a-h/templ"},
	beyond:      {"net/http", "html/template", "text/template", "github.com/a-h/templ"},
	surfaces:    {"database/sql", "github.com/jackc/pgx", "modernc.org/sqlite"},
}

// importEdge is one import of one file.
type importEdge struct{ file, pkg, imports string }

func TestImportsRunOneWay(t *testing.T) {
	edges, packages := moduleImports(t, "../..")
	for _, p := range packages {
		if _, ok := room(p); !ok && !testOnly[p] {
			t.Errorf("package %s stands in no room: add it to rankOf in this file (docs/architecture.md says where things go)", p)
		}
	}
	for _, e := range edges {
		if why := objection(e.pkg, e.imports); why != "" {
			t.Errorf("%s imports %s: %s", e.file, e.imports, why)
		}
	}
}

func TestImportRulesSeeEachFault(t *testing.T) {
	cases := []struct {
		name, pkg, imports string
		fault              bool
	}{
		{"foundation packages build on each other", "internal/audit", "linli/internal/db", false},
		{"the foundation knows nothing of the field", "internal/db", "linli/internal/place", true},
		{"members stand on persons", "internal/member", "linli/internal/person", false},
		{"neighbours do not import each other", "internal/member", "linli/internal/activity", true},
		{"attendance posts into the ledger", "internal/activity", "linli/internal/ledger", false},
		{"the ledger does not know what posts into it", "internal/ledger", "linli/internal/activity", true},
		{"the field does not know the web", "internal/member", "net/http", true},
		{"nor a part of the web library", "internal/figure", "net/http/httptest", true},
		{"nor templates", "internal/place", "github.com/a-h/templ", true},
		{"the web does not write SQL", "internal/web", "database/sql", true},
		{"not even in a view", "internal/web/view/member", "database/sql/driver", true},
		{"views are part of the web", "internal/web", "linli/internal/web/view/layout", false},
		{"the two surfaces do not know each other", "internal/api", "linli/internal/web", true},
		{"a page may ask the field", "internal/web", "linli/internal/member", false},
		{"the demonstration works through the services", "internal/demo", "linli/internal/member", false},
		{"the test kit stays in tests", "internal/member", "linli/internal/testkit", true},
		{"a subpackage has the rank of its parent", "internal/db/migrations", "linli/internal/member", true},
		{"main may start everything", "cmd/linli", "linli/internal/demo", false},
		{"nothing imports main", "internal/app", "linli/cmd/linli", true},
		{"a library with a like name is not the web library", "internal/member", "net/httpx", false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := objection(c.pkg, c.imports); (got != "") != c.fault {
				t.Errorf("objection(%s, %s) = %q, want fault %v", c.pkg, c.imports, got, c.fault)
			}
		})
	}
}

// objection says what is wrong with pkg importing path; empty if nothing is.
func objection(pkg, path string) string {
	from, ok := room(pkg)
	if !ok {
		return ""
	}
	inner, ours := strings.CutPrefix(path, "linli/")
	if !ours {
		for _, f := range forbidden[rankOf[from]] {
			if path == f || strings.HasPrefix(path, f+"/") {
				return "packages of this rank keep away from " + f
			}
		}
		return ""
	}
	if testOnly[inner] {
		return "it is for tests only"
	}
	to, ok := room(inner)
	if !ok || to == from {
		return ""
	}
	switch a, b := rankOf[from], rankOf[to]; {
	case b > a:
		return fmt.Sprintf("%s stands above %s; turn the dependency round with an interface where it is used", to, from)
	case b == a && a != foundation:
		return fmt.Sprintf("%s and %s are neighbours; declare a small interface where it is used and let app connect them", from, to)
	}
	return ""
}

// room finds the key of rankOf that covers pkg: the longest one.
func room(pkg string) (string, bool) {
	for p := pkg; p != "."; p = filepath.Dir(p) {
		if _, ok := rankOf[p]; ok {
			return p, true
		}
	}
	return "", false
}

// moduleImports reads the import clauses of every non-test Go file of the module at root.
func moduleImports(t *testing.T, root string) ([]importEdge, []string) {
	t.Helper()
	var edges []importEdge
	seen := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return skipFolder(root, path, d.Name())
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		pkg := filepath.ToSlash(filepath.Dir(rel))
		seen[pkg] = true
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, s := range file.Imports {
			name, err := strconv.Unquote(s.Path.Value)
			if err != nil {
				return err
			}
			edges = append(edges, importEdge{rel, pkg, name})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	packages := make([]string, 0, len(seen))
	for p := range seen {
		packages = append(packages, p)
	}
	sort.Strings(packages)
	if len(packages) < 3 {
		t.Fatalf("found only %d packages below %s; the test is looking in the wrong place", len(packages), root)
	}
	return edges, packages
}

// skipFolder leaves out what the go command leaves out: hidden and test data folders, other modules.
func skipFolder(root, path, name string) error {
	if path == root {
		return nil
	}
	if strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || name == "testdata" || name == "node_modules" || name == "data" {
		return filepath.SkipDir
	}
	if _, err := os.Stat(filepath.Join(path, "go.mod")); err == nil {
		return filepath.SkipDir
	}
	return nil
}
