package appointment

import (
	"linli/internal/authz"
	"linli/internal/fact"
	"linli/internal/i18n"
)

// Facts is what this package knows, for the catalogue of facts: who leads an organisation today.
func (s *Service) Facts() fact.Source {
	return fact.Source{Owner: "appointment", Tables: []fact.Table{{
		Rows:    fact.Rows{From: "organisation o", ID: "o.id", See: []authz.Permission{PermSee}, Owner: authz.Columns{Tenant: "o.tenant_id", Orgs: []string{"o.id"}}},
		Columns: []fact.Column{holder("secretary", i18n.FactOrgSecretary, Secretary), holder("director", i18n.FactOrgDirector, Director), holder("head", i18n.FactOrgHead, Head)},
	}},
		Internal: map[string]string{
			"appointment.organisation_id": "the row itself", "appointment.post": "decides which fact it is", "appointment.post_rank": "the order of posts", "appointment.sole": "follows from the post",
			"appointment.title": "shown in the roster", "appointment.way": "shown in the roster", "appointment.origin": "counted by figures", "appointment.from_on": "shown in the roster",
			"appointment.term_ends_on": "shown in the roster", "appointment.document": "shown in the roster", "appointment.ended_on": "who holds it today", "appointment.end_reason": "shown in the roster",
			"appointment.end_document": "shown in the roster", "appointment.created_by": "who did it is in the record of acts",
		}}
}

// holder is who holds a sole post today.
func holder(name string, t i18n.Term, p Post) fact.Column {
	return fact.Col("organisation."+name, t, fact.Text, `coalesce((SELECT p.name FROM appointment t JOIN person p ON p.tenant_id = t.tenant_id AND p.id = t.person_id
		WHERE t.tenant_id = o.tenant_id AND t.organisation_id = o.id AND t.post = '`+string(p)+`' AND t.ended_on = ''), '')`, "appointment.person_id").For("contact")
}
