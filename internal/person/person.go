package person

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/tabular"
)

// Permissions on residents. Those that end in .own reach the actor's own record only.
const (
	PermSee        authz.Permission = "resident.see"
	PermSeeOwn     authz.Permission = "resident.see.own"
	PermEdit       authz.Permission = "resident.edit"
	PermImport     authz.Permission = "resident.import"
	PermExport     authz.Permission = "resident.export"
	PermReveal     authz.Permission = "resident.reveal"
	PermLooks      authz.Permission = "resident.looks"
	PermLooksOwn   authz.Permission = "resident.looks.own"
	PermConsent    authz.Permission = "resident.consent"
	PermConsentOwn authz.Permission = "resident.consent.own"
	PermPurpose    authz.Permission = "purpose.edit"
)

// Flags say what about a record contradicts its ID number (CODE-4).
const (
	FlagBorn = "born_on"
	FlagSex  = "sex"
)

// Person is one record, with its sealed fields masked.
type Person struct {
	ID           id.ID
	CommunityID  id.ID // 0 for none
	HouseholdID  id.ID
	GridID       id.ID
	BuildingID   id.ID
	Name         string
	Sex          code.Sex
	BornOn       calendar.Date
	IDMask       string
	PhoneMask    string
	Ethnic       string // CODE-35
	Political    string // CODE-32
	Schooling    string // CODE-33
	Residence    string // code.ResidenceKinds
	HeadRelation string // code.HeadRelations
	WorkUnit     string
	MovedInOn    calendar.Date
	MovedOutOn   calendar.Date
	DiedOn       calendar.Date
	Flagged      []string // Flags
	Source       string   // how the record came in: "form", "import", "member", …
	CreatedAt    time.Time
	UpdatedAt    time.Time
	Version      int64
}

// State is where somebody stands: "living", "moved_out" or "dead".
func (p Person) State() string {
	switch {
	case !p.DiedOn.IsZero():
		return Dead
	case !p.MovedOutOn.IsZero():
		return MovedOut
	}
	return Living
}

// The states of a person.
const (
	Living   = "living"
	MovedOut = "moved_out"
	Dead     = "dead"
)

// Age is the person's age in full years on a day; -1 if the birthday is not known.
func (p Person) Age(on calendar.Date) int {
	if p.BornOn.IsZero() {
		return -1
	}
	if !p.DiedOn.IsZero() && p.DiedOn.Before(on) {
		on = p.DiedOn
	}
	return p.BornOn.YearsUntil(on)
}

// Fields are what is said about a person, in a form, an import or by another package. Empty is "not known".
type Fields struct {
	Name         string
	Sex          code.Sex
	BornOn       calendar.Date
	IDNumber     string // as written; checked here
	Phone        string
	Ethnic       string
	Political    string
	Schooling    string
	Residence    string
	HeadRelation string
	WorkUnit     string
	MovedInOn    calendar.Date
	Categories   []string // code.ResidentCategories
}

// maxName is the longest name: names of ethnic minorities and foreigners run to some forty characters.
const maxName = 60

// sealedFields are the checked, normalised sealed values of a person.
type sealedFields struct {
	id    code.ResidentID
	phone code.Phone
}

// check checks and normalises what was said. It fills sex and birthday from the ID number where they were not said, and gives
// the flags where they were said otherwise.
func (f *Fields) check(now time.Time) (s sealedFields, flags []string, err error) {
	var e *errs.Error
	f.Name = cleanName(f.Name)
	switch n := utf8.RuneCountInString(f.Name); {
	case n == 0:
		e = e.With("name", i18n.ErrRequired)
	case n > maxName:
		e = e.With("name", i18n.ErrTooLong, maxName, n)
	}
	if message, advice, wrong := tabular.CheckText(f.Name); wrong {
		e = e.With("name", i18n.CodeProblem, message, advice)
	}
	if n := utf8.RuneCountInString(f.WorkUnit); n > 100 {
		e = e.With("work_unit", i18n.ErrTooLong, 100, n)
	}
	if f.IDNumber != "" {
		number, p := code.ParseResidentID(f.IDNumber, now, code.IDRules{})
		if p.Blocks() {
			e = e.With("id_number", i18n.CodeProblem, p.Message, p.Advice)
		}
		s.id = number
	}
	if f.Phone != "" {
		phone, p := code.ParsePhone(f.Phone)
		if p.Blocks() {
			e = e.With("phone", i18n.CodeProblem, p.Message, p.Advice)
		}
		s.phone = phone
	}
	e = f.checkLists(e)
	e = f.checkDays(e, calendar.DateOf(now))
	flags = f.propose(s.id)
	return s, flags, e.OrNil()
}

func cleanName(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if strings.Contains(s, " ") && strings.ContainsFunc(s, func(r rune) bool { return r >= 0x2e80 }) {
		s = strings.ReplaceAll(s, " ", "")
	}
	return s
}

func (f *Fields) checkLists(e *errs.Error) *errs.Error {
	for _, l := range []struct {
		field string
		value string
		list  *code.List
	}{
		{"sex", string(f.Sex), code.Sexes}, {"ethnic", f.Ethnic, code.EthnicGroups}, {"political", f.Political, code.PoliticalStatuses},
		{"schooling", f.Schooling, code.Schoolings}, {"residence", f.Residence, code.ResidenceKinds}, {"head_relation", f.HeadRelation, code.HeadRelations},
	} {
		if _, ok := l.list.ByCode(l.value); l.value != "" && !ok {
			e = e.With(l.field, i18n.ErrBadChoice)
		}
	}
	for _, c := range f.Categories {
		if _, ok := code.ResidentCategories.ByCode(c); !ok {
			e = e.With("categories", i18n.ErrBadChoice)
		}
	}
	return e
}

func (f *Fields) checkDays(e *errs.Error, today calendar.Date) *errs.Error {
	if f.BornOn.After(today) || !f.BornOn.IsZero() && f.BornOn.Year() < 1800 {
		e = e.With("born_on", i18n.PersonBornLater)
	}
	if f.MovedInOn.After(today) {
		e = e.With("moved_in_on", i18n.PersonInFuture)
	}
	return e
}

// propose fills sex and birthday from the ID number where they are not known, and gives the flags where they differ from
// it (CODE-4).
func (f *Fields) propose(n code.ResidentID) (flags []string) {
	if n.IsZero() {
		return nil
	}
	born := calendar.On(n.Birth())
	switch {
	case f.BornOn.IsZero():
		f.BornOn = born
	case f.BornOn != born:
		flags = append(flags, FlagBorn)
	}
	switch f.Sex {
	case "", code.SexUnknown, code.SexNotStated:
		f.Sex = n.Sex()
	default:
		if f.Sex != n.Sex() {
			flags = append(flags, FlagSex)
		}
	}
	return flags
}

// contradiction is what a form answers when sex or birthday differ from the ID number and nobody confirmed it.
func contradiction(flags []string) error {
	var e *errs.Error
	if slices.Contains(flags, FlagBorn) {
		e = e.With("born_on", i18n.PersonBornDiffers)
	}
	if slices.Contains(flags, FlagSex) {
		e = e.With("sex", i18n.PersonSexDiffers)
	}
	return e.OrNil()
}

// TakenError is the cause of the error that refuses an ID number that somebody has: PersonID is the record to look at.
type TakenError struct{ PersonID id.ID }

// Error is for the log.
func (e *TakenError) Error() string { return "the ID number belongs to person " + e.PersonID.String() }
