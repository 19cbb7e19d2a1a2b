// Package fill draws the pages on which forms of offices are dropped in, looked over and filled in.
package fill

import (
	"context"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"linli/internal/fact"
	"linli/internal/fill"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/partial"
)

// Detail is everything the page of one form shows.
type Detail struct {
	Register    bool // the actor registers requests
	Dropped     fill.Dropped
	Form        *fill.Form
	Communities []field.Option
	Purposes    []field.Option
	Facts       map[fact.Subject][]fact.Reached // what may be chosen for a label
	YesNo       map[fact.Subject][]field.Option // what may narrow the rows
	Names       map[id.ID]string                // of candidates
	Define      bool                            // the reader may make facts of the district's own
	Ask         AskPanel                        // what can be asked once
}

// title is what the round of questions is called if nobody says otherwise.
func (d Detail) title() string {
	t := []rune(d.Dropped.Title)
	if len(t) == 0 {
		t = []rune(d.Dropped.Name)
	}
	return string(t[:min(len(t), 100)])
}

// Href is the address of a form.
func Href(d fill.Dropped) string { return "/forms/" + d.ID.String() }

// RefField is the name of the field that says what a slot means; OtherField of the one in which another fact is named.
func RefField(sheet, slot int) string { return "ref." + strconv.Itoa(sheet) + "." + strconv.Itoa(slot) }

// OtherField names the field for a fact that is not among the candidates.
func OtherField(sheet, slot int) string {
	return "other." + strconv.Itoa(sheet) + "." + strconv.Itoa(slot)
}

// SheetField names a field about a whole sheet.
func SheetField(name string, sheet int) string { return name + "." + strconv.Itoa(sheet) }

// RowField names the field that settles an unclear row.
func RowField(i int) string { return "row." + strconv.Itoa(i) }

var listColumns = []partial.Column{
	{Key: "name", Title: i18n.FillColName, Main: true},
	{Key: "when", Title: i18n.FillColWhen},
	{Key: "filled", Title: i18n.FillColFilled},
	{Key: "expires", Title: i18n.FillColExpires, Minor: true},
}

func listRows(ctx context.Context, list []fill.Dropped) []partial.Row {
	var rows []partial.Row
	for _, d := range list {
		done := i18n.T(ctx, i18n.FillNotYet)
		if !d.FilledAt.IsZero() {
			done = percent(ctx, d)
		}
		rows = append(rows, partial.Row{ID: d.ID.String(), Name: d.Name, Href: Href(d), Cells: []templ.Component{
			partial.Two(d.Name, d.Title), partial.Moment(d.CreatedAt), partial.Text(done), partial.Text(d.ExpiresOn.String())}})
	}
	return rows
}

func percent(ctx context.Context, d fill.Dropped) string {
	if d.Cells == 0 {
		return i18n.T(ctx, i18n.FillPercent, 100, 0, 0)
	}
	return i18n.T(ctx, i18n.FillPercent, d.Filled*100/d.Cells, d.Filled, d.Cells)
}

// certainty is how sure the meaning of a slot is, as it is shown.
func certainty(s fill.Slot) partial.State {
	switch s.Meaning {
	case fill.Sure:
		if s.Chosen {
			return partial.State{Text: i18n.FillChosen, Tone: partial.Active}
		}
		return partial.State{Text: i18n.FillSure, Tone: partial.Closed}
	case fill.Counted:
		return partial.State{Text: i18n.FillCounted, Tone: partial.Closed}
	case fill.Maybe:
		return partial.State{Text: i18n.FillMaybe, Tone: partial.Waiting}
	case fill.Several:
		return partial.State{Text: i18n.FillSeveral, Tone: partial.Warned}
	case fill.Serial:
		return partial.State{Text: i18n.FillSerial, Tone: partial.Neutral}
	case fill.Remark, fill.ByHand:
		return partial.State{Text: i18n.FillByHand, Tone: partial.Neutral}
	case fill.OfOther:
		return partial.State{Text: i18n.Verbatim(i18n.FillOfOther.In(i18n.ZH, s.Of)), Tone: partial.Neutral}
	case fill.Left:
		return partial.State{Text: i18n.FillLeft, Tone: partial.Neutral}
	}
	return partial.State{Text: i18n.FillUnknown, Tone: partial.Warned}
}

// askable says whether a person can say what a slot means.
func askable(s fill.Slot) bool {
	return s.Meaning != fill.Serial && s.Meaning != fill.Remark && s.Meaning != fill.ByHand && s.Meaning != fill.Counted
}

// offered are the facts that a slot may mean, the present one first, each once.
func offered(s fill.Slot) []fact.Candidate {
	var out []fact.Candidate
	seen := map[string]bool{}
	for _, c := range s.Maybe {
		if key := c.Fact.ID + c.Name.In(i18n.ZH); !seen[key] && len(out) < 8 {
			seen[key] = true
			out = append(out, c)
		}
	}
	return out
}

// listed says whether the present meaning is among the offered ones.
func listed(s fill.Slot) bool {
	for _, c := range offered(s) {
		if c.Ref == s.Ref {
			return true
		}
	}
	return false
}

func factsID(s fact.Subject) string { return "facts-" + string(s) }

// factNames are the names of facts to choose from, each once: one that is reached in two ways is one to people.
func factNames(ctx context.Context, list []fact.Reached) []string {
	var out []string
	seen := map[string]bool{}
	for _, r := range list {
		if name := i18n.T(ctx, r.Name); !seen[name] {
			seen[name] = true
			out = append(out, name)
		}
	}
	return out
}

// newFact is the address at which a proposal is made a fact of the district's own.
func newFact(p fill.Proposal) templ.SafeURL {
	q := url.Values{"subject": {string(p.Subject)}, "name": {p.Name}, "type": {string(p.Type)}}
	return templ.SafeURL("/facts/new?" + q.Encode())
}

func subjectOptions(sh fill.Sheet) []field.Option {
	var out []field.Option
	for _, s := range sh.Subjects {
		out = append(out, field.Option{Value: string(s), Text: s.Text()})
	}
	return out
}

func stats(ctx context.Context, o fill.Outcome) []partial.Stat {
	n := func(v int) string { return i18n.Number(int64(v)) }
	unclear := partial.Stat{Label: i18n.FillStatUnclear, Value: n(len(o.Unclear))}
	if len(o.Unclear) > 0 {
		unclear.Tone, unclear.Href = partial.Warned, "#unclear"
	}
	filled := partial.Stat{Label: i18n.FillStatFilled, Value: n(o.Filled), Href: "#columns"}
	if p := o.Percent(); p >= 0 {
		filled.Note = strconv.Itoa(p) + "%"
	}
	return []partial.Stat{{Label: i18n.FillStatRows, Value: n(o.Rows), Href: "#columns"}, {Label: i18n.FillStatCells, Value: n(o.Cells), Href: "#columns"}, filled,
		{Label: i18n.FillStatUnknown, Value: n(o.Cells - o.Filled), Href: "#columns"}, unclear, {Label: i18n.FillStatKept, Value: n(o.Kept), Href: "#columns"}}
}

func acts(d Detail) []partial.Act {
	list := []partial.Act{}
	if !d.Dropped.FilledAt.IsZero() {
		list = append(list, partial.Act{Text: i18n.FillDownload, Href: Href(d.Dropped) + "/file", Icon: icon.Download, Look: partial.Primary})
	}
	if d.Register {
		list = append(list, partial.Act{Text: i18n.RequestFormAs, Href: "/requests/new?form=" + d.Dropped.ID.String(), Icon: icon.Clipboard})
	}
	return append(list, partial.Act{Text: i18n.FillOriginal, Href: Href(d.Dropped) + "/original", Icon: icon.Download, Look: partial.Quiet})
}

func why(r fill.Row) i18n.Text {
	switch r.How {
	case fill.NameAlone:
		return i18n.FillNameAlone
	case fill.NotFound:
		return i18n.FillAbsent
	}
	return i18n.FillTwoFit
}

// sealed says whether the form asks for sealed data, or has been filled for a purpose.
func (d Detail) sealed() bool { return d.Form.Sealed() }

// scope is what was said of the rows to list.
func (d Detail) scope() string {
	if d.Dropped.Ask.All {
		return "all"
	}
	return "title"
}
