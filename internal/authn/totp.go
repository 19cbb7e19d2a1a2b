package authn

import (
	"bytes"
	"image/png"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"
)

// totpPeriod is the life of a one-time code; one before and one after are taken too, for clocks that are off.
const totpPeriod = 30

// issuer names the platform in the authenticator app.
const issuer = "Linli"

// Enrolment is what an authenticator app needs, shown once.
type Enrolment struct {
	Secret string // to type by hand, in groups of four
	URL    string // otpauth://…
	PNG    []byte // the URL as a QR code
}

func newEnrolment(login string) (Enrolment, string, error) {
	key, err := totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: login, Period: totpPeriod, SecretSize: 20})
	if err != nil {
		return Enrolment{}, "", err
	}
	img, err := key.Image(240, 240)
	if err != nil {
		return Enrolment{}, "", err
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return Enrolment{}, "", err
	}
	return Enrolment{Secret: groups(key.Secret()), URL: key.URL(), PNG: b.Bytes()}, key.Secret(), nil
}

// groups writes a secret in groups of four.
func groups(s string) string {
	var b strings.Builder
	for i, r := range s {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// totpStep gives the time step for which code is right at now, 0 if for none, looking only at steps after last, so that a code
// works once.
func totpStep(secret, code string, last int64, now time.Time) int64 {
	code = strings.Join(strings.Fields(code), "")
	opts := hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}
	at := now.Unix() / totpPeriod
	found := int64(0)
	for step := at - 1; step <= at+1; step++ {
		ok, err := hotp.ValidateCustom(code, uint64(step), secret, opts)
		if err == nil && ok && step > last {
			found = step
		}
	}
	return found
}
