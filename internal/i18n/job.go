package i18n

// Background work.
var (
	JobTitle   = text("后台任务", "Background work")
	JobFailed  = text("任务没有完成，系统会记录原因，请联系管理员。", "The work was not finished; the reason is in the log. Ask your administrator.")
	JobWaiting = text("排队中", "Waiting")
	JobRunning = text("进行中", "Running")
	JobDone    = text("已完成", "Done")
	JobFailing = text("未完成", "Failed")
)
