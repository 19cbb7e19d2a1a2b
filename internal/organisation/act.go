package organisation

import (
	"time"
	"unicode/utf8"

	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// RelationKind is the type of a dated relation between two organisations.
type RelationKind string

// The relations.
const (
	Leadership RelationKind = "leadership"  // subordinate -> superior
	Area       RelationKind = "area"        // unit -> community
	MergedInto RelationKind = "merged_into" // predecessor -> successor
	SplitFrom  RelationKind = "split_from"  // part -> the organisation it came from
)

// Text names the relation.
func (k RelationKind) Text() i18n.Text {
	return map[RelationKind]i18n.Text{Leadership: i18n.OrgRelLeadership, Area: i18n.OrgRelArea,
		MergedInto: i18n.OrgRelMerged, SplitFrom: i18n.OrgRelSplit}[k]
}

// ActKind is a kind of act of change.
type ActKind string

// The acts of change.
const (
	ActFound    ActKind = "found"
	ActRename   ActKind = "rename"
	ActReparent ActKind = "reparent"
	ActMerge    ActKind = "merge"
	ActSplit    ActKind = "split"
	ActDissolve ActKind = "dissolve"
	ActAttach   ActKind = "attach"
	ActDetach   ActKind = "detach"
	ActReform   ActKind = "reform"
)

// Text names the act.
func (k ActKind) Text() i18n.Text {
	return map[ActKind]i18n.Text{ActFound: i18n.OrgActFound, ActRename: i18n.OrgActRename, ActReparent: i18n.OrgActReparent,
		ActMerge: i18n.OrgActMerge, ActSplit: i18n.OrgActSplit, ActDissolve: i18n.OrgActDissolve,
		ActAttach: i18n.OrgActAttach, ActDetach: i18n.OrgActDetach, ActReform: i18n.OrgActReform}[k]
}

// Act is one recorded act of change. For a merger Subject is the one that ended and Other the one that took it in; for a
// split Subject is the new part and Other the one it came from; for re-parent and attach Other is the new superior or
// community.
type Act struct {
	ID        id.ID
	SubjectID id.ID
	Subject   string // its name today
	OtherID   id.ID
	Other     string
	Kind      ActKind
	On        calendar.Date
	Document  string
	Detail    string // a former name, for a rename
	At        time.Time
}

// Effect is the date of effect of an act and the document that ordered it.
type Effect struct {
	On       calendar.Date
	Document string
}

// check says whether the date and the document can stand; today bounds the date.
func (e Effect) check(today calendar.Date) error {
	switch n := utf8.RuneCountInString(e.Document); {
	case e.On.IsZero():
		return errs.Field("on", i18n.OrgDateNeeded)
	case e.On.After(today):
		return errs.Field("on", i18n.OrgDateFuture, today.String())
	case n > maxDocument:
		return errs.Field("document", i18n.ErrTooLong, maxDocument, n)
	}
	return nil
}

// changeable says whether o can be changed with effect on a date.
func (o Organisation) changeable(on calendar.Date) error {
	if !o.Living() {
		return errs.New(errs.Conflict, i18n.OrgDissolved, o.Label(), o.DissolvedOn.String())
	}
	if on.Before(o.EstablishedOn) {
		return errs.Field("on", i18n.OrgDateBeforeBirth, o.Label(), o.EstablishedOn.String())
	}
	return nil
}

// mayMoveBelow says whether o can be put below parent: no circle, a fitting kind, somewhere else than now.
func (o Organisation) mayMoveBelow(parent Organisation) error {
	switch {
	case o.Kind == District:
		return errs.New(errs.Conflict, i18n.OrgRootFixed)
	case parent.ID == o.ID:
		return errs.Field("parent_id", i18n.OrgSelf)
	case parent.below(o):
		return errs.Field("parent_id", i18n.OrgCircle, parent.Label(), o.Label())
	case parent.ID == o.ParentID:
		return errs.Field("parent_id", i18n.OrgSameParent, parent.Label())
	}
	d := draft{Organisation: o}
	return d.standsBelow(&parent)
}

// mayMergeInto says whether o can be taken in by target.
func (o Organisation) mayMergeInto(target Organisation) error {
	switch {
	case o.ID == target.ID:
		return errs.Field("into", i18n.OrgMergeSame)
	case o.Kind == District:
		return errs.New(errs.Conflict, i18n.OrgRootFixed)
	case o.Kind != target.Kind:
		return errs.Field("into", i18n.OrgMergeKinds, o.Label(), o.Kind.Text(), target.Label(), target.Kind.Text())
	case target.below(o):
		return errs.Field("into", i18n.OrgMergeBelow, target.Label(), o.Label())
	}
	return nil
}

// Holding is a number of things that still hang on an organisation.
type Holding struct {
	What  i18n.Text
	Count int64
}

// Holdings is shown as "3 members, 2 grids".
type Holdings []Holding

// In gives the list in language l.
func (h Holdings) In(l i18n.Lang) string {
	s := ""
	for i, x := range h {
		if i > 0 {
			s += i18n.CodeListComma.In(l)
		}
		s += i18n.OrgHolding.In(l, x.Count, x.What)
	}
	return s
}

// holdingKind is a sort of thing that hangs on an organisation.
type holdingKind int

const (
	holdChildren holdingKind = iota
	holdUnits
	holdMembers
	holdRequests
	holdPersons
	holdHouseholds
	holdGrids
	holdQuarters
	holdBuildings
	holdOffers
	holdClaims
	holdActivities
	holdTwoNew
	holdCovered
	holdGrants
	holdPosts
	holdTransfers
	holdCases
)

func (k holdingKind) text() i18n.Text {
	return [...]i18n.Text{holdChildren: i18n.OrgHoldChildren, holdUnits: i18n.OrgHoldUnits, holdMembers: i18n.OrgHoldMembers,
		holdRequests: i18n.OrgHoldRequests, holdPersons: i18n.OrgHoldPersons, holdHouseholds: i18n.OrgHoldHouseholds,
		holdGrids: i18n.OrgHoldGrids, holdQuarters: i18n.OrgHoldQuarters, holdBuildings: i18n.OrgHoldBuildings,
		holdOffers: i18n.OrgHoldOffers, holdClaims: i18n.OrgHoldClaims, holdActivities: i18n.OrgHoldActivities,
		holdTwoNew: i18n.OrgHoldTwoNew, holdCovered: i18n.OrgHoldCovered, holdGrants: i18n.OrgHoldGrants, holdPosts: i18n.OrgHoldPosts,
		holdTransfers: i18n.OrgHoldTransfers, holdCases: i18n.OrgHoldCases}[k]
}
