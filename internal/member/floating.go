package member

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
)

// Float records that a member went away or came here (PermContact; MEM-7, MOB-2).
func (s *Service) Float(ctx context.Context, actor authz.Actor, member id.ID, n NewMove) error {
	return s.act(ctx, actor, actor.Scope(PermContact), PermContact, "floating.move", member, func(tx *db.Tx, m Member) error {
		if err := n.check(calendar.DateOf(tx.Now())); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO floating_move (tenant_id, id, member_id, person_id, community_id, unit_id, direction, place,
			other_branch, from_on, last_contact, account_id, at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)`, actor.Tenant, id.New(),
			m.ID, m.PersonID, m.CommunityID, m.UnitID, n.Direction, n.Place, n.OtherBranch, n.FromOn, n.LastContact, actor.AccountID, db.Micros(tx.Now()))
		if db.IsUnique(err) {
			return errs.New(errs.Conflict, i18n.FloatingThere, n.Direction.Text()).Because(err)
		}
		return err
	})
}

const moveColumns = "t.id, t.member_id, t.direction, t.place, t.other_branch, t.from_on, t.last_contact, t.back_on, t.version"

func (m *Move) dest() []any {
	return []any{&m.ID, &m.MemberID, &m.Direction, &m.Place, &m.OtherBranch, &m.FromOn, &m.LastContact, &m.BackOn, &m.Version}
}

// FloatBack ends a move on a day (PermContact).
func (s *Service) FloatBack(ctx context.Context, actor authz.Actor, move id.ID, on calendar.Date) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		a := &db.Args{}
		mv, err := db.One(ctx, tx, (*Move).dest, "SELECT "+moveColumns+" FROM floating_move t WHERE "+
			actor.Scope(PermContact).Where(a, owners("t"))+" AND t.id = "+a.Add(move), a.Values()...)
		if err != nil {
			return err
		}
		if err := mv.Back(on, calendar.DateOf(tx.Now())); err != nil {
			return err
		}
		if err := tx.Update(ctx, `UPDATE floating_move SET back_on = $1, version = version + 1 WHERE tenant_id = $2 AND id = $3 AND version = $4`,
			mv.BackOn, actor.Tenant, mv.ID, mv.Version); err != nil {
			return err
		}
		m, err := load(ctx, tx, actor.Tenant, mv.MemberID)
		if err != nil {
			return err
		}
		return record(ctx, tx, actor, PermContact, "floating.back", m, map[string]any{"on": on.String()})
	})
}

func movesOf(ctx context.Context, q db.Querier, tenant int64, member id.ID) ([]Move, error) {
	return db.All(ctx, q, (*Move).dest, "SELECT "+moveColumns+` FROM floating_move t WHERE t.tenant_id = $1 AND t.member_id = $2
		ORDER BY t.from_on DESC, t.id DESC LIMIT 100`, tenant, member)
}

// FloatingFilter narrows the station's list; zero fields do not filter.
type FloatingFilter struct {
	Direction   Direction
	CommunityID id.ID
	Overdue     bool // no contact for longer than ContactDays
	Back        bool // moves that ended, instead of those that run
	Page        db.Page
}

// FloatingItem is a move with its member.
type FloatingItem struct {
	Move
	Name, Home, Community, PhoneMask string
	Days                             int  // since the last contact
	Overdue                          bool // more than ContactDays
}

// Floating gives the moves of floating members in scope, the longest without contact first (MEM-7). Nobody is lost: each has a
// last contact.
func (s *Service) Floating(ctx context.Context, actor authz.Actor, f FloatingFilter) (db.List[FloatingItem], error) {
	var out db.List[FloatingItem]
	err := s.db.View(ctx, func(tx *db.Tx) error {
		today := calendar.DateOf(s.db.Now())
		days, err := ContactDays.On(ctx, tx, actor.Tenant, today)
		if err != nil {
			return err
		}
		a := &db.Args{}
		where := f.where(a, actor, today.AddDays(-int(days)))
		page, tail := a.Keyset(f.Page, db.Order{Column: "t.last_contact", IDColumn: "t.id"})
		rows, err := db.All(ctx, tx, func(i *FloatingItem) []any {
			return append(i.Move.dest(), &i.Name, &i.Home, &i.Community, &i.PhoneMask)
		}, "SELECT "+moveColumns+", m.name, "+reference.Label("ho")+", "+reference.Label("co")+`, coalesce(p.phone_mask, '') FROM floating_move t
			JOIN member m ON m.tenant_id = t.tenant_id AND m.id = t.member_id
			LEFT JOIN person p ON p.tenant_id = t.tenant_id AND p.id = t.person_id
			LEFT JOIN organisation ho ON ho.tenant_id = m.tenant_id AND ho.id = m.home_id
			LEFT JOIN organisation co ON co.tenant_id = t.tenant_id AND co.id = t.community_id WHERE `+where+page+tail, a.Values()...)
		if err != nil {
			return err
		}
		for i := range rows {
			rows[i].Days = rows[i].LastContact.DaysUntil(today)
			rows[i].Overdue = rows[i].BackOn.IsZero() && int64(rows[i].Days) > days
		}
		out = db.Cut(rows, f.Page, func(i FloatingItem) db.Cursor { return db.Cursor{Key: i.LastContact.String(), ID: i.ID} })
		return nil
	})
	return out, err
}

func (f FloatingFilter) where(a *db.Args, actor authz.Actor, limit calendar.Date) string {
	w := seeing(actor).Where(a, owners("t")) + " AND t.back_on = ''"
	if f.Back {
		w = seeing(actor).Where(a, owners("t")) + " AND t.back_on <> ''"
	}
	if f.Direction != "" {
		w += " AND t.direction = " + a.Add(f.Direction)
	}
	if f.CommunityID != 0 {
		w += " AND t.community_id = " + a.Add(f.CommunityID)
	}
	if f.Overdue {
		w += " AND t.last_contact < " + a.Add(limit)
	}
	return w
}
