package venue

import (
	"context"
	"strings"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/exchange"
	"linli/internal/i18n"
)

// mostOpen bounds how many places are weighed for needs.
const mostOpen = 5_000

// dayWords name the days of the week, from Monday, as i18n.ReadWeek reads them.
var dayWords = [...]string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// Open gives the places of a tenant that can be booked, for needs that want a place (package exchange). That they are there is public.
func (s *Service) Open(ctx context.Context, q db.Querier, tenant int64) ([]exchange.SharedPlace, error) {
	today := calendar.DateOf(s.db.Now())
	list, err := db.All(ctx, q, (*Venue).dest, "SELECT "+venueColumns+venueJoined+"v.tenant_id = $1 AND v.ended_on = '' AND v.community_id <> 0 ORDER BY v.id DESC LIMIT $2", tenant, int64(mostOpen))
	if err != nil {
		return nil, err
	}
	if err := parts(ctx, q, tenant, list, today); err != nil {
		return nil, err
	}
	out := make([]exchange.SharedPlace, 0, len(list))
	for _, v := range list {
		var when []string
		for _, h := range v.WeekOn(today) {
			when = append(when, dayWords[h.Weekday-1]+" "+h.Span.String())
		}
		out = append(out, exchange.SharedPlace{ID: v.ID, OrgID: v.OrgID, Org: v.Org, CommunityID: v.CommunityID, Street: v.street, Name: v.Name,
			Words: v.Kind.Text().In(i18n.ZH) + " " + v.Facilities + " " + v.Address, Times: strings.Join(when, ";"), Terms: v.Terms, Price: v.Price})
	}
	return out, nil
}
