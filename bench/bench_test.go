package bench

import (
	"os"
	"strconv"
	"strings"
	"testing"
)

func TestX(t *testing.T) {
	s, _ := ScaleNamed(os.Getenv("BSCALE"))
	if os.Getenv("BR") == "1" {
		s.Rounds = 1
	}
	if v := os.Getenv("BRES"); v != "" {
		s.Residents, _ = strconv.Atoi(v)
	}
	res, err := Run(t.Context(), Options{Scale: s, Jobs: strings.Split(os.Getenv("BJOBS"), ","), Server: os.Getenv("BSERVER"), Note: t.Logf})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range res {
		t.Logf("%+v", r)
	}
}
