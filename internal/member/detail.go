package member

import (
	"context"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/paper"
)

// Detail is a member with everything around it.
type Detail struct {
	Item
	Sex           string // GB/T 2261.1
	BornOn        calendar.Date
	Ethnic        string
	Schooling     string
	Address       string // of the household, if the platform knows it
	Registrations []RegistrationItem
	Contacts      []Contact
	Promises      []Promise
	Reasons       []Reason
	Moves         []Move
	Posts         []string // responsibilities claimed at present
	Papers        []paper.Paper
	Outdated      bool // the certificate in force no longer says what the register says
	History       []audit.Row
}

// Get opens a member in scope, or the actor's own record.
func (s *Service) Get(ctx context.Context, actor authz.Actor, member id.ID) (Detail, error) {
	var d Detail
	err := s.db.View(ctx, func(tx *db.Tx) error {
		var err error
		if d.Item, err = findItem(ctx, tx, seeing(actor), member); err != nil {
			return err
		}
		if err = aboutPerson(ctx, tx, actor.Tenant, &d); err != nil {
			return err
		}
		if d.Registrations, err = registrationsOf(ctx, tx, actor.Tenant, member); err != nil {
			return err
		}
		if d.Posts, err = posts(ctx, tx, actor.Tenant, member); err != nil {
			return err
		}
		if err = s.around(ctx, tx, actor, &d); err != nil {
			return err
		}
		return s.papers(ctx, tx, actor, &d)
	})
	return d, err
}

// around reads contacts, promises, reasons and moves. What the office wrote about contacts and reasons is for those who answer
// for the member and for the member.
func (s *Service) around(ctx context.Context, tx *db.Tx, actor authz.Actor, d *Detail) (err error) {
	if d.Contacts, err = contactsOf(ctx, tx, seeing(actor), d.ID); err != nil {
		return err
	}
	if d.Promises, err = promisesOf(ctx, tx, actor.Tenant, d.ID); err != nil {
		return err
	}
	if d.Reasons, err = reasonsOf(ctx, tx, actor.Tenant, d.ID); err != nil {
		return err
	}
	d.Moves, err = movesOf(ctx, tx, actor.Tenant, d.ID)
	return err
}

// papers reads the member's certificates and the history of the record.
func (s *Service) papers(ctx context.Context, tx *db.Tx, actor authz.Actor, d *Detail) (err error) {
	if d.Papers, err = paper.About(ctx, tx, actor.Tenant, paper.KindCertificate, d.ID); err != nil {
		return err
	}
	if c := inForce(d.Papers); c != nil {
		d.Outdated = c.ContentHash != contentOf(d.Item).hash()
	}
	rows, err := audit.Search(ctx, tx, authz.System(actor.Tenant, "history").Scope(audit.PermRead),
		audit.Filter{SubjectID: d.ID, Page: db.Page{Limit: 100}})
	d.History = rows.Items
	return err
}

func inForce(papers []paper.Paper) *paper.Paper {
	for i := range papers {
		if papers[i].RevokedAt.IsZero() {
			return &papers[i]
		}
	}
	return nil
}

// Certificate is the paper in force, nil if there is none.
func (d Detail) Certificate() *paper.Paper { return inForce(d.Papers) }

func aboutPerson(ctx context.Context, q db.Querier, tenant int64, d *Detail) error {
	_, err := db.One(ctx, q, func(*struct{}) []any { return []any{&d.Sex, &d.BornOn, &d.Ethnic, &d.Schooling, &d.Address} },
		`SELECT p.sex, p.born_on, p.ethnic, p.schooling, coalesce(h.address, '') FROM person p
		 LEFT JOIN household h ON h.tenant_id = p.tenant_id AND h.id = p.household_id WHERE p.tenant_id = $1 AND p.id = $2`, tenant, d.PersonID)
	if errs.KindOf(err) == errs.NotFound {
		return nil
	}
	return err
}

func registrationsOf(ctx context.Context, q db.Querier, tenant int64, member id.ID) ([]RegistrationItem, error) {
	return db.All(ctx, q, (*RegistrationItem).dest, "SELECT "+registrationItem+`r.tenant_id = $1 AND r.member_id = $2 ORDER BY r.id DESC LIMIT 100`,
		tenant, member)
}

// posts names the responsibilities that a member has claimed.
func posts(ctx context.Context, q db.Querier, tenant int64, member id.ID) ([]string, error) {
	return db.Column[string](ctx, q, `SELECT p.name FROM claim c JOIN responsibility p ON p.tenant_id = c.tenant_id AND p.id = c.responsibility_id
		WHERE c.tenant_id = $1 AND c.member_id = $2 AND c.state = 'agreed' ORDER BY p.name`, tenant, member)
}

// content is what a certificate says about its member (MEM-1).
type content struct {
	Name, Kind, Organisation, Community, Since string
}

// contentOf gives what a certificate would say today.
func contentOf(i Item) content {
	c := content{Name: i.Name, Kind: string(i.Kind), Organisation: i.Unit, Community: i.Community, Since: i.Since.String()}
	if c.Organisation == "" {
		c.Organisation = i.Home
	}
	return c
}

// Certificate is a certificate in force with what it says, ready to be printed or shown.
type Certificate struct {
	paper.Paper
	MemberID     id.ID
	PersonID     id.ID
	Kind         Kind
	Name         string
	Organisation string
	Community    string
	Since        calendar.Date
}

// Certifiable says why no certificate can be issued for a member, nil if one can.
func (i Item) Certifiable() error {
	switch {
	case !i.Living():
		return errs.New(errs.Conflict, i18n.MemberEnded, i.EndedOn.String())
	case i.CommunityID == 0:
		return errs.New(errs.Conflict, i18n.CertificateUnregistered, i.Name)
	}
	return nil
}

// Knows says whether the actor sees a living member (PermSee, or themselves) who is this person.
func (s *Service) Knows(ctx context.Context, actor authz.Actor, personID id.ID) (bool, error) {
	a := &db.Args{}
	n, err := db.Value[int64](ctx, s.db, "SELECT count(*) FROM member m WHERE "+seeing(actor).Where(a, owners("m"))+" AND m.ended_on = '' AND m.person_id = "+a.Add(personID), a.Values()...)
	return n > 0, err
}
