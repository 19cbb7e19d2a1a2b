package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"linli/internal/app"
	"linli/internal/authn"
	"linli/internal/config"
	"linli/internal/i18n"
	"linli/internal/telemetry"
)

func serve(ctx context.Context, e *env, args []string) error {
	cfg := e.config()
	cfg.ServeFlags(e.flags, flagText)
	if _, err := e.parse(args, 0); err != nil {
		return err
	}
	a, err := openWaiting(ctx, e, *cfg)
	if err != nil {
		return err
	}
	err = a.Serve(ctx, app.Serving{Version: version, Ready: func(url, metrics string) {
		e.note(i18n.CLIServing, url)
		if metrics != "" {
			e.note(i18n.CLIMetricsAt, metrics)
		}
	}})
	if err == nil {
		e.note(i18n.CLIStopped)
	}
	return errors.Join(err, a.Close())
}

// longestWait is between two tries to reach a database that does not answer when a server starts.
const longestWait = 15 * time.Second

// openWaiting opens the database, and where it does not answer now, as after the machine has started, tries again until it does. Any other fault is told at once.
func openWaiting(ctx context.Context, e *env, cfg config.Config) (*app.App, error) {
	for pause := 500 * time.Millisecond; ; pause = min(2*pause, longestWait) {
		a, err := app.Open(ctx, cfg, app.Options{Log: telemetry.NewLogger(e.err, cfg.LogText, cfg.LogDebug)})
		if !app.Away(err) {
			return a, err
		}
		if pause == 500*time.Millisecond {
			e.note(i18n.CLIWaiting, cfg.SafeDB())
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(pause):
		}
	}
}

func migrate(ctx context.Context, e *env, args []string) (err error) {
	cfg := e.config()
	if _, err := e.parse(args, 0); err != nil {
		return err
	}
	done, has, err := app.Migrate(ctx, *cfg)
	switch {
	case err != nil:
		return err
	case done == 0:
		e.say(i18n.CLIUpToDate, has)
	default:
		e.say(i18n.CLIMigrated, done, has)
	}
	return nil
}

func tenantAdd(ctx context.Context, e *env, args []string) (err error) {
	cfg := e.config()
	name := e.flags.String("name", "", both(i18n.CLIFlagTenName))
	plain, err := e.parse(args, 1)
	if err != nil {
		return err
	}
	a, err := e.open(ctx, *cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	if _, _, err := a.CreateTenant(ctx, plain[0], *name); err != nil {
		return err
	}
	e.say(i18n.CLITenantMade, plain[0], *name)
	return nil
}

func userAdd(ctx context.Context, e *env, args []string) (err error) {
	cfg := e.config()
	var in authn.NewAccount
	tenant := e.flags.String("tenant", "", both(i18n.CLIFlagTenant))
	e.flags.StringVar(&in.Login, "login", "", both(i18n.CLIFlagLogin))
	e.flags.StringVar(&in.Name, "name", "", both(i18n.CLIFlagName))
	role := e.flags.String("role", "", both(i18n.CLIFlagRole))
	org := e.flags.String("org", "", both(i18n.CLIFlagRoleOrg))
	file := e.flags.String("password-file", "", both(i18n.CLIFlagPassFile))
	temporary := e.flags.Bool("temporary", false, both(i18n.CLIFlagTemp))
	totp := e.flags.Bool("totp", false, both(i18n.CLIFlagTOTP))
	if _, err := e.parse(args, 0); err != nil {
		return err
	}
	if in.Login == "" || in.Name == "" || *role == "" {
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
	orgID, err := a.FindOrganisation(ctx, at, *org)
	if err != nil {
		return err
	}
	in.Grants = []authn.NewGrant{{Role: *role, OrgID: orgID}}
	if !*temporary {
		if in.Password, err = e.password(*file); err != nil {
			return err
		}
		in.Keep = true
	}
	account, password, enrolment, err := a.AddUser(ctx, at, in, *totp)
	if err != nil {
		return err
	}
	e.say(i18n.CLIUserMade, account.Login)
	if *temporary {
		e.say(i18n.CLIUserTemp, password)
	}
	if *totp {
		e.say(i18n.CLIUserTOTP, enrolment.URL)
	}
	return nil
}

// password reads a new password: from a file, from standard input, or twice from the terminal without showing it.
func (e *env) password(file string) (string, error) {
	switch file {
	case "":
		return e.typedPassword()
	case "-":
		return firstLine(e.in)
	}
	f, err := os.Open(file)
	if err != nil {
		return "", usage(i18n.CLIFileRead, file, reason(err))
	}
	defer f.Close()
	return firstLine(f)
}

func firstLine(r io.Reader) (string, error) {
	line, err := bufio.NewReader(io.LimitReader(r, 4096)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return "", usage(i18n.CLIPasswordHow)
	}
	return line, nil
}

func (e *env) typedPassword() (string, error) {
	in, ok := e.in.(*os.File)
	if !ok || !term.IsTerminal(int(in.Fd())) {
		return "", usage(i18n.CLIPasswordHow)
	}
	ask := func(t i18n.Text) (string, error) {
		_, _ = io.WriteString(e.err, t.In(e.lang())) // a terminal that cannot be written to is seen at once
		b, err := term.ReadPassword(int(in.Fd()))
		_, _ = io.WriteString(e.err, "\n") // as above
		return string(b), err
	}
	first, err := ask(i18n.CLIPassword)
	if err != nil {
		return "", err
	}
	again, err := ask(i18n.CLIPasswordAgain)
	if err == nil && again != first {
		err = usage(i18n.CLIPasswordDiff)
	}
	return first, err
}

func verify(ctx context.Context, e *env, args []string) (err error) {
	cfg := e.config()
	asJSON := e.flags.Bool("json", false, both(i18n.CLIFlagJSON))
	if _, err := e.parse(args, 0); err != nil {
		return err
	}
	a, err := app.Open(ctx, *cfg, app.Options{Log: quietLog(e.err), Check: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	show, wipe := e.bar("verify")
	found, err := a.Verify(ctx, func(done, total int, _ string) { show(int64(done), int64(total)) })
	wipe()
	if err != nil {
		return err
	}
	if *asJSON {
		if err := writeJSON(e.out, found); err != nil {
			return err
		}
	} else {
		e.showFindings(found)
	}
	if len(found) > 0 {
		return errFaults
	}
	return nil
}

func (e *env) showFindings(found []app.Finding) {
	if len(found) == 0 {
		e.say(i18n.CLIVerifyGood)
		return
	}
	e.say(i18n.CLIVerifyBad, len(found))
	for _, f := range found {
		e.say(i18n.Verbatim("  {0} {1}: {2}"), f.Tenant, f.Package, f.What)
	}
}
