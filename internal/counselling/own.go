package counselling

import (
	"context"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/paper"
)

// Free is a post with the times that can be booked.
type Free struct {
	Post
	Slots []time.Time
}

// mostPosts bounds what one page of posts shows to residents.
const mostPosts = 60

// Free gives the posts of a district, or of one community, with their free times. It is public: it says where help is, and reveals nothing of who takes it.
func (s *Service) Free(ctx context.Context, tenant int64, community id.ID) ([]Free, error) {
	cal, err := s.days.Calendar(ctx, tenant)
	if err != nil {
		return nil, err
	}
	a := &db.Args{}
	where := "p.tenant_id = " + a.Add(tenant) + " AND p.ended_on = ''"
	if community != 0 {
		where += " AND p.org_id = " + a.Add(community)
	}
	list, err := posts(ctx, s.db, tenant, a, where+" ORDER BY p.org_id, p.id LIMIT "+a.Add(int64(mostPosts)))
	if err != nil {
		return nil, err
	}
	return s.free(ctx, s.db, tenant, cal, list)
}

func (s *Service) free(ctx context.Context, q db.Querier, tenant int64, cal *calendar.Calendar, list []Post) ([]Free, error) {
	accounts := make([]id.ID, len(list))
	for i, p := range list {
		accounts[i] = p.AccountID
	}
	busy, err := taken(ctx, q, tenant, accounts, s.db.Now())
	out := make([]Free, len(list))
	for i, p := range list {
		out[i] = Free{p, p.Slots(cal, s.db.Now(), busy[p.AccountID])}
	}
	return out, err
}

// Bookable gives a post in use. It is public, as Free is.
func (s *Service) Bookable(ctx context.Context, tenant int64, post id.ID) (Post, error) {
	a := &db.Args{}
	return onePost(ctx, s.db, tenant, a, "p.tenant_id = "+a.Add(tenant)+" AND p.ended_on = '' AND p.id = "+a.Add(post))
}

// Booking is an appointment that somebody takes for themselves.
type Booking struct {
	PostID id.ID
	At     time.Time
	Code   string // of a file that they have already; then the rest is not asked
	Entry
}

// mostBooked is how many appointments one telephone, or one file, has ahead at once.
const mostBooked = 2

// Book takes a free time of a post, without an account. The code it gives opens the appointments, and nothing else. Two who take the same time at once do not both
// get it.
func (s *Service) Book(ctx context.Context, tenant int64, by, requestID string, n Booking) (code string, err error) {
	if n.Code == "" {
		if err := n.Entry.check(true); err != nil {
			return "", err
		}
	}
	if n.PostID == 0 || n.At.IsZero() {
		return "", errs.Field("slot", i18n.CounselPick)
	}
	cal, err := s.days.Calendar(ctx, tenant)
	if err != nil {
		return "", err
	}
	actor := authz.Actor{Tenant: tenant, Name: by, RequestID: requestID}
	for range tries {
		code, err = s.book(ctx, actor, cal, n)
		if !db.IsUnique(err) {
			break
		}
	}
	return code, err
}

func (s *Service) book(ctx context.Context, actor authz.Actor, cal *calendar.Calendar, n Booking) (code string, err error) {
	return code, s.db.WithTx(ctx, func(tx *db.Tx) error {
		a := &db.Args{}
		p, err := onePost(ctx, tx, actor.Tenant, a, "p.tenant_id = "+a.Add(actor.Tenant)+" AND p.id = "+a.Add(n.PostID))
		if errs.KindOf(err) == errs.NotFound {
			return errs.Field("slot", i18n.CounselPick)
		} else if err != nil {
			return err
		}
		free, err := s.free(ctx, tx, actor.Tenant, cal, []Post{p})
		if err != nil {
			return err
		}
		fits := false
		for _, t := range free[0].Slots {
			fits = fits || t.Equal(n.At)
		}
		if !fits {
			return errs.Field("slot", i18n.CounselGone)
		}
		f := File{OrgID: p.OrgID, AccountID: p.AccountID}
		if n.Code != "" {
			if f, err = s.byCode(ctx, tx, n.Code); err != nil {
				return err
			}
			switch {
			case f.AccountID != p.AccountID:
				return errs.Field("slot", i18n.CounselOther, f.Account)
			case !f.Open:
				return errs.New(errs.Conflict, i18n.CounselEnded)
			}
		}
		if err := s.bounded(ctx, tx, actor.Tenant, f.ID, n.Phone); err != nil {
			return err
		}
		if n.Code == "" {
			if err := s.insertFile(ctx, tx, actor.Tenant, &f, n.Entry); err != nil {
				return err
			}
		}
		code = f.Code
		if err := s.agree(ctx, tx, actor, f, Session{Form: AtRoom, At: n.At, Minutes: p.Minutes, Booked: BySelf}, p.ID, "slot"); err != nil {
			return err
		}
		return record(ctx, tx, actor, "book", "", "counselling_file", f.ID, f.OrgID, nil)
	})
}

// bounded says no where a file, or a telephone, has as many appointments ahead as one may.
func (s *Service) bounded(ctx context.Context, q db.Querier, tenant int64, file id.ID, phone string) error {
	a := &db.Args{}
	var which string
	if file != 0 {
		which = "v.file_id = " + a.Add(file)
	} else {
		which = "EXISTS (SELECT 1 FROM counselling_file f WHERE f.tenant_id = v.tenant_id AND f.id = v.file_id AND f.phone_key <> '' AND f.phone_key = " + a.Add(s.phoneKey(phone)) + ")"
	}
	n, err := db.Value[int64](ctx, q, "SELECT count(*) FROM counselling_session v WHERE "+which+" AND v.tenant_id = "+a.Add(tenant)+" AND v.state = 'planned' AND v.at > "+a.Add(db.Micros(s.db.Now())), a.Values()...)
	if err == nil && n >= mostBooked {
		err = errs.New(errs.Conflict, i18n.CounselEnough, mostBooked)
	}
	return err
}

// byCode reads the file of a code, without opening it.
func (s *Service) byCode(ctx context.Context, q db.Querier, typed string) (File, error) {
	tenant, code, ok := paper.Normalise(typed)
	if !ok {
		return File{}, errs.ErrNotFound
	}
	a := &db.Args{}
	return oneFile(ctx, q, a, "f.tenant_id = "+a.Add(tenant)+" AND f.code = "+a.Add(code))
}

// Booked is what a code shows: where and when, and with whom. Nothing of what is said.
type Booked struct {
	Tenant  int64
	No      string
	Code    string
	Org     string
	OrgID   id.ID
	Account string
	Open    bool
	Ahead   []Session // appointments that are agreed, the next first
}

// ByCode gives the appointments of a code, as somebody typed it.
func (s *Service) ByCode(ctx context.Context, typed string) (Booked, error) {
	f, err := s.byCode(ctx, s.db, typed)
	if err != nil {
		return Booked{}, err
	}
	tenant, _, _ := paper.Normalise(typed)
	out := Booked{Tenant: tenant, No: f.No, Code: f.Code, Org: f.Org, OrgID: f.OrgID, Account: f.Account, Open: f.Open}
	out.Ahead, err = db.All(ctx, s.db, (*Session).dest, "SELECT "+sessionColumns+"v.tenant_id = $1 AND v.file_id = $2 AND v.state = 'planned' AND v.at > $3 ORDER BY v.at, v.id LIMIT 20", tenant, f.ID, db.Micros(s.db.Now()))
	return out, err
}

// CancelBy lets whoever holds a code call an appointment off.
func (s *Service) CancelBy(ctx context.Context, typed, by, requestID string, session id.ID) error {
	tenant, _, ok := paper.Normalise(typed)
	if !ok {
		return errs.ErrNotFound
	}
	actor := authz.Actor{Tenant: tenant, Name: by, RequestID: requestID}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		f, err := s.byCode(ctx, tx, typed)
		if err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE counselling_session SET state = 'cancelled', version = version + 1 WHERE tenant_id = $1 AND file_id = $2 AND id = $3 AND state = 'planned' AND at > $4`, tenant, f.ID, session, db.Micros(tx.Now()))
		if err == nil && n == 0 {
			err = errs.ErrNotFound
		}
		if err != nil {
			return err
		}
		return record(ctx, tx, actor, "cancel", "", "counselling_file", f.ID, f.OrgID, map[string]any{"session": session.String()})
	})
}

// Keep links a file with the person who acts through their own account, by its code; from then on they read it there. One that is another person's stays theirs.
func (s *Service) Keep(ctx context.Context, actor authz.Actor, typed string) error {
	tenant, _, ok := paper.Normalise(typed)
	if !ok || tenant != actor.Tenant || actor.PersonID == 0 {
		return errs.Field("code", i18n.CounselNoSuch)
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		f, err := s.byCode(ctx, tx, typed)
		if errs.KindOf(err) == errs.NotFound || err == nil && f.person != 0 && f.person != actor.PersonID {
			return errs.Field("code", i18n.CounselNoSuch)
		} else if err != nil || f.person == actor.PersonID {
			return err
		}
		if err := tx.Update(ctx, `UPDATE counselling_file SET person_id = $1, version = version + 1 WHERE tenant_id = $2 AND id = $3 AND version = $4`, actor.PersonID, tenant, f.ID, f.Version); err != nil {
			return err
		}
		return record(ctx, tx, actor, "keep_own", "", "counselling_file", f.ID, f.OrgID, nil)
	})
}

// mostOwn bounds how many files one person has.
const mostOwn = 20

// OwnFiles gives the person who acts through their own account their files with all that was written, and nobody else's.
func (s *Service) OwnFiles(ctx context.Context, actor authz.Actor) ([]File, error) {
	if actor.PersonID == 0 {
		return nil, errs.ErrForbidden
	}
	list, err := db.All(ctx, s.db, (*File).dest, "SELECT "+fileColumns+"f.tenant_id = $1 AND f.person_id = $2 AND f.person_id <> 0 ORDER BY f.id DESC LIMIT $3", actor.Tenant, actor.PersonID, int64(mostOwn))
	if err != nil {
		return nil, err
	}
	return list, s.fill(ctx, s.db, actor.Tenant, list)
}
