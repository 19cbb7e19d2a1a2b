package demo

import (
	"context"
	"math/rand/v2"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/deed"
	"linli/internal/feedback"
	"linli/internal/id"
)

var remarks = []string{"本季度参与积极，感谢贵单位支持。", "建议提前一周确定参加人员。", "服务质量好，居民评价高。", "部分党员因工作原因请假，已说明。", ""}

// quarters puts the closing of each quarter and the exchange of its slips on the agenda.
func (b *builder) quarters(a *agenda) {
	for q := calendar.QuarterOf(b.start); q.End().Before(b.today); q = q.Next() {
		r := b.random("quarter "+q.String(), 0)
		last := !q.Next().End().Before(b.today)
		end := q.End()
		a.add(at(end.AddDays(1), 2, 30), func(ctx context.Context) error {
			_, err := b.Feedback.Close(ctx, b.system, q)
			return err
		})
		a.add(at(end.AddDays(4), 10, 0), func(ctx context.Context) error { return b.send(ctx, q, last) })
		a.add(at(end.AddDays(10), 15, 0), func(ctx context.Context) error { return b.answer(ctx, r, q, last) })
		a.add(at(end.AddDays(18), 16, 0), func(ctx context.Context) error { return b.correct(ctx, r, q) })
	}
}

// slips gives the slips of a quarter in a state that an actor sees.
func (b *builder) slips(ctx context.Context, actor authz.Actor, f feedback.Filter) ([]feedback.Slip, error) {
	var out []feedback.Slip
	err := b.Feedback.Export(ctx, actor, f, func(s feedback.Slip) error {
		out = append(out, s)
		return nil
	})
	return out, err
}

// send lets the communities look through their drafts and send them; of the last quarter some are left.
func (b *builder) send(ctx context.Context, q calendar.Quarter, last bool) error {
	return b.abreast(ctx, len(b.communities), func(ctx context.Context, i int) error {
		c, r := b.communities[i], b.random("send "+q.String(), i)
		drafts, err := b.slips(ctx, c.secretary, feedback.Filter{Quarter: q, State: feedback.Draft, CommunityID: c.id})
		if err != nil {
			return err
		}
		for i, s := range drafts {
			if last && (i%6 == 5 || i > 0 && c.index == 0 && i%3 == 2) {
				continue
			}
			if r.IntN(3) == 0 {
				if err := b.Feedback.Remark(ctx, c.worker, s.ID, feedback.Remarks{Slip: pick(r, remarks), Version: s.Version}); err != nil {
					return err
				}
			}
			d, err := b.look(ctx, c, s.ID)
			if err != nil {
				return err
			}
			if err := b.Feedback.Send(ctx, c.secretary, s.ID, feedback.Fingerprint(d.Lines)); err != nil {
				return err
			}
		}
		return nil
	})
}

// look opens a draft and has it brought up to date if the ledger has moved on since it was made.
func (b *builder) look(ctx context.Context, c *community, slip id.ID) (feedback.Detail, error) {
	d, err := b.Feedback.Get(ctx, c.secretary, slip)
	if err != nil || !d.Stale {
		return d, err
	}
	if err := b.Feedback.Refresh(ctx, c.secretary, slip); err != nil {
		return d, err
	}
	return b.Feedback.Get(ctx, c.secretary, slip)
}

// answer lets the units read what they were sent and answer; of the last quarter some have not.
func (b *builder) answer(ctx context.Context, r *rand.Rand, q calendar.Quarter, last bool) error {
	for i, u := range b.units {
		sent, err := b.slips(ctx, u.liaison, feedback.Filter{Quarter: q, State: feedback.Sent, UnitID: u.id})
		if err != nil {
			return err
		}
		for n, s := range sent {
			if last && (i < 2 && n == 0 || r.IntN(4) == 0) {
				continue
			}
			if err := b.Feedback.Read(ctx, u.liaison, s.ID); err != nil {
				return err
			}
			if err := b.Feedback.Answer(ctx, u.liaison, s.ID, pick(r, []string{"已收到，情况属实。", "已向本单位党员通报。", "感谢社区，下季度继续配合。"})); err != nil {
				return err
			}
		}
	}
	return nil
}

// correct lets some communities enter what was forgotten and send the slip again, so that there are slips with two versions.
func (b *builder) correct(ctx context.Context, r *rand.Rand, q calendar.Quarter) error {
	for _, c := range b.communities {
		if r.IntN(3) == 0 {
			continue
		}
		answered, err := b.slips(ctx, c.secretary, feedback.Filter{Quarter: q, State: feedback.Answered, CommunityID: c.id})
		if err != nil || len(answered) == 0 {
			return err
		}
		s := pick(r, answered)
		d, err := b.Feedback.Get(ctx, c.worker, s.ID)
		if err != nil || len(d.Lines) == 0 {
			return err
		}
		forgotten := deed.Recorded{MemberID: pick(r, d.Lines).MemberID, Said: deed.Said{Title: pick(r, deedTitles), Body: "补记。", OnDate: q.End().AddDays(-r.IntN(40))}}
		if err := b.Deed.Record(ctx, c.worker, []deed.Recorded{forgotten}); err != nil {
			return err
		}
		if err := b.Feedback.SendAgain(ctx, c.secretary, s.ID, "漏记一件实事，核实后补上。"); err != nil {
			return err
		}
	}
	return nil
}

// certify has every community issue certificates for some of its members.
func (b *builder) certify(a *agenda) {
	for _, c := range b.communities {
		a.add(at(b.start.AddDays(45), 9, c.index%60), func(ctx context.Context) error {
			var ids []id.ID
			for i, m := range c.members {
				if i%5 == 0 && len(ids) < 50 {
					ids = append(ids, m.id)
				}
			}
			if len(ids) == 0 {
				return nil
			}
			_, err := b.Member.IssueCertificates(ctx, c.secretary, ids...)
			return err
		})
	}
}
