package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"linli/internal/appraisal"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/meeting"
	view "linli/internal/web/view/appraisal"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
)

func (h *Handler) appraisalRoutes() []route {
	see, open, keep, own := may(appraisal.PermSee, appraisal.PermOpen, appraisal.PermKeep), may(appraisal.PermOpen), may(appraisal.PermKeep), may(appraisal.PermOwn)
	round := func(said i18n.Text, do func(*http.Request, *form, id.ID) error) func(http.ResponseWriter, *http.Request) error {
		return h.acted(saying(said, do), view.Href, h.appraisalShow)
	}
	one := func(said i18n.Text, do func(*http.Request, *form, id.ID) error) func(http.ResponseWriter, *http.Request) error {
		return h.acted(saying(said, do), view.OneHref, h.appraisedShow)
	}
	mine := func(said i18n.Text, do func(*http.Request, *form, id.ID) error) func(http.ResponseWriter, *http.Request) error {
		return h.acted(saying(said, do), view.MineHref, h.myAppraisalShow)
	}
	return []route{
		{pattern: "GET /appraisals", who: see, serve: h.appraisalsPage},
		{pattern: "GET /appraisals/export", who: see, serve: h.exportAppraisals},
		{pattern: "GET /appraisals/new", who: open, serve: h.appraisalNewPage},
		{pattern: "POST /appraisals", who: open, serve: h.appraisalOpen},
		{pattern: "GET /appraisals/{id}", who: see, serve: h.appraisalPage},
		{pattern: "GET /appraisals/{id}/print", who: keep, serve: h.appraisalSummary},
		{pattern: "GET /appraisals/{id}/ballot", who: keep, serve: h.appraisalBallot},
		{pattern: "GET /appraisals/{id}/export", who: keep, serve: h.exportAppraised},
		{pattern: "POST /appraisals/{id}/advance", who: keep, serve: round(i18n.AppraisalAdvanced, h.appraisalAdvance)},
		{pattern: "POST /appraisals/{id}/meeting", who: keep, serve: round(i18n.AppraisalLinked, h.appraisalLink)},
		{pattern: "POST /appraisals/{id}/paper", who: keep, serve: round(i18n.AppraisalPaperGiven, h.appraisalPaper)},
		{pattern: "POST /appraisals/{id}/count", who: keep, serve: round(i18n.AppraisalCounted, h.appraisalCount)},
		{pattern: "POST /appraisals/{id}/repeat", who: keep, serve: round(i18n.AppraisalRepeated, h.appraisalRepeat)},
		{pattern: "POST /appraisals/{id}/strike", who: keep, serve: h.acted(saying(i18n.AppraisalStrikeDone, h.appraisalStrike), func(id.ID) string { return view.Path }, h.appraisalShow)},

		{pattern: "GET /appraised/{id}", who: keep, serve: h.appraisedPage},
		{pattern: "GET /appraised/{id}/print", who: keep, serve: h.appraisedPrint},
		{pattern: "POST /appraised/{id}/self", who: keep, serve: one(i18n.AppraisalSelfSaved, h.appraisedSelf)},
		{pattern: "POST /appraised/{id}/remark", who: keep, serve: one(i18n.AppraisalRemarkSaved, h.appraisedRemark)},
		{pattern: "POST /appraised/{id}/arrange", who: keep, serve: one(i18n.AppraisalArranged, h.appraisedArrange)},
		{pattern: "POST /appraised/{id}/decide", who: keep, serve: one(i18n.AppraisalDecided, h.appraisedDecide)},
		{pattern: "POST /appraised/{id}/read", who: keep, serve: one(i18n.AppraisalReadDone, h.appraisedRead)},
		{pattern: "POST /appraised/{id}/follow", who: keep, serve: one(i18n.AppraisalFollowDone, h.appraisedFollow)},
		{pattern: "POST /appraised/{id}/correct", who: keep, serve: one(i18n.AppraisalCorrected, h.appraisedCorrect)},

		{pattern: "GET /m/appraisal", who: own, serve: h.myAppraisals},
		{pattern: "GET /m/appraisal/{id}", who: own, serve: h.myAppraisal},
		{pattern: "POST /m/appraisal/{id}/self", who: own, serve: mine(i18n.AppraisalSelfSaved, h.mySelf)},
		{pattern: "POST /m/appraisal/{id}/remark", who: own, serve: mine(i18n.AppraisalRemarkSaved, h.myRemark)},
		{pattern: "POST /m/appraisal/{id}/read", who: own, serve: mine(i18n.AppraisalReadDone, h.myRead)},
		{pattern: "GET /m/appraisal/{id}/ballot", who: own, serve: h.myBallotPage},
		{pattern: "POST /m/appraisal/{id}/ballot", who: own, serve: h.acted(saying(i18n.AppraisalBallotDone, h.myVote), view.MineHref, h.myBallotShow)},

		{pattern: "GET /members/{id}/record", who: may(appraisal.PermSee, appraisal.PermKeep), serve: h.memberRecord},
		{pattern: "GET /m/record", who: own, serve: h.myRecord},
	}
}

// appraisalYear is the year that is most likely meant: until March still the last.
func (h *Handler) appraisalYear() int {
	today := h.today()
	if today.Month() <= time.March {
		return today.Year() - 1
	}
	return today.Year()
}

func queryInt(r *http.Request, name string) int {
	n, _ := strconv.Atoi(r.URL.Query().Get(name)) // no number is no wish
	return n
}

func appraisalFilter(r *http.Request) appraisal.Filter {
	q := r.URL.Query()
	return appraisal.Filter{Text: q.Get("q"), Year: queryInt(r, "year"), Step: appraisal.Step(q.Get("step")), OrganisationID: queryID(r, "organisation"), Open: q.Get("show") == "open", Page: pageOf(r)}
}

func (h *Handler) appraisalsPage(w http.ResponseWriter, r *http.Request) error {
	l, err := h.Appraisal.List(r.Context(), actor(r), appraisalFilter(r))
	if err != nil {
		return err
	}
	return h.show(w, r, view.Index(h.page(w, r, i18n.AppraisalsTitle), view.List{Query: r.URL.Query(), Items: l.Items, Before: l.Prev, After: l.Next, Year: h.today().Year(), Open: actor(r).Can(appraisal.PermOpen)}))
}

func (h *Handler) exportAppraisals(w http.ResponseWriter, r *http.Request) error {
	type t = appraisal.Item
	f := appraisalFilter(r)
	columns := []exportColumn[t]{
		{title: i18n.AppraisalBranch, value: func(v t) any { return v.Organisation }},
		{title: i18n.AppraisalYear, number: true, value: func(v t) any { return int64(v.Year) }},
		{title: i18n.AppraisalStep, value: func(v t) any { return v.Step.Text() }},
		{title: i18n.AppraisalPeople, number: true, value: func(v t) any { return v.Members }},
		{title: i18n.AppraisalGraded, number: true, value: func(v t) any { return v.Graded }},
		{title: i18n.AppraisalWritten, number: true, value: func(v t) any { return v.Written }},
		{title: i18n.AppraisalVoters, number: true, value: func(v t) any { return v.Voters }},
		{title: i18n.AppraisalVoted, number: true, value: func(v t) any { return v.Voted }},
	}
	for _, g := range appraisal.Grades() {
		columns = append(columns, exportColumn[t]{title: g.Text(), number: true, value: func(v t) any { return v.Of(g) }})
	}
	return exportList(h, w, r, i18n.AppraisalsTitle, columns, func(ctx context.Context, fn func(t) error) error { return h.Appraisal.Export(ctx, actor(r), f, fn) })
}

func (h *Handler) appraisalCrumbs(w http.ResponseWriter, r *http.Request, title string, more ...layout.Crumb) layout.Page {
	p := h.page(w, r, i18n.Verbatim(title))
	p.Active = view.Path
	p.Breadcrumb = append([]layout.Crumb{{Text: i18n.AppraisalsTitle.In(lang(r)), Href: view.Path}}, more...)
	return p
}

// appraisalNew draws the form that opens rounds; it begins with the actor's own organisation and all branches below it.
func (h *Handler) appraisalNew(w http.ResponseWriter, r *http.Request, f field.Form, err error) error {
	d := view.New{Form: f, Chosen: f.Values.Get("organisation_id_text"), Year: h.appraisalYear()}
	if err == nil {
		if g := actor(r).Grants; len(g) > 0 && g[0].Root != 0 {
			d.Form.Values.Set("organisation_id", g[0].Root.String())
			d.Form.Values.Set("below", "1")
			d.Chosen = g[0].RootName
			d.Form.Filled = map[string]bool{"organisation_id": true, "below": true}
		}
	}
	p := h.appraisalCrumbs(w, r, i18n.AppraisalNew.In(lang(r)))
	if err == nil {
		return h.show(w, r, view.NewPage(p, d))
	}
	return h.again(w, r, err, func(e *errs.Error) templ.Component {
		d.Form.Err = e
		return view.NewPage(p, d)
	})
}

func (h *Handler) appraisalNewPage(w http.ResponseWriter, r *http.Request) error {
	return h.appraisalNew(w, r, field.Form{Values: url.Values{}}, nil)
}

func (h *Handler) appraisalOpen(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	o := appraisal.Opening{OrganisationID: f.ID("organisation_id"), Below: f.Bool("below"), Year: int(f.Int("year")), MeetingID: f.ID("meeting_id")}
	var out appraisal.Opened
	if err = f.Err(); err == nil {
		out, err = h.Appraisal.Open(r.Context(), actor(r), o)
	}
	if err != nil {
		return h.appraisalNew(w, r, f.Show(nil), err)
	}
	to := view.Path + "?year=" + strconv.Itoa(o.Year)
	if out.RoundID != 0 {
		to = view.Href(out.RoundID)
	} else if len(out.Rounds) == 1 {
		to = view.Href(out.Rounds[0])
	}
	return h.done(w, r, to, i18n.AppraisalOpened, len(out.Rounds), out.Members, out.Kept)
}

// appraisalMeetings are the meetings of a branch with which its round can go: those of the year, and of the first months after it.
func (h *Handler) appraisalMeetings(r *http.Request, s appraisal.Shown) ([]field.Option, error) {
	f := meeting.Filter{Holder: meeting.Holder{OwnerID: s.OrganisationID}, From: calendar.On(s.Year, time.January, 1), To: calendar.On(s.Year+1, time.March, 31), Page: db.Page{Limit: 100}}
	l, err := h.Meeting.List(r.Context(), actor(r), f)
	if err != nil {
		return nil, err
	}
	var out []field.Option
	for _, m := range l.Items {
		if m.State != meeting.Cancelled && m.BodyID == 0 && m.OwnerID == s.OrganisationID {
			out = append(out, field.Option{Value: m.ID.String(), Text: i18n.Verbatim(m.Title), Note: m.Day().String()})
		}
	}
	return out, nil
}

func sent(f field.Form) view.Sent { return view.Sent{Form: f, Name: f.Values.Get(formKey)} }

// appraisalRound reads a round with a page of its members; they are read for its branch alone.
func (h *Handler) appraisalRound(r *http.Request, page db.Page) (view.Show, error) {
	s := view.Show{Query: r.URL.Query()}
	round, err := pathID(r)
	if err != nil {
		return s, err
	}
	if s.Shown, err = h.Appraisal.Get(r.Context(), actor(r), round); err != nil || !s.Keep {
		return s, err
	}
	l, err := h.Appraisal.Members(r.Context(), actor(r), round, page)
	s.Members, s.Before, s.After = l.Items, l.Prev, l.Next
	return s, err
}

func (h *Handler) appraisalShow(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	s, err := h.appraisalRound(r, pageOf(r))
	if err != nil {
		return nil, err
	}
	a, ctx := actor(r), r.Context()
	s.Sent, s.Plans = sent(f), a.Scope(meeting.PermPlan).Covers(s.OrganisationID)
	if s.Keep && s.Gives() {
		if s.Unvoted, err = h.Appraisal.Unvoted(ctx, a, s.ID); err != nil {
			return nil, err
		}
	}
	if s.Keep && s.Counts() {
		if s.Subjects, err = h.Appraisal.Subjects(ctx, a, s.ID); err != nil {
			return nil, err
		}
	}
	if s.Links() {
		if s.Meetings, err = h.appraisalMeetings(r, s.Shown); err != nil {
			return nil, err
		}
	}
	return view.One(h.appraisalCrumbs(w, r, i18n.AppraisalOf.In(lang(r), s.Organisation, strconv.Itoa(s.Year))), s), nil
}

func (h *Handler) appraisalPage(w http.ResponseWriter, r *http.Request) error {
	body, err := h.appraisalShow(w, r, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, body)
}

// appraisalSummary prints the summary of a round.
func (h *Handler) appraisalSummary(w http.ResponseWriter, r *http.Request) error {
	s, err := h.appraisalRound(r, db.Page{Limit: mostRows})
	if err != nil {
		return err
	}
	if !s.Keep {
		return errs.ErrNotFound
	}
	return h.show(w, r, view.SummaryPaper(h.appraisalPaperPage(w, r, i18n.AppraisalSummaryTable, s.ID), s))
}

// appraisalBallot prints a ballot to be filled in by hand.
func (h *Handler) appraisalBallot(w http.ResponseWriter, r *http.Request) error {
	round, err := pathID(r)
	if err != nil {
		return err
	}
	s := view.Show{}
	if s.Shown, err = h.Appraisal.Get(r.Context(), actor(r), round); err != nil {
		return err
	}
	if s.Subjects, err = h.Appraisal.Subjects(r.Context(), actor(r), round); err != nil {
		return err
	}
	return h.show(w, r, view.BallotPaper(h.appraisalPaperPage(w, r, i18n.AppraisalBallotPaper, s.ID), s))
}

func (h *Handler) appraisalPaperPage(w http.ResponseWriter, r *http.Request, title i18n.Text, round id.ID) layout.Page {
	p := h.page(w, r, title)
	p.Back = view.Href(round)
	return p
}

func (h *Handler) exportAppraised(w http.ResponseWriter, r *http.Request) error {
	round, err := pathID(r)
	if err != nil {
		return err
	}
	s, err := h.Appraisal.Get(r.Context(), actor(r), round)
	if err != nil {
		return err
	}
	if !s.Keep {
		return errs.ErrNotFound
	}
	type t = appraisal.Row
	columns := []exportColumn[t]{
		{title: i18n.AppraisalName, value: func(v t) any { return v.Name }},
		{title: i18n.AppraisalGroup, value: func(v t) any { return v.Group }},
		{title: i18n.AppraisalAway, value: func(v t) any { return v.Away }},
		{title: i18n.AppraisalSelfOn, value: func(v t) any { return v.SelfOn }},
	}
	for _, g := range appraisal.Choices() {
		columns = append(columns, exportColumn[t]{title: g.ChoiceText(), number: true, value: func(v t) any {
			if !v.Split.Shown {
				return ""
			}
			return v.Split.Votes[g]
		}})
	}
	columns = append(columns, exportColumn[t]{title: i18n.AppraisalGrade, value: func(v t) any { return v.Standing.Text() }},
		exportColumn[t]{title: i18n.AppraisalOpinionText, value: func(v t) any { return v.Opinion }},
		exportColumn[t]{title: i18n.AppraisalReadOn, value: func(v t) any { return v.ReadOn }})
	return exportList(h, w, r, i18n.AppraisalSummaryTable, columns, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		return h.Appraisal.Members(ctx, actor(r), round, p)
	}))
}

func (h *Handler) appraisalAdvance(r *http.Request, f *form, round id.ID) error {
	from, reason, v := appraisal.Step(f.values.Get("from")), f.Text("reason", 300), f.Version()
	if err := f.Err(); err != nil {
		return err
	}
	return h.Appraisal.Advance(r.Context(), actor(r), round, from, reason, v)
}

func (h *Handler) appraisalLink(r *http.Request, f *form, round id.ID) error {
	m := f.ID("meeting_id")
	if err := f.Err(); err != nil {
		return err
	}
	return h.Appraisal.Link(r.Context(), actor(r), round, m)
}

func (h *Handler) appraisalPaper(r *http.Request, f *form, round id.ID) error {
	var list []id.ID
	for _, s := range f.Strings("entries") {
		e, err := id.Parse(s)
		if err != nil {
			return errs.Field("entries", i18n.ErrBadChoice)
		}
		list = append(list, e)
	}
	return h.Appraisal.GivePaper(r.Context(), actor(r), round, list)
}

func (h *Handler) appraisalCount(r *http.Request, f *form, round id.ID) error {
	subjects, err := h.Appraisal.Subjects(r.Context(), actor(r), round)
	if err != nil {
		return err
	}
	c := appraisal.Count{Returned: f.Int("returned"), Valid: f.Int("valid"), Teller: f.Text("teller", 100), SecondTeller: f.Text("second_teller", 100), Votes: map[id.ID]map[appraisal.Grade]int64{}, Version: f.Version()}
	for _, o := range subjects {
		c.Votes[o.ID] = map[appraisal.Grade]int64{}
		for _, g := range appraisal.Grades() {
			c.Votes[o.ID][g] = f.Int(appraisal.CountField(o.ID, g))
		}
	}
	if err := f.Err(); err != nil {
		return err
	}
	return h.Appraisal.CountPaper(r.Context(), actor(r), round, c)
}

func (h *Handler) appraisalRepeat(r *http.Request, f *form, round id.ID) error {
	reason, v := f.Need("reason", 300), f.Version()
	if err := f.Err(); err != nil {
		return err
	}
	return h.Appraisal.Repeat(r.Context(), actor(r), round, reason, v)
}

func (h *Handler) appraisalStrike(r *http.Request, f *form, round id.ID) error {
	return errs.Under("reason", h.Appraisal.Strike(r.Context(), actor(r), round, f.values.Get("reason")))
}
