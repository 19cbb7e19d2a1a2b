package font

import (
	"bytes"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// made is a TrueType font with the glyph of 一 under the given characters.
func made(t testing.TB, chars ...rune) []byte {
	t.Helper()
	s := set(t, nil)
	f := find(t, s, '一')
	j := NewJoin()
	j.open(f.src)
	for _, r := range chars {
		j.want[int(r)] = pick{f.src, f.lookup('一')}
	}
	return j.TTF()
}

func set(t testing.TB, institution []byte) *Set {
	t.Helper()
	s, err := New(institution)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func find(t testing.TB, s *Set, r rune) *Font {
	t.Helper()
	f, err := s.Find(Text, r)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestMissing(t *testing.T) {
	for _, c := range []struct {
		why         string
		institution []rune
		text, want  string
	}{
		{"everyday text is there", nil, "党员参与社区情况反馈单（2026年）：16.5小时，「」『』【】《》—…·", ""},
		{"rare characters of names come from the second font", nil, "罴骉龑羴赟喆", ""},
		{"signs of forms are there", nil, "□■√①⑩℃№→※☆●○×÷±≥≤", ""},
		{"what no font has is named once, in order", nil, "㛃䶮罴䶮龑", "㛃䶮"},
		{"the font of the institution fills in", []rune("䶮"), "㛃䶮", "㛃"},
		{"also beyond the basic plane", []rune("䶮𠮷𠮸"), "䶮𠮷𠮸𠮹", "𠮹"},
		{"a newline is not a character", nil, "一\n二", ""},
	} {
		var own []byte
		if c.institution != nil {
			own = made(t, c.institution...)
		}
		got, err := set(t, own).Missing(c.text)
		if err != nil || string(got) != c.want {
			t.Errorf("%s: Missing(%q) = %q, %v, want %q", c.why, c.text, string(got), err, c.want)
		}
	}
}

func TestLicenceIsThere(t *testing.T) {
	if !strings.Contains(Licence(), "SIL OPEN FONT LICENSE Version 1.1") {
		t.Error("the text of the OFL is missing")
	}
}

func TestInstitutionFontThatCannotBeUsed(t *testing.T) {
	good := made(t, '䶮')
	for why, b := range map[string][]byte{
		"empty":           {},
		"not a font":      []byte("PK\x03\x04 a spreadsheet, by mistake"),
		"CFF outlines":    append([]byte("OTTO"), good[4:]...),
		"WOFF 2":          []byte("wOF2, which needs another decoder and so on and on"),
		"cut in the half": good[:len(good)/2],
		"only the head":   good[:12],
	} {
		if _, err := New(b); err == nil {
			t.Errorf("New(%s) took it", why)
		}
	}
}

func TestSubsetKeepsGlyphsAndWidths(t *testing.T) {
	f := find(t, set(t, nil), '一')
	rapid.Check(t, func(rt *rapid.T) {
		chars := map[rune]bool{}
		for _, r := range rapid.SliceOfN(rapid.SampledFrom([]rune("一二三党员Aéü１，。0@ 邻里")), 1, 12).Draw(rt, "chars") {
			chars[r] = true
		}
		small := &Font{Name: "small", packed: f.Subset(chars)}
		if err := small.load(); err != nil {
			rt.Fatal(err)
		}
		for r := range chars {
			if small.Width(r) != f.Width(r) {
				rt.Errorf("width of %q is %v, want %v", r, small.Width(r), f.Width(r))
			}
			if !bytes.HasPrefix(small.src.outline(small.lookup(r)), head(f.src.outline(f.lookup(r)))) {
				rt.Errorf("outline of %q differs", r)
			}
		}
		if !chars['里'] && small.lookup('里') != 0 {
			rt.Errorf("里 is there and was not asked for")
		}
	})
}

// head is the part of an outline that does not depend on the numbers of glyphs.
func head(outline []byte) []byte { return outline[:min(len(outline), 10)] }

func TestWOFFThereAndBack(t *testing.T) {
	ttf := made(t, '一', '二', '𠮷')
	j := NewJoin()
	if err := j.Take(ttf); err != nil {
		t.Fatal(err)
	}
	if j.Len() != 2 {
		t.Errorf("took %d characters, want the 2 of the basic plane", j.Len())
	}
	woff, err := j.WOFF()
	if err != nil {
		t.Fatal(err)
	}
	got, err := Decode(woff)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(j.TTF(), got); d != "" {
		t.Errorf("decoded font differs: %s", d)
	}
}

func TestDecodeRefuses(t *testing.T) {
	bad := bytes.Clone(sansFile[:200])
	for why, b := range map[string][]byte{
		"nothing":           nil,
		"text":              []byte("not a font at all, but longer than the forty-four bytes of a head"),
		"cut short":         sansFile[:60],
		"tables beyond end": bad,
	} {
		if _, err := Decode(b); !errors.Is(err, errFont) {
			t.Errorf("Decode(%s) = %v, want errFont", why, err)
		}
	}
}

func TestFontsAreUnpackedOnceByManyGoroutines(t *testing.T) {
	s := set(t, nil)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for _, r := range "党A龑䶮" {
				if _, err := s.Find(Title, r); err != nil {
					t.Error(err)
				}
			}
			f, _ := s.Find(Text, '党')
			f.Subset(map[rune]bool{'党': true})
		})
	}
	wg.Wait()
}

func FuzzDecode(f *testing.F) {
	j := NewJoin()
	s := set(f, nil)
	src := find(f, s, '一')
	j.open(src.src)
	j.want['一'] = pick{src.src, src.lookup('一')}
	small, err := j.WOFF()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(small)
	f.Add(j.TTF())
	f.Fuzz(func(t *testing.T, b []byte) {
		own := &Font{Name: "fuzz", packed: b}
		if own.load() == nil { // must not panic whatever it is
			own.Width('一')
		}
	})
}
