package member

import (
	"context"
	"strings"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/paper"
	"linli/internal/seal"
)

// hash is the digest of what a certificate says; fields are kept apart by a character that stands in none.
func (c content) hash() string {
	return seal.Hash([]byte(strings.Join([]string{c.Name, c.Kind, c.Organisation, c.Community, c.Since}, "\x1f")))
}

// maxBatch is how many certificates are issued or printed at once.
const maxBatch = 500

// IssueCertificates issues certificates for members of a community in scope (PermCertificate), all or none. A member whose
// certificate in force still says what the register says keeps it; one that is out of date is revoked and issued anew under a
// new number. It gives how many were issued.
func (s *Service) IssueCertificates(ctx context.Context, actor authz.Actor, members ...id.ID) (int, error) {
	if len(members) == 0 || len(members) > maxBatch {
		return 0, errs.New(errs.Invalid, i18n.CertificateBatch, maxBatch)
	}
	issued := 0
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		issued = 0
		for _, m := range members {
			fresh, err := s.issue(ctx, tx, actor, m)
			if err != nil {
				return err
			}
			if fresh {
				issued++
			}
		}
		return nil
	})
	return issued, err
}

func (s *Service) issue(ctx context.Context, tx *db.Tx, actor authz.Actor, member id.ID) (bool, error) {
	i, err := certifying(ctx, tx, actor, member)
	if err != nil {
		return false, err
	}
	if err := i.Certifiable(); err != nil {
		return false, err
	}
	old, err := paper.About(ctx, tx, actor.Tenant, paper.KindCertificate, member)
	if err != nil {
		return false, err
	}
	hash := contentOf(i).hash()
	if c := inForce(old); c != nil {
		if c.ContentHash == hash {
			return false, nil
		}
		if err := revokeCertificates(ctx, tx, actor.Tenant, member, i18n.CertificateRenewed.In(i18n.ZH)); err != nil {
			return false, err
		}
	}
	return true, s.write(ctx, tx, actor, i, hash)
}

// certifying reads a member for whose community the actor issues certificates; the unit does not.
func certifying(ctx context.Context, tx *db.Tx, actor authz.Actor, member id.ID) (Item, error) {
	scope := actor.Scope(PermCertificate)
	i, err := findItem(ctx, tx, scope, member)
	if err == nil && i.CommunityID != 0 {
		err = scope.Require(i.CommunityID)
	}
	return i, err
}

func (s *Service) write(ctx context.Context, tx *db.Tx, actor authz.Actor, i Item, hash string) error {
	numbers, err := paper.NextTx(ctx, tx, actor.Tenant, paper.KindCertificate, calendar.DateOf(tx.Now()).Year(), 1)
	if err != nil {
		return err
	}
	p, err := paper.IssueTx(ctx, tx, actor.Tenant, paper.NewPaper{Kind: paper.KindCertificate, SubjectID: i.ID, Number: numbers[0],
		ContentHash: hash, By: actor.AccountID})
	if err != nil {
		return err
	}
	return record(ctx, tx, actor, PermCertificate, "certificate.issue", i.Member, map[string]any{"number": p.Number})
}

// Reissue takes the certificate out of force, with the reason (lost, damaged), and issues a new one.
func (s *Service) Reissue(ctx context.Context, actor authz.Actor, member id.ID, reason string) error {
	reason = clean(reason)
	if err := need(nil, "reason", reason, maxReason).OrNil(); err != nil {
		return err
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		i, err := certifying(ctx, tx, actor, member)
		if err != nil {
			return err
		}
		if err := i.Certifiable(); err != nil {
			return err
		}
		if err := revokeCertificates(ctx, tx, actor.Tenant, member, reason); err != nil {
			return err
		}
		return s.write(ctx, tx, actor, i, contentOf(i).hash())
	})
}

// RevokeCertificate takes the certificate out of force with the reason; verification then shows it.
func (s *Service) RevokeCertificate(ctx context.Context, actor authz.Actor, member id.ID, reason string) error {
	reason = clean(reason)
	if err := need(nil, "reason", reason, maxReason).OrNil(); err != nil {
		return err
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		i, err := certifying(ctx, tx, actor, member)
		if err != nil {
			return err
		}
		old, err := paper.About(ctx, tx, actor.Tenant, paper.KindCertificate, member)
		if err != nil {
			return err
		}
		if inForce(old) == nil {
			return errs.New(errs.Conflict, i18n.CertificateNone, i.Name)
		}
		if err := revokeCertificates(ctx, tx, actor.Tenant, member, reason); err != nil {
			return err
		}
		return record(ctx, tx, actor, PermCertificate, "certificate.revoke", i.Member, map[string]any{"reason": reason})
	})
}

// Certificates gives the certificates in force of members in scope, for printing or showing; one's own too. Members without one,
// or whose certificate is out of date, are refused by name: issue first.
func (s *Service) Certificates(ctx context.Context, actor authz.Actor, members ...id.ID) ([]Certificate, error) {
	if len(members) == 0 || len(members) > maxBatch {
		return nil, errs.New(errs.Invalid, i18n.CertificateBatch, maxBatch)
	}
	var out []Certificate
	err := s.db.View(ctx, func(tx *db.Tx) error {
		for _, m := range members {
			c, err := certificateOf(ctx, tx, actor, m)
			if err != nil {
				return err
			}
			out = append(out, c)
		}
		return nil
	})
	return out, err
}

func certificateOf(ctx context.Context, tx *db.Tx, actor authz.Actor, member id.ID) (Certificate, error) {
	i, err := findItem(ctx, tx, seeing(actor), member)
	if err != nil {
		return Certificate{}, err
	}
	all, err := paper.About(ctx, tx, actor.Tenant, paper.KindCertificate, member)
	if err != nil {
		return Certificate{}, err
	}
	p, says := inForce(all), contentOf(i)
	switch {
	case p == nil:
		return Certificate{}, errs.New(errs.Conflict, i18n.CertificateNone, i.Name)
	case p.ContentHash != says.hash():
		return Certificate{}, errs.New(errs.Conflict, i18n.CertificateOutdated, i.Name)
	}
	return Certificate{Paper: *p, MemberID: i.ID, PersonID: i.PersonID, Kind: i.Kind, Name: i.Name, Organisation: says.Organisation,
		Community: i.Community, Since: i.Since}, nil
}

// Printable is what would be printed on a member's certificate.
type Printable struct{ Name, Organisation, Community string }

// Text is all of it in a row, to be looked through for characters that no font has.
func (p Printable) Text() string { return p.Name + p.Organisation + p.Community }

// Names gives what would be printed on the certificates of members in sight, so that characters that cannot be printed are found
// before anything is issued.
func (s *Service) Names(ctx context.Context, actor authz.Actor, members ...id.ID) (map[id.ID]Printable, error) {
	a := &db.Args{}
	rows, err := db.All(ctx, s.db, (*Item).dest, "SELECT "+itemColumns+itemJoins+" WHERE "+seeing(actor).Where(a, owners("m"))+" AND "+
		db.In(a, "m.id", members), a.Values()...)
	out := make(map[id.ID]Printable, len(rows))
	for _, i := range rows {
		says := contentOf(i)
		out[i.ID] = Printable{says.Name, says.Organisation, says.Community}
	}
	return out, err
}
