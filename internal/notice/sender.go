package notice

import (
	"context"
	"strings"
	"sync"
	"time"

	"linli/internal/i18n"
)

// Outgoing is a message as a channel sends it.
type Outgoing struct {
	ID       string // the same whenever the message is tried
	Tenant   int64
	Kind     string
	Channel  Channel
	Language i18n.Lang
	To       string
	Subject  string
	Body     string
	Values   map[string]string // by placeholder, for gateways with texts registered at the network
	At       time.Time
}

// Sender sends messages of one channel. It may be called by several at once. An error that is Final is not tried again.
type Sender interface {
	Send(ctx context.Context, m Outgoing) error
}

// Final is a refusal that trying again does not change.
type Final struct{ Reason string }

func (f *Final) Error() string { return f.Reason }

// Fake takes messages and shows them: in the demonstration and in tests. It keeps the latest in memory and nothing else.
type Fake struct {
	mu   sync.Mutex
	list []Outgoing
	fail error
}

// Break lets Send answer err from now on; nil mends it.
func (f *Fake) Break(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fail = err
}

const mostFaked = 200

// Send keeps the message.
func (f *Fake) Send(_ context.Context, m Outgoing) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.fail != nil {
		return f.fail
	}
	f.list = append(f.list, m)
	if len(f.list) > mostFaked {
		f.list = f.list[len(f.list)-mostFaked:]
	}
	return nil
}

// Taken gives what was taken, the newest first.
func (f *Fake) Taken() []Outgoing {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := make([]Outgoing, len(f.list))
	for i, m := range f.list {
		out[len(f.list)-1-i] = m
	}
	return out
}

// without takes an address out of what a gateway said, so that the log does not keep it.
func without(said, address string) string {
	if address == "" {
		return said
	}
	for _, a := range []string{address, strings.TrimPrefix(address, "+86")} {
		said = strings.ReplaceAll(said, a, "***")
	}
	return said
}
