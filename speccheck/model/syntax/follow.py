"""Following a function from its start to the `return` that it takes: which branches, which round of which loop.

In: a function's tree, and a Scope with its arguments. Out: the turns that led to the `return`, and the expression that it returns::

    for p in PHILOSOPHERS:                     Round(p = 2), Branch(`self.pc[p] != "eat"`, False)
        if self.pc[p] != "eat":            ->  returned: `self.pc[right(p)] != "eat"`
            continue
        return self.pc[right(p)] != "eat"
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from types import GeneratorType
from typing import Any, Literal

from speccheck.model.syntax.evaluate import Scope, in_order, names_in
from speccheck.model.syntax.trees import RuleTree

MOST_STATEMENTS = 100_000
MOST_ITEMS = 10_000

_ITERATORS = (GeneratorType, enumerate, filter, map, reversed, zip)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


class CannotFollow(Exception):
    """The function contains something that is not followed."""


@dataclass(frozen=True)
class Branch:
    """A test that decided whether a `return`, `break` or `continue` was reached."""

    test: ast.expr
    truth: bool
    scope: Scope
    depth: int


@dataclass(frozen=True)
class Round:
    """The round of a `for` loop in which the function returned or left the loop. `key` belongs to the value where the loop goes through the values of a map."""

    loop: ast.For
    key: Any
    scope: Scope
    depth: int


@dataclass(frozen=True)
class Matched:
    """The case that a `match` took."""

    subject: ast.expr
    case: ast.match_case
    scope: Scope  # before names were captured
    captured: Scope
    depth: int


@dataclass(frozen=True)
class Caught:
    """The exception that led into a handler."""

    handler: ast.ExceptHandler
    raised: Exception
    scope: Scope
    depth: int


Turn = Branch | Round | Matched | Caught


@dataclass(frozen=True)
class Cause:
    """Why a local has its value: the turns around the assignment that changed it, and what was assigned, with the names as they were before."""

    turns: tuple[Turn, ...]
    assigned: ast.expr
    scope: Scope


@dataclass(frozen=True)
class Followed:
    """How a function came to its `return`, and what it returns there (None: nothing). `value` was computed once, from a scope just like `scope`."""

    turns: tuple[Turn, ...]
    returned: ast.expr | None
    value: Any
    scope: Scope
    depth: int


def follow(tree: RuleTree, scope: Scope) -> Followed:
    """Return how the function came to its `return`. Raises CannotFollow, and what the function raises."""
    if isinstance(tree.node, ast.Lambda):
        return Followed((), tree.node.body, scope.snapshot().value(tree.node.body), scope, 0)
    if any(isinstance(one, ast.Yield | ast.YieldFrom | ast.Await) for statement in tree.node.body for one in _within(statement)):
        raise CannotFollow
    walk = _Walk(scope)
    end = walk.run(tree.node.body)
    expression = end.value if isinstance(end, ast.Return) else None
    value = None if expression is None else scope.snapshot().value(expression)
    return Followed(tuple(walk.turns), expression, value, scope, walk.depth)


End = ast.Return | Literal["break", "continue"] | None


class _Walk:
    """Runs statements one by one. `turns` are those on the way to where it is, `around` those of the statements in which it is."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.turns: list[Turn] = []
        self.around: list[Turn] = []
        self._left = MOST_STATEMENTS

    @property
    def depth(self) -> int:
        return sum(isinstance(turn, Round) for turn in self.around)

    def run(self, body: Sequence[ast.stmt], because: Turn | None = None) -> End:
        """Run statements, up to the one that returns or leaves a loop; `because` is the turn that led to them."""
        if because is not None:
            self.turns.append(because)
            self.around.append(because)
        for statement in body:
            self._left -= 1
            if self._left < 0:
                raise CannotFollow
            end = self._one(statement)
            if end is not None:
                break
        else:
            end = None
        if because is not None and not isinstance(end, ast.Return):
            self.around.pop()
        return end

    def _one(self, statement: ast.stmt) -> End:
        match statement:
            case ast.Return():
                return statement
            case ast.Break():
                return "break"
            case ast.Continue():
                return "continue"
            case ast.Pass() | ast.Global() | ast.Nonlocal() | ast.Expr(value=ast.Constant()):
                return None
        mark = len(self.turns)
        match statement:
            case ast.If():
                end = self._if(statement)
            case ast.For():
                end = self._for(statement)
            case ast.While():
                end = self._while(statement)
            case ast.Match():
                end = self._match(statement)
            case ast.Try() if _leaves(statement):
                end = self._try(statement)
            case _ if _leaves(statement):
                raise CannotFollow
            case _:
                self._execute(statement)
                end = None
        if not _leaves(statement):
            del self.turns[mark:]  # it had no influence on where the function returned
        return end

    def _if(self, statement: ast.If) -> End:
        before = self.scope.snapshot()
        truth = bool(self.scope.value(statement.test))
        return self.run(statement.body if truth else statement.orelse, Branch(statement.test, truth, before, self.depth))

    def _for(self, loop: ast.For) -> End:
        mark = len(self.turns)
        for key, item in in_order(self.scope.value(loop.iter)):
            del self.turns[mark:]
            self.scope.bind(loop.target, item)
            self.scope.known |= names_in(loop.target)
            end = self.run(loop.body, Round(loop, key, self.scope.snapshot(), self.depth))
            if isinstance(end, ast.Return):
                return end
            if end == "break":
                return None
        del self.turns[mark:]
        self.scope.known -= names_in(loop.target)
        return self.run(loop.orelse)

    def _while(self, loop: ast.While) -> End:
        mark = len(self.turns)
        while self.scope.value(loop.test):
            del self.turns[mark:]
            self._left -= 1
            if self._left < 0:
                raise CannotFollow
            end = self.run(loop.body)
            if isinstance(end, ast.Return):
                return end
            if end == "break":
                return None
        del self.turns[mark:]
        return self.run(loop.orelse)

    def _match(self, statement: ast.Match) -> End:
        """Let Python find the case: in a copy of the statement each case only says its number."""
        number = "__speccheck_case__"
        cases = [
            ast.match_case(case.pattern, case.guard, [ast.Assign([ast.Name(number, ast.Store())], ast.Constant(index))])
            for index, case in enumerate(statement.cases)
        ]
        self.scope.names[number] = -1
        before = self.scope.snapshot()
        self.scope.execute(ast.copy_location(ast.Match(statement.subject, cases), statement))
        taken = self.scope.names.pop(number)
        if taken < 0:
            return None
        case = statement.cases[taken]
        self.scope.forget(_captured(case.pattern))
        return self.run(case.body, Matched(statement.subject, case, before, self.scope.snapshot(), self.depth))

    def _try(self, statement: ast.Try) -> End:
        turns, around = len(self.turns), len(self.around)
        try:
            end = self.run(statement.body)
            if isinstance(end, ast.Return) and end.value is not None:
                self.scope.snapshot().value(end.value)
        except CannotFollow:
            raise
        except Exception as raised:
            del self.turns[turns:], self.around[around:]
            handler = next((h for h in statement.handlers if h.type is None or isinstance(raised, self.scope.value(h.type))), None)
            if handler is None:
                raise
            if handler.name:
                self.scope.names[handler.name] = raised
            end = self.run(handler.body, Caught(handler, raised, self.scope.snapshot(), self.depth))
            return end or self.run(statement.finalbody)
        return end or self.run(statement.orelse) or self.run(statement.finalbody)

    def _execute(self, statement: ast.stmt) -> None:
        """Run a statement; iterators that it makes become lists, because what is explained is looked at more than once."""
        bound = _bound(statement)
        before, causes = self.scope.snapshot() if bound else self.scope, dict(self.scope.causes)
        self.scope.execute(statement)
        self.scope.forget(bound)
        for name in bound & self.scope.names.keys():
            self.scope.names[name] = _repeated(self.scope.names[name])
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value) if repeatable(value):
                if name not in names_in(value):
                    self.scope.origins[name] = value
                now = self.scope.names[name]
                if isinstance(now, bool) and now is before.names.get(name) and name in causes:
                    self.scope.causes[name] = causes[name]
                elif isinstance(now, bool) and now is not before.names.get(name) and self.around:
                    self.scope.causes[name] = Cause(tuple(self.around), value, before)


def _repeated(value: Any) -> Any:
    """Return what an iterator yields, as a list, and anything else as it is."""
    if not isinstance(value, _ITERATORS):
        return value
    items = list(islice(value, MOST_ITEMS + 1))
    if len(items) > MOST_ITEMS:
        raise CannotFollow
    return items


_CHANGING = frozenset(
    {
        "add", "append", "appendleft", "clear", "discard", "extend", "insert", "pop", "popitem", "popleft", "remove", "reverse", "setdefault", "sort", "update",
    }
)  # fmt: skip


def repeatable(expression: ast.expr) -> bool:
    """Return whether an expression may be evaluated again: it does not obviously change a local, or draw from an iterator."""
    for one in ast.walk(expression):
        match one:
            case ast.Call(func=ast.Attribute(attr=method)) if method in _CHANGING:
                return False
            case ast.Call(func=ast.Name(id="next"), args=[ast.Name(), *_]):
                return False
    return True


def _within(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield a tree and what stands below it, without the functions and classes in it."""
    pending = [tree]
    while pending:
        one = pending.pop()
        if not isinstance(one, _FUNCTIONS):
            yield one
            pending += ast.iter_child_nodes(one)


@lru_cache(maxsize=2048)
def _leaves(statement: ast.stmt, loops: bool = True) -> bool:
    """Return whether a statement may return, or go on elsewhere in a loop around it."""
    if isinstance(statement, _FUNCTIONS):
        return False
    if isinstance(statement, ast.Return) or (loops and isinstance(statement, ast.Break | ast.Continue)):
        return True
    if isinstance(statement, ast.For | ast.While):
        return any(_leaves(one, False) for one in statement.body) or any(_leaves(one, loops) for one in statement.orelse)
    return any(_leaves(one, loops) for one in _statements(statement))


def _statements(statement: ast.AST) -> Iterator[ast.stmt]:
    for child in ast.iter_child_nodes(statement):
        if isinstance(child, ast.stmt):
            yield child
        elif isinstance(child, ast.match_case | ast.ExceptHandler):
            yield from child.body


def _bound(statement: ast.stmt) -> set[str]:
    names = {one.id for one in _within(statement) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        names.add(statement.name)
    return names


def _captured(pattern: ast.pattern) -> set[str]:
    names = {one.name for one in ast.walk(pattern) if isinstance(one, ast.MatchAs | ast.MatchStar) and one.name}
    return names | {one.rest for one in ast.walk(pattern) if isinstance(one, ast.MatchMapping) and one.rest}
