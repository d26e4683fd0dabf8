"""Alike: whether one function treats the members of symmetric sorts alike; each kind of statement and expression has its rule here.

In: a function as a rule uses it. Out: an Asymmetric for each part that is not proven. What is not known to be harmless is not proven.
"""

import ast
import dataclasses
import typing
from collections.abc import Iterator
from enum import Enum
from typing import Any

from speccheck.domains.bags import Bag
from speccheck.domains.records import Record, Records
from speccheck.domains.scalars import Enumerated
from speccheck.domains.tuples import Product
from speccheck.dsl import formulas, processes, rules, statements
from speccheck.dsl.spec import Spec
from speccheck.errors import Asymmetric, SpeccheckError
from speccheck.model.checks.disorder import Disorder
from speccheck.model.checks.interchange import Sorts, is_member, mentions, problem_of_object
from speccheck.model.checks.loops import loop_problems
from speccheck.model.checks.rounds import kept_from_rounds
from speccheck.model.checks.subject import Use, called_from
from speccheck.model.syntax.elements import element_of
from speccheck.model.syntax.functions import MISSING, class_member
from speccheck.model.syntax.kinds import UNKNOWN, Kind, Method, Object, Of, State, Super, alternatives, is_int, is_set, shape_of
from speccheck.model.syntax.names import evaluated_in, stored_names
from speccheck.model.syntax.results import FORMULA_OPERATORS, is_from_keys
from speccheck.model.syntax.writes import writes_in, writes_of

_STATEMENTS = (
    ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr, ast.If, ast.While, ast.For, ast.Return, ast.Pass, ast.Break, ast.Continue, ast.Assert, ast.Match,
    ast.Delete, ast.Raise, ast.FunctionDef, ast.Nonlocal,
)  # fmt: skip
_UNPROVEN = (ast.Await, ast.AsyncFor, ast.AsyncWith, ast.AsyncFunctionDef, ast.YieldFrom)

# Builtins and statements whose result does not depend on which member is which; those that go through a collection are asked about its order besides.
_HARMLESS = {
    id(f)
    for f in (
        len, any, all, sum, set, frozenset, list, tuple, dict, bool, iter, reversed, map, filter, isinstance, issubclass, callable, print, range, type, super,
        Bag, dataclasses.replace, statements.require, statements.disable, statements.choose, statements.copy, statements.subsets, processes.at,
        processes.crash, processes.restart, formulas.enabled, formulas.occurs, formulas.strong, rules.unfair, typing.assert_never, typing.cast,
        *FORMULA_OPERATORS,
    )
}  # fmt: skip
_TAKING_FUNCTIONS = {id(f) for f in (processes.at, processes.crash, processes.restart, formulas.enabled, formulas.occurs, *FORMULA_OPERATORS)}
_ORDERING = {id(f) for f in (sorted, min, max)}
_PAIRING = {id(f): f.__name__ for f in (enumerate, zip, next)}
_NUMBERS = frozenset({"index", "next", "prev", "_index", "__lt__", "__hash__", "__repr__", "__str__"})


def problems_of(use: Use, sorts: Sorts) -> Iterator[SpeccheckError]:
    """Return what one function does that is not proven to be alike for all members."""
    proof = _Proof(use, sorts)
    yield from proof.defaults()
    for tree in use.body.expressions():
        yield from proof.part(tree)


class _Proof:
    """The rules for each kind of syntax, over one function."""

    def __init__(self, use: Use, sorts: Sorts) -> None:
        self.use, self.body, self.sorts = use, use.body, sorts
        self.disorder = Disorder(use.body, sorts)

    def part(self, tree: ast.AST) -> Iterator[SpeccheckError]:
        """Return the problems of one part of the function, without those of the parts inside it."""
        if isinstance(tree, _UNPROVEN) or (isinstance(tree, ast.stmt) and not isinstance(tree, _STATEMENTS)):
            yield self._error(tree, f"`{type(tree).__name__.lower()}` is not looked into")
        if isinstance(tree, ast.expr) and self.disorder.is_sequence(tree) and not self.disorder.is_free(tree):
            yield self._error(tree, f"the order of `{ast.unparse(tree)}` is that of the members of {self._sorts()}")
        match tree:
            case ast.Name(ctx=ast.Load()):
                yield from self._name(tree)
            case ast.Attribute(ctx=ast.Load()):
                yield from self._attribute(tree)
            case ast.Compare():
                yield from self._compared(tree)
            case ast.Call():
                yield from self._call(tree)
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                if any(self.disorder.matters(one.iter) for one in tree.generators):
                    yield from self._changes_in(tree)
                    for part in kept_from_rounds(tree, self.body):
                        yield self._error(part, f"`{ast.unparse(part)}` keeps what one member of {self._sorts()} leaves there")
                    if isinstance(tree, ast.DictComp) and not self._gives_each_key_one_value(tree):
                        yield self._error(tree, f"two members of {self._sorts()} may give the same key of `{ast.unparse(tree)}`, and the last one wins")
            case ast.For(iter=iterable) if self.disorder.matters(iterable):
                for place, why in loop_problems(tree, self.body):
                    yield self._error(place, f"{why}, in a loop over `{ast.unparse(iterable)}`, which goes through members of {self._sorts()}")
            case _:
                yield from self._other(tree)

    def _other(self, tree: ast.AST) -> Iterator[SpeccheckError]:
        match tree:
            case ast.Assign(targets=targets, value=value) if any(isinstance(target, ast.Tuple | ast.List) for target in targets):
                if self.disorder.matters(value) and not isinstance(value, ast.Tuple | ast.List):
                    yield self._error(value, f"`{ast.unparse(value)}` is unpacked in the order of members of {self._sorts()}")
            case ast.AugAssign(target=target, op=ast.Add(), value=value) if not is_int(self.body.kind(target)) and self.disorder.matters(value):
                yield self._error(value, f"`{ast.unparse(value)}` is added in the order of members of {self._sorts()}")
            case ast.BinOp(left=left, op=ast.Mod(), right=right) if not is_int(self.body.kind(left)) and mentions(self.body.kind(right), self.sorts):
                yield self._error(tree, "a member is written as text")
            case ast.FormattedValue(value=value) if mentions(self.body.kind(value), self.sorts) and not self._is_said_by_assert(tree):
                yield self._error(value, "a member is written as text")

    def defaults(self) -> Iterator[SpeccheckError]:
        """Return the defaults of parameters that name a member."""
        function = self.body.tree.function
        for value in (*(getattr(function, "__defaults__", None) or ()), *(getattr(function, "__kwdefaults__", None) or {}).values()):
            if (problem := problem_of_object(value, self.sorts)) is not None:
                yield self._error(self.body.tree.node, f"a default of {self.body.tree.name}: {problem}")

    # ---------------------------------------------------------------- names and attributes

    def _name(self, name: ast.Name) -> Iterator[SpeccheckError]:
        if name in self.body.names.of:
            return
        kind = self.body.kind(name)
        if not isinstance(kind, Object):
            yield self._error(name, f"what '{name.id}' is cannot be said")
        elif (problem := problem_of_object(kind.value, self.sorts)) is not None:
            what = f"'{name.id}' is named, and {problem}"
            if "." in name.id:  # a constant of ours, in the step of a process
                what = f"a loop with labels inside goes through members of {self._sorts()} one after the other"
            yield self._error(name, what)

    def _attribute(self, attribute: ast.Attribute) -> Iterator[SpeccheckError]:
        kind, holder = self.body.kind(attribute), self.body.kind(attribute.value)
        if isinstance(kind, Object):
            if (problem := problem_of_object(kind.value, self.sorts)) is not None:
                yield self._error(attribute, f"`{ast.unparse(attribute)}` is named, and {problem}")
        elif any(self._tells(one, attribute.attr) for one in alternatives(holder)):
            yield self._error(attribute, f"`.{attribute.attr}` tells members apart")
        elif kind == UNKNOWN and attribute not in self.body.callees and any(self._hides(one, attribute.attr) for one in alternatives(holder)):
            yield self._error(attribute, f"what `{ast.unparse(attribute)}` is cannot be said")

    def _tells(self, holder: Kind, name: str) -> bool:
        """Return whether an attribute may tell a member from another: not one that no member has, which raises for all of them."""
        if holder == UNKNOWN:
            return name in _NUMBERS
        has = not isinstance(holder, Of) or not isinstance(holder.domain, Enumerated) or any(hasattr(value, name) for value in holder.domain.values)
        return has and is_member(holder, self.sorts)

    def _hides(self, holder: Kind, name: str) -> bool:
        """Return whether an attribute comes from elsewhere than the fields of a state or record."""
        match holder:
            case State(cls, _):
                return name not in self.body.inference.fields_of(cls)
            case Of(Records() as domain, _):
                return name not in domain.fields
            case Of(Product() as domain, _):
                return name not in domain.names
        return isinstance(holder, Object | Super)

    # ---------------------------------------------------------------- comparisons

    def _compared(self, tree: ast.Compare) -> Iterator[SpeccheckError]:
        operands = [tree.left, *tree.comparators]
        for left, op, right in zip(operands, tree.ops, operands[1:]):
            if isinstance(op, ast.Lt | ast.LtE | ast.Gt | ast.GtE):
                kinds = self.body.kind(left), self.body.kind(right)
                sets = is_set(kinds[0]) or is_set(kinds[1])  # with a set on one side it is inclusion
                if not sets and (mentions(kinds[0], self.sorts) or mentions(kinds[1], self.sorts)):
                    yield self._error(tree, f"`{ast.unparse(left)}` and `{ast.unparse(right)}` may contain members, which have no order")

    # ---------------------------------------------------------------- comprehensions and calls

    def _gives_each_key_one_value(self, tree: ast.DictComp) -> bool:
        """Return whether equal keys certainly have equal values: the value depends on nothing but variables that the key says, too."""
        said = {part.id for part in (tree.key.elts if isinstance(tree.key, ast.Tuple) else [tree.key]) if isinstance(part, ast.Name)}
        open_names: set[str] = set()  # variables that may differ between rounds with the same key
        for one in tree.generators:
            names = {name.id for name in stored_names(one.target)}
            if _mentions_name(one.iter, open_names) or (self.disorder.matters(one.iter) and not _round_of(one) <= said):
                open_names |= names - said
            else:
                open_names -= names
        return not _mentions_name(tree.value, open_names)

    def _changes_in(self, tree: ast.expr) -> Iterator[SpeccheckError]:
        """Return what is changed while an expression goes through members in no particular order."""
        for part in evaluated_in(tree):
            callees = {one: None for callee in self.body.callees.get(part, ()) for one in called_from(callee)} if isinstance(part, ast.expr) else {}
            if any(True for _ in writes_of(part, self.body)) or any(write.in_state for one in callees for write in writes_in(one)):
                yield self._error(part, f"`{ast.unparse(part)}` changes something while members of {self._sorts()} are gone through")
                return

    def _call(self, call: ast.Call) -> Iterator[SpeccheckError]:
        if any(isinstance(argument, ast.Starred) and self.disorder.matters(argument.value) for argument in call.args):
            yield self._error(call, f"arguments are passed in the order of members of {self._sorts()}")
        for function in alternatives(self.body.kind(call.func)) or (UNKNOWN,):
            why = self._why_not(call, function) or self._passes_function(call, function)
            if why is not None:
                yield self._error(call, why)
                return

    def _why_not(self, call: ast.Call, function: Kind) -> str | None:
        """Return why a call is not proven to be alike for all members, or None."""
        match function:
            case Method(receiver, name, None):
                return self._method(call, receiver, name)
            case Method() if call in self.body.callees:
                return None
            case Object(value) if id(value) in _PAIRING:
                goes = call.args[:1] if value is next else call.args
                return f"{_PAIRING[id(value)]}(...) uses the order of members of {self._sorts()}" if any(map(self.disorder.matters, goes)) else None
            case Object(value) if value is map and len(call.args) > 2 and any(map(self.disorder.matters, call.args[1:])):
                return f"map(...) of several uses the order of members of {self._sorts()}"
            case Object(value) if id(value) in _ORDERING:
                return self._ordered(call)
            case Object(value) if value is sum and not self._adds_integers(call):
                return "sum(...) of what may be no integers depends on the order"
            case Object(value) if id(value) in _HARMLESS or call in self.body.callees or is_from_keys(value):
                return None
            case Object(type() as cls):
                return self._constructor(call, cls)
            case Object(value) if not any(mentions(self.body.kind(a), self.sorts) for a in (*call.args, *(k.value for k in call.keywords))):
                return None if callable(value) and not hasattr(value, "__code__") else f"`{ast.unparse(call.func)}` cannot be looked into"
        return f"`{ast.unparse(call.func)}` cannot be looked into"

    def _passes_function(self, call: ast.Call, function: Kind) -> str | None:
        """Return which function is given to another one that calls it; a lambda is looked into where it stands, a predicate of a formula as such."""
        if isinstance(function, Object) and id(function.value) in _TAKING_FUNCTIONS:
            return None
        for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
            for kind in alternatives(self.body.kind(argument)):
                code = getattr(kind.value, "__code__", None) if isinstance(kind, Object) else None
                if isinstance(kind, Method) or code is not None or (isinstance(argument, ast.Lambda) and any(self._changes_in(argument.body))):
                    return f"the function `{ast.unparse(argument)}` is called elsewhere"
        return None

    def _method(self, call: ast.Call, receiver: Kind, name: str) -> str | None:
        holder = call.func.value if isinstance(call.func, ast.Attribute) else call.func
        shape = shape_of(receiver)
        if shape is None:
            return f"`.{name}` tells members apart" if mentions(receiver, self.sorts) else None
        if (name == "popitem" or (name == "pop" and shape == "set")) and self.disorder.matters(holder):
            return f"{name}() takes the first of several members of {self._sorts()}"
        if name == "extend" and any(map(self.disorder.matters, call.args)):
            return f"the list gets members of {self._sorts()} in some order"
        if name == "sort" and (mentions(element_of(receiver), self.sorts) or call.keywords):
            return "sort(...) orders what may contain members"
        return None

    def _adds_integers(self, call: ast.Call) -> bool:
        """Return whether a sum is one of integers; where what goes through members is not added up, any numbers will do."""
        if not all(is_int(self.body.kind(start)) for start in call.args[1:]):
            return False
        return not any(self.disorder.matters(one) and not is_int(element_of(self.body.kind(one))) for one in call.args[:1])

    def _ordered(self, call: ast.Call) -> str | None:
        if len(call.args) != 1:
            return "members have no order" if any(mentions(self.body.kind(one), self.sorts) for one in call.args) else None
        if mentions(element_of(self.body.kind(call.args[0])), self.sorts):
            return f"`{ast.unparse(call)}` orders what may contain members"
        if any(keyword.arg == "key" for keyword in call.keywords) and self.disorder.matters(call.args[0]):
            return f"`{ast.unparse(call)}` takes the first of equals, in the order of members of {self._sorts()}"
        return None

    def _constructor(self, call: ast.Call, cls: Any) -> str | None:
        if issubclass(cls, Spec | Record | Enum):
            return None
        if dataclasses.is_dataclass(cls) or hasattr(cls, "_fields"):
            own = [name for name in ("__post_init__", "__new__") if class_member(cls, name) not in (MISSING, object.__new__)]
            own = [name for name in own if not hasattr(cls, "_fields")]
            return f"{cls.__name__} has a {own[0]} of its own, which is not looked into" if own else None
        if any(mentions(self.body.kind(argument), self.sorts) for argument in call.args) or cls.__module__ != "builtins":
            return f"{cls.__name__}(...) cannot be looked into"
        return None

    # ---------------------------------------------------------------- what is said

    def _is_said_by_assert(self, tree: ast.AST) -> bool:
        """Return whether a text is only the message of an assertion."""
        parent: ast.AST | None = tree
        while parent is not None:
            above = self.body.names.parents.get(parent)
            if isinstance(above, ast.Assert):
                return above.msg is parent
            parent = above
        return False

    def _sorts(self) -> str:
        return " and ".join(sorted(sort.__name__ for sort in self.sorts))

    def _error(self, place: ast.AST, why: str) -> SpeccheckError:
        return self.use.error(Asymmetric, f"the {self.use.rule.role.replace('_', ' ')} '{self.use.rule.name}' may tell members apart: {why}", place)


def _round_of(generator: ast.comprehension) -> set[str]:
    """Return the variables that say which round of a generator it is: for `key, value in d.items()` the key alone."""
    match generator:
        case ast.comprehension(target=ast.Tuple(elts=[ast.Name(id=key), _]), iter=ast.Call(func=ast.Attribute(attr="items"))):
            return {key}
    return {name.id for name in stored_names(generator.target)}


def _mentions_name(tree: ast.AST, names: set[str]) -> bool:
    return any(isinstance(part, ast.Name) and part.id in names for part in ast.walk(tree))
