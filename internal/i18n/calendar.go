package i18n

// Days, quarters and the years of the working calendar (rules CAL-1 to CAL-7).
var (
	CalendarNotADate      = text("这不是一个完整的日期，请写作 2026-09-30 的样子。", "Not a full date; write it like 2026-09-30.")
	CalendarNoSuchDay     = text("没有这一天，请核对年、月、日。", "There is no such day; check year, month and day.")
	CalendarTwoDigitYear  = text("年份请写四位，例如 2026-09-30。", "Write the year with four digits, like 2026-09-30.")
	CalendarSerial        = text("这是表格软件内部的日期序号。请把这一列设为“日期”或“文本”格式，再写作 2026-09-30 的样子。", "This is a spreadsheet's internal day number. Set the column to Date or Text and write 2026-09-30.")
	CalendarNotAQuarter   = text("季度写作 2026Q3 的样子。", "Write the quarter like 2026Q3.")
	CalendarQuarter       = text("{0} 年第 {1} 季度", "Q{1} {0}")
	CalendarYearUnread    = text("日历文件读不懂。请使用按年份提供的节假日 JSON 文件。", "The calendar file cannot be read. Use the yearly JSON file of days off.")
	CalendarYearRange     = text("日历的年份 {0} 不对，应在 1949 至 2200 之间。", "The calendar's year {0} is wrong; it runs from 1949 to 2200.")
	CalendarYearForeign   = text("{0} 不属于 {1} 年的放假安排。", "{0} is no part of the days off of {1}.")
	CalendarYearTwice     = text("{0} 出现了两次，而且一次休息、一次上班。", "{0} stands there twice, once off and once working.")
	CalendarYearIdle      = text("{0} 本来就是周一至周五的工作日，不必列为调休上班，请核对。", "{0} is an ordinary working day and needs no entry; please check.")
	CalendarYearEmpty     = text("{0} 年的日历里没有任何放假日，请核对文件。", "The calendar of {0} holds no day off; check the file.")
	CalendarYearDoubled   = text("{0} 年的日历装入了两次。", "The calendar of {0} was loaded twice.")
	CalendarProvisional   = text("暂定：{0} 年的放假安排尚未装入，装入后会重新计算。", "Provisional: the days off of {0} are not loaded yet; this will be worked out again.")
	CalendarWorkingDaysN  = text("{0} 个工作日", "{0} working days")
	CalendarWorkingDay    = text("工作日", "Working day")
	CalendarDayOff        = text("休息日", "Day off")
	CalendarExchangeDay   = text("调休上班", "Exchanged working day")
	CalendarOfficialTitle = text("工作日历", "Working calendar")
)

// Marks with which Chinese dates and quarters are written; the calendar reads them as separators.
const (
	CalendarDateMarks      = "年月日号"
	CalendarQuarterMarks   = "年第季度"
	CalendarQuarterNumbers = "一二三四"
)
