package casework

import (
	"context"
	"time"

	"linli/internal/alike"
	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/reference"
)

// Issue is what several people raise at the same time in one place. It is a proposal, with the words because of which its cases were put together; what belongs
// together is decided by people.
type Issue struct {
	Words       []string
	Place       string // community
	Senders     int    // different reporters, as far as they are known
	First, Last time.Time
	Cases       []Row // the first stands for all
}

// What is looked at for hot issues, and how many of an issue's cases are shown.
const (
	mostHot     = 5000
	mostOfIssue = 30
)

// Spans are the days for which hot issues are looked for.
func Spans() []int { return []int{7, 30, 90} }

type heard struct {
	id    id.ID
	title string
	place string
	from  string
	at    time.Time
}

// Hot finds what many people raise in the last days, the hottest first, of the cases that the actor sees (PermSee). It reads titles alone, of the latest 5,000 at
// most; confidential cases are left out.
func (s *Service) Hot(ctx context.Context, actor authz.Actor, days int) ([]Issue, error) {
	now := s.db.Now()
	since := now.AddDate(0, 0, -days)
	a := &db.Args{}
	list, err := db.All(ctx, s.db, func(h *heard) []any { return []any{&h.id, &h.title, &h.place, &h.from, db.Instant(&h.at)} },
		"SELECT c.id, c.title, "+reference.Label("m")+", c.phone_key, c.received_at FROM service_case c "+
			"LEFT JOIN organisation m ON m.tenant_id = c.tenant_id AND m.id = c.community_id WHERE "+s.visible(a, actor)+" AND c.confidential = FALSE AND c.received_at >= "+a.Add(db.Micros(since))+
			" ORDER BY c.id DESC LIMIT "+a.Add(mostHot), a.Values()...)
	if err != nil {
		return nil, err
	}
	messages := make([]alike.Message, len(list))
	for i, h := range list {
		if h.from == "" {
			h.from = "?" // whoever leaves no telephone could be one and the same
		}
		messages[i] = alike.Message{ID: int64(h.id), Text: h.title, Place: h.place, From: h.from, At: h.at}
	}
	found := alike.Hot(messages, alike.Window{From: since, To: now.Add(time.Microsecond)})
	var ids []id.ID
	for _, f := range found {
		for _, n := range f.IDs[:min(len(f.IDs), mostOfIssue)] {
			ids = append(ids, id.ID(n))
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := s.some(ctx, s.db, actor, len(ids), func(a *db.Args) string { return " AND " + db.In(a, "c.id", ids) })
	if err != nil {
		return nil, err
	}
	by := map[id.ID]Row{}
	for _, r := range rows {
		by[r.ID] = r
	}
	out := make([]Issue, 0, len(found))
	for _, f := range found {
		i := Issue{Words: f.Words, Place: f.Place, Senders: f.Senders, First: f.First, Last: f.Last}
		for _, n := range f.IDs {
			if r, ok := by[id.ID(n)]; ok {
				i.Cases = append(i.Cases, r)
			}
		}
		out = append(out, i)
	}
	return out, nil
}

// Double is a case that could be the same as another, and the words that both have; none where only category and place are the same.
type Double struct {
	Row
	Words []string
}

const (
	alikeDays   = 30  // how far back doubles are looked for
	mostCompare = 300 // how many cases are compared
	mostDoubles = 5
)

// doubles proposes open cases of the same community that could be the same: first those whose titles have words in common, then those of the same category in the
// same building, or in the same community where no building is known.
func (s *Service) doubles(ctx context.Context, q db.Querier, actor authz.Actor, c Case) ([]Double, error) {
	if c.Confidential {
		return nil, nil // they are not merged
	}
	rows, err := s.some(ctx, q, actor, mostCompare, func(a *db.Args) string {
		return " AND " + openStates + " AND c.id <> " + a.Add(c.ID) + " AND c.community_id = " + a.Add(c.CommunityID) + " AND c.confidential = FALSE" +
			" AND c.about_id = " + a.Add(c.AboutID) + " AND c.petition = " + a.Add(c.Petition) + " AND c.received_at > " + a.Add(db.Micros(s.db.Now().AddDate(0, 0, -alikeDays)))
	})
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	by := map[id.ID]Row{}
	var out []Double
	messages := make([]alike.Message, len(rows))
	for i, r := range rows {
		by[r.ID] = r
		messages[i] = alike.Message{ID: int64(r.ID), Text: r.Title}
	}
	own := alike.Message{ID: int64(c.ID), Text: c.Title}
	for _, m := range alike.New(append(messages, own)).Find(own, mostDoubles) { // words that one alone has are not looked up: with its own they are those of two
		out = append(out, Double{Row: by[id.ID(m.ID)], Words: m.Words})
		delete(by, id.ID(m.ID))
	}
	for _, r := range rows {
		if len(out) >= mostDoubles {
			break
		}
		if _, left := by[r.ID]; left && c.ItemID != 0 && r.itemID == c.ItemID && (c.BuildingID == 0 || r.buildingID == 0 || r.buildingID == c.BuildingID) {
			out = append(out, Double{Row: r})
		}
	}
	return out, nil
}
