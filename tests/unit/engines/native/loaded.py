"""A Program compiled by gcc and called through ctypes, as the runtime calls it."""

import ctypes as c
import hashlib
import os
import shutil
import subprocess
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import speccheck
from speccheck.domains.layout import layout_of
from speccheck.engines.native.emit.unit import Emitted, emit
from speccheck.model.model import Model
from speccheck.program.program import Program

RUNTIME = Path(speccheck.__file__).parent / "engines/native/runtime"
FLAGS = [*os.environ.get("SPECCHECK_TEST_CFLAGS", "").split(), "-std=gnu11", "-O1", "-Wall", "-Wextra", "-Werror", "-Wno-unused", "-shared", "-fPIC"]
FOLDER = Path(tempfile.mkdtemp(prefix="speccheck-emit-"))
U32, U64, P = c.c_uint32, c.c_uint64, c.POINTER


class Steps(c.Structure):
    pass


GROW = c.CFUNCTYPE(None, P(Steps))
ASK = c.CFUNCTYPE(c.c_int, P(Steps), c.c_int, U32, P(U64), P(U64))
Steps._fields_ = [
    ("targets", P(U64)), ("instances", P(U32)), ("count", U32), ("room", U32), ("erred", P(U64)), ("taken", P(U64)), ("moved", P(U64)), ("found", P(U64)), ("live", P(U64)),
    ("grow", GROW), ("ask", ASK), ("owner", c.c_void_p),
]  # fmt: skip


LETTER = c.CFUNCTYPE(None, P(U64), P(U64), P(U64), P(U64), P(Steps))


class CModel(c.Structure):
    _fields_ = [
        ("abi", U32), ("words", U32), ("bits", U32), ("actions", U32), ("instances", U32), ("finds", U32), ("flags", U32),
        ("expand", c.CFUNCTYPE(None, P(U64), P(Steps))), ("visit", c.CFUNCTYPE(None, P(U64), P(Steps))), ("kept", c.CFUNCTYPE(c.c_int, P(U64), P(Steps))),
        ("step", c.CFUNCTYPE(None, P(U64), P(U64), P(Steps))), ("compare", c.CFUNCTYPE(c.c_int, P(U64), P(U64))),
        ("changes", c.CFUNCTYPE(None, P(U64), P(U64), P(U64))), ("variables", U32), ("letter", LETTER), ("atoms", U32), ("map", c.c_void_p), ("canonical", c.c_void_p),
        ("step_letter", LETTER),
    ]  # fmt: skip


def compiled(text: str) -> Path:
    """The library of a C text; the same one for the same text."""
    name = hashlib.sha256(text.encode()).hexdigest()[:20]
    source, library = FOLDER / f"{name}.c", FOLDER / f"{name}.so"
    if not library.exists():
        compiler = shutil.which("gcc") or shutil.which("cc")
        if compiler is None:
            pytest.skip("there is no C compiler here")
        source.write_text(text)
        done = subprocess.run([compiler, *FLAGS, f"-I{RUNTIME}", "-o", str(library), str(source)], capture_output=True, text=True, check=False)
        if done.returncode:
            raise AssertionError(done.stderr)
    return library


@dataclass
class Seen:
    """What came out of looking at a state."""

    steps: Counter[tuple[int, int]] = field(default_factory=Counter)  # (target, instance)
    found: set[tuple[str, str, tuple[Any, ...]]] = field(default_factory=set)
    asked: list[tuple[int, int, int]] = field(default_factory=list)  # question, which, state
    erred: set[int] = field(default_factory=set)  # instances
    taken: list[int] = field(default_factory=list)
    moved: list[bool] = field(default_factory=list)
    answer: Any = None


class Loaded:
    """A Program in C."""

    def __init__(self, program: Program, model: Model) -> None:
        self.program, self.model = program, model
        self.emitted: Emitted = emit(program, model)
        self.layout = layout_of(tuple(one.domain for one in program.variables))
        self.library = c.CDLL(str(compiled(self.emitted.text)))
        self.c = CModel.in_dll(self.library, "speccheck_model")
        assert self.c.words == self.layout.words and self.c.finds == len(self.emitted.finds)

    def packed(self, frozen: tuple[Any, ...]) -> Any:
        number = self.layout.encode(frozen)
        words = (U64 * (self.layout.words + 1))()
        for i in range(self.layout.words):
            words[i] = number >> 64 * i & (1 << 64) - 1
        words[self.layout.words] = 0xDEADBEEFDEADBEEF  # means nothing
        return words

    def number(self, words: Any, at: int = 0) -> int:
        return sum(words[at + i] << 64 * i for i in range(self.layout.words))

    def _called(self, function: Any, *states: Any, kept: bool = False) -> Seen:
        seen, words, room = Seen(), self.layout.words, 2
        keep: dict[str, Any] = {"targets": (U64 * (room * (words + 1)))(), "instances": (U32 * room)()}

        def grow(out: Any) -> None:
            steps = out.contents
            new = max(4, steps.room * 2)
            targets, instances = (U64 * (new * (words + 1)))(*[0xAAAAAAAAAAAAAAAA] * (new * (words + 1))), (U32 * new)()
            c.memmove(targets, keep["targets"], 8 * steps.room * (words + 1))
            c.memmove(instances, keep["instances"], 4 * steps.room)
            keep["targets"], keep["instances"], steps.room = targets, instances, new
            steps.targets, steps.instances = c.cast(targets, P(U64)), c.cast(instances, P(U32))

        def ask(out: Any, question: int, which: int, s: Any, t: Any) -> int:
            seen.asked.append((question, which, self.number(s)))
            return 2 if question == 3 else 1  # an atom that only CPython can tell: it raises there

        finds, actions = max(1, -(-len(self.emitted.finds) // 64)), max(1, len(self.program.actions))
        taken, moved, found, live = (U64 * actions)(), (U64 * actions)(), (U64 * finds)(), (U64 * finds)(*[(1 << 64) - 1] * finds)
        erred = (U64 * (1 + self.c.instances // 64))()
        callbacks = GROW(grow), ASK(ask)
        steps = Steps(
            c.cast(keep["targets"], P(U64)), c.cast(keep["instances"], P(U32)), 0, room, erred, taken, moved, found, live, callbacks[0], callbacks[1], None
        )
        seen.answer = function(*states, c.byref(steps))
        for i in range(steps.count):
            seen.steps[self.number(keep["targets"], i * (words + 1)), keep["instances"][i]] += 1
        seen.found = {(one.kind, one.name, one.binding) for one in self.emitted.finds if found[one.number // 64] >> one.number % 64 & 1}
        seen.erred = {i for i in range(self.c.instances) if erred[i // 64] >> i % 64 & 1}
        seen.taken, seen.moved = list(taken)[: len(self.program.actions)], [bool(one) for one in moved][: len(self.program.actions)]
        return seen

    def expand(self, s: tuple[Any, ...]) -> Seen:
        return self._called(self.c.expand, self.packed(s))

    def visit(self, s: tuple[Any, ...]) -> Seen:
        return self._called(self.c.visit, self.packed(s))

    def kept(self, s: tuple[Any, ...]) -> Seen:
        return self._called(self.c.kept, self.packed(s))

    def step(self, s: tuple[Any, ...], t: tuple[Any, ...]) -> Seen:
        return self._called(self.c.step, self.packed(s), self.packed(t))

    def letter(self, s: tuple[Any, ...]) -> tuple[int, ...]:
        many = 1 + self.c.atoms // 64
        sets = [(U64 * many)() for _ in range(3)]
        self._called(lambda state, out: self.c.letter(state, *sets, out), self.packed(s))
        return tuple(sum(one[i] << 64 * i for i in range(many)) for one in sets)

    def step_letter(self, s: tuple[Any, ...], t: tuple[Any, ...]) -> tuple[int, ...]:
        many = 1 + self.c.atoms // 64
        sets = [(U64 * many)() for _ in range(2)]
        self._called(lambda source, target, out: self.c.step_letter(source, target, *sets, out), self.packed(s), self.packed(t))
        return tuple(sum(one[i] << 64 * i for i in range(many)) for one in sets)

    def compare(self, s: tuple[Any, ...], t: tuple[Any, ...]) -> int:
        return self.c.compare(self.packed(s), self.packed(t))

    def changes(self, s: tuple[Any, ...], t: tuple[Any, ...]) -> int:
        into = (U64 * (1 + self.c.variables // 64))()
        self.c.changes(self.packed(s), self.packed(t), into)
        return sum(into[i] << 64 * i for i in range(len(into)))
