"""Programs that are written by hand, short; and the Model that an emitter asks for."""

from collections.abc import Iterable, Mapping
from typing import Any

from speccheck.domains.annotations import domain_of
from speccheck.domains.base import Domain
from speccheck.model.model import Expectation, Model, Parameter, Property, Rule
from speccheck.program.expressions import (
    And,
    Arithmetic,
    Constant,
    Convert,
    Equal,
    Expression,
    FieldStep,
    ItemStep,
    KeyStep,
    Less,
    Load,
    Local,
    Place,
    Variable,
)
from speccheck.program.program import Function, Program, VariableDeclaration
from speccheck.program.statements import Assign, Change, Choose, If, Require, Return, Store
from speccheck.program.types import BOOL, INT, Ref
from speccheck.source import Span

SPAN = Span("spec.py")


class Variables:
    """The variables of a state: places and loads by name and path."""

    def __init__(self, **domains: Any) -> None:
        self.declarations = tuple(VariableDeclaration(name, one if isinstance(one, Domain) else domain_of(one)) for name, one in domains.items())
        self.names = list(domains)

    def place(self, name: str, *path: Any, which: Any = "self", sure: bool = False) -> Place:
        index = self.names.index(name)
        return down(Place(Variable(which, index), (), self.declarations[index].domain), *path, sure=sure)

    def __getitem__(self, item: Any) -> Load:
        name, *path = item if isinstance(item, tuple) else (item,)
        place = self.place(name, *path)
        return Load(place.domain, SPAN, place)

    def domain(self, name: str) -> Domain:
        return self.declarations[self.names.index(name)].domain


class Within(Variables):
    """Variables among many: those whose names begin with a prefix, which is left out here."""

    def __init__(self, whole: Variables, prefix: str) -> None:
        self.whole, self.prefix = whole, prefix

    def place(self, name: str, *path: Any, which: Any = "self", sure: bool = False) -> Place:
        return self.whole.place(self.prefix + name, *path, which=which, sure=sure)

    def domain(self, name: str) -> Domain:
        return self.whole.domain(self.prefix + name)


def down(place: Place, *path: Any, sure: bool = False) -> Place:
    """A place some steps further: ints and expressions for keys and items, `.name` for fields."""
    from speccheck.domains.containers import Lists, Maps
    from speccheck.domains.records import Records

    for one in path:
        match place.domain:
            case Records():
                index = list(place.domain.fields).index(one)
                place = Place(place.root, (*place.steps, FieldStep(index)), place.domain.fields[one])
            case Maps():
                key = one if isinstance(one, Expression) else lit(place.domain.key_domain, one)
                place = Place(place.root, (*place.steps, KeyStep(key, sure or place.domain.total)), place.domain.value_domain)
            case Lists():
                item = one if isinstance(one, Expression) else num(one)
                place = Place(place.root, (*place.steps, ItemStep(item, sure)), place.domain.element)
            case _:
                raise AssertionError(place.domain)
    return place


def lit(domain: Any, value: Any) -> Constant:
    domain = domain if isinstance(domain, Domain) else domain_of(domain)
    return Constant(domain, SPAN, domain.freeze_any(value))


def num(value: int) -> Constant:
    return Constant(INT, SPAN, value)


TRUE, FALSE = Constant(BOOL, SPAN, True), Constant(BOOL, SPAN, False)


def get(local: Local) -> Load:
    return Load(local.type, SPAN, Place(local, (), local.domain))  # type: ignore[arg-type]


def part(local: Local, *path: Any) -> Load:
    place = down(Place(local, (), local.domain), *path)
    return Load(place.domain, SPAN, place)


def eq(a: Expression, b: Any) -> Equal:
    return Equal(BOOL, SPAN, a, b if isinstance(b, Expression) else lit(a.type, b))


def lt(a: Expression, b: Expression) -> Less:
    return Less(BOOL, SPAN, a, b)


def both(*values: Expression) -> And:
    return And(BOOL, SPAN, values)


def calc(operator: Any, a: Expression, b: Expression, checked: bool = True) -> Arithmetic:
    return Arithmetic(INT, SPAN, operator, a, b, checked)


def to(type_: Any, value: Expression, failure: Any = "domain") -> Convert:
    return Convert(type_ if isinstance(type_, Domain) else domain_of(type_), SPAN, value, failure)


def store(place: Place, value: Any) -> Store:
    return Store(place, value if isinstance(value, Expression) else lit(place.domain, value), span=SPAN)


def change(place: Place, operation: Any, *arguments: Expression) -> Change:
    return Change(place, operation, arguments, span=SPAN)


def require(test: Expression) -> Require:
    return Require(test, span=SPAN)


def assign(local: Local, value: Expression) -> Assign:
    return Assign(local, value, span=SPAN)


def when(test: Expression, *then: Any, otherwise: Iterable[Any] = ()) -> If:
    return If(test, tuple(then), tuple(otherwise), span=SPAN)


def choose(local: Local, source: Any) -> Choose:
    return Choose(local, source, span=SPAN)


def answer(value: Expression | None = None) -> Return:
    return Return(value, span=SPAN)


def acting(name: str, parameters: Iterable[Local], *body: Any, result: Any = None) -> Function:
    return Function(name, tuple(parameters), result, tuple(body), True, SPAN, name)


def reading(name: str, parameters: Iterable[Local], *body: Any, result: Any = BOOL) -> Function:
    return Function(name, tuple(parameters), result, tuple(body), False, SPAN, name)


def program_of(
    variables: Variables,
    *functions: Function,
    actions: Iterable[str] = (),
    invariants: Iterable[str] = (),
    step_invariants: Iterable[str] = (),
    reachables: Iterable[str] = (),
    constraints: Iterable[str] = (),
    terminals: Iterable[str] = (),
    predicates: Iterable[str] = (),
) -> Program:
    by_name: Mapping[str, Function] = {one.name: one for one in functions}
    return Program(
        "Spec",
        variables.declarations,
        by_name,
        tuple(actions),
        {name: name for name in invariants},
        {name: name for name in step_invariants},
        {name: name for name in reachables},
        tuple(constraints),
        tuple(terminals),
        tuple(predicates),
    )


def model_of(program: Program, deadlock: bool = True) -> Model:
    """What an emitter wants to know of the Model of a Program."""

    def rule(name: str) -> Rule:
        function = program.functions[name]
        parameters = tuple(Parameter(one.name, one.type) for one in function.parameters if not isinstance(one.type, Ref))
        return Rule(name, lambda *_: None, parameters, SPAN)

    properties = [Property(name, "invariant", SPAN, rule(name)) for name in program.invariants]
    properties += [Property(name, "step_invariant", SPAN, rule(name)) for name in program.step_invariants]
    properties += [Property(name, "reachable", SPAN, rule(name)) for name in program.reachables]
    properties += [Property("deadlock", "deadlock", SPAN)] * deadlock
    return Model(
        spec=object,
        name="Spec",
        file="spec.py",
        line=1,
        doc="",
        constants={},
        overridden=(),
        variables=(),
        actions=tuple(map(rule, program.actions)),
        init=None,
        constraints=tuple(map(rule, program.constraints)),
        terminals=tuple(map(rule, program.terminals)),
        properties=tuple(properties),
        assumptions=(),
        processes=(),
        expectation=Expectation(),
        symmetric=(),
    )
