// Package assignment shares out what is there among those who lack something: who gets which supply, so that as much as can be is covered, what is given fits, and
// no giver carries more than their share. It knows numbers only; package exchange says what they stand for.
//
// The method is a minimum-cost flow from the demands over the supplies to their givers (a transportation problem with convex costs). In this order:
//
//  1. as many demands as possible get something, and after that as many places as possible are filled;
//  2. the sum of the fits of the chosen pairs, less the load, is as high as possible. The load of a giver grows with every place: the first costs nothing, each further
//     one a point more than the one before (up to maxLoad), and what they fill already counts, so that of two givers that fit equally well the one with less to do is chosen;
//  3. where there is not enough, the more urgent demand comes first.
//
// Points of urgency, fit and load are added up; covering more always weighs more than all of them. The flow is found by the primal-dual method: one shortest-path tree
// (Dijkstra with potentials) for each cost that occurs, and all that can flow at that cost (Dinic). The answer is exact for the pairs that are given, the same for the
// same problem, and takes a time that grows with the pairs times the number of different costs, which are few because points are small whole numbers.
package assignment
