package app_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"linli/internal/app"
	"linli/internal/authz"
	"linli/internal/i18n"
)

func TestEveryPermissionIsInARole(t *testing.T) {
	known := app.Permissions()
	declared := declaredPermissions(t)
	if len(declared) < 10 {
		t.Fatalf("found only %d declared permissions; the test is looking in the wrong place", len(declared))
	}
	for p, where := range declared {
		if !slices.Contains(known, p) {
			t.Errorf("%s (%s) is in no standard role: add it to roles.go", p, where)
		}
	}
	for _, p := range known {
		if declared[p] == "" {
			t.Errorf("%s is in a role but declared nowhere", p)
		}
	}
}

func TestMembersHoldNothingThatReachesOthers(t *testing.T) {
	// What everybody may look up: names of organisations and places, offers, published activities, and what can be asked for.
	common := []string{"organisation.find", "division.see", "activity.browse", "responsibility.browse", "catalogue.see"}
	for _, r := range app.StandardRoles() {
		if r.Staff {
			continue
		}
		for _, p := range r.Permissions {
			if !strings.HasSuffix(string(p), ".own") && !slices.Contains(common, string(p)) {
				t.Errorf("role %s holds %s, which reaches other people's rows", r.Code, p)
			}
		}
	}
}

func TestNobodyButThePlatformAdministratorGivesEveryRole(t *testing.T) {
	for _, r := range app.StandardRoles() {
		if slices.Contains(r.Gives, "*") != (r.Code == app.RolePlatform) {
			t.Errorf("role %s gives %v", r.Code, r.Gives)
		}
	}
}

// declaredPermissions finds every constant of type authz.Permission in the module, with its place.
func declaredPermissions(t *testing.T) map[authz.Permission]string {
	t.Helper()
	found := map[authz.Permission]string{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			v, ok := n.(*ast.ValueSpec)
			if !ok || !isPermission(v.Type) {
				return true
			}
			for _, value := range v.Values {
				if lit, ok := value.(*ast.BasicLit); ok {
					if s, err := strconv.Unquote(lit.Value); err == nil {
						found[authz.Permission(s)] = set.Position(lit.Pos()).String()
					}
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func isPermission(e ast.Expr) bool {
	sel, ok := e.(*ast.SelectorExpr)
	return ok && sel.Sel.Name == "Permission"
}

func TestEveryPermissionHasWords(t *testing.T) {
	for _, p := range app.Permissions() {
		if !i18n.HasActWord(string(p)) {
			t.Errorf("%s: its concept or its verb has no word in i18n/word.go, so the role editor cannot name it", p)
		}
	}
}
