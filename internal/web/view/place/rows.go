package place

import (
	"context"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"linli/internal/code"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/place"
	"linli/internal/web/view/field"
	"linli/internal/web/view/partial"
)

// Community is the page of the community to which a place belongs.
func Community(org id.ID) string { return "/organisations/" + org.String() }

// ListData is what is around the rows of a list.
type ListData struct {
	Query      url.Values
	Next, Prev string
	Acts       []partial.Act
	Export     bool
}

func ended() []partial.Filter {
	return []partial.Filter{{Name: "show", Label: i18n.OrgShowEnded, Options: []partial.Option{{Value: "ended", Text: i18n.PlaceEndedToo}}}}
}

func gridFilters() []partial.Filter {
	return append([]partial.Filter{{Name: "worker", Label: i18n.PlaceWorker, Options: []partial.Option{{Value: "none", Text: i18n.PlaceUnstaffed}}}}, ended()...)
}

func (d ListData) export(path string) string {
	if d.Export {
		return path + "/export"
	}
	return ""
}

// DivisionHref is the page of a division: what lies below it.
func DivisionHref(d place.Division) string {
	return "/divisions/" + strconv.Itoa(int(d.Level)) + "/" + d.Code
}

var divisionColumns = []partial.Column{
	{Key: "name", Title: i18n.PlaceColName, Main: true}, {Key: "code", Title: i18n.PlaceColCode}, {Key: "level", Title: i18n.PlaceColLevel},
	{Key: "kind", Title: i18n.PlaceDivisionKind, Minor: true}, {Key: "state", Title: i18n.OrgState, Tight: true},
}

func divisionRows(ctx context.Context, items []place.Division) []partial.Row {
	var out []partial.Row
	for _, d := range items {
		kind := code.Division(d.Code).Kind()
		if d.Placeholder() {
			kind = i18n.PlacePlaceholder
		}
		row := partial.Row{ID: d.Code + strconv.Itoa(int(d.Level)), Name: d.Name, Cells: []templ.Component{partial.Text(d.Name), partial.Text(d.Code),
			partial.Label(d.Level.Text()), partial.Label(kind), divisionState(ctx, d)}}
		if d.Level < code.Village {
			row.Href = DivisionHref(d)
		}
		out = append(out, row)
	}
	return out
}

func divisionState(ctx context.Context, d place.Division) templ.Component {
	if d.ValidTo.IsZero() {
		return partial.Badge(partial.State{Text: i18n.OrgLiving, Tone: partial.Active})
	}
	return partial.Two(i18n.T(ctx, i18n.OrgUntil, d.ValidTo.String()), d.Successor)
}

// levelStats are the numbers of divisions of each level; each opens to them.
func levelStats(ctx context.Context, counts map[code.Level]int64) []partial.Stat {
	var out []partial.Stat
	for l := code.Province; l <= code.Village; l++ {
		if n := counts[l]; n > 0 {
			out = append(out, partial.Stat{Label: i18n.Verbatim(i18n.T(ctx, i18n.PlaceLevelCount, l.Text())), Value: i18n.Number(n), Href: "/divisions?level=" + strconv.Itoa(int(l))})
		}
	}
	return out
}

func levelFilter() []partial.Filter {
	var options []partial.Option
	for l := code.Province; l <= code.Village; l++ {
		options = append(options, partial.Option{Value: strconv.Itoa(int(l)), Text: l.Text()})
	}
	return []partial.Filter{{Name: "level", Label: i18n.PlaceColLevel, Options: options}}
}

var gridColumns = []partial.Column{
	{Key: "name", Title: i18n.PlaceName, Main: true}, {Key: "code", Title: i18n.PlaceGridCode}, {Key: "community", Title: i18n.PlaceCommunityIs},
	{Key: "worker", Title: i18n.PlaceWorker}, {Key: "buildings", Title: i18n.PlaceBuildingsNo, Num: true},
}

func gridRows(items []place.GridItem) []partial.Row {
	var out []partial.Row
	for _, g := range items {
		out = append(out, partial.Row{ID: g.ID.String(), Name: g.Name, Href: "/grids/" + g.ID.String(), Cells: []templ.Component{partial.Text(g.Name),
			partial.Text(g.Code), partial.Link(g.Community, Community(g.CommunityID)), partial.Text(g.WorkerName),
			partial.NumLink(g.Buildings, "/buildings?grid="+g.ID.String())}})
	}
	return out
}

var quarterColumns = []partial.Column{
	{Key: "name", Title: i18n.PlaceName, Main: true}, {Key: "community", Title: i18n.PlaceCommunityIs}, {Key: "address", Title: i18n.PlaceAddress, Minor: true},
	{Key: "buildings", Title: i18n.PlaceBuildingsNo, Num: true},
}

// quarterRows lead to the quarter's form for who may change it, to its buildings for everybody else.
func quarterRows(items []place.QuarterItem, mayEdit bool) []partial.Row {
	var out []partial.Row
	for _, q := range items {
		href := "/buildings?quarter=" + q.ID.String()
		if mayEdit {
			href = "/quarters/" + q.ID.String() + "/edit"
		}
		out = append(out, partial.Row{ID: q.ID.String(), Name: q.Name, Href: href, Cells: []templ.Component{partial.Text(q.Name),
			partial.Link(q.Community, Community(q.CommunityID)), partial.Text(q.Address), partial.NumLink(q.Buildings, "/buildings?quarter="+q.ID.String())}})
	}
	return out
}

var buildingColumns = []partial.Column{
	{Key: "name", Title: i18n.PlaceName, Main: true}, {Key: "quarter", Title: i18n.PlaceQuarter}, {Key: "grid", Title: i18n.PlaceGrid},
	{Key: "community", Title: i18n.PlaceCommunityIs}, {Key: "floors", Title: i18n.PlaceFloors, Num: true, Minor: true}, {Key: "households", Title: i18n.PlaceHouseholds, Num: true},
}

func buildingRows(items []place.BuildingItem) []partial.Row {
	var out []partial.Row
	for _, b := range items {
		out = append(out, partial.Row{ID: b.ID.String(), Name: b.Name, Href: "/buildings/" + b.ID.String(), Cells: []templ.Component{partial.Text(b.Name),
			partial.Text(b.Quarter), grid(b), partial.Link(b.Community, Community(b.CommunityID)), partial.Text(count(b.Floors)), partial.Num(b.Households)}})
	}
	return out
}

func grid(b place.BuildingItem) templ.Component {
	if b.GridID == 0 {
		return partial.Text("")
	}
	return partial.Link(b.Grid, "/grids/"+b.GridID.String())
}

func gridFacts(d place.GridDetail) []partial.Fact {
	return []partial.Fact{
		partial.F(i18n.PlaceGridCode, d.Code), {Label: i18n.PlaceCommunityIs, Value: partial.Link(d.Community, Community(d.CommunityID))},
		partial.F(i18n.PlaceWorker, d.WorkerName),
		{Label: i18n.PlaceBuildingsNo, Value: partial.NumLink(d.Buildings, "/buildings?grid="+d.ID.String())},
		{Label: i18n.PlaceHouseholds, Value: partial.Num(d.Households)},
	}
}

func buildingFacts(b place.BuildingItem) []partial.Fact {
	return []partial.Fact{
		{Label: i18n.PlaceCommunityIs, Value: partial.Link(b.Community, Community(b.CommunityID))}, partial.F(i18n.PlaceQuarter, b.Quarter),
		{Label: i18n.PlaceGrid, Value: grid(b)}, partial.F(i18n.PlaceAddress, b.Address), partial.F(i18n.PlaceFloors, count(b.Floors)),
		partial.F(i18n.PlaceStairwells, count(b.Stairwells)), {Label: i18n.PlaceHouseholds, Value: partial.Num(b.Households)},
		partial.F(i18n.PlacePosition, position(b.Building)),
	}
}

func standing(endedOn bool) partial.State {
	if endedOn {
		return partial.State{Text: i18n.OrgEnded, Tone: partial.Ended}
	}
	return partial.State{Text: i18n.OrgLiving, Tone: partial.Active}
}

// FormData is what the forms of places show.
type FormData struct {
	field.Form
	Action      string // where it posts to
	Back        string
	Version     int64 // 0 for something new
	Communities []field.Option
	Community   string // name of the community that stands; "" while it can be chosen
	Quarters    []field.Option
	Grids       []field.Option
}

func (f FormData) version() string {
	if v := f.Values.Get("version"); v != "" {
		return v
	}
	return strconv.FormatInt(f.Version, 10)
}
