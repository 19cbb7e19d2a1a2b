package i18n

// Many cases at once from a table.
var (
	CaseTable              = text("从表格登记", "Enter from a table")
	CaseTableTitle         = text("排查出来的问题", "Places and problems")
	CaseTableHint          = text("一行一件，和一件一件登记的效果一样：各有编号、时限和经办。适合一次排查出来的很多处问题。同一行再导入一次不会重复登记。", "One row is one case, as if entered by itself: each has its number, limit and office. For the many places that one inspection finds. A row that came in before is not entered twice.")
	CaseTableKindHint      = text("写事项种类的名称，如“网格事件”；不写就是网格事件。", "The name of the kind; none is an event.")
	CaseTableItemHint      = text("写目录里的名称；说不清可以空着。", "The name in the catalogue; leave it empty if it is not clear.")
	CaseTableCommunityHint = text("写社区名称；整张表是一个社区的，上传时选好，这一列可以不要。", "The name of the community; where the whole table is of one, choose it when uploading.")
	CaseTableChannelHint   = text("怎么来的，如“群众说事”“服务大厅”“网格巡查”；不写就是书面。", "How they came in, such as residents' talk, hall or patrol; none is on paper.")
	CaseTableNoChannel     = text("没有“{0}”这种来源", "There is no channel {0}")
	CaseTablePhone         = text("反映人电话", "Telephone of who reported it")
	CaseTableNoKind        = text("没有“{0}”这种事项", "There is no kind {0}")
	CaseTableConfidential  = text("“{0}”是保密的，不能用表格登记", "{0} is confidential and cannot come in a table")
	CaseTableFields        = text("“{0}”有必填的专门项目", "{0} asks things of its own")
	CaseTableOneByOne      = text("这一件单独登记。", "Enter it by itself.")
	CaseTableNoItem        = text("“{1}”的目录里没有“{0}”", "The catalogue of {1} has no {0}")
	CaseTableManyItems     = text("目录里有几项都叫“{0}”", "Several entries are called {0}")
	CaseTableNotUrgent     = text("“{0}”没有紧急时限，按一般登记", "{0} has no urgent limit; it is entered as usual")
	CaseTableNotUrgentHow  = text("需要马上处理的，打电话。", "Call where it cannot wait.")
	CaseTableNoCommunity   = text("没有写社区", "No community is given")
	CaseTableNoBuilding    = text("这个社区没有楼栋“{0}”，写进了具体位置", "The community has no building {0}; it goes into the place")
	CaseTableNoBuildingHow = text("楼栋名称要和系统里的一样，才能带出网格。", "With the name as in the register the grid follows.")
	CaseTableLongPlace     = text("楼栋加具体位置超过 {0} 个字", "Building and place together have more than {0} characters")
	CaseTableManyBuildings = text("有 {1} 栋楼都叫“{0}”", "{1} buildings are called {0}")

	CaseTableManyBuildingsHow = text("空着楼栋，把位置写清楚。", "Leave the building empty and write the place.")

	CaseTableMany    = text("一张表最多登记 {0} 件", "One table enters {0} cases at most")
	CaseTableManyHow = text("分成几张表。", "Divide the table.")
	CaseTableRow     = text("第 {0} 行没能登记：{1}", "Row {0} could not be entered: {1}")
)

// CaseTableHeads are the headings under which people keep the columns of a table of places.
var CaseTableHeads = map[string][]string{
	"kind": {"事项种类", "类型", "问题类型"}, "category": {"类别", "小类", "事项名称", "问题类别"}, "community": {"社区", "社区名称", "所属社区"}, "building": {"楼栋号", "楼号", "幢号"},
	"place": {"位置", "地点", "详细位置", "问题位置", "地址"}, "body": {"问题描述", "描述", "问题", "情况", "情况说明"}, "urgent": {"是否紧急", "加急"}, "name": {"姓名", "上报人", "发现人"}, "phone": {"电话", "联系电话", "手机号"},
}
