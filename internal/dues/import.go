package dues

import (
	"context"
	"slices"
	"strings"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/intake"
)

// ImportName names the kind of import.
const ImportName = "dues"

// ImportKind is a bank's statement, or any table of payments of one branch: who, how much, when, for which month. A member is known by the number of the bank file or by
// name; the same payment again changes nothing.
func (s *Service) ImportKind() intake.Kind {
	col := func(name string, title i18n.Text, c intake.Column) intake.Column {
		c.Name, c.Title, c.Also = name, title, i18n.DuesHeads[name]
		return c
	}
	return intake.Kind{
		Name: ImportName, Title: i18n.DuesImport, Hint: i18n.DuesImportHint, Permission: PermKeep, OrgNeeded: true, Private: true,
		Options: []intake.Option{{Name: "confirmed", Title: i18n.DuesImportConfirmed, Hint: i18n.DuesImportConfirmedHint}},
		Columns: []intake.Column{
			col("name", i18n.DuesColName, intake.Column{Required: true, Max: 60}),
			col("number", i18n.DuesColNumber, intake.Column{Max: 30, Hint: i18n.DuesColNumberHint}),
			col("amount", i18n.DuesColAmount, intake.Column{Required: true, Max: 20, Sealed: true, Mask: hidden, Example: "15.00"}),
			col("paid_on", i18n.DuesColPaidOn, intake.Column{Required: true, Max: 30, Example: "2026-03-05"}),
			col("from", i18n.DuesColMonth, intake.Column{Max: 20, Hint: i18n.DuesColMonthHint, Example: "2026-03"}),
			col("to", i18n.DuesColTo, intake.Column{Max: 20}),
			col("means", i18n.DuesColMeans, intake.Column{Max: 20}),
		},
		Begin: s.beginImport,
	}
}

// paymentRow is one row of a table of payments.
type paymentRow struct {
	name, number string
	taking       Taking
	account      account
	lines        []line
}

// payments is one pass over a table.
type payments struct {
	intake.Setup
	s      *Service
	r      rules
	today  calendar.Date
	byName map[string][]id.ID
	by     map[id.ID]*account
	done   map[string]bool // payments that are there already
}

// maxImportMembers bounds the members of the branch that an import is for.
const maxImportMembers = 5000

func (s *Service) beginImport(ctx context.Context, q db.Querier, set intake.Setup) (intake.Importer, error) {
	im := &payments{Setup: set, s: s, today: calendar.DateOf(set.Now), byName: map[string][]id.ID{}, by: map[id.ID]*account{}, done: map[string]bool{}}
	var err error
	if im.r, err = loadRules(ctx, q, set.Actor.Tenant); err != nil {
		return nil, err
	}
	a := &db.Args{}
	members, err := db.All(ctx, q, (*Member).dest, "SELECT "+memberColumns+memberTables+" WHERE m.tenant_id = "+a.Add(set.Actor.Tenant)+" AND "+ofBranch(a, set.OrgID)+
		" AND "+standing(a, set.Actor, PermKeep, "b")+" ORDER BY m.id LIMIT "+a.Add(int64(maxImportMembers)), a.Values()...)
	if err != nil {
		return nil, err
	}
	ids := make([]id.ID, len(members))
	for i, m := range members {
		ids[i] = m.ID
	}
	accounts, err := s.loadAccounts(ctx, q, set.Actor.Tenant, members)
	if err != nil {
		return nil, err
	}
	for i := range accounts {
		m := &accounts[i]
		im.by[m.ID] = m
		im.byName[gram.Key(m.Name)] = append(im.byName[gram.Key(m.Name)], m.ID)
	}
	return im, s.known(ctx, q, set.Actor.Tenant, ids, im.done)
}

// known notes the payments of members that stand, by what makes two the same.
func (s *Service) known(ctx context.Context, q db.Querier, tenant int64, members []id.ID, done map[string]bool) error {
	a := &db.Args{}
	return db.Each(ctx, q, (*Payment).dest, func(p Payment) error {
		var err error
		if p.Amount, err = s.openPaid(p.ID, p.sealed); err == nil && !p.Taken {
			done[same(p.MemberID, p.From, p.To, p.Amount, p.PaidOn)] = true
		}
		return err
	}, "SELECT "+paymentColumns+paymentTables+" WHERE p.tenant_id = "+a.Add(tenant)+" AND p.kind = 'dues' AND "+db.In(a, "p.member_id", members), a.Values()...)
}

func same(member id.ID, from, to Month, fen int64, on calendar.Date) string {
	return strings.Join([]string{member.String(), from.String(), to.String(), i18n.PlainYuan(fen), on.String()}, "/")
}

// Check reads one row.
func (im *payments) Check(r *intake.Row) any {
	p := &paymentRow{name: r.Name("name"), number: strings.ToUpper(r.Text("number"))}
	p.taking.Means = Transfer
	if s := r.Name("means"); s != "" {
		i := slices.IndexFunc(Ways(), func(m Means) bool {
			return s == string(m) || s == m.Text().In(i18n.ZH) || strings.EqualFold(s, m.Text().In(i18n.EN))
		})
		if i < 0 {
			r.Refuse("means", i18n.DuesImportMeans, i18n.DuesImportMeansHow)
		} else {
			p.taking.Means = Ways()[i]
		}
	}
	if s := r.Text("amount"); s != "" {
		fen, err := ParseYuan(s)
		if err != nil || fen <= 0 {
			r.Refuse("amount", i18n.DuesBadAmount, i18n.DuesImportAmountHow)
		}
		p.taking.Amount = fen
	}
	p.taking.PaidOn, _ = calendar.Parse(r.Date("paid_on")) // Date has said what is wrong
	p.taking.From = im.month(r, "from")
	p.taking.To = im.month(r, "to")
	if p.taking.From == 0 {
		p.taking.From = MonthOf(p.taking.PaidOn)
	}
	if p.taking.To == 0 {
		p.taking.To = p.taking.From
	}
	p.taking.Confirmed = im.Options["confirmed"]
	if !r.Refused() {
		for field, m := range fieldsOf(p.taking.check(im.today).OrNil()) {
			if field == "confirmed" {
				field = "from"
			}
			r.Refuse(field, m.Text, i18n.DuesImportHow, m.Args...)
		}
	}
	return p
}

func (im *payments) month(r *intake.Row, column string) Month {
	m, err := ParseMonth(r.Text(column))
	if err != nil {
		r.Refuse(column, i18n.DuesBadMonth, i18n.DuesColMonthHint)
	}
	return m
}

// Key keeps one payment from standing twice in a file.
func (im *payments) Key(record any) string {
	p := record.(*paymentRow)
	return p.number + "/" + gram.Key(p.name) + "/" + same(0, p.taking.From, p.taking.To, p.taking.Amount, p.taking.PaidOn)
}

// Plan finds the members and divides the payments over their months, in the order of the file.
func (im *payments) Plan(_ context.Context, _ db.Querier, items []*intake.Item) error {
	for _, it := range items {
		p := it.Record.(*paymentRow)
		a := im.who(it, p)
		if a == nil {
			continue
		}
		p.taking.MemberID, p.account = a.ID, *a
		key := same(a.ID, p.taking.From, p.taking.To, p.taking.Amount, p.taking.PaidOn)
		if im.done[key] {
			it.Outcome = intake.Unchanged
			continue
		}
		give, _, bad := a.taking(p.taking, im.r)
		if bad != nil {
			if bad.Text == i18n.DuesMore { // the report names no amount: what somebody owes tells their base
				bad = &errs.Message{Text: i18n.DuesImportMore, Args: []any{a.Name}}
			}
			it.Refuse("amount", bad.Text, i18n.DuesImportHow, bad.Args...)
			continue
		}
		p.lines, it.Outcome = give, intake.Inserted
		im.done[key] = true
		for _, l := range give {
			a.entries = append(a.entries, Entry{MemberID: a.ID, Month: l.month, Settles: 1, Fen: l.fen})
		}
	}
	return nil
}

// who finds the member of a row by number, else by a name that only one has.
func (im *payments) who(it *intake.Item, p *paymentRow) *account {
	if p.number != "" {
		if n, err := id.Parse(p.number); err == nil && im.by[n] != nil {
			if a := im.by[n]; gram.Key(a.Name) == gram.Key(p.name) {
				return a
			}
		}
		it.Refuse("number", i18n.DuesImportNumber, i18n.DuesImportNumberHow)
		return nil
	}
	found := im.byName[gram.Key(p.name)]
	switch len(found) {
	case 0:
		it.Refuse("name", i18n.DuesImportNobody, i18n.DuesImportNobodyHow, p.name)
	case 1:
		return im.by[found[0]]
	default:
		it.Refuse("name", i18n.DuesImportSeveral, i18n.DuesImportSeveralHow, p.name)
	}
	return nil
}

// Write enters the payments that are new.
func (im *payments) Write(ctx context.Context, tx *db.Tx, items []*intake.Item) error {
	var all []Payment
	var lines [][]line
	for _, it := range intake.Only(items, intake.Inserted) {
		p := it.Record.(*paymentRow)
		var sum int64
		for _, l := range p.lines {
			sum += l.fen
		}
		all = append(all, Payment{ID: id.New(), MemberID: p.account.ID, PersonID: p.account.PersonID, BranchID: p.account.BranchID, Kind: Dues, From: p.taking.From, To: p.taking.To,
			Amount: sum, PaidOn: p.taking.PaidOn, Means: p.taking.Means})
		lines = append(lines, p.lines)
	}
	if len(all) == 0 {
		return nil
	}
	return im.s.post(ctx, tx, im.Actor, im.ImportID, all, lines)
}

// Finish does nothing more: each chunk was written whole.
func (im *payments) Finish(context.Context, *db.Tx) error { return nil }

// hidden is an amount in a report.
func hidden(string) string { return "***" }
