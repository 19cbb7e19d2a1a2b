package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/code"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/patrol"
	"linli/internal/person"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
	view "linli/internal/web/view/patrol"
)

func (h *Handler) householdCheckRoutes() []route {
	keep := may(person.PermEdit)
	return []route{
		{pattern: "GET " + view.ChecksPath, who: keep, serve: h.householdChecks},
		{pattern: "POST " + view.ChecksPath + "/{id}", who: keep, serve: h.decideHouseholdCheck},
	}
}

// patrolCheckPage is the form of what was said at a door; with show it names who is registered behind the chosen one, which is recorded.
func (h *Handler) patrolCheckPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	v := url.Values{"building": q["building"]}
	if q.Get("show") != "" {
		v.Set("household", q.Get("household"))
	}
	body, err := h.checkForm(w, r, field.Form{Values: v})
	if err != nil {
		return err
	}
	return h.show(w, r, body)
}

func (h *Handler) checkForm(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	home, err := h.homeForm(r, f)
	if err != nil {
		return nil, err
	}
	home.Checks = true
	d := view.CheckForm{HomeForm: home}
	if household, _, err := versioned(f.Values.Get("household")); err == nil {
		all, err := h.Patrol.Indoors(r.Context(), actor(r), household, 0)
		switch {
		case err == nil:
			d.Dwelling = &all[0]
		case errs.KindOf(err) == errs.Forbidden:
			d.Why = errs.As(err).Message.Text
		case errs.KindOf(err) != errs.NotFound:
			return nil, err
		}
	}
	return view.Checked(h.patrolPage(w, r, view.Path, i18n.DoorTitle), d), nil
}

// again is a person's value with the version that the register has now.
func again(value string, now *patrol.RegisterChangedError) string {
	of, _, _ := strings.Cut(value, ".")
	if of == "" || now.Version == 0 {
		return value
	}
	return of + "." + strconv.FormatInt(now.Version, 10)
}

func (h *Handler) patrolCheck(w http.ResponseWriter, r *http.Request) error {
	f, _, sent, err := h.readEntry(w, r, maxForm)
	var out patrol.Answer
	if err == nil {
		household, _ := doorOf(f)
		chosen := f.values.Get("person")
		who, version, unread := versioned(chosen)
		if chosen != "" && unread != nil {
			f.err = f.err.With("person", i18n.ErrBadChoice)
		}
		n := patrol.NewCheck{Sent: sent, AtDoor: person.AtDoor{Finding: person.Finding(f.Text("finding", 20)), HouseholdID: household, Seen: f.Text("seen", 40), Known: f.Text("known", 40)}}
		switch n.Finding {
		case person.Left, person.Deceased, person.NewContact:
			n.PersonID, n.Version = who, version
		case person.Joined:
			n.Name, n.Sex, n.Relation = f.Text("name", 60), code.Sex(f.Text("sex", 2)), f.Text("relation", 4)
		case person.UsedOtherwise:
			n.Occupancy = person.Occupancy(f.Text("occupancy", 10))
		case person.WrongAddress:
			n.Stairwell, n.Room, n.Address = f.Text("stairwell", 20), f.Text("room", 20), f.Text("address", 100)
		}
		if n.Finding == person.Joined || n.Finding == person.Left || n.Finding == person.Deceased {
			n.Since = f.Date("since")
		}
		if n.Finding == person.Joined || n.Finding == person.NewContact {
			n.Phone = f.Text("phone", 30)
		}
		if err = f.Err(); err == nil {
			out, err = h.taken(r, f, func() (patrol.Answer, error) { return h.Patrol.Check(r.Context(), actor(r), n) })
		}
	}
	done := i18n.DoorSaved
	if out.Waits {
		done = i18n.DoorSent
	}
	if out.Today {
		done = i18n.Verbatim(done.In(lang(r)) + i18n.DoorToday.In(lang(r)))
	}
	return h.patrolAnswer(w, r, f, out, err, done, h.checkForm)
}

// indoorsReply is what a phone shows, or takes along, of who is registered where.
type indoorsReply struct {
	Dwellings []indoorsHome `json:"dwellings,omitempty"`
	Message   string        `json:"message,omitempty"` // why nothing is shown
}

type indoorsHome struct {
	ID     string       `json:"id"`
	Seen   string       `json:"seen"`
	Known  string       `json:"known"`
	Last   string       `json:"last"`
	People []indoorMate `json:"people"`
}

type indoorMate struct {
	Value    string `json:"value"`
	Name     string `json:"name"`
	Relation string `json:"relation"`
}

// patrolIndoors answers a phone with the names of a household or of a building; each look is recorded for the residents.
func (h *Handler) patrolIndoors(w http.ResponseWriter, r *http.Request) error {
	all, err := h.Patrol.Indoors(r.Context(), actor(r), queryID(r, "household"), queryID(r, "building"))
	reply := indoorsReply{Dwellings: make([]indoorsHome, len(all))}
	if e := errs.As(err); e != nil && e.Kind == errs.Forbidden { // no grid names them: the phone says what to do
		reply.Message = e.Message.In(lang(r))
	} else if err != nil {
		return err
	}
	for i := range all {
		d := &all[i]
		home := indoorsHome{ID: d.ID.String(), Seen: d.Seen, Known: d.Known, Last: d.ConfirmedOn.String(), People: []indoorMate{}}
		for _, m := range d.Mates {
			home.People = append(home.People, indoorMate{view.PersonValue(m), m.Name, view.RelationOf(m).In(lang(r))})
		}
		reply.Dwellings[i] = home
	}
	b, err := json.Marshal(reply)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, err = w.Write(b)
	return err
}

// householdChecks lists what was said at doors and waits for the register.
func (h *Handler) householdChecks(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Patrol.Checks(r.Context(), actor(r), pageOf(r))
	if err != nil {
		return err
	}
	return h.show(w, r, view.Checks(h.page(w, r, i18n.ChecksTitle), view.CheckList{Items: list.Items, Before: list.Prev, After: list.Next, Query: r.URL.Query()}))
}

func (h *Handler) decideHouseholdCheck(w http.ResponseWriter, r *http.Request) error {
	check, err := pathID(r)
	if err != nil {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	do := f.Text("do", 40)
	d := patrol.Decision{Apply: do != "leave", Version: f.Int("version"), Known: f.Text("known", 40), Anew: do == "anew"}
	if of, ok := strings.CutPrefix(do, "take."); ok {
		if d.PersonID, err = id.Parse(of); err != nil {
			return errs.ErrNotFound
		}
	}
	if err = f.Err(); err != nil {
		return err
	}
	err = h.Patrol.Decide(r.Context(), actor(r), check, d)
	var register *patrol.RegisterChangedError
	var namesake *person.NamesakeError
	if e := errs.As(err); e != nil && (e.Kind == errs.Invalid || e.Kind == errs.Conflict || e.Kind == errs.NotFound) { // the register does not take it: it stays, and says why
		why := e.Message.In(lang(r))
		for _, m := range e.Fields {
			why = m.In(lang(r))
		}
		switch {
		case errors.As(err, &register):
			why = register.Say(lang(r))
		case errors.As(err, &namesake):
			why = i18n.DoorNamesake.In(lang(r))
		case e.Kind == errs.NotFound:
			why = i18n.CheckGone.In(lang(r))
		}
		return h.say(w, r, view.ChecksPath, layout.Flash{Kind: layout.Failed, Text: i18n.CheckCannot.In(lang(r), why)})
	}
	if err != nil {
		return err
	}
	if !d.Apply {
		return h.done(w, r, view.ChecksPath, i18n.CheckLeft)
	}
	return h.done(w, r, view.ChecksPath, i18n.CheckWritten)
}
