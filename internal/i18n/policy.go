package i18n

// Settings that a district may change.
var (
	PolicyTitle       = text("参数设置", "Settings")
	PolicyOutOfBounds = text("请填写 {0} 至 {1} 之间的整数。", "Enter a whole number from {0} to {1}.")
	PolicyPast        = text("只能从今天或以后的日期起生效；以往的决定仍按当时的数值计算。", "It can take effect today or later; past decisions keep the numbers of their day.")

	PolicyUnitMinutes  = text("分钟", "minutes")
	PolicyUnitDays     = text("天", "days")
	PolicyUnitTimes    = text("次", "times")
	PolicyUnitHours    = text("小时", "hours")
	PolicyUnitItems    = text("件", "items")
	PolicyUnitSwitch   = text("是否启用", "on or off")
	PolicyLockFailures = text("连续输错几次密码后锁定账号", "Failed log-ins before an account is locked")
	PolicyLockMinutes  = text("锁定多长时间", "How long it stays locked")
	PolicyIdleStaff    = text("工作人员多久不操作自动退出", "Idle time before staff are logged out")
	PolicyIdleMember   = text("党员多久不操作自动退出", "Idle time before members are logged out")
	PolicySessionHours = text("一次登录最长保持多久", "Longest time one log-in lasts")
	PolicyTOTPStaff    = text("工作人员必须使用动态验证码", "Staff must use one-time codes")
	PolicyTokenDays    = text("接口令牌最长有效期", "Longest life of an API token")
)
