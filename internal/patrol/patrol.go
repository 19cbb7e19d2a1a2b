package patrol

import (
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"linli/internal/attach"
	"linli/internal/authz"
	"linli/internal/casework"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/person"
)

// The permissions of this package.
const (
	PermEnter authz.Permission = "patrol.enter" // send what was found on a round
	PermSee   authz.Permission = "patrol.see"   // read the notes of visits
)

// Kind is what an entry is.
type Kind string

// The kinds.
const (
	Event  Kind = "event"
	Visit  Kind = "visit"
	Upkeep Kind = "upkeep"
	// HouseholdCheck is what was said at a door about the household's part of the register.
	HouseholdCheck Kind = "check"
)

// Text names the kind.
func (k Kind) Text() i18n.Text {
	return map[Kind]i18n.Text{Event: i18n.PatrolEvent, Visit: i18n.PatrolVisit, Upkeep: i18n.PatrolUpkeep, HouseholdCheck: i18n.DoorTitle}[k]
}

// Sent names one entry of a phone.
type Sent struct {
	Key    string    // made by the phone
	SaidAt time.Time // when the phone says that it was
}

// Where is the place of an event: a building, or a grid with the place in words.
type Where struct {
	BuildingID id.ID
	GridID     id.ID
	Place      string
	X, Y       int64 // micro-degrees, where the worker gave their position
}

// NewEvent is something found on the ground.
type NewEvent struct {
	Sent
	Where
	ItemID id.ID // category; 0 where none fits, and then there are words
	Body   string
	Urgent bool
	Files  []attach.New
}

// NewVisit is a visit to a household, or to a building where the household is not known. Each need becomes a case.
type NewVisit struct {
	Sent
	HouseholdID id.ID
	BuildingID  id.ID
	Who         string // whom it is about; the register is asked whether they live there
	Note        string
	NeedIDs     []id.ID // categories
	Urgent      bool
}

// NewUpkeep is how many people live in a household.
type NewUpkeep struct {
	Sent
	HouseholdID id.ID
	Version     int64 // of the household as the phone knew it
	Occupants   int64
}

// Made is a case that came of an entry.
type Made struct {
	ID   id.ID
	No   string
	Code string // opens the case to who it is about
	Org  string // who has it
}

// Answer is what an entry got: the same however often it is sent.
type Answer struct {
	ID    id.ID
	Kind  Kind
	Cases []Made
	Again bool   `json:"-"`          // the entry had come before
	Waits bool   `json:",omitempty"` // it waits for the community
	Today bool   `json:",omitempty"` // the phone's time was not believed: it stands under the day on which it came
	Said  string `json:",omitempty"` // digest of what the entry said, so that a key is not used for something else
}

// ChangedError is the cause of a Conflict: somebody wrote another number meanwhile.
type ChangedError = person.OccupiedError

// Bounds of what is written.
const (
	MaxNote  = casework.MaxBody
	MaxNeeds = 6
)

// keyForm is the form of a key: long enough that no phone makes it twice.
var keyForm = regexp.MustCompile(`^[A-Za-z0-9-]{16,64}$`)

func (s Sent) check() error {
	if !keyForm.MatchString(s.Key) {
		return errs.Field("key", i18n.ErrInvalid)
	}
	return nil
}

func (n *NewEvent) check() error {
	n.Body, n.Place = strings.TrimSpace(n.Body), strings.TrimSpace(n.Place)
	var e *errs.Error
	if n.ItemID == 0 && n.Body == "" {
		e = e.With("item", i18n.PatrolItemOrWords)
	}
	if n.BuildingID == 0 && n.GridID == 0 {
		e = e.With("where", i18n.ErrRequired)
	}
	return e.OrNil()
}

func (n *NewVisit) check() error {
	n.Note, n.Who = strings.TrimSpace(n.Note), strings.TrimSpace(n.Who)
	var e *errs.Error
	switch length := utf8.RuneCountInString(n.Note); {
	case length > MaxNote:
		e = e.With("note", i18n.ErrTooLong, MaxNote, length)
	case strings.ContainsRune(n.Note, 0):
		e = e.With("note", i18n.ErrInvalid)
	case length == 0 && len(n.NeedIDs) == 0:
		e = e.With("note", i18n.PatrolNeedOrWords)
	}
	if len(n.NeedIDs) > MaxNeeds {
		e = e.With("need", i18n.PatrolManyNeeds, MaxNeeds)
	}
	if n.HouseholdID == 0 && n.BuildingID == 0 {
		e = e.With("household", i18n.ErrRequired)
	}
	return e.OrNil()
}
