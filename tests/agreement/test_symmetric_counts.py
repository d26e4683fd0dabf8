"""Published counts under symmetry: of both engines; and the sizes of orbits add up to the states that others have counted without reduction."""

import json
from dataclasses import replace
from math import factorial, prod
from pathlib import Path
from typing import Any

import pytest

from speccheck.checker.check import check_model
from speccheck.engines import machine_of
from speccheck.engines.machine import Budget
from speccheck.model.model import Model
from speccheck.model.select import models_of_file

SPECS = Path(__file__).parents[1] / "specs"
ROWS = [row for row in json.loads((SPECS / "expected.json").read_text()) if row["options"].get("symmetry")]


def reduced(file: str, spec: str, constants: dict[str, Any]) -> Model:
    models, _ = models_of_file(str(SPECS / "published" / file), constants)
    return replace(next(m for m in models if m.spec.__name__ == spec), symmetry=True)


@pytest.mark.parametrize("engine", ["python", "native"])
@pytest.mark.parametrize("row", [pytest.param(row, id=f"{row['spec']}-{row['constants']}") for row in ROWS])
def test_verified_counts_come_out_on_both_engines(row: dict[str, Any], engine: str) -> None:
    found = check_model(reduced(row["file"], row["spec"], row["constants"]), engine=engine)
    assert (found.complete, found.distinct, found.depth) == (True, row["distinct"], row["depth"])


def sizes_of_orbits(model: Model, engine: str) -> list[int]:
    """The number of states in the orbit of each kept state, for a model with one sort, which is separate: members that are alike do not count as different."""
    machine = machine_of(model, engine)
    found = machine.explore(Budget())
    canonical = machine.stepper.canonical
    assert not canonical.division.linked
    (span,) = canonical.division.spans.values()
    states = found.space.states if engine == "python" else found.space.enumerated(lambda state: []).states
    assert all(canonical(state) == state for state in states)

    def size(state: Any) -> int:
        alike = [1]  # members that are alike are neighbours, as the members are sorted
        for number in span[1:]:
            if canonical.exchanged(state, number - 1, number) == state:
                alike[-1] += 1
            else:
                alike.append(1)
        return factorial(len(span)) // prod(map(factorial, alike))

    return [size(state) for state in states]


@pytest.mark.parametrize(
    ("members", "engine", "orbits", "states"),
    [
        (3, "python", 80, 288),
        (6, "python", 553, 50_816),
        (3, "native", 80, 288),
        (6, "native", 553, 50_816),
        (9, "native", 2_232, 10_340_352),  # Stateright's 2pc with nine managers
        (10, "native", 3_300, 61_515_776),  # the same with ten
    ],
)
def test_orbits_of_two_phase_commit_add_up_to_all_states(members: int, engine: str, orbits: int, states: int) -> None:
    sizes = sizes_of_orbits(reduced("two_phase.py", "TwoPhase", {"RM": members}), engine)
    assert (len(sizes), sum(sizes)) == (orbits, states)
