package api

import (
	"context"
	"time"

	"linli/internal/api/rest"
	"linli/internal/authz"
	"linli/internal/countersign"
)

// codeBody carries the code in the body, where no log of addresses keeps it.
type codeBody struct {
	Body struct {
		Code string `json:"code" maxLength:"40" doc:"The public code, as typed or as it stands in the link."`
	}
}

type saidBody struct {
	Body struct {
		Code  string `json:"code" maxLength:"40" doc:"The public code, as typed or as it stands in the link."`
		Agree bool   `json:"agree" doc:"True: it was so. False: it was not, with words."`
		Words string `json:"words,omitempty" maxLength:"200" doc:"What was otherwise; wanted if it was not so."`
	}
}

// Confirmed is what the person helped is asked about.
type Confirmed struct {
	Kind      string     `json:"kind" enum:"attendance,deed" doc:"What it is."`
	Helped    string     `json:"helped" doc:"Who was helped."`
	Who       string     `json:"who" doc:"Who helped."`
	What      string     `json:"what" doc:"What was done."`
	Place     string     `json:"place" doc:"Where."`
	Community string     `json:"community" doc:"Name of the community."`
	On        rest.Date  `json:"on" doc:"The day."`
	From      *time.Time `json:"from,omitempty" doc:"From when; none for a deed."`
	To        *time.Time `json:"to,omitempty" doc:"Until when; none for a deed."`
	Minutes   int64      `json:"minutes" doc:"How many minutes count."`
}

func confirmedOf(c countersign.Confirmation) Confirmed {
	return Confirmed{Kind: c.Kind, Helped: c.Helped, Who: c.Who, What: c.What, Place: c.Place, Community: c.Community, On: rest.DateOf(c.On), From: rest.UTC(c.From), To: rest.UTC(c.To), Minutes: c.Minutes}
}

// confirmations are for the person helped, who has a code and no account.
func (h *handlers) confirmations(k *rest.Kit) {
	rest.Post(k, rest.Op{ID: "confirmation-look", Path: "/confirmations/look", Tag: "verification", Title: "See what a public code asks to confirm", Public: true,
		Text: "Codes can be tried twenty times a minute from one address; whatever is wrong with a code, the answer is the same."},
		func(ctx context.Context, _ authz.Actor, in *codeBody) (Confirmed, error) {
			q, err := h.asked(ctx, in.Body.Code)
			if err != nil {
				return Confirmed{}, err
			}
			return confirmedOf(q.Confirmation), nil
		})
	rest.Post(k, rest.Op{ID: "confirmation-say", Path: "/confirmations", Tag: "verification", Title: "Confirm what a public code stands for, or say that it was not so", Public: true,
		Text: "A confirmed record is counter-signed; one that was not so goes to the community with the words. A code can be used once."},
		func(ctx context.Context, _ authz.Actor, in *saidBody) (Confirmed, error) {
			q, err := h.asked(ctx, in.Body.Code)
			if err != nil {
				return Confirmed{}, err
			}
			if !in.Body.Agree {
				return confirmedOf(q.Confirmation), q.Object(ctx, in.Body.Words, rest.RequestID(ctx))
			}
			c, err := q.Confirm(ctx, rest.RequestID(ctx))
			return confirmedOf(c), err
		})
}

// asked gives what a code asks, at most so many times a minute from one address.
func (h *handlers) asked(ctx context.Context, typed string) (countersign.Question, error) {
	if err := h.guesses.Allow(rest.IP(ctx), h.db.Now()); err != nil {
		return countersign.Question{}, err
	}
	return h.Countersign.Ask(ctx, h.db, typed)
}
