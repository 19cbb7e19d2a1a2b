package demo

// Scale says how large the district is.
type Scale struct {
	Name        string
	Streets     int
	Communities int // in all streets
	Residents   int
	Members     int
	Committees  int
	Units       int
	Weekly      int // activities of a community in a week
	Turnout     int // members at an activity, about
}

// The scales that can be asked for.
var (
	Small    = Scale{Name: "small", Streets: 1, Communities: 6, Residents: 20_000, Members: 1_500, Committees: 5, Units: 40, Weekly: 1, Turnout: 12}
	District = Scale{Name: "district", Streets: 4, Communities: 60, Residents: 410_000, Members: 30_000, Committees: 22, Units: 600, Weekly: 2, Turnout: 45}
)

// ScaleNamed finds a scale by its name.
func ScaleNamed(name string) (s Scale, known bool) {
	for _, s := range []Scale{Small, District} {
		if s.Name == name {
			return s, true
		}
	}
	return Scale{}, false
}

// share is part i of n when total is divided as evenly as whole numbers allow.
func share(total, n, i int) int { return total*(i+1)/n - total*i/n }
