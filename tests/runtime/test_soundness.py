"""The runtime under sanitizers and without memory: no crash, no race, no leak."""

import pytest

from tests.runtime.building import DONE, OUT_OF_MEMORY, executable, lines_of, told
from tests.runtime.maze import CANONICAL, CONSTRAINT, STEP, Maze

ALL = CONSTRAINT | STEP | CANONICAL


@pytest.mark.parametrize("way", ["addresses", "threads"])
@pytest.mark.parametrize(("bits", "flags"), [(32, 0), (64, CONSTRAINT | STEP), (45, ALL), (128, CONSTRAINT | STEP), (400, 0)])
def test_sanitizers_find_nothing_in_a_search_of_several_workers(way: str, bits: int, flags: int) -> None:
    maze = Maze(bits, size=30_011, flags=flags)
    program, expected = executable("maze", maze.defines, way), maze.search()
    for ring, slots in ((32, 4), (1, 16)):
        assert told(program, 4, ring, slots, ones=1) == expected


@pytest.mark.parametrize("way", ["addresses", "threads"])
@pytest.mark.parametrize("bits", [64, 128])
def test_sanitizers_find_nothing_where_limits_end_a_search(way: str, bits: int) -> None:
    maze = Maze(bits, size=30_011, flags=CONSTRAINT)
    program, plain = executable("maze", maze.defines, way), executable("maze", maze.defines)
    for limit in ({"states": 6000}, {"memory": 100_000}, {"levels": 12}):
        assert told(program, 4, slots=4, ones=1, **limit) == told(plain, 1, slots=4, ones=1, **limit)


@pytest.mark.parametrize("bits", [40, 128])
@pytest.mark.parametrize("workers", [1, 3])
def test_whatever_allocation_fails_a_search_ends_cleanly(bits: int, workers: int) -> None:
    """Every search before the last one lacked one allocation: it says so, or (after the search) cannot tell its levels."""
    program = executable("maze", Maze(bits, size=9001, flags=CONSTRAINT | STEP).defines, "addresses")
    *failed, last = [tuple(map(int, line[1:])) for line in lines_of(program, workers, 0, 4, 0, 0, 0, 1, 1)]
    assert last[:2] == (DONE, 1)
    assert len(failed) > 60 and all(code == OUT_OF_MEMORY or not everything_told for code, everything_told, _ in failed)
    assert {code for code, _, _ in failed} == {OUT_OF_MEMORY, DONE}
    assert not any(found & ~last[2] for *_, found in failed), "what is found without memory is there"
