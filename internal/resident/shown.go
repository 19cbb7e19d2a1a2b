package resident

import (
	"context"
	"sync"

	"linli/internal/code"
	"linli/internal/db"
)

// Shown is the sender of a demonstration: it remembers the last code of each telephone, so that the page can show it, and hands it on to Next, if there is one.
type Shown struct {
	Next Sender

	mu   sync.Mutex
	last map[string]string
}

// mostShown bounds what is remembered; a demonstration has few guests.
const mostShown = 1000

// Ready says that codes are shown.
func (s *Shown) Ready(context.Context, int64) (bool, error) { return true, nil }

// CodeTx remembers a code.
func (s *Shown) CodeTx(ctx context.Context, tx *db.Tx, tenant int64, phone, plain string) error {
	if s.Next != nil {
		if err := s.Next.CodeTx(ctx, tx, tenant, phone, plain); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last == nil || len(s.last) >= mostShown {
		s.last = map[string]string{}
	}
	s.last[phone] = plain
	return nil
}

// Last is the last code of a telephone, as somebody typed it.
func (s *Shown) Last(typed string) string {
	n, _ := code.ParsePhone(typed)
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last[n.String()]
}
