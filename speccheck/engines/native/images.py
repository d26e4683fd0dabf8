"""What the states of a native graph map to in a refinement, and hunts for lassos whose mapped behavior violates what the abstract spec demands.

Mapping, numbering and hunting are native. What an abstract state or a pair of them says, its letter, the Python engine is asked for, once for each.
"""

import ctypes
from collections.abc import Callable, Iterator, Mapping, Sequence
from ctypes import POINTER, Structure, byref, c_int, c_uint32, c_uint64, c_void_p
from functools import cached_property
from typing import Any

from speccheck.engines.machine import Lasso
from speccheck.engines.native.graph import MOST_MARKS, NativeGraph
from speccheck.engines.native.library import Code
from speccheck.space.space import Packed
from speccheck.temporal.assumptions import FairMasks
from speccheck.temporal.automaton import Automaton, Move

MOST_ABSTRACT_MARKS = MOST_MARKS - 1  # one more says that the mapping sees a step


class _Refined(Structure):
    _fields_ = (("mapped", c_void_p), ("letters", c_void_p), ("reads", c_void_p), ("letter_words", c_uint32), ("ends", c_void_p))


class _Size(Structure):
    _fields_ = (("states", c_uint64), ("pairs", c_uint64))


class NativeImages:
    """What the expanded states of a graph map to: see Images of the Python engine. Close it before the graph.

    `which` is the number of the mapping in the compiled model, `words` are those of an abstract state, which `packed` makes of its bits; `mapped` gives
    those of what a state, by its number, maps to, where compiled rules cannot.
    """

    def __init__(self, graph: NativeGraph, which: int, words: int, fairness: FairMasks, packed: Callable[[int], Packed], mapped: Callable[[int], int]) -> None:
        self.graph, self.fairness, self.words = graph, fairness, words
        self._runtime, self._mapped = _declared(graph.runtime), None
        code = c_int()
        self._mapped = self._runtime.sc_mapped_open(graph.handle, which, words, byref(code))
        if not self._mapped:
            raise graph.why(Code(code.value))
        try:
            self._map(mapped)
            with graph.fair(fairness) as fair:
                self._done(graph.undisturbed(lambda: self._runtime.sc_mapped_pair(self._mapped, fair)))
        except BaseException:
            self.close()
            raise
        self.size = _Size()
        self._runtime.sc_mapped_size(self._mapped, byref(self.size))
        self.number_of: Sequence[int] = self._runtime.sc_mapped_numbers(self._mapped)
        self.states: list[Packed] = []
        self.origins: list[int] = []
        for number in range(self.size.states):
            bits, origin = self._state(number)
            self.states.append(packed(bits))
            self.origins.append(origin)

    def close(self) -> None:
        """Give all memory back."""
        if self._mapped:
            self._runtime.sc_mapped_close(self._mapped)
            self._mapped = None

    def _map(self, mapped: Callable[[int], int]) -> None:
        state = c_uint64()
        while (code := Code(self.graph.undisturbed(lambda: self._runtime.sc_mapped_map(self._mapped, byref(state))))) is Code.UNANSWERED:
            bits = mapped(state.value)
            words = (c_uint64 * (self.words + 1))(*(bits >> (64 * i) & 0xFFFFFFFFFFFFFFFF for i in range(self.words)))
            self._done(self._runtime.sc_mapped_tell(self._mapped, state, words))
        self._done(code)

    def _done(self, code: int) -> None:
        if Code(code) is not Code.MORE:
            raise self.graph.why(Code(code))

    def _state(self, number: int) -> tuple[int, int]:
        words = (c_uint64 * (self.words + 1))()
        origin = int(self._runtime.sc_mapped_state(self._mapped, number, words))
        return sum(words[i] << (64 * i) for i in range(self.words)), origin

    @cached_property
    def _pairs(self) -> list[tuple[int, int]]:
        pairs, pair = [], (c_uint32 * 2)()
        for number in range(self.size.pairs):
            self._runtime.sc_mapped_pair_of(self._mapped, number, pair)
            pairs.append((pair[0], pair[1]))
        return pairs

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Yield the pairs of abstract states that steps and stuttering are between, in the order in which they are first met."""
        yield from self._pairs

    def violating(self, automaton: Automaton, mapped: Any) -> Lasso | None:
        """Return the least lasso whose mapped behavior an automaton accepts, or None; `mapped` gives the letters. Raises Unfinished."""
        assert automaton.marks <= MOST_ABSTRACT_MARKS, "such a formula is refused before"
        moves = [move for row in automaton.moves for move in row]
        named = 0  # atoms that do not matter make no more letters
        for move in moves:
            named |= move.demanded | move.forbidden
        numbers: dict[int, int] = {}
        letters = (c_uint32 * (len(self._pairs) + 1))()
        for i, (source, target) in enumerate(self._pairs):
            if source != target:  # such a step is not read
                letters[i] = numbers.setdefault((mapped.letter(source) | mapped.step_letter(source, target)) & named, len(numbers))
        words = max(1, (len(numbers) + 63) // 64)
        reads, ends = _reads(moves, numbers, words), self._ends(automaton, mapped, named)
        refined = _Refined(self._mapped, ctypes.addressof(letters), ctypes.addressof(reads), words, ctypes.addressof(ends))
        return self.graph.refined_lasso(automaton, self.fairness, refined)

    def _ends(self, automaton: Automaton, mapped: Any, named: int) -> Any:
        """Return as bits whether the automaton accepts, from each of its states, that an abstract state lasts for ever."""
        width, known = len(automaton.moves), dict[int, int]()
        ends = (ctypes.c_uint8 * (8 * (len(self.states) * width // 64 + 1)))()
        for state in range(len(self.states)):
            letter = (mapped.letter(state) | mapped.step_letter(state, state)) & named
            if letter not in known:
                known[letter] = sum(automaton.accepts_for_ever(q, letter) << q for q in range(width))
            for q in range(width) if known[letter] else ():
                at = state * width + q
                ends[at // 8] |= (known[letter] >> q & 1) << at % 8
        return ends


def _reads(moves: Sequence[Move], numbers: Mapping[int, int], words: int) -> Any:
    """Return for each move the bit set of the letters that it reads."""
    reads = (c_uint64 * (len(moves) * words + 1))()
    for i, move in enumerate(moves):
        for letter, number in numbers.items():
            if move.reads(letter):
                reads[i * words + number // 64] |= 1 << number % 64
    return reads


def _declared(runtime: Any) -> Any:
    """Return the runtime, having said of its functions what they take and return."""
    words, numbers = POINTER(c_uint64), POINTER(c_uint32)
    runtime.sc_mapped_open.argtypes, runtime.sc_mapped_open.restype = (c_void_p, c_uint32, c_uint32, POINTER(c_int)), c_void_p
    runtime.sc_mapped_close.argtypes = (c_void_p,)
    runtime.sc_mapped_map.argtypes = (c_void_p, words)
    runtime.sc_mapped_tell.argtypes = (c_void_p, c_uint64, words)
    runtime.sc_mapped_pair.argtypes = (c_void_p, c_void_p)
    runtime.sc_mapped_size.argtypes = (c_void_p, POINTER(_Size))
    runtime.sc_mapped_numbers.argtypes, runtime.sc_mapped_numbers.restype = (c_void_p,), numbers
    runtime.sc_mapped_state.argtypes, runtime.sc_mapped_state.restype = (c_void_p, c_uint64, words), c_uint64
    runtime.sc_mapped_pair_of.argtypes = (c_void_p, c_uint64, numbers)
    return runtime
