package i18n

import "strings"

// The endings of names of Party organisations by their form.
var orgFormEndings = map[string][]string{
	"":          {"支部委员会", "党支部"},
	"general":   {"总支部委员会", "党总支"},
	"committee": {"委员会", "党委"},
}

// OrgFormRenamed is a name with the ending of a form in place of that which it has; a name with no usual ending stays.
func OrgFormRenamed(name, form string) string {
	for _, from := range []string{"general", "", "committee"} { // the longer endings first
		for n, ending := range orgFormEndings[from] {
			if head, ok := strings.CutSuffix(name, ending); ok {
				return head + orgFormEndings[form][n]
			}
		}
	}
	return name
}
