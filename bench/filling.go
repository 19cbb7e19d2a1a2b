package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/xuri/excelize/v2"

	"linli/internal/db"
	"linli/internal/fact"
	"linli/internal/fill"
	"linli/internal/i18n"
	"linli/internal/id"
)

// formRows is how many people the measured form lists at most, and no more than a tenth of the residents: of those who live in a household, not of those whom the jobs before entered by name alone.
const formRows = 10_000

// formFacts are what the form asks of each, beside the number of the row.
var formFacts = []i18n.Term{i18n.FactPersonName, i18n.FactPersonIDNumber, i18n.FactPersonSex, i18n.FactPersonBorn, i18n.FactPersonAge, i18n.FactHouseholdAddress,
	i18n.FactBuildingName, i18n.FactHouseholdStairwell, i18n.FactHouseholdRoom, i18n.FactGridName, i18n.FactLinkCommunityName, i18n.FactPersonRelation,
	i18n.FactPersonSchooling, i18n.FactPersonPolitical, i18n.FactPersonResidence, i18n.FactPersonWorkUnit, i18n.FactLinkHeadName, i18n.FactHouseholdSize,
	i18n.FactPersonMovedIn, i18n.FactPerson60}

// benchFill fills in a form of ten thousand rows and twenty columns that names its people by ID number. The ceiling is the workbook library
// alone: it reads the same file, every cell of it, puts one label anew, and writes it.
func (w *world) benchFill(ctx context.Context) (float64, float64, error) {
	if err := w.filled(ctx); err != nil {
		return 0, 0, err
	}
	file, rows, err := w.form(ctx)
	if err != nil {
		return 0, 0, err
	}
	return w.turns(w.o.Scale.Rounds, func() (float64, error) {
		began := time.Now()
		_, out, err := w.ours.app.Fill.Fill(ctx, w.ours.actor(), "form.xlsx", file, fill.Ask{})
		took := millis(time.Since(began))
		if err == nil && out.Filled < rows*len(formFacts)/2 {
			err = fmt.Errorf("only %d cells of %d rows were filled in", out.Filled, rows)
		}
		return took, err
	}, func() (float64, error) {
		began := time.Now()
		err := readAndWrite(file)
		return millis(time.Since(began)), err
	})
}

func readAndWrite(file []byte) (err error) {
	f, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.GetRows(formSheet); err != nil {
		return err
	}
	if err := f.SetCellStr(formSheet, "A1", i18n.FactPersonName.Name.In(i18n.ZH)); err != nil { // else the sheet is copied, not written
		return err
	}
	_, err = f.WriteToBuffer()
	return err
}

const formSheet = "Sheet1"

// form draws the form with the names and numbers of residents, every cell framed.
func (w *world) form(ctx context.Context) ([]byte, int, error) {
	d := w.ours
	type row struct {
		id     id.ID
		name   string
		number []byte
	}
	people, err := db.All(ctx, d.app.DB, func(r *row) []any { return []any{&r.id, &r.name, &r.number} },
		"SELECT id, name, id_number FROM person WHERE tenant_id = $1 AND id_index <> '' AND household_id <> 0 ORDER BY id LIMIT $2", d.tenant, min(formRows, max(w.o.Scale.Residents/10, 100)))
	if err != nil {
		return nil, 0, err
	}
	f := excelize.NewFile()
	defer f.Close() // only memory goes
	frame, err := f.NewStyle(&excelize.Style{Border: []excelize.Border{{Type: "top", Color: "000000", Style: 1}, {Type: "left", Color: "000000", Style: 1}}})
	if err != nil {
		return nil, 0, err
	}
	s, err := f.NewStreamWriter(formSheet)
	if err != nil {
		return nil, 0, err
	}
	line := func(n int, texts ...string) error {
		cells := make([]any, len(formFacts)+1)
		for i := range cells {
			cells[i] = excelize.Cell{StyleID: frame}
			if i > 0 && i <= len(texts) && texts[i-1] != "" {
				cells[i] = excelize.Cell{StyleID: frame, Value: texts[i-1]}
			}
		}
		at, err := excelize.CoordinatesToCellName(1, n)
		if err != nil {
			return err
		}
		return s.SetRow(at, cells[1:])
	}
	var labels []string
	for _, t := range formFacts {
		labels = append(labels, t.Name.In(i18n.ZH))
	}
	if err := line(1, labels...); err != nil {
		return nil, 0, err
	}
	for i, p := range people {
		number, err := d.app.Ring.Open(string(fact.Person), "id_number", p.id, p.number)
		if err != nil {
			return nil, 0, err
		}
		if err := line(i+2, p.name, number); err != nil {
			return nil, 0, err
		}
	}
	if err := s.Flush(); err != nil {
		return nil, 0, err
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		return nil, 0, err
	}
	return b.Bytes(), len(people), nil
}
