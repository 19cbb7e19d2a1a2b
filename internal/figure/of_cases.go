package figure

import (
	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/i18n"
)

// caseFigures are what residents asked for and what came of it (SRV-1, SRV-3, SRV-7, SRV-8, GRID-3, CASE-6). A case counts where it happened, not where it is handled;
// one that was merged into another does not count twice. Rates are of cases finished in the period that count: what was refused or was outside an office's power is
// in none, and what has no answer is in no rate of answers.
var caseFigures = []Figure{
	ofCases("case.received", "", casesReceived, dimCaseKind, dimCaseChannel),
	{ID: "case.open", Chapter: Services, Unit: i18n.FigureUnitCase, When: AsOf, Subject: Case, Dims: []Dim{dimCaseKind}, SQL: casesOpen("")},
	{ID: "case.overdue", Chapter: Services, Unit: i18n.FigureUnitCase, When: AsOf, Subject: Case, Dims: []Dim{dimCaseKind}, SQL: casesOpen(" AND c.due_at <> 0 AND c.due_at < :day_us")},
	helper(ofCases("case.answerable", "", casesAnswerable, dimCaseKind)),
	helper(ofCases("case.taken", "", casesAnswerable+" AND c.accepted_at <> 0 AND c.accepted_at <= c.respond_at", dimCaseKind)),
	{ID: "case.taken_share", Chapter: Services, Unit: i18n.FigureUnitPercent, When: InQuarter, Ratio: &Ratio{"case.taken", "case.answerable", 1000}},
	ofCases("case.finished", "", casesFinished, dimCaseKind, dimCaseOutcome),
	helper(ofCases("case.in_time", "", casesFinished+" AND c.late = FALSE", dimCaseKind)),
	{ID: "case.in_time_share", Chapter: Services, Unit: i18n.FigureUnitPercent, When: InQuarter, Ratio: &Ratio{"case.in_time", "case.finished", 1000}},
	helper(ofCases("case.hours", "(c.done_at - c.received_at) / 3600000000", casesFinished, dimCaseKind)),
	{ID: "case.mean_hours", Chapter: Services, Unit: i18n.FigureUnitHours, When: InQuarter, Ratio: &Ratio{"case.hours", "case.finished", 10}},
	ofCases("case.rated", "", casesRated, dimCaseKind),
	helper(ofCases("case.solved", "", casesRated+" AND c.solved IN ('yes', 'partly')", dimCaseKind)),
	{ID: "case.solved_share", Chapter: Services, Unit: i18n.FigureUnitPercent, When: InQuarter, Ratio: &Ratio{"case.solved", "case.rated", 1000}},
	helper(ofCases("case.satisfied", "", casesRated+" AND c.rating >= 4", dimCaseKind)),
	{ID: "case.satisfied_share", Chapter: Services, Unit: i18n.FigureUnitPercent, When: InQuarter, Ratio: &Ratio{"case.satisfied", "case.rated", 1000}},
	ofCases("case.outside", "", casesFinished+" AND c.outcome IN ('outside', 'passed')", dimCaseKind),
	ofCases("case.refused", "", "c.outcome = 'refused' AND c.state <> 'merged' AND "+within("c.done_at"), dimCaseKind),
	ofCases("hotline.calls", "", casesReceived+onList(catalogue.Hotline), dimCaseChannel),
	helper(ofCases("hotline.rated", "", casesRated+onList(catalogue.Hotline))),
	helper(ofCases("hotline.content", "", casesRated+" AND c.rating >= 4"+onList(catalogue.Hotline))),
	{ID: "hotline.satisfied", Chapter: Services, Unit: i18n.FigureUnitPercent, When: InQuarter, Ratio: &Ratio{"hotline.content", "hotline.rated", 1000}},
	{ID: "hotline.technicians", Chapter: Services, Unit: i18n.FigureUnitPerson, When: AsOf, People: true, Subject: Technician,
		SQL: sel{place: orgPlace, rec: "t.id", at: "t.created_at"}.from("technician t JOIN " + joined(orgTables, "o.tenant_id = t.tenant_id AND o.id = t.org_id") +
			" WHERE t.tenant_id = :tenant AND t.created_at < :day_us AND (t.ended_on = '' OR t.ended_on > :day)")},
	ofCases("opinion.received", "", casesReceived+onList(catalogue.Opinion), dimCaseChannel),
	ofCases("opinion.answered", "", casesFinished+onList(catalogue.Opinion), dimCaseOutcome),
	{ID: "visit.families", Chapter: Services, Unit: i18n.FigureUnitHousehold, When: InQuarter, People: true, Subject: Visit, // each once in the period, by its first visit
		SQL: sel{place: "v.community_id", rec: "v.id", at: "v.at"}.from(
			"(SELECT t.community_id, min(t.id) AS id, min(t.received_at) AS at FROM patrol_entry t WHERE t.tenant_id = :tenant AND t.kind = 'visit' AND t.household_id <> 0 AND " +
				within("t.received_at") + " GROUP BY t.community_id, t.household_id) v")},
}

var (
	dimCaseKind    = Dim{Key: "case", Name: i18n.CaseKindLabel, Table: "case_kind"}
	dimCaseChannel = Dim{Key: "channel", Name: i18n.CaseChannel, Label: func(s string) i18n.Text { return casework.Channel(s).Text() }}
	dimCaseOutcome = Dim{Key: "outcome", Name: i18n.CaseResult, Label: func(s string) i18n.Text { return casework.Outcome(s).Text() }}
)

var caseItems = map[string]string{"case": "c.kind_code", "channel": "c.channel", "outcome": "c.outcome"}

var (
	casesReceived   = "c.state <> 'merged' AND " + within("c.received_at")
	casesAnswerable = casesReceived + " AND (c.accepted_at <> 0 OR c.respond_at < :day_us)"
	casesFinished   = "c.outcome <> 'refused' AND c.state <> 'merged' AND " + within("c.done_at")
	casesRated      = casesFinished + " AND c.outcome IN ('done', 'half') AND c.rating > 0"
)

// onList keeps cases of the kinds that choose from a list of the catalogue.
func onList(list string) string {
	return " AND c.kind_code IN (SELECT k.code FROM case_kind k WHERE k.tenant_id = :tenant AND k.list = '" + list + "')"
}

// ofCases are the cases of a quarter that fulfil a condition, counted or with another amount.
func ofCases(id, amount, condition string, dims ...Dim) Figure {
	s := sel{place: "c.community_id", rec: "c.id", amount: amount, at: "c.received_at", dims: dims}
	for _, d := range dims {
		s.items = append(s.items, caseItems[d.Key])
	}
	unit := i18n.FigureUnitCase
	if amount != "" {
		unit = i18n.FigureUnitHours
	}
	return Figure{ID: id, Chapter: Services, Unit: unit, When: InQuarter, Subject: Case, Dims: dims, SQL: s.from("service_case c WHERE c.tenant_id = :tenant AND " + condition)}
}

// casesOpen are the cases that had come in by the end of the day and had no result then.
func casesOpen(condition string) string {
	return sel{place: "c.community_id", rec: "c.id", at: "c.received_at", dims: []Dim{dimCaseKind}, items: []string{"c.kind_code"}}.
		from("service_case c WHERE c.tenant_id = :tenant AND c.state <> 'merged' AND c.received_at < :day_us AND (c.done_at = 0 OR c.done_at >= :day_us) AND (c.closed_at = 0 OR c.closed_at >= :day_us)" + condition)
}
