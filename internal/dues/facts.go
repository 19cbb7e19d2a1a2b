package dues

import "linli/internal/fact"

// Facts says that this package gives nothing to the catalogue of facts: what somebody pays stands in no form and no table.
func (s *Service) Facts() fact.Source {
	const secret = "dues are seen by the member and by who keeps them"
	return fact.Source{Owner: "dues", Internal: map[string]string{"dues_base.*": secret, "dues_relief.*": secret, "dues_payment.*": secret, "dues_entry.*": secret,
		"dues_total.*": "shown with the threshold that protects single payers", "birthday_greeting.*": "shown in the list of political birthdays"}}
}
