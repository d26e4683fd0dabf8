"""JSON laid out for people and for diffs: the outer levels on lines of their own, what is deeper on one line.

In: JSON and how many levels are opened. Out: lines::

    json_lines({"vars": ["x"], "states": [{"x": 1}, {"x": 2}]}, 2)

    {
     "vars": ["x"],
     "states": [
      {"x": 1},
      {"x": 2}
     ]
    }
"""

import json

from speccheck.trace.values import Json

WIDEST = 150  # what fits into this many columns stays on one line


def json_lines(value: Json, levels: int) -> list[str]:
    """Return the JSON as lines of ASCII; so many levels of it are opened where they are too wide for a line."""
    flat = json.dumps(value, allow_nan=False)
    if levels <= 0 or not value or not isinstance(value, dict | list) or len(flat) <= WIDEST:
        return [flat]
    labels = [f"{json.dumps(name)}: " for name in value] if isinstance(value, dict) else [""] * len(value)
    items = list(value.values()) if isinstance(value, dict) else value
    lines: list[str] = []
    for number, (label, item) in enumerate(zip(labels, items), 1):
        inner = json_lines(item, levels - 1)
        inner[0] = label + inner[0]
        inner[-1] += "," * (number < len(items))
        lines.extend(" " + one for one in inner)
    opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]")
    return [opening, *lines, closing]
