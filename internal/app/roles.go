package app

import (
	"context"
	"errors"
	"slices"

	"linli/internal/activity"
	"linli/internal/agreement"
	"linli/internal/appointment"
	"linli/internal/appraisal"
	"linli/internal/ask"
	"linli/internal/assess"
	"linli/internal/audit"
	"linli/internal/authn"
	"linli/internal/authz"
	"linli/internal/body"
	"linli/internal/burden"
	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/cobuild"
	"linli/internal/complaint"
	"linli/internal/counselling"
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
	"linli/internal/i18n"
	"linli/internal/jobs"
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
	"linli/internal/request"
	"linli/internal/resident"
	"linli/internal/retention"
	"linli/internal/table"
	"linli/internal/technician"
	"linli/internal/transfer"
	"linli/internal/twonew"
	"linli/internal/venue"
	"linli/internal/volunteer"
	"linli/internal/webhook"
	"linli/internal/workplan"
)

// The codes of the standard roles. Nothing asks for a role by its code but the demonstration, the command line and tests.
const (
	RolePlatform    = "platform_admin"
	RoleDistrict    = "district"
	RoleSubdistrict = "subdistrict"
	RoleSecretary   = "secretary"
	RoleWorker      = "worker"
	RoleTreasurer   = "treasurer"
	RoleLiaison     = "liaison"
	RoleMember      = "member"
	RoleAuditor     = "auditor"
	RoleConnected   = "connected_system"
	RoleTechnician  = "technician"
	RoleCounsellor  = "counsellor"
)

type perms = []authz.Permission

// Everybody who works for a community or above sees the tree and its places; directory holds what every role may look up.
var (
	directory = perms{complaint.PermMake, organisation.PermFind, place.PermDivisions, activity.PermBrowse, catalogue.PermSee}
	looking   = perms{organisation.PermSee, appointment.PermSee, place.PermSee, feedback.PermSee, activity.PermSee, deed.PermSee, ledger.PermSee, member.PermSee, agreement.PermSee,
		fact.PermSee, fact.PermTeach, figure.PermSee, fill.PermFill, ask.PermAsk, assess.PermSee, request.PermSee, table.PermUse,
		body.PermSee, meeting.PermSee, meeting.PermRaise, twonew.PermSee, workplan.PermSee, dues.PermBirthdays, appraisal.PermSee, transfer.PermSee, casework.PermSee, technician.PermSee, hall.PermSee, counselling.PermCount, mediation.PermSee, exchange.PermSee, outlet.PermSee, venue.PermSee, lovebank.PermSee, cobuild.PermSee, project.PermSee, pairing.PermSee, pairing.PermHelp, volunteer.PermSee, employment.PermSee}
)

// own is what a person may do with their own records.
var own = perms{
	feedback.PermSeeOwn, feedback.PermAskOwn,
	activity.PermSeeOwn, activity.PermEnrolOwn, activity.PermSignOwn, deed.PermSeeOwn, deed.PermProposeOwn, ledger.PermSeeOwn,
	person.PermSeeOwn, person.PermLooksOwn, person.PermConsentOwn,
	member.PermSeeOwn, member.PermRegisterOwn, member.PermPromiseOwn, member.PermPlaqueOwn, agreement.PermOwn, ask.PermAnswerOwn,
	meeting.PermOwn, dues.PermOwn, appraisal.PermOwn,
	transfer.PermAskOwn, exchange.PermOwn, lovebank.PermOwn, pairing.PermOwn, volunteer.PermOwn, cobuild.PermOwn,
}

// serving is what a community's people do around activities and deeds.
var serving = perms{
	activity.PermPlan, activity.PermHold, activity.PermEnrol, activity.PermCountersign,
	deed.PermPropose, deed.PermDecide, deed.PermCountersign,
	member.PermEdit, member.PermAccept, member.PermContact, member.PermTalk,
	agreement.PermPropose, agreement.PermSign, agreement.PermEnd,
	ask.PermAnswer, request.PermAnswer,
	meeting.PermPlan,
	twonew.PermKeep, dues.PermGreet,
	workplan.PermKeep,
	transfer.PermStart,
	casework.PermEnter, casework.PermDispatch, casework.PermWork, casework.PermReveal, technician.PermDispatch,
	hall.PermServe, hall.PermTakeOver, mediation.PermServe,
	exchange.PermEnter, exchange.PermKeep, exchange.PermReveal, exchange.PermResources, outlet.PermKeep,
	venue.PermBook, venue.PermKeep, venue.PermReveal,
	lovebank.PermKeep,
	cobuild.PermKeep, cobuild.PermReveal, project.PermKeep,
	pairing.PermManage, volunteer.PermManage, employment.PermManage,
}

// StandardRoles are the roles that every tenant has (SEC-2: system, business and audit lie in different hands).
func StandardRoles() []authn.Role {
	worker := slices.Concat(directory, looking, serving, perms{
		place.PermEdit, organisation.PermContact, organisation.PermEdit, feedback.PermReview,
		person.PermSee, person.PermEdit, person.PermReveal, person.PermConsent, person.PermLooks,
		patrol.PermEnter, patrol.PermSee, dataright.PermEnter, resident.PermSlip,
	})
	secretary := slices.Concat(worker, perms{
		organisation.PermAttach, organisation.PermImport, organisation.PermFound, appointment.PermKeep,
		feedback.PermEvaluate, authn.PermSee, authn.PermAdmin, burden.PermSee, person.PermImport, person.PermExport,
		member.PermImport, member.PermCertificate, agreement.PermOffer, assess.PermAppeal, request.PermRegister,
		body.PermKeep,
		twonew.PermImport, twonew.PermDecide,
		dues.PermSee, dues.PermApprove,
		appraisal.PermOpen, appraisal.PermKeep,
		transfer.PermDecide,
		casework.PermConfidential, mediation.PermMediate, mediation.PermCommittee, dataright.PermDecide,
		hall.PermManage, counselling.PermKeep,
		cobuild.PermSign,
	})
	// Who keeps a branch's dues sees what nobody above sees; it is given at the branch (or at the community that keeps the dues of its branches), on top
	// of any other role.
	treasurer := slices.Concat(directory, perms{organisation.PermSee, member.PermSee, dues.PermKeep, dues.PermSee, dues.PermBirthdays})
	subdistrict := slices.Concat(directory, looking, perms{
		organisation.PermAttach, organisation.PermImport, organisation.PermFound, organisation.PermEdit, organisation.PermChange, organisation.PermContact, appointment.PermKeep,
		place.PermEdit, authn.PermSee, authn.PermAdmin, burden.PermSee, person.PermSee, person.PermImport, person.PermLooks, member.PermImport, assess.PermHold, request.PermRegister, request.PermAnswer,
		body.PermKeep, meeting.PermPlan, activity.PermHost,
		twonew.PermKeep, twonew.PermImport, twonew.PermDecide,
		workplan.PermKeep, workplan.PermReview,
		dues.PermSee, dues.PermApprove,
		appraisal.PermOpen,
		transfer.PermStart, transfer.PermDecide,
		casework.PermEnter, casework.PermDispatch, casework.PermWork, casework.PermReveal, casework.PermConfidential, casework.PermApprove, casework.PermSupervise, casework.PermRoute,
		technician.PermDispatch, technician.PermKeep, dataright.PermDecide,
		hall.PermManage, hall.PermServe, hall.PermTakeOver, counselling.PermKeep, mediation.PermCommittee,
		exchange.PermEnter, exchange.PermKeep, exchange.PermReveal, exchange.PermResources, outlet.PermKeep,
		venue.PermBook, venue.PermKeep, venue.PermReveal,
		lovebank.PermKeep,
		cobuild.PermKeep, cobuild.PermSign, cobuild.PermReveal, cobuild.PermProgrammes, project.PermKeep,
		volunteer.PermManage,
	})
	district := slices.Concat(subdistrict, perms{
		complaint.PermAnswer, place.PermImport, feedback.PermClose, figure.PermKeep, policy.PermSee, policy.PermSet, jobs.PermSee, jobs.PermRetry, activity.PermKinds, person.PermPurpose, retention.PermSee, fact.PermDefine, assess.PermRubric,
		meeting.PermKinds, casework.PermKinds, catalogue.PermKeep,
		notice.PermSee, notice.PermKeep, webhook.PermManage,
		lovebank.PermAccord,
	})
	return []authn.Role{
		role(RolePlatform, i18n.AccountRolePlatform, true, []string{"*"}, directory, perms{
			authn.PermSee, authn.PermAdmin, authn.PermRoles, complaint.PermAnswer, policy.PermSee, policy.PermSet, jobs.PermSee, jobs.PermRetry, burden.PermSee, retention.PermSee,
			organisation.PermSee, organisation.PermFound, organisation.PermEdit, organisation.PermChange, organisation.PermAttach, organisation.PermImport,
			place.PermSee, place.PermImport, activity.PermKinds,
		}),
		role(RoleDistrict, i18n.AccountRoleDistrict, true, []string{RoleDistrict, RoleSubdistrict, RoleSecretary, RoleWorker, RoleTreasurer, RoleLiaison, RoleMember, RoleTechnician, RoleCounsellor, RoleConnected}, district),
		role(RoleSubdistrict, i18n.AccountRoleSubdistrict, true, []string{RoleSubdistrict, RoleSecretary, RoleWorker, RoleTreasurer, RoleLiaison, RoleMember, RoleTechnician, RoleCounsellor}, subdistrict),
		role(RoleSecretary, i18n.AccountRoleSecretary, true, []string{RoleWorker, RoleTreasurer, RoleLiaison, RoleMember, RoleTechnician, RoleCounsellor}, secretary),
		role(RoleWorker, i18n.AccountRoleWorker, true, nil, worker),
		role(RoleTreasurer, i18n.AccountRoleTreasurer, true, nil, treasurer),
		role(RoleLiaison, i18n.AccountRoleLiaison, true, nil, directory, perms{organisation.PermSee, organisation.PermEdit, feedback.PermSee, feedback.PermAnswer,
			activity.PermSee, activity.PermEnrol, deed.PermSee, deed.PermPropose, ledger.PermSee,
			member.PermSee, member.PermEdit, member.PermTalk, member.PermRegister, member.PermImport, agreement.PermSee, agreement.PermPropose, ask.PermAnswer, assess.PermSee, assess.PermAppeal,
			body.PermSee, meeting.PermSee, meeting.PermRaise, meeting.PermPlan, activity.PermHold, transfer.PermSee, transfer.PermStart, casework.PermSee, casework.PermWork, casework.PermReveal, exchange.PermOffer,
			venue.PermSee, venue.PermBook, venue.PermKeep, venue.PermReveal, lovebank.PermOffer, cobuild.PermUnit, cobuild.PermSign, cobuild.PermReveal, project.PermUnit, pairing.PermHelp, pairing.PermUnit, employment.PermUnit}),
		role(RoleMember, i18n.AccountRoleMember, false, nil, directory, own),
		role(RoleTechnician, i18n.AccountRoleTech, false, nil, directory, perms{technician.PermServe}),
		role(RoleCounsellor, i18n.AccountRoleCounsellor, true, nil, directory, perms{organisation.PermSee, counselling.PermServe}), // reads their own files, which nobody else does
		role(RoleAuditor, i18n.AccountRoleAuditor, true, nil, directory, perms{audit.PermRead, authn.PermSee, policy.PermSee, jobs.PermSee, burden.PermSee, retention.PermSee, person.PermLooks}),
		role(RoleConnected, i18n.AccountRoleConnected, true, nil, perms{casework.PermConnect}), // a program's account: it sends cases in, and may do nothing else
	}
}

func role(code string, name i18n.Text, staff bool, gives []string, sets ...perms) authn.Role {
	all := slices.Concat(sets...)
	slices.Sort(all)
	return authn.Role{Code: code, Name: name.In(i18n.ZH), NameEN: name.In(i18n.EN), Permissions: slices.Compact(all), Gives: gives, Staff: staff, BuiltIn: true}
}

// Permissions are all permissions that there are: each stands in a standard role (a test sees to it).
func Permissions() []authz.Permission {
	var all perms
	for _, r := range StandardRoles() {
		all = append(all, r.Permissions...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// syncRoles brings the standard roles of every tenant up to this version's, and gives the standard kinds of activity, meeting and case and the standard catalogue to one that has
// none.
func (a *App) syncRoles(ctx context.Context) error {
	tenants, err := a.Tenants(ctx)
	if err != nil {
		return err
	}
	for _, tenant := range tenants {
		err := a.DB.WithTx(ctx, func(tx *db.Tx) error {
			if err := authn.SyncRolesTx(ctx, tx, tenant, StandardRoles()); err != nil {
				return err
			}
			if err := errors.Join(a.Activity.PrepareTx(ctx, tx, tenant), a.Meeting.PrepareTx(ctx, tx, tenant), a.Casework.PrepareTx(ctx, tx, tenant)); err != nil { // a tenant that is older than these kinds
				return err
			}
			return a.Catalogue.PrepareTx(ctx, tx, tenant) // or than the catalogue
		})
		if err != nil {
			return err
		}
	}
	return nil
}
