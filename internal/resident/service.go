package resident

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"maps"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/casework"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/paper"
	"linli/internal/person"

	"linli/internal/seal"
)

// Service keeps residents' accounts.
type Service struct {
	db     *db.DB
	ring   *seal.Ring
	people *person.Service
	sender Sender
	may    map[authz.Permission]bool // what somebody who has shown who they are may do with what is their own
}

// New makes the service; without a sender nobody enters.
func New(d *db.DB, ring *seal.Ring, people *person.Service) *Service {
	return &Service{db: d, ring: ring, people: people, sender: none{}, may: own}
}

// WithOwn adds rights to what is one's own, of packages that this one does not know.
func (s *Service) WithOwn(permissions ...authz.Permission) *Service {
	s.may = maps.Clone(s.may)
	for _, p := range permissions {
		s.may[p] = true
	}
	return s
}

// WithSender says who sends codes.
func (s *Service) WithSender(to Sender) *Service {
	s.sender = to
	return s
}

type none struct{}

func (none) Ready(context.Context, int64) (bool, error) { return false, nil }
func (none) CodeTx(context.Context, *db.Tx, int64, string, string) error {
	return errs.New(errs.Unavailable, i18n.ResidentNoSender)
}

// Open says whether a district sends codes, so that residents can enter.
func (s *Service) Open(ctx context.Context, tenant int64) (bool, error) {
	return s.sender.Ready(ctx, tenant)
}

// mobile reads a mobile telephone: nothing else receives a code.
func mobile(typed string) (string, error) {
	n, problem := code.ParsePhone(typed)
	switch {
	case strings.TrimSpace(typed) == "":
		return "", errs.Field("phone", i18n.ErrRequired)
	case problem.Blocks():
		return "", errs.Field("phone", i18n.CodeProblem, problem.Message, problem.Advice)
	case len(n) != 11 || n[0] != '1':
		return "", errs.Field("phone", i18n.ResidentMobile)
	}
	return n.String(), nil
}

func (s *Service) phoneKey(phone string) string { return s.ring.Index("phone", phone) }

// codeKey binds a code to its telephone, so that a table of all codes says nothing.
func (s *Service) codeKey(phone, typed string) string {
	return s.ring.Index("resident_code", phone+" "+code.Normalise(typed))
}

// AskCode sends a code to a telephone. Whether it has an account is not said: the answer is the same.
func (s *Service) AskCode(ctx context.Context, tenant int64, typed string) error {
	phone, err := mobile(typed)
	if err != nil {
		return err
	}
	if ready, err := s.sender.Ready(ctx, tenant); err != nil || !ready {
		return errOr(err, errs.New(errs.Unavailable, i18n.ResidentNoSender))
	}
	now := s.db.Now()
	most, err := CodesADay.On(ctx, s.db, tenant, calendar.DateOf(now))
	if err != nil {
		return err
	}
	mostHour, err := CodesAnHour.On(ctx, s.db, tenant, calendar.DateOf(now))
	if err != nil {
		return err
	}
	n, err := rand.Int(rand.Reader, big.NewInt(int64(math.Pow10(digits))))
	if err != nil {
		return err
	}
	plain := fmt.Sprintf("%0*d", digits, n.Int64())
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		key, today := s.phoneKey(phone), calendar.DateOf(tx.Now()).String()
		c, err := lastCode(ctx, tx, tenant, key)
		if err != nil && errs.KindOf(err) != errs.NotFound {
			return err
		}
		if wait := c.at.Add(betweenTwo).Sub(tx.Now()); wait > 0 {
			return errs.New(errs.RateLimited, i18n.ErrRateLimited, int(math.Ceil(wait.Seconds())))
		}
		if c.day != today {
			c.day, c.count = today, 0
		}
		if c.count >= most {
			return errs.Field("phone", i18n.ResidentTooMany)
		}
		c.code, c.at, c.count = s.codeKey(phone, plain), tx.Now(), c.count+1
		lately, err := sentLately(ctx, tx, tenant, tx.Now())
		if err != nil {
			return err
		}
		if lately >= mostHour { // somebody has codes sent to everybody
			return errs.New(errs.Unavailable, i18n.ErrUnavailable)
		}
		if err := saveCode(ctx, tx, tenant, key, c); err != nil {
			return err
		}
		return s.sender.CodeTx(ctx, tx, tenant, phone, plain)
	})
}

func errOr(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// Enter opens an account with the code that was sent to its telephone, the first time it makes it, and gives the cookie of the session.
func (s *Service) Enter(ctx context.Context, tenant int64, typedPhone, typed, by, requestID string) (cookie string, out Session, err error) {
	phone, err := mobile(typedPhone)
	if err != nil {
		return "", out, err
	}
	key, given := s.phoneKey(phone), s.codeKey(phone, typed)
	if err := s.tryCode(ctx, tenant, key, given); err != nil {
		return "", out, err
	}
	return cookie, out, s.db.WithTx(ctx, func(tx *db.Tx) error {
		// A code opens once, also where two send it at the same time.
		n, err := tx.Exec(ctx, "UPDATE resident_code SET code_key = '', tries = $1 WHERE tenant_id = $2 AND phone_key = $3 AND code_key = $4", mostTries, tenant, key, given)
		if err != nil {
			return err
		}
		if n != 1 {
			return errs.Field("code", i18n.ResidentCodeWrong)
		}
		a, err := s.enter(ctx, tx, tenant, key, phone, by, requestID)
		if err != nil {
			return err
		}
		cookie, out, err = s.open(ctx, tx, tenant, a)
		return err
	})
}

// tryCode counts a try, which stays counted whatever comes of it, and says whether it was right.
func (s *Service) tryCode(ctx context.Context, tenant int64, key, given string) error {
	minutes, err := CodeMinutes.On(ctx, s.db, tenant, calendar.DateOf(s.db.Now()))
	if err != nil {
		return err
	}
	var right, over bool
	err = s.db.WithTx(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, "UPDATE resident_code SET tries = tries + 1 WHERE tenant_id = $1 AND phone_key = $2 AND tries < $3 AND sent_at > $4",
			tenant, key, mostTries, db.Micros(tx.Now().Add(-time.Duration(minutes)*time.Minute)))
		if err != nil || n == 0 {
			over = true
			return err
		}
		c, err := lastCode(ctx, tx, tenant, key)
		over, right = false, c.code != "" && c.code == given
		return err
	})
	switch {
	case err != nil:
		return err
	case over:
		return errs.Field("code", i18n.ResidentCodeOver)
	case !right:
		return errs.Field("code", i18n.ResidentCodeWrong)
	}
	return nil
}

// enter finds or makes the account of a telephone. One that was not used for so long that the telephone may have gone to somebody else begins anew.
func (s *Service) enter(ctx context.Context, tx *db.Tx, tenant int64, key, phone, by, requestID string) (account, error) {
	now := tx.Now()
	days, err := HeldDays.On(ctx, tx, tenant, calendar.DateOf(now))
	if err != nil {
		return account{}, err
	}
	before := now.AddDate(0, 0, -int(days))
	actor := authz.Actor{Tenant: tenant, Name: by, RequestID: requestID}
	a, err := byPhone(ctx, tx, tenant, key)
	switch {
	case errs.KindOf(err) == errs.NotFound:
		a = account{id: id.New(), held: before, used: now, created: now, version: 1}
		a.phone = s.ring.Seal("resident_account", "phone", a.id, phone)
		if err := insert(ctx, tx, tenant, key, a); err != nil {
			return a, err
		}
		return a, audit.Record(ctx, tx, actor, audit.Entry{Action: "resident.open", SubjectKind: "resident_account", SubjectID: a.id})
	case err != nil:
		return a, err
	case a.used.Before(before):
		if err := letGo(ctx, tx, tenant, []id.ID{a.id}); err != nil {
			return a, err
		}
		a.held, a.person, a.provenAt, a.provenBy = before, 0, time.Time{}, ""
		if err := audit.Record(ctx, tx, actor, audit.Entry{Action: "resident.anew", SubjectKind: "resident_account", SubjectID: a.id}); err != nil {
			return a, err
		}
	}
	a.used = now
	if err := a.save(ctx, tx, tenant); err != nil {
		return a, err
	}
	a.version++
	return a, audit.Record(ctx, tx, actor, audit.Entry{Action: "resident.enter", SubjectKind: "resident_account", SubjectID: a.id, PersonID: a.person})
}

// letGo ends the sessions of accounts, and that cases and needs are followed through them.
func letGo(ctx context.Context, tx *db.Tx, tenant int64, accounts []id.ID) error {
	if err := endSessions(ctx, tx, tenant, accounts); err != nil {
		return err
	}
	if err := exchange.LetGoTx(ctx, tx, tenant, accounts); err != nil {
		return err
	}
	return casework.LetGoTx(ctx, tx, tenant, accounts)
}

// open begins a session and drops those of the account that are over.
func (s *Service) open(ctx context.Context, tx *db.Tx, tenant int64, a account) (string, Session, error) {
	now := tx.Now()
	days, err := SessionDays.On(ctx, tx, tenant, calendar.DateOf(now))
	if err != nil {
		return "", Session{}, err
	}
	if _, err := tx.Exec(ctx, "DELETE FROM resident_session WHERE tenant_id = $1 AND account_id = $2 AND expires_at <= $3", tenant, a.id, db.Micros(now)); err != nil {
		return "", Session{}, err
	}
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	cookie := strconv.FormatInt(tenant, 10) + "." + base64.RawURLEncoding.EncodeToString(b[:])
	hash := seal.Hash([]byte(cookie))
	_, err = tx.Exec(ctx, "INSERT INTO resident_session (tenant_id, token_hash, account_id, created_at, seen_at, expires_at) VALUES ($1,$2,$3,$4,$4,$5)",
		tenant, hash, a.id, db.Micros(now), db.Micros(now.AddDate(0, 0, int(days))))
	if err != nil {
		return "", Session{}, err
	}
	out, err := s.session(tenant, a, hash)
	return cookie, out, err
}

func (s *Service) session(tenant int64, a account, hash string) (Session, error) {
	phone, err := s.ring.Open("resident_account", "phone", a.id, a.phone)
	if len(a.phone) == 0 && err == nil {
		err = errs.ErrUnauthenticated
	}
	return Session{Tenant: tenant, Account: a.id, Phone: phone, PhoneMask: code.MaskPhone(phone), PersonID: a.person, ProvenAt: a.provenAt, ProvenBy: a.provenBy, HeldSince: a.held, Since: a.created, hash: hash, may: s.may}, err
}

func (s *Service) mask(a account) (string, error) {
	phone, err := s.ring.Open("resident_account", "phone", a.id, a.phone)
	return code.MaskPhone(phone), err
}

// Authenticate gives the session of a cookie; errs.Unauthenticated if it is over.
func (s *Service) Authenticate(ctx context.Context, cookie string) (Session, error) {
	head, _, found := strings.Cut(cookie, ".")
	tenant, err := strconv.ParseInt(head, 10, 64)
	if !found || err != nil || tenant <= 0 || len(cookie) > 100 {
		return Session{}, errs.ErrUnauthenticated
	}
	hash := seal.Hash([]byte(cookie))
	type row struct {
		account id.ID
		seen    time.Time
		expires time.Time
	}
	r, err := db.One(ctx, s.db, func(r *row) []any { return []any{&r.account, db.Instant(&r.seen), db.Instant(&r.expires)} },
		"SELECT z.account_id, z.seen_at, z.expires_at FROM resident_session z WHERE z.tenant_id = $1 AND z.token_hash = $2", tenant, hash)
	if errs.KindOf(err) == errs.NotFound {
		return Session{}, errs.ErrUnauthenticated
	}
	if err != nil {
		return Session{}, err
	}
	now := s.db.Now()
	idle, err := IdleDays.On(ctx, s.db, tenant, calendar.DateOf(now))
	if err != nil {
		return Session{}, err
	}
	if !now.Before(r.expires) || !now.Before(r.seen.AddDate(0, 0, int(idle))) {
		return Session{}, errs.ErrUnauthenticated
	}
	a, err := byID(ctx, s.db, tenant, r.account)
	if errs.KindOf(err) == errs.NotFound {
		return Session{}, errs.ErrUnauthenticated
	}
	if err != nil {
		return Session{}, err
	}
	if now.Sub(r.seen) > touched {
		if err := s.touch(ctx, tenant, hash); err != nil {
			return Session{}, err
		}
	}
	z, err := s.session(tenant, a, hash)
	if err != nil || z.PersonID == 0 {
		return z, err
	}
	return s.stillTheirs(ctx, z)
}

// stillTheirs takes the record away from a session where what showed that it is theirs is not so any more: they moved away or died, or the register has another telephone.
func (s *Service) stillTheirs(ctx context.Context, z Session) (Session, error) {
	phone := z.Phone
	if z.ProvenBy == BySlip {
		phone = ""
	}
	there, err := s.people.Lives(ctx, s.db, z.Tenant, z.PersonID, phone)
	if !there {
		z.PersonID, z.ProvenAt, z.ProvenBy = 0, time.Time{}, ""
	}
	return z, err
}

// touch writes down that a session is in use. That the telephone is in the same hands is shown by a code alone, so the account is not touched.
func (s *Service) touch(ctx context.Context, tenant int64, hash string) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE resident_session SET seen_at = $1 WHERE tenant_id = $2 AND token_hash = $3", db.Micros(tx.Now()), tenant, hash)
		return err
	})
}

// Leave ends a session, or all sessions of its account.
func (s *Service) Leave(ctx context.Context, z Session, all bool) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		if all {
			return endSessions(ctx, tx, z.Tenant, []id.ID{z.Account})
		}
		_, err := tx.Exec(ctx, "DELETE FROM resident_session WHERE tenant_id = $1 AND token_hash = $2", z.Tenant, z.hash)
		return err
	})
}

// End removes the account at once, with everything that belongs to it. What was reported stays, and is followed by its codes.
func (s *Service) End(ctx context.Context, z Session, by, requestID string) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		if err := remove(ctx, tx, z.Tenant, []id.ID{z.Account}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, z.Actor(by, requestID), audit.Entry{Action: "resident.end", SubjectKind: "resident_account", SubjectID: z.Account, PersonID: z.PersonID})
	})
}

// Prove links the account with the record of whoever has the telephone in the register, by name and the end of the ID number. What does not fit is not said.
func (s *Service) Prove(ctx context.Context, z Session, name, tail, by, requestID string) error {
	var e *errs.Error
	if strings.TrimSpace(name) == "" {
		e = e.With("name", i18n.ErrRequired)
	}
	if len(code.Normalise(tail)) != person.IDTail {
		e = e.With("tail", i18n.ResidentTail, person.IDTail)
	}
	if e != nil {
		return e
	}
	if err := s.try(ctx, z); err != nil {
		return err
	}
	return s.link(ctx, z, ByNumber, by, requestID, func(tx *db.Tx) (id.ID, error) {
		p, err := s.people.Recognise(ctx, tx, z.Tenant, z.Phone, name, tail)
		if errs.KindOf(err) == errs.NotFound {
			err = errs.New(errs.Invalid, i18n.ResidentNotRecognised)
		}
		return p, err
	})
}

// try counts a try of the day to show who somebody is, which stays counted, also where the account is closed and opened again.
func (s *Service) try(ctx context.Context, z Session) error {
	var n int64
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		key, today := s.phoneKey(z.Phone), calendar.DateOf(tx.Now()).String()
		_, err := tx.Exec(ctx, `INSERT INTO resident_code (tenant_id, phone_key, code_key, sent_at, tries, day, sent) VALUES ($1,$2,'',$3,$4,'',0) ON CONFLICT (tenant_id, phone_key) DO NOTHING`,
			z.Tenant, key, db.Micros(tx.Now().Add(-betweenTwo)), mostTries)
		if err != nil {
			return err
		}
		n, err = tx.Exec(ctx, `UPDATE resident_code SET proofs = CASE WHEN proofs_on = $1 THEN proofs + 1 ELSE 1 END, proofs_on = $1 WHERE tenant_id = $2 AND phone_key = $3 AND (proofs_on <> $1 OR proofs < $4)`,
			today, z.Tenant, key, mostTries)
		return err
	})
	if err == nil && n == 0 {
		err = errs.New(errs.Conflict, i18n.ResidentTriedEnough)
	}
	return err
}

func (s *Service) link(ctx context.Context, z Session, how, by, requestID string, who func(*db.Tx) (id.ID, error)) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		p, err := who(tx)
		if err != nil {
			return err
		}
		a, err := byID(ctx, tx, z.Tenant, z.Account)
		if err != nil {
			return err
		}
		a.person, a.provenAt, a.provenBy = p, tx.Now(), how
		if err := a.save(ctx, tx, z.Tenant); err != nil {
			return err
		}
		return audit.Record(ctx, tx, authz.Actor{Tenant: z.Tenant, Name: by, PersonID: p, RequestID: requestID}, audit.Entry{Action: "resident.prove", SubjectKind: "person", SubjectID: p, PersonID: p, Purpose: person.PurposeView,
			Detail: map[string]any{"how": how, "field": person.FieldAccount}})
	})
}

// Slip gives somebody at the counter, who has shown who they are, a code that links their account with their record once, for some days (PermSlip). A new one ends the former.
func (s *Service) Slip(ctx context.Context, actor authz.Actor, personID id.ID) (string, error) {
	if !actor.Can(PermSlip) {
		return "", errs.ErrForbidden
	}
	p, err := s.people.Get(ctx, actor, personID)
	if err != nil {
		return "", err
	}
	if err := actor.Scope(PermSlip).Require(p.CommunityID); err != nil {
		return "", err
	}
	if p.State() != person.Living {
		return "", errs.New(errs.Conflict, i18n.ResidentSlipGone)
	}
	days, err := SlipDays.On(ctx, s.db, actor.Tenant, calendar.DateOf(s.db.Now()))
	if err != nil {
		return "", err
	}
	plain := paper.NewCode(actor.Tenant)
	return plain, s.db.WithTx(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, "DELETE FROM resident_slip WHERE tenant_id = $1 AND (person_id = $2 OR expires_at < $3)", actor.Tenant, personID, db.Micros(tx.Now())); err != nil {
			return err
		}
		_, key, _ := paper.Normalise(plain)
		if _, err := tx.Exec(ctx, "INSERT INTO resident_slip (tenant_id, slip_key, person_id, made_by, expires_at) VALUES ($1,$2,$3,$4,$5)", actor.Tenant, s.ring.Index("resident_slip", key), personID,
			actor.AccountID, db.Micros(tx.Now().AddDate(0, 0, int(days)))); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: string(PermSlip), SubjectKind: "person", SubjectID: personID, PersonID: personID, OrgID: p.CommunityID,
			Purpose: person.PurposeView, Detail: map[string]any{"field": person.FieldAccount}})
	})
}

// UseSlip links the account with the record for which the counter gave the slip.
func (s *Service) UseSlip(ctx context.Context, z Session, typed, by, requestID string) error {
	wrong := errs.Field("slip", i18n.ResidentSlipWrong)
	if err := s.try(ctx, z); err != nil {
		return err
	}
	tenant, key, ok := paper.Normalise(typed)
	if !ok || tenant != z.Tenant {
		return wrong
	}
	return s.link(ctx, z, BySlip, by, requestID, func(tx *db.Tx) (id.ID, error) {
		index := s.ring.Index("resident_slip", key)
		p, err := db.One(ctx, tx, func(p *id.ID) []any { return []any{p} }, "SELECT r.person_id FROM resident_slip r WHERE r.tenant_id = $1 AND r.slip_key = $2 AND r.expires_at > $3", tenant, index, db.Micros(tx.Now()))
		if errs.KindOf(err) == errs.NotFound {
			return 0, wrong
		}
		if err != nil {
			return 0, err
		}
		n, err := tx.Exec(ctx, "DELETE FROM resident_slip WHERE tenant_id = $1 AND slip_key = $2", tenant, index)
		if err == nil && n != 1 {
			err = wrong
		}
		if err == nil {
			var there bool
			if there, err = s.people.Lives(ctx, tx, z.Tenant, p, ""); err == nil && !there {
				err = wrong
			}
		}
		return p, err
	})
}

// Cut ends every account's link with somebody's record, and the slips that were given for it, because a telephone was lost (PermSlip). It says how many accounts there were.
func (s *Service) Cut(ctx context.Context, actor authz.Actor, personID id.ID) (n int64, err error) {
	if !actor.Can(PermSlip) {
		return 0, errs.ErrForbidden
	}
	p, err := s.people.Get(ctx, actor, personID)
	if err != nil {
		return 0, err
	}
	if err := actor.Scope(PermSlip).Require(p.CommunityID); err != nil {
		return 0, err
	}
	return n, s.db.WithTx(ctx, func(tx *db.Tx) error {
		if n, err = db.Value[int64](ctx, tx, "SELECT count(*) FROM resident_account a WHERE a.tenant_id = $1 AND a.person_id = $2 AND a.person_id <> 0", actor.Tenant, personID); err != nil {
			return err
		}
		if err := ForgetTx(ctx, tx, actor.Tenant, []id.ID{personID}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "resident.cut", Permission: PermSlip, SubjectKind: "person", SubjectID: personID, PersonID: personID, OrgID: p.CommunityID})
	})
}

// Unlink ends that an account is linked with one's own record: this one, or another that somebody linked with it.
func (s *Service) Unlink(ctx context.Context, z Session, other id.ID, by, requestID string) error {
	if z.PersonID == 0 {
		return errs.ErrNotFound
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		a, err := byID(ctx, tx, z.Tenant, other)
		if err != nil {
			return err
		}
		if a.person != z.PersonID {
			return errs.ErrNotFound
		}
		a.person, a.provenAt, a.provenBy = 0, time.Time{}, ""
		if err := a.save(ctx, tx, z.Tenant); err != nil {
			return err
		}
		return audit.Record(ctx, tx, z.Actor(by, requestID), audit.Entry{Action: "resident.unlink", SubjectKind: "person", SubjectID: z.PersonID, PersonID: z.PersonID})
	})
}
