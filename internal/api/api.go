package api

import (
	"context"
	"net/http"
	"slices"

	"linli/internal/activity"
	"linli/internal/agreement"
	"linli/internal/api/rest"
	"linli/internal/appointment"
	"linli/internal/ask"
	"linli/internal/assess"
	"linli/internal/authn"
	"linli/internal/authz"
	"linli/internal/body"
	"linli/internal/burden"
	"linli/internal/calendar"
	"linli/internal/countersign"
	"linli/internal/db"
	"linli/internal/deed"
	"linli/internal/fact"
	"linli/internal/feedback"
	"linli/internal/figure"
	"linli/internal/holiday"
	"linli/internal/intake"
	"linli/internal/ledger"
	"linli/internal/meeting"
	"linli/internal/member"
	"linli/internal/organisation"
	"linli/internal/person"
	"linli/internal/place"
	"linli/internal/policy"
	"linli/internal/request"
	"linli/internal/retention"
	"linli/internal/table"
	"linli/internal/twonew"
	"linli/internal/waiting"
)

// Services are what the API offers.
type Services struct {
	Authn        *authn.Service
	Policy       *policy.Service
	Intake       *intake.Service
	Place        *place.Service
	Organisation *organisation.Service
	Person       *person.Service
	Member       *member.Service
	Agreement    *agreement.Service
	Appointment  *appointment.Service
	Ledger       *ledger.Service
	Activity     *activity.Service
	Deed         *deed.Service
	Countersign  *countersign.Service
	Feedback     *feedback.Service
	Figure       *figure.Service
	Assess       *assess.Service
	Burden       *burden.Service
	Retention    *retention.Service
	Facts        *fact.Catalogue
	Ask          *ask.Service
	Request      *request.Service
	Table        *table.Service
	Body         *body.Service
	Meeting      *meeting.Service
	Holiday      *holiday.Service
	TwoNew       *twonew.Service
	Waiting      []waiting.Ask                                      // of every concept
	CheckAudit   func(ctx context.Context, actor authz.Actor) error // begins a check of the audit record
}

// Options are the settings of the API.
type Options = rest.Options

// handlers hold the services for the operations.
type handlers struct {
	Services
	db      *db.DB
	guesses *authn.Guesses // of public codes, by address
}

// New makes the handler of everything under rest.Prefix.
func New(s Services, o Options) http.Handler { return NewKit(s, o).Handler() }

// NewKit registers every operation; tests walk them.
func NewKit(s Services, o Options) *rest.Kit {
	k := rest.New(o)
	h := &handlers{Services: s, db: o.DB, guesses: s.Authn.Guesses("guess", 20, 20)}
	h.divisions(k)
	h.grids(k)
	h.buildings(k)
	h.organisations(k)
	h.organisationActs(k)
	h.residents(k)
	h.households(k)
	h.members(k)
	h.registrations(k)
	h.contacts(k)
	h.certificates(k)
	h.responsibilities(k)
	h.claims(k)
	h.appointments(k)
	h.imports(k)
	h.activities(k)
	h.attendances(k)
	h.deeds(k)
	h.ledgerBooks(k)
	h.slips(k)
	h.evaluations(k)
	h.figures(k)
	h.assessments(k)
	h.accounts(k)
	h.tokens(k)
	h.facts(k)
	h.questions(k)
	h.requests(k)
	h.twoNew(k)
	h.tables(k)
	h.bodies(k)
	h.meetings(k)
	h.settings(k)
	h.daysOff(k)
	h.auditing(k)
	h.retention(k)
	h.auditChecks(k)
	h.myself(k)
	h.verification(k)
	h.confirmations(k)
	return k
}

func perms(p ...authz.Permission) []authz.Permission { return p }

func sortStrings(list []string) { slices.Sort(list) }

func today(d *db.DB) calendar.Date { return calendar.DateOf(d.Now()) }
