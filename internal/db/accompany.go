package db

import (
	"context"
	"sync/atomic"
)

type accompanyKey struct{}

// accompaniment is a step that runs in the first write transaction under a context that commits.
type accompaniment struct {
	step func(context.Context, *Tx) error
	done atomic.Bool
}

// Accompany gives a context under which the first write transaction that commits also carries step: both are durable
// or neither is. Later transactions under the context run alone. step may run more than once, as the transaction may,
// and its error undoes the transaction. A surface keeps with it what must not part from the act, such as the key by
// which a repeated request is known. committed says whether that has happened.
func Accompany(ctx context.Context, step func(context.Context, *Tx) error) (accompanied context.Context, committed func() bool) {
	a := &accompaniment{step: step}
	return context.WithValue(ctx, accompanyKey{}, a), a.done.Load
}

// accompanied gives fn with the step of the context, if one still waits, and what to call after the commit.
func accompanied(ctx context.Context, fn func(*Tx) error) (func(*Tx) error, *accompaniment) {
	a, _ := ctx.Value(accompanyKey{}).(*accompaniment)
	if a == nil || a.done.Load() {
		return fn, nil
	}
	return func(tx *Tx) error {
		if err := a.step(ctx, tx); err != nil {
			return err
		}
		return fn(tx)
	}, a
}
