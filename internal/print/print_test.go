package print_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"linli/internal/i18n"
	"linli/internal/print"
)

func printer(t testing.TB) *print.Printer {
	t.Helper()
	p, err := print.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// read gives the text of each page as poppler reads it, without spaces and newlines.
func read(t testing.TB, pdf []byte) []string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "paper.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-enc", "UTF-8", file, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext (package poppler-utils): %v", err)
	}
	pages := strings.Split(strings.TrimSuffix(string(out), "\f"), "\f")
	for i, p := range pages {
		pages[i] = squeeze(p)
	}
	return pages
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }

// texts collects every text of a paper's input, except those that are not printed as words.
func texts(v reflect.Value, out *[]string) {
	switch v.Kind() {
	case reflect.String:
		if v.Type() != reflect.TypeFor[i18n.Lang]() {
			*out = append(*out, v.String())
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			switch n := v.Type().Field(i).Name; {
			case n == "Issuer" || n == "QR" || n == "URL" || n == "Grade":
			case n == "Verify" && v.Kind() == reflect.Struct:
				*out = append(*out, v.Field(i).FieldByName("Code").String())
			default:
				texts(v.Field(i), out)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			texts(v.Index(i), out)
		}
	}
}

func count(s string) map[rune]int {
	m := map[rune]int{}
	for _, r := range squeeze(s) {
		m[r]++
	}
	return m
}

func TestEveryCharacterThatWentInCanBeReadBack(t *testing.T) {
	p := printer(t)
	for _, lang := range []i18n.Lang{i18n.ZH, i18n.EN} {
		for _, s := range samples(lang) {
			paper, err := s.print(p)
			if err != nil {
				t.Fatalf("%s: %v", s.name, err)
			}
			keep(t, s.name+"-"+string(lang), paper)
			var in []string
			texts(reflect.ValueOf(s.in), &in)
			want := strings.ReplaceAll(strings.Join(in, ""), "䶮", "〔U+4DAE〕")
			got := count(strings.Join(read(t, paper.PDF), ""))
			for r, n := range count(want) {
				if got[r] < n {
					t.Errorf("%s in %s: %q went in %d times, came out %d times", s.name, lang, r, n, got[r])
				}
			}
		}
	}
}

func TestPages(t *testing.T) {
	p := printer(t)
	want := map[string]int{"slip": 1, "slip-long": 4, "slip-empty": 1, "certificate": 1, "employment": 1, "certificate-small": 1, "registration": 1,
		"evaluation": 1, "contact-slip": 1, "contact-card": 1, "contact-cards": 2, "booklet": 3, "claim": 1, "cobuild": 1, "project": 1, "service": 2, "list": 4, "access-log": 1, "poster": 1}
	for _, s := range samples(i18n.ZH) {
		paper, err := s.print(p)
		if err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		pages := read(t, paper.PDF)
		if paper.Pages != want[s.name] || len(pages) != paper.Pages {
			t.Errorf("%s: %d pages counted, %d read, want %d", s.name, paper.Pages, len(pages), want[s.name])
		}
		for i, text := range pages {
			if mark := fmt.Sprintf("第%d页共%d页", i+1, len(pages)); s.feet && !strings.Contains(text, mark) {
				t.Errorf("%s: page %d lacks %q", s.name, i+1, mark)
			}
		}
	}
}

func TestSameInputGivesSameBytes(t *testing.T) {
	one, two := printer(t), printer(t)
	for _, s := range samples(i18n.ZH) {
		a, err := s.print(one)
		if err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		b, err := s.print(two)
		if err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		if !bytes.Equal(a.PDF, b.PDF) {
			t.Errorf("%s: printed twice, the files differ", s.name)
		}
	}
}

func TestOnePrinterServesManyAtOnce(t *testing.T) {
	p := printer(t)
	want, err := printer(t).Slip(slip(head(i18n.ZH, "1"), 9))
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			got, err := p.Slip(slip(head(i18n.ZH, "1"), 9))
			if err != nil || !bytes.Equal(got.PDF, want.PDF) {
				t.Errorf("printed beside others it differs (%v)", err)
			}
		})
	}
	wg.Wait()
}

func TestAllEmptyStillPrints(t *testing.T) {
	p := printer(t)
	for name, f := range map[string]func() (*print.Paper, error){
		"slip":         func() (*print.Paper, error) { return p.Slip(print.Slip{}) },
		"certificate":  func() (*print.Paper, error) { return p.Certificates(nil) },
		"registration": func() (*print.Paper, error) { return p.RegistrationForm(print.RegistrationForm{}) },
		"evaluation":   func() (*print.Paper, error) { return p.EvaluationForm(print.EvaluationForm{}) },
		"contact slip": func() (*print.Paper, error) { return p.ContactSlip(print.ContactSlip{}) },
		"cards":        func() (*print.Paper, error) { return p.ContactCards(print.Head{}, nil) },
		"booklet":      func() (*print.Paper, error) { return p.ContactBooklet(print.ContactBooklet{}) },
		"claim":        func() (*print.Paper, error) { return p.ClaimAgreement(print.ClaimAgreement{}) },
		"list":         func() (*print.Paper, error) { return p.List(print.List{}) },
		"access log":   func() (*print.Paper, error) { return p.AccessLog(print.AccessLog{}) },
		"poster":       func() (*print.Paper, error) { return p.ActivityPoster(print.ActivityPoster{}) },
	} {
		if paper, err := f(); err != nil || paper.Pages != 1 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestMissingCharactersOfNamesAreReported(t *testing.T) {
	p := printer(t)
	got, err := p.Missing("罴骉龑㛃䶮")
	if err != nil || string(got) != "㛃䶮" {
		t.Errorf("Missing = %q, %v; want 㛃䶮", string(got), err)
	}
	c := certificate(head(i18n.ZH, "1"), false)
	c.Name = "赵䶮"
	paper, err := p.Certificate(c)
	if err != nil {
		t.Fatal(err)
	}
	if len(paper.Missing) != 1 || paper.Missing[0].Rune != '䶮' || !strings.Contains(paper.Missing[0].Text, "赵䶮") {
		t.Errorf("Missing = %+v, want 䶮 in 赵䶮", paper.Missing)
	}
	if text := read(t, paper.PDF)[0]; !strings.Contains(text, "赵〔U+4DAE〕") {
		t.Errorf("the number is not printed: %s", text)
	}
}

func TestNewRefusesAFontThatCannotBeUsed(t *testing.T) {
	if _, err := print.New([]byte("not a font")); err == nil {
		t.Error("New took it")
	}
}

func TestNoRankingOnASlip(t *testing.T) {
	s := slip(head(i18n.ZH, "1"), 3)
	s.Members[0].Hours, s.Members[1].Hours, s.Members[2].Hours = "1", "9", "5"
	paper, err := printer(t).Slip(s)
	if err != nil {
		t.Fatal(err)
	}
	text, from := strings.Join(read(t, paper.PDF), ""), 0
	for _, m := range s.Members {
		i := strings.Index(text[from:], m.Name)
		if i < 0 {
			t.Fatalf("%s does not follow in the order given", m.Name)
		}
		from += i
	}
}

// BenchmarkSlip prints a slip of 60 members on four pages with fonts already unpacked.
func BenchmarkSlip(b *testing.B) {
	p := printer(b)
	s := slip(head(i18n.ZH, "1"), 60)
	paper, err := p.Slip(s)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if paper, err = p.Slip(s); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()*1e3/float64(b.N*paper.Pages), "ms/page")
	b.ReportMetric(float64(len(paper.PDF))/1024/float64(paper.Pages), "KB/page")
}

// BenchmarkList prints a list of 10,000 rows.
func BenchmarkList(b *testing.B) {
	p := printer(b)
	l := list(head(i18n.ZH, "1"), 10000)
	paper, err := p.List(l)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if paper, err = p.List(l); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()*1e3/float64(b.N*paper.Pages), "ms/page")
	b.ReportMetric(float64(len(paper.PDF))/1024/float64(paper.Pages), "KB/page")
}

// BenchmarkCertificates prints a hundred certificates into one file.
func BenchmarkCertificates(b *testing.B) {
	p := printer(b)
	var list []print.Certificate
	for i := range 100 {
		list = append(list, certificate(head(i18n.ZH, fmt.Sprint(i)), false))
	}
	paper, err := p.Certificates(list)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if paper, err = p.Certificates(list); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()*1e3/float64(b.N*paper.Pages), "ms/page")
	b.ReportMetric(float64(len(paper.PDF))/1024/float64(paper.Pages), "KB/page")
}
