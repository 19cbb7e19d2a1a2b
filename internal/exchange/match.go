package exchange

import (
	"cmp"
	"context"
	"hash/fnv"
	"slices"
	"strings"
	"unicode/utf8"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Reason is why a resource may meet a need.
type Reason string

// The reasons.
const (
	SameKind   Reason = "kind"
	SkillFits  Reason = "skill"
	WordsMeet  Reason = "words"
	SamePlace  Reason = "here"
	NoCharge   Reason = "free"
	UsedBefore Reason = "used"
	TimeFits   Reason = "time"
	TimeClash  Reason = "clash" // both say when, and it is not the same time
	KeptDuties Reason = "kept"
	NearBy     Reason = "near"
)

// Text names the reason.
func (r Reason) Text() i18n.Text {
	return map[Reason]i18n.Text{SameKind: i18n.MatchKind, SkillFits: i18n.MatchSkill, WordsMeet: i18n.MatchWords, SamePlace: i18n.MatchHere, NoCharge: i18n.MatchFree, UsedBefore: i18n.MatchUsed,
		TimeFits: i18n.MatchTime, TimeClash: i18n.MatchClash, KeptDuties: i18n.MatchKept, NearBy: i18n.MatchNear}[r]
}

// points are what each reason counts. The kind must fit; the others decide which is first. Times are read from words, so one that does not meet counts against and forbids nothing.
var points = map[Reason]int{SameKind: 4, SkillFits: 4, WordsMeet: 2, SamePlace: 2, NoCharge: 1, UsedBefore: 1, TimeFits: 2, TimeClash: -2, KeptDuties: 1}

// proposals is how many are proposed for one need on its page.
const proposals = 5

// Proposal is a resource that may meet a need, with why.
type Proposal struct {
	Resource
	Score   int
	Reasons []Reason
}

// meets says why a resource may meet a need, appended to why, and nothing where it cannot: they are of one kind, it is there on the last day of the need, or from before it, and something
// of it is left. A skill or words in common, the same community, no charge, having been used before and a time of the week that both name count for it; times that do not
// meet count against it.
func meets(why []Reason, n *Card, r *Resource, c common) []Reason {
	if r.Kind != n.Kind || r.Ended || r.ValidUntil.Before(n.DueOn) || r.ValidFrom.After(n.DueOn) || r.Amount > 0 && r.Left <= 0 {
		return nil
	}
	why = append(why, SameKind)
	if c.skill {
		why = append(why, SkillFits)
	} else if c.words {
		why = append(why, WordsMeet)
	}
	if r.PlaceID == n.CommunityID {
		why = append(why, SamePlace)
	}
	if r.Terms == Free {
		why = append(why, NoCharge)
	}
	if r.Used > 0 {
		why = append(why, UsedBefore)
	}
	return timely(why, c.need, c.have)
}

// timely adds what the times of a need and of what there is say.
func timely(why []Reason, need, have i18n.Week) []Reason {
	switch {
	case need == 0 || have == 0:
		return why
	case need.Meets(have):
		return append(why, TimeFits)
	}
	return append(why, TimeClash)
}

func score(why []Reason) (n int) {
	for _, r := range why {
		n += points[r]
	}
	return n
}

// Match proposes resources for a need, the best first. It decides nothing.
func Match(n Card, list []Resource) []Proposal {
	var out []Proposal
	near := indexOf(list).near(&n)
	for i, r := range list {
		if why := meets(nil, &n, &r, near(i)); why != nil {
			out = append(out, Proposal{Resource: r, Score: score(why), Reasons: why})
		}
	}
	slices.SortStableFunc(out, func(a, b Proposal) int { return cmp.Or(b.Score-a.Score, cmp.Compare(a.ID, b.ID)) })
	return out[:min(len(out), proposals)]
}

// Suited is an open need that a resource suits, with why.
type Suited struct {
	Card
	Reasons []Reason
	path    string
	score   int
}

// Suits gives the open needs that a resource suits, the best first: of communities in scope (PermKeep), or for the organisation that gives it (PermOffer). What was declined or tried is left out.
func (s *Service) Suits(ctx context.Context, actor authz.Actor, resource id.ID) ([]Suited, error) {
	r, err := s.Resource(ctx, actor, resource)
	if err != nil || r.Ended || r.placePath == "" {
		return nil, err
	}
	a := &db.Args{}
	var where string
	if r.OrgID != 0 && actor.Scope(PermOffer).Covers(r.OrgID) { // what is open is public, so the giver sees all that it could meet
		where = "n.tenant_id = " + a.Add(actor.Tenant)
	} else {
		where = actor.Scope(PermKeep).Where(a, seen)
	}
	list, err := db.All(ctx, s.db, func(n *Suited) []any { return append(n.Card.dest(), &n.path) }, "SELECT "+cardColumns+", coalesce(m.path, '')"+cardJoined+where+" AND n.state = 'open' AND n.taken < n.wanted AND n.kind = "+a.Add(string(r.Kind))+
		" AND n.due_on >= "+a.Add(calendar.DateOf(s.db.Now()).String())+" AND substr(m.path, 1, length("+a.Add(r.placePath)+")) = "+a.Add(r.placePath)+
		" AND NOT EXISTS (SELECT 1 FROM need_proposal q WHERE q.tenant_id = n.tenant_id AND q.need_id = n.id AND q.resource_id = "+a.Add(resource)+" AND q.state = 'declined')"+
		" AND NOT EXISTS (SELECT 1 FROM need_pledge p WHERE p.tenant_id = n.tenant_id AND p.need_id = n.id AND p.resource_id = "+a.Add(resource)+") ORDER BY n.due_on, n.id LIMIT 500", a.Values()...)
	if err != nil {
		return nil, err
	}
	x := indexOf([]Resource{r})
	var out []Suited
	for _, n := range list {
		if n.Reasons = meets(nil, &n.Card, &r, x.near(&n.Card)(0)); n.Reasons != nil {
			n.score = score(n.Reasons)
			out = append(out, n)
		}
	}
	slices.SortStableFunc(out, func(a, b Suited) int { return cmp.Compare(b.score, a.score) })
	return out[:min(len(out), proposals)], nil
}

// common is what the texts of a need and a resource have in common: enough words, whether the skill that one offers is what the other asks for, and the times that each names.
type common struct {
	words, skill bool
	need, have   i18n.Week
}

// index finds what texts of resources have in common with those of needs.
type index struct {
	of     map[string][]int32 // which resources have a pair of characters
	titles []string
	skills []string
	weeks  []i18n.Week
	words  []int
}

func indexOf(list []Resource) *index {
	x := &index{of: map[string][]int32{}, titles: make([]string, len(list)), skills: make([]string, len(list)), weeks: make([]i18n.Week, len(list)),
		words: make([]int, len(list))}
	for i := range list {
		r := &list[i]
		x.titles[i], x.skills[i], x.weeks[i] = gram.Key(r.Title), gram.Key(r.Skill), i18n.ReadWeek(r.Times)
		for _, g := range pairsOf(r.Title + " " + r.Detail + " " + r.Skill) {
			x.of[g] = append(x.of[g], int32(i))
		}
	}
	return x
}

// near says what each resource has in common with a need. The answer holds until the next call.
func (x *index) near(n *Card) func(i int) common {
	clear(x.words)
	said := n.Title + " " + n.Words + " " + n.Skill
	for _, g := range pairsOf(said) {
		for _, i := range x.of[g] {
			x.words[i]++
		}
	}
	skill, text, week := gram.Key(n.Skill), gram.Key(said), i18n.ReadWeek(said)
	return func(i int) common {
		s := x.skills[i]
		return common{
			words: x.words[i] >= 2 || x.titles[i] != "" && strings.Contains(text, x.titles[i]),
			skill: s != "" && (strings.Contains(text, s) || skill != "" && strings.Contains(s, skill)),
			need:  week, have: x.weeks[i],
		}
	}
}

// pairsOf are the pairs of characters in a text, each once.
func pairsOf(text string) []string {
	return slices.DeleteFunc(gram.Of(text), func(g string) bool { return utf8.RuneCountInString(g) != 2 })
}

// toss is a number that belongs to a need and a resource, the same every time: it decides between resources that fit equally well, so that not all needs are led to the same one.
func toss(need, resource id.ID) uint64 {
	h := fnv.New64a()
	for _, v := range [2]id.ID{need, resource} {
		var b [8]byte
		for i := range b {
			b[i] = byte(v >> (8 * i))
		}
		_, _ = h.Write(b[:])
	}
	return h.Sum64()
}

// Proposals gives resources for a need of a community in scope (PermKeep), with the reasons. What was declined for it is not proposed again.
func (s *Service) Proposals(ctx context.Context, actor authz.Actor, wish id.ID) ([]Proposal, error) {
	r, err := find(ctx, s.db, actor.Scope(PermKeep), wish)
	if err != nil {
		return nil, err
	}
	path, err := pathOf(ctx, s.db, actor.Tenant, r.CommunityID)
	if err != nil {
		return nil, err
	}
	n := Card{Kind: r.Kind, Title: r.Title, Words: r.Words, Skill: r.Skill, CommunityID: r.CommunityID, DueOn: r.DueOn}
	list, err := db.All(ctx, s.db, (*Resource).dest, "SELECT "+resourceColumns+resourceJoined+`u.tenant_id = $1 AND u.kind = $2 AND u.ended_at = 0 AND u.valid_until >= $3 AND substr($4, 1, length(h.path)) = h.path
		AND NOT EXISTS (SELECT 1 FROM need_proposal q WHERE q.tenant_id = u.tenant_id AND q.need_id = $5 AND q.resource_id = u.id AND q.state = 'declined')
		ORDER BY u.id DESC LIMIT 500`, actor.Tenant, string(r.Kind), r.DueOn.String(), path, wish)
	return Match(n, list), err
}
