package web

import (
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"

	"linli/internal/attach"
	"linli/internal/casework"
	"linli/internal/errs"
	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/notice"
	"linli/internal/seal"
	view "linli/internal/web/view/casepublic"
	caseview "linli/internal/web/view/casework"
	"linli/internal/web/view/field"
	hallview "linli/internal/web/view/hall"
	"linli/internal/web/view/layout"
)

// The addresses where residents report something and follow it.
const (
	publicHome = "/p"
	reportPath = "/p/report"
	followPath = "/p/case"
)

// maxReport bounds what one report may send, all photographs together.
const maxReport = casework.MostPhotos*maxReportPhoto + 1<<20

// wordsOnly is how large a report without photographs is at most.
const wordsOnly = 64 << 10

// longestSending is how long a report may take to come in.
const longestSending = 2 * time.Minute

// longestRefused is how long one may take that is refused and read for its words alone.
const longestRefused = 15 * time.Second

// maxReportPhoto is how much of one photograph is read; casework.PhotoLimits says what is taken.
const maxReportPhoto = 10 << 20

func (h *Handler) casePublicRoutes() []route {
	return []route{
		{pattern: "GET " + publicHome, who: everyone, serve: h.publicHomePage},
		{pattern: "GET " + reportPath, who: everyone, serve: h.reportAsk},
		{pattern: "POST " + reportPath, who: everyone, serve: h.reportCase, upload: true},
		{pattern: "GET " + followPath, who: everyone, serve: h.followPage},
		{pattern: "POST " + followPath, who: everyone, serve: h.followLook},
		{pattern: "POST /p/case/rate", who: everyone, serve: h.followAct("rate", h.followRate)},
		{pattern: "POST /p/case/reopen", who: everyone, serve: h.followAct("reopen", h.followReopen)},
		{pattern: "POST /p/case/review", who: everyone, serve: h.followAct("review", h.followReview)},
		{pattern: "POST /p/case/add", who: everyone, serve: h.followAct("add", h.followAdd), upload: true},
		{pattern: "POST /p/case/unfile", who: everyone, serve: h.followAct("add", h.followUnfile)},
		{pattern: "POST /p/case/tell", who: everyone, serve: h.followAct("tell", h.followTell)},
		{pattern: "POST /p/case/end", who: everyone, serve: h.followAct("end", h.followEnd)},
		{pattern: "POST /p/case/photo", who: everyone, serve: h.followPhoto},
		{pattern: "POST /p/case/receipt", who: everyone, serve: h.followReceipt},
		{pattern: "GET /cases/{id}/files/{file}", who: may(casework.PermSee), serve: h.caseFile},
		{pattern: "POST /cases/{id}/files/{file}/remove", who: may(casework.PermSee), serve: h.caseFileRemove},
	}
}

// public is the frame of a residents' page.
func (h *Handler) public(w http.ResponseWriter, r *http.Request, title i18n.Text) layout.Page {
	p := h.page(w, r, title)
	p.Home = publicHome
	if at := terminalOf(r); at != "" {
		p.Terminal = hallview.KioskHref(at, true)
	}
	return p
}

// answered is the frame of a residents' page that answers a form: it has no address to come back to. With a code the choices of appearance take it along.
func (h *Handler) answered(w http.ResponseWriter, r *http.Request, title i18n.Text, code string) layout.Page {
	p := h.public(w, r, title)
	p.Prefs = ""
	if code != "" {
		p.Prefs, p.Carry = followPath, code
	}
	return p
}

// byReporter names whoever acts with a code in the record of acts, which knows nothing else of them.
func byReporter() string { return i18n.CasePublicReporter.In(i18n.ZH) }

// publicHomePage is the front page for residents.
func (h *Handler) publicHomePage(w http.ResponseWriter, r *http.Request) error {
	tenant, err := h.district(r, r.URL.Query().Get(districtKey))
	if err != nil {
		return h.orDistricts(w, r, err)
	}
	halls, err := h.Hall.Here(r.Context(), tenant)
	if err != nil {
		return err
	}
	number, err := h.Casework.ServiceNumber(r.Context(), tenant)
	if err != nil {
		return err
	}
	query := ""
	if d := r.URL.Query().Get(districtKey); d != "" {
		query = "?" + url.Values{districtKey: {d}}.Encode()
	}
	return h.show(w, r, view.Home(h.public(w, r, i18n.CasePublicHome), query, halls, number))
}

// openKinds are the kinds that residents report themselves.
func (h *Handler) openKinds(r *http.Request, tenant int64) ([]casework.Kind, error) {
	all, err := h.Casework.Kinds(r.Context(), tenant)
	var open []casework.Kind
	for _, k := range all {
		if k.OpenToAll && !k.Retired {
			open = append(open, k)
		}
	}
	return open, err
}

// reportAsk asks what it is about, and then shows the form.
func (h *Handler) reportAsk(w http.ResponseWriter, r *http.Request) error {
	tenant, err := h.district(r, r.URL.Query().Get(districtKey))
	if err != nil {
		return h.orDistricts(w, r, err)
	}
	kinds, err := h.openKinds(r, tenant)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	for _, k := range kinds {
		if k.Code == q.Get("kind") {
			return h.show(w, r, orFault(h.reportForm(r, h.public(w, r, i18n.Both(k.Name, k.NameEN)), tenant, k, newKey(),
				field.Form{Values: url.Values{"community": q["c"], "item": q["item"], districtKey: q[districtKey]}, Filled: map[string]bool{"community": q.Get("c") != "", "item": q.Get("item") != ""}})))
		}
	}
	choices := make([]view.KindChoice, len(kinds))
	for i, k := range kinds {
		q.Set("kind", k.Code)
		choices[i] = view.KindChoice{Kind: k, Href: reportPath + "?" + q.Encode()}
	}
	return h.show(w, r, view.Kinds(h.public(w, r, i18n.CasePublicKind), choices))
}

func (h *Handler) reportForm(r *http.Request, p layout.Page, tenant int64, k casework.Kind, key string, f field.Form) (templ.Component, error) {
	items, err := h.Casework.Categories(r.Context(), tenant, k.List, true)
	if err != nil {
		return nil, err
	}
	places, err := h.Casework.Communities(r.Context(), tenant)
	if err != nil {
		return nil, err
	}
	limits, err := h.Casework.PhotoLimits(r.Context(), tenant)
	if err != nil {
		return nil, err
	}
	own, err := h.reportKnown(r, tenant, f)
	if err != nil {
		return nil, err
	}
	a := view.Asked{Kind: k, Form: f, Key: key, Size: size(limits.Bytes), District: f.Values.Get(districtKey), Own: own, Mail: h.Notice.SetUp(notice.Mail)}
	for _, c := range items {
		a.Categories = inGroup(a.Categories, c.Class, c.ID, c.Name)
	}
	for _, c := range places {
		a.Communities = inGroup(a.Communities, i18n.Verbatim(c.Above), c.ID, i18n.Verbatim(c.Name))
	}
	q := url.Values{}
	if c := f.Values.Get("community"); c != "" {
		q.Set("c", c)
	}
	if a.District != "" {
		q.Set(districtKey, a.District)
	}
	a.Again = strings.TrimSuffix(reportPath+"?"+q.Encode(), "?")
	return view.Report(p, a), nil
}

// reportKnown fills in what is known of whoever has entered their account, and says whether somebody has. What they changed stays.
func (h *Handler) reportKnown(r *http.Request, tenant int64, f field.Form) (bool, error) {
	z, ok, err := h.session(r)
	if err != nil || !ok || z.Tenant != tenant {
		return false, err
	}
	if _, sent := f.Values["phone"]; sent || f.Filled == nil {
		return true, nil
	}
	f.Values.Set("phone", z.Phone)
	f.Values.Set("keep", "1")
	f.Filled["phone"], f.Filled["keep"] = true, true
	if z.PersonID == 0 {
		return true, nil
	}
	p, err := h.Person.Get(r.Context(), z.Actor(byResidentSelf(), visitOf(r).id), z.PersonID)
	if err == nil {
		f.Values.Set("name", p.Name)
		f.Filled["name"] = true
	}
	return true, err
}

// inGroup adds a choice to the group with its title, which is the last one where the list is in order.
func inGroup(groups []field.OptionGroup, title i18n.Text, value id.ID, text i18n.Text) []field.OptionGroup {
	if n := len(groups); n == 0 || groups[n-1].Title != title {
		groups = append(groups, field.OptionGroup{Title: title})
	}
	g := &groups[len(groups)-1]
	g.Options = append(g.Options, field.Option{Value: value.String(), Text: text})
	return groups
}

// reportAllowed takes one of the reports that an address may send.
func (h *Handler) reportAllowed(r *http.Request) error {
	err := h.reports.Allow(network(r), h.DB.Now())
	if e := errs.As(err); e != nil && e.Kind == errs.RateLimited {
		return errs.New(errs.RateLimited, i18n.CasePublicBusy, e.Message.Args...)
	}
	return err
}

// reportCase takes a report and answers with the receipt, which is no address: the code stands in none.
func (h *Handler) reportCase(w http.ResponseWriter, r *http.Request) error {
	busy := h.reportAllowed(r)
	if busy != nil && errs.KindOf(busy) != errs.RateLimited {
		return busy
	}
	read := h.readTheirs
	if busy != nil {
		read = h.readWords
	}
	f, done, err := read(w, r)
	defer done()
	if err != nil && busy != nil { // nothing of it can be shown again
		return errs.New(errs.RateLimited, i18n.CasePublicBusyBack, errs.As(busy).Message.Args...)
	} else if err != nil {
		return err
	}
	files := f.files
	tenant, err := h.district(r, f.values.Get(districtKey))
	if err != nil {
		return err
	}
	var got casework.Receipt
	if busy == nil {
		got, err = h.takeReport(r, tenant, f, files)
	}
	if busy != nil || err != nil {
		k, e := h.Casework.Kind(r.Context(), tenant, f.values.Get("kind"))
		if errs.KindOf(e) == errs.NotFound || e == nil && (k.Retired || !k.OpenToAll) {
			http.Redirect(w, r, reportPath, http.StatusSeeOther)
			return nil
		} else if e != nil {
			return e
		}
		form := func(e *errs.Error) templ.Component {
			return orFault(h.reportForm(r, h.answered(w, r, i18n.Both(k.Name, k.NameEN), ""), tenant, k, f.values.Get("key"), f.Show(e)))
		}
		switch {
		case busy == nil:
			return h.again(w, r, err, form)
		case len(files) > 0:
			busy = withPhotos(busy)
		}
		return h.ownAgain(w, r, busy, form)
	}
	qr, err := qrPicture(h.base(r) + followPath + "?c=" + url.QueryEscape(got.Code))
	if err != nil {
		return err
	}
	return h.show(w, r, view.Taken(h.answered(w, r, i18n.CasePublicReceipt, ""), view.Receipt{Receipt: got, Page: h.base(r) + followPath, QR: qr}))
}

// readTheirs reads a form of a resident, with the photographs in it where it has any. Pictures take memory and time, so that a few are taken in at once: done lets the next in.
func (h *Handler) readTheirs(w http.ResponseWriter, r *http.Request) (f *form, done func(), err error) {
	done = func() {}
	if r.ContentLength < 0 || r.ContentLength > wordsOnly {
		select {
		case h.taking <- struct{}{}:
			done = func() { <-h.taking }
		default:
			return nil, done, errs.New(errs.Unavailable, i18n.ErrUnavailable)
		}
	}
	if err := http.NewResponseController(w).SetReadDeadline(time.Now().Add(longestSending)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return nil, done, err
	}
	f, files, err := readReport(w, r)
	if err != nil {
		return nil, done, err
	}
	f.files = files
	return f, done, nil
}

// readWords reads a form that is refused, so that it comes back as it was filled in: the words alone. Of photographs it says that there were some, and keeps nothing.
func (h *Handler) readWords(w http.ResponseWriter, r *http.Request) (f *form, done func(), err error) {
	done = func() {}
	if r.ContentLength < 0 || r.ContentLength > wordsOnly { // who is refused takes no place from others
		select {
		case h.refusing <- struct{}{}:
			done = func() { <-h.refusing }
		default:
			return nil, done, errs.New(errs.Unavailable, i18n.ErrUnavailable)
		}
	}
	if err := http.NewResponseController(w).SetReadDeadline(time.Now().Add(longestRefused)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return nil, done, err
	}
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		f, err = readForm(r)
		return f, done, err
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxReport)
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, done, badForm(err)
	}
	f = &form{values: url.Values{}}
	for left := int64(wordsOnly); ; {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return f, done, nil
		} else if err != nil {
			return nil, done, badForm(err)
		}
		if _, file, _ := strings.Cut(part.Header.Get("Content-Disposition"), "filename="); file != "" {
			if part.FileName() != "" {
				f.files = append(f.files, attach.New{Name: part.FileName()})
			}
			continue // the next part reads past it
		}
		said, err := io.ReadAll(io.LimitReader(part, left+1))
		if left -= int64(len(said)); err != nil || left < 0 {
			return nil, done, errs.New(errs.Invalid, i18n.ErrInvalid).Because(err)
		}
		f.values.Add(part.FormName(), string(said))
	}
}

// withPhotos is the same refusal for somebody who sent photographs, which do not come back.
func withPhotos(busy error) error {
	e := errs.As(busy)
	return errs.New(errs.RateLimited, i18n.CasePublicBusyPhoto, e.Message.Args...)
}

// readAct reads a form of who follows a case; photographs come with what is added alone.
func (h *Handler) readAct(w http.ResponseWriter, r *http.Request, name string) (f *form, done func(), err error) {
	if name == "add" {
		return h.readTheirs(w, r)
	}
	f, err = readForm(r)
	return f, func() {}, err
}

// readReport reads the form of a report with its photographs.
func readReport(w http.ResponseWriter, r *http.Request) (*form, []attach.New, error) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		f, err := readForm(r)
		return f, nil, err
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxReport)
	f, files, err := readAttachments(w, r, "file", maxReportPhoto)
	var tooBig *http.MaxBytesError
	if errors.As(err, &tooBig) {
		err = errs.New(errs.Invalid, i18n.CasePublicTooBig).Because(err)
	}
	return f, files, err
}

func (h *Handler) takeReport(r *http.Request, tenant int64, f *form, files []attach.New) (casework.Receipt, error) {
	n := casework.Report{Kind: f.values.Get("kind"), ItemID: f.ID("item"), CommunityID: f.ID("community"), Place: f.values.Get("place"), Body: f.values.Get("body"), Answers: map[string]string{},
		Name: f.values.Get("name"), Phone: f.values.Get("phone"), Urgent: f.Bool("urgent"), Tell: f.Bool("tell"), TellByMail: f.Bool("tell_mail"), Email: f.values.Get("email"), Language: lang(r), Files: files, Key: sendingKey(f, files)}
	if terminalOf(r) != "" {
		n.Channel = casework.ByKiosk
	}
	if z, ok, err := h.session(r); err != nil {
		return casework.Receipt{}, err
	} else if ok && z.Tenant == tenant {
		if f.Bool("keep") {
			n.ResidentID, n.PersonID = z.Account, z.PersonID
		} else { // it is anonymous: what was filled in for them goes too
			n.Name, n.Phone, n.Tell = "", "", false
		}
	}
	for name := range f.values {
		if own, ok := strings.CutPrefix(name, "field."); ok { // what its kind does not ask is left out
			n.Answers[own] = f.values.Get(name)
		}
	}
	if err := f.Err(); err != nil {
		return casework.Receipt{}, err
	}
	if about := f.values.Get("about"); about != "" {
		k, err := h.Casework.Kind(r.Context(), tenant, n.Kind)
		if err != nil {
			return casework.Receipt{}, err
		}
		if !k.AsksAbout() {
			about = ""
		}
		places, err := h.Casework.Communities(r.Context(), tenant)
		if err != nil {
			return casework.Receipt{}, err
		}
		for _, c := range places {
			if c.ID == n.CommunityID {
				n.AboutID = map[string]id.ID{"here": c.ID, "up": c.UpID}[about]
			}
		}
	}
	return h.Casework.Report(r.Context(), tenant, byReporter(), visitOf(r).id, n)
}

// newKey names one form that is shown, so that sending it twice does it once.
func newKey() string { return rand.Text() }

// sendingKey names one sending of a form: its key and everything in it. Sent twice it is the same; changed and sent again, another.
func sendingKey(f *form, files []attach.New) string {
	if f.values.Get("key") == "" {
		return ""
	}
	all := f.values.Encode()
	for _, n := range files {
		all += "\n" + seal.Hash(n.Content)
	}
	return "case-" + seal.Hash([]byte(all))
}

// followPage asks for the code; the QR code brings it along.
func (h *Handler) followPage(w http.ResponseWriter, r *http.Request) error {
	if c := r.URL.Query().Get("c"); c != "" {
		return h.followShow(w, r, c, http.StatusOK, nil)
	}
	return h.show(w, r, view.Enter(h.public(w, r, i18n.CasePublicFollow), field.Form{}))
}

func (h *Handler) followLook(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	return h.followShow(w, h.prefsHere(w, r), f.values.Get("code"), http.StatusOK, nil)
}

// following is a case that its reporter follows: by its code, as they typed it, or through their account.
type following struct {
	key   casework.Key
	typed string
	own   id.ID
}

func byCode(typed string) following { return following{key: casework.Code(typed), typed: typed} }

// followShow shows the case of a code; with lets the caller add what an act has to say. A code is tried at most so many times a minute from one address.
func (h *Handler) followShow(w http.ResponseWriter, r *http.Request, typed string, code int, with func(*layout.Page, *view.Following)) error {
	if err := h.follows.Allow(network(r), h.DB.Now()); err != nil {
		return h.followAgain(w, r, err, typed)
	}
	if _, _, err := h.Exchange.ToAsker(r.Context(), exchange.Code(typed)); err == nil { // one page asks for codes, also for those of needs
		return h.wishDraw(w, r, wishing{key: exchange.Code(typed), typed: typed}, code, nil)
	} else if errs.KindOf(err) != errs.NotFound {
		return err
	}
	if is, err := h.isBooking(r, typed); err != nil {
		return err
	} else if is {
		return h.placeDraw(w, r, typed, code, nil)
	}
	return h.followDraw(w, r, byCode(typed), code, with)
}

func (h *Handler) followDraw(w http.ResponseWriter, r *http.Request, by following, code int, with func(*layout.Page, *view.Following)) error {
	tenant, f, err := h.Casework.ToReporter(r.Context(), by.key)
	if err != nil {
		return h.followFailed(w, r, err, by)
	}
	visit, none, err := h.Technician.VisitTo(r.Context(), tenant, f.ID)
	if err != nil {
		return err
	}
	run, err := h.Hall.RunFor(r.Context(), tenant, f.ID)
	if err != nil && errs.KindOf(err) != errs.NotFound {
		return err
	}
	notRun := err != nil || !f.State.Open()
	limits, err := h.Casework.PhotoLimits(r.Context(), tenant)
	if err != nil {
		return err
	}
	d := view.Following{Followed: f, Size: size(limits.Bytes), Mail: h.Notice.SetUp(notice.Mail), Visit: visit, NoVisit: none, Run: run, NotRun: notRun, Code: by.typed, Own: by.own, Now: h.Casework.Now(),
		Rate: field.Form{ID: "rate-"}, Reopen: field.Form{ID: "reopen-"}, Reviewing: field.Form{ID: "review-"}, Add: field.Form{ID: "add-"}, Tell: field.Form{ID: "tell-"}}
	var p layout.Page
	if by.own != 0 {
		p = h.ownFrame(w, r, i18n.CasePublicFollow)
		p.Path = ownCasePath + by.own.String()
	} else {
		w.Header().Set("Referrer-Policy", "no-referrer") // the code may stand in the address that the picture on the receipt gave
		p = h.answered(w, r, i18n.CasePublicFollow, by.typed)
	}
	if with != nil {
		with(&p, &d)
	}
	return h.answer(w, r, code, view.Follow(p, d))
}

// followFailed asks for the code once more; a case of one's own that is not found is not there.
func (h *Handler) followFailed(w http.ResponseWriter, r *http.Request, err error, by following) error {
	if by.own != 0 {
		return err
	}
	return h.followAgain(w, r, err, by.typed)
}

// followAgain asks for the code once more. Whatever was wrong with it, the answer is the same.
func (h *Handler) followAgain(w http.ResponseWriter, r *http.Request, err error, typed string) error {
	e := errs.As(err)
	if e == nil {
		return err
	}
	code := http.StatusUnprocessableEntity
	switch e.Kind {
	case errs.RateLimited:
		code, e = http.StatusTooManyRequests, errs.Field("code", e.Message.Text, e.Message.Args...)
	case errs.NotFound: // only what is wrong counts as a guess: many follow their cases through one address
		e = errs.Field("code", i18n.CasePublicWrong)
		if busy := errs.As(h.guesses.Allow(network(r), h.DB.Now())); busy != nil {
			code, e = http.StatusTooManyRequests, errs.Field("code", busy.Message.Text, busy.Message.Args...)
		}
	default:
		return err
	}
	p := h.answered(w, r, i18n.CasePublicFollow, "")
	return h.answer(w, r, code, view.Enter(p, field.Form{Values: url.Values{"code": {typed}}, Err: e}))
}

// followAct does something with the code in the form and shows the case again, with what happened said. name is the form that shows what was wrong.
func (h *Handler) followAct(name string, act func(*http.Request, *form, casework.Key) (i18n.Text, error)) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := h.follows.Allow(network(r), h.DB.Now()); err != nil {
			return h.followLater(w, r, err)
		}
		f, done, err := h.readAct(w, r, name)
		defer done()
		if err != nil {
			return err
		}
		by := byCode(f.values.Get("code"))
		said, err := act(r, f, by.key)
		return h.followSaid(w, r, by, name, f, said, err)
	}
}

// followLater keeps what was sent for a case in a page from which it goes again at one press, when too much came from a network. The case is not looked up: a code that was guessed
// learns nothing.
func (h *Handler) followLater(w http.ResponseWriter, r *http.Request, busy error) error {
	e := errs.As(busy)
	if e == nil || e.Kind != errs.RateLimited {
		return busy
	}
	f, done, err := h.readWords(w, r)
	defer done()
	if err != nil { // nothing of it can be kept
		return h.followAgain(w, r, busy, "")
	}
	said := i18n.CasePublicLater
	if len(f.files) > 0 {
		said = i18n.CasePublicLaterPhoto
	}
	kept := f.Show(errs.New(errs.RateLimited, said, e.Message.Args...))
	return h.answer(w, r, http.StatusTooManyRequests, view.Later(h.answered(w, r, i18n.CasePublicFollow, ""), kept, r.URL.Path))
}

// followSaid shows a case again after an act, with what came of it.
func (h *Handler) followSaid(w http.ResponseWriter, r *http.Request, by following, name string, f *form, said i18n.Text, err error) error {
	if err == nil {
		return h.followDraw(w, r, by, http.StatusOK, func(p *layout.Page, _ *view.Following) {
			p.Flash = &layout.Flash{Kind: layout.Done, Text: said.In(lang(r))}
		})
	}
	e := errs.As(err)
	if e == nil || e.Kind != errs.Invalid && e.Kind != errs.Conflict {
		return h.followFailed(w, r, err, by)
	}
	return h.followDraw(w, r, by, status(e.Kind), func(p *layout.Page, d *view.Following) {
		if e.Kind == errs.Conflict {
			p.Flash = &layout.Flash{Kind: layout.Failed, Text: e.Message.In(lang(r))}
			return
		}
		own := map[string]*field.Form{"rate": &d.Rate, "reopen": &d.Reopen, "review": &d.Reviewing, "add": &d.Add, "tell": &d.Tell}[name]
		shown := f.Show(e)
		own.Values, own.Err = shown.Values, shown.Err
	})
}

// usualStars stand where somebody pressed a button alone; the page says so beside it.
var usualStars = map[casework.Solved]int64{casework.Yes: 5, casework.Partly: 3, casework.No: 1}

// followEnd takes back the consent to have a case run by the office.
func (h *Handler) followEnd(r *http.Request, _ *form, k casework.Key) (i18n.Text, error) {
	return i18n.TakeOverOwnDone, h.Hall.EndRunBy(r.Context(), k, byReporter(), visitOf(r).id)
}

func (h *Handler) followRate(r *http.Request, f *form, k casework.Key) (i18n.Text, error) {
	in := casework.Rating{Solved: casework.Solved(f.values.Get("solved")), Stars: f.Int("stars"), Words: f.values.Get("words")}
	if f.values.Get("stars") == "" {
		in.Stars = usualStars[in.Solved]
	}
	if actor(r).AccountID != 0 && actor(r).PersonID == 0 {
		return i18n.Text{}, errs.New(errs.Conflict, i18n.CasePublicNotStaff)
	}
	now, err := h.Casework.Rate(r.Context(), k, byReporter(), visitOf(r).id, in)
	if now.Open() { // not solved, and not outside the office's power
		return i18n.CasePublicRatedNo, err
	}
	return i18n.CasePublicRated, err
}

func (h *Handler) followReopen(r *http.Request, f *form, k casework.Key) (i18n.Text, error) {
	return i18n.CasePublicReopened, h.Casework.ReopenBy(r.Context(), k, byReporter(), visitOf(r).id, f.values.Get("words"))
}

// followReview asks the office above to review the result of a petition.
func (h *Handler) followReview(r *http.Request, f *form, k casework.Key) (i18n.Text, error) {
	return i18n.CaseReviewDone, h.Casework.ReviewBy(r.Context(), k, byReporter(), visitOf(r).id, f.values.Get("words"))
}

func (h *Handler) followAdd(r *http.Request, f *form, k casework.Key) (i18n.Text, error) {
	return i18n.CasePublicAdded, h.Casework.AddBy(r.Context(), k, byReporter(), visitOf(r).id, f.values.Get("words"), f.files...)
}

// followUnfile takes out a photograph that was added by mistake.
func (h *Handler) followUnfile(r *http.Request, f *form, k casework.Key) (i18n.Text, error) {
	file := f.ID("file")
	if f.Err() != nil {
		return i18n.Text{}, errs.ErrNotFound
	}
	return i18n.CasePublicFileGone, h.Casework.RemoveFileBy(r.Context(), k, byReporter(), visitOf(r).id, file)
}

// followPhoto shows whoever reported a case one of their photographs.
func (h *Handler) followPhoto(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	typed := f.values.Get("code")
	if err := h.follows.Allow(network(r), h.DB.Now()); err != nil {
		return h.followAgain(w, r, err, typed)
	}
	file := f.ID("file")
	if f.Err() != nil {
		return errs.ErrNotFound
	}
	a, content, err := h.Casework.FileBy(r.Context(), casework.Code(typed), byReporter(), visitOf(r).id, file)
	if err != nil {
		return h.followAgain(w, r, err, typed)
	}
	return sendAttachment(w, r, a, content, false)
}

// caseFile shows staff a photograph of a case; the look is recorded.
func (h *Handler) caseFile(w http.ResponseWriter, r *http.Request) error {
	c, err := pathID(r)
	if err != nil {
		return err
	}
	file, err := id.Parse(r.PathValue("file"))
	if err != nil {
		return errs.ErrNotFound
	}
	small := r.URL.Query().Get("small") != ""
	f, content, err := h.Casework.File(r.Context(), actor(r), c, file, small)
	if err != nil {
		return err
	}
	return sendAttachment(w, r, f, content, small)
}

// caseFileRemove takes out a file that was added by mistake.
func (h *Handler) caseFileRemove(w http.ResponseWriter, r *http.Request) error {
	c, err := pathID(r)
	if err != nil {
		return err
	}
	file, err := id.Parse(r.PathValue("file"))
	if err != nil {
		return errs.ErrNotFound
	}
	if err := h.Casework.RemoveFile(r.Context(), actor(r), c, file); err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component {
			return orFault(h.caseShown(w, r, field.Form{Values: url.Values{}, Err: e}))
		})
	}
	return h.done(w, r, caseview.Href(c)+"#files", i18n.FileRemoved)
}
