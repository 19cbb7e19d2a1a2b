package activity

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/emmansun/gmsm/sm3"

	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// window is how long one code stands on the screen; the one before it is still taken, so that nobody is too slow.
const window = 30 * time.Second

// macBytes of the HMAC go into a code: 96 bits cannot be guessed.
const macBytes = 12

// Payload is what a sign-in code says.
type Payload struct {
	Tenant   int64
	Activity id.ID
	Window   int64
	mac      string
}

// String is the code as it stands in the QR code.
func (p Payload) String() string { return p.signed() + "." + p.mac }

func (p Payload) signed() string {
	return "L1." + strconv.FormatInt(p.Tenant, 10) + "." + p.Activity.String() + "." + strconv.FormatInt(p.Window, 10)
}

// maxPayload bounds what is read at all.
const maxPayload = 100

// ParsePayload reads a code. It says nothing yet about whether the code is genuine or of now.
func ParsePayload(s string) (Payload, error) {
	s = strings.TrimSpace(s)
	if i := strings.LastIndex(s, "?c="); i >= 0 && len(s) < 500 { // the whole address, as some phones copy it
		s = s[i+3:]
	}
	bad := errs.Field("code", i18n.ActivityCodeUnknown)
	parts := strings.Split(s, ".")
	if len(s) > maxPayload || len(parts) != 5 || parts[0] != "L1" {
		return Payload{}, bad
	}
	tenant, err1 := strconv.ParseInt(parts[1], 10, 64)
	activity, err2 := id.Parse(parts[2])
	w, err3 := strconv.ParseInt(parts[3], 10, 64)
	mac, err4 := base64.RawURLEncoding.DecodeString(parts[4])
	if err1 != nil || err2 != nil || err3 != nil || err4 != nil || tenant <= 0 || w <= 0 || len(mac) != macBytes {
		return Payload{}, bad
	}
	p := Payload{Tenant: tenant, Activity: activity, Window: w, mac: parts[4]}
	if p.String() != s { // one code has one spelling
		return Payload{}, bad
	}
	return p, nil
}

func windowOf(t time.Time) int64 { return t.Unix() / int64(window/time.Second) }

func windowStart(w int64) time.Time { return time.Unix(w*int64(window/time.Second), 0) }

// sign makes the code of a window.
func sign(secret []byte, tenant int64, activity id.ID, w int64) Payload {
	p := Payload{Tenant: tenant, Activity: activity, Window: w}
	p.mac = base64.RawURLEncoding.EncodeToString(digest(secret, p.signed())[:macBytes])
	return p
}

func digest(secret []byte, text string) []byte {
	m := hmac.New(func() hash.Hash { return sm3.New() }, secret)
	m.Write([]byte(text))
	return m.Sum(nil)
}

// verify says whether a code is genuine and of now, and if not, what to do.
func (p Payload) verify(secret []byte, now time.Time) error {
	want := sign(secret, p.Tenant, p.Activity, p.Window)
	if !hmac.Equal([]byte(want.mac), []byte(p.mac)) {
		return errs.Field("code", i18n.ActivityCodeForged)
	}
	switch age := windowOf(now) - p.Window; {
	case age < 0:
		return errs.Field("code", i18n.ActivityCodeForged)
	case age <= 1:
		return nil
	default:
		return errs.Field("code", i18n.ActivityCodeOld, i18n.DateTime(windowStart(p.Window)))
	}
}

// digitsOf are the eight digits of a window for those who cannot scan.
func digitsOf(secret []byte, tenant int64, activity id.ID, w int64) string {
	sum := digest(secret, fmt.Sprintf("digits.%d.%s.%d", tenant, activity, w))
	return fmt.Sprintf("%08d", binary.BigEndian.Uint64(sum)%100_000_000)
}

var eightDigits = regexp.MustCompile(`^\d{8}$`)

// verifyDigits says whether typed digits are those of now.
func verifyDigits(secret []byte, tenant int64, activity id.ID, typed string, now time.Time) error {
	typed = strings.NewReplacer(" ", "", "-", "").Replace(typed)
	if !eightDigits.MatchString(typed) {
		return errs.Field("code", i18n.ActivityDigitsShape)
	}
	for _, w := range []int64{windowOf(now), windowOf(now) - 1} {
		if hmac.Equal([]byte(digitsOf(secret, tenant, activity, w)), []byte(typed)) {
			return nil
		}
	}
	return errs.Field("code", i18n.ActivityDigitsWrong)
}
