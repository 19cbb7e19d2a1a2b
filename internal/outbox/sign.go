package outbox

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The headers of a signed request, as Standard Webhooks names them.
const (
	HeaderID        = "Webhook-Id"
	HeaderTimestamp = "Webhook-Timestamp"
	HeaderSignature = "Webhook-Signature"
)

// secretPrefix begins a secret as people copy it.
const secretPrefix = "whsec_"

// NewSecret makes a secret of 32 bytes, as it is shown once.
func NewSecret() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails since Go 1.24
	return secretPrefix + base64.StdEncoding.EncodeToString(b)
}

// secretKey is the key that a secret stands for; a secret that is no base64 is its own bytes.
func secretKey(secret string) []byte {
	s := strings.TrimPrefix(strings.TrimSpace(secret), secretPrefix)
	if b, err := base64.StdEncoding.DecodeString(s); err == nil && len(b) >= 16 {
		return b
	}
	return []byte(s)
}

// Signature signs a body under its ID and instant: v1, HMAC-SHA256 over "id.seconds.body".
func Signature(secret, message string, at time.Time, body []byte) string {
	m := hmac.New(sha256.New, secretKey(secret))
	m.Write([]byte(message + "." + strconv.FormatInt(at.Unix(), 10) + "."))
	m.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(m.Sum(nil))
}

// Sign sets the headers of a request. Several secrets give several signatures: while a secret is changed both hold.
func Sign(h http.Header, message string, at time.Time, body []byte, secrets ...string) {
	list := make([]string, len(secrets))
	for i, s := range secrets {
		list[i] = Signature(s, message, at, body)
	}
	h.Set(HeaderID, message)
	h.Set(HeaderTimestamp, strconv.FormatInt(at.Unix(), 10))
	h.Set(HeaderSignature, strings.Join(list, " "))
}
