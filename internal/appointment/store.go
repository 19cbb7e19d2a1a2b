package appointment

import (
	"context"
	"strings"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/organisation"
	"linli/internal/reference"
)

const columns = `t.id, t.organisation_id, t.person_id, t.post, t.title, t.way, t.origin, t.from_on, t.term_ends_on, t.document, t.ended_on, t.end_reason,
	t.end_document, t.version`

func (a *Appointment) dest() []any {
	return []any{&a.ID, &a.OrganisationID, &a.PersonID, &a.Post, &a.Title, &a.Way, &a.Origin, &a.FromOn, &a.TermEndsOn, &a.Document, &a.EndedOn, &a.EndReason,
		&a.EndDocument, &a.Version}
}

var owners = authz.Columns{Tenant: "t.tenant_id", Orgs: []string{"t.organisation_id"}}

func find(ctx context.Context, q db.Querier, scope authz.Scope, appointment id.ID) (Appointment, error) {
	a := &db.Args{}
	return db.One(ctx, q, (*Appointment).dest, "SELECT "+columns+" FROM appointment t WHERE "+scope.Where(a, owners)+" AND t.id = "+a.Add(appointment), a.Values()...)
}

// loadOrg reads an organisation of the tenant; the caller has checked the scope.
func loadOrg(ctx context.Context, q db.Querier, tenant int64, organisation id.ID) (org, error) {
	return db.One(ctx, q, func(o *org) []any { return []any{&o.ID, &o.Kind, &o.Name, &o.EstablishedOn, &o.DissolvedOn} },
		"SELECT o.id, o.kind, "+reference.Label("o")+", o.established_on, o.dissolved_on FROM organisation o WHERE o.tenant_id = $1 AND o.id = $2", tenant, organisation)
}

func insert(ctx context.Context, tx *db.Tx, actor authz.Actor, a Appointment) error {
	_, err := tx.Exec(ctx, `INSERT INTO appointment (tenant_id, id, organisation_id, post, post_rank, sole, title, person_id, way, origin, from_on, term_ends_on,
		document, created_by, created_at, updated_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$15)`, actor.Tenant, a.ID, a.OrganisationID, a.Post,
		posts[a.Post].rank, a.Post.Sole(), a.Title, a.PersonID, a.Way, a.Origin, a.FromOn, a.TermEndsOn, a.Document, actor.AccountID, db.Micros(tx.Now()))
	return twice(a, err)
}

func save(ctx context.Context, tx *db.Tx, tenant int64, a Appointment) error {
	return twice(a, tx.Update(ctx, `UPDATE appointment SET post = $1, post_rank = $2, sole = $3, title = $4, way = $5, origin = $6, from_on = $7, term_ends_on = $8,
		document = $9, ended_on = $10, end_reason = $11, end_document = $12, updated_at = $13, version = version + 1 WHERE tenant_id = $14 AND id = $15 AND version = $16`,
		a.Post, posts[a.Post].rank, a.Post.Sole(), a.Title, a.Way, a.Origin, a.FromOn, a.TermEndsOn, a.Document, a.EndedOn, a.EndReason, a.EndDocument,
		db.Micros(tx.Now()), tenant, a.ID, a.Version))
}

// twice says in words what the indexes refuse when two people enter the same post at once.
func twice(a Appointment, err error) error {
	if !db.IsUnique(err) {
		return err
	}
	if a.Post.Sole() {
		return errs.Field("post", i18n.PostTakenNow, a.Post.Text()).Because(err)
	}
	return errs.Field("person_id", i18n.PostHeldAlready, a.Post.Text()).Because(err)
}

// overlap finds who holds the same post in a part of the same time: anybody for a sole post, else the same person; "" for nobody.
func overlap(ctx context.Context, q db.Querier, tenant int64, a Appointment) (name string, from calendar.Date, err error) {
	type other struct {
		name string
		from calendar.Date
	}
	args := &db.Args{}
	query := `SELECT p.name, t.from_on FROM appointment t LEFT JOIN person p ON p.tenant_id = t.tenant_id AND p.id = t.person_id WHERE t.tenant_id = ` + args.Add(tenant) +
		" AND t.organisation_id = " + args.Add(a.OrganisationID) + " AND t.post = " + args.Add(a.Post) + " AND t.id <> " + args.Add(a.ID) +
		" AND (t.ended_on = '' OR t.ended_on > " + args.Add(a.FromOn) + ")"
	if !a.EndedOn.IsZero() {
		query += " AND t.from_on < " + args.Add(a.EndedOn)
	}
	if !a.Post.Sole() {
		query += " AND t.person_id = " + args.Add(a.PersonID)
	}
	o, err := db.One(ctx, q, func(o *other) []any { return []any{&o.name, &o.from} }, query+" ORDER BY t.from_on, t.id LIMIT 1", args.Values()...)
	if errs.KindOf(err) == errs.NotFound {
		return "", o.from, nil
	}
	return o.name, o.from, err
}

// Filter narrows the list of appointments; zero fields do not filter.
type Filter struct {
	Text           string // of the name of the holder or of the organisation
	OrganisationID id.ID  // this and everything below it
	Only           bool   // of OrganisationID: not what is below it
	PersonID       id.ID
	Kind           organisation.Kind
	Post           Post
	Origin         Origin
	Band           Band // of age on the day
	Schooling      Schooling
	Women          bool
	Shoulder       bool          // secretaries who also direct the residents' committee
	Cross          bool          // who holds posts on both sides
	TermBy         calendar.Date // the term ends by then
	Ended          bool          // those that ended, instead of those held
	On             calendar.Date // the day; zero for today
	Page           db.Page
}

// Band is a band of ages.
type Band string

// The bands.
const (
	Under35 Band = "u35"
	From35  Band = "35-45"
	From46  Band = "46-55"
	Over55  Band = "o55"
)

// Bands lists the bands.
func Bands() []Band { return []Band{Under35, From35, From46, Over55} }

// years are the ages of a band: from, and below which.
var years = map[Band][2]int{Under35: {0, 35}, From35: {35, 46}, From46: {46, 56}, Over55: {56, 200}}

// Text names the band.
func (b Band) Text() i18n.Text {
	return map[Band]i18n.Text{Under35: i18n.PostUnder35, From35: i18n.Post35, From46: i18n.Post46, Over55: i18n.PostOver55}[b]
}

// Schooling is a group of levels of schooling (CODE-33).
type Schooling string

// The groups.
const (
	College    Schooling = "college" // junior college and above
	SeniorHigh Schooling = "senior"  // senior high school, secondary vocational
	Lower      Schooling = "lower"
	NotKnown   Schooling = "unknown"
)

// Schoolings lists the groups.
func Schoolings() []Schooling { return []Schooling{College, SeniorHigh, Lower, NotKnown} }

// Text names the group.
func (s Schooling) Text() i18n.Text {
	return map[Schooling]i18n.Text{College: i18n.PostCollege, SeniorHigh: i18n.PostSenior, Lower: i18n.PostLower, NotKnown: i18n.PostNotKnown}[s]
}

var schooled = map[Schooling]string{College: "p.schooling >= '1' AND p.schooling < '4'", SeniorHigh: "p.schooling >= '4' AND p.schooling < '7'",
	Lower: "p.schooling >= '7'", NotKnown: "coalesce(p.schooling, '') = ''"}

// born gives the days of birth of a band on a day: from, and before which.
func (b Band) born(on calendar.Date) (from, until calendar.Date) {
	y := years[b]
	return on.AddYears(-y[1]).AddDays(1), on.AddYears(-y[0]).AddDays(1)
}

// Somebody leads on both sides when the organisation of the other appointment is the residents' committee below the community, or the other way round.
const (
	bothSides = ` JOIN organisation bo ON bo.tenant_id = b.tenant_id AND bo.id = b.organisation_id WHERE b.tenant_id = t.tenant_id AND b.person_id = t.person_id
		AND (o.kind = 'community_party' AND bo.kind = 'residents_committee' AND bo.parent_id = o.id OR
			o.kind = 'residents_committee' AND bo.kind = 'community_party' AND o.parent_id = bo.id)`
	tables = ` FROM appointment t JOIN organisation o ON o.tenant_id = t.tenant_id AND o.id = t.organisation_id
		LEFT JOIN person p ON p.tenant_id = t.tenant_id AND p.id = t.person_id`
)

// held says that an appointment is held on a day.
func held(a *db.Args, alias string, on calendar.Date) string {
	d := a.Add(on)
	return alias + ".from_on <= " + d + " AND (" + alias + ".ended_on = '' OR " + alias + ".ended_on > " + d + ")"
}

func (f Filter) where(a *db.Args, scope authz.Scope) string {
	w := scope.Where(a, owners)
	if f.Ended {
		w += " AND t.ended_on <> '' AND t.ended_on <= " + a.Add(f.On)
	} else {
		w += " AND " + held(a, "t", f.On)
	}
	if s := strings.TrimSpace(f.Text); s != "" {
		l := a.Add(gram.Query(s).Like())
		w += " AND (p.name LIKE " + l + " ESCAPE '!' OR o.name LIKE " + l + " ESCAPE '!' OR o.short_name LIKE " + l + " ESCAPE '!')"
	}
	switch {
	case f.OrganisationID != 0 && f.Only:
		w += " AND t.organisation_id = " + a.Add(f.OrganisationID)
	case f.OrganisationID != 0:
		w += " AND EXISTS (SELECT 1 FROM organisation x WHERE x.tenant_id = o.tenant_id AND x.id = " + a.Add(f.OrganisationID) + " AND substr(o.path, 1, length(x.path)) = x.path)"
	}
	if f.PersonID != 0 {
		w += " AND t.person_id = " + a.Add(f.PersonID)
	}
	for _, c := range [][2]string{{"o.kind", string(f.Kind)}, {"t.post", string(f.Post)}, {"t.origin", string(f.Origin)}} {
		if c[1] != "" {
			w += " AND " + c[0] + " = " + a.Add(c[1])
		}
	}
	if f.Band.Text() != (i18n.Text{}) {
		from, until := f.Band.born(f.On)
		w += " AND p.born_on >= " + a.Add(from) + " AND p.born_on < " + a.Add(until)
	}
	if s := schooled[f.Schooling]; s != "" {
		w += " AND " + s
	}
	if f.Women {
		w += " AND p.sex = '2'"
	}
	if f.Shoulder {
		w += " AND t.post = 'secretary' AND EXISTS (SELECT 1 FROM appointment b" + bothSides + " AND b.post = 'director' AND " + held(a, "b", f.On) + ")"
	}
	if f.Cross {
		w += " AND EXISTS (SELECT 1 FROM appointment b" + bothSides + " AND " + held(a, "b", f.On) + ")"
	}
	if !f.TermBy.IsZero() {
		w += " AND t.term_ends_on <> '' AND t.term_ends_on <= " + a.Add(f.TermBy)
	}
	return w
}

// like narrows to organisations by a part of their name.
func like(a *db.Args, text string) string {
	l := a.Add(gram.Query(strings.TrimSpace(text)).Like())
	return " AND (o.name LIKE " + l + " ESCAPE '!' OR o.short_name LIKE " + l + " ESCAPE '!')"
}

// Item is an appointment with the names around it.
type Item struct {
	Appointment
	Organisation string
	Kind         organisation.Kind
	Above        string // the superior of the organisation
	Name         string
	Sex          string
	BornOn       calendar.Date
	SchoolCode   string
	key          string
}

// Called is what the post is called.
func (i Item) Called() i18n.Text {
	if i.Title != "" {
		return i18n.Verbatim(i.Title)
	}
	return i.Post.Text()
}

// Age is the age in full years on a day.
func (i Item) Age(on calendar.Date) int {
	return i.BornOn.YearsUntil(on)
}

func (i *Item) dest() []any {
	return append(i.Appointment.dest(), &i.Organisation, &i.Kind, &i.Above, &i.Name, &i.Sex, &i.BornOn, &i.SchoolCode, &i.key)
}

// ordered is the order of a list: by organisation, there by post.
const ordered = "o.name_key || ' ' || t.post_rank"

var itemColumns = columns + ", " + reference.Label("o") + ", o.kind, " + reference.Label("up") + ", coalesce(p.name, ''), coalesce(p.sex, '0'), coalesce(p.born_on, ''), coalesce(p.schooling, ''), " + ordered +
	tables + " LEFT JOIN organisation up ON up.tenant_id = o.tenant_id AND up.id = o.parent_id WHERE "

func list(ctx context.Context, q db.Querier, scope authz.Scope, f Filter) (db.List[Item], error) {
	a := &db.Args{}
	where := f.where(a, scope)
	page, tail := a.Keyset(f.Page, db.Order{Column: ordered, IDColumn: "t.id"})
	rows, err := db.All(ctx, q, (*Item).dest, "SELECT "+itemColumns+where+page+tail, a.Values()...)
	if err != nil {
		return db.List[Item]{}, err
	}
	return db.Cut(rows, f.Page, func(i Item) db.Cursor { return db.Cursor{Key: i.key, ID: i.ID} }), nil
}

// roster are all who hold or held a post of one organisation, bounded.
func roster(ctx context.Context, q db.Querier, tenant int64, organisation id.ID, on calendar.Date, ended bool) ([]Item, error) {
	a := &db.Args{}
	w := "t.tenant_id = " + a.Add(tenant) + " AND t.organisation_id = " + a.Add(organisation)
	if ended {
		w += " AND t.ended_on <> '' AND t.ended_on <= " + a.Add(on) + " ORDER BY t.ended_on DESC, t.id LIMIT 50"
	} else {
		w += " AND " + held(a, "t", on) + " ORDER BY t.post_rank, t.from_on, t.id LIMIT 100"
	}
	return db.All(ctx, q, (*Item).dest, "SELECT "+itemColumns+w, a.Values()...)
}
