package print_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"linli/internal/i18n"
	"linli/internal/print"
)

// sample is one paper: what goes in and how it is printed.
type sample struct {
	name  string
	in    any
	feet  bool // has numbered pages
	print func(*print.Printer) (*print.Paper, error)
}

func of[T any](name string, feet bool, in T, f func(*print.Printer, T) (*print.Paper, error)) sample {
	return sample{name, in, feet, func(p *print.Printer) (*print.Paper, error) { return f(p, in) }}
}

// samples are one paper of each kind, as the platform would print it; the people are invented.
// With LINLI_PRINT_SAMPLES=DIR the tests also write them there, to be looked at.
func samples(lang i18n.Lang) []sample {
	h := head(lang, "社区反馈〔2026〕第 0312 号")
	cards := func(p *print.Printer, c []print.ContactCard) (*print.Paper, error) { return p.ContactCards(h, c) }
	card := func(p *print.Printer, c print.ContactCard) (*print.Paper, error) { return p.ContactCard(h, c) }
	return []sample{
		of("slip", true, slip(h, 9), (*print.Printer).Slip),
		of("slip-long", true, slip(h, 60), (*print.Printer).Slip),
		of("slip-empty", true, slip(h, 0), (*print.Printer).Slip),
		of("certificate", false, certificate(h, false), (*print.Printer).Certificate),
		of("employment", false, print.EmploymentCertificate{Head: h, Name: "欧阳明远", Group: "就业困难人员", Entitles: "税收优惠、创业担保贷款、免费技能培训", From: "2026 年 10 月 9 日", To: "2029 年 10 月 8 日", Uses: 6, Issued: "2026 年 10 月 9 日"}, (*print.Printer).EmploymentCertificate),
		of("certificate-small", false, certificate(h, true), (*print.Printer).Certificate),
		of("registration", true, registration(h), (*print.Printer).RegistrationForm),
		of("evaluation", true, evaluation(h), (*print.Printer).EvaluationForm),
		of("contact-slip", true, contactSlip(h), (*print.Printer).ContactSlip),
		of("contact-cards", false, contactCards(11), cards),
		of("contact-card", false, contactCards(1)[0], card),
		of("booklet", true, booklet(h), (*print.Printer).ContactBooklet),
		of("claim", true, claim(h), (*print.Printer).ClaimAgreement),
		of("cobuild", true, cobuild(h), (*print.Printer).CobuildAgreement),
		of("project", true, project(h), (*print.Printer).ProjectSheet),
		of("service", true, service(h), (*print.Printer).ServiceCertificate),
		of("list", true, list(h, 70), (*print.Printer).List),
		of("access-log", true, accessLog(h), (*print.Printer).AccessLog),
		of("poster", false, poster(h), (*print.Printer).ActivityPoster),
	}
}

func head(lang i18n.Lang, number string) print.Head {
	return print.Head{
		Lang: lang, Number: number, Issuer: "青禾社区党支部",
		At:     time.Date(2026, 10, 9, 14, 5, 0, 0, i18n.Zone),
		Verify: print.Verification{Code: "7K3M-9QXR-2TWA", URL: "https://linli.example.cn/v/7K3M9QXR2TWA"},
	}
}

func service(h print.Head) print.ServiceCertificate {
	c := print.ServiceCertificate{Head: h, Name: "田秀兰", Sex: "女", IDMask: "830***********3002", No: "V20260901-004217", Issuer: "青禾社区党支部", From: "2026 年 1 月 1 日", To: "2026 年 9 月 30 日", On: "2026 年 10 月 9 日", Hours: "64"}
	for i := range 32 {
		c.Lines = append(c.Lines, []string{fmt.Sprintf("2026-%02d-%02d", 1+i%9, 1+i%28), "清楼道杂物", "社区广场集合", "组织者证明", "2"})
	}
	return c
}

func cobuild(h print.Head) print.CobuildAgreement {
	return print.CobuildAgreement{Head: h, Kind: "结对共建", Parties: []print.Pair{{Name: "社区", Value: "青禾社区党支部"}, {Name: "单位", Value: "临江区第一医院"}}, Goal: "让老人在家门口看上病、问上药。", From: "2026 年 10 月 9 日",
		To: "2027 年 10 月 8 日", Items: [][]string{{"1", "义诊和用药咨询", "临江区第一医院", "每季度 2026-11-01", "1 次"}, {"2", "提供场地、通知居民", "青禾社区党支部", "每年 2026-11-01", ""}},
		Signatures: []print.Signature{{Role: "社区", Name: "青禾社区党支部", By: "王明远", At: "2026-10-09 14:05"}, {Role: "单位", Name: "临江区第一医院", Seal: true}}}
}

func project(h print.Head) print.ProjectSheet {
	return print.ProjectSheet{Head: h, Title: "暑期少儿托管班", Goal: "双职工家庭的孩子暑假白天有人管、有书读。", State: "进行中", Result: "办了四周，二十六个孩子参加。",
		Facts: []print.Pair{{Name: "社区", Value: "青禾社区党支部"}, {Name: "参与单位", Value: "城南小学、临江区第一医院"}, {Name: "日期", Value: "2026-07-01 — 2026-08-31"}},
		Steps: [][]string{{"1", "腾出教室、配桌椅", "城南小学", "2026-07-05", "已办 2026-07-04"}, {"2", "健康课", "临江区第一医院", "2026-07-20", "待办"}},
		Lines: [][]string{{"1", "绘本和文具 · 党组织服务群众经费", "青禾社区党支部", "3,000.00", "2,780.00", "220.00"}, {"2", "教室用电 · 单位出资", "城南小学", "1,200.00", "1,350.00", "-150.00"}},
		Total: []string{"", "合计", "", "4,200.00", "4,130.00", "70.00"}, Needs: [][]string{{"1", "给孩子找个托管的地方", "已办结", "办成了"}}}
}

func slip(h print.Head, n int) print.Slip {
	s := print.Slip{
		Head: h, Community: "亭湖区先锋街道青禾社区党支部", Unit: "市水务集团有限公司党委", Quarter: "2026 年第三季度",
		Remark:   "三季度防汛期间，贵单位党员连续参加巡堤值守，居民反映良好。建议四季度继续参加“敬老月”结对服务。",
		RemarkBy: "沈知行", RemarkAt: "2026-10-09 14:05",
	}
	names := []string{"王小禾", "欧阳明远", "李龑", "马骉", "周一", "阿依古丽·买买提江", "赵熊罴"}
	for i := range n {
		s.Members = append(s.Members, print.SlipMember{
			Name: names[i%len(names)], Kind: "在职党员", Hours: fmt.Sprintf("%d.5", i%7), Deeds: fmt.Sprint(i % 4),
			Activities: fmt.Sprint(i % 5), Timed: fmt.Sprint(i % 5), Confirmed: "1.5", Vouched: "0",
			Remark: []string{"", "认领 3 号楼楼道长", "7 月因公出差，未参加；8 月起恢复。"}[i%3],
		})
	}
	if n == 0 {
		return s
	}
	s.Total = print.SlipMember{Hours: "49", Deeds: "21", Activities: "28", Timed: "38", Confirmed: "9", Vouched: "2"}
	return s
}

func certificate(h print.Head, small bool) print.Certificate {
	h.Number = "QH-2026-00318"
	return print.Certificate{Head: h, Kind: print.InService, Name: "欧阳明远", Organisation: "市水务集团有限公司第二党支部",
		Community: "青禾社区党支部", Since: "2026 年 3 月 12 日", Issued: "2026 年 10 月 9 日", Until: "2027 年 12 月 31 日", Small: small}
}

func registration(h print.Head) print.RegistrationForm {
	return print.RegistrationForm{Head: h, Community: "先锋街道青禾社区", Name: "李龑", Sex: "女", Born: "1988 年 4 月", Nation: "汉族",
		Education: "大学本科", IDNumber: "3209**********0027", Phone: "138****5678", Kind: "在职党员", Joined: "2009-06-30",
		FullMember: "2010-06-30", Organisation: "市水务集团有限公司", Post: "水质检测员", OwnBranch: "第二党支部", Liaison: "陈立 0515-88****12",
		Home: "先锋街道青禾社区桂园小区 3 幢 2 单元 501 室", Skills: "水质检测、急救（持证）、书法", Availability: "周六全天；工作日 19:00 以后",
		Wishes: "桂园小区 3 号楼楼道长；“一小时志愿”", Promise: "我自愿到社区报到，亮明身份，参加组织生活，全年服务不少于 16 小时、办实事不少于 12 件。",
		RegisteredAt: "2026 年 3 月 12 日", UnitOpinion: print.Opinion{Text: "同意报到。", By: "陈立", At: "2026-03-13"}}
}

func evaluation(h print.Head) print.EvaluationForm {
	f := print.EvaluationForm{Head: h, Year: "2026 年度", Community: "先锋街道青禾社区", Name: "李龑", Kind: "在职党员",
		Organisation: "市水务集团有限公司", Post: "水质检测员", Grades: []string{"好", "较好", "一般", "差"},
		Facts: []print.Pair{{Name: "服务时长", Value: "21.5 小时（目标 16 小时）"}, {Name: "实事", Value: "13 件（目标 12 件）"},
			{Name: "参加活动", Value: "9 次"}, {Name: "凭证构成", Value: "系统计时 17，对方确认 3.5，事后补证 1"}},
		Branch: print.Opinion{Text: "积极参加防汛值守和敬老服务，群众反映好。", By: "沈知行", At: "2026-12-20"}}
	for i := range 6 {
		f.Deeds = append(f.Deeds, print.EvaluationDeed{Date: fmt.Sprintf("2026-%02d-15", i+4), What: "为桂园小区独居老人检修水管、讲解安全用水", Hours: "1.5"})
	}
	return f
}

func contactSlip(h print.Head) print.ContactSlip {
	return print.ContactSlip{Head: h, Unit: "市水务集团有限公司", Community: "先锋街道青禾社区", Name: "李龑", Kind: "在职党员", Phone: "138****5678",
		Home: "桂园小区 3 幢 2 单元 501 室", Post: "水质检测员", Since: "2026 年 3 月 12 日", UnitContact: "陈立 0515-88****12", CommunityContact: "沈知行 0515-86****03",
		Matters: "该同志有急救证书，可参加社区应急救护讲座。", UnitSigned: print.Opinion{Text: "请接洽。", By: "陈立", At: "2026-03-13"}}
}

func contactCards(n int) []print.ContactCard {
	var out []print.ContactCard
	for i := range n {
		out = append(out, print.ContactCard{Holder: []string{"李龑", "阿依古丽·买买提江", "赵䶮"}[i%3], Note: "有事请先打社区电话；急事拨打 110、119、120。",
			QR: fmt.Sprintf("https://linli.example.cn/c/%04d", i),
			Lines: []print.Pair{{Name: "社区", Value: "先锋街道青禾社区"}, {Name: "书记", Value: "沈知行 0515-86****03"},
				{Name: "网格员", Value: "许安然 139****0021"}, {Name: "地址", Value: "青禾路 18 号党群服务中心"}}})
	}
	return out
}

func booklet(h print.Head) print.ContactBooklet {
	b := print.ContactBooklet{Head: h, Community: "青禾社区", Period: "2026 年下半年"}
	for _, g := range []string{"社区党支部", "市水务集团有限公司", "第一网格"} {
		grp := print.ContactGroup{Title: g}
		for i := range 14 {
			grp.Contacts = append(grp.Contacts, print.Contact{Name: []string{"沈知行", "许安然", "马骉"}[i%3], Role: "党小组组长", Organisation: "市水务集团有限公司第二党支部", Phone: "138****5678", Remark: ""})
		}
		b.Groups = append(b.Groups, grp)
	}
	return b
}

func claim(h print.Head) print.ClaimAgreement {
	return print.ClaimAgreement{Head: h, Community: "先锋街道青禾社区党支部", Member: "李龑", Unit: "市水务集团有限公司", Area: "桂园小区 3 号楼楼道长",
		Place: "桂园小区 3 幢 1 至 3 单元及楼前绿地", From: "2026 年 4 月 1 日", To: "2027 年 3 月 31 日",
		Duties: []string{"每月走访本楼独居老人、困难家庭不少于一次。", "收集居民意见，能办的及时办，办不了的报社区。", "遇到险情先报警、报社区，不单独冒险处置。"},
		PartyA: print.Signature{By: "沈知行", At: "2026-03-28 09:12", Hash: "SM3 5f1d9c4be0a77a3c2d8e6f0912b4c6d8e0f2a4b6c8d0e2f4a6b8c0d2e4f60718"},
		PartyB: print.Signature{By: "李龑", At: "2026-03-28 20:41", Hash: "SM3 5f1d9c4be0a77a3c2d8e6f0912b4c6d8e0f2a4b6c8d0e2f4a6b8c0d2e4f60718"}}
}

func list(h print.Head, n int) print.List {
	l := print.List{Head: h, Title: "在职党员名册", Filters: "社区：青禾社区；状态：已报到；截至 2026-10-09",
		Columns: []print.Column{{Title: "序号", Width: 12, Align: print.Center}, {Title: "姓名", Width: 30}, {Title: "单位", Width: 70}, {Title: "职务", Width: 40},
			{Title: "报到日期", Width: 26, Align: print.Center}, {Title: "服务时长", Width: 22, Align: print.End}, {Title: "备注", Width: 57}}}
	for i := range n {
		l.Rows = append(l.Rows, []string{fmt.Sprint(i + 1), "欧阳明远", "市水务集团有限公司第二党支部", "水质检测员", "2026-03-12", "12.5", ""})
	}
	return l
}

func accessLog(h print.Head) print.AccessLog {
	l := print.AccessLog{Head: h, Name: "李龑", Period: "2026-01-01 至 2026-10-09"}
	for i := range 5 {
		l.Entries = append(l.Entries, print.AccessEntry{At: fmt.Sprintf("2026-09-%02d 10:21", i+3), Who: "许安然", Role: "社区工作者", Organisation: "先锋街道青禾社区居民委员会",
			What: "身份证号、联系电话", Purpose: "办理老年优待证，核对本人信息"})
	}
	return l
}

func poster(h print.Head) print.ActivityPoster {
	return print.ActivityPoster{Head: h, Title: "九九重阳 邻里同心\n敬老服务日", Time: "2026 年 10 月 18 日（星期日）9:00—11:30", Place: "青禾社区党群服务中心一楼",
		Organiser: "先锋街道青禾社区党支部", Contact: "许安然 0515-86****03", Capacity: "60 人，额满可候补",
		About: "为老人理发、量血压、检修水电、讲解手机使用。欢迎居民和报到党员参加，现场也可以报名。", URL: "https://linli.example.cn/a/0198c2"}
}

// keep writes a paper where a person can look at it, if asked to.
func keep(t *testing.T, name string, p *print.Paper) {
	t.Helper()
	dir := os.Getenv("LINLI_PRINT_SAMPLES")
	if dir == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(dir, name+".pdf"), p.PDF, 0o644); err != nil {
		t.Fatal(err)
	}
}
