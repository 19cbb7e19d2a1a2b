package catalogue

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/csv"
	"strconv"
	"sync"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/id"
)

//go:embed standard.csv
var standardFile []byte

//go:embed classes.csv
var classFile []byte

// table reads an embedded table: each row by the names in its head.
func table(name string, content []byte) []map[string]string {
	lines, err := csv.NewReader(bytes.NewReader(content)).ReadAll()
	if err != nil {
		panic("catalogue: " + name + ": " + err.Error())
	}
	out := make([]map[string]string, 0, len(lines))
	for _, l := range lines[1:] {
		row := map[string]string{}
		for n, head := range lines[0] {
			row[head] = l[n]
		}
		out = append(out, row)
	}
	return out
}

// number reads a whole number of an embedded table.
func number(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		panic("catalogue: " + err.Error())
	}
	return n
}

// standard is the catalogue that a tenant starts with.
var standard = sync.OnceValues(func() ([]Class, []Item) {
	var groups []Class
	for _, r := range table("classes.csv", classFile) {
		groups = append(groups, Class{List: r["list"], Code: r["code"], Name: r["name"], NameEN: r["name_en"], Rank: number(r["rank"])})
	}
	var items []Item
	for _, r := range table("standard.csv", standardFile) {
		items = append(items, Item{List: r["list"], Standard: r["standard"], Part: Part(r["part"]), Code: r["code"], ClassCode: r["class"], Name: r["name"], NameEN: r["name_en"],
			Who: r["who"], WhoEN: r["who_en"], Bring: r["bring"], BringEN: r["bring_en"], Forms: r["forms"], FormsEN: r["forms_en"], Note: r["note"], NoteEN: r["note_en"], PriceKind: PriceKind(r["price_kind"]),
			PriceFen: number(r["price_fen"]), PriceNote: r["price_note"], PriceNoteEN: r["price_note_en"], Days: number(r["days"]), Hours: number(r["hours"]),
			Level: Level(r["level"]), Public: r["public"] == "1"})
	}
	return groups, items
})

// Standard are the classes and items that a tenant starts with. Items have no IDs.
func Standard() ([]Class, []Item) { return standard() }

// PrepareTx gives a tenant that has no catalogue the standard one, in force from today; one that has anything stays as it is.
func (s *Service) PrepareTx(ctx context.Context, tx *db.Tx, tenant int64) error {
	n, err := db.Value[int64](ctx, tx, "SELECT (SELECT count(*) FROM catalogue_class k WHERE k.tenant_id = $1) + (SELECT count(*) FROM catalogue_item i WHERE i.tenant_id = $1)", tenant)
	if err != nil || n > 0 {
		return err
	}
	groups, items := Standard()
	rank := map[string]int64{}
	for _, c := range groups {
		rank[c.List+"|"+c.Code] = c.Rank
	}
	if err := insertClasses(ctx, tx, tenant, 0, groups); err != nil {
		return err
	}
	list := make([]draft, len(items))
	for n, i := range items {
		i.ID, i.Edition, i.ValidFrom = id.New(), 1, calendar.DateOf(tx.Now())
		list[n] = draft{Item: i, rank: unclassed}
		if i.ClassCode != "" {
			list[n].rank = rank[i.List+"|"+i.ClassCode]
		}
	}
	return insert(ctx, tx, tenant, 0, list)
}
