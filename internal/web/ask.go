package web

import (
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/ask"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/fact"
	"linli/internal/fill"
	"linli/internal/i18n"
	"linli/internal/id"
	view "linli/internal/web/view/ask"
	"linli/internal/web/view/field"
	fillview "linli/internal/web/view/fill"
	"linli/internal/web/view/layout"
	"linli/internal/web/view/partial"
)

func (h *Handler) questionsPage(w http.ResponseWriter, r *http.Request) error {
	body, err := h.questions(w, r, field.Form{}, false)
	if err != nil {
		return err
	}
	return h.show(w, r, body)
}

func (h *Handler) mineQuestionsPage(w http.ResponseWriter, r *http.Request) error {
	body, err := h.questions(w, r, field.Form{}, true)
	if err != nil {
		return err
	}
	return h.show(w, r, body)
}

// questions is the page of what somebody is asked, own for what they are asked about themselves.
func (h *Handler) questions(w http.ResponseWriter, r *http.Request, f field.Form, own bool) (templ.Component, error) {
	q := r.URL.Query()
	list, err := h.Ask.List(r.Context(), actor(r), ask.Filter{Community: queryID(r, "community"), Round: queryID(r, "round"), FactID: q.Get("fact"), Own: own, Page: pageOf(r)})
	if err != nil {
		return nil, err
	}
	l := view.List{Query: q, Sheets: list.Items, Prev: list.Prev, Next: list.Next, Form: f, Facts: map[string]view.Asked{}, Rounds: actor(r).Can(ask.PermAsk)}
	ed, err := h.Facts.Edition(r.Context(), actor(r).Tenant)
	if err != nil {
		return nil, err
	}
	for _, sh := range list.Items {
		for _, x := range sh.Questions {
			l.Facts[x.FactID] = asked(ed, x.FactID)
		}
	}
	if own {
		return view.Mine(h.page(w, r, i18n.AskMine), l), nil
	}
	if l.Filters, err = h.questionFilters(r); err != nil {
		return nil, err
	}
	differing, err := h.Ask.Conflicts(r.Context(), actor(r), db.Page{Limit: 1})
	if err != nil {
		return nil, err
	}
	l.Conflicts = len(differing.Items) > 0
	return view.Index(h.page(w, r, i18n.AskTitle), l), nil
}

// asked is a fact as it is put to somebody: a district's own has a question of its own.
func asked(ed *fact.Edition, factID string) view.Asked {
	f, _ := ed.Fact(factID)
	a := view.Asked{Fact: f}
	if o, own := ed.OwnFact(factID); own {
		a.Question = i18n.Both(o.Question, o.NameEn)
	}
	return a
}

func (h *Handler) questionFilters(r *http.Request) ([]partial.Filter, error) {
	facts, err := h.Ask.Facts(r.Context(), actor(r))
	if err != nil {
		return nil, err
	}
	var options []partial.Option
	for _, f := range facts {
		options = append(options, partial.Option{Value: f.ID, Text: f.Name})
	}
	filters := []partial.Filter{{Name: "fact", Label: i18n.AskFact, Options: options}}
	communities, err := h.communityOptions(r, actor(r).Scope(ask.PermAnswer))
	if err != nil || len(communities) < 2 {
		return filters, err
	}
	var places []partial.Option
	for _, c := range communities {
		places = append(places, partial.Option{Value: c.Value, Text: c.Text})
	}
	return append(filters, partial.Filter{Name: "community", Label: i18n.AskCommunity, Options: places}), nil
}

func (h *Handler) questionsAnswer(w http.ResponseWriter, r *http.Request) error {
	return h.takeAnswers(w, r, false)
}

func (h *Handler) mineQuestionsAnswer(w http.ResponseWriter, r *http.Request) error {
	return h.takeAnswers(w, r, true)
}

func (h *Handler) takeAnswers(w http.ResponseWriter, r *http.Request, own bool) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	var said []ask.Said
	for name := range f.values {
		q, err := id.Parse(name)
		if err != nil {
			continue
		}
		x := ask.Said{Question: q, Text: strings.TrimSpace(f.values.Get(name)), Unknown: f.Bool(view.UnknownField(q))}
		if x.Text == view.NotKnown {
			x.Text, x.Unknown = "", true
		}
		said = append(said, x)
	}
	taken, err := h.Ask.Answer(r.Context(), actor(r), said)
	if e := errs.As(err); e != nil && e.Kind == errs.Invalid {
		body, berr := h.questions(w, r, f.Show(e), own)
		if berr != nil {
			return berr
		}
		return h.again(w, r, e, func(*errs.Error) templ.Component { return body })
	}
	if err != nil {
		return err
	}
	path := view.DeskPath
	if own {
		path = view.PocketPath
	}
	return h.done(w, r, partial.Href(path, r.URL.Query(), "", ""), i18n.AskTaken, taken.Recorded, taken.Differs, taken.Unknown)
}

func (h *Handler) conflictsPage(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Ask.Conflicts(r.Context(), actor(r), pageOf(r))
	if err != nil {
		return err
	}
	return h.show(w, r, view.Conflicts(h.questionCrumbs(w, r, i18n.AskConflicts), list.Items, r.URL.Query(), list.Prev, list.Next))
}

func (h *Handler) questionCrumbs(w http.ResponseWriter, r *http.Request, title i18n.Text, args ...any) layout.Page {
	p := h.page(w, r, title, args...)
	p.Active = view.DeskPath
	p.Breadcrumb = []layout.Crumb{{Text: i18n.AskTitle.In(lang(r)), Href: view.DeskPath}}
	return p
}

func (h *Handler) questionSettle(w http.ResponseWriter, r *http.Request) error {
	q, err := pathID(r)
	if err != nil {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	take := f.Bool("take")
	if err := h.Ask.Settle(r.Context(), actor(r), q, take); err != nil {
		return err
	}
	said := i18n.AskKept
	if take {
		said = i18n.AskTook
	}
	return h.done(w, r, view.DeskPath+"/differs", said)
}

func (h *Handler) roundsPage(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Ask.Rounds(r.Context(), actor(r), pageOf(r))
	if err != nil {
		return err
	}
	return h.show(w, r, view.Rounds(h.questionCrumbs(w, r, i18n.AskRounds), list.Items, r.URL.Query(), list.Prev, list.Next))
}

func (h *Handler) roundPage(w http.ResponseWriter, r *http.Request) error {
	roundID, err := pathID(r)
	if err != nil {
		return err
	}
	o := view.OneRound{Names: map[string]i18n.Text{}}
	if o.Round, o.Parts, err = h.Ask.Round(r.Context(), actor(r), roundID); err != nil {
		return err
	}
	ed, err := h.Facts.Edition(r.Context(), actor(r).Tenant)
	if err != nil {
		return err
	}
	for _, p := range o.Parts {
		o.Names[p.FactID] = asked(ed, p.FactID).Fact.Name
	}
	return h.show(w, r, view.Round(h.questionCrumbs(w, r, i18n.Verbatim("{0}"), o.Round.Title), o))
}

func (h *Handler) roundWithdraw(w http.ResponseWriter, r *http.Request) error {
	roundID, err := pathID(r)
	if err != nil {
		return err
	}
	if err := h.Ask.Withdraw(r.Context(), actor(r), roundID); err != nil {
		return err
	}
	return h.done(w, r, view.RoundHref(roundID), i18n.AskWithdrew)
}

// formAskRound asks once for what a filled form lacks.
func (h *Handler) formAskRound(w http.ResponseWriter, r *http.Request) error {
	formID, err := pathID(r)
	if err != nil {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	d, _, err := h.Fill.Get(r.Context(), actor(r), formID)
	if err != nil {
		return err
	}
	title, due := f.Need("title", 100), f.Date("due_on")
	var raised ask.Raised
	if err = f.Err(); err == nil {
		raised, err = h.Ask.Raise(r.Context(), actor(r), title, formID, due, wanted(d.Outcome, f.values["ask"]))
	}
	if e := errs.As(err); e != nil && e.Kind == errs.Invalid {
		body, berr := h.formDetail(w, r, f.Show(e))
		if berr != nil {
			return berr
		}
		return h.again(w, r, e, func(*errs.Error) templ.Component { return body })
	}
	if err != nil {
		return err
	}
	if raised.RoundID == 0 {
		return h.done(w, r, fillview.Href(d), i18n.AskNoneRaise, raised.Already, raised.Never)
	}
	return h.done(w, r, view.RoundHref(raised.RoundID), i18n.AskRaised, raised.Asked, raised.Already, raised.Never)
}

// wanted picks from an outcome what a person chose to ask for.
func wanted(o fill.Outcome, chosen []string) []ask.Wanted {
	var out []ask.Wanted
	pick := map[string]bool{}
	for _, c := range chosen {
		pick[c] = true
	}
	for _, m := range o.Missing {
		if m.ID != 0 && pick[fillview.MissingKey(m.Subject, m.Ref)] {
			out = append(out, ask.Wanted{Subject: m.Subject, Row: m.ID, Ref: m.Ref})
		}
	}
	if pick[fillview.DiffersKey] {
		for _, x := range o.Differs {
			if x.ID != 0 && x.Cell != "" && !x.Sealed { // a mask is no answer
				out = append(out, ask.Wanted{Subject: x.Subject, Row: x.ID, Ref: x.Ref, Says: x.Cell})
			}
		}
	}
	return out
}

// askDays is how much time those who are asked have, unless the asker says otherwise.
const askDays = 7

// askPanel is what a filled form offers to ask for.
func askPanel(ed *fact.Edition, today calendar.Date, d fill.Dropped) fillview.AskPanel {
	p := fillview.AskPanel{Due: today.AddDays(askDays).String()}
	for _, x := range d.Outcome.Differs {
		if !x.Sealed {
			p.Differs++
		}
	}
	at := map[string]int{}
	for _, m := range d.Outcome.Missing {
		key := fillview.MissingKey(m.Subject, m.Ref)
		i, ok := at[key]
		if !ok {
			i = -1
			for _, b := range ed.Bases(m.Subject, m.Ref) {
				_, factID := b.Split()
				if _, can := ed.Writable(factID); can {
					i = len(p.Columns)
					p.Columns = append(p.Columns, fillview.AskColumn{Key: key, Label: m.Label})
					break
				}
			}
			at[key] = i
		}
		if i >= 0 {
			p.Columns[i].Cells++
		}
	}
	return p
}

func (h *Handler) questionRoutes() []route {
	answers, own, asks := may(ask.PermAnswer), may(ask.PermAnswerOwn), may(ask.PermAsk)
	return []route{
		{pattern: "GET /questions", who: may(ask.PermAnswer, ask.PermAsk), serve: h.questionsPage},
		{pattern: "POST /questions", who: answers, serve: h.questionsAnswer},
		{pattern: "GET /questions/differs", who: answers, serve: h.conflictsPage},
		{pattern: "POST /questions/{id}/settle", who: answers, serve: h.questionSettle},
		{pattern: "GET /questions/rounds", who: asks, serve: h.roundsPage},
		{pattern: "GET /questions/rounds/{id}", who: asks, serve: h.roundPage},
		{pattern: "POST /questions/rounds/{id}/withdraw", who: asks, serve: h.roundWithdraw},
		{pattern: "POST /forms/{id}/questions", who: asks, serve: h.formAskRound},
		{pattern: "GET /m/questions", who: own, serve: h.mineQuestionsPage},
		{pattern: "POST /m/questions", who: own, serve: h.mineQuestionsAnswer},
	}
}
