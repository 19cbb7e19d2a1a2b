package authn

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/subtle"
	_ "embed"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"linli/internal/errs"
	"linli/internal/i18n"
)

// Cost of a password: t=2, m=19 MiB, one lane (OWASP's second choice), about 80 ms on a small machine.
const (
	argonTime   = 2
	argonMemory = 19 * 1024
	argonLanes  = 1
	argonKey    = 32
	argonSalt   = 16
)

// Bounds of a password's length in characters (SEC-1).
const (
	passwordMin = 12
	passwordMax = 128
)

// hashing bounds how many passwords are worked out at once, each taking 19 MiB.
var hashing = make(chan struct{}, 3)

func argon(ctx context.Context, password string, salt []byte, time, memory uint32, lanes uint8) ([]byte, error) {
	select {
	case hashing <- struct{}{}:
		defer func() { <-hashing }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return argon2.IDKey([]byte(norm.NFKC.String(password)), salt, time, memory, lanes, argonKey), nil
}

// hashPassword gives the stored form: $argon2id$v=19$m=…,t=…,p=…$salt$key.
func hashPassword(ctx context.Context, password string) (string, error) {
	salt := make([]byte, argonSalt)
	_, _ = rand.Read(salt) // never fails since Go 1.24
	key, err := argon(ctx, password, salt, argonTime, argonMemory, argonLanes)
	if err != nil {
		return "", err
	}
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonLanes,
		b64.EncodeToString(salt), b64.EncodeToString(key)), nil
}

var errHash = errors.New("authn: not a stored password")

// checkPassword says whether password is the one stored. An empty stored form takes as long as any other and never matches.
func checkPassword(ctx context.Context, stored, password string) (bool, error) {
	known := stored != ""
	if !known {
		stored = nobody()
	}
	part := strings.Split(stored, "$")
	var memory, time uint32
	var lanes uint8
	if len(part) != 6 || part[1] != "argon2id" {
		return false, errHash
	}
	if _, err := fmt.Sscanf(part[3], "m=%d,t=%d,p=%d", &memory, &time, &lanes); err != nil {
		return false, errHash
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(part[4])
	want, err2 := base64.RawStdEncoding.DecodeString(part[5])
	if err1 != nil || err2 != nil || len(want) != argonKey {
		return false, errHash
	}
	got, err := argon(ctx, password, salt, time, memory, lanes)
	return err == nil && known && subtle.ConstantTimeCompare(got, want) == 1, err
}

// nobody is a stored password that belongs to nobody, for log-ins with unknown names.
var nobody = sync.OnceValue(func() string {
	h, err := hashPassword(context.Background(), TemporaryPassword())
	if err != nil {
		panic(err) // the context above cannot be cancelled
	}
	return h
})

//go:embed blocked.txt
var blockedText string

// blocked holds beginnings of passwords that are tried first, in lower case.
var blocked = sync.OnceValue(func() []string {
	var list []string
	sc := bufio.NewScanner(strings.NewReader(blockedText))
	for sc.Scan() {
		if w := strings.TrimSpace(sc.Text()); w != "" && !strings.HasPrefix(w, "#") {
			list = append(list, w)
		}
	}
	return list
})

// checkNewPassword refuses what is easily guessed: too short, on the list, one's own name, few different characters, or a row of
// keys. It asks for no mixture of signs. words are the names of the account.
func checkNewPassword(password string, words ...string) error {
	n := utf8.RuneCountInString(password)
	folded := strings.ToLower(norm.NFKC.String(password))
	switch {
	case n < passwordMin:
		return errs.Field("password", i18n.AccountPasswordShort, passwordMin)
	case n > passwordMax:
		return errs.Field("password", i18n.ErrTooLong, passwordMax, n)
	case strings.TrimSpace(password) != password || !utf8.ValidString(password) || strings.ContainsFunc(password, isControl):
		return errs.Field("password", i18n.AccountPasswordSpaces)
	case different(folded) < 5 || isRun(folded) || isRepeated(folded):
		return errs.Field("password", i18n.AccountPasswordSimple)
	}
	for _, w := range words {
		if w = strings.ToLower(w); utf8.RuneCountInString(w) >= 3 && strings.Contains(folded, w) && 2*utf8.RuneCountInString(w) >= n {
			return errs.Field("password", i18n.AccountPasswordName)
		}
	}
	for _, b := range blocked() {
		// A listed word with a short tail (…1, …2026!) is as easily guessed as the word.
		if rest, ok := strings.CutPrefix(folded, b); ok && utf8.RuneCountInString(rest) <= 5 {
			return errs.Field("password", i18n.AccountPasswordSimple)
		}
	}
	return nil
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }

func different(s string) int {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen)
}

// isRun says whether each character follows the one before by the same small step, as in 123456789012 or abcdefghijkl.
func isRun(s string) bool {
	r := []rune(s)
	steps := 0
	for i := 1; i < len(r); i++ {
		if d := r[i] - r[i-1]; d == 1 || d == -1 || (r[i-1] == '9' && r[i] == '0') {
			steps++
		}
	}
	return steps >= len(r)-2
}

// isRepeated says whether s is a short piece over and over.
func isRepeated(s string) bool {
	for n := 1; n <= 4 && n < len(s); n++ {
		if strings.Repeat(s[:n], len(s)/n+1)[:len(s)] == s {
			return true
		}
	}
	return false
}

// temporaryLetters has no characters that look alike on paper.
const temporaryLetters = "abcdefghjkmnpqrstuvwxyz23456789"

// TemporaryPassword makes a password to hand over on paper: four groups of four, about 79 bits.
func TemporaryPassword() string {
	var b strings.Builder
	for i := range 16 {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		n, _ := rand.Int(rand.Reader, big.NewInt(int64(len(temporaryLetters)))) // never fails since Go 1.24
		b.WriteByte(temporaryLetters[n.Int64()])
	}
	return b.String()
}
