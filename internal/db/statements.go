package db

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"sync"
)

// statements keeps prepared statements by their text. Preparing costs SQLite two thirds of a point look-up.
type statements struct {
	prepare func(context.Context, string) (*sql.Stmt, error)
	mu      sync.RWMutex
	byText  map[string]*sql.Stmt
}

// maxStatements bounds the cache; texts vary only with filters and sizes of lists, so it is hardly ever reached.
const maxStatements = 2000

func newStatements(prepare func(context.Context, string) (*sql.Stmt, error)) *statements {
	return &statements{prepare: prepare, byText: map[string]*sql.Stmt{}}
}

// known is a statement that is there already, or nil.
func (s *statements) known(query string) *sql.Stmt {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.byText[query]
}

func (s *statements) get(ctx context.Context, query string) (*sql.Stmt, error) {
	if st := s.known(query); st != nil {
		return st, nil
	}
	// A cancelled caller must not leave a half-prepared statement behind for the others.
	st, err := s.prepare(context.WithoutCancel(ctx), rewrite(query))
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if prior := s.byText[query]; prior != nil {
		return prior, st.Close()
	}
	if len(s.byText) >= maxStatements {
		// Statements in use stay valid until their rows are closed (database/sql counts references).
		for text, old := range s.byText {
			_ = old.Close() // only frees memory
			delete(s.byText, text)
		}
	}
	s.byText[query] = st
	return st, nil
}

func (s *statements) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var err error
	for text, st := range s.byText {
		err = errors.Join(err, st.Close())
		delete(s.byText, text)
	}
	return err
}

// rewrite turns $1 into ?1: to SQLite $1 is a named parameter. No text of ours holds a $ otherwise.
func rewrite(query string) string { return strings.ReplaceAll(query, "$", "?") }
