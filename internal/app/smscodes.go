package app

import (
	"context"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/notice"
	"linli/internal/resident"
)

// smsCodes sends the codes with which residents enter as notices by SMS.
type smsCodes struct{ *notice.Service }

// Ready says whether SMS are set up.
func (s smsCodes) Ready(context.Context, int64) (bool, error) { return s.SetUp(notice.SMS), nil }

// CodeTx puts a code into the outbox.
func (s smsCodes) CodeTx(ctx context.Context, tx *db.Tx, tenant int64, phone, code string) error {
	minutes, err := resident.CodeMinutes.On(ctx, tx, tenant, calendar.DateOf(tx.Now()))
	if err != nil {
		return err
	}
	_, err = s.Service.CodeTx(ctx, tx, tenant, i18n.From(ctx), phone, code, int(minutes))
	return err
}

// Codes is the sender of residents' codes.
func (s Services) Codes() resident.Sender { return smsCodes{s.Notice} }
