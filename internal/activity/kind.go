package activity

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

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

// Field is something that a kind of activity asks on signing in, beyond who it is.
type Field struct {
	Code     string    `json:"code"`
	Label    string    `json:"label"`
	LabelEN  string    `json:"label_en,omitempty"`
	Type     FieldType `json:"type"`
	Required bool      `json:"required,omitempty"`
	Options  []string  `json:"options,omitempty"` // of a choice
}

// Text is the label in both languages.
func (f Field) Text() i18n.Text { return i18n.Both(f.Label, f.LabelEN) }

// Kind is a sort of activity, with the defaults it gives to a plan.
type Kind struct {
	Code       string
	Name       string
	NameEN     string
	GivesHours bool
	DeedTitle  string
	Fields     []Field
	Retired    bool
	Version    int64
}

// Text is the name in both languages.
func (k Kind) Text() i18n.Text { return i18n.Both(k.Name, k.NameEN) }

var codePattern = regexp.MustCompile(`^[a-z][a-z0-9_]{0,29}$`)

// check refuses a kind that could not be used.
func (k *Kind) check() error {
	var e *errs.Error
	k.Name, k.NameEN, k.DeedTitle = strings.TrimSpace(k.Name), strings.TrimSpace(k.NameEN), strings.TrimSpace(k.DeedTitle)
	if !codePattern.MatchString(k.Code) {
		e = e.With("code", i18n.ActivityBadCode)
	}
	if n := len([]rune(k.Name)); n == 0 {
		e = e.With("name", i18n.ErrRequired)
	} else if n > 30 {
		e = e.With("name", i18n.ErrTooLong, 30, n)
	}
	seen := map[string]bool{}
	for _, f := range k.Fields {
		bad := !codePattern.MatchString(f.Code) || seen[f.Code] || strings.TrimSpace(f.Label) == "" || len([]rune(f.Label)) > 40
		bad = bad || !slices.Contains([]FieldType{TextField, NumberField, ChoiceField, YesNoField}, f.Type)
		bad = bad || (f.Type == ChoiceField) != (len(f.Options) > 0)
		if bad {
			e = e.With("fields", i18n.ActivityBadField, f.Label+f.Code)
		}
		seen[f.Code] = true
	}
	if len(k.Fields) > 20 {
		e = e.With("fields", i18n.ActivityManyFields, 20)
	}
	return e.OrNil()
}

// Answers are the values of a kind's own fields, by code: text as typed, numbers as plain decimals, "yes" or "no".
type Answers map[string]string

// Check makes answers tidy and refuses what the fields do not take. Values of fields that the kind does not have (any more) are
// dropped. Error fields are named field.<code>.
func (k Kind) Check(in Answers) (Answers, error) {
	var e *errs.Error
	out := Answers{}
	for _, f := range k.Fields {
		v := strings.TrimSpace(in[f.Code])
		name := "field." + f.Code
		if v == "" {
			if f.Required {
				e = e.With(name, i18n.ErrRequired)
			}
			continue
		}
		switch n := len([]rune(v)); {
		case n > 200:
			e = e.With(name, i18n.ErrTooLong, 200, n)
		case f.Type == NumberField && !isNumber(v):
			e = e.With(name, i18n.ErrBadNumber)
		case f.Type == ChoiceField && !slices.Contains(f.Options, v), f.Type == YesNoField && v != "yes" && v != "no":
			e = e.With(name, i18n.ErrBadChoice)
		}
		out[f.Code] = v
	}
	return out, e.OrNil()
}

func isNumber(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil && strings.Trim(s, "0123456789.-") == ""
}

// Answer is one answer with its field's label, for showing.
type Answer struct {
	Label i18n.Text
	Value i18n.Text
}

// Show gives the answers in the order of the kind's fields.
func (k Kind) Show(in Answers) []Answer {
	var out []Answer
	rest := maps.Clone(in)
	for _, f := range k.Fields {
		v, ok := in[f.Code]
		delete(rest, f.Code)
		if !ok {
			continue
		}
		shown := i18n.Verbatim(v)
		if f.Type == YesNoField {
			shown = map[string]i18n.Text{"yes": i18n.ActivityYes, "no": i18n.ActivityNo}[v]
		}
		out = append(out, Answer{f.Text(), shown})
	}
	for _, c := range slices.Sorted(maps.Keys(rest)) {
		out = append(out, Answer{i18n.Verbatim(c), i18n.Verbatim(rest[c])})
	}
	return out
}

// Standard are the kinds that a new tenant starts with.
func Standard() []Kind {
	kind := func(code string, name i18n.Text, hours bool, deed i18n.Text, fields ...Field) Kind {
		return Kind{Code: code, Name: name.In(i18n.ZH), NameEN: name.In(i18n.EN), GivesHours: hours, DeedTitle: deed.In(i18n.ZH), Fields: fields}
	}
	field := func(code string, t FieldType, label i18n.Text, options ...string) Field {
		return Field{Code: code, Type: t, Label: label.In(i18n.ZH), LabelEN: label.In(i18n.EN), Options: options}
	}
	return []Kind{
		kind("volunteering", i18n.ActivityKindVolunteering, true, i18n.Text{}),
		kind("cleaning", i18n.ActivityKindCleaning, true, i18n.ActivityDeedCleaning, field("bags", NumberField, i18n.ActivityFieldBags)),
		kind("visit", i18n.ActivityKindVisit, true, i18n.ActivityDeedVisit, field("households", NumberField, i18n.ActivityFieldHouseholds)),
		kind("patrol", i18n.ActivityKindPatrol, true, i18n.Text{}, field("found", TextField, i18n.ActivityFieldFound)),
		kind("clinic", i18n.ActivityKindClinic, true, i18n.ActivityDeedClinic, field("served", NumberField, i18n.ActivityFieldServed)),
		kind("culture", i18n.ActivityKindCulture, true, i18n.Text{}),
		kind("lecture", i18n.ActivityKindLecture, false, i18n.Text{}),
		kind("training", i18n.ActivityKindTraining, false, i18n.Text{}), // of volunteers; package volunteer reads who attended
		kind("party_day", i18n.ActivityKindPartyDay, false, i18n.Text{}),
		kind("meeting", i18n.ActivityKindMeeting, false, i18n.Text{}),
	}
}

func encodeJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return "{}" // maps and structs of texts always encode
	}
	return string(b)
}

// answersColumn and fieldsColumn read their JSON columns.
type answersColumn struct{ to *Answers }

func (c answersColumn) Scan(v any) error { return scanJSON(v, c.to) }

type fieldsColumn struct{ to *[]Field }

func (c fieldsColumn) Scan(v any) error { return scanJSON(v, c.to) }

func scanJSON(v, to any) error {
	switch v := v.(type) {
	case string:
		return json.Unmarshal([]byte(v), to)
	case []byte:
		return json.Unmarshal(v, to)
	}
	return fmt.Errorf("activity: cannot read JSON from %T", v)
}
