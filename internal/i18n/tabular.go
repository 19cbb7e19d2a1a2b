package i18n

// Reading and writing tables: what is wrong with a file, a header or a row, and what to do about it.
var (
	TabularEmpty        = text("文件是空的，里面没有表格。", "The file is empty; there is no table in it.")
	TabularNotATable    = text("这不是表格文件。请选择 Excel 工作簿（.xlsx）或 CSV 文件。", "This is not a table. Choose an Excel workbook (.xlsx) or a CSV file.")
	TabularHalf         = text("文件不完整，可能没有下载完或没有保存完。请重新取得文件再试。", "The file is incomplete, perhaps not wholly downloaded or saved. Get it again and retry.")
	TabularOldExcel     = text("这是旧版 Excel（.xls）文件。请用 Excel 或 WPS 打开，另存为“Excel 工作簿（.xlsx）”再导入。", "This is an old Excel file (.xls). Open it in Excel or WPS, save it as an Excel workbook (.xlsx) and import that.")
	TabularPassword     = text("文件设了打开密码。请取消密码后保存，再导入。", "The file is protected by a password. Remove it, save, and import again.")
	TabularWebTable     = text("这个文件扩展名像表格，内容其实是网页或旧式 XML。请用 Excel 或 WPS 打开，另存为“Excel 工作簿（.xlsx）”再导入。", "The file is named like a table but holds a web page or old XML. Open it in Excel or WPS and save it as .xlsx.")
	TabularOpenDoc      = text("这是 ODS 表格。请另存为“Excel 工作簿（.xlsx）”或 CSV 再导入。", "This is an ODS table. Save it as .xlsx or CSV and import that.")
	TabularNotAWorkbook = text("这不是 Excel 工作簿。请用 Excel 或 WPS 打开，另存为“Excel 工作簿（.xlsx）”再上传。", "This is not an Excel workbook. Open it in Excel or WPS, save it as .xlsx and send that.")
	TabularBinaryExcel  = text("这是二进制工作簿（.xlsb）。请另存为“Excel 工作簿（.xlsx）”再导入。", "This is a binary workbook (.xlsb). Save it as .xlsx and import that.")
	TabularTooBig       = text("文件展开后超过 {0} MB 的上限。请分成几个文件导入。", "The file unpacks to more than {0} MB. Split it into several files.")
	TabularTooManyRows  = text("表格超过 {0} 行的上限。请分成几个文件导入。", "The table has more than {0} rows. Split it into several files.")
	TabularTooWide      = text("第 {0} 行超过 {1} 列的上限，很可能不是这张表的内容。请检查这一行。", "Row {0} has more than {1} columns and is probably not part of this table. Check the row.")
	TabularHugeCell     = text("第 {0} 行附近有一格内容太大。请检查是否少了引号，或把大段内容删去。", "Near row {0} a cell is far too large. Look for a missing quotation mark or take the long text out.")
	TabularHugePart     = text("表格里有一格内容太大（超过 {0} 个字节）。请把大段内容删去再导入。", "A cell of the table is far too large (over {0} bytes). Take the long text out and import again.")
	TabularQuote        = text("第 {0} 行的引号没有配对，后面的内容读不出来。请检查这一行的双引号。", "The quotation marks in row {0} do not pair, so what follows cannot be read. Check the row.")
	TabularEncoding     = text("文件的文字编码认不出来。请另存为“CSV UTF-8”或 Excel 工作簿（.xlsx）再导入。", "The file's text encoding is unknown. Save it as CSV UTF-8 or as .xlsx and import that.")
	TabularNoSheet      = text("工作簿里没有名为“{0}”的工作表。", "The workbook has no sheet named “{0}”.")
	TabularNoHeader     = text("没有找到表头。请保留一行列名，例如：{0}。", "No header found. Keep one row of column names, such as: {0}.")
	TabularBrokenFile   = text("工作簿的内容已损坏，打不开。请用 Excel 或 WPS 打开并重新保存；如果也打不开，请重新取得文件。", "The workbook is damaged. Open it in Excel or WPS and save it again, or get the file anew.")
	TabularBroken       = text("工作簿的内容已损坏，读到第 {0} 行时无法继续。请用 Excel 或 WPS 打开并重新保存。", "The workbook is damaged and cannot be read beyond row {0}. Open it in Excel or WPS and save it again.")

	TabularCellTooLong     = text("这一格有 {0} 个字，超过 {1} 个字的上限。", "The cell has {0} characters, more than the limit of {1}.")
	TabularCellTooLongWhat = text("请缩短内容；如果是引号没有配对，请补上。", "Shorten it; or add the missing quotation mark.")
	TabularDamaged         = text("这一行有乱码，原来的文字已经丢失。", "The row holds damaged characters; the original text is lost.")
	TabularDamagedWhat     = text("请对照原始材料重新填写这一行。", "Enter the row again from its source.")
	TabularManyLines       = text("这一格跨了 {0} 行，多半是引号没有配对。", "The cell runs over {0} lines; probably a quotation mark is missing.")
	TabularFormula         = text("这一格以 =、+、- 或 @ 开头，像是公式。", "The cell begins with =, +, - or @ like a formula.")
	TabularFormulaWhat     = text("请填写文字本身，去掉开头的符号。", "Enter the text itself without the sign in front.")
	TabularErrorValue      = text("这一格是公式的出错值。", "The cell holds the error value of a formula.")
	TabularErrorValueWhat  = text("请改正公式，或直接填写内容。", "Mend the formula or enter the content itself.")

	TabularMissing       = text("缺少必填的列“{0}”。", "The required column “{0}” is missing.")
	TabularMissingWhat   = text("请在表头中加上这一列，或指出哪一列是它。", "Add the column to the header, or say which column it is.")
	TabularTwice         = text("“{0}”有两列：第 {1} 列“{2}”和第 {3} 列“{4}”。", "“{0}” stands in two columns: {1} “{2}” and {3} “{4}”.")
	TabularTwiceWhat     = text("请删去一列，或指出用哪一列。", "Remove one of them, or say which one to use.")
	TabularNoColumn      = text("指定给“{0}”的列不在表中。", "The column chosen for “{0}” is not in the table.")
	TabularNoColumnWhat  = text("请从表头中另选一列。", "Choose another column of the header.")
	TabularSharedColumn  = text("第 {0} 列同时指定给了“{1}”和“{2}”。", "Column {0} was chosen for both “{1}” and “{2}”.")
	TabularLikely        = text("第 {0} 列“{1}”可能是“{2}”，没有自动采用。", "Column {0} “{1}” may be “{2}”; it was not taken by itself.")
	TabularLikelyWhat    = text("如果是，请指定这一列。", "If so, choose this column.")
	TabularHeaderInvalid = text("表头有问题，还不能导入。", "The header needs attention before the import.")

	TabularRow           = text("行号", "Row")
	TabularProblem       = text("问题", "Problem")
	TabularAdvice        = text("怎么改", "What to do")
	TabularColumnProblem = text("“{0}”：{1}", "“{0}”: {1}")
	TabularWarning       = text("提醒", "Note")
	TabularSheetData     = text("数据", "Data")
	TabularSheetNotes    = text("填写说明", "How to fill in")
	TabularSheetRepair   = text("需要修改的行", "Rows to mend")
	TabularNoteColumn    = text("列名", "Column")
	TabularNoteNeeded    = text("是否必填", "Required")
	TabularNoteHow       = text("怎么填", "How to fill it in")
	TabularNoteExample   = text("例子", "Example")
	TabularNoteChoices   = text("可以填写：{0}。", "One of: {0}.")
	TabularNoteSealed    = text("敏感信息，导入后加密保存。", "Sensitive; kept encrypted after the import.")
	TabularNeeded        = text("必填", "Required")
	TabularOptional      = text("选填", "Optional")
	TabularNoteTop       = text("请在“{0}”工作表中填写，一行一条。第 2 行灰色的是例子，导入时会自动跳过。列的次序可以调整，多出的列不影响导入。", "Fill in the sheet “{0}”, one row each. The grey row 2 is an example and is skipped. Columns may be in any order; further columns do no harm.")
	TabularYes           = text("是", "Yes")
	TabularNo            = text("否", "No")
)

// TabularSumWords are the first cells of rows of sums, which are no records.
var TabularSumWords = []string{"合计", "总计", "小计", "共计", "合计:", "总计:", "小计:", "共计:"}

// TabularSignOffWords begin the lines under a table that are not part of it; such a line holds a colon.
var TabularSignOffWords = []string{"填表人", "填报人", "制表人", "审核人", "负责人", "经办人", "填报单位", "填表单位", "单位盖章", "单位(盖章", "填表日期", "填报日期", "制表日期",
	"注:", "备注:", "说明:", "填表说明", "填报说明"}
