package assess

import (
	"errors"
	"math/big"
	"slices"
	"strconv"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/parser"

	"linli/internal/errs"
	"linli/internal/i18n"
)

// A formula is parsed by expr-lang/expr and worked out here on exact decimals: of its language only what has a known cost is taken, numbers,
// names, + - * /, comparisons, and/or/not, a choice (a ? b : c), min, max and round. There is nothing that repeats, so that the cost is the number
// of nodes, which is limited (docs/adr/0020).

const (
	formulaLength = 500
	formulaNodes  = 64
)

var (
	errNumber = errors.New("assess: no number")
	errZero   = errors.New("assess: division by zero")
)

// formula is an expression that was checked.
type formula struct{ root ast.Node }

// parseFormula reads an expression over names; the second result says what is wrong with it.
func parseFormula(text string, names []string) (*formula, *errs.Message) {
	bad := func(t i18n.Text, args ...any) (*formula, *errs.Message) {
		return nil, &errs.Message{Text: t, Args: args}
	}
	if len(text) > formulaLength {
		return bad(i18n.RubricFormulaLong, formulaNodes)
	}
	cfg := conf.CreateNew()
	cfg.MaxNodes = formulaNodes
	tree, err := parser.ParseWithConfig(text, cfg)
	if err != nil {
		return bad(i18n.RubricFormulaBad)
	}
	kind, wrong := check(tree.Node, names)
	if wrong != nil {
		return nil, wrong
	}
	if kind != isNumber {
		return bad(i18n.RubricFormulaNoNumber)
	}
	return &formula{tree.Node}, nil
}

// sort is what a node yields.
type sort int

const (
	isNumber sort = iota
	isTruth
)

// operators give for each operator what it takes and what it yields.
var operators = map[string][2]sort{
	"+": {isNumber, isNumber}, "-": {isNumber, isNumber}, "*": {isNumber, isNumber}, "/": {isNumber, isNumber},
	"<": {isNumber, isTruth}, "<=": {isNumber, isTruth}, ">": {isNumber, isTruth}, ">=": {isNumber, isTruth}, "==": {isNumber, isTruth}, "!=": {isNumber, isTruth},
	"and": {isTruth, isTruth}, "&&": {isTruth, isTruth}, "or": {isTruth, isTruth}, "||": {isTruth, isTruth}, "not": {isTruth, isTruth}, "!": {isTruth, isTruth},
}

// call gives the name and arguments of a call of a function that is known.
func call(n ast.Node) (string, []ast.Node, bool) {
	name, args := "", []ast.Node(nil)
	switch n := n.(type) {
	case *ast.BuiltinNode:
		name, args = n.Name, n.Arguments
	case *ast.CallNode:
		if f, ok := n.Callee.(*ast.IdentifierNode); ok {
			name, args = f.Value, n.Arguments
		}
	}
	switch name {
	case "round":
		return name, args, len(args) == 1
	case "min", "max":
		return name, args, len(args) > 0
	}
	return name, nil, false
}

func check(n ast.Node, names []string) (sort, *errs.Message) {
	wrong := func(t i18n.Text, args ...any) (sort, *errs.Message) { return 0, &errs.Message{Text: t, Args: args} }
	all := func(want sort, nodes ...ast.Node) *errs.Message {
		for _, x := range nodes {
			got, bad := check(x, names)
			if bad != nil {
				return bad
			}
			if got != want {
				return &errs.Message{Text: i18n.RubricFormulaMixed}
			}
		}
		return nil
	}
	switch n := n.(type) {
	case *ast.IntegerNode, *ast.FloatNode:
		return isNumber, nil
	case *ast.IdentifierNode:
		if !slices.Contains(names, n.Value) {
			return wrong(i18n.RubricFormulaName, n.Value)
		}
		return isNumber, nil
	case *ast.UnaryNode:
		o, ok := operators[n.Operator]
		if !ok || n.Operator == "*" || n.Operator == "/" {
			return wrong(i18n.RubricFormulaSign, n.Operator)
		}
		return o[1], all(o[0], n.Node)
	case *ast.BinaryNode:
		o, ok := operators[n.Operator]
		if !ok {
			return wrong(i18n.RubricFormulaSign, n.Operator)
		}
		return o[1], all(o[0], n.Left, n.Right)
	case *ast.ConditionalNode:
		if bad := all(isTruth, n.Cond); bad != nil {
			return 0, bad
		}
		got, bad := check(n.Exp1, names)
		if bad != nil {
			return 0, bad
		}
		return got, all(got, n.Exp2)
	case *ast.BuiltinNode, *ast.CallNode:
		name, args, ok := call(n)
		if !ok {
			return wrong(i18n.RubricFormulaCall, name)
		}
		return isNumber, all(isNumber, args...)
	}
	return wrong(i18n.RubricFormulaBad)
}

// value works the formula out; a division by zero is an error.
func (f *formula) value(names map[string]*big.Rat) (*big.Rat, error) { return number(f.root, names) }

func number(n ast.Node, names map[string]*big.Rat) (*big.Rat, error) {
	switch n := n.(type) {
	case *ast.IntegerNode:
		return big.NewRat(int64(n.Value), 1), nil
	case *ast.FloatNode:
		r, ok := new(big.Rat).SetString(strconv.FormatFloat(n.Value, 'f', -1, 64)) // the shortest digits are those that were written
		if !ok {
			return nil, errNumber
		}
		return r, nil
	case *ast.IdentifierNode:
		return names[n.Value], nil
	case *ast.UnaryNode:
		x, err := number(n.Node, names)
		if err != nil || n.Operator == "+" {
			return x, err
		}
		return new(big.Rat).Neg(x), nil
	case *ast.ConditionalNode:
		yes, err := truth(n.Cond, names)
		if err != nil {
			return nil, err
		}
		if yes {
			return number(n.Exp1, names)
		}
		return number(n.Exp2, names)
	case *ast.BinaryNode:
		return reckon(n, names)
	}
	return function(n, names)
}

func reckon(n *ast.BinaryNode, names map[string]*big.Rat) (*big.Rat, error) {
	x, err := number(n.Left, names)
	if err != nil {
		return nil, err
	}
	y, err := number(n.Right, names)
	if err != nil {
		return nil, err
	}
	switch n.Operator {
	case "+":
		return new(big.Rat).Add(x, y), nil
	case "-":
		return new(big.Rat).Sub(x, y), nil
	case "*":
		return new(big.Rat).Mul(x, y), nil
	}
	if y.Sign() == 0 {
		return nil, errZero
	}
	return new(big.Rat).Quo(x, y), nil
}

func function(n ast.Node, names map[string]*big.Rat) (*big.Rat, error) {
	name, args, _ := call(n)
	var out *big.Rat
	for _, a := range args {
		x, err := number(a, names)
		if err != nil {
			return nil, err
		}
		if out == nil || name == "min" && x.Cmp(out) < 0 || name == "max" && x.Cmp(out) > 0 {
			out = x
		}
	}
	if name == "round" {
		out = nearest(out, scale).rat()
	}
	return out, nil
}

func truth(n ast.Node, names map[string]*big.Rat) (bool, error) {
	switch n := n.(type) {
	case *ast.UnaryNode:
		x, err := truth(n.Node, names)
		return !x, err
	case *ast.ConditionalNode:
		yes, err := truth(n.Cond, names)
		if err != nil {
			return false, err
		}
		if yes {
			return truth(n.Exp1, names)
		}
		return truth(n.Exp2, names)
	case *ast.BinaryNode:
		if operators[n.Operator][0] == isTruth {
			x, err := truth(n.Left, names)
			if err != nil {
				return false, err
			}
			if or := n.Operator == "or" || n.Operator == "||"; x == or {
				return x, nil
			}
			return truth(n.Right, names)
		}
		x, err := number(n.Left, names)
		if err != nil {
			return false, err
		}
		y, err := number(n.Right, names)
		if err != nil {
			return false, err
		}
		c := x.Cmp(y)
		return map[string]bool{"<": c < 0, "<=": c <= 0, ">": c > 0, ">=": c >= 0, "==": c == 0, "!=": c != 0}[n.Operator], nil
	}
	return false, errNumber
}
