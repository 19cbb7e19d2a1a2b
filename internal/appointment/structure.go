package appointment

import (
	"context"
	"strings"

	"linli/internal/authz"
	"linli/internal/db"
)

// Structure is what holders are like together: people, each counted once. Nothing of it is about one of them.
type Structure struct {
	People   int64
	Women    int64
	AgeKnown int64
	AgeSum   int64 // in whole years
	Ages     map[Band]int64
	School   map[Schooling]int64
	Origins  map[Origin]int64
	Shoulder int64 // communities of which one person is secretary and director
	Cross    int64 // people with posts on both sides
}

// MeanAge is the mean age in tenths of a year; 0 if no age is known.
func (s Structure) MeanAge() int64 {
	if s.AgeKnown == 0 {
		return 0
	}
	return (s.AgeSum*10 + s.AgeKnown/2) / s.AgeKnown
}

// structure counts in two statements: the people, and how they stand to both sides.
func structure(ctx context.Context, q db.Querier, scope authz.Scope, f Filter) (Structure, error) {
	s := Structure{Ages: map[Band]int64{}, School: map[Schooling]int64{}, Origins: map[Origin]int64{}}
	a := &db.Args{}
	on := f.On.String()
	age := "CAST(" + a.Add(int64(f.On.Year())) + " AS BIGINT) - CAST(substr(h.born_on, 1, 4) AS BIGINT) - CASE WHEN substr(h.born_on, 6) > " + a.Add(on[len("2006-"):]) + " THEN 1 ELSE 0 END"
	outer := "SELECT count(*), coalesce(sum(CASE WHEN h.sex = '2' THEN 1 ELSE 0 END), 0), coalesce(sum(CASE WHEN h.born_on <> '' THEN 1 ELSE 0 END), 0), coalesce(sum(CASE WHEN h.born_on <> '' THEN " +
		age + " ELSE 0 END), 0)"
	count := func(cond string) { outer += ", coalesce(sum(CASE WHEN " + cond + " THEN 1 ELSE 0 END), 0)" }
	for _, b := range Bands() {
		from, until := b.born(f.On)
		count("h.born_on >= " + a.Add(from) + " AND h.born_on < " + a.Add(until))
	}
	for _, g := range Schoolings() {
		count(strings.ReplaceAll(schooled[g], "p.", "h."))
	}
	for _, o := range Origins() {
		count("h.origin = " + a.Add(o))
	}
	inner := "SELECT t.person_id, coalesce(max(p.sex), '0') AS sex, coalesce(max(p.born_on), '') AS born_on, coalesce(max(p.schooling), '') AS schooling, max(t.origin) AS origin" + tables +
		" WHERE " + f.where(a, scope) + " GROUP BY t.person_id"
	ages, school, origins := make([]int64, len(Bands())), make([]int64, len(Schoolings())), make([]int64, len(Origins()))
	_, err := db.One(ctx, q, func(*struct{}) []any {
		dest := []any{&s.People, &s.Women, &s.AgeKnown, &s.AgeSum}
		for _, list := range [][]int64{ages, school, origins} {
			for i := range list {
				dest = append(dest, &list[i])
			}
		}
		return dest
	}, outer+" FROM ("+inner+") h", a.Values()...)
	if err != nil {
		return s, err
	}
	for i, b := range Bands() {
		s.Ages[b] = ages[i]
	}
	for i, g := range Schoolings() {
		s.School[g] = school[i]
	}
	for i, o := range Origins() {
		s.Origins[o] = origins[i]
	}
	shoulder, cross := f, f
	shoulder.Shoulder, cross.Cross = true, true
	a = &db.Args{}
	first := "SELECT count(DISTINCT t.organisation_id)" + tables + " WHERE " + shoulder.where(a, scope)
	second := "SELECT count(DISTINCT t.person_id)" + tables + " WHERE " + cross.where(a, scope)
	_, err = db.One(ctx, q, func(*struct{}) []any { return []any{&s.Shoulder, &s.Cross} }, "SELECT ("+first+"), ("+second+")", a.Values()...)
	return s, err
}
