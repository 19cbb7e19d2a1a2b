package web

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/technician"
	view "linli/internal/web/view/casework"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
	technicianview "linli/internal/web/view/technician"
)

// callRoutes are of the desk where calls are taken. The number of a caller stands in no address, so what looks something up is posted as well.
func (h *Handler) callRoutes() []route {
	enter := may(casework.PermEnter)
	return []route{
		{pattern: "GET " + view.CallPath, who: enter, serve: h.callPage},
		{pattern: "POST " + view.CallsPath, who: enter, serve: h.callEnter},
		{pattern: "POST " + view.CallsPath + "/look", who: enter, serve: h.callLook},
		{pattern: "POST " + view.CallsPath + "/number", who: enter, serve: h.callPart(h.callNumber, view.Earlier)},
		{pattern: "POST " + view.CallsPath + "/kind", who: enter, serve: h.callPart(nil, view.CallKind)},
		{pattern: "POST " + view.CallsPath + "/alike", who: enter, serve: h.callPart(h.callAlike, view.CallDoubles)},
	}
}

func (h *Handler) callPage(w http.ResponseWriter, r *http.Request) error {
	c, err := h.call(r, field.Form{Values: url.Values{"key": {newKey()}}, Filled: map[string]bool{}})
	if err != nil {
		return err
	}
	return h.show(w, r, h.callShown(w, r, c))
}

func (h *Handler) callShown(w http.ResponseWriter, r *http.Request, c view.Call) templ.Component {
	p := h.page(w, r, i18n.CallTitle)
	p.Script = "calls.js"
	return view.CallPage(p, c)
}

// call is the desk with what was typed. Without a kind it is the hotline's.
func (h *Handler) call(r *http.Request, f field.Form) (view.Call, error) {
	c := view.Call{Now: h.Casework.Now()}
	if f.Values.Get("kind") == "" {
		kinds, err := h.Casework.Kinds(r.Context(), actor(r).Tenant)
		if err != nil {
			return c, err
		}
		for _, k := range kinds {
			if k.List == catalogue.Hotline && !k.Retired {
				f.Values.Set("kind", k.Code)
				break
			}
		}
	}
	var err error
	c.New, err = h.caseNewOf(r, f)
	return c, err
}

// readCall reads what was typed; nothing of it is counted as a form that was sent, since it is looked up only.
func readCall(r *http.Request) (*form, error) {
	f, err := readForm(r)
	if err == nil {
		f.values.Del(formKey)
	}
	return f, err
}

// callPart answers with one region of the page; find looks up what it shows.
func (h *Handler) callPart(find func(*http.Request, *form, *view.Call) error, part func(view.Call) templ.Component) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, err := readCall(r)
		if err != nil {
			return err
		}
		if find == nil {
			c, err := h.call(r, f.Show(nil))
			if err != nil {
				return err
			}
			return h.show(w, r, part(c))
		}
		c := view.Call{Now: h.Casework.Now()}
		if err := find(r, f, &c); err != nil {
			return err
		}
		return h.show(w, r, part(c))
	}
}

// callNumber looks up who calls.
func (h *Handler) callNumber(r *http.Request, f *form, c *view.Call) (err error) {
	c.Caller, err = h.Casework.Caller(r.Context(), actor(r), f.values.Get("phone"))
	if e := errs.As(err); e != nil && e.Kind == errs.Invalid {
		c.Problem = e.Fields["phone"].In(lang(r))
		return nil
	}
	return err
}

// callAlike looks for cases that may be the same.
func (h *Handler) callAlike(r *http.Request, f *form, c *view.Call) (err error) {
	d := casework.Draft{Kind: f.values.Get("kind"), ItemID: f.ID("item"), CommunityID: f.ID("community"), BuildingID: f.ID("building"), Body: f.Text("body", casework.MaxBody)}
	if d.CommunityID == 0 && d.BuildingID == 0 {
		if at, _ := actor(r).Roots(casework.PermEnter); len(at) == 1 {
			d.CommunityID = at[0]
		}
	}
	if d.Body == "" || d.CommunityID == 0 && d.BuildingID == 0 {
		return nil
	}
	c.Asked = true
	c.Doubles, err = h.Casework.AlikeTo(r.Context(), actor(r), d)
	return err
}

// callLook shows the whole page with everything that was looked up: what a button does where no script does it by itself. With "fill" name and place of the last case
// are taken over where nothing was typed.
func (h *Handler) callLook(w http.ResponseWriter, r *http.Request) error {
	f, err := readCall(r)
	if err != nil {
		return err
	}
	var found view.Call
	if err := h.callNumber(r, f, &found); err != nil {
		return err
	}
	sent := f.Show(nil)
	if last := found.Caller.Last; last != nil && f.Bool("fill") {
		set := func(name, value string) {
			if value != "" && value != "0" && sent.Values.Get(name) == "" {
				sent.Values.Set(name, value)
				sent.Filled[name] = true
			}
		}
		set("name", last.Name)
		if sent.Values.Get("building") == "" && sent.Values.Get("place") == "" { // a place is taken over as a whole
			sent.Values.Set("community", last.CommunityID.String())
			sent.Filled["community"] = true
			set("place", last.Place)
			if last.BuildingID != 0 {
				set("building", last.BuildingID.String())
			}
		}
	}
	if err := h.callAlike(r, f, &found); err != nil {
		return err
	}
	if found.Proposed, err = h.Casework.Propose(r.Context(), actor(r).Tenant, sent.Values.Get("kind"), f.Text("body", casework.MaxBody)); err != nil {
		return err
	}
	c, err := h.call(r, sent)
	if err != nil {
		return err
	}
	c.Caller, c.Problem, c.Proposed, c.Doubles, c.Asked = found.Caller, found.Problem, found.Proposed, found.Doubles, found.Asked
	return h.show(w, r, h.callShown(w, r, c))
}

// callEnter enters the call. The answer is what is read out to the caller and no address, since the code stands in none; "next" goes on to the next call and says it there.
func (h *Handler) callEnter(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	n := caseReport(f)
	n.Channel, n.Into, n.Key = casework.ByPhone, f.ID("into"), sendingKey(f, nil)
	var got casework.Receipt
	if err = f.Err(); err == nil {
		got, err = h.Casework.Enter(r.Context(), actor(r), n)
	}
	if err != nil {
		return h.again(w, r, goneInto(err), func(e *errs.Error) templ.Component {
			c, err := h.call(r, f.Show(e))
			if err == nil {
				err = h.callAlike(r, f, &c)
			}
			return orFault(h.callShown(w, r, c), err)
		})
	}
	if f.Bool("next") {
		return h.callSaid(w, r, got)
	}
	d := view.Taken{Receipt: got}
	if d.Sees, err = h.Casework.Sees(r.Context(), actor(r), got.ID); err != nil {
		return err
	}
	d.Board = callBoard(r, got.ID, got.SignOff)
	p := h.page(w, r, i18n.CallSaved)
	p.Script, p.Prefs, p.Active = "calls.js", "", view.CallPath
	return h.show(w, r, view.CallDone(p, d))
}

// callBoard is where somebody is sent for a case that technicians do.
func callBoard(r *http.Request, c id.ID, signOff string) string {
	if signOff == "" || !actor(r).Can(technician.PermDispatch) {
		return ""
	}
	return technicianview.BoardHref(c) + "#chosen"
}

// callSaid goes on to the next call and says what came of the last.
func (h *Handler) callSaid(w http.ResponseWriter, r *http.Request, got casework.Receipt) error {
	f := layout.Flash{Kind: layout.Done, Text: i18n.CaseNewDone.In(lang(r), got.No, got.Code)}
	if got.SignOff != "" {
		f.Text += " " + i18n.CaseSignOffSay.In(lang(r), got.SignOff)
	}
	if got.Joined != "" {
		f.Text += " " + i18n.CallJoined.In(lang(r), got.Joined)
	}
	return h.say(w, r, view.CallPath, f)
}

// goneInto says that what was chosen as the same case cannot be joined.
func goneInto(err error) error {
	if e := errs.As(err); e != nil {
		if _, is := e.Fields["into"]; is {
			return errs.New(errs.Conflict, i18n.CallJoinGone).Because(err)
		}
	}
	return err
}
