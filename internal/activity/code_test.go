package activity

import (
	"strings"
	"testing"
	"time"

	"linli/internal/errs"
	"linli/internal/i18n"
)

var secret = []byte("a secret of one activity")

func TestCodeIsTakenForTwoWindows(t *testing.T) {
	now := at("09:00:10")
	code := sign(secret, 320902, 77, windowOf(now))
	cases := []struct {
		name string
		at   time.Time
		says i18n.Text
	}{
		{"at once", now, i18n.Text{}},
		{"in the window after", now.Add(30 * time.Second), i18n.Text{}},
		{"at the last moment", windowStart(code.Window + 2).Add(-time.Microsecond), i18n.Text{}},
		{"two windows later it is old", windowStart(code.Window + 2), i18n.ActivityCodeOld},
		{"yesterday's code says when it was made", now.Add(24 * time.Hour), i18n.ActivityCodeOld},
		{"a code of the future is not genuine", now.Add(-time.Minute), i18n.ActivityCodeForged},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p, err := ParsePayload(code.String())
			if err != nil {
				t.Fatal(err)
			}
			err = p.verify(secret, c.at)
			if (err == nil) != c.says.IsZero() || (err != nil && errs.As(err).Fields["code"].Text != c.says) {
				t.Errorf("verify = %v, want %q", err, c.says.In(i18n.EN))
			}
		})
	}
	old := errs.As(sign(secret, 1, 77, windowOf(now)).verify(secret, now.Add(24*time.Hour)))
	if got := old.Fields["code"].In(i18n.ZH); !strings.Contains(got, "2026-09-19 09:00") {
		t.Errorf("%s: does not say when the code was made", got)
	}
}

func TestForgedCodes(t *testing.T) {
	now := at("09:00:10")
	good := sign(secret, 320902, 77, windowOf(now))
	change := func(edit func(*Payload)) Payload {
		p := good
		edit(&p)
		return p
	}
	for name, p := range map[string]Payload{
		"another activity":        change(func(p *Payload) { p.Activity = 78 }),
		"another tenant":          change(func(p *Payload) { p.Tenant = 320903 }),
		"a later window":          change(func(p *Payload) { p.Window++ }),
		"another activity's code": sign([]byte("another secret"), 320902, 77, windowOf(now)),
	} {
		if err := p.verify(secret, now); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestDigits(t *testing.T) {
	now := at("09:00:10")
	w := windowOf(now)
	digits := digitsOf(secret, 320902, 77, w)
	for name, c := range map[string]struct {
		typed string
		at    time.Time
		ok    bool
	}{
		"as shown":                   {digits, now, true},
		"with a gap in the middle":   {digits[:4] + " " + digits[4:], now, true},
		"in the next window":         {digits, now.Add(30 * time.Second), true},
		"two windows later":          {digits, now.Add(time.Minute), false},
		"seven digits":               {digits[:7], now, false},
		"nothing":                    {"", now, false},
		"letters":                    {"abcdefgh", now, false},
		"the digits of a later time": {digitsOf(secret, 320902, 77, w+5), now, false},
	} {
		if err := verifyDigits(secret, 320902, 77, c.typed, c.at); (err == nil) != c.ok {
			t.Errorf("%s: %v, want accepted %v", name, err, c.ok)
		}
	}
}

func TestParsePayload(t *testing.T) {
	good := sign(secret, 320902, 77, 59650000).String()
	if p, err := ParsePayload("https://linli.example/m/sign?c=" + good); err != nil || p.String() != good {
		t.Errorf("an address with the code: %v, %v", p, err)
	}
	for name, s := range map[string]string{
		"empty": "", "words": "hello", "another version": "L2" + good[2:], "cut off": good[:len(good)-1], "too long": good + strings.Repeat("A", 200),
		"a leading zero": strings.Replace(good, ".77.", ".077.", 1), "a sign": strings.Replace(good, ".77.", ".+77.", 1),
		"negative": strings.Replace(good, ".77.", ".-77.", 1), "no such number": strings.Replace(good, ".77.", ".99999999999999999999.", 1),
		"other letters": good[:len(good)-1] + "=", "an address elsewhere": "https://example.com/",
	} {
		if p, err := ParsePayload(s); errs.KindOf(err) != errs.Invalid {
			t.Errorf("%s: %+v, %v; want an invalid code", name, p, err)
		}
	}
}

func FuzzParsePayload(f *testing.F) {
	f.Add(sign(secret, 320902, 77, 59650000).String())
	f.Add("L1.1.1.1.AAAAAAAAAAAAAAAA")
	f.Add("/m/sign?c=L1.1.1.1.AAAAAAAAAAAAAAAA")
	f.Add("L1....")
	f.Fuzz(func(t *testing.T, s string) {
		p, err := ParsePayload(s)
		if err != nil {
			if errs.KindOf(err) != errs.Invalid {
				t.Fatalf("ParsePayload(%q) = %v, not a fault of the user", s, err)
			}
			return
		}
		again, err := ParsePayload(p.String())
		if err != nil || again != p {
			t.Fatalf("%q reads as %+v, which reads as %+v, %v", s, p, again, err)
		}
		if p.verify(secret, time.Unix(0, 0)) == nil {
			t.Fatalf("%q was taken as genuine", s)
		}
	})
}
