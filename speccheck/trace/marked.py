"""A value with what is new in it marked, on one line or on several.

In: what a variable was, and what it is. Out: lines of styled text, in which `added` is what a container gained, `removed` what it lost (it is shown all the
same), and `after` what took the place of another value::

    {Clerk0: None, Clerk1: 0}  ->  {Clerk0: 0, Clerk1: 0}     the first 0 is `after`, the rest is `value`
    {RM0, RM1}                 ->  {RM1, RM2}                 RM2 is `added`, RM0 stands behind it as `removed`
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from speccheck.domains.neutral import Bag, Map, Record, Sequence, Set, Tuple, Value, text
from speccheck.trace.layout import NARROWEST
from speccheck.trace.styled import Line, Style, width


@dataclass(frozen=True)
class Leaf:
    """Text that is not taken apart."""

    words: str
    style: Style


@dataclass(frozen=True)
class Item:
    """An element: what stands before it, itself, and what stands behind it."""

    inner: "Leaf | Group"
    label: str = ""
    behind: str = ""


@dataclass(frozen=True)
class Group:
    """Elements between brackets."""

    opening: str
    items: tuple[Item, ...]
    closing: str
    style: Style


def marked_lines(before: Value, after: Value, columns: int) -> list[Line]:
    """Return the value as it is, within so many columns where that can be, with what is new marked."""
    return [_merged(one) for one in _laid_out(_marked(before, after), columns)]


# ---------------------------------------------------------------- what is new


def _marked(before: Value, after: Value) -> Leaf | Group:
    """The value with its marks, at the deepest place that tells them."""
    if before == after:
        return _all(after, "value")
    match before, after:
        case Sequence(), Sequence() if len(before.items) != len(after.items):
            return _group(after, _gained_or_lost(before.items, after.items), "value")
        case Sequence(), Sequence():
            return _group(after, _one_by_one(before.items, after.items), "value")
        case Tuple(), Tuple() if len(before.items) == len(after.items):
            return _group(after, _one_by_one(before.items, after.items), "value")
        case Set(), Set():
            new = (Item(_all(one, "value" if one in before.items else "added")) for one in after.items)
            return _group(after, (*new, *(Item(_all(one, "removed")) for one in before.items if one not in after.items)), "value")
        case Bag(), Bag():
            return _group(after, _bag(before, after), "value")
        case Map(), Map():
            return _group(after, _map(before, after), "value")
        case Record(), Record() if before.name == after.name and [name for name, _ in before.fields] == [name for name, _ in after.fields]:
            fields = (Item(_marked(old, new), f"{name}=") for (name, old), (_, new) in zip(before.fields, after.fields))
            return _group(after, fields, "value")
        case _:
            return _all(after, "after")


def _one_by_one(before: tuple[Value, ...], after: tuple[Value, ...]) -> Iterable[Item]:
    return (Item(_marked(old, new)) for old, new in zip(before, after))


def _gained_or_lost(before: tuple[Value, ...], after: tuple[Value, ...]) -> Iterable[Item]:
    """The elements of a list that became longer or shorter: what differs between the equal beginnings and the equal ends."""
    shorter = min(len(before), len(after))
    front = next((i for i in range(shorter) if before[i] != after[i]), shorter)
    back = next((i for i in range(shorter - front) if before[-1 - i] != after[-1 - i]), shorter - front)
    yield from (Item(_all(one, "value")) for one in after[:front])
    yield from (Item(_all(one, "removed")) for one in before[front : len(before) - back])
    yield from (Item(_all(one, "added")) for one in after[front : len(after) - back])
    yield from (Item(_all(one, "value")) for one in after[len(after) - back :])


def _bag(before: Bag, after: Bag) -> Iterable[Item]:
    old, new = dict(before.items), dict(after.items)
    for item, count in after.items:
        style: Style = "added" if item not in old else "value" if old[item] == count else "after"
        yield Item(_all(item, style), behind=_times(count))
    yield from (Item(_all(item, "removed"), behind=_times(count)) for item, count in before.items if item not in new)


def _map(before: Map, after: Map) -> Iterable[Item]:
    old, new = dict(before.items), dict(after.items)
    for key, value in after.items:
        yield Item(_marked(old[key], value) if key in old else _all(value, "added"), f"{text(key)}: ")
    yield from (Item(_all(value, "removed"), f"{text(key)}: ") for key, value in before.items if key not in new)


# ---------------------------------------------------------------- values as trees


def _all(value: Value, style: Style) -> Leaf | Group:
    """The value with one mark for all of it."""
    match value:
        case Sequence(items) | Tuple(items) | Set(items):
            return _group(value, (Item(_all(one, style)) for one in items), style)
        case Bag(counted):
            return _group(value, (Item(_all(item, style), behind=_times(count)) for item, count in counted), style)
        case Map(pairs):
            return _group(value, (Item(_all(item, style), f"{text(key)}: ") for key, item in pairs), style)
        case Record(_, fields):
            return _group(value, (Item(_all(item, style), f"{name}=") for name, item in fields), style)
        case _:
            return Leaf(text(value), style)


def _group(value: Value, items: Iterable[Item], style: Style) -> Leaf | Group:
    found = tuple(items)
    if not found:
        return Leaf(text(value), style)
    match value:
        case Sequence(immutable=False):
            return Group("[", found, "]", style)
        case Sequence() | Tuple():
            return Group("(", found, ",)" if len(found) == 1 else ")", style)
        case Bag():
            return Group("Bag{", found, "}", style)
        case Record(name):
            return Group(f"{name}(", found, ")", style)
        case _:
            return Group("{", found, "}", style)


def _times(count: int) -> str:
    return f" (x{count})" if count > 1 else ""


# ---------------------------------------------------------------- lines


def _laid_out(tree: Leaf | Group, columns: int) -> list[Line]:
    """The tree on one line if it fits, else its elements under one another, as many on a line as fit there."""
    whole = _flat(tree)
    if isinstance(tree, Leaf) or width(whole) <= columns or columns < NARROWEST:
        return [whole]
    blank: Line = ((" " * len(tree.opening), "plain"),)
    lines: list[Line] = [_words(tree.opening, tree.style)]
    open_ended = True  # whether something may still stand on the last line
    for number, item in enumerate(tree.items):
        shown = _shown(item, tree.style, columns - len(tree.opening) - 1)
        shown[-1] = (*shown[-1], *_words(tree.closing if number == len(tree.items) - 1 else ",", tree.style))
        gap = " " * (number > 0)
        if open_ended and len(shown) == 1 and width(lines[-1]) + len(gap) + width(shown[0]) <= columns:
            lines[-1] = (*lines[-1], *_words(gap, "plain"), *shown[0])
            continue
        lines += [(*blank, *one) for one in shown] if number else [(*lines.pop(), *shown[0]), *((*blank, *one) for one in shown[1:])]
        open_ended = len(shown) == 1
    return lines


def _shown(item: Item, around: Style, columns: int) -> list[Line]:
    """An element with what stands around it."""
    inner = _laid_out(item.inner, columns - len(item.label))
    blank: Line = _words(" " * len(item.label), "plain")
    inner[1:] = [(*blank, *one) for one in inner[1:]]
    inner[0] = (*_words(item.label, _style(item, around)), *inner[0])
    inner[-1] = (*inner[-1], *_words(item.behind, _style(item, around)))
    return inner


def _flat(tree: Leaf | Group) -> Line:
    if isinstance(tree, Leaf):
        return _words(tree.words, tree.style)
    line = _words(tree.opening, tree.style)
    for number, item in enumerate(tree.items):
        behind = _words(item.behind, _style(item, tree.style))
        line = (*line, *_words(item.label, _style(item, tree.style)), *_flat(item.inner), *behind, *_words(", " * (number < len(tree.items) - 1), tree.style))
    return (*line, *_words(tree.closing, tree.style))


def _style(item: Item, around: Style) -> Style:
    """The mark of what stands beside an element: that of the whole group; or that of the element, unless it only took another's place."""
    return item.inner.style if around == "value" and item.inner.style in ("added", "removed") else around


def _merged(line: Line) -> Line:
    """The line with neighbours of one style in one piece."""
    runs = ((style, "".join(words for words, _ in run)) for style, run in groupby(line, key=lambda piece: piece[1]))
    return tuple((words, style) for style, words in runs)


def _words(words: str, style: Style) -> Line:
    return ((words, style),) if words else ()
