package transfer

import (
	"linli/internal/authz"
	"linli/internal/fact"
	"linli/internal/i18n"
)

// Facts is what this package knows, for the catalogue of facts: how a member's last transfer stands.
func (s *Service) Facts() fact.Source {
	col := func(factID string, t i18n.Term, ty fact.Type, expr string, columns ...string) fact.Column {
		return fact.Col("member."+factID, t, ty, expr, columns...).For("party")
	}
	// A letter past its last day is expired, which is not stored.
	state := "CASE WHEN x.state = 'in_transit' AND x.valid_to < {day} THEN 'expired' ELSE x.state END"
	return fact.Source{Owner: "transfer", Tables: []fact.Table{{
		Rows: fact.Rows{Subject: fact.Member, ID: "m.id", See: []authz.Permission{PermSee, PermAskOwn},
			From:  `member m JOIN transfer x ON x.tenant_id = m.tenant_id AND x.id = (SELECT max(y.id) FROM transfer y WHERE y.tenant_id = m.tenant_id AND y.member_id = m.id)`,
			Owner: authz.Columns{Tenant: "x.tenant_id", Orgs: []string{"x.from_id", "x.to_id"}, Person: "x.person_id"}},
		Columns: []fact.Column{
			col("transfer_state", i18n.FactTransferState, fact.Choice, state, "transfer.state").Of(fact.Listing(i18n.FactTransferState.Name, States(), State.Text)),
			col("transfer_direction", i18n.FactTransferDirection, fact.Choice, "x.direction", "transfer.direction").Of(fact.Listing(i18n.FactTransferDirection.Name, Directions(), Direction.Text)),
			col("transfer_cause", i18n.FactTransferCause, fact.Choice, "x.cause", "transfer.cause").Of(fact.Listing(i18n.FactTransferCause.Name, Causes(), Cause.Text)),
			col("transfer_letter", i18n.FactTransferLetter, fact.Text, "x.letter_no", "transfer.letter_no"),
			col("transfer_issued_on", i18n.FactTransferIssued, fact.Date, "x.issued_on", "transfer.issued_on"),
			col("transfer_valid_to", i18n.FactTransferValid, fact.Date, "x.valid_to", "transfer.valid_to"),
			col("transfer_outside", i18n.FactTransferOutside, fact.Text, "x.outside", "transfer.outside"),
		},
	}},
		Internal: map[string]string{
			"transfer.person_id": "the row itself", "transfer.member_id": "the row itself", "transfer.from_id": "the member's branch is a link", "transfer.to_id": "the member's branch is a link",
			"transfer.address": "printed on the letter", "transfer.note": "between the two sides", "transfer.asked_by": "shown on the page of the transfer", "transfer.asked_on": "shown on the page of the transfer",
			"transfer.standing": "becomes the member's when they are received", "transfer.joined_on": "becomes the member's when they are received", "transfer.full_on": "becomes the member's when they are received",
			"transfer.closed_on": "shown on the page of the transfer", "transfer.reason": "between the two sides", "transfer.receipt_no": "shown on the page of the transfer",
			"transfer.letter": "what the paper says", "transfer.receipt": "what the paper says", "transfer.settled_at": "whether it still waits for the sender",
			"transfer.created_by":       "who did it is in the record of acts",
			"transfer_step.transfer_id": "the row itself", "transfer_step.act": "shown on the page of the transfer", "transfer_step.on_date": "shown on the page of the transfer",
			"transfer_step.valid_to": "shown on the page of the transfer", "transfer_step.document_no": "shown on the page of the transfer", "transfer_step.note": "between the two sides",
			"transfer_step.account_id": "who did it is in the record of acts", "transfer_step.at": "who did it is in the record of acts",
		}}
}
