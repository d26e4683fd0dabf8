"""A place in a JSON that is being read, so that what is wrong with a file is said with its path.

In: what `json.loads` returned. Out: its parts, each checked when it is taken::

    At("", data).key("states").list()[3].key("x").value(INT)   raises TraceUnreadable("states[3].x: 7 is no bool")
"""

from dataclasses import dataclass
from typing import NoReturn

from speccheck.domains.neutral import Value
from speccheck.errors import TraceUnreadable
from speccheck.trace.decoding import value_of
from speccheck.trace.types import Type
from speccheck.trace.values import Json


@dataclass(frozen=True)
class At:
    """What stands at a path of a JSON."""

    path: str
    json: Json

    def key(self, name: str) -> "At":
        """Return what an object has under a name."""
        self.entries()
        if name not in self.json:
            self.refuse(f"has no '{name}'")
        return At(f"{self.path}.{name}".removeprefix("."), self.json[name])

    def maybe(self, name: str) -> "At | None":
        """Return what an object has under a name; None where that is nothing or null."""
        self.entries()
        return None if self.json.get(name) is None else self.key(name)

    def entries(self) -> "dict[str, At]":
        """Return the entries of an object."""
        if not isinstance(self.json, dict):
            self.refuse("is no object")
        return {name: At(f"{self.path}.{name}".removeprefix("."), inner) for name, inner in self.json.items()}

    def list(self) -> "list[At]":
        """Return the items of an array."""
        if not isinstance(self.json, list):
            self.refuse("is no array")
        return [At(f"{self.path}[{number}]", inner) for number, inner in enumerate(self.json)]

    def text(self) -> str:
        """Return a string."""
        if not isinstance(self.json, str):
            self.refuse("is no string")
        return str(self.json)

    def number(self, low: int = 0, high: int | None = None) -> int:
        """Return an integer between two bounds."""
        if not isinstance(self.json, int) or isinstance(self.json, bool) or self.json < low or (high is not None and self.json > high):
            self.refuse(f"is no number from {low}" + ("" if high is None else f" to {high}"))
        return int(self.json)

    def value(self, type_: Type | None = None) -> Value:
        """Return the value that stands here, of this type where it is known."""
        try:
            return value_of(self.json, type_)
        except ValueError as error:
            raise TraceUnreadable(f"{self.path}: {error}") from None

    def refuse(self, what: str) -> NoReturn:
        """Raise TraceUnreadable: this place `has no 'states'`, `is no array` ..."""
        raise TraceUnreadable(f"{self.path or 'the file'} {what}")
