package mediation

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/id"
)

var cal = calendar.Default()

func day(s string) calendar.Date { return calendar.MustParse(s) }

// running is a mediation of two parties that runs since a day.
func running(on string) *Mediation {
	m := &Mediation{ID: 1, State: Opened, AskedOn: day(on), NamedOn: day(on), Parties: []Party{{ID: 1, Name: "A"}, {ID: 2, Name: "B"}}, Mediators: []Mediator{{ID: 3, Name: "C"}}}
	for _, p := range m.Parties {
		if err := m.Answer(cal, p.ID, Agrees, day(on), day(on)); err != nil {
			panic(err)
		}
	}
	return m
}

func mustDraft(t *testing.T, m *Mediation, terms Terms, s Share, on string) {
	t.Helper()
	if err := m.Draft(terms, s, day(on), day(on)); err != nil {
		t.Fatal(err)
	}
}

func wants(t *testing.T, err error, kind errs.Kind, field string) {
	t.Helper()
	e := errs.As(err)
	if errs.KindOf(err) != kind || field != "" && (e == nil || e.Fields[field].Text.IsZero()) {
		t.Errorf("error %v (%+v), want %v at %q", err, e, kind, field)
	}
}

func TestItRunsWhenAllAgreeAndSomebodyMediates(t *testing.T) {
	m := &Mediation{State: Opened, AskedOn: day("2026-03-02"), Parties: []Party{{ID: 1}, {ID: 2}}}
	if err := m.Answer(cal, 1, Agrees, day("2026-03-02"), day("2026-03-03")); err != nil || m.State != Opened {
		t.Fatalf("one yes: %v %v", m.State, err)
	}
	if err := m.Answer(cal, 2, Agrees, day("2026-03-03"), day("2026-03-03")); err != nil || m.State != Opened {
		t.Fatalf("without a mediator: %v %v", m.State, err)
	}
	m.Mediators = []Mediator{{Name: "C"}}
	if err := m.Name(cal, day("2026-03-02"), day("2026-03-04")); err != nil {
		t.Fatal(err)
	}
	if m.State != Running || m.LimitOn != day("2026-04-03") || m.Provisional {
		t.Errorf("%v until %v", m.State, m.LimitOn)
	}
	wants(t, m.Answer(cal, 9, Agrees, day("2026-03-03"), day("2026-03-03")), errs.NotFound, "")
	wants(t, m.Answer(cal, 1, "", day("2026-03-03"), day("2026-03-03")), errs.Invalid, "consent")
	wants(t, m.Answer(cal, 1, Agrees, day("2026-03-04"), day("2026-03-03")), errs.Invalid, "on")
	wants(t, m.Answer(cal, 1, Agrees, day("2026-03-01"), day("2026-03-03")), errs.Invalid, "on")
}

func TestAClearNoEndsIt(t *testing.T) {
	m := &Mediation{State: Opened, AskedOn: day("2026-03-02"), Parties: []Party{{ID: 1}, {ID: 2}}}
	if err := m.Answer(cal, 2, Refuses, day("2026-03-02"), day("2026-03-02")); err != nil || m.State != Refused || m.EndedOn.IsZero() {
		t.Errorf("%v %v", m.State, err)
	}
	for _, a := range Acts() {
		if m.Can(a) {
			t.Errorf("%s after a refusal", a)
		}
	}
}

// The example of MED-11 in the rules: in force on 2026-09-03, day 30 is in the holiday, so that the last day is 2026-10-08.
func TestThirtyDaysEndOnAWorkingDay(t *testing.T) {
	m := running("2026-09-01")
	mustDraft(t, m, Terms{Content: "x"}, Whole, "2026-09-01")
	m.Duties = []Duty{{ID: 5, PartyID: 1, DueOn: day("2026-12-01")}}
	for _, x := range []struct {
		who   Signer
		party id.ID
		on    string
	}{{"", 1, "2026-09-02"}, {TheMediator, 0, "2026-09-03"}, {TheSeal, 0, "2026-09-03"}} {
		if err := m.Sign(cal, x.who, x.party, ByName, day(x.on), day("2026-09-04")); err != nil || m.State != Drafted {
			t.Fatalf("%v: %v %v", x, m.State, err)
		}
	}
	wants(t, m.Sign(cal, "", 1, ByName, day("2026-09-03"), day("2026-09-04")), errs.Conflict, "")
	wants(t, m.Sign(cal, TheSeal, 0, "", day("2026-09-03"), day("2026-09-04")), errs.Conflict, "")
	wants(t, m.Sign(cal, TheMediator, 0, "", day("2026-09-03"), day("2026-09-04")), errs.Conflict, "")
	wants(t, m.Sign(cal, "clerk", 0, "", day("2026-09-03"), day("2026-09-04")), errs.Invalid, "who")
	wants(t, m.Sign(cal, "", 2, "", day("2026-09-03"), day("2026-09-04")), errs.Invalid, "how")
	wants(t, m.Sign(cal, "", 7, ByName, day("2026-09-03"), day("2026-09-04")), errs.NotFound, "")
	wants(t, m.Sign(cal, "", 2, ByName, day("2026-09-05"), day("2026-09-04")), errs.Invalid, "on")
	if err := m.Sign(cal, "", 2, ByFinger, day("2026-09-01"), day("2026-09-04")); err != nil {
		t.Fatal(err)
	}
	if m.State != InForce || m.EffectiveOn != day("2026-09-03") || m.ConfirmBy != day("2026-10-08") || m.Provisional {
		t.Errorf("%v on %v, until %v (%v)", m.State, m.EffectiveOn, m.ConfirmBy, m.Provisional)
	}
	if what, on := m.Next(day("2026-10-08")); what != DueConfirm || on != day("2026-10-08") {
		t.Errorf("next %v %v", what, on)
	}
	if what, on := m.Next(day("2026-10-09")); what != DueDuty || on != day("2026-12-01") {
		t.Errorf("after it has passed: %v %v", what, on)
	}
	today := day("2026-10-09")
	wants(t, m.Apply(cal, true, []id.ID{1}, "court", day("2026-10-08"), today), errs.Invalid, "agreed")
	wants(t, m.Apply(cal, true, []id.ID{1, 2}, "", day("2026-10-08"), today), errs.Invalid, "court")
	wants(t, m.Apply(cal, true, []id.ID{1, 2}, "court", day("2026-10-09"), today), errs.Invalid, "on")
	if err := m.Apply(cal, true, []id.ID{1, 2}, "court", day("2026-10-08"), today); err != nil || m.Confirm != Asked {
		t.Fatal(err)
	}
	if by, most := m.CourtBy(cal); by != day("2026-10-12") || most != by {
		t.Errorf("court by %v %v", by, most)
	}
	wants(t, m.Decided(Confirmed, day("2026-10-09"), today), errs.Invalid, "answer")
	if err := m.Decided(Taken, day("2026-10-09"), today); err != nil {
		t.Fatal(err)
	}
	if by, most := m.CourtBy(cal); by != day("2026-10-26") || most != day("2026-11-03") {
		t.Errorf("court by %v %v", by, most)
	}
	wants(t, m.Decided(Taken, day("2026-10-09"), today), errs.Invalid, "answer")
	wants(t, m.Decided(Confirmed, day("2026-10-08"), today), errs.Invalid, "on")
	if err := m.Decided(Confirmed, day("2026-10-09"), today); err != nil || m.Confirm != Confirmed {
		t.Error(err)
	}
}

func TestOralIsInForceWhenItIsReached(t *testing.T) {
	m := running("2026-03-02")
	wants(t, m.Speak(cal, Terms{}, Whole, day("2026-03-01"), day("2026-03-05")), errs.Invalid, "on")
	wants(t, m.Speak(cal, Terms{}, Whole, day("2026-03-06"), day("2026-03-05")), errs.Invalid, "on")
	if err := m.Speak(cal, Terms{Content: "x"}, Whole, day("2026-03-04"), day("2026-03-05")); err != nil {
		t.Fatal(err)
	}
	if m.State != Performed || m.EffectiveOn != day("2026-03-04") { // nothing is left to do
		t.Errorf("%v %v", m.State, m.EffectiveOn)
	}
}

func TestMoreTimeNeedsEverybody(t *testing.T) {
	m := running("2026-03-02")
	wants(t, m.Extend([]id.ID{1}, day("2026-05-01"), day("2026-03-20")), errs.Invalid, "agreed")
	wants(t, m.Extend([]id.ID{1, 2}, m.LimitOn, day("2026-03-20")), errs.Invalid, "until")
	wants(t, m.Extend([]id.ID{1, 2}, day("2026-04-20"), day("2026-04-20")), errs.Invalid, "until")
	wants(t, m.Extend([]id.ID{1, 2}, calendar.Date{}, day("2026-03-20")), errs.Invalid, "until")
	wants(t, m.Extend([]id.ID{1, 2}, day("2026-09-01"), day("2026-03-20")), errs.Invalid, "until")
	if err := m.Extend([]id.ID{1, 2}, day("2026-05-01"), day("2026-03-20")); err != nil || m.LimitOn != day("2026-05-01") {
		t.Error(err)
	}
}

func TestWritingAnewVoidsSignatures(t *testing.T) {
	m := running("2026-03-02")
	mustDraft(t, m, Terms{Content: "a"}, Whole, "2026-03-03")
	wants(t, m.Sign(cal, "", 1, ByName, day("2026-03-02"), day("2026-03-03")), errs.Invalid, "on")
	if err := m.Sign(cal, "", 1, ByName, day("2026-03-03"), day("2026-03-03")); err != nil {
		t.Fatal(err)
	}
	if m.Can(ActParty) {
		t.Error("a party is changed under a signature")
	}
	mustDraft(t, m, Terms{Content: "b"}, Part, "2026-03-03")
	if m.anySigned() || m.Settles != Part {
		t.Error("signatures of an earlier text stand")
	}
}

func TestPerformance(t *testing.T) {
	m := running("2026-03-02")
	m.Duties = []Duty{{ID: 5, PartyID: 1, DueOn: day("2026-03-10")}, {ID: 6, PartyID: 2, DueOn: day("2026-03-20")}}
	if err := m.Speak(cal, Terms{}, Whole, day("2026-03-04"), day("2026-03-05")); err != nil || m.State != InForce {
		t.Fatal(err)
	}
	if what, on := m.Next(day("2026-03-06")); what != DueDuty || on != day("2026-03-10") {
		t.Errorf("next %v %v", what, on)
	}
	wants(t, m.Do(9, "", day("2026-03-06"), day("2026-03-06")), errs.NotFound, "")
	wants(t, m.Do(5, "", day("2026-03-03"), day("2026-03-06")), errs.Invalid, "on")
	if err := m.Do(5, "", day("2026-03-06"), day("2026-03-06")); err != nil || m.State != InForce {
		t.Fatal(err)
	}
	wants(t, m.Do(5, "", day("2026-03-06"), day("2026-03-06")), errs.Conflict, "")
	if err := m.Do(6, "", day("2026-03-06"), day("2026-03-06")); err != nil || m.State != Performed {
		t.Errorf("%v %v", m.State, err)
	}
}

func TestLatePerformanceAndASecondThought(t *testing.T) {
	m := running("2026-03-02")
	mustDraft(t, m, Terms{Content: "x"}, Whole, "2026-03-03")
	if err := m.Sign(cal, "", 1, ByName, day("2026-03-03"), day("2026-03-03")); err != nil {
		t.Fatal(err)
	}
	m.Duties = []Duty{{ID: 5, PartyID: 1, DueOn: day("2026-03-10")}}
	if !m.Can(ActOral) || !m.Can(ActSession) {
		t.Error("a draft stops it")
	}
	if err := m.Speak(cal, Terms{Content: "x"}, Whole, day("2026-03-04"), day("2026-03-04")); err != nil || m.Form != Oral || m.anySigned() {
		t.Fatalf("%v %+v", err, m)
	}
	m.State, m.EndedOn = Unmet, day("2026-03-11")
	if !m.Can(ActApply) || !m.Can(ActBar) || !m.Can(ActPerform) {
		t.Error("nothing more is possible")
	}
	for range 2 { // they do without, think better of it, are sent back and ask again
		if err := m.Apply(cal, false, nil, "", calendar.Date{}, day("2026-03-11")); err != nil || m.Confirm != NotWanted || !m.Can(ActApply) {
			t.Fatal(err)
		}
		if err := m.Apply(cal, true, []id.ID{1, 2}, "court", day("2026-03-10"), day("2026-03-12")); err != nil || m.Can(ActApply) {
			t.Fatal(err)
		}
		if err := m.Decided(Rejected, day("2026-03-12"), day("2026-03-12")); err != nil || !m.Can(ActApply) {
			t.Fatal(err)
		}
	}
	m.Provisional, m.ConfirmBy = true, day("2026-03-05") // as it was reckoned when the days off were not known
	if err := m.Apply(cal, true, []id.ID{1, 2}, "court", day("2026-03-12"), day("2026-03-12")); err != nil || m.Provisional {
		t.Errorf("%v until %v", err, m.ConfirmBy)
	}
	if err := m.Do(5, "", day("2026-03-12"), day("2026-03-12")); err != nil || m.State != Performed || m.Can(ActPerform) {
		t.Errorf("%v %v", m.State, err)
	}
	failed := &Mediation{State: Opened}
	if !failed.Can(ActFail) {
		t.Error("nobody can end it")
	}
}

func TestWhatCannotBeConfirmed(t *testing.T) {
	m := running("2026-03-02")
	if err := m.Speak(cal, Terms{}, Whole, day("2026-03-04"), day("2026-03-05")); err != nil {
		t.Fatal(err)
	}
	m.Bar = Adoption
	if m.Can(ActApply) || !m.Can(ActBar) {
		t.Error("asked for in spite of the bar")
	}
	if what, _ := m.Next(day("2026-03-06")); what != DueNone {
		t.Errorf("next %v", what)
	}
	m.Bar = ""
	if err := m.Apply(cal, false, nil, "", calendar.Date{}, day("2026-03-05")); err != nil || m.Confirm != NotWanted || !m.Can(ActApply) || m.Can(ActBar) || m.Can(ActAnswer) {
		t.Error(err, m.Confirm)
	}
}

func TestCommitteeFaults(t *testing.T) {
	for _, x := range []struct {
		c    Committee
		want int
	}{
		{Committee{}, 1},
		{Committee{Name: "c", ElectedOn: day("2024-03-02"), Count: 5, Women: 2}, 0},
		{Committee{Name: "c", ElectedOn: day("2023-03-03"), Count: 9, Women: 1}, 0}, // the last day of the term
		{Committee{Name: "c", ElectedOn: day("2023-03-02"), Count: 3, Women: 1}, 1},
		{Committee{Name: "c", ElectedOn: day("2023-03-02"), Count: 2, Women: 0}, 3},
		{Committee{Name: "c", ElectedOn: day("2025-03-02"), Count: 10, Women: 1}, 1},
	} {
		if got := x.c.Faults(day("2026-03-02")); len(got) != x.want {
			t.Errorf("%+v: %v", x.c, got)
		}
	}
}

// Whatever is done in whatever order: there is no agreement in force without everybody's consent and sign, no act goes on after an end, and a day of confirmation
// is one of work.
func TestStatesHoldWhateverHappens(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := calendar.On(2026, 1, rapid.IntRange(5, 28).Draw(t, "day"))
		m := &Mediation{State: Opened, AskedOn: now, Parties: []Party{{ID: 1}, {ID: 2}}}
		if rapid.Bool().Draw(t, "mediated") {
			m.Mediators, m.NamedOn = []Mediator{{ID: 3}}, now
		}
		for range 40 {
			now = now.AddDays(rapid.IntRange(0, 3).Draw(t, "days"))
			party := id.ID(rapid.Int64Range(1, 3).Draw(t, "party"))
			a := rapid.SampledFrom(Acts()).Draw(t, "act")
			if !m.Can(a) {
				continue
			}
			was := m.State
			on := now.AddDays(-rapid.IntRange(-1, 2).Draw(t, "ago"))
			switch a {
			case ActConsent:
				_ = m.Answer(cal, party, rapid.SampledFrom([]Consent{Agrees, Agrees, Agrees, Refuses}).Draw(t, "said"), on, now)
			case ActMediators:
				m.Mediators = []Mediator{{ID: 3}}
				_ = m.Name(cal, now, now)
			case ActRefuse:
				if rapid.IntRange(0, 9).Draw(t, "refuses") == 0 {
					m.end(Refused, now, "")
				}
			case ActWithdraw, ActFail:
				if rapid.IntRange(0, 9).Draw(t, "ends") == 0 {
					m.end(map[Act]State{ActWithdraw: Withdrawn, ActFail: Failed}[a], now, "")
				}
			case ActExtend:
				_ = m.Extend([]id.ID{1, 2}, on.AddDays(40), now)
			case ActDraft:
				if m.Draft(Terms{}, Whole, on, now) != nil {
					continue
				}
				m.Duties = []Duty{{ID: 5, PartyID: 1, DueOn: now.AddDays(9)}}
			case ActOral:
				_ = m.Speak(cal, Terms{}, Whole, on, now)
			case ActSign:
				_ = m.Sign(cal, rapid.SampledFrom([]Signer{"", "", TheMediator, TheSeal}).Draw(t, "who"), party, ByName, on, now)
			case ActPerform:
				_ = m.Do(5, "", on, now)
			case ActApply:
				_ = m.Apply(cal, rapid.Bool().Draw(t, "want"), []id.ID{1, party}, "court", on, now)
			case ActAnswer:
				_ = m.Decided(rapid.SampledFrom(Answers()).Draw(t, "answer"), on, now)
			case ActUnmet:
				m.State, m.EndedOn = Unmet, now
			}
			if m.State != was && !slices.Contains([]State{Opened, Running, Drafted, InForce}, was) && (was != Unmet || m.State != Performed) {
				t.Fatalf("%s went on to %s by %s", was, m.State, a)
			}
			if !slices.Contains([]State{Opened, Refused, Withdrawn, Failed}, m.State) {
				for _, p := range m.Parties {
					if p.Consent != Agrees {
						t.Fatalf("%s without the consent of %v", m.State, p.ID)
					}
				}
				if len(m.Mediators) == 0 || m.LimitOn.IsZero() {
					t.Fatalf("%s without a mediator or a limit", m.State)
				}
			}
			if m.State.Agreed() {
				if m.Form == Written && (m.MediatorOn.IsZero() || m.SealOn.IsZero() || slices.ContainsFunc(m.Parties, func(p Party) bool { return p.SignedOn.IsZero() || p.SignedOn.After(m.EffectiveOn) })) {
					t.Fatalf("in force without all signatures: %+v", m)
				}
				if working, _ := cal.IsWorkingDay(m.ConfirmBy); !working || m.ConfirmBy.Before(m.EffectiveOn.AddDays(ConfirmDays)) {
					t.Fatalf("confirm by %v after %v", m.ConfirmBy, m.EffectiveOn)
				}
				if m.Confirm == Asked && m.CourtOn.After(m.ConfirmBy) {
					t.Fatal("asked too late")
				}
			} else if !m.EffectiveOn.IsZero() || m.Confirm != "" {
				t.Fatalf("%s with an effect", m.State)
			}
			if m.EndedOn.IsZero() != slices.Contains([]State{Opened, Running, Drafted, InForce}, m.State) {
				t.Fatalf("%s ended on %v", m.State, m.EndedOn)
			}
		}
	})
}
