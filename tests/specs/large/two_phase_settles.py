"""Two-phase commit in which everybody goes on working, so that all resource managers come to a decision: safety, and liveness under weak fairness."""

from dataclasses import dataclass
from typing import Literal

from speccheck import Sort, Spec, action, each, eventually_always, invariant, model, require, weak


class RM(Sort, size=3):
    """A resource manager."""


@dataclass(frozen=True)
class Prepared:
    rm: RM


@model(RM=3, distinct=288, depth=11)
@model(RM=5, distinct=8_832, depth=17)
class Settling(Spec, deadlock=False):
    rm_state: dict[RM, Literal["working", "prepared", "committed", "aborted"]] = each("working")
    tm_state: Literal["init", "committed", "aborted"] = "init"
    tm_prepared: set[RM] = set()
    msgs: set[Prepared | Literal["commit", "abort"]] = set()

    @action
    def tm_receive_prepared(self, rm: RM) -> None:
        require(self.tm_state == "init" and Prepared(rm) in self.msgs)
        self.tm_prepared.add(rm)

    @action
    def tm_commit(self) -> None:
        require(self.tm_state == "init" and self.tm_prepared == set(RM))
        self.tm_state = "committed"
        self.msgs.add("commit")

    @action
    def tm_abort(self) -> None:
        require(self.tm_state == "init")
        self.tm_state = "aborted"
        self.msgs.add("abort")

    @action
    def rm_prepare(self, rm: RM) -> None:
        require(self.rm_state[rm] == "working")
        self.rm_state[rm] = "prepared"
        self.msgs.add(Prepared(rm))

    @action
    def rm_choose_to_abort(self, rm: RM) -> None:
        require(self.rm_state[rm] == "working")
        self.rm_state[rm] = "aborted"

    @action
    def rm_receive_commit(self, rm: RM) -> None:
        require("commit" in self.msgs)
        self.rm_state[rm] = "committed"

    @action
    def rm_receive_abort(self, rm: RM) -> None:
        require("abort" in self.msgs)
        self.rm_state[rm] = "aborted"

    @invariant
    def consistent(self) -> bool:
        return not {"committed", "aborted"} <= set(self.rm_state.values())

    manager_goes_on = weak(tm_commit, tm_abort)
    others_go_on = weak(rm_receive_commit, rm_receive_abort, per="rm")

    def decided(self) -> bool:
        return all(state in ("committed", "aborted") for state in self.rm_state.values())

    settles = eventually_always(decided)
