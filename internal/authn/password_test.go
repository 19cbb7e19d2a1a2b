package authn

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
)

func TestNewPasswords(t *testing.T) {
	cases := []struct {
		name, password string
		ok             bool
	}{
		{"eleven characters", "kX9w2pQv7bT", false},
		{"twelve characters", "kX9w2pQv7bT3", true},
		{"a sentence of Han characters counts by characters", "春江潮水连海平，海上明月共", true},
		{"eleven Han characters", "春江潮水连海平海上明月"[:33], false},
		{"a row of digits", "123456789012", false},
		{"a row backwards", "210987654321", false},
		{"a row of letters", "abcdefghijklm", false},
		{"one letter over and over", "aaaaaaaaaaaaaaaa", false},
		{"a short piece over and over", "abcdabcdabcdabcd", false},
		{"few different letters", "aabbaabbabababb", false},
		{"a common password with a tail", "Password2026!", false},
		{"the same in wide letters", "ＰＡＳＳＷＯＲＤ２０２６", false},
		{"keys side by side", "qwertyuiop[]12", false},
		{"a common word inside a long sentence", "my old password is not this one", true},
		{"made of the log-in name", "wangxiaoming1", false},
		{"the log-in name as a small part", "wangxiaoming likes long walks", true},
		{"a blank at the end", "correct horse battery ", false},
		{"a control character", "correct horse\x00battery", false},
		{"too long", strings.Repeat("correct horse ", 10) + "x", false},
		{"temporary passwords pass their own test", TemporaryPassword(), true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if err := checkNewPassword(c.password, "wangxiaoming", "王小明"); (err == nil) != c.ok {
				t.Errorf("checkNewPassword = %v, want ok %v", err, c.ok)
			}
		})
	}
}

func TestStoredPasswords(t *testing.T) {
	ctx := t.Context()
	stored, err := hashPassword(ctx, "correct horse battery")
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := hashPassword(ctx, "correct horse battery"); again == stored {
		t.Error("the same password is stored twice alike: no salt")
	}
	for password, want := range map[string]bool{"correct horse battery": true, "correct horse batterY": false, "": false} {
		if ok, err := checkPassword(ctx, stored, password); err != nil || ok != want {
			t.Errorf("checkPassword(%q) = %v, %v, want %v", password, ok, err, want)
		}
	}
	// The same letters in another Unicode form are the same password.
	wide, _ := hashPassword(ctx, "ＡＢＣ horse battery")
	if ok, _ := checkPassword(ctx, wide, "ABC horse battery"); !ok {
		t.Error("the form of the letters matters")
	}
	for _, broken := range []string{"x", "$argon2id$v=19$m=1$x$y", "$argon2id$v=19$m=19456,t=2,p=1$!!$!!"} {
		if ok, err := checkPassword(ctx, broken, ""); ok || err == nil {
			t.Errorf("checkPassword(%q) = %v, %v, want an error", broken, ok, err)
		}
	}
}

// An account that there is not must take as long as one that there is.
func TestNobodyTakesAsLongAsSomebody(t *testing.T) {
	stored, err := hashPassword(t.Context(), "correct horse battery")
	if err != nil {
		t.Fatal(err)
	}
	_ = nobody() // made once, not at the first log-in that is measured
	best := func(stored string) time.Duration {
		least := time.Hour
		for range 5 {
			began := time.Now()
			if ok, err := checkPassword(t.Context(), stored, "wrong horse battery"); ok || err != nil {
				t.Fatal(ok, err)
			}
			least = min(least, time.Since(began))
		}
		return least
	}
	somebody, none := best(stored), best("")
	if none < somebody/2 || somebody < none/2 {
		t.Errorf("somebody takes %v, nobody %v", somebody, none)
	}
}

func TestHashingWaitsItsTurnAndGivesUpWithItsCaller(t *testing.T) {
	for range cap(hashing) {
		hashing <- struct{}{}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := hashPassword(ctx, "correct horse battery"); err == nil {
		t.Error("hashed beyond the bound")
	}
	for range cap(hashing) {
		<-hashing
	}
}

func TestOneTimeCodes(t *testing.T) {
	_, secret, err := newEnrolment("wang@320902")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 9, 15, 2, 0, 10, 0, time.UTC)
	at := now.Unix() / 30
	code := func(step int64) string {
		c, err := hotp.GenerateCodeCustom(secret, uint64(step), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	cases := []struct {
		name string
		code string
		last int64
		want int64
	}{
		{"now", code(at), 0, at},
		{"with a blank in the middle, as apps show it", code(at)[:3] + " " + code(at)[3:], 0, at},
		{"one step behind", code(at - 1), 0, at - 1},
		{"one step ahead", code(at + 1), 0, at + 1},
		{"two steps behind", code(at - 2), 0, 0},
		{"used already", code(at), at, 0},
		{"older than the last used", code(at - 1), at, 0},
		{"empty", "", 0, 0},
		{"not a number", "abcdef", 0, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := totpStep(secret, c.code, c.last, now); got != c.want {
				t.Errorf("totpStep = %d, want %d", got, c.want)
			}
		})
	}
}

func TestSplitLogin(t *testing.T) {
	cases := []struct {
		in, name string
		tenant   int64
	}{
		{"wang", "wang", 0}, {" Wang@320902 ", "wang", 320902}, {"ｗａｎｇ＠３２０９０２", "wang", 320902},
		{"wang@", "wang", -1}, {"wang@x", "wang", -1}, {"wang@-3", "wang", -1}, {"王小明", "王小明", 0},
	}
	for _, c := range cases {
		if name, tenant := splitLogin(c.in); name != c.name || tenant != c.tenant {
			t.Errorf("splitLogin(%q) = %q, %d, want %q, %d", c.in, name, tenant, c.name, c.tenant)
		}
	}
}

func FuzzCookiesAndTokens(f *testing.F) {
	f.Add("320902." + newSecret())
	f.Add("linli_320902_" + newSecret())
	f.Add("..")
	f.Add("linli__")
	f.Fuzz(func(t *testing.T, s string) {
		if tenant, hash, ok := parseCookie(s); ok && (tenant <= 0 || len(hash) != 64) {
			t.Errorf("parseCookie(%q) = %d, %q", s, tenant, hash)
		}
		if tenant, hash, ok := parseToken(s); ok && (tenant <= 0 || len(hash) != 64) {
			t.Errorf("parseToken(%q) = %d, %q", s, tenant, hash)
		}
	})
}

func TestLimiter(t *testing.T) {
	l := newLimiter(60, 3)
	now := time.Date(2026, 9, 15, 2, 0, 0, 0, time.UTC)
	for i := range 3 {
		if err := l.allow("wang", now); err != nil {
			t.Fatalf("try %d refused: %v", i, err)
		}
	}
	if l.allow("wang", now) == nil {
		t.Error("a fourth try at once was allowed")
	}
	if err := l.allow("li", now); err != nil {
		t.Errorf("somebody else is held up: %v", err)
	}
	if err := l.allow("wang", now.Add(time.Second)); err != nil {
		t.Errorf("a second later: %v", err)
	}
	for i := range maxKeys + 10 {
		if err := l.allow(strings.Repeat("x", i%7)+string(rune(i)), now.Add(time.Duration(i)*time.Millisecond)); err != nil {
			continue
		}
	}
	if len(l.byKey) > maxKeys {
		t.Errorf("%d keys are kept, want at most %d", len(l.byKey), maxKeys)
	}
}
