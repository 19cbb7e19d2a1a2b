package dues

import (
	"cmp"
	"context"
	"slices"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/paper"
)

// maxTaking is how many payments are entered at once.
const maxTaking = 500

// AmountField names the field of a member's amount where many are entered at once.
func AmountField(member id.ID) string { return "amount_" + member.String() }

// Take enters a payment for some months (PermKeep) and issues its receipt. An amount of 0 takes what is due. Where nothing is due, or no base is known, it is Invalid
// under "amount"; months more than six back, or more than is due, want Confirmed (DUES-11).
func (s *Service) Take(ctx context.Context, actor authz.Actor, t Taking) (id.ID, error) {
	var out []Payment
	err := s.db.WithTx(ctx, func(tx *db.Tx) (err error) {
		out, err = s.takeTx(ctx, tx, actor, 0, []Taking{t})
		return err
	})
	if err != nil {
		return 0, single(err, t.MemberID)
	}
	return out[0].ID, nil
}

// TakeMany enters the payments of many members at once (PermKeep), all or none. What is wrong with one is told under AmountField.
func (s *Service) TakeMany(ctx context.Context, actor authz.Actor, all []Taking) (int, error) {
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		_, err := s.takeTx(ctx, tx, actor, 0, all)
		return err
	})
	return len(all), err
}

// single names the amount as the form of one payment does.
func single(err error, member id.ID) error {
	e := errs.As(err)
	if e == nil || e.Fields == nil {
		return err
	}
	if msg, ok := e.Fields[AmountField(member)]; ok {
		delete(e.Fields, AmountField(member))
		e.Fields["amount"] = msg
	}
	return e
}

func (s *Service) takeTx(ctx context.Context, tx *db.Tx, actor authz.Actor, importID id.ID, all []Taking) ([]Payment, error) {
	if len(all) == 0 || len(all) > maxTaking {
		return nil, errs.New(errs.Invalid, i18n.DuesNobody, maxTaking)
	}
	day := today(tx)
	ids := make([]id.ID, len(all))
	for i := range all {
		if err := all[i].check(day).OrNil(); err != nil {
			return nil, err
		}
		ids[i] = all[i].MemberID
	}
	accounts, err := s.accounts(ctx, tx, actor, ids)
	if err != nil {
		return nil, err
	}
	r, err := loadRules(ctx, tx, actor.Tenant)
	if err != nil {
		return nil, err
	}
	var e *errs.Error
	var payments []Payment
	var lines [][]line
	seen := map[id.ID]bool{}
	for _, t := range all {
		a := accounts[t.MemberID]
		if seen[t.MemberID] {
			return nil, errs.New(errs.Invalid, i18n.DuesTwice, a.Name)
		}
		seen[t.MemberID] = true
		give, sum, bad := a.taking(t, r)
		if bad != nil {
			field := AmountField(t.MemberID)
			if bad.Text == i18n.DuesMore && len(all) == 1 {
				field = "confirmed"
			}
			e = e.With(field, bad.Text, bad.Args...)
			continue
		}
		payments = append(payments, Payment{ID: id.New(), MemberID: a.ID, PersonID: a.PersonID, BranchID: a.BranchID, Kind: Dues, From: t.From, To: t.To, Amount: sum,
			PaidOn: t.PaidOn, Means: t.Means})
		lines = append(lines, give)
	}
	if err := e.OrNil(); err != nil {
		return nil, err
	}
	return payments, s.post(ctx, tx, actor, importID, payments, lines)
}

// accounts opens the accounts of members whose dues the actor keeps; one that is not theirs is not found.
func (s *Service) accounts(ctx context.Context, tx *db.Tx, actor authz.Actor, ids []id.ID) (map[id.ID]account, error) {
	members, err := keptMembers(ctx, tx, actor, ids)
	if err != nil {
		return nil, err
	}
	all, err := s.loadAccounts(ctx, tx, actor.Tenant, members)
	if err != nil {
		return nil, err
	}
	out := make(map[id.ID]account, len(all))
	for _, a := range all {
		out[a.ID] = a
	}
	for _, i := range ids {
		if out[i].ID == 0 {
			return nil, errs.ErrNotFound
		}
	}
	return out, nil
}

// taking divides a payment over its months, or says what is wrong.
func (a account) taking(t Taking, r rules) ([]line, int64, *errs.Message) {
	states, err := a.states(t.From, t.To, r)
	if err != nil {
		return nil, 0, &errs.Message{Text: i18n.DuesNoBase, Args: []any{a.Name, t.From.String()}}
	}
	states = slices.DeleteFunc(states, func(s State) bool { return !a.belongs(s.Month) })
	if len(states) == 0 {
		return nil, 0, &errs.Message{Text: i18n.DuesNotMember, Args: []any{t.From.String()}}
	}
	for _, s := range states {
		if !s.Known {
			return nil, 0, &errs.Message{Text: i18n.DuesNoBase, Args: []any{a.Name, s.Month.String()}}
		}
	}
	due := owed(states)
	sum := cmp.Or(t.Amount, due)
	switch {
	case due == 0:
		return nil, 0, &errs.Message{Text: i18n.DuesNothingDue, Args: []any{a.Name, t.From.String()}}
	case sum > due && !t.Confirmed:
		return nil, 0, &errs.Message{Text: i18n.DuesMore, Args: []any{a.Name, i18n.Yuan(due)}}
	}
	return divide(states, sum), sum, nil
}

// Gift enters a voluntary payment of 1,000 yuan or more, which is passed on whole to the central level (PermKeep; DUES-14), and issues its receipt.
func (s *Service) Gift(ctx context.Context, actor authz.Actor, member id.ID, amount int64, paidOn calendar.Date, means Means) (id.ID, error) {
	var out id.ID
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		m, err := keptMember(ctx, tx, actor, member)
		if err != nil {
			return err
		}
		e := checkMoney(nil, amount, paidOn, means, today(tx))
		if amount >= 0 && amount < minVoluntary {
			e = e.With("amount", i18n.DuesGiftLeast, i18n.Yuan(minVoluntary))
		}
		if err := e.OrNil(); err != nil {
			return err
		}
		p := Payment{ID: id.New(), MemberID: m.ID, PersonID: m.PersonID, BranchID: m.BranchID, Kind: Voluntary, Amount: amount, PaidOn: paidOn, Means: means}
		out = p.ID
		return s.post(ctx, tx, actor, 0, []Payment{p}, [][]line{nil})
	})
	return out, err
}

// TakeBack counters a payment that was entered wrongly, with the reason (PermKeep at the branch that took it; DUES-15): both stay in the ledger, and the receipt is no longer in force. A payment is
// countered once.
func (s *Service) TakeBack(ctx context.Context, actor authz.Actor, payment id.ID, reason string) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		p, err := s.payment(ctx, tx, actor.Tenant, payment)
		if err != nil {
			return err
		}
		m, err := keptPayer(ctx, tx, actor, p)
		if err != nil {
			return err
		}
		if err := need(nil, "reason", &reason).OrNil(); err != nil {
			return err
		}
		if p.Kind == Counter || p.Taken {
			return errs.New(errs.Conflict, i18n.DuesCountered)
		}
		entries, err := s.entriesOf(ctx, tx, actor.Tenant, p.ID)
		if err != nil {
			return err
		}
		var give []line
		for _, e := range entries {
			give = append(give, line{e.Month, -e.Fen})
		}
		c := Payment{ID: id.New(), MemberID: p.MemberID, PersonID: p.PersonID, BranchID: p.BranchID, Kind: Counter, From: p.From, To: p.To, Amount: -p.Amount,
			PaidOn: today(tx), Means: p.Means, CountersID: p.ID, Reason: reason}
		if err := s.write(ctx, tx, actor, 0, []Payment{c}, [][]line{give}); db.IsUnique(err) {
			return errs.New(errs.Conflict, i18n.DuesCountered).Because(err)
		} else if err != nil {
			return err
		}
		kind := Dues
		if p.Kind == Voluntary {
			kind = Voluntary
		}
		if err := s.total(ctx, tx, actor.Tenant, p.BranchID, MonthOf(today(tx)), kind, -p.Amount); err != nil {
			return err
		}
		if err := paper.RevokeTx(ctx, tx, actor.Tenant, paper.KindDues, p.ID, i18n.DuesKindCounter.In(i18n.ZH)); err != nil {
			return err
		}
		return record(ctx, tx, actor, PermKeep, "dues.counter", "dues_payment", c.ID, m, map[string]any{"payment": p.ID.String(), "reason": reason})
	})
}

// keptPayer is the payer of a payment of a branch whose books the actor keeps: that which took it, also when the member has left it since.
func keptPayer(ctx context.Context, q db.Querier, actor authz.Actor, p Payment) (Member, error) {
	a := &db.Args{}
	m := Member{ID: p.MemberID, PersonID: p.PersonID, BranchID: p.BranchID}
	n, err := db.Value[int64](ctx, q, "SELECT count(*) FROM organisation b WHERE b.tenant_id = "+a.Add(actor.Tenant)+" AND b.id = "+a.Add(p.BranchID)+" AND "+standing(a, actor, PermKeep, "b"), a.Values()...)
	if err == nil && n == 0 {
		err = errs.ErrNotFound
	}
	return m, err
}

// PayerOf gives the member of a payment to who keeps their dues (PermKeep).
func (s *Service) PayerOf(ctx context.Context, actor authz.Actor, payment id.ID) (id.ID, error) {
	p, err := s.payment(ctx, s.db, actor.Tenant, payment)
	if err != nil {
		return 0, err
	}
	m, err := keptMember(ctx, s.db, actor, p.MemberID)
	return m.ID, err
}

// post writes payments with their receipts, totals and record.
func (s *Service) post(ctx context.Context, tx *db.Tx, actor authz.Actor, importID id.ID, payments []Payment, lines [][]line) error {
	if err := s.write(ctx, tx, actor, importID, payments, lines); err != nil {
		return err
	}
	type cell struct {
		branch id.ID
		kind   PaymentKind
	}
	sums := map[cell]int64{}
	var order []cell
	for _, p := range payments {
		c := cell{p.BranchID, p.Kind}
		if _, ok := sums[c]; !ok {
			order = append(order, c)
		}
		sums[c] += p.Amount
	}
	slices.SortFunc(order, func(x, y cell) int { return cmp.Or(cmp.Compare(x.branch, y.branch), cmp.Compare(x.kind, y.kind)) })
	for _, c := range order {
		if err := s.total(ctx, tx, actor.Tenant, c.branch, MonthOf(today(tx)), c.kind, sums[c]); err != nil {
			return err
		}
	}
	if err := s.receipts(ctx, tx, actor, payments); err != nil {
		return err
	}
	entries := make([]audit.Entry, len(payments))
	for i, p := range payments {
		entries[i] = audit.Entry{Action: "dues.take", Permission: PermKeep, SubjectKind: "dues_payment", SubjectID: p.ID, PersonID: p.PersonID, OrgID: p.BranchID,
			Detail: map[string]any{"kind": p.Kind, "from": p.From.String(), "to": p.To.String(), "paid_on": p.PaidOn}}
	}
	return audit.RecordMany(ctx, tx, actor, entries)
}

var (
	paymentInsert = []string{"tenant_id", "id", "member_id", "person_id", "branch_id", "kind", "from_month", "to_month", "amount", "paid_on", "means", "counters_id", "reason", "booked", "import_id",
		"account_id", "at"}
	entryInsert = []string{"tenant_id", "id", "payment_id", "member_id", "month", "settles", "amount"}
)

// write adds payments and the months they are for to the ledger.
func (s *Service) write(ctx context.Context, tx *db.Tx, actor authz.Actor, importID id.ID, payments []Payment, lines [][]line) error {
	type entry struct {
		p *Payment
		line
	}
	var entries []entry
	for i := range payments {
		for _, l := range lines[i] {
			entries = append(entries, entry{&payments[i], l})
		}
	}
	booked, at := MonthOf(today(tx)).String(), db.Micros(tx.Now())
	if err := tx.InsertMany(ctx, "dues_payment", paymentInsert, len(payments), func(i int) []any {
		p := payments[i]
		return []any{actor.Tenant, int64(p.ID), int64(p.MemberID), int64(p.PersonID), int64(p.BranchID), string(p.Kind), p.From.String(), p.To.String(),
			s.ring.Seal("dues_payment", "amount", p.ID, amount(p.Amount)), p.PaidOn.String(), string(p.Means), int64(p.CountersID), p.Reason, booked, int64(importID),
			int64(actor.AccountID), at}
	}); err != nil {
		return err
	}
	return tx.InsertMany(ctx, "dues_entry", entryInsert, len(entries), func(i int) []any {
		e, row := entries[i], id.New()
		settles := int64(1)
		if e.p.Kind == Counter {
			settles = -1
		}
		return []any{actor.Tenant, int64(row), int64(e.p.ID), int64(e.p.MemberID), e.month.String(), settles, s.ring.Seal("dues_entry", "amount", row, amount(e.fen))}
	})
}

func (s *Service) entriesOf(ctx context.Context, q db.Querier, tenant int64, payment id.ID) ([]Entry, error) {
	type row struct {
		Entry
		id     id.ID
		sealed []byte
	}
	rows, err := db.All(ctx, q, func(r *row) []any { return []any{&r.id, &r.MemberID, &r.Month, &r.Settles, &r.sealed} },
		"SELECT t.id, t.member_id, t.month, t.settles, t.amount FROM dues_entry t WHERE t.tenant_id = $1 AND t.payment_id = $2 ORDER BY t.month, t.id", tenant, payment)
	out := make([]Entry, len(rows))
	for i, r := range rows {
		if out[i] = r.Entry; err == nil {
			out[i].Fen, err = s.openEntry(r.id, r.sealed)
		}
	}
	return out, err
}

// total adds to what a branch took in a month, and counts anew how many members that is. Who paid by mistake alone does not count: the sum would not hide the others.
func (s *Service) total(ctx context.Context, tx *db.Tx, tenant int64, branch id.ID, m Month, kind PaymentKind, fen int64) error {
	payers, err := db.Value[int64](ctx, tx, `SELECT count(DISTINCT p.member_id) FROM dues_payment p WHERE p.tenant_id = $1 AND p.branch_id = $2 AND p.booked = $3 AND p.kind = $4
		AND NOT EXISTS (SELECT 1 FROM dues_payment c WHERE c.tenant_id = p.tenant_id AND c.counters_id = p.id)`, tenant, branch, m, kind)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO dues_total (tenant_id, branch_id, month, kind, amount, payers) VALUES ($1,$2,$3,$4,$5,$6)
		ON CONFLICT (tenant_id, branch_id, month, kind) DO UPDATE SET amount = dues_total.amount + excluded.amount, payers = excluded.payers`, tenant, branch, m, kind, fen, payers)
	return err
}
