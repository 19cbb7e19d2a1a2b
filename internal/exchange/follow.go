package exchange

import (
	"context"
	"slices"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/ledger"
	"linli/internal/paper"
	"linli/internal/reference"
)

// Key opens a need to who asked: the code on their receipt (Code), or their own account, which knows the need as theirs (Service.Mine).
type Key struct {
	typed   string
	tenant  int64
	own     id.ID
	persons []id.ID
}

// With is the key in the hand of persons who are known by their sessions where it is used; 0 is nobody.
func (k Key) With(persons ...id.ID) Key {
	k.persons = persons
	return k
}

// Code is the key of who has the code of a need, as they typed it.
func Code(typed string) Key { return Key{typed: typed} }

// byKey reads the need that a key opens. A code that cannot be one is not found, as one that nobody has.
func (s *Service) byKey(ctx context.Context, q db.Querier, k Key) (tenant int64, r row, err error) {
	if k.own != 0 {
		r, err = load(ctx, q, k.tenant, k.own)
		return k.tenant, r, err
	}
	tenant, plain, ok := paper.Normalise(k.typed)
	if !ok {
		return 0, r, errs.ErrNotFound
	}
	r, err = s.byCode(ctx, q, tenant, plain)
	return tenant, r, err
}

// Helper is who pledged, as the one who asked sees them.
type Helper struct {
	Pledge     id.ID
	Name       string // "" until the community agreed
	State      PledgeState
	OnDate     calendar.Date
	HasContact bool // their number may be shown
	Told       bool // they may see who asked
	Help       []Help
}

// Followed is what whoever asked sees of a need. It names no worker, and nobody who pledged before the community agreed.
type Followed struct {
	Need
	Said     string // as they said it
	Helpers  []Helper
	Entries  []Entry // those that are theirs to read; By is ""
	Rateable bool    // something was delivered, and they are asked
	Endable  bool    // they may say that they do not need it any more
}

// toAsker says whether whoever asked is told of an act.
func (a Act) toAsker() bool {
	switch a {
	case ActPledge, ActDecline, ActCorrect, ActEdit, ActInvite, ActUnable:
		return false
	}
	return true
}

// ToAsker gives a need to who asked.
func (s *Service) ToAsker(ctx context.Context, k Key) (tenant int64, out Followed, err error) {
	tenant, r, err := s.byKey(ctx, s.db, k)
	if err != nil {
		return 0, out, err
	}
	if out.Need, err = s.open(r); err != nil {
		return 0, out, err
	}
	if out.Said, err = s.ring.Open("need", "body", r.ID, r.body); err != nil {
		return 0, out, err
	}
	list, err := s.standing(ctx, s.db, tenant, r.ID)
	if err != nil {
		return 0, out, err
	}
	for _, p := range list {
		h := Helper{Pledge: p.ID, State: p.State}
		if p.State.Shares() {
			h.Name, h.HasContact, h.Help, h.Told = p.Name, p.HasContact && r.State.Going(), p.Help, out.Told(p)
		}
		if len(p.Help) > 0 {
			h.OnDate = p.Help[0].OnDate
		} else if !p.DeliveredAt.IsZero() {
			h.OnDate = calendar.DateOf(p.DeliveredAt)
		}
		out.Rateable = out.Rateable || p.State == Brought
		out.Helpers = append(out.Helpers, h)
	}
	out.Endable = out.State == Asked || out.State == Open || out.State == Taken
	entries, err := s.entries(ctx, s.db, tenant, r.ID)
	for _, e := range entries {
		if !e.Act.toAsker() {
			continue
		}
		if e.By = ""; !e.Public {
			e.Words = ""
		}
		out.Entries = append(out.Entries, e)
	}
	out.Flagged, out.PersonID = false, 0
	return tenant, out, err
}

// withKey runs an act of who asked.
func (s *Service) withKey(ctx context.Context, k Key, by, requestID string, do func(tx *db.Tx, actor authz.Actor, n *Need) (step, error)) (now State, err error) {
	return now, s.db.WithTx(ctx, func(tx *db.Tx) error {
		tenant, r, err := s.byKey(ctx, tx, k)
		if err != nil {
			return err
		}
		actor := authz.Actor{Tenant: tenant, Name: by, RequestID: requestID}
		err = s.apply(ctx, tx, actor, "", r, 0, func(tx *db.Tx, n *Need) (step, error) { return do(tx, actor, n) })
		if err != nil {
			return err
		}
		r, err = load(ctx, tx, tenant, r.ID)
		now = r.State
		return err
	})
}

// RateBy says whether what was delivered is so, for who asked, in one press: the hours of everybody who delivered are confirmed, or their delivery goes back to them.
// They are counter-signed where it is known that somebody else asked (independent), otherwise vouched for.
func (s *Service) RateBy(ctx context.Context, k Key, by, requestID string, in Rating) (State, error) {
	if e := in.check(); e != nil {
		return "", e
	}
	return s.withKey(ctx, k, by, requestID, func(tx *db.Tx, actor authz.Actor, n *Need) (step, error) {
		list, err := s.standing(ctx, tx, n.tenant, n.ID)
		if err != nil {
			return step{}, err
		}
		persons := append([]id.ID{n.PersonID}, k.persons...)
		if n.enteredBy != 0 {
			p, err := personOf(ctx, tx, n.tenant, n.enteredBy)
			if err != nil {
				return step{}, err
			}
			persons = append(persons, p)
		}
		e := step{}
		for i := range list {
			if list[i].State != Brought {
				continue
			}
			proof := ledger.Vouched
			if independent(n, &list[i], persons) {
				proof = ledger.Countersigned
			}
			if e, err = s.answered(ctx, tx, actor, n, &list[i], in, proof); err != nil {
				return e, err
			}
		}
		if e.act == "" {
			return e, errs.New(errs.Conflict, i18n.ExchangeNotRateable)
		}
		e.pledge = 0
		return e, nil
	})
}

// independent says whether the word of who asked counter-signs a delivery. A code is held by whoever was given it: so it is known by the register who asked, and neither
// they, nor who entered the need, nor anybody whose session it is helped.
func independent(n *Need, p *Pledge, persons []id.ID) bool {
	if n.PersonID == 0 || p.AccountID != 0 && p.AccountID == n.enteredBy {
		return false
	}
	for _, who := range persons {
		if p.of(who) {
			return false
		}
	}
	return true
}

// of says that a pledge is of a person, or their help.
func (p Pledge) of(person id.ID) bool {
	return person != 0 && (p.PersonID == person || p.helped(person))
}

// helped says that a person helped with a pledge.
func (p Pledge) helped(person id.ID) bool {
	return slices.ContainsFunc(p.Help, func(h Help) bool { return h.PersonID == person })
}

// hasHours says that a person has, or will have, the hours of a pledge in their own name.
func (p Pledge) hasHours(person id.ID) bool {
	return p.helped(person) || p.TeamID == 0 && person != 0 && p.PersonID == person && p.State.Shares()
}

// ShareBy lets one helper see who asked, for who asked.
func (s *Service) ShareBy(ctx context.Context, k Key, by, requestID string, pledge id.ID) error {
	_, err := s.withKey(ctx, k, by, requestID, func(tx *db.Tx, actor authz.Actor, n *Need) (step, error) {
		list, err := s.standing(ctx, tx, n.tenant, n.ID)
		if err != nil {
			return step{}, err
		}
		for i := range list {
			if list[i].ID == pledge {
				return s.share(ctx, tx, actor, n, &list[i])
			}
		}
		return step{}, errs.ErrNotFound
	})
	return err
}

// WithdrawBy says for who asked that they do not need it any more. Whoever pledged is free, and what was public is so no more.
func (s *Service) WithdrawBy(ctx context.Context, k Key, by, requestID, why string) error {
	if e := errs.Words(nil, "words", &why, MaxWords, false); e != nil {
		return e
	}
	_, err := s.withKey(ctx, k, by, requestID, func(tx *db.Tx, actor authz.Actor, n *Need) (step, error) {
		if n.State != Asked && n.State != Open && n.State != Taken {
			return step{}, errs.New(errs.Conflict, i18n.ExchangeCannot, n.State.Text())
		}
		if err := s.freePledges(ctx, tx, actor, n); err != nil {
			return step{}, err
		}
		n.State, n.EndedAt = Withdrawn, tx.Now()
		n.unsay()
		return step{act: ActWithdraw, words: why, open: true}, nil
	})
	return err
}

// HelperNumber shows who asked the number of somebody who pledged, after the community agreed. The look is recorded, and the member sees it among the looks at their
// data.
func (s *Service) HelperNumber(ctx context.Context, k Key, by, requestID string, pledge id.ID) (name, number string, err error) {
	return name, number, s.db.WithTx(ctx, func(tx *db.Tx) error {
		tenant, r, err := s.byKey(ctx, tx, k)
		if err != nil {
			return err
		}
		p, err := db.One(ctx, tx, (*pledgeRow).dest, "SELECT "+pledgeColumns+pledgeJoined+"p.tenant_id = $1 AND p.id = $2 AND p.need_id = $3", tenant, pledge, r.ID)
		if err != nil {
			return err
		}
		if !p.State.Shares() || !r.State.Going() {
			return errs.New(errs.Conflict, i18n.PledgeNotShared)
		}
		opened, err := s.openPledge(p)
		if err != nil {
			return err
		}
		name = opened.Name
		if number, err = s.ring.Open("need_pledge", "contact", p.ID, p.contact); err != nil {
			return err
		}
		return audit.Record(ctx, tx, authz.Actor{Tenant: tenant, Name: by, RequestID: requestID}, audit.Entry{Action: "exchange.helper", SubjectKind: "need", SubjectID: r.ID, PersonID: p.PersonID, OrgID: r.CommunityID})
	})
}

// Card is a need as everybody may read it: it names the community and nobody.
type Card struct {
	ID          id.ID
	Kind        Kind
	Small       bool
	Title       string
	Words       string
	Skill       string
	CommunityID id.ID
	Community   string
	Wanted      int64
	Taken       int64
	Minutes     int64
	DueOn       calendar.Date
	State       State
	OpenedAt    time.Time
	EndedAt     time.Time
}

// Left is how many more are wanted.
func (c Card) Left() int64 { return c.Wanted - c.Taken }

var cardColumns = `n.id, n.kind, n.small, n.title, n.words, n.skill, n.community_id, ` + reference.Label("m") + `, n.wanted, n.taken, n.minutes, n.due_on, n.state, n.opened_at, n.ended_at`

const cardJoined = ` FROM need n LEFT JOIN organisation m ON m.tenant_id = n.tenant_id AND m.id = n.community_id WHERE `

func (c *Card) dest() []any {
	return []any{&c.ID, &c.Kind, &c.Small, &c.Title, &c.Words, &c.Skill, &c.CommunityID, &c.Community, &c.Wanted, &c.Taken, &c.Minutes, &c.DueOn, &c.State, db.Instant(&c.OpenedAt), db.Instant(&c.EndedAt)}
}

// CardFilter narrows what is public; zero fields do not filter.
type CardFilter struct {
	Kind      Kind
	Community id.ID
	Text      string
	Page      db.Page
}

// Public gives the needs that somebody can pledge to meet, what is due first in front. It is public; an unknown tenant has none.
func (s *Service) Public(ctx context.Context, tenant int64, f CardFilter) (db.List[Card], error) {
	a := &db.Args{}
	where := "n.tenant_id = " + a.Add(tenant) + " AND n.state = 'open' AND n.due_on >= " + a.Add(calendar.DateOf(s.db.Now()).String())
	if f.Kind != "" {
		where += " AND n.kind = " + a.Add(string(f.Kind))
	}
	if f.Community != 0 {
		where += " AND n.community_id = " + a.Add(f.Community)
	}
	where += like(a, "n.title_key", "", f.Text)
	page, tail := a.Keyset(f.Page, db.Order{Column: "n.due_on", IDColumn: "n.id"})
	rows, err := db.All(ctx, s.db, (*Card).dest, "SELECT "+cardColumns+cardJoined+where+page+tail, a.Values()...)
	return db.Cut(rows, f.Page, func(c Card) db.Cursor { return db.Cursor{Key: c.DueOn.String(), ID: c.ID} }), err
}

// PublicCard gives one need that is public, or was and is over.
func (s *Service) PublicCard(ctx context.Context, tenant int64, wish id.ID) (Card, error) {
	return db.One(ctx, s.db, (*Card).dest, "SELECT "+cardColumns+cardJoined+"n.tenant_id = $1 AND n.id = $2 AND n.state IN ('open', 'taken', 'delivered', 'done') AND n.opened_at <> 0", tenant, wish)
}

// Granted are small wishes and needs that were met lately, to be read by everybody: the newest first, a few.
func (s *Service) Granted(ctx context.Context, tenant int64) ([]Card, error) {
	return db.All(ctx, s.db, (*Card).dest, "SELECT "+cardColumns+cardJoined+"n.tenant_id = $1 AND n.state = 'done' AND n.outcome = 'met' AND n.ended_at > $2 ORDER BY n.ended_at DESC, n.id DESC LIMIT 6", tenant,
		db.Micros(s.db.Now().AddDate(0, -3, 0)))
}

// Holder is whoever has entered their own account (package resident).
type Holder struct {
	Tenant   int64
	Account  id.ID
	PersonID id.ID // whom the register knows them to be; 0 where that was not shown
}

func theirs(a *db.Args, h Holder) string {
	w := "n.tenant_id = " + a.Add(h.Tenant) + " AND (n.resident_id <> 0 AND n.resident_id = " + a.Add(h.Account)
	if h.PersonID != 0 {
		w += " OR n.person_id <> 0 AND n.person_id = " + a.Add(h.PersonID)
	}
	return w + ")"
}

// OwnNeeds gives somebody their own needs, the newest first, at most 50. What is not public is called by how they said it.
func (s *Service) OwnNeeds(ctx context.Context, h Holder) ([]Card, error) {
	type said struct {
		Card
		body []byte
	}
	a := &db.Args{}
	where := theirs(a, h)
	rows, err := db.All(ctx, s.db, func(r *said) []any { return append(r.Card.dest(), &r.body) }, "SELECT "+cardColumns+", n.body"+cardJoined+where+" ORDER BY n.id DESC LIMIT 50", a.Values()...)
	out := make([]Card, len(rows))
	for i, r := range rows {
		if out[i] = r.Card; r.Title == "" && err == nil {
			var body string
			if body, err = s.ring.Open("need", "body", r.ID, r.body); err == nil {
				out[i].Title, _ = firstLine(body)
			}
		}
	}
	return out, err
}

// Mine is the key of one of somebody's own needs.
func (s *Service) Mine(ctx context.Context, h Holder, wish id.ID) (Key, error) {
	a := &db.Args{}
	own, err := db.One(ctx, s.db, func(i *id.ID) []any { return []any{i} }, "SELECT n.id FROM need n WHERE "+theirs(a, h)+" AND n.id = "+a.Add(wish), a.Values()...)
	return Key{tenant: h.Tenant, own: own}, err
}

// LetGoTx ends that needs are followed through an account that is over.
func LetGoTx(ctx context.Context, tx *db.Tx, tenant int64, accounts []id.ID) error {
	a := &db.Args{}
	_, err := tx.Exec(ctx, "UPDATE need SET resident_id = 0 WHERE tenant_id = "+a.Add(tenant)+" AND resident_id <> 0 AND "+db.In(a, "resident_id", accounts), a.Values()...)
	return err
}
