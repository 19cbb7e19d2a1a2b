package project

import (
	"strings"
	"testing"
	"time"

	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/id"
)

// masks finds the one number of these tests.
func masks(s string) (string, bool) {
	out := strings.ReplaceAll(s, "13912345678", "***")
	return out, out != s
}

func fields(e *errs.Error) string {
	var out []string
	if e != nil {
		for _, f := range []string{"title", "goal", "kind", "wanted", "from_on", "to_on", "due_on", "org", "amount", "source", "on_date", "payee", "words", "name", "task", "done_on"} {
			if _, ok := e.Fields[f]; ok {
				out = append(out, f)
			}
		}
	}
	return strings.Join(out, " ")
}

func TestWhatAProjectSaysIsChecked(t *testing.T) {
	good := About{Title: "暑期托管班", Goal: "孩子暑假有人管", Kind: Mixed, From: calendar.On(2026, 7, 1), To: calendar.On(2026, 8, 31)}
	for name, c := range map[string]struct {
		change func(a *About)
		want   string
	}{
		"as it should be":     {func(*About) {}, ""},
		"nothing":             {func(a *About) { *a = About{} }, "title goal kind from_on"},
		"a telephone":         {func(a *About) { a.Goal = "报名打 13912345678" }, "goal"},
		"one in the title":    {func(a *About) { a.Title = "托管班 13912345678" }, "title"},
		"ends before":         {func(a *About) { a.To = a.From.AddDays(-1) }, "to_on"},
		"too long":            {func(a *About) { a.To = a.From.AddYears(4) }, "to_on"},
		"less than nobody":    {func(a *About) { a.Wanted = -1 }, "wanted"},
		"a kind of no kind":   {func(a *About) { a.Kind = "x" }, "kind"},
		"a title like a tale": {func(a *About) { a.Title = strings.Repeat("长", MaxTitle+1) }, "title"},
	} {
		a := good
		c.change(&a)
		if got := fields(a.check(masks)); got != c.want {
			t.Errorf("%s: what is wrong is %q, want %q", name, got, c.want)
		}
	}
}

func TestStepsLinesAndExpensesAreChecked(t *testing.T) {
	p := &Project{CommunityID: 1, LeadID: 1, State: Running, About: About{From: calendar.On(2026, 7, 1), To: calendar.On(2026, 8, 31)}, Partners: []Partner{{OrgID: 2, State: Agreed}, {OrgID: 3, State: Left}}}
	today := calendar.On(2026, 7, 20)
	for name, c := range map[string]struct {
		got  *errs.Error
		want string
	}{
		"a step":                    {(&NewStep{OrgID: 2, Title: "请老师", DueOn: calendar.On(2026, 7, 5)}).check(p), ""},
		"after the last day":        {(&NewStep{OrgID: 2, Title: "请老师", DueOn: calendar.On(2026, 9, 1)}).check(p), "due_on"},
		"before the first":          {(&NewStep{OrgID: 2, Title: "请老师", DueOn: calendar.On(2026, 6, 30)}).check(p), "due_on"},
		"of somebody else":          {(&NewStep{OrgID: 9, Title: "请老师", DueOn: calendar.On(2026, 7, 5)}).check(p), "org"},
		"of who left":               {(&NewStep{OrgID: 3, Title: "请老师", DueOn: calendar.On(2026, 7, 5)}).check(p), "org"},
		"without a day":             {(&NewStep{OrgID: 1, Title: "请老师"}).check(p), "due_on"},
		"a line":                    {(&NewLine{OrgID: 1, Source: OfParty, Title: "材料", Amount: 1}).check(p), ""},
		"a line below zero":         {(&NewLine{OrgID: 1, Source: OfParty, Title: "材料", Amount: -1}).check(p), "amount"},
		"a line of nothing":         {(&NewLine{OrgID: 1, Source: OfParty, Title: "材料"}).check(p), "amount"},
		"a line of no source":       {(&NewLine{OrgID: 1, Title: "材料", Amount: 1}).check(p), "source"},
		"more than there is":        {(&NewLine{OrgID: 1, Source: OfParty, Title: "材料", Amount: MaxFen + 1}).check(p), "amount"},
		"an expense":                {(&NewExpense{Amount: 1, Payee: "文具店", Words: "笔"}).check(p, today), ""},
		"an expense below zero":     {(&NewExpense{Amount: -1, Payee: "文具店", Words: "笔"}).check(p, today), "amount"},
		"an expense to nobody":      {(&NewExpense{Amount: 1, Words: "笔"}).check(p, today), "payee"},
		"an expense to come":        {(&NewExpense{Amount: 1, Payee: "文具店", Words: "笔", On: today.AddDays(1)}).check(p, today), "on_date"},
		"one before the project":    {(&NewExpense{Amount: 1, Payee: "文具店", Words: "笔", On: calendar.On(2026, 6, 30)}).check(p, today), "on_date"},
		"done":                      {(&Done{Words: "办了"}).check(p, today), ""},
		"done in the days ahead":    {(&Done{Words: "办了", On: today.AddDays(1)}).check(p, today), "done_on"},
		"somebody":                  {(&NewPerson{OrgID: 2, Name: "李老师", Task: "讲课"}).check(p), ""},
		"nobody":                    {(&NewPerson{OrgID: 2, Task: "讲课"}).check(p), "name"},
		"two at once":               {(&NewPerson{OrgID: 2, Name: "李老师", TeamID: 7, Task: "讲课"}).check(p), "name"},
		"somebody who does nothing": {(&NewPerson{OrgID: 2, Name: "李老师"}).check(p), "task"},
	} {
		if got := fields(c.got); got != c.want {
			t.Errorf("%s: what is wrong is %q, want %q", name, got, c.want)
		}
	}
}

func TestBeyondALineAReasonIsNeeded(t *testing.T) {
	l := Line{Amount: 10_000, Spent: 9_000}
	for _, c := range []struct {
		amount int64
		over   string
		fits   bool
	}{{1_000, "", true}, {1_001, "", false}, {1_001, "涨价了", true}} {
		if err := l.fits(NewExpense{Amount: c.amount, Over: c.over}); (err == nil) != c.fits {
			t.Errorf("%d with the reason %q: %v", c.amount, c.over, err)
		}
	}
	err := l.fits(NewExpense{Amount: 1_500})
	if e := errs.As(err); e == nil || e.Fields["over"].Text.IsZero() || e.Fields["over"].Args[0] != "10.00" || e.Fields["over"].Args[1] != "5.00" {
		t.Errorf("the warning says %v", err)
	}
}

func TestAProjectRunsWhenEverybodyAgreed(t *testing.T) {
	now := time.Now()
	for name, c := range map[string]struct {
		state State
		with  []Answer
		runs  bool
	}{
		"without partners": {Proposed, nil, true}, "all agreed": {Proposed, []Answer{Agreed, Agreed}, true}, "one left": {Proposed, []Answer{Agreed, Left}, true},
		"one is asked": {Proposed, []Answer{Agreed, Asked}, false}, "one declined": {Proposed, []Answer{Agreed, Declined}, false}, "a draft": {Draft, []Answer{Agreed}, false}, "runs already": {Running, []Answer{Agreed}, false},
	} {
		p := &Project{State: c.state}
		for i, a := range c.with {
			p.Partners = append(p.Partners, Partner{OrgID: id.ID(i + 2), State: a})
		}
		if got := p.settle(now); got != c.runs || (p.State == Running) != (c.runs || c.state == Running) {
			t.Errorf("%s: runs %v, stands %s", name, got, p.State)
		}
	}
}

func TestWhatAPartnerAgreedToIsBound(t *testing.T) {
	p := &Project{CommunityID: 1, LeadID: 3, State: Running, Partners: []Partner{{OrgID: 2, State: Agreed}, {OrgID: 3, State: Agreed}, {OrgID: 4, State: Asked}}}
	for _, c := range []struct {
		by, org id.ID
		state   State
		waits   bool
	}{{1, 2, Running, true}, {1, 1, Running, false}, {1, 4, Running, false}, {3, 3, Running, false}, {1, 3, Running, true}, {3, 2, Proposed, true}, {1, 2, Draft, false}} {
		p.State = c.state
		if got := p.waits(c.by, c.org); got != c.waits {
			t.Errorf("%d changes what %d does, %s: waits %v", c.by, c.org, c.state, got)
		}
	}
}

func TestDaysOfACopyMove(t *testing.T) {
	from := calendar.On(2026, 7, 1)
	if got := moved(calendar.On(2026, 7, 31), from, calendar.On(2027, 7, 5)); got != calendar.On(2027, 8, 4) {
		t.Errorf("the day is %s", got)
	}
}
