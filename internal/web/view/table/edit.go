package table

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"linli/internal/fact"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/table"
	"linli/internal/web/view/field"
)

// Edit is the page on which a table is changed.
type Edit struct {
	ID      id.ID
	Version int64
	Draft   table.Draft
	Heads   []table.Head     // of the draft's columns
	Maybe   map[int][]Choice // what unsure columns of a file may mean, by column
	Tests   []Condition      // of the draft's conditions
	Reach   []Choice         // the facts that can be columns
	Numbers []Choice         // the figures that can be
	Sorts   []field.Option
	Places  []field.Option
	Grids   []field.Option
	Form    field.Form
}

// Choice is a fact or a figure to choose.
type Choice struct {
	Value string
	Text  string
}

// Condition is a condition with the fact that it is about.
type Condition struct {
	fact.Condition
	Name i18n.Text
	Fact fact.Fact
	Gone bool
}

// ColumnName and WhereName name the fields of one column and one condition.
func ColumnName(i int, part string) string { return "c" + strconv.Itoa(i) + "_" + part }

// WhereName is ColumnName of conditions.
func WhereName(i int, part string) string { return "w" + strconv.Itoa(i) + "_" + part }

// The fields that add something.
const (
	AddFact   = "add_fact"
	AddFigure = "add_figure"
	AddWhere  = "add_where"
	Do        = "do"
)

func (e Edit) href() string { return Href(e.ID) + "/edit" }

func (e Edit) wrong(ctx context.Context, name string) string {
	if e.Form.Err == nil {
		return ""
	}
	m, ok := e.Form.Err.Fields[name]
	if !ok {
		return ""
	}
	return m.In(i18n.From(ctx))
}

// what says what a column shows.
func what(ctx context.Context, h table.Head) string {
	switch h.Kind {
	case table.Serial, table.Own:
		return i18n.T(ctx, h.Kind.Text())
	}
	if h.Gone {
		return i18n.T(ctx, i18n.TableGoneColumn) + " " + string(h.Ref) + h.Figure
	}
	if h.Kind == table.Fact {
		return i18n.T(ctx, h.Catalogued)
	}
	return i18n.T(ctx, i18n.TableKindFigure) + " · " + i18n.T(ctx, h.Catalogued)
}

// manyChoices is from how many choices on they are typed and not ticked.
const manyChoices = 12

// ticked says whether the values of a condition are boxes.
func (c Condition) ticked() []field.Option {
	switch {
	case c.Fact.Type == fact.YesNo:
		return []field.Option{{Value: fact.Yes, Text: i18n.FactYes}, {Value: fact.No, Text: i18n.FactNo}}
	case c.Fact.Type == fact.Choice && c.Fact.List != nil && len(c.Fact.List.Items()) <= manyChoices:
		var out []field.Option
		for _, it := range c.Fact.List.Items() {
			out = append(out, field.Option{Value: it.Code, Text: it.Label})
		}
		return out
	}
	return nil
}

func (c Condition) on(value string) bool { return slices.Contains(c.Values, value) }

// typed is the values as somebody types them.
func (c Condition) typed(ctx context.Context) string {
	var out []string
	for _, v := range c.Values {
		if c.Fact.Type == fact.Choice {
			v = c.Fact.Show(fact.Value{Known: true, Text: v}, i18n.From(ctx))
		}
		out = append(out, v)
	}
	return strings.Join(out, "，")
}

func bound(f fact.Fact) string {
	if f.Type == fact.Date {
		return "date"
	}
	return "number"
}
