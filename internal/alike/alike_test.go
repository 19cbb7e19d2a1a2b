package alike_test

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"linli/internal/alike"
)

var monday = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)

// said makes a message, so many hours after Monday morning.
func said(id int64, from, text string, hours int) alike.Message {
	return alike.Message{ID: id, From: from, Text: text, At: monday.Add(time.Duration(hours) * time.Hour)}
}

// week is what invented people of an invented quarter wrote: six about a lift, three about the noise of a building site, and what
// one person each wrote.
func week() []alike.Message {
	return []alike.Message{
		said(1, "a", "和风苑六栋的电梯又坏了，老人爬楼很困难，请物业尽快修好。", 1),
		said(2, "b", "和风苑六栋电梯停运已经一个星期，住高层的老人下不了楼。", 20),
		said(3, "c", "反映和风苑电梯故障，六栋电梯经常困人，要求更换。", 30),
		said(4, "d", "我住和风苑，六栋电梯一直停着，孩子上学天天爬楼梯。", 50),
		said(5, "e", "和风苑六栋电梯坏了没人修，物业互相推。", 70),
		said(6, "f", "请问和风苑的电梯什么时候恢复？六栋老人多，电梯不能一直停。", 90),
		said(11, "g", "河滨路工地深夜施工，打桩噪音吵得睡不着。", 5),
		said(12, "h", "河滨路的工地晚上十二点还在打桩施工，噪音太大。", 29),
		said(13, "i", "夜里河滨路工地施工打桩，噪音扰民，请管一管。", 53),
		said(21, "j", "想问一下医保卡丢了去哪里补办，需要带什么材料。", 7),
		said(22, "k", "小区门口的路灯不亮，晚上走路看不清。", 9),
		said(23, "l", "幼儿园报名什么时候开始，外地户口可以报吗？", 11),
		said(24, "m", "菜场旁边占道经营，早上堵得公交车过不去。", 13),
		said(25, "n", "楼下餐馆的油烟直接排到窗口，衣服都不敢晒。", 15),
		said(26, "o", "社区能不能办一个书法班，退休的人想学。", 17),
		said(27, "p", "水费单子上的数字不对，连续两个月都多了。", 19),
	}
}

func ids(matches []alike.Match) []int64 {
	var out []int64
	for _, m := range matches {
		out = append(out, m.ID)
	}
	return out
}

func TestFindGivesTheMessagesThatSayTheSame(t *testing.T) {
	x := alike.New(week())
	got := x.Find(alike.Message{ID: 99, Text: "和风苑六栋电梯坏了，请快点修。"}, 10)
	if len(got) == 0 || got[0].ID > 6 {
		t.Fatalf("Find = %+v, want a message about the lift first", got)
	}
	for _, m := range got {
		if m.ID > 6 {
			t.Errorf("message %d is about something else", m.ID)
		}
		if m.Likeness < 0.25 || m.Likeness > 1 {
			t.Errorf("likeness of %d = %v", m.ID, m.Likeness)
		}
	}
	if w := strings.Join(got[0].Words, " "); !strings.Contains(w, "电梯") && !strings.Contains(w, "和风苑") {
		t.Errorf("words = %q, want what both say", got[0].Words)
	}
	if !slices.IsSortedFunc(got, func(a, b alike.Match) int { return int(math.Copysign(1, b.Likeness-a.Likeness)) }) {
		t.Errorf("not by likeness: %+v", got)
	}
}

func TestFind(t *testing.T) {
	x := alike.New(week())
	lift := week()[0]
	cases := []struct {
		name string
		m    alike.Message
		n    int
		want int64 // the first; 0 for none
		max  int
	}{
		{"a message is not like itself", lift, 10, 5, 10},
		{"but like its copy", alike.Message{ID: 99, Text: lift.Text}, 10, 1, 10},
		{"no more than asked for", alike.Message{ID: 99, Text: lift.Text}, 2, 1, 2},
		{"none asked for", alike.Message{ID: 99, Text: lift.Text}, 0, 0, 0},
		{"fewer than none", alike.Message{ID: 99, Text: lift.Text}, -1, 0, 0},
		{"about something else", alike.Message{ID: 99, Text: "婚姻登记处周末上班吗"}, 10, 0, 0},
		{"nothing said", alike.Message{ID: 99}, 10, 0, 0},
		{"punctuation only", alike.Message{ID: 99, Text: "！！！"}, 10, 0, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := x.Find(c.m, c.n)
			if len(got) > c.max {
				t.Fatalf("Find gave %d messages, want at most %d", len(got), c.max)
			}
			first := int64(0)
			if len(got) > 0 {
				first = got[0].ID
			}
			if first != c.want {
				t.Errorf("first = %d, want %d: %+v", first, c.want, got)
			}
		})
	}
}

func TestPlaceDecidesBetweenTheSameWords(t *testing.T) {
	const text = "楼道里的灯坏了，晚上很黑，请来修。"
	x := alike.New([]alike.Message{
		{ID: 1, Text: text, Place: "清风社区"}, {ID: 2, Text: text, Place: "明月社区"}, {ID: 3, Text: text},
		{ID: 4, Text: "垃圾没有人收", Place: "明月社区"},
	})
	got := x.Find(alike.Message{ID: 9, Text: text, Place: "明月社区"}, 10)
	if want := []int64{2, 3, 1}; !slices.Equal(ids(got), want) {
		t.Errorf("found %v, want %v: the same place, no place, another place", ids(got), want)
	}
}

func TestCopies(t *testing.T) {
	const letter = "尊敬的领导：我们是和风苑的业主，开发商交房延期已经超过一年，合同约定的违约金一分没有，请督促处理。"
	messages := []alike.Message{
		{ID: 1, Text: "幼儿园报名什么时候开始，外地户口可以报吗？"},
		{ID: 2, Text: letter},
		{ID: 3, Text: "水费单子上的数字不对，连续两个月都多了。"},
		{ID: 4, Text: letter + "谢谢！"},
		{ID: 5, Text: "您好。" + strings.Replace(letter, "一年", "十四个月", 1)},
		{ID: 6, Text: ""},
		{ID: 7, Text: ""},
	}
	if got, want := alike.Copies(messages), []int{0, 1, 2, 1, 1, 5, 6}; !slices.Equal(got, want) {
		t.Errorf("Copies = %v, want %v", got, want)
	}
}

func TestHotFindsWhatManyRaise(t *testing.T) {
	got := alike.Hot(week(), alike.Window{To: monday.AddDate(0, 0, 7)})
	if len(got) != 2 {
		t.Fatalf("Hot = %+v, want the lift and the building site", got)
	}
	lift, site := slices.Sorted(slices.Values(got[0].IDs)), slices.Sorted(slices.Values(got[1].IDs))
	if !slices.Equal(lift, []int64{1, 2, 3, 4, 5, 6}) || !slices.Equal(site, []int64{11, 12, 13}) {
		t.Errorf("issues = %v and %v", lift, site)
	}
	if got[0].Senders != 6 || !got[0].First.Equal(monday.Add(time.Hour)) || !got[0].Last.Equal(monday.Add(90*time.Hour)) {
		t.Errorf("the lift: %+v", got[0])
	}
	if w := strings.Join(got[0].Words, " "); !strings.Contains(w, "电梯") || !strings.Contains(w, "和风苑") {
		t.Errorf("words of the lift = %q", got[0].Words)
	}
	if w := strings.Join(got[1].Words, " "); !strings.Contains(w, "河滨路") || !strings.Contains(w, "打桩") {
		t.Errorf("words of the site = %q", got[1].Words)
	}
}

func TestHotCountsPeopleNotMessages(t *testing.T) {
	to := monday.AddDate(0, 0, 7)
	one := week()[:6]
	for i := range one {
		one[i].From = "a"
	}
	if got := alike.Hot(one, alike.Window{To: to}); len(got) != 0 {
		t.Errorf("one person writing six times is an issue: %+v", got)
	}
	for i := range one {
		one[i].From = ""
	}
	if got := alike.Hot(one, alike.Window{To: to}); len(got) != 1 || got[0].Senders != 6 {
		t.Errorf("six messages of people unknown = %+v", got)
	}
	if got := alike.Hot(week(), alike.Window{To: to, Senders: 4}); len(got) != 1 {
		t.Errorf("with four senders asked for %d issues, want the lift alone", len(got))
	}
	if got := alike.Hot(week(), alike.Window{To: to, Senders: -5}); len(got) == 0 || got[len(got)-1].Senders < 2 {
		t.Errorf("one person alone is never an issue: %+v", got)
	}
}

func TestHotRanks(t *testing.T) {
	to := monday.AddDate(0, 0, 7)
	byVotes := week()
	for i := range byVotes {
		if byVotes[i].ID == 12 {
			byVotes[i].Weight = 5000
		}
	}
	if got := alike.Hot(byVotes, alike.Window{To: to}); len(got) != 2 || got[0].IDs[0] < 10 || got[0].Weight != 5000 {
		t.Errorf("with 5,000 votes the site comes first: %+v", got)
	}
	fresh := week()
	for i := range fresh {
		if fresh[i].ID > 10 && fresh[i].ID < 20 {
			fresh[i].At = to.Add(-time.Hour)
		}
	}
	if got := alike.Hot(fresh, alike.Window{To: to, Half: 12 * time.Hour}); len(got) != 2 || got[0].IDs[0] < 10 {
		t.Errorf("what is said now comes before what was said days ago: %+v", got)
	}
	if got := alike.Hot(week(), alike.Window{To: to, Most: 1}); len(got) != 1 || got[0].IDs[0] > 10 {
		t.Errorf("at most one: %+v", got)
	}
}

func TestHotLooksAtItsWindowAlone(t *testing.T) {
	if got := alike.Hot(week(), alike.Window{From: monday.Add(60 * time.Hour), To: monday.AddDate(0, 0, 7)}); len(got) != 0 {
		t.Errorf("two late messages are no issue: %+v", got)
	}
	// The message of hour 53 is out at hour 53: the end is not in the window.
	if got := alike.Hot(week(), alike.Window{From: monday, To: monday.Add(53 * time.Hour)}); len(got) != 1 || len(got[0].IDs) != 4 {
		t.Errorf("up to hour 53: %+v", got)
	}
	if got := alike.Hot(nil, alike.Window{To: monday}); got != nil {
		t.Errorf("nothing gives %+v", got)
	}
}

// The same complaint in two places is two issues when the places are known.
func TestHotKeepsPlacesApart(t *testing.T) {
	var messages []alike.Message
	for i, v := range []string{"楼道灯坏了晚上很黑请来修", "楼道的灯不亮，晚上黑，麻烦修灯", "晚上楼道没有灯，请修一下楼道灯", "楼道灯一直不亮，晚上很黑，请来修灯"} {
		for p, place := range []string{"清风社区", "明月社区"} {
			m := said(int64(10*i+p+1), fmt.Sprint(i, p), v, i)
			m.Place = place
			messages = append(messages, m)
		}
	}
	got := alike.Hot(append(messages, week()[9:]...), alike.Window{To: monday.AddDate(0, 0, 7)})
	places := map[string]int{}
	for _, i := range got {
		places[i.Place] = len(i.IDs)
	}
	if want := map[string]int{"清风社区": 4, "明月社区": 4}; !cmp.Equal(places, want) {
		t.Errorf("issues by place = %v, want %v", places, want)
	}
}

// What only one message has is not shown for a group: not its number, not its name.
func TestHotWordsAreShared(t *testing.T) {
	messages := week()
	for i := range messages {
		messages[i].Text += fmt.Sprintf("联系人欧阳%c%c，电话1380000%04d。", rune('甲'+i), rune('丑'+7*i), i)
	}
	for _, issue := range alike.Hot(messages, alike.Window{To: monday.AddDate(0, 0, 7)}) {
		for _, w := range issue.Words {
			n := 0
			for _, m := range messages {
				if strings.Contains(m.Text, w) {
					n++
				}
			}
			if strings.Contains(w, "1380000") {
				t.Errorf("a telephone number is shown: %q", w)
			}
			if n < 2 && len([]rune(w)) <= 2 {
				t.Errorf("only one message has %q", w)
			}
		}
	}
}

// Whatever is said: the answer does not depend on the order of the messages or on the run, no message is in two issues, every issue has
// its senders, and everything lies in the window.
func TestHotHoldsItsRules(t *testing.T) {
	parts := []string{"和风苑", "电梯", "坏了", "河滨路", "工地", "噪音", "请修", "，", "路灯", "不亮", "138", "\n"}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 25).Draw(t, "n")
		messages := make([]alike.Message, n)
		for i := range messages {
			text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(parts), 0, 8).Draw(t, "text"), "")
			messages[i] = said(int64(i+1), rapid.SampledFrom([]string{"", "a", "b", "c", "d"}).Draw(t, "from"), text, rapid.IntRange(0, 200).Draw(t, "hour"))
			messages[i].Place = rapid.SampledFrom([]string{"", "", "x", "y"}).Draw(t, "place")
			messages[i].Weight = float64(rapid.IntRange(0, 9).Draw(t, "weight"))
		}
		w := alike.Window{From: monday.Add(10 * time.Hour), To: monday.Add(150 * time.Hour), Senders: 2}
		got := alike.Hot(messages, w)
		seen := map[int64]bool{}
		for k, issue := range got {
			if issue.Senders < 2 || len(issue.IDs) < issue.Senders || issue.First.Before(w.From) || !issue.Last.Before(w.To) || len(issue.Words) > 5 {
				t.Fatalf("issue %+v", issue)
			}
			if k > 0 && got[k-1].Heat < issue.Heat {
				t.Fatalf("issue %d is hotter than the one before", k)
			}
			for _, id := range issue.IDs {
				if seen[id] {
					t.Fatalf("message %d is in two issues", id)
				}
				seen[id] = true
			}
		}
		again := slices.Clone(messages)
		slices.Reverse(again)
		if !reflect.DeepEqual(alike.Hot(again, w), got) {
			t.Fatal("the order of the messages matters")
		}
	})
}
