"""Lassos: the counterexample of a temporal property, as state numbers (semantics 3 and 6).

A search is told where a counterexample may begin, where it may stay, and what it must contain; out comes the shortest prefix to the least good entry, and a
loop through every mark, or a tail.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from speccheck.engines.machine import Lasso
from speccheck.engines.python.fair_scc import Acceptance, Steps, good_components


@dataclass(frozen=True)
class Ground:
    """Where a behavior may stay for ever: on those of the reached nodes that `stays` lets through, by `steps`, which carry marks."""

    stays: Callable[[int], bool]
    steps: Steps
    acceptance: Acceptance


@dataclass(frozen=True)
class Hunt:
    """A graph to hunt for a lasso in. Nodes are integers whose order is the order of their states.

    `prefix_steps` are the steps a prefix may take, from `initial`; `grounds` are where a loop may lie, in order of preference; `tail(node)` says whether the
    behavior may stutter there for ever; `state_of(node)` is the state's number. An entry is a node of a good component, or a tail, that the prefix reaches.
    """

    initial: Iterable[int]
    prefix_steps: Callable[[int], Iterable[int]]
    grounds: tuple[Ground, ...]
    tail: Callable[[int], bool]
    state_of: Callable[[int], int]


def find_lasso(hunt: Hunt) -> Lasso | None:
    """Return the least lasso at the shortest prefix, or None if there is none."""
    levels, parents = _levels(hunt)
    reached = [node for level in levels for node in level]
    tails = {node for node in reached if hunt.tail(node)}
    component_of: dict[int, tuple[frozenset[int], Ground]] = {}
    for ground in reversed(hunt.grounds):
        for component in good_components(filter(ground.stays, reached), ground.steps, ground.acceptance):
            component_of.update(dict.fromkeys(component, (component, ground)))
    if not tails and not component_of:
        return None
    entry = next(node for level in levels for node in level if node in tails or node in component_of)
    prefix = [entry]
    while parents[prefix[-1]] is not None:
        prefix.append(parents[prefix[-1]])  # type: ignore[arg-type]
    numbers = tuple(map(hunt.state_of, reversed(prefix)))
    if entry in tails:
        return Lasso(numbers, ())
    return Lasso(numbers, tuple(map(hunt.state_of, _loop(entry, *component_of[entry]))))


def _levels(hunt: Hunt) -> tuple[list[list[int]], dict[int, int | None]]:
    """Return the nodes by distance, each level sorted, and the least predecessor of each."""
    level = sorted(set(hunt.initial))
    parents: dict[int, int | None] = dict.fromkeys(level)
    levels = []
    while level:
        levels.append(level)
        fresh = []
        for node in level:
            for target in hunt.prefix_steps(node):
                if target not in parents:
                    parents[target] = node
                    fresh.append(target)
        level = sorted(fresh)
    return levels, parents


def _loop(entry: int, component: frozenset[int], ground: Ground) -> list[int]:
    """Return the nodes after the entry of a closed walk inside the component that has every mark which the component owes, in the order of the marks."""
    acceptance = ground.acceptance
    owed = acceptance.required
    available = 0
    for node in component:
        for target, mark in ground.steps(node):
            if target in component:
                available |= mark
    owed |= acceptance.strong & available  # an assumption that is nowhere enabled here owes nothing
    walk: list[int] = []
    here, have, bit = entry, 0, 1
    while owed >> (bit.bit_length() - 1):
        if owed & bit and not have & bit:
            for target, mark in _way(here, component, ground, bit):
                walk.append(target)
                have |= mark
                here = target
        bit <<= 1
    if here != entry or not walk:
        walk += [target for target, _ in _way_to(here, entry, component, ground)]
    return walk


def _way(start: int, component: frozenset[int], ground: Ground, bit: int) -> list[tuple[int, int]]:
    """Return the shortest walk inside the component whose last step has the mark."""
    return _searched(start, component, ground, lambda target, mark: bool(mark & bit))


def _way_to(start: int, goal: int, component: frozenset[int], ground: Ground) -> list[tuple[int, int]]:
    """Return the shortest walk of at least one step inside the component to a node."""
    return _searched(start, component, ground, lambda target, mark: target == goal)


def _searched(start: int, component: frozenset[int], ground: Ground, found: Callable[[int, int], bool]) -> list[tuple[int, int]]:
    came: dict[int, tuple[int, int]] = {}
    level = [start]
    while True:
        fresh = []
        for node in sorted(level):
            for target, mark in sorted(ground.steps(node)):
                if target not in component:
                    continue
                if found(target, mark):
                    return [*_walked(start, node, came), (target, mark)]
                if target not in came and target != start:
                    came[target] = (node, mark)
                    fresh.append(target)
        assert fresh, "a good component does not contain what it owes"
        level = fresh


def _walked(start: int, node: int, came: dict[int, tuple[int, int]]) -> list[tuple[int, int]]:
    walk = []
    while node != start:
        previous, mark = came[node]
        walk.append((node, mark))
        node = previous
    return walk[::-1]
