"""Instrumenting: from a module's tree to one that notices, while a rule is evaluated, that the order of a set matters (semantics 1.6).

    for x in names():              ->   for x in __speccheck_ordered__(names()):
    return list(self.seen | new)   ->   return list(__speccheck_ordered__(self.seen | new))
    any(p(x) for x in names())     ->   as it is: the answer does not depend on the order

Only function bodies change, and only by calls around expressions, which get the place of what they surround: lines and tracebacks stay as they are.
What is looked for:

- an expression *wants order* where a statement or a call goes through it one by one (`for`, `list`, `next(iter(...))`, unpacking ...),
- it is *free* where the consumer cannot tell the order (`any`, `sorted`, `in`, a set comprehension ...); comprehensions, and calls such as `map`, hand
  their freedom on to what they go through.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from speccheck.model.meanings import Scope, called, function_scope, module_scope
from speccheck.model.unordered import CONSUMING, MEMBERS, ORDERED, SORTABLE, UNPACKED

_ALL = slice(None)
_FIRST = slice(0, 1)
_SECOND = slice(1, 2)

# Calls that cannot tell the order of what these arguments go through.
_FREE = {
    "all": _FIRST, "any": _FIRST, "bool": _FIRST, "dict": _FIRST, "frozenset": _FIRST, "len": _FIRST, "set": _FIRST,
    "collections.Counter": _FIRST, "dict.fromkeys": _FIRST, "math.fsum": _FIRST, "math.prod": _FIRST,
    "speccheck.Bag": _FIRST, "speccheck.choose": _FIRST, "speccheck.subsets": _FIRST,
    "set.union": _ALL, "set.intersection": _ALL, "frozenset.union": _ALL, "frozenset.intersection": _ALL,
}  # fmt: skip

# Calls that hand the order on: free where they are free, and want order elsewhere.
_THROUGH = {
    "filter": _SECOND, "iter": _FIRST, "list": _FIRST, "map": slice(1, None), "reversed": _FIRST, "tuple": _FIRST,
    "itertools.chain": _ALL, "itertools.chain.from_iterable": _FIRST, "itertools.filterfalse": _SECOND, "itertools.permutations": _FIRST,
    "itertools.product": _ALL, "itertools.starmap": _SECOND,
}  # fmt: skip

# Calls whose result depends on the order, wherever they stand.
_WANTING = {
    "enumerate": _FIRST, "zip": _ALL, "collections.OrderedDict": _FIRST, "collections.deque": _FIRST, "functools.reduce": _SECOND, "list.extend": _SECOND,
    "itertools.accumulate": _FIRST, "itertools.batched": _FIRST, "itertools.combinations": _FIRST, "itertools.combinations_with_replacement": _FIRST,
    "itertools.compress": _ALL, "itertools.cycle": _FIRST, "itertools.dropwhile": _SECOND, "itertools.groupby": _FIRST, "itertools.islice": _FIRST,
    "itertools.pairwise": _FIRST, "itertools.takewhile": _SECOND, "itertools.zip_longest": _ALL, "str.join": _SECOND,
}  # fmt: skip

_EXTREMES = ("max", "min", "sorted")  # free without `key`; with it, equal keys are taken in the order given

# Methods of sets; `update` is one of maps and bags, too, and a likely name for a method of the user's, so it is free for generators only.
_SET_METHODS = frozenset(
    {
        "difference", "difference_update", "intersection", "intersection_update", "isdisjoint", "issubset", "issuperset", "symmetric_difference",
        "symmetric_difference_update", "union",
    }
)  # fmt: skip

# Calls of builtins that never return a set.
_NO_SETS = frozenset({"dict", "enumerate", "filter", "iter", "list", "map", "range", "reversed", "sorted", "tuple", "zip", "len", "sum", "int", "str"})
_PAIRING = frozenset({"enumerate", "zip", "itertools.combinations", "itertools.pairwise", "itertools.permutations", "itertools.product"})  # of tuples
_NOT_SETS = (ast.Constant, ast.JoinedStr, ast.Tuple, ast.List, ast.ListComp, ast.GeneratorExp, ast.Dict, ast.Compare, ast.Lambda, ast.UnaryOp)
_ANNOTATIONS = frozenset({"annotation", "returns", "type_params"})

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Maps = dict[str, list[ast.DictComp]]  # locals that hold a map made by a comprehension, by name


def instrument(tree: ast.Module, scope: Scope | None = None) -> ast.Module:
    """Return the tree with its functions instrumented; it is changed in place. `scope` is what names mean in it, where the tree itself does not say."""
    marks = _Marks(tree, module_scope(tree) if scope is None else scope)
    _surround(tree, marks.calls)
    return tree


@dataclass(frozen=True)
class _Visit:
    """A part of the tree still to be looked at: what names mean there, and whether it is run by a function."""

    node: ast.AST
    scope: Scope
    in_function: bool = False
    maps: Maps = field(default_factory=dict)


class _Marks:
    """The expressions to surround. Worked off with a list of visits, not by recursion: an expression may be nested more deeply than Python's stack allows."""

    def __init__(self, tree: ast.Module, scope: Scope) -> None:
        self.calls: dict[int, tuple[ast.expr, str]] = {}  # by id of the expression: the name of the hidden function
        self._free: set[int] = set()
        self._wanted_maps: set[int] = set()
        self._visits = [_Visit(tree, scope)]
        while self._visits:
            visit = self._visits.pop()
            if isinstance(visit.node, Function):
                self._enter(visit.node, visit)
                continue
            if visit.in_function:
                self._look(visit.node, visit)
            self._visits += [replace(visit, node=child) for child in _children(visit.node)]

    def _enter(self, node: Function, visit: _Visit) -> None:
        """Visit a function: its body in its own scope, decorators and defaults in the one around it."""
        body = [node.body] if isinstance(node, ast.Lambda) else node.body
        outside = [*node.args.defaults, *(d for d in node.args.kw_defaults if d), *getattr(node, "decorator_list", ())]
        self._visits += [replace(visit, node=child) for child in outside]
        scope, maps = function_scope(node, visit.scope), {**visit.maps, **_maps_of(body)}
        self._visits += [_Visit(child, scope, True, maps) for child in body]

    def _look(self, node: ast.AST, visit: _Visit) -> None:
        """Mark the expressions that this statement or expression goes through."""
        match node:
            case ast.For():
                self._want(node.iter, visit, unpacking=_is_unpacking(node.target))
            case ast.ListComp() | ast.GeneratorExp():
                self._generators(node.generators, visit, id(node) in self._free)
            case ast.SetComp() | ast.DictComp():
                self._generators(node.generators, visit, id(node) not in self._wanted_maps)
            case ast.Call():
                self._call(node, visit)
            case ast.Assign():
                for target in node.targets:
                    self._assigned(target, node.value, visit)
            case ast.AugAssign(op=ast.Add(), value=value) | ast.YieldFrom(value=value):
                self._want(value, visit)  # a list takes whatever `+=` gives it
            case ast.List(elts=elements, ctx=ast.Load()) | ast.Tuple(elts=elements, ctx=ast.Load()):
                self._starred(elements, visit)
            case ast.Set():
                self._release(e.value for e in node.elts if isinstance(e, ast.Starred))
            case ast.Compare():
                self._release(right for op, right in zip(node.ops, node.comparators) if isinstance(op, ast.In | ast.NotIn))
            case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test) | ast.Assert(test=test) | ast.UnaryOp(op=ast.Not(), operand=test):
                self._release([test])
        if id(node) in self._free:
            self._hand_on(node)

    def _generators(self, generators: list[ast.comprehension], visit: _Visit, free: bool) -> None:
        for one in generators:
            self._release(one.ifs)
            if one.is_async:
                continue
            if free:
                self._release([one.iter])
                if _is_unpacking(one.target) and not _gives_tuples(one.iter, visit.scope):
                    self._mark(one.iter, MEMBERS)
            else:
                self._free.discard(id(one.iter))
                self._want(one.iter, visit, unpacking=_is_unpacking(one.target))

    def _call(self, node: ast.Call, visit: _Visit) -> None:
        name = called(node.func, visit.scope)
        if name in _EXTREMES:
            self._extreme(node, visit)
        elif name == "sum":
            start = [*node.args[1:], *(k.value for k in node.keywords)]
            self._through(node.args[:1], visit, all(isinstance(s, ast.Constant) for s in start))
        elif name in _FREE:
            self._through(node.args[_FREE[name]], visit, True)
        elif name in _THROUGH:
            if not (name == "iter" and len(node.args) > 1):
                self._through(node.args[_THROUGH[name]], visit, id(node) in self._free)
        elif name in _WANTING:
            self._through(node.args[_WANTING[name]], visit, False)
        elif isinstance(node.func, ast.Attribute):
            self._method(node, node.func, visit)
        else:
            self._starred(node.args, visit)

    def _through(self, arguments: list[ast.expr], visit: _Visit, free: bool) -> None:
        for argument in arguments:
            expression = argument.value if isinstance(argument, ast.Starred) else argument
            if free:
                self._release([expression])
            else:
                self._want(expression, visit)

    def _extreme(self, node: ast.Call, visit: _Visit) -> None:
        key = next((k.value for k in node.keywords if k.arg == "key"), None)
        keyed = key is not None and not (isinstance(key, ast.Constant) and key.value is None)
        if len(node.args) == 1 and not isinstance(node.args[0], ast.Starred):
            if keyed:
                self._want(node.args[0], visit)
            else:
                self._release(node.args)
                if not _never_a_set(node.args[0], visit.scope):
                    self._mark(node.args[0], SORTABLE)
        elif keyed:
            self._starred(node.args, visit)
        else:
            self._release(a.value for a in node.args if isinstance(a, ast.Starred))

    def _method(self, node: ast.Call, function: ast.Attribute, visit: _Visit) -> None:
        if function.attr in _SET_METHODS:
            self._through(node.args, visit, True)
            return
        self._starred(node.args, visit)
        if function.attr == "update":
            self._release(a for a in node.args if isinstance(a, ast.GeneratorExp))
        elif function.attr == "pop" and not node.args and not node.keywords:
            self._want(function.value, visit)
        elif function.attr in ("extend", "extendleft", "join") and len(node.args) == 1 and not _never_a_set(node.args[0], visit.scope):
            self._mark(function, CONSUMING)

    def _starred(self, elements: Iterable[ast.expr], visit: _Visit) -> None:
        for element in elements:
            if isinstance(element, ast.Starred):
                self._want(element.value, visit)

    def _assigned(self, target: ast.expr, value: ast.expr, visit: _Visit) -> None:
        """Unpacking goes through the value; so does the assignment to a slice."""
        pairs = [(target, value)]
        while pairs:
            target, value = pairs.pop()
            if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Slice):
                self._want(value, visit)
            elif _is_unpacking(target):
                self._want(value, visit)
                if isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List) and len(target.elts) == len(value.elts):
                    pairs += zip(target.elts, value.elts)

    def _release(self, expressions: Iterable[ast.expr]) -> None:
        self._free.update(map(id, expressions))

    def _hand_on(self, node: ast.AST) -> None:
        match node:
            case ast.BoolOp():
                self._release(node.values)
            case ast.IfExp():
                self._release([node.body, node.orelse])

    def _want(self, expression: ast.expr, visit: _Visit, unpacking: bool = False) -> None:
        """Mark an expression whose order matters."""
        for made in _made_by(expression, visit.maps):
            if id(made) not in self._wanted_maps:  # it has the order of what it went through, and may have been visited before
                self._wanted_maps.add(id(made))
                self._visits.append(replace(visit, node=made))
        if unpacking and not _gives_tuples(expression, visit.scope):
            self._mark(expression, UNPACKED)
        elif not _never_a_set(expression, visit.scope):
            self._mark(expression, ORDERED)

    def _mark(self, expression: ast.expr, function: str) -> None:
        self.calls[id(expression)] = (expression, function)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """Return the parts of a node that are run; annotations are not, and `from __future__ import annotations` shows them as they were written."""
    if type(node).__name__ == "TypeAlias":
        return
    for name, value in ast.iter_fields(node):
        if name in _ANNOTATIONS:
            continue
        for one in value if isinstance(value, list) else (value,):
            if isinstance(one, ast.AST):
                yield one


def _maps_of(body: Iterable[ast.AST]) -> Maps:
    found: Maps = {}
    for node in (one for child in body for one in ast.walk(child)):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.DictComp() as made) | ast.AnnAssign(target=ast.Name(id=name), value=ast.DictComp() as made):
                found.setdefault(name, []).append(made)
    return found


def _made_by(expression: ast.expr, maps: Maps) -> list[ast.DictComp]:
    """Return the comprehensions that made the map which an expression denotes."""
    match expression:
        case ast.Call(func=ast.Attribute(value=inner, attr="items" | "keys" | "values"), args=[]):
            expression = inner
    match expression:
        case ast.DictComp():
            return [expression]
        case ast.Name(id=name):
            return maps.get(name, [])
    return []


def _is_unpacking(target: ast.expr) -> bool:
    return isinstance(target, ast.Tuple | ast.List)


def _never_a_set(expression: ast.expr, scope: Scope) -> bool:
    """Return whether the expression obviously is something else, so that checking it would only cost time."""
    return isinstance(expression, _NOT_SETS) or (isinstance(expression, ast.Call) and called(expression.func, scope) in _NO_SETS)


def _gives_tuples(expression: ast.expr, scope: Scope) -> bool:
    if not isinstance(expression, ast.Call):
        return False
    return called(expression.func, scope) in _PAIRING or (isinstance(expression.func, ast.Attribute) and expression.func.attr == "items")


def _surround(tree: ast.Module, calls: dict[int, tuple[ast.expr, str]]) -> None:
    for parent in list(ast.walk(tree)):
        for name, value in ast.iter_fields(parent):
            if isinstance(value, list):
                value[:] = [_call(one, calls) for one in value]
            elif id(value) in calls:
                setattr(parent, name, _call(value, calls))


def _call(node: ast.expr, calls: dict[int, tuple[ast.expr, str]]) -> ast.expr:
    if id(node) not in calls:
        return node
    function = ast.copy_location(ast.Name(calls[id(node)][1], ast.Load()), node)
    return ast.copy_location(ast.Call(function, [node], []), node)
