package code

import (
	"strings"

	"linli/internal/i18n"
)

// Level is the level of a division (CODE-21). Its numbers are those of the published lists.
type Level int

// The levels of divisions.
const (
	NoLevel  Level = 0
	Province Level = 1
	City     Level = 2
	County   Level = 3
	Street   Level = 4 // sub-district, town, township, zone
	Village  Level = 5 // community or village
)

var levelDigits = [...]int{NoLevel: 0, Province: 2, City: 4, County: 6, Street: 9, Village: 12}

// Valid says whether l is one of the five levels.
func (l Level) Valid() bool { return l >= Province && l <= Village }

// Text names the level.
func (l Level) Text() i18n.Text {
	if !l.Valid() {
		return i18n.Text{}
	}
	return [...]i18n.Text{Province: i18n.CodeLevelProvince, City: i18n.CodeLevelCity, County: i18n.CodeLevelCounty,
		Street: i18n.CodeLevelStreet, Village: i18n.CodeLevelVillage}[l]
}

// Division is a 12-digit statistical division code (CODE-21). "" is none.
//
// A code alone does not name a division: a city without districts has a county-level row with the city's
// own code. The key is code and level.
type Division string

// ParseDivision reads a division code of 12 digits, or of 2, 4, 6 or 9 digits, which are filled up with zeros.
func ParseDivision(s string) (Division, *Problem) {
	n := Normalise(s)
	switch len(n) {
	case 2, 4, 6, 9, 12:
	default:
		if scientific(n) {
			return "", problem(i18n.CodeNumberAsText, i18n.CodeIDAsText)
		}
		return "", problem(i18n.CodeDivisionLength, i18n.CodeDivisionAdvice, len([]rune(n)))
	}
	if scientific(n) {
		return "", problem(i18n.CodeNumberAsText, i18n.CodeIDAsText)
	}
	if !digits(n) {
		return "", problem(i18n.CodeDivisionShape, i18n.CodeDivisionAdvice)
	}
	if !provinces[number(n[:2])] {
		return "", problem(i18n.CodeDivisionProvince, i18n.CodeDivisionAdvice)
	}
	return checkGap(Division(n + "000000000000"[len(n):]))
}

// checkGap refuses a village without a street. A street without a county is real: cities without districts.
func checkGap(d Division) (Division, *Problem) {
	if d[9:] != "000" && d[6:9] == "000" {
		return "", problem(i18n.CodeDivisionGap, i18n.CodeDivisionAdvice)
	}
	if d[4:6] != "00" && d[2:4] == "00" {
		return "", problem(i18n.CodeDivisionGap, i18n.CodeDivisionAdvice)
	}
	return d, nil
}

// Level is the deepest level whose part of the code is not zero. For the county-level row of a city without
// districts it says City; where a list states the level, the list wins.
func (d Division) Level() Level {
	if len(d) != 12 {
		return NoLevel
	}
	for l := Village; l > Province; l-- {
		if strings.Trim(string(d[levelDigits[l-1]:levelDigits[l]]), "0") != "" {
			return l
		}
	}
	return Province
}

// At is the code of the division of level l that holds d, "" if d is no code or l no level.
func (d Division) At(l Level) Division {
	if len(d) != 12 || !l.Valid() {
		return ""
	}
	return d[:levelDigits[l]] + Division("000000000000"[levelDigits[l]:])
}

// Parent is the code one level above level l of d, as the published lists have it; "" above a province.
func (d Division) Parent(l Level) Division { return d.At(l - 1) }

// County6 is the six-digit code of the county or district, the first six digits (CODE-20).
func (d Division) County6() string {
	if len(d) != 12 {
		return ""
	}
	return string(d[:6])
}

// Short is the code without the zeros below level l: 2, 4, 6, 9 or 12 digits.
func (d Division) Short(l Level) string {
	if len(d) != 12 || !l.Valid() {
		return ""
	}
	return string(d[:levelDigits[l]])
}

// Holds says whether other lies in d, where d is of level l. Every division holds itself.
func (d Division) Holds(l Level, other Division) bool {
	return len(d) == 12 && l.Valid() && other.At(l) == d.At(l)
}

// Kind names what a street- or village-level code is by its number (CODE-22); the empty text elsewhere.
func (d Division) Kind() i18n.Text {
	switch d.Level() {
	case Street:
		switch n := number(string(d[6:9])); {
		case n < 100:
			return i18n.CodeKindStreet
		case n < 200:
			return i18n.CodeKindTown
		case n < 400:
			return i18n.CodeKindTownship
		default:
			return i18n.CodeKindZone
		}
	case Village:
		if d[9:] < "200" {
			return i18n.CodeKindCommunity
		}
		return i18n.CodeKindVillage
	}
	return i18n.Text{}
}

// Grid is a 15-digit grid code: the community's 12 digits and a serial number (GRD-3). "" is none.
type Grid string

// ParseGrid reads a grid code.
func ParseGrid(s string) (Grid, *Problem) {
	n := Normalise(s)
	if len(n) != 15 || !digits(n) {
		return "", problem(i18n.CodeGridShape, i18n.CodeGridAdvice)
	}
	d, p := ParseDivision(n[:12])
	if p != nil || d.Level() != Village {
		return "", problem(i18n.CodeGridCommunity, i18n.CodeGridAdvice)
	}
	if n[12:] == "000" {
		return "", problem(i18n.CodeGridSerial, i18n.CodeGridAdvice)
	}
	return Grid(n), nil
}

// GridOf is the grid code of serial number 1 to 999 in a community; "" if there is no such grid.
func GridOf(community Division, serial int) Grid {
	if community.Level() != Village || serial < 1 || serial > 999 {
		return ""
	}
	return Grid(community) + Grid([]byte{byte('0' + serial/100), byte('0' + serial/10%10), byte('0' + serial%10)})
}

// Community is the code of the grid's community (GRD-2).
func (g Grid) Community() Division {
	if len(g) != 15 {
		return ""
	}
	return Division(g[:12])
}

// Serial is the grid's number in its community; 0 if g is no code.
func (g Grid) Serial() int {
	if len(g) != 15 {
		return 0
	}
	return number(string(g[12:]))
}
