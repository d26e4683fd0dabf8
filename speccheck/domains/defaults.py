"""Defaults that stand for a value of every key, or for every value: `each`, `each_by`, `anything`; and the initial values that a default denotes."""

from collections.abc import Callable
from typing import Any, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Each:
    """Every key has (a copy of) this value."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def at(self, key: Any) -> Any:
        """Return the value of a key."""
        return self.value

    def __repr__(self) -> str:
        return f"each({self.value!r})"


class EachBy:
    """Key `k` has the value `function(k)`."""

    __slots__ = ("function",)

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self.function = function

    def at(self, key: Any) -> Any:
        """Return the value of a key."""
        return self.function(key)

    def __repr__(self) -> str:
        return f"each_by({self.function!r})"


class Anything:
    """Any value of the domain."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "anything()"


class Absent:
    """There is no default."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "absent"


ABSENT = Absent()


def each(value: V) -> dict[Any, V]:
    """Give every key of a map (a copy of) `value`; nests: `each(each(0))`. TLA+: `[k \\in K |-> value]`."""
    return Each(value)  # type: ignore[return-value]


def each_by(function: Callable[[K], V]) -> dict[K, V]:
    """Give key `k` of a map the value `function(k)`. TLA+: `[k \\in K |-> f(k)]`."""
    return EachBy(function)  # type: ignore[return-value]


def anything() -> Any:
    """Stand for any value of the variable's domain: as many initial states. TLA+: `x \\in S` in `Init`."""
    return Anything()
