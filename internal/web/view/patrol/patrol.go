// Package patrol draws the pages of a grid worker's round, made for one hand and for where there is no network.
package patrol

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"linli/internal/calendar"
	"linli/internal/casework"
	"linli/internal/code"
	"linli/internal/i18n"
	"linli/internal/patrol"
	"linli/internal/person"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/layout"
)

// The addresses of a round.
const (
	Path   = "/m/patrol"
	Away   = Path + "/away"
	Event  = Path + "/event"
	Visit  = Path + "/visit"
	Upkeep = Path + "/upkeep"
	Check  = Path + "/check"
	Indoor = Path + "/indoors"
	Here   = Path + "/here"
)

// Kept are the pages that a phone keeps, the one that stands for the others first.
func Kept() []string { return []string{Away, Event, Visit, Upkeep, Check} }

// NearDays is how far back what was reported in a grid is shown.
const NearDays = 14

// Home is the first page of a round.
type Home struct {
	Mine      []casework.Row // with the worker, what is due first
	MoreMine  bool
	Check     []casework.Row // done, to be looked at
	MoreCheck bool
	Near      []casework.Row // reported lately in their grids
	Sent      []patrol.Item  // what they sent
	Now       time.Time
	Away      bool  // the page that stands where there is no network: without lists
	Round     bool  // there are grids to go round
	Confirmed int64 // households confirmed within a year
	Homes     int64 // of so many
}

// Place is a building, or the rest of a grid.
type Place struct{ Value, Text, Note string }

// PlaceGroup are the places of a quarter.
type PlaceGroup struct {
	Title  i18n.Text
	Places []Place
}

// EventForm is the form of an event.
type EventForm struct {
	field.Form
	Key     string
	Recent  []field.Option
	Classes []field.OptionGroup
	Places  []PlaceGroup
	Limit   string // size of a photograph
}

// DoorGroup are the doors of a building.
type DoorGroup struct {
	Building string // ID; "" where the building is not known
	Title    i18n.Text
	Doors    []Door
}

// Door is a dwelling without a name. Its value is its ID and version, so that what was changed since is seen.
type Door struct {
	Value, Text string
	Known       string        // of the dwelling, as person.Household has it
	ConfirmedOn calendar.Date // zero: never
	Done        bool          // confirmed within a year
	person.Occupants
}

// HomeForm is the form of a visit or of an upkeep.
type HomeForm struct {
	field.Form
	Key       string
	Buildings []field.Option
	Doors     []DoorGroup
	Needs     []field.Option
	Checks    bool // the doors say whether they were confirmed
}

// CheckForm is the form of what was said at a door about the register. Dwelling is the chosen household where its people were asked for.
type CheckForm struct {
	HomeForm
	Dwelling *person.Dwelling
	Why      i18n.Text // why it is not shown
}

// PersonValue names somebody of a household with the version of their record.
func PersonValue(m person.Mate) string { return m.ID.String() + "." + strconv.FormatInt(m.Version, 10) }

// RelationOf is how somebody belongs to their household, "" where it is not known.
func RelationOf(m person.Mate) i18n.Text {
	return code.HeadRelations.Label(m.Relation)
}

func relations() []field.Option {
	var out []field.Option
	for _, it := range code.HeadRelations.Items() {
		out = append(out, field.Option{Value: it.Code, Text: it.Label})
	}
	return out
}

func (f CheckForm) seen() string {
	if f.Dwelling == nil {
		return ""
	}
	return f.Dwelling.Seen
}

func (f CheckForm) known() string {
	if f.Dwelling == nil {
		return ""
	}
	return f.Dwelling.Known
}

// DoorValue names a household with its version.
func DoorValue(household, version string) string { return household + "." + version }

// words are what the scripts say, in the reader's language.
func words(ctx context.Context) string {
	out := map[string]string{}
	for name, t := range map[string]i18n.Text{
		"waiting": i18n.PatrolWaiting, "sending": i18n.PatrolSending, "ok": i18n.PatrolOK, "refused": i18n.PatrolRefused, "conflict": i18n.PatrolConflict, "login": i18n.PatrolNeedsLogin,
		"other": i18n.PatrolOther, "edit": i18n.PatrolEdit, "remove": i18n.PatrolRemove, "really": i18n.PatrolReally, "mine": i18n.PatrolKeepMine, "theirs": i18n.PatrolKeepTheirs,
		"differs": i18n.PatrolDiffers, "photos": i18n.PatrolNPhotos, "photo": i18n.PatrolPhotoN, "unphoto": i18n.PatrolPhotoLess, "many": i18n.PatrolPhotoMany, "nophoto": i18n.PatrolNoPhoto,
		"position": i18n.PatrolPosition, "unposition": i18n.PatrolUnposition, "positioned": i18n.PatrolPositioned, "nowhere": i18n.PatrolNowhere, "before": i18n.PatrolBefore,
		"never": i18n.PatrolNever, "full": i18n.PatrolFull, "words": i18n.PatrolWords, "noitem": i18n.PatrolItemOrWords, "nowords": i18n.PatrolNeedOrWords, "nowhere2": i18n.PatrolChooseWhere,
		"nodoor": i18n.PatrolChooseDoor, "taken": i18n.DoorTaken, "nottaken": i18n.DoorNotTaken, "nobody": i18n.DoorNobody, "lastcheck": i18n.DoorLastOn, "nocheck": i18n.DoorLastNone,
		"nofinding": i18n.DoorFinding, "nowhom": i18n.DoorWhom, "lookfirst": i18n.DoorLookFirst, "forbidden": i18n.ErrForbidden, "blocked": i18n.PatrolBlocked,
	} {
		out[name] = t.In(i18n.From(ctx))
	}
	b, err := json.Marshal(out)
	if err != nil {
		return "{}" // a map of texts always encodes
	}
	return string(b)
}

// Tabs is the bar at the bottom.
func Tabs() []layout.NavItem {
	return []layout.NavItem{{Text: i18n.PatrolTabs, Href: Path, Icon: icon.Flag}, {Text: i18n.PatrolCases, Href: "/cases?show=mine&order=due", Icon: icon.Handshake}, {Text: i18n.PatrolDesk, Href: "/", Icon: icon.Screen}}
}

func has(f field.Form, name, value string) bool {
	return slices.Contains(f.Values[name], value)
}

func nth(prefix string, a, b int) string { return prefix + strconv.Itoa(a) + "-" + strconv.Itoa(b) }

// openGroup says whether a group of choices is unfolded: it holds what is chosen, or it is the first of few.
func openGroup(f field.Form, name string, values []string, first bool) bool {
	for _, v := range values {
		if has(f, name, v) {
			return true
		}
	}
	return first && len(f.Values[name]) == 0
}

func placeValues(list []Place) []string {
	out := make([]string, len(list))
	for i, p := range list {
		out[i] = p.Value
	}
	return out
}

func optionValues(list []field.Option) []string {
	out := make([]string, len(list))
	for i, o := range list {
		out[i] = o.Value
	}
	return out
}

// numbers are those of the cases that came of an entry.
func numbers(list []patrol.Made) string {
	var out []string
	for _, m := range list {
		out = append(out, m.No)
	}
	return strings.Join(out, " ")
}

func where(i patrol.Item) string {
	if i.Household != "" {
		return i.Household
	}
	return i.Place
}

// When is when an entry was made, by the phone or as it came in.
func When(i patrol.Item) string {
	if !i.HappenedAt.IsZero() {
		return i18n.DateTime(i.HappenedAt)
	}
	return i18n.DateTime(i.ReceivedAt)
}
