package figure

import "linli/internal/i18n"

// requestFigures are what offices above ask of communities and sub-districts, and what it costs them (users, "the burden").
var requestFigures = []Figure{
	{ID: "request.due", Chapter: Platform, Unit: i18n.FigureUnitTimes, When: InQuarter, Subject: Request, Dims: []Dim{dimOffice, dimMonth, dimGround}, SQL: requestDues("")},
	{ID: "request.without_ground", Chapter: Platform, Unit: i18n.FigureUnitTimes, When: InQuarter, Subject: Request, Dims: []Dim{dimOffice, dimMonth, dimGround},
		SQL: requestDues(" AND q.ground = '' AND q.ground_no = ''")},
	ofAnswers("request.answered", "", i18n.FigureUnitTimes),
	ofAnswers("request.asked", "t.fields_asked", i18n.FigureUnitField),
	ofAnswers("request.filled", "t.fields_filled", i18n.FigureUnitField),
	ofAnswers("request.left", "t.fields_asked - t.fields_filled", i18n.FigureUnitField),
	{ID: "request.filled_share", Chapter: Platform, Unit: i18n.FigureUnitPercent, When: InQuarter, Ratio: &Ratio{"request.filled", "request.asked", 1000}},
	ofAnswers("request.minutes", "t.minutes", i18n.FigureUnitMinutes),
}

const ofRequest = " JOIN request q ON q.tenant_id = t.tenant_id AND q.id = t.request_id WHERE t.tenant_id = :tenant AND "

// requestDues are the occurrences that fell due in the period.
func requestDues(condition string) string {
	return sel{place: "t.organisation_id", rec: "t.id", subject: "t.request_id", on: "t.due_on", dims: []Dim{dimOffice, dimMonth, dimGround},
		items: []string{"q.office", "substr(t.due_on, 1, 7)", "CASE WHEN q.ground = '' AND q.ground_no = '' THEN 'no' ELSE 'yes' END"}}.
		from("request_due t" + ofRequest + on("t.due_on") + " AND t.due_on <= :day" + condition)
}

// ofAnswers are the answers handed in in the period; one that a later one replaced does not count.
func ofAnswers(id, amount string, unit i18n.Text) Figure {
	dims := []Dim{dimOffice, dimMonth}
	return Figure{ID: id, Chapter: Platform, Unit: unit, When: InQuarter, Subject: Request, Dims: dims,
		SQL: sel{place: "t.organisation_id", rec: "t.id", subject: "t.request_id", amount: amount, on: "t.answered_on", dims: dims, items: []string{"q.office", "substr(t.answered_on, 1, 7)"}}.
			from("request_answer t" + ofRequest + "t.replaced_at = 0 AND " + on("t.answered_on"))}
}
