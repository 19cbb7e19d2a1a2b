package i18n

// Forms of offices that are recognised and filled in.
var (
	FillKindList    = text("花名册", "List")
	FillKindCard    = text("单张表", "Card")
	FillKindNumbers = text("数字报表", "Numbers")
	FillKindNothing = text("没有可填的内容", "Nothing to fill in")

	FillMacros        = text("这个工作簿带有宏（程序），不能收。请用 Excel 或 WPS 另存为不带宏的“Excel 工作簿（.xlsx）”再上传。", "The workbook holds macros and is not taken. Save it as a plain Excel workbook (.xlsx) and send that.")
	FillExternalLinks = text("表里有引用其他文件的公式，这些格子保持原样。", "Some formulas read other files; those cells stay as they are.")
	FillHiddenSheet   = text("工作表“{0}”是隐藏的，保持原样，没有填写。", "The sheet “{0}” is hidden; it stays as it is.")
	FillTooManyRows   = text("工作表“{0}”有 {1} 行，超过 {2} 行的上限。请按社区分成几个文件；要整份名册，请用“自制表格”导出。", "The sheet “{0}” has {1} rows, more than the limit of {2}. Split it by community; for whole registers, export a table.")
	FillTooWide       = text("工作表“{0}”第 {1} 行超过 {2} 列的上限，很可能不是表格的内容。请检查这一行。", "Row {1} of the sheet “{0}” has more than {2} columns and is probably not part of the form. Check the row.")
	FillNothing       = text("没有找到可以填写的栏目。请确认表里有表头或栏目名称。", "No place to fill in was found. See that the form has a header or labels.")
	FillTooManyPeople = text("符合条件的超过 {0} 行。请先选定一个社区，或加上条件。", "More than {0} rows fit. Choose one community first, or add a condition.")
	FillPurposeNeeded = text("这张表要填身份证号、电话等加密信息。请选择用途；会记入每个人的查阅记录。", "The form asks for sealed data such as ID numbers. Choose a purpose; it is recorded for each person.")
	FillNobodyChosen  = text("这是关于一个对象的表。请先选定是谁（或哪一户、哪个单位）。", "The form is about one person, household or unit. Choose which.")
	FillRowsUnclear   = text("这是一张空表，标题“{0}”没有说清要列哪些人。请选择要列出的范围。", "The form is blank and its title “{0}” does not say whom to list. Choose the rows.")
)
