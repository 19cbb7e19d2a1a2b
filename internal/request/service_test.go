package request_test

import (
	"bytes"
	"context"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"linli/internal/app"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/config"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/fact"
	"linli/internal/figure"
	"linli/internal/fill"
	"linli/internal/id"
	"linli/internal/organisation"
	"linli/internal/person"
	"linli/internal/policy"
	"linli/internal/request"
	"linli/internal/telemetry"
	"linli/internal/testkit"
)

var ctx = context.Background()

type world struct {
	t                        *testing.T
	a                        *app.App
	d                        *db.DB
	s                        *request.Service
	clock                    *testkit.Clock
	root, street, east, west id.ID
	desk, worker, other      authz.Actor // of the street; of the eastern and of the western community
}

const tenant = 320902

func each(t *testing.T, f func(w *world)) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		clock.Set(testkit.NewClock().Now())
		cfg := config.Defaults()
		cfg.DB, cfg.KeyFile, cfg.Addr = d.URL(), filepath.Join(t.TempDir(), "keys"), "127.0.0.1:0"
		a, err := app.Open(ctx, cfg, app.Options{Clock: clock.Now, Log: telemetry.NewLogger(io.Discard, true, false)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := a.Close(); err != nil {
				t.Error(err)
			}
		})
		w := &world{t: t, a: a, d: d, s: a.Request, clock: clock}
		_, w.root, err = a.CreateTenant(ctx, "320902", "亭湖区")
		w.must(err)
		w.street = w.org(organisation.Working, "文峰街道党工委", w.root)
		w.east, w.west = w.org(organisation.Community, "朝阳社区党委", w.street), w.org(organisation.Community, "雅和社区党委", w.street)
		works := []authz.Permission{fill.PermFill, person.PermSee, person.PermReveal, organisation.PermSee, figure.PermSee, request.PermSee, request.PermAnswer, request.PermRegister}
		w.desk = w.actor(works, w.street, w.east, w.west)
		w.worker, w.other = w.actor(works, w.east), w.actor(works, w.west)
		for i, name := range []string{"王芳", "李强", "张敏"} {
			w.person(w.east, name, []string{"1950-01-02", "1980-05-06", ""}[i])
		}
		w.person(w.west, "赵静", "1960-07-08")
		f(w)
	})
}

// actor makes somebody who has an account, with a role at organisations.
func (w *world) actor(perms []authz.Permission, orgs ...id.ID) authz.Actor {
	a := testkit.Actor(tenant, orgs, perms...)
	testkit.Exec(w.t, w.d, `INSERT INTO account (tenant_id, id, login, name, created_at) VALUES ($1,$2,$3,'T',1)`, tenant, a.AccountID, a.AccountID.String())
	return a
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) wants(err error, kind errs.Kind, field string) {
	w.t.Helper()
	e := errs.As(err)
	if errs.KindOf(err) != kind || field != "" && (e == nil || e.Fields[field].Text.IsZero()) {
		w.t.Errorf("got %v, want %v under %q", err, kind, field)
	}
}

func (w *world) org(kind organisation.Kind, name string, parent id.ID) id.ID {
	w.t.Helper()
	o, err := w.a.Organisation.Create(ctx, authz.System(tenant, "test"), organisation.NewOrganisation{Kind: kind, Name: name, ShortName: strings.TrimSuffix(name, "党委"), ParentID: parent})
	w.must(err)
	return o.ID
}

func (w *world) person(community id.ID, name, born string) {
	w.t.Helper()
	f := person.Fields{Name: name, IDNumber: ""}
	if born != "" {
		f.BornOn = calendar.MustParse(born)
	}
	_, err := w.a.Person.Create(ctx, authz.System(tenant, "test"), person.NewPerson{CommunityID: community, Fields: f, Confirmed: true})
	w.must(err)
}

func (w *world) day(n int) calendar.Date { return calendar.DateOf(w.d.Now()).AddDays(n) }

// book draws a form.
func book(t testing.TB, rows ...[]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, r := range rows {
		at, err := excelize.CoordinatesToCellName(1, i+1)
		if err == nil {
			err = f.SetSheetRow("Sheet1", at, &r)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// names asks for what is known of everybody; dates of birth not of all.
func names(t testing.TB) []byte {
	return book(t, []any{"居民花名册"}, []any{"序号", "姓名", "所属社区"})
}

func births(t testing.TB) []byte {
	return book(t, []any{"居民花名册"}, []any{"序号", "姓名", "出生日期", "养犬登记号"})
}

func (w *world) new(form []byte) request.NewRequest {
	return request.NewRequest{OwnerID: w.street, Office: "区民政局", GroundNo: "亭民发〔2026〕12号", Title: "居民花名册", Every: request.Monthly, FirstDue: w.day(3),
		OrganisationIDs: []id.ID{w.east, w.west}, FormName: "花名册.xlsx", Form: form}
}

func (w *world) register(in request.NewRequest) request.Detail {
	w.t.Helper()
	made, err := w.s.Register(ctx, w.desk, in)
	w.must(err)
	return w.get(w.desk, made)
}

func (w *world) get(actor authz.Actor, r id.ID) request.Detail {
	w.t.Helper()
	d, err := w.s.Get(ctx, actor, r)
	w.must(err)
	return d
}

func (w *world) verify() {
	w.t.Helper()
	faults, err := w.a.Verify(ctx, nil)
	if err != nil || len(faults) != 0 {
		w.t.Errorf("Verify = %v, %v", faults, err)
	}
}

// answer is the answer of the first period of the eastern community.
func (w *world) answer(d request.Detail) request.NewAnswer {
	return request.NewAnswer{RequestID: d.ID, OrganisationID: w.east, Period: request.Monthly.Period(d.FirstDue)}
}

func TestARequestIsAnsweredInOnePress(t *testing.T) {
	each(t, func(w *world) {
		d := w.register(w.new(names(w.t)))
		if !d.OwnEnd || d.EndsOn != w.day(3).AddMonths(12) || len(d.Fields) != 2 || d.Late != 0 {
			w.t.Errorf("registered %+v with %d fields", d.Request, len(d.Fields))
		}
		if len(d.Dues) != 4 { // this month's and the next month's, of two communities
			w.t.Errorf("%d occurrences, want 4", len(d.Dues))
		}
		mine := w.get(w.worker, d.ID)
		if len(mine.Parties) != 1 || len(mine.Dues) != 2 {
			w.t.Errorf("the community sees %d of those asked and %d occurrences", len(mine.Parties), len(mine.Dues))
		}
		if it, err := w.s.Waiting(ctx, w.worker); err != nil || len(it) != 1 || it[0].Count != 1 || it[0].Subject != d.ID || it[0].DueOn != w.day(3).String() {
			w.t.Errorf("Waiting = %+v, %v", it, err)
		}
		f, err := w.s.Held(ctx, w.worker, d.ID, w.east)
		if err != nil || f.Left() != 0 || f.Rows != 3 || len(f.Held) != 2 || f.Held[0].Percent() != 100 || f.Held[0].Newest.IsZero() {
			w.t.Errorf("Held = %+v, %v", f, err)
		}
		in := w.answer(d)
		in.Seconds = 61
		x, err := w.s.Answer(ctx, w.worker, in)
		if err != nil || x.Asked != 6 || x.Filled != 6 || x.Rows != 3 || x.Minutes != 2 || x.Edition != 1 || x.Way != request.ByProgram {
			w.t.Fatalf("Answer = %+v, %v", x, err)
		}
		_, file, err := w.s.File(ctx, w.desk, x.ID)
		w.must(err)
		text := cells(w.t, file)
		if !strings.Contains(text, "王芳") || strings.Contains(text, "赵静") {
			w.t.Errorf("the file of the eastern community says %q", text)
		}
		for _, x := range w.get(w.worker, d.ID).Dues {
			if x.Answer != nil && !x.Answer.Kept() {
				w.t.Error("the page does not offer the file")
			}
		}
		if it, err := w.s.Waiting(ctx, w.worker); err != nil || len(it) != 0 {
			w.t.Errorf("after the answer: %+v, %v", it, err)
		}
		// Again, because somebody moved in; the first answer stays, and does not count.
		w.person(w.east, "孙磊", "1990-01-01")
		w.wants2(w.s.Answer(ctx, w.worker, in))(errs.Conflict, "")
		in.Edition = 1
		again, err := w.s.Answer(ctx, w.worker, in)
		if err != nil || again.Edition != 2 || again.Asked != 8 {
			w.t.Fatalf("again: %+v, %v", again, err)
		}
		l, err := w.s.Answers(ctx, w.desk, request.AnswerFilter{All: true})
		if err != nil || len(l.Items) != 2 || l.Items[0].ID != again.ID || l.Items[1].Replaced.IsZero() {
			w.t.Errorf("Answers = %+v, %v", l.Items, err)
		}
		w.load(8, 8, 2+2)
		w.verify()
	})
}

// load holds the burden ledger, the figures and the sum of their records against what was answered.
func (w *world) load(asked, filled, _ int64) {
	w.t.Helper()
	list, err := w.s.Loads(ctx, w.desk, w.day(-60), calendar.Date{})
	w.must(err)
	sum := request.Sum(list)
	if sum.Asked != asked || sum.Filled != filled {
		w.t.Errorf("the ledger says %+v, want %d asked and %d filled", sum, asked, filled)
	}
	p := figure.InQuarterOf(calendar.QuarterOf(w.day(0)))
	for name, want := range map[string]int64{"request.asked": asked, "request.filled": filled, "request.left": asked - filled, "request.answered": sum.Answers, "request.minutes": sum.Minutes, "request.due": sum.Times} {
		d, err := w.a.Figure.Get(ctx, authz.System(tenant, "test"), name, 0, p)
		if err != nil || d.Live.Amount != want {
			w.t.Errorf("%s is %d, want %d, %v", name, d.Live.Amount, want, err)
		}
	}
}

func (w *world) wants2(_ request.Answer, err error) func(errs.Kind, string) {
	return func(k errs.Kind, field string) {
		w.t.Helper()
		w.wants(err, k, field)
	}
}

func cells(t testing.TB, file []byte) string {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []string
	for _, sh := range f.GetSheetList() {
		rows, err := f.GetRows(sh)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			out = append(out, strings.Join(r, "|"))
		}
	}
	return strings.Join(out, "\n")
}

func TestWhatNobodyKnowsIsSaid(t *testing.T) {
	each(t, func(w *world) {
		d := w.register(w.new(births(w.t)))
		f, err := w.s.Held(ctx, w.worker, d.ID, w.east)
		if err != nil || len(f.Lacks) != 1 || f.Lacks[0].Label != "养犬登记号" || f.Left() != 4 || f.Held[1].Percent() != 66 {
			w.t.Errorf("Held = %+v, %v", f, err)
		}
		in := w.answer(d)
		w.wants2(w.s.Answer(ctx, w.worker, in))(errs.Invalid, "partly")
		form, err := w.s.Copy(ctx, w.worker, d.ID, w.east, "")
		w.must(err)
		if dropped, _, err := w.a.Fill.Get(ctx, w.worker, form); err != nil || len(dropped.Outcome.Missing) != 1 {
			w.t.Errorf("the copy lacks %+v, %v", dropped.Outcome.Missing, err)
		}
		in.Partly = true
		x, err := w.s.Answer(ctx, w.worker, in)
		if err != nil || x.Asked != 9 || x.Filled != 5 || x.Left() != 4 || x.Percent() != 55 {
			w.t.Fatalf("Answer = %+v, %v", x, err)
		}
		// Somebody completes it by hand: what the program filled still counts, and how long it took is what they say.
		in.Partly, in.Edition, in.File, in.FileName, in.Minutes = false, 1, book(w.t, []any{"居民花名册"}, []any{"姓名", "出生日期"}, []any{"王芳", "1950-01-02"}), "补齐.xlsx", 25
		x, err = w.s.Answer(ctx, w.worker, in)
		if err != nil || x.Way != request.ByHand || x.Filled != 5 || x.Minutes != 25 || x.FileName != "补齐.xlsx" {
			w.t.Fatalf("Answer = %+v, %v", x, err)
		}
		in.Edition, in.File = 2, []byte("no workbook")
		w.wants2(w.s.Answer(ctx, w.worker, in))(errs.Invalid, "file")
		w.load(9, 5, 25)
		w.verify()
	})
}

func TestFactsWithoutAForm(t *testing.T) {
	each(t, func(w *world) {
		in := w.new(nil)
		in.Facts = &request.Facts{Subject: fact.Person, Refs: []fact.Ref{"person.name", "person.born_on"}}
		d := w.register(in)
		x := w.answer(d)
		x.Partly = true
		a, err := w.s.Answer(ctx, w.worker, x)
		if err != nil || a.Asked != 6 || a.Filled != 5 {
			w.t.Fatalf("Answer = %+v, %v", a, err)
		}
		in.Facts = &request.Facts{Subject: fact.Person, Refs: []fact.Ref{"person.no_such"}}
		_, err = w.s.Register(ctx, w.desk, in)
		w.wants(err, errs.Invalid, "form")
		in.Facts.Refs = nil
		_, err = w.s.Register(ctx, w.desk, in)
		w.wants(err, errs.Invalid, "form")
	})
}

func TestSealedColumnsNeedAPurpose(t *testing.T) {
	each(t, func(w *world) {
		_, err := w.a.Person.Create(ctx, authz.System(tenant, "test"), person.NewPerson{CommunityID: w.west, Confirmed: true,
			Fields: person.Fields{Name: "周洋", IDNumber: "11010519491231002X"}})
		w.must(err)
		in := w.new(book(w.t, []any{"居民花名册"}, []any{"姓名", "身份证号"}))
		in.OrganisationIDs = []id.ID{w.west}
		d := w.register(in)
		if !d.Sealed {
			w.t.Error("the request does not say that it asks for sealed data")
		}
		x := w.answer(d)
		x.OrganisationID = w.west
		w.wants2(w.s.Answer(ctx, w.other, x))(errs.Invalid, "purpose")
		x.Partly, x.Purpose = true, "no such purpose"
		w.wants2(w.s.Answer(ctx, w.other, x))(errs.Invalid, "purpose")
		x.Purpose = "verify"
		a, err := w.s.Answer(ctx, w.other, x)
		if err != nil || a.Filled != 3 {
			w.t.Fatalf("Answer = %+v, %v", a, err)
		}
		_, file, err := w.s.File(ctx, w.desk, a.ID)
		w.must(err)
		if !strings.Contains(cells(w.t, file), "11010519491231002X") {
			w.t.Error("the number is not in the file")
		}
		n, err := db.Value[int64](ctx, w.d, "SELECT count(*) FROM audit_entry WHERE tenant_id = $1 AND action = 'request.read' AND purpose = $2", tenant, a.Purpose)
		if err != nil || n != 1 {
			w.t.Errorf("%d readings are recorded, %v", n, err)
		}
		hand := x
		hand.Edition, hand.FileName, hand.File, hand.Purpose = a.Edition, strings.Repeat("长", 300)+".xlsx", file, ""
		w.wants2(w.s.Answer(ctx, w.other, hand))(errs.Invalid, "purpose")
		hand.Purpose = strings.Repeat("v", 41)
		w.wants2(w.s.Answer(ctx, w.other, hand))(errs.Invalid, "purpose")
		hand.Purpose = "verify"
		if a, err = w.s.Answer(ctx, w.other, hand); err != nil || a.Purpose != "verify" || len([]rune(a.FileName)) != 200 {
			w.t.Errorf("by hand: %+v, %v", a, err)
		}
		sees := testkit.Actor(tenant, []id.ID{w.west}, request.PermSee)
		if _, _, err := w.s.File(ctx, sees, a.ID); errs.KindOf(err) != errs.NotFound {
			w.t.Errorf("who only sees that it was answered reads the file: %v", err)
		}
	})
}

func TestBadRequestsAreRefused(t *testing.T) {
	each(t, func(w *world) {
		for name, c := range map[string]struct {
			change func(in *request.NewRequest)
			kind   errs.Kind
			field  string
		}{
			"an end before the beginning": {func(in *request.NewRequest) { in.EndsOn = in.FirstDue.AddDays(-1) }, errs.Invalid, "ends_on"},
			"an end far away":             {func(in *request.NewRequest) { in.EndsOn = in.FirstDue.AddYears(9) }, errs.Invalid, "ends_on"},
			"no first day":                {func(in *request.NewRequest) { in.FirstDue = calendar.Date{} }, errs.Invalid, "first_due"},
			"a first day long past":       {func(in *request.NewRequest) { in.FirstDue = w.day(-90) }, errs.Invalid, "first_due"},
			"no title":                    {func(in *request.NewRequest) { in.Title = " " }, errs.Invalid, "title"},
			"nobody asks":                 {func(in *request.NewRequest) { in.Office = "" }, errs.Invalid, "office"},
			"an office that is not here":  {func(in *request.NewRequest) { in.OfficeID = 12345 }, errs.Invalid, "office"},
			"nobody is asked":             {func(in *request.NewRequest) { in.OrganisationIDs = nil }, errs.Invalid, "organisation"},
			"somebody outside the scope":  {func(in *request.NewRequest) { in.OrganisationIDs = []id.ID{w.east, w.root} }, errs.Forbidden, ""},
			"kept by somebody else":       {func(in *request.NewRequest) { in.OwnerID = w.root }, errs.Forbidden, ""},
			"how often nobody knows":      {func(in *request.NewRequest) { in.Every = "daily" }, errs.Invalid, "every"},
			"no form":                     {func(in *request.NewRequest) { in.Form = nil }, errs.Invalid, "form"},
			"no workbook":                 {func(in *request.NewRequest) { in.Form = []byte("PK nonsense") }, errs.Invalid, "form"},
			"a form that asks nothing":    {func(in *request.NewRequest) { in.Form = book(w.t, []any{"通知"}, []any{"请各社区知悉"}) }, errs.Invalid, "form"},
			"a form of rows nobody knows": {func(in *request.NewRequest) {
				in.Form = book(w.t, []any{"独角兽饲养户花名册"}, []any{"序号", "姓名", "出生日期"})
			}, errs.Invalid, "form"},
			"a form that somebody else dropped in": {func(in *request.NewRequest) {
				d, err := w.a.Fill.Drop(ctx, w.worker, "x.xlsx", names(w.t))
				w.must(err)
				in.FormID = d.ID
			}, errs.NotFound, ""},
		} {
			in := w.new(names(w.t))
			c.change(&in)
			_, err := w.s.Register(ctx, w.desk, in)
			e := errs.As(err)
			if errs.KindOf(err) != c.kind || c.field != "" && (e == nil || e.Fields[c.field].Text.IsZero()) {
				w.t.Errorf("%s: %v, want %v under %q", name, err, c.kind, c.field)
			}
		}
		if _, err := w.s.Register(ctx, testkit.Actor(tenant, nil, request.PermSee, fill.PermFill), w.new(names(w.t))); errs.KindOf(err) != errs.Forbidden {
			w.t.Errorf("without the permission: %v", err)
		}
		if n, err := db.Value[int64](ctx, w.d, "SELECT (SELECT count(*) FROM request) + (SELECT count(*) FROM file WHERE expires_at = 0)"); err != nil || n != 0 {
			w.t.Errorf("%d things stay of what was refused, %v", n, err)
		}
	})
}

func TestNobodyAnswersForAnother(t *testing.T) {
	each(t, func(w *world) {
		in := w.new(names(w.t))
		in.OrganisationIDs = []id.ID{w.east}
		d := w.register(in)
		x := w.answer(d)
		w.wants2(w.s.Answer(ctx, w.other, x))(errs.NotFound, "")
		x.OrganisationID = w.west
		w.wants2(w.s.Answer(ctx, w.desk, x))(errs.NotFound, "")
		x = w.answer(d)
		x.Period = "2019-01"
		w.wants2(w.s.Answer(ctx, w.worker, x))(errs.NotFound, "")
		far := testkit.Actor(testkit.Other, nil, request.PermSee, request.PermAnswer, request.PermRegister, fill.PermFill)
		w.wants2(w.s.Answer(ctx, far, w.answer(d)))(errs.NotFound, "")
		if _, err := w.s.Get(ctx, far, d.ID); errs.KindOf(err) != errs.NotFound {
			w.t.Errorf("another district sees it: %v", err)
		}
		if _, err := w.s.Get(ctx, w.other, d.ID); errs.KindOf(err) != errs.NotFound {
			w.t.Errorf("a community that is not asked sees it: %v", err)
		}
		if _, err := w.s.Held(ctx, w.other, d.ID, w.east); errs.KindOf(err) != errs.NotFound {
			w.t.Errorf("and looks: %v", err)
		}
		for _, err := range []error{w.s.End(ctx, w.worker, d.ID, 0, "x"), w.s.Correct(ctx, w.worker, d.ID, request.Correction{}), w.s.End(ctx, far, d.ID, 0, "x")} {
			if errs.KindOf(err) != errs.NotFound {
				w.t.Errorf("who does not keep it changes it: %v", err)
			}
		}
		l, err := w.s.List(ctx, w.other, request.Filter{})
		if err != nil || len(l.Items) != 0 {
			w.t.Errorf("List = %+v, %v", l.Items, err)
		}
		a, err := w.s.Answer(ctx, w.desk, w.answer(d)) // the street may, for one of its communities
		if err != nil || a.Rows != 3 {
			w.t.Fatalf("Answer = %+v, %v: the people of the one community only", a, err)
		}
		if _, _, err := w.s.File(ctx, w.other, a.ID); errs.KindOf(err) != errs.NotFound {
			w.t.Errorf("another community reads the file: %v", err)
		}
	})
}

func TestTwoAnswerAtOnce(t *testing.T) {
	each(t, func(w *world) {
		d := w.register(w.new(names(w.t)))
		var wg sync.WaitGroup
		got := make([]error, 4)
		for i := range got {
			wg.Go(func() { _, got[i] = w.s.Answer(ctx, w.worker, w.answer(d)) })
		}
		wg.Wait()
		taken := 0
		for _, err := range got {
			if err == nil {
				taken++
			} else if errs.KindOf(err) != errs.Conflict {
				w.t.Errorf("the other got %v, want a conflict", err)
			}
		}
		if taken != 1 {
			w.t.Errorf("%d answers were taken, want 1", taken)
		}
		w.verify()
	})
}

func TestARequestLivesAndEnds(t *testing.T) {
	each(t, func(w *world) {
		d := w.register(w.new(names(w.t)))
		if _, err := w.s.Answer(ctx, w.worker, w.answer(d)); err != nil {
			w.t.Fatal(err)
		}
		w.wants(w.s.Pause(ctx, w.desk, d.ID, 0, " "), errs.Invalid, "reason")
		w.wants(w.s.Pause(ctx, w.desk, d.ID, d.Version+1, "x"), errs.Conflict, "")
		w.must(w.s.Pause(ctx, w.desk, d.ID, d.Version, "系统升级"))
		p := w.get(w.desk, d.ID)
		if p.State != request.Paused || p.Reason != "系统升级" || len(p.Dues) != 1 {
			w.t.Errorf("paused: %+v with %d occurrences", p.Request, len(p.Dues))
		}
		in := w.answer(d)
		in.Edition = 1
		w.wants2(w.s.Answer(ctx, w.worker, in))(errs.Conflict, "")
		w.clock.Set(w.clock.Now().AddDate(0, 2, 0)) // two months pass; what fell due meanwhile is not asked
		w.must(w.s.Resume(ctx, w.desk, d.ID, 0))
		p = w.get(w.desk, d.ID)
		for _, x := range p.Dues {
			if x.Answer == nil && x.On.Before(w.day(0)) {
				w.t.Errorf("resumed, and late on %s", x.On)
			}
		}
		if len(p.Dues) < 3 {
			w.t.Errorf("resumed: %d occurrences", len(p.Dues))
		}
		// Time goes on: the night's work makes what comes, and what nobody answered is late.
		w.clock.Set(w.clock.Now().AddDate(0, 2, 0))
		w.must(w.s.Keep(ctx, tenant))
		l, err := w.s.List(ctx, w.worker, request.Filter{Due: request.Late, Text: "花名"})
		if err != nil || len(l.Items) != 1 || l.Items[0].Late == 0 || l.Items[0].Answered != 1 {
			w.t.Fatalf("List of the late = %+v, %v", l.Items, err)
		}
		w.wants(w.s.Extend(ctx, w.desk, d.ID, 0, w.day(-1), "x"), errs.Invalid, "ends_on")
		w.must(w.s.Extend(ctx, w.desk, d.ID, 0, w.day(1), "收尾"))
		w.clock.Set(w.clock.Now().AddDate(0, 0, 3))
		w.must(w.s.Keep(ctx, tenant))
		if p = w.get(w.desk, d.ID); p.State != request.Expired || p.OwnEnd {
			w.t.Errorf("past its last day: %+v", p.Request)
		}
		w.must(w.s.Extend(ctx, w.desk, d.ID, 0, w.day(90), "还需要"))
		if p = w.get(w.desk, d.ID); p.State != request.Open {
			w.t.Errorf("extended: %+v", p.Request)
		}
		w.must(w.s.End(ctx, w.desk, d.ID, 0, "已由系统对接"))
		w.wants(w.s.End(ctx, w.desk, d.ID, 0, "again"), errs.Conflict, "")
		w.wants(w.s.Resume(ctx, w.desk, d.ID, 0), errs.Conflict, "")
		w.wants(w.s.Extend(ctx, w.desk, d.ID, 0, w.day(90), "x"), errs.Conflict, "")
		w.wants(w.s.Correct(ctx, w.desk, d.ID, request.Correction{}), errs.Conflict, "")
		if p = w.get(w.desk, d.ID); len(p.Changes) != 7 || p.Changes[0].Act != request.ActEnd || p.Changes[0].Before == "" {
			w.t.Errorf("%d changes, the last %+v", len(p.Changes), p.Changes[0])
		}
		for _, x := range p.Dues {
			if x.Answer == nil && !x.On.Before(w.day(0)) {
				w.t.Errorf("ended, and asked on %s", x.On)
			}
		}
		w.verify()
	})
}

func TestACorrectionMovesWhatIsNotAnswered(t *testing.T) {
	each(t, func(w *world) {
		d := w.register(w.new(names(w.t)))
		if _, err := w.s.Answer(ctx, w.worker, w.answer(d)); err != nil {
			w.t.Fatal(err)
		}
		title, every, first := "居民名册（更正）", request.Quarterly, w.day(10)
		w.must(w.s.Correct(ctx, w.desk, d.ID, request.Correction{Title: &title, Every: &every, FirstDue: &first, OrganisationIDs: []id.ID{w.west}, Version: d.Version}))
		p := w.get(w.desk, d.ID)
		if p.Title != title || len(p.Parties) != 1 || p.Office != d.Office {
			w.t.Errorf("corrected: %+v asks %d", p.Request, len(p.Parties))
		}
		answered, open := 0, 0
		for _, x := range p.Dues {
			if x.Answer != nil {
				answered++
			} else {
				open++
				if x.On != first || x.Party.ID != w.west || x.Period != every.Period(first) {
					w.t.Errorf("an occurrence of %s on %s in %s", x.Party.Name, x.On, x.Period)
				}
			}
		}
		if answered != 1 || open != 1 {
			w.t.Errorf("%d answered and %d open", answered, open)
		}
		w.wants(w.s.Correct(ctx, w.desk, d.ID, request.Correction{Title: &title, Version: d.Version}), errs.Conflict, "")
		bad := calendar.Date{}
		w.wants(w.s.Correct(ctx, w.desk, d.ID, request.Correction{FirstDue: &bad}), errs.Invalid, "first_due")
		w.wants(w.s.Correct(ctx, w.desk, d.ID, request.Correction{OrganisationIDs: []id.ID{}}), errs.Invalid, "organisation")
		monthly, ancient := request.Monthly, calendar.On(1950, 1, 1) // hundreds of occurrences for each organisation at once
		w.wants(w.s.Correct(ctx, w.desk, d.ID, request.Correction{Every: &monthly, FirstDue: &ancient}), errs.Invalid, "first_due")
		w.verify()
	})
}

func TestTheSameIsNotAskedTwice(t *testing.T) {
	each(t, func(w *world) {
		w.register(w.new(births(w.t)))
		in := w.new(book(w.t, []any{"亭湖区残联2026年居民信息月报表"}, []any{"姓名", "出生日期", "所属社区"}))
		in.Title, in.Office = "另一张表", "区残联"
		d, err := w.a.Fill.Drop(ctx, w.desk, "x.xlsx", in.Form)
		w.must(err)
		p, err := w.s.Preview(ctx, w.desk, d.ID, w.east)
		w.must(err)
		if p.Guess.Office != "亭湖区残联" || p.Guess.Every != request.Monthly {
			w.t.Errorf("Guess = %+v", p.Guess)
		}
		if len(p.Same) != 0 {
			w.t.Errorf("name and birth say whose row it is, not what is asked: %+v", p.Same)
		}
		made := w.register(in)
		third := w.register(w.new(names(w.t)))
		if len(third.Same) != 1 || third.Same[0].ID != made.ID || len(third.Same[0].Labels) != 1 || third.Same[0].Labels[0] != "所属社区" {
			w.t.Errorf("Same = %+v", third.Same)
		}
		offices, err := w.s.Offices(ctx, w.worker)
		if err != nil || len(offices) != 2 {
			w.t.Errorf("Offices = %v, %v", offices, err)
		}
	})
}

func TestASheetOfAnotherCommunityStaysBlank(t *testing.T) {
	each(t, func(w *world) {
		f := excelize.NewFile()
		defer f.Close()
		w.must(f.SetSheetName("Sheet1", "朝阳社区"))
		_, err := f.NewSheet("雅和社区")
		w.must(err)
		for _, sh := range f.GetSheetList() {
			w.must(f.SetSheetRow(sh, "A1", &[]any{"居民花名册"}))
			w.must(f.SetSheetRow(sh, "A2", &[]any{"序号", "姓名", "所属社区"}))
		}
		var b bytes.Buffer
		w.must(f.Write(&b))
		d := w.register(w.new(b.Bytes()))
		x, err := w.s.Answer(ctx, w.worker, w.answer(d))
		w.must(err)
		_, file, err := w.s.File(ctx, w.worker, x.ID)
		w.must(err)
		if text := cells(w.t, file); strings.Count(text, "王芳") != 1 || x.Rows != 3 {
			w.t.Errorf("%d rows: %s", x.Rows, text)
		}
	})
}

// column gives what stands below a header, sorted.
func column(t testing.TB, file []byte, name string) []string {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []string
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		at := -1
		for _, row := range rows {
			if i := slices.Index(row, name); i >= 0 {
				at = i
			} else if at >= 0 && at < len(row) && row[at] != "" {
				out = append(out, row[at])
			}
		}
	}
	slices.Sort(out)
	return out
}

func TestOrganisationsOfACommunityAreThoseInIt(t *testing.T) {
	each(t, func(w *world) {
		branch := w.org(organisation.Branch, "朝阳社区第一党支部", w.east)
		group := w.org(organisation.Group, "第一党小组", branch)
		other := w.org(organisation.Branch, "雅和社区第一党支部", w.west)
		works := []authz.Permission{fill.PermFill, organisation.PermSee, request.PermSee, request.PermAnswer, request.PermRegister}
		worker, desk := w.actor(works, w.east, branch, group), w.actor(works, w.street, w.east, w.west, branch, group, other)
		bureau := w.org(organisation.Unit, "区供电公司", w.root)
		elsewhere := w.org(organisation.Unit, "区自来水公司", w.root)
		w.org(organisation.Unit, "区邮政公司", w.root) // stationed nowhere
		for unit, community := range map[id.ID]id.ID{bureau: w.east, elsewhere: w.west} {
			w.must(w.a.Organisation.Attach(ctx, authz.System(tenant, "test"), unit, community, organisation.Effect{On: w.day(0)}))
		}
		in := w.new(book(t, []any{"单位信息登记表"}, []any{"序号", "单位名称", "单位地址"}))
		in.OrganisationIDs = []id.ID{w.east, w.street}
		d := w.register(in)
		listed := func(actor authz.Actor, org id.ID) []string {
			t.Helper()
			x := w.answer(d)
			x.OrganisationID, x.Partly = org, true
			a, err := w.s.Answer(ctx, actor, x)
			w.must(err)
			_, file, err := w.s.File(ctx, actor, a.ID)
			w.must(err)
			return column(t, file, "单位名称")
		}
		inEast := []string{"区供电公司", "朝阳社区党委", "朝阳社区第一党支部", "第一党小组"}
		slices.Sort(inEast)
		if got := listed(worker, w.east); !slices.Equal(got, inEast) {
			t.Errorf("the community lists %v, want %v", got, inEast)
		}
		all := append([]string{"文峰街道党工委", "雅和社区党委", "雅和社区第一党支部", "区自来水公司"}, inEast...)
		slices.Sort(all)
		if got := listed(desk, w.street); !slices.Equal(got, all) {
			t.Errorf("the street lists %v, want %v", got, all)
		}
		w.verify()
	})
}

func TestAStreetThatIsAskedAnswersForItsCommunities(t *testing.T) {
	each(t, func(w *world) {
		far := w.org(organisation.Working, "新洋街道党工委", w.root)
		there := w.org(organisation.Community, "新跃社区党委", far)
		w.person(there, "陈晨", "1970-03-04")
		works := []authz.Permission{fill.PermFill, person.PermSee, organisation.PermSee, request.PermSee, request.PermAnswer, request.PermRegister}
		district := w.actor(works, w.root, w.street, w.east, w.west, far, there)
		in := w.new(names(t))
		in.OrganisationIDs = []id.ID{w.street}
		d := w.register(in)
		if len(d.Parties) != 1 || d.Parties[0].Community || len(d.Dues) == 0 {
			t.Fatalf("asked: %+v, due: %+v", d.Parties, d.Dues)
		}
		x := w.answer(d)
		w.wants2(w.s.Answer(ctx, w.worker, func() request.NewAnswer { x := x; x.OrganisationID = w.street; return x }()))(errs.NotFound, "")
		x.OrganisationID = w.street
		want := []string{"张敏", "李强", "王芳", "赵静"}
		slices.Sort(want)
		for _, actor := range []authz.Actor{w.desk, district} { // whoever answers: the same people, those of the street
			a, err := w.s.Answer(ctx, actor, x)
			w.must(err)
			_, file, err := w.s.File(ctx, actor, a.ID)
			w.must(err)
			if got := column(t, file, "姓名"); a.Rows != 4 || !slices.Equal(got, want) {
				t.Errorf("%d rows, %v, want %v", a.Rows, got, want)
			}
			x.Edition = a.Edition
		}
		held, err := w.s.Held(ctx, district, d.ID, w.street)
		if err != nil || held.Rows != 4 {
			t.Errorf("held = %d rows, %v", held.Rows, err)
		}
		copied, err := w.s.Copy(ctx, district, d.ID, w.street, "")
		w.must(err)
		for range 2 { // as it was copied, and filled in again with what was said about it
			c, _, err := w.a.Fill.Get(ctx, district, copied)
			w.must(err)
			_, file, err := w.a.Fill.Result(ctx, district, copied)
			w.must(err)
			if got := column(t, file, "姓名"); c.Ask.For != w.street || !slices.Equal(got, want) {
				t.Errorf("the copy is for %s and names %v, want %v", c.Ask.For, got, want)
			}
			_, err = w.a.Fill.Complete(ctx, district, copied, c.Version, c.Ask)
			w.must(err)
		}
		w.verify()
	})
}

func TestFilesGoWhenTheirTimeIsOver(t *testing.T) {
	each(t, func(w *world) {
		d := w.register(w.new(names(w.t)))
		x, err := w.s.Answer(ctx, w.worker, w.answer(d))
		w.must(err)
		w.must(w.s.End(ctx, w.desk, d.ID, 0, "完"))
		for _, name := range []string{"retention.request_answer_months", "retention.request_form_months"} {
			w.must(w.a.Policy.Set(ctx, w.actor([]authz.Permission{policy.PermSet}), policy.Change{Name: name, Value: 2}))
		}
		w.clock.Set(w.clock.Now().Add(40 * 24 * time.Hour))
		removed, err := w.a.Retention.Run(ctx, tenant, nil)
		if err != nil || removed["request.answers"] != 0 || removed["request.forms"] != 0 {
			w.t.Errorf("too early: %v, %v", removed, err)
		}
		w.clock.Set(w.clock.Now().Add(40 * 24 * time.Hour))
		removed, err = w.a.Retention.Run(ctx, tenant, nil)
		if err != nil || removed["request.answers"] != 1 || removed["request.forms"] != 1 {
			w.t.Errorf("removed %v, %v", removed, err)
		}
		if _, _, err := w.s.File(ctx, w.worker, x.ID); errs.KindOf(err) != errs.NotFound {
			w.t.Errorf("the file is still there: %v", err)
		}
		if _, _, err := w.s.Form(ctx, w.worker, d.ID); errs.KindOf(err) != errs.NotFound {
			w.t.Errorf("the form is still there: %v", err)
		}
		if n, err := db.Value[int64](ctx, w.d, "SELECT count(*) FROM file WHERE tenant_id = $1", tenant); err != nil || n != 0 {
			w.t.Errorf("%d files stay, %v", n, err)
		}
		if p := w.get(w.desk, d.ID); p.Answered != 0 && len(p.Dues) != 1 {
			w.t.Errorf("that it was answered went too: %+v", p)
		}
		w.verify()
	})
}

func TestRequestsFollowAMerger(t *testing.T) {
	each(t, func(w *world) {
		d := w.register(w.new(names(w.t)))
		if _, err := w.s.Answer(ctx, w.worker, w.answer(d)); err != nil {
			w.t.Fatal(err)
		}
		w.must(w.d.WithTx(ctx, func(tx *db.Tx) error { return w.s.Follow(ctx, tx, w.desk, w.east, w.west) }))
		p := w.get(w.desk, d.ID)
		if len(p.Parties) != 1 || p.Parties[0].ID != w.west || len(p.Dues) != 3 {
			w.t.Errorf("asked are %+v, with %d occurrences", p.Parties, len(p.Dues))
		}
		w.verify()
	})
}
