"""Passes: from a Program to a simpler one with the same meaning, failures included.

In: a well-formed Program. Out: one that is well-formed, too, in which no pass finds anything more to do. Every pass can be left out, and
answers do not change::

    improved(program)                                   all of them, again and again until nothing changes
    improved(program, without=frozenset({"fold"}))      all but one
"""

from collections.abc import Callable

from speccheck.compiler.passes import fold, prune, ranges
from speccheck.program.program import Program
from speccheck.program.wellformed import faults

PASSES: dict[str, Callable[[Program], Program]] = {
    "fold": fold.passed,
    "ranges": ranges.passed,
    "prune": prune.passed,
}


def improved(program: Program, without: frozenset[str] = frozenset()) -> Program:
    """Return the Program after all passes but some. Each is checked to leave it well-formed, unless Python runs with -O."""
    assert without <= PASSES.keys(), without - PASSES.keys()
    _check(program, "lowering")
    while True:
        before = program
        for name, one in PASSES.items():
            if name not in without:
                program = _checked(one, name, program)
        if program is before:
            return program


def _checked(one: Callable[[Program], Program], name: str, program: Program) -> Program:
    made = one(program)
    if made is not program:
        _check(made, name)
    return made


def _check(program: Program, after: str) -> None:
    assert not (found := faults(program)), "\n".join([f"The Program is not well-formed after {after}:", *found])
