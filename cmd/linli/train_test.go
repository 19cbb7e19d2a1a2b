package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"linli/internal/classify"
	"linli/internal/testkit"
)

// labelled gives n lines of each of three labels, as invented residents write.
func labelled(n int) string {
	said := map[string][]string{
		"环境": {"楼下的垃圾桶满了没人收", "河水发黑发臭", "餐馆油烟排到窗口", "绿化带里堆着建筑垃圾", "工厂排放的烟味很重", "垃圾站的臭味传到家里"},
		"教育": {"幼儿园什么时候报名", "孩子转学要什么材料", "小学的学区怎么划", "培训班不肯退学费", "学校门口没有老师值班", "中学的食堂饭菜太差"},
		"交通": {"路口的红绿灯坏了", "公交车等了一个小时", "停车位被人占用", "路面坑洼车辆难行", "公交站台没有雨棚", "早高峰路口堵车严重"},
	}
	endings := []string{"请尽快处理", "希望有人管", "谢谢", "盼复", "麻烦社区看一下"}
	var b strings.Builder
	for i := range n {
		for _, label := range []string{"环境", "教育", "交通"} {
			v := said[label]
			fmt.Fprintf(&b, `{"title": "", "text": "%s，%s。%s。", "label": "%s", "user": "%s%d", "time": "2026-01-05"}`+"\n",
				v[i%6], v[(i+1+i/6)%6], endings[i%5], label, label, i)
		}
	}
	return b.String()
}

func lines(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if strings.HasSuffix(name, ".gz") {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if _, err := z.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		text = b.String()
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func trainJSON(t *testing.T, args ...string) (out trained) {
	t.Helper()
	code, text, errOut := linli(t, "", append([]string{"train", "-json"}, args...)...)
	if code != 0 {
		t.Fatalf("train %v = %d:\n%s", args, code, errOut)
	}
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return out
}

func TestTrainMeasuresAndWritesTheModel(t *testing.T) {
	data := lines(t, "cases.jsonl", "\ufeff"+labelled(40)+"\n  \n")
	model := filepath.Join(t.TempDir(), "model")
	got := trainJSON(t, "-data", data, "-out", model)
	if got.Trained != 96 || got.Tested != 24 || got.MacroF1 < 0.9 || got.Accuracy < 0.9 || len(got.Labels) != 3 || len(got.Confusion) != 3 {
		t.Errorf("train = %+v", got)
	}
	file, err := os.Open(model)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	m, err := classify.Read(file)
	if err != nil || m.Examples() != 120 {
		t.Fatalf("the model was trained on %d of 120: %v", m.Examples(), err)
	}
	if p := m.Propose("", "楼下的垃圾桶满了，餐馆油烟很大，没人收"); len(p) == 0 || p[0].Label != "环境" {
		t.Errorf("it proposes %+v", p)
	}
	if info, err := file.Stat(); err != nil || info.Size() != int64(got.Bytes) || info.Mode().Perm() != 0o600 {
		t.Errorf("the file is %v, said to have %d bytes", info, got.Bytes)
	}
}

func TestTrainTakesGzipAndATestOfItsOwn(t *testing.T) {
	data := lines(t, "cases.jsonl.gz", labelled(20))
	test := lines(t, "test.gz", labelled(2)+`{"title": "房子漏水", "label": "住房"}`+"\n")
	got := trainJSON(t, "-data", data, "-test", test)
	if got.Trained != 60 || got.Tested != 7 || len(got.Labels) != 4 {
		t.Errorf("train = %+v", got)
	}
	if got.Accuracy > 6.0/7+1e-9 || got.MacroF1 > 0.76 {
		t.Errorf("a label that was never learnt must count: %+v", got)
	}
	a, b := trainJSON(t, "-data", data, "-seed", "4"), trainJSON(t, "-data", data, "-seed", "4")
	if a.MacroF1 != b.MacroF1 || a.Bytes != b.Bytes {
		t.Errorf("the same seed: %+v and %+v", a, b)
	}
}

func TestTrainShowsATable(t *testing.T) {
	data := lines(t, "cases.jsonl", labelled(40))
	out := want(t, 0, "macro F1", "", "train", "-data", data)
	for _, w := range []string{"Precision", "环境", "Learnt from 96, measured with 24", "a person chooses"} {
		if !strings.Contains(out, w) {
			t.Errorf("no %q in\n%s", w, out)
		}
	}
	want(t, 0, "The model is in", "", "train", "-data", data, "-apart", "-seed", "3", "-out", filepath.Join(t.TempDir(), "m"))
}

func TestTrainSaysWhatIsWrong(t *testing.T) {
	ok := labelled(20)
	cases := []struct {
		name string
		code int
		want string
		args []string
	}{
		{"no data", 2, "-data FILE", nil},
		{"an argument too many", 2, "Wrong arguments", []string{"-data", lines(t, "a", ok), "b"}},
		{"no such file", 1, "Cannot read the file", []string{"-data", filepath.Join(t.TempDir(), "none.jsonl")}},
		{"a folder", 1, "Cannot read the file", []string{"-data", t.TempDir()}},
		{"a test that is not there", 1, "Cannot read the file", []string{"-data", lines(t, "a", ok), "-test", filepath.Join(t.TempDir(), "none")}},
		{"a test and a split", 2, "leave -seed and -apart out", []string{"-data", lines(t, "a", ok), "-test", lines(t, "b", ok), "-apart"}},
		{"nothing in it", 1, "no messages", []string{"-data", lines(t, "a", "\n\n")}},
		{"no JSON", 1, "line 2 is no JSON object", []string{"-data", lines(t, "a", `{"text":"x","label":"y"}`+"\nabc\n")}},
		{"a number for a label", 1, "line 1 is no JSON object", []string{"-data", lines(t, "a", `{"text":"x","label":1}`)}},
		{"a line as it should be is shown", 1, `"The street lamp is out"`, []string{"-data", lines(t, "a", "[]")}},
		{"no label", 1, "line 3 has no label", []string{"-data", lines(t, "a", `{"text":"x","label":"y"}`+"\n\n"+`{"text":"x"}`)}},
		{"no text", 1, "line 1 has no text", []string{"-data", lines(t, "a", `{"label":"y"}`)}},
		{"a line without end", 1, "line 2 is too long", []string{"-data", lines(t, "a", `{"text":"x","label":"y"}`+"\n"+strings.Repeat("x", 2<<20))}},
		{"half a gzip", 1, "Cannot read the file", []string{"-data", lines(t, "a", "\x1f\x8b\x08broken")}},
		{"one label", 1, "at least two labels", []string{"-data", lines(t, "a", strings.Repeat(`{"text":"灯坏了","label":"y"}`+"\n", 40))}},
		{"few of one label", 1, "has 3 examples and needs 10", []string{"-data", lines(t, "a", ok+strings.Repeat(`{"text":"房子漏水","label":"住房"}`+"\n", 3))}},
		{"few once a fifth is kept back", 1, "With a fifth kept back", []string{"-data", lines(t, "a", ok+strings.Repeat(`{"text":"房子漏水","label":"住房"}`+"\n", 11))}},
		{"a model that cannot be written", 1, "Cannot write the file", []string{"-data", lines(t, "a", ok), "-out", filepath.Join(t.TempDir(), "no", "m")}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { want(t, c.code, c.want, "", append([]string{"train"}, c.args...)...) })
	}
}

// The figure that docs/words.md states, by the command that it names.
func TestTrainOnTheHotline(t *testing.T) {
	data, there := testkit.Shared(t, "hotline/labelled.jsonl.gz")
	if !there {
		return
	}
	if got := trainJSON(t, "-data", data); got.MacroF1 < 0.86 || got.Trained+got.Tested != 3577 {
		t.Errorf("train = %+v, want a macro F1 of 0.86", got)
	}
}
