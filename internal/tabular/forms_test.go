package tabular

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"linli/internal/i18n"
)

type form struct {
	ID          string
	Kind        string
	Title       string
	Above       []string
	Header      []any
	Columns     int
	HeaderDepth int `json:"header_depth"`
}

// lay writes nested labels as merged cells are saved: each label in the upper left cell of its area. It gives the
// lowest label of every column.
func lay(header []any, depth int) (rows [][]string, leaves []string) {
	var place func(nodes []any, level int)
	rows = make([][]string, depth)
	put := func(level int, label string) {
		for len(rows[level]) < len(leaves) {
			rows[level] = append(rows[level], "")
		}
		rows[level] = append(rows[level], label)
	}
	place = func(nodes []any, level int) {
		for _, n := range nodes {
			switch n := n.(type) {
			case string:
				put(level, n)
				leaves = append(leaves, strings.TrimSpace(n))
			case []any:
				put(level, n[0].(string))
				place(n[1].([]any), level+1)
			default:
				leaves = append(leaves, "")
			}
		}
	}
	place(header, 0)
	return rows, leaves
}

// The lists that offices really send: title, lines above, headers over one to three rows. The header is found, with
// the lowest label of every column, and the first row of data behind it.
func TestHeadersOfRealForms(t *testing.T) {
	b := sharedFile(t, "data/forms/forms.json")
	if b == nil {
		return
	}
	var forms []form
	if err := json.Unmarshal(b, &forms); err != nil {
		t.Fatal(err)
	}
	cols := append([]Column{{Key: "no", Title: i18n.Verbatim("序号")}, {Key: "member", Title: i18n.Verbatim("党员姓名")}, {Key: "remark", Title: i18n.Verbatim("备注")},
		{Key: "class", Title: i18n.Verbatim("年级班级"), Synonyms: []string{"班级"}}}, people...)
	lists := 0
	for _, f := range forms {
		if f.Kind != "list" {
			continue
		}
		lists++
		header, leaves := lay(f.Header, f.HeaderDepth)
		rows := [][]string{{f.Title}}
		for _, a := range f.Above {
			rows = append(rows, []string{a})
		}
		rows = append(rows, header...)
		data := make([]string, len(leaves))
		for i := range data {
			data[i] = fmt.Sprintf("v%d", i)
		}
		table := mustOpen(t, sheetOf(t, append(rows, data)), Options{Columns: cols})
		if got, want := strings.Join(table.Header, "|"), strings.TrimRight(strings.Join(leaves, "|"), "|"); got != want || table.HeaderRow != len(rows) {
			t.Errorf("%s: header %q in row %d, want %q in row %d", f.ID, got, table.HeaderRow, want, len(rows))
		}
		wantRows(t, f.ID, table, row(len(rows)+1, data...))
	}
	if lists < 5 {
		t.Errorf("only %d lists", lists)
	}
}

func sheetOf(t *testing.T, rows [][]string) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, r := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &r); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
