package i18n

// Residents: what is wrong, and what to do about it.
var (
	PersonBornLater    = text("出生日期不对：在今天之后，或早于 1800 年。", "The date of birth is after today or before 1800.")
	PersonInFuture     = text("这个日期在今天之后，请检查。", "This date is after today; please check.")
	PersonBornDiffers  = text("出生日期与身份证号不一致。请核对；如确以本人提供的为准，请勾选“核对无误”。", "The date of birth differs from the ID number. Check it; if what the person states is right, tick “checked”.")
	PersonSexDiffers   = text("性别与身份证号不一致。请核对；如确以本人提供的为准，请勾选“核对无误”。", "The sex differs from the ID number. Check it; if what the person states is right, tick “checked”.")
	PersonTaken        = text("这个身份证号已经登记在{0}名下（{1}），不能重复登记。", "This ID number is already registered to {0} ({1}).")
	PersonTakenOther   = text("这个身份证号已在{0}登记。如果居民已搬来，请用“接收迁入”办理。", "This ID number is registered in {0}. If the person has moved here, take them in as a move.")
	PersonOtherName    = text("这个身份证号登记的是另一个姓名。请核对身份证号和姓名。", "This ID number is registered under another name. Check the number and the name.")
	PersonNowhere      = text("未登记社区", "no community")
	PersonNoPurpose    = text("没有登记的用途需要这一项，所以不能保存。需要时请先在“用途登记”中写明。", "No registered purpose needs this, so it cannot be saved. Register the purpose first.")
	PersonPurposeField = text("这个用途不包括查看这一项。请选择别的用途。", "This purpose does not cover that field. Choose another.")
	PersonMoveBefore   = text("迁出日期不能早于迁入日期。", "Moving out cannot be before moving in.")
	PersonDeathBefore  = text("死亡日期不能早于出生日期，也不能在今天之后。", "The date of death cannot be before birth or after today.")
	PersonChooseHome   = text("请选择社区。", "Choose a community.")
	PersonNotHere      = text("这个身份证号没有登记过，请直接新增。", "This ID number is not registered; add the person.")
	PersonHereAlready  = text("这位居民已经登记在本社区。", "This person is registered in this community already.")
	PersonNothingThere = text("没有填写这一项，没有可看的内容。", "Nothing is recorded there.")
)

// Parts of an address.
var (
	PersonBuildingOf  = text("{0}幢", "Building {0}, ")
	PersonStairwellOf = text("{0}单元", "stairwell {0}, ")
	PersonRoomOf      = text("{0}室", "room {0}")
)

// The register of purposes that a district starts with (PRIV-1).
var (
	PurposeView     = text("日常服务查阅（敏感项已遮盖）", "Looking up for daily service (sealed fields masked)")
	PurposeContact  = text("联系居民", "Contacting the resident")
	PurposeVerify   = text("核对身份、更正错误", "Checking identity, correcting errors")
	PurposeAssist   = text("困难帮扶和救助", "Help and relief")
	PurposeParty    = text("党员教育管理和双报到", "Managing Party members, two-way registration")
	PurposeSafety   = text("安全走访和应急", "Safety visits and emergencies")
	PurposeRequest  = text("居民本人提出的事项", "Something the resident asked for")
	PurposeActivity = text("活动报名和联系", "Enrolment in activities")
	PurposeMessage  = text("发送通知短信", "Sending messages")
	PurposePhoto    = text("活动照片公开展示", "Showing photographs of activities")
	PurposeDues     = text("收缴党费", "Keeping Party dues")

	PurposeBasisDuty    = text("履行法定职责所必需（个人信息保护法第十三条第一款第三项）", "Necessary for a statutory duty (PIPL art. 13 (1) 3)")
	PurposeBasisRequest = text("应本人请求办理（个人信息保护法第十三条第一款第二项）", "At the person's request (PIPL art. 13 (1) 2)")
	PurposeBasisConsent = text("本人同意（个人信息保护法第十三条第一款第一项）", "Consent (PIPL art. 13 (1) 1)")
	PurposeKeepStay     = text("居住期间，迁出或去世后 3 年", "While living here and three years after")
	PurposeKeepShort    = text("事项办结后 1 年", "One year after the matter is closed")
)
