package open311

import (
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// changed is when the interface changed last.
const changed = "2026-11-29T00:00:00Z"

type discovered struct {
	XMLName    xml.Name         `xml:"discovery" json:"-"`
	Changeset  string           `xml:"changeset" json:"changeset"`
	Contact    string           `xml:"contact" json:"contact"`
	KeyService string           `xml:"key_service" json:"key_service"`
	Endpoints  []discoveredAddr `xml:"endpoints>endpoint" json:"endpoints"`
}

type discoveredAddr struct {
	Specification string   `xml:"specification" json:"specification"`
	URL           string   `xml:"url" json:"url"`
	Changeset     string   `xml:"changeset" json:"changeset"`
	Type          string   `xml:"type" json:"type"`
	Formats       []string `xml:"formats>format" json:"formats"`
}

// discovery says where the interface stands: once for all districts, and once for each.
func (h *Handler) discovery(c *call, _ []string) (any, error) {
	all, err := h.Catalogue.Serving(c.r.Context())
	if err != nil {
		return nil, err
	}
	d := discovered{Changeset: changed, Contact: i18n.GeoreportContact.In(c.lang), KeyService: i18n.GeoreportKeyService.In(c.lang)}
	at := []string{Prefix + "/" + version}
	for _, t := range all {
		at = append(at, Prefix+"/"+strconv.FormatInt(t.Code, 10)+"/"+version)
	}
	for _, a := range at {
		d.Endpoints = append(d.Endpoints, discoveredAddr{Specification: "http://wiki.open311.org/GeoReport_v2", URL: h.base(c.r) + a, Changeset: changed, Type: "production",
			Formats: []string{"text/xml", "application/json"}})
	}
	return document{xml: d, json: d, bare: true}, nil
}

type service struct {
	Code        string `xml:"service_code" json:"service_code"`
	Name        string `xml:"service_name" json:"service_name"`
	Description text   `xml:"description" json:"description"`
	Metadata    bool   `xml:"metadata" json:"metadata"`
	Type        string `xml:"type" json:"type"`
	Keywords    text   `xml:"keywords" json:"keywords"`
	Group       text   `xml:"group" json:"group"`
}

type serviceList struct {
	XMLName xml.Name  `xml:"services"`
	List    []service `xml:"service"`
}

// services lists what can be asked for.
func (h *Handler) services(c *call, _ []string) (any, error) {
	offers, err := h.Casework.Offers(c.r.Context(), c.actor.Tenant)
	out := make([]service, len(offers))
	for i, o := range offers {
		words := []string{o.Class.In(c.lang)}
		if kind := o.Kind.Text().In(c.lang); kind != words[0] {
			words = append(words, kind)
		}
		out[i] = service{Code: o.Code, Name: o.Name.In(c.lang), Description: text(o.Note.In(c.lang)), Metadata: len(o.Kind.Fields) > 0, Type: "realtime",
			Keywords: text(strings.Join(words, ", ")), Group: text(o.Class.In(c.lang))}
	}
	return document{xml: serviceList{List: out}, json: out}, err
}

type definition struct {
	XMLName    xml.Name    `xml:"service_definition" json:"-"`
	Code       string      `xml:"service_code" json:"service_code"`
	Attributes []attribute `xml:"attributes>attribute" json:"attributes"`
}

type attribute struct {
	Variable    bool    `xml:"variable" json:"variable"`
	Code        string  `xml:"code" json:"code"`
	Datatype    string  `xml:"datatype" json:"datatype"`
	Required    bool    `xml:"required" json:"required"`
	TypeWords   text    `xml:"datatype_description" json:"datatype_description"`
	Order       int     `xml:"order" json:"order"`
	Description string  `xml:"description" json:"description"`
	Values      []value `xml:"values>value" json:"values,omitempty"`
}

type value struct {
	Key  string `xml:"key" json:"key"`
	Name string `xml:"name" json:"name"`
}

// definition gives what a service asks beyond what every request has: the fields of its kind.
func (h *Handler) definition(c *call, parts []string) (any, error) {
	o, err := h.Casework.Offer(c.r.Context(), c.actor.Tenant, parts[1])
	d := definition{Code: parts[1], Attributes: []attribute{}}
	for i, f := range o.Kind.Fields {
		a := attribute{Variable: true, Code: f.Code, Required: f.Required, Order: i + 1, Description: f.Text().In(c.lang)}
		switch f.Type {
		case casework.NumberField:
			a.Datatype, a.TypeWords = "number", text(i18n.GeoreportTypeNumber.In(c.lang))
		case casework.ChoiceField:
			a.Datatype, a.TypeWords = "singlevaluelist", text(i18n.GeoreportTypeChoice.In(c.lang))
			for _, v := range f.Options {
				a.Values = append(a.Values, value{v, v})
			}
		case casework.YesNoField:
			a.Datatype, a.TypeWords = "singlevaluelist", text(i18n.GeoreportTypeChoice.In(c.lang))
			a.Values = []value{{"yes", i18n.ActivityYes.In(c.lang)}, {"no", i18n.ActivityNo.In(c.lang)}}
		default:
			a.Datatype, a.TypeWords = "string", text(i18n.GeoreportTypeText.In(c.lang))
		}
		d.Attributes = append(d.Attributes, a)
	}
	return d, err
}

type request struct {
	ID          string  `xml:"service_request_id" json:"service_request_id"`
	Status      string  `xml:"status" json:"status"`
	StatusNotes text    `xml:"status_notes" json:"status_notes"`
	Name        string  `xml:"service_name" json:"service_name"`
	Code        string  `xml:"service_code" json:"service_code"`
	Description text    `xml:"description" json:"description"`
	Agency      text    `xml:"agency_responsible" json:"agency_responsible"`
	Notice      text    `xml:"service_notice" json:"service_notice"`
	Requested   instant `xml:"requested_datetime" json:"requested_datetime"`
	Updated     instant `xml:"updated_datetime" json:"updated_datetime"`
	Expected    instant `xml:"expected_datetime" json:"expected_datetime"`
	Address     text    `xml:"address" json:"address"`
	AddressID   text    `xml:"address_id" json:"address_id"`
	Zipcode     text    `xml:"zipcode" json:"zipcode"` // places here have none
	Lat         degrees `xml:"lat" json:"lat"`
	Long        degrees `xml:"long" json:"long"`
	MediaURL    text    `xml:"media_url" json:"media_url"`
	More        *more   `xml:"extended_attributes" json:"extended_attributes,omitempty"`
	Notes       *[]note `xml:"notes>note" json:"notes,omitempty"`
}

// more is what is answered beyond the specification, where extensions are asked for.
type more struct {
	Closed    instant `xml:"closed_datetime" json:"closed_datetime"`
	Duplicate text    `xml:"duplicate_of" json:"duplicate_of"`
	Media     []text  `xml:"media_urls>media_url" json:"media_urls"`
}

type note struct {
	At      instant `xml:"datetime" json:"datetime"`
	Type    string  `xml:"type" json:"type"`
	Summary string  `xml:"summary" json:"summary"`
	Words   text    `xml:"description" json:"description"`
}

type requestList struct {
	XMLName xml.Name  `xml:"service_requests"`
	List    []request `xml:"request"`
}

func status(open bool) string {
	if open {
		return "open"
	}
	return "closed"
}

// requestOf is a case as the specification writes it.
func (h *Handler) requestOf(c *call, s casework.Shown, extended bool) request {
	r := request{ID: s.No, Status: status(s.Open), Name: s.Name.In(c.lang), Code: s.Offer, Description: text(s.Body), Agency: text(s.Org), Requested: instant(s.ReceivedAt),
		Updated: instant(s.UpdatedAt), Expected: instant(s.DueAt), Address: text(s.Community), AddressID: text(s.BuildingID.String()), Lat: degrees(s.Y), Long: degrees(s.X)}
	if s.Place != "" {
		r.Address = text(s.Place)
	}
	var notes []string
	if s.SameAs {
		words := i18n.GeoreportDuplicated.In(c.lang)
		if s.Same != "" {
			words = i18n.GeoreportDuplicate.In(c.lang, s.Same)
		}
		notes = append(notes, words)
	}
	switch {
	case s.Open:
		notes = append(notes, s.State.Text().In(c.lang))
	case s.Outcome != "":
		notes = append(notes, s.Outcome.Text().In(c.lang))
	}
	if !s.Open && s.Result != "" {
		notes = append(notes, s.Result)
	}
	if !s.Open && s.Next != "" {
		notes = append(notes, i18n.GeoreportNext.In(c.lang, s.Next))
	}
	r.StatusNotes = text(strings.Join(notes, " · "))
	media := []text{}
	for _, f := range s.Files {
		media = append(media, text(fmt.Sprintf("%s%s/%d/%s/requests/%s/media/%s.jpg", h.base(c.r), Prefix, c.actor.Tenant, version, s.No, f.ID)))
	}
	if len(media) > 0 {
		r.MediaURL = media[0]
	}
	if !extended {
		return r
	}
	r.More = &more{Duplicate: text(s.Same), Media: media}
	if !s.Open {
		r.More.Closed = instant(s.DoneAt)
	}
	list := []note{}
	for _, st := range s.Steps {
		list = append(list, note{At: instant(st.At), Type: string(st.Act), Summary: st.Act.Text().In(c.lang), Words: text(st.Words)})
	}
	r.Notes = &list
	return r
}

// span is the longest stretch that a search covers, and the one that it covers where none is named.
const span = 90 * 24 * time.Hour

// mostOffers bounds the services that one search names.
const mostOffers = 100

// filter reads what is asked for.
func (h *Handler) filter(c *call) (casework.ShownFilter, error) {
	f := casework.ShownFilter{Nos: c.list("service_request_id"), Offers: c.list("service_code"), Steps: c.get("extensions") == "true", After: db.ParseCursor(c.get("after"))}
	slices.Sort(f.Offers)
	f.Offers = slices.Compact(f.Offers)
	if len(f.Offers) > mostOffers {
		return f, errs.Field("service_code", i18n.GeoreportManyIDs, mostOffers)
	}
	if len(f.Nos) > casework.MostShown {
		return f, errs.Field("service_request_id", i18n.GeoreportManyIDs, casework.MostShown)
	}
	var e *errs.Error
	for _, s := range c.list("status") {
		switch s {
		case "open":
			f.Open = true
		case "closed":
			f.Closed = true
		default:
			e = e.With("status", i18n.GeoreportBadStatus)
		}
	}
	var err error
	if f.From, err = c.instant("start_date"); err != nil {
		e = e.With("start_date", i18n.GeoreportBadDate, "start_date")
	}
	if f.To, err = c.instant("end_date"); err != nil {
		e = e.With("end_date", i18n.GeoreportBadDate, "end_date")
	}
	switch {
	case f.From.IsZero() && f.To.IsZero():
		f.From = h.Casework.Now().Add(-span)
	case f.From.IsZero():
		f.From = f.To.Add(-span)
	case f.To.IsZero():
		f.To = f.From.Add(span)
	case f.To.Before(f.From) || f.To.Sub(f.From) > span:
		e = e.With("start_date", i18n.GeoreportSpan, int(span.Hours())/24)
	}
	page, size := c.number("page", 1), c.number("page_size", casework.MostShown)
	if page < 1 || size < 1 || size > casework.MostShown || (page-1)*size > casework.MostSkipped {
		e = e.With("page", i18n.GeoreportBadPage, casework.MostShown, casework.MostSkipped)
	}
	f.Limit, f.Skip = size, (page-1)*size
	return f, e.OrNil()
}

// number reads a whole number: 0 for what is none.
func (c *call) number(name string, otherwise int) int {
	s := c.get(name)
	if s == "" {
		return otherwise
	}
	n, err := strconv.Atoi(s)
	if err != nil || n > 1<<20 {
		return 0
	}
	return n
}

// instant reads a time with its zone. A plus sign that an address turned into a blank is one.
func (c *call) instant(name string) (time.Time, error) {
	s := strings.ReplaceAll(c.get(name), " ", "+")
	if s == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, errors.New("no time")
}

// link names the address of what follows.
func (h *Handler) link(c *call, next string) {
	if next == "" {
		return
	}
	q := url.Values{}
	for k, v := range c.form {
		if k != "api_key" && k != "page" {
			q[k] = v
		}
	}
	q.Set("after", next)
	c.w.Header().Set("Link", fmt.Sprintf("<%s%s?%s>; rel=\"next\"", h.base(c.r), c.r.URL.EscapedPath(), q.Encode()))
}

// requests lists what is public, and what the system that asks sent itself.
func (h *Handler) requests(c *call, _ []string) (any, error) {
	f, err := h.filter(c)
	if err != nil {
		return nil, err
	}
	l, err := h.Casework.PublicCases(c.r.Context(), c.actor, f)
	if err != nil {
		return nil, err
	}
	h.link(c, l.Next)
	out := make([]request, len(l.Items))
	for i, s := range l.Items {
		out[i] = h.requestOf(c, s, f.Steps)
	}
	return document{xml: requestList{List: out}, json: out}, nil
}

// request gives one of them.
func (h *Handler) request(c *call, parts []string) (any, error) {
	extended := c.get("extensions") == "true"
	s, err := h.Casework.PublicCase(c.r.Context(), c.actor, parts[1], extended)
	if err != nil {
		return nil, err
	}
	out := []request{h.requestOf(c, s, extended)}
	return document{xml: requestList{List: out}, json: out}, nil
}

type tokenAnswer struct {
	ID    string `xml:"service_request_id" json:"service_request_id"`
	Token string `xml:"token" json:"token"`
}

type tokenList struct {
	XMLName xml.Name      `xml:"service_requests"`
	List    []tokenAnswer `xml:"request"`
}

// token answers as servers do that give the number at once: the number is its own token.
func (h *Handler) token(c *call, parts []string) (any, error) {
	shown, err := h.Casework.IsShown(c.r.Context(), c.actor, parts[1])
	if err == nil && !shown {
		err = errs.New(errs.NotFound, i18n.GeoreportNoToken)
	}
	out := []tokenAnswer{{parts[1], parts[1]}}
	return document{xml: tokenList{List: out}, json: out}, err
}

type update struct {
	ID          string  `xml:"update_id" json:"update_id"`
	Request     string  `xml:"service_request_id" json:"service_request_id"`
	Status      string  `xml:"status" json:"status"`
	Updated     instant `xml:"updated_datetime" json:"updated_datetime"`
	Description string  `xml:"description" json:"description"`
	MediaURL    text    `xml:"media_url" json:"media_url"`
}

type updateList struct {
	XMLName xml.Name `xml:"service_request_updates"`
	List    []update `xml:"request_update"`
}

// updates lists the steps that were taken, as the extension for reports that are followed elsewhere has it.
func (h *Handler) updates(c *call, _ []string) (any, error) {
	f, err := h.filter(c)
	if err != nil {
		return nil, err
	}
	l, err := h.Casework.PublicSteps(c.r.Context(), c.actor, f)
	if err != nil {
		return nil, err
	}
	h.link(c, l.Next)
	out := make([]update, len(l.Items))
	for i, s := range l.Items {
		words := s.Act.Text().In(c.lang)
		if s.Words != "" {
			words = s.Words
		}
		out[i] = update{ID: s.ID.String(), Request: s.No, Status: status(s.Open), Updated: instant(s.At), Description: words}
	}
	return document{xml: updateList{List: out}, json: out}, nil
}

// media gives a photograph to the system that sent it.
func (h *Handler) media(c *call, parts []string) (any, error) {
	file, err := id.Parse(parts[3])
	if err != nil || parts[2] != "media" {
		return nil, errs.New(errs.NotFound, i18n.GeoreportNoSuchPath)
	}
	if c.actor.AccountID == 0 {
		return nil, errs.New(errs.Forbidden, i18n.GeoreportNoKey)
	}
	f, content, err := h.Casework.PublicFile(c.r.Context(), c.actor, parts[1], file)
	if err != nil {
		return nil, err
	}
	c.w.Header().Set("Content-Type", string(f.Type))
	c.w.Header().Set("Content-Disposition", "inline")
	c.w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	c.w.WriteHeader(http.StatusOK)
	if c.r.Method != http.MethodHead {
		_, _ = c.w.Write(content) // the caller has gone
	}
	return nil, nil
}
