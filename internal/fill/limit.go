package fill

import "linli/internal/authz"

// PermFill is the right to have forms filled in, within what one may see.
const PermFill authz.Permission = "fill.use"

// Limits of a form. A form is a page that people can look over; whole registers are exported as tables instead.
const (
	maxColumns = 200
	maxRows    = 50_000
	maxPeople  = 20_000 // rows of a blank list
)
