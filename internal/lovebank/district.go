package lovebank

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// District is another district of the installation.
type District struct {
	Tenant int64
	Name   string
}

// WithDistricts says which districts the installation serves. The composition root calls it once; without it hearts stay in their district.
func (s *Service) WithDistricts(all func(ctx context.Context) ([]District, error)) *Service {
	s.districts = all
	return s
}

// AccordState is where an agreement of two districts stands, as one of them has it.
type AccordState string

// The states of an agreement.
const (
	Proposed   AccordState = "proposed" // by this district
	ToAnswer   AccordState = "offered"  // by the other
	InForce    AccordState = "active"
	EndedState AccordState = "ended"
)

// Text names the state.
func (s AccordState) Text() i18n.Text {
	return map[AccordState]i18n.Text{Proposed: i18n.BankAccordProposed, ToAnswer: i18n.BankAccordOffered, InForce: i18n.BankAccordActive, EndedState: i18n.BankAccordEnded}[s]
}

// Accord is an agreement with another district, as this one has it.
type Accord struct {
	ID        id.ID
	Other     int64
	Name      string // of the other district
	State     AccordState
	Ceiling   int64 // hearts that one person may transfer in a year
	Reason    string
	Told      bool // the other side has been told
	ChangedAt time.Time
	Version   int64
	Out       int64 // hearts that arrived there
	UnderWay  int64 // sent, and neither arrived nor returned
	In        int64 // that came from there
}

const accordColumns = `d.id, d.other, d.other_name, d.state, d.ceiling, d.reason, d.told, d.changed_at, d.version`

func (a *Accord) dest() []any {
	return []any{&a.ID, &a.Other, &a.Name, &a.State, &a.Ceiling, &a.Reason, &a.Told, db.Instant(&a.ChangedAt), &a.Version}
}

// Refusal is why a transfer came back.
type Refusal string

// Why a transfer comes back.
const (
	NoAccord  Refusal = "accord"  // the agreement is over
	NoAccount Refusal = "account" // there is no such account, or it is closed
)

// Text says it.
func (r Refusal) Text() i18n.Text {
	return map[Refusal]i18n.Text{NoAccord: i18n.BankRefusedAccord, NoAccount: i18n.BankRefusedAccount}[r]
}

// The states of a transfer.
const (
	transferSent     = "sent"
	transferArrived  = "arrived"
	transferReturned = "returned"
	transferRefused  = "refused"
)

// part is a part of a transfer with its days, as it travels.
type part struct {
	Amount  int64  `json:"n"`
	Earned  string `json:"earned"`
	Expires string `json:"expires"`
}

// transfer is a row of a transfer.
type transfer struct {
	id        id.ID
	other     int64
	otherName string
	account   id.ID
	toNo      string
	amount    int64
	lots      string
	state     string
	reason    Refusal
	made      time.Time
}

const transferColumns = `t.id, t.other, t.other_name, t.account_id, t.to_no, t.amount, t.lots, t.state, t.reason, t.made_at`

func (t *transfer) dest() []any {
	return []any{&t.id, &t.other, &t.otherName, &t.account, &t.toNo, &t.amount, &t.lots, &t.state, &t.reason, db.Instant(&t.made)}
}

// whole says whether the actor may speak for their whole district.
func whole(actor authz.Actor) error {
	if !actor.Scope(PermAccord).All() {
		return errs.ErrForbidden
	}
	return nil
}

// Accords gives the agreements of the district with others, those in force in front, with how much went either way (PermSee).
func (s *Service) Accords(ctx context.Context, actor authz.Actor) ([]Accord, error) {
	if !actor.Can(PermSee) {
		return nil, errs.ErrForbidden
	}
	sum := func(way, state string) string { // of all agreements with a district, on the last one alone
		return `CASE WHEN d.id = (SELECT max(x.id) FROM bank_accord x WHERE x.tenant_id = d.tenant_id AND x.other = d.other) THEN (SELECT CAST(coalesce(sum(t.amount), 0) AS BIGINT) FROM bank_transfer t
			WHERE t.tenant_id = d.tenant_id AND t.other = d.other AND t.way = '` + way + `' AND t.state = '` + state + `') ELSE 0 END`
	}
	return db.All(ctx, s.db, func(a *Accord) []any { return append(a.dest(), &a.Out, &a.UnderWay, &a.In) }, "SELECT "+accordColumns+", "+sum("out", transferArrived)+", "+sum("out", transferSent)+", "+sum("in", transferArrived)+
		` FROM bank_accord d WHERE d.tenant_id = $1 ORDER BY CASE d.state WHEN 'offered' THEN 0 WHEN 'active' THEN 1 WHEN 'proposed' THEN 2 ELSE 3 END, d.id DESC LIMIT 200`, actor.Tenant)
}

// Others gives the districts with which there is no agreement, and none is proposed (PermAccord of the whole district).
func (s *Service) Others(ctx context.Context, actor authz.Actor) (out []District, err error) {
	if err := whole(actor); err != nil || s.districts == nil {
		return nil, err
	}
	have, err := db.Column[int64](ctx, s.db, `SELECT d.other FROM bank_accord d WHERE d.tenant_id = $1 AND d.state <> 'ended'`, actor.Tenant)
	if err != nil {
		return nil, err
	}
	taken := map[int64]bool{actor.Tenant: true}
	for _, t := range have {
		taken[t] = true
	}
	all, err := s.districts(ctx)
	for _, d := range all {
		if !taken[d.Tenant] {
			out = append(out, d)
		}
	}
	return out, err
}

// Partners gives the districts to which hearts may be transferred (PermOwn).
func (s *Service) Partners(ctx context.Context, actor authz.Actor) ([]District, error) {
	if !actor.Can(PermOwn) || actor.PersonID == 0 {
		return nil, errs.ErrForbidden
	}
	return db.All(ctx, s.db, func(d *District) []any { return []any{&d.Tenant, &d.Name} }, `SELECT d.other, d.other_name FROM bank_accord d WHERE d.tenant_id = $1 AND d.state = 'active' ORDER BY d.other`, actor.Tenant)
}

// Propose proposes to another district that hearts may be transferred between both, with how many one person may transfer in a year (PermAccord of the whole district).
func (s *Service) Propose(ctx context.Context, actor authz.Actor, other, ceiling int64) (made id.ID, err error) {
	open, err := s.Others(ctx, actor)
	if err != nil {
		return 0, err
	}
	name := ""
	for _, d := range open {
		if d.Tenant == other {
			name = d.Name
		}
	}
	var e *errs.Error
	if name == "" {
		e = e.With("district", i18n.ErrBadChoice)
	}
	if ceiling < 1 || ceiling > MaxAmount {
		e = e.With("ceiling", i18n.BankAmount)
	}
	if e != nil {
		return 0, e
	}
	return made, s.db.WithTx(ctx, func(tx *db.Tx) error {
		made = id.New()
		if err := insertAccord(ctx, tx, actor.Tenant, Accord{ID: made, Other: other, Name: name, State: Proposed, Ceiling: ceiling}, actor.AccountID); err != nil {
			return err
		}
		return recordAccord(ctx, tx, actor, "propose", made, map[string]any{"district": other, "ceiling": ceiling})
	})
}

func insertAccord(ctx context.Context, tx *db.Tx, tenant int64, a Accord, by id.ID) error {
	_, err := tx.Exec(ctx, `INSERT INTO bank_accord (tenant_id, id, other, other_name, state, ceiling, reason, told, changed_by, changed_at, created_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$10)`,
		tenant, a.ID, a.Other, a.Name, a.State, a.Ceiling, a.Reason, a.Told, by, db.Micros(tx.Now()))
	if db.IsUnique(err) {
		return errs.New(errs.Conflict, i18n.BankAccordThere).Because(err)
	}
	return err
}

func recordAccord(ctx context.Context, tx *db.Tx, actor authz.Actor, act string, accord id.ID, detail map[string]any) error {
	return audit.Record(ctx, tx, actor, audit.Entry{Action: "lovebank." + act, Permission: PermAccord, SubjectKind: "bank_accord", SubjectID: accord, Detail: detail})
}

// Agree accepts what another district proposed (PermAccord of the whole district): from now on hearts may be transferred between both.
func (s *Service) Agree(ctx context.Context, actor authz.Actor, accord id.ID, version int64) error {
	return s.changeAccord(ctx, actor, accord, version, InForce, "", "agree")
}

// Leave ends an agreement, or takes back or declines what was proposed, with the reason (PermAccord of the whole district). What is under way and does not arrive any more returns.
func (s *Service) Leave(ctx context.Context, actor authz.Actor, accord id.ID, version int64, reason string) error {
	if e := errs.Words(nil, "reason", &reason, MaxReason, true); e != nil {
		return e
	}
	return s.changeAccord(ctx, actor, accord, version, EndedState, reason, "leave")
}

func (s *Service) changeAccord(ctx context.Context, actor authz.Actor, accord id.ID, version int64, to AccordState, reason, act string) error {
	if err := whole(actor); err != nil {
		return err
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		a, err := db.One(ctx, tx, (*Accord).dest, "SELECT "+accordColumns+` FROM bank_accord d WHERE d.tenant_id = $1 AND d.id = $2`, actor.Tenant, accord)
		if err != nil {
			return err
		}
		if a.State == EndedState || to == InForce && a.State != ToAnswer {
			return errs.New(errs.Conflict, i18n.BankAccordIs, a.State.Text())
		}
		if err := tx.Update(ctx, `UPDATE bank_accord SET state = $1, reason = $2, told = FALSE, changed_by = $3, changed_at = $4, version = version + 1 WHERE tenant_id = $5 AND id = $6 AND version = $7`,
			to, reason, actor.AccountID, db.Micros(tx.Now()), actor.Tenant, accord, version); err != nil {
			return err
		}
		return recordAccord(ctx, tx, actor, act, accord, map[string]any{"district": a.Other})
	})
}

// Sending is a transfer to an account in another district.
type Sending struct {
	District int64
	No       string // of the account that receives
	Amount   int64
	Sure     bool   // they were told that it is much for a month, and send it all the same
	Key      string // names one sending of the form
}

// Send transfers hearts of the actor (PermOwn) to an account of another district with which there is an agreement. They are on their way until Carry has brought them there; what is not
// taken there returns with the reason.
func (s *Service) Send(ctx context.Context, actor authz.Actor, in Sending) error {
	if !actor.Can(PermOwn) || actor.PersonID == 0 {
		return errs.ErrForbidden
	}
	var e *errs.Error
	if in.No = tidyNo(in.No); in.No == "" || len(in.No) > 24 {
		e = e.With("no", i18n.BankNoSuchNo)
	}
	if in.Amount < 1 || in.Amount > MaxAmount {
		e = e.With("amount", i18n.BankAmount)
	}
	if e != nil {
		return e
	}
	if err := s.settleOwn(ctx, actor); err != nil {
		return err
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		if first, err := sent(ctx, tx, actor.Tenant, in.Key); err != nil || first != 0 {
			return err
		}
		b, err := open(current(ctx, tx, actor))
		if err != nil {
			return err
		}
		a, err := db.One(ctx, tx, (*Accord).dest, "SELECT "+accordColumns+` FROM bank_accord d WHERE d.tenant_id = $1 AND d.other = $2 AND d.state = 'active'`, actor.Tenant, in.District)
		if errs.KindOf(err) == errs.NotFound {
			return errs.Field("district", i18n.BankRefusedAccord)
		} else if err != nil {
			return err
		}
		today := calendar.DateOf(tx.Now())
		n, err := db.Value[int64](ctx, tx, `SELECT CAST(coalesce(sum(t.amount), 0) AS BIGINT) FROM bank_transfer t WHERE t.tenant_id = $1 AND t.account_id = $2 AND t.other = $3 AND t.way = 'out' AND t.state <> 'returned' AND t.made_at >= $4`,
			actor.Tenant, b.ID, in.District, db.Micros(calendar.On(today.Year(), 1, 1).Time()))
		if err != nil {
			return err
		}
		if n+in.Amount > a.Ceiling {
			return errs.Field("amount", i18n.BankCeiling, a.Ceiling, a.Ceiling-min(n, a.Ceiling))
		}
		from := b.account()
		if from.balance < in.Amount {
			return notEnough(from)
		}
		warned, err := giftLimit(ctx, tx, actor.Tenant, b.ID, in.Amount, in.Sure)
		if err != nil {
			return err
		}
		drawn, err := drawFrom(ctx, tx, actor.Tenant, from, in.Amount)
		if err != nil {
			return err
		}
		clearing, err := cleared(ctx, tx, actor.Tenant, b.CommunityID, in.District)
		if err != nil {
			return err
		}
		lots := make([]part, len(drawn))
		for i, d := range drawn {
			lots[i] = part{d.amount, d.earned.String(), d.expires.String()}
		}
		text, err := json.Marshal(lots)
		if err != nil {
			return err
		}
		t := id.New()
		if err := insertTransfer(ctx, tx, actor.Tenant, "out", transfer{id: t, other: a.Other, otherName: a.Name, account: b.ID, toNo: in.No, amount: in.Amount, lots: string(text), state: transferSent}); err != nil {
			return err
		}
		j := &journal{act: SentAway, community: b.CommunityID, source: SourceTransfer, sourceID: t, on: today, key: in.Key, warned: warned}
		if err := post(ctx, tx, actor, j, &entry{of: from, amount: -in.Amount, drawn: drawn}, &entry{of: clearing, amount: in.Amount}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "lovebank.send", Permission: PermOwn, SubjectKind: "bank_journal", SubjectID: j.id, PersonID: b.PersonID, OrgID: b.CommunityID, Detail: map[string]any{"district": in.District, "amount": in.Amount}})
	})
}

func tidyNo(no string) string { return strings.ToUpper(strings.Join(strings.Fields(no), "")) }

func insertTransfer(ctx context.Context, tx *db.Tx, tenant int64, way string, t transfer) error {
	var ended int64
	if t.state != transferSent {
		ended = db.Micros(tx.Now())
	}
	_, err := tx.Exec(ctx, `INSERT INTO bank_transfer (tenant_id, id, way, other, other_name, account_id, to_no, amount, lots, state, reason, made_at, ended_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)`,
		tenant, t.id, way, t.other, t.otherName, t.account, t.toNo, t.amount, t.lots, t.state, t.reason, db.Micros(tx.Now()), ended)
	return err
}

// cleared is the account of a community's bank through which transfers with another district go. What stands in it here stands in those of the other district with the opposite sign, as far as nothing is under way.
func cleared(ctx context.Context, tx *db.Tx, tenant int64, community id.ID, district int64) (*account, error) {
	a, err := db.One(ctx, tx, (*account).dest, "SELECT "+accountColumns+` FROM bank_account a WHERE a.tenant_id = $1 AND a.community_id = $2 AND a.kind = 'between' AND a.district = $3 AND a.person_id = 0`, tenant, community, district)
	if errs.KindOf(err) != errs.NotFound || err == nil {
		return &a, err
	}
	a = account{id: id.New(), kind: Between, unit: Hearts, community: community, district: district}
	_, err = tx.Exec(ctx, `INSERT INTO bank_account (tenant_id, id, kind, unit, community_id, district, created_at) VALUES ($1,$2,$3,$4,$5,$6,$7)`, tenant, a.id, a.kind, a.unit, community, district, db.Micros(tx.Now()))
	return &a, err
}

// Carry tells other districts what this one says of agreements, and brings them the transfers that are on their way. It is the one place of the product where the work of a district touches
// another: it does so where both agreed, or to ask for agreement, in a transaction of its own that touches the other district alone. A step that was done is found done: if the program stops
// between the two sides, the next run goes on.
func (s *Service) Carry(ctx context.Context, tenant int64) error {
	accords, err := db.All(ctx, s.db, (*Accord).dest, "SELECT "+accordColumns+` FROM bank_accord d WHERE d.tenant_id = $1 AND d.told = FALSE ORDER BY d.id`, tenant)
	if err != nil {
		return err
	}
	var failed []error
	for _, a := range accords {
		failed = append(failed, s.tell(ctx, tenant, a))
	}
	under, err := db.All(ctx, s.db, (*transfer).dest, "SELECT "+transferColumns+` FROM bank_transfer t WHERE t.tenant_id = $1 AND t.way = 'out' AND t.state = 'sent' ORDER BY t.id LIMIT 1000`, tenant)
	if err != nil {
		return errors.Join(append(failed, err)...)
	}
	for _, t := range under {
		failed = append(failed, s.carry(ctx, tenant, t))
	}
	return errors.Join(failed...)
}

// tell brings the other district up to what this one says of an agreement, and then keeps that it was told.
func (s *Service) tell(ctx context.Context, tenant int64, a Accord) error {
	name, err := s.nameOf(ctx, tenant)
	if err != nil {
		return err
	}
	if err := s.db.WithTx(ctx, func(tx *db.Tx) error { return hear(ctx, tx, a.Other, tenant, name, a) }); err != nil {
		return err
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE bank_accord SET told = TRUE WHERE tenant_id = $1 AND id = $2 AND version = $3`, tenant, a.ID, a.Version)
		return err
	})
}

func (s *Service) nameOf(ctx context.Context, tenant int64) (string, error) {
	if s.districts == nil {
		return "", errs.ErrNotFound
	}
	all, err := s.districts(ctx)
	for _, d := range all {
		if d.Tenant == tenant {
			return d.Name, err
		}
	}
	return "", errors.Join(err, errs.ErrNotFound)
}

// hear lets a district have what another one says of an agreement: it is offered, it is in force because both said yes, or it is over, which nothing changes any more. Of two that were proposed
// to each other at the same time the first stands.
func hear(ctx context.Context, tx *db.Tx, tenant, from int64, name string, says Accord) error {
	have, err := db.One(ctx, tx, (*Accord).dest, "SELECT "+accordColumns+` FROM bank_accord d WHERE d.tenant_id = $1 AND d.id = $2 AND d.other = $3`, tenant, says.ID, from)
	heard := func(accord id.ID, to AccordState) error {
		return recordAccord(ctx, tx, system(tenant), "heard", accord, map[string]any{"district": from, "state": to})
	}
	set := func(a Accord, to AccordState, reason string, told bool) error {
		err := tx.Update(ctx, `UPDATE bank_accord SET state = $1, reason = $2, told = $3, changed_by = 0, changed_at = $4, version = version + 1 WHERE tenant_id = $5 AND id = $6 AND version = $7`,
			to, reason, told, db.Micros(tx.Now()), tenant, a.ID, a.Version)
		if err == nil && to != a.State {
			err = heard(a.ID, to)
		}
		return err
	}
	switch {
	case err == nil:
		switch {
		case have.State == says.State:
			return nil
		case have.State == EndedState: // they have not heard it
			return set(have, EndedState, have.Reason, false)
		case says.State == EndedState:
			return set(have, EndedState, says.Reason, true)
		case says.State == InForce && have.State == Proposed:
			return set(have, InForce, "", true)
		}
		return nil
	case errs.KindOf(err) != errs.NotFound:
		return err
	case says.State != Proposed: // it was over before it was heard of
		return nil
	}
	mine := Accord{ID: says.ID, Other: from, Name: name, State: ToAnswer, Ceiling: says.Ceiling, Told: true}
	own, err := db.One(ctx, tx, (*Accord).dest, "SELECT "+accordColumns+` FROM bank_accord d WHERE d.tenant_id = $1 AND d.other = $2 AND d.state <> 'ended'`, tenant, from)
	switch {
	case err != nil && errs.KindOf(err) != errs.NotFound:
		return err
	case err == nil && own.State == Proposed && says.ID < own.ID:
		if err := set(own, EndedState, "", false); err != nil {
			return err
		}
	case err == nil:
		mine.State, mine.Told = EndedState, false
	}
	if err := insertAccord(ctx, tx, tenant, mine, 0); err != nil {
		return err
	}
	return heard(mine.ID, mine.State)
}

// carry brings one transfer to the other district, and keeps here what became of it.
func (s *Service) carry(ctx context.Context, tenant int64, t transfer) error {
	name, err := s.nameOf(ctx, tenant)
	if err != nil {
		return err
	}
	var state string
	var why Refusal
	if err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		state, why, err = receive(ctx, tx, t.other, tenant, name, t)
		return err
	}); err != nil {
		return err
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error { return arrived(ctx, tx, tenant, t.id, state, why) })
}

// receive takes a transfer in for a district, once: what was decided before stands.
func receive(ctx context.Context, tx *db.Tx, tenant, from int64, name string, t transfer) (state string, why Refusal, err error) {
	before, err := db.One(ctx, tx, (*transfer).dest, "SELECT "+transferColumns+` FROM bank_transfer t WHERE t.tenant_id = $1 AND t.id = $2 AND t.way = 'in' AND t.other = $3`, tenant, t.id, from)
	if err == nil {
		return before.state, before.reason, nil
	} else if errs.KindOf(err) != errs.NotFound {
		return "", "", err
	}
	in := transfer{id: t.id, other: from, otherName: name, toNo: t.toNo, amount: t.amount, lots: t.lots, state: transferRefused}
	agreed, err := db.Value[int64](ctx, tx, `SELECT count(*) FROM bank_accord d WHERE d.tenant_id = $1 AND d.other = $2 AND d.state IN ('active', 'proposed')`, tenant, from) // who proposed may not have heard the yes yet
	if err != nil {
		return "", "", err
	}
	if agreed == 0 {
		in.reason = NoAccord
		return in.state, in.reason, insertTransfer(ctx, tx, tenant, "in", in)
	}
	b, err := byNo(ctx, tx, tenant, t.toNo)
	if errs.KindOf(err) == errs.Invalid {
		in.reason = NoAccount
		return in.state, in.reason, insertTransfer(ctx, tx, tenant, "in", in)
	} else if err != nil {
		return "", "", err
	}
	var lots []part
	if err := json.Unmarshal([]byte(t.lots), &lots); err != nil {
		return "", "", err
	}
	clearing, err := cleared(ctx, tx, tenant, b.CommunityID, from)
	if err != nil {
		return "", "", err
	}
	to := b.account()
	lines := []*entry{{of: clearing, amount: -t.amount}}
	for _, p := range lots {
		earned, err := calendar.Parse(p.Earned)
		if err != nil {
			return "", "", err
		}
		expires, err := calendar.Parse(p.Expires)
		if err != nil {
			return "", "", err
		}
		lines = append(lines, &entry{of: to, amount: p.Amount, earned: earned, expires: expires})
	}
	in.account, in.state = b.ID, transferArrived
	if err := insertTransfer(ctx, tx, tenant, "in", in); err != nil {
		return "", "", err
	}
	j := &journal{act: CameIn, community: b.CommunityID, source: SourceTransfer, sourceID: t.id, on: calendar.DateOf(tx.Now())}
	return in.state, "", post(ctx, tx, system(tenant), j, lines...)
}

// arrived keeps with the sender's district what became of a transfer. What was refused returns to the account, each part with its days; where that was closed meanwhile, to the gift fund.
func arrived(ctx context.Context, tx *db.Tx, tenant int64, transferID id.ID, state string, why Refusal) error {
	t, err := db.One(ctx, tx, (*transfer).dest, "SELECT "+transferColumns+` FROM bank_transfer t WHERE t.tenant_id = $1 AND t.id = $2 AND t.way = 'out'`, tenant, transferID)
	if err != nil || t.state != transferSent { // another run was first
		return err
	}
	if state == transferRefused {
		state = transferReturned
		if err := sendBack(ctx, tx, tenant, t); err != nil {
			return err
		}
	}
	return tx.Update(ctx, `UPDATE bank_transfer SET state = $1, reason = $2, ended_at = $3 WHERE tenant_id = $4 AND id = $5 AND state = 'sent'`, state, why, db.Micros(tx.Now()), tenant, transferID)
}

func sendBack(ctx context.Context, tx *db.Tx, tenant int64, t transfer) error {
	today := calendar.DateOf(tx.Now())
	b, err := db.One(ctx, tx, (*Book).dest, "SELECT "+bookColumns+bookJoined+"a.tenant_id = $1 AND a.id = $2", tenant, t.account)
	if err != nil {
		return err
	}
	was, clearing, err := sentBy(ctx, tx, tenant, t.id)
	if err != nil {
		return err
	}
	lines := []*entry{{of: clearing, amount: -t.amount}}
	if b.IsClosed() {
		fund, err := own(ctx, tx, tenant, b.CommunityID, Fund, 0, 0)
		if err != nil {
			return err
		}
		lines = append(lines, &entry{of: fund, amount: t.amount})
	} else {
		back, err := comeBack(ctx, tx, tenant, b.account(), was, calendar.DateOf(t.made).DaysUntil(today))
		if err != nil {
			return err
		}
		lines = append(lines, back...)
	}
	return post(ctx, tx, system(tenant), &journal{act: CameBack, community: b.CommunityID, source: SourceTransfer, sourceID: t.id, on: today}, lines...)
}

// sentBy is the journal by which a transfer left, and the clearing account that it stands in.
func sentBy(ctx context.Context, tx *db.Tx, tenant int64, transferID id.ID) (was id.ID, clearing *account, err error) {
	clearing = &account{}
	return was, clearing, tx.QueryRow(ctx, "SELECT j.id, "+accountColumns+` FROM bank_journal j JOIN bank_line l ON l.tenant_id = j.tenant_id AND l.journal_id = j.id
		JOIN bank_account a ON a.tenant_id = l.tenant_id AND a.id = l.account_id AND a.kind = 'between'
		WHERE j.tenant_id = $1 AND j.source_id = $2 AND j.kind = 'sent' AND j.source_kind = 'transfer'`, tenant, transferID).Scan(append([]any{&was}, clearing.dest()...)...)
}
