package organisation

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// FoundPlan says of which county-level division the organisations are set up, and since when they stand.
type FoundPlan struct {
	County        string        // 6 or 12 digits
	EstablishedOn calendar.Date // zero: as far back as we know
	Document      string
}

// Founded counts what FoundFromDivisions set up, and what was there already.
type Founded struct {
	RootID                        id.ID
	Districts, Working, Community int
	Present                       int
}

// division is a row of the divisions list, as far as organisations need it.
type division struct {
	code   string
	level  code.Level
	name   string
	parent string
}

// FoundFromDivisions sets up, in one step, the district committee, a working committee for each sub-district or town and a
// community organisation for each community or village of the divisions list, so that nobody types a name (PermFound in the
// whole tenant). What stands already, by its division code, is left as it is.
func (s *Service) FoundFromDivisions(ctx context.Context, actor authz.Actor, p FoundPlan) (Founded, error) {
	var out Founded
	if !actor.Scope(PermFound).All() {
		return out, errs.ErrForbidden
	}
	county, bad := code.ParseDivision(p.County)
	if bad.Blocks() || county.At(code.County) != county {
		return out, errs.Field("county", i18n.OrgFoundCounty)
	}
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		out = Founded{}
		rows, err := divisionsOf(ctx, tx, actor.Tenant, string(county))
		if err != nil {
			return err
		}
		if len(rows) < 2 {
			return errs.Field("county", i18n.OrgFoundNothing, p.County)
		}
		present, err := byDivision(ctx, tx, actor.Tenant)
		if err != nil {
			return err
		}
		return s.foundAll(ctx, tx, actor, p, rows, present, &out)
	})
	return out, err
}

// foundAll goes through the divisions from the top down; present is completed on the way.
func (s *Service) foundAll(ctx context.Context, tx *db.Tx, actor authz.Actor, p FoundPlan, rows []division, present map[string]id.ID, out *Founded) error {
	for _, r := range rows {
		n, count := r.organisation(out)
		if org := present[key(n.Kind, r.code)]; org != 0 {
			out.Present++
			if n.Kind == District {
				out.RootID = org
			}
			continue
		}
		switch n.Kind {
		case Working:
			n.ParentID = out.RootID
		case Community:
			n.ParentID = present[key(Working, r.parent)]
		}
		n.EstablishedOn, n.Document = p.EstablishedOn, p.Document
		saved, err := s.create(ctx, tx, actor, n, 0)
		if err != nil {
			return err
		}
		present[key(n.Kind, r.code)] = saved.ID
		if n.Kind == District {
			out.RootID = saved.ID
		}
		*count++
	}
	return nil
}

func key(k Kind, divisionCode string) string { return string(k) + divisionCode }

// organisation names what stands for a division. Names are proposals in the usual form; a rename is an act, a misspelling an edit.
func (r division) organisation(out *Founded) (n NewOrganisation, count *int) {
	n = NewOrganisation{DivisionCode: r.code}
	switch r.level {
	case code.County:
		n.Kind, n.ShortName, count = District, r.name, &out.Districts
		n.Name = i18n.OrgFoundDistrict.In(i18n.ZH, r.name)
	case code.Street:
		n.Kind, n.ShortName, count = Working, r.name, &out.Working
		n.Name = i18n.OrgFoundWorking.In(i18n.ZH, r.name)
		if c := r.code[6:9]; c >= "100" && c < "400" { // towns and townships have a committee of their own (CODE-22)
			n.Name = i18n.OrgFoundTown.In(i18n.ZH, r.name)
		}
	default:
		n.Kind, n.ShortName, count = Community, code.CommunityName(r.name), &out.Community
		n.Name = i18n.OrgFoundCommunity.In(i18n.ZH, n.ShortName)
	}
	return n, count
}

// divisionsOf reads the county-level row and what lies below it, from the top down.
func divisionsOf(ctx context.Context, q db.Querier, tenant int64, county string) ([]division, error) {
	return db.All(ctx, q, func(d *division) []any { return []any{&d.code, &d.level, &d.name, &d.parent} },
		`SELECT code, level, name, parent_code FROM division WHERE tenant_id = $1 AND valid_to = '' AND (
		 (level = 3 AND code = $2) OR (level = 4 AND parent_code = $2) OR (level = 5 AND parent_code IN (
		   SELECT code FROM division WHERE tenant_id = $1 AND level = 4 AND parent_code = $2 AND valid_to = '')))
		 ORDER BY level, code`, tenant, county)
}

// byDivision gives the living organisations of the three kinds by their division code.
func byDivision(ctx context.Context, q db.Querier, tenant int64) (map[string]id.ID, error) {
	rows, err := db.All(ctx, q, (*Organisation).dest, "SELECT "+columns+` FROM organisation o WHERE o.tenant_id = $1
		AND o.kind IN ($2, $3, $4) AND o.division_code <> '' AND o.dissolved_on = ''`, tenant, District, Working, Community)
	out := make(map[string]id.ID, len(rows))
	for _, o := range rows {
		out[key(o.Kind, o.DivisionCode)] = o.ID
	}
	return out, err
}
