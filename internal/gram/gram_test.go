package gram_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"linli/internal/gram"
)

func TestKey(t *testing.T) {
	cases := []struct{ name, in, want string }{
		{"blanks between the characters of a short name go", "王　 芳", "王芳"},
		{"full-width letters are letters", "ＡＢ公司", "ab公司"},
		{"the dots of long names are one kind", "阿不都•热西提", "阿不都·热西提"},
		{"an invisible joiner goes", "王\u200b芳", "王芳"},
		{"nothing stays nothing", " ", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := gram.Key(c.in); got != c.want {
				t.Errorf("Key(%q) = %q, want %q", c.in, got, c.want)
			}
		})
	}
}

func TestOf(t *testing.T) {
	if got, want := gram.Of("王王芳"), []string{"王", "王王", "王芳", "芳"}; !slices.Equal(got, want) {
		t.Errorf("Of = %q, want %q", got, want)
	}
}

// Whatever part of a name is searched for, the name is found; and the grams decide alone only when they may.
func TestEveryPartOfANameIsFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := []rune(rapid.StringOfN(rapid.RuneFrom([]rune("王芳李a%_!")), 1, 8, -1).Draw(t, "name"))
		from := rapid.IntRange(0, len(name)-1).Draw(t, "from")
		to := rapid.IntRange(from+1, len(name)).Draw(t, "to")
		stored, q := gram.Of(string(name)), gram.Query(string(name[from:to]))
		for _, g := range q.Grams {
			if !slices.Contains(stored, g) {
				t.Fatalf("searching %q in %q: gram %q is not stored", string(name[from:to]), string(name), g)
			}
		}
		other := rapid.StringOfN(rapid.RuneFrom([]rune("王芳李a%_!")), 0, 8, -1).Draw(t, "other")
		all := true
		for _, g := range q.Grams {
			all = all && slices.Contains(gram.Of(other), g)
		}
		if q.Exact && all != strings.Contains(other, q.Key) {
			t.Fatalf("grams of %q decide wrongly about %q", q.Key, other)
		}
	})
}

func TestLikeTakesItsSignsLiterally(t *testing.T) {
	if got := gram.Query("100%_!").Like(); got != "%100!%!_!!%" {
		t.Errorf("Like = %q", got)
	}
}
