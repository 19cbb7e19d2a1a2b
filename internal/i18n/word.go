package i18n

import "strings"

// The words of permissions and of acts in the audit record. Both are named concept.verb; a name is put together from the words of
// its concept and its verb, so that a new permission needs at most two new words.
var (
	wordOwn     = text("{0} · {1}（仅本人）", "{0} · {1} (own only)")
	wordConcept = map[string]Text{
		"account": text("账号", "Accounts"), "activity": text("活动", "Activities"), "assess": text("考评", "Assessments"), "appraisal": text("民主评议党员", "Democratic appraisal"), "appointment": text("组织职务", "Posts"), "attendance": text("签到", "Attendance"), "audit": text("审计记录", "Audit record"),
		"body": text("联席会议与共建组织", "Joint bodies"), "feed": text("日历订阅", "Calendar addresses"), "meeting": text("会议", "Meetings"), "task": text("决议任务", "Tasks of meetings"), "topic": text("议题", "Topics"),
		"calendar": text("放假安排", "Days off"),
		"backup":   text("备份", "Backup"), "building": text("楼栋", "Buildings"), "burden": text("减负台账", "Burden ledger"), "certificate": text("证书", "Certificates"),
		"claim": text("认领", "Claims"), "complaint": text("对平台的意见", "Complaints about the platform"), "contact": text("联系单、联系册、联系卡", "Contact papers"),
		"casework": text("办事", "Cases"), "correction": text("更正", "Corrections"), "countersign": text("受助人确认", "Counter-signing"), "deed": text("实事", "Deeds"),
		"division": text("区划", "Divisions"), "evaluation": text("评议", "Evaluations"), "feedback": text("反馈单", "Feedback slips"), "fact": text("数据项", "Facts"),
		"fill": text("填上级的表", "Filling in forms"), "figure": text("数字与报告", "Figures"), "floating": text("流动党员", "Floating members"), "grid": text("网格", "Grids"), "household": text("住户", "Households"), "import": text("导入", "Imports"),
		"job": text("后台任务", "Background work"), "keys": text("密钥", "Keys"), "ledger": text("台账", "Ledger"), "login": text("登录", "Log-in"), "logout": text("退出登录", "Log-out"),
		"looks": text("查看记录", "Record of looks"), "member": text("党员", "Members"), "platform": text("平台", "Platform"), "organisation": text("组织", "Organisations"),
		"person": text("个人资料", "Personal data"), "place": text("网格与楼栋", "Grids and buildings"), "plaque": text("亮身份", "Plaque"), "policy": text("参数", "Settings"),
		"promise": text("承诺", "Promises"), "purpose": text("用途", "Purposes"), "quarter": text("小区", "Quarters"), "registration": text("报到", "Registrations"),
		"resident": text("居民", "Residents"), "retention": text("保留与清除", "Retention"), "request": text("上级要表", "Requests from above"), "question": text("待答的问题", "Questions"), "responsibility": text("责任区与岗位", "Responsibility areas and posts"), "role": text("角色", "Roles"),
		"session": text("登录会话", "Sessions"), "slip": text("反馈单", "Slips"), "table": text("自制表格", "Tables"), "tenant": text("区（县）", "District"), "token": text("接口令牌", "API tokens"),
		"transfer":   text("组织关系转接", "Transfers of members"),
		"technician": text("服务人员", "Technicians"),
		"notice":     text("通知", "Notices"), "webhook": text("事件推送", "Webhooks"),
		"patrol":      text("巡查走访", "Rounds"),
		"dataright":   text("个人信息请求", "Requests about personal data"),
		"counselling": text("心理咨询", "Counselling"),
		"volunteer":   text("志愿者", "Volunteers"),
		"pairing":     text("结对帮扶", "Pairing help"),
		"employment":  text("就业服务", "Re-employment"),
		"hall":        text("办事大厅", "Service halls"),
		"outlet":      text("服务网点", "Service outlets"),
		"exchange":    text("需求与资源", "Needs and resources"),
		"venue":       text("共享场所", "Shared places"),
		"lovebank":    text("爱心银行", "Love bank"),
		"cobuild":     text("共建协议", "Co-building agreements"),
		"project":     text("共建项目", "Projects"),
		"region":      text("向上级汇总", "Levels above"),
		"mediation":   text("人民调解", "Mediation"),
		"catalogue":   text("服务目录", "Service catalogue"),
		"twonew":      text("两新组织", "Two-new organisations"), "workplan": text("年度计划", "Plans of the year"), "dues": text("党费", "Party dues"), "birthday": text("政治生日", "Political birthdays"),
	}
	// Some verbs mean something else of one concept.
	wordExact = map[string]Text{
		"region.share": text("开通，上级可看本区数字", "open the figures of the district"), "region.end": text("停止，上级不再看本区数字", "stop"),
		"activity.sign": text("签到与签退", "sign in and out"), "registration.start": text("发起", "start"), "import.run": text("执行", "run"), "backup.drill": text("恢复演练", "restore drill"), "retention.run": text("清除到期内容", "remove what is past its period"), "audit.cut": text("清除最早的记录", "cut the oldest off"),
		"question.answer": text("回答与核定", "answer and settle"), "question.ask": text("提问", "ask"), "question.answered": text("回答并记入", "answer"), "question.differs": text("回答与档案不一致", "answer otherwise than the record"),
		"question.settled": text("核定", "settle"), "question.unknown": text("答不清楚", "say that it cannot be known"),
		"body.read": text("确认已阅规则", "say that the rules were read"), "meeting.close": text("记为已召开", "say that it was held"), "meeting.plan": text("安排、通知、记录、决议", "plan, notify, write, decide"), "meeting.raise": text("提议题、回复通知、报进度", "raise topics, answer notices, report"),
		"meeting.sign_in": text("开启签到", "open the sign-in"), "task.settle": text("认可或退回", "accept or send back"), "body.keep": text("成立、改、撤销，管席位和规则", "set up, change, end, keep seats and rules"), "topic.schedule": text("列入或移出议程", "put on or take off the agenda"),
		"platform.tidy": text("清理", "tidy"), "feedback.close": text("结转季度", "close the quarter"),
		"assess.hold": text("开展、记录、定分、答复申诉", "open, enter findings, settle, answer"), "assess.freeze": text("定分", "settle the scores"), "assess.find": text("记一条", "enter a finding"),
		"request.answer": text("填好并交表", "answer"), "request.see": text("查看", "see"), "request.register": text("登记、更正、暂停、结束", "register, correct, pause, end"), "request.keep": text("到期处理", "expire and fall due"),
		"request.pause": text("暂停", "pause"), "request.resume": text("恢复", "go on"), "request.extend": text("改截止日期", "change the end"), "request.expire": text("到期", "expire"), "request.read": text("下载交过的表", "download an answer"),
		"appointment.appoint": text("登记任职", "appoint"), "appointment.keep": text("登记任职、免职、更正", "appoint, end, correct"), "appointment.end": text("登记免职", "end"), "appointment.resume": text("撤销免职", "take an end back"), "appointment.strike": text("删除误登", "remove a mistake"),
		"dues.keep": text("登记基数和交费、报减免", "keep bases and payments, propose hardship"), "dues.approve": text("批准减免", "approve hardship"), "dues.base": text("登记基数", "enter a base"), "dues.take": text("登记交费", "enter a payment"),
		"dues.counter": text("冲正", "take back"), "dues.relieve": text("报减免", "propose hardship"), "dues.relief.approved": text("批准减免", "approve hardship"), "dues.relief.declined": text("不批准减免", "decline hardship"),
		"dues.relief.withdrawn": text("撤回减免", "withdraw hardship"), "dues.look.dues_base": text("查看基数", "look at a base"), "dues.look.dues_amount": text("查看金额", "look at amounts"), "dues.look.dues_relief": text("查看减免理由", "look at a reason"),
		"catalogue.keep": text("维护事项、分类和清单", "keep items, classes and lists"), "catalogue.class": text("改分类", "change a class"), "catalogue.retire": text("停用", "retire"), "catalogue.restore": text("恢复使用", "bring back"),
		"resident.open": text("居民开通账号", "an account is opened"), "resident.anew": text("居民账号重新开始", "an account begins anew"), "resident.end": text("居民注销账号", "an account is closed"),
		"resident.number": text("打开电话，以发通知", "open a number to send a notice"), "resident.prove": text("居民核对身份", "an account is linked with the record"), "resident.unlink": text("居民解除关联", "an account is unlinked"), "hall.vacate": text("空出窗口", "vacate a counter"), "hall.queue": text("退回排队", "back in the queue"), "resident.cut": text("解除居民账号关联", "unlink residents' accounts"), "resident.enter": text("居民登录", "a resident enters"), "casework.keep": text("居民把事项加进账号", "kept in a resident's account"), "resident.slip": text("给居民关联码", "give a code for the resident's account"),
		"dataright.enter": text("在窗口登记", "take at the counter"), "dataright.ask": text("提出", "ask"), "dataright.decide": text("答复", "decide"), "dataright.withdraw": text("撤回", "withdraw"), "dataright.export": text("导出", "export"),
		"outlet.see": text("查看服务网点", "see the directory"), "outlet.keep": text("登记、改、核对、停用网点", "enter, change, check and end outlets"), "outlet.add": text("登记网点", "enter an outlet"), "outlet.edit": text("改网点", "change an outlet"), "outlet.check": text("核对网点", "check an outlet"), "outlet.end": text("停用网点", "end an outlet"), "outlet.reopen": text("恢复网点", "bring an outlet back"),
		"lovebank.see": text("查看目录、账目、偿付情况", "see catalogue, books and solvency"), "lovebank.keep": text("上架、交付、赠予、冲正、代开户", "keep catalogue and stock, hand over, grant, correct"), "lovebank.offer": text("替本单位捐赠", "give for one's organisation"), "lovebank.account": text("自己的账户", "one's account"),
		"lovebank.open": text("开户", "open an account"), "lovebank.close": text("注销账户", "close an account"), "lovebank.redeem": text("兑换", "redeem"), "lovebank.cancel": text("取消兑换", "cancel an order"), "lovebank.hand": text("交付", "hand over"), "lovebank.slip": text("查看代兑换的领取码", "look at the code of an order made for somebody"),
		"lovebank.give": text("赠出爱心分", "give hearts"), "lovebank.grant": text("关爱基金赠予", "grant of the fund"), "lovebank.remit": text("社区间划转", "move between communities"), "lovebank.correct": text("冲正", "take back"), "lovebank.look": text("查看个人账户", "look at an account"), "lovebank.move": text("账户随人迁到新社区", "an account follows its owner"), "lovebank.refund": text("更正后退分", "return hearts after a correction"),
		"lovebank.accord": text("与别的区县订立往来协议", "agree with other districts"), "lovebank.propose": text("提出往来协议", "propose an agreement"), "lovebank.agree": text("同意往来协议", "agree"), "lovebank.heard": text("收到对方区县关于协议的消息", "hear from the other district"), "lovebank.leave": text("终止往来协议", "end an agreement"), "lovebank.send": text("转到外区", "transfer to another district"), "lovebank.item": text("上架", "add an item"), "lovebank.item_edit": text("修改目录", "change an item"), "lovebank.item_end": text("下架或重新上架", "take an item out or put it back"), "lovebank.count": text("入库与盘点", "count the stock"),
		"lovebank.accept": text("接收捐赠", "accept a donation"), "lovebank.decline": text("不接收捐赠", "decline a donation"), "lovebank.withdraw": text("撤回捐赠", "withdraw a donation"), "lovebank.night": text("每晚记账", "the night's work"),
		"cobuild.see": text("查看", "see"), "cobuild.keep": text("替社区起草、办理、确认", "draft, do and confirm for a community"), "cobuild.unit": text("替本单位起草、办理、确认", "draft, do and confirm for one's organisation"), "cobuild.sign": text("签署、终止", "sign and end"),
		"cobuild.reveal": text("查看联系人电话", "see the number of a contact"), "cobuild.programmes": text("设共建主题", "keep programmes"), "cobuild.draft": text("起草", "draft"), "cobuild.renew": text("续签", "renew"), "cobuild.terms": text("改协议内容", "change the terms"),
		"cobuild.add": text("加事项", "add an item"), "cobuild.edit": text("改事项", "change an item"), "cobuild.remove": text("去掉事项", "take an item out"), "cobuild.send": text("送对方", "send across"), "cobuild.paper": text("登记纸质签署", "enter a signature on paper"),
		"cobuild.give_up": text("不再签", "give up"), "cobuild.ask_end": text("提出终止", "propose to end"), "cobuild.keep_on": text("不终止", "not end"), "cobuild.end_both": text("双方同意终止", "end by both"), "cobuild.end_alone": text("单方终止", "end alone"),
		"cobuild.said": text("说已办", "say it is done"), "cobuild.link": text("用已有记录办结", "link a record"), "cobuild.unsay": text("撤回", "take back"), "cobuild.confirm": text("确认已办", "confirm"), "cobuild.missing": text("指出缺什么", "say what is missing"),
		"cobuild.post": text("查看自己的任职和联系点", "see one's posts"), "cobuild.person": text("登记任职人员", "name somebody for a post"), "cobuild.person_end": text("结束任职", "end a post"), "cobuild.posts": text("改职务清单", "change the posts"),
		"cobuild.contact": text("写联系人", "write the contact"), "cobuild.file_add": text("传照片或文件", "add files"), "cobuild.file_remove": text("删照片或文件", "remove a file"), "cobuild.programme_setup": text("设主题", "set a programme up"), "cobuild.programme_edit": text("改主题", "change a programme"),
		"project.see": text("查看", "see"), "project.keep": text("替社区拟定、办理项目", "draft and do for a community"), "project.unit": text("替本单位答复、办理项目", "answer and do for one's organisation"),
		"project.draft": text("拟定项目", "drafted it"), "project.from_need": text("从需求立项", "made it from a need"), "project.copy": text("照抄以前的项目", "copied an earlier one"),
		"project.about": text("改了名称或日期", "changed title or days"), "project.need": text("关联需求", "answers a need"), "project.unneed": text("取消关联需求", "took a need out"),
		"project.invite": text("加参与单位", "added a partner"), "project.remove": text("移出参与单位", "took a partner out"), "project.propose": text("发给各单位", "asked the partners"),
		"project.back": text("收回再改", "took it back"), "project.begin": text("各方同意，项目开始", "all agreed: it begins"), "project.agree": text("同意参加", "agreed"),
		"project.decline": text("不同意", "declined"), "project.ask": text("提出修改，等对方同意", "asked for a change"), "project.yes": text("同意修改", "agreed to a change"),
		"project.no": text("不同意修改", "declined a change"), "project.recall": text("撤回修改", "took a change back"), "project.step": text("加步骤", "added a step"),
		"project.change": text("改步骤", "changed a step"), "project.drop": text("去掉步骤", "took a step out"), "project.done": text("办结步骤", "did a step"),
		"project.link": text("用已有的记录办结步骤", "did a step by a record"), "project.undo": text("步骤改回待办", "a step is open again"), "project.line": text("加预算", "added a line"),
		"project.reline": text("改预算", "changed a line"), "project.unline": text("去掉预算", "took a line out"), "project.expense": text("登记支出", "entered an expense"),
		"project.reverse": text("冲销支出", "reversed an expense"), "project.person": text("登记分工", "added somebody"), "project.unperson": text("移出分工", "took somebody out"),
		"project.activity": text("安排活动", "planned an activity"), "project.finish": text("完成项目", "finished it"), "project.stop": text("停止项目", "stopped it"),
		"project.reopen": text("撤回完成", "took the end back"),
		"exchange.see":   text("查看", "see"), "exchange.enter": text("登记需求、把事项转为需求", "enter needs, make them from cases"), "exchange.keep": text("审核、确认认领、代评价、更正、办结", "approve, agree, confirm, correct, end"),
		"exchange.reveal": text("查看提出人", "see who asked"), "exchange.resources": text("登记资源", "keep resources"), "exchange.offer": text("替本单位认领、登记资源", "pledge and give for one's organisation"), "exchange.help": text("认领需求", "pledge to help"),
		"exchange.ask": text("提出需求", "ask"), "exchange.turn": text("事项转为需求", "make a need of a case"), "exchange.approve": text("通过并公开", "approve and publish"), "exchange.edit": text("改公开内容", "change what is public"), "exchange.refuse": text("不通过", "refuse"),
		"exchange.pledge": text("认领", "pledge"), "exchange.agree": text("确认认领", "agree"), "exchange.decline": text("不同意认领", "do not agree"), "exchange.take_back": text("退回认领", "give a pledge back"), "exchange.deliver": text("记为已办", "deliver"),
		"exchange.confirm": text("评价并入账", "confirm and book"), "exchange.not_yet": text("还没办，退回", "send back"), "exchange.correct": text("更正时长", "correct hours"), "exchange.end": text("办结", "end"), "exchange.topic": text("提交会议", "put on an agenda"), "exchange.topic_back": text("撤回议题", "take a topic back"), "exchange.invite": text("请志愿者帮忙", "ask a volunteer"), "exchange.accept": text("志愿者答应", "the volunteer says yes"), "exchange.unable": text("志愿者办不了", "the volunteer cannot"), "exchange.volunteers": text("为需求找志愿者，看到姓名", "look for volunteers for a need"), "exchange.file": text("看办理照片或文件", "look at a file of a delivery"), "exchange.file_add": text("传办理照片或文件", "add files of a delivery"), "exchange.file_remove": text("删办理照片或文件", "remove a file of a delivery"),
		"exchange.withdraw": text("本人撤回", "withdraw"), "exchange.contact": text("认领人查看联系方式", "look at the contact as who pledged"), "exchange.helper": text("受助人查看认领人电话", "look at the number of who pledged"), "exchange.giver": text("查看资源提供人电话", "look at the number of who gives a resource"), "exchange.propose": text("重新匹配", "match"), "exchange.redeem": text("由爱心银行兑换生成", "made of an order of the love bank"), "exchange.give": text("提供方同意", "the giver says yes"), "exchange.pass": text("建议的资源不合适", "do not accept what is proposed"), "exchange.end_resource": text("停用资源", "end a resource"), "exchange.edit_resource": text("改资源", "change a resource"), "exchange.list_resource": text("公开或不公开资源", "show a resource to everybody, or not"), "exchange.name": text("提供人同意告诉姓名", "agree to be named"), "exchange.share": text("同意让帮忙的人看到联系方式", "let a helper see who asked"), "casework.need": text("转为需求", "make a need of it"),
		"venue.see": text("查看预订", "see bookings"), "venue.book": text("订场地", "book"), "venue.keep": text("管场所、确认预订、登记到场", "keep places, confirm bookings, check in"), "venue.reveal": text("查看预订人", "see who booked"),
		"venue.save": text("开放或修改场所", "open or change a place"), "venue.stop": text("停止开放", "close a place"), "venue.resume": text("重新开放", "open a place again"), "venue.day": text("改某一天的开放时间", "change a day"),
		"venue.ask": text("提交预订", "ask for a time"), "venue.agree": text("确认预订", "confirm a booking"), "venue.refuse": text("不同意预订", "do not agree"), "venue.cancel": text("取消预订", "call off"), "venue.move": text("改预订时间", "move a booking"),
		"venue.check_in": text("登记到场", "check in"), "venue.came": text("更正为来了", "correct: they came"), "venue.missed": text("记为没来", "note that nobody came"), "venue.done": text("记为用完", "note the use"), "venue.lapse": text("没确认，退回", "not answered in time"),
		"venue.rate": text("评价", "rate"), "venue.door": text("打印门口单", "print the sheet"),
		"mediation.scan": text("存入协议书扫描件", "keep a scan of the agreement"), "mediation.unscan": text("删除传错的扫描件", "remove a scan added by mistake"), "mediation.scan_look": text("看协议书扫描件", "look at a scan of the agreement"), "mediation.see": text("看数字", "see numbers"), "mediation.mediate": text("办理调解、看案卷", "mediate and see files"), "mediation.serve": text("看自己调解的案卷", "see files that one mediates"), "mediation.committee": text("登记调委会", "keep committees"), "mediation.open": text("登记", "enter"), "mediation.lookup": text("按号码查", "look for a number"), "mediation.look": text("看案卷", "look at a file"), "mediation.paper": text("打印文书", "print a paper"), "mediation.correct": text("修改纠纷情况", "correct what it is about"), "mediation.party": text("修改当事人", "change a party"), "mediation.unparty": text("去掉当事人", "remove a party"), "mediation.consent": text("记当事人意见", "note an answer"), "mediation.refuse": text("记当事人拒绝", "note a refusal"), "mediation.mediators": text("确定调解员", "name mediators"), "mediation.risk": text("记风险", "note a risk"), "mediation.session": text("记一次调解", "note a session"), "mediation.extend": text("延长期限", "extend"), "mediation.draft": text("写协议", "write the agreement"), "mediation.sign": text("记签字盖章", "note signatures"), "mediation.oral": text("登记口头协议", "record an oral agreement"), "mediation.fail": text("调解不成", "end without agreement"), "mediation.withdraw": text("当事人撤回", "parties take it back"), "mediation.bar": text("记不能确认的原因", "note why it cannot be confirmed"), "mediation.apply": text("申请司法确认", "ask for confirmation"), "mediation.answer": text("记法院答复", "note the answer"), "mediation.perform": text("记履行", "note performance"), "mediation.unmet": text("确认不履行", "not performed"), "mediation.plan": text("安排回访", "plan a visit"), "mediation.visit": text("记回访", "note a visit"), "mediation.committee_save": text("修改调委会", "change a committee"), "mediation.member_add": text("增加调委会成员", "add a member"), "mediation.member_end": text("调委会成员退出", "a member leaves"),
		"casework.mediate": text("转入人民调解", "take into mediation"),
		"hall.see":         text("查看", "see"), "hall.manage": text("设置大厅和窗口", "set up halls and counters"), "hall.serve": text("叫号、办理、代取号", "call, serve, take numbers for people"), "hall.takeover": text("代办", "run a case for somebody"), "hall.create": text("新建", "set up"),
		"hall.edit": text("修改", "change"), "hall.end": text("停用", "take out of use"), "hall.resume": text("恢复使用", "take into use again"), "hall.counter": text("设置窗口", "set up a counter"), "hall.uncounter": text("去掉窗口", "remove a counter"),
		"hall.sit": text("坐到窗口", "open a counter"), "hall.pause": text("暂停窗口", "pause a counter"), "hall.goon": text("恢复窗口", "go on after a pause"), "hall.rise": text("离开窗口", "close a counter"), "hall.take": text("取号", "take a number"),
		"hall.call": text("叫号", "call"), "hall.again": text("再叫一次", "call again"), "hall.start": text("开始办理", "begin to serve"), "hall.absent": text("过号", "count as absent"), "hall.back": text("回来重排", "back in the queue"),
		"hall.leave": text("不等了", "leave"), "hall.transfer": text("转到别的窗口", "pass to another window"), "hall.case": text("转成事项", "make a case"), "hall.done": text("办完", "done"), "hall.expire": text("当天结束", "end the day"),
		"hall.paper": text("代收材料", "take papers in"), "hall.giveback": text("退还材料", "give papers back"), "hall.close": text("夜间结束当天", "end the day at night"),
		"volunteer.manage": text("管理志愿者、队伍、社团", "keep volunteers, teams and clubs"), "volunteer.see": text("看队伍和数字", "see teams and figures"), "volunteer.serve": text("自己的志愿服务", "one's own voluntary service"),
		"volunteer.open": text("登记", "enter"), "volunteer.correct": text("改档案", "change"), "volunteer.end": text("结束", "end"), "volunteer.read": text("看档案", "look at a file"), "volunteer.list": text("看名单", "look at the list"), "volunteer.export": text("导出名单", "export the list"),
		"volunteer.clear": text("登记资格", "note a clearance"), "volunteer.unclear": text("作废资格", "strike a clearance"), "volunteer.insure": text("登记保险", "note an insurance"), "volunteer.uninsure": text("作废保险", "strike an insurance"), "volunteer.move": text("随人转到新社区", "moved with the person"), "volunteer.seenoff": text("知道班次取消", "saw that a shift was called off"), "volunteer.thank": text("感谢", "thank"), "volunteer.certify": text("开服务证明", "give a certificate"), "volunteer.paper": text("打印服务证明", "print a certificate"),
		"volunteer.found": text("建队伍", "found a team"), "volunteer.editteam": text("改队伍", "change a team"), "volunteer.endteam": text("解散队伍", "end a team"), "volunteer.lead": text("设队长", "name the leader"), "volunteer.invite": text("邀请入队", "invite"), "volunteer.ask": text("申请入队", "ask to join"), "volunteer.accept": text("同意入队", "accept"),
		"volunteer.decline": text("不同意", "decline"), "volunteer.leave": text("离队", "leave a team"), "volunteer.teamlist": text("看队员名单", "look at a team's people"), "volunteer.plan": text("排班", "plan a shift"), "volunteer.cancel": text("取消班次", "cancel a shift"), "volunteer.signup": text("报名班次", "sign up"), "volunteer.withdraw": text("退出班次", "withdraw"),
		"volunteer.substitute": text("请人替班", "name a substitute"), "volunteer.standin": text("替班", "stand in"), "volunteer.shiftlist": text("看班次名单", "look at a shift's people"), "volunteer.tick": text("记考勤", "tick who was there"),
		"volunteer.foundclub": text("建社团", "found a club"), "volunteer.editclub": text("改社团", "change a club"), "volunteer.endclub": text("结束社团", "end a club"), "volunteer.planclub": text("排社团活动", "plan a club's date"), "volunteer.addfellow": text("加社团成员", "add to a club"), "volunteer.joinclub": text("加入社团", "join a club"),
		"volunteer.partclub": text("离开社团", "leave a club"), "volunteer.clublist": text("看社团名单", "look at a club's people"),
		"employment.manage": text("登记求职、核对岗位、推荐、发证", "register seekers, look at jobs, propose, issue certificates"), "employment.see": text("看数字", "see figures"), "employment.unit": text("替本单位报岗位、答复、登记用证", "offer jobs, answer and enter uses for a unit"),
		"employment.register": text("登记求职", "register a seeker"), "employment.correct": text("改意愿", "change what a seeker wishes"), "employment.withdraw": text("停止求职", "stop seeking"), "employment.read": text("看求职人员", "look at a seeker"), "employment.list": text("看求职名单", "look at the list of seekers"),
		"employment.propose": text("推荐岗位", "propose a job"), "employment.apply": text("本人报名岗位", "apply for a job"), "employment.accept": text("本人愿意", "accept a job"), "employment.decline": text("本人不愿意", "decline a job"), "employment.interview": text("约面试", "ask to an interview"), "employment.hire": text("录用", "hire"),
		"employment.pass": text("不录用", "not take"), "employment.employ": text("记就业结果", "note work found"), "employment.offer": text("报岗位", "offer a job"), "employment.change": text("改岗位", "change a job"), "employment.approve": text("岗位通过", "let a job through"), "employment.refuse": text("岗位不通过", "not let a job through"),
		"employment.close": text("停招", "close a job"), "employment.fill": text("招满", "a job is filled"), "employment.applicant": text("单位看报名的求职人", "a unit looks at who applied"), "employment.follow": text("回访在岗情况", "follow up"), "employment.results": text("看就业结果", "look at results"), "employment.void": text("撤销就业结果", "take a result back"), "employment.presented": text("单位或窗口查验优惠证", "look up a certificate that was shown"),
		"employment.certificate": text("发优惠证", "issue a certificate"), "employment.take_back": text("收回优惠证", "withdraw a certificate"), "employment.certificate_read": text("看优惠证", "look at a certificate"), "employment.export": text("导出名单", "export a list"), "employment.certificates": text("看发证名单", "look at the list of certificates"),
		"employment.use": text("登记用证", "enter the use of a certificate"), "employment.event": text("记为招聘会或培训", "note a fair or training"),
		"pairing.manage": text("登记困难户、结对", "enter and pair households"), "pairing.see": text("看数字", "see figures"), "pairing.help": text("以工作人员身份帮扶", "help as one of staff"), "pairing.unit": text("替本单位帮扶", "help for a unit"),
		"pairing.enter": text("登记困难户", "enter a household"), "pairing.correct": text("改情况", "change"), "pairing.pair": text("结对", "pair"), "pairing.unpair": text("结束结对", "end a pair"), "pairing.end": text("结束帮扶", "end the help"), "pairing.plan": text("加计划", "add to the plan"), "pairing.tick": text("计划办好", "a thing of the plan is done"),
		"pairing.visit": text("记走访", "note a visit"), "pairing.ask": text("把缺的提成需求", "ask for what is lacking"), "pairing.read": text("看困难户", "look at a household"), "pairing.list": text("看名单", "look at the list"), "pairing.own_list": text("看自己帮扶的户", "look at one's own households"),
		"counselling.serve": text("接待来访者，看自己的档案", "counsel, and read one's own files"), "counselling.keep": text("排咨询时间、凭编号转档案", "keep hours, hand files on by number"), "counselling.count": text("看次数", "see counts"),
		"counselling.post": text("排咨询时间", "set up hours"), "counselling.postend": text("停用咨询时间", "end hours"), "counselling.postresume": text("恢复咨询时间", "bring hours back"), "counselling.open": text("建档", "open a file"),
		"counselling.list": text("看自己的档案列表", "list one's own files"), "counselling.read": text("打开自己的档案", "open one's own file"), "counselling.write": text("写谈话记录", "write a note"), "counselling.arrange": text("约时间", "agree a time"),
		"counselling.missed": text("记没来", "note that nobody came"), "counselling.cancelled": text("取消预约", "call off"), "counselling.cancel": text("预约人取消", "called off by who booked"), "counselling.end": text("结束档案", "end a file"),
		"counselling.resume": text("继续档案", "take a file up again"), "counselling.hand": text("转给别的咨询师", "hand a file on"), "counselling.book": text("居民预约", "booked by a resident"), "counselling.erase": text("应本人要求删除内容", "delete at the person’s wish"), "counselling.code": text("重新给查询码", "a new code"), "counselling.link": text("给关联码", "a code to link"), "counselling.read_own": text("本人看自己的记录", "read by the person"), "counselling.keep_own": text("本人关联", "linked by the person"),
		"patrol.enter": text("上报", "send"), "patrol.see": text("看走访记录", "read notes of visits"),
		"birthday.greet":  text("安排走访", "arrange a visit"),
		"assess.withdraw": text("撤销记录", "withdraw a finding"),
		"notice.see":      text("看发送记录", "see the log"), "notice.keep": text("改内容、开关、重发", "change texts, switch kinds, send again"), "notice.again": text("重发", "send again"), "notice.switch": text("开关一类通知", "switch a kind"),
		"notice.text": text("改内容", "change a text"), "notice.test": text("发测试消息", "send a test message"), "notice.lookup": text("按号码查", "look for a number"), "notice.refuse": text("不再接收", "no more messages"),
		"notice.allow": text("恢复接收", "messages again"), "notice.choose": text("选怎么提醒", "choose how to be reminded"),
		"webhook.manage": text("管理接收方", "manage receivers"), "webhook.create": text("添加接收方", "add a receiver"), "webhook.edit": text("改接收方", "change a receiver"), "webhook.pause": text("暂停", "pause"),
		"webhook.resume": text("继续推送", "go on"), "webhook.end": text("终止", "end"), "webhook.secret": text("换密钥", "change the secret"), "webhook.test": text("发测试事件", "send a test event"), "webhook.again": text("再推送", "deliver again"),
		"technician.see": text("查看", "see"), "technician.keep": text("登记、改、停", "enter, change, end"), "technician.dispatch": text("调度：联系、收回、更正收费", "dispatch: ask, take back, correct charges"), "technician.serve": text("接单、上门、收费", "take jobs, do them, charge"),
		"technician.day": text("记特别的日子", "enter a day that differs"), "technician.certificate": text("登记证书", "enter a certificate"), "technician.uncertificate": text("去掉证书", "remove a certificate"), "technician.phone": text("查看电话", "look up a telephone number"),
		"technician.withdraw": text("收回上门单", "take a job back"), "technician.wrong_code": text("签收码输错", "a wrong sign-off code"), "technician.file": text("看照片", "look at a photograph"), "technician.resume": text("恢复服务", "take into service again"), "technician.end": text("停止服务", "end of service"),
		"casework.offer": text("联系服务人员", "ask a technician"), "casework.decline": text("服务人员没有接", "technician declines"), "casework.job": text("服务人员接单", "technician takes it"), "casework.arrive": text("服务人员上门", "technician arrives"),
		"casework.back": text("重新安排服务人员", "find another technician"), "casework.sign_off": text("居民签收", "signed off by the resident"), "casework.charge": text("更正收费", "correct a charge"), "casework.number": text("服务人员查看联系电话", "technician looks up the number"),
		"casework.see": text("查看", "see"), "casework.enter": text("替人登记", "enter on behalf"), "casework.dispatch": text("受理、派出、合并、回访", "accept, give out, merge, call back"), "casework.work": text("办理", "handle"),
		"casework.approve": text("同意延期", "grant more time"), "casework.supervise": text("督办", "press for"), "casework.reveal": text("查看反映人", "see who reported it"), "casework.confidential": text("看保密的事项", "see confidential cases"), "casework.kinds": text("改种类和时限", "change kinds and limits"),
		"casework.report": text("提出", "report"), "casework.accept": text("受理", "accept"), "casework.refuse": text("不予受理", "not accept"), "casework.take": text("开始办理", "begin"), "casework.return": text("退回", "return"),
		"casework.up": text("转上级", "pass up"), "casework.join": text("请别处一起办", "ask another to join"), "casework.joined": text("联合部分完成", "joint part done"), "casework.note": text("记进展", "note progress"), "casework.suspend": text("暂停计时", "stop the clock"),
		"casework.resume": text("恢复计时", "let the clock go on"), "casework.ask": text("申请延期", "ask for more time"), "casework.grant": text("同意延期", "grant more time"), "casework.deny": text("不同意延期", "not grant more time"), "casework.finish": text("写结果", "write the result"),
		"casework.rate": text("评价", "rate"), "casework.call": text("回访", "call back"), "casework.check": text("现场核查", "check at the place"), "casework.reopen": text("重新办理", "open again"), "casework.merge": text("合并", "merge"), "casework.part": text("取消合并", "undo a merger"), "casework.topic": text("提交会议", "put before a meeting"),
		"casework.files": text("添加照片、文件", "add files"), "casework.unfile": text("删除传错的文件", "remove a file added by mistake"), "casework.add": text("补充", "add"), "casework.tell": text("反映人改短信通知", "the reporter changes messages"), "casework.file": text("看照片", "look at a photograph"), "casework.file_own": text("反映人看自己的照片", "the reporter looks at a photograph of theirs"), "casework.lookup": text("按电话查", "look for a telephone number"), "casework.unjoin": text("撤回联合办理", "take joint handling back"),
		"casework.kind": text("改种类", "change a kind"), "casework.number_set": text("设置服务电话", "set the service number"), "casework.route": text("写明谁负责哪一类", "say who answers for what"), "casework.route_end": text("结束负责规则", "end a rule"), "casework.step": text("做完一步", "step done"), "casework.unstep": text("一步其实没做", "step not done"), "casework.recall": text("收回", "take back"), "casework.put_back": text("放回", "put back"), "casework.review": text("申请复查", "ask for a review"), "casework.connect": text("接入其他系统（Open311）", "connect another system (Open311)"), "casework.night": text("夜间检查", "night's work"),
		"workplan.keep": text("制定、上报、记进展", "write, hand in, follow"), "workplan.review": text("逐项过堂", "review"), "workplan.begin": text("建立", "make"), "workplan.add": text("加入事项", "add items"),
		"workplan.accept": text("通过", "accept"), "workplan.return": text("退回修改", "give back"), "workplan.give_back": text("退回调整", "give back for a change"), "workplan.track": text("记进展", "note progress"),
		"workplan.submit": text("上报", "hand in"), "workplan.recall": text("撤回", "take back"),
		"appraisal.open": text("开启评议", "open rounds"), "appraisal.keep": text("组织评议、评定等次", "run rounds and decide grades"), "appraisal.advance": text("进入下一阶段", "close a step"), "appraisal.link": text("关联会议", "name the meeting"),
		"appraisal.paper": text("发纸质测评票", "give ballots on paper"), "appraisal.count": text("登记计票结果", "enter the count"), "appraisal.repeat": text("重新测评", "repeat the ballot"), "appraisal.arrange": text("调整参评方式", "arrange how somebody takes part"),
		"appraisal.self": text("写自评", "write the self-appraisal"), "appraisal.remark": text("写互评", "write about another"), "appraisal.decide": text("评定等次", "decide the grade"), "appraisal.read": text("确认已看结果", "confirm that the result was read"),
		"appraisal.follow": text("记帮扶结果", "follow up"), "appraisal.correct": text("更正等次", "correct the grade"), "appraisal.strike": text("删除误开的评议", "remove a round"),
		"transfer.start": text("发起、登记外来介绍信", "start, enter letters"), "transfer.decide": text("审批、开介绍信、接收、退回", "approve, issue, receive, return"), "transfer.ask": text("申请转接", "ask"),
		"transfer.note": text("登记外来介绍信", "enter a letter from outside"), "transfer.approve": text("同意转出", "approve"), "transfer.refuse": text("不同意转出", "refuse"),
		"transfer.issue": text("开具介绍信", "issue the letter"), "transfer.receive": text("接收", "receive"), "transfer.return": text("退回", "return"), "transfer.follow": text("随组织合并转移", "go over with a merger"),
		"member.move": text("转移组织关系", "move the formal relation"),
		"twonew.keep": text("登记、修改、移出", "enter, correct, end"), "twonew.decide": text("记步骤、办理建议", "take steps, accept proposals"), "twonew.step": text("记一步", "take a step"),
		"twonew.strike": text("作废一步", "strike a step"), "twonew.joint": text("成立联合党支部", "set up a joint branch"), "twonew.assign": text("派指导员", "send an instructor"),
	}
	wordVerb = map[string]Text{
		"takeover": text("代办", "run for somebody"), "takeover_end": text("不再代办", "run no more"),
		"event": text("上报事件", "report an event"), "visit": text("记走访", "note a visit"), "upkeep": text("核对住户人数", "say how many live there"), "occupants": text("改人数", "change the number of people"), "confirm": text("核对无误", "confirm"), "occupancy": text("改住房用途", "change how it is used"), "address": text("更正地址", "correct the address"), "check": text("核对住户", "check a household"),
		"serve":   text("上门服务", "serve"),
		"approve": text("批准", "approve"), "connect": text("接入", "connect"), "greet": text("安排走访", "arrange a visit"),
		"copy": text("另存", "copy"), "due": text("到期生成", "make what is due"), "drop_file": text("删除文件", "delete a file"), "edition": text("开始定期生成", "begin an edition"), "fetch": text("领取文件", "fetch a file"),
		"made": text("生成文件", "make a file"), "repeat": text("设定定期生成", "repeat"), "restore": text("恢复", "bring back"), "run": text("生成", "make"), "save": text("修改", "change"), "share": text("共享", "share"),
		"assign": text("派任务", "give a task"), "cancel": text("取消", "cancel"), "minutes": text("写记录", "write minutes"), "notify": text("发通知", "notify"), "raise": text("提出", "raise"), "reply": text("回复", "reply"), "report": text("报进度", "report"),
		"rules": text("写议事规则", "write rules"), "schedule": text("列入议程", "put on the agenda"), "seat": text("加入成员单位", "add an organisation"), "seat_end": text("终止席位", "end a seat"),
		"class": text("改分类", "change a class"), "retire": text("停用", "retire"), "load": text("载入", "load"), "move_up": text("候补转正", "move up"), "object": text("提出异议", "object"),
		"retry": text("再做一次", "try again"), "confidential": text("看保密的", "see confidential ones"), "dispatch": text("派出", "give out"), "supervise": text("督办", "press for"), "work": text("办理", "handle"), "settle": text("核实", "settle"), "verify": text("核对", "check"),
		"accept": text("接收", "accept"), "appeal": text("申诉", "appeal"), "open": text("开展", "open"), "rubric": text("评分标准", "rubrics"), "admin": text("管理", "manage"), "answer": text("答复", "answer"), "apply": text("写入", "write"), "ask": text("申请更正", "ask for a correction"),
		"attach": text("划归社区", "assign to communities"), "back": text("返回", "back"), "browse": text("浏览", "browse"), "change": text("撤并、更名、改隶属", "merge, split, rename, re-parent"),
		"change_password": text("改密码", "change password"), "categorise": text("归类", "categorise"), "close": text("结转", "close"), "code_fail": text("验证码错误", "wrong code"),
		"consent": text("同意书", "consent"), "contact": text("查看联系电话", "open contact phones"), "correct": text("更正", "correct"), "countersign": text("受助人确认", "counter-sign"),
		"create": text("新建", "create"), "decide": text("审定", "decide"), "declare": text("声明名册完整", "declare a list complete"), "define": text("自定义数据项", "define own facts"), "disable": text("停用", "disable"), "edit": text("修改", "edit"), "enable": text("启用", "enable"),
		"end": text("终止", "end"), "enrol": text("报名", "enrol"), "enrol_totp": text("启用动态验证码", "switch on one-time codes"), "enter": text("补录", "late entry"),
		"evaluate": text("评议", "evaluate"), "export": text("导出", "export"), "fail": text("密码错误", "wrong password"), "find": text("查名录", "look up"), "found": text("设立", "set up"),
		"give": text("授予", "give"), "talk": text("记谈心谈话", "record talks"), "hold": text("组织签到", "hold"), "host": text("组织本单位会议签到", "take presence at one's own"), "import": text("导入", "import"), "issue": text("发放", "issue"), "issue_code": text("发确认码", "hand out a code"),
		"freeze": text("定格", "freeze"), "join": text("归并来宾", "join guests"), "keep": text("汇总与定格", "roll up and freeze"), "recompute": text("重新汇总", "roll up again"), "reopen": text("重新打开", "reopen"), "roll": text("汇总", "roll up"), "kinds": text("活动种类", "kinds"), "look": text("查看加密信息", "open sealed data"), "looks": text("谁看过", "who looked"),
		"use": text("使用", "use"), "drop": text("上传", "drop in"), "make": text("提出", "make"), "manage": text("管理", "manage"), "offer": text("发布", "offer"), "open_year": text("开始年度", "open the year"), "plan": text("策划与发布", "plan and publish"),
		"presences": text("在场名单", "presences"), "propose": text("提出", "propose"), "read": text("查阅", "read"), "record": text("记录", "record"), "register": text("登记", "register"),
		"rejected": text("下载退回的行", "download rejected rows"), "remove": text("删除", "remove"), "reform": text("改设", "change the form"), "rename": text("改名", "rename"), "renew": text("续签", "renew"), "reseal": text("改用新密钥加密", "seal anew"),
		"reset_password": text("重设密码", "reset password"), "reset_totp": text("取消动态验证码", "switch off one-time codes"), "reveal": text("查看加密信息", "open sealed data"),
		"review": text("审核与发送", "review and send"), "revoke": text("撤销", "revoke"), "see": text("查看", "see"), "send": text("发送", "send"), "set": text("设置", "set"),
		"sign": text("签署", "sign"), "sign_in": text("签到", "sign in"), "sign_out": text("签退", "sign out"), "start": text("发起", "start"), "take_in": text("接入", "take in"), "take_part": text("参加", "take part"),
		"teach": text("教会表头", "teach labels"), "unteach": text("收回表头", "take labels back"), "withdraw": text("撤回", "withdraw"), "unknown": text("账号不存在", "unknown name"), "upload": text("上传", "upload"),
	}
)

// ActWord is what people read for a permission or an act of the audit record; a word that is missing is shown as it is written.
func ActWord(name string) Text {
	base, own := strings.CutSuffix(name, ".own")
	concept, verb, two := strings.Cut(base, ".")
	c, known := wordConcept[concept]
	if !known {
		c = Verbatim(concept)
	}
	if !two {
		return c
	}
	v, known := wordExact[base]
	if !known {
		v, known = wordVerb[verb]
	}
	if !known {
		v = Verbatim(verb)
	}
	if own {
		return Text{wordOwn.In(ZH, c, v), wordOwn.In(EN, c, v)}
	}
	return Text{c.zh + " · " + v.zh, c.en + " · " + v.en}
}

// HasActWord says whether both words of a name are known.
func HasActWord(name string) bool {
	base := strings.TrimSuffix(name, ".own")
	concept, verb, _ := strings.Cut(base, ".")
	_, c := wordConcept[concept]
	_, v := wordVerb[verb]
	_, e := wordExact[base]
	return c && (v || e)
}
