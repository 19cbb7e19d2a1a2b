package feedback

import (
	"linli/internal/authz"
	"linli/internal/fact"
	"linli/internal/i18n"
)

// Facts is what this package knows, for the catalogue of facts.
func (s *Service) Facts() fact.Source {
	return fact.Source{
		Owner:  "feedback",
		Rows:   []fact.Rows{slipRows},
		Tables: []fact.Table{slipFacts(), opinionFacts(), openSlips()},
		Links: []fact.Link{
			{Name: "unit", From: fact.Slip, To: fact.Organisation, Term: i18n.FactLinkUnit, Column: "s.unit_id", Labels: map[string]i18n.Term{"organisation.name": i18n.FactLinkUnitName}},
			{Name: "community", From: fact.Slip, To: fact.Organisation, Term: i18n.FactLinkSlipCommunity, Column: "s.community_id",
				Labels: map[string]i18n.Term{"organisation.label": i18n.FactLinkCommunityName, "organisation.street": i18n.FactLinkStreet}},
		},
		Internal: map[string]string{
			"slip.community_id": "read over the link to the community", "slip.unit_id": "read over the link to the unit", "slip.sent_by": "who did it is in the record of acts",
			"slip.answered_by": "who did it is in the record of acts", "slip.created_at": "the quarter is the fact",
			"slip_line.*": "a draft of the ledger's sums; the member's own facts have them", "slip_version.*": "what was sent, kept as it was sent", "quarter_close.*": "when a quarter was closed",
			"correction.*":         "a wish of a member and its answer; what was corrected is in the record it concerns",
			"evaluation.member_id": "the row itself", "evaluation.person_id": "the row itself", "evaluation.community_id": "who evaluates", "evaluation.unit_id": "the member's unit is a link",
			"evaluation.name": "the member's name", "evaluation.minutes": "the ledger's sums are the facts", "evaluation.deeds": "the ledger's sums are the facts",
			"evaluation.activities": "the activities are counted at their source", "evaluation.state": "only what was decided is a fact", "evaluation.decided_at": "the year is the fact",
			"evaluation.decided_by": "who did it is in the record of acts",
		},
	}
}

// slipRows keep units away from drafts, as the pages do.
var slipRows = fact.Rows{
	Subject: fact.Slip, From: "slip s", ID: "s.id", See: []authz.Permission{PermSee, PermReview}, Edit: []authz.Permission{PermReview}, Name: "s.quarter", Org: "s.community_id",
	Owner: authz.Columns{Tenant: "s.tenant_id", Orgs: []string{"s.community_id", "CASE WHEN s.state <> 'draft' THEN s.unit_id ELSE 0 END"}},
}

func slipFacts() fact.Table {
	c := func(factID string, t i18n.Term, ty fact.Type, column string) fact.Column {
		return fact.Col("slip."+factID, t, ty, "s."+column, "slip."+column).Openly()
	}
	texts := map[State]i18n.Text{Draft: i18n.FeedbackDraft, Sent: i18n.FeedbackSent, Answered: i18n.FeedbackAnswered}
	states := fact.Listing(i18n.FactSlipState.Name, []State{Draft, Sent, Answered}, func(s State) i18n.Text { return texts[s] })
	return fact.Table{Rows: slipRows, Columns: []fact.Column{
		c("quarter", i18n.FactSlipQuarter, fact.Text, "quarter"), c("state", i18n.FactSlipState, fact.Choice, "state").Of(states),
		c("members", i18n.FactSlipMembers, fact.Number, "members").In(i18n.FactPeople).ZeroToo(), c("hours", i18n.FactSlipHours, fact.Number, "minutes").By(fact.HoursOf).In(i18n.FactHours).ZeroToo(),
		c("deeds", i18n.FactSlipDeeds, fact.Number, "deeds").In(i18n.FactDeedUnit).ZeroToo(), c("remark", i18n.FactSlipRemark, fact.Text, "remark"),
		c("sent_on", i18n.FactSlipSent, fact.Date, "sent_at").OnDay(), c("read_on", i18n.FactSlipRead, fact.Date, "read_at").OnDay(),
		c("answer", i18n.FactSlipAnswer, fact.Text, "answer"), c("answered_on", i18n.FactSlipAnswered, fact.Date, "answered_at").OnDay(),
		c("version", i18n.FactSlipVersion, fact.Number, "version_no"),
	}}
}

// opinionFacts are the community's opinion of the latest year that was decided.
func opinionFacts() fact.Table {
	r := fact.Rows{ID: "e.member_id", See: []authz.Permission{PermSee, PermSeeOwn}, AsOf: "e.decided_at",
		Owner: authz.Columns{Tenant: "e.tenant_id", Orgs: []string{"e.community_id", "e.unit_id"}, Person: "e.person_id"},
		From:  `evaluation e`}
	latest := `e.state = 'decided' AND e.year = (SELECT max(x.year) FROM evaluation x WHERE x.tenant_id = e.tenant_id AND x.member_id = e.member_id AND x.state = 'decided')`
	return fact.Table{Rows: r, Where: latest, Columns: []fact.Column{
		fact.Col("member.opinion", i18n.FactMemberOpinion, fact.Text, "e.opinion", "evaluation.opinion").For("party"),
		fact.Col("member.opinion_year", i18n.FactMemberOpinionYear, fact.Number, "e.year", "evaluation.year").For("party"),
	}}
}

// openSlips counts what was sent to a unit and not answered.
func openSlips() fact.Table {
	return fact.Table{Group: true, Rows: fact.Rows{ID: "o.id", See: []authz.Permission{PermSee}, Owner: authz.Columns{Tenant: "o.tenant_id", Orgs: []string{"o.id"}},
		From: "organisation o LEFT JOIN slip s ON s.tenant_id = o.tenant_id AND s.unit_id = o.id AND s.state = 'sent'"},
		Where:   "o.kind = 'unit'",
		Columns: []fact.Column{fact.Col("organisation.slips_open", i18n.FactOrgSlipsOpen, fact.Number, "count(s.id)").Openly().In(i18n.FactPieces).ZeroToo()}}
}
