package i18n

import "strings"

// Bringing tables in: what is wrong with a file or a row, and what to do about it.
var (
	IntakeMissing          = text("“{0}”没有填写。", "“{0}” is empty.")
	IntakeMissingAdvice    = text("请补上这一项。", "Fill it in.")
	IntakeTooLong          = text("最多 {0} 个字，这里有 {1} 个。", "At most {0} characters, here are {1}.")
	IntakeTooLongAdvice    = text("请缩短，或检查是否把别的内容粘贴进了这一格。", "Shorten it, or see whether something else was pasted into this cell.")
	IntakeUnreadable       = text("这一格有不能识别的字符。", "This cell holds characters that cannot be read.")
	IntakeUnreadableAdvice = text("请重新填写这一格；如果整列都是乱码，请把文件另存为 xlsx 再导入。", "Enter it again; if the whole column is garbled, save the file as xlsx and import that.")
	IntakeDate             = text("这不是一个存在的日期。", "This is not a date that exists.")
	IntakeFlag             = text("只能填“是”或“否”。", "Only yes or no can stand here.")
	IntakeFlagAdvice       = text("请填“是”或“否”，空着就是“否”。", "Enter yes or no; empty means no.")
	IntakeTwice            = text("与第 {0} 行是同一条记录，表里出现了两次。", "The same record as row {0}: it stands in the table twice.")
	IntakeTwiceAdvice      = text("请核对这两行，只留一行。", "Compare the two rows and keep one.")
	IntakeTwiceLater       = text("第 {0} 行与这一行是同一条记录。", "Row {0} is the same record as this one.")
)

// IntakeYesNo reads a yes or no as people write it in tables.
func IntakeYesNo(s string) (yes, known bool) {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "是", "有", "对", "√", "✓", "y", "yes", "1", "true", "在":
		return true, true
	case "否", "无", "没有", "不是", "×", "✗", "n", "no", "0", "false", "-", "/":
		return false, true
	}
	return false, false
}

// What is wrong with a file as a whole, or with the moment.
var (
	IntakeNoRows         = text("表头下面没有数据。请填好内容后再导入。", "There are no rows below the header. Fill it in, then import it.")
	IntakeChooseOrg      = text("请选择这张表属于哪个组织。", "Choose the organisation to which the table belongs.")
	IntakeAlreadyDone    = text("这张表已经导入过了。", "This table has been imported already.")
	IntakeFileGone       = text("原文件已按规定删除，请重新上传。", "The file has been deleted as it should be; please upload it again.")
	IntakeFailed         = text("导入中断，没有写入任何内容。请再试一次；如仍不行，请把文件交给管理员。", "The import broke off and nothing was written. Try again; if it fails again, give the file to your administrator.")
	IntakeNothingWritten = text("没有写入任何内容。", "Nothing was written.")
	IntakeHopeless       = text("已有 {0} 行不能导入，多半是选错了文件，或者列没有对上。没有写入任何内容，请检查后重新导入。", "{0} rows cannot be taken: probably the wrong file, or columns matched wrongly. Nothing was written; please check and import again.")
)

// The pages of imports.
var (
	WaitImportFinish   = text("{0} 张表格还没有导入完", "{0} tables are not finished importing")
	IntakeTitle        = text("导入", "Imports")
	IntakeOf           = text("导入{0}", "Import {0}")
	IntakeStart        = text("导入什么", "What to import")
	IntakeStartAct     = text("选择文件", "Choose a file")
	IntakeTemplate     = text("下载模板", "Template")
	IntakeHistory      = text("导入记录", "Past imports")
	IntakeNone         = text("还没有导入过表格。", "No table has been imported yet.")
	IntakeFile         = text("表格文件", "File")
	IntakeFileHint     = text("Excel（xlsx）或 CSV 都可以，列的顺序不限，也不必与模板相同：上传后先对列、先试导入，再决定。", "Excel (xlsx) or CSV, columns in any order: after uploading you match columns and try it before anything is written.")
	IntakeOrg          = text("属于哪个社区", "Which community")
	IntakeOrgHint      = text("整张表只有一个社区的人时选择；表中已有“社区”一列就不用选。", "If the whole table belongs to one community; not needed if it has a column for it.")
	IntakeUpload       = text("上传", "Upload")
	IntakeUploaded     = text("已读取 {0}，请核对列的对应关系，然后试导入。", "{0} was read. Check the columns, then try it.")
	IntakeWhen         = text("时间", "When")
	IntakeKind         = text("内容", "What")
	IntakeState        = text("状态", "State")
	IntakeRows         = text("行数", "Rows")
	IntakeInserted     = text("新增", "New")
	IntakeUpdated      = text("更新", "Updated")
	IntakeUnchanged    = text("没有变化", "Unchanged")
	IntakeRejected     = text("要改正", "To mend")
	IntakeWarnings     = text("提醒", "Warnings")
	IntakeWould        = text("试导入：没有写入任何内容", "Dry run: nothing was written")
	IntakeColumns      = text("列的对应关系", "Columns")
	IntakeColumnsHint  = text("左边是我们的项目，右边是表格里的列。认不准的请改一下；不需要的选“不导入”。", "Ours on the left, the file's on the right. Correct what was matched wrongly; leave out what is not needed.")
	IntakeColumnsAgain = text("查看或修改列的对应关系", "See or change the columns")
	IntakeOthers       = text("表格里没有的其他项目（{0}）", "Others that the file does not have ({0})")
	IntakeColumnOurs   = text("项目", "Field")
	IntakeColumnFile   = text("表格里的列", "Column of the file")
	IntakeColumnOf     = text("“{0}”对应表格里的哪一列", "Column of the file for “{0}”")
	IntakeLeaveOut     = text("不导入", "Leave out")
	IntakeExact        = text("名称相同", "Same name")
	IntakeSynonym      = text("常用别名", "Usual name")
	IntakeChosen       = text("您选的", "Your choice")
	IntakeLikely       = text("可能是，请确认", "Maybe: please confirm")
	IntakeNotThere     = text("表格里没有", "Not in the file")
	IntakeNeeded       = text("必需", "Needed")
	IntakeUnused       = text("表格里没有用到的列：{0}", "Columns of the file that are not used: {0}")
	IntakeOptions      = text("选项", "Options")
	IntakeDry          = text("试导入", "Try it")
	IntakeAll          = text("正式导入", "Import")
	IntakeGood         = text("只导入没有问题的行", "Import the good rows only")
	IntakeGoodHint     = text("有 {0} 行要改正。可以改好表格重新上传；也可以先导入其余的行，再下载这些行来改。", "{0} rows need mending. Mend the file and upload it again, or take the other rows now and download these to mend.")
	IntakeRest         = text("下载要改正的行", "Download the rows to mend")
	IntakeReport       = text("逐行说明", "Row by row")
	IntakeReportNone   = text("没有发现问题。", "Nothing wrong was found.")
	IntakeRowNo        = text("第 {0} 行", "Row {0}")
	IntakeRow          = text("行", "Row")
	IntakeColumn       = text("列", "Column")
	IntakeValue        = text("内容（已遮盖）", "Value (masked)")
	IntakeWrong        = text("问题", "What is wrong")
	IntakeTodo         = text("怎么改", "What to do")
	IntakeWhole        = text("整个文件", "Whole file")
	IntakeWorking      = text("正在导入 {0}", "Importing {0}")
	IntakeDone         = text("导入完成：新增 {0}，更新 {1}，没有变化 {2}，要改正 {3}。", "Imported: {0} new, {1} updated, {2} unchanged, {3} to mend.")
	IntakeTried        = text("试导入完成：可新增 {0}，可更新 {1}，没有变化 {2}，要改正 {3}。没有写入任何内容。", "Tried: {0} new, {1} updated, {2} unchanged, {3} to mend. Nothing was written.")
	IntakeRefusedText  = text("有 {0} 行要改正，整张表都没有写入。", "{0} rows need mending; nothing of the table was written.")
	IntakeQueued       = text("表格较大，已在后台导入；可以离开这个页面。", "The table is large and is imported in the background; you can leave this page.")
	IntakeAnother      = text("再导入一张表", "Import another table")
	IntakeStateReady   = text("待核对", "To check")
	IntakeStateChecked = text("已试导入", "Tried")
	IntakeStateWaiting = text("排队中", "Waiting")
	IntakeStateRunning = text("导入中", "Running")
	IntakeStateDone    = text("已导入", "Imported")
	IntakeStateRefused = text("有要改正的行", "Needs mending")
	IntakeStateFailed  = text("没有成功", "Failed")
	IntakeImported     = text("查看导入的居民", "See the residents imported")
	IntakeBy           = text("{0} · {1} 行左右", "{0} · about {1} rows")
	IntakeChooseFile   = text("请选择一个文件。", "Choose a file.")
)
