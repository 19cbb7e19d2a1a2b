package i18n

// Subjects, types and sensitivities of facts.
var (
	FactSubjectPerson         = text("居民", "Person")
	FactSubjectHousehold      = text("住户", "Household")
	FactSubjectBuilding       = text("楼栋", "Building")
	FactSubjectQuarter        = text("小区", "Residential quarter")
	FactSubjectGrid           = text("网格", "Grid")
	FactSubjectOrganisation   = text("组织和单位", "Organisation")
	FactSubjectMember         = text("党员", "Party member")
	FactSubjectActivity       = text("活动", "Activity")
	FactSubjectAttendance     = text("活动签到", "Attendance")
	FactSubjectResponsibility = text("责任区和岗位", "Responsibility area or post")
	FactSubjectClaim          = text("认领协议", "Claim")
	FactSubjectDeed           = text("实事", "Deed")
	FactSubjectSlip           = text("反馈单", "Feedback slip")

	FactTypeText   = text("文字", "Text")
	FactTypeChoice = text("选项", "Choice")
	FactTypeDate   = text("日期", "Date")
	FactTypeNumber = text("数字", "Number")
	FactTypeYesNo  = text("是否", "Yes or no")

	FactOpen     = text("一般", "Open")
	FactPersonal = text("个人信息", "Personal")
	FactSealed   = text("加密", "Sealed")

	FactYes = text("是", "Yes")
	FactNo  = text("否", "No")
)

// Words by which yes and no are written.
var (
	FactYesWords = []string{"有", "√", "✓", "✔", "对", "y", "true", "属于", "享受", "符合"}
	FactNoWords  = []string{"无", "×", "✗", "没有", "不是", "n", "false", "不属于", "不享受", "不符合", "非"}
)

// Numbering in front of labels.
const (
	FactNumerals     = "一二三四五六七八九十、．①②③④⑤⑥⑦⑧⑨⑩"
	FactNumeralMarks = "、．①②③④⑤⑥⑦⑧⑨⑩"
)

// FactLabelBefore are words in front of a label that leave its meaning as it is: they say whose row it is.
var FactLabelBefore = []string{"申请人", "本人", "居民", "人员", "个人", "被登记人", "被采集人", "登记人", "采集对象", "服务对象", "保障对象", "对象", "参保人",
	"参保人员", "患者", "学生", "儿童", "老人", "老年人", "受访者", "调查对象", "被调查人", "当前", "现在", "目前", "实际", "请填写", "填写", "具体", "详细"}

// FactLabelAfter are words behind a label that leave its meaning as it is.
var FactLabelAfter = []string{"必填", "选填", "公历", "阳历", "如实填写", "填写", "情况", "信息", "栏", "项", "一栏", "代码"}

// FactLabelOthers are words in front of a label by which it speaks of somebody else. Such a label is never guessed at.
var FactLabelOthers = []string{"父亲", "母亲", "父", "母", "祖父", "祖母", "外祖父", "外祖母", "爷爷", "奶奶", "配偶", "丈夫", "妻子", "子女", "儿子", "女儿", "监护人",
	"委托", "受委托", "代理人", "代办人", "联系人", "紧急联系人", "介绍人", "入党介绍人", "负责人", "承办人", "经办人", "填表人", "填报人", "审核人", "调查人", "护理人",
	"赡养人", "抚养人", "亲属", "家属", "家庭成员", "成员", "户主", "房东", "业主", "出租人", "承租人", "法定代表人", "法人", "书记", "组织委员", "干部", "领导", "同住人",
	"担保人", "推荐人", "见证人", "服务人员", "跟踪服务人员", "医生", "教师", "班主任", "班级", "学校"}

// Tests of values, for lists that are kept to some rows.
var (
	FactTestIs       = text("是", "is")
	FactTestContains = text("包含", "contains")
	FactTestBetween  = text("介于", "between")
	FactTestKnown    = text("已登记", "is recorded")
	FactTestUnknown  = text("未登记", "is not recorded")

	FactTestNot   = text("“{0}”不能按“{1}”筛选。请换一种条件。", "“{0}” cannot be filtered by “{1}”. Choose another test.")
	FactTestValue = text("请写明“{0}”要满足的内容。", "Say what “{0}” must be.")
	FactNoSort    = text("不能按这一栏排序：只有直接登记在本条记录上的内容可以排序。", "This column cannot be sorted by: only what stands on the row itself can.")
	FactNoPlace   = text("这类记录不属于社区，不能按社区筛选。", "Such rows belong to no community and cannot be filtered by one.")
	FactNoGrid    = text("这类记录不属于网格，不能按网格筛选。", "Such rows lie in no grid and cannot be filtered by one.")
)

// What can be wrong.
var (
	FactUnknownRef    = text("没有“{0}”这个数据项", "There is no fact “{0}”")
	FactPurposeOther  = text("这个数据项不是为此用途收集的，请选择登记的用途", "This fact is not held for that purpose; choose the one it is registered with")
	FactEndNeeded     = text("请填写截止日期：没有期限的数据不收集", "Give the last day: nothing is collected without an end")
	FactEndTooFar     = text("期限最长 {0} 年，到期可以再延", "At most {0} years; it can be prolonged when it ends")
	FactBadCode       = text("只能用小写字母、数字和下划线", "Use small letters, digits and underscores only")
	FactCodeTaken     = text("这个代号已经用过", "This code is taken")
	FactBadOptions    = text("至少两个选项，每行一个，代码和名称都不能重复", "At least two choices, one a line, no code and no label twice")
	FactNotANumber    = text("请填写数字", "Enter a number")
	FactKnownAlready  = text("平台已有“{0}”，不用再收集", "The platform holds “{0}” already; there is no need to collect it")
	FactCompleteLater = text("请填写今天或以前的日期", "Give today or an earlier day")
	FactEnded         = text("这个数据项已经到期，不再收集", "This fact has ended and is not collected any more")
	FactRowFault      = text("第 {0} 行“{1}”：{2}", "Row {0}, {1}: {2}")
	FactFieldFault    = text("{0}", "{0}")
	FactRowTwice      = text("第 {0} 行没有对应的记录，或者同一记录出现了两次", "Row {0} names no record, or a record that came before")
)

// Small lists and units of facts.
var (
	FactBandList   = text("年龄段", "Age group")
	FactBand0      = text("0-6岁", "0-6")
	FactBand7      = text("7-17岁", "7-17")
	FactBand18     = text("18-59岁", "18-59")
	FactBand60     = text("60-69岁", "60-69")
	FactBand70     = text("70-79岁", "70-79")
	FactBand80     = text("80-89岁", "80-89")
	FactBand90     = text("90-99岁", "90-99")
	FactBand100    = text("100岁及以上", "100 and above")
	FactStateList  = text("在住状态", "State")
	FactLiving     = text("在住", "Lives here")
	FactMovedOut   = text("已迁出", "Moved out")
	FactDead       = text("已故", "Dead")
	FactLocalList  = text("本地或外地", "Here or elsewhere")
	FactLocal      = text("本地户籍", "Registered here")
	FactElsewhere  = text("外地户籍", "Registered elsewhere")
	FactYears      = text("岁", "years")
	FactPeople     = text("人", "people")
	FactHouseholds = text("户", "households")
	FactPieces     = text("个", "pieces")
	FactTimes      = text("次", "times")
	FactDeedUnit   = text("件", "deeds")
	FactHours      = text("小时", "hours")
	FactMinutes    = text("分钟", "minutes")
	FactYearsLong  = text("年", "years")
	FactMonths     = text("个月", "months")
	FactFloors     = text("层", "floors")
	FactDegrees    = text("度", "degrees")
	FactLocalWords = []string{"本地", "户籍", "本市", "本地户口"}
	FactAwayWords  = []string{"外地", "非户籍", "外地户口", "流动"}
	FactListJoin   = "、"
)

// States that no page names.
var (
	FactSignedOut = text("已签退", "Signed out")
	FactVoid      = text("已作废", "Void")
)
