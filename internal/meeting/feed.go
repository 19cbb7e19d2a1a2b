package meeting

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Feed is an address at which a calendar program reads meetings.
type Feed struct {
	ID        id.ID
	AccountID id.ID
	BodyID    id.ID // the meetings of a body; 0: all that concern the account
	Body      string
	CreatedAt time.Time
	UsedAt    time.Time // when it was read last, to the hour
}

// Actors finds who an account is, as when they log in.
type Actors interface {
	ActorFor(ctx context.Context, tenant int64, account id.ID) (authz.Actor, error)
}

// maxFeeds is how many addresses one account can have.
const maxFeeds = 20

// What a feed holds: meetings of these days around the one on which it is read.
const (
	feedBack  = 90
	feedAhead = 400
	feedMost  = 1000
)

func hashOf(secret string) string {
	h := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(h[:])
}

// NewFeed makes an address for the actor's own meetings, or for those of a body in sight, and gives its secret, which is shown once.
func (s *Service) NewFeed(ctx context.Context, actor authz.Actor, body id.ID) (secret string, err error) {
	if actor.AccountID == 0 || !actor.Can(PermSee) && !actor.Can(PermOwn) {
		return "", errs.ErrForbidden
	}
	var b [20]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	secret = strconv.FormatInt(actor.Tenant, 10) + "-" + strings.ToLower(base32.StdEncoding.EncodeToString(b[:]))
	return secret, s.db.WithTx(ctx, func(tx *db.Tx) error {
		if body != 0 {
			if _, err := seesBody(ctx, tx, seeing(actor), body); err != nil {
				return err
			}
		}
		list, err := feeds(ctx, tx, actor)
		if err != nil {
			return err
		}
		if len(list) >= maxFeeds {
			return errs.New(errs.Conflict, i18n.FeedTooMany, maxFeeds)
		}
		f := id.New()
		if _, err := tx.Exec(ctx, "INSERT INTO calendar_feed (tenant_id, id, account_id, body_id, token_hash, created_at) VALUES ($1,$2,$3,$4,$5,$6)",
			actor.Tenant, f, actor.AccountID, body, hashOf(secret), db.Micros(tx.Now())); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "feed.create", Permission: feedPerm(actor), SubjectKind: "calendar_feed", SubjectID: f, Detail: map[string]any{"body": body}})
	})
}

func feedPerm(actor authz.Actor) authz.Permission {
	if actor.Can(PermSee) {
		return PermSee
	}
	return PermOwn
}

// Feeds are the actor's addresses that can be read.
func (s *Service) Feeds(ctx context.Context, actor authz.Actor) ([]Feed, error) {
	return feeds(ctx, s.db, actor)
}

func feeds(ctx context.Context, q db.Querier, actor authz.Actor) ([]Feed, error) {
	if actor.AccountID == 0 {
		return nil, nil
	}
	return db.All(ctx, q, func(f *Feed) []any {
		return []any{&f.ID, &f.AccountID, &f.BodyID, &f.Body, db.Instant(&f.CreatedAt), db.Instant(&f.UsedAt)}
	}, `SELECT f.id, f.account_id, f.body_id, coalesce(b.name, ''), f.created_at, f.used_at FROM calendar_feed f
		LEFT JOIN body b ON b.tenant_id = f.tenant_id AND b.id = f.body_id AND f.body_id <> 0
		WHERE f.tenant_id = $1 AND f.account_id = $2 AND f.revoked_at = 0 ORDER BY f.id`, actor.Tenant, actor.AccountID)
}

// RevokeFeed takes an address of the actor's own back: nothing can be read there any more.
func (s *Service) RevokeFeed(ctx context.Context, actor authz.Actor, feed id.ID) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, "UPDATE calendar_feed SET revoked_at = $1 WHERE tenant_id = $2 AND id = $3 AND account_id = $4 AND account_id <> 0 AND revoked_at = 0",
			db.Micros(tx.Now()), actor.Tenant, feed, actor.AccountID)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.ErrNotFound
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "feed.revoke", Permission: feedPerm(actor), SubjectKind: "calendar_feed", SubjectID: feed})
	})
}

// ReadFeed gives the calendar behind a secret as RFC 5545 has it: who knows the secret reads what its account sees at that moment. base begins the
// addresses of the meetings. A secret that was revoked, or whose account may no longer log in, is not found.
func (s *Service) ReadFeed(ctx context.Context, actors Actors, secret, base string) ([]byte, error) {
	tenantText, _, _ := strings.Cut(secret, "-")
	tenant, err := strconv.ParseInt(tenantText, 10, 64)
	if err != nil || len(secret) > 100 {
		return nil, errs.ErrNotFound
	}
	f, err := db.One(ctx, s.db, func(f *Feed) []any {
		return []any{&f.ID, &f.AccountID, &f.BodyID, &f.Body, db.Instant(&f.UsedAt)}
	}, `SELECT f.id, f.account_id, f.body_id, coalesce(b.name, ''), f.used_at FROM calendar_feed f LEFT JOIN body b ON b.tenant_id = f.tenant_id AND b.id = f.body_id AND f.body_id <> 0
		WHERE f.tenant_id = $1 AND f.token_hash = $2 AND f.revoked_at = 0`, tenant, hashOf(secret))
	if err != nil {
		return nil, err
	}
	actor, err := actors.ActorFor(ctx, tenant, f.AccountID)
	if err != nil {
		return nil, errs.ErrNotFound
	}
	list, err := s.calendarOf(ctx, actor, f.BodyID)
	if err != nil {
		return nil, err
	}
	if now := s.db.Now(); now.Sub(f.UsedAt) > time.Hour {
		if err := s.db.WithTx(ctx, func(tx *db.Tx) error {
			return tx.Update(ctx, "UPDATE calendar_feed SET used_at = $1 WHERE tenant_id = $2 AND id = $3", db.Micros(tx.Now()), tenant, f.ID)
		}); err != nil {
			return nil, err
		}
	}
	name := f.Body
	if name == "" {
		name = i18n.FeedName.In(i18n.ZH, actor.Name)
	}
	return write(name, list, base, s.db.Now())
}

// calendarOf are the meetings of a body in sight, or those that concern the actor: to which they were invited, of the organisations at which they
// work, and of the bodies that these lead or sit in.
func (s *Service) calendarOf(ctx context.Context, actor authz.Actor, body id.ID) ([]Meeting, error) {
	a, today := &db.Args{}, s.today()
	var w string
	if body != 0 {
		w = within(a, seeing(actor), "m") + " AND m.body_id = " + a.Add(body)
	} else {
		work, t := roots(actor, PermSee), a.Add(actor.Tenant)
		w = "m.tenant_id = " + t + " AND (" + db.In(a, "m.owner_id", work) + " OR (m.body_id <> 0 AND EXISTS (SELECT 1 FROM body_seat x WHERE x.tenant_id = m.tenant_id AND x.body_id = m.body_id AND x.valid_to = '' AND " + db.In(a, "x.organisation_id", work) + ")) OR m.id IN (SELECT r.meeting_id FROM meeting_recipient r WHERE " +
			actor.Scope(PermOwn).Where(a, authz.Columns{Tenant: "r.tenant_id", Person: "r.person_id"}) + " AND r.person_id <> 0))"
	}
	w += " AND m.starts_at >= " + a.Add(db.Micros(today.AddDays(-feedBack).Time())) + " AND m.starts_at < " + a.Add(db.Micros(today.AddDays(feedAhead).Time()))
	return db.All(ctx, s.db, (*Meeting).dest, "SELECT "+columns("''")+w+" ORDER BY m.starts_at, m.id LIMIT "+strconv.Itoa(feedMost), a.Values()...)
}

// zone is the time zone of China, which has had no summer time since 1991.
const zone = "Asia/Shanghai"

// write writes meetings as a calendar.
func write(name string, list []Meeting, base string, now time.Time) ([]byte, error) {
	cal := ics.NewCalendar()
	cal.SetProductId("-//Linli//Meetings//ZH")
	cal.SetMethod(ics.MethodPublish)
	cal.SetXWRCalName(name)
	cal.SetXWRTimezone(zone)
	cal.SetRefreshInterval("PT1H", ics.WithValue("DURATION"))
	std := cal.AddTimezone(zone).AddStandard()
	std.AddProperty(ics.ComponentPropertyDtStart, "19910915T010000")
	std.AddProperty("TZOFFSETFROM", "+0800")
	std.AddProperty("TZOFFSETTO", "+0800")
	std.AddProperty("TZNAME", "CST")
	at := func(t time.Time) string { return t.In(i18n.Zone).Format("20060102T150405") }
	for _, m := range list {
		e := cal.AddEvent(m.ID.String() + "@linli")
		e.SetDtStampTime(now)
		e.SetProperty(ics.ComponentPropertyDtStart, at(m.StartsAt), ics.WithTZID(zone))
		e.SetProperty(ics.ComponentPropertyDtEnd, at(m.EndsAt), ics.WithTZID(zone))
		e.SetSummary(m.Title)
		e.SetSequence(int(m.Version))
		e.SetStatus(map[State]ics.ObjectStatus{Planned: ics.ObjectStatusConfirmed, Held: ics.ObjectStatusConfirmed, Cancelled: ics.ObjectStatusCancelled}[m.State])
		if m.Place != "" {
			e.SetLocation(m.Place)
		}
		about := []string{m.HolderName()}
		for _, s := range []string{m.Notice, m.Reason} {
			if s != "" {
				about = append(about, s)
			}
		}
		e.SetDescription(strings.Join(about, "\n"))
		e.SetURL(fmt.Sprintf("%s/meetings/%s", base, m.ID))
	}
	var out bytes.Buffer
	err := cal.SerializeTo(&out, ics.WithNewLineWindows)
	return out.Bytes(), err
}
