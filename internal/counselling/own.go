package counselling

import (
	"context"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/paper"
	"linli/internal/reference"
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
	where := "p.tenant_id = " + a.Add(tenant) + " AND p.ended_on = '' AND " + counsels(a, today(s.db.Now()))
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
	return onePost(ctx, s.db, tenant, a, "p.tenant_id = "+a.Add(tenant)+" AND p.ended_on = '' AND "+counsels(a, today(s.db.Now()))+" AND p.id = "+a.Add(post))
}

// Booking is an appointment that somebody takes for themselves.
type Booking struct {
	PostID id.ID
	At     time.Time
	Code   string // of a file that they have already; then the rest is not asked
	Agree  bool   // that what they write is kept, as the form says (PRIV-5)
	Entry
}

// Check says what is wrong with a booking before it is tried.
func (n *Booking) Check() error {
	if n.PostID == 0 || n.At.IsZero() {
		return errs.Field("slot", i18n.CounselPick)
	}
	if n.Code != "" {
		return nil
	}
	err := n.Entry.check(true)
	if e := errs.As(err); !n.Agree && (err == nil || e != nil) {
		return e.With("agree", i18n.CounselAgreeNeeded)
	}
	return err
}

// mostBooked is how many appointments one file has ahead at once. A telephone is not asked for that: the answer would tell whoever types a neighbour's number.
const mostBooked = 2

// Book takes a free time of a post, without an account. The code it gives opens the appointments, and nothing else. Two who take the same time at once do not both
// get it.
func (s *Service) Book(ctx context.Context, tenant int64, by, requestID string, n Booking) (code string, err error) {
	if err := n.Check(); err != nil {
		return "", err
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
		p, err := onePost(ctx, tx, actor.Tenant, a, "p.tenant_id = "+a.Add(actor.Tenant)+" AND "+counsels(a, today(tx.Now()))+" AND p.id = "+a.Add(n.PostID))
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
		if f.ID != 0 {
			ahead, err := db.Value[int64](ctx, tx, `SELECT count(*) FROM counselling_session v WHERE v.tenant_id = $1 AND v.file_id = $2 AND v.state = 'planned' AND v.at > $3`, actor.Tenant, f.ID, db.Micros(tx.Now()))
			if err != nil {
				return err
			}
			if ahead >= mostBooked {
				return errs.New(errs.Conflict, i18n.CounselEnough, mostBooked)
			}
		}
		if n.Code == "" {
			if err := s.insertFile(ctx, tx, actor.Tenant, &f, n.Entry, agreedText); err != nil {
				return err
			}
		}
		if code = f.Code; n.Code != "" {
			code = n.Code
		}
		if err := s.agree(ctx, tx, actor, f, Session{Form: AtRoom, At: n.At, Minutes: p.Minutes, Booked: BySelf}, p.ID, "slot"); err != nil {
			return err
		}
		return record(ctx, tx, actor, "book", "", "counselling_file", f.ID, f.OrgID, nil)
	})
}

// byCode reads the file of a code, without opening it.
func (s *Service) byCode(ctx context.Context, q db.Querier, typed string) (File, error) {
	tenant, _, ok := paper.Normalise(typed)
	if !ok {
		return File{}, errs.ErrNotFound
	}
	a := &db.Args{}
	return oneFile(ctx, q, a, "f.tenant_id = "+a.Add(tenant)+" AND f.code_key = "+a.Add(s.key(codeIndex, typed)))
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
	Ahead   []Session // appointments that are still to come, and those that were called off, the next first
}

// ByCode gives the appointments of a code, as somebody typed it.
func (s *Service) ByCode(ctx context.Context, typed string) (Booked, error) {
	f, err := s.byCode(ctx, s.db, typed)
	if err != nil {
		return Booked{}, err
	}
	tenant, code, _ := paper.Normalise(typed)
	out := Booked{Tenant: tenant, No: f.No, Code: code, Org: f.Org, OrgID: f.OrgID, Account: f.Account, Open: f.Open}
	out.Ahead, err = db.All(ctx, s.db, (*Session).dest, "SELECT "+sessionColumns+"v.tenant_id = $1 AND v.file_id = $2 AND v.state IN ('planned', 'cancelled') AND v.at > $3 ORDER BY v.at, v.id LIMIT 20", tenant, f.ID, db.Micros(s.db.Now()))
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

// Keep links a file with the person who acts through their own account, by the code that the counsellor gave them for it; from then on they read it there, through this
// account alone. The code is good once.
func (s *Service) Keep(ctx context.Context, actor authz.Actor, account id.ID, typed string) error {
	tenant, _, ok := paper.Normalise(typed)
	if !ok || tenant != actor.Tenant || actor.PersonID == 0 || account == 0 {
		return errs.Field("code", i18n.CounselNoSuch)
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		a := &db.Args{}
		f, err := oneFile(ctx, tx, a, "f.tenant_id = "+a.Add(tenant)+" AND f.link_key <> '' AND f.link_key = "+a.Add(s.key(linkIndex, typed))+" AND f.link_until > "+a.Add(db.Micros(tx.Now())))
		if errs.KindOf(err) == errs.NotFound {
			return errs.Field("code", i18n.CounselNoSuch)
		} else if err != nil {
			return err
		}
		if err := tx.Update(ctx, `UPDATE counselling_file SET person_id = $1, resident_id = $2, link_key = '', link_until = 0, version = version + 1 WHERE tenant_id = $3 AND id = $4 AND version = $5`,
			actor.PersonID, account, tenant, f.ID, f.Version); err != nil {
			return err
		}
		return record(ctx, tx, actor, "keep_own", "", "counselling_file", f.ID, f.OrgID, nil)
	})
}

// mostOwn bounds how many files one person has.
const mostOwn = 20

// OwnFiles gives the person who acts through their own account the files that they linked with this account, with all that was written, and nobody else's: another account that
// somebody linked with the same record shows none. Each reading is recorded.
func (s *Service) OwnFiles(ctx context.Context, actor authz.Actor, account id.ID) (list []File, err error) {
	if actor.PersonID == 0 || account == 0 {
		return nil, errs.ErrForbidden
	}
	list, err = db.All(ctx, s.db, (*File).dest, "SELECT "+fileColumns+"f.tenant_id = $1 AND f.person_id = $2 AND f.person_id <> 0 AND f.resident_id = $3 ORDER BY f.id DESC LIMIT $4", actor.Tenant, actor.PersonID, account, int64(mostOwn))
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list, s.db.WithTx(ctx, func(tx *db.Tx) error {
		if err := s.fill(ctx, tx, actor.Tenant, list); err != nil {
			return err
		}
		return audit.RecordMany(ctx, tx, actor, entriesOf(list))
	})
}

// entriesOf are the records of a person's reading of their files.
func entriesOf(list []File) []audit.Entry {
	out := make([]audit.Entry, len(list))
	for i, f := range list {
		out[i] = audit.Entry{Action: "counselling.read_own", SubjectKind: "counselling_file", SubjectID: f.ID, OrgID: f.OrgID}
	}
	return out
}

// Follow lets hours, files and conversations of an organisation follow when another takes it in.
func (s *Service) Follow(ctx context.Context, tx *db.Tx, actor authz.Actor, from, to id.ID) error {
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, from, to); err != nil {
		return err
	}
	for _, q := range []string{"UPDATE counselling_post SET org_id = $1, version = version + 1 WHERE tenant_id = $2 AND org_id = $3", "UPDATE counselling_file SET org_id = $1, version = version + 1 WHERE tenant_id = $2 AND org_id = $3",
		"UPDATE counselling_session SET org_id = $1, version = version + 1 WHERE tenant_id = $2 AND org_id = $3"} {
		if _, err := tx.Exec(ctx, q, to, actor.Tenant, from); err != nil {
			return err
		}
	}
	return nil
}
