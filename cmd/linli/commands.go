package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"linli/internal/i18n"
	"linli/internal/telemetry"
)

// command is one subcommand.
type command struct {
	name    string // one or two words
	args    string // as shown in the usage line
	summary i18n.Text
	run     func(ctx context.Context, e *env, args []string) error
}

// commands are all subcommands in the order of the help.
func commands() []*command {
	return []*command{
		{"demo", "[-addr A] [-data DIR] [-scale small|district] [-reset] [-json]", i18n.CLIDemo, serveDemo},
		{"serve", "[-db URL] [-addr A]", i18n.CLIServe, serve},
		{"migrate", "[-db URL]", i18n.CLIMigrate, migrate},
		{"tenant add", "[-db URL] -name NAME CODE", i18n.CLITenantAdd, tenantAdd},
		{"user add", "[-db URL] -login LOGIN -name NAME -role ROLE", i18n.CLIUserAdd, userAdd},
		{"import", "KIND [-db URL] [-dry-run] [-json] FILE", i18n.CLIImport, importTable},
		{"template", "KIND -o FILE", i18n.CLITemplate, writeTemplate},
		{"fill", "[-db URL] -as LOGIN -o OUT.xlsx [-purpose CODE] [-community NAME] [-all] [-json] FORM.xlsx", i18n.CLIFill, fillForm},
		{"train", "-data FILE [-test FILE] [-out MODEL] [-seed N] [-apart] [-json]", i18n.CLITrain, train},
		{"slips", "-quarter 2026Q3 -out DIR [-db URL]", i18n.CLISlips, slips},
		{"verify", "[-db URL] [-json]", i18n.CLIVerify, verify},
		{"retention", "[-db URL] [-tenant CODE] [-dry-run] [-rows] [-json]", i18n.CLIRetention, retain},
		{"backup", "[-db URL] [-key FILE] -o FILE | -verify FILE", i18n.CLIBackup, backUp},
		{"restore", "[-db URL] [-key FILE] FILE", i18n.CLIRestore, restore},
		{"keys list", "[-db URL] [-keys FILE] [-json]", i18n.CLIKeysList, keysList},
		{"keys rotate", "[-keys FILE]", i18n.CLIKeysRotate, keysRotate},
		{"keys reseal", "[-db URL] [-keys FILE]", i18n.CLIKeysReseal, keysReseal},
		{"keys retire", "[-db URL] [-keys FILE] NUMBER", i18n.CLIKeysRetire, keysRetire},
		{"bench", "[-scale small|district] [-engine sqlite|postgres -db URL] [-job NAME] [-json]", i18n.CLIBench, measure},
		{"load", "[-times N] [-for TIME] [-storm N] [-fault kill|disk|slow] [-disturb COMMAND] [-db URL] [-json]", i18n.CLILoad, actDay},
		{"version", "", i18n.CLIVersion, showVersion},
		{"help", "", i18n.CLIHelp, showHelp},
	}
}

// find gives the command that the arguments name and the rest of them; no command for no arguments and for pleas for help.
func find(args []string) (*command, []string, error) {
	if len(args) == 0 || args[0] == "-h" || args[0] == "-help" || args[0] == "--help" {
		return nil, nil, nil
	}
	for _, c := range commands() {
		words := strings.Fields(c.name)
		if len(args) >= len(words) && strings.Join(args[:len(words)], " ") == c.name {
			return c, args[len(words):], nil
		}
	}
	return nil, nil, usage(i18n.CLIUnknown, args[0])
}

// flagText describes a flag in both languages, Chinese first.
func flagText(name string) string {
	t, ok := map[string]i18n.Text{
		"db": i18n.CLIFlagDB, "keys": i18n.CLIFlagKeys, "addr": i18n.CLIFlagAddr, "metrics": i18n.CLIFlagMetrics, "url": i18n.CLIFlagURL,
		"snapshots": i18n.CLIFlagSnapshots, "snapshot-every": i18n.CLIFlagSnapEvery, "snapshot-keep": i18n.CLIFlagSnapKeep, "snapshot-key": i18n.CLIFlagSnapKey,
		"font": i18n.CLIFlagFont, "replica": i18n.CLIFlagReplica, "connections": i18n.CLIFlagConns, "workers": i18n.CLIFlagWorkers, "log-text": i18n.CLIFlagLogText, "proxy": i18n.CLIFlagProxy,
		"notices": i18n.CLIFlagNotices, "webhook-host": i18n.CLIFlagWebhook,
	}[name]
	if !ok {
		return ""
	}
	return both(t)
}

// both puts the two languages of a help text one below the other.
func both(t i18n.Text) string { return t.In(i18n.ZH) + "\n" + t.In(i18n.EN) }

func showHelp(_ context.Context, e *env, args []string) error {
	if len(args) > 0 {
		c, _, err := find(args)
		if err != nil || c == nil {
			return err
		}
		return c.run(context.Background(), e, []string{"-h"})
	}
	e.help()
	return nil
}

// help lists the commands.
func (e *env) help() {
	fmt.Fprintln(e.out, both(i18n.CLITagline))
	fmt.Fprintf(e.out, "\n%s  %s\n", i18n.CLICommands.In(i18n.ZH), i18n.CLICommands.In(i18n.EN))
	for _, c := range commands() {
		fmt.Fprintf(e.out, "  linli %-12s %s\n  %18s %s\n", c.name, c.summary.In(i18n.ZH), "", c.summary.In(i18n.EN))
	}
	fmt.Fprintln(e.out, "\n"+both(i18n.CLIMore))
}

// helpOn explains one command with its flags, as the command declared them.
func (e *env) helpOn(c *command) {
	fmt.Fprintf(e.out, "%s\n\n%s  %s\n  linli %s %s\n", both(c.summary), i18n.CLIUsage.In(i18n.ZH), i18n.CLIUsage.In(i18n.EN), c.name, c.args)
	first := true
	e.flags.VisitAll(func(f *flag.Flag) {
		if first {
			fmt.Fprintf(e.out, "\n%s  %s\n", i18n.CLIFlags.In(i18n.ZH), i18n.CLIFlags.In(i18n.EN))
			first = false
		}
		fmt.Fprintf(e.out, "  -%s", f.Name)
		if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "0" {
			fmt.Fprintf(e.out, " (%s)", i18n.CLIDefault.In(e.lang(), f.DefValue))
		}
		fmt.Fprintf(e.out, "\n      %s\n", strings.ReplaceAll(f.Usage, "\n", "\n      "))
	})
}

func showVersion(_ context.Context, e *env, args []string) error {
	if _, err := e.parse(args, 0); err != nil {
		return err
	}
	fmt.Fprintln(e.out, "linli "+buildVersion())
	return nil
}

// quietLog is the log of commands that are not servers.
func quietLog(w io.Writer) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelWarn, ReplaceAttr: telemetry.Redact}))
}

// bar gives a function that shows progress on standard error when that is a terminal, and one that wipes it away.
func (e *env) bar(what string) (show func(done, total int64), wipe func()) {
	if !e.terminal {
		return func(int64, int64) {}, func() {}
	}
	const width = 30
	var last time.Time
	show = func(done, total int64) {
		if now := time.Now(); total > 0 && (now.Sub(last) > 100*time.Millisecond || done >= total) {
			last = now
			done = min(done, total)
			full := int(width * done / total)
			fmt.Fprintf(e.err, "\r%s [%s%s] %3d%%", what, strings.Repeat("#", full), strings.Repeat(".", width-full), 100*done/total)
		}
	}
	return show, func() { fmt.Fprint(e.err, "\r\x1b[K") }
}
