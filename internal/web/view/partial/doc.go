// Package partial holds the parts that every page is made of: page head, tabs, lists, tables,
// states, descriptions, history, dialogs, sealed values, progress. They take typed arguments, speak
// the language of the context and work without scripts; scripts make them quicker.
//
// Labels are i18n.Text; what may be data (a name, a title) is string. Package view shows how the
// parts make a page.
package partial
