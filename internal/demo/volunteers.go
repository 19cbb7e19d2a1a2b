package demo

import (
	"context"
	"fmt"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/person"
	"linli/internal/volunteer"
)

// service is what a team of a kind does in the demonstration.
type service struct {
	kind   volunteer.Kind
	name   string
	about  string
	task   string
	place  string
	skills []volunteer.Skill
	danger bool
	clear  volunteer.ClearanceKind
}

var services = []service{
	{kind: "environment", name: "洁净家园队", about: "周末清楼道、护绿化，带上手套就行。", task: "清楼道杂物", place: "社区广场集合", skills: []volunteer.Skill{"repair"}},
	{kind: "care", name: "暖心帮扶队", about: "看望独居老人，辅导孩子功课。想加入先来社区聊聊。", task: "放学后辅导功课", place: "儿童活动室", skills: []volunteer.Skill{"teach", "cook"}, clear: "minors"},
	{kind: "convenience", name: "便民小分队", about: "理发、磨刀、修小家电，每月一次。", task: "便民服务日", place: "党群服务中心", skills: []volunteer.Skill{"hair", "repair"}},
	{kind: "patrol", name: "红袖标巡逻队", about: "晚饭后两人一组，看看门窗、路灯。", task: "夜间巡逻", place: "小区东门", skills: []volunteer.Skill{"drive"}},
	{kind: "civility", name: "文明劝导队", about: "早高峰在路口、站台帮着引导。", task: "路口文明劝导", place: "公交站台", skills: []volunteer.Skill{"language"}},
	{kind: "culture", name: "乐享文体队", about: "办节目、教跳舞、组织棋牌赛。", task: "排练和布置会场", place: "文化活动室", skills: []volunteer.Skill{"art", "sport"}},
	{kind: "health", name: "健康守护队", about: "量血压、讲急救，有医护经验的最欢迎。", task: "量血压、测血糖", place: "社区卫生站", skills: []volunteer.Skill{"medical", "aid"}},
	{kind: "law", name: "法律科普队", about: "每周一次法律咨询，不收费。", task: "法律咨询", place: "调解室", skills: []volunteer.Skill{"law", "computer"}},
	{kind: "rescue", name: "应急先锋队", about: "台风、积水、断电时先到场，统一上保险。", task: "排涝演练", place: "物资库", skills: []volunteer.Skill{"aid", "drive"}, danger: true},
}

// volunteers lets communities found teams with volunteers, shifts and clubs.
func (b *builder) volunteers(a *agenda) {
	used := map[id.ID]bool{}
	for n := range planTeams(b.Scale) {
		c := b.communities[n%len(b.communities)]
		s := services[n%len(services)]
		if n >= len(services) {
			s.name = c.name + s.name
		}
		x := &ofTeam{builder: b, service: s, c: c, n: n, who: c.worker, used: used}
		if x.who.AccountID == 0 {
			x.who = b.system
		}
		begun := b.today.AddDays(-120 + n%40)
		a.add(at(begun, 9, n%60), x.found)
		for i, back := range []int{-60, -33, -12} {
			day := b.today.AddDays(back - n%5)
			hour := 9 + 5*(i%2)
			a.add(at(day.AddDays(-2), 10, n%60), func(ctx context.Context) error { return x.plan(ctx, day, hour, 3) })
			if back == -12 && n%9 == 4 {
				continue // this one waits to be ticked
			}
			a.add(at(day.AddDays(1), 9, n%60), x.tick)
		}
		a.add(at(b.today.AddDays(-3), 11, n%60), func(ctx context.Context) error { return x.plan(ctx, b.today.AddDays(3+n%6), 9, 1) })
		if n%3 == 0 {
			a.add(at(b.today.AddDays(-2), 15, n%60), x.thank)
		}
		if n == 0 {
			a.add(at(b.today.AddDays(-1), 10, 20), x.certify)
			a.add(at(b.today.AddDays(-1), 10, 40), x.guestJoins)
		}
		if n == 1 {
			a.add(at(b.today.AddDays(-1), 11, 5), x.asks)
		}
	}
	for n, club := range []volunteer.NewClub{{Name: "银发俱乐部", Place: "文化活动室", Meets: "每周三上午", About: "下棋、书画、广场舞，六十岁以上随时来。"}, {Name: "老少之家", Place: "儿童活动室", Meets: "周六下午", About: "爷爷奶奶带着孩子一起做手工。"}} {
		x := &ofClub{builder: b, c: b.communities[n%len(b.communities)], n: n}
		club.OrgID = x.c.id
		x.who = x.c.worker
		if x.who.AccountID == 0 {
			x.who = b.system
		}
		a.add(at(b.today.AddDays(-50), 14, 10+n), func(ctx context.Context) error { return x.found(ctx, club) })
	}
}

// ofTeam is a team on its way.
type ofTeam struct {
	*builder
	service
	c    *community
	n    int
	who  authz.Actor
	used map[id.ID]bool

	id, last id.ID // the team, and its latest shift
	people   []id.ID
}

func (x *ofTeam) day() calendar.Date { return calendar.DateOf(x.clock.Now()) }

// adults finds grown-up residents of a community whom nobody else of the demonstration took.
func (b *builder) adults(ctx context.Context, who authz.Actor, c *community, used map[id.ID]bool, many, least, most int) ([]id.ID, error) {
	l, err := b.Person.List(ctx, who, person.Filter{CommunityID: c.id, Page: db.Page{Limit: 200}})
	var out []id.ID
	for _, p := range l.Items {
		if age := p.BornOn.YearsUntil(b.today); len(out) < many && !used[p.ID] && p.ID != b.guest && age >= least && age <= most {
			used[p.ID] = true
			out = append(out, p.ID)
		}
	}
	return out, err
}

// found founds the team; three volunteers come, and one of them leads it.
func (x *ofTeam) found(ctx context.Context) (err error) {
	if x.id, err = x.Volunteer.Found(ctx, x.who, volunteer.NewTeam{OrgID: x.c.id, Kind: x.kind, Name: x.name, About: x.about}); err != nil {
		return fmt.Errorf("a team of volunteers: %w", err)
	}
	if x.danger {
		if err := x.Volunteer.InsureTeam(ctx, x.who, x.id, volunteer.NewCover{Insurer: "民安财险", Policy: fmt.Sprintf("ZY2026-%04d", x.n), From: x.day(), To: x.day().AddDays(365)}); err != nil {
			return err
		}
	}
	persons, err := x.adults(ctx, x.who, x.c, x.used, 3, 20, 72)
	if err != nil {
		return err
	}
	if x.n < len(x.communities) && x.c.own != nil && !x.used[x.c.own.person] { // who logs in leads the first team
		x.used[x.c.own.person] = true
		persons = append([]id.ID{x.c.own.person}, persons[:min(2, len(persons))]...)
	}
	slots := volunteer.Slots()
	for i, p := range persons {
		f := volunteer.Fields{Skills: []volunteer.Skill{x.skills[i%len(x.skills)]}, Times: []volunteer.Slot{slots[(x.n*3+i*5)%len(slots)], slots[15+(x.n+i)%6]}, Kinds: []volunteer.Kind{x.kind}, Contact: true, Publish: i == 0}
		v, err := x.Volunteer.Enter(ctx, x.who, p, f)
		if err != nil {
			return fmt.Errorf("a volunteer: %w", err)
		}
		if err := x.Volunteer.Invite(ctx, x.who, x.id, v, true); err != nil {
			return err
		}
		if x.clear != "" {
			until := []calendar.Date{x.today.AddDays(10), x.today.AddDays(45), x.today.AddDays(400)}[i%3]
			if err := x.Volunteer.Clear(ctx, x.who, v, x.clear, until); err != nil {
				return err
			}
		}
		x.people = append(x.people, v)
	}
	if len(x.people) == 0 {
		return nil
	}
	return x.Volunteer.Lead(ctx, x.who, x.id, x.people[0])
}

// plan plans a shift, for which some sign up.
func (x *ofTeam) plan(ctx context.Context, day calendar.Date, hour, many int) (err error) {
	n := volunteer.NewShift{Task: x.task, Place: x.place, StartsAt: at(day, hour, 0), EndsAt: at(day, hour+2, 0), Seats: 4, Clearance: x.clear, Dangerous: x.danger}
	if x.last, err = x.Volunteer.Plan(ctx, x.who, x.id, n); err != nil {
		return fmt.Errorf("a shift: %w", err)
	}
	for _, v := range x.people[:min(many, len(x.people))] {
		if err := x.Volunteer.Enlist(ctx, x.who, x.last, v); err != nil {
			return fmt.Errorf("somebody in a shift: %w", err)
		}
	}
	return nil
}

// tick says who was there: all but now and then the last.
func (x *ofTeam) tick(ctx context.Context) error {
	f, err := x.Volunteer.Shift(ctx, x.who, x.last)
	if err != nil {
		return err
	}
	var ticks []volunteer.Tick
	for i, u := range f.Signups {
		t := volunteer.Tick{SignupID: u.ID, Attended: volunteer.Present}
		if i == 2 && x.n%3 == 1 {
			t.Attended = volunteer.Absent
		}
		ticks = append(ticks, t)
	}
	return x.Volunteer.Tick(ctx, x.who, f.ID, ticks)
}

func (x *ofTeam) thank(ctx context.Context) error {
	if len(x.people) == 0 {
		return nil
	}
	return x.Volunteer.Thank(ctx, x.who, x.people[0], "谢谢您一次不落地来，楼里都记得。", "3 号楼邻居")
}

func (x *ofTeam) certify(ctx context.Context) error {
	if len(x.people) == 0 {
		return nil
	}
	_, err := x.Volunteer.Certify(ctx, x.who, x.people[0], calendar.Date{}, calendar.Date{})
	return err
}

// guestJoins makes the resident whose account guests use a volunteer of the first team.
func (x *ofTeam) guestJoins(ctx context.Context) error {
	if x.guest == 0 {
		return nil
	}
	v, err := x.Volunteer.Enter(ctx, x.who, x.guest, volunteer.Fields{Skills: []volunteer.Skill{"cook", "sewing"}, Times: []volunteer.Slot{"6m", "7m"}, Kinds: []volunteer.Kind{"care"}, Contact: true})
	if err != nil {
		return fmt.Errorf("the guest as a volunteer: %w", err)
	}
	return x.Volunteer.Invite(ctx, x.who, x.id, v, true)
}

// asks lets the member who logs in at the first community ask to join this team.
func (x *ofTeam) asks(ctx context.Context) error {
	m := x.communities[0].member
	if m.PersonID == 0 {
		return nil
	}
	if err := x.Volunteer.Ask(ctx, m, x.id); err != nil {
		return fmt.Errorf("asking to join: %w", err)
	}
	return nil
}

// ofClub is a club of the demonstration.
type ofClub struct {
	*builder
	c   *community
	n   int
	who authz.Actor
}

func (x *ofClub) found(ctx context.Context, n volunteer.NewClub) error {
	club, err := x.Volunteer.FoundClub(ctx, x.who, n)
	if err != nil {
		return fmt.Errorf("a club: %w", err)
	}
	persons, err := x.adults(ctx, x.who, x.c, map[id.ID]bool{}, 8, 60, 90)
	if err != nil {
		return err
	}
	for _, p := range persons {
		if err := x.Volunteer.AddFellow(ctx, x.who, club, p); err != nil {
			return err
		}
	}
	for i := range 3 {
		day := x.today.AddDays(-20 + 14*i + x.n)
		if err := x.Volunteer.PlanClub(ctx, x.who, club, volunteer.Event{Title: n.Name + "活动日", Place: n.Place, StartsAt: at(day, 9, 0), EndsAt: at(day, 11, 0)}); err != nil {
			return fmt.Errorf("a date of a club: %w", err)
		}
	}
	return nil
}
