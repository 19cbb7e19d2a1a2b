package web

import (
	"net/http"
	"strconv"

	"linli/internal/id"
	"linli/internal/mediation"
	view "linli/internal/web/view/mediation"
)

// ids reads the chosen records of a field of check boxes; what is no ID is left out.
func (f *form) ids(name string) []id.ID {
	var out []id.ID
	for _, s := range f.Strings(name) {
		if v, err := id.Parse(s); err == nil {
			out = append(out, v)
		}
	}
	return out
}

// agreementOf reads the terms of an agreement and what is to be done by when; lines without anything are left out.
func agreementOf(f *form) mediation.Agreement {
	g := mediation.Agreement{Terms: mediation.Terms{Facts: f.Text("facts", mediation.MaxTerm), Points: f.Text("points", mediation.MaxTerm), Content: f.Text("content", mediation.MaxTerm), Way: f.Text("way", mediation.MaxTerm)},
		Settles: mediation.Share(f.Text("settles", 10)), Done: f.Bool("done")}
	for i := 1; i <= mediation.MaxDuties; i++ {
		at := "." + strconv.Itoa(i)
		d := mediation.NewDuty{Words: f.Text("duty"+at, mediation.MaxPlace), PartyID: f.ID("by" + at), DueOn: f.Date("due" + at)}
		if d != (mediation.NewDuty{}) {
			g.Duties = append(g.Duties, d)
		}
	}
	return g
}

// mediationActs are the acts on a mediation.
func (h *Handler) mediationActs() map[mediation.Act]func(r *http.Request, f *form, m id.ID) error {
	type do = func(r *http.Request, f *form, m id.ID) error
	// read stops before the service where a field could not be read.
	read := func(f *form, call func() error) error {
		if err := f.Err(); err != nil {
			return err
		}
		return call()
	}
	s := h.Mediation
	return map[mediation.Act]do{
		mediation.ActCorrect: func(r *http.Request, f *form, m id.ID) error {
			in := mediation.Correction{ItemID: f.ID("item"), Private: !f.Bool("open"), Place: f.Text("place", mediation.MaxPlace), Matter: f.Text("matter", mediation.MaxWords), AskedOn: f.Date("asked")}
			return read(f, func() error { return s.Correct(r.Context(), actor(r), m, f.Version(), in) })
		},
		mediation.ActConsent: func(r *http.Request, f *form, m id.ID) error {
			on := f.Date("on")
			return read(f, func() error {
				return s.SetConsent(r.Context(), actor(r), m, f.Version(), f.ids("party"), mediation.Consent(f.Text("consent", 5)), f.Bool("told"), on)
			})
		},
		mediation.ActRefuse: func(r *http.Request, f *form, m id.ID) error {
			party, said := f.ID("party"), f.Text("words", mediation.MaxWords)
			return read(f, func() error { return s.Refuse(r.Context(), actor(r), m, f.Version(), party, f.Bool("told"), said) })
		},
		mediation.ActMediators: func(r *http.Request, f *form, m id.ID) error {
			in := mediation.Chosen{Members: f.ids("members"), Invited: f.Text("invited", 5*mediation.MaxName), ByThem: f.Bool("chosen"), On: f.Date("named")}
			return read(f, func() error { return s.SetMediators(r.Context(), actor(r), m, f.Version(), in) })
		},
		mediation.ActRisk: func(r *http.Request, f *form, m id.ID) error {
			risk, note := mediation.Risk(f.Text("risk", 20)), f.Text("note", mediation.MaxWords)
			if risk == view.NoRisk {
				risk = ""
			}
			return read(f, func() error { return s.NoteRisk(r.Context(), actor(r), m, f.Version(), risk, note) })
		},
		mediation.ActSession: func(r *http.Request, f *form, m id.ID) error {
			in := mediation.NewSession{On: f.Date("on"), Place: f.Text("place", mediation.MaxPlace), Who: f.Text("who", mediation.MaxPlace), Record: f.Text("record", mediation.MaxTerm)}
			return read(f, func() error { return s.Hold(r.Context(), actor(r), m, f.Version(), in) })
		},
		mediation.ActExtend: func(r *http.Request, f *form, m id.ID) error {
			until := f.Date("until")
			return read(f, func() error { return s.Prolong(r.Context(), actor(r), m, f.Version(), f.ids("agreed"), until) })
		},
		mediation.ActDraft: func(r *http.Request, f *form, m id.ID) error {
			in := agreementOf(f)
			in.On = f.Date("drafted")
			return read(f, func() error { return s.Draft(r.Context(), actor(r), m, f.Version(), in) })
		},
		mediation.ActOral: func(r *http.Request, f *form, m id.ID) error {
			in, on := agreementOf(f), f.Date("on")
			return read(f, func() error { return s.Speak(r.Context(), actor(r), m, f.Version(), in, on) })
		},
		mediation.ActSign: func(r *http.Request, f *form, m id.ID) error {
			in := mediation.Signed{Parties: f.ids("who"), How: mediation.Signing(f.Text("how", 10)), On: f.Date("on")}
			for _, who := range f.Strings("who") {
				in.Mediator, in.Seal = in.Mediator || who == string(mediation.TheMediator), in.Seal || who == string(mediation.TheSeal)
			}
			return read(f, func() error { return s.Sign(r.Context(), actor(r), m, f.Version(), in) })
		},
		mediation.ActFail: func(r *http.Request, f *form, m id.ID) error {
			why := f.Text("words", mediation.MaxWords)
			return read(f, func() error { return s.Fail(r.Context(), actor(r), m, f.Version(), f.Bool("told"), why) })
		},
		mediation.ActWithdraw: func(r *http.Request, f *form, m id.ID) error {
			why := f.Text("words", mediation.MaxWords)
			return read(f, func() error {
				return s.Withdraw(r.Context(), actor(r), m, f.Version(), f.Bool("settled"), f.Bool("told"), why)
			})
		},
		mediation.ActBar: func(r *http.Request, f *form, m id.ID) error {
			bar := mediation.Bar(f.Text("bar", 20))
			return read(f, func() error { return s.SetBar(r.Context(), actor(r), m, f.Version(), bar) })
		},
		mediation.ActApply: func(r *http.Request, f *form, m id.ID) error {
			in := mediation.Application{Want: f.Text("want", 5) != "no", Agreed: f.ids("agreed"), Court: f.Text("court", mediation.MaxCourt), On: f.Date("on")}
			return read(f, func() error { return s.ApplyForConfirmation(r.Context(), actor(r), m, f.Version(), in) })
		},
		mediation.ActAnswer: func(r *http.Request, f *form, m id.ID) error {
			what, on := mediation.Confirmation(f.Text("answer", 20)), f.Date("on")
			return read(f, func() error { return s.NoteAnswer(r.Context(), actor(r), m, f.Version(), what, on) })
		},
		mediation.ActPerform: func(r *http.Request, f *form, m id.ID) error {
			duty, on, note := f.ID("duty"), f.Date("on"), f.Text("note", mediation.MaxPlace)
			return read(f, func() error { return s.Perform(r.Context(), actor(r), m, f.Version(), duty, on, note) })
		},
		mediation.ActUnmet: func(r *http.Request, f *form, m id.ID) error {
			why := f.Text("words", mediation.MaxWords)
			return read(f, func() error { return s.GiveUp(r.Context(), actor(r), m, f.Version(), f.Bool("told"), why) })
		},
		mediation.ActPlan: func(r *http.Request, f *form, m id.ID) error {
			on := f.Date("on")
			return read(f, func() error { return s.PlanVisit(r.Context(), actor(r), m, f.Version(), on) })
		},
		mediation.ActVisit: func(r *http.Request, f *form, m id.ID) error {
			visit, on, found := f.ID("visit"), f.Date("on"), f.Text("words", mediation.MaxWords)
			return read(f, func() error { return s.MakeVisit(r.Context(), actor(r), m, f.Version(), visit, on, found) })
		},
	}
}
