"""Yardsticks: two-phase commit checked by hand-written Python that copies an object for each step.

What an engineer writes who needs a checker for one model on one afternoon: a state with a dict and two sets, actions that change it in place, a copy before
each of them, and a set of key tuples. Two styles: `copy_first` copies the state and lets the action say whether it was possible, as a general checker does
whose actions are functions that change their argument; `guard_first` is tuned to the model by hand, it tests the guard and copies only what will be changed.
They measure; they are no examples of style.
"""

import sys
import time
from collections import deque


class State:
    __slots__ = ("msgs", "rm_state", "tm_prepared", "tm_state")

    def __init__(self, rm_state, tm_state, tm_prepared, msgs):
        self.rm_state, self.tm_state, self.tm_prepared, self.msgs = rm_state, tm_state, tm_prepared, msgs

    def fork(self):
        return State(dict(self.rm_state), self.tm_state, set(self.tm_prepared), set(self.msgs))

    def key(self):
        return (tuple(self.rm_state.values()), self.tm_state, frozenset(self.tm_prepared), frozenset(self.msgs))


# Each rule: a guard and a change, both of (state, argument).
RULES = [
    (lambda s, rm: s.tm_state == "init" and ("prepared", rm) in s.msgs, lambda t, rm: t.tm_prepared.add(rm), True),
    (lambda s, rms: s.tm_state == "init" and s.tm_prepared == rms, lambda t, _: (setattr(t, "tm_state", "committed"), t.msgs.add("commit")), False),
    (lambda s, _: s.tm_state == "init", lambda t, _: (setattr(t, "tm_state", "aborted"), t.msgs.add("abort")), False),
    (lambda s, rm: s.rm_state[rm] == "working", lambda t, rm: (t.rm_state.__setitem__(rm, "prepared"), t.msgs.add(("prepared", rm))), True),
    (lambda s, rm: s.rm_state[rm] == "working", lambda t, rm: t.rm_state.__setitem__(rm, "aborted"), True),
    (lambda s, _: "commit" in s.msgs, lambda t, rm: t.rm_state.__setitem__(rm, "committed"), True),
    (lambda s, _: "abort" in s.msgs, lambda t, rm: t.rm_state.__setitem__(rm, "aborted"), True),
]


def consistent(s):
    return not {"committed", "aborted"} <= set(s.rm_state.values())


def copy_first(state, guard, change, argument):
    target = state.fork()
    if not guard(target, argument):
        return None
    change(target, argument)
    return target


def guard_first(state, guard, change, argument):
    if not guard(state, argument):
        return None
    target = state.fork()
    change(target, argument)
    return target


def explore(n, step):
    """Return (distinct states, steps including the initial state) of two-phase commit with n resource managers."""
    rms = set(range(n))
    tries = [(guard, change, rm) for guard, change, each in RULES for rm in (range(n) if each else (rms,))]
    start = State(dict.fromkeys(range(n), "working"), "init", set(), set())
    seen, queue, steps = {start.key()}, deque([start]), 1
    while queue:
        state = queue.popleft()
        assert consistent(state)
        for guard, change, argument in tries:
            target = step(state, guard, change, argument)
            if target is None:
                continue
            steps += 1
            key = target.key()
            if key not in seen:
                seen.add(key)
                queue.append(target)
    return len(seen), steps


if __name__ == "__main__":
    started = time.perf_counter()
    distinct, steps = explore(int(sys.argv[2]), {"copy_first": copy_first, "guard_first": guard_first}[sys.argv[1]])
    print(distinct, steps, time.perf_counter() - started)
