package cobuild

import (
	"context"
	"strings"
	"unicode/utf8"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
)

// ProgrammeKind is a kind of programme.
type ProgrammeKind string

// The kinds.
const (
	Set ProgrammeKind = "set" // what enters communities: four enter, ten enter
	Day ProgrammeKind = "day" // a theme day
)

// ProgrammeKinds lists the kinds.
func ProgrammeKinds() []ProgrammeKind { return []ProgrammeKind{Set, Day} }

// Text names the kind.
func (k ProgrammeKind) Text() i18n.Text {
	return map[ProgrammeKind]i18n.Text{Set: i18n.ProgrammeSet, Day: i18n.ProgrammeDay}[k]
}

const (
	maxParts = 20
	maxPart  = 20
)

// NewProgramme is what is said of a programme.
type NewProgramme struct {
	OrgID  id.ID
	Name   string
	Kind   ProgrammeKind
	Detail string
	Parts  []string
	From   calendar.Date
	To     calendar.Date // zero has no end
}

// Programme is a theme that items of agreements carry. What is done under it and how far follow from their tasks.
type Programme struct {
	ID id.ID
	NewProgramme
	Owner                 string
	Agreements, Due, Done int64
	Version               int64
	partLines, nameKey    string
}

func (n *NewProgramme) check() *errs.Error {
	e := errs.Words(nil, "name", &n.Name, MaxName, true)
	e = errs.Words(e, "detail", &n.Detail, MaxWords, false)
	if n.Kind.Text().IsZero() {
		e = e.With("kind", i18n.ErrBadChoice)
	}
	if n.From.IsZero() {
		e = e.With("valid_from", i18n.ErrRequired)
	} else if !n.To.IsZero() && n.To.Before(n.From) {
		e = e.With("valid_to", i18n.CobuildEndFirst)
	}
	var parts []string
	for _, p := range n.Parts {
		if p = strings.TrimSpace(p); p != "" {
			parts = append(parts, p)
		}
		if utf8.RuneCountInString(p) > maxPart {
			e = e.With("parts", i18n.CobuildBadParts, maxParts, maxPart)
		}
	}
	if n.Parts = parts; len(parts) > maxParts {
		e = e.With("parts", i18n.CobuildBadParts, maxParts, maxPart)
	}
	return e
}

// SetUp sets a programme up (PermProgrammes at OrgID).
func (s *Service) SetUp(ctx context.Context, actor authz.Actor, in NewProgramme) (made id.ID, err error) {
	if in.OrgID == 0 {
		return 0, errs.Field("org", i18n.ErrRequired)
	}
	if err := in.check().OrNil(); err != nil {
		return 0, err
	}
	if err := actor.Scope(PermProgrammes).Require(in.OrgID); err != nil {
		return 0, err
	}
	made = id.New()
	return made, s.db.WithTx(ctx, func(tx *db.Tx) error {
		if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, in.OrgID); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO programme (tenant_id, id, org_id, name, name_key, kind, detail, parts, valid_from, valid_to, created_by, created_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)`,
			actor.Tenant, made, in.OrgID, in.Name, gram.Key(in.Name), in.Kind, in.Detail, strings.Join(in.Parts, "\n"), in.From.String(), in.To.String(), actor.AccountID, db.Micros(tx.Now()))
		if db.IsUnique(err) {
			return errs.Field("name", i18n.CobuildNameTaken).Because(err)
		}
		if err != nil {
			return err
		}
		return recordProgramme(ctx, tx, actor, "setup", made, in.OrgID)
	})
}

func recordProgramme(ctx context.Context, tx *db.Tx, actor authz.Actor, act string, p, org id.ID) error {
	return audit.Record(ctx, tx, actor, audit.Entry{Action: "cobuild.programme_" + act, Permission: PermProgrammes, SubjectKind: "programme", SubjectID: p, OrgID: org})
}

// EditProgramme changes a programme of an organisation in scope (PermProgrammes). Who keeps it stays.
func (s *Service) EditProgramme(ctx context.Context, actor authz.Actor, programme id.ID, version int64, in NewProgramme) error {
	if err := in.check().OrNil(); err != nil {
		return err
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		a := &db.Args{}
		org, err := db.One(ctx, tx, func(o *id.ID) []any { return []any{o} }, "SELECT r.org_id FROM programme r WHERE "+
			actor.Scope(PermProgrammes).Where(a, authz.Columns{Tenant: "r.tenant_id", Orgs: []string{"r.org_id"}})+" AND r.id = "+a.Add(programme), a.Values()...)
		if err != nil {
			return err
		}
		err = tx.Update(ctx, `UPDATE programme SET name = $1, name_key = $2, kind = $3, detail = $4, parts = $5, valid_from = $6, valid_to = $7, version = version + 1 WHERE tenant_id = $8 AND id = $9 AND version = $10`,
			in.Name, gram.Key(in.Name), in.Kind, in.Detail, strings.Join(in.Parts, "\n"), in.From.String(), in.To.String(), actor.Tenant, programme, version)
		if db.IsUnique(err) {
			return errs.Field("name", i18n.CobuildNameTaken).Because(err)
		}
		if err != nil {
			return err
		}
		return recordProgramme(ctx, tx, actor, "edit", programme, org)
	})
}

// programmeRows reads programmes with how many agreements in the actor's sight carry them, and how far their tasks are. Programmes are no secret within a tenant.
func (s *Service) programmeRows(ctx context.Context, actor authz.Actor, cond func(a *db.Args) (string, string)) ([]Programme, error) {
	a := &db.Args{}
	today := a.Add(s.today().String())
	of := func(what, more string) string {
		return "(SELECT " + what + " FROM cobuild_item i JOIN cobuild c ON c.tenant_id = i.tenant_id AND c.id = i.cobuild_id" + more + " WHERE i.programme_id <> 0 AND i.programme_id = r.id AND i.tenant_id = r.tenant_id AND c.state = 'agreed' AND " + seeing(a, actor)
	}
	const task = " JOIN cobuild_task t ON t.tenant_id = i.tenant_id AND t.item_id = i.id AND t.state <> 'dropped'"
	fields := "r.id, r.org_id, " + reference.Label("o") + ", r.name, r.kind, r.detail, r.parts, r.valid_from, r.valid_to, r.version, r.name_key, " + of("count(DISTINCT c.id)", "") + "), " + of("count(*)", task) + " AND t.due_on <= " + today + "), " +
		of("count(*)", task) + " AND t.state = 'confirmed')"
	w, tail := cond(a)
	tenant := int64(0) // of nobody
	if actor.Can(PermSee) || actor.Can(PermUnit) || actor.Can(PermProgrammes) {
		tenant = actor.Tenant
	}
	rows, err := db.All(ctx, s.db, func(p *Programme) []any {
		return []any{&p.ID, &p.OrgID, &p.Owner, &p.Name, &p.Kind, &p.Detail, &p.partLines, &p.From, &p.To, &p.Version, &p.nameKey, &p.Agreements, &p.Due, &p.Done}
	}, "SELECT "+fields+" FROM programme r LEFT JOIN organisation o ON o.tenant_id = r.tenant_id AND o.id = r.org_id WHERE r.tenant_id = "+a.Add(tenant)+w+tail, a.Values()...)
	for i := range rows {
		if rows[i].partLines != "" {
			rows[i].Parts = strings.Split(rows[i].partLines, "\n")
		}
	}
	return rows, err
}

// Programmes lists the programmes of the tenant by name (PermSee, PermUnit or PermProgrammes).
func (s *Service) Programmes(ctx context.Context, actor authz.Actor, p db.Page) (db.List[Programme], error) {
	rows, err := s.programmeRows(ctx, actor, func(a *db.Args) (string, string) {
		return a.Keyset(p, db.Order{Column: "r.name_key", IDColumn: "r.id"})
	})
	if err != nil {
		return db.List[Programme]{}, err
	}
	return db.Cut(rows, p, func(r Programme) db.Cursor { return db.Cursor{Key: r.nameKey, ID: r.ID} }), nil
}

// Programme opens one.
func (s *Service) Programme(ctx context.Context, actor authz.Actor, programme id.ID) (Programme, error) {
	rows, err := s.programmeRows(ctx, actor, func(a *db.Args) (string, string) { return " AND r.id = " + a.Add(programme), "" })
	if err == nil && len(rows) == 0 {
		err = errs.ErrNotFound
	}
	if err != nil {
		return Programme{}, err
	}
	return rows[0], nil
}

// Theme is a programme to choose.
type Theme struct {
	ID    id.ID
	Name  string
	Parts []string
}

// Themes are the programmes to choose for an item: those that have not ended.
func (s *Service) Themes(ctx context.Context, actor authz.Actor) ([]Theme, error) {
	type row struct {
		Theme
		parts string
	}
	rows, err := db.All(ctx, s.db, func(r *row) []any { return []any{&r.ID, &r.Name, &r.parts} }, "SELECT r.id, r.name, r.parts FROM programme r WHERE r.tenant_id = $1 AND (r.valid_to = '' OR r.valid_to >= $2) ORDER BY r.name_key, r.id LIMIT 200",
		actor.Tenant, s.today().String())
	out := make([]Theme, len(rows))
	for i, r := range rows {
		if out[i] = r.Theme; r.parts != "" {
			out[i].Parts = strings.Split(r.parts, "\n")
		}
	}
	return out, err
}

// UnderProgramme gives the tasks under a programme that are in sight, the latest day in front: those due until today, and those done before their day.
func (s *Service) UnderProgramme(ctx context.Context, actor authz.Actor, programme id.ID, p db.Page) (db.List[Todo], error) {
	a := &db.Args{}
	w := seeing(a, actor) + " AND c.state = 'agreed' AND i.programme_id <> 0 AND i.programme_id = " + a.Add(programme) + " AND t.state <> 'dropped' AND (t.due_on <= " + a.Add(s.today().String()) + " OR t.state <> 'open')"
	page, tail := a.Keyset(p, db.Order{Column: "t.due_on", IDColumn: "t.id", Desc: true})
	rows, err := db.All(ctx, s.db, func(t *Todo) []any { return append(t.Task.dest(), &t.No, &t.Community) }, "SELECT "+taskColumns+", c.no, "+reference.Label("m")+` FROM cobuild_task t JOIN cobuild c ON c.tenant_id = t.tenant_id AND c.id = t.cobuild_id
		JOIN cobuild_item i ON i.tenant_id = t.tenant_id AND i.id = t.item_id LEFT JOIN organisation o ON o.tenant_id = t.tenant_id AND o.id = t.org_id LEFT JOIN organisation m ON m.tenant_id = c.tenant_id AND m.id = c.community_id WHERE `+w+page+tail, a.Values()...)
	if err != nil {
		return db.List[Todo]{}, err
	}
	return db.Cut(rows, p, func(t Todo) db.Cursor { return db.Cursor{Key: t.DueOn.String(), ID: t.ID} }), nil
}
