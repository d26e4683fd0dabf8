"""The graph of a native search, and hunts for lassos in it, as Python calls them. Knows the ABI of `runtime/liveness.h`, and nothing of models.

In: a search that is over, and tables that say what belongs together. Out: states by number, as the Python engine numbers them, their steps, and lassos.
"""

import ctypes
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from ctypes import POINTER, Structure, byref, c_int, c_int64, c_uint32, c_uint64, c_void_p
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, TypeVar

from speccheck.engines.machine import Lasso, Unfinished
from speccheck.engines.native.library import Code, NativeSearch
from speccheck.temporal.assumptions import FairMasks
from speccheck.temporal.automaton import Automaton, Move
from speccheck.temporal.claims import Shape
from speccheck.temporal.ltl import And, Constant, Literal, Ltl, Or

MOST_MARKS = 64  # of an automaton; a formula with more untils has an automaton that nobody could build
LOOK = 0.05  # seconds between two looks at the keyboard
T = TypeVar("T")

NO_SIGNAL = 0xFFFFFFFF

_FALSE, _TRUE, _NOT, _AND, _OR = range(0x80000000, 0x80000005)


class Steps(IntEnum):
    """Which steps are stored (`enum sc_steps_stored`)."""

    WHEN_NEEDED = 0
    AT_ONCE = 1
    UNSTORED = 2


class _Options(Structure):
    _fields_ = (
        ("signals", c_uint32), ("atoms", c_uint32), ("signals_of", c_void_p), ("predicates", c_void_p), ("enabled_atoms", c_void_p),
        ("enabled_count", c_uint32), ("step_signals", c_void_p), ("obliging", c_void_p),
        ("steps", c_uint32), ("row_cache", c_uint32), ("halted", POINTER(c_uint32)), ("memory", c_uint64),
    )  # fmt: skip


class _Fairness(Structure):
    _fields_ = (("weak", c_void_p), ("strong", c_void_p))


class _Condition(Structure):
    _fields_ = (("code", c_void_p), ("length", c_uint32))


class _Shape(Structure):
    _fields_ = (("start", _Condition), ("stay", _Condition), ("again", _Condition), ("at_once", c_uint32))


class _Move(Structure):
    _fields_ = (("target", c_uint32), ("marks", c_uint64), ("demanded", c_void_p), ("forbidden", c_void_p), ("taken", c_void_p), ("untaken", c_void_p))


class _Automaton(Structure):
    _fields_ = (("states", c_uint32), ("marks", c_uint32), ("begins", c_void_p), ("moves", POINTER(_Move)))


class _Lasso(Structure):
    _fields_ = (("prefix", POINTER(c_uint32)), ("loop", POINTER(c_uint32)), ("prefix_count", c_uint64), ("loop_count", c_uint64))


class _Size(Structure):
    _fields_ = tuple((name, c_uint64) for name in ("states", "expanded", "steps", "masks", "bytes", "stored"))


@dataclass(frozen=True)
class Tables:
    """What belongs together: the signals of each action instance, in the model's order of instances; for each predicate of the compiled letter the number of
    its atom; for each atom `enabled(...)` and `occurs(...)` its signal. `asking` are the atoms of the predicates that may ask for the step, `obliging` the
    signals of fairness: a behavior may stutter where none of them is enabled.
    """

    signal_count: int
    atom_count: int
    signals_of: Sequence[int]
    predicates: Sequence[int]
    enabled: Mapping[int, int]
    occurring: Mapping[int, int]
    asking: Sequence[int] = ()
    obliging: int = 0

    @property
    def step_signals(self) -> dict[int, int]:
        """For each atom of `asking` a signal of its own, behind the others: a step has it if the predicate holds there."""
        return {atom: self.signal_count + i for i, atom in enumerate(self.asking)}


class NativeGraph:
    """The steps of a search that is over. It reads from the search, which must stay open; close it before that.

    `memory` are the bytes that it may take (0: no limit): steps that do not fit are taken again whenever they are needed. Raises Unfinished if even the states
    do not fit. `steps`, `row_cache`: see liveness.h.
    """

    def __init__(
        self, search: NativeSearch, tables: Tables, memory: int = 0, *, steps: Steps = Steps.WHEN_NEEDED, row_cache: int = 0, no_room: str = "out of memory"
    ) -> None:
        self.search, self.tables, self._runtime, self._no_room = search, tables, _declared(search.runtime), no_room
        signals = tables.signal_count + len(tables.asking)
        self._signal_words, self._atom_words = _words(signals), _words(tables.atom_count)
        self._halted = c_uint32()
        self._graph: Any = None
        options = _Options(
            signals, tables.atom_count, *map(_address, (
                signals_of := _bits(tables.signals_of, self._signal_words), predicates := _numbers(tables.predicates),
                enabled := _numbers(number for pair in tables.enabled.items() for number in pair),
            )),
            len(tables.enabled), *map(_address, (
                step_signals := _numbers(tables.step_signals.get(atom, NO_SIGNAL) for atom in tables.predicates),
                obliging := _bits([tables.obliging], self._signal_words),
            )), steps, row_cache, ctypes.pointer(self._halted), memory,
        )  # fmt: skip
        code = c_int()
        self._graph = self.undisturbed(lambda: self._runtime.sc_graph_open(search.handle, byref(options), byref(code)))
        del signals_of, predicates, enabled, step_signals, obliging  # they had to live until here
        if not self._graph:
            raise self.why(Code(code.value))
        numbers = {atom: n for n, atom in enumerate(tables.predicates)}
        self.asking = frozenset(atom for atom in tables.asking if self._runtime.sc_graph_needs_step(self._graph, numbers[atom]))  # those that did ask
        self._of_steps = {**tables.occurring, **{atom: signal for atom, signal in tables.step_signals.items() if atom in self.asking}}
        self.size = _Size()
        self._runtime.sc_graph_size(self._graph, byref(self.size))
        self.enabled = _Enabled(self)
        levels, first = [], 0
        while first < self.size.states:
            levels.append(first)
            first += search.level_size(len(levels))
        self.levels = tuple(levels)  # the first state of each level

    def close(self) -> None:
        """Give all memory back."""
        if self._graph:
            self._runtime.sc_graph_close(self._graph)
            self._graph = None

    def __del__(self) -> None:
        self.close()

    def __len__(self) -> int:
        return int(self.size.states)

    @property
    def runtime(self) -> Any:
        """The library that hunts."""
        return self._runtime

    @property
    def handle(self) -> int:
        """The graph, as the runtime knows it."""
        assert self._graph, "the graph is closed"
        return int(self._graph)

    @property
    def expanded(self) -> int:
        """How many states have steps, enabledness and letters: those of lower numbers."""
        return int(self.size.expanded)

    @property
    def stored(self) -> bool:
        """Whether there is room to store steps; else they are taken again whenever they are needed."""
        self._runtime.sc_graph_size(self._graph, byref(self.size))
        return bool(self.size.stored)

    # ---------------------------------------------------------------- questions

    def state(self, number: int) -> int:
        """Return a state, as bits."""
        assert 0 <= number < len(self)
        buffer = (c_uint64 * self.search.words)()
        self._runtime.sc_graph_state(self._graph, number, buffer)
        return _joined(buffer)

    def number_of(self, state: int) -> int:
        """Return the number of a state; -1: it was not reached."""
        return int(self._runtime.sc_graph_number(self._graph, _bits([state], self.search.words)))

    def steps(self, source: int) -> Iterator[tuple[int, int]]:
        """Yield (target, signals) for each changing step to a kept state, in the order of targets."""
        room = 64
        while True:
            targets, signals = (c_uint32 * room)(), (c_uint64 * (room * self._signal_words))()
            count = self._runtime.sc_graph_steps(self._graph, source, targets, signals, room)
            if count < 0:
                raise self.why(Code.OUT_OF_MEMORY)
            if count <= room:
                break
            room = count
        for i in range(count):
            yield targets[i], _joined(signals[i * self._signal_words : (i + 1) * self._signal_words]) & (1 << self.tables.signal_count) - 1

    def letter(self, number: int) -> int:
        """Return the bit set of the atoms that hold in an expanded state; those of steps are not among them."""
        buffer = (c_uint64 * self._atom_words)()
        self._runtime.sc_graph_letter(self._graph, number, buffer)
        return _joined(buffer)

    def raised(self) -> dict[int, int]:
        """Return for each atom that raised the number of the first state where it did, or at a step out of it."""
        found = {atom: int(self._runtime.sc_graph_raised(self._graph, n)) for n, atom in enumerate(self.tables.predicates)}
        return {atom: number for atom, number in found.items() if number >= 0}

    def somewhere(self, condition: Ltl) -> int:
        """Return the least expanded state that satisfies a condition without temporal operators; -1: none does."""
        code = _code(condition)
        return int(self._runtime.sc_graph_somewhere(self._graph, byref(_Condition(_address(code), len(code)))))

    # ---------------------------------------------------------------- hunts

    def violating_lasso(self, counterexample: Shape | Automaton, fairness: FairMasks) -> Lasso | None:
        """Return the least lasso that is a counterexample, or None. Raises Unfinished."""
        found = _Lasso()
        with self.fair(fairness) as fair:
            match counterexample:
                case Shape():
                    codes = [_code(part) for part in (counterexample.start, counterexample.stay, counterexample.again)]
                    shape = _Shape(*(_Condition(_address(code), len(code)) for code in codes), counterexample.at_once)
                    code = self.undisturbed(lambda: self._runtime.sc_hunt_shape(self._graph, fair, byref(shape), byref(found)))
                case Automaton():
                    automaton, kept = self._automaton(counterexample)
                    code = self.undisturbed(lambda: self._runtime.sc_hunt_automaton(self._graph, fair, byref(automaton), byref(found)))
                    del kept
        return self._lasso(code, found)

    def refined_lasso(self, counterexample: Automaton, fairness: FairMasks, refined: Structure) -> Lasso | None:
        """Return the least lasso whose mapped behavior an automaton accepts, or None; `refined` is a `struct sc_refined`. Raises Unfinished."""
        found = _Lasso()
        with self.fair(fairness) as fair:
            automaton, kept = self._automaton(counterexample, refined=True)
            code = self.undisturbed(lambda: self._runtime.sc_hunt_refined(self._graph, fair, byref(automaton), byref(refined), byref(found)))
            del kept
        return self._lasso(code, found)

    @contextmanager
    def fair(self, fairness: FairMasks) -> Iterator[Any]:
        """Give fairness as the runtime knows it."""
        weak, strong = (_bits([one], self._signal_words) for one in (fairness.weak, fairness.strong))
        yield byref(_Fairness(_address(weak), _address(strong)))

    def _lasso(self, code: int, found: _Lasso) -> Lasso | None:
        match Code(code):
            case Code.MORE:
                return Lasso(tuple(found.prefix[: found.prefix_count]), tuple(found.loop[: found.loop_count]))
            case Code.DONE:
                return None
            case other:
                raise self.why(other)

    def why(self, code: Code) -> BaseException:
        """Return why there is no answer: what CPython raised when it was asked comes first."""
        if self.search.raised is not None:
            return self.search.raised
        return Unfinished(self._no_room if code is Code.MEMORY_LIMIT else _reason(code))

    def _automaton(self, automaton: Automaton, refined: bool = False) -> tuple[_Automaton, list[Any]]:
        """Return an automaton as the runtime knows it, and what must live as long. In a refinement its atoms are not those of the graph."""
        assert automaton.marks <= MOST_MARKS, "such a formula is refused before"
        kept: list[Any] = []

        def sets(state_bits: int, step_bits: int) -> Iterator[int]:
            for bits, words in ((state_bits, self._atom_words), (step_bits, self._signal_words)):
                kept.append(_bits([bits], words))
                yield _address(kept[-1])

        def moved(move: Move) -> _Move:
            if refined:
                return _Move(move.target, move.marks)
            (demanded, taken), (forbidden, untaken) = (sets(*self._parted(literals)) for literals in (move.demanded, move.forbidden))
            return _Move(move.target, move.marks, demanded, forbidden, taken, untaken)

        moves = [moved(move) for row in automaton.moves for move in row]
        kept += [
            begins := _numbers([0, *(sum(map(len, automaton.moves[: q + 1])) for q in range(len(automaton.moves)))]),
            array := (_Move * len(moves))(*moves),
        ]
        return _Automaton(len(automaton.moves), automaton.marks, _address(begins), array), kept

    def _parted(self, atoms: int) -> tuple[int, int]:
        """Return the atoms of states, and the signals of the others, which speak of steps."""
        signals = 0
        for atom, signal in self._of_steps.items():
            if atoms >> atom & 1:
                atoms, signals = atoms & ~(1 << atom), signals | 1 << signal
        return atoms, signals

    def undisturbed(self, call: Callable[[], T]) -> T:
        """Return what a call of the runtime returns. It runs in a thread of its own, while this one looks at the keyboard.

        An event is waited for, and not the thread: CPython 3.11 takes a thread for ended if whoever joins it is interrupted.
        """
        answer: list[T] = []
        ended = threading.Event()

        def run() -> None:
            try:
                answer.append(call())
            finally:
                ended.set()

        threading.Thread(target=run, name="speccheck liveness").start()
        interrupted: KeyboardInterrupt | None = None
        while not ended.is_set():
            try:
                ended.wait(LOOK)
            except KeyboardInterrupt as interrupt:
                self._halted.value, interrupted = 1, interrupt
        self._halted.value = 0
        if interrupted is not None:
            raise interrupted
        return answer[0]


class _Enabled(Sequence[int]):
    """The bit sets of the signals that are enabled in expanded states."""

    def __init__(self, graph: NativeGraph) -> None:
        self._graph = graph

    def __len__(self) -> int:
        return self._graph.expanded

    def __getitem__(self, number: Any) -> Any:
        if not 0 <= number < len(self):
            raise IndexError(number)
        buffer = (c_uint64 * self._graph._signal_words)()
        self._graph._runtime.sc_graph_enabled(self._graph._graph, number, buffer)
        return _joined(buffer)


# -------------------------------------------------- conditions


def _code(condition: Ltl) -> Any:
    return _numbers(postfix(condition)[0])


def postfix(condition: Ltl) -> tuple[list[int], int]:
    """Return the code of a condition, and how many operands wait at most while it runs: few, as the side that needs more comes first."""
    match condition:
        case Constant(value):
            return [_TRUE if value else _FALSE], 1
        case Literal(atom, positive):
            return ([atom] if positive else [atom, _NOT]), 1
        case And(left, right) | Or(left, right):
            (first, most), (second, fewer) = sorted((postfix(left), postfix(right)), key=lambda one: -one[1])
            return [*first, *second, _AND if isinstance(condition, And) else _OR], max(most, fewer + 1)
    raise AssertionError(condition)


# -------------------------------------------------- the ABI


def _declared(runtime: Any) -> Any:
    """Return the runtime, having said of its functions what they take and return."""
    words, numbers = POINTER(c_uint64), POINTER(c_uint32)
    runtime.sc_graph_open.argtypes, runtime.sc_graph_open.restype = (c_void_p, POINTER(_Options), POINTER(c_int)), c_void_p
    runtime.sc_graph_close.argtypes = (c_void_p,)
    runtime.sc_graph_size.argtypes = (c_void_p, POINTER(_Size))
    runtime.sc_graph_state.argtypes = (c_void_p, c_uint64, words)
    runtime.sc_graph_number.argtypes, runtime.sc_graph_number.restype = (c_void_p, words), c_int64
    runtime.sc_graph_steps.argtypes, runtime.sc_graph_steps.restype = (c_void_p, c_uint64, numbers, words, c_uint64), c_int64
    runtime.sc_graph_enabled.argtypes = (c_void_p, c_uint64, words)
    runtime.sc_graph_letter.argtypes = (c_void_p, c_uint64, words)
    runtime.sc_graph_raised.argtypes, runtime.sc_graph_raised.restype = (c_void_p, c_uint32), c_int64
    runtime.sc_graph_needs_step.argtypes = (c_void_p, c_uint32)
    runtime.sc_graph_somewhere.argtypes, runtime.sc_graph_somewhere.restype = (c_void_p, POINTER(_Condition)), c_int64
    runtime.sc_hunt_shape.argtypes = (c_void_p, POINTER(_Fairness), POINTER(_Shape), POINTER(_Lasso))
    runtime.sc_hunt_automaton.argtypes = (c_void_p, POINTER(_Fairness), POINTER(_Automaton), POINTER(_Lasso))
    runtime.sc_hunt_refined.argtypes = (c_void_p, POINTER(_Fairness), POINTER(_Automaton), c_void_p, POINTER(_Lasso))
    return runtime


def _reason(code: Code) -> str:
    """Return in words why there is no answer."""
    match code:
        case Code.OUT_OF_MEMORY:
            return "out of memory"
        case Code.FULL_INDEX:
            return "more states than the native engine can number"
    return "interrupted"


def _words(count: int) -> int:
    return max(1, (count + 63) // 64)


def _numbers(numbers: Iterable[int]) -> Any:
    given = list(numbers)
    return (c_uint32 * len(given))(*given)


def _bits(sets: Iterable[int], words: int) -> Any:
    """Return bit sets as words, one after the other, and a word."""
    given = [one >> (64 * word) & 0xFFFFFFFFFFFFFFFF for one in sets for word in range(words)]
    return (c_uint64 * (len(given) + 1))(*given)


def _joined(words: Iterable[int]) -> int:
    return sum(int(word) << (64 * i) for i, word in enumerate(words))


def _address(array: Any) -> int:
    return ctypes.addressof(array)
