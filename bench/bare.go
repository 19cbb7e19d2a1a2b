package bench

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"linli/internal/db"
)

// bare is a database without the platform: the driver's own connections, opened as the platform opens them.
type bare struct {
	read, write *sql.DB
	postgres    bool
	mu          sync.Mutex
	prepared    map[string]*sql.Stmt
}

// openBare opens the database at address, which is migrated already.
func openBare(address string) (*bare, error) {
	if file, is := strings.CutPrefix(address, "sqlite:"); is {
		return openBareFile(file)
	}
	h, err := sql.Open("pgx", address)
	if err != nil {
		return nil, err
	}
	n := 8 * max(4, runtime.NumCPU())
	h.SetMaxOpenConns(n)
	h.SetMaxIdleConns(n)
	return &bare{read: h, write: h, postgres: true, prepared: map[string]*sql.Stmt{}}, h.Ping()
}

func openBareFile(file string) (*bare, error) {
	open := func(extra string, conns int) (*sql.DB, error) {
		h, err := sql.Open("sqlite", "file:"+(&url.URL{Path: file}).EscapedPath()+
			"?_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_pragma=cache_size(-16000)&_pragma=temp_store(2)"+extra)
		if err != nil {
			return nil, err
		}
		h.SetMaxOpenConns(conns)
		h.SetMaxIdleConns(conns)
		return h, h.Ping()
	}
	w, err := open("&_txlock=immediate&_pragma=journal_mode(wal)&_pragma=synchronous(full)&_pragma=wal_autocheckpoint(4000)", 1)
	if err != nil {
		return nil, err
	}
	r, err := open("&_pragma=query_only(1)&_pragma=mmap_size(268435456)", max(4, 2*runtime.NumCPU()))
	return &bare{read: r, write: w, prepared: map[string]*sql.Stmt{}}, err
}

func (b *bare) close() error {
	for _, st := range b.prepared {
		_ = st.Close() // the handle goes with it
	}
	if err := b.write.Close(); err != nil || b.postgres {
		return err
	}
	return b.read.Close()
}

// text is a statement as the driver wants it.
func (b *bare) text(query string) string {
	if b.postgres {
		return query
	}
	return strings.ReplaceAll(query, "$", "?")
}

// reader is a query, prepared once; writer is a statement that writes.
func (b *bare) reader(query string) *sql.Stmt { return b.prepare(b.read, query) }
func (b *bare) writer(query string) *sql.Stmt { return b.prepare(b.write, query) }

func (b *bare) prepare(h *sql.DB, query string) *sql.Stmt {
	b.mu.Lock()
	defer b.mu.Unlock()
	if st := b.prepared[query]; st != nil {
		return st
	}
	st, err := h.Prepare(b.text(query))
	if err != nil {
		panic(fmt.Sprintf("bench: prepare %s: %v", query, err)) // a fault of this package
	}
	b.prepared[query] = st
	return st
}

// insertMany writes rows in one statement after another, as quickly as the driver can, and says how long it took.
func (b *bare) insertMany(ctx context.Context, c *sql.Conn, table string, columns []string, rows [][]any) (time.Duration, error) {
	if b.postgres {
		began := time.Now()
		err := c.Raw(func(driver any) error {
			_, err := driver.(*stdlib.Conn).Conn().CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromRows(rows))
			return err
		})
		return time.Since(began), err
	}
	per := 900 / len(columns)
	group := "(" + strings.TrimSuffix(strings.Repeat("?,", len(columns)), ",") + ")"
	var took time.Duration
	for at := 0; at < len(rows); at += per {
		part := rows[at:min(at+per, len(rows))]
		args := make([]any, 0, len(part)*len(columns))
		for _, r := range part {
			args = append(args, r...)
		}
		text := "INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES " +
			strings.TrimSuffix(strings.Repeat(group+",", len(part)), ",")
		st := b.prepared[text]
		if st == nil {
			var err error
			if st, err = c.PrepareContext(ctx, text); err != nil {
				return took, err
			}
			b.prepared[text] = st
		}
		began := time.Now()
		if _, err := st.ExecContext(ctx, args...); err != nil {
			return took, err
		}
		took += time.Since(began)
	}
	return took, nil
}

// place makes an empty database for one round and gives its address and what removes it.
func (w *world) place(ctx context.Context, name string) (address string, remove func() error, err error) {
	if w.o.Server == "" {
		file := filepath.Join(w.dir, name+".db")
		return "sqlite:" + file, w.dropper("sqlite:" + file), removeFiles(file)
	}
	if name = "linli_bench_" + name + "_"; w.o.Keep {
		name += w.o.Scale.Name + "_kept"
	} else {
		name += strconv.FormatInt(time.Now().UnixNano(), 10)
	}
	admin, err := sql.Open("pgx", w.o.Server)
	if err != nil {
		return "", nil, err
	}
	defer admin.Close()
	for _, text := range []string{"DROP DATABASE IF EXISTS " + name + " WITH (FORCE)", "CREATE DATABASE " + name} {
		if _, err := admin.ExecContext(ctx, text); err != nil {
			return "", nil, err
		}
	}
	u, err := url.Parse(w.o.Server)
	if err != nil {
		return "", nil, err
	}
	u.Path = "/" + name
	return u.String(), w.dropper(u.String()), nil
}

// dropper gives what removes the database at an address that place made.
func (w *world) dropper(address string) func() error {
	if file, is := strings.CutPrefix(address, "sqlite:"); is {
		return func() error { return removeFiles(file) }
	}
	return func() error {
		u, err := url.Parse(address)
		if err != nil {
			return err
		}
		return dropDatabase(w.o.Server, strings.TrimPrefix(u.Path, "/"))
	}
}

func dropDatabase(server, name string) error {
	admin, err := sql.Open("pgx", server)
	if err != nil {
		return err
	}
	defer admin.Close()
	_, err = admin.Exec("DROP DATABASE " + name + " WITH (FORCE)")
	return err
}

// migrated gives an empty database the platform's tables and indexes.
func migrated(ctx context.Context, address string) error {
	d, err := db.Open(ctx, address, db.Options{})
	if err != nil {
		return err
	}
	if _, err = d.Migrate(ctx); err != nil {
		_ = d.Close() // the migration's error is the one to show
		return err
	}
	return d.Close()
}
