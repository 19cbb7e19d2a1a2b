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
		{"accept", dispatch, i18n.CaseAcceptDone, func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.Accept(r.Context(), actor(r), c, f.Version())
		}},
		{"take", work, i18n.CaseTakeDone, func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.Take(r.Context(), actor(r), c, f.Version())
		}},
		{"refuse", dispatch, i18n.CaseSaved, func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.Refuse(r.Context(), actor(r), c, f.Version(), casework.Reason(f.Text("reason", 20)), f.Text("words", casework.MaxWords), f.Text("address", casework.MaxPlace))
		}},
		{"dispatch", dispatch, i18n.CaseSentDone, func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.Dispatch(r.Context(), actor(r), c, f.Version(), f.ID("to"), f.Text("words", casework.MaxWords))
		}},
		{"return", work, i18n.CaseReturnDone, func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.Return(r.Context(), actor(r), c, f.Version(), f.Text("words", casework.MaxWords))
		}},
		{"up", dispatch, i18n.CaseUpDone, func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.Up(r.Context(), actor(r), c, f.Version(), f.Text("words", casework.MaxWords))
		}},
		{"join", dispatch, i18n.CaseSaved, func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.Join(r.Context(), actor(r), c, f.Version(), f.ID("to"), f.Text("words", casework.MaxWords))
		}},
		{"unjoin", dispatch, i18n.CaseSaved, func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.Unjoin(r.Context(), actor(r), c, f.Version(), f.ID("party"))
		}},
		{"joined", work, i18n.CaseSaved, func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.JointDone(r.Context(), actor(r), c, f.ID("party"), f.Text("words", casework.MaxWords))
		}},
		{"note", work, i18n.CaseSaved, func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.Note(r.Context(), actor(r), c, f.Text("words", casework.MaxWords), f.Bool("open"))
		}},
		{"suspend", work, i18n.CaseSaved, func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.Suspend(r.Context(), actor(r), c, f.Version(), f.Text("words", casework.MaxWords))
		}},
		{"resume", work, i18n.CaseSaved, func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.Resume(r.Context(), actor(r), c, f.Version())
		}},
		{"more", work, i18n.CaseSaved, func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.AskMore(r.Context(), actor(r), c, f.Version(), f.Int("days"), f.Text("words", casework.MaxWords))
		}},
		{"decide", may(casework.PermApprove), i18n.CaseSaved, func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.Decide(r.Context(), actor(r), c, f.Version(), f.Text("decision", 10) == "grant", f.Text("words", casework.MaxWords))
		}},
		{"supervise", may(casework.PermSupervise), i18n.CaseSaved, func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.Supervise(r.Context(), actor(r), c, f.Version(), f.Text("words", casework.MaxWords))
		}},
		{"finish", work, i18n.CaseFinishDone, func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.Finish(r.Context(), actor(r), c, f.Version(), casework.Result{Outcome: casework.Outcome(f.Text("outcome", 20)), Words: f.Text("words", casework.MaxWords),
				Address: f.Text("address", casework.MaxPlace)})
		}},
		{"call", dispatch, i18n.CaseSaved, func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.Call(r.Context(), actor(r), c, f.Version(), casework.Called{Reached: f.Bool("reached"), Solved: casework.Solved(f.Text("solved", 10)), Rating: f.Int("stars"),
				Words: f.Text("words", casework.MaxWords)})
		}},
		{"check", work, i18n.CaseSaved, func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.Check(r.Context(), actor(r), c, f.Version(), casework.Checked{Solved: f.Text("seen", 10) == "solved", Words: f.Text("words", casework.MaxWords)})
		}},
		{"reopen", dispatch, i18n.CaseSaved, func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.Reopen(r.Context(), actor(r), c, f.Version(), f.Text("words", casework.MaxWords))
		}},
		{"merge", dispatch, i18n.CaseMergeDone, func(r *http.Request, f *form, c id.ID) error {
			into := f.ID("into")
			if no := f.Text("no", 20); no != "" {
				var err error
				if into, err = h.Casework.ByNo(r.Context(), actor(r), no); err != nil {
					return err
				}
			}
			return errs.Under("no", h.Casework.Merge(r.Context(), actor(r), c, f.Version(), into))
		}},
		{"part", dispatch, i18n.CaseSaved, func(r *http.Request, f *form, c id.ID) error {
			return h.Casework.Part(r.Context(), actor(r), c, f.Version())
		}},
		{"topic", dispatch, i18n.CaseSaved, func(r *http.Request, f *form, c id.ID) error {
			to := holder(f.Text("to", 40))
			return h.Casework.RaiseTopic(r.Context(), actor(r), c, f.Version(), casework.Topic{Title: f.Text("title", 100), BodyID: to.BodyID, OwnerID: to.OwnerID})
		}},
	}
}
