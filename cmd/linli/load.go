package main

import (
	"context"
	"strings"
	"time"

	"linli/bench"
	"linli/bench/load"
	"linli/internal/i18n"
)

// actDay acts as a district's day on a database of its own.
func actDay(ctx context.Context, e *env, args []string) error {
	o := load.Options{}
	scale := e.flags.String("scale", bench.Small.Name, both(i18n.CLIFlagScale))
	e.flags.Float64Var(&o.Times, "times", 10, both(i18n.CLIFlagLoadTimes))
	e.flags.DurationVar(&o.For, "for", time.Minute, both(i18n.CLIFlagLoadFor))
	e.flags.IntVar(&o.Storm, "storm", 0, both(i18n.CLIFlagLoadStorm))
	fault := e.flags.String("fault", "", both(i18n.CLIFlagLoadFault))
	kills := e.flags.Int("kills", 20, both(i18n.CLIFlagLoadKills))
	e.flags.StringVar(&o.Disturb, "disturb", "", both(i18n.CLIFlagLoadDisturb))
	e.flags.IntVar(&o.Servers, "servers", 1, both(i18n.CLIFlagLoadServers))
	e.flags.StringVar(&o.Server, "db", "", both(i18n.CLIFlagServer))
	e.flags.StringVar(&o.Dir, "dir", "", both(i18n.CLIFlagBenchDir))
	asJSON := e.flags.Bool("json", false, both(i18n.CLIFlagJSON))
	if _, err := e.parse(args, 0); err != nil {
		return err
	}
	var known bool
	if o.Scale, known = bench.ScaleNamed(*scale); !known {
		return usage(i18n.BenchNoScale, *scale)
	}
	if o.Fault = load.Fault(*fault); !o.Fault.Known() {
		return usage(i18n.LoadNoFault, *fault)
	}
	if o.Fault == load.Kill {
		o.Kills = *kills
	}
	switch {
	case o.Server != "" && !strings.HasPrefix(o.Server, "postgres"):
		return usage(i18n.BenchNoServer)
	case o.Servers > 1 && o.Server == "":
		return usage(i18n.LoadOneServer)
	case o.Servers < 1, o.Times <= 0, o.For <= 0, *kills <= 0, o.Storm < 0:
		return usage(i18n.LoadNumbers)
	}
	o.Progress = e.note
	r, err := load.Run(ctx, o)
	if err != nil {
		return err
	}
	if *asJSON {
		err = writeJSON(e.out, r)
	} else {
		e.showLoad(r)
	}
	if err == nil && !r.Good() {
		err = errFaults
	}
	return err
}

// showLoad prints what a run gave.
func (e *env) showLoad(r load.Report) {
	e.showPhase(r.Quiet, i18n.LoadTitleQuiet, shortly(r.Quiet.Seconds))
	e.showPhase(r.Busy, i18n.LoadTitleBusy, shortly(r.Busy.Seconds), shortly(r.Times))
	if r.Kills == 0 {
		e.say(i18n.LoadRatio, shortly(r.Ratio), shortly(load.GoalRatio))
	} else {
		e.say(i18n.LoadStarts, r.Kills, shortly(r.Cold), shortly(r.Restart), shortly(r.Restart/r.Cold), shortly(load.GoalRestart))
	}
	e.say(i18n.LoadMemory, shortly(r.StartMB), shortly(r.MostMB), shortly(r.RestMB), shortly(r.FileMB), shortly(r.Cold))
	if r.DBMostMB > 0 {
		e.say(i18n.LoadDatabase, shortly(r.DBMostMB), shortly(r.DBRestMB))
	}
	e.say(i18n.LoadTraffic, shortly(r.Busy.All.KB), shortly(r.Busy.Mbit))
	e.say(i18n.LoadWritten, r.Written, r.Lost, r.Twice)
	e.showFindings(r.Findings[:min(len(r.Findings), 20)])
	for _, p := range r.Problems {
		e.say(i18n.LoadProblem, p)
	}
}

func (e *env) showPhase(p load.Phase, title i18n.Text, args ...any) {
	l := e.lang()
	e.say(title, args...)
	lines := [][]string{{i18n.LoadColVisit.In(l), i18n.LoadColSent.In(l), i18n.LoadColMid.In(l), i18n.LoadCol99.In(l), i18n.LoadCol999.In(l), i18n.LoadColMax.In(l),
		i18n.LoadColTurned.In(l), i18n.LoadColFailed.In(l)}}
	for _, v := range append(p.Lines, p.All) {
		lines = append(lines, []string{v.Title.In(l), shortly(float64(v.Sent)), shortly(v.P50), shortly(v.P99), shortly(v.P999), shortly(v.Max), shortly(float64(v.TurnedAway)), shortly(float64(v.Failed))})
	}
	e.table(lines)
}
