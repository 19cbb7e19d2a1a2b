package calendar

import (
	"strings"
	"testing"
	"time"

	"linli/internal/errs"
)

func TestReadNotice(t *testing.T) {
	y, err := ReadNotice(2027, "放假通知", "2027-01-01 至 2027-01-03 休 元旦\n\n2027-02-05，2027-02-11，休，春节\r\n2027-01-30 班 春节\n")
	if err != nil {
		t.Fatal(err)
	}
	if y.Year != 2027 || y.Notice != "放假通知" || len(y.Days) != 3+7+1 {
		t.Fatalf("year %d, %q, %d days", y.Year, y.Notice, len(y.Days))
	}
	c, err := New(append(Builtin(), y)...)
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range map[Date]bool{On(2027, time.January, 1): false, On(2027, time.January, 30): true, On(2027, time.February, 8): false, On(2027, time.March, 1): true} {
		if got, provisional := c.IsWorkingDay(day); got != want || provisional {
			t.Errorf("IsWorkingDay(%s) = %v, %v, want %v", day, got, provisional, want)
		}
	}
	if y, err := ReadNotice(0, "", `{"year":2027,"papers":[],"days":[{"name":"元旦","date":"2027-01-01","isOffDay":true}]}`); err != nil || y.Year != 2027 || len(y.Days) != 1 {
		t.Errorf("JSON: %+v, %v", y, err)
	}
}

func TestReadNoticeRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"nothing": "", "no date": "元旦 休", "no word": "2027-01-01 元旦", "an end before its start": "2027-01-03 2027-01-01 休 元旦",
		"a whole year off": "2027-01-01 2027-12-31 休", "another year": "2024-05-01 休 劳动节", "a plain working day": "2027-01-01 休 元旦\n2027-03-01 班 无",
		"both off and on": "2027-01-02 休 元旦\n2027-01-02 班 元旦", "broken JSON": "{", "a huge line": strings.Repeat("x", 1<<16),
	} {
		if y, err := ReadNotice(2027, "", text); errs.KindOf(err) != errs.Invalid {
			t.Errorf("%s: %+v, %v", name, y, err)
		}
	}
}
