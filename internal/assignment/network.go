package assignment

import "math"

const far = math.MaxInt64 / 4

// network is the flow: from the source over demands, supplies and givers to the sink. Arc i and i^1 are each other's way back.
type network struct {
	source, sink int32
	first        []int32 // of a node: its first arc, or -1
	next, to     []int32 // of an arc: the node's next one, and where it leads
	room         []int64
	cost         []int64
	pairs        int32 // the arc of the first pair

	height []int64 // potentials: no arc with room has a negative cost after them
	dist   []int64
	level  []int32
	at     []int32 // the arc that is tried next
	queue  []int32
	heap   []entry
}

func newNetwork(p Problem) *network {
	nd, ns := len(p.Demands), len(p.Supplies)
	size := nd + ns + p.Givers + 2
	n := &network{source: int32(size - 2), sink: int32(size - 1), first: make([]int32, size), height: make([]int64, size), dist: make([]int64, size), level: make([]int32, size), at: make([]int32, size)}
	for i := range n.first {
		n.first[i] = -1
	}
	rooms := make([]int64, p.Givers)
	for i, s := range p.Supplies {
		rooms[s.Giver] += int64(max(0, s.Room))
		n.arc(int32(nd+i), int32(nd+ns+s.Giver), int64(max(0, s.Room)), 0)
	}
	for i, d := range p.Demands {
		further := max(0, d.Places)
		if further > 0 && !d.Got {
			n.arc(n.source, int32(i), 1, -firstPlace-int64(d.Urgency))
			further--
		}
		if further > 0 {
			n.arc(n.source, int32(i), int64(further), -furtherPlace)
		}
	}
	for g, room := range rooms {
		busy := p.busy(g)
		rising := min(room, int64(max(0, maxLoad-busy)))
		for k := range rising {
			n.arc(int32(nd+ns+g), n.sink, 1, load(busy+int(k)))
		}
		if room > rising {
			n.arc(int32(nd+ns+g), n.sink, room-rising, maxLoad)
		}
	}
	n.pairs = int32(len(n.to))
	for _, c := range p.Pairs {
		n.arc(int32(c.Demand), int32(nd+c.Supply), 1, -int64(c.Fit))
	}
	n.rise(p, nd, ns)
	return n
}

func (n *network) arc(from, to int32, room, cost int64) {
	i := int32(len(n.to))
	n.to, n.room, n.cost = append(n.to, to, from), append(n.room, room, 0), append(n.cost, cost, -cost)
	n.next = append(n.next, n.first[from], n.first[to])
	n.first[from], n.first[to] = i, i+1
}

// rise sets the first potentials: the cheapest way from the source, layer after layer.
func (n *network) rise(p Problem, nd, ns int) {
	for i := range n.height {
		n.height[i] = far
	}
	n.height[n.source] = 0
	relax := func(v int32) {
		if n.height[v] == far {
			return
		}
		for e := n.first[v]; e >= 0; e = n.next[e] {
			if n.room[e] > 0 {
				n.height[n.to[e]] = min(n.height[n.to[e]], n.height[v]+n.cost[e])
			}
		}
	}
	relax(n.source)
	for v := range nd + ns + p.Givers {
		relax(int32(v))
	}
	for i := range n.height {
		if n.height[i] == far { // nothing leads there, now or later
			n.height[i] = 0
		}
	}
}

// cheapest moves the potentials so that what can flow at the least cost goes along arcs that cost nothing. It says whether anything can flow that is worth it.
func (n *network) cheapest() bool {
	for i := range n.dist {
		n.dist[i] = far
	}
	n.dist[n.source] = 0
	n.heap = append(n.heap[:0], entry{0, n.source})
	for len(n.heap) > 0 {
		x := n.pop()
		if x.dist > n.dist[x.node] {
			continue
		}
		if x.node == n.sink {
			break
		}
		for e := n.first[x.node]; e >= 0; e = n.next[e] {
			if n.room[e] == 0 {
				continue
			}
			v := n.to[e]
			if d := x.dist + n.cost[e] + n.height[x.node] - n.height[v]; d < n.dist[v] {
				n.dist[v] = d
				n.put(entry{d, v})
			}
		}
	}
	end := n.dist[n.sink]
	if end == far {
		return false
	}
	for i, d := range n.dist {
		n.height[i] += min(d, end)
	}
	return n.height[n.sink]-n.height[n.source] < 0
}

// free says that an arc has room and costs nothing after the potentials.
func (n *network) free(from, e int32) bool {
	return n.room[e] > 0 && n.cost[e]+n.height[from]-n.height[n.to[e]] == 0
}

// levels counts how many free arcs each node is away from the source, as far as the sink.
func (n *network) levels() bool {
	for i := range n.level {
		n.level[i] = -1
	}
	copy(n.at, n.first)
	n.level[n.source] = 0
	n.queue = append(n.queue[:0], n.source)
	for i := 0; i < len(n.queue); i++ {
		v := n.queue[i]
		for e := n.first[v]; e >= 0; e = n.next[e] {
			if w := n.to[e]; n.level[w] < 0 && n.free(v, e) {
				n.level[w] = n.level[v] + 1
				if w == n.sink {
					return true
				}
				n.queue = append(n.queue, w)
			}
		}
	}
	return false
}

// push sends up to most along free arcs to the sink, and says how much went.
func (n *network) push(v int32, most int64) int64 {
	if v == n.sink {
		return most
	}
	for ; n.at[v] >= 0; n.at[v] = n.next[n.at[v]] {
		e := n.at[v]
		w := n.to[e]
		if n.level[w] != n.level[v]+1 || !n.free(v, e) {
			continue
		}
		if went := n.push(w, min(most, n.room[e])); went > 0 {
			n.room[e] -= went
			n.room[e^1] += went
			return went
		}
	}
	return 0
}

// entry is a node in the heap; of several of one node the nearest counts.
type entry struct {
	dist int64
	node int32
}

func (n *network) put(x entry) {
	n.heap = append(n.heap, x)
	i := len(n.heap) - 1
	for i > 0 {
		up := (i - 1) / 2
		if n.heap[up].dist <= x.dist {
			break
		}
		n.heap[i] = n.heap[up]
		i = up
	}
	n.heap[i] = x
}

func (n *network) pop() entry {
	top, last := n.heap[0], n.heap[len(n.heap)-1]
	n.heap = n.heap[:len(n.heap)-1]
	if len(n.heap) == 0 {
		return top
	}
	i := 0
	for {
		down := 2*i + 1
		if down >= len(n.heap) {
			break
		}
		if down+1 < len(n.heap) && n.heap[down+1].dist < n.heap[down].dist {
			down++
		}
		if n.heap[down].dist >= last.dist {
			break
		}
		n.heap[i] = n.heap[down]
		i = down
	}
	n.heap[i] = last
	return top
}
