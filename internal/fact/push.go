package fact

import (
	"regexp"
	"slices"
	"strings"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
)

// pusher turns conditions into SQL. It says no where a value is more than a column, so that the rows are looked at after reading.
type pusher struct {
	ed    *Edition
	actor authz.Actor
	a     *db.Args
	day   *reading // for the names of days in expressions
}

func (ed *Edition) pusher(actor authz.Actor, a *db.Args, day calendar.Date) pusher {
	return pusher{ed: ed, actor: actor, a: a, day: &reading{ask: Ask{Day: day}}}
}

// listedRow is the name under which conditions beside the rows' own query see them.
const listedRow = "listed_row.row_id"

// outer gives a condition on the rows of a subject: within is for where the rows' own aliases stand, beside for where only listedRow does.
func (p pusher) outer(s Subject, c Condition) (within, beside string, ok bool) {
	if c.Test == Unknown {
		c.Test = Known
		within, beside, ok = p.outer(s, c)
		if within != "" {
			within = "NOT (" + within + ")"
		}
		if beside != "" {
			beside = "NOT " + beside
		}
		return within, beside, ok
	}
	rows, via, k := p.ed.c.rows[s], prefixOf(c.Ref), p.known(s, c.Ref)
	if k == nil {
		return "", "", false
	}
	if len(via) > 0 {
		l, _ := p.ed.c.link(s, via[0])
		rest := Ref(strings.TrimPrefix(string(c.Ref), via[0]+"/"))
		to, ok := p.ids(l.To, rest, c)
		switch {
		case !ok || l.Read != nil:
			return "", "", false
		case l.Back != "":
			return rows.ID + " IN (" + p.back(l, to) + ")", "", true
		}
		return l.Column + " IN (" + to + ")", "", true
	}
	if k.table != nil && rows.holds(k.table) {
		within, ok = p.predicate(k, c)
		return within, "", ok
	}
	if k.table != nil {
		text, ok := p.table(k, c, listedRow)
		return "", "EXISTS (" + text + ")", ok
	}
	to, ok := p.ids(s, c.Ref, c)
	return rows.ID + " IN (" + to + ")", "", ok
}

func (p pusher) known(s Subject, r Ref) *known {
	k, ok := p.ed.find(s, r)
	if !ok {
		return nil
	}
	return k
}

func prefixOf(r Ref) []string {
	via, _ := r.Split()
	return via
}

// holds says whether a table's columns can be named where the rows stand.
func (r Rows) holds(t *Table) bool {
	return t.ID == r.ID && t.From == r.From && t.Where == "" && !t.Group && slices.Equal(t.See, r.See) && t.Owner.Tenant == r.Owner.Tenant &&
		slices.Equal(t.Owner.Orgs, r.Owner.Orgs) && t.Owner.Person == r.Owner.Person
}

// ids gives a query for the rows of a subject that meet a condition on a fact seen from them.
func (p pusher) ids(s Subject, ref Ref, c Condition) (string, bool) {
	rows := p.ed.c.rows[s]
	if via := prefixOf(ref); len(via) > 0 {
		l, ok := p.ed.c.link(s, via[0])
		if !ok || l.Read != nil {
			return "", false
		}
		to, ok := p.ids(l.To, Ref(strings.TrimPrefix(string(ref), via[0]+"/")), c)
		if l.Back != "" {
			return p.back(l, to), ok
		}
		return "SELECT " + rows.ID + " FROM " + rows.From + " WHERE " + scope(p.actor, rows.See).Where(p.a, rows.Owner) + " AND " + l.Column + " IN (" + to + ")", ok
	}
	k := p.known(s, ref)
	switch {
	case k == nil:
		return "", false
	case k.table != nil && k.table.Group: // counted once, not again for each row
		counted, ok := p.table(k, c, "")
		return "WITH counted (row_id) AS MATERIALIZED (" + counted + ") SELECT row_id FROM counted", ok
	case k.table != nil:
		return p.table(k, c, "")
	case k.own != nil:
		own, ok := p.own(k, c)
		return "SELECT " + rows.ID + " FROM " + rows.From + " WHERE " + scope(p.actor, rows.See).Where(p.a, rows.Owner) + " AND " + rows.ID + " IN (" + own + ")", ok
	case k.reader != nil && k.reader.Listed != nil && c.asksYes():
		listed, ok := k.reader.Listed(p.a, p.actor.Tenant, p.day.ask.Day, k.ID)
		return "SELECT " + rows.ID + " FROM " + rows.From + " WHERE " + scope(p.actor, rows.See).Where(p.a, rows.Owner) + " AND " + rows.ID + " IN (" + listed + ")", ok
	}
	return "", false
}

// back follows a link that the other end holds, as Catalogue.back does: where exactly one row is there.
func (p pusher) back(l Link, to string) string {
	rows := p.ed.c.rows[l.To]
	return "SELECT " + l.Back + " FROM " + rows.From + " WHERE " + rows.where(p.a, p.actor, Within{}) + " GROUP BY " + l.Back +
		" HAVING count(*) = 1 AND min(" + rows.ID + ") IN (" + to + ")"
}

// table gives a query for the rows of a table that meet a condition; only for the row named by of, unless that is "".
func (p pusher) table(k *known, c Condition, of string) (string, bool) {
	t := k.table
	pred, ok := p.predicate(k, c)
	if !ok {
		return "", false
	}
	seen := scope(p.actor, t.See)
	if t.Find != "" && p.actor.Can(t.Find) {
		seen = authz.System(p.actor.Tenant, "").Scope(t.Find)
	}
	text := "SELECT " + t.ID + " FROM " + p.day.onDay(p.a, t.From) + " WHERE " + seen.Where(p.a, t.Owner)
	if of != "" {
		text += " AND " + t.ID + " = " + of
	}
	if t.Where != "" {
		text += " AND " + p.day.onDay(p.a, t.Where)
	}
	if t.Group {
		return text + " GROUP BY " + t.ID + " HAVING " + pred, true
	}
	return text + " AND " + pred, true
}

// predicate gives a condition on a stored column that holds exactly where Condition.Holds does for the value read from it.
func (p pusher) predicate(k *known, c Condition) (string, bool) {
	col := k.column
	if col.Convert != nil || k.Register && !c.asksYes() {
		return "", false
	}
	expr := p.day.onDay(p.a, col.Expr)
	if col.Days {
		return p.instant(expr, c)
	}
	unknown := append([]string{""}, col.Unknown...)
	if k.Type == Number && !col.Zero {
		unknown = append(unknown, "0")
	}
	text := "coalesce(CAST(" + expr + " AS TEXT), '')"
	return p.compare(k.Fact, c, text, text+" NOT IN ("+p.list(unknown)+")", expr)
}

// compare puts a test into SQL: text is the value as text, there says that it is known, value is what is compared with numbers.
func (p pusher) compare(f Fact, c Condition, text, there, value string) (string, bool) {
	switch {
	case c.Test == Known:
		return there, true
	case f.Sensitivity == Sealed:
		return "1 = 0", true
	case c.Test == Equals && f.Type == YesNo:
		yes := text + " IN ('1', 'true')"
		var any []string
		for _, v := range c.Values {
			switch v {
			case Yes:
				any = append(any, yes)
			case No:
				any = append(any, "NOT ("+yes+")")
			}
		}
		if len(any) == 0 {
			return "1 = 0", true
		}
		return there + " AND (" + strings.Join(any, " OR ") + ")", true
	case c.Test == Equals:
		return there + " AND " + text + " IN (" + p.list(c.Values) + ")", true
	case c.Test == Contains && len(c.Values) == 1: // LIKE and its kin know capital letters differently on each engine
		return there + " AND replace(" + text + ", " + p.a.Add(c.Values[0]) + ", '') <> " + text, true
	case c.Test != Between:
		return "", false
	case f.Type == Number:
		double := func(s string) string { return "CAST(" + s + " AS DOUBLE PRECISION)" }
		return there + span(double(value), c, func(s string) string { return double(p.a.Add(number(s))) }), true
	}
	return there + span(text, c, func(s string) string { return p.a.Add(s) }), true
}

// span gives the bounds of a Between, each with a leading AND; arg gives a bound in SQL.
func span(expr string, c Condition, arg func(string) string) string {
	out := ""
	if c.From != "" {
		out += " AND " + expr + " >= " + arg(c.From)
	}
	if c.To != "" {
		out += " AND " + expr + " <= " + arg(c.To)
	}
	return out
}

// instant gives a condition on a stored instant of which the day is the value.
func (p pusher) instant(expr string, c Condition) (string, bool) {
	there := "coalesce(" + expr + ", 0) <> 0"
	switch c.Test {
	case Known:
		return there, true
	case Between:
	default:
		return "", false
	}
	if from, err := calendar.Parse(c.From); err == nil && !from.IsZero() {
		there += " AND " + expr + " >= " + p.a.Add(db.Micros(from.Time()))
	}
	if to, err := calendar.Parse(c.To); err == nil && !to.IsZero() {
		there += " AND " + expr + " < " + p.a.Add(db.Micros(to.AddDays(1).Time()))
	}
	return there, true
}

// own gives a query for the rows at which an own fact meets a condition.
func (p pusher) own(k *known, c Condition) (string, bool) {
	fact := p.a.Add(k.own.ID)
	// Other facts keep other texts in the column: a number is read from this fact's only.
	pred, ok := p.compare(k.Fact, c, "v.value", "v.value <> ''", "CASE WHEN v.fact_id = "+fact+" AND v.value <> '' THEN v.value END")
	return "SELECT v.subject_id FROM own_value v WHERE v.tenant_id = " + p.a.Add(p.actor.Tenant) + " AND v.fact_id = " + fact +
		" AND v.superseded_at = 0 AND " + pred, ok
}

func (p pusher) list(values []string) string {
	places := make([]string, len(values))
	for i, v := range values {
		places[i] = p.a.Add(v)
	}
	return strings.Join(places, ", ")
}

// plain is a column by itself, which holds a value in every row.
var plain = regexp.MustCompile(`^[a-z_]+\.[a-z_0-9]+$`)

// order gives the expression by which rows of a subject are sorted for a fact, and whether it is a whole number.
func (ed *Edition) order(s Subject, ref Ref) (expr string, integer, ok bool) {
	rows := ed.c.rows[s]
	k, found := ed.find(s, ref)
	if !found || len(prefixOf(ref)) > 0 || k.table == nil || !rows.holds(k.table) || k.column.Convert != nil || k.column.Sealed != nil ||
		strings.Contains(k.column.Expr, "{") {
		return "", false, false
	}
	expr = k.column.Expr
	switch {
	case expr == rows.Name && rows.NameKey != "":
		return rows.NameKey, false, true
	case k.column.Days || k.Type == Number:
		return "coalesce(" + expr + ", 0)", true, true
	case k.Type == YesNo || !plain.MatchString(expr):
		return "coalesce(CAST(" + expr + " AS TEXT), '')", false, true
	}
	return expr, false, true
}

// Sorts says whether rows of a subject can be sorted by a fact: it stands in a column of the row itself.
func (ed *Edition) Sorts(s Subject, ref Ref) bool {
	_, _, ok := ed.order(s, ref)
	return ok
}
