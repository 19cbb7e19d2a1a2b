package db

import (
	"context"
	"database/sql"
	"errors"

	"linli/internal/errs"
)

// All reads every row of a query into a slice; dest gives the places into which one row is scanned,
// in the order of the selected columns. The query must be bounded (a page, one parent's children).
func All[T any](ctx context.Context, q Querier, dest func(*T) []any, query string, args ...any) ([]T, error) {
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		var v T
		if err := rows.Scan(dest(&v)...); err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

// One reads the one row of a query; no row is errs.ErrNotFound.
func One[T any](ctx context.Context, q Querier, dest func(*T) []any, query string, args ...any) (T, error) {
	var v T
	err := q.QueryRow(ctx, query, args...).Scan(dest(&v)...)
	if errors.Is(err, sql.ErrNoRows) {
		return v, errs.ErrNotFound
	}
	return v, err
}

// Each calls fn for every row without holding them all.
func Each[T any](ctx context.Context, q Querier, dest func(*T) []any, fn func(T) error, query string, args ...any) error {
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var v T
		if err := rows.Scan(dest(&v)...); err != nil {
			return err
		}
		if err := fn(v); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Column reads a query of one column.
func Column[T any](ctx context.Context, q Querier, query string, args ...any) ([]T, error) {
	return All(ctx, q, func(v *T) []any { return []any{v} }, query, args...)
}

// Value reads a query of one value; no row gives the zero value.
func Value[T any](ctx context.Context, q Querier, query string, args ...any) (T, error) {
	var v T
	err := q.QueryRow(ctx, query, args...).Scan(&v)
	if errors.Is(err, sql.ErrNoRows) {
		return v, nil
	}
	return v, err
}
