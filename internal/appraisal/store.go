package appraisal

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/pinyin"
)

const roundColumns = `r.id, r.organisation_id, CASE WHEN o.short_name <> '' THEN o.short_name ELSE coalesce(o.name, '') END, r.year, r.step, r.step_on, r.opened_on, r.meeting_id,
	r.paper_returned, r.paper_valid, r.teller, r.second_teller, r.counted_on, r.excellent_why, r.closed_on, r.emptied_on, r.version`

const roundTables = ` FROM appraisal_round r LEFT JOIN organisation o ON o.tenant_id = r.tenant_id AND o.id = r.organisation_id`

func (r *Round) dest() []any {
	return []any{&r.ID, &r.OrganisationID, &r.Organisation, &r.Year, &r.Step, &r.StepOn, &r.OpenedOn, &r.MeetingID,
		&r.PaperReturned, &r.PaperValid, &r.Teller, &r.SecondTeller, &r.CountedOn, &r.ExcellentWhy, &r.ClosedOn, &r.EmptiedOn, &r.Version}
}

var (
	roundOwners = authz.Columns{Tenant: "r.tenant_id", Orgs: []string{"r.organisation_id"}}
	entryOwners = authz.Columns{Tenant: "e.tenant_id", Orgs: []string{"e.organisation_id"}, Person: "e.person_id"}
)

func findRound(ctx context.Context, q db.Querier, scope authz.Scope, round id.ID) (Round, error) {
	a := &db.Args{}
	return db.One(ctx, q, (*Round).dest, "SELECT "+roundColumns+roundTables+" WHERE "+scope.Where(a, roundOwners)+" AND r.id = "+a.Add(round), a.Values()...)
}

// loadRound reads the round of an entry that the caller was allowed to find.
func loadRound(ctx context.Context, q db.Querier, tenant int64, round id.ID) (Round, error) {
	return db.One(ctx, q, (*Round).dest, "SELECT "+roundColumns+roundTables+" WHERE r.tenant_id = $1 AND r.id = $2", tenant, round)
}

func saveRound(ctx context.Context, tx *db.Tx, tenant int64, r Round) error {
	return tx.Update(ctx, `UPDATE appraisal_round SET step = $1, step_on = $2, meeting_id = $3, paper_returned = $4, paper_valid = $5, teller = $6, second_teller = $7,
		counted_on = $8, excellent_why = $9, closed_on = $10, version = version + 1 WHERE tenant_id = $11 AND id = $12 AND version = $13`,
		r.Step, r.StepOn, r.MeetingID, r.PaperReturned, r.PaperValid, r.Teller, r.SecondTeller, r.CountedOn, r.ExcellentWhy, r.ClosedOn, tenant, r.ID, r.Version)
}

const entryColumns = `e.id, e.round_id, e.organisation_id, e.member_id, e.person_id, e.name, e.standing, e.party_group, e.votes, e.graded, e.why, e.away, e.self_text, e.self_gaps,
	e.self_paper, e.self_on, e.grade, e.standing_grade, e.opinion, e.gaps, e.help, e.follow_on, e.followed, e.followed_on, e.decision, e.approval, e.decided_on,
	e.read_on, e.read_paper, e.own_view, e.version`

func (e *Entry) dest() []any {
	return []any{&e.ID, &e.RoundID, &e.OrganisationID, &e.MemberID, &e.PersonID, &e.Name, probationaryColumn{&e.Probationary}, &e.Group, &e.Votes, &e.Graded, &e.Why, &e.Away, &e.SelfText, &e.SelfGaps,
		&e.SelfPaper, &e.SelfOn, &e.Grade, &e.Standing, &e.Opinion, &e.Gaps, &e.Help, &e.FollowOn, &e.Followed, &e.FollowedOn, &e.Decision, &e.Approval, &e.DecidedOn,
		&e.ReadOn, &e.ReadPaper, &e.OwnView, &e.Version}
}

// probationaryColumn reads the standing of a member.
type probationaryColumn struct{ to *bool }

func (c probationaryColumn) Scan(v any) error {
	switch v := v.(type) {
	case string:
		*c.to = v == "probationary"
	case []byte:
		*c.to = string(v) == "probationary"
	}
	return nil
}

func findEntry(ctx context.Context, q db.Querier, scope authz.Scope, entry id.ID) (Entry, error) {
	a := &db.Args{}
	return db.One(ctx, q, (*Entry).dest, "SELECT "+entryColumns+" FROM appraisal_entry e WHERE "+scope.Where(a, entryOwners)+" AND e.id = "+a.Add(entry), a.Values()...)
}

func saveEntry(ctx context.Context, tx *db.Tx, tenant int64, e Entry) error {
	return tx.Update(ctx, `UPDATE appraisal_entry SET party_group = $1, votes = $2, graded = $3, why = $4, away = $5, self_text = $6, self_gaps = $7, self_paper = $8, self_on = $9,
		grade = $10, standing_grade = $11, opinion = $12, gaps = $13, help = $14, follow_on = $15, followed = $16, followed_on = $17, decision = $18, approval = $19,
		decided_on = $20, read_on = $21, read_paper = $22, own_view = $23, version = version + 1 WHERE tenant_id = $24 AND id = $25 AND version = $26`,
		e.Group, e.Votes, e.Graded, e.Why, e.Away, e.SelfText, e.SelfGaps, e.SelfPaper, e.SelfOn, e.Grade, e.Standing, e.Opinion, e.Gaps, e.Help, e.FollowOn, e.Followed,
		e.FollowedOn, e.Decision, e.Approval, e.DecidedOn, e.ReadOn, e.ReadPaper, e.OwnView, tenant, e.ID, e.Version)
}

func takeBackGrades(ctx context.Context, tx *db.Tx, tenant int64, round id.ID) error {
	_, err := tx.Exec(ctx, `UPDATE appraisal_entry SET grade = '', standing_grade = '', opinion = '', gaps = '', help = '', follow_on = '', decision = '', approval = '', decided_on = '',
		version = version + 1 WHERE tenant_id = $1 AND round_id = $2 AND grade <> ''`, tenant, round)
	return err
}

// branch is an organisation whose members can be appraised.
type branch struct {
	id   id.ID
	name string
}

// branches are the living Party branches and community Party organisations that are the organisation or, with below, stand below it, in scope; at most one
// more than can be opened at once.
func branches(ctx context.Context, q db.Querier, scope authz.Scope, organisation id.ID, below bool) ([]branch, error) {
	a := &db.Args{}
	w := scope.Where(a, authz.Columns{Tenant: "o.tenant_id", Orgs: []string{"o.id"}}) + " AND o.dissolved_on = '' AND o.kind IN ('party_branch', 'community_party')"
	if below {
		w += " AND EXISTS (SELECT 1 FROM organisation up WHERE up.tenant_id = o.tenant_id AND up.id = " + a.Add(organisation) + " AND substr(o.path, 1, length(up.path)) = up.path)"
	} else {
		w += " AND o.id = " + a.Add(organisation)
	}
	return db.All(ctx, q, func(b *branch) []any { return []any{&b.id, &b.name} }, "SELECT o.id, CASE WHEN o.short_name <> '' THEN o.short_name ELSE o.name END FROM organisation o WHERE "+
		w+" ORDER BY o.id LIMIT "+a.Add(int64(mostBranches+1)), a.Values()...)
}

// opened are those of some branches that have a round of a year.
func opened(ctx context.Context, q db.Querier, tenant int64, list []branch, year int) (map[id.ID]bool, error) {
	a := &db.Args{}
	ids := make([]id.ID, len(list))
	for i, b := range list {
		ids[i] = b.id
	}
	there, err := db.Column[id.ID](ctx, q, "SELECT organisation_id FROM appraisal_round WHERE tenant_id = "+a.Add(tenant)+" AND year = "+a.Add(year)+" AND "+db.In(a, "organisation_id", ids), a.Values()...)
	out := map[id.ID]bool{}
	for _, i := range there {
		out[i] = true
	}
	return out, err
}

// registered reads who belongs to some branches on a day, in their Party groups too.
func registered(ctx context.Context, q db.Querier, tenant int64, list []id.ID, on calendar.Date) ([]Entry, error) {
	a := &db.Args{}
	t := a.Add(tenant)
	d := a.Add(on)
	return db.All(ctx, q, func(e *Entry) []any {
		return []any{&e.OrganisationID, &e.MemberID, &e.PersonID, &e.Name, &e.Probationary, &e.Group}
	}, `SELECT CASE WHEN h.kind = 'party_group' THEN h.parent_id ELSE h.id END, m.id, m.person_id, m.name,
		NOT (m.standing = 'full' AND (m.full_on = '' OR m.full_on <= `+d+`)), CASE WHEN h.kind <> 'party_group' THEN '' WHEN h.short_name <> '' THEN h.short_name ELSE h.name END
		FROM member m JOIN organisation h ON h.tenant_id = m.tenant_id AND h.id = m.home_id
		WHERE m.tenant_id = `+t+" AND m.ended_on = '' AND (m.joined_on = '' OR m.joined_on <= "+d+") AND ("+db.In(a, "h.id", list)+
		" OR h.kind = 'party_group' AND "+db.In(a, "h.parent_id", list)+") ORDER BY m.name_key, m.id", a.Values()...)
}

func insertRound(ctx context.Context, tx *db.Tx, actor authz.Actor, rounds []Round) error {
	day := calendar.DateOf(tx.Now()).String()
	err := tx.InsertMany(ctx, "appraisal_round", []string{"tenant_id", "id", "organisation_id", "year", "step", "step_on", "opened_on", "opened_by", "meeting_id"}, len(rounds), func(i int) []any {
		r := rounds[i]
		return []any{actor.Tenant, int64(r.ID), int64(r.OrganisationID), int64(r.Year), string(Self), day, day, int64(actor.AccountID), int64(r.MeetingID)}
	})
	if db.IsUnique(err) {
		return errs.New(errs.Conflict, i18n.AppraisalThere).Because(err)
	}
	return err
}

func insertEntries(ctx context.Context, tx *db.Tx, tenant int64, list []Entry) error {
	return tx.InsertMany(ctx, "appraisal_entry", []string{"tenant_id", "id", "round_id", "organisation_id", "member_id", "person_id", "name", "name_key", "standing", "party_group", "votes", "graded"}, len(list),
		func(i int) []any {
			e := list[i]
			standing := "full"
			if e.Probationary {
				standing = "probationary"
			}
			_, key := pinyin.Of(e.Name)
			return []any{tenant, int64(e.ID), int64(e.RoundID), int64(e.OrganisationID), int64(e.MemberID), int64(e.PersonID), e.Name, key, standing, e.Group, e.Votes, e.Graded}
		})
}

// missing counts, in a round, what is still to be done before its step can be closed without a word: self-appraisals, votes, grades, results read.
func missing(ctx context.Context, q db.Querier, tenant int64, r Round) (int64, error) {
	where := map[Step]string{Self: "e.self_on = ''", Voting: "EXISTS (SELECT 1 FROM appraisal_mark k WHERE k.tenant_id = e.tenant_id AND k.round_id = e.round_id AND k.entry_id = e.id AND k.way = '')",
		Opinion: "e.graded AND e.grade = ''", Told: "e.graded AND e.read_on = ''"}[r.Step]
	if where == "" {
		return 0, nil
	}
	return db.Value[int64](ctx, q, "SELECT count(*) FROM appraisal_entry e WHERE e.tenant_id = $1 AND e.round_id = $2 AND "+where, tenant, r.ID)
}
