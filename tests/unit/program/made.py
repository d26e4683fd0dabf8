"""A Program made by hand, and short names for its parts: `load(COUNT)`, `plus(load(COUNT), number(1))`."""

from dataclasses import dataclass
from typing import Any

from speccheck.domains.base import Domain
from speccheck.domains.containers import Bags, Lists, Maps, Sets
from speccheck.domains.records import Record, record_domain
from speccheck.domains.scalars import Enumerated, Integers
from speccheck.domains.sorts import Sort
from speccheck.domains.tuples import FrozenSets, Product, Sequences
from speccheck.domains.unions import Union
from speccheck.program import expressions as ex
from speccheck.program import statements as st
from speccheck.program.program import Function, Program, VariableDeclaration
from speccheck.program.types import BOOL, INT, NONE, Type
from speccheck.source import Span

HERE = Span("specs/two_phase.py", 53, 5)


class RM(Sort, size=3):
    """Without order."""


class Ring(Sort, size=3, ordered=True):
    """In an order."""


@dataclass(frozen=True)
class Prepared:
    rm: RM
    late: bool


class Server(Record):
    up: bool = True
    seen: set[RM] = set()


DIGIT = Integers(0, 9)
SMALL = Integers(0, 3)
PHASE = Enumerated(("working", "prepared", "aborted"), "Literal['working', 'prepared', 'aborted']")
RMS = Enumerated(tuple(RM), "RM")
RING = Enumerated(tuple(Ring), "Ring")
PREPARED = Product(Prepared, ("rm", "late"), (RMS, BOOL), lambda fields: Prepared(*fields), lambda value: (value.rm, value.late))
PAIR = Product(tuple, ("0", "1"), (RMS, DIGIT), tuple, tuple)
MESSAGE = Union((PREPARED, NONE))
MESSAGES = Sets(MESSAGE, 100)
SET_OF_RM = Sets(RMS, 3)
FROZEN = FrozenSets(RMS, 3)
TOTAL = Maps(RMS, PHASE, True)
PARTIAL = Maps(RMS, DIGIT, False)
LIST = Lists(DIGIT, 2)
SEQUENCE = Sequences(DIGIT, 2)
BAG = Bags(RMS, 2)
SERVER = record_domain(Server)
SERVERS = Maps(RMS, SERVER, True)
BOX = Union((LIST, NONE))

VARIABLES = {
    "phase": TOTAL, "msgs": MESSAGES, "count": DIGIT, "waiting": PARTIAL, "log": LIST, "bag": BAG, "servers": SERVERS, "box": BOX, "done": SET_OF_RM,
}  # fmt: skip


def span(line: int = 53) -> Span:
    return Span(HERE.file, line, 5)


def local(name: str, type_: Type, by_reference: bool = False) -> ex.Local:
    return ex.Local(name, type_, by_reference)


def variable(name: str, *steps: ex.PathStep, domain: Domain | None = None, after: bool = False) -> ex.Place:
    root = ex.Variable("after" if after else "self", list(VARIABLES).index(name))
    return ex.Place(root, steps, VARIABLES[name] if domain is None else domain)


def of(one: ex.Local, *steps: ex.PathStep, domain: Domain | None = None) -> ex.Place:
    return ex.Place(one, steps, one.domain if domain is None else domain)


def load(place: ex.Place | ex.Local | str) -> ex.Load:
    if isinstance(place, str):
        place = variable(place)
    if isinstance(place, ex.Local):
        place = of(place)
    return ex.Load(place.domain, HERE, place)


def constant(type_: Domain, value: Any) -> ex.Constant:
    return ex.Constant(type_, HERE, value)


def number(value: int) -> ex.Constant:
    return constant(Integers(value, value), value)


TRUE, FALSE = constant(BOOL, True), constant(BOOL, False)


def arithmetic(operator: Any, left: ex.Expression, right: ex.Expression, checked: bool = True, type_: Domain = INT) -> ex.Arithmetic:
    return ex.Arithmetic(type_, HERE, operator, left, right, checked)


def equal(left: ex.Expression, right: ex.Expression) -> ex.Equal:
    return ex.Equal(BOOL, HERE, left, right)


def less(left: ex.Expression, right: ex.Expression, or_equal: bool = False) -> ex.Less:
    return ex.Less(BOOL, HERE, left, right, or_equal)


def negated(value: ex.Expression) -> ex.Not:
    return ex.Not(BOOL, HERE, value)


def both(*values: ex.Expression) -> ex.And:
    return ex.And(BOOL, HERE, values)


def either(*values: ex.Expression) -> ex.Or:
    return ex.Or(BOOL, HERE, values)


def as_type(value: ex.Expression, type_: Domain, failure: Any = None) -> ex.Convert:
    return ex.Convert(type_, HERE, value, failure)


def total(*values: str) -> ex.Constant:
    return constant(TOTAL, values)


def waiting(key: ex.Expression, sure: bool = False) -> ex.Load:
    """An expression that may fail, unless the key is sure to be there."""
    return load(variable("waiting", ex.KeyStep(key, sure), domain=DIGIT))


def may_fail(key: ex.Expression | None = None) -> ex.Expression:
    """A bool that may fail to be."""
    return equal(waiting(key if key is not None else constant(RMS, RM[0])), as_type(number(1), DIGIT))


def assign(one: ex.Local, value: ex.Expression) -> st.Assign:
    return st.Assign(one, value, span=HERE)


def store(place: ex.Place | str, value: ex.Expression) -> st.Store:
    return st.Store(variable(place) if isinstance(place, str) else place, value, span=HERE)


def change(place: ex.Place | str, operation: Any, *arguments: ex.Expression) -> st.Change:
    return st.Change(variable(place) if isinstance(place, str) else place, operation, arguments, span=HERE)


def if_(test: ex.Expression, then: Any, otherwise: Any = ()) -> st.If:
    return st.If(test, tuple(then), tuple(otherwise), span=HERE)


def for_(targets: Any, source: ex.Source, *body: st.AnyStatement) -> st.For:
    return st.For((targets,) if isinstance(targets, ex.Local) else tuple(targets), source, body, span=HERE)


def loop(*body: st.AnyStatement) -> st.Loop:
    return st.Loop(body, span=HERE)


def returns(value: ex.Expression | None = None) -> st.Return:
    return st.Return(value, span=HERE)


def require(test: ex.Expression) -> st.Require:
    return st.Require(test, span=HERE)


def run(function: str, *arguments: ex.Expression, into: ex.Local | None = None) -> st.Run:
    return st.Run(into, function, arguments, span=HERE)


BREAK, CONTINUE, TOUCH, FAIL = st.Break(span=HERE), st.Continue(span=HERE), st.Touch(span=HERE), st.Fail("assert", span=HERE)


def call(function: str, type_: Type, *arguments: ex.Expression) -> ex.Call:
    return ex.Call(type_, HERE, function, arguments)


def comprehension(fold: Any, type_: Domain, body: ex.Expression, *generators: ex.Generator, **more: Any) -> ex.Comprehension:
    return ex.Comprehension(type_, HERE, fold, generators, body, **more)


def over(target: ex.Local, source: ex.Source | ex.Expression | None = None, *conditions: ex.Expression, lets: Any = ()) -> ex.Generator:
    """A generator over a source, the elements of a container, or all values of the target's type."""
    if source is None:
        source = ex.ValuesSource(target.domain)
    if isinstance(source, ex.Expression):
        source = ex.ContainerSource(source)
    return ex.Generator((target,), source, tuple(lets), conditions)


def acting(name: str, *body: st.AnyStatement, parameters: tuple[ex.Local, ...] = (), result: Type | None = None, title: str = "") -> Function:
    return Function(name, parameters, result, body, True, HERE, title)


def reading(name: str, *body: st.AnyStatement, parameters: tuple[ex.Local, ...] = (), result: Type | None = BOOL, title: str = "") -> Function:
    return Function(name, parameters, result, body, False, HERE, title)


def program(*functions: Function, actions: Any = None, **rules: Any) -> Program:
    """A Program of these functions. What acts and has no result is an action, unless `actions` lists others."""
    named = tuple(function.name for function in functions if function.acts and function.result is None) if actions is None else tuple(actions)
    kinds: dict[str, Any] = {"invariants": {}, "step_invariants": {}, "reachables": {}, "constraints": (), "terminals": (), "predicates": ()} | rules
    variables = tuple(VariableDeclaration(name, domain) for name, domain in VARIABLES.items())
    return Program("Made", variables, {function.name: function for function in functions}, named, **kinds)
