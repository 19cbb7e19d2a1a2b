package errs

import (
	"context"
	"database/sql/driver"
	"errors"
	"net"
	"strings"

	"linli/internal/i18n"
)

// Outage is what a user is told where the database, or the way to it, failed for a while and mends without the program: connection lost or refused, the server stopping or starting, its disk full. It is
// nil for everything else. It knows a failure by its SQLSTATE (PostgreSQL, appendix A), by SQLite's result code (sqlite.org/rescode.html), or as a failure of the network.
func Outage(err error) *Error {
	var state interface{ SQLState() string }
	var code interface{ Code() int }
	var network *net.OpError
	var name *net.DNSError
	var driven interface{ SafeToRetry() bool } // a connection of PostgreSQL's driver that broke off
	switch {
	case errors.As(err, &state):
		switch s := state.SQLState(); {
		case s == "53100": // disk_full
			return New(Unavailable, i18n.ErrDiskFull).Because(err)
		case s == "25006", s == "28P01", s == "28000", s == "3D000": // the server is a replica, the account or the database changed while serving: the operator mends it
			return New(Unavailable, i18n.ErrOutage).Because(err)
		case s == "55000", strings.HasPrefix(s, "08"), strings.HasPrefix(s, "57P"), strings.HasPrefix(s, "53"): // not accepting connections, connection, shutting down or starting, out of something
			return New(Unavailable, i18n.ErrOutage).Because(err)
		}
	case errors.As(err, &code):
		if code.Code()&0xff == 13 { // SQLITE_FULL
			return New(Unavailable, i18n.ErrDiskFull).Because(err)
		}
	case errors.Is(err, driver.ErrBadConn), errors.As(err, &driven) && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded):
		return New(Unavailable, i18n.ErrOutage).Because(err)
	case errors.As(err, &network) && network.Op != "write" && network.Op != "readfrom", errors.As(err, &name):
		return New(Unavailable, i18n.ErrOutage).Because(err)
	}
	return nil
}
