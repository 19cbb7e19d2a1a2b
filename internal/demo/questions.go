package demo

import (
	"context"

	"linli/internal/ask"
	"linli/internal/db"
	"linli/internal/fact"
	"linli/internal/id"
	"linli/internal/person"
)

// questions puts on the agenda what a form lacked: the district wants to know of smoke alarms, a fact of its own. Some of it is answered,
// some waits for the worker and for the member, and one answer contradicts what was found at the door meanwhile.
func (b *builder) questions(a *agenda) {
	a.add(at(b.today.AddDays(-2), 10, 30), func(ctx context.Context) error {
		o, err := b.Facts.Define(ctx, b.system, fact.OwnFact{Subject: fact.Household, Code: "smoke_alarm", Name: "是否安装烟感报警器", NameEn: "Smoke alarm fitted",
			Question: "家里装了烟感报警器吗？", Doc: "住户家中装有能报警的独立式烟感（示例）", Synonyms: []string{"烟感报警器", "有无烟感"}, Type: fact.YesNo,
			Sensitivity: fact.Personal, Purpose: "safety", AskedBy: "区消防救援大队（示例）", ValidTo: b.today.AddYears(1)})
		if err != nil {
			return err
		}
		aid, err := b.Facts.Define(ctx, b.system, fact.OwnFact{Subject: fact.Person, Code: "first_aid", Name: "是否持有救护员证", NameEn: "First-aid certificate",
			Question: "您有救护员证吗？", Doc: "持有在有效期内的红十字救护员证（示例）", Type: fact.YesNo, Sensitivity: fact.Personal, Purpose: "safety",
			AskedBy: "区红十字会（示例）", ValidTo: b.today.AddYears(1)})
		if err != nil {
			return err
		}
		for _, c := range b.communities {
			if err := b.askIn(ctx, c, o.FactID(), aid.FactID()); err != nil {
				return err
			}
		}
		return nil
	})
}

// askIn asks in one community.
func (b *builder) askIn(ctx context.Context, c *community, alarm, aid string) error {
	l, err := b.Person.Households(ctx, c.worker, person.HouseholdFilter{CommunityID: c.id, Page: db.Page{Limit: 12}})
	if err != nil || len(l.Items) == 0 {
		return err
	}
	var wanted []ask.Wanted
	for _, h := range l.Items {
		wanted = append(wanted, ask.Wanted{Subject: fact.Household, Row: h.ID, Ref: fact.Ref(alarm)})
	}
	if c.own != nil {
		wanted = append(wanted, ask.Wanted{Subject: fact.Person, Row: c.own.person, Ref: fact.Ref(aid)})
	}
	if _, err := b.Ask.Raise(ctx, c.secretary, "消防和急救情况摸底表（示例）", 0, b.today.AddDays(7), wanted); err != nil {
		return err
	}
	page, err := b.Ask.List(ctx, c.worker, ask.Filter{FactID: alarm})
	if err != nil {
		return err
	}
	var said []ask.Said
	for i, sh := range page.Items {
		if i < 6 {
			said = append(said, ask.Said{Question: sh.Questions[0].ID, Text: []string{fact.Yes, fact.No}[i%2]})
		}
	}
	if len(said) == 0 {
		return nil
	}
	if err := b.atTheDoor(ctx, c, alarm, page.Items[0].Row); err != nil {
		return err
	}
	_, err = b.Ask.Answer(ctx, c.worker, said)
	return err
}

// atTheDoor records what somebody found meanwhile: the opposite of the first answer.
func (b *builder) atTheDoor(ctx context.Context, c *community, alarm string, household id.ID) error {
	return b.Facts.Record(ctx, c.worker, alarm, []fact.Entry{{Row: household, Value: fact.No, Source: "入户"}})
}
