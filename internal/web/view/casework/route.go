package casework

import (
	"context"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/organisation"
	"linli/internal/web/view/field"
	"linli/internal/web/view/partial"
)

// RoutesPath is the address of the rules that say which office answers for a category.
const RoutesPath = "/case-routes"

// Routes is the list of the rules.
type Routes struct {
	Query         url.Values
	Kinds         []casework.Kind
	Kind          string
	Items         []casework.Route
	Past          bool
	Idle          bool // those alone that have no effect
	Before, After string
}

// RouteForm is the form of a rule.
type RouteForm struct {
	field.Form
	Kinds      []casework.Kind
	Kind       casework.Kind
	Categories []field.Option
	Areas      []field.Option
	Org        string // what is chosen is called
}

// The values of the form that say who: a level, a kind of organisation, or the one that is named below.
const (
	levelPrefix = "level:"
	kindPrefix  = "kind:"
	namedTarget = "named"
)

// targets are who a rule can name: levels alone where cases of the kind go to nobody else.
func targets(k casework.Kind) []field.Option {
	var out []field.Option
	for _, l := range catalogue.Levels() {
		out = append(out, field.Option{Value: levelPrefix + string(l), Text: casework.Route{Level: l}.Who()})
	}
	if k.Confidential || k.ByTechnician {
		return out
	}
	for _, o := range casework.RouteKinds() {
		out = append(out, field.Option{Value: kindPrefix + string(o), Text: casework.Route{OrgKind: o}.Who()})
	}
	return append(out, field.Option{Value: namedTarget, Text: i18n.CaseRouteNamed})
}

// ReadTarget takes who a rule names from what was chosen and the organisation that was named.
func ReadTarget(r *casework.Route, chosen string, org id.ID) {
	level, isLevel := strings.CutPrefix(chosen, levelPrefix)
	kind, isKind := strings.CutPrefix(chosen, kindPrefix)
	switch {
	case isLevel:
		r.Level = catalogue.Level(level)
	case isKind:
		r.OrgKind = organisation.Kind(kind)
	case chosen == namedTarget:
		r.OrgID = org
	}
}

// The values of the form that say what a rule is about.
const (
	wholeKind   = "kind"
	classPrefix = "class:"
)

// CategoryOptions are what a rule of a kind can be about: all of it, a class of its list, a category.
func CategoryOptions(l i18n.Lang, k casework.Kind, classes []catalogue.Class, items []casework.Category) []field.Option {
	out := []field.Option{{Value: wholeKind, Text: i18n.Verbatim(i18n.CaseRouteWhole.In(l, k.Text()))}}
	for _, c := range classes {
		if !c.Retired {
			out = append(out, field.Option{Value: classPrefix + c.Code, Text: i18n.Verbatim(i18n.CaseRouteClass.In(l, c.Text()))})
		}
	}
	for _, i := range items {
		out = append(out, field.Option{Value: i.ID.String(), Text: i.Name, Note: i.Class.In(l)})
	}
	return out
}

// ReadCategory takes what a rule is about from what was chosen.
func ReadCategory(r *casework.Route, chosen string) (ok bool) {
	if code, is := strings.CutPrefix(chosen, classPrefix); is {
		r.ClassCode = code
		return true
	}
	if chosen == wholeKind {
		return true
	}
	var err error
	r.ItemID, err = id.Parse(chosen)
	return err == nil
}

var routeTable = []partial.Column{{Key: "category", Title: i18n.CaseRouteCategory, Main: true}, {Key: "area", Title: i18n.CaseRouteArea}, {Key: "who", Title: i18n.CaseRouteWho}, {Key: "auto", Title: i18n.CaseRouteAuto, Tight: true},
	{Key: "since", Title: i18n.CaseRouteSince, Tight: true, Minor: true}, {Key: "act", Title: i18n.CaseRouteEnd, Tight: true}}

func (l Routes) rows(ctx context.Context) []partial.Row {
	var out []partial.Row
	for _, r := range l.Items {
		category, who := i18n.T(ctx, r.Category()), partial.Text(i18n.T(ctx, r.Who()))
		if r.ItemID == 0 && r.ClassCode == "" {
			category = i18n.T(ctx, i18n.CaseRouteWhole, r.Kind)
		} else if r.ItemID == 0 {
			category = i18n.T(ctx, i18n.CaseRouteClass, r.Class)
		}
		switch {
		case r.Idle() && !r.Mine:
			who = partial.Two(i18n.T(ctx, r.Who()), i18n.T(ctx, i18n.CaseRouteIdleAbove))
		case r.Over:
			who = partial.Two(i18n.T(ctx, r.Who()), i18n.T(ctx, i18n.CaseRouteIdleOver))
		case r.Retired:
			who = partial.Two(i18n.T(ctx, r.Who()), i18n.T(ctx, i18n.CaseRouteIdleKind))
		case r.Strict:
			who = partial.Two(i18n.T(ctx, r.Who()), i18n.T(ctx, i18n.CaseRouteIdleStrict))
		}
		how := i18n.CaseRouteOffered
		if r.Auto {
			how = i18n.CaseRouteBySelf
		}
		if r.Level != "" {
			how = i18n.Text{}
		}
		span := i18n.Date(r.FromAt)
		by := r.By
		if !r.UntilAt.IsZero() {
			span, by = span+" – "+i18n.Date(r.UntilAt), r.By+" / "+r.UntilBy
		}
		act := partial.Text("")
		switch {
		case !r.UntilAt.IsZero():
		case !r.Mine:
			act = partial.Text(i18n.T(ctx, i18n.CaseRouteAbove1))
		default:
			act = partial.Button(partial.Act{Text: i18n.CaseRouteEnd, Href: RoutesPath + "/" + r.ID.String() + "/end", Post: true, Small: true})
		}
		out = append(out, partial.Row{ID: r.ID.String(), Name: category, Cells: []templ.Component{partial.Two(category, strings.TrimSuffix(i18n.T(ctx, r.Kind)+" · "+r.Reason, " · ")), partial.Text(r.Area), who, partial.Text(i18n.T(ctx, how)),
			partial.Two(span, by), act}})
	}
	return out
}

// tabs are the rules in force and the former ones.
func (l Routes) tabs() []partial.Tab {
	href := func(past bool) string {
		q := url.Values{}
		if l.Kind != "" {
			q.Set("kind", l.Kind)
		}
		if past {
			q.Set("past", "1")
		}
		if len(q) == 0 {
			return RoutesPath
		}
		return RoutesPath + "?" + q.Encode()
	}
	return []partial.Tab{{Text: i18n.CaseRouteNow, Href: href(false), Active: !l.Past && !l.Idle, Count: -1}, {Text: i18n.CaseRouteIdle, Href: RoutesPath + "?show=idle", Active: l.Idle, Count: -1}, {Text: i18n.CaseRoutePast, Href: href(true), Active: l.Past, Count: -1}}
}

func (l Routes) filters() []partial.Filter {
	var kinds []field.Option
	for _, k := range l.Kinds {
		kinds = append(kinds, field.Option{Value: k.Code, Text: k.Text()})
	}
	return []partial.Filter{{Name: "kind", Label: i18n.CaseKindLabel, Options: kinds}}
}

// tabs choose the kind that the rule is for.
func (f RouteForm) tabs() []partial.Tab {
	var out []partial.Tab
	for _, k := range f.Kinds {
		out = append(out, partial.Tab{Text: k.Text(), Href: RoutesPath + "/new?kind=" + k.Code, Active: k.Code == f.Kind.Code, Count: -1})
	}
	return out
}
