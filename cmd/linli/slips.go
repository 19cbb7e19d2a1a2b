package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"linli/internal/app"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/feedback"
	"linli/internal/i18n"
)

// slips writes the slips of a quarter as PDF, one file each.
func slips(ctx context.Context, e *env, args []string) (err error) {
	cfg := e.config()
	quarter := e.flags.String("quarter", "", both(i18n.CLIFlagQuarter))
	dir := e.flags.String("out", "", both(i18n.CLIFlagOutDir))
	tenant := e.flags.String("tenant", "", both(i18n.CLIFlagTenant))
	e.flags.StringVar(&cfg.BaseURL, "url", cfg.BaseURL, flagText("url"))
	e.flags.StringVar(&cfg.FontFile, "font", cfg.FontFile, flagText("font"))
	if _, err := e.parse(args, 0); err != nil {
		return err
	}
	q, qerr := calendar.ParseQuarter(*quarter)
	if qerr != nil || q.IsZero() || *dir == "" {
		return usage(i18n.CLIArguments)
	}
	a, err := e.open(ctx, *cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	at, err := a.Tenant(ctx, *tenant)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(*dir, 0o700); err != nil {
		return errs.New(errs.Invalid, i18n.CLIFileWrite, *dir, reason(err))
	}
	n, err := e.writeSlips(ctx, a, authz.System(at, "command line"), q, *dir)
	if err != nil {
		return err
	}
	if n == 0 {
		e.say(i18n.CLISlipsNone, q.Label())
		return errFaults
	}
	e.say(i18n.CLISlipsWritten, q.Label(), n, *dir)
	return nil
}

func (e *env) writeSlips(ctx context.Context, a *app.App, actor authz.Actor, q calendar.Quarter, dir string) (int, error) {
	var all []feedback.Slip
	err := a.Feedback.Export(ctx, actor, feedback.Filter{Quarter: q}, func(s feedback.Slip) error {
		all = append(all, s)
		return nil
	})
	if err != nil {
		return 0, err
	}
	show, wipe := e.bar(q.String())
	defer wipe()
	for i, s := range all {
		if err := ctx.Err(); err != nil {
			return i, err
		}
		if err := writeSlip(ctx, a, actor, s, dir); err != nil {
			return i, err
		}
		show(int64(i+1), int64(len(all)))
	}
	return len(all), nil
}

func writeSlip(ctx context.Context, a *app.App, actor authz.Actor, s feedback.Slip, dir string) error {
	d, err := a.Feedback.Get(ctx, actor, s.ID)
	if err != nil {
		return err
	}
	p, err := feedback.Print(a.Printer, i18n.ZH, a.Config.BaseURL, d)
	if err != nil {
		return err
	}
	name := filepath.Join(dir, fileName(s.Quarter.String()+"-"+s.Community+"-"+s.Unit+"-"+s.ID.String())+".pdf")
	if err := os.WriteFile(name, p.PDF, 0o600); err != nil {
		return errs.New(errs.Invalid, i18n.CLIFileWrite, name, reason(err))
	}
	return nil
}

// fileName keeps letters, digits and hyphens, and not more than a file system takes: a Han character has three bytes.
func fileName(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' {
			return r
		}
		return '_'
	}, s)
	for len(s) > 200 {
		r := []rune(s)
		s = string(r[:len(r)/2-1]) + string(r[len(r)/2+1:]) // the ID at the end stays
	}
	return s
}
