package casework

import (
	"context"
	"slices"

	"linli/internal/authz"
	"linli/internal/catalogue"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
)

// Category is an item of the catalogue that a case can be about.
type Category struct {
	ID    id.ID
	Code  string // within its list
	Name  i18n.Text
	Class i18n.Text // group within the list; zero for none
}

// mostCategories and mostCommunities bound what a form offers.
const (
	mostCategories  = 500
	mostCommunities = 1000
)

// Categories gives the items of a list of the catalogue, in its order; with open those alone that residents choose themselves. It reveals nothing about
// anybody, so it needs no permission.
func (s *Service) Categories(ctx context.Context, tenant int64, list string, open bool) ([]Category, error) {
	if list == "" {
		return nil, nil
	}
	where := ""
	if open {
		where = " AND i.public = TRUE"
	}
	type row struct {
		id                                id.ID
		code, name, nameEN, class, classN string
	}
	rows, err := db.All(ctx, s.db, func(r *row) []any { return []any{&r.id, &r.code, &r.name, &r.nameEN, &r.class, &r.classN} },
		`SELECT i.id, i.code, i.name, i.name_en, coalesce(g.name, ''), coalesce(g.name_en, '') FROM catalogue_item i
		LEFT JOIN catalogue_class g ON g.tenant_id = i.tenant_id AND g.list = i.list AND g.code = i.class_code
		WHERE i.tenant_id = $1 AND i.list = $2 AND i.retired = FALSE`+where+" ORDER BY i.sort_key, i.id LIMIT $3", tenant, list, mostCategories)
	out := make([]Category, len(rows))
	for i, r := range rows {
		out[i] = Category{ID: r.id, Code: r.code, Name: i18n.Both(r.name, r.nameEN), Class: i18n.Both(r.class, r.classN)}
	}
	return out, err
}

// Community is a place that a case can be reported for, with the organisation above it.
type Community struct {
	ID    id.ID
	Name  string
	UpID  id.ID
	Above string
}

// Communities gives the names of the communities of a district, those of one sub-district together. It reveals nothing else, so it needs no permission.
func (s *Service) Communities(ctx context.Context, tenant int64) ([]Community, error) {
	return db.All(ctx, s.db, func(c *Community) []any { return []any{&c.ID, &c.Name, &c.UpID, &c.Above} },
		"SELECT o.id, "+reference.Label("o")+", o.parent_id, "+reference.Label("u")+` FROM organisation o
		LEFT JOIN organisation u ON u.tenant_id = o.tenant_id AND u.id = o.parent_id AND o.parent_id <> 0
		WHERE o.tenant_id = $1 AND o.kind = 'community_party' AND o.dissolved_on = '' ORDER BY u.path, o.id LIMIT $2`, tenant, mostCommunities)
}

// AsksAbout says whether a case of the kind may be about an organisation.
func (k Kind) AsksAbout() bool { return k.List == catalogue.Opinion }

// RecentItems are the categories that an account used lately when it entered cases by a channel, the latest first, so that a form can offer them first. They
// are the actor's own, so it needs no permission.
func (s *Service) RecentItems(ctx context.Context, actor authz.Actor, ch Channel, most int) ([]id.ID, error) {
	if actor.AccountID == 0 {
		return nil, nil
	}
	rows, err := db.Column[id.ID](ctx, s.db, `SELECT c.item_id FROM service_case c WHERE c.tenant_id = $1 AND c.entered_by = $2 AND c.entered_by <> 0 AND c.channel = $3 AND c.item_id <> 0
		ORDER BY c.id DESC LIMIT 50`, actor.Tenant, actor.AccountID, string(ch))
	var out []id.ID
	for _, i := range rows {
		if !slices.Contains(out, i) && len(out) < most {
			out = append(out, i)
		}
	}
	return out, err
}
