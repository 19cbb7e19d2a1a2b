package fill

import (
	"context"
	"encoding/json"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/file"
	"linli/internal/id"
	"linli/internal/tabular"
)

// Dropped is a form that somebody dropped in. Only the account that did so sees it.
type Dropped struct {
	ID        id.ID
	Name      string // of the file
	Title     string // of the form
	Rows      int64
	Cells     int64 // that were asked for and blank when it was last filled in
	Filled    int64
	CreatedAt time.Time
	FilledAt  time.Time     // zero until it was filled in
	ExpiresOn calendar.Date // it is removed then
	Version   int64
	Ask       Ask     // what was said about it
	Outcome   Outcome // what came of the last filling, without the file
	fileID    id.ID
	filledID  id.ID
	choice    string
	outcome   string
}

const droppedColumns = `id, name, title, file_id, filled_id, choice, outcome, rows_asked, cells_asked, cells_filled, created_at, filled_at, expires_on, version`

func (d *Dropped) dest() []any {
	return []any{&d.ID, &d.Name, &d.Title, &d.fileID, &d.filledID, &d.choice, &d.outcome, &d.Rows, &d.Cells, &d.Filled, db.Instant(&d.CreatedAt),
		db.Instant(&d.FilledAt), &d.ExpiresOn, &d.Version}
}

func (d *Dropped) read() error {
	if err := json.Unmarshal([]byte(d.choice), &d.Ask); err != nil || d.outcome == "" {
		return err
	}
	return json.Unmarshal([]byte(d.outcome), &d.Outcome)
}

// own is the condition that keeps a query to forms that the actor dropped in.
func own(a *db.Args, actor authz.Actor) string {
	where := "tenant_id = " + a.Add(actor.Tenant) + " AND account_id = " + a.Add(actor.AccountID)
	if actor.AccountID == 0 || !actor.Can(PermFill) {
		where += " AND 1 = 0"
	}
	return where
}

func find(ctx context.Context, q db.Querier, actor authz.Actor, formID id.ID) (Dropped, error) {
	a := &db.Args{}
	d, err := db.One(ctx, q, (*Dropped).dest, "SELECT "+droppedColumns+" FROM office_form WHERE "+own(a, actor)+" AND id = "+a.Add(formID), a.Values()...)
	if err != nil {
		return d, err
	}
	return d, d.read()
}

func list(ctx context.Context, q db.Querier, actor authz.Actor, p db.Page) (db.List[Dropped], error) {
	a := &db.Args{}
	where := own(a, actor)
	page, tail := a.Keyset(p, db.Order{IDColumn: "id", Desc: true})
	rows, err := db.All(ctx, q, (*Dropped).dest, "SELECT "+droppedColumns+" FROM office_form WHERE "+where+page+tail, a.Values()...)
	return db.Cut(rows, p, func(d Dropped) db.Cursor { return db.Cursor{ID: d.ID} }), err
}

func insert(ctx context.Context, tx *db.Tx, actor authz.Actor, d Dropped) error {
	_, err := tx.Exec(ctx, `INSERT INTO office_form (tenant_id, id, account_id, name, title, file_id, created_at, expires_on) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`,
		actor.Tenant, d.ID, actor.AccountID, d.Name, d.Title, d.fileID, db.Micros(tx.Now()), d.ExpiresOn.String())
	return err
}

func update(ctx context.Context, tx *db.Tx, tenant int64, d Dropped) error {
	choice, err := json.Marshal(d.Ask)
	if err != nil {
		return err
	}
	outcome, err := json.Marshal(d.Outcome)
	if err != nil {
		return err
	}
	return tx.Update(ctx, `UPDATE office_form SET choice = $1, outcome = $2, filled_id = $3, rows_asked = $4, cells_asked = $5, cells_filled = $6,
		filled_at = $7, version = version + 1 WHERE tenant_id = $8 AND id = $9 AND version = $10`, string(choice), string(outcome), d.filledID, d.Rows,
		d.Cells, d.Filled, db.Micros(d.FilledAt), tenant, d.ID, d.Version)
}

// keep stores a workbook, sealed, until the form is removed.
func (s *Service) keep(ctx context.Context, tx *db.Tx, actor authz.Actor, name string, content []byte, until calendar.Date) (id.ID, error) {
	return file.Keep(ctx, tx, s.ring, actor.Tenant, file.New{Name: name, ContentType: tabular.ContentType, AccountID: actor.AccountID, Until: until.AddDays(1).Time(), Content: content})
}

func remove(ctx context.Context, tx *db.Tx, tenant int64, d Dropped) error {
	if _, err := tx.Exec(ctx, "DELETE FROM office_form WHERE tenant_id = $1 AND id = $2", tenant, d.ID); err != nil {
		return err
	}
	return file.Drop(ctx, tx, tenant, d.fileID, d.filledID)
}

// Sweep removes forms that have expired; it gives how many.
func (s *Service) Sweep(ctx context.Context, tenant int64) (int64, error) {
	today := calendar.DateOf(s.db.Now()).String()
	var n int64
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM file WHERE tenant_id = $1 AND id IN (SELECT file_id FROM office_form WHERE tenant_id = $1 AND expires_on < $2
			UNION SELECT filled_id FROM office_form WHERE tenant_id = $1 AND expires_on < $2)`, tenant, today); err != nil {
			return err
		}
		var err error
		n, err = tx.Exec(ctx, "DELETE FROM office_form WHERE tenant_id = $1 AND expires_on < $2", tenant, today)
		return err
	})
	return n, err
}
