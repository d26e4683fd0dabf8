"""Evaluating parts of a rule apart from the rule: any expression of its tree, with the names as they were at that point.

In: the tree of a function and its arguments. Out: a Scope, in which expressions of the tree have values::

    scope = scope_of(tree_of(DieHard.not_solved), (state,), {})
    scope.value(<the tree of `self.big`>)  ->  4
"""

import ast
import builtins
import copy
import inspect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from types import CodeType, FrameType, MappingProxyType, MethodType
from typing import Any

from speccheck.domains.ordering import in_domain_order
from speccheck.domains.sets import StateFrozenSet, StateSet
from speccheck.model.syntax.trees import RuleTree

THROUGH = "__speccheck_through__"
ITEM = "__speccheck_item__"
_VALUES: type[Any] = type({}.values())

Comprehension = ast.GeneratorExp | ast.ListComp | ast.SetComp | ast.DictComp


@dataclass(frozen=True)
class Home:
    """What the text of an expression depends on besides the names: its file, the class around it (for private names), the first parameter (for `super()`)."""

    file: str
    cls: str = ""
    first: str = ""


class Scope:
    """What names mean at one point of a function: globals, closure and locals in one namespace, as `eval` wants it.

    `own` are the locals. `known` are the names whose values the reader has been told. `origins` are the expressions that locals were assigned, as long as
    these would still give the same value, and `causes` (see follow.py) say in which branch and round a flag got its value.
    """

    def __init__(self, home: Home, names: dict[str, Any], own: set[str]) -> None:
        self.home, self.names, self.own = home, names, own
        self.known: set[str] = set()
        self.origins: dict[str, ast.expr] = {}
        self.causes: dict[str, Any] = {}
        self.frame: object = object()  # the same for all scopes of one call in which a name has one value that was said

    def value(self, expression: ast.expr) -> Any:
        """Return the value of an expression; raises what it raises."""
        return eval(_compiled(expression, self.home), self.names)

    def arguments(self, call: ast.Call, function: Any) -> tuple[list[Any], dict[str, Any]]:
        """Return what a call gives to the function that it calls, by position and by name."""
        positional: list[Any] = [function.__self__] if isinstance(function, MethodType) else []
        for one in call.args:
            positional += self.value(one.value) if isinstance(one, ast.Starred) else [self.value(one)]
        named: dict[str, Any] = {}
        for keyword in call.keywords:
            named |= self.value(keyword.value) if keyword.arg is None else {keyword.arg: self.value(keyword.value)}
        return positional, named

    def execute(self, statement: ast.stmt) -> None:
        """Run a statement that neither returns nor leaves a loop."""
        exec(_compiled(statement, self.home), self.names)

    def bind(self, target: ast.expr, value: Any) -> None:
        """Assign a value to a target as `for` does."""
        self.names[ITEM] = value
        exec(_binding(target, self.home), self.names)
        self.forget(names_in(target))

    def forget(self, names: set[str]) -> None:
        """Note that locals were bound anew: they are unknown, and so is what was computed from them."""
        self.own |= names
        self.known -= names
        self.origins = {name: origin for name, origin in self.origins.items() if name not in names and not names & names_in(origin)}
        self.causes = {name: cause for name, cause in self.causes.items() if name not in names}

    def inner(self, bindings: Mapping[str, Any]) -> "Scope":
        """Return the scope with the names of a comprehension bound, which the reader is told."""
        made = self.snapshot()
        made.frame = object()
        made.names.update(bindings)
        made.forget(set(bindings))
        made.known |= set(bindings)
        return made

    def snapshot(self) -> "Scope":
        """Return the scope as it is now, whatever is assigned later, or added to a local list, set or dict."""
        made = Scope(self.home, dict(self.names), set(self.own))
        for name in self.own:
            if type(made.names.get(name)) in (list, set, dict):
                made.names[name] = copy.copy(made.names[name])
        made.known, made.origins, made.causes, made.frame = set(self.known), self.origins, self.causes, self.frame
        return made


def scope_of(tree: RuleTree, positional: Sequence[Any], named: Mapping[str, Any]) -> Scope:
    """Return the scope at the start of a function that is called with these arguments; TypeError if they do not fit."""
    function = tree.function
    bound = inspect.signature(function, follow_wrapped=False).bind(*positional, **named)
    bound.apply_defaults()
    first = next(iter(bound.arguments), "")
    home = Home(tree.file, _class_around(function.__qualname__), first)
    closure = dict(_closure(function))
    own = set(bound.arguments) | set(closure)
    return Scope(home, {"__builtins__": builtins, **function.__globals__, **closure, **bound.arguments}, own)


def scope_of_frame(frame: FrameType) -> Scope:
    """Return the scope in which a frame stands, or stood when it was left by an exception."""
    code, local = frame.f_code, dict(frame.f_locals)
    first = code.co_varnames[0] if code.co_argcount else ""
    home = Home(code.co_filename, _class_around(code.co_qualname), first)
    return Scope(home, {"__builtins__": builtins, **frame.f_globals, **local}, set(local))


@dataclass(frozen=True)
class Row:
    """One round of a comprehension: its element, what was bound, and for each `for` the key of the map's value that was bound, if it is one."""

    element: Any
    bound: Mapping[str, Any]
    keys: Mapping[int, Any]
    outside: Scope

    @cached_property
    def scope(self) -> Scope:
        """The scope in which the element was evaluated."""
        return self.outside.inner(self.bound)


def rows(scope: Scope, comprehension: Comprehension) -> Iterator[Row]:
    """Yield the rounds of a comprehension, lazily, through sets in domain order."""
    keys: dict[int, Any] = {}

    def through(number: int, values: Any) -> Iterator[Any]:
        for key, value in in_order(values):
            keys[number] = key
            yield value

    names = _targets(comprehension)
    outside = scope.inner({THROUGH: through})
    for *values, element in eval(_rounds(comprehension, scope.home), outside.names):
        yield Row(element, dict(zip(names, values)), dict(keys), outside)


def unmapped(iterable: ast.expr) -> ast.expr:
    """Return `map(f, xs)` as the comprehension that it stands for, anything else as it is."""
    match iterable:
        case ast.Call(func=ast.Name(id="map"), args=[ast.Lambda(args=ast.arguments(args=[ast.arg(arg=name)], vararg=None), body=element), values]):
            pass
        case ast.Call(func=ast.Name(id="map"), args=[ast.Name() | ast.Attribute() as function, values]):
            name, element = "item", ast.Call(function, [ast.Name("item", ast.Load())], [])
        case _:
            return iterable
    return ast.GeneratorExp(element, [ast.comprehension(ast.Name(name, ast.Store()), values, [], 0)])


NO_KEY: Any = object()


def in_order(values: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the values of an iterable, sets in domain order, each with its key where they are the values of a map, else with NO_KEY."""
    if isinstance(values, _VALUES):
        mapping: MappingProxyType[Any, Any] = values.mapping
        yield from mapping.items()
    elif isinstance(values, set | frozenset) and not isinstance(values, StateSet | StateFrozenSet):
        yield from ((NO_KEY, value) for value in in_domain_order(values))
    else:
        yield from ((NO_KEY, value) for value in values)


def names_in(tree: ast.AST) -> set[str]:
    """Return all names that stand in a tree."""
    return {one.id for one in ast.walk(tree) if isinstance(one, ast.Name)}


def _targets(comprehension: Comprehension) -> list[str]:
    return list(dict.fromkeys(name for one in comprehension.generators for name in sorted(names_in(one.target))))


@lru_cache(maxsize=512)
def _rounds(comprehension: Comprehension, home: Home) -> CodeType:
    """The comprehension as a generator of (bound values ..., element), which goes `THROUGH` what it iterates over."""
    element = ast.Tuple([comprehension.key, comprehension.value], ast.Load()) if isinstance(comprehension, ast.DictComp) else comprehension.elt
    generators = []
    for number, one in enumerate(comprehension.generators):
        iterable = ast.Call(ast.Name(THROUGH, ast.Load()), [ast.Constant(number), one.iter], [])
        generators.append(ast.comprehension(one.target, iterable, one.ifs, one.is_async))
    bound: list[ast.expr] = [ast.Name(name, ast.Load()) for name in _targets(comprehension)]
    made = ast.GeneratorExp(ast.Tuple([*bound, element], ast.Load()), generators)
    return _code(ast.copy_location(made, comprehension), home)


@lru_cache(maxsize=512)
def _binding(target: ast.expr, home: Home) -> CodeType:
    return _code(ast.copy_location(ast.Assign([target], ast.copy_location(ast.Name(ITEM, ast.Load()), target)), target), home)


@lru_cache(maxsize=2048)
def _compiled(tree: ast.expr | ast.stmt, home: Home) -> CodeType:
    return _code(tree, home)


def _code(tree: ast.expr | ast.stmt, home: Home) -> CodeType:
    """Compile a part of a function as if it stood at module level; trees are compared by identity, so caching is sound."""
    rewritten = ast.fix_missing_locations(_Apart(home).visit(copy.deepcopy(tree)))
    whole: ast.Module | ast.Expression = ast.Module([rewritten], []) if isinstance(tree, ast.stmt) else ast.Expression(rewritten)
    return compile(whole, home.file, "exec" if isinstance(tree, ast.stmt) else "eval", dont_inherit=True, optimize=0)


class _Apart(ast.NodeTransformer):
    """Says in full what depends on the place in a class: `super()` and private names. Annotations of locals are not evaluated in functions."""

    def __init__(self, home: Home) -> None:
        self.home = home

    def visit_Call(self, call: ast.Call) -> ast.AST:
        self.generic_visit(call)
        if isinstance(call.func, ast.Name) and call.func.id == "super" and not call.args and self.home.first:
            call.args = [ast.Name("__class__", ast.Load()), ast.Name(self.home.first, ast.Load())]
        return call

    def visit_Attribute(self, attribute: ast.Attribute) -> ast.AST:
        self.generic_visit(attribute)
        if self.home.cls and attribute.attr.startswith("__") and not attribute.attr.endswith("__"):
            attribute.attr = f"_{self.home.cls.lstrip('_')}{attribute.attr}"
        return attribute

    def visit_AnnAssign(self, statement: ast.AnnAssign) -> ast.AST:
        self.generic_visit(statement)
        plain: ast.stmt = ast.Pass() if statement.value is None else ast.Assign([statement.target], statement.value)
        return ast.copy_location(plain, statement)


def _class_around(qualified: str) -> str:
    """Return the name of the class in which a function stands: `Outer.Inner` for `f.<locals>.Inner.method`."""
    parts = qualified.split(".")
    for name, following in reversed(list(pairwise(parts))):
        if name != "<locals>" and following != "<locals>":
            return name
    return ""


def _closure(function: Any) -> Iterator[tuple[str, Any]]:
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or ()):
        try:
            yield name, cell.cell_contents
        except ValueError:  # not bound yet
            continue
