package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"linli/bench"
	"linli/internal/i18n"
)

// measure runs the benchmarks beside their ceilings.
func measure(ctx context.Context, e *env, args []string) error {
	o := bench.Options{}
	scale := e.flags.String("scale", bench.Small.Name, both(i18n.CLIFlagScale))
	engine := e.flags.String("engine", "", both(i18n.CLIFlagEngine))
	asJSON := e.flags.Bool("json", false, both(i18n.CLIFlagJSON))
	verbose := e.flags.Bool("v", false, both(i18n.CLIFlagVerbose))
	e.flags.StringVar(&o.Server, "db", "", both(i18n.CLIFlagServer))
	e.flags.StringVar(&o.Dir, "dir", "", both(i18n.CLIFlagBenchDir))
	data := e.flags.String("data", "", both(i18n.CLIFlagBenchData))
	names := strings.Join(bench.Jobs(), ", ")
	e.flags.Func("job", i18n.CLIFlagJob.In(i18n.ZH, names)+"\n"+i18n.CLIFlagJob.In(i18n.EN, names), func(v string) error {
		o.Jobs = append(o.Jobs, strings.FieldsFunc(v, func(r rune) bool { return r == ',' || r == ' ' })...)
		return nil
	})
	if _, err := e.parse(args, 0); err != nil {
		return err
	}
	if *data != "" {
		o.Dir, o.Keep = *data, true
	}
	var known bool
	if o.Scale, known = bench.ScaleNamed(*scale); !known {
		return usage(i18n.BenchNoScale, *scale)
	}
	switch onPostgres := strings.HasPrefix(o.Server, "postgres"); {
	case *engine == "postgres" && !onPostgres, *engine == "sqlite" && o.Server != "", *engine != "" && *engine != "sqlite" && *engine != "postgres",
		o.Server != "" && !onPostgres:
		return usage(i18n.BenchNoServer)
	}
	if *verbose {
		o.Note = func(f string, a ...any) { fmt.Fprintf(e.err, "  "+f+"\n", a...) }
	}
	o.Progress = func(t i18n.Text) { e.note(t) }
	results, err := bench.Run(ctx, o)
	if errors.Is(err, bench.ErrKept) {
		return usage(i18n.BenchKept, *data, *scale)
	}
	if errors.Is(err, bench.ErrNoJob) {
		return usage(i18n.BenchNoJob, strings.Join(o.Jobs, ", "), names)
	}
	if err != nil {
		return err
	}
	if *asJSON {
		return writeJSON(e.out, results)
	}
	e.showBench(results)
	return nil
}

// showBench prints the results as a table.
func (e *env) showBench(results []bench.Result) {
	l := e.lang()
	lines := [][]string{{i18n.BenchColJob.In(l), i18n.BenchColOurs.In(l), i18n.BenchColCeiling.In(l), i18n.BenchColRatio.In(l), i18n.BenchColGoal.In(l), i18n.BenchColMet.In(l)}}
	for _, r := range results {
		goal, met := i18n.BenchAtLeast, i18n.BenchMissed
		if r.Less {
			goal = i18n.BenchAtMost
		}
		if r.Met {
			met = i18n.BenchMet
		}
		lines = append(lines, []string{r.Title.In(l), r.Unit.In(l, shortly(r.Ours)), r.Unit.In(l, shortly(r.Ceiling)), shortly(r.Ratio), goal.In(l, shortly(r.Goal)), met.In(l)})
	}
	e.table(lines)
}

// table prints lines of cells in columns.
func (e *env) table(lines [][]string) {
	widths := make([]int, len(lines[0]))
	for _, line := range lines {
		for i, cell := range line {
			widths[i] = max(widths[i], columns(cell))
		}
	}
	for _, line := range lines {
		var b strings.Builder
		for i, cell := range line {
			b.WriteString(cell + strings.Repeat(" ", widths[i]-columns(cell)+2))
		}
		fmt.Fprintln(e.out, strings.TrimRight(b.String(), " "))
	}
}

// shortly writes a measured number with three digits that mean something.
func shortly(v float64) string {
	if v >= 100 {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'g', 3, 64)
}

// columns is the width of a text on a terminal, where a Chinese character takes two columns.
func columns(s string) int {
	n := utf8.RuneCountInString(s)
	for _, r := range s {
		if r >= 0x2e80 {
			n++
		}
	}
	return n
}
