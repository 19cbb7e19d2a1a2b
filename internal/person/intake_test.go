package person_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"linli/internal/authz"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/intake"
	"linli/internal/person"
	"linli/internal/seal"
	"linli/internal/testkit"
)

const residentHeader = "姓名,身份证号码,性别,出生日期,联系电话,政治面貌,文化程度,所属社区,小区,楼栋,单元,房号,与户主关系,居住类型,人员类别\n"

type importRun struct {
	t      *testing.T
	s      *person.Service
	intake *intake.Service
	actor  authz.Actor
	org    id.ID
}

func importing(t *testing.T, d *db.DB) (*importRun, *db.DB) {
	t.Helper()
	community(t, d, testkit.Tenant, east, "朝阳")
	community(t, d, testkit.Tenant, west, "雅和")
	ring := seal.Ephemeral()
	s := person.New(d, ring)
	return &importRun{t: t, s: s, intake: intake.New(d, ring, s.Intake()), actor: testkit.Actor(testkit.Tenant, nil, allPerms...)}, d
}

func (r *importRun) do(choice intake.Choice, lines ...string) (string, []intake.Problem) {
	r.t.Helper()
	table := residentHeader + strings.Join(lines, "\n") + "\n"
	sum, problems, err := r.intake.Direct(r.t.Context(), r.actor, intake.NewImport{Kind: "residents", OrgID: r.org, FileName: "居民.csv", Content: []byte(table)}, choice, nil)
	if err != nil {
		r.t.Fatalf("import: %v", err)
	}
	return fmt.Sprintf("%s %d=+%d ~%d =%d -%d !%d", sum.State, sum.Rows, sum.Inserted, sum.Updated, sum.Unchanged, sum.Rejected, sum.Warnings), problems
}

func line(name, idNumber, rest string) string { return name + "," + idNumber + "," + rest }

func TestImportOfResidents(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		r, _ := importing(t, d)
		table := []string{
			line("王芳", number("002"), "女,1901-2-3,13800138000,群众,本科,朝阳社区,新村,3,2,501,户主,常住,退休、独居老人"),
			line("李雷", number("011"), "男,,,党员,大专,朝阳社区居委会,新村,3,2,501,配偶,常住,"),
			line("韩 梅", "", "女,1950/1/1,,,,雅和,,,,,,,低保"),
			line("空白住址", number("029"), ",,,,,雅和社区党委,,,,,,,"),
		}
		if got, _ := r.do(intake.Choice{DryRun: true}, table...); got != "checked 4=+4 ~0 =0 -0 !0" {
			t.Errorf("dry run: %s", got)
		}
		if got, p := r.do(intake.Choice{}, table...); got != "done 4=+4 ~0 =0 -0 !0" {
			t.Fatalf("import: %s %v", got, p)
		}
		if got, _ := r.do(intake.Choice{}, table...); got != "done 4=+0 ~0 =4 -0 !0" {
			t.Errorf("second import: %s", got)
		}
		l, err := r.s.List(t.Context(), r.actor, person.Filter{Text: "王芳"})
		if err != nil || len(l.Items) != 1 {
			t.Fatalf("found %d (%v)", len(l.Items), err)
		}
		w := l.Items[0]
		if w.Address != "新村3幢2单元501室" || w.Schooling != "20" || w.Political != code.Masses || w.Residence != "1" || len(w.Categories) != 2 ||
			w.PhoneMask != "138****8000" || w.CommunityID != east || w.Source != person.SourceImport {
			t.Errorf("王芳: %+v", w)
		}
		h, people, err := r.s.Household(t.Context(), r.actor, w.HouseholdID)
		if err != nil || len(people) != 2 || people[0].Name != "王芳" || h.Room != "501" {
			t.Errorf("household %+v with %d people (%v), the head first", h, len(people), err)
		}
		if v, err := r.s.Reveal(t.Context(), r.actor, w.ID, person.FieldIDNumber, "verify", ""); err != nil || v != number("002") {
			t.Errorf("the sealed number opens as %q (%v)", v, err)
		}
		// A later list adds, changes and repeats.
		if got, p := r.do(intake.Choice{},
			line("王芳", number("002"), "女,,13900139000,,,朝阳,,,,,,,下岗"),
			line("韩梅", number("045"), ",1950-01-01,,,,雅和,雅和园,1,1,101,,,"),
			line("新人", number("037"), ",,,,,雅和,,,,,,,")); got != "done 3=+1 ~2 =0 -0 !1" {
			t.Errorf("later list: %s %v", got, p)
		}
		for text, want := range map[string]string{"13900139000": "王芳", "13800138000": "", number("045"): "韩梅", "xr": "新人"} {
			if n := names(t, r.s, r.actor, person.Filter{Text: text}); n != want {
				t.Errorf("%s finds %q, want %q", text, n, want)
			}
		}
		if n := names(t, r.s, r.actor, person.Filter{Flagged: true}); n != "韩梅" {
			t.Errorf("flagged: %q; her stated birthday differs from the number", n)
		}
	})
}

func TestBadRowsOfResidents(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		r, _ := importing(t, d)
		r.do(intake.Choice{}, line("老住户", number("061"), ",,,,,雅和,,,,,,,"))
		cases := []struct {
			why, line, want string
			says            i18n.Text
		}{
			{"a formula as a name", line("=CMD()", number("002"), ",,,,,朝阳,,,,,,,"), "refused 1=+0 ~0 =0 -1 !0", i18n.TabularFormula},
			{"no name", line("", number("002"), ",,,,,朝阳,,,,,,,"), "refused 1=+0 ~0 =0 -1 !0", i18n.IntakeMissing},
			{"a wrong check character", line("王芳", "320902190102030049", ",,,,,朝阳,,,,,,,"), "refused 1=+0 ~0 =0 -1 !0", i18n.CodeIDCheck},
			{"a number turned into 3.2E+17", line("王芳", "3.20902E+17", ",,,,,朝阳,,,,,,,"), "refused 1=+0 ~0 =0 -1 !0", i18n.CodeIDScientific},
			{"a birthday that contradicts the number", line("王芳", number("002"), "女,1950-01-01,,,,朝阳,,,,,,,"), "checked 1=+1 ~0 =0 -0 !1", i18n.ResidentDiffers},
			{"a day that does not exist", line("王芳", "", "女,1950-02-30,,,,朝阳,,,,,,,"), "refused 1=+0 ~0 =0 -1 !0", i18n.IntakeDate},
			{"a birthday in the future", line("王芳", "", "女,2150-02-03,,,,朝阳,,,,,,,"), "refused 1=+0 ~0 =0 -1 !0", i18n.PersonInFuture},
			{"a community that does not exist", line("王芳", "", "女,,,,,火星,,,,,,,"), "refused 1=+0 ~0 =0 -1 !0", i18n.ResidentCommunityUnknown},
			{"a number registered elsewhere", line("老住户", number("061"), ",,,,,朝阳,,,,,,,"), "refused 1=+0 ~0 =0 -1 !0", i18n.ResidentElsewhere},
			{"a number of somebody else", line("新住户", number("061"), ",,,,,雅和,,,,,,,"), "refused 1=+0 ~0 =0 -1 !0", i18n.PersonOtherName},
			{"a category nobody knows", line("王芳", "", ",,,,,朝阳,,,,,,,退休、富豪"), "refused 1=+0 ~0 =0 -1 !0", i18n.CodeListUnknown},
		}
		for _, c := range cases {
			got, problems := r.do(intake.Choice{DryRun: true}, c.line)
			if got != c.want || len(problems) != 1 || problems[0].Message.Text != c.says {
				t.Errorf("%s: %s %+v, want %s saying %q", c.why, got, problems, c.want, c.says.In(i18n.EN))
			}
			for _, p := range problems {
				if strings.Contains(p.Masked+p.Message.In(i18n.ZH), number("002")) {
					t.Errorf("%s: the report shows the number", c.why)
				}
			}
		}
		twice := []string{line("王芳", number("002"), ",,,,,朝阳,,,,,,,"), line("李雷", number("011"), ",,,,,朝阳,,,,,,,"), line("汪芳", strings.ToLower(number("002")), ",,,,,朝阳,,,,,,,")}
		got, problems := r.do(intake.Choice{}, twice...)
		if got != "refused 3=+2 ~0 =0 -1 !1" || len(problems) != 2 || problems[0].Row != 2 || problems[1].Row != 4 {
			t.Errorf("one number twice: %s %+v", got, problems)
		}
		if n := names(t, r.s, r.actor, person.Filter{}); n != "老住户" {
			t.Errorf("in the register: %q; a refused table writes nothing", n)
		}
		if got, _ := r.do(intake.Choice{TakeGood: true}, twice...); got != "done 3=+2 ~0 =0 -1 !1" {
			t.Errorf("taking the good rows: %s", got)
		}
	})
}

func TestImportTakesInWhoMoved(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		r, _ := importing(t, d)
		r.do(intake.Choice{}, line("王芳", number("002"), ",,,,,雅和,,,,,,,"))
		got, p := r.do(intake.Choice{Options: map[string]bool{"take_in": true}}, line("王芳", number("002"), ",,,,,朝阳,,,,,,,"))
		if got != "done 1=+0 ~1 =0 -0 !0" {
			t.Fatalf("taking in: %s %v", got, p)
		}
		if n := names(t, r.s, testkit.Actor(testkit.Tenant, []id.ID{east}, person.PermSee), person.Filter{Text: "王芳"}); n != "王芳" {
			t.Errorf("found in the new community: %q", n)
		}
		if n := names(t, r.s, testkit.Actor(testkit.Tenant, []id.ID{west}, person.PermSee), person.Filter{Text: "王芳"}); n != "" {
			t.Errorf("found in the old community: %q", n)
		}
	})
}

func TestACommunityImportsOnlyItsOwn(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		r, _ := importing(t, d)
		r.actor, r.org = testkit.Actor(testkit.Tenant, []id.ID{east}, allPerms...), east
		if got, p := r.do(intake.Choice{}, line("王芳", "", ",,,,,雅和,,,,,,,")); got != "refused 1=+0 ~0 =0 -1 !0" || p[0].Message.Text != i18n.ResidentCommunityOther {
			t.Errorf("a row of another community: %s", got)
		}
		if got, _ := r.do(intake.Choice{}, line("王芳", "", ",,,,,,,,,,,,")); got != "done 1=+1 ~0 =0 -0 !0" {
			t.Errorf("without a column: %s", got)
		}
		r.org = 0
		if got, p := r.do(intake.Choice{}, line("李雷", "", ",,,,,雅和,,,,,,,")); got != "refused 1=+0 ~0 =0 -1 !0" || p[0].Message.Text != i18n.ResidentCommunityForeign {
			t.Errorf("a community out of scope: %s", got)
		}
		_, _, err := r.intake.Direct(t.Context(), r.actor, intake.NewImport{Kind: "residents", OrgID: west, FileName: "x.csv", Content: []byte(residentHeader + "王芳\n")}, intake.Choice{}, nil)
		if errs.KindOf(err) != errs.Forbidden {
			t.Errorf("choosing another community = %v, want Forbidden", err)
		}
	})
}

func TestResidentTemplateReadsBack(t *testing.T) {
	d := testkit.SQLite(t, testkit.NewClock().Now)
	r, _ := importing(t, d)
	var b bytes.Buffer
	if err := r.intake.Template(r.actor, "residents", i18n.ZH, &b); err != nil {
		t.Fatal(err)
	}
	_, err := r.intake.Upload(t.Context(), r.actor, intake.NewImport{Kind: "residents", FileName: "模板.xlsx", Content: b.Bytes()})
	if !field(err, "file") {
		t.Errorf("the empty template = %v, want a word that there are no rows", err)
	}
}

// Whatever stands in the cells: no panic, no half import, and what is taken is found again unchanged.
func FuzzResidentRows(f *testing.F) {
	f.Add("王芳", "320902190102030021", "女", "1901-02-03", "13800138000", "朝阳", "新村3幢501", "退休、独居")
	f.Add("=1+1", "3.2E+17", "X", "1901-02-30", "12", "火星", "\x00", ";;")
	f.Add("阿不都·热西提", "９", "１", "19010203", "+86 0515-88880000", "雅和社区", strings.Repeat("长", 300), "99")
	d := testkit.SQLite(f, testkit.NewClock().Now)
	community(f, d, testkit.Tenant, east, "朝阳")
	ring := seal.Ephemeral()
	s := person.New(d, ring)
	in, actor := intake.New(d, ring, s.Intake()), testkit.Actor(testkit.Tenant, nil, allPerms...)
	quote := strings.NewReplacer(`"`, `""`, "\x00", "")
	f.Fuzz(func(t *testing.T, name, number, sex, born, phone, home, address, category string) {
		var row []string
		for _, c := range []string{name, number, sex, born, phone, home, address, category} {
			row = append(row, `"`+quote.Replace(c)+`"`)
		}
		table := "姓名,身份证号,性别,出生日期,手机号,社区,住址,人员类别\n" + strings.Join(row, ",") + "\n"
		file := intake.NewImport{Kind: "residents", FileName: "f.csv", Content: []byte(table)}
		first, _, err := in.Direct(t.Context(), actor, file, intake.Choice{}, nil)
		if err != nil {
			if errs.As(err) == nil {
				t.Fatalf("not an error for people: %v", err)
			}
			return
		}
		again, problems, err := in.Direct(t.Context(), actor, file, intake.Choice{}, nil)
		if err != nil || first.Rejected != again.Rejected || again.Inserted != 0 && again.State == intake.Done {
			t.Fatalf("first %+v, again %+v %v (%v)", first, again, problems, err)
		}
	})
}
