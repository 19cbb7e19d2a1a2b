package demo

import (
	"fmt"
	"strconv"
	"strings"
)

// The district lies in the open sea, where nobody lives: a chessboard of communities, each a board of blocks between streets, each
// block some rows of buildings. Lengths are metres; positions are stored in micro-degrees.
const (
	originX, originY = 123_200_000, 34_000_000
	perMetreX        = 10.86 // micro-degrees of longitude at this latitude
	perMetreY        = 9.01
	blockWidth       = 210.0
	blockDepth       = 190.0
	street           = 24.0
	avenue           = 40.0 // between communities
	columnsPerBlock  = 4
	rowsPerBlock     = 4
)

// block is a grid: some rows of like buildings between four streets.
type block struct {
	number     int // from 1 within its community
	quarter    string
	road       string
	floors     int
	stairwells int
	buildings  int
	first      int     // number of its first building in the quarter
	x, y       float64 // metres of the south-west corner
	code       string  // 15 digits
}

// homes is how many dwellings a building of the block has.
func (b *block) homes() int { return b.floors * b.stairwells * 2 }

// layout lays out the blocks of community i for so many residents.
func layout(sc Scale, i, residents int) []*block {
	households := residents * 100 / 245
	count := max(2, (households/350+1)/2*2)
	columns := count / 2
	across := 1
	for across*across < sc.Communities*2/3 { // the district is a little wider than deep
		across++
	}
	width := float64(columns)*(blockWidth+street) + avenue
	depth := 2*(blockDepth+street) + avenue
	left, bottom := float64(i%across)*width, float64(i/across)*depth
	name := communityName(i)
	var blocks []*block
	for n := range count {
		col, row := n/2, n%2
		b := &block{number: n + 1, quarter: name + quarterTails[col%len(quarterTails)], road: roadNames[(i+row)%len(roadNames)]}
		if col >= len(quarterTails) {
			b.quarter = name + "新" + quarterTails[col%len(quarterTails)]
		}
		b.floors, b.stairwells = [...]int{6, 11, 6, 18}[(i+col)%4], [...]int{2, 2, 3, 1}[(i+col)%4]
		b.buildings = min(columnsPerBlock*rowsPerBlock, share(households, count, n)/b.homes()+1)
		b.x, b.y = left+float64(col)*(blockWidth+street), bottom+float64(1-row)*(blockDepth+street)
		if row == 1 {
			b.first = blocks[n-1].buildings
		}
		blocks = append(blocks, b)
	}
	return blocks
}

// position is where building k of the block stands: rows from the north, every other row shifted a little, as the sun asks.
func (b *block) position(k int) (x, y int64) {
	rows := (b.buildings + columnsPerBlock - 1) / columnsPerBlock
	row, col := k/columnsPerBlock, k%columnsPerBlock
	px := b.x + 28 + float64(col)*52 + float64(row%2)*6
	py := b.y + blockDepth - 22 - float64(row)*(blockDepth-44)/float64(max(1, rows-1))
	if rows == 1 {
		py = b.y + blockDepth/2
	}
	return originX + int64(px*perMetreX), originY + int64(py*perMetreY)
}

// outline is the block's border as a grid keeps it; the border runs along the middle of the streets, so that no gap is left.
func (b *block) outline() string {
	const h = street / 2
	x0, x1 := originX+int64((b.x-h)*perMetreX), originX+int64((b.x+blockWidth+h)*perMetreX)
	y0, y1 := originY+int64((b.y-h)*perMetreY), originY+int64((b.y+blockDepth+h)*perMetreY)
	return fmt.Sprintf("[[[%d,%d],[%d,%d],[%d,%d],[%d,%d],[%d,%d]]]", x0, y0, x1, y0, x1, y1, x0, y1, x0, y0)
}

// buildingName is the name of building k of the block within its quarter.
func (b *block) buildingName(k int) string { return strconv.Itoa(b.first+k+1) + "幢" }

// buildingsCSV is the list of a community's buildings, as a community would hand it in.
func buildingsCSV(blocks []*block) []byte {
	var s strings.Builder
	s.WriteString("小区,楼栋,地址,网格编码,层数,单元数,经度,纬度\n")
	for _, b := range blocks {
		for k := range b.buildings {
			x, y := b.position(k)
			fmt.Fprintf(&s, "%s,%s,%s%d号,%s,%d,%d,%.6f,%.6f\n", b.quarter, b.buildingName(k), b.road, 100*b.number+2*k+2, b.code,
				b.floors, b.stairwells, float64(x)/1e6, float64(y)/1e6)
		}
	}
	return []byte(s.String())
}
