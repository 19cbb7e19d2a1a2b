package exchange

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Volunteer is somebody with a file of voluntary service who could meet a need.
type Volunteer struct {
	ID       id.ID
	PersonID id.ID
	OrgID    id.ID // the community that keeps the file
	Name     string
	Skills   []string // in words
	Times    []string
	Kept     bool  // they came to shifts that they signed up for, or met needs
	Street   id.ID // the sub-district of the community, where Near asks
	Shifts   int64 // that they take in the time for which Near asks
}

// Team is a team of volunteers, with the file of its leader.
type Team struct {
	ID     id.ID
	Name   string
	Leader id.ID
}

// Volunteers are the files of voluntary service (package volunteer).
type Volunteers interface {
	// Around gives who may be asked for a need of a community: files there and in its sub-district that have not ended, whose people agreed to be contacted.
	Around(ctx context.Context, q db.Querier, tenant int64, community id.ID) ([]Volunteer, error)
	// Near gives who may be asked for needs of any of some communities, as Around does, with the shifts that they take in a time.
	Near(ctx context.Context, q db.Querier, tenant int64, communities []id.ID, from, to time.Time) ([]Volunteer, error)
	// OfPerson gives the file of a person that has not ended.
	OfPerson(ctx context.Context, q db.Querier, tenant int64, person id.ID) (Volunteer, error)
	// Led gives the teams that a person leads.
	Led(ctx context.Context, q db.Querier, tenant int64, person id.ID) ([]Team, error)
	// InTeam gives who is in a team.
	InTeam(ctx context.Context, q db.Querier, tenant int64, team id.ID) ([]Volunteer, error)
}

// WithVolunteers connects the files of volunteers. The composition root calls it once.
func (s *Service) WithVolunteers(v Volunteers) *Service {
	s.volunteers = v
	return s
}

// Hands says whether a need is one that people meet by what they do.
func (k Kind) Hands() bool { return k == People || k == Trade }

// VolunteerProposal is a volunteer who may meet a need, with why.
type VolunteerProposal struct {
	Volunteer
	Reasons []Reason
}

// crew are volunteers whose words were read once: what each can do, and when.
type crew struct {
	list   []*Volunteer
	skills map[string][]string // of a skill in words, its pairs of characters
	times  []i18n.Week
}

// handsOf reads the words of volunteers. A place of the list may be empty.
func handsOf(list []*Volunteer) crew {
	c := crew{list: list, skills: map[string][]string{}, times: make([]i18n.Week, len(list))}
	read := map[string]i18n.Week{}
	for i, v := range list {
		if v == nil {
			continue
		}
		for _, s := range v.Skills {
			if _, known := c.skills[s]; !known {
				c.skills[s] = pairsOf(s)
			}
		}
		said := strings.Join(v.Times, ";")
		if _, known := read[said]; !known {
			read[said] = i18n.ReadWeek(said)
		}
		c.times[i] = read[said]
	}
	return c
}

// fit says why the volunteer at a place of the list may meet a need, appended to why; nothing where they cannot: what asks for a trade asks for somebody who knows it.
func (c crew) fit(n *Card) func(why []Reason, i int) []Reason {
	if !n.Kind.Hands() {
		return func([]Reason, int) []Reason { return nil }
	}
	text, week, asked := gram.Key(n.Title+" "+n.Words+" "+n.Skill), i18n.ReadWeek(n.Title+" "+n.Words), map[string]bool{}
	for s, of := range c.skills {
		asked[s] = slices.ContainsFunc(of, func(pair string) bool { return strings.Contains(text, pair) })
	}
	return func(why []Reason, i int) []Reason {
		v := c.list[i]
		switch {
		case slices.ContainsFunc(v.Skills, func(s string) bool { return asked[s] }):
			why = append(why, SkillFits)
		case n.Kind == Trade:
			return nil
		}
		if v.OrgID == n.CommunityID {
			why = append(why, SamePlace)
		}
		if v.Kept {
			why = append(why, KeptDuties)
		}
		if len(why) == 0 {
			why = append(why, NearBy)
		}
		return timely(why, week, c.times[i])
	}
}

// MatchVolunteers proposes volunteers for a need, those first for whom most speaks; among equals others for every need. No number of it is shown, and it decides nothing.
func MatchVolunteers(n Card, list []Volunteer) []VolunteerProposal {
	var out []VolunteerProposal
	all := make([]*Volunteer, len(list))
	for i := range list {
		all[i] = &list[i]
	}
	fit := handsOf(all).fit(&n)
	for i, v := range list {
		if why := fit(nil, i); why != nil {
			out = append(out, VolunteerProposal{v, why})
		}
	}
	slices.SortFunc(out, func(a, b VolunteerProposal) int {
		return cmp.Or(score(b.Reasons)-score(a.Reasons), cmp.Compare(toss(n.ID, a.ID), toss(n.ID, b.ID)), cmp.Compare(a.ID, b.ID))
	})
	return out[:min(len(out), proposals)]
}

// purposeAssist is the purpose of the register under which looks at volunteers are recorded.
const purposeAssist = "assist"

// VolunteersFor proposes volunteers for a need of a community in scope (PermKeep), with the reasons. Each name is recorded as a look that the person sees. Who asked for help is not
// proposed to themselves, and nobody who was asked or pledged for it before, or of whom it was said that they are not suitable.
func (s *Service) VolunteersFor(ctx context.Context, actor authz.Actor, wish id.ID) (n Need, out []VolunteerProposal, err error) {
	return n, out, s.db.WithTx(ctx, func(tx *db.Tx) error {
		r, err := find(ctx, tx, actor.Scope(PermKeep), wish)
		if err != nil {
			return err
		}
		if n, err = s.open(r); err != nil {
			return err
		}
		if err := n.pledgeable(calendar.DateOf(tx.Now())); err != nil {
			return err
		}
		list, err := s.around(ctx, tx, n)
		if err != nil {
			return err
		}
		out = MatchVolunteers(Card{ID: n.ID, Kind: n.Kind, Title: n.Title, Words: n.Words, Skill: n.Skill, CommunityID: n.CommunityID, DueOn: n.DueOn}, list)
		looks := make([]audit.Entry, len(out))
		for i, v := range out {
			looks[i] = audit.Entry{Action: "exchange.volunteers", Permission: PermKeep, SubjectKind: "volunteer", SubjectID: v.ID, PersonID: v.PersonID, OrgID: v.OrgID, Purpose: purposeAssist}
		}
		return audit.RecordMany(ctx, tx, actor, looks)
	})
}

// around are the volunteers who may be asked for a need.
func (s *Service) around(ctx context.Context, q db.Querier, n Need) ([]Volunteer, error) {
	if s.volunteers == nil || !n.Kind.Hands() {
		return nil, nil
	}
	list, err := s.volunteers.Around(ctx, q, n.tenant, n.CommunityID)
	if err != nil {
		return nil, err
	}
	before, err := db.Column[id.ID](ctx, q, `SELECT p.person_id FROM need_pledge p WHERE p.tenant_id = $1 AND p.need_id = $2 AND p.person_id <> 0
		UNION SELECT q.volunteer_id FROM need_proposal q WHERE q.tenant_id = $1 AND q.need_id = $2 AND q.volunteer_id <> 0 AND q.state = 'declined'`, n.tenant, n.ID)
	return slices.DeleteFunc(list, func(v Volunteer) bool {
		return v.PersonID == n.PersonID || slices.Contains(before, v.PersonID) || slices.Contains(before, v.ID)
	}), err
}

// AskVolunteer asks one of VolunteersFor to meet a need (PermKeep). A place is kept for them, and nobody sees anybody's contact, until they answer.
func (s *Service) AskVolunteer(ctx context.Context, actor authz.Actor, wish, volunteer id.ID) (made id.ID, err error) {
	return s.askVolunteer(ctx, actor, wish, volunteer, false)
}

// askVolunteer asks a volunteer; with onlyProposed they must be proposed, and nobody may have decided that.
func (s *Service) askVolunteer(ctx context.Context, actor authz.Actor, wish, volunteer id.ID, onlyProposed bool) (made id.ID, err error) {
	return s.pledge(ctx, actor, PermKeep, wish, NewPledge{}, func(tx *db.Tx, p *Pledge) error {
		r, err := find(ctx, tx, actor.Scope(PermKeep), wish)
		if err != nil {
			return err
		}
		list, err := s.around(ctx, tx, r.Need)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(list, func(v Volunteer) bool { return v.ID == volunteer })
		if i < 0 {
			return errs.Field("volunteer", i18n.ErrBadChoice)
		}
		p.VolunteerID, p.PersonID, p.Asked = volunteer, list[i].PersonID, true
		waits, err := decideProposal(ctx, tx, actor, wish, volunteer, accepted)
		if err == nil && onlyProposed && !waits {
			err = errs.New(errs.Conflict, i18n.WeekDecided)
		}
		if err != nil {
			return err
		}
		return s.asMember(ctx, tx, actor.Tenant, p)
	})
}

// asMember puts the member to a pledge whose person is one: their hours go where their service for duty goes as well.
func (s *Service) asMember(ctx context.Context, tx *db.Tx, tenant int64, p *Pledge) error {
	h, err := s.members.OfPerson(ctx, tx, tenant, p.PersonID)
	if errs.KindOf(err) == errs.NotFound {
		return nil
	}
	if err == nil && !h.Ended && h.CommunityID != 0 {
		p.MemberID = h.MemberID
	}
	return err
}

// asVolunteer makes a pledge that of the actor's own file of voluntary service.
func (s *Service) asVolunteer(ctx context.Context, tx *db.Tx, actor authz.Actor, p *Pledge) error {
	if s.volunteers == nil {
		return errs.New(errs.Conflict, i18n.LedgerNotMember)
	}
	v, err := s.volunteers.OfPerson(ctx, tx, actor.Tenant, actor.PersonID)
	if errs.KindOf(err) == errs.NotFound {
		return errs.New(errs.Conflict, i18n.ExchangeNotVolunteer)
	}
	p.VolunteerID, p.PersonID = v.ID, actor.PersonID
	return err
}

// AcceptAsked says yes for oneself to what the community asked (PermOwn), with the number at which one is reached, if one likes: from now on both sides may see each other's contact. One says
// no by TakeBack, with the reason, which the community reads and nobody else.
func (s *Service) AcceptAsked(ctx context.Context, actor authz.Actor, pledge id.ID, version int64, contact string) error {
	in := NewPledge{Contact: contact}
	if err := in.check(); err != nil {
		return err
	}
	return s.onPledge(ctx, actor, pledge, version, false, func(tx *db.Tx, n *Need, p *Pledge, by side) (step, error) {
		switch {
		case by.perm != PermOwn:
			return step{}, errs.ErrForbidden
		case !p.ForVolunteer():
			return step{}, cannot(p)
		case p.AccountID != 0 && p.AccountID == actor.AccountID:
			return step{}, errs.New(errs.Forbidden, i18n.PledgeOwnAgree)
		}
		p.State, p.AgreedAt = Agreed, tx.Now()
		if in.Contact != "" {
			if _, err := tx.Exec(ctx, `UPDATE need_pledge SET contact = $1 WHERE tenant_id = $2 AND id = $3`, s.ring.Seal("need_pledge", "contact", p.ID, in.Contact), n.tenant, p.ID); err != nil {
				return step{}, err
			}
		}
		return step{act: ActAccept, open: true}, savePledge(ctx, tx, n.tenant, p, actor.AccountID)
	})
}
