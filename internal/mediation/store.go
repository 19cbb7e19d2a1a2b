package mediation

import (
	"context"
	"encoding/json"
	"strconv"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

var owned = authz.Columns{Tenant: "m.tenant_id", Orgs: []string{"m.org_id"}}

// visible is the condition that the actor may see a record: at a community where they hold PermMediate themselves; or where they hold PermServe there, as its mediator
// or the head of the committee, as long as they are in it.
func visible(a *db.Args, actor authz.Actor) string {
	cond := "(" + actor.Held(PermMediate).Where(a, owned) + ")"
	if serves := actor.Held(PermServe); !serves.Empty() && actor.AccountID != 0 {
		cond = "(" + cond + " OR " + serves.Where(a, owned) + " AND (m.id IN (SELECT x.mediation_id FROM mediation_mediator x JOIN mediation_member y ON y.tenant_id = x.tenant_id AND y.id = x.member_id AND y.ended_on = ''" +
			" WHERE x.tenant_id = " + a.Add(actor.Tenant) + " AND x.account_id = " + a.Add(actor.AccountID) + " AND x.account_id <> 0) OR m.org_id IN (SELECT b.org_id FROM mediation_member b WHERE b.tenant_id = " + a.Add(actor.Tenant) + " AND b.account_id = " + a.Add(actor.AccountID) +
			" AND b.account_id <> 0 AND b.head = TRUE AND b.ended_on = '')))"
	}
	return "m.tenant_id = " + a.Add(actor.Tenant) + " AND " + cond
}

// stored is a mediation with its sealed columns as they are stored.
type stored struct {
	Mediation
	item, itemEN                    string
	caseState                       casework.State
	place, matter, risk, terms, end []byte
	forgotten                       calendar.Date
}

const columns = `m.id, m.no, m.org_id, coalesce(CASE WHEN o.short_name <> '' THEN o.short_name ELSE o.name END, ''), m.case_id, coalesce(c.no, ''), coalesce(c.state, ''), m.case_ended, m.item_id, coalesce(i.name, ''), coalesce(i.name_en, ''),
	m.start_kind, m.state, m.in_private, m.place, m.matter, m.asked_on, m.named_on, m.started_on, m.limit_on, m.extended_on, m.risk, m.risk_note, m.agreed_form, m.drafted_on, m.terms, m.settles, m.mediator_on, m.seal_on,
	m.effective_on, m.confirm_by, m.bar, m.confirmation, m.court, m.court_on, m.answer_on, m.provisional, m.ended_on, m.end_words, m.forgotten_on, m.version
	FROM mediation m
	LEFT JOIN organisation o ON o.tenant_id = m.tenant_id AND o.id = m.org_id
	LEFT JOIN catalogue_item i ON i.tenant_id = m.tenant_id AND i.id = m.item_id AND m.item_id <> 0
	LEFT JOIN service_case c ON c.tenant_id = m.tenant_id AND c.id = m.case_id AND m.case_id <> 0
	WHERE `

func (r *stored) dest() []any {
	m := &r.Mediation
	return []any{&m.ID, &m.No, &m.OrgID, &m.Org, &m.CaseID, &m.CaseNo, &r.caseState, &m.CaseEnded, &m.ItemID, &r.item, &r.itemEN, &m.Start, &m.State, &m.Private, &r.place, &r.matter, &m.AskedOn, &m.NamedOn, &m.StartedOn, &m.LimitOn,
		&m.ExtendedOn, &m.Risk, &r.risk, &m.Form, &m.DraftedOn, &r.terms, &m.Settles, &m.MediatorOn, &m.SealOn, &m.EffectiveOn, &m.ConfirmBy, &m.Bar, &m.Confirm, &m.Court, &m.CourtOn, &m.AnswerOn, &m.Provisional,
		&m.EndedOn, &r.end, &r.forgotten, &m.Version}
}

// find reads a mediation that the actor sees, without its parts.
func (s *Service) find(ctx context.Context, q db.Querier, actor authz.Actor, mediation id.ID) (Mediation, error) {
	a := &db.Args{}
	r, err := db.One(ctx, q, (*stored).dest, "SELECT "+columns+visible(a, actor)+" AND m.id = "+a.Add(mediation), a.Values()...)
	if err != nil {
		return Mediation{}, err
	}
	m := r.Mediation
	m.Item, m.Forgotten, m.CaseOpen = i18n.Both(r.item, r.itemEN), !r.forgotten.IsZero(), r.caseState.Open()
	var terms string
	for _, x := range []struct {
		column string
		sealed []byte
		to     *string
	}{{"place", r.place, &m.Place}, {"matter", r.matter, &m.Matter}, {"risk_note", r.risk, &m.RiskNote}, {"terms", r.terms, &terms}, {"end_words", r.end, &m.EndWords}} {
		if *x.to, err = s.ring.Open("mediation", x.column, m.ID, x.sealed); err != nil {
			return m, err
		}
	}
	return m, unpack(terms, &m.Terms)
}

// unpack reads what was sealed as JSON.
func unpack(s string, to any) error {
	if s == "" {
		return nil
	}
	return json.Unmarshal([]byte(s), to)
}

func pack(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return "" // structs of texts always encode
	}
	return string(b)
}

// details is what is sealed of a party.
type details struct {
	Name    string `json:"name"`
	Phone   string `json:"phone,omitempty"`
	ID      string `json:"id,omitempty"`
	Address string `json:"address,omitempty"`
}

// minutes is what is sealed of a session.
type minutes struct {
	Place  string `json:"place"`
	Who    string `json:"who"`
	Record string `json:"record"`
}

// parts reads everything that belongs to a mediation.
func (s *Service) parts(ctx context.Context, q db.Querier, tenant int64, m *Mediation) error {
	type row struct {
		Party
		sealed []byte
	}
	err := db.Each(ctx, q, func(r *row) []any {
		return []any{&r.ID, &r.sealed, &r.PersonID, &r.Consent, &r.ConsentOn, &r.SignedOn, &r.SignedHow}
	}, func(r row) error {
		plain, err := s.ring.Open("mediation_party", "details", r.ID, r.sealed)
		if err != nil {
			return err
		}
		var d details
		if err := unpack(plain, &d); err != nil {
			return err
		}
		if len(r.sealed) == 0 { // the register forgot them
			d.Name = i18n.MediationPartyGone.In(i18n.ZH)
		}
		r.Name, r.Phone, r.IDNumber, r.Address = d.Name, d.Phone, d.ID, d.Address
		m.Parties = append(m.Parties, r.Party)
		return nil
	}, `SELECT p.id, p.details, p.person_id, p.consent, p.consent_on, p.signed_on, p.signed_how FROM mediation_party p WHERE p.tenant_id = $1 AND p.mediation_id = $2 ORDER BY p.id`, tenant, m.ID)
	if err != nil {
		return err
	}
	type mediator struct {
		Mediator
		sealed []byte
	}
	if err := db.Each(ctx, q, func(x *mediator) []any { return []any{&x.ID, &x.MemberID, &x.Name, &x.sealed, &x.AccountID, &x.Chosen} }, func(x mediator) (err error) {
		if x.MemberID == 0 {
			x.Name, err = s.ring.Open("mediation_mediator", "invited", x.ID, x.sealed)
		}
		m.Mediators = append(m.Mediators, x.Mediator)
		return err
	}, `SELECT x.id, x.member_id, x.name, x.invited, x.account_id, x.chosen FROM mediation_mediator x WHERE x.tenant_id = $1 AND x.mediation_id = $2 ORDER BY x.id`, tenant, m.ID); err != nil {
		return err
	}
	type held struct {
		Session
		sealed []byte
	}
	if err := db.Each(ctx, q, func(r *held) []any { return []any{&r.ID, &r.On, &r.sealed, &r.By} }, func(r held) error {
		plain, err := s.ring.Open("mediation_session", "record", r.ID, r.sealed)
		if err != nil {
			return err
		}
		var x minutes
		if err := unpack(plain, &x); err != nil {
			return err
		}
		r.Place, r.Who, r.Record = x.Place, x.Who, x.Record
		m.Sessions = append(m.Sessions, r.Session)
		return nil
	}, `SELECT x.id, x.held_on, x.record, coalesce(k.name, '') FROM mediation_session x LEFT JOIN account k ON k.tenant_id = x.tenant_id AND k.id = x.account_id
		WHERE x.tenant_id = $1 AND x.mediation_id = $2 ORDER BY x.held_on, x.id`, tenant, m.ID); err != nil {
		return err
	}
	return s.later(ctx, q, tenant, m)
}

// later reads what comes after the sessions: duties, visits and the history.
func (s *Service) later(ctx context.Context, q db.Querier, tenant int64, m *Mediation) error {
	type duty struct {
		Duty
		words, note []byte
	}
	if err := db.Each(ctx, q, func(r *duty) []any { return []any{&r.ID, &r.PartyID, &r.words, &r.DueOn, &r.DoneOn, &r.note} }, func(r duty) (err error) {
		if r.Words, err = s.ring.Open("mediation_duty", "words", r.ID, r.words); err != nil {
			return err
		}
		r.Note, err = s.ring.Open("mediation_duty", "note", r.ID, r.note)
		m.Duties = append(m.Duties, r.Duty)
		return err
	}, `SELECT d.id, d.party_id, d.words, d.due_on, d.done_on, d.note FROM mediation_duty d WHERE d.tenant_id = $1 AND d.mediation_id = $2 ORDER BY d.due_on, d.id`, tenant, m.ID); err != nil {
		return err
	}
	type visit struct {
		Visit
		words []byte
	}
	if err := db.Each(ctx, q, func(r *visit) []any { return []any{&r.ID, &r.DueOn, &r.MadeOn, &r.words, &r.By} }, func(r visit) (err error) {
		r.Words, err = s.ring.Open("mediation_visit", "words", r.ID, r.words)
		m.Visits = append(m.Visits, r.Visit)
		return err
	}, `SELECT v.id, v.due_on, v.made_on, v.words, coalesce(k.name, '') FROM mediation_visit v LEFT JOIN account k ON k.tenant_id = v.tenant_id AND k.id = v.account_id
		WHERE v.tenant_id = $1 AND v.mediation_id = $2 ORDER BY v.due_on, v.id`, tenant, m.ID); err != nil {
		return err
	}
	type entry struct {
		Entry
		id    id.ID
		words []byte
	}
	return db.Each(ctx, q, func(r *entry) []any { return []any{&r.id, &r.Act, &r.State, &r.words, &r.By, db.Instant(&r.At)} }, func(r entry) (err error) {
		r.Words, err = s.ring.Open("mediation_entry", "words", r.id, r.words)
		m.Entries = append(m.Entries, r.Entry)
		return err
	}, `SELECT e.id, e.act, e.state, e.words, coalesce(k.name, ''), e.at FROM mediation_entry e LEFT JOIN account k ON k.tenant_id = e.tenant_id AND k.id = e.account_id
		WHERE e.tenant_id = $1 AND e.mediation_id = $2 ORDER BY e.id LIMIT 500`, tenant, m.ID)
}

// findCommunity refuses what is no community that there is.
func findCommunity(ctx context.Context, q db.Querier, tenant int64, org id.ID) (string, error) {
	name, err := db.Value[string](ctx, q, `SELECT o.name FROM organisation o WHERE o.tenant_id = $1 AND o.id = $2 AND o.kind = 'community_party' AND o.dissolved_on = ''`, tenant, org)
	if err == nil && name == "" {
		err = errs.Field("org", i18n.ErrBadChoice)
	}
	return name, err
}

func (s *Service) insert(ctx context.Context, tx *db.Tx, actor authz.Actor, m *Mediation) error {
	if _, err := tx.Exec(ctx, `INSERT INTO mediation (tenant_id, id, no, org_id, case_id, item_id, start_kind, state, in_private, place, matter, asked_on, created_by, updated_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)`, actor.Tenant, m.ID, m.No, m.OrgID, m.CaseID, m.ItemID, m.Start, m.State, m.Private, s.ring.Seal("mediation", "place", m.ID, m.Place),
		s.ring.Seal("mediation", "matter", m.ID, m.Matter), m.AskedOn, actor.AccountID, db.Micros(tx.Now())); err != nil {
		return err
	}
	for _, p := range m.Parties {
		p.ID = id.New()
		if err := s.insertParty(ctx, tx, actor.Tenant, m.ID, p); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) sealParty(p Party) []byte {
	return s.ring.Seal("mediation_party", "details", p.ID, pack(details{p.Name, p.Phone, p.IDNumber, p.Address}))
}

func (s *Service) phoneKey(phone string) string {
	if phone == "" {
		return ""
	}
	return s.ring.Index("phone", phone)
}

func (s *Service) insertParty(ctx context.Context, tx *db.Tx, tenant int64, mediation id.ID, p Party) error {
	_, err := tx.Exec(ctx, `INSERT INTO mediation_party (tenant_id, id, mediation_id, details, phone_key, person_id) VALUES ($1,$2,$3,$4,$5,$6)`, tenant, p.ID, mediation, s.sealParty(p), s.phoneKey(p.Phone), p.PersonID)
	return err
}

// save writes a mediation, and what changed of its parties and duties.
func (s *Service) save(ctx context.Context, tx *db.Tx, tenant int64, was Mediation, m *Mediation) error {
	what, on := m.must()
	terms := ""
	if m.Form != "" {
		terms = pack(m.Terms)
	}
	if err := tx.Update(ctx, `UPDATE mediation SET case_ended = $1, item_id = $2, state = $3, in_private = $4, place = $5, matter = $6, started_on = $7, limit_on = $8, extended_on = $9, risk = $10, risk_note = $11,
		agreed_form = $12, terms = $13, settles = $14, mediator_on = $15, seal_on = $16, effective_on = $17, confirm_by = $18, bar = $19, confirmation = $20, court = $21, court_on = $22, answer_on = $23,
		provisional = $24, ended_on = $25, end_words = $26, next_on = $27, next_what = $28, updated_at = $29, asked_on = $30, named_on = $31, drafted_on = $32, version = version + 1
		WHERE tenant_id = $33 AND id = $34 AND version = $35`,
		m.CaseEnded, m.ItemID, m.State, m.Private, s.ring.Seal("mediation", "place", m.ID, m.Place), s.ring.Seal("mediation", "matter", m.ID, m.Matter), m.StartedOn, m.LimitOn, m.ExtendedOn, m.Risk,
		s.ring.Seal("mediation", "risk_note", m.ID, m.RiskNote), m.Form, s.ring.Seal("mediation", "terms", m.ID, terms), m.Settles, m.MediatorOn, m.SealOn, m.EffectiveOn, m.ConfirmBy, m.Bar, m.Confirm, m.Court,
		m.CourtOn, m.AnswerOn, m.Provisional, m.EndedOn, s.ring.Seal("mediation", "end_words", m.ID, m.EndWords), on, what, db.Micros(tx.Now()), m.AskedOn, m.NamedOn, m.DraftedOn,
		tenant, m.ID, m.Version); err != nil {
		return err
	}
	before := map[id.ID]Party{}
	for _, p := range was.Parties {
		before[p.ID] = p
	}
	for _, p := range m.Parties {
		if old, there := before[p.ID]; !there || old == p {
			continue
		}
		if _, err := tx.Exec(ctx, `UPDATE mediation_party SET details = $1, phone_key = $2, person_id = $3, consent = $4, consent_on = $5, signed_on = $6, signed_how = $7
			WHERE tenant_id = $8 AND mediation_id = $9 AND id = $10`, s.sealParty(p), s.phoneKey(p.Phone), p.PersonID, p.Consent, p.ConsentOn, p.SignedOn, p.SignedHow, tenant, m.ID, p.ID); err != nil {
			return err
		}
	}
	done := map[id.ID]Duty{}
	for _, d := range was.Duties {
		done[d.ID] = d
	}
	for _, d := range m.Duties {
		if old, there := done[d.ID]; !there || old == d {
			continue
		}
		if _, err := tx.Exec(ctx, `UPDATE mediation_duty SET done_on = $1, note = $2 WHERE tenant_id = $3 AND mediation_id = $4 AND id = $5`, d.DoneOn, s.ring.Seal("mediation_duty", "note", d.ID, d.Note),
			tenant, m.ID, d.ID); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) writeMediators(ctx context.Context, tx *db.Tx, tenant int64, m *Mediation) error {
	if _, err := tx.Exec(ctx, `DELETE FROM mediation_mediator WHERE tenant_id = $1 AND mediation_id = $2`, tenant, m.ID); err != nil {
		return err
	}
	return tx.InsertMany(ctx, "mediation_mediator", []string{"tenant_id", "id", "mediation_id", "member_id", "name", "invited", "account_id", "chosen"}, len(m.Mediators), func(i int) []any {
		x := m.Mediators[i]
		if x.MemberID != 0 {
			return []any{tenant, x.ID, m.ID, x.MemberID, x.Name, nil, x.AccountID, x.Chosen}
		}
		return []any{tenant, x.ID, m.ID, x.MemberID, "", s.ring.Seal("mediation_mediator", "invited", x.ID, x.Name), x.AccountID, x.Chosen}
	})
}

func (s *Service) writeDuties(ctx context.Context, tx *db.Tx, tenant int64, m *Mediation) error {
	if _, err := tx.Exec(ctx, `DELETE FROM mediation_duty WHERE tenant_id = $1 AND mediation_id = $2`, tenant, m.ID); err != nil {
		return err
	}
	return tx.InsertMany(ctx, "mediation_duty", []string{"tenant_id", "id", "mediation_id", "party_id", "words", "due_on"}, len(m.Duties), func(i int) []any {
		d := m.Duties[i]
		return []any{tenant, d.ID, m.ID, d.PartyID, s.ring.Seal("mediation_duty", "words", d.ID, d.Words), d.DueOn}
	})
}

func (s *Service) insertSession(ctx context.Context, tx *db.Tx, actor authz.Actor, mediation id.ID, n NewSession) error {
	x := id.New()
	_, err := tx.Exec(ctx, `INSERT INTO mediation_session (tenant_id, id, mediation_id, held_on, record, account_id) VALUES ($1,$2,$3,$4,$5,$6)`, actor.Tenant, x, mediation, n.On,
		s.ring.Seal("mediation_session", "record", x, pack(minutes{n.Place, n.Who, n.Record})), actor.AccountID)
	return err
}

func (s *Service) insertVisit(ctx context.Context, tx *db.Tx, actor authz.Actor, mediation id.ID, v Visit) error {
	_, err := tx.Exec(ctx, `INSERT INTO mediation_visit (tenant_id, id, mediation_id, due_on, made_on, words, account_id) VALUES ($1,$2,$3,$4,$5,$6,$7)`, actor.Tenant, v.ID, mediation, v.DueOn, v.MadeOn,
		s.ring.Seal("mediation_visit", "words", v.ID, v.Words), actor.AccountID)
	return err
}

func (s *Service) saveVisit(ctx context.Context, tx *db.Tx, actor authz.Actor, mediation id.ID, v Visit) error {
	_, err := tx.Exec(ctx, `UPDATE mediation_visit SET made_on = $1, words = $2, account_id = $3 WHERE tenant_id = $4 AND mediation_id = $5 AND id = $6`, v.MadeOn,
		s.ring.Seal("mediation_visit", "words", v.ID, v.Words), actor.AccountID, actor.Tenant, mediation, v.ID)
	return err
}

func (s *Service) insertEntry(ctx context.Context, tx *db.Tx, actor authz.Actor, mediation id.ID, a Act, state State, said string) error {
	e := id.New()
	_, err := tx.Exec(ctx, `INSERT INTO mediation_entry (tenant_id, id, mediation_id, act, state, words, account_id, at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`, actor.Tenant, e, mediation, a, state,
		s.ring.Seal("mediation_entry", "words", e, said), actor.AccountID, db.Micros(tx.Now()))
	return err
}
