package fill

// Limits of a form. A form is a page that people can look over; whole registers are exported as tables instead.
const (
	maxColumns = 200
	maxRows    = 50_000
)
