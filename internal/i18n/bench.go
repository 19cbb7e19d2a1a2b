package i18n

// The benchmarks.
var (
	BenchDistrict  = text("测速区", "Bench District")
	BenchCommunity = text("测速社区第", "Community ")
	BenchUnit      = text("测速单位第", "Unit ")
	BenchFilling   = text("正在生成并导入居民名单", "Making and importing the list of residents")
	BenchPosting   = text("正在生成党员和记账", "Making members and postings")

	BenchImport     = text("导入居民名单", "Import of residents")
	BenchList       = text("名单一页", "List page")
	BenchRecord     = text("单条记录", "Single record")
	BenchCreate     = text("32 人同时新增", "Creation, 32 callers")
	BenchCase       = text("32 位居民同时上报", "Reports of 32 residents")
	BenchOffers     = text("居民页面：能提供的帮助", "Residents' page of resources")
	BenchOutlets    = text("居民页面：便民网点", "Residents' page of the service directory")
	BenchPublic     = text("居民页面：微心愿", "Residents' page of wishes")
	BenchExport     = text("导出居民名单", "Export of residents")
	BenchSearch     = text("按姓名查找", "Search by name")
	BenchClose      = text("季度结账", "Closing a quarter")
	BenchCoverage   = text("由记录重新计算三覆盖", "Three coverages from their records")
	BenchFigures    = text("由记录重新计算指标", "Figures from their records")
	BenchReport     = text("区情报告首字节（与二十分之一规模相比）", "First byte of the report, beside a twentieth of the size")
	BenchReportPage = text("区情报告首字节", "First byte of the report")
	BenchRoll       = text("全部指标汇总一季", "Roll-up of all figures of a quarter")
	BenchPeople     = text("居民 {0}", "{0} residents")
	BenchStorm      = text("党员同时签到", "Members who sign in at once")
	BenchStart      = text("启动到可以服务", "From the start until it serves")
	BenchMemory     = text("静止时占用内存", "Memory at rest")
	BenchRows       = text("{0} 行/秒", "{0} rows/s")
	BenchRequests   = text("{0} 次/秒", "{0} requests/s")
	BenchMillis     = text("{0} 毫秒", "{0} ms")
	BenchMegabytes  = text("{0} MB", "{0} MB")

	BenchColJob     = text("项目", "Job")
	BenchColOurs    = text("邻里", "Linli")
	BenchColCeiling = text("裸程序", "Bare program")
	BenchColRatio   = text("比值", "Ratio")
	BenchColGoal    = text("目标", "Goal")
	BenchColMet     = text("结果", "Result")
	BenchAtLeast    = text("≥ {0}", "≥ {0}")
	BenchAtMost     = text("≤ {0}", "≤ {0}")
	BenchMet        = text("✓ 达到", "✓ met")
	BenchMissed     = text("✗ 未达到", "✗ missed")
	BenchNoScale    = text("没有“{0}”这个规模，可选 small、district、city。", "There is no scale “{0}”; choose small, district or city.")
	BenchNoJob      = text("没有“{0}”这个项目。可选：{1}", "There is no job “{0}”. There are: {1}")
	BenchKept       = text("{0} 里留着的数据库不是 {1} 规模，或不在这种数据库上。请换一个目录，或删去它。", "The databases kept in {0} are not of the size {1} or on another engine. Choose another folder or delete it.")
	BenchNoServer   = text("用 PostgreSQL 测速，请以 -db postgres://… 指明可以建库的服务器。", "To measure on PostgreSQL name a server on which databases can be made: -db postgres://…")

	CLIBench        = text("在本机测速，与裸程序比较", "Measure speed on this machine beside bare programs")
	CLIFlagScale    = text("规模：small（约两分钟）、district（41 万居民）或 city（30 个区、300 万居民）", "Size: small (about two minutes), district (410,000 residents) or city (30 districts, three million)")
	CLIFlagEngine   = text("数据库：sqlite 或 postgres", "Database: sqlite or postgres")
	CLIFlagServer   = text("可以建临时数据库的 PostgreSQL 服务器：postgres://…", "PostgreSQL server on which to make databases of its own: postgres://…")
	CLIFlagJob      = text("只测这些项目，可重复：{0}", "Measure these jobs only, may be repeated: {0}")
	CLIFlagVerbose  = text("逐次显示测得的数", "Show every single measurement")
	CLIFlagGrowth   = text("比较这几个规模下同一件事各要多久（如 small,district,city），不与裸程序比", "Compare how long the same acts take at these sizes (like small,district,city) instead of with bare programs")
	CLIFlagBenchDir = text("临时数据库所在的目录", "Folder for the databases of the measurement")

	CLIFlagBenchData = text("把建好的数据库留在此目录，下次接着用", "Folder in which the databases are kept and used again next time")
)

// Characters of which invented names are made.
const (
	BenchSurnames = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏"
	BenchGiven    = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅志建国文辉力民永健世广义兴良海山仁波宁贵福生龙元全胜学祥才发武新利清飞彬富顺信子浩"
)
