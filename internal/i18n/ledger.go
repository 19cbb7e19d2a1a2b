package i18n

// The ledger of hours and deeds (MEM-6).
var (
	LedgerTitle         = text("服务台账", "Service ledger")
	LedgerHours         = text("服务时长", "Hours")
	LedgerDeeds         = text("实事", "Deeds")
	LedgerHoursUnit     = text("小时", "hours")
	LedgerDeedsUnit     = text("件", "deeds")
	LedgerTargetHours   = text("每名在职党员一年的服务时长目标", "Yearly target of hours for an in-service member")
	LedgerTargetDeeds   = text("每名在职党员一年的实事目标", "Yearly target of deeds for an in-service member")
	LedgerTimed         = text("系统计时", "Timed")
	LedgerCountersigned = text("受助人确认", "Counter-signed")
	LedgerVouched       = text("组织者证明", "Vouched for")
	LedgerReversedOnce  = text("这笔记录已经冲销过，不能再次冲销。", "This posting has been reversed already and cannot be reversed again.")
)
