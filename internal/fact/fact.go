package fact

import (
	"strings"

	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/i18n"
)

// Subject is what a fact is about: the kind of a row.
type Subject string

// The subjects.
const (
	Person         Subject = "person"
	Household      Subject = "household"
	Building       Subject = "building"
	Quarter        Subject = "quarter"
	Grid           Subject = "grid"
	Organisation   Subject = "organisation"
	Member         Subject = "member"
	Activity       Subject = "activity"
	Attendance     Subject = "attendance"
	Responsibility Subject = "responsibility"
	Claim          Subject = "claim"
	Deed           Subject = "deed"
	Slip           Subject = "slip"
)

// Subjects lists all subjects.
func Subjects() []Subject {
	return []Subject{Person, Household, Building, Quarter, Grid, Organisation, Member, Activity, Attendance, Responsibility, Claim, Deed, Slip}
}

var subjectTexts = map[Subject]i18n.Text{
	Person: i18n.FactSubjectPerson, Household: i18n.FactSubjectHousehold, Building: i18n.FactSubjectBuilding, Quarter: i18n.FactSubjectQuarter,
	Grid: i18n.FactSubjectGrid, Organisation: i18n.FactSubjectOrganisation, Member: i18n.FactSubjectMember, Activity: i18n.FactSubjectActivity,
	Attendance: i18n.FactSubjectAttendance, Responsibility: i18n.FactSubjectResponsibility, Claim: i18n.FactSubjectClaim,
	Deed: i18n.FactSubjectDeed, Slip: i18n.FactSubjectSlip,
}

// Text names the subject.
func (s Subject) Text() i18n.Text { return subjectTexts[s] }

// Valid says whether there is such a subject.
func (s Subject) Valid() bool { return !subjectTexts[s].IsZero() }

// Type says what values a fact has.
type Type string

// The types. Choice has a List.
const (
	Text   Type = "text"
	Choice Type = "choice"
	Date   Type = "date"
	Number Type = "number"
	YesNo  Type = "yes_no"
)

// Types lists the types.
func Types() []Type { return []Type{Text, Choice, Date, Number, YesNo} }

// Text names the type.
func (t Type) Text() i18n.Text {
	return map[Type]i18n.Text{Text: i18n.FactTypeText, Choice: i18n.FactTypeChoice, Date: i18n.FactTypeDate, Number: i18n.FactTypeNumber,
		YesNo: i18n.FactTypeYesNo}[t]
}

// Sensitivity says how carefully a fact is handled.
type Sensitivity string

// The sensitivities. Open says nothing about a person; Personal is seen within the scope; Sealed is stored encrypted and opened for a
// purpose, which is recorded per person.
const (
	Open     Sensitivity = "open"
	Personal Sensitivity = "personal"
	Sealed   Sensitivity = "sealed"
)

// Sensitivities lists the sensitivities.
func Sensitivities() []Sensitivity { return []Sensitivity{Open, Personal, Sealed} }

// Text names the sensitivity.
func (s Sensitivity) Text() i18n.Text {
	return map[Sensitivity]i18n.Text{Open: i18n.FactOpen, Personal: i18n.FactPersonal, Sealed: i18n.FactSealed}[s]
}

// Fact is one thing that can be known about a subject.
type Fact struct {
	ID          string // "person.born_on": the subject, a dot, a name
	Subject     Subject
	i18n.Term   // Name, the Synonyms that offices print, and Doc: what it means
	Type        Type
	List        *code.List // of a Choice
	Unit        i18n.Text  // of a Number
	Sensitivity Sensitivity
	Purpose     string   // code in the register of purposes under which it is held
	Owner       string   // the package that keeps it; "own" for a district's own
	Columns     []string // "table.column" from which it is read; none for what is worked out
	Register    bool     // a YesNo that follows from being listed: "no" needs a declaration that the list is complete
	From        []Ref    // of a derived fact: what it is worked out from
	OwnID       string   // of a district's own fact: its row
}

// Derived says whether the fact is worked out from others.
func (f Fact) Derived() bool { return len(f.From) > 0 }

// The values of a YesNo.
const (
	Yes = "1"
	No  = "0"
)

// Value is what is known of a fact for one row. The zero Value is unknown.
type Value struct {
	Known  bool
	Hidden bool          // sealed and not opened: Text is the mask
	Text   string        // canonical: dates ISO, numbers decimal, yes and no "1" and "0", choices their code
	AsOf   calendar.Date // when it was recorded or last confirmed; zero where that is not kept
}

// Is is a known value; empty text is unknown.
func Is(text string, asOf calendar.Date) Value {
	if text == "" {
		return Value{}
	}
	return Value{Known: true, Text: text, AsOf: asOf}
}

// Whether is a known yes or no.
func Whether(yes bool, asOf calendar.Date) Value {
	if yes {
		return Value{Known: true, Text: Yes, AsOf: asOf}
	}
	return Value{Known: true, Text: No, AsOf: asOf}
}

// Day is the value as a date; zero if it is none.
func (v Value) Day() calendar.Date {
	if !v.Known || v.Hidden {
		return calendar.Date{}
	}
	d, err := calendar.Parse(v.Text)
	if err != nil {
		return calendar.Date{}
	}
	return d
}

// Show gives a value of the fact as people read it in language l: labels for codes, words for yes and no; "" if unknown.
func (f Fact) Show(v Value, l i18n.Lang) string {
	switch {
	case !v.Known:
		return ""
	case v.Hidden:
		return v.Text
	case f.Type == Choice && f.List != nil:
		return f.List.Label(v.Text).In(l)
	case f.Type == YesNo && v.Text == Yes:
		return i18n.FactYes.In(l)
	case f.Type == YesNo && v.Text == No:
		return i18n.FactNo.In(l)
	}
	return v.Text
}

// Ref names a fact as seen from a row: links separated by "/" and then the fact's ID. "person.name" is the row's own,
// "household/head/person.name" the name of the head of its household.
type Ref string

// Split gives the links and the fact's ID.
func (r Ref) Split() (via []string, factID string) {
	parts := strings.Split(string(r), "/")
	return parts[:len(parts)-1], parts[len(parts)-1]
}

// over is r as seen over one more link.
func (r Ref) over(link string) Ref { return Ref(link + "/" + string(r)) }
