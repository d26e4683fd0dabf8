"""Each process writes its own cell and then reads its neighbour's: at least one reads a 1 (Leslie Lamport, "Teaching concurrency", 2009).

`TeachingConcurrency/Simple` in tlaplus/Examples, five processes.
"""

from typing import Annotated, ClassVar, Literal

from speccheck import Record, Spec, action, constant, each, eventually, invariant, model, require, terminal

N = constant("N", 5, min=1)
Proc = Annotated[int, range(N)]
Bit = Literal[0, 1]


class Process(Record):
    LABELS: ClassVar[tuple[str, ...]] = ("a", "b", "done")
    x: Bit = 0
    y: Bit = 0
    pc: Literal["a", "b", "done"] = "a"

    @property
    def label(self) -> int:
        return self.LABELS.index(self.pc)


@model(distinct=723, depth=11)
class Simple(Spec):
    proc: dict[Proc, Process] = each(Process())

    @action(fairness="weak", per=())
    def a(self, p: Proc) -> None:
        me = self.proc[p]
        require(me.pc == "a")
        me.x, me.pc = 1, "b"

    @action(fairness="weak", per=())
    def b(self, p: Proc) -> None:
        me = self.proc[p]
        require(me.pc == "b")
        me.y, me.pc = self.proc[(p - 1) % N].x, "done"

    @terminal
    def all_done(self) -> bool:
        return {one.pc for one in self.proc.values()} == {"done"}

    @invariant
    def property_correct(self) -> bool:
        return not self.all_done() or any(one.y == 1 for one in self.proc.values())

    @invariant
    def inductive(self) -> bool:
        return all(one.x == 1 for one in self.proc.values() if one.label > 0)

    ends = eventually(all_done)
