"""A barrier: nobody goes on before everybody has come.

`barriers/Barrier` in tlaplus/Examples, six processes.
"""

from typing import Literal

from speccheck import Sort, Spec, action, always_eventually, each, model, require, weak


class Proc(Sort, size=6, symmetric=True):
    """A process."""


@model(distinct=64, depth=7)
@model(symmetry=True, distinct=7, depth=7)
class Barrier(Spec):
    pc: dict[Proc, Literal["b0", "b1"]] = each("b0")

    @action
    def come(self, p: Proc) -> None:
        require(self.pc[p] == "b0")
        self.pc[p] = "b1"

    @action
    def go(self) -> None:
        require(self.all_are_here())
        self.pc = dict.fromkeys(Proc, "b0")

    live = weak(come, go, per=())

    def all_are_here(self) -> bool:
        return all(pc == "b1" for pc in self.pc.values())

    opens = always_eventually(all_are_here)
