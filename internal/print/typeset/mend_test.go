package typeset

import (
	"bytes"
	"compress/zlib"
	"io"
	"strings"
	"testing"
)

func TestToUnicodeWritesSurrogatesAndShortBlocks(t *testing.T) {
	var b strings.Builder
	b.WriteString("7 0 obj\nstream\nbegincmap\n150 beginbfrange\n")
	for range 149 {
		b.WriteString("<0001><0001><4E00>\n")
	}
	b.WriteString("<0002><0002><20BB7>\nendbfrange\nendstream\nendobj\n")
	got, err := toUnicode([]byte(b.String()), 7)
	if err != nil {
		t.Fatal(err)
	}
	_, packed, _ := bytes.Cut(got, []byte("stream\n"))
	r, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"100 beginbfchar", "50 beginbfchar", "<0002> <D842DFB7>"} {
		if !strings.Contains(string(plain), want) {
			t.Errorf("lacks %q:\n%s", want, plain)
		}
	}
}

func TestMendRefusesWhatIsNoPDF(t *testing.T) {
	for _, s := range []string{"", "%PDF-1.7\n", "startxref\n99\n%%EOF", "x\nxref\n0 2\n0000000000 65535 f \nbad\ntrailer\nstartxref\n2\n%%EOF"} {
		if _, err := mend([]byte(s), "en"); err == nil {
			t.Errorf("mend(%q) took it", s)
		}
	}
}
