package exchange

import "testing"

func TestNumbersAreMasked(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"mobile", "请打 13800138000 找我", "请打 *** 找我"},
		{"mobile after a comma", "要 2 人，13800138000，3 天", "要 2 人，***，3 天"},
		{"dashes", "电话 138-0013-8000", "电话 ***"},
		{"full-width dashes", "电话 138－0013—8000", "电话 ***"},
		{"full width", "１３８００１３８０００", "***"},
		{"ideographic spaces", "138\u30000013\u30008000", "***"},
		{"slashes", "138/0013/8000", "***"},
		{"full-width slashes", "138／0013／8000", "***"},
		{"commas", "138,0013，8000", "***"},
		{"underscores", "138_0013＿8000", "***"},
		{"line breaks", "138\n0013\r\n8000", "***"},
		{"one by one", "1 3 8 0 0 1 3 8 0 0 0", "***"},
		{"with the country", "+86 138 0013 8000", "+***"},
		{"like a day", "138-2012-12-12", "***"},
		{"Chinese digits", "一三八零零一三八〇〇〇", "***"},
		{"Chinese digits apart", "一三八、零零一三、八〇〇〇", "***"},
		{"as it is said", "幺三八零零幺三八零零零", "***"},
		{"mixed digits", "138零零13八零零零 找我", "*** 找我"},
		{"local of eight", "打 88331234", "打 ***"},
		{"local of seven", "打 8833123", "打 ***"},
		{"local in two", "打 8833 1234", "打 ***"},
		{"local in two by a dash", "打 883-1234", "打 ***"},
		{"local with its area", "（0515）8833 1234", "（***"},
		{"local in Chinese", "打八八三三一二三四", "打***"},
		{"identity of 18", "320902199501011234 是我的身份证", "*** 是我的身份证"},
		{"identity with X", "32090219950101123x", "***"},
		{"identity with its day apart and X", "320902 1995-01-01 123X", "***"},
		{"identity in groups", "320902 1995 0101 123Ｘ", "***"},
		{"identity with a day in it", "320902 1995.01.01 1234", "***"},
		{"identity of 15", "320902950101123", "***"},
		{"identity of 15 in groups", "320902 950101 123", "***"},
		{"card", "6222 0212 3456 7890 123", "***"},
		{"mail", "写信到 lv.nainai@example.cn 就行", "写信到 *** 就行"},
		{"mail in full width", "ｌｖ＠ｅｘａｍｐｌｅ．ｃｎ", "***"},
		{"WeChat", "加我微信：lv_nainai66", "加我微信：***"},
		{"WeChat number", "微信号 wxid-abc", "微信号 ***"},
		{"QQ", "QQ号123456", "QQ号***"},
		{"qq small", "qq: 10001", "qq: ***"},

		{"two days", "2026.11.29-2026.12.05 之间", ""},
		{"a day", "2026-11-29 上午", ""},
		{"a day in slashes", "2026/1/9 和 2026/1/10", ""},
		{"a day and a house", "2026.11.29，301 室", ""},
		{"day and month", "11.29-12.05 都行", ""},
		{"months", "2026.11-2027.03", ""},
		{"years", "2025-2026 学年", ""},
		{"in words", "2026年11月29日", ""},
		{"hours", "周三 14:00-17:00", ""},
		{"hours with dots", "8.30-11.30", ""},
		{"a house", "3 单元 301，要 2 个人", ""},
		{"weekdays", "周一、三、五，一个人也行", ""},
		{"money", "约 1,200 元", ""},
		{"to pay", "想学微信支付和 QQ 聊天", ""},
	} {
		want, found := c.want, true
		if want == "" {
			want, found = c.in, false
		}
		if got, was := Mask(c.in); got != want || was != found {
			t.Errorf("%s: %q becomes %q, %v; want %q, %v", c.name, c.in, got, was, want, found)
		}
	}
}
