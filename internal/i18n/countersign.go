package i18n

// Counter-signing by the person who was helped.
var (
	CountersignTitle     = text("受助人确认", "Confirmation by the person helped")
	CountersignDays      = text("确认码的有效天数", "Days for which a confirmation code lasts")
	CountersignDaysUnit  = text("天", "days")
	CountersignTries     = text("确认码允许输错的次数", "Wrong tries that a confirmation code allows")
	CountersignTriesUnit = text("次", "tries")
	CountersignNone      = text("这条记录还没有确认码。请社区工作人员先把确认码交给受助人。", "There is no confirmation code for this yet. Ask a community worker to give one to the person helped.")
	CountersignExpired   = text("确认码已于 {0} 过期，请社区工作人员重新出一个。", "The code expired at {0}; ask a community worker for a new one.")
	CountersignTooMany   = text("确认码输错次数过多，已停用。请社区工作人员重新出一个。", "Too many wrong tries: the code has been stopped. Ask a community worker for a new one.")
	CountersignWrong     = text("确认码不对，还可以再试 {0} 次。", "The code is wrong; {0} more tries are left.")
)
