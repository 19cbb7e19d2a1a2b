package figure

import (
	"context"
	"slices"
	"strconv"
	"time"

	"linli/internal/activity"
	"linli/internal/agreement"
	"linli/internal/appointment"
	"linli/internal/authz"
	"linli/internal/casework"
	"linli/internal/cobuild"
	"linli/internal/complaint"
	"linli/internal/db"
	"linli/internal/deed"
	"linli/internal/employment"
	"linli/internal/errs"
	"linli/internal/exchange"
	"linli/internal/id"
	"linli/internal/ledger"
	"linli/internal/meeting"
	"linli/internal/member"
	"linli/internal/organisation"
	"linli/internal/pairing"
	"linli/internal/person"
	"linli/internal/place"
	"linli/internal/project"
	"linli/internal/technician"
	"linli/internal/twonew"
	"linli/internal/volunteer"
)

// Record is one record of a figure.
type Record struct {
	ID        id.ID
	SubjectID id.ID
	PlaceID   id.ID
	Place     string
	Amount    int64
	On        string    // its day, or ""
	At        time.Time // its instant, or zero
	Items     []string  // in the order of the figure's breakdowns
	Label     string    // name of the subject; "" where the actor may not see it
	Opens     bool      // the actor may open the subject
	ord       string
}

func (r *Record) dest(f *Figure) []any {
	r.Items = make([]string, len(f.Dims))
	dest := []any{&r.ID, &r.SubjectID, &r.PlaceID, &r.Amount, &r.On, db.Instant(&r.At)}
	for i := range r.Items {
		dest = append(dest, &r.Items[i])
	}
	if f.Ordered {
		dest = append(dest, &r.ord)
	}
	return dest
}

// Query asks for records.
type Query struct {
	Figure string
	Place  id.ID // 0 for the largest in scope
	Period Period
	Dim    string // only the records of one item of a breakdown
	Item   string
	Page   db.Page
}

// subject says where the names of a kind of subject stand and who may see them. Slips, evaluations and requests belong to neighbours, whose
// permissions are named here by their names; a test of app holds them to the ones that there are.
type subject struct {
	perms []authz.Permission
	names string // gives id and name, to be completed with the tenant and the numbers
}

var subjects = map[Subject]subject{
	Organisation:   {[]authz.Permission{organisation.PermSee}, "SELECT s.id, CASE WHEN s.short_name <> '' THEN s.short_name ELSE s.name END FROM organisation s"},
	Member:         {[]authz.Permission{member.PermSee}, "SELECT s.id, s.name FROM member s"},
	Registration:   {[]authz.Permission{member.PermSee, member.PermAccept}, "SELECT s.id, m.name FROM registration s JOIN member m ON m.tenant_id = s.tenant_id AND m.id = s.member_id"},
	Responsibility: {[]authz.Permission{agreement.PermSee}, "SELECT s.id, s.name FROM responsibility s"},
	Claim:          {[]authz.Permission{agreement.PermSee}, "SELECT s.id, m.name FROM claim s JOIN member m ON m.tenant_id = s.tenant_id AND m.id = s.member_id"},
	Meeting:        {[]authz.Permission{meeting.PermSee}, "SELECT s.id, s.title FROM meeting s"},
	Activity:       {[]authz.Permission{activity.PermBrowse, activity.PermSee}, "SELECT s.id, s.title FROM activity s"},
	Attendance:     {[]authz.Permission{activity.PermSee, activity.PermHold}, "SELECT s.id, a.title FROM attendance s JOIN activity a ON a.tenant_id = s.tenant_id AND a.id = s.activity_id"},
	Appointment:    {[]authz.Permission{appointment.PermSee}, "SELECT s.id, h.name FROM appointment s JOIN person h ON h.tenant_id = s.tenant_id AND h.id = s.person_id"},
	Posting:        {[]authz.Permission{ledger.PermSee}, "SELECT s.id, m.name FROM posting s JOIN member m ON m.tenant_id = s.tenant_id AND m.id = s.member_id"},
	Deed:           {[]authz.Permission{deed.PermSee, deed.PermDecide}, "SELECT s.id, s.title FROM deed s"},
	Slip:           {[]authz.Permission{"feedback.see", "feedback.review"}, "SELECT s.id, u.name FROM slip s JOIN organisation u ON u.tenant_id = s.tenant_id AND u.id = s.unit_id"},
	Evaluation:     {[]authz.Permission{"feedback.see", "feedback.evaluate"}, "SELECT s.id, s.name FROM member s"},
	QuarterArea:    {[]authz.Permission{place.PermSee}, "SELECT s.id, s.name FROM quarter_area s"},
	Grid:           {[]authz.Permission{place.PermSee}, "SELECT s.id, s.name FROM grid s"},
	Building:       {[]authz.Permission{place.PermSee}, "SELECT s.id, s.name FROM building s"},
	Household:      {[]authz.Permission{person.PermSee}, "SELECT s.id, s.address FROM household s"},
	Resident:       {[]authz.Permission{person.PermSee}, "SELECT s.id, s.name FROM person s"},
	Import:         {[]authz.Permission{person.PermImport, member.PermImport, organisation.PermImport, place.PermImport, twonew.PermImport}, "SELECT s.id, s.file_name FROM import s"},
	Complaint:      {[]authz.Permission{complaint.PermAnswer}, ""},
	Request:        {[]authz.Permission{"request.see"}, "SELECT s.id, s.title FROM request s"},
	TwoNew:         {[]authz.Permission{twonew.PermSee}, "SELECT s.id, s.name FROM two_new s"},
	Case:           {[]authz.Permission{casework.PermSee}, "SELECT s.id, CASE WHEN s.confidential OR s.about_id <> 0 THEN '' ELSE s.title END FROM service_case s"},
	Technician:     {[]authz.Permission{technician.PermSee}, "SELECT s.id, s.name FROM technician s"},
	Project:        {[]authz.Permission{project.PermSee}, "SELECT s.id, s.title FROM project s"},
	Cobuild:        {[]authz.Permission{cobuild.PermSee}, "SELECT s.id, s.no FROM cobuild s"},
	Team:           {[]authz.Permission{volunteer.PermSee, volunteer.PermManage}, "SELECT s.id, s.name FROM volunteer_team s"},
	Seeker:         {[]authz.Permission{employment.PermManage}, ""}, // the file records who looks
	Preferential:   {[]authz.Permission{employment.PermManage}, "SELECT s.id, s.number FROM employment_certificate s"},
	Lack:           {[]authz.Permission{exchange.PermSee}, "SELECT s.id, CASE WHEN s.title <> '' THEN s.title ELSE s.no END FROM need s"},
	Resource:       {[]authz.Permission{exchange.PermSee}, "SELECT s.id, s.title FROM resource s"},
	Hardship:       {[]authz.Permission{pairing.PermManage}, ""}, // the household records who looks
	Outlet:         {[]authz.Permission{"outlet.see", "outlet.keep"}, "SELECT s.id, s.name FROM outlet s"},
	Visit:          {[]authz.Permission{"patrol.see"}, ""},
	Form:           {nil, ""},
}

// scope is where the actor may see subjects of the kind.
func (s subject) scope(actor authz.Actor) authz.Scope {
	var scope authz.Scope
	for _, p := range s.perms {
		scope = scope.Or(actor.Scope(p))
	}
	return scope
}

// Records gives the records of a figure at a place, page by page. Their amounts, over all pages, add up to the figure, but for those of cases that the actor does not see
// (LeftOut): they are counted, and which they are is not for them to know.
func (s *Service) Records(ctx context.Context, actor authz.Actor, in Query) (db.List[Record], error) {
	t, q, a, text, err := s.recordsText(ctx, actor, &in, false)
	if err != nil {
		return db.List[Record]{}, err
	}
	order := db.Order{IDColumn: "r.rec_id"}
	if q.Ordered {
		order.Column = "r.ord"
	}
	page, tail := a.Keyset(in.Page, order)
	rows, err := db.All(ctx, s.db, func(r *Record) []any { return r.dest(q.Figure) }, text+page+tail, a.Values()...)
	if err != nil {
		return db.List[Record]{}, err
	}
	list := db.Cut(rows, in.Page, func(r Record) db.Cursor { return db.Cursor{Key: r.ord, ID: r.ID} })
	return list, s.name(ctx, actor, q.Figure, t, list.Items)
}

// chunk is how many records are named at once in an export.
const chunk = 500

// LeftOut is how many records of a figure at a place are counted and not listed, because the actor does not see the cases.
func (s *Service) LeftOut(ctx context.Context, actor authz.Actor, in Query) (int64, error) {
	if f, err := ByID(in.Figure); err != nil || f.Subject != Case {
		return 0, err
	}
	_, _, a, text, err := s.recordsText(ctx, actor, &in, true)
	if err != nil {
		return 0, err
	}
	return db.Value[int64](ctx, s.db, "SELECT count(*) FROM ("+text+") x", a.Values()...)
}

// EachRecord calls fn for every record of a figure at a place that Records lists.
func (s *Service) EachRecord(ctx context.Context, actor authz.Actor, in Query, fn func(Record) error) error {
	t, q, a, text, err := s.recordsText(ctx, actor, &in, false)
	if err != nil {
		return err
	}
	var held []Record
	flush := func() error {
		if err := s.name(ctx, actor, q.Figure, t, held); err != nil {
			return err
		}
		for _, r := range held {
			if err := fn(r); err != nil {
				return err
			}
		}
		held = held[:0]
		return nil
	}
	order := " ORDER BY r.rec_id"
	if q.Ordered {
		order = " ORDER BY r.ord, r.rec_id"
	}
	err = db.Each(ctx, s.db, func(r *Record) []any { return r.dest(q.Figure) }, func(r Record) error {
		if held = append(held, r); len(held) == chunk {
			return flush()
		}
		return nil
	}, text+order, a.Values()...)
	if err != nil {
		return err
	}
	return flush()
}

// recordsText is the statement of the records that a query asks for, within the actor's scope, without order and page: of cases those that the
// actor sees, or those that they do not (hidden).
func (s *Service) recordsText(ctx context.Context, actor authz.Actor, in *Query, hidden bool) (*tree, question, *db.Args, string, error) {
	t, p, q, err := s.ask(ctx, actor, in.Figure, in.Place, in.Period)
	if err != nil {
		return nil, q, nil, "", err
	}
	if q.SQL == "" {
		return nil, q, nil, "", errs.ErrNotFound
	}
	in.Place = p.ID
	a := &db.Args{}
	text := "SELECT r.rec_id, r.subject_id, r.place_id, r.amount, r.on_date, r.at" + q.columns()
	if q.Ordered {
		text += ", r.ord"
	}
	text += " FROM (" + q.text(a, p.level()) + ") r WHERE " + q.here(t, p)(a)
	if in.Dim != "" {
		d, ok := q.dim(in.Dim)
		if !ok {
			return nil, q, nil, "", errs.ErrNotFound
		}
		text += " AND r.d_" + d.Key + " = " + a.Add(in.Item)
	}
	if q.Subject == Case {
		not := ""
		if hidden {
			not = "NOT "
		}
		text += " AND " + not + "EXISTS (SELECT 1 FROM service_case c WHERE c.id = r.subject_id AND " + casework.Seen(a, actor, today(s.db)) + ")"
	}
	return t, q, a, text, nil
}

// name fills in the names of places and subjects that the actor may see, with one query.
func (s *Service) name(ctx context.Context, actor authz.Actor, f *Figure, t *tree, list []Record) error {
	sub := subjects[f.Subject]
	scope := sub.scope(actor)
	var ids []id.ID
	for i := range list {
		r := &list[i]
		r.Place = t.byID[r.PlaceID].Name
		if r.SubjectID != 0 && (scope.All() || scope.Covers(r.PlaceID) || (r.PlaceID == 0 && f.Distinct && !scope.Empty())) {
			r.Opens = true
			ids = append(ids, r.SubjectID)
		}
		if f.Subject == Form {
			r.Label = r.Items[0]
		}
	}
	if len(ids) == 0 || sub.names == "" {
		return nil
	}
	slices.Sort(ids)
	a := &db.Args{}
	type named struct {
		id   id.ID
		name string
	}
	names := map[id.ID]string{}
	err := db.Each(ctx, s.db, func(n *named) []any { return []any{&n.id, &n.name} }, func(n named) error {
		names[n.id] = n.name
		return nil
	}, sub.names+" WHERE s.tenant_id = "+a.Add(actor.Tenant)+" AND "+db.In(a, "s.id", slices.Compact(ids)), a.Values()...)
	for i := range list {
		if list[i].Opens && names[list[i].SubjectID] != "" {
			list[i].Label = names[list[i].SubjectID]
		} else if f.Subject == Case { // whom it is about, and who sees no confidential cases, count it and open nothing
			list[i].Opens = false
		}
	}
	return err
}

// Day is the day of the record in words, "" where it has none.
func (r Record) Day() string {
	if r.On != "" {
		return r.On
	}
	if r.At.IsZero() {
		return ""
	}
	return dayOf(r.At)
}

// Number is the record's number in its list.
func (r Record) Number() string { return strconv.FormatInt(int64(r.ID), 10) }

// Opening are the permissions by which the subjects of figures are opened, any of them for each kind.
func Opening() map[Subject][]authz.Permission {
	m := map[Subject][]authz.Permission{}
	for k, s := range subjects {
		m[k] = s.perms
	}
	return m
}
