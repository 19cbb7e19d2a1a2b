package mediation

import (
	"context"
	"slices"

	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/mediation"
	"linli/internal/web/view/field"
)

// numbered tells fields of one sort apart.
func numbered(ctx context.Context, t i18n.Text, n int) i18n.Text {
	return i18n.Verbatim(i18n.T(ctx, i18n.MediationNumbered, t, n))
}

func itemValue(s Show) string {
	if s.ItemID == 0 {
		return ""
	}
	return s.ItemID.String()
}

func openValue(s Show) string {
	if s.Private {
		return ""
	}
	return "1"
}

// risks are what is feared; where something is noted, that it is over too.
func (s Show) risks() []field.Option {
	out := field.Choices(mediation.Risks(), mediation.Risk.Text)
	if s.Risk != "" {
		out = append(out, field.Option{Value: NoRisk, Text: i18n.MediationNoRisk})
	}
	return out
}

// NoRisk is how the form says that a risk is over.
const NoRisk = "none"

// isParty is "1" where who reported a case is taken for a party.
func (o CaseOffer) isParty() string {
	if o.Named {
		return "1"
	}
	return ""
}

func wants() []field.Option {
	return []field.Option{{Value: "yes", Text: i18n.MediationWantYes}, {Value: "no", Text: i18n.MediationWantNo}}
}

// order is how the acts stand on the page.
var order = []mediation.Act{mediation.ActMediators, mediation.ActConsent, mediation.ActSession, mediation.ActDraft, mediation.ActSign, mediation.ActOral, mediation.ActPerform, mediation.ActVisit, mediation.ActPlan,
	mediation.ActApply, mediation.ActAnswer, mediation.ActBar, mediation.ActRisk, mediation.ActExtend, mediation.ActCorrect, mediation.ActRefuse, mediation.ActWithdraw, mediation.ActFail, mediation.ActUnmet}

// others are the acts that are possible besides the one that the page is for.
func (s Show) others() []mediation.Act {
	var out []mediation.Act
	for _, a := range order {
		if a != s.primary() && s.Can(a) && (a != mediation.ActSign || len(s.signers()) > 0) {
			out = append(out, a)
		}
	}
	return out
}

// heldAt is where the last session was, because the next is mostly there.
func (s Show) heldAt() string {
	if n := len(s.Sessions); n > 0 {
		return s.Sessions[n-1].Place
	}
	return ""
}

// everybody names the parties and the mediators.
func (s Show) everybody(ctx context.Context) string {
	var names []string
	for _, p := range s.Parties {
		names = append(names, p.Name)
	}
	for _, m := range s.Mediators {
		if !slices.Contains(names, m.Name) {
			names = append(names, m.Name)
		}
	}
	out := ""
	for i, n := range names {
		if i > 0 {
			out += i18n.T(ctx, i18n.MediationComma)
		}
		out += n
	}
	return out
}

// PartyShow is the form of a party.
type PartyShow struct {
	field.Form
	Of      id.ID
	No      string
	Party   id.ID // 0 for another one
	Version int64
	HasID   bool
	Removes bool
}

// Action is the address to which the form goes.
func (s PartyShow) Action() string { return Href(s.Of) + "/parties/" + s.Party.String() }

func (s PartyShow) idHelp() i18n.Text {
	if s.HasID {
		return i18n.MediationPartyIDKept
	}
	return i18n.MediationPartyIDHelp
}

func (s CommitteeShow) nameOr(ctx context.Context) string {
	if s.Committee.Name != "" {
		return s.Committee.Name
	}
	return i18n.T(ctx, i18n.MediationCommitteeOf, s.Org)
}

// CaseOffer is what the page of a dispute says of its mediation.
type CaseOffer struct {
	CaseID    id.ID
	Mediation id.ID // 0 where there is none, or the actor does not see it
	Begun     bool  // it is mediated now, whether the actor sees it or not
	Offers    bool  // the actor may take it into mediation
	Named     bool  // somebody gave their name with it
	field.Form
}
