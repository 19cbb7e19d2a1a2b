package demo

import (
	"context"
	"slices"
	"sync/atomic"
)

// people imports every community's list of residents and remembers those who are Party members.
func (b *builder) people(ctx context.Context) error {
	var done atomic.Int64
	recruits := make([][]recruit, len(b.communities))
	err := b.abreast(ctx, len(b.communities), func(ctx context.Context, i int) error {
		c, count := b.communities[i], share(b.Scale.Residents, len(b.communities), i)
		census := &census{r: b.random("census", i), today: b.today, community: i, used: map[string]bool{}, units: b.near(i)}
		wanted := share(b.Scale.Members, len(b.communities), i)
		census.wanted = quota{inService: wanted * 50 / 100, floating: wanted * 8 / 100}
		census.wanted.community = wanted - census.wanted.inService - census.wanted.floating
		list := census.list(c.blocks, count)
		before := int64(0)
		err := b.table(ctx, "residents", c.name+"居民.csv", c.id, list, func(rows, _ int64) {
			b.progress(done.Add(rows-before), int64(b.Scale.Residents))
			before = rows
		})
		recruits[i] = census.members
		return err
	})
	b.recruits = slices.Concat(recruits...)
	return err
}

// near names the units in which people of community i work: those in it first, then its neighbours'.
func (b *builder) near(i int) []string {
	var names []string
	for _, u := range b.units {
		switch d := (u.community.index - i + len(b.communities)) % len(b.communities); d {
		case 0:
			names = append(names, u.name, u.name, u.name)
		case 1:
			names = append(names, u.name)
		}
	}
	return names
}
