"""Long values on several lines.

In: a value and a width. Out: its text on one line where it fits, else item by item::

    nodes = {Server0: Node(term=0, role="follower"),
             Server1: Node(term=1, role="leader")}
"""

from speccheck.domains.neutral import Bag, Map, Record, Sequence, Set, Tuple, Value, text

NARROWEST = 24  # what is nested too deeply to leave this many columns is not broken up any more


def layout(value: Value, columns: int) -> list[str]:
    """Return the lines of a value that is to fit into so many columns."""
    whole = text(value)
    if len(whole) <= columns or columns < NARROWEST:
        return [whole]
    match value:
        case Sequence(items):
            return _block("[", [("", item, "") for item in items], "]", columns)
        case Tuple(items):
            return _block("(", [("", item, "") for item in items], ",)" if len(items) == 1 else ")", columns)
        case Set(items):
            return _block("{", [("", item, "") for item in items], "}", columns)
        case Bag(counted):
            return _block("Bag{", [("", item, f" (x{count})" if count > 1 else "") for item, count in counted], "}", columns)
        case Map(pairs):
            return _block("{", [(f"{text(key)}: ", item, "") for key, item in pairs], "}", columns)
        case Record(name, fields):
            return _block(f"{name}(", [(f"{field}=", item, "") for field, item in fields], ")", columns)
        case _:
            return [whole]


def _block(opening: str, items: list[tuple[str, Value, str]], closing: str, columns: int) -> list[str]:
    """Items under one another; each has a text before it, a value, and a text behind it."""
    lines: list[str] = []
    for number, (label, item, behind) in enumerate(items):
        shown = layout(item, columns - len(opening) - len(label) - 1)
        shown[-1] += behind + (closing if number == len(items) - 1 else ",")
        margin = opening if number == 0 else " " * len(opening)
        lines.append(margin + label + shown[0])
        lines.extend(" " * (len(opening) + len(label)) + one for one in shown[1:])
    return lines
