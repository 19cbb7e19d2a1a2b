package i18n

// Practical deeds (MEM-6).
var (
	DeedTitle     = text("实事", "Deeds")
	DeedProposed  = text("待确认", "To be confirmed")
	DeedConfirmed = text("已确认", "Confirmed")
	DeedDeclined  = text("未通过", "Declined")
	DeedWithdrawn = text("已撤回", "Withdrawn")
	DeedRevoked   = text("已撤销", "Revoked")

	DeedFuture        = text("日期不能晚于今天。", "The day cannot be later than today.")
	DeedTooOld        = text("只能登记最近一年的实事。", "Only deeds of the last year can be entered.")
	DeedDecided       = text("这件实事的状态是“{0}”，不能再改。", "This deed is “{0}” and can no longer be changed.")
	DeedNotConfirmed  = text("只有已确认的实事可以撤销。", "Only a confirmed deed can be revoked.")
	DeedNotRaisable   = text("这件实事不需要受助人再确认。", "This deed needs no confirmation by the person helped.")
	DeedOwn           = text("自己的实事要由别人确认。", "Your own deed is decided by somebody else.")
	DeedTwice         = text("这一天已经登记过同名的实事。", "A deed of this title is entered for this day already.")
	DeedNotRegistered = text("还没有在社区报到，请先报到，再登记实事。", "Register with a community first, then enter deeds.")
)
