package dues

import (
	"context"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Named is an organisation to choose from.
type Named struct {
	ID   id.ID
	Name string
}

// Branches are the organisations whose dues the actor keeps and that have members, by name.
func (s *Service) Branches(ctx context.Context, actor authz.Actor) ([]Named, error) {
	a := &db.Args{}
	return db.All(ctx, s.db, func(n *Named) []any { return []any{&n.ID, &n.Name} }, "SELECT b.id, "+branchLabel+" FROM organisation b WHERE b.tenant_id = "+a.Add(actor.Tenant)+
		" AND "+standing(a, actor, PermKeep, "b")+` AND b.dissolved_on = '' AND (EXISTS (SELECT 1 FROM member hm WHERE hm.tenant_id = b.tenant_id AND hm.home_id = b.id AND hm.ended_on = '')
		OR EXISTS (SELECT 1 FROM member fm WHERE fm.tenant_id = b.tenant_id AND fm.community_id = b.id AND fm.home_id = 0 AND fm.kind = 'floating' AND fm.ended_on = ''))
		ORDER BY b.name_key, b.id LIMIT 500`, a.Values()...)
}

// Row is how one member stands with the months of a sheet.
type Row struct {
	Member
	States  []State
	Arrears []State // before the month that runs
	Owed    int64   // fen, for the months of the sheet
	NoBase  bool    // no base is known for one of the months
	Review  bool
}

// Paid is what was paid for the months of the sheet, in fen.
func (r Row) Paid() int64 {
	var n int64
	for _, s := range r.States {
		n += s.Paid
	}
	return n
}

// Charge is what the months of the sheet cost, in fen.
func (r Row) Charge() int64 {
	var n int64
	for _, s := range r.States {
		n += s.Charge
	}
	return n
}

// Behind is what is owed for months that are over, in fen.
func (r Row) Behind() int64 { return owed(r.Arrears) }

// SheetFilter says which part of a branch's sheet is wanted.
type SheetFilter struct {
	BranchID id.ID
	From, To Month // the month that runs, if none is given
	Page     db.Page
}

// Sheet is a branch's members with what they owe and paid for some months.
type Sheet struct {
	Branch   Named
	From, To Month
	Rows     db.List[Row]
}

// maxSheetMonths is how many months a sheet shows at once.
const maxSheetMonths = 12

// Sheet gives one page of a branch's members with their amounts (PermKeep), by name, and records the look where each of them can read it.
func (s *Service) Sheet(ctx context.Context, actor authz.Actor, f SheetFilter) (Sheet, error) {
	var out Sheet
	err := s.db.WithTx(ctx, func(tx *db.Tx) (err error) {
		out, err = s.sheet(ctx, tx, actor, f)
		return err
	})
	return out, err
}

func (s *Service) sheet(ctx context.Context, tx *db.Tx, actor authz.Actor, f SheetFilter) (Sheet, error) {
	now := MonthOf(today(tx))
	if f.From <= 0 {
		f.From = now
	}
	if f.To <= 0 {
		f.To = f.From
	}
	out := Sheet{From: f.From, To: f.To}
	if f.To < f.From || f.To-f.From >= maxSheetMonths {
		return out, errs.Field("to", i18n.DuesTooLong, maxSheetMonths)
	}
	a := &db.Args{}
	branch, err := db.One(ctx, tx, func(n *Named) []any { return []any{&n.ID, &n.Name} }, "SELECT b.id, "+branchLabel+" FROM organisation b WHERE b.tenant_id = "+a.Add(actor.Tenant)+
		" AND b.id = "+a.Add(f.BranchID)+" AND "+standing(a, actor, PermKeep, "b"), a.Values()...)
	if err != nil {
		return out, err
	}
	out.Branch = branch
	a = &db.Args{}
	where := " WHERE m.tenant_id = " + a.Add(actor.Tenant) + " AND " + ofBranch(a, branch.ID) + " AND (m.ended_on = '' OR m.ended_on >= " + a.Add(f.From.First()) + ")"
	keyset, tail := a.Keyset(f.Page, db.Order{Column: "m.name_key", IDColumn: "m.id"})
	members, err := db.All(ctx, tx, (*Member).dest, "SELECT "+memberColumns+memberTables+where+keyset+tail, a.Values()...)
	if err != nil {
		return out, err
	}
	page := db.Cut(members, f.Page, func(m Member) db.Cursor { return db.Cursor{Key: m.key, ID: m.ID} })
	out.Rows.Next, out.Rows.Prev = page.Next, page.Prev
	if out.Rows.Items, err = s.rows(ctx, tx, actor.Tenant, page.Items, f.From, f.To); err != nil {
		return out, err
	}
	return out, looks(ctx, tx, actor, PermKeep, FieldAmount, Purpose, "", page.Items)
}

func (s *Service) rows(ctx context.Context, tx *db.Tx, tenant int64, members []Member, from, to Month) ([]Row, error) {
	r, err := loadRules(ctx, tx, tenant)
	if err != nil {
		return nil, err
	}
	accounts, err := s.loadAccounts(ctx, tx, tenant, members)
	if err != nil {
		return nil, err
	}
	out := make([]Row, len(accounts))
	for i, a := range accounts {
		row := Row{Member: a.Member}
		if row.States, err = a.states(from, to, r); err != nil {
			return nil, err
		}
		if row.Arrears, err = a.arrears(MonthOf(today(tx)), r); err != nil {
			return nil, err
		}
		for _, st := range row.States {
			row.NoBase = row.NoBase || !st.Known && a.belongs(st.Month)
			row.Review = row.Review || st.Review
		}
		row.Owed = owed(row.States)
		out[i] = row
	}
	return out, nil
}

// unpaidWhere narrows members m with branch b to those who paid nothing for six months in a row that are over, without an approved reason (DUES-12). It opens
// nothing.
func unpaidWhere(a *db.Args, now Month) string {
	from, to := a.Add(now-backMonths), a.Add(now-1)
	return " AND m.ended_on = '' AND m.joined_on <= " + a.Add((now - backMonths).Last()) +
		" AND EXISTS (SELECT 1 FROM dues_base ub WHERE ub.tenant_id = m.tenant_id AND ub.member_id = m.id AND ub.from_month <= " + from + ")" +
		` AND NOT EXISTS (SELECT 1 FROM dues_base ur WHERE ur.tenant_id = m.tenant_id AND ur.member_id = m.id AND ur.review
			AND ur.id = (SELECT max(ul.id) FROM dues_base ul WHERE ul.tenant_id = m.tenant_id AND ul.member_id = m.id))` +
		" AND NOT EXISTS (SELECT 1 FROM dues_entry ue WHERE ue.tenant_id = m.tenant_id AND ue.member_id = m.id AND ue.month >= " + from + " AND ue.month <= " + to +
		" GROUP BY ue.month HAVING sum(ue.settles) > 0)" +
		" AND NOT EXISTS (SELECT 1 FROM dues_relief ux WHERE ux.tenant_id = m.tenant_id AND ux.member_id = m.id AND ux.state = 'approved' AND ux.kind IN ('none', 'later') AND ux.from_month <= " + to +
		" AND ux.to_month >= " + from + ")"
}

// Unpaid gives one page of the members who paid nothing for six months in a row, with their arrears (PermKeep; DUES-12). Nothing follows by itself: the branch
// talks to them.
func (s *Service) Unpaid(ctx context.Context, actor authz.Actor, page db.Page) (db.List[Row], error) {
	var out db.List[Row]
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		now := MonthOf(today(tx))
		a := &db.Args{}
		where := " WHERE m.tenant_id = " + a.Add(actor.Tenant) + " AND " + standing(a, actor, PermKeep, "b") + unpaidWhere(a, now)
		keyset, tail := a.Keyset(page, db.Order{Column: "m.name_key", IDColumn: "m.id"})
		members, err := db.All(ctx, tx, (*Member).dest, "SELECT "+memberColumns+memberTables+where+keyset+tail, a.Values()...)
		if err != nil {
			return err
		}
		cut := db.Cut(members, page, func(m Member) db.Cursor { return db.Cursor{Key: m.key, ID: m.ID} })
		out.Next, out.Prev = cut.Next, cut.Prev
		if out.Items, err = s.rows(ctx, tx, actor.Tenant, cut.Items, now, now); err != nil {
			return err
		}
		return looks(ctx, tx, actor, PermKeep, FieldAmount, Purpose, "", cut.Items)
	})
	return out, err
}
