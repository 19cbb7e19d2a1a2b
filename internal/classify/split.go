package classify

import (
	"math/rand/v2"
	"slices"
)

// Split keeps one part in `parts` of each label's examples back from training, at random by seed.
func Split(examples []Example, parts int, seed uint64) (train, test []Example) {
	alone := make([]int, len(examples))
	for i := range alone {
		alone[i] = i
	}
	return split(examples, alone, parts, seed)
}

// SplitApart does the same, and keeps copies of one message and messages of one sender on one side. What is measured so is not
// flattered by messages that were as good as seen before.
func SplitApart(examples []Example, parts int, seed uint64) (train, test []Example) {
	return split(examples, units(examples), parts, seed)
}

// split goes through the units in a random order and keeps one back as long as the label of its first message has too few kept back.
func split(examples []Example, unit []int, parts int, seed uint64) (train, test []Example) {
	parts = max(parts, 2)
	members := map[int][]int{}
	wanted := map[string]int{}
	var order []int
	for i, e := range examples {
		wanted[e.Label]++
		if unit[i] == i {
			order = append(order, i)
		}
		members[unit[i]] = append(members[unit[i]], i)
	}
	for l, n := range wanted {
		wanted[l] = (n + parts/2) / parts
	}
	r := rand.New(rand.NewPCG(seed, 7))
	r.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	var back []int
	for _, u := range order {
		// A unit that is larger than what is still wanted stays with the rest.
		if n := len(members[u]); n <= wanted[examples[u].Label] {
			for _, i := range members[u] {
				wanted[examples[i].Label]--
				back = append(back, i)
			}
		}
	}
	slices.Sort(back)
	for i, e := range examples {
		if _, kept := slices.BinarySearch(back, i); kept {
			test = append(test, e)
		} else {
			train = append(train, e)
		}
	}
	return train, test
}
