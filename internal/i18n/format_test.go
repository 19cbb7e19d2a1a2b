package i18n_test

import (
	"testing"

	"linli/internal/i18n"
)

func TestYuan(t *testing.T) {
	for fen, want := range map[int64]string{0: "0.00", 5: "0.05", 123456: "1,234.56", -150: "-1.50", -123456789: "-1,234,567.89"} {
		if got := i18n.Yuan(fen); got != want {
			t.Errorf("%d is %s, want %s", fen, got, want)
		}
	}
	if got := i18n.PlainYuan(-123456789); got != "-1234567.89" {
		t.Errorf("plain it is %s", got)
	}
}
