package i18n

// Party dues and political birthdays.
var (
	DuesPaid    = text("按月领取工资", "Monthly pay")
	DuesYearly  = text("年薪制", "Annual salary")
	DuesSelf    = text("没有固定月收入（个体经营者等）", "No fixed monthly income (self-employed)")
	DuesRetired = text("离退休", "Retired")
	DuesFarmer  = text("农民", "Farmer")
	DuesLeast   = text("学生、下岗失业、领抚恤救济或低保", "Student, unemployed, on relief or minimum allowance")

	DuesLess  = text("少交", "Less")
	DuesNone  = text("免交", "Nothing")
	DuesLater = text("缓交", "Later")

	DuesProposed  = text("待上级批准", "Waits for approval")
	DuesApproved  = text("已批准", "Approved")
	DuesDeclined  = text("未批准", "Declined")
	DuesWithdrawn = text("已撤回", "Withdrawn")

	DuesKindDues      = text("党费", "Dues")
	DuesKindVoluntary = text("自愿一次多交（大额党费）", "Voluntary payment")
	DuesKindCounter   = text("冲正", "Taken back")

	DuesCash     = text("现金", "Cash")
	DuesMobile   = text("手机支付", "Mobile payment")
	DuesTransfer = text("银行转账", "Bank transfer")
	DuesThrough  = text("委托他人代交", "Through somebody else")

	DuesPolicyLocal = text("农民党员每月党费", "Monthly dues of farmers")
	DuesPolicyRound = text("党费取整到", "Dues are rounded to")
	DuesPolicyFix   = text("党费基数年初核定、全年不变", "The base at the beginning of the year holds for the year")
	DuesPolicyFen   = text("分", "fen")
	DuesYuanWord    = text("元", "yuan")

	DuesBadMonth    = text("月份写成 2026-03 这样。", "Write the month as 2026-03.")
	DuesBadAmount   = text("金额写成 15.50 这样，最多两位小数。", "Write the amount as 15.50, with two decimals at most.")
	DuesNegative    = text("金额不能是负数。", "An amount cannot be negative.")
	DuesTooMuch     = text("金额超过 {0} 元，请核对是不是多写了零。", "More than {0} yuan: is there a zero too many?")
	DuesFromBounds  = text("月份应在 {0} 到 {1} 之间。", "The month must lie between {0} and {1}.")
	DuesNotMember   = text("{0} 时还没有入党，或党员登记已经终止。", "No member here in {0}.")
	DuesAhead       = text("最多预交到本季度末（{0}）。", "Dues are paid ahead to the end of the quarter at most ({0}).")
	DuesTooLong     = text("一次最多 {0} 个月。", "At most {0} months at once.")
	DuesLongAgo     = text("只能登记 {0} 起的月份。", "Months from {0} on can be entered.")
	DuesLate        = text("补交一般不超过 {0} 个月。确实要补交更早的，请勾选“已核对”再交一次。", "Arrears are normally paid for {0} months back at most. If it is right, tick the box and enter it again.")
	DuesPaidLater   = text("日期不能晚于今天（{0}）。", "The day cannot be later than today ({0}).")
	DuesPaidLong    = text("日期太早，请核对年份。", "The day is too long ago: check the year.")
	DuesShare       = text("填仍交的比例，1 到 99。", "Say which part stays due: 1 to 99.")
	DuesReliefLong  = text("一次最多 {0} 个月，到期再议。", "At most {0} months; after that the branch decides anew.")
	DuesReliefTwice = text("{0} 到 {1} 已有一项，时间不能重叠。", "There is one for {0} to {1} already.")
	DuesOwnRelief   = text("这项减免是您提出的，或者就是给您的，请由另一位同志批准。", "You proposed this reduction, or it is for you; somebody else has to answer it.")
	DuesAnswered    = text("已经答复过：{0}。", "Answered already: {0}.")
	DuesReliefOver  = text("已经结束，不用撤回。", "It is over; nothing is to be withdrawn.")
	DuesNobody      = text("请选择要登记的党员，一次最多 {0} 人。", "Choose whose payments to enter, at most {0} at once.")
	DuesTwice       = text("{0} 出现了两次。", "{0} appears twice.")
	DuesNoBase      = text("{0} 在 {1} 还没有党费基数，请先登记基数。", "No base is known of {0} for {1}: enter it first.")
	DuesNothingDue  = text("{0} 这段时间没有应交的党费（{1} 起），可能已经登记过。", "{0} owes nothing for these months (from {1}); it may have been entered already.")
	DuesImportMore  = text("{0} 的金额比应交的多。确属补交或多交的，勾选“已核对”再导入。", "More than {0} owes. If it is right, tick the box and import again.")
	DuesMore        = text("{0} 应交 {1} 元，填的数比应交的多。确实多交的，请勾选“已核对”再交一次。", "{0} owes {1} yuan, and this is more. If it is right, tick the box and enter it again.")
	DuesGiftLeast   = text("大额党费一次不少于 {0} 元；少于这个数的按党费登记。", "A voluntary payment is {0} yuan or more; less is entered as dues.")
	DuesCountered   = text("这一笔已经冲正，或本身就是冲正。", "It was taken back already, or takes another back itself.")
	DuesNoReceipt   = text("这一笔已经冲正，收据作废。", "It was taken back; there is no receipt.")

	DuesImport              = text("党费交纳记录", "Payments of dues")
	DuesImportHint          = text("银行代收结果或支部自己的登记表：谁、交了多少、哪天、哪个月的。整表一起写入，有一行不对就都不写；同一张表再导一次不会重复。", "A bank's statement or the branch's own table: who, how much, when, for which month. All or nothing; the same table again changes nothing.")
	DuesImportConfirmed     = text("补交超过六个月、多交的，已核对", "Older arrears and surplus have been checked")
	DuesImportConfirmedHint = text("不勾选时，这样的行会退回。", "Otherwise such rows are refused.")
	DuesColName             = text("姓名", "Name")
	DuesColNumber           = text("党费编号", "Dues number")
	DuesColNumberHint       = text("银行代收表里的编号，有同名时必填。", "The number in the file for the bank; needed where names are the same.")
	DuesColAmount           = text("金额（元）", "Amount (yuan)")
	DuesColPaidOn           = text("交纳日期", "Paid on")
	DuesColMonth            = text("所属月份", "Month")
	DuesColMonthHint        = text("写成 2026-03；空着就是交纳当月。", "As 2026-03; empty for the month of payment.")
	DuesColTo               = text("到月份", "To month")
	DuesColMeans            = text("方式", "Means")
	DuesColRemark           = text("摘要", "Remark")
	DuesImportMeans         = text("没有这种方式。", "There is no such means.")
	DuesImportMeansHow      = text("写：现金、手机支付、银行转账、委托他人代交。", "Write Cash, Mobile payment, Bank transfer or Through somebody else.")
	DuesImportAmountHow     = text("写大于零的金额，如 15.00。", "Write an amount above zero, such as 15.00.")
	DuesImportHow           = text("核对这一行，改好后整表再导一次。", "Check the row, mend it and import the table again.")
	DuesImportNumber        = text("编号和姓名对不上这个支部的党员。", "Number and name are no member of this branch.")
	DuesImportNumberHow     = text("用银行代收表里的编号，或把编号空着按姓名找。", "Use the number of the bank file, or leave it empty to go by name.")
	DuesImportNobody        = text("这个支部没有党员{0}。", "The branch has no member {0}.")
	DuesImportNobodyHow     = text("核对姓名，或先把组织关系登记到这个支部。", "Check the name, or enter the branch of the member first.")
	DuesImportSeveral       = text("这个支部有几个{0}。", "The branch has several members {0}.")
	DuesImportSeveralHow    = text("补上党费编号。", "Add the dues number.")

	BirthdayVisit   = text("政治生日走访", "Visit on political birthdays")
	BirthdayPlace   = text("党员家中", "At the members' homes")
	BirthdayNobody  = text("请选择要走访的党员，一次最多 {0} 人。", "Choose whom to visit, at most {0} at once.")
	BirthdayYear    = text("只能登记去年到明年的政治生日。", "Only the last year to the next.")
	BirthdayNone    = text("{0} 这一年没有政治生日。", "{0} has no political birthday in that year.")
	BirthdayNowhere = text("{0} 还没有登记到社区，请先登记。", "{0} is registered in no community yet.")
	BirthdayDone    = text("{0} 今年已经安排走访。", "A visit to {0} is arranged already.")
)

// DuesHeads are other headings under which tables of payments have their columns.
var DuesHeads = map[string][]string{
	"name":    {"党员姓名", "缴费人", "付款人", "户名", "对方户名"},
	"number":  {"编号", "缴费编号", "客户编号", "代收编号"},
	"amount":  {"金额", "交纳金额", "缴费金额", "实缴金额", "实交党费", "交易金额"},
	"paid_on": {"缴纳日期", "缴费日期", "缴费时间", "交易日期", "交易时间", "日期"},
	"from":    {"月份", "党费月份", "缴费月份", "起始月份"},
	"to":      {"截止月份", "终止月份"},
	"means":   {"交纳方式", "缴费方式", "支付方式"},
}
