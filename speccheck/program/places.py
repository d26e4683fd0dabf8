"""Whether the steps of a place fit the domains they lead through, and what a source gives.

    domain_at(nodes[n].log, program)                    list[Entry] of at most 3
    types_given(enumerate(nodes[n].log, 0), program)    (int, Entry)

What does not fit is a Misfit, whose message says what is wrong.
"""

from typing import assert_never

from speccheck.domains.base import Domain
from speccheck.domains.containers import Bags, Lists, Maps, Sets
from speccheck.domains.records import Records
from speccheck.domains.scalars import Integers
from speccheck.domains.tuples import FrozenSets, Sequences
from speccheck.domains.unions import Union
from speccheck.program import expressions as ex
from speccheck.program.notation import text_of_type
from speccheck.program.program import Program
from speccheck.program.relations import same
from speccheck.program.types import INT, Ref, Type, Which


class Misfit(Exception):
    """A part of a Program does not fit where it stands."""


def root_domain(root: ex.Variable | ex.Local | ex.Expression, program: Program) -> Domain:
    """Return the domain of a root. Raises Misfit for a variable that does not exist, and an expression that refers to nothing."""
    if isinstance(root, ex.Local):
        return root.domain
    if isinstance(root, ex.Expression):
        if not isinstance(root.type, Ref):
            raise Misfit(f"a place in a value of {text_of_type(root.type)}")
        return root.type.domain
    if not 0 <= root.index < len(program.variables):
        raise Misfit(f"there is no variable {root.index}")
    return program.variables[root.index].domain


def state_of(place: ex.Place) -> Which | None:
    """Return of which state a place is a part, None where it is one of a local's value."""
    if isinstance(place.root, ex.Variable):
        return place.root.which
    return place.root.type.which if isinstance(place.root.type, Ref) else None


def failure_beside(domain: Union, alternative: int) -> ex.Failure:
    """Return how it fails to take a value for one of an alternative that it is not: what a record lacks is a misuse of the spec, which CPython finds."""
    return "beyond" if any(isinstance(one, Records) for n, one in enumerate(domain.alternatives) if n != alternative) else "error"


def domain_at(place: ex.Place, program: Program) -> Domain:
    """Return the domain to which the steps of a place lead. Raises Misfit for a step that does not fit the domain before it."""
    domain = root_domain(place.root, program)
    for step in place.steps:
        domain = _after(step, domain)
    return domain


def _after(step: ex.PathStep, domain: Domain) -> Domain:
    match step:
        case ex.FieldStep():
            if isinstance(domain, Records) and 0 <= step.index < len(domain.fields):
                return tuple(domain.fields.values())[step.index]
            raise Misfit(f"a step to field {step.index} of {text_of_type(domain)}")
        case ex.KeyStep():
            if not isinstance(domain, Maps):
                raise Misfit(f"a step to a key of {text_of_type(domain)}")
            expect("the key", step.key.type, domain.key_domain)
            return domain.value_domain
        case ex.ItemStep():
            if not isinstance(domain, Lists):
                raise Misfit(f"a step to an element of {text_of_type(domain)}")
            expect_integer("the index", step.index.type)
            return domain.element
        case ex.AlternativeStep():
            if isinstance(domain, Union) and 0 <= step.alternative < len(domain.alternatives):
                return domain.alternatives[step.alternative]
            raise Misfit(f"a step into alternative {step.alternative} of {text_of_type(domain)}")
    assert_never(step)


def expect(what: str, found: Type, wanted: Type) -> None:
    """Raise Misfit unless a type is the one that is wanted."""
    if not same(found, wanted):
        raise Misfit(f"{what} is of type {text_of_type(found)}, not {text_of_type(wanted)}")


def expect_integer(what: str, found: Type) -> None:
    """Raise Misfit unless a type is one of integers."""
    if not isinstance(found, Integers):
        raise Misfit(f"{what} is of type {text_of_type(found)}, no integer")


def fit_place(place: ex.Place, program: Program) -> None:
    """Raise Misfit unless the steps of a place lead to its domain."""
    expect("the place", domain_at(place, program), place.domain)


# ---------------------------------------------------------------- sources


def types_given(source: ex.Source, program: Program) -> tuple[Type, ...]:
    """Return the types of the values that a source gives at a time; INT stands for any type of integers. Raises Misfit for a source that does not fit."""
    match source:
        case ex.RangeSource():
            expect_integer("the start of the range", source.start.type)
            expect_integer("the stop of the range", source.stop.type)
            if source.step == 0:
                raise Misfit("the step of the range is 0")
            return (INT,)
        case ex.ValuesSource():
            return (source.domain,)
        case ex.ContainerSource():
            return _given_by(source.container.type, source.what)
        case ex.ReferenceSource():
            fit_place(source.place, program)
            which = state_of(source.place)
            if which is None:
                raise Misfit("references to parts of a local's value")
            *keys, part = _given_by(source.place.domain, source.what)
            if not isinstance(source.place.domain, Lists | Maps) or not isinstance(part, Domain) or not part.mutable:
                raise Misfit(f"references to the {source.what} of {text_of_type(source.place.domain)}")
            return (*keys, Ref(part, which))
        case ex.EnumerateSource():
            expect_integer("the start of enumerate", source.start.type)
            return (INT, *types_given(source.source, program))
        case ex.ZipSource():
            return tuple(type_ for one in source.sources for type_ in types_given(one, program))
        case ex.SubsetsSource():
            if not isinstance(source.container.type, Sets | FrozenSets):
                raise Misfit(f"subsets of {text_of_type(source.container.type)}")
            expect_integer("the least size", source.low.type)
            expect_integer("the largest size", source.high.type)
            return (source.container.type,)
    assert_never(source)


def _given_by(type_: Type, what: str) -> tuple[Type, ...]:
    match type_, what:
        case ((Lists() | Sequences() | Sets() | FrozenSets() | Bags()), "elements"):
            return (type_.element,)
        case Maps(), "elements":
            return (type_.key_domain,)
        case Maps(), "values":
            return (type_.value_domain,)
        case Maps(), "items":
            return (type_.key_domain, type_.value_domain)
        case Bags(), "items":
            return (type_.element, INT)
    raise Misfit(f"the {what} of {text_of_type(type_)}")


def fit_targets(targets: tuple[ex.Local, ...], source: ex.Source, program: Program) -> None:
    """Raise Misfit unless the targets are of the types that the source gives."""
    types = types_given(source, program)
    if len(types) != len(targets):
        raise Misfit(f"{len(targets)} targets for {len(types)} values at a time")
    for target, type_ in zip(targets, types):
        if type_ is INT:
            expect_integer(f"'{target.name}'", target.type)
        elif isinstance(source, ex.SubsetsSource):
            if not isinstance(target.type, Sets | FrozenSets) or not same(target.type.element, source.container.type.element):  # type: ignore[union-attr]
                raise Misfit(f"'{target.name}' is of type {text_of_type(target.type)}, no such subset")
        else:
            expect(f"'{target.name}'", target.type, type_)
