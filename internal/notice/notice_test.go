package notice

import (
	"strings"
	"testing"
	"time"

	"linli/internal/errs"
	"linli/internal/i18n"
)

func TestStandardTextsFillAndFit(t *testing.T) {
	s := New(nil, nil)
	s.signature = "邻里"
	for _, k := range Kinds() {
		if len(k.standard) != len(k.Channels) {
			t.Errorf("%s has %d texts for %d channels", k.Code, len(k.standard), len(k.Channels))
		}
		for _, c := range k.Channels {
			for _, l := range Languages() {
				subject, body := k.Standard(c, l)
				if err := k.check(c, l, &subject, &body); err != nil {
					t.Errorf("the standard text of %s by %s in %s: %v", k.Code, c, l, err)
				}
				got := s.preview(k, c, l, subject, body)
				if strings.ContainsAny(got.Body+got.Subject, "{}") || got.Body == "" {
					t.Errorf("%s by %s in %s reads %q", k.Code, c, l, got.Body)
				}
				if c == SMS && (got.Parts > 4 || got.Parts < 1) {
					t.Errorf("%s in %s takes %d parts: %s", k.Code, l, got.Parts, got.Body)
				}
			}
		}
	}
}

func TestTextsAreJudged(t *testing.T) {
	k, _ := KindOf(KindEnded)
	cases := []struct {
		name, body, says string // says is a part of the message in Chinese, "" for right
	}{
		{"names of placeholders in Chinese", "编号{编号}，结果{结果}，{链接}，{退订链接}", ""},
		{"and in English", "no. {number} {link} {stop link}", ""},
		{"blanks inside", "{ 编号 } {链接} {退订链接}", ""},
		{"one that the kind does not offer", "{姓名}您好 {链接} {退订链接}", "没有“姓名”这个占位符"},
		{"one of another kind", "{验证码} {链接} {退订链接}", "没有“验证码”这个占位符"},
		{"not closed", "结果{结果 {链接}", "“结果 "},
		{"closed and not opened", "结果} {链接}", "前面没有"},
		{"the link left out", "编号{编号} {退订链接}", "必须有 {链接}"},
		{"the way to say no left out", "编号{编号} {链接}", "必须有 {退订链接}"},
		{"nothing", "  ", "必填"},
		{"too long", "{链接}{退订链接}" + strings.Repeat("长", MaxSMS), "350"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			subject, body := "", c.body
			err := k.check(SMS, i18n.ZH, &subject, &body)
			said := ""
			if e := errs.As(err); e != nil {
				m := e.Fields["body"]
				said = m.In(i18n.ZH)
			}
			if c.says == "" && err != nil || c.says != "" && !strings.Contains(said, c.says) {
				if c.says == "必填" && said != "" {
					return
				}
				t.Errorf("check(%q) says %q (%v), want %q", c.body, said, err, c.says)
			}
		})
	}
	subject, body := "", "{件数}"
	d, _ := KindOf(KindDigest)
	if e := errs.As(d.check(Mail, i18n.ZH, &subject, &body)); e == nil || e.Fields["subject"].Text.IsZero() {
		t.Error("an e-mail without a subject was taken")
	}
	subject = "a\nBcc: x@y.cn"
	if d.check(Mail, i18n.ZH, &subject, &body) == nil {
		t.Error("a subject of two lines was taken")
	}
}

func TestParts(t *testing.T) {
	for n, want := range map[int]int{0: 0, 1: 1, 70: 1, 71: 2, 134: 2, 135: 3, 201: 3, 202: 4} {
		if chars, parts := Parts(strings.Repeat("字", n)); parts != want || chars != n {
			t.Errorf("Parts(%d characters) = %d, %d, want %d", n, chars, parts, want)
		}
	}
	if chars, _ := Parts("😀"); chars != 2 { // a character outside the first plane takes two
		t.Errorf("an emoji counts %d", chars)
	}
}

func TestQuietHours(t *testing.T) {
	at := func(h, m int) time.Time { return time.Date(2026, 9, 15, h, m, 0, 0, i18n.Zone) }
	cases := []struct {
		name        string
		now         time.Time
		from, until int64
		quiet       bool
		end         time.Time
	}{
		{"in the afternoon", at(15, 0), 21, 8, false, time.Time{}},
		{"at nine in the evening", at(21, 0), 21, 8, true, at(8, 0).AddDate(0, 0, 1)},
		{"a minute before", at(20, 59), 21, 8, false, time.Time{}},
		{"after midnight", at(3, 0), 21, 8, true, at(8, 0)},
		{"at eight", at(8, 0), 21, 8, false, time.Time{}},
		{"hours within a day", at(13, 0), 12, 14, true, at(14, 0)},
		{"no quiet hours", at(3, 0), 0, 0, false, time.Time{}},
		{"until midnight", at(23, 0), 21, 24, true, at(0, 0).AddDate(0, 0, 1)},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			end, quiet := Quiet(c.now.UTC(), c.from, c.until)
			if quiet != c.quiet || !end.Equal(c.end) {
				t.Errorf("Quiet = %v, %v, want %v, %v", end, quiet, c.end, c.quiet)
			}
		})
	}
}

func TestAddresses(t *testing.T) {
	cases := []struct {
		channel     Channel
		typed, want string
		masked      string
	}{
		{SMS, " 139 0013 9000 ", "13900139000", "139****9000"},
		{SMS, "+86 13900139000", "13900139000", "139****9000"},
		{SMS, "0515-88880000", "", ""},
		{SMS, "12345", "", ""},
		{Mail, "Wang.Fang@Example.cn", "wang.fang@example.cn", "w***@example.cn"},
		{Mail, "王芳 <w@example.cn>", "", ""},
		{Mail, "w@example.cn\r\nBcc: x@y.cn", "", ""},
		{WeCom, "WangFang", "WangFang", "Wa***"},
		{WeCom, "王芳", "", ""},
		{WeCom, "a|@all", "", ""},
		{WeCom, "@all", "", ""},
		{DingTalk, "13900139000", "13900139000", "139****9000"},
	}
	for _, c := range cases {
		got, err := Address(c.channel, c.typed, "to")
		if got != c.want || (err != nil) != (c.want == "") {
			t.Errorf("Address(%s, %q) = %q, %v, want %q", c.channel, c.typed, got, err, c.want)
		}
		if m := Masked(c.channel, got); m != c.masked {
			t.Errorf("Masked(%s, %q) = %q, want %q", c.channel, got, m, c.masked)
		}
	}
}

func TestWhatAGatewaySaysKeepsNoAddress(t *testing.T) {
	if got := without("550 <wang@example.cn> unknown", "wang@example.cn"); strings.Contains(got, "wang") {
		t.Errorf("kept %q", got)
	}
}
