package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"linli/internal/app"
	"linli/internal/config"
	"linli/internal/demo"
	"linli/internal/i18n"
	"linli/internal/resident"
	"linli/internal/telemetry"
	"linli/internal/web"
)

// serveDemo makes the demonstration if it is not there, and serves it.
func serveDemo(ctx context.Context, e *env, args []string) error {
	cfg := config.FromEnv(e.getenv)
	cfg.LogText = true
	cfg.ServeFlags(e.flags, flagText)
	o := demo.Options{}
	e.flags.StringVar(&o.Dir, "data", "data/demo", both(i18n.CLIFlagDemoDir))
	scale := e.flags.String("scale", demo.Small.Name, both(i18n.CLIFlagDemoScale))
	e.flags.BoolVar(&o.Reset, "reset", false, both(i18n.CLIFlagDemoReset))
	asJSON := e.flags.Bool("json", false, both(i18n.CLIFlagDemoJSON))
	if _, err := e.parse(args, 0); err != nil {
		return err
	}
	var known bool
	if o.Scale, known = demo.ScaleNamed(*scale); !known {
		return usage(i18n.CLIDemoScale, *scale)
	}
	o.Config, o.Log = cfg, telemetry.NewLogger(e.err, cfg.LogText, cfg.LogDebug)
	a, rep, err := e.openDemo(ctx, o)
	if err != nil {
		return err
	}
	codes, guest := &resident.Shown{Next: a.Codes()}, demo.TheGuest()
	a.Resident.WithSender(codes)
	err = a.Serve(ctx, app.Serving{Version: version, Demo: offered(rep.Accounts), Guest: &web.Guest{Phone: guest.Phone, Name: guest.Name, Tail: guest.Tail, Code: codes.Last}, Ready: func(url, _ string) { e.demoReady(url, rep, *asJSON) }})
	if err == nil {
		e.note(i18n.CLIStopped)
	}
	return errors.Join(err, a.Close())
}

// openDemo opens the demonstration and shows how far its making is.
func (e *env) openDemo(ctx context.Context, o demo.Options) (*app.App, demo.Report, error) {
	began := time.Now()
	making := false
	var wipe func()
	var show func(done, total int64)
	step := ""
	o.Progress = func(s demo.Step, done, total int64) {
		if !making {
			making = true
			e.note(i18n.CLIDemoMaking, o.Scale.Name)
		}
		if s.Name != step {
			if wipe != nil {
				wipe()
			}
			step = s.Name
			show, wipe = e.bar(s.Text.In(e.lang()))
		}
		show(done, total)
	}
	a, rep, err := demo.Open(ctx, o)
	if wipe != nil {
		wipe()
	}
	var other *demo.OtherError
	if errors.As(err, &other) {
		return nil, rep, usage(i18n.CLIDemoOther, o.Dir, other.Scale)
	}
	if err == nil && making {
		e.note(i18n.CLIDemoMade, fmt.Sprintf("%.1f", time.Since(began).Seconds()))
	}
	return a, rep, err
}

// demoReady tells where the demonstration is and how to get in.
func (e *env) demoReady(url string, rep demo.Report, asJSON bool) {
	if asJSON {
		line, err := json.Marshal(struct {
			URL      string         `json:"url"`
			Accounts []demo.Account `json:"accounts"`
		}{url, rep.Accounts})
		if err == nil {
			fmt.Fprintln(e.out, string(line))
		}
		return
	}
	e.say(i18n.CLIDemoReady, url)
	for _, a := range rep.Accounts {
		fmt.Fprintf(e.out, "  %-14s %-12s %s\n", a.Role, a.User, a.Note)
	}
	e.say(i18n.CLIDemoPassword, demo.Password)
	if host, err := netip.ParseAddrPort(addressOf(url)); err == nil && !host.Addr().IsLoopback() {
		e.note(i18n.CLIDemoOpenAddr)
	}
}

// addressOf is the address in an http URL.
func addressOf(url string) string {
	const scheme = "http://"
	return url[min(len(scheme), len(url)):]
}

// offered are the accounts as the log-in page shows them.
func offered(accounts []demo.Account) []web.DemoAccount {
	out := make([]web.DemoAccount, len(accounts))
	for i, a := range accounts {
		out[i] = web.DemoAccount{Role: a.Role, Login: a.User, Password: a.Password, Note: a.Note}
	}
	return out
}
