"""What a step changed, as paths into the state.

In: two states. Out: the changes, in the order of the variables, each at the deepest place that tells the story::

    nodes[Server1].term: 2 -> 3        a value was replaced
    msgs: + Prepared(rm=RM0)           a set, a bag, a list or a map gained an element
    queue: - Ping (first)              ... or lost one
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from speccheck.domains.neutral import Bag, Map, Record, Sequence, Set, Tuple, Value, text


@dataclass(frozen=True)
class Changed:
    """The value at a path was replaced by another one."""

    path: str
    before: Value
    after: Value


@dataclass(frozen=True)
class Added:
    """The container at a path gained an element, here as text: a value, `key: value` of a map, with a remark where in a list."""

    path: str
    element: str


@dataclass(frozen=True)
class Removed:
    """The container at a path lost an element."""

    path: str
    element: str


Change = Changed | Added | Removed


def state_changes(before: Mapping[str, Value], after: Mapping[str, Value]) -> list[Change]:
    """Return what is different in the state after, variable by variable."""
    return [change for name in after for change in changes(name, before[name], after[name])]


def changes(path: str, before: Value, after: Value) -> Iterator[Change]:
    """Yield how one value became the other, at the deepest paths; nothing if they are equal."""
    if before == after:  # the values of one domain are pairwise different under ==
        return
    match before, after:
        case Record(), Record() if _names(before) == _names(after):
            for (name, old), (_, new) in zip(before.fields, after.fields, strict=True):
                yield from changes(f"{path}.{name}", old, new)
        case Map(), Map():
            yield from _map_changes(path, before, after)
        case Set(), Set():
            yield from _set_changes(path, before, after)
        case Bag(), Bag():
            yield from _bag_changes(path, before, after)
        case Sequence(), Sequence():
            yield from _sequence_changes(path, before, after)
        case Tuple(), Tuple() if len(before.items) == len(after.items):
            yield from _item_changes(path, before, after)
        case _:
            yield Changed(path, before, after)


def _names(record: Record) -> tuple[str, tuple[str, ...]]:
    return record.name, tuple(name for name, _ in record.fields)


def _map_changes(path: str, before: Map, after: Map) -> Iterator[Change]:
    old, new = dict(before.items), dict(after.items)
    for key, value in before.items:
        if key in new:
            yield from changes(f"{path}[{text(key)}]", value, new[key])
        else:
            yield Removed(path, f"{text(key)}: {text(value)}")
    for key, value in after.items:
        if key not in old:
            yield Added(path, f"{text(key)}: {text(value)}")


def _set_changes(path: str, before: Set, after: Set) -> Iterator[Change]:
    old, new = frozenset(before.items), frozenset(after.items)
    yield from (Removed(path, text(item)) for item in before.items if item not in new)
    yield from (Added(path, text(item)) for item in after.items if item not in old)


def _bag_changes(path: str, before: Bag, after: Bag) -> Iterator[Change]:
    old, new = dict(before.items), dict(after.items)
    for item, count in before.items:
        if (lost := count - new.get(item, 0)) > 0:
            yield Removed(path, text(item) + _times(lost))
    for item, count in after.items:
        if (gained := count - old.get(item, 0)) > 0:
            yield Added(path, text(item) + _times(gained))


def _times(count: int) -> str:
    return f" (x{count})" if count > 1 else ""


def _sequence_changes(path: str, before: Sequence, after: Sequence) -> Iterator[Change]:
    old, new = before.items, after.items
    if len(old) == len(new):
        yield from _item_changes(path, before, after)
        return
    shorter = min(len(old), len(new))
    front = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    back = next((i for i in range(shorter - front) if old[-1 - i] != new[-1 - i]), shorter - front)
    lost, gained = old[front : len(old) - back], new[front : len(new) - back]
    if lost and gained:
        yield Changed(path, before, after)
        return
    longer = max(old, new, key=len)
    # Where equal elements stand side by side, nothing tells which of them came or went.
    certain = front == 0 or longer[front - 1] != longer[front + len(lost or gained) - 1]
    yield from (Removed(path, text(item) + _position(front + i, len(old), certain, lost=True)) for i, item in enumerate(lost))
    yield from (Added(path, text(item) + _position(front + i, len(new), certain, lost=False)) for i, item in enumerate(gained))


def _position(index: int, length: int, certain: bool, *, lost: bool) -> str:
    """Where in a list; appending needs no word, and neither does the only element."""
    if length == 1 or not certain:
        return ""
    if index == length - 1:
        return " (last)" if lost else ""
    return " (first)" if index == 0 else f" (at {index})"


def _item_changes(path: str, before: Sequence | Tuple, after: Sequence | Tuple) -> Iterator[Change]:
    """Item by item, unless so many are new that the whole is easier to read."""
    different = [i for i, (old, new) in enumerate(zip(before.items, after.items, strict=True)) if old != new]
    if 1 < len(different) == len(before.items):
        yield Changed(path, before, after)
        return
    for i in different:
        yield from changes(f"{path}[{i}]", before.items[i], after.items[i])
