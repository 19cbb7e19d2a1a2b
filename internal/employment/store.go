package employment

import (
	"context"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/reference"
)

var (
	ofSeeker      = authz.Columns{Tenant: "s.tenant_id", Orgs: []string{"s.org_id"}}
	ofJob         = authz.Columns{Tenant: "j.tenant_id", Orgs: []string{"j.community_id", "j.unit_id"}}
	ofUnit        = authz.Columns{Tenant: "j.tenant_id", Orgs: []string{"j.unit_id"}}
	ofResult      = authz.Columns{Tenant: "e.tenant_id", Orgs: []string{"e.org_id"}}
	ofCertificate = authz.Columns{Tenant: "c.tenant_id", Orgs: []string{"c.org_id"}}
)

var seekerColumns = "s.id, s.org_id, " + reference.Label("o") + `, coalesce(o.parent_id, 0), s.person_id, coalesce(r.name, ''), s.difficulty, s.kinds, s.skills, s.wage_from, s.hours, s.area, s.education, s.words, s.phone,
	s.consent, s.consent_on, s.state, s.channel, s.entered_on, s.ended_on, s.ending, s.forgotten_on, s.version
	FROM employment_seeker s
	LEFT JOIN organisation o ON o.tenant_id = s.tenant_id AND o.id = s.org_id
	LEFT JOIN person r ON r.tenant_id = s.tenant_id AND r.id = s.person_id AND s.person_id <> 0
	WHERE `

func (s *Seeker) dest() []any {
	return []any{&s.ID, &s.OrgID, &s.Org, &s.StreetID, &s.PersonID, &s.Name, &s.Difficulty, &s.Kinds, &s.skills, &s.WageFrom, &s.Hours, &s.Area, &s.Education, &s.words, &s.phone,
		&s.Consent, &s.ConsentOn, &s.State, &s.Channel, &s.EnteredOn, &s.EndedOn, &s.Ending, &s.forgottenOn, &s.Version}
}

// open opens what is sealed of a seeker.
func (s *Service) open(k *Seeker) (err error) {
	k.Forgotten = !k.forgottenOn.IsZero()
	if k.Skills, err = s.ring.Open("employment_seeker", "skills", k.ID, k.skills); err != nil {
		return err
	}
	if k.Words, err = s.ring.Open("employment_seeker", "words", k.ID, k.words); err != nil {
		return err
	}
	k.Phone, err = s.ring.Open("employment_seeker", "phone", k.ID, k.phone)
	return err
}

// theirs is the condition that something is about the actor themselves.
func theirs(a *db.Args, actor authz.Actor, table string) string {
	if actor.PersonID == 0 {
		return table + ".tenant_id = " + a.Add(actor.Tenant) + " AND " + table + ".tenant_id IS NULL"
	}
	return table + ".tenant_id = " + a.Add(actor.Tenant) + " AND " + table + ".person_id = " + a.Add(actor.PersonID)
}

// findSeeker reads a seeker of a station in scope (PermManage), or the actor as one; own says which.
func findSeeker(ctx context.Context, q db.Querier, actor authz.Actor, seeker id.ID) (k Seeker, own bool, err error) {
	a := &db.Args{}
	k, err = db.One(ctx, q, (*Seeker).dest, "SELECT "+seekerColumns+"s.tenant_id = "+a.Add(actor.Tenant)+" AND s.id = "+a.Add(seeker)+" AND ("+actor.Scope(PermManage).Where(a, ofSeeker)+" OR "+theirs(a, actor, "s")+")", a.Values()...)
	return k, err == nil && !actor.Scope(PermManage).Covers(k.OrgID), err
}

var jobColumns = "j.id, j.unit_id, " + reference.Label("u") + ", j.community_id, " + reference.Label("p") + `, coalesce(p.parent_id, 0), j.kind, j.title, j.places, j.taken, j.wage_from, j.wage_to, j.hours, j.place, j.needs, j.education, j.until_on,
	j.contact, j.phone, j.state, j.answer, j.entered_on, j.closed_on, j.version
	FROM employment_job j
	LEFT JOIN organisation u ON u.tenant_id = j.tenant_id AND u.id = j.unit_id
	LEFT JOIN organisation p ON p.tenant_id = j.tenant_id AND p.id = j.community_id AND j.community_id <> 0
	WHERE `

func (j *Job) dest() []any {
	return []any{&j.ID, &j.UnitID, &j.Unit, &j.CommunityID, &j.Community, &j.StreetID, &j.Kind, &j.Title, &j.Places, &j.Taken, &j.WageFrom, &j.WageTo, &j.Hours, &j.Place, &j.Needs, &j.Education, &j.UntilOn,
		&j.contact, &j.phone, &j.State, &j.Answer, &j.EnteredOn, &j.ClosedOn, &j.Version}
}

// openContact opens whom to speak with about a job.
func (s *Service) openContact(j *Job) (err error) {
	if j.Contact, err = s.ring.Open("employment_job", "contact", j.ID, j.contact); err != nil {
		return err
	}
	j.Phone, err = s.ring.Open("employment_job", "phone", j.ID, j.phone)
	return err
}

// offering is the scope of who answers for a job: the station, and the unit that offers it.
func offering(a *db.Args, actor authz.Actor) string {
	return "(" + actor.Scope(PermManage).Where(a, ofJob) + " OR " + actor.Scope(PermUnit).Where(a, ofUnit) + ")"
}

// findJob reads a job that the actor's station or unit answers for.
func findJob(ctx context.Context, q db.Querier, actor authz.Actor, job id.ID) (Job, error) {
	a := &db.Args{}
	return db.One(ctx, q, (*Job).dest, "SELECT "+jobColumns+"j.tenant_id = "+a.Add(actor.Tenant)+" AND j.id = "+a.Add(job)+" AND "+offering(a, actor), a.Values()...)
}

// offered is the condition that a job j can be had on a day.
func offered(a *db.Args, day any) string {
	return "j.state = 'open' AND j.taken < j.places AND j.until_on >= " + a.Add(day)
}

// manages says whether the actor's station answers for a job.
func manages(actor authz.Actor, j Job) bool {
	scope := actor.Scope(PermManage)
	return j.CommunityID != 0 && scope.Covers(j.CommunityID) || scope.Covers(j.UnitID)
}

// Match is a seeker and a job that were brought together.
type Match struct {
	ID         id.ID
	SeekerID   id.ID
	JobID      id.ID
	OrgID      id.ID
	State      MatchState
	Reason     Why
	Words      string
	ProposedOn string
	AnsweredOn string
	DecidedOn  string
	Version    int64
	PersonID   id.ID
	Name       string // of the seeker, masked for who may not know it
	Skills     string // for the unit, once the seeker said yes
	Phone      string // the same
	Job        Job    // with whom to speak with, for the seeker once they said yes

	seeker Seeker
	words  []byte
}

var matchColumns = "m.id, m.seeker_id, m.job_id, m.org_id, m.state, m.reason, m.words, m.proposed_on, m.answered_on, m.decided_on, m.version, s.person_id, coalesce(r.name, ''), s.skills, s.phone, j.id, j.unit_id, " + reference.Label("u") +
	`, j.community_id, j.kind, j.title, j.places, j.taken, j.wage_from, j.wage_to, j.hours, j.place, j.contact, j.phone, j.until_on, j.state
	FROM employment_match m
	JOIN employment_job j ON j.tenant_id = m.tenant_id AND j.id = m.job_id
	JOIN employment_seeker s ON s.tenant_id = m.tenant_id AND s.id = m.seeker_id
	LEFT JOIN organisation u ON u.tenant_id = j.tenant_id AND u.id = j.unit_id
	LEFT JOIN person r ON r.tenant_id = s.tenant_id AND r.id = s.person_id AND s.person_id <> 0
	WHERE `

func (m *Match) dest() []any {
	j := &m.Job
	return []any{&m.ID, &m.SeekerID, &m.JobID, &m.OrgID, &m.State, &m.Reason, &m.words, &m.ProposedOn, &m.AnsweredOn, &m.DecidedOn, &m.Version, &m.PersonID, &m.Name, &m.seeker.skills, &m.seeker.phone, &j.ID, &j.UnitID, &j.Unit,
		&j.CommunityID, &j.Kind, &j.Title, &j.Places, &j.Taken, &j.WageFrom, &j.WageTo, &j.Hours, &j.Place, &j.contact, &j.phone, &j.UntilOn, &j.State}
}

// most bounds what one page shows of each part.
const most = 200

// matchesOf reads the matches of a seeker, those first that go on. The contact is opened where the seeker said yes. To the seeker nothing is shown that
// the station has not let through: what a unit changed waits.
func (s *Service) matchesOf(ctx context.Context, q db.Querier, tenant int64, seeker id.ID, own bool) ([]Match, error) {
	public := ""
	if own {
		public = " AND j.state IN ('open', 'closed')"
	}
	list, err := db.All(ctx, q, (*Match).dest, "SELECT "+matchColumns+"m.tenant_id = $1 AND m.seeker_id = $2"+public+" ORDER BY CASE WHEN m.state IN ('declined', 'passed', 'over') THEN 1 ELSE 0 END, m.id DESC LIMIT $3", tenant, seeker, int64(most))
	if err != nil {
		return nil, err
	}
	for i := range list {
		m := &list[i]
		if m.Words, err = s.ring.Open("employment_match", "words", m.ID, m.words); err != nil {
			return nil, err
		}
		if m.State.Known() {
			if err := s.openContact(&m.Job); err != nil {
				return nil, err
			}
		}
	}
	return list, nil
}

var resultColumns = "e.id, e.seeker_id, e.person_id, coalesce(r.name, ''), e.org_id, " + reference.Label("o") + `, e.job_id, e.difficulty, e.employer, e.post, e.kind, e.from_on, e.contract, e.wage, e.next_on, e.after3, e.after3_on, e.after6, e.after6_on, e.reason, e.words, e.version,
	CASE WHEN EXISTS (SELECT 1 FROM employment_seeker z WHERE z.tenant_id = e.tenant_id AND z.person_id = e.person_id AND z.state = 'seeking' AND e.person_id <> 0) THEN 1 ELSE 0 END
	FROM employment_result e
	LEFT JOIN organisation o ON o.tenant_id = e.tenant_id AND o.id = e.org_id
	LEFT JOIN person r ON r.tenant_id = e.tenant_id AND r.id = e.person_id AND e.person_id <> 0
	WHERE `

func (r *Result) dest() []any {
	return []any{&r.ID, &r.SeekerID, &r.PersonID, &r.Name, &r.OrgID, &r.Org, &r.JobID, &r.Difficulty, &r.employer, &r.post, &r.Kind, &r.FromOn, &r.Contract, &r.Wage, &r.NextOn, &r.After3, &r.After3On, &r.After6, &r.After6On, &r.Reason, &r.words, &r.Version,
		&r.Seeks}
}

func (s *Service) openResult(r *Result) (err error) {
	if r.Employer, err = s.ring.Open("employment_result", "employer", r.ID, r.employer); err != nil {
		return err
	}
	if r.Post, err = s.ring.Open("employment_result", "post", r.ID, r.post); err != nil {
		return err
	}
	r.Words, err = s.ring.Open("employment_result", "words", r.ID, r.words)
	return err
}

var certificateColumns = "c.id, c.seeker_id, c.person_id, coalesce(r.name, ''), c.org_id, " + reference.Label("o") + `, c.difficulty, c.number, coalesce(p.code, ''), c.entitles, c.from_on, c.to_on, c.uses_max, c.uses, c.issued_on, c.ended_on, c.ending, c.version
	FROM employment_certificate c
	LEFT JOIN organisation o ON o.tenant_id = c.tenant_id AND o.id = c.org_id
	LEFT JOIN person r ON r.tenant_id = c.tenant_id AND r.id = c.person_id AND c.person_id <> 0
	LEFT JOIN paper p ON p.tenant_id = c.tenant_id AND p.subject_id = c.id AND p.kind = 'employment'
	WHERE `

func (c *Certificate) dest() []any {
	return []any{&c.ID, &c.SeekerID, &c.PersonID, &c.Name, &c.OrgID, &c.Org, &c.Difficulty, &c.Number, &c.Code, &c.Entitles, &c.FromOn, &c.ToOn, &c.UsesMax, &c.Uses, &c.IssuedOn, &c.EndedOn, &c.Ending, &c.Version}
}

// certified is the condition that a certificate c is in a state on a day.
func certified(a *db.Args, state CertificateState, day any) string {
	const kept, left = "c.ended_on = ''", " AND (c.uses_max = 0 OR c.uses < c.uses_max)"
	switch state {
	case TakenBack:
		return "c.ended_on <> ''"
	case Used:
		return kept + " AND c.uses_max > 0 AND c.uses >= c.uses_max"
	case Past:
		return kept + left + " AND c.to_on < " + a.Add(day)
	case Issued:
		return kept + left + " AND c.from_on > " + a.Add(day)
	case Valid:
		return kept + left + " AND c.from_on <= " + a.Add(day) + " AND c.to_on >= " + a.Add(day)
	}
	return "c.number <> ''"
}
