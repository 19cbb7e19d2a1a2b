package appraisal

import (
	"context"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// way is how somebody has voted. It says nothing about what.
type way string

const (
	notYet  way = ""
	onPhone way = "phone"
	onPaper way = "paper" // was given a ballot on paper
)

// Ballot is what one voter chooses, by entry. It lives only while it is counted: nothing keeps it (docs/adr/0031).
type Ballot map[id.ID]Grade

// VoteField is the name of the field about an entry in the errors of Vote.
func VoteField(entry id.ID) string { return "vote." + entry.String() }

// check demands one choice about each subject, and about nobody else.
func (b Ballot) check(subjects []id.ID) error {
	var e *errs.Error
	for _, s := range subjects {
		if b[s].ChoiceText().IsZero() {
			e = e.With(VoteField(s), i18n.ErrBadChoice)
		}
	}
	if err := e.OrNil(); err != nil {
		return err
	}
	if len(b) != len(subjects) { // about themselves, or about somebody who is on no ballot
		return errs.New(errs.Invalid, i18n.AppraisalNotOnBallot)
	}
	return nil
}

// Vote casts the ballot of the member whose entry it is (PermOwn): one choice about everybody on the ballot but themselves. Who has voted, or holds a ballot on
// paper, is refused (Conflict), so that a form sent twice counts once. The vote is in no record but the mark and the counters; see the package's comment.
func (s *Service) Vote(ctx context.Context, actor authz.Actor, entry id.ID, b Ballot) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		e, err := findEntry(ctx, tx, actor.Scope(PermOwn), entry)
		if err != nil {
			return err
		}
		r, err := loadRound(ctx, tx, actor.Tenant, e.RoundID)
		if err != nil {
			return err
		}
		if err := r.at(Voting); err != nil {
			return err
		}
		if !e.Votes {
			return errs.New(errs.Conflict, i18n.AppraisalHasNoVote)
		}
		switch mark, err := markOf(ctx, tx, actor.Tenant, r.ID, e.ID); {
		case err != nil:
			return err
		case mark == onPhone:
			return errs.New(errs.Conflict, i18n.AppraisalHasVoted)
		case mark == onPaper:
			return errs.New(errs.Conflict, i18n.AppraisalHasPaper)
		}
		subjects, err := subjectsOf(ctx, tx, actor.Tenant, r.ID, e.ID)
		if err != nil {
			return err
		}
		if err := b.check(subjects); err != nil {
			return err
		}
		return cast(ctx, tx, actor.Tenant, r.ID, e.ID, b)
	})
}

// cast marks the voter and counts the ballot. Both statements write every row of the round, so that none is younger than another.
func cast(ctx context.Context, tx *db.Tx, tenant int64, round, voter id.ID, b Ballot) error {
	if _, err := tx.Exec(ctx, `UPDATE appraisal_mark SET way = CASE WHEN entry_id = $1 THEN $2 ELSE way END WHERE tenant_id = $3 AND round_id = $4`,
		voter, onPhone, tenant, round); err != nil {
		return err
	}
	a := &db.Args{}
	when := ""
	for _, c := range Choices() {
		var about []id.ID
		for entry, choice := range b {
			if choice == c {
				about = append(about, entry)
			}
		}
		if len(about) > 0 {
			when += " WHEN choice = '" + string(c) + "' AND " + db.In(a, "entry_id", about) + " THEN 1"
		}
	}
	if when == "" { // alone on the ballot
		return nil
	}
	_, err := tx.Exec(ctx, "UPDATE appraisal_tally SET votes = votes + CASE"+when+" ELSE 0 END WHERE tenant_id = "+a.Add(tenant)+" AND round_id = "+a.Add(round), a.Values()...)
	return err
}

// Turnout is how many have a vote and how many have used it, by way. It says nothing about what they chose.
type Turnout struct {
	Voters, Phone, Paper int64
}

// Used is how many have voted on a phone or were given a ballot on paper.
func (t Turnout) Used() int64 { return t.Phone + t.Paper }

// GivePaper gives ballots on paper to voters who have not voted (PermKeep), while the ballot is open: who holds one cannot vote on the phone.
// Fewer than three ballots on paper are refused, because they could be told apart.
func (s *Service) GivePaper(ctx context.Context, actor authz.Actor, round id.ID, entries []id.ID) error {
	return s.changeRound(ctx, actor, "paper", round, 0, func(tx *db.Tx, r *Round) (map[string]any, error) {
		if err := r.at(Voting); err != nil {
			return nil, err
		}
		if !r.CountedOn.IsZero() {
			return nil, errs.New(errs.Conflict, i18n.AppraisalPaperCounted)
		}
		if len(entries) == 0 {
			return nil, errs.Field("entries", i18n.ErrRequired)
		}
		a := &db.Args{}
		if n, err := tx.Exec(ctx, "UPDATE appraisal_mark SET way = CASE WHEN "+db.In(a, "entry_id", entries)+" AND way = '' THEN 'paper' ELSE way END WHERE tenant_id = "+
			a.Add(actor.Tenant)+" AND round_id = "+a.Add(r.ID), a.Values()...); err != nil || n == 0 {
			return nil, err
		}
		t, err := turnout(ctx, tx, actor.Tenant, r.ID)
		if err == nil && t.Paper < Hidden {
			err = errs.Field("entries", i18n.AppraisalFewPaper, Hidden)
		}
		return map[string]any{"issued": t.Paper}, err
	})
}

// Count is what was counted of the ballots on paper. What a valid ballot does not grade counts as an abstention.
type Count struct {
	Returned, Valid      int64
	Teller, SecondTeller string
	Votes                map[id.ID]map[Grade]int64 // by entry
	Version              int64
}

// CountField is the name of the field about an entry and a grade in the errors of CountPaper.
func CountField(entry id.ID, g Grade) string { return "count." + entry.String() + "." + string(g) }

func (c *Count) check(issued int64, subjects []id.ID) error {
	var e *errs.Error
	e = words(e, "teller", &c.Teller, maxName, true)
	e = words(e, "second_teller", &c.SecondTeller, maxName, true)
	if c.Teller != "" && c.Teller == c.SecondTeller {
		e = e.With("second_teller", i18n.AppraisalTwoTellers)
	}
	switch {
	case c.Returned < 0:
		e = e.With("returned", i18n.ErrBadNumber)
	case c.Returned > issued:
		e = e.With("returned", i18n.AppraisalVoid, issued, c.Returned)
	}
	if c.Valid < 0 || c.Valid > c.Returned {
		e = e.With("valid", i18n.AppraisalValidMore, c.Returned)
	}
	known := map[id.ID]bool{}
	for _, s := range subjects {
		known[s] = true
		var sum int64
		for g, n := range c.Votes[s] {
			if n < 0 || g.Text().IsZero() {
				e = e.With(CountField(s, g), i18n.ErrBadNumber)
			}
			sum += n
		}
		if sum > c.Valid {
			e = e.With(CountField(s, Excellent), i18n.AppraisalCountMore, sum, c.Valid)
		}
	}
	for s := range c.Votes {
		if !known[s] {
			return errs.New(errs.Invalid, i18n.AppraisalNotOnBallot)
		}
	}
	return e.OrNil()
}

// CountPaper enters what the tellers counted on paper (PermKeep). More ballots returned than issued make the ballot void (ELECT-10): Invalid under "returned", and
// it has to be repeated. A count can be corrected as long as nobody voted on a phone and no result has been told; otherwise the sums could no longer be parted.
func (s *Service) CountPaper(ctx context.Context, actor authz.Actor, round id.ID, c Count) error {
	return s.changeRound(ctx, actor, "count", round, c.Version, func(tx *db.Tx, r *Round) (map[string]any, error) {
		again := !r.CountedOn.IsZero()
		steps := []Step{Voting}
		if again {
			steps = append(steps, Opinion)
		}
		if err := r.at(steps...); err != nil {
			return nil, err
		}
		t, err := turnout(ctx, tx, actor.Tenant, r.ID)
		if err != nil {
			return nil, err
		}
		switch {
		case t.Paper == 0:
			return nil, errs.New(errs.Conflict, i18n.AppraisalNoPaper)
		case again && t.Phone > 0:
			return nil, errs.New(errs.Conflict, i18n.AppraisalPaperMixed)
		}
		subjects, err := subjectsOf(ctx, tx, actor.Tenant, r.ID, 0)
		if err != nil {
			return nil, err
		}
		if err := c.check(t.Paper, subjects); err != nil {
			return nil, err
		}
		if again {
			if err := emptyTally(ctx, tx, actor.Tenant, r.ID); err != nil {
				return nil, err
			}
		}
		if err := addPaper(ctx, tx, actor.Tenant, r.ID, subjects, c); err != nil {
			return nil, err
		}
		r.PaperReturned, r.PaperValid, r.Teller, r.SecondTeller, r.CountedOn = c.Returned, c.Valid, c.Teller, c.SecondTeller, calendar.DateOf(tx.Now())
		return map[string]any{"issued": t.Paper, "returned": c.Returned, "valid": c.Valid, "tellers": []string{c.Teller, c.SecondTeller}, "again": again}, nil
	})
}

func addPaper(ctx context.Context, tx *db.Tx, tenant int64, round id.ID, subjects []id.ID, c Count) error {
	a := &db.Args{}
	when := ""
	add := func(entry id.ID, g Grade, n int64) {
		if n > 0 {
			when += " WHEN entry_id = " + a.Add(entry) + " AND choice = '" + string(g) + "' THEN CAST(" + a.Add(n) + " AS BIGINT)"
		}
	}
	for _, s := range subjects {
		left := c.Valid
		for _, g := range Grades() {
			add(s, g, c.Votes[s][g])
			left -= c.Votes[s][g]
		}
		add(s, Abstain, left)
	}
	if when == "" {
		return nil
	}
	_, err := tx.Exec(ctx, "UPDATE appraisal_tally SET votes = votes + CASE"+when+" ELSE 0 END WHERE tenant_id = "+a.Add(tenant)+" AND round_id = "+a.Add(round), a.Values()...)
	return err
}

// Repeat throws the ballot away and opens it anew, with the reason (PermKeep): more ballots came back than were issued, or something went wrong. Grades
// already decided are taken back. Once the ballot was closed and its splits could be read it is repeated only if nobody voted on a phone: two counts of
// which the second has one voter more would tell what that one chose.
func (s *Service) Repeat(ctx context.Context, actor authz.Actor, round id.ID, reason string, version int64) error {
	return s.changeRound(ctx, actor, "repeat", round, version, func(tx *db.Tx, r *Round) (map[string]any, error) {
		if err := r.at(Voting, Opinion); err != nil {
			return nil, err
		}
		if err := words(nil, "reason", &reason, maxReason, true).OrNil(); err != nil {
			return nil, err
		}
		t, err := turnout(ctx, tx, actor.Tenant, r.ID)
		if err != nil {
			return nil, err
		}
		if !repeatable(*r, t) {
			return nil, errs.New(errs.Conflict, i18n.AppraisalSeen)
		}
		if err := emptyTally(ctx, tx, actor.Tenant, r.ID); err != nil {
			return nil, err
		}
		if _, err := tx.Exec(ctx, "UPDATE appraisal_mark SET way = '' WHERE tenant_id = $1 AND round_id = $2", actor.Tenant, r.ID); err != nil {
			return nil, err
		}
		if err := takeBackGrades(ctx, tx, actor.Tenant, r.ID); err != nil {
			return nil, err
		}
		r.PaperReturned, r.PaperValid, r.Teller, r.SecondTeller, r.CountedOn = 0, 0, "", "", calendar.Date{}
		r.moveTo(Voting, calendar.DateOf(tx.Now()))
		return map[string]any{"reason": reason, "phone": t.Phone, "paper": t.Paper}, nil
	})
}

// repeatable says whether the ballot of a round can be thrown away and opened anew.
func repeatable(r Round, t Turnout) bool {
	return r.Step == Voting || r.Step == Opinion && (t.Phone == 0 || !shown(t.Phone, r.PaperValid))
}

// openBallot makes the marks of all who vote and the counters of all on the ballot.
func openBallot(ctx context.Context, tx *db.Tx, tenant int64, round id.ID) error {
	voters, err := db.Column[id.ID](ctx, tx, "SELECT id FROM appraisal_entry WHERE tenant_id = $1 AND round_id = $2 AND votes ORDER BY id", tenant, round)
	if err != nil {
		return err
	}
	subjects, err := db.Column[id.ID](ctx, tx, "SELECT id FROM appraisal_entry WHERE tenant_id = $1 AND round_id = $2 AND graded AND away = '' ORDER BY id", tenant, round)
	if err != nil {
		return err
	}
	if len(voters) == 0 || len(subjects) == 0 {
		return errs.New(errs.Conflict, i18n.AppraisalNobodyVotes)
	}
	if err := tx.InsertMany(ctx, "appraisal_mark", []string{"tenant_id", "round_id", "entry_id"}, len(voters), func(i int) []any {
		return []any{tenant, int64(round), int64(voters[i])}
	}); err != nil {
		return err
	}
	choices := Choices()
	return tx.InsertMany(ctx, "appraisal_tally", []string{"tenant_id", "round_id", "entry_id", "choice"}, len(subjects)*len(choices), func(i int) []any {
		return []any{tenant, int64(round), int64(subjects[i/len(choices)]), string(choices[i%len(choices)])}
	})
}

func emptyTally(ctx context.Context, tx *db.Tx, tenant int64, round id.ID) error {
	_, err := tx.Exec(ctx, "UPDATE appraisal_tally SET votes = 0 WHERE tenant_id = $1 AND round_id = $2", tenant, round)
	return err
}

func markOf(ctx context.Context, q db.Querier, tenant int64, round, entry id.ID) (way, error) {
	return db.Value[way](ctx, q, "SELECT way FROM appraisal_mark WHERE tenant_id = $1 AND round_id = $2 AND entry_id = $3", tenant, round, entry)
}

// subjectsOf are the entries on the ballot, without one.
func subjectsOf(ctx context.Context, q db.Querier, tenant int64, round, without id.ID) ([]id.ID, error) {
	return db.Column[id.ID](ctx, q, "SELECT entry_id FROM appraisal_tally WHERE tenant_id = $1 AND round_id = $2 AND choice = 'abstain' AND entry_id <> $3 ORDER BY entry_id", tenant, round, without)
}

func turnout(ctx context.Context, q db.Querier, tenant int64, round id.ID) (Turnout, error) {
	return db.One(ctx, q, func(t *Turnout) []any { return []any{&t.Voters, &t.Phone, &t.Paper} }, `SELECT count(*), coalesce(sum(CASE WHEN way = 'phone' THEN 1 ELSE 0 END), 0),
		coalesce(sum(CASE WHEN way = 'paper' THEN 1 ELSE 0 END), 0) FROM appraisal_mark WHERE tenant_id = $1 AND round_id = $2`, tenant, round)
}

// Split is how the ballots about a member were split. Shown is false where there are too few to hide those who cast them: then it holds no numbers.
type Split struct {
	Shown bool
	Votes map[Grade]int64
}

// shown says whether a split may be seen: ballots from phones and ballots on paper each hide behind two others, or there are none of that sort.
func shown(phone, paper int64) bool {
	enough := func(n int64) bool { return n == 0 || n >= Hidden }
	return enough(phone) && enough(paper) && phone+paper >= Hidden
}

// splits reads the counters of a round, or of one entry of it; nothing before the ballot is closed.
func splits(ctx context.Context, q db.Querier, tenant int64, r Round, entry id.ID) (map[id.ID]Split, error) {
	if !Voting.Past(r.Step) {
		return nil, nil
	}
	type row struct {
		entry  id.ID
		choice Grade
		votes  int64
		own    way
	}
	a := &db.Args{}
	w := "t.tenant_id = " + a.Add(tenant) + " AND t.round_id = " + a.Add(r.ID)
	if entry != 0 {
		w += " AND t.entry_id = " + a.Add(entry)
	}
	rows, err := db.All(ctx, q, func(x *row) []any { return []any{&x.entry, &x.choice, &x.votes, &x.own} },
		`SELECT t.entry_id, t.choice, t.votes, coalesce(k.way, '') FROM appraisal_tally t LEFT JOIN appraisal_mark k ON k.tenant_id = t.tenant_id AND k.round_id = t.round_id AND k.entry_id = t.entry_id
		WHERE `+w+" ORDER BY t.entry_id, t.choice", a.Values()...)
	if err != nil {
		return nil, err
	}
	cast, err := turnout(ctx, q, tenant, r.ID)
	if err != nil {
		return nil, err
	}
	out := map[id.ID]Split{}
	for _, x := range rows {
		phone := cast.Phone
		if x.own == onPhone {
			phone-- // nobody grades themselves
		}
		sp, there := out[x.entry]
		if !there {
			sp = Split{Shown: shown(phone, r.PaperValid)}
		}
		if sp.Shown {
			if sp.Votes == nil {
				sp.Votes = map[Grade]int64{}
			}
			sp.Votes[x.choice] = x.votes
		}
		out[x.entry] = sp
	}
	return out, nil
}

func record(ctx context.Context, tx *db.Tx, actor authz.Actor, perm authz.Permission, act string, r Round, e Entry, detail map[string]any) error {
	x := audit.Entry{Action: "appraisal." + act, Permission: perm, SubjectKind: "appraisal_round", SubjectID: r.ID, OrgID: r.OrganisationID, Detail: detail}
	if e.ID != 0 {
		x.SubjectKind, x.SubjectID, x.PersonID = "appraisal_entry", e.ID, e.PersonID
	}
	return audit.Record(ctx, tx, actor, x)
}
