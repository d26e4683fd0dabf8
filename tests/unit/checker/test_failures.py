"""What was at hand where a step failed: the operands of what raised, in the state as it was then."""

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from speccheck.checker import check, load
from speccheck.checker.explain import explain_failure
from speccheck.checker.result import Explained
from speccheck.domains.parts import OutsideDomain
from speccheck.dsl.rules import mark_of
from speccheck.dsl.statements import choosing

SPEC = '''
import statistics
from typing import Annotated

from speccheck import MaxLen, Partial, Range, Record, Sort, Spec, action, choose, each


class P(Sort, size=3):
    """A process."""


class Node(Record):
    role: Annotated[int, Range(0, 2)] = 0
    log: Annotated[list[int], MaxLen(3)] = []

    def entry(self, k: int) -> int:
        return self.log[k]


class Failing(Spec):
    x: Annotated[int, Range(0, 9)] = 5
    nodes: dict[P, Node] = each(Node())
    part: Annotated[dict[P, Annotated[int, Range(0, 9)]], Partial] = {}
    queue: Annotated[list[P], MaxLen(2)] = []
    seen: set[P] = set()

    @action
    def asserts(self, p: P) -> None:
        n = self.nodes[p]
        self.x = 7
        assert n.role != 0 and self.x < 8, "boo"

    @action
    def asserts_on_lines(self) -> None:
        assert all(
            p in self.seen
            for p in P
        ), "not all"

    @action
    def chooses_in_assert(self) -> None:
        assert choose(range(2)) == 7

    @action
    def key(self, p: P) -> None:
        self.x = self.part[p] + 1

    @action
    def key_augmented(self, p: P) -> None:
        self.part[p] += 1

    @action
    def key_deleted(self, p: P) -> None:
        del self.part[p]

    @action
    def in_method(self, p: P) -> None:
        self.x = self.nodes[p].entry(self.x - 5)

    @action
    def in_generator(self) -> None:
        self.x = sum(self.part[p] for p in P)

    @action
    def zero(self) -> None:
        k = self.x - 5
        self.x = 10 // k

    @action
    def removes(self, p: P) -> None:
        self.seen.remove(p)

    @action
    def none(self, p: P) -> None:
        m = self.part.get(p)
        self.x = m + 1

    @action
    def unpacks(self) -> None:
        a, b = self.queue

    @action
    def raises(self) -> None:
        raise ValueError("no")

    @action
    def in_library(self) -> None:
        self.x = statistics.mean(self.queue)

    @action
    def beyond(self) -> None:
        self.x += self.x * 2

    @action
    def beyond_assigned(self) -> None:
        self.x = self.x + 7 + len(self.queue)

    @action
    def beyond_capacity(self) -> None:
        for p in P:
            self.queue.append(p)
'''

EXPECTED = {
    "asserts": ["n.role != 0 | 0 == 0", "  n | self.nodes[P1]"],
    "asserts_on_lines": ["for p = P0", "  p in self.seen | P0 not in set()"],
    "chooses_in_assert": [],
    "key": ["self.part | {}"],
    "key_augmented": ["self.part | {}"],
    "key_deleted": ["self.part | {}"],
    "in_method": ["self.log | []", "  self | nodes[P1]", "k | 0"],
    "in_generator": ["self.part | {}", "p | P0"],
    "zero": ["k | 0"],
    "removes": ["self.seen | set()"],
    "none": ["m | None"],
    "unpacks": ["self.queue | []"],
    "raises": [],
    "in_library": ["self.queue | []"],
    "beyond": ["self.x | 5", "self.x * 2 | 10"],
    "beyond_assigned": ["self.x + 7 + len(self.queue) | 12", "  self.x | 5", "  self.queue | []"],
    "beyond_capacity": ["self.queue | [P0, P1]", "p | P2"],
}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("specs") / "failing.py"
    path.write_text(SPEC)
    return path


@pytest.fixture(scope="module")
def module(path: Path) -> ModuleType:
    return load(path)


def shown(lines: tuple[Explained, ...]) -> list[str]:
    return ["  " * one.depth + one.expression + (f" | {one.value}" if one.value else "") for one in lines]


def raised_by(state: Any, name: str, *arguments: Any) -> BaseException:
    """Return what an action raises, with a traceback that begins in the action."""
    with choosing(0), pytest.raises((Exception, OutsideDomain)) as caught:
        mark_of(getattr(type(state), name)).function(state, *arguments)  # type: ignore[union-attr]
    assert caught.value.__traceback__ is not None
    return caught.value.with_traceback(caught.value.__traceback__.tb_next)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_failure_shows_what_it_worked_on(module: ModuleType, name: str) -> None:
    state = module.Failing()
    parameters = mark_of(getattr(module.Failing, name)).function.__code__.co_argcount - 1  # type: ignore[union-attr]
    raised = raised_by(state, name, *list(module.P)[1 : 1 + parameters])
    before = repr(state)
    assert shown(explain_failure(raised)) == EXPECTED[name]
    assert repr(state) == before


def test_every_action_of_the_spec_is_expected_to_fail_in_some_way(module: ModuleType) -> None:
    assert [name for name, member in vars(module.Failing).items() if mark_of(member)] == list(EXPECTED)


def test_an_exception_without_a_place_in_a_spec_is_not_explained() -> None:
    assert explain_failure(ValueError("nowhere")) == ()


def test_a_verdict_comes_with_what_was_at_hand_while_the_writes_of_the_step_are_in_place(path: Path) -> None:
    result = check(path)
    assert shown(result["asserts.assert"].explanation) == ["n.role != 0 | 0 == 0", "  n | self.nodes[P0]"]
    assert shown(result["in_method.error"].explanation) == ["self.log | []", "  self | nodes[P0]", "k | 0"]
    assert result.distinct == 1  # and nothing of it stayed


def test_the_operand_that_a_failed_step_wrote_has_the_value_that_it_wrote(tmp_path: Path) -> None:
    path = tmp_path / "writing.py"
    path.write_text(SPEC.split("    @action")[0] + "    @action\n    def write(self) -> None:\n        self.x = 7\n        assert self.x == 5\n")
    result = check(path)
    assert shown(result["write.assert"].explanation) == ["self.x == 5 | 7 != 5"]
