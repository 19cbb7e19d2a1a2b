// Package static holds what browsers load: styles, scripts and the mark. The files are built by
// tools/webassets, carry the hash of their content in their name, and are committed with a gzip
// copy each, so that building and serving the product needs Go alone.
//
// URL gives the address of an asset by its plain name ("desk.css"); Handler serves them for ever,
// since another content has another name. Licences gives the licence texts for the about page.
package static
