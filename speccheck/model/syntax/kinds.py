"""Kinds: what is certain about the value of an expression, from the text alone.

    self.nodes           ->  Of(<dict[Server, Node]>, Place("self", ("nodes",)))     a part of the state
    self.nodes[i].term   ->  Of(<Range(0, 2)>, VALUE)                                a value that its domain has checked
    set(self.x)          ->  Built("set", element=Of(<RM>, VALUE))                    made by the rule, owned by nobody
    "working"            ->  Object("working")                                        this very object
    f(x)                 ->  UNKNOWN                                                  nothing is claimed

A kind claims only what holds for every value that the expression can have. Checks are silent about what is UNKNOWN: the engines catch it when it happens.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal, TypeAlias
from weakref import WeakValueDictionary

from speccheck.domains.bags import Bag
from speccheck.domains.base import Domain
from speccheck.domains.containers import Bags, Lists, Maps, Sets
from speccheck.domains.records import Record
from speccheck.domains.scalars import Enumerated, Integers
from speccheck.domains.sorts import Sort
from speccheck.domains.tuples import FrozenSets, Product, Sequences
from speccheck.domains.unions import Union

MOST_ALTERNATIVES = 24  # more than this many are UNKNOWN
LARGEST_CONSTANT = 10_000  # elements of a constant that are looked at
MOST_LAYERS = 4  # containers built inside containers, beyond which nothing is claimed

Shape: TypeAlias = Literal["list", "set", "frozenset", "dict", "bag", "tuple", "iterator"]


# ---------------------------------------------------------------- where a value comes from


@dataclass(frozen=True)
class Symbol:
    """One value under a name: a parameter of the rule, or a loop variable in one iteration. `loop` is the syntax tree that binds it."""

    name: str
    loop: Any = None


@dataclass(frozen=True)
class Index:
    """A step `[...]` of a place. `at` is a Symbol, a constant in a tuple, or None where it cannot be said which."""

    at: Symbol | tuple[Any] | None = None


@dataclass(frozen=True)
class Place:
    """Where in a state a part lies: `self.nodes[i].votes` is Place("self", ("nodes", Index(i), "votes"))."""

    root: str
    steps: tuple[str | Index, ...] = ()

    def then(self, step: str | Index) -> "Place":
        """Return the place one step further in."""
        return Place(self.root, (*self.steps, step))

    @property
    def shape(self) -> tuple[str, ...]:
        """The steps without saying at which index."""
        return tuple(step if isinstance(step, str) else "[]" for step in self.steps)


class Source(Enum):
    """Where a value comes from that is no part of a state in a known place."""

    VALUE = "checked by its domain, immutable or of unknown owner"
    FRESH = "made by the rule, owned by nobody"
    CLAIMED = "an annotation says so"


VALUE, FRESH, CLAIMED = Source.VALUE, Source.FRESH, Source.CLAIMED
Origin: TypeAlias = Place | Symbol | Source


# ---------------------------------------------------------------- kinds


@dataclass(frozen=True)
class Unknown:
    """Nothing is claimed."""


@dataclass(frozen=True)
class State:
    """An instance of a Spec: `self`, the state after a step, or one that a mapping makes."""

    cls: Any
    origin: Origin


@dataclass(frozen=True)
class Of:
    """A value of a domain."""

    domain: Domain
    origin: Origin


@dataclass(frozen=True)
class Built:
    """A container that the rule makes; a dict's elements are its keys. `ordered`: its iteration has an order that does not depend on hashing."""

    shape: Shape
    element: "Kind"
    ordered: bool = True
    value: "Kind" = Unknown()


@dataclass(frozen=True)
class Tuple:
    """A tuple display."""

    elements: tuple["Kind", ...]


@dataclass(frozen=True, eq=False)
class Object:
    """This very object: a literal, a module constant, a class, a function."""

    value: Any

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Object) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())

    def _identity(self) -> Any:
        scalar = isinstance(self.value, bool | int | str | None)
        return (type(self.value), self.value) if scalar else id(self.value)


@dataclass(frozen=True)
class Method:
    """A method that has not been called yet; `function` is the user's function, None for a method of a container."""

    receiver: "Kind"
    name: str
    function: Any = None


@dataclass(frozen=True)
class Super:
    """`super()` in a method of `owner`."""

    owner: Any
    receiver: "Kind"


@dataclass(frozen=True)
class Instance:
    """Some instance of a class of which no more is known: a Formula, a text."""

    cls: type


@dataclass(frozen=True)
class OneOf:
    """One of several kinds; without any, there is no value."""

    kinds: frozenset["Kind"]


Kind: TypeAlias = Unknown | State | Of | Built | Tuple | Object | Method | Super | Instance | OneOf

UNKNOWN = Unknown()
NOTHING = OneOf(frozenset())
BOOL_DOMAIN = Enumerated((False, True), "bool")
INT_DOMAIN = Integers()
BOOL = Of(BOOL_DOMAIN, VALUE)
INT = Of(INT_DOMAIN, VALUE)
NATURAL = Of(Integers(0), VALUE)
NONE = Object(None)
TEXT = Instance(str)


def join(kinds: Iterable[Kind]) -> Kind:
    """Return the kind of a value that may be any of these."""
    found: dict[Kind, None] = {}
    for kind in kinds:
        if isinstance(kind, OneOf):
            found.update(dict.fromkeys(kind.kinds))
        else:
            found[kind] = None
    if UNKNOWN in found or len(found) > MOST_ALTERNATIVES:
        return UNKNOWN
    return next(iter(found)) if len(found) == 1 else OneOf(frozenset(found))


def alternatives(kind: Kind) -> tuple[Kind, ...]:
    """Return what a value of this kind may be, with unions of domains taken apart; empty where there is no value."""
    match kind:
        case OneOf():
            return tuple(one for each in kind.kinds for one in alternatives(each))
        case Of(Union() as union, origin):
            return tuple(Of(domain, origin) for domain in union.alternatives)
    return (kind,)


def certain(kind: Kind, claim: Callable[[Kind], bool]) -> bool:
    """Return whether the claim holds for whatever the value may be."""
    kinds = alternatives(kind)
    return bool(kinds) and UNKNOWN not in kinds and all(map(claim, kinds))


def of_value(value: Any) -> Kind:
    """Return the kind of an object at hand."""
    return Object(value)


def of_values(values: Iterable[Any]) -> Kind:
    """Return the kind of a value that is one of these objects."""
    found = tuple(values)
    if found and all(type(value) is int for value in found):
        return Of(integers(min(found), max(found)), VALUE)
    if found and all(is_scalar(value) for value in found):
        return Of(_enumerated(tuple(dict.fromkeys((type(v), v) for v in found))), VALUE)
    return join(map(Object, found)) if len(found) <= MOST_ALTERNATIVES else UNKNOWN


def is_scalar(value: Any) -> bool:
    """Return whether an object is an immutable value without structure."""
    return value is None or isinstance(value, bool | int | str | Enum | Sort)


def integers(low: int, high: int) -> Domain:
    """Return the domain of the integers from `low` to `high`."""
    return interned(("integers", low, high), lambda: Integers(low, high))


def _enumerated(typed: tuple[tuple[type, Any], ...]) -> Domain:
    values = tuple(value for _, value in typed)
    return interned(("one of", typed), lambda: Enumerated(values, ", ".join(map(repr, values))))


# Domains are compared by identity, and inference ends when kinds no longer change; so one that is made twice must be the same. Weak: no module is kept alive.
_INTERNED: WeakValueDictionary[Any, Domain] = WeakValueDictionary()


def interned(key: Any, make: Callable[[], Domain]) -> Domain:
    """Return the domain that was made for this key, as long as something still uses it, or make it."""
    found = _INTERNED.get(key)
    if found is None:
        found = _INTERNED[key] = make()
    return found


def shape_of(kind: Kind) -> Shape | None:
    """Return which container the value is, or None where it is none or cannot be said."""
    match kind:
        case Of(domain, _):
            return _shape_of_domain(domain)
        case Built(shape):
            return shape
        case Tuple():
            return "tuple"
        case Object(value):
            shapes: tuple[tuple[type, Shape], ...] = (
                (list, "list"), (set, "set"), (frozenset, "frozenset"), (dict, "dict"), (Bag, "bag"), (tuple, "tuple"),
            )  # fmt: skip
            return next((shape for cls, shape in shapes if isinstance(value, cls)), None)
    return None


def _shape_of_domain(domain: Domain) -> Shape | None:
    match domain:
        case Lists():
            return "list"
        case Sets():
            return "set"
        case FrozenSets():
            return "frozenset"
        case Maps():
            return "dict"
        case Bags():
            return "bag"
        case Sequences():
            return "tuple"
        case Product() if issubclass(domain.cls, tuple):
            return "tuple"
    return None


def shallow(kind: Kind, layers: int = MOST_LAYERS) -> Kind:
    """Return the kind with what lies too deep replaced by UNKNOWN, so that inference ends."""
    if layers == 0:
        return UNKNOWN
    match kind:
        case Built():
            return Built(kind.shape, shallow(kind.element, layers - 1), kind.ordered, shallow(kind.value, layers - 1))
        case Tuple(elements):
            return Tuple(tuple(shallow(one, layers - 1) for one in elements))
        case OneOf(kinds):
            return join(shallow(one, layers) for one in kinds)
        case Method(receiver, name, function):
            return Method(shallow(receiver, layers - 1), name, function)
    return kind


# ---------------------------------------------------------------- claims


def is_part(kind: Kind) -> bool:
    """Return whether the value is certainly a mutable part that lies in a state."""
    return certain(kind, lambda one: isinstance(one, Of) and one.domain.mutable and isinstance(one.origin, Place))


def is_state(kind: Kind) -> bool:
    """Return whether the value is certainly a state that a rule was given."""
    return isinstance(kind, State) and isinstance(kind.origin, Place)


def is_int(kind: Kind) -> bool:
    """Return whether the value is certainly an integer (a bool is one)."""
    return certain(kind, _is_int)


def _is_int(kind: Kind) -> bool:
    match kind:
        case Of(Integers(), _):
            return True
        case Of(Enumerated() as domain, _):
            return all(isinstance(value, int) for value in domain.values)
        case Object(value):
            return isinstance(value, int)
    return False


def is_bool(kind: Kind) -> bool:
    """Return whether the value is certainly True or False."""
    return certain(kind, lambda one: _scalar_values(one) is not None and all(type(value) is bool for value in _scalar_values(one) or ()))


def _scalar_values(kind: Kind) -> tuple[Any, ...] | None:
    match kind:
        case Of(Enumerated() as domain, _):
            return domain.values
        case Object(value) if is_scalar(value):
            return (value,)
    return None


def is_mutable_object(value: Any) -> bool:
    """Return whether an object at hand is a container or record that a rule could change."""
    return isinstance(value, list | set | dict | Bag | Record)


def is_set(kind: Kind) -> bool:
    """Return whether the value is certainly a set or frozenset."""
    return certain(kind, lambda one: shape_of(one) in ("set", "frozenset"))


def unordered(kind: Kind) -> bool:
    """Return whether the value is certainly one whose iteration has no order: a set that the rule builds, what is made of one, or a constant set."""
    return certain(kind, _is_unordered)


def _is_unordered(kind: Kind) -> bool:
    match kind:
        case Built():
            return not kind.ordered
        case Object(value):
            return isinstance(value, set | frozenset)
    return False


def scalar_domain(kind: Kind) -> Domain | None:
    """Return the domain of a value without structure, where there is one."""
    match kind:
        case Of(Enumerated() | Integers() as domain, _):
            return domain
        case Object(value) if is_scalar(value):
            return _enumerated(((type(value), value),))
    return None


def members(kind: Kind) -> tuple[Sort, ...]:
    """Return the members of sorts that the value can be; empty unless it certainly is a member of a sort."""
    found: list[Sort] = []
    for one in alternatives(kind):
        values = _scalar_values(one)
        if values is None or not all(isinstance(value, Sort) for value in values):
            return ()
        found.extend(values)
    return tuple(found)
