package bench

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"linli/internal/gram"
	"linli/internal/id"
	"linli/internal/pinyin"
)

// bareHandler serves residents with net/http and the driver: no log-in, no scope, no checks, no sealing, no audit.
type bareHandler struct {
	b      *bare
	tenant int64

	list, record *sql.Stmt
}

const recordColumns = `p.id, p.community_id, p.household_id, p.grid_id, p.building_id, p.name, p.sex, p.born_on, p.id_mask, p.phone_mask,
	p.ethnic, p.political, p.schooling, p.residence, p.head_relation, p.work_unit, p.moved_in_on, p.moved_out_on, p.died_on, p.flagged,
	p.source, p.created_at, p.updated_at, p.version`

func (h *bareHandler) prepare() {
	h.list = h.b.reader(`SELECT ` + recordColumns + `, coalesce(o.name, ''), coalesce(h.address, ''), coalesce(g.name, '') FROM person p
		LEFT JOIN organisation o ON o.tenant_id = p.tenant_id AND o.id = p.community_id
		LEFT JOIN household h ON h.tenant_id = p.tenant_id AND h.id = p.household_id
		LEFT JOIN grid g ON g.tenant_id = p.tenant_id AND g.id = p.grid_id
		WHERE p.tenant_id = $1 AND p.community_id = $2 AND p.moved_out_on = '' AND p.died_on = '' ORDER BY p.name_key, p.id LIMIT $3`)
	h.record = h.b.reader(`SELECT ` + recordColumns + ` FROM person p WHERE p.tenant_id = $1 AND p.id = $2`)
}

func (h *bareHandler) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+listPath, h.answer(h.getList))
	mux.HandleFunc("GET "+listPath+"/{id}", h.answer(h.getRecord))
	mux.HandleFunc("POST "+listPath, h.answer(h.post))
	return mux
}

func (h *bareHandler) answer(fn func(r *http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v, err := fn(r)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(v) // the caller has gone
	}
}

// bareResident is a row as JSON, under the names of the platform's API.
type bareResident struct {
	ID           string    `json:"id"`
	Name         string    `json:"name"`
	Sex          string    `json:"sex,omitempty"`
	BornOn       string    `json:"born_on,omitempty"`
	IDNumber     string    `json:"id_number,omitempty"`
	Phone        string    `json:"phone,omitempty"`
	CommunityID  string    `json:"community_id,omitempty"`
	Community    string    `json:"community,omitempty"`
	HouseholdID  string    `json:"household_id,omitempty"`
	GridID       string    `json:"grid_id,omitempty"`
	Grid         string    `json:"grid,omitempty"`
	BuildingID   string    `json:"building_id,omitempty"`
	Address      string    `json:"address,omitempty"`
	Ethnic       string    `json:"ethnic,omitempty"`
	Political    string    `json:"political,omitempty"`
	Schooling    string    `json:"schooling,omitempty"`
	Residence    string    `json:"residence,omitempty"`
	HeadRelation string    `json:"head_relation,omitempty"`
	WorkUnit     string    `json:"work_unit,omitempty"`
	Categories   []string  `json:"categories,omitempty"`
	MovedInOn    string    `json:"moved_in_on,omitempty"`
	MovedOutOn   string    `json:"moved_out_on,omitempty"`
	DiedOn       string    `json:"died_on,omitempty"`
	Flagged      string    `json:"flagged,omitempty"`
	Source       string    `json:"source,omitempty"`
	CreatedAt    time.Time `json:"created_at"`
	UpdatedAt    time.Time `json:"updated_at"`
	Version      int64     `json:"version"`
}

func (p *bareResident) scan(row interface{ Scan(...any) error }, more ...any) (person int64, err error) {
	var community, household, grid, building, created, updated int64
	err = row.Scan(append([]any{&person, &community, &household, &grid, &building, &p.Name, &p.Sex, &p.BornOn, &p.IDNumber, &p.Phone, &p.Ethnic, &p.Political,
		&p.Schooling, &p.Residence, &p.HeadRelation, &p.WorkUnit, &p.MovedInOn, &p.MovedOutOn, &p.DiedOn, &p.Flagged, &p.Source, &created, &updated, &p.Version}, more...)...)
	p.ID, p.CommunityID, p.HouseholdID = id.ID(person).String(), id.ID(community).String(), id.ID(household).String()
	p.GridID, p.BuildingID = id.ID(grid).String(), id.ID(building).String()
	p.CreatedAt, p.UpdatedAt = time.UnixMicro(created).UTC(), time.UnixMicro(updated).UTC()
	return person, err
}

func (h *bareHandler) getRecord(r *http.Request) (any, error) {
	person, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return nil, err
	}
	var p bareResident
	_, err = p.scan(h.record.QueryRowContext(r.Context(), h.tenant, person))
	return p, err
}

func (h *bareHandler) getList(r *http.Request) (any, error) {
	community, err := strconv.ParseInt(r.FormValue("community"), 10, 64)
	if err != nil {
		return nil, err
	}
	limit, err := strconv.Atoi(r.FormValue("limit"))
	if err != nil {
		return nil, err
	}
	rows, err := h.list.QueryContext(r.Context(), h.tenant, community, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out struct {
		Items []bareResident `json:"items"`
	}
	var ids []any
	for rows.Next() {
		var p bareResident
		person, err := p.scan(rows, &p.Community, &p.Address, &p.Grid)
		if err != nil {
			return nil, err
		}
		ids, out.Items = append(ids, person), append(out.Items, p)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return out, h.categories(r.Context(), ids, out.Items)
}

// categories adds the categories of the residents on a page.
func (h *bareHandler) categories(ctx context.Context, ids []any, items []bareResident) error {
	var marks strings.Builder
	for i := range ids {
		fmt.Fprintf(&marks, ",$%d", i+2)
	}
	rows, err := h.b.reader("SELECT person_id, category FROM person_category WHERE tenant_id = $1 AND person_id IN ("+
		strings.TrimPrefix(marks.String(), ",")+") AND valid_to = '' ORDER BY person_id, category").QueryContext(ctx, append([]any{h.tenant}, ids...)...)
	if err != nil {
		return err
	}
	defer rows.Close()
	at := map[string]*bareResident{}
	for i := range items {
		at[items[i].ID] = &items[i]
	}
	for rows.Next() {
		var person, category string
		if err := rows.Scan(&person, &category); err != nil {
			return err
		}
		p := at[person]
		p.Categories = append(p.Categories, category)
	}
	return rows.Err()
}

const insertResident = `INSERT INTO person (tenant_id, id, community_id, name, name_key, initials, sex, born_on, id_number, id_index, id_mask,
	phone, phone_index, phone_mask, source, created_at, updated_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,'form',$15,$15)`

// post enters one resident with the rows by which they are searched, in a transaction of its own.
func (h *bareHandler) post(r *http.Request) (any, error) {
	var in createIn
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return nil, err
	}
	community, err := strconv.ParseInt(in.CommunityID, 10, 64)
	if err != nil {
		return nil, err
	}
	// The one connection that writes is held by the transaction, so everything is prepared before.
	person, grams := id.New(), gramsOf(in.Name)
	into, search := h.b.writer(insertResident), h.b.writer(insertGrams(len(grams)))
	tx, err := h.b.write.BeginTx(r.Context(), nil)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback() // after the commit it does nothing
	if _, err := tx.StmtContext(r.Context(), into).ExecContext(r.Context(), h.resident(community, int64(person), in)...); err != nil {
		return nil, err
	}
	var args []any
	for _, g := range grams {
		args = append(args, h.tenant, g, community, int64(person))
	}
	if _, err := tx.StmtContext(r.Context(), search).ExecContext(r.Context(), args...); err != nil {
		return nil, err
	}
	return map[string]string{"id": person.String()}, tx.Commit()
}

func (h *bareHandler) resident(community, person int64, in createIn) []any {
	initials, _ := pinyin.Of(in.Name)
	n := in.IDNumber
	return []any{h.tenant, person, community, in.Name, gram.Key(in.Name), initials, "1", n[6:10] + "-" + n[10:12] + "-" + n[12:14],
		[]byte(n), n, n[:6] + "********" + n[14:], []byte(in.Phone), in.Phone, in.Phone[:3] + "****" + in.Phone[7:], time.Now().UnixMicro()}
}

// gramsOf are the search rows of a name, as the platform has them.
func gramsOf(name string) []string {
	initials, _ := pinyin.Of(name)
	return append(gram.Of(name), "~"+initials)
}

func insertGrams(n int) string {
	var marks []string
	for i := range n {
		marks = append(marks, fmt.Sprintf("($%d,$%d,$%d,$%d)", 4*i+1, 4*i+2, 4*i+3, 4*i+4))
	}
	return "INSERT INTO person_gram (tenant_id, gram, community_id, person_id) VALUES " + strings.Join(marks, ",")
}
