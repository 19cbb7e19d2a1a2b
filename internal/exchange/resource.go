package exchange

import (
	"context"
	"strings"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
)

// Terms say what something costs the one who gets it.
type Terms string

// The terms.
const (
	Free     Terms = "free"
	LowPaid  Terms = "low"
	Paid     Terms = "paid"
	maxUnits       = 1_000_000
)

// AllTerms lists the terms.
func AllTerms() []Terms { return []Terms{Free, LowPaid, Paid} }

// Text names the terms.
func (t Terms) Text() i18n.Text {
	return map[Terms]i18n.Text{Free: i18n.ExchangeFree, LowPaid: i18n.ExchangeLowPaid, Paid: i18n.ExchangePaid}[t]
}

// Offer is a resource as it is entered.
type Offer struct {
	Kind       Kind
	Title      string
	Detail     string
	Skill      string
	OrgID      id.ID  // that gives it
	Giver      string // or who, where it is no organisation
	Contact    string
	PlaceID    id.ID // for whom: a community, a sub-district, the district; 0 takes that of the organisation
	Terms      Terms
	Price      string
	Amount     int64 // 0 is not counted
	Unit       string
	Times      string
	ValidFrom  calendar.Date // the first day; zero: now
	ValidUntil calendar.Date
	Listed     bool // everybody reads of it on the residents' pages
	Version    int64
}

func (o *Offer) check(today calendar.Date) *errs.Error {
	for _, s := range []*string{&o.Title, &o.Detail, &o.Skill, &o.Giver, &o.Price, &o.Times} { // the number has a field of its own
		*s, _ = Mask(*s)
	}
	e := errs.Words(nil, "title", &o.Title, MaxTitle, true)
	e = errs.Words(e, "detail", &o.Detail, MaxWords, false)
	e = errs.Words(e, "skill", &o.Skill, MaxSkill, false)
	e = errs.Words(e, "giver", &o.Giver, MaxTitle, o.OrgID == 0)
	e = errs.Words(e, "price", &o.Price, MaxSkill, o.Terms == LowPaid || o.Terms == Paid)
	e = errs.Words(e, "unit", &o.Unit, 8, false)
	e = errs.Words(e, "times", &o.Times, MaxPlace, false)
	if o.OrgID != 0 {
		o.Giver = ""
	}
	if o.Kind.Text().IsZero() {
		e = e.With("kind", i18n.ErrBadChoice)
	}
	if o.Terms.Text().IsZero() {
		e = e.With("terms", i18n.ErrBadChoice)
	}
	if o.Amount < 0 || o.Amount > maxUnits {
		e = e.With("amount", i18n.ErrBadNumber)
	}
	switch {
	case o.ValidUntil.IsZero():
		o.ValidUntil = today.AddYears(1)
	case o.ValidUntil.Before(today):
		e = e.With("valid_until", i18n.ExchangePast)
	}
	if !o.ValidFrom.IsZero() && o.ValidFrom.After(o.ValidUntil) {
		e = e.With("valid_from", i18n.ResourceFromLate)
	}
	return phone(e, "contact", &o.Contact)
}

// Resource is what somebody has to give.
type Resource struct {
	ID         id.ID
	Kind       Kind
	Title      string
	Detail     string
	Skill      string
	OrgID      id.ID
	Giver      string // the organisation; somebody who is none is named to who keeps it alone
	PlaceID    id.ID
	Place      string
	Terms      Terms
	Price      string
	Amount     int64
	Left       int64
	Unit       string
	Times      string
	ValidFrom  calendar.Date // the first day; zero: since it was entered
	ValidUntil calendar.Date
	Listed     bool
	Ended      bool
	Used       int64 // pledges that stand or were kept
	HasContact bool
	Version    int64
	placePath  string
	private    string // who gives it, where it is no organisation
}

// Private says that somebody gives it who is no organisation.
func (r Resource) Private() bool { return r.OrgID == 0 }

// name says who gives a resource of somebody's own to whoever keeps it; nobody else reads it.
func (r *Resource) name(actor authz.Actor) {
	if r.Private() && actor.Scope(PermResources).Covers(r.PlaceID) {
		r.Giver = r.private
	}
}

var resourceColumns = `u.id, u.kind, u.title, u.detail, u.skill, u.org_id, CASE WHEN u.org_id <> 0 THEN ` + reference.Label("g") + ` ELSE '' END, u.giver, u.place_id, ` + reference.Label("h") + `, coalesce(h.path, ''), u.terms, u.price, u.amount,
	u.left_over, u.unit, u.times, u.valid_from, u.valid_until, u.listed, CASE WHEN u.ended_at <> 0 THEN TRUE ELSE FALSE END, CASE WHEN u.contact IS NULL THEN FALSE ELSE TRUE END, u.version,
	(SELECT count(*) FROM need_pledge p WHERE p.tenant_id = u.tenant_id AND p.resource_id = u.id AND p.resource_id <> 0 AND p.state IN ('pledged', 'agreed', 'delivered', 'confirmed'))`

const resourceJoined = ` FROM resource u
	LEFT JOIN organisation g ON g.tenant_id = u.tenant_id AND g.id = u.org_id AND u.org_id <> 0
	LEFT JOIN organisation h ON h.tenant_id = u.tenant_id AND h.id = u.place_id
	WHERE `

func (r *Resource) dest() []any {
	return []any{&r.ID, &r.Kind, &r.Title, &r.Detail, &r.Skill, &r.OrgID, &r.Giver, &r.private, &r.PlaceID, &r.Place, &r.placePath, &r.Terms, &r.Price, &r.Amount, &r.Left, &r.Unit, &r.Times, &r.ValidFrom, &r.ValidUntil, &r.Listed, &r.Ended,
		&r.HasContact, &r.Version, &r.Used}
}

// kept is where a resource belongs: the place it is for, and the organisation that gives it.
var kept = authz.Columns{Tenant: "u.tenant_id", Orgs: []string{"u.place_id", "u.org_id"}}

// AddResource enters a resource: staff for a place in scope (PermResources), an organisation for itself (PermOffer).
func (s *Service) AddResource(ctx context.Context, actor authz.Actor, in Offer) (made id.ID, err error) {
	if e := in.check(calendar.DateOf(s.db.Now())); e != nil {
		return 0, e
	}
	perm := PermResources
	switch {
	case in.PlaceID != 0 && actor.Scope(PermResources).Covers(in.PlaceID):
	case in.OrgID != 0 && (actor.Scope(PermOffer).Covers(in.OrgID) || actor.Scope(PermResources).Covers(in.OrgID)):
		in.PlaceID = 0
		if !actor.Scope(PermResources).Covers(in.OrgID) {
			perm = PermOffer
		}
	default:
		return 0, errs.Field("place", i18n.ErrBadChoice)
	}
	return made, s.db.WithTx(ctx, func(tx *db.Tx) error {
		for _, o := range []*id.ID{&in.OrgID, &in.PlaceID} {
			if *o == 0 {
				continue
			}
			if _, err := placeOf(ctx, tx, actor.Tenant, *o); errs.KindOf(err) == errs.NotFound {
				return errs.Field("org", i18n.ErrBadChoice)
			} else if err != nil {
				return err
			}
		}
		if in.PlaceID == 0 {
			if in.PlaceID, err = placeOf(ctx, tx, actor.Tenant, in.OrgID); err != nil {
				return err
			}
		}
		made = id.New()
		_, err := tx.Exec(ctx, `INSERT INTO resource (tenant_id, id, kind, title, title_key, detail, skill, org_id, giver, contact, place_id, terms, price, amount, left_over, unit, times, valid_until, entered_by, created_at, listed, valid_from)
			VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$14,$15,$16,$17,$18,$19,$20,$21)`, actor.Tenant, made, in.Kind, in.Title, gram.Key(in.Title), in.Detail, in.Skill, in.OrgID, in.Giver,
			s.ring.Seal("resource", "contact", made, in.Contact), in.PlaceID, in.Terms, in.Price, in.Amount, in.Unit, in.Times, in.ValidUntil.String(), actor.AccountID, db.Micros(tx.Now()), in.Listed, in.ValidFrom.String())
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "exchange.offer", Permission: perm, SubjectKind: "resource", SubjectID: made, OrgID: in.PlaceID, Detail: map[string]any{"kind": in.Kind, "title": in.Title}})
	})
}

// Giver is who gives a resource, and their number.
type Giver struct {
	Title, Name, Phone string
}

// RevealGiver shows the number of who gives a resource of a place or organisation in scope, for a registered purpose (PermReveal). The look is recorded.
func (s *Service) RevealGiver(ctx context.Context, actor authz.Actor, resource id.ID, purpose string) (out Giver, err error) {
	return out, s.look(ctx, actor, purpose, func(tx *db.Tx) (seen audit.Entry, err error) {
		r, err := findResource(ctx, tx, actor.Scope(PermReveal), resource)
		if err != nil {
			return seen, err
		}
		contact, err := db.One(ctx, tx, func(b *[]byte) []any { return []any{b} }, `SELECT u.contact FROM resource u WHERE u.tenant_id = $1 AND u.id = $2`, actor.Tenant, resource)
		if err != nil {
			return seen, err
		}
		if out.Title, out.Name = r.Title, r.Giver; r.Private() {
			out.Name = r.private
		}
		out.Phone, err = s.ring.Open("resource", "contact", resource, contact)
		return audit.Entry{Action: "exchange.giver", SubjectKind: "resource", SubjectID: resource, OrgID: r.PlaceID}, err
	})
}

// Resource gives a resource of a place or organisation in scope, or that is offered to a wider place (PermSee, PermOffer).
func (s *Service) Resource(ctx context.Context, actor authz.Actor, resource id.ID) (Resource, error) {
	a := &db.Args{}
	where := offered(a, actor) + " AND u.id = " + a.Add(resource)
	r, err := db.One(ctx, s.db, (*Resource).dest, "SELECT "+resourceColumns+resourceJoined+where, a.Values()...)
	r.name(actor)
	return r, err
}

// EditResource changes what is said of a resource that has not ended (PermResources at its place, PermOffer for the organisation that gives it). Who gives it, for whom it is and what it is by kind
// stay; a number that is left empty stays too. There is never less of it than is promised already.
func (s *Service) EditResource(ctx context.Context, actor authz.Actor, resource id.ID, in Offer) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		r, err := keepsResource(ctx, tx, actor, resource)
		if err != nil {
			return err
		}
		in.Kind, in.OrgID, in.Giver, in.PlaceID = r.Kind, r.OrgID, r.private, r.PlaceID
		if e := in.check(calendar.DateOf(tx.Now())); e != nil {
			return e
		}
		left := in.Amount
		if r.Amount > 0 { // what is promised of it stays promised
			promised := r.Amount - r.Left
			if left -= promised; left < 0 || in.Amount == 0 && promised > 0 {
				return errs.Field("amount", i18n.ResourcePromised, promised)
			}
		}
		contact, err := db.One(ctx, tx, func(b *[]byte) []any { return []any{b} }, `SELECT u.contact FROM resource u WHERE u.tenant_id = $1 AND u.id = $2`, actor.Tenant, resource)
		if err != nil {
			return err
		}
		if in.Contact != "" {
			contact = s.ring.Seal("resource", "contact", resource, in.Contact)
		}
		if err := tx.Update(ctx, `UPDATE resource SET title = $1, title_key = $2, detail = $3, skill = $4, contact = $5, terms = $6, price = $7, amount = $8, left_over = $9, unit = $10, times = $11, valid_until = $12, listed = $13,
			valid_from = $17, version = version + 1 WHERE tenant_id = $14 AND id = $15 AND version = $16`, in.Title, gram.Key(in.Title), in.Detail, in.Skill, contact, in.Terms, in.Price, in.Amount, left, in.Unit, in.Times, in.ValidUntil.String(),
			in.Listed, actor.Tenant, resource, in.Version, in.ValidFrom.String()); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "exchange.edit_resource", Permission: PermResources, SubjectKind: "resource", SubjectID: resource, OrgID: r.PlaceID,
			Detail: map[string]any{"title": in.Title, "was": r.Title, "amount": in.Amount, "amount_was": r.Amount}})
	})
}

// ListResource says whether everybody reads of a resource on the residents' pages (PermResources at its place, PermOffer for the organisation that gives it).
func (s *Service) ListResource(ctx context.Context, actor authz.Actor, resource id.ID, version int64, listed bool) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		r, err := keepsResource(ctx, tx, actor, resource)
		if err != nil {
			return err
		}
		if err := tx.Update(ctx, `UPDATE resource SET listed = $1, version = version + 1 WHERE tenant_id = $2 AND id = $3 AND version = $4`, listed, actor.Tenant, resource, version); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "exchange.list_resource", Permission: PermResources, SubjectKind: "resource", SubjectID: resource, OrgID: r.PlaceID, Detail: map[string]any{"listed": listed}})
	})
}

// keepsResource reads a resource that has not ended and that the actor keeps.
func keepsResource(ctx context.Context, q db.Querier, actor authz.Actor, resource id.ID) (Resource, error) {
	r, err := findResource(ctx, q, actor.Scope(PermResources).Or(actor.Scope(PermOffer)), resource)
	switch {
	case err != nil:
	case !actor.Scope(PermResources).Covers(r.PlaceID) && !actor.Scope(PermOffer).Covers(r.OrgID):
		err = errs.ErrForbidden
	case r.Ended:
		err = errs.New(errs.Conflict, i18n.ErrConflict)
	}
	return r, err
}

// Listed gives the resources that everybody may read of, the newest first. It is public; who gives one is named where it is an organisation, and no number is. An unknown tenant has none.
func (s *Service) Listed(ctx context.Context, tenant int64, f ResourceFilter) (db.List[Resource], error) {
	a := &db.Args{}
	where := "u.tenant_id = " + a.Add(tenant) + " AND u.listed = TRUE AND u.ended_at = 0 AND (u.amount = 0 OR u.left_over > 0) AND u.valid_until >= " + a.Add(calendar.DateOf(s.db.Now()).String())
	if f.Kind != "" {
		where += " AND u.kind = " + a.Add(string(f.Kind))
	}
	if f.Terms != "" {
		where += " AND u.terms = " + a.Add(string(f.Terms))
	}
	if f.Place != 0 { // for a community what is there for it, its sub-district and the district
		where += " AND EXISTS (SELECT 1 FROM organisation c WHERE c.tenant_id = u.tenant_id AND c.id = " + a.Add(f.Place) + " AND substr(c.path, 1, length(h.path)) = h.path)"
	}
	where += like(a, "u.title_key", "", f.Text)
	page, tail := a.Keyset(f.Page, db.Order{IDColumn: "u.id", Desc: true})
	rows, err := db.All(ctx, s.db, (*Resource).dest, "SELECT "+resourceColumns+resourceJoined+where+page+tail, a.Values()...)
	out := db.Cut(rows, f.Page, func(r Resource) db.Cursor { return db.Cursor{ID: r.ID} })
	for i := range out.Items {
		out.Items[i].HasContact = false // whether there is a number is not for everybody
	}
	return out, err
}

// ListedOne gives one resource that everybody may read of.
func (s *Service) ListedOne(ctx context.Context, tenant int64, resource id.ID) (Resource, error) {
	r, err := db.One(ctx, s.db, (*Resource).dest, "SELECT "+resourceColumns+resourceJoined+"u.tenant_id = $1 AND u.id = $2 AND u.listed = TRUE AND u.ended_at = 0 AND u.valid_until >= $3", tenant, resource,
		calendar.DateOf(s.db.Now()).String())
	r.HasContact = false
	return r, err
}

// EndResource says that a resource is not there any more. What was pledged with it stays.
func (s *Service) EndResource(ctx context.Context, actor authz.Actor, resource id.ID, version int64) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		r, err := keepsResource(ctx, tx, actor, resource)
		if err != nil {
			return err
		}
		if err := tx.Update(ctx, `UPDATE resource SET ended_at = $1, version = version + 1 WHERE tenant_id = $2 AND id = $3 AND version = $4`, db.Micros(tx.Now()), actor.Tenant, resource, version); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "exchange.end_resource", Permission: PermResources, SubjectKind: "resource", SubjectID: resource, OrgID: r.PlaceID})
	})
}

// offered is the condition that a resource is of a place or organisation in scope (PermSee, PermOffer), or is offered to a wider place in which somebody works who sees needs:
// what is there for a whole sub-district is there for its communities.
func offered(a *db.Args, actor authz.Actor) string {
	where := actor.Scope(PermSee).Or(actor.Scope(PermOffer)).Where(a, kept)
	roots := actor.Held(PermSee).Organisations()
	if len(roots) == 0 {
		return where
	}
	return "(" + where + " OR u.tenant_id = " + a.Add(actor.Tenant) + " AND EXISTS (SELECT 1 FROM organisation me WHERE me.tenant_id = u.tenant_id AND " + db.In(a, "me.id", roots) +
		" AND substr(me.path, 1, length(h.path)) = h.path))"
}

func findResource(ctx context.Context, q db.Querier, scope authz.Scope, resource id.ID) (Resource, error) {
	a := &db.Args{}
	where := scope.Where(a, kept) + " AND u.id = " + a.Add(resource)
	return db.One(ctx, q, (*Resource).dest, "SELECT "+resourceColumns+resourceJoined+where, a.Values()...)
}

// ResourceFilter narrows the list of resources; zero fields do not filter.
type ResourceFilter struct {
	Kind  Kind
	Terms Terms
	Place id.ID
	Over  bool // with those that ended or are past their day
	Text  string
	Bare  bool // who gives something of their own is not named, to who keeps it neither: of a list that is carried away
	Page  db.Page
}

// Resources gives the resources of places and organisations in scope, and what is offered to wider places (PermSee, PermOffer), the newest first.
func (s *Service) Resources(ctx context.Context, actor authz.Actor, f ResourceFilter) (db.List[Resource], error) {
	a := &db.Args{}
	where := offered(a, actor)
	if !f.Over {
		where += " AND u.ended_at = 0 AND u.valid_until >= " + a.Add(calendar.DateOf(s.db.Now()).String())
	}
	if f.Kind != "" {
		where += " AND u.kind = " + a.Add(string(f.Kind))
	}
	if f.Terms != "" {
		where += " AND u.terms = " + a.Add(string(f.Terms))
	}
	if f.Place != 0 {
		where += " AND u.place_id = " + a.Add(f.Place)
	}
	where += like(a, "u.title_key", "", f.Text)
	page, tail := a.Keyset(f.Page, db.Order{IDColumn: "u.id", Desc: true})
	rows, err := db.All(ctx, s.db, (*Resource).dest, "SELECT "+resourceColumns+resourceJoined+where+page+tail, a.Values()...)
	for i := range rows {
		if !f.Bare {
			rows[i].name(actor)
		}
	}
	return db.Cut(rows, f.Page, func(r Resource) db.Cursor { return db.Cursor{ID: r.ID} }), err
}

// drawResource lets a pledge have a part of a resource, as long as there is enough.
func drawResource(ctx context.Context, tx *db.Tx, tenant int64, resource id.ID, amount int64) error {
	n, err := tx.Exec(ctx, `UPDATE resource SET left_over = left_over - $1, version = version + 1 WHERE tenant_id = $2 AND id = $3 AND amount > 0 AND left_over >= $1`, amount, tenant, resource)
	if err == nil && n == 0 {
		err = errs.Field("amount", i18n.ExchangeNotEnough)
	}
	return err
}

// Use chooses a resource for a need (PermKeep). An organisation that gives it is asked first (Pledge.ForGiver): until it says yes (Give), it sees nothing of who asked. Somebody who is no
// organisation is called by the community, which agrees at once; their name is nobody's to read until they agree to that too (NameGiver).
func (s *Service) Use(ctx context.Context, actor authz.Actor, wish, resource id.ID, amount int64) (id.ID, error) {
	return s.use(ctx, actor, wish, resource, amount, false)
}

// use chooses a resource; with onlyProposed it must be proposed, and nobody may have decided that.
func (s *Service) use(ctx context.Context, actor authz.Actor, wish, resource id.ID, amount int64, onlyProposed bool) (made id.ID, err error) {
	if amount < 0 || amount > maxUnits {
		return 0, errs.Field("amount", i18n.ErrBadNumber)
	}
	return s.pledge(ctx, actor, PermKeep, wish, NewPledge{}, func(tx *db.Tx, p *Pledge) error {
		r, err := db.One(ctx, tx, (*Resource).dest, "SELECT "+resourceColumns+resourceJoined+"u.tenant_id = $1 AND u.id = $2", actor.Tenant, resource)
		if err != nil {
			return err
		}
		need, err := load(ctx, tx, actor.Tenant, wish)
		if err != nil {
			return err
		}
		path, err := pathOf(ctx, tx, actor.Tenant, need.CommunityID)
		if err != nil {
			return err
		}
		if !strings.HasPrefix(path, r.placePath) || r.placePath == "" { // it is not for them
			return errs.ErrNotFound
		}
		if r.ValidFrom.After(need.DueOn) {
			return errs.Field("resource", i18n.ResourceNotYet, r.ValidFrom.String())
		}
		if r.Ended || r.ValidUntil.Before(calendar.DateOf(tx.Now())) {
			return errs.Field("resource", i18n.ExchangeNotEnough)
		}
		p.OrgID, p.ResourceID = r.OrgID, r.ID
		if r.OrgID == 0 {
			p.State, p.AgreedAt = Agreed, tx.Now()
		}
		if r.Amount > 0 {
			p.Amount = max(1, amount)
		}
		waits, err := decideProposal(ctx, tx, actor, wish, resource, accepted)
		if err == nil && onlyProposed && !waits {
			err = errs.New(errs.Conflict, i18n.WeekDecided)
		}
		return err
	})
}

func pathOf(ctx context.Context, q db.Querier, tenant int64, org id.ID) (string, error) {
	return db.One(ctx, q, func(p *string) []any { return []any{p} }, `SELECT o.path FROM organisation o WHERE o.tenant_id = $1 AND o.id = $2`, tenant, org)
}
