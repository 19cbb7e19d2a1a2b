package print_test

import (
	"bytes"
	"testing"

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

func TestSameInputGivesSameBytes(t *testing.T) {
	for _, lang := range []i18n.Lang{i18n.ZH, i18n.EN} {
		for name, make := range samples(lang) {
			one, err := make(printer(t))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			keep(t, name+"-"+string(lang), one)
			two, err := make(printer(t))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if !bytes.Equal(one.PDF, two.PDF) {
				t.Errorf("%s: printed twice, the files differ", name)
			}
		}
	}
}
