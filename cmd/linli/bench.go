package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/pprof"
	"slices"
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
	growth := e.flags.String("growth", "", both(i18n.CLIFlagGrowth))
	e.flags.StringVar(&o.Dir, "dir", "", both(i18n.CLIFlagBenchDir))
	data := e.flags.String("data", "", both(i18n.CLIFlagBenchData))
	cpu := e.flags.String("cpuprofile", "", both(i18n.CLIFlagCPUProfile))
	memory := e.flags.String("memprofile", "", both(i18n.CLIFlagMemProfile))
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
	if *growth == "" {
		*growth = *scale
	}
	scales, err := scalesOf(*growth)
	if err != nil {
		return err
	}
	o.Scale = scales[0]
	switch onPostgres := strings.HasPrefix(o.Server, "postgres"); {
	case *engine == "postgres" && !onPostgres, *engine == "sqlite" && o.Server != "", *engine != "" && *engine != "sqlite" && *engine != "postgres",
		o.Server != "" && !onPostgres:
		return usage(i18n.BenchNoServer)
	}
	if *verbose {
		o.Note = func(f string, a ...any) { fmt.Fprintf(e.err, "  "+f+"\n", a...) }
	}
	o.Progress = func(t i18n.Text) { e.note(t) }
	profiled, err := profile(*cpu, *memory)
	if err != nil {
		return err
	}
	var results []bench.Result
	grown := []bench.Growth{}
	if len(scales) > 1 {
		names = strings.Join(bench.GrowthJobs(), ", ")
		err = bench.Grow(ctx, o, scales, func(g bench.Growth) { grown = append(grown, g) })
	} else {
		results, err = bench.Run(ctx, o)
	}
	err = errors.Join(err, profiled())
	switch {
	case errors.Is(err, bench.ErrKept):
		return usage(i18n.BenchKept, *data, *growth)
	case errors.Is(err, bench.ErrNoJob):
		return usage(i18n.BenchNoJob, strings.Join(o.Jobs, ", "), names)
	case err != nil:
		return err
	}
	switch {
	case *asJSON && len(scales) > 1:
		return writeJSON(e.out, grown)
	case *asJSON:
		return writeJSON(e.out, results)
	case len(scales) > 1:
		e.showGrowth(grown)
	default:
		e.showBench(results)
	}
	return nil
}

// profile writes down from now on where the time goes; the function that it gives ends that, and writes what was allocated. A file that has no name is not written.
func profile(cpu, memory string) (end func() error, err error) {
	var running *os.File
	if cpu != "" {
		if running, err = os.Create(cpu); err != nil {
			return nil, usage(i18n.CLIFileWrite, cpu, reason(err))
		}
		if err := pprof.StartCPUProfile(running); err != nil {
			return nil, errors.Join(err, running.Close())
		}
	}
	return func() error {
		var err error
		if running != nil {
			pprof.StopCPUProfile()
			err = running.Close()
		}
		if memory == "" {
			return err
		}
		f, e := os.Create(memory)
		if e != nil {
			return errors.Join(err, usage(i18n.CLIFileWrite, memory, reason(e)))
		}
		return errors.Join(err, pprof.Lookup("allocs").WriteTo(f, 0), f.Close())
	}, nil
}

// scalesOf finds scales by their names.
func scalesOf(names string) ([]bench.Scale, error) {
	var list []bench.Scale
	for name := range strings.SplitSeq(names, ",") {
		s, known := bench.ScaleNamed(strings.TrimSpace(name))
		if !known {
			return nil, usage(i18n.BenchNoScale, name)
		}
		list = append(list, s)
	}
	return list, nil
}

// showGrowth prints how long each job took at each size, and beside it how many times longer than at the size before.
func (e *env) showGrowth(results []bench.Growth) {
	l := e.lang()
	var lines [][]string
	for _, r := range results {
		if lines == nil {
			head := []string{i18n.BenchColJob.In(l)}
			for i, n := range r.Residents {
				if head = append(head, i18n.BenchPeople.In(l, i18n.Number(int64(n)))); i > 0 {
					head = append(head, i18n.BenchColRatio.In(l))
				}
			}
			lines = append(lines, append(head, i18n.BenchColGoal.In(l), i18n.BenchColMet.In(l), i18n.BenchColMemory.In(l)))
		}
		line := []string{r.Title.In(l)}
		for i, ms := range r.Millis {
			if line = append(line, i18n.BenchMillis.In(l, shortly(ms))); i > 0 {
				line = append(line, shortly(r.Ratios[i-1]))
			}
		}
		met := i18n.BenchMissed
		if r.Met {
			met = i18n.BenchMet
		}
		lines = append(lines, append(line, i18n.BenchAtMost.In(l, shortly(r.Goal)), met.In(l), megabytes(l, slices.Max(r.Memory))))
	}
	if lines != nil {
		e.table(lines)
	}
}

// showBench prints the results as a table.
func (e *env) showBench(results []bench.Result) {
	l := e.lang()
	lines := [][]string{{i18n.BenchColJob.In(l), i18n.BenchColOurs.In(l), i18n.BenchColCeiling.In(l), i18n.BenchColRatio.In(l), i18n.BenchColGoal.In(l), i18n.BenchColMet.In(l), i18n.BenchColMemory.In(l)}}
	for _, r := range results {
		goal, met := i18n.BenchAtLeast, i18n.BenchMissed
		if r.Less {
			goal = i18n.BenchAtMost
		}
		if r.Met {
			met = i18n.BenchMet
		}
		lines = append(lines, []string{r.Title.In(l), r.Unit.In(l, shortly(r.Ours)), r.Unit.In(l, shortly(r.Ceiling)), shortly(r.Ratio), goal.In(l, shortly(r.Goal)), met.In(l), megabytes(l, r.Memory)})
	}
	e.table(lines)
}

// megabytes is an amount of memory, a dash where the system does not tell it.
func megabytes(l i18n.Lang, mb float64) string {
	if mb == 0 {
		return "–"
	}
	return i18n.BenchMegabytes.In(l, strconv.FormatFloat(mb, 'f', 0, 64))
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
