package demo

import (
	"context"

	"linli/internal/id"
	"linli/internal/organisation"
)

// history puts acts of change on the agenda, so that the chart of an earlier day differs from today's: a small community that was taken in
// by its neighbour, a unit with a new name, a unit under another system.
func (b *builder) history(a *agenda) {
	first := b.communities[0]
	old := organisation.NewOrganisation{Kind: organisation.Community, Name: "槐声社区党组织", ShortName: "槐声社区", ParentID: first.street}
	a.add(at(b.start.AddDays(1), 9, 0), func(ctx context.Context) error {
		saved, err := b.Organisation.Create(ctx, b.system, old)
		if err != nil {
			return err
		}
		day := b.start.AddDays(120)
		b.later = append(b.later, event{at(day, 9, 0), func(ctx context.Context) error {
			_, err := b.Organisation.Merge(ctx, b.system, organisation.Merger{Sources: []id.ID{saved.ID}, Into: first.id,
				Effect: organisation.Effect{On: day, Document: "邻和发〔示例〕8号"}})
			return err
		}})
		return nil
	})
	if len(b.units) < 8 {
		return
	}
	renamed, moved := b.units[5], b.units[6]
	a.add(at(b.start.AddDays(150), 9, 0), func(ctx context.Context) error {
		return b.Organisation.Rename(ctx, b.system, renamed.id, renamed.name+"（新区）", "", organisation.Effect{On: b.start.AddDays(150), Document: "邻和发〔示例〕11号"})
	})
	a.add(at(b.start.AddDays(200), 9, 0), func(ctx context.Context) error {
		return b.Organisation.Reparent(ctx, b.system, moved.id, b.committees[0], organisation.Effect{On: b.start.AddDays(200), Document: "邻和发〔示例〕15号"})
	})
}
