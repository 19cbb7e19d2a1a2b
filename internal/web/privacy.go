package web

import (
	"context"
	"io"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/authn"
	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/patrol"
	"linli/internal/person"
	"linli/internal/print"
	"linli/internal/web/view/field"
	patrolview "linli/internal/web/view/patrol"
	view "linli/internal/web/view/resident"
)

func (h *Handler) privacyRoutes() []route {
	consent, looks := may(person.PermConsent), may(person.PermLooks)
	ownConsent, ownLooks := may(person.PermConsentOwn), may(person.PermLooksOwn)
	return []route{
		{pattern: "POST /residents/{id}/reveal", who: may(person.PermReveal), serve: h.revealResident},
		{pattern: "GET /residents/{id}/consent", who: may(person.PermSee), serve: h.consentPage},
		{pattern: "POST /residents/{id}/consent", who: consent, serve: h.answerConsent},
		{pattern: "POST /residents/{id}/consent/withdraw", who: consent, serve: h.withdrawConsent},
		{pattern: "GET /residents/{id}/looks", who: looks, serve: h.looksPage},
		{pattern: "GET /residents/{id}/looks/pdf", who: looks, serve: h.looksPDF},
		{pattern: "GET /m/looks", who: ownLooks, serve: h.ownLooks},
		{pattern: "GET /m/looks/pdf", who: ownLooks, serve: h.ownLooksPDF},
		{pattern: "GET /m/consent", who: ownConsent, serve: h.ownConsent},
		{pattern: "POST /m/consent", who: ownConsent, serve: h.answerOwnConsent},
		{pattern: "POST /m/consent/withdraw", who: ownConsent, serve: h.withdrawOwnConsent},
		{pattern: "GET /purposes", who: anybody, serve: h.purposes},
		{pattern: "POST /purposes", who: may(person.PermPurpose), serve: h.savePurpose},
	}
}

func (h *Handler) consentPage(w http.ResponseWriter, r *http.Request) error {
	d, err := h.consentDetail(r)
	if err != nil {
		return err
	}
	return h.show(w, r, view.Consent(h.residentPage(w, r, d), d, field.Form{}))
}

func (h *Handler) consentDetail(r *http.Request) (view.Detail, error) {
	d, err := h.residentDetail(r)
	if err != nil {
		return d, err
	}
	if d.Register, err = h.Person.Purposes(r.Context(), actor(r).Tenant); err != nil {
		return d, err
	}
	d.Consents, err = h.Person.Consents(r.Context(), actor(r), d.Person.ID)
	return d, err
}

func (h *Handler) answerConsent(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	d, err := h.consentDetail(r)
	if err != nil {
		return err
	}
	err = h.Person.Answer(r.Context(), actor(r), d.Person.ID, f.values.Get("purpose"), f.values.Get("channel"), f.values.Get("answer"))
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component {
			return view.Consent(h.residentPage(w, r, d), d, f.Show(e))
		})
	}
	return h.done(w, r, view.Href(d.Person)+"/consent", i18n.ConsentSaved)
}

func (h *Handler) withdrawConsent(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	personID, err := pathID(r)
	if err != nil {
		return err
	}
	if err := h.Person.Withdraw(r.Context(), actor(r), personID, f.values.Get("purpose")); err != nil {
		return err
	}
	return h.done(w, r, "/residents/"+personID.String()+"/consent", i18n.ConsentWithdrawnOK)
}

// self is the record of the person whose account this is.
func self(r *http.Request) (id.ID, error) {
	if p := actor(r).PersonID; p != 0 {
		return p, nil
	}
	return 0, errs.New(errs.NotFound, i18n.ResidentNoSelf)
}

func (h *Handler) ownConsent(w http.ResponseWriter, r *http.Request) error {
	own, err := self(r)
	if err != nil {
		return err
	}
	d := view.Detail{Person: person.Person{ID: own}, CanConsent: true}
	if d.Register, err = h.Person.Purposes(r.Context(), actor(r).Tenant); err != nil {
		return err
	}
	if d.Consents, err = h.Person.Consents(r.Context(), actor(r), own); err != nil {
		return err
	}
	return h.show(w, r, view.OwnConsent(h.page(w, r, i18n.ConsentTitle), d))
}

func (h *Handler) answerOwnConsent(w http.ResponseWriter, r *http.Request) error {
	return h.ownAct(w, r, i18n.ConsentSaved, func(own id.ID, f *form) error {
		return h.Person.Answer(r.Context(), actor(r), own, f.values.Get("purpose"), "web", f.values.Get("answer"))
	})
}

func (h *Handler) withdrawOwnConsent(w http.ResponseWriter, r *http.Request) error {
	return h.ownAct(w, r, i18n.ConsentWithdrawnOK, func(own id.ID, f *form) error {
		return h.Person.Withdraw(r.Context(), actor(r), own, f.values.Get("purpose"))
	})
}

func (h *Handler) ownAct(w http.ResponseWriter, r *http.Request, said i18n.Text, act func(id.ID, *form) error) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	own, err := self(r)
	if err != nil {
		return err
	}
	if err := act(own, f); err != nil {
		return err
	}
	return h.done(w, r, "/m/consent", said)
}

func (h *Handler) looksPage(w http.ResponseWriter, r *http.Request) error {
	d, err := h.residentDetail(r)
	if err != nil {
		return err
	}
	_, looks, err := h.Person.Looks(r.Context(), actor(r), d.Person.ID, pageOf(r))
	if err != nil {
		return err
	}
	roles, err := h.roleNames(r)
	if err != nil {
		return err
	}
	return h.show(w, r, view.Looks(h.residentPage(w, r, d), d, looks.Items, r.URL.Query(), looks.Prev, looks.Next, roles))
}

func (h *Handler) ownLooks(w http.ResponseWriter, r *http.Request) error {
	own, err := self(r)
	if err != nil {
		return err
	}
	_, looks, err := h.Person.Looks(r.Context(), actor(r), own, pageOf(r))
	if err != nil {
		return err
	}
	roles, err := h.roleNames(r)
	if err != nil {
		return err
	}
	return h.show(w, r, view.OwnLooks(h.page(w, r, i18n.LooksTitle), looks.Items, r.URL.Query(), looks.Prev, looks.Next, roles))
}

// roleNames are the names of the tenant's roles, for papers and pages that tell residents who looked.
func (h *Handler) roleNames(r *http.Request) (map[string]string, error) {
	roles, err := h.Authn.Roles(r.Context(), authz.System(actor(r).Tenant, "names of roles"))
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, role := range roles {
		names[role.Code] = roleName(r, role)
	}
	return names, nil
}

func roleName(r *http.Request, role authn.Role) string {
	return i18n.Both(role.Name, role.NameEN).In(lang(r))
}

func (h *Handler) looksPDF(w http.ResponseWriter, r *http.Request) error {
	personID, err := pathID(r)
	if err != nil {
		return err
	}
	return h.printLooks(w, r, personID)
}

func (h *Handler) ownLooksPDF(w http.ResponseWriter, r *http.Request) error {
	own, err := self(r)
	if err != nil {
		return err
	}
	return h.printLooks(w, r, own)
}

// maxPrinted is how many looks a paper holds; nobody's record is opened so often in the time that is kept.
const maxPrinted = 500

func (h *Handler) printLooks(w http.ResponseWriter, r *http.Request, personID id.ID) error {
	p, looks, err := h.Person.Looks(r.Context(), actor(r), personID, db.Page{Limit: maxPrinted})
	if err != nil {
		return err
	}
	roles, err := h.roleNames(r)
	if err != nil {
		return err
	}
	l := lang(r)
	paper := print.AccessLog{Head: print.Head{Lang: l, At: h.DB.Now()}, Name: p.Name}
	for _, k := range looks.Items {
		purpose := k.Purpose
		if k.Reason != "" {
			purpose += " · " + k.Reason
		}
		paper.Entries = append(paper.Entries, print.AccessEntry{At: i18n.DateTime(k.At), Who: k.Who, Role: roles[k.Role], What: view.LookedAt(k).In(l), Purpose: purpose})
	}
	out, err := h.Printer.AccessLog(paper)
	if err != nil {
		return err
	}
	return sendPDF(w, i18n.LooksTitle.In(l), out)
}

// householdFilter reads the filters of the households from the address.
func householdFilter(r *http.Request) person.HouseholdFilter {
	return person.HouseholdFilter{CommunityID: queryID(r, "community"), BuildingID: queryID(r, "building"), Text: r.URL.Query().Get("q"), Page: pageOf(r)}
}

func (h *Handler) households(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Person.Households(r.Context(), actor(r), householdFilter(r))
	if err != nil {
		return err
	}
	communities, err := h.communityOptions(r, actor(r).Scope(person.PermSee))
	if err != nil {
		return err
	}
	export := ""
	if actor(r).Can(person.PermExport) {
		export = "/households/export"
	}
	return h.show(w, r, view.Households(h.page(w, r, i18n.HouseholdTitle), r.URL.Query(), list.Items, list.Prev, list.Next, communities, export))
}

func (h *Handler) household(w http.ResponseWriter, r *http.Request) error {
	householdID, err := pathID(r)
	if err != nil {
		return err
	}
	d, people, err := h.Person.Household(r.Context(), actor(r), householdID)
	if err != nil {
		return err
	}
	community := ""
	if len(people) > 0 {
		community = people[0].CommunityName
	}
	body := view.Household(h.page(w, r, i18n.Verbatim(d.Address)), d, community, people, h.today())
	if !actor(r).Can(patrol.PermSee) {
		return h.show(w, r, body)
	}
	visits, err := h.Patrol.Visits(r.Context(), actor(r), householdID, db.Page{Limit: 20})
	if err != nil {
		return err
	}
	checks, err := h.Patrol.ChecksOf(r.Context(), actor(r), householdID)
	if err != nil {
		return err
	}
	purposes, err := h.Person.Purposes(r.Context(), actor(r).Tenant)
	if err != nil {
		return err
	}
	return h.show(w, r, templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return body.Render(templ.WithChildren(ctx, patrolview.OfHousehold(d, checks, purposes, visits.Items)), w)
	}))
}

func (h *Handler) purposes(w http.ResponseWriter, r *http.Request) error {
	return h.purposesWith(w, r, field.Form{}, nil)
}

func (h *Handler) purposesWith(w http.ResponseWriter, r *http.Request, f field.Form, wrong error) error {
	all, err := h.Person.Purposes(r.Context(), actor(r).Tenant)
	if err != nil {
		return err
	}
	body := view.Purposes(h.page(w, r, i18n.PurposeTitle), all, f, actor(r).Scope(person.PermPurpose).All())
	if wrong != nil {
		return h.again(w, r, wrong, func(*errs.Error) templ.Component { return body })
	}
	return h.show(w, r, body)
}

func (h *Handler) savePurpose(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	p := person.Purpose{Code: f.Text("code", 30), Name: f.Text("name", 60), Basis: f.Text("basis", 200), Retention: f.Text("retention", 100),
		DataKinds: strings.Fields(f.Text("data_kinds", 200)), NeedsConsent: f.Bool("needs_consent")}
	if err = f.Err(); err == nil {
		err = h.Person.SavePurpose(r.Context(), actor(r), p)
	}
	if e := errs.As(err); e != nil {
		return h.purposesWith(w, r, f.Show(e), e)
	}
	if err != nil {
		return err
	}
	return h.done(w, r, "/purposes", i18n.PurposeSaved, p.Name)
}
