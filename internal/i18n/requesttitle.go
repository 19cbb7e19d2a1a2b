package i18n

// What the title line of an office's form says about the request, as patterns: who asks, on what ground, how often.
const (
	RequestTitleOffice   = `^((?:[\p{Han}]{0,14}?(?:省|市|区|县|街道|镇|乡))?[\p{Han}]{0,10}?(?:局|委员会|办事处|办公室|指挥部|领导小组|联合会|红十字会|总工会|妇联|残联|团委|服务中心|管理中心|支队|大队|派出所|民政所|司法所|组织部|宣传部|政法委|统战部|社会工作部|文明办|综治办|应急办|卫健委|发改委))`
	RequestTitleGround   = `[\p{Han}]{1,10}[〔\[［（(]\d{4}[〕\]］）)]第?\d{1,4}号`
	RequestTitleAttached = `^附[件表]?\d*[:：、.\s]*`
	RequestTitleAbout    = "关于"
	RequestTitleMonth    = `月报|每月|按月|\d月份?|月度`
	RequestTitleQuarter  = `季报|每季|按季|季度`
	RequestTitleHalf     = `半年`
	RequestTitleYear     = `年报|每年|年度`
)
