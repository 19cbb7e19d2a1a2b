package viewtest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// bare are names in pages that have no look of their own: something else takes hold of them, or they only say what a place is.
var bare = map[string]bool{"login": true, "break": true, "group": true, "event-line": true, "chart-title": true, "bar-label": true}

var (
	literal = regexp.MustCompile(`\bclass="([a-z][a-z0-9 -]*)"`)
	chosen  = regexp.MustCompile(`\.([a-z][a-z0-9-]*)`)
)

// Whoever writes a class that no style sheet knows gets a page without it, and no word of it.
func TestEveryClassHasALook(t *testing.T) {
	known := map[string]bool{}
	sheets, err := filepath.Glob("../../../tools/webassets/src/*.css")
	if err != nil || len(sheets) == 0 {
		t.Fatalf("%d style sheets, %v", len(sheets), err)
	}
	for _, f := range sheets {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range chosen.FindAllStringSubmatch(string(b), -1) {
			known[m[1]] = true
		}
	}
	pages, err := filepath.Glob("../view/*/*.templ")
	if err != nil || len(pages) == 0 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	for _, f := range pages {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range literal.FindAllStringSubmatch(string(b), -1) {
			for _, c := range strings.Fields(m[1]) {
				if !known[c] && !bare[c] {
					t.Errorf("%s: no style sheet knows the class %q", filepath.Base(f), c)
				}
			}
		}
	}
}
