package mediation

import (
	"context"
	"regexp"
	"strings"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
)

// What the list shows.
const (
	ShowOpen    = "open"    // not ended, or something is still to be done
	ShowOverdue = "overdue" // something was to be done by now
	ShowSoon    = "soon"    // something is to be done within a week
	ShowAgreed  = "agreed"
	ShowNot     = "not" // ended without an agreement
)

// Shows lists them.
func Shows() []string { return []string{ShowOpen, ShowOverdue, ShowSoon, ShowAgreed, ShowNot} }

// soonDays is how many days before a limit it is brought to mind.
const soonDays = 7

// Filter narrows the list.
type Filter struct {
	Show   string
	State  State
	Wait   string // one of the kinds of what waits
	ItemID id.ID
	Year   int    // in which it was asked for; 0 for all
	Text   string // a number of a mediation or of its case, or a party's telephone number
	Page   db.Page
}

// Row is a mediation in the list. It names nobody but who mediates.
type Row struct {
	ID          id.ID
	No          string
	Org         string
	Item        i18n.Text
	State       State
	Mediators   string
	AskedOn     calendar.Date
	EffectiveOn calendar.Date
	NextOn      calendar.Date
	Next        Due
	Risk        Risk
	Confirm     Confirmation

	item, itemEN string
}

func (r *Row) dest() []any {
	return []any{&r.ID, &r.No, &r.Org, &r.item, &r.itemEN, &r.State, &r.AskedOn, &r.EffectiveOn, &r.NextOn, &r.Next, &r.Risk, &r.Confirm}
}

func (s *Service) where(a *db.Args, actor authz.Actor, f Filter) string {
	today := calendar.DateOf(s.db.Now())
	w := visible(a, actor)
	switch f.Show {
	case ShowOpen:
		w += " AND (m.ended_on = '' OR m.next_on <> '' OR " + asks(a, today) + ")"
	case ShowOverdue:
		w += " AND m.next_on <> '' AND m.next_on < " + a.Add(today)
	case ShowSoon:
		w += " AND (m.next_on >= " + a.Add(today) + " AND m.next_on <= " + a.Add(today.AddDays(soonDays)) + " OR " + asks(a, today) + " AND m.confirm_by <= " + a.Add(today.AddDays(soonDays)) + ")"
	case ShowAgreed:
		w += " AND m.state IN ('in_force', 'performed', 'unmet')"
	case ShowNot:
		w += " AND m.state IN ('failed', 'refused', 'withdrawn')"
	}
	if f.State != "" {
		w += " AND m.state = " + a.Add(f.State)
	}
	if f.Wait != "" {
		w += " AND " + waits(a, f.Wait, today)
	}
	if f.ItemID != 0 {
		w += " AND m.item_id = " + a.Add(f.ItemID)
	}
	if f.Year != 0 {
		w += " AND m.asked_on >= " + a.Add(calendar.On(f.Year, 1, 1)) + " AND m.asked_on <= " + a.Add(calendar.On(f.Year, 12, 31))
	}
	if text := strings.TrimSpace(f.Text); text != "" {
		key := s.phoneKey(phoneIn(text))
		w += " AND (m.no = " + a.Add(strings.ToUpper(text)) + " OR m.case_id <> 0 AND m.case_id IN (SELECT c.id FROM service_case c WHERE c.tenant_id = " + a.Add(actor.Tenant) + " AND c.no = " + a.Add(text) +
			") OR m.id IN (SELECT p.mediation_id FROM mediation_party p WHERE p.tenant_id = " + a.Add(actor.Tenant) + " AND p.phone_key <> '' AND p.phone_key = " + a.Add(key) + "))"
	}
	return w
}

var caseNo = regexp.MustCompile(`^\d{8}-\d{6}$`)

// phoneIn is the telephone number in what was typed to search for, "" for none.
func phoneIn(typed string) string {
	if typed = strings.TrimSpace(typed); caseNo.MatchString(typed) {
		return ""
	}
	if n, problem := code.ParsePhone(typed); !problem.Blocks() && len(n.String()) >= 7 {
		return n.String()
	}
	return ""
}

// looked records that somebody looked for the mediations of a telephone number.
func (s *Service) looked(ctx context.Context, actor authz.Actor, f Filter) error {
	key := s.phoneKey(phoneIn(f.Text))
	if key == "" || f.Page.After != (db.Cursor{}) || f.Page.Before != (db.Cursor{}) {
		return nil
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "mediation.lookup", Permission: PermServe, SubjectKind: "mediation", Purpose: purposeOfLook, Detail: map[string]any{"phone_key": key}})
	})
}

// List gives the mediations that the actor sees, newest first. It names no party. Looking for a telephone number is recorded.
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter) (db.List[Row], error) {
	if err := s.looked(ctx, actor, f); err != nil {
		return db.List[Row]{}, err
	}
	a := &db.Args{}
	where := s.where(a, actor, f)
	page, tail := a.Keyset(f.Page, db.Order{IDColumn: "m.id", Desc: true})
	first := asks(a, calendar.DateOf(s.db.Now())) + " AND (m.next_on = '' OR m.confirm_by < m.next_on)"
	rows, err := db.All(ctx, s.db, (*Row).dest, `SELECT m.id, m.no, coalesce(CASE WHEN o.short_name <> '' THEN o.short_name ELSE o.name END, ''), coalesce(i.name, ''), coalesce(i.name_en, ''), m.state, m.asked_on,
		m.effective_on, CASE WHEN `+first+` THEN m.confirm_by ELSE m.next_on END, CASE WHEN `+first+` THEN 'confirm' ELSE m.next_what END, m.risk, m.confirmation FROM mediation m
		LEFT JOIN organisation o ON o.tenant_id = m.tenant_id AND o.id = m.org_id
		LEFT JOIN catalogue_item i ON i.tenant_id = m.tenant_id AND i.id = m.item_id AND m.item_id <> 0 WHERE `+where+page+tail, a.Values()...)
	if err != nil || len(rows) == 0 {
		return db.List[Row]{}, err
	}
	list := db.Cut(rows, f.Page, func(r Row) db.Cursor { return db.Cursor{ID: r.ID} })
	at, ids := map[id.ID]int{}, make([]id.ID, len(list.Items))
	for i := range list.Items {
		r := &list.Items[i]
		r.Item, at[r.ID], ids[i] = i18n.Both(r.item, r.itemEN), i, r.ID
	}
	type name struct {
		of     id.ID
		name   string
		member id.ID
	}
	a = &db.Args{}
	invited := map[id.ID]int{}
	add := func(m id.ID, name string) {
		r := &list.Items[at[m]]
		if r.Mediators != "" {
			r.Mediators += i18n.MediationComma.In(i18n.From(ctx))
		}
		r.Mediators += name
	}
	err = db.Each(ctx, s.db, func(n *name) []any { return []any{&n.of, &n.name, &n.member} }, func(n name) error {
		if n.member == 0 { // the list names nobody who was invited
			invited[n.of]++
			return nil
		}
		add(n.of, n.name)
		return nil
	}, "SELECT x.mediation_id, x.name, x.member_id FROM mediation_mediator x WHERE x.tenant_id = "+a.Add(actor.Tenant)+" AND "+db.In(a, "x.mediation_id", ids)+" ORDER BY x.id", a.Values()...)
	for m, n := range invited {
		add(m, i18n.MediationInvitedN.In(i18n.From(ctx), n))
	}
	return list, err
}

// Small is the least number of mediations of a kind that is shown to who sees no records: less would tell of persons.
const Small = 3

// Tally is what is counted of mediations.
type Tally struct {
	All       int64
	Agreed    int64 // an agreement came into force
	Performed int64
	Failed    int64 // failed or refused
	Withdrawn int64
	Confirmed int64 // by a court
}

// Ended is how many of them have an agreement or ended without one: of these the agreed part is taken.
func (t Tally) Ended() int64 { return t.Agreed + t.Failed + t.Withdrawn }

// KindTally is what is counted of a kind of dispute.
type KindTally struct {
	ItemID id.ID
	Name   i18n.Text // zero for those that no kind was said of
	Tally
}

// Year is what is counted of those asked for in a year.
type Year struct {
	Year  int
	Total Tally
	Kinds []KindTally
	Few   int64 // of kinds that are too few to be shown
	Opens bool  // the actor sees records too
}

// Count counts the mediations asked for in a year at the communities in scope (PermSee). Who sees no records sees no kind of which there are less than Small.
func (s *Service) Count(ctx context.Context, actor authz.Actor, year int) (Year, error) {
	a := &db.Args{}
	y := Year{Year: year, Opens: !actor.Held(PermMediate).Empty()}
	scope := actor.Scope(PermSee)
	if y.Opens { // what is counted is what opens
		scope = actor.Held(PermMediate)
	}
	type row struct {
		KindTally
		name, nameEN string
	}
	sum := func(cond string) string { return ", coalesce(sum(CASE WHEN " + cond + " THEN 1 ELSE 0 END), 0)" }
	err := db.Each(ctx, s.db, func(r *row) []any {
		return []any{&r.ItemID, &r.name, &r.nameEN, &r.All, &r.Agreed, &r.Performed, &r.Failed, &r.Withdrawn, &r.Confirmed}
	}, func(r row) error {
		t := &y.Total
		t.All, t.Agreed, t.Performed, t.Failed, t.Withdrawn, t.Confirmed = t.All+r.All, t.Agreed+r.Agreed, t.Performed+r.Performed, t.Failed+r.Failed, t.Withdrawn+r.Withdrawn, t.Confirmed+r.Confirmed
		if !y.Opens && r.All < Small {
			y.Few += r.All
			return nil
		}
		r.Name = i18n.Both(r.name, r.nameEN)
		y.Kinds = append(y.Kinds, r.KindTally)
		return nil
	}, "SELECT m.item_id, coalesce(min(i.name), ''), coalesce(min(i.name_en), ''), count(*)"+sum("m.state IN ('in_force', 'performed', 'unmet')")+sum("m.state = 'performed'")+sum("m.state IN ('failed', 'refused')")+
		sum("m.state = 'withdrawn'")+sum("m.confirmation = 'confirmed'")+` FROM mediation m
		LEFT JOIN catalogue_item i ON i.tenant_id = m.tenant_id AND i.id = m.item_id AND m.item_id <> 0 WHERE `+scope.Where(a, owned)+
		" AND m.asked_on >= "+a.Add(calendar.On(year, 1, 1))+" AND m.asked_on <= "+a.Add(calendar.On(year, 12, 31))+" GROUP BY m.item_id ORDER BY count(*) DESC, m.item_id", a.Values()...)
	if !y.Opens && y.Total.All < Small { // nothing else is told of so few
		y.Total = Tally{All: y.Total.All}
	}
	return y, err
}
