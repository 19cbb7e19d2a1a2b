package i18n

// Quarterly feedback slips and the yearly evaluation.
var (
	FeedbackSendDays   = text("季度结束后社区发出反馈单的天数", "Days a community has to send the slips of a quarter")
	FeedbackAnswerDays = text("单位回复反馈单的天数", "Days a unit has to answer a slip")
	FeedbackDays       = text("天", "days")

	FeedbackBadQuarter      = text("季度写作 2026Q3 的样子。", "Write the quarter like 2026Q3.")
	FeedbackBadYear         = text("请填写今年或以前的年份。", "Give this year or an earlier one.")
	FeedbackNotOver         = text("{0}还没有结束，{1} 之后才能结转。", "{0} is not over; it can be closed after {1}.")
	FeedbackAlreadyClosed   = text("{0}已经结转过，反馈单已生成。", "{0} is already closed and its slips exist.")
	FeedbackAlreadySent     = text("这张反馈单已经发出。要改内容，请用“更正后重发”，原来的版本会保留。", "This slip was already sent. To change it use “correct and send again”; the version sent stays on record.")
	FeedbackAlreadyAnswered = text("这张反馈单已经回复过。", "This slip was already answered.")
	FeedbackChanged         = text("台账刚有变动，单上的数字已更新，请再看一遍后发出。", "The ledger has just changed and the figures were updated; look once more before sending.")
	FeedbackNotSent         = text("这张反馈单还没有发出，不需要更正重发。", "This slip has not been sent yet; there is nothing to send again.")
	FeedbackNothingChanged  = text("台账和批注都没有变化，不需要重发。", "Neither ledger nor remarks have changed; there is no need to send it again.")
	FeedbackReasonNeeded    = text("请写明原因，它会印在新版本上。", "Give the reason; it is printed on the new version.")
	FeedbackNoMember        = text("这位党员不在这张反馈单上。", "This member is not on this slip.")
	FeedbackDecided         = text("这条意见已经处理过。", "This request was already decided.")
	FeedbackReplaced        = text("已更正，第 {0} 版代替了它。", "Corrected; version {0} has taken its place.")
)
