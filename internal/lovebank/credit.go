package lovebank

import (
	"context"
	"errors"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/ledger"
)

// overlap is how far back Sync looks: longer than any transaction that books service takes to commit.
const overlap = 15 * time.Minute

// system is who books by itself.
func system(tenant int64) authz.Actor { return authz.System(tenant, "love bank") }

// Sync credits what the ledger booked of late. It reads postings by their key, which is made by the clock of the machine, and may read one again: a posting has one journal at
// most.
func (s *Service) Sync(ctx context.Context, tenant int64) error {
	return s.sync(ctx, tenant, `SELECT DISTINCT a.id FROM posting p JOIN bank_account a ON a.tenant_id = p.tenant_id AND a.person_id = p.person_id AND a.person_id <> 0
		WHERE p.tenant_id = $1 AND p.id >= $2 AND p.account IN ('hours', 'goods') AND a.closed_on = ''
		AND NOT EXISTS (SELECT 1 FROM bank_journal j WHERE j.tenant_id = p.tenant_id AND j.source_id = p.id AND j.kind IN ('credit', 'goods', 'reversal') AND j.source_kind = 'posting') ORDER BY a.id`, tenant, id.At(time.Now().Add(-overlap)))
}

// SyncAll credits whatever is not credited yet, in every account: the night's work, for what Sync missed while nothing ran.
func (s *Service) SyncAll(ctx context.Context, tenant int64) error {
	return s.sync(ctx, tenant, `SELECT DISTINCT a.id FROM bank_account a
		JOIN posting p ON p.tenant_id = a.tenant_id AND p.person_id = a.person_id AND p.account IN ('hours', 'goods')
		WHERE a.tenant_id = $1 AND a.person_id <> 0 AND a.closed_on = '' AND p.on_date >= a.since
		AND NOT EXISTS (SELECT 1 FROM bank_journal j WHERE j.tenant_id = p.tenant_id AND j.source_id = p.id AND j.kind IN ('credit', 'goods', 'reversal') AND j.source_kind = 'posting') ORDER BY a.id`, tenant)
}

func (s *Service) sync(ctx context.Context, tenant int64, query string, args ...any) error {
	books, err := db.Column[id.ID](ctx, s.db, query, args...)
	if err != nil {
		return err
	}
	var failed []error
	for _, book := range books {
		err := s.db.WithTx(ctx, func(tx *db.Tx) error {
			b, err := db.One(ctx, tx, (*Book).dest, "SELECT "+bookColumns+bookJoined+"a.tenant_id = $1 AND a.id = $2 AND a.closed_on = ''", tenant, book)
			if errs.KindOf(err) == errs.NotFound { // closed meanwhile
				return nil
			} else if err != nil {
				return err
			}
			return s.creditTx(ctx, tx, tenant, b)
		})
		if err != nil { // the others do not wait for it
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

// booked is a posting of the ledger that is to be credited or taken back.
type booked struct {
	id       id.ID
	account  ledger.Account
	on       calendar.Date
	amount   int64 // minutes, or pieces
	reverses id.ID
}

// act is the kind of journal by which it is credited.
func (b booked) act() Act {
	if b.account == ledger.Goods {
		return GoodsGiven
	}
	return Credit
}

// journal is the journal of a kind for it: with the minutes or the pieces behind it.
func (b booked) journal(act Act, community id.ID) *journal {
	j := &journal{act: act, community: community, source: SourcePosting, sourceID: b.id, on: b.on}
	if b.account == ledger.Goods {
		j.pieces = b.amount
	} else {
		j.minutes = b.amount
	}
	return j
}

// creditTx takes out of an account what the ledger took back, and credits what the ledger holds for it and is not credited yet: in this order, so that what is booked again
// finds what was spent of what it replaces.
func (s *Service) creditTx(ctx context.Context, tx *db.Tx, tenant int64, b Book) error {
	today := calendar.DateOf(tx.Now())
	vouched, err := WithVouched.On(ctx, tx, tenant, today)
	if err != nil {
		return err
	}
	duty, err := WithDuty.On(ctx, tx, tenant, today)
	if err != nil {
		return err
	}
	a := &db.Args{}
	counts := "p.source_kind = " + a.Add(ledger.SourceShift) + " OR p.source_kind = " + a.Add(ledger.SourceHelp) + " OR p.source_kind = " + a.Add(ledger.SourceAttendance)
	if duty == 0 { // VOL-3: what somebody does who reported for duty is no voluntary service, but for what they took up by themselves
		counts += " AND m.kind <> 'in_service'"
	}
	if vouched == 0 {
		counts = "(" + counts + ") AND p.proof <> " + a.Add(string(ledger.Vouched))
	}
	rows, err := db.All(ctx, tx, func(r *booked) []any { return []any{&r.id, &r.account, &r.on, &r.amount, &r.reverses} }, `SELECT p.id, p.account, p.on_date, p.amount, p.reverses_id FROM posting p
		LEFT JOIN member m ON m.tenant_id = p.tenant_id AND m.id = p.member_id AND p.member_id <> 0
		WHERE p.tenant_id = `+a.Add(tenant)+" AND p.person_id = "+a.Add(b.PersonID)+` AND p.account IN ('hours', 'goods') AND (
			p.reverses_id = 0 AND p.on_date >= `+a.Add(b.Since.String())+` AND (`+counts+`)
				AND NOT EXISTS (SELECT 1 FROM posting r WHERE r.tenant_id = p.tenant_id AND r.reverses_id = p.id AND r.reverses_id <> 0)
				AND NOT EXISTS (SELECT 1 FROM bank_journal j WHERE j.tenant_id = p.tenant_id AND j.source_id = p.id AND j.kind IN ('credit', 'goods') AND j.source_kind = 'posting')
			OR p.reverses_id <> 0
				AND EXISTS (SELECT 1 FROM bank_journal j WHERE j.tenant_id = p.tenant_id AND j.source_id = p.reverses_id AND j.kind IN ('credit', 'goods') AND j.source_kind = 'posting')
				AND NOT EXISTS (SELECT 1 FROM bank_journal j WHERE j.tenant_id = p.tenant_id AND j.source_id = p.id AND j.kind = 'reversal' AND j.source_kind = 'posting'))
		ORDER BY CASE WHEN p.reverses_id <> 0 THEN 0 ELSE 1 END, p.id`, a.Values()...)
	if err != nil || len(rows) == 0 {
		return err
	}
	perHour, err := PerHour.Steps(ctx, tx, tenant)
	if err != nil {
		return err
	}
	months, err := ExpiryMonths.Steps(ctx, tx, tenant)
	if err != nil {
		return err
	}
	perPiece, err := PerPiece.Steps(ctx, tx, tenant)
	if err != nil {
		return err
	}
	most, err := GoodsMost.Steps(ctx, tx, tenant)
	if err != nil {
		return err
	}
	of := b.account()
	for _, r := range rows {
		if r.reverses != 0 {
			err = takeBack(ctx, tx, tenant, of, r)
		} else {
			worth := hearts(r.amount, perHour.On(r.on))
			if r.account == ledger.Goods {
				worth = forGoods(r.amount, perPiece.On(r.on), most.On(r.on))
			}
			err = credit(ctx, tx, tenant, of, r, worth, latest(expires(r.on, months.On(r.on)), today))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// credit credits a posting. Where it stands in the place of one that the ledger took back, and of which something was spent already, that is paid first: service counts once.
func credit(ctx context.Context, tx *db.Tx, tenant int64, of *account, r booked, n int64, until calendar.Date) error {
	if n <= 0 {
		return nil
	}
	type before struct {
		lot  id.ID
		off  int64
		bank id.ID // that issued it
	}
	olds, err := db.All(ctx, tx, func(b *before) []any { return []any{&b.lot, &b.off, &b.bank} }, `SELECT l.id, l.written_off, j.community_id FROM posting p
		JOIN posting q ON q.tenant_id = p.tenant_id AND q.source_id = p.source_id AND q.account = p.account AND q.source_kind = p.source_kind AND q.id <> p.id
		JOIN bank_journal j ON j.tenant_id = q.tenant_id AND j.source_id = q.id AND j.kind IN ('credit', 'goods') AND j.source_kind = 'posting'
		JOIN bank_line l ON l.tenant_id = j.tenant_id AND l.journal_id = j.id AND l.account_id = $3 AND l.amount > 0
		WHERE p.tenant_id = $1 AND p.id = $2 ORDER BY l.id`, tenant, r.id, of.id)
	if err != nil {
		return err
	}
	var off int64
	bank := of.community
	for _, o := range olds {
		off += o.off
		bank = o.bank // the same service is issued where it was, though the account moved
	}
	issued, err := own(ctx, tx, tenant, bank, Issued, 0, 0)
	if err != nil {
		return err
	}
	in := &entry{of: of, amount: n, earned: r.on, expires: until}
	lines := []*entry{{of: issued, amount: -n}, in}
	pay := min(n, off)
	if pay > 0 {
		gone, err := own(ctx, tx, tenant, bank, WrittenOff, 0, 0)
		if err != nil {
			return err
		}
		lines = append(lines, &entry{of: of, amount: -pay, lot: in}, &entry{of: gone, amount: pay})
	}
	j := r.journal(r.act(), bank)
	if err := post(ctx, tx, system(tenant), j, lines...); err != nil {
		return err
	}
	for _, o := range olds { // what was spent of them, and may return, is of this one now
		if _, err := tx.Exec(ctx, `UPDATE bank_line SET origin_id = $1 WHERE tenant_id = $2 AND account_id = $3 AND (id = $4 OR origin_id = $4)`, in.line, tenant, of.id, o.lot); err != nil {
			return err
		}
		if err := writeOff(ctx, tx, tenant, o.lot, -o.off); err != nil {
			return err
		}
	}
	if off > pay {
		if err := writeOff(ctx, tx, tenant, in.line, off-pay); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `UPDATE bank_account SET minutes = minutes + $1 WHERE tenant_id = $2 AND id = $3`, j.minutes, tenant, of.id)
	return err
}

// takeBack takes out of an account what was credited for a posting that the ledger took back, as far as it is still there: hearts of other service are not touched. The rest,
// because it was redeemed, given or expired, is written off and not claimed back. The bank that issued it takes it back, though the account may have moved.
func takeBack(ctx context.Context, tx *db.Tx, tenant int64, of *account, r booked) error {
	var bank id.ID
	first, err := db.One(ctx, tx, func(l *lot) []any { return []any{&l.id, &l.left, &bank} }, `SELECT l.id, l.amount, j.community_id FROM bank_journal j JOIN bank_line l ON l.tenant_id = j.tenant_id AND l.journal_id = j.id AND l.account_id = $3 AND l.amount > 0
		WHERE j.tenant_id = $1 AND j.source_id = $2 AND j.kind IN ('credit', 'goods') AND j.source_kind = 'posting'`, tenant, r.reverses, of.id)
	if errs.KindOf(err) == errs.NotFound && err != nil { // it stood in the account of somebody else
		return nil
	} else if err != nil {
		return err
	}
	n := first.left
	lots, err := db.All(ctx, tx, func(l *lot) []any { return []any{&l.id, &l.left, &l.earned, &l.expires} }, `SELECT l.id, l.left_over, l.earned_on, l.expires_on FROM bank_line l
		WHERE l.tenant_id = $1 AND l.account_id = $2 AND l.left_over > 0 AND (l.id = $3 OR l.origin_id = $3) ORDER BY l.expires_on, l.id`, tenant, of.id, first.id)
	if err != nil {
		return err
	}
	issued, err := own(ctx, tx, tenant, bank, Issued, 0, 0)
	if err != nil {
		return err
	}
	drawn, _ := spend(lots, n)
	var there int64
	for _, d := range drawn {
		there += d.amount
	}
	lines := []*entry{{of: issued, amount: n}}
	if there > 0 {
		lines = append(lines, &entry{of: of, amount: -there, drawn: drawn})
	}
	if there < n {
		off, err := own(ctx, tx, tenant, bank, WrittenOff, 0, 0)
		if err != nil {
			return err
		}
		lines = append(lines, &entry{of: off, amount: there - n})
		if err := writeOff(ctx, tx, tenant, first.id, n-there); err != nil {
			return err
		}
	}
	j := r.journal(Reversal, bank)
	if err := post(ctx, tx, system(tenant), j, lines...); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE bank_account SET minutes = minutes + $1 WHERE tenant_id = $2 AND id = $3`, j.minutes, tenant, of.id)
	return err
}

// Night is the night's work: who moved, what is not credited yet, orders that nobody collected, hearts past their last day.
func (s *Service) Night(ctx context.Context, tenant int64) error {
	return errors.Join(s.Settle(ctx, tenant), s.SyncAll(ctx, tenant), s.lapse(ctx, tenant), s.expire(ctx, tenant)) // what fails keeps nobody else waiting
}

// helpLate is how many days after the last day of its need help that somebody promised may still come; then what was redeemed returns.
const helpLate = 60

// lapse ends orders that nobody collected in time, and those of help that nobody took until its last day, or that did not come long after it, and those whose need was emptied meanwhile.
func (s *Service) lapse(ctx context.Context, tenant int64) error {
	today := calendar.DateOf(s.db.Now())
	orders, err := db.Column[id.ID](ctx, s.db, `SELECT o.id FROM bank_order o LEFT JOIN need n ON n.tenant_id = o.tenant_id AND n.order_id = o.id AND n.order_id <> 0 WHERE o.tenant_id = $1 AND o.state = 'ordered'
		AND (n.id IS NULL AND o.until_on < $2 OR n.state = 'open' AND n.taken = 0 AND n.due_on < $2 OR n.state IN ('open', 'taken') AND n.due_on < $3
		OR n.state IN ('done', 'refused', 'withdrawn')) ORDER BY o.id`, tenant, today.String(), today.AddDays(-helpLate).String())
	if err != nil {
		return err
	}
	var failed []error
	for _, o := range orders {
		failed = append(failed, s.db.WithTx(ctx, func(tx *db.Tx) error {
			r, err := loadOrder(ctx, tx, tenant, o)
			if err != nil || r.State != Ordered { // collected meanwhile
				return err
			}
			if r.NeedID != 0 {
				return s.needs.EndOrderTx(ctx, tx, system(tenant), o, true)
			}
			return giveBack(ctx, tx, system(tenant), o, Lapsed)
		}))
	}
	return errors.Join(failed...)
}

// expire takes hearts out of accounts whose last day is over.
func (s *Service) expire(ctx context.Context, tenant int64) error {
	type of struct{ book, line id.ID }
	today := calendar.DateOf(s.db.Now())
	lots, err := db.All(ctx, s.db, func(o *of) []any { return []any{&o.book, &o.line} }, `SELECT l.account_id, l.id FROM bank_line l
		WHERE l.tenant_id = $1 AND l.left_over > 0 AND l.expires_on < $2 ORDER BY l.account_id, l.expires_on, l.id`, tenant, today.String())
	if err != nil {
		return err
	}
	var failed []error
	for _, o := range lots {
		failed = append(failed, s.db.WithTx(ctx, func(tx *db.Tx) error { return expireTx(ctx, tx, tenant, o.book, o.line, today) }))
	}
	return errors.Join(failed...)
}

func expireTx(ctx context.Context, tx *db.Tx, tenant int64, book, line id.ID, today calendar.Date) error {
	l, err := db.One(ctx, tx, func(l *lot) []any { return []any{&l.id, &l.left, &l.earned, &l.expires} }, `SELECT l.id, l.left_over, l.earned_on, l.expires_on FROM bank_line l WHERE l.tenant_id = $1 AND l.id = $2`, tenant, line)
	if err != nil || l.left == 0 {
		return err
	}
	of, err := ofBook(ctx, tx, tenant, book)
	if err != nil {
		return err
	}
	gone, err := own(ctx, tx, tenant, of.community, Expired, 0, 0)
	if err != nil {
		return err
	}
	j := &journal{act: Expiry, community: of.community, source: SourceLine, sourceID: line, on: today}
	return post(ctx, tx, system(tenant), j, &entry{of: of, amount: -l.left, drawn: []draw{{l.id, l.left, l.earned, l.expires}}}, &entry{of: gone, amount: l.left})
}
