package place_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/intake"
	"linli/internal/organisation"
	"linli/internal/place"
	"linli/internal/seal"
	"linli/internal/testkit"
)

var perms = []authz.Permission{place.PermSee, place.PermEdit, place.PermDivisions, place.PermImport, organisation.PermSee, organisation.PermFind,
	organisation.PermFound, organisation.PermChange, organisation.PermAttach, organisation.PermImport}

type env struct {
	t   *testing.T
	d   *db.DB
	s   *place.Service
	org *organisation.Service
	in  *intake.Service
	all authz.Actor
}

func newEnv(t *testing.T, d *db.DB) *env {
	ring := seal.Ephemeral()
	s := place.New(d)
	return &env{t: t, d: d, s: s, org: organisation.New(d, ring).WithFollowers(s).WithGridFollowers(s),
		in: intake.New(d, ring, place.DivisionsKind(), place.BuildingsKind()), all: testkit.Actor(testkit.Tenant, nil, perms...)}
}

// load imports a file of divisions and gives its summary.
func (e *env) load(name string, content []byte) (intake.Summary, []intake.Problem) {
	e.t.Helper()
	sum, problems, err := e.in.Direct(e.t.Context(), e.all, intake.NewImport{Kind: "divisions", FileName: name, Content: content}, intake.Choice{}, nil)
	if err != nil {
		e.t.Fatalf("import %s: %v", name, err)
	}
	return sum, problems
}

func (e *env) levels() map[code.Level]int64 {
	e.t.Helper()
	n, err := e.s.DivisionCounts(e.t.Context(), e.all)
	if err != nil {
		e.t.Fatal(err)
	}
	return n
}

// The published lists: rows and counts per level as the data's README gives them; the second import changes nothing.
func TestTheRealListsImport(t *testing.T) {
	lists := []struct {
		file   string
		rows   int64
		levels map[code.Level]int64
	}{
		{"yancheng_tinghu.csv", 227, map[code.Level]int64{1: 1, 2: 1, 3: 1, 4: 16, 5: 208}},
		{"zhenjiang_city.csv", 838, map[code.Level]int64{1: 1, 2: 1, 3: 7, 4: 60, 5: 769}},
		{"national_to_county.csv", 3351, map[code.Level]int64{1: 31, 2: 342, 3: 2978}},
		{"jiangsu_all_levels.csv.gz", 23563, map[code.Level]int64{1: 1, 2: 13, 3: 104, 4: 1487, 5: 21958}},
	}
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		for n, l := range lists {
			path, there := testkit.Shared(t, filepath.Join("divisions", l.file))
			if !there {
				continue
			}
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			e := newEnv(t, d)
			e.all = testkit.Actor(int64(320000+n), nil, perms...)
			start := time.Now()
			sum, problems := e.load(l.file, content)
			t.Logf("%s: %d rows in %v", l.file, sum.Rows, time.Since(start).Round(time.Millisecond))
			if sum.Rows != l.rows || sum.Inserted != l.rows || len(problems) != 0 {
				t.Errorf("%s: %+v, problems %v; want %d rows inserted", l.file, sum, problems, l.rows)
			}
			got := e.levels()
			for level, want := range l.levels {
				if got[level] != want {
					t.Errorf("%s: %d of level %d, want %d", l.file, got[level], level, want)
				}
			}
			if sum, _ := e.load(l.file, content); sum.Unchanged != l.rows || sum.Inserted+sum.Updated+sum.Rejected != 0 {
				t.Errorf("%s once more: %+v, want nothing changed", l.file, sum)
			}
		}
	})
}

const district = `code,level,name,parent_code
320000000000,1,江苏省,
320900000000,2,盐城市,320000000000
320902000000,3,亭湖区,320900000000
320902001000,4,五星街道,320902000000
320902100000,4,南洋镇,320902000000
320902001001,5,雅和社区居委会,320902001000
320902001002,5,朝阳居委会,320902001000
320902100201,5,新民村村民委员会,320902100000
`

func TestDivisionsThatAreOdd(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		e := newEnv(t, d)
		// A city without districts has a county-level row of its own code; columns stand in another order; codes come short.
		sum, problems := e.load("odd.csv", []byte("名称,代码,层级\n广东省,44,1\n东莞市,4419,2\n东莞市,441900,3\n东城街道,441900003,4\n岗贝社区居委会,441900003001,5\n"))
		if sum.Inserted != 5 || len(problems) != 0 {
			t.Fatalf("%+v %v", sum, problems)
		}
		got, err := e.s.Division(t.Context(), e.all, "441900003001", code.Village)
		if err != nil || len(got.Line) != 4 || got.Province != "广东省" || got.County != "东莞市" || got.Street != "东城街道" {
			t.Errorf("the names above are not filled in: %+v, %v", got, err)
		}
		if !got.Line[2].Placeholder() || got.Line[1].Placeholder() {
			t.Error("the county-level row of the city is a placeholder, the city is none")
		}
		for name, c := range map[string]struct{ row, want string }{
			"an orphan":                   {"320902001001,5,某社区,320902001000", "上级区划"},
			"a code finer than its level": {"441900003001,4,某街道,441900000000", "级别"},
			"a level that is none":        {"441900004000,9,某街道,441900000000", "1 到 5"},
			"a number made of a code":     {"4.419E+11,4,某街道,441900000000", "文本"},
			"a formula as a name":         {"441900004000,4,=1+1,441900000000", "公式"},
			"a province with a parent":    {"450000000000,1,广西,440000000000", "省级"},
		} {
			sum, problems := e.load("bad.csv", []byte("code,level,name,parent_code\n"+c.row+"\n"))
			if sum.Rejected != 1 || sum.Inserted != 0 || len(problems) == 0 {
				t.Errorf("%s was taken: %+v", name, sum)
				continue
			}
			if text := problems[0].Message.In("zh") + problems[0].Advice.In("zh"); !strings.Contains(text, c.want) {
				t.Errorf("%s: message %q lacks %q", name, text, c.want)
			}
		}
		if n := e.levels()[code.Village]; n != 1 {
			t.Errorf("a refused list left something behind: %d communities", n)
		}
	})
}

func TestACodeIsNeverGivenToAnotherPlace(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		e := newEnv(t, d)
		e.load("d.csv", []byte(district))
		ctx, on := t.Context(), calendar.MustParse("2026-03-01")
		if err := e.s.EndDivision(ctx, e.all, "320902001002", code.Village, on, "320902009999"); errs.KindOf(err) != errs.Invalid {
			t.Errorf("an unknown successor = %v, want Invalid", err)
		}
		if err := e.s.EndDivision(ctx, e.all, "320902001002", code.Village, on, "320902001001"); err != nil {
			t.Fatal(err)
		}
		if err := e.s.EndDivision(ctx, e.all, "320902001002", code.Village, on, ""); errs.KindOf(err) != errs.Conflict {
			t.Errorf("ending it twice = %v, want Conflict", err)
		}
		if sum, _ := e.load("again.csv", []byte(district)); sum.Unchanged != 8 {
			t.Errorf("the same list again: %+v", sum)
		}
		sum, problems := e.load("new.csv", []byte("code,level,name\n320902001002,5,另一个社区居委会\n"))
		if sum.Rejected != 1 || !strings.Contains(problems[0].Message.In("zh"), "朝阳居委会") {
			t.Errorf("the code was given to another place: %+v %v", sum, problems)
		}
		if sum, _ := e.load("rename.csv", []byte("code,level,name\n320902001001,5,雅和新社区居委会\n")); sum.Updated != 1 {
			t.Errorf("a new name of a living division: %+v", sum)
		}
		if l, err := e.s.Divisions(ctx, e.all, place.DivisionFilter{ParentCode: "320902001000"}); err != nil || len(l.Items) != 1 {
			t.Errorf("%d communities stand in the sub-district, %v; want 1", len(l.Items), err)
		}
	})
}

// Out of the list the whole tree of Party organisations is set up in one step, and a second time nothing.
func TestOrganisationsOutOfDivisions(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		e := newEnv(t, d)
		ctx := t.Context()
		_, err := e.org.FoundFromDivisions(ctx, e.all, organisation.FoundPlan{County: "320902"})
		if errs.KindOf(err) != errs.Invalid {
			t.Fatalf("without a list = %v, want Invalid", err)
		}
		e.load("d.csv", []byte(district))
		part := testkit.Actor(testkit.Tenant, []id.ID{1}, perms...)
		if _, err := e.org.FoundFromDivisions(ctx, part, organisation.FoundPlan{County: "320902"}); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("without the whole tenant = %v, want Forbidden", err)
		}
		out, err := e.org.FoundFromDivisions(ctx, e.all, organisation.FoundPlan{County: "320902", EstablishedOn: calendar.MustParse("2020-01-01")})
		if err != nil || out.Districts != 1 || out.Working != 2 || out.Community != 3 || out.Present != 0 {
			t.Fatalf("FoundFromDivisions = %+v, %v", out, err)
		}
		again, err := e.org.FoundFromDivisions(ctx, e.all, organisation.FoundPlan{County: "320902000000"})
		if err != nil || again.Districts+again.Working+again.Community != 0 || again.Present != 6 || again.RootID != out.RootID {
			t.Errorf("once more = %+v, %v", again, err)
		}
		l, err := e.org.List(ctx, e.all, organisation.Filter{Kinds: []organisation.Kind{organisation.Community}})
		if err != nil || len(l.Items) != 3 {
			t.Fatal(len(l.Items), err)
		}
		names := map[string]string{}
		for _, i := range l.Items {
			names[i.ShortName] = i.ParentName
		}
		if names["雅和社区"] != "五星街道" || names["朝阳社区"] != "五星街道" || names["新民村"] != "南洋镇" {
			t.Errorf("communities and their superiors: %v", names)
		}
		if faults, err := organisation.Verify(ctx, d, testkit.Tenant); err != nil || len(faults) != 0 {
			t.Errorf("Verify = %v, %v", faults, err)
		}
	})
}
