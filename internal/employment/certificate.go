package employment

import (
	"context"
	"strconv"
	"strings"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/paper"
	"linli/internal/reference"
	"linli/internal/seal"
)

// Issue issues a certificate to a seeker in a difficulty that entitles to one, who has none that holds (PermManage). It has a code by which everybody can verify it.
func (s *Service) Issue(ctx context.Context, actor authz.Actor, seeker id.ID, n NewCertificate) (id.ID, error) {
	if err := n.check(s.Today()); err != nil {
		return 0, err
	}
	out := id.New()
	return out, s.change(ctx, actor, seeker, func(tx *db.Tx, k Seeker) error {
		if !actor.Scope(PermManage).Covers(k.OrgID) {
			return errs.ErrForbidden
		}
		if err := notOneself(actor, k.PersonID); err != nil {
			return err
		}
		if n.Version != k.Version { // the difficulty may be another than the station saw
			return errs.ErrConflict
		}
		if !k.Difficulty.Entitled() {
			return errs.New(errs.Conflict, i18n.EmployNoCertificate, k.Difficulty.Text())
		}
		a := &db.Args{}
		holds, err := db.Value[int64](ctx, tx, "SELECT count(*) FROM employment_certificate c WHERE c.tenant_id = "+a.Add(actor.Tenant)+" AND c.person_id = "+a.Add(k.PersonID)+" AND c.ended_on = '' AND c.to_on >= "+a.Add(s.Today())+" AND (c.uses_max = 0 OR c.uses < c.uses_max)", a.Values()...)
		switch {
		case err != nil:
			return err
		case holds > 0:
			return errs.New(errs.Conflict, i18n.EmployHasOne)
		}
		numbers, err := paper.NextTx(ctx, tx, actor.Tenant, paper.KindEmployment, calendar.DateOf(tx.Now()).Year(), 1)
		if err != nil {
			return err
		}
		text := strings.Join([]string{k.Name, string(k.Difficulty), codes[Entitlement](n.Entitles).stored(), n.FromOn.String(), n.ToOn.String(), strconv.FormatInt(n.UsesMax, 10)}, "\x1f")
		if _, err := paper.IssueTx(ctx, tx, actor.Tenant, paper.NewPaper{Kind: paper.KindEmployment, SubjectID: out, Number: numbers[0], ContentHash: seal.Hash([]byte(text)), ValidTo: n.ToOn, By: actor.AccountID}); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO employment_certificate (tenant_id, id, seeker_id, person_id, org_id, difficulty, number, entitles, from_on, to_on, uses_max, issued_on, issued_by) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)`,
			actor.Tenant, out, k.ID, k.PersonID, k.OrgID, k.Difficulty, numbers[0], codes[Entitlement](n.Entitles).stored(), n.FromOn, n.ToOn, n.UsesMax, s.Today(), actor.AccountID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, entry("certificate", "certificate", out, k.PersonID, k.OrgID, map[string]any{"number": numbers[0]}))
	})
}

// TakeBack withdraws a certificate with a reason, which who verifies it sees (PermManage).
func (s *Service) TakeBack(ctx context.Context, actor authz.Actor, certificate id.ID, why TakeBack, version int64) error {
	if why.Text().IsZero() {
		return errs.Field("why", i18n.ErrBadChoice)
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		a := &db.Args{}
		c, err := db.One(ctx, tx, (*Certificate).dest, "SELECT "+certificateColumns+actor.Scope(PermManage).Where(a, ofCertificate)+" AND c.id = "+a.Add(certificate), a.Values()...)
		if err != nil {
			return err
		}
		if !c.EndedOn.IsZero() {
			return errs.New(errs.Conflict, i18n.EmployBackAlready)
		}
		if err := tx.Update(ctx, `UPDATE employment_certificate SET ended_on = $1, ending = $2, version = version + 1 WHERE tenant_id = $3 AND id = $4 AND version = $5`, s.Today(), why, actor.Tenant, c.ID, version); err != nil {
			return err
		}
		if err := paper.RevokeTx(ctx, tx, actor.Tenant, paper.KindEmployment, c.ID, why.Text().In(i18n.ZH)); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, entry("take_back", "certificate", c.ID, c.PersonID, c.OrgID, map[string]any{"reason": why}))
	})
}

// Certificate gives a certificate with its uses (PermManage, or its holder). For the station it is a look.
func (s *Service) Certificate(ctx context.Context, actor authz.Actor, certificate id.ID) (c Certificate, err error) {
	err = s.db.WithTx(ctx, func(tx *db.Tx) error {
		a := &db.Args{}
		if c, err = db.One(ctx, tx, (*Certificate).dest, "SELECT "+certificateColumns+"c.tenant_id = "+a.Add(actor.Tenant)+" AND c.id = "+a.Add(certificate)+" AND ("+actor.Scope(PermManage).Where(a, ofCertificate)+" OR "+theirs(a, actor, "c")+")", a.Values()...); err != nil {
			return err
		}
		if c.Used, err = db.All(ctx, tx, func(u *Usage) []any { return []any{&u.ID, &u.Unit, &u.Entitlement, &u.note, &u.On} }, "SELECT y.id, "+reference.Label("u")+`, y.entitlement, y.note, y.used_on FROM employment_use y
			LEFT JOIN organisation u ON u.tenant_id = y.tenant_id AND u.id = y.unit_id WHERE y.tenant_id = $1 AND y.certificate_id = $2 ORDER BY y.used_on DESC, y.id DESC LIMIT $3`, actor.Tenant, c.ID, int64(most)); err != nil {
			return err
		}
		for i := range c.Used {
			if c.Used[i].Note, err = s.ring.Open("employment_use", "note", c.Used[i].ID, c.Used[i].note); err != nil {
				return err
			}
		}
		if !actor.Scope(PermManage).Covers(c.OrgID) {
			return nil // their own
		}
		e := entry("certificate_read", "certificate", c.ID, c.PersonID, c.OrgID, nil)
		e.Purpose = Purpose
		return audit.Record(ctx, tx, actor, e)
	})
	return c, err
}

// CertificateFilter narrows the list of certificates.
type CertificateFilter struct {
	State      CertificateState
	Difficulty Difficulty
	Year       int // issued in
	Used       int // used in that year
	OrgID      id.ID
	Text       string // part of the name, or the number
	Page       db.Page
}

// Certificates lists certificates of stations in scope, the newest first (PermManage). Each is recorded as a look.
func (s *Service) Certificates(ctx context.Context, actor authz.Actor, f CertificateFilter) (out db.List[Certificate], err error) {
	if !actor.Can(PermManage) {
		return out, errs.ErrForbidden
	}
	a := &db.Args{}
	where := actor.Scope(PermManage).Where(a, ofCertificate)
	if f.State != "" {
		where += " AND " + certified(a, f.State, s.Today())
	}
	if f.Difficulty != "" {
		where += " AND c.difficulty = " + a.Add(f.Difficulty)
	}
	if f.Year != 0 {
		where += " AND c.issued_on >= " + a.Add(calendar.On(f.Year, 1, 1)) + " AND c.issued_on <= " + a.Add(calendar.On(f.Year, 12, 31))
	}
	if f.Used != 0 {
		where += " AND EXISTS (SELECT 1 FROM employment_use y WHERE y.tenant_id = c.tenant_id AND y.certificate_id = c.id AND y.used_on >= " + a.Add(calendar.On(f.Used, 1, 1)) + " AND y.used_on <= " + a.Add(calendar.On(f.Used, 12, 31)) + ")"
	}
	if f.OrgID != 0 {
		where += " AND c.org_id = " + a.Add(f.OrgID)
	}
	if gram.Key(f.Text) != "" {
		where += " AND (r.name_key LIKE " + a.Add(gram.Query(f.Text).Like()) + " ESCAPE '!' OR c.number = " + a.Add(strings.TrimSpace(f.Text)) + ")"
	}
	keys, tail := a.Keyset(f.Page, db.Order{IDColumn: "c.id", Desc: true})
	rows, err := db.All(ctx, s.db, (*Certificate).dest, "SELECT "+certificateColumns+where+keys+tail, a.Values()...)
	if err != nil {
		return out, err
	}
	out = db.Cut(rows, f.Page, func(c Certificate) db.Cursor { return db.Cursor{ID: c.ID} })
	return out, looked(ctx, s.db, actor, "certificates", "certificate", out.Items, func(c Certificate) (subject, person, org id.ID) { return c.ID, c.PersonID, c.OrgID })
}

// byCode finds a certificate by its code as somebody typed it.
func byCode(ctx context.Context, q db.Querier, tenant int64, typed string) (Certificate, error) {
	of, p, err := paper.Find(ctx, q, typed)
	if errs.KindOf(err) == errs.NotFound || err == nil && (of != tenant || p.Kind != paper.KindEmployment) {
		return Certificate{}, errs.Field("code", i18n.PaperUnknown)
	}
	if err != nil {
		return Certificate{}, err
	}
	return db.One(ctx, q, (*Certificate).dest, "SELECT "+certificateColumns+"c.tenant_id = $1 AND c.id = $2", tenant, p.SubjectID)
}

// Presented gives a certificate that somebody shows at a unit or the station, by its code; the name is masked (PermUnit, PermManage). Who has the code has the paper. It is a look
// that the holder sees.
func (s *Service) Presented(ctx context.Context, actor authz.Actor, typed string) (Certificate, error) {
	if !actor.Can(PermUnit) && !actor.Can(PermManage) {
		return Certificate{}, errs.ErrForbidden
	}
	var c Certificate
	err := s.db.WithTx(ctx, func(tx *db.Tx) (err error) {
		if c, err = byCode(ctx, tx, actor.Tenant, typed); err != nil {
			return err
		}
		person := c.PersonID
		c.Name, c.PersonID = code.MaskName(c.Name), 0
		if !actor.Scope(PermManage).Covers(c.OrgID) {
			c.Difficulty = "" // why somebody finds it hard is no matter of a unit
		}
		if person == 0 {
			return nil
		}
		e := entry("presented", "certificate", c.ID, person, c.OrgID, nil)
		e.Purpose = Purpose
		return audit.Record(ctx, tx, actor, e)
	})
	return c, err
}

// Use enters a use of a certificate by its code: at the actor's own unit (PermUnit), or at a unit for which the station enters it (PermManage). Of two that take the last use at once,
// one has it; a form that is sent twice counts once (version).
func (s *Service) Use(ctx context.Context, actor authz.Actor, typed string, n NewUse, version int64) (left int64, err error) {
	if err := n.check(s.Today()); err != nil {
		return 0, err
	}
	if !actor.Can(PermUnit) && !actor.Can(PermManage) {
		return 0, errs.ErrForbidden
	}
	err = s.db.WithTx(ctx, func(tx *db.Tx) error {
		if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, n.UnitID); err != nil {
			return err
		}
		c, err := byCode(ctx, tx, actor.Tenant, typed)
		if err != nil {
			return err
		}
		if !actor.Scope(PermUnit).Covers(n.UnitID) && !actor.Scope(PermManage).Covers(c.OrgID) {
			return errs.Field("unit", i18n.EmployNotYourUnit)
		}
		if err := notOneself(actor, c.PersonID); err != nil {
			return err
		}
		if err := c.takes(n); err != nil {
			return err
		}
		if err := tx.Update(ctx, `UPDATE employment_certificate SET uses = uses + 1, version = version + 1 WHERE tenant_id = $1 AND id = $2 AND version = $3 AND ended_on = '' AND (uses_max = 0 OR uses < uses_max)`, actor.Tenant, c.ID, version); err != nil {
			return err
		}
		if left = -1; c.UsesMax > 0 {
			left = c.UsesMax - c.Uses - 1
		}
		out := id.New()
		if _, err := tx.Exec(ctx, `INSERT INTO employment_use (tenant_id, id, certificate_id, org_id, unit_id, entitlement, note, used_on, account_id, created_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`,
			actor.Tenant, out, c.ID, c.OrgID, n.UnitID, n.Entitlement, s.ring.Seal("employment_use", "note", out, n.Note), n.On, actor.AccountID, db.Micros(tx.Now())); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, entry("use", "certificate", c.ID, c.PersonID, c.OrgID, map[string]any{"unit": n.UnitID.String(), "entitlement": n.Entitlement}))
	})
	return left, err
}

// Check gives what whoever holds the paper may know of a certificate: the name is masked. It needs no permission.
func (s *Service) Check(ctx context.Context, tenant int64, p paper.Paper) (Certificate, error) {
	c, err := db.One(ctx, s.db, (*Certificate).dest, "SELECT "+certificateColumns+"c.tenant_id = $1 AND c.id = $2", tenant, p.SubjectID)
	c.Name, c.PersonID = code.MaskName(c.Name), 0
	return c, err
}
