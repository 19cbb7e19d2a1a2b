package bench

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"linli/internal/app"
	"linli/internal/authn"
	"linli/internal/fact"
	"linli/internal/i18n"
	"linli/internal/intake"
	"linli/internal/table"
)

// workbooks is how many times smaller the list is that comes as a workbook: reading it is what is measured, and a quarter of the rows says how quick that is.
const workbooks = 4

// benchImportExcel imports residents from an Excel file into a district of its own. The ceiling reads every cell of the same file with the workbook library alone and writes the very same
// rows with the bare driver.
func (w *world) benchImportExcel(ctx context.Context) (ours, ceiling float64, err error) {
	o := w.o
	o.Scale.Residents, o.Scale.Neighbours, o.Keep, o.Dir = max(o.Scale.Residents/workbooks, 100), 0, false, filepath.Join(w.dir, "workbook")
	own, err := newWorld(ctx, o)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, own.close(), os.RemoveAll(o.Dir)) }()
	file, err := workbook(own.residents())
	if err != nil {
		return 0, 0, err
	}
	rows := o.Scale.Residents
	return w.turns(max(1, o.Scale.Rounds-1), func() (float64, error) {
		if err := own.forget(); err != nil {
			return 0, err
		}
		d, err := own.found(ctx)
		if err != nil {
			return 0, err
		}
		own.ours = d
		began := time.Now()
		err = d.take(ctx, intake.NewImport{Kind: "residents", FileName: "residents.xlsx", Content: file}, rows)
		return float64(rows) / time.Since(began).Seconds(), err
	}, func() (float64, error) {
		began := time.Now()
		n, err := rowsOf(file)
		if err == nil && n != rows {
			err = fmt.Errorf("the file has %d rows of %d", n, rows)
		}
		if err != nil {
			return 0, err
		}
		read := time.Since(began)
		rate, err := own.importBare(ctx)
		return float64(rows) / (read.Seconds() + float64(rows)/rate), err
	})
}

// workbook writes a CSV file as a workbook, every cell a text.
func workbook(list []byte) (file []byte, err error) {
	lines, err := csv.NewReader(bytes.NewReader(list)).ReadAll()
	if err != nil {
		return nil, err
	}
	f := excelize.NewFile()
	defer func() { err = errors.Join(err, f.Close()) }()
	s, err := f.NewStreamWriter(formSheet)
	if err != nil {
		return nil, err
	}
	for i, line := range lines {
		cells := make([]any, len(line))
		for k, text := range line {
			cells[k] = text
		}
		if err := s.SetRow(fmt.Sprintf("A%d", i+1), cells); err != nil {
			return nil, err
		}
	}
	if err := s.Flush(); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = f.Write(&out)
	return out.Bytes(), err
}

// exported are the columns of the table that is taken away.
var exported = []fact.Ref{"person.name", "person.sex", "person.born_on", "person.age", "person.id_mask", "person.phone_mask", "person.political", "person.schooling", "person.residence",
	"person.moved_in_on", "household/household.address"}

// benchExportCSV takes a table of the men of a community away as a CSV file, as whoever has put it together does: its rows within what they may see, the taking recorded. The ceiling reads
// the same rows with the driver and writes them with the standard library.
func (w *world) benchExportCSV(ctx context.Context) (ours, ceiling float64, err error) {
	if err := w.filled(ctx); err != nil {
		return 0, 0, err
	}
	d := w.ours
	community := d.communities[0]
	_, made, err := Enter(ctx, d.app, d.actor(), authn.TemporaryPassword(), []authn.NewAccount{{Login: "csv-" + time.Now().Format("150405.000000"), Name: "Bench", Keep: true,
		Grants: []authn.NewGrant{{Role: app.RoleSecretary, OrgID: community}}}})
	if err != nil {
		return 0, 0, err
	}
	actor, err := d.app.Authn.ActorFor(ctx, d.tenant, made[0].ID)
	if err != nil {
		return 0, 0, err
	}
	def := table.Definition{Where: []fact.Condition{{Ref: "person.sex", Test: fact.Equals, Values: []string{"1"}}}}
	for _, ref := range exported {
		def.Columns = append(def.Columns, table.Column{Kind: table.Fact, Ref: ref})
	}
	t, err := d.app.Table.Create(ctx, actor, table.Draft{Title: i18n.BenchExportCSV.In(i18n.ZH), Subject: fact.Person, Definition: def})
	if err != nil {
		return 0, 0, err
	}
	own, err := openBare(d.address)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, own.close()) }()
	wanted := 0
	timed := func(write func(*bytes.Buffer) error) func() (float64, error) {
		return func() (float64, error) {
			var out bytes.Buffer
			began := time.Now()
			err := write(&out)
			took := millis(time.Since(began))
			if err != nil {
				return 0, err
			}
			n := bytes.Count(out.Bytes(), []byte("\n")) - 1
			if wanted == 0 {
				wanted = n
			}
			if n != wanted || n < 1 {
				err = fmt.Errorf("the file has %d rows, the other %d", n, wanted)
			}
			return took, err
		}
	}
	return w.turns(2*w.o.Scale.Rounds-1, timed(func(out *bytes.Buffer) error {
		return d.app.Table.Write(ctx, actor, t.ID, table.Wanted{Format: table.CSV}, out)
	}), timed(func(out *bytes.Buffer) error { return menOf(ctx, own, d.tenant, int64(community), out) }))
}

// menOf writes the men of a community with nothing around it.
func menOf(ctx context.Context, b *bare, tenant, community int64, out *bytes.Buffer) error {
	all, err := readRows(ctx, b.reader(`SELECT p.name, p.sex, p.born_on, p.born_on, p.id_mask, p.phone_mask, p.political, p.schooling, p.residence, p.moved_in_on, coalesce(h.address, '') FROM person p
		LEFT JOIN household h ON h.tenant_id = p.tenant_id AND h.id = p.household_id
		WHERE p.tenant_id = $1 AND p.community_id = $2 AND p.sex = '1' AND p.moved_out_on = '' AND p.died_on = '' ORDER BY p.id`), []any{tenant, community})
	if err != nil {
		return err
	}
	c := csv.NewWriter(out)
	line := make([]string, len(exported))
	for i, ref := range exported {
		line[i] = string(ref)
	}
	if err := c.Write(line); err != nil {
		return err
	}
	for _, row := range all {
		for i, v := range row {
			line[i], _ = v.(string)
		}
		if err := c.Write(line); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// deskPath is where the desk has the list of residents.
const deskPath = "/residents"

// benchDesk reads the list of residents as the desk sees it: a whole page with its menu, filters and fifty rows, in the scope of a session. The ceiling is a bare handler that reads the same
// residents in one query and writes them with the library's templates.
func (w *world) benchDesk(ctx context.Context) (ours, ceiling float64, err error) {
	if err := w.filled(ctx); err != nil {
		return 0, 0, err
	}
	community := w.ours.communities[0]
	cookie, err := w.desk(ctx, app.RoleSecretary, community)
	if err != nil {
		return 0, 0, err
	}
	own, err := openBare(w.ours.address)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, own.close()) }()
	h := &bareHandler{b: own, tenant: w.ours.tenant}
	h.prepare()
	names, err := readRows(ctx, h.list, []any{w.ours.tenant, int64(community), 50})
	if err != nil {
		return 0, 0, err
	}
	list := rowsPage(own, `SELECT `+recordColumns+`, coalesce(o.name, ''), coalesce(h.address, ''), coalesce(g.name, '') FROM person p
		LEFT JOIN organisation o ON o.tenant_id = p.tenant_id AND o.id = p.community_id
		LEFT JOIN household h ON h.tenant_id = p.tenant_id AND h.id = p.household_id
		LEFT JOIN grid g ON g.tenant_id = p.tenant_id AND g.id = p.grid_id
		WHERE p.tenant_id = $1 AND p.community_id = $2 AND p.moved_out_on = '' AND p.died_on = '' ORDER BY p.name_key, p.id LIMIT $3`, w.ours.tenant, int64(community), 50)
	return w.duel(list, func(platform, bare *server) (float64, float64, error) {
		var sides [2]func() (float64, error)
		for i, s := range []*server{platform, bare} {
			request := s.visit(deskPath, cookie)
			body, err := s.one(request)
			if err != nil {
				return 0, 0, err
			}
			for _, row := range names {
				if name, _ := row[5].(string); name == "" || !strings.Contains(string(body), name) {
					return 0, 0, fmt.Errorf("the page lacks %q", name)
				}
			}
			sides[i] = func() (float64, error) {
				return s.load(ctx, readers, w.o.Scale.Slice, func(int64) []byte { return request })
			}
		}
		return w.turns(2*w.o.Scale.Rounds+1, sides[0], sides[1])
	})
}
