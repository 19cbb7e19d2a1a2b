package volunteer

import (
	"context"
	"encoding/json"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/ledger"
	"linli/internal/paper"
	"linli/internal/seal"
)

// Line is one service that stands in the ledger.
type Line struct {
	Posting id.ID
	On      calendar.Date
	Title   string // the task of a shift, an activity, or a need that was met
	Place   string
	Minutes int64
	Proof   ledger.Proof
}

// voluntary is the condition that a posting p is voluntary service (VOL-3): shifts and help always, presence at activities where the member m had not reported for duty. That is
// decided by the day of the service: the posting keeps the employer of that day, and a registration that had begun when it was posted and had not ended then says that they
// reported for that employer. A member of the community may carry an employer as well, so that alone decides nothing. Only of an in-service member without any registration
// nothing else is known than what they are today.
const voluntary = `(p.source_kind IN ('shift', 'help') OR p.source_kind = 'attendance' AND NOT (p.unit_id <> 0 AND (EXISTS (
	SELECT 1 FROM registration g WHERE g.tenant_id = p.tenant_id AND g.member_id = p.member_id AND g.state IN ('accepted', 'ended') AND g.decided_at <= p.posted_at AND (g.ended_on = '' OR g.ended_on >= p.on_date))
	OR coalesce(m.kind, '') = 'in_service' AND NOT EXISTS (SELECT 1 FROM registration g WHERE g.tenant_id = p.tenant_id AND g.member_id = p.member_id AND g.state IN ('accepted', 'ended')))))`

const postings = `
	FROM posting p
	LEFT JOIN member m ON m.tenant_id = p.tenant_id AND m.id = p.member_id AND p.member_id <> 0
	LEFT JOIN volunteer_signup u ON u.tenant_id = p.tenant_id AND u.id = p.source_id AND p.source_kind = 'shift'
	LEFT JOIN volunteer_shift f ON f.tenant_id = u.tenant_id AND f.id = u.shift_id
	LEFT JOIN attendance t ON t.tenant_id = p.tenant_id AND t.id = p.source_id AND p.source_kind = 'attendance'
	LEFT JOIN activity a ON a.tenant_id = t.tenant_id AND a.id = t.activity_id
	LEFT JOIN need_help h ON h.tenant_id = p.tenant_id AND h.id = p.source_id AND p.source_kind = 'help'
	LEFT JOIN need w ON w.tenant_id = h.tenant_id AND w.id = h.need_id
	WHERE p.account = 'hours' AND p.reverses_id = 0 AND NOT EXISTS (SELECT 1 FROM posting r WHERE r.tenant_id = p.tenant_id AND r.reverses_id = p.id AND r.reverses_id <> 0) AND `

// lines reads the voluntary service of a person on some days, the latest first or the earliest.
func lines(ctx context.Context, q db.Querier, tenant int64, person id.ID, from, to calendar.Date, latest bool, most int64) ([]Line, error) {
	order := "p.on_date, p.id"
	if latest {
		order = "p.on_date DESC, p.id DESC"
	}
	return db.All(ctx, q, func(l *Line) []any { return []any{&l.Posting, &l.On, &l.Title, &l.Place, &l.Minutes, &l.Proof} },
		"SELECT p.id, p.on_date, coalesce(f.task, a.title, w.title, ''), coalesce(f.place, a.place, ''), p.amount, p.proof"+postings+voluntary+
			" AND p.tenant_id = $1 AND p.person_id = $2 AND p.on_date >= $3 AND p.on_date <= $4 ORDER BY "+order+" LIMIT $5", tenant, person, from, to, most)
}

// firstDay is before all service.
var firstDay = calendar.On(1900, time.January, 1)

// latestLines is how many of the latest services a file shows.
const latestLines = 20

// service reads what a volunteer did: the latest lines, the sums, and apart from them what they did for duty.
func (s *Service) service(ctx context.Context, q db.Querier, tenant int64, f *File) (err error) {
	if f.PersonID == 0 {
		return nil
	}
	today := s.Today()
	if f.Lines, err = lines(ctx, q, tenant, f.PersonID, firstDay, today, true, latestLines); err != nil {
		return err
	}
	type sums struct{ all, year, duty int64 }
	n, err := db.One(ctx, q, func(n *sums) []any { return []any{&n.all, &n.year, &n.duty} },
		"SELECT CAST(coalesce(sum(CASE WHEN "+voluntary+" THEN p.amount ELSE 0 END), 0) AS BIGINT), CAST(coalesce(sum(CASE WHEN "+voluntary+" AND p.on_date >= $3 THEN p.amount ELSE 0 END), 0) AS BIGINT), CAST(coalesce(sum(CASE WHEN "+
			voluntary+" THEN 0 ELSE p.amount END), 0) AS BIGINT)"+postings+"p.tenant_id = $1 AND p.person_id = $2", tenant, f.PersonID, calendar.On(today.Year(), time.January, 1))
	f.Minutes, f.Year, f.Duty = n.all, n.year, n.duty
	return err
}

// Certificate is a certificate of hours as it was given.
type Certificate struct {
	ID       id.ID
	Number   string
	Code     string
	From, To calendar.Date
	Minutes  int64
	IssuedAt time.Time
}

// ofFile is the condition that a certificate x is of file $2 or of another file of the same person $3: hours are a person's, and so is what was certified of them.
const ofFile = "x.tenant_id = $1 AND x.volunteer_id IN (SELECT w.id FROM volunteer w WHERE w.tenant_id = $1 AND (w.id = $2 OR w.person_id = $3 AND w.person_id <> 0))"

const certificateColumns = "x.id, x.number, x.code, x.from_on, x.to_on, x.minutes, x.issued_at FROM volunteer_certificate x WHERE "

func (c *Certificate) dest() []any {
	return []any{&c.ID, &c.Number, &c.Code, &c.From, &c.To, &c.Minutes, db.Instant(&c.IssuedAt)}
}

// Said is what a certificate says (VOL-4, VOL-5; the rules on records and certificates of voluntary service).
type Said struct {
	Certificate
	Name   string
	Sex    code.Sex
	IDMask string
	No     string // of the volunteer
	Org    string // that issues it
	Lines  []Line
	// Trainings are those attended on the days of the certificate; certificates from before they were listed have none.
	Trainings []Training
	Gone      bool // what it says was forgotten with the person
}

// keptText is how what a certificate says is stored.
type keptText struct {
	Name, Sex, IDMask, No, Org string
	Lines                      []keptLine
	Trainings                  []keptTraining `json:",omitempty"`
}

type keptTraining struct{ On, Title string }

type keptLine struct {
	Posting          string
	On, Title, Place string
	Minutes          int64
	Proof            string
}

// mostLines bounds one certificate; more days are given as several.
const mostLines = 1000

// Certify gives a certificate for some days to a volunteer (PermManage).
func (s *Service) Certify(ctx context.Context, actor authz.Actor, volunteer id.ID, from, to calendar.Date) (id.ID, error) {
	return s.certify(ctx, actor, PermManage, from, to, func(tx *db.Tx) (Volunteer, error) { return managed(ctx, tx, actor, volunteer) })
}

// CertifyOwn gives a certificate for some days to oneself, at once and after the file ended as well (PermOwn).
func (s *Service) CertifyOwn(ctx context.Context, actor authz.Actor, from, to calendar.Date) (id.ID, error) {
	if err := oneself(actor); err != nil {
		return 0, err
	}
	return s.certify(ctx, actor, PermOwn, from, to, func(tx *db.Tx) (Volunteer, error) { return latestOf(ctx, tx, actor) })
}

func (s *Service) certify(ctx context.Context, actor authz.Actor, perm authz.Permission, from, to calendar.Date, find func(*db.Tx) (Volunteer, error)) (id.ID, error) {
	if from.IsZero() {
		from = firstDay
	}
	if today := s.Today(); to.IsZero() || to.After(today) {
		to = today
	}
	if to.Before(from) {
		return 0, errs.Field("to_on", i18n.ErrEndBeforeStart)
	}
	var out id.ID
	made := id.New()
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		v, err := find(tx)
		if err != nil {
			return err
		}
		if v.PersonID == 0 {
			return errs.New(errs.Conflict, i18n.VolGone)
		}
		list, err := lines(ctx, tx, actor.Tenant, v.PersonID, from, to, false, mostLines+1)
		switch {
		case err != nil:
			return err
		case len(list) == 0:
			return errs.New(errs.Conflict, i18n.VolNoHours)
		case len(list) > mostLines:
			return errs.Field("from_on", i18n.VolTooMany, mostLines)
		}
		if from == firstDay {
			from = list[0].On
		}
		text := keptText{Name: v.Name, No: v.No, Org: v.Org}
		type who struct{ sex, mask string }
		w, err := db.One(ctx, tx, func(w *who) []any { return []any{&w.sex, &w.mask} }, `SELECT r.sex, r.id_mask FROM person r WHERE r.tenant_id = $1 AND r.id = $2`, actor.Tenant, v.PersonID)
		if err != nil {
			return err
		}
		text.Sex, text.IDMask = w.sex, w.mask
		var minutes int64
		for _, l := range list {
			minutes += l.Minutes
			text.Lines = append(text.Lines, keptLine{Posting: l.Posting.String(), On: l.On.String(), Title: l.Title, Place: l.Place, Minutes: l.Minutes, Proof: string(l.Proof)})
		}
		done, err := trainings(ctx, tx, actor.Tenant, []id.ID{v.PersonID})
		if err != nil {
			return err
		}
		for _, t := range done[v.PersonID] {
			if !t.On.Before(from) && !t.On.After(to) {
				text.Trainings = append(text.Trainings, keptTraining{On: t.On.String(), Title: t.Title})
			}
		}
		content, err := json.Marshal(text)
		if err != nil {
			return err
		}
		hash := seal.Hash(content)
		same, err := db.Value[id.ID](ctx, tx, `SELECT c.id FROM volunteer_certificate c WHERE c.tenant_id = $1 AND c.volunteer_id = $2 AND c.hash = $3 AND c.from_on = $4 AND c.to_on = $5 ORDER BY c.id LIMIT 1`, actor.Tenant, v.ID, hash, from, to)
		if err != nil || same != 0 { // one that says the same is there already
			out = same
			return err
		}
		out = made
		numbers, err := paper.NextTx(ctx, tx, actor.Tenant, paper.KindVolunteer, s.Today().Year(), 1)
		if err != nil {
			return err
		}
		p, err := paper.IssueTx(ctx, tx, actor.Tenant, paper.NewPaper{Kind: paper.KindVolunteer, SubjectID: out, Number: numbers[0], ContentHash: hash, By: actor.AccountID})
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO volunteer_certificate (tenant_id, id, org_id, volunteer_id, number, code, from_on, to_on, minutes, content, hash, issued_at, account_id) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)`,
			actor.Tenant, out, v.OrgID, v.ID, p.Number, p.Code, from, to, minutes, s.ring.Seal("volunteer_certificate", "content", out, string(content)), hash, db.Micros(tx.Now()), actor.AccountID); err != nil {
			return err
		}
		return record(ctx, tx, actor, "certify", perm, v, "", map[string]any{"number": p.Number, "minutes": minutes})
	})
	return out, err
}

// saidRow is a certificate as it is stored.
type saidRow struct {
	Said
	volunteer id.ID
	content   []byte
	hash      string
}

const saidColumns = "x.id, x.number, x.code, x.from_on, x.to_on, x.minutes, x.issued_at, x.volunteer_id, x.content, x.hash FROM volunteer_certificate x WHERE "

func (r *saidRow) dest() []any {
	return append(r.Certificate.dest(), &r.volunteer, &r.content, &r.hash)
}

// openSaid opens what a certificate says; intact is false where that is not what it said when it was given.
func (s *Service) openSaid(r *saidRow) (intact bool, err error) {
	plain, err := s.ring.Open("volunteer_certificate", "content", r.ID, r.content)
	if err != nil {
		return false, err
	}
	if plain == "" {
		r.Gone = true
		return true, nil
	}
	var t keptText
	if err := json.Unmarshal([]byte(plain), &t); err != nil {
		return false, err
	}
	r.Name, r.Sex, r.IDMask, r.No, r.Org = t.Name, code.Sex(t.Sex), t.IDMask, t.No, t.Org
	for _, l := range t.Lines {
		posting, err := id.Parse(l.Posting)
		if err != nil {
			return false, err
		}
		on, err := calendar.Parse(l.On)
		if err != nil {
			return false, err
		}
		r.Lines = append(r.Lines, Line{Posting: posting, On: on, Title: l.Title, Place: l.Place, Minutes: l.Minutes, Proof: ledger.Proof(l.Proof)})
	}
	for _, x := range t.Trainings {
		on, err := calendar.Parse(x.On)
		if err != nil {
			return false, err
		}
		r.Trainings = append(r.Trainings, Training{Title: x.Title, On: on})
	}
	return seal.Hash([]byte(plain)) == r.hash, nil
}

// Paper gives what a certificate of a volunteer says, to print it (PermManage).
func (s *Service) Paper(ctx context.Context, actor authz.Actor, volunteer, certificate id.ID) (Said, error) {
	return s.paper(ctx, actor, PermManage, certificate, func(tx *db.Tx) (Volunteer, error) { return managed(ctx, tx, actor, volunteer) })
}

// PaperOwn gives what a certificate of one's own says, of a file that has ended as well (PermOwn).
func (s *Service) PaperOwn(ctx context.Context, actor authz.Actor, certificate id.ID) (Said, error) {
	if err := oneself(actor); err != nil {
		return Said{}, err
	}
	return s.paper(ctx, actor, PermOwn, certificate, func(tx *db.Tx) (Volunteer, error) { return latestOf(ctx, tx, actor) })
}

func (s *Service) paper(ctx context.Context, actor authz.Actor, perm authz.Permission, certificate id.ID, find func(*db.Tx) (Volunteer, error)) (out Said, err error) {
	return out, s.db.WithTx(ctx, func(tx *db.Tx) error {
		v, err := find(tx)
		if err != nil {
			return err
		}
		r, err := db.One(ctx, tx, (*saidRow).dest, "SELECT "+saidColumns+ofFile+" AND x.id = $4", actor.Tenant, v.ID, v.PersonID, certificate)
		if err != nil {
			return err
		}
		if _, err := s.openSaid(&r); err != nil {
			return err
		}
		if out = r.Said; out.Gone {
			return errs.New(errs.Conflict, i18n.VolGone)
		}
		purpose := ""
		if perm == PermManage {
			purpose = Purpose
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "volunteer.paper", Permission: perm, SubjectKind: "volunteer", SubjectID: v.ID, PersonID: v.PersonID, OrgID: v.OrgID, Purpose: purpose})
	})
}

// Checked is what somebody learns who holds a certificate and looks up its code.
type Checked struct {
	Said         // as it was given
	Intact bool  // it is what was given
	Now    int64 // minutes that the ledger has for the same services today
}

// Changed says whether the ledger was corrected since.
func (c Checked) Changed() bool { return !c.Gone && c.Now != c.Minutes }

// Check looks up the certificate that a paper is about. It needs no permission: who has the code has the paper.
func (s *Service) Check(ctx context.Context, tenant int64, p paper.Paper) (c Checked, err error) {
	if p.Kind != paper.KindVolunteer {
		return c, errs.New(errs.NotFound, i18n.PaperUnknown)
	}
	r, err := db.One(ctx, s.db, (*saidRow).dest, "SELECT "+saidColumns+"x.tenant_id = $1 AND x.id = $2", tenant, p.SubjectID)
	if err != nil {
		return c, err
	}
	if c.Intact, err = s.openSaid(&r); err != nil {
		return c, err
	}
	c.Said, c.Intact = r.Said, c.Intact && r.hash == p.ContentHash && r.Code == p.Code
	if len(c.Lines) == 0 {
		return c, nil
	}
	ids := make([]id.ID, len(c.Lines))
	for i, l := range c.Lines {
		ids[i] = l.Posting
	}
	a := &db.Args{}
	c.Now, err = db.Value[int64](ctx, s.db, "SELECT CAST(coalesce(sum(q.amount), 0) AS BIGINT) FROM posting p JOIN posting q ON q.tenant_id = p.tenant_id AND q.source_kind = p.source_kind AND q.source_id = p.source_id AND q.account = p.account WHERE p.tenant_id = "+
		a.Add(tenant)+" AND "+db.In(a, "p.id", ids), a.Values()...)
	return c, err
}
