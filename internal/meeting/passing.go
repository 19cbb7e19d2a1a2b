package meeting

import (
	"context"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
)

// Passing is a meeting below that passes another on (LIFE-5), and whom it reached.
type Passing struct {
	MeetingID id.ID
	Holder    string
	StartsAt  time.Time
	State     State
	Present   int64 // attendances
}

func passings(ctx context.Context, q db.Querier, tenant int64, meeting id.ID) ([]Passing, error) {
	return db.All(ctx, q, func(p *Passing) []any {
		return []any{&p.MeetingID, &p.Holder, db.Instant(&p.StartsAt), &p.State, &p.Present}
	}, `SELECT m.id, CASE WHEN m.body_id <> 0 THEN coalesce(b.name, '') ELSE `+reference.Label("o")+` END, m.starts_at, m.state,
		(SELECT count(*) FROM attendance t WHERE t.tenant_id = m.tenant_id AND t.activity_id = m.activity_id AND m.activity_id <> 0 AND t.state <> 'void')
		FROM meeting m LEFT JOIN organisation o ON o.tenant_id = m.tenant_id AND o.id = m.owner_id LEFT JOIN body b ON b.tenant_id = m.tenant_id AND b.id = m.body_id AND m.body_id <> 0
		WHERE m.tenant_id = $1 AND m.passes_id = $2 ORDER BY m.starts_at, m.id LIMIT 500`, tenant, meeting)
}

// PassOn makes a meeting below out of a meeting in sight that was held, in one press: of a holder for whom the actor plans, of a kind, a week from now at the
// hour of the one above, with what was decided there on its agenda. Who has been reached follows from it.
func (s *Service) PassOn(ctx context.Context, actor authz.Actor, meeting id.ID, h Holder, kind string) (made id.ID, err error) {
	place, err := s.LastPlace(ctx, actor, h)
	if err != nil {
		return 0, err
	}
	err = s.db.WithTx(ctx, func(tx *db.Tx) error {
		above, err := find(ctx, tx, seeing(actor), meeting)
		if err != nil {
			return err
		}
		if err := s.holderOf(ctx, tx, actor, &h); err != nil {
			return err
		}
		if above.State != Held {
			return errs.New(errs.Conflict, i18n.MeetingPassHeld)
		}
		if above.Holder == h {
			return errs.Field("holder", i18n.MeetingPassSelf)
		}
		decided, err := resolutions(ctx, tx, actor.Tenant, above.ID)
		if err != nil {
			return err
		}
		day, _ := calendar.Default().Roll(calendar.DateOf(tx.Now()).AddDays(7))
		at := day.Time().Add(above.StartsAt.Sub(above.Day().Time()))
		title := []rune(i18n.MeetingPassTitle.In(i18n.ZH, above.Title))
		p := Plan{KindCode: kind, Holder: h, Title: string(title[:min(len(title), 60)]), Place: place, StartsAt: at, EndsAt: at.Add(time.Hour)}
		if err := p.check(); err != nil {
			return err
		}
		if made, err = s.createTx(ctx, tx, actor, p, above.ID); err != nil {
			return err
		}
		t := Topic{ID: id.New(), Holder: h, OrganisationID: h.OwnerID, Title: string(title[:min(len(title), 100)]), State: OnAgenda, MeetingID: made}
		for _, r := range decided {
			if r.Passed && len(t.Detail)+len(r.Text) < 5000 {
				t.Detail += r.Text + "\n"
			}
		}
		if err := insertTopic(ctx, tx, actor, t); err != nil {
			return err
		}
		if err := saveTopic(ctx, tx, actor.Tenant, t); err != nil {
			return err
		}
		return recordTopic(ctx, tx, actor, PermPlan, "raise", t)
	})
	return made, err
}

// TagTx lets a meeting count for a kind too, if it does not yet and the district owes that kind (PARTY-29): one of an organisation that the actor plans for,
// which was not cancelled. Anything else is Invalid under "meeting_id".
func (s *Service) TagTx(ctx context.Context, tx *db.Tx, actor authz.Actor, meeting, organisation id.ID, kind string) error {
	m, err := findPlanned(ctx, tx, actor.Scope(PermPlan), meeting)
	if errs.KindOf(err) == errs.NotFound || err == nil && (m.OwnerID != organisation || m.BodyID != 0 || m.State == Cancelled) {
		return errs.Field("meeting_id", i18n.AppraisalMeetingOther)
	}
	if err != nil {
		return err
	}
	k, err := findKind(ctx, tx, actor.Tenant, kind)
	if errs.KindOf(err) == errs.NotFound || err == nil && k.Retired {
		return nil
	}
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `INSERT INTO meeting_duty (tenant_id, meeting_id, kind_code, owner_id, body_id, on_day, state) VALUES ($1,$2,$3,$4,$5,$6,$7)
		ON CONFLICT (tenant_id, meeting_id, kind_code) DO NOTHING`, actor.Tenant, m.ID, kind, m.OwnerID, m.BodyID, m.Day(), m.State)
	if err != nil || n == 0 {
		return err
	}
	return record(ctx, tx, actor, PermPlan, "edit", m, map[string]any{"also": kind})
}
