"""A second, obviously right search: copies the whole state for every try and keeps no journal, no numbers and no caches.

It shares the domains with the engine (what a value is), and nothing of how steps are tried, undone, packed, ordered or counted.
"""

from collections.abc import Iterator
from itertools import product
from typing import Any

from speccheck import Disabled
from speccheck.domains.annotations import domain_of
from speccheck.domains.defaults import ABSENT
from speccheck.domains.evaluation import entered
from speccheck.domains.initial import initial_values
from speccheck.domains.ordering import in_domain_order
from speccheck.domains.parts import Journal, OutsideDomain
from speccheck.dsl.spec import prepare
from speccheck.engines.python.evaluation import is_annotation
from speccheck.model.model import Model

State = tuple[Any, ...]


class Script:
    """Answers `choose` from a list of positions, and notes how many alternatives there were."""

    def __init__(self, positions: list[int]) -> None:
        self.positions, self.sizes = positions, []

    def choose(self, alternatives: Any) -> Any:
        offered = list(domain_of(alternatives)) if is_annotation(alternatives) else in_domain_order(alternatives)
        position = self.positions[len(self.sizes)] if len(self.sizes) < len(self.positions) else 0
        self.sizes.append(len(offered))
        if not offered:
            raise Disabled
        return offered[position]


def _runs(run: Any) -> Iterator[Any]:
    """Yield the outcome of every sequence of choices; None for those that are disabled."""
    positions: list[int] = []
    while True:
        script = Script(positions)
        with entered(script):
            try:
                yield run()
            except Disabled:
                yield None
        taken = [*positions, *[0] * (len(script.sizes) - len(positions))][: len(script.sizes)]
        while taken and taken[-1] + 1 >= script.sizes[-1]:
            taken.pop()
            script.sizes.pop()
        if not taken:
            return
        taken[-1] += 1
        positions = taken


class Reference:
    """Explores a model within its constraint."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.erring = 0

    def thawed(self, frozen: State) -> Any:
        state: Any = object.__new__(self.model.spec)
        journal = Journal()
        prepare(state, journal)
        for variable, one in zip(self.model.variables, frozen):
            if one is not ABSENT:
                state.__dict__[variable.name] = variable.domain.thaw(one, state._part_slots[variable.name], journal)
        return state

    def frozen(self, state: Any) -> State:
        return tuple(v.domain.freeze_any(_plain(vars(state)[v.name])) for v in self.model.variables)

    def initial(self) -> list[State]:
        columns = [[ABSENT] if v.default is ABSENT else list(initial_values(self.model.spec, v.name, v.default, v.domain)) for v in self.model.variables]
        found = []
        for frozen in product(*columns):
            if self.model.init is None:
                found.append(frozen)
                continue
            for outcome in _runs(lambda: self._started(frozen)):
                if outcome is not None:
                    found.append(outcome)
        return found

    def _started(self, frozen: State) -> State:
        state = self.thawed(frozen)
        assert self.model.init is not None
        self.model.init.function(state)
        return self.frozen(state)

    def successors(self, source: State) -> list[State]:
        found = []
        for action in self.model.actions:
            for binding in action.bindings():
                found += [target for target in _runs(lambda: self._stepped(source, action.function, binding)) if target is not None]
        return found

    def _stepped(self, source: State, function: Any, binding: Any) -> State | None:
        state = self.thawed(source)
        try:
            function(state, *binding)
        except (Exception, OutsideDomain):
            self.erring += 1
            return None
        return self.frozen(state)

    def kept(self, frozen: State) -> bool:
        return all(rule.function(self.thawed(frozen)) for rule in self.model.constraints)

    def explore(self) -> dict[str, Any]:
        """Return distinct, generated and depth, the set of kept states, and the level of the first violation of each invariant."""
        initial = self.initial()
        generated, level, depth = len(initial), list(dict.fromkeys(initial)), 0
        seen: set[State] = set()
        dropped: set[State] = set()
        violated: dict[str, int] = {}
        while True:
            fresh = []
            for state in level:
                if state in seen or state in dropped:
                    continue
                self._judge(state, depth + 1, violated)
                if self.kept(state):
                    seen.add(state)
                    fresh.append(state)
                else:
                    dropped.add(state)
            if not fresh:
                return {"distinct": len(seen), "generated": generated, "depth": depth, "states": seen, "violated": violated, "dropped": len(dropped)}
            depth += 1
            level = []
            for state in fresh:
                targets = self.successors(state)
                generated += len(targets)
                level += targets

    def _judge(self, frozen: State, level: int, violated: dict[str, int]) -> None:
        for prop in self.model.properties:
            if prop.kind == "invariant" and prop.name not in violated and prop.rule is not None:
                for binding in prop.rule.bindings():
                    if not prop.rule.function(self.thawed(frozen), *binding):
                        violated[prop.name] = level
                        break


def _plain(value: Any) -> Any:
    return value._part_plain() if hasattr(value, "_part_plain") else value
