package intake

import (
	"bytes"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/tabular"
)

// Layout is where the columns of a kind stand in a file.
type Layout struct {
	Sheet     string         `json:"sheet,omitempty"`
	Sheets    []string       `json:"sheets,omitempty"`
	Header    []string       `json:"header"`
	HeaderRow int            `json:"header_row"`
	Lines     int            `json:"lines"`            // about how many rows there are
	Sample    [][]string     `json:"sample,omitempty"` // the first rows, masked
	Chosen    map[string]int `json:"chosen,omitempty"` // what a person chose: column of the kind -> place in the file, -1 for none
}

// Matched is one column of a kind and where it was found.
type Matched struct {
	Column  Column
	At      int    // place in the file from 0, -1 for none
	Header  string // what stands there
	Certain string // "exact", "synonym", "chosen", "likely" (offered, not taken), "" for none
}

// Matches says for each column of k where it stands in the file and how surely.
func (l Layout) Matches(k Kind) []Matched {
	m := l.mapping(k)
	out := make([]Matched, len(k.Columns))
	grade := map[tabular.Certainty]string{tabular.Exact: "exact", tabular.Synonym: "synonym", tabular.Chosen: "chosen", tabular.Likely: "likely"}
	for i, c := range k.Columns {
		out[i] = Matched{Column: c, At: -1}
		for _, f := range append(append([]tabular.Found(nil), m.Likely...), m.Found...) {
			if f.Key == c.Name {
				out[i].At, out[i].Header, out[i].Certain = f.Column, l.Header[f.Column], grade[f.Certainty]
			}
		}
	}
	return out
}

// Unused are the headings of the file that are no column of k.
func (l Layout) Unused(k Kind) []string {
	var names []string
	for _, i := range l.mapping(k).Unused {
		names = append(names, l.Header[i])
	}
	return names
}

func (l Layout) mapping(k Kind) tabular.Mapping {
	return tabular.MatchChosen(l.Header, tableColumns(k), l.Chosen)
}

// choose applies a person's choice of columns.
func (l *Layout) choose(k Kind, columns map[string]int) {
	l.Chosen = nil
	found := l.mapping(k)
	l.Chosen = map[string]int{}
	for _, c := range k.Columns {
		if at, ok := columns[c.Name]; ok && at != found.Index(c.Name) {
			l.Chosen[c.Name] = at
		}
	}
}

// missing is an error if the file cannot be read with these columns.
func (l Layout) missing(k Kind) error { return l.mapping(k).Err() }

func (l Layout) columns(k Kind) []int {
	m := l.mapping(k)
	at := make([]int, len(k.Columns))
	for i, c := range k.Columns {
		at[i] = m.Index(c.Name)
	}
	return at
}

func (l Layout) mapped(k Kind) map[string]bool {
	m := l.mapping(k)
	has := map[string]bool{}
	for _, c := range k.Columns {
		has[c.Name] = m.Has(c.Name)
	}
	return has
}

func tableColumns(k Kind) []tabular.Column {
	out := make([]tabular.Column, len(k.Columns))
	for i, c := range k.Columns {
		out[i] = tabular.Column{Key: c.Name, Title: c.Title, Synonyms: c.Also, Required: c.Required, Hint: c.Hint,
			Example: c.Example, Choices: c.Choices, Sealed: c.Sealed || c.Mask != nil}
	}
	return out
}

// sampleRows is how many rows are shown beside the matching of columns.
const sampleRows = 3

// inspect opens a file, finds its header and takes a masked sample.
func inspect(k Kind, in NewImport) (Layout, error) {
	t, err := open(k, in.FileName, in.Content, in.Sheet)
	if err != nil {
		return Layout{}, err
	}
	defer t.Close()
	l := Layout{Sheet: t.Sheet, Sheets: t.Sheets, Header: t.Header, HeaderRow: t.HeaderRow, Lines: t.Lines}
	for len(l.Sample) < sampleRows {
		row, err := t.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return l, err
		}
		sample := make([]string, len(l.Header))
		for i := range sample {
			sample[i] = tabular.ShowValue(row.At(i), true)
		}
		l.Sample = append(l.Sample, sample)
	}
	if len(l.Sample) == 0 {
		return l, errs.Field("file", i18n.IntakeNoRows)
	}
	return l, nil
}

func open(k Kind, name string, content []byte, sheet string) (*tabular.Table, error) {
	return tabular.Open(name, bytes.NewReader(content), int64(len(content)), tabular.Options{Columns: tableColumns(k), Sheet: sheet})
}

// upload is a source that opens its content anew each time.
type upload struct {
	kind        Kind
	name, sheet string
	content     []byte
}

func (l Layout) source(name string, content []byte, k Kind) source {
	return upload{kind: k, name: name, sheet: l.Sheet, content: content}
}

func (f upload) each(yield func(tabular.Row) error) error {
	t, err := open(f.kind, f.name, f.content, f.sheet)
	if err != nil {
		return err
	}
	defer t.Close()
	for {
		row, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = yield(row)
		}
		if err != nil {
			return err
		}
	}
}

// writeRejected writes the rows of the file that are in bad.
func (l Layout) writeRejected(w io.Writer, lang i18n.Lang, name string, content []byte, k Kind, bad []Finding) error {
	t, err := open(k, name, content, l.Sheet)
	if err != nil {
		return err
	}
	defer t.Close()
	problems := make([]tabular.Problem, len(bad))
	for i, f := range bad {
		problems[i] = tabular.Problem{Row: f.Row, Column: f.Column, Masked: f.Masked, Warning: f.Warning,
			Message: errs.Message{Text: i18n.Verbatim(f.Message)}, Advice: errs.Message{Text: i18n.Verbatim(f.Advice)}}
	}
	return tabular.WriteRejected(w, lang, t, problems)
}

func template(w io.Writer, k Kind, lang i18n.Lang) error {
	return tabular.Template(w, lang, tableColumns(k))
}

// fileName is the name of an uploaded file without folders, bounded.
func fileName(s string) string {
	s = filepath.Base(strings.ReplaceAll(strings.ToValidUTF8(s, "?"), "\\", "/"))
	if utf8.RuneCountInString(s) > 120 {
		s = string([]rune(s)[:120])
	}
	return s
}
