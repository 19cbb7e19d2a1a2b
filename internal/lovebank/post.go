package lovebank

import (
	"context"
	"fmt"
	"math"
	"slices"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// account is a row of the books.
type account struct {
	id        id.ID
	kind      Kind
	unit      Unit
	community id.ID
	person    id.ID
	item      id.ID
	org       id.ID
	district  int64 // the other one, of a clearing account
	balance   int64
}

const accountColumns = `a.id, a.kind, a.unit, a.community_id, a.person_id, a.item_id, a.org_id, a.district, a.balance`

func (a *account) dest() []any {
	return []any{&a.id, &a.kind, &a.unit, &a.community, &a.person, &a.item, &a.org, &a.district, &a.balance}
}

// journal is an act on its way into the books.
type journal struct {
	id        id.ID
	act       Act
	community id.ID
	source    string
	sourceID  id.ID
	counters  id.ID
	on        calendar.Date
	minutes   int64
	pieces    int64
	reason    string
	key       string
	warned    bool // it was past a soft limit, and somebody wanted it all the same
	across    bool // it touches the banks of several communities; set by level
}

// entry is a line on its way into the books. What comes into a person's account says when it was earned and until when it can be spent; what goes out of it is drawn from
// lots in their order.
type entry struct {
	of              *account
	amount          int64
	earned, expires calendar.Date
	origin          id.ID  // of what returns: the lot as which it came in first
	lot             *entry // what goes out is drawn from what this entry of the same journal puts in
	drawn           []draw // set by post
	line            id.ID  // set by post
	after           int64  // the balance after it; set by post
}

// check refuses what must never stand in the books. Its errors are faults of this package.
func (j journal) check(lines []*entry) error {
	if j.act.Text().IsZero() || j.source == "" || j.sourceID == 0 || j.community == 0 || j.on.IsZero() {
		return fmt.Errorf("lovebank: a journal needs kind, source, community and day: %+v", j)
	}
	sums := map[string]int64{}
	for _, l := range lines {
		if l.amount == 0 {
			return fmt.Errorf("lovebank: a line of nothing in %s", j.act)
		}
		if l.of.kind == Person && l.amount > 0 && (l.earned.IsZero() || l.expires.IsZero()) {
			return fmt.Errorf("lovebank: what comes into a person's account needs its days")
		}
		sums[string(l.of.unit)+l.of.item.String()] += l.amount
	}
	for unit, sum := range sums {
		if sum != 0 {
			return fmt.Errorf("lovebank: lines of %s sum to %d in %s", j.act, sum, unit)
		}
	}
	if len(lines) < 2 {
		return fmt.Errorf("lovebank: %s has %d lines", j.act, len(lines))
	}
	return nil
}

// post writes a journal with its lines and keeps the balances: the only way into the books. It checks no permission. What is not there is a Conflict, and so is a source
// that has its journal already.
func post(ctx context.Context, tx *db.Tx, actor authz.Actor, j *journal, lines ...*entry) error {
	if err := j.check(lines); err != nil {
		return err
	}
	lines, err := level(ctx, tx, actor.Tenant, j, lines)
	if err != nil {
		return err
	}
	j.id = id.New()
	_, err = tx.Exec(ctx, `INSERT INTO bank_journal (tenant_id, id, kind, community_id, source_kind, source_id, counters_id, on_date, minutes, pieces, reason, sent_key, warned, across, posted_at, posted_by)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16)`, actor.Tenant, j.id, j.act, j.community, j.source, j.sourceID, j.counters, j.on.String(), j.minutes, j.pieces, j.reason, j.key, j.warned, j.across,
		db.Micros(tx.Now()), actor.AccountID)
	if db.IsUnique(err) {
		return errs.New(errs.Conflict, i18n.BankTwice).Because(err)
	} else if err != nil {
		return err
	}
	sums := map[id.ID]int64{}
	for _, l := range lines { // before anything is written of them: who has not enough reads how much there is
		sums[l.of.id] += l.amount
		if !l.of.kind.below() && l.of.balance+sums[l.of.id] < 0 {
			return notEnough(l.of)
		}
	}
	order := slices.Clone(lines) // two acts on the same accounts lock them in the same order
	slices.SortStableFunc(order, func(a, b *entry) int { return int(min(1, max(-1, int64(a.of.id)-int64(b.of.id)))) })
	for _, l := range order {
		if err := move(ctx, tx, actor.Tenant, l); err != nil {
			return err
		}
	}
	for _, l := range lines {
		if err := write(ctx, tx, actor.Tenant, j.id, l); err != nil {
			return err
		}
	}
	return nil
}

// level lets the books of each community's bank balance by themselves: what goes from one to another goes through the accounts between the banks. A merger and a move say themselves how.
func level(ctx context.Context, tx *db.Tx, tenant int64, j *journal, lines []*entry) ([]*entry, error) {
	between := func(l *entry) bool { return l.of.kind == Between && l.of.district == 0 }
	sums := map[id.ID]int64{}
	var order []id.ID
	for _, l := range lines {
		if l.of.unit != Hearts {
			continue
		}
		if _, ok := sums[l.of.community]; !ok {
			order = append(order, l.of.community)
			sums[l.of.community] = 0
		}
		if !between(l) {
			sums[l.of.community] += l.amount
		}
	}
	j.across = len(order) > 1
	if !j.across || j.act == Merge || j.act == Moved {
		return lines, nil
	}
	lines = slices.DeleteFunc(slices.Clone(lines), between)
	for _, c := range order {
		if sums[c] == 0 {
			continue
		}
		a, err := own(ctx, tx, tenant, c, Between, 0, 0)
		if err != nil {
			return nil, err
		}
		lines = append(lines, &entry{of: a, amount: -sums[c]})
	}
	return lines, nil
}

func notEnough(a *account) error {
	if a.unit == Goods {
		return errs.New(errs.Conflict, i18n.BankSoldOut, a.balance)
	}
	return errs.Field("amount", i18n.BankNotEnough, a.balance)
}

// move changes the balance of an account, which must hold as much.
func move(ctx context.Context, tx *db.Tx, tenant int64, l *entry) error {
	n, err := tx.Exec(ctx, `UPDATE bank_account SET balance = balance + $1, credits = credits + $2, debits = debits + $3
		WHERE tenant_id = $4 AND id = $5 AND (balance + $1 >= 0 OR kind IN ('issued', 'written_off', 'supply', 'between'))`, l.amount, max(0, l.amount), max(0, -l.amount), tenant, l.of.id)
	if err == nil && n == 0 {
		err = notEnough(l.of)
	}
	l.of.balance += l.amount
	l.after = l.of.balance
	return err
}

// write writes a line. What goes out of a person's account is drawn from its lots.
func write(ctx context.Context, tx *db.Tx, tenant int64, j id.ID, l *entry) error {
	l.line = id.New()
	var left int64
	if l.of.kind == Person && l.amount > 0 {
		left = l.amount
	}
	_, err := tx.Exec(ctx, `INSERT INTO bank_line (tenant_id, id, journal_id, account_id, amount, balance, left_over, earned_on, expires_on, origin_id) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`,
		tenant, l.line, j, l.of.id, l.amount, l.after, left, l.earned.String(), l.expires.String(), l.origin)
	if err != nil || l.of.kind != Person || l.amount > 0 {
		return err
	}
	if l.lot != nil {
		l.drawn = []draw{{lot: l.lot.line, amount: -l.amount, earned: l.lot.earned, expires: l.lot.expires}}
	}
	if l.drawn == nil {
		if l.drawn, err = drawFrom(ctx, tx, tenant, l.of, -l.amount); err != nil {
			return err
		}
	}
	for _, d := range l.drawn {
		n, err := tx.Exec(ctx, `UPDATE bank_line SET left_over = left_over - $1 WHERE tenant_id = $2 AND id = $3 AND left_over >= $1`, d.amount, tenant, d.lot)
		if err == nil && n == 0 {
			err = notEnough(l.of)
		}
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO bank_draw (tenant_id, id, line_id, lot_id, amount) VALUES ($1,$2,$3,$4,$5)`, tenant, id.New(), l.line, d.lot, d.amount); err != nil {
			return err
		}
	}
	return nil
}

// drawFrom says from which lots of a person's account an amount is taken: what expires first goes first.
func drawFrom(ctx context.Context, q db.Querier, tenant int64, of *account, amount int64) ([]draw, error) {
	type row struct{ lot }
	rows, err := db.All(ctx, q, func(r *row) []any { return []any{&r.id, &r.left, &r.earned, &r.expires} }, `SELECT l.id, l.left_over, l.earned_on, l.expires_on FROM bank_line l
		WHERE l.tenant_id = $1 AND l.account_id = $2 AND l.left_over > 0 ORDER BY l.expires_on, l.id`, tenant, of.id)
	if err != nil {
		return nil, err
	}
	lots := make([]lot, len(rows))
	for i, r := range rows {
		lots[i] = r.lot
	}
	out, ok := spend(lots, amount)
	if !ok {
		return nil, notEnough(of)
	}
	return out, nil
}

// given are the lines that put into another account what was drawn, each part with its days.
func given(to *account, drawn []draw) []*entry {
	out := make([]*entry, len(drawn))
	for i, d := range drawn {
		out[i] = &entry{of: to, amount: d.amount, earned: d.earned, expires: d.expires}
	}
	return out
}

// comeBack gives the lines that put back into a person's account what a journal took out of it: each part keeps its days, later by those during which it could not be spent,
// and the lot as which it came in first. What the ledger took back meanwhile was written off; that is paid first, so that hearts without service behind them do not return.
func comeBack(ctx context.Context, tx *db.Tx, tenant int64, to *account, journal id.ID, days int) ([]*entry, error) {
	return comeBackPart(ctx, tx, tenant, to, journal, days, 0, math.MaxInt64)
}

// comeBackPart is comeBack of a part: what was drawn last returns first, after what returned before.
func comeBackPart(ctx context.Context, tx *db.Tx, tenant int64, to *account, journal id.ID, days int, before, amount int64) ([]*entry, error) {
	type part struct {
		draw
		root id.ID
		off  int64
		bank id.ID // of the community that bears what was written off of it
	}
	parts, err := db.All(ctx, tx, func(p *part) []any {
		return []any{&p.lot, &p.amount, &p.earned, &p.expires, &p.root, &p.off, &p.bank}
	}, `SELECT d.lot_id, d.amount, t.earned_on, t.expires_on, o.id, o.written_off, j.community_id FROM bank_line l
		JOIN bank_draw d ON d.tenant_id = l.tenant_id AND d.line_id = l.id
		JOIN bank_line t ON t.tenant_id = d.tenant_id AND t.id = d.lot_id
		JOIN bank_line o ON o.tenant_id = t.tenant_id AND o.id = CASE WHEN t.origin_id <> 0 THEN t.origin_id ELSE t.id END
		JOIN bank_journal j ON j.tenant_id = o.tenant_id AND j.id = o.journal_id
		WHERE l.tenant_id = $1 AND l.journal_id = $2 AND l.account_id = $3 ORDER BY d.id DESC`, tenant, journal, to.id)
	if err != nil {
		return nil, err
	}
	var out []*entry
	paid := map[id.ID]int64{} // to the bank of a community
	var banks []id.ID
	of := map[id.ID]int64{} // paid of what was written off of a lot
	for _, p := range parts {
		skip := min(before, p.amount)
		before -= skip
		p.amount = min(p.amount-skip, amount)
		amount -= p.amount
		pay := min(p.off-of[p.root], p.amount)
		of[p.root] += pay
		if pay > 0 {
			if paid[p.bank] == 0 {
				banks = append(banks, p.bank)
			}
			paid[p.bank] += pay
		}
		if rest := p.amount - pay; rest > 0 {
			out = append(out, &entry{of: to, amount: rest, earned: p.earned, expires: p.expires.AddDays(days), origin: p.root})
		}
		if pay > 0 {
			if err := writeOff(ctx, tx, tenant, p.root, -pay); err != nil {
				return nil, err
			}
		}
	}
	for _, bank := range banks {
		off, err := own(ctx, tx, tenant, bank, WrittenOff, 0, 0)
		if err != nil {
			return nil, err
		}
		out = append(out, &entry{of: off, amount: paid[bank]})
	}
	return out, nil
}

// writeOff keeps with a lot how much of it was spent when the ledger took it back.
func writeOff(ctx context.Context, tx *db.Tx, tenant int64, lot id.ID, n int64) error {
	return tx.Update(ctx, `UPDATE bank_line SET written_off = written_off + $1 WHERE tenant_id = $2 AND id = $3`, n, tenant, lot)
}

// own gives the account of a kind of a community's bank, or of an item; it is made the first time.
func own(ctx context.Context, tx *db.Tx, tenant int64, community id.ID, kind Kind, item, org id.ID) (*account, error) {
	a, err := db.One(ctx, tx, (*account).dest, "SELECT "+accountColumns+` FROM bank_account a WHERE a.tenant_id = $1 AND a.community_id = $2 AND a.kind = $3 AND a.item_id = $4 AND a.org_id = $5 AND a.person_id = 0 AND a.district = 0`,
		tenant, community, kind, item, org)
	if errs.KindOf(err) != errs.NotFound || err == nil {
		return &a, err
	}
	a = account{id: id.New(), kind: kind, unit: kind.Unit(), community: community, item: item, org: org}
	_, err = tx.Exec(ctx, `INSERT INTO bank_account (tenant_id, id, kind, unit, community_id, item_id, org_id, created_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`,
		tenant, a.id, kind, a.unit, community, item, org, db.Micros(tx.Now()))
	return &a, err
}

// ofBook gives a person's account.
func ofBook(ctx context.Context, q db.Querier, tenant int64, book id.ID) (*account, error) {
	a, err := db.One(ctx, q, (*account).dest, "SELECT "+accountColumns+` FROM bank_account a WHERE a.tenant_id = $1 AND a.id = $2`, tenant, book)
	return &a, err
}
