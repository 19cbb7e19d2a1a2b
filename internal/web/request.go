package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/fact"
	"linli/internal/fill"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/organisation"
	"linli/internal/request"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
	"linli/internal/web/view/partial"
	view "linli/internal/web/view/request"
)

func (h *Handler) requestRoutes() []route {
	see, register, answer := may(request.PermSee), may(request.PermRegister), may(request.PermAnswer)
	return []route{
		{pattern: "GET /requests", who: see, serve: h.requestsPage},
		{pattern: "GET /requests/export", who: see, serve: h.exportRequests},
		{pattern: "GET /requests/print", who: see, serve: h.requestsPrint},
		{pattern: "GET /requests/new", who: register, serve: h.requestNewPage},
		{pattern: "POST /requests/drop", who: register, serve: h.requestDrop},
		{pattern: "POST /requests", who: register, serve: h.requestRegister},
		{pattern: "GET /requests/answers", who: see, serve: h.answersPage},
		{pattern: "GET /requests/answers/export", who: see, serve: h.exportAnswers},
		{pattern: "GET /requests/answers/{id}/file", who: may(request.PermAnswer, request.PermRegister), serve: h.answerFile},
		{pattern: "GET /requests/{id}", who: see, serve: h.requestPage},
		{pattern: "GET /requests/{id}/print", who: see, serve: h.requestPrint},
		{pattern: "GET /requests/{id}/form", who: see, serve: h.requestForm},
		{pattern: "GET /requests/{id}/edit", who: register, serve: h.requestEditPage},
		{pattern: "POST /requests/{id}/edit", who: register, serve: h.requestCorrect},
		{pattern: "POST /requests/{id}/stop", who: register, serve: h.requestStop},
		{pattern: "POST /requests/{id}/answers", who: answer, serve: h.requestAnswer},
		{pattern: "POST /requests/{id}/copy", who: answer, serve: h.requestCopy},
	}
}

func requestFilter(r *http.Request) request.Filter {
	q := r.URL.Query()
	return request.Filter{Text: q.Get("q"), State: request.State(q.Get("state")), Office: q.Get("office"), OrganisationID: queryID(r, "organisation"), Due: request.DueState(q.Get("due")),
		NoGround: q.Get("ground") == "none", Page: pageOf(r)}
}

func (h *Handler) requestsPage(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Request.List(r.Context(), actor(r), requestFilter(r))
	if err != nil {
		return err
	}
	l := view.List{Query: r.URL.Query(), Items: list.Items, Before: list.Prev, After: list.Next, Register: actor(r).Can(request.PermRegister)}
	office, err := h.officeFilter(r)
	if err != nil {
		return err
	}
	l.Filters = []partial.Filter{{Name: "state", Label: i18n.RequestState}, {Name: "due", Label: i18n.RequestStanding, Options: []partial.Option{
		{Value: string(request.Late), Text: i18n.RequestLate}, {Value: string(request.Waits), Text: i18n.RequestWaits}}}, office,
		{Name: "ground", Label: i18n.RequestGround, Options: []partial.Option{{Value: "none", Text: i18n.RequestNoGround}}}}
	for _, s := range request.States() {
		l.Filters[0].Options = append(l.Filters[0].Options, partial.Option{Value: string(s), Text: s.Text()})
	}
	return h.show(w, r, view.Index(h.page(w, r, i18n.RequestTitle), l))
}

func (h *Handler) officeFilter(r *http.Request) (partial.Filter, error) {
	f := partial.Filter{Name: "office", Label: i18n.RequestOffice}
	list, err := h.Request.Offices(r.Context(), actor(r))
	for _, o := range list {
		f.Options = append(f.Options, partial.Option{Value: o, Text: i18n.Verbatim(o)})
	}
	return f, err
}

func (h *Handler) exportRequests(w http.ResponseWriter, r *http.Request) error {
	type t = request.Request
	f := requestFilter(r)
	return exportList(h, w, r, i18n.RequestTitle, []exportColumn[t]{
		{title: i18n.RequestName, value: func(v t) any { return v.Title }},
		{title: i18n.RequestOffice, value: func(v t) any { return v.Office }},
		{title: i18n.RequestGround, value: func(v t) any { return strings.TrimSpace(v.Ground + " " + v.GroundNo) }},
		{title: i18n.RequestEvery, value: func(v t) any { return v.Every.Text() }},
		{title: i18n.RequestFirstDue, value: func(v t) any { return v.FirstDue.String() }},
		{title: i18n.RequestEndsOn, value: func(v t) any { return v.EndsOn.String() }},
		{title: i18n.RequestState, value: func(v t) any { return v.State.Text() }},
		{title: i18n.RequestAnswered, number: true, value: func(v t) any { return v.Answered }},
		{title: i18n.RequestWaits, number: true, value: func(v t) any { return v.Waiting }},
		{title: i18n.RequestLate, number: true, value: func(v t) any { return v.Late }},
		{title: i18n.RequestOwner, value: func(v t) any { return v.Owner }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page = p
		return h.Request.List(ctx, actor(r), f)
	}))
}

func (h *Handler) requestsPrint(w http.ResponseWriter, r *http.Request) error {
	f := requestFilter(r)
	f.Page = db.Page{Limit: mostRows}
	list, err := h.Request.List(r.Context(), actor(r), f)
	if err != nil {
		return err
	}
	p := h.page(w, r, i18n.RequestTitle)
	p.Back = view.Path
	return h.show(w, r, view.PaperList(p, list.Items))
}

func (h *Handler) requestCrumbs(w http.ResponseWriter, r *http.Request, title i18n.Text, args ...any) layout.Page {
	p := h.page(w, r, title, args...)
	p.Active = view.Path
	p.Breadcrumb = []layout.Crumb{{Text: i18n.RequestTitle.In(lang(r)), Href: view.Path}}
	return p
}

func (h *Handler) requestNewPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	body, err := h.requestNew(w, r, field.Form{}, q.Get("form"), q.Get("subject"))
	if err != nil {
		return err
	}
	return h.show(w, r, body)
}

// requestNew draws the page of a registration; what the form's title says and what the program can say is filled in.
func (h *Handler) requestNew(w http.ResponseWriter, r *http.Request, f field.Form, formID, subject string) (templ.Component, error) {
	n := view.New{Form: f, FormID: formID, Define: actor(r).Can(fact.PermDefine)}
	ed, err := h.Facts.Edition(r.Context(), actor(r).Tenant)
	if err != nil {
		return nil, err
	}
	for _, s := range []fact.Subject{fact.Person, fact.Household, fact.Member, fact.Organisation, fact.Building, fact.Grid, fact.Quarter} {
		n.Subjects = append(n.Subjects, field.Option{Value: string(s), Text: s.Text()})
	}
	if fact.Subject(subject).Valid() && formID == "" {
		n.Subject = subject
		reach := ed.Reach(fact.Subject(subject))
		n.Facts = view.FactOptions(slices.DeleteFunc(slices.Clone(reach), func(x fact.Reached) bool { return strings.Count(string(x.Ref), "/") > 1 }))
		n.Only = view.FactOptions(slices.DeleteFunc(slices.Clone(reach), func(x fact.Reached) bool { return x.Fact.Type != fact.YesNo }))
	}
	if n.Choices, err = h.requestChoices(r, f); err != nil {
		return nil, err
	}
	if n.Choices.Months, err = request.EndMonths.On(r.Context(), h.DB, actor(r).Tenant, h.today()); err != nil {
		return nil, err
	}
	guess := request.Guess{Every: request.Once}
	if formID != "" {
		form, err := id.Parse(formID)
		if err != nil {
			return nil, errs.ErrNotFound
		}
		var at id.ID
		if len(n.Choices.Organisations) > 0 {
			at, _ = id.Parse(n.Choices.Organisations[0].Value) // written by the program
			n.At = n.Choices.Organisations[0].Text.In(lang(r))
		}
		if n.Preview, err = h.Request.Preview(r.Context(), actor(r), form, at); err != nil {
			if e := errs.As(err); e == nil || e.Kind != errs.Invalid {
				return nil, err
			}
			n.Preview.Wrong = errs.As(err)
		}
		guess = n.Preview.Guess
	}
	if f.Values == nil {
		n.Form = known(url.Values{"title": {guess.Title}, "office_text": {guess.Office}, "ground_no": {guess.GroundNo}, "every": {string(guess.Every)},
			"first_due": {h.today().AddDays(7).String()}})
		n.Form.Filled["office"] = guess.Office != ""
		n.Choices.OfficeName = guess.Office
		for _, o := range n.Choices.Organisations[:n.Choices.Asked] {
			n.Form.Values.Add("organisation", o.Value)
		}
		n.Form.Filled["organisation"] = true
		if len(n.Choices.Owners) > 0 {
			n.Form.Values.Set("owner", n.Choices.Owners[0].Value)
			n.Form.Filled["owner"] = true
		}
	}
	return view.Register(h.requestCrumbs(w, r, i18n.RequestNew), n), nil
}

// requestChoices are the organisations that the actor may ask and that may keep a request; the one for which they work comes first.
func (h *Handler) requestChoices(r *http.Request, f field.Form) (view.Choices, error) {
	c := view.Choices{Every: view.EveryOptions(), OfficeName: f.Values.Get("office_text")}
	refs, err := h.Organisation.Directory(r.Context(), actor(r), "", []organisation.Kind{organisation.Community, organisation.Working, organisation.District}, 1000)
	if err != nil {
		return c, err
	}
	scope := actor(r).Scope(request.PermRegister)
	var own id.ID
	if g := actor(r).Grants; len(g) > 0 {
		own = g[0].Root
	}
	kinds := map[organisation.Kind][]field.Option{}
	for _, o := range refs {
		if !scope.Covers(o.ID) {
			continue
		}
		x := field.Option{Value: o.ID.String(), Text: i18n.Verbatim(o.Name), Note: o.Parent}
		kinds[o.Kind] = append(kinds[o.Kind], x)
		if o.ID == own {
			c.Owners = append([]field.Option{x}, c.Owners...)
		} else {
			c.Owners = append(c.Owners, x)
		}
	}
	c.Organisations = slices.Concat(kinds[organisation.Community], kinds[organisation.Working])
	if c.Asked = len(kinds[organisation.Community]); c.Asked == 0 {
		c.Asked = len(c.Organisations)
	}
	return c, nil
}

func (h *Handler) requestDrop(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, fill.MaxFile+1<<20)
	if err := r.ParseMultipartForm(maxUploadMemory); err != nil {
		return badForm(err)
	}
	defer r.MultipartForm.RemoveAll()
	f := &form{values: r.PostForm}
	name, data, err := droppedFile(r)
	var d fill.Dropped
	if err == nil {
		d, err = h.Fill.Drop(r.Context(), actor(r), name, data)
	}
	if e := errs.As(err); e != nil && e.Kind == errs.Invalid {
		if len(e.Fields) == 0 {
			e = errs.Field("file", e.Message.Text, e.Message.Args...)
		}
		body, berr := h.requestNew(w, r, f.Show(e), "", "")
		if berr != nil {
			return berr
		}
		return h.again(w, r, e, func(*errs.Error) templ.Component { return body })
	}
	if err != nil {
		return err
	}
	return h.done(w, r, view.Path+"/new?form="+d.ID.String(), i18n.RequestReadDone, d.Name)
}

// organisations reads the organisations that a form chose.
func (f *form) organisations() []id.ID {
	out := []id.ID{}
	for _, s := range f.Strings("organisation") {
		o, err := id.Parse(s)
		if err != nil {
			f.err = f.err.With("organisation", i18n.ErrBadChoice)
			continue
		}
		out = append(out, o)
	}
	return out
}

func (h *Handler) requestRegister(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	in := request.NewRequest{OwnerID: f.ID("owner"), OfficeID: f.ID("office"), Office: f.Text("office_text", 60), Ground: f.Text("ground", 200), GroundNo: f.Text("ground_no", 60),
		Title: f.Need("title", 100), Every: request.Every(f.Need("every", 10)), FirstDue: f.Date("first_due"), EndsOn: f.Date("ends_on"), OrganisationIDs: f.organisations(), FormID: f.ID("form")}
	subject := f.values.Get("subject")
	if subject != "" {
		in.Facts = &request.Facts{Subject: fact.Subject(subject), Only: fact.Ref(f.values.Get("only"))}
		for _, x := range f.Strings("facts") {
			in.Facts.Refs = append(in.Facts.Refs, fact.Ref(x))
		}
	}
	var made id.ID
	if err = f.Err(); err == nil {
		made, err = h.Request.Register(r.Context(), actor(r), in)
	}
	if e := errs.As(err); e != nil && (e.Kind == errs.Invalid || e.Kind == errs.Forbidden && in.OwnerID == 0) {
		if m, onForm := e.Fields["form"]; onForm && subject != "" {
			e = e.With("facts", m.Text, m.Args...)
			delete(e.Fields, "form")
		}
		body, berr := h.requestNew(w, r, f.Show(e), f.values.Get("form"), subject)
		if berr != nil {
			return berr
		}
		return h.again(w, r, e, func(*errs.Error) templ.Component { return body })
	}
	if err != nil {
		return err
	}
	return h.done(w, r, view.Href(made), i18n.RequestSaved, in.Title)
}

func (h *Handler) requestPage(w http.ResponseWriter, r *http.Request) error {
	body, err := h.requestOne(w, r, field.Form{}, queryID(r, "organisation"), r.URL.Query().Get("period"))
	if err != nil {
		return err
	}
	return h.show(w, r, body)
}

// requestShow reads a request for its page. The organisation and the period that are answered on it are those asked for, or the first that waits.
func (h *Handler) requestShow(r *http.Request, at id.ID, period string) (view.Show, error) {
	s := view.Show{Answers: map[id.ID]bool{}, MayForms: actor(r).Can(fill.PermFill), Define: actor(r).Can(fact.PermDefine)}
	requestID, err := pathID(r)
	if err != nil {
		return s, err
	}
	if s.Detail, err = h.Request.Get(r.Context(), actor(r), requestID); err != nil {
		return s, err
	}
	s.Keeps = request.MayChange(actor(r), s.Request)
	for _, p := range s.Parties {
		s.Answers[p.ID] = request.MayAnswer(actor(r), p)
		if p.ID == at || at == 0 && s.At.ID == 0 {
			s.At = p
		}
	}
	if s.State == request.Paused || s.State == request.Ended {
		return s, nil
	}
	for i := range s.Dues { // the latest first: the last that fits has waited longest
		d := &s.Dues[i]
		asked := d.Party.ID == at && d.Period == period
		if !s.Answers[d.Party.ID] || !asked && (period != "" || d.Answer != nil || at != 0 && d.Party.ID != at) {
			continue
		}
		s.Due, s.At, s.Period = d, d.Party, d.Period
	}
	return s, nil
}

func (h *Handler) requestOne(w http.ResponseWriter, r *http.Request, f field.Form, at id.ID, period string) (templ.Component, error) {
	s, err := h.requestShow(r, at, period)
	if err != nil {
		return nil, err
	}
	s.Form = f
	if s.Sealed {
		if s.Purposes, err = h.purposeOptions(r); err != nil {
			return nil, err
		}
	}
	if s.At.ID != 0 && s.MayForms && s.State != request.Ended {
		s.Held, err = h.Request.Held(r.Context(), actor(r), s.ID, s.At.ID)
		switch e := errs.As(err); {
		case err == nil:
			s.Looked = true
		case e != nil && e.Kind == errs.Invalid:
			s.Wrong = e.Message.In(lang(r))
			for _, m := range e.Fields {
				s.Wrong = m.In(lang(r))
			}
		case errs.KindOf(err) != errs.Forbidden && errs.KindOf(err) != errs.NotFound:
			return nil, err
		}
	}
	return view.One(h.requestCrumbs(w, r, i18n.Verbatim("{0}"), s.Title), s), nil
}

// purposeOptions are the purposes for which sealed data may be opened.
func (h *Handler) purposeOptions(r *http.Request) ([]field.Option, error) {
	list, err := h.Person.Purposes(r.Context(), actor(r).Tenant)
	out := []field.Option{{Value: "", Text: i18n.FillNoPurpose}}
	for _, p := range list {
		out = append(out, field.Option{Value: p.Code, Text: i18n.Both(p.Name, p.NameEn)})
	}
	return out, err
}

func (h *Handler) requestPrint(w http.ResponseWriter, r *http.Request) error {
	s, err := h.requestShow(r, 0, "")
	if err != nil {
		return err
	}
	p := h.page(w, r, i18n.Verbatim("{0}"), s.Title)
	p.Back = view.Href(s.ID)
	return h.show(w, r, view.Paper(p, s))
}

const excelType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

func (h *Handler) requestForm(w http.ResponseWriter, r *http.Request) error {
	requestID, err := pathID(r)
	if err != nil {
		return err
	}
	name, data, err := h.Request.Form(r.Context(), actor(r), requestID)
	if err != nil {
		return err
	}
	return sendBook(w, name, data)
}

func sendBook(w http.ResponseWriter, name string, data []byte) error {
	attachment(w, name, excelType)
	w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	_, err := w.Write(data)
	return err
}

func (h *Handler) answerFile(w http.ResponseWriter, r *http.Request) error {
	answerID, err := pathID(r)
	if err != nil {
		return err
	}
	x, data, err := h.Request.File(r.Context(), actor(r), answerID)
	if err != nil {
		return err
	}
	return sendBook(w, strings.TrimSuffix(x.FileName, ".xlsx")+"-"+x.Party+"-"+view.Period(lang(r), x.Period)+".xlsx", data)
}

func (h *Handler) requestEditPage(w http.ResponseWriter, r *http.Request) error {
	body, err := h.requestEdit(w, r, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, body)
}

func (h *Handler) requestEdit(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	s, err := h.requestShow(r, 0, "")
	if err != nil {
		return nil, err
	}
	if !s.Keeps {
		return nil, errs.ErrNotFound
	}
	c, err := h.requestChoices(r, f)
	if err != nil {
		return nil, err
	}
	if f.Values == nil {
		f = known(url.Values{"title": {s.Title}, "office_text": {s.Office}, "ground": {s.Ground}, "ground_no": {s.GroundNo}, "every": {string(s.Every)}, "first_due": {s.FirstDue.String()}})
		if s.OfficeID != 0 {
			f.Values.Set("office", s.OfficeID.String())
		}
		f.Filled["office"], f.Filled["organisation"] = true, true
		c.OfficeName = s.Office
		for _, p := range s.Parties {
			f.Values.Add("organisation", p.ID.String())
		}
	}
	for _, p := range s.Parties { // one that is asked is a choice, whatever its kind
		if !slices.ContainsFunc(c.Organisations, func(o field.Option) bool { return o.Value == p.ID.String() }) {
			c.Organisations = append(c.Organisations, field.Option{Value: p.ID.String(), Text: i18n.Verbatim(p.Name)})
		}
	}
	p := h.requestCrumbs(w, r, i18n.RequestCorrect)
	p.Breadcrumb = append(p.Breadcrumb, layout.Crumb{Text: s.Title, Href: view.Href(s.ID)})
	return view.Edit(p, s.Request, f, c), nil
}

func (h *Handler) requestCorrect(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	requestID, err := pathID(r)
	if err != nil {
		return err
	}
	office, name, ground, no, title := f.ID("office"), f.Text("office_text", 60), f.Text("ground", 200), f.Text("ground_no", 60), f.Need("title", 100)
	every, first := request.Every(f.Need("every", 10)), f.Date("first_due")
	in := request.Correction{OfficeID: &office, Office: &name, Ground: &ground, GroundNo: &no, Title: &title, Every: &every, FirstDue: &first, OrganisationIDs: f.organisations(), Version: f.Version()}
	if err = f.Err(); err == nil {
		err = h.Request.Correct(r.Context(), actor(r), requestID, in)
	}
	if e := errs.As(err); e != nil && (e.Kind == errs.Invalid || e.Kind == errs.Conflict) {
		body, berr := h.requestEdit(w, r, f.Show(e))
		if berr != nil {
			return berr
		}
		return h.again(w, r, e, func(*errs.Error) templ.Component { return body })
	}
	if err != nil {
		return err
	}
	return h.done(w, r, view.Href(requestID), i18n.RequestCorrected)
}

func (h *Handler) requestStop(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	requestID, err := pathID(r)
	if err != nil {
		return err
	}
	act, reason, version, until := f.Need("act", 10), f.Text("reason", 200), f.Version(), f.Date("ends_on")
	if err = f.Err(); err == nil {
		switch act {
		case request.ActPause:
			err = h.Request.Pause(r.Context(), actor(r), requestID, version, reason)
		case request.ActResume:
			err = h.Request.Resume(r.Context(), actor(r), requestID, version)
		case request.ActEnd:
			err = h.Request.End(r.Context(), actor(r), requestID, version, reason)
		case request.ActExtend:
			err = h.Request.Extend(r.Context(), actor(r), requestID, version, until, reason)
		default:
			err = errs.Field("act", i18n.ErrBadChoice)
		}
	}
	return h.requestAgain(w, r, f, err, func() error { return h.done(w, r, view.Href(requestID), i18n.RequestDone) })
}

// requestAgain shows a request once more with what is wrong with a form on its page, or goes on.
func (h *Handler) requestAgain(w http.ResponseWriter, r *http.Request, f *form, err error, then func() error) error {
	if e := errs.As(err); e != nil && (e.Kind == errs.Invalid || e.Kind == errs.Conflict) {
		body, berr := h.requestOne(w, r, f.Show(e), f.ID("organisation"), f.values.Get("period"))
		if berr != nil {
			return berr
		}
		return h.again(w, r, e, func(*errs.Error) templ.Component { return body })
	}
	if err != nil {
		return err
	}
	return then()
}

// seconds is how long ago the form was shown, as the burden ledger measures it.
func (f *form) seconds() int64 {
	shown, err := strconv.ParseInt(f.values.Get(shownKey), 10, 64)
	if err != nil {
		return 0
	}
	return min(max(0, time.Now().Unix()-shown), 30*60)
}

func (h *Handler) requestAnswer(w http.ResponseWriter, r *http.Request) error {
	var in request.NewAnswer
	f := &form{}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		r.Body = http.MaxBytesReader(w, r.Body, request.MaxFile+1<<20)
		if err := r.ParseMultipartForm(maxUploadMemory); err != nil {
			return badForm(err)
		}
		defer r.MultipartForm.RemoveAll()
		f.values = r.PostForm
		name, data, err := droppedFile(r)
		if e := errs.As(err); e != nil {
			for field, m := range e.Fields {
				f.err = f.err.With(field, m.Text, m.Args...)
			}
		} else if err != nil {
			return err
		}
		in.FileName, in.File = name, data
	} else {
		var err error
		if f, err = readForm(r); err != nil {
			return err
		}
	}
	requestID, err := pathID(r)
	if err != nil {
		return err
	}
	in.RequestID, in.OrganisationID, in.Period, in.Edition = requestID, f.ID("organisation"), f.values.Get("period"), f.Int("edition")
	in.Purpose, in.Partly, in.Minutes, in.Note, in.Seconds = f.values.Get("purpose"), f.Bool("partly"), f.Int("minutes"), f.Text("note", 200), f.seconds()
	var x request.Answer
	if err = f.Err(); err == nil {
		x, err = h.Request.Answer(r.Context(), actor(r), in)
	}
	return h.requestAgain(w, r, f, err, func() error {
		return h.done(w, r, view.AnswerHref(requestID, x.PartyID, x.Period), i18n.RequestHanded, x.Asked, x.Filled, max(0, x.Percent()))
	})
}

func (h *Handler) requestCopy(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	requestID, err := pathID(r)
	if err != nil {
		return err
	}
	made, err := h.Request.Copy(r.Context(), actor(r), requestID, f.ID("organisation"), "")
	return h.requestAgain(w, r, f, err, func() error { return h.done(w, r, "/forms/"+made.String(), i18n.RequestCopied) })
}

func answerFilter(r *http.Request) request.AnswerFilter {
	q := r.URL.Query()
	f := request.AnswerFilter{RequestID: queryID(r, "request"), OrganisationID: queryID(r, "organisation"), Office: q.Get("office"), All: q.Get("all") != "", Page: pageOf(r)}
	if d, err := calendar.Parse(q.Get("month") + "-01"); err == nil {
		f.From, f.To = d, d.EndOfMonth()
	}
	return f
}

func (h *Handler) answersPage(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Request.Answers(r.Context(), actor(r), answerFilter(r))
	if err != nil {
		return err
	}
	office, err := h.officeFilter(r)
	if err != nil {
		return err
	}
	months := partial.Filter{Name: "month", Label: i18n.RequestMonthCol}
	for n := range 24 {
		m := h.today().StartOfMonth().AddMonths(-n).String()[:7]
		months.Options = append(months.Options, partial.Option{Value: m, Text: i18n.Verbatim(m)})
	}
	l := view.Answers{Query: r.URL.Query(), Items: list.Items, Before: list.Prev, After: list.Next, Filters: []partial.Filter{office, months,
		{Name: "all", Label: i18n.RequestEditions, Options: []partial.Option{{Value: "1", Text: i18n.RequestEditions}}}}, Files: mayRead(actor(r))}
	return h.show(w, r, view.AnswersPage(h.requestCrumbs(w, r, i18n.RequestAnswers), l))
}

// mayRead says of which answers the file is offered. The service decides.
func mayRead(a authz.Actor) func(request.Answer) bool {
	answers, keeps := a.Scope(request.PermAnswer), a.Scope(request.PermRegister)
	return func(x request.Answer) bool { return answers.Covers(x.PartyID) || keeps.Covers(x.PartyID) }
}

func (h *Handler) exportAnswers(w http.ResponseWriter, r *http.Request) error {
	type t = request.Answer
	f, l := answerFilter(r), lang(r)
	return exportList(h, w, r, i18n.RequestAnswers, []exportColumn[t]{
		{title: i18n.RequestName, value: func(v t) any { return v.Title }},
		{title: i18n.RequestOffice, value: func(v t) any { return v.Office }},
		{title: i18n.RequestPeriod, value: func(v t) any { return view.Period(l, v.Period) }},
		{title: i18n.RequestParties, value: func(v t) any { return v.Party }},
		{title: i18n.RequestDue, value: func(v t) any { return v.DueOn.String() }},
		{title: i18n.RequestWhen, value: func(v t) any { return i18n.DateTime(v.At) }},
		{title: i18n.RequestWho, value: func(v t) any { return v.By }},
		{title: i18n.RequestWay, value: func(v t) any { return v.Way.Text() }},
		{title: i18n.RequestFields, number: true, value: func(v t) any { return v.Asked }},
		{title: i18n.RequestFilled, number: true, value: func(v t) any { return v.Filled }},
		{title: i18n.RequestLeft, number: true, value: func(v t) any { return v.Left() }},
		{title: i18n.RequestTook, number: true, value: func(v t) any { return v.Minutes }},
		{title: i18n.RequestNote, value: func(v t) any { return v.Note }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page = p
		return h.Request.Answers(ctx, actor(r), f)
	}))
}
