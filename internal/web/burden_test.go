package web_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"linli/internal/i18n"
)

var (
	postForm   = regexp.MustCompile(`(?s)<form[^>]*method="post".*?</form>`)
	asksInput  = regexp.MustCompile(`@field\.(Text|Phone|Email|Password|Date|DateTime|Time|Number|Textarea|Select|Radios|Checks|Check|File|Typeahead)\(|@giving\(|@about\(|@said\(`)
	byHand     = regexp.MustCompile(`<(input|select|textarea)[^>]*>`)
	handAsked  = regexp.MustCompile(`@field\.Asked\(`)
	countedAs  = regexp.MustCompile(`@?field\.Counted\("([a-z_.]+)"\)|Form: +"([a-z_.]+)"|@form\(p, f, "([a-z_.]+)"\)`)
	reasonAsks = regexp.MustCompile(`(?s)Confirm: &partial\.Confirm\{[^}]*?Reason:[^}]*\}`)
)

// sources are the templates and rows of the pages, by file.
func sources(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, "_templ.go") || strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "browsertest") {
			return err
		}
		if ext := filepath.Ext(path); ext == ".templ" || ext == ".go" {
			b, err := os.ReadFile(path)
			out[filepath.ToSlash(path)] = string(b)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// uncounted are the forms of people who are not logged in yet, and the secret ballot: how many choices somebody changed says something about them.
func uncounted(path, form string) bool {
	return path == "view/appraisal/own.templ" && strings.Contains(form, `"/ballot")`) || path == "view/home/home.templ" && strings.Contains(form, `action="/login`)
}

// Every form that asks something is counted, so that the burden ledger shows the whole burden.
func TestEveryFormThatAsksIsCounted(t *testing.T) {
	forms := 0
	for path, text := range sources(t) {
		for _, form := range postForm.FindAllString(text, -1) {
			asked := asksInput.MatchString(form)
			if uncounted(path, form) {
				continue
			}
			for _, input := range byHand.FindAllString(form, -1) {
				if strings.Contains(input, `type="hidden"`) || strings.Contains(input, "data-find") {
					continue
				}
				asked = true
				if !handAsked.MatchString(form) {
					t.Errorf("%s: a form has the input %s without field.Asked", path, input)
				}
			}
			if !asked {
				continue
			}
			forms++
			if !strings.Contains(form, "@field.Counted(") {
				t.Errorf("%s: a form asks and is not counted:\n%.300s", path, form)
			}
		}
		for _, question := range reasonAsks.FindAllString(text, -1) {
			forms++
			if !strings.Contains(question, "Form:") {
				t.Errorf("%s: a question asks a reason and is not counted:\n%s", path, question)
			}
		}
	}
	if forms < 60 {
		t.Errorf("found %d forms that ask; the search misses some", forms)
	}
}

// The burden page speaks of forms in words.
func TestEveryCountedFormHasAName(t *testing.T) {
	seen := map[string]bool{}
	for path, text := range sources(t) {
		for _, m := range countedAs.FindAllStringSubmatch(text, -1) {
			name := m[1] + m[2] + m[3]
			seen[name] = true
			if n, ok := i18n.BurdenForms[name]; !strings.HasSuffix(name, ".") && (!ok || n.In(i18n.ZH) == "" || n.In(i18n.EN) == "") {
				t.Errorf("%s: the form %s has no name in words", path, name)
			}
		}
	}
	for name := range i18n.BurdenForms {
		if !seen[name] && !strings.HasPrefix(name, "organisation.") {
			t.Errorf("%s has a name but no form", name)
		}
	}
}
