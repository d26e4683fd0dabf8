"""What is certain about expressions: kinds claim what holds for every value, and nothing else."""

import ast
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from speccheck.domains.records import domains_of
from speccheck.dsl.rules import mark_of
from speccheck.model.syntax.body import Body
from speccheck.model.syntax.inference import Inference
from speccheck.model.syntax.kinds import (
    CLAIMED,
    FRESH,
    NOTHING,
    UNKNOWN,
    Built,
    Index,
    Instance,
    Kind,
    Method,
    Object,
    Of,
    OneOf,
    Place,
    State,
    Symbol,
    Tuple,
    alternatives,
    join,
)

SPEC = """
import json
LIMIT = 3
MAP = {{"a": 1, "b": 2}}

def unknown(x):
    return json.loads(str(x))

def same(x):
    return x

def either(flag, x, y):
    if flag:
        return x
    return y

def forever(n):
    return forever(n - 1) if n else 0

def claimed(x: Literal["a", "b"], y: list[int], n: int = 3) -> Literal["c"]:
    return unknown(x)

class T(Spec):
    n: Annotated[int, Range(0, 9)] = 0
    flag: bool = False
    s: set[P] = set()
    f: frozenset[P] = frozenset()
    q: Annotated[list[int], MaxLen(3)] = []
    d: dict[P, set[P]] = each(set())
    b: Annotated[Bag[P], MaxLen(2)] = Bag()
    nodes: dict[P, Node] = each(Node())
    best: Node | None = None
    pair: tuple[P, bool] = anything()
    msgs: set[Ask | Answer] = set()
    pool: Annotated[list[Node], MaxLen(3)] = []
    LEVEL = 7

    def last(self) -> int:
        return self.q[-1] if self.q else 0

    @property
    def all_nodes(self) -> Any:
        return self.nodes

    @action
    def step(self, p: P, r: R) -> None:
        {before}
        result = {expression}
"""


@pytest.fixture
def kind_of(module_of: Callable[[str], ModuleType]) -> Callable[..., Kind]:
    """Return a function that gives the kind of an expression in an action with the parameters p and r."""

    def kind(expression: str, before: str = "pass") -> Kind:
        body = body_of(module_of(SPEC.format(expression=expression, before=before)).T)
        statement = body.tree.node.body[-1]  # type: ignore[union-attr]
        assert isinstance(statement, ast.Assign)
        return body.kind(statement.value)

    return kind


def body_of(spec: Any) -> Body:
    domains = domains_of(spec)
    people = domains["d"].key_domain  # type: ignore[attr-defined]
    mark = mark_of(spec.step)
    assert mark is not None
    body = Inference(spec, domains).body(mark.function, {"self": State(spec, Place("self")), "p": Of(people, Symbol("p"))})
    assert body is not None
    return body


def told(kind: Kind) -> str:
    """Say a kind in a few words."""
    match kind:
        case OneOf():
            return "nothing" if kind == NOTHING else " or ".join(sorted(set(map(told, kind.kinds))))
        case Of(domain, origin):
            return domain.describe() + came(origin)
        case Built():
            value = f" to {told(kind.value)}" if kind.shape == "dict" else ""
            return f"{'' if kind.ordered else 'unordered '}{kind.shape} of ({told(kind.element)}){value}"
        case Tuple(elements):
            return f"({', '.join(map(told, elements))})"
        case Object(value):
            return value.__name__ if isinstance(value, type) else repr(value)
        case Method():
            return f"method {kind.name} of {told(kind.receiver)}"
        case State(cls, origin):
            return cls.__name__ + came(origin)
        case Instance(cls):
            return f"some {cls.__name__}"
    return "unknown"


def came(origin: Any) -> str:
    if isinstance(origin, Place):
        steps = "".join(f".{step}" if isinstance(step, str) else f"[{index(step)}]" for step in origin.steps)
        return f" at {origin.root}{steps}"
    if isinstance(origin, Symbol):
        return f" called {origin.name}"
    return " fresh" if origin is FRESH else " claimed" if origin is CLAIMED else ""


def index(step: Index) -> str:
    return "?" if step.at is None else step.at.name if isinstance(step.at, Symbol) else repr(step.at[0])


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("self", "T at self"),
        ("self.n", "Range(0, 9)"),
        ("self.s", "set[P] at self.s"),
        ("self.d[p]", "set[P] at self.d[p]"),
        ("self.d[choose(P)]", "set[P] at self.d[?]"),
        ("self.nodes[p].votes", "set[P] at self.nodes[p].votes"),
        ("self.nodes[p].term", "Range(0, 5)"),
        ("self.best", "Node | None at self.best"),
        ("self.best.votes", "set[P] at self.best.votes"),
        ("self.all_nodes[p]", "Node at self.nodes[p]"),
        ("self.LEVEL", "7"),
        ("self.last()", "0 or int (64 bits)"),
        ("self.last", "method last of T at self"),
        ("self.pair[1]", "bool"),
        ("self.pair[0]", "P"),
        ("p", "P called p"),
        ("r", "R claimed"),
        ("LIMIT", "3"),
        ("MAP['a']", "Range(1, 2)"),
        ("P", "P"),
        ("Color.RED", "<Color.RED: 'red'>"),
        ("self.n + 1", "int (64 bits)"),
        ("self.n / 2", "some float"),
        ("-LIMIT", "-3"),
        ("not self.n", "bool"),
        ("self.n < 3", "bool"),
        ("self.n if self.flag else None", "None or Range(0, 9)"),
        ("self.flag and self.n", "Range(0, 9) or bool"),
        ("(x := self.s)", "set[P] at self.s"),
        ("f'{p}'", "some str"),
        ("lambda: 1", "some function"),
        ("(self.n, p)", "(Range(0, 9), P called p)"),
        ("[self.n, None]", "list of (None or Range(0, 9))"),
        ("{self.n}", "unordered set of (Range(0, 9))"),
        ("{p: self.n}", "dict of (P called p) to Range(0, 9)"),
        ("[*self.s, 1]", "list of (1 or P)"),
        ("[v for v in self.q]", "list of (int (64 bits) called v)"),
        ("{v for v in P}", "unordered set of (P0, P1, P2 called v)"),
        ("(n for n in self.nodes.values())", "iterator of (Node at self.nodes[n])"),
        ("{v: 1 for v in {1, 2}}", "unordered dict of (1 or 2) to 1"),
        ("self.s | {p}", "unordered set of (P or P called p)"),
        ("self.s & {p}", "unordered set of (P)"),
        ("self.f - self.s", "unordered frozenset of (P)"),
        ("self.q + [1]", "list of (1 or int (64 bits))"),
        ("self.q[1:]", "list of (int (64 bits))"),
        ("set(self.s)", "unordered set of (P)"),
        ("list(self.nodes.values())", "list of (Node at self.nodes[?])"),
        ("list(self.nodes.items())", "list of ((P, Node at self.nodes[?]))"),
        ("sorted({1, 2})", "list of (1 or 2)"),
        ("dict(self.d)", "dict of (P) to set[P] at self.d[?]"),
        ("range(3)", "range(0, 3)"),
        ("range(self.n)", "iterator of (int (64 bits))"),
        ("len(self.s)", "Range(0, 9223372036854775807)"),
        ("sum(v for v in self.q)", "int (64 bits)"),
        ("min(self.n, 3)", "3 or Range(0, 9)"),
        ("max((v for v in self.q), default=None)", "None or int (64 bits) called v"),
        ("next((v for v in P), None)", "None or P0, P1, P2 called v"),
        ("any(self.q)", "bool"),
        ("enumerate(self.q)", "iterator of ((int (64 bits), int (64 bits)))"),
        ("zip(self.q, P)", "iterator of ((int (64 bits), P0, P1, P2))"),
        ("choose(self.s)", "P"),
        ("choose(P)", "P"),
        ("choose(Literal['x', 'y'])", "Literal['x', 'y']"),
        ("choose(Annotated[int, Range(0, 2)])", "unknown"),
        ("choose(subsets(P))", "unknown"),
        ("copy(self.nodes[p])", "Node fresh"),
        ("copy(self.s)", "unordered set of (P)"),
        ("Node(term=1)", "Node fresh"),
        ("Node(term=1).votes", "set[P] fresh"),
        ("Ask(p)", "Ask fresh"),
        ("Ask(p).level", "unknown"),
        ("choose(self.msgs).level", "Range(0, 3)"),
        ("choose(self.msgs).who", "P"),
        ("replace(choose(self.msgs), who=p)", "unknown"),
        ("self.pool.pop()", "Node fresh"),
        ("self.d.get(p)", "None or set[P] at self.d[p]"),
        ("self.s.union([p])", "unordered set of (P or P called p)"),
        ("self.s.add(p)", "None"),
        ("self.q.index(1)", "Range(0, 9223372036854775807)"),
        ("self.nodes[p].last()", "0 or int (64 bits)"),
        ("self.nodes[p].bump()", "None"),
        ("unknown(p)", "unknown"),
        ("same(self.s)", "set[P] at self.s"),
        ("either(self.flag, self.s, 3)", "3 or set[P] at self.s"),
        ("either(self.flag, self.s, self.s)", "set[P] at self.s"),
        ("forever(3)", "unknown"),
        ("claimed('a', [])", "Literal['c'] claimed"),
        ("type(self)", "T"),
        ("type(self).LEVEL", "7"),
        ("nowhere", "unknown"),
        ("enabled(self.step)", "bool"),
        ("always(self.last)", "some Formula"),
        ("self.ghost", "unknown"),
        ("p.index", "unknown"),
        ("r.next()", "R"),
        ("P[0]", "P0, P1, P2"),
    ],
)
def test_the_kind_of_an_expression(expression: str, expected: str, kind_of: Callable[..., Kind]) -> None:
    assert told(kind_of(expression)) == expected


@pytest.mark.parametrize(
    ("before", "expression", "expected"),
    [
        ("x = self.s", "x", "set[P] at self.s"),
        ("x = self.s; x = None", "x", "None or set[P] at self.s"),
        ("x = 1; x += self.n", "x", "1 or int (64 bits)"),
        ("x = self.s; x |= {p}", "x", "set[P] at self.s"),
        ("x, y = self.pair", "y", "bool"),
        ("x, *y = self.q", "y[0]", "int (64 bits)"),
        ("(x, y), z = (1, 2), 3", "y", "2"),
        ("for x in self.s: pass", "x", "P called x"),
        ("for k, n in self.nodes.items(): pass", "n", "Node at self.nodes[k]"),
        ("for i, v in enumerate(self.pool): pass", "v", "Node at self.pool[?]"),
        ("for x in self.s: x = unknown(x)", "x", "unknown"),
        ("x = 0\n        while x < 9: x = x + 1", "x", "0 or int (64 bits)"),
        ("x = []; x.append(p)", "x", "list of (unknown)"),
        ("x = [1]; y = x", "x", "list of (unknown)"),
        ("x = [1]; y = len(x) + x[0]", "x[0]", "1"),
        ("x = {}; x[p] = 1", "x", "dict of (unknown) to unknown"),
        ("x = [[1]]; y = x[0]", "y", "list of (unknown)"),
        ("x = ([1], 2); x[0].append('a')", "x[0]", "list of (unknown)"),
        ("x = range(1000000000000)", "[v for v in x]", "list of (Range(0, 999999999999) called v)"),
        ("x = self.__secret", "x", "unknown"),
        ("match choose(self.msgs):\n            case Answer(word=w) as m: pass", "(m, w)", "(Answer, Literal['yes', 'no'])"),
        ("match choose(self.msgs):\n            case Ask(x, l): pass", "(x, l)", "(P, Range(0, 3))"),
        ("match self.pair:\n            case (x, y): pass", "y", "bool"),
        ("match self.best:\n            case None: pass\n            case n: pass", "n", "Node | None at self.best"),
        ("if (x := self.n) > 1: pass", "x", "Range(0, 9)"),
        ("with open('x') as x: pass", "x", "unknown"),
        ("import json as x", "x", "unknown"),
        ("def x(): pass", "x", "unknown"),
        ("x = lambda v: v", "x(1)", "unknown"),
        ("x = 1\n        [x for x in 'abc']", "x", "1"),
        ("y = [v for v in self.q if (x := v)]", "x", "int (64 bits) called v"),
        ("p = 3", "p", "3 or P called p"),
        ("x = 1; x = [x]; x = [x]; x = [x]", "x", "1 or list of (unknown)"),
    ],
)
def test_a_variable_is_of_one_of_the_kinds_of_all_that_it_gets(before: str, expression: str, expected: str, kind_of: Callable[..., Kind]) -> None:
    assert told(kind_of(expression, before)) == expected


def test_a_function_is_inferred_for_the_arguments_of_each_call(module_of: Callable[[str], ModuleType]) -> None:
    body = body_of(module_of(SPEC.format(before="x = same(self.s)", expression="same(self.n)")).T)
    assert sorted(told(callee.result) for callees in body.callees.values() for callee in callees) == ["Range(0, 9)", "set[P] at self.s"]


def test_annotations_speak_where_a_call_says_nothing(module_of: Callable[[str], ModuleType]) -> None:
    body = body_of(module_of(SPEC.format(before="pass", expression="claimed(unknown(p), unknown(p))")).T)
    (callee,) = body.callees[body.tree.node.body[-1].value]  # type: ignore[union-attr]
    kinds = {name: told(callee._locals[binding]) for binding in callee._locals for name in [binding.name]}
    assert kinds == {"x": "Literal['a', 'b'] claimed", "y": "unknown", "n": "3"}


def test_an_expression_that_is_nested_too_deeply_claims_nothing(module_of: Callable[[str], ModuleType]) -> None:
    module = module_of(SPEC.format(before="pass", expression=" + ".join(["self.n"] * 500)))
    mark = mark_of(module.T.step)
    assert mark is not None
    assert Inference(module.T, domains_of(module.T)).body(mark.function, {}) is None


def test_too_many_alternatives_and_unknown_ones_claim_nothing() -> None:
    assert join([Object(1), UNKNOWN]) == UNKNOWN
    assert join(Object(n) for n in range(25)) == UNKNOWN
    assert len(alternatives(join(Object(n) for n in range(24)))) == 24
    assert join([]) == NOTHING and alternatives(NOTHING) == ()


def test_equal_objects_of_different_types_are_different_kinds() -> None:
    assert Object(1) != Object(True) and Object(0) != Object(False) and Object([1]) != Object([1])
    assert Object("a") == Object("a") and len({Object(3), Object(3)}) == 1
