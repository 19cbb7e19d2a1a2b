package appointment

import (
	"slices"

	"linli/internal/i18n"
	"linli/internal/organisation"
)

// Post is a post of an organisation.
type Post string

// The posts (ORG-8, PARTY-11).
const (
	Secretary       Post = "secretary"
	Deputy          Post = "deputy_secretary"
	Organiser       Post = "organisation_member"
	Publicity       Post = "publicity_member"
	Discipline      Post = "discipline_member"
	CommitteeMember Post = "committee_member"
	Leader          Post = "group_leader"
	Director        Post = "director"
	DeputyDirector  Post = "deputy_director"
	ResidentsMember Post = "residents_member"
	Head            Post = "head"
	DeputyHead      Post = "deputy_head"
)

// post is what holds of a Post.
type post struct {
	rank string
	sole bool
	text i18n.Text
}

var posts = map[Post]post{
	Secretary: {"10", true, i18n.PostSecretary}, Deputy: {"20", false, i18n.PostDeputy}, Organiser: {"30", false, i18n.PostOrganiser},
	Publicity: {"31", false, i18n.PostPublicity}, Discipline: {"32", false, i18n.PostDiscipline}, CommitteeMember: {"40", false, i18n.PostCommittee},
	Leader: {"10", true, i18n.PostLeader}, Director: {"10", true, i18n.PostDirector}, DeputyDirector: {"20", false, i18n.PostDeputyDirector},
	ResidentsMember: {"40", false, i18n.PostResidents}, Head: {"10", true, i18n.PostHead}, DeputyHead: {"20", false, i18n.PostDeputyHead},
}

// Text names the post.
func (p Post) Text() i18n.Text { return posts[p].text }

// Sole says whether one person at a time holds the post.
func (p Post) Sole() bool { return posts[p].sole }

// Posts lists all posts.
func Posts() []Post {
	return []Post{Secretary, Deputy, Organiser, Publicity, Discipline, CommitteeMember, Leader, Director, DeputyDirector, ResidentsMember, Head, DeputyHead}
}

// inParty are the posts of a Party organisation, inResidents those of a residents' committee.
var (
	inParty     = []Post{Secretary, Deputy, Organiser, Publicity, Discipline, CommitteeMember}
	inResidents = []Post{Director, DeputyDirector, ResidentsMember}
)

// Of gives the posts of a kind of organisation; the first is that of its head.
func Of(k organisation.Kind) []Post {
	switch k {
	case organisation.District, organisation.Working, organisation.Committee, organisation.Community, organisation.Branch:
		return inParty
	case organisation.Group:
		return []Post{Leader}
	case organisation.Residents:
		return inResidents
	default:
		return []Post{Head, DeputyHead}
	}
}

// TermYears is how long a term of a kind of organisation normally is (PARTY-13); 0 where there is none.
func TermYears(k organisation.Kind) int {
	switch k {
	case organisation.Community, organisation.Residents:
		return 5
	case organisation.District, organisation.Working, organisation.Committee, organisation.Branch:
		return 3
	}
	return 0
}

// has says whether a kind of organisation has the post.
func has(k organisation.Kind, p Post) bool { return slices.Contains(Of(k), p) }

// Way is how somebody came into a post.
type Way string

// The ways.
const (
	Elected   Way = "elected"
	Appointed Way = "appointed"
	Acting    Way = "acting"
)

// Ways lists the ways.
func Ways() []Way { return []Way{Elected, Appointed, Acting} }

// Text names the way.
func (w Way) Text() i18n.Text {
	return map[Way]i18n.Text{Elected: i18n.PostElected, Appointed: i18n.PostAppointed, Acting: i18n.PostActing}[w]
}

// Origin is where a holder comes from.
type Origin string

// The origins.
const (
	Local    Origin = "local"
	Seconded Origin = "seconded"
	Recruit  Origin = "recruited"
	Retired  Origin = "retired"
	Other    Origin = "other"
)

// Origins lists the origins.
func Origins() []Origin { return []Origin{Local, Seconded, Recruit, Retired, Other} }

// Text names the origin.
func (o Origin) Text() i18n.Text {
	return map[Origin]i18n.Text{Local: i18n.PostLocal, Seconded: i18n.PostSeconded, Recruit: i18n.PostRecruited, Retired: i18n.PostRetired,
		Other: i18n.PostOriginOther}[o]
}
