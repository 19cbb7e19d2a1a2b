package appraisal

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Meetings lets a meeting count for the appraisal (PARTY-26, PARTY-29): one that the actor plans.
type Meetings interface {
	// TagTx lets a meeting of an organisation count for the appraisal too, if it does not yet.
	TagTx(ctx context.Context, tx *db.Tx, actor authz.Actor, meeting, organisation id.ID) error
}

// Service runs appraisals.
type Service struct {
	db       *db.DB
	meetings Meetings
}

// New makes the service.
func New(d *db.DB, meetings Meetings) *Service { return &Service{db: d, meetings: meetings} }

// Today is the day on which steps are taken.
func (s *Service) Today() calendar.Date { return calendar.DateOf(s.db.Now()) }

// mostBranches is how many branches one act can open rounds for.
const mostBranches = 500

// firstYear is the first year that can be appraised.
const firstYear = 2000

// Opening asks for rounds.
type Opening struct {
	OrganisationID id.ID
	Below          bool // of all branches at and below it
	Year           int
	MeetingID      id.ID // of one branch: the meeting with which it goes
}

// Opened is what came of an Opening.
type Opened struct {
	Rounds  []id.ID // those that are new
	Kept    int     // branches that had one already
	Members int     // who takes part in the new ones
	RoundID id.ID   // of one branch: its round, new or kept
}

// Open opens the rounds of a year for one branch, or for all at and below an organisation (PermOpen in the branches). Who takes part follows from the register
// of today. Rounds that exist are kept; branches without members are left out, and if nothing is left, that is a Conflict. A meeting is linked to the round of one branch, also
// to one that exists.
func (s *Service) Open(ctx context.Context, actor authz.Actor, o Opening) (Opened, error) {
	var e *errs.Error
	if o.OrganisationID == 0 {
		e = e.With("organisation_id", i18n.ErrRequired)
	}
	if today := s.Today(); o.Year < firstYear || o.Year > today.Year() {
		e = e.With("year", i18n.AppraisalBadYear, firstYear, today.Year())
	}
	if err := e.OrNil(); err != nil {
		return Opened{}, err
	}
	var out Opened
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		out = Opened{}
		list, err := branches(ctx, tx, actor.Scope(PermOpen), o.OrganisationID, o.Below)
		switch {
		case err != nil:
			return err
		case len(list) == 0:
			return errs.Field("organisation_id", i18n.AppraisalNoBranch)
		case len(list) > mostBranches:
			return errs.Field("organisation_id", i18n.AppraisalManyBranches, mostBranches)
		}
		there, err := opened(ctx, tx, actor.Tenant, list, o.Year)
		if err != nil {
			return err
		}
		if err := openNew(ctx, tx, actor, o, list, there, &out); err != nil {
			return err
		}
		if len(out.Rounds) == 0 && out.Kept == 0 {
			return errs.Field("organisation_id", i18n.AppraisalNoMembers)
		}
		if o.Below {
			return nil
		}
		return s.openedOne(ctx, tx, actor, o, &out)
	})
	return out, err
}

// openNew makes the rounds that are not there, with those who take part.
func openNew(ctx context.Context, tx *db.Tx, actor authz.Actor, o Opening, list []branch, there map[id.ID]bool, out *Opened) error {
	var want []id.ID
	for _, b := range list {
		if there[b.id] {
			out.Kept++
		} else {
			want = append(want, b.id)
		}
	}
	if len(want) == 0 {
		return nil
	}
	entries, err := registered(ctx, tx, actor.Tenant, want, calendar.DateOf(tx.Now()))
	if err != nil {
		return err
	}
	rounds := map[id.ID]Round{}
	var made []Round
	for i := range entries {
		x := &entries[i]
		r, known := rounds[x.OrganisationID]
		if !known {
			r = Round{ID: id.New(), OrganisationID: x.OrganisationID, Year: o.Year}
			rounds[x.OrganisationID] = r
			made, out.Rounds = append(made, r), append(out.Rounds, r.ID)
		}
		x.ID, x.RoundID, x.Votes, x.Graded = id.New(), r.ID, !x.Probationary, !x.Probationary
	}
	out.Members = len(entries)
	if err := insertRound(ctx, tx, actor, made); err != nil {
		return err
	}
	if err := insertEntries(ctx, tx, actor.Tenant, entries); err != nil {
		return err
	}
	for _, r := range made { // one entry in the record for each branch, as it concerns each
		if err := record(ctx, tx, actor, PermOpen, "open", r, Entry{}, map[string]any{"year": o.Year}); err != nil {
			return err
		}
	}
	return nil
}

// openedOne names the round of the one branch and links the meeting.
func (s *Service) openedOne(ctx context.Context, tx *db.Tx, actor authz.Actor, o Opening, out *Opened) error {
	r, err := db.One(ctx, tx, (*Round).dest, "SELECT "+roundColumns+roundTables+" WHERE r.tenant_id = $1 AND r.organisation_id = $2 AND r.year = $3", actor.Tenant, o.OrganisationID, o.Year)
	if err != nil {
		return err
	}
	out.RoundID = r.ID
	if o.MeetingID == 0 || o.MeetingID == r.MeetingID {
		return nil
	}
	if r.Step == Closed {
		return r.at(Told)
	}
	return s.link(ctx, tx, actor, &r, o.MeetingID)
}

func (s *Service) link(ctx context.Context, tx *db.Tx, actor authz.Actor, r *Round, meeting id.ID) error {
	if err := s.meetings.TagTx(ctx, tx, actor, meeting, r.OrganisationID); err != nil {
		return err
	}
	r.MeetingID = meeting
	if err := saveRound(ctx, tx, actor.Tenant, *r); err != nil {
		return err
	}
	return record(ctx, tx, actor, PermOpen, "link", *r, Entry{}, map[string]any{"meeting": meeting})
}

// Link names the meeting with which a round goes (PermKeep); the meeting counts for the appraisal from then on. A closed round keeps the one it has.
func (s *Service) Link(ctx context.Context, actor authz.Actor, round, meeting id.ID) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		r, err := findRound(ctx, tx, actor.Scope(PermKeep), round)
		if err != nil {
			return err
		}
		if r.Step == Closed && r.MeetingID != 0 {
			return r.at(Told)
		}
		if meeting == 0 {
			return errs.Field("meeting_id", i18n.ErrRequired)
		}
		return s.link(ctx, tx, actor, &r, meeting)
	})
}

// moveTo lets the round stand at a step from a day on.
func (r *Round) moveTo(step Step, on calendar.Date) { r.Step, r.StepOn = step, on }

// changeRound finds a round that the actor keeps, lets do change it, saves and records it. version 0 asks for none.
func (s *Service) changeRound(ctx context.Context, actor authz.Actor, act string, round id.ID, version int64, do func(tx *db.Tx, r *Round) (map[string]any, error)) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		r, err := findRound(ctx, tx, actor.Scope(PermKeep), round)
		if err != nil {
			return err
		}
		if version != 0 && version != r.Version {
			return errs.ErrConflict
		}
		detail, err := do(tx, &r)
		if err != nil {
			return err
		}
		if err := saveRound(ctx, tx, actor.Tenant, r); err != nil {
			return err
		}
		return record(ctx, tx, actor, PermKeep, act, r, Entry{}, detail)
	})
}

// Advance closes the step at which a round stands and opens the next (PermKeep, PARTY-40). What is not complete needs a reason: self-appraisals that are missing,
// fewer than half of the votes, results not read, more than a third excellent (PARTY-42: "normally"; the reason is kept with the round). Without ballots, with ballots on
// paper not counted, or with grades missing it is a Conflict.
func (s *Service) Advance(ctx context.Context, actor authz.Actor, round id.ID, from Step, reason string, version int64) error {
	return s.changeRound(ctx, actor, "advance", round, version, func(tx *db.Tx, r *Round) (map[string]any, error) {
		if err := r.at(from); err != nil {
			return nil, err
		}
		if err := words(nil, "reason", &reason, maxReason, false).OrNil(); err != nil {
			return nil, err
		}
		detail := map[string]any{"from": r.Step, "to": r.Step.Next()}
		if reason != "" {
			detail["reason"] = reason
		}
		need, err := s.closing(ctx, tx, actor.Tenant, *r)
		if err != nil {
			return nil, err
		}
		if !need.IsZero() && reason == "" {
			return nil, errs.Field("reason", need.text, need.args...)
		}
		if err := excellentWhy(ctx, tx, actor.Tenant, r, reason); err != nil {
			return nil, err
		}
		day := calendar.DateOf(tx.Now())
		r.moveTo(r.Step.Next(), day)
		switch r.Step {
		case Voting:
			err = openBallot(ctx, tx, actor.Tenant, r.ID)
		case Closed:
			r.ClosedOn = day
		}
		return detail, err
	})
}

// Excuse is what a step can be closed without only for a reason.
type Excuse struct {
	text i18n.Text
	args []any
}

// In says it in words.
func (x Excuse) In(l i18n.Lang) string { return x.text.In(l, x.args...) }

// IsZero says that nothing has to be excused.
func (x Excuse) IsZero() bool { return x.text.IsZero() }

// closing says what stands in the way of closing the step of a round: an error that nothing helps against, or what needs a reason.
func (s *Service) closing(ctx context.Context, q db.Querier, tenant int64, r Round) (Excuse, error) {
	n, err := missing(ctx, q, tenant, r)
	if err != nil {
		return Excuse{}, err
	}
	switch r.Step {
	case Self:
		if n > 0 {
			return Excuse{i18n.AppraisalSelfMissing, []any{n}}, nil
		}
	case Voting:
		return closingBallot(ctx, q, tenant, r)
	case Opinion:
		if n > 0 {
			return Excuse{}, errs.New(errs.Conflict, i18n.AppraisalGradeMissing, n)
		}
	case Closed:
		return Excuse{}, errs.New(errs.Conflict, i18n.AppraisalIsClosed, r.ClosedOn.String())
	}
	if r.Step != Opinion && r.Step != Told {
		return Excuse{}, nil
	}
	excellent, graded, err := excellence(ctx, q, tenant, r.ID)
	switch {
	case err != nil:
		return Excuse{}, err
	case TooManyExcellent(excellent, graded) && (r.Step == Opinion || r.ExcellentWhy == ""):
		return Excuse{i18n.AppraisalManyExcellent, []any{excellent, graded}}, nil
	case r.Step == Told && n > 0:
		return Excuse{i18n.AppraisalReadMissing, []any{n}}, nil
	}
	return Excuse{}, nil
}

// excellentWhy keeps the reason why more than a third are excellent when grades are settled, and none where they are not.
func excellentWhy(ctx context.Context, q db.Querier, tenant int64, r *Round, reason string) error {
	if r.Step != Opinion && r.Step != Told {
		return nil
	}
	excellent, graded, err := excellence(ctx, q, tenant, r.ID)
	switch {
	case err != nil:
		return err
	case !TooManyExcellent(excellent, graded):
		r.ExcellentWhy = ""
	case r.Step == Opinion || r.ExcellentWhy == "":
		r.ExcellentWhy = reason
	}
	return nil
}

func closingBallot(ctx context.Context, q db.Querier, tenant int64, r Round) (Excuse, error) {
	t, err := turnout(ctx, q, tenant, r.ID)
	switch {
	case err != nil:
		return Excuse{}, err
	case t.Paper > 0 && r.CountedOn.IsZero():
		return Excuse{}, errs.New(errs.Conflict, i18n.AppraisalPaperOpen, t.Paper)
	case t.Phone+r.PaperValid == 0:
		return Excuse{}, errs.New(errs.Conflict, i18n.AppraisalNoBallots)
	case 2*(t.Phone+r.PaperValid) < t.Voters:
		return Excuse{i18n.AppraisalFewBallots, []any{t.Phone + r.PaperValid, t.Voters}}, nil
	}
	return Excuse{}, nil
}

// excellence counts the excellent among the graded members of a round.
func excellence(ctx context.Context, q db.Querier, tenant int64, round id.ID) (excellent, graded int64, err error) {
	type sums struct{ excellent, graded int64 }
	x, err := db.One(ctx, q, func(x *sums) []any { return []any{&x.excellent, &x.graded} }, `SELECT coalesce(sum(CASE WHEN standing_grade = 'excellent' THEN 1 ELSE 0 END), 0), count(*)
		FROM appraisal_entry WHERE tenant_id = $1 AND round_id = $2 AND graded`, tenant, round)
	return x.excellent, x.graded, err
}

// Strike removes a round that was opened by mistake, with the reason (PermKeep), as long as no ballot was opened. What was written in it goes with it.
func (s *Service) Strike(ctx context.Context, actor authz.Actor, round id.ID, reason string) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		r, err := findRound(ctx, tx, actor.Scope(PermKeep), round)
		if err != nil {
			return err
		}
		if err := r.at(Self, Mutual); err != nil {
			return err
		}
		if err := words(nil, "why", &reason, maxReason, true).OrNil(); err != nil {
			return err
		}
		for _, q := range []string{"DELETE FROM appraisal_remark WHERE tenant_id = $1 AND round_id = $2", "DELETE FROM appraisal_entry WHERE tenant_id = $1 AND round_id = $2",
			"DELETE FROM appraisal_round WHERE tenant_id = $1 AND id = $2"} {
			if _, err := tx.Exec(ctx, q, actor.Tenant, r.ID); err != nil {
				return err
			}
		}
		return record(ctx, tx, actor, PermKeep, "strike", r, Entry{}, map[string]any{"reason": reason, "year": r.Year})
	})
}

// Follow lets the rounds of a branch that another took in follow, where that has none of the year yet; the others stay with the branch that was.
func (s *Service) Follow(ctx context.Context, tx *db.Tx, actor authz.Actor, from, to id.ID) error {
	if _, err := tx.Exec(ctx, `UPDATE appraisal_round SET organisation_id = $1, version = version + 1 WHERE tenant_id = $2 AND organisation_id = $3 AND NOT EXISTS
		(SELECT 1 FROM appraisal_round x WHERE x.tenant_id = appraisal_round.tenant_id AND x.organisation_id = $1 AND x.year = appraisal_round.year)`, to, actor.Tenant, from); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE appraisal_entry SET organisation_id = $1, version = version + 1 WHERE tenant_id = $2 AND organisation_id = $3 AND EXISTS
		(SELECT 1 FROM appraisal_round x WHERE x.tenant_id = appraisal_entry.tenant_id AND x.id = appraisal_entry.round_id AND x.organisation_id = $1)`, to, actor.Tenant, from)
	return err
}
