"""Loops with labels inside: what a `for` has to remember from one step to the next.

    for p in Proc:                     over constants: the rest is a table,  for p in {Proc0: (Proc1, Proc2), ...}[p]
        yield "ask"
    for n in range(self.low, top):     over a range that is computed once:   n.next = self.low; n.stop = top; while n.next < n.stop: n = n.next; ...
        yield "try"

In: the flat function, which is changed in place. A loop without a label is left alone: it is a part of one step.
"""

import ast
from collections.abc import Iterator
from enum import Enum
from itertools import product
from typing import Any, NoReturn

from speccheck.domains.base import Domain
from speccheck.domains.sorts import Sort, SortMeta
from speccheck.errors import BadYield
from speccheck.model.processes.flat import Flat
from speccheck.model.processes.nodes import Called, Code, Each, at_place, blocks, copied, points_in, read
from speccheck.model.syntax.kinds import INT_DOMAIN, integers
from speccheck.model.syntax.names import Binding, names_of

MOST_ELEMENTS = 1000  # of a constant sequence that a loop with labels goes through


class Positions:
    """Gives each loop its way to remember; `parameters` are the domains of those of the process."""

    def __init__(self, made: Flat, parameters: dict[str, Domain]) -> None:
        self.made, self.parameters = made, parameters
        self.names = names_of(made.function_tree)
        self.locals = {binding.name for binding in self.names.of.values() if binding.scope is made.function_tree}
        self.taken: set[str] = set()
        self.domains: dict[str, Domain] = {}  # of the locals that are added here
        self.values: dict[str, list[Any]] = {}  # of the variables of loops over constants that get no other value
        made.function_tree.body = self._code(made.body)

    def _code(self, code: Code) -> Code:
        return [one for statement in code for one in self._statement(statement)]

    def _statement(self, statement: ast.stmt) -> Iterator[ast.stmt]:
        if not points_in(statement):
            yield statement
            return
        match statement:
            case ast.For():
                yield from self._loop(statement)
                return
            case ast.If() | ast.While():
                statement.body, statement.orelse = self._code(statement.body), self._code(statement.orelse)
            case ast.Match():
                for case in statement.cases:
                    case.body = self._code(case.body)
            case Called():
                statement.body = self._code(statement.body)
        yield statement

    def _loop(self, loop: ast.For) -> Iterator[ast.stmt]:
        here = self.made.function_tree
        unknown = {part.id for part in ast.walk(loop.iter) if isinstance(part, ast.Name) and (b := self.names.of.get(part)) and b.scope is here} & self.locals
        unknown -= set(self.parameters)
        if not unknown:
            yield self._over_constants(loop)
        elif self._is_range(loop.iter) and isinstance(loop.target, ast.Name):
            yield from self._over_range(loop)
        else:
            message = f"a loop with labels inside goes through `{ast.unparse(loop.iter)}`, which may change from one step to the next"
            remedy = "Go through a sort, a range or a constant sequence, or write a while loop over a local that says what is left."
            raise BadYield(message, span=self.made.span_of(loop.iter), remedy=remedy)

    # ---------------------------------------------------------------- constants

    def _over_constants(self, loop: ast.For) -> ast.stmt:
        used = [p for p in self.made.parameters if any(isinstance(part, ast.Name) and part.id == p for part in ast.walk(loop.iter))]
        rows = {key: self._elements(loop, dict(zip(used, key))) for key in product(*(tuple(self.parameters[p].all_frozen()) for p in used))}
        self._note_values(loop, [one for row in rows.values() for one in row])
        by_value = isinstance(loop.target, ast.Name) and not self._assigned_inside(loop) and all(map(_distinct, rows.values()))
        made = Each(loop.target, loop.iter, self._code(loop.body), self._code(loop.orelse))
        ast.copy_location(made, loop)
        made.never_empty = all(rows.values())
        text = ast.unparse(loop.iter)
        if by_value and isinstance(loop.target, ast.Name):
            made.key = read(loop.target.id)
            table: Any = {key: {one: row[n + 1 :] for n, one in enumerate(row)} for key, row in rows.items()}
            source = f"{{one: tuple({text})[n + 1:] for n, one in enumerate({text})}}"
        else:
            position = self._free(f"{ast.unparse(loop.target)}.position" if isinstance(loop.target, ast.Name) else "position")
            pairs = {key: tuple(enumerate(row)) for key, row in rows.items()}
            made.target = at_place(ast.Tuple([ast.Name(position, ast.Store()), loop.target], ast.Store()), loop.target)
            made.iter = self._in_table(pairs, f"tuple(enumerate({text}))", used, loop.iter)
            made.key = read(position)
            table = {key: {n: row[n + 1 :] for n, _ in row} for key, row in pairs.items()}
            source = f"{{n: tuple(enumerate({text}))[n + 1:] for n, _ in enumerate({text})}}"
            self.domains[position] = integers(0, max(0, *(len(row) - 1 for row in rows.values())))
        made.rest = self._in_table(table, source, used, loop.iter)
        return made

    def _note_values(self, loop: ast.For, elements: list[Any]) -> None:
        """Remember what the variables of the loop get, where nothing else gives them values."""
        parts = loop.target.elts if isinstance(loop.target, ast.Tuple) else [loop.target]
        columns = [elements] if parts == [loop.target] else list(zip(*elements)) if all(isinstance(e, tuple) and len(e) == len(parts) for e in elements) else []
        for part, column in zip(parts, columns):
            if isinstance(part, ast.Name) and all(
                isinstance(w.statement, ast.For) for w in self.names.writes.get(Binding(self.made.function_tree, part.id), [])
            ):
                self.values.setdefault(part.id, []).extend(column)

    def _in_table(self, table: dict[Any, Any], source: str, used: list[str], place: ast.AST) -> ast.expr:
        """Return the expression for the row of this process. `source` is what the row is, in words of the module and of the parameters that are used."""
        if not used:
            return at_place(read(self.made.constant(table[()], _parsed(source))), place)
        short = {key[0] if len(used) == 1 else key: row for key, row in table.items()}
        index: ast.expr = read(used[0]) if len(used) == 1 else ast.Tuple([read(name) for name in used], ast.Load())
        ranges = " ".join(f"for {name} in {self._domain_text(name)}" for name in used)
        whole = _parsed(f"{{{ast.unparse(index)}: {source} {ranges}}}")
        return at_place(ast.Subscript(read(self.made.constant(short, whole)), index, ast.Load()), place)

    def _domain_text(self, parameter: str) -> str:
        values = tuple(self.parameters[parameter].all_frozen())
        return type(values[0]).__name__ if isinstance(values[0], Sort | Enum) else repr(values)

    def _elements(self, loop: ast.For, known: dict[str, Any]) -> tuple[Any, ...]:
        try:
            found = self.made.value(loop.iter, known)
        except Exception as trouble:
            self._refuse(loop, f"cannot be evaluated: {type(trouble).__name__}: {trouble}")
        if isinstance(found, set | frozenset):
            self._refuse(loop, "is a set, which has no order", "Write sorted(...), or a tuple.")
        if not isinstance(found, SortMeta | range | tuple | list | dict) and not (isinstance(found, type) and issubclass(found, Enum)):
            self._refuse(loop, f"is {type(found).__name__}, not a sort, a range or a constant sequence")
        elements = tuple(found)
        if len(elements) > MOST_ELEMENTS:
            self._refuse(loop, f"has {len(elements):,} elements, of which each is a place where the process may be", "Use a smaller constant.")
        return elements

    def _refuse(self, loop: ast.For, what: str, remedy: str | None = None) -> NoReturn:
        remedy = remedy or "Go through a sort, a range or a constant sequence."
        raise BadYield(f"a loop with labels inside goes through `{ast.unparse(loop.iter)}`, which {what}", span=self.made.span_of(loop.iter), remedy=remedy)

    def _assigned_inside(self, loop: ast.For) -> bool:
        assert isinstance(loop.target, ast.Name)
        writes = self.names.writes.get(Binding(self.made.function_tree, loop.target.id), [])
        inside = {id(part) for statement in loop.body for part in ast.walk(statement)}
        return any(id(write.statement) in inside for write in writes) or _deleted(loop)

    # ---------------------------------------------------------------- ranges

    def _is_range(self, iterable: ast.expr) -> bool:
        match iterable:
            case ast.Call(func=ast.Name(id="range"), args=[_] | [_, _] | [_, _, _], keywords=[]):
                return "range" not in self.locals and not any(isinstance(a, ast.Starred) for a in iterable.args)
        return False

    def _over_range(self, loop: ast.For) -> Iterator[ast.stmt]:
        assert isinstance(loop.iter, ast.Call) and isinstance(loop.target, ast.Name)
        arguments = loop.iter.args
        start, stop = (ast.Constant(0), arguments[0]) if len(arguments) == 1 else arguments[:2]
        step = self._step(loop, arguments[2]) if len(arguments) == 3 else 1
        name = loop.target.id
        low, high = self._free(f"{name}.next"), self._free(f"{name}.stop")
        self.domains |= {low: INT_DOMAIN, high: INT_DOMAIN}
        yield at_place(_stored(low, copied(start)), loop.iter)
        yield at_place(_stored(high, copied(stop)), loop.iter)
        test = at_place(ast.Compare(read(low), [ast.Lt() if step > 0 else ast.Gt()], [read(high)]), loop.iter)
        take = at_place(_stored(name, read(low)), loop.target)
        move = at_place(_stored(low, ast.BinOp(read(low), ast.Add(), ast.Constant(step))), loop.target)
        yield ast.copy_location(ast.While(test, [take, move, *self._code(loop.body)], self._code(loop.orelse)), loop)

    def _step(self, loop: ast.For, expression: ast.expr) -> int:
        try:
            step = self.made.value(expression)
        except Exception:
            step = None
        if type(step) is not int or step == 0:
            self._refuse(loop, "has a step that is no constant", "Write the loop as a while loop.")
        return step

    def _free(self, name: str) -> str:
        """Return a name that no other loop uses."""
        number = 1
        while (found := name if number == 1 else f"{name}{number}") in self.taken:
            number += 1
        self.taken.add(found)
        return found


def _parsed(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def _stored(name: str, value: ast.expr) -> ast.stmt:
    return ast.Assign([ast.Name(name, ast.Store())], value)


def _distinct(row: tuple[Any, ...]) -> bool:
    try:
        return len(set(row)) == len(row)
    except TypeError:
        return False


def _deleted(loop: ast.For) -> bool:
    return any(isinstance(part, ast.Delete) for block in blocks(loop) for statement in block for part in ast.walk(statement))
