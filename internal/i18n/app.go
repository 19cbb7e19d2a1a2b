package i18n

// The program as a whole.
var (
	AppTenantCode  = text("区划代码应为六位数字，例如 320902。", "The code of a district has six digits, such as 320902.")
	AppTenantThere = text("区划代码为 {0} 的区（县）已经建立。", "There is a district with the code {0} already.")
	AppRootName    = text("中共{0}委员会", "{0} Party Committee")
	AppCommittee   = text("委员会", "committee")
	AppCountry     = text("全国", "The whole country")
)
