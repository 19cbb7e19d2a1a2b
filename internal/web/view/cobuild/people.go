package cobuild

import (
	"context"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/calendar"
	"linli/internal/cobuild"
	"linli/internal/i18n"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/partial"
)

// The addresses of persons of agreements.
const (
	PeoplePath = "/cobuild-people"
	PostsPath  = "/cobuild-posts"
	OwnPath    = "/m/posts"
)

// PersonState is where a post stands, as a badge.
func PersonState(p cobuild.Person, today calendar.Date) partial.State {
	s := p.Standing(today)
	return partial.State{Text: s.Text(), Tone: map[cobuild.PersonState]partial.Tone{cobuild.Serving: partial.Active, cobuild.PersonComing: partial.Waiting, cobuild.PersonOver: partial.Closed, cobuild.PersonEnded: partial.Ended,
		cobuild.PersonLeft: partial.Warned}[s]}
}

// term is from when to when somebody serves.
func term(ctx context.Context, p cobuild.Person) string {
	if p.LastDay().Before(p.From) {
		return i18n.T(ctx, i18n.CobuildNeverServed)
	}
	return p.From.String() + " — " + p.LastDay().String()
}

// PersonName is the name of somebody who holds a post; one that was typed is read by the parties.
func PersonName(l i18n.Lang, p cobuild.Person) string {
	if p.Name == "" {
		return i18n.CobuildUnnamed.In(l)
	}
	return p.Name
}

// why says why a post ended, as far as the reader may know.
func why(ctx context.Context, p cobuild.Person) string {
	if p.Ending == "" {
		return ""
	}
	out := i18n.T(ctx, p.Ending.Text())
	if p.EndWords != "" {
		out += " · " + p.EndWords
	}
	return out
}

// did says what somebody did, in numbers.
func did(ctx context.Context, p cobuild.Person) string {
	if len(p.Doings) == 0 {
		return i18n.T(ctx, i18n.CobuildPersonNo)
	}
	var out []string
	for _, x := range []struct {
		kind string
		text i18n.Text
	}{{cobuild.FromActivity, i18n.CobuildDidActivity}, {cobuild.FromNeed, i18n.CobuildDidNeed}, {cobuild.FromVisit, i18n.CobuildDidVisit}} {
		if n := p.Count(x.kind); n > 0 {
			out = append(out, i18n.T(ctx, x.text, n))
		}
	}
	return strings.Join(out, " · ")
}

var personColumns = []partial.Column{{Key: "who", Title: i18n.CobuildPersonWho, Main: true}, {Key: "host", Title: i18n.CobuildPersonHost}, {Key: "term", Title: i18n.CobuildPersonSpan}, {Key: "did", Title: i18n.CobuildPersonDid},
	{Key: "state", Title: i18n.CobuildPersonState, Tight: true}}

// personRows lead to the agreement where link is set.
func personRows(ctx context.Context, list []cobuild.Person, today calendar.Date, link bool) []partial.Row {
	var out []partial.Row
	for _, p := range list {
		name := PersonName(i18n.From(ctx), p)
		r := partial.Row{ID: p.ID.String(), Name: name, Cells: []templ.Component{partial.Two(name, p.Post+" · "+p.Org), partial.Two(p.Host, i18n.T(ctx, p.Kind.Text())), partial.Text(term(ctx, p)), partial.Text(did(ctx, p)), standing(p, today)}}
		if link {
			r.Href = Href(p.AgreementID)
		}
		out = append(out, r)
	}
	return out
}

// People is the list of persons of agreements.
type People struct {
	Query         url.Values
	Items         []cobuild.Person
	Before, After string
	Places        []field.Option
	Posts         bool // the reader may change the posts
	Today         calendar.Date
}

func (l People) acts() []partial.Act {
	if !l.Posts {
		return nil
	}
	return []partial.Act{{Text: i18n.CobuildPostsTitle, Href: PostsPath, Icon: icon.Rows}}
}

func (l People) filters() []partial.Filter {
	out := []partial.Filter{{Name: "state", Label: i18n.CobuildPersonState, Options: field.Choices(cobuild.PersonStates(), cobuild.PersonState.Text)}, {Name: "kind", Label: i18n.CobuildKind, Options: field.Choices(cobuild.NamedKinds(), cobuild.Kind.Text)}}
	if len(l.Places) > 1 {
		out = append(out, partial.Filter{Name: "community", Label: i18n.CobuildCommunity, Options: l.Places})
	}
	return out
}

// namings are the parties for whose persons the reader speaks, while the agreement holds.
func (s Show) namings() []cobuild.Party {
	if at := s.standing(); !s.Kind.Names() || at != cobuild.InForce && at != cobuild.Coming {
		return nil
	}
	return s.Naming
}

// begins is the day with which the form begins: today, within the agreement.
func (s Show) begins() string {
	if s.Today.Before(s.From) {
		return s.From.String()
	}
	return s.Today.String()
}

// endFrom is the earliest day on which the form ends a post: who has not begun is ended today.
func (s Show) endFrom() string {
	if s.Today.Before(s.From) {
		return s.Today.String()
	}
	return s.From.String()
}

// hosts are the organisations of the other side, where there are several.
func (s Show) hosts() []field.Option {
	var out []field.Option
	for _, p := range s.Parties {
		out = append(out, field.Option{Value: p.OrgID.String(), Text: i18n.Verbatim(p.Name)})
	}
	return out
}

// endable are the persons whose post the reader may end.
func (s Show) endable() []field.Option {
	var out []field.Option
	for _, p := range s.People {
		for _, mine := range s.Naming {
			if p.EndedOn.IsZero() && (mine.OrgID == p.OrgID || mine.OrgID == p.HostID) {
				out = append(out, field.Option{Value: p.ID.String() + "." + decimal(p.Version), Text: i18n.Verbatim(PersonName(i18n.ZH, p) + " · " + p.Post)})
				break
			}
		}
	}
	return out
}

// doingHref is where a doing opens; "" for a visit, whose household is not named.
func doingHref(d cobuild.Doing) string {
	switch d.Kind {
	case cobuild.FromActivity:
		return "/activities/" + d.ID.String()
	case cobuild.FromNeed:
		return "/needs/" + d.ID.String()
	}
	return ""
}

// PostsForm is the page on which the posts are changed.
type PostsForm struct {
	field.Form
	Version int64
}
