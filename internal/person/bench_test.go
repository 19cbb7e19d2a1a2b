package person_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"linli/internal/authz"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/intake"
	"linli/internal/person"
	"linli/internal/seal"
	"linli/internal/testkit"
)

// benchRows is the size of the district: 410,000 residents, or what LINLI_BENCH_ROWS says.
func benchRows() int {
	if n, err := strconv.Atoi(os.Getenv("LINLI_BENCH_ROWS")); err == nil {
		return n
	}
	return 410_000
}

const (
	benchSurnames = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏"
	benchGiven    = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅志建国文辉力民永健世广义兴良海山仁波宁贵福生龙元全胜学祥才发武新利清飞彬富顺信子浩"
)

// district makes the list of residents of 60 communities as a CSV file.
func district(rows int) []byte {
	surnames, given := []rune(benchSurnames), []rune(benchGiven)
	var b bytes.Buffer
	b.Grow(rows * 150)
	b.WriteString("姓名,身份证号,性别,出生日期,手机号,政治面貌,文化程度,社区,小区,楼栋,单元,房号,与户主关系,居住类型,人员类别\n")
	day := time.Date(1820, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range rows {
		name := string(surnames[i*7919%len(surnames)]) + string(given[i*104729%len(given)])
		if i%5 > 0 {
			name += string(given[i*1299709/7%len(given)])
		}
		born := day.AddDate(0, 0, i%30000)
		number := code.WithCheck(fmt.Sprintf("320902%s%03d", born.Format("20060102"), i/30000*20+i%2))
		sex := "女"
		if i%2 == 1 {
			sex = "男"
		}
		home := i / 3
		fmt.Fprintf(&b, "%s,%s,%s,%s,13%09d,群众,高中,社区%02d,小区%d,%d,%d,%d,%s,常住,%s\n", name, number, sex, born.Format("2006-01-02"), i,
			i*60/rows, home%7, home/48%30+1, home/16%3+1, 101+home%4*100, []string{"户主", "配偶", "子"}[i%3], []string{"", "退休", "", "学生"}[i%4])
	}
	return b.Bytes()
}

func benchCommunities(b *testing.B, d *db.DB) {
	for i := range 60 {
		community(b, d, testkit.Tenant, id.ID(1000+i), fmt.Sprintf("社区%02d号", i))
	}
	err := d.WithTx(b.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(b.Context(), "UPDATE organisation SET short_name = substr(name, 1, 4)")
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
}

func engines(b *testing.B, fn func(b *testing.B, open func() *db.DB)) {
	b.Run("sqlite", func(b *testing.B) { fn(b, func() *db.DB { return testkit.SQLite(b, time.Now) }) })
	b.Run("postgres", func(b *testing.B) { fn(b, func() *db.DB { return testkit.Postgres(b, time.Now) }) })
}

// BenchmarkImport imports the residents of a district, and beside it writes the very same rows of the very same tables, ready
// made in memory, through the same driver. Goal: ratio ≥ 0.5.
func BenchmarkImport(b *testing.B) {
	rows := benchRows()
	table := district(rows)
	engines(b, func(b *testing.B, open func() *db.DB) {
		for range b.N {
			d := open()
			actor := importDistrict(b, d, table, rows, "ours/s")
			_ = actor
			ours := b.Elapsed()
			_ = ours
			bare := bareRate(b, d, open())
			b.ReportMetric(bare, "bare/s")
			b.ReportMetric(rate/bare, "ratio")
		}
	})
}

// rate is what importDistrict measured last, in rows a second.
var rate float64

func importDistrict(b *testing.B, d *db.DB, table []byte, rows int, metric string) authz.Actor {
	benchCommunities(b, d)
	ring := seal.Ephemeral()
	actor := testkit.Actor(testkit.Tenant, nil, allPerms...)
	in := intake.New(d, ring, person.New(d, ring).Intake())
	start := time.Now()
	sum, problems, err := in.Direct(context.Background(), actor, intake.NewImport{Kind: "residents", FileName: "r.csv", Content: table}, intake.Choice{}, nil)
	if err != nil || sum.Inserted != int64(rows) {
		b.Fatalf("%+v %v (%v)", sum, problems[:min(3, len(problems))], err)
	}
	rate = float64(rows) / time.Since(start).Seconds()
	b.ReportMetric(rate, metric)
	return actor
}

// copied is a table whose rows the bare insert repeats.
type copied struct {
	name, columns, order string
	batch                int
}

// bareRate reads back what an import wrote and writes it into another database, in one transaction, with the rows in the
// order and the batches in which the import wrote them.
func bareRate(b *testing.B, from, to *db.DB) float64 {
	tables := []copied{
		{"household", "tenant_id, id, community_id, grid_id, building_id, stairwell, room, address, number, import_id", "id", 400},
		{"person", `tenant_id, id, community_id, household_id, grid_id, building_id, name, name_key, initials, sex, born_on, id_number, id_index,
			id_mask, phone, phone_index, phone_mask, ethnic, political, schooling, residence, head_relation, work_unit, moved_in_on, flagged,
			source, import_id, row_hash, created_at, updated_at`, "id", 1000},
		{"person_category", "tenant_id, person_id, category, valid_from, source", "person_id", 500},
		{"person_gram", "tenant_id, gram, community_id, person_id", "gram, community_id, person_id", 400_000},
	}
	var data [][][]any
	people := 0
	for _, t := range tables {
		data = append(data, readAll(b, from, t))
		if t.name == "person" {
			people = len(data[len(data)-1])
		}
	}
	start := time.Now()
	err := to.WithTx(context.Background(), func(tx *db.Tx) error {
		for i, t := range tables {
			columns := splitColumns(t.columns)
			for at := 0; at < len(data[i]); at += t.batch {
				part := data[i][at:min(at+t.batch, len(data[i]))]
				if err := tx.InsertMany(context.Background(), t.name, columns, len(part), func(n int) []any { return part[n] }); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return float64(people) / time.Since(start).Seconds()
}

func splitColumns(s string) []string {
	var out []string
	for _, f := range bytes.Split([]byte(s), []byte(",")) {
		out = append(out, string(bytes.TrimSpace(f)))
	}
	return out
}

func readAll(b *testing.B, d *db.DB, t copied) [][]any {
	rows, err := d.Query(context.Background(), "SELECT "+t.columns+" FROM "+t.name+" ORDER BY "+t.order)
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close()
	n := len(splitColumns(t.columns))
	var all [][]any
	for rows.Next() {
		row, dest := make([]any, n), make([]any, n)
		for i := range row {
			dest[i] = &row[i]
		}
		if err := rows.Scan(dest...); err != nil {
			b.Fatal(err)
		}
		all = append(all, row)
	}
	if rows.Err() != nil {
		b.Fatal(rows.Err())
	}
	return all
}

// BenchmarkSearch looks for a name of two characters in a district, first page of 50, against a LIKE scan over the names.
// Goal: 1/20 of the scan or less.
func BenchmarkSearch(b *testing.B) {
	rows := benchRows()
	table := district(rows)
	engines(b, func(b *testing.B, open func() *db.DB) {
		d := open()
		ring := seal.Ephemeral()
		s := person.New(d, ring)
		actor := importDistrict(b, d, table, rows, "import/s")
		for _, c := range []struct{ name, text string }{{"two characters", "王芳"}, {"one character", "王"}, {"three characters", "李静军"}, {"initials", "wf"}} {
			b.Run(c.name, func(b *testing.B) {
				for b.Loop() {
					l, err := s.List(b.Context(), actor, person.Filter{Text: c.text})
					if err != nil || len(l.Items) == 0 {
						b.Fatalf("%d found (%v)", len(l.Items), err)
					}
				}
				ours := b.Elapsed().Seconds() / float64(b.N)
				scan := likeScan(b, d, c.text)
				b.ReportMetric(scan*1e3, "scan-ms")
				b.ReportMetric(ours/scan, "ratio")
			})
		}
	})
}

func likeScan(b *testing.B, d *db.DB, text string) float64 {
	const times = 3
	start := time.Now()
	for range times {
		if _, err := db.Column[int64](context.Background(), d, `SELECT id FROM person WHERE tenant_id = $1 AND name LIKE $2 AND moved_out_on = ''
			ORDER BY name_key, id LIMIT 51`, testkit.Tenant, "%"+text+"%"); err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(start).Seconds() / times
}
