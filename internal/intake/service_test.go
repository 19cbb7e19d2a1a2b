package intake_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/intake"
	"linli/internal/seal"
	"linli/internal/testkit"
)

const perm authz.Permission = "policy.import"

// policies is a kind for these tests: rows of the table policy, by name.
func policies() intake.Kind {
	return intake.Kind{
		Name: "policies", Title: i18n.Verbatim("policies"), Permission: perm,
		Columns: []intake.Column{
			{Name: "name", Title: i18n.Verbatim("名称"), Required: true, Max: 20},
			{Name: "value", Title: i18n.Verbatim("值"), Also: []string{"数值"}},
			{Name: "from", Title: i18n.Verbatim("起始日期")},
			{Name: "secret", Title: i18n.Verbatim("号码"), Sealed: true},
		},
		Begin: func(_ context.Context, _ db.Querier, s intake.Setup) (intake.Importer, error) {
			return &importer{Setup: s}, nil
		},
	}
}

type importer struct{ intake.Setup }

type policy struct{ name, value, from string }

func (*importer) Check(r *intake.Row) any {
	p := &policy{name: r.Name("name"), value: r.Text("value"), from: r.Date("from")}
	if r.Raw("secret") == "13800001111" {
		r.Refuse("secret", i18n.ErrBadNumber, i18n.ErrBadNumber)
	}
	return p
}

func (*importer) Key(r any) string { return r.(*policy).name }

func (i *importer) Plan(ctx context.Context, q db.Querier, items []*intake.Item) error {
	names := make([]string, len(items))
	for n, it := range items {
		names[n] = it.Record.(*policy).name
	}
	a := &db.Args{}
	type row struct{ name, value string }
	have, err := db.All(ctx, q, func(r *row) []any { return []any{&r.name, &r.value} },
		"SELECT name, value FROM policy WHERE tenant_id = "+a.Add(i.Actor.Tenant)+" AND "+db.In(a, "name", names), a.Values()...)
	if err != nil {
		return err
	}
	known := map[string]string{}
	for _, r := range have {
		known[r.name] = r.value
	}
	for _, it := range items {
		p := it.Record.(*policy)
		switch v, ok := known[p.name]; {
		case !ok:
			it.Outcome = intake.Inserted
		case v != p.value:
			it.Outcome = intake.Updated
		}
	}
	return nil
}

func (i *importer) Write(ctx context.Context, tx *db.Tx, items []*intake.Item) error {
	for _, it := range intake.Only(items, intake.Updated) {
		p := it.Record.(*policy)
		if err := tx.Update(ctx, "UPDATE policy SET value = $1 WHERE tenant_id = $2 AND name = $3", p.value, i.Actor.Tenant, p.name); err != nil {
			return err
		}
	}
	fresh := intake.Only(items, intake.Inserted)
	return tx.InsertMany(ctx, "policy", []string{"tenant_id", "name", "valid_from", "value", "set_at"}, len(fresh), func(n int) []any {
		p := fresh[n].Record.(*policy)
		return []any{i.Actor.Tenant, p.name, p.from, p.value, int64(1)}
	})
}

func (*importer) Finish(context.Context, *db.Tx) error { return nil }

func policyCount(t *testing.T, d *db.DB) int64 {
	t.Helper()
	n, err := db.Value[int64](t.Context(), d, "SELECT count(*) FROM policy WHERE tenant_id = $1", testkit.Tenant)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func csv(lines ...string) []byte {
	return []byte("名称,数值,起始日期,号码\n" + strings.Join(lines, "\n") + "\n")
}

type counts struct {
	state                                                  string
	rows, inserted, updated, unchanged, rejected, warnings int64
}

func of(s intake.Summary) counts {
	return counts{s.State, s.Rows, s.Inserted, s.Updated, s.Unchanged, s.Rejected, s.Warnings}
}

func upload(t *testing.T, s *intake.Service, actor authz.Actor, content []byte) intake.Import {
	t.Helper()
	m, err := s.Upload(t.Context(), actor, intake.NewImport{Kind: "policies", FileName: "表.csv", Content: content})
	if err != nil {
		t.Fatalf("Upload: %v", err)
	}
	return m
}

func run(t *testing.T, s *intake.Service, actor authz.Actor, m intake.Import, c intake.Choice) counts {
	t.Helper()
	m, err := s.Run(t.Context(), actor, m.ID, c)
	if err != nil {
		t.Fatalf("Run: %v", err)
	}
	stored, err := s.Get(t.Context(), actor, m.ID)
	if err != nil {
		t.Fatal(err)
	}
	if of(stored.Summary) != of(m.Summary) {
		t.Errorf("stored %+v, came back %+v", of(stored.Summary), of(m.Summary))
	}
	return of(m.Summary)
}

func TestTheLifeOfAnImport(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s, actor := intake.New(d, seal.Ephemeral(), policies()), testkit.Actor(testkit.Tenant, nil, perm)
		table := csv("甲,1,2026-01-01,", "乙,2,2026/1/2,", "", "丙,3,,,多余,的,格", "丁")
		m := upload(t, s, actor, table)
		if got, want := run(t, s, actor, m, intake.Choice{DryRun: true}), (counts{"checked", 4, 4, 0, 0, 0, 0}); got != want {
			t.Errorf("dry run = %+v, want %+v", got, want)
		}
		if n := policyCount(t, d); n != 0 {
			t.Fatalf("a dry run wrote %d rows", n)
		}
		if got, want := run(t, s, actor, m, intake.Choice{}), (counts{"done", 4, 4, 0, 0, 0, 0}); got != want {
			t.Errorf("import = %+v, want %+v", got, want)
		}
		if _, err := s.Run(t.Context(), actor, m.ID, intake.Choice{}); errs.KindOf(err) != errs.Conflict {
			t.Errorf("importing it once more = %v, want Conflict", err)
		}
		again := upload(t, s, actor, table)
		if got, want := run(t, s, actor, again, intake.Choice{}), (counts{"done", 4, 0, 0, 4, 0, 0}); got != want {
			t.Errorf("second import = %+v, want %+v", got, want)
		}
		changed := upload(t, s, actor, csv("甲,9,,", "戊,5,,"))
		if got, want := run(t, s, actor, changed, intake.Choice{}), (counts{"done", 2, 1, 1, 0, 0, 0}); got != want {
			t.Errorf("changed import = %+v, want %+v", got, want)
		}
		if n, _ := db.Value[int64](t.Context(), d, "SELECT count(*) FROM file WHERE tenant_id = $1", testkit.Tenant); n != 0 {
			t.Errorf("%d files are kept after their imports are done", n)
		}
		if n, _ := db.Value[int64](t.Context(), d, "SELECT count(*) FROM audit_entry WHERE action = $1", "import.apply"); n != 3 {
			t.Errorf("%d audit entries for 3 imports", n)
		}
	})
}

func TestAllOrNothingUnlessTheGoodRowsAreWanted(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s, actor := intake.New(d, seal.Ephemeral(), policies()), testkit.Actor(testkit.Tenant, nil, perm)
		table := csv("甲,1,,", "=HYPERLINK(1),2,,", ",3,,", "乙,4,2026-02-30,", "甲,5,,", "丙,6,,13800001111", "好,7,,")
		m := upload(t, s, actor, table)
		if got, want := run(t, s, actor, m, intake.Choice{}), (counts{"refused", 7, 2, 0, 0, 5, 1}); got != want {
			t.Errorf("with bad rows = %+v, want %+v", got, want)
		}
		if n := policyCount(t, d); n != 0 {
			t.Fatalf("a refused import wrote %d rows", n)
		}
		report, err := s.Problems(t.Context(), actor, m.ID, db.Page{})
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for _, f := range report.Items {
			lines = append(lines, fmt.Sprintf("%d %s %s %v", f.Row, f.Column, f.Masked, f.Warning))
			if f.Message == "" || f.Advice == "" {
				t.Errorf("row %d: %q, %q: says not what is wrong or what to do", f.Row, f.Message, f.Advice)
			}
		}
		want := "2   true\n3 名称 =HYPERLINK(1) false\n4 名称  false\n5 起始日期 2026-02-30 false\n6   false\n7 号码 138****1111 false"
		if got := strings.Join(lines, "\n"); got != want {
			t.Errorf("report:\n%s\nwant:\n%s", got, want)
		}
		if got, want := run(t, s, actor, m, intake.Choice{TakeGood: true}), (counts{"done", 7, 2, 0, 0, 5, 1}); got != want {
			t.Errorf("taking the good rows = %+v, want %+v", got, want)
		}
		if n := policyCount(t, d); n != 2 {
			t.Errorf("%d rows, want the 2 good ones", n)
		}
		mendRejected(t, s, actor, m)
		if n := policyCount(t, d); n != 3 {
			t.Errorf("%d rows after mending one, want 3", n)
		}
	})
}

// mendRejected downloads the rows that were left, mends one and imports the workbook as it is.
func mendRejected(t *testing.T, s *intake.Service, actor authz.Actor, m intake.Import) {
	t.Helper()
	var b bytes.Buffer
	if err := s.Rejected(t.Context(), actor, m.ID, &b); err != nil {
		t.Fatalf("Rejected: %v", err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	sheet := f.GetSheetName(0)
	rows, err := f.GetRows(sheet)
	if err != nil || len(rows) != 6 {
		t.Fatalf("%d rows to mend (%v), want 5 and a header", len(rows), err)
	}
	if err := f.SetCellStr(sheet, "A2", "改好了"); err != nil {
		t.Fatal(err)
	}
	b.Reset()
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	mended := upload(t, s, actor, b.Bytes())
	if got := run(t, s, actor, mended, intake.Choice{TakeGood: true}); got.inserted != 1 || got.rejected != 3 {
		t.Errorf("mended import = %+v, want 1 inserted, 3 rejected (甲 is there by now and changes)", got)
	}
}

// Bad input of whole files: a clear message, and nothing is kept or written.
func TestFilesThatCannotBeTaken(t *testing.T) {
	book := workbook(t, [][]string{{"名称", "数值"}, {"甲", "1"}, {"乙", "2"}})
	cases := []struct {
		why     string
		content []byte
		says    i18n.Text
	}{
		{"an empty file", []byte(" \n"), i18n.TabularEmpty},
		{"half a workbook", book[:len(book)/2], i18n.TabularHalf},
		{"a header alone", []byte("名称,数值\n"), i18n.IntakeNoRows},
		{"a zip bomb as workbook", bomb(t), i18n.TabularTooBig},
		{"a PDF", []byte("%PDF-1.7 not a table"), i18n.TabularNotATable},
	}
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s, actor := intake.New(d, seal.Ephemeral(), policies()), testkit.Actor(testkit.Tenant, nil, perm)
		for _, c := range cases {
			t.Run(c.why, func(t *testing.T) {
				_, err := s.Upload(t.Context(), actor, intake.NewImport{Kind: "policies", FileName: "x", Content: c.content})
				e := errs.As(err)
				if e == nil || e.Kind != errs.Invalid {
					t.Fatalf("Upload = %v, want Invalid", err)
				}
				if e.Message.Text != c.says && e.Fields["file"].Text != c.says {
					t.Errorf("says %q, want %q", e, c.says.In(i18n.EN))
				}
			})
		}
		if n, _ := db.Value[int64](t.Context(), d, "SELECT count(*) FROM import"); n != 0 {
			t.Errorf("%d imports are kept of files that were refused", n)
		}
	})
}

// bomb is a workbook whose sheet unpacks to more than any table.
func bomb(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, body := range map[string]string{
		"[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
		"xl/workbook.xml":     `<workbook/>`,
	} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(w, body)
	}
	w, err := z.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	block := bytes.Repeat([]byte("<c><v>1</v></c>"), 1<<16)
	for range 600 {
		if _, err := w.Write(block); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func workbook(t *testing.T, rows [][]string) []byte {
	t.Helper()
	f := excelize.NewFile()
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

func TestWrongColumnsAndHugeCells(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s, actor := intake.New(d, seal.Ephemeral(), policies()), testkit.Actor(testkit.Tenant, nil, perm)
		wrong := upload(t, s, actor, []byte("车牌,号码\n苏A12345,红\n"))
		_, err := s.Run(t.Context(), actor, wrong.ID, intake.Choice{})
		if e := errs.As(err); e == nil || e.Fields["name"].Text.IsZero() {
			t.Errorf("a table of other things = %v, want a word about the missing column", err)
		}
		got := run(t, s, actor, wrong, intake.Choice{Columns: map[string]int{"name": 0, "value": 1}, DryRun: true})
		if got.inserted != 1 {
			t.Errorf("with columns chosen by hand = %+v, want 1 row", got)
		}
		huge := csv("甲,1,,", "乙,"+strings.Repeat("长", 10<<20/3)+",,", "丙,3,,")
		if _, err := s.Upload(t.Context(), actor, intake.NewImport{Kind: "policies", FileName: "a.csv", Content: huge}); errs.KindOf(err) != errs.Invalid {
			t.Errorf("a cell of 10 MB = %v, want Invalid", err)
		}
		long := upload(t, s, actor, csv("甲,1,,", "乙,"+strings.Repeat("长", 300)+",,", "丙,3,,"))
		if got, want := run(t, s, actor, long, intake.Choice{}), (counts{"refused", 3, 2, 0, 0, 1, 0}); got != want {
			t.Errorf("a cell of 300 characters = %+v, want %+v", got, want)
		}
		if n := policyCount(t, d); n != 0 {
			t.Errorf("%d rows written", n)
		}
	})
}

func TestAFileThatIsAllWrongEndsEarly(t *testing.T) {
	d := testkit.SQLite(t, testkit.NewClock().Now)
	s, actor := intake.New(d, seal.Ephemeral(), policies()), testkit.Actor(testkit.Tenant, nil, perm)
	var b strings.Builder
	for i := range 25_000 {
		fmt.Fprintf(&b, "名%d,1,昨天,\n", i)
	}
	m := upload(t, s, actor, csv(b.String()))
	_, err := s.Run(t.Context(), actor, m.ID, intake.Choice{TakeGood: true})
	if e := errs.As(err); e == nil || e.Message.Text != i18n.IntakeHopeless {
		t.Errorf("Run = %v, want it to say that the columns are probably wrong", err)
	}
	m, err = s.Get(t.Context(), actor, m.ID)
	if err != nil || m.State != intake.Failed {
		t.Errorf("state %q (%v), want failed", m.State, err)
	}
}

func TestOnlyWhoMayImportSeesAnImport(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := intake.New(d, seal.Ephemeral(), policies())
		org := testkit.NewRows(t, d, testkit.Tenant).Organisation("unit", "某单位")
		actor := testkit.Actor(testkit.Tenant, []id.ID{org}, perm)
		m, err := s.Upload(t.Context(), actor, intake.NewImport{Kind: "policies", OrgID: org, FileName: "a.csv", Content: csv("甲,1,,")})
		if err != nil {
			t.Fatal(err)
		}
		others := map[string]authz.Actor{
			"another tenant":       testkit.Actor(testkit.Other, nil, perm),
			"another organisation": testkit.Actor(testkit.Tenant, []id.ID{8}, perm),
			"without permission":   testkit.Actor(testkit.Tenant, nil, "other.see"),
		}
		for why, other := range others {
			if _, err := s.Get(t.Context(), other, m.ID); errs.KindOf(err) != errs.NotFound {
				t.Errorf("%s: Get = %v, want NotFound", why, err)
			}
			if l, err := s.List(t.Context(), other, intake.Filter{}); err != nil || len(l.Items) != 0 {
				t.Errorf("%s: List = %d imports (%v)", why, len(l.Items), err)
			}
			if _, err := s.Run(t.Context(), other, m.ID, intake.Choice{}); errs.KindOf(err) != errs.NotFound {
				t.Errorf("%s: Run = %v, want NotFound", why, err)
			}
			if _, err := s.Problems(t.Context(), other, m.ID, db.Page{}); errs.KindOf(err) != errs.NotFound {
				t.Errorf("%s: Problems = %v, want NotFound", why, err)
			}
			if err := s.Rejected(t.Context(), other, m.ID, &bytes.Buffer{}); errs.KindOf(err) != errs.NotFound {
				t.Errorf("%s: Rejected = %v, want NotFound", why, err)
			}
		}
		if _, err := s.Upload(t.Context(), others["another organisation"], intake.NewImport{Kind: "policies", OrgID: org, Content: csv("甲,1,,")}); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("Upload for an organisation out of scope = %v, want Forbidden", err)
		}
		if l, err := s.List(t.Context(), actor, intake.Filter{Kind: "policies"}); err != nil || len(l.Items) != 1 {
			t.Errorf("own List = %d imports (%v), want 1", len(l.Items), err)
		}
	})
}

type queue struct{ jobs []id.ID }

func (q *queue) EnqueueImport(_ context.Context, _ *db.Tx, _ authz.Actor, importID id.ID) (id.ID, error) {
	q.jobs = append(q.jobs, importID)
	return id.New(), nil
}

type actors struct{ one authz.Actor }

func (a actors) Actor(context.Context, int64, id.ID) (authz.Actor, error) { return a.one, nil }

func TestLargeTablesRunInTheBackground(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s, actor := intake.New(d, seal.Ephemeral(), policies()), testkit.Actor(testkit.Tenant, nil, perm)
		q := &queue{}
		s.InBackground(q, actors{actor})
		var b strings.Builder
		for i := range 5000 {
			fmt.Fprintf(&b, "名%d,%d,,\n", i, i)
		}
		m := upload(t, s, actor, csv(b.String()))
		if got := run(t, s, actor, m, intake.Choice{}); got.state != intake.Waiting || len(q.jobs) == 0 {
			t.Fatalf("state %+v, %d jobs", got, len(q.jobs))
		}
		if _, err := s.Run(t.Context(), actor, m.ID, intake.Choice{}); errs.KindOf(err) != errs.Conflict {
			t.Errorf("starting it twice = %v, want Conflict", err)
		}
		var seen int64
		err := s.RunJob(t.Context(), testkit.Tenant, m.ID, func(done, total int64) {
			if done < seen || total < done {
				t.Errorf("progress %d of %d after %d", done, total, seen)
			}
			seen = done
		})
		if err != nil || seen != 5000 {
			t.Fatalf("RunJob: %v, %d rows seen", err, seen)
		}
		if err := s.RunJob(t.Context(), testkit.Tenant, m.ID, nil); err != nil {
			t.Errorf("a job that comes twice = %v, want nothing to happen", err)
		}
		if n := policyCount(t, d); n != 5000 {
			t.Errorf("%d rows", n)
		}
	})
}

func TestDirect(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s, actor := intake.New(d, seal.Ephemeral(), policies()), testkit.Actor(testkit.Tenant, nil, perm)
		in := intake.NewImport{Kind: "policies", FileName: "a.csv", Content: csv("甲,1,,", ",2,,")}
		for _, c := range []struct {
			choice intake.Choice
			want   counts
			kept   int64
		}{
			{intake.Choice{DryRun: true}, counts{"refused", 2, 1, 0, 0, 1, 0}, 0},
			{intake.Choice{}, counts{"refused", 2, 1, 0, 0, 1, 0}, 0},
			{intake.Choice{TakeGood: true}, counts{"done", 2, 1, 0, 0, 1, 0}, 1},
		} {
			sum, problems, err := s.Direct(t.Context(), actor, in, c.choice, nil)
			if err != nil || of(sum) != c.want || len(problems) != 1 {
				t.Errorf("%+v: %+v, %d problems, %v; want %+v", c.choice, of(sum), len(problems), err, c.want)
			}
			if n := policyCount(t, d); n != c.kept {
				t.Errorf("%+v: %d rows, want %d", c.choice, n, c.kept)
			}
		}
	})
}

func TestFilesGoWhenTheirTimeIsOver(t *testing.T) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		s, actor := intake.New(d, seal.Ephemeral(), policies()), testkit.Actor(testkit.Tenant, nil, perm)
		m := upload(t, s, actor, csv("甲,1,,"))
		raw, err := db.Value[[]byte](t.Context(), d, "SELECT content FROM file")
		if err != nil || bytes.Contains(raw, []byte("甲")) {
			t.Errorf("the file lies open in the database (%v)", err)
		}
		clock.Advance(15 * 24 * 3600 * 1e9)
		if err := s.Sweep(t.Context(), testkit.Tenant); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Run(t.Context(), actor, m.ID, intake.Choice{}); errs.KindOf(err) != errs.Conflict {
			t.Errorf("Run after its file went = %v, want Conflict", err)
		}
	})
}
