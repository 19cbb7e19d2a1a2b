package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"linli/internal/authz"
	"linli/internal/errs"
	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/venue"
)

// shared is a place of the demonstration.
type shared struct {
	kind       venue.Kind
	name       string // "" before it: the name of the owner
	facilities string
	rules      string
	room       int64
	slot       int64
	week, end  string // hours from Monday to Friday, and at the weekend
	audience   venue.Audience
	approves   bool
	paid       string
}

var (
	unitPlaces = []shared{
		{kind: venue.Sports, name: "篮球场", facilities: "灯光、更衣室", rules: "穿运动鞋入场，带走垃圾。", room: 30, slot: 60, week: "17:30-21:30", end: "08:00-21:30"},
		{kind: venue.Meeting, name: "三楼会议室", facilities: "投影、白板、视频会议", room: 40, slot: 60, week: "09:00-11:00 13:30-17:30", audience: venue.Organisations, approves: true},
		{kind: venue.Sports, name: "羽毛球馆", facilities: "四片场地", rules: "请自带球拍。", room: 24, slot: 60, week: "18:00-22:00", end: "09:00-21:00", paid: "每小时 10 元"},
		{kind: venue.Hall, name: "报告厅", facilities: "音响、大屏", rules: "不带食物入场。", room: 200, slot: 120, week: "14:00-18:00", audience: venue.Community, approves: true},
		{kind: venue.Parking, name: "错时停车场", facilities: "120 个车位", room: 0, slot: 120, week: "18:00-24:00", end: "00:00-24:00"},
		{kind: venue.Classroom, name: "书法教室", facilities: "画案 20 张", room: 20, slot: 60, week: "18:30-20:30", end: "09:00-17:00"},
	}
	communityPlaces = []shared{
		{kind: venue.Studio, name: "邻里活动室", facilities: "音响、镜子、空调", rules: "用完关灯关空调，桌椅放回原处。", room: 40, slot: 60, week: "08:30-11:30 14:00-21:00", end: "09:00-17:00"},
		{kind: venue.Meeting, name: "议事厅", facilities: "圆桌、投影", room: 24, slot: 30, week: "08:30-12:00 14:00-20:00"},
	}
	bookedFor = []string{"合唱队排练", "业主小组碰头", "孩子生日会", "广场舞练习", "书法兴趣班", "打球", "党员学习", "亲子阅读"}
	bookers   = []string{"吕女士", "何先生", "施女士", "孙阿姨", "老周", "小林"}
)

// opened is a place that was opened, with who keeps it.
type openedPlace struct {
	shared
	id     id.ID
	keeper authz.Actor
	codes  []venue.Receipt
}

// venues lets units and communities open their places, and residents and organisations use them for a fortnight.
func (b *builder) venues(a *agenda) {
	var places []*openedPlace
	open := func(s shared, owner id.ID, name, address string, keeper authz.Actor) {
		p := &openedPlace{shared: s, keeper: keeper}
		places = append(places, p)
		a.add(at(b.today.AddDays(-20), 10, len(places)), func(ctx context.Context) (err error) {
			n := venue.NewVenue{OrgID: owner, Kind: s.kind, Name: name + s.name, Address: address, Capacity: s.room, Facilities: s.facilities, Terms: exchange.Free, Rules: s.rules, Contact: "值班室 " + demoOffice(len(places)), Audience: venue.Residents,
				Approves: s.approves, Ahead: 14, Longest: max(120, 2*s.slot), Slot: s.slot, Holidays: s.kind == venue.Sports || s.kind == venue.Parking, Week: []string{s.week, s.week, s.week, s.week, s.week, s.end, s.end}}
			if s.audience != "" {
				n.Audience = s.audience
			}
			if s.paid != "" {
				n.Terms, n.Price = exchange.LowPaid, s.paid
			}
			if p.id, _, err = b.Venue.Save(ctx, keeper, 0, n); err != nil {
				err = fmt.Errorf("place %s: %w", n.Name, err)
			}
			return err
		})
	}
	for i, u := range b.units[:min(3, len(b.units))] {
		if u.liaison.AccountID == 0 {
			continue
		}
		for k := range 2 {
			open(unitPlaces[(2*i+k)%len(unitPlaces)], u.id, u.name, u.name+"院内", u.liaison)
		}
	}
	for _, c := range b.communities[:min(3, len(b.communities))] {
		if c.secretary.AccountID == 0 {
			continue
		}
		for _, s := range communityPlaces {
			open(s, c.id, c.name, c.name+"党群服务中心", c.secretary)
		}
	}
	for day := -13; day < 0; day++ {
		a.add(at(b.today.AddDays(day), 7, 20), func(ctx context.Context) error {
			return errors.Join(b.bookPlaces(ctx, places, day), b.comeToPlaces(ctx, places, day))
		})
		a.add(at(b.today.AddDays(day), 23, 30), func(ctx context.Context) error { return b.Venue.Settle(ctx, b.tenant) })
	}
}

// demoOffice is an office number that nobody has.
func demoOffice(n int) string { return fmt.Sprintf("88880%03d", n%1000) }

// bookPlaces books a time or two of each place a day or two ahead. Times that are closed or taken are left.
func (b *builder) bookPlaces(ctx context.Context, places []*openedPlace, day int) error {
	for i, p := range places {
		_, grid, err := b.Venue.PublicWeek(ctx, b.tenant, p.id, b.today.AddDays(day), 4)
		if err != nil {
			return err
		}
		for k := range 1 + (i+day+20)%2 {
			var free []time.Time
			for _, c := range grid[(i+k)%4].Cells {
				if c.State == venue.CellFree {
					free = append(free, c.At)
				}
			}
			if len(free) == 0 {
				continue
			}
			n := i*7 + k*3 + day + 40
			in := venue.Asking{VenueID: p.id, Starts: free[n%len(free)], People: int64(4 + n%12), Purpose: bookedFor[n%len(bookedFor)], Agree: true}
			in.Ends = in.Starts.Add(time.Duration(p.slot) * time.Minute)
			var got venue.Receipt
			if p.audience == "" && n%3 > 0 {
				in.Name, in.Phone = bookers[n%len(bookers)], fmt.Sprintf("%s%07d", phonePrefix, 9_400_000+n*31+i)
				got, err = b.Venue.BookPublic(ctx, b.tenant, i18n.CasePublicReporter.In(i18n.ZH), "demo", in)
			} else {
				c := b.communities[n%min(2, len(b.communities))]
				if c.worker.AccountID == 0 {
					continue
				}
				in.OrgID = c.id
				got, err = b.Venue.Book(ctx, c.worker, in)
			}
			if errs.KindOf(err) == errs.Invalid {
				continue // somebody has it
			}
			if err != nil {
				return fmt.Errorf("a booking: %w", err)
			}
			if got.State == venue.Asked && day < -1 {
				if err := b.Venue.Agree(ctx, p.keeper, got.ID, 0); err != nil {
					return err
				}
			}
			if got.Code != "" && n%11 == 0 {
				if err := b.Venue.CancelBy(ctx, got.Code, i18n.CasePublicReporter.In(i18n.ZH), "demo", "临时有事，来不了"); err != nil {
					return err
				}
			}
			p.codes = append(p.codes, got)
		}
	}
	return nil
}

// comeToPlaces lets the keepers check in, as the day goes on, all but a few of its bookings, and some of those who came rate.
func (b *builder) comeToPlaces(ctx context.Context, places []*openedPlace, day int) error {
	now := b.clock.Now()
	for i, p := range places {
		c, err := b.Venue.Calendar(ctx, p.keeper, p.id, b.today.AddDays(day), 1)
		if err != nil {
			return err
		}
		for k, x := range c.Listed {
			if x.State != venue.Agreed || (i+k+day+20)%9 == 0 || !x.Starts.After(now) {
				continue
			}
			b.later = append(b.later, event{x.Starts.Add(3 * time.Minute), func(ctx context.Context) error { return b.Venue.CheckIn(ctx, p.keeper, x.ID, 0) }})
			for _, got := range p.codes {
				if got.ID != x.ID || got.Code == "" || (i+k)%2 > 0 {
					continue
				}
				b.later = append(b.later, event{x.Ends.Add(-time.Minute), func(ctx context.Context) error {
					return b.Venue.RateBy(ctx, got.Code, i18n.CasePublicReporter.In(i18n.ZH), "demo", venue.Rating{Stars: int64(4 + k%2), Words: []string{"干净，灯也亮。", ""}[k%2]})
				}})
			}
		}
	}
	return nil
}
