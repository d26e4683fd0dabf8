"""Which variables a rule reads, also through what it calls; nothing is said where the state goes out of sight."""

from collections.abc import Callable
from types import ModuleType

import pytest

from speccheck.model.syntax.reads import variables_read

SPEC = """
import json

def outer(state: "T") -> bool:
    return state.a and not state.b

def twice(state):
    state = state or 1
    return state.a

def again(state, n):
    return n == 0 or state.a or again(state, n - 1)

class Base(Spec, abstract=True):
    a: bool = False
    b: bool = False

    def h(self) -> bool:
        return self.a

class T(Base):
    c: Annotated[int, Range(0, 9)] = 0
    nodes: dict[P, Node] = each(Node())
    LIMIT = 3

    def h(self) -> bool:
        return super().h() or self.b

    @property
    def total(self) -> int:
        return self.c + 1

    @action
    def go(self) -> None:
        self.a = True

    @invariant
    def rule(self) -> bool:
        return RETURN

    @step_invariant
    def moves(self, after: Self) -> bool:
        return after.c >= self.c and outer(after)
"""


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("True", set()),
        ("self.a", {"a"}),
        ("self.c < self.LIMIT", {"c"}),
        ("self.h()", {"a", "b"}),
        ("self.total == 1", {"c"}),
        ("outer(self)", {"a", "b"}),
        ("outer(state=self)", {"a", "b"}),
        ("all(n.last() > 0 and not n.votes for n in self.nodes.values())", {"nodes"}),
        ("(lambda: self.a)()", {"a"}),
        ("(s := self).a and s.c == 1", {"a", "c"}),
        ("any(p in self.nodes for p in P if self.b)", {"b", "nodes"}),
        ("self == self", None),
        ("json.loads(self)", None),
        ("bool([self])", None),
        ("getattr(self, 'a')", None),
        ("bool(vars(self))", None),
        ("enabled(self.go)", None),
        ("twice(self)", None),
        ("again(self, 3)", None),
        ("outer(*[self])", None),
        ("bool(self.h)", None),
        ("(self or 1).a", None),
        ("copy(self).a", None),
    ],
)
def test_the_variables_that_an_expression_reads(expression: str, expected: set[str] | None, module_of: Callable[[str], ModuleType]) -> None:
    module = module_of(SPEC.replace("RETURN", expression))
    assert variables_read(module.T, module.T.rule) == (None if expected is None else frozenset(expected))


def test_a_step_invariant_reads_both_states(module_of: Callable[[str], ModuleType]) -> None:
    module = module_of(SPEC.replace("RETURN", "True"))
    assert variables_read(module.T, module.T.moves) == {"a", "b", "c"}


def test_a_function_without_source_says_nothing(module_of: Callable[[str], ModuleType]) -> None:
    scope: dict[str, object] = {}
    exec("def rule(self): return True", scope)
    module = module_of(SPEC.replace("RETURN", "True"))
    assert variables_read(module.T, scope["rule"]) is None
