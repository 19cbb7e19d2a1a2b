package assess

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"linli/internal/calendar"
	"linli/internal/i18n"
	"linli/internal/id"
)

// State is where an assessment stands.
type State string

// The states.
const (
	Open   State = "open"
	Frozen State = "frozen"
)

// Text names the state.
func (s State) Text() i18n.Text {
	return map[State]i18n.Text{Open: i18n.AssessStateOpen, Frozen: i18n.AssessStateFrozen}[s]
}

// Assessment applies a rubric to organisations in a period.
type Assessment struct {
	ID          id.ID
	RubricID    id.ID
	Rubric      string // its title
	Edition     int64
	Every       Every
	OrganiserID id.ID
	Organiser   string
	Title       string
	Period      string
	State       State
	FrozenBy    string
	OpenedAt    time.Time
	FrozenAt    time.Time
	Parties     int64
	Version     int64
}

// Party is an organisation that is assessed, with how it stands.
type Party struct {
	OrganisationID id.ID
	Name           string
	Total          Decimal
	Missing        int
	Edition        int64 // of its latest sheet; 0 while the assessment is open
	Appeals        int64 // that wait for an answer
}

// Finding is something that somebody found on a day.
type Finding struct {
	ID             id.ID
	AssessmentID   id.ID
	OrganisationID id.ID
	Indicator      string
	Measure        string
	Value          Decimal
	On             calendar.Date
	Note           string
	Source         string
	AppealID       id.ID
	EnteredBy      string
	EnteredAt      time.Time
	WithdrawnBy    string
	WithdrawnAt    time.Time // zero while it counts
	Reason         string
}

// Counts says that the finding has not been withdrawn.
func (f Finding) Counts() bool { return f.WithdrawnAt.IsZero() }

// Settled is one edition of the sheet of an organisation, as it was frozen.
type Settled struct {
	ID       id.ID
	Edition  int64
	Total    Decimal
	Digest   string
	AppealID id.ID
	FrozenBy string
	FrozenAt time.Time
	content  string
}

// Content is what a sheet keeps: everything that its score comes from.
type Content struct {
	Assessment   string `json:"assessment"`
	Rubric       string `json:"rubric"`
	Edition      int64  `json:"edition"`
	RubricDigest string `json:"rubric_digest"`
	Period       string `json:"period"`
	Organisation string `json:"organisation"`
	Name         string `json:"name"`
	Result       Result `json:"result"`
}

// Digest is the fingerprint of a text.
func Digest(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

func (c Content) text() (string, error) {
	b, err := json.Marshal(c)
	return string(b), err
}

// evidence is all evidence of a result.
func (r Result) evidence() []Evidence {
	var out []Evidence
	for _, p := range r.Parts {
		for _, l := range p.Lines {
			out = append(out, l.Evidence...)
		}
	}
	return out
}

// AppealState is where an appeal stands.
type AppealState string

// The states of an appeal.
const (
	Waiting  AppealState = "open"
	Accepted AppealState = "accepted"
	Declined AppealState = "declined"
)

// Text names the state.
func (s AppealState) Text() i18n.Text {
	return map[AppealState]i18n.Text{Waiting: i18n.AssessAppealWaiting, Accepted: i18n.AssessAppealAccepted, Declined: i18n.AssessAppealDeclined}[s]
}

// Appeal is what an organisation says against its sheet.
type Appeal struct {
	ID             id.ID
	AssessmentID   id.ID
	OrganisationID id.ID
	Indicator      string
	Body           string
	State          AppealState
	Answer         string
	MadeBy         string
	MadeAt         time.Time
	AnsweredBy     string
	AnsweredAt     time.Time
	Version        int64
}

// Sheet is the score of one organisation with all that belongs to it.
type Sheet struct {
	Assessment Assessment
	Rubric     *Rubric
	Party      Party
	Result     Result
	Settled    *Settled  // the edition shown; nil while the assessment is open
	Editions   []Settled // the latest first
	Findings   []Finding // by day
	Appeals    []Appeal  // the latest first
}
