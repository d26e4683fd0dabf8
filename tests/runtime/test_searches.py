"""Searches of small models: what the runtime tells is what a search written in Python tells."""

import itertools

import pytest

from tests.runtime.building import DONE, FULL_INDEX, MEMORY_LIMIT, STATE_LIMIT, executable, told
from tests.runtime.maze import CANONICAL, CONSTRAINT, STEP, Maze

WIDTHS = [32, 33, 40, 64, 65, 128, 192, 250, 400]  # slots of 4 and 8 bytes; 2, 3, 4 and more words; full words and others
FLAGS = [0, CONSTRAINT, STEP, CANONICAL, CONSTRAINT | STEP | CANONICAL]


@pytest.mark.parametrize(("managers", "distinct", "generated", "depth"), [(3, 288, 1146, 11), (6, 50816, 402306, 20)])
@pytest.mark.parametrize("workers", [1, 2, 4])
def test_two_phase_commit_has_its_published_counts(managers: int, distinct: int, generated: int, depth: int, workers: int) -> None:
    result = told(executable("two_phase", (f"N={managers}",)), workers)
    assert (result.code, result.distinct, result.generated - 1, result.level) == (DONE, distinct, generated, depth)
    assert result.queue == 0 and result.expanded == distinct and result.changed == 15


@pytest.mark.parametrize("words", [2, 3, 4, 5, 16])
def test_two_phase_commit_has_its_published_counts_in_wide_states(words: int) -> None:
    result = told(executable("wide", ("N=6", f"WIDTH={words}")), workers=2)
    assert (result.distinct, result.generated - 1, result.level) == (50816, 402306, 20)


@pytest.mark.parametrize("shift", [0, 36])
def test_counters_have_as_many_states_as_they_have_values(shift: int) -> None:
    result = told(executable("counters", ("N=4", f"SHIFT={shift}")), workers=2)
    assert (result.distinct, result.generated, result.level, result.changed) == (10**4, 2 + 4 * 10**4, 37, 15)


@pytest.mark.parametrize("bits", WIDTHS)
@pytest.mark.parametrize("flags", FLAGS)
def test_a_search_tells_what_the_definition_tells(bits: int, flags: int) -> None:
    expected = Maze(bits, flags=flags).search()
    program = executable("maze", Maze(bits, flags=flags).defines)
    for workers, ring, slots in ((1, 32, 4), (2, 32, 0), (4, 1, 4)):
        assert told(program, workers, ring, slots, ones=1) == expected, (workers, ring, slots)


@pytest.mark.parametrize("bits", [32, 64, 128])
def test_many_workers_on_large_levels_tell_what_the_definition_tells(bits: int) -> None:
    maze = Maze(bits, size=60_007, flags=CONSTRAINT | STEP)
    expected = maze.search()
    assert max(map(len, expected.levels)) > 4000, "no level is worth waking the others"
    for workers, ring, slots in itertools.product((2, 4), (1, 32), (4, 16)):
        assert told(executable("maze", maze.defines), workers, ring, slots, ones=1) == expected, (workers, ring, slots)


@pytest.mark.parametrize("flags", FLAGS)
@pytest.mark.parametrize("levels", [1, 7])
def test_the_last_level_is_looked_at_and_not_expanded(flags: int, levels: int) -> None:
    maze = Maze(flags=flags)
    result = told(executable("maze", maze.defines), workers=2, levels=levels, ones=1)
    assert result == maze.search(levels=levels)
    assert result.queue == len(result.levels[-1]) and result.level == levels


@pytest.mark.parametrize("flags", [0, CONSTRAINT | STEP | CANONICAL])
@pytest.mark.parametrize("bits", [64, 128])
def test_a_limit_of_states_ends_the_search_after_the_same_level_with_the_same_finds(bits: int, flags: int) -> None:
    program = executable("maze", Maze(bits, flags=flags).defines)
    for states in (1, 7, 50, 500, 1000):
        expected = Maze(bits, flags=flags).search(states)
        assert expected.code == STATE_LIMIT
        for workers, slots in ((1, 16), (2, 4), (4, 4)):
            assert told(program, workers, slots=slots, states=states, ones=1) == expected, (states, workers)


def test_a_limit_that_is_met_exactly_is_not_exceeded() -> None:
    maze = Maze()
    expected = maze.search()
    assert told(executable("maze", maze.defines), 2, states=expected.distinct, ones=1) == expected


@pytest.mark.parametrize("bits", [32, 64, 256])
def test_a_limit_of_memory_ends_the_search_after_the_same_level_with_any_number_of_workers(bits: int) -> None:
    maze = Maze(bits, size=60_007, flags=CONSTRAINT)
    program = executable("maze", maze.defines)
    whole, levels = told(program, ones=1), set()
    for memory in (20_000, 100_000, 400_000):
        first, *others = [told(program, workers, slots=4, memory=memory, ones=1) for workers in (1, 2, 4)]
        assert first.code == MEMORY_LIMIT and all(other == first for other in others)
        assert first.levels == whole.levels[: first.level] and first.distinct == sum(map(len, first.levels))
        levels.add(first.level)
    assert len(levels) > 1, "the limits are all the same"


@pytest.mark.parametrize("bits", [32, 64, 128])
def test_more_states_than_the_log_can_number_end_the_search_after_a_whole_level(bits: int) -> None:
    maze = Maze(bits, size=60_007)
    whole, few = told(executable("maze", maze.defines), ones=1), executable("maze", maze.defines, "few")
    for workers in (1, 4):
        cut = told(few, workers, ones=1)
        assert cut.code == FULL_INDEX and 100 < cut.distinct <= 3000
        assert cut.levels == whole.levels[: cut.level] and cut.distinct == cut.expanded == sum(map(len, cut.levels))


def test_finds_are_numbered_beyond_a_word() -> None:
    assert max(told(executable("maze", Maze().defines), ones=1).finds) >= 50 and Maze().search().finds.keys() >= {20, 50}


def test_an_initial_state_that_is_given_twice_is_generated_twice() -> None:
    assert told(executable("two_phase", ("N=3",))).generated == 1147
