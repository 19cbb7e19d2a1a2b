package demo

import (
	"context"
	"sync/atomic"
)

// people imports every community's list of residents and remembers those who are Party members.
func (b *builder) people(ctx context.Context) error {
	names := make([]string, len(b.units))
	for i, u := range b.units {
		names[i] = u.name
	}
	var done atomic.Int64
	for i, c := range b.communities {
		count := share(b.Scale.Residents, len(b.communities), i)
		census := &census{r: b.random("census", i), today: b.Today, community: i, used: map[string]bool{}, units: names}
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
		for _, m := range census.members {
			b.members = append(b.members, &member{recruit: m})
		}
	}
	return nil
}

// member is a Party member of the district.
type member struct {
	recruit
}
