package i18n

// Places: divisions, grids, quarters, buildings.
var (
	PlaceDivisions    = text("行政区划", "Divisions")
	PlaceGrids        = text("网格", "Grids")
	PlaceQuarters     = text("小区", "Quarters")
	PlaceBuildings    = text("楼栋", "Buildings")
	PlaceGridName     = text("第{0}网格", "Grid {0}")
	PlaceFormer       = text("{0}（原{1}）", "{0} (formerly {1})")
	PlaceCommunity    = text("请选择所在社区。", "Choose the community.")
	PlaceNotCommunity = text("“{0}”不是社区党组织，网格、小区和楼栋只能属于社区。", "“{0}” is no community; grids, quarters and buildings belong to a community.")
	PlaceCommunityEnd = text("“{0}”已于 {1} 撤销。", "“{0}” was dissolved on {1}.")

	PlaceGridForeign   = text("网格编码的前 12 位应是所在社区的区划代码 {0}。", "The first 12 digits of a grid code are those of its community, {0}.")
	PlaceGridTaken     = text("网格编码 {0} 已被“{1}”使用，编码不能重复，撤销的编码也不再使用。", "The grid code {0} belongs to “{1}”; codes are unique and never used again.")
	PlaceGridNoCode    = text("这个社区没有区划代码，请填写网格编码，或先补上社区的区划代码。", "This community has no division code: enter the grid code, or give the community its code first.")
	PlaceGridFull      = text("这个社区的网格编号已用到 999。", "The serial numbers of this community are used up to 999.")
	PlaceGridHolds     = text("网格“{0}”里还有 {1} 栋楼、{2} 户，请先划到别的网格。", "Grid “{0}” still has {1} buildings and {2} households; put them into another grid first.")
	PlaceGridEnded     = text("网格“{0}”已于 {1} 撤销。", "Grid “{0}” ended on {1}.")
	PlaceGridLarge     = text("这个网格有 {0} 户，一般以 300–500 户为宜。", "This grid has {0} households; 300–500 is usual.")
	PlaceOutline       = text("网格边界应是首尾相接、至少 3 个角的图形，坐标为经纬度（CGCS2000）。", "The outline is a closed shape of at least three corners, in degrees (CGCS2000).")
	PlaceQuarterTaken  = text("本社区已有小区“{0}”。", "The community has a quarter “{0}” already.")
	PlaceBuildingTaken = text("这个小区已有“{0}”。", "The quarter has “{0}” already.")
	PlaceElsewhere     = text("所选的{0}不属于这个社区。", "The {0} chosen does not belong to this community.")
	PlaceNumberRange   = text("请填写 0 到 {0} 之间的整数。", "Enter a whole number from 0 to {0}.")
	PlaceCoordinates   = text("经度、纬度要同时填写，并在中国范围内（经度 73–136，纬度 3–54）。", "Give both longitude and latitude, within China (73–136, 3–54).")

	PlaceDivisionLevel        = text("“级别”填 1 到 5：1 省级，2 地级，3 县级，4 乡级，5 村级。", "The level is 1 to 5: province, city, county, sub-district or town, community or village.")
	PlaceDivisionLevelAdvice  = text("请按国家统计局名单的级别填写，或删去这一列。", "Use the levels of the published list, or leave the column out.")
	PlaceDivisionDeeper       = text("代码比 {0} 级更细，代码与级别不一致。", "The code is finer than level {0}: code and level contradict each other.")
	PlaceDivisionDeeperAdvice = text("请核对代码和级别，两者要一致。", "Check the code and the level.")
	PlaceDivisionOrphan       = text("上级区划不在系统里，也不在这一行之前。", "The division above is neither in the platform nor in a row before this one.")
	PlaceDivisionOrphanAdvice = text("请把上级的行放在前面，或先导入上级区划。", "Put the row of the division above before it, or import that first.")
	PlaceDivisionEnded        = text("这个代码属于已于 {0} 撤销的“{1}”，代码不会再给别的地方。", "This code belonged to “{1}”, which ended on {0}; a code is never given to another place.")
	PlaceDivisionEndedAdvice  = text("请核对代码；如确有调整，请使用新的代码。", "Check the code; a new place has a new code.")
	PlaceDivisionSuccessor    = text("承接的区划 {0} 不在同一级的名单里。", "The successor {0} is not in the list at that level.")
	PlaceDivisionTopParent    = text("省级没有上级代码。", "A province has no division above it.")

	PlaceImportDivisions     = text("行政区划", "Divisions")
	PlaceImportDivisionsHint = text("国家统计局公布的统计用区划代码，可以是 CSV 或压缩的 .csv.gz。上级在前、下级在后；重复导入不会重复。",
		"The published statistical division codes, as CSV or .csv.gz. Upper levels stand first; importing again changes nothing.")
	PlaceColCode         = text("区划代码", "Code")
	PlaceColCodeHint     = text("12 位数字，按文本填写；也可以是 2、4、6、9 位。", "12 digits, kept as text; 2, 4, 6 or 9 are filled up.")
	PlaceColLevel        = text("级别", "Level")
	PlaceColName         = text("名称", "Name")
	PlaceColParent       = text("上级代码", "Code above")
	PlaceColParentHint   = text("可以不填，按代码推算。", "May be left out: it follows from the code.")
	PlaceColProvince     = text("省", "Province")
	PlaceColCity         = text("市", "City")
	PlaceColCounty       = text("县（区）", "County")
	PlaceColStreet       = text("街道（乡镇）", "Street")
	PlaceImportBuildings = text("楼栋", "Buildings")
	PlaceImportBuildHint = text("一个社区的楼栋表。同一小区里同名的楼栋视为同一栋，只更新。没有的小区会自动建立。",
		"The buildings of one community. A building of the same name in the same quarter is the same one and is updated; missing quarters are made.")
	PlaceColQuarter     = text("小区", "Quarter")
	PlaceColBuilding    = text("楼栋", "Building")
	PlaceColAddress     = text("地址", "Address")
	PlaceColGrid        = text("网格编码", "Grid code")
	PlaceColFloors      = text("层数", "Floors")
	PlaceColStairwells  = text("单元数", "Stairwells")
	PlaceColX           = text("经度", "Longitude")
	PlaceColY           = text("纬度", "Latitude")
	PlaceGridUnknown    = text("本社区没有这个网格编码。", "This community has no grid of this code.")
	PlaceGridUnknownHow = text("请先建立网格，或留空以后再划分。", "Set up the grid first, or leave this empty for now.")
	PlaceNumberHow      = text("请填写整数，不知道就留空。", "Enter a whole number, or leave it empty.")
	PlaceCoordinatesHow = text("请填写 CGCS2000 经纬度，例如 120.136078、33.383912；不知道就都留空。", "Enter CGCS2000 degrees such as 120.136078 and 33.383912, or leave both empty.")
)

// Headings under which people keep the columns of these tables.
var (
	PlaceDivisionHeads = map[string][]string{
		"code": {"code", "代码", "统计用区划代码", "行政区划代码", "编码"}, "level": {"level", "层级", "行政级别"},
		"name": {"name", "区划名称", "地区名称"}, "parent_code": {"parent_code", "parent", "父级代码", "上级区划代码"},
		"province": {"province", "省份", "省级"}, "city": {"city", "地级市", "市级"}, "county": {"county", "区县", "县区", "县级"},
		"street": {"street", "乡镇街道", "街道", "镇街", "乡级"},
	}
	PlaceBuildingHeads = map[string][]string{
		"quarter": {"小区名称", "住宅小区", "院落"}, "name": {"楼号", "楼栋号", "楼栋名称", "幢号", "栋号"}, "address": {"门牌地址", "坐落", "详细地址"},
		"grid": {"网格", "所属网格", "网格代码"}, "floors": {"楼层数", "总层数"}, "stairwells": {"单元", "楼道数", "门洞数"},
		"x": {"东经", "lng", "lon", "x"}, "y": {"北纬", "lat", "y"},
	}
)
