package db

import (
	"context"
	"database/sql"
	"errors"
	"net"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// replica is a server that follows the database (streaming replication), for reads that take long.
type replica struct {
	pool    *sql.DB
	log     func(used bool, err error)
	wait    time.Duration // for what the database has and it has not yet
	rest    time.Duration // it is left alone after it failed or was late
	resumes atomic.Int64  // instant in microseconds; 0 while it is used
}

// How long a report waits for a replica that is behind, and how long one that failed or stayed behind is left alone.
const (
	replicaWait = time.Second
	replicaRest = 10 * time.Second
)

// ErrReplica is returned for a replica of what has none.
var ErrReplica = errors.New("db: only a PostgreSQL database has a replica")

// Why a replica is not used.
var (
	errLate  = errors.New("the replica is behind by more than a report waits")
	errOther = errors.New("the replica follows another server, or none")
)

// WithReplica lets reports (ForReport) read at a replica of the PostgreSQL database. It need not be there now; log is told when it is no longer used, and why, and when it is again.
func (d *DB) WithReplica(databaseURL string, log func(used bool, err error)) error {
	if d.engine != Postgres {
		return ErrReplica
	}
	cfg, err := pgx.ParseConfig(databaseURL)
	if err != nil {
		return err
	}
	cfg.RuntimeParams["application_name"] = "linli reports"
	cfg.RuntimeParams["default_transaction_read_only"] = "on"
	if cfg.ConnectTimeout == 0 {
		cfg.ConnectTimeout = 2 * time.Second
	}
	// A machine that is gone without a word is found out within some seconds.
	cfg.DialFunc = (&net.Dialer{Timeout: cfg.ConnectTimeout, KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 5 * time.Second, Interval: 2 * time.Second, Count: 3}}).DialContext
	pool := stdlib.OpenDB(*cfg)
	pool.SetMaxOpenConns(16)
	pool.SetMaxIdleConns(4)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	d.replica = &replica{pool: pool, log: log, wait: replicaWait, rest: replicaRest}
	return nil
}

// reportKey finds in a context where the reads of a report go.
type reportKey struct{}

// ForReport lets what is read outside transactions with the context it gives be read at the replica, once that has everything that was committed before the call; and at the database
// as ever where there is no replica, it does not answer, or it is too far behind. So a report never misses what somebody just entered. It is for what takes long: roll-ups, figures, exports.
func (d *DB) ForReport(ctx context.Context) context.Context {
	r := d.replica
	if r == nil || r.resumes.Load() > d.micros() {
		return ctx
	}
	if err := d.caughtUp(ctx); err != nil {
		if ctx.Err() == nil {
			d.leave(err)
		}
		return ctx
	}
	if r.resumes.Swap(0) != 0 {
		r.log(true, nil)
	}
	return context.WithValue(ctx, reportKey{}, d)
}

// reports says whether a read is one of a report.
func (d *DB) reports(ctx context.Context) bool {
	return d.replica != nil && d.replica.resumes.Load() <= d.micros() && ctx.Value(reportKey{}) == d
}

// micros is the instant of the machine, not that of the platform's clock: it measures waiting.
func (d *DB) micros() int64 { return time.Now().UnixMicro() }

// caughtUp waits until the replica has what the database had when it was called.
func (d *DB) caughtUp(ctx context.Context) error {
	var at, system string
	var timeline int64
	if err := d.queryRow(ctx, `SELECT CAST(l.at AS TEXT), CAST((SELECT system_identifier FROM pg_control_system()) AS TEXT), CAST(CAST('x' || substr(pg_walfile_name(l.at), 1, 8) AS bit(32)) AS BIGINT)
		FROM (SELECT pg_current_wal_flush_lsn() AS at) l`).Scan(&at, &system, &timeline); err != nil {
		return err
	}
	ctx, stop := context.WithTimeout(ctx, d.replica.wait)
	defer stop()
	for pause := time.Millisecond; ; pause = min(2*pause, 20*time.Millisecond) {
		var there bool
		// One of another server may be further on; one that follows the server that was before a fail-over is on another timeline (pg_read_all_stats shows which).
		var follows bool
		err := d.replica.pool.QueryRowContext(ctx, `SELECT pg_is_in_recovery() AND coalesce(pg_last_wal_replay_lsn() >= CAST($1 AS pg_lsn), FALSE),
			pg_is_in_recovery() AND CAST((SELECT system_identifier FROM pg_control_system()) AS TEXT) = $2 AND coalesce((SELECT received_tli FROM pg_stat_wal_receiver), CAST($3 AS BIGINT)) = CAST($3 AS BIGINT)`, at, system, timeline).Scan(&there, &follows)
		switch {
		case err == nil && !follows:
			return errOther
		case there:
			return nil
		case errors.Is(err, context.DeadlineExceeded):
			return errLate
		case err != nil:
			return err
		}
		select {
		case <-ctx.Done():
			return errLate
		case <-time.After(pause):
		}
	}
}

// leave lets the replica alone for a while.
func (d *DB) leave(err error) {
	if d.replica.resumes.Swap(d.micros()+d.replica.rest.Microseconds()) == 0 {
		d.replica.log(false, err)
	}
}

// queryReplica reads many rows at the replica, and at the database where the replica fails before the first row.
func (d *DB) queryReplica(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	rows, err := again(func() (*sql.Rows, error) { return d.replica.pool.QueryContext(ctx, query, args...) })
	if err == nil || ctx.Err() != nil {
		return rows, err
	}
	d.leave(err)
	return d.query(ctx, query, args...)
}

// queryRowReplica reads one row likewise.
func (d *DB) queryRowReplica(ctx context.Context, query string, args ...any) *sql.Row {
	row, err := again(func() (*sql.Row, error) {
		row := d.replica.pool.QueryRowContext(ctx, query, args...)
		return row, row.Err()
	})
	if err == nil || ctx.Err() != nil {
		return row
	}
	d.leave(err)
	return d.queryRow(ctx, query, args...)
}
