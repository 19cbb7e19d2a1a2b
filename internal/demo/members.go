package demo

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"linli/internal/id"
	"linli/internal/member"
	"linli/internal/organisation"
)

// comrade is a member as the register knows them.
type comrade struct {
	id, person id.ID
	name       string
	kind       member.Kind
	community  *community // in which they are registered, nil for none yet
	lives      *community
	unit       *unit
	zeal       int // how often they come, 0 to 9
}

// register sets branches up, imports the communities' lists of members, and has the communities accept those who report.
func (b *builder) register(ctx context.Context) error {
	if err := b.branches(ctx); err != nil {
		return err
	}
	b.clock.Set(at(b.start, 14, 0))
	lists := map[int]*strings.Builder{}
	r := b.random("members", 0)
	for _, m := range b.recruits {
		s := lists[m.community]
		if s == nil {
			s = &strings.Builder{}
			s.WriteString("姓名,身份证号,党员类别,所在单位,组织关系所在党支部,党员身份,入党日期,转正日期,手机号,居住社区,特长\n")
			lists[m.community] = s
		}
		c := b.communities[m.community]
		kind, home, lives := "在职党员", "", c.name
		switch m.kind {
		case ofCommunity:
			kind, home = "社区支部党员", branchName(c.name, 1+r.IntN(2))
		case floating:
			kind, home = "流动党员", branchName(c.name, 1)
			if r.IntN(12) == 0 {
				home = "" // the list of those without a branch must not be empty
			}
		case inService:
			if r.IntN(5) == 0 {
				lives = "" // these report later, or have not reported yet
			}
		}
		standing, full := "正式党员", m.joined.AddYears(1).String()
		if m.joined.AddYears(1).After(b.start) {
			standing, full = "预备党员", ""
		}
		fmt.Fprintf(s, "%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s\n", m.name, m.id, kind, m.unit, home, standing, m.joined, full, m.phone, lives, pick(r, skills))
	}
	for i, c := range b.communities {
		if err := b.table(ctx, "members", c.name+"党员.csv", 0, []byte(lists[i].String()), nil); err != nil {
			return err
		}
		b.progress(int64(i+1), int64(len(b.communities)+1))
	}
	if err := b.accept(ctx); err != nil {
		return err
	}
	if err := b.roll(ctx); err != nil {
		return err
	}
	if err := b.persons(ctx); err != nil {
		return err
	}
	return b.posts(ctx)
}

func branchName(community string, n int) string {
	return community + "第" + [...]string{"零", "一", "二"}[n] + "党支部"
}

// branches sets up two branches in each community and one in each unit.
func (b *builder) branches(ctx context.Context) error {
	for _, c := range b.communities {
		for n := 1; n <= 2; n++ {
			name := branchName(c.name, n)
			if err := b.branch(ctx, c.id, name, name); err != nil {
				return err
			}
		}
	}
	for _, u := range b.units {
		if err := b.branch(ctx, u.id, "中共"+u.name+"支部委员会", ""); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) branch(ctx context.Context, parent id.ID, name, short string) error {
	_, err := b.Organisation.Create(ctx, b.system, organisation.NewOrganisation{Kind: organisation.Branch, ParentID: parent, Name: name, ShortName: short})
	return err
}

// accept lets every community accept those who report to it.
func (b *builder) accept(ctx context.Context) error {
	b.clock.Set(at(b.start.AddDays(3), 9, 30))
	for _, c := range b.communities {
		var ids []id.ID
		err := b.Member.ExportRegistrations(ctx, c.secretary, member.RegistrationFilter{State: member.Proposed, CommunityID: c.id}, func(r member.RegistrationItem) error {
			ids = append(ids, r.ID)
			return nil
		})
		if err != nil {
			return err
		}
		if err := b.Member.Accept(ctx, c.secretary, ids...); err != nil {
			return err
		}
	}
	return nil
}

// roll reads the register back, in an order that is the same in every build.
func (b *builder) roll(ctx context.Context) error {
	communities, units := map[id.ID]*community{}, map[id.ID]*unit{}
	for _, c := range b.communities {
		communities[c.id] = c
	}
	for _, u := range b.units {
		units[u.id] = u
	}
	type entry struct {
		comrade
		key string
	}
	var all []entry
	err := b.Member.Export(ctx, b.system, member.Filter{}, func(m member.Item) error {
		all = append(all, entry{comrade{id: m.ID, person: m.PersonID, name: m.Name, kind: m.Kind, community: communities[m.CommunityID], unit: units[m.UnitID]},
			m.Name + m.IDMask + m.JoinedOn.String() + m.Community + m.Unit})
		return nil
	})
	if err != nil {
		return err
	}
	slices.SortFunc(all, func(x, y entry) int { return cmp.Compare(x.key, y.key) })
	r := b.random("zeal", 0)
	for i := range all {
		m := &all[i].comrade
		m.zeal = min(9, r.IntN(12))
		b.members = append(b.members, m)
		if m.community != nil {
			m.community.members = append(m.community.members, m)
		}
		if m.unit != nil {
			m.unit.members = append(m.unit.members, m)
		}
	}
	return nil
}
