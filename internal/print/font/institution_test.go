package font_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"linli/internal/print/font"
	"linli/internal/print/typeset"
)

// Characters of the institution's font can be read from the PDF like all others, also those beyond the
// basic plane.
func TestInstitutionFontInPDF(t *testing.T) {
	set, err := font.New(font.Made(t, '䶮', '𠮷', '𠮸'))
	if err != nil {
		t.Fatal(err)
	}
	d := typeset.New(set, typeset.Setup{Size: typeset.A5})
	d.Text("赵䶮、钱𠮷、孙𠮸", typeset.Plain)
	d.Text("龚𠮷", typeset.Style{Face: font.Title, Size: 20})
	p, err := d.Render()
	if err != nil || len(p.Missing) > 0 {
		t.Fatalf("Render: %v, missing %v", err, p.Missing)
	}
	file := filepath.Join(t.TempDir(), "p.pdf")
	if err := os.WriteFile(file, p.PDF, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-enc", "UTF-8", "-raw", file, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext (package poppler-utils): %v", err)
	}
	if got := strings.Join(strings.Fields(string(out)), ""); got != "赵䶮、钱𠮷、孙𠮸龚𠮷" {
		t.Errorf("read %q", got)
	}
}
