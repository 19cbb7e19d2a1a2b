package demo

import (
	"context"
	"sync/atomic"
)

// people imports every community's list of residents and remembers those who are Party members.
func (b *builder) people(ctx context.Context) error {
	var done atomic.Int64
	for i, c := range b.communities {
		count := share(b.Scale.Residents, len(b.communities), i)
		census := &census{r: b.random("census", i), today: b.today, community: i, used: map[string]bool{}, units: b.near(i)}
		wanted := share(b.Scale.Members, len(b.communities), i)
		census.wanted = quota{inService: wanted * 50 / 100, floating: wanted * 8 / 100}
		census.wanted.community = wanted - census.wanted.inService - census.wanted.floating
		list := census.list(c.blocks, count)
		err := b.table(ctx, "residents", c.name+"居民.csv", c.id, list, func(rows, _ int64) {
			b.progress(done.Load()+rows, int64(b.Scale.Residents))
		})
		if err != nil {
			return err
		}
		done.Add(int64(count))
		b.recruits = append(b.recruits, census.members...)
	}
	return nil
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
