package db

import (
	"database/sql/driver"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
)

// SQLite's extended result codes (sqlite.org/rescode.html).
const (
	sqliteConstraint = 19 // the lowest byte of all below
	sqliteUnique     = 2067
	sqlitePrimaryKey = 1555
	sqliteForeignKey = 787
	sqliteCheck      = 275
)

func is(err error, pgCode string, sqliteCodes ...int) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == pgCode
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		for _, c := range sqliteCodes {
			if lite.Code() == c {
				return true
			}
		}
	}
	return false
}

// IsUnique says that a unique key was violated.
func IsUnique(err error) bool { return is(err, "23505", sqliteUnique, sqlitePrimaryKey) }

// IsForeignKey says that a referenced row is not there or still in use.
func IsForeignKey(err error) bool { return is(err, "23503", sqliteForeignKey) }

// IsCheck says that a CHECK constraint refused a value.
func IsCheck(err error) bool { return is(err, "23514", sqliteCheck) }

// isRetryable says that PostgreSQL asks for the transaction to be run again.
func isRetryable(err error) bool { return is(err, "40001") || is(err, "40P01") }

// isLost says that the connection to PostgreSQL broke off, whether on the way or because the server ended it: what had been asked on it may be asked again on
// another one, unless a commit was under way. A server that cannot be reached at all is another matter.
func isLost(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return strings.HasPrefix(pg.Code, "57P0") || strings.HasPrefix(pg.Code, "08")
	}
	var driven interface{ SafeToRetry() bool } // what pgconn says of a connection that it could not write to or read from
	var dial *pgconn.ConnectError
	return errors.Is(err, driver.ErrBadConn) || errors.As(err, &driven) && !errors.As(err, &dial) && !pgconn.Timeout(err)
}

// isRefused says that SQLite took a statement back because of a constraint, and nothing else with it.
func isRefused(err error) bool {
	var lite *sqlite.Error
	return errors.As(err, &lite) && lite.Code()&0xff == sqliteConstraint
}
