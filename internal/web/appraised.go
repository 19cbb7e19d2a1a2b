package web

import (
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"linli/internal/appraisal"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/person"
	view "linli/internal/web/view/appraisal"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
)

// appraisedSheet opens the entry of a member for the branch. That it was looked at is noted where the member sees it.
func (h *Handler) appraisedSheet(r *http.Request, f field.Form) (view.Sheet, error) {
	s := view.Sheet{Sent: sent(f), Today: h.today()}
	entry, err := pathID(r)
	if err != nil {
		return s, err
	}
	if s.Sheet, err = h.Appraisal.Sheet(r.Context(), actor(r), entry); err != nil {
		return s, err
	}
	return s, h.Person.Opened(r.Context(), actor(r), person.Person{ID: s.PersonID, CommunityID: s.OrganisationID})
}

func (h *Handler) appraisedShow(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	s, err := h.appraisedSheet(r, f)
	if err != nil {
		return nil, err
	}
	p := h.appraisalCrumbs(w, r, s.Name, layout.Crumb{Text: i18n.AppraisalOf.In(lang(r), s.Round.Organisation, strconv.Itoa(s.Round.Year)), Href: view.Href(s.RoundID)})
	return view.SheetPage(p, s), nil
}

func (h *Handler) appraisedPage(w http.ResponseWriter, r *http.Request) error {
	body, err := h.appraisedShow(w, r, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, body)
}

func (h *Handler) appraisedPrint(w http.ResponseWriter, r *http.Request) error {
	s, err := h.appraisedSheet(r, field.Form{})
	if err != nil {
		return err
	}
	p := h.page(w, r, i18n.AppraisalForm)
	p.Back = view.OneHref(s.ID)
	return h.show(w, r, view.FormPaper(p, s))
}

func selfAppraisal(f *form) (appraisal.SelfAppraisal, error) {
	x := appraisal.SelfAppraisal{Text: f.values.Get("self_text"), Gaps: f.values.Get("self_gaps"), Version: f.Version()}
	return x, f.Err()
}

func (h *Handler) appraisedSelf(r *http.Request, f *form, entry id.ID) error {
	x, err := selfAppraisal(f)
	if err != nil {
		return err
	}
	return h.Appraisal.WriteSelfFor(r.Context(), actor(r), entry, x)
}

func (h *Handler) appraisedRemark(r *http.Request, f *form, entry id.ID) error {
	from, text := f.ID("from"), f.Need("text", 500)
	if from == 0 {
		f.Need("from", 40)
	}
	if err := f.Err(); err != nil {
		return err
	}
	return h.Appraisal.WriteRemarkFor(r.Context(), actor(r), from, entry, text)
}

func (h *Handler) appraisedArrange(r *http.Request, f *form, entry id.ID) error {
	x := appraisal.Arrangement{Votes: f.Bool("votes"), Graded: f.Bool("graded"), Why: f.values.Get("why"), Away: f.values.Get("away"), Group: f.values.Get("party_group"), Version: f.Version()}
	if err := f.Err(); err != nil {
		return err
	}
	return h.Appraisal.Arrange(r.Context(), actor(r), entry, x)
}

func (h *Handler) appraisedDecide(r *http.Request, f *form, entry id.ID) error {
	d := appraisal.Decision{Grade: appraisal.Grade(f.values.Get("grade")), Opinion: f.values.Get("opinion"), Gaps: f.values.Get("gaps"), Help: f.values.Get("help"), FollowOn: f.Date("follow_on"),
		Decision: f.values.Get("decision"), Approval: f.values.Get("approval"), Version: f.Version()}
	if err := f.Err(); err != nil {
		return err
	}
	return h.Appraisal.Decide(r.Context(), actor(r), entry, d)
}

func (h *Handler) appraisedRead(r *http.Request, f *form, entry id.ID) error {
	return h.Appraisal.ReadFor(r.Context(), actor(r), entry, f.values.Get("own_view"))
}

func (h *Handler) appraisedFollow(r *http.Request, f *form, entry id.ID) error {
	v := f.Version()
	if err := f.Err(); err != nil {
		return err
	}
	return h.Appraisal.FollowUp(r.Context(), actor(r), entry, f.values.Get("followed"), v)
}

func (h *Handler) appraisedCorrect(r *http.Request, f *form, entry id.ID) error {
	c := appraisal.Correction{Grade: appraisal.Grade(f.values.Get("grade")), Reason: f.values.Get("reason"), Document: f.values.Get("document")}
	v := f.Version()
	if err := f.Err(); err != nil {
		return err
	}
	return h.Appraisal.Correct(r.Context(), actor(r), entry, c, v)
}

func (h *Handler) myAppraisals(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Appraisal.Own(r.Context(), actor(r))
	if err != nil {
		return err
	}
	return h.show(w, r, view.MineList(h.page(w, r, i18n.AppraisalMine), list))
}

func (h *Handler) myAppraisalShow(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	entry, err := pathID(r)
	if err != nil {
		return nil, err
	}
	m := view.Mine{Sent: sent(f)}
	if m.Sent.Name == "appraisal.remark" { // there is one for each
		m.Sent.Name += "-" + f.Values.Get("about")
	}
	if m.Sheet, err = h.Appraisal.SheetOwn(r.Context(), actor(r), entry); err != nil {
		return nil, err
	}
	p := h.page(w, r, i18n.AppraisalMine)
	p.Back = view.MinePath
	return view.MineOne(p, m), nil
}

func (h *Handler) myAppraisal(w http.ResponseWriter, r *http.Request) error {
	body, err := h.myAppraisalShow(w, r, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, body)
}

func (h *Handler) mySelf(r *http.Request, f *form, entry id.ID) error {
	x, err := selfAppraisal(f)
	if err != nil {
		return err
	}
	return h.Appraisal.WriteSelf(r.Context(), actor(r), entry, x)
}

func (h *Handler) myRemark(r *http.Request, f *form, entry id.ID) error {
	about := f.ID("about")
	if err := f.Err(); err != nil {
		return err
	}
	return h.Appraisal.WriteRemark(r.Context(), actor(r), entry, about, f.values.Get("text"))
}

func (h *Handler) myRead(r *http.Request, f *form, entry id.ID) error {
	return h.Appraisal.Read(r.Context(), actor(r), entry, f.values.Get("own_view"))
}

func (h *Handler) myBallotShow(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	entry, err := pathID(r)
	if err != nil {
		return nil, err
	}
	b := view.Ballot{Form: f}
	if b.BallotForm, err = h.Appraisal.BallotForm(r.Context(), actor(r), entry); err != nil {
		return nil, err
	}
	p := h.page(w, r, i18n.AppraisalBallotTitle)
	p.Back = view.MineHref(entry)
	return view.BallotPage(p, b), nil
}

func (h *Handler) myBallotPage(w http.ResponseWriter, r *http.Request) error {
	body, err := h.myBallotShow(w, r, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, body)
}

// myVote reads the choices about those who are on the ballot. What was sent is handed on and kept nowhere.
func (h *Handler) myVote(r *http.Request, f *form, entry id.ID) error {
	b, err := h.Appraisal.BallotForm(r.Context(), actor(r), entry)
	if err != nil {
		return err
	}
	choices := appraisal.Ballot{}
	for _, o := range b.Others {
		choices[o.ID] = appraisal.Grade(f.values.Get(appraisal.VoteField(o.ID)))
	}
	return h.Appraisal.Vote(r.Context(), actor(r), entry, choices)
}

func (h *Handler) memberRecord(w http.ResponseWriter, r *http.Request) error {
	m, err := pathID(r)
	if err != nil {
		return err
	}
	y, err := h.Appraisal.Record(r.Context(), actor(r), m, recordYear(r))
	if err != nil {
		return err
	}
	p := h.page(w, r, i18n.AppraisalRecord)
	p.Active = "/members"
	p.Breadcrumb = []layout.Crumb{{Text: i18n.MemberTitle.In(lang(r)), Href: "/members"}, {Text: y.Name, Href: "/members/" + m.String()}}
	return h.show(w, r, view.RecordPage(p, view.Record{Year: y, This: h.today().Year()}))
}

func (h *Handler) myRecord(w http.ResponseWriter, r *http.Request) error {
	y, err := h.Appraisal.RecordOwn(r.Context(), actor(r), recordYear(r))
	if err != nil {
		return err
	}
	p := h.page(w, r, i18n.AppraisalRecord)
	p.Back = "/m/member"
	return h.show(w, r, view.RecordPage(p, view.Record{Year: y, Own: true, This: h.today().Year()}))
}

// recordYear is the year asked for; 0, this year, for what no year can be.
func recordYear(r *http.Request) int {
	y := queryInt(r, "year")
	if y < 1949 || y > 2200 {
		return 0
	}
	return y
}
