package notice

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Holder is what the page of a token shows: whose number it is, as far as they know it, and whether they said no.
type Holder struct {
	Tenant  int64
	Channel Channel
	Masked  string
	Refused bool
}

type held struct {
	id      id.ID
	channel Channel
	address []byte
	key     string
	refused bool
}

func (s *Service) byToken(ctx context.Context, q db.Querier, token string) (int64, held, error) {
	tenant, ok := tenantOf(token)
	if !ok {
		return 0, held{}, errs.ErrNotFound
	}
	h, err := db.One(ctx, q, func(h *held) []any { return []any{&h.id, &h.channel, &h.address, &h.key, &h.refused} }, `SELECT c.id, c.channel, c.address, c.address_key, CASE WHEN r.at IS NULL THEN FALSE ELSE TRUE END
		FROM notice_contact c LEFT JOIN notice_refusal r ON r.tenant_id = c.tenant_id AND r.channel = c.channel AND r.address_key = c.address_key
		WHERE c.tenant_id = $1 AND c.token_key = $2`, tenant, s.tokenKey(token))
	return tenant, h, err
}

// Holder gives what the page of a token shows. Who holds the token got it in a message to the number.
func (s *Service) Holder(ctx context.Context, token string) (Holder, error) {
	tenant, h, err := s.byToken(ctx, s.db, token)
	if err != nil {
		return Holder{}, err
	}
	address, err := s.ring.Open("notice_contact", "address", h.id, h.address)
	return Holder{Tenant: tenant, Channel: h.channel, Masked: Masked(h.channel, address), Refused: h.refused}, err
}

// Refuse says no to messages for the number of a token, or yes again. It holds for every record, and not for codes that somebody asks for.
func (s *Service) Refuse(ctx context.Context, token, by, requestID string, no bool) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		tenant, h, err := s.byToken(ctx, tx, token)
		if err != nil || h.refused == no {
			return err
		}
		query, args := `DELETE FROM notice_refusal WHERE tenant_id = $1 AND channel = $2 AND address_key = $3`, []any{tenant, string(h.channel), h.key}
		act := "notice.allow"
		if no {
			act, query, args = "notice.refuse", `INSERT INTO notice_refusal (tenant_id, channel, address_key, at) VALUES ($1,$2,$3,$4) ON CONFLICT (tenant_id, channel, address_key) DO NOTHING`, append(args, db.Micros(tx.Now()))
		}
		if _, err := tx.Exec(ctx, query, args...); err != nil {
			return err
		}
		return audit.Record(ctx, tx, authz.Actor{Tenant: tenant, Name: by, RequestID: requestID}, audit.Entry{Action: act, SubjectKind: "notice_contact", SubjectID: h.id})
	})
}

// Choice is how an account is told once a day what waits for it.
type Choice struct {
	Channel  Channel // "" for not at all
	Language i18n.Lang
	Masked   string
}

// ChoiceChannels are the channels by which staff are told.
func ChoiceChannels() []Channel {
	k, _ := KindOf(KindDigest)
	return k.Channels
}

type choiceRow struct {
	account  id.ID
	channel  Channel
	language i18n.Lang
	address  []byte
}

func (c *choiceRow) dest() []any { return []any{&c.account, &c.channel, &c.language, &c.address} }

// Choice gives the actor's own.
func (s *Service) Choice(ctx context.Context, actor authz.Actor) (Choice, error) {
	if actor.AccountID == 0 {
		return Choice{}, errs.ErrForbidden
	}
	c, err := db.One(ctx, s.db, (*choiceRow).dest, `SELECT account_id, channel, language, address FROM notice_choice WHERE tenant_id = $1 AND account_id = $2`, actor.Tenant, actor.AccountID)
	if errors.Is(err, errs.ErrNotFound) {
		return Choice{}, nil
	}
	if err != nil {
		return Choice{}, err
	}
	address, err := s.ring.Open("notice_choice", "address", c.account, c.address)
	return Choice{Channel: c.channel, Language: c.language, Masked: Masked(c.channel, address)}, err
}

// Choose sets the actor's own; "" as the channel ends it, "" as the address leaves the one that is known for the channel.
func (s *Service) Choose(ctx context.Context, actor authz.Actor, c Channel, l i18n.Lang, to string) error {
	if actor.AccountID == 0 {
		return errs.ErrForbidden
	}
	k, _ := KindOf(KindDigest)
	if c != "" && !k.Has(c) {
		return errs.Field("channel", i18n.ErrBadChoice)
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		was, err := db.One(ctx, tx, (*choiceRow).dest, `SELECT account_id, channel, language, address FROM notice_choice WHERE tenant_id = $1 AND account_id = $2`, actor.Tenant, actor.AccountID)
		if err != nil && !errors.Is(err, errs.ErrNotFound) {
			return err
		}
		if c != "" && to == "" && was.channel == c {
			if to, err = s.ring.Open("notice_choice", "address", was.account, was.address); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `DELETE FROM notice_choice WHERE tenant_id = $1 AND account_id = $2`, actor.Tenant, actor.AccountID); err != nil {
			return err
		}
		if c != "" {
			address, err := Address(c, to, "address")
			if err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `INSERT INTO notice_choice (tenant_id, account_id, channel, language, address, updated_at) VALUES ($1,$2,$3,$4,$5,$6)`, actor.Tenant, actor.AccountID, string(c), string(l),
				s.ring.Seal("notice_choice", "address", actor.AccountID, address), db.Micros(tx.Now())); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "notice.choose", SubjectKind: "account", SubjectID: actor.AccountID, Detail: map[string]any{"channel": c}})
	})
}

// StaffTx tells accounts at once, in the transaction of the act that causes it: those that are open and chose a channel, each once. Each
// has what differs by account; a message about no record is about the account. The others read it on their first page.
func (s *Service) StaffTx(ctx context.Context, tx *db.Tx, m Message, accounts ...id.ID) error {
	k, ok := KindOf(m.Kind)
	if !ok || len(accounts) == 0 {
		return nil
	}
	a := &db.Args{}
	rows, err := db.All(ctx, tx, (*choiceRow).dest, "SELECT c.account_id, c.channel, c.language, c.address FROM notice_choice c JOIN account k ON k.tenant_id = c.tenant_id AND k.id = c.account_id AND k.status = 'active' WHERE c.tenant_id = "+
		a.Add(m.Tenant)+" AND "+db.In(a, "c.account_id", accounts)+" ORDER BY c.account_id", a.Values()...)
	if err != nil {
		return err
	}
	for _, c := range rows {
		if !k.Has(c.channel) {
			continue
		}
		to, err := s.ring.Open("notice_choice", "address", c.account, c.address)
		if err != nil { // the act does not fail for it, and the case stands on their first page
			slog.ErrorContext(ctx, "notice: an address cannot be opened", "tenant", m.Tenant, "account", c.account.String(), "error", err)
			continue
		}
		one := m
		one.Channel, one.Language, one.AccountID = c.channel, c.language, c.account
		if own := m.Each[c.account]; own != nil {
			one.Values = own
		}
		if one.SubjectKind == "" {
			one.SubjectKind, one.SubjectID = "account", c.account
		}
		row := id.New()
		if err := s.insert(ctx, tx, row, 0, k, one, s.ring.Seal("notice_message", "address", row, to), s.key(c.channel, to)); err != nil {
			return err
		}
	}
	return nil
}

// Waits counts what waits for an account, and what of it is due today or late.
type Waits func(ctx context.Context, tenant int64, account id.ID) (count, due int64, err error)

const digestPage = 100

// Digest tells each account that wants it what waits, once a day. An account that is closed, or for which nothing waits, gets none.
func (s *Service) Digest(ctx context.Context, tenant int64, waits Waits) error {
	after := id.ID(0)
	var wrong error // one account's fault stops no other's digest
	for {
		rows, err := db.All(ctx, s.db, (*choiceRow).dest, `SELECT c.account_id, c.channel, c.language, c.address FROM notice_choice c JOIN account k ON k.tenant_id = c.tenant_id AND k.id = c.account_id AND k.status = 'active'
			WHERE c.tenant_id = $1 AND c.account_id > $2 ORDER BY c.account_id LIMIT $3`, tenant, after, int64(digestPage))
		if err != nil {
			return err
		}
		for _, c := range rows {
			after = c.account
			count, due, err := waits(ctx, tenant, c.account)
			if err == nil && count > 0 {
				err = s.digestOne(ctx, tenant, c, count, due)
			}
			if err != nil {
				wrong = errors.Join(wrong, fmt.Errorf("the digest of account %s: %w", c.account, err))
			}
			if ctx.Err() != nil {
				return errors.Join(wrong, ctx.Err())
			}
		}
		if len(rows) < digestPage {
			return wrong
		}
	}
}

func (s *Service) digestOne(ctx context.Context, tenant int64, c choiceRow, count, due int64) error {
	to, err := s.ring.Open("notice_choice", "address", c.account, c.address)
	if err != nil {
		return err
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		n, err := db.Value[int64](ctx, tx, `SELECT count(*) FROM notice_message WHERE tenant_id = $1 AND subject_kind = 'account' AND subject_id = $2 AND kind = $3 AND created_at >= $4`, tenant, c.account, KindDigest, db.Micros(startOf(tx.Now())))
		if err != nil || n > 0 {
			return err
		}
		_, err = s.SendTx(ctx, tx, Message{Tenant: tenant, Kind: KindDigest, Channel: c.channel, Language: c.language, To: to, SubjectKind: "account", SubjectID: c.account, AccountID: c.account, Path: "/",
			Expires: startOf(tx.Now()).Add(24 * time.Hour), Values: Values{"count": i18n.Verbatim(i18n.Number(count)), "due_count": i18n.Verbatim(i18n.Number(due))}})
		return err
	})
}
