package appraisal

import (
	"linli/internal/authz"
	"linli/internal/fact"
	"linli/internal/i18n"
)

// partyPurpose is the purpose of the register under which facts about members are held.
const partyPurpose = "party"

// Facts is what this package knows, for the catalogue of facts: the last grade of a member, for who keeps the appraisals of the branch and for the member. Nothing
// that was written in a round and no vote is a fact.
func (s *Service) Facts() fact.Source {
	last := func(what string) string {
		return `coalesce((SELECT ` + what + ` FROM appraisal_entry e JOIN appraisal_round r ON r.tenant_id = e.tenant_id AND r.id = e.round_id
			WHERE e.tenant_id = m.tenant_id AND e.member_id = m.id AND r.step = 'closed' AND e.standing_grade <> '' ORDER BY r.year DESC LIMIT 1), '')`
	}
	const words = "written between the member and the branch; it answers no form"
	return fact.Source{Owner: "appraisal", Tables: []fact.Table{{
		Rows: fact.Rows{From: "member m", ID: "m.id", See: []authz.Permission{PermKeep, PermOwn}, Owner: authz.Columns{Tenant: "m.tenant_id", Orgs: []string{"m.home_id"}, Person: "m.person_id"}},
		Columns: []fact.Column{
			fact.Col("member.appraisal", i18n.FactMemberAppraisal, fact.Choice, last("e.standing_grade"), "appraisal_entry.standing_grade").For(partyPurpose).Of(fact.Listing(i18n.FactMemberAppraisal.Name, Grades(), Grade.Text)),
			fact.Col("member.appraisal_year", i18n.FactMemberAppraisalYear, fact.Text, last("CAST(r.year AS TEXT)"), "appraisal_round.year").For(partyPurpose),
		},
	}},
		Internal: map[string]string{
			"appraisal_round.organisation_id": "the branch of the member", "appraisal_round.step": "decides whether there is a grade", "appraisal_round.step_on": "shown with the round", "appraisal_round.opened_on": "shown with the round",
			"appraisal_round.opened_by": "who did it is in the record of acts", "appraisal_round.meeting_id": "shown with the round", "appraisal_round.paper_returned": "shown with the round", "appraisal_round.paper_valid": "shown with the round",
			"appraisal_round.teller": "shown with the round", "appraisal_round.second_teller": "shown with the round", "appraisal_round.counted_on": "shown with the round", "appraisal_round.excellent_why": words,
			"appraisal_round.closed_on": "shown with the round", "appraisal_round.emptied_on": "whether what was written is still there",
			"appraisal_entry.round_id": "the row itself", "appraisal_entry.organisation_id": "the branch of the member", "appraisal_entry.member_id": "the row itself", "appraisal_entry.person_id": "the row itself",
			"appraisal_entry.name": "the member's name of that day", "appraisal_entry.name_key": "a key for sorting", "appraisal_entry.standing": "the member's of that day", "appraisal_entry.party_group": "the member's of that day",
			"appraisal_entry.votes": "who takes part how", "appraisal_entry.graded": "who takes part how", "appraisal_entry.why": words, "appraisal_entry.away": "who assessed a floating member",
			"appraisal_entry.self_text": words, "appraisal_entry.self_gaps": words, "appraisal_entry.self_paper": words, "appraisal_entry.self_on": words, "appraisal_entry.grade": "the grade that holds is the fact",
			"appraisal_entry.opinion": words, "appraisal_entry.gaps": words, "appraisal_entry.help": words, "appraisal_entry.follow_on": words, "appraisal_entry.followed": words, "appraisal_entry.followed_on": words,
			"appraisal_entry.decision": words, "appraisal_entry.approval": words, "appraisal_entry.decided_on": "shown with the round", "appraisal_entry.read_on": words, "appraisal_entry.read_paper": words, "appraisal_entry.own_view": words,
			"appraisal_remark.*": words, "appraisal_mark.*": "who has voted is for the branch alone", "appraisal_tally.*": "the secret ballot answers no form", "appraisal_correction.*": "the grade that holds is the fact",
		}}
}
