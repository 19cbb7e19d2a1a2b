package i18n

// Facts about organisations and units.
var (
	FactOrgName = term(text("名称", "Name"), text("组织或单位的全称", "Full name of the organisation"),
		"单位名称 组织名称 机构名称 单位全称 党组织名称 全称 党组织全称 企业名称 单位 共建单位 共建单位名称 社区名称 支部名称 党支部名称 单位（党组织）名称 单位或组织名称 党组织 填报单位 成员单位 驻区单位 驻区单位名称 结对单位 报到单位 所在单位")
	FactOrgLabel = term(text("简称", "Short name"), text("日常使用的简称，没有时用全称", "The short name, or the full one where there is none"), "单位简称 组织简称 机构简称 社区")
	FactOrgKind  = term(text("组织类别", "Kind of organisation"), text("党委、社区党组织、支部、单位等", "Party committee, community, branch, unit and so on"), "单位类别 机构类别 组织类型 单位类型 党组织类别 党组织类型 单位性质类别")
	FactOrgCode  = term(text("组织代码", "Code"), text("区内使用的组织代码", "The district's own code"), "单位代码 机构代码 党组织代码 组织编码 单位编码 单位编号")
	FactOrgUSCC  = term(text("统一社会信用代码", "Unified social credit code"), text("18 位统一社会信用代码", "The 18-character unified social credit code"),
		"社会信用代码 信用代码 统一信用代码 统一社会信用代码证号 社会统一信用代码 营业执照号 机构信用代码 法人代码 统一代码")
	FactOrgDivisionCode = term(text("区划代码", "Division code"), text("12 位统计用区划代码", "The 12-digit division code"), "行政区划代码 统计区划代码 区域代码 地区代码 区划编码")
	FactOrgSector       = term(text("行业系统", "Sector"), text("单位所属的行业或系统", "The system to which the unit belongs"), "行业 所属系统 系统 行业类别 所属行业 行业分类 主管系统")
	FactOrgAddress      = term(text("单位地址", "Address"), text("组织或单位的地址", "Address of the organisation"), "地址 办公地址 单位住址 注册地址 所在地址 通讯地址 详细地址 办公地点 经营地址 单位地点")
	FactOrgSecretary    = term(text("书记", "Secretary"), text("党组织现任书记的姓名", "Name of the secretary in office"), "书记姓名 党组织书记 支部书记 党委书记 书记姓名")
	FactOrgDirector     = term(text("主任", "Director"), text("居委会现任主任的姓名", "Name of the director in office"), "主任姓名 居委会主任 居委会主任姓名")
	FactOrgHead         = term(text("负责人", "Head"), text("单位现任负责人的姓名", "Name of the head in office"), "负责人姓名 单位负责人 主要负责人 单位负责人姓名 主要负责人姓名")
	FactOrgContact      = term(text("联系人", "Contact"), text("单位联络人姓名", "Name of the contact"), "联络员 联络人 单位联系人 联系人姓名 联络员姓名 单位联络员 负责联系人")
	FactOrgPhone        = term(text("联系人电话", "Phone of the contact"), text("联络人的电话，加密保存", "Phone of the contact, stored encrypted"),
		"联系电话 电话 联络员电话 单位电话 联系方式 联系人联系电话 联系人手机 手机 联系人联系方式 办公电话 单位联系电话 联络人电话 联络员手机 手机号码")
	FactOrgPhoneMask   = term(text("联系人电话（脱敏）", "Phone of the contact, masked"), text("中间打星号的电话", "The phone with its middle starred"), "单位电话脱敏")
	FactOrgEstablished = term(text("成立日期", "Established on"), text("组织成立的日期", "Day on which the organisation was established"), "成立时间 设立日期 建立时间 设立时间 党组织成立时间 组建时间 批准成立时间 建立日期")
	FactOrgDissolved   = term(text("撤销日期", "Dissolved on"), text("组织撤销的日期", "Day on which the organisation was dissolved"), "撤销时间 注销日期 注销时间 解散时间")
	FactOrgStanding    = term(text("是否在用", "In being"), text("没有撤销", "Not dissolved"), "是否存续 是否撤销前 组织状态")
	FactOrgBelow       = term(text("下级组织数", "Organisations below"), text("直接下级且未撤销的组织数", "Organisations directly below that are not dissolved"), "下属组织数 下级党组织数 所属组织数")
	FactOrgBranches    = term(text("下属党支部数", "Branches below"), text("直接下级的党支部数", "Party branches directly below"), "党支部数 支部数 下设党支部数 所辖党支部数 下辖支部数 党支部个数")
	FactOrgGroups      = term(text("下属党小组数", "Party groups below"), text("直接下级的党小组数", "Party groups directly below"), "党小组数 党小组个数")
	FactOrgUnits       = term(text("驻区单位数", "Units in the community"), text("归属该社区的单位数", "Units that lie in the community"), "共建单位数 辖区单位数 单位数 驻社区单位数 驻区单位个数 成员单位数")
	FactOrgDocument    = term(text("成立文号", "Document of establishment"), text("批准成立的文件号", "Number of the document by which it was set up"), "批准文号 成立批复文号 批复文号 成立批文")

	FactLinkParent           = term(text("上级组织", "Superior"), text("直接领导的上级组织", "The organisation directly above"), "上级 上级党组织 主管部门 主管单位 隶属")
	FactLinkParentName       = term(text("上级组织", "Superior"), text("上级组织的名称", "Name of the superior"), "上级党组织 上级党组织名称 上级组织名称 隶属党组织 主管单位 主管部门 所属党组织 上级主管部门 上级单位 隶属单位 隶属关系 所属党委 所属上级党组织")
	FactLinkOrgCommunity     = term(text("所在社区", "Community"), text("单位所在的社区", "The community in which the unit lies"), "所属社区 社区")
	FactLinkOrgCommunityName = term(text("所在社区", "Community"), text("单位所在社区的名称", "Name of the community in which the unit lies"), "所属社区 社区 社区名称 结对社区 共建社区 驻地社区 归属社区 报到社区 共驻共建社区")
	FactLinkCommunityFull    = term(text("社区党组织", "Community organisation"), text("社区党组织的全称", "Full name of the community's Party organisation"), "社区党组织名称 社区党委 所在社区党组织 居住地党组织 社区党总支")
	FactPartBelow            = term(text("下级组织", "Organisations below"), text("直接下级的组织", "The organisations directly below"), "下属组织 下属党组织 下级党组织 所辖党组织 下设组织 支部情况 党支部情况")
	FactPartUnits            = term(text("驻区单位", "Units"), text("归属该社区的单位", "The units that lie in the community"), "共建单位 成员单位 辖区单位 共建单位名单")
)
