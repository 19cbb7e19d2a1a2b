package code

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"linli/internal/errs"
	"linli/internal/i18n"
)

var today = time.Date(2026, 11, 23, 12, 0, 0, 0, i18n.Zone)

// sharedFile reads a file of the public data folder that stands beside the checkout; nil, said plainly, where it is missing.
func sharedFile(t *testing.T, name string) []byte {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		b, err := os.ReadFile(filepath.Join(dir, "..", "shared", name))
		if err == nil {
			return b
		}
		if parent := filepath.Dir(dir); parent != dir {
			dir = parent
			continue
		}
		t.Logf("shared/%s is not beside this checkout: only the built-in cases ran", name)
		return nil
	}
}

func TestParseResidentID(t *testing.T) {
	any := IDRules{AnyProvince: true}
	for _, c := range []struct {
		name, in string
		rules    IDRules
		want     i18n.Text // of the problem; empty if valid
	}{
		{"male", "999999199001010016", any, i18n.Text{}},
		{"female", "999999199001010024", any, i18n.Text{}},
		{"leap day", "999999200002290035", any, i18n.Text{}},
		{"check X", "99999919850615001X", any, i18n.Text{}},
		{"small x", "99999919850615001x", any, i18n.Text{}},
		{"wrong check", "999999199001010017", any, i18n.CodeIDCheck},
		{"1900 was no leap year", "999999190002290012", any, i18n.CodeIDDate},
		{"2023 was no leap year", "99999920230229001X", any, i18n.CodeIDDate},
		{"month 13", "999999202113010015", any, i18n.CodeIDDate},
		{"17 characters", "99999919900101001", any, i18n.CodeIDLength},
		{"full-width digits", "９９９９９９１９９００１０１００１６", any, i18n.Text{}},
		{"full-width x", "99999919850615001ｘ", any, i18n.Text{}},
		{"blanks inside and around", " 999999 19900101 0016\u3000", any, i18n.Text{}},
		{"apostrophe of a spreadsheet", "'999999199001010016", any, i18n.Text{}},
		{"letter O for zero", "99999919900101O016", any, i18n.CodeIDShape},
		{"X not at the end", "9999991985061500X1", any, i18n.CodeIDShape},
		{"scientific notation", "9.99999E+17", any, i18n.CodeIDScientific},
		{"rounded to 15 figures", "999999199001012000", any, i18n.CodeIDRounded},
		{"province checked", "999999199001010016", IDRules{}, i18n.CodeIDProvince},
		{"example of the standard", "11010519491231002X", IDRules{}, i18n.Text{}},
		{"Hong Kong residence permit", WithCheck("81000019900101001"), IDRules{}, i18n.Text{}},
		{"foreigner's card of 2023", WithCheck("93109019900101001"), IDRules{}, i18n.Text{}},
		{"born today", WithCheck("32090220261123001"), IDRules{}, i18n.Text{}},
		{"born tomorrow", WithCheck("32090220261124001"), IDRules{}, i18n.CodeIDFuture},
		{"born 1799", WithCheck("32090217991231001"), IDRules{}, i18n.CodeIDYear},
		{"born 1800", WithCheck("32090218000101001"), IDRules{}, i18n.Text{}},
		{"year 0", WithCheck("32090200000101001"), IDRules{}, i18n.CodeIDDate},
		{"old number in ordinary work", "320902490123001", IDRules{}, i18n.CodeIDOld},
		{"old number in history", "320902490123001", IDRules{Historic: true}, i18n.Text{}},
		{"old number with a bad date", "320902491323001", IDRules{Historic: true}, i18n.CodeIDDate},
		{"empty", "", IDRules{}, i18n.CodeIDLength},
		{"18 Han characters", strings.Repeat("一", 18), IDRules{}, i18n.CodeIDShape},
		{"6 Han characters are 18 bytes", strings.Repeat("一", 6), IDRules{}, i18n.CodeIDLength},
	} {
		id, p := ParseResidentID(c.in, today, c.rules)
		switch {
		case c.want.IsZero() && p != nil:
			t.Errorf("%s: %v, want valid", c.name, p.Message.In(i18n.EN))
		case !c.want.IsZero() && (p == nil || p.Message.Text != c.want):
			t.Errorf("%s: %v, want %q", c.name, p, c.want.In(i18n.EN))
		case p == nil && id.IsZero() || p != nil && !id.IsZero():
			t.Errorf("%s: number %t beside problem %v", c.name, !id.IsZero(), p)
		}
	}
}

func TestResidentIDProposals(t *testing.T) {
	for _, c := range []struct {
		in      string
		sex     Sex
		y, m, d int
	}{
		{"999999199001010016", Male, 1990, 1, 1},
		{"999999199001010024", Female, 1990, 1, 1},
		{"999999200002290035", Male, 2000, 2, 29},
		{"320902490123001", Male, 1949, 1, 23},
		{"320902490123002", Female, 1949, 1, 23},
	} {
		id, p := ParseResidentID(c.in, today, IDRules{AnyProvince: true, Historic: true})
		if p != nil {
			t.Fatalf("%s: %v", c.in, p.Message.In(i18n.EN))
		}
		y, m, d := id.Birth()
		if id.Sex() != c.sex || y != c.y || int(m) != c.m || d != c.d {
			t.Errorf("%s: sex %s birth %d-%d-%d, want %s %d-%d-%d", c.in, id.Sex(), y, m, d, c.sex, c.y, c.m, c.d)
		}
	}
	if y, m, d := (ResidentID{}).Birth(); y != 0 || m != 0 || d != 0 || (ResidentID{}).Sex() != SexUnknown {
		t.Error("no number must propose nothing")
	}
}

func TestResidentIDVectors(t *testing.T) {
	b := sharedFile(t, "data/vectors/resident_id.json")
	if b == nil {
		return
	}
	var vs []struct {
		ID, Why, Sex, Birth string
		Valid               bool
	}
	if err := json.Unmarshal(b, &vs); err != nil || len(vs) < 30 {
		t.Fatalf("%d vectors, %v", len(vs), err)
	}
	for _, v := range vs {
		id, p := ParseResidentID(v.ID, today, IDRules{})
		if (p == nil) != v.Valid {
			t.Errorf("%s (%s): problem %v, want valid=%t", v.ID, v.Why, p, v.Valid)
			continue
		}
		if !v.Valid {
			continue
		}
		y, m, d := id.Birth()
		birth := time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Format("2006-01-02")
		if it, _ := Sexes.Find(v.Sex); it.Code != string(id.Sex()) || birth != v.Birth {
			t.Errorf("%s: %s %s, want %s %s", v.ID, id.Sex(), birth, v.Sex, v.Birth)
		}
	}
}

// One wrong character, and two neighbours swapped, are always found: that is what the check is for.
func TestResidentIDCheckFindsSlips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 46000).Draw(t, "day"))
		n := WithCheck("320902" + day.Format("20060102") + rapid.StringMatching(`[0-9]{3}`).Draw(t, "seq"))
		if _, p := ParseResidentID(n, today, IDRules{}); p != nil {
			t.Fatalf("%s: %v", n, p.Message.In(i18n.EN))
		}
		i := rapid.IntRange(0, 16).Draw(t, "place")
		wrong := []byte(n)
		if rapid.Bool().Draw(t, "swap") && i < 16 {
			wrong[i], wrong[i+1] = wrong[i+1], wrong[i]
		} else {
			wrong[i] = '0' + (wrong[i]-'0'+byte(rapid.IntRange(1, 9).Draw(t, "by")))%10
		}
		if string(wrong) == n {
			return
		}
		if _, p := ParseResidentID(string(wrong), today, IDRules{AnyProvince: true}); p == nil {
			t.Fatalf("%s accepted, made from %s by one slip", wrong, n)
		}
	})
}

func TestProblemErrSaysWhatToDoAndKeepsTheValueBack(t *testing.T) {
	const secret = "320902190307096835"
	_, p := ParseResidentID(secret, today, IDRules{})
	e := errs.As(p.Err("id_number"))
	if e == nil || e.Kind != errs.Invalid {
		t.Fatalf("Err = %v, want Invalid", p.Err("id_number"))
	}
	m := e.Fields["id_number"].In(i18n.ZH)
	if !strings.Contains(m, "校验位不对") || !strings.Contains(m, "逐位核对") || strings.Contains(m, "1903") {
		t.Errorf("message %q", m)
	}
	if (*Problem)(nil).Err("x") != nil || (&Problem{Warning: true}).Err("x") != nil {
		t.Error("no problem and a warning must give no error")
	}
}

func TestParseUSCC(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     i18n.Text
		warning  bool
	}{
		{"residents' committee", "54000000MA00000152", i18n.Text{}, false},
		{"other body", "550000000000000198", i18n.Text{}, false},
		{"check X", "91000000MA00000T4X", i18n.Text{}, false},
		{"check is a letter", "11000000000000027K", i18n.Text{}, false},
		{"check 0", "510000000000000510", i18n.Text{}, false},
		{"small letters and blanks", "91000000 ma00000t4x", i18n.Text{}, false},
		{"full width", "９１００００００ＭＡ０００００Ｔ４Ｘ", i18n.Text{}, false},
		{"wrong check only warns", "54000000MA00000153", i18n.CodeUSCCCheck, true},
		{"letter O", "5400000OMA00000152", i18n.CodeUSCCLetter, false},
		{"letter I in the body", "54000000MI00000152", i18n.CodeUSCCLetter, false},
		{"Han character", "54000000MA0000015号", i18n.CodeUSCCLetter, false},
		{"letter in the region", "540000A0MA00000152", i18n.CodeUSCCRegion, false},
		{"17 characters", "54000000MA0000015", i18n.CodeUSCCLength, false},
		{"19 characters", "54000000MA000001522", i18n.CodeUSCCLength, false},
		{"scientific notation", "5.1E+17", i18n.CodeNumberAsText, false},
		{"unknown department", "20000000000000000", i18n.CodeUSCCLength, false},
		{"empty", "", i18n.CodeUSCCLength, false},
	} {
		u, p := ParseUSCC(c.in)
		switch {
		case c.want.IsZero() && p != nil:
			t.Errorf("%s: %v, want valid", c.name, p.Message.In(i18n.EN))
		case !c.want.IsZero() && (p == nil || p.Message.Text != c.want || p.Warning != c.warning):
			t.Errorf("%s: %v, want %q", c.name, p, c.want.In(i18n.EN))
		case u.IsZero() != p.Blocks():
			t.Errorf("%s: code %q beside problem %v", c.name, u, p)
		}
	}
}

func TestUSCCWarnsOfBodyAndDepartment(t *testing.T) {
	good := WithUSCCCheck("51000000MA000001")
	if _, p := ParseUSCC(good); p != nil {
		t.Fatalf("%s: %v", good, p.Message.In(i18n.EN))
	}
	b := []byte(good)
	b[16] = "0123456789X"[(strings.IndexByte("0123456789X", b[16])+1)%11]
	b[17] = usccCheck(string(b))
	if _, p := ParseUSCC(string(b)); p == nil || !p.Warning || p.Message.Text != i18n.CodeUSCCBody {
		t.Errorf("body check: %v", p)
	}
	if _, p := ParseUSCC(WithUSCCCheck("B1000000MA000001")); p == nil || !p.Warning || p.Message.Text != i18n.CodeUSCCDepartment {
		t.Errorf("department: %v", p)
	}
}

func TestUSCCParts(t *testing.T) {
	u, _ := ParseUSCC("91350100M000100Y43")
	if u.Department() != "91" || u.Region() != "350100" || u.Body() != "M000100Y4" {
		t.Errorf("parts %s %s %s", u.Department(), u.Region(), u.Body())
	}
}

func TestUSCCVectors(t *testing.T) {
	b := sharedFile(t, "data/vectors/uscc.json")
	if b == nil {
		return
	}
	var vs []struct {
		Code    string
		CheckOK bool `json:"check_ok"`
	}
	if err := json.Unmarshal(b, &vs); err != nil || len(vs) < 13 {
		t.Fatalf("%d vectors, %v", len(vs), err)
	}
	for _, v := range vs {
		u, p := ParseUSCC(v.Code)
		if u.IsZero() {
			t.Errorf("%s refused: %v", v.Code, p.Message.In(i18n.EN))
		}
		if (p == nil) != v.CheckOK {
			t.Errorf("%s: problem %v, want check_ok=%t", v.Code, p, v.CheckOK)
		}
	}
}

// Every code that is made is accepted, and one changed character is always noticed.
func TestUSCCCheckFindsSlips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := WithUSCCCheck(rapid.StringMatching(`9[1-3][0-9]{6}[0-9A-H]{8}`).Draw(t, "first16"))
		if _, p := ParseUSCC(c); p != nil {
			t.Fatalf("%s: %v", c, p.Message.In(i18n.EN))
		}
		b := []byte(c)
		i := rapid.IntRange(8, 17).Draw(t, "place")
		b[i] = usccAlphabet[(strings.IndexByte(usccAlphabet, b[i])+rapid.IntRange(1, 30).Draw(t, "by"))%31]
		if _, p := ParseUSCC(string(b)); p == nil {
			t.Fatalf("%s accepted, one character off %s", b, c)
		}
	})
}
