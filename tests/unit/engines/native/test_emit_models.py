"""Whole models: two-phase commit compiled, and what it reaches."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import pytest

from speccheck.domains.annotations import Total
from speccheck.domains.sorts import Sort
from speccheck.program.expressions import Comprehension, Contains, Convert, Generator, Load, Local, MakeRecord, Not, ValuesSource
from speccheck.program.program import Program
from speccheck.program.types import BOOL, INT
from tests.unit.engines.native.built import (
    SPAN,
    Variables,
    acting,
    answer,
    both,
    change,
    domain_of,
    eq,
    get,
    lit,
    model_of,
    program_of,
    reading,
    require,
    store,
)
from tests.unit.engines.native.judged import agree_on_expansion, agree_on_order, agree_on_visit
from tests.unit.engines.native.loaded import Loaded


class RM(Sort, size=3):
    """A resource manager."""


@dataclass(frozen=True)
class Prepared:
    rm: RM


def two_phase(**more: Any) -> tuple[Program, Variables]:
    """Two-phase commit of Gray and Lamport."""
    v = Variables(
        **more,
        rm_state=Annotated[dict[RM, Literal["working", "prepared", "committed", "aborted"]], Total],
        tm_state=Literal["init", "committed", "aborted"],
        tm_prepared=set[RM],
        msgs=set[Prepared | Literal["commit", "abort"]],
    )
    rm, msg = Local("rm", domain_of(RM)), v.domain("msgs").element
    prepared = Convert(msg, SPAN, MakeRecord(msg.alternatives[0], SPAN, (get(rm),)), None)
    mine, here = v.place("rm_state", get(rm)), v["rm_state", get(rm)]

    def sent(message: Any) -> Contains:
        return Contains(BOOL, SPAN, v["msgs"], message)

    def some(state: str) -> Comprehension:
        r = Local(f"r_{state}", domain_of(RM))
        return Comprehension(BOOL, SPAN, "any", (Generator((r,), ValuesSource(domain_of(RM))),), eq(Load(here.type, SPAN, v.place("rm_state", get(r))), state))

    init, commit, abort = require(eq(v["tm_state"], "init")), lit(msg, "commit"), lit(msg, "abort")
    actions = [
        acting("tm_rcv_prepared", [rm], init, require(sent(prepared)), change(v.place("tm_prepared"), "add", get(rm))),
        acting("tm_commit", [], init, require(eq(v["tm_prepared"], set(RM))), store(v.place("tm_state"), "committed"), change(v.place("msgs"), "add", commit)),
        acting("tm_abort", [], init, store(v.place("tm_state"), "aborted"), change(v.place("msgs"), "add", abort)),
        acting("rm_prepare", [rm], require(eq(here, "working")), store(mine, "prepared"), change(v.place("msgs"), "add", prepared)),
        acting("rm_choose_abort", [rm], require(eq(here, "working")), store(mine, "aborted")),
        acting("rm_rcv_commit", [rm], require(sent(commit)), store(mine, "committed")),
        acting("rm_rcv_abort", [rm], require(sent(abort)), store(mine, "aborted")),
    ]
    consistent = reading("consistent", [], answer(Not(BOOL, SPAN, both(some("aborted"), some("committed")))))
    return program_of(v, *actions, consistent, actions=[one.name for one in actions], invariants=["consistent"]), v


INITIAL = (("working",) * 3, "init", frozenset(), frozenset())


@pytest.mark.parametrize("wide", [False, True])
def test_two_phase_commit_has_288_states_and_1145_steps(wide: bool) -> None:
    program, _ = two_phase(**({"pad": INT, "odd": bool} if wide else {}))
    loaded = Loaded(program, model_of(program, deadlock=False))
    initial = ((-1, True) if wide else ()) + INITIAL
    known, left, steps = {initial}, [initial], 0
    while left:
        state = left.pop()
        agree_on_expansion(loaded, state)
        agree_on_visit(loaded, state)
        agree_on_order(loaded, initial, state)
        for (target, _), times in loaded.expand(state).steps.items():
            steps += times
            if (found := loaded.layout.decode(target)) not in known:
                known.add(found)
                left.append(found)
    assert (len(known), steps) == (288, 1145)


def test_two_phase_commit_in_c_can_be_read() -> None:
    program, _ = two_phase()
    text = Loaded(program, model_of(program)).emitted.text
    wanted = """
static void do_rm_prepare(u64 s, u64 rm, u32 instance, struct sc_steps *out)
{
    u64 t = s;
    u32 at_1 = 10 + (2 - rm) * 2;
    if (((t >> at_1) & 3) != 0 /* 'working' */) return;
    u32 at_2 = 10 + (2 - rm) * 2;
    t = (t & ~(3ull << at_2)) | (1ull << at_2); /* 'prepared' */
    t |= 1ull << rm;
    sc_step(out, t, instance);
}
"""
    assert wanted in text
