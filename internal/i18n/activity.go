package i18n

// Activities, enrolment, presence (LIFE-1, MEM-6).
var (
	ActivityTitle = text("活动", "Activities")

	ActivityDraft     = text("草稿", "Draft")
	ActivityPublished = text("已发布", "Published")
	ActivityHeld      = text("进行中", "In progress")
	ActivityClosed    = text("已结束", "Closed")
	ActivityCancelled = text("已取消", "Cancelled")

	ActivityEnrolled  = text("已报名", "Enrolled")
	ActivityWaiting   = text("候补", "On the waiting list")
	ActivityWithdrawn = text("已退出", "Withdrawn")

	ActivityPresent   = text("在场", "Present")
	ActivitySignedOut = text("已签退", "Signed out")
	ActivityVoided    = text("已作废", "Void")

	ActivityYes = text("是", "Yes")
	ActivityNo  = text("否", "No")

	ActivityForgot = text("忘记签退，活动结束时按结束时间补签", "Forgot to sign out; ended with the activity")
	ActivityRaised = text("受助人已确认", "Confirmed by the person helped")
)

// What a district may set.
var (
	ActivityMinutesUnit = text("分钟", "minutes")
	ActivityGrace       = text("活动前后各多长时间仍计入时长", "Time before and after an activity that still counts")
	ActivityOpens       = text("活动开始前多久可以签到", "How long before the start people can sign in")
	ActivityRounding    = text("时长按多少分钟取整（向下）", "Step to which hours are rounded down")
	ActivityLongDay     = text("一天超过多少小时要提示核对", "Hours on one day above which a check is asked for")
)

// The kinds that a new tenant starts with.
var (
	ActivityKindVolunteering = text("志愿服务", "Volunteering")
	ActivityKindCleaning     = text("环境整治", "Cleaning up")
	ActivityKindVisit        = text("走访慰问", "Home visits")
	ActivityKindPatrol       = text("治安巡逻", "Patrol")
	ActivityKindClinic       = text("便民义诊", "Free service day")
	ActivityKindCulture      = text("文体活动", "Culture and sport")
	ActivityKindPartyDay     = text("主题党日", "Theme Party day")
	ActivityKindTraining     = text("志愿者培训", "Training of volunteers")
	ActivityKindLecture      = text("讲座", "Lecture")
	ActivityKindMeeting      = text("会议、党课", "Meeting or lesson")
	ActivityDeedCleaning     = text("参加小区环境整治", "Helped to clean up the quarter")
	ActivityDeedVisit        = text("走访慰问困难家庭", "Visited families in need")
	ActivityDeedClinic       = text("为居民提供便民服务", "Served residents on a service day")
	ActivityFieldBags        = text("清理垃圾（袋）", "Bags collected")
	ActivityFieldHouseholds  = text("走访户数", "Households visited")
	ActivityFieldFound       = text("发现的问题", "What was found")
	ActivityFieldServed      = text("服务人数", "People served")
)

// What went wrong, and what to do.
var (
	ActivityNotDraft      = text("只有草稿可以发布。", "Only a draft can be published.")
	ActivityOver          = text("活动已经结束。", "The activity is over.")
	ActivityHeldFixed     = text("已有人签到，时间、是否计时长和实事不能再改；个别人的时间请在签到表里更正。", "People have signed in: times, hours and deed stay as they are. Correct single entries on the attendance sheet.")
	ActivityCapacityBelow = text("已有 {0} 人报名，名额不能少于这个数。", "{0} people are enrolled; there cannot be fewer places.")
	ActivityNoCredit      = text("不是社区的组织开会，不记志愿时长，也不记实事。", "A meeting of an organisation that is no community gives no hours and no deeds.")
	ActivityNoCancel      = text("已经有人签到或活动已结束，不能取消。", "People have signed in, or it is over: it cannot be cancelled.")
	ActivityNotRunning    = text("活动还没有发布，或已经取消、结束。", "The activity is not published, or cancelled, or closed already.")
	ActivityNotEnded      = text("活动到 {0} 才结束。请先给还在场的人签退，或到时再结束。", "It lasts until {0}. Sign out those still present first, or close it then.")
	ActivityIsCancelled   = text("活动已取消。", "The activity has been cancelled.")
	ActivityNotPublished  = text("活动还没有发布，请先发布再签到。", "The activity is not published yet; publish it first.")
	ActivitySignInOver    = text("活动已于 {0} 结束，不能再签到。确实参加了的，请组织者补录。", "It ended at {0}; signing in is over. If you were there, ask the organiser to enter you.")
	ActivityTooEarly      = text("还没到签到时间，请在 {0} 以后再签到。", "It is too early; signing in opens at {0}.")
	ActivityReasonNeeded  = text("请写明原因。", "Please give the reason.")
	ActivityBadCode       = text("代码以小写字母开头，只用小写字母、数字和下划线，最多 30 个。", "A code begins with a small letter and has small letters, digits and underscores only, at most 30.")
	ActivityCodeTaken     = text("这个代码已经有了。", "This code exists already.")
	ActivityBadField      = text("项目“{0}”不完整：要有代码、名称和类型，选择项要列出选项。", "The field “{0}” is incomplete: it needs code, label and type, and a choice needs options.")
	ActivityManyFields    = text("最多 {0} 个项目。问得少，填的人才多。", "At most {0} fields. Ask little and more people will answer.")
	ActivityMembersOnly   = text("您的账号没有对应的党员信息。请用“来宾签到”，或请工作人员代为办理。", "Your account belongs to no member. Sign in as a guest, or ask staff to do it for you.")
	ActivityNoMember      = text("没有找到这名党员，或已不在册。", "This member was not found or is no longer in the register.")

	ActivityCodeUnknown   = text("这不是本平台的签到码。请扫现场屏幕上的二维码。", "This is no sign-in code of the platform. Scan the code on the screen at the place.")
	ActivityCodeForged    = text("签到码无效。请扫现场屏幕上正在显示的二维码。", "The code is not valid. Scan the one that the screen at the place shows now.")
	ActivityCodeOld       = text("这是 {0} 的签到码，已经失效。请到现场扫屏幕上正在显示的二维码。", "This code is from {0} and no longer valid. Scan the one that the screen at the place shows now.")
	ActivityDigitsShape   = text("签到数字是 8 位，在现场屏幕二维码的下面。", "The sign-in number has 8 digits; it stands below the QR code on the screen.")
	ActivityDigitsWrong   = text("签到数字不对，或已经换新。请照屏幕上现在的数字再输一次。", "The number is wrong or has changed. Enter the one that the screen shows now.")
	ActivityOtherDistrict = text("这是另一个区的活动，请用那个区的账号登录。", "This activity belongs to another district; log in there.")

	ActivityNotPresent      = text("没有在场的签到记录，不能签退。", "There is no open sign-in to end.")
	ActivitySignedInAlready = text("已于 {0} 签到，不用再签。", "Signed in at {0} already; no need to do it again.")
	ActivityTwice           = text("这个人在这场活动里已经有记录了。", "This person has an entry for the activity already.")
	ActivityInFuture        = text("时间不能晚于现在。", "The time cannot be later than now.")
	ActivityOutside         = text("签到时间要在活动时间（{0} 至 {1}）附近。", "The time of arrival must lie near the activity ({0} to {1}).")
	ActivityGuestUnknown    = text("没有找到用这个手机号签到的来宾。", "No guest has signed in with this number.")
	ActivityIsVoid          = text("这条记录已作废。", "This entry is void.")
	ActivityNoJoin          = text("来宾由社区对应到居民或党员；单位和街道的会议只记来宾姓名。", "Guests are joined to residents and members by communities; at meetings of units and sub-districts they stay guests.")
	ActivityJoinedAlready   = text("这条记录已经对上了人。", "This entry has been joined to somebody already.")
	ActivityJoinTwice       = text("{0}已于 {1} 在这场活动签到。请作废其中一条。", "{0} signed in to this activity at {1}. Void one of the two.")
	ActivityOwn             = text("自己的时长要由别人来证明、更正。", "Your own hours are vouched for and corrected by somebody else.")
	ActivityNotRaisable     = text("只有组织者证明的时长需要受助人确认。", "Only hours that are vouched for can be confirmed by the person helped.")
)
