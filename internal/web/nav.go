package web

import (
	"strings"

	"linli/internal/appraisal"
	"linli/internal/authz"
	"linli/internal/i18n"
	"linli/internal/meeting"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/layout"
)

// navEntry is a place in the navigation; who lacks all its permissions does not see it.
type navEntry struct {
	text  i18n.Text
	href  string
	icon  icon.Name
	perms []authz.Permission
}

type navGroup struct {
	title   i18n.Text
	entries []navEntry
}

// navigation is what the actor may go to at the desk.
func navigation(a authz.Actor) []layout.NavGroup {
	var list []layout.NavGroup
	for _, g := range deskNav {
		var items []layout.NavItem
		for _, e := range g.entries {
			if may(e.perms...).lets(a) {
				items = append(items, layout.NavItem{Text: e.text, Href: e.href, Icon: e.icon})
			}
		}
		if len(items) > 0 {
			list = append(list, layout.NavGroup{Title: g.title, Items: items})
		}
	}
	return list
}

// active is the navigation entry that an address belongs to: the longest that it starts with.
func active(path string) string {
	best := ""
	for _, g := range deskNav {
		for _, e := range g.entries {
			if (path == e.href || strings.HasPrefix(path, e.href+"/")) && len(e.href) > len(best) {
				best = e.href
			}
		}
	}
	if path == "/m" || !strings.HasPrefix(path, "/m/") {
		if path == "/m" {
			best = path
		}
		return best
	}
	best = "/m/member" // slips, claims, certificate, looks: all that is the member's own and has no place in the bar
	for _, e := range pocketNav {
		if e.href != "/m" && (path == e.href || strings.HasPrefix(path, e.href+"/")) {
			best = e.href
		}
	}
	return best
}

// pocketTabs is the bottom bar on phones.
func pocketTabs(a authz.Actor) []layout.NavItem {
	var items []layout.NavItem
	for _, e := range pocketNav {
		if may(e.perms...).lets(a) {
			items = append(items, layout.NavItem{Text: e.text, Href: e.href, Icon: e.icon})
		}
	}
	return items
}

// accountMenu is what concerns the account itself.
func accountMenu(a authz.Actor) []layout.NavItem {
	items := []layout.NavItem{{Text: i18n.NavAccount, Href: "/account", Icon: icon.User}}
	if a.PersonID != 0 {
		items = append(items, layout.NavItem{Text: i18n.NavMyLooks, Href: "/m/looks", Icon: icon.Eye})
	}
	if may(meeting.PermOwn).lets(a) {
		items = append(items, layout.NavItem{Text: i18n.MineMeetings, Href: "/m/meetings", Icon: icon.Notes})
	}
	if may(appraisal.PermOwn).lets(a) {
		items = append(items, layout.NavItem{Text: i18n.AppraisalMine, Href: "/m/appraisal", Icon: icon.Scale})
	}
	if may(meeting.PermSee, meeting.PermOwn).lets(a) {
		items = append(items, layout.NavItem{Text: i18n.FeedTitle, Href: "/calendars", Icon: icon.Calendar})
	}
	return items
}

func userOf(a authz.Actor) layout.User {
	u := layout.User{Name: a.Name}
	if len(a.Grants) > 0 {
		u.Role, u.Org = a.Grants[0].RoleName, a.Grants[0].RootName
	}
	return u
}
