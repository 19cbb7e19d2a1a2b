package i18n

// Forms of offices that are recognised and filled in.
var (
	FillKindList    = text("花名册", "List")
	FillKindCard    = text("单张表", "Card")
	FillKindNumbers = text("数字报表", "Numbers")
	FillKindNothing = text("没有可填的内容", "Nothing to fill in")
)
