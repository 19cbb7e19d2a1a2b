// Package viewtest reads rendered pages in tests: Render draws a component, Find and Text look into
// it, and Check holds every page to the rules that can be checked without a browser: unique ids,
// named inputs and buttons, references that lead somewhere, nothing inline that the content policy
// would refuse.
package viewtest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"linli/internal/i18n"
)

// Render draws c in language l and parses the result.
func Render(t testing.TB, l i18n.Lang, c templ.Component) *html.Node {
	t.Helper()
	var b bytes.Buffer
	if err := c.Render(i18n.With(context.Background(), l), &b); err != nil {
		t.Fatalf("render: %v", err)
	}
	return Parse(t, b.String())
}

// Parse reads HTML.
func Parse(t testing.TB, s string) *html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(s))
	if err != nil {
		t.Fatalf("parse: %v", err)
	}
	return root
}

// Children draws frame with body as its children.
func Children(frame, body templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return frame.Render(templ.WithChildren(ctx, body), w)
	})
}

// Find lists the elements with this tag ("" for any) that carry all these attributes, given as
// "name" or "name=value", in the order of the page.
func Find(root *html.Node, tag string, attrs ...string) []*html.Node {
	var list []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && (tag == "" || n.Data == tag) && hasAll(n, attrs) {
			list = append(list, n)
		}
	}
	return list
}

// One is the only element that Find finds; anything else ends the test.
func One(t testing.TB, root *html.Node, tag string, attrs ...string) *html.Node {
	t.Helper()
	list := Find(root, tag, attrs...)
	if len(list) != 1 {
		t.Fatalf("%d elements <%s %s>, want 1", len(list), tag, strings.Join(attrs, " "))
	}
	return list[0]
}

func hasAll(n *html.Node, attrs []string) bool {
	for _, a := range attrs {
		name, value, exact := strings.Cut(a, "=")
		got, ok := attr(n, name)
		if !ok || exact && got != value && !(name == "class" && contains(strings.Fields(got), value)) {
			return false
		}
	}
	return true
}

func attr(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

// Attr is the value of an attribute; empty if there is none.
func Attr(n *html.Node, name string) string {
	v, _ := attr(n, name)
	return v
}

// Text is the text in n with runs of white space as one space.
func Text(n *html.Node) string {
	var b strings.Builder
	if n.Type == html.TextNode {
		b.WriteString(n.Data)
	}
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func contains(list []string, s string) bool {
	for _, e := range list {
		if e == s {
			return true
		}
	}
	return false
}

// Check reports everything on the page that breaks the rules named above.
func Check(t testing.TB, root *html.Node) {
	t.Helper()
	for _, fault := range Faults(root) {
		t.Error(fault)
	}
}

// Faults is what Check reports.
func Faults(root *html.Node) []string {
	ids, faults := idsOf(root)
	labelled := map[string]bool{}
	for _, l := range Find(root, "label", "for") {
		labelled[Attr(l, "for")] = true
	}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			faults = append(faults, inline(n)...)
			faults = append(faults, references(n, ids)...)
			faults = append(faults, unnamed(n, labelled)...)
		}
	}
	return faults
}

func idsOf(root *html.Node) (map[string]bool, []string) {
	ids, faults := map[string]bool{}, []string(nil)
	for _, n := range Find(root, "", "id") {
		id := Attr(n, "id")
		if ids[id] {
			faults = append(faults, fmt.Sprintf("the id %q stands twice", id))
		}
		ids[id] = true
	}
	return ids, faults
}

// inline finds what the content policy refuses.
func inline(n *html.Node) []string {
	var faults []string
	for _, a := range n.Attr {
		if a.Key == "style" || strings.HasPrefix(a.Key, "on") || strings.HasPrefix(a.Key, "hx-on") {
			faults = append(faults, fmt.Sprintf("<%s> carries %s=%q, which the content policy refuses", n.Data, a.Key, a.Val))
		}
	}
	if n.Data == "style" || n.Data == "script" && Attr(n, "src") == "" {
		faults = append(faults, fmt.Sprintf("an inline <%s> stands on the page", n.Data))
	}
	return faults
}

// references finds ids that lead nowhere.
func references(n *html.Node, ids map[string]bool) []string {
	var faults []string
	for _, name := range []string{"for", "form", "aria-describedby", "aria-labelledby", "aria-controls", "data-opens"} {
		value, ok := attr(n, name)
		for _, id := range strings.Fields(value) {
			if ok && !ids[id] {
				faults = append(faults, fmt.Sprintf("<%s %s=%q> leads nowhere", n.Data, name, id))
			}
		}
	}
	return faults
}

// unnamed finds what a screen reader could not announce.
func unnamed(n *html.Node, labelled map[string]bool) []string {
	switch n.Data {
	case "input", "select", "textarea":
		if Attr(n, "type") == "hidden" || Attr(n, "aria-label") != "" || labelled[Attr(n, "id")] || inLabel(n) {
			return nil
		}
	case "button", "a", "summary":
		if Text(n) != "" || Attr(n, "aria-label") != "" {
			return nil
		}
	case "img":
		if _, ok := attr(n, "alt"); ok {
			return nil
		}
	case "svg":
		if Attr(n, "aria-hidden") == "true" || Attr(n, "role") == "img" || Attr(n, "aria-label") != "" {
			return nil
		}
	default:
		return nil
	}
	return []string{fmt.Sprintf("<%s name=%q id=%q> has no name", n.Data, Attr(n, "name"), Attr(n, "id"))}
}

func inLabel(n *html.Node) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Data == "label" {
			return true
		}
	}
	return false
}
