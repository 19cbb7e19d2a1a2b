package i18n

// What went wrong, in words that say what to do. Texts of one concept stand in that concept's file.
var (
	ErrInvalid         = text("有内容需要改正，请看标出的各项。", "Some entries need correcting; see the marked fields.")
	ErrRequired        = text("请填写此项。", "Please fill this in.")
	ErrTooLong         = text("最多 {0} 个字，现有 {1} 个，请缩短。", "At most {0} characters, there are {1}; please shorten.")
	ErrBadDate         = text("日期写作 2026-09-30 的样子。", "Write the date like 2026-09-30.")
	ErrBadNumber       = text("请填写数字。", "Please enter a number.")
	ErrBadChoice       = text("请从列出的选项中选择。", "Please choose one of the listed options.")
	ErrEndBeforeStart  = text("结束不能早于开始，请检查两个时间。", "The end cannot be before the start; please check both.")
	ErrSpanTooLong     = text("最长 {0} 小时；多天的请按天分开。", "At most {0} hours; enter one for each day.")
	ErrUnauthenticated = text("请先登录。", "Please log in first.")
	ErrForbidden       = text("您的角色不能做这件事。如有需要，请联系本单位的管理员。", "Your role does not allow this. Ask your administrator if you need it.")
	ErrNotFound        = text("没有找到。可能已不存在，或不在您负责的范围内。", "Not found. It may no longer exist, or lie outside what you are responsible for.")
	ErrConflict        = text("这条记录刚被别人改过。请看最新内容，再决定是否保存您的修改。", "Somebody has just changed this record. Look at it as it is now, then decide whether to save yours.")
	ErrRateLimited     = text("操作太频繁，请 {0} 秒后再试。", "Too many attempts; try again in {0} seconds.")
	ErrUnavailable     = text("系统暂时忙，没有保存。请稍后再试。", "The system is busy and nothing was saved. Please try again shortly.")
	ErrOutage          = text("暂时连不上数据库，刚才做的可能没有保存。请稍后看一看，再试一次。", "The database cannot be reached at the moment, and what you did may not be saved. Look again shortly, then try once more.")
	ErrDiskFull        = text("服务器的磁盘满了，没有保存。请告诉管理员。", "The server’s disk is full and nothing was saved. Tell your administrator.")
	ErrInternal        = text("系统出错，没有保存。请把编号 {0} 告诉管理员。", "Something failed and nothing was saved. Tell your administrator the number {0}.")
	ErrTooLarge        = text("内容超过 {0} 的上限，没有接收。", "Larger than the limit of {0}; it was not accepted.")
	ErrPurposeNeeded   = text("查看敏感信息须先说明用途。", "Say what you need the sealed data for before opening it.")
)
