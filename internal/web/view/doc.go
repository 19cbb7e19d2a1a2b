// Package view is the kit that pages are made of. It has no code of its own; the parts are:
//
//	layout   Desk, Pocket, Public, Plain, Paper: the frames; Page: what they need; FlashMessage
//	partial  PageHead, Tabs, Panel, Stats, Todos, Button/Acts, Dialog, Badge, Facts, Timeline, Masked,
//	         ListToolbar, DataTable, BulkActs, Pages, Suggestions, Progress, JobProgress, QR, Empty, Help;
//	         cells: Text, Label, Two, Num, NumLink, Hours, Link, Date, Moment
//	field    Errors, Text, Textarea, Select, Radios, Check, Checks, Date, Time, DateTime, Number, Phone,
//	         Email, Password, File, Typeahead (answered by Matches), Group, Buttons
//	chart    Bars, Mix, Columns
//	icon     Icon(icon.Users), Mark
//
// One folder per concept holds its pages (view/member, …): templ components with typed arguments,
// called by the handlers of package web. Labels are i18n.Text; data is string. No style attributes,
// no inline scripts: the content policy refuses them. Arrange with the classes stack, stack-s,
// stack-l, cluster, between, cols-2, cols-3, cols-4, cols-main (with a side column), panel, prose,
// muted, small, strong, num. Wide forms: <form class="form panel">…; fields stand in one column, two
// where they are wrapped in <div class="fields">.
//
// A list page: the address holds search, filters, order and cursor.
//
//	templ List(p layout.Page, q url.Values, rows []member.Listed, before, after string) {
//		@layout.Desk(p) {
//			@partial.PageHead(partial.Head{Title: p.Title, Acts: []partial.Act{
//				{Text: i18n.MemberAdd, Href: "/members/new", Look: partial.Primary, Icon: icon.Plus}}})
//			@partial.ListToolbar(partial.Toolbar{Path: "/members", Query: q, Search: i18n.MemberSearch,
//				Filters: []partial.Filter{{Name: "kind", Label: i18n.MemberKind, Options: kinds()}},
//				Export: "/members/export", Total: -1})
//			@partial.DataTable(partial.Table{Caption: i18n.MemberTitle, Path: "/members", Query: q,
//				Columns: []partial.Column{
//					{Key: "name", Title: i18n.MemberName, Sort: true, Main: true},
//					{Key: "state", Title: i18n.MemberState},
//					{Key: "hours", Title: i18n.MemberHours, Num: true}},
//				Rows: listRows(rows), Empty: i18n.MemberNone})
//			@partial.Pages(partial.Pager{Path: "/members", Query: q, Before: before, After: after,
//				Shown: len(rows), Total: -1})
//		}
//	}
//
//	partial.Row{ID: m.ID.String(), Name: m.Name, Href: "/members/" + m.ID.String(), Cells: []templ.Component{
//		partial.Text(m.Name), partial.Badge(stateOf(m)), partial.Hours(m.Minutes)}}
//
// A form page: it arrives filled in, and comes back with status 422 and f.Err set.
//
//	templ New(p layout.Page, f field.Form, kinds []field.Option) {
//		@layout.Desk(p) {
//			@partial.PageHead(partial.Head{Title: p.Title})
//			<form class="form panel" method="post" action="/members" data-dirty>
//				@field.Counted("member.register")
//				@field.Errors(f)
//				@field.Group(i18n.MemberWho) {
//					@field.Text(f.In("name", i18n.MemberName).Need().First().Limit(40))
//					@field.Phone(f.In("phone", i18n.MemberPhone).Help(i18n.MemberPhoneHint))
//					@field.Select(f.In("kind", i18n.MemberKind).Need(), kinds)
//					@field.Typeahead(f.In("org", i18n.MemberUnit).Need(), "/organisations/match", orgName)
//				}
//				@field.Buttons(i18n.MemberAdd, "/members")
//			</form>
//		}
//	}
//
// Set field.Form.Filled for every value the program knew: it is marked, counted by the burden ledger
// (form key field.FilledKey), and unmarked when the person changes it. A Typeahead asks its address
// with q and posts the chosen id; render field.Matches there. JobProgress polls its address and
// renders itself again until Poll is empty. A list that search or filters emptied says so by itself.
// Page.Prefs takes POST lang, theme, density, elder and back (an address of this site to return to).
//
// Tests of pages: viewtest.Render and viewtest.Check hold any page to the same rules as the kit.
package view
