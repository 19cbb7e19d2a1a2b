package dues

import "github.com/a-h/templ"

func cells(list ...templ.Component) []templ.Component { return list }
