package demo

import (
	"context"
	"fmt"
	"time"

	"linli/internal/app"
	"linli/internal/authz"
	"linli/internal/counselling"
	"linli/internal/db"
)

// counsellorOpenings are the accounts of counsellors; the first is offered on the log-in page.
func (b *builder) counsellorOpenings(first *community) []opening {
	b.counsellors = make([]authz.Actor, 2)
	var list []opening
	for i, name := range []string{"沈知言", "许如意"} {
		o := opening{login: "counsellor" + suffix(i), name: name, role: app.RoleCounsellor, org: first.street, actor: &b.counsellors[i]}
		if i == 0 {
			o.note = "心理咨询师 " + name
		}
		list = append(list, o)
	}
	return list
}

// client is somebody who comes to a counsellor in the demonstration.
type client struct {
	name, word string
	days       []int // how long ago each conversation was
	forms      []counselling.Form
	notes      []string
	ending     counselling.Ending
	handed     bool

	file counselling.File
}

var clients = []client{
	{name: "小林", word: "孩子上初中以后不爱说话，急。", days: []int{45, 31, 17}, forms: []counselling.Form{counselling.AtRoom, counselling.AtRoom, counselling.ByPhone},
		notes: []string{"谈了家里最近的变化。约定先不催作业，每天一起吃晚饭。", "孩子愿意说学校的事了。讲了怎样听、怎样不急着给主意。", "电话：情况平稳，继续原来的做法。"}},
	{name: "老周", word: "退休以后睡不好。", days: []int{38, 24}, forms: []counselling.Form{counselling.AtRoom, counselling.AtHome}, notes: []string{"作息、运动和中午不睡的建议；介绍了社区书法班。", "上门：已参加书法班两次，睡眠有好转。"}, ending: counselling.Done},
	{name: "阿芳", word: "", days: []int{20}, forms: []counselling.Form{counselling.AtRoom}, notes: []string{"工作和照顾老人两头忙。一起列了可以请人帮忙的事，介绍了日间照料。"}},
	{name: "一位邻居", word: "和家里人处不来。", days: []int{12}, forms: []counselling.Form{counselling.AtRoom}, notes: []string{"先听，没有给建议。约两周后再谈。"}, handed: true},
	{name: "小何", word: "工作压力大。", days: []int{10}, forms: []counselling.Form{counselling.ByPhone}, notes: []string{"电话谈了四十分钟，愿意来面谈。"}},
}

// counselling sets up the hours of two counsellors and lets some people come.
func (b *builder) counselling(a *agenda) {
	a.add(at(b.today.AddDays(-60), 9, 0), b.counselHours)
	for i := range clients {
		c := clients[i] // a copy: the list is shared between builds
		for n, ago := range c.days {
			a.add(at(b.today.AddDays(-ago), 16, 10), func(ctx context.Context) error { return b.counsel(ctx, &c, n) })
		}
	}
	a.add(at(b.today.AddDays(-2), 20, 0), b.counselBooked)
}

func (b *builder) counselHours(ctx context.Context) error {
	week := func(days ...int) []string {
		out := make([]string, 7)
		for _, d := range days {
			out[d-1] = "14:00-17:00"
		}
		return out
	}
	for i, c := range b.communities[:min(2, len(b.communities))] {
		if c.secretary.AccountID == 0 {
			continue
		}
		who := b.counsellors[i]
		if _, err := b.Counselling.SavePost(ctx, c.secretary, 0, counselling.NewPost{OrgID: c.id, AccountID: who.AccountID, Place: c.name + "党群服务中心 204 室", Minutes: 50, Week: week(1+i, 3+i)}); err != nil {
			return fmt.Errorf("hours of a counsellor: %w", err)
		}
	}
	return nil
}

func (b *builder) counsel(ctx context.Context, c *client, n int) error {
	who := b.counsellors[0]
	if who.AccountID == 0 {
		return nil
	}
	var err error
	if n == 0 {
		if c.file, err = b.Counselling.Open(ctx, who, b.communities[0].id, counselling.Entry{Name: c.name, Word: c.word}); err != nil {
			return err
		}
	}
	if err := b.Counselling.Write(ctx, who, c.file.ID, counselling.Conversation{Form: c.forms[n], At: b.clock.Now().Add(-time.Hour), Minutes: 50, Note: c.notes[n]}); err != nil {
		return err
	}
	if n+1 < len(c.days) {
		return nil
	}
	switch {
	case c.ending != "":
		return b.Counselling.End(ctx, who, c.file.ID, c.ending, 1)
	case c.handed:
		return b.Counselling.HandOn(ctx, who, c.file.ID, counselling.Handing{To: b.counsellors[1].AccountID, Consent: counselling.InPerson})
	}
	return nil
}

// counselBooked lets residents book: one of them is the guest, who has linked it with her account.
func (b *builder) counselBooked(ctx context.Context) error {
	free, err := b.Counselling.Free(ctx, b.tenant, b.communities[0].id)
	if err != nil || len(free) == 0 || len(free[0].Slots) < 4 {
		return err
	}
	for i, name := range []string{"田阿姨", "小宋"} {
		_, err := b.Counselling.Book(ctx, b.tenant, "居民", "demo", counselling.Booking{PostID: free[0].ID, At: free[0].Slots[1+2*i], Agree: true, Entry: counselling.Entry{Name: name, Phone: fmt.Sprintf("%s%07d", phonePrefix, 9_860_000+i)}})
		if err != nil {
			return err
		}
		if i > 0 || b.guest == 0 {
			continue
		}
		list, err := b.Counselling.Files(ctx, b.counsellors[0], counselling.FileFilter{Page: db.Page{Limit: 1}})
		if err != nil || len(list.Items) == 0 {
			return err
		}
		link, err := b.Counselling.NewLink(ctx, b.counsellors[0], list.Items[0].ID)
		if err == nil {
			err = b.Counselling.Keep(ctx, authz.Actor{Tenant: b.tenant, Name: "居民", PersonID: b.guest, RequestID: "demo"}, b.guestAccount, link)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
