package i18n

// Facts about places.
var (
	FactBuildingName = term(text("楼栋", "Building"), text("楼栋的名称或编号", "Name or number of the building"),
		"楼栋号 楼栋名称 楼号 幢号 栋号 幢 栋 楼 楼幢 楼幢号 所在楼栋 楼栋编号 楼宇 楼宇名称 楼座 几栋 几幢 所属楼栋")
	FactBuildingAddress    = term(text("楼栋地址", "Address of the building"), text("楼栋所在的地址", "Where the building stands"), "楼栋位置 楼宇地址 楼栋坐落 坐落位置")
	FactBuildingFloors     = term(text("楼层数", "Floors"), text("地上楼层数", "Floors above ground"), "层数 总层数 楼栋层数 楼层 总楼层")
	FactBuildingStairwells = term(text("单元数", "Stairwells"), text("楼栋的单元数", "How many stairwells the building has"), "单元个数 单元总数 楼栋单元数")
	FactBuildingX          = term(text("经度", "Longitude"), text("楼栋的经度（CGCS2000）", "Longitude of the building (CGCS2000)"), "楼栋经度 坐标经度")
	FactBuildingY          = term(text("纬度", "Latitude"), text("楼栋的纬度（CGCS2000）", "Latitude of the building (CGCS2000)"), "楼栋纬度 坐标纬度")
	FactBuildingEnded      = term(text("楼栋停用日期", "Building ended on"), text("楼栋拆除或停用的日期", "Day on which the building was given up"), "楼栋拆除日期")

	FactQuarterName      = term(text("小区", "Residential quarter"), text("居民小区的名称", "Name of the residential quarter"), "小区名称 居住小区 所在小区 住宅小区 所属小区 楼盘 小区名 居民小区")
	FactQuarterAddress   = term(text("小区地址", "Address of the quarter"), text("小区所在的地址", "Where the quarter lies"), "小区位置 小区坐落")
	FactQuarterEnded     = term(text("小区停用日期", "Quarter ended on"), text("小区不再使用的日期", "Day on which the quarter was given up"), "小区撤销日期")
	FactQuarterBuildings = term(text("小区楼栋数", "Buildings of the quarter"), text("小区内登记的楼栋数", "Buildings recorded in the quarter"), "楼栋数 楼栋总数 楼幢数 栋数 幢数")

	FactGridName      = term(text("所属网格", "Grid"), text("社会治理网格的名称", "Name of the social-governance grid"), "网格 网格名称 所在网格 网格名 归属网格 网格区域 责任网格 所属网格名称 网格归属")
	FactGridCode      = term(text("网格编码", "Grid code"), text("15 位网格编码", "The 15-digit code of the grid"), "网格代码 网格编号 网格号 网格码")
	FactGridWorker    = term(text("网格员", "Grid worker"), text("负责网格的网格员姓名", "Name of the grid's worker"), "网格员姓名 专职网格员 网格管理员 责任网格员 所属网格员 网格长 包片网格员 网格责任人")
	FactGridEnded     = term(text("网格停用日期", "Grid ended on"), text("网格撤销的日期", "Day on which the grid ended"), "网格撤销日期")
	FactGridBuildings = term(text("网格楼栋数", "Buildings of the grid"), text("网格内登记的楼栋数", "Buildings recorded in the grid"), "楼栋数 网格内楼栋数 楼栋总数")
	FactGridOutlined  = term(text("网格是否已划线", "Grid has an outline"), text("地图上是否有网格边界", "Whether the map shows the grid's outline"), "网格边界 是否有边界")

	FactOrgGrids     = term(text("社区网格数", "Grids of the community"), text("社区内在用的网格数", "Grids in use in the community"), "网格数 网格个数 网格总数 划分网格数")
	FactOrgBuildings = term(text("社区楼栋数", "Buildings of the community"), text("社区内登记的楼栋数", "Buildings recorded in the community"), "楼栋数 楼栋总数 楼宇数 栋数")
	FactOrgQuarters  = term(text("社区小区数", "Quarters of the community"), text("社区内登记的小区数", "Residential quarters recorded in the community"), "小区数 小区个数 居民小区数 住宅小区数")
	FactOrgProvince  = term(text("所在省", "Province"), text("按区划代码得出的省级名称", "Province, from the division code"), "省 省份 省（自治区、直辖市） 所属省")
	FactOrgCity      = term(text("所在市", "City"), text("按区划代码得出的地级名称", "City, from the division code"), "市 地市 地级市 所属市 设区市")
	FactOrgCounty    = term(text("所在区县", "County or district"), text("按区划代码得出的县级名称", "County or district, from the division code"), "区县 县区 县（市、区） 区（县） 所属区县 县市区")
	FactOrgStreet    = term(text("所在街道", "Sub-district"), text("按区划代码得出的街道或乡镇名称", "Sub-district or town, from the division code"), "街道 镇街 街镇 乡镇 乡镇街道 乡镇（街道） 所属街道 街道（乡镇） 所在乡镇 街道名称")
	FactOrgDivision  = term(text("区划名称", "Name of the division"), text("统计用区划名册上的名称", "The name in the published list of divisions"), "行政区划名称 区划 行政区划")

	FactLinkBuilding  = term(text("楼栋", "Building"), text("所在的楼栋", "The building"), "")
	FactLinkGrid      = term(text("网格", "Grid"), text("所在的网格", "The grid"), "")
	FactLinkQuarter   = term(text("小区", "Residential quarter"), text("所在的小区", "The residential quarter"), "")
	FactPartBuildings = term(text("楼栋", "Buildings"), text("楼栋清单", "The buildings"), "楼栋名单 楼栋信息 楼栋情况 楼栋基本情况")
	FactPartGrids     = term(text("网格", "Grids"), text("网格清单", "The grids"), "网格名单 网格信息 网格情况 网格划分情况")
	FactPartQuarters  = term(text("小区", "Quarters"), text("小区清单", "The residential quarters"), "小区名单 小区信息 小区情况")
)
