package errs_test

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"linli/internal/errs"
	"linli/internal/i18n"
)

func TestOutagesAreToldFromFaults(t *testing.T) {
	wrapped := func(err error) error { return fmt.Errorf("read residents: %w", err) }
	for _, c := range []struct {
		err  error
		want i18n.Text
	}{
		{&pgconn.PgError{Code: "57P01"}, i18n.ErrOutage},   // the server is shutting down
		{&pgconn.PgError{Code: "08006"}, i18n.ErrOutage},   // connection failure
		{&pgconn.PgError{Code: "53300"}, i18n.ErrOutage},   // too many connections
		{&pgconn.PgError{Code: "53100"}, i18n.ErrDiskFull}, // disk full
		{&pgconn.PgError{Code: "55000"}, i18n.ErrOutage},   // the database takes no connections just now
		{&net.OpError{Op: "dial", Err: os.ErrDeadlineExceeded}, i18n.ErrOutage},
		{&net.DNSError{Name: "db", IsNotFound: true}, i18n.ErrOutage},
		{full{}, i18n.ErrDiskFull},
		{driver.ErrBadConn, i18n.ErrOutage},
		{broken{&net.OpError{Op: "write", Err: syscall.EPIPE}}, i18n.ErrOutage}, // of the connection to PostgreSQL
		{broken{context.Canceled}, i18n.Text{}},                                 // who asked has gone
		{&pgconn.PgError{Code: "42703"}, i18n.Text{}},                           // a column that is not there is a fault of ours
		{&pgconn.PgError{Code: "40001"}, i18n.Text{}},
		{&net.OpError{Op: "write", Err: os.ErrClosed}, i18n.Text{}}, // the reader has gone
		{errors.New("anything"), i18n.Text{}},
	} {
		e := errs.Outage(wrapped(c.err))
		switch {
		case c.want.IsZero() && e != nil:
			t.Errorf("%v is taken for an outage", c.err)
		case !c.want.IsZero() && (e == nil || e.Kind != errs.Unavailable || e.Message.Text != c.want):
			t.Errorf("%v: %+v", c.err, e)
		}
	}
}

// broken is how PostgreSQL's driver tells that its connection broke off.
type broken struct{ error }

func (broken) SafeToRetry() bool { return false }
func (b broken) Unwrap() error   { return b.error }

// full is what SQLite says of a full disk.
type full struct{}

func (full) Error() string { return "database or disk is full" }
func (full) Code() int     { return 13 }
