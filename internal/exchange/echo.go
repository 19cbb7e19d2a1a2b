package exchange

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
)

// Echo is what was said of help that somebody gave: by who asked, or by the community that called them. It is for who helped alone.
type Echo struct {
	Help    id.ID
	Title   string // of the need; retention takes it
	On      calendar.Date
	Minutes int64
	Pieces  int64
	Team    string // with which they came
	Outcome Outcome
	Stars   int64 // 0 where nobody said
	Words   string

	entry id.ID
	words []byte
}

// Echoes gives what was said of one's own help, the newest first (PermOwn): of the pledge with which they helped, not of others for the need. Nobody else reads it by person.
func (s *Service) Echoes(ctx context.Context, actor authz.Actor, page db.Page) (db.List[Echo], error) {
	if !actor.Can(PermOwn) || actor.PersonID == 0 {
		return db.List[Echo]{}, errs.ErrForbidden
	}
	a := &db.Args{}
	where := "h.tenant_id = " + a.Add(actor.Tenant) + " AND h.person_id <> 0 AND h.person_id = " + a.Add(actor.PersonID) + " AND h.counted = TRUE"
	keys, tail := a.Keyset(page, db.Order{IDColumn: "h.id", Desc: true})
	rows, err := db.All(ctx, s.db, func(e *Echo) []any {
		return []any{&e.Help, &e.Title, &e.On, &e.Minutes, &e.Pieces, &e.Team, &e.Outcome, &e.Stars, &e.entry, &e.words}
	}, `SELECT h.id, n.title, h.on_date, h.minutes, h.pieces, CASE WHEN p.team_id <> 0 THEN p.team ELSE '' END, p.outcome, p.stars, coalesce(e.id, 0), e.words FROM need_help h
		JOIN need n ON n.tenant_id = h.tenant_id AND n.id = h.need_id
		JOIN need_pledge p ON p.tenant_id = h.tenant_id AND p.id = h.pledge_id
		LEFT JOIN need_entry e ON e.tenant_id = h.tenant_id AND e.id = (SELECT max(x.id) FROM need_entry x WHERE x.tenant_id = h.tenant_id AND x.need_id = h.need_id AND x.act = 'confirm' AND (x.pledge_id = h.pledge_id OR x.pledge_id = 0) AND x.at = p.ended_at)
		WHERE `+where+keys+tail, a.Values()...)
	for i := range rows {
		if e := &rows[i]; err == nil && e.entry != 0 {
			e.Words, err = s.ring.Open("need_entry", "words", e.entry, e.words)
		}
	}
	return db.Cut(rows, page, func(e Echo) db.Cursor { return db.Cursor{ID: e.Help} }), err
}

// fewEchoes is from how many ratings on their sums are shown: fewer tell of one person.
const fewEchoes = 3

// TeamEchoes are what was said of a team's help, in sums.
type TeamEchoes struct {
	Deliveries, Minutes int64
	Met, Partly         int64
	Rated               int64
	Stars               [5]int64 // how often each was given, from one star on; nothing where fewer than three rated
}

// TeamEchoes gives what was said of the help of a team, in sums, to who leads it now (PermOwn). It compares nobody.
func (s *Service) TeamEchoes(ctx context.Context, actor authz.Actor, team id.ID) (out TeamEchoes, err error) {
	if !actor.Can(PermOwn) || actor.PersonID == 0 {
		return out, errs.ErrForbidden
	}
	if leads, err := s.leads(ctx, s.db, actor, team); err != nil || !leads {
		return out, errOr(err, errs.ErrNotFound)
	}
	type row struct{ stars, n, minutes, met, partly int64 }
	rows, err := db.All(ctx, s.db, func(r *row) []any { return []any{&r.stars, &r.n, &r.minutes, &r.met, &r.partly} }, `SELECT p.stars, count(*),
		CAST(coalesce(sum((SELECT coalesce(sum(h.minutes), 0) FROM need_help h WHERE h.tenant_id = p.tenant_id AND h.pledge_id = p.id AND h.counted = TRUE)), 0) AS BIGINT),
		count(CASE WHEN p.outcome = 'met' THEN 1 END), count(CASE WHEN p.outcome = 'partly' THEN 1 END)
		FROM need_pledge p
		WHERE p.tenant_id = $1 AND p.team_id = $2 AND p.team_id <> 0 AND p.state = 'confirmed' GROUP BY p.stars`, actor.Tenant, team)
	for _, r := range rows {
		out.Deliveries, out.Minutes, out.Met, out.Partly = out.Deliveries+r.n, out.Minutes+r.minutes, out.Met+r.met, out.Partly+r.partly
		if r.stars >= 1 && r.stars <= 5 {
			out.Rated += r.n
			out.Stars[r.stars-1] += r.n
		}
	}
	if out.Rated < fewEchoes {
		out.Stars = [5]int64{}
	}
	return out, err
}
