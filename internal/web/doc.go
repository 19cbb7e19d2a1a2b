// Package web is the HTML surface: it reads a request, calls one method of a service, chooses a page and answers.
//
//	routes.go       every address of the surface, with who may call it: reading it is reading the product
//	handler.go      Handler, its services, how a route is wrapped (log-in, language, errors)
//	middleware.go   request ids, security headers, same-origin check, limits
//	render.go       frames, redirects with a message, error pages, exports
//	form.go         reading forms; counting what they ask (burden ledger)
//	nav.go          navigation and "what waits for me" by permissions
//	<concept>.go    one file of handlers per concept; its pages are in view/<concept>
//
// A handler returns an error; fail turns it into a page: 422 with the form again for Invalid, 404, 403, 409 and so on, and
// 500 with the request's number, logged once. Pages are rendered into a buffer first, so that an error never leaves half a
// page. Templates may leave a button out; only services decide what may be done.
package web
