package employment

import (
	"strings"

	"linli/internal/i18n"
)

// limits finds in a text of a job what nobody may ask of applicants (refused), and what the station is to look at (flagged): fees, sex and ages. Where nobody is left out by name is no
// limit.
func limits(text string) (refused string, flagged []string) {
	plain := strings.Map(func(r rune) rune {
		if r >= '０' && r <= '９' {
			return r - '０' + '0'
		}
		return r
	}, strings.Join(strings.Fields(strings.ToLower(text)), ""))
	for _, w := range i18n.EmployFreeWords {
		plain = strings.ReplaceAll(plain, w, " ")
	}
	for _, w := range i18n.EmployRefusedWords {
		if strings.Contains(plain, w) {
			return w, nil
		}
	}
	for _, w := range i18n.EmployFlaggedWords {
		if strings.Contains(plain, w) {
			flagged = append(flagged, w)
		}
	}
	for _, age := range i18n.EmployAge.FindAllString(plain, 3) {
		flagged = append(flagged, age)
	}
	return "", flagged
}
