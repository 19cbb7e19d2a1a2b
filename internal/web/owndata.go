package web

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"linli/internal/casework"
	"linli/internal/dataright"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/person"
	"linli/internal/resident"
	"linli/internal/web/view/field"
	view "linli/internal/web/view/ownpage"
	residentview "linli/internal/web/view/resident"
)

// firstRequests is how many of somebody's own requests their pages show.
var firstRequests = db.Page{Limit: 20}

func (h *Handler) ownDataRoutes() []route {
	proven := func(serve func(http.ResponseWriter, *http.Request, resident.Session) error) func(http.ResponseWriter, *http.Request) error {
		return h.asResident(h.proven(serve))
	}
	return []route{
		{pattern: "POST /p/me/prove", who: everyone, serve: h.asResident(h.ownProve)},
		{pattern: "POST /p/me/slip", who: everyone, serve: h.asResident(h.ownSlip)},
		{pattern: "POST /p/me/unlink", who: everyone, serve: proven(h.ownUnlink)},
		{pattern: "GET /p/me/data", who: everyone, serve: proven(h.ownData)},
		{pattern: "GET /p/me/data/copy", who: everyone, serve: proven(h.ownCopy)},
		{pattern: "GET /p/me/looks", who: everyone, serve: proven(h.ownAccountLooks)},
		{pattern: "GET /p/me/looks/pdf", who: everyone, serve: proven(func(w http.ResponseWriter, r *http.Request, z resident.Session) error {
			return h.printLooks(w, r, z.PersonID)
		})},
		{pattern: "GET /p/me/consent", who: everyone, serve: proven(h.ownAccountConsent)},
		{pattern: "POST /p/me/consent", who: everyone, serve: proven(h.ownConsentAct(i18n.ConsentSaved, func(r *http.Request, own id.ID, f *form) error {
			return h.Person.Answer(r.Context(), actor(r), own, f.values.Get("purpose"), "web", f.values.Get("answer"))
		}))},
		{pattern: "POST /p/me/consent/withdraw", who: everyone, serve: proven(h.ownConsentAct(i18n.ConsentWithdrawnOK, func(r *http.Request, own id.ID, f *form) error {
			return h.Person.Withdraw(r.Context(), actor(r), own, f.values.Get("purpose"))
		}))},
		{pattern: "GET /p/me/requests/new", who: everyone, serve: proven(h.ownAskPage)},
		{pattern: "POST /p/me/requests/new", who: everyone, serve: proven(h.ownAsk)},
		{pattern: "GET /p/me/requests/{id}", who: everyone, serve: proven(h.ownRequest)},
		{pattern: "POST /p/me/requests/{id}/withdraw", who: everyone, serve: proven(h.ownWithdraw)},
	}
}

// proven serves whoever has shown who they are; others are asked to.
func (h *Handler) proven(serve func(http.ResponseWriter, *http.Request, resident.Session) error) func(http.ResponseWriter, *http.Request, resident.Session) error {
	return func(w http.ResponseWriter, r *http.Request, z resident.Session) error {
		if z.PersonID == 0 {
			return h.show(w, r, view.Prove(h.ownFrame(w, r, i18n.OwnProve), field.Form{}, field.Form{}))
		}
		return serve(w, r, z)
	}
}

func (h *Handler) ownProve(w http.ResponseWriter, r *http.Request, z resident.Session) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	if err = h.codes.Allow(network(r), h.DB.Now()); err == nil {
		err = h.Resident.Prove(r.Context(), z, f.values.Get("name"), f.values.Get("tail"), byResidentSelf(), visitOf(r).id)
	}
	if err != nil {
		return h.ownAgain(w, r, err, func(e *errs.Error) templ.Component {
			return view.Prove(h.ownFrame(w, r, i18n.OwnProve), f.Show(e), field.Form{})
		})
	}
	return h.done(w, r, view.Base+"/data", i18n.OwnProved)
}

func (h *Handler) ownSlip(w http.ResponseWriter, r *http.Request, z resident.Session) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	if err = h.codes.Allow(network(r), h.DB.Now()); err == nil {
		err = h.Resident.UseSlip(r.Context(), z, f.values.Get("slip"), byResidentSelf(), visitOf(r).id)
	}
	if err != nil {
		return h.ownAgain(w, r, err, func(e *errs.Error) templ.Component {
			return view.Prove(h.ownFrame(w, r, i18n.OwnProve), field.Form{}, f.Show(e))
		})
	}
	return h.done(w, r, view.Base+"/data", i18n.OwnProved)
}

func (h *Handler) ownUnlink(w http.ResponseWriter, r *http.Request, z resident.Session) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	other := f.ID("account")
	if f.Err() != nil {
		return errs.ErrNotFound
	}
	if err := h.Resident.Unlink(r.Context(), z, other, byResidentSelf(), visitOf(r).id); err != nil {
		return err
	}
	return h.done(w, r, view.Base, i18n.OwnUnlinked)
}

func (h *Handler) ownRecord(r *http.Request, z resident.Session) (d view.Record, err error) {
	d.Today, d.This = h.today(), z
	if d.Item, err = h.Person.Record(r.Context(), actor(r), z.PersonID); err != nil {
		return d, err
	}
	if d.Accounts, err = h.Resident.Accounts(r.Context(), actor(r)); err != nil {
		return d, err
	}
	list, err := h.DataRight.Own(r.Context(), actor(r), firstRequests)
	d.Asked = list.Items
	return d, err
}

func (h *Handler) ownData(w http.ResponseWriter, r *http.Request, z resident.Session) error {
	d, err := h.ownRecord(r, z)
	if err != nil {
		return err
	}
	return h.show(w, r, view.Data(h.ownFrame(w, r, i18n.OwnData), d))
}

// copied is what somebody takes with them (PRIV-10): a copy that programs read as well. Times are in UTC. Numbers are masked, as on the page.
type copied struct {
	At       time.Time       `json:"at"`
	Masked   []string        `json:"masked"`
	Record   []copiedLine    `json:"record"`
	Consents []copiedConsent `json:"consents"`
	Cases    []copiedCase    `json:"cases"`
	Requests []copiedRequest `json:"requests"`
}

type copiedLine struct {
	Part  string `json:"part"`
	Label string `json:"label"`
	Value string `json:"value"`
}

type copiedConsent struct {
	Purpose     string     `json:"purpose"`
	Answer      string     `json:"answer"`
	Channel     string     `json:"channel"`
	TextVersion string     `json:"text_version"`
	At          time.Time  `json:"at"`
	WithdrawnAt *time.Time `json:"withdrawn_at,omitempty"`
}

type copiedCase struct {
	No         string    `json:"no"`
	Kind       string    `json:"kind"`
	Title      string    `json:"title"`
	State      string    `json:"state"`
	ReceivedAt time.Time `json:"received_at"`
}

type copiedRequest struct {
	No         string    `json:"no"`
	Kind       string    `json:"kind"`
	Part       string    `json:"part,omitempty"`
	Said       string    `json:"said,omitempty"`
	State      string    `json:"state"`
	Answer     string    `json:"answer,omitempty"`
	ReceivedAt time.Time `json:"received_at"`
}

// wholeList gives every row of a list that is one person's own, which is short; mostPages is a guard and no limit that anybody meets.
func wholeList[T any](page func(db.Page) (db.List[T], error)) (all []T, err error) {
	const mostPages = 100
	p := db.Page{Limit: 200}
	for range mostPages {
		list, err := page(p)
		if err != nil {
			return nil, err
		}
		all = append(all, list.Items...)
		if list.Next == "" {
			break
		}
		p.After = db.ParseCursor(list.Next)
	}
	return all, nil
}

func (h *Handler) ownCopy(w http.ResponseWriter, r *http.Request, z resident.Session) error {
	d, err := h.ownRecord(r, z)
	if err != nil {
		return err
	}
	l := lang(r)
	out := copied{At: h.DB.Now().UTC(), Masked: []string{person.FieldIDNumber, person.FieldPhone}}
	for _, line := range view.Lines(r.Context(), d.Item.Person) {
		out.Record = append(out.Record, copiedLine{line.Part, line.Label.In(l), line.Value})
	}
	out.Record = append(out.Record, copiedLine{"community", i18n.ResidentCommunity.In(l), d.Item.CommunityName}, copiedLine{"address", i18n.ResidentAddress.In(l), d.Item.Address},
		copiedLine{"categories", i18n.CodeCategoryList.In(l), residentview.CategoryText(l, d.Item.Categories)})
	consents, err := h.Person.Consents(r.Context(), actor(r), z.PersonID)
	if err != nil {
		return err
	}
	for _, c := range consents {
		one := copiedConsent{c.Purpose, c.Answer, c.Channel, c.TextVersion, c.At.UTC(), nil}
		if at := c.WithdrawnAt.UTC(); !c.WithdrawnAt.IsZero() {
			one.WithdrawnAt = &at
		}
		out.Consents = append(out.Consents, one)
	}
	cases, err := wholeList(func(p db.Page) (db.List[casework.Own], error) { return h.Casework.OwnCases(r.Context(), z.Holder(), p) })
	if err != nil {
		return err
	}
	for _, c := range cases {
		out.Cases = append(out.Cases, copiedCase{c.No, c.Kind.In(l), c.Title, string(c.State), c.ReceivedAt.UTC()})
	}
	requests, err := wholeList(func(p db.Page) (db.List[dataright.Request], error) { return h.DataRight.Own(r.Context(), actor(r), p) })
	if err != nil {
		return err
	}
	for _, q := range requests {
		out.Requests = append(out.Requests, copiedRequest{q.No, string(q.Kind), q.Part, q.Said, string(q.State), q.Answer, q.ReceivedAt.UTC()})
	}
	body, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="my-data.json"`)
	w.Header().Set("Cache-Control", "no-store")
	_, err = w.Write(body)
	return err
}

func (h *Handler) ownAccountLooks(w http.ResponseWriter, r *http.Request, z resident.Session) error {
	_, looks, err := h.Person.Looks(r.Context(), actor(r), z.PersonID, pageOf(r))
	if err != nil {
		return err
	}
	roles, err := h.roleNames(r)
	if err != nil {
		return err
	}
	return h.show(w, r, view.Looks(h.ownFrame(w, r, i18n.OwnLooks), looks.Items, r.URL.Query(), looks.Prev, looks.Next, roles))
}

func (h *Handler) ownAccountConsent(w http.ResponseWriter, r *http.Request, z resident.Session) error {
	d := residentview.Detail{Person: person.Person{ID: z.PersonID}, CanConsent: true}
	var err error
	if d.Register, err = h.Person.Purposes(r.Context(), z.Tenant); err != nil {
		return err
	}
	if d.Consents, err = h.Person.Consents(r.Context(), actor(r), z.PersonID); err != nil {
		return err
	}
	return h.show(w, r, view.Consent(h.ownFrame(w, r, i18n.OwnConsent), d))
}

func (h *Handler) ownConsentAct(said i18n.Text, act func(*http.Request, id.ID, *form) error) func(http.ResponseWriter, *http.Request, resident.Session) error {
	return func(w http.ResponseWriter, r *http.Request, z resident.Session) error {
		f, err := readForm(r)
		if err != nil {
			return err
		}
		if err := act(r, z.PersonID, f); err != nil {
			return err
		}
		return h.done(w, r, view.Base+"/consent", said)
	}
}

// ownAsked is the form of a request with what it is about.
func (h *Handler) ownAsked(r *http.Request, z resident.Session, kind, part string, f field.Form) (view.Ask, i18n.Text, error) {
	a := view.Ask{Form: f, Kind: dataright.Kind(kind), Part: part, Action: view.Requests + "new", Cancel: view.Base + "/data"}
	if a.Kind.Text().IsZero() {
		return a, i18n.Text{}, errs.ErrNotFound
	}
	if a.Part != "" {
		p, err := h.Person.Get(r.Context(), actor(r), z.PersonID)
		if err != nil {
			return a, i18n.Text{}, err
		}
		if view.Labels[a.Part].IsZero() {
			return a, i18n.Text{}, errs.ErrNotFound
		}
		a.Now = view.Now(r.Context(), p, a.Part)
	}
	return a, a.Kind.Text(), nil
}

func (h *Handler) ownAskPage(w http.ResponseWriter, r *http.Request, z resident.Session) error {
	q := r.URL.Query()
	a, title, err := h.ownAsked(r, z, q.Get("kind"), q.Get("part"), field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, view.New(h.ownFrame(w, r, title), a))
}

// askIn reads the form of a request.
func askIn(f *form, of id.ID) dataright.New {
	return dataright.New{Kind: dataright.Kind(f.values.Get("kind")), PersonID: of, Part: f.values.Get("part"), Value: f.values.Get("value"), Said: f.values.Get("said")}
}

func (h *Handler) ownAsk(w http.ResponseWriter, r *http.Request, z resident.Session) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	made, err := h.DataRight.Ask(r.Context(), actor(r), askIn(f, z.PersonID))
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component {
			a, title, err := h.ownAsked(r, z, f.values.Get("kind"), f.values.Get("part"), f.Show(e))
			return orFault(view.New(h.ownFrame(w, r, title), a), err)
		})
	}
	q, err := h.DataRight.Get(r.Context(), actor(r), made)
	if err != nil {
		return err
	}
	return h.done(w, r, view.Requests+made.String(), i18n.DataRightSent, q.DueOn.String())
}

func (h *Handler) ownRequest(w http.ResponseWriter, r *http.Request, z resident.Session) error {
	i, err := pathID(r)
	if err != nil {
		return err
	}
	q, err := h.DataRight.Get(r.Context(), actor(r), i)
	if err != nil {
		return err
	}
	p, err := h.Person.Get(r.Context(), actor(r), z.PersonID)
	if err != nil {
		return err
	}
	return h.show(w, r, view.Show(h.ownFrame(w, r, i18n.DataRightOne, q.No), q, view.Now(r.Context(), p, q.Part), h.today()))
}

func (h *Handler) ownWithdraw(w http.ResponseWriter, r *http.Request, _ resident.Session) error {
	i, err := pathID(r)
	if err != nil {
		return err
	}
	if err := h.DataRight.Withdraw(r.Context(), actor(r), i); err != nil {
		return err
	}
	return h.done(w, r, view.Requests+i.String(), i18n.DataRightTaken)
}
