package ledger

import (
	"context"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/fact"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Facts is what this package knows, for the catalogue of facts: sums of postings up to the day asked for.
func (s *Service) Facts() fact.Source {
	return fact.Source{
		Owner:   "ledger",
		Tables:  []fact.Table{memberSums()},
		Readers: []fact.Reader{orgSums()},
		Internal: map[string]string{
			"posting.id": "the sums are the facts", "posting.member_id": "the row itself", "posting.person_id": "the row itself", "posting.community_id": "in whose book it stands",
			"posting.unit_id": "whose member it is", "posting.quarter": "follows from the day", "posting.proof": "the mix of proof is on the account's page",
			"posting.source_kind": "the door to the record behind", "posting.source_id": "the door to the record behind", "posting.reverses_id": "counter-postings are in the sums",
			"posting.reason": "why it was reversed", "posting.posted_at": "the day is the fact", "posting.posted_by": "who did it is in the record of acts",
		},
	}
}

// memberSums are a member's accounts. Every posting of the member counts, in whosever book it stands, so that the sum is the member's
// and not the reader's; what happens is posted here and nowhere else, so nothing is zero.
func memberSums() fact.Table {
	sum := func(a Account, from string) string {
		cond := "p.account = '" + string(a) + "'"
		if from != "" {
			cond += " AND p.on_date >= " + from
		}
		return "coalesce(sum(CASE WHEN " + cond + " THEN p.amount ELSE 0 END), 0)"
	}
	c := func(factID string, t i18n.Term, expr string) fact.Column {
		return fact.Col("member."+factID, t, fact.Number, expr, "posting.amount", "posting.account", "posting.on_date").For("party").ZeroToo()
	}
	hours := func(factID string, t i18n.Term, from string) fact.Column {
		return c(factID, t, sum(Hours, from)).By(fact.HoursOf).In(i18n.FactHours)
	}
	deeds := func(factID string, t i18n.Term, from string) fact.Column {
		return c(factID, t, sum(Deeds, from)).In(i18n.FactDeedUnit)
	}
	served := fact.Col("member.served_on", i18n.FactMemberServedOn, fact.Date, "coalesce(max(CASE WHEN p.amount > 0 THEN p.on_date END), '')", "posting.on_date").For("party")
	return fact.Table{Group: true, Rows: fact.Rows{ID: "m.id", Owner: memberColumns, See: []authz.Permission{PermSee, PermSeeOwn},
		From: "member m LEFT JOIN posting p ON p.tenant_id = m.tenant_id AND p.member_id = m.id AND p.on_date <= {day}"},
		Columns: []fact.Column{
			hours("hours_year", i18n.FactMemberHoursYear, "{year}"), hours("hours_quarter", i18n.FactMemberHoursQuarter, "{quarter}"), hours("hours", i18n.FactMemberHoursAll, ""),
			deeds("deeds_year", i18n.FactMemberDeedsYear, "{year}"), deeds("deeds_quarter", i18n.FactMemberDeedsQuarter, "{quarter}"), deeds("deeds", i18n.FactMemberDeedsAll, ""),
			served,
		}}
}

const (
	orgHours = "organisation.hours_year"
	orgDeeds = "organisation.deeds_year"
)

// orgSums are the year's sums of a community's book, and of a unit's members.
func orgSums() fact.Reader {
	columns := []string{"posting.amount", "posting.account", "posting.on_date"}
	return fact.Reader{Subject: fact.Organisation, Facts: []fact.Fact{
		{ID: orgHours, Term: i18n.FactOrgHoursYear, Type: fact.Number, Unit: i18n.FactHours, Sensitivity: fact.Open, Columns: columns},
		{ID: orgDeeds, Term: i18n.FactOrgDeedsYear, Type: fact.Number, Unit: i18n.FactDeedUnit, Sensitivity: fact.Open, Columns: columns},
	}, Read: readOrgSums}
}

func readOrgSums(ctx context.Context, q db.Querier, b *fact.Batch) error {
	type row struct {
		org          id.ID
		hours, deeds string
	}
	year := b.Day.String()[:4]
	for _, of := range []struct{ column, kinds string }{{"p.community_id", "= 'community_party'"}, {"p.unit_id", "IN ('unit', 'committee', 'other')"}} {
		a := &db.Args{}
		join := "p.tenant_id = o.tenant_id AND " + of.column + " = o.id AND p.quarter >= " + a.Add(year+"Q1") + " AND p.on_date >= " + a.Add(year+"-01-01") +
			" AND p.on_date <= " + a.Add(b.Day.String())
		where := b.Actor.Scope(PermSee).Where(a, authz.Columns{Tenant: "o.tenant_id", Orgs: []string{"o.id"}}) + " AND " + db.In(a, "o.id", b.IDs)
		err := db.Each(ctx, q, func(r *row) []any { return []any{&r.org, &r.hours, &r.deeds} }, func(r row) error {
			b.Set(r.org, orgHours, fact.Is(fact.HoursOf(r.hours), b.Day))
			b.Set(r.org, orgDeeds, fact.Is(r.deeds, b.Day))
			return nil
		}, `SELECT o.id, coalesce(sum(CASE WHEN p.account = 'hours' THEN p.amount ELSE 0 END), 0), coalesce(sum(CASE WHEN p.account = 'deeds' THEN p.amount ELSE 0 END), 0)
			FROM organisation o LEFT JOIN posting p ON `+join+` AND p.member_id <> 0 WHERE `+where+` AND o.kind `+of.kinds+` GROUP BY o.id`, a.Values()...)
		if err != nil {
			return err
		}
	}
	return nil
}
