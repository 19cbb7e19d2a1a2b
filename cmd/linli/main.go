// Command linli is the whole platform in one binary: it serves, imports, checks, backs up. linli help lists the commands.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"golang.org/x/term"

	"linli/internal/app"
	"linli/internal/config"
	"linli/internal/errs"
	"linli/internal/i18n"
)

// version is set when the program is built.
var version = "unknown"

// The exit codes.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	e := &env{in: os.Stdin, out: os.Stdout, err: os.Stderr, getenv: os.Getenv, terminal: term.IsTerminal(int(os.Stderr.Fd()))}
	code := e.run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// env is what a command sees of the world.
type env struct {
	in       io.Reader
	out, err io.Writer
	getenv   func(string) string
	terminal bool // standard error is a terminal: progress bars make sense
	flags    *flag.FlagSet
}

// lang is the language of messages: Chinese unless the environment asks for English.
func (e *env) lang() i18n.Lang {
	for _, name := range []string{"LINLI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := e.getenv(name); v != "" {
			return i18n.Parse(v)
		}
	}
	return i18n.ZH
}

func (e *env) say(t i18n.Text, args ...any)  { fmt.Fprintln(e.out, t.In(e.lang(), args...)) }
func (e *env) note(t i18n.Text, args ...any) { fmt.Fprintln(e.err, t.In(e.lang(), args...)) }

// usageError is a command that was written wrongly.
type usageError struct{ cause error }

func (u usageError) Error() string { return u.cause.Error() }
func (u usageError) Unwrap() error { return u.cause }

func usage(t i18n.Text, args ...any) error { return usageError{errs.New(errs.Invalid, t, args...)} }

// errFaults ends a command that did its work and found faults, which it has shown already.
var errFaults = errors.New("faults found")

// run runs one command and gives the exit code.
func (e *env) run(ctx context.Context, args []string) int {
	c, rest, err := find(args)
	if err == nil {
		if c == nil {
			e.help()
			return exitDone
		}
		e.flags = flag.NewFlagSet(c.name, flag.ContinueOnError)
		e.flags.SetOutput(io.Discard)
		err = c.run(ctx, e, rest)
	}
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, flag.ErrHelp):
		e.helpOn(c)
		return exitDone
	case errors.Is(err, errFaults):
		return exitFailed
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		e.note(i18n.CLIInterrupted)
		return exitFailed
	}
	fmt.Fprintln(e.err, "linli: "+e.words(err))
	if u := (usageError{}); errors.As(err, &u) {
		if c != nil {
			e.note(i18n.CLISeeHelp, c.name)
		}
		return exitUsage
	}
	return exitFailed
}

// words tells a failure plainly: what an operator can mend in their language, anything else in one line.
func (e *env) words(err error) string {
	var f *app.Fault
	if errors.As(err, &f) {
		return f.In(e.lang())
	}
	if u := errs.As(err); u != nil {
		lines := []string{u.Message.In(e.lang())}
		for field, m := range u.Fields {
			lines = append(lines, "  "+field+": "+m.In(e.lang()))
		}
		return strings.Join(lines, "\n")
	}
	line, _, _ := strings.Cut(err.Error(), "\n")
	if u := (usageError{}); errors.As(err, &u) {
		return line
	}
	return i18n.CLIInternal.In(e.lang(), line)
}

// parse reads flags and arguments in any order and gives the arguments; their number must be want.
func (e *env) parse(args []string, want int) ([]string, error) {
	var plain []string
	for {
		if err := e.flags.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return nil, err
			}
			return nil, usageError{err}
		}
		if e.flags.NArg() == 0 {
			break
		}
		plain = append(plain, e.flags.Arg(0))
		args = e.flags.Args()[1:]
	}
	if len(plain) != want {
		return nil, usage(i18n.CLIArguments)
	}
	return plain, nil
}

// config gives the settings with the flags that name the database.
func (e *env) config() *config.Config {
	c := config.FromEnv(e.getenv)
	c.DatabaseFlags(e.flags, flagText)
	return &c
}

// open opens the program for a command. Its log goes to standard error as text, warnings only.
func (e *env) open(ctx context.Context, cfg config.Config) (*app.App, error) {
	return app.Open(ctx, cfg, app.Options{Log: quietLog(e.err)})
}

// buildVersion is the version with what the Go tool knows about the build.
func buildVersion() string {
	v := version
	if info, ok := debug.ReadBuildInfo(); ok {
		v += " " + info.GoVersion
		for _, s := range info.Settings {
			if s.Key == "GOOS" || s.Key == "GOARCH" {
				v += " " + s.Value
			}
		}
	}
	return v
}
