package i18n_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// hanAllowed lists the folders whose Chinese is data, not interface text.
var hanAllowed = []string{
	"internal/i18n/",     // the catalogue itself
	"internal/demo/",     // invented names and stories
	"internal/code/",     // published code lists
	"internal/calendar/", // names of holidays in the State Council's notices
	"internal/fill/",     // words that offices print on their forms, by which these are recognised; what people see of it stands here
	"internal/testkit/",  // forms drawn for tests
	"internal/tools/",    // maintainers' tools
	"tools/",
}

func TestChineseStandsInTheCatalogueOnly(t *testing.T) {
	files := 0
	eachSource(t, func(rel string, src []byte) {
		if strings.HasSuffix(rel, "_test.go") || strings.HasSuffix(rel, "_templ.go") || allowed(rel) {
			return
		}
		files++
		for _, f := range hanFaults(t, rel, src) {
			t.Errorf("%s: move this text into internal/i18n", f)
		}
	})
	if files < 2 {
		t.Fatalf("looked at only %d files; the test is looking in the wrong place", files)
	}
}

func TestHanFaultsAreSeen(t *testing.T) {
	cases := []struct {
		name, file, src string
		want            int
	}{
		{"a Chinese literal is a fault", "a.go", "package a\nvar x = \"党员\"\n", 1},
		{"a raw literal too", "a.go", "package a\nvar x = `请 登录`\n", 1},
		{"a rune too", "a.go", "package a\nconst x = '党'\n", 1},
		{"an escaped one too", "a.go", `package a` + "\n" + `const x = "\u515a"` + "\n", 1},
		{"a comment may explain in Chinese", "a.go", "package a\n\n// x is 党员.\nvar x = \"member\"\n", 0},
		{"punctuation alone is no text: parsers and line breakers need it", "a.go", "package a\nvar x = \"，\"\n", 0},
		{"markup text is a fault", "a.templ", "package a\ntempl A() {\n<p>党员</p>\n}\n", 1},
		{"an attribute is a fault", "a.templ", "package a\ntempl A() {\n<p title=\"党员\"></p>\n}\n", 1},
		{"comments in templates are free", "a.templ", "package a\n// 党员\n/* 党员 */\ntempl A() {\n<!-- 党员 -->\n<p>x</p>\n}\n", 0},
		{"an address does not hide what follows", "a.templ", "package a\ntempl A() {\n<a href=\"https://x.example\">党员</a>\n}\n", 1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := hanFaults(t, c.file, []byte(c.src)); len(got) != c.want {
				t.Errorf("hanFaults = %q, want %d", got, c.want)
			}
		})
	}
}

func TestTextsAreWholeInBothLanguages(t *testing.T) {
	texts := catalogue(t)
	if len(texts) < 10 {
		t.Fatalf("found only %d texts; the test is looking in the wrong place", len(texts))
	}
	for name, e := range texts {
		if f := textFault(e.zh, e.en); f != "" {
			t.Errorf("%s: %s %s", e.at, name, f)
		}
	}
}

func TestTextFaultsAreSeen(t *testing.T) {
	cases := []struct {
		name, zh, en string
		fault        bool
	}{
		{"the same placeholders in another order", "{0} 的 {1}", "{1} of {0}", false},
		{"one forgotten in English", "共 {0} 名", "members", true},
		{"one forgotten in Chinese", "党员", "{0} members", true},
		{"a gap in the numbers", "{1} 名", "{1} members", true},
		{"no English", "党员", "", true},
		{"no Chinese", "", "Members", true},
		{"English where Chinese belongs is no fault if it is a name", "CSV", "CSV", false},
		{"Chinese left in the English text", "党员", "党员", true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := textFault(c.zh, c.en); (got != "") != c.fault {
				t.Errorf("textFault(%q, %q) = %q, want fault %v", c.zh, c.en, got, c.fault)
			}
		})
	}
}

// Calls that fill a text must bring as many arguments as it has places. Only calls that name the
// text directly can be checked: T(ctx, i18n.X, …), New(kind, i18n.X, …), Field and With(name, i18n.X, …),
// i18n.X.In(lang, …).
func TestTextsGetTheirArguments(t *testing.T) {
	texts := catalogue(t)
	eachSource(t, func(rel string, src []byte) {
		if !strings.HasSuffix(rel, ".go") || strings.HasSuffix(rel, "_test.go") {
			return
		}
		for _, f := range argumentFaults(t, rel, src, texts) {
			t.Error(f)
		}
	})
}

func TestArgumentFaultsAreSeen(t *testing.T) {
	texts := map[string]entry{"Two": {zh: "{0}{1}", en: "{0}{1}"}, "None": {zh: "x", en: "x"}}
	const head = "package a\nfunc f() {\n"
	cases := []struct {
		name, call string
		want       int
	}{
		{"both given", "i18n.T(ctx, i18n.Two, 1, 2)", 0},
		{"one missing", "i18n.T(ctx, i18n.Two, 1)", 1},
		{"one too many", "i18n.T(ctx, i18n.None, 1)", 1},
		{"errors count too", "errs.New(errs.Conflict, i18n.Two)", 1},
		{"and what is wrong with a field", "e = e.With(\"end\", i18n.Two, 1)", 1},
		{"so does In", "i18n.Two.In(l, 1)", 1},
		{"a spread list cannot be counted", "i18n.T(ctx, i18n.Two, args...)", 0},
		{"an unknown text is the compiler's business", "i18n.T(ctx, i18n.Other)", 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := argumentFaults(t, "a.go", []byte(head+c.call+"\n}\n"), texts); len(got) != c.want {
				t.Errorf("argumentFaults = %q, want %d", got, c.want)
			}
		})
	}
}

func allowed(rel string) bool {
	return slices.ContainsFunc(hanAllowed, func(p string) bool { return strings.HasPrefix(rel, p) })
}

// eachSource hands every .go and .templ file of the module to f.
func eachSource(t *testing.T, f func(rel string, src []byte)) {
	t.Helper()
	const root = "../.."
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if n := d.Name(); path != root && (strings.HasPrefix(n, ".") || n == "testdata" || n == "node_modules" || n == "data") {
				return filepath.SkipDir
			}
			return nil
		}
		if ext := filepath.Ext(path); ext != ".go" && ext != ".templ" {
			return nil
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		f(filepath.ToSlash(rel), src)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// hanFaults lists the places of src where Chinese is written into the program.
func hanFaults(t *testing.T, name string, src []byte) []string {
	t.Helper()
	var out []string
	if strings.HasSuffix(name, ".templ") {
		for i, line := range strings.Split(templComments.ReplaceAllStringFunc(string(src), keepLines), "\n") {
			if hasHan(line) {
				out = append(out, fmt.Sprintf("%s:%d %s", name, i+1, strings.TrimSpace(line)))
			}
		}
		return out
	}
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, src, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		lit, ok := n.(*ast.BasicLit)
		if !ok || (lit.Kind != token.STRING && lit.Kind != token.CHAR) {
			return true
		}
		s := lit.Value
		if u, err := strconv.Unquote(s); err == nil {
			s = u
		}
		if hasHan(s) {
			out = append(out, fmt.Sprintf("%s:%d %s", name, set.Position(lit.Pos()).Line, lit.Value))
		}
		return true
	})
	return out
}

var templComments = regexp.MustCompile(`(?s)<!--.*?-->|/\*.*?\*/|(?m:^[ \t]*//[^\n]*|[ \t]//[^\n]*)`)

func keepLines(s string) string { return strings.Repeat("\n", strings.Count(s, "\n")) }

func hasHan(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// entry is one text of the catalogue and where it stands.
type entry struct{ zh, en, at string }

// catalogue reads the declarations `X = text(zh, en)` of this package.
func catalogue(t *testing.T) map[string]entry {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]entry{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			for i, v := range spec.Values {
				collect(set, out, spec.Names[min(i, len(spec.Names)-1)].Name, v)
			}
			return false
		})
	}
	return out
}

// collect adds the texts in v under name; those inside a list or map get a numbered name.
func collect(set *token.FileSet, out map[string]entry, name string, v ast.Expr) {
	ast.Inspect(v, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) != 2 {
			return true
		}
		if f, ok := call.Fun.(*ast.Ident); !ok || f.Name != "text" {
			return true
		}
		key := name
		if n != ast.Node(v) {
			key = fmt.Sprintf("%s#%d", name, set.Position(call.Pos()).Offset)
		}
		out[key] = entry{constant(call.Args[0]), constant(call.Args[1]), set.Position(call.Pos()).String()}
		return false
	})
}

// constant evaluates string literals joined by +.
func constant(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, _ := strconv.Unquote(e.Value) // a literal that parsed also unquotes
		return s
	case *ast.BinaryExpr:
		return constant(e.X) + constant(e.Y)
	case *ast.ParenExpr:
		return constant(e.X)
	}
	return ""
}

var placeholder = regexp.MustCompile(`\{(\d+)\}`)

// places lists the placeholder numbers of s, each once, in order.
func places(s string) []int {
	var out []int
	for _, m := range placeholder.FindAllStringSubmatch(s, -1) {
		n, _ := strconv.Atoi(m[1]) // only digits match
		out = append(out, n)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func textFault(zh, en string) string {
	p, q := places(zh), places(en)
	switch {
	case zh == "":
		return "has no Chinese"
	case en == "":
		return "has no English"
	case !slices.Equal(p, q):
		return fmt.Sprintf("has placeholders %v in Chinese and %v in English", p, q)
	case len(p) > 0 && p[len(p)-1] != len(p)-1:
		return fmt.Sprintf("numbers its placeholders %v with a gap", p)
	case zh == en && hasHan(en):
		return "is Chinese in both languages; use Verbatim for a name"
	}
	return ""
}

// argumentFaults lists calls in src that fill a text with too few or too many arguments.
func argumentFaults(t *testing.T, name string, src []byte, texts map[string]entry) []string {
	t.Helper()
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, src, 0)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || call.Ellipsis != token.NoPos {
			return true
		}
		text, given, ok := filling(call)
		if !ok {
			return true
		}
		if e, known := texts[text]; known && given != len(places(e.zh)) {
			out = append(out, fmt.Sprintf("%s:%d i18n.%s has %d places and gets %d arguments",
				name, set.Position(call.Pos()).Line, text, len(places(e.zh)), given))
		}
		return true
	})
	return out
}

// filling reads a call that fills a named text: which one, and with how many arguments.
func filling(call *ast.CallExpr) (text string, given int, ok bool) {
	fun, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return "", 0, false
	}
	if fun.Sel.Name == "In" && len(call.Args) > 0 {
		if name, ok := catalogued(fun.X); ok {
			return name, len(call.Args) - 1, true
		}
	}
	if len(call.Args) < 2 || !slices.Contains([]string{"T", "New", "Field", "With"}, fun.Sel.Name) {
		return "", 0, false
	}
	name, ok := catalogued(call.Args[1])
	return name, len(call.Args) - 2, ok
}

// catalogued recognises i18n.Name.
func catalogued(e ast.Expr) (string, bool) {
	sel, ok := e.(*ast.SelectorExpr)
	if !ok {
		return "", false
	}
	pkg, ok := sel.X.(*ast.Ident)
	return sel.Sel.Name, ok && pkg.Name == "i18n"
}
