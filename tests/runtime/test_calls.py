"""The runtime as Python calls it: stopping from another thread, progress, and questions that Python answers."""

import ctypes as c
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.runtime.building import DONE, MORE, STOPPED, UNANSWERED, library
from tests.runtime.maze import Maze

ANSWER = c.CFUNCTYPE(c.c_int, c.c_void_p, c.c_void_p, c.c_int, c.c_uint32, c.POINTER(c.c_uint64), c.POINTER(c.c_uint64))
NO_ANSWER = c.cast(None, ANSWER)


class Limits(c.Structure):
    _fields_ = [
        ("workers", c.c_uint32),
        ("ring", c.c_uint32),
        ("huge_pages", c.c_uint32),
        ("first_slots_log2", c.c_uint32),
        ("memory", c.c_uint64),
        ("states", c.c_uint64),
    ]


class Progress(c.Structure):
    _fields_ = [(name, c.c_uint64) for name in ("level", "generated", "distinct", "expanded", "queue", "dropped", "log_bytes", "table_bytes")]


class Search:
    """A search, by the functions of search.h."""

    def __init__(self, file: Path, workers: int) -> None:
        self.lib = c.CDLL(str(file))
        self.lib.sc_open.restype = c.c_void_p
        self.lib.sc_level_size.restype = c.c_uint64
        self.model = c.c_void_p.in_dll(self.lib, "speccheck_model")
        self.handle = c.c_void_p(self.lib.sc_open(c.byref(self.model), c.byref(Limits(workers=workers))))
        assert self.handle

    def seed(self, first: int) -> int:
        return self.lib.sc_seed(self.handle, (c.c_uint64 * 2)(first, 0), c.c_uint64(1))

    def level(self) -> int:
        return self.lib.sc_level(self.handle, 0)

    def rest(self) -> int:
        code = MORE
        while code == MORE:
            code = self.level()
        return code

    def progress(self) -> Progress:
        progress = Progress()
        self.lib.sc_progress(self.handle, c.byref(progress))
        return progress

    def states(self, level: int) -> list[int]:
        size = self.lib.sc_level_size(self.handle, c.c_uint64(level))
        states = (c.c_uint64 * (size + 1))()
        assert self.lib.sc_level_states(self.handle, c.c_uint64(level), states) == MORE
        return list(states[:size])

    def before(self, level: int, state: int) -> int | None:
        out = (c.c_uint64 * 2)()
        found = self.lib.sc_before(self.handle, c.c_uint64(level), (c.c_uint64 * 2)(state, 0), out)
        assert found in (0, 1)
        return out[0] if found else None


@contextmanager
def search(model: str, *defines: str, workers: int = 2) -> Iterator[Search]:
    one = Search(library(model, defines), workers)
    try:
        yield one
    finally:
        one.lib.sc_close(one.handle)


@pytest.mark.parametrize("workers", [1, 4])
@pytest.mark.parametrize("seconds", [0.05, 0.2, 0.5])
def test_a_search_that_another_thread_stops_ends_soon_and_its_levels_lead_back(workers: int, seconds: float) -> None:
    stopped_at = []
    with search("counters", "N=8", workers=workers) as one:
        stopper = threading.Timer(seconds, lambda: (stopped_at.append(time.monotonic()), one.lib.sc_stop(one.handle)))
        stopper.start()
        assert one.seed(0) == MORE
        assert one.rest() == STOPPED
        assert time.monotonic() - stopped_at[0] < 1, "it was to end within about 50 ms, and machines may be very busy"
        assert one.level() == STOPPED, "it stays so"
        last = one.progress()
        sizes = [one.lib.sc_level_size(one.handle, c.c_uint64(level)) for level in range(1, last.level + 2)]
        assert sum(sizes) == last.distinct < 10**8 and last.expanded < last.distinct
        assert last.generated == 8 * last.expanded + 1
        unfinished = one.states(last.level + 1)
        assert unfinished == sorted(set(unfinished)), "no state is there twice"
        level, state = 6, one.states(6)[-1]
        while level > 1:
            level, state = level - 1, one.before(level - 1, state)
        assert state == 0


def test_a_search_that_is_stopped_before_it_begins_does_nothing() -> None:
    with search("two_phase", "N=3") as one:
        one.seed(0)
        one.lib.sc_stop(one.handle)
        assert one.level() == STOPPED and one.progress().expanded == 0


def test_progress_grows_while_a_level_is_looked_at() -> None:
    with search("counters", "N=7") as one:
        one.seed(0)
        runner = threading.Thread(target=one.rest)
        runner.start()
        seen = [one.progress()]
        while runner.is_alive():
            seen.append(one.progress())
            time.sleep(0.005)
        runner.join()
        last = one.progress()
        assert (last.distinct, last.expanded, last.generated, last.level) == (10**7, 10**7, 7 * 10**7 + 1, 64)
        for name in ("level", "generated", "expanded"):
            values = [getattr(progress, name) for progress in seen]
            assert values == sorted(values), name
        assert len({progress.generated for progress in seen}) > len({progress.level for progress in seen}) > 3, "more numbers than levels"


@pytest.mark.parametrize("workers", [1, 4])
def test_steps_that_python_takes_are_steps_like_others(workers: int) -> None:
    maze = Maze(64, size=30_011)
    expected = maze.search()
    full = 2**64 - 1
    answering, overlaps = threading.Lock(), []

    with search("maze", *maze.defines, "ASKS=50", workers=workers) as one:

        def answer(owner: int, steps: int, question: int, which: int, s: object, t: object) -> int:
            if not answering.acquire(blocking=False):
                overlaps.append(which)
            x = ~s[0] & full
            assert (question, which) == (0, x % 1000)
            for action, y in maze.steps(x):
                moved = one.lib.sc_push(c.c_void_p(steps), (c.c_uint64 * 2)(~y & full, 0), action)
                assert moved == (x != y)
                one.lib.sc_taken(c.c_void_p(steps), action, moved)
            if x % 17 == 4:
                one.lib.sc_find(c.c_void_p(steps), 2)
            answering.release()
            return 0

        callback = ANSWER(answer)
        one.lib.sc_on_question(one.handle, callback, None)
        assert one.seed(full) == MORE and one.rest() == DONE
        assert not overlaps
        last, taken, moved = one.progress(), (c.c_uint64 * 4)(), (c.c_uint64 * 4)()
        one.lib.sc_counts(one.handle, taken, moved, None)
        assert (last.distinct, last.generated + 1, last.level) == (expected.distinct, expected.generated, expected.level)
        assert (tuple(taken), tuple(moved)) == (expected.taken, expected.moved)
        assert [f"{state:x}" for state in one.states(12)] == list(expected.levels[11])
        level, way = expected.finds[2]
        assert level == 1 or f"{one.before(level - 1, int(way[0], 16)):x}" == way[1]


@pytest.mark.parametrize("answer", [ANSWER(lambda *question: -1), NO_ANSWER])
def test_a_question_without_an_answer_ends_the_search(answer: c._CFuncPtr) -> None:
    with search("maze", "ASKS=50") as one:
        one.lib.sc_on_question(one.handle, answer, None)
        assert one.seed(2**64 - 1) == MORE and one.rest() == UNANSWERED


def test_a_model_of_another_abi_is_not_opened() -> None:
    lib = c.CDLL(str(library("two_phase", ("N=3",))))
    lib.sc_open.restype = c.c_void_p
    assert lib.sc_open((c.c_uint32 * 64)(99), None) is None
