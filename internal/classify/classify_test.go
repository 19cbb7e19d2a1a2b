package classify_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"linli/internal/classify"
	"linli/internal/errs"
	"linli/internal/i18n"
)

// What invented residents of an invented town write about.
var (
	openings = []string{"您好，", "请问", "我是五星街道的居民，", "反映一个问题：", "麻烦社区看一下，", ""}
	endings  = []string{"，请尽快处理。", "，希望有人管。", "，谢谢！", "，盼复。", "。"}
	subjects = map[string][]string{
		"环境": {"楼下垃圾桶满了没人收", "河水发黑发臭", "工厂排放的烟味很重", "绿化带里堆着建筑垃圾", "餐馆油烟直接排到窗口", "垃圾站的臭味传到家里"},
		"教育": {"幼儿园什么时候报名", "学校门口没有老师值班", "孩子转学需要什么材料", "小学的学区怎么划分", "培训班不肯退学费", "中学的食堂饭菜太差"},
		"交通": {"路口红绿灯坏了", "公交车等了一个小时", "路面坑洼车辆难行", "停车位被人占用", "公交站台没有雨棚", "早高峰路口堵车严重"},
	}
)

// invented makes n examples of each label: sentences of the town, always the same for one seed.
func invented(n int, seed uint64) []classify.Example {
	r := rand.New(rand.NewPCG(seed, 1))
	var out []classify.Example
	for _, label := range []string{"交通", "教育", "环境"} {
		said := subjects[label]
		for i := range n {
			a, b := said[r.IntN(len(said))], said[r.IntN(len(said))]
			text := openings[r.IntN(len(openings))] + a
			if a != b {
				text += "，而且" + b
			}
			out = append(out, classify.Example{Text: text + endings[r.IntN(len(endings))], Label: label, From: fmt.Sprint(label, i)})
		}
	}
	return out
}

func trained(t testing.TB, examples []classify.Example, o classify.Options) *classify.Model {
	t.Helper()
	m, err := classify.Train(t.Context(), examples, o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func written(t testing.TB, m *classify.Model) []byte {
	t.Helper()
	var b bytes.Buffer
	n, err := m.WriteTo(&b)
	if err != nil || n != int64(b.Len()) {
		t.Fatalf("WriteTo = %d, %v; wrote %d", n, err, b.Len())
	}
	return b.Bytes()
}

func TestProposeNamesTheLabelAndTheWords(t *testing.T) {
	m := trained(t, invented(40, 1), classify.Options{})
	cases := []struct{ title, text, label, word string }{
		{"", "楼道口的垃圾好几天没人收了", "环境", "垃圾"},
		{"", "想给孩子报名上幼儿园", "教育", "幼儿园"},
		{"公交车太少", "等了很久都不来", "交通", "公交车"},
		{"", "路口的红绿灯一直不亮，车辆乱走", "交通", "红绿灯"},
	}
	for _, c := range cases {
		t.Run(c.title+c.text, func(t *testing.T) {
			got := m.Propose(c.title, c.text)
			if len(got) == 0 || got[0].Label != c.label || got[0].Probability < 0.5 {
				t.Fatalf("Propose = %+v, want %s", got, c.label)
			}
			words := got[0].Words
			if !strings.Contains(strings.Join(words, " "), c.word) || len(words) > 5 {
				t.Errorf("words = %q, want %q among at most five", words, c.word)
			}
			sum := 0.0
			for i, p := range got {
				sum += p.Probability
				if i > 0 && p.Probability > got[i-1].Probability {
					t.Errorf("not in order: %+v", got)
				}
				for _, w := range p.Words {
					if !strings.Contains(c.title+"\n"+c.text, w) {
						t.Errorf("%q is not in the message", w)
					}
				}
			}
			if sum > 1.000001 || len(got) > 3 {
				t.Errorf("%d proposals, %v together", len(got), sum)
			}
		})
	}
}

// Where the model knows nothing, or not enough, it says nothing.
func TestNothingIsProposedWhereNothingIsKnown(t *testing.T) {
	m := trained(t, invented(40, 1), classify.Options{Sure: 0.8})
	for _, text := range []string{"", "！？……", "hello world", "\xff\xfe", "[电话]", "璀璨星河皓月", "13800000000"} {
		if got := m.Propose("", text); got != nil {
			t.Errorf("Propose(%q) = %+v, want nothing", text, got)
		}
	}
	// A word that is known drowns among what is not.
	const strange = "明朝永乐年间郑和率庞大船队七下西洋远航非洲沿岸诸国"
	if got := m.Propose("", strange+"，孩子，"+strange); got != nil {
		t.Errorf("proposed %+v for a tale", got)
	}
}

func TestSureDecidesWhatIsProposed(t *testing.T) {
	examples := invented(40, 1)
	const both = "学校门口堵车，垃圾没人收"
	if got := trained(t, examples, classify.Options{Sure: 0.01}).Propose("", both); len(got) == 0 {
		t.Error("with a low bar nothing is proposed")
	}
	if got := trained(t, examples, classify.Options{Sure: 1}).Propose("", both); got != nil {
		t.Errorf("with the highest bar %+v is proposed", got)
	}
}

// What fewer than three people wrote is not in the model: no name, no number, no copy of one letter.
func TestModelHoldsNothingOfOnePerson(t *testing.T) {
	examples := invented(40, 1)
	for i := range 2 {
		examples[i].Text += "联系人欧阳翡翠"
	}
	for i := range 8 { // one person, eight messages
		examples[10+i].Text += "我叫慕容琥珀"
		examples[10+i].From = "one"
	}
	letter := "致全体业主的公开信：司徒珊瑚主任多次承诺更换水管，至今没有兑现，我们要求公开维修资金的账目并且重新选聘物业。"
	for i := range 9 { // nine people, one letter
		examples[50+i].Text = letter
	}
	for i := range examples {
		examples[i].Text += fmt.Sprintf("电话138%08d", i*7919)
	}
	b := written(t, trained(t, examples, classify.Options{}))
	for _, secret := range []string{"翡", "翠", "琥", "珀", "慕容", "珊", "司徒", "兑现", "138", "00007919"} {
		if bytes.Contains(b, []byte(secret)) {
			t.Errorf("the model contains %q", secret)
		}
	}
	if !bytes.Contains(b, []byte("垃")) {
		t.Error("the model does not even contain what many wrote")
	}
	// Three people are enough, and no fewer can be asked for.
	for i := range 3 {
		examples[20+i].Text += "丹青路"
	}
	if b := written(t, trained(t, examples, classify.Options{})); !bytes.Contains(b, []byte("丹")) {
		t.Error("what three wrote is not in the model")
	}
	if _, err := classify.Train(t.Context(), examples, classify.Options{Shared: 2}); errs.KindOf(err) != errs.Invalid {
		t.Errorf("two are enough: %v", err)
	}
}

func TestSameExamplesSameModel(t *testing.T) {
	first := written(t, trained(t, invented(30, 1), classify.Options{}))
	for range 3 {
		if !bytes.Equal(written(t, trained(t, invented(30, 1), classify.Options{})), first) {
			t.Fatal("the same examples gave another model")
		}
	}
	if bytes.Equal(written(t, trained(t, invented(30, 2), classify.Options{})), first) {
		t.Error("other examples gave the same model")
	}
}

func TestTrainRefuses(t *testing.T) {
	good := invented(15, 1)
	change := func(f func(e []classify.Example) []classify.Example) []classify.Example { return f(slices.Clone(good)) }
	cases := []struct {
		name     string
		examples []classify.Example
		o        classify.Options
		want     i18n.Text
	}{
		{"nothing", nil, classify.Options{}, i18n.ClassifyOneLabel},
		{"one label", good[:15], classify.Options{}, i18n.ClassifyOneLabel},
		{"few of one", good[:15+9], classify.Options{}, i18n.ClassifyFew},
		{"no label", change(func(e []classify.Example) []classify.Example { e[3].Label = ""; return e }), classify.Options{}, i18n.ClassifyNoLabel},
		{"a label without end", change(func(e []classify.Example) []classify.Example { e[3].Label = strings.Repeat("长", 99); return e }), classify.Options{}, i18n.ClassifyNoLabel},
		{"no text", change(func(e []classify.Example) []classify.Example { e[3].Text = ""; return e }), classify.Options{}, i18n.ClassifyNoText},
		{"grams too long", good, classify.Options{Longest: 4}, i18n.ClassifyOptions},
		{"grams below nothing", good, classify.Options{Longest: -1}, i18n.ClassifyOptions},
		{"no cost", good, classify.Options{Cost: -1}, i18n.ClassifyOptions},
		{"surer than sure", good, classify.Options{Sure: 1.5}, i18n.ClassifyOptions},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := classify.Train(t.Context(), c.examples, c.o)
			if e := errs.As(err); e == nil || e.Kind != errs.Invalid || e.Message.Text != c.want {
				t.Errorf("Train = %v, want %q", err, c.want.In(i18n.EN))
			}
		})
	}
}

func TestTrainStopsWhenAsked(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := classify.Train(ctx, invented(15, 1), classify.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("Train = %v, want that it was cancelled", err)
	}
}

// A model that was written and read proposes the same, and is written the same.
func TestModelSurvivesItsFile(t *testing.T) {
	m := trained(t, invented(30, 1), classify.Options{})
	b := written(t, m)
	again, err := classify.Read(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(written(t, again), b) {
		t.Error("written again it is another")
	}
	if !slices.Equal(again.Labels(), m.Labels()) || again.Examples() != m.Examples() || again.Words() != m.Words() {
		t.Errorf("read %v, %d, %d", again.Labels(), again.Examples(), again.Words())
	}
	var all []string
	for _, s := range subjects {
		all = append(all, s...)
	}
	all = append(all, openings...)
	slices.Sort(all)
	rapid.Check(t, func(t *rapid.T) {
		title := rapid.SampledFrom(all).Draw(t, "title")
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(all), 0, 4).Draw(t, "text"), "") + rapid.String().Draw(t, "noise")
		if d := cmp.Diff(m.Propose(title, text), again.Propose(title, text)); d != "" {
			t.Fatal(d)
		}
	})
}

func TestReadRefuses(t *testing.T) {
	good := written(t, trained(t, invented(15, 1), classify.Options{}))
	refused := func(name string, b []byte, want i18n.Text) {
		t.Helper()
		_, err := classify.Read(bytes.NewReader(b))
		if e := errs.As(err); e == nil || e.Kind != errs.Invalid || e.Message.Text != want {
			t.Errorf("%s: Read = %v, want %q", name, err, want.In(i18n.EN))
		}
	}
	for n := 0; n < len(good); n += 1 + n/3 {
		refused(fmt.Sprintf("cut after %d bytes", n), good[:n], i18n.ClassifyBadFile)
	}
	for i := 0; i < len(good); i += 1 + i/3 {
		b := slices.Clone(good)
		b[i] ^= 0x40
		want := i18n.ClassifyBadFile
		if i == 7 {
			want = i18n.ClassifyNewFile
		}
		refused(fmt.Sprintf("byte %d changed", i), b, want)
	}
	huge := slices.Clone(good)
	binary.LittleEndian.PutUint64(huge[8:], 1<<60)
	refused("a body without end", huge, i18n.ClassifyBadFile)
	binary.LittleEndian.PutUint64(huge[8:], 200<<20)
	refused("a body that is not there", huge, i18n.ClassifyBadFile)
	broken := errors.New("broken disk")
	if _, err := classify.Read(io.MultiReader(bytes.NewReader(good[:100]), iotest.ErrReader(broken))); !errors.Is(err, broken) {
		t.Errorf("a broken disk: %v", err)
	}
	if _, err := classify.Read(iotest.OneByteReader(bytes.NewReader(good))); err != nil {
		t.Errorf("byte by byte: %v", err)
	}
}

func TestEvaluateCounts(t *testing.T) {
	m := trained(t, invented(40, 1), classify.Options{})
	say := func(label string, n int, as string) (out []classify.Example) {
		for i := range n {
			out = append(out, classify.Example{Text: subjects[label][i%3], Label: as})
		}
		return out
	}
	// Of 4 about traffic 1 is filed under schools, and of 4 about schools all are right; nobody knows what housing is.
	keep := slices.Concat(say("交通", 3, "交通"), say("交通", 1, "教育"), say("教育", 4, "教育"), say("环境", 2, "住房"))
	r := m.Evaluate(keep)
	want := []classify.LabelReport{
		{Label: "交通", Messages: 3, Precision: 3.0 / 4, Recall: 1, F1: 6.0 / 7},
		{Label: "住房", Messages: 2},
		{Label: "教育", Messages: 5, Precision: 1, Recall: 4.0 / 5, F1: 8.0 / 9},
		{Label: "环境"},
	}
	if d := cmp.Diff(want, r.Labels); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([][]int{{3, 0, 0, 0}, {0, 0, 0, 2}, {1, 0, 4, 0}, {0, 0, 0, 0}}, r.Confusion); d != "" {
		t.Error(d)
	}
	if f := (6.0/7 + 8.0/9) / 4; r.Messages != 10 || r.Accuracy != 0.7 || r.MacroF1 < f-1e-9 || r.MacroF1 > f+1e-9 {
		t.Errorf("macro F1 %v (want %v), accuracy %v of %d", r.MacroF1, f, r.Accuracy, r.Messages)
	}
	if r.Proposed != 10 || r.Right != 7 {
		t.Errorf("proposed %d, right %d; want 10 and 7", r.Proposed, r.Right)
	}
	if r := m.Evaluate(nil); r.MacroF1 != 0 || r.Accuracy != 0 || len(r.Labels) != 3 {
		t.Errorf("of nothing: %+v", r)
	}
	perfect := m.Evaluate(say("交通", 3, "交通"))
	if perfect.MacroF1 != 1 || perfect.Accuracy != 1 {
		t.Errorf("labels that nobody has or is given must not count: %+v", perfect)
	}
}

func TestSplitKeepsAFifthOfEachLabelBack(t *testing.T) {
	all := slices.Concat(invented(50, 1), []classify.Example{{Text: "只有一条", Label: "其他"}})
	learn, keep := classify.Split(all, 5, 1)
	counts := map[string]int{}
	for _, e := range keep {
		counts[e.Label]++
	}
	if want := map[string]int{"交通": 10, "教育": 10, "环境": 10}; !cmp.Equal(counts, want) || len(learn)+len(keep) != len(all) {
		t.Errorf("kept back %v of %d, learn from %d", counts, len(all), len(learn))
	}
	if _, same := classify.Split(all, 5, 1); !cmp.Equal(same, keep) {
		t.Error("the same seed keeps others back")
	}
	if _, other := classify.Split(all, 5, 2); cmp.Equal(other, keep) {
		t.Error("another seed keeps the same back")
	}
	if learn, keep := classify.Split(all, 0, 1); len(learn) == 0 || len(keep) == 0 {
		t.Errorf("a split into no parts: %d and %d", len(learn), len(keep))
	}
}

// Copies and messages of one sender are never on both sides.
func TestSplitApart(t *testing.T) {
	all := invented(60, 3)
	r := rand.New(rand.NewPCG(3, 3))
	for i := range all {
		all[i].From = fmt.Sprint(i / 3) // three messages each
		for range 30 {                  // and none like another
			all[i].Text += string(rune(0x5000 + r.IntN(0x4000)))
		}
	}
	letters := []string{
		"关于要求在和风苑北门增设公交站台的联名信，住户一千二百人每天步行二十分钟乘车，老人和学生尤其不便，请交通部门实地查看并给予答复。",
		"关于要求在和风苑北门增设公交站台的联名信，住户一千二百人每天步行半个小时乘车，老人和学生尤其不便，请交通部门实地查看并给予答复！",
	}
	for i := range 10 {
		all = append(all, classify.Example{Text: letters[i%2], Label: "交通", From: fmt.Sprint("letter", i)})
	}
	for seed := range uint64(5) {
		learn, keep := classify.SplitApart(all, 5, seed)
		if len(keep) < len(all)/8 || len(learn)+len(keep) != len(all) {
			t.Fatalf("kept %d of %d back, learn from %d", len(keep), len(all), len(learn))
		}
		seen := map[string]bool{}
		for _, e := range learn {
			seen[e.From], seen[e.Text] = true, true
		}
		letter := 0
		for _, e := range keep {
			if seen[e.From] || seen[e.Text] {
				t.Errorf("seed %d: %+v is on both sides", seed, e)
			}
			if strings.HasPrefix(e.From, "letter") {
				letter++
			}
		}
		if letter != 0 && letter != 10 {
			t.Errorf("seed %d: %d of 10 copies of a letter are kept back", seed, letter)
		}
	}
}

// Read never fails otherwise than by saying so, and what it takes it can use.
func FuzzRead(f *testing.F) {
	good := written(f, trained(f, invented(10, 1), classify.Options{Longest: 1}))
	f.Add(good)
	f.Add(good[:50])
	f.Add([]byte("LLCLASS\x01"))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := classify.Read(bytes.NewReader(b))
		if err != nil {
			if errs.KindOf(err) != errs.Invalid {
				t.Fatalf("Read = %v", err)
			}
			return
		}
		m.Propose("题目", "楼下的垃圾没人收")
		if !bytes.Equal(written(t, m), b[:len(written(t, m))]) {
			t.Fatal("what was read is written otherwise")
		}
	})
}
