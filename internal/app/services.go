package app

import (
	"slices"

	"linli/internal/activity"
	"linli/internal/agreement"
	"linli/internal/appointment"
	"linli/internal/appraisal"
	"linli/internal/ask"
	"linli/internal/assess"
	"linli/internal/attach"
	"linli/internal/authn"
	"linli/internal/body"
	"linli/internal/burden"
	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/cobuild"
	"linli/internal/complaint"
	"linli/internal/counselling"
	"linli/internal/countersign"
	"linli/internal/dataright"
	"linli/internal/db"
	"linli/internal/deed"
	"linli/internal/dues"
	"linli/internal/employment"
	"linli/internal/exchange"
	"linli/internal/fact"
	"linli/internal/feedback"
	"linli/internal/figure"
	"linli/internal/fill"
	"linli/internal/hall"
	"linli/internal/holiday"
	"linli/internal/intake"
	"linli/internal/ledger"
	"linli/internal/lovebank"
	"linli/internal/mediation"
	"linli/internal/meeting"
	"linli/internal/member"
	"linli/internal/notice"
	"linli/internal/organisation"
	"linli/internal/outlet"
	"linli/internal/pairing"
	"linli/internal/patrol"
	"linli/internal/person"
	"linli/internal/place"
	"linli/internal/policy"
	"linli/internal/project"
	"linli/internal/region"
	"linli/internal/request"
	"linli/internal/resident"
	"linli/internal/retention"
	"linli/internal/seal"
	"linli/internal/table"
	"linli/internal/technician"
	"linli/internal/transfer"
	"linli/internal/twonew"
	"linli/internal/venue"
	"linli/internal/volunteer"
	"linli/internal/webhook"
	"linli/internal/workplan"
)

// Services are the use cases of every concept.
type Services struct {
	Authn        *authn.Service
	Policy       *policy.Service
	Intake       *intake.Service
	Place        *place.Service
	Organisation *organisation.Service
	Person       *person.Service
	Appointment  *appointment.Service
	Member       *member.Service
	Agreement    *agreement.Service
	Ledger       *ledger.Service
	Activity     *activity.Service
	Deed         *deed.Service
	Feedback     *feedback.Service
	Figure       *figure.Service
	Region       *region.Service
	Assess       *assess.Service
	Burden       *burden.Service
	Complaint    *complaint.Service
	Retention    *retention.Service
	Facts        *fact.Catalogue
	Fill         *fill.Service
	Ask          *ask.Service
	Request      *request.Service
	Table        *table.Service
	Body         *body.Service
	Meeting      *meeting.Service
	Holiday      *holiday.Service
	Countersign  *countersign.Service
	TwoNew       *twonew.Service
	Workplan     *workplan.Service
	Catalogue    *catalogue.Service
	Dues         *dues.Service
	Appraisal    *appraisal.Service
	Transfer     *transfer.Service
	Casework     *casework.Service
	Technician   *technician.Service
	Patrol       *patrol.Service
	Resident     *resident.Service
	DataRight    *dataright.Service
	Hall         *hall.Service
	Counselling  *counselling.Service
	Mediation    *mediation.Service
	Pairing      *pairing.Service
	Volunteer    *volunteer.Service
	Employment   *employment.Service
	Exchange     *exchange.Service
	Outlet       *outlet.Service
	Venue        *venue.Service
	LoveBank     *lovebank.Service
	Cobuild      *cobuild.Service
	Project      *project.Service
	Notice       *notice.Service
	Webhook      *webhook.Service
}

// policies are the values that the packages declare, in one list for the settings page.
func policies() []policy.Value {
	return slices.Concat(
		authn.Policies(),
		[]policy.Value{member.ContactDays, agreement.Months, agreement.RenewDays, ledger.TargetHours, ledger.TargetDeeds, countersign.Days, countersign.Tries},
		[]policy.Value{activity.Grace, activity.Opens, activity.Rounding, activity.LongDay},
		attach.Policies(),
		[]policy.Value{feedback.SendDays, feedback.AnswerDays, figure.FreezeDays, request.EndMonths, request.LeadDays},
		twonew.Policies(),
		dues.Policies(),
		transfer.Policies(),
		casework.Policies(),
		technician.Policies(),
		resident.Policies(),
		dataright.Policies(),
		hall.Policies(),
		exchange.Policies(),
		outlet.Policies(),
		venue.Policies(),
		lovebank.Policies(),
		cobuild.Policies(),
		notice.Policies(),
		retention.Policies(retained()),
	)
}

// newServices builds the services and connects neighbours that know each other by small interfaces only.
func newServices(d *db.DB, ring *seal.Ring) Services {
	var s Services
	s.Policy = policy.New(d, policies()...)
	s.Place = place.New(d)
	s.Organisation = organisation.New(d, ring).WithFollowers(s.Place).WithGridFollowers(s.Place)
	s.Authn = authn.New(d, ring, s.Organisation, Permissions())
	s.Person = person.New(d, ring)
	s.Agreement = agreement.New(d)
	s.Member = member.New(d, ring, people{s.Person}).WithLeavers(s.Agreement)
	s.Appointment = appointment.New(d, holders{s.Person, s.Member})
	s.Member.WithCommittees(s.Appointment)
	s.Transfer = transfer.New(d, movers{s.Member, s.Person})
	s.Member.WithEnders(s.Transfer)
	s.Feedback = feedback.New(d)
	s.Figure = figure.New(d)
	s.Assess = assess.New(d, assessed{s.Figure})
	s.Ledger = ledger.New(d)
	register := ledger.Register{}
	s.Countersign = countersign.New(ring)
	s.Deed = deed.New(d, s.Ledger, s.Countersign, register)
	s.Activity = activity.New(d, ring, s.Ledger, s.Countersign, register, s.Deed)
	s.Countersign.WithOwners(map[string]countersign.Owner{ledger.SourceDeed: s.Deed, ledger.SourceAttendance: s.Activity})
	s.Organisation.WithFollowers(s.Authn, s.Person, s.Member, s.Transfer, s.Agreement, s.Ledger, s.Activity, s.Deed, s.Feedback)
	s.Organisation.WithGridFollowers(s.Member, s.Agreement)
	s.Body = body.New(d)
	s.Meeting = meeting.New(d, signIns{s.Activity}, s.Appointment)
	s.Body.WithFiles(attach.NewStore(ring))
	s.Meeting.WithFiles(attach.NewStore(ring))
	s.Organisation.WithFollowers(s.Body, s.Meeting)
	s.Appraisal = appraisal.New(d, appraised{s.Meeting})
	s.Organisation.WithFollowers(s.Appraisal)
	s.Burden = burden.New(d)
	s.Catalogue = catalogue.New(d).WithFiles(attach.NewStore(ring))
	s.Region = region.New(d, s.Figure, regionTenants{s.Catalogue}.all)
	s.Complaint = complaint.New(d)
	s.Retention = retention.New(d, retained(), locked())
	s.Holiday = holiday.New(d)
	s.Casework = casework.New(d, ring, s.Holiday, agenda{s.Meeting}, s.Person).WithFiles(attach.NewStore(ring)).WithSpots(spots{s.Place})
	s.Technician = technician.New(d, ring, s.Casework).WithFiles(attach.NewStore(ring))
	s.Casework.WithJobs(s.Technician)
	s.Notice = notice.New(d, ring)
	s.Webhook = webhook.New(d, ring)
	s.Casework.WithNotices(s.Notice).WithEvents(s.Webhook)
	s.Notice.WithHidden(s.Casework.HiddenNotices)
	s.Technician.WithNotices(s.Notice)
	s.Activity.WithEvents(s.Webhook)
	s.Feedback.WithEvents(s.Webhook)
	s.Organisation.WithFollowers(s.Webhook)
	s.Organisation.WithFollowers(s.Casework, s.Technician)
	s.Patrol = patrol.New(d, ring, s.Casework, s.Person, s.Place)
	s.Organisation.WithFollowers(s.Patrol)
	s.Resident = resident.New(d, ring, s.Person).WithSender(s.Codes()).WithOwn(lovebank.PermOwn)
	s.DataRight = dataright.NewService(d, ring, s.Holiday, s.Person)
	s.Hall = hall.New(d, ring, s.Casework, s.Holiday)
	s.Counselling = counselling.New(d, ring, s.Holiday, s.Authn)
	s.Organisation.WithFollowers(s.Counselling)
	s.Pairing = pairing.New(d, ring, s.Authn)
	s.Member.WithEnders(s.Pairing)
	s.Organisation.WithFollowers(s.Pairing)
	s.Volunteer = volunteer.New(d, ring, s.Ledger, clubDates{s.Activity})
	s.Volunteer.WithNotices(s.Notice, s.Person)
	s.Organisation.WithFollowers(s.Volunteer)
	s.Employment = employment.New(d, ring)
	s.Organisation.WithFollowers(s.Employment)
	s.Organisation.WithFollowers(s.Hall)
	s.Mediation = mediation.New(d, ring, s.Holiday, s.Casework, s.Person).WithFiles(attach.NewStore(ring))
	s.Organisation.WithFollowers(s.Mediation)
	s.Outlet = outlet.New(d)
	s.Exchange = exchange.New(d, ring, s.Ledger, register, needCases{s.Casework}, agenda{s.Meeting}, s.Person).WithFiles(attach.NewStore(ring)).WithVolunteers(needVolunteers{s.Volunteer})
	s.Pairing.WithNeeds(pairNeeds{s.Exchange})
	s.Exchange.WithHouseholds(s.Pairing)
	s.Organisation.WithFollowers(s.Exchange)
	s.Venue = venue.New(d, ring, s.Holiday, s.Person).WithNeeds(s.Exchange)
	s.Exchange.WithPlaces(s.Venue)
	s.Organisation.WithFollowers(s.Venue)
	s.LoveBank = lovebank.New(d, ring, s.Exchange).WithDistricts(bankDistricts{s.Catalogue}.all)
	s.Exchange.WithOrders(s.LoveBank)
	s.Organisation.WithFollowers(s.LoveBank)
	s.Cobuild = cobuild.New(d, ring, s.Person).WithFiles(attach.NewStore(ring))
	s.Organisation.WithFollowers(s.Cobuild)
	s.Member.WithEnders(s.Cobuild)
	s.Project = project.New(d, ring, exchange.Mask)
	s.Organisation.WithFollowers(s.Project)
	s.TwoNew = twonew.New(d, s.Organisation)
	s.Organisation.WithFollowers(s.TwoNew).WithGridFollowers(s.TwoNew)
	s.Workplan = workplan.New(d, planned{s.Figure})
	s.Organisation.WithFollowers(s.Workplan)
	s.Dues = dues.New(d, ring, s.Person, birthdayVisits{s.Activity})
	s.Organisation.WithFollowers(s.Dues)
	s.Intake = intake.New(d, ring, place.DivisionsKind(), place.BuildingsKind(), s.Organisation.UnitsKind(), s.Person.Intake(), s.Member.ImportKind(), s.TwoNew.ImportKind(), s.Dues.ImportKind(), catalogue.ImportKind(), s.Casework.ImportKind(), outlet.ImportKind())
	s.Facts = fact.New(d, ring, s.Person, s.Person.Facts(), s.Place.Facts(), s.Organisation.Facts(), s.Member.Facts(), s.Activity.Facts(), s.Deed.Facts(),
		s.Ledger.Facts(), s.Agreement.Facts(), s.Feedback.Facts(), s.Appointment.Facts(), s.Dues.Facts(), s.Appraisal.Facts(), s.Transfer.Facts())
	s.Fill = fill.New(d, ring, s.Facts, s.Person, s.Organisation).WithFigures(figures{s.Figure})
	s.Ask = ask.New(d, ring, s.Facts)
	s.Request = request.New(d, ring, s.Organisation, requestForms{s.Fill, s.Facts})
	s.Organisation.WithFollowers(s.Request, s.Appointment)
	s.Table = table.New(d, ring, s.Facts, s.Organisation, tableFigures{figures{s.Figure}}).WithHeaders(tableHeaders{s.Fill})
	return s
}
