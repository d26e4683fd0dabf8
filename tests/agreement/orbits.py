"""Orbits by brute force: how many states are left when members of symmetric sorts may be exchanged."""

from itertools import permutations, product

from speccheck.engines import machine_of
from speccheck.engines.machine import Budget
from speccheck.model.model import Model


def orbits(model: Model) -> int:
    """Count the orbits of the full state space of a model without reduction."""
    machine = machine_of(model)
    packing = machine.stepper.packing
    left = {packing.unpack(state) for state in machine.explore(Budget()).space.states}
    sorts = [tuple(sort) for sort in model.symmetric]
    choices = product(*(list(permutations(sort)) for sort in sorts))
    renamings = [{a: b for members, image in zip(sorts, images) for a, b in zip(members, image)} for images in choices]
    count = 0
    while left:
        state = left.pop()
        count += 1
        for renaming in renamings:
            left.discard(tuple(d.rename(f, renaming) for d, f in zip(packing.domains, state)))
    return count
