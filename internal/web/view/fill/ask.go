package fill

import (
	"context"

	"linli/internal/fact"
	"linli/internal/i18n"
	"linli/internal/web/view/field"
)

// AskPanel is what a filled form offers to ask for.
type AskPanel struct {
	Columns []AskColumn
	Differs int    // cells that say otherwise than the record
	Due     string // the day by which answers are wanted, unless somebody says otherwise
	May     bool   // the actor may ask
}

// AskColumn is a column of which cells are unknown.
type AskColumn struct {
	Key   string
	Label string
	Cells int
}

// DiffersKey stands for the cells that say otherwise than the record.
const DiffersKey = "differs"

// MissingKey names a column of a subject in the form that asks.
func MissingKey(s fact.Subject, ref fact.Ref) string { return string(s) + " " + string(ref) }

func (p AskPanel) options(ctx context.Context) []field.Option {
	var out []field.Option
	for _, c := range p.Columns {
		out = append(out, field.Option{Value: c.Key, Text: i18n.Verbatim(i18n.T(ctx, i18n.AskColumn, c.Label, c.Cells))})
	}
	if p.Differs > 0 {
		out = append(out, field.Option{Value: DiffersKey, Text: i18n.Verbatim(i18n.T(ctx, i18n.AskDiffering, p.Differs))})
	}
	return out
}

// columns is the field in which columns are chosen, all of them unless somebody said otherwise.
func (p AskPanel) columns(f field.Form) field.Field {
	d := f.In("ask", i18n.AskWhich).Need()
	if len(d.Values) == 0 && f.Err == nil {
		for _, c := range p.Columns {
			d.Values = append(d.Values, c.Key)
		}
		d.Filled = true
	}
	return d
}
