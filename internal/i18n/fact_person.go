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
		"电话 手机 手机号 手机号码 电话号码 联系方式 联系手机 本人电话 移动电话 联系电话手机 本人联系电话 联系号码 手机电话 常用电话 通讯电话 联系人电话本人 家庭电话 住宅电话 电话手机")
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
)
