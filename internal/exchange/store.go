package exchange

import (
	"context"
	"slices"
	"strings"
	"time"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/ledger"
	"linli/internal/reference"
)

// row is a need with its sealed columns as they are stored.
type row struct {
	Need
	body, place, answer, holder, phone []byte
}

var needColumns = `n.tenant_id, n.id, n.no, n.kind, n.small, n.title, n.words, n.skill, n.body, n.place, n.community_id, ` + reference.Label("m") + `, n.wanted, n.taken, n.minutes, n.due_on, n.channel, n.flagged,
	n.holder, n.phone, n.share, n.person_id, n.resident_id, n.entered_by, n.case_id, coalesce(c.no, ''), n.order_id, coalesce(b.no, ''), n.topic_id, n.state, n.outcome, n.answer, n.stars, n.received_at, n.opened_at, n.ended_at, n.version`

const needJoined = ` FROM need n
	LEFT JOIN organisation m ON m.tenant_id = n.tenant_id AND m.id = n.community_id
	LEFT JOIN service_case c ON c.tenant_id = n.tenant_id AND c.id = n.case_id AND n.case_id <> 0
	LEFT JOIN bank_order b ON b.tenant_id = n.tenant_id AND b.id = n.order_id AND n.order_id <> 0
	WHERE `

func (r *row) dest() []any {
	n := &r.Need
	return []any{&n.tenant, &n.ID, &n.No, &n.Kind, &n.Small, &n.Title, &n.Words, &n.Skill, &r.body, &r.place, &n.CommunityID, &n.Community, &n.Wanted, &n.Taken, &n.Minutes, &n.DueOn, &n.Channel, &n.Flagged,
		&r.holder, &r.phone, &n.Share, &n.PersonID, &n.residentID, &n.enteredBy, &n.CaseID, &n.CaseNo, &n.OrderID, &n.OrderNo, &n.TopicID, &n.State, &n.Outcome, &r.answer, &n.Stars, db.Instant(&n.ReceivedAt), db.Instant(&n.OpenedAt),
		db.Instant(&n.EndedAt), &n.Version}
}

// open opens what is sealed of a need, but for who asked. Numbers in what they said are masked; they are shown with who asked.
func (s *Service) open(r row) (Need, error) {
	n := r.Need
	n.HasHolder, n.HasPhone = len(r.holder) > 0, len(r.phone) > 0
	body, err := s.ring.Open("need", "body", n.ID, r.body)
	if err != nil {
		return n, err
	}
	n.Body, _ = Mask(body)
	if n.Place, err = s.ring.Open("need", "place", n.ID, r.place); err != nil {
		return n, err
	}
	n.Answer, err = s.ring.Open("need", "answer", n.ID, r.answer)
	return n, err
}

var seen = authz.Columns{Tenant: "n.tenant_id", Orgs: []string{"n.community_id"}}

// find reads a need of a community in a scope.
func find(ctx context.Context, q db.Querier, scope authz.Scope, n id.ID) (row, error) {
	a := &db.Args{}
	where := scope.Where(a, seen) + " AND n.id = " + a.Add(n)
	return db.One(ctx, q, (*row).dest, "SELECT "+needColumns+needJoined+where, a.Values()...)
}

// load reads a need of a tenant; the caller has found it otherwise.
func load(ctx context.Context, q db.Querier, tenant int64, n id.ID) (row, error) {
	return db.One(ctx, q, (*row).dest, "SELECT "+needColumns+needJoined+"n.tenant_id = $1 AND n.id = $2", tenant, n)
}

func (s *Service) byCode(ctx context.Context, q db.Querier, tenant int64, code string) (row, error) {
	return db.One(ctx, q, (*row).dest, "SELECT "+needColumns+needJoined+"n.tenant_id = $1 AND n.code_key = $2 AND n.code_key <> ''", tenant, s.ring.Index("need_code", code))
}

func (s *Service) insert(ctx context.Context, tx *db.Tx, n *Need, w Asking, body, code string) error {
	codeKey := ""
	if code != "" {
		codeKey = s.ring.Index("need_code", code)
	}
	_, err := tx.Exec(ctx, `INSERT INTO need (tenant_id, id, no, kind, small, title, title_key, words, skill, body, place, community_id, wanted, minutes, due_on, channel, flagged, entered_by, holder, phone, person_id,
		resident_id, code_key, sent_key, case_id, state, received_at, opened_at, share, order_id) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25,$26,$27,$28,$29,$30)`,
		n.tenant, n.ID, n.No, n.Kind, n.Small, n.Title, gram.Key(n.Title), n.Words, n.Skill, s.ring.Seal("need", "body", n.ID, body), s.ring.Seal("need", "place", n.ID, n.Place), n.CommunityID, n.Wanted,
		n.Minutes, n.DueOn.String(), n.Channel, n.Flagged, w.enteredBy, s.ring.Seal("need", "holder", n.ID, w.Name), s.ring.Seal("need", "phone", n.ID, w.Phone), n.PersonID, n.residentID, codeKey, w.Key, n.CaseID,
		n.State, db.Micros(n.ReceivedAt), db.Micros(n.OpenedAt), n.Share, n.OrderID)
	return err
}

func (s *Service) save(ctx context.Context, tx *db.Tx, n *Need) error {
	n.Version++
	return tx.Update(ctx, `UPDATE need SET kind = $1, small = $2, title = $3, title_key = $4, words = $5, skill = $6, wanted = $7, taken = $8, minutes = $9, due_on = $10, topic_id = $11, state = $12, outcome = $13,
		answer = $14, stars = $15, opened_at = $16, ended_at = $17, version = version + 1 WHERE tenant_id = $18 AND id = $19 AND version = $20`,
		n.Kind, n.Small, n.Title, gram.Key(n.Title), n.Words, n.Skill, n.Wanted, n.Taken, n.Minutes, n.DueOn.String(), n.TopicID, n.State, n.Outcome, s.ring.Seal("need", "answer", n.ID, n.Answer), n.Stars,
		db.Micros(n.OpenedAt), db.Micros(n.EndedAt), n.tenant, n.ID, n.Version-1)
}

const pledgeJoined = ` FROM need_pledge p
	LEFT JOIN member e ON e.tenant_id = p.tenant_id AND e.id = p.member_id AND p.member_id <> 0
	LEFT JOIN organisation o ON o.tenant_id = p.tenant_id AND o.id = p.org_id AND p.org_id <> 0
	LEFT JOIN person f ON f.tenant_id = p.tenant_id AND f.id = p.person_id AND p.person_id <> 0 AND p.member_id = 0
	LEFT JOIN resource u ON u.tenant_id = p.tenant_id AND u.id = p.resource_id AND p.resource_id <> 0
	WHERE `

var pledgeColumns = `p.id, p.need_id, p.member_id, p.person_id, p.org_id, p.team, p.team_id, p.shared, p.named, p.outcome, p.stars, coalesce(u.giver, ''), coalesce(e.name, f.name, ''), ` + reference.Label("o") + `, p.volunteer_id, p.asked, p.resource_id, coalesce(u.title, ''), p.booking_id, p.amount, p.contact, p.said, p.state, p.account_id,
	p.pledged_at, p.agreed_at, p.delivered_at, p.ended_at, p.version`

type pledgeRow struct {
	Pledge
	member, org   string
	giver         string // of a resource that somebody gives who is no organisation
	contact, said []byte
}

func (r *pledgeRow) dest() []any {
	p := &r.Pledge
	return []any{&p.ID, &p.Need, &p.MemberID, &p.PersonID, &p.OrgID, &p.Team, &p.TeamID, &p.Shared, &p.Named, &p.Outcome, &p.Stars, &r.giver, &r.member, &r.org, &p.VolunteerID, &p.Asked, &p.ResourceID, &p.Resource, &p.BookingID, &p.Amount, &r.contact, &r.said, &p.State, &p.AccountID,
		db.Instant(&p.PledgedAt), db.Instant(&p.AgreedAt), db.Instant(&p.DeliveredAt), db.Instant(&p.EndedAt), &p.Version}
}

func (s *Service) openPledge(r pledgeRow) (Pledge, error) {
	p := r.Pledge
	p.Name = p.Team
	switch {
	case p.TeamID != 0:
	case p.Private():
		if p.Name = ""; p.Named {
			p.Name = r.giver
		}
	case r.member != "":
		p.Name = r.member
	case r.org != "":
		p.Name = r.org
	}
	p.HasContact = len(r.contact) > 0
	said, err := s.ring.Open("need_pledge", "said", p.ID, r.said)
	p.Said, _ = Mask(said)
	return p, err
}

const stands = "p.state IN ('pledged', 'agreed', 'delivered', 'confirmed')"

// pledges are the pledges to meet a need with their help: those that stand in front, each part the oldest first.
func (s *Service) pledges(ctx context.Context, q db.Querier, tenant int64, n id.ID) ([]Pledge, error) {
	return s.pledgesWhere(ctx, q, tenant, n, "", "CASE WHEN "+stands+" THEN 0 ELSE 1 END, p.id LIMIT 500")
}

// standing are the pledges that take a place, the oldest first; there are never more than MaxWanted.
func (s *Service) standing(ctx context.Context, q db.Querier, tenant int64, n id.ID) ([]Pledge, error) {
	return s.pledgesWhere(ctx, q, tenant, n, " AND "+stands, "p.id")
}

func (s *Service) pledgesWhere(ctx context.Context, q db.Querier, tenant int64, n id.ID, cond, order string) ([]Pledge, error) {
	rows, err := db.All(ctx, q, (*pledgeRow).dest, "SELECT "+pledgeColumns+pledgeJoined+"p.tenant_id = $1 AND p.need_id = $2"+cond+" ORDER BY "+order, tenant, n)
	if err != nil {
		return nil, err
	}
	out, at := make([]Pledge, len(rows)), make(map[id.ID]int, len(rows))
	for i, r := range rows {
		if out[i], err = s.openPledge(r); err != nil {
			return nil, err
		}
		at[out[i].ID] = i
	}
	help, err := helpOf(ctx, q, tenant, "h.need_id", n)
	for _, h := range help {
		if i, ok := at[h.Pledge]; ok {
			out[i].Help = append(out[i].Help, h)
		}
	}
	return out, err
}

// mayPledge says that somebody has not pledged for a need too often.
func mayPledge(ctx context.Context, q db.Querier, tenant int64, need, person id.ID) error {
	n, err := db.Value[int64](ctx, q, `SELECT count(*) FROM need_pledge p WHERE p.tenant_id = $1 AND p.need_id = $2 AND p.person_id = $3 AND p.person_id <> 0`, tenant, need, person)
	if err == nil && n >= MaxPledges {
		err = errs.New(errs.Conflict, i18n.ExchangeOften, MaxPledges)
	}
	return err
}

// hasNeed says whether a need was made from a case.
func hasNeed(ctx context.Context, q db.Querier, tenant int64, c id.ID) (bool, error) {
	n, err := db.Value[int64](ctx, q, `SELECT count(*) FROM need n WHERE n.tenant_id = $1 AND n.case_id = $2 AND n.case_id <> 0`, tenant, c)
	return n > 0, err
}

// personOf is the person whose account it is; 0 where it is nobody's.
func personOf(ctx context.Context, q db.Querier, tenant int64, account id.ID) (id.ID, error) {
	p, err := db.One(ctx, q, func(p *id.ID) []any { return []any{p} }, `SELECT a.person_id FROM account a WHERE a.tenant_id = $1 AND a.id = $2`, tenant, account)
	if errs.KindOf(err) == errs.NotFound {
		err = nil
	}
	return p, err
}

func (h *Help) dest() []any {
	return []any{&h.ID, &h.Need, &h.Pledge, &h.MemberID, &h.PersonID, &h.CommunityID, &h.UnitID, &h.Name, &h.OnDate, &h.Minutes, &h.Pieces, &h.Proof, &h.Counted}
}

// helpOf are the helps of a need or of a pledge.
func helpOf(ctx context.Context, q db.Querier, tenant int64, column string, of id.ID) ([]Help, error) {
	return db.All(ctx, q, (*Help).dest, `SELECT h.id, h.need_id, h.pledge_id, h.member_id, h.person_id, h.community_id, h.unit_id, coalesce(e.name, f.name, ''), h.on_date, h.minutes, h.pieces, h.proof, h.counted FROM need_help h
		LEFT JOIN member e ON e.tenant_id = h.tenant_id AND e.id = h.member_id AND h.member_id <> 0
		LEFT JOIN person f ON f.tenant_id = h.tenant_id AND f.id = h.person_id AND h.member_id = 0 WHERE h.tenant_id = $1 AND `+column+` = $2 ORDER BY h.id LIMIT 10000`, tenant, of) // MaxWanted pledges of as many members
}

func (s *Service) insertPledge(ctx context.Context, tx *db.Tx, tenant int64, p *Pledge, contact string) error {
	_, err := tx.Exec(ctx, `INSERT INTO need_pledge (tenant_id, id, need_id, member_id, person_id, org_id, team, resource_id, amount, contact, said, state, account_id, pledged_at, agreed_at, volunteer_id, asked, team_id, booking_id)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19)`, tenant, p.ID, p.Need, p.MemberID, p.PersonID, p.OrgID, p.Team, p.ResourceID, p.Amount, s.ring.Seal("need_pledge", "contact", p.ID, contact),
		s.ring.Seal("need_pledge", "said", p.ID, p.Said), p.State, p.AccountID, db.Micros(p.PledgedAt), db.Micros(p.AgreedAt), p.VolunteerID, p.Asked, p.TeamID, p.BookingID)
	if db.IsUnique(err) {
		return errs.New(errs.Conflict, i18n.ExchangeTwice).Because(err)
	}
	return err
}

func savePledge(ctx context.Context, tx *db.Tx, tenant int64, p *Pledge, by id.ID) error {
	p.Version++
	return tx.Update(ctx, `UPDATE need_pledge SET state = $1, decided_by = $2, agreed_at = $3, delivered_at = $4, ended_at = $5, shared = $6, named = $7, outcome = $8, stars = $9, version = version + 1 WHERE tenant_id = $10 AND id = $11 AND version = $12`,
		p.State, by, db.Micros(p.AgreedAt), db.Micros(p.DeliveredAt), db.Micros(p.EndedAt), p.Shared, p.Named, p.Outcome, p.Stars, tenant, p.ID, p.Version-1)
}

func insertHelp(ctx context.Context, tx *db.Tx, tenant int64, all []Help) error {
	return tx.InsertMany(ctx, "need_help", []string{"tenant_id", "id", "need_id", "pledge_id", "member_id", "person_id", "community_id", "unit_id", "on_date", "minutes", "pieces", "proof", "counted"}, len(all), func(i int) []any {
		h := &all[i]
		return []any{tenant, h.ID, h.Need, h.Pledge, h.MemberID, h.PersonID, h.CommunityID, h.UnitID, h.OnDate.String(), h.Minutes, h.Pieces, string(h.Proof), h.Counted}
	})
}

func dropHelp(ctx context.Context, tx *db.Tx, tenant int64, pledge id.ID) error {
	_, err := tx.Exec(ctx, `DELETE FROM need_help WHERE tenant_id = $1 AND pledge_id = $2 AND counted = FALSE`, tenant, pledge)
	return err
}

func saveHelp(ctx context.Context, tx *db.Tx, tenant int64, h Help) error {
	_, err := tx.Exec(ctx, `UPDATE need_help SET minutes = $1, pieces = $2, proof = $3, counted = $4 WHERE tenant_id = $5 AND id = $6`, h.Minutes, h.Pieces, string(h.Proof), h.Counted, tenant, h.ID)
	return err
}

// Entry is a step of a need.
type Entry struct {
	ID     id.ID
	Pledge id.ID
	Act    Act
	State  State
	Words  string
	Public bool
	By     string // "" is whoever asked
	At     time.Time
}

// step is what is kept of an act.
type step struct {
	act    Act
	pledge id.ID
	words  string
	open   bool // whoever asked reads the words
}

func (s *Service) insertEntry(ctx context.Context, tx *db.Tx, actor authz.Actor, n *Need, e step) error {
	i := id.New()
	return tx.Later(ctx, `INSERT INTO need_entry (tenant_id, id, need_id, pledge_id, act, state, words, open_to_all, account_id, at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`,
		n.tenant, i, n.ID, e.pledge, e.act, n.State, s.ring.Seal("need_entry", "words", i, e.words), e.open, actor.AccountID, db.Micros(tx.Now()))
}

// entries are the steps of a need, the oldest first: the latest 300. Whom the community agreed to, and who looked, is read from the pledge and stored nowhere else.
func (s *Service) entries(ctx context.Context, q db.Querier, tenant int64, n id.ID) ([]Entry, error) {
	type stored struct {
		Entry
		words []byte
		who   string
	}
	rows, err := db.All(ctx, q, func(e *stored) []any {
		return []any{&e.ID, &e.Pledge, &e.Act, &e.State, &e.words, &e.Public, &e.By, db.Instant(&e.At), &e.who}
	}, `SELECT e.id, e.pledge_id, e.act, e.state, e.words, e.open_to_all, coalesce(k.name, ''), e.at, CASE WHEN p.team_id <> 0 THEN p.team WHEN g.name IS NOT NULL THEN g.name WHEN f.name IS NOT NULL THEN f.name WHEN o.id IS NOT NULL THEN `+reference.Label("o")+` ELSE coalesce(p.team, '') END FROM need_entry e
		LEFT JOIN account k ON k.tenant_id = e.tenant_id AND k.id = e.account_id AND e.account_id <> 0
		LEFT JOIN need_pledge p ON p.tenant_id = e.tenant_id AND p.id = e.pledge_id AND e.pledge_id <> 0
		LEFT JOIN member g ON g.tenant_id = p.tenant_id AND g.id = p.member_id AND p.member_id <> 0
		LEFT JOIN person f ON f.tenant_id = p.tenant_id AND f.id = p.person_id AND p.person_id <> 0 AND p.member_id = 0
		LEFT JOIN organisation o ON o.tenant_id = p.tenant_id AND o.id = p.org_id AND p.org_id <> 0
		WHERE e.tenant_id = $1 AND e.need_id = $2 ORDER BY e.id DESC LIMIT 300`, tenant, n)
	slices.Reverse(rows)
	out := make([]Entry, len(rows))
	for i, r := range rows {
		out[i] = r.Entry
		if err == nil {
			out[i].Words, err = s.ring.Open("need_entry", "words", r.ID, r.words)
		}
		if r.Act == ActAgree || r.Act == ActLook || r.Act == ActInvite || r.Act == ActAccept || r.Act == ActShare {
			out[i].Words = r.who
		}
	}
	return out, err
}

// findCommunity says whether an organisation is a community that there is.
func findCommunity(ctx context.Context, q db.Querier, tenant int64, community id.ID) error {
	n, err := db.Value[int64](ctx, q, `SELECT count(*) FROM organisation o WHERE o.tenant_id = $1 AND o.id = $2 AND o.kind = 'community_party' AND o.dissolved_on = ''`, tenant, community)
	if err == nil && n == 0 {
		err = errs.Field("community", i18n.CaseNoSuchPlace)
	}
	return err
}

// placeOf is the place for which resources of an organisation are: the community a unit stands in or a branch belongs to, or itself.
func placeOf(ctx context.Context, q db.Querier, tenant int64, org id.ID) (id.ID, error) {
	return db.One(ctx, q, func(p *id.ID) []any { return []any{p} }, `SELECT CASE WHEN o.community_id <> 0 THEN o.community_id ELSE o.id END FROM organisation o WHERE o.tenant_id = $1 AND o.id = $2 AND o.dissolved_on = ''`, tenant, org)
}

// like finds what was typed in a title, or a number as it is.
func like(a *db.Args, column, no, typed string) string {
	typed = strings.TrimSpace(typed)
	if gram.Key(typed) == "" {
		return ""
	}
	w := column + " LIKE " + a.Add(gram.Query(typed).Like()) + " ESCAPE '!'"
	if no != "" {
		w = "(" + w + " OR " + no + " = " + a.Add(typed) + ")"
	}
	return " AND " + w
}

// Amounts gives what should stand in the ledger for every help, for the check of the books.
func (s *Service) Amounts(ctx context.Context, q db.Querier, tenant int64, each func(string, id.ID, ledger.Account, int64) error) error {
	type amount struct {
		source        id.ID
		hours, pieces int64
	}
	return db.Each(ctx, q, func(r *amount) []any { return []any{&r.source, &r.hours, &r.pieces} }, func(r amount) error {
		if err := each(ledger.SourceHelp, r.source, ledger.Hours, r.hours); err != nil {
			return err
		}
		return each(ledger.SourceHelp, r.source, ledger.Goods, r.pieces)
	},
		`SELECT h.id, CASE WHEN h.counted = TRUE THEN h.minutes ELSE 0 END, CASE WHEN h.counted = TRUE THEN h.pieces ELSE 0 END FROM need_help h WHERE h.tenant_id = $1 ORDER BY h.id`, tenant)
}
