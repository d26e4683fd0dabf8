"""The canonical form in C against the one in Python, on random domains and states, under the sanitizers of the compiler."""

import hashlib
import subprocess
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Annotated, Any

import pytest
from annotated_types import MaxLen
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from speccheck.domains import mentions
from speccheck.domains.annotations import Partial, domain_of
from speccheck.domains.bags import Bag
from speccheck.domains.layout import NoLayout
from speccheck.domains.sorts import Sort
from speccheck.engines.native.emit.forms import NotEmitted
from speccheck.engines.native.emit.unit import emit
from speccheck.engines.python.canonical import Canonical
from tests.unit.domains.drawn import ANNOTATIONS, RM, Server
from tests.unit.engines.native.built import Variables, model_of, program_of
from tests.unit.engines.native.loaded import RUNTIME
from tests.unit.engines.test_canonical import FOURS, SHAPES, Four, packing_of, total

FLAGS = ["-std=gnu11", "-g", "-O1", "-Wall", "-Wextra", "-Werror", "-Wno-unused", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
MAIN = """
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    const struct sc_model *model = &speccheck_model;
    size_t bytes = (model->words + 1) * sizeof(u64);
    for (;;) {
        u64 *s = malloc(bytes), *t = malloc(bytes); /* exactly so much: what is read beyond is found */
        if (fread(s, bytes, 1, stdin) != 1)
            return free(s), free(t), 0;
        __builtin_memcpy(t, s, bytes);
        model->canonical(t);
        fwrite(t, bytes, 1, stdout);
        free(s), free(t);
    }
}
"""


class Twelve(Sort, size=12, symmetric=True):
    """So many that only sorting and colours help."""


@pytest.fixture(params=[mentions.FEW, 1], ids=["in full", "by colours"])
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(mentions, "FEW", request.param)
    return int(request.param)


def agree(folder: Path, annotations: list[Any], sorts: tuple[Any, ...], states: Any) -> None:
    """Both engines choose the same states."""
    variables = Variables(**{f"v{i}": domain_of(one) for i, one in enumerate(annotations)})
    program = program_of(variables)
    model = replace(model_of(program), symmetry=True, symmetric=sorts)
    try:
        text = emit(program, model).text
    except (NoLayout, NotEmitted):
        assume(False)
    if ".canonical" not in text:
        return
    packing = packing_of(*annotations)
    frozen = [tuple(state) for state in states(packing.domains)]
    canonical = Canonical(packing, sorts)
    expected = [packing.unpack(canonical(packing.pack(state))) for state in frozen]
    assert answers(folder, text, frozen, annotations) == expected


def answers(folder: Path, text: str, states: list[tuple[Any, ...]], annotations: list[Any]) -> list[tuple[Any, ...]]:
    from speccheck.domains.layout import layout_of

    layout = layout_of(tuple(map(domain_of, annotations)))
    name = folder / hashlib.sha256(text.encode()).hexdigest()[:16]
    name.with_suffix(".c").write_text(text + MAIN)
    done = subprocess.run(["gcc", *FLAGS, f"-I{RUNTIME}", "-o", str(name), f"{name}.c"], capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr
    size = 8 * layout.words
    given = b"".join(layout.encode(state).to_bytes(size, "little") + b"\xa5" * 8 for state in states)
    run = subprocess.run([str(name)], input=given, capture_output=True, check=False)
    assert not run.returncode, run.stderr.decode()
    return [layout.decode(int.from_bytes(run.stdout[at : at + size], "little")) for at in range(0, len(run.stdout), size + 8)]


def drawn_by(random: Any, count: int) -> Any:
    """States of random values."""
    return lambda domains: [tuple(d.unrank(random.randrange(d.size)) for d in domains) for _ in range(count)]


ANNOTATED = [shape for shape, _ in SHAPES]


@pytest.mark.parametrize("first", range(0, len(ANNOTATED), 4))
def test_shapes_have_the_same_canonical_states(first: int, few: int, tmp_path: Path) -> None:
    for offset in (0, 2):
        some = [*ANNOTATED[first + offset : first + offset + 2], set[RM]]
        agree(tmp_path, some, (RM, Server), drawn_by(Random(first), 300))


@pytest.mark.parametrize("annotations", [FOURS[:3], FOURS[3:6], FOURS[6:8], FOURS[8:]], ids=str)
def test_states_of_four_members_have_the_same_canonical_states(annotations: list[Any], few: int, tmp_path: Path) -> None:
    agree(tmp_path, annotations, (Four, RM), drawn_by(Random(7), 300))


@pytest.mark.parametrize(
    "annotations",
    [
        [total(Twelve, bool), set[Twelve], Annotated[list[Twelve], MaxLen(5)], Twelve | None],
        [total(Twelve, Annotated[tuple[Four, ...], MaxLen(1)]), set[Twelve]],
        [Annotated[set[tuple[Twelve, Twelve]], MaxLen(3)], total(Twelve, Twelve | None)],
        [Annotated[Bag[tuple[Twelve, Four]], MaxLen(4)], Annotated[dict[Twelve, bool], Partial]],
    ],
    ids=str,
)
def test_states_of_twelve_members_have_the_same_canonical_states(annotations: list[Any], tmp_path: Path) -> None:
    random, members = Random(12), list(Twelve)

    def states(domains: Any) -> Any:
        for state in drawn_by(random, 60)(domains):
            yield state
            renaming = dict(zip(members, random.sample(members, len(members))))
            yield tuple(d.rename(value, renaming) for d, value in zip(domains, state))

    agree(tmp_path, annotations, (Twelve, Four), states)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(annotations=st.lists(ANNOTATIONS, min_size=2, max_size=4), random=st.randoms(use_true_random=False))
def test_random_states_have_the_same_canonical_states(few: int, tmp_path_factory: pytest.TempPathFactory, annotations: list[Any], random: Any) -> None:
    agree(tmp_path_factory.mktemp("canonical"), annotations, (RM, Server), drawn_by(random, 100))


def test_a_container_that_can_hold_nobody_is_left_alone(tmp_path: Path) -> None:
    nobody = Annotated[tuple[RM, ...], MaxLen(0)]
    agree(tmp_path, [bool, Annotated[set[nobody], MaxLen(0)], total(nobody, set[nobody]), set[RM]], (RM,), drawn_by(Random(1), 20))


def test_all_members_alike_take_no_time(tmp_path: Path) -> None:
    """Twelve members that a state says the same of are 479 million permutations."""
    variables = [total(Twelve, Twelve | None), total(Twelve, Annotated[set[Twelve], MaxLen(2)])]

    def states(domains: Any) -> Any:
        members = list(Twelve)
        yield ((None,) * 12, (frozenset(),) * 12)
        yield ((*members[1:], members[0]), (frozenset(),) * 12)  # a ring
        yield (tuple(members), tuple(frozenset({one}) for one in members))

    agree(tmp_path, variables, (Twelve,), states)
