"""What the targets of a `for` are bound to, in words: by the place in the state where that is what tells most.

In: a scope in which they are bound. Out: text::

    for n in self.nodes.values()         ->  n = self.nodes[Server1]
    for i, v in self.to_do.items()       ->  i = Instance1, v = Value0
"""

import ast
from collections.abc import Sequence
from typing import Any, NamedTuple

from speccheck.checker.wording import SIDE, value_text
from speccheck.domains.parts import Part, Slot, path_of
from speccheck.dsl.spec import Spec
from speccheck.model.syntax.evaluate import NO_KEY, Comprehension, Row, Scope
from speccheck.model.syntax.texts import text_of

MOST = 6  # bindings that are listed


class Binding(NamedTuple):
    """A name, where its value lies in the state (or an empty text), and the value (or an empty text where the place says more)."""

    name: str
    place: str
    value: str

    @property
    def short(self) -> str:
        """What it is bound to, in one word."""
        return self.place or self.value

    def __str__(self) -> str:
        return " = ".join(filter(None, self))


def bindings_of(scope: Scope, target: ast.expr, iterable: ast.expr, key: Any) -> list[Binding]:
    """Return what the names of one target are bound to; `key` is that of the value in the map that the iterable goes through, or NO_KEY."""
    found = []
    for name in [one.id for one in ast.walk(target) if isinstance(one, ast.Name)]:
        value = scope.names[name]
        where = place(scope, value) if isinstance(value, Part) else ""
        if not where and isinstance(target, ast.Name):
            where = entry(scope, iterable, key)
        found.append(Binding(name, where, "" if where and isinstance(value, Part) else value_text(value, SIDE)))
    return found


def bindings_of_row(comprehension: Comprehension, row: Row) -> list[Binding]:
    """Return what all targets of a comprehension are bound to in one round."""
    generators = enumerate(comprehension.generators)
    return [one for n, g in generators for one in bindings_of(row.scope, g.target, g.iter, row.keys.get(n, NO_KEY))]


def listed(comprehension: Comprehension, rows: Sequence[Row], counting: bool) -> str:
    """Return for which bindings a comprehension has which elements; with `counting`, an element that counts as one is not shown."""
    found = [(row.element, bindings_of_row(comprehension, row)) for row in rows[:MOST]]
    more = f" and {len(rows) - MOST} more" if len(rows) > MOST else ""
    plain = counting and all(element in (True, 1) for element, _ in found)
    if plain and all(len(bindings) == 1 for _, bindings in found):
        return f"for {found[0][1][0].name} = {', '.join(bindings[0].short for _, bindings in found)}{more}"
    texts = [", ".join(f"{one.name} = {one.short}" for one in bindings) for _, bindings in found]
    return "; ".join(f"for {text}" if plain else f"{value_text(element, SIDE)} for {text}" for (element, _), text in zip(found, texts)) + more


def tells_itself(comprehension: Comprehension, row: Row) -> bool:
    """Return whether an element shows for what it stands: `Prepared(rm=RM1)` for `rm = RM1`."""
    element = value_text(row.element)
    return all(one.short in element for one in bindings_of_row(comprehension, row))


def entry(scope: Scope, iterable: ast.expr, key: Any) -> str:
    """Return the entry of a map, `self.to_do[Instance0]`, where the iterable shows which map that is; else an empty text."""
    if isinstance(iterable, ast.Name):
        iterable = scope.origins.get(iterable.id, iterable)
    if key is not NO_KEY and isinstance(iterable, ast.Call) and isinstance(iterable.func, ast.Attribute):
        return f"{text_of(scope.home.file, iterable.func.value)}[{value_text(key, SIDE)}]"
    return ""


def place(scope: Scope, part: Any) -> str:
    """Return where a part lies in a state, `self.nodes[Server1]`; an empty text for one that lies in none."""
    top = part
    while top is not None and not isinstance(top, Slot):
        top = getattr(top, "_part_owner", None)
    if top is None:
        return ""
    for name in sorted(scope.own, key=lambda name: (name != "self", name)):
        state = scope.names.get(name)
        if isinstance(state, Spec) and state._part_journal is part._part_journal:
            return f"{name}.{path_of(part)}"
    return path_of(part)
