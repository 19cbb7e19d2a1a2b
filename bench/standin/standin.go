// Package standin lets the binary of a test stand in for the program: started with "serve" it serves, as the measurements start it.
package standin

import (
	"context"
	"errors"
	"flag"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"testing"

	"linli/internal/app"
	"linli/internal/config"
)

// Main is what TestMain calls: it serves or runs the tests.
func Main(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "serve" {
		if err := serve(os.Args[2:]); err != nil {
			slog.Error("serve", "err", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func serve(args []string) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	cfg := config.Defaults()
	fs := flag.NewFlagSet("serve", flag.ContinueOnError)
	none := func(string) string { return "" }
	cfg.DatabaseFlags(fs, none)
	cfg.ServeFlags(fs, none)
	if err := fs.Parse(args); err != nil {
		return err
	}
	a, err := app.Open(ctx, cfg, app.Options{})
	if err != nil {
		return err
	}
	return errors.Join(a.Serve(ctx, app.Serving{}), a.Close())
}
