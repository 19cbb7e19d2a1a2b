package demo

import (
	"context"
	"fmt"
	"time"

	"linli/internal/catalogue"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/patrol"
	"linli/internal/place"
)

// rounds gives the worker of each community its first grid, and lets the first of them send what was found this morning.
func (b *builder) rounds(ctx context.Context) error {
	for _, c := range b.communities {
		grids, err := b.Place.Grids(ctx, b.system, place.Filter{CommunityID: c.id})
		if err != nil {
			return err
		}
		if len(grids.Items) == 0 || c.worker.AccountID == 0 {
			continue
		}
		g := grids.Items[0]
		if err := b.Place.EditGrid(ctx, b.system, g.ID, place.EditGrid{Version: g.Version, WorkerID: &c.worker.AccountID, WorkerName: &c.worker.Name}); err != nil {
			return err
		}
	}
	return b.morning(ctx, b.communities[0])
}

// morning is a round: rubbish beside a building, a visit on which help is needed, and two doors counted.
func (b *builder) morning(ctx context.Context, c *community) error {
	round, err := b.Place.Round(ctx, c.worker)
	if err != nil || len(round.Buildings) == 0 {
		return err
	}
	doors, err := b.Person.Doors(ctx, c.worker, []id.ID{round.Grids[0].ID})
	if err != nil || len(doors) < 3 {
		return err
	}
	n := 0
	sent := func(ago time.Duration) patrol.Sent {
		n++
		return patrol.Sent{Key: fmt.Sprintf("demonstration-%04d", n), SaidAt: b.Now.Add(-ago)}
	}
	item := func(list, name string) (id.ID, error) {
		all, err := b.Casework.Categories(ctx, b.tenant, list, false)
		for _, c := range all {
			if c.Name.In(i18n.ZH) == name {
				return c.ID, nil
			}
		}
		return 0, err
	}
	rubbish, err := item(catalogue.Event, "垃圾站（箱）满溢")
	if err != nil {
		return err
	}
	care, err := item(catalogue.Need, "养老照料")
	if err != nil {
		return err
	}
	if _, err := b.Patrol.Event(ctx, c.worker, patrol.NewEvent{Sent: sent(3 * time.Hour), Where: patrol.Where{BuildingID: round.Buildings[0].ID, Place: "单元门口"}, ItemID: rubbish}); err != nil {
		return err
	}
	if _, err := b.Patrol.Visit(ctx, c.worker, patrol.NewVisit{Sent: sent(2 * time.Hour), HouseholdID: doors[0].ID, Note: "老人一个人住，中午不愿做饭，想订社区食堂的送餐。", NeedIDs: []id.ID{care}}); err != nil {
		return err
	}
	if err := b.doorsteps(ctx, c, []id.ID{round.Grids[0].ID}); err != nil {
		return err
	}
	for i, people := range []int64{2, 4} {
		d := doors[i+1]
		if _, err := b.Patrol.Upkeep(ctx, c.worker, patrol.NewUpkeep{Sent: sent(time.Hour), HouseholdID: d.ID, Version: d.Version, Occupants: people}); err != nil {
			return err
		}
	}
	return nil
}
