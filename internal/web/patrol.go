package web

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"linli/internal/attach"
	"linli/internal/calendar"
	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/patrol"
	"linli/internal/person"
	"linli/internal/web/static"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
	view "linli/internal/web/view/patrol"
)

// workerFile is the service worker. It stands one step above the pages, because a browser lets one serve only what lies beside or below it.
const (
	workerFile   = "/m/sw.js"
	manifestFile = "/m/patrol.webmanifest"
)

func (h *Handler) patrolRoutes() []route {
	enter := may(patrol.PermEnter)
	return []route{
		{pattern: "GET " + view.Path, who: enter, serve: h.patrolHome(false)},
		{pattern: "GET " + view.Away, who: enter, serve: h.patrolHome(true)},
		{pattern: "GET " + view.Here, who: enter, serve: h.patrolHere},
		{pattern: "GET " + view.Event, who: enter, serve: h.patrolForm(h.eventForm)},
		{pattern: "POST " + view.Event, who: enter, serve: h.patrolEvent, upload: true},
		{pattern: "GET " + view.Visit, who: enter, serve: h.patrolForm(h.visitForm)},
		{pattern: "POST " + view.Visit, who: enter, serve: h.patrolVisit, upload: true},
		{pattern: "GET " + view.Upkeep, who: enter, serve: h.patrolForm(h.upkeepForm)},
		{pattern: "POST " + view.Upkeep, who: enter, serve: h.patrolUpkeep, upload: true},
		{pattern: "GET " + view.Check, who: enter, serve: h.patrolCheckPage},
		{pattern: "POST " + view.Check, who: enter, serve: h.patrolCheck, upload: true},
		{pattern: "GET " + view.Indoor, who: enter, serve: h.patrolIndoors},
		{pattern: "GET " + workerFile, who: everyone, serve: h.serviceWorker},
		{pattern: "GET " + manifestFile, who: everyone, serve: h.appManifest},
	}
}

// patrolPage is the frame of a page of a round: an app that phones can install.
func (h *Handler) patrolPage(w http.ResponseWriter, r *http.Request, back string, title i18n.Text) layout.Page {
	p := h.pocket(w, r, back, title)
	p.Manifest, p.Script, p.Tabs, p.Active, p.Home = manifestFile+"?lang="+string(lang(r)), "patrol.js", view.Tabs(), view.Path, view.Path
	return p
}

// mostShown bounds the lists of the first page: more stands on the pages of cases.
const mostShown = 3

// mostSent is how much of one's own is shown.
const mostSent = 8

// patrolHome is the first page; away is the one that a phone keeps for where there is no network, without anything of a case.
func (h *Handler) patrolHome(away bool) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		a, d := actor(r), view.Home{Now: h.Casework.Now(), Away: away, Round: true}
		if !away {
			list, err := h.Casework.List(r.Context(), a, casework.Filter{Show: casework.ShowMine, ByDue: true, Page: db.Page{Limit: mostShown}})
			if err != nil {
				return err
			}
			d.Mine, d.MoreMine = list.Items, list.Next != ""
			if list, err = h.Casework.List(r.Context(), a, casework.Filter{Wait: casework.WaitCheck, Page: db.Page{Limit: mostShown}}); err != nil {
				return err
			}
			d.Check, d.MoreCheck = list.Items, list.Next != ""
			round, err := h.Place.Round(r.Context(), a)
			if err != nil {
				return err
			}
			grids := make([]id.ID, len(round.Grids))
			for i, g := range round.Grids {
				grids[i] = g.ID
			}
			if d.Round = len(grids) > 0; d.Round {
				if d.Near, err = h.lately(r, casework.Filter{Grids: grids}); err != nil {
					return err
				}
			}
			if d.Confirmed, d.Homes, err = h.Patrol.Progress(r.Context(), a); err != nil {
				return err
			}
			sent, err := h.Patrol.Mine(r.Context(), a, db.Page{Limit: mostSent})
			if err != nil {
				return err
			}
			d.Sent = sent.Items
		}
		return h.show(w, r, view.Index(h.patrolPage(w, r, "", i18n.PatrolTitle), d))
	}
}

// lately are cases that came in within the last days.
func (h *Handler) lately(r *http.Request, f casework.Filter) ([]casework.Row, error) {
	f.From, f.Page = calendar.DateOf(h.DB.Now()).AddDays(-view.NearDays), db.Page{Limit: mostShown}
	list, err := h.Casework.List(r.Context(), actor(r), f)
	return list.Items, err
}

// patrolHere answers the choosing of a place with what was reported there.
func (h *Handler) patrolHere(w http.ResponseWriter, r *http.Request) error {
	building, grid := spotOf(r.URL.Query().Get("where"))
	f := casework.Filter{Building: building}
	if grid != 0 {
		f.Grids = []id.ID{grid}
	}
	var list []casework.Row
	if building != 0 || grid != 0 {
		var err error
		if list, err = h.lately(r, f); err != nil {
			return err
		}
	}
	return h.show(w, r, view.Reported(list, view.Home{Now: h.Casework.Now()}))
}

// spotOf reads what was chosen as a place: b and the ID of a building, g and that of a grid.
func spotOf(s string) (building, grid id.ID) {
	if len(s) < 2 {
		return 0, 0
	}
	v, err := id.Parse(s[1:])
	switch {
	case err != nil:
		return 0, 0
	case s[0] == 'b':
		return v, 0
	case s[0] == 'g':
		return 0, v
	}
	return 0, 0
}

// patrolForm shows a form that is still empty.
func (h *Handler) patrolForm(draw func(http.ResponseWriter, *http.Request, field.Form) (templ.Component, error)) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		body, err := draw(w, r, field.Form{Values: url.Values{}})
		if err != nil {
			return err
		}
		return h.show(w, r, body)
	}
}

// key is the key of a form, or a new one: scripts put their own in its place.
func key(f field.Form) string {
	if k := f.Values.Get("key"); k != "" {
		return k
	}
	return newKey()
}

func (h *Handler) eventForm(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	a := actor(r)
	d := view.EventForm{Form: f, Key: key(f)}
	items, err := h.Casework.Categories(r.Context(), a.Tenant, catalogue.Event, false)
	if err != nil {
		return nil, err
	}
	recent, err := h.Casework.RecentItems(r.Context(), a, casework.ByGrid, 4)
	if err != nil {
		return nil, err
	}
	names := map[id.ID]i18n.Text{}
	for _, c := range items {
		d.Classes, names[c.ID] = inGroup(d.Classes, c.Class, c.ID, c.Name), c.Name
	}
	for _, i := range recent {
		if name, ok := names[i]; ok {
			d.Recent = append(d.Recent, field.Option{Value: i.String(), Text: name})
		}
	}
	round, err := h.Place.Round(r.Context(), a)
	if err != nil {
		return nil, err
	}
	for _, g := range round.Grids {
		d.Places = append(d.Places, view.PlaceGroup{Title: i18n.Verbatim(g.Name)})
		last := ""
		for _, b := range round.Buildings {
			if b.GridID != g.ID {
				continue
			}
			if b.Quarter != last && b.Quarter != "" {
				last = b.Quarter
				d.Places = append(d.Places, view.PlaceGroup{Title: i18n.Verbatim(g.Name + " · " + b.Quarter)})
			}
			at := &d.Places[len(d.Places)-1]
			at.Places = append(at.Places, view.Place{Value: "b" + b.ID.String(), Text: b.Name})
		}
		at := &d.Places[len(d.Places)-1]
		at.Places = append(at.Places, view.Place{Value: "g" + g.ID.String(), Text: i18n.PatrolElsewhere.In(lang(r), g.Name)})
	}
	d.Places = withPlaces(d.Places)
	limits, err := h.Casework.PhotoLimits(r.Context(), a.Tenant)
	if err != nil {
		return nil, err
	}
	d.Limit = i18n.PartialFileLimit.In(lang(r), size(limits.Bytes))
	return view.Report(h.patrolPage(w, r, view.Path, i18n.PatrolEvent), d), nil
}

// withPlaces leaves out groups in which nothing stands.
func withPlaces(groups []view.PlaceGroup) []view.PlaceGroup {
	kept := groups[:0]
	for _, g := range groups {
		if len(g.Places) > 0 {
			kept = append(kept, g)
		}
	}
	return kept
}

func (h *Handler) visitForm(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	d, err := h.homeForm(r, f)
	if err != nil {
		return nil, err
	}
	needs, err := h.Casework.Categories(r.Context(), actor(r).Tenant, catalogue.Need, false)
	if err != nil {
		return nil, err
	}
	for _, n := range needs {
		d.Needs = append(d.Needs, field.Option{Value: n.ID.String(), Text: n.Name})
	}
	return view.Visited(h.patrolPage(w, r, view.Path, i18n.PatrolVisit), d), nil
}

func (h *Handler) upkeepForm(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	d, err := h.homeForm(r, f)
	if err != nil {
		return nil, err
	}
	return view.Counted(h.patrolPage(w, r, view.Path, i18n.PatrolUpkeep), d), nil
}

// homeForm are the doors of the worker's grids, by building.
func (h *Handler) homeForm(r *http.Request, f field.Form) (view.HomeForm, error) {
	d := view.HomeForm{Form: f, Key: key(f)}
	round, err := h.Place.Round(r.Context(), actor(r))
	if err != nil {
		return d, err
	}
	grids := make([]id.ID, len(round.Grids))
	for i, g := range round.Grids {
		grids[i] = g.ID
	}
	doors, err := h.Person.Doors(r.Context(), actor(r), grids)
	if err != nil {
		return d, err
	}
	yearAgo := h.today().AddYears(-1)
	at := map[id.ID]int{}
	for _, b := range round.Buildings {
		text := i18n.Verbatim(strings.TrimSpace(b.Quarter + " " + b.Name))
		d.Buildings = append(d.Buildings, field.Option{Value: b.ID.String(), Text: text})
		at[b.ID] = len(d.Doors)
		d.Doors = append(d.Doors, view.DoorGroup{Building: b.ID.String(), Title: text})
	}
	chosen, _, _ := strings.Cut(f.Values.Get("household"), ".")
	rest := view.DoorGroup{Title: i18n.PatrolNoQuarter}
	for _, x := range doors {
		door := view.Door{Value: view.DoorValue(x.ID.String(), strconv.FormatInt(x.Version, 10)), Text: x.Address, Occupants: x.Occupants, ConfirmedOn: x.ConfirmedOn, Known: x.Known, Done: !x.ConfirmedOn.Before(yearAgo) && !x.ConfirmedOn.IsZero()}
		if x.ID.String() == chosen { // it may have been changed since: what stands there now is chosen
			f.Values.Set("household", door.Value)
		}
		i, known := at[x.BuildingID]
		if !known {
			rest.Doors = append(rest.Doors, door)
			continue
		}
		if short := strings.TrimSpace(x.Stairwell + " " + x.Room); short != "" {
			door.Text = person.Address{Stairwell: x.Stairwell, Room: x.Room}.String()
		}
		d.Doors[i].Doors = append(d.Doors[i].Doors, door)
	}
	kept := d.Doors[:0]
	for _, g := range append(d.Doors, rest) {
		if len(g.Doors) > 0 {
			kept = append(kept, g)
		}
	}
	d.Doors = kept
	return d, nil
}

// maxRound bounds one entry with its photographs.
const maxRound = casework.MostPhotos*maxReportPhoto + maxForm

// readEntry reads what a phone sent, most bytes at most. Entries come from accounts: one that was kept for another is not taken.
func (h *Handler) readEntry(w http.ResponseWriter, r *http.Request, most int64) (*form, []attach.New, patrol.Sent, error) {
	if err := http.NewResponseController(w).SetReadDeadline(time.Now().Add(longestSending)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return nil, nil, patrol.Sent{}, err
	}
	var f *form
	var files []attach.New
	var err error
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		r.Body = http.MaxBytesReader(w, r.Body, most)
		f, files, err = readAttachments(w, r, "file", maxReportPhoto)
	} else {
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		f, err = readForm(r)
	}
	var tooBig *http.MaxBytesError
	if errors.As(err, &tooBig) {
		err = errs.New(errs.Invalid, i18n.CasePublicTooBig).Because(err)
	}
	if err != nil {
		return &form{}, nil, patrol.Sent{}, err
	}
	s := patrol.Sent{Key: f.Text("key", 64)}
	if ms := f.Int("said_at"); ms > 0 {
		s.SaidAt = time.UnixMilli(ms)
	}
	return f, files, s, f.Err()
}

func (h *Handler) patrolEvent(w http.ResponseWriter, r *http.Request) error {
	select { // pictures take memory and time: a few at once
	case h.staffTaking <- struct{}{}:
		defer func() { <-h.staffTaking }()
	default:
		return h.patrolAnswer(w, r, nil, patrol.Answer{}, errs.New(errs.Unavailable, i18n.ErrUnavailable), i18n.Text{}, h.eventForm)
	}
	f, files, sent, err := h.readEntry(w, r, maxRound)
	var out patrol.Answer
	if err == nil {
		building, grid := spotOf(f.Text("where", 30))
		n := patrol.NewEvent{Sent: sent, Where: patrol.Where{BuildingID: building, GridID: grid, Place: f.Text("place", casework.MaxPlace), X: f.Int("x"), Y: f.Int("y")},
			ItemID: f.ID("item"), Body: f.Text("body", casework.MaxBody), Urgent: f.Bool("urgent"), Files: files}
		if err = f.Err(); err == nil {
			out, err = h.taken(r, f, func() (patrol.Answer, error) { return h.Patrol.Event(r.Context(), actor(r), n) })
		}
	}
	said := i18n.Text{}
	if len(out.Cases) > 0 {
		said = i18n.Verbatim(i18n.PatrolDoneEvent.In(lang(r), out.Cases[0].No, out.Cases[0].Org))
	}
	return h.patrolAnswer(w, r, f, out, err, said, h.eventForm)
}

func (h *Handler) patrolVisit(w http.ResponseWriter, r *http.Request) error {
	f, _, sent, err := h.readEntry(w, r, maxForm)
	var out patrol.Answer
	if err == nil {
		household, _ := doorOf(f)
		n := patrol.NewVisit{Sent: sent, HouseholdID: household, BuildingID: f.ID("building"), Who: f.Text("who", 40), Note: f.Text("note", patrol.MaxNote), Urgent: f.Bool("urgent")}
		for _, s := range f.Strings("need") {
			need, perr := id.Parse(s)
			if perr != nil {
				f.err = f.err.With("need", i18n.ErrBadChoice)
			}
			n.NeedIDs = append(n.NeedIDs, need)
		}
		if err = f.Err(); err == nil {
			out, err = h.taken(r, f, func() (patrol.Answer, error) { return h.Patrol.Visit(r.Context(), actor(r), n) })
		}
	}
	said := i18n.PatrolDoneVisit
	if len(out.Cases) > 0 {
		var nos, codes []string
		for _, c := range out.Cases {
			nos, codes = append(nos, c.No), append(codes, c.Code)
		}
		said = i18n.Verbatim(i18n.PatrolDoneNeeds.In(lang(r), strings.Join(nos, " "), strings.Join(codes, " ")))
	}
	return h.patrolAnswer(w, r, f, out, err, said, h.visitForm)
}

func (h *Handler) patrolUpkeep(w http.ResponseWriter, r *http.Request) error {
	f, _, sent, err := h.readEntry(w, r, maxForm)
	var out patrol.Answer
	if err == nil {
		household, version := doorOf(f)
		n := patrol.NewUpkeep{Sent: sent, HouseholdID: household, Version: version, Occupants: f.Int("occupants")}
		if f.values.Get("occupants") == "" {
			f.err = f.err.With("occupants", i18n.ErrRequired)
		}
		if err = f.Err(); err == nil {
			out, err = h.taken(r, f, func() (patrol.Answer, error) { return h.Patrol.Upkeep(r.Context(), actor(r), n) })
		}
	}
	return h.patrolAnswer(w, r, f, out, err, i18n.PatrolDoneUpkeep, h.upkeepForm)
}

// doorOf reads a door: the household and its version as the form had it.
func doorOf(f *form) (household id.ID, version int64) {
	s := f.values.Get("household")
	if s == "" {
		return 0, 0
	}
	household, version, err := versioned(s)
	if err != nil {
		f.err = f.err.With("household", i18n.ErrBadChoice)
	}
	return household, version
}

// versioned reads which record a form chose, and the version of it that was seen.
func versioned(s string) (of id.ID, version int64, err error) {
	text, seen, _ := strings.Cut(s, ".")
	if of, err = id.Parse(text); err != nil {
		return 0, 0, err
	}
	version, err = strconv.ParseInt(seen, 10, 64)
	return of, version, err
}

// errOther says that an entry was kept for another account than the one that is logged in.
var errOther = errs.New(errs.Conflict, i18n.PatrolOther)

// taken lets an entry in if it was kept for who is logged in.
func (h *Handler) taken(r *http.Request, f *form, do func() (patrol.Answer, error)) (patrol.Answer, error) {
	if kept := f.values.Get("account"); kept != "" && kept != actor(r).AccountID.String() {
		return patrol.Answer{}, errOther
	}
	return do()
}

// patrolReply is the answer to one entry that a script sent. Status is ok, refused (with what is wrong), conflict (with what is there now), waiting (try again)
// or other (it was kept for another account); the script keeps the entry in every case but the first.
type patrolReply struct {
	Status    string            `json:"status"`
	Message   string            `json:"message"`
	Fields    map[string]string `json:"fields,omitempty"`
	Cases     []string          `json:"cases,omitempty"`
	Yours     string            `json:"yours,omitempty"`
	Theirs    string            `json:"theirs,omitempty"`
	On        string            `json:"on,omitempty"`
	By        string            `json:"by,omitempty"`
	Household string            `json:"household,omitempty"` // the door as it is now, to be sent again
	Person    string            `json:"person,omitempty"`    // the same of a person's record
	Known     string            `json:"known,omitempty"`     // and of the dwelling
}

// patrolAnswer answers one entry: with JSON to a script, with a page to a form that was sent as it is.
func (h *Handler) patrolAnswer(w http.ResponseWriter, r *http.Request, f *form, out patrol.Answer, err error, said i18n.Text, draw func(http.ResponseWriter, *http.Request, field.Form) (templ.Component, error)) error {
	if strings.Contains(r.Header.Get("Accept"), "application/json") {
		return h.patrolJSON(w, r, f, out, err, said)
	}
	if err == nil {
		return h.done(w, r, view.Path, i18n.Verbatim(said.In(lang(r))))
	}
	if f == nil {
		return err
	}
	var changed *patrol.ChangedError
	var register *patrol.RegisterChangedError
	if errors.As(err, &register) { // what stands there now is seen with the form: sent again, it is written over
		f.values.Set("person", again(f.values.Get("person"), register))
		f.values.Set("known", register.Known)
		err = errs.Field("finding", i18n.Verbatim(register.Say(lang(r))))
	}
	if errors.As(err, &changed) {
		err = errs.Field("household", i18n.PatrolChanged, changed.Now.Occupants.Count, f.values.Get("occupants")).With("occupants", i18n.PatrolChangedPage)
	}
	if e := errs.As(err); e != nil {
		if _, used := e.Fields["key"]; used { // another is drawn
			f.values.Del("key")
		}
	}
	return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(draw(w, r, f.Show(e))) })
}

func (h *Handler) patrolJSON(w http.ResponseWriter, r *http.Request, f *form, out patrol.Answer, err error, said i18n.Text) error {
	l, code := lang(r), http.StatusOK
	reply := patrolReply{Status: "ok", Message: said.In(l)}
	for _, c := range out.Cases {
		reply.Cases = append(reply.Cases, c.No)
	}
	if err != nil {
		e := errs.As(err)
		if e == nil {
			return err
		}
		code = status(e.Kind)
		reply = patrolReply{Status: "refused", Message: e.Message.In(l), Fields: map[string]string{}}
		for name, m := range e.Fields {
			reply.Fields[name] = m.In(l)
		}
		var changed *patrol.ChangedError
		var register *patrol.RegisterChangedError
		switch {
		case errors.As(err, &register):
			reply = patrolReply{Status: "conflict", Message: register.Say(l), Person: again(f.values.Get("person"), register), Known: register.Known}
		case err == error(errOther):
			reply.Status = "other"
		case errors.As(err, &changed):
			now := changed.Now
			reply = patrolReply{Status: "conflict", Message: e.Message.In(l), Yours: f.values.Get("occupants"), Theirs: strconv.FormatInt(now.Occupants.Count, 10), On: now.Occupants.On.String(), By: changed.By,
				Household: view.DoorValue(now.ID.String(), strconv.FormatInt(now.Version, 10))}
		case e.Kind == errs.Unavailable || e.Kind == errs.RateLimited || e.Kind == errs.Conflict:
			reply.Status = "waiting"
		}
	}
	b, err := json.Marshal(reply)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	_, err = w.Write(b)
	if err != nil {
		h.Log.Debug("the phone went away", "request", visitOf(r).id, "error", err)
	}
	return nil
}

// keptFiles are what the pages of a round need of the static files.
var keptFiles = []string{"pocket.css", "boot.js", "htmx.js", "app.js", "patrol.js", "favicon.svg", "icon-192.png"}

// serviceWorker answers with the script that keeps the pages, and what it keeps. It changes with the build, so that a phone takes the new files.
func (h *Handler) serviceWorker(w http.ResponseWriter, _ *http.Request) error {
	kept := struct {
		Build string   `json:"build"`
		Files []string `json:"files"`
		Pages []string `json:"pages"`
	}{Pages: view.Kept()}
	for _, name := range keptFiles {
		kept.Files = append(kept.Files, static.URL(name))
	}
	sum := sha256.Sum256([]byte(h.Version + strings.Join(kept.Files, " ")))
	kept.Build = hex.EncodeToString(sum[:5])
	line, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	_, err = w.Write(append([]byte("const KEPT = "+string(line)+";\n"), static.Content("patrol-worker.js")...))
	return err
}

// appManifest lets phones install the round.
func (h *Handler) appManifest(w http.ResponseWriter, r *http.Request) error {
	l := lang(r)
	if q := i18n.Lang(r.URL.Query().Get("lang")); q == i18n.ZH || q == i18n.EN {
		l = q
	}
	type picture struct {
		Src     string `json:"src"`
		Sizes   string `json:"sizes"`
		Type    string `json:"type"`
		Purpose string `json:"purpose"`
	}
	tag := map[i18n.Lang]string{i18n.ZH: "zh-CN", i18n.EN: "en"}[l]
	m := map[string]any{"id": view.Path, "name": i18n.PatrolAppName.In(l), "short_name": i18n.PatrolAppShort.In(l), "description": i18n.PatrolAppSay.In(l), "lang": tag, "dir": "ltr",
		"start_url": view.Path, "scope": "/", "display": "standalone", "orientation": "portrait", "background_color": "#f4f4f2", "theme_color": "#9f1d20"}
	var icons []picture
	for _, s := range []string{"192", "512"} {
		for _, purpose := range []string{"any", "maskable"} {
			icons = append(icons, picture{static.URL("icon-" + s + ".png"), s + "x" + s, "image/png", purpose})
		}
	}
	m["icons"] = icons
	b, err := json.Marshal(m)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/manifest+json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	_, err = w.Write(b)
	return err
}
