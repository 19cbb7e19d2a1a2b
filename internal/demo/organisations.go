package demo

import (
	"context"
	"fmt"
	"strings"

	"linli/internal/authz"
	"linli/internal/code"
	"linli/internal/id"
	"linli/internal/organisation"
	"linli/internal/place"
)

// found makes the tenant, imports its divisions, sets the organisations of the area up from them, and lays the communities out.
func (b *builder) found(ctx context.Context) error {
	var err error
	if b.tenant, b.root, err = b.CreateTenant(ctx, county, districtName); err != nil {
		return err
	}
	b.system = authz.System(b.tenant, "demo")
	if err := b.table(ctx, "divisions", "行政区划.csv", 0, b.divisionsCSV(), nil); err != nil {
		return err
	}
	if _, err := b.Organisation.FoundFromDivisions(ctx, b.system, organisation.FoundPlan{County: county, Document: "邻和发〔示例〕1号"}); err != nil {
		return err
	}
	return b.layOut(ctx)
}

// divisionsCSV is the list of divisions of the district and what stands above it.
func (b *builder) divisionsCSV() []byte {
	var s strings.Builder
	s.WriteString("区划代码,级别,名称\n")
	line := func(code string, level int, name string) {
		fmt.Fprintf(&s, "%s%s,%d,%s\n", code, strings.Repeat("0", 12-len(code)), level, name)
	}
	line(county[:2], 1, provinceName)
	line(county[:4], 2, cityName)
	line(county, 3, districtName)
	for st := range b.Scale.Streets {
		line(county+pad(st+1, 3), 4, streetNames[st])
		for i := range b.Scale.Communities {
			if i*b.Scale.Streets/b.Scale.Communities == st {
				line(divisionOf(b.Scale, i), 5, communityName(i)+"社区居委会")
			}
		}
	}
	return []byte(s.String())
}

// divisionOf is the code of community i: that of its street and its number there.
func divisionOf(sc Scale, i int) string {
	st := i * sc.Streets / sc.Communities
	first := (st*sc.Communities + sc.Streets - 1) / sc.Streets
	return county + pad(st+1, 3) + pad(i-first+1, 3)
}

// layOut sets up grids and imports the buildings of every community.
func (b *builder) layOut(ctx context.Context) error {
	orgs, err := b.byDivision(ctx)
	if err != nil {
		return err
	}
	for i := range b.Scale.Communities {
		division := divisionOf(b.Scale, i)
		o := orgs[division]
		c := &community{index: i, id: o.ID, street: o.ParentID, name: o.Label(), blocks: layout(b.Scale, i, share(b.Scale.Residents, b.Scale.Communities, i))}
		b.communities = append(b.communities, c)
		for _, bl := range c.blocks {
			bl.code = string(code.GridOf(code.Division(division), bl.number))
			_, err := b.Place.CreateGrid(ctx, b.system, place.NewGrid{CommunityID: c.id, Code: bl.code, Name: fmt.Sprintf("第%d网格", bl.number),
				WorkerName: personName(b.random("grid", i*100+bl.number), anySurname(b.random("grid worker", i*100+bl.number))), Outline: bl.outline()})
			if err != nil {
				return err
			}
		}
		if err := b.table(ctx, "buildings", c.name+"楼栋.csv", c.id, buildingsCSV(c.blocks), nil); err != nil {
			return err
		}
		b.progress(int64(i+1), int64(b.Scale.Communities))
	}
	return nil
}

// byDivision gives the communities by their division code.
func (b *builder) byDivision(ctx context.Context) (map[string]organisation.Organisation, error) {
	out := map[string]organisation.Organisation{}
	err := b.Organisation.Export(ctx, b.system, organisation.Filter{Kinds: []organisation.Kind{organisation.Community}}, func(o organisation.Item) error {
		out[o.DivisionCode] = o.Organisation
		return nil
	})
	return out, err
}

// stationed sets up the committees of the systems and imports their units.
func (b *builder) stationed(ctx context.Context) error {
	for _, s := range systems[:b.Scale.Committees] {
		saved, err := b.Organisation.Create(ctx, b.system, organisation.NewOrganisation{Kind: organisation.Committee, ParentID: b.root,
			Name: "中共" + districtName + s.name + "委员会", ShortName: s.name})
		if err != nil {
			return err
		}
		b.committees = append(b.committees, saved.ID)
	}
	if err := b.table(ctx, "units", "驻区单位.csv", 0, b.unitsCSV(), nil); err != nil {
		return err
	}
	ids := map[string]id.ID{}
	err := b.Organisation.Export(ctx, b.system, organisation.Filter{Kinds: []organisation.Kind{organisation.Unit}}, func(o organisation.Item) error {
		ids[o.Name] = o.ID
		return nil
	})
	for _, u := range b.units {
		u.id = ids[u.name]
	}
	return err
}

// unitsCSV is the list of stationed units, each below a system and within a community.
func (b *builder) unitsCSV() []byte {
	var s strings.Builder
	s.WriteString("单位名称,统一社会信用代码,所属系统,所属社区,地址,联系人,联系电话,行业,简称\n")
	r := b.random("units", 0)
	for n := range b.Scale.Units {
		sys := systems[n%b.Scale.Committees]
		c := b.communities[n%len(b.communities)]
		kind := sys.units[n/b.Scale.Committees%len(sys.units)]
		short := communityName(n%60) + kind
		if round := n / (60 * len(sys.units)); round > 0 {
			short = "第二" + short
		}
		u := &unit{name: districtName + short, community: c}
		for b.unitNamed(u.name) {
			u.name += "分部"
		}
		short = strings.TrimPrefix(u.name, districtName)
		b.units = append(b.units, u)
		fmt.Fprintf(&s, "%s,%s,%s,%s,%s%d号,%s,%s,%s,%s\n", u.name, creditCode(n), sys.name, c.name, pick(r, roadNames), 2*n+1,
			personName(r, anySurname(r)), phonePrefix+pad(9_000_000+n, 7), sys.sector, short)
	}
	return []byte(s.String())
}

func (b *builder) unitNamed(name string) bool {
	for _, u := range b.units {
		if u.name == name {
			return true
		}
	}
	return false
}

// creditCode is a unified social credit code of nobody. Not every number has a check character, so the next ones are tried.
func creditCode(n int) string {
	for k := 0; ; k++ {
		if c := code.WithUSCCCheck("12" + county + "X" + pad(10*n+k, 7)); c != "" {
			return c
		}
	}
}
