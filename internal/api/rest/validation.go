package rest

import (
	"regexp"
	"strings"

	"linli/internal/errs"
	"linli/internal/i18n"
)

// finding is one message of the framework and what we say instead. The group of the pattern, if it has one, is the
// argument; it is always part of the schema, never of the request.
type finding struct {
	says  *regexp.Regexp
	words i18n.Text
	arg   any // in place of the group
}

var findings = []finding{
	{regexp.MustCompile(`^unexpected property|^unknown query parameter`), i18n.APIUnknownField, nil},
	{regexp.MustCompile(`^expected length >= (\d+)`), i18n.APITooShort, nil},
	{regexp.MustCompile(`^expected length <= (\d+)`), i18n.APITooLong, nil},
	{regexp.MustCompile(`^expected array length >= (\d+)`), i18n.APITooFew, nil},
	{regexp.MustCompile(`^expected array length <= (\d+)`), i18n.APITooMany, nil},
	{regexp.MustCompile(`^expected number >=? ?([-\d.e+]+)`), i18n.APITooSmall, nil},
	{regexp.MustCompile(`^expected number <=? ?([-\d.e+]+)`), i18n.APITooBig, nil},
	{regexp.MustCompile(`^expected value to be one of`), i18n.ErrBadChoice, nil},
	{regexp.MustCompile(`RFC 3339 date$`), i18n.ErrBadDate, nil},
	{regexp.MustCompile(`date-time$|^invalid date/time`), i18n.APIWrongType, i18n.APITypeInstant},
	{regexp.MustCompile(`^expected string to`), i18n.APIWrongForm, nil},
	{regexp.MustCompile(`^expected string`), i18n.APIWrongType, i18n.APITypeText},
	{regexp.MustCompile(`integer$`), i18n.APIWrongType, i18n.APITypeWhole},
	{regexp.MustCompile(`^expected number|float$`), i18n.APIWrongType, i18n.APITypeNumber},
	{regexp.MustCompile(`boolean$`), i18n.APIWrongType, i18n.APITypeFlag},
	{regexp.MustCompile(`^expected array`), i18n.APIWrongType, i18n.APITypeList},
	{regexp.MustCompile(`^expected object`), i18n.APIWrongType, i18n.APITypeObject},
	{regexp.MustCompile(`parameter is missing$|body is required`), i18n.ErrRequired, nil},
}

var (
	missing   = regexp.MustCompile(`^expected required property (\S+) to be present`)
	plainName = regexp.MustCompile(`^[a-z][a-z_.]*(\[\d+\](\.[a-z_]+)*)?$`)
)

// explain says in our words what the framework found, and of which field. Neither repeats what was sent: a name that
// is no ordinary field name is left out.
func explain(location, message string) (field string, words errs.Message) {
	field = fieldName(location)
	if m := missing.FindStringSubmatch(message); m != nil {
		return strings.TrimPrefix(field+"."+m[1], "."), errs.Message{Text: i18n.ErrRequired}
	}
	for _, f := range findings {
		if m := f.says.FindStringSubmatch(message); m != nil {
			return orBody(field), errs.Message{Text: f.words, Args: arguments(f, m)}
		}
	}
	if field == "" {
		return "", errs.Message{Text: i18n.APIUnreadable}
	}
	return field, errs.Message{Text: i18n.APIWrongForm}
}

func orBody(field string) string {
	if field == "" {
		return "body"
	}
	return field
}

func arguments(f finding, m []string) []any {
	switch {
	case f.arg != nil:
		return []any{f.arg}
	case len(m) > 1:
		return []any{m[1]}
	}
	return nil
}

// fieldName is a location such as "body.name" or "query.limit" as the name of the field.
func fieldName(location string) string {
	_, name, found := strings.Cut(location, ".")
	if !found {
		return ""
	}
	if !plainName.MatchString(name) || len(name) > 60 {
		return "?"
	}
	return name
}
