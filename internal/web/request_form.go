package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/errs"
	"linli/internal/fact"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/organisation"
	"linli/internal/request"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
	view "linli/internal/web/view/request"
)

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
		n.Facts = view.FactGroups(slices.DeleteFunc(slices.Clone(reach), func(x fact.Reached) bool { return strings.Count(string(x.Ref), "/") > 1 }))
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
	refs, err := h.organisationsIn(r, actor(r).Scope(request.PermRegister), organisation.Community, organisation.Working, organisation.District)
	if err != nil {
		return c, err
	}
	var own id.ID
	if g := actor(r).Grants; len(g) > 0 {
		own = g[0].Root
	}
	kinds := map[organisation.Kind][]field.Option{}
	for _, o := range refs {
		x := organisationOption(o)
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
	f, d, err := h.dropForm(w, r)
	if f == nil {
		return err
	}
	if e := faultOfFile(err); e != nil {
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
		f.Filled = nil // it stands in the request; nothing was guessed
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
