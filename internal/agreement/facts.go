package agreement

import (
	"context"
	"strconv"
	"strings"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/fact"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Facts is what this package knows, for the catalogue of facts.
func (s *Service) Facts() fact.Source {
	return fact.Source{
		Owner:   "agreement",
		Rows:    []fact.Rows{responsibilityRows, claimRows},
		Tables:  []fact.Table{responsibilityFacts(), claimFacts(), communityClaims(), communityOffers()},
		Readers: []fact.Reader{memberClaims()},
		Links: []fact.Link{
			{Name: "community", From: fact.Responsibility, To: fact.Organisation, Term: i18n.FactLinkCommunity, Column: "p.community_id",
				Labels: map[string]i18n.Term{"organisation.label": i18n.FactLinkCommunityName, "organisation.street": i18n.FactLinkStreet}},
			{Name: "grid", From: fact.Responsibility, To: fact.Grid, Term: i18n.FactLinkGrid, Plain: true, Column: "p.grid_id"},
			{Name: "building", From: fact.Responsibility, To: fact.Building, Term: i18n.FactLinkBuilding, Plain: true, Column: "p.building_id"},
			{Name: "responsibility", From: fact.Claim, To: fact.Responsibility, Term: i18n.FactLinkResp, Plain: true, Column: "c.responsibility_id"},
			{Name: "member", From: fact.Claim, To: fact.Member, Term: i18n.FactLinkMember, Plain: true, Column: "c.member_id"},
			{Name: "unit", From: fact.Claim, To: fact.Organisation, Term: i18n.FactLinkUnit, Column: "c.unit_id", Labels: map[string]i18n.Term{"organisation.name": i18n.FactLinkUnitName}},
			{Name: "community", From: fact.Claim, To: fact.Organisation, Term: i18n.FactLinkCommunity, Column: "c.community_id",
				Labels: map[string]i18n.Term{"organisation.label": i18n.FactLinkCommunityName, "organisation.street": i18n.FactLinkStreet}},
		},
		Parts: []fact.Part{
			{Name: "responsibilities", From: fact.Organisation, To: fact.Responsibility, Term: i18n.FactPartResps, Column: "p.community_id", Order: "p.name"},
			{Name: "claims", From: fact.Responsibility, To: fact.Claim, Term: i18n.FactPartClaims, Column: "c.responsibility_id", Order: "c.from_on"},
			{Name: "claims", From: fact.Member, To: fact.Claim, Term: i18n.FactPartClaims, Column: "c.member_id", Order: "c.from_on"},
		},
		Internal: map[string]string{
			"responsibility.community_id": "read over the link to the community", "responsibility.grid_id": "read over the link to the grid",
			"responsibility.building_id": "read over the link to the building",
			"claim.responsibility_id":    "read over the link to the area or post", "claim.member_id": "read over the link to the member", "claim.person_id": "the member's person is a link",
			"claim.community_id": "read over the link to the community", "claim.unit_id": "read over the link to the unit", "claim.content_hash": "proves what was signed",
			"claim.renews_id": "which claim it renews", "signature.*": "signatures prove; they answer no form",
		},
	}
}

var responsibilityRows = fact.Rows{
	Subject: fact.Responsibility, From: "responsibility p", ID: "p.id", Owner: offering, See: []authz.Permission{PermSee, PermOffer}, Edit: []authz.Permission{PermOffer},
	Name: "p.name", Org: "p.community_id",
}

var claimRows = fact.Rows{
	Subject: fact.Claim, From: "claim c", ID: "c.id", Owner: claiming, See: []authz.Permission{PermSee, PermOwn}, Edit: []authz.Permission{PermSign},
	Name: "c.terms", Here: "c.state IN ('proposed', 'agreed')", Org: "c.community_id", Person: "c.person_id",
}

func responsibilityFacts() fact.Table {
	c := func(factID string, t i18n.Term, ty fact.Type, column string) fact.Column {
		return fact.Col("responsibility."+factID, t, ty, "p."+column, "responsibility."+column).Openly()
	}
	return fact.Table{Rows: responsibilityRows, Columns: []fact.Column{
		c("name", i18n.FactRespName, fact.Text, "name"), c("kind", i18n.FactRespKind, fact.Choice, "kind").Of(fact.Listing(i18n.FactRespKind.Name, []Kind{Area, Post}, Kind.Text)),
		c("duties", i18n.FactRespDuties, fact.Text, "duties"), c("capacity", i18n.FactRespCapacity, fact.Number, "capacity").In(i18n.FactPeople),
		c("taken", i18n.FactRespTaken, fact.Number, "taken").In(i18n.FactPeople).ZeroToo(), c("open", i18n.FactRespOpen, fact.YesNo, "open"),
		c("offered_on", i18n.FactRespMade, fact.Date, "created_at").OnDay(),
	}}
}

func claimFacts() fact.Table {
	c := func(factID string, t i18n.Term, ty fact.Type, column string) fact.Column {
		return fact.Col("claim."+factID, t, ty, "c."+column, "claim."+column).For("party")
	}
	states := fact.Listing(i18n.FactClaimState.Name, []State{Proposed, Agreed, Declined, Withdrawn, Ended, Renewed}, State.Text)
	return fact.Table{Rows: claimRows, Columns: []fact.Column{
		c("state", i18n.FactClaimState, fact.Choice, "state").Of(states), c("from_on", i18n.FactClaimFrom, fact.Date, "from_on"), c("to_on", i18n.FactClaimTo, fact.Date, "to_on"),
		c("ended_on", i18n.FactClaimEnded, fact.Date, "ended_on"), c("reason", i18n.FactClaimReason, fact.Text, "reason"), c("terms", i18n.FactClaimTerms, fact.Text, "terms"),
		c("proposed_on", i18n.FactClaimMade, fact.Date, "created_at").OnDay(), c("agreed_on", i18n.FactClaimAgreed, fact.Date, "agreed_at").OnDay(),
	}}
}

// communityClaims counts the claims in force in a community; claims are made here and nowhere else.
func communityClaims() fact.Table {
	return fact.Table{Group: true, Rows: fact.Rows{ID: "o.id", See: []authz.Permission{PermSee}, Owner: authz.Columns{Tenant: "o.tenant_id", Orgs: []string{"o.id"}},
		From: "organisation o LEFT JOIN claim c ON c.tenant_id = o.tenant_id AND c.community_id = o.id AND c.state = 'agreed' AND c.from_on <= {day} AND c.to_on >= {day}"},
		Where:   "o.kind = 'community_party'",
		Columns: []fact.Column{fact.Col("organisation.claims", i18n.FactOrgClaims, fact.Number, "count(c.id)").Openly().In(i18n.FactPieces).ZeroToo()}}
}

func communityOffers() fact.Table {
	return fact.Table{Group: true, Rows: fact.Rows{ID: "o.id", See: []authz.Permission{PermSee}, Owner: authz.Columns{Tenant: "o.tenant_id", Orgs: []string{"o.id"}},
		From: "organisation o LEFT JOIN responsibility p ON p.tenant_id = o.tenant_id AND p.community_id = o.id"},
		Where:   "o.kind = 'community_party'",
		Columns: []fact.Column{fact.Col("organisation.responsibilities", i18n.FactOrgResponsibilities, fact.Number, "count(p.id)").Openly().In(i18n.FactPieces).ZeroToo()}}
}

const (
	claimsFact     = "member.claims"
	claimCountFact = "member.claim_count"
)

// memberClaims names the areas and posts that a member has claimed and that are in force on the day.
func memberClaims() fact.Reader {
	return fact.Reader{Subject: fact.Member, Facts: []fact.Fact{
		{ID: claimsFact, Term: i18n.FactMemberClaims, Type: fact.Text, Purpose: "party"},
		{ID: claimCountFact, Term: i18n.FactMemberClaimCount, Type: fact.Number, Unit: i18n.FactPieces, Purpose: "party"},
	}, Read: func(ctx context.Context, q db.Querier, b *fact.Batch) error {
		type row struct {
			member id.ID
			name   string
		}
		a := &db.Args{}
		day := a.Add(b.Day.String())
		columns := authz.Columns{Tenant: "m.tenant_id", Orgs: []string{"m.community_id", "m.unit_id"}, Person: "m.person_id"}
		where := b.Actor.Scope(PermSee).Or(b.Actor.Scope(PermOwn)).Where(a, columns) + " AND " + db.In(a, "m.id", b.IDs)
		names := map[id.ID][]string{}
		err := db.Each(ctx, q, func(r *row) []any { return []any{&r.member, &r.name} }, func(r row) error {
			if names[r.member] == nil {
				names[r.member] = []string{}
			}
			if r.name != "" {
				names[r.member] = append(names[r.member], r.name)
			}
			return nil
		}, `SELECT m.id, coalesce(p.name, '') FROM member m
			LEFT JOIN claim c ON c.tenant_id = m.tenant_id AND c.member_id = m.id AND c.state = 'agreed' AND c.from_on <= `+day+` AND c.to_on >= `+day+`
			LEFT JOIN responsibility p ON p.tenant_id = c.tenant_id AND p.id = c.responsibility_id WHERE `+where+` ORDER BY m.id, c.from_on, c.id`, a.Values()...)
		for member, all := range names {
			b.Set(member, claimsFact, fact.Is(strings.Join(all, i18n.FactListJoin), b.Day))
			b.Set(member, claimCountFact, fact.Is(strconv.Itoa(len(all)), b.Day))
		}
		return err
	}}
}
