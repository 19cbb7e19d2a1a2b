package demo

import "context"

// people imports every community's list of residents and remembers those who are Party members.
func (b *builder) people(ctx context.Context) error {
	ctx, leave := context.WithCancel(ctx)
	defer leave()
	done := int64(0)
	for t := range b.lists(ctx) {
		err := b.table(ctx, "residents", t.of.name+"居民.csv", t.of.id, t.list, func(rows, _ int64) {
			b.progress(done+rows, int64(b.Scale.Residents))
		})
		if err != nil {
			return err
		}
		done += int64(t.residents)
		b.recruits = append(b.recruits, t.members...)
	}
	return ctx.Err()
}

// populace is the people of one community.
type populace struct {
	of        *community
	residents int
	list      []byte
	members   []recruit
}

// lists writes the lists of residents in the order of the communities, each while the one before it is imported.
func (b *builder) lists(ctx context.Context) <-chan populace {
	out := make(chan populace)
	go func() {
		defer close(out)
		for i, c := range b.communities {
			count := share(b.Scale.Residents, len(b.communities), i)
			census := &census{r: b.random("census", i), today: b.today, community: i, used: map[string]bool{}, units: b.near(i)}
			wanted := share(b.Scale.Members, len(b.communities), i)
			census.wanted = quota{inService: wanted * 50 / 100, floating: wanted * 8 / 100}
			census.wanted.community = wanted - census.wanted.inService - census.wanted.floating
			t := populace{of: c, residents: count, list: census.list(c.blocks, count)}
			t.members = census.members
			select {
			case out <- t:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
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
