package person

import (
	"context"
	"slices"

	"linli/internal/authz"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/fact"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Facts is what this package knows, for the catalogue of facts.
func (s *Service) Facts() fact.Source {
	return fact.Source{
		Owner:  "person",
		Rows:   []fact.Rows{personRows},
		Tables: []fact.Table{{Rows: personRows, Columns: s.personColumns()}},
	}
}

var personRows = fact.Rows{
	Subject: fact.Person, From: "person p", ID: "p.id", Owner: scopeColumns, See: []authz.Permission{PermSee, PermSeeOwn}, Edit: []authz.Permission{PermEdit},
	Name: "p.name", Here: "p.moved_out_on = '' AND p.died_on = ''", Org: "p.community_id", Person: "p.id", AsOf: "p.updated_at",
}

func (s *Service) personColumns() []fact.Column {
	return []fact.Column{
		{Fact: fact.Fact{ID: "person.name", Term: i18n.FactPersonName, Type: fact.Text, Purpose: PurposeView, Columns: []string{"person.name"}}, Expr: "p.name"},
		{Fact: fact.Fact{ID: "person.sex", Term: i18n.FactPersonSex, Type: fact.Choice, List: code.Sexes, Purpose: PurposeView, Columns: []string{"person.sex"}},
			Expr: "p.sex", Unknown: []string{string(code.SexUnknown), string(code.SexNotStated)}},
		{Fact: fact.Fact{ID: "person.born_on", Term: i18n.FactPersonBorn, Type: fact.Date, Purpose: PurposeView, Columns: []string{"person.born_on"}}, Expr: "p.born_on"},
		s.sealedColumn("person.id_number", i18n.FactPersonIDNumber, FieldIDNumber, "p.id_mask", "p.id_number", "person.id_number", "person.id_mask"),
		s.sealedColumn("person.phone", i18n.FactPersonPhone, FieldPhone, "p.phone_mask", "p.phone", "person.phone", "person.phone_mask"),
		{Fact: fact.Fact{ID: "person.ethnic", Term: i18n.FactPersonEthnic, Type: fact.Choice, List: code.EthnicGroups, Purpose: PurposeView,
			Columns: []string{"person.ethnic"}}, Expr: "p.ethnic"},
		{Fact: fact.Fact{ID: "person.political", Term: i18n.FactPersonPolitical, Type: fact.Choice, List: code.PoliticalStatuses, Purpose: "party",
			Columns: []string{"person.political"}}, Expr: "p.political"},
		{Fact: fact.Fact{ID: "person.schooling", Term: i18n.FactPersonSchooling, Type: fact.Choice, List: code.Schoolings, Purpose: PurposeView,
			Columns: []string{"person.schooling"}}, Expr: "p.schooling"},
		{Fact: fact.Fact{ID: "person.residence", Term: i18n.FactPersonResidence, Type: fact.Choice, List: code.ResidenceKinds, Purpose: PurposeView,
			Columns: []string{"person.residence"}}, Expr: "p.residence"},
		{Fact: fact.Fact{ID: "person.head_relation", Term: i18n.FactPersonRelation, Type: fact.Choice, List: code.HeadRelations, Purpose: PurposeView,
			Columns: []string{"person.head_relation"}}, Expr: "p.head_relation"},
		{Fact: fact.Fact{ID: "person.work_unit", Term: i18n.FactPersonWorkUnit, Type: fact.Text, Purpose: PurposeView, Columns: []string{"person.work_unit"}},
			Expr: "p.work_unit"},
		{Fact: fact.Fact{ID: "person.moved_in_on", Term: i18n.FactPersonMovedIn, Type: fact.Date, Purpose: PurposeView, Columns: []string{"person.moved_in_on"}},
			Expr: "p.moved_in_on"},
		{Fact: fact.Fact{ID: "person.moved_out_on", Term: i18n.FactPersonMovedOut, Type: fact.Date, Purpose: PurposeView, Columns: []string{"person.moved_out_on"}},
			Expr: "p.moved_out_on"},
		{Fact: fact.Fact{ID: "person.died_on", Term: i18n.FactPersonDied, Type: fact.Date, Purpose: PurposeView, Columns: []string{"person.died_on"}}, Expr: "p.died_on"},
	}
}

// sealedColumn is a fact that is stored encrypted.
func (s *Service) sealedColumn(factID string, t i18n.Term, field, mask, expr string, columns ...string) fact.Column {
	return fact.Column{
		Fact: fact.Fact{ID: factID, Term: t, Type: fact.Text, Sensitivity: fact.Sealed, Purpose: "verify", Columns: columns},
		Expr: mask,
		Sealed: &fact.SealedColumn{Expr: expr, Perm: PermReveal, Field: field,
			Open: func(row id.ID, sealed []byte) (string, error) { return s.ring.Open("person", field, row, sealed) },
			Allow: func(ctx context.Context, q db.Querier, actor authz.Actor, purpose string) error {
				return covered(ctx, q, actor.Tenant, purpose, field)
			}},
	}
}

// HasPurpose says whether the register of a tenant has a purpose.
func (s *Service) HasPurpose(ctx context.Context, q db.Querier, tenant int64, purpose string) (bool, error) {
	all, err := register(ctx, q, tenant)
	return slices.ContainsFunc(all, func(p Purpose) bool { return p.Code == purpose }), err
}

var _ fact.Purposes = (*Service)(nil)
