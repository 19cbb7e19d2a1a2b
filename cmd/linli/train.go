package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"linli/internal/catalogue"
	"linli/internal/classify"
	"linli/internal/config"
	"linli/internal/errs"
	"linli/internal/i18n"
)

// trained is what `linli train -json` prints.
type trained struct {
	MacroF1   float64        `json:"macro_f1"`
	Accuracy  float64        `json:"accuracy"`
	Trained   int            `json:"trained"`        // messages learnt from for these figures
	Tested    int            `json:"tested"`         // other messages they were measured with
	Proposed  int            `json:"proposed"`       // of those tested: something is proposed
	Right     int            `json:"proposed_right"` // of these: the first proposal is right
	Labels    []trainedLabel `json:"labels"`
	Confusion [][]int        `json:"confusion"` // by the label that a message has, then by the one it was given, in the order of labels
	Words     int            `json:"words"`     // grams in the model
	Bytes     int            `json:"bytes"`     // size of the model
	Seconds   float64        `json:"seconds"`   // training
	Micros    float64        `json:"micros_per_proposal"`
}

type trainedLabel struct {
	Label     string  `json:"label"`
	Messages  int     `json:"messages"`
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
}

// train learns from labelled messages and says how well that works; with -out it writes the model.
func train(ctx context.Context, e *env, args []string) error {
	cfg := e.config()
	own := e.flags.Bool("own", false, both(i18n.CLITrainOwn))
	tenant := e.flags.String("tenant", "", both(i18n.CLIFlagTenant))
	data := e.flags.String("data", "", both(i18n.CLITrainData))
	test := e.flags.String("test", "", both(i18n.CLITrainTest))
	seed := e.flags.Uint64("seed", 1, both(i18n.CLITrainSeed))
	apart := e.flags.Bool("apart", false, both(i18n.CLITrainApart))
	out := e.flags.String("out", "", both(i18n.CLITrainOut))
	asJSON := e.flags.Bool("json", false, both(i18n.CLIFlagJSON))
	if _, err := e.parse(args, 0); err != nil {
		return err
	}
	if *own {
		if *data != "" || *test != "" || *out != "" {
			return usage(i18n.CLITrainOwnAlone)
		}
		return e.trainOwn(ctx, *cfg, *tenant, *asJSON)
	}
	if *data == "" {
		return usage(i18n.CLITrainNoData)
	}
	splits := false
	e.flags.Visit(func(f *flag.Flag) { splits = splits || f.Name == "seed" || f.Name == "apart" })
	if *test != "" && splits {
		return usage(i18n.CLITrainNoSplit)
	}
	all, err := readExamples(e.lang(), *data)
	if err != nil {
		return err
	}
	learn, keep := all, []classify.Example(nil)
	switch {
	case *test != "":
		keep, err = readExamples(e.lang(), *test)
	case *apart:
		learn, keep = classify.SplitApart(all, 5, *seed)
	default:
		learn, keep = classify.Split(all, 5, *seed)
	}
	if err != nil {
		return err
	}
	if err := enoughLeft(all, learn); err != nil {
		return err
	}
	began := time.Now()
	m, err := classify.Train(ctx, learn, classify.Options{})
	if err != nil {
		return err
	}
	took := time.Since(began)
	began = time.Now()
	report := m.Evaluate(keep)
	each := time.Since(began) / time.Duration(max(len(keep), 1))
	if *out != "" && len(learn) < len(all) {
		if m, err = classify.Train(ctx, all, classify.Options{}); err != nil {
			return err
		}
	}
	var file bytes.Buffer
	if _, err := m.WriteTo(&file); err != nil {
		return err
	}
	if *out != "" {
		if err := os.WriteFile(*out, file.Bytes(), 0o600); err != nil {
			return errs.New(errs.Invalid, i18n.CLIFileWrite, *out, reason(err))
		}
	}
	if *asJSON {
		sum := trained{MacroF1: report.MacroF1, Accuracy: report.Accuracy, Trained: len(learn), Tested: report.Messages, Proposed: report.Proposed,
			Right: report.Right, Confusion: report.Confusion, Words: m.Words(), Bytes: file.Len(), Seconds: took.Seconds(), Micros: float64(each.Microseconds())}
		for _, l := range report.Labels {
			sum.Labels = append(sum.Labels, trainedLabel(l))
		}
		return writeJSON(e.out, sum)
	}
	e.showTrained(report, len(learn), took, each)
	if *out != "" {
		e.say(i18n.CLITrainWrote, *out, m.Examples(), len(m.Labels()), (file.Len()+1023)/1024)
	}
	return nil
}

// trainOwn learns from the cases of a district, as the night does, and says what has been learnt.
func (e *env) trainOwn(ctx context.Context, cfg config.Config, tenant string, asJSON bool) (err error) {
	a, err := e.open(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	at, err := a.Tenant(ctx, tenant)
	if err != nil {
		return err
	}
	list, err := a.Casework.Learn(ctx, at)
	if err != nil {
		return err
	}
	if asJSON {
		type learnt struct {
			List       string  `json:"list"`
			Cases      int64   `json:"cases"`
			Categories int64   `json:"categories"`
			MacroF1    float64 `json:"macro_f1"` // on a fifth of the cases that was kept back
			Accuracy   float64 `json:"accuracy"`
		}
		out := []learnt{}
		for _, l := range list {
			out = append(out, learnt{l.List, l.Cases, l.Categories, float64(l.MacroF1) / 1000, float64(l.Accuracy) / 1000})
		}
		return writeJSON(e.out, out)
	}
	if len(list) == 0 {
		e.say(i18n.CLITrainOwnNone)
	}
	for _, l := range list {
		e.say(i18n.CLITrainOwnOf, catalogue.ListText(l.List), l.Cases, l.Categories, i18n.Tenths(l.MacroF1), i18n.Tenths(l.Accuracy))
	}
	return nil
}

// enoughLeft says it plainly when a label has too few examples, of all or once a part is kept back.
func enoughLeft(all, learn []classify.Example) error {
	counts, left := map[string]int{}, map[string]int{}
	for _, x := range all {
		counts[x.Label]++
	}
	for _, x := range learn {
		left[x.Label]++
	}
	for _, x := range all {
		if n := counts[x.Label]; n < classify.Fewest {
			return errs.New(errs.Invalid, i18n.ClassifyFew, x.Label, n, classify.Fewest)
		}
		if n := left[x.Label]; n < classify.Fewest {
			return errs.New(errs.Invalid, i18n.CLITrainSplitFew, x.Label, n, classify.Fewest)
		}
	}
	return nil
}

// showTrained prints the figures as a table.
func (e *env) showTrained(r classify.Report, learnt int, took, each time.Duration) {
	l := e.lang()
	part := func(v float64) string { return strconv.FormatFloat(v, 'f', 3, 64) }
	lines := [][]string{{i18n.CLITrainColLabel.In(l), i18n.CLITrainColCount.In(l), i18n.CLITrainColRight.In(l), i18n.CLITrainColFound.In(l), i18n.CLITrainColF1.In(l)}}
	for _, x := range r.Labels {
		lines = append(lines, []string{x.Label, strconv.Itoa(x.Messages), part(x.Precision), part(x.Recall), part(x.F1)})
	}
	e.table(lines)
	fmt.Fprintln(e.out)
	e.say(i18n.CLITrainSum, learnt, r.Messages, part(r.MacroF1), part(r.Accuracy))
	e.say(i18n.CLITrainSure, r.Messages, r.Proposed, r.Right)
	if mixed := mixedUp(r); len(mixed) > 0 {
		var words []string
		for _, m := range mixed {
			words = append(words, i18n.CLITrainMixed.In(l, r.Labels[m.has].Label, r.Labels[m.given].Label, m.n))
		}
		fmt.Fprintln(e.out, i18n.CLITrainConfused.In(l)+" "+strings.Join(words, "; "))
	}
	e.say(i18n.CLITrainTook, took.Round(10*time.Millisecond), each.Microseconds())
}

// mix is how often messages of one label were given another.
type mix struct{ has, given, n int }

// mixedUp gives the three commonest mistakes.
func mixedUp(r classify.Report) []mix {
	var out []mix
	for i, row := range r.Confusion {
		for j, n := range row {
			if i != j && n > 0 {
				out = append(out, mix{i, j, n})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b mix) int { return cmp.Compare(b.n, a.n) })
	return out[:min(len(out), 3)]
}
