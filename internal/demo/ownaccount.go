package demo

import (
	"context"
	"errors"
	"fmt"

	"linli/internal/casework"
	"linli/internal/code"
	"linli/internal/dataright"
	"linli/internal/i18n"
	"linli/internal/person"
	"linli/internal/resident"
)

// Guest is the resident through whose account guests of the demonstration look at residents' pages.
type Guest struct{ Phone, Name, Tail string }

// guestNumber is an ID number of no division there is.
var guestNumber = code.WithCheck("12830119541103002")

// TheGuest is that resident.
func TheGuest() Guest {
	return Guest{Phone: "16400009988", Name: "田秀兰", Tail: guestNumber[len(guestNumber)-person.IDTail:]}
}

// ownAccount gives a resident an account: she has reported something, seen who looked at her data, and asked to have it corrected.
func (b *builder) ownAccount(ctx context.Context) error {
	c, g := b.communities[0], TheGuest()
	if c.worker.AccountID == 0 || c.secretary.AccountID == 0 {
		return nil
	}
	p, err := b.Person.Create(ctx, c.worker, person.NewPerson{Fields: person.Fields{Name: g.Name, IDNumber: guestNumber, Phone: g.Phone, WorkUnit: "临江纺织厂", MovedInOn: b.today.AddDays(-4000)}, CommunityID: c.id,
		Address: person.Address{Text: "东风路 3 号 2 单元 201 室"}})
	if err != nil {
		return err
	}
	b.guest = p
	codes, by := &resident.Shown{}, i18n.DataRightByAccount.In(i18n.ZH)
	b.Resident.WithSender(codes)
	if err := b.Resident.AskCode(ctx, b.tenant, g.Phone); err != nil {
		return err
	}
	cookie, z, err := b.Resident.Enter(ctx, b.tenant, g.Phone, codes.Last(g.Phone), by, "demo")
	if err == nil {
		err = b.Resident.Prove(ctx, z, g.Name, g.Tail, by, "demo")
	}
	if err == nil {
		z, err = b.Resident.Authenticate(ctx, cookie)
	}
	if err != nil {
		return fmt.Errorf("a resident's account: %w", err)
	}
	b.guestAccount = z.Account
	for _, body := range []string{"单元门的门禁坏了，晚上关不上。", "楼下的健身器材松了，老人用着不放心。"} {
		if _, err := b.Casework.Report(ctx, b.tenant, by, "demo", casework.Report{Kind: "opinion", CommunityID: c.id, Body: body, Name: g.Name, Phone: g.Phone, ResidentID: z.Account, PersonID: p}); err != nil {
			return err
		}
	}
	done, err := b.DataRight.Ask(ctx, z.Actor(by, "demo"), dataright.New{Kind: dataright.Correct, PersonID: p, Part: "residence", Value: code.ResidenceKinds.Items()[0].Code})
	if err == nil {
		err = b.DataRight.Decide(ctx, c.secretary, done, dataright.Decision{Grant: true, Version: 1})
	}
	if err == nil {
		_, err = b.DataRight.Ask(ctx, z.Actor(by, "demo"), dataright.New{Kind: dataright.Delete, PersonID: p, Part: "work_unit", Said: "已经退休，厂子也没有了。"})
	}
	return errors.Join(err, b.Resident.Leave(ctx, z, true))
}
