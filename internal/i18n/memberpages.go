package i18n

// The pages of members: lists, one member, registrations, certificates, floating members, reasons.
var (
	MemberSearch      = text("姓名或拼音首字母", "Name or initials")
	MemberNone        = text("这里还没有党员。可以逐个登记，也可以导入党员名册。", "No members yet. Enter them one by one, or import a register.")
	MemberNew         = text("登记党员", "Enter a member")
	MemberEditAct     = text("修改资料", "Edit")
	MemberEndAct      = text("终止记录", "End the record")
	MemberEndHelp     = text("转出本区、去世、出党等情况下终止。报到、认领和证件同时结束，记录保留。", "For members who left the district, died or left the Party. Registration, claims and certificate end with it; the record is kept.")
	MemberImport      = text("导入名册", "Import")
	MemberBooklet     = text("联系册", "Contact booklet")
	MemberState       = text("报到状态", "Registration")
	MemberHomeLabel   = text("党支部", "Branch")
	MemberNoHome      = text("无归属支部", "No home branch")
	MemberRegistered  = text("已报到", "Registered")
	MemberNotYet      = text("未报到", "Not registered")
	MemberWaitsAt     = text("待“{0}”接收", "Waits for “{0}”")
	MemberShow        = text("显示", "Show")
	MemberShowEnded   = text("已终止的记录", "Ended records")
	MemberShowPlaque  = text("公开亮身份", "With a public plaque")
	MemberShowAway    = text("流动中", "Floating")
	MemberAll         = text("党员", "Members")
	MemberRegisteredN = text("在职党员已报到", "In-service members registered")
	MemberCreated     = text("已登记{0}。", "{0} was entered.")
	MemberCounter     = text("{0}已在名册中，现已在本社区报到。", "{0} was on the register already and is now registered here.")
	MemberSaved       = text("已保存。", "Saved.")
	MemberEndDone     = text("已终止{0}的记录。", "The record of {0} was ended.")
	MemberWho         = text("本人", "The person")
	MemberParty       = text("党员信息", "Membership")
	MemberIDHint      = text("用于认人和避免重复，加密保存，页面上只显示遮盖后的号码。", "Recognises the person and avoids doubles; kept encrypted, shown masked.")
	MemberAtCounter   = text("报到社区（柜台登记）", "Register in (at the counter)")
	MemberCounterHint = text("凭登记表在社区柜台办理时选择，保存后即为已报到。", "For members who come to the counter with the form; saving registers them.")
	MemberOn          = text("日期", "Date")
	MemberReasonLabel = text("原因", "Reason")

	MemberTabOverview = text("概况", "Overview")
	MemberTabClaims   = text("认领", "Claims")
	MemberTabContacts = text("联系", "Contacts")
	MemberTabPromises = text("承诺与原因", "Promises and reasons")
	MemberTabPapers   = text("证件与表单", "Papers")
	MemberTabHistory  = text("历史", "History")
	MemberPosts       = text("认领的责任区、岗位", "Claimed")
	MemberLedger      = text("服务台账", "Ledger")
	MemberLedgerOpen  = text("看本年时长与实事", "Hours and deeds of the year")
	MemberPhoneMasked = text("手机号（遮盖）", "Phone (masked)")
	MemberIDMasked    = text("身份证号（遮盖）", "ID number (masked)")
	MemberEndedOn     = text("终止日期", "Ended on")

	ContactAdd       = text("记一次联系", "Record a contact")
	ContactKindLabel = text("方式", "How")
	ContactNote      = text("内容", "What")
	ContactFollowUp  = text("下次联系", "Follow up on")
	ContactNone      = text("还没有联系记录。", "No contacts yet.")
	TalkTitle        = text("谈心谈话", "Talks")
	TalkLead         = text("支委之间、支委与党员、党员与党员，每年各不少于一次。这里只列出今年还没有谈过的，按“记一次”就从名单里去掉；谈话双方的联系记录里都能看到。", "Each two of the committee, committee and members, members among themselves: once a year each. Only what is missing is listed; one press records a talk, which stands on the record of both.")
	TalkBranch       = text("支部", "Branch")
	TalkPairs        = text("支委之间", "Among the committee")
	TalkPairWho      = text("还没有谈过的", "Not yet")
	TalkPairsNone    = text("支委之间今年都谈过了。", "All of the committee have talked this year.")
	TalkNoCommittee  = text("“职务”里没有登记支委会成员，不列支委之间、支委与党员两项。", "No posts of the committee are entered, so only talks among members are listed.")
	TalkGaps         = text("党员", "Members")
	TalkGapsNone     = text("党员今年都谈过了。", "All members have had their talks this year.")
	TalkByOffice     = text("与支委", "With the committee")
	TalkByFellow     = text("与其他党员", "With another member")
	TalkPress        = text("记一次：{0}", "Record: with {0}")
	TalkPressPair    = text("记一次", "Record")
	TalkPairNames    = text("{0} 与 {1}", "{0} and {1}")
	TalkDone         = text("谈话已记录，双方的联系记录里都有。", "The talk is on the record of both.")
	TalkAdd          = text("记一次谈话（改日期、对象或写内容）", "Record a talk in detail")
	TalkOne          = text("谈话人", "Member")
	TalkOther        = text("谈话对象", "With")
	TalkReasonLabel  = text("事由", "Reason")
	TalkOfTheYear    = text("年度谈话", "Talk of the year")
	TalkHardship     = text("生活困难", "Hardship")
	TalkIllness      = text("生病住院", "Illness")
	TalkDiscipline   = text("受到处分", "Discipline")
	TalkComplaint    = text("有反映", "Complaints")
	TalkUsual        = text("谈心谈话", "Talk")
	TalkNobody       = text("名册里没有这名党员，或不归您管。", "No such member here.")
	TalkOneself      = text("谈话双方要是两个人。", "A talk is between two people.")
	TalkWith         = text("与 {0}", "with {0}")
	TalkNone         = text("名册里还没有组织关系在您这里的党员。", "No member's formal relation is here yet.")
	ContactDone      = text("已记录。", "Recorded.")

	PromiseBody   = text("承诺内容", "Promise")
	PromiseDue    = text("完成日期", "By")
	PromiseAdd    = text("作出承诺", "Make a promise")
	PromiseNone   = text("还没有承诺。", "No promises yet.")
	PromiseKeptDo = text("已兑现", "Kept")
	PromiseNotDo  = text("未兑现", "Not kept")
	PromiseResult = text("结果或原因", "Result or reason")
	PromiseMade   = text("已记下这项承诺。", "The promise was recorded.")
	PromiseDone   = text("已办结这项承诺。", "The promise was closed.")

	AbsenceAdd    = text("登记原因", "Record a reason")
	AbsenceWhy    = text("原因", "Reason")
	AbsenceNote   = text("说明", "Note")
	AbsenceNone   = text("没有登记原因。", "No reasons recorded.")
	AbsenceEnd    = text("已解决", "No longer holds")
	AbsenceSince  = text("{0} 起", "since {0}")
	AbsenceDone   = text("已登记。", "Recorded.")
	AbsenceEnded  = text("已标为解决。", "It no longer holds.")
	AbsencePeople = text("人数", "People")
	AbsenceHelp   = text("只用来改进工作安排：点人数看名单，不对个人排名。", "For better arrangements only: press a number for its records. Nobody is ranked.")
	AbsenceMember = text("党员", "Member")

	FloatingAdd     = text("登记流动", "Record a move")
	FloatingDir     = text("流向", "Direction")
	FloatingPlace   = text("地点", "Place")
	FloatingOther   = text("对方党组织", "Organisation there")
	FloatingFrom    = text("开始日期", "Since")
	FloatingLast    = text("最近联系", "Last contact")
	FloatingDays    = text("{0} 天前", "{0} days ago")
	FloatingBackAct = text("登记返回", "Record the return")
	FloatingBackOn  = text("返回日期", "Back on")
	FloatingNone    = text("没有流动中的党员。", "No floating members.")
	FloatingOverdue = text("超期未联系", "No contact for too long")
	FloatingDone    = text("已登记。", "Recorded.")
	FloatingStation = text("流动党员活动站", "Floating members' station")
	FloatingEnded   = text("已返回", "Back")

	PlaqueNumber = text("编号", "Number")
	PlaqueMotto  = text("格言", "Motto")
	PlaqueShown  = text("在社区公开亮身份", "Show my plaque to the community")
	PlaqueHint   = text("公开后，扫码的人可以看到您的姓名、格言、社区和认领的岗位，看不到电话等信息。随时可以关闭。", "Whoever scans it sees your name, motto, community and posts, nothing else. You can switch it off at any time.")
	PlaqueOpen   = text("看公开页面", "See the public page")
	PlaqueSaved  = text("已保存。", "Saved.")
	PlaqueHere   = text("我是共产党员", "I am a member of the Communist Party of China")
	PlaqueSave   = text("保存亮身份牌", "Save the plaque")

	CertificateNumber  = text("编号", "Number")
	CertificateIssued  = text("发证日期", "Issued")
	CertificateState   = text("状态", "State")
	CertificateInForce = text("有效", "In force")
	CertificateRevoked = text("已作废：{0}", "Revoked: {0}")
	CertificateIssue   = text("发证", "Issue certificate")
	CertificateReissue = text("补发新证", "Reissue")
	CertificateRevoke  = text("作废", "Revoke")
	CertificatePrint   = text("打印证件", "Print certificates")
	CertificateOpen    = text("打印证件（PDF）", "Certificate (PDF)")
	CertificateOld     = text("名册资料在发证后有变化，请换发新证。", "The register has changed since; issue a new certificate.")
	CertificateDone    = text("已发证 {0} 份，其余证件仍然有效。", "{0} certificates issued; the others are still in force.")
	CertificateRare    = text("{0}的名称里有印不出的字：{1}。没有发证；请先装入本机构的字库，或在党员页面确认后单独发证。", "The names of {0} hold characters that cannot be printed: {1}. Nothing was issued; install the institution's font, or issue it on the member's page.")
	CertificateRareOne = text("这些字印不出：{0}。打印件上会标出字码。", "These characters cannot be printed: {0}. The paper will show their codes.")
	CertificateAnyway  = text("仍然发证", "Issue anyway")
	CertificateRevDone = text("证件已作废。", "The certificate was revoked.")
	CertificateNew     = text("已补发新证。", "A new certificate was issued.")
	CertificateNoneYet = text("还没有发证。", "No certificate yet.")
	CertificateScan    = text("出示此码，对方扫码即可核验。", "Show this code; scanning it verifies the certificate.")
	CertificateAsk     = text("证件由社区发放，请联系社区工作人员。", "The community issues certificates; please ask there.")

	PaperForm    = text("报到登记表", "Registration form")
	PaperSlip    = text("联系单", "Contact slip")
	PaperCard    = text("联系卡", "Contact card")
	PaperBooklet = text("{0} 党员联系册", "Contacts of {0}")
	PaperPeriod  = text("截至 {0}", "as of {0}")
	PaperOpen    = text("打开 PDF", "Open PDF")
	PaperDay     = text("{0}年{1}月{2}日", "{0}-{1}-{2}")
	PaperComma   = text("、", ", ")
	PaperOthers  = text("社区支部及其他", "Community branch and others")

	RegistrationStart        = text("发起报到", "Start registration")
	RegistrationStartN       = text("为 {0} 人发起报到", "Start {0} registrations")
	RegistrationHelp         = text("社区已按本人居住地填好；不知道的请补选。提交后由社区接收。", "The community where each person lives is filled in; choose where it is not known. The communities will accept them.")
	RegistrationTo           = text("报到社区", "Community")
	RegistrationSkip         = text("不发起：{0}", "Left out: {0}")
	RegistrationDone         = text("已发起 {0} 人的报到，等社区接收。", "{0} registrations were started and wait for their communities.")
	RegistrationPick         = text("请先选择党员。", "Choose members first.")
	RegistrationAccept       = text("接收", "Accept")
	RegistrationAcceptN      = text("接收所选", "Accept selected")
	RegistrationTaken        = text("已接收 {0} 人。", "{0} were accepted.")
	RegistrationReturn       = text("退回", "Return")
	RegistrationBack         = text("已退回，对方会看到原因。", "Returned; the other side sees the reason.")
	RegistrationWithdraw     = text("撤回", "Withdraw")
	RegistrationUndone       = text("已撤回。", "Withdrawn.")
	RegistrationEnd          = text("结束报到", "End registration")
	RegistrationOver         = text("报到已结束。", "The registration was ended.")
	RegistrationMove         = text("转到其他社区", "Move to another community")
	RegistrationMoved        = text("已向新社区发起报到。", "The member was reported to the new community.")
	RegistrationNone         = text("没有报到记录。", "No registrations.")
	RegistrationEmpty        = text("没有等待接收的报到。", "Nothing waits to be accepted.")
	RegistrationAt           = text("发起时间", "Started")
	RegistrationBy           = text("发起方式", "Started by")
	RegistrationLives        = text("住本社区", "Lives here")
	RegistrationState        = text("状态", "State")
	RegistrationWhy          = text("退回原因（本人和单位会看到）", "Reason (shown to the member and the unit)")
	RegistrationOne          = text("{0}的报到", "Registration of {0}")
	RegistrationMine         = text("我的报到", "My registration")
	RegistrationIn           = text("已在“{0}”报到（{1}）", "Registered in “{0}” since {1}")
	RegistrationReturnedMine = text("社区退回了报到：{0}", "The community returned it: {0}")
	RegistrationAsk          = text("您还没有到居住社区报到。已按您的住址填好社区，可以修改。", "You are not registered yet. The community where you live is filled in; change it if it is wrong.")
	RegistrationBranch       = text("您是社区支部党员，不需要另外报到。", "You belong to the community's branch and need not register.")

	WaitRegistrationAccept   = text("{0} 人的报到等待接收", "{0} registrations to accept")
	WaitRegistrationReturned = text("{0} 人的报到被退回", "{0} registrations were returned")
	WaitRegistrationStart    = text("{0} 名在职党员还没有发起报到", "{0} in-service members are not reported yet")
	WaitRegistrationStartOwn = text("您还没有到居住社区报到", "You are not registered in your community yet")
	WaitRegistrationBackOwn  = text("您的报到被退回，请看原因", "Your registration was returned; see why")
	WaitPromiseDue           = text("{0} 项承诺到期", "{0} promises are due")
	WaitFloatingContact      = text("{0} 名流动党员超期未联系", "{0} floating members without contact for too long")
	WaitContactFollowUp      = text("{0} 次约好的联系到期", "{0} contacts to follow up")
	WaitMemberHome           = text("{0} 名党员无归属支部", "{0} members without a home branch")
	WaitClaimSign            = text("{0} 份认领等社区签字", "{0} claims for the community to sign")
	WaitClaimSignOwn         = text("{0} 份认领等您签字", "{0} claims for you to sign")
	WaitClaimRenew           = text("{0} 份认领快到期", "{0} claims end soon")

	MemberMine     = text("我的", "Mine")
	MemberMineNone = text("您的账号还没有对应的党员记录，请联系社区或单位联络员。", "No member record belongs to your account; ask your community or liaison.")
	NavWork        = text("党员与服务", "Members and service")
)

// MemberAction is what an act on a member or a claim is called in its history.
func MemberAction(action string) Text {
	if t, ok := memberActions[action]; ok {
		return t
	}
	return Verbatim(action)
}

var memberActions = map[string]Text{
	"member.register":       text("登记", "Entered"),
	"member.import":         text("导入", "Imported"),
	"member.edit":           text("修改资料", "Edited"),
	"member.end":            text("终止记录", "Record ended"),
	"registration.start":    text("发起报到", "Registration started"),
	"registration.accept":   text("社区接收报到", "Registration accepted"),
	"registration.return":   text("社区退回报到", "Registration returned"),
	"registration.withdraw": text("撤回报到", "Registration withdrawn"),
	"registration.end":      text("结束报到", "Registration ended"),
	"registration.move":     text("转到其他社区", "Moved to another community"),
	"certificate.issue":     text("发证", "Certificate issued"),
	"certificate.revoke":    text("证件作废", "Certificate revoked"),
	"contact.add":           text("记录联系", "Contact recorded"),
	"promise.make":          text("作出承诺", "Promise made"),
	"promise.close":         text("办结承诺", "Promise closed"),
	"absence.add":           text("登记未参加原因", "Reason recorded"),
	"absence.end":           text("原因已解决", "Reason ended"),
	"floating.move":         text("登记流动", "Move recorded"),
	"floating.back":         text("登记返回", "Return recorded"),
	"plaque.set":            text("修改亮身份牌", "Plaque changed"),
	"claim.propose":         text("提出认领", "Claim proposed"),
	"claim.sign":            text("签字", "Signed"),
	"claim.declined":        text("不同意", "Declined"),
	"claim.withdrawn":       text("撤回认领", "Claim withdrawn"),
	"claim.end":             text("结束认领", "Claim ended"),
	"claim.renew":           text("提出续签", "Renewal proposed"),
}
