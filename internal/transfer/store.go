package transfer

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

// open are the stored states of a transfer that goes on.
const open = "('requested', 'approved_out', 'in_transit')"

// owners are both sides and the member.
var owners = authz.Columns{Tenant: "t.tenant_id", Orgs: []string{"t.from_id", "t.to_id"}, Person: "t.person_id"}

// seeing is where the actor sees transfers.
func seeing(actor authz.Actor) authz.Scope { return actor.Scope(PermSee).Or(actor.Scope(PermAskOwn)) }

const columns = `t.id, t.direction, t.state, t.person_id, t.member_id, t.from_id, t.to_id, t.outside, t.address, t.cause, t.note, t.asked_by, t.asked_on,
	t.standing, t.joined_on, t.full_on, t.letter_no, t.issued_on, t.valid_to, t.closed_on, t.reason, t.receipt_no, t.settled_at, t.version`

func (t *Transfer) dest() []any {
	return []any{&t.ID, &t.Direction, &t.Stored, &t.PersonID, &t.MemberID, &t.FromID, &t.ToID, &t.Outside, &t.Address, &t.Cause, &t.Note, &t.AskedBy, &t.AskedOn,
		&t.Standing, &t.JoinedOn, &t.FullOn, &t.LetterNo, &t.IssuedOn, &t.ValidTo, &t.ClosedOn, &t.Reason, &t.ReceiptNo, &t.SettledAt, &t.Version}
}

// find reads one transfer in scope.
func find(ctx context.Context, q db.Querier, scope authz.Scope, transfer id.ID) (Transfer, error) {
	a := &db.Args{}
	return db.One(ctx, q, (*Transfer).dest, "SELECT "+columns+" FROM transfer t WHERE "+scope.Where(a, owners)+" AND t.id = "+a.Add(transfer), a.Values()...)
}

// fresh is a transfer to be written, with the papers that go with it at once.
type fresh struct {
	Transfer
	name   string
	letter Letter // the zero one for none
}

var insertColumns = []string{"tenant_id", "id", "direction", "state", "person_id", "member_id", "from_id", "to_id", "outside", "address", "cause", "note",
	"asked_by", "asked_on", "standing", "joined_on", "full_on", "letter_no", "issued_on", "valid_to", "letter", "created_by", "created_at", "updated_at"}

func insert(ctx context.Context, tx *db.Tx, actor authz.Actor, all []fresh) error {
	now, row := db.Micros(tx.Now()), make([]any, 0, len(insertColumns))
	err := tx.InsertMany(ctx, "transfer", insertColumns, len(all), func(i int) []any {
		t := all[i]
		return append(row[:0], actor.Tenant, int64(t.ID), string(t.Direction), string(t.Stored), int64(t.PersonID), int64(t.MemberID), int64(t.FromID),
			int64(t.ToID), t.Outside, t.Address, string(t.Cause), t.Note, string(t.AskedBy), t.AskedOn.String(), t.Standing, t.JoinedOn.String(),
			t.FullOn.String(), t.LetterNo, t.IssuedOn.String(), t.ValidTo.String(), t.letter.text(), int64(actor.AccountID), now, now)
	})
	if db.IsUnique(err) {
		return errs.New(errs.Conflict, i18n.TransferOpenNow).Because(err)
	}
	return err
}

// save writes a transfer back if nobody else has changed it since it was read.
func save(ctx context.Context, tx *db.Tx, tenant int64, t Transfer) error {
	return tx.Update(ctx, `UPDATE transfer SET state = $1, member_id = $2, letter_no = $3, issued_on = $4, valid_to = $5, closed_on = $6, reason = $7,
		receipt_no = $8, settled_at = $9, outside = $10, updated_at = $11, version = version + 1 WHERE tenant_id = $12 AND id = $13 AND version = $14`,
		t.Stored, t.MemberID, t.LetterNo, t.IssuedOn, t.ValidTo, t.ClosedOn, t.Reason, t.ReceiptNo, t.SettledAt, t.Outside, db.Micros(tx.Now()), tenant, t.ID, t.Version)
}

// keepText stores what a paper of a transfer says; column is letter or receipt.
func keepText(ctx context.Context, tx *db.Tx, tenant int64, column string, transfer id.ID, text string) error {
	return tx.Update(ctx, "UPDATE transfer SET "+column+" = $1 WHERE tenant_id = $2 AND id = $3", text, tenant, transfer)
}

func textOf(ctx context.Context, q db.Querier, tenant int64, column string, transfer id.ID) (string, error) {
	return db.Value[string](ctx, q, "SELECT "+column+" FROM transfer WHERE tenant_id = $1 AND id = $2", tenant, transfer)
}

// Step is one thing that happened to a transfer.
type Step struct {
	ID         id.ID
	Act        Act
	On         calendar.Date
	ValidTo    calendar.Date // of a letter
	DocumentNo string
	Note       string
	By         string // who did it
}

var stepColumns = []string{"tenant_id", "id", "transfer_id", "act", "on_date", "valid_to", "document_no", "note", "account_id", "at"}

// insertSteps writes one step of each of the transfers.
func insertSteps(ctx context.Context, tx *db.Tx, actor authz.Actor, transfers []id.ID, step func(i int) Step) error {
	now, row := db.Micros(tx.Now()), make([]any, 0, len(stepColumns))
	return tx.InsertMany(ctx, "transfer_step", stepColumns, len(transfers), func(i int) []any {
		s := step(i)
		return append(row[:0], actor.Tenant, int64(id.New()), int64(transfers[i]), string(s.Act), s.On.String(), s.ValidTo.String(), s.DocumentNo, s.Note,
			int64(actor.AccountID), now)
	})
}

func steps(ctx context.Context, q db.Querier, tenant int64, transfer id.ID) ([]Step, error) {
	return db.All(ctx, q, func(s *Step) []any {
		return []any{&s.ID, &s.Act, &s.On, &s.ValidTo, &s.DocumentNo, &s.Note, &s.By}
	}, `SELECT s.id, s.act, s.on_date, s.valid_to, s.document_no, s.note, coalesce(a.name, '') FROM transfer_step s
		LEFT JOIN account a ON a.tenant_id = s.tenant_id AND a.id = s.account_id
		WHERE s.tenant_id = $1 AND s.transfer_id = $2 ORDER BY s.id LIMIT 100`, tenant, transfer)
}

// branches reads organisations of the tenant; the caller has checked the scope, or needs none: the directory is open.
func branches(ctx context.Context, q db.Querier, tenant int64, ids ...id.ID) (map[id.ID]branch, error) {
	a := &db.Args{}
	rows, err := db.All(ctx, q, func(b *branch) []any { return []any{&b.ID, &b.Kind, &b.Label, &b.Name, &b.DissolvedOn} },
		"SELECT o.id, o.kind, "+reference.Label("o")+", o.name, o.dissolved_on FROM organisation o WHERE o.tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "o.id", ids), a.Values()...)
	out := make(map[id.ID]branch, len(rows))
	for _, b := range rows {
		out[b.ID] = b
	}
	return out, err
}

// candidate is a member who may be transferred.
type candidate struct {
	MemberID, PersonID, HomeID id.ID
	Name                       string
	EndedOn                    calendar.Date
	Open                       id.ID // the transfer that goes on, 0 for none
}

func (c *candidate) dest() []any {
	return []any{&c.MemberID, &c.PersonID, &c.HomeID, &c.Name, &c.EndedOn, &c.Open}
}

// candidates reads members within reach of the scope, in the order of the IDs given.
func candidates(ctx context.Context, q db.Querier, scope authz.Scope, members []id.ID) ([]candidate, error) {
	a := &db.Args{}
	rows, err := db.All(ctx, q, (*candidate).dest, `SELECT m.id, m.person_id, m.home_id, m.name, m.ended_on, coalesce(x.id, 0) FROM member m
		LEFT JOIN transfer x ON x.tenant_id = m.tenant_id AND x.person_id = m.person_id AND x.state IN `+open+` WHERE `+
		scope.Where(a, authz.Columns{Tenant: "m.tenant_id", Orgs: []string{"m.home_id", "m.unit_id", "m.community_id"}, Person: "m.person_id"})+
		" AND "+db.In(a, "m.id", members), a.Values()...)
	if err != nil {
		return nil, err
	}
	by := make(map[id.ID]candidate, len(rows))
	for _, c := range rows {
		by[c.MemberID] = c
	}
	out := make([]candidate, 0, len(rows))
	for _, m := range members {
		c, there := by[m]
		if !there {
			return nil, errs.ErrNotFound
		}
		delete(by, m) // one that is named twice is not there twice
		out = append(out, c)
	}
	return out, nil
}

// portrait is what a letter says of a person.
type portrait struct {
	Name, Sex, Ethnic, IDMask, Standing string
	BornOn                              calendar.Date
}

// portraits reads what letters say of persons of the tenant, whose transfers the caller found in scope.
func portraits(ctx context.Context, q db.Querier, tenant int64, persons ...id.ID) (map[id.ID]portrait, error) {
	type row struct {
		id id.ID
		portrait
	}
	a := &db.Args{}
	rows, err := db.All(ctx, q, func(r *row) []any {
		return []any{&r.id, &r.Name, &r.Sex, &r.Ethnic, &r.IDMask, &r.BornOn, &r.Standing}
	}, `SELECT p.id, p.name, p.sex, p.ethnic, p.id_mask, p.born_on, coalesce(m.standing, '') FROM person p
		LEFT JOIN member m ON m.tenant_id = p.tenant_id AND m.person_id = p.id AND m.ended_on = '' WHERE p.tenant_id = `+a.Add(tenant)+" AND "+db.In(a, "p.id", persons), a.Values()...)
	out := make(map[id.ID]portrait, len(rows))
	for _, r := range rows {
		out[r.id] = r.portrait
	}
	return out, err
}

// openOf is the transfer of a person that goes on; 0 if there is none.
func openOf(ctx context.Context, q db.Querier, tenant int64, person id.ID) (id.ID, error) {
	return db.Value[id.ID](ctx, q, "SELECT t.id FROM transfer t WHERE t.tenant_id = $1 AND t.person_id = $2 AND t.state IN "+open, tenant, person)
}
