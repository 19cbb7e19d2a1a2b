package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"

	"linli/internal/app"
	"linli/internal/authn"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
)

const (
	mapPath    = "/cases/map"
	exportPath = "/residents/export"
)

// drawn is how many open cases have a position, fewer in a tiny district.
const drawn = 1000

// desk is the session of somebody with a role at an organisation.
func (w *world) desk(ctx context.Context, role string, at id.ID) (string, error) {
	d := w.ours
	cookies, _, err := Enter(ctx, d.app, d.actor(), authn.TemporaryPassword(), []authn.NewAccount{{Login: "desk-" + id.New().String(), Name: "Bench", Keep: true, Grants: []authn.NewGrant{{Role: role, OrgID: at}}}})
	if err != nil {
		return "", err
	}
	return cookies[0], nil
}

// placed makes open cases of which the position is known, once.
func (w *world) placed(ctx context.Context) error {
	if err := w.filled(ctx); err != nil {
		return err
	}
	d := w.ours
	have, err := d.app.Casework.Points(ctx, d.actor(), 0)
	if err != nil || len(have) > 0 {
		return err
	}
	for n := range min(drawn, w.o.Scale.Residents/10) {
		if _, err := d.app.Casework.Report(ctx, d.tenant, "bench", "", casework.Report{Kind: "event", CommunityID: d.communities[n%len(d.communities)], Place: "3-501", Body: i18n.LoadWords.In(i18n.ZH, n)}); err != nil {
			return err
		}
	}
	return d.app.DB.WithTx(ctx, func(tx *db.Tx) error { // a district without outlines keeps no position that a resident sends
		_, err := tx.Exec(ctx, "UPDATE service_case SET x = 120100000 + id % 100000, y = 33300000 + id % 70000 WHERE tenant_id = $1 AND kind_code = 'event'", d.tenant)
		return err
	})
}

// spot is a case on the map.
type spot struct {
	X     int64  `json:"x"`
	Y     int64  `json:"y"`
	Title string `json:"title"`
	Said  string `json:"said"`
	Href  string `json:"href"`
	Late  bool   `json:"late"`
}

// benchMap reads what the map of the district draws: the open cases of each grid and a thousand points, in the scope of the session, in the reader's words. The ceiling
// is a bare handler that counts by grid and reads the same points in one query each, and writes them.
func (w *world) benchMap(ctx context.Context) (ours, ceiling float64, err error) {
	if err := w.placed(ctx); err != nil {
		return 0, 0, err
	}
	cookie, err := w.desk(ctx, app.RoleDistrict, w.ours.root)
	if err != nil {
		return 0, 0, err
	}
	own, err := openBare(w.ours.address)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, own.close()) }()
	return w.duel(spots(own, w.ours.tenant), func(platform, bare *server) (float64, float64, error) {
		type answer struct{ Points []spot }
		var seen [2]answer
		var turns [2]func() (float64, error)
		for i, s := range []*server{platform, bare} {
			request := s.visit(mapPath, cookie)
			body, err := s.one(request)
			if err != nil {
				return 0, 0, err
			}
			if err := json.Unmarshal(body, &seen[i]); err != nil {
				return 0, 0, err
			}
			turns[i] = func() (float64, error) {
				return s.load(ctx, readers, w.o.Scale.Slice, func(int64) []byte { return request })
			}
		}
		if a, b := seen[0].Points, seen[1].Points; len(a) == 0 || len(a) != len(b) || a[0].X != b[len(b)-1].X || a[len(a)-1].Title != b[0].Title {
			return 0, 0, fmt.Errorf("the maps differ: %d and %d points", len(a), len(b))
		}
		return w.turns(2*w.o.Scale.Rounds+1, turns[0], turns[1])
	})
}

// spots answers the points of the map with nothing around them.
func spots(b *bare, tenant int64) http.Handler {
	points := b.reader(`SELECT id, no, title, x, y, state, due_at FROM service_case WHERE tenant_id = $1 AND confidential = FALSE AND x <> 0 AND closed_at = 0 AND state IN ('received', 'accepted', 'dispatched', 'working') ORDER BY id DESC LIMIT 1000`)
	counts := b.reader(`SELECT community_id, grid_id, count(*), sum(CASE WHEN due_at < $1 THEN 1 ELSE 0 END) FROM service_case WHERE tenant_id = $2 AND confidential = FALSE AND closed_at = 0
		AND state IN ('received', 'accepted', 'dispatched', 'working') GROUP BY community_id, grid_id`)
	h := &bareHandler{b: b, tenant: tenant}
	return h.answer(func(r *http.Request) (any, error) {
		now := time.Now()
		var out struct {
			Grids  [][4]int64 `json:"grids"`
			Points []spot     `json:"points"`
		}
		grids, err := counts.QueryContext(r.Context(), now.UnixMicro(), tenant)
		if err != nil {
			return nil, err
		}
		defer grids.Close() // below it is read to its end
		for grids.Next() {
			var g [4]int64
			if err := grids.Scan(&g[0], &g[1], &g[2], &g[3]); err != nil {
				return nil, err
			}
			out.Grids = append(out.Grids, g)
		}
		if err := grids.Err(); err != nil {
			return nil, err
		}
		rows, err := points.QueryContext(r.Context(), tenant)
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		for rows.Next() {
			var one, due int64
			var no, state string
			var p spot
			if err := rows.Scan(&one, &no, &p.Title, &p.X, &p.Y, &state, &due); err != nil {
				return nil, err
			}
			at := time.UnixMicro(due)
			p.Said, p.Href, p.Late = no+" "+state+" "+at.Format(time.DateTime), "/cases/"+strconv.FormatInt(one, 10), now.After(at)
			out.Points = append(out.Points, p)
		}
		return out, rows.Err()
	})
}

// benchExport takes the list of a community's residents away as an Excel file, over HTTP, as the desk does. The ceiling reads the same rows with the driver and writes
// them with the workbook library alone.
func (w *world) benchExport(ctx context.Context) (ours, ceiling float64, err error) {
	if err := w.filled(ctx); err != nil {
		return 0, 0, err
	}
	community := w.ours.communities[0]
	cookie, err := w.desk(ctx, app.RoleSecretary, community)
	if err != nil {
		return 0, 0, err
	}
	wanted, err := db.Value[int](ctx, w.ours.app.DB, "SELECT count(*) FROM person WHERE tenant_id = $1 AND community_id = $2 AND moved_out_on = '' AND died_on = ''", w.ours.tenant, community)
	if err != nil {
		return 0, 0, err
	}
	own, err := openBare(w.ours.address)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, own.close()) }()
	platform, err := serve(w.ours.app.Handler(app.Serving{Version: "bench"}))
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, platform.close()) }()
	timed := func(file func() ([]byte, error)) func() (float64, error) {
		return func() (float64, error) {
			began := time.Now()
			b, err := file()
			took := millis(time.Since(began))
			if err != nil {
				return 0, err
			}
			n, err := rowsOf(b)
			if err == nil && n != wanted {
				err = fmt.Errorf("the file has %d rows of %d", n, wanted)
			}
			return took, err
		}
	}
	return w.turns(w.o.Scale.Rounds, timed(func() ([]byte, error) {
		return platform.one(platform.visit(exportPath+"?community="+community.String(), cookie))
	}),
		timed(func() ([]byte, error) { return sheet(ctx, own, w.ours.tenant, community) }))
}

// rowsOf counts the rows of a workbook below its head.
func rowsOf(file []byte) (n int, err error) {
	f, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	rows, err := f.GetRows(f.GetSheetName(0))
	return len(rows) - 1, err
}

// sheet writes residents into a workbook with nothing around it.
func sheet(ctx context.Context, b *bare, tenant int64, community id.ID) (file []byte, err error) {
	f := excelize.NewFile()
	defer func() { err = errors.Join(err, f.Close()) }()
	s, err := f.NewStreamWriter(formSheet)
	if err != nil {
		return nil, err
	}
	if err := s.SetRow("A1", []any{"name"}); err != nil {
		return nil, err
	}
	rows, err := b.reader(`SELECT `+recordColumns+`, coalesce(o.name, ''), coalesce(h.address, ''), coalesce(g.name, '') FROM person p
		LEFT JOIN organisation o ON o.tenant_id = p.tenant_id AND o.id = p.community_id
		LEFT JOIN household h ON h.tenant_id = p.tenant_id AND h.id = p.household_id
		LEFT JOIN grid g ON g.tenant_id = p.tenant_id AND g.id = p.grid_id
		WHERE p.tenant_id = $1 AND p.community_id = $2 AND p.moved_out_on = '' AND p.died_on = '' ORDER BY p.name_key, p.id`).QueryContext(ctx, tenant, int64(community))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for n := 2; rows.Next(); n++ {
		var p bareResident
		if _, err := p.scan(rows, &p.Community, &p.Address, &p.Grid); err != nil {
			return nil, err
		}
		if err := s.SetRow("A"+strconv.Itoa(n), []any{p.Name, p.Sex, p.BornOn, p.BornOn, p.IDNumber, p.Phone, p.Community, p.Grid, p.Address, p.HeadRelation, p.Residence, p.Political, p.Schooling, "", p.MovedInOn}); err != nil {
			return nil, err
		}
	}
	if err := errors.Join(rows.Err(), s.Flush()); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = f.Write(&out)
	return out.Bytes(), err
}
