"""Canonical states under symmetry: one state for all those that permuting the members of symmetric sorts makes of each other (semantics 7.4, decision 48).

Separate sorts: neighbours are exchanged as long as that makes the state less in domain order; that gives the least state. Linked sorts: the least state of all
permutations where these are few; else the least state of those that a search tree of colours leads to (`individualise and refine`, as in canonical labelling
of graphs: McKay, "Practical graph isomorphism", 1981).
"""

from typing import Any

from speccheck.domains.colours import Colours
from speccheck.domains.mentions import divided
from speccheck.engines.python.packing import Packing
from speccheck.model.model import Rule
from speccheck.space.space import Packed

Cells = tuple[list[int], list[int]]  # the members in order; by member, where its cell begins: members of one cell are not told apart


class Canonical:
    """Maps each packed state to the canonical one of its orbit. What exchanging two members makes of a value is remembered."""

    def __init__(self, packing: Packing, sorts: tuple[Any, ...]) -> None:
        self.packing = packing
        self.division = divided(packing.domains, sorts)
        self._variables = tuple(i for i, d in enumerate(packing.domains) if d.renames(frozenset(sorts)))
        self._exchanged: dict[tuple[int, int], dict[tuple[int, int], int]] = {}
        self._colours = Colours(packing.domains, self.division)
        self._separate = [self.division.spans[sort] for sort in self.division.separate]
        self._images: dict[tuple[str, tuple[Any, ...]], set[tuple[Any, ...]]] = {}
        self._linked = sum(len(sort) for sort in self.division.linked)

    def __call__(self, state: Packed) -> Packed:
        """Return the canonical state of the orbit."""
        for span in self._separate:
            state = self._in_order(state, span)
        if not self._linked:
            return state
        if self.division.few:
            return self._least(state)
        order = list(range(self._linked))
        starts = [self.division.spans[sort].start for sort in self.division.linked for _ in sort]
        return self._least_leaf(state, (order, starts), None)

    # ---------------------------------------------------------------- exchanges

    def exchanged(self, state: Packed, i: int, j: int) -> Packed:
        """Return the state with two members of a sort, given by their numbers, exchanged."""
        table = self._exchanged.setdefault((i, j), {})
        packing, numbers = self.packing, list(state)
        for variable in self._variables:
            entry = (variable, state[variable])
            known = table.get(entry)
            if known is None:
                a, b = self.division.members[i], self.division.members[j]
                frozen = packing.domains[variable].rename(packing.frozen[variable][state[variable]], {a: b, b: a})
                known = table[entry] = packing.number(variable, frozen)
            numbers[variable] = known
        return tuple(numbers)

    def images(self, rule: Rule, binding: tuple[Any, ...]) -> set[tuple[Any, ...]]:
        """Return all bindings that permutations make of one, itself included."""
        known = self._images.get((rule.name, binding))
        if known is not None:
            return known
        found, left = {binding}, [binding]
        neighbours = [self.division.members[i - 1 : i + 1] for span in self.division.spans.values() for i in span[1:]]
        while left:
            one = left.pop()
            for a, b in neighbours:
                other = tuple(p.domain.rename(v, {a: b, b: a}) for p, v in zip(rule.parameters, one))
                if other not in found:
                    found.add(other)
                    left.append(other)
        for one in found:
            self._images[rule.name, one] = found
        return found

    def _is_less(self, state: Packed, other: Packed) -> bool:
        """Return whether a state comes before another one in domain order."""
        for variable in self._variables:
            a, b = state[variable], other[variable]
            if a != b:
                keys = self.packing.keys[variable]
                return bool(keys[a] < keys[b])
        return False

    # ---------------------------------------------------------------- separate sorts

    def _in_order(self, state: Packed, span: range) -> Packed:
        """Insert each member among those before it: it moves down while that makes the state less."""
        for last in span[1:]:
            for j in range(last, span.start, -1):
                other = self.exchanged(state, j - 1, j)
                if not self._is_less(other, state):
                    break
                state = other
        return state

    # ---------------------------------------------------------------- linked sorts

    def _least(self, state: Packed) -> Packed:
        best = state
        for i, j in self.division.walk:
            state = self.exchanged(state, i, j)
            if self._is_less(state, best):
                best = state
        return best

    def _least_leaf(self, state: Packed, cells: Cells, best: Packed | None) -> Packed:
        """Return the least of `best` and the states at the leaves below: those whose members all have a cell of their own."""
        order, starts = self._refined(state, cells)
        for at in range(self._linked):
            size = starts.count(at)
            if size < 2:
                continue
            different = self._different(state, order[at : at + size])
            if len(different) > 1:
                for member in different:
                    best = self._least_leaf(state, _put_first(order, starts, at, size, member), best)
                assert best is not None
                return best
            for i in range(at, at + size):  # it does not matter which of them is which
                starts[order[i]] = i
        leaf = self._ordered(state, order)
        return leaf if best is None or self._is_less(leaf, best) else best

    def _refined(self, state: Packed, cells: Cells) -> Cells:
        """Return the cells divided by colours, again and again until that divides none."""
        order, starts = cells
        frozen = self.packing.unpack(state)
        while True:
            sums = self._colours.sums(frozen, starts)
            order = sorted(order, key=lambda member: (starts[member], sums[member]))
            finer = list(starts)
            for before, (at, member) in zip([-1, *order], enumerate(order)):
                same = before >= 0 and (starts[before], sums[before]) == (starts[member], sums[member])
                finer[member] = finer[before] if same else at
            if finer == starts:
                return order, starts
            starts = finer

    def _different(self, state: Packed, members: list[int]) -> list[int]:
        """Return members without those that can be exchanged with one of them and leave the state as it is."""
        found: list[int] = []
        for member in members:
            if not any(self.exchanged(state, min(one, member), max(one, member)) == state for one in found):
                found.append(member)
        return found

    def _ordered(self, state: Packed, order: list[int]) -> Packed:
        """Return the state with the members renamed so that they are in this order."""
        names = list(range(len(order)))  # by member: what it is called now
        for number, member in enumerate(order):
            name = names[member]
            if name != number:
                state = self.exchanged(state, number, name)
                names[names.index(number)], names[member] = name, number
        return state


def _put_first(order: list[int], starts: list[int], at: int, size: int, member: int) -> Cells:
    """Return the cells with a member taken out of its cell and put before the others."""
    rest = [one for one in order[at : at + size] if one != member]
    finer = list(starts)
    for one in rest:
        finer[one] = at + 1
    return [*order[:at], member, *rest, *order[at + size :]], finer
