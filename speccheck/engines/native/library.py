"""The runtime and a compiled model, as Python calls them. The only file that knows the ABI of `runtime/search.h`; `graph.py` knows that of liveness.

A Python state is an int here: the bits of the state (`domains/layout.py`).
"""

import ctypes
from collections.abc import Callable, Iterator, Sequence
from ctypes import POINTER, Structure, byref, c_int, c_uint32, c_uint64, c_void_p
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from speccheck.engines.native.cache import users_libraries
from speccheck.engines.native.toolchain import Toolchain, model_code, runtime_code

Answer = Callable[[Any, int, int, int, int | None], int]  # (steps, question, which, s, t) -> the answer


class Code(IntEnum):
    """What a search answers (`enum sc_code`)."""

    MORE = 0
    DONE = 1
    STOPPED = 2
    STATE_LIMIT = 3
    MEMORY_LIMIT = 4
    OUT_OF_MEMORY = 5
    FULL_INDEX = 6
    UNANSWERED = 7


class Question(IntEnum):
    """What compiled rules ask (`enum sc_question`)."""

    STEPS = 0
    PROPERTY = 1
    KEPT = 2
    ATOM = 3


class _Options(Structure):
    _fields_ = (
        ("workers", c_uint32), ("ring", c_uint32), ("huge_pages", c_uint32), ("first_slots_log2", c_uint32), ("memory", c_uint64), ("states", c_uint64),
    )  # fmt: skip


class _Progress(Structure):
    _fields_ = tuple((name, c_uint64) for name in ("level", "generated", "distinct", "expanded", "queue", "dropped", "log_bytes", "table_bytes"))


_ANSWER = ctypes.CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_uint32, POINTER(c_uint64), POINTER(c_uint64))


@dataclass(frozen=True)
class Tuning:
    """What can be switched off, or made small to be tested; zero is the default."""

    ring: int = 0
    huge_pages: int = 0
    first_slots_log2: int = 0
    optimisation: int = 1  # of generated code
    without: frozenset[str] = frozenset()  # passes of the compiler


def load_runtime(toolchain: Toolchain) -> ctypes.CDLL:
    """Return the runtime, compiled if need be."""
    return declared(users_libraries().load(runtime_code(), toolchain))


def declared(library: ctypes.CDLL) -> ctypes.CDLL:
    """Return a library of the runtime, having said of its functions what they take and return."""
    library.sc_open.restype = c_void_p
    library.sc_open.argtypes = (c_void_p, POINTER(_Options))
    library.sc_close.argtypes = (c_void_p,)
    library.sc_on_question.argtypes = (c_void_p, _ANSWER, c_void_p)
    library.sc_push.argtypes = (c_void_p, POINTER(c_uint64), c_uint32)
    library.sc_taken.argtypes = (c_void_p, c_uint32, c_int)
    library.sc_find.argtypes = (c_void_p, c_uint32)
    library.sc_erred.argtypes = (c_void_p, c_uint32)
    library.sc_seed.argtypes = (c_void_p, POINTER(c_uint64), c_uint64)
    library.sc_level.argtypes = (c_void_p, c_int)
    library.sc_stop.argtypes = (c_void_p,)
    library.sc_progress.argtypes = (c_void_p, POINTER(_Progress))
    library.sc_counts.argtypes = (c_void_p, POINTER(c_uint64), POINTER(c_uint64), POINTER(c_uint64))
    library.sc_found.argtypes = (c_void_p, c_uint32, POINTER(c_uint64), POINTER(c_uint64))
    library.sc_level_size.argtypes = (c_void_p, c_uint64)
    library.sc_level_size.restype = c_uint64
    library.sc_level_states.argtypes = (c_void_p, c_uint64, POINTER(c_uint64))
    library.sc_before.argtypes = (c_void_p, c_uint64, POINTER(c_uint64), POINTER(c_uint64))
    return library


def load_model(
    name: str, text: str, toolchain: Toolchain, optimisation: int, runtime: ctypes.CDLL | None = None, abstract: Sequence[ctypes.CDLL] = ()
) -> ctypes.CDLL:
    """Return a compiled model, compiled if need be; `abstract` are the compiled specs that it refines."""
    library = users_libraries().load(model_code(name, [text], optimisation=optimisation, options=("-fno-builtin",)), toolchain)
    if runtime is not None and abstract:
        places = (c_void_p * len(abstract)).in_dll(library, "speccheck_abstract")
        for number, one in enumerate(abstract):
            places[number] = ctypes.addressof(c_uint64.in_dll(one, "speccheck_model"))
        c_void_p.in_dll(library, "speccheck_allows").value = ctypes.cast(runtime.sc_allows, c_void_p).value
    return library


@dataclass(frozen=True)
class Moment:
    """The numbers of a search at some moment, as `struct sc_progress` has them."""

    level: int
    generated: int
    distinct: int
    expanded: int
    queue: int
    dropped: int
    bytes: int


class NativeSearch:
    """A search of a compiled model. Close it when it is not needed any more; nothing may be asked of it then."""

    def __init__(self, runtime: ctypes.CDLL, model: ctypes.CDLL, words: int, *, workers: int, memory: int, states: int, tuning: Tuning = Tuning()) -> None:
        self._runtime, self._model, self.words = runtime, model, words
        options = _Options(workers, tuning.ring, tuning.huge_pages, tuning.first_slots_log2, memory, states)
        address = ctypes.addressof(c_uint64.in_dll(model, "speccheck_model"))
        self._search = runtime.sc_open(address, byref(options))
        if not self._search:
            raise MemoryError("the native engine could not begin a search")
        self._answer: Any = None
        self.raised: BaseException | None = None  # what was raised first while a question was answered

    def close(self) -> None:
        """Give all memory back."""
        if self._search:
            self._runtime.sc_close(self._search)
            self._search = None

    def __del__(self) -> None:
        self.close()

    @property
    def runtime(self) -> ctypes.CDLL:
        """The library that searches."""
        return self._runtime

    @property
    def handle(self) -> int:
        """The search, as the runtime knows it."""
        assert self._search, "the search is closed"
        return int(self._search)

    # ---------------------------------------------------------------- the search

    def on_question(self, answer: Answer) -> None:
        """Say who answers the questions of compiled rules."""

        def asked(_: Any, steps: Any, question: int, which: int, s: Any, t: Any) -> int:
            try:
                return answer(steps, question, which, self._number(s), self._number(t) if t else None)
            except BaseException as raised:  # it cannot pass through the runtime, which ends what it does
                self.raised = self.raised or raised
                return -1

        self._answer = _ANSWER(asked)
        self._runtime.sc_on_question(self._search, self._answer, None)

    def push(self, steps: Any, target: int, instance: int) -> bool:
        """Add a completed step, in an answer; return whether it changes the state."""
        return bool(self._runtime.sc_push(steps, self._words(target), instance))

    def taken(self, steps: Any, action: int, moved: bool) -> None:
        """Count a completed step of an action, in an answer."""
        self._runtime.sc_taken(steps, action, moved)

    def find(self, steps: Any, number: int) -> None:
        """Mark a find, in an answer."""
        self._runtime.sc_find(steps, number)

    def erred(self, steps: Any, instance: int) -> None:
        """Mark an action instance that erred, in an answer."""
        self._runtime.sc_erred(steps, instance)

    def seed(self, states: Sequence[int]) -> Code:
        """Add initial states."""
        buffer = (c_uint64 * (len(states) * self.words + 1))()
        for i, state in enumerate(states):
            for word in range(self.words):
                buffer[i * self.words + word] = state >> (64 * word) & 0xFFFFFFFFFFFFFFFF
        return Code(self._runtime.sc_seed(self._search, buffer, len(states)))

    def level(self, last: bool = False) -> Code:
        """Visit and expand the next level. Other Python threads run meanwhile."""
        return Code(self._runtime.sc_level(self._search, last))

    def stop(self) -> None:
        """End soon."""
        self._runtime.sc_stop(self._search)

    def moment(self) -> Moment:
        """Return the numbers of this moment."""
        progress = _Progress()
        self._runtime.sc_progress(self._search, byref(progress))
        return Moment(
            progress.level, progress.generated, progress.distinct, progress.expanded, progress.queue, progress.dropped,
            progress.log_bytes + progress.table_bytes,
        )  # fmt: skip

    def counts(self, actions: int, variables: int) -> tuple[list[int], list[bool], int]:
        """Return for each action its completed steps and whether one changed the state, and the bit set of the variables that some step changed."""
        taken, moved, changed = (c_uint64 * actions)(), (c_uint64 * actions)(), (c_uint64 * (variables // 64 + 1))()
        self._runtime.sc_counts(self._search, taken, moved, changed)
        return list(taken), [bool(one) for one in moved], sum(word << (64 * i) for i, word in enumerate(changed))

    # ---------------------------------------------------------------- what was found

    def found(self, find: int) -> tuple[int, int] | None:
        """Return the least state with a find, and its level; None if there is none."""
        state, level = self._buffer(), c_uint64()
        if not self._runtime.sc_found(self._search, find, state, byref(level)):
            return None
        return self._number(state), level.value

    def level_size(self, level: int) -> int:
        """Return how many states a level has."""
        return int(self._runtime.sc_level_size(self._search, level))

    def level_states(self, level: int) -> Iterator[int]:
        """Return the states of a level in domain order."""
        count = self.level_size(level)
        buffer = (c_uint64 * (count * self.words + 1))()
        if Code(self._runtime.sc_level_states(self._search, level, buffer)) is not Code.MORE:
            raise MemoryError("no room to read a level")
        if self.words == 1:
            return iter(buffer[:count])
        return (sum(buffer[i * self.words + word] << (64 * word) for word in range(self.words)) for i in range(count))

    def before(self, level: int, target: int) -> int | None:
        """Return the least state of a level with a step to the target."""
        state = self._buffer()
        found = self._runtime.sc_before(self._search, level, self._words(target), state)
        if found < 0:
            raise MemoryError("no room to walk back")
        return self._number(state) if found else None

    def _buffer(self) -> Any:
        return (c_uint64 * (self.words + 1))()

    def _words(self, state: int) -> Any:
        buffer = self._buffer()
        for word in range(self.words):
            buffer[word] = state >> (64 * word) & 0xFFFFFFFFFFFFFFFF
        return buffer

    def _number(self, words: Any) -> int:
        return sum(int(words[word]) << (64 * word) for word in range(self.words))
