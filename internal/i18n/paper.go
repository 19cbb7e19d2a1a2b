package i18n

// Papers with a verification code.
var (
	PaperNumberTaken = text("编号 {0} 已经用过。", "The number {0} is already in use.")
	PaperUnknown     = text("没有这个核验码对应的文书。请对照纸面逐字检查；仍然查不到，说明不是本平台出具的。", "No paper has this code. Compare it with the paper letter by letter; if it is still not found, this platform did not issue it.")
)
