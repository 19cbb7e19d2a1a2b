package place

import (
	"encoding/json"
	"strings"
	"unicode/utf8"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Permissions on places.
const (
	PermSee       authz.Permission = "place.see"       // grids, quarters and buildings of communities in scope
	PermEdit      authz.Permission = "place.edit"      // change them, import buildings
	PermDivisions authz.Permission = "division.see"    // the list of divisions
	PermImport    authz.Permission = "division.import" // load the list of divisions, end a division
)

// Division is one row of the published list.
type Division struct {
	Code       string // 12 digits
	Level      code.Level
	Name       string
	ParentCode string // at the level above; "" above a province
	Province   string
	City       string
	County     string
	Street     string
	ValidFrom  calendar.Date
	ValidTo    calendar.Date // first day on which it is gone; zero while it stands
	Successor  string        // code at the same level
}

// Placeholder says whether the row stands for no place of its own.
func (d Division) Placeholder() bool { return code.Placeholder(d.Level, code.Division(d.Code), d.Name) }

// same says whether the list says the same of both.
func (d Division) same(o Division) bool {
	return d.Name == o.Name && d.ParentCode == o.ParentCode && d.Province == o.Province && d.City == o.City &&
		d.County == o.County && d.Street == o.Street
}

// named fills the names of the levels above from the parent, and its own.
func (d *Division) named(parent Division) {
	for _, f := range []struct {
		level code.Level
		to    *string
		from  string
	}{{code.Province, &d.Province, parent.Province}, {code.City, &d.City, parent.City}, {code.County, &d.County, parent.County}, {code.Street, &d.Street, parent.Street}} {
		switch {
		case *f.to != "" || f.level > d.Level:
		case f.level == d.Level:
			*f.to = d.Name
		default:
			*f.to = f.from
		}
	}
}

// Grid is a social-governance grid.
type Grid struct {
	ID          id.ID
	CommunityID id.ID
	Code        string
	Name        string
	WorkerID    id.ID // account or person of the worker, 0 for none
	WorkerName  string
	Outline     string // JSON rings of [x, y] in micro-degrees, "" where unknown
	EndedOn     calendar.Date
	Version     int64
}

// NewGrid is what is said when a grid is set up. An empty code or name takes the proposal.
type NewGrid struct {
	CommunityID id.ID
	Code        string
	Name        string
	WorkerID    id.ID
	WorkerName  string
	Outline     string
}

// EditGrid changes a grid; nil leaves a field unchanged.
type EditGrid struct {
	Version    int64
	Name       *string
	WorkerID   *id.ID
	WorkerName *string
	Outline    *string
}

// Quarter is a residential compound.
type Quarter struct {
	ID          id.ID
	CommunityID id.ID
	Name        string
	Address     string
	EndedOn     calendar.Date
	Version     int64
}

// NewQuarter is what is said when a quarter is set up.
type NewQuarter struct {
	CommunityID id.ID
	Name        string
	Address     string
}

// Building is a building with people living or working in it.
type Building struct {
	ID          id.ID
	CommunityID id.ID
	QuarterID   id.ID
	GridID      id.ID
	Name        string
	Address     string
	Floors      int64
	Stairwells  int64
	X, Y        int64 // longitude and latitude in micro-degrees, 0 where unknown
	EndedOn     calendar.Date
	Version     int64
}

// Placed says whether the position is known.
func (b Building) Placed() bool { return b.X != 0 && b.Y != 0 }

// NewBuilding is what is said when a building is entered.
type NewBuilding struct {
	CommunityID id.ID
	QuarterID   id.ID
	GridID      id.ID
	Name        string
	Address     string
	Floors      int64
	Stairwells  int64
	X, Y        int64
}

// EditBuilding changes a building; nil leaves a field unchanged.
type EditBuilding struct {
	Version    int64
	QuarterID  *id.ID
	GridID     *id.ID
	Name       *string
	Address    *string
	Floors     *int64
	Stairwells *int64
	X, Y       *int64
}

// The longest texts and the largest numbers.
const (
	maxName       = 40
	maxAddress    = 120
	maxWorker     = 30
	maxFloors     = 150
	maxStairwells = 60
	maxOutline    = 20000
)

// HouseholdsUsual is the number of households above which a grid is larger than usual; a larger one is only pointed out (GRD-1).
const HouseholdsUsual = 500

func clean(s string) string { return strings.Join(strings.Fields(s), " ") }

// tooLong adds to e what is longer than it may be, and what is missing if it must be there.
func tooLong(e *errs.Error, field, value string, most int, required bool) *errs.Error {
	switch n := utf8.RuneCountInString(value); {
	case n > most:
		return e.With(field, i18n.ErrTooLong, most, n)
	case n == 0 && required:
		return e.With(field, i18n.ErrRequired)
	}
	return e
}

// check says what is wrong with a grid by itself. communityCode is the division code of its community, "" if it has none.
func (g *Grid) check(communityCode string) error {
	g.Name, g.WorkerName = clean(g.Name), clean(g.WorkerName)
	var e *errs.Error
	c, p := code.ParseGrid(g.Code)
	switch {
	case p.Blocks():
		e = e.With("code", i18n.CodeProblem, p.Message, p.Advice)
	case communityCode != "" && string(c.Community()) != communityCode:
		e = e.With("code", i18n.PlaceGridForeign, communityCode)
	}
	g.Code = string(c)
	return g.checkTexts(e)
}

func (g *Grid) checkTexts(e *errs.Error) error {
	e = tooLong(e, "name", g.Name, maxName, true)
	e = tooLong(e, "worker_name", g.WorkerName, maxWorker, false)
	if g.Outline != "" && !closedOutline(g.Outline) {
		e = e.With("outline", i18n.PlaceOutline)
	}
	return e.OrNil()
}

// closedOutline says whether s is a JSON list of closed rings in micro-degrees within China (GRD-5).
func closedOutline(s string) bool {
	var rings [][][2]int64
	if len(s) > maxOutline || json.Unmarshal([]byte(s), &rings) != nil || len(rings) == 0 {
		return false
	}
	for _, r := range rings {
		if len(r) < 4 || r[0] != r[len(r)-1] {
			return false
		}
		for _, p := range r {
			if !inChina(p[0], p[1]) {
				return false
			}
		}
	}
	return true
}

// inChina says whether a position in micro-degrees lies within the country's outermost degrees.
func inChina(x, y int64) bool {
	return x >= 73e6 && x <= 136e6 && y >= 3e6 && y <= 54e6
}

// check says what is wrong with a building by itself.
func (b *Building) check() error {
	b.Name, b.Address = clean(b.Name), clean(b.Address)
	var e *errs.Error
	e = tooLong(e, "name", b.Name, maxName, true)
	e = tooLong(e, "address", b.Address, maxAddress, false)
	if b.Floors < 0 || b.Floors > maxFloors {
		e = e.With("floors", i18n.PlaceNumberRange, maxFloors)
	}
	if b.Stairwells < 0 || b.Stairwells > maxStairwells {
		e = e.With("stairwells", i18n.PlaceNumberRange, maxStairwells)
	}
	if (b.X != 0 || b.Y != 0) && !inChina(b.X, b.Y) {
		e = e.With("x", i18n.PlaceCoordinates)
	}
	return e.OrNil()
}

// check says what is wrong with a quarter by itself.
func (q *Quarter) check() error {
	q.Name, q.Address = clean(q.Name), clean(q.Address)
	return tooLong(tooLong(nil, "name", q.Name, maxName, true), "address", q.Address, maxAddress, false).OrNil()
}

// nextSerial is the serial number of the next grid of a community, given the codes it has used, ended ones too: codes are never
// used again. 0 says that 999 is used.
func nextSerial(used []string) int {
	next := 1
	for _, c := range used {
		next = max(next, code.Grid(c).Serial()+1)
	}
	if next > 999 {
		return 0
	}
	return next
}
