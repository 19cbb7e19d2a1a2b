package figure

import (
	"linli/internal/i18n"
	"linli/internal/twonew"
)

// twoNewFigures are the three coverages of two-new organisations (ORG-5, ORG-7). Each is a part of all of them that stand in the census on the day.
var twoNewFigures = []Figure{
	{ID: "twonew.total", Chapter: Coverage, Unit: i18n.FigureUnitOrg, When: AsOf, Subject: TwoNew, Dims: []Dim{dimTwoNewState, dimTwoNewKind, dimTwoNewGrid},
		SQL: sel{place: "t.community_id", rec: "t.id", on: "t.listed_on", dims: []Dim{dimTwoNewState, dimTwoNewKind, dimTwoNewGrid},
			items: []string{twoNewState, "t.kind", "coalesce(gr.name, '')"}}.from(twoNewTables + twoNewWhere)},
	{ID: "twonew.members", Chapter: Coverage, Unit: i18n.FigureUnitPerson, When: AsOf, People: true, Subject: TwoNew, Dims: []Dim{dimTwoNewKind},
		SQL: sel{place: "t.community_id", rec: "t.id", amount: "t.full_members + t.probationary_members", on: "t.listed_on", dims: []Dim{dimTwoNewKind}, items: []string{"t.kind"}}.
			from(twoNewTables + twoNewWhere + " AND t.full_members + t.probationary_members > 0")},
	twoNewIn("twonew.organisation", twoNewHas("s.kind IN ('joint_branch', 'own_branch')")),
	{ID: "twonew.organisation_share", Chapter: Coverage, Unit: i18n.FigureUnitPercent, When: AsOf, Ratio: &Ratio{"twonew.organisation", "twonew.total", 1000}},
	twoNewIn("twonew.work", twoNewHas(`(s.kind IN ('joint_branch', 'own_branch', 'union', 'league') OR EXISTS (SELECT 1 FROM member m WHERE m.tenant_id = s.tenant_id AND m.id = s.member_id
		AND (m.ended_on = '' OR m.ended_on > :day)))`)),
	{ID: "twonew.work_share", Chapter: Coverage, Unit: i18n.FigureUnitPercent, When: AsOf, Ratio: &Ratio{"twonew.work", "twonew.total", 1000}},
	twoNewIn("twonew.cohesion", "("+twoNewByUnit+" OR "+twoNewByBranch+")"),
	{ID: "twonew.cohesion_share", Chapter: Coverage, Unit: i18n.FigureUnitPercent, When: AsOf, Ratio: &Ratio{"twonew.cohesion", "twonew.total", 1000}},
}

var (
	dimTwoNewState = Dim{Key: "step", Name: i18n.TwoNewState, Label: func(s string) i18n.Text { return twonew.State(s).Text() }}
	dimTwoNewKind  = Dim{Key: "twonew", Name: i18n.TwoNewKind, Label: func(s string) i18n.Text { return twonew.Kind(s).Text() }}
	dimTwoNewGrid  = Dim{Key: "grid", Name: i18n.PlaceGrids, Fine: true}
)

// twoNewIn counts those of the census that fulfil a condition.
func twoNewIn(id, condition string) Figure {
	return Figure{ID: id, Chapter: Coverage, Unit: i18n.FigureUnitOrg, When: AsOf, Subject: TwoNew, Dims: []Dim{dimTwoNewGrid},
		SQL: sel{place: "t.community_id", rec: "t.id", on: "t.listed_on", dims: []Dim{dimTwoNewGrid}, items: []string{"coalesce(gr.name, '')"}}.from(twoNewTables + twoNewWhere + " AND " + condition)}
}

const (
	twoNewTables = "two_new t LEFT JOIN grid gr ON gr.tenant_id = t.tenant_id AND gr.id = t.grid_id AND t.grid_id <> 0"
	twoNewWhere  = " WHERE t.tenant_id = :tenant AND t.listed_on <= :day AND (t.ended_on = '' OR t.ended_on > :day)"
	// the step s in force on the day
	twoNewHeld = "s.tenant_id = :tenant AND s.struck_at = 0 AND s.on_date <= :day AND (s.until_on = '' OR s.until_on > :day)"
	// which is read by itself, so that it costs nothing where nobody asks for the breakdown
	twoNewState = "coalesce((SELECT s.kind FROM two_new_step s WHERE s.two_new_id = t.id AND " + twoNewHeld + " ORDER BY s.on_date DESC, s.id DESC LIMIT 1), 'none')"
)

// twoNewHas says that the step in force on the day fulfils a condition.
func twoNewHas(condition string) string {
	return "t.id IN (SELECT s.two_new_id FROM two_new_step s WHERE " + twoNewHeld + " AND " + condition + ")"
}

// Who took part within twelve months up to the day: the unit with the same credit code, by an attendance, a claim or a deed of somebody there; or members
// of the branch that covers the organisation.
const (
	twoNewByUnit = `(t.uscc <> '' AND t.uscc IN (SELECT u.uscc FROM organisation u WHERE u.tenant_id = :tenant AND u.kind = 'unit' AND u.uscc <> '' AND u.id IN (
		SELECT a.unit_id FROM attendance a WHERE a.tenant_id = :tenant AND a.unit_id <> 0 AND a.state <> 'void' AND a.in_at >= :y1_us AND a.in_at < :day_us
		UNION SELECT c.unit_id FROM claim c WHERE c.tenant_id = :tenant AND c.unit_id <> 0 AND c.agreed_at >= :y1_us AND c.agreed_at < :day_us
		UNION SELECT d.unit_id FROM deed d WHERE d.tenant_id = :tenant AND d.unit_id <> 0 AND d.state = 'confirmed' AND d.on_date > :y1 AND d.on_date <= :day)))`
	twoNewByBranch = "t.id IN (SELECT s.two_new_id FROM two_new_step s WHERE " + twoNewHeld + ` AND s.branch_id <> 0 AND s.branch_id IN (
		SELECT m.home_id FROM member m WHERE m.tenant_id = :tenant AND m.home_id <> 0 AND m.id IN (
			SELECT a.member_id FROM attendance a WHERE a.tenant_id = :tenant AND a.member_id <> 0 AND a.state <> 'void' AND a.in_at >= :y1_us AND a.in_at < :day_us
			UNION SELECT c.member_id FROM claim c WHERE c.tenant_id = :tenant AND c.agreed_at >= :y1_us AND c.agreed_at < :day_us
			UNION SELECT d.member_id FROM deed d WHERE d.tenant_id = :tenant AND d.state = 'confirmed' AND d.on_date > :y1 AND d.on_date <= :day)))`
)
