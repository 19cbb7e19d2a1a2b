package counselling

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
	"linli/internal/paper"
	"linli/internal/reference"
	"linli/internal/seal"
)

// Calendars gives the working calendar of a district.
type Calendars interface {
	Calendar(ctx context.Context, tenant int64) (*calendar.Calendar, error)
}

// Accounts gives what an account may do.
type Accounts interface {
	ActorFor(ctx context.Context, tenant int64, account id.ID) (authz.Actor, error)
}

// Service keeps counselling.
type Service struct {
	db       *db.DB
	ring     *seal.Ring
	days     Calendars
	accounts Accounts
}

// New makes the service.
func New(d *db.DB, ring *seal.Ring, days Calendars, accounts Accounts) *Service {
	return &Service{db: d, ring: ring, days: days, accounts: accounts}
}

// Now is the instant by which times are past.
func (s *Service) Now() time.Time { return s.db.Now() }

func record(ctx context.Context, tx *db.Tx, actor authz.Actor, act string, perm authz.Permission, kind string, subject, org id.ID, detail map[string]any) error {
	return audit.Record(ctx, tx, actor, audit.Entry{Action: "counselling." + act, Permission: perm, SubjectKind: kind, SubjectID: subject, OrgID: org, Detail: detail})
}

// Posts lists the posts of organisations in scope, and the actor's own (PermKeep, PermServe), by ID.
func (s *Service) Posts(ctx context.Context, actor authz.Actor, page db.Page) (db.List[Post], error) {
	a := &db.Args{}
	where := actor.Scope(PermKeep).Or(actor.Scope(PermServe)).Where(a, ofPost)
	if !actor.Can(PermKeep) {
		where += " AND p.account_id = " + a.Add(actor.AccountID)
	}
	keys, tail := a.Keyset(page, db.Order{IDColumn: "p.id"})
	rows, err := posts(ctx, s.db, actor.Tenant, a, where+keys+tail)
	return db.Cut(rows, page, func(p Post) db.Cursor { return db.Cursor{ID: p.ID} }), err
}

// Post gives a post of an organisation in scope (PermKeep).
func (s *Service) Post(ctx context.Context, actor authz.Actor, post id.ID) (Post, error) {
	return s.post(ctx, s.db, actor, post)
}

func (s *Service) post(ctx context.Context, q db.Querier, actor authz.Actor, post id.ID) (Post, error) {
	a := &db.Args{}
	return onePost(ctx, q, actor.Tenant, a, actor.Scope(PermKeep).Where(a, ofPost)+" AND p.id = "+a.Add(post))
}

// mayServe says no where an account could not counsel in an organisation. It is asked before the transaction.
func (s *Service) mayServe(ctx context.Context, tenant int64, account, org id.ID, field string) error {
	of, err := s.accounts.ActorFor(ctx, tenant, account)
	switch {
	case errs.KindOf(err) == errs.NotFound || errs.KindOf(err) == errs.Forbidden || err == nil && !of.Scope(PermServe).Covers(org):
		return errs.Field(field, i18n.CounselNotOne)
	}
	return err
}

// Counsellor is an account that counsels.
type Counsellor struct {
	ID   id.ID
	Name string
}

// Counsellors lists who counsels in the district, by name (PermKeep, PermServe). Residents read the same names.
func (s *Service) Counsellors(ctx context.Context, actor authz.Actor) ([]Counsellor, error) {
	if !actor.Can(PermKeep) && !actor.Can(PermServe) {
		return nil, errs.ErrForbidden
	}
	return counsellors(ctx, s.db, actor.Tenant, today(s.db.Now()))
}

// SavePost sets up a post (post 0) or changes it (PermKeep where it was and where it goes). What was booked stays.
func (s *Service) SavePost(ctx context.Context, actor authz.Actor, post id.ID, n NewPost) (id.ID, error) {
	if err := n.check(); err != nil {
		return 0, err
	}
	if err := actor.Scope(PermKeep).Require(n.OrgID); err != nil {
		return 0, err
	}
	if err := s.mayServe(ctx, actor.Tenant, n.AccountID, n.OrgID, "account"); err != nil {
		return 0, err
	}
	out := post
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, n.OrgID); err != nil {
			return err
		}
		if post == 0 {
			out = id.New()
			if _, err := tx.Exec(ctx, `INSERT INTO counselling_post (tenant_id, id, org_id, account_id, place, minutes, created_at, updated_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$7)`,
				actor.Tenant, out, n.OrgID, n.AccountID, n.Place, n.Minutes, db.Micros(tx.Now())); err != nil {
				return err
			}
		} else {
			if _, err := s.post(ctx, tx, actor, post); err != nil {
				return err
			}
			if err := tx.Update(ctx, `UPDATE counselling_post SET org_id = $1, account_id = $2, place = $3, minutes = $4, updated_at = $5, version = version + 1 WHERE tenant_id = $6 AND id = $7 AND version = $8`,
				n.OrgID, n.AccountID, n.Place, n.Minutes, db.Micros(tx.Now()), actor.Tenant, post, n.Version); err != nil {
				return err
			}
		}
		if err := writeWeek(ctx, tx, actor.Tenant, out, n.week); err != nil {
			return err
		}
		return record(ctx, tx, actor, "post", PermKeep, "counselling_post", out, n.OrgID, map[string]any{"account": n.AccountID.String()})
	})
	return out, err
}

// EndPost takes a post out of use, or into use again (PermKeep). What was booked stays.
func (s *Service) EndPost(ctx context.Context, actor authz.Actor, post id.ID, end bool, version int64) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		p, err := s.post(ctx, tx, actor, post)
		if err != nil {
			return err
		}
		if p.Active() != end {
			return errs.New(errs.Conflict, i18n.ErrConflict)
		}
		on, act := any(""), "resume"
		if end {
			on, act = any(today(tx.Now())), "end"
		}
		if err := tx.Update(ctx, `UPDATE counselling_post SET ended_on = $1, updated_at = $2, version = version + 1 WHERE tenant_id = $3 AND id = $4 AND version = $5`, on, db.Micros(tx.Now()), actor.Tenant, post, version); err != nil {
			return err
		}
		return record(ctx, tx, actor, "post"+act, PermKeep, "counselling_post", post, p.OrgID, nil)
	})
}

// How somebody agreed that what they say is kept, as the form said it (PRIV-5): by its edition when they booked, or told face to face.
const (
	agreedText = "2026-11"
	agreedOral = "oral"
)

// insertFile opens a file; its number and code are new.
func (s *Service) insertFile(ctx context.Context, tx *db.Tx, tenant int64, f *File, n Entry, agreed string) error {
	f.ID, f.No, f.Code, f.Open, f.OpenedAt = id.New(), paper.NewNo("ZX", tx.Now()), paper.NewCode(tenant), true, tx.Now()
	_, err := tx.Exec(ctx, `INSERT INTO counselling_file (tenant_id, id, no, org_id, account_id, code_key, name, phone, word, agreed, state, opened_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,'open',$11)`,
		tenant, f.ID, f.No, f.OrgID, f.AccountID, s.key(codeIndex, f.Code), s.ring.Seal("counselling_file", "name", f.ID, n.Name), s.ring.Seal("counselling_file", "phone", f.ID, n.Phone),
		s.ring.Seal("counselling_file", "word", f.ID, n.Word), agreed, db.Micros(tx.Now()))
	return err
}

// The kinds of the blind indexes of codes.
const (
	codeIndex = "counselling_code"
	linkIndex = "counselling_link"
)

// key is the blind index of a code, however it was typed; "" for what is none.
func (s *Service) key(kind, typed string) string {
	_, code, ok := paper.Normalise(typed)
	if !ok {
		return ""
	}
	return s.ring.Index(kind, code)
}

// tries is how often a number is drawn until it is one that nobody has.
const tries = 5

// Open takes somebody on who came without an appointment (PermServe at the organisation).
func (s *Service) Open(ctx context.Context, actor authz.Actor, org id.ID, n Entry) (out File, err error) {
	if err := n.check(false); err != nil {
		return out, err
	}
	if err := actor.Scope(PermServe).Require(org); err != nil {
		return out, err
	}
	for range tries {
		err = s.db.WithTx(ctx, func(tx *db.Tx) error {
			if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, org); err != nil {
				return err
			}
			out = File{OrgID: org, AccountID: actor.AccountID}
			if err := s.insertFile(ctx, tx, actor.Tenant, &out, n, agreedOral); err != nil {
				return err
			}
			return record(ctx, tx, actor, "open", PermServe, "counselling_file", out.ID, org, nil)
		})
		if !db.IsUnique(err) {
			break
		}
	}
	return out, err
}

// What the list of files shows.
const (
	ShowOpen  = "open"
	ShowEnded = "ended"
)

// Shows lists them.
func Shows() []string { return []string{ShowOpen, ShowEnded} }

// FileFilter narrows the list of files.
type FileFilter struct {
	Show string // one of Shows; all where empty
	No   string // beginning of the number
	Page db.Page
}

// Files lists the actor's own files with the names, the newest first (PermServe). Opening the names is recorded once for the list.
func (s *Service) Files(ctx context.Context, actor authz.Actor, f FileFilter) (out db.List[File], err error) {
	if actor.AccountID == 0 || !actor.Can(PermServe) {
		return out, errs.ErrForbidden
	}
	a := &db.Args{}
	where := actor.Scope(PermServe).Where(a, ofFile) + " AND f.account_id = " + a.Add(actor.AccountID)
	switch f.Show {
	case ShowOpen, ShowEnded:
		where += " AND f.state = " + a.Add(f.Show)
	}
	if no := strings.ToUpper(strings.TrimSpace(f.No)); no != "" {
		where += " AND " + a.Prefix("f.no", no)
	}
	keys, tail := a.Keyset(f.Page, db.Order{IDColumn: "f.id", Desc: true})
	rows, err := db.All(ctx, s.db, (*File).dest, "SELECT "+fileColumns+where+keys+tail, a.Values()...)
	if err != nil {
		return out, err
	}
	for i := range rows {
		if err := s.unseal(&rows[i]); err != nil {
			return out, err
		}
		rows[i].Linked = rows[i].person != 0
	}
	out = db.Cut(rows, f.Page, func(f File) db.Cursor { return db.Cursor{ID: f.ID} })
	if len(out.Items) == 0 {
		return out, nil
	}
	return out, s.db.WithTx(ctx, func(tx *db.Tx) error {
		return record(ctx, tx, actor, "list", PermServe, "counselling_file", 0, 0, map[string]any{"files": len(out.Items)})
	})
}

// Get gives a file with all that was said, to its counsellor and nobody else (PermServe). Each opening is recorded.
func (s *Service) Get(ctx context.Context, actor authz.Actor, file id.ID) (f File, err error) {
	err = s.db.WithTx(ctx, func(tx *db.Tx) error {
		if f, err = ownFile(ctx, tx, actor, file); err != nil {
			return err
		}
		one := []File{f}
		if err := s.fill(ctx, tx, actor.Tenant, one); err != nil {
			return err
		}
		f = one[0]
		return record(ctx, tx, actor, "read", PermServe, "counselling_file", file, f.OrgID, nil)
	})
	return f, err
}

// fill opens files and reads their sessions with the notes, with one query for all.
func (s *Service) fill(ctx context.Context, q db.Querier, tenant int64, list []File) error {
	at := map[id.ID]int{}
	ids := make([]id.ID, len(list))
	for i := range list {
		at[list[i].ID], ids[i] = i, list[i].ID
		list[i].Sessions = nil // the transaction may be repeated
		if err := s.unseal(&list[i]); err != nil {
			return err
		}
	}
	all, err := sessions(ctx, q, tenant, ids)
	if err != nil {
		return err
	}
	for _, v := range all {
		if v.Note, err = s.ring.Open("counselling_session", "note", v.ID, v.note); err != nil {
			return err
		}
		f := &list[at[v.FileID]]
		f.Sessions = append(f.Sessions, v)
	}
	return nil
}

// own finds a file of the actor and does something to it in one transaction.
func (s *Service) own(ctx context.Context, actor authz.Actor, file id.ID, do func(*db.Tx, File) error) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		f, err := ownFile(ctx, tx, actor, file)
		if err != nil {
			return err
		}
		return do(tx, f)
	})
}

// slotTaken turns the refusal of a time that somebody else has into words.
func slotTaken(err error, field string) error {
	if db.IsUnique(err) {
		return errs.Field(field, i18n.CounselTaken)
	}
	return err
}

// agree makes an appointment of a file, at a time that its counsellor is free.
func (s *Service) agree(ctx context.Context, tx *db.Tx, actor authz.Actor, f File, v Session, post id.ID, field string) error {
	busy, err := taken(ctx, tx, actor.Tenant, []id.ID{f.AccountID}, v.At)
	if err != nil {
		return err
	}
	for _, t := range busy[f.AccountID] {
		if t.meets(v.At, time.Duration(v.Minutes)*time.Minute) {
			return errs.Field(field, i18n.CounselTaken)
		}
	}
	v.ID, v.State = id.New(), Planned
	return slotTaken(insertSession(ctx, tx, actor.Tenant, f, v, post), field)
}

// usual is how long an appointment is that nothing else says of.
const usual = 50

// Arrange agrees the next appointment with somebody (PermServe, one's own file).
func (s *Service) Arrange(ctx context.Context, actor authz.Actor, file id.ID, at time.Time, form Form) error {
	if e := meeting(nil, "at", &at, "form", form, s.db.Now(), true); e != nil {
		return e
	}
	return s.own(ctx, actor, file, func(tx *db.Tx, f File) error {
		if !f.Open {
			return errs.New(errs.Conflict, i18n.CounselEnded)
		}
		if err := s.agree(ctx, tx, actor, f, Session{Form: form, At: at, Minutes: usual, Booked: ByCounsellor}, 0, "at"); err != nil {
			return err
		}
		return record(ctx, tx, actor, "arrange", PermServe, "counselling_file", file, f.OrgID, nil)
	})
}

// Write notes a conversation (PermServe, one's own file): that of an appointment, or one without. With it the next appointment can be agreed.
func (s *Service) Write(ctx context.Context, actor authz.Actor, file id.ID, n Conversation) error {
	if err := n.check(s.db.Now()); err != nil {
		return err
	}
	return s.own(ctx, actor, file, func(tx *db.Tx, f File) error {
		if !f.Open {
			return errs.New(errs.Conflict, i18n.CounselEnded)
		}
		v := Session{ID: n.SessionID, Form: n.Form, State: Held, At: n.At, Minutes: n.Minutes, Booked: ByCounsellor}
		if n.SessionID == 0 {
			v.ID = id.New()
			v.note = s.ring.Seal("counselling_session", "note", v.ID, n.Note)
			if err := insertSession(ctx, tx, actor.Tenant, f, v, 0); err != nil {
				return err
			}
		} else {
			was, err := s.session(ctx, tx, actor.Tenant, f, n.SessionID)
			if err != nil {
				return err
			}
			if was.State == Cancelled || was.At.After(tx.Now()) {
				return errs.Field("session", i18n.CounselNotYet)
			}
			if err := tx.Update(ctx, `UPDATE counselling_session SET state = 'held', form = $1, minutes = $2, note = $3, version = version + 1 WHERE tenant_id = $4 AND id = $5 AND version = $6`,
				n.Form, n.Minutes, s.ring.Seal("counselling_session", "note", v.ID, n.Note), actor.Tenant, v.ID, n.Version); err != nil {
				return err
			}
		}
		if !n.Next.IsZero() {
			if err := s.agree(ctx, tx, actor, f, Session{Form: n.NextForm, At: n.Next, Minutes: usual, Booked: ByCounsellor}, 0, "next"); err != nil {
				return err
			}
		}
		return record(ctx, tx, actor, "write", PermServe, "counselling_file", file, f.OrgID, map[string]any{"session": v.ID.String()})
	})
}

func (s *Service) session(ctx context.Context, q db.Querier, tenant int64, f File, session id.ID) (Session, error) {
	return db.One(ctx, q, (*Session).dest, "SELECT "+sessionColumns+"v.tenant_id = $1 AND v.file_id = $2 AND v.id = $3", tenant, f.ID, session)
}

// Settle says of an appointment that nobody came (Missed, once its time is past) or that it is off (Cancelled) (PermServe, one's own file).
func (s *Service) Settle(ctx context.Context, actor authz.Actor, file, session id.ID, to State, version int64) error {
	if to != Missed && to != Cancelled {
		return errs.Field("state", i18n.ErrBadChoice)
	}
	return s.own(ctx, actor, file, func(tx *db.Tx, f File) error {
		v, err := s.session(ctx, tx, actor.Tenant, f, session)
		switch {
		case err != nil:
			return err
		case v.State != Planned:
			return errs.New(errs.Conflict, i18n.CounselSettled, v.State.Text())
		case to == Missed && v.At.After(tx.Now()):
			return errs.New(errs.Conflict, i18n.CounselNotYet)
		}
		if err := tx.Update(ctx, `UPDATE counselling_session SET state = $1, version = version + 1 WHERE tenant_id = $2 AND id = $3 AND version = $4`, to, actor.Tenant, session, version); err != nil {
			return err
		}
		return record(ctx, tx, actor, string(to), PermServe, "counselling_file", file, f.OrgID, map[string]any{"session": session.String()})
	})
}

// End ends a file; what was agreed is off (PermServe, one's own).
func (s *Service) End(ctx context.Context, actor authz.Actor, file id.ID, why Ending, version int64) error {
	if why.Text().IsZero() {
		return errs.Field("ending", i18n.ErrBadChoice)
	}
	return s.own(ctx, actor, file, func(tx *db.Tx, f File) error {
		if !f.Open {
			return errs.New(errs.Conflict, i18n.CounselEnded)
		}
		if err := tx.Update(ctx, `UPDATE counselling_file SET state = 'ended', ending = $1, ended_on = $2, version = version + 1 WHERE tenant_id = $3 AND id = $4 AND version = $5`,
			why, today(tx.Now()), actor.Tenant, file, version); err != nil {
			return err
		}
		if err := callOff(ctx, tx, actor.Tenant, f, true); err != nil {
			return err
		}
		return record(ctx, tx, actor, "end", PermServe, "counselling_file", file, f.OrgID, nil)
	})
}

// Resume takes an ended file up again (PermServe, one's own).
func (s *Service) Resume(ctx context.Context, actor authz.Actor, file id.ID, version int64) error {
	return s.own(ctx, actor, file, func(tx *db.Tx, f File) error {
		if f.Open || len(f.name) == 0 { // whose content was deleted begins anew with a file of their own
			return errs.New(errs.Conflict, i18n.ErrConflict)
		}
		if err := tx.Update(ctx, `UPDATE counselling_file SET state = 'open', ending = '', ended_on = '', resumed_at = $1, version = version + 1 WHERE tenant_id = $2 AND id = $3 AND version = $4`,
			db.Micros(tx.Now()), actor.Tenant, file, version); err != nil {
			return err
		}
		return record(ctx, tx, actor, "resume", PermServe, "counselling_file", file, f.OrgID, nil)
	})
}

// Erase takes out, at the person's wish, who they are and all that was written (PRIV-9), and ends the file (PermServe, one's own). It cannot be undone; that there were
// conversations stays counted.
func (s *Service) Erase(ctx context.Context, actor authz.Actor, file id.ID, version int64) error {
	return s.own(ctx, actor, file, func(tx *db.Tx, f File) error {
		why, on := f.Ending, f.EndedOn
		if f.Open {
			why, on = Stopped, today(tx.Now())
		}
		if err := tx.Update(ctx, `UPDATE counselling_file SET name = NULL, phone = NULL, word = NULL, link_key = '', code_key = 'gone ' || id, person_id = 0, resident_id = 0, state = 'ended', ending = $1, ended_on = $2, version = version + 1
			WHERE tenant_id = $3 AND id = $4 AND version = $5`, why, on, actor.Tenant, file, version); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE counselling_session SET note = NULL, state = CASE WHEN state = 'planned' THEN 'cancelled' ELSE state END, version = version + 1 WHERE tenant_id = $1 AND file_id = $2`, actor.Tenant, file); err != nil {
			return err
		}
		return record(ctx, tx, actor, "erase", PermServe, "counselling_file", file, f.OrgID, nil)
	})
}

// callOff calls the appointments off that are still ahead. Where a note is missing of one that is past, it says no if noted is asked.
func callOff(ctx context.Context, tx *db.Tx, tenant int64, f File, noted bool) error {
	n, err := db.Value[int64](ctx, tx, `SELECT count(*) FROM counselling_session v WHERE v.tenant_id = $1 AND v.file_id = $2 AND v.state = 'planned' AND v.at <= $3`, tenant, f.ID, db.Micros(tx.Now()))
	if err != nil {
		return err
	}
	if n > 0 && noted {
		return errs.New(errs.Conflict, i18n.CounselWriteFirst, n)
	}
	_, err = tx.Exec(ctx, `UPDATE counselling_session SET state = 'cancelled', version = version + 1 WHERE tenant_id = $1 AND file_id = $2 AND state = 'planned' AND at > $3`, tenant, f.ID, db.Micros(tx.Now()))
	return err
}

// Handing is a file that goes to another counsellor.
type Handing struct {
	To      id.ID // account
	Consent Consent
}

func (n Handing) check() *errs.Error {
	var e *errs.Error
	if n.To == 0 {
		e = e.With("to", i18n.ErrRequired)
	}
	if n.Consent.Text().IsZero() {
		e = e.With("consent", i18n.CounselAgreed)
	}
	return e
}

// HandOn gives one's own file to another counsellor, as the person agreed (PermServe). Who had it then reads it no more, and what was agreed with them is off.
func (s *Service) HandOn(ctx context.Context, actor authz.Actor, file id.ID, n Handing) error {
	if e := n.check(); e != nil {
		return e
	}
	f, err := ownFile(ctx, s.db, actor, file)
	if err != nil {
		return err
	}
	return s.hand(ctx, actor, PermServe, f, n, true)
}

// HandOnBy does so where the counsellor has left (PermKeep at the file's organisation): whoever keeps hours has the code from the person, who wants to go on, and does not
// read the file. What fits no file there is "no such code", so that codes cannot be tried.
func (s *Service) HandOnBy(ctx context.Context, actor authz.Actor, typed string, n Handing) error {
	e := n.check()
	if strings.TrimSpace(typed) == "" {
		e = e.With("code", i18n.ErrRequired)
	}
	if e != nil {
		return e
	}
	if tenant, _, ok := paper.Normalise(typed); !ok || tenant != actor.Tenant {
		return errs.Field("code", i18n.CounselNoSuch)
	}
	f, err := s.byCode(ctx, s.db, typed)
	if errs.KindOf(err) == errs.NotFound || err == nil && !actor.Scope(PermKeep).Covers(f.OrgID) {
		return errs.Field("code", i18n.CounselNoSuch)
	} else if err != nil {
		return err
	}
	return s.hand(ctx, actor, PermKeep, f, n, false)
}

func (s *Service) hand(ctx context.Context, actor authz.Actor, perm authz.Permission, f File, n Handing, noted bool) error {
	if f.AccountID == n.To {
		return errs.Field("to", i18n.CounselSame)
	}
	if err := s.mayServe(ctx, actor.Tenant, n.To, f.OrgID, "to"); err != nil {
		return err
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		if err := tx.Update(ctx, `UPDATE counselling_file SET account_id = $1, handed_at = $2, handed_by = $3, version = version + 1 WHERE tenant_id = $4 AND id = $5 AND version = $6`,
			n.To, db.Micros(tx.Now()), n.Consent, actor.Tenant, f.ID, f.Version); err != nil {
			return err
		}
		if err := callOff(ctx, tx, actor.Tenant, f, noted); err != nil {
			return err
		}
		// Where the other was with somebody else at that very time, nobody can have been there.
		if _, err := tx.Exec(ctx, `UPDATE counselling_session SET state = 'missed', version = version + 1 WHERE tenant_id = $1 AND file_id = $2 AND state = 'planned' AND EXISTS (SELECT 1 FROM counselling_session o
			WHERE o.tenant_id = counselling_session.tenant_id AND o.account_id = $3 AND o.at = counselling_session.at AND o.state = 'planned')`, actor.Tenant, f.ID, n.To); err != nil {
			return err
		}
		// What took place and was not noted before the counsellor left is for whoever goes on to say.
		if _, err := tx.Exec(ctx, `UPDATE counselling_session SET account_id = $1, version = version + 1 WHERE tenant_id = $2 AND file_id = $3 AND state = 'planned'`, n.To, actor.Tenant, f.ID); err != nil {
			return slotTaken(err, "to")
		}
		return record(ctx, tx, actor, "hand", perm, "counselling_file", f.ID, f.OrgID, map[string]any{"to": n.To.String(), "consent": n.Consent})
	})
}

// linkDays is how long a code for linking is good.
const linkDays = 30

// NewCode gives the person of a file a new code for their appointments (PermServe, one's own file); the former ends.
func (s *Service) NewCode(ctx context.Context, actor authz.Actor, file id.ID) (string, error) {
	code := paper.NewCode(actor.Tenant)
	return code, s.own(ctx, actor, file, func(tx *db.Tx, f File) error {
		if _, err := tx.Exec(ctx, `UPDATE counselling_file SET code_key = $1, version = version + 1 WHERE tenant_id = $2 AND id = $3`, s.key(codeIndex, code), actor.Tenant, file); err != nil {
			return err
		}
		return record(ctx, tx, actor, "code", PermServe, "counselling_file", file, f.OrgID, nil)
	})
}

// NewLink gives the person of a file, face to face, a code with which they link it once with their own account (PermServe, one's own file). A link that there is ends.
func (s *Service) NewLink(ctx context.Context, actor authz.Actor, file id.ID) (string, error) {
	code := paper.NewCode(actor.Tenant)
	return code, s.own(ctx, actor, file, func(tx *db.Tx, f File) error {
		if _, err := tx.Exec(ctx, `UPDATE counselling_file SET link_key = $1, link_until = $2, person_id = 0, resident_id = 0, version = version + 1 WHERE tenant_id = $3 AND id = $4`,
			s.key(linkIndex, code), db.Micros(tx.Now().AddDate(0, 0, linkDays)), actor.Tenant, file); err != nil {
			return err
		}
		return record(ctx, tx, actor, "link", PermServe, "counselling_file", file, f.OrgID, nil)
	})
}

// Coming lists the actor's own appointments that are agreed, the earliest first, from those whose note is missing on (PermServe).
func (s *Service) Coming(ctx context.Context, actor authz.Actor) ([]Session, error) {
	if actor.AccountID == 0 || !actor.Can(PermServe) {
		return nil, errs.ErrForbidden
	}
	return db.All(ctx, s.db, (*Session).dest, "SELECT "+sessionColumns+"v.tenant_id = $1 AND v.account_id = $2 AND v.state = 'planned' ORDER BY v.at, v.id LIMIT 60", actor.Tenant, actor.AccountID)
}
