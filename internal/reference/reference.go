// Package reference knows which columns hold the ID of a row of another table, and keeps them true.
//
// The schema has no foreign keys (docs/adr/0009): an operator may restore, move and distribute a tenant in any order. Instead
// there is one table of references, All. A service that is given an ID of something it does not load itself asks Require in the
// transaction that writes it, because a scope of a whole tenant covers every ID, also those of other tenants; and `linli verify`
// asks Verify, which finds every ID that points nowhere. A test holds All complete against the schema.
package reference

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
)

// Table is a table whose rows are referred to. All of them have the key (tenant_id, id).
type Table string

// The tables that are referred to.
const (
	Account         Table = "account"
	Activity        Table = "activity"
	Appointment     Table = "appointment"
	AppraisalEntry  Table = "appraisal_entry"
	AppraisalRound  Table = "appraisal_round"
	Appeal          Table = "assessment_appeal"
	Assessment      Table = "assessment"
	Attachment      Table = "attachment"
	Attendance      Table = "attendance"
	AuditEntry      Table = "audit_entry"
	BankAccount     Table = "bank_account"
	BankItem        Table = "bank_item"
	BankJournal     Table = "bank_journal"
	BankLine        Table = "bank_line"
	BankOrder       Table = "bank_order"
	BankAccord      Table = "bank_accord"
	BankTransfer    Table = "bank_transfer"
	Body            Table = "body"
	BodyRules       Table = "body_rules"
	Building        Table = "building"
	CatalogueItem   Table = "catalogue_item"
	Claim           Table = "claim"
	Deed            Table = "deed"
	CounselFile     Table = "counselling_file"
	CounselPost     Table = "counselling_post"
	DuesPayment     Table = "dues_payment"
	EmploySeeker    Table = "employment_seeker"
	EmployJob       Table = "employment_job"
	EmployCert      Table = "employment_certificate"
	File            Table = "file"
	Grid            Table = "grid"
	Hall            Table = "hall"
	HallCounter     Table = "hall_counter"
	HallTicket      Table = "hall_ticket"
	Household       Table = "household"
	Import          Table = "import"
	Job             Table = "job"
	Mediation       Table = "mediation"
	PairHousehold   Table = "pairing_household"
	PairPair        Table = "pairing_pair"
	PairVisit       Table = "pairing_visit"
	Volunteer       Table = "volunteer"
	VolunteerTeam   Table = "volunteer_team"
	VolunteerShift  Table = "volunteer_shift"
	VolunteerSignup Table = "volunteer_signup"
	VolunteerPaper  Table = "volunteer_certificate"
	Club            Table = "club"
	MediationMember Table = "mediation_member"
	MediationParty  Table = "mediation_party"
	Meeting         Table = "meeting"
	MeetingTask     Table = "meeting_task"
	MeetingTopic    Table = "meeting_topic"
	Member          Table = "member"
	Need            Table = "need"
	NeedHelp        Table = "need_help"
	NeedPledge      Table = "need_pledge"
	NoticeContact   Table = "notice_contact"
	Organisation    Table = "organisation"
	OwnFact         Table = "own_fact"
	Person          Table = "person"
	Posting         Table = "posting"
	QuarterArea     Table = "quarter_area"
	QuestionRound   Table = "question_round"
	Outlet          Table = "outlet"
	Resource        Table = "resource"
	Resolution      Table = "meeting_resolution"
	Cobuild         Table = "cobuild"
	CobuildItem     Table = "cobuild_item"
	CobuildTask     Table = "cobuild_task"
	Programme       Table = "programme"
	Project         Table = "project"
	ProjectStep     Table = "project_step"
	ProjectLine     Table = "project_line"
	ProjectExpense  Table = "project_expense"
	Request         Table = "request"
	RequestAnswer   Table = "request_answer"
	RequestDue      Table = "request_due"
	ResidentAccount Table = "resident_account"
	Responsibility  Table = "responsibility"
	Rubric          Table = "rubric"
	SavedTable      Table = "saved_table"
	ServiceCase     Table = "service_case"
	CaseEntry       Table = "case_entry"
	Slip            Table = "slip"
	TableRun        Table = "table_run"
	Technician      Table = "technician"
	TechnicianCert  Table = "technician_certificate"
	TechnicianJob   Table = "technician_job"
	Charge          Table = "technician_charge"
	Transfer        Table = "transfer"
	TwoNew          Table = "two_new"
	TwoNewDecision  Table = "two_new_decision"
	Venue           Table = "venue"
	VenueBooking    Table = "venue_booking"
	Webhook         Table = "webhook_subscription"
	Workplan        Table = "workplan"
	WorkplanItem    Table = "workplan_item"
)

// Reference says what a column of a table refers to. 0 refers to nothing.
type Reference struct {
	Table, Column string
	To            []Table          // a row of one of these
	KindColumn    string           // instead of To: the column that names the kind of what is referred to
	Kinds         map[string]Table // by kind
	Passing       string           // why what is referred to may be gone; "" if it must be there
}

// to is a column that refers to rows of one table.
func to(t Table, columns ...string) []Reference {
	var out []Reference
	for _, c := range columns {
		table, column, _ := strings.Cut(c, ".")
		out = append(out, Reference{Table: table, Column: column, To: []Table{t}})
	}
	return out
}

// All is every reference of the schema.
var All = slices.Concat(
	to(Account, "policy.set_by", "session.account_id", "api_token.account_id", "role_grant.account_id", "role_grant.granted_by", "appointment.created_by", "audit_entry.account_id",
		"job.account_id", "idempotency.account_id", "file.account_id", "import.account_id", "complaint.account_id", "complaint.answered_by",
		"organisation_act.account_id", "consent.account_id", "registration.proposed_by", "registration.decided_by", "contact.account_id",
		"absence_reason.account_id", "floating_move.account_id", "paper.issued_by", "signature.account_id", "activity.organiser_id",
		"enrolment.by_account", "attendance.by_account", "deed.proposed_by", "deed.decided_by", "posting.posted_by", "quarter_close.closed_by",
		"slip.sent_by", "slip.answered_by", "slip_version.sent_by", "correction.decided_by", "evaluation.decided_by",
		"own_fact.created_by", "own_value.account_id", "fact_label.account_id", "fact_label.revoked_by", "fact_register.account_id",
		"fact_register.withdrawn_by",
		"office_form.account_id", "figure_period.changed_by", "attachment.account_id", "audit_check.account_id",
		"question_round.account_id", "question.said_by", "saved_table.owner_id", "table_run.account_id", "request.created_by", "request_answer.answered_by", "request_change.account_id",
		"body.created_by", "body_rules.account_id", "body_reading.account_id", "meeting.minutes_by", "meeting.created_by", "meeting_recipient.answered_by", "meeting_minutes.account_id", "meeting_topic.raised_by",
		"meeting_resolution.decided_by", "meeting_task.created_by", "meeting_progress.account_id", "calendar_feed.account_id",
		"rubric.created_by", "assessment.opened_by", "assessment.frozen_by", "assessment_finding.entered_by", "assessment_finding.withdrawn_by",
		"workplan.created_by", "workplan.submitted_by", "workplan.decided_by", "workplan_review.account_id", "workplan_entry.account_id",
		"dues_base.account_id", "dues_relief.account_id", "dues_relief.answered_by", "dues_payment.account_id", "birthday_greeting.account_id",
		"transfer.created_by", "transfer_step.account_id", "two_new_decision.account_id", "two_new_step.account_id", "two_new_step.struck_by",
		"assessment_sheet.frozen_by", "assessment_appeal.made_by", "assessment_appeal.answered_by",
		"appraisal_round.opened_by", "appraisal_remark.written_by", "appraisal_correction.account_id",
		"service_case.entered_by", "service_case.handler_id", "service_case.extension_by", "case_entry.account_id", "case_step.done_by", "case_route.from_by", "case_route.until_by", "patrol_entry.account_id", "household.occupants_by", "household.confirmed_by", "household.occupancy_by", "household_check.said_by", "household_check.decided_by",
		"technician.account_id", "technician_day.account_id", "technician_job.offered_by", "technician_charge.account_id",
		"resident_slip.made_by", "data_request.entered_by", "data_request.decided_by",
		"bank_account.opened_by", "bank_journal.posted_by", "bank_item.created_by", "bank_order.entered_by", "bank_order.ended_by", "bank_donation.offered_by", "bank_donation.decided_by", "bank_accord.changed_by", "region_share.since_by", "region_share.ended_by",
		"need.entered_by", "need_pledge.account_id", "need_pledge.decided_by", "need_entry.account_id", "need_proposal.decided_by", "resource.entered_by", "outlet.entered_by",
		"venue_booking.entered_by", "venue_entry.account_id",
		"hall_counter.account_id", "case_takeover.account_id", "case_takeover.ended_by", "case_paper.received_by", "case_paper.returned_by",
		"volunteer.entered_by", "volunteer_shift.created_by", "volunteer_signup.ticked_by", "volunteer_cover.account_id", "volunteer_clearance.account_id", "volunteer_thanks.account_id", "volunteer_certificate.account_id",
		"employment_seeker.entered_by", "employment_job.entered_by", "employment_job.decided_by", "employment_match.account_id", "employment_result.entered_by", "employment_certificate.issued_by", "employment_use.account_id",
		"counselling_post.account_id", "pairing_household.entered_by", "pairing_pair.account_id", "pairing_visit.account_id", "counselling_file.account_id", "counselling_session.account_id",
		"mediation.created_by", "mediation_member.account_id", "mediation_mediator.account_id", "mediation_session.account_id", "mediation_visit.account_id", "mediation_entry.account_id",
		"notice_message.account_id", "notice_template.account_id", "notice_switch.account_id", "notice_choice.account_id", "webhook_subscription.account_id",
		"cobuild.created_by", "cobuild_party.signed_by", "cobuild_task.said_by", "cobuild_task.answered_by", "cobuild_entry.account_id", "cobuild_person.account_id", "cobuild_person.entered_by", "cobuild_posts.set_by", "programme.created_by",
		"project.created_by", "project_partner.answered_by", "project_step.done_by", "project_expense.entered_by", "project_change.asked_by", "project_change.answered_by", "project_person.added_by", "project_entry.account_id",
		"catalogue_edition.account_id", "catalogue_class_edition.account_id"),
	to(Person, "account.person_id", "appointment.person_id", "audit_entry.person_id", "person_gram.person_id", "person_category.person_id", "consent.person_id", "member.person_id",
		"registration.person_id", "contact.person_id", "promise.person_id", "absence_reason.person_id", "floating_move.person_id", "claim.person_id",
		"enrolment.person_id", "attendance.person_id", "deed.person_id", "posting.person_id", "slip_line.person_id", "correction.person_id",
		"dues_base.person_id", "dues_relief.person_id", "dues_payment.person_id", "birthday_greeting.person_id",
		"evaluation.person_id", "question.person_id", "meeting_recipient.person_id", "appraisal_entry.person_id", "transfer.person_id", "service_case.person_id",
		"bank_account.person_id", "bank_order.person_id", "cobuild_person.person_id",
		"need.person_id", "venue_booking.person_id", "need_pledge.person_id", "need_help.person_id",
		"household_check.person_id", "resident_account.person_id", "resident_slip.person_id", "data_request.person_id", "counselling_file.person_id", "mediation_party.person_id", "pairing_household.person_id", "pairing_pair.person_id", "volunteer.person_id", "club_member.person_id", "employment_seeker.person_id", "employment_result.person_id", "employment_certificate.person_id"),
	to(ResidentAccount, "service_case.resident_id", "counselling_file.resident_id", "need.resident_id", "resident_session.account_id"),
	to(Organisation, "role_grant.organisation_id", "audit_entry.organisation_id", "import.organisation_id", "complaint.organisation_id",
		"organisation.parent_id", "organisation.community_id", "organisation_gram.organisation_id", "organisation_relation.from_id",
		"organisation_relation.to_id", "organisation_name.organisation_id", "organisation_act.organisation_id", "organisation_act.other_id",
		"quarter_area.community_id", "grid.community_id", "building.community_id", "household.community_id", "person.community_id",
		"person_gram.community_id", "member.home_id", "member.unit_id", "member.community_id", "registration.unit_id", "registration.community_id",
		"contact.community_id", "contact.unit_id", "promise.community_id", "promise.unit_id", "absence_reason.community_id", "absence_reason.unit_id",
		"floating_move.community_id", "floating_move.unit_id", "appointment.organisation_id", "responsibility.community_id", "claim.community_id", "claim.unit_id",
		"activity.community_id", "enrolment.community_id", "enrolment.unit_id", "attendance.community_id", "attendance.unit_id",
		"attendance.credit_id", "deed.community_id", "deed.unit_id", "posting.community_id", "posting.unit_id", "slip.community_id", "slip.unit_id",
		"correction.community_id", "evaluation.community_id", "evaluation.unit_id", "question.owner_id", "question.other_id", "saved_table.shared_id", "table_run.place_id",
		"assessment.organiser_id", "assessment_party.organisation_id", "request.owner_id", "request.office_id", "request_party.organisation_id",
		"request_due.organisation_id", "request_answer.organisation_id",
		"body.leader_id", "body_seat.organisation_id", "body_reading.organisation_id", "meeting.owner_id", "meeting_duty.owner_id", "meeting_recipient.organisation_id", "meeting_topic.owner_id",
		"meeting_topic.organisation_id", "meeting_task.owner_id", "meeting_task.organisation_id",
		"workplan.organisation_id", "workplan.reviewer_id",
		"dues_relief.branch_id", "dues_payment.branch_id", "dues_total.branch_id",
		"transfer.from_id", "transfer.to_id",
		"two_new.community_id", "two_new_decision.community_id", "two_new_decision.branch_id", "two_new_step.branch_id",
		"assessment_finding.organisation_id", "assessment_sheet.organisation_id", "assessment_appeal.organisation_id",
		"appraisal_round.organisation_id", "appraisal_entry.organisation_id",
		"service_case.community_id", "patrol_entry.community_id", "household_check.community_id", "service_case.org_id", "service_case.dispatched_by", "service_case.about_id", "case_entry.from_id", "case_entry.to_id", "case_party.org_id", "case_route.area_id", "case_route.org_id",
		"bank_account.community_id", "bank_account.org_id", "bank_journal.community_id", "bank_item.community_id", "bank_item.org_id", "bank_order.community_id", "bank_donation.org_id", "bank_donation.community_id",
		"venue.org_id", "venue.community_id", "venue_booking.org_id", "need.community_id", "need_pledge.org_id", "need_help.community_id", "need_help.unit_id", "resource.org_id", "resource.place_id", "outlet.community_id", "outlet.recommended_by",
		"cobuild.community_id", "cobuild.begun_by", "cobuild.moved_by", "cobuild.end_asked_by", "cobuild.ended_by", "cobuild_party.org_id", "cobuild_person.org_id", "cobuild_person.host_id", "cobuild_item.org_id", "cobuild_task.community_id", "cobuild_task.org_id", "cobuild_entry.org_id", "programme.org_id",
		"project.community_id", "project.lead_id", "project_partner.org_id", "project_step.org_id", "project_line.org_id", "project_expense.org_id", "project_change.org_id", "project_person.org_id", "project_entry.org_id",
		"volunteer_team.org_id", "volunteer_team.unit_id", "volunteer.org_id", "volunteer_membership.org_id", "volunteer_shift.org_id", "volunteer_signup.org_id", "volunteer_cover.org_id", "volunteer_clearance.org_id", "volunteer_thanks.org_id", "volunteer_certificate.org_id", "club.org_id", "club_member.org_id",
		"employment_seeker.org_id", "employment_job.unit_id", "employment_job.community_id", "employment_match.org_id", "employment_result.org_id", "employment_certificate.org_id", "employment_use.org_id", "employment_use.unit_id",
		"technician.org_id", "technician_area.org_id", "hall.org_id", "hall_counter.org_id", "webhook_subscription.org_id", "counselling_post.org_id", "pairing_household.org_id", "pairing_pair.org_id", "pairing_pair.unit_id", "pairing_visit.org_id", "counselling_file.org_id", "counselling_session.org_id", "mediation.org_id", "mediation_committee.org_id", "mediation_member.org_id"),
	to(Cobuild, "cobuild.renews_id", "cobuild_party.cobuild_id", "cobuild_item.cobuild_id", "cobuild_task.cobuild_id", "cobuild_entry.cobuild_id", "cobuild_person.cobuild_id"),
	to(CobuildItem, "cobuild_task.item_id"),
	to(CobuildTask, "cobuild_entry.task_id"),
	to(Programme, "cobuild_item.programme_id", "project.programme_id", "activity.programme_id"),
	to(Project, "project.copied_from", "project_need.project_id", "project_partner.project_id", "project_step.project_id", "project_line.project_id", "project_expense.project_id", "project_change.project_id", "project_person.project_id", "project_activity.project_id", "project_entry.project_id"),
	to(ProjectLine, "project_expense.line_id"),
	to(ProjectExpense, "project_expense.reverses_id"),
	to(Hall, "hall_hours.hall_id", "hall_counter.hall_id", "hall_ticket.hall_id"),
	to(Venue, "need_proposal.venue_id", "venue_hours.venue_id", "venue_day.venue_id", "venue_booking.venue_id", "venue_slot.venue_id"),
	to(VenueBooking, "venue_slot.booking_id", "venue_entry.booking_id", "need_pledge.booking_id"),
	to(EmploySeeker, "employment_match.seeker_id", "employment_result.seeker_id", "employment_certificate.seeker_id"),
	to(EmployJob, "employment_match.job_id", "employment_result.job_id"),
	to(EmployCert, "employment_use.certificate_id"),
	to(PairHousehold, "pairing_pair.household_id", "pairing_item.household_id", "pairing_visit.household_id"),
	to(PairPair, "pairing_visit.pair_id"),
	to(Volunteer, "volunteer_team.leader_id", "volunteer_membership.volunteer_id", "volunteer_signup.volunteer_id", "volunteer_signup.substitute_id", "volunteer_cover.volunteer_id", "volunteer_clearance.volunteer_id",
		"volunteer_thanks.volunteer_id", "volunteer_certificate.volunteer_id", "need_pledge.volunteer_id", "need_proposal.volunteer_id"),
	to(VolunteerTeam, "need_pledge.team_id", "project_person.team_id", "volunteer_membership.team_id", "volunteer_shift.team_id", "volunteer_signup.team_id", "volunteer_cover.team_id"),
	to(VolunteerShift, "volunteer_signup.shift_id"),
	to(VolunteerSignup, "volunteer_signup.replaces_id"),
	to(Club, "club_member.club_id", "club_activity.club_id"),
	to(CounselPost, "counselling_hours.post_id", "counselling_session.post_id"),
	to(CounselFile, "counselling_session.file_id"),
	to(HallCounter, "hall_counter_window.counter_id", "hall_ticket.counter_id", "hall_ticket_entry.counter_id"),
	to(HallTicket, "hall_ticket_entry.ticket_id"),
	to(NoticeContact, "notice_message.contact_id"),
	to(Webhook, "webhook_delivery.subscription_id"),
	to(Technician, "technician_skill.technician_id", "technician_area.technician_id", "technician_certificate.technician_id", "technician_shift.technician_id", "technician_day.technician_id", "technician_job.technician_id"),
	to(TechnicianJob, "technician_charge.job_id"),
	to(Charge, "technician_charge.counters_id"),
	to(ServiceCase, "service_case.merged_id", "case_entry.case_id", "case_entry.source_id", "case_party.case_id", "case_pause.case_id", "case_step.case_id", "technician_job.case_id", "hall_ticket.case_id", "case_takeover.case_id", "case_paper.case_id", "mediation.case_id", "need.case_id"),
	to(Mediation, "mediation_party.mediation_id", "mediation_mediator.mediation_id", "mediation_session.mediation_id", "mediation_duty.mediation_id", "mediation_visit.mediation_id", "mediation_entry.mediation_id"),
	to(MediationMember, "mediation_mediator.member_id"),
	to(MediationParty, "mediation_duty.party_id"),
	to(CatalogueItem, "service_case.item_id", "case_route.item_id", "technician_skill.item_id", "technician_job.item_id", "hall_ticket.item_id", "mediation.item_id"),
	to(BankAccount, "bank_line.account_id", "bank_order.account_id", "bank_transfer.account_id"),
	to(BankOrder, "need.order_id"),
	to(BankItem, "bank_account.item_id", "bank_order.item_id", "bank_donation.item_id"),
	to(BankJournal, "bank_line.journal_id", "bank_journal.counters_id"),
	to(BankLine, "bank_draw.line_id", "bank_draw.lot_id", "bank_line.origin_id"),
	to(Need, "need_pledge.need_id", "need_help.need_id", "need_entry.need_id", "need_proposal.need_id", "project_need.need_id", "venue_booking.need_id", "pairing_visit.need_id"),
	to(NeedPledge, "need_help.pledge_id", "need_entry.pledge_id"),
	to(Resource, "need_pledge.resource_id", "need_proposal.resource_id"),
	to(MeetingTopic, "service_case.topic_id", "need.topic_id"),
	to(Member, "project_person.member_id", "cobuild_person.member_id", "pairing_pair.member_id", "registration.member_id", "contact.member_id", "contact.with_id", "promise.member_id", "absence_reason.member_id", "floating_move.member_id",
		"claim.member_id", "need_pledge.member_id", "need_help.member_id", "enrolment.member_id", "attendance.member_id", "deed.member_id", "posting.member_id", "slip_line.member_id",
		"dues_base.member_id", "dues_relief.member_id", "dues_payment.member_id", "dues_entry.member_id", "birthday_greeting.member_id",
		"correction.member_id", "evaluation.member_id", "body_seat.member_id", "meeting_recipient.member_id", "transfer.member_id", "two_new_decision.member_id", "two_new_step.member_id", "appraisal_entry.member_id"),
	to(Grid, "building.grid_id", "household.grid_id", "person.grid_id", "member.grid_id", "responsibility.grid_id", "question.grid_id", "two_new.grid_id", "service_case.grid_id", "patrol_entry.grid_id"),
	to(Building, "household.building_id", "person.building_id", "responsibility.building_id", "activity.building_id", "question.building_id", "service_case.building_id", "patrol_entry.building_id"),
	to(QuestionRound, "question.round_id"),
	to(Request, "request_party.request_id", "request_field.request_id", "request_due.request_id", "request_answer.request_id", "request_change.request_id"),
	to(RequestDue, "request_answer.due_id"),
	to(File, "request.form_id", "request_answer.file_id"),
	to(QuarterArea, "building.quarter_id"),
	to(Household, "person.household_id", "patrol_entry.household_id", "household_check.household_id"),
	to(Import, "import_problem.import_id", "division.import_id", "organisation.import_id", "household.import_id", "person.import_id", "member.import_id", "two_new.import_id", "dues_payment.import_id", "catalogue_edition.import_id", "service_case.import_id", "outlet.import_id"),
	to(CatalogueItem, "catalogue_edition.item_id"),
	to(Workplan, "workplan_item.workplan_id"),
	to(WorkplanItem, "workplan_review.item_id", "workplan_entry.item_id"),
	to(Transfer, "transfer_step.transfer_id"),
	to(TwoNew, "two_new_step.two_new_id"),
	to(TwoNewDecision, "two_new_step.decision_id"),
	to(AuditEntry, "audit_link.entry_id"),
	to(Responsibility, "claim.responsibility_id"),
	to(Claim, "claim.renews_id", "signature.subject_id"),
	to(Activity, "club_activity.activity_id", "enrolment.activity_id", "attendance.activity_id", "meeting.activity_id", "birthday_greeting.activity_id", "employment_event.activity_id", "project_activity.activity_id"),
	to(DuesPayment, "dues_payment.counters_id", "dues_entry.payment_id"),
	to(Body, "body_seat.body_id", "body_rules.body_id", "meeting.body_id", "meeting_duty.body_id", "meeting_topic.body_id", "meeting_task.body_id", "calendar_feed.body_id"),
	to(BodyRules, "body_reading.rules_id"),
	to(Meeting, "meeting.passes_id", "meeting_duty.meeting_id", "meeting_recipient.meeting_id", "meeting_minutes.meeting_id", "meeting_topic.meeting_id", "meeting_resolution.meeting_id", "meeting_task.meeting_id", "appraisal_round.meeting_id"),
	to(AppraisalRound, "appraisal_entry.round_id", "appraisal_remark.round_id", "appraisal_mark.round_id", "appraisal_tally.round_id"),
	to(AppraisalEntry, "appraisal_remark.from_id", "appraisal_remark.about_id", "appraisal_mark.entry_id", "appraisal_tally.entry_id", "appraisal_correction.entry_id"),
	to(MeetingTopic, "meeting_resolution.topic_id"),
	to(Resolution, "meeting_task.resolution_id"),
	to(MeetingTask, "meeting_progress.task_id"),
	to(Attendance, "attendance.overlap_id"),
	to(Posting, "posting.reverses_id"),
	to(OwnFact, "own_value.fact_id"),
	to(Attachment, "attachment_part.attachment_id"),
	to(SavedTable, "table_schedule.table_id", "table_run.table_id"),
	to(Rubric, "assessment.rubric_id"),
	to(Assessment, "assessment_party.assessment_id", "assessment_finding.assessment_id", "assessment_sheet.assessment_id", "assessment_appeal.assessment_id"),
	to(Appeal, "assessment_finding.appeal_id", "assessment_sheet.appeal_id"),
	to(Slip, "slip_line.slip_id", "slip_version.slip_id", "correction.slip_id"),
	[]Reference{
		{Table: "grid", Column: "worker_id", To: []Table{Account, Person}},
		{Table: "posting", Column: "source_id", KindColumn: "source_kind", Kinds: map[string]Table{"attendance": Attendance, "deed": Deed, "help": NeedHelp, "shift": VolunteerSignup}},
		{Table: "bank_journal", Column: "source_id", KindColumn: "source_kind", Kinds: map[string]Table{"posting": Posting, "order": BankOrder, "item": BankItem, "account": BankAccount, "journal": BankJournal, "line": BankLine, "transfer": BankTransfer}},
		{Table: "deed", Column: "source_id", KindColumn: "source_kind", Kinds: map[string]Table{"attendance": Attendance}},
		{Table: "countersign", Column: "subject_id", KindColumn: "subject_kind", Kinds: map[string]Table{"attendance": Attendance, "deed": Deed}},
		{Table: "paper", Column: "subject_id", KindColumn: "kind", Kinds: map[string]Table{"slip": Slip, "volunteer": VolunteerPaper, "certificate": Member, "claim": Claim, "evaluation": Member, "two_new": TwoNewDecision, "dues": DuesPayment, "transfer": Transfer, "transfer_receipt": Transfer, "cobuild": Cobuild, "employment": EmployCert}},
		{Table: "attachment", Column: "owner_id", KindColumn: "owner_kind", Kinds: map[string]Table{"activity": Activity, "meeting": Meeting, "body_rules": BodyRules, "service_case": ServiceCase, "case_entry": CaseEntry, "catalogue_item": CatalogueItem, "mediation": Mediation, "cobuild_task": CobuildTask, "need_pledge": NeedPledge}},
		{Table: "project_step", Column: "source_id", KindColumn: "source_kind", Kinds: map[string]Table{"activity": Activity, "need": Need}},
		{Table: "project_change", Column: "subject_id", KindColumn: "what", Kinds: map[string]Table{"step": ProjectStep, "line": ProjectLine}},
		{Table: "cobuild_task", Column: "source_id", KindColumn: "source_kind", Kinds: map[string]Table{"activity": Activity, "need_pledge": NeedPledge, "meeting": Meeting, "venue_booking": VenueBooking, "pairing_visit": PairVisit, "project_step": ProjectStep}},
		{Table: "notice_contact", Column: "subject_id", KindColumn: "subject_kind", Kinds: map[string]Table{"service_case": ServiceCase}},
		{Table: "notice_message", Column: "subject_id", KindColumn: "subject_kind", Kinds: map[string]Table{"service_case": ServiceCase, "technician_job": TechnicianJob, "account": Account}},
		{Table: "own_value", Column: "subject_id", To: []Table{Person, Member, Organisation, Household, Building, Grid, QuarterArea, Activity, Attendance, Deed, Claim, Responsibility, Slip}},
		{Table: "import", Column: "file_id", To: []Table{File}, Passing: "files are removed when they expire"},
		{Table: "office_form", Column: "file_id", To: []Table{File}, Passing: "files are removed when they expire"},
		{Table: "office_form", Column: "filled_id", To: []Table{File}, Passing: "files are removed when they expire"},
		{Table: "table_run", Column: "file_id", To: []Table{File}, Passing: "files are removed when they expire"},
		{Table: "table_run", Column: "job_id", To: []Table{Job}, Passing: "finished jobs are removed after a while"},
		{Table: "table_run", Column: "previous_id", To: []Table{TableRun}, Passing: "editions are removed when they expire"},
		{Table: "question_round", Column: "form_id", Passing: "forms are removed when they expire"},
		{Table: "question", Column: "row_id", KindColumn: "subject", Kinds: map[string]Table{"person": Person, "household": Household, "building": Building,
			"quarter": QuarterArea, "grid": Grid, "organisation": Organisation, "member": Member, "activity": Activity, "attendance": Attendance,
			"responsibility": Responsibility, "claim": Claim, "deed": Deed, "slip": Slip}},
		{Table: "figure_value", Column: "place_id", To: []Table{Organisation}, Passing: "a frozen figure stays when its place is merged into another"},
		{Table: "import", Column: "job_id", To: []Table{Job}, Passing: "finished jobs are removed after a while"},
		{Table: "audit_entry", Column: "subject_id", Passing: "the record outlives sessions, tokens and other things that pass"},
	},
)

// Require is nil if every one of the IDs but 0 names a row of the table in the tenant, and NotFound otherwise: what belongs to
// another tenant is not there.
func Require(ctx context.Context, q db.Querier, tenant int64, in Table, ids ...id.ID) error {
	missing, err := absent(ctx, q, tenant, in, ids)
	if err == nil && len(missing) > 0 {
		return errs.ErrNotFound
	}
	return err
}

// RequireAny is Require for IDs that name a row of one table or of another.
func RequireAny(ctx context.Context, q db.Querier, tenant int64, in []Table, ids ...id.ID) error {
	var err error
	for _, t := range in {
		if ids, err = absent(ctx, q, tenant, t, ids); err != nil {
			return err
		}
	}
	if len(ids) > 0 {
		return errs.ErrNotFound
	}
	return nil
}

// absent gives those of the IDs that the table does not have.
func absent(ctx context.Context, q db.Querier, tenant int64, in Table, ids []id.ID) ([]id.ID, error) {
	wanted := map[id.ID]bool{}
	for _, i := range ids {
		if i != 0 {
			wanted[i] = true
		}
	}
	if len(wanted) == 0 {
		return nil, nil
	}
	for part := range slices.Chunk(slices.Sorted(maps.Keys(wanted)), 500) {
		a := &db.Args{}
		query := "SELECT t.id FROM " + string(in) + " t WHERE t.tenant_id = " + a.Add(tenant) + " AND " + db.In(a, "t.id", part)
		there, err := db.Column[id.ID](ctx, q, query, a.Values()...)
		if err != nil {
			return nil, err
		}
		for _, i := range there {
			delete(wanted, i)
		}
	}
	return slices.Sorted(maps.Keys(wanted)), nil
}

// Verify gives a sentence for each reference under which rows of the tenant name something that it does not have.
func Verify(ctx context.Context, q db.Querier, tenant int64) ([]string, error) {
	var faults []string
	for _, r := range All {
		if r.Passing != "" {
			continue
		}
		for _, c := range r.checks() {
			var n int64
			var first id.ID
			if err := q.QueryRow(ctx, c.query, tenant).Scan(&n, &first); err != nil {
				return faults, fmt.Errorf("references of %s.%s: %w", r.Table, r.Column, err)
			}
			if n > 0 {
				faults = append(faults, fmt.Sprintf("%d rows of %s name in %s %s; the lowest ID is %s", n, r.Table, r.Column, c.fault, first))
			}
		}
	}
	return faults, nil
}

type check struct{ fault, query string }

// checks are the questions that find rows with broken references: their number and the lowest ID that is named.
func (r Reference) checks() []check {
	rows := "SELECT count(*), coalesce(min(t." + r.Column + "), 0) FROM " + r.Table + " t WHERE t.tenant_id = $1 AND t." + r.Column + " <> 0"
	nowhere := func(in Table) string {
		return " AND NOT EXISTS (SELECT 1 FROM " + string(in) + " r WHERE r.tenant_id = t.tenant_id AND r.id = t." + r.Column + ")"
	}
	if r.KindColumn == "" {
		var names []string
		for _, in := range r.To {
			rows += nowhere(in)
			names = append(names, string(in))
		}
		return []check{{"what is no " + strings.Join(names, " and no ") + " of the tenant", rows}}
	}
	var out []check
	kinds := slices.SortedFunc(maps.Keys(r.Kinds), cmp.Compare)
	for _, k := range kinds {
		out = append(out, check{"what is no " + string(r.Kinds[k]) + " of the tenant", rows + " AND t." + r.KindColumn + " = '" + k + "'" + nowhere(r.Kinds[k])})
	}
	return append(out, check{"something of a kind that is not declared", rows + " AND t." + r.KindColumn + " NOT IN ('" + strings.Join(kinds, "', '") + "')"})
}

// Label is, in SQL, what an organisation is called for short: alias stands for its table in the query, which may be joined from the left.
func Label(alias string) string {
	return "coalesce(CASE WHEN " + alias + ".short_name <> '' THEN " + alias + ".short_name ELSE " + alias + ".name END, '')"
}
