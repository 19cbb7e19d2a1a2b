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
