// Package waiting is the word for "what waits for me today": each concept says what of its own waits for an actor, and
// the home page of every role puts the answers together. Nothing is stored: an item is a question to the records, so it
// disappears by itself when the work is done.
package waiting

import (
	"context"
	"time"

	"linli/internal/authz"
	"linli/internal/id"
)

// Ask is how a concept says what of its own waits for an actor.
type Ask = func(ctx context.Context, actor authz.Actor) ([]Item, error)

// Item is one thing that waits, or several of the same kind.
type Item struct {
	Kind    string    // "registration.accept": what is to be done; surfaces know its words and its page
	Count   int64     // how many; an item with 0 is not listed
	Subject id.ID     // the one record concerned when Count is 1 and it is known, so that it is one press away
	Since   time.Time // when the oldest began to wait
	DueOn   string    // day by which it should be done, "" for none
}
