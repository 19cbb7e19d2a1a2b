package twonew

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"unicode/utf8"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/organisation"
	"linli/internal/reference"
)

// Service offers the use cases on two-new organisations.
type Service struct {
	db   *db.DB
	orgs *organisation.Service
}

// New makes the service; orgs sets up the branches.
func New(d *db.DB, orgs *organisation.Service) *Service { return &Service{db: d, orgs: orgs} }

// Known narrows a list by the members known.
type Known string

// The choices of Filter.Known.
const (
	KnownOwn  Known = "own"  // full members enough for an own branch
	KnownSome Known = "some" // members, but not enough
	KnownNone Known = "no"
)

// Living says which organisations a list shows.
type Living int

// The choices of Filter.Living.
const (
	OnlyLiving Living = iota // the zero value
	OnlyEnded
	Either
)

// Sort is how a list is sorted.
type Sort string

// The orders; the zero value is by name.
const (
	SortName      Sort = ""
	SortMembers   Sort = "members"
	SortEmployees Sort = "employees"
)

// Filter narrows a list; zero fields do not filter, but Living shows only what stands in the census today.
type Filter struct {
	Text        string // part of the name or address, or a whole credit code
	Kind        Kind
	State       State
	Uncovered   bool // without a branch
	CommunityID id.ID
	GridID      id.ID
	BranchID    id.ID // covered by it
	Trade       string
	Known       Known
	Living      Living
	Sort        Sort
	Desc        bool
	Page        db.Page
	ownFull     int64
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

// Rules are the numbers that hold today, as people are told them.
type Rules struct{ OwnFull, Most, Units, Load int64 }

// Rules gives the numbers that hold today.
func (s *Service) Rules(ctx context.Context, actor authz.Actor) (Rules, error) {
	r, err := readRules(ctx, s.db, actor.Tenant, s.today())
	return Rules{r.ownFull, r.most, r.units, r.load}, err
}

func (s *Service) today() calendar.Date { return calendar.DateOf(s.db.Now()) }

func readRules(ctx context.Context, q db.Querier, tenant int64, day calendar.Date) (rules, error) {
	var r rules
	for i, v := range Policies() { // five
		n, err := v.On(ctx, q, tenant, day)
		if err != nil {
			return r, err
		}
		*[]*int64{&r.ownFull, &r.most, &r.units, &r.apart, &r.load}[i] = n
	}
	return r, nil
}

// List gives one page of the census.
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter) (db.List[Organisation], error) {
	r, err := readRules(ctx, s.db, actor.Tenant, s.today())
	if err != nil {
		return db.List[Organisation]{}, err
	}
	f.ownFull = r.ownFull
	return list(ctx, s.db, actor.Scope(PermSee), f)
}

// Export calls fn for everything that List would show over all its pages.
func (s *Service) Export(ctx context.Context, actor authz.Actor, f Filter, fn func(Organisation) error) error {
	r, err := readRules(ctx, s.db, actor.Tenant, s.today())
	if err != nil {
		return err
	}
	f.ownFull = r.ownFull
	return each(ctx, s.db, actor.Scope(PermSee), f, fn)
}

// Trades are the trades of the census in scope, to filter by.
func (s *Service) Trades(ctx context.Context, actor authz.Actor) ([]string, error) {
	return trades(ctx, s.db, actor.Scope(PermSee))
}

// Count gives how many stand in each state.
func (s *Service) Count(ctx context.Context, actor authz.Actor) (map[State]int64, error) {
	return counts(ctx, s.db, actor.Scope(PermSee))
}

// Detail is one organisation with its history.
type Detail struct {
	Organisation
	Steps []Step // oldest first
	Next  Next   // what the rules allow next
}

// Get gives one organisation with its steps.
func (s *Service) Get(ctx context.Context, actor authz.Actor, twoNew id.ID) (Detail, error) {
	var d Detail
	err := s.db.View(ctx, func(tx *db.Tx) error {
		var err error
		if d.Organisation, err = find(ctx, tx, actor.Scope(PermSee), twoNew); err != nil {
			return err
		}
		if d.Steps, err = steps(ctx, tx, actor.Tenant, twoNew); err != nil {
			return err
		}
		r, err := readRules(ctx, tx, actor.Tenant, calendar.DateOf(tx.Now()))
		d.Next = d.Organisation.alone(r)
		return err
	})
	return d, err
}

// Register enters an organisation in the census of a community in scope (PermKeep).
func (s *Service) Register(ctx context.Context, actor authz.Actor, n Entry) (Saved, error) {
	var out Saved
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		var err error
		out, err = s.registerTx(ctx, tx, actor, n)
		return err
	})
	return out, err
}

func (s *Service) registerTx(ctx context.Context, tx *db.Tx, actor authz.Actor, n Entry) (Saved, error) {
	var out Saved
	warnings, err := n.check()
	if err != nil {
		return out, err
	}
	if err := actor.Scope(PermKeep).Require(n.CommunityID); err != nil {
		return out, err
	}
	if err := s.stands(ctx, tx, actor.Tenant, n, n.CommunityID); err != nil {
		return out, err
	}
	var codes []string
	if n.USCC != "" {
		codes = append(codes, n.USCC)
	}
	same, err := units(ctx, tx, actor.Tenant, codes)
	if err != nil {
		return out, err
	}
	u, registered := same[n.USCC]
	if registered {
		warnings = append(warnings, n.as(u)...)
	}
	on := calendar.DateOf(tx.Now())
	out = Saved{id.New(), warnings}
	if err := insert(ctx, tx, actor.Tenant, out.ID, n, on, 0); err != nil {
		return out, err
	}
	if registered && u.branch != 0 {
		if err := putSteps(ctx, tx, actor, []Step{u.step(out.ID, on)}); err != nil {
			return out, err
		}
	}
	return out, record(ctx, tx, actor, PermKeep, "twonew.register", out.ID, n.CommunityID, map[string]any{"name": n.Name})
}

// as takes over what the register says of the unit with the same credit code, and says where the entry had it otherwise.
func (n *Entry) as(u registered) []errs.Message {
	warnings := []errs.Message{{Text: i18n.TwoNewSame, Args: []any{u.name}}}
	n.Name = u.name
	if u.community != 0 && u.community != n.CommunityID {
		warnings = append(warnings, errs.Message{Text: i18n.TwoNewElsewhere})
	}
	if n.Trade == "" {
		n.Trade = u.trade
	}
	return warnings
}

// step is the step of a unit that has its branch already.
func (u registered) step(twoNew id.ID, today calendar.Date) Step {
	on := u.branchOn
	if on.IsZero() {
		on = today
	}
	return Step{ID: id.New(), TwoNewID: twoNew, Kind: OwnBranch, On: on, Document: i18n.TwoNewFromRegister.In(i18n.ZH), BranchID: u.branch}
}

// stands says whether an entry may stand in a community: one that lives, with a grid of its own.
func (s *Service) stands(ctx context.Context, tx *db.Tx, tenant int64, n Entry, at id.ID) error {
	c, err := loadOrg(ctx, tx, tenant, at)
	switch {
	case err != nil:
		return errs.Under("community", err)
	case c.kind != string(organisation.Community) || !c.dissolved.IsZero():
		return errs.Field("community", i18n.OrgCommunityOnly, c.label)
	case n.GridID == 0:
		return nil
	}
	if in, err := gridIn(ctx, tx, tenant, n.GridID, at); err != nil || in {
		return err
	}
	return errs.Field("grid", i18n.TwoNewGrid)
}

// Edit corrects what the census says of an organisation in scope (PermKeep); version is the one that the person saw. One that is a unit of the register
// keeps the unit's name.
func (s *Service) Edit(ctx context.Context, actor authz.Actor, twoNew id.ID, n Entry, version int64) (Saved, error) {
	out := Saved{ID: twoNew}
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		o, err := find(ctx, tx, actor.Scope(PermKeep), twoNew)
		if err != nil {
			return err
		}
		if !o.Living() {
			return errs.New(errs.Conflict, i18n.TwoNewEnded, o.Name, o.EndedOn.String())
		}
		if out.Warnings, err = n.check(); err != nil {
			return err
		}
		if n.CommunityID != o.CommunityID {
			if err := actor.Scope(PermKeep).Require(n.CommunityID); err != nil {
				return err
			}
		}
		if err := s.stands(ctx, tx, actor.Tenant, n, n.CommunityID); err != nil {
			return err
		}
		if o.UnitID != 0 && n.USCC == o.USCC && n.Name != o.Name {
			return errs.Field("name", i18n.TwoNewNameKept)
		}
		if err := save(ctx, tx, actor.Tenant, o.ID, n, version); err != nil {
			return err
		}
		return record(ctx, tx, actor, PermKeep, "twonew.edit", o.ID, n.CommunityID, n.changed(o))
	})
	return out, err
}

// changed says which fields an edit changes, with what stood there.
func (n Entry) changed(o Organisation) map[string]any {
	was, out := o.entry(), map[string]any{}
	for _, f := range []struct {
		name     string
		old, now any
	}{{"kind", was.Kind, n.Kind}, {"name", was.Name, n.Name}, {"uscc", was.USCC, n.USCC}, {"trade", was.Trade, n.Trade}, {"address", was.Address, n.Address},
		{"community", was.CommunityID, n.CommunityID}, {"grid", was.GridID, n.GridID}, {"employees", was.Employees, n.Employees}, {"full", was.Full, n.Full},
		{"probationary", was.Probationary, n.Probationary}, {"x", was.X, n.X}, {"y", was.Y, n.Y}} {
		if f.old != f.now {
			out[f.name] = f.old
		}
	}
	return out
}

// End takes an organisation that closed or moved away out of the census (PermKeep).
func (s *Service) End(ctx context.Context, actor authz.Actor, twoNew id.ID, on calendar.Date, reason string, version int64) error {
	return s.ending(ctx, actor, twoNew, version, "twonew.end", func(o *Organisation, today calendar.Date) error {
		reason = clean(reason)
		var e *errs.Error
		switch {
		case on.IsZero():
			e = e.With("on", i18n.ErrRequired)
		case on.After(today), on.Before(o.ListedOn):
			e = e.With("on", i18n.TwoNewEndDay, o.ListedOn.String(), today.String())
		}
		if e = reasoned(e, reason); e != nil {
			return e
		}
		if !o.Living() {
			return errs.New(errs.Conflict, i18n.TwoNewEnded, o.Name, o.EndedOn.String())
		}
		o.EndedOn, o.EndReason = on, reason
		return nil
	})
}

// Reopen takes an end back that was a mistake (PermKeep).
func (s *Service) Reopen(ctx context.Context, actor authz.Actor, twoNew id.ID, version int64) error {
	return s.ending(ctx, actor, twoNew, version, "twonew.reopen", func(o *Organisation, _ calendar.Date) error {
		if o.Living() {
			return errs.New(errs.Conflict, i18n.TwoNewLives, o.Name)
		}
		o.EndedOn, o.EndReason = calendar.Date{}, ""
		return nil
	})
}

func (s *Service) ending(ctx context.Context, actor authz.Actor, twoNew id.ID, version int64, action string, fn func(*Organisation, calendar.Date) error) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		o, err := find(ctx, tx, actor.Scope(PermKeep), twoNew)
		if err != nil {
			return err
		}
		if err := fn(&o, calendar.DateOf(tx.Now())); err != nil {
			return err
		}
		o.Version = version
		if err := end(ctx, tx, actor.Tenant, o, o.EndedOn, o.EndReason); err != nil {
			return err
		}
		return record(ctx, tx, actor, PermKeep, action, o.ID, o.CommunityID, map[string]any{"on": o.EndedOn.String(), "reason": o.EndReason})
	})
}

// reasoned checks a reason that must be given.
func reasoned(e *errs.Error, reason string) *errs.Error {
	if reason == "" {
		e = e.With("reason", i18n.ErrRequired)
	}
	if c := utf8.RuneCountInString(reason); c > maxNote {
		e = e.With("reason", i18n.ErrTooLong, maxNote, c)
	}
	return e
}

// TakeStep takes one step with an organisation in scope (PermDecide). Setting up a branch also needs organisation.found at the community.
func (s *Service) TakeStep(ctx context.Context, actor authz.Actor, twoNew id.ID, n NewStep, version int64) (Saved, error) {
	out := Saved{ID: twoNew}
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		o, err := find(ctx, tx, actor.Scope(PermDecide), twoNew)
		if err != nil {
			return err
		}
		if !o.Living() {
			return errs.New(errs.Conflict, i18n.TwoNewEnded, o.Name, o.EndedOn.String())
		}
		today := calendar.DateOf(tx.Now())
		if err := n.check(today); err != nil {
			return err
		}
		st := Step{ID: id.New(), TwoNewID: o.ID, Kind: n.Kind, On: n.On, DocumentNo: n.DocumentNo, Document: n.Document, Note: n.Reason}
		if out.Warnings, err = s.fits(ctx, tx, actor, o, n, &st); err != nil {
			return err
		}
		if err := touch(ctx, tx, actor.Tenant, o.ID, version); err != nil {
			return err
		}
		if err := s.add(ctx, tx, actor, st); err != nil {
			return err
		}
		return record(ctx, tx, actor, PermDecide, "twonew.step", o.ID, o.CommunityID, map[string]any{"to": n.Kind, "on": n.On.String(), "document": n.Document})
	})
	return out, err
}

// fits holds a step to the rules and finds or sets up what it names.
func (s *Service) fits(ctx context.Context, tx *db.Tx, actor authz.Actor, o Organisation, n NewStep, st *Step) ([]errs.Message, error) {
	r, err := readRules(ctx, tx, actor.Tenant, calendar.DateOf(tx.Now()))
	if err != nil {
		return nil, err
	}
	switch {
	case n.Kind == OwnBranch:
		if err := r.own(o); err != nil {
			return nil, err
		}
		return nil, s.branch(ctx, tx, actor, o.CommunityID, n, st)
	case n.Kind == JointBranch:
		list := []Organisation{o}
		if n.BranchID != 0 {
			there, err := ofBranch(ctx, tx, actor.Tenant, n.BranchID)
			if err != nil {
				return nil, err
			}
			list = append(slices.DeleteFunc(there, func(x Organisation) bool { return x.ID == o.ID }), o)
		}
		warnings, err := r.joint(list, n.Reason)
		if err != nil {
			if e := errs.As(err); e != nil && !e.Fields["items"].Text.IsZero() { // the form has no list of organisations
				err = errs.Field("kind", e.Fields["items"].Text, e.Fields["items"].Args...)
			}
			return nil, err
		}
		return warnings, s.branch(ctx, tx, actor, o.CommunityID, n, st)
	case n.Kind.Person():
		st.MemberID = n.MemberID
		return nil, s.sent(ctx, tx, actor.Tenant, o.CommunityID, n.MemberID, "member")
	}
	return nil, nil
}

// branch finds the branch that a step names, or sets it up below the community.
func (s *Service) branch(ctx context.Context, tx *db.Tx, actor authz.Actor, at id.ID, n NewStep, st *Step) error {
	if n.BranchID != 0 {
		b, err := loadOrg(ctx, tx, actor.Tenant, n.BranchID)
		switch {
		case err != nil:
			return errs.Under("branch", err)
		case b.kind != string(organisation.Branch) || !b.dissolved.IsZero():
			return errs.Field("branch", i18n.TwoNewNoBranch, b.label)
		case n.On.Before(b.established):
			return errs.Field("on", i18n.OrgDateBeforeBirth, b.label, b.established.String())
		}
		st.BranchID = b.id
		return nil
	}
	saved, err := s.orgs.CreateTx(ctx, tx, actor, organisation.NewOrganisation{Kind: organisation.Branch, Name: n.BranchName, ParentID: at, EstablishedOn: n.On,
		Document: documentOf(n.DocumentNo, n.Document)}, 0)
	st.BranchID = saved.ID
	return errs.Under("branch_name", err)
}

// documentOf is a document as the acts of organisations name it.
func documentOf(number, title string) string {
	s := clean(title + " " + number)
	if r := []rune(s); len(r) > maxDocument {
		s = string(r[:maxDocument])
	}
	return s
}

// sent says whether a member may be sent: a full member of the community's register.
func (s *Service) sent(ctx context.Context, tx *db.Tx, tenant int64, at, member id.ID, field string) error {
	n, err := db.Value[int64](ctx, tx, `SELECT count(*) FROM member WHERE tenant_id = $1 AND id = $2 AND community_id = $3 AND ended_on = '' AND standing = 'full'`, tenant, member, at)
	if err == nil && n == 0 {
		err = errs.Field(field, i18n.TwoNewNotRegistered)
	}
	return err
}

// add puts a step among the others.
func (s *Service) add(ctx context.Context, tx *db.Tx, actor authz.Actor, st Step) error {
	all, err := steps(ctx, tx, actor.Tenant, st.TwoNewID)
	if err != nil {
		return err
	}
	if err := follows(all, st); err != nil {
		return err
	}
	all = append(all, st)
	inOrder(all)
	changed := arrange(all)
	st = all[slices.IndexFunc(all, func(x Step) bool { return x.ID == st.ID })]
	if err := setUntil(ctx, tx, actor.Tenant, slices.DeleteFunc(changed, func(x Step) bool { return x.ID == st.ID })); err != nil {
		return err
	}
	return putSteps(ctx, tx, actor, []Step{st})
}

func inOrder(list []Step) {
	slices.SortStableFunc(list, func(a, b Step) int { return cmp.Or(a.On.Compare(b.On), cmp.Compare(a.ID, b.ID)) })
}

// follows refuses a step that changes nothing: the same as the one before it.
func follows(all []Step, st Step) error {
	before := Step{Kind: None}
	for _, x := range all {
		if !x.Struck() && !x.On.After(st.On) {
			before = x
		}
	}
	if before.Kind == st.Kind && before.BranchID == st.BranchID && before.MemberID == st.MemberID {
		return errs.Field("kind", i18n.TwoNewNoChange, st.Kind.Text())
	}
	return nil
}

// Correct mends the day or the document of a step of an organisation in scope (PermDecide); what stood there is in the audit.
func (s *Service) Correct(ctx context.Context, actor authz.Actor, step id.ID, on calendar.Date, number, title string, version int64) error {
	return s.mending(ctx, actor, step, version, func(tx *db.Tx, st Step) error {
		was := st
		st.On, st.DocumentNo, st.Document = on, clean(number), clean(title)
		if err := dated(st.On, st.DocumentNo, st.Document, calendar.DateOf(tx.Now())).OrNil(); err != nil {
			return err
		}
		if err := correctStep(ctx, tx, actor.Tenant, st); err != nil {
			return err
		}
		return record(ctx, tx, actor, PermDecide, "twonew.correct", st.TwoNewID, 0, map[string]any{"step": st.ID, "on": was.On.String(), "document_no": was.DocumentNo, "document": was.Document})
	})
}

// Strike takes a step back that was entered by mistake (PermDecide); it stays in the history with the reason. A branch that it set up stays too.
func (s *Service) Strike(ctx context.Context, actor authz.Actor, step id.ID, reason string, version int64) error {
	return s.mending(ctx, actor, step, version, func(tx *db.Tx, st Step) error {
		reason = clean(reason)
		if e := reasoned(nil, reason); e != nil {
			return e
		}
		if err := strikeStep(ctx, tx, actor, st, reason); err != nil {
			return err
		}
		return record(ctx, tx, actor, PermDecide, "twonew.strike", st.TwoNewID, 0, map[string]any{"step": st.ID, "reason": reason})
	})
}

func (s *Service) mending(ctx context.Context, actor authz.Actor, step id.ID, version int64, fn func(*db.Tx, Step) error) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		st, err := findStep(ctx, tx, actor.Scope(PermDecide), step)
		if err != nil {
			return err
		}
		if st.Struck() {
			return errs.New(errs.Conflict, i18n.TwoNewStruck)
		}
		st.Version = version
		if err := fn(tx, st); err != nil {
			return err
		}
		all, err := steps(ctx, tx, actor.Tenant, st.TwoNewID)
		if err != nil {
			return err
		}
		if err := setUntil(ctx, tx, actor.Tenant, arrange(all)); err != nil {
			return err
		}
		o, err := find(ctx, tx, actor.Scope(PermDecide), st.TwoNewID)
		if err != nil {
			return err
		}
		return touch(ctx, tx, actor.Tenant, o.ID, o.Version)
	})
}

// StepOf gives one step with its organisation, to be corrected (PermDecide).
func (s *Service) StepOf(ctx context.Context, actor authz.Actor, step id.ID) (Step, Organisation, error) {
	st, err := findStep(ctx, s.db, actor.Scope(PermDecide), step)
	if err != nil {
		return st, Organisation{}, err
	}
	o, err := find(ctx, s.db, actor.Scope(PermDecide), st.TwoNewID)
	return st, o, err
}

// record notes an act.
func record(ctx context.Context, tx *db.Tx, actor authz.Actor, p authz.Permission, action string, twoNew, org id.ID, detail map[string]any) error {
	return audit.Record(ctx, tx, actor, audit.Entry{Action: action, Permission: p, SubjectKind: "two_new", SubjectID: twoNew, OrgID: org, Detail: detail})
}

// Follow lets the census of a community, and what a branch covers, follow when another organisation takes it in.
func (s *Service) Follow(ctx context.Context, tx *db.Tx, actor authz.Actor, from, to id.ID) error {
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, to); err != nil {
		return err
	}
	for _, x := range []string{"UPDATE two_new SET community_id = $1, version = version + 1 WHERE tenant_id = $2 AND community_id = $3",
		"UPDATE two_new_decision SET community_id = $1 WHERE tenant_id = $2 AND community_id = $3",
		"UPDATE two_new_step SET branch_id = $1, version = version + 1 WHERE tenant_id = $2 AND branch_id = $3 AND branch_id <> 0"} {
		if _, err := tx.Exec(ctx, x, to, actor.Tenant, from); err != nil {
			return err
		}
	}
	return nil
}

// FollowGrids lets the organisations in grids follow when those go over to another community.
func (s *Service) FollowGrids(ctx context.Context, tx *db.Tx, actor authz.Actor, grids []id.ID, from, to id.ID) error {
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, to); err != nil {
		return err
	}
	a := &db.Args{}
	_, err := tx.Exec(ctx, "UPDATE two_new SET community_id = "+a.Add(to)+", version = version + 1 WHERE tenant_id = "+a.Add(actor.Tenant)+" AND community_id = "+a.Add(from)+
		" AND "+db.In(a, "grid_id", grids), a.Values()...)
	return err
}

// Choice is a branch to choose from.
type Choice struct {
	ID   id.ID
	Name string
}

// Branches are the living branches below a community in scope, and those that cover an organisation there.
func (s *Service) Branches(ctx context.Context, actor authz.Actor, community id.ID) ([]Choice, error) {
	if err := actor.Scope(PermSee).Require(community); err != nil {
		return nil, errs.ErrNotFound
	}
	return branches(ctx, s.db, actor.Tenant, community)
}

// Candidates are those who may be sent in a community in scope.
func (s *Service) Candidates(ctx context.Context, actor authz.Actor, community id.ID) ([]Candidate, error) {
	if err := actor.Scope(PermSee).Require(community); err != nil {
		return nil, errs.ErrNotFound
	}
	return candidates(ctx, s.db, actor.Scope(PermSee), []id.ID{community})
}
