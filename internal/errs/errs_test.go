package errs_test

import (
	"errors"
	"fmt"
	"testing"

	"linli/internal/errs"
	"linli/internal/i18n"
)

func TestEverythingElseIsInternal(t *testing.T) {
	for err, want := range map[error]errs.Kind{
		errs.ErrNotFound:                                errs.NotFound,
		fmt.Errorf("load: %w", errs.ErrConflict):        errs.Conflict,
		errors.New("disk on fire"):                      errs.Internal,
		errs.New(errs.Unavailable, i18n.ErrUnavailable): errs.Unavailable,
		errors.Join(errors.New("x"), errs.ErrForbidden): errs.Forbidden,
	} {
		if got := errs.KindOf(err); got != want {
			t.Errorf("KindOf(%v) = %v, want %v", err, got, want)
		}
	}
}

func TestFieldsGatherAndTheFirstWordHolds(t *testing.T) {
	var e *errs.Error
	if e.OrNil() != nil {
		t.Error("no fault is an error")
	}
	e = e.With("name", i18n.ErrRequired).With("name", i18n.ErrTooLong, 3, 4).With("day", i18n.ErrBadDate)
	if errs.KindOf(e.OrNil()) != errs.Invalid || len(e.Fields) != 2 || e.Fields["name"].Text != i18n.ErrRequired {
		t.Errorf("%+v", e)
	}
	cause := errors.New("row 7")
	if !errors.Is(errs.New(errs.Invalid, i18n.ErrInvalid).Because(cause), cause) {
		t.Error("the cause is lost")
	}
}
