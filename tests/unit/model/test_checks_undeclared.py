"""Undeclared and unknown attributes are refused on the syntax tree."""

from collections.abc import Callable

import pytest

from speccheck.model.checks import problems
from speccheck.model.checks.subject import Subject

Found = Callable[[str], list[str]]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("self.smal = 1", "SC205 self.smal"),
        ("self.smal += 1", "SC205 self.smal"),
        ("self.small, self.bi = 1, 2", "SC205 self.bi"),
        ("self.smal: int = 3", "SC205 self.smal"),
        ("for self.k in LEVELS: pass", "SC205 self.k"),
        ("self.helper_method = 1", "SC205 self.helper_method"),
        ("self.small = self.bigg", "SC310 self.bigg"),
        ("self.nodes[p].tern += 1", "SC205 self.nodes[p].tern"),
        ("n = self.nodes[p]; n.tern = 1", "SC205 n.tern"),
        ("for n in self.nodes.values(): n.tern = 1", "SC205 n.tern"),
        ("require(self.nodes[p].trem == 1)", "SC310 self.nodes[p].trem"),
        ("require(all(n.trem == 1 for n in self.nodes.values()))", "SC310 n.trem"),
        ("m = choose(self.msgs); require(m.lvel == 1)", "SC310 m.lvel"),
        ("require(any(m.nobody for m in self.msgs))", "SC310 m.nobody"),
        ("n = Node(); n.tern = 1; self.nodes[p] = n", "SC205 n.tern"),
        ("self.nobody()", "SC310 self.nobody"),
        ("require(p.indx == 1)", "SC310 p.indx"),
        ("x = lambda: self.nothing", "SC310 self.nothing"),
        ("match choose(self.msgs):\n            case Ask() as a: require(a.word == 1)", "SC310 a.word"),
    ],
)
def test_a_missing_attribute_is_reported_where_it_stands(statement: str, expected: str, found_in: Found) -> None:
    assert found_in(SPEC.replace("STATEMENT", statement)) == [expected]


SPEC = """
class T(Spec):
    small: Annotated[int, Range(0, 9)] = 0
    big: Annotated[int, Range(0, 9)] = 0
    nodes: dict[P, Node] = each(Node())
    msgs: set[Ask | Answer] = set()
    LIMIT: ClassVar[int] = 3
    other = 7

    def helper_method(self) -> int:
        return self.small

    @property
    def both(self) -> int:
        return self.small + self.big

    @action
    def step(self, p: P) -> None:
        STATEMENT
"""


@pytest.mark.parametrize(
    "statement",
    [
        "self.small = self.LIMIT + self.other + self.both + self.helper_method()",
        "n = self.nodes[p]; n.term = len(n.votes); n.bump(); n.last()",
        "m = choose(self.msgs); require(m.level == 1)",  # one of the two classes has it
        "m = choose(self.msgs); require(m.who == p and m.high())",
        "require(self.__class__ is type(self) and self.step is not None)",
        "x = anything_else(p); x.whatever = x.foo",
        "x: Any = None; x = self.nodes[p] if self.small else x; require(x.term)",
        "if hasattr(self, 'ghost'): self.ghost()",
        "self.small = self.nodes[p].term",
        "def inner(self): return self.whatever\n        inner(p)",
    ],
)
def test_what_exists_or_cannot_be_known_is_not_reported(statement: str, found_in: Found) -> None:
    assert found_in("import json\ndef anything_else(x): return json.loads(str(x))\n" + SPEC.replace("STATEMENT", statement)) == []


def test_a_name_that_was_nearly_right_is_guessed(subject_of: Callable[[str], Subject]) -> None:
    (error,) = problems(subject_of(SPEC.replace("STATEMENT", "self.smal = 1")))
    assert error.message == "T declares no variable 'smal'. Did you mean 'small'?"
    (error,) = problems(subject_of(SPEC.replace("STATEMENT", "require(self.nodes[p].trem)")))
    assert error.message == "Node has no attribute 'trem'. Did you mean 'term'?"


def test_a_method_called_by_several_rules_is_reported_once_and_names_the_rule(subject_of: Callable[[str], Subject]) -> None:
    found = problems(
        subject_of("""
            x: bool = False
            def work(self) -> None:
                self.y = 1
            @action
            def a(self) -> None:
                self.work()
            @action
            def b(self) -> None:
                self.work()
        """)
    )
    assert [(error.code, error.notes) for error in found] == [("SC205", ("in work, which the action 'a' calls",))]


def test_an_attribute_that_only_the_subclass_has_is_no_error_there(found_in: Found) -> None:
    assert (
        found_in("""
            class Base(Spec, abstract=True):
                @action
                def go(self) -> None:
                    self.extra = not self.extra
            class T(Base):
                extra: bool = False
        """)
        == []
    )


def test_parameters_that_are_only_annotated_may_be_of_a_subclass(found_in: Found) -> None:
    assert (
        found_in("""
            @dataclass(frozen=True)
            class Loud(Ask):
                volume: Literal[1, 2] = 1
            def volume(m: Ask) -> int:
                return m.volume if isinstance(m, Loud) else 0
            class T(Spec):
                x: Annotated[int, Range(0, 9)] = 0
                @action
                def go(self) -> None:
                    self.x = volume(mystery())
            def mystery() -> Any:
                return json.loads("1")
            import json
        """)
        == []
    )


def test_all_errors_come_at_once_in_the_order_of_the_source(found_in: Found) -> None:
    assert found_in("""
        x: bool = False
        @invariant
        def p(self) -> bool:
            return self.z
        @action
        def a(self) -> None:
            self.y = 1
            self.w = 1
    """) == ["SC310 self.z", "SC205 self.y", "SC205 self.w"]
