package organisation

import (
	"slices"
	"strings"
	"unicode/utf8"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Permissions on organisations.
const (
	PermSee     authz.Permission = "organisation.see"     // list and open organisations in scope
	PermFind    authz.Permission = "organisation.find"    // the directory of names and the chart of the whole district
	PermFound   authz.Permission = "organisation.found"   // set up an organisation below one in scope
	PermEdit    authz.Permission = "organisation.edit"    // change address, contact, codes
	PermChange  authz.Permission = "organisation.change"  // rename, re-parent, merge, split, dissolve
	PermAttach  authz.Permission = "organisation.attach"  // assign units to communities in scope
	PermContact authz.Permission = "organisation.contact" // open the contact's phone number
	PermImport  authz.Permission = "organisation.import"  // import units
)

// Kind says what an organisation is.
type Kind string

// The kinds of organisation (ORG-1).
const (
	District   Kind = "district_committee"
	Working    Kind = "working_committee"
	Committee  Kind = "committee"
	Community  Kind = "community_party"
	Branch     Kind = "party_branch"
	Group      Kind = "party_group"
	Unit       Kind = "unit"
	Residents  Kind = "residents_committee"
	Station    Kind = "service_station"
	OtherKind  Kind = "other"
	anyKind    Kind = "*"
	withoutTop Kind = "" // may stand without a superior
)

// Kinds lists all kinds in the order of the chart.
func Kinds() []Kind {
	return []Kind{District, Working, Committee, Community, Branch, Group, Unit, Residents, Station, OtherKind}
}

var kindTexts = map[Kind]i18n.Text{
	District: i18n.OrgKindDistrict, Working: i18n.OrgKindWorking, Committee: i18n.OrgKindCommittee,
	Community: i18n.OrgKindCommunity, Branch: i18n.OrgKindBranch, Group: i18n.OrgKindGroup, Unit: i18n.OrgKindUnit,
	Residents: i18n.OrgKindResidents, Station: i18n.OrgKindStation, OtherKind: i18n.OrgKindOther,
}

// Text names the kind.
func (k Kind) Text() i18n.Text { return kindTexts[k] }

// Valid says whether k is one of the kinds.
func (k Kind) Valid() bool { _, ok := kindTexts[k]; return ok }

// superiors says below which kinds a kind may stand. A unit of no system stands alone: its subordination is decided
// later and recorded as an act (ORG-5).
var superiors = map[Kind][]Kind{
	District:  {withoutTop},
	Working:   {District},
	Committee: {District, Committee},
	Community: {Working, District},
	Branch:    {Community, Unit, Committee, Working, Branch},
	Group:     {Branch, Community, Unit},
	Unit:      {Committee, Unit, Working, District, withoutTop},
	Residents: {Community, Working},
	Station:   {Community, Working},
	OtherKind: {anyKind, withoutTop},
}

// MayStandBelow says whether an organisation of kind k may have a superior of kind parent; "" is none.
func (k Kind) MayStandBelow(parent Kind) bool {
	s := superiors[k]
	return slices.Contains(s, parent) || (parent != withoutTop && slices.Contains(s, anyKind))
}

// Superiors are the kinds below which k may stand.
func (k Kind) Superiors() []Kind {
	var out []Kind
	for _, p := range Kinds() {
		if k.MayStandBelow(p) {
			out = append(out, p)
		}
	}
	return out
}

// Below are the kinds that may stand below k.
func Below(k Kind) []Kind {
	var out []Kind
	for _, c := range Kinds() {
		if c.MayStandBelow(k) {
			out = append(out, c)
		}
	}
	return out
}

// Organisation is one organisation as it is today.
type Organisation struct {
	ID            id.ID
	Kind          Kind
	Form          Form // of a branch
	Name          string
	ShortName     string
	Code          string // the district's own code
	USCC          string // unified social credit code
	DivisionCode  string // 12 digits, of a district, sub-district or community
	Sector        string
	ParentID      id.ID
	Path          string // "/top/…/itself/"
	CommunityID   id.ID  // area line: the community in which a unit lies
	Address       string
	ContactName   string
	PhoneMask     string // the contact's phone, masked; the number itself is sealed
	EstablishedOn calendar.Date
	DissolvedOn   calendar.Date
	Version       int64
}

// Label is the short name, or the name where there is none.
func (o Organisation) Label() string {
	if o.ShortName != "" {
		return o.ShortName
	}
	return o.Name
}

// Living says whether the organisation has not been dissolved or merged.
func (o Organisation) Living() bool { return o.DissolvedOn.IsZero() }

// below says whether o is other or stands below it.
func (o Organisation) below(other Organisation) bool { return strings.HasPrefix(o.Path, other.Path) }

// NewOrganisation is what is said when an organisation is set up.
type NewOrganisation struct {
	Kind          Kind
	Name          string
	ShortName     string
	Code          string
	USCC          string
	DivisionCode  string
	Sector        string
	ParentID      id.ID
	CommunityID   id.ID // units: the community in which it lies
	Address       string
	ContactName   string
	ContactPhone  string
	EstablishedOn calendar.Date // zero: as far back as we know
	Document      string
}

// Edit changes what is no act; nil leaves a field unchanged. Name corrects a misspelt name: a new name is an act (Rename).
type Edit struct {
	Version      int64
	Name         *string
	ShortName    *string
	Code         *string
	USCC         *string
	DivisionCode *string
	Sector       *string
	Address      *string
	ContactName  *string
	ContactPhone *string
}

// The longest texts, in characters.
const (
	maxName     = 60
	maxShort    = 30
	maxCode     = 40
	maxSector   = 40
	maxAddress  = 120
	maxContact  = 30
	maxDocument = 120
)

// draft is the checked form of what was typed.
type draft struct {
	Organisation
	phone     string
	leadSince calendar.Date // from when the superior leads it
	areaSince calendar.Date // from when it lies in the community
	warnings  []errs.Message
}

// check makes the usual slips good and says what is wrong with a new organisation by itself.
func (n NewOrganisation) check() (draft, error) {
	d := draft{Organisation: Organisation{
		Kind: n.Kind, Name: clean(n.Name), ShortName: clean(n.ShortName), Code: code.Normalise(n.Code), Sector: clean(n.Sector),
		Address: clean(n.Address), ContactName: clean(n.ContactName), EstablishedOn: n.EstablishedOn, ParentID: n.ParentID,
		CommunityID: n.CommunityID,
	}}
	var e *errs.Error
	if !n.Kind.Valid() {
		e = e.With("kind", i18n.OrgKindUnknown)
	}
	if n.CommunityID != 0 && n.Kind != Unit {
		e = e.With("community_id", i18n.OrgUnitOnly)
	}
	e = d.setUSCC(n.USCC, e)
	e = d.setDivision(n.DivisionCode, e)
	e = d.setPhone(n.ContactPhone, e)
	return d, d.lengths(e).OrNil()
}

// apply makes an edit on an organisation as it was read.
func (ed Edit) apply(o Organisation) (draft, error) {
	d := draft{Organisation: o}
	set := func(to *string, from *string) {
		if from != nil {
			*to = clean(*from)
		}
	}
	set(&d.Name, ed.Name)
	set(&d.ShortName, ed.ShortName)
	set(&d.Sector, ed.Sector)
	set(&d.Address, ed.Address)
	set(&d.ContactName, ed.ContactName)
	if ed.Code != nil {
		d.Code = code.Normalise(*ed.Code)
	}
	var e *errs.Error
	if ed.USCC != nil {
		e = d.setUSCC(*ed.USCC, e)
	}
	if ed.DivisionCode != nil {
		e = d.setDivision(*ed.DivisionCode, e)
	}
	if ed.ContactPhone != nil {
		e = d.setPhone(*ed.ContactPhone, e)
	}
	return d, d.lengths(e).OrNil()
}

// clean trims a text and makes each run of blanks one.
func clean(s string) string { return strings.Join(strings.Fields(s), " ") }

// setUSCC takes a credit code; a check character that does not fit only warns (CODE-12).
func (d *draft) setUSCC(s string, e *errs.Error) *errs.Error {
	d.USCC = ""
	if clean(s) == "" {
		return e
	}
	if d.Kind != Unit && d.Kind != Committee && d.Kind != OtherKind {
		return e.With("uscc", i18n.OrgUSCCUnit)
	}
	u, p := code.ParseUSCC(s)
	if p.Blocks() {
		return e.With("uscc", i18n.CodeProblem, p.Message, p.Advice)
	}
	if p != nil {
		d.warnings = append(d.warnings, errs.Message{Text: i18n.CodeProblem, Args: []any{p.Message, p.Advice}})
	}
	d.USCC = u.String()
	return e
}

func (d *draft) setDivision(s string, e *errs.Error) *errs.Error {
	d.DivisionCode = ""
	if clean(s) == "" {
		return e
	}
	c, p := code.ParseDivision(s)
	if p.Blocks() {
		return e.With("division_code", i18n.CodeProblem, p.Message, p.Advice)
	}
	d.DivisionCode = string(c)
	return e
}

func (d *draft) setPhone(s string, e *errs.Error) *errs.Error {
	d.phone, d.PhoneMask = "", ""
	if clean(s) == "" {
		return e
	}
	p, bad := code.ParsePhone(s)
	if bad.Blocks() {
		return e.With("contact_phone", i18n.CodeProblem, bad.Message, bad.Advice)
	}
	d.phone, d.PhoneMask = p.String(), p.Mask()
	return e
}

// lengths checks what must be there and what is too long.
func (d *draft) lengths(e *errs.Error) *errs.Error {
	if d.Name == "" {
		e = e.With("name", i18n.ErrRequired)
	}
	for _, f := range []struct {
		field, value string
		most         int
	}{
		{"name", d.Name, maxName}, {"short_name", d.ShortName, maxShort}, {"code", d.Code, maxCode},
		{"sector", d.Sector, maxSector}, {"address", d.Address, maxAddress}, {"contact_name", d.ContactName, maxContact},
	} {
		if n := utf8.RuneCountInString(f.value); n > f.most {
			e = e.With(f.field, i18n.ErrTooLong, f.most, n)
		}
	}
	return e
}

// standsBelow says whether the draft may have parent as its superior; parent is nil for none.
func (d *draft) standsBelow(parent *Organisation) error {
	if parent == nil {
		if !d.Kind.MayStandBelow(withoutTop) {
			return errs.Field("parent_id", i18n.OrgParentNeeded)
		}
		return nil
	}
	if !parent.Living() {
		return errs.Field("parent_id", i18n.OrgParentGone, parent.Label(), parent.DissolvedOn.String())
	}
	if !d.Kind.MayStandBelow(parent.Kind) {
		return errs.Field("parent_id", i18n.OrgParentKind, d.Kind.Text(), parent.Kind.Text())
	}
	return nil
}
