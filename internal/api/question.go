package api

import (
	"context"
	"time"

	"linli/internal/api/rest"
	"linli/internal/ask"
	"linli/internal/authz"
	"linli/internal/fact"
)

// Wanted is a fact of a record that somebody needs.
type Wanted struct {
	Subject string  `json:"subject" maxLength:"20" doc:"What the record is about: person, household, organisation …"`
	Row     rest.ID `json:"row_id" doc:"The record."`
	Fact    string  `json:"fact" maxLength:"200" doc:"The fact, as seen from the record."`
	Says    string  `json:"says,omitempty" maxLength:"300" doc:"What a form says, where it contradicts the record; it is settled side by side."`
}

// NewRound is what somebody asks once.
type NewRound struct {
	Title  string    `json:"title" minLength:"1" maxLength:"100" doc:"What it is for, as those who are asked see it."`
	DueOn  rest.Date `json:"due_on,omitempty" doc:"Day by which answers are wanted, 90 days ahead at most."`
	Wanted []Wanted  `json:"wanted" minItems:"1" maxItems:"2000" doc:"What is wanted."`
}

// Raised says what came of asking.
type Raised struct {
	ID      rest.ID `json:"id,omitempty" doc:"The round; absent if nothing new is asked."`
	Asked   int     `json:"asked" doc:"New questions."`
	Already int     `json:"already" doc:"Asked already, or nobody knew a short while ago."`
	Held    int     `json:"held" doc:"The record says it by now."`
	Never   int     `json:"never" doc:"No answer can be put into a record, or the record is not seen."`
}

// QuestionRound is what somebody asked at one time and how far it is.
type QuestionRound struct {
	ID        rest.ID          `json:"id" doc:"Identifier."`
	Title     string           `json:"title" doc:"What it is for."`
	DueOn     rest.Date        `json:"due_on,omitempty" doc:"Day by which answers are wanted."`
	CreatedAt time.Time        `json:"created_at" doc:"When."`
	Counts    map[string]int64 `json:"counts" doc:"Questions by state: open, answered, differs, settled, unknown, withdrawn."`
}

// QuestionSheet is all that is asked about one record.
type QuestionSheet struct {
	Subject   string     `json:"subject" doc:"What the record is about."`
	Row       rest.ID    `json:"row_id" doc:"The record."`
	Name      string     `json:"name" doc:"What it is called."`
	Questions []Question `json:"questions" doc:"What is asked."`
}

// Question is one fact of one record that somebody is asked.
type Question struct {
	ID    rest.ID   `json:"id" doc:"Identifier."`
	Fact  string    `json:"fact" doc:"The fact, in the catalogue."`
	DueOn rest.Date `json:"due_on,omitempty" doc:"Day by which it is wanted."`
}

// Answers are what somebody says, all or nothing.
type Answers struct {
	Answers []QuestionAnswer `json:"answers" minItems:"1" maxItems:"500" doc:"What is said."`
}

// QuestionAnswer is an answer to one question.
type QuestionAnswer struct {
	Question rest.ID `json:"question_id" doc:"The question."`
	Text     string  `json:"text,omitempty" maxLength:"300" doc:"The answer, as a person writes it."`
	Unknown  bool    `json:"unknown,omitempty" doc:"It cannot be known."`
}

// TakenAnswers says what came of answers.
type TakenAnswers struct {
	Recorded int `json:"recorded" doc:"In the record now."`
	Differs  int `json:"differs" doc:"Contradict the record by now and wait to be settled."`
	Unknown  int `json:"unknown" doc:"Cannot be known."`
}

// QuestionConflict is an answer that contradicts the record.
type QuestionConflict struct {
	ID     rest.ID `json:"id" doc:"The question."`
	Name   string  `json:"name" doc:"What the record is called."`
	Fact   string  `json:"fact" doc:"The fact, in the catalogue."`
	Record string  `json:"record" doc:"What the record says, as people read it; a mask for sealed facts."`
	Answer string  `json:"answer" doc:"What the answer says, the same way."`
}

// SettleAnswer decides between an answer and the record.
type SettleAnswer struct {
	Take bool `json:"take" doc:"Put the answer into the record; otherwise the record stays."`
}

type questionQuery struct {
	rest.Paging
	Community rest.ID `query:"community" doc:"About records of this community or unit."`
	Round     rest.ID `query:"round" doc:"Of this round."`
	Fact      string  `query:"fact" maxLength:"100" doc:"About this fact."`
}

func (h *handlers) questions(k *rest.Kit) {
	const tag = "questions"
	sheets := func(ctx context.Context, a authz.Actor, f ask.Filter) (rest.Page[QuestionSheet], error) {
		l, err := h.Ask.List(ctx, a, f)
		return rest.PageOf(l, questionSheetOf), err
	}
	rest.Post(k, rest.Op{ID: "question-raise", Path: "/question-rounds", Tag: tag, Title: "Ask once for what is not known", Needs: perms(ask.PermAsk)},
		func(ctx context.Context, a authz.Actor, in *rest.In[NewRound]) (Raised, error) {
			wanted := make([]ask.Wanted, len(in.Body.Wanted))
			for i, w := range in.Body.Wanted {
				wanted[i] = ask.Wanted{Subject: fact.Subject(w.Subject), Row: w.Row.ID(), Ref: fact.Ref(w.Fact), Says: w.Says}
			}
			r, err := h.Ask.Raise(ctx, a, in.Body.Title, 0, in.Body.DueOn.Date(), wanted)
			return Raised{ID: rest.IDOf(r.RoundID), Asked: r.Asked, Already: r.Already, Held: r.Held, Never: r.Never}, err
		})
	rest.Get(k, rest.Op{ID: "question-rounds", Path: "/question-rounds", Tag: tag, Title: "What you asked, newest first", Needs: perms(ask.PermAsk)},
		func(ctx context.Context, a authz.Actor, in *rest.Paging) (rest.Page[QuestionRound], error) {
			l, err := h.Ask.Rounds(ctx, a, in.Page())
			return rest.PageOf(l, roundOf), err
		})
	rest.Get(k, rest.Op{ID: "question-round-get", Path: "/question-rounds/{id}", Tag: tag, Title: "How far a round is", Needs: perms(ask.PermAsk)},
		func(ctx context.Context, a authz.Actor, in *rest.Path) (QuestionRound, error) {
			r, _, err := h.Ask.Round(ctx, a, in.ID.ID())
			return roundOf(r), err
		})
	rest.Act(k, rest.Op{ID: "question-round-withdraw", Path: "/question-rounds/{id}/withdraw", Tag: tag, Title: "Take back what is still open of a round", Needs: perms(ask.PermAsk)},
		func(ctx context.Context, a authz.Actor, in *rest.Path) error {
			return h.Ask.Withdraw(ctx, a, in.ID.ID())
		})
	rest.Get(k, rest.Op{ID: "question-list", Path: "/questions", Tag: tag, Title: "What you are asked, by record", Needs: perms(ask.PermAnswer)},
		func(ctx context.Context, a authz.Actor, in *questionQuery) (rest.Page[QuestionSheet], error) {
			return sheets(ctx, a, ask.Filter{Community: in.Community.ID(), Round: in.Round.ID(), FactID: in.Fact, Page: in.Page()})
		})
	rest.Get(k, rest.Op{ID: "my-questions", Path: "/me/questions", Tag: tag, Title: "What you are asked about yourself", Needs: perms(ask.PermAnswerOwn)},
		func(ctx context.Context, a authz.Actor, in *rest.Paging) (rest.Page[QuestionSheet], error) {
			return sheets(ctx, a, ask.Filter{Own: true, Page: in.Page()})
		})
	rest.Post(k, rest.Op{ID: "question-answer", Path: "/questions/answers", Tag: tag, Title: "Answer; the answers go to the records", Needs: perms(ask.PermAnswer, ask.PermAnswerOwn)},
		func(ctx context.Context, a authz.Actor, in *rest.In[Answers]) (TakenAnswers, error) {
			said := make([]ask.Said, len(in.Body.Answers))
			for i, x := range in.Body.Answers {
				said[i] = ask.Said{Question: x.Question.ID(), Text: x.Text, Unknown: x.Unknown}
			}
			t, err := h.Ask.Answer(ctx, a, said)
			return TakenAnswers(t), err
		})
	rest.Get(k, rest.Op{ID: "question-differing", Path: "/questions/differing", Tag: tag, Title: "Answers that contradict the record", Needs: perms(ask.PermAnswer)},
		func(ctx context.Context, a authz.Actor, in *rest.Paging) (rest.Page[QuestionConflict], error) {
			l, err := h.Ask.Conflicts(ctx, a, in.Page())
			return rest.PageOf(l, func(c ask.Conflict) QuestionConflict {
				return QuestionConflict{ID: rest.IDOf(c.ID), Name: c.Name, Fact: c.FactID, Record: c.Record, Answer: c.Answer}
			}), err
		})
	rest.Act(k, rest.Op{ID: "question-settle", Path: "/questions/{id}/settle", Tag: tag, Title: "Settle an answer that contradicts the record", Needs: perms(ask.PermAnswer)},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[SettleAnswer]) error {
			return h.Ask.Settle(ctx, a, in.ID.ID(), in.Body.Take)
		})
}

func roundOf(r ask.Round) QuestionRound {
	out := QuestionRound{ID: rest.IDOf(r.ID), Title: r.Title, DueOn: rest.DateOf(r.DueOn), CreatedAt: r.CreatedAt.UTC(), Counts: map[string]int64{}}
	for st, n := range r.Counts {
		out.Counts[string(st)] = n
	}
	return out
}

func questionSheetOf(sh ask.Sheet) QuestionSheet {
	out := QuestionSheet{Subject: string(sh.Subject), Row: rest.IDOf(sh.Row), Name: sh.Name, Questions: make([]Question, len(sh.Questions))}
	for i, q := range sh.Questions {
		out.Questions[i] = Question{ID: rest.IDOf(q.ID), Fact: q.FactID, DueOn: rest.DateOf(q.DueOn)}
	}
	return out
}
