package i18n

// Background work.
var (
	JobTitle     = text("后台任务", "Background work")
	JobNotFailed = text("这项任务没有失败，或已经重新排队。", "This work has not failed, or is in the queue again.")
	JobRetry     = text("再做一次", "Try again")
	JobRetried   = text("已重新排队。", "It is in the queue again.")
	JobFailed    = text("任务没有完成，系统会记录原因，请联系管理员。", "The work was not finished; the reason is in the log. Ask your administrator.")
	JobWaiting   = text("排队中", "Waiting")
	JobRunning   = text("进行中", "Running")
	JobDone      = text("已完成", "Done")
	JobFailing   = text("未完成", "Failed")
)
