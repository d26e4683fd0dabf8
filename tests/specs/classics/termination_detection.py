"""What it means to detect termination: with messages that arrive at once, and with messages that are on their way (Stephan Merz, Markus Kuppe).

`ewd840/SyncTerminationDetection` with seven nodes and `ewd998/AsyncTerminationDetection` with four in tlaplus/Examples.
"""

from typing import Annotated, Self

from speccheck import (
    Range,
    Spec,
    action,
    always,
    anything,
    choose,
    constant,
    constraint,
    each,
    implies,
    init,
    invariant,
    leads_to,
    model,
    require,
    step_invariant,
)

N = constant("N", 4, min=1)
Node = Annotated[int, range(N)]


class TerminationDetection(Spec, abstract=True, deadlock=False):
    active: dict[Node, bool] = anything()
    detected: bool

    def terminated(self) -> bool:
        return not any(self.active.values())

    def finished(self) -> bool:
        return self.detected

    @init
    def may_be_detected(self) -> None:
        self.detected = choose({False, self.terminated()})

    @action
    def terminate(self, i: Node) -> None:
        require(self.active[i])
        self.active[i] = False
        self.detected = choose({self.detected, self.terminated()})

    @action(fairness="weak")
    def detect(self) -> None:
        require(self.terminated())
        self.detected = True

    @invariant
    def correct(self) -> bool:
        return not self.detected or self.terminated()

    @step_invariant
    def stable(self, after: Self) -> bool:
        return not self.terminated() or after.terminated()

    quiescent = always(implies(finished, always(terminated)))
    live = leads_to(terminated, finished)


@model(N=7, distinct=129, depth=1)
class SyncTerminationDetection(TerminationDetection):
    @action
    def wake_up(self, i: Node, j: Node) -> None:
        require(self.active[i])
        self.active[j] = True


@model(N=4, distinct=4097, depth=14, unknown=("quiescent", "live"))
class AsyncTerminationDetection(TerminationDetection):
    pending: dict[Node, Annotated[int, Range(0, 4)]] = each(0)

    def terminated(self) -> bool:
        return not any(self.active.values()) and not any(self.pending.values())

    @action
    def send(self, i: Node, j: Node) -> None:
        require(self.active[i])
        self.pending[j] += 1

    @action
    def receive(self, i: Node) -> None:
        require(self.pending[i] > 0)
        self.active[i] = True
        self.pending[i] -= 1

    @constraint
    def few_messages(self) -> bool:
        return all(n <= 3 for n in self.pending.values())
