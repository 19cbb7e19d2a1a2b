package main

import (
	"context"
	"errors"

	"linli/internal/app"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/retention"
)

// removal is one kind as the command tells it.
type removal struct {
	Kind   string   `json:"kind"`
	Period int64    `json:"period"`
	Before string   `json:"before,omitempty"`
	Rows   int64    `json:"rows"`
	IDs    []string `json:"ids,omitempty"`
}

// retain removes what is past its period, or lists it.
func retain(ctx context.Context, e *env, args []string) (err error) {
	cfg := e.config()
	tenant := e.flags.String("tenant", "", both(i18n.CLIFlagTenant))
	dry := e.flags.Bool("dry-run", false, both(i18n.CLIFlagDryRun))
	rows := e.flags.Bool("rows", false, both(i18n.CLIFlagRows))
	asJSON := e.flags.Bool("json", false, both(i18n.CLIFlagJSON))
	if _, err := e.parse(args, 0); err != nil {
		return err
	}
	a, err := app.Open(ctx, *cfg, app.Options{Log: quietLog(e.err), Check: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	at, err := a.Tenant(ctx, *tenant)
	if err != nil {
		return err
	}
	ids := map[string][]string{}
	list, err := a.Retention.Preview(ctx, at, func(st retention.Standing, row id.ID) error {
		ids[st.Code] = append(ids[st.Code], row.String())
		return nil
	})
	if err != nil {
		return err
	}
	var removed map[string]int64
	if !*dry {
		show, wipe := e.bar("retention")
		removed, err = a.Retention.Run(ctx, at, show)
		wipe()
		if err != nil {
			return err
		}
	}
	var out []removal
	var total int64
	for _, st := range list {
		r := removal{Kind: st.Code, Period: st.Now, Rows: int64(len(ids[st.Code]))}
		if st.Now > 0 {
			r.Before = st.Before.String()
		}
		if !*dry {
			r.Rows = removed[st.Code]
		}
		if *rows {
			r.IDs = ids[st.Code]
		}
		total += r.Rows
		out = append(out, r)
	}
	if *asJSON {
		return writeJSON(e.out, out)
	}
	e.showRemovals(list, out)
	e.say(i18n.CLIRetentionDone, i18n.Number(total))
	if *dry {
		e.say(i18n.CLIRetentionDry)
	}
	return nil
}

func (e *env) showRemovals(list []retention.Standing, out []removal) {
	for i, r := range out {
		if r.Period == 0 {
			e.say(i18n.CLIRetentionUnset, list[i].Title)
			continue
		}
		e.say(i18n.CLIRetentionKind, list[i].Title, r.Period, list[i].Kind.Period.Unit, r.Before, i18n.Number(r.Rows))
		for _, row := range r.IDs {
			e.say(i18n.Verbatim("  {0}"), row)
		}
	}
}
