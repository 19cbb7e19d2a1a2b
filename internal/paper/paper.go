// Package paper keeps the register of papers that leave the platform with a verification code: certificates, slips, agreements.
//
// A paper names what it is about (kind and subject) and the hash of its content. Its code stands on it in words and as a QR
// code; whoever holds the paper can look it up without an account and learns whether it is genuine, still in force and
// unchanged. A paper is never edited: a changed content is a new paper, and the old one says which one took its place.
//
// Issuing is a step of another concept's use case (IssueTx, RevokeTx); this package decides no permission of its own.
package paper

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// The kinds of paper.
const (
	KindSlip        = "slip"
	KindCertificate = "certificate"
	KindClaim       = "claim"
	KindEvaluation  = "evaluation"
	KindTwoNew      = "two_new"          // letter about a joint branch or an instructor
	KindDues        = "dues"             // receipt for a payment of dues
	KindTransfer    = "transfer"         // letter with which a member moves to another branch
	KindReceipt     = "transfer_receipt" // that the member was received
	KindCobuild     = "cobuild"          // co-building agreement
	KindVolunteer   = "volunteer"        // certificate of hours of voluntary service
	KindEmployment  = "employment"       // preferential certificate for re-employment
)

// Paper is one issued paper.
type Paper struct {
	ID          id.ID
	Kind        string
	SubjectID   id.ID
	Number      string // unique within its kind, as printed
	Code        string // "320902-K7QF2M8P9XTZ", as printed and in the QR code
	ContentHash string // SM3 of the content, hexadecimal
	IssuedAt    time.Time
	IssuedBy    id.ID
	ValidTo     calendar.Date // none for no end
	RevokedAt   time.Time     // zero while in force
	Reason      string        // why it was revoked
}

// alphabet has no letters or digits that are mistaken for one another when read out (0 O, 1 I L).
const alphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

// codeLength gives 59 bits, so that codes cannot be tried out.
const codeLength = 12

// NewCode makes a code that names its tenant, so that it can be looked up without knowing the district.
func NewCode(tenant int64) string {
	var b [codeLength * 2]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	var out strings.Builder
	out.WriteString(strconv.FormatInt(tenant, 10))
	out.WriteByte('-')
	for i := range codeLength {
		out.WriteByte(alphabet[(int(b[2*i])<<8|int(b[2*i+1]))%len(alphabet)])
	}
	return out.String()
}

// NewNo makes a number for people: what kind of record it is of in a letter or two (prefix), the day, and six digits by chance, so that no counter holds up who enters at the same
// time. Whoever enters draws again where somebody has it.
func NewNo(prefix string, now time.Time) string {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		panic(err) // never since Go 1.24
	}
	return fmt.Sprintf("%s%s-%06d", prefix, strings.ReplaceAll(calendar.DateOf(now).String(), "-", ""), n.Int64())
}

// Normalise reads a code as people type it: small letters, blanks, missing or other dashes.
func Normalise(s string) (tenant int64, code string, ok bool) {
	s = strings.ToUpper(strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case r >= 'Ａ' && r <= 'Ｚ':
			return r - 'Ａ' + 'A'
		case r >= 'ａ' && r <= 'ｚ':
			return r - 'ａ' + 'a'
		case r <= ' ', r == '-', r == '－', r == '—', r == '–', r == '\u3000':
			return -1
		}
		return r
	}, s))
	if len(s) <= codeLength || len(s) > codeLength+12 {
		return 0, "", false
	}
	head, tail := s[:len(s)-codeLength], s[len(s)-codeLength:]
	tenant, err := strconv.ParseInt(head, 10, 64)
	if err != nil || tenant <= 0 || strings.Trim(tail, alphabet) != "" {
		return 0, "", false
	}
	return tenant, head + "-" + tail, true
}

// NewPaper is what IssueTx needs.
type NewPaper struct {
	Kind        string
	SubjectID   id.ID
	Number      string
	ContentHash string
	ValidTo     calendar.Date
	By          id.ID
}

// IssueTx registers a paper in the transaction that makes it.
func IssueTx(ctx context.Context, tx *db.Tx, tenant int64, n NewPaper) (Paper, error) {
	p := Paper{ID: id.New(), Kind: n.Kind, SubjectID: n.SubjectID, Number: n.Number, Code: NewCode(tenant),
		ContentHash: n.ContentHash, IssuedAt: tx.Now(), IssuedBy: n.By, ValidTo: n.ValidTo}
	_, err := tx.Exec(ctx, `INSERT INTO paper (tenant_id, id, kind, subject_id, number, code, content_hash, issued_at, issued_by, valid_to)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`,
		tenant, p.ID, p.Kind, p.SubjectID, p.Number, p.Code, p.ContentHash, db.Micros(p.IssuedAt), p.IssuedBy, p.ValidTo)
	if db.IsUnique(err) {
		return Paper{}, errs.New(errs.Conflict, i18n.PaperNumberTaken, n.Number).Because(err)
	}
	return p, err
}

// IssueManyTx registers many papers at once in the transaction that makes them.
func IssueManyTx(ctx context.Context, tx *db.Tx, tenant int64, all []NewPaper) error {
	at := db.Micros(tx.Now())
	err := tx.InsertMany(ctx, "paper", []string{"tenant_id", "id", "kind", "subject_id", "number", "code", "content_hash", "issued_at", "issued_by", "valid_to"}, len(all), func(i int) []any {
		n := all[i]
		return []any{tenant, int64(id.New()), n.Kind, int64(n.SubjectID), n.Number, NewCode(tenant), n.ContentHash, at, int64(n.By), n.ValidTo.String()}
	})
	if db.IsUnique(err) {
		return errs.New(errs.Conflict, i18n.PaperNumberTaken, all[0].Number).Because(err)
	}
	return err
}

// NextTx gives the numbers of the next n papers of a kind in a year, "2026-000123" and on.
func NextTx(ctx context.Context, q db.Querier, tenant int64, kind string, year, n int) ([]string, error) {
	a := &db.Args{}
	last, err := db.Value[string](ctx, q, "SELECT number FROM paper WHERE tenant_id = "+a.Add(tenant)+" AND kind = "+a.Add(kind)+
		" AND "+a.Prefix("number", strconv.Itoa(year)+"-")+" ORDER BY number DESC LIMIT 1", a.Values()...)
	if err != nil {
		return nil, err
	}
	so := 0
	if _, tail, ok := strings.Cut(last, "-"); ok {
		if so, err = strconv.Atoi(tail); err != nil {
			return nil, fmt.Errorf("number %q of a %s: %w", last, kind, err)
		}
	}
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("%d-%06d", year, so+i+1)
	}
	return out, nil
}

// RevokeTx takes the papers of a kind about a subject out of force, with the reason that verification shows.
func RevokeTx(ctx context.Context, tx *db.Tx, tenant int64, kind string, subject id.ID, reason string) error {
	_, err := tx.Exec(ctx, `UPDATE paper SET revoked_at = $1, reason = $2
		WHERE tenant_id = $3 AND subject_id = $4 AND kind = $5 AND revoked_at = 0`, db.Micros(tx.Now()), reason, tenant, subject, kind)
	return err
}

// ShortenTx lets the papers of a kind about a subject hold until an earlier day than they say.
func ShortenTx(ctx context.Context, tx *db.Tx, tenant int64, kind string, subject id.ID, last calendar.Date) error {
	_, err := tx.Exec(ctx, `UPDATE paper SET valid_to = $1 WHERE tenant_id = $2 AND subject_id = $3 AND kind = $4 AND revoked_at = 0 AND (valid_to = '' OR valid_to > $1)`, last.String(), tenant, subject, kind)
	return err
}

// RevokeManyTx is RevokeTx for several subjects.
func RevokeManyTx(ctx context.Context, tx *db.Tx, tenant int64, kind string, subjects []id.ID, reason string) error {
	a := &db.Args{}
	_, err := tx.Exec(ctx, "UPDATE paper SET revoked_at = "+a.Add(db.Micros(tx.Now()))+", reason = "+a.Add(reason)+" WHERE tenant_id = "+a.Add(tenant)+
		" AND kind = "+a.Add(kind)+" AND "+db.In(a, "subject_id", subjects)+" AND revoked_at = 0", a.Values()...)
	return err
}

const columns = `id, kind, subject_id, number, code, content_hash, issued_at, issued_by, valid_to, revoked_at, reason`

func (p *Paper) dest() []any {
	return []any{&p.ID, &p.Kind, &p.SubjectID, &p.Number, &p.Code, &p.ContentHash, db.Instant(&p.IssuedAt), &p.IssuedBy,
		&p.ValidTo, db.Instant(&p.RevokedAt), &p.Reason}
}

// Find gives the paper with this code as somebody typed it; NotFound says that no such paper was ever issued. It needs no
// permission: who has the code has the paper.
func Find(ctx context.Context, q db.Querier, typed string) (tenant int64, p Paper, err error) {
	tenant, code, ok := Normalise(typed)
	if !ok {
		return 0, Paper{}, errs.New(errs.NotFound, i18n.PaperUnknown)
	}
	p, err = db.One(ctx, q, (*Paper).dest, "SELECT "+columns+" FROM paper WHERE tenant_id = $1 AND code = $2", tenant, code)
	if errs.KindOf(err) == errs.NotFound {
		return 0, Paper{}, errs.New(errs.NotFound, i18n.PaperUnknown)
	}
	return tenant, p, err
}

// About gives the papers about a subject, newest first. The caller has checked that the subject may be seen.
func About(ctx context.Context, q db.Querier, tenant int64, kind string, subject id.ID) ([]Paper, error) {
	return db.All(ctx, q, (*Paper).dest, "SELECT "+columns+` FROM paper
		WHERE tenant_id = $1 AND subject_id = $2 AND kind = $3 ORDER BY id DESC LIMIT 100`, tenant, subject, kind)
}

// InForce says whether the paper holds on day.
func (p Paper) InForce(day calendar.Date) bool {
	return p.RevokedAt.IsZero() && (p.ValidTo.IsZero() || !day.After(p.ValidTo))
}
