"""Packing: states as tuples of small integers, one for each variable.

The values that a variable takes are numbered as they turn up; a packed state is the tuple of these numbers. So a state costs a few dozen bytes however large
its values are (they are shared), states are hashed and compared without looking at values, and still every comparison is exact: two packed states are equal
exactly if the states are.
"""

from typing import Any

from speccheck.domains.base import Frozen
from speccheck.domains.neutral import Value
from speccheck.model.model import Variable
from speccheck.space.space import Packed


class Packing:
    """The numbers of the values of each variable; grows during a search and never forgets."""

    def __init__(self, variables: tuple[Variable, ...]) -> None:
        self.variables = variables
        self.names = tuple(v.name for v in variables)
        self.domains = tuple(v.domain for v in variables)
        self.frozen: list[list[Frozen]] = [[] for _ in variables]  # number -> frozen value
        self.numbers: list[dict[Frozen, int]] = [{} for _ in variables]  # frozen value -> number
        self.keys: list[list[Any]] = [[] for _ in variables]  # number -> key in domain order

    def number(self, variable: int, frozen: Frozen) -> int:
        """Return the number of a variable's value, a new one for a new value."""
        number = self.numbers[variable].get(frozen)
        if number is None:
            number = self.numbers[variable][frozen] = len(self.frozen[variable])
            self.frozen[variable].append(frozen)
            self.keys[variable].append(self.domains[variable].key(frozen))
        return number

    def pack(self, values: tuple[Frozen, ...]) -> Packed:
        """Return the packed state with these frozen values."""
        return tuple([self.number(i, frozen) for i, frozen in enumerate(values)])

    def unpack(self, state: Packed) -> tuple[Frozen, ...]:
        """Return the frozen values of a packed state."""
        return tuple([table[number] for table, number in zip(self.frozen, state)])

    def key(self, state: Packed) -> Any:
        """Return what compares states in domain order: variables in declaration order."""
        return [keys[number] for keys, number in zip(self.keys, state)]

    def neutral(self, state: Packed) -> dict[str, Value]:
        """Return the state as a trace holds it."""
        return {n: d.neutral(f) for n, d, f in zip(self.names, self.domains, self.unpack(state))}
