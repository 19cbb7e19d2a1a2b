package casework

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"linli/internal/catalogue"
	"linli/internal/errs"
	"linli/internal/i18n"
)

// FieldType says what a kind's own field takes.
type FieldType string

// The types of field.
const (
	TextField   FieldType = "text"
	NumberField FieldType = "number"
	ChoiceField FieldType = "choice"
	YesNoField  FieldType = "yesno"
)

var fieldTypes = []FieldType{TextField, NumberField, ChoiceField, YesNoField}

// Field is something that a kind asks beyond what every case has.
type Field struct {
	Code     string    `json:"code"`
	Label    string    `json:"label"`
	LabelEN  string    `json:"label_en,omitempty"`
	Type     FieldType `json:"type"`
	Required bool      `json:"required,omitempty"`
	Options  []string  `json:"options,omitempty"`
}

// Text is the label in both languages.
func (f Field) Text() i18n.Text { return i18n.Both(f.Label, f.LabelEN) }

// Kind is a sort of case: what it asks, how long it may take, and who may see it.
type Kind struct {
	Code         string
	Name         string
	NameEN       string
	List         string // of the catalogue, from which the category is chosen; "" for none
	Fields       []Field
	Days         int64 // working days, unless the category says otherwise
	Hours        int64 // instead of days
	UrgentHours  int64 // where somebody says that it is urgent; 0 means it cannot be
	OpenToAll    bool  // residents report it themselves
	Visibility   Visibility
	Confidential bool // its cases are not open to everybody where they happened: it follows from Visibility
	Petition     bool // handled by the regulation on petitions (CASE-9)
	Steps        []KindStep
	Georeport    Opening
	ByTechnician bool // technicians and volunteers are sent to do it
	Rank         int64
	Retired      bool
	Version      int64
}

// Text is the name in both languages.
func (k Kind) Text() i18n.Text { return i18n.Both(k.Name, k.NameEN) }

// onlyLevel says that its cases go by level only: at another organisation nobody would see them, or the board of technicians would not.
func (k Kind) onlyLevel() bool { return k.Confidential || k.ByTechnician }

// Visibility is who sees the cases of a kind.
type Visibility string

// The visibilities, from the widest to the strictest.
const (
	ToPlace        Visibility = ""             // who works where it happened, at who has it, or at who handles it jointly
	ToHandling     Visibility = "handling"     // who works at an organisation that has it, gave it out, or handles it jointly
	ToConfidential Visibility = "confidential" // who may see such cases, at the organisation that has it (PermConfidential)
	ToNamed        Visibility = "named"        // of those whoever handles it; until somebody does, all of them
)

// Visibilities lists them, from the widest to the strictest.
func Visibilities() []Visibility { return []Visibility{ToPlace, ToHandling, ToConfidential, ToNamed} }

// Text names it.
func (v Visibility) Text() i18n.Text {
	return map[Visibility]i18n.Text{ToPlace: i18n.CaseSeenPlace, ToHandling: i18n.CaseSeenHandling, ToConfidential: i18n.CaseSeenConfidential, ToNamed: i18n.CaseSeenNamed}[v]
}

// Looser says whether more people see a case by v than by another.
func (v Visibility) Looser(than Visibility) bool {
	return slices.Index(Visibilities(), v) < slices.Index(Visibilities(), than)
}

// MaxDays and MaxHours bound a limit.
const (
	MaxDays  = 120
	MaxHours = 720
)

func codeOK(s string) bool {
	if s == "" || len(s) > 30 || s[0] < 'a' || s[0] > 'z' {
		return false
	}
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789_") == ""
}

// check refuses a kind that could not be used.
func (k *Kind) check() error {
	var e *errs.Error
	if !codeOK(k.Code) || k.Code == "new" { // the address of one that is to be made
		e = e.With("code", i18n.ActivityBadCode)
	}
	e = errs.Words(e, "name", &k.Name, 30, true)
	e = errs.Words(e, "name_en", &k.NameEN, 60, false)
	if k.Days < 0 || k.Days > MaxDays {
		e = e.With("days", i18n.ErrNumberRange, 0, MaxDays)
	}
	if k.Hours < 0 || k.Hours > MaxHours {
		e = e.With("hours", i18n.ErrNumberRange, 0, MaxHours)
	}
	if k.UrgentHours < 0 || k.UrgentHours > MaxHours {
		e = e.With("urgent_hours", i18n.ErrNumberRange, 0, MaxHours)
	}
	if !slices.Contains(Visibilities(), k.Visibility) {
		e = e.With("visibility", i18n.ErrBadChoice)
	}
	if k.Confidential && k.Visibility == ToPlace {
		k.Visibility = ToConfidential
	}
	k.Confidential = k.Visibility != ToPlace
	if k.Petition {
		k.Days, k.Hours, k.UrgentHours = petitionDays, 0, 0
	}
	if (k.Days == 0) == (k.Hours == 0) {
		e = e.With("days", i18n.CaseOneLimit)
	}
	e = checkSteps(e, k.Steps)
	switch {
	case !slices.Contains(Openings(), k.Georeport):
		e = e.With("georeport", i18n.ErrBadChoice)
	case k.Confidential && k.Georeport != NotOpen:
		e = e.With("georeport", i18n.GeoreportConfidential)
	case k.ByTechnician && k.Georeport == Public: // the position would be somebody's home
		e = e.With("georeport", i18n.GeoreportAtHome)
	}
	if k.Confidential && k.ByTechnician {
		e = e.With("by_technician", i18n.CaseKindNoTechnician)
	}
	seen := map[string]bool{}
	for _, f := range k.Fields {
		if !codeOK(f.Code) || seen[f.Code] || strings.TrimSpace(f.Label) == "" || utf8.RuneCountInString(f.Label) > 40 || !slices.Contains(fieldTypes, f.Type) ||
			(f.Type == ChoiceField) != (len(f.Options) > 0) {
			e = e.With("fields", i18n.ActivityBadField, f.Label+f.Code)
		}
		seen[f.Code] = true
	}
	if len(k.Fields) > 20 {
		e = e.With("fields", i18n.ActivityManyFields, 20)
	}
	return e.OrNil()
}

// answers makes the values of a kind's own fields tidy and says what is wrong with them, under field.<code>.
func (k Kind) answers(e *errs.Error, in map[string]string) (map[string]string, *errs.Error) {
	out := map[string]string{}
	for _, f := range k.Fields {
		v, name := strings.TrimSpace(in[f.Code]), "field."+f.Code
		if v == "" {
			if f.Required {
				e = e.With(name, i18n.ErrRequired)
			}
			continue
		}
		switch n := utf8.RuneCountInString(v); {
		case n > 200:
			e = e.With(name, i18n.ErrTooLong, 200, n)
		case f.Type == NumberField && !isNumber(v):
			e = e.With(name, i18n.ErrBadNumber)
		case f.Type == ChoiceField && !slices.Contains(f.Options, v), f.Type == YesNoField && v != "yes" && v != "no":
			e = e.With(name, i18n.ErrBadChoice)
		}
		out[f.Code] = v
	}
	return out, e
}

func isNumber(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil && strings.Trim(s, "0123456789.-") == ""
}

// Standard are the kinds that a district starts with, with the limits of CASE-4, and of CASE-9 for petitions.
func Standard() []Kind {
	kind := func(code string, name i18n.Text, list string, days, hours, urgent int64, open bool, seen Visibility, fields ...Field) Kind {
		return Kind{Code: code, Name: name.In(i18n.ZH), NameEN: name.In(i18n.EN), List: list, Days: days, Hours: hours, UrgentHours: urgent, OpenToAll: open, Visibility: seen, Confidential: seen != ToPlace, Fields: fields}
	}
	field := func(code string, t FieldType, label i18n.Text) Field {
		return Field{Code: code, Type: t, Label: label.In(i18n.ZH), LabelEN: label.In(i18n.EN)}
	}
	list := []Kind{
		kind("service", i18n.CaseKindService, catalogue.Hotline, 0, 24, 2, true, ToPlace, field("when", TextField, i18n.CaseFieldWhen)),
		kind("opinion", i18n.CaseKindOpinion, catalogue.Opinion, 5, 0, 0, true, ToPlace),
		kind("event", i18n.CaseKindEvent, catalogue.Event, 3, 0, 4, true, ToPlace, field("part", TextField, i18n.CaseFieldPart)),
		kind("matter", i18n.CaseKindMatter, catalogue.Matter, 5, 0, 0, true, ToPlace, field("proxy", YesNoField, i18n.CaseFieldProxy)),
		kind("dispute", i18n.CaseKindDispute, catalogue.Dispute, 20, 0, 0, true, ToConfidential, field("other_side", TextField, i18n.CaseFieldOther)),
		kind("need", i18n.CaseKindNeed, catalogue.Need, 10, 0, 24, false, ToPlace, field("for_whom", TextField, i18n.CaseFieldFor)),
		kind("petition", i18n.CaseKindPetitions, "", petitionDays, 0, 0, true, ToHandling, field("answered", YesNoField, i18n.CaseFieldAnswered)),
	}
	open := map[string]Opening{"event": Public, "service": SentIn, "opinion": SentIn} // what is found in the street is public; what is asked for at home is not
	list[0].ByTechnician = true
	one := func(name i18n.Text, days int64) []KindStep { // optional ones: nobody presses more than before
		return []KindStep{{Name: name.In(i18n.ZH), NameEN: name.In(i18n.EN), Who: i18n.CaseStepHandler.In(i18n.ZH), Days: days}}
	}
	list[1].Steps, list[2].Steps, list[3].Steps = one(i18n.CaseStepContact, 2), one(i18n.CaseStepLook, 1), one(i18n.CaseStepPapers, 2)
	list[4].Steps, list[5].Steps = one(i18n.CaseStepBoth, 5), one(i18n.CaseStepVisit, 3)
	opinion := one(i18n.CaseStepOpinion, 0) // the regulation asks for it in writing, with where to ask for a review
	opinion[0].Needed = true
	inform := one(i18n.CaseStepInform, petitionInform) // within the 15 days, in writing
	inform[0].Needed = true
	list[6].Petition, list[6].Steps = true, slices.Concat(inform, one(i18n.CaseStepHear, 20), opinion)
	for i := range list {
		list[i].Rank, list[i].Georeport = int64(i+1), open[list[i].Code]
	}
	return list
}

// stepsColumn reads its JSON column.
type stepsColumn struct{ to *[]KindStep }

func (c stepsColumn) Scan(v any) error { return scanJSON(v, c.to) }

// fieldsColumn reads its JSON column.
type fieldsColumn struct{ to *[]Field }

func (c fieldsColumn) Scan(v any) error { return scanJSON(v, c.to) }

func scanJSON(v, to any) error {
	switch v := v.(type) {
	case string:
		return json.Unmarshal([]byte(v), to)
	case []byte:
		return json.Unmarshal(v, to)
	}
	return fmt.Errorf("casework: cannot read JSON from %T", v)
}

func encodeJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return "{}" // maps and structs of texts always encode
	}
	return string(b)
}
