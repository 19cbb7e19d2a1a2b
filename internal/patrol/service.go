package patrol

import (
	"context"
	"encoding/json"
	"time"

	"linli/internal/attach"
	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/person"
	"linli/internal/place"
	"linli/internal/seal"
)

// The kinds of case that entries become, as casework.Standard names them.
const (
	kindEvent = "event"
	kindNeed  = "need"
)

// otherNeed is the code of the need that says nothing by itself.
const otherNeed = "other"

// Service takes in what comes from rounds.
type Service struct {
	db     *db.DB
	ring   *seal.Ring
	cases  *casework.Service
	people *person.Service
	places *place.Service
}

// New makes the service.
func New(d *db.DB, ring *seal.Ring, cases *casework.Service, people *person.Service, places *place.Service) *Service {
	return &Service{db: d, ring: ring, cases: cases, people: people, places: places}
}

// Event enters something found on the ground (PermEnter; casework.PermEnter in the community). Without words the category says what it is.
func (s *Service) Event(ctx context.Context, actor authz.Actor, n NewEvent) (Answer, error) {
	if !actor.Can(PermEnter) {
		return Answer{}, errs.ErrForbidden
	}
	if err := n.check(); err != nil {
		return Answer{}, err
	}
	e, err := s.at(ctx, actor, entry{kind: Event, building: n.BuildingID, grid: n.GridID})
	if err != nil {
		return Answer{}, err
	}
	body := n.Body
	if body == "" {
		it, err := s.item(ctx, actor.Tenant, catalogue.Event, n.ItemID, "item")
		if err != nil {
			return Answer{}, err
		}
		body = it.Name.In(i18n.ZH) // what is kept of a case is Chinese
	}
	r := casework.Report{Kind: kindEvent, ItemID: n.ItemID, CommunityID: e.community, BuildingID: e.building, GridID: e.grid, X: n.X, Y: n.Y, Place: n.Place, Body: body,
		Channel: casework.ByGrid, Urgent: n.Urgent, HappenedAt: n.SaidAt, Files: n.Files}
	sent, pictures := n.Sent, n.Files
	n.Sent, n.Files = Sent{}, nil
	return s.take(ctx, actor, sent, digest(n, pictures), e, []casework.Report{r}, nil)
}

// Visit notes a visit and enters a case for each need found on it (PermEnter; person.PermSee of the household, casework.PermEnter in the community).
func (s *Service) Visit(ctx context.Context, actor authz.Actor, n NewVisit) (Answer, error) {
	if !actor.Can(PermEnter) {
		return Answer{}, errs.ErrForbidden
	}
	if err := n.check(); err != nil {
		return Answer{}, err
	}
	e, err := s.at(ctx, actor, entry{kind: Visit, building: n.BuildingID, household: n.HouseholdID, note: n.Note})
	if err != nil {
		return Answer{}, err
	}
	who, err := s.people.LivesAt(ctx, s.db, actor.Tenant, e.household, n.Who)
	if err != nil {
		return Answer{}, err
	}
	var reports []casework.Report
	for _, need := range n.NeedIDs {
		it, err := s.item(ctx, actor.Tenant, catalogue.Need, need, "need")
		if err != nil {
			return Answer{}, err
		}
		r := casework.Report{Kind: kindNeed, ItemID: need, CommunityID: e.community, BuildingID: e.building, GridID: e.grid, Place: e.place, Body: n.Note, Channel: casework.ByVisit,
			Name: n.Who, PersonID: who, Urgent: n.Urgent, HappenedAt: n.SaidAt}
		if r.Body == "" {
			if it.Code == otherNeed {
				return Answer{}, errs.Field("note", i18n.PatrolOtherWords)
			}
			r.Body = it.Name.In(i18n.ZH)
		}
		reports = append(reports, r)
	}
	sent := n.Sent
	n.Sent = Sent{}
	return s.take(ctx, actor, sent, digest(n, nil), e, reports, nil)
}

// Upkeep notes how many people live in a household (PermEnter; person.PermEdit there). If somebody wrote another number since the phone's list was made, the
// answer is a Conflict whose cause is a ChangedError: sent again with the version that it names, the number is written over it.
func (s *Service) Upkeep(ctx context.Context, actor authz.Actor, n NewUpkeep) (Answer, error) {
	if !actor.Can(PermEnter) {
		return Answer{}, errs.ErrForbidden
	}
	if n.HouseholdID == 0 {
		return Answer{}, errs.Field("household", i18n.ErrRequired)
	}
	e, err := s.at(ctx, actor, entry{kind: Upkeep, household: n.HouseholdID})
	if err != nil {
		return Answer{}, err
	}
	said := n
	said.Sent = Sent{}
	return s.take(ctx, actor, n.Sent, digest(said, nil), e, nil, func(tx *db.Tx, _ *Answer) error {
		return s.people.OccupiedTx(ctx, tx, actor, e.household, n.Version, n.Occupants)
	})
}

// at finds the place of an entry within the actor's scope: of a household its building, of a building its grid, of a grid its community.
func (s *Service) at(ctx context.Context, actor authz.Actor, e entry) (entry, error) {
	if e.household != 0 {
		h, err := s.people.Home(ctx, actor, e.household)
		if err != nil {
			return e, missing("household", err)
		}
		e.community, e.building, e.grid = h.CommunityID, h.BuildingID, h.GridID
		if e.place = h.Address; e.building != 0 { // the building is said already
			e.place = person.Address{Stairwell: h.Stairwell, Room: h.Room}.String()
		}
		return e, nil
	}
	if e.building != 0 {
		b, err := s.places.Building(ctx, actor, e.building)
		if err != nil {
			return e, missing("where", err)
		}
		e.community, e.grid = b.CommunityID, b.GridID
		return e, nil
	}
	g, err := s.places.Grid(ctx, actor, e.grid)
	if err != nil {
		return e, missing("where", err)
	}
	e.community = g.CommunityID
	return e, nil
}

// missing says at its field that what was chosen is there no more.
func missing(field string, err error) error {
	if errs.KindOf(err) == errs.NotFound {
		return errs.Field(field, i18n.PatrolGone)
	}
	return err
}

// item is a category in use.
func (s *Service) item(ctx context.Context, tenant int64, list string, item id.ID, field string) (casework.Category, error) {
	all, err := s.cases.Categories(ctx, tenant, list, false)
	if err != nil {
		return casework.Category{}, err
	}
	for _, c := range all {
		if c.ID == item {
			return c, nil
		}
	}
	return casework.Category{}, errs.Field(field, i18n.ErrBadChoice)
}

// digest tells what entries say apart.
func digest(said any, pictures []attach.New) string {
	b, err := json.Marshal(said)
	if err != nil {
		panic("patrol: " + err.Error()) // numbers and texts always encode
	}
	for _, p := range pictures {
		b = append(b, seal.Hash(p.Content)...)
	}
	return seal.Hash(b)
}

// other is the refusal of a key that was used for something else.
func other(out Answer, said string) error {
	if out.Again && out.Said != "" && out.Said != said {
		return errs.Field("key", i18n.PatrolKeyUsed)
	}
	return nil
}

// take enters what an entry says, once for its key; said is its digest.
func (s *Service) take(ctx context.Context, actor authz.Actor, sent Sent, said string, e entry, reports []casework.Report, also func(tx *db.Tx, out *Answer) error) (out Answer, err error) {
	if err := sent.check(); err != nil {
		return out, err
	}
	// What came before is answered before anything is checked: it may have been done by what is there no more, and pictures take time.
	if out, err = s.before(ctx, s.db, actor, sent.Key); err != nil || out.Again {
		return out, orElse(err, other(out, said))
	}
	checked := make([]casework.Entering, len(reports))
	for i, r := range reports {
		if checked[i], err = s.cases.CheckEntry(ctx, actor, r); err != nil {
			return out, renamed(err)
		}
	}
	for range casework.Tries {
		err = s.db.WithTx(ctx, func(tx *db.Tx) error {
			out, err = s.takeTx(ctx, tx, actor, sent, said, e, checked, also)
			return err
		})
		if !db.IsUnique(err) {
			return out, renamed(err)
		}
	}
	return out, err
}

func orElse(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

func (s *Service) takeTx(ctx context.Context, tx *db.Tx, actor authz.Actor, sent Sent, said string, e entry, checked []casework.Entering, also func(tx *db.Tx, out *Answer) error) (Answer, error) {
	e.id, e.at = id.New(), casework.Said(sent.SaidAt, tx.Now())
	mine, err := s.insert(ctx, tx, actor, sent.Key, e)
	if err != nil {
		return Answer{}, err
	}
	if !mine {
		out, err := s.before(ctx, tx, actor, sent.Key)
		return out, orElse(err, other(out, said))
	}
	out := Answer{ID: e.id, Kind: e.kind, Said: said}
	for _, c := range checked {
		r, err := s.cases.EnterTx(ctx, tx, actor, c)
		if err != nil {
			return out, err
		}
		out.Cases = append(out.Cases, Made{ID: r.ID, No: r.No, Code: r.Code, Org: r.Org})
	}
	if also != nil {
		if err := also(tx, &out); err != nil {
			return out, err
		}
	}
	if err := s.answered(ctx, tx, actor.Tenant, e.id, out); err != nil {
		return out, err
	}
	return out, audit.Record(ctx, tx, actor, audit.Entry{Action: "patrol." + string(e.kind), Permission: PermEnter, SubjectKind: "patrol_entry", SubjectID: e.id, OrgID: e.community,
		Detail: map[string]any{"household": e.household, "cases": len(out.Cases)}})
}

// renamed names fields of cases as the forms of a round do.
func renamed(err error) error {
	e := errs.As(err)
	if e == nil || len(e.Fields) == 0 {
		return err
	}
	fields := map[string]errs.Message{}
	for name, m := range e.Fields {
		switch name {
		case "building", "community":
			name = "where"
		case "kind":
			name = "item"
		}
		fields[name] = m
	}
	out := *e
	out.Fields = fields
	return &out
}

// Item is an entry in a list.
type Item struct {
	ID         id.ID
	Kind       Kind
	Place      string // building or grid
	Household  string // address
	By         string
	HappenedAt time.Time // as the phone said; zero where it did not
	ReceivedAt time.Time
	Note       string
	Cases      []Made // without their codes
}

// Mine lists the actor's own entries, the latest first, without notes (PermEnter).
func (s *Service) Mine(ctx context.Context, actor authz.Actor, p db.Page) (db.List[Item], error) {
	if !actor.Can(PermEnter) {
		return db.List[Item]{}, errs.ErrForbidden
	}
	return s.mine(ctx, actor, p)
}

// Visits lists the visits to a household in scope (PermSee), the latest first, with what was noted. The look is recorded.
func (s *Service) Visits(ctx context.Context, actor authz.Actor, household id.ID, p db.Page) (db.List[Item], error) {
	var list db.List[Item]
	return list, s.db.WithTx(ctx, func(tx *db.Tx) error {
		var err error
		var community id.ID
		if list, community, err = s.visits(ctx, tx, actor, household, p); err != nil || len(list.Items) == 0 {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: string(PermSee), Permission: PermSee, SubjectKind: "household", SubjectID: household, OrgID: community, Purpose: person.PurposeView})
	})
}
