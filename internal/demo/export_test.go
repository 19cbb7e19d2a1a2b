package demo

// Aims are the figures to which the plan of a scale comes.
func Aims(s Scale) map[string]int64 {
	a := s.aims()
	return map[string]int64{"cobuild.agreements": int64(a.Agreements), "pairing.households": int64(a.Households), "employment.people": int64(a.Found), "employment.certificates": int64(a.Certificates),
		"volunteer.teams": int64(a.Teams), "service.outlets": int64(a.Outlets)}
}
