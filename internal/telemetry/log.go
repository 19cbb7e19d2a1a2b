// Package telemetry is what operators see of the running program: structured logs without personal data, and metrics.
//
// Logs are one JSON object a line. A value is left out when its name says that it is secret or personal, and long numbers that look
// like an ID or telephone number are blotted out of every text. Metrics carry the pattern of the route, never an address, and no
// name or number of anybody.
package telemetry

import (
	"io"
	"log/slog"
	"regexp"
	"strings"
)

// NewLogger makes the program's logger.
func NewLogger(w io.Writer, text, debug bool) *slog.Logger {
	level := slog.LevelInfo
	if debug {
		level = slog.LevelDebug
	}
	o := &slog.HandlerOptions{Level: level, ReplaceAttr: Redact}
	if text {
		return slog.New(slog.NewTextHandler(w, o))
	}
	return slog.New(slog.NewJSONHandler(w, o))
}

// secretNames are parts of attribute names whose values are never written.
var secretNames = []string{"password", "passwd", "secret", "token", "cookie", "authorization", "phone", "id_number", "idnumber", "address", "login", "person_name"}

// blot finds the numbers of people: ID numbers, which hold a date, and telephone numbers. The platform's own IDs have as many digits but
// hold no date, save by rare chance.
var blot = regexp.MustCompile(`\b([1-9]\d{5}(18|19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dXx]|[1-9]\d{7}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}|1[3-9]\d{9})\b`)

// Redact is a slog ReplaceAttr that keeps secrets and personal numbers out of the log.
func Redact(groups []string, a slog.Attr) slog.Attr {
	name := strings.ToLower(a.Key)
	for _, s := range secretNames {
		if strings.Contains(name, s) {
			return slog.String(a.Key, "[redacted]")
		}
	}
	switch v := a.Value.Resolve(); v.Kind() {
	case slog.KindString:
		return slog.String(a.Key, Blot(v.String()))
	case slog.KindAny:
		if err, ok := v.Any().(error); ok {
			return slog.String(a.Key, Blot(err.Error()))
		}
	}
	return a
}

// Blot takes what looks like an ID or telephone number out of a text.
func Blot(s string) string { return blot.ReplaceAllString(s, "[redacted]") }
