package feedback

import (
	"context"
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

var zero time.Time

// Correction is a member's wish to have their line looked at again.
type Correction struct {
	ID        id.ID
	SlipID    id.ID
	MemberID  id.ID
	Name      string // of the member
	Body      string
	State     string // open, accepted, declined
	Answer    string
	At        time.Time
	DecidedAt time.Time
	Version   int64
}

// OwnLine is a member's own line with the slip it stands on.
type OwnLine struct {
	SlipID    id.ID
	Quarter   calendar.Quarter
	Community string
	Unit      string
	State     State
	SentAt    time.Time
	Line      Line
}

// Own gives the lines of the actor's own person, newest quarter first.
func (s *Service) Own(ctx context.Context, actor authz.Actor) ([]OwnLine, error) {
	a := &db.Args{}
	where := actor.Scope(PermSeeOwn).Where(a, authz.Columns{Tenant: "l.tenant_id", Person: "l.person_id"})
	return db.All(ctx, s.db, func(o *OwnLine) []any {
		return append([]any{&o.SlipID, &o.Quarter, &o.Community, &o.Unit, &o.State, db.Instant(&o.SentAt)}, o.Line.dest()...)
	}, `SELECT s.id, s.quarter, c.name, u.name, s.state, s.sent_at, l.member_id, l.person_id, l.name, l.minutes, l.timed, l.countersigned,
			l.vouched, l.deeds, l.activities, l.year_minutes, l.year_deeds, l.remark
		FROM slip_line l
		JOIN slip s ON s.tenant_id = l.tenant_id AND s.id = l.slip_id
		JOIN organisation c ON c.tenant_id = s.tenant_id AND c.id = s.community_id
		JOIN organisation u ON u.tenant_id = s.tenant_id AND u.id = s.unit_id
		WHERE `+where+` ORDER BY s.quarter DESC, s.id DESC LIMIT 40`, a.Values()...)
}

// AskCorrection is the member's wish to have their own line on a slip corrected, before or after it was sent.
func (s *Service) AskCorrection(ctx context.Context, actor authz.Actor, slip id.ID, body string) error {
	body = strings.TrimSpace(body)
	if body == "" {
		return errs.Field("body", i18n.ErrRequired)
	}
	if n := len([]rune(body)); n > 500 {
		return errs.Field("body", i18n.ErrTooLong, 500, n)
	}
	scope := actor.Scope(PermAskOwn)
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		a := &db.Args{}
		where := scope.Where(a, authz.Columns{Tenant: "l.tenant_id", Person: "l.person_id"}) + " AND l.slip_id = " + a.Add(slip)
		type found struct{ member, person, community id.ID }
		f, err := db.One(ctx, tx, func(f *found) []any { return []any{&f.member, &f.person, &f.community} },
			`SELECT l.member_id, l.person_id, s.community_id FROM slip_line l JOIN slip s ON s.tenant_id = l.tenant_id AND s.id = l.slip_id WHERE `+where,
			a.Values()...)
		if err != nil {
			return err
		}
		c := id.New()
		if _, err := tx.Exec(ctx, `INSERT INTO correction (tenant_id, id, slip_id, member_id, person_id, community_id, body, state, at)
			VALUES ($1,$2,$3,$4,$5,$6,$7,'open',$8)`, actor.Tenant, c, slip, f.member, f.person, f.community, body, db.Micros(tx.Now())); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: string(PermAskOwn), SubjectKind: "correction", SubjectID: c, PersonID: f.person, OrgID: f.community})
	})
}

// DecideCorrection answers a member's wish. Accepting it changes no figure by itself: the record behind the line (a sign-in, a
// deed) is what is corrected, and the slip follows with Refresh or SendAgain. It needs PermReview.
func (s *Service) DecideCorrection(ctx context.Context, actor authz.Actor, correction id.ID, accept bool, answer string) error {
	answer = strings.TrimSpace(answer)
	if answer == "" {
		return errs.Field("answer", i18n.ErrRequired)
	}
	state := "declined"
	if accept {
		state = "accepted"
	}
	scope := actor.Scope(PermReview)
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		a := &db.Args{}
		where := scope.Where(a, authz.Columns{Tenant: "k.tenant_id", Orgs: []string{"k.community_id"}}) + " AND k.id = " + a.Add(correction)
		c, err := db.One(ctx, tx, (*Correction).dest, correctionQuery+where, a.Values()...)
		if err != nil {
			return err
		}
		if c.State != "open" {
			return errs.New(errs.Conflict, i18n.FeedbackDecided)
		}
		if err := tx.Update(ctx, `UPDATE correction SET state = $1, answer = $2, decided_at = $3, decided_by = $4, version = version + 1
			WHERE tenant_id = $5 AND id = $6 AND version = $7`, state, answer, db.Micros(tx.Now()), actor.AccountID, actor.Tenant, c.ID, c.Version); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "feedback.decide", Permission: PermReview, SubjectKind: "correction", SubjectID: c.ID,
			Detail: map[string]any{"state": state}})
	})
}

const correctionQuery = `SELECT k.id, k.slip_id, k.member_id, m.name, k.body, k.state, k.answer, k.at, k.decided_at, k.version
	FROM correction k JOIN member m ON m.tenant_id = k.tenant_id AND m.id = k.member_id WHERE `

func (c *Correction) dest() []any {
	return []any{&c.ID, &c.SlipID, &c.MemberID, &c.Name, &c.Body, &c.State, &c.Answer, db.Instant(&c.At), db.Instant(&c.DecidedAt), &c.Version}
}

// correctionsOf reads the wishes about a slip that was found in scope.
func correctionsOf(ctx context.Context, q db.Querier, tenant int64, slip id.ID) ([]Correction, error) {
	return db.All(ctx, q, (*Correction).dest, correctionQuery+"k.tenant_id = $1 AND k.slip_id = $2 ORDER BY k.id DESC LIMIT 200", tenant, slip)
}

// OwnCorrections gives the actor's own wishes with their answers.
func (s *Service) OwnCorrections(ctx context.Context, actor authz.Actor) ([]Correction, error) {
	a := &db.Args{}
	where := actor.Scope(PermSeeOwn).Where(a, authz.Columns{Tenant: "k.tenant_id", Person: "k.person_id"})
	return db.All(ctx, s.db, (*Correction).dest, correctionQuery+where+" ORDER BY k.id DESC LIMIT 40", a.Values()...)
}
