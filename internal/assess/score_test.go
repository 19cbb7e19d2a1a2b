package assess

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"linli/internal/calendar"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/testkit"
)

func anyFigure(string) bool { return true }

func mustRead(t testing.TB, text string) *Rubric {
	t.Helper()
	list, _, faults := Read(text, anyFigure)
	if len(faults) > 0 {
		t.Fatal(faults.In(i18n.EN))
	}
	return list[0]
}

// entered turns the input of a worked case into evidence.
func entered(t *testing.T, indicator string, input map[string]json.RawMessage) []Evidence {
	var out []Evidence
	for measure, raw := range input {
		e := Evidence{Indicator: indicator, Measure: measure}
		if s := string(raw); s == "true" {
			e.Value = Whole(1)
		} else if s != "false" {
			d, ok := ParseDecimal(s)
			if !ok {
				t.Fatalf("%s is no number", s)
			}
			e.Value = d
		}
		out = append(out, e)
	}
	return out
}

// TestWorkedCases holds the rubrics and cases of the public data against the engine: those about persons too, which the service does not open.
func TestWorkedCases(t *testing.T) {
	path, ok := testkit.Shared(t, "rubrics/rubrics.json")
	if !ok {
		return
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	list, _, faults := Read(string(text), anyFigure)
	if len(faults) > 0 || len(list) == 0 {
		t.Fatalf("%d rubrics: %s", len(list), faults.In(i18n.ZH))
	}
	by := map[string]*Rubric{}
	for _, r := range list {
		by[r.Code] = r
	}
	if by["member-points-base60"].Subject != Persons || by["village-quarterly-100"].Subject != Organisations {
		t.Error("the rubric of members is about persons, that of villages about organisations")
	}
	path, _ = testkit.Shared(t, "rubrics/score_cases.json")
	if text, err = os.ReadFile(path); err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Rubric   string                     `json:"rubric"`
		Input    map[string]json.RawMessage `json:"input"`
		Expected map[string]json.RawMessage `json:"expected"`
	}
	if err := json.Unmarshal(text, &cases); err != nil || len(cases) == 0 {
		t.Fatalf("%d cases: %v", len(cases), err)
	}
	for n, c := range cases {
		r := by[c.Rubric]
		var ev []Evidence
		flat := map[string]json.RawMessage{}
		for k, raw := range c.Input {
			var inner map[string]json.RawMessage
			if json.Unmarshal(raw, &inner) == nil {
				ev = append(ev, entered(t, k, inner)...)
			} else {
				flat[k] = raw
			}
		}
		ev = append(ev, entered(t, "items", flat)...)
		for _, e := range ev {
			if _, known := r.Measure(e.Indicator, e.Measure); !known {
				t.Errorf("case %d: %s has no measure %s of %s", n+1, c.Rubric, e.Measure, e.Indicator)
			}
		}
		got := Score(r, ev)
		for k, raw := range c.Expected {
			want, _ := ParseDecimal(string(raw))
			score := got.Total
			for _, p := range got.Parts {
				if p.Code == k {
					score = p.Score
				}
			}
			if score != want {
				t.Errorf("case %d (%s): %s = %s, want %s", n+1, c.Rubric, k, score, want)
			}
		}
	}
	t.Logf("%d rubrics, %d cases", len(list), len(cases))
}

const mixed = `{"id":"mixed","title":"m","period":"quarter","indicators":[
 {"code":"a","name":"a","points":10,"rules":[{"type":"deduct_per","unit":"x","points":0.1},{"type":"zero_if","condition":"z"}]},
 {"code":"b","name":"b","points":20,"rules":[{"type":"proportional","measure":"share"}]},
 {"code":"c","name":"c","points":5,"rules":[{"type":"bands","measure":"s","bands":[{"min":90,"score":5},{"min":80,"max_below":90,"score":3.5},{"max_below":80,"score":0}]}]},
 {"code":"d","name":"d","points":10,"floor":2,"rules":[{"type":"formula","expression":"办结 == 0 ? 0 : min(10, 办结 / 应办 * 10 - 0.1 * 超期)","inputs":[{"name":"办结"},{"name":"应办"},{"name":"超期"}]}]},
 {"code":"e","name":"e","floor":-4,"ceiling":6,"rules":[{"type":"add_per","unit":"good","points":2},{"type":"deduct_per","unit":"late","points":2}]}]}`

func ev(indicator, measure, value string) Evidence {
	d, _ := ParseDecimal(value)
	return Evidence{Indicator: indicator, Measure: measure, Value: d}
}

func TestRules(t *testing.T) {
	r := mustRead(t, mixed)
	cases := []struct {
		name, part, want string
		missing          int
		ev               []Evidence
	}{
		{"three tenths are three tenths", "a", "9.7", 0, []Evidence{ev("a", "x", "1"), ev("a", "x", "2")}},
		{"not below nothing", "a", "0", 0, []Evidence{ev("a", "x", "500")}},
		{"an accident takes all", "a", "0", 0, []Evidence{ev("a", "z", "1")}},
		{"no accident takes nothing", "a", "10", 0, []Evidence{ev("a", "z", "0")}},
		{"a share, rounded half up once", "b", "18.99", 0, []Evidence{ev("b", "share", "94.925")}},
		{"more than all is all", "b", "20", 0, []Evidence{ev("b", "share", "130")}},
		{"what nobody measured gives nothing yet", "b", "0", 1, nil},
		{"the edge belongs to the band that begins there", "c", "5", 0, []Evidence{ev("c", "s", "90")}},
		{"just below it", "c", "3.5", 0, []Evidence{ev("c", "s", "89.9999")}},
		{"a formula", "d", "6.57", 0, []Evidence{ev("d", "办结", "2"), ev("d", "应办", "3"), ev("d", "超期", "1")}},
		{"its floor", "d", "2", 0, []Evidence{ev("d", "办结", "0"), ev("d", "应办", "3"), ev("d", "超期", "1")}},
		{"by nothing cannot be worked out", "d", "2", 1, []Evidence{ev("d", "办结", "1"), ev("d", "应办", "0"), ev("d", "超期", "1")}},
		{"gives and takes", "e", "2", 0, []Evidence{ev("e", "good", "2"), ev("e", "late", "1")}},
		{"its ceiling", "e", "6", 0, []Evidence{ev("e", "good", "200")}},
		{"its floor below nothing", "e", "-4", 0, []Evidence{ev("e", "late", "9")}},
	}
	for _, c := range cases {
		for _, p := range Score(r, c.ev).Parts {
			if p.Code == c.part && (p.Score.String() != c.want || p.Missing != c.missing) {
				t.Errorf("%s: %s missing %d, want %s missing %d", c.name, p.Score, p.Missing, c.want, c.missing)
			}
		}
	}
}

func TestTheLatestMeasurementHolds(t *testing.T) {
	r := mustRead(t, mixed)
	old, late := ev("c", "s", "95"), ev("c", "s", "70")
	old.On, late.On = calendar.MustParse("2026-07-01"), calendar.MustParse("2026-09-01")
	for _, list := range [][]Evidence{{old, late}, {late, old}} {
		if got := Score(r, list).Parts[2].Score; got != 0 {
			t.Errorf("Score = %s, want that of the later day", got)
		}
	}
}

// TestScoresStayInBoundsInAnyOrder draws evidence and holds the score within the bounds of each indicator, and equal for every order.
func TestScoresStayInBoundsInAnyOrder(t *testing.T) {
	r := mustRead(t, mixed)
	var measures [][2]string
	for _, i := range r.Indicators {
		for _, m := range i.Measures() {
			measures = append(measures, [2]string{i.Code, m.Name})
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		var list []Evidence
		for n := range rapid.IntRange(0, 30).Draw(rt, "n") {
			m := rapid.SampledFrom(measures).Draw(rt, "measure")
			list = append(list, Evidence{Indicator: m[0], Measure: m[1], Finding: id.ID(n + 1), Value: Decimal(rapid.Int64Range(0, int64(greatest)).Draw(rt, "value")),
				On: calendar.MustParse("2026-07-01").AddDays(rapid.IntRange(0, 5).Draw(rt, "day"))})
		}
		got := Score(r, list)
		sum := got.Base
		for k, p := range got.Parts {
			floor, ceiling := r.Indicators[k].bounds()
			if p.Score != 0 && (floor != nil && p.Score < *floor || ceiling != nil && p.Score > *ceiling) {
				rt.Fatalf("%s = %s is out of bounds", p.Code, p.Score)
			}
			if p.Score%hundredth != 0 {
				rt.Fatalf("%s = %s is no hundredth", p.Code, p.Score)
			}
			sum += p.Score
		}
		if sum != got.Total {
			rt.Fatalf("the parts come to %s, the total says %s", sum, got.Total)
		}
		want, _ := json.Marshal(got)
		seed := rapid.Uint64().Draw(rt, "seed")
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(list), func(a, b int) { list[a], list[b] = list[b], list[a] })
		if again, _ := json.Marshal(Score(r, list)); string(again) != string(want) {
			rt.Fatalf("another order gives another score:\n%s\n%s", want, again)
		}
	})
}

func TestDecimalsAreExact(t *testing.T) {
	for in, want := range map[string]string{"94.99": "94.99", "-3": "-3", "0.5": "0.5", "0.0001": "0.0001", "1000000000": "1000000000"} {
		d, ok := ParseDecimal(in)
		if !ok || d.String() != want {
			t.Errorf("ParseDecimal(%s) = %s, %v", in, d, ok)
		}
		var back Decimal
		if err := back.UnmarshalText([]byte(d.String())); err != nil || back != d {
			t.Errorf("%s comes back as %s", in, back)
		}
	}
	for _, in := range []string{"", ".5", "1.", "1e3", "0.00001", "1000000001", "--1", "1/3", "十"} {
		if d, ok := ParseDecimal(in); ok {
			t.Errorf("ParseDecimal(%q) = %s, want refused", in, d)
		}
	}
}

func TestWhatIsWrongWithARubric(t *testing.T) {
	one := func(rules string) string {
		return `{"id":"x","title":"t","period":"quarter","indicators":[{"code":"1","name":"n","points":10,"rules":[` + rules + `]}]}`
	}
	cases := map[string]string{
		"{\n\"id\":}":           "第 2 行不是正确的 JSON",
		`{}`:                    "缺“title”",
		one(`{"type":"guess"}`): "第 1 个指标 第 1 条规则：没有“guess”这种规则",
		one(`{"type":"deduct_per","unit":"a","point":1}`):                                                                                                                      "没有“point”这个字段",
		one(`{"type":"deduct_per","unit":"a","points":-1}`):                                                                                                                    "应当大于 0",
		one(`{"type":"deduct_per","unit":"a","points":"1"}`):                                                                                                                   "应当是数",
		one(`{"type":"zero_if","condition":"a","figure":"none"}`):                                                                                                              "数字目录里没有“none”",
		one(`{"type":"add_per","unit":"a","points":1},{"type":"deduct_per","unit":"a","points":1}`):                                                                            "“a”重复",
		one(`{"type":"bands","measure":"m","bands":[{"min":90,"score":1},{"max_below":80,"score":0}]}`):                                                                        "缺口或重叠",
		one(`{"type":"bands","measure":"m","bands":[{"min":90,"score":1},{"max_below":90,"deduct":0}]}`):                                                                       "要么都得分",
		one(`{"type":"formula","expression":"a + b","inputs":[{"name":"a"}]}`):                                                                                                 "没有“b”这个量",
		one(`{"type":"formula","expression":"all(1..1000000000, true) ? 1 : 0","inputs":[{"name":"a"}]}`):                                                                      "公式有误",
		one(`{"type":"formula","expression":"a ** a","inputs":[{"name":"a"}]}`):                                                                                                "不能用“**”",
		one(`{"type":"formula","expression":"a > 1","inputs":[{"name":"a"}]}`):                                                                                                 "结果应当是数",
		one(`{"type":"formula","expression":"a + (a > 1)","inputs":[{"name":"a"}]}`):                                                                                           "用混了",
		one(`{"type":"formula","expression":"` + strings.Repeat("a+", 70) + `a","inputs":[{"name":"a"}]}`):                                                                     "公式有误",
		`{"id":"X Y","title":"t","period":"week","items":[{"type":"add_per","unit":"a","points":1}]}`:                                                                          "小写英文",
		`{"id":"x","title":"t","period":"month","indicators":[{"code":"1","name":"n","rules":[{"type":"proportional","measure":"m","figure":"f"}]}]}`:                          "按月的标准不能引用",
		`{"id":"x","title":"t","period":"year","complete":true,"total":100,"indicators":[{"code":"1","name":"n","points":9,"rules":[{"type":"proportional","measure":"m"}]}]}`: "各指标合计 9 分，与总分 100 不符",
	}
	for body, want := range cases {
		_, _, faults := Read(body, func(f string) bool { return f == "f" })
		if got := faults.In(i18n.ZH); !strings.Contains(got, want) {
			t.Errorf("%s\n gives %q, want %q", body, got, want)
		}
	}
}

func TestPeriods(t *testing.T) {
	for every, list := range map[Every][]string{Month: {"2026-09", "2026-9", "2026Q3"}, Quarter: {"2026Q3", "2026", "2026-09"}, Year: {"2026", "2026Q3", "26"}} {
		for n, s := range list {
			p, err := ParsePeriod(every, s)
			if (err == nil) != (n == 0) || n == 0 && p.String() != s {
				t.Errorf("ParsePeriod(%s, %s) = %s, %v", every, s, p, err)
			}
		}
	}
	if p, _ := ParsePeriod(Quarter, "2026Q1"); p.Before().String() != "2025Q4" || p.End().String() != "2026-03-31" {
		t.Errorf("before 2026Q1: %s", p.Before())
	}
}
