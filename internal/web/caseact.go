package web

import (
	"net/http"

	"linli/internal/casework"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	view "linli/internal/web/view/casework"
)

// caseAct is one act on a case: the last part of its address, who may call it, what is said when it is done.
type caseAct struct {
	name string
	who  who
	done i18n.Text
	do   func(r *http.Request, f *form, c id.ID) error

	files bool // files may come with it
}

// caseActed answers a form that acts on a case. Who sees the case no longer, because it was given on, goes back to the list.
func (h *Handler) caseActed(done i18n.Text, do func(r *http.Request, f *form, c id.ID) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		to := view.Href
		return h.acted(saying(done, func(r *http.Request, f *form, c id.ID) error {
			if err := do(r, f, c); err != nil {
				return err
			}
			sees, err := h.Casework.Sees(r.Context(), actor(r), c)
			if !sees {
				to = func(id.ID) string { return view.Path }
			}
			return err
		}), func(c id.ID) string { return to(c) }, h.caseShown)(w, r)
	}
}

// caseActs are the acts on a case.
func (h *Handler) caseActs() []caseAct {
	dispatch, work := may(casework.PermDispatch), may(casework.PermWork)
	return []caseAct{
		{name: "files", who: work, done: i18n.CaseSaved, files: true, do: func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.AddFiles(r.Context(), actor(r), c, casework.NewFiles{Files: f.files, Words: f.Text("words", casework.MaxWords), Open: f.Bool("open")})
		}},
		{name: "accept", who: dispatch, done: i18n.CaseAcceptDone, do: func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.Accept(r.Context(), actor(r), c, f.Version())
		}},
		{name: "take", who: work, done: i18n.CaseTakeDone, do: func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.Take(r.Context(), actor(r), c, f.Version())
		}},
		{name: "refuse", who: dispatch, done: i18n.CaseSaved, do: func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.Refuse(r.Context(), actor(r), c, f.Version(), casework.Reason(f.Text("reason", 20)), f.Text("words", casework.MaxWords), f.Text("address", casework.MaxPlace))
		}},
		{name: "dispatch", who: dispatch, done: i18n.CaseSentDone, do: func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.Dispatch(r.Context(), actor(r), c, f.Version(), f.ID("to"), f.Text("words", casework.MaxWords))
		}},
		{name: "return", who: work, done: i18n.CaseReturnDone, do: func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.Return(r.Context(), actor(r), c, f.Version(), f.Text("words", casework.MaxWords))
		}},
		{name: "recall", who: dispatch, done: i18n.CaseRecallDone, do: func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.Recall(r.Context(), actor(r), c, f.Version())
		}},
		{name: "up", who: dispatch, done: i18n.CaseUpDone, do: func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.Up(r.Context(), actor(r), c, f.Version(), f.Text("words", casework.MaxWords))
		}},
		{name: "join", who: dispatch, done: i18n.CaseSaved, do: func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.Join(r.Context(), actor(r), c, f.Version(), f.ID("to"), f.Text("words", casework.MaxWords))
		}},
		{name: "unjoin", who: dispatch, done: i18n.CaseSaved, do: func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.Unjoin(r.Context(), actor(r), c, f.Version(), f.ID("party"))
		}},
		{name: "joined", who: work, done: i18n.CaseSaved, do: func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.JointDone(r.Context(), actor(r), c, f.ID("party"), f.Text("words", casework.MaxWords))
		}},
		{name: "note", who: work, done: i18n.CaseSaved, do: func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.Note(r.Context(), actor(r), c, f.Text("words", casework.MaxWords), f.Bool("open"))
		}},
		{name: "suspend", who: work, done: i18n.CaseSaved, do: func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.Suspend(r.Context(), actor(r), c, f.Version(), casework.Hold(f.Text("reason", 20)), f.Text("words", casework.MaxWords))
		}},
		{name: "resume", who: work, done: i18n.CaseSaved, do: func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.Resume(r.Context(), actor(r), c, f.Version())
		}},
		{name: "more", who: work, done: i18n.CaseSaved, do: func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.AskMore(r.Context(), actor(r), c, f.Version(), f.Int("days"), casework.Hold(f.Text("reason", 20)), f.Text("words", casework.MaxWords))
		}},
		{name: "decide", who: may(casework.PermApprove), done: i18n.CaseSaved, do: func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.Decide(r.Context(), actor(r), c, f.Version(), f.Text("decision", 10) == "grant", f.Text("words", casework.MaxWords))
		}},
		{name: "supervise", who: may(casework.PermSupervise), done: i18n.CaseSaved, do: func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.Supervise(r.Context(), actor(r), c, f.Version(), f.Text("words", casework.MaxWords))
		}},
		{name: "finish", who: work, done: i18n.CaseFinishDone, files: true, do: func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.Finish(r.Context(), actor(r), c, f.Version(), casework.Result{Outcome: casework.Outcome(f.Text("outcome", 20)), Words: f.Text("words", casework.MaxWords),
				Address: f.Text("address", casework.MaxPlace), Files: f.files, StepsWhy: f.Text("steps_why", 200)})
		}},
		{name: "call", who: dispatch, done: i18n.CaseSaved, do: func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.Call(r.Context(), actor(r), c, f.Version(), casework.Called{Reached: f.Bool("reached"), Solved: casework.Solved(f.Text("solved", 10)), Rating: f.Int("stars"),
				Words: f.Text("words", casework.MaxWords)})
		}},
		{name: "check", who: work, done: i18n.CaseSaved, do: func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.Check(r.Context(), actor(r), c, f.Version(), casework.Checked{Solved: f.Text("seen", 10) == "solved", Words: f.Text("words", casework.MaxWords)})
		}},
		{name: "reopen", who: dispatch, done: i18n.CaseSaved, do: func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.Reopen(r.Context(), actor(r), c, f.Version(), f.Text("words", casework.MaxWords))
		}},
		{name: "merge", who: dispatch, done: i18n.CaseMergeDone, do: func(r *http.Request, f *form, c id.ID) error {
			into := f.ID("into")
			if no := f.Text("no", 20); no != "" {
				var err error
				if into, err = h.Casework.ByNo(r.Context(), actor(r), no); err != nil {
					return err
				}
			}
			return errs.Under("no", h.Casework.Merge(r.Context(), actor(r), c, f.Version(), into))
		}},
		{name: "step", who: work, done: i18n.CaseStepSaved, do: func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.StepDone(r.Context(), actor(r), c, f.ID("step"), f.Text("words", 200))
		}},
		{name: "unstep", who: work, done: i18n.CaseStepSaved, do: func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.StepUndone(r.Context(), actor(r), c, f.ID("step"))
		}},
		{name: "put_back", who: work, done: i18n.CasePutBackDone, do: func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.PutBack(r.Context(), actor(r), c, f.Version())
		}},
		{name: "review", who: dispatch, done: i18n.CaseReviewDone, do: func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.Review(r.Context(), actor(r), c, f.Version(), f.Text("words", casework.MaxWords))
		}},
		{name: "part", who: dispatch, done: i18n.CaseSaved, do: func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.Part(r.Context(), actor(r), c, f.Version())
		}},
		{name: "topic", who: dispatch, done: i18n.CaseSaved, do: func(r *http.Request, f *form, c id.ID) error {
			to := holder(f.Text("to", 40))
			return h.Casework.RaiseTopic(r.Context(), actor(r), c, f.Version(), casework.Topic{Title: f.Text("title", 100), BodyID: to.BodyID, OwnerID: to.OwnerID})
		}},
	}
}
