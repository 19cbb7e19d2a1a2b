package technician

import (
	"context"
	"time"

	"linli/internal/attach"
	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/notice"
	"linli/internal/reference"
	"linli/internal/seal"
)

// Cases are what jobs are for. The acts are those of the package that keeps them.
type Cases interface {
	JobTx(ctx context.Context, tx *db.Tx, actor authz.Actor, perm authz.Permission, c id.ID, act, said string, open bool) error
	FinishJobTx(ctx context.Context, tx *db.Tx, actor authz.Actor, perm authz.Permission, c id.ID, outcome, said, address string) error
	// JobWords opens what who has taken a case needs to read.
	JobWords(ctx context.Context, q db.Querier, tenant int64, c id.ID) (body, place, when, result string, err error)
	// NumberTx tells whom to call, and records it.
	NumberTx(ctx context.Context, tx *db.Tx, actor authz.Actor, perm authz.Permission, c id.ID) (name, phone string, err error)
	// SignedOff says whether a code is the one by which the resident confirms.
	SignedOff(c id.ID, nth int64, typed string) bool
}

// Service keeps technicians and their jobs.
type Service struct {
	db    *db.DB
	ring  *seal.Ring
	cases Cases
	files *attach.Store

	notices *notice.Service // nil where nobody is told
}

// New makes the service.
func New(d *db.DB, ring *seal.Ring, c Cases) *Service { return &Service{db: d, ring: ring, cases: c} }

// WithFiles connects the store of files. The composition root calls it once.
func (s *Service) WithFiles(files *attach.Store) *Service {
	s.files = files
	return s
}

// Now is the instant by which somebody is on duty.
func (s *Service) Now() time.Time { return s.db.Now() }

// The groups of the list.
const (
	ShowDuty     = "duty"
	ShowOff      = "off"
	ShowExpiring = "expiring"
	ShowEnded    = "ended"
)

// Shows lists the groups.
func Shows() []string { return []string{ShowDuty, ShowOff, ShowExpiring, ShowEnded} }

// Filter narrows the list of technicians; zero fields do not filter.
type Filter struct {
	Show  string
	Class string // "<list>:<class>": who can do something of it
	Area  id.ID  // who goes to this community
	Text  string
	Page  db.Page
}

func (s *Service) where(ctx context.Context, a *db.Args, actor authz.Actor, f Filter) (string, error) {
	w := actor.Scope(PermSee).Where(a, belongs)
	ended := false
	switch f.Show {
	case ShowDuty:
		w += " AND " + onDuty(a, s.db.Now())
	case ShowOff:
		w += " AND NOT " + onDuty(a, s.db.Now())
	case ShowExpiring:
		until, err := s.expiring(ctx, actor.Tenant)
		if err != nil {
			return "", err
		}
		w += " AND EXISTS (SELECT 1 FROM technician_certificate z WHERE z.tenant_id = t.tenant_id AND z.technician_id = t.id AND z.removed_at = 0 AND z.valid_until <= " + a.Add(until) + ")"
	case ShowEnded:
		ended = true
	}
	if ended {
		w += " AND t.ended_on <> ''"
	} else {
		w += " AND t.ended_on = ''"
	}
	if f.Class != "" {
		w += " AND EXISTS (SELECT 1 FROM technician_skill s WHERE s.tenant_id = t.tenant_id AND s.technician_id = t.id AND s.class_code = " + a.Add(f.Class) + ")"
	}
	if f.Area != 0 {
		w += " AND EXISTS (SELECT 1 FROM technician_area r JOIN organisation y ON y.tenant_id = r.tenant_id AND y.id = r.org_id JOIN organisation x ON x.tenant_id = r.tenant_id AND x.id = " + a.Add(f.Area) +
			" WHERE r.tenant_id = t.tenant_id AND r.technician_id = t.id AND substr(x.path, 1, length(y.path)) = y.path)"
	}
	if gram.Key(f.Text) != "" {
		w += " AND t.search_key LIKE " + a.Add(gram.Query(f.Text).Like()) + " ESCAPE '!'"
	}
	return w, nil
}

// expiring is the day up to which a certificate that ends is brought to mind.
func (s *Service) expiring(ctx context.Context, tenant int64) (calendar.Date, error) {
	day := today(s.db.Now())
	n, err := CertificateDays.On(ctx, s.db, tenant, day)
	return day.AddDays(int(n)), err
}

// List gives the technicians of organisations in scope (PermSee), by name. Phones are not part of it.
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter) (db.List[Technician], error) {
	a := &db.Args{}
	columns := s.columns(a, s.db.Now())
	where, err := s.where(ctx, a, actor, f)
	if err != nil {
		return db.List[Technician]{}, err
	}
	page, tail := a.Keyset(f.Page, db.Order{Column: "t.search_key", IDColumn: "t.id"})
	rows, err := db.All(ctx, s.db, (*Technician).dest, "SELECT "+columns+where+page+tail, a.Values()...)
	if err != nil {
		return db.List[Technician]{}, err
	}
	list := db.Cut(rows, f.Page, func(t Technician) db.Cursor { return db.Cursor{Key: t.key, ID: t.ID} })
	return list, parts(ctx, s.db, actor.Tenant, list.Items)
}

// Get gives a technician with skills, area, shifts and certificates (PermSee).
func (s *Service) Get(ctx context.Context, actor authz.Actor, technician id.ID) (Technician, error) {
	var out Technician
	return out, s.db.View(ctx, func(tx *db.Tx) error {
		t, err := s.find(ctx, tx, tx.Now(), actor.Scope(PermSee), technician)
		if err != nil {
			return err
		}
		one := []Technician{t}
		if err := parts(ctx, tx, actor.Tenant, one); err != nil {
			return err
		}
		out = one[0]
		return times(ctx, tx, actor.Tenant, &out, today(tx.Now()).AddDays(-1))
	})
}

// judge checks what was entered against the catalogue, the organisations and the accounts, and gives the account.
func (s *Service) judge(ctx context.Context, tx *db.Tx, actor authz.Actor, was Technician, n *Entry) (id.ID, error) {
	scope := actor.Scope(PermKeep)
	if err := scope.Require(n.OrgID); err != nil {
		return 0, err
	}
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, append(n.Areas, n.OrgID)...); err != nil {
		return 0, err
	}
	for _, o := range n.Areas {
		if !scope.Covers(o) {
			return 0, errs.Field("areas", i18n.TechnicianAreaOutside)
		}
	}
	for i, k := range n.Skills {
		if k.ItemID == 0 {
			if there, err := classThere(ctx, tx, actor.Tenant, k.Class); err != nil {
				return 0, err
			} else if !there {
				return 0, errs.Field("skills", i18n.ErrBadChoice)
			}
			continue
		}
		class, err := classOfItem(ctx, tx, actor.Tenant, k.ItemID)
		if err != nil {
			return 0, err
		}
		if class == "" {
			return 0, errs.Field("skills", i18n.ErrBadChoice)
		}
		n.Skills[i].Class = class
	}
	n.Skills = tidySkills(n.Skills)
	switch n.Login {
	case "":
		return 0, nil
	case was.Login:
		return was.AccountID, nil
	}
	account, err := accountOf(ctx, tx, scope, n.Login, today(tx.Now()))
	if err == nil && account == 0 {
		err = errs.Field("login", i18n.TechnicianNoAccount)
	}
	return account, err
}

// taken turns the refusal of a second technician for one account into words.
func accountTaken(err error) error {
	if db.IsUnique(err) {
		return errs.Field("login", i18n.TechnicianAccountTaken)
	}
	return err
}

// Create enters a technician (PermKeep at their organisation and where they go).
func (s *Service) Create(ctx context.Context, actor authz.Actor, in Entry) (id.ID, error) {
	if err := in.check(); err != nil {
		return 0, err
	}
	t := id.New()
	return t, accountTaken(s.db.WithTx(ctx, func(tx *db.Tx) error {
		account, err := s.judge(ctx, tx, actor, Technician{}, &in)
		if err != nil {
			return err
		}
		if err := s.insert(ctx, tx, actor.Tenant, t, account, in); err != nil {
			return err
		}
		if err := writeParts(ctx, tx, actor.Tenant, t, in); err != nil {
			return err
		}
		return record(ctx, tx, actor, "create", t, in.OrgID, map[string]any{"name": in.Name, "account": account})
	}))
}

// Edit changes a technician (PermKeep).
func (s *Service) Edit(ctx context.Context, actor authz.Actor, technician id.ID, in Entry) error {
	if err := in.check(); err != nil {
		return err
	}
	return accountTaken(s.kept(ctx, actor, technician, func(tx *db.Tx, t Technician) error {
		if !t.Active() {
			return errs.New(errs.Conflict, i18n.TechnicianEnded, t.Name)
		}
		account, err := s.judge(ctx, tx, actor, t, &in)
		if err != nil {
			return err
		}
		var detail map[string]any
		if account != t.AccountID {
			if t.AccountID != 0 && t.Open > 0 { // the words of the cases would go to somebody else
				return errs.New(errs.Conflict, i18n.TechnicianBusy, t.Name, t.Open)
			}
			detail = map[string]any{"account": account, "was": t.AccountID}
		}
		if err := s.update(ctx, tx, actor.Tenant, t.ID, account, in); err != nil {
			return err
		}
		if err := writeParts(ctx, tx, actor.Tenant, t.ID, in); err != nil {
			return err
		}
		return record(ctx, tx, actor, "edit", t.ID, in.OrgID, detail)
	}))
}

// kept finds a technician whom the actor keeps and does something to them in one transaction.
func (s *Service) kept(ctx context.Context, actor authz.Actor, technician id.ID, do func(*db.Tx, Technician) error) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		t, err := s.find(ctx, tx, tx.Now(), actor.Scope(PermKeep), technician)
		if err != nil {
			return err
		}
		return do(tx, t)
	})
}

func record(ctx context.Context, tx *db.Tx, actor authz.Actor, act string, t, org id.ID, detail map[string]any) error {
	return audit.Record(ctx, tx, actor, audit.Entry{Action: "technician." + act, Permission: PermKeep, SubjectKind: "technician", SubjectID: t, OrgID: org, Detail: detail})
}

// End ends the service of a technician who has nothing open (PermKeep). What was offered to them is taken back, and their number goes.
func (s *Service) End(ctx context.Context, actor authz.Actor, technician id.ID, version int64) error {
	return s.kept(ctx, actor, technician, func(tx *db.Tx, t Technician) error {
		switch {
		case !t.Active():
			return errs.New(errs.Conflict, i18n.TechnicianEnded, t.Name)
		case t.Open > 0:
			return errs.New(errs.Conflict, i18n.TechnicianBusy, t.Name, t.Open)
		}
		if err := tx.Update(ctx, `UPDATE technician SET ended_on = $1, phone = NULL, updated_at = $2, version = version + 1 WHERE tenant_id = $3 AND id = $4 AND version = $5`,
			today(tx.Now()), db.Micros(tx.Now()), actor.Tenant, t.ID, version); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE technician_job SET state = 'withdrawn', ended_at = $1, version = version + 1 WHERE tenant_id = $2 AND technician_id = $3 AND state = 'offered'`,
			db.Micros(tx.Now()), actor.Tenant, t.ID); err != nil {
			return err
		}
		return record(ctx, tx, actor, "end", t.ID, t.OrgID, nil)
	})
}

// Resume takes a technician into service again (PermKeep).
func (s *Service) Resume(ctx context.Context, actor authz.Actor, technician id.ID, version int64) error {
	err := s.kept(ctx, actor, technician, func(tx *db.Tx, t Technician) error {
		if t.Active() {
			return errs.New(errs.Conflict, i18n.ErrConflict)
		}
		if err := tx.Update(ctx, `UPDATE technician SET ended_on = '', updated_at = $1, version = version + 1 WHERE tenant_id = $2 AND id = $3 AND version = $4`,
			db.Micros(tx.Now()), actor.Tenant, t.ID, version); err != nil {
			return err
		}
		return record(ctx, tx, actor, "resume", t.ID, t.OrgID, nil)
	})
	if db.IsUnique(err) {
		return errs.New(errs.Conflict, i18n.TechnicianAccountTaken)
	}
	return err
}

// SetDay makes a day other than the week has it (PermKeep): off, or at other hours. hours is empty for a day off.
func (s *Service) SetDay(ctx context.Context, actor authz.Actor, technician id.ID, day calendar.Date, hours, reason string) error {
	e := errs.Words(nil, "reason", &reason, MaxNote, false)
	if day.IsZero() {
		e = e.With("day", i18n.ErrRequired)
	} else if now := today(s.db.Now()); day.Before(now) || day.After(now.AddDays(400)) {
		e = e.With("day", i18n.TechnicianDayRange)
	}
	spans, problem := ParseHours(hours)
	switch {
	case !problem.IsZero():
		e = e.With("hours", problem)
	case len(spans) > 1:
		e = e.With("hours", i18n.TechnicianOneSpan)
	}
	if e != nil {
		return e
	}
	var span Span
	if len(spans) == 1 {
		span = spans[0]
	}
	return s.kept(ctx, actor, technician, func(tx *db.Tx, t Technician) error {
		if _, err := tx.Exec(ctx, `INSERT INTO technician_day (tenant_id, technician_id, day, working, from_min, to_min, reason, account_id) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)
			ON CONFLICT (tenant_id, technician_id, day) DO UPDATE SET working = $4, from_min = $5, to_min = $6, reason = $7, account_id = $8`,
			actor.Tenant, t.ID, day, len(spans) == 1, int64(span.From), int64(span.To), reason, actor.AccountID); err != nil {
			return err
		}
		return record(ctx, tx, actor, "day", t.ID, t.OrgID, map[string]any{"day": day.String(), "hours": hours})
	})
}

// ClearDay lets a day be as the week has it (PermKeep).
func (s *Service) ClearDay(ctx context.Context, actor authz.Actor, technician id.ID, day calendar.Date) error {
	return s.kept(ctx, actor, technician, func(tx *db.Tx, t Technician) error {
		n, err := tx.Exec(ctx, `DELETE FROM technician_day WHERE tenant_id = $1 AND technician_id = $2 AND day = $3`, actor.Tenant, t.ID, day)
		if err == nil && n == 0 {
			err = errs.ErrNotFound
		}
		if err != nil {
			return err
		}
		return record(ctx, tx, actor, "day", t.ID, t.OrgID, map[string]any{"day": day.String(), "cleared": true})
	})
}

// AddCertificate enters a certificate with its last day (PermKeep).
func (s *Service) AddCertificate(ctx context.Context, actor authz.Actor, technician id.ID, name string, until calendar.Date) error {
	e := errs.Words(nil, "certificate", &name, MaxName, true)
	if until.IsZero() {
		e = e.With("until", i18n.ErrRequired)
	}
	if e != nil {
		return e
	}
	return s.kept(ctx, actor, technician, func(tx *db.Tx, t Technician) error {
		if _, err := tx.Exec(ctx, `INSERT INTO technician_certificate (tenant_id, id, technician_id, name, valid_until) VALUES ($1,$2,$3,$4,$5)`, actor.Tenant, id.New(), t.ID, name, until); err != nil {
			return err
		}
		return record(ctx, tx, actor, "certificate", t.ID, t.OrgID, map[string]any{"name": name, "until": until.String()})
	})
}

// RemoveCertificate takes a certificate off: it was renewed, or entered by mistake (PermKeep).
func (s *Service) RemoveCertificate(ctx context.Context, actor authz.Actor, technician, certificate id.ID) error {
	return s.kept(ctx, actor, technician, func(tx *db.Tx, t Technician) error {
		n, err := tx.Exec(ctx, `UPDATE technician_certificate SET removed_at = $1 WHERE tenant_id = $2 AND technician_id = $3 AND id = $4 AND removed_at = 0`, db.Micros(tx.Now()), actor.Tenant, t.ID, certificate)
		if err == nil && n == 0 {
			err = errs.ErrNotFound
		}
		if err != nil {
			return err
		}
		return record(ctx, tx, actor, "uncertificate", t.ID, t.OrgID, nil)
	})
}

// Phone shows a technician's telephone number to who sends them (PermDispatch). The look is recorded.
func (s *Service) Phone(ctx context.Context, actor authz.Actor, technician id.ID) (phone string, err error) {
	return phone, s.db.WithTx(ctx, func(tx *db.Tx) error {
		t, err := s.find(ctx, tx, tx.Now(), actor.Scope(PermDispatch), technician)
		if err != nil {
			return err
		}
		sealed, err := db.One(ctx, tx, func(b *[]byte) []any { return []any{b} }, `SELECT phone FROM technician WHERE tenant_id = $1 AND id = $2`, actor.Tenant, t.ID)
		if err != nil {
			return err
		}
		if phone, err = s.ring.Open("technician", "phone", t.ID, sealed); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "technician.phone", Permission: PermDispatch, SubjectKind: "technician", SubjectID: t.ID, OrgID: t.OrgID, Purpose: purpose})
	})
}

// purpose is the registered purpose of what is read and done here: what a resident asked for.
const purpose = "request"

// Follow lets technicians of an organisation, and what they cover, follow when another takes it in.
func (s *Service) Follow(ctx context.Context, tx *db.Tx, actor authz.Actor, from, to id.ID) error {
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, from, to); err != nil {
		return err
	}
	for _, q := range []string{
		"UPDATE technician SET org_id = $1, version = version + 1 WHERE tenant_id = $2 AND org_id = $3",
		"UPDATE technician_area SET org_id = $1 WHERE tenant_id = $2 AND org_id = $3 AND NOT EXISTS (SELECT 1 FROM technician_area o WHERE o.tenant_id = technician_area.tenant_id AND o.technician_id = technician_area.technician_id AND o.org_id = $1)",
		"DELETE FROM technician_area WHERE tenant_id = $2 AND org_id = $3 AND EXISTS (SELECT 1 FROM technician_area o WHERE o.tenant_id = technician_area.tenant_id AND o.technician_id = technician_area.technician_id AND o.org_id = $1)",
	} {
		if _, err := tx.Exec(ctx, q, to, actor.Tenant, from); err != nil {
			return err
		}
	}
	return nil
}

// Choice is something that can be chosen as a skill: a class, with its items.
type Choice struct {
	Class string // as Skill names it
	Name  i18n.Text
	Items []Skill
}

// Choices are the classes and items of the lists whose cases technicians do. It reveals nothing about anybody, so it needs no permission.
func (s *Service) Choices(ctx context.Context, tenant int64) ([]Choice, error) {
	type row struct {
		class, name, nameEN string
		item                id.ID
		text, textEN        string
	}
	rows, err := db.All(ctx, s.db, func(r *row) []any { return []any{&r.class, &r.name, &r.nameEN, &r.item, &r.text, &r.textEN} },
		`SELECT i.list || ':' || i.class_code, coalesce(g.name, ''), coalesce(g.name_en, ''), i.id, i.name, i.name_en FROM catalogue_item i
		LEFT JOIN catalogue_class g ON g.tenant_id = i.tenant_id AND g.list = i.list AND g.code = i.class_code
		WHERE i.tenant_id = $1 AND i.retired = FALSE AND i.list IN (SELECT k.list FROM case_kind k WHERE k.tenant_id = $1 AND k.by_technician = TRUE) ORDER BY i.sort_key, i.id LIMIT 500`, tenant)
	var out []Choice
	for _, r := range rows {
		if n := len(out); n == 0 || out[n-1].Class != r.class {
			out = append(out, Choice{Class: r.class, Name: i18n.Both(r.name, r.nameEN)})
		}
		last := &out[len(out)-1]
		last.Items = append(last.Items, Skill{Class: r.class, ItemID: r.item, Name: i18n.Both(r.text, r.textEN)})
	}
	return out, err
}
