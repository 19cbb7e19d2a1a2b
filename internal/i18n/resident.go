package i18n

import "strings"

// The list of residents as a table: headings, other headings under which people keep them, hints.
var (
	ResidentTitle            = text("居民", "Residents")
	ResidentImportHint       = text("一人一行。身份证号是认人的依据：同一个人再次导入只更新变化的内容，不会重复。姓名以外的项可以空着。", "One person a row. People are recognised by their ID number: importing somebody again changes only what is new. Everything but the name may stay empty.")
	ResidentImportTakeIn     = text("表中居民已在本区其他社区登记的，按迁入办理", "Take in people who are registered in another community of the district")
	ResidentImportTakeInHint = text("不勾选时，这些行会列出来，由您核对。", "Otherwise those rows are listed for you to check.")

	ResidentName          = text("姓名", "Name")
	ResidentNameExample   = text("张三示例", "Zhang San (example)")
	ResidentIDHint        = text("18 位；请把这一列设为文本格式。", "18 characters; format the column as text.")
	ResidentBorn          = text("出生日期", "Date of birth")
	ResidentPhone         = text("手机号", "Phone")
	ResidentEthnicHint    = text("只有“用途登记”中写明需要时才保存。", "Kept only where the register of purposes needs it.")
	ResidentCommunity     = text("社区", "Community")
	ResidentCommunityHint = text("整张表属于一个社区时不用填，导入时选择即可。", "Not needed if the whole table belongs to one community that you choose when importing.")
	ResidentQuarter       = text("小区", "Residential quarter")
	ResidentBuilding      = text("楼栋", "Building")
	ResidentStairwell     = text("单元", "Stairwell")
	ResidentRoom          = text("房号", "Room")
	ResidentAddress       = text("住址", "Address")
	ResidentAddressHint   = text("没有分开的小区、楼栋、房号时填写。同一住址的人归为一户。", "If quarter, building and room are not kept apart. People of one address are one household.")
	ResidentCategoryHint  = text("可填多个，用顿号分开，例如：离退休人员、独居老人。", "Several are separated by commas.")
	ResidentWorkUnit      = text("工作单位", "Work unit")
	ResidentMovedIn       = text("迁入日期", "Moved in on")

	ResidentNameAlso       = []string{"居民姓名", "人员姓名", "名字", "户主姓名或成员姓名", "成员姓名"}
	ResidentIDAlso         = []string{"身份证", "身份证号码", "公民身份号码", "证件号码", "证件号", "居民身份证号码"}
	ResidentBornAlso       = []string{"出生年月日", "生日", "出生年月", "出生时间"}
	ResidentPhoneAlso      = []string{"手机", "手机号码", "联系电话", "电话", "联系方式", "电话号码", "本人电话"}
	ResidentSchoolingAlso  = []string{"文化程度", "学历层次", "最高学历", "受教育程度"}
	ResidentCommunityAlso  = []string{"所属社区", "所在社区", "村（社区）", "社区名称", "村居", "居委会"}
	ResidentQuarterAlso    = []string{"小区名称", "所在小区", "居住小区", "院落"}
	ResidentBuildingAlso   = []string{"楼号", "楼栋号", "栋", "幢", "楼幢", "幢号", "栋号"}
	ResidentStairwellAlso  = []string{"单元号"}
	ResidentRoomAlso       = []string{"室", "门牌号", "房间号", "室号", "房屋号"}
	ResidentAddressAlso    = []string{"地址", "家庭住址", "现住址", "居住地址", "现居住地址", "详细地址", "居住地", "家庭地址"}
	ResidentHeadAlso       = []string{"与户主的关系", "户主关系", "家庭关系", "与户主"}
	ResidentResidenceAlso  = []string{"居住状况", "居住情况", "人户情况", "居住状态", "户口性质"}
	ResidentCategoryAlso   = []string{"类别", "人群类别", "居民类别", "人员类型", "人群分类", "标签"}
	ResidentWorkUnitAlso   = []string{"单位", "服务处所", "就业单位", "工作单位及职务"}
	ResidentMovedInAlso    = []string{"入住日期", "入住时间", "迁入时间", "来本地日期"}
	residentCommunityTails = []string{"居民委员会", "村民委员会", "居委会", "村委会", "委员会", "党总支", "党支部", "党委", "总支部", "支部", "社区", "村"}
)

// CommunityKey is what the names of one community have in common: "朝阳社区居委会", "朝阳社区党委" and "朝阳" are the same.
func CommunityKey(name string) string {
	for again := true; again; {
		again = false
		for _, tail := range residentCommunityTails {
			if rest := strings.TrimSuffix(name, tail); rest != name && rest != "" {
				name, again = rest, true
			}
		}
	}
	return name
}

// What is wrong with a row of the list of residents.
var (
	ResidentNoCommunity          = text("请选择这张表属于哪个社区，或者在表中加上“社区”一列。", "Choose the community to which the table belongs, or add a column with the community.")
	ResidentCommunityUnknown     = text("没有叫这个名字的社区。", "There is no community of that name.")
	ResidentCommunityAmbiguous   = text("有几个社区都叫这个名字。", "Several communities have that name.")
	ResidentCommunityAdvice      = text("请按“组织”中登记的名称或 12 位代码填写。", "Use the name as registered, or its 12-digit code.")
	ResidentCommunityOther       = text("这一行属于另一个社区。", "This row belongs to another community.")
	ResidentCommunityForeign     = text("这个社区不在您负责的范围内。", "You are not responsible for this community.")
	ResidentCommunityOtherAdvice = text("请把这些行交给那个社区导入。", "Give these rows to that community to import.")
	ResidentNotCollected         = text("没有登记的用途需要这一项，没有保存。", "No registered purpose needs this; it was not kept.")
	ResidentNotCollectedAdvice   = text("如确有需要，请先在“用途登记”中写明用途和依据。", "If it is needed, register the purpose and its basis first.")
	ResidentDiffers              = text("与身份证号推算的不一致，已按表中内容保存并标出。", "Differs from the ID number; kept as stated and flagged.")
	ResidentDiffersAdvice        = text("请核对身份证；写错的请在居民页面改正。", "Check the card, and correct the record if it is wrong.")
	ResidentElsewhere            = text("这个身份证号已在{0}登记。", "This ID number is registered in {0}.")
	ResidentElsewhereAdvice      = text("如已搬来，请勾选“按迁入办理”后重新导入。", "If the person has moved here, tick “take in” and import again.")
	ResidentOtherNameAdvice      = text("请核对是否抄错了号码；改过名的，请先在居民页面改名。", "See whether the number was copied wrongly; if the name has changed, change it on the person's page first.")
)

// The pages of residents.
var (
	ResidentNone          = text("还没有登记居民。", "No residents are registered yet.")
	ResidentSearch        = text("姓名、拼音首字母，或完整的身份证号、手机号", "Name, initials, or the whole ID or phone number")
	ResidentAdd           = text("新增居民", "Add a resident")
	ResidentAddTitle      = text("新增居民", "Add a resident")
	ResidentEditTitle     = text("修改{0}的资料", "Edit {0}")
	ResidentTakeIn        = text("接收迁入", "Take in a move")
	ResidentTakeInHint    = text("居民从本区其他社区搬来时，用身份证号接收，资料随人走，不用重新登记。", "Somebody who moves here from another community of the district is taken in by ID number; the record comes along.")
	ResidentAge           = text("年龄", "Age")
	ResidentAgeYears      = text("{0} 岁", "{0}")
	ResidentAge0          = text("14 岁以下", "Under 14")
	ResidentAge14         = text("14–17 岁", "14–17")
	ResidentAge18         = text("18–59 岁", "18–59")
	ResidentAge60         = text("60–69 岁", "60–69")
	ResidentAge70         = text("70–79 岁", "70–79")
	ResidentAge80         = text("80 岁及以上", "80 and older")
	ResidentState         = text("状态", "State")
	ResidentLiving        = text("在住", "Living here")
	ResidentMovedOut      = text("已迁出", "Moved out")
	ResidentDead          = text("已去世", "Deceased")
	ResidentAny           = text("全部", "All")
	ResidentFlagged       = text("与身份证号不一致", "Differs from the ID number")
	ResidentFlaggedYes    = text("需核对", "To check")
	ResidentGrid          = text("网格", "Grid")
	ResidentWho           = text("基本信息", "Who")
	ResidentWhere         = text("住在哪里", "Where")
	ResidentMore          = text("其他", "More")
	ResidentFromNumber    = text("有身份证号就不用填。", "Not needed with an ID number.")
	ResidentConfirmed     = text("核对无误", "Checked")
	ResidentConfirmedHint = text("出生日期、性别与身份证号不一致，已与本人核对，按本人提供的保存并标出。", "Birth or sex differ from the ID number; checked with the person, kept as stated and flagged.")
	ResidentCreated       = text("已新增居民{0}。", "{0} was added.")
	ResidentSaved         = text("已保存{0}的资料。", "{0} was saved.")
	ResidentTakenIn       = text("已接收{0}迁入。", "{0} was taken in.")
	ResidentSeeTaken      = text("查看已登记的资料", "See that record")
	ResidentEdit          = text("修改", "Edit")
	ResidentMoveOut       = text("登记迁出", "Note a move away")
	ResidentMoveOutOn     = text("迁出日期", "Moved out on")
	ResidentMoveBack      = text("撤销迁出", "Take the move back")
	ResidentMovedOutDone  = text("已登记{0}迁出。", "{0}'s move was noted.")
	ResidentMovedBackDone = text("已撤销{0}的迁出登记。", "{0}'s move was taken back.")
	ResidentDied          = text("登记去世", "Note a death")
	ResidentDiedOn        = text("去世日期", "Died on")
	ResidentDiedDone      = text("已登记。", "It was noted.")
	ResidentDiedBack      = text("撤销去世登记", "Take the entry back")
	ResidentTabData       = text("资料", "Record")
	ResidentTabConsent    = text("授权同意", "Consent")
	ResidentTabLooks      = text("谁看过", "Who looked")
	ResidentTabHistory    = text("变更记录", "History")
	ResidentTabs          = text("居民资料的各部分", "Parts of the record")
	ResidentCategorySave  = text("保存类别", "Save categories")
	ResidentCategorySaved = text("已保存{0}的类别。", "{0}'s categories were saved.")
	ResidentCategoryPast  = text("以前的类别", "Former categories")
	ResidentSpan          = text("{0} 至 {1}", "{0} to {1}")
	ResidentSince         = text("{0} 起", "since {0}")
	ResidentMates         = text("同户的人", "Household")
	ResidentOpened        = text("已打开。这次查看已记录，居民本人可以看到。", "Opened. This look was recorded and the resident can see it.")
	ResidentSource        = text("来源", "Source")
	ResidentSourceForm    = text("窗口登记", "Entered by hand")
	ResidentSourceImport  = text("表格导入", "Imported")
	ResidentSourceMember  = text("党员登记", "Member registration")
	ResidentUpdatedAt     = text("最近修改", "Last changed")
	ResidentNoSelf        = text("还没有与您的账户关联的居民资料。", "No resident record is linked to your account.")

	HouseholdTitle   = text("住户", "Households")
	HouseholdSearch  = text("地址", "Address")
	HouseholdHead    = text("户主", "Head")
	HouseholdPeople  = text("人数", "People")
	HouseholdNone    = text("还没有登记住户。", "No households are registered yet.")
	HouseholdMembers = text("住在这里的人", "Who lives here")

	ConsentTitle       = text("授权同意", "Consent")
	ConsentHint        = text("每个用途分别征得同意，随时可以撤回；不同意不影响其他服务。", "Each purpose is agreed to by itself and can be withdrawn at any time; refusing affects no other service.")
	ConsentPurpose     = text("用途", "Purpose")
	ConsentAnswer      = text("答复", "Answer")
	ConsentNone        = text("未询问", "Not asked")
	ConsentAgreed      = text("同意", "Agreed")
	ConsentDeclined    = text("不同意", "Declined")
	ConsentWithdrawn   = text("已撤回", "Withdrawn")
	ConsentAgree       = text("同意", "Agree")
	ConsentDecline     = text("不同意", "Decline")
	ConsentWithdraw    = text("撤回同意", "Withdraw")
	ConsentChannel     = text("方式", "How")
	ConsentPaper       = text("纸质签名", "On paper")
	ConsentCounter     = text("窗口口头", "At the counter")
	ConsentPhone       = text("电话", "By phone")
	ConsentWeb         = text("本人网上", "Online")
	ConsentVersion     = text("文本版本", "Version of the text")
	ConsentAt          = text("时间", "When")
	ConsentSaved       = text("已记录。", "It was recorded.")
	ConsentWithdrawnOK = text("已撤回，从现在起不再用于这个用途。", "Withdrawn; from now on it is not used for this purpose.")
	ConsentOnBehalf    = text("代为记录", "Record an answer")
	ConsentHistory     = text("历次答复", "All answers")

	LooksTitle    = text("谁看过我的资料", "Who looked at my data")
	LooksOf       = text("谁看过{0}的资料", "Who looked at {0}'s data")
	LooksHint     = text("每一次打开您的资料都记在这里：谁、什么身份、看了什么、为什么。有疑问可以向社区提出。", "Each time somebody opened your record stands here: who, in which role, what and why. You may ask the community about it.")
	LooksNone     = text("还没有人看过。", "Nobody has looked.")
	LooksWhen     = text("时间", "When")
	LooksWho      = text("谁", "Who")
	LooksRole     = text("身份", "Role")
	LooksWhat     = text("看了什么", "What")
	LooksWhy      = text("为什么", "Why")
	LooksPage     = text("资料页（敏感项已遮盖）", "The page (sealed fields masked)")
	LooksPrint    = text("打印给本人", "Print for the person")
	LooksByPhone  = text("手机号", "Phone number")
	LooksByNumber = text("身份证号", "ID number")

	PurposeTitle     = text("用途登记", "Purposes")
	PurposeHint      = text("收集和使用居民资料的每个用途都登记在这里；没有用途需要的项不能保存。", "Every purpose for which residents' data is used; what no purpose needs cannot be kept.")
	PurposeCode      = text("代码", "Code")
	PurposeName      = text("用途", "Purpose")
	PurposeBasis     = text("依据", "Basis")
	PurposeKinds     = text("用到的项", "Fields used")
	PurposeKeep      = text("保存多久", "Kept for")
	PurposeConsent   = text("需要同意", "Needs consent")
	PurposeByLaw     = text("依法", "By law")
	PurposeSave      = text("保存用途", "Save the purpose")
	PurposeSaved     = text("已保存用途“{0}”。", "The purpose “{0}” was saved.")
	PurposeAdd       = text("登记或修改用途", "Register or change a purpose")
	PurposeKindsHint = text("用空格分开：name sex born_on id_number phone address household category political ethnic schooling work_unit photo", "Separated by blanks: name sex born_on id_number phone address household category political ethnic schooling work_unit photo")
)
