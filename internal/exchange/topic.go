package exchange

import (
	"context"
	"errors"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Topic is where a topic is put.
type Topic struct {
	BodyID, OwnerID id.ID // a joint body, or an organisation
	Title           string
}

// RaiseTopic puts a need that nobody takes on the agenda of a meeting, as it is public (PermKeep, and the right to raise topics).
func (s *Service) RaiseTopic(ctx context.Context, actor authz.Actor, n id.ID, version int64, in Topic) error {
	e := errs.Words(nil, "title", &in.Title, 100, true)
	if in.BodyID == 0 && in.OwnerID == 0 {
		e = e.With("to", i18n.ErrRequired)
	}
	if e != nil {
		return e
	}
	in.Title, _ = Mask(in.Title)
	return s.act(ctx, actor, PermKeep, n, version, func(tx *db.Tx, n *Need) (step, error) {
		if !n.State.Going() || n.TopicID != 0 {
			return step{}, errs.New(errs.Conflict, i18n.ExchangeCannot, n.State.Text())
		}
		return s.raiseTx(ctx, tx, actor, n, in)
	})
}

func (s *Service) raiseTx(ctx context.Context, tx *db.Tx, actor authz.Actor, n *Need, in Topic) (step, error) {
	detail := i18n.ExchangeTopicDetail.In(i18n.ZH, n.No, n.Community, n.Title, n.Words)
	topic, err := s.agenda.RaiseTx(ctx, tx, actor, n.CommunityID, in.BodyID, in.OwnerID, in.Title, detail)
	n.TopicID = topic
	return step{act: ActTopic, words: in.Title, open: true}, err
}

// TakeBackTopic takes the topic of a need back, with the reason (PermKeep, and the right to raise topics): of what was raised by itself as of what staff raised. It is not raised
// by itself again. What a meeting decided stays decided.
func (s *Service) TakeBackTopic(ctx context.Context, actor authz.Actor, n id.ID, version int64, reason string) error {
	if e := errs.Words(nil, "words", &reason, MaxWords, true); e != nil {
		return e
	}
	return s.act(ctx, actor, PermKeep, n, version, func(tx *db.Tx, n *Need) (step, error) {
		if n.TopicID == 0 {
			return step{}, errs.New(errs.Conflict, i18n.ExchangeNoTopic)
		}
		if err := s.agenda.WithdrawTx(ctx, tx, actor, n.TopicID); err != nil {
			return step{}, err
		}
		n.TopicID = 0
		return step{act: ActTopicBack, words: reason, open: true}, nil
	})
}

// mostTopics bounds one night.
const mostTopics = 500

// errMeanwhile ends a transaction in which nothing is left to do.
var errMeanwhile = errors.New("exchange: somebody was quicker")

// RaiseUnmatched puts every need of which places were free for UnmatchedDays, or are while its last day is near, before the joint conference of its community, or where there is none before the community itself: the night's
// work, done by the system and recorded as such. A need gets one topic; one whose topic was taken back gets none. It gives how many it raised.
func (s *Service) RaiseUnmatched(ctx context.Context, tenant int64) (raised int, err error) {
	now := s.db.Now()
	days, err := UnmatchedDays.On(ctx, s.db, tenant, calendar.DateOf(now))
	if err != nil {
		return 0, err
	}
	a := &db.Args{}
	list, err := db.Column[id.ID](ctx, s.db, "SELECT n.id FROM need n WHERE n.tenant_id = "+a.Add(tenant)+" AND n.due_on >= "+a.Add(calendar.DateOf(now).String())+" AND "+
		unmatched(a, now, days)+" AND "+notTakenBack+" ORDER BY n.id LIMIT "+a.Add(mostTopics), a.Values()...)
	if err != nil {
		return 0, err
	}
	actor := authz.System(tenant, "needs that nobody takes")
	var failed []error
	for _, one := range list { // a transaction for each: one that fails does not hold up the others
		err := s.act(ctx, actor, PermKeep, one, 0, func(tx *db.Tx, n *Need) (step, error) {
			if n.State != Open || n.TopicID != 0 {
				return step{}, errMeanwhile
			}
			in := Topic{Title: i18n.ExchangeTopicTitle.In(i18n.ZH, n.Title)}
			body, err := s.agenda.Conference(ctx, tx, tenant, n.CommunityID)
			if err != nil {
				return step{}, err
			}
			if in.BodyID = body; body == 0 {
				in.OwnerID = n.CommunityID
			}
			return s.raiseTx(ctx, tx, actor, n, in)
		})
		switch {
		case err == nil:
			raised++
		case !errors.Is(err, errMeanwhile) && errs.KindOf(err) != errs.Conflict && errs.KindOf(err) != errs.NotFound:
			failed = append(failed, err)
		}
	}
	return raised, errors.Join(failed...)
}

// notTakenBack says that nobody took a topic of the need back.
const notTakenBack = "NOT EXISTS (SELECT 1 FROM need_entry b WHERE b.tenant_id = n.tenant_id AND b.need_id = n.id AND b.act = 'topic_back')"
