package i18n

// Facts about residents.
var (
	FactPersonName = term(text("姓名", "Name"), text("证件上的姓名", "Name as on the identity document"),
		"名字 姓名全称 居民姓名 人员姓名 本人姓名 申请人姓名 参保人姓名 登记人姓名 被采集人姓名 申请人 学生姓名 儿童姓名 老人姓名 患者姓名 中文姓名 真实姓名")
	FactPersonSex = term(text("性别", "Sex"), text("按 GB/T 2261.1 登记的性别，可由身份证号推出", "Sex after GB/T 2261.1; proposed from the ID number"),
		"男女 性别男女 男/女 性别代码")
	FactPersonBorn = term(text("出生日期", "Date of birth"), text("出生的年月日", "Day of birth"),
		"出生年月日 出生年月 出生时间 生日 出生日 公历生日 出生日期公历 出生年月公历 生年月日 诞生日期")
	FactPersonIDNumber = term(text("身份证号", "ID number"), text("居民身份证上的 18 位公民身份号码，加密保存", "The 18-digit resident ID number, stored encrypted"),
		"身份证号码 公民身份号码 公民身份证号码 公民身份证号 居民身份证号 居民身份证号码 居民身份号码 身份证 证件号码 证件号 有效证件号码 身份证件号码 身份证件号 身份号码 18位身份证号 身份证编号 二代身份证号码 社会保障号 社会保障号码 公民身份号")
	FactPersonPhone = term(text("联系电话", "Phone"), text("本人的电话号码，加密保存", "The person's own phone number, stored encrypted"),
		"电话 手机 手机号 手机号码 电话号码 联系方式 联系手机 本人电话 移动电话 联系电话手机 本人联系电话 联系号码 手机电话 常用电话 通讯电话 联系人电话本人 电话手机")
	FactPersonEthnic = term(text("民族", "Ethnic group"), text("按 GB/T 3304 登记的民族；只在依法需要的本人表格上使用，不作筛选和分类",
		"Ethnic group after GB/T 3304; only for the person's own forms where the law asks, never a filter"), "民族成份 民族成分 族别 民族代码")
	FactPersonPolitical = term(text("政治面貌", "Political status"), text("按 GB/T 4762 登记的政治面貌", "Political status after GB/T 4762"),
		"政治面目 政治身份 面貌 党派")
	FactPersonSchooling = term(text("文化程度", "Schooling"), text("已取得的最高学历", "Highest schooling completed"),
		"学历 最高学历 受教育程度 文化水平 教育程度 学历层次 全日制学历 最高文化程度")
	FactPersonResidence = term(text("居住类型", "Kind of residence"), text("人和户口是否都在本地", "Whether person and registration are here"),
		"人户情况 人户状态 居住状态 人口类型 常住类型 人户类别 户籍类型 人口类别 居住类别 人员类型 人户分离情况 居住性质")
	FactPersonRelation = term(text("与户主关系", "Relation to the head of household"), text("按 GB/T 4761 登记的与户主的关系", "Relation after GB/T 4761"),
		"与户主的关系 和户主关系 同户主关系 与户主 户主关系 家庭关系 与户主之关系 与房主关系 家庭成员关系 成员关系")
	FactPersonWorkUnit = term(text("工作单位", "Employer"), text("工作或上学的单位", "Where the person works or studies"),
		"单位 所在单位 就业单位 工作单位名称 工作单位及职务 服务处所 单位名称 工作地点 就业企业 现工作单位 工作单位或学校 工作或学习单位 就职单位 从业单位")
	FactPersonMovedIn = term(text("迁入日期", "Moved in on"), text("搬来本社区居住的日期", "Day of moving into the community"),
		"入住时间 入住日期 迁入时间 来本地时间 居住起始时间 居住开始日期 搬入时间 入住/搬离时间 何时迁入 迁来时间")
	FactPersonMovedOut = term(text("迁出日期", "Moved out on"), text("搬离本社区的日期", "Day of moving out of the community"),
		"迁出时间 搬离时间 搬离日期 搬出时间 离开时间")
	FactPersonDied   = term(text("死亡日期", "Died on"), text("去世的日期", "Day of death"), "死亡时间 去世时间 去世日期 死亡年月")
	FactPersonState  = term(text("在住状态", "State"), text("在住、已迁出或已故", "Living here, moved out or dead"), "人员状态 居民状态 是否在住 当前状态")
	FactPersonRegion = term(text("身份证首次登记地", "Province of the ID number"), text("身份证号前两位代表的省份，是首次办证时的户籍地，不等于籍贯，也不等于现户籍地",
		"The province of the first two digits: where the number was first issued, neither birthplace nor present registration"), "身份证归属地 发证省份 首次登记省份")
	FactPersonSource  = term(text("档案来源", "Source of the record"), text("记录是录入、导入还是由党员登记带来的", "Whether the record was typed, imported or came with a membership"), "数据来源 信息来源 采集方式")
	FactPersonEntered = term(text("建档日期", "Entered on"), text("记录进入平台的日期", "Day on which the record was made"), "登记日期 登记时间 录入时间 采集时间 采集日期 建档时间 录入日期")
	FactPersonUpdated = term(text("更新日期", "Updated on"), text("记录最近一次更新的日期", "Day on which the record was last changed"), "更新时间 最近更新 最后更新时间 修改时间")
	FactPersonIDMask  = term(text("身份证号（脱敏）", "ID number, masked"), text("只显示首尾的身份证号，不需要打开加密字段", "The ID number with its middle starred; nothing sealed is opened"),
		"脱敏身份证号 身份证号脱敏 证件号码脱敏 身份证后四位")
	FactPersonPhoneMask = term(text("联系电话（脱敏）", "Phone, masked"), text("中间打星号的电话", "The phone number with its middle starred"), "脱敏电话 电话脱敏 手机号脱敏")
	FactPersonFlagged   = term(text("与身份证不一致", "Contradicts the ID number"), text("登记的性别或生日与身份证号推出的不同，待核实", "Sex or birthday as recorded differ from the ID number; to be checked"),
		"信息待核实 存疑 证件信息是否一致")
	FactPersonAge       = term(text("年龄", "Age"), text("到填表日的周岁", "Full years on the day of the form"), "周岁 岁数 年纪 年龄岁 年龄周岁 实足年龄 现年龄 实际年龄")
	FactPersonBornYear  = term(text("出生年份", "Year of birth"), text("出生的年份", "Year of birth"), "出生年 出生年度 儿童出生年份")
	FactPersonBornMonth = term(text("出生月份", "Month of birth"), text("出生的月份", "Month of birth"), "出生月 生日月份")
	FactPersonBirthday  = term(text("生日月日", "Birthday"), text("出生的月和日", "Month and day of birth"), "出生月日")
	FactPersonBand      = term(text("年龄段", "Age group"), text("0-6、7-17、18-59、60-69、70-79、80-89、90-99、100 岁及以上", "0-6, 7-17, 18-59, 60-69, 70-79, 80-89, 90-99, 100 and above"),
		"年龄阶段 年龄层次 年龄分组")
	FactPerson60         = term(text("是否60岁以上", "60 or older"), text("到填表日满 60 周岁", "60 full years on the day of the form"), "60岁以上 60周岁以上 是否60周岁以上 是否老年人 是否老人 年满60周岁 60岁及以上 是否60岁及以上")
	FactPerson65         = term(text("是否65岁以上", "65 or older"), text("到填表日满 65 周岁", "65 full years on the day of the form"), "65岁以上 65周岁以上 是否65周岁以上 65岁及以上 是否65岁及以上 年满65周岁")
	FactPerson70         = term(text("是否70岁以上", "70 or older"), text("到填表日满 70 周岁", "70 full years on the day of the form"), "70岁以上 70周岁以上 70岁及以上 是否70周岁以上")
	FactPerson80         = term(text("是否80岁以上", "80 or older"), text("到填表日满 80 周岁", "80 full years on the day of the form"), "80岁以上 80周岁以上 是否高龄 是否高龄老人 高龄老人 80岁及以上 是否80周岁以上 高龄")
	FactPerson90         = term(text("是否90岁以上", "90 or older"), text("到填表日满 90 周岁", "90 full years on the day of the form"), "90岁以上 90周岁以上 90岁及以上")
	FactPersonMinor      = term(text("是否未成年人", "Under 18"), text("到填表日不满 18 周岁", "Under 18 full years on the day of the form"), "未成年人 是否未成年 未成年 18岁以下 未满18周岁 是否儿童")
	FactPersonAdult      = term(text("是否年满18周岁", "18 or older"), text("到填表日满 18 周岁", "18 full years on the day of the form"), "年满18周岁 是否成年 是否选民年龄 18周岁以上 是否满18周岁")
	FactPersonPreschool  = term(text("是否0-6岁儿童", "Child under 7"), text("到填表日不满 7 周岁", "Under 7 full years on the day of the form"), "0-6岁儿童 学龄前儿童 是否学龄前儿童 0至6岁儿童")
	FactPersonIsHead     = term(text("是否户主", "Head of household"), text("与户主关系登记为户主", "The relation to the head says that this is the head"), "户主标识 是否为户主 本人是否户主")
	FactPersonIsParty    = term(text("是否党员", "Party member"), text("政治面貌为中共党员或预备党员", "The political status is member or probationary member of the Party"), "是否中共党员 是否为党员 党员标识 是否是党员 中共党员")
	FactPersonIsLeague   = term(text("是否团员", "League member"), text("政治面貌为共青团员", "The political status is member of the Youth League"), "是否共青团员 是否为团员")
	FactPersonHere       = term(text("是否在住", "Lives here"), text("没有迁出，也没有去世", "Neither moved out nor dead"), "是否居住 是否实际居住 在住 是否在本社区居住 是否常住")
	FactPersonDead       = term(text("是否死亡", "Dead"), text("登记了死亡日期", "A day of death is recorded"), "是否已故 是否去世 死亡标识")
	FactPersonFloating   = term(text("是否流动人口", "Floating resident"), text("居住类型为流动人口", "The kind of residence is passing through"), "流动人口 是否外来人口 是否外来人员 是否暂住")
	FactPersonSplit      = term(text("是否人户分离", "Lives apart from the registration"), text("居住类型为人在户不在或户在人不在", "Person and registration are in different places"), "人户分离 是否人户一致分离")
	FactPersonTogether   = term(text("是否人户一致", "Registered and living here"), text("居住类型为人户一致", "Person and registration are both here"), "人户一致 是否人户合一 人户合一 是否户籍人口 是否本地户籍 户籍在本社区")
	FactPersonLocalKind  = term(text("户籍性质（本地或外地）", "Registered here or elsewhere"), text("户口是否在本社区，由居住类型得出", "Whether the registration is in this community, from the kind of residence"), "是否本地户口 本地或外地 户籍非户籍 本地外地")
	FactPersonCategories = term(text("人员类别", "Categories"), text("当前有效的服务类别，用顿号隔开", "Categories that hold today"), "人群类别 服务类别 人员分类 重点人群 居民类别 人群分类 类别 特殊群体 特殊人群类别 人员标签 困难类型 困难类别")

	FactCatEmployed   = term(text("是否在职", "Employed"), text("列入在职人员", "Listed as employed"), "是否就业 在职人员 是否在职人员 在职")
	FactCatRetired    = term(text("是否离退休", "Retired"), text("列入离退休人员", "Listed as retired"), "是否退休 退休人员 离退休人员 是否离退休人员 是否退休人员 离退休")
	FactCatLaidOff    = term(text("是否下岗", "Laid off"), text("列入下岗人员", "Listed as laid off"), "下岗人员 是否下岗职工 是否下岗人员")
	FactCatUnemployed = term(text("是否失业", "Unemployed"), text("列入失业人员", "Listed as unemployed"), "失业人员 是否失业人员 是否无业 是否待业 是否登记失业")
	FactCatForeign    = term(text("是否外资企业从业", "Works for a foreign firm"), text("列入外资企业从业人员", "Listed as working for a foreign firm"), "外资企业从业人员 外企从业人员 是否外企员工")
	FactCatMigrant    = term(text("是否进城务工", "Migrant worker"), text("列入进城务工人员", "Listed as a migrant worker"), "进城务工人员 是否农民工 农民工 是否进城务工人员 外来务工人员 是否外来务工人员 是否务工")
	FactCatNewJob     = term(text("是否新就业群体", "New form of employment"), text("列入新就业群体", "Listed under new forms of employment"), "新就业群体 是否灵活就业 灵活就业人员 是否新业态从业 新业态新就业群体")
	FactCatSelf       = term(text("是否个体工商户", "Self-employed"), text("列入个体工商户", "Listed as self-employed"), "个体工商户 是否个体户 是否个体经营")
	FactCatStudent    = term(text("是否学生", "Student"), text("列入学生", "Listed as a student"), "是否在校学生 是否在读 在校学生 是否在校")
	FactCatVeteran    = term(text("是否退役军人", "Veteran"), text("列入退役军人", "Listed as a veteran"), "退役军人 是否退伍军人 退伍军人 是否复员军人 是否退役 是否复退军人 复退军人 军转干部 是否为退役军人")
	FactCatArmyFamily = term(text("是否军属烈属", "Family of a soldier or martyr"), text("列入军属、烈属", "Listed as family of a soldier or martyr"), "是否军属 是否烈属 军烈属 是否军烈属 优抚对象 是否优抚对象 军人家属 是否重点优抚对象")
	FactCatAlone      = term(text("是否独居老人", "Elderly living alone"), text("列入独居老人", "Listed as elderly living alone"), "独居老人 是否独居 是否空巢老人 空巢老人 是否空巢 独居空巢 是否独居空巢老人 独居")
	FactCatRelief     = term(text("是否低保", "Minimum living allowance"), text("列入低保户", "Listed for the minimum living allowance"),
		"低保 低保户 是否低保户 是否低保对象 低保对象 是否享受低保 享受低保 是否为低保户 是否低保家庭 最低生活保障 是否为在保对象 是否低保人员 低保人员 是否在保对象 城市低保 是否纳入低保")
	FactCatPoor      = term(text("是否特困", "In special need"), text("列入特困人员", "Listed as in special need"), "特困人员 是否特困人员 特困供养人员 是否特困供养 五保户 是否五保户 是否三无人员 特困 是否特困供养人员")
	FactCatDisabled  = term(text("是否残疾", "Disabled"), text("列入残疾人", "Listed as disabled"), "是否残疾人 残疾人 残疾 有无残疾 是否为残疾人 是否残疾人员 残疾人员")
	FactCatChild     = term(text("是否困境或留守儿童", "Child in need or left behind"), text("列入困境和留守儿童", "Listed as a child in need or left behind"), "困境儿童 是否困境儿童 留守儿童 是否留守儿童 是否孤儿 事实无人抚养儿童 困境和留守儿童")
	FactCatVolunteer = term(text("是否楼栋长或志愿者骨干", "Building head or volunteer"), text("列入楼栋长、志愿者骨干", "Listed as building head or volunteer"), "志愿者骨干 是否志愿者 是否楼栋长 楼栋长志愿者骨干 是否楼长 是否志愿者骨干")

	FactLinkHousehold     = term(text("住户", "Household"), text("居住的住户", "The household lived in"), "家庭 户")
	FactLinkHead          = term(text("户主", "Head of household"), text("住户的户主", "The head of the household"), "户主的 房屋户主 在深户主 本户户主 家庭户主 家长")
	FactLinkHeadName      = term(text("户主姓名", "Head of household"), text("户主的姓名", "Name of the head"), "户主 户主名字 户主名 所在户户主 户代表")
	FactLinkSpouse        = term(text("配偶", "Spouse"), text("同户登记为户主和配偶的两人", "The two registered as head and spouse of one household"), "爱人 配偶的 丈夫或妻子")
	FactLinkSpouseName    = term(text("配偶姓名", "Spouse"), text("配偶的姓名", "Name of the spouse"), "配偶 爱人姓名")
	FactLinkCommunity     = term(text("社区", "Community"), text("居住的社区", "The community lived in"), "所在社区 所属社区 居住社区 村社区 社区村")
	FactLinkCommunityName = term(text("所属社区", "Community"), text("居住的社区的名称", "Name of the community lived in"),
		"社区 社区名称 所在社区 居住社区 村居 村社区 社区村 居委会 所属村社区 所在村社区 村居名称 所属居委会 社区居委会 居村委 社区村名称 村（社区） 辖区社区 管辖社区 所属村居")
	FactLinkStreet   = term(text("所属街道", "Sub-district"), text("社区所在的街道或乡镇", "The sub-district or town of the community"), "街道 街镇 镇街 乡镇 乡镇街道 所在街道 街道乡镇 镇街道 所属镇街 街道镇 所属乡镇 乡镇（街道） 街道（镇） 街镇名称 街道名称 乡镇街道名称")
	FactLinkCounty   = term(text("所属区县", "County or district"), text("社区所在的区县", "The county or district of the community"), "区县 县区 县市区 区 县 所在区县 所属县区 市县区 区（县） 县（市、区）")
	FactLinkCity     = term(text("所属市", "City"), text("社区所在的市", "The city of the community"), "市 地市 所在市 地级市 设区市")
	FactLinkProvince = term(text("所属省", "Province"), text("社区所在的省", "The province of the community"), "省 省份 所在省 所属省份")
	FactPartFamily   = term(text("家庭成员", "Family"), text("同一住户中在住的其他人", "The others who live in the household"),
		"家庭成员情况 家庭成员信息 家庭主要成员 家庭成员基本情况 其他家庭成员 同住人员 主要家庭成员 家庭成员及主要社会关系 共同居住人 家庭人员情况")
	FactPartPeople = term(text("家庭成员", "People of the household"), text("住户中在住的人，户主在前", "Who lives in the household, the head first"),
		"家庭成员情况 家庭成员信息 家庭成员基本情况 成员 住户成员 家庭人员 同住人员 人员情况 居住人员 户内人员 家庭人口情况 成员情况 居住人员信息")
	FactPartResidents  = term(text("居民", "Residents"), text("在住的居民", "The residents who live there"), "居民名单 居民花名册 人员名单 居民信息 住户人员")
	FactPartHouseholds = term(text("住户", "Households"), text("住户清单", "The households"), "住户名单 户信息 家庭名单")

	FactHouseholdAddress = term(text("居住地址", "Address"), text("住户的详细地址", "The address of the dwelling"),
		"住址 家庭住址 现住址 现居住地 地址 居住地 详细地址 家庭地址 现居住地址 住所 居住地详细地址 房屋地址 通讯地址 联系地址 常住地址 实际居住地 实际居住地址 现住地址 家庭详细地址 居住地址门牌 居住详址 现居地 居住地点 通信地址 家庭现住址 门牌地址 详细住址")
	FactHouseholdStairwell = term(text("单元", "Stairwell"), text("楼栋内的单元", "The stairwell within the building"), "单元号 所在单元 楼栋单元 几单元 单元楼")
	FactHouseholdRoom      = term(text("房号", "Room"), text("房间号或门牌号", "Number of the room"), "室 房间号 门牌号 房室号 室号 户室 房屋号 门牌 房间 房屋室号 住房号")
	FactHouseholdNumber    = term(text("户号", "Household number"), text("户口簿或住户册上的户号", "Number of the household register"), "户口簿号 户编号 住户编号 户口号 家庭编号 户口本编号")
	FactHouseholdSize      = term(text("家庭人口", "People in the household"), text("登记在住的人数", "How many live in the household as recorded"),
		"家庭人口数 家庭人数 户内人口 人口数 家庭总人口 共同生活人口 居住人数 户籍人数 家庭成员数 人数 家庭成员人数 常住人口数 住户人数 家庭常住人口 同住人数 家庭人口人")
	FactHouseholdMen       = term(text("家庭男性人数", "Men in the household"), text("登记在住的男性人数", "Males recorded as living in the household"), "男性人数 男性人口 其中男")
	FactHouseholdWomen     = term(text("家庭女性人数", "Women in the household"), text("登记在住的女性人数", "Females recorded as living in the household"), "女性人数 女性人口 其中女")
	FactHouseholdElders    = term(text("家庭60岁以上人数", "People of 60 and above in the household"), text("登记在住的满 60 周岁的人数", "How many of 60 full years live in the household"), "60岁以上人数 老年人数 60周岁以上人数 老人数 家庭老人数")
	FactHouseholdMinors    = term(text("家庭未成年人数", "Minors in the household"), text("登记在住的不满 18 周岁的人数", "How many under 18 live in the household"), "未成年人数 儿童数 18岁以下人数 未成年子女数 家庭未成年人")
	FactHouseholdAdults    = term(text("家庭18-59岁人数", "People of 18 to 59 in the household"), text("登记在住的 18 至 59 周岁的人数", "How many from 18 to 59 live in the household"), "劳动年龄人口 18-59岁人数")
	FactHouseholdParty     = term(text("家庭党员人数", "Party members in the household"), text("登记在住的中共党员和预备党员人数", "How many members of the Party live in the household"), "家庭党员数 户内党员数")
	FactBuildingHouseholds = term(text("楼栋户数", "Households in the building"), text("登记的住户数", "Households recorded in the building"), "户数 总户数 住户数 居住户数 楼栋住户数 常住户数")
	FactBuildingPeople     = term(text("楼栋人数", "Residents of the building"), text("登记在住的人数", "Residents recorded as living in the building"), "居住人数 常住人口 人口数 总人数 楼栋人口数 居民人数 常住人数")
	FactGridHouseholds     = term(text("网格户数", "Households in the grid"), text("网格内登记的住户数", "Households recorded in the grid"), "户数 总户数 住户数 网格住户数 网格内户数")
	FactGridPeople         = term(text("网格人数", "Residents of the grid"), text("网格内登记在住的人数", "Residents recorded as living in the grid"), "人口数 常住人口 居住人数 总人数 网格人口 居民人数 网格内人口 网格人口数")
	FactOrgHouseholds      = term(text("社区户数", "Households in the community"), text("社区内登记的住户数", "Households recorded in the community"), "总户数 户数 居民户数 住户数 常住户数 辖区户数")
	FactOrgPeople          = term(text("社区人口", "Residents of the community"), text("社区内登记在住的人数", "Residents recorded as living in the community"), "总人口 常住人口 人口数 居民人数 社区人口数 常住人口数 辖区人口 居民数")
	FactOrgElders          = term(text("社区60岁以上人数", "Residents of 60 and above"), text("社区内登记在住的满 60 周岁的人数", "Residents of 60 full years in the community"), "60岁以上老人数 老年人口 60周岁以上人数 老年人数 60岁以上人口")
	FactOrgElders80        = term(text("社区80岁以上人数", "Residents of 80 and above"), text("社区内登记在住的满 80 周岁的人数", "Residents of 80 full years in the community"), "80岁以上老人数 高龄老人数 80周岁以上人数")
	FactOrgMinors          = term(text("社区未成年人数", "Minors of the community"), text("社区内登记在住的不满 18 周岁的人数", "Residents under 18 in the community"), "未成年人数 18岁以下人数 儿童数")
	FactOrgFloating        = term(text("社区流动人口", "Floating residents"), text("社区内居住类型为流动人口的人数", "Residents whose kind of residence is passing through"), "流动人口数 外来人口数 流动人口")
)
