package deed

import (
	"linli/internal/authz"
	"linli/internal/fact"
	"linli/internal/i18n"
	"linli/internal/ledger"
)

// Facts is what this package knows, for the catalogue of facts.
func (s *Service) Facts() fact.Source {
	c := func(factID string, t i18n.Term, ty fact.Type, column string) fact.Column {
		return fact.Col("deed."+factID, t, ty, "d."+column, "deed."+column).For("activity")
	}
	texts := map[State]i18n.Text{Proposed: i18n.DeedProposed, Confirmed: i18n.DeedConfirmed, Declined: i18n.DeedDeclined, Withdrawn: i18n.DeedWithdrawn, Revoked: i18n.DeedRevoked}
	states := fact.Listing(i18n.FactDeedState.Name, []State{Proposed, Confirmed, Declined, Withdrawn, Revoked}, func(s State) i18n.Text { return texts[s] })
	proofs := fact.Listing(i18n.FactDeedProof.Name, []ledger.Proof{ledger.Timed, ledger.Countersigned, ledger.Vouched}, ledger.Proof.Label)
	return fact.Source{
		Owner: "deed",
		Rows:  []fact.Rows{deedRows},
		Tables: []fact.Table{{Rows: deedRows, Columns: []fact.Column{
			c("title", i18n.FactDeedTitle, fact.Text, "title"), c("body", i18n.FactDeedBody, fact.Text, "body"), c("on_date", i18n.FactDeedOn, fact.Date, "on_date"),
			c("state", i18n.FactDeedState, fact.Choice, "state").Of(states), c("proof", i18n.FactDeedProof, fact.Choice, "proof").Of(proofs),
			c("reason", i18n.FactDeedReason, fact.Text, "reason"), c("helped", i18n.FactDeedHelped, fact.Text, "helped_name"),
			c("proposed_on", i18n.FactDeedProposed, fact.Date, "proposed_at").OnDay(), c("decided_on", i18n.FactDeedDecided, fact.Date, "decided_at").OnDay(),
			c("source", i18n.FactDeedSource, fact.Text, "source_kind"),
		}}},
		Links: []fact.Link{
			{Name: "member", From: fact.Deed, To: fact.Member, Term: i18n.FactLinkMember, Plain: true, Column: "d.member_id"},
			{Name: "unit", From: fact.Deed, To: fact.Organisation, Term: i18n.FactLinkUnit, Column: "d.unit_id", Labels: map[string]i18n.Term{"organisation.name": i18n.FactLinkUnitName}},
			{Name: "community", From: fact.Deed, To: fact.Organisation, Term: i18n.FactLinkCommunity, Column: "d.community_id",
				Labels: map[string]i18n.Term{"organisation.label": i18n.FactLinkCommunityName, "organisation.street": i18n.FactLinkStreet}},
		},
		Parts: []fact.Part{
			{Name: "deeds", From: fact.Member, To: fact.Deed, Term: i18n.FactPartDeeds, Column: "d.member_id", Order: "d.on_date"},
			{Name: "deeds", From: fact.Organisation, To: fact.Deed, Term: i18n.FactPartDeeds, Column: "d.community_id", Order: "d.on_date"},
		},
		Internal: map[string]string{
			"deed.member_id": "read over the link to the member", "deed.person_id": "the member's person is a link", "deed.community_id": "read over the link to the community",
			"deed.unit_id": "read over the link to the unit", "deed.source_id": "which attendance it comes from", "deed.proposed_by": "who did it is in the record of acts",
			"deed.decided_by": "who did it is in the record of acts",
		},
	}
}

var deedRows = fact.Rows{
	Subject: fact.Deed, From: "deed d", ID: "d.id", Owner: scopeColumns, See: []authz.Permission{PermSee, PermSeeOwn}, Edit: []authz.Permission{PermDecide},
	Name: "d.title", Here: "d.state IN ('proposed', 'confirmed')", Org: "d.community_id", Person: "d.person_id",
}
