"""Canonical states under symmetry: the least of all states that a permutation of the members of symmetric sorts makes equal (semantics 7)."""

from collections.abc import Sequence
from itertools import permutations, product
from typing import Any

from speccheck.domains.base import Renaming
from speccheck.engines.python.packing import Packing
from speccheck.space.space import Packed


class Canonical:
    """Maps each packed state to the least state of its orbit. Tries every permutation; renamings of single values are remembered."""

    def __init__(self, packing: Packing, sorts: tuple[Any, ...]) -> None:
        self.packing = packing
        concerned = frozenset(sorts)
        self._variables = tuple(i for i, d in enumerate(packing.domains) if d.renames(concerned))
        self._renamings = [_joined(choice) for choice in product(*(tuple(_renamings(sort)) for sort in sorts))][1:]
        self._renamed: list[dict[tuple[int, int], int]] = [{} for _ in self._renamings]

    def __call__(self, state: Packed) -> Packed:
        """Return the least state of the orbit, in domain order."""
        best, best_key = state, None
        for number in range(len(self._renamings)):
            other = self.renamed(state, number)
            if other != best:
                if best_key is None:
                    best_key = self.packing.key(best)
                key = self.packing.key(other)
                if key < best_key:
                    best, best_key = other, key
        return best

    def renamed(self, state: Packed, number: int) -> Packed:
        """Return the state with members replaced by the renaming of this number."""
        table, renaming = self._renamed[number], self._renamings[number]
        packing = self.packing
        numbers = list(state)
        for i in self._variables:
            entry = (i, state[i])
            known = table.get(entry)
            if known is None:
                frozen = packing.domains[i].rename(packing.frozen[i][state[i]], renaming)
                known = table[entry] = packing.number(i, frozen)
            numbers[i] = known
        return tuple(numbers)

    @property
    def renamings(self) -> Sequence[Renaming]:
        """All renamings besides the identity."""
        return self._renamings


def _renamings(sort: Any) -> Any:
    members = tuple(sort)
    return (dict(zip(members, other)) for other in permutations(members))


def _joined(renamings: tuple[dict[Any, Any], ...]) -> dict[Any, Any]:
    return {member: other for renaming in renamings for member, other in renaming.items()}
