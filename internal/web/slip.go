package web

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/calendar"
	"linli/internal/employment"
	"linli/internal/errs"
	"linli/internal/feedback"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/ledger"
	"linli/internal/paper"
	employmentview "linli/internal/web/view/employment"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
	"linli/internal/web/view/partial"
	view "linli/internal/web/view/slip"
)

func slipFilter(r *http.Request) feedback.Filter {
	q := r.URL.Query()
	quarter, _ := calendar.ParseQuarter(q.Get("quarter")) // an unreadable filter does not filter
	return feedback.Filter{Quarter: quarter, State: feedback.State(q.Get("state")), CommunityID: queryID(r, "community"),
		UnitID: queryID(r, "unit"), Search: q.Get("q"), Late: q.Get("late") != "", Page: pageOf(r)}
}

func (h *Handler) slips(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Feedback.List(r.Context(), actor(r), slipFilter(r))
	if err != nil {
		return err
	}
	closed, err := h.Feedback.Closes(r.Context(), actor(r))
	if err != nil {
		return err
	}
	var quarters []calendar.Quarter
	for _, c := range closed {
		quarters = append(quarters, c.Quarter)
	}
	p := h.page(w, r, i18n.FeedbackTitle)
	return h.show(w, r, view.List(p, r.URL.Query(), list.Items, list.Prev, list.Next, quarters, h.closable(r, quarters)))
}

// closable is the quarter that the actor may close now: the last that is over, if it is not closed yet.
func (h *Handler) closable(r *http.Request, closed []calendar.Quarter) calendar.Quarter {
	last := calendar.QuarterOf(calendar.DateOf(h.DB.Now())).Prev()
	if !actor(r).Scope(feedback.PermClose).All() || (len(closed) > 0 && closed[0].Compare(last) >= 0) {
		return calendar.Quarter{}
	}
	return last
}

func (h *Handler) exportSlips(w http.ResponseWriter, r *http.Request) error {
	l, f := lang(r), slipFilter(r)
	type s = feedback.Slip
	return exportList(h, w, r, i18n.FeedbackTitle, []exportColumn[s]{
		{title: i18n.FeedbackUnit, value: func(v s) any { return v.Unit }},
		{title: i18n.FeedbackCommunity, value: func(v s) any { return v.Community }},
		{title: i18n.FeedbackQuarter, value: func(v s) any { return v.Quarter.Label().In(l) }},
		{title: i18n.FeedbackState, value: func(v s) any { return view.StateOf(v.State).Text }},
		{title: i18n.FeedbackMembers, number: true, value: func(v s) any { return v.Members }},
		{title: i18n.FeedbackHours, number: true, value: func(v s) any { return i18n.Hours(v.Minutes) }},
		{title: i18n.FeedbackDeeds, number: true, value: func(v s) any { return v.Deeds }},
		{title: i18n.FeedbackRemark, value: func(v s) any { return v.Remark }},
		{title: i18n.FeedbackAnswer, value: func(v s) any { return v.Answer }},
	}, func(ctx context.Context, fn func(s) error) error { return h.Feedback.Export(ctx, actor(r), f, fn) })
}

func (h *Handler) closeQuarter(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	quarter, err := calendar.ParseQuarter(f.values.Get("quarter"))
	if err != nil {
		return errs.Field("quarter", i18n.FeedbackBadQuarter)
	}
	done, err := h.Feedback.Close(r.Context(), actor(r), quarter)
	if err != nil {
		return err
	}
	return h.done(w, r, "/slips?quarter="+quarter.String(), i18n.FeedbackCloseDone, quarter.Label(), done.Slips, done.Members)
}

func (h *Handler) slip(w http.ResponseWriter, r *http.Request) error {
	d, err := h.slipDetail(r)
	if err != nil {
		return err
	}
	if d.CanAnswer && d.Slip.ReadAt.IsZero() && d.Slip.State == feedback.Sent {
		if err := h.Feedback.Read(r.Context(), actor(r), d.Slip.ID); err != nil {
			return err
		}
	}
	return h.show(w, r, h.slipPage(w, r, d, field.Form{}))
}

func (h *Handler) slipDetail(r *http.Request) (feedback.Detail, error) {
	slip, err := pathID(r)
	if err != nil {
		return feedback.Detail{}, err
	}
	return h.Feedback.Get(r.Context(), actor(r), slip)
}

func (h *Handler) slipPage(w http.ResponseWriter, r *http.Request, d feedback.Detail, f field.Form) templ.Component {
	p := h.page(w, r, i18n.FeedbackSlip, d.Slip.Quarter.Label(), d.Slip.Unit)
	p.Breadcrumb = []layout.Crumb{{Text: i18n.FeedbackTitle.In(lang(r)), Href: "/slips"}}
	return view.Show(p, d, f, h.rare(d))
}

// rare gives the characters on a slip that no font has, so that people know before they send it.
func (h *Handler) rare(d feedback.Detail) string {
	var names strings.Builder
	for _, l := range d.Lines {
		names.WriteString(l.Name)
		names.WriteString(l.Remark)
	}
	missing, err := h.Printer.Missing(names.String() + d.Slip.Remark)
	if err != nil {
		return ""
	}
	return string(missing)
}

// slipAct reads the slip's ID, runs an act on it and says what happened; a wrong entry shows the slip again.
func (h *Handler) slipAct(act func(*http.Request, *form, id.ID) error, said i18n.Text) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, err := readForm(r)
		if err != nil {
			return err
		}
		d, err := h.slipDetail(r)
		if err != nil {
			return err
		}
		if err = act(r, f, d.Slip.ID); err != nil {
			fresh, gerr := h.slipDetail(r)
			if gerr != nil {
				return err
			}
			return h.again(w, r, err, func(e *errs.Error) templ.Component { return h.slipPage(w, r, fresh, f.Show(e)) })
		}
		return h.done(w, r, "/slips/"+d.Slip.ID.String(), said, d.Slip.Unit)
	}
}

func (h *Handler) refreshSlip(r *http.Request, _ *form, slip id.ID) error {
	return h.Feedback.Refresh(r.Context(), actor(r), slip)
}

func (h *Handler) sendSlip(r *http.Request, f *form, slip id.ID) error {
	return h.Feedback.Send(r.Context(), actor(r), slip, f.values.Get("seen"))
}

func (h *Handler) sendSlipAgain(r *http.Request, f *form, slip id.ID) error {
	return h.Feedback.SendAgain(r.Context(), actor(r), slip, f.Text("reason", 200))
}

func (h *Handler) answerSlip(r *http.Request, f *form, slip id.ID) error {
	return h.Feedback.Answer(r.Context(), actor(r), slip, f.values.Get("answer"))
}

func (h *Handler) remarkSlip(r *http.Request, f *form, slip id.ID) error {
	in := feedback.Remarks{Slip: f.Text("remark", 500), Version: f.Version(), Lines: map[id.ID]string{}}
	for name := range f.values {
		if member, ok := strings.CutPrefix(name, "remark."); ok {
			m, err := id.Parse(member)
			if err != nil {
				return errs.New(errs.Invalid, i18n.FeedbackNoMember)
			}
			in.Lines[m] = f.Text(name, 200)
		}
	}
	if err := f.Err(); err != nil {
		return err
	}
	return h.Feedback.Remark(r.Context(), actor(r), slip, in)
}

func (h *Handler) slipPDF(w http.ResponseWriter, r *http.Request) error {
	d, err := h.slipDetail(r)
	if err != nil {
		return err
	}
	p, err := feedback.Print(h.Printer, lang(r), h.base(r), d)
	if err != nil {
		return err
	}
	return sendPDF(w, d.Slip.Quarter.String()+"-"+d.Slip.Unit, p)
}

// base is the address that papers name: the one configured, otherwise the one this request came to.
func (h *Handler) base(r *http.Request) string {
	if h.BaseURL != "" {
		return h.BaseURL
	}
	scheme := "http"
	if r.TLS != nil || h.Secure {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}

func (h *Handler) decideCorrection(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	correction, err := pathID(r)
	if err != nil {
		return err
	}
	if err := h.Feedback.DecideCorrection(r.Context(), actor(r), correction, f.Bool("accept"), f.values.Get("answer")); err != nil {
		return err
	}
	return h.done(w, r, "/slips/"+f.ID("slip").String(), i18n.FeedbackCorrectionDone, i18n.FeedbackMember)
}

func (h *Handler) ownSlips(w http.ResponseWriter, r *http.Request) error {
	return h.ownSlipsWith(w, r, field.Form{}, nil)
}

// ownSlipsWith shows the slips; f is the request for a correction that was wrong, its ID that of the slip.
func (h *Handler) ownSlipsWith(w http.ResponseWriter, r *http.Request, f field.Form, wrong error) error {
	lines, err := h.Feedback.Own(r.Context(), actor(r))
	if err != nil {
		return err
	}
	wishes, err := h.Feedback.OwnCorrections(r.Context(), actor(r))
	if err != nil {
		return err
	}
	if err := h.Feedback.SeeAnswers(r.Context(), actor(r)); err != nil {
		return err
	}
	p := h.pocket(w, r, "/m/member", i18n.FeedbackOwn)
	if wrong != nil {
		return h.again(w, r, wrong, func(e *errs.Error) templ.Component {
			f.Err = e
			return view.Own(p, lines, wishes, f)
		})
	}
	return h.show(w, r, view.Own(p, lines, wishes, f))
}

func (h *Handler) askCorrection(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	slip, err := pathID(r)
	if err != nil {
		return err
	}
	if err := h.Feedback.AskCorrection(r.Context(), actor(r), slip, f.values.Get("body")); err != nil {
		shown := f.Show(nil)
		shown.ID = slip.String()
		return h.ownSlipsWith(w, r, shown, err)
	}
	return h.done(w, r, "/m/slips", i18n.FeedbackCorrectionSent)
}

// checkPaper tells whoever holds a paper whether it is genuine. The code stands in the address of the QR code, or was typed.
func (h *Handler) checkPaper(w http.ResponseWriter, r *http.Request) error {
	typed := r.PathValue("code")
	if typed == "" {
		typed = r.URL.Query().Get("code")
	}
	p := h.page(w, r, i18n.FeedbackCheckTitle)
	if typed == "" {
		return h.show(w, r, view.Check(p, "", nil, nil))
	}
	res, err := h.lookUp(r, typed)
	if e := errs.As(err); e != nil && e.Kind == errs.NotFound {
		return h.answer(w, r, http.StatusNotFound, view.Check(p, typed, e, nil))
	}
	if err != nil {
		return err
	}
	return h.show(w, r, view.Check(p, res.Paper.Code, nil, res))
}

var paperKinds = map[string]i18n.Text{
	paper.KindSlip: i18n.FeedbackKindSlip, paper.KindCertificate: i18n.FeedbackKindCertificate,
	paper.KindClaim: i18n.FeedbackKindClaim, paper.KindEvaluation: i18n.FeedbackKindEvaluation,
	paper.KindTwoNew: i18n.PaperTwoNew, paper.KindDues: i18n.PaperDues, paper.KindTransfer: i18n.PaperTransfer, paper.KindReceipt: i18n.PaperReceipt, paper.KindCobuild: i18n.PaperCobuild, paper.KindVolunteer: i18n.VolCertTitle, paper.KindEmployment: i18n.PaperEmployment,
}

func (h *Handler) lookUp(r *http.Request, typed string) (*view.Result, error) {
	tenant, p, err := paper.Find(r.Context(), h.DB, typed)
	if err != nil {
		return nil, err
	}
	res := &view.Result{Paper: p, Kind: paperKinds[p.Kind]}
	say := func(good bool, t i18n.Text, args ...any) {
		res.Good, res.Verdict = good, errs.Message{Text: t, Args: args}
	}
	today := calendar.DateOf(h.DB.Now())
	switch {
	case p.Kind == paper.KindSlip:
		c, err := h.Feedback.Check(r.Context(), tenant, p)
		if err != nil {
			return nil, err
		}
		res.Slip = &c.Version
		switch {
		case !c.Version.Intact:
			say(false, i18n.FeedbackTampered)
		case !c.Current:
			say(false, i18n.FeedbackOutdated, c.Newest)
		default:
			say(true, i18n.FeedbackGenuine)
		}
	case p.Kind == paper.KindVolunteer:
		c, err := h.Volunteer.Check(r.Context(), tenant, p)
		if err != nil {
			return nil, err
		}
		switch res.Service = &c; {
		case !c.Intact:
			say(false, i18n.VolCertTamper)
		case c.Gone:
			say(true, i18n.VolGone)
		case c.Changed():
			say(false, i18n.VolCertNow, i18n.Hours(c.Now))
		default:
			say(true, i18n.VolCertGood)
		}
	case !p.RevokedAt.IsZero():
		say(false, i18n.FeedbackRevoked, p.Reason)
	case !p.InForce(today):
		say(false, i18n.FeedbackExpired, p.ValidTo)
	default:
		say(true, i18n.FeedbackValid)
	}
	if p.Kind == paper.KindEmployment { // who shows it may have used it up
		c, err := h.Employment.Check(r.Context(), tenant, p)
		if err != nil {
			return nil, err
		}
		res.Facts = append([]partial.Fact{partial.F(i18n.EmployHolder, c.Name)}, employmentview.CertificateFacts(r.Context(), c)...)
		if s := c.StateOn(today); res.Good && s != employment.Valid {
			say(false, i18n.EmployNotValid, s.Text())
		}
	}
	return res, nil
}

// evaluationFilter reads the filters of the evaluations from the address.
func (h *Handler) evaluationFilter(r *http.Request) feedback.EvaluationFilter {
	return feedback.EvaluationFilter{Year: yearOf(r, h), CommunityID: queryID(r, "community"), UnitID: queryID(r, "unit"), Page: pageOf(r)}
}

func (h *Handler) evaluations(w http.ResponseWriter, r *http.Request) error {
	f := h.evaluationFilter(r)
	list, err := h.Feedback.Evaluations(r.Context(), actor(r), f)
	if err != nil {
		return err
	}
	communities, err := h.communityOptions(r, actor(r).Scope(feedback.PermEvaluate))
	if err != nil {
		return err
	}
	p := h.page(w, r, i18n.FeedbackEvaluations)
	return h.show(w, r, view.Evaluations(p, r.URL.Query(), f.Year, list.Items, list.Prev, list.Next, communities))
}

func yearOf(r *http.Request, h *Handler) int {
	y, err := strconv.Atoi(r.URL.Query().Get("year"))
	if err != nil {
		return calendar.DateOf(h.DB.Now()).Year()
	}
	return y
}

func (h *Handler) openYear(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	community, year := f.ID("community"), f.Int("year")
	if community == 0 {
		f.err = f.err.With("community", i18n.ErrRequired)
	}
	if err := f.Err(); err != nil {
		return err
	}
	n, err := h.Feedback.OpenYear(r.Context(), actor(r), community, int(year))
	if err != nil {
		return err
	}
	return h.done(w, r, "/evaluations?year="+strconv.FormatInt(year, 10), i18n.FeedbackOpenYearDone, n)
}

func (h *Handler) findEvaluation(r *http.Request) (feedback.Evaluation, error) {
	member, err := pathID(r)
	if err != nil {
		return feedback.Evaluation{}, err
	}
	year, err := strconv.Atoi(r.PathValue("year"))
	if err != nil {
		return feedback.Evaluation{}, errs.ErrNotFound
	}
	return h.Feedback.Evaluation(r.Context(), actor(r), member, year)
}

func (h *Handler) evaluationPage(w http.ResponseWriter, r *http.Request, e feedback.Evaluation, f field.Form) templ.Component {
	p := h.page(w, r, i18n.FeedbackEvaluation, strconv.FormatInt(e.Year, 10), e.Name)
	p.Breadcrumb = []layout.Crumb{{Text: i18n.FeedbackEvaluations.In(lang(r)), Href: "/evaluations?year=" + strconv.FormatInt(e.Year, 10)}}
	return view.Evaluation(p, e, f, actor(r).Scope(feedback.PermEvaluate).Covers(e.CommunityID))
}

func (h *Handler) evaluation(w http.ResponseWriter, r *http.Request) error {
	e, err := h.findEvaluation(r)
	if err != nil {
		return err
	}
	f := field.Form{Values: map[string][]string{"opinion": {e.Opinion}}}
	if e.Opinion == "" {
		f.Values["opinion"] = []string{i18n.FeedbackOpinionText.In(lang(r), strconv.FormatInt(e.Year, 10), e.Activities, i18n.Hours(e.Minutes), e.Deeds)}
		f.Filled = map[string]bool{"opinion": true}
	}
	return h.show(w, r, h.evaluationPage(w, r, e, f))
}

func (h *Handler) evaluate(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	e, err := h.findEvaluation(r)
	if err != nil {
		return err
	}
	if err := h.Feedback.Evaluate(r.Context(), actor(r), e.MemberID, int(e.Year), f.values.Get("opinion"), f.Version()); err != nil {
		return h.again(w, r, err, func(wrong *errs.Error) templ.Component { return h.evaluationPage(w, r, e, f.Show(wrong)) })
	}
	return h.done(w, r, "/evaluations?year="+strconv.FormatInt(e.Year, 10), i18n.FeedbackOpinionDone, e.Name)
}

func (h *Handler) evaluationPDF(w http.ResponseWriter, r *http.Request) error {
	e, err := h.findEvaluation(r)
	if err != nil {
		return err
	}
	day := calendar.On(int(e.Year), 12, 31)
	hours, err := ledger.TargetHours.On(r.Context(), h.DB, actor(r).Tenant, day)
	if err != nil {
		return err
	}
	deeds, err := ledger.TargetDeeds.On(r.Context(), h.DB, actor(r).Tenant, day)
	if err != nil {
		return err
	}
	p, err := feedback.PrintEvaluation(h.Printer, lang(r), e, hours, deeds)
	if err != nil {
		return err
	}
	return sendPDF(w, strconv.FormatInt(e.Year, 10)+"-"+e.Name, p)
}
