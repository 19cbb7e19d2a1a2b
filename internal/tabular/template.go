package tabular

import (
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"linli/internal/i18n"
)

// Template writes the workbook that people fill in: a sheet with the header, one grey example row (passed over when
// read), lists to choose from, and text cells; and a second sheet that explains every column.
func Template(w io.Writer, l i18n.Lang, cols []Column) error {
	f := excelize.NewFile()
	defer f.Close()
	t := &template{file: f, lang: l, cols: cols, data: i18n.TabularSheetData.In(l), notes: i18n.TabularSheetNotes.In(l)}
	for _, step := range []func() error{t.sheets, t.head, t.example, t.choices, t.explain} {
		if err := step(); err != nil {
			return fmt.Errorf("write template: %w", err)
		}
	}
	f.SetActiveSheet(0)
	return f.Write(w)
}

type template struct {
	file        *excelize.File
	lang        i18n.Lang
	cols        []Column
	data, notes string
}

// templateRows is how many rows of the template offer lists to choose from.
const templateRows = 5000

func (t *template) sheets() error {
	if err := t.file.SetSheetName("Sheet1", t.data); err != nil {
		return err
	}
	_, err := t.file.NewSheet(t.notes)
	return err
}

func (t *template) head() error {
	text, err := t.file.NewStyle(&excelize.Style{NumFmt: 49})
	if err != nil {
		return err
	}
	needed := *headStyle
	needed.Font = &excelize.Font{Bold: true, Color: "9B1C1C"}
	optional, err := t.file.NewStyle(headStyle)
	if err != nil {
		return err
	}
	required, err := t.file.NewStyle(&needed)
	if err != nil {
		return err
	}
	for i, c := range t.cols {
		style := optional
		if c.Required {
			style = required
		}
		if err := t.column(i, c, text, style); err != nil {
			return err
		}
	}
	return t.file.SetPanes(t.data, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}

// column writes one header cell; the whole column is text unless it holds numbers.
func (t *template) column(i int, c Column, text, head int) error {
	name, err := excelize.ColumnNumberToName(i + 1)
	if err != nil {
		return err
	}
	if !c.Number {
		if err := t.file.SetColStyle(t.data, name, text); err != nil {
			return err
		}
	}
	if err := t.file.SetColWidth(t.data, name, name, columnWidth(c, t.lang)); err != nil {
		return err
	}
	title := c.Title.In(t.lang)
	if c.Required {
		title = "*" + title
	}
	if err := t.file.SetCellStr(t.data, name+"1", title); err != nil {
		return err
	}
	return t.file.SetCellStyle(t.data, name+"1", name+"1", head)
}

func (t *template) example() error {
	grey, err := t.file.NewStyle(&excelize.Style{NumFmt: 49, Font: &excelize.Font{Italic: true, Color: "888888"}})
	if err != nil {
		return err
	}
	for i, c := range t.cols {
		if c.Example == "" {
			continue
		}
		cell, err := excelize.CoordinatesToCellName(i+1, 2)
		if err != nil {
			return err
		}
		if err := t.file.SetCellStr(t.data, cell, Disarm(c.Example)); err != nil {
			return err
		}
		if err := t.file.SetCellStyle(t.data, cell, cell, grey); err != nil {
			return err
		}
	}
	return nil
}

// choices offers lists where they are short enough for a workbook (255 characters in all, no commas).
func (t *template) choices() error {
	for i, c := range t.cols {
		var words []string
		for _, w := range c.Choices {
			words = append(words, w.In(t.lang))
		}
		all := strings.Join(words, ",")
		if len(words) == 0 || strings.Count(all, ",") != len(words)-1 || len([]rune(all)) > 200 {
			continue
		}
		name, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		dv := excelize.NewDataValidation(true)
		dv.Sqref = fmt.Sprintf("%s2:%s%d", name, name, templateRows)
		dv.ShowErrorMessage = false // a list is an offer: the import understands more than it shows
		if err := dv.SetDropList(words); err != nil {
			return err
		}
		if err := t.file.AddDataValidation(t.data, dv); err != nil {
			return err
		}
	}
	return nil
}

// explain fills the second sheet.
func (t *template) explain() error {
	wrap, err := t.file.NewStyle(&excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}, NumFmt: 49})
	if err != nil {
		return err
	}
	head, err := t.file.NewStyle(headStyle)
	if err != nil {
		return err
	}
	rows := [][]string{{i18n.TabularNoteTop.In(t.lang, t.data)}, t.words(i18n.TabularNoteColumn, i18n.TabularNoteNeeded, i18n.TabularNoteHow, i18n.TabularNoteExample)}
	for _, c := range t.cols {
		rows = append(rows, t.note(c))
	}
	for i, r := range rows {
		if err := t.file.SetSheetRow(t.notes, fmt.Sprintf("A%d", i+1), &r); err != nil {
			return err
		}
	}
	if err := t.file.MergeCell(t.notes, "A1", "D1"); err != nil {
		return err
	}
	if err := t.file.SetRowHeight(t.notes, 1, 48); err != nil {
		return err
	}
	if err := t.file.SetCellStyle(t.notes, "A1", fmt.Sprintf("D%d", len(rows)), wrap); err != nil {
		return err
	}
	if err := t.file.SetCellStyle(t.notes, "A2", "D2", head); err != nil {
		return err
	}
	for name, width := range map[string]float64{"A": 18, "B": 10, "C": 60, "D": 26} {
		if err := t.file.SetColWidth(t.notes, name, name, width); err != nil {
			return err
		}
	}
	return nil
}

func (t *template) words(texts ...i18n.Text) []string {
	out := make([]string, len(texts))
	for i, x := range texts {
		out[i] = x.In(t.lang)
	}
	return out
}

// note explains one column.
func (t *template) note(c Column) []string {
	needed := i18n.TabularOptional
	if c.Required {
		needed = i18n.TabularNeeded
	}
	how := []string{}
	if !c.Hint.IsZero() {
		how = append(how, c.Hint.In(t.lang))
	}
	if len(c.Choices) > 0 {
		how = append(how, i18n.TabularNoteChoices.In(t.lang, strings.Join(t.words(c.Choices...), i18n.CodeListComma.In(t.lang))))
	}
	if c.Sealed {
		how = append(how, i18n.TabularNoteSealed.In(t.lang))
	}
	return []string{c.Title.In(t.lang), needed.In(t.lang), strings.Join(how, "\n"), c.Example}
}
