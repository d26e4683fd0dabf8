"""`Spec`: the base class of specs, and `@model`."""

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from types import FunctionType
from typing import Any, Self, TypeVar, dataclass_transform

from speccheck.domains.base import Frozen
from speccheck.domains.defaults import ABSENT
from speccheck.domains.evaluation import misused
from speccheck.domains.initial import initial_values
from speccheck.domains.parts import Field, Journal, OutsideDomain, Part, Slot
from speccheck.domains.records import Fields, FieldsMeta, default_of, domains_of, undeclared
from speccheck.dsl.rules import MARK, ModelLine, mark_of, marked
from speccheck.errors import BadModel
from speccheck.source import Span

C = TypeVar("C", bound=type)
S = TypeVar("S", bound="Spec")


@dataclass(frozen=True)
class Options:
    """The class options of one spec. `abstract` and `without` are not inherited, `deadlock` is (None: as the base class says), and so is `accept`."""

    abstract: bool = False
    deadlock: bool | None = None
    without: tuple[str, ...] = ()
    accept: Mapping[str, str] | None = None


@dataclass_transform(kw_only_default=True)  # type checkers do not inherit it
class SpecMeta(FieldsMeta):
    """The class of specs: reads the class options, and gives undecorated overrides the role of what they override."""

    _part_options: Options
    _part_models: tuple[ModelLine, ...]

    def __new__(
        mcs,
        name: str,
        bases: tuple[type, ...],
        namespace: dict[str, Any],
        *,
        abstract: bool = False,
        deadlock: bool | None = None,
        without: Iterable[str] = (),
        accept: Mapping[str, str] | None = None,
    ) -> "SpecMeta":
        cls = super().__new__(mcs, name, bases, namespace)
        for member, value in list(vars(cls).items()):
            if isinstance(value, FunctionType) and not hasattr(value, MARK):
                inherited = mark_of(getattr(super(cls, cls), member, None))
                if inherited is not None:
                    setattr(cls, member, marked(replace(inherited, function=value)))
        without = (without,) if isinstance(without, str) else tuple(without)
        cls._part_options, cls._part_models = Options(abstract, deadlock, without, accept), ()  # type: ignore[attr-defined]
        return cls  # type: ignore[return-value]

    def __init__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **_: Any) -> None:
        super().__init__(name, bases, namespace)


class Spec(Fields, metaclass=SpecMeta, abstract=True):
    """A spec: annotated attributes are the variables, decorated methods the rules, an instance is a state.

    Options of the class statement: `abstract=True` (not checked itself), `deadlock=False` (does not look for deadlocks; inherited), `without=("rule",)`
    (drops inherited rules and properties), `accept={"SC505": "why"}` (keeps findings on purpose; inherited).

    `TwoPhase()` is an initial state (the least one, where there are several); `Lock(holder=p)` is the state with these values, and defaults elsewhere.
    """

    __slots__ = ("_part_slots",)
    _part_owner = None

    def __init__(self, **values: Any) -> None:
        prepare(self, Journal())
        cls = type(self)
        _fill(self, cls, values)
        start = init_of(cls)
        if start is not None and not values:
            getattr(self, start)()

    def __reduce_ex__(self, protocol: Any) -> Any:
        return (restored, (type(self), {name: _plain(value) for name, value in vars(self).items()}))

    def __copy__(self) -> Self:
        return restored(type(self), vars(self))

    def __deepcopy__(self, memo: Any) -> Self:
        return restored(type(self), vars(self))

    def _part_holder(self, name: str) -> Slot:
        return self._part_slots[name]


def prepare(state: Any, journal: Journal) -> None:
    """Give a new state its journal and the slots of its variables; values are still missing."""
    object.__setattr__(state, "_part_journal", journal)
    object.__setattr__(state, "_part_slots", {name: Slot(name, journal) for name in domains_of(type(state))})


def restored(cls: type[S], values: Mapping[str, Any]) -> S:
    """Return a state of its own with these values; the other variables are unset."""
    state = object.__new__(cls)
    prepare(state, Journal())
    for name, value in values.items():
        state.__dict__[name] = _stored(state, name, _plain(value))
    return state


def init_of(cls: type) -> str | None:
    """Return the name of the class's @init method, if it has one."""
    return next((name for name in dir(cls) if (m := mark_of(getattr(cls, name, None))) and m.role == "init"), None)


def _fill(state: Any, cls: Any, values: dict[str, Any]) -> None:
    domains = domains_of(cls)
    for name in values:
        if name not in domains:
            raise misused(undeclared(cls, name))
    for name, domain in domains.items():
        if name in values:
            state.__dict__[name] = _stored(state, name, values[name])
        elif (default := default_of(cls, name)) is not ABSENT:
            frozen: Frozen = next(initial_values(cls, name, default, domain))
            state.__dict__[name] = domain.thaw(frozen, state._part_slots[name], state._part_journal)


def _plain(value: Any) -> Any:
    return value._part_plain() if isinstance(value, Part) else value


def _stored(state: Any, name: str, value: Any) -> Any:
    try:
        return domains_of(type(state))[name].store(value, state._part_slots[name])
    except OutsideDomain as outside:
        raise outside._at(state, Field(name)) from None


OPTIONS = ("violates", "unknown", "via", "distinct", "depth", "only", "skip", "symmetry", "tags", "name")


def model(**settings: Any) -> Callable[[C], C]:
    """Declare a model of the spec: constants (capitals), and the verdict that it must have (lower-case options).

    Options: `violates`, `unknown` (a property or several), `via` (an action that the counterexample contains), `distinct`, `depth` (counts), `only`, `skip`
    (properties), `symmetry`, `tags`, `name`.
    """
    frame = sys._getframe(1)
    constants = {k: v for k, v in settings.items() if k[:1].isupper()}
    options = {k: v for k, v in settings.items() if k not in constants}
    line = ModelLine(constants, options, frame.f_code.co_filename, frame.f_lineno)

    def decorate(cls: C) -> C:
        if not isinstance(cls, SpecMeta):
            raise BadModel("@model stands on something that is no Spec", span=Span(line.file, line.line))
        # Decorators are applied from the bottom up; models run in the order of the source.
        cls._part_models = (line, *cls._part_models)
        return cls

    return decorate
