package load

import "linli/internal/i18n"

// The peak of a district is worked out from who lives and works there, not from what the server can do.
const (
	residents = 410_000
	members   = 30_000
	units     = 460
	records   = 1_000_000 // written in a year
	workdays  = 250

	// who works at a desk: nine in a community, thirty in a sub-district
	communityDesks = 60 * 9
	officeDesks    = 4 * 30
	desks          = communityDesks + officeDesks

	hour      = 3600.0
	inTheHour = 0.2 // of a day's visits in its busiest hour
)

// perSecond spreads what happens on a day over its busiest hour, twice as dense in the worst quarter of it.
func perSecond(aDay float64) float64 { return aDay * inTheHour / hour * 2 }

// The shares of the day, in requests a second at the peak.
var (
	atDesks     = float64(desks) / 2 / 30         // half of them at work in the system, a page every thirty seconds
	byResidents = perSecond(residents / 50.0 * 5) // one in fifty looks at five pages
	byMembers   = perSecond(members / 10.0 * 3)
	byUnits     = perSecond(units * 5)
	written     = perSecond(records / workdays)
	entering    = float64(desks) / 1800 // everybody at a desk enters within half an hour
)

// coming is one kind of visit and how often it comes, a second at the peak.
type coming struct {
	name string
	text i18n.Text
	rate float64
	act  func(*world) act
}

// day is everything that comes. A tenth of what is written are residents entered or changed, the rest is shared by reports and the steps that they need.
func day() []coming {
	return []coming{
		{"first", i18n.LoadFirst, 0.15 * atDesks, firstPage},
		{"residents", i18n.LoadResidents, 0.2 * atDesks, residentList},
		{"search", i18n.LoadSearch, 0.15 * atDesks, residentSearch},
		{"resident", i18n.LoadResident, 0.15 * atDesks, residentPage},
		{"cases", i18n.LoadCases, 0.2 * atDesks, caseList},
		{"case", i18n.LoadCase, 0.15 * atDesks, casePage},
		{"enter", i18n.LoadEnter, entering, logIn},
		{"front", i18n.LoadFront, 0.5 * byResidents, publicPage},
		{"ask", i18n.LoadAsk, 0.5 * byResidents, reportForm},
		{"member", i18n.LoadMember, byMembers, memberPage},
		{"unit", i18n.LoadUnit, byUnits, unitPage},
		{"report", i18n.LoadReport, 0.4 * written, report},
		{"accept", i18n.LoadAccept, 0.4 * written, accept},
		{"create", i18n.LoadCreate, 0.1 * written, create},
		{"sign", i18n.LoadSign, 0.1 * written, signIn},
	}
}
