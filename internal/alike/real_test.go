package alike_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"strconv"
	"testing"
	"time"

	"linli/internal/alike"
	"linli/internal/testkit"
)

// hotline reads the public messages with their votes, of 2019 and a few days around it; nil where they are not beside the checkout. They
// are never copied into the project.
func hotline(t testing.TB) []alike.Message {
	t.Helper()
	name, there := testkit.Shared(t, "hotline/messages_votes.jsonl.gz")
	if !there {
		return nil
	}
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	plain, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []alike.Message
	lines := bufio.NewScanner(plain)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var x struct {
			ID                string `json:"msg_id"`
			User, Title, Text string
			Time              time.Time
			Up                float64
		}
		if err := json.Unmarshal(lines.Bytes(), &x); err != nil {
			t.Fatal(err)
		}
		out = append(out, alike.Message{ID: number(t, x.ID), Title: x.Title, Text: x.Text, From: x.User, At: x.Time, Weight: x.Up})
	}
	if err := lines.Err(); err != nil || len(out) < 2000 {
		t.Fatalf("read %d messages: %v", len(out), err)
	}
	return out
}

func number(t testing.TB, s string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// group is a hot issue that a team named.
type group struct {
	Team string
	IDs  []string `json:"msg_ids"`
}

// bothName gives, for each pair of groups of the two teams that have most of the smaller one in common, the messages in both and those
// in either.
func bothName(t testing.TB) (both, either []map[int64]bool) {
	t.Helper()
	name, there := testkit.Shared(t, "hotline/hot_issues_reference.json")
	if !there {
		t.Fatal("the messages are there without the reference")
	}
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var groups []group
	if err := json.Unmarshal(b, &groups); err != nil {
		t.Fatal(err)
	}
	for _, a := range groups {
		for _, b := range groups {
			if a.Team >= b.Team {
				continue
			}
			shared, all := map[int64]bool{}, map[int64]bool{}
			for _, x := range a.IDs {
				all[number(t, x)] = true
			}
			for _, x := range b.IDs {
				if n := number(t, x); all[n] {
					shared[n] = true
				}
			}
			for _, x := range b.IDs {
				all[number(t, x)] = true
			}
			if 2*len(shared) > min(len(a.IDs), len(b.IDs)) {
				both, either = append(both, shared), append(either, all)
			}
		}
	}
	return both, either
}

func hits(ids []int64, in map[int64]bool) (n int) {
	for _, x := range ids {
		if in[x] {
			n++
		}
	}
	return n
}

// Found means: one issue of ours, among the five hottest, holds at least 80 of 100 messages that both teams put into the group, and at
// least 80 of 100 of its own messages are in the group of one team or the other. So neither a part of the group nor a bag of everything
// will do.
func TestHotIssuesThatBothTeamsNameAreFound(t *testing.T) {
	messages := hotline(t)
	if messages == nil {
		return
	}
	year := alike.Window{From: time.Date(2019, 1, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2020, 1, 8, 0, 0, 0, 0, time.UTC), Half: 1000 * 24 * time.Hour}
	issues := alike.Hot(messages, year)
	both, either := bothName(t)
	if len(both) == 0 {
		t.Fatal("the teams have no group in common; the test is looking in the wrong place")
	}
	for k := range both {
		found := 0
		for rank, issue := range issues {
			in, known := hits(issue.IDs, both[k]), hits(issue.IDs, either[k])
			if in > 0 {
				t.Logf("group %d: issue %d of %d messages holds %d of %d that both name; %d that one names", k+1, rank+1, len(issue.IDs), in, len(both[k]), known)
			}
			if 10*in >= 8*len(both[k]) && 10*known >= 8*len(issue.IDs) {
				found = rank + 1
			}
		}
		if found == 0 || found > 5 {
			t.Errorf("group %d of %d messages that both teams name: found at rank %d, want 1 to 5", k+1, len(both[k]), found)
		}
	}
	for rank, issue := range issues {
		if 20*len(issue.IDs) > len(messages) {
			t.Errorf("issue %d holds %d of %d messages: a bag of everything", rank+1, len(issue.IDs), len(messages))
		}
	}
}

// The same must be seen in the month in which it happens, not only when the year is over.
func TestHotIssuesAreFoundInTheirMonth(t *testing.T) {
	messages := hotline(t)
	if messages == nil {
		return
	}
	both, either := bothName(t)
	from := time.Date(2019, 8, 1, 0, 0, 0, 0, time.UTC)
	issues := alike.Hot(messages, alike.Window{From: from, To: from.AddDate(0, 1, 0)})
	if len(issues) == 0 {
		t.Fatal("nothing is hot in August")
	}
	top, due := issues[0], 0
	for _, m := range messages {
		if both[0][m.ID] && !m.At.Before(from) && m.At.Before(from.AddDate(0, 1, 0)) {
			due++
		}
	}
	in := hits(top.IDs, both[0])
	t.Logf("the hottest issue of August has %d messages, %d of the %d that both teams name", len(top.IDs), in, due)
	if due < 20 || 10*in < 8*due || 10*hits(top.IDs, either[0]) < 8*len(top.IDs) {
		t.Errorf("the hottest issue of August has %d messages, %d of the %d that both teams name", len(top.IDs), in, due)
	}
}

func BenchmarkHot(b *testing.B) {
	messages := hotline(b)
	if messages == nil {
		b.Skip("no messages")
	}
	for b.Loop() {
		alike.Hot(messages, alike.Window{To: time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC)})
	}
}

func BenchmarkFind(b *testing.B) {
	messages := hotline(b)
	if messages == nil {
		b.Skip("no messages")
	}
	x := alike.New(messages)
	i := 0
	for b.Loop() {
		x.Find(messages[i%len(messages)], 5)
		i++
	}
}
