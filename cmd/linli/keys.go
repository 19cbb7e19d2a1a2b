package main

import (
	"context"
	"errors"
	"strconv"

	"linli/internal/app"
	"linli/internal/i18n"
	"linli/internal/seal"
)

func keysRotate(_ context.Context, e *env, args []string) error {
	cfg := e.config()
	if _, err := e.parse(args, 0); err != nil {
		return err
	}
	if err := cfg.Check(); err != nil {
		return usageError{err}
	}
	number, err := seal.Rotate(cfg.KeyFile)
	if err != nil {
		return app.KeyFault(err)
	}
	e.say(i18n.CLIRotated, cfg.KeyFile, number)
	return nil
}

func keysList(ctx context.Context, e *env, args []string) error {
	cfg := e.config()
	asJSON := e.flags.Bool("json", false, both(i18n.CLIFlagJSON))
	if _, err := e.parse(args, 0); err != nil {
		return err
	}
	uses, err := app.KeyUses(ctx, *cfg)
	if err != nil {
		return err
	}
	if *asJSON {
		return writeJSON(e.out, uses)
	}
	for _, u := range uses {
		made := i18n.CLIKeyMadeFirst.In(e.lang())
		if !u.Made.IsZero() {
			made = i18n.DateTime(u.Made)
		}
		line := i18n.CLIKeyOld
		switch {
		case u.Missing:
			line = i18n.CLIKeyMissing
		case u.Current:
			line = i18n.CLIKeyNow
		}
		e.say(line, u.Number, i18n.Number(u.Values), made)
	}
	return nil
}

func keysReseal(ctx context.Context, e *env, args []string) (err error) {
	cfg := e.config()
	if _, err := e.parse(args, 0); err != nil {
		return err
	}
	a, err := app.Open(ctx, *cfg, app.Options{Log: quietLog(e.err), Check: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	show, wipe := e.bar("reseal")
	res, err := a.Reseal(ctx, show)
	wipe()
	if err != nil {
		return err
	}
	e.say(i18n.CLIResealed, i18n.Number(res.Resealed), a.Ring.Current())
	if res.Bad == 0 {
		return nil
	}
	e.say(i18n.CLIResealBad, res.Bad)
	for _, b := range res.Broken {
		e.say(i18n.Verbatim("  {0}"), b)
	}
	return errFaults
}

func keysRetire(ctx context.Context, e *env, args []string) error {
	cfg := e.config()
	plain, err := e.parse(args, 1)
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(plain[0])
	if err != nil {
		return usage(i18n.CLIArguments)
	}
	kept, err := app.RetireKey(ctx, *cfg, number)
	if err != nil {
		return err
	}
	e.say(i18n.CLIKeyRetired, number, kept)
	return nil
}
