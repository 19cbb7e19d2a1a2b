package person

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
)

// The sealed fields that Reveal opens.
const (
	FieldIDNumber = "id_number"
	FieldPhone    = "phone"
)

// FieldAccount stands in the record of looks for the linking of somebody's own account with their record, which opens it to that account.
const FieldAccount = "account"

// Reveal opens one sealed field of a person for a registered purpose that covers it (PermReveal), and records who, in which
// role, why, where the person can read it. reason is optional: a few words of the actor's own.
func (s *Service) Reveal(ctx context.Context, actor authz.Actor, personID id.ID, field, purpose, reason string) (string, error) {
	if purpose == "" {
		return "", errs.Field("purpose", i18n.ErrPurposeNeeded)
	}
	if n := utf8.RuneCountInString(reason); n > 200 {
		return "", errs.Field("reason", i18n.ErrTooLong, 200, n)
	}
	var plain string
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		p, err := findStored(ctx, tx, actor.Scope(PermReveal), personID)
		if err != nil {
			return err
		}
		if err := covered(ctx, tx, actor.Tenant, purpose, field); err != nil {
			return err
		}
		if plain, err = s.open(p, field); err != nil {
			return err
		}
		detail := map[string]any{"field": field}
		if reason = strings.TrimSpace(reason); reason != "" {
			detail["reason"] = reason
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: string(PermReveal), SubjectKind: "person", SubjectID: personID,
			PersonID: personID, OrgID: p.CommunityID, Purpose: purpose, Detail: detail})
	})
	return plain, err
}

// Covered is an error under "purpose" unless a registered purpose covers a sealed field. It is for packages that open a field of their own.
func (s *Service) Covered(ctx context.Context, q db.Querier, tenant int64, purpose, field string) error {
	return covered(ctx, q, tenant, purpose, field)
}

func covered(ctx context.Context, q db.Querier, tenant int64, purpose, field string) error {
	all, err := register(ctx, q, tenant)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(p Purpose) bool { return p.Code == purpose })
	switch {
	case i < 0:
		return errs.Field("purpose", i18n.ErrBadChoice)
	case !all[i].Covers(field):
		return errs.Field("purpose", i18n.PersonPurposeField)
	}
	return nil
}

func (s *Service) open(p *stored, field string) (plain string, err error) {
	switch field {
	case FieldIDNumber:
		plain, err = s.ring.Open("person", "id_number", p.ID, p.idSealed)
	case FieldPhone:
		plain, err = s.ring.Open("person", "phone", p.ID, p.phoneSealed)
	default:
		return "", errs.ErrNotFound
	}
	if err == nil && plain == "" {
		return "", errs.Field("field", i18n.PersonNothingThere)
	}
	return plain, err
}

// OpenTx opens a sealed field inside the transaction of another service that records the look itself, with purpose, through
// audit.Record (a certificate that prints the number, a message that is sent). scope must name where it may be done.
func (s *Service) OpenTx(ctx context.Context, tx *db.Tx, scope authz.Scope, personID id.ID, field string) (string, error) {
	p, err := findStored(ctx, tx, scope, personID)
	if err != nil {
		return "", err
	}
	return s.open(p, field)
}

// Opened records that the actor opened somebody's page, once for each day, so that the person can see it. One's own page is
// not recorded.
func (s *Service) Opened(ctx context.Context, actor authz.Actor, p Person) error {
	if actor.PersonID == p.ID || actor.IsSystem() {
		return nil
	}
	day := calendar.DateOf(s.db.Now())
	l := seenLook{actor.Tenant, actor.AccountID, p.ID}
	if s.looked.has(day, l) {
		return nil
	}
	today := day.Time()
	seen, err := db.Value[int64](ctx, s.db, `SELECT id FROM audit_entry WHERE tenant_id = $1 AND person_id = $2 AND person_id <> 0 AND id >= $3
		AND account_id = $4 AND action = $5 LIMIT 1`, actor.Tenant, p.ID, id.At(today), actor.AccountID, string(PermSee))
	if err == nil && seen == 0 {
		err = s.db.WithTx(ctx, func(tx *db.Tx) error {
			if err := reference.Require(ctx, tx, actor.Tenant, reference.Person, p.ID); err != nil {
				return err
			}
			if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, p.CommunityID); err != nil {
				return err
			}
			return audit.Record(ctx, tx, actor, audit.Entry{Action: string(PermSee), SubjectKind: "person", SubjectID: p.ID, PersonID: p.ID,
				OrgID: p.CommunityID, Purpose: PurposeView})
		})
	}
	if err == nil {
		s.looked.add(day, l)
	}
	return err
}

// seenLook is an account's first look of the day at a person's page.
type seenLook struct {
	tenant  int64
	account id.ID
	person  id.ID
}

// looked remembers the looks of a day that are recorded, so that looking again does not ask the audit record again.
type looked struct {
	mu  sync.Mutex
	day calendar.Date
	all map[seenLook]bool
}

// maxLooked bounds what is remembered; what is forgotten is asked again.
const maxLooked = 20_000

func (m *looked) has(day calendar.Date, l seenLook) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.day == day && m.all[l]
}

func (m *looked) add(day calendar.Date, l seenLook) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.day != day || m.all == nil || len(m.all) >= maxLooked {
		m.day, m.all = day, map[seenLook]bool{}
	}
	m.all[l] = true
}

// Look is one time that somebody looked at a person's data.
type Look struct {
	ID      id.ID
	At      time.Time
	Who     string
	Role    string // code of the role
	Field   string // FieldIDNumber, FieldPhone, "" for the masked page
	Purpose string // as the register names it
	Reason  string
}

// Looks says who looked at a person's data, in which role and why, newest first: for the person (PermLooksOwn) or, at the
// counter, for somebody in scope (PermLooks).
func (s *Service) Looks(ctx context.Context, actor authz.Actor, personID id.ID, page db.Page) (Person, db.List[Look], error) {
	p, err := find(ctx, s.db, actor.Scope(PermLooks).Or(actor.Scope(PermLooksOwn)), personID)
	if err != nil {
		return p, db.List[Look]{}, err
	}
	purposes, err := register(ctx, s.db, actor.Tenant)
	if err != nil {
		return p, db.List[Look]{}, err
	}
	// Looks from before a move belong to the former community: the person is entitled to all of them.
	all := authz.System(actor.Tenant, actor.Name).Scope(PermLooks)
	rows, err := audit.Search(ctx, s.db, all, audit.Filter{PersonID: personID, Looks: true, Page: page})
	list := db.List[Look]{Next: rows.Next, Prev: rows.Prev}
	for _, r := range rows.Items {
		list.Items = append(list.Items, look(r, purposes, i18n.From(ctx)))
	}
	return p, list, err
}

func look(r audit.Row, purposes []Purpose, lang i18n.Lang) Look {
	l := Look{ID: r.ID, At: r.At, Who: r.ActorName, Role: r.ActorRole, Purpose: r.Purpose}
	for _, p := range purposes {
		if p.Code == r.Purpose {
			l.Purpose = p.Text().In(lang)
		}
	}
	var detail struct{ Field, Reason string }
	if r.Detail != "" {
		_ = json.Unmarshal([]byte(r.Detail), &detail) // other packages write details of their own shape
	}
	l.Field, l.Reason = detail.Field, detail.Reason
	return l
}

// historyLength is how many entries of a person's history a page shows.
const historyLength = 100

// History gives the latest changes of a person's record, newest first, without the looks at it.
func (s *Service) History(ctx context.Context, actor authz.Actor, personID id.ID) ([]audit.Row, error) {
	if _, err := find(ctx, s.db, seeScope(actor), personID); err != nil {
		return nil, err
	}
	// Changes from before a move stand in the former community.
	all := authz.System(actor.Tenant, actor.Name).Scope(PermSee)
	rows, err := audit.Search(ctx, s.db, all, audit.Filter{SubjectID: personID, Page: db.Page{Limit: historyLength}})
	return slices.DeleteFunc(rows.Items, func(r audit.Row) bool { return r.Purpose != "" }), err
}
