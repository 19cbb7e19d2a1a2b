package db

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
)

// local are the tables that a Citus cluster keeps whole on its coordinator: the list of applied migrations, which goose keeps for itself.
var local = []string{"goose_db_version"}

// reference are the tables of which every node keeps a copy: few rows, hardly ever written.
var reference = []string{"tenant"}

// anchor is the table beside whose shards all others lie, so that whatever belongs to one tenant is on one node.
const anchor = "policy"

// distribute spreads every table that is not yet spread over the nodes of a Citus cluster, by tenant_id, and gives the names of those it moved. It does nothing on plain PostgreSQL. Each table is a
// step of its own: what was cut off is done by the next migration. Rows that are there already move along.
func distribute(ctx context.Context, h *sql.DB) (moved []string, err error) {
	conn, err := h.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	var cluster bool
	if err := conn.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus')").Scan(&cluster); err != nil || !cluster {
		return nil, err
	}
	// Servers that start together wait for each other here, as they do for migrations.
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock(417022)"); err != nil {
		return nil, err
	}
	defer conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock(417022)")
	todo, err := unspread(ctx, conn)
	if err != nil {
		return nil, err
	}
	for _, t := range todo {
		call, args := "SELECT create_distributed_table($1::text::regclass, 'tenant_id', colocate_with => '"+anchor+"')", []any{t}
		switch {
		case slices.Contains(reference, t):
			call = "SELECT create_reference_table($1::text::regclass)"
		case t == anchor:
			call = "SELECT create_distributed_table($1::text::regclass, 'tenant_id', colocate_with => 'none')"
		}
		if _, err := conn.ExecContext(ctx, call, args...); err != nil {
			return moved, fmt.Errorf("spread table %s over the cluster: %w", t, err)
		}
		moved = append(moved, t)
	}
	return moved, nil
}

// unspread are the tables of the schema that lie on the coordinator alone and should not, the anchor first.
func unspread(ctx context.Context, conn *sql.Conn) ([]string, error) {
	rows, err := conn.QueryContext(ctx, `SELECT c.relname FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND NOT (c.relname = ANY ($1))
		AND NOT EXISTS (SELECT 1 FROM pg_dist_partition p WHERE p.logicalrelid = c.oid) ORDER BY c.relname <> $2, c.relname`, local, anchor)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		list = append(list, name)
	}
	return list, rows.Err()
}
