package i18n

import "strings"

// Members, their kinds and what the register keeps of them.
var (
	MemberTitle         = text("党员", "Members")
	MemberName          = text("姓名", "Name")
	MemberKind          = text("党员类别", "Kind of member")
	MemberKindCommunity = text("社区支部党员", "Member of a community branch")
	MemberKindInService = text("在职党员", "In-service member")
	MemberKindFloating  = text("下岗流动党员", "Laid-off or floating member")
	MemberStanding      = text("党员身份", "Membership")
	MemberFull          = text("正式党员", "Full member")
	MemberProbationary  = text("预备党员", "Probationary member")
	MemberHome          = text("组织关系所在党支部", "Branch of the formal relation")
	MemberUnit          = text("所在单位", "Unit")
	MemberCommunity     = text("报到社区", "Registered in")
	MemberLives         = text("居住社区", "Lives in")
	MemberGrid          = text("网格", "Grid")
	MemberJoined        = text("入党日期", "Joined on")
	MemberFullOn        = text("转正日期", "Full member since")
	MemberPhone         = text("手机号", "Mobile phone")
	MemberSkills        = text("特长", "Skills")
	MemberSince         = text("报到日期", "Registered since")

	MemberUnitNeeded       = text("在职党员须填写所在单位。", "An in-service member needs a unit.")
	MemberHomeNeeded       = text("请选择社区党组织或其下的党支部。", "Choose the community or one of its branches.")
	MemberHomeNotCommunity = text("社区支部党员的组织关系应在社区党组织或其下的党支部。", "A community-branch member belongs to the community or a branch below it.")
	MemberOrgGone          = text("“{0}”已于 {1} 撤销，请另选。", "“{0}” was dissolved on {1}; choose another.")
	MemberNotUnit          = text("“{0}”不是单位，请另选。", "“{0}” is no unit; choose another.")
	MemberNotBranch        = text("“{0}”不是党组织，请另选。", "“{0}” is no Party organisation; choose another.")
	MemberDateFuture       = text("日期不能晚于今天。", "The date cannot be after today.")
	MemberFullBeforeJoined = text("转正日期不能早于入党日期。", "The date of full membership cannot be before joining.")
	MemberFullProbationary = text("预备党员还没有转正日期；如已转正，请把身份改为正式党员。", "A probationary member has no such date; change the membership if it is full now.")
	MemberEnded            = text("这条党员记录已于 {0} 终止，不能再变更。", "This member's record ended on {0} and cannot be changed any more.")
	MemberAlready          = text("{0}已在党员名册中，不必重复登记。", "{0} is on the register already.")
	MemberElsewhere        = text("此人已在本区其他单位或社区的党员名册中。请与其所在单位联系，或在社区柜台凭登记表报到。", "This person is on the register of another unit or community. Ask their unit, or register them at the counter with the form.")
	MemberKindRegistered   = text("该党员有在办或已接收的报到，请先结束报到再改类别。", "The member has an open registration; end it before changing the kind.")
	MemberKindChanged      = text("党员类别变更", "kind of member changed")
	MemberHomeChanged      = text("组织关系转出社区", "formal relation moved to another community")

	MemberPolicyContact = text("流动党员多少天未联系列入提醒", "Days without contact after which a floating member is listed")
	MemberPolicyDays    = text("天", "days")
)

// Two-way registration.
var (
	RegistrationTitle       = text("双报到", "Registrations")
	RegistrationProposed    = text("待接收", "Waiting to be accepted")
	RegistrationAccepted    = text("已接收", "Accepted")
	RegistrationReturned    = text("已退回", "Returned")
	RegistrationWithdrawn   = text("已撤回", "Withdrawn")
	RegistrationEnded       = text("已结束", "Ended")
	RegistrationByUnit      = text("单位发起", "Started by the unit")
	RegistrationByMember    = text("本人发起", "Started by the member")
	RegistrationByCommunity = text("社区柜台登记", "Entered at the community's counter")

	RegistrationNotProposed = text("这次报到现在是“{0}”，不能再这样处理。请刷新后看最新情况。", "This registration is now “{0}”; reload to see how it stands.")
	RegistrationNotAccepted = text("这次报到现在是“{0}”，只有已接收的报到可以结束。", "This registration is now “{0}”; only an accepted one can be ended.")
	RegistrationEndEarly    = text("结束日期不能早于接收日期 {0}。", "The end cannot be before it was accepted on {0}.")
	RegistrationNotNeeded   = text("{0}是社区支部党员，已属于本社区，不必报到。", "{0} belongs to the community's own branch and need not register.")
	RegistrationWhere       = text("请选择{0}要报到的社区；系统不知道本人住在哪个社区。", "Choose the community for {0}; the platform does not know where the person lives.")
	RegistrationNoCommunity = text("请选择一个社区。", "Choose a community.")
	RegistrationWaits       = text("{0}已于 {2} 向“{1}”报到，正在等社区接收，不能重复发起。", "{0} was reported to “{1}” on {2} and waits there; it cannot be started twice.")
	RegistrationThere       = text("{0}已于 {2} 在“{1}”报到。如已搬家，请用“转到其他社区”。", "{0} is registered in “{1}” since {2}. Use “move to another community” after a move.")
	RegistrationTwice       = text("刚刚有人为{0}发起了报到，不能重复发起。", "Somebody has just started a registration for {0}.")
	RegistrationSame        = text("已经在这个社区，请选择另一个社区。", "That is the present community; choose another.")
)

// Contacts, promises, reasons, floating members, plaques, certificates.
var (
	ContactTitle   = text("联系记录", "Contacts")
	ContactVisit   = text("走访", "Visit")
	ContactCall    = text("电话", "Call")
	ContactTalk    = text("谈心谈话", "Talk")
	ContactMessage = text("信息", "Message")
	ContactMeeting = text("见面", "Meeting")

	PromiseTitle   = text("承诺", "Promises")
	PromiseOpen    = text("践诺中", "Open")
	PromiseKept    = text("已兑现", "Kept")
	PromiseNotKept = text("未兑现", "Not kept")
	PromiseClosed  = text("这项承诺已经办结（{0}）。", "This promise is closed already ({0}).")
	PromiseDuePast = text("完成日期不能早于今天。", "The day cannot be before today.")

	AbsenceTitle       = text("未参加原因", "Reasons for not taking part")
	AbsenceTrouble     = text("怕麻烦", "Fear of trouble")
	AbsencePride       = text("放不下面子", "Pride")
	AbsenceDistance    = text("离单位或社区远", "Lives far away")
	AbsenceNoMechanism = text("缺少机制和渠道", "No mechanism")
	AbsenceNoTime      = text("工作时间冲突", "No time")
	AbsenceHealth      = text("身体或家庭原因", "Health or family")
	AbsenceNotAsked    = text("没有人联系", "Nobody asked")
	AbsenceOther       = text("其他", "Other")
	AbsenceThere       = text("“{0}”已经记录在案，不必重复登记。", "“{0}” is recorded already.")

	FloatingTitle  = text("流动党员", "Floating members")
	FloatingOut    = text("流出", "Gone away")
	FloatingIn     = text("流入", "Come here")
	FloatingThere  = text("已有一条未结束的“{0}”记录。请先登记返回，再登记新的去向。", "There is a running record “{0}”. End it first.")
	FloatingIsBack = text("已于 {0} 登记返回。", "Recorded as back on {0}.")

	PlaqueTitle        = text("党员亮身份", "Plaque")
	PlaqueUnregistered = text("在社区报到并被接收后才有亮身份牌。", "There is a plaque once the community has accepted the registration.")
	PlaqueConsent      = text("是否公开亮身份由党员本人决定，请由本人在手机页面打开。", "Only the member decides whether the plaque is public; ask them to switch it on.")

	CertificateTitle        = text("参加活动证", "Certificate")
	CertificateUnregistered = text("{0}还没有在社区报到，不能发证。", "{0} is registered in no community yet; no certificate can be issued.")
	CertificateNone         = text("{0}还没有有效的证件，请先发证。", "{0} has no certificate in force; issue it first.")
	CertificateOutdated     = text("{0}的资料在发证后有变化，请先换发新证。", "The record of {0} has changed since; issue a new certificate first.")
	CertificateBatch        = text("请选择 1 至 {0} 人。", "Choose 1 to {0} people.")
	CertificateRenewed      = text("资料变更，已换发新证", "replaced because the record changed")
	CertificateLeft         = text("已不在该社区", "no longer in the community")
)

// The table of members.
var (
	MemberImportHint              = text("单位或社区的党员名册。按身份证号认人，同一张表重复导入不会产生重复记录。", "A register of members. People are recognised by ID number; importing a table again makes no doubles.")
	MemberImportRegister          = text("填有居住社区的在职、流动党员同时发起报到", "Start a registration for members whose community is given")
	MemberImportRegisterHint      = text("社区会收到待接收的报到。", "The communities will find them waiting.")
	MemberImportExample           = text("张示例", "Zhang Example")
	MemberImportKindHint          = text("填 社区支部党员、在职党员 或 下岗流动党员；空着按单位和党支部判断。", "One of the three kinds; left empty, it follows from unit and branch.")
	MemberImportUnitHint          = text("单位全称、简称或统一社会信用代码", "Name, short name or credit code")
	MemberImportHomeHint          = text("空着时，单位只有一个党支部的自动填上", "Left empty, the only branch of the unit is taken")
	MemberImportCommunityHint     = text("社区名称或区划代码", "Name or division code of the community")
	MemberImportNoUnit            = text("系统里没有这个单位。", "There is no such unit.")
	MemberImportNoUnitAdvice      = text("请核对单位全称，或先导入单位名单，再导入党员。", "Check the full name, or import the units first.")
	MemberImportSeveral           = text("有几个组织叫这个名字。", "Several organisations have this name.")
	MemberImportSeveralAdvice     = text("请改填统一社会信用代码或区划代码。", "Give the credit code or division code instead.")
	MemberImportNoHome            = text("没有找到唯一的这个党支部，先按“无归属支部”登记。", "No such single branch was found; the member is entered without one.")
	MemberImportNoHomeAdvice      = text("导入后可在“无归属支部”名单里补上。", "It can be added later from the list of members without a branch.")
	MemberImportNoCommunity       = text("系统里没有这个社区。", "There is no such community.")
	MemberImportNoCommunityAdvice = text("请核对社区名称，或改填 12 位区划代码；不清楚时可以空着。", "Check the name or give the 12-digit code; it may be left empty.")
	MemberImportScope             = text("这名党员的单位、党支部和社区都不在您负责的范围内。", "Unit, branch and community of this member are all outside what you are responsible for.")
	MemberImportScopeAdvice       = text("请只导入本单位或本社区的党员。", "Import members of your own unit or community only.")
	MemberImportOtherName         = text("这个身份证号已登记在另一个姓名下。", "This ID number is registered under another name.")
	MemberImportOtherNameAdvice   = text("请对照身份证核对姓名和号码。", "Compare name and number with the card.")
	MemberImportElsewhere         = text("此人已在本区其他单位或社区的党员名册中。", "This person is on the register of another unit or community.")
	MemberImportElsewhereAdvice   = text("请与其所在单位联系转接，或从表中去掉这一行。", "Arrange the transfer with that unit, or take the row out.")
	MemberImportKindChange        = text("类别或社区归属的变更会影响已有的报到，不能用导入办理。", "A change of kind or community touches registrations and cannot be imported.")
	MemberImportKindChangeAdvice  = text("请在党员页面上办理。", "Do it on the member's page.")
	MemberImportStandingAdvice    = text("填 正式党员 或 预备党员。", "Full or probationary.")
	MemberImportAdvice            = text("请核对后改正。", "Check and correct it.")
	MemberImportRow               = text("第 {0} 行的人员资料刚被别人改过，没有导入。请重新导入。", "The person of row {0} was changed by somebody else just now; nothing was imported. Import again.")
)

// Headings under which people keep the columns of the table of members.
func MemberImportName() []string { return []string{"党员姓名", "名字"} }

// MemberImportID are headings of the ID number.
func MemberImportID() []string {
	return []string{"身份证号码", "公民身份号码", "身份证", "证件号码"}
}

// MemberImportKinds are headings of the kind.
func MemberImportKinds() []string { return []string{"类别", "党员类型", "人员类别"} }

// MemberImportUnits are headings of the unit.
func MemberImportUnits() []string {
	return []string{"工作单位", "单位", "单位名称", "所在单位名称", "工作单位及职务"}
}

// MemberImportHomes are headings of the branch.
func MemberImportHomes() []string {
	return []string{"所在党支部", "党支部", "所属党支部", "组织关系所在地", "组织关系", "支部名称"}
}

// MemberImportStandings are headings of the membership.
func MemberImportStandings() []string { return []string{"党员状态", "身份"} }

// MemberImportJoined are headings of the day of joining.
func MemberImportJoined() []string { return []string{"入党时间", "加入党组织日期"} }

// MemberImportFull are headings of the day of full membership.
func MemberImportFull() []string { return []string{"转正时间", "转为正式党员日期"} }

// MemberImportPhones are headings of the phone.
func MemberImportPhones() []string {
	return []string{"手机", "手机号码", "联系电话", "电话", "联系方式"}
}

// MemberImportCommunities are headings of the community.
func MemberImportCommunities() []string {
	return []string{"报到社区", "社区", "居住地社区", "所在社区"}
}

// MemberImportSkills are headings of the skills.
func MemberImportSkills() []string { return []string{"专长", "特长爱好", "技能"} }

// MemberKindOf reads a kind of member as people write it in tables.
func MemberKindOf(s string) (kind string, known bool) {
	switch strings.TrimSpace(s) {
	case "社区支部党员", "社区党员", "支部党员", "community":
		return "community", true
	case "在职党员", "在职", "in_service":
		return "in_service", true
	case "下岗流动党员", "流动党员", "下岗党员", "下岗、流动党员", "流动", "下岗", "floating":
		return "floating", true
	}
	return "", false
}

// MemberStandingOf reads a membership as people write it in tables.
func MemberStandingOf(s string) (standing string, known bool) {
	switch strings.TrimSpace(s) {
	case "正式党员", "正式", "中共党员", "党员", "full":
		return "full", true
	case "预备党员", "预备", "中共预备党员", "probationary":
		return "probationary", true
	}
	return "", false
}
