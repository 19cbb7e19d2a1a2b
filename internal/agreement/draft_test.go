package agreement_test

import (
	"testing"

	"linli/internal/errs"
)

func TestDraftOfAResponsibilityIsFilledIn(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		first, err := w.s.Draft(t.Context(), w.atA, w.a, 0)
		if err != nil || first.Name != "第1责任区" || first.Duties == "" || first.Capacity != 1 {
			t.Fatalf("the first draft = %+v, %v; want a name, duties and one place", first, err)
		}
		first.Duties = "每天巡查一次"
		if _, err := w.s.Offer(t.Context(), w.atA, first); err != nil {
			t.Fatal(err)
		}
		next, err := w.s.Draft(t.Context(), w.atA, w.a, 0)
		if err != nil || next.Name != "第2责任区" || next.Duties != first.Duties {
			t.Errorf("the second draft = %+v, %v; want the next number and the duties of the first", next, err)
		}
		house, err := w.s.Draft(t.Context(), w.atA, w.a, w.building)
		if err != nil || house.Name != "3 号楼责任区" || house.BuildingID != w.building {
			t.Errorf("the draft for a building = %+v, %v; want its name", house, err)
		}
		if _, err := w.s.Draft(t.Context(), w.atB, w.b, w.building); errs.KindOf(err) != errs.NotFound {
			t.Errorf("a draft for the building of another community = %v, want not found", err)
		}
		if _, err := w.s.Draft(t.Context(), w.atB, w.a, 0); errs.KindOf(err) != errs.Forbidden && errs.KindOf(err) != errs.NotFound {
			t.Errorf("a draft for another community = %v, want a refusal", err)
		}
	})
}
