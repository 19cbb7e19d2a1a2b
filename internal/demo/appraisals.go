package demo

import (
	"context"
	"time"

	"linli/internal/appraisal"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/member"
)

// improvements are what members want to do better.
var improvements = []string{"理论学习不够系统，今后每周安排固定的学习时间。", "参加社区活动还不够多，今后每季度至少参加两次。", "与群众谈心少，今后主动走访所在楼栋的老人。"}

// appraisals puts democratic appraisals on the agenda: in a branch of the first community that of last year, which is closed, and that of this year, which
// has just begun; and in the branch of the member who logs in that of this year, in which the ballot is open and they have not voted yet.
func (b *builder) appraisals(a *agenda) {
	if len(b.communities) == 0 {
		return
	}
	c, last := b.communities[0], b.today.AddDays(-365)
	a.add(at(last, 9, 30), func(ctx context.Context) error {
		branch, err := b.ownBranch(ctx, c)
		if err != nil || branch == 0 {
			return err
		}
		return b.appraise(ctx, branch, appraisalYear(last), true)
	})
	a.add(at(b.today.AddDays(-6), 9, 30), func(ctx context.Context) error {
		branch, err := b.ownBranch(ctx, c)
		if err != nil || branch == 0 {
			return err
		}
		if _, err := b.Appraisal.Open(ctx, b.system, appraisal.Opening{OrganisationID: branch, Year: appraisalYear(b.today)}); err != nil || c.own == nil {
			return err
		}
		m, err := b.Member.Get(ctx, b.system, c.own.id)
		if err != nil || m.HomeID == 0 {
			return err
		}
		return b.appraise(ctx, m.HomeID, appraisalYear(b.today), false)
	})
}

// ownBranch is a branch of a community in which members of its own are, 0 for none.
func (b *builder) ownBranch(ctx context.Context, c *community) (id.ID, error) {
	for _, x := range c.members {
		if x.kind != member.OfCommunity {
			continue
		}
		m, err := b.Member.Get(ctx, b.system, x.id)
		if err != nil || m.HomeID != 0 {
			return m.HomeID, err
		}
	}
	return 0, nil
}

// appraisalYear is the year that is appraised on a day: until March still the last.
func appraisalYear(d calendar.Date) int {
	if d.Month() <= time.March {
		return d.Year() - 1
	}
	return d.Year()
}

// appraise walks a round of a branch, to its end or into its ballot.
func (b *builder) appraise(ctx context.Context, branch id.ID, year int, whole bool) error {
	opened, err := b.Appraisal.Open(ctx, b.system, appraisal.Opening{OrganisationID: branch, Year: year})
	if err != nil {
		return err
	}
	round := opened.RoundID
	next := func(from appraisal.Step) error {
		return b.Appraisal.Advance(ctx, b.system, round, from, "支部党员大会研究同意。", 0)
	}
	list, err := b.Appraisal.Members(ctx, b.system, round, db.Page{Limit: 500})
	if err != nil {
		return err
	}
	words := map[id.ID]string{}
	for i, r := range list.Items {
		y, err := b.Appraisal.Record(ctx, b.system, r.MemberID, year)
		if err != nil {
			return err
		}
		words[r.ID] = y.Summary(i18n.ZH)
		if err := b.Appraisal.WriteSelfFor(ctx, b.system, r.ID, appraisal.SelfAppraisal{Text: words[r.ID], Gaps: improvements[i%len(improvements)]}); err != nil {
			return err
		}
	}
	if err := next(appraisal.Self); err != nil {
		return err
	}
	for i := range list.Items {
		if other := list.Items[(i+1)%len(list.Items)]; i < 5 && other.ID != list.Items[i].ID {
			if err := b.Appraisal.WriteRemarkFor(ctx, b.system, list.Items[i].ID, other.ID, "为人热心，工作踏实；建议多参加社区的志愿服务。"); err != nil {
				return err
			}
		}
	}
	if err := next(appraisal.Mutual); err != nil {
		return err
	}
	own := id.ID(0)
	if c := b.communities[0]; c.own != nil {
		own = c.own.id
	}
	if err := b.vote(ctx, list.Items, own, whole); err != nil || !whole {
		return err
	}
	return b.decide(ctx, list.Items, words, next)
}

// vote lets the voters of a round vote: all, or two in three without the one who is left to vote by hand.
func (b *builder) vote(ctx context.Context, list []appraisal.Row, own id.ID, all bool) error {
	r := b.random("appraisal", len(list))
	for i, voter := range list {
		if !voter.Votes || !all && (voter.MemberID == own || i%3 == 2) {
			continue
		}
		ballot := appraisal.Ballot{}
		for _, o := range list {
			if o.ID == voter.ID || !o.OnBallot() {
				continue
			}
			switch n := r.IntN(20); {
			case n < 7:
				ballot[o.ID] = appraisal.Excellent
			case n == 19:
				ballot[o.ID] = appraisal.Basic
			default:
				ballot[o.ID] = appraisal.Qualified
			}
		}
		if err := b.Appraisal.Vote(ctx, b.system, voter.ID, ballot); err != nil {
			return err
		}
	}
	return nil
}

// decide settles a round: one member in four is excellent, one is basically qualified and was looked after; all have read their result.
func (b *builder) decide(ctx context.Context, list []appraisal.Row, words map[id.ID]string, next func(appraisal.Step) error) error {
	if err := next(appraisal.Voting); err != nil {
		return err
	}
	today := calendar.DateOf(b.clock.Now())
	helped := id.ID(0)
	for i, r := range list {
		if !r.Graded {
			continue
		}
		d := appraisal.Decision{Grade: appraisal.Qualified, Opinion: words[r.ID]}
		switch {
		case i%4 == 0:
			d.Grade = appraisal.Excellent
		case i == 2:
			d.Grade, d.Gaps, d.Help, d.FollowOn = appraisal.Basic, "一年里参加组织生活偏少。", "由组织委员结对联系，每月提醒一次。", today.AddDays(90)
			helped = r.ID
		}
		if err := b.Appraisal.Decide(ctx, b.system, r.ID, d); err != nil {
			return err
		}
	}
	if err := next(appraisal.Opinion); err != nil {
		return err
	}
	for _, r := range list {
		if r.Graded {
			if err := b.Appraisal.ReadFor(ctx, b.system, r.ID, ""); err != nil {
				return err
			}
		}
	}
	if err := next(appraisal.Told); err != nil || helped == 0 {
		return err
	}
	return b.Appraisal.FollowUp(ctx, b.system, helped, "近三个月按时参加组织生活，主动报名值守，有明显进步。", 0)
}
