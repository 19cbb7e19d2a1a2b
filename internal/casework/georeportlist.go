package casework

import (
	"context"
	"slices"
	"strconv"
	"time"

	"linli/internal/attach"
	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
)

// Shown is a case as it is shown to other systems. What its reporter said and was told is filled in for the system that sent it alone; it never names anybody.
type Shown struct {
	ID         id.ID
	No         string
	Offer      string // code of what it is about
	Name       i18n.Text
	Open       bool  // the work is not over
	State      State // where it stands; of a double that of the case that it is the same as
	Outcome    Outcome
	Same       string // number of that case, where it is shown too; SameAs says that there is one
	SameAs     bool
	Org        string
	Community  string
	BuildingID id.ID
	X, Y       int64 // 0 where unknown
	ReceivedAt time.Time
	UpdatedAt  time.Time // of one that is over: when that was
	DueAt      time.Time
	DoneAt     time.Time
	Own        bool // it was sent by who asks

	Body, Place, Result, Next string // own cases alone
	Files                     []attach.File
	Steps                     []ShownStep // where asked for
}

// ShownStep is a step of a case as it is shown to other systems: the words for the system that sent it alone.
type ShownStep struct {
	ID    id.ID
	Act   Act
	Open  bool // the work was not over
	Words string
	At    time.Time
	No    string // of the case
}

// ShownFilter narrows what is shown; zero fields do not filter.
type ShownFilter struct {
	Nos          []string // these alone, whenever they came in
	Offers       []string
	From, To     time.Time // of when it came in (of steps: when they were taken), both included
	Open, Closed bool
	Steps        bool      // with their steps
	Limit        int       // MostShown if 0
	Skip         int       // rows
	After        db.Cursor // rows behind this one
}

// MostShown and MostSkipped bound one answer.
const (
	MostShown   = 1000
	MostSkipped = 10_000
)

func (f ShownFilter) limit() int {
	if f.Limit <= 0 || f.Limit > MostShown {
		return MostShown
	}
	return f.Limit
}

type shownRow struct {
	Shown
	kind         string
	itemID       id.ID
	name, nameEN string
	kName, kEN   string
	mainID       id.ID
	mainNo       string
	mainShown    bool
	state        State
	body, place  []byte
	result       []byte
	updated      time.Time
}

// standing is a column of the case where a double stands: of the case that it is the same as.
func standing(column string) string {
	return "CASE WHEN g.id IS NULL THEN c." + column + " ELSE g." + column + " END"
}

var shownColumns = `c.id, c.no, c.kind_code, coalesce(k.name, ''), coalesce(k.name_en, ''), c.item_id, coalesce(i.name, ''), coalesce(i.name_en, ''), ` +
	standing("state") + ", " + standing("outcome") + `, coalesce(g.id, 0), coalesce(g.no, ''), ` + reference.Label("o") + ", " + reference.Label("m") + `, c.building_id, c.x, c.y, c.received_at, ` +
	standing("updated_at") + ", " + standing("due_at") + ", " + standing("done_at") + ", c.body, c.place, " + standing("result") + ", " + standing("address")

const shownJoined = ` FROM service_case c
	JOIN case_kind k ON k.tenant_id = c.tenant_id AND k.code = c.kind_code
	LEFT JOIN catalogue_item i ON i.tenant_id = c.tenant_id AND i.id = c.item_id
	LEFT JOIN service_case g ON g.tenant_id = c.tenant_id AND g.id = c.merged_id AND c.merged_id <> 0 AND g.kind_code IN (SELECT z.code FROM case_kind z WHERE z.tenant_id = c.tenant_id AND (z.georeport = 'public' OR z.georeport = k.georeport) AND z.confidential = FALSE)
		AND (g.item_id = 0 OR g.item_id IN (SELECT y.id FROM catalogue_item y WHERE y.tenant_id = c.tenant_id AND y.public = TRUE))
	LEFT JOIN organisation o ON o.tenant_id = c.tenant_id AND o.id = CASE WHEN g.id IS NULL THEN c.org_id ELSE g.org_id END
	LEFT JOIN organisation m ON m.tenant_id = c.tenant_id AND m.id = c.community_id
	WHERE `

func (r *shownRow) dest() []any {
	return []any{&r.ID, &r.No, &r.kind, &r.kName, &r.kEN, &r.itemID, &r.name, &r.nameEN, &r.State, &r.Outcome, &r.mainID, &r.mainNo, &r.Org, &r.Community, &r.BuildingID, &r.X, &r.Y,
		db.Instant(&r.ReceivedAt), db.Instant(&r.UpdatedAt), db.Instant(&r.DueAt), db.Instant(&r.DoneAt), &r.body, &r.place, &r.result, &r.Next, &r.Own}
}

// client is the account of a system that sends cases in, 0 for anybody.
func client(actor authz.Actor) id.ID {
	if actor.Can(PermConnect) {
		return actor.AccountID
	}
	return 0
}

// ownCase says of a case that the system that asks sent it.
func ownCase(a *db.Args, actor authz.Actor) string {
	who := client(actor)
	if who == 0 {
		return "1 = 0"
	}
	return "(c.entered_by = " + a.Add(who) + " AND c.channel = 'other')"
}

// flag is a condition as a column.
func flag(condition string) string { return "CASE WHEN " + condition + " THEN TRUE ELSE FALSE END" }

// decimalOf reads the key of a cursor; a spoilt one is the beginning.
func decimalOf(key string) int64 {
	n, _ := strconv.ParseInt(key, 10, 64)
	return n
}

// shown is the condition that a case is shown to other systems: its kind is public, or open and sent by who asks. What is confidential, about an organisation, or
// of a category that residents do not choose is not.
func shown(a *db.Args, actor authz.Actor) string {
	return "c.tenant_id = " + a.Add(actor.Tenant) + " AND c.confidential = FALSE AND k.confidential = FALSE AND c.about_id = 0 AND (c.item_id = 0 OR i.public = TRUE) AND (k.georeport = 'public' AND k.by_technician = FALSE OR k.georeport <> '' AND " +
		ownCase(a, actor) + ")"
}

// shownWhere is shown with the filter; time is the column that From and To are of.
func shownWhere(a *db.Args, actor authz.Actor, f ShownFilter, at string) string {
	w := shown(a, actor)
	if len(f.Nos) > 0 {
		return w + " AND " + db.In(a, "c.no", f.Nos)
	}
	if !f.From.IsZero() {
		w += " AND " + at + " >= " + a.Add(db.Micros(f.From))
	}
	if !f.To.IsZero() {
		w += " AND " + at + " <= " + a.Add(db.Micros(f.To))
	}
	if f.Open != f.Closed {
		w += " AND " + standing("state") + map[bool]string{true: " NOT", false: ""}[f.Open] + " IN ('done', 'closed', 'merged')"
	}
	if f.Offers != nil {
		any := "1 = 0"
		for _, o := range f.Offers {
			if kind, item, ok := parseOffer(o); ok {
				any += " OR c.kind_code = " + a.Add(kind) + " AND c.item_id = " + a.Add(item)
			}
		}
		w += " AND (" + any + ")"
	}
	return w
}

// PublicCases gives what is shown to other systems, the newest first: cases of public kinds, and those that the system that asks sent in (PermConnect). Whoever
// asks without it gets what is public. That a system read words that it had sent is recorded.
func (s *Service) PublicCases(ctx context.Context, actor authz.Actor, f ShownFilter) (db.List[Shown], error) {
	a := &db.Args{}
	mine := flag(ownCase(a, actor))
	where := shownWhere(a, actor, f, "c.received_at")
	if f.After.ID != 0 {
		where += " AND (c.received_at, c.id) < (" + a.Add(decimalOf(f.After.Key)) + ", " + a.Add(f.After.ID) + ")"
	}
	out := db.List[Shown]{}
	if err := s.db.View(ctx, func(tx *db.Tx) error {
		rows, err := db.All(ctx, tx, (*shownRow).dest, "SELECT "+shownColumns+", "+mine+shownJoined+where+" ORDER BY c.received_at DESC, c.id DESC LIMIT "+a.Add(f.limit()+1)+" OFFSET "+a.Add(min(f.Skip, MostSkipped)),
			a.Values()...)
		if err != nil {
			return err
		}
		if len(rows) > f.limit() {
			rows = rows[:f.limit()]
			last := rows[len(rows)-1]
			out.Next = db.Cursor{Key: decimal(db.Micros(last.ReceivedAt)), ID: last.ID}.String()
		}
		out.Items, err = s.show(ctx, tx, actor, rows, f.Steps)
		return err
	}); err != nil {
		return db.List[Shown]{}, err
	}
	own := 0
	for _, c := range out.Items {
		if c.Body != "" {
			own++
		}
	}
	return out, s.toldOwn(ctx, actor, own)
}

// toldOwn records that a system read the words of so many cases that it had sent, or of so many of their steps.
func (s *Service) toldOwn(ctx context.Context, actor authz.Actor, n int) error {
	if n == 0 {
		return nil
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "casework.read", Permission: PermConnect, SubjectKind: "service_case", Purpose: purposeOfLook, Detail: map[string]any{"own": n}})
	})
}

// PublicCase gives one case that is shown to who asks, with its steps where they are asked for.
func (s *Service) PublicCase(ctx context.Context, actor authz.Actor, no string, steps bool) (Shown, error) {
	l, err := s.PublicCases(ctx, actor, ShownFilter{Nos: []string{no}, Steps: steps})
	if err == nil && len(l.Items) != 1 {
		err = errs.New(errs.NotFound, i18n.GeoreportNoRequest)
	}
	if err != nil {
		return Shown{}, err
	}
	return l.Items[0], nil
}

// show opens what is the asking system's own, and adds files and steps, each in one query.
func (s *Service) show(ctx context.Context, q db.Querier, actor authz.Actor, rows []shownRow, steps bool) ([]Shown, error) {
	out := make([]Shown, len(rows))
	var own []id.ID
	var mains []string
	for i := range rows {
		r := &rows[i]
		c := &r.Shown
		c.Offer, c.Name, c.Open, c.SameAs = offerCode(r.kind, r.itemID), i18n.Both(r.name, r.nameEN), r.State.Open(), r.mainID != 0 || r.State == Merged
		if r.State == Merged { // the other one is not shown to who asks: for them it ends here
			c.DoneAt = c.UpdatedAt
		}
		if r.itemID == 0 {
			c.Name = i18n.Both(r.kName, r.kEN)
		}
		if !c.Open && !c.DoneAt.IsZero() {
			c.UpdatedAt = c.DoneAt
		}
		if c.SameAs {
			mains = append(mains, r.mainNo)
		}
		if !c.Own {
			c.Next, c.BuildingID = "", 0
			continue
		}
		own = append(own, r.ID)
		if err := s.openShown(r); err != nil {
			return nil, err
		}
	}
	known, err := s.alsoShown(ctx, q, actor, mains)
	if err != nil {
		return nil, err
	}
	files, err := attach.ListOf(ctx, q, actor.Tenant, filesOf(0).Kind, own)
	if err != nil {
		return nil, err
	}
	for c, list := range files { // what others added, such as a technician at the home, is not given back
		files[c] = slices.DeleteFunc(list, func(f attach.File) bool { return f.AccountID != actor.AccountID })
	}
	var taken map[id.ID][]ShownStep
	if steps {
		if taken, err = s.shownSteps(ctx, q, actor, rows); err != nil {
			return nil, err
		}
	}
	for i := range rows {
		c := &rows[i].Shown
		if known[rows[i].mainNo] {
			c.Same = rows[i].mainNo
		}
		c.Files, c.Steps = files[c.ID], taken[c.ID]
		out[i] = *c
	}
	return out, nil
}

// openShown opens the words of a case for the system that sent it.
func (s *Service) openShown(r *shownRow) (err error) {
	if r.Body, err = s.ring.Open("service_case", "body", r.ID, r.body); err != nil {
		return err
	}
	if r.Place, err = s.ring.Open("service_case", "place", r.ID, r.place); err != nil {
		return err
	}
	of := r.ID
	if r.mainID != 0 {
		of = r.mainID
	}
	r.Result, err = s.ring.Open("service_case", "result", of, r.result)
	return err
}

// IsShown says whether the case of a number is shown to who asks; nothing of it is read.
func (s *Service) IsShown(ctx context.Context, actor authz.Actor, no string) (bool, error) {
	known, err := s.alsoShown(ctx, s.db, actor, []string{no})
	return known[no], err
}

// alsoShown says which of some numbers are of cases that are shown to who asks.
func (s *Service) alsoShown(ctx context.Context, q db.Querier, actor authz.Actor, nos []string) (map[string]bool, error) {
	out := map[string]bool{}
	if len(nos) == 0 {
		return out, nil
	}
	a := &db.Args{}
	list, err := db.Column[string](ctx, q, "SELECT c.no"+shownJoined+shown(a, actor)+" AND "+db.In(a, "c.no", nos), a.Values()...)
	for _, no := range list {
		out[no] = true
	}
	return out, err
}

type stepRow struct {
	ShownStep
	of     id.ID
	words  []byte
	public bool
	source id.ID
	own    bool
	state  State
}

const stepColumns = "e.id, e.case_id, e.act, e.state, e.words, e.open_to_all, e.source_id, e.at"

func (r *stepRow) dest() []any {
	return []any{&r.ID, &r.of, &r.Act, &r.state, &r.words, &r.public, &r.source, db.Instant(&r.At)}
}

// told are the acts of which others than the staff are told.
var told = func() (out []string) {
	for a := range from {
		if a.toResident() && !jobActs[a] && a != ActNumber { // who goes to whose home is between them
			out = append(out, string(a))
		}
	}
	out = append(out, string(ActReport), string(ActRateLate))
	slices.Sort(out)
	return slices.Compact(out)
}()

// say fills in what is shown of a step: the words where they are told to who reported this case, and the asking system sent it.
func (s *Service) say(r *stepRow) (err error) {
	r.ShownStep.Open = r.state.Open() || r.state == Merged
	if r.own && r.public && (r.source == 0 || r.source == r.of) {
		r.Words, err = s.ring.Open("case_entry", "words", r.ID, r.words)
	}
	return err
}

// mostSteps bounds the steps of one answer.
const mostSteps = 20_000

// shownSteps gives the steps of cases, the oldest first.
func (s *Service) shownSteps(ctx context.Context, q db.Querier, actor authz.Actor, rows []shownRow) (map[id.ID][]ShownStep, error) {
	out, of := map[id.ID][]ShownStep{}, map[id.ID]*shownRow{}
	ids := make([]id.ID, len(rows))
	for i := range rows {
		ids[i], of[rows[i].ID] = rows[i].ID, &rows[i]
	}
	if len(ids) == 0 {
		return out, nil
	}
	a := &db.Args{}
	list, err := db.All(ctx, q, (*stepRow).dest, "SELECT "+stepColumns+" FROM case_entry e WHERE e.tenant_id = "+a.Add(actor.Tenant)+" AND "+db.In(a, "e.case_id", ids)+" AND "+db.In(a, "e.act", told)+
		" ORDER BY e.at, e.id LIMIT "+a.Add(mostSteps), a.Values()...)
	if err != nil {
		return nil, err
	}
	for i := range list {
		r := &list[i]
		r.own, r.No = of[r.of].Own, of[r.of].No
		if err := s.say(r); err != nil {
			return nil, err
		}
		out[r.of] = append(out[r.of], r.ShownStep)
	}
	return out, nil
}

// PublicSteps gives the steps of cases that are shown to who asks, in the order in which they were taken.
func (s *Service) PublicSteps(ctx context.Context, actor authz.Actor, f ShownFilter) (db.List[ShownStep], error) {
	a := &db.Args{}
	own := flag(ownCase(a, actor))
	where := shownWhere(a, actor, f, "e.at") + " AND " + db.In(a, "e.act", told)
	if f.After.ID != 0 {
		where += " AND (e.at, e.id) > (" + a.Add(decimalOf(f.After.Key)) + ", " + a.Add(f.After.ID) + ")"
	}
	rows, err := db.All(ctx, s.db, func(r *stepRow) []any { return append(r.dest(), &r.No, &r.own) },
		"SELECT "+stepColumns+", c.no, "+own+" FROM case_entry e JOIN service_case c ON c.tenant_id = e.tenant_id AND c.id = e.case_id"+shownJoined[len(" FROM service_case c"):]+where+
			" ORDER BY e.at, e.id LIMIT "+a.Add(f.limit()+1)+" OFFSET "+a.Add(min(f.Skip, MostSkipped)), a.Values()...)
	out := db.List[ShownStep]{}
	if err != nil {
		return out, err
	}
	if len(rows) > f.limit() {
		rows = rows[:f.limit()]
		last := rows[len(rows)-1]
		out.Next = db.Cursor{Key: decimal(db.Micros(last.At)), ID: last.ID}.String()
	}
	said := 0
	for i := range rows {
		if err := s.say(&rows[i]); err != nil {
			return out, err
		}
		if rows[i].Words != "" {
			said++
		}
		out.Items = append(out.Items, rows[i].ShownStep)
	}
	return out, s.toldOwn(ctx, actor, said)
}

// PublicFile gives a photograph of a case to the system that sent it (PermConnect); the look is recorded.
func (s *Service) PublicFile(ctx context.Context, actor authz.Actor, no string, file id.ID) (f attach.File, content []byte, err error) {
	return f, content, s.db.WithTx(ctx, func(tx *db.Tx) error {
		a := &db.Args{}
		type found struct{ id, person, org id.ID }
		c, err := db.One(ctx, tx, func(c *found) []any { return []any{&c.id, &c.person, &c.org} },
			"SELECT c.id, c.person_id, c.org_id"+shownJoined+shown(a, actor)+" AND c.no = "+a.Add(no)+" AND "+ownCase(a, actor), a.Values()...)
		if err != nil {
			return err
		}
		f, content, err = s.files.Look(ctx, tx, actor, filesOf(c.id), file, false, audit.Entry{Action: "casework.file_own", Permission: PermConnect, PersonID: c.person, OrgID: c.org, Purpose: purposeOfLook})
		if err == nil && f.AccountID != actor.AccountID {
			return errs.ErrNotFound
		}
		return err
	})
}

// offeredRow is a category with the kind whose list it stands in.
type offeredRow struct {
	kind           string
	id             id.ID
	name, nameEN   string
	note, noteEN   string
	class, classEN string
}

// offered reads the categories that residents choose themselves, with each kind of their list.
func offered(ctx context.Context, q db.Querier, tenant int64, item *id.ID) ([]offeredRow, error) {
	a := &db.Args{}
	query := `SELECT k.code, i.id, i.name, i.name_en, i.note, i.note_en, coalesce(g.name, ''), coalesce(g.name_en, '') FROM catalogue_item i
		JOIN case_kind k ON k.tenant_id = i.tenant_id AND k.list = i.list AND k.list <> ''
		LEFT JOIN catalogue_class g ON g.tenant_id = i.tenant_id AND g.list = i.list AND g.code = i.class_code
		WHERE i.tenant_id = ` + a.Add(tenant) + " AND i.public = TRUE AND i.retired = FALSE AND k.georeport <> '' AND k.retired = FALSE"
	if item != nil {
		query += " AND i.id = " + a.Add(*item)
	}
	return db.All(ctx, q, func(r *offeredRow) []any {
		return []any{&r.kind, &r.id, &r.name, &r.nameEN, &r.note, &r.noteEN, &r.class, &r.classEN}
	},
		query+" ORDER BY k.rank, k.code, i.sort_key, i.id LIMIT "+a.Add(mostOffers), a.Values()...)
}
