package notice

import (
	"context"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// State of a kind in a district.
type KindState struct {
	Kind
	Off   bool
	Texts []Template // for each channel and language
}

// Languages are those of texts.
func Languages() []i18n.Lang { return []i18n.Lang{i18n.ZH, i18n.EN} }

// Kinds gives every kind with whether it is sent and its texts (PermSee).
func (s *Service) Kinds(ctx context.Context, actor authz.Actor) ([]KindState, error) {
	if err := whole(actor, PermSee); err != nil {
		return nil, err
	}
	off, err := db.Column[string](ctx, s.db, `SELECT kind FROM notice_switch WHERE tenant_id = $1`, actor.Tenant)
	if err != nil {
		return nil, err
	}
	own, err := db.All(ctx, s.db, (*Template).dest, "SELECT "+templateColumns+`t.tenant_id = $1 AND NOT EXISTS (SELECT 1 FROM notice_template n WHERE n.tenant_id = t.tenant_id AND n.kind = t.kind AND n.channel = t.channel
		AND n.language = t.language AND n.edition > t.edition) ORDER BY t.kind, t.channel, t.language LIMIT 200`, actor.Tenant)
	if err != nil {
		return nil, err
	}
	var out []KindState
	for _, k := range kinds {
		st := KindState{Kind: k}
		for _, o := range off {
			st.Off = st.Off || o == k.Code
		}
		for _, c := range k.Channels {
			for _, l := range Languages() {
				t := Template{Kind: k.Code, Channel: c, Language: l}
				t.Subject, t.Body = k.Standard(c, l)
				for _, o := range own {
					if o.Kind == k.Code && o.Channel == c && o.Language == l {
						t.Edition, t.By, t.At = o.Edition, o.By, o.At
						if o.Body != "" {
							t.Subject, t.Body, t.Own = o.Subject, o.Body, true
						}
					}
				}
				st.Texts = append(st.Texts, t)
			}
		}
		out = append(out, st)
	}
	return out, nil
}

// Switch lets a district send a kind, or not (PermKeep).
func (s *Service) Switch(ctx context.Context, actor authz.Actor, kind string, on bool) error {
	k, ok := KindOf(kind)
	if !ok {
		return errs.ErrNotFound
	}
	if err := whole(actor, PermKeep); err != nil {
		return err
	}
	if k.Fixed {
		return errs.New(errs.Conflict, i18n.NoticeKindFixed)
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		query := `DELETE FROM notice_switch WHERE tenant_id = $1 AND kind = $2`
		args := []any{actor.Tenant, kind}
		if !on {
			query, args = `INSERT INTO notice_switch (tenant_id, kind, account_id, at) VALUES ($1,$2,$3,$4) ON CONFLICT (tenant_id, kind) DO NOTHING`, append(args, actor.AccountID, db.Micros(tx.Now()))
		}
		if _, err := tx.Exec(ctx, query, args...); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "notice.switch", Permission: PermKeep, SubjectKind: "notice_kind", Detail: map[string]any{"kind": kind, "on": on}})
	})
}

// Text gives the text that holds, with the district's former ones, the newest first (PermSee).
func (s *Service) Text(ctx context.Context, actor authz.Actor, kind string, c Channel, l i18n.Lang) (k Kind, now Template, former []Template, err error) {
	k, ok := KindOf(kind)
	if !ok || !k.Has(c) || l != i18n.ZH && l != i18n.EN {
		return k, now, nil, errs.ErrNotFound
	}
	if err := whole(actor, PermSee); err != nil {
		return k, now, nil, err
	}
	if now, err = current(ctx, s.db, actor.Tenant, k, c, l); err != nil {
		return k, now, nil, err
	}
	former, err = editions(ctx, s.db, actor.Tenant, k, c, l, 20)
	return k, now, former, err
}

// Preview judges a text and fills it with samples (PermSee). What is wrong is said under "subject" or "body", with the placeholder that is.
func (s *Service) Preview(actor authz.Actor, kind string, c Channel, l i18n.Lang, subject, body string) (Shown, error) {
	k, ok := KindOf(kind)
	if !ok || !k.Has(c) {
		return Shown{}, errs.ErrNotFound
	}
	if err := whole(actor, PermSee); err != nil {
		return Shown{}, err
	}
	if err := k.check(c, l, &subject, &body); err != nil {
		return Shown{}, err
	}
	return s.preview(k, c, l, subject, body), nil
}

// Sample is how a text that holds reads with samples.
func (s *Service) Sample(t Template) Shown {
	k, _ := KindOf(t.Kind)
	return s.preview(k, t.Channel, t.Language, t.Subject, t.Body)
}

// SaveText makes a new edition of a text (PermKeep). seen is the edition on which it was written; an empty body brings the standard text back.
func (s *Service) SaveText(ctx context.Context, actor authz.Actor, kind string, c Channel, l i18n.Lang, seen int64, subject, body string, standard bool) error {
	k, ok := KindOf(kind)
	if !ok || !k.Has(c) || l != i18n.ZH && l != i18n.EN {
		return errs.ErrNotFound
	}
	if err := whole(actor, PermKeep); err != nil {
		return err
	}
	if kind == KindTest && !standard { // a test goes to any number, under the authority's name
		return errs.New(errs.Conflict, i18n.NoticeTestText)
	}
	if standard {
		subject, body = "", ""
	} else if err := k.check(c, l, &subject, &body); err != nil {
		return err
	}
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		now, err := current(ctx, tx, actor.Tenant, k, c, l)
		if err != nil {
			return err
		}
		if now.Edition != seen {
			return errs.ErrConflict
		}
		if _, err := tx.Exec(ctx, `INSERT INTO notice_template (tenant_id, id, kind, channel, language, edition, subject, body, account_id, at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`,
			actor.Tenant, id.New(), kind, string(c), string(l), now.Edition+1, subject, body, actor.AccountID, db.Micros(tx.Now())); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "notice.text", Permission: PermKeep, SubjectKind: "notice_kind", Detail: map[string]any{"kind": kind, "channel": c, "language": l, "edition": now.Edition + 1}})
	})
	if db.IsUnique(err) {
		return errs.ErrConflict
	}
	return err
}

// mostTests is how many test messages one account sends in a day.
const mostTests = 20

// Test sends a test message of a channel to an address (PermKeep).
func (s *Service) Test(ctx context.Context, actor authz.Actor, c Channel, to string) error {
	if err := whole(actor, PermKeep); err != nil {
		return err
	}
	if s.senders[c] == nil {
		return errs.New(errs.Conflict, i18n.NoticeNotSetUp, c.Text())
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		n, err := db.Value[int64](ctx, tx, `SELECT count(*) FROM notice_message WHERE tenant_id = $1 AND kind = $2 AND account_id = $3 AND created_at >= $4`, actor.Tenant, KindTest, actor.AccountID, db.Micros(startOf(tx.Now())))
		if err != nil {
			return err
		}
		if n >= mostTests {
			return errs.New(errs.Conflict, i18n.NoticeTestMost, mostTests)
		}
		row, err := s.SendTx(ctx, tx, Message{Tenant: actor.Tenant, Kind: KindTest, Channel: c, To: to, AccountID: actor.AccountID, Urgent: true})
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "notice.test", Permission: PermKeep, SubjectKind: "notice_message", SubjectID: row})
	})
}
