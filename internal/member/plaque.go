package member

import (
	"context"
	"crypto/rand"
	"strconv"
	"strings"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
)

// plaqueLetters are those that nobody mistakes for one another.
const plaqueLetters = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

// newPlaqueNo makes the number of a plaque: not in a row, so that nobody goes through the members by counting.
func newPlaqueNo() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	for i := range b {
		b[i] = plaqueLetters[int(b[i])%len(plaqueLetters)]
	}
	return string(b[:])
}

// SetPlaque changes the plaque of a member of a community: the motto, and whether the public may see it. Only the member says
// that it is shown (PermPlaqueOwn); the community may write the motto and take it down (PermContact). The number is given by the
// program at the first time.
func (s *Service) SetPlaque(ctx context.Context, actor authz.Actor, member id.ID, motto string, shown bool, version int64) error {
	motto = clean(motto)
	own := actor.Scope(PermPlaqueOwn)
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		m, err := find(ctx, tx, own.Or(actor.Scope(PermContact)), member)
		if err != nil {
			return err
		}
		if !m.Living() || m.CommunityID == 0 {
			return errs.New(errs.Conflict, i18n.PlaqueUnregistered)
		}
		if err := limit(nil, "motto", motto, 60).OrNil(); err != nil {
			return err
		}
		if shown && !m.PlaqueShown && !own.CoversPerson(m.PersonID) {
			return errs.New(errs.Forbidden, i18n.PlaqueConsent)
		}
		if m.PlaqueNo == "" {
			m.PlaqueNo = newPlaqueNo()
		}
		if version != 0 {
			m.Version = version
		}
		m.PlaqueMotto, m.PlaqueShown = motto, shown
		if err := save(ctx, tx, actor.Tenant, m); err != nil {
			return err
		}
		return record(ctx, tx, actor, PermPlaqueOwn, "plaque.set", m, map[string]any{"shown": shown})
	})
}

// Plaque is what the public sees of a member who shows identity in the community (MEM-2): nothing that is sealed.
type Plaque struct {
	Name, Motto, Community string
	Kind                   Kind
	Posts                  []string
}

// PublicPlaque gives the plaque with an address such as 320902-K7QF2M8P, while its member shows it. It needs no log-in.
func (s *Service) PublicPlaque(ctx context.Context, address string) (Plaque, error) {
	head, no, _ := strings.Cut(strings.ToUpper(strings.TrimSpace(address)), "-")
	tenant, err := strconv.ParseInt(head, 10, 64)
	if err != nil || tenant <= 0 || len(no) != 8 {
		return Plaque{}, errs.ErrNotFound
	}
	var p Plaque
	err = s.db.View(ctx, func(tx *db.Tx) error {
		var member id.ID
		if _, err := db.One(ctx, tx, func(*struct{}) []any { return []any{&member, &p.Name, &p.Motto, &p.Kind, &p.Community} },
			`SELECT m.id, m.name, m.plaque_motto, m.kind, `+reference.Label("co")+` FROM member m
			 LEFT JOIN organisation co ON co.tenant_id = m.tenant_id AND co.id = m.community_id
			 WHERE m.tenant_id = $1 AND m.plaque_no = $2 AND m.plaque_no <> '' AND m.plaque_shown AND m.ended_on = '' AND m.community_id <> 0`,
			tenant, no); err != nil {
			return err
		}
		p.Posts, err = posts(ctx, tx, tenant, member)
		return err
	})
	return p, err
}

// PlaqueAddress is the last part of the public address of a plaque, "" without a number.
func (m Member) PlaqueAddress(tenant int64) string {
	if m.PlaqueNo == "" {
		return ""
	}
	return strconv.FormatInt(tenant, 10) + "-" + m.PlaqueNo
}
