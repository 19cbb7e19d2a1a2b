package casework

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"linli/internal/attach"
	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/catalogue"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/notice"
	"linli/internal/paper"
	"linli/internal/policy"
	"linli/internal/reference"
	"linli/internal/seal"
	"linli/internal/webhook"
)

// What a district may set.
var (
	ClosingHour = policy.Value{Name: "casework.closing_hour", Title: i18n.CasePolicyClosing, Unit: i18n.CasePolicyHour, Default: 17, Min: 12, Max: 23}
	ReopenDays  = policy.Value{Name: "casework.reopen_days", Title: i18n.CasePolicyReopen, Unit: i18n.CasePolicyDays, Default: 30, Min: 1, Max: 365}
	AnswerDays  = policy.Value{Name: "casework.answer_days", Title: i18n.CasePolicyAnswer, Unit: i18n.CasePolicyDays, Default: 7, Min: 1, Max: 60}
	PauseDays   = policy.Value{Name: "casework.pause_days", Title: i18n.CasePolicyPause, Unit: i18n.CasePolicyDays, Default: 30, Min: 1, Max: 365}
	MoreDays    = policy.Value{Name: "casework.more_days", Title: i18n.CasePolicyMore, Unit: i18n.CasePolicyWorkingDays, Default: 15, Min: 1, Max: 60}
)

// Policies are the values that a district may set.
func Policies() []policy.Value {
	return []policy.Value{ClosingHour, ReopenDays, AnswerDays, PauseDays, MoreDays}
}

// Calendars gives the working calendar of a district.
type Calendars interface {
	Calendar(ctx context.Context, tenant int64) (*calendar.Calendar, error)
}

// FieldPhone is the sealed field for which a purpose must be registered before it is shown who reported a case.
const FieldPhone = "phone"

// Purposes says whether a registered purpose covers a sealed field: an error under "purpose" if not.
type Purposes interface {
	Covered(ctx context.Context, q db.Querier, tenant int64, purpose, field string) error
}

// Agenda puts a topic before a meeting.
type Agenda interface {
	// RaiseTx raises a topic of an organisation to a joint body (or an organisation above), and gives the topic.
	RaiseTx(ctx context.Context, tx *db.Tx, actor authz.Actor, organisation, body, owner id.ID, title, detail string) (id.ID, error)
}

// Service carries cases.
type Service struct {
	db       *db.DB
	ring     *seal.Ring
	days     Calendars
	agenda   Agenda
	purposes Purposes
	files    *attach.Store
	words    models
	spots    Spots
	jobs     Jobs
	notices  *notice.Service  // nil where nobody is told
	events   *webhook.Service // nil where no system is told
}

// newKindRank puts kinds of the district's own behind the standard ones.
const newKindRank = 100

// New makes the service.
func New(d *db.DB, ring *seal.Ring, days Calendars, agenda Agenda, purposes Purposes) *Service {
	return &Service{db: d, ring: ring, days: days, agenda: agenda, purposes: purposes}
}

// Now is the instant by which cases are overdue.
func (s *Service) Now() time.Time { return s.db.Now() }

// office reads the calendar and the office hours of a tenant. It is read before the transaction that uses it.
func (s *Service) office(ctx context.Context, tenant int64) (office, error) {
	cal, err := s.days.Calendar(ctx, tenant)
	if err != nil {
		return office{}, err
	}
	return officeAt(ctx, s.db, cal, tenant, calendar.DateOf(s.db.Now()))
}

func officeAt(ctx context.Context, q db.Querier, cal *calendar.Calendar, tenant int64, day calendar.Date) (office, error) {
	hour, err := ClosingHour.On(ctx, q, tenant, day)
	return office{cal, time.Duration(hour) * time.Hour}, err
}

// PrepareTx gives the standard kinds to a tenant that has none.
func (s *Service) PrepareTx(ctx context.Context, tx *db.Tx, tenant int64) error {
	have, err := kinds(ctx, tx, tenant)
	if err != nil || len(have) > 0 {
		return err
	}
	return insertKinds(ctx, tx, tenant, Standard())
}

// FoundTx lets the petitions of a new district go to its sub-districts: the community is often whom they are about. A rule of its own takes the place of it.
func (s *Service) FoundTx(ctx context.Context, tx *db.Tx, tenant int64, root id.ID) error {
	_, err := tx.Exec(ctx, `INSERT INTO case_route (tenant_id, id, kind_code, class_code, item_id, area_id, level, org_kind, word, org_id, auto, reason, from_at, from_by)
		VALUES ($1,$2,'petition','',0,$3,$4,'','',0,$5,$6,$7,0)`, tenant, id.New(), root, string(catalogue.Subdistrict), true, i18n.CasePetitionAbove.In(i18n.ZH), db.Micros(tx.Now()))
	return err
}

// Kinds gives the kinds of a tenant, in their order; those that are retired too. It reveals nothing, so it needs no permission.
func (s *Service) Kinds(ctx context.Context, tenant int64) ([]Kind, error) {
	return kinds(ctx, s.db, tenant)
}

// Kind gives one kind.
func (s *Service) Kind(ctx context.Context, tenant int64, code string) (Kind, error) {
	return findKind(ctx, s.db, tenant, code)
}

// SaveKind changes a kind: its names, fields, limits, and whether residents report it themselves (PermKinds in the whole tenant). Limits hold for cases that
// come in from now on, and steps for those that are taken on. Who sees it becomes only stricter, and its list stays. With version 0 it is a new kind.
func (s *Service) SaveKind(ctx context.Context, actor authz.Actor, k Kind) error {
	if !actor.Scope(PermKinds).All() {
		return errs.ErrForbidden
	}
	if k.List != "" && !slices.Contains(catalogue.Lists(), k.List) {
		return errs.Field("list", i18n.ErrBadChoice)
	}
	if err := k.check(); err != nil {
		return err
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		was, err := findKind(ctx, tx, actor.Tenant, k.Code)
		if err == nil && k.Version != 0 && k.Visibility.Looser(was.Visibility) {
			return errs.Field("visibility", i18n.CaseSeenLooser)
		}
		switch {
		case k.Version == 0 && err == nil:
			return errs.Field("code", i18n.CaseKindThere, k.Code)
		case k.Version == 0 && errs.KindOf(err) == errs.NotFound:
			k.Rank = newKindRank
			if err := insertKinds(ctx, tx, actor.Tenant, []Kind{k}); err != nil {
				return err
			}
			return audit.Record(ctx, tx, actor, audit.Entry{Action: "casework.kind", Permission: PermKinds, SubjectKind: "case_kind", Detail: map[string]any{"kind": k.Code}})
		case err != nil:
			return err
		}
		if err := saveKind(ctx, tx, actor.Tenant, k); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "casework.kind", Permission: PermKinds, SubjectKind: "case_kind", Detail: map[string]any{"kind": k.Code, "was": was}})
	})
}

// Report is a case as somebody reports it.
type Report struct {
	Kind        string
	ItemID      id.ID // category in the kind's list of the catalogue; 0 where it is not known yet
	CommunityID id.ID
	BuildingID  id.ID
	GridID      id.ID // where no building is given
	X, Y        int64 // micro-degrees, where whoever reports it gave their position; 0 takes the building's
	Place       string
	Body        string
	Answers     map[string]string // of the kind's own fields
	Channel     Channel
	Name        string // of who reports it; none is anonymous
	Phone       string
	PersonID    id.ID // in the register, where it is known who it is
	ResidentID  id.ID // account of their own through which they report it; 0 without one
	AboutID     id.ID // organisation that a complaint is about
	ForID       id.ID // whose counter of a hall it is entered at, which answers for it; 0 for nobody in particular. Only another use case says it
	Urgent      bool
	HappenedAt  time.Time    // as they say; what lies outside SaidWithin is not kept
	Files       []attach.New // at most MostPhotos pictures; of staff who scan what somebody handed in (Scans) papers too, and more of them
	Scans       bool         // staff enter it with what they scanned
	Into        id.ID        // open case that staff find it to be the same as: whoever reports it follows that one from the beginning; 0 for none
	Tell        bool         // whoever reports agrees to be told by SMS; Phone is then a mobile number
	TellByMail  bool         // whoever reports agrees to be told by e-mail, beside it or instead
	Email       string       // where; "" for none
	Language    i18n.Lang    // in which they are told
	Key         string       // names one sending of a form: a second one with it gives the receipt of the first; "" for none

	from *sent // what another system said of it beyond this; nil otherwise

	no        string // that was drawn for it before; "" draws one
	importID  id.ID  // of the table it came in with
	importKey string // of what its row said
}

// longest is how much a report says, and how much of where it is.
func (n *Report) longest() (body, place int) {
	if n.from != nil {
		return MaxSent, maxAddress
	}
	return MaxBody, MaxPlace
}

// who is who reports it, as it is kept.
func (n *Report) who() string {
	if n.from != nil {
		return n.from.who
	}
	return n.Name
}

// sending names the sending of the report.
func (n *Report) sending() sending {
	if n.from != nil {
		return n.from.sending
	}
	return sending{key: n.Key, keep: keepKeys}
}

// Receipt is what whoever reports a case takes away.
type Receipt struct {
	ID   id.ID
	No   string
	Code string // opens the case to who reported it; it is shown once
	// SignOff is what the resident tells who has done the work, where technicians are sent; "" otherwise.
	SignOff string
	Org     string // who has it
	Joined  string // number of the case that it was found to be the same as when it was entered; "" for none
	DueAt   time.Time
	// Provisional says that the limit reaches into a year whose days off are not known.
	Provisional bool
	Petition    bool // the limit is that of taking it on
	Again       bool `json:"-"` // it was sent before; this is the receipt of then
}

func (n *Report) check(k Kind) error {
	body, place := n.longest()
	e := errs.Words(nil, "body", &n.Body, body, true)
	e = errs.Words(e, "place", &n.Place, place, false)
	e = errs.Words(e, "name", &n.Name, 40, false)
	if strings.TrimSpace(n.Phone) != "" {
		number, problem := code.ParsePhone(n.Phone)
		if problem.Blocks() {
			e = e.With("phone", i18n.CodeProblem, problem.Message, problem.Advice)
		}
		n.Phone = number.String()
	} else {
		n.Phone = ""
	}
	if n.Tell && !notice.Mobile(n.Phone) {
		e = e.With("phone", i18n.NoticeAgreeNoTel)
	}
	switch n.Email = strings.TrimSpace(n.Email); {
	case n.TellByMail && n.Email == "":
		e = e.With("email", i18n.NoticeEmailNone)
	case !n.TellByMail && n.Email != "":
		e = e.With("email", i18n.NoticeEmailNoTick)
	case n.TellByMail:
		to, err := notice.Address(notice.Mail, n.Email, "email")
		if err != nil {
			e = e.With("email", i18n.NoticeBadMail)
		}
		n.Email = to
	}
	if n.CommunityID == 0 {
		e = e.With("community", i18n.ErrRequired)
	}
	if n.Urgent && k.UrgentHours == 0 {
		n.Urgent = false
	}
	n.Answers, e = k.answers(e, n.Answers)
	return e.OrNil()
}

// SaidWithin is how long ago something may have happened by the clock of a phone. What a clock says that lies outside, or in the future, is not kept: the report
// counts, and its time limit starts when it comes in, whatever a clock says.
const SaidWithin = 7 * 24 * time.Hour

// skew is by how much the clock of a phone may be ahead.
const skew = 5 * time.Minute

// Said is the instant that a phone named, or none where its clock cannot be believed.
func Said(at, now time.Time) time.Time {
	switch {
	case at.IsZero() || at.Before(now.Add(-SaidWithin)) || at.After(now.Add(skew)):
		return time.Time{}
	case at.After(now):
		return now
	}
	return at
}

// runs of digits that could be a telephone, identity or account number
var numbers = regexp.MustCompile(`\d{7,}[Xx]?|\d(?:[ \-.·—]{0,2}\d){9,}[Xx]?`)

// Mask takes numbers that could identify somebody out of a text that others read. Full-width digits are digits.
func Mask(s string) string {
	return numbers.ReplaceAllString(strings.Map(func(r rune) rune {
		if r >= '０' && r <= '９' {
			return r - '０' + '0'
		}
		return r
	}, s), "***")
}

// titleOf is what a case is called in lists: the beginning of what was said, or only its category where that is confidential.
func titleOf(k Kind, it item, body string) string {
	if k.Confidential {
		if it.name != "" {
			return it.name
		}
		return k.Name
	}
	line := Mask(strings.Join(strings.Fields(body), " "))
	if utf8.RuneCountInString(line) > MaxTitle {
		line = string([]rune(line)[:MaxTitle-1]) + "…"
	}
	return line
}

func titleKey(title string) string { return gram.Key(title) }

func (s *Service) phoneKey(phone string) string {
	if phone == "" {
		return ""
	}
	return s.ring.Index("phone", phone)
}

// Report takes a case from a resident, who needs no account; ResidentID and PersonID are those of the account that they use, if they do. Only kinds and categories that are open to all are taken. The channel is
// the web page, or ByKiosk.
func (s *Service) Report(ctx context.Context, tenant int64, by string, requestID string, n Report) (Receipt, error) {
	if n.Channel != ByKiosk {
		n.Channel = ByWeb
	}
	n.Scans, n.Into = false, 0
	return s.enter(ctx, authz.Actor{Tenant: tenant, Name: by, RequestID: requestID}, n, byResident)
}

// Enter takes a case on behalf of whoever came, called or wrote (PermEnter in the community, which follows from the building where only that is known).
func (s *Service) Enter(ctx context.Context, actor authz.Actor, n Report) (Receipt, error) {
	if n.Channel.Text().IsZero() || n.Channel == ByWeb || n.Channel == ByKiosk {
		return Receipt{}, errs.Field("channel", i18n.ErrBadChoice)
	}
	n.ResidentID = 0
	if n.CommunityID == 0 && n.BuildingID != 0 { // the building says where
		var err error
		if n.CommunityID, err = communityOf(ctx, s.db, actor.Tenant, n.BuildingID); errs.KindOf(err) == errs.NotFound {
			return Receipt{}, errs.Field("building", i18n.ErrBadChoice)
		} else if err != nil {
			return Receipt{}, err
		}
	}
	if n.CommunityID != 0 {
		if err := actor.Scope(PermEnter).Require(n.CommunityID); err != nil {
			return Receipt{}, err
		}
	}
	return s.enter(ctx, actor, n, byStaff)
}

// way is by whom a case comes in: whether only categories are taken that residents choose, which kinds are open to it, and the right to it.
type way struct {
	public bool
	open   func(Kind) bool
	perm   authz.Permission
}

var (
	byResident = way{public: true, open: func(k Kind) bool { return k.OpenToAll }}
	byStaff    = way{open: func(Kind) bool { return true }, perm: PermEnter}
	bySystem   = way{public: true, open: func(k Kind) bool { return k.Georeport != NotOpen && !k.Confidential }, perm: PermConnect}
)

// Tries is how often a case is entered until its number is one that nobody has.
const Tries = 5

func (s *Service) enter(ctx context.Context, actor authz.Actor, n Report, how way) (out Receipt, err error) {
	e, err := s.checked(ctx, actor, n, how)
	if err != nil {
		return out, err
	}
	for range Tries {
		err = s.db.WithTx(ctx, func(tx *db.Tx) error {
			out, err = s.once(ctx, tx, actor, n.sending(), func() (Receipt, error) { return s.enterTx(ctx, tx, actor, e) })
			return err
		})
		if !db.IsUnique(err) {
			return out, err
		}
	}
	return out, err
}

// Entering is a report that was checked and can be entered.
type Entering struct {
	office   office
	kind     Kind
	report   Report
	pictures photos
	how      way
}

// CheckEntry checks a report on behalf (PermEnter in the community) that another use case enters in its own transaction (EnterTx).
func (s *Service) CheckEntry(ctx context.Context, actor authz.Actor, n Report) (Entering, error) {
	if n.Channel.Text().IsZero() || n.Channel == ByWeb || n.Channel == ByKiosk {
		return Entering{}, errs.Field("channel", i18n.ErrBadChoice)
	}
	n.ResidentID = 0
	if n.CommunityID == 0 {
		return Entering{}, errs.Field("community", i18n.ErrRequired)
	}
	if err := actor.Scope(PermEnter).Require(n.CommunityID); err != nil {
		return Entering{}, err
	}
	return s.checked(ctx, actor, n, byStaff)
}

// EnterOnceTx is EnterTx, once for the key of the report: sent again it gives the receipt of the first (Receipt.Again).
func (s *Service) EnterOnceTx(ctx context.Context, tx *db.Tx, actor authz.Actor, e Entering) (Receipt, error) {
	return s.once(ctx, tx, actor, e.report.sending(), func() (Receipt, error) { return s.EnterTx(ctx, tx, actor, e) })
}

// EnterTx enters what CheckEntry checked, in the transaction of another use case, which sees to it that it happens once and draws again, Tries times, when the
// number is one that somebody has (db.IsUnique).
func (s *Service) EnterTx(ctx context.Context, tx *db.Tx, actor authz.Actor, e Entering) (Receipt, error) {
	if e.report.CommunityID == 0 {
		return Receipt{}, errs.ErrForbidden
	}
	if err := actor.Scope(PermEnter).Require(e.report.CommunityID); err != nil {
		return Receipt{}, err
	}
	return s.enterTx(ctx, tx, actor, e)
}

func (s *Service) checked(ctx context.Context, actor authz.Actor, n Report, how way) (e Entering, err error) {
	k, err := findKind(ctx, s.db, actor.Tenant, n.Kind)
	if errs.KindOf(err) == errs.NotFound || err == nil && (k.Retired || !how.open(k)) {
		return e, errs.Field("kind", i18n.ErrBadChoice)
	} else if err != nil {
		return e, err
	}
	if err := n.check(k); err != nil {
		return e, err
	}
	check := s.checkPhotos
	if n.Scans && how.perm == PermEnter {
		check = s.checkPapers
	}
	pictures, err := check(ctx, actor.Tenant, n.Files)
	if err != nil {
		return e, err
	}
	if n.X != 0 && n.Y != 0 { // a position elsewhere is not kept: the place that was named counts
		here := n.X > -180_000_000 && n.X < 180_000_000 && n.Y > -90_000_000 && n.Y < 90_000_000
		if here && s.spots != nil {
			community, _, there, err := s.spots.Spot(ctx, actor.Tenant, n.X, n.Y)
			if err != nil {
				return e, err
			}
			here = there && community == n.CommunityID
		}
		if !here {
			n.X, n.Y = 0, 0
		}
	}
	o, err := s.office(ctx, actor.Tenant)
	return Entering{office: o, kind: k, report: n, pictures: pictures, how: how}, err
}

func (s *Service) enterTx(ctx context.Context, tx *db.Tx, actor authz.Actor, e Entering) (Receipt, error) {
	o, k, n, pictures, how := e.office, e.kind, e.report, e.pictures, e.how
	var it item
	if n.ItemID != 0 {
		var err error
		it, err = findItem(ctx, tx, actor.Tenant, n.ItemID)
		if errs.KindOf(err) == errs.NotFound || err == nil && (it.retired || it.list != k.List || how.public && !it.open) {
			return Receipt{}, errs.Field("item", i18n.ErrBadChoice)
		} else if err != nil {
			return Receipt{}, err
		}
	}
	at, err := findPlace(ctx, tx, actor.Tenant, n.CommunityID, n.BuildingID, n.GridID)
	switch {
	case errs.KindOf(err) == errs.NotFound && at.community.id != 0:
		return Receipt{}, errs.Field("building", i18n.ErrBadChoice)
	case errs.KindOf(err) == errs.NotFound || err == nil && at.community.over:
		return Receipt{}, errs.Field("community", i18n.CaseNoSuchPlace)
	case err != nil:
		return Receipt{}, err
	}
	if n.from != nil && n.from.x != 0 {
		at.x, at.y, at.grid = n.from.x, n.from.y, n.from.grid
	}
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Person, n.PersonID); err != nil {
		return Receipt{}, err
	}
	rule, err := routeOf(ctx, tx, actor.Tenant, k.Code, it, at.community.id)
	if err != nil {
		return Receipt{}, err
	}
	if rule.Level != "" {
		it.level = string(rule.Level)
	}
	holder, err := s.responsible(ctx, tx, actor.Tenant, at, it, n.AboutID)
	if err != nil {
		return Receipt{}, err
	}
	by, ok, err := s.counterOf(ctx, tx, actor.Tenant, k, holder, n, how)
	if err == nil && !ok {
		by, err = s.routedTo(ctx, tx, actor.Tenant, k, rule, at, holder, n.AboutID)
	}
	if err != nil {
		return Receipt{}, err
	}
	if n.AboutID != 0 && how.perm == PermEnter { // whom it is about does not enter it, because the code opens it
		for _, seat := range actor.Seats() {
			o, err := findOrg(ctx, tx, actor.Tenant, seat)
			if err != nil {
				return Receipt{}, err
			}
			if o.within(n.AboutID) {
				return Receipt{}, errs.Field("about", i18n.CaseAboutYou)
			}
		}
	}
	c := Case{ID: id.New(), No: paper.NewNo("", tx.Now()), KindCode: k.Code, ItemID: n.ItemID, ItemEdition: it.edition, CommunityID: at.community.id, GridID: at.grid, BuildingID: n.BuildingID,
		Place: n.Place, X: at.x, Y: at.y, Title: titleOf(k, it, n.Body), Body: n.Body, Answers: n.Answers, Channel: n.Channel, EnteredBy: actor.AccountID, PersonID: n.PersonID, AboutID: n.AboutID,
		Urgent: n.Urgent, Confidential: k.Confidential, Visibility: k.Visibility, State: Received, OrgID: holder.id, ReceivedAt: tx.Now(), Version: 1}
	if n.no != "" {
		c.No = n.no
	}
	if n.X != 0 && n.Y != 0 {
		c.X, c.Y = n.X, n.Y
	}
	c.HappenedAt = Said(n.HappenedAt, tx.Now())
	c.ClockAt, c.LimitDays, c.LimitHours, c.Petition = tx.Now(), k.Days, k.Hours, k.Petition
	switch {
	case k.Petition: // the limit of its work begins when it is taken on
		c.LimitDays, c.LimitHours = petitionTake, 0
	case n.Urgent:
		c.LimitDays, c.LimitHours = 0, k.UrgentHours
	case it.hours > 0:
		c.LimitDays, c.LimitHours = 0, it.hours
	case it.days > 0:
		c.LimitDays, c.LimitHours = it.days, 0
	}
	c.DueAt, c.Provisional = o.due(c.Timing, nil)
	c.respondAt, _ = o.signBy(c.Timing, tx.Now())
	if k.Petition {
		c.respondAt = c.DueAt
	}
	if by.to.id != 0 {
		c.State, c.OrgID, c.DispatchedBy, c.DispatchedAt = Dispatched, by.to.id, holder.id, tx.Now()
		c.SignDueAt, _ = o.signBy(c.Timing, tx.Now())
	}
	code := paper.NewCode(actor.Tenant)
	if err := s.insert(ctx, tx, actor.Tenant, &c, n, code); err != nil {
		return Receipt{}, err
	}
	entry, err := s.insertEntry(ctx, tx, actor.Tenant, c.ID, Received, step{act: ActReport, to: holder.id, account: actor.AccountID})
	if err != nil {
		return Receipt{}, err
	}
	c.tenant = actor.Tenant
	has := holder
	if by.to.id != 0 {
		has = by.to
	}
	if err := s.event(ctx, tx, &c, entry, ActReport, ""); err != nil {
		return Receipt{}, err
	}
	if err := s.enterRouted(ctx, tx, &c, by, holder.id); err != nil {
		return Receipt{}, err
	}
	if n.from != nil && n.from.link != "" {
		if _, err := s.insertEntry(ctx, tx, actor.Tenant, c.ID, Received, step{act: ActAdd, words: i18n.GeoreportLink.In(i18n.ZH, n.from.link), open: true, source: c.ID}); err != nil {
			return Receipt{}, err
		}
	}
	if err := s.keepPhotos(ctx, tx, actor, c.ID, pictures); err != nil {
		return Receipt{}, err
	}
	out := Receipt{ID: c.ID, No: c.No, Code: code, Org: has.name, DueAt: c.DueAt, Provisional: c.Provisional, Petition: k.Petition}
	if k.ByTechnician {
		out.SignOff = s.signOff(c.ID, 0)
	}
	if n.Into != 0 && how.perm == PermEnter {
		if err := s.joinTx(ctx, tx, actor, &c, n.Into, &out); err != nil {
			return Receipt{}, err
		}
	}
	if err := s.toldReceived(ctx, tx, &c, n, code, out.Org); err != nil {
		return Receipt{}, err
	}
	return out,
		audit.Record(ctx, tx, actor, audit.Entry{Action: "casework.report", Permission: how.perm, SubjectKind: "service_case", SubjectID: c.ID, PersonID: c.PersonID, OrgID: holder.id,
			Detail: map[string]any{"kind": k.Code, "channel": n.Channel}})
}

// responsible is who a case goes to at first: by the category's level, the community, its sub-district, or the district. What somebody complains about does not
// get the complaint; the organisation above it does.
func (s *Service) responsible(ctx context.Context, q db.Querier, tenant int64, at place, it item, about id.ID) (o org, err error) {
	o = at.community
	up := 0
	switch catalogue.Level(it.level) {
	case catalogue.Subdistrict:
		up = 1
	case catalogue.District:
		up = 9
	}
	for ; up > 0 && o.parent != 0; up-- {
		if o, err = findOrg(ctx, q, tenant, o.parent); err != nil {
			return o, err
		}
	}
	if about == 0 {
		return o, nil
	}
	a, err := findOrg(ctx, q, tenant, about)
	if errs.KindOf(err) == errs.NotFound {
		return o, errs.Field("about", i18n.ErrBadChoice)
	} else if err != nil {
		return o, err
	}
	switch {
	case !o.within(a.id):
		return o, nil
	case a.parent == 0:
		return o, errs.Field("about", i18n.CaseAboveUs, a.name)
	}
	return findOrg(ctx, q, tenant, a.parent)
}
