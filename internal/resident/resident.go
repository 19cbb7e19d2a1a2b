package resident

import (
	"context"
	"time"

	"linli/internal/authz"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/person"
	"linli/internal/policy"
	"linli/internal/volunteer"
)

// PermSlip gives somebody at the counter what links their account with their record.
const PermSlip authz.Permission = "resident.slip"

// The values that a district may set.
var (
	CodeMinutes = policy.Value{Name: "resident.code_minutes", Title: i18n.PolicyResidentCode, Unit: i18n.PolicyUnitMinutes, Default: 10, Min: 2, Max: 30, Source: "SEC-1"}
	CodesADay   = policy.Value{Name: "resident.codes_a_day", Title: i18n.PolicyResidentCodes, Unit: i18n.PolicyUnitTimes, Default: 10, Min: 3, Max: 50, Source: "SEC-1"}
	CodesAnHour = policy.Value{Name: "resident.codes_an_hour", Title: i18n.PolicyResidentHour, Unit: i18n.PolicyUnitTimes, Default: 1000, Min: 50, Max: 50000, Source: "SEC-1"}
	SessionDays = policy.Value{Name: "resident.session_days", Title: i18n.PolicyResidentSession, Unit: i18n.PolicyUnitDays, Default: 30, Min: 1, Max: 30, Source: "SEC-1"} // with HeldDays within the 90 days for which carriers keep a number back
	IdleDays    = policy.Value{Name: "resident.idle_days", Title: i18n.PolicyResidentIdle, Unit: i18n.PolicyUnitDays, Default: 7, Min: 1, Max: 30, Source: "SEC-1"}
	HeldDays    = policy.Value{Name: "resident.held_days", Title: i18n.PolicyResidentHeld, Unit: i18n.PolicyUnitDays, Default: 60, Min: 7, Max: 60, Source: "PRIV-3"}
	SlipDays    = policy.Value{Name: "resident.slip_days", Title: i18n.PolicyResidentSlip, Unit: i18n.PolicyUnitDays, Default: 7, Min: 1, Max: 30, Source: "PRIV-9"}
)

// Policies are the values that this package declares.
func Policies() []policy.Value {
	return []policy.Value{CodeMinutes, CodesADay, CodesAnHour, SessionDays, IdleDays, HeldDays, SlipDays}
}

const (
	digits     = 6                // of a code
	mostTries  = 5                // of a code, and of names and numbers in a day
	betweenTwo = time.Minute      // codes to one telephone
	touched    = 10 * time.Minute // how exactly the last use of a session is written down
)

// How it was shown who somebody is.
const (
	ByNumber = "number" // name and the end of the ID number, with the telephone that the register has
	BySlip   = "slip"   // what the counter gave them
)

// Session is somebody who has entered their account.
type Session struct {
	Tenant    int64
	Account   id.ID
	Phone     string
	PhoneMask string
	PersonID  id.ID // 0 until it was shown who they are
	ProvenAt  time.Time
	ProvenBy  string
	HeldSince time.Time
	Since     time.Time // the account was opened

	hash string
	may  map[authz.Permission]bool // what WithOwn added, with own
}

// own is what somebody may do with their own record.
var own = map[authz.Permission]bool{person.PermSeeOwn: true, person.PermLooksOwn: true, person.PermConsentOwn: true, volunteer.PermOwn: true, exchange.PermOwn: true}

// Actor is the session as a caller: with the rights to their own record, and to nothing else. by is what the record of acts calls them.
func (s Session) Actor(by, requestID string) authz.Actor {
	a := authz.Actor{Tenant: s.Tenant, Name: by, PersonID: s.PersonID, RequestID: requestID}
	if s.PersonID != 0 {
		may := s.may
		if may == nil {
			may = own
		}
		a.Grants = []authz.Grant{{Role: "resident", RoleName: by, Permissions: may}}
	}
	return a
}

// Holder is whose cases the session shows.
func (s Session) Holder() casework.Holder {
	return casework.Holder{Tenant: s.Tenant, Account: s.Account, Phone: s.Phone, Since: s.HeldSince, PersonID: s.PersonID}
}

// Sender sends codes.
type Sender interface {
	// Ready says whether codes can be sent in a district.
	Ready(ctx context.Context, tenant int64) (bool, error)
	// CodeTx sends a code to a telephone once the transaction is through.
	CodeTx(ctx context.Context, tx *db.Tx, tenant int64, phone, code string) error
}

// Linked is an account that is linked with somebody's record.
type Linked struct {
	ID       id.ID
	Phone    string // masked
	ProvenAt time.Time
	ProvenBy string
	UsedAt   time.Time
}
