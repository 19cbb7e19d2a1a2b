package table

import (
	"context"

	"linli/internal/authz"
	"linli/internal/errs"
	"linli/internal/fact"
	"linli/internal/i18n"
)

// Template is a table to start from.
type Template struct {
	Code string
	Name i18n.Text
	Hint i18n.Text
	Draft
}

// facts are columns of facts after a serial one.
func facts(refs ...fact.Ref) []Column {
	out := []Column{{Kind: Serial}}
	for _, r := range refs {
		out = append(out, Column{Kind: Fact, Ref: r})
	}
	return out
}

func is(ref fact.Ref, values ...string) fact.Condition {
	return fact.Condition{Ref: ref, Test: fact.Equals, Values: values}
}

func blank(c []Column, heading i18n.Text) []Column {
	return append(c, Column{Kind: Own, Heading: heading.In(i18n.ZH)})
}

// starting are the tables that communities keep most often.
var starting = []Template{
	person("residents", i18n.TableResidents, facts("person.name", "person.sex", "person.born_on", "person.age", "person.id_number", "person.phone", "household/household.address", "community/organisation.label")),
	person("elders80", i18n.TableElders80, blank(facts("person.name", "person.sex", "person.age", "household/household.address", "person.phone", "grid/grid.worker"), i18n.TableVisit),
		fact.Condition{Ref: "person.age", Test: fact.Between, From: "80"}),
	person("relief", i18n.TableRelief, facts("person.name", "person.sex", "person.age", "person.id_number", "household/head/person.name", "household/household.address", "community/organisation.label"), is("person.relief", fact.Yes)),
	person("veterans", i18n.TableVeterans, facts("person.name", "person.sex", "person.age", "person.political", "person.phone", "household/household.address"), is("person.veteran", fact.Yes)),
	person("floating", i18n.TableFloating, facts("person.name", "person.sex", "person.age", "person.id_province", "person.moved_in_on", "person.work_unit", "household/household.address"), is("person.residence", "4")),
	person("minors", i18n.TableMinors, facts("person.name", "person.sex", "person.born_on", "person.age", "household/head/person.name", "household/household.address"), is("person.minor", fact.Yes)),
	person("incomplete", i18n.TableIncomplete, facts("person.name", "person.sex", "household/household.address", "grid/grid.worker", "person.updated_on"), fact.Condition{Ref: "person.phone_mask", Test: fact.Unknown}),
	of("households", fact.Household, i18n.TableHouseholds, facts("household.address", "head/person.name", "head/person.phone", "household.size", "household.elders", "household.minors", "grid/grid.name"), "household.address"),
	of("members", fact.Member, i18n.TableMembers, facts("member.name", "person/person.sex", "person/person.born_on", "member.kind", "member.joined_on", "member.party_age", "home/organisation.name", "registered/organisation.label"), "member.name"),
	of("service", fact.Member, i18n.TableService, facts("member.name", "unit/organisation.name", "registered/organisation.label", "member.hours_year", "member.activities_year", "member.deeds_year", "member.claims"), "member.name"),
	of("units", fact.Organisation, i18n.TableUnits, facts("organisation.name", "organisation.uscc", "organisation.address", "organisation.contact_name", "organisation.contact_phone", "community/organisation.label", "organisation.members"), "organisation.name", is("organisation.kind", "unit")),
	of("communities", fact.Organisation, i18n.TableCommunities, facts("organisation.label", "organisation.households", "organisation.people", "organisation.elders80", "organisation.grids", "organisation.buildings", "organisation.units"), "organisation.name", is("organisation.kind", "community_party")),
	of("buildings", fact.Building, i18n.TableBuildings, facts("building.name", "quarter/quarter.name", "building.address", "building.floors", "building.stairwells", "building.households", "building.people", "grid/grid.name", "grid/grid.worker"), "building.name"),
	of("grids", fact.Grid, i18n.TableGrids, facts("grid.code", "grid.name", "grid.worker", "grid.buildings", "grid.households", "grid.people", "community/organisation.label"), "grid.code"),
	of("activities", fact.Activity, i18n.TableActivities, facts("activity.on_date", "activity.title", "activity.kind", "activity.place", "activity.enrolled", "activity.attended", "activity.hours", "activity.state"), "activity.on_date"),
}

func person(code string, words i18n.TableWords, columns []Column, where ...fact.Condition) Template {
	return of(code, fact.Person, words, columns, "person.name", where...)
}

func of(code string, s fact.Subject, words i18n.TableWords, columns []Column, sort fact.Ref, where ...fact.Condition) Template {
	t := Template{Code: code, Name: words.Name, Hint: words.Hint, Draft: Draft{Subject: s}}
	t.Definition = Definition{Columns: columns, Where: where, Sort: sort}
	return t
}

// Templates are the tables to start from whose rows the actor may see anywhere (PermUse).
func (s *Service) Templates(ctx context.Context, actor authz.Actor) ([]Template, error) {
	if !actor.Can(PermUse) {
		return nil, errs.ErrForbidden
	}
	var out []Template
	for _, t := range starting {
		if s.facts.Sees(actor, t.Subject) {
			t.Title = t.Name.In(i18n.From(ctx))
			out = append(out, t)
		}
	}
	return out, nil
}

// Template finds a table to start from.
func (s *Service) Template(ctx context.Context, actor authz.Actor, code string) (Template, error) {
	all, err := s.Templates(ctx, actor)
	for _, t := range all {
		if t.Code == code {
			return t, nil
		}
	}
	if err == nil {
		err = errs.ErrNotFound
	}
	return Template{}, err
}

// Subjects are the subjects of which the actor may see rows anywhere.
func (s *Service) Subjects(actor authz.Actor) []fact.Subject {
	var out []fact.Subject
	for _, subject := range fact.Subjects() {
		if s.facts.Sees(actor, subject) {
			out = append(out, subject)
		}
	}
	return out
}
