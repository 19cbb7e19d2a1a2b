package i18n

// Volunteers who are asked to meet a need, topics that are raised by themselves, and files of a delivery.
var (
	MatchTime = text("时间合适", "has time then")
	MatchKept = text("以前说到做到", "came when they said so")
	MatchNear = text("住在附近，愿意接联系", "lives nearby and may be asked")

	ExchangeActInvite    = text("社区请志愿者帮忙", "the community asked a volunteer")
	ExchangeActAccept    = text("志愿者答应帮忙", "the volunteer said yes")
	ExchangeActUnable    = text("志愿者说办不了", "the volunteer cannot")
	ExchangeActTopicBack = text("不上联席会议，撤回议题", "the topic was taken back")

	ExchangeNotVolunteer = text("您还没有登记为志愿者。请先在“志愿服务”里登记，再来认领。", "You are not registered as a volunteer yet; please register first.")
	ExchangeNoTopic      = text("这条需求现在没有议题。", "This need has no topic now.")
	PledgeForYou         = text("等您答复", "For you to answer")
	PledgeForVolunteer   = text("已请，等本人答复", "Asked, to be answered")

	ExchangeBySystem      = text("系统", "the system")
	ExchangeTopicIs       = text("已列入议题", "It is a topic")
	ExchangeTopicBack     = text("撤回议题", "Take the topic back")
	ExchangeTopicBackHelp = text("挂出很久没人认领的，系统会自动提交本社区的联席会议。撤回后不会再自动提交。", "What nobody takes for long goes before the joint conference by itself. After it is taken back it does not go there by itself again.")
	ExchangeTopicBackDone = text("已撤回议题。", "The topic is taken back.")

	ExchangeVolFind     = text("找合适的志愿者", "Find a volunteer")
	ExchangeVolFindHelp = text("从愿意接联系的志愿者里，按会什么、有空的时间、住哪里和以前的表现推荐几位。", "A few of those who may be asked, by skill, time, community and kept duties.")
	ExchangeVolTitle    = text("请志愿者帮忙", "Ask a volunteer")
	ExchangeVolLead     = text("只看得到姓名；本人答应以后，双方才能看到联系方式。每看一次名单都有记录，本人看得到。", "You see names only; the contact is shown to both sides after they say yes. Each look is recorded, and they see it.")
	ExchangeVolNone     = text("没有合适的志愿者", "No volunteer fits")
	ExchangeVolNoneMore = text("可以改一改公开的说明（写上要会什么、哪天上午或下午），或者等人认领。", "Change what is public (which skill, which morning or afternoon), or wait until somebody takes it.")
	ExchangeVolAsk      = text("请来帮忙", "Ask them")
	ExchangeVolAsked    = text("已请，等本人在手机上答复。", "Asked; they answer on their page.")
	ExchangeVolDrop     = text("不请了", "Do not ask any more")
	ExchangeVolSaid     = text("本人已答应", "They said yes")
	ExchangeWaitAsked   = text("社区请您帮忙，{0} 件等您答复", "The community asks for your help: {0} to answer")

	HelpAsked      = text("{0}想请您帮这个忙。答应以后双方才看得到联系方式；不方便的话写一句原因，只有社区看得到。", "{0} asks for your help. The contact is shown to both sides after you say yes; if you cannot, say why: only the community reads it.")
	HelpAccept     = text("我来帮忙", "I help")
	HelpAccepted   = text("谢谢您！现在可以看联系方式了。", "Thank you. You can see the contact now.")
	HelpUnable     = text("这次办不了", "I cannot this time")
	HelpFirst      = text("认领之前，请先登记为志愿者，只要一分钟。", "Please register as a volunteer first; it takes a minute.")
	HelpFirstAct   = text("去登记", "Register")
	HelpNeighbours = text("帮邻居办件事", "Help a neighbour")
	HelpWaitsOwn   = text("有 {0} 件等您答复", "{0} wait for your answer")
	HelpRecorded   = text("已评价，时长已记入您的志愿服务，可以开证明。", "Confirmed. The hours stand in your voluntary service and can be certified.")

	CobuildHelped = text("本单位 {0} 人，{1} 小时", "{0} of the unit, {1} h")

	PledgeFiles    = text("照片和文件", "Photographs and files")
	PledgeFileHelp = text("可传可不传，不传也能办结。照片里请不要拍人脸和门牌。", "Only if you like; nothing depends on it. Please no faces and no house numbers.")

	BankSolvencyOwn = text("本社区爱心银行的家底", "How the bank of your community stands")
	BankSolvencySum = text("只有合计数，不含任何个人的账。", "Sums only, of nobody in particular.")
)
