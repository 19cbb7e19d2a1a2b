package app_test

import (
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	markdownLink = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	htmlComment  = regexp.MustCompile(`(?s)<!--.*?-->`)
)

// What a document points at must be there: a reader who follows a dead link stops reading.
func TestDocumentsPointAtWhatIsThere(t *testing.T) {
	const root = "../.."
	documents := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return skipFolder(root, path, d.Name())
		}
		if filepath.Ext(path) != ".md" {
			return nil
		}
		documents++
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, dead := range deadLinks(filepath.Dir(path), string(text)) {
			t.Errorf("%s points at %s, which is not there", path, dead)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if documents < 10 {
		t.Errorf("found %d documents; the test is looking in the wrong place", documents)
	}
}

// deadLinks lists the relative links and pictures in text that lead to no file.
func deadLinks(folder, text string) []string {
	var dead []string
	for _, m := range markdownLink.FindAllStringSubmatch(htmlComment.ReplaceAllString(text, ""), -1) {
		u, err := url.Parse(m[1])
		if err == nil && (u.IsAbs() || u.Path == "") {
			continue
		}
		if err != nil {
			dead = append(dead, m[1])
		} else if _, err := os.Stat(filepath.Join(folder, filepath.FromSlash(u.Path))); err != nil {
			dead = append(dead, m[1])
		}
	}
	return dead
}

func TestDeadLinksAreSeen(t *testing.T) {
	text := "[here](docs_test.go) [part](docs_test.go#x) [out](https://example.org/) [below](#x) ![no](gone.png) <!-- [old](gone.md) -->"
	if got := strings.Join(deadLinks(".", text), " "); got != "gone.png" {
		t.Errorf("deadLinks = %q, want gone.png", got)
	}
}
