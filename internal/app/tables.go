package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/fact"
	"linli/internal/figure"
	"linli/internal/fill"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/jobs"
	"linli/internal/table"
)

// tableFigures are the district's numbers, as columns of tables.
type tableFigures struct{ figures }

// Offered gives the figures that are recorded for places of every level.
func (tableFigures) Offered() []table.Number {
	var out []table.Number
	for _, f := range figure.Catalogue() {
		if f.Recorded() && !f.District {
			out = append(out, table.Number{ID: f.ID, Name: f.Name()})
		}
	}
	return out
}

// figureCells is how many cells are asked for at once.
const figureCells = 10_000

// Of reads figures of the present quarter for those of the rows that are places in scope.
func (f tableFigures) Of(ctx context.Context, actor authz.Actor, ids []string, rows []id.ID) (map[table.Place]string, error) {
	if !actor.Can(figure.PermSee) {
		return nil, nil
	}
	seen, err := f.PlacesSeen(ctx, actor)
	if err != nil {
		return nil, err
	}
	var at []id.ID
	for _, row := range rows {
		if _, ok := seen[row]; ok {
			at = append(at, row)
		}
	}
	known := map[string]bool{}
	for _, n := range f.Offered() {
		known[n.ID] = true
	}
	ids = slices.DeleteFunc(slices.Clone(ids), func(x string) bool { return !known[x] })
	out := map[table.Place]string{}
	if len(ids) == 0 {
		return out, nil
	}
	for part := range slices.Chunk(at, max(1, figureCells/len(ids))) {
		numbers, err := f.Numbers(ctx, actor, ids, part, "")
		if err != nil {
			return nil, err
		}
		for k, n := range numbers {
			out[table.Place{Figure: k.Figure, Row: k.Place}] = fmt.Sprint(n)
		}
	}
	return out, nil
}

// tableHeaders recognises headers as forms are recognised.
type tableHeaders struct{ *fill.Service }

// Header gives the columns of the first list of a file.
func (h tableHeaders) Header(ctx context.Context, actor authz.Actor, name string, data []byte) (fact.Subject, []table.Heading, error) {
	if len(data) > fill.MaxFile {
		return "", nil, errs.Field("file", i18n.TabularTooBig, fill.MaxFile>>20)
	}
	form, err := h.Understand(ctx, actor, name, data, fill.Choice{})
	if err != nil {
		return "", nil, err
	}
	for _, sh := range form.Sheets {
		if sh.Kind != fill.List || sh.Hidden {
			continue
		}
		var out []table.Heading
		for _, sl := range sh.Slots {
			text := strings.Join(sl.Path, " ")
			x := table.Heading{Text: text, Column: table.Column{Kind: table.Own, Heading: text}}
			switch {
			case sl.Meaning == fill.Serial:
				x.Column, x.Sure = table.Column{Kind: table.Serial, Heading: text}, true
			case sl.Meaning == fill.Sure && sl.Part == "":
				x.Column, x.Sure = table.Column{Kind: table.Fact, Ref: sl.Ref, Heading: text}, true
			case sl.Part == "":
				x.Maybe = sl.Maybe[:min(len(sl.Maybe), 8)]
			}
			out = append(out, x)
		}
		return sh.Subject, out, nil
	}
	return "", nil, nil
}

// tableQueue connects tables with the queue.
type tableQueue struct{}

type tableArgs struct{ Run id.ID }

// EnqueueTable queues the making of one file in the transaction of the act that wants it.
func (tableQueue) EnqueueTable(ctx context.Context, tx *db.Tx, actor authz.Actor, runID id.ID) (id.ID, error) {
	return jobs.Enqueue(ctx, tx, actor, jobs.New{Kind: jobTable, UniqueKey: runID.String(), Args: tableArgs{runID}})
}

func (a *App) runTable(ctx context.Context, w *jobs.Work) error {
	var args tableArgs
	if err := w.Args(&args); err != nil {
		return err
	}
	return a.Table.RunJob(ctx, w.Job.Tenant, args.Run, a.progress(ctx, w))
}
