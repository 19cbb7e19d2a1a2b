package id_test

import (
	"encoding/json"
	"sync"
	"testing"
	"time"

	"linli/internal/id"
)

func TestIDsGrowAndAreUnique(t *testing.T) {
	var mu sync.Mutex
	seen := map[id.ID]bool{}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			last := id.ID(0)
			for range 50_000 {
				i := id.New()
				if i <= last {
					t.Errorf("%d came after %d", i, last)
					return
				}
				last = i
				mu.Lock()
				if seen[i] {
					t.Errorf("%d came twice", i)
				}
				seen[i] = true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
}

func TestAnIDKnowsItsTime(t *testing.T) {
	before := time.Now().Add(-time.Millisecond)
	i := id.New()
	if at := i.Time(); at.Before(before) || at.After(time.Now().Add(time.Second)) {
		t.Errorf("made at %v, says %v", before, at)
	}
	if low := id.At(i.Time()); low > i || id.At(i.Time().Add(time.Millisecond)) <= i {
		t.Error("At does not bound the IDs of an instant")
	}
}

func TestIDsAreTextOutside(t *testing.T) {
	type row struct {
		ID id.ID `json:"id"`
	}
	b, err := json.Marshal(row{ID: 9007199254740993})
	if err != nil || string(b) != `{"id":"9007199254740993"}` {
		t.Errorf("%s, %v", b, err)
	}
	var r row
	if err := json.Unmarshal(b, &r); err != nil || r.ID != 9007199254740993 {
		t.Errorf("%v, %v", r, err)
	}
	for _, bad := range []string{"", "0", "-1", "x", "1.5", "99999999999999999999"} {
		if _, err := id.Parse(bad); err == nil {
			t.Errorf("Parse(%q) gave an ID", bad)
		}
	}
}

func TestTheLeastIDOfAnInstant(t *testing.T) {
	before := time.Now().Add(-time.Millisecond)
	i := id.New()
	if least := id.At(before); least > i || i >= id.At(time.Now().Add(time.Second)) {
		t.Errorf("%d is not between the least IDs of a millisecond before (%d) and a second after", i, least)
	}
}
